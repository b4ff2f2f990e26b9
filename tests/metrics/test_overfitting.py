"""How far a discriminator knows its data by heart, on discriminators whose answer is known."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.metrics import discriminator_overfitting


class ByHeart(nn.Module):
    """Logit ``known`` for images it has memorised, ``real`` for other bright ones, ``fake`` for dark ones."""

    def __init__(self, memory, known=2.0, real=0.0, fake=-2.0):
        super().__init__()
        self.memory, self.logits = memory, nn.Parameter(torch.tensor([known, real, fake]))

    def forward(self, x):
        assert not self.training
        seen = (x.flatten(1)[:, None] == self.memory.flatten(1)[None]).all(2).any(1)
        bright = x.flatten(1).mean(1) > 0
        return torch.where(seen, self.logits[0], torch.where(bright, self.logits[1], self.logits[2]))[:, None]


def images(n, brightness, seed=0):
    noise = 0.2 * torch.rand(n, 1, 4, 4, generator=torch.Generator().manual_seed(seed)) - 0.1
    return noise + brightness


TRAIN, HELDOUT, FAKE = images(30, 0.5), images(20, 0.5, seed=1), images(25, -0.5, seed=2)


@pytest.mark.parametrize(
    ("real", "gap"), [(2.0, 0.0), (1.0, 0.25), (0.0, 0.5), (-2.0, 1.0), (-3.0, 1.25), (3.0, -0.25)]
)
def test_the_gap_is_how_far_new_images_fall_from_training_to_generated_ones(real, gap):
    found = discriminator_overfitting(ByHeart(TRAIN, real=real), TRAIN, HELDOUT, FAKE)
    assert (found.train, found.heldout, found.fake) == (2, real, -2) and found.gap == pytest.approx(gap)


def test_a_part_that_is_known_counts_as_that_part():
    """Half of the training images known: their mean is 1, the new images' 0, the generated ones' −2."""
    found = discriminator_overfitting(ByHeart(TRAIN[:15]), TRAIN, HELDOUT, FAKE)
    assert found.train == pytest.approx(1) and found.gap == pytest.approx(1 / 3)
    assert str(found) == "mean logit: training 1.00, held out 0.00, generated -2.00; gap 0.33 (0: none, 1: by heart)"


@pytest.mark.parametrize("batch", [1, 7, 30, 500])
def test_portions_change_nothing(batch):
    assert discriminator_overfitting(ByHeart(TRAIN[:10]), TRAIN, HELDOUT, FAKE, batch).gap == pytest.approx(1 / 4)


@pytest.mark.parametrize("training", [True, False])
def test_it_asks_in_eval_mode_and_leaves_the_mode(training):
    d = ByHeart(TRAIN).train(training)
    discriminator_overfitting(d, TRAIN, HELDOUT, FAKE)
    assert d.training == training and d.logits.grad is None
    with pytest.raises(CourseError):
        discriminator_overfitting(d, TRAIN, HELDOUT, 255 * FAKE)
    assert d.training == training


def test_a_network_that_learns_its_images_by_heart_has_a_gap_and_one_that_cannot_has_none():
    """One linear layer with more weights than images, and one that sees the mean brightness alone; a train loss."""

    def noise(seed):
        return 0.3 * torch.randn(60, 1, 16, 16, generator=torch.Generator().manual_seed(seed)).clamp(-3, 3)

    train, heldout, fake = noise(0), noise(1), noise(2) - 0.1

    def trained(network):
        optimiser = torch.optim.Adam(network.parameters(), 0.05)
        for _ in range(200):
            optimiser.zero_grad()
            loss = nn.functional.softplus(-network(train)).mean() + nn.functional.softplus(network(fake)).mean()
            loss.backward()
            optimiser.step()
        return discriminator_overfitting(network, train, heldout, fake)

    torch.manual_seed(0)
    heart = trained(nn.Sequential(nn.Flatten(), nn.Linear(256, 1)))
    mean = trained(nn.Sequential(nn.AvgPool2d(16), nn.Flatten(), nn.Linear(1, 1)))
    assert heart.gap > 0.25 and abs(mean.gap) < 0.15, (heart, mean)


@pytest.mark.parametrize(
    ("train", "heldout", "fake", "said"),
    [
        (TRAIN, HELDOUT, TRAIN, "equally real"),
        (TRAIN[:0], HELDOUT, FAKE, "at least one training"),
        (TRAIN, HELDOUT[:0], FAKE, "held-out"),
        (TRAIN, HELDOUT, FAKE * float("nan"), "NaN"),
        (TRAIN, 100 * HELDOUT, FAKE, r"expected \[−1, 1\]"),
        (TRAIN, HELDOUT, FAKE[0], "expected"),
    ],
)
def test_what_has_no_gap_is_refused(train, heldout, fake, said):
    with pytest.raises(CourseError, match=said) as refusal:
        discriminator_overfitting(ByHeart(TRAIN), train, heldout, fake)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


def test_a_discriminator_that_diverged_is_told_so():
    with pytest.raises(CourseError, match=r"nan.*weights that are finite"):
        discriminator_overfitting(ByHeart(TRAIN, known=float("nan")), TRAIN, HELDOUT, FAKE)
