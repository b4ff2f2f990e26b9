"""The other uses of an explanation: a mark found and removed, checkpoints, a shortcut; a recording in seconds."""

import pytest
import torch

from course_lib.chapters.ch12_guided_training import other_uses as uses
from course_lib.chapters.ch12_guided_training import recorded_uses
from course_lib.data import load
from course_lib.runtime import Runtime

MAPS = ["DeepSHAP", "saliency", "mean real − mean fake", "distance from mean fake", "brightness", "random"]


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("other-uses", smaller=100, samples=40)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    assert len(told) == 3 and list(content["runs"]) == ["marked", "choice", "shortcut"]
    marked, choice, shortcut = (content["runs"][use]["1"] for use in content["runs"])
    assert list(marked["early"]) == list(marked["late"]) == list(shortcut["early"]) == MAPS
    assert marked["early"] != marked["late"]
    assert len({len(numbers) for numbers in choice.values()}) == 1 and choice["step"] == sorted(choice["step"])
    games = {name: row for name, row in (marked | shortcut).items() if name not in ("early", "late")}
    assert len(games) == 9 and all(row.keys() == {"marked", "distance"} for row in games.values())
    assert all(row["distance"] > 100 for row in games.values()), "after a few steps no picture is a digit"


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("other-uses", content)
    for use, seeds in shipped["runs"].items():
        assert list(seeds) == [str(seed) for seed in script.SEEDS]
        assert all(row.keys() == content["runs"][use]["1"].keys() for row in seeds.values())


def test_a_mark_is_on_whom_it_should_be_and_can_be_hidden():
    digits = load("digits", Runtime.auto(device="cpu")).take(40)
    which = torch.arange(40) % 4 == 0
    marked = uses.with_mark(digits, which)
    assert uses.share_marked(marked.images) == 0.25 and uses.share_marked(digits.images) == 0
    assert marked.sha256 != digits.sha256
    assert uses.share_marked(uses.without(marked, uses.MARK).images) == 0
    assert torch.equal(uses.Hide(uses.ELSEWHERE)(marked.images, 7), uses.filled(marked.images, uses.ELSEWHERE, -1.0))
    assert torch.equal(marked.images[1], digits.images[1])


def test_a_blank_generator_draws_nothing_there_and_learns_elsewhere():
    game = uses.new_game(Runtime.auto(device="cpu", seed=3), blank=uses.MARK)
    x = game.generator(torch.randn(5, 64))
    assert (x[:, 0, uses.area(uses.MARK)] == -1).all() and x.requires_grad
    assert uses.new_game(Runtime.auto(device="cpu", seed=3)).generator(torch.zeros(1, 64)).shape == (1, 1, 28, 28)


def test_the_best_window_and_how_much_of_the_mark_it_holds():
    picture = torch.zeros(28, 28)
    picture[5:9, 3:7] = 1
    assert uses.best_window(picture) == (5, 3) and uses.hit((5, 3)) == 0.5
    assert uses.hit(uses.MARK) == 1 and uses.hit(uses.ELSEWHERE) == 0


def test_regrets_are_judged_by_what_no_rule_may_see():
    found = {"drift": [0.3, 0.1, 0.2], "seen": [50.0, 70.0, 40.0], "kept": [45.0, 60.0, 48.0]}
    assert list(recorded_uses.regrets(found).values()) == [15.0, 3.0, 3.0, 6.0]
