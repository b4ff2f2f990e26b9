"""The recording of marks in seconds, and what lesson 13.5's helpers do."""

import pytest
import torch

from course_lib import zoo
from course_lib.audit import watermark
from course_lib.chapters.ch13_transparency import marking
from course_lib.data import load


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("watermarks", pictures=40, steps=2)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    script, told, content = tiny
    assert len(told) == 1
    run = content["runs"]["1"]
    assert list(run["heard"]) == [str(strength) for strength in script.STRENGTHS]
    for ways in run["heard"].values():
        assert list(ways) == list(marking.LISTENING)
        assert all(list(found) == list(marking.EDITS) for found in ways.values())
    assert list(run["averaged"]) == [str(n) for n in script.COLLECTED]
    assert list(run["trained"]) == list(script.KEYS)
    assert run["distance"].keys() == {
        "no mark",
        *(f"{k}, {w}" for k in script.KEYS for w in ("in the pixels", "trained")),
    }


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("watermarks", content)
    assert list(shipped["runs"]) == [str(seed) for seed in script.SEEDS]
    for run in shipped["runs"].values():
        assert run.keys() == content["runs"]["1"].keys()
        assert max(run["false alarms"].values()) < 0.05


def test_a_redrawn_picture_is_another_one_and_reads_alike():
    digits = load("digits", split="test").images[:60]
    again = marking.drawn_again(digits)
    assert again.shape == digits.shape and not torch.equal(again, digits)
    judge = zoo.load("judge")
    assert marking.same_reading(digits, digits, judge) == 1 > marking.same_reading(digits, again, judge) > 0.5


def test_control_keys_are_five_and_none_is_the_true_one():
    for tile in (None, 4):
        keys = marking.control_keys(100, tile)
        true = watermark.new_key(100, tile=tile)
        assert len(keys) == 5 and len({tuple(key.flatten().tolist()) for key in [*keys, true]}) == 6
