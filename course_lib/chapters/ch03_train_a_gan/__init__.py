"""Chapter 03: Train a GAN."""

TITLE = "Train a GAN"
QUESTION = "Can I make one work, and read its curves?"
