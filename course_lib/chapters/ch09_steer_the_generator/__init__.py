"""Chapter 09: Explaining and steering the generator."""

TITLE = "Explaining and steering the generator"
QUESTION = "What does each knob do?"
