"""A transparency checklist that a program scores: points of a card, each with the words that earned it.

It sees whether something is *said*. Whether it is true, an audit may tell; whether it matters, neither.
"""

import re
from dataclasses import dataclass

from course_lib.audit.cards import UNSAID, section

# Point → (section of Mitchell and others 2019, what has to be found there, as a pattern; where it comes from).
POINTS: dict[str, tuple[str, str, str]] = {
    "the architecture is named": ("Model details", r"generator:\*\* \w+", "Mitchell 4.1"),
    "the seed is said": ("Model details", r"seed:\*\* [\d,]+, \d+", "this course"),
    "the code can be identified": ("Model details", r"SHA-256 [0-9a-f]{8}", "Pineau 2021"),
    "time and machine are said": ("Model details", r"took:\*\* [\d.]+ s", "Strubell 2019"),
    "energy is estimated": ("Model details", r"[\d.]+ to [\d.]+ Wh", "Strubell 2019"),
    "the intended use is said": ("Intended use", r"^(?!\*Not said)\S", "Mitchell 4.2"),
    "what it is not for is said": ("Intended use", r"Out of scope:\*\* (?!\*Not said)\S", "Mitchell 4.2"),
    "the training data can be identified": ("Training data", r"SHA-256 [0-9a-f]{8}", "Gebru 3.2"),
    "the evaluation data are other data": ("Evaluation data", r"test|held", "Mitchell 4.5"),
    "measures have ranges": ("Quantitative analyses", r"\| [\d.e+-]+ \| [\d.e+-]+ to [\d.e+-]+ \|", "Mitchell 4.7"),
    "results are broken down by group": ("Quantitative analyses", r"each class: ", "Mitchell 4.7"),
    "failures are named": ("Caveats and known failures", r"\S", "Mitchell 4.9"),
    "ethics are discussed": ("Ethical considerations", r"^(?!\*Not said)\S", "Mitchell 4.8"),
    "a licence is given": ("", r"^license: \S", "Mitchell 4.1"),
}


@dataclass(frozen=True)
class Point:
    """One point of the checklist.

    Attributes:
        name: what is asked.
        met: whether the card says it.
        evidence: the line that says it, shortened.
        source: who asks for it.
    """

    name: str
    met: bool
    evidence: str
    source: str


def checklist(text: str) -> list[Point]:
    """Score a model card.

    Args:
        text: Markdown with a YAML head; of whomever.

    Returns:
        Each point, in the order of the card.
    """
    return [_point(text, name, *asked) for name, asked in POINTS.items()]


def holes(text: str) -> int:
    """How many places of a card are left open: "not said", and the hub's "More Information Needed".

    Args:
        text: of the card.
    """
    return text.count(UNSAID) + text.count("[More Information Needed]")


def _point(text: str, name: str, title: str, pattern: str, source: str) -> Point:
    part = (section(text, title) if title else text) or ""
    found = re.search(pattern, part, re.MULTILINE if not title else 0)
    line = part[part.rfind("\n", 0, found.start()) + 1 :].split("\n")[0] if found else ""
    return Point(name, found is not None, line[:100], source)
