"""Notebook sources of a test's own: what the course finds in notebooks/src, from a scratch folder."""

import shutil
import signal
from pathlib import Path

import pytest

from course_lib import files

FIXTURES = Path(__file__).parents[1] / "notebooks" / "fixtures"
PARAMETERS = '# %% tags=["parameters"]\nprofile = "course"\nseed = 0\ndevice = "auto"\n'


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A function ``write(chapter, *cells)`` that makes the source of its first lesson; ``write("90_tiny")`` copies the
    fixture notebook."""
    folder = tmp_path / "src"
    folder.mkdir()
    monkeypatch.setattr(files, "notebooks_source", lambda: folder)
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)

    def write(name, *cells):
        words = name.partition("_")[2]
        path = folder / name / f"1_{words}.py"
        path.parent.mkdir(exist_ok=True)
        if cells:
            path.write_text(PARAMETERS + "".join(f"\n# %%{cell}\n" for cell in cells), encoding="utf-8")
        else:
            shutil.copy(FIXTURES / name / path.name, path)
        return path

    return write


@pytest.fixture
def ctrl_c_arrives():
    """For ``Popen(preexec_fn=...)``: a program started in the background of a shell (as a machine for tests may do)
    ignores Ctrl-C, and so do its children. This one does not."""
    return lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
