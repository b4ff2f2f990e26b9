"""A run: a folder with a trained generator and with everything that was known when it was made (``run.json``)."""

import datetime
import hashlib
import json
import time
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

import course_lib
from course_lib.audit.measures import SAMPLES, THING, as_facts, failures, measure
from course_lib.audit.recipe import Recipe
from course_lib.data import ImageData
from course_lib.errors import CourseError, DataCorrupt
from course_lib.files import atomic_write, sha256
from course_lib.machine import describe
from course_lib.models import Judge
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler

FACTS, WEIGHTS = "run.json", "generator.safetensors"
WATTS = (5, 30)  # what one busy core draws with its share of memory: no meter was read, so two bounds
WORDS = ("intended use", "out of scope", "ethics", "licence")  # what no record holds: a person has to say it


@dataclass(frozen=True)
class Run:
    """A run that was read or written.

    Attributes:
        folder: where it lies.
        facts: content of ``run.json``: recipe, data, code, environment, seconds, measures, failures, words.
    """

    folder: Path
    facts: dict[str, Any]  # Any: JSON

    @property
    def recipe(self) -> Recipe:
        """How it was trained."""
        return Recipe.read(self.facts["recipe"])

    def sampler(self) -> Sampler:
        """What draws from the generator of the folder.

        Raises:
            DataCorrupt: when its weights cannot be read or do not fit.
        """
        path = self.folder / WEIGHTS
        with torch.random.fork_rng(devices=[]):
            network = self.recipe.new_generator()
        try:
            network.load_state_dict(from_bytes(path.read_bytes()))
        except (OSError, SafetensorError, RuntimeError) as problem:
            reason = str(problem).splitlines()[0]
            raise DataCorrupt(f"{path.name} is no such generator ({reason}): train the run anew.") from None
        return Sampler(network.eval().requires_grad_(False))


def read(folder: Path | str) -> Run:
    """A run from its folder.

    Args:
        folder: with ``run.json``.

    Raises:
        CourseError: when there is none, or it is no JSON.
    """
    path = Path(folder) / FACTS
    if not path.is_file():
        raise CourseError(f"{folder} has no {FACTS}: use a folder that audit.train wrote.")
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise CourseError(f"{path} is no JSON ({problem}): train the run anew.") from None
    return Run(Path(folder), facts)


def train(
    folder: Path | str,
    recipe: Recipe,
    data: ImageData,
    heldout: ImageData,
    judge: Judge,
    runtime: Runtime,
    *,
    name: str = "my generator",
    words: dict[str, str] | None = None,
    samples: int = SAMPLES,
    thing: str = THING,
) -> Run:
    """Train by a recipe, measure, and write a run.

    Args:
        folder: is made; an older run in it is replaced.
        recipe: what to train.
        data: what to imitate.
        heldout: real pictures, not trained on.
        judge: of the data set.
        runtime: its seed has to be the recipe's.
        name: of the model.
        words: of ``WORDS``, what only a person can say.
        samples: pictures in each of five draws of the measures.
        thing: what a picture shows, for the card's sentences.

    Returns:
        The run, as it lies in its folder.

    Raises:
        CourseError: for words about something else.
    """
    _check_words(words)
    began = time.perf_counter()
    game = trained(recipe, data, runtime)
    seconds = time.perf_counter() - began
    return keep(
        folder,
        game,
        recipe,
        data,
        heldout,
        judge,
        runtime,
        seconds=seconds,
        name=name,
        words=words,
        samples=samples,
        thing=thing,
    )


