"""Chapter 01: What a GAN optimises."""

TITLE = "What a GAN optimises"
QUESTION = "Why should two networks fighting make pictures?"
