"""Disclose and audit: runs that remember everything, cards written from them, and doing it all once more.

``train`` writes a run's folder; ``card``, ``data_sheet`` and ``bom`` describe it; ``audit`` repeats it.
``signature`` and ``credentials`` say by whom a folder or a picture is.
"""

from course_lib.audit.cards import card, data_sheet
from course_lib.audit.checklist import Point, checklist, holes
from course_lib.audit.materials import bom
from course_lib.audit.measures import Measure, failures, measure
from course_lib.audit.recipe import Recipe
from course_lib.audit.rerun import Finding, audit
from course_lib.audit.run import Run, keep, read, train

__all__ = [
    "Finding",
    "Measure",
    "Point",
    "Recipe",
    "Run",
    "audit",
    "bom",
    "card",
    "checklist",
    "data_sheet",
    "failures",
    "holes",
    "keep",
    "measure",
    "read",
    "train",
]
