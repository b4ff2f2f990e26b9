"""Percent of peak: the time of a step's operations at this machine's limits, as a share of the time that it takes.

The limits (a matrix product, a convolution) are measured in the same rounds. With bf16 they are others, so its percent
of peak can fall while it gets faster. Speed is measured here, never asserted.
"""

import statistics

import pytest
import torch
from contestants import BETAS, CASES, LR

from course_lib.chapters.ch14_scale_up import speed_limits, speed_ways
from course_lib.chapters.ch14_scale_up.speed_calls import calls
from course_lib.chapters.ch14_scale_up.speed_roofline import share_of_peak, work_of
from course_lib.data import load
from course_lib.models import MLPVAE
from course_lib.runtime import Runtime
from course_lib.training import Game, VAETrainer

ROUNDS, WARM_UP = 6, 1
TITLES = {name: (case.title, case.batch, case.steps) for name, case in CASES.items()}
WORKLOADS = TITLES | {"vae-a2": ("VAE 784-400-200-20 and back", 64, 20)}


def stepper(name: str, precision: str):
    """A function that trains one step of a workload."""
    runtime = Runtime.auto(device="cpu", precision=precision)
    data = load("digits", runtime)
    with runtime.seeded("weights"):
        if name == "vae-a2":
            trainer = VAETrainer(MLPVAE(), lr=LR, batch=WORKLOADS[name][1])
        else:
            trainer = Game(*CASES[name].networks(), lr=LR, betas=BETAS, batch=CASES[name].batch)
    if name in CASES and CASES[name].size > 28:
        data = data.padded(CASES[name].size)
    return speed_ways.stepper(trainer, runtime, data)


@pytest.mark.parametrize("name", WORKLOADS)
def test_share_of_peak(benchmark, table, measuring, name):
    if not measuring:
        pytest.skip("a measurement: run 'make bench'")
    torch.set_num_threads(1)
    title, batch, many = WORKLOADS[name]
    steps = {precision: stepper(name, precision) for precision in ("float32", "bf16")}
    for step in steps.values():
        step()
    work = work_of(calls(steps["float32"]))
    rounds = []

    def one_round() -> None:
        found = {}
        for precision, step in steps.items():
            limits = speed_limits.measured("cpu", precision)
            seconds = speed_limits.per_step(step, many)
            found[precision] = (seconds, share_of_peak(work, limits, seconds), limits)
        rounds.append(found)

    benchmark.pedantic(one_round, rounds=ROUNDS, warmup_rounds=WARM_UP)
    measured = rounds[WARM_UP:]

    def middle(of) -> float:
        return float(f"{statistics.median(of(found) for found in measured):.3g}")

    row = {
        "title": title,
        "batch": batch,
        "rounds": len(measured),
        "share": {p: middle(lambda found, p=p: found[p][1]) for p in steps},
        "times_with_bf16": middle(lambda found: found["float32"][0] / found["bf16"][0]),
        "limits": {
            p: {
                kind: middle(lambda found, p=p, kind=kind: getattr(found[p][2], kind) / 1e9)
                for kind in ("products", "convolutions")
            }
            for p in steps
        },
    }
    benchmark.extra_info.update(row)
    table("peak", name, row)


@pytest.mark.parametrize("precision", ["float32", "bf16"])
@pytest.mark.parametrize("name", WORKLOADS)
def test_every_workload_trains(name, precision):
    step = stepper(name, precision)
    assert step().finite()
    work = work_of(calls(step))
    assert sum(work.values()) > 0 and (work["convolutions"] > 0) == name.startswith("dcgan")
