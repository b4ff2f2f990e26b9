"""Guided backprop is captum's on ReLU, and says so where there is none."""

import pytest
import torch
from captum.attr import GuidedBackprop
from explained_models import images, pooled
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, explain_copy, gradient, guided_backprop
from course_lib.explain.model import hooks

LABELS = torch.tensor([0, 1, 2, 1, 0])


@pytest.mark.parametrize("flat", [False, True])
def test_it_is_captums(flat):
    model, x = pooled(flat=flat), images()
    ours = guided_backprop(model, class_logit(LABELS), x)
    assert hooks(model) == 0
    theirs = GuidedBackprop(pooled(flat=flat)).attribute(x, LABELS)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)
    assert (ours - gradient(model, class_logit(LABELS), x)).abs().max() > 1e-3


def test_a_model_without_relu_is_refused_where_captum_gives_the_plain_gradient():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(200, 3)).eval()
    with pytest.warns(UserWarning), pytest.raises(CourseError, match="no ReLU layers") as refused:
        theirs = GuidedBackprop(model).attribute(images(), LABELS)
        torch.testing.assert_close(theirs, gradient(model, class_logit(LABELS), images()))
        guided_backprop(model, class_logit(LABELS), images())
    assert "else gradient" in str(refused.value)


def test_in_place_layers_need_a_copy_and_no_hook_is_left_when_it_fails():
    model = pooled(inplace=True)
    with pytest.raises(CourseError, match="in-place ReLU"):
        guided_backprop(model, class_logit(LABELS), images())
    twin = explain_copy(model)
    with pytest.raises(CourseError, match="one number per image"):
        guided_backprop(twin, lambda outputs: outputs, images())
    assert hooks(model) == hooks(twin) == 0
    torch.testing.assert_close(guided_backprop(twin, class_logit(LABELS), images()),
                               guided_backprop(pooled(), class_logit(LABELS), images()))  # fmt: skip
