"""Guided backprop is captum's on ReLU, and says so where there is none."""

import warnings

import pytest
import torch
from captum.attr import GuidedBackprop
from explained_models import images, pooled
from torch import nn
from torch.nn import functional

from course_lib.errors import CourseError
from course_lib.explain import class_logit, grad_cam, gradient, guided_backprop
from course_lib.explain.model import count_hooks

LABELS = torch.tensor([0, 1, 2, 1, 0])


@pytest.mark.parametrize("flat", [False, True])
def test_it_is_captums(flat):
    model, x = pooled(flat=flat), images()
    ours = guided_backprop(model, class_logit(LABELS), x)
    assert count_hooks(model) == 0
    theirs = GuidedBackprop(pooled(flat=flat)).attribute(x, LABELS)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)
    assert (ours - gradient(model, class_logit(LABELS), x)).abs().max() > 1e-3


def test_a_model_without_relu_is_refused_where_captum_gives_the_plain_gradient():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(200, 3)).eval()
    with pytest.warns(UserWarning), pytest.raises(CourseError, match="has no ReLU") as refused:
        theirs = GuidedBackprop(model).attribute(images(), LABELS)
        torch.testing.assert_close(theirs, gradient(model, class_logit(LABELS), images()))
        guided_backprop(model, class_logit(LABELS), images())
    assert "use gradient" in str(refused.value)


class Functional(nn.Module):
    """``Pooled`` with another way to write its ReLUs."""

    def __init__(self, relu):
        super().__init__()
        self.same, self.relu = pooled(), relu

    def forward(self, x):
        first, _, second, _ = self.same.body
        return self.same.head(self.relu(second(self.relu(first(x)))))


REUSED = nn.ReLU()


@pytest.mark.parametrize(
    "relu",
    [
        functional.relu,
        torch.relu,
        torch.relu_,
        torch.Tensor.relu,
        torch.Tensor.relu_,
        REUSED,
        nn.ReLU(inplace=True),
        lambda x: functional.relu(x, inplace=True),
        lambda x: x.clamp(min=0),
        lambda x: torch.clamp_min(x, 0.0),
        torch.ops.aten.relu,
    ],
)
def test_every_way_to_write_relu_is_found(relu):
    right = guided_backprop(pooled(), class_logit(LABELS), images())
    model = Functional(relu).eval()
    torch.testing.assert_close(guided_backprop(model, class_logit(LABELS), images()), right)
    plain = gradient(model, class_logit(LABELS), images())
    assert (plain - right).abs().max() > 1e-3, "it is the gradient again afterwards"
    assert count_hooks(model) == 0


@pytest.mark.parametrize(
    "other",
    [
        functional.relu6,
        nn.ReLU6(),
        lambda x: x.clamp(0, 6),
        lambda x: x.clamp(max=0),
        lambda x: x.clamp(min=-1),
        lambda x: torch.maximum(x, torch.zeros(())),
    ],
)
def test_what_is_cut_off_elsewhere_too_is_no_relu(other):
    with pytest.raises(CourseError, match="has no ReLU"):
        guided_backprop(Functional(other).eval(), class_logit(LABELS), images())


def test_a_relu_in_the_target_is_not_the_models():
    model, x = nn.Sequential(nn.Flatten(), nn.Linear(144, 3)).eval(), images()
    with pytest.raises(CourseError, match="has no ReLU"):
        guided_backprop(model, lambda outputs: -functional.relu(outputs[:, 0]), x)
    net, labels = pooled(), class_logit(LABELS)
    relu = functional.relu
    double = guided_backprop(net, lambda outputs: relu(-labels(outputs)) + relu(labels(outputs)), x)
    sign = labels(net(x)).detach().sign().view(-1, 1, 1, 1)
    expected = torch.cat(
        [
            guided_backprop(net, lambda o, s=s, k=k: s * o[:, k], one[None])
            for s, k, one in zip(sign.flatten(), LABELS.tolist(), x, strict=True)
        ]
    )
    torch.testing.assert_close(double, expected)


def test_a_scripted_model_is_refused_and_no_hook_is_left_when_it_fails():
    model = pooled(inplace=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is on its way out
        scripted = torch.jit.script(model)
    for use in (guided_backprop, lambda *a: grad_cam(*a, "body.2")):
        with pytest.raises(CourseError, match="is scripted"):
            use(scripted, class_logit(LABELS), images())
    with pytest.raises(CourseError, match="one number per image"):
        guided_backprop(model, lambda outputs: outputs, images())
    assert count_hooks(model) == 0
