"""Games so small that nothing in them is left to chance: G has one number, D one or two."""

import math
from collections.abc import Iterator, Sequence

import torch
from torch.nn.functional import softplus

from course_lib.metrics.divergence import gaussian, integral, midpoints

Path = tuple[list[float], list[float]]  # after each turn: the generator's number; the discriminator's
REAL_MEAN = 2.0
_Z = midpoints(-6, 6, 240)  # the noise
_SHARE = gaussian(_Z, 0.0)  # its density


def line_game(
    turns: int, *, d_climbs: float = 1.0, g_descends: float = 1.0, theta: float = -1.0, w: float = 0.3, lr: float = 0.1
) -> Path:
    """G(z) = θ + z against D(x) = sigmoid(w·x + b) in turn, with exact expectations, on the score V.

    Args:
        turns: how many; in each, D takes one step, then G.
        d_climbs, g_descends: 1 as it should be; 0 for a player that stands still; −1 for one that walks the wrong way.
        theta, w: where the two begin; b begins at 0.
        lr: the step size of both.

    Returns:
        θ after each turn, and w.
    """
    played = list(_line_turns(turns, d_climbs, g_descends, theta, w, lr))
    return [after for _, after, _, _ in played], [w for *_, w, _ in played]


def line_losses(turns: int, theta: float) -> dict[str, list[float]]:
    """The line game's two minimax losses in each turn, between D's step and G's, and the θ that they are about.

    Args:
        turns: how many.
        theta: where the generator begins.

    Returns:
        ``D's loss`` (−V), ``G's loss`` (the mean of log(1 − D) over generated numbers) and ``θ`` → one a turn.
    """
    found: dict[str, list[float]] = {"D's loss": [], "G's loss": [], "θ": []}
    for before, _, w, b in _line_turns(turns, 1.0, 1.0, theta, 0.3, 0.1):
        on_real = integral(_SHARE * softplus(-w * (REAL_MEAN + _Z) - b), _Z).item()
        on_fake = integral(_SHARE * softplus(w * (before + _Z) + b), _Z).item()
        for name, number in zip(found, (on_real + on_fake, -on_fake, before), strict=True):
            found[name].append(number)
    return found


def on_arrival(thetas: Sequence[float], ws: Sequence[float]) -> str:
    """What D's weight is when θ first reaches the real mean, and how many of G's steps later it is 0: a few words.

    Args:
        thetas, ws: after each of G's steps, as in a :data:`Path`.
    """
    arrived = next((i for i, theta in enumerate(thetas) if theta >= REAL_MEAN), None)
    if arrived is None:
        return f"θ has not reached {REAL_MEAN:g}"
    back = next((i for i, w in enumerate(ws) if i > arrived and w <= 0), None)
    then = "not back at 0" if back is None else f"back at 0 after {back - arrived} more steps"
    return f"when θ first reaches {REAL_MEAN:g}, w = {ws[arrived]:.2f}, {then}"


def smallest_game(turns: int, *, in_turn: bool, theta: float = 1.0, psi: float = 0.0, lr: float = 0.2) -> Path:
    """All real numbers are 0, all generated ones θ, and D(x) = sigmoid(ψ·x) (Mescheder, Geiger and Nowozin 2018).

    Args:
        turns: how many.
        in_turn: whether G sees D's new weight; else both step at once, from the same place.
        theta, psi: where the two begin.
        lr: the step size of both.

    Returns:
        θ after each turn, and ψ.
    """
    thetas, psis = [], []
    for _ in range(turns):
        new = psi - lr * theta * _sigmoid(psi * theta)
        seen = new if in_turn else psi
        theta, psi = theta + lr * seen * _sigmoid(seen * theta), new
        thetas.append(theta)
        psis.append(psi)
    return thetas, psis


def broken_games(turns: int = 300) -> dict[str, Path]:
    """Three line games with a fault each, for the exercise: who stands still, and who walks the wrong way?

    Args:
        turns: of each game.

    Returns:
        ``A``, ``B`` and ``C`` → its path.
    """
    faults = {"A": {"d_climbs": 0.0}, "B": {"g_descends": -1.0}, "C": {"d_climbs": -1.0}}
    return {name: line_game(turns, **fault) for name, fault in faults.items()}


def _line_turns(
    turns: int, d_climbs: float, g_descends: float, theta: float, w: float, lr: float
) -> Iterator[tuple[float, float, float, float]]:
    """The line game turn by turn: θ before G's step and after it, and D's two weights between."""
    b = 0.0
    for _ in range(turns):
        real, fake = REAL_MEAN + _Z, theta + _Z
        doubted, believed = _SHARE * torch.sigmoid(-w * real - b), _SHARE * torch.sigmoid(w * fake + b)
        w += d_climbs * lr * integral(doubted * real - believed * fake, _Z).item()
        b += d_climbs * lr * integral(doubted - believed, _Z).item()
        slope_theta = -w * integral(_SHARE * torch.sigmoid(w * fake + b), _Z).item()
        before, theta = theta, theta - g_descends * lr * slope_theta
        yield before, theta, w, b


def _sigmoid(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)  # exp(−x) would overflow for a very negative x
