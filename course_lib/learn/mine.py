"""The learner's own GAN, kept in the workspace and offered again in later lessons; the course's twin where none is.

Lesson 03.3 keeps it by ``mine.keep(game, history, runtime)``. Lessons of 06, 08, 09 and 10 ask ``mine.load(runtime)``:
in a learner's workspace that is the GAN kept there; elsewhere, and in every headless run, the twin that ships.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

from course_lib import files
from course_lib.errors import CourseError
from course_lib.learn import progress
from course_lib.machine import headless
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler
from course_lib.training.records import Curves

CURVES = ("step", "d_loss", "g_loss", "d_real", "d_fake")
POINTS = 200  # of each curve, at most: a picture shows no more
WEIGHTS, FACTS = "gan.safetensors", "gan.json"


@dataclass(frozen=True)
class OwnGAN:
    """A kept GAN, in eval mode, its weights frozen.

    Attributes:
        generator: of the running average of its weights, which is what one draws from.
        discriminator: as it was at the end.
        curves: name of a number → its values at some steps; see ``CURVES``.
        about: one sentence: whose it is, how long it was trained, from which seed.
        own: whether the learner trained it; else it is the course's twin.
        sampler: draws from the generator.
    """

    generator: DCGenerator
    discriminator: DCDiscriminator
    curves: dict[str, list[float]]
    about: str
    own: bool
    sampler: Sampler = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sampler", Sampler(self.generator))


def folder() -> Path | None:
    """Where the learner's GAN is kept, or None: outside a workspace, or in a headless run, nothing is kept."""
    place = progress.workspace()
    return None if headless() or place is None else _folder(place)


def keep(game: Game, history: Curves, runtime: Runtime) -> None:
    """Keep a GAN in the learner's workspace, in the place of one kept before, and print one sentence about it.

    Args:
        game: of a ``DCGenerator`` and a ``DCDiscriminator``.
        history: the curves of its training, or of the last part of it.
        runtime: whose seed it was trained with.

    Raises:
        CourseError: for other networks, or a game that has not made a step.
    """
    place = folder()
    weights, facts = packed(game, history, runtime.seed)
    if place is None:
        print("Not kept: no course workspace, or a run without a browser. Later lessons use the course's twin.")
        return
    try:
        files.atomic_write(place / WEIGHTS, weights)
        files.atomic_write(place / FACTS, json.dumps(facts))
    except OSError as problem:
        print(f"Not kept ({problem.strerror or problem}). Later lessons use the course's twin.")
        return
    print(f"Kept: your GAN after {facts['steps']:,} steps. Lessons 06, 08, 09 and 10 will offer it again.")


def packed(game: Game, history: Curves, seed: int, half: bool = False) -> tuple[bytes, dict]:
    """A GAN as it is written.

    Args:
        game: of a ``DCGenerator`` and a ``DCDiscriminator``.
        history: of its training.
        seed: it was trained with.
        half: whether weights are rounded to 16 bits.

    Returns:
        Its safetensors bytes; its settings, steps, seed, day and curves.

    Raises:
        CourseError: for other networks, or a game that has not made a step.
    """
    networks = {"generator": game.ema.module, "discriminator": game.discriminator}
    if not isinstance(game.ema.module, DCGenerator) or not isinstance(game.discriminator, DCDiscriminator):
        kinds = " and ".join(type(network).__name__ for network in networks.values())
        raise CourseError(f"only a DCGenerator with a DCDiscriminator is kept, got {kinds}: later lessons look inside.")
    if not game.step_number:
        raise CourseError("this game has not made a step: train it first, then keep it.")
    state = {
        f"{who}.{name}": (value.half() if half and value.is_floating_point() else value).cpu().contiguous()
        for who, network in networks.items()
        for name, value in network.state_dict().items()
    }
    shown = {name: list(history[name]) for name in CURVES if name == "step" or name in history}
    stride = -(-max((len(values) for values in shown.values()), default=1) // POINTS)
    return to_bytes(state), {
        "generator": game.ema.module.settings,
        "discriminator": game.discriminator.settings,
        "steps": game.step_number,
        "seed": seed,
        "day": datetime.date.today().isoformat(),
        "curves": {name: _block_means(values, stride) for name, values in shown.items()},
    }


def load(runtime: Runtime, workspace: Path | None = None) -> OwnGAN:
    """The learner's GAN, or the course's twin where none is kept or what is kept cannot be read.

    Args:
        runtime: whose device it goes to.
        workspace: where to look; without one, in that of this kernel, and nowhere in a headless run.

    Returns:
        The GAN; its ``about`` says whose it is. A damaged file is set aside, and a sentence printed.
    """
    place = _folder(workspace) if workspace else folder()
    if place and (place / WEIGHTS).is_file() and (place / FACTS).is_file():
        try:
            return _read(place, runtime, own=True)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError):
            aside = files.set_aside(place / WEIGHTS)
            print(f"Your kept GAN could not be read: it is kept as {aside.name}. This lesson uses the course's twin.")
    return _read(files.shipped("mine"), runtime, own=False)


def _folder(workspace: Path) -> Path:
    return workspace / ".course" / "mine"


def _read(place: Path, runtime: Runtime, own: bool) -> OwnGAN:
    facts = json.loads((place / FACTS).read_text(encoding="utf-8"))
    state = from_bytes((place / WEIGHTS).read_bytes())
    with torch.random.fork_rng(devices=[]):  # initial weights are drawn only to be overwritten
        networks = DCGenerator(**facts["generator"]), DCDiscriminator(**facts["discriminator"])
    for who, network in zip(("generator", "discriminator"), networks, strict=True):
        network.load_state_dict(_part(state, f"{who}."))
        network.to(runtime.device).eval().requires_grad_(False)
    whose = f"your own GAN, kept on {facts['day']}" if own else "the course's twin of the GAN that lesson 03.3 trains"
    about = f"{whose}: {facts['steps']:,} steps, seed {facts['seed']}"
    return OwnGAN(networks[0], networks[1], facts["curves"], about, own)


def _block_means(values: Sequence[float], size: int) -> list[float]:
    """Means of ``size`` successive values each: every fifth value of a see-saw would show waves that are not there."""
    blocks = (values[start : start + size] for start in range(0, len(values), size))
    return [sum(block) / len(block) for block in blocks]


def _part(state: Mapping[str, torch.Tensor], start: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}
