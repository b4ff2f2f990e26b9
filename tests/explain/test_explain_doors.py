"""What comes to the door of an explanation is taken as it is or refused in one sentence, before the model is asked."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from makes import Plain, images, in_place, plain, written
from test_makes import BACKGROUND, CLASSES, METHODS, SQUARES, ask

from course_lib import explain
from course_lib.errors import CourseError, check_positive, check_whole_number
from course_lib.explain import class_logit, exact_shapley, realness
from course_lib.explain.directions import ganspace
from course_lib.explain.segments import count_segments, fill_like
from course_lib.explain.validation import check_inputs, class_numbers
from course_lib.models.wrappers import select_output

quick = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
few = settings(quick, max_examples=12)
X = images()
WHOLE = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64]
FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
OTHERS = [torch.bool, torch.complex64]


def refused(act, said: str = ""):
    with pytest.raises(CourseError, match=said) as refusal:
        act()
    message = str(refusal.value)
    assert "\n" not in message and message.endswith("."), message


# ---- images ----


@quick
@given(st.lists(st.integers(0, 3), max_size=5).map(tuple), st.sampled_from([*WHOLE, *FLOATS, *OTHERS]))
def test_a_batch_of_fractions_is_taken_and_nothing_else(shape, dtype):
    x = torch.zeros(shape, dtype=dtype)
    if len(shape) > 1 and 0 not in shape and dtype in FLOATS:
        assert check_inputs(x) is x
    else:
        refused(lambda: check_inputs(x))


def test_only_pictures_have_a_range():
    """Points and latents may lie anywhere."""
    far = torch.tensor([[50.0, -200.0]])
    assert check_inputs(far) is far
    refused(lambda: check_inputs(far.view(1, 2, 1, 1)), "run from -200 to 50")


@quick
@given(st.integers(0, 3 * 3 * 144 - 1), st.floats(width=32))
@example(0, float("nan"))
@example(5, float("-inf"))
@example(1295, 255.0)
def test_one_bad_number_is_found_anywhere(where, value):
    x = X.clone()
    x.view(-1)[where] = value
    if abs(value) <= 10:
        assert check_inputs(x) is x
    else:
        refused(lambda: check_inputs(x), "NaN or infinity|run from")


BAD = {
    "none at all": (lambda: X[:0], "shape|one for each|one each"),
    "bytes": (lambda: (X * 127 + 128).byte(), "uint8"),
    "0 to 255": (lambda: X * 127 + 128, r"run from .* x / 127.5 - 1"),
    "NaN": (lambda: X * torch.nan, "NaN"),
    "numpy": (lambda: X.numpy(), "ndarray"),
    "too many axes": (lambda: X[None], "shape|cannot take"),
    "another channel": (lambda: X[:, :1], "cannot take|background of shape"),
    "float64": (lambda: X.double(), "cannot take"),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", BAD)
def test_every_method_refuses(bad, method):
    refused(lambda: ask(method, plain(), BAD[bad][0]()), BAD[bad][1])


@pytest.mark.parametrize("method", [name for name, made in METHODS.items() if made.needs == "segments"])
@pytest.mark.parametrize("bad", BAD)
def test_every_method_of_one_picture_refuses(bad, method):
    x = X[:, :, :, :0] if bad == "none at all" else BAD[bad][0]()
    refused(lambda: METHODS[method].explain(plain(), class_logit(1), x[0], SQUARES), BAD[bad][1])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_refuses_what_is_no_module(method):
    refused(lambda: ask(method, lambda x: x, X), "the model is a function: expected a torch.nn.Module")


@pytest.mark.parametrize("method", [name for name, made in METHODS.items() if made.needs != "nothing"] + ["occlusion"])
def test_one_picture_needs_its_axis(method):
    refused(lambda: ask(method, plain(), X[0]), r"expected \(N, C, H, W\); one picture is image\[None\]")


def test_of_a_batch_these_take_one():
    refused(lambda: explain.lime(plain(), class_logit(0), X, SQUARES), r"expected one picture \(C, H, W\)")


@few
@given(st.integers(28, 224), st.sampled_from([1, 3]), st.integers(1, 2), st.booleans())
@example(28, 1, 2, True)
@example(224, 3, 1, True)
def test_any_size_and_number_of_channels(side, channels, n, overwrite):
    model, twin, x = plain(channels=channels), plain(channels=channels), images(n, channels, side)
    if overwrite:
        in_place(model)
    target = class_logit(1)
    for found, right in (
        (method(m, target, x) for m in (model, twin))
        for method in (
            explain.gradient,
            explain.guided_backprop,
            lambda *a: explain.hires_cam(*a, "norm", signed=True),
            lambda *a: explain.occlusion(*a, window=side // 2, stride=side // 2),
        )
    ):
        assert found.shape[0] == n and found.shape[2:] == x.shape[2:]
        torch.testing.assert_close(found, right)


# ---- classes ----


@quick
@given(
    st.one_of(
        st.booleans(),
        st.floats(),
        st.none(),
        st.text(max_size=2),
        st.integers(-3, 5),
        st.lists(st.booleans(), min_size=1, max_size=3),
        st.complex_numbers(),
    )
)
@example(True)
@example(2.0)
@example(np.float32(1))
@example(np.bool_(True))
@example([0.0, 1.0, 2.0])
@example(torch.tensor([True, False, True]))
@example(torch.tensor([0.0, 1.0, 2.0]))
@example([[0], [1], [2]])
@example([])
def test_only_whole_numbers_are_classes(k):
    outputs = torch.arange(9.0).view(3, 3)
    if type(k) is int and 0 <= k < 3:
        assert class_logit(k)(outputs).tolist() == outputs[:, k].tolist()
    else:
        refused(lambda: class_logit(k)(outputs), "class")


@quick
@given(st.lists(st.integers(0, 2), min_size=3, max_size=3), st.sampled_from([*WHOLE, "numpy", "list"]))
def test_one_class_each_in_any_whole_type(each, dtype):
    k = np.array(each) if dtype == "numpy" else each if dtype == "list" else torch.tensor(each, dtype=dtype)
    assert class_logit(k)(torch.arange(9.0).view(3, 3)).tolist() == [3 * i + k for i, k in enumerate(each)]


SHAPS = {name: made.explain for name, made in METHODS.items() if made.needs == "background"}


@pytest.mark.parametrize("method", SHAPS)
@pytest.mark.parametrize(
    ("k", "said"),
    [
        (True, "class True is no class number"),
        (np.True_, "class True"),
        (1.0, "class 1.0"),
        (3, "classes 0 to 2"),
        (-1, "begin at 0"),
        (torch.tensor([0, 1]), "2 classes for 3 images"),
        (torch.tensor([0, 1, 9]), "classes 0 to 2"),
        (torch.tensor([True, False, True]), "no class number"),
        (None, "no class number"),
    ],
)
def test_shaps_explainers_are_not_asked_for_what_is_no_class(method, k, said):
    """``True`` to shap's Partition ended the kernel: a segmentation fault."""
    refused(lambda: SHAPS[method](plain(), k, X, BACKGROUND), said)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_refuses_another_number_of_classes_than_of_images(method):
    refused(lambda: ask(method, plain(), X, target=class_logit([0, 1])), "2 classes for 3 images")
    refused(lambda: ask(method, plain(), X, target=class_logit(3)), "classes 0 to 2")


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_needs_a_layer_says_which_there_are(method):
    made = METHODS[method]
    if made.needs == "layer":
        refused(lambda: made(plain(), class_logit(0), X), "no layer None: its convolutions are conv1, conv2")
    else:
        assert (
            made(plain(), class_logit(0), X, effort=made.min_effort if made.effort else None).shape[2:] == X.shape[2:]
        )


