"""The losses of lesson 2.1 as prices of a pair of logits, and the slopes that come back from them.

A price is a function of r, the logit of a real picture, and f, that of a drawn (fake) one; a loss is its mean over
pairs. ``course_lib.losses`` has the same as functions of whole batches.
"""

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from course_lib.runtime import Runtime

Price: TypeAlias = Callable[[Tensor, Tensor], Tensor]  # logits of real and of drawn pictures, of one shape → prices

PRICES: dict[str, tuple[Price, Price]] = {  # name → the discriminator's, the generator's
    "minimax": (lambda r, f: softplus(-r) + softplus(f), lambda r, f: -softplus(f)),
    "non-saturating": (lambda r, f: softplus(-r) + softplus(f), lambda r, f: softplus(-f)),
    "least squares": (lambda r, f: 0.5 * (r - 1) ** 2 + 0.5 * f**2, lambda r, f: 0.5 * (f - 1) ** 2),
    "hinge": (lambda r, f: relu(1 - r) + relu(1 + f), lambda r, f: -f),
    "Wasserstein": (lambda r, f: f - r, lambda r, f: -f),
    "relativistic": (lambda r, f: softplus(f - r), lambda r, f: softplus(r - f)),
}


def random_logits(runtime: Runtime, n: int = 1000) -> tuple[Tensor, Tensor]:
    """Logits ``(n, 1)`` of real and of drawn pictures, nearly all between −9 and 9, in double precision.

    Args:
        runtime: whose seed draws them; the same ones at each call.
        n: how many pairs.

    Returns:
        Those of the real and those of the drawn pictures.
    """
    stream = runtime.stream("logits")
    r, f = (3 * torch.randn(n, 1, generator=stream, dtype=torch.float64) for _ in range(2))
    return r, f


def slopes(price: Price, r: Tensor, f: Tensor) -> tuple[Tensor, Tensor]:
    """The slopes of a price by r and by f at each pair; 0 by a logit that the price ignores.

    Args:
        price: of pairs.
        r, f: logits of real and of drawn pictures, of one shape.

    Returns:
        The slopes by r and those by f, of the same shape.
    """
    r, f = r.detach().clone().requires_grad_(), f.detach().clone().requires_grad_()
    by_r, by_f = torch.autograd.grad((price(r, f) + 0 * r + 0 * f).sum(), (r, f))
    return by_r, by_f