def keep(
    folder: Path | str,
    game: Game,
    recipe: Recipe,
    data: ImageData,
    heldout: ImageData,
    judge: Judge,
    runtime: Runtime,
    *,
    seconds: float,
    name: str = "my generator",
    words: dict[str, str] | None = None,
    samples: int = SAMPLES,
    thing: str = THING,
) -> Run:
    """Measure a game that was trained by a recipe elsewhere, step by step or resumed, and write a run.

    Args:
        folder: is made; an older run in it is replaced.
        game: trained, as ``recipe.new_game(runtime)`` made it.
        recipe, data, heldout, judge, runtime, name, words, samples, thing: as for :func:`train`.
        seconds: that the training took.

    Returns:
        The run, as it lies in its folder.

    Raises:
        CourseError: for words about something else; a game of other settings, or of other steps, than the recipe's.
    """
    _check_words(words)
    if game.step_number != recipe.steps:
        raise CourseError(
            f"the game has made {game.step_number} steps and the recipe says {recipe.steps}: train on, or mend the "
            "recipe with dataclasses.replace(recipe, steps=…)."
        )
    if game.settings() != recipe.new_game(runtime).settings():
        raise CourseError("the game was built with other settings than the recipe's: use recipe.new_game(runtime).")
    found, shares = measure(drawing(game), judge, data, heldout, samples=samples)
    weights = atomic_write(Path(folder) / WEIGHTS, weights_of(game))
    facts = {
        "format": 1,
        "name": name,
        "day": datetime.date.today().isoformat(),
        "recipe": recipe.facts(),
        "data": data_facts(data) | {"held out": data_facts(heldout)},
        "code": {"course": version("explaining-image-generators"), "sha256": code_sha256()},
        "environment": describe(torch.get_num_threads()),
        "arithmetic": arithmetic(recipe, data, runtime),
        "seconds": round(seconds, 1),
        "energy": {"watt hours": [round(w * seconds / 3600, 3) for w in WATTS], "assumed watts": list(WATTS)},
        "files": {WEIGHTS: sha256(weights)},
        "measures": as_facts(found),
        "shares": {k: round(v, 4) for k, v in shares.items()},
        "thing": thing,
        "failures": failures(found, shares, thing),
        "words": dict(words or {}),
    }
    atomic_write(Path(folder) / FACTS, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    return read(folder)  # as everybody else reads it: lists where Python had tuples


def _check_words(words: dict[str, str] | None) -> None:
    if unknown := set(words or ()) - set(WORDS):
        raise CourseError(f"{sorted(unknown)[0]!r} is none of the words a card asks for: use {', '.join(WORDS)}.")


def trained(recipe: Recipe, data: ImageData, runtime: Runtime) -> Game:
    """The game of a recipe after all of its steps.

    Args:
        recipe: what to train.
        data: what to imitate.
        runtime: with the recipe's seed.
    """
    game = recipe.new_game(runtime)
    for _ in game.steps(data, recipe.steps, runtime):
        pass
    return game


def arithmetic(recipe: Recipe, data: ImageData, runtime: Runtime) -> str:
    """A fingerprint of how this machine rounds: SHA-256 of the weights after 20 steps from seed 0.

    Args:
        recipe: whose networks and settings are used.
        data: what to imitate.
        runtime: device; its seed does not matter.
    """
    brief = replace(recipe, seed=0, steps=20)
    return hashlib.sha256(weights_of(trained(brief, data, runtime.with_seed(0)))).hexdigest()


def drawing(game: Game) -> Sampler:
    """What draws from the weights that a run keeps: the averaged ones where the game averages.

    Args:
        game: whose.
    """
    return game.sampler(ema=game.ema.decay > 0)


def weights_of(game: Game) -> bytes:
    """The generator's weights as a run keeps them, safetensors bytes.

    Args:
        game: whose.
    """
    state = drawing(game).generator.state_dict()
    return to_bytes({name: value.detach().cpu().contiguous() for name, value in state.items()})


def data_facts(data: ImageData) -> dict[str, Any]:
    """What a record holds of a data set.

    Args:
        data: the set.

    Returns:
        Name, split, size, shape, classes with their counts, hash, source, licence.
    """
    counts = torch.bincount(data.labels.cpu(), minlength=len(data.names)).tolist()
    return {
        "name": data.name,
        "split": data.split,
        "pictures": len(data),
        "shape": list(data.images.shape[1:]),
        "classes": dict(zip(data.names, counts, strict=True)),
        "sha256": data.sha256,
        "source": data.source,
        "licence": data.licence,
    }


def code_sha256() -> str:
    """One SHA-256 of all the code that a training runs through: data, models, losses, training, runtime."""
    root, digest = Path(course_lib.__file__).parent, hashlib.sha256()
    parts = [path for part in ("data", "models", "losses", "training") for path in (root / part).glob("*.py")]
    for path in sorted([*parts, root / "runtime.py"]):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
