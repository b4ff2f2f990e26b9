"""The smallest move in a generator that changes an answer: against a closed form, and beside its two controls."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import realness
from course_lib.explain.counterfactual import counterfactual, margin, pixel_move, random_move


class Linear(nn.Module):
    """Latents → pictures of 4 pixels, one for each latent."""

    def forward(self, z):
        return z.view(-1, 1, 2, 2)


@pytest.fixture
def judge():
    """A logit that rises with the first pixel and falls with the second."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 1, bias=False)).eval()
    with torch.no_grad():
        net[1].weight.copy_(torch.tensor([[3.0, -4.0, 0.0, 0.0]]))
    return net


def test_on_a_linear_model_it_is_the_foot_of_the_perpendicular(judge):
    """From z the nearest point with w·z = 1 is z + (1 − w·z) w / |w|²."""
    start = torch.randn(6, 4, generator=torch.Generator().manual_seed(0)) - 0.3
    w = judge[1].weight[0].detach()
    start = start[start @ w < 0.5]
    foot = start + (1 - start @ w)[:, None] * w / w.square().sum()
    found = counterfactual(judge, realness, Linear(), start, at_least=1.0, closeness=0.1, steps=600)
    assert found.reached.all() and (found.values >= 1).all()
    assert torch.allclose(found.end, foot, atol=0.05)
    quick = counterfactual(judge, realness, Linear(), start, at_least=1.0)  # elsewhere on the border, hardly farther
    assert ((quick.moved / (foot - start).norm(dim=1) - 1).abs() < 0.05).all()


def test_what_does_not_matter_stays(judge):
    start = torch.tensor([[-1.0, 1.0, 0.7, -0.7]])
    found = counterfactual(judge, realness, Linear(), start)
    assert torch.allclose(found.end[0, 2:], start[0, 2:], atol=1e-4)
    assert found.changed == pytest.approx((found.end - start).square().mean().sqrt().item())


def test_who_is_there_already_does_not_move(judge):
    found = counterfactual(judge, realness, Linear(), torch.tensor([[2.0, 0.0, 0.0, 0.0]]), at_least=1.0)
    assert found.moved.item() < 0.05 and found.reached.all()


def test_where_the_answer_cannot_be_had_it_says_so():
    deaf = nn.Sequential(nn.Flatten(), nn.Linear(4, 1)).eval()
    with torch.no_grad():
        deaf[1].weight.zero_(), deaf[1].bias.fill_(-1.0)
    found = counterfactual(deaf, realness, Linear(), torch.zeros(2, 4), steps=5)
    assert not found.reached.any() and torch.equal(found.start, torch.zeros(2, 4))


def test_the_way_between(judge):
    found = counterfactual(judge, realness, Linear(), torch.tensor([[-1.0, 1.0, 0.0, 0.0]]))
    assert torch.equal(found.on_the_way(Linear(), 0.0), found.before)
    assert torch.allclose(found.on_the_way(Linear(), 1.0), found.after)
    assert torch.allclose(found.on_the_way(Linear(), 0.5), (found.before + found.after) / 2, atol=1e-6)


def test_a_random_move_is_as_long_and_seldom_enough(judge):
    start = torch.zeros(200, 4)
    found = counterfactual(judge, realness, Linear(), start, closeness=0.01)
    control = random_move(Linear(), found, judge, realness)
    assert torch.allclose(control.moved, found.moved, atol=1e-5)
    assert found.reached.all() and control.reached.double().mean() < 0.1


def test_the_pixels_move_until_the_answer_changes(judge):
    images = torch.zeros(3, 1, 2, 2)
    moved = pixel_move(judge, realness, images, at_least=1.0)
    with torch.no_grad():
        assert (judge(moved) >= 1).all()
    assert moved.abs().max() <= 1 and torch.equal(moved[:, 0, 1], images[:, 0, 1])
    bounded = pixel_move(judge, realness, images, at_least=100.0)
    assert bounded.max() == 1 and bounded.min() == -1


def test_a_margin_is_above_0_where_the_class_is_the_answer():
    logits = torch.tensor([[1.0, 4.0, 2.0], [5.0, 4.0, 2.0]])
    assert margin(torch.tensor([1, 1]))(logits).tolist() == [2.0, -1.0]


def test_no_weight_gets_a_slope(judge):
    counterfactual(judge, realness, Linear(), torch.zeros(1, 4), steps=3)
    assert judge[1].weight.grad is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"closeness": 0}, "closeness"),
        ({"lr": -1}, "lr"),
        ({"steps": 0}, "steps=0"),
        ({"at_least": float("nan")}, "at_least"),
    ],
)
def test_settings_that_are_none_are_refused(judge, settings, said):
    with pytest.raises(CourseError, match=said):
        counterfactual(judge, realness, Linear(), torch.zeros(1, 4), **settings)
