"""The planned tests of the race: exact, corrected, and as strong as said."""

import math

import numpy as np
import pytest
from scipy.stats import permutation_test

from course_lib.chapters.ch12_guided_training import verdict


@pytest.mark.parametrize("seed", range(4))
def test_the_sign_flip_test_is_scipys(seed):
    values = np.random.default_rng(seed).normal(0.3, 1, 10)
    theirs = permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert verdict.sign_flip(values) == pytest.approx(theirs.pvalue)


def test_least_and_greatest_p():
    assert verdict.sign_flip([0.1] * 10) == 2 / 1024
    assert verdict.sign_flip([1.0, -1.0]) == 1.0
    assert len({tuple(row) for row in verdict.signs(5)}) == 32


def test_holm_by_hand():
    corrected = verdict.holm({("a",): 0.01, ("b",): 0.04, ("c",): 0.03})
    assert corrected == {("a",): pytest.approx(0.03), ("c",): pytest.approx(0.06), ("b",): pytest.approx(0.06)}
    assert verdict.holm({("a",): 0.9, ("b",): 0.8}) == {("b",): 1.0, ("a",): 1.0}


def test_holm_errs_in_at_most_one_family_of_twenty():
    g = np.random.default_rng(0)
    wrong = 0
    for _ in range(400):
        p = {(i,): verdict.sign_flip(g.normal(size=8)) for i in range(6)}
        wrong += min(verdict.holm(p).values()) <= 0.05
    assert wrong / 400 <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)


def test_differences_are_paired_and_say_which_is_better(monkeypatch):
    rows = {
        "saliency": {"100": {"frechet": 9.0, "coverage": 0.4}, "101": {"frechet": 20.0, "coverage": 0.1}},
        "saliency, constant": {"101": {"frechet": 10.0, "coverage": 0.3}, "100": {"frechet": 10.0, "coverage": 0.2}},
    }
    monkeypatch.setattr(verdict, "runs", lambda data, share: rows)
    found = verdict.differences("digits", "35 %", "saliency", "constant")
    assert found == {"100": pytest.approx(math.log(0.9)), "101": pytest.approx(math.log(2))}
    cover = verdict.differences("digits", "35 %", "saliency", "constant", "coverage", log=False)
    assert cover == {"100": pytest.approx(0.2), "101": pytest.approx(-0.2)}


def test_power_is_the_level_without_an_effect_and_near_one_with_a_large():
    values = np.random.default_rng(3).normal(size=10)
    assert verdict.power(values, 0.0, 0.05) < 0.12
    assert verdict.power(values, 3 * values.std(), 0.05) > 0.95


def test_the_interval_holds_the_mean():
    values = np.random.default_rng(4).normal(1, 1, 10)
    low, high = verdict.interval(values)
    assert low < values.mean() < high
