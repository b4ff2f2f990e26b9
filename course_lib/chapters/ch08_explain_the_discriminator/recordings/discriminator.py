"""What a discriminator of a small game knows, and how maps of one with a planted mark score, over seeds.

`course record discriminator`. The networks, the mark and the trainings are those of the chapter's lessons; a seed is a
new training of each. Rows: how D of the game tells drawings from digits, also when only D learns on for a few steps;
where one mark, or two in opposite corners, is found; remove and retrain, with two more controls: the mark's own mask as
a perfect map, and a D that sees nothing but *where* the pixels were taken away.
"""

import copy
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from course_lib import explain, zoo
from course_lib.chapters.ch08_explain_the_discriminator.discriminators import small_game, tell_apart, untouched
from course_lib.chapters.ch08_explain_the_discriminator.scores import area, auc, corner, fakeness, logits
from course_lib.data import ImageData, load
from course_lib.data.shapes import marked
from course_lib.explain import explain_copy
from course_lib.explain.controls import control_maps
from course_lib.explain.importance import without_top
from course_lib.files import write_recorded
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))  # the reporting seeds; words and bounds were chosen on seeds 0 and 1
STEPS, MARKED, SHORT, PICTURES, SHARE = 500, 300, 90, 1500, 0.1
LATER = (0, 5, 10, 50)  # steps of D alone, the generator standing still
SETTINGS = {
    "networks": "DCGAN, width 16, D with spectral norm, pooled head in the game",
    "steps": STEPS,
    "lr": 1e-3,
    "batch": "32 in the game, 64 with a mark",
    "marked": MARKED,
    "remove and retrain": f"{SHORT} steps, {PICTURES} a kind",
    "measured": "game: 1,000 held-out digits against 1,000 drawings; AUC = chance that a digit's logit is above a "
    "drawing's; by class, drawings by what the judge reads. Maps: AUC of 40 pictures' pixels. Remove and "
    "retrain: share of right answers of a D trained anew",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    marked_steps: int = MARKED,
    short: int = SHORT,
    pictures: int = PICTURES,
) -> None:
    """Every row once a seed; writes ``data/runs/discriminator.json``: row → seed → numbers.

    Args:
        seeds: each is a new training of every network.
        tell: is given a line after each row.
        steps: of the game.
        marked_steps: of a training with a mark.
        short: steps of a training anew.
        pictures: of a kind, for remove and retrain.
    """
    runs: dict[str, dict] = {}
    for seed in seeds:
        began, runtime = time.process_time(), Runtime.auto(seed=seed, device="cpu")
        digits, new = load("digits", runtime), load("digits", runtime, split="test")
        for row, numbers in rows(runtime, digits, new, steps, marked_steps, short, pictures):
            runs.setdefault(row, {})[seed] = {name: round(value, 4) for name, value in numbers.items()}
            tell(f"seed {seed}, {row}: {runs[row][seed]}")
        tell(f"seed {seed}: {time.process_time() - began:.0f} s of the processor")
        write_recorded("discriminator", SETTINGS | {"steps": steps}, runs)


def rows(
    runtime: Runtime, digits: ImageData, new: ImageData, steps: int, marked_steps: int, short: int, pictures: int
) -> Iterator[tuple[str, dict]]:
    """One seed's rows, each as soon as it is measured.

    Args:
        runtime: seed, device and precision.
        digits, new: training and held-out digits.
        steps, marked_steps, short, pictures: as for :func:`record`.

    Yields:
        A row's name, and its numbers.
    """
    yield "game", game(runtime, digits, new, steps)
    yield from marks(runtime, digits, new.images, marked_steps).items()
    yield from roar(runtime, digits, new.images, short, pictures).items()


def game(runtime: Runtime, digits: ImageData, new: ImageData, steps: int) -> dict[str, float]:
    """How far D of a game tells digits from drawings, how its logits move together, and what a few steps more bring.

    Args:
        runtime: seed, device and precision.
        digits, new: training and held-out digits.
        steps: of the game.

    Returns:
        Name → number.
    """
    judge = zoo.load("judge")
    played = small_game(runtime, "game")
    means = []  # D's mean logit on the same digits, in the last 25 steps
    for record in played.steps(digits, steps, runtime):
        if record.step > steps - 25:
            means.append(logits(played.discriminator, new.images[:200]).mean().item())
    drawn = played.sampler(ema=False)(1000)
    real, fake = (logits(played.discriminator, x) for x in (new.images, drawn))
    with torch.no_grad():
        sure = [judge(x).softmax(1).max(1) for x in (new.images, drawn)]
    by_class = [
        auc(real[new.labels == k], fake[sure[1].indices == k]) for k in range(10) if (sure[1].indices == k).sum() >= 10
    ]
    found = {
        "auc": auc(real, fake),
        "lowest class": min(by_class),
        "highest class": max(by_class),
        "moves": max(means) - min(means),
        "gap": abs((real.mean() - fake.mean()).item()),
        "unreadable digits": (sure[0].values < 0.9).float().mean().item(),
        "unreadable drawings": (sure[1].values < 0.9).float().mean().item(),
    }
    batches = digits.stream(32, runtime, start=played.step_number)
    for step in range(max(LATER) + 1):
        if step in LATER:
            model = copy.deepcopy(played.discriminator).eval()
            real, fake = (logits(model, x) for x in (new.images, drawn))
            found[f"right after {step}"] = (((real > 0).float().mean() + (fake < 0).float().mean()) / 2).item()
            found[f"auc after {step}"] = auc(real, fake)
        played.step(next(batches)[0], runtime, players="d")
    return found


