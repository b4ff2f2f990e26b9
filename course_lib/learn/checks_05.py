"""The checks of notebook 05: the KL of two normals, the reparameterised draw, and A2's loss repaired."""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from course_lib.learn.exercises import check
from course_lib.learn.slopes import unreached

_MEAN = torch.tensor([[0.3, -1.0, 0.8], [1.5, 0.2, -0.4]])  # (2, 3): two images, three latents
_LOG_VAR = torch.tensor([[0.5, -0.7, -1.2], [-0.3, 0.9, 0.4]])
_NOISE = torch.tensor([[0.9, -0.4, 1.3], [-1.1, 0.6, 0.2]])


@check("kl",
       todo="return the KL divergence of two normals, one number an image",
       shows="right: for p = N(0, 1) it is the VAE's KL, and of two equal normals it is 0")
def kl(answer):
    """``answer(mean_q, log_var_q, mean_p, log_var_p)``: (N, latent) each → KL(q ‖ p) in nats, (N,)."""
    m, s = _MEAN.flip(0) * 0.5, _LOG_VAR.roll(1, 1) * 0.6
    args = _MEAN, _LOG_VAR, m, s
    got, right = _tensor(answer(*(a.clone() for a in args))), _kl(*args).sum(1)
    if got.shape == (2, 3):
        return "shape (2, 3) is one number a latent: add up over the latents, so that each image has one"
    if got.shape == ():
        return "it returned one number for all images: keep the images apart, and add up over the latents only"
    if got.shape == (3,):
        return "shape (3,): that adds up over the images; add up over the latents, which are the second axis"
    assert got.shape == (2,), f"for two images it gave shape {tuple(got.shape)}, expected (2,)"
    v_q, v_p = _LOG_VAR.exp(), s.exp()
    known = {
        "q and p are swapped: this is KL(p ‖ q), and a KL has a direction": _kl(m, s, _MEAN, _LOG_VAR).sum(1),
        "the sign is reversed: a KL divergence is never negative": -right,
        "the ½ in front is missing": 2 * right,
        "the −1 is missing: of two equal normals it should give 0": (_kl(*args) + 0.5).sum(1),
        "this is the mean over the latents: add up instead": right / 3,
        "p is not looked at: this is the KL from N(0, 1)": _kl(_MEAN, _LOG_VAR, 0 * m, 0 * s).sum(1),
        "the difference of the means is not squared":
            (_kl(*args) + 0.5 * ((_MEAN - m) - (_MEAN - m) ** 2) / v_p).sum(1),
        "log_var was taken for the logarithm of a standard deviation: v is e^log_var":
            _kl(_MEAN, 2 * _LOG_VAR, m, 2 * s).sum(1),
        "the logarithms of the variances are left out":
            (0.5 * ((v_q + (_MEAN - m) ** 2) / v_p - 1)).sum(1),
        "this is in bits: the course's log has base e": right / math.log(2),
    }
    return _explain(got, right, known, "for the test values it gives")


@check("reparameterise",
       todo="return a draw from N(mean, e^log_var), made from the given noise",
       shows="right: a draw with the mean and the spread asked for, and slopes for both")
def reparameterise(answer):
    """``answer(mean, log_var, noise)``: (N, latent) each → z = mean + e^(½ log_var) · noise, with gradients."""
    mean, log_var = _MEAN.clone().requires_grad_(), _LOG_VAR.clone().requires_grad_()
    got = _tensor(answer(mean, log_var, _NOISE.clone()))
    assert got.shape == (2, 3), f"it gave shape {tuple(got.shape)}, expected that of the mean, (2, 3)"
    right = _MEAN + (0.5 * _LOG_VAR).exp() * _NOISE
    known = {
        "the noise was multiplied by the variance e^log_var: the standard deviation is its square root":
            _MEAN + _LOG_VAR.exp() * _NOISE,
        "the noise was multiplied by log_var itself: make a standard deviation of it first": _MEAN + _LOG_VAR * _NOISE,
        "the noise was multiplied by ½ log_var: the exponential is missing": _MEAN + 0.5 * _LOG_VAR * _NOISE,
        "the noise was multiplied by the square root of log_var, or of its size: take the exponential":
            _MEAN + _LOG_VAR.abs().sqrt() * _NOISE,
        "the spread is always 1: log_var is not used": _MEAN + _NOISE,
        "the mean is missing": (0.5 * _LOG_VAR).exp() * _NOISE,
        "the noise is not used: that is the mean, as in a deterministic encoder (A2's mistake)": _MEAN,
        "that is the noise alone, which knows nothing about the image (A2's mistake)": _NOISE,
        "the sign of log_var is reversed: a large variance must give a wide spread":
            _MEAN + (-0.5 * _LOG_VAR).exp() * _NOISE,
    }
    again = _tensor(answer(mean, log_var, _NOISE.clone()))
    if not torch.equal(got, again):
        return "asked twice with the same noise it gives two answers: use the noise that is given, draw none"
    return (_explain(got, right, known, "for the test values the first entry is")
            or _slopes(got.sum(), {"mean": mean, "log_var": log_var}))


