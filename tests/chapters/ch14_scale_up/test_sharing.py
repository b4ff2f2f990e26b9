"""Lesson 14.4's processes, cost and recording: what is started, what is killed, and what the paper says."""

import json
import math
import sys

import pytest
import torch
from torch import nn

from course_lib.chapters.ch14_scale_up import sharing, sharing_cost, sharing_pictures
from course_lib.chapters.ch14_scale_up.check_sharing import JOBS, shares_of
from course_lib.chapters.ch14_scale_up.exchange_worker import WAYS
from course_lib.chapters.ch14_scale_up.sharing_cost import SameGame, Sharing, cost_of, seconds_of_step, spoken
from course_lib.errors import CourseError
from course_lib.training import checkpoint

pytestmark = pytest.mark.skipif(bool(sharing.why_not()), reason=sharing.why_not() or "-")


def train_part(seed, steps, dtype=torch.float32, shared=True):
    """A stand-in for the lesson's function: what it was asked for."""
    from torch import distributed as dist

    return {"asked": torch.tensor([seed, steps, dist.get_rank(), dist.get_world_size(), shared])}


def test_windows_is_told_why(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert sharing.why_not().startswith("Windows")


def test_the_same_game_is_made_in_every_process_and_of_a_half_the_first_rows():
    one, again, half, turned = (sharing.small_game(3, rows=rows)[3](5) for rows in ("whole", "whole", "half", "turned"))
    assert all(map(torch.equal, one, again)) and len(one[0].unique()) == sharing.BATCH
    assert torch.equal(half[0], one[0][: sharing.BATCH // 2]) and torch.equal(turned[1], one[1].flip(0))
    g, d, digits, _ = sharing.small_game(3, torch.float64)
    assert digits.dtype == torch.float64 and len(sharing.weights(g, d)) == len(sharing.weights(g)) + len(
        sharing.weights(d)
    )
    assert torch.equal(sharing.weights(*sharing.small_game(3)[:2]), sharing.weights(*sharing.small_game(3)[:2]))
    assert not torch.equal(sharing.weights(*sharing.small_game(3)[:2]), sharing.weights(*sharing.small_game(4)[:2]))


def test_a_gap_is_a_share_of_the_way():
    one = {"0": torch.zeros(2), "1": torch.tensor([3.0, 4.0])}
    assert sharing.gap(one, {"1": torch.tensor([3.0, 4.5])}, 1) == pytest.approx(0.1)
    assert sharing.gap(one, one, 1) == 0


def test_farthest_looks_into_everything():
    state = {"a": [torch.tensor([1.0, 2.0]), 3], "b": {"c": torch.zeros(0)}}
    assert sharing.farthest(state, state) == 0
    assert sharing.farthest(state, {"a": [torch.tensor([1.0, 2.5]), 3], "b": {"c": torch.zeros(0)}}) == 0.5
    assert sharing.farthest(state, {"a": [torch.tensor([1.0, 2.0]), 4], "b": {"c": torch.zeros(0)}}) == math.inf
    assert sharing.farthest(state, {"a": state["a"]}) == math.inf


@pytest.mark.slow
def test_a_script_of_functions_runs_in_two_processes(tmp_path):
    (tmp_path / "part.py").write_text(sharing.script(train_part))
    sharing.ran(sharing.torchrun(tmp_path / "part.py", tmp_path, 7, 3), tmp_path)
    assert [sharing.kept(tmp_path, "shared", rank)["asked"].tolist() for rank in (0, 1)] == [
        [7, 3, 0, 2, 1],
        [7, 3, 1, 2, 1],
    ]
    assert sharing.kept(tmp_path, "apart", 1)["asked"].tolist() == [7, 3, 1, 2, 0]


def test_a_program_that_fails_is_one_sentence(tmp_path):
    command = [sys.executable, "-c", "raise ValueError('no such thing')"]
    with pytest.raises(CourseError, match=r"ended with code 1 \(ValueError: no such thing\): run this"):
        sharing.ran(command, tmp_path)


@pytest.mark.slow
def test_killed_or_not_the_end_is_the_same(tmp_path):
    ends = []
    for name in ("whole", "killed"):
        command = sharing.torchrun(*sharing.training(tmp_path / name, 40, 10, seed=1), restarts=1)
        if name == "killed":
            told = sharing.ran_and_killed(command, tmp_path, after=10)
            assert {"killed": True} in told and told[-1]["step"] == 40
        else:
            sharing.ran(command, tmp_path)
        ends.append(checkpoint.load(tmp_path / name / "game.safetensors")[0])
    assert sharing.farthest(*ends) == 0


def test_what_a_step_costs():
    assert seconds_of_step(8, 6e6, 1, 1e6, 5) == 8, "alone there is nothing to exchange"
    assert seconds_of_step(8, 6e6, 4, 1e6, 0.5) == pytest.approx(2 + 9 + 3)
    assert seconds_of_step(8, 6e6, 4, 1e6, 0.5, exchanges=3) == pytest.approx(2 + 9 + 9)
    assert seconds_of_step(0, 0, 1000, 1, 1, tree=True) == 20


def test_a_dcgan_costs_what_its_layers_say():
    cost = cost_of(width=4, size=28, channels=1, latent=64)
    assert cost.norms == 3 and cost.small == 12
    assert cost_of(4, 28, 1, 64, norm="batch").norms == 4
    from course_lib.models import DCDiscriminator, DCGenerator

    networks: list[nn.Module] = [DCGenerator(64, 4), DCDiscriminator(4, "spectral")]
    assert cost.size == 4 * sum(w.numel() for net in networks for w in net.parameters())
    # G's forward pass alone, by hand: a linear layer, two transposed convolutions, a convolution.
    forward = 2 * (64 * 16 * 49 + 16 * 8 * 16 * 49 + 8 * 4 * 16 * 196 + 4 * 9 * 784)
    assert 3 * forward < cost.work < 12 * forward


def test_durations_are_spoken():
    said = [spoken(s) for s in (0.0012, 0.0252, 12, 130, 7300, 200_000, 1e9)]
    assert said == ["1.2 ms", "25 ms", "12 seconds", "2 minutes", "2 hours", "2 days", "32 years"]


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("sharing", sizes=(1, 1000), times=2)


@pytest.mark.slow
def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    script, told, content = tiny
    assert len(told) == 1 and content["settings"]["sizes"] == [1, 1000]
    names = [f"{game}, {way}{of}" for game in script.GAMES for way in WAYS for of in ("", ": computing")]
    assert list(content["runs"]) == [*names, "exchange of 1", "exchange of 1000", "other work"]
    assert all(run["1"] > 0 for name, run in content["runs"].items() if name != "other work")


@pytest.mark.slow
def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("sharing", content)
    assert len(Sharing().rows()) == len(script.GAMES) * len(WAYS)
    assert shipped["settings"]["sizes"] == list(script.SIZES)
    assert all(list(run) == [str(seed) for seed in script.SEEDS] for run in shipped["runs"].values())


def test_the_reader_takes_the_fastest_repetition(monkeypatch):
    runs = {"small, 1 process": {"1": 0.01, "2": 0.02}, "small, 2 processes": {"1": 0.02, "2": 0.04}}
    runs["small, 2 processes: computing"] = {"1": 0.003}
    runs |= {"exchange of 1": {"1": 2e-4, "2": 9e-4}, "exchange of 1000000": {"1": 42e-4}, "other work": {"1": 1.5}}
    settings = {"cores": 2, "sizes": [1, 1_000_000], "games": {"small": {"width": 4, "batch": 16}}}
    content = json.dumps({"machine": "one", "settings": settings, "runs": runs})
    monkeypatch.setattr(sharing_cost, "recorded", lambda name: json.loads(content))
    over = Sharing()
    assert over.times_as_fast("small") == 0.5 and over.sizes == [4, 4_000_000] and over.repetitions == 2
    assert over.latency == 1e-4 and over.bandwidth == pytest.approx(1e9) and over.other_work == 1.5
    assert over.formula == pytest.approx([2e-4 + 4e-9, 42e-4]) and over.seconds("small", "2 processes") == [0.02, 0.04]
    assert over.seconds("small", "2 processes: computing") == [0.003]
    cost = cost_of(4, 28, 1, 64)
    assert over.expected("small") == pytest.approx(0.005 + cost.size / 1e9 + 14 * 2e-4)


@pytest.fixture(scope="module")
def tiny_game(record_tiny):
    return record_tiny("same-game", steps=2)


@pytest.mark.slow
def test_two_processes_are_one_and_their_own_batch_norms_are_not(tiny_game):
    _, told, content = tiny_game
    one = {way: run["1"] for way, run in content["runs"].items()}
    assert len(told) == 1 and one["doubles"] < 1e-9 and one["largest difference"] < 1e-12
    assert max(one["shared"], one["turned"]) < 0.01 < 0.05 < min(one["apart"], one["half"])


@pytest.mark.slow
def test_the_shipped_games_have_the_same_shape(tiny_game, shipped_like):
    script, _, content = tiny_game
    shipped = shipped_like("same-game", content)
    assert all(list(run) == [str(seed) for seed in script.SEEDS] for run in shipped["runs"].values())
    assert shipped["runs"].keys() == content["runs"].keys() and SameGame().steps == script.STEPS
    assert set(sharing_pictures.WAYS) < set(shipped["runs"])


def test_what_helps_is_the_largest_part():
    assert {job: max(shares_of(given), key=shares_of(given).get) for job, given in JOBS.items()} == {
        "P": "faster computing",
        "Q": "fewer turns",
        "R": "fewer bytes",
        "S": "faster computing",
    }
    assert all(sum(shares_of(given).values()) == pytest.approx(1) for given in JOBS.values())


def test_who_comes_too_late_to_kill_is_told(tmp_path):
    """A program without workers: there is nobody left."""
    command = [sys.executable, "-c", "print('{\"step\": 10}', flush=True)"]
    with pytest.raises(CourseError, match="ended before it could be killed"):
        sharing.ran_and_killed(command, tmp_path, after=10)
