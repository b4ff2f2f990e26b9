"""The small games of lesson 01.4, and the learner that 01.5 takes over from 01.1, do what the lessons say."""

import math

import pytest
import torch

from course_lib.chapters.ch01_what_a_gan_optimises.games import (
    broken_games,
    line_game,
    line_losses,
    on_arrival,
    smallest_game,
)
from course_lib.chapters.ch01_what_a_gan_optimises.regression import features, logistic_regression


def test_the_line_game_swings_past_the_real_mean_and_comes_to_rest():
    thetas, ws = line_game(800)
    assert max(thetas) > 2.2
    assert thetas[-1] == pytest.approx(2, abs=0.02) and ws[-1] == pytest.approx(0, abs=0.02)


def test_the_losses_of_a_game_end_as_a_coins_near_the_data_and_as_a_winners_far_away():
    near, far = line_losses(800, -1.0), line_losses(800, -8.0)
    assert near["θ"][:2] == [-1.0, line_game(1)[0][0]]  # the losses are about the θ before G's step
    assert near["D's loss"][-1] == pytest.approx(math.log(4), abs=1e-3)
    assert near["G's loss"][-1] == pytest.approx(-math.log(2), abs=0.02)
    assert far["θ"][-1] == pytest.approx(-8, abs=0.02)
    assert far["D's loss"][-1] < 0.02 and abs(far["G's loss"][-1]) < 1e-4


def test_on_arrival_reads_the_weight_and_counts_the_steps_until_it_is_0():
    path = [1.0, 2.1, 2.3, 2.2], [0.9, 0.5, 0.1, -0.1]
    assert on_arrival(*path) == "when θ first reaches 2, w = 0.50, back at 0 after 2 more steps"
    assert on_arrival(path[0][:3], path[1][:3]).endswith("w = 0.50, not back at 0")
    assert on_arrival([0.0, 1.9], [1.0, 1.0]) == "θ has not reached 2"


def test_each_broken_game_shows_its_fault():
    (still, w_still), (climbs, w_climbs), (runs, w_runs) = broken_games().values()
    assert set(w_still) == {0.3} and still[-1] > 4
    assert climbs[-1] < -2 and min(w_climbs) > 0.3
    assert runs[50] < -20 and w_runs[50] < 0


def test_the_smallest_game_goes_outwards_at_once_by_the_factor_of_its_formula():
    thetas, psis = smallest_game(2, in_turn=False, lr=0.2)
    D = 1 / (1 + math.exp(-psis[0] * thetas[0]))
    before, after = (thetas[i] ** 2 + psis[i] ** 2 for i in (0, 1))
    assert after / before == pytest.approx(1 + (0.2 * D) ** 2)


def test_in_turn_the_smallest_game_keeps_its_distance():
    for in_turn, low, high in ((True, 0.95, 1.1), (False, 2, 3)):
        thetas, psis = smallest_game(200, in_turn=in_turn)
        assert low < math.hypot(thetas[-1], psis[-1]) < high


def test_regression_finds_a_line_and_needs_no_square():
    chance = torch.Generator().manual_seed(0)
    real, fake = (torch.randn(4000, generator=chance, dtype=torch.float64) + mean for mean in (2.0, 0.0))
    w = logistic_regression(real, fake, 2000)
    assert w.tolist() == pytest.approx([-2, 2, 0], abs=0.3)
    assert features(torch.tensor([3.0])).tolist() == [[1, 3, 9]]
