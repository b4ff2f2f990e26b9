"""Whatever comes to the doors of the library is either taken as it is or refused in one sentence."""

import math

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from course_lib.data import ImageData, check_images, to_minus_one_one
from course_lib.errors import CourseError
from course_lib.losses import LOSSES
from course_lib.metrics import class_entropy, evaluate, frechet_distance
from course_lib.models import Judge, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Sampler
from course_lib.training.checkpoint import load, save
from course_lib.training.classifier import shifted

quick = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
shapes = st.lists(st.integers(0, 5), min_size=0, max_size=6).map(tuple)
dtypes = st.sampled_from(
    [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.uint8, torch.int64, torch.bool, torch.complex64]
)
odd = st.one_of(st.none(), st.integers(), st.text(max_size=3), st.lists(st.floats(), max_size=3))


def one_sentence(refusal):
    message = str(refusal.value)
    assert message and "\n" not in message and message.endswith("."), message


def tensor(shape, dtype):
    return torch.zeros(shape, dtype=dtype)


@quick
@given(shapes, dtypes, st.sampled_from([None, 1, 3]))
def test_check_images_takes_float32_nchw_and_nothing_else(shape, dtype, channels):
    images = tensor(shape, dtype)
    good = len(shape) == 4 and dtype == torch.float32 and channels in (None, shape[1] if len(shape) > 1 else None)
    if good:
        assert check_images(images, channels=channels) is images
    else:
        with pytest.raises(CourseError) as refusal:
            check_images(images, "pictures", channels)
        one_sentence(refusal)
        assert "pictures" in str(refusal.value)


@quick
@given(st.integers(1, 4), st.integers(0, 63), st.floats(width=32))
@example(2, 63, math.nan)
@example(1, 0, math.inf)
@example(1, 7, -math.inf)
@example(1, 7, 1.5)
@example(1, 7, -1.0)
def test_check_images_finds_one_bad_pixel_anywhere(n, where, value):
    images = torch.zeros(n, 1, 8, 8)
    images[n - 1, 0, where // 8, where % 8] = value
    if abs(value) <= 1:
        assert check_images(images) is images
    elif not abs(value) <= 1.001:
        with pytest.raises(CourseError) as refusal:
            check_images(images)
        one_sentence(refusal)
        assert ("contain NaN" if math.isnan(value) else "[−1, 1]") in str(refusal.value)


@quick
@given(st.one_of(odd, st.just(np.zeros((2, 1, 4, 4), np.float32))))
def test_what_is_no_tensor_is_refused_by_its_type(thing):
    with pytest.raises(CourseError, match=type(thing).__name__):
        check_images(thing)


@quick
@given(st.binary(min_size=1, max_size=64))
def test_every_uint8_image_comes_into_the_range_and_back(pixels):
    pixels = torch.tensor(list(pixels), dtype=torch.uint8).view(1, 1, 1, -1)
    images = check_images(to_minus_one_one(pixels))
    assert torch.equal(((images + 1) * 127.5).round().to(torch.uint8), pixels)


@quick
@given(st.integers(0, 6), shapes, dtypes, st.integers(-2, 4))
def test_image_data_takes_matching_labels_only(n, label_shape, dtype, label):
    if dtype == torch.complex64 or (dtype in (torch.uint8, torch.bool) and label < 0):
        return
    labels = torch.full(label_shape, label).to(dtype)
    good = label_shape == (n,) and dtype == torch.int64 and (0 <= label < 3 or n == 0)

    def build():
        return ImageData(torch.zeros(n, 1, 4, 4), labels, ("a", "b", "c"), "x", "train", "", "", "")

    if good:
        assert len(build()) == n
    else:
        with pytest.raises(CourseError) as refusal:
            build()
        one_sentence(refusal)


@quick
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_a_stream_entered_anywhere_is_the_same_stream(n, size, start, seed):
    images = torch.linspace(-1, 1, n)[:, None, None, None].clone()
    data = ImageData(images, torch.zeros(n, dtype=torch.int64), ("a",), "x", "train", "", "", "")
    rt = Runtime.auto(device="cpu", seed=seed)
    if size > n:
        with pytest.raises(CourseError) as refusal:
            data.stream(size, rt)
        one_sentence(refusal)
        return
    whole, late = data.stream(size, rt), data.stream(size, rt, start)
    for _ in range(start):
        next(whole)
    for _ in range(3):
        assert torch.equal(next(whole)[0], next(late)[0])


@quick
@given(st.one_of(odd, st.floats(), st.booleans()))
def test_a_runtime_takes_a_valid_seed_or_refuses(seed):
    if isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**32:
        assert Runtime.auto(seed=seed).seed == seed
    else:
        with pytest.raises(CourseError) as refusal:
            Runtime.auto(seed=seed)
        one_sentence(refusal)


@quick
@given(st.text(max_size=8), st.sampled_from(["profile", "precision", "device"]))
def test_a_runtime_refuses_any_other_word(word, setting):
    valid = {
        "profile": ("smoke", "course", "full"),
        "precision": ("auto", "float32", "bf16"),
        "device": ("auto", "cpu"),
    }[setting]
    if word not in valid:
        with pytest.raises(CourseError):
            Runtime.auto(**{setting: word})


@quick
@given(shapes, shapes)
def test_losses_take_equal_shapes_only(a, b):
    real, fake = torch.zeros(a), torch.zeros(b)
    for loss in (kind() for kind in LOSSES.values()):
        if a == b:
            assert loss.d(real, fake).shape == ()
        else:
            with pytest.raises(CourseError) as refusal:
                loss.d(real, fake)
            one_sentence(refusal)


@quick
@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=5), st.floats(-1e4, 1e4, width=32))
def test_losses_of_any_logits_are_finite_and_of_a_known_sign(real, fake):
    real = torch.tensor(real)[:, None]
    fake = torch.full_like(real, fake)
    for name, loss in ((name, kind()) for name, kind in LOSSES.items()):
        d, g = loss.d(real, fake), loss.g(real, fake)
        assert torch.isfinite(d) and torch.isfinite(g)
        if name in ("minimax", "non-saturating", "least squares", "relativistic"):
            assert d >= 0 and (g <= 0 if name == "minimax" else g >= 0)


