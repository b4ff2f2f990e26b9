"""The checks of chapter 05: the KL of two normals, the reparameterised draw, A2's loss repaired; and its others."""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from course_lib.chapters.ch05_vae.checks_bounds import bits_per_pixel, bound, floor, log_mean
from course_lib.chapters.ch05_vae.checks_codes import charged, gain_of_b, hidden_beta, in_use, obeyed_share, walk
from course_lib.learn.exercises import check
from course_lib.learn.gradients import input_without_gradient, scalar, wrong_gradient
from course_lib.learn.numbers import gap, near, table, wrong_value

__all__ = [
    "bits_per_pixel",
    "bound",
    "charged",
    "floor",
    "gain_of_b",
    "hidden_beta",
    "in_use",
    "kl",
    "log_mean",
    "obeyed_share",
    "repaired",
    "reparameterise",
    "walk",
]
_Encode: TypeAlias = Callable[[Tensor], tuple[Tensor, ...]]
_Decode: TypeAlias = Callable[[Tensor], Tensor]

_MEAN = torch.tensor([[0.3, -1.0, 0.8], [1.5, 0.2, -0.4]])  # (2, 3): two images, three latents
_LOG_VAR = torch.tensor([[0.5, -0.7, -1.2], [-0.3, 0.9, 0.4]])
_NOISE = torch.tensor([[0.9, -0.4, 1.3], [-1.1, 0.6, 0.2]])


@check(
    "kl",
    todo="return the KL divergence of two normals, one number an image",
    shows="right: for p = N(0, 1) it is the VAE's KL, and of two equal normals it is 0",
)
def kl(answer: Any) -> str | None:
    """``answer(mean_q, log_var_q, mean_p, log_var_p)``: (N, latent) each → KL(q ‖ p) in nats, (N,)."""
    g = torch.Generator().manual_seed(5)
    more = [
        [scale * torch.randn(size, generator=g) for scale in (1.0, 2.0, 2.0, 1.5)] for size in ((4, 4), (1, 2), (5, 1))
    ]
    args = _MEAN, _LOG_VAR, _MEAN.flip(0) * 0.5, _LOG_VAR.roll(1, 1) * 0.6
    return next((wrong for trial in (args, *more) if (wrong := _kl_of(answer, *trial))), None)


def _kl_of(answer: Any, *args: Tensor) -> str | None:
    mean, log_var, m, s = args
    n, latents = mean.shape
    got, right = table(answer(*(a.clone() for a in args))), _kl(*args).sum(1)
    shapes = {
        (n, latents): "that is one number a latent: add up over the latents, so that each image has one",
        (): "that is one number for all images: keep the images apart, and add up over the latents only",
        (latents,): "that adds up over the images; add up over the latents, which are the second axis",
        (n, 1): "the sum has kept an axis for the latents: drop it (no keepdim)",
    }
    assert got.shape == (n,), (
        f"for means of shape {(n, latents)} it gave shape {tuple(got.shape)}, expected {(n,)}"
        f"{': ' + shapes[tuple(got.shape)] if tuple(got.shape) in shapes else ''}"
    )
    v_q, v_p = log_var.exp(), s.exp()
    known = {
        "q and p are swapped: this is KL(p ‖ q), and a KL has a direction": _kl(m, s, mean, log_var).sum(1),
        "the sign is reversed: a KL divergence is never negative": -right,
        "the ½ in front is missing": 2 * right,
        "the −1 is missing: of two equal normals it should give 0": (_kl(*args) + 0.5).sum(1),
        "the −1 is taken away once, and not for each latent": (_kl(*args) + 0.5).sum(1) - 0.5,
        "this is the mean over the latents: add up instead": right / latents,
        "p is not looked at: this is the KL from N(0, 1)": _kl(mean, log_var, 0 * m, 0 * s).sum(1),
        "the difference of the means is not squared": (_kl(*args) + 0.5 * ((mean - m) - (mean - m) ** 2) / v_p).sum(1),
        "log_var was taken for the logarithm of a standard deviation: v is e^log_var": _kl(
            mean, 2 * log_var, m, 2 * s
        ).sum(1),
        "the exponential of ½ log_var, a standard deviation, stands where the variance should": _kl(
            mean, log_var / 2, m, s / 2
        ).sum(1),
        "the logarithms of the variances are left out": (0.5 * ((v_q + (mean - m) ** 2) / v_p - 1)).sum(1),
        "the logarithm of the variances has the wrong sign: it is log v_p − log v_q": (_kl(*args) - (s - log_var)).sum(
            1
        ),
        "the distance of the means is not divided by v_p": (_kl(*args) + 0.5 * (mean - m) ** 2 * (1 - 1 / v_p)).sum(1),
        "this is in bits: the course's log has base e": right / math.log(2),
        "added up over the images, not over the latents": _kl(*args).sum(0) if n == latents else right + math.inf,
    }
    return wrong_value(got, right, known, f"for means of shape {(n, latents)}", within=1e-4)


