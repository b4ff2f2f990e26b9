"""Arrays and tensors of one's own: taken where they have one meaning, asked about by a sentence where not."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_image_data import numbered

from course_lib.data import ImageData, load, to_minus_one_one
from course_lib.errors import CourseError
from course_lib.runtime import Runtime

quick = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
sides = st.integers(5, 12)


def pixels(*shape, seed=0):
    """uint8 noise on a black border, from 0 to 255: it does not look like ink on paper."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def refused(call, *words):
    with pytest.raises(CourseError) as refusal:
        call()
    message = str(refusal.value)
    assert "\n" not in message and message.endswith(".") and len(message) < 400, message
    assert [word for word in words if word not in message] == [], message


# ---- what is taken ----


@quick
@given(
    st.integers(1, 4),
    sides,
    sides,
    st.sampled_from([1, 3]),
    st.sampled_from(["NHW", "NCHW", "NHWC"]),
    st.booleans(),
    st.booleans(),
)
def test_every_layout_means_the_same_pictures(n, h, w, channels, layout, tensor, stated):
    expected = pixels(n, 1 if layout == "NHW" else channels, h, w)
    array = {"NHW": expected[:, 0], "NCHW": expected, "NHWC": expected.transpose(0, 2, 3, 1)}[layout]
    given = torch.from_numpy(np.ascontiguousarray(array)) if tensor else array
    data = ImageData.of(given, layout=layout if stated else None)
    assert torch.equal(data.images, to_minus_one_one(torch.from_numpy(expected)))
    assert data.images.dtype == torch.float32 and data.images.is_contiguous()
    assert data.names == ("all",) and data.labels.tolist() == [0] * n


@quick
@given(st.integers(5, 9), st.integers(5, 9), st.sampled_from([np.float16, np.float32, np.float64]))
def test_floats_from_minus_one_to_one_stay_as_they_are(h, w, dtype):
    array = (np.random.default_rng(h).random((3, h, w)) * 1.8 - 0.9).astype(dtype)
    assert np.array_equal(ImageData.of(array).images[:, 0].numpy(), array.astype(np.float32))


@quick
@given(st.integers(-300, 300), st.integers(1, 70_000), st.sampled_from(["<i4", ">i4", "<f8", ">f8", "<i8"]))
def test_stated_values_become_black_and_white(black, span, dtype):
    array = (black + span * np.random.default_rng(0).random((2, 6, 6))).astype(dtype)
    array[0, 0, :2] = black, black + span
    images = ImageData.of(array, values=(black, black + span), invert=False).images[:, 0]
    assert images[0, 0, 0] == -1 and images[0, 0, 1] == 1
    np.testing.assert_allclose(images.numpy(), 2 * (array.astype(float) - black) / span - 1, atol=2e-4)


def test_the_digits_come_back_to_the_last_bit():
    digits = load("digits", split="test")
    raw = ((digits.images[:, 0] + 1) * 127.5).round().to(torch.uint8)
    data = ImageData.of(raw.numpy(), digits.labels.numpy(), list(digits.names))
    assert torch.equal(data.images, digits.images) and torch.equal(data.labels, digits.labels)
    assert data.names == digits.names


def test_what_is_given_is_copied_and_goes_to_the_runtimes_device():
    array = torch.rand(3, 8, 8) * 2 - 1
    data = ImageData.of(array, runtime=Runtime.auto(device="cpu"))
    before = data.images.clone()
    array.zero_()
    assert torch.equal(data.images, before) and data.images.device.type == "cpu"


@pytest.mark.parametrize(
    "array",
    [
        pixels(3, 8, 8)[:, ::-1],
        np.asfortranarray(pixels(3, 8, 8)),
        pixels(6, 8, 8)[::2],
        torch.from_numpy(pixels(3, 8, 8)).transpose(1, 2),
        (torch.rand(3, 8, 8) * 2 - 1).requires_grad_(True),
        (torch.rand(3, 8, 8) * 2 - 1).bfloat16(),
    ],
)
def test_views_of_any_kind_are_taken(array):
    assert ImageData.of(array).shape == (1, 8, 8)


def test_other_pictures_labels_or_names_have_another_checksum():
    x, y = pixels(4, 8, 8), [0, 1, 0, 1]
    sums = [
        ImageData.of(*given).sha256
        for given in ((x,), (x, y), (x, y[::-1]), (x, y, ["a", "b"]), (x[::-1], y), (x.reshape(4, 4, 16),))
    ]
    assert len(set(sums)) == len(sums)
    assert ImageData.of(x, y).sha256 == ImageData.of(torch.from_numpy(x), np.array(y)).sha256


