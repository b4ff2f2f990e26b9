"""What the chapter's lessons use beside the library: equal starts, readings, walks, published rows, figures."""

import pytest
import torch

from course_lib import show, zoo
from course_lib.chapters.ch05_vae.figures import chart, sheet, training_figure
from course_lib.chapters.ch05_vae.published import (
    all_overlap,
    apart_table,
    at_second,
    ends_apart,
    ends_table,
    falls,
    leads,
    nll_figure,
    rows_of,
)
from course_lib.chapters.ch05_vae.reading import (
    digit_by_digit,
    drawn_as_asked,
    read_off_code,
    read_off_pictures,
    spread_of_code,
)
from course_lib.chapters.ch05_vae.same_start import SameStart, off_by, slopes
from course_lib.chapters.ch05_vae.walk import half_way, half_way_table, undecided, unlike_pairs, way
from course_lib.data import load
from course_lib.files import recorded
from course_lib.losses.elbo import ELBO
from course_lib.models import ConvVAE, Gaussian
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer


@pytest.fixture(scope="module")
def runtime():
    return Runtime.auto(device="cpu", seed=1, profile="smoke")


@pytest.fixture(scope="module")
def start(runtime):
    return SameStart(load("digits", runtime).take(128), runtime)


def test_two_vaes_of_a_kind_start_alike_and_are_trained_alike(start):
    first, second = start.fresh(), start.trained(ELBO(), steps=400)
    assert all(a.equal(b) for a, b in zip(first.parameters(), start.fresh().parameters(), strict=True))
    assert not all(a.equal(b) for a, b in zip(first.parameters(), second.parameters(), strict=True))
    for a, b in zip(second.parameters(), start.train(start.fresh()).parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_what_a_vae_is_built_with_reaches_it(start):
    vae = start.trained(kind=ConvVAE, latent=3, classes=10)
    assert isinstance(vae, ConvVAE) and (vae.latent, vae.classes) == (3, 10)


def test_slopes_of_one_loss_are_the_same_and_of_another_differ(start, runtime):
    vae = start.fresh(latent=2, likelihood=Gaussian(1.0)).double()
    images = start.data.images[:4].double()
    one, again = (slopes(vae, ELBO(), images, runtime) for _ in range(2))
    assert off_by(again, one) == 0 and off_by(slopes(vae, ELBO(beta=9.0), images, runtime), one) > 0.01
    assert off_by(3 * one, one) == pytest.approx(2)


def test_a_vae_is_read_better_than_one_that_is_not_connected(runtime):
    digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
    vae, judge = zoo.load("vae-beta-1", runtime), zoo.load("judge", runtime)
    read = [
        read_off_pictures(vae, held_out.images, held_out.labels, judge, runtime, connected=connected)
        for connected in (True, False)
    ]
    assert read[0] > 0.8 and read[1] < 0.3
    assert read_off_code(vae, digits, held_out) > 0.5
    assert spread_of_code(vae, held_out.images, runtime) > 0.1


def test_pairs_are_unlike_and_a_blend_is_grey(runtime):
    data = load("digits", runtime, split="test")
    a, b = unlike_pairs(data, 50, runtime)
    assert len(a) == len(b) == 50 and (data.labels[a] != data.labels[b]).all()
    assert undecided(torch.tensor([[[[-1.0, 1.0]]], [[[0.0, 1.0]]]])).tolist() == [0.0, 0.5]


def test_the_way_leads_from_one_reconstruction_to_the_other(runtime):
    vae, data = zoo.load("vae-beta-1", runtime), load("digits", runtime, split="test")
    path, blend = way(vae, data.images[1], data.images[7], 5)
    with torch.no_grad():
        ends = vae.reconstruct(data.images[[1, 7]])
    for pictures in (path, blend):
        assert pictures.shape == (5, 1, 28, 28)
        torch.testing.assert_close(pictures[[0, -1]], ends, atol=1e-5, rtol=0)
    torch.testing.assert_close(blend[2], ends.mean(0), atol=1e-5, rtol=0)
    assert (path[2] - blend[2]).abs().mean() > 0.02


def test_half_way_there_is_one_shape_and_a_blend_of_two(runtime, capsys):
    vae, data = zoo.load("vae-beta-1", runtime), load("digits", runtime, split="test")
    found = half_way(vae, data.images, data, zoo.load("judge", runtime), runtime, pairs=50)
    assert found["greyer"] > 0.9 and found["undecided"]["pixels"] > found["undecided"]["through z"]
    assert found["sure"]["at the ends"] > found["sure"]["through z"]
    seeds = {
        seed: {"undecided": dict.fromkeys(found["sure"], share), "sure": dict.fromkeys(found["sure"], 1 - share)}
        for seed, share in (("100", 0.25), ("101", 0.125))
    }
    half_way_table(found, seeds)
    assert "12.5% to 25.0%" in (shown := capsys.readouterr().out) and "75.0% to 87.5%" in shown


def test_at_one_point_there_is_no_middle(runtime):
    class OnePicture:
        encode = staticmethod(lambda images: (torch.zeros(len(images), 2), None))
        __call__ = staticmethod(lambda codes: torch.ones(len(codes), 1, 28, 28))

    data = load("digits", runtime, split="test")
    found = half_way(OnePicture(), data.images, data, zoo.load("judge", runtime), runtime, pairs=5)
    assert found["greyer"] == 0 and set(found["undecided"].values()) == {0} and len(set(found["sure"].values())) == 1


def test_a_difference_has_its_own_error():
    a, b = torch.tensor([10.0, 20.0, 30.0]), torch.tensor([9.0, 18.0, 29.0])
    assert digit_by_digit(a, b) == pytest.approx((4 / 3, (1 / 3) ** 0.5 / 3**0.5), rel=1e-5)


def test_what_was_asked_for_is_read(start, runtime):
    judge = zoo.load("judge", runtime)
    asked = torch.arange(20) % 10
    images = load("digits", runtime, split="test").images[:10]
    assert drawn_as_asked(lambda z, digit: images[digit], torch.zeros(20, 2), asked, judge) > 0.8
    assert drawn_as_asked(lambda z, digit: images[(digit + 1) % 10], torch.zeros(20, 2), asked, judge) < 0.2


def test_a_row_is_read_between_its_stops_alone(capsys):
    points = [{"seconds": 1.0, "nll": 100.0}, {"seconds": 100.0, "nll": 90.0}]
    assert at_second(points, 10.0) == pytest.approx(95) and at_second(points, 100.0) == 90
    assert at_second(points, 0.5) is None and at_second(points, 101.0) is None
    assert leads(points, [{"seconds": 10.0, "nll": 97.0}, {"seconds": 999.0, "nll": 80.0}]) == pytest.approx([2])
    one, two, three = ({"low": low, "high": low + 2} for low in (5, 4, 1))
    assert all_overlap([one, two]) and not all_overlap([one, two, three])
    assert falls([one, two, three]) == [-1, 1]
    record = recorded("nll")
    assert list(rows_of(record)) == ["VAE, k = 1", "VAE, k = 5", "IWAE, k = 5"]
    ends_table(record)
    assert "IWAE, k = 5 · 90.27 · 89.79 to 90.75" in capsys.readouterr().out
    assert "seconds" in nll_figure(record).alt


def test_the_error_of_a_difference_is_at_most_that_of_two_independent_means(capsys):
    """±1.96 errors of 3 and 4 nats: 5 nats at most; the larger NLL stands first."""
    ends = {"a": {"nll": 90.0, "low": 90 - 1.96 * 3, "high": 90 + 1.96 * 3}, "b": {"nll": 97.0, "low": 97 - 1.96 * 4}}
    ends["b"]["high"] = 97 + 1.96 * 4
    record = {"runs": {row: {"100": [{"nll": 0.0}, end]} for row, end in ends.items()}}
    ((pair, (nats, error)),) = ends_apart(record).items()
    assert pair == "b − a" and nats == pytest.approx(7) and error == pytest.approx(5)
    apart_table(record)
    assert "b − a · 7.00 · 5.00 · 1.4" in capsys.readouterr().out


def test_figures_take_what_lessons_give_them(start, runtime):
    history = show.History()
    for step in VAETrainer(start.fresh(), binary=True).steps(start.data, 3, runtime):
        history.add(step)
    assert training_figure(history, {3: 200.0}, 207.0).width == 720
    assert chart("x", {"a": ([1, 2], [3, 4])}, "x", "y", alt="one line up", log_x=True).width == 720
    rows = {"digits": start.data.images, "drawn": lambda n: torch.zeros(n, 1, 28, 28)}
    assert sheet("x", rows, 10, alt="two rows of digits", above=list("0123456789")).width == 720
