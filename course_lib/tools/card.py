"""The card, ``docs/card.md``: each line names the claims that carry it, and links the lesson where each stands.

A line is written by hand; its links are found. A carrier is ``“the claim's words” ([04](…))``: the claim is looked for
in the built lessons of that chapter, and the bracket becomes the lesson's number and address.
"""

import re
from functools import cache

import nbformat

from course_lib import files
from course_lib.chapters import find, lesson_id
from course_lib.errors import CourseError
from course_lib.tools import harvest

CARRIER = re.compile(r"“([^”]+)” \(\[(\d\d)[^\]]*\]\([^)]*\)\)")


def linked(text: str) -> str:
    """The card with each link leading to the lesson in which its claim stands now.

    Args:
        text: of the card.

    Raises:
        CourseError: for a claim that no built lesson of its chapter makes.
    """
    return CARRIER.sub(lambda found: _carrier(found[1], found[2]), text)


def _carrier(statement: str, chapter: str) -> str:
    lesson = claimed_in(chapter).get(statement)
    if lesson is None:
        raise CourseError(
            f"the card names a claim that chapter {chapter} does not make: “{statement}”. Mend its line in "
            f"docs/card.md, or build the lesson that makes it (`course build {chapter}`)."
        )
    return f"“{statement}” ([{lesson_id(lesson)}](../notebooks/{lesson}.ipynb))"


@cache
def claimed_in(chapter: str) -> dict[str, str]:
    """Every claim of a chapter's built lessons.

    Args:
        chapter: its number.

    Returns:
        Its words → name of the first lesson that makes it.
    """
    folder = files.checkout("the card is linked") / "notebooks"
    where: dict[str, str] = {}
    for lesson in find(chapter).lessons:
        path = folder / f"{lesson}.ipynb"
        for record in harvest.records(nbformat.read(path, as_version=4)) if path.is_file() else ():
            where.setdefault(record["statement"], lesson)
    return where
