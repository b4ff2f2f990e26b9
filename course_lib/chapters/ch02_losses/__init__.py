"""Chapter 02: The minimax loss and its relatives."""

TITLE = "The minimax loss and its relatives"
QUESTION = "Which loss, and what is its gradient?"
