"""Chapter 06: Measuring a generator."""

TITLE = "Measuring a generator"
QUESTION = "Which of two models is better?"
