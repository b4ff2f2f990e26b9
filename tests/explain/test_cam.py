"""Grad-CAM and HiResCAM by hand on a network small enough to compute in the head."""

import pytest
import torch
from explained_models import images, pooled
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, grad_cam, hires_cam, realness


class OneMap(nn.Module):
    """One map, the picture times ``scale``, read by fixed weights: realness = Σ w · scale · x."""

    def __init__(self, weights, scale=1.0):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1, bias=False)
        nn.init.constant_(self.conv.weight, scale)
        self.register_buffer("weights", weights)

    def forward(self, x):
        return (self.conv(x) * self.weights).sum((1, 2, 3))[:, None]


def ramp(n=4):
    return torch.arange(n * n, dtype=torch.float32).view(1, 1, n, n) / n**2 + 0.1


def test_the_two_maps_by_hand():
    weights = torch.zeros(4, 4)
    weights[0, 0], weights[3, 3] = 2.0, -1.0
    model, x = OneMap(weights).eval(), ramp()
    torch.testing.assert_close(hires_cam(model, realness, x, "conv", signed=True), x * weights)
    torch.testing.assert_close(grad_cam(model, realness, x, "conv", signed=True), x * weights.mean())


def test_only_hires_cam_sees_where_a_flattened_layer_is_read():
    """Weights that sum to 0: the mean slope is 0, and Grad-CAM has nothing left."""
    weights = torch.zeros(4, 4)
    weights[0, 0], weights[3, 3] = 1.0, -1.0
    model = OneMap(weights).eval()
    assert grad_cam(model, realness, ramp(), "conv", signed=True).abs().max() < 1e-6
    assert hires_cam(model, realness, ramp(), "conv")[0, 0, 0, 0] > 0


def test_both_agree_where_the_head_averages():
    model, x = pooled(), images()
    a, b = (f(model, class_logit(1), x, "body.3", signed=True) for f in (grad_cam, hires_cam))
    torch.testing.assert_close(a, b)


def test_negative_evidence_alone_gives_zero_and_a_warning():
    model = OneMap(-torch.ones(4, 4)).eval()
    with pytest.warns(UserWarning, match="zero everywhere for 1 of 1 images.*signed=True"):
        cut = grad_cam(model, realness, ramp(), "conv")
    assert (cut == 0).all() and (grad_cam(model, realness, ramp(), "conv", signed=True) < 0).all()


def test_a_map_is_enlarged_to_the_image():
    model, x = pooled(), images()
    map_ = grad_cam(model, class_logit(0), x, "body.2", signed=True)
    assert map_.shape == (5, 1, 12, 12)


def test_frozen_weights_and_no_grad_do_not_matter():
    model, x = pooled(), images()
    expected = grad_cam(model, class_logit(0), x, "body.2", signed=True)
    model.requires_grad_(False)
    with torch.no_grad():
        torch.testing.assert_close(grad_cam(model, class_logit(0), x, "body.2", signed=True), expected)


def test_layers_that_have_no_map_are_refused():
    with pytest.raises(CourseError, match=r"output of shape \(5, 3\)"):
        grad_cam(pooled(), class_logit(0), images(), "head.2")
    reused = pooled()
    reused.body[3] = reused.body[1]
    with pytest.raises(CourseError, match="used 2 times"):
        grad_cam(reused, class_logit(0), images(), "body.1")


def test_a_target_that_passes_the_layer_by_is_refused():
    class Bypass(OneMap):
        def forward(self, x):
            self.conv(x)
            return x.sum((1, 2, 3))[:, None]

    with pytest.raises(CourseError, match="does not depend on layer 'conv'"):
        grad_cam(Bypass(torch.ones(4, 4)).eval(), realness, ramp(), "conv")


@pytest.mark.parametrize("at", ["body.0", "body.1", "body.2", "body.3"])
@pytest.mark.parametrize("method", [grad_cam, hires_cam])
def test_in_place_layers_before_and_after_the_layer_do_not_matter(method, at):
    right = method(pooled(), class_logit(1), images(), at, signed=True)
    assert right.abs().max() > 0
    torch.testing.assert_close(method(pooled(inplace=True), class_logit(1), images(), at, signed=True), right)


