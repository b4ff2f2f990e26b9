"""Shares of groups: bands against scipy and simulation, planted blanks, tails and gaps."""

import numpy as np
import pytest
import torch
from scipy.stats import binom

from course_lib import zoo
from course_lib.audit import shares
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.metrics import judge_outputs, precision_recall


def test_the_band_holds_95_of_100_honest_counts():
    for share, n in ((0.1, 1000), (0.5, 60), (0.01, 400)):
        low, high = shares.chance_band(share, n)
        inside = binom.cdf(round(high * n), n, share) - binom.cdf(round(low * n) - 1, n, share)
        assert 0.95 <= inside < 0.985
    assert shares.chance_band(0.0, 50) == (0.0, 0.0)
    with pytest.raises(CourseError, match="use a share from 0"):
        shares.chance_band(1.5, 10)


def test_variation_and_what_chance_makes_of_it():
    assert shares.variation(torch.tensor([5, 5, 0]), torch.tensor([0.5, 0.0, 0.5])) == pytest.approx(0.5)
    assert shares.variation(torch.tensor([7, 7]), torch.tensor([1, 1])) == 0
    with pytest.raises(CourseError, match="one number a group"):
        shares.variation(torch.ones(3), torch.ones(2))
    limit = shares.variation_by_chance(torch.full((10,), 0.1), 1000)
    counts = np.random.default_rng(0).multinomial(1000, [0.1] * 10, size=2000) / 1000
    assert (0.5 * np.abs(counts - 0.1).sum(1) < limit).mean() == pytest.approx(0.95, abs=0.015)


def test_a_blank_page_is_no_digit_whatever_the_judge_says():
    digits, judge = load("digits").take(200), zoo.load("judge")
    least = shares.least_ink(digits.images)
    pictures = torch.cat([digits.images[:50], -torch.ones(10, 1, 28, 28)])
    blank = shares.is_blank(pictures, least)
    counts = shares.read_classes(judge_outputs(pictures, judge)[0], blank)
    assert blank.sum() == 10 and not blank[:50].any()
    assert counts.shape == (11,) and counts[-1] == 10 and counts.sum() == 60


def test_tails_of_the_same_and_of_other_strokes():
    values = torch.arange(1000.0)
    assert shares.tails(values, values) == pytest.approx((0.1, 0.1), abs=0.002)
    assert shares.tails(values + 100, values) == pytest.approx((0.0, 0.2), abs=0.002)
    assert shares.tails(torch.full((4,), float("nan")), values) == (0, 0)


def test_strokes_of_planted_bars():
    pictures = -torch.ones(3, 1, 28, 28)
    pictures[0, :, 4:24, 10:13] = 1  # upright, 3 wide
    for row in range(4, 24):
        pictures[1, 0, row, 24 - row : 27 - row] = 1  # one to the right for each up
    found = shares.strokes(pictures)
    assert found["thickness"][0] == pytest.approx(3, abs=0.7) and found["slant"][0] == pytest.approx(0, abs=0.01)
    assert found["slant"][1] == pytest.approx(1, abs=0.05) and found["slant"][2].isnan()


def test_coverage_of_groups_adds_up_to_the_librarys():
    g = torch.Generator().manual_seed(0)
    real, fake = torch.randn(300, 4, generator=g), torch.randn(200, 4, generator=g) * 0.5
    hit = shares.covered(real, fake)
    assert hit.double().mean().item() == pytest.approx(precision_recall(real, fake).coverage)
    groups = torch.arange(300) % 3
    each = shares.by_group(hit, groups)
    assert np.mean(list(each.values())) == pytest.approx(hit.double().mean().item())
    left = shares.covered(real, fake[fake[:, 0] > 0.3])
    sides = shares.by_group(left, (real[:, 0] > 0).long())
    assert sides[1] > sides[0] + 0.2, "who has no samples nearby is not covered"
    with pytest.raises(CourseError, match="k="):
        shares.covered(real, fake, 300)
