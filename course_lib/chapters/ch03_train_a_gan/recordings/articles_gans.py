"""A1's and A2's GANs, each as its article has it, over five seeds (`course record articles-gans`).

Lesson 03.1 trains A1's live, and 03.3 a DCGAN; these runs are what the DCGAN is compared with. The loss is the honest
one, whatever the articles print. Both draw from their latest weights, as the articles' loops without an average do.
"""

from collections.abc import Callable
from dataclasses import asdict
from statistics import mean

from course_lib import zoo
from course_lib.chapters.ch03_train_a_gan.recordings.clinic import Curves, short, thumbnails
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.metrics import class_histogram, evaluate
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS, POINTS = tuple(range(100, 105)), 150  # the reporting seeds, nothing was tuned on them; points of a curve
STEPS = {"A1": 2400, "A2": 900}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, steps: dict[str, int] = STEPS) -> None:
    """Train both GANs once a seed and write ``data/runs/articles-gans.json``: article → seed → report and counts.

    Curves and pictures are kept of the first seed.

    Args:
        seeds: each is a new training of both.
        tell: is given a line after each training.
        steps: article → how many steps.
    """
    judge = zoo.load("judge")
    runs: dict[str, dict] = {}
    for article, n in steps.items():
        runs[article] = {"reports": {}}
        for seed in seeds:
            runtime = Runtime.auto(seed=seed, device="cpu")
            digits, game = load("digits", runtime), build(article, runtime)
            history = [step.as_dict() | {"step": step.step} for step in game.steps(digits, n, runtime)]
            drawn = game.sampler(ema=False)(4000)
            report = {k: round(v, 4) for k, v in asdict(evaluate(drawn, judge, digits.images)).items() if k != "n"}
            runs[article]["reports"][seed] = report | {"counts": class_histogram(drawn, judge).tolist()}
            if seed == seeds[0]:
                runs[article] |= {"curves": curves(history), "samples": {n: thumbnails(drawn[:16])}}
            tell(f"{article}, seed {seed}: {report}")
    settings = {
        "A1": "MLPGenerator(output='sigmoid'), MLPDiscriminator(); adam 5e-4, batch 64",
        "A2": "MLPGenerator(100, (1024, 1024)), MLPDiscriminator((1024, 512), dropout=0.3); adam 1e-3, batch 32",
        "loss": "non-saturating",
        "betas": (0.5, 0.9),
        "drawn from": "the latest weights",
        "steps": steps,
    }
    write_recorded("articles-gans", settings, runs)


def build(article: str, runtime: Runtime) -> Game:
    """A fresh game.

    Args:
        article: "A1" or "A2".
        runtime: seed, device and precision.
    """
    with runtime.seeded(article):
        if article == "A1":
            return Game(MLPGenerator(output="sigmoid"), MLPDiscriminator(), lr=5e-4, batch=64)
        players = MLPGenerator(100, (1024, 1024)), MLPDiscriminator((1024, 512), dropout=0.3)
        return Game(*players, lr=1e-3, batch=32)


def curves(history: list[dict[str, float]]) -> Curves:
    """The numbers of a training, each a mean over a stretch of its steps.

    Args:
        history: one dict a step.
    """
    every = max(1, len(history) // POINTS)
    parts = [history[i : i + every] for i in range(0, len(history), every)]
    found: Curves = {"step": [part[-1]["step"] for part in parts]}
    for name in ("d_loss", "g_loss", "d_real", "d_fake"):
        found[name] = [short(mean(one[name] for one in part)) for part in parts]
    return found