class Around(OneMap):
    """A way around a layer that hands its input on: slopes along the one tensor are those of both ways."""

    def __init__(self, inner):
        super().__init__(torch.ones(4, 4))
        self.inner = inner

    def forward(self, x):
        x = self.conv(x)
        return (3 * self.inner(x) + x).sum((1, 2, 3))[:, None]


@pytest.mark.parametrize("inner", [nn.Identity(), nn.Dropout()])
def test_a_layer_that_hands_its_input_on_is_refused(inner):
    with pytest.raises(CourseError, match="layer 'inner' hands its input on as it is"):
        grad_cam(Around(inner).eval(), realness, ramp(), "inner")
    torch.testing.assert_close(hires_cam(Around(inner).eval(), realness, ramp(), "conv"), 4 * ramp())


def test_a_layer_that_no_slope_reaches_is_refused():
    class Cut(OneMap):
        def forward(self, x):
            with torch.no_grad():
                kept = self.conv(x)
            return (kept * x).sum((1, 2, 3))[:, None]

    with pytest.raises(CourseError, match="no slope reaches layer 'conv'"):
        grad_cam(Cut(torch.ones(4, 4)).eval(), realness, ramp(), "conv")


@pytest.mark.parametrize("height, width", [(12, 12), (12, 20), (28, 14)])
def test_maps_with_their_channels_last_are_turned(height, width):
    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.turned, self.norm = nn.Conv2d(1, 8, 3, 2, 1), Turn(), nn.LayerNorm(8)
            self.act, self.last = nn.GELU(), nn.Linear(8, 3)

        def forward(self, x):
            return self.last(self.act(self.norm(self.turned(self.conv(x)))).mean((1, 2)))

    class Turn(nn.Module):
        def forward(self, x):
            return x.permute(0, 2, 3, 1)

    torch.manual_seed(0)
    model, x = Last().eval(), torch.rand(2, 1, height, width)
    at_conv, turned = (hires_cam(model, class_logit(1), x, at, signed=True) for at in ("conv", "turned"))
    torch.testing.assert_close(turned, at_conv)
    for at in ("norm", "act"):
        assert grad_cam(model, class_logit(1), x, at, signed=True).shape == x.shape


def test_a_compiled_models_layers_have_the_names_of_the_original():
    model = torch.compile(pooled(inplace=True), backend="eager")
    with torch.no_grad():
        model(images())
    right = grad_cam(pooled(), class_logit(1), images(), "body.2", signed=True)
    torch.testing.assert_close(grad_cam(model, class_logit(1), images(), "body.2", signed=True), right)
    with pytest.raises(CourseError, match=r"Pooled has no layer 'body\.9': its convolutions are body\.0, body\.2"):
        grad_cam(model, class_logit(1), images(), "body.9")


class Square(nn.Module):
    """Images (N, 1, 12, 12), and maps of the same 12 × 12 × 12 whichever axis their channels are on."""

    def __init__(self, mix: nn.Module):
        super().__init__()
        torch.manual_seed(0)
        self.conv, self.act, self.first, self.mix = nn.Conv2d(1, 12, 3, padding=1), nn.GELU(), nn.Identity(), mix
        self.last = nn.Linear(12, 3)

    def forward(self, x):
        maps = self.act(self.conv(x))
        return self.last(self.mix(maps.permute(0, 2, 3, 1)).mean((1, 2)))


@pytest.mark.parametrize("mix", [nn.Linear(12, 12), nn.LayerNorm(12)])
def test_where_the_sizes_do_not_tell_the_layer_does(mix):
    model, x = Square(mix).eval(), torch.rand(2, 1, 12, 12)
    with torch.no_grad():
        maps = model.act(model.conv(x))
        mixed = mix(maps.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
    weight = model.last.weight[1].detach()[:, None, None] / 144
    found = hires_cam(model, class_logit(1), x, "mix", signed=True)
    torch.testing.assert_close(found, (weight * mixed).sum(1, keepdim=True))
    first = hires_cam(model, class_logit(1), x, "act", signed=True)  # a tie: as most layers have them
    if isinstance(mix, nn.Linear):
        through = (model.last.weight[1] @ mix.weight).detach()[:, None, None] / 144
        torch.testing.assert_close(first, (through * maps).sum(1, keepdim=True))
