"""Editions: what a learner and a classroom get of the same notebook."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib.tools.editions import leaks, self_paced, student


@pytest.fixture
def notebook():
    printed = [new_output("stream", text="7\n")]
    return new_notebook(
        cells=[
            new_markdown_cell("# Title"),
            new_code_cell("def loss(x):\n    ...", metadata={"tags": ["exercise"]}, outputs=printed, execution_count=1),
            new_code_cell(
                "def solution_loss(x):\n    return x.square().mean()",
                execution_count=2,
                outputs=printed,
                metadata={"tags": ["solution"]},
            ),
            new_code_cell("hidden = 'how it is drawn'", metadata={"tags": ["hide-input"]}, execution_count=3),
        ]
    )


@pytest.mark.parametrize("edition", [self_paced, student])
def test_outputs_are_cleared_and_the_original_stays(notebook, edition):
    before = nbformat.writes(notebook)
    made = edition(notebook)
    assert all(c.outputs == [] and c.execution_count is None for c in made.cells if c.cell_type == "code")
    assert nbformat.writes(notebook) == before
    nbformat.validate(made)


def test_self_paced_folds_solutions_and_keeps_their_tag(notebook):
    cells = self_paced(notebook).cells
    assert [c.metadata.get("jupyter", {}).get("source_hidden", False) for c in cells] == [False, False, True, True]
    assert cells[2].metadata.tags == ["solution"]
    assert cells[2].source == notebook.cells[2].source


def test_student_has_no_solution(notebook):
    made = student(notebook)
    assert len(made.cells) == 3
    assert "solution" not in nbformat.writes(made)
    assert leaks(notebook, made) == []


def test_a_leak_is_found_in_code_and_in_prose(notebook):
    assert leaks(notebook, self_paced(notebook)) == ["def solution_loss(x):", "return x.square().mean()"]
    notebook.cells.append(new_markdown_cell("Hint: `return  x.square().mean()`"))
    assert leaks(notebook, student(notebook)) == ["return x.square().mean()"]


def test_a_line_given_openly_is_no_leak(notebook):
    notebook.cells.append(new_code_cell("def other(x):\n    return x.square().mean() / 2"))
    assert leaks(notebook, student(notebook)) == []
