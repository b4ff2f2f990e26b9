"""Chapter 11: Symbols and shapes."""

TITLE = "Symbols and shapes"
QUESTION = "Can rules, graphs or topology explain it?"
