"""Answers to chapter 13's checks, collected from ``answers_of_*.py`` beside this file, one file a lesson."""

import importlib.util
from pathlib import Path

ANSWERS: dict = {}
RIGHT_TOO: dict = {}

for path in sorted(Path(__file__).parent.glob("answers_of_*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    part = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(part)
    ANSWERS |= part.ANSWERS
    RIGHT_TOO |= getattr(part, "RIGHT_TOO", {})
