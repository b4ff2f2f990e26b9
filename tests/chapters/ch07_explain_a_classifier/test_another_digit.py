"""Insertion on another digit: what lies below is of another class, and the class's own probability is the score."""

import torch
from torch import nn

from course_lib.chapters.ch07_explain_a_classifier.another_digit import below, insertion_on
from course_lib.data import load


def test_below_lies_the_first_digit_of_another_class():
    digits = load("digits", split="test")
    labels = digits.labels[:3]
    rows = [[0, 1, 2], [1, 0], [2, 2, 0]]
    found = below(digits, labels, rows)
    chosen = [next(k for k in row if digits.labels[k] != label) for row, label in zip(rows, labels, strict=True)]
    assert torch.equal(found, digits.images[chosen])
    assert (digits.labels[chosen] != labels).all()


def test_a_map_that_brings_the_ink_first_scores_higher():
    class Ink(nn.Module):
        def forward(self, x):  # the logit of class 1 is the mean brightness, that of class 0 is 0
            mean = 9 * x.mean((1, 2, 3))
            return torch.stack([torch.zeros_like(mean), mean], 1)

    pictures = load("digits", split="test").images[:4]
    ones = torch.ones(4, dtype=torch.long)
    good, bad = (insertion_on(Ink(), pictures, ones, sign * pictures, -1.0) for sign in (1, -1))
    assert good.shape == (4,) and (good > bad).all()
