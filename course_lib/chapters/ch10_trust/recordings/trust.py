"""Every method of explanation put to every test of chapter 10, on networks trained anew for each seed.

`course record trust`. For each seed five networks learn: two alike on the training digits, one on shuffled labels, one
on the same few digits with true labels (so that the labels alone differ), one on a planted mark. The seed also chooses
the held-out digits that are explained, the noise, and the order of equal pixels. It resumes: seeds that are in the file
already are kept.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from course_lib.chapters.ch10_trust.further_tests import (
    agreement,
    evidence_for_plain,
    fill_is_known,
    lime_repeated,
    square_means,
)
from course_lib.chapters.ch10_trust.methods import METHODS, model_free_explainers, ties_by_position
from course_lib.data import load
from course_lib.data.shapes import marked, plant
from course_lib.explain import (
    class_logit,
    explain_copy,
)
from course_lib.explain.controls import control_maps
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics.faithfulness import (
    infidelity,
    insertion_deletion,
    localisation,
    max_sensitivity,
    rank_correlation,
)
from course_lib.metrics.sanity import randomised, shuffled_labels
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer, accuracy

SEEDS = tuple(range(100, 110))  # the reporting seeds; nothing was tuned on them
IMAGES, FEW = 25, 4
SETTINGS = {
    "networks": "A3's CNN, flat head: 600 steps on 4,000 digits; 400 on 600 with shuffled labels, and on the same with "
    "true ones; 200 with a mark",
    "images": IMAGES,
    "few": FEW,
    "explained": "the logit of the true class of held-out digits; of 'marked' for the mark",
    "fill": "another held-out digit of another class",
    "ties": "at random, by the seed; by place for comparison",
    "LIME asked again": "four digits, three seeds, mean of all pairs; whole image, squares with ink, ink",
}
BUDGETS = (100, 1000)  # samples of LIME, the least and the most of chapter 07


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: float = 1.0, images: int = IMAGES
) -> None:
    """Train and test once a seed and write ``data/runs/trust.json``.

    Method or control → seed → test → score (the mean over images). Beside them "networks": accuracies; "ceilings": what
    a test allows to a build of map; "told the fill": methods whose baseline is the fill; "agreement", "why plain" and
    "LIME asked again": what these words say.

    Args:
        seeds: each is a new training of all five networks.
        tell: is given a line after each seed.
        steps: share of the trainings' steps (for a test).
        images: how many held-out digits are explained.
    """
    settings = SETTINGS | {"images": images, "steps": steps}
    runs = runs_so_far("trust", settings)
    for seed in seeds:
        if str(seed) in runs.get("networks", ()):
            continue
        began = time.process_time()
        models, accuracies = train(Runtime.auto(seed=seed, device="cpu"), steps)
        found = {"networks": accuracies} | rounded(trial(models, images, seed))
        for name, row in found.items():
            runs.setdefault(name, {})[str(seed)] = row
        write_recorded("trust", settings, runs)
        tell(f"seed {seed}: {accuracies} ({time.process_time() - began:.0f} s)")


def rounded(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Scores to the four digits that are written.

    Args:
        found: map → test → score.

    Returns:
        The same, rounded.
    """
    return {name: {test: round(score, 4) for test, score in scores.items()} for name, scores in found.items()}


def train(runtime: Runtime, share: float) -> tuple[dict, dict]:
    """The five networks of a seed, and their accuracies.

    Args:
        runtime: seed, device and precision.
        share: of the steps.

    Returns:
        Name → network; name → accuracies.
    """
    digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
    little = digits.take(600)
    shuffled = shuffled_labels(little, runtime.stream("labels"))
    half = torch.rand(len(digits), generator=runtime.stream("mark")) < 0.5
    planted = replace(plant(digits, half)[0], labels=half.long(), names=("plain", "marked"))
    tasks = {
        "first": (digits, 600, {}),
        "second": (digits, 600, {}),
        "shuffled": (shuffled, 400, {"shift": 0}),
        "true": (little, 400, {"shift": 0}),
        "marked": (planted, 200, {"shift": 0}),
    }
    models, accuracies = {}, {}
    for name, (data, steps, settings) in tasks.items():
        steps = max(2, round(steps * share))
        with runtime.seeded("weights", name):
            model = DigitCNN(classes=len(data.names))
        for _ in ClassifierTrainer(model, lr=2e-3, total=steps, **settings).steps(data, steps, runtime):
            pass
        models[name] = explain_copy(model)
        accuracies[name] = {"trained on": round(accuracy(model, data), 4)}
        if name != "marked":
            accuracies[name]["held out"] = round(accuracy(model, held_out), 4)
    return models, accuracies