@check(
    "reparameterise",
    todo="return a draw from N(mean, e^log_var), made from the given noise",
    shows="right: a draw with the mean and the spread asked for, and slopes for both",
)
def reparameterise(answer: Any) -> str | None:
    """``answer(mean, log_var, noise)``: (N, latent) each → z = mean + e^(½ log_var) · noise, with gradients."""
    g = torch.Generator().manual_seed(6)
    other = [torch.randn(4, 1, generator=g) for _ in range(3)]
    return _draw(answer, _MEAN, _LOG_VAR, _NOISE) or _draw(answer, other[0], 8 * other[1], other[2])


def _draw(answer: Any, mean: Tensor, log_var: Tensor, noise: Tensor) -> str | None:
    inputs = {"mean": mean.clone().requires_grad_(), "log_var": log_var.clone().requires_grad_()}
    got = _tensor(answer(*(x * 1.0 for x in inputs.values()), noise.clone()))
    assert got.shape == mean.shape, f"it gave shape {tuple(got.shape)}, expected that of the mean, {tuple(mean.shape)}"
    sd = (0.5 * log_var).exp()
    right = mean + sd * noise
    known = {
        "the noise was multiplied by the variance e^log_var: the standard deviation is its square root": mean
        + log_var.exp() * noise,
        "the noise was multiplied by log_var itself: make a standard deviation of it first": mean + log_var * noise,
        "the noise was multiplied by ½ log_var: the exponential is missing": mean + 0.5 * log_var * noise,
        "the noise was multiplied by the square root of log_var, or of its size: take the exponential": mean
        + log_var.abs().sqrt() * noise,
        "the spread is always 1: log_var is not used": mean + noise,
        "the mean is missing": sd * noise,
        "the noise is not used: that is the mean, as in a deterministic encoder (A2's mistake)": mean,
        "that is the noise alone, which knows nothing about the image (A2's mistake)": noise,
        "the sign of log_var is reversed: a large variance must give a wide spread": mean
        + (-0.5 * log_var).exp() * noise,
        "the noise is shifted before it is stretched: stretch it first, then add the mean": (mean + noise) * sd,
        "the spread was added to the mean, without noise": mean + sd,
    }
    again = _tensor(answer(*(x * 1.0 for x in inputs.values()), noise.clone()))
    if not torch.equal(got, again):
        return "asked twice with the same noise it gives two answers: use the noise that is given, draw none"
    if wrong := wrong_value(got, right, known, "for the test values"):
        return wrong
    if name := input_without_gradient(got.sum(), inputs):
        return f"the number is right, but no slope reaches the {name}: do not detach or convert it"
    leaves = [*inputs.values()]
    return wrong_gradient(
        got.square().sum(), (leaves[0] + (0.5 * leaves[1]).exp() * noise).square().sum(), inputs, "the draw"
    )


@check(
    "repaired",
    todo="return A2's loss with its mistakes repaired: minus the ELBO, in nats an image",
    shows="right: connected, drawn, a true KL, one sigmoid, and added up over the pixels",
)
def repaired(answer: Any) -> str | None:
    """``answer(encode, decode, white, noise)``: white (N, pixels) of 0 and 1, noise (N, latent) → one number.

    The KL may be the closed form or an estimate from the draw, log q(z) − log p(z): both have the ELBO as their mean.
    """
    return (
        _repaired(answer, 2, "on two small images")
        or _repaired(answer, 5, "on five small images")
        or _repaired(answer, 4, "with logits of ±1000 (does the loss take logits?)", size=400.0)
    )


