"""Checks of lesson 09.4: what InfoGAN pays, how far categories agree with classes."""

from typing import Any

import torch
from torch import Tensor, nn

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value


@check(
    "reading_loss",
    todo="return the cross-entropy of the category plus half the squared error of the numbers",
    shows="right: a mean over the pictures, and the two numbers of a picture are added up",
)
def reading_loss(answer: Any) -> str | None:
    """``answer(logits, category, means, numbers)``: (N, 10), (N,), (N, 2), (N, 2) → one number."""
    return next((wrong for n, size in ((4, 1.0), (1, 2.0), (7, 1000.0)) if (wrong := _pay(answer, n, size))), None)


def _pay(answer: Any, n: int, size: float) -> str | None:
    g = torch.Generator().manual_seed(n)
    logits, category = size * torch.randn(n, 10, generator=g), torch.randint(10, (n,), generator=g)
    means, numbers = torch.randn(n, 2, generator=g), torch.randn(n, 2, generator=g)
    leaf = means.clone().requires_grad_()
    result = answer(logits.clone(), category.clone(), leaf, numbers.clone())
    if size > 100 and isinstance(result, Tensor) and not result.isfinite().all():
        return "for logits around 1,000 it is not finite: use cross_entropy or log_softmax, not log(softmax)"
    got = table(result)
    assert got.numel() == 1, f"it returned {got.numel()} numbers, expected one: the mean over the {n} pictures"
    if not isinstance(result, Tensor) or not result.requires_grad:
        return "no slope goes back to the reader: stay with tensors, without .item() or .detach()"
    logits, means, numbers = logits.double(), means.double(), numbers.double()
    unread, off = nn.functional.cross_entropy(logits, category), (means - numbers).square()
    right = unread + 0.5 * off.sum(1).mean()
    known = {
        "the half is missing: −log of a normal's density has half the square": unread + off.sum(1).mean(),
        "this is the category's part alone: add that of the two numbers": unread,
        "this is the numbers' part alone: add the cross-entropy of the category": 0.5 * off.sum(1).mean(),
        "the mean was taken over the two numbers, too: add them up, .sum(1), then take the mean": unread
        + 0.5 * off.mean(),
        "this is a sum over the pictures: take their mean": n * right,
        "the squared errors were summed over the pictures: .sum(1).mean()": unread + 0.5 * off.sum(),
        "the second part is subtracted: both count against the generator": unread - 0.5 * off.sum(1).mean(),
        "the size of the errors was taken: square them": unread + 0.5 * (means - numbers).abs().sum(1).mean(),
        "the sign is reversed: it is a loss, so −log of the probability": -right,
        "the squared errors' root was taken: leave the squares": unread + 0.5 * off.sum(1).sqrt().mean(),
    }
    when = f"for {n} picture{'s' * (n > 1)}{', logits around 1,000' if size > 100 else ''}"
    return wrong_value(got.flatten()[0], right, known, when, within=1e-4)


@check(
    "agreement",
    todo="return the share of pictures that are of their category's commonest class",
    shows="right: between 0 and 1, whichever numbers the categories have",
)
def agreement(answer: Any) -> str | None:
    """``answer(category, seen)``: twice whole numbers (N,) → a share."""
    g = torch.Generator().manual_seed(2)
    trials = [
        (torch.tensor([0, 0, 0, 1, 1, 2]), torch.tensor([4, 4, 7, 7, 7, 4])),
        (torch.tensor([3, 3, 3, 3]), torch.tensor([1, 1, 2, 5])),
        (torch.tensor([0, 1, 0, 1, 2, 2, 2]), torch.tensor([1, 0, 1, 0, 9, 9, 8])),
        (torch.randint(10, (200,), generator=g), torch.randint(10, (200,), generator=g)),
    ]
    return next((wrong for category, seen in trials if (wrong := _agree(answer, category, seen))), None)


def _agree(answer: Any, category: Tensor, seen: Tensor) -> str | None:
    got = number(answer(category.clone(), seen.clone()))
    counts = torch.zeros(10, 10).double().index_put_((category, seen), torch.ones(()).double(), accumulate=True)
    used = counts.sum(1) > 0
    right = (counts.max(1).values.sum() / len(seen)).item()
    known = {
        "this counts pictures whose category and class have the same number: category 3 need not mean a 3": (
            (category == seen).double().mean().item()
        ),
        "this is the mean over categories, small ones counting as much as large ones: divide once, at the end": (
            (counts.max(1).values[used] / counts.sum(1)[used]).mean().item()
        ),
        "this takes the commonest category of each class: take the commonest class of each category": (
            (counts.max(0).values.sum() / len(seen)).item()
        ),
        "this is a number of pictures: divide by how many there are": counts.max(1).values.sum().item(),
        "this is the share of the commonest class over all pictures: look at each category": (
            (counts.sum(0).max() / len(seen)).item()
        ),
        "categories without a picture counted as 0 in a mean of ten": (
            (counts.max(1).values / counts.sum(1).clamp(min=1)).mean().item()
        ),
        "this is the share that is *not* of the commonest class": 1 - right,
        "per cent were asked as a share between 0 and 1": 100 * right,
    }
    return wrong_value(got, right, known, f"for {len(seen)} pictures in {int(used.sum())} categories", within=1e-6)
