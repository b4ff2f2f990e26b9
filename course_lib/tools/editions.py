"""Editions of a notebook: what the same source becomes for a reader."""

import copy

from nbformat import NotebookNode


def self_paced(notebook: NotebookNode) -> NotebookNode:
    """A copy for a learner alone: outputs cleared, solutions still there with their source collapsed.

    Args:
        notebook: a lesson, with its solutions.
    """
    return collapsed(_cleared(notebook))


def student(notebook: NotebookNode) -> NotebookNode:
    """A copy for a classroom: outputs cleared, and no cell tagged ``solution``.

    Args:
        notebook: a lesson, with its solutions.
    """
    edition = _cleared(notebook)
    edition.cells = [cell for cell in edition.cells if not _tagged(cell, "solution")]
    return edition


def collapsed(notebook: NotebookNode) -> NotebookNode:
    """The notebook itself, with the sources of ``solution`` and ``hide-input`` cells folded away in JupyterLab.

    Args:
        notebook: a lesson, with its solutions; changed in place.
    """
    for cell in notebook.cells:
        if _tagged(cell, "solution") or _tagged(cell, "hide-input"):
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
    return notebook


def leaks(notebook: NotebookNode, edition: NotebookNode) -> list[str]:
    """Lines of the notebook's solutions that an edition shows although no other code cell of the notebook has them.

    Lines under 12 characters say nothing of a solution, nor do those that open code has as part of a line.

    Args:
        notebook: a lesson, with its solutions.
        edition: made of it.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    openly = "\n".join(line for cell in code if not _tagged(cell, "solution") for line in _lines(cell))
    secret = {line for cell in code if _tagged(cell, "solution") for line in _lines(cell) if line not in openly}
    text = "\n".join(" ".join(line.split()) for cell in edition.cells for line in cell.source.splitlines())
    return sorted(line for line in secret if line in text)


def _lines(cell: NotebookNode) -> list[str]:
    lines = (" ".join(line.split()) for line in cell.source.splitlines())
    return [line for line in lines if len(line) >= 12 and not line.startswith("#")]


def _cleared(notebook: NotebookNode) -> NotebookNode:
    edition = copy.deepcopy(notebook)
    for cell in edition.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return edition


def _tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])
