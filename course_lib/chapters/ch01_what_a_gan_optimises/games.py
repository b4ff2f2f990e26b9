"""Games so small that nothing in them is left to chance: G has one number, D one or two."""

import math

import torch

from course_lib.metrics.divergence import gaussian, integral, midpoints

Path = tuple[list[float], list[float]]  # after each turn: the generator's number; the discriminator's
REAL_MEAN = 2.0


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
    z = midpoints(-6, 6, 240)
    share, b = gaussian(z, 0.0), 0.0
    thetas, ws = [], []
    for _ in range(turns):
        real, fake = REAL_MEAN + z, theta + z
        doubted, believed = share * torch.sigmoid(-w * real - b), share * torch.sigmoid(w * fake + b)
        slope_w, slope_b = integral(doubted * real - believed * fake, z).item(), integral(doubted - believed, z).item()
        w, b = w + d_climbs * lr * slope_w, b + d_climbs * lr * slope_b
        slope_theta = -w * integral(share * torch.sigmoid(w * fake + b), z).item()
        theta -= g_descends * lr * slope_theta
        thetas.append(theta)
        ws.append(w)
    return thetas, ws


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


def _sigmoid(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)  # exp(−x) would overflow for a very negative x
