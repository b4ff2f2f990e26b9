"""The best game's recording: the race's bar of noise, what a second call does, and what ships."""

import pytest

from course_lib.files import recorded
from course_lib.tools import recording


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("best", steps={"ring": 8})


def test_the_last_point_has_the_bar(tiny):
    script, told, content = tiny
    run = content["runs"]["ring"]["1"]
    assert len(told) == 1 and len(run) == script.POINTS and content["settings"]["steps"] == {"ring": 8}
    assert run[-1]["energy"] > run[-1]["noise"] > 0  # eight steps beat no noise
    assert all("energy" not in point for point in run[:-1])


def test_a_second_call_keeps_what_is_there_and_old_seconds(tiny, write_elsewhere):
    script, told, content = tiny
    runs = content["runs"]
    write_elsewhere()
    runs["ring"]["1"][-1]["seconds"] = 77.0  # as if timed elsewhere
    script.write_recorded("best", content["settings"], runs)
    script.record((1,), told.append, steps={"ring": 8})
    assert len(told) == 1, "a finished run was made again"
    lacking = {"ring": {"1": [{k: v for k, v in p.items() if k not in ("energy", "noise")} for p in runs["ring"]["1"]]}}
    script.write_recorded("best", content["settings"], lacking)
    script.record((1,), told.append, steps={"ring": 8})
    assert len(told) == 2 and recorded("best")["runs"]["ring"]["1"] == runs["ring"]["1"]


def test_another_training_gets_its_own_seconds():
    point = {"step": 1, "seconds": 9.0, "kl": 0.1}
    for before in ([], [point | {"seconds": 2.0, "kl": 0.2}]):
        curve = [dict(point)]
        recording.script("best")._keep_seconds(curve, before)
        assert curve == [point]


def test_what_ships_is_measured_as_the_race_is():
    noises = recorded("cures")["runs"]["unbalanced"]
    for seed, run in recorded("best")["runs"]["ring"].items():
        least = min(noises[row]["seeds"][seed]["equal steps"]["energy"] for row in ("uniform noise", "data + noise"))
        assert run[-1]["noise"] == pytest.approx(least, rel=1e-2)
