"""Every script in a chapter's recordings/ has its test, its file in data/runs and one way to be run."""

import inspect

import pytest

from course_lib import chapters, files
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
