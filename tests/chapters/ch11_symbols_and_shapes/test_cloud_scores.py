"""The scores of lesson 11.7 on clouds whose holes are known, and its recording in a run of seconds."""

import math

import numpy as np
import pytest
import torch

from course_lib.chapters.ch11_symbols_and_shapes import cloud_scores
from course_lib.chapters.ch11_symbols_and_shapes.cloud_scores import FAULTS, REAL, Pool, living_times, nearest_gap, seen
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.runtime import Runtime

SCORES = {getattr(cloud_scores, name) for name in ("MERGING", "NEAREST", "GEOMETRY", "FRECHET", "COVERAGE")}


def circle(n, seed):
    g = torch.Generator().manual_seed(seed)
    angle = 2 * math.pi * torch.rand(n, generator=g)
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(n, 2, generator=g)


def test_living_times_are_shares_and_find_one_hole_or_two():
    one, two = circle(400, 0), torch.cat([circle(200, 1), circle(200, 2) + 3])
    for cloud, holes in ((one, 1), (two, 2)):
        times = living_times(cloud, trials=5)
        assert times.sum() == pytest.approx(1) and times.argmax() == holes and times[holes] > 0.6


def test_a_disc_has_no_hole_for_long():
    disc = circle(400, 3) * torch.rand(400, 1, generator=torch.Generator().manual_seed(4)).sqrt()
    assert living_times(disc, trials=5)[1] < 0.4


def test_fewer_points_than_landmarks_are_refused():
    with pytest.raises(CourseError, match="20 points for 64 landmarks"):
        living_times(torch.zeros(20, 2))


def test_nearest_gap_is_the_mean_difference_of_sorted_distances():
    a, b = torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([[0.0], [2.0], [6.0]])
    assert nearest_gap(a, b) == pytest.approx(np.abs(np.array([1, 1, 2]) - np.array([2, 2, 4])).mean())
    assert nearest_gap(a, a + 100) == pytest.approx(0)


def test_draws_do_not_overlap_and_have_their_faults():
    labels = torch.arange(1000) % 10
    pool = Pool(torch.arange(1000.0)[:, None], labels, torch.full((50, 1), -1.0))
    real, clouds = pool.draw(40, Runtime.auto(device="cpu", seed=3))
    assert [len(cloud) for cloud in (real, *clouds.values())] == [40] * 6 and list(clouds) == [REAL, *FAULTS]
    for name in (REAL, *FAULTS[:3]):
        assert not set(clouds[name].flatten().tolist()) & set(real.flatten().tolist()), name
    assert labels[clouds[FAULTS[0]].long()].max() == 4 and labels[clouds[FAULTS[1]].long()].max() == 8
    assert len(set(clouds[FAULTS[2]].flatten().tolist())) == 20


def test_seen_is_above_every_floor():
    draws = {
        "1": {REAL: 1.0, "x": 5.0},
        "2": {REAL: 3.0, "x": 3.0},
        "3": {REAL: 2.0, "x": 3.1},
        "4": {REAL: 0.0, "x": 0.5},
    }
    assert seen(draws, "x") == 0.5


def test_a_tiny_recording_has_what_the_lesson_reads(record_tiny):
    script, told, content = record_tiny("cloud-power", sizes=(70,), trials=1)
    assert len(told) == 1 and set(content["runs"]["70"]["1"]) == SCORES
    for rows in content["runs"]["70"]["1"].values():
        assert set(rows) == {REAL, *FAULTS} and all(math.isfinite(value) and value >= 0 for value in rows.values())
    assert script.SIZES == (100, 200, 400) and len(script.SEEDS) == 20


def test_the_collapsed_game_draws_pictures_from_its_seed():
    runtime = Runtime.auto(device="cpu", seed=0, profile="smoke")
    draw = cloud_scores.collapsed(runtime, load("digits", runtime), 1)
    assert draw(3, seed=0).shape == (3, 1, 28, 28)
