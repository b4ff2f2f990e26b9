"""Every lesson's student edition through papermill in ``smoke``: no error, claims recorded, exercises unsolved.

A chapter's lessons run one after the other in one kernel, which forgets all names between them: starting fifty kernels
took longer than what they ran. That a lesson needs no other's names is also what nbval's replay shows.
"""

import json

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_lib.chapters import chapters, lesson_id
from course_lib.errors import CourseError
from course_lib.tools import harvest
from course_lib.tools.editions import student
from course_lib.tools.execute import read_source, with_parameters

PARAMETERS = {"profile": "smoke", "seed": 1, "device": "cpu"}
FORGET = "%reset_selective -f ^[^_]"  # `%reset` also takes __main__.__spec__, without which no process can be started


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_smoke(chapter, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    editions = {name: with_parameters(student(read_source(name)), **PARAMETERS) for name in chapter.lessons}
    done = executed(list(editions.values()), tmp_path)
    for name, edition in editions.items():
        cells, done = done[: len(edition.cells)], done[len(edition.cells) + 1 :]
        records = harvest.records(new_notebook(cells=cells))
        assert records, name
        assert {(r["notebook"], r["profile"], r["seed"]) for r in records} == {(lesson_id(name), "smoke", 1)}
        assert [r for r in records if "reason" in r] == []
        exercises = [cell for cell in cells if "exercise" in cell.metadata.get("tags", [])]
        assert len(exercises) == sum("exercise" in cell.metadata.get("tags", []) for cell in edition.cells)
        for cell in exercises:
            said = json.dumps([o.get("text", "") or o.get("data", {}) for o in cell.outputs], ensure_ascii=False)
            assert "○" in said and "✓" not in said and "✗" not in said, cell.source


def test_papermill_itself_puts_them_in_the_same_place(name, tmp_path):
    nbformat.write(read_source(name), tmp_path / "in.ipynb")
    theirs = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", PARAMETERS, kernel_name="python3", prepare_only=True
    )
    ours = with_parameters(read_source(name), **PARAMETERS)
    place, source = injected(theirs)
    assert place == injected(ours)[0]
    values = {}
    exec(source, values)
    assert {key: values[key] for key in PARAMETERS} == PARAMETERS


def test_unknown_parameters_are_refused(name):
    with pytest.raises(CourseError, match=r"unknown parameter 'epochs'.*'profile', 'seed', 'device'"):
        with_parameters(read_source(name), epochs=3)


def injected(notebook):
    """Where the cell of new parameters stands, and what it says."""
    [found] = [
        (index, cell.source)
        for index, cell in enumerate(notebook.cells)
        if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    return found


def executed(editions, folder):
    """The cells of all editions, run; behind each edition one cell more, which forgets its names."""
    cells = [cell for edition in editions for cell in [*edition.cells, new_code_cell(FORGET)]]
    for index, cell in enumerate(cells):
        cell.id = f"cell-{index}"
    (folder / "work").mkdir()
    nbformat.write(new_notebook(cells=cells), folder / "in.ipynb")
    done = papermill.execute_notebook(
        folder / "in.ipynb",
        folder / "out.ipynb",
        kernel_name="python3",
        cwd=folder / "work",
        progress_bar=False,
        log_output=False,
    )
    return done.cells
