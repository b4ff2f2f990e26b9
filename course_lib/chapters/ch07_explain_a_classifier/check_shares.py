"""The checks of lesson 07.1: what a player adds, Shapley values by coalitions, a faulty sampling of orders."""

import itertools
import math
from collections.abc import Callable, Collection
from typing import Any

import torch
from torch import Tensor

from course_lib.chapters.ch07_explain_a_classifier.games import GAMES, Game
from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value
from course_lib.learn.wording import number_text


@check(
    "rise",
    todo="return what the total rises by when the player joins",
    shows="right: what they earn with the player, minus what they earn without",
)
def rise(answer: Any) -> str | None:
    """``answer(value, there, player)``: a game, the set of those who are there, one who is not → a number."""
    four = "for four players, where 0 and 1 earn 6 together and 2 earns 2"  # here each mistake gives another number
    trials = [(four, *GAMES[four], {0, 2}, 1)]
    for when, (value, n) in GAMES.items():
        for size in range(n):
            for group in itertools.combinations(range(n), size):
                trials += [(when, value, n, set(group), player) for player in range(n) if player not in group]
    return next((wrong for trial in trials if (wrong := _rise(answer, *trial))), None)


def _rise(answer: Any, when: str, value: Game, n: int, group: set[int], player: int) -> str | None:
    there, everyone = set(group), set(range(n))
    got = number(answer(_asked(value, n), there, player))
    if there != group:
        return f"the set of those who are there was changed, from {group or '{}'} to {there}: make a new one"
    before, after = value(group), value({*group, player})
    known = {
        "that is what they earn together: take away what the others earn without the player": after,
        "the sign is turned: with the player minus without": before - after,
        "that is what the player earns alone: take it together with those who are there": value({player})
        - value(set()),
        "that counts what those who are there earn already: take v(there), not v of nobody": after - value(set()),
        "that is what is lost when the player leaves everyone: only those who are there count": value(everyone)
        - value(everyone - {player}),
        "that is what the others earn without the player: how much more is it with the player?": before,
    }
    right = after - before
    known = {sentence: wrong for sentence, wrong in known.items() if abs(wrong - right) > 1e-6}
    return wrong_value(got, right, known, f"{when}, when {player} joins {sorted(group) or 'nobody'}", within=1e-6)


@check(
    "shapley",
    todo="return the Shapley values of all n players",
    shows="right: it gives 2/3, 1/6, 1/6 for the gloves, and nothing to whom adds nothing",
)
def shapley(answer: Any) -> str | None:
    """``answer(value, n)``: value of a set of players → n numbers."""
    return next((wrong for when, game in GAMES.items() if (wrong := _shapley(answer, when, *game))), None)


def _shapley(answer: Any, when: str, value: Game, n: int) -> str | None:
    result = answer(_asked(value, n), n)
    if isinstance(result, dict) and set(result) == set(range(n)):
        result = [result[player] for player in range(n)]
    got, right = table(result), _owed(value, n)
    assert got.numel() == n, f"it returned {got.numel()} numbers for {n} players"
    got, everyone, last = got.flatten(), set(range(n)), n - 1
    known = {
        "everyone gets 0: look at coalitions larger than the empty one, too": torch.zeros(n),
        "that is what is lost when one leaves all the others: take the mean over all coalitions": [
            value(everyone) - value(everyone - {i}) for i in range(n)
        ],
        "that is what each earns alone: take the mean over all coalitions, not over the empty one": torch.tensor(
            [value({i}) - value(set()) for i in range(n)]
        ),
        "that counts every coalition alike: weigh it by s! (n − s − 1)! / n!": _owed(
            value, n, lambda s: 1 / 2 ** (n - 1)
        ),
        "the rises were added up without their weights s! (n − s − 1)! / n!": _owed(value, n, lambda s: 1),
        "the largest coalitions are missing: sizes go up to n − 1, with that included": _owed(
            value, n, lambda s: _weight(s, n) * (s < last)
        ),
        "the empty coalition is missing: sizes begin at 0": _owed(value, n, lambda s: _weight(s, n) * (s > 0)),
        "n times too much: divide by n!, not by (n − 1)!": n * right,
        "the weight is s! (n − s)! / n!: it should have n − s − 1 in it": _owed(
            value, n, lambda s: _weight(s, n) * (n - s)
        ),
        "what the empty coalition earns belongs to nobody: take rises, v(S ∪ {i}) − v(S)": right + value(set()) / n,
        "the values were added up, and not the rises v(S ∪ {i}) − v(S)": _owed(lambda s: value(s), n, rises=False),
        "the signs are reversed: v(S ∪ {i}) − v(S)": -right,
        "everyone gets the same: whoever adds more is owed more": torch.full((n,), right.sum().item() / n),
    }
    known = {s: torch.tensor(w) if isinstance(w, list) else w for s, w in known.items()} if n > 1 else {}
    if wrong := wrong_value(got, right, known, when, within=1e-6):
        spread = (table(answer(value, n)).flatten() - got).abs().max()
        sampled = "; asked twice it gives two answers: this exercise wants all coalitions, not a sample of orders"
        missing = f"; they sum to {got.sum():.4g}, and all players earn {right.sum():.4g} over nobody"
        return (
            f"{wrong}; all values: {[round(v, 3) for v in got.tolist()]}, expected "
            f"{[round(v, 3) for v in right.tolist()]}{sampled if spread > 0 else ''}"
            f"{missing if abs(got.sum() - right.sum()) > 1e-6 else ''}"
        )
    return None


