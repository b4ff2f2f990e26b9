"""The recorded runs of chapter 14."""
