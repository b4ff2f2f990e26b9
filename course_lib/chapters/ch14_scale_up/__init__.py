"""Chapter 14: Scale up."""

TITLE = "Scale up"
QUESTION = "My own pictures, a GPU, several machines, text and video: what changes, and what does it cost?"