def marks(runtime: Runtime, digits: ImageData, new: Tensor, steps: int) -> dict[str, dict[str, float]]:
    """Where maps of D find a mark: alone, with a pooled and with a flat head, and in a picture with two.

    Args:
        runtime: seed, device and precision.
        digits: the training digits.
        new: held-out images ``(N, 1, 28, 28)``, at least 140.
        steps: of a training.

    Returns:
        Row → map → AUC of its pixels.
    """
    with_mark, cover, first, second = marked(new[:40]), new[100:140], corner(1, 1), corner(21, 21)
    found = {}
    for head in ("pool", "flat"):
        model = explain_copy(tell_apart(runtime, digits, untouched, marked, "tell", head, steps))
        maps = {name: method(model, fakeness, with_mark, "downs.3", signed=True) for name, method in CAMS.items()}
        maps |= {
            "occlusion": explain.occlusion(model, fakeness, with_mark, fill=cover),
            "gradient": explain.gradient(model, fakeness, with_mark),
        }
        row = {name: area(m, first) for name, m in maps.items()}
        none, here, lattice, off = (
            -logits(model, x).mean().item() for x in (new, marked(new), marked(new, 21, 21), marked(new, 3, 2))
        )
        for name, moved in {"moved along the lattice": lattice, "moved off it": off}.items():
            row[name] = (moved - none) / (here - none)  # what is left of the mark's effect
        found[f"one mark, {head} head"] = row
    placed = explain_copy(tell_apart(runtime, digits, lambda x: marked(x, 21, 21), marked, "placed", "flat", steps))
    both = marked(with_mark, 21, 21)
    maps = {name: method(placed, fakeness, both, "downs.1", signed=True) for name, method in CAMS.items()}
    maps["occlusion"] = explain.occlusion(placed, fakeness, both, fill=cover)
    found["two places, flat head"] = {
        f"{name}, {place}": area(m, mask)
        for name, m in maps.items()
        for place, mask in (("fake's", first), ("real's", second))
    }
    return found


def roar(runtime: Runtime, digits: ImageData, new: Tensor, short: int, pictures: int) -> dict[str, dict[str, float]]:
    """Right answers of a D trained anew without the tenth of pixels that a map ranks highest.

    These are each picture's own or the same for all; a third D sees only where each picture's own holes are.

    Args:
        runtime: seed, device and precision.
        digits: the training digits.
        new: held-out images ``(N, 1, 28, 28)``, at least 600.
        short: steps of a training.
        pictures: of a kind.

    Returns:
        Row → map → share of right answers.
    """
    sets = [digits.images[:pictures], marked(digits.images[pictures : 2 * pictures]), new[:300], marked(new[300:600])]
    source = explain_copy(tell_apart(runtime, digits, untouched, marked, "roar", "flat", short))
    mask = corner(1, 1).float()[None, None]
    rank: dict[str, Callable[[Tensor], Tensor]] = {
        "occlusion": lambda x: explain.occlusion(source, fakeness, x, stride=4, fill=digits.images[-len(x) :]),
        "gradient": lambda x: explain.gradient(source, fakeness, x),
        "the mark itself": lambda x: mask.expand(len(x), -1, -1, -1),
    }

    def control(name: str) -> Callable[[Tensor], Tensor]:
        return lambda x: control_maps(x, runtime.seed)[name]

    rank |= {name: control(name) for name in control_maps(new[:1])}
    found: dict[str, dict[str, float]] = {way: {} for way in ("own pixels", "same pixels", "own holes alone")}
    for name, of in rank.items():
        maps = [of(x) for x in sets]
        same = [maps[1][:300].mean(0, keepdim=True).expand(len(x), -1, -1, -1) for x in sets]
        for way, row in found.items():
            row[name] = retrained(
                runtime,
                digits,
                short,
                [
                    without_top(torch.zeros_like(x) if way == "own holes alone" else x, ranked, SHARE, seed=k)
                    for k, (x, ranked) in enumerate(zip(sets, same if way == "same pixels" else maps, strict=True))
                ],
            )
    return {f"remove and retrain, {way}": row for way, row in found.items()}


def retrained(runtime: Runtime, digits: ImageData, short: int, sets: list[Tensor]) -> float:
    """Share of right answers, on the last two sets, of a D trained on the first two.

    Args:
        runtime: seed, device and precision.
        digits: the training digits.
        short: steps of the training.
        sets: real and fake images to train on, then real and fake ones to judge.
    """
    real, fake, real_later, fake_later = sets
    drawn = runtime.stream("roar")

    def of(pictures: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda unused: pictures[torch.randint(len(pictures), (32,), generator=drawn)]

    model = tell_apart(runtime, digits, of(real), of(fake), "roar", "flat", short)
    a, b = logits(model.eval(), real_later), logits(model, fake_later)
    return (((a > 0).float().mean() + (b < 0).float().mean()) / 2).item()


CAMS = {"Grad-CAM": explain.grad_cam, "HiResCAM": explain.hires_cam}
