"""A1's GAN for 4,000 steps, with one thing changed at a time (`course record long-runs`).

After some hundred steps every generator is bad, so a verdict on a discriminator that is too strong, on depth or on an
optimiser needs more of them. Each row differs from the first in what it names. Depth depends on the first weights:
PyTorch's own shrink what passes through a layer with a ReLU to 1/√6 of its size, those of He et al. (2015) keep it. SGD
and its kin have the step sizes that `course record optimisers` found best for 900 steps.

At every stop the averaged generator draws 4,000 pictures, which are measured against the 4,000 training digits.
"""

from collections.abc import Callable
from statistics import mean

from torch import Tensor, nn

from course_lib import zoo
from course_lib.data import load
from course_lib.errors import Diverged
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import DCDiscriminator, Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
STOPS, LR, BATCH, BETAS, LAST = (600, 2000, 4000), 1e-3, 32, (0.5, 0.9), 100
FAILED = 1e6  # the Fréchet distance of a training that diverged: worse than any other
ROWS: dict[str, dict] = {
    "A1's own": {},
    "convolutional D": {"convolutional": True},
    "He": {"he": True},
    "3 hidden layers": {"layers": 3},
    "3 hidden layers, He": {"layers": 3, "he": True},
    "SGD": {"optimiser": "sgd", "lr": 0.1},
    "momentum": {"optimiser": "momentum", "lr": 0.03},
    "RMSprop": {"optimiser": "rmsprop", "lr": 0.01},
    "Adam": {"optimiser": "adam", "lr": 0.03},
}


def record(seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, stops: tuple[int, ...] = STOPS) -> None:
    """Train every row once a seed and write ``data/runs/long-runs.json``: row → seed → a list a number, by stop.

    A row that is there already is not trained again; delete the file to begin anew.

    Args:
        seeds: each is a new training of every row.
        tell: is given a line after each training.
        stops: the steps at which is measured, rising.
    """
    judge, there = zoo.load("judge"), runs_so_far("long-runs")
    runs = {row: there.get(row, {}) for row in ROWS}
    real = judge_outputs(load("digits", Runtime.auto(device="cpu")).images, judge)[1]  # (4000, 128)
    for row, change in ROWS.items():
        for seed in seeds:
            if str(seed) not in runs[row]:
                runs[row][str(seed)] = train(change, seed, stops, judge, real)
                tell(f"{row}, seed {seed}: {runs[row][str(seed)]}")
    settings = {
        "networks": "A1: MLPGenerator(output='sigmoid'), MLPDiscriminator()",
        "loss": "non-saturating",
        "optimiser": f"adam, step size {LR}",
        "betas": BETAS,
        "batch": BATCH,
        "rows": ROWS,
        "convolutional": "DCDiscriminator(width=16, norm=None)",
        "layers": "hidden=(128,) * layers",
        "lead": f"mean D on real minus on drawn pictures, over the last {LAST} steps",
    }
    write_recorded("long-runs", settings, runs)


def build(change: dict, runtime: Runtime) -> Game:
    """A fresh game of A1's, but for ``change``.

    Args:
        change: what differs, one of ``ROWS``.
        runtime: seed, device and precision.
    """
    with runtime.seeded("duel"):
        generator = MLPGenerator(hidden=(128,) * change.get("layers", 1), output="sigmoid")
        convolutional = change.get("convolutional", False)
        discriminator = DCDiscriminator(width=16, norm=None) if convolutional else MLPDiscriminator()
        if change.get("he", False):
            he_weights(generator)
    return Game(
        generator,
        discriminator,
        lr=change.get("lr", LR),
        optimiser=change.get("optimiser", "adam"),
        betas=BETAS,
        batch=BATCH,
    )


def he_weights(generator: MLPGenerator) -> None:
    """First weights that keep the size of what passes: He's in front of a ReLU, Xavier's in the last layer.

    Args:
        generator: whose weights are drawn anew, from torch's global generator.
    """
    for layer in generator.body:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    last = generator.last[0]
    assert isinstance(last, nn.Linear)  # for mypy
    nn.init.xavier_normal_(last.weight)
    nn.init.zeros_(last.bias)


def train(change: dict, seed: int, stops: tuple[int, ...], judge: Judge, real: Tensor) -> dict[str, list[float]]:
    """One training: its lead, Fréchet distance, digits and variety (mean deviation of a pixel) at each stop.

    Args:
        change: what differs, one of ``ROWS``.
        seed: of the first weights, batches and latents.
        stops: the steps at which is measured, rising.
        judge: reads digits and their features.
        real: the judge's features of the training digits, ``(4000, 128)``.

    Returns:
        Name → a number for each stop.
    """
    runtime = Runtime.auto(seed=seed, device="cpu")
    digits, game = load("digits", runtime), build(change, runtime)
    found: dict[str, list[float]] = {"step": [], "lead": [], "frechet": [], "digits": [], "variety": []}
    leads = []
    try:
        for step in game.steps(digits, stops[-1], runtime):
            numbers = step.as_dict()
            leads.append(numbers["d_real"] - numbers["d_fake"])
            if step.step in stops:
                measure(found, step.step, mean(leads[-LAST:]), game.sampler()(4000), judge, real)
    except Diverged:
        for stop in stops[len(found["step"]) :]:
            for name, value in {"step": stop, "lead": 0.0, "frechet": FAILED, "digits": 0, "variety": 0.0}.items():
                found[name].append(value)
    return found


def measure(found: dict[str, list[float]], step: int, lead: float, drawn: Tensor, judge: Judge, real: Tensor) -> None:
    """Append what is to be known of drawn pictures.

    Args:
        found: name → the numbers so far; gets one more each.
        step: at which they were drawn.
        lead: mean D on real minus on drawn pictures.
        drawn: ``(4000, 1, 28, 28)`` in [−1, 1].
        judge: reads digits and their features.
        real: the judge's features of the training digits, ``(4000, 128)``.
    """
    probabilities, features = judge_outputs(drawn, judge)
    counts = probabilities.argmax(1).bincount(minlength=10)
    found["step"].append(step)
    found["lead"].append(round(lead, 3))
    found["frechet"].append(round(frechet_distance(features, real), 1))
    found["digits"].append(int((counts >= 0.01 * len(drawn)).sum()))  # each at least once in a hundred
    found["variety"].append(round(drawn.std(dim=0).mean().item(), 3))
