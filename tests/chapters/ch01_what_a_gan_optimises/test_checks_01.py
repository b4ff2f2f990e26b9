"""What the checks of chapter 01 compute with."""

from math import inf, log

import pytest
import torch

from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_distances import _kl


@pytest.mark.parametrize(
    ("p", "q", "nats"),
    [
        ([0.5, 0.5, 0], [0.25, 0.75, 0], 0.5 * log(2) + 0.5 * log(2 / 3)),  # both are 0: nothing is there to tell apart
        ([0.5, 0, 0.5], [0.25, 0.5, 0.25], log(2)),
        ([0.5, 0.5, 0], [1, 0, 0], inf),
        ([0, 1], [0, 1], 0),
    ],
)
def test_kl_counts_a_cell_without_probability_as_0(p, q, nats):
    assert _kl(*(torch.tensor(x).double() for x in (p, q))).item() == pytest.approx(nats)
