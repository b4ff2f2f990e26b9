"""A rehearsed claim looks like a claim and counts for nothing; notebook 00 shows a ✗ with it."""

import nbformat
import pytest
from nbclient import NotebookClient

from course_lib.learn import progress
from course_lib.learn.claims import MIME, Claims


@pytest.mark.notebook
@pytest.mark.parametrize(("rehearsal", "records"), [(True, 0), (False, 1)])
def test_a_runner_sees_no_rehearsed_claim(rehearsal, records):
    code = (
        f"from course_lib.learn.claims import Claims\ndemo = Claims('x', rehearsal={rehearsal})\n"
        "demo.at_least('two and two make five', 2 + 2, 5)\ndemo.table()"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    outputs = NotebookClient(notebook, kernel_name="python3", timeout=120).execute().cells[0].outputs
    assert outputs[0].text == "✗ two and two make five (not met: see the claims table)\n"
    assert sum(MIME in output.get("data", {}) for output in outputs) == records
    assert "≥ 5" in outputs[-1]["data"]["text/plain"]


def test_the_learners_progress_does_not_know_it(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    Claims("00_start_here", rehearsal=True).at_least("rehearsed", 4, 5)
    assert progress.database() and not progress.database().exists()
    Claims("00_start_here").at_least("meant", 5, 5)
    assert progress.database().exists()
