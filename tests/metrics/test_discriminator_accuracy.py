"""How often a discriminator is right, counted by hand."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
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
