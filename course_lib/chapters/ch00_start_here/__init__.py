"""Chapter 00: Start here."""

TITLE = "Start here"
QUESTION = "Does everything work, and what will I be able to do?"