def _weight(s: int, n: int) -> float:
    return math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n)


def _owed(value: Game, n: int, weight: Callable[[int], float] | None = None, rises: bool = True) -> Tensor:
    out = torch.zeros(n, dtype=torch.float64)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for s in range(n):
            for group in itertools.combinations(others, s):
                rise = value({*group, i}) - (value(set(group)) if rises else 0)
                out[i] += (weight(s) if weight else _weight(s, n)) * rise
    return out


@check(
    "sampled",
    todo="repair the three mistakes, and return the n shares",
    shows="right: each order is a new one and begins with nobody, and the sum fits after a single order",
)
def sampled(answer: Any) -> str | None:
    """``answer(value, n, orders, seed)``: → n shares, the mean rises over so many random orders."""
    return next((wrong for when, game in GAMES.items() if (wrong := _sampled(answer, when, *game))), None)


def _sampled(answer: Any, when: str, value: Game, n: int) -> str | None:
    def shares(orders: int, seed: int) -> Tensor:
        return table(answer(_asked(value, n), n, orders, seed), (n,))

    earned = value(set(range(n))) - value(set())
    for orders in (n + 4, 1, 3):
        got = shares(orders, 5)
        if not torch.equal(got, shares(orders, 5)):
            return "asked twice with the same seed it gives two answers: draw the orders from the seed alone"
        if abs(got.sum() - earned) > 1e-6:
            total = f"they sum to {number_text(got.sum().item())}, and all earn {earned:.4g} more than nobody"
            sums = f"{when}, {orders} order{'s' * (orders > 1)}: {total}"
            if abs(got.sum() * n / orders - earned) < 1e-6:
                return f"{sums}; divide by the number of orders, not of players"
            if abs(got.sum() / orders - earned) < 1e-6:
                return f"{sums}; divide by the number of orders: the mean rise, not the sum"
            return f"{sums}; each order begins with nobody there, and so with what nobody earns"
    if n < 5:  # in a small game of pairs, an order walked both ways may give the same each time, and rightly so
        return None
    singles = [shares(1, seed) for seed in range(20)]
    if all(torch.allclose(one, singles[0]) for one in singles):
        return f"{when}: 20 seeds gave the same shares for one order: draw each order at random, from the seed"
    got, (right, spread) = shares(1500, 11), _over_orders(value, n)
    off, allowed = (got - right).abs(), 6 * spread / 1500**0.5 + 1e-6
    if (off > allowed).any():
        i = int((off - allowed).argmax())
        return (
            f"{when}, 1,500 orders: player {i} gets {got[i]:.4g}, and the mean over all orders is {right[i]:.4g}; a "
            f"difference of {number_text(off[i].item())} is no chance: is each order a new one?"
        )
    return None


def _over_orders(value: Game, n: int) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each player's rise over all orders."""
    rises = []
    for order in itertools.permutations(range(n)):
        one = torch.zeros(n, dtype=torch.float64)
        for place, i in enumerate(order):
            one[i] = value(set(order[: place + 1])) - value(set(order[:place]))
        rises.append(one)
    return torch.stack(rises).mean(0), torch.stack(rises).std(0, correction=0)


def _asked(value: Game, n: int) -> Game:
    """The game, which refuses players that it has not."""

    def players(coalition: Collection[int]) -> float:
        assert set(coalition) <= set(range(n)), (
            f"value was asked about {sorted(coalition)}: the players are 0 to {n - 1}"
        )
        return value(coalition)

    return players
