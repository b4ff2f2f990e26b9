"""A layer's output and the target's slopes along it: of any shape, as Grad-CAM and TCAV take them; what is refused."""

import pytest
import torch
from explained_models import images, pooled
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, hires_cam
from course_lib.explain.layers import output_and_slopes
from course_lib.explain.tcav import layer_outputs


@pytest.mark.parametrize("inplace", [False, True])
@pytest.mark.parametrize("at", ["body.0", "body.1", "body.3", "head.1", "head.2"])
def test_every_layer_has_the_outputs_of_the_forward_and_the_slopes_of_autograd(at, inplace):
    model, x, kept = pooled(), images(), []
    hook = model.get_submodule(at).register_forward_hook(lambda part, given, found: kept.append(found))
    slopes = torch.autograd.grad(model(x)[:, 1].sum(), kept)[0]
    hook.remove()
    found = output_and_slopes(pooled(inplace=inplace), class_logit(1), x, at)
    torch.testing.assert_close(found, (kept[0].detach(), slopes))
    assert found[0].grad_fn is None and found[1].grad_fn is None


def test_grad_cam_and_tcav_ask_for_the_same():
    model, x = pooled(inplace=True), images()
    outputs, slopes = (part.view(5, -1) for part in layer_outputs(model, class_logit(0), x, "body.2"))
    maps = output_and_slopes(model, class_logit(0), x, "body.2")[0]
    sums = (outputs * slopes).view_as(maps).sum(1, keepdim=True)
    there = hires_cam(model, class_logit(0), x, "body.2", signed=True)
    torch.testing.assert_close(nn.functional.interpolate(sums, x.shape[-2:], mode="bilinear"), there)


class Odd(nn.Module):
    """A layer for each refusal: two outputs, used twice, behind a detach, beside the way to the outputs."""

    def __init__(self):
        super().__init__()
        self.pair, self.twice, self.cut, self.beside = Pair(), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 4)
        self.last = nn.Linear(4, 2)

    def forward(self, x):
        x = x.flatten(1)
        a, b = self.pair(x)
        with torch.no_grad():
            self.cut(x)
        self.beside(x)
        return self.last(self.twice(a) + self.twice(b))


class Pair(nn.Module):
    def forward(self, x):
        return x, 2 * x


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("pair", "layer 'pair' gives a tuple: choose one that gives a tensor"),
        ("twice", "layer 'twice' was used 2 times: choose one used once"),
        ("cut", "no slope reaches layer 'cut'"),
        ("beside", "the target does not depend on layer 'beside'"),
        ("nowhere", "Odd has no layer 'nowhere'"),
    ],
)
def test_layers_that_cannot_be_asked_are_refused_and_leave_no_hook(layer, said):
    model = Odd().eval()
    with pytest.raises(CourseError, match=said):
        output_and_slopes(model, class_logit(0), torch.rand(3, 1, 2, 2), layer)
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in model.modules())
