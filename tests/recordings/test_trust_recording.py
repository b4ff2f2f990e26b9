"""The script behind the table of explanations and tests, in a run of seconds."""

import math

import pytest

TESTS = {"fresh weights", "shuffled labels", "another seed", "retrained", "insertion, black", "deletion, black",
         "insertion, digits", "deletion, digits", "infidelity", "sensitivity", "mark: auc", "mark: pointing",
         "mark: iou", "mark: mass"}  # fmt: skip


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("trust", steps=0.02, images=2)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    runs = content["runs"]
    assert list(runs) == ["networks", *script.METHODS, "random", "intensity", "Sobel"] and len(told) == 1
    for name in list(runs)[1:]:
        scores = runs[name]["1"]
        assert scores.keys() == TESTS and all(math.isfinite(v) for v in scores.values()), name
        shares = [test for test in TESTS if test.startswith(("mark", "insertion", "deletion", "infidelity"))]
        assert all(0 <= scores[test] <= 1 for test in shares), name
    assert runs["networks"]["1"].keys() == {"first", "second", "shuffled", "marked"}
    assert len(script.METHODS) == 9 and len(script.SEEDS) == 5


def test_the_controls_do_not_see_the_model(tiny):
    """What they must score, whatever was trained: this is what the methods are compared with."""
    runs = tiny[2]["runs"]
    for name in ("intensity", "Sobel"):
        same = runs[name]["1"]
        assert all(same[test] == 1 for test in ("fresh weights", "shuffled labels", "another seed", "retrained"))
    noise = runs["random"]["1"]
    assert noise["sensitivity"] == 0 and noise["another seed"] < 0.3 and noise["fresh weights"] < 0.3
    assert runs["gradient"]["1"]["another seed"] == 1 > runs["LIME"]["1"]["another seed"]
    assert runs["gradient"]["1"]["retrained"] < 0.999


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("trust", content)
    assert list(shipped["runs"]) == list(content["runs"])
    for name, seeds in shipped["runs"].items():
        assert len(seeds) == 5 and all(run.keys() == content["runs"][name]["1"].keys() for run in seeds.values())
