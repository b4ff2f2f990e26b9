"""Numbers in words that stood in a page's outputs before it was built anew, and stand there no longer.

A training on another processor gives other numbers, and nothing else notices that the prose beside it still tells the
old ones.
"""

import re
from collections.abc import Mapping

from nbformat import NotebookNode

from course_lib.tools.outputs import texts

_NUMBER = re.compile(r"(?<![\w.,])[−-]?\d+(?:[.,]\d+)*(?:\s?%)?")


def outdated(old: NotebookNode, new: NotebookNode, others: Mapping[str, str] | None = None) -> list[str]:
    """One line for each number of two digits or more, or with a %, that should be looked at again.

    Args:
        old: the page as it was.
        new: the page as it is now, whose prose and questions are searched.
        others: name → text that also tells of the page, such as a deck's.

    Returns:
        Lines such as ``"9.8" in “… rose from 0.24 to 9.8, that is …”``.
    """
    gone = _numbers(_shown(old)) - _numbers(_shown(new)) - _numbers(_code(new))
    words = {"": "\n".join(_words(cell) for cell in new.cells)} | dict(others or {})
    return [
        f'{where}{": " if where else ""}"{match[0].strip()}" in “…{_around(text, match)}…”'
        for where, text in words.items()
        for match in _NUMBER.finditer(text)
        if _plain(match[0]) in gone
    ]


def _words(cell: NotebookNode) -> str:
    """What a cell says in words."""
    if cell.cell_type == "markdown":
        return cell.source
    return "\n".join(text for o in cell.outputs for text in texts(o)) if _asks(cell) else ""


def _shown(page: NotebookNode) -> str:
    return "\n".join(
        re.sub(r"<[^>]+>", " ", text)
        for cell in page.cells
        if cell.cell_type == "code" and not _asks(cell)
        for output in cell.outputs
        if "image/png" not in output.get("data", {})  # whose text is its alternative text: words, too
        for text in texts(output)
    )


def _asks(cell: NotebookNode) -> bool:
    return cell.source.startswith("ask.")


def _code(page: NotebookNode) -> str:
    return "\n".join(cell.source for cell in page.cells if cell.cell_type == "code")


def _numbers(text: str) -> set[str]:
    found = {_plain(match[0]) for match in _NUMBER.finditer(text)}
    return {n for n in found if "%" in n or sum(c.isdigit() for c in n) > 1}


def _plain(number: str) -> str:
    return re.sub(r"[−\-\s]", "", number)


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 40) : match.end() + 25].split())
