"""The classifier learns, its shifts are shifts, and its accuracy is a share."""

import pytest
import torch
from torch import nn
from training_games import blobs, runtime, same, weights

from course_lib.errors import CourseError
from course_lib.training.classifier import ClassifierTrainer, accuracy, shifted


@pytest.mark.parametrize("by", [1, 2, 5])
@pytest.mark.parametrize("channels", [1, 3])
def test_shifted_is_the_obvious_loop(by, channels):
    images = torch.rand(6, channels, 9, 7) * 2 - 1
    fast = shifted(images, by, torch.Generator().manual_seed(4))
    dy, dx = torch.randint(0, 2 * by + 1, (2, 6), generator=torch.Generator().manual_seed(4)) - by
    slow = torch.full_like(images, -1.0)
    for n in range(6):
        for y in range(9):
            for x in range(7):
                from_y, from_x = y + int(dy[n]), x + int(dx[n])
                if 0 <= from_y < 9 and 0 <= from_x < 7:
                    slow[n, :, y, x] = images[n, :, from_y, from_x]
    assert torch.equal(fast, slow)


def test_every_shift_occurs_about_equally_often_and_zero_means_none():
    image = -torch.ones(1, 1, 9, 9)
    image[0, 0, 4, 4] = 1
    moved = shifted(image.expand(2000, 1, 9, 9), 2, torch.Generator().manual_seed(0))
    counts = (moved == 1).sum(0)[0]
    assert (counts[2:7, 2:7] > 40).all() and counts[2:7, 2:7].sum() == 2000
    assert torch.equal(shifted(image, 0, torch.Generator()), image)


def network(seed=0):
    with runtime(seed).seeded("weights"):
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 2))


def halves():
    """Class 0: blobs on the left half. Class 1: on the right."""
    data = blobs(96)
    from dataclasses import replace

    left = data.images[..., :14].flatten(1).mean(1) > data.images[..., 14:].flatten(1).mean(1)
    return replace(data, labels=(~left).long())


def test_it_learns_and_counts_its_steps():
    data = halves()
    trainer = ClassifierTrainer(network(), batch=16, total=80, shift=0)
    records = list(trainer.steps(data, 80, runtime()))
    assert [r.step for r in records] == list(range(1, 81))
    assert records[-1].loss < 0.3 * records[0].loss
    assert accuracy(trainer.network, data) > 0.95


def test_the_same_seed_trains_the_same_classifier_also_in_pieces():
    data = halves()
    whole, pieces, other = (ClassifierTrainer(network(), batch=16, total=12) for _ in range(3))
    list(whole.steps(data, 12, runtime()))
    for n in (5, 7):
        list(pieces.steps(data, n, runtime()))
        torch.randn(4)
    list(other.steps(data, 12, runtime(9)))
    assert same(weights(whole.network), weights(pieces.network))
    assert not same(weights(whole.network), weights(other.network))


def test_more_steps_than_the_schedule_are_refused():
    trainer = ClassifierTrainer(network(), batch=16, total=10)
    list(trainer.steps(halves(), 8, runtime()))
    with pytest.raises(CourseError, match=r"8 \+ 3 .*total=10"):
        trainer.steps(halves(), 3, runtime())


@pytest.mark.parametrize("training", [True, False])
def test_accuracy_is_the_share_of_right_answers_and_leaves_the_mode(training):
    class Left(nn.Module):
        def forward(self, x):
            assert not self.training
            left, right = x[..., :14].flatten(1).mean(1), x[..., 14:].flatten(1).mean(1)
            return torch.stack([left, right], 1)

    data = halves()
    wrong = data.labels.clone()
    wrong[:24] = 1 - wrong[:24]
    from dataclasses import replace

    left = Left().train(training)
    assert accuracy(left, data, batch=7) == 1
    assert accuracy(left, replace(data, labels=wrong), batch=50) == 0.75
    assert left.training == training