@quick
@given(shapes, shapes, st.sampled_from([0.0, math.nan, math.inf]))
def test_frechet_gives_a_number_of_at_least_zero_or_refuses(a, b, value):
    x, y = torch.full(a, value), torch.rand(b, generator=torch.Generator().manual_seed(0))
    good = len(a) == len(b) == 2 and a[0] > 1 and b[0] > 1 and a[1] == b[1] and (value == 0 or 0 in a)
    if good:
        assert 0 <= frechet_distance(x, y) < math.inf
    else:
        with pytest.raises(CourseError) as refusal:
            frechet_distance(x, y)
        one_sentence(refusal)


@quick
@given(st.lists(st.integers(-1, 50), min_size=0, max_size=12))
def test_class_entropy_is_between_0_and_1_or_refused(counts):
    if len(counts) > 1 and min(counts) >= 0 and sum(counts) > 0:
        value = class_entropy(torch.tensor(counts))
        assert 0 <= value <= 1 + 1e-12
        assert (value == 0) == (sum(c > 0 for c in counts) == 1)
        assert value == pytest.approx(class_entropy(torch.tensor(counts[::-1])))
    else:
        with pytest.raises(CourseError) as refusal:
            class_entropy(torch.tensor(counts))
        one_sentence(refusal)


@quick
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4).map(tuple), dtypes)
def test_evaluate_measures_28_by_28_digits_or_refuses(shape, dtype):
    judge = Judge(2).eval()
    good = torch.zeros(3, 1, 28, 28)
    images = tensor(shape, dtype)
    if shape[1:] == (1, 28, 28) and dtype == torch.float32 and shape[0] >= 2:
        assert evaluate(images, judge, good).n == shape[0]
    else:
        with pytest.raises(CourseError) as refusal:
            evaluate(images, judge, good)
        one_sentence(refusal)


@quick
@given(st.one_of(odd, st.integers(-3, 20), st.floats()), shapes)
def test_a_sampler_draws_or_refuses(n, shape):
    sampler = Sampler(MLPGenerator(3, (4,), size=4))
    if isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 20:
        check_images(sampler(n))
    elif not isinstance(n, int) or n < 1:
        with pytest.raises(CourseError) as refusal:
            sampler(n)
        one_sentence(refusal)
    if len(shape) == 2 and shape[1] == 3:
        assert len(sampler.decode(torch.zeros(shape))) == shape[0]
    else:
        with pytest.raises(CourseError) as refusal:
            sampler.decode(torch.zeros(shape))
        one_sentence(refusal)


@quick
@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 6), st.integers(0, 7), st.integers(0, 99))
def test_shifting_moves_pixels_and_never_invents_one(n, h, w, by, seed):
    images = torch.rand(n, 1, h, w, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    moved = shifted(images, by, torch.Generator().manual_seed(seed))
    assert moved.shape == images.shape
    for a, b in zip(images, moved, strict=True):
        assert {*b.flatten().tolist()} <= {*a.flatten().tolist(), -1.0}


# ---- checkpoints ----

numbers = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=6)
)
tensors = st.builds(
    lambda shape, dtype, seed: torch.randn(shape, generator=torch.Generator().manual_seed(seed)).mul(9).to(dtype),
    st.lists(st.integers(0, 3), max_size=4).map(tuple),
    st.sampled_from(
        [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8, torch.bool]
    ),
    st.integers(0, 9),
)
keys = st.one_of(st.text(max_size=4), st.integers(-3, 30), st.sampled_from(["a", "a/b", "b", "0", "__metadata__", ""]))
states = st.dictionaries(
    keys,
    st.recursive(
        st.one_of(numbers, tensors),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.dictionaries(keys, inner, max_size=3),
        ),
        max_leaves=12,
    ),
    max_size=5,
)


def equal(a, b):
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return [(type(k), k) for k in a] == [(type(k), k) for k in b] and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    return a == b


@settings(quick, max_examples=100)
@given(states)
def test_a_nested_state_comes_back_from_its_checkpoint(tmp_path_factory, state):
    path = tmp_path_factory.mktemp("c") / "c"
    save(path, state)
    back, meta = load(path)
    assert equal(state, back) and meta == {}


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_a_checkpoint(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("c") / "c"
    path.write_bytes(content)
    with pytest.raises(CourseError) as refusal:
        load(path)
    one_sentence(refusal)
    assert [p.read_bytes() for p in path.parent.iterdir()] == [content]
