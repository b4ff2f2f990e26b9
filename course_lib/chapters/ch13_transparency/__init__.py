"""Chapter 13: What must I disclose, and can I be audited?"""

TITLE = "What must I disclose, and can I be audited?"
QUESTION = "Which statements about a generator can somebody else check, and which can nobody?"