def test_crop_takes_the_middle_grey_the_brightness_and_size_the_mean():
    x = np.zeros((1, 8, 12, 3), np.uint8)
    x[:, :, 2:10] = (255, 0, 0)
    cropped = ImageData.of(x, crop=True).images
    assert cropped.shape == (1, 3, 8, 8) and (cropped[:, 0] == 1).all() and (cropped[:, 1:] == -1).all()
    grey = ImageData.of(x, crop=True, grey=True).images
    assert grey.shape == (1, 1, 8, 8) and torch.allclose(grey, torch.tensor(2 * 0.299 - 1))
    assert ImageData.of(x[..., 0], grey=False).shape == (3, 8, 12)
    lines = (np.eye(32)[:, None].repeat(32, 1) * 255).astype(np.uint8)  # picture i has one white column, i
    small = ImageData.of(lines, size=8).images
    assert (small.amax((1, 2, 3)) > -0.8).all()  # none falls between the pixels that are looked at
    assert ImageData.of(x, size=(4, 6)).shape == (3, 4, 6)
    assert ImageData.of(x, size=16, crop=True).shape == (3, 16, 16)


def test_many_pictures_are_converted_piece_by_piece_to_the_same():
    x = pixels(1100, 6, 6)
    assert torch.equal(ImageData.of(x).images, to_minus_one_one(torch.from_numpy(x)[:, None]))


# ---- what is asked about ----


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.random.default_rng(0).random((3, 8, 8)), ["values=(0, 1)", "values=(-1, 1)", "float64"]),
        (torch.rand(3, 8, 8), ["values=(0, 1)"]),
        (
            np.ones((3, 8, 8), np.uint8),
            ["values=(0, 1)", "uint8"],
        ),  # black and white as 0 and 1 would be nearly all black
        (np.ones((3, 8, 8), bool), ["values=(0, 1)", "bool"]),
        (pixels(3, 8, 8).astype(np.float32), ["values=(0, 255)"]),
        (pixels(3, 8, 8).astype(np.int64), ["values=(0, 255)", "int64"]),
        (pixels(3, 8, 8).astype(np.uint16) * 257, ["values=(0, 65535)", "16-bit"]),
        (pixels(3, 8, 8) / 50.0 - 2, ["values=(lowest, highest)"]),
        (pixels(3, 8, 8) // 16, ["values=(0, 15)", "values=(0, 255)"]),  # scikit-learn's digits have 16 as white
        (pixels(3, 8, 8) / 16.0 // 1, ["values=(0, 15)", "values=(0, 255)"]),
        (pixels(3, 8, 8) / 255.0 - 0.5, ["values=(-0.5, 0.5)", "values=(-1, 1)"]),
    ],
)
def test_values_that_could_mean_several_things_are_asked_about(array, words):
    refused(lambda: ImageData.of(array), "which values mean black and white", *words)


def test_the_answer_to_zero_to_one_is_taken_both_ways():
    array = np.random.default_rng(0).random((3, 8, 8)) * 0.9
    assert ImageData.of(array, values=(0, 1)).images.min() < -0.9
    assert ImageData.of(array, values=(-1, 1)).images.min() >= 0


@pytest.mark.parametrize(
    "values", [(1, 0), (0, 0), (0,), 1, "01", (0, float("nan")), (0, float("inf")), (0, "1"), (None, 1)]
)
def test_values_that_are_no_two_numbers_are_refused(values):
    refused(lambda: ImageData.of(pixels(2, 8, 8), values=values), "values=", "black")


def test_values_that_the_pixels_exceed_are_refused():
    refused(lambda: ImageData.of(pixels(2, 8, 8), values=(0, 100)), "beyond values=(0, 100)")


def test_dark_ink_on_white_paper_is_asked_about():
    digits = load("digits", split="test").take(50).images
    ink = ((1 - digits) * 127.5).round().to(torch.uint8)
    refused(lambda: ImageData.of(ink), "dark ink on white paper", "invert=True", "invert=False")
    assert torch.allclose(ImageData.of(ink, invert=True).images, digits, atol=1e-6)
    assert torch.allclose(ImageData.of(ink, invert=False).images, -digits, atol=1e-6)
    rgb = ink.expand(-1, 3, -1, -1)
    refused(lambda: ImageData.of(rgb), "invert=True")  # a scan in three equal channels
    red = rgb.clone()
    red[:, 1:] = red[:, 1:] // 2
    assert ImageData.of(red).shape == (3, 28, 28)  # colour: a bright border says nothing