def asked(n: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """What is explained.

    Args:
        n: how many digits.
        seed: chooses them.

    Returns:
        Held-out digits ``(n, 1, 28, 28)``, their labels ``(n,)``, and for each a digit of another class that fills it.
    """
    held_out = load("digits", Runtime.auto(device="cpu"), split="test")
    chosen = torch.randperm(len(held_out), generator=torch.Generator().manual_seed(seed))
    x, y, pool, pool_labels = (
        part for cut in (chosen[:n], chosen[n:]) for part in (held_out.images[cut], held_out.labels[cut])
    )
    return x, y, torch.stack([pool[pool_labels != k][i] for i, k in enumerate(y)])


def trial(
    models: dict[str, nn.Module], n: int, seed: int, only: tuple[str, ...] | None = None
) -> dict[str, dict[str, float]]:
    """Every map put to every test.

    Args:
        models: the five networks, by name.
        n: how many held-out digits are explained.
        seed: chooses these, the noise, and the order of equal pixels.
        only: names of maps: only these, and nothing beside them.

    Returns:
        Method or control → test → mean score over the digits.
    """
    x, y, other = asked(n, seed)
    model, finder, ink, few = models["first"], models["marked"], x > -0.9, min(FEW, n)
    (*_, (_, fresh)), (*_, (_, fresh_finder)) = randomised(model, seed), randomised(finder, seed)
    with_mark, is_marked = marked(x), torch.ones_like(y)
    square = marked_square()
    dots = (marked(-torch.ones_like(x[:1])) > -1)[0, 0]

    def probability(im: Tensor) -> Tensor:
        return model(im).softmax(1).gather(1, y[:, None])[:, 0]

    def logit(im: Tensor) -> Tensor:
        return class_logit(y)(model(im))

    def find_dots(maps: Tensor) -> Tensor:
        return localisation(maps, dots, ignore=square & ~dots)["auc"]  # the gaps are neither mark nor background

    found, kept = {}, {}
    for name, explain in (METHODS | model_free_explainers(other)).items():
        if only and name not in only:
            continue
        maps = explain(model, x, y, seed)
        again = {
            "fresh weights": explain(fresh, x, y, seed + 1),
            "shuffled labels": explain(models["shuffled"], x, y, seed + 1),
            "600 true labels": explain(models["true"], x, y, seed + 1),
            "retrained": explain(models["second"], x, y, seed + 1),
        }
        scores = {test: rank_correlation(maps, others, where=ink) for test, others in again.items()}
        for spot, where in (("whole image", None), ("ink", ink)):
            sizes = rank_correlation(maps, again["fresh weights"], absolute=True, where=where)
            scores[f"fresh weights, absolute, {spot}"] = sizes
        for fill_name, fill in (("black", -1.0), ("digits", other)):
            curves = insertion_deletion(probability, x, maps, fill, seed=seed)
            scores |= {f"{kind}, {fill_name}": value for kind, value in curves.items()}
        if name in (*control_maps(x[:1]), "occlusion"):
            placed = insertion_deletion(probability, x, ties_by_position(maps), other)
            scores |= {f"{kind}, digits, ties by place": value for kind, value in placed.items()}
        scores |= {
            "infidelity": infidelity(logit, x, maps, seed=seed),
            "sensitivity": max_sensitivity(
                lambda im: explain(model, im, y[:few], seed),  # noqa: B023
                x[:few],
                samples=3,
                seed=seed,
            ),
        }
        mark_maps = explain(finder, with_mark, is_marked, seed)
        untaught = explain(fresh_finder, with_mark, is_marked, seed)
        found_mark = localisation(mark_maps, square)
        scores |= {f"mark: {score}": found_mark[score] for score in ("pointing", "iou", "mass")}
        scores |= {
            "mark: square": found_mark["auc"],
            "mark: square, fresh weights": localisation(untaught, square)["auc"],
            "mark: dots": find_dots(mark_maps),
            "mark: dots, fresh weights": find_dots(untaught),
        }
        found[name] = {test: score.mean().item() for test, score in scores.items()}
        kept[name] = maps
    if only:
        return found
    kept["guided backprop, fresh weights"] = METHODS["guided backprop"](fresh, x, y, seed)
    best_squares = infidelity(logit, x, square_means(kept["gradient"]), seed=seed).mean().item()
    return found | {
        "ceilings": {"infidelity, squares": best_squares},
        "told the fill": fill_is_known(model, x, y, other, seed),
        "agreement": agreement(kept, ink),
        "why plain": evidence_for_plain(finder, fresh_finder, x, square),
        "LIME asked again": lime_repeated(model, x[:4], y[:4], BUDGETS, seed),
    }


def marked_square() -> Tensor:
    """(28, 28) bool: where the mark is planted."""
    digit = load("digits", Runtime.auto(device="cpu"), split="test").take(1)
    return plant(digit, torch.ones(1, dtype=torch.bool))[1]
