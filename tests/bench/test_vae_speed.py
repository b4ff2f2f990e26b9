"""Images a second of the VAE trainer against the textbook loop. Speed is measured here, never asserted."""

import math
import statistics
from collections.abc import Iterator
from itertools import count, islice

import pytest
import torch
import vae_contestants
from test_training_speed import Worker
from vae_contestants import BATCH, STEPS, WHO, TextbookVAE

from course_lib.data import load
from course_lib.models import MLPVAE
from course_lib.models.likelihood import to_zero_one
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer

ROUNDS, WARM_UP = 12, 2


@pytest.fixture
def workers(measuring) -> Iterator[list[Worker]]:
    if not measuring:
        pytest.skip("a measurement: run 'make bench'")
    started = []
    try:
        for who in WHO:
            started.append(Worker("a2", who, vae_contestants.__file__))
        yield started
    finally:
        for worker in started:
            worker.close()


def test_an_epoch_of_a2s_vae(benchmark, table, workers):
    rounds = []

    def one_round() -> None:
        turn = len(rounds) % len(workers)
        rounds.append({w.who: w.train(STEPS) for w in workers[turn:] + workers[:turn]})

    benchmark.pedantic(one_round, rounds=ROUNDS, warmup_rounds=WARM_UP)
    measured = rounds[WARM_UP:]
    row = {
        "title": "VAE 784-400-200-20 and back",
        "batch": BATCH,
        "rounds": len(measured),
        "steps_a_round": STEPS,
        "images_per_s": {who: round(BATCH * STEPS / statistics.median(r[who][0] for r in measured)) for who in WHO},
        "ratio": {"dataloader": ratio(measured, 0)},
        "ratio_by_wall_clock": {"dataloader": ratio(measured, 1)},
    }
    benchmark.extra_info.update(row)
    table("vae", "a2", row)


def ratio(rounds: list[dict], clock: int) -> float:
    """How many times as fast as the textbook the trainer is: the median of the rounds' ratios."""
    return round(statistics.median(r["textbook"][clock] / r["trainer"][clock] for r in rounds), 2)


@pytest.mark.parametrize("who", WHO[:2])
def test_both_contestants_train(who):
    losses = [step if who == "textbook" else step.loss for step in islice(vae_contestants.contestant(who), 3)]
    assert all(map(math.isfinite, losses)) and losses[0] == pytest.approx(784 * math.log(2), rel=0.05)


def test_the_products_are_those_of_the_network():
    """The layers of the race's lower bound are the trained network's."""
    linear = [m for m in MLPVAE().modules() if isinstance(m, torch.nn.Linear)]
    assert sorted((m.in_features, m.out_features) for m in linear) == sorted(vae_contestants.LAYERS)
    assert next(vae_contestants.contestant("products")) is None


def test_the_trainer_computes_what_the_textbook_does():
    """A fair race: from the same weights, images and noise both loops go through the same losses."""
    runtime, step = Runtime.auto(device="cpu"), count(1)
    data = load("digits", runtime).take(4 * BATCH)
    with runtime.seeded("weights"):
        vae = MLPVAE()
    model = TextbookVAE()
    model.copy_from(vae)
    loop = vae_contestants.textbook(
        model,
        (to_zero_one(images) for images, _ in data.stream(BATCH, runtime)),
        lambda n: torch.randn(1, n, 20, generator=runtime.stream("latent", next(step)))[0],
    )
    with torch.no_grad():  # the course's encoder sees [−1, 1], the textbook's [0, 1]: W(2u − 1) + b = 2Wu + (b − W1)
        model.fc1.bias -= model.fc1.weight.sum(1)
        model.fc1.weight *= 2
    for record, loss in zip(VAETrainer(vae, batch=BATCH).steps(data, 3, runtime), loop, strict=False):
        assert record.loss == pytest.approx(loss, rel=1e-5 if record.step == 1 else 0.03)
