"""Answers to notebook 05's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

import math

import numpy as np
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def stub(*args):
    raise NotImplementedError("your turn")


def each(m, lv, pm, plv):
    return 0.5 * (plv - lv + (lv.exp() + (m - pm) ** 2) / plv.exp() - 1)


def kl(m, lv, pm, plv):
    return each(m, lv, pm, plv).sum(1)


def draw(mean, log_var, noise):
    return mean + (log_var / 2).exp() * noise


def loss(
    z_of=draw,
    paid=lambda logits, white: bce(logits, white, reduction="sum") / len(white),
    share=1.0,
    cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).mean(),
):
    def answer(encode, decode, white, noise):
        mean, log_var = encode(white)
        return paid(decode(z_of(mean, log_var, noise)), white) + share * cost_of(mean, log_var)

    return answer


def a2(encode, decode, white, noise):
    code, _ = encode(white)
    return bce(decode(noise).sigmoid(), white) + 0.5 * code.square().mean()


def own_noise(mean, log_var, noise):
    return draw(mean, log_var, torch.randn_like(noise))


def monte_carlo(encode, decode, white, noise):
    """The KL from the one draw: log q(z) − log p(z)."""
    mean, log_var = encode(white)
    z = draw(mean, log_var, noise)
    log_q, log_p = Normal(mean, (log_var / 2).exp()).log_prob(z), Normal(0.0, 1.0).log_prob(z)
    return (bce(decode(z), white, reduction="none").sum(1) + (log_q - log_p).sum(1)).mean()


def own_draws(encode, decode, white, noise, k=8):
    """Everything from draws of one's own."""
    mean, log_var = encode(white)
    q, total = Normal(mean, (log_var / 2).exp()), 0.0
    for _ in range(k):
        z = q.rsample()
        total = (
            total
            + (
                bce(decode(z), white, reduction="none").sum(1) + (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1)
            ).mean()
        )
    return total / k


def drawn_kl_too_small(encode, decode, white, noise):
    mean, log_var = encode(white)
    q = Normal(mean, (log_var / 2).exp())
    z = q.rsample()
    return (
        bce(decode(z), white, reduction="none").sum(1) + 0.9 * (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).sum(1)
    ).mean()


def with_distributions(encode, decode, white, noise):
    mean, log_var = encode(white)
    q = Normal(mean, (log_var / 2).exp())
    log_p = Bernoulli(logits=decode(q.loc + q.scale * noise)).log_prob(white).sum(1)
    return (kl_divergence(q, Normal(0.0, 1.0)).sum(1) - log_p).mean()


def image_by_image(encode, decode, white, noise):
    total = 0.0
    for x, e in zip(white.split(1), noise.split(1), strict=True):
        mean, log_var = encode(x)
        total = total + bce(decode(draw(mean, log_var, e)), x, reduction="sum") + kl(mean, log_var, 0 * mean, 0 * mean)
    return total / len(white)


def one_by_one(m, lv, pm, plv):
    out = []
    for row in zip(m.tolist(), lv.tolist(), pm.tolist(), plv.tolist(), strict=True):
        out.append(
            sum(0.5 * (d - b + (math.exp(b) + (a - c) ** 2) / math.exp(d) - 1) for a, b, c, d in zip(*row, strict=True))
        )
    return out


