"""The small game of chapter 13: that of chapter 12's race, as a recipe; and a document that has two faults."""

from collections.abc import Mapping
from typing import Any

from course_lib.audit import Recipe
from course_lib.files import recorded

RECORDS = {
    "format": "of this file",
    "name": "of the model",
    "day": "of the training",
    "recipe": "networks, settings, steps, seed",
    "data": "which pictures, with a hash; the held-out ones, too",
    "code": "version of course_lib, a hash of all that a training runs through",
    "environment": "machine and libraries",
    "arithmetic": "how this machine rounds: a hash of the weights after 20 steps",
    "seconds": "of the training",
    "energy": "estimated from the seconds",
    "files": "the weights, with their hash",
    "measures": "of the samples, each with a range",
    "shares": "of the classes in the samples, as the judge reads them",
    "failures": "measures beyond a threshold, in words",
    "words": "what only a person can say",
}


def recipe(seed: int, steps: int = 3000) -> Recipe:
    """Fully connected networks on the digits, as in chapter 12's race without a mask.

    Args:
        seed: of the training.
        steps: of it.
    """
    return Recipe(
        generator_settings={"latent": 64, "hidden": (128, 256), "slope": 0.2},
        discriminator_settings={"hidden": (256, 128)},
        game={"lr": 1e-3, "betas": (0.5, 0.99), "batch": 32, "ema": 0},
        steps=steps,
        seed=seed,
    )


def recorded_distances() -> dict[str, float]:
    """Fréchet distances of ten trainings of this recipe (3,000 steps, 2,000 samples).

    Returns:
        Seed → distance.
    """
    runs = recorded("guided-digits")["runs"]["100 %"]["none"]
    return {seed: one["frechet"] for seed, one in runs.items()}


def records(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What a run wrote down, as rows of a table.

    Args:
        facts: of the run.

    Returns:
        Each record: its name, what it is, how it begins.
    """
    return [(name, RECORDS.get(name, ""), _brief(value)) for name, value in facts.items()]


def _brief(value: object, most: int = 60) -> str:
    text = ", ".join(f"{k}: {_brief(v)}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return (text if len(text) <= most else text[: most - 2].rstrip(" ,:[") + " …") or "—"


def broken_document() -> dict[str, Any]:
    """A CycloneDX document that its schema refuses, for two reasons.

    Returns:
        JSON as a dict.
    """
    card = {
        "modelParamters": {"task": "unconditional image generation"},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "frechet", "value": 47.2}]},
    }
    model = {"type": "machine-learning-model", "name": "our digits", "modelCard": card}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [model]}
