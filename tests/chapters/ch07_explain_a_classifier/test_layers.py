"""The layer slider: each layer's own maps and sums, by slider and as a still."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch07_explain_a_classifier import layers as module
from course_lib.chapters.ch07_explain_a_classifier.layers import LAYERS, layer_slider, views_of
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.explain import class_logit, grad_cam, hires_cam
from course_lib.models import DigitCNN
from course_lib.show.picture import Picture


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return DigitCNN(width=4).eval()


@pytest.fixture(scope="module")
def three():
    return load("digits", split="test").images[3:4]


def test_each_layer_shows_its_own_signed_maps(net, three):
    target, views = class_logit(3), views_of(net, class_logit(3), three, LAYERS)
    assert [view.size for view in views] == [
        (4, 28, 28),
        (4, 28, 28),
        (4, 14, 14),
        (8, 14, 14),
        (8, 14, 14),
        (8, 7, 7),
    ]
    for view, at in zip(views, LAYERS.values(), strict=True):
        assert torch.equal(view.maps["Grad-CAM"], grad_cam(net, target, three, at, signed=True))
        assert torch.equal(view.maps["HiResCAM"], hires_cam(net, target, three, at, signed=True))
    assert net(three)[0, 3].item() == pytest.approx(views[0].logit, abs=1e-5)


def test_the_sums_are_those_of_the_layer_before_it_is_enlarged(net, three):
    view = views_of(net, class_logit(3), three, {"pooling 2": "body.5"})[0]
    last = net.body(three)
    slopes = net.head[1].weight[3].view_as(last)
    assert view.sums["HiResCAM"] == pytest.approx((slopes * last).sum().item(), rel=1e-4)
    averaged = (slopes.mean((2, 3), keepdim=True) * last).sum().item()
    assert view.sums["Grad-CAM"] == pytest.approx(averaged, rel=1e-4)
    assert view.sums["HiResCAM"] + net.head[1].bias[3].item() == pytest.approx(view.logit, abs=1e-4)
    words = view.words()
    assert (
        words.startswith("pooling 2: 8 maps of 7 × 7.")
        and "the logit is" in words
        and "-" not in words.replace("Grad-CAM", "")
    )


def test_nothing_stays_in_the_network(net, three):
    views_of(net, class_logit(3), three, LAYERS)
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())


def test_without_a_kernel_there_is_a_still_with_every_layer(net, three):
    picture = layer_slider(net, class_logit(3), three, title="What is to be seen")
    assert isinstance(picture, Picture)
    for view in views_of(net, class_logit(3), three, LAYERS):
        assert view.words() in picture.alt
    narrow = layer_slider(net, class_logit(3), three, {"pooling 2": "body.5"})
    red, _, blue = np.asarray(Image.open(io.BytesIO(narrow.png)).convert("RGB")).reshape(-1, 3).astype(int).T
    assert (red - blue > 60).any() and (blue - red > 60).any(), "both signs are drawn"


@pytest.fixture
def widgets(net, three, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    box = layer_slider(net, class_logit(3), three)
    return dict(zip(("slider", "words", "picture"), box.children, strict=True))


def test_picture_and_words_follow_the_slider(widgets, net, three):
    views, seen = views_of(net, class_logit(3), three, LAYERS), []
    assert [label for label, _ in widgets["slider"].options] == list(LAYERS)
    assert widgets["words"].value == views[-1].words(), "it begins at the last layer"
    for i in (0, 4, 2):
        widgets["slider"].value = i
        assert widgets["words"].value == views[i].words()
        assert widgets["picture"].value not in seen
        seen.append(widgets["picture"].value)
    widgets["slider"].value = 0
    assert widgets["picture"].value == seen[0]


def test_a_position_is_drawn_once(widgets, monkeypatch):
    widgets["slider"].value = 1
    monkeypatch.setattr(module, "scene", lambda *_: pytest.fail("drawn again"))
    widgets["slider"].value = len(LAYERS) - 1  # where the slider began
    widgets["slider"].value = 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda net, x: (net, class_logit(3), x, {}), r"there is no layer: give at least one, as in"),
        (lambda net, x: (net, class_logit(3), x, {"a": "body.9"}), r"has no layer 'body\.9'"),
        (lambda net, x: (net, class_logit(3), x, {"a": "head.1"}), r"layer 'head\.1' was used 1 times"),
        (lambda net, x: (net, class_logit(3), x.repeat(2, 1, 1, 1)), r"2 images: the slider shows one"),
        (lambda net, x: (net, class_logit(3), x * 2), r"\[−1, 1\]|\[-1, 1\]"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(net, three, make, words):
    with pytest.raises(CourseError, match=words) as refusal:
        layer_slider(*make(net, three))
    assert "\n" not in str(refusal.value)
