"""Chapter 07: Explaining a classifier."""

TITLE = "Explaining a classifier"
QUESTION = "Why did it say 3?"
