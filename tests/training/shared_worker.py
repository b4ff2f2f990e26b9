"""One process of a shared game in float64, started by torchrun: its weights after some steps go to a file."""

import sys

import torch
from torch import distributed as dist

from course_lib.data import load
from course_lib.data.batches import BatchedData
from course_lib.models import DCDiscriminator, DCGenerator, with_shared_batch_norm
from course_lib.runtime import Runtime
from course_lib.training import Game, SharedGame
from course_lib.training.checkpoint import save


class Doubles(BatchedData):
    """Digits in float64: there sums in another order differ by 1e-16, and Adam does not make a step of that."""

    name = "doubles"

    def __init__(self):
        digits = load("digits").take(256)
        self.examples, self.labels = digits.images.double(), digits.labels


def game(norm, shared):
    runtime = Runtime.auto(device="cpu", seed=3)
    with runtime.seeded("weights"):
        players = [DCGenerator(width=4).double(), DCDiscriminator(width=4, norm=norm).double()]
    if shared:
        return SharedGame(*map(with_shared_batch_norm, players), batch=16), runtime
    return Game(*players, batch=16), runtime


def run(norm, steps, shared):
    one, runtime = game(norm, shared)
    data = Doubles()
    mine = one.part_of(data) if shared else data
    seen, batches = [], mine.stream(one.per_step, runtime)
    for _ in range(steps):  # not one.steps(…): it asks the networks about float32 first
        real, _ = next(batches)
        seen.append(real.flatten(1).sum(1))
        one.step(real, runtime)
    return one, torch.stack(seen)


if __name__ == "__main__":
    out, norm, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    one, seen = run(None if norm == "none" else norm, steps, shared=True)
    save(f"{out}/rank{dist.get_rank()}.safetensors", one.state_dict() | {"seen": seen})
    dist.destroy_process_group()
