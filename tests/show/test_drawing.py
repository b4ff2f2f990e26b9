"""The drawing pad: a drawing becomes an image like MNIST's, functions read it, and a fault of theirs is a sentence."""

import numpy as np
import pytest
import torch

from course_lib import show, zoo
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.show import drawing
from course_lib.show.drawing import as_mnist, drawing_pad, read, told

SIDE = 112  # of the ink that the page sends


def ink_of(*boxes) -> torch.Tensor:
    """Ink in boxes (top, bottom, left, right)."""
    ink = torch.zeros(SIDE, SIDE)
    for top, bottom, left, right in boxes:
        ink[top:bottom, left:right] = 1
    return ink


def extent(image) -> tuple[int, int]:
    rows, columns = (image[0, 0] > -1).nonzero(as_tuple=True)
    return (rows.max() - rows.min() + 1).item(), (columns.max() - columns.min() + 1).item()


def centre(image) -> tuple[float, float]:
    mass, place = (image[0, 0] + 1) / 2, torch.arange(28.0)
    return tuple((mass.sum(axis) @ place / mass.sum()).item() for axis in (1, 0))


# ---- the image ----


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ((10, 90, 50, 62), (20, 3)),  # a 1
        ((0, 112, 0, 112), (20, 20)),
        ((100, 112, 4, 12), (20, 13)),  # small and in a corner
        ((56, 57, 0, 112), (1, 20)),  # a thin dash keeps a row
        ((5, 6, 5, 6), (20, 20)),  # a dot
    ],
)
def test_it_is_fitted_into_20_by_20_with_its_proportions_and_its_centre_of_mass_in_the_middle(box, size):
    image = as_mnist(ink_of(box))
    assert image.shape == (1, 1, 28, 28) and image.dtype == torch.float32
    assert -1 <= image.min() < image.max() <= 1
    assert extent(image) == size
    assert all(abs(at - 14) <= 0.5 for at in centre(image))


def test_an_uneven_shape_is_moved_by_its_mass_not_by_its_box():
    image = as_mnist(ink_of((10, 100, 20, 50), (90, 100, 50, 100)))  # an L, thick at the left
    assert all(abs(at - 14) <= 0.51 for at in centre(image))
    columns = (image[0, 0] > -1).nonzero()[:, 1]
    assert extent(image)[0] == 20 and columns.min() > 28 - columns.max()  # its heavy side lies nearer to the middle


def test_where_it_was_drawn_does_not_count_and_nothing_is_pushed_out():
    near, far = as_mnist(ink_of((4, 44, 4, 24))), as_mnist(ink_of((64, 104, 80, 100)))
    assert torch.equal(near, far)
    lopsided = as_mnist(ink_of((100, 112, 0, 112), (0, 112, 0, 1)))  # nearly all of its mass at one edge
    assert extent(lopsided) == (20, 20)
    assert torch.equal(as_mnist(torch.zeros(SIDE, SIDE)), torch.full((1, 1, 28, 28), -1.0))


def test_a_digit_of_mnist_comes_back_as_it_was():
    """The rule that made the set leaves it alone."""
    digits = load("digits", split="test").images[::10]  # 100
    fine = torch.nn.functional.interpolate((digits + 1) / 2, scale_factor=4)
    again = torch.cat([as_mnist(ink[0]) for ink in fine])
    off = (again - digits).abs().mean((1, 2, 3))
    assert off.median() < 0.05 and (off < 0.12).float().mean() > 0.9
    judge = zoo.load("judge")
    assert (judge(again).argmax(1) == judge(digits).argmax(1)).float().mean() >= 0.97


# ---- what is read ----

IMAGE = as_mnist(ink_of((10, 90, 50, 62)))


def reading(function) -> dict:
    (found,) = read({"f": function}, IMAGE)
    assert found.pop("name") == "f"
    return found


