"""Every notebook's smoke profile with device="cuda"."""

import nbformat
import papermill
import pytest
from devices import CUDA

from course_lib.chapters import lessons
from course_lib.tools.execute import read_source

NAMES = lessons()


@pytest.mark.notebook
@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs(name, device, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    source, executed = tmp_path / "source.ipynb", tmp_path / "executed.ipynb"
    nbformat.write(read_source(name), source)
    papermill.execute_notebook(
        str(source),
        str(executed),
        {"profile": "smoke", "device": device},
        kernel_name="python3",
        cwd=str(tmp_path),
        progress_bar=False,
        execution_timeout=600,
    )
