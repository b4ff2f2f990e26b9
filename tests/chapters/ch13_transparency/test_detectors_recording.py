"""The recording of detectors in seconds, and what lesson 13.4's helpers do."""

import pytest
import torch

from course_lib.chapters.ch13_transparency import detection, generators
from course_lib.chapters.ch13_transparency.recorded_detectors import spread
from course_lib.data import load
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("detectors", steps=4, smaller=1500, train=90, test=40)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    script, told, content = tiny
    assert len(told) == 1
    run = content["runs"]["1"]
    assert list(run["tried"]) == list(detection.VIEWS)
    for view, found in run["tried"].items():
        assert set(found) == {"one number", *script.SOURCES, *([script.EDITED] if view == "8 bit" else [])}
        for row in found.values():
            assert len(row) == 9 and all(0 <= value <= 1 for one in row.values() for value in one.values())
    assert run["edited real"].keys() == {*script.SOURCES, "one number", script.EDITED}
    assert list(run["edited real"]["one number"]) == list(detection.EDITS)
    assert run["tried"]["8 bit"]["one number"]["MLP GAN"]["auc"] > 0.99, "an untrained generator has no black pixel"


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("detectors", content)
    assert list(shipped["runs"]) == [str(seed) for seed in script.SEEDS]
    for run in shipped["runs"].values():
        assert run.keys() == content["runs"]["1"].keys()
        assert abs(run["controls"]["real against real"] - 0.5) < 0.12


def test_halves_are_disjoint_and_mix_even_with_odd_digits():
    heldout = load("digits", split="test")
    one, other = detection.halves(heldout.images)
    assert len(one) == len(other) == 500
    assert torch.equal(torch.cat([one, other]).sort(0).values, heldout.images.sort(0).values)
    numbered = torch.arange(1000.0).view(-1, 1, 1, 1)
    odd = detection.halves(numbered)[0].flatten() % 2
    assert 0.4 < odd.mean() < 0.6


def test_said_and_true_of_an_oracle_and_of_a_liar():
    dark, light = torch.full((10, 1, 4, 4), -1.0), torch.full((10, 1, 4, 4), 1.0)

    class Bright(torch.nn.Module):
        def __init__(self, sign):
            super().__init__()
            self.sign = sign

        def forward(self, x):
            return 20 * self.sign * x.mean((1, 2, 3))

    good, bad = (detection.said_and_true(Bright(sign), dark, light) for sign in (1, -1))
    assert good == {"error": 0.0, "real": [0.0, 0.0], "generated": [1.0, 1.0]}
    assert bad == {"error": 1.0, "real": [0.0, 1.0], "generated": [1.0, 0.0]}
    assert detection.said_and_true(Bright(1), dark, dark)["generated"] is None


def test_samples_are_black_and_white_and_sets_are_at_eight_bit():
    draws = generators.from_the_zoo()
    made = generators.sets(draws, 8, 3)
    assert set(made[next(n for n in made if "samples" in n)].unique().tolist()) == {-1.0, 1.0}
    assert len(made[generators.MEANS].unique()) > 50
    for images in made.values():
        level = (images + 1) * 127.5
        assert (level - level.round()).abs().max() < 1e-3


def test_trainings_repeat_themselves_and_depend_on_the_seed():
    data, runtime = load("digits").take(64), Runtime.auto(device="cpu", seed=1)
    for make in (generators.mlp_gan, generators.hinge_dcgan):
        first, again, other = (make(data, r, 2)(3, 0) for r in (runtime, runtime, runtime.with_seed(2)))
        assert torch.equal(first, again) and not torch.equal(first, other)


def test_a_spread_is_median_and_range():
    assert spread({"a": 0.3, "b": 0.1, "c": 0.2}, 1) == "0.2 (0.1 to 0.3)"