def _repaired(answer: Any, n: int, when: str, size: float = 1.0) -> str | None:
    encode, decode, white, noise, weights = _small(n, size)
    got = scalar(answer(encode, decode, white.clone(), noise.clone()))
    mean, log_var = encode(white)
    z = mean + (0.5 * log_var).exp() * noise
    cost = _kl(mean, log_var, 0 * mean, 0 * mean).sum(1).mean()

    def paid(logits: Tensor) -> Tensor:
        return bce(logits, white, reduction="sum") / n

    right, flat = paid(decode(z)) + cost, 0.5 * mean.square().sum(1).mean()
    if near(got.detach().double(), right.detach().double()):
        return wrong_gradient(got, right, weights)
    if near(got.detach().double(), (paid(decode(z)) + _estimate(mean, log_var, z).mean()).detach().double()):
        name = input_without_gradient(got, weights)
        return f"the number is right, but no slope reaches the {name}: do not detach or convert it" if name else None
    known = {
        "this is A2's loss as it stands": bce(decode(noise).sigmoid(), white) + 0.5 * mean.square().mean(),
        "the decoder is still fed the noise alone: feed it a draw from q(z|x)": paid(decode(noise)) + cost,
        "the decoder is fed the mean: make a draw, with the spread of log_var": paid(decode(mean)) + cost,
        "the draw uses the variance as its spread: take the square root": paid(decode(mean + log_var.exp() * noise))
        + cost,
        "the sigmoid is still there: this loss takes logits": paid(decode(z).sigmoid()) + cost,
        "the reconstruction is still a mean over the pixels, which is a β of the number of pixels: add up": bce(
            decode(z), white
        )
        + cost,
        "the KL has no variance: log_var must come into it": paid(decode(z)) + flat,
        "there is no KL in it": paid(decode(z)),
        "there is no reconstruction in it": cost,
        "the sign of the KL is reversed": paid(decode(z)) - cost,
        "the KL is a mean over the latents: add up": paid(decode(z)) + cost / mean.shape[1],
        "the KL is the sum over the images, the reconstruction their mean: take the mean of both": paid(decode(z))
        + n * cost,
        "the reconstruction is the sum over the images, the KL their mean: take the mean of both": n * paid(decode(z))
        + cost,
        "this is the sum over the images: take their mean": right * n,
        "this is the mean over the pixels, too: add up": right / white.shape[1],
        "the sign is reversed: this is the ELBO, and a loss is minus it": -right,
        "this is in bits: the course's log has base e": right / math.log(2),
        "the KL lacks its −1, or counts it once: it is ½ for each latent": [
            right + 0.5 * mean.shape[1],
            right + 0.5 * (mean.shape[1] - 1),
        ],
        "log_var was taken for the logarithm of a standard deviation in the KL": paid(decode(z))
        + _kl(mean, 2 * log_var, 0 * mean, 0 * mean).sum(1).mean(),
    }
    wrong = wrong_value(got, right, known, when)
    again = answer(encode, decode, white.clone(), noise.clone())  # another number: it draws for itself
    return wrong if near(table(again), got.detach().double(), 0) else _no_estimate(answer, wrong, size)


def _no_estimate(answer: Any, wrong: str | None, size: float) -> str | None:
    """``wrong``, unless the mean over many images, with the answer's own draws, is that of minus the ELBO."""
    encode, decode, white, noise, weights = _small(100_000, size)
    got = scalar(answer(encode, decode, white.clone(), noise.clone()))
    mean, log_var = encode(white)
    z = mean + (0.5 * log_var).exp() * noise
    each = bce(decode(z), white, reduction="none").sum(1)
    closed, drawn = each + _kl(mean, log_var, 0 * mean, 0 * mean).sum(1), each + _estimate(mean, log_var, z)
    error = 5 * (2 * drawn.var() / len(white)).sqrt().item()  # two independent draws
    if not abs((got - closed.mean()).item()) < error:
        return wrong
    if name := input_without_gradient(got, weights):
        return f"the number is right, but no slope reaches the {name}: do not detach or convert it"
    slopes = [
        torch.cat([g.flatten() for g in torch.autograd.grad(loss, [*weights.values()], retain_graph=True)])
        for loss in (got, closed.mean())
    ]
    if size == 1 and (slopes[0] - slopes[1]).norm() > 0.1 * slopes[1].norm():
        return f"on 100,000 images its value is that of minus the ELBO, but not its slopes: {gap(*slopes)}"
    return None


def _estimate(mean: Tensor, log_var: Tensor, z: Tensor) -> Tensor:
    """log q(z) − log p(z), an image; its mean over draws of z is the KL."""
    return (0.5 * (z.square() - (z - mean).square() / log_var.exp() - log_var)).sum(1)


def _kl(mean_q: Tensor, log_var_q: Tensor, mean_p: Tensor, log_var_p: Tensor) -> Tensor:
    """Latent by latent."""
    ratio = (log_var_q.exp() + (mean_q - mean_p).square()) / log_var_p.exp()
    return 0.5 * (log_var_p - log_var_q + ratio - 1)


def _small(n: int, size: float = 1.0) -> tuple[_Encode, _Decode, Tensor, Tensor, dict[str, Tensor]]:
    """A linear encoder (5 pixels → 2 means, 2 log variances) and decoder, n images, noise, and the weights by name.

    size: what the logits are multiplied by.
    """
    up = torch.sin(torch.arange(20.0)).reshape(5, 4).requires_grad_()
    down = torch.cos(torch.arange(10.0)).reshape(2, 5).requires_grad_()
    g = torch.Generator().manual_seed(n)
    white = (torch.rand(n, 5, generator=g) < 0.5).float()
    return (
        (lambda x: (x @ up).chunk(2, 1)),
        (lambda z: size * (z @ down)),
        white,
        torch.randn(n, 2, generator=g),
        {"encoder": up, "decoder": down},
    )


def _tensor(value: Any) -> Tensor:
    assert isinstance(value, Tensor), f"it returned a {type(value).__name__}, expected a tensor: a float has no slope"
    assert value.is_floating_point(), f"it returned the type {value.dtype}, expected floats"
    assert torch.isfinite(value).all(), "a number in it is not finite"
    return value
