"""Shapley values: what each player of a game is owed (Shapley 1953; Lundberg and Lee 2017).

A *game* is a function ``value(coalitions)``: 0/1 rows ``(M, players)`` → ``(M,)``, what each coalition earns.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_whole_number
from course_lib.explain.segments import compose, count_segments, fill_like
from course_lib.explain.targets import Target, target_values
from course_lib.explain.validation import check_picture
from course_lib.models.wrappers import Output

Value = Callable[[Tensor], Tensor]
MOST_PLAYERS = 16  # 65,536 coalitions


def exact_shapley(value: Value, players: int) -> Tensor:
    """φᵢ = Σ_S |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)) over all coalitions S without i: float64 ``(players,)``.

    *In words: the mean gain from player i's joining, over all orders in which the players can come.* All 2ⁿ coalitions
    are valued, once each.

    Args:
        value: the game, 0/1 rows ``(M, players)`` → ``(M,)``.
        players: how many, from 1 to 16.

    Raises:
        CourseError: for fewer or more players.

    Example:
        >>> from course_lib.explain import exact_shapley
        >>> pair_of_gloves = lambda rows: (rows[:, 0] * rows[:, 1:].amax(1)).float()  # a left one, and two right ones
        >>> (6 * exact_shapley(pair_of_gloves, 3)).round().tolist()  # in sixths
        [4.0, 1.0, 1.0]
    """
    players = check_whole_number("players", players, 0)
    if not 1 <= players <= MOST_PLAYERS:
        raise CourseError(
            f"{players!r} players: exact values take 2^players coalitions; use 1 to {MOST_PLAYERS}, or sampled_shapley."
        )
    numbers = torch.arange(2**players)
    coalitions = (numbers[:, None] >> torch.arange(players)) & 1  # (2ⁿ, n): bit i says whether i is in
    worth = value(coalitions.float()).cpu().double()  # (2ⁿ,)
    sizes = coalitions.sum(1)
    n = math.factorial(players)
    by_size = [math.factorial(s) * math.factorial(players - s - 1) / n for s in range(players)]
    weight = torch.tensor(by_size, dtype=torch.float64)
    phi = torch.zeros(players, dtype=torch.float64)
    for i in range(players):
        without = numbers[coalitions[:, i] == 0]
        phi[i] = (weight[sizes[without]] * (worth[without + 2**i] - worth[without])).sum()
    return phi


def sampled_shapley(value: Value, players: int, orders: int = 100, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The same mean as ``exact_shapley``, over random orders, each walked forwards and backwards.

    Štrumbelj and Kononenko 2014. The values still sum to v(all) − v(none).

    Args:
        value: the game, 0/1 rows ``(M, players)`` → ``(M,)``.
        players: how many.
        orders: how many, at least 2.
        seed: of them.

    Returns:
        Values and their standard errors, float64 ``(players,)`` each.
    """
    players, orders = (
        check_whole_number("players", players),
        check_whole_number("orders", orders, 2),
    )  # a standard error needs two
    g, gains = torch.Generator().manual_seed(seed), []
    for _ in range(orders):
        order = torch.randperm(players, generator=g)
        both = [_gains(value, o) for o in (order, order.flip(0))]
        gains.append((both[0] + both[1]) / 2)
    each = torch.stack(gains)  # (orders, players)
    return each.mean(0), each.std(0) / orders**0.5


def _gains(value: Value, order: Tensor) -> Tensor:
    """What each player added on coming in this order."""
    n = len(order)
    place = torch.empty(n, dtype=torch.long)
    place[order] = torch.arange(n)
    coalitions = (place[None] < torch.arange(n + 1)[:, None]).float()  # row k: the first k have come
    worth = value(coalitions).cpu().double()
    gained = torch.empty(n, dtype=torch.float64)
    gained[order] = worth.diff()
    return gained


@torch.no_grad()
def shapley_of_segments(
    model: nn.Module,
    target: Target,
    image: Tensor,
    segments: Tensor,
    fill: Tensor | float = -1.0,
    orders: int = 50,
    seed: int = 0,
    *,
    output: Output = None,
) -> Tensor:
    """Shapley values of an image's segments, spread over their pixels: ``(1, 1, H, W)``.

    Its sum is target(image) − target(fill).

    Args:
        model: in eval mode.
        target: what is explained.
        image: ``(C, H, W)`` in [−1, 1].
        segments: int64 ``(H, W)``, numbered from 0.
        fill: a brightness, or a picture, which stands where a segment is off.
        orders: in which the segments come, at least 2.
        seed: of them.
        output: of a model that gives a tuple, dict or named tuple, the part to be explained (see
            ``forward.model_outputs``).
    """
    players, nothing = count_segments(segments, check_picture(image)), fill_like(image, fill)

    def value(coalitions: Tensor) -> Tensor:
        return target_values(model, target, compose(image, nothing, segments, coalitions.to(image.device)), output)

    phi = sampled_shapley(value, players, orders, seed)[0]
    size = torch.bincount(segments.flatten().cpu(), minlength=players)
    return (phi / size).to(image.dtype)[segments.cpu()][None, None].to(image.device)
