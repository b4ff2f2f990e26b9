"""Measurements of constructed images by a judge whose answers are known."""

import math

import pytest
import torch
from torch import nn

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.metrics import (
    class_entropy,
    class_histogram,
    classes_covered,
    evaluate,
    frechet_distance,
    judge_outputs,
    mean_confidence,
)
from course_lib.models import Judge


class Known(nn.Module):
    """Reads the digit from the image: the pixel (0, k) is the logit of class k, divided by ten."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(10.0))
        self.last = nn.Identity()
        self.seen = []

    def features(self, x):
        self.seen.append(len(x))
        return self.scale * x[:, 0, 0, :10]


@pytest.fixture
def judge():
    return Known().eval()


def drawn(*digits, logit=1.0):
    images = torch.zeros(len(digits), 1, 28, 28)
    images[torch.arange(len(digits)), 0, 0, list(digits)] = logit
    return images


SURE = math.exp(10) / (math.exp(10) + 9)  # one logit of 10 among nine of 0
UNSURE = math.exp(1) / (math.exp(1) + 9)


def test_a_report_of_constructed_images(judge):
    images = torch.cat([drawn(3, 3, 3, 5), drawn(5, 7, logit=0.1)])
    reference = drawn(*range(10))
    report = evaluate(images, judge, reference)
    assert report.n == 6
    assert report.confidence == pytest.approx((4 * SURE + 2 * UNSURE) / 6)
    assert report.sure == pytest.approx(4 / 6)
    assert report.classes == 3
    p = torch.tensor([3, 2, 1]).double() / 6
    assert report.entropy == pytest.approx(-(p * p.log()).sum().item() / math.log(10))
    assert report.frechet == pytest.approx(frechet_distance(10 * images[:, 0, 0, :10], 10 * reference[:, 0, 0, :10]))
    assert mean_confidence(images, judge) == pytest.approx(report.confidence)
    assert class_histogram(images, judge).tolist() == [0, 0, 0, 3, 0, 2, 0, 1, 0, 0]
    assert classes_covered(images, judge) == 3


def test_perfect_images_and_a_collapsed_generator(judge):
    reference = drawn(*range(10), *range(10))
    perfect = evaluate(reference.clone(), judge, reference)
    assert (perfect.classes, perfect.sure) == (10, 1)
    assert perfect.entropy == pytest.approx(1) and perfect.frechet == pytest.approx(0, abs=1e-9)
    collapsed = evaluate(drawn(*[4] * 20), judge, reference)
    assert (collapsed.classes, collapsed.entropy) == (1, 0)
    assert collapsed.confidence == pytest.approx(SURE)
    assert collapsed.frechet > 10


def test_the_features_of_a_reference_may_be_computed_once(judge):
    images, reference = drawn(3, 3, 5, 7), drawn(*range(10))
    assert evaluate(images, judge, judge_outputs(reference, judge)[1]) == evaluate(images, judge, reference)


def test_a_digit_counts_from_one_percent_on(judge):
    images = drawn(*[0] * 198, 1, 1)
    assert classes_covered(images, judge) == 2
    assert classes_covered(images[:-1], judge) == 1  # 1 of 199
    assert classes_covered(images, judge, share=0.02) == 1


def test_a_sampler_is_asked_for_n_images_and_the_judge_sees_them_in_parts(judge):
    asked = []

    def sampler(n):
        asked.append(n)
        return drawn(*[k % 10 for k in range(n)])

    assert evaluate(sampler, judge, drawn(1, 2), n=1200).n == 1200
    assert asked == [1200] and max(judge.seen) <= 500
    assert class_histogram(sampler, judge, n=30).tolist() == [3] * 10


def test_the_report_prints_as_one_line(judge):
    line = str(evaluate(drawn(1, 2), judge, drawn(1, 2)))
    assert "\n" not in line and "2 of 10" in line and "Fréchet" in line


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([5] * 10, 1.0), ([9, 0, 0], 0.0), ([1, 1, 0, 0], 0.5), ([3, 1], (0.25 * 2 + 0.75 * math.log2(4 / 3)))],
)
def test_class_entropy_closed_cases(counts, expected):
    assert class_entropy(torch.tensor(counts)) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert class_entropy(torch.tensor(counts) * 7) == class_entropy(torch.tensor(counts))


@pytest.mark.parametrize("counts", [[0, 0, 0], [-1, 2], [5], [[1, 2]], [float("nan"), 1.0]])
def test_what_is_no_histogram_is_refused(counts):
    with pytest.raises(CourseError):
        class_entropy(torch.tensor(counts))


# ---- the door ----


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (torch.zeros(4, 28, 28), r"\(N, C, H, W\)"),
        (torch.zeros(4, 3, 28, 28), "3 channels: expected 1"),
        (torch.zeros(4, 1, 32, 32), "32.*28"),
        (torch.zeros(4, 1, 29, 29), "29.*28"),
        (torch.full((4, 1, 28, 28), 255.0), "127.5"),
        (torch.zeros(4, 1, 28, 28, dtype=torch.uint8), "float32"),
        (torch.full((4, 1, 28, 28), float("nan")), "NaN"),
        (torch.zeros(1, 1, 28, 28), "too few"),
        (torch.zeros(0, 1, 28, 28), "too few"),
    ],
)
def test_wrong_images_are_refused_at_every_entrance(images, said):
    judge = Judge(4).eval()
    good = torch.zeros(4, 1, 28, 28)
    for call in (
        lambda: evaluate(images, judge, good),
        lambda: evaluate(lambda n: images, judge, good),
        lambda: mean_confidence(images, judge),
        lambda: class_histogram(images, judge),
        lambda: classes_covered(images, judge),
    ):
        with pytest.raises(CourseError, match=said):
            call()
    if "too few" not in said:
        with pytest.raises(CourseError, match=said):
            evaluate(good, judge, images)


def test_a_judge_in_train_mode_is_refused_and_an_honest_one_left_alone():
    judge, images = Judge(4), torch.rand(6, 1, 28, 28) * 2 - 1
    with pytest.raises(CourseError, match=r"judge\.eval\(\)"):
        evaluate(images, judge, images)
    judge.eval()
    before = {k: v.clone() for k, v in judge.state_dict().items()}
    evaluate(images, judge, images)
    assert all(torch.equal(v, before[k]) for k, v in judge.state_dict().items())
    assert all(p.grad is None for p in judge.parameters()) and not judge.training


def test_outputs_are_the_judges_own_and_do_not_depend_on_the_batch():
    judge, images = Judge(8).eval(), load("digits", split="test").images[:50]
    probabilities, features = judge_outputs(images, judge, batch=7)
    with torch.no_grad():
        torch.testing.assert_close(probabilities, judge(images).softmax(1), rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(features, judge.features(images), rtol=1e-5, atol=1e-6)
    assert probabilities.shape == (50, 10) and features.shape == (50, 128)
    torch.testing.assert_close(probabilities.sum(1), torch.ones(50))
