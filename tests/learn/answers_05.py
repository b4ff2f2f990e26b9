"""Answers to notebook 05's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def stub(*args):
    raise NotImplementedError("your turn")


def each(m, lv, pm, plv):
    return 0.5 * (plv - lv + (lv.exp() + (m - pm) ** 2) / plv.exp() - 1)


def kl(m, lv, pm, plv):
    return each(m, lv, pm, plv).sum(1)


def draw(mean, log_var, noise):
    return mean + (log_var / 2).exp() * noise


def loss(z_of=draw, paid=lambda logits, white: bce(logits, white, reduction="sum") / len(white), share=1.0,
         cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).mean()):  # fmt: skip
    def answer(encode, decode, white, noise):
        mean, log_var = encode(white)
        return paid(decode(z_of(mean, log_var, noise)), white) + share * cost_of(mean, log_var)
    return answer


def a2(encode, decode, white, noise):
    code, _ = encode(white)
    return bce(decode(noise).sigmoid(), white) + 0.5 * code.square().mean()


def own_noise(mean, log_var, noise):
    return draw(mean, log_var, torch.randn_like(noise))


ANSWERS = {
    "kl": (kl, stub, {
        "swapped": lambda m, lv, pm, plv: kl(pm, plv, m, lv),
        "sign is reversed": lambda *a: -kl(*a),
        "½ in front": lambda *a: 2 * kl(*a),
        "−1 is missing": lambda *a: (each(*a) + 0.5).sum(1),
        "mean over the latents": lambda *a: each(*a).mean(1),
        "p is not looked at": lambda m, lv, pm, plv: kl(m, lv, 0 * m, 0 * lv),
        "not squared": lambda m, lv, pm, plv: (0.5 * (plv - lv + (lv.exp() + m - pm) / plv.exp() - 1)).sum(1),
        "logarithm of a standard deviation": lambda m, lv, pm, plv: kl(m, 2 * lv, pm, 2 * plv),
        "left out": lambda m, lv, pm, plv: (0.5 * ((lv.exp() + (m - pm) ** 2) / plv.exp() - 1)).sum(1),
        "in bits": lambda *a: kl(*a) / math.log(2),
        "one number a latent": each,
        "for all images": lambda *a: each(*a).sum(),
        "over the images": lambda *a: each(*a).sum(0),
        "it gives": lambda *a: kl(*a) + 1,
        "expected a tensor": lambda *a: kl(*a).tolist(),
        "not finite": lambda *a: kl(*a) / 0,
    }),
    "reparameterise": (draw, stub, {
        "by the variance": lambda m, lv, e: m + lv.exp() * e,
        "by log_var itself": lambda m, lv, e: m + lv * e,
        "exponential is missing": lambda m, lv, e: m + 0.5 * lv * e,
        "square root of log_var": lambda m, lv, e: m + lv.abs().sqrt() * e,
        "always 1": lambda m, lv, e: m + e,
        "mean is missing": lambda m, lv, e: (lv / 2).exp() * e,
        "deterministic encoder": lambda m, lv, e: m,
        "noise alone": lambda m, lv, e: e,
        "sign of log_var": lambda m, lv, e: draw(m, -lv, e),
        "two answers": own_noise,
        "no slope reaches the mean": lambda m, lv, e: draw(m.detach(), lv, e),
        "no slope reaches the log_var": lambda m, lv, e: draw(m, lv.detach(), e),
        "expected that of the mean": lambda m, lv, e: draw(m, lv, e).sum(1),
    }),
    "repaired": (loss(), stub, {
        "as it stands": a2,
        "noise alone": loss(lambda m, lv, e: e),
        "fed the mean": loss(lambda m, lv, e: m),
        "square root": loss(lambda m, lv, e: m + lv.exp() * e),
        "sigmoid is still there": loss(paid=lambda o, w: bce(o.sigmoid(), w, reduction="sum") / len(w)),
        "mean over the pixels": loss(paid=bce),
        "no variance": loss(cost_of=lambda m, lv: 0.5 * m.square().sum(1).mean()),
        "no KL": loss(share=0.0),
        "sign of the KL": loss(share=-1.0),
        "mean over the latents": loss(share=0.5),
        "sum over the images": lambda *a: loss()(*a) * 2,
        "this is the ELBO": lambda *a: -loss()(*a),
        "no slope reaches the encoder": loss(lambda m, lv, e: draw(m, lv, e).detach(),
                                             cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).mean().detach()),
        "on two small images": lambda *a: loss()(*a) + 1,
        "expected one number": loss(paid=lambda o, w: bce(o, w, reduction="none").sum(1)),
    }),
}
RIGHT_TOO = {"reparameterise": [lambda m, lv, e: torch.addcmul(m, lv.mul(0.5).exp(), e)]}
