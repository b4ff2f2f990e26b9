"""How often a discriminator is right, counted by hand."""

import math

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.losses import LOSSES, Hinge, LeastSquares, NonSaturating, Relativistic, Wasserstein, decision_threshold
from course_lib.metrics import discriminator_accuracy


class Bright(nn.Module):
    """Takes bright images for real; in train mode, everything."""

    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        logits = x.flatten(1).mean(1, keepdim=True) + self.bias
        return logits.abs() + 1 if self.training else logits


def images(*brightness):
    return torch.tensor(brightness)[:, None, None, None].expand(-1, 1, 4, 4)


@pytest.mark.parametrize(
    ("real", "fake", "share"),
    [
        (images(0.5, 0.5), images(-0.5, -0.5), 1.0),
        (images(-0.5), images(0.5), 0.0),
        (images(0.5, 0.5, 0.5, -0.5), images(-0.5, 0.5), (0.75 + 0.5) / 2),
        (images(0.5), images(0.5, 0.5, 0.5), 0.5),
        (images(0.0), images(-1.0), 0.5),  # a logit of exactly 0 is not "real"
    ],
)
@pytest.mark.parametrize("training", [True, False])
def test_real_and_fake_count_half_each_and_the_mode_is_left(real, fake, share, training):
    discriminator = Bright().train(training)
    assert discriminator_accuracy(discriminator, real, fake, batch=3) == pytest.approx(share)
    assert discriminator.training == training and discriminator.bias.grad is None


def test_wrong_images_are_refused():
    with pytest.raises(CourseError, match="127"):
        discriminator_accuracy(Bright(), images(200.0), images(0.0))


def test_the_cut_is_the_losses_own():
    """Of a least-squares D at its best, targets 1 and 0, all scores are above 0."""
    real, fake = images(0.9, 0.6, 0.4), images(0.1, 0.4, 0.45)
    assert discriminator_accuracy(Bright(), real, fake) == 0.5
    assert discriminator_accuracy(Bright(), real, fake, loss=LeastSquares()) == pytest.approx(5 / 6)
    assert discriminator_accuracy(Bright(), real, fake, loss="least squares") == pytest.approx(5 / 6)
    smoothed = NonSaturating(real_label=0.9)  # at its best a smoothed D says 0.45, a logit below 0, where p = q
    assert discriminator_accuracy(Bright(), images(-0.15), images(-0.25), loss=smoothed) == 1


@pytest.mark.parametrize("loss", [Wasserstein(), Relativistic(), "Wasserstein", torch.nn.BCEWithLogitsLoss()])
def test_scores_without_a_cut_are_refused_by_the_losses_name(loss):
    name = loss if isinstance(loss, str) else getattr(loss, "name", type(loss).__name__)
    with pytest.raises(CourseError, match=f"loss '{name}' have no value between .*: compare"):
        discriminator_accuracy(Bright(), images(0.5), images(0.0), loss=loss)
    with pytest.raises(CourseError, match="unknown loss 'wgan': use one of 'minimax'"):
        discriminator_accuracy(Bright(), images(0.5), images(0.0), loss="wgan")


@pytest.mark.parametrize("p", [0.1, 0.5, 1.7])
def test_the_cut_is_the_best_score_where_both_are_equally_dense(p):
    cuts = {
        "minimax": 0,
        "non-saturating": 0,
        "least squares": 0.5,
        "hinge": 0,
        "Wasserstein": None,
        "relativistic": None,
    }
    assert {name: decision_threshold(LOSSES[name]()) for name in cuts} == cuts
    p = torch.tensor([p])
    for loss in (NonSaturating(0.9), LeastSquares(), Hinge()):
        above, below = (loss.best_score(p * k, p / k) for k in (1.01, 0.99))
        assert below < decision_threshold(loss) < above
    assert decision_threshold(NonSaturating(0.9)) == pytest.approx(math.log(0.9 / 1.1))
