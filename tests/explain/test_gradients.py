"""Slopes on a network that is a straight line, where everything is known."""

import pytest
import torch
from explained_models import images, pooled
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, gradient, integrated_gradients, smooth_grad


def line(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(144, 3)).eval()


def test_the_gradient_of_a_line_is_its_weights():
    model, x = line(), images()
    expected = model[1].weight[2].view(1, 1, 12, 12).expand_as(x)
    torch.testing.assert_close(gradient(model, class_logit(2), x), expected)
    torch.testing.assert_close(smooth_grad(model, class_logit(2), x, samples=3), expected)


@pytest.mark.parametrize("steps", [1, 7])
def test_integrated_gradients_of_a_line_are_exact_at_any_number_of_steps(steps):
    model, x = line(), images()
    baseline = images(seed=9)
    found = integrated_gradients(model, class_logit(1), x, baseline, steps=steps)
    torch.testing.assert_close(found, (x - baseline) * model[1].weight[1].view(1, 1, 12, 12))


class Squares(nn.Module):
    def forward(self, x):
        return x.flatten(1).square().sum(1, keepdim=True)


@pytest.mark.parametrize("steps", [1, 3])
def test_the_midpoint_rule_is_exact_on_squares(steps):
    x, baseline = images(), images(seed=9)
    found = integrated_gradients(Squares().eval(), class_logit(0), x, baseline, steps=steps)
    torch.testing.assert_close(found, x.square() - baseline.square())


def test_integrated_gradients_become_complete_with_steps():
    model, x = pooled(), images(20)

    def missed(steps):
        total = integrated_gradients(model, class_logit(0), x, steps=steps).sum((1, 2, 3))
        with torch.no_grad():
            return (total - (model(x) - model(-torch.ones_like(x)))[:, 0]).abs().mean().item()

    assert missed(100) < missed(10) / 3 and missed(100) < 1e-3


def test_the_picture_itself_as_baseline_leaves_nothing():
    x = images()
    assert (integrated_gradients(pooled(), class_logit(0), x, x) == 0).all()


def test_smooth_grad_repeats_with_its_seed():
    model, x = pooled(), images()
    a, b, c = (smooth_grad(model, class_logit(0), x, samples=4, seed=s) for s in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)


def test_gradients_flow_inside_no_grad():
    model, x = line(), images()
    with torch.no_grad():
        assert gradient(model, class_logit(0), x).abs().max() > 0


class Detached(nn.Module):
    def __init__(self):
        super().__init__()
        self.line = line()

    def forward(self, x):
        with torch.no_grad():
            return self.line(x)


def test_a_target_cut_off_from_the_images_is_refused():
    with pytest.raises(CourseError, match="no_grad or detach"):
        gradient(Detached().eval(), class_logit(0), images())


@pytest.mark.parametrize("steps", [0, 2.5, True])
def test_steps_that_are_no_number_of_steps(steps):
    with pytest.raises(CourseError, match="steps="):
        integrated_gradients(line(), class_logit(0), images(), steps=steps)
