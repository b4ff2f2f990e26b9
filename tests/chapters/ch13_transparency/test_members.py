"""Lesson 13.6's trainings and attacks: a recording in seconds, the calibrated score, pairs, and what ships."""

import pytest
import torch

from course_lib.audit import membership
from course_lib.chapters.ch13_transparency import recorded_members, spying
from course_lib.data import load
from course_lib.files import recorded
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("membership", looks=(1, 3), sizes=(40, 80), samples=30)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    runs = content["runs"]
    assert list(runs) == [
        "GAN, 40 digits",
        "GAN, 80 digits",
        "GAN, 40 digits, DiffAugment",
        "VAE, 40 digits",
        "VAE, 80 digits",
    ]
    assert len(told) == len(runs)
    for row in runs.values():
        assert row["1"].keys() >= {"1", "3"}
        assert row["1"]["3"].keys() == {"white", "black", "frechet"} and row["1"]["3"]["frechet"] > 50
        assert all(0 <= v <= 1 for v in (*row["1"]["3"]["white"].values(), *row["1"]["3"]["black"].values()))
    assert runs["VAE, 40 digits"]["1"].keys() == {"1", "3", "untrained", "held out", "calibrated"}
    assert runs["GAN, 40 digits"]["1"].keys() == {"1", "3", "untrained", "held out"}
    assert runs["GAN, 80 digits"]["1"].keys() == {"1", "3"}


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("membership", content)
    assert list(shipped["runs"]) == [*recorded_members.GANS, *recorded_members.VAES]
    assert all(list(row) == [str(seed) for seed in script.SEEDS] for row in shipped["runs"].values())


def test_the_reader_reads_what_was_recorded():
    over = recorded_members.Spied()
    raw = recorded("membership")["runs"]
    row = recorded_members.GANS[0]
    assert over.of(row, "auc")["100"] == raw[row]["100"][str(over.looks[-1])]["white"]["auc"]
    assert over.of(row, "hits", over.looks[0], "black")["101"] == raw[row]["101"][str(over.looks[0])]["black"]["hits"]
    assert over.control(row, "untrained", "auc")["102"] == raw[row]["102"]["untrained"]["auc"]
    assert list(over.over_steps([row], "auc")[row]) == over.looks
    looks = over.by_looks(recorded_members.GANS[:3], "auc")
    assert list(looks) == [0.4, 1.6, 2, 8, 32, 40, 160] and list(looks[8]) == list(recorded_members.GANS[:3])
    assert looks[40] == {row: over.of(row, "auc", 250)}
    assert recorded_members.spread({"a": 1.0, "b": 3.0, "c": 2.0}, 0) == "2 (1 to 3)"


def test_a_score_asks_the_model_as_it_stands_and_calibration_subtracts():
    runtime, digits = Runtime.auto(device="cpu", seed=3), load("digits")
    game = spying.new_game(runtime)
    score = spying.score_by(game)
    before = score(digits.images[:40])
    spying.train(game, digits.take(40), 3, runtime)
    assert not torch.equal(before, score(digits.images[:40]))
    one, two = spying.new_vae(runtime), spying.new_vae(runtime)
    assert spying.score_by(one, two)(digits.images[:5]).abs().max() == 0, "a VAE minus its twin says nothing"
    assert spying.score_by(one)(digits.images[:5]).max() < -100


def test_others_are_others_with_the_same_classes_and_another_checksum():
    digits = load("digits")
    few, rest = digits.take(200), spying.others(digits, 200)
    assert len(rest) == 200 and torch.equal(rest.labels.bincount(), few.labels.bincount())
    assert torch.cdist(rest.images.flatten(1), few.images.flatten(1)).min() > 0 and rest.sha256 != few.sha256


def test_the_pull_is_half_for_what_lies_between_and_whole_for_copies():
    ours, theirs = torch.zeros(3, 2), torch.full((3, 2), 2.0)
    between = torch.tensor([[0.9, 0.9], [1.1, 1.1]] * 50)
    assert spying.pull(between, ours, theirs).value == 0.5
    assert spying.pull(between, ours, theirs).low == pytest.approx(0.4)
    assert spying.pull(ours, ours, theirs) == membership.Share(1, 1, 1)


def test_nearest_pairs_name_each_member_once():
    apart, at = torch.tensor([3.0, 1.0, 2.0, 0.5]), torch.tensor([7, 5, 9, 5])
    assert spying.nearest_pairs(apart, at, 2).tolist() == [3, 2]
    assert spying.nearest_pairs(apart, at, 9).tolist() == [3, 2, 0]
