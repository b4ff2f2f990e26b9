"""Collect the claims that an executed notebook carries in its outputs."""

from collections.abc import Iterator

from nbformat import NotebookNode

from course_lib.learn.claims import MIME
from course_lib.learn.wording import bound_text, value_text


def records(notebook: NotebookNode) -> list[dict]:
    """The claims' records in order. A statement claimed again keeps its place, and one ✗ among them is enough.

    Args:
        notebook: executed.
    """
    found: dict[str, dict] = {}
    for _, record in located(notebook):
        words = record["statement"]
        if words not in found or found[words]["held"]:
            found[words] = record
    return list(found.values())


def located(notebook: NotebookNode) -> Iterator[tuple[int, dict]]:
    """Each record with the index of its cell.

    Args:
        notebook: executed.

    Yields:
        The index, and the record.
    """
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield index, output["data"][MIME]


def sentence(record: dict) -> str:
    """``✗ the statement: 0.71, claimed ≥ 0.8``.

    Args:
        record: of a claim; one that is not enforced has a ~.
    """
    mark = ("✓" if record["held"] else "✗") if record["enforced"] else "~"
    return f"{mark} {record['statement']}: {value_text(record)}, claimed {bound_text(record)}"
