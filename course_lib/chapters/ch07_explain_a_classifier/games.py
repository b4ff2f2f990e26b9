"""The games on which the Shapley values of chapter 07's exercise are checked; orders of players walked once."""

import math
from collections.abc import Callable, Collection
from typing import TypeAlias

import torch
from torch import Tensor


def _gloves(players: Collection[int]) -> float:
    return float(min(0 in players, (1 in players) + (2 in players)))


def _odd(players: Collection[int]) -> float:
    """Four players: 0 and 1 earn only together, 2 earns alone, 3 never adds anything; nobody earns 5."""
    return 5.0 + 6 * ({0, 1} <= set(players)) + 2 * (2 in players)


def _any(players: Collection[int]) -> float:
    """A game without any order: each coalition its own number."""
    return math.sin(7.3 * sum(2**player for player in players)) * 4 + 2


Game: TypeAlias = Callable[[Collection[int]], float]  # what a set of players earns together

# when → (game, number of players)
GAMES: dict[str, tuple[Game, int]] = {
    "for the gloves": (_gloves, 3),
    "for four players, where 0 and 1 earn 6 together and 2 earns 2": (_odd, 4),
    "for five players without any order": (_any, 5),
    "for a single player": (_any, 1),
}


def walked_once(value: Callable[[Tensor], Tensor], players: int, orders: int = 100, seed: int = 0) -> tuple[Tensor]:
    """Shapley values from random orders, each walked once; ``explain.sampled_shapley`` walks each back as well.

    Args:
        value: the game, 0/1 rows ``(M, players)`` → ``(M,)``.
        players: how many.
        orders: how many.
        seed: of them.

    Returns:
        A tuple that begins, as ``sampled_shapley``'s does, with the values, float64 ``(players,)``.
    """
    draw, shares = torch.Generator().manual_seed(seed), torch.zeros(players, dtype=torch.float64)
    for _ in range(orders):
        came = torch.randperm(players, generator=draw)
        place = torch.argsort(came)
        rows = (place < torch.arange(players + 1)[:, None]).float()  # row k: the first k have come
        shares[came] += value(rows).cpu().double().diff() / orders
    return (shares,)
