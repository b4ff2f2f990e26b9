"""The race of guided games: one trunk a seed, masks and their controls, a recording that goes on where it stopped."""

import json

import pytest
import torch

from course_lib import files
from course_lib.chapters.ch12_guided_training import race
from course_lib.chapters.ch12_guided_training.recordings import guided_fashion
from course_lib.data import load
from course_lib.models import Judge
from course_lib.runtime import Runtime
from course_lib.training.guides import ConstantMask, Guide

ROWS = {"none"} | {f"{m}{kind}" for m in race.MASKS for kind in ("", ", permuted", ", constant")}
COSTS = {f"none, cost of {name}" for name in race.MASKS}


@pytest.fixture(scope="module")
def runtime():
    return Runtime.auto(seed=7, device="cpu")


@pytest.fixture(scope="module")
def digits(runtime):
    return load("digits", runtime).take(200)


def weights(game):
    return torch.cat([p.detach().flatten() for p in game.generator.parameters()])


def test_all_games_share_their_first_steps(digits, runtime):
    seen = []
    race.one_seed(digits, runtime, lambda game: seen.append(weights(game)) or {}, steps=(2, 0))
    assert len(seen) == len(ROWS | COSTS)
    assert all(torch.equal(seen[0], other) for other in seen)


def test_rows_costs_and_what_guides_them(digits, runtime):
    seen = {}

    def measure(game):
        seen[len(seen)] = (game.step_number, game.guide, weights(game))
        return {"frechet": 1.0}

    found = race.one_seed(digits, runtime, measure, steps=(1, 4))
    assert set(found) == ROWS | COSTS
    games = dict(zip(found, seen.values(), strict=True))
    for row, (steps, guide, _) in games.items():
        if row in COSTS:
            assert steps == 1 + round(4 * race.COST[row.removeprefix("none, cost of ")]) and guide is None
        else:
            assert steps == 5
        if ", constant" in row:
            true = games[row.removesuffix(", constant")][1]
            assert isinstance(guide, ConstantMask) and guide.means == true.means and len(true.means) == 4
        elif row not in COSTS | {"none"}:
            assert isinstance(guide, Guide) and (guide.arrange == "permuted") == row.endswith("permuted")
            assert guide.strength == race.SETTINGS["strength"] and found[row]["mask"] > 0
    last = [each[2] for row, each in games.items() if row not in COSTS]
    assert all(not torch.equal(last[0], other) for other in last[1:])


def test_a_part_is_of_every_class_and_of_its_seed(runtime):
    data = load("digits", runtime)
    mine = race.part(data, "35 %", runtime)
    assert len(mine) == 1400 and torch.bincount(mine.labels).tolist() == [140] * 10
    assert race.part(data, "100 %", runtime) is data
    assert race.part(data, "35 %", Runtime.auto(seed=8, device="cpu")).sha256 != mine.sha256


def test_a_recording_goes_on_where_it_stopped(digits, monkeypatch, tmp_path):
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    (tmp_path / "runs").mkdir()
    monkeypatch.setattr(race, "SAMPLES", 40)
    heldout, judge, told = digits.take(60), Judge().eval(), []
    race.record("guided-test", digits, heldout, judge, (7,), told.append, steps=(1, 1))
    kept = json.loads((tmp_path / "runs" / "guided-test.json").read_text())
    race.record("guided-test", digits, heldout, judge, (7, 8), told.append, steps=(1, 1))
    now = json.loads((tmp_path / "runs" / "guided-test.json").read_text())
    assert [line.split(":")[0] for line in told] == [f"guided-test, {s}, seed {k}" for k in (7, 8) for s in race.SHARES]
    assert now["runs"]["35 %"]["none"]["7"] == kept["runs"]["35 %"]["none"]["7"]
    assert set(now["runs"]["100 %"]["LIME"]["8"]) == {"frechet", "coverage", "copying", "confidence", "mask"}
    assert set(kept["runs"]["100 %"]) == ROWS | COSTS


def test_costs_are_taken_in_turns(digits, runtime):
    clock = iter(range(10_000))
    assert race.costs(digits, runtime, lambda: next(clock), rounds=2, n=1) == dict.fromkeys(race.MASKS, 1.0)


def test_the_judge_of_fashion_is_trained_on_what_it_is_given(digits, runtime, monkeypatch):
    monkeypatch.setattr(guided_fashion, "JUDGE_STEPS", 2)
    judge = guided_fashion.trained_judge(digits, runtime)
    assert not judge.training and judge(digits.images[:3]).shape == (3, 10)
