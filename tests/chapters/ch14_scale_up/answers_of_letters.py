"""Answers to the checks of lesson 14.5."""

import torch
from torch.nn.functional import one_hot


def stub(*args):
    raise NotImplementedError("your turn")


def drawn(logits, noise):
    return (logits + noise).argmax(1)


def drawn_by_loop(logits, noise):
    return [max(range(len(row)), key=lambda i: row[i]) for row in (logits + noise).tolist()]


def soft(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(1)


def row_of(y):
    return one_hot(y.argmax(1), y.shape[1]).to(y)


def straight(logits, noise, temperature):
    y = soft(logits, noise, temperature)
    return row_of(y).detach() + y - y.detach()


class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, y):
        return row_of(y)

    @staticmethod
    def backward(ctx, slope):
        return slope


def by_function(logits, noise, temperature):
    return Through.apply(soft(logits, noise, temperature))


def by_where(logits, noise, temperature):
    y = soft(logits, noise, temperature)
    hard = torch.where(y == y.max(1, keepdim=True).values, 1.0, 0.0).detach()
    return y + (hard - y).detach()


def through(y):
    return row_of(y).detach() + y - y.detach()


RIGHT = {"P": "one sentence", "Q": "the book copied", "R": "random letters", "S": "a good writer"}

ANSWERS = {
    "drawn_letter": (
        drawn,
        stub,
        {
            "add the noise before you choose": lambda a, n: a.argmax(1),
            "the logits decide, too": lambda a, n: n.argmax(1),
            "smallest sum": lambda a, n: (a + n).argmin(1),
            "takes the noise away": lambda a, n: (a - n).argmax(1),
            "the trick holds for logits": lambda a, n: (a.softmax(1) + n).argmax(1),
            "its place is asked for": lambda a, n: (a + n).max(1).values,
            "in each row is asked for": lambda a, n: a + n,
        },
    ),
    "straight_through": (
        straight,
        stub,
        {
            "no letter": soft,
            "no gradient reaches": lambda a, n, t: row_of(soft(a, n, t)),
            "likeliest letter": lambda a, n, t: through(soft(a, 0 * n, t)),
            "temperature 1": lambda a, n, t: row_of(a + n) + soft(a, n, 1) - soft(a, n, 1).detach(),
            "without noise": lambda a, n, t: row_of(a + n) + soft(a, 0 * n, t) - soft(a, 0 * n, t).detach(),
            "change the sign": lambda a, n, t: row_of(a + n) + soft(a, n, t).detach() - soft(a, n, t),
            "through the softmax": lambda a, n, t: row_of(a + n) + a - a.detach(),
            "expected a tensor": lambda a, n, t: straight(a, n, t)[0],
        },
    ),
    "which_writer": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "nearly nothing of the held-out text": RIGHT | {"P": "a good writer"},
            "what do long pieces": RIGHT | {"Q": "one sentence"},
            "which of them are English": RIGHT | {"R": "the book copied"},
            "are its long pieces the book's": RIGHT | {"S": "random letters"},
        },
    ),
}

RIGHT_TOO = {
    "drawn_letter": [drawn_by_loop, lambda a, n: torch.topk(a + n, 1).indices[:, 0]],
    "straight_through": [by_function, by_where],
    "which_writer": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
