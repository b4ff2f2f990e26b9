"""Editions of a notebook: what the same source becomes for a reader."""

import copy

from nbformat import NotebookNode


def self_paced(notebook: NotebookNode) -> NotebookNode:
    """A copy for a learner alone: outputs cleared, solutions still there with their source collapsed."""
    edition = copy.deepcopy(notebook)
    for cell in edition.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if "solution" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
    return edition
