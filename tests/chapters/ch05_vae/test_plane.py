"""The latent plane: right pictures at right places, points that match the encoder, a still where nobody watches."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch05_vae import plane as module
from course_lib.chapters.ch05_vae.plane import SHOWN, Plane, latent_plane, quantiles, still
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.models import MLPVAE, ConvVAE, DCGenerator
from course_lib.show.picture import Picture

SETTINGS = {"latent": 2, "hidden": (16,)}


@pytest.fixture(scope="module")
def digits():
    return load("digits", split="test")


@pytest.fixture
def vae():
    torch.manual_seed(0)
    return MLPVAE(**SETTINGS)


class Bright(torch.nn.Module):
    """A decoder whose pictures are the brighter, the larger z₂ and the smaller z₁."""

    def forward(self, z):
        return (10 * (z[:, 1] - 3 * z[:, 0])).view(-1, 1, 1, 1).expand(-1, 1, 28, 28)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


# ---- what is on the plane ----


def test_points_are_the_means_of_q_and_all_lie_inside(vae, digits):
    with torch.no_grad():
        vae.posterior.weight.mul_(20)
        means = vae.encode(digits.images)[0]
    plane = Plane(vae, digits.images, digits.labels)
    assert torch.allclose(plane.points, means[:SHOWN], atol=1e-6) and torch.equal(plane.labels, digits.labels[:SHOWN])
    assert plane.points.abs().max() < plane.reach <= 1.05 * plane.points.abs().max() + 0.5
    assert Plane(vae).reach == 3


def test_of_many_images_some_are_shown_and_it_is_said(vae, digits):
    plane = Plane(vae, digits.images, digits.labels)
    assert len(plane.points) == len(plane.labels) == SHOWN == 500
    assert plane.told() == "500 of 1,000 encoded images, each the number of its class"
    assert Plane(vae, digits.images[:3]).told() == "3 encoded images"


def test_an_answer_is_the_picture_decoded_there(vae):
    header, raw = Plane(vae).answer({"number": 7, "z": [0.5, -1.5]})
    assert header == {"number": 7, "z": [0.5, -1.5], "shape": [28, 28, 1]}
    image = vae(torch.tensor([[0.5, -1.5]])).detach()
    shown = np.frombuffer(raw, np.uint8).reshape(28, 28)
    assert abs(shown - ((image[0, 0].numpy() + 1) * 127.5)).max() <= 0.5001
    assert raw != Plane(vae).answer({"number": 8, "z": [-1.5, 0.5]})[1]


def test_colour_pictures_keep_their_colours():
    vae = MLPVAE(**SETTINGS, channels=3)
    header, raw = Plane(vae).answer({"number": 1, "z": [0.0, 0.0]})
    assert header["shape"] == [28, 28, 3] and len(raw) == 28 * 28 * 3


def test_it_shows_the_vae_as_it_was_and_leaves_it_alone(vae, digits):
    vae.train()
    plane = Plane(vae, digits.images)
    before = plane.answer({"number": 1, "z": [1.0, 1.0]})
    with torch.no_grad():
        for weight in vae.parameters():
            weight.add_(0.5)
    assert plane.answer({"number": 1, "z": [1.0, 1.0]}) == before
    assert vae.training and all(p.requires_grad for p in vae.parameters())


def test_quantiles_cut_the_normal_into_equal_parts():
    assert quantiles(5).tolist() == pytest.approx([-1.2816, -0.5244, 0, 0.5244, 1.2816], abs=1e-4)


# ---- where nobody watches ----


def test_without_a_kernel_there_is_a_still_with_words(vae, digits):
    picture = latent_plane(vae, digits.images, digits.labels)
    assert isinstance(picture, Picture) and pixels(picture.png).std() > 10
    assert picture.alt.startswith("500 of 1,000 encoded images, each the number of its class, left,")
    alone = latent_plane(vae)
    assert alone.width < picture.width and alone.alt.startswith("No image was encoded. 15 by 15")
    titled = latent_plane(vae, title="like digits lie together")
    assert titled.width == alone.width and len(pixels(titled.png)) > len(pixels(alone.png)), "a line more at the top"


def test_the_grid_has_the_first_latent_to_the_right_and_the_second_upwards(vae):
    vae.decoder = Bright()
    with torch.no_grad():
        seen = pixels(latent_plane(vae).png)
    h, w = seen.shape
    left, right, top, bottom = int(0.16 * w), int(0.93 * w), int(0.08 * h), int(0.86 * h)
    assert seen[top, left] > 250 > 5 > seen[bottom, right]
    middle = (left + right) // 2
    assert seen[top, middle] > 250 > 5 > seen[bottom, middle]  # z₁ = 0: there the brightness is z₂'s


@pytest.mark.parametrize("of_class", [0, 7])
def test_each_class_has_its_own_mark(vae, digits, of_class):
    part = digits.of_class(of_class)
    one, other = (still(Plane(vae, part.images, part.labels * 0 + k), side=2).png for k in (of_class, of_class + 1))
    grey_one, grey_other = pixels(one), pixels(other)
    assert (abs(grey_one.astype(int) - grey_other) > 60).sum() > 50  # told apart without colour, too


# ---- the widget ----


@pytest.fixture
def widget(vae, digits, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    made = latent_plane(vae, digits.images[:50], digits.labels[:50])
    yield made
    made.close()


def test_the_widget_answers_a_question(widget, monkeypatch):
    sent = []
    monkeypatch.setattr(widget, "send", lambda header, buffers: sent.append((header, buffers)))
    widget._handle_custom_msg({"number": 3, "z": [0.1, 0.2]}, [])
    ((header, (raw,)),) = sent
    assert (header, raw) == widget.plane.answer({"number": 3, "z": [0.1, 0.2]})


def test_the_page_gets_all_that_it_draws(widget):
    points = np.frombuffer(widget.points, np.float32).reshape(-1, 2)
    assert np.array_equal(points, widget.plane.points.numpy())
    assert widget.labels == widget.plane.labels.tolist() and len(set(widget.colours)) == 10
    assert widget.reach == 3 and widget.told == "50 encoded images, each the number of its class"


def test_the_widget_carries_a_picture_for_where_no_kernel_runs(widget):
    data, metadata = widget._repr_mimebundle_()
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= data.keys()
    assert "50 encoded images" in metadata["image/png"]["alt"] == data["text/plain"]
    assert "export default" in widget._esm


def test_the_planes_front_end_ships_with_the_package_and_asks_nobody(root):
    source = (Path(module.__file__).with_name("plane.js")).read_text(encoding="utf-8")
    asking = ("fetch(", "http:", "https:", "import(", "XMLHttpRequest", "@import")
    assert not [word for word in asking if word in source]


# ---- bad input ----


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda d: (ConvVAE(3),), r"this VAE has 3 latents, and a plane shows 2: use latent=2\."),
        (lambda d: (DCGenerator(2),), r"DCGenerator is no VAE: use for example ConvVAE\(latent=2\)\."),
        (lambda d: (ConvVAE(2, classes=10),), r"decodes a class besides the point: use one with classes=0\."),
        (lambda d: (ConvVAE(2), None, d.labels), "labels but no images"),
        (
            lambda d: (ConvVAE(2), d.images, d.labels[:5]),
            r"labels of shape \(5,\), torch\.int64, do not fit 1000 images",
        ),
        (lambda d: (ConvVAE(2), d.images, d.labels.float()), r"torch\.float32, do not fit"),
        (lambda d: (ConvVAE(2), d.images[:3], torch.tensor([0, -1, 2])), "use one int64 from 0 on"),
        (lambda d: (ConvVAE(2), d.images * 2), r"\[−1, 1\]|\[-1, 1\]"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(digits, make, words):
    with pytest.raises(CourseError, match=words) as refusal:
        latent_plane(*make(digits))
    assert "\n" not in str(refusal.value)
