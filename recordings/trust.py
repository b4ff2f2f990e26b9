"""Every method of explanation put to every test of notebook 10, on networks trained anew for each seed.

`course record trust`. For each seed four networks learn: two alike on the training digits, one on shuffled labels, one
on a planted mark. Only held-out digits are explained.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import torch

from course_lib.data import load
from course_lib.data.shapes import marked, plant
from course_lib.explain import (
    class_logit,
    explain_copy,
    grad_cam,
    gradient,
    grid_segments,
    hires_cam,
    integrated_gradients,
    lime,
    occlusion,
    shapley_of_segments,
    smooth_grad,
)
from course_lib.explain.controls import controls
from course_lib.explain.gradients import guided_backprop
from course_lib.files import write_recorded
from course_lib.metrics.faithfulness import (
    infidelity,
    insertion_deletion,
    localisation,
    rank_correlation,
    sensitivity,
)
from course_lib.metrics.sanity import randomised, shuffled_labels
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import Classifier, accuracy

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
SETTINGS = {
    "networks": "A3's CNN, flat head: 600 steps on 4,000 digits; 400 on 600 with shuffled labels; 200 with a mark",
    "images": 40, "few": 8, "explained": "the logit of the true class of held-out digits; of 'marked' for the mark",
    "fill": "another held-out digit of another class",
}  # fmt: skip
SEGMENTS = grid_segments(28, 28, 4)


def _each(explain: Callable, model, images, labels) -> torch.Tensor:
    return torch.cat([explain(model, class_logit(int(k)), image) for image, k in zip(images, labels, strict=True)])


# (model, images, labels, seed) → maps; the seed matters where a method draws random numbers
METHODS = {
    "gradient": lambda m, x, y, s: gradient(m, class_logit(y), x),
    "SmoothGrad": lambda m, x, y, s: smooth_grad(m, class_logit(y), x, samples=20, seed=s),
    "integrated gradients": lambda m, x, y, s: integrated_gradients(m, class_logit(y), x, steps=20),
    "guided backprop": lambda m, x, y, s: guided_backprop(m, class_logit(y), x),
    "Grad-CAM": lambda m, x, y, s: grad_cam(m, class_logit(y), x, "body.4", signed=True),
    "HiResCAM": lambda m, x, y, s: hires_cam(m, class_logit(y), x, "body.4", signed=True),
    "occlusion": lambda m, x, y, s: occlusion(m, class_logit(y), x, window=4, stride=2),
    "LIME": lambda m, x, y, s: _each(lambda *a: lime(*a, SEGMENTS, samples=300, seed=s)[0], m, x, y),
    "Shapley values": lambda m, x, y, s: _each(lambda *a: shapley_of_segments(*a, SEGMENTS, orders=5, seed=s), m, x, y),
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, steps: float = 1.0,
           images: int = 40) -> None:  # fmt: skip
    """Train and test once a seed and write ``data/runs/trust.json``: method or control → seed → test → score (the mean
    over images); and under "networks" their accuracies. steps: share of the trainings' steps (for a test)."""
    runs: dict = {}
    for seed in seeds:
        began = time.process_time()
        models, accuracies = train(Runtime.auto(seed=seed, device="cpu"), steps)
        runs.setdefault("networks", {})[seed] = accuracies
        for name, scores in trial(models, images, seed).items():
            runs.setdefault(name, {})[seed] = {test: round(score, 4) for test, score in scores.items()}
        tell(f"seed {seed}: {accuracies} ({time.process_time() - began:.0f} s)")
        write_recorded("trust", SETTINGS | {"images": images, "steps": steps}, runs)


def train(runtime: Runtime, share: float) -> tuple[dict, dict]:
    """The four networks of a seed, and their accuracies."""
    digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
    shuffled = shuffled_labels(digits.take(600), runtime.stream("labels"))
    half = torch.rand(len(digits), generator=runtime.stream("mark")) < 0.5
    planted = replace(plant(digits, half)[0], labels=half.long(), names=("plain", "marked"))
    tasks = {"first": (digits, 600, {}), "second": (digits, 600, {}), "shuffled": (shuffled, 400, {"shift": 0}),
             "marked": (planted, 200, {"shift": 0})}  # fmt: skip
    models, accuracies = {}, {}
    for name, (data, steps, settings) in tasks.items():
        steps = max(2, round(steps * share))
        with runtime.seeded("weights", name):
            model = DigitCNN(classes=len(data.names))
        for _ in Classifier(model, lr=2e-3, total=steps, **settings).steps(data, steps, runtime):
            pass
        models[name] = explain_copy(model)
        accuracies[name] = {"trained on": round(accuracy(model, data), 4)}
        if name != "marked":
            accuracies[name]["held out"] = round(accuracy(model, held_out), 4)
    return models, accuracies


def trial(models: dict, n: int, seed: int) -> dict[str, dict[str, float]]:
    """Method or control → test → mean score over ``n`` held-out digits."""
    held_out = load("digits", Runtime.auto(device="cpu"), split="test")
    x, y, pool, pool_labels = held_out.images[:n], held_out.labels[:n], held_out.images[n:], held_out.labels[n:]
    other = torch.stack([pool[pool_labels != k][i] for i, k in enumerate(y)])
    model, ink, few = models["first"], x > -0.9, min(8, n)
    *_, (_, fresh) = randomised(model, seed)
    with_mark, mask = marked(x), plant(held_out.take(1), torch.ones(1, dtype=torch.bool))[1]
    asked = METHODS | {name: (lambda m, im, k, s, name=name: controls(im, s)[name]) for name in controls(x)}

    def probability(im):
        return model(im).softmax(1).gather(1, y[:, None])[:, 0]

    found = {}
    for name, explain in asked.items():
        maps = explain(model, x, y, 0)
        black, digits = (insertion_deletion(probability, x, maps, fill) for fill in (-1.0, other))
        again = {"fresh weights": explain(fresh, x, y, 1), "shuffled labels": explain(models["shuffled"], x, y, 1),
                 "another seed": explain(model, x, y, 1), "retrained": explain(models["second"], x, y, 0)}  # fmt: skip
        scores = {test: rank_correlation(maps, others, where=ink) for test, others in again.items()}
        scores |= {"insertion, black": black["insertion"], "deletion, black": black["deletion"],
                   "insertion, digits": digits["insertion"], "deletion, digits": digits["deletion"],
                   "infidelity": infidelity(lambda im: class_logit(y)(model(im)), x, maps),
                   "sensitivity": sensitivity(lambda im: explain(model, im, y[:few], 0), x[:few], samples=3)}  # noqa: B023
        found_mark = localisation(explain(models["marked"], with_mark, torch.ones_like(y), 0), mask)
        scores |= {f"mark: {score}": found_mark[score] for score in ("auc", "pointing", "iou", "mass")}
        found[name] = {test: score.mean().item() for test, score in scores.items()}
    return found
