"""Answers to chapter 05's checks: {check: (solution, stub, {part of the explanation: wrong answer})}."""

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


LN2 = math.log(2)
WHITE, BLACK = math.log(1 + math.exp(-1)), LN2  # what a pixel costs at least under a double sigmoid


def grid_bound(log_q, log_joint, step):
    return (log_q.exp() * (log_joint - log_q)).sum() * step


def log_mean(log_w):
    return log_w.logsumexp(0) - math.log(len(log_w))


def naive_log_mean(log_w):
    return log_w.exp().mean(0).log()


def by_the_largest(log_w):
    top = log_w.max(0).values
    return top + (log_w - top).exp().mean(0).log()


def floor(white):
    return white.sum(1) * WHITE + (1 - white).sum(1) * BLACK


def in_use(mean, log_var, at=0.1):
    return (kl_of_latents(mean, log_var) > at).sum()


def kl_of_latents(mean, log_var):
    return (0.5 * (mean**2 + log_var.exp() - 1 - log_var)).mean(0)


def count_in_a_loop(mean, log_var):
    count = 0
    for j in range(mean.shape[1]):
        q = Normal(mean[:, j], (log_var[:, j] / 2).exp())
        if kl_divergence(q, Normal(0.0, 1.0)).mean() > 0.1:
            count += 1
    return count


def charged(kl_each, free):
    return kl_each.mean(0).clamp(min=free).sum()


def gain(a, b):
    return (a - b).mean(), (a - b).std() / len(a) ** 0.5


def unpaired(a, b):
    return (a - b).mean(), (a.var() / len(a) + b.var() / len(b)).sqrt()


def gain_by_numpy(a, b):
    ahead = np.asarray(a) - np.asarray(b)
    return [ahead.mean(), ahead.std() / np.sqrt(len(ahead))]  # numpy divides by n


def read_as_asked(p, asked):
    return (p.argmax(1) == asked).double().mean()


def walk(a, b, steps):
    return a + torch.linspace(0, 1, steps)[:, None] * (b - a)


def walk_in_a_loop(a, b, steps):
    return [a + (b - a) * i / (steps - 1) for i in range(steps)]


def without_last(a, b, steps):
    return torch.stack([a + (b - a) * i / steps for i in range(steps)])