def test_numpys_whole_numbers_are_classes():
    x = images()
    for k in (np.int64(1), np.uint8(1), np.array(1), torch.tensor(1)):
        one, other = (explain.partition_shap(plain(), c, x, BACKGROUND, evaluations=40) for c in (k, 1))
        torch.testing.assert_close(one, other)
        assert class_numbers(k) == 1 and type(class_numbers(k)) is int


def test_one_negative_class_among_others_is_found():
    refused(lambda: class_numbers([0, -1, 2]), "class -1: class numbers begin at 0")


def test_classes_are_those_of_the_moment():
    k = CLASSES.clone()
    target = class_logit(k)
    k.zero_()
    assert target(torch.arange(9.0).view(3, 3)).tolist() == [0, 5, 7]


# ---- several outputs, and one number an image ----


@pytest.mark.parametrize(
    ("found", "output", "said"),
    [
        ((X, X), None, "gives a tuple of 2, not a tensor: say .* output=0"),
        ((X, X), 2, "output=2 is not in it"),
        ({"a": X, "b": X}, None, "gives a dict with 'a', 'b', not .* output='a'"),
        ({"a": X}, "b", "output='b' is not in"),
        ({"a": X}, 0, "is not in it"),
        ((X, "x"), 1, "is a str: choose one that is a tensor"),
        ((X, X), "a", "not in it"),
        (X, 0, "gives one tensor: leave output= out"),
        (X, "a", "gives one tensor"),
        (None, None, "gives a NoneType"),
        ((X, X), True, "output=True"),
        ((X, X), lambda found: found, "is a tuple: choose"),
        ((X,), 0.0, "output=0.0"),
    ],
)
def test_an_output_that_is_not_there_is_refused(found, output, said):
    refused(lambda: select_output(found, output, "Net"), said)


