"""Checks of lessons 05.3 and 05.4: a hidden β, latents in use, free bits, two models, a digit on demand, a walk."""

import math
from typing import Any

import torch

from course_lib.learn.exercises import check
from course_lib.learn.gradients import scalar, wrong_gradient
from course_lib.learn.numbers import near, number, table, wrong_value


@check(
    "hidden_beta",
    todo="return the β that hides in a mean squared error, from the number of pixels",
    shows="right: 392 for a digit, where its author believes in 1",
)
def hidden_beta(answer: Any) -> str | None:
    """``answer(pixels)`` → pixels / 2."""
    for pixels in (784, 3072, 12_288, 1):
        got, right = number(answer(pixels)), pixels / 2
        known = {
            "the ½ of the Gaussian is forgotten: at σ = 1 its squares have ½ before them": float(pixels),
            "the ½ has come in the wrong way round": 2.0 * pixels,
            "turned round: the squares are divided, so the KL counts more beside them": [2 / pixels, 1 / pixels],
            "this is what the squares are multiplied by: what stands before the KL, once they have their ½?": 0.5
            / pixels,
            "this is σ: β is its square": math.sqrt(pixels / 2),
            "this is right for 784 pixels: compute it from the number that is given": 392.0,
            "1 is what the author believes: a mean over the pixels divides the squares by their number": 1.0,
        }
        if wrong := wrong_value(got, right, known, f"for {pixels:,} pixels"):
            return wrong
    return None


@check(
    "in_use",
    todo="return how many latents have a mean KL above 0.1 nats",
    shows="right: a latent is counted by its mean over the pictures, and a collapsed code has none in use",
)
def in_use(answer: Any) -> str | None:
    """``answer(mean, log_var)``: (N, latent) each → how many latents have a KL above 0.1, as a mean over N."""
    for name, mean, log_var in _codes():
        got = number(_plain(answer(mean.clone(), log_var.clone())))
        each = 0.5 * (mean.square() + log_var.exp() - 1 - log_var)  # (N, latent)
        n, right = len(each), int((each.mean(0) > 0.1).sum())
        known = {
            "each picture's KL is compared with 0.1: take the mean over the pictures first": [
                (each > 0.1).sum(),
                (each > 0.1).any(0).sum(),
                (each > 0.1).all(0).sum(),
                (each > 0.1).sum() / n,
            ],
            "this counts pictures, not latents: the latents are axis 1": [
                (each.mean(1) > 0.1).sum(),
                (each.sum(1) > 0.1).sum(),
            ],
            "the KL is added up over the pictures: take the mean": (each.sum(0) > 0.1).sum(),
            "this is the mean KL added up over the latents, not a count": each.mean(0).sum(),
            "the ½ in front is missing": (2 * each.mean(0) > 0.1).sum(),
            "only the means are looked at: a small variance is charged, too": [
                (0.5 * mean.square().mean(0) > 0.1).sum(),
                (mean.square().mean(0) > 0.1).sum(),
                (mean.abs().mean(0) > 0.1).sum(),
                (mean.std(0) > 0.1).sum(),
            ],
            "this is the number of latents that are NOT in use": each.shape[1] - right,
            "this is a share: return how many": right / each.shape[1],
            "the logarithm's sign is reversed in the KL": (
                0.5 * (mean.square() + log_var.exp() - 1 + log_var).mean(0) > 0.1
            ).sum(),
        }
        if wrong := wrong_value(got, right, known, f"for {name}"):
            return wrong
    return None