def test_probabilities_are_shares_and_other_numbers_have_ends_of_their_own():
    found = reading(lambda image: {"one": 0.9, 2: torch.tensor(0.1), "three": np.float32(0)})
    assert [(label, text) for label, _, text in found["bars"]] == [
        ("one", "90.0 %"),
        ("2", "10.0 %"),
        ("three", "0.0 %"),
    ]
    assert (found["low"], found["high"]) == (0, 1)
    found = reading(lambda image: {"a": -3, "b": 2.5})
    assert [text for *_, text in found["bars"]] == ["−3", "2.5"] and (found["low"], found["high"]) == (-3, 2.5)
    found = reading(lambda image: {"a": 0})
    assert found["low"] < found["high"]


def test_of_many_labels_the_largest_are_kept_in_their_order():
    found = reading(lambda image: {k: float(k % 20) for k in range(40)})
    assert [label for label, *_ in found["bars"]] == [str(k) for k in [*range(14, 20), *range(34, 40)]]


@pytest.mark.parametrize(
    "value", [-1.25, np.float64(-1.25), torch.tensor([[-1.25]]), torch.tensor(-1.25).requires_grad_()]
)
def test_a_number_in_any_form_is_one(value):
    assert reading(lambda image: value) == {"number": "−1.25"}


@pytest.mark.parametrize("form", [lambda m: m, lambda m: m.numpy(), lambda m: m.clone().requires_grad_()])
def test_a_map_is_red_for_and_blue_against(form):
    attribution = torch.zeros(1, 1, 28, 28)
    attribution[..., :14, :], attribution[..., 14:20, :] = 2.0, -2.0
    colours = reading(lambda image: form(attribution))["map"].astype(int)
    assert colours.shape == (28, 28, 3)
    red, blue, white = colours[0, 0], colours[15, 0], colours[25, 0]
    assert red[0] > red[2] + 50 and blue[2] > blue[0] + 50 and white.min() > 245


def test_a_map_of_zeros_is_white():
    assert reading(lambda image: torch.zeros(1, 1, 28, 28))["map"].min() > 245


def fails(image):
    raise ValueError("no layer 'conv9'\nand a long story")


def refuses(image):
    raise CourseError("unknown layer 'conv9': use one of 'conv1', 'conv2'.")


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (fails, "ValueError: no layer 'conv9'"),
        (refuses, "unknown layer 'conv9': use one of 'conv1', 'conv2'."),
        (lambda image: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda image: [][0], "IndexError: list index out of range"),
        (
            lambda image: None,
            "it gave a NoneType: expected a dict of label → number, a number, or a map (1, 1, 28, 28).",
        ),
        (lambda image: "seven", "it gave a str: expected a dict"),
        (lambda image: {}, "it gave a dict: expected a dict of label → number"),
        (lambda image: {"a": "b"}, "it gave a str for 'a': expected"),
        (lambda image: {"a": float("nan")}, "it gave nan for 'a': expected a number that is finite."),
        (lambda image: torch.zeros(1, 10), "it gave a tensor (1, 10): expected"),
        (lambda image: image / 0, "its map contains NaN or infinity"),
        (lambda image: {"a": torch.zeros(2)}, "it gave a ndarray for 'a': expected"),
    ],
)
def test_a_fault_is_a_sentence_and_the_others_go_on(function, says):
    bad, good = read({"bad": function, "good": lambda image: 7}, IMAGE)
    assert bad["problem"].startswith(says) and "\n" not in bad["problem"]
    assert good == {"name": "good", "number": "7"}


def test_each_function_has_an_image_of_its_own():
    def spoils(image):
        image.zero_()
        return image.sum()

    def explains(image):
        image.requires_grad_().square().sum().backward()
        return image.grad

    before = IMAGE.clone()
    spoilt, whole, explained = read({"spoils": spoils, "sum": lambda image: image.sum(), "map": explains}, IMAGE)
    assert spoilt["number"] == "0" and float(whole["number"].replace("−", "-")) == pytest.approx(
        IMAGE.sum().item(), rel=0.01
    )
    assert "map" in explained and torch.equal(IMAGE, before) and not IMAGE.requires_grad


def test_the_readings_in_words():
    found = read(
        {"c": lambda i: {"0": 0.25, "1": 0.75}, "d": lambda i: -2, "m": lambda i: i, "bad": lambda i: 1 / 0}, IMAGE
    )
    assert told(found) == "c: 1 (75.0 %). d: −2. m: a map. bad: ZeroDivisionError: division by zero."
    assert told([]) == ""


