"""Any cure alone and any two together train on points with the one Game, resume to the last bit, and need no special
case; what does not fit is refused in one sentence."""

from functools import cache
from math import comb

import pytest
import torch
from point_games import PAIRS, PARTS, point_game, points
from training_games import blobs, digest, runtime, train

from course_lib.chapters.ch04_mode_collapse.toy_games import cures, toy_game
from course_lib.data import draw_points
from course_lib.data.toy import grid, line
from course_lib.errors import CourseError
from course_lib.models import PointDiscriminator, PointGenerator
from course_lib.training import LOSSES, Game, Pack, checkpointed, resume


def finite(g):
    networks = g.generator, g.discriminator, g.ema.module
    return all(torch.isfinite(p).all() for network in networks for p in network.parameters())


@cache
def trained(*parts):
    g = point_game(*parts)
    records = train(g, 3, points())
    assert [r.step for r in records] == [1, 2, 3] and all(r.finite() for r in records) and finite(g)
    return digest(g)


@pytest.mark.parametrize("part", PARTS)
def test_each_cure_alone_resumes_to_the_last_bit(tmp_path, part):
    whole, first, second = (point_game(part) for _ in range(3))
    records = train(whole, 6, points())
    assert all(r.finite() for r in records) and finite(whole)
    list(checkpointed(first.steps(points(), 4, runtime()), tmp_path / "c"))
    torch.randn(7)
    assert resume(second, tmp_path / "c") == 4
    assert train(second, 2, points())[-1].as_dict() == records[-1].as_dict()
    assert digest(second) == digest(whole)
    assert second.sampler()(4).equal(whole.sampler()(4))


@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_any_two_together_train_and_differ_from_each_alone(pair):
    together = trained(*pair)
    if pair == ("minimax", "feature matching"):
        return  # minimax differs from the default in what it asks of G, and feature matching asks for something else
    for one in pair:
        assert together != trained(one), f"{one!r} is all that counts in {pair}"


def test_the_pairs_are_all_but_those_that_fill_one_slot():
    n = len(PARTS)
    left_out = n * (n - 1) // 2 - len(PAIRS)
    losses = comb(len(LOSSES), 2)  # the default is no part, and label smoothing is one
    assert left_out == losses + 1 + 1 + 1 + 1 + 3  # packs, kinds of game, D's norm, minibatch layers, optimisers


def test_many_at_once():
    parts = (
        "relativistic",
        "r1",
        "r2, lazy",
        "instance noise",
        "augmentation",
        "pack 2",
        "spectral norm",
        "unrolled",
        "batch norm in G",
        "minibatch stddev",
        "two time scales",
        "three D steps",
        "cosine",
        "rmsprop",
    )
    g = point_game(*parts)
    assert all(r.finite() for r in train(g, 5, points())) and finite(g)


@pytest.mark.parametrize("mixture", [grid(), line(-2.0, 2.0)], ids=["plane", "line"])
@pytest.mark.parametrize("cure", cures())
def test_toy_games_of_every_cure_play_in_one_and_two_dimensions(mixture, cure):
    data = draw_points(mixture, runtime(), 200)
    with runtime().seeded("weights"):
        g = toy_game(mixture, cure, hidden=(16, 16), batch=8)
    assert all(r.finite() for r in train(g, 3, data)) and finite(g)
    assert g.sampler()(5).shape == (5, mixture.dim)


# ---- refusals ----


@pytest.mark.parametrize(
    ("build", "data", "said"),
    [
        (lambda: (PointGenerator(dim=1), PointDiscriminator()), points, r"shape \(1,\) and 'ring' has \(2,\)"),
        (lambda: (PointGenerator(dim=3), PointDiscriminator(dim=3)), points, r"shape \(3,\) and 'ring' has \(2,\)"),
        (lambda: (PointGenerator(), PointDiscriminator(dim=1)), points, r"discriminator does not take .*\(2,\)"),
        (lambda: (PointGenerator(), PointDiscriminator(pack=2)), points, r"discriminator does not take .*\(2,\)"),
        (lambda: (PointGenerator(), PointDiscriminator()), blobs, r"\(2,\) and 'blobs' has \(1, 28, 28\)"),
    ],
)
def test_points_that_the_networks_do_not_take_are_refused_before_the_first_step(build, data, said):
    g = Game(*build(), batch=8)
    with pytest.raises(CourseError, match=said) as refusal:
        g.steps(data(), 1, runtime())
    assert "\n" not in str(refusal.value) and g.step_number == 0


def test_a_pack_of_another_size_than_the_discriminators_is_refused():
    for views, pack in (([Pack(2)], 1), ([Pack(3)], 2), ([Pack(2)], 3)):
        g = Game(PointGenerator(), PointDiscriminator(pack=pack), views=views, batch=12)
        with pytest.raises(CourseError, match="pack × channels"):
            g.steps(points(), 1, runtime())


def test_names_that_are_none_and_smoothing_without_labels_are_refused():
    mixture = points().mixture
    for settings, said in (({"cure": "hope"}, "cure 'hope'.*'R1'"), ({"loss": "mse"}, "loss 'mse'.*'hinge'")):
        with pytest.raises(CourseError, match=said):
            toy_game(mixture, **settings)
    for loss in LOSSES.keys() - {"minimax", "non-saturating"}:
        with pytest.raises(CourseError, match=f"'{loss}'.*'minimax'"):
            toy_game(mixture, "label smoothing", loss=loss)
