"""ImageData: batches without loader processes, and a stream that can be entered anywhere."""

from dataclasses import replace
from itertools import islice

import pytest
import torch

from course_lib.data import ImageData, to_minus_one_one
from course_lib.errors import CourseError
from course_lib.runtime import Runtime


def numbered(n=23, size=4, channels=1, classes=3):
    """Image i is filled with a value of its own, so that one can see which images a batch holds."""
    values = torch.linspace(-1, 1, n)
    images = values[:, None, None, None].expand(n, channels, size, size).contiguous()
    return ImageData(
        images,
        torch.arange(n) % classes,
        tuple(map(str, range(classes))),
        "numbered",
        "train",
        "made here",
        "CC0",
        f"{n}",
    )


def which(data, images):
    return [int((data.images[:, 0, 0, 0] - v).abs().argmin()) for v in images[:, 0, 0, 0]]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_to_unit_range_maps_black_and_white_to_the_ends():
    assert to_minus_one_one(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1, 1]


@pytest.mark.parametrize("size", [1, 4, 7, 23])
def test_an_epoch_shows_no_image_twice_and_leaves_out_only_an_incomplete_batch(size):
    data = numbered()
    batches = list(data.batches(size, generator()))
    assert len(batches) == 23 // size
    seen = [i for images, _ in batches for i in which(data, images)]
    assert len(seen) == len(set(seen)) == 23 // size * size


def test_a_full_epoch_covers_every_image_once_with_its_own_label():
    data = numbered(24)
    seen = {}
    for images, labels in data.batches(6, generator()):
        assert images.shape == (6, 1, 4, 4) and labels.shape == (6,)
        seen |= dict(zip(which(data, images), labels.tolist(), strict=True))
    assert seen == {i: i % 3 for i in range(24)}


def test_the_order_comes_from_the_generator_alone():
    data = numbered(24)
    first, again, other = ([i for x, _ in data.batches(6, generator(s)) for i in which(data, x)] for s in (0, 0, 1))
    torch.randn(3)
    assert first == again != other


def test_a_stream_entered_anywhere_goes_on_as_if_it_had_been_there_all_along():
    data, rt = numbered(), Runtime.auto(seed=5)
    whole = [which(data, x) for x, _ in islice(data.stream(4, rt), 17)]
    for start in (1, 4, 5, 6, 12):
        assert [which(data, x) for x, _ in islice(data.stream(4, rt, start), 17 - start)] == whole[start:]


def test_each_epoch_of_a_stream_covers_the_data_in_a_new_order():
    data, rt = numbered(24), Runtime.auto(seed=5)
    seen = [i for x, _ in islice(data.stream(6, rt), 12) for i in which(data, x)]
    epochs = seen[:24], seen[24:48]
    assert all(sorted(e) == list(range(24)) for e in epochs)
    assert epochs[0] != epochs[1]
    other = [i for x, _ in islice(data.stream(6, rt.with_seed(6)), 4) for i in which(data, x)]
    assert other != epochs[0]


@pytest.mark.parametrize("size", [0, -1, 24, 2.0, True, None])
def test_a_batch_size_that_does_not_fit_is_refused_before_anything_is_drawn(size):
    data = numbered()
    with pytest.raises(CourseError, match=r"batch size .* from 1 to 23"):
        data.batches(size, generator())
    with pytest.raises(CourseError, match="batch size"):
        data.stream(size, Runtime.auto())


def test_of_class_take_and_padded():
    data = numbered()
    assert set(data.of_class(2).labels.tolist()) == {2} and len(data.of_class(2)) == 7
    assert which(data, data.take(3).images) == [0, 1, 2]
    assert len(data.take(100)) == 23
    wide = data.padded(9)
    assert wide.shape == (1, 9, 9)
    assert torch.equal(wide.images[:, :, 2:6, 2:6], data.images)  # 2 pixels before, 3 after
    border = wide.images.clone()
    border[:, :, 2:6, 2:6] = -1
    assert (border == -1).all()
    assert data.padded(4).shape == (1, 4, 4)


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.of_class(3),
        lambda d: d.of_class(-1),
        lambda d: d.of_class("0"),
        lambda d: d.take(0),
        lambda d: d.take(2.5),
        lambda d: d.take(True),
        lambda d: d.padded(3),
    ],
)
def test_what_cannot_be_taken_is_refused(call):
    with pytest.raises(CourseError):
        call(numbered())


def test_parts_and_paddings_carry_a_checksum_of_their_own():
    """A trainer tells data sets apart by it: going on with other images must not look the same."""
    data = numbered()
    parts = [
        data,
        data.of_class(0),
        data.of_class(1),
        data.take(7),
        data.take(8),
        data.padded(6),
        data.padded(8),
        data.of_class(0).take(2),
        data.take(7).of_class(0),
    ]
    assert len({p.sha256 for p in parts}) == len(parts)
    assert data.take(7).sha256 == data.take(7).sha256
    assert data.take(23).sha256 == data.take(99).sha256 == data.padded(4).sha256 == data.sha256


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"labels": torch.zeros(22, dtype=torch.int64)}, "one label an image"),
        ({"labels": torch.zeros(23)}, "int64"),
        ({"labels": torch.full((23,), 3)}, "0 to 2"),
        ({"labels": torch.full((23,), -1)}, "0 to 2"),
        ({"images": torch.zeros(23, 4, 4)}, r"\(N, C, H, W\)"),
        ({"images": torch.full((23, 1, 4, 4), 255.0)}, "127.5"),
    ],
)
def test_images_and_labels_that_do_not_belong_together_are_refused(change, said):
    with pytest.raises(CourseError, match=said):
        replace(numbered(), **change)
