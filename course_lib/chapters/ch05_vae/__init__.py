"""Chapter 05: Variational autoencoders."""

TITLE = "Variational autoencoders"
QUESTION = "What does a likelihood buy?"
