"""Every lesson's student edition through papermill in ``smoke``: no error, claims recorded, exercises unsolved."""

import json

import nbformat
import papermill
import pytest

from course_lib.chapters import lesson_id
from course_lib.errors import CourseError
from course_lib.tools import harvest
from course_lib.tools.editions import student
from course_lib.tools.execute import read_source, with_parameters


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_smoke(name, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    edition = student(read_source(name))
    nbformat.write(edition, tmp_path / "in.ipynb")
    (tmp_path / "work").mkdir()
    done = papermill.execute_notebook(
        tmp_path / "in.ipynb",
        tmp_path / "out.ipynb",
        {"profile": "smoke", "seed": 1, "device": "cpu"},
        kernel_name="python3",
        cwd=tmp_path / "work",
        progress_bar=False,
        log_output=False,
    )
    records = harvest.records(done)
    assert records
    assert {(r["notebook"], r["profile"], r["seed"]) for r in records} == {(lesson_id(name), "smoke", 1)}
    assert [r for r in records if "reason" in r] == []
    exercises = [cell for cell in done.cells if "exercise" in cell.metadata.get("tags", [])]
    assert len(exercises) == sum("exercise" in cell.metadata.get("tags", []) for cell in edition.cells)
    for cell in exercises:
        said = json.dumps([o.get("text", "") or o.get("data", {}) for o in cell.outputs], ensure_ascii=False)
        assert "○" in said and "✓" not in said and "✗" not in said, cell.source


def test_unknown_parameters_are_refused(name):
    with pytest.raises(CourseError, match=r"unknown parameter 'epochs'.*'profile', 'seed', 'device'"):
        with_parameters(read_source(name), epochs=3)
