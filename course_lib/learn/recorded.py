"""What the claims of a notebook measured in its recorded runs: ``data/claims.json``, written by ``course claims``.

A notebook has one entry an arithmetic (:mod:`course_lib.arithmetic`), and in it one an asserted statement:
``{name: {arithmetic: {"source", "profile", "seeds", "machine", "claims": [...]}}}``.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from course_lib import files
from course_lib.errors import CourseError


@dataclass(frozen=True)
class Recorded:
    """One statement over all recorded runs, a run being a seed in an arithmetic.

    Attributes:
        held: in how many of the runs it did.
        runs: how many there are.
        values: those that were measured; empty for a statement about recorded seeds, which is the same in each run.
    """

    held: int
    runs: int
    values: tuple[float, ...]

    @property
    def always(self) -> bool:
        """Whether it held in every recorded run, so that it may be asked of a run on any machine."""
        return self.held == self.runs


def load(folder: Path | None = None) -> dict:
    """The recorded claims.

    Args:
        folder: of the file; None: the shipped one.

    Returns:
        ``{"notebooks": {…}}``, as this module's first lines have it.

    Raises:
        CourseError: when the file is not what ``course claims`` writes.
    """
    path = (folder or files.shipped()) / "claims.json"
    if not path.exists():
        return {"notebooks": {}}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        for runs in known["notebooks"].values():
            for entry in runs.values():
                entry["claims"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path.name} is damaged: restore it with git, then run `course claims` again.") from None
    return known


def find_claim(notebook: str, statement: str, folder: Path | None = None) -> Recorded | None:
    """What was recorded of a statement; None where it was never measured (it is new, or reworded).

    Args:
        notebook: the lesson's number, ``"03.1"``.
        statement: in the words of the claim.
        folder: of the file; None: the shipped one.
    """
    entries = [
        (entry, claim)
        for entry in _notebooks(folder or files.shipped()).get(notebook, {}).values()
        for claim in entry["claims"]
        if claim["statement"] == statement
    ]
    if not entries:
        return None
    values = [value for entry, claim in entries if "stood" not in claim for value in claim["values"]]
    return Recorded(
        held=sum(held_in(claim) for _, claim in entries),
        runs=sum(len(entry["seeds"]) for entry, _ in entries),
        values=tuple(value for value in values if value is not None),
    )


def held_in(claim: dict) -> int:
    """In how many runs of one arithmetic a claim held (``held`` of a seed claim counts the seeds it speaks of).

    Args:
        claim: as it was recorded.
    """
    return claim.get("stood", claim["held"])


@functools.cache
def _notebooks(folder: Path) -> dict:
    return load(folder)["notebooks"]
