"""nbval as ``make test`` calls it, on a small notebook: what it forgives and what it catches.

The course's own notebooks are replayed directly: ``pytest --nbval-lax … notebooks``, one file a worker.
"""

import copy
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from course_lib import files
from course_lib.learn.claims import MIME
from course_lib.tools.build import build

pytestmark = [pytest.mark.notebook, pytest.mark.slow]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The fixture notebook, built."""
    folder = tmp_path_factory.mktemp("tiny")
    fixtures = os.path.join(os.path.dirname(__file__), "fixtures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "notebooks_source", lambda: type(folder)(fixtures))
        return nbformat.read(build(["90"], target=folder)[0], as_version=4)


@pytest.fixture
def replay(root, tmp_path):
    """A function that replays a notebook with nbval and returns (exit code, output)."""

    def run(notebook):
        shutil.copy(root / "notebooks" / "conftest.py", tmp_path)
        nbformat.write(notebook, tmp_path / "90_tiny.ipynb")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            "--rootdir",
            tmp_path,
            "--nbval-lax",
            "--nbval-current-env",
            "--nbval-cell-timeout=120",
            tmp_path,
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COURSE_"))}
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def cell_with(notebook, text):
    return next(cell for cell in notebook.cells if text in cell.source)


def test_values_pictures_and_bars_may_differ(tiny, replay, tmp_path):
    notebook = copy.deepcopy(tiny)
    cell_with(notebook, "claims.at_least").outputs[1].data[MIME]["value"] = 123
    cell_with(notebook, "plt.plot").outputs[0].data["image/png"] = "AAAA"
    cell_with(notebook, "claims.table()").outputs[0].data["text/html"] = "other numbers"
    cell_with(notebook, 'print("one")').metadata["tags"] = ["nbval-check-output"]  # writes to stderr, too
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", []):
            cell.source += "\nopen('left behind', 'w').close()"
    code, text = replay(notebook)
    assert code == 0, text
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix in ("", ".ipynb")) in (
        ["90_tiny.ipynb"],
        ["90_tiny.ipynb", "__pycache__"],
    )


def test_a_claim_that_no_longer_holds_is_caught(tiny, replay):
    notebook = copy.deepcopy(tiny)
    cell = cell_with(notebook, "claims.at_least")
    cell.source = cell.source.replace("1 + seed / 10", "0.5")
    code, text = replay(notebook)
    assert code == 1
    assert "✗ the value is at least 1" in text


def test_an_error_is_caught(tiny, replay):
    notebook = copy.deepcopy(tiny)
    cell_with(notebook, 'print("one")').source += "\n1 / 0"
    code, text = replay(notebook)
    assert code == 1
    assert "ZeroDivisionError" in text
