"""The race of chapter 12: a plan that was written, and committed, before its first run. Nothing was changed after.

**Question.** Does a generator do better when the gradient of each of its pixels is multiplied by 1 + 0.2 · M, where M
explains the discriminator's answer? And if so, because M says *where*?

**Games.** Fully connected networks on 28 × 28 pixels. All games of a seed share their first 1,500 steps. Then each goes
on by itself for 1,500 more: without a mask; with the mask of an explanation (saliency, DeepSHAP, LIME); with the same
mask's values dealt out at random among the pixels (``permuted``), anew at each step; and with one value everywhere,
at each step the mean of the true mask in this seed's own game (``constant``). Three more are controls of the cost: the
game without a mask goes on until it has cost as much as the one with saliency, DeepSHAP, LIME.

**Conditions.** 4,000 digits; 35 % of them (1,400, others for each seed); 4,000 pictures of Fashion-MNIST; 35 % of them.

**Measured.** 2,000 pictures of the last weights against 1,000 held-out ones, in the features of a judge of the same
data set: Fréchet distance (the aim), coverage; and the copying score of the pixels.

**Test.** For each explanation and condition, ten pairs (seeds 100 to 109) of log Fréchet distances; a sign-flip test of
their mean, two-sided and exact (1,024 patterns). Four families of twelve tests, each corrected by Holm at 5 %: mask
against none, against permuted, against constant, at equal steps; mask against none at equal cost.
**An explanation helps in a condition if it is significantly better in all four.** Step sizes and sizes of networks were
chosen on seeds 0 to 4 without a mask.
"""

import copy
from collections.abc import Callable
from functools import partial
from itertools import product

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.explain.guides import DeepShapMask, LimeMask
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import copying, frechet_distance, judge_outputs, precision_recall
from course_lib.models import Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.guides import ConstantMask, Guide, Mask, saliency

SEEDS = tuple(range(100, 110))
SHARED, GUIDED, SAMPLES = 1500, 1500, 2000
SHARES = {"100 %": 1.0, "35 %": 0.35}
MASKS = ("saliency", "DeepSHAP", "LIME")
# What a guided step costs beside a plain one: processor seconds, taken in turns before the race (`costs`).
COST = {"saliency": 1.15, "DeepSHAP": 2.5, "LIME": 3.3}
SETTINGS = {
    "generator": "64-128-256-784, leaky ReLU 0.2, tanh",
    "discriminator": "784-256-128-1, leaky ReLU 0.2",
    "training": "non-saturating, Adam 1e-3 (0.5, 0.99), batch 32, no averaging",
    "steps": [SHARED, GUIDED],
    "strength": 0.2,
    "DeepSHAP": "10 real pictures as background",
    "LIME": "49 squares, 64 coalitions, anew at each step",
    "samples": SAMPLES,
    "shares": SHARES,
    "cost": COST,
}


def new_game(runtime: Runtime) -> Game:
    """The game of the race, freshly initialised, without a mask.

    Args:
        runtime: its seed decides the weights.
    """
    with runtime.seeded("weights"):
        return Game(
            MLPGenerator(64, (128, 256), slope=0.2),
            MLPDiscriminator((256, 128)),
            lr=1e-3,
            betas=(0.5, 0.99),
            batch=32,
            ema=0,
        )


def mask_of(name: str, game: Game, background: Tensor, seed: int) -> Mask:
    """The mask of an explanation, for this game's discriminator.

    Args:
        name: one of ``MASKS``.
        game: whose discriminator is explained.
        background: real pictures, for DeepSHAP.
        seed: of LIME's coalitions.
    """
    masks: dict[str, Mask] = {
        "saliency": saliency,
        "DeepSHAP": DeepShapMask(game.discriminator, background),
        "LIME": LimeMask(seed=seed),
    }
    return masks[name]


def part(data: ImageData, share: str, runtime: Runtime) -> ImageData:
    """All of the pictures, or so many of each class, others for each seed.

    Args:
        data: all of them.
        share: one of ``SHARES``.
        runtime: its seed chooses.
    """
    return data if SHARES[share] == 1 else data.train_test_split(SHARES[share], seed=runtime.seed)[1]