ANSWERS = {
    "bits_per_pixel": (
        lambda nats, pixels: nats / pixels / LN2,
        stub,
        {
            "bits a picture": lambda nats, pixels: nats / LN2,
            "nats a pixel": lambda nats, pixels: nats / pixels,
            "multiplied by log 2": lambda nats, pixels: nats * LN2 / pixels,
            "base 10": lambda nats, pixels: nats / (pixels * math.log10(2)),
            "fixed at 784": lambda nats, pixels: nats / (784 * LN2),
            "turn it round": lambda nats, pixels: pixels * LN2 / max(nats, 1e-9),
            "sign is reversed": lambda nats, pixels: -nats / (pixels * LN2),
            "for 207.7 nats and 784 pixels: got": lambda nats, pixels: 0.5,
        },
    ),
    "bound": (
        grid_bound,
        stub,
        {
            "step is missing": lambda lq, lj, step: (lq.exp() * (lj - lq)).sum(),
            "mean over the causes of the grid": lambda lq, lj, step: (lj - lq).mean(),
            "log_q is not taken away": lambda lq, lj, step: (lq.exp() * lj).sum() * step,
            "sign is reversed": lambda *a: -grid_bound(*a),
            "weighed by p(z) p(x|z)": lambda lq, lj, step: (lj.exp() * (lj - lq)).sum() * step,
            "taken for q itself": lambda lq, lj, step: (lq * (lj - lq)).sum() * step,
            "log p(x) itself": lambda lq, lj, step: lj.logsumexp(0) + math.log(step),
            "expected one": lambda lq, lj, step: lq.exp() * (lj - lq) * step,
            "near −1000": lambda lq, lj, step: (lq.exp() * (lj.clamp(min=-700) - lq)).sum() * step,
        },
    ),
    "log_mean": (
        log_mean,
        stub,
        {
            "mean of the logarithms": lambda lw: lw.mean(0),
            "logarithm of the sum": lambda lw: lw.logsumexp(0),
            "and not its logarithm": lambda lw: lw.logsumexp(0) - len(lw),
            "divided by k": lambda lw: lw.logsumexp(0) / len(lw),
            "their logarithm is missing": lambda lw: lw.exp().mean(0),
            "largest weight alone": lambda lw: lw.max(0).values,
            "never leave the logarithms": naive_log_mean,
            "expected (3,)": lambda lw: lw.logsumexp(1) - math.log(lw.shape[1]),
            "over the pictures": lambda lw: (
                lw.logsumexp(1) - math.log(lw.shape[1]) if lw.shape[0] == lw.shape[1] else log_mean(lw)
            ),
            "sign is reversed": lambda lw: -log_mean(lw),
        },
    ),
    "floor": (
        floor,
        stub,
        {
            "swapped": lambda w: w.sum(1) * BLACK + (1 - w).sum(1) * WHITE,
            "every pixel costs log 2": lambda w: torch.full((len(w),), w.shape[1] * LN2),
            "only the black": lambda w: (1 - w).sum(1) * BLACK,
            "only the white": lambda w: w.sum(1) * WHITE,
            "mean over the pixels": lambda w: floor(w) / w.shape[1],
            "in bits": lambda w: floor(w) / LN2,
            "use the sigmoid of 1": lambda w: (1 - w).sum(1) * BLACK + w.sum(1) * math.log(1 + math.e),
            "sign is reversed": lambda w: -floor(w),
            "one number each": lambda w: floor(w).mean(),
        },
    ),
    "hidden_beta": (
        lambda pixels: pixels / 2,
        stub,
        {
            "½ of the Gaussian is forgotten": lambda pixels: pixels,
            "wrong way round": lambda pixels: 2 * pixels,
            "turned round": lambda pixels: 2 / pixels,
            "what stands before the KL": lambda pixels: 0.5 / pixels,
            "β is its square": lambda pixels: (pixels / 2) ** 0.5,
            "right for 784": lambda pixels: 392,
            "what the author believes": lambda pixels: 1,
            "for 784 pixels: got 2,352": lambda pixels: 3 * pixels,
        },
    ),
    "in_use": (
        in_use,
        stub,
        {
            "each picture's KL": lambda m, lv: ((0.5 * (m**2 + lv.exp() - 1 - lv)) > 0.1).any(0).sum(),
            "pictures, not latents": lambda m, lv: ((0.5 * (m**2 + lv.exp() - 1 - lv)).sum(1) > 0.1).sum(),
            "take the mean": lambda m, lv: ((0.5 * (m**2 + lv.exp() - 1 - lv)).sum(0) > 0.1).sum(),
            "not a count": lambda m, lv: kl_of_latents(m, lv).sum(),
            "½ in front": lambda m, lv: (2 * kl_of_latents(m, lv) > 0.1).sum(),
            "only the means": lambda m, lv: ((0.5 * m**2).mean(0) > 0.1).sum(),
            "NOT in use": lambda m, lv: m.shape[1] - in_use(m, lv),
            "a share": lambda m, lv: in_use(m, lv) / m.shape[1],
            "expected one": lambda m, lv: kl_of_latents(m, lv) > 0.1,
            "for a code of 12 latents: got 0, expected 5": lambda m, lv: in_use(m, lv, at=10.0),
        },
    ),
    "charged": (
        charged,
        stub,
        {
            "take the mean over the pictures first": lambda k, free: k.clamp(min=free).mean(0).sum(),
            "free nats of its own": lambda k, free: k.mean(0).sum().clamp(min=free),
            "smaller of the two": lambda k, free: k.mean(0).clamp(max=free).sum(),
            "free nats are taken away": lambda k, free: (k.mean(0) - free).clamp(min=0).sum(),
            "averaged over the latents": lambda k, free: k.mean(0).clamp(min=free).mean(),
            "added up over the pictures": lambda k, free: k.sum(0).clamp(min=free).sum(),
            "axes are swapped": lambda k, free: k.mean(1).clamp(min=free).sum(),
            "left out": lambda k, free: k.mean(0)[k.mean(0) > free].sum(),
            "compare before adding up": lambda k, free: k.mean(0).sum(),
            "sign is reversed": lambda k, free: -charged(k, free),
            "no gradient reaches": lambda k, free: charged(k.detach(), free),
            "lost its gradient": lambda k, free: charged(k, free).item(),
        },
    ),
    "gain_of_b": (
        gain,
        stub,
        {
            "sign is reversed": lambda a, b: gain(b, a),
            "unlike sets of digits": unpaired,
            "of one digit": lambda a, b: ((a - b).mean(), (a - b).std()),
            "not by its root": lambda a, b: ((a - b).mean(), (a - b).std() / len(a)),
            "variance stands": lambda a, b: ((a - b).mean(), (a - b).var() / len(a) ** 0.5),
            "this is the sum": lambda a, b: ((a - b).sum(), gain(a, b)[1]),
            "without their sign": lambda a, b: ((a - b).abs().mean(), gain(a, b)[1]),
            "two numbers are swapped": lambda a, b: gain(a, b)[::-1],
            "95 % interval": lambda a, b: (gain(a, b)[0], 1.96 * gain(a, b)[1]),
            "expected two numbers": lambda a, b: (a - b).mean(),
        },
    ),
    "obeyed_share": (
        read_as_asked,
        stub,
        {
            "how many": lambda p, asked: (p.argmax(1) == asked).sum(),
            "NOT drawn": lambda p, asked: 1 - read_as_asked(p, asked),
            "mean probability": lambda p, asked: p[torch.arange(len(p)), asked].mean(),
            "mean confidence": lambda p, asked: p.max(1).values.mean(),
            "above ½": lambda p, asked: (p[torch.arange(len(p)), asked] > 0.5).double().mean(),
            "each picture is a row": lambda p, asked: (
                (p.argmax(0) == asked).double().mean() if len(p) == 10 else read_as_asked(p, asked)
            ),
            "percentage": lambda p, asked: 100 * read_as_asked(p, asked),
            "expected one": lambda p, asked: p.argmax(1) == asked,
        },
    ),
    "walk": (
        walk,
        stub,
        {
            "begins at b": lambda a, b, steps: walk(b, a, steps),
            "last point is not b": without_last,
            "first point is not a": lambda a, b, steps: without_last(a, b, steps) + (b - a) / steps,
            "both ends are left out": lambda a, b, steps: walk(a, b, steps + 2)[1:-1],
            "axes are swapped": lambda a, b, steps: walk(a, b, steps).T,
            "not b − a": lambda a, b, steps: a + torch.linspace(0, 1, steps)[:, None] * b,
            "add up to 1": lambda a, b, steps: torch.linspace(0, 1, steps)[:, None] * (a + b),
            "the two ends among them": lambda a, b, steps: walk(a, b, steps + 1),
            "expected (5, 3)": lambda a, b, steps: walk(a, b, steps)[steps // 2],
        },
    ),
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
    "bits_per_pixel": [
        lambda nats, pixels: nats * math.log2(math.e) / pixels,
        lambda nats, pixels: torch.tensor(nats / pixels) / torch.tensor(2.0).log(),
        lambda nats, pixels: np.float64(nats) / pixels / np.log(2),
    ],
    "bound": [
        lambda lq, lj, step: torch.trapezoid(lq.exp() * (lj - lq), dx=step).item(),
        lambda lq, lj, step: torch.dot(lq.exp() * step, lj) - (lq.exp() * lq).sum() * step,
        lambda lq, lj, step: step * sum(math.exp(a) * (c - a) for a, c in zip(lq.tolist(), lj.tolist(), strict=True)),
    ],
    "log_mean": [
        by_the_largest,
        lambda lw: torch.logsumexp(lw, 0) - torch.log(torch.tensor(float(lw.shape[0]))),
        lambda lw: np.logaddexp.reduce(lw.numpy(), axis=0) - np.log(len(lw)),
        lambda lw: [float(log_mean(column)) for column in lw.T],
    ],
    "floor": [
        lambda w: torch.where(w == 1, WHITE, BLACK).sum(1),
        lambda w: bce(w, w, reduction="none").sum(1),
        lambda w: [row.sum() * WHITE + (len(row) - row.sum()) * BLACK for row in w.numpy()],
        lambda w: -(torch.sigmoid(torch.tensor(1.0)).log() * w + torch.tensor(0.5).log() * (1 - w)).sum(dim=-1),
    ],
    "hidden_beta": [
        lambda pixels: 0.5 * pixels,
        lambda pixels: 0.5 / (1 / pixels),
        lambda pixels: torch.tensor(pixels) / 2,
        lambda pixels: ((pixels / 2) ** 0.5) ** 2,
    ],
    "in_use": [
        lambda m, lv: int(in_use(m, lv)),
        count_in_a_loop,
        lambda m, lv: np.sum(kl_of_latents(m, lv).numpy() > 0.1),
        lambda m, lv: len([k for k in kl_of_latents(m, lv) if k > 0.1]),
    ],
    "charged": [
        lambda k, free: torch.maximum(k.mean(0), torch.tensor(free)).sum(),
        lambda k, free: sum(max(one, torch.tensor(free)) for one in k.mean(0)),
        lambda k, free: (torch.relu(k.mean(0) - free) + free).sum(),
        lambda k, free: torch.where(k.mean(0) > free, k.mean(0), free).sum(),
    ],
    "gain_of_b": [
        gain_by_numpy,
        lambda a, b: torch.stack([(a - b).mean(), ((a - b).var() / len(a)).sqrt()]),
        lambda a, b: [float(x) for x in gain(a, b)],
        lambda a, b: (a.mean() - b.mean(), (a - b).std() / math.sqrt(len(a))),
    ],
    "obeyed_share": [
        lambda p, asked: float((p.max(1).indices == asked).float().mean()),
        lambda p, asked: np.mean(p.numpy().argmax(1) == asked.numpy()),
        lambda p, asked: sum(int(row.argmax()) == int(k) for row, k in zip(p, asked, strict=True)) / len(p),
    ],
    "walk": [
        walk_in_a_loop,
        lambda a, b, steps: torch.lerp(a, b, torch.linspace(0, 1, steps)[:, None]),
        lambda a, b, steps: np.linspace(a.numpy(), b.numpy(), steps),
        lambda a, b, steps: torch.stack([(1 - t) * a + t * b for t in torch.linspace(0, 1, steps)]),
    ],
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