@pytest.mark.parametrize("name", ["digits"])
def test_bright_ink_on_black_is_not_asked_about(name):
    data = load(name, split="test")
    for k in range(10):
        ImageData.of(data.of_class(k).images)


# ---- what is refused ----


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (pixels(8, 8), ["(8, 8)", "(N, H, W)", "images[None]"]),
        (pixels(28, 28, 3), ["(28, 28, 3)", "images[None]"]),
        (pixels(5, 784), ["reshape(-1, 28, 28)"]),
        (pixels(2, 3, 4, 8, 8), ["(2, 3, 4, 8, 8)"]),
        (np.uint8(3), ["uint8"]),
        (np.array(3), ["()"]),
        (pixels(2, 3, 3, 3), ["layout='NCHW'", "layout='NHWC'"]),
        (pixels(2, 1, 9, 3), ["layout="]),
        (pixels(2, 7, 7, 7), ["layout="]),
        (pixels(2, 4, 8, 8), ["alpha", "images[:, :3]"]),
        (pixels(2, 8, 8, 4), ["alpha", "images[..., :3]"]),
        (pixels(2, 8, 8, 2), ["alpha", "images[..., :1]"]),
        (pixels(0, 8, 8), ["no picture"]),
        (pixels(3, 0, 8), ["no picture"]),
        ([pixels(8, 8)], ["list", "numpy.stack"]),
        (None, ["NoneType"]),
        ("pictures.npz", ["str"]),
        (np.full((2, 8, 8), "x"), ["dtype"]),
        (np.zeros((2, 8, 8), complex), ["complex128"]),
        (np.array([[None]]), ["object"]),
    ],
)
def test_shapes_and_kinds_that_are_no_pictures_are_refused(array, words):
    refused(lambda: ImageData.of(array), *words)


@quick
@given(st.integers(1, 700), st.data())
def test_one_number_that_is_none_is_found_anywhere_and_its_picture_named(n, data):
    array = np.full((n, 5, 5), -0.5, np.float32)
    at = data.draw(st.integers(0, n - 1))
    array[at, data.draw(st.integers(0, 4)), 2] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    refused(lambda: ImageData.of(array), "NaN or infinity", f"number {at}")


@quick
@given(
    st.lists(st.integers(0, 9), min_size=0, max_size=5).map(tuple),
    st.sampled_from([np.uint8, np.float32, np.int16, np.bool_, np.complex64]),
    st.sampled_from([0, 1, 200]),
)
def test_any_shape_and_dtype_is_taken_or_refused_in_one_sentence(shape, dtype, value):
    try:
        data = ImageData.of(np.full(shape, value).astype(dtype))
    except CourseError as refusal:
        assert "\n" not in str(refusal) and str(refusal).endswith(".")
    else:
        assert data.images.ndim == 4 and data.shape[0] in (1, 3) and len(data) == shape[0]


@pytest.mark.parametrize("layout", ["HWC", "nchw", 4])
def test_an_unknown_layout_is_refused(layout):
    refused(lambda: ImageData.of(pixels(2, 8, 8), layout=layout), "layout", "'NHW'")


def test_a_layout_of_other_axes_is_refused():
    refused(lambda: ImageData.of(pixels(2, 8, 8), layout="NHWC"), "NHWC")
    refused(lambda: ImageData.of(pixels(2, 8, 8, 3), layout="NCHW"), "8 channels", "layout")


@pytest.mark.parametrize("size", [0, 3, -28, 2000, 28.0, True, "28", (28,), (28, 28, 1), (28, 0), [28, 28]])
def test_a_size_that_is_none_is_refused(size):
    refused(lambda: ImageData.of(pixels(2, 8, 8), size=size), "size=")


@pytest.mark.parametrize("option", [{"grey": "yes"}, {"grey": 2}, {"crop": "middle"}, {"crop": None}])
def test_a_switch_is_true_or_false(option):
    refused(lambda: ImageData.of(pixels(2, 8, 8), **option), "True or False")


