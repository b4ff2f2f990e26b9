"""The optimisers' script: it tunes on its own seeds, reports on others, and a diverged training is the worst."""

from course_lib import files
from course_lib.tools import recording


def test_a_tiny_recording_has_what_the_notebook_reads(write_elsewhere):
    real = files.recorded("optimisers")
    write_elsewhere()
    script = recording.script("optimisers")
    script.RATES = {"sgd": (0.01, 1e9), "adam": (0.001,)}
    script.record((100,), lambda line: None, tuning=(0,), steps=6)
    content = files.recorded("optimisers")
    assert content.keys() == real.keys() and content["settings"].keys() == real["settings"].keys()
    sgd = content["runs"]["sgd"]
    assert sgd.keys() == real["runs"]["sgd"].keys()
    assert sgd["tuning"]["1000000000.0"] == [script.FAILED] and sgd["best"] == 0.01
    assert sgd["seeds"]["100"]["step"] == [2, 4, 6] and len(sgd["seeds"]["100"]["frechet"]) == 3
    assert sgd["seeds"]["100"].keys() == real["runs"]["sgd"]["seeds"]["100"].keys()


def test_what_ships_was_tuned_on_other_seeds_than_it_reports():
    content = files.recorded("optimisers")
    for run in content["runs"].values():
        assert {len(tries) for tries in run["tuning"].values()} == {len(content["settings"]["tuning seeds"])}
        assert not set(map(str, content["settings"]["tuning seeds"])) & set(run["seeds"]) and len(run["seeds"]) == 5
        assert str(run["best"]) in run["tuning"]
