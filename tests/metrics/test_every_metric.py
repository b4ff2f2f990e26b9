"""What holds of every measure of pictures against real ones, whichever stand in the table."""

import math

import pytest
import torch

from course_lib import zoo
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.metrics import (
    METRICS,
    Metric,
    energy_distance,
    frechet_distance,
    judge_outputs,
    kernel_distance,
    precision_recall,
)
from course_lib.models import Judge

N = 300
REAL = load("digits").images
FIRST, SECOND = REAL[:N], REAL[N : 2 * N]  # the digits come in turn, so that each set has as many of every class
NOISE = 2 * torch.rand(FIRST.shape, generator=torch.Generator().manual_seed(0)) - 1


@pytest.fixture(scope="module")
def judge() -> Judge:
    return zoo.load("judge")


def order(seed: int) -> torch.Tensor:
    return torch.randperm(N, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", METRICS)
def test_it_goes_by_its_name_and_says_what_it_reads(name):
    metric: Metric = METRICS[name]
    assert metric.name == name and metric.reads in ("probabilities", "features") and math.isfinite(metric.best)


@pytest.mark.parametrize("name", METRICS)
def test_it_is_one_finite_number_of_good_pictures_and_of_noise(name, judge):
    for drawn in (SECOND, NOISE, FIRST):
        found = METRICS[name](drawn, FIRST, judge)
        assert isinstance(found, float) and math.isfinite(found)


@pytest.mark.parametrize("name", METRICS)
def test_the_order_of_the_pictures_is_nothing_to_it(name, judge):
    found = METRICS[name](SECOND, FIRST, judge)
    assert METRICS[name](SECOND[order(1)], FIRST[order(2)], judge) == pytest.approx(found, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("name", METRICS)
def test_real_pictures_are_nearer_to_the_best_than_noise(name, judge):
    metric = METRICS[name]
    of_real, of_noise = (abs(metric(drawn, FIRST, judge) - metric.best) for drawn in (SECOND, NOISE))
    assert of_real < 0.2 * of_noise, f"{name}: real pictures are {of_real} from the best, noise {of_noise}"


@pytest.mark.parametrize("name", METRICS)
def test_a_sampler_and_answers_got_before_give_the_same(name, judge):
    metric = METRICS[name]
    found = metric(SECOND, FIRST, judge)
    assert metric(lambda n: SECOND, FIRST, judge) == found
    which = 0 if metric.reads == "probabilities" else 1
    assert metric.of(judge_outputs(SECOND, judge)[which], judge_outputs(FIRST, judge)[which]) == found


def test_the_names_are_those_of_what_is_measured():
    """On features by which the shares of the nearest neighbours all differ."""
    g = torch.Generator().manual_seed(0)
    real, drawn = torch.randn(60, 3, generator=g), 0.6 * torch.randn(50, 3, generator=g) + 0.3
    shares = precision_recall(real, drawn)
    expected = {
        "Fréchet distance": frechet_distance(drawn, real),
        "kernel distance": kernel_distance(drawn, real),
        "energy distance": energy_distance(drawn, real),
        "precision": shares.precision,
        "recall": shares.recall,
        "density": shares.density,
        "coverage": shares.coverage,
    }
    assert len(set(expected.values())) == 7
    assert {name: METRICS[name].of(drawn, real) for name in expected} == expected
    seen = torch.tensor([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.5, 0.2, 0.3], [0.1, 0.8, 0.1]])
    assert METRICS["class entropy"].of(seen, seen[:2]) == pytest.approx(math.log(2) / math.log(3))  # two of each


BAD = {
    "one picture": (FIRST[:1], "1 images are too few"),
    "none": (FIRST[:0], "0 images are too few"),
    "no axis of channels": (FIRST[:, 0], "shape"),
    "colours": (FIRST.repeat(1, 3, 1, 1), "channel"),
    "another size": (FIRST[..., 2:26, 2:26], "24×24 pixels"),
    "0 to 255": (127 * FIRST + 128, "from"),
    "NaN": (FIRST * torch.nan, "NaN|finite"),
}


@pytest.mark.parametrize("side", [0, 1], ids=["drawn", "real"])
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", METRICS)
def test_pictures_that_are_none_are_refused_in_one_sentence_on_either_side(name, bad, side, judge):
    pictures, said = BAD[bad]
    sets = [FIRST, FIRST]
    sets[side] = pictures
    with pytest.raises(CourseError, match=said) as refusal:
        METRICS[name](*sets, judge)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.reads == "features"])
@pytest.mark.parametrize(("a", "b"), [((9, 3), (9, 4)), ((9,), (9, 4)), ((9, 4), (9, 4, 1)), ((1, 4), (9, 4))])
def test_features_that_do_not_fit_are_refused_in_one_sentence(name, a, b):
    with pytest.raises(CourseError, match="features have") as refusal:
        METRICS[name].of(torch.zeros(a), torch.zeros(b))
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
