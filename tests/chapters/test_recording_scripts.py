"""Every script in a chapter's recordings/ has its test, its file in data/runs and one way to be run."""

import inspect
import json
from types import SimpleNamespace

import pytest

from course_lib import chapters, cluster, files
from course_lib.cluster import Row, Sweep
from course_lib.errors import CourseError
from course_lib.tools import recording

MADE = sorted(path.stem for path in files.shipped("runs").glob("*.json"))


@pytest.mark.parametrize("name", recording.scripts())
def test_a_script_takes_seeds_and_a_way_to_tell(name, root):
    script = recording.script(name)
    told = ["seeds", "tell"] if name in MADE else ["tell"]  # what is not in data/runs is one network
    assert list(inspect.signature(script.record).parameters)[: len(told)] == told
    assert f"course record {name}" in script.__doc__
    assert len(inspect.getsource(script).splitlines()) <= 300


@pytest.mark.parametrize("name", MADE)
def test_what_ships_names_the_script_that_makes_it(name):
    content = files.recorded(name)
    assert content["command"] == f"course record {name}" and name in recording.scripts()
    assert content["machine"] and content["settings"] and content["runs"]


def test_the_command_runs_the_script(monkeypatch, tmp_path):
    folder = tmp_path / "ch77_new" / "recordings"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("TITLE = QUESTION = 'New'\n")
    (folder / "__init__.py").write_text("")
    (folder / "a_b.py").write_text("def record(seeds=(1,), tell=print):\n    tell(f'{seeds}')\n")
    monkeypatch.setattr(chapters, "__path__", [str(tmp_path)])
    told = []
    recording.record("a-b", told.append)
    assert told == ["(1,)"]
    with pytest.raises(CourseError, match="unknown recording 'b': use one of 'a-b'"):
        recording.record("b")


SEEDED = """
from course_lib import files

SEEDS = (1, 2)


def record(seeds=SEEDS, tell=print):
    settings = {"steps": 3}
    runs = files.runs_so_far("a-b", settings)
    for seed in seeds:
        runs.setdefault("row", {})[str(seed)] = seed * 10
        files.write_recorded("a-b", settings, runs)
"""


@pytest.fixture
def seeded(monkeypatch, tmp_path):
    """A recording of two seeds, a checkout to write to, and sweeps that run here."""
    folder = tmp_path / "ch78_new" / "recordings"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("TITLE = QUESTION = 'New'\n")
    (folder / "__init__.py").write_text("")
    (folder / "a_b.py").write_text(SEEDED)
    (folder / "c.py").write_text("def record(tell=print):\n    pass\n")
    monkeypatch.setattr(chapters, "__path__", [str(tmp_path)])
    monkeypatch.setattr(files, "shipped", lambda *parts: (tmp_path / "data").joinpath(*parts))
    monkeypatch.setattr(files, "checkout", lambda what: tmp_path)
    failures = []

    def here(function, seeds, settings, **_):
        rows = [Row(s, one, function(s, **one), 0.0, "") for s in seeds for one in settings]
        return Sweep(rows, failures)

    monkeypatch.setattr(cluster, "sweep", here)
    return SimpleNamespace(folder=folder, data=tmp_path / "data" / "runs", failures=failures)


def test_a_recording_spread_over_workers_is_the_one_made_in_one_process(seeded):
    recording.record("a-b")
    alone = json.loads((seeded.data / "a-b.json").read_text())
    (seeded.data / "a-b.json").unlink()
    recording.record("a-b", cluster="local")
    assert json.loads((seeded.data / "a-b.json").read_text()) == alone
    assert alone["runs"] == {"row": {"1": 10, "2": 20}} and alone["settings"] == {"steps": 3}


def test_a_seed_that_failed_leaves_what_is_recorded_as_it_was(seeded):
    seeded.failures.append("seed 2: ValueError: no")
    with pytest.raises(CourseError, match="seed 2: ValueError: no"):
        recording.record("a-b", cluster="local")
    assert not seeded.data.exists()


def test_a_recording_without_seeds_is_not_spread(seeded):
    with pytest.raises(CourseError, match="'c' has no seeds to spread"):
        recording.record("c", cluster="local")


def test_seeds_that_contradict_each_other_are_not_put_together():
    assert recording.merged({"a": {"1": 1}}, {"a": {"2": 2}, "b": 3}) == {"a": {"1": 1, "2": 2}, "b": 3}
    with pytest.raises(CourseError, match="under runs, a, 'best' two seeds have different things"):
        recording.merged({"a": {"best": 1}}, {"a": {"best": 2}})
