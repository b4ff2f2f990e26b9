"""Grad-CAM and the gradient on torchvision's classifiers at 224 pixels: captum's, on a copy that overwrites nothing.

Most of these models overwrite layers' outputs, by in-place ReLUs and by ``out += identity``.
"""

import os

import pytest
import torch
from families import FAMILIES, difference, family, layers, pictures, true_grad_cam, true_gradient

from course_lib.errors import CourseError
from course_lib.explain import class_logit, grad_cam, gradient, guided_backprop

SMALL = ("resnet18", "squeezenet1_1")  # all layers
SAMPLED = tuple(name for name in FAMILIES if name not in SMALL)
HEAVY = ("vgg11_bn", "inception_v3", "convnext_tiny")  # of these one, and all with COURSE_ALL_LAYERS=1
K = 3


def compare(name: str, which: slice) -> dict[str, float]:
    """Layer → difference."""
    model, x = family(name), pictures(1)
    return {
        at: difference(grad_cam(model, class_logit(K), x, at, signed=True), true_grad_cam(model, at, x, K))
        for at in layers(model)[which]
    }


@pytest.mark.parametrize("name", SMALL)
def test_grad_cam_is_right_at_every_layer_of_two_small_families(name):
    found = compare(name, slice(None))
    assert len(found) >= 26
    assert {at: d for at, d in found.items() if not d <= 1e-5} == {}


@pytest.mark.parametrize("name", SAMPLED)
def test_grad_cam_is_right_at_layers_of_each_family(name):
    some = layers(family(name))
    few = len(some) // (2 if name in HEAVY else 3)
    found = compare(name, slice(few, few + 1 if name in HEAVY else None, few))
    assert found
    assert {at: d for at, d in found.items() if not d <= 1e-5} == {}


@pytest.mark.skipif("COURSE_ALL_LAYERS" not in os.environ, reason="half an hour: set COURSE_ALL_LAYERS=1")
@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in SMALL])
def test_grad_cam_is_right_at_every_layer(name):
    found = compare(name, slice(None))
    assert {at: d for at, d in found.items() if not d <= 1e-5} == {}


@pytest.mark.parametrize("name", ["resnet18", "shufflenet_v2_x0_5", "mobilenet_v3_small"])
def test_the_gradient_is_right(name):
    model, x = family(name), pictures(1)
    assert difference(gradient(model, class_logit(K), x), true_gradient(model, x, K)) <= 1e-5


@pytest.mark.parametrize("at", ["layer4.1.bn1", "layer4.1.bn2"])  # before ReLU in place, before += identity
def test_an_output_that_is_kept_as_it_is_gives_another_map(at):
    """What this file's care is for, and what the course's Grad-CAM once did: keep the output, and not a copy of it."""
    model, x, kept = family("resnet18"), pictures(1).requires_grad_(True), []
    hook = model.get_submodule(at).register_forward_hook(lambda part, inputs, output: kept.append(output))
    slopes = torch.autograd.grad(model(x)[0, K], kept[0])[0]
    hook.remove()
    naive = (slopes.mean((2, 3), keepdim=True) * kept[0]).sum(1, keepdim=True).detach()
    naive = torch.nn.functional.interpolate(naive, x.shape[-2:], mode="bilinear", align_corners=False)
    truth = true_grad_cam(model, at, pictures(1), K)
    assert difference(naive, truth) > 0.2
    assert difference(grad_cam(model, class_logit(K), pictures(1), at, signed=True), truth) <= 1e-5


def test_a_layer_with_its_channels_last_is_turned():
    model, x = family("convnext_tiny"), pictures(1)
    assert grad_cam(model, class_logit(K), x, "features.7.2.block.2", signed=True).shape == (1, 1, 224, 224)
    at = "features.7.2.block.2"
    assert difference(grad_cam(model, class_logit(K), x, at, signed=True), true_grad_cam(model, at, x, K)) <= 1e-5


def test_a_family_in_train_mode_gives_several_outputs_and_is_refused():
    model, x = family("googlenet").train(), pictures(1)
    with pytest.raises(CourseError, match="the GoogLeNet is in train mode"):
        grad_cam(model, class_logit(K), x, "inception5b.branch1.conv")
    with pytest.raises(CourseError, match="the MobileNetV2 has no ReLU"):  # ReLU6 alone
        guided_backprop(family("mobilenet_v2"), class_logit(K), x)