def test_one_number_an_image_is_a_realness_and_becomes_a_row_by_output():
    flat = written(lambda self, x: Plain.forward(self, x)[:, 0])
    torch.testing.assert_close(explain.gradient(flat, realness, X), explain.gradient(plain(), class_logit(0), X))
    refused(lambda: explain.gradient(flat, class_logit(0), X), r"got shape \(3,\).*output=lambda logits")
    for method in SHAPS.values():
        refused(lambda method=method: method(flat, 0, X, BACKGROUND), "output=lambda logits")
        torch.testing.assert_close(
            method(flat, 0, X, BACKGROUND, output=lambda logits: logits[:, None]), method(plain(), 0, X, BACKGROUND)
        )


# ---- numbers, fills, segments ----


@quick
@given(st.one_of(st.integers(-3, 5), st.floats(), st.booleans(), st.none(), st.text(max_size=2)))
def test_a_number_of_anything_is_a_whole_one(number):
    if type(number) is int and number >= 1:
        assert check_whole_number("samples", number) == check_whole_number("samples", np.int64(number)) == number
    else:
        refused(lambda: check_whole_number("samples", number), "samples=")


@quick
@given(st.one_of(st.integers(-3, 5), st.floats(), st.booleans(), st.none(), st.text(max_size=2)))
def test_a_width_is_finite_and_above_zero(number):
    fine = type(number) in (int, float) and 0 < number < float("inf")
    if fine:
        assert check_positive("sigma", number) == number
    else:
        refused(lambda: check_positive("sigma", number), "sigma=")


@pytest.mark.parametrize(
    "act",
    [
        lambda m, t: explain.smooth_grad(m, t, X, samples=0),
        lambda m, t: explain.smooth_grad(m, t, X, sigma=-1.0),
        lambda m, t: explain.integrated_gradients(m, t, X, steps=True),
        lambda m, t: explain.occlusion(m, t, X, window=2.0),
        lambda m, t: explain.occlusion(m, t, X, window=True, stride=True),
        lambda m, t: explain.lime(m, t, X[0], SQUARES, samples=50.0),
        lambda m, t: explain.lime(m, t, X[0], SQUARES, samples=50, at_once=0),
        lambda m, t: explain.lime(m, t, X[0], SQUARES, samples=50, kernel_width=0),
        lambda m, t: explain.lime(m, t, X[0], SQUARES, samples=50, ridge=-1.0),
        lambda m, t: explain.gradient_shap(m, 0, X, X, samples=0),
        lambda m, t: explain.partition_shap(m, 0, X, X, evaluations=True),
        lambda m, t: exact_shapley(len, True),
        lambda m, t: ganspace(m, 5, 1),
        lambda m, t: explain.shapley_of_segments(m, t, X[0], SQUARES, orders=1),
        lambda m, t: explain.grad_cam(m, t, X, 3),
        lambda m, t: explain.lime_weights(X, X[:, 0, 0, 0]),
    ],
)
def test_methods_refuse_numbers_that_are_none(act):
    refused(lambda: act(plain(), class_logit(0)))


@pytest.mark.parametrize("fill", [float("nan"), torch.full_like(X, torch.inf), torch.zeros(5), "black", None])
def test_a_fill_that_does_not_fit_is_refused(fill):
    for use in (
        lambda: fill_like(X, fill),
        lambda: explain.integrated_gradients(plain(), class_logit(0), X, fill),
        lambda: explain.occlusion(plain(), class_logit(0), X, fill=fill),
    ):
        refused(use, "fill or baseline")


@pytest.mark.parametrize(
    "segments", [SQUARES.float(), SQUARES[:6], SQUARES - 1, SQUARES * 1000, SQUARES[None], None, SQUARES > 0]
)
def test_segments_that_do_not_fit_are_refused(segments):
    refused(lambda: count_segments(segments, X), "segments")
    refused(lambda: explain.lime(plain(), class_logit(0), X[0], segments), "segments")
    refused(lambda: explain.shapley_of_segments(plain(), class_logit(0), X[0], segments), "segments")
