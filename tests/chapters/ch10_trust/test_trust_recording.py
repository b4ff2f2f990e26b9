"""The script behind the table of explanations and tests, in a run of seconds."""

import json
import math

import pytest
import torch

from course_lib import files
from course_lib.chapters.ch10_trust import further_tests

TESTS = {
    "fresh weights",
    "shuffled labels",
    "600 true labels",
    "retrained",
    "fresh weights, absolute, whole image",
    "fresh weights, absolute, ink",
    "insertion, black",
    "deletion, black",
    "insertion, digits",
    "deletion, digits",
    "infidelity",
    "sensitivity",
    "mark: square",
    "mark: square, fresh weights",
    "mark: dots",
    "mark: dots, fresh weights",
    "mark: pointing",
    "mark: iou",
    "mark: mass",
}
PLACED = {"insertion, digits, ties by place", "deletion, digits, ties by place"}  # of the controls and of occlusion
CONTROLS, OUTSIDERS = (
    ["random", "intensity", "Sobel"],
    ["random, another", "blurred image", "local contrast", "difference"],
)
BESIDE = ["ceilings", "told the fill", "agreement", "why plain", "LIME asked again"]


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("trust", constants={"BUDGETS": (60,)}, steps=0.005, images=2)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    runs = content["runs"]
    maps = [*script.METHODS, *CONTROLS, *OUTSIDERS]
    assert list(runs) == ["networks", *maps, *BESIDE] and len(told) == 1
    for name in maps:
        scores = runs[name]["1"]
        assert scores.keys() == TESTS | (PLACED if name in (*CONTROLS, "occlusion") else set())
        assert all(math.isfinite(v) for v in scores.values()), name
        shares = [test for test in TESTS if test.startswith(("mark", "insertion", "deletion", "infidelity"))]
        assert all(0 <= scores[test] <= 1 for test in shares), name
    assert runs["networks"]["1"].keys() == {"first", "second", "shuffled", "true", "marked"}
    assert len(script.METHODS) == 9 and len(script.SEEDS) == 10
    assert script.BUDGETS == (100, 1000)
    assert runs["LIME asked again"]["1"].keys() == {
        f"60, {spot}" for spot in ("whole image", "squares with ink", "ink")
    }


def test_a_recording_resumes_where_it_was_cut_off(write_elsewhere, tiny, monkeypatch, tmp_path):
    script, _, content = tiny
    write_elsewhere()
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "trust.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(script, "train", lambda runtime, share: ({}, {"seed": runtime.seed}))
    monkeypatch.setattr(script, "trial", lambda models, n, seed: {"gradient": {"infidelity": seed / 10}})
    told = []
    script.record((1, 2), told.append, steps=0.005, images=2)
    runs = files.recorded("trust")["runs"]
    assert len(told) == 1 and runs["gradient"]["1"] == content["runs"]["gradient"]["1"]
    assert runs["gradient"]["2"] == {"infidelity": 0.2} and runs["networks"]["2"] == {"seed": 2}
    script.record((1,), told.append, steps=0.5, images=2)  # other settings: nothing of the old is kept
    assert files.recorded("trust")["runs"] == {"networks": {"1": {"seed": 1}}, "gradient": {"1": {"infidelity": 0.1}}}


def test_ties_by_place_change_the_order_of_equals_alone(tiny):
    script = tiny[0]
    maps = torch.tensor([1.0, 0.0, 1.0, 0.0]).view(1, 1, 2, 2)
    assert script.ties_by_position(maps).flatten().argsort(descending=True).tolist() == [0, 2, 1, 3]


def test_the_controls_do_not_see_the_model(tiny):
    """What they must score, whatever was trained: this is what the methods are compared with."""
    runs = tiny[2]["runs"]
    for name in ("intensity", "Sobel", "blurred image", "local contrast", "difference"):
        same = runs[name]["1"]
        assert all(same[test] == 1 for test in ("fresh weights", "shuffled labels", "600 true labels", "retrained"))
    for name in ("random", "random, another"):
        noise = runs[name]["1"]
        assert noise["sensitivity"] == 0
        assert max(noise[test] for test in ("fresh weights", "retrained")) < 0.3  # drawn anew each time
    for name in (*CONTROLS, *OUTSIDERS):
        assert runs[name]["1"]["mark: dots"] == runs[name]["1"]["mark: dots, fresh weights"] or "random" in name
    assert runs["gradient"]["1"]["retrained"] < 0.999


def test_local_contrast_is_brightness_minus_its_neighbourhood_with_black_outside(tiny):
    contrast = tiny[0].model_free_explainers(torch.zeros(1, 1, 28, 28))["local contrast"]
    white = contrast(None, torch.ones(1, 1, 28, 28), None, 0)[0, 0]
    assert white[1:-1, 1:-1].abs().max() < 1e-6 and abs(white[0, 5].item() - 1 / 3) < 1e-6
    dot = torch.full((1, 1, 28, 28), -1.0)
    dot[0, 0, 9, 9] = 0.0
    found = contrast(None, dot, None, 0)[0, 0]
    assert abs(found[9, 9].item() - 4 / 9) < 1e-6 and abs(found[9, 10].item() + 1 / 18) < 1e-6


def test_methods_told_the_fill_begin_from_it(tiny, monkeypatch):
    """Where the fill is the image itself, nothing is ever absent: no map has anything to say."""
    script, seen = tiny[0], []
    judge = further_tests.insertion_deletion
    monkeypatch.setattr(further_tests, "insertion_deletion", lambda *a, **k: seen.append(a[2]) or judge(*a, **k))
    model, x, y = script.explain_copy(script.DigitCNN()), script.asked(2, 1)[0], torch.tensor([3, 4])
    assert len(script.fill_is_known(model, x, y, x, 0)) == 8
    script.fill_is_known(model, x, y, x.flip(0), 0)
    assert len(seen) == 8
    assert all(m.abs().max() < 1e-5 for m in seen[:4]) and all(m.abs().max() > 1e-4 for m in seen[4:])


def test_trial_of_some_maps_scores_these_alone(tiny, monkeypatch):
    script = tiny[0]
    monkeypatch.setattr(script, "lime_repeated", lambda *a: pytest.fail("nothing beside"))
    models = {
        name: script.explain_copy(script.DigitCNN(classes=2 if name == "marked" else 10))
        for name in ("first", "second", "shuffled", "true", "marked")
    }
    assert list(script.trial(models, 2, 1, only=("local contrast",))) == ["local contrast"]


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("trust", content)
    assert list(shipped["runs"]) == list(content["runs"])
    for name, seeds in shipped["runs"].items():
        assert len(seeds) >= 5
        if name != "LIME asked again":  # the tiny one asks with other numbers of samples
            assert all(run.keys() == content["runs"][name]["1"].keys() for run in seeds.values()), name