ANSWERS = {
    "kl": (
        kl,
        stub,
        {
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
            "for means of shape (2, 3): at [": lambda *a: kl(*a) + 0.3,
            "infinite": lambda *a: kl(*a) / 0,
            "keepdim": lambda *a: each(*a).sum(1, keepdim=True),
            "once, and not for each": lambda *a: (each(*a) + 0.5).sum(1) - 0.5,
            "where the variance should": lambda m, lv, pm, plv: kl(m, lv / 2, pm, plv / 2),
            "has the wrong sign": lambda m, lv, pm, plv: (each(m, lv, pm, plv) + lv - plv).sum(1),
            "not divided by v_p": lambda m, lv, pm, plv: (each(m, lv, m, plv) + 0.5 * (m - pm) ** 2).sum(1),
            "over the images, not": lambda *a: each(*a).sum(0) if len(a[0]) == a[0].shape[1] else kl(*a),
        },
    ),
    "reparameterise": (
        draw,
        stub,
        {
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
            "shifted before": lambda m, lv, e: (m + e) * (lv / 2).exp(),
            "without noise": lambda m, lv, e: m + (lv / 2).exp(),
            "slope of the draw by the log_var": lambda m, lv, e: draw(m, lv.detach(), e) + lv - lv.detach(),
            "expected a tensor": lambda m, lv, e: draw(m, lv, e).tolist(),
            "no slope reaches the mean": lambda m, lv, e: draw(m.detach(), lv, e),
            "no slope reaches the log_var": lambda m, lv, e: draw(m, lv.detach(), e),
            "expected that of the mean": lambda m, lv, e: draw(m, lv, e).sum(1),
        },
    ),
    "repaired": (
        loss(),
        stub,
        {
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
            "no gradient reaches the encoder": loss(
                lambda m, lv, e: draw(m, lv, e).detach(), cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).mean().detach()
            ),
            "on two small images": lambda *a: loss()(*a) + 0.3,
            "with logits of ±1000": loss(
                paid=lambda o, w: binary_cross_entropy(o.sigmoid(), w, reduction="sum") / len(w)
            ),
            "there is no reconstruction": lambda encode, decode, white, noise: (
                loss()(encode, lambda z: 0 * decode(z), white, noise) - 5 * math.log(2)
            ),
            "KL is the sum over the images": loss(cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).sum()),
            "reconstruction is the sum over the images": loss(paid=lambda o, w: bce(o, w, reduction="sum")),
            "over the pixels, too": lambda *a: loss()(*a) / a[2].shape[1],
            "½ for each latent": loss(cost_of=lambda m, lv: (each(m, lv, 0 * m, 0 * lv) + 0.5).sum(1).mean()),
            "in bits": lambda *a: loss()(*a) / math.log(2),
            "the slope of the loss by the encoder": loss(
                cost_of=lambda m, lv: kl(m, lv, 0 * m, 0 * lv).mean().detach()
            ),
            "small images: got": drawn_kl_too_small,  # of two or of five: it draws
            "expected one number": loss(paid=lambda o, w: bce(o, w, reduction="none").sum(1)),
        },
    ),
}
RIGHT_TOO = {
    "kl": [
        lambda m, lv, pm, plv: kl_divergence(Normal(m, (lv / 2).exp()), Normal(pm, (plv / 2).exp())).sum(1),
        lambda m, lv, pm, plv: torch.einsum("nl->n", each(m, lv, pm, plv)),
        lambda *a: kl(*(x.double() for x in a)),
        lambda *a: torch.stack([each(*row).sum() for row in zip(*a, strict=True)]),
        lambda *a: kl(*a).numpy().astype(np.float64),
        lambda m, lv, pm, plv: (
            torch.log(plv.exp() / lv.exp()).sum(-1) / 2 + each(m, lv, pm, plv).sum(-1) - (plv - lv).sum(-1) / 2
        ),
        one_by_one,
    ],
    "reparameterise": [
        lambda m, lv, e: torch.addcmul(m, lv.mul(0.5).exp(), e),
        lambda m, lv, e: m + lv.exp().sqrt() * e,
        lambda m, lv, e: m + torch.exp(lv) ** 0.5 * e,
        lambda m, lv, e: m.double() + (lv.double() / 2).exp() * e,
        lambda m, lv, e: torch.stack([a + (b / 2).exp() * c for a, b, c in zip(m, lv, e, strict=True)]),
    ],
    "repaired": [
        monte_carlo,
        own_draws,
        with_distributions,
        image_by_image,
        lambda *a: loss()(*a).double(),
        loss(paid=lambda o, w: bce(o, w, reduction="none").sum(1).mean()),
        loss(paid=lambda o, w: bce(o, w) * w.shape[1]),
        loss(cost_of=lambda m, lv: -0.5 * (1 + lv - m.pow(2) - lv.exp()).sum() / len(m)),
    ],
}
