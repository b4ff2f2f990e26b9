"""Chapter 10: Can you trust the explanation?"""

TITLE = "Can you trust the explanation?"
QUESTION = "Which explanations survive a test?"
