"""The checks of lesson 10.2: a correlation without ties, what is owed to training, and runs that agree."""

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import torch
from torch import Tensor

from course_lib.learn.exercises import check
from course_lib.learn.numbers import mistake, number, wrong_value
from course_lib.metrics.faithfulness import rank_correlation

_Maps = Callable[..., Tensor]


def _pictures(n: int, seed: int) -> tuple[Tensor, Tensor, _Maps]:
    """Digits' stand-ins, black with a bright square; where there is ink; and a source of maps that are 0 on black."""
    g = torch.Generator().manual_seed(seed)
    images = torch.full((n, 1, 9, 9), -1.0)
    images[:, :, 2:7, 3:7] = 0.1 + 0.9 * torch.rand(n, 1, 5, 4, generator=g)

    def maps(like: Tensor | None = None, share: float = 0.0) -> Tensor:
        noise = (images + 1) * torch.randn(n, 1, 9, 9, generator=g)
        return noise if like is None else share * like + (1 - abs(share)) * noise

    return images, images > -0.9, maps


@check(
    "mended",
    todo="compare the maps with their signs, where there is ink, and return the mean over the images",
    shows="right: what black pixels share is left out, and so is nothing else",
)
def mended(answer: Any) -> str | None:
    """``answer(before, after, images)``: maps (N, 1, H, W) twice, the images → one number, ink being above −0.9."""
    for n, seed, share in ((4, 14, 0.0), (3, 15, -0.5), (1, 16, 0.6)):
        images, ink, maps = _pictures(n, seed)
        before = maps()
        after = maps(before, share)
        got = number(answer(before.clone(), after.clone(), images.clone()))

        def rho(absolute: bool, where: Tensor | None, b: Tensor = before, a: Tensor = after) -> Tensor:
            return rank_correlation(b, a, absolute=absolute, where=where)

        right = rho(False, ink)
        known = {
            "these are absolute values over the whole image, as before: black pixels are tied at 0": rho(
                True, None
            ).mean(),
            "the signs are gone: a map that turns round would count as unchanged": rho(True, ink).mean(),
            "these are the signs, but over the whole image: black pixels count, too": rho(False, None).mean(),
            "that is the sum over the images: take the mean": right.sum(),
            "the sign of the correlation is gone: −1 is not the same as 1": [right.mean().abs(), right.abs().mean()],
            "that is the place without ink: take the pixels above −0.9": rho(False, ~ink).mean(),
            "that is the median over the images: take the mean": right.median(),
        }
        if wrong := wrong_value(got, right.mean(), known, f"for {n} image{'s' * (n > 1)}"):
            return wrong
    return None


@check(
    "owed",
    todo="return the agreement with the second network's maps, minus that with the maps of fresh weights",
    shows="right: an edge map owes nothing to training, because it agrees with itself in both",
)
def owed(answer: Any) -> str | None:
    """``answer(maps, second, fresh, ink)``: three times maps (N, 1, H, W), bool (N, 1, H, W) → one number."""
    for n, seed, shares in ((4, 17, (0.7, 0.1)), (2, 18, (0.5, -0.4)), (3, 19, (1.0, 1.0))):
        _, ink, maps = _pictures(n, seed)
        mine = maps()
        second, fresh = (maps(mine, share) for share in shares)
        got = number(answer(mine.clone(), second.clone(), fresh.clone(), ink.clone()))

        def rho(other: Tensor, absolute: bool = False, where: Tensor | None = ink, own: Tensor = mine) -> Tensor:
            return rank_correlation(own, other, absolute=absolute, where=where)

        right = (rho(second) - rho(fresh)).mean()
        known = {
            "that is the other way round: the second network first, minus fresh weights": -right,
            "that is the agreement with the second network alone: an edge map has it, too": rho(second).mean(),
            "that is the agreement with fresh weights alone": rho(fresh).mean(),
            "that is a sum: take the difference": (rho(second) + rho(fresh)).mean(),
            "that is the second network against fresh weights: compare both with the first map": rank_correlation(
                second, fresh, where=ink
            ).mean(),
            "these are absolute values: keep the signs": (rho(second, True) - rho(fresh, True)).mean(),
            "that is over the whole image: give where=ink": (rho(second, where=None) - rho(fresh, where=None)).mean(),
            "that is the sum over the images: take the mean": (rho(second) - rho(fresh)).sum(),
        }
        if wrong := wrong_value(got, right, known, f"for {n} images"):
            return wrong
    return None


@check(
    "stability",
    todo="return the mean correlation over all pairs of runs",
    shows="right: each pair counts once, and no run is compared with itself",
)
def stability(answer: Any) -> str | None:
    """``answer(runs, ink)``: a list of at least two maps (N, 1, H, W), bool (N, 1, H, W) → one number."""
    for n, seed, count in ((3, 20, 4), (2, 21, 2), (1, 22, 5)):
        _, ink, maps = _pictures(n, seed)
        first = maps()
        runs = [first, *(maps(first, 0.9 - 0.2 * i) for i in range(1, count))]
        got = number(answer([run.clone() for run in runs], ink.clone()))

        def mean(pairs: list, where: Tensor | None = ink) -> float:
            return torch.stack([rank_correlation(a, b, where=where).mean() for a, b in pairs]).mean().item()

        pairs = list(combinations(runs, 2))
        right = mean(pairs)
        if abs(got - right) < 1e-5:
            continue
        every = [rank_correlation(a, b, where=ink).mean() for a, b in pairs]
        known = {
            mean([(a, b) for a in runs for b in runs]): "each run was compared with itself, too: that is always 1",
            mean(list(pairwise(runs))): "only neighbours were compared: take all pairs",
            mean([(first, run) for run in runs[1:]]): "all runs were compared with the first alone: take all pairs",
            mean([(first, run) for run in runs]): "all runs were compared with the first, and the first with itself",
            mean(pairs, None): "that is over the whole image: give where=ink",
            torch.stack(every).sum().item(): "that is the sum over the pairs: take the mean",
            min(every).item(): "that is the least of all pairs: take the mean",
            torch.stack(every).median().item(): "that is the median of the pairs: take the mean",
        }
        said = mistake(got, known, 1e-5) or f"for {count} runs of {n} images"
        return f"{said} (got {got:.4g}, expected {right:.4g})"
    return None
