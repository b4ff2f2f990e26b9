"""Counting modes, against samples whose truth is known because they were put there, and against scipy."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from course_lib import zoo
from course_lib.data import load
from course_lib.data.noise import blurred, box_noise
from course_lib.data.stacked import stacked
from course_lib.data.toy import Mixture, grid, line, ring, spiral
from course_lib.errors import CourseError
from course_lib.metrics import measure_modes
from course_lib.metrics.modes import jsd_from_uniform, kl_from_uniform, stacked_classes
from course_lib.runtime import Runtime

MIXTURES = [ring(), grid(), spiral(modes=10), line(-3.0, 0.5, 4.0, sigma=0.1)]


@pytest.mark.parametrize("mixture", MIXTURES, ids=lambda m: m.name)
def test_a_sample_in_each_mode_is_full_marks(mixture):
    report = measure_modes(mixture.centres.float().repeat(3, 1), mixture)
    assert (report.modes, report.total, report.high_quality, report.n) == (mixture.modes,) * 2 + (
        1.0,
        3 * mixture.modes,
    )
    assert report.kl == pytest.approx(0, abs=1e-12) and report.jsd == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("mixture", MIXTURES, ids=lambda m: m.name)
def test_three_sigma_is_the_border(mixture):
    """A sample a little inside 3σ counts, one a little outside does not; either way it has a nearest mode."""
    angles = torch.linspace(0, 2 * math.pi, 7)[:-1, None]
    around = torch.cat([angles.cos(), angles.sin()], 1)[:, : mixture.dim]
    around = around / around.norm(dim=1, keepdim=True)
    for factor, share, modes in ((2.99, 1.0, 1), (3.01, 0.0, 0)):
        report = measure_modes(mixture.centres[:1] + factor * mixture.sigma * around, mixture)
        assert (report.high_quality, report.modes) == (share, modes)
        assert report.kl == pytest.approx(math.log(mixture.modes))  # all nearest to the one mode, near enough or not


def test_a_mode_counts_with_one_good_sample_and_not_with_many_bad_ones():
    mixture = ring()
    good = mixture.centres[[0, 0, 0, 3]]
    bad = (1 + 4 * mixture.sigma) * mixture.centres[[5]].expand(6, 2)
    report = measure_modes(torch.cat([good, bad]), mixture)
    assert report.modes == 2 and report.high_quality == pytest.approx(0.4)
    shares = [0.3, 0, 0, 0.1, 0, 0.6, 0, 0]
    assert report.kl == pytest.approx(entropy(shares, [1 / 8] * 8))
    assert report.jsd == pytest.approx(jensenshannon(shares, [1 / 8] * 8) ** 2)


def test_a_collapsed_generator():
    mixture = grid()
    report = measure_modes(mixture.centres[7].expand(400, 2), mixture)
    assert (report.modes, report.total, report.high_quality) == (1, 25, 1.0)
    assert report.kl == pytest.approx(math.log(25))
    assert report.jsd == pytest.approx(jensenshannon(np.eye(25)[7], [1 / 25] * 25) ** 2)


@pytest.mark.parametrize("mixture", [ring(), grid()], ids=lambda m: m.name)
def test_true_samples_score_what_theory_says(mixture):
    """In the plane the share within 3σ is 1 − e^(−9/2); of n samples the KL is about (modes − 1) / 2n."""
    n = 100_000
    points, _ = mixture.sample(n, torch.Generator().manual_seed(0))
    report = measure_modes(points, mixture)
    expected = 1 - math.exp(-4.5)
    assert report.modes == mixture.modes
    assert report.high_quality == pytest.approx(expected, abs=5 * math.sqrt(expected * (1 - expected) / n))
    assert 0 < report.kl < 3 * (mixture.modes - 1) / (2 * n)


def test_a_sampler_is_asked_for_so_many_points():
    asked = []

    def sampler(n):
        asked.append(n)
        return ring().centres[:4].repeat(n // 4, 1)

    assert measure_modes(sampler, ring()).n == 2500 and measure_modes(sampler, ring(), n=80).modes == 4
    assert asked == [2500, 80]


def test_it_takes_any_precision_and_reads_well():
    points = ring().centres[:6]
    reports = {measure_modes(points.to(kind), ring()) for kind in (torch.float32, torch.float64)}
    assert len(reports) == 1
    assert str(reports.pop()) == "modes 6 of 8 · high quality 100.0% · KL 0.29 · JSD 0.096"


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (torch.zeros(5, 3), r"\(5, 3\).*'ring' needs \(N, 2\)"),
        (torch.zeros(0, 2), r"\(0, 2\)"),
        (torch.zeros(2), r"\(2,\)"),
        (torch.tensor([[0.0, float("nan")]]), "NaN"),
        (torch.tensor([[0.0, float("inf")]]), "infinity"),
        (lambda n: torch.zeros(n, 1), r"\(2500, 1\)"),
    ],
)
def test_points_that_cannot_be_measured_are_refused(points, said):
    with pytest.raises(CourseError, match=said) as refusal:
        measure_modes(points, ring())
    assert "\n" not in str(refusal.value)


# ---- histograms ----

HISTOGRAMS = [[5, 5, 5, 5], [1, 0], [7, 1, 0, 2, 90], list(range(1000)), [0] * 999 + [3], [1, 10**12]]


@pytest.mark.parametrize("counts", HISTOGRAMS, ids=lambda c: f"{len(c)} bins {c[:3]}")
def test_divergences_from_uniform_are_scipys(counts):
    uniform = np.full(len(counts), 1 / len(counts))
    assert kl_from_uniform(torch.tensor(counts)) == pytest.approx(entropy(counts, uniform), abs=1e-12)
    assert jsd_from_uniform(torch.tensor(counts)) == pytest.approx(jensenshannon(counts, uniform) ** 2, abs=1e-12)
    assert kl_from_uniform(torch.tensor(counts).float() * 0.25) == pytest.approx(entropy(counts, uniform), rel=1e-6)


def test_they_are_never_below_zero_and_have_their_limits():
    for k in (2, 3, 7, 1000):
        flat, one = torch.ones(k), torch.eye(k)[0]
        assert 0 <= kl_from_uniform(flat) < 1e-12 and 0 <= jsd_from_uniform(flat) < 1e-12
        assert kl_from_uniform(one) == pytest.approx(math.log(k))
        assert jsd_from_uniform(one) < math.log(2)


@pytest.mark.parametrize("counts", [[3], [0, 0], [-1, 2], [[1, 2], [3, 4]], [], [float("nan"), 1.0]], ids=str)
@pytest.mark.parametrize("of", [kl_from_uniform, jsd_from_uniform])
def test_what_is_no_histogram_is_refused(of, counts):
    with pytest.raises(CourseError, match="counts"):
        of(torch.tensor(counts))


# ---- stacked digits ----


@pytest.fixture(scope="module")
def judge():
    return zoo.load("judge")


@pytest.fixture(scope="module")
def stacks():
    return stacked(Runtime.auto(device="cpu", seed=1), n=600, split="test")  # digits that the judge never saw


def test_real_stacks_are_named_as_well_as_the_judge_can_tell_three_digits(judge, stacks):
    seen = stacked_classes(stacks.examples[:], judge)
    assert seen.shape == (600,) and seen.dtype == torch.int64 and seen.min() >= 0 and seen.max() <= 999
    digits = load("digits", split="test")
    from course_lib.training.classifier import accuracy

    by_chance = accuracy(judge, digits) ** 3
    right = (seen == stacks.labels).double().mean().item()
    assert abs(right - by_chance) < 5 * math.sqrt(by_chance * (1 - by_chance) / 600)


def test_channels_are_hundreds_tens_and_ones(judge):
    digits = load("digits", split="train")
    one = [digits.images[digits.labels == k][0, 0] for k in range(10)]
    wanted = [123, 7, 980, 555]
    images = torch.stack([torch.stack([one[w // 100], one[w // 10 % 10], one[w % 10]]) for w in wanted])
    assert stacked_classes(images, judge).tolist() == wanted


@pytest.mark.parametrize("shape", [(4, 1, 28, 28), (3, 28, 28), (4, 6, 28, 28)])
def test_what_are_no_stacks_is_refused(judge, shape):
    with pytest.raises(CourseError, match="stacks of three digits"):
        stacked_classes(torch.zeros(shape), judge)


def test_stacks_of_another_size_or_range_are_refused_by_the_judges_door(judge):
    with pytest.raises(CourseError, match="28×28"):
        stacked_classes(torch.zeros(2, 3, 32, 32), judge)
    with pytest.raises(CourseError, match=r"\[−1, 1\]"):
        stacked_classes(torch.full((2, 3, 28, 28), 255.0), judge)


# ---- ties ----


@pytest.mark.parametrize("mixture", [ring(), ring(modes=3), line(-1.0, 1.0, sigma=0.1)], ids=lambda m: str(m.modes))
def test_a_heap_as_near_to_every_mode_belongs_to_none_of_them(mixture):
    """In the middle of a ring all modes are equally near: by the first of the list the KL would be log K."""
    report = measure_modes(torch.zeros(2500, mixture.dim), mixture)
    assert report.modes == 0 and report.high_quality == 0
    assert report.kl < 3 * (mixture.modes - 1) / (2 * 2500)  # as even as a random sample of equal shares


def test_the_order_of_modes_and_points_does_not_count_and_the_seed_does():
    points = torch.cat([torch.zeros(300, 2), ring().sample(300, torch.Generator().manual_seed(1))[0]])
    report, noise = measure_modes(points, ring()), 0.02
    for seed in range(5):
        g = torch.Generator().manual_seed(seed)
        turned = Mixture("ring", ring().centres[torch.randperm(8, generator=g)], ring().sigma)
        again = measure_modes(points[torch.randperm(600, generator=g)], turned)
        assert (again.modes, again.high_quality) == (report.modes, report.high_quality)
        assert again.kl == pytest.approx(report.kl, abs=noise)
    assert measure_modes(points, ring(), seed=0) == report != measure_modes(points, ring(), seed=1)


# ---- what noise scores ----


@pytest.mark.parametrize(("mixture", "least"), [(ring(), 3), (grid(), 17)], ids=["ring", "grid"])
def test_noise_looks_covered_and_even_by_these_three_numbers(mixture, least):
    """Why a cure is not judged by them: 2,500 points of pure noise have most modes and a KL near 0."""
    area = mixture.modes * math.pi * (3 * mixture.sigma) ** 2
    for seed in range(5):
        g = torch.Generator().manual_seed(seed)
        true = mixture.sample(2500, g)[0]
        share = area / (true.max(0).values - true.min(0).values).prod().item()
        report = measure_modes(box_noise(true, 2500, g), mixture)
        assert report.modes >= least and report.kl < 0.15
        assert report.high_quality == pytest.approx(share, abs=5 * math.sqrt(share / 2500))
        blur = measure_modes(blurred(mixture, 2500, g), mixture)
        assert blur.modes >= least and blur.kl < 0.02 and blur.high_quality < 2 * share
