"""Lesson 13.7's groups and limits: planted shares, blanks, a search that climbs, and a recording in seconds."""

import pytest
import torch

from course_lib import zoo
from course_lib.audit import shares
from course_lib.chapters.ch13_transparency import forbidding, groups, recorded_limits, spying
from course_lib.data import load
from course_lib.files import recorded
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("limits", steps=2, samples=40)


@pytest.fixture(scope="module")
def world():
    return load("digits"), load("digits", split="test"), zoo.load("judge"), zoo.load("digit-cnn")


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    script, told, content = tiny
    runs = {part: row["1"] for part, row in content["runs"].items()}
    assert len(told) == 1 and list(runs) == ["whom", "imbalance", "forbid"]
    assert set(recorded_limits.WAYS) <= runs["forbid"].keys()
    assert list(runs["whom"]["truncated"]) == [str(psi) for psi in script.PSIS]
    assert runs["imbalance"]["expected"] == pytest.approx(groups.DUE, abs=0.02)
    assert runs["whom"]["other real digits"]["covered"]["all"] > runs["whom"]["GAN"]["covered"]["all"]
    assert runs["forbid"]["real digits of other classes"]["handed out"] < 0.01


def test_what_ships_has_the_same_shape_and_is_read(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("limits", content)["runs"]
    assert all(list(row) == [str(seed) for seed in script.SEEDS] for row in shipped.values())
    assert shipped["forbid"]["100"].keys() == content["runs"]["forbid"]["1"].keys()
    over = recorded_limits.Limits()
    raw = recorded("limits")["runs"]
    assert over.way("rejected", "thrown")["100"] == raw["forbid"]["100"]["rejected"]["thrown"]
    assert over.minority("VAE")["101"] == raw["imbalance"]["101"]["VAE"]
    assert over.covered("GAN", "3")["102"] == raw["whom"]["102"]["GAN"]["covered"]["3"]
    assert over.truncated(0.2, "blank")["103"] == raw["whom"]["103"]["truncated"]["0.2"]["blank"]
    assert recorded_limits.percent({"a": 0.1, "b": 0.3, "c": 0.2}) == "20 (10 to 30)"


def test_the_planted_minority_is_a_tenth(world):
    digits, heldout, judge, _ = world
    few = groups.imbalanced(digits)
    counts = few.labels.bincount(minlength=10)
    assert counts[:5].tolist() == [400] * 5 and counts[5:].tolist() == [44] * 5 and few.sha256 != digits.sha256
    assert groups.minority_read(heldout.images, judge) == pytest.approx(0.5, abs=0.01)
    assert groups.minority_expected(heldout, judge) == pytest.approx(0.1, abs=0.01)


def test_a_portrait_sees_blanks_and_thin_strokes(world):
    digits, heldout, judge, _ = world
    least, strokes = shares.least_ink(digits.images), shares.strokes(digits.images)
    pictures = torch.cat([heldout.images[:60], -torch.ones(40, 1, 28, 28)])
    found = groups.portrait(pictures, digits, judge, least, strokes)
    assert found["blank"] == 0.4 and found["one"] > 0.4
    tenth = shares.strokes(heldout.images)["thickness"] < strokes["thickness"].quantile(0.1)
    thin = groups.portrait(heldout.images[tenth], digits, judge, least, strokes)
    assert thin["thin"] == 1 and thin["thick"] == 0 and tenth.double().mean() == pytest.approx(0.1, abs=0.03)


def test_coverage_of_a_group_that_is_not_drawn_is_less(world):
    digits, heldout, judge, _ = world
    tenths = groups.stroke_groups(heldout.images)
    assert all(90 < int(rows.sum()) < 130 for rows in tenths.values())
    found = groups.gaps(forbidding.without(digits, 7).images[:1000], heldout, judge, tenths)
    assert found["7"] < 0.5 < found["all"] and found["0"] > 0.9


def test_without_and_readers(world):
    digits, heldout, _, second = world
    less = forbidding.without(digits, 7)
    assert len(less) == 3600 and not (less.labels == 7).any() and less.sha256 != digits.sha256
    sevens = heldout.images[heldout.labels == 7]
    assert forbidding.share_read(sevens, second, 7) > 0.85 and forbidding.share_read(sevens, second, 1) < 0.05


def test_nearest_real_digits_vote_and_a_shift_changes_nothing(world):
    digits, heldout, *_ = world
    sevens = heldout.labels == 7
    assert forbidding.share_near(heldout.images[sevens], digits, 7) > 0.8
    assert forbidding.share_near(heldout.images[~sevens], digits, 7) < 0.02
    moved = torch.full((1, 1, 28, 28), -1.0)
    moved[0, 0, 3:9, 2:6] = 1
    assert torch.equal(forbidding.centred(moved), forbidding.centred(moved.roll((5, 9), (2, 3))))
    assert forbidding.centred(moved)[0, 0, 11:17, 12:16].min() == 1


def test_the_filter_passes_no_picture_that_its_judge_suspects(world):
    judge = world[2]
    way = forbidding.rejecting(zoo.load("dcgan-digits"), judge, 7)
    images = way.draw(60)
    assert len(images) == 60 and forbidding.reads(images, judge, 7).max() <= forbidding.REFUSED
    assert 0.05 < way.thrown < 0.4


def test_a_search_climbs_stays_among_typical_latents_and_leaves_the_weights(world):
    _, _, judge, second = world
    way = forbidding.of_sampler(zoo.load("dcgan-digits"))
    before = {name: value.clone() for name, value in way.network.state_dict().items()}
    random, found = (forbidding.searched(way, judge, 7, latents=20, steps=steps) for steps in (0, 25))
    assert forbidding.reads(found, judge, 7).mean() > forbidding.reads(random, judge, 7).mean() + 0.4
    assert forbidding.share_read(found, second, 7) > forbidding.share_read(random, second, 7) + 0.3
    assert all(torch.equal(value, before[name]) for name, value in way.network.state_dict().items())


def test_unlearning_leaves_the_trained_game_as_it_was(world):
    digits, *_ = world
    runtime = Runtime.auto(device="cpu", seed=2)
    game = spying.new_game(runtime)
    spying.train(game, digits, 4, runtime)
    before = game.generator.state_dict()["last.0.weight"].clone()
    way = forbidding.unlearned(game, digits, 7, runtime)
    assert torch.equal(before, game.generator.state_dict()["last.0.weight"])
    assert not torch.equal(way.draw(3), forbidding.plain(game).draw(3))


def test_a_conditional_generator_is_not_asked_but_can_be(world):
    digits, *_ = world
    way = forbidding.conditioned(digits, 7, 2, Runtime.auto(device="cpu", seed=2))
    assert way.draw(18).shape == way.owned(torch.zeros(18, 64)).shape == (18, 1, 28, 28)


@pytest.fixture(scope="module")
def tiny_minority(record_tiny):
    return record_tiny("minority", steps=2, samples=20)


def test_a_tiny_recording_of_the_minority_and_what_ships(tiny_minority, shipped_like):
    script, _, content = tiny_minority
    runs = content["runs"]
    assert runs["negatives"]["1"]["data"] == pytest.approx(0.1, abs=0.02)
    shipped = shipped_like("minority", content)["runs"]
    assert all(list(row) == [str(seed) for seed in script.SEEDS] for row in shipped.values())
    assert shipped["negatives"]["100"].keys() == runs["negatives"]["1"].keys()
    over = recorded_limits.Minority()
    assert over.negatives("VAE", 0.6)["100"] == shipped["negatives"]["100"]["VAE"]["0.6"]
    assert over.due()["101"] == shipped["negatives"]["101"]["data"]
    assert over.read("GAN")["102"] == shipped["never saw 5 to 9"]["102"]["GAN"]


def test_white_paper_is_seen_without_a_network(world):
    digits = world[0]
    assert groups.share_negative(digits.images) == 0 and groups.share_negative(-digits.images) == 1
    turned, share = groups.negatives(digits, 0.1, 3)
    assert groups.share_negative(turned.images) == pytest.approx(share) and 0.08 < share < 0.12
    assert turned.sha256 != digits.sha256
