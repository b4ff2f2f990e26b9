"""Small games and data for the tests of training. Importing it does no work."""

import hashlib
import json

import torch

from course_lib.data import ImageData
from course_lib.losses import R1, R2, GradientPenalty, Minimax, NonSaturating, Relativistic, Wasserstein
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import (
    DiffAugment,
    FeatureMatchingGame,
    Game,
    InstanceNoise,
    Pack,
    UnrolledGame,
    checkpointed,
    cosine_schedule,
    resume,
)


def blobs(n=96, size=28, channels=1, name="blobs"):
    """Bright discs on black, at random places: quick to make, and to learn."""
    g = torch.Generator().manual_seed(1)
    centre = 8 + (size - 16) * torch.rand(n, 2, 1, 1, generator=g)
    y, x = torch.meshgrid(torch.arange(float(size)), torch.arange(float(size)), indexing="ij")
    images = (5 - ((y - centre[:, 0]) ** 2 + (x - centre[:, 1]) ** 2).sqrt()).clamp(-1, 1)
    images = images[:, None].expand(n, channels, size, size).contiguous()
    return ImageData(
        images,
        torch.arange(n) % 2,
        ("a", "b"),
        name,
        "train",
        "made here",
        "CC0",
        hashlib.sha256(images.numpy().tobytes()).hexdigest(),
    )


def runtime(seed=3):
    return Runtime.auto(device="cpu", seed=seed)


KINDS = {
    "mlp dropout": lambda **k: Game(MLPGenerator(16, (32,)), MLPDiscriminator((32,), dropout=0.3), **k),
    "mlp minimax": lambda **k: Game(MLPGenerator(16, (32,)), MLPDiscriminator((32,)), loss=Minimax(), **k),
    "dc batch norm": lambda **k: Game(DCGenerator(16, 4), DCDiscriminator(4), **k),
    "spectral r1 r2": lambda **k: Game(
        DCGenerator(16, 4),
        DCDiscriminator(4, norm="spectral", head="pool"),
        loss=Relativistic(),
        penalties=[R1(1.0), R2(1.0, every=3)],
        **k,
    ),
    "packed": lambda **k: Game(DCGenerator(16, 4), DCDiscriminator(4, norm=None, channels=2), views=[Pack(2)], **k),
    "unrolled": lambda **k: UnrolledGame(MLPGenerator(16, (32,)), MLPDiscriminator((32,)), unroll=2, **k),
    "feature matching": lambda **k: FeatureMatchingGame(DCGenerator(16, 4), DCDiscriminator(4), **k),
    "wgan-gp views": lambda **k: Game(
        DCGenerator(16, 4),
        DCDiscriminator(4, norm=None),
        loss=Wasserstein(),
        penalties=[GradientPenalty(1.0)],
        views=[InstanceNoise(0.1), DiffAugment()],
        d_steps=2,
        optimiser="rmsprop",
        schedule=cosine_schedule(30),
        **k,
    ),
}


def game(kind="mlp dropout", seed=3, batch=8, **settings):
    with runtime(seed).seeded("weights"):
        return KINDS[kind](batch=batch, **settings)


def train(g, n, data=None, rt=None):
    records = list(g.steps(data or blobs(), n, rt or runtime()))
    assert len(records) == n
    return records


def leaves(state, name=""):
    """Every tensor and number of a nested state, by name."""
    if isinstance(state, dict):
        for k, v in state.items():
            yield from leaves(v, f"{name}/{k}")
    elif isinstance(state, list | tuple):
        for i, v in enumerate(state):
            yield from leaves(v, f"{name}/{i}")
    else:
        yield name, state


def digest(g):
    """One hash of everything in a game's state, to the last bit."""
    h = hashlib.sha256()
    for name, value in leaves(g.state_dict()):
        if name.startswith("/settings"):  # words about the game: two of them are to differ by what they have learned
            continue
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes().hex()
        h.update(f"{name}={json.dumps(value)};".encode())
    return h.hexdigest()


def weights(module):
    return {k: v.detach().clone() for k, v in module.state_dict().items()}


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


__all__ = ["KINDS", "NonSaturating", "blobs", "digest", "game", "leaves", "runtime", "same", "train", "weights"]


def assert_resumes_exactly(whole, first, second, path, cut, total):
    """``first``, saved after ``cut`` steps and gone on with as ``second``, is ``whole`` to the last bit."""
    last = train(whole, total)[-1]
    list(checkpointed(first.steps(blobs(), cut, runtime()), path, every=3))
    torch.randn(13)  # another process would have used its dice otherwise
    assert resume(second, path) == cut
    assert digest(second) == digest(first)
    records = train(second, total - cut)
    assert digest(second) == digest(whole)
    assert [r.step for r in records] == list(range(cut + 1, total + 1))
    assert records[-1].as_dict() == last.as_dict()