@check("repaired",
       todo="return A2's loss with its mistakes repaired: minus the ELBO, in nats an image",
       shows="right: connected, drawn, a true KL, one sigmoid, and added up over the pixels")
def repaired(answer):
    """``answer(encode, decode, white, noise)``: white (N, pixels) of 0 and 1, noise (N, latent) → one number."""
    encode, decode, white, weights = _small()
    mean, log_var = encode(white)
    noise = _NOISE[:, :2]
    got = _tensor(answer(encode, decode, white.clone(), noise.clone()))
    assert got.numel() == 1, f"it gave shape {tuple(got.shape)}, expected one number: the mean over the images"
    z, cost = mean + (0.5 * log_var).exp() * noise, _kl(mean, log_var, 0 * mean, 0 * mean).sum(1).mean()

    def paid(logits):
        return bce(logits, white, reduction="sum") / len(white)

    right, flat = paid(decode(z)) + cost, 0.5 * mean.square().sum(1).mean()
    known = {
        "this is A2's loss as it stands": bce(decode(noise).sigmoid(), white) + 0.5 * mean.square().mean(),
        "the decoder is still fed the noise alone: feed it a draw from q(z|x)": paid(decode(noise)) + cost,
        "the decoder is fed the mean: make a draw, with the spread of log_var": paid(decode(mean)) + cost,
        "the draw uses the variance as its spread: take the square root":
            paid(decode(mean + log_var.exp() * noise)) + cost,
        "the sigmoid is still there: this loss takes logits": paid(decode(z).sigmoid()) + cost,
        "the reconstruction is still a mean over the pixels, which is a β of the number of pixels: add up":
            bce(decode(z), white) + cost,
        "the KL has no variance: log_var must come into it": paid(decode(z)) + flat,
        "there is no KL in it": paid(decode(z)),
        "the sign of the KL is reversed": paid(decode(z)) - cost,
        "the KL is a mean over the latents: add up": paid(decode(z)) + cost / 2,
        "this is the sum over the images: take their mean": right * len(white),
        "the sign is reversed: this is the ELBO, and a loss is minus it": -right,
    }
    return _explain(got.reshape(()), right, known, "on two small images it gives") or _slopes(got.sum(), weights)


def _kl(mean_q, log_var_q, mean_p, log_var_p):
    """Latent by latent."""
    ratio = (log_var_q.exp() + (mean_q - mean_p).square()) / log_var_p.exp()
    return 0.5 * (log_var_p - log_var_q + ratio - 1)


def _small():
    """A linear encoder (5 pixels → 2 means, 2 log variances) and decoder, two images, and the weights by name."""
    up = torch.sin(torch.arange(20.0)).reshape(5, 4).requires_grad_()
    down = torch.cos(torch.arange(10.0)).reshape(2, 5).requires_grad_()
    white = torch.tensor([[1.0, 0, 1, 1, 0], [0, 0, 1, 0, 1]])
    return (lambda x: (x @ up).chunk(2, 1)), (lambda z: z @ down), white, {"encoder": up, "decoder": down}


def _tensor(value) -> Tensor:
    assert isinstance(value, Tensor), f"it returned a {type(value).__name__}, expected a tensor: a float has no slope"
    assert torch.isfinite(value).all(), "a number in it is not finite"
    return value


def _explain(got, right, known, opening):
    def same(a):
        return a.shape == got.shape and torch.allclose(got.detach().double(), a.detach().double(), atol=1e-5)

    if same(right):
        return None
    for sentence, number in known.items():
        if same(number):
            return sentence
    return f"{opening} {got.flatten()[0].item():.4f}, expected {right.flatten()[0].item():.4f}"


def _slopes(value, inputs):
    if name := unreached(value, inputs):
        return f"the number is right, but no slope reaches the {name}: do not detach or convert it"
    return None
