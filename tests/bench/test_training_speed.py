"""Images a second of the engineered loop against the textbook's. Speed is measured here, never asserted."""

import math
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice

import contestants
import pytest
import torch
from contestants import BETAS, CASES, LR, WHO

from course_lib.data import load
from course_lib.runtime import Runtime
from course_lib.training import Game

ROUNDS, WARM_UP = 20, 3


class Worker:
    """One contestant in a process of its own, one thread."""

    def __init__(self, case: str, who: str, script: str = contestants.__file__):
        self.who = who
        self.process = subprocess.Popen(
            [sys.executable, script, case, who],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert self.process.stdout.readline() == "ready\n"

    def train(self, steps: int) -> tuple[float, float]:
        """CPU and wall seconds of so many steps."""
        print(steps, file=self.process.stdin, flush=True)
        cpu, wall = map(float, self.process.stdout.readline().split())
        return cpu, wall

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@pytest.fixture
def workers(request, measuring) -> Iterator[list[Worker]]:
    if not measuring:
        pytest.skip("a measurement: run 'make bench'")
    started = []
    try:
        for who in WHO:
            started.append(Worker(request.param, who))
        yield started
    finally:
        for worker in started:
            worker.close()


@pytest.mark.parametrize(("name", "workers"), [(name, name) for name in CASES], indirect=["workers"], ids=list(CASES))
def test_images_per_second(benchmark, table, name, workers):
    case, rounds = CASES[name], []

    def one_round() -> None:
        # Each round starts with another contestant, so that none always follows the same one.
        turn = len(rounds) % len(workers)
        rounds.append({w.who: w.train(case.steps) for w in workers[turn:] + workers[:turn]})

    benchmark.pedantic(one_round, rounds=ROUNDS, warmup_rounds=WARM_UP)
    measured = rounds[WARM_UP:]
    images = case.batch * case.steps
    row = {
        "title": case.title,
        "batch": case.batch,
        "rounds": len(measured),
        "steps_a_round": case.steps,
        "images_per_s": {who: round(images / statistics.median(r[who][0] for r in measured)) for who in WHO},
        "ratio": {who: ratio(measured, who, 0) for who in WHO[1:]},
        "ratio_by_wall_clock": {who: ratio(measured, who, 1) for who in WHO[1:]},
    }
    benchmark.extra_info.update(row)
    table("training", name, row)


def ratio(rounds: list[dict], who: str, clock: int) -> float:
    """How many times as fast as ``who`` the game is: the median of the rounds' ratios."""
    return round(statistics.median(r[who][clock] / r["game"][clock] for r in rounds), 2)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", CASES)
def test_every_contestant_trains(name, who, tmp_path):
    for step in islice(contestants.contestant(CASES[name], who, tmp_path), 2):
        losses = (step.d_loss, step.g_loss) if who == "game" else step
        assert all(map(math.isfinite, losses))


@pytest.mark.parametrize("name", ["mlp-a1", "dcgan-28", "dcgan-32"])  # dropout in mlp-a2 draws its masks differently
def test_the_game_computes_what_the_textbook_does(name):
    """A fair race: from the same weights, images and latents both loops go through the same losses."""
    case, runtime = CASES[name], Runtime.auto(device="cpu")
    data = load("digits", runtime).take(4 * case.batch).padded(case.size)
    both = []
    for _ in range(2):
        with runtime.seeded("weights"):
            both.append(case.networks())
    step = count(1)
    loop = contestants.textbook(
        *both[0],
        (images for images, _ in data.stream(case.batch, runtime)),
        lambda n: torch.randn(n, both[0][0].latent, generator=runtime.stream("latent", next(step))),
    )
    game = Game(*both[1], lr=LR, betas=BETAS, batch=case.batch)
    for record, (d_loss, g_loss) in zip(game.steps(data, 3, runtime), loop, strict=False):
        # Adam divides small gradients by themselves, so rounding grows with every update.
        first = record.step == 1
        assert record.d_loss == pytest.approx(d_loss, rel=1e-5 if first else 0.03)
        assert record.g_loss == pytest.approx(g_loss, rel=2e-3 if first else 0.03)
