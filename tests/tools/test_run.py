"""Headless runs: parameters, exit codes, and notebooks that fail without stopping the rest."""

import json
import subprocess
import sys
import time

import nbformat
import pytest

from course_lib.errors import CourseError
from course_lib.tools import execute
from course_lib.tools.run import run

SHOW = "\nprint(profile, seed, device)"
CLAIM = "\nfrom course_lib.learn.claims import Claims\nClaims('91.1').at_least('high', {}, 1)"


@pytest.mark.notebook
def test_parameters_arrive_and_the_summary_counts(sources, tmp_path, capsys):
    sources("91_x", SHOW, CLAIM.format(2))
    assert run(profile="smoke", device="cpu", seed=7, out=tmp_path) == 0
    notebook = nbformat.read(tmp_path / "91_x/1_x.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].metadata.tags == ["injected-parameters"]
    assert notebook.cells[2].outputs[0].text == "smoke 7 cpu\n"
    entry = json.loads((tmp_path / "summary.json").read_text())["91_x/1_x"]
    assert (entry["claims"], entry["held"], entry["error"]) == (1, 1, None)
    assert entry["seconds"] > 0
    assert "1 of 1 claims hold" in capsys.readouterr().out


@pytest.mark.notebook
@pytest.mark.parametrize(("profile", "code"), [("course", 1), ("smoke", 0)])
def test_a_failed_claim_counts_except_in_smoke(sources, tmp_path, capsys, profile, code):
    sources("91_x", CLAIM.format(0.5))
    assert run(profile=profile, out=tmp_path) == code
    assert "✗ high: 0.5, claimed ≥ 1" in capsys.readouterr().out


@pytest.mark.notebook
def test_an_error_is_named_kept_for_reading_and_the_next_notebook_runs(sources, tmp_path, capsys):
    sources("91_bad", "\nraise ValueError('this one')", "\nprint('never')")
    sources("92_good", SHOW)
    assert run(profile="smoke", out=tmp_path, workers=1) == 1
    shown = capsys.readouterr().out
    assert "91_bad/1_bad, cell 2 (`raise ValueError('this one')`): ValueError: this one" in shown
    assert "✓ 92_good/1_good" in shown
    assert "ValueError" in (tmp_path / "91_bad/1_bad.ipynb").read_text()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"profile": "fast"}, "'fast'.*'smoke', 'course', 'full'"),
        ({"device": "tpu"}, "'tpu'"),
        ({"seed": -1}, "-1"),
        ({"names": ["88"]}, "'88'"),
        ({"epochs": 3}, "parameter 'epochs'.*'profile', 'seed', 'device'"),
        ({"workers": "two"}, "'two'"),
    ],
)
def test_refused_before_anything_runs(sources, tmp_path, settings, complaint):
    sources("91_x", SHOW)
    with pytest.raises(CourseError, match=complaint):
        run(out=tmp_path / "out", **settings)
    assert not list(tmp_path.glob("out/*.ipynb"))


@pytest.mark.notebook
def test_a_hanging_cell_ends(sources, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT", 2)
    sources("91_x", "\nimport time\ntime.sleep(100)")
    assert run(profile="smoke", out=tmp_path) == 1
    assert "still running after 2 s" in capsys.readouterr().out


@pytest.mark.notebook
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process there")
def test_ctrl_c_stops_every_kernel(ctrl_c_arrives, sources, tmp_path):
    for name in ("91_a", "92_b"):
        sources(
            name,
            "\nimport os, time, pathlib"
            f"\npathlib.Path({str(tmp_path / name)!r}).write_text(str(os.getpid()))\ntime.sleep(500)",
        )
    code = (
        "import sys, pathlib; from course_lib import files; from course_lib.tools.run import run\n"
        f"files.notebooks_source = lambda: pathlib.Path({str(tmp_path / 'src')!r})\n"
        f"run(profile='smoke', out={str(tmp_path / 'out')!r})"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=ctrl_c_arrives
    )
    marks = [tmp_path / "91_a", tmp_path / "92_b"]
    wait_until(lambda: all(mark.exists() and mark.read_text() for mark in marks))
    runner.send_signal(2)
    assert runner.wait(timeout=120) == -2  # it died of the interrupt, not of what nbclient makes of it
    wait_until(lambda: not any(alive(int(mark.read_text())) for mark in marks))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
