"""Chapter 04: Mode collapse."""

TITLE = "Mode collapse"
QUESTION = "Can I see it, measure it, cure it?"
