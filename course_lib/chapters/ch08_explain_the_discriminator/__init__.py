"""Chapter 08: Explaining the discriminator."""

TITLE = "Explaining the discriminator"
QUESTION = "What gives a fake away?"