# ---- the pad ----


def test_where_nobody_draws_it_is_a_picture_of_the_example(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    pad = drawing_pad(
        {"c": lambda i: {"0": 0.25, "1": 0.75}, "D": lambda i: -2.0, "m": lambda i: i, "bad": lambda i: 1 / 0}, IMAGE
    )
    assert isinstance(pad, show.Picture) and torch.equal(pad.image, IMAGE)
    assert pad.alt.startswith("A drawn digit. c: 1 (75.0 %). D: −2. m: a map.")
    assert pad.png.startswith(b"\x89PNG")
    plain = show.drawing_pad()
    assert torch.equal(plain.image, load("digits", split="test").images[:1]) and plain.alt == "A drawn digit."
    assert drawing_pad({str(k): lambda i: 1 for k in range(9)}, IMAGE).width <= 1100  # in rows


@pytest.mark.parametrize(
    ("readers", "example", "says"),
    [
        ({"judge": 3}, None, "'judge' is 3: use a function of an image"),
        ({}, torch.zeros(28, 28), "add the missing axis"),
        ({}, torch.zeros(2, 1, 28, 28), r"the example has shape \(2, 1, 28, 28\): expected \(1, 1, 28, 28\)"),
        ({}, torch.full((1, 1, 28, 28), 200.0), "expected \\[−1, 1\\]"),
    ],
)
def test_what_does_not_fit_is_refused(monkeypatch, readers, example, says):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    with pytest.raises(CourseError, match=says):
        drawing_pad(readers, example)


@pytest.fixture
def pad(monkeypatch):
    """A live pad, and what it sends: ``pad.ask(ink)`` gives header and buffers of its answer."""
    monkeypatch.setattr(drawing, "headless", lambda: False)
    pad, sent = drawing_pad({"sum": lambda image: (image > 0).sum(), "map": lambda image: image}, IMAGE), []
    monkeypatch.setattr(pad, "send", lambda header, buffers: sent.append((header, buffers)))

    def ask(ink=None):
        buffers = [] if ink is None else [memoryview((255 * ink).byte().numpy().tobytes())]
        pad._hear(pad, {"number": len(sent) + 1}, buffers)
        return sent[-1]

    pad.ask = ask
    yield pad
    pad.close()


def test_a_question_is_answered_with_the_image_the_readings_and_the_maps(pad):
    header, (image, colours) = pad.ask(ink_of((20, 60, 20, 60)))
    assert header["number"] == 1 and header["drawn"]
    assert header["readings"] == [{"name": "sum", "number": "400"}, {"name": "map", "map": True}]
    assert header["said"] == "sum: 400. map: a map."
    assert len(image) == 28 * 28 and len(colours) == 28 * 28 * 3
    assert torch.equal(pad.image, as_mnist(ink_of((20, 60, 20, 60))))
    assert np.frombuffer(image, np.uint8).max() == 255


def test_a_page_that_is_opened_again_gets_the_ink_back_and_a_cleared_one_the_example(pad):
    header, (_, _, ink) = pad.ask()
    assert not header["drawn"] and ink == b"" and torch.equal(pad.image, IMAGE)
    pad.ask(ink_of((20, 60, 20, 60)))
    drawn = pad.image
    header, (_, _, ink) = pad.ask()
    assert header["drawn"] and torch.equal(pad.image, drawn)
    assert np.array_equal(np.frombuffer(ink, np.uint8), (255 * ink_of((20, 60, 20, 60))).byte().flatten().numpy())
    header, _ = pad.ask(torch.zeros(SIDE, SIDE))
    assert not header["drawn"] and torch.equal(pad.image, IMAGE)


def test_the_widget_carries_a_picture_for_where_no_kernel_runs(pad):
    data, metadata = pad._repr_mimebundle_()
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= data.keys()
    assert metadata["image/png"]["alt"] == data["text/plain"] and data["text/plain"].startswith("A drawn digit. sum:")


def test_the_front_end_asks_nobody(root):
    source = (root / "course_lib" / "show" / "drawing.js").read_text(encoding="utf-8")
    assert not [word for word in ("fetch(", "http:", "https:", "import(", "XMLHttpRequest", "url(") if word in source]
