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
