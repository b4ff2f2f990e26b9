"""The small game of chapter 13: that of chapter 12's race, as a recipe; and a document that has two faults."""

from typing import Any

from course_lib.audit import Recipe
from course_lib.files import recorded


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
    """Fréchet distances of ten trainings of this recipe (3,000 steps, 2,000 samples), by seed."""
    runs = recorded("guided-digits")["runs"]["100 %"]["none"]
    return {seed: one["frechet"] for seed, one in runs.items()}


def broken_document() -> dict[str, Any]:
    """A CycloneDX document that its schema refuses, for two reasons."""
    card = {
        "modelParamters": {"task": "unconditional image generation"},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "frechet", "value": 47.2}]},
    }
    model = {"type": "machine-learning-model", "name": "our digits", "modelCard": card}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [model]}