def _codes() -> list[tuple[str, torch.Tensor, torch.Tensor]]:
    g = torch.Generator().manual_seed(9)

    def code(n: int, means: list[float], log_vars: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
        spread = torch.tensor(means) * torch.randn(n, len(means), generator=g)
        return spread, torch.tensor(log_vars) + 0.05 * torch.randn(n, len(log_vars), generator=g)

    # Three latents are in use by their means and two by their variance; the rest is not: four say nothing, two have one
    # far picture, one says a little.
    mixed = code(200, [1.0] * 3 + [0.0] * 2 + [0.05] * 4 + [0.0] * 2 + [0.35], [0.0] * 3 + [-1.5] * 2 + [0.0] * 7)
    mixed[0][0, 9:11] = 4.0  # a KL of 8 nats, in one picture of two hundred
    return [
        ("a code of 12 latents", *mixed),
        ("a collapsed code", torch.zeros(7, 4), torch.zeros(7, 4)),
        ("a code of 3 latents for 3 pictures", *code(3, [2.0, 2.0, 2.0], [-3.0, -3.0, -3.0])),
    ]


def _plain(result: Any) -> Any:
    """A count as a number, whatever type it is of: a single True would be refused as one."""
    return int(result) if isinstance(result, bool) else result


@check(
    "charged",
    todo="return what is charged with free bits: one number",
    shows="right: below its free nats a latent costs the same whatever it says, and has no slope",
)
def charged(answer: Any) -> str | None:
    """``answer(kl_each, free)``: (N, latent) → Σ_j max(free, mean over N of KL_j)."""
    base = torch.tensor([[0.1, 2.0, 0.3, 0.0], [0.5, 1.0, 1.3, 0.2], [0.0, 0.6, 0.2, 0.1]])
    for kl_each, free in ((base, 0.5), (base, 0.0), (base, 5.0), (base.T.contiguous(), 0.4), (base[:1], 0.2)):
        leaf = kl_each.clone().requires_grad_()
        got, of_latents = scalar(answer(leaf * 1.0, free), "the charge"), leaf.mean(0)
        right = of_latents.clamp(min=free).sum()
        known = {
            "each picture's KL is raised to the free nats: take the mean over the pictures first": [
                leaf.clamp(min=free).mean(0).sum(),
                leaf.clamp(min=free).sum(),
            ],
            "each latent has free nats of its own: compare before adding up": [
                of_latents.sum(),
                of_latents.sum().clamp(min=free),
                leaf.sum(1).clamp(min=free).mean(),
            ],
            "the smaller of the two is taken: that charges at most the free nats": of_latents.clamp(max=free).sum(),
            "the free nats are taken away: the same slopes, but the formula charges them, too": [
                (of_latents - free).clamp(min=0).sum(),
                (of_latents - free).sum(),
            ],
            "averaged over the latents: add up": right / len(of_latents),
            "added up over the pictures: take their mean": leaf.sum(0).clamp(min=free).sum(),
            "the axes are swapped: the pictures are axis 0": leaf.mean(1).clamp(min=free).sum(),
            "latents below the free nats are left out: they are charged the free nats": of_latents[
                of_latents > free
            ].sum(),
            "the sign is reversed": -right,
        }
        if wrong := wrong_value(got, right, known, f"for a KL of shape {tuple(kl_each.shape)} and {free} nats free"):
            return wrong
        if (of_latents > free).any() and (wrong := wrong_gradient(got, right, {"KL": leaf}, "the charge")):
            return wrong
    return None


@check(
    "gain_of_b",
    todo="return two numbers: by how many nats B is better on average, and the standard error of that",
    shows="right: the same digits under both, so what makes a digit hard for both drops out",
)
def gain_of_b(answer: Any) -> str | None:
    """``answer(nll_a, nll_b)``: (N,) each → mean of a − b, and its standard error."""
    g = torch.Generator().manual_seed(10)
    for n, lead in ((250, 2.0), (40, -0.7), (6, 1.0)):
        hard = 110 + 30 * torch.randn(n, generator=g, dtype=torch.float64)
        a, b = (hard + shift + 3 * torch.randn(n, generator=g, dtype=torch.float64) for shift in (lead, 0.0))
        got = table(answer(a.clone(), b.clone()), what="it returned")
        assert got.shape == (2,), (
            f"it returned the shape {tuple(got.shape)}, expected two numbers: the gain and its error"
        )
        ahead = a - b
        error, spread = ahead.std() / n**0.5, ahead.std()
        right = torch.stack([ahead.mean(), error])
        if near(got, torch.stack([ahead.mean(), ahead.std(correction=0) / n**0.5])):
            continue  # the standard deviation with n instead of n − 1
        both = (a.var() / n + b.var() / n).sqrt()
        known = {
            "the sign is reversed: a lower NLL is better, so B is better where A's is higher": torch.stack(
                [-ahead.mean(), error]
            ),
            "these are the errors of two unlike sets of digits: take the difference of each digit first": [
                torch.stack([ahead.mean(), both]),
                torch.stack([ahead.mean(), (a.std() + b.std()) / n**0.5]),
                torch.stack([ahead.mean(), (a.std() - b.std()).abs() / n**0.5]),
            ],
            "this is the standard deviation of one digit: that of the mean is smaller by the root of their number": (
                torch.stack([ahead.mean(), spread])
            ),
            "divided by the number of digits, not by its root": torch.stack([ahead.mean(), spread / n]),
            "the variance stands where the standard deviation should": torch.stack(
                [ahead.mean(), ahead.var() / n**0.5]
            ),
            "this is the sum over the digits: take the mean": torch.stack([ahead.sum(), error]),
            "the distances of the digits are averaged without their sign": torch.stack([ahead.abs().mean(), error]),
            "the two numbers are swapped: first the gain, then its error": right.flip(0),
            "this is the half-width of a 95 % interval: return one standard error": torch.stack(
                [ahead.mean(), 1.96 * error]
            ),
        }
        if wrong := wrong_value(got, right, known, f"for {n} digits"):
            return wrong
    return None


@check(
    "obeyed_share",
    todo="return the share of pictures that the judge reads as asked",
    shows="right: what counts is what is read, not how sure the judge is",
)
def obeyed_share(answer: Any) -> str | None:
    """``answer(probabilities, asked)``: (N, 10), (N,) → the share of rows whose largest is at ``asked``."""
    g = torch.Generator().manual_seed(11)
    for n in (200, 10, 7):
        p = (2 * torch.randn(n, 10, generator=g)).softmax(1)
        asked = torch.where(torch.rand(n, generator=g) < 0.6, p.argmax(1), torch.randint(10, (n,), generator=g))
        got, read = number(answer(p.clone(), asked.clone())), p.argmax(1)
        right = (read == asked).double().mean()
        of_asked = p.gather(1, asked[:, None])[:, 0]
        known = {
            "this is how many: return their share": (read == asked).sum(),
            "this is the share that is NOT drawn as asked": 1 - right,
            "this is the mean probability of the digit asked for, not how often it is the largest": of_asked.mean(),
            "this is the judge's mean confidence: it may be sure of another digit": p.max(1).values.mean(),
            "a probability above ½ is asked for: the largest is enough": (of_asked > 0.5).double().mean(),
            "the largest is taken over the pictures: each picture is a row": (p.argmax(0) == asked[:10]).double().mean()
            if n == 10
            else math.inf,
            "this is a percentage: return a share from 0 to 1": 100 * right,
        }
        if wrong := wrong_value(got, right, known, f"for {n} pictures"):
            return wrong
    return None


@check(
    "walk",
    todo="return the points of a straight line from a to b, both ends among them",
    shows="right: from one code to the other in equal steps",
)
def walk(answer: Any) -> str | None:
    """``answer(a, b, steps)``: (latent,) each → (steps, latent)."""
    g = torch.Generator().manual_seed(12)
    for latent, steps in ((3, 5), (10, 11), (4, 4), (20, 2)):
        a, b = torch.randn(2, latent, generator=g)
        got = table(answer(a.clone(), b.clone(), steps))
        if got.shape == (latent, steps) and latent != steps:
            return f"the axes are swapped: it gave {(latent, steps)}, expected one point a row, {(steps, latent)}"
        if got.shape == (steps - 2, latent) or got.shape == (steps + 1, latent) or got.shape == (steps + 2, latent):
            return f"it gave {len(got)} points, expected {steps}, the two ends among them"
        assert got.shape == (steps, latent), f"it gave the shape {tuple(got.shape)}, expected {(steps, latent)}"
        share = torch.linspace(0, 1, steps)[:, None]
        right = a + share * (b - a)
        part = torch.arange(steps)[:, None] / steps
        known = {
            "the way back: it begins at b": right.flip(0),
            "the last point is not b: steps points have steps − 1 gaps": a + part * (b - a),
            "the first point is not a: it is among the points": a + (part + 1 / steps) * (b - a),
            "both ends are left out": a + (torch.arange(1, steps + 1)[:, None] / (steps + 1)) * (b - a),
            "b is added, not b − a: at the end you are at a + b": a + share * b,
            "the shares do not add up to 1: what b gains, a must lose": share * a + share * b,
            "the axes are swapped: one point a row": right.T if latent == steps else right + math.inf,
            "the length changes on the way: this line is bent towards a sphere": _slerp(a, b, steps),
        }
        if wrong := wrong_value(got, right, known, f"for {steps} points"):
            return wrong
    return None


def _slerp(a: torch.Tensor, b: torch.Tensor, steps: int) -> torch.Tensor:
    angle = torch.arccos((a @ b / (a.norm() * b.norm())).clamp(-1, 1))
    share = torch.linspace(0, 1, steps)[:, None]
    return (torch.sin((1 - share) * angle) * a + torch.sin(share * angle) * b) / torch.sin(angle)