def test_pictures_that_are_not_square_are_not_squeezed_in_silence():
    refused(lambda: ImageData.of(pixels(2, 8, 12), size=8), "crop=True", "size=(8, 8)")
    assert ImageData.of(pixels(2, 8, 12), size=(8, 8)).shape == (1, 8, 8)


# ---- labels and names ----


@quick
@given(st.integers(1, 6), st.sampled_from([np.int8, np.uint8, np.int32, np.uint64, int, list, tuple, "tensor"]))
def test_class_numbers_of_every_whole_kind_are_taken(classes, kind):
    numbers = [k % classes for k in range(2 * classes)]
    labels = (
        torch.tensor(numbers)
        if kind == "tensor"
        else kind(numbers)
        if kind in (list, tuple)
        else np.array(numbers, dtype=kind)
    )
    data = ImageData.of(pixels(2 * classes, 8, 8), labels)
    assert data.labels.dtype == torch.int64 and data.labels.tolist() == numbers
    assert data.names == tuple(map(str, range(classes)))


@pytest.mark.parametrize(
    ("labels", "names", "words"),
    [
        ([0, 1, -1, 0], None, ["-1", "unique"]),
        ([0, 2, 2, 0], None, ["0, 2", "gap", "unique"]),
        ([1, 2, 3, 1], None, ["1, 2, 3", "labels - 1"]),
        ([1, 2, 3, 1], ["a", "b", "c"], ["3 names", "labels - 1"]),
        ([10**12, 0, 0, 0], None, ["1000000000000"]),
        (np.array([2**63, 0, 0, 0], np.uint64), None, ["gap"]),
        ([0.0, 1.0, 1.0, 0.0], None, ["float64", "astype(int)"]),
        ([0.0, np.nan, 1.0, 0.0], None, ["NaN"]),
        ([True, False, True, False], None, ["bool", "astype(int)"]),
        (["cat", "dog", "cat", "dog"], None, ["numpy.unique(words"]),
        ([0, 1, 0], None, ["(3,)", "4 pictures"]),
        ([[0], [1], [0], [1]], None, ["labels[:, 0]"]),
        (np.eye(4), None, ["argmax(1)"]),
        ([[0], [1, 2], [0], [1]], None, ["lengths"]),
        (3, None, ["int"]),
        ([0, 1, 0, 1], ["cat"], ["1 names"]),
        ([0, 1, 0, 1], ["cat", "dog", "cow"], ["3 names"]),
        ([0, 1, 0, 1], ["cat", "cat"], ["twice"]),
        ([0, 1, 0, 1], "ab", ["'ab'", "list of texts"]),
        ([0, 1, 0, 1], [1, 2], ["list of texts"]),
        ([0, 1, 0, 1], 2, ["list of texts"]),
        (None, ["cat", "dog"], ["2 names"]),
    ],
)
def test_labels_and_names_that_do_not_fit_are_refused(labels, names, words):
    refused(lambda: ImageData.of(pixels(4, 8, 8), labels, names), *words)


def test_a_class_without_pictures_is_fine_where_all_are_named():
    data = ImageData.of(pixels(3, 8, 8), [0, 2, 2], ["a", "b", "c"])
    assert data.names == ("a", "b", "c") and data.labels.tolist() == [0, 2, 2]


# ---- parting ----


@quick
@given(st.integers(6, 60), st.floats(0.05, 0.95), st.integers(0, 5))
def test_the_split_shares_out_every_picture_and_leaves_each_class_on_both_sides(n, share, seed):
    data = numbered(n)
    rest, held = data.train_test_split(share, seed)
    both = sorted(torch.cat([rest.images, held.images])[:, 0, 0, 0].tolist())
    assert both == sorted(data.images[:, 0, 0, 0].tolist())
    assert set(rest.labels.tolist()) == set(held.labels.tolist()) == {0, 1, 2}
    assert abs(len(held) - share * n) <= 3
    assert held.split == "test" and len({data.sha256, rest.sha256, held.sha256}) == 3
    assert torch.equal(data.train_test_split(share, seed)[1].images, held.images)


@pytest.mark.parametrize("share", [0, 1, -0.1, True, None, float("nan"), "0.2"])
def test_a_share_that_is_none_is_refused(share):
    refused(lambda: numbered().train_test_split(share), "share=")


def test_a_class_of_one_picture_cannot_be_parted():
    refused(lambda: numbered(4).train_test_split(), "one picture")
