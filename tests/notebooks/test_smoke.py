"""Every notebook through papermill in the ``smoke`` profile: no error, and its claims are recorded."""

import nbformat
import papermill
import pytest

from course_lib.chapters import lesson_id
from course_lib.errors import CourseError
from course_lib.tools import harvest
from course_lib.tools.execute import read_source, with_parameters


@pytest.mark.notebook
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_smoke(name, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    nbformat.write(read_source(name), tmp_path / "in.ipynb")
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


def test_unknown_parameters_are_refused(name):
    with pytest.raises(CourseError, match=r"unknown parameter 'epochs'.*'profile', 'seed', 'device'"):
        with_parameters(read_source(name), epochs=3)