def one_seed(
    data: ImageData,
    runtime: Runtime,
    measure: Callable[[Game], dict[str, float]],
    steps: tuple[int, int] = (SHARED, GUIDED),
) -> dict[str, dict[str, float]]:
    """All games of a seed on one condition.

    Args:
        data: what to imitate.
        runtime: seed and device.
        measure: of a game, what is kept.
        steps: shared ones, and those of each game.

    Returns:
        Row → what was measured; of a mask its mean, too.
    """
    shared, own = steps
    trunk, found = new_game(runtime), {}
    _train(trunk, data, shared, runtime)
    plain = copy.deepcopy(trunk)
    _train(plain, data, own, runtime)
    found["none"] = measure(plain)
    for name in MASKS:
        guides: dict[str, Guide] = {}
        for row, permuted in ((name, False), (f"{name}, permuted", True)):
            game = copy.deepcopy(trunk)
            mask = mask_of(name, game, data.images[:10], runtime.seed)
            guides[row] = Guide(mask, arrange="permuted" if permuted else "as it is")
            game.guide = guides[row]
            _train(game, data, own, runtime)
            means = list(guides[row].means.values())
            found[row] = measure(game) | {"mask": round(sum(means) / max(len(means), 1), 4)}
        game = copy.deepcopy(trunk)
        game.guide = ConstantMask(guides[name].means)
        _train(game, data, own, runtime)
        found[f"{name}, constant"] = measure(game)
    for name in sorted(MASKS, key=COST.__getitem__):  # the game without a mask goes on
        _train(plain, data, shared + round(own * COST[name]) - plain.step_number, runtime)
        found[f"none, cost of {name}"] = measure(plain)
    return found


def _measured(judge: Judge, features: Tensor, heldout: Tensor, train: Tensor, game: Game) -> dict[str, float]:
    images = game.sampler(ema=False)(SAMPLES)
    probabilities, drawn = judge_outputs(images, judge)
    return {
        "frechet": round(frechet_distance(drawn, features), 3),
        "coverage": round(precision_recall(features, drawn).coverage, 4),
        "copying": round(copying(images.flatten(1), train.flatten(1), heldout.flatten(1)).score, 4),
        "confidence": round(probabilities.max(1).values.mean().item(), 4),
    }


def _train(game: Game, data: ImageData, n: int, runtime: Runtime) -> None:
    for _ in game.steps(data, max(n, 0), runtime):
        pass


def record(
    name: str,
    data: ImageData,
    heldout: ImageData,
    judge: Judge,
    seeds: tuple[int, ...],
    tell: Callable[[str], None],
    *,
    steps: tuple[int, int] = (SHARED, GUIDED),
) -> None:
    """Run the race on one data set and write ``data/runs/NAME.json``, after each seed; it goes on where it stopped.

    ``runs[share][row][seed]`` → numbers by name.

    Args:
        name: of the recording.
        data: what to imitate.
        heldout: real pictures that nothing was trained on.
        judge: of the data set.
        seeds: each is a new race.
        tell: is given a line after each.
        steps: shared ones, and those of each game.
    """
    settings = SETTINGS | {"data": f"{len(data):,} of {data.name}", "held out": len(heldout), "steps": list(steps)}
    runs = runs_so_far(name, settings) or {share: {} for share in SHARES}
    features = judge_outputs(heldout.images, judge)[1]
    for seed, share in product(seeds, SHARES):
        if str(seed) in runs[share].get("none", {}):
            continue
        runtime = Runtime.auto(seed=seed, device="cpu")
        mine = part(data, share, runtime)
        found = one_seed(mine, runtime, partial(_measured, judge, features, heldout.images, mine.images), steps)
        for row, numbers in found.items():
            runs[share].setdefault(row, {})[str(seed)] = numbers
        write_recorded(name, settings, runs)
        tell(f"{name}, {share}, seed {seed}: " + ", ".join(f"{row} {n['frechet']}" for row, n in found.items()))


def costs(
    data: ImageData, runtime: Runtime, seconds: Callable[[], float], rounds: int = 20, n: int = 20
) -> dict[str, float]:
    """What a step with each mask costs beside one without, taken in turns (median of ``rounds``).

    Args:
        data: what to imitate.
        runtime: seed and device.
        seconds: a clock, such as ``time.process_time``.
        rounds: how often each has its turn.
        n: steps of a turn.

    Returns:
        Name of the mask → ratio.
    """
    games = {name: new_game(runtime) for name in ("none", *MASKS)}
    for name in MASKS:
        games[name].guide = Guide(mask_of(name, games[name], data.images[:10], runtime.seed))
    ratios: dict[str, list[float]] = {name: [] for name in MASKS}
    for turn in range(rounds + 1):
        took = {}
        for name, game in games.items():
            began = seconds()
            _train(game, data, n, runtime)
            took[name] = seconds() - began
        for name in MASKS if turn else ():  # the first turn warms up
            ratios[name].append(took[name] / took["none"])
    return {name: torch.tensor(each).median().item() for name, each in ratios.items()}
