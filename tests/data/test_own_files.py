"""IDX files, plain or gzipped, and .npz files: what was written comes back, and damage is said."""

import gzip
import hashlib
import struct

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_own_arrays import pixels, refused

from course_lib.data import ImageData
from course_lib.data.complete import RAW_SHA256
from course_lib.data.idx import TYPES, read_idx
from course_lib.errors import CourseError, DataCorrupt
from course_lib.files import repo_root

quick = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
FASHION = repo_root().parent / "shared" / "data" / "fashion"
with_fashion = pytest.mark.skipif(not FASHION.is_dir(), reason="the complete sets are not in ../shared")


def idx(array, code=0x08):
    """An IDX file's bytes, written after its description."""
    array = np.asarray(array)
    return (
        bytes([0, 0, code, array.ndim])
        + b"".join(struct.pack(">I", n) for n in array.shape)
        + array.astype(TYPES[code]).tobytes()
    )


@quick
@given(st.lists(st.integers(0, 5), min_size=1, max_size=4).map(tuple), st.sampled_from(sorted(TYPES)), st.booleans())
def test_an_idx_file_comes_back_in_every_type(tmp_path, shape, code, packed):
    array = np.random.default_rng(0).integers(0, 100, shape).astype(TYPES[code])
    (tmp_path / "x").write_bytes(gzip.compress(idx(array, code)) if packed else idx(array, code))
    read = read_idx(tmp_path / "x")
    assert read.shape == array.shape and np.array_equal(read, array) and read.dtype.isnative and read.flags.writeable


@quick
@given(st.integers(0, 200), st.booleans())
def test_a_cut_idx_file_is_never_read(tmp_path, keep, packed):
    content = idx(pixels(3, 8, 8))
    content = gzip.compress(content) if packed else content
    (tmp_path / "x-idx3-ubyte").write_bytes(content[: min(keep, len(content) - 1)])
    with pytest.raises(CourseError) as refusal:
        read_idx(tmp_path / "x-idx3-ubyte")
    assert "x-idx3-ubyte" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["no IDX file", "nothing"]),
        (b"\x89PNG....", ["no IDX file", "89 50 4e 47"]),
        (b"\0\0\x07\x01\0\0\0\x01\0", ["no IDX file"]),
        (b"\0\0\x08\0", ["no IDX file"]),
        (idx(pixels(2, 3)) + b"x", ["19 bytes", "18"]),
    ],
)
def test_what_is_no_idx_file_is_refused(tmp_path, content, words):
    (tmp_path / "x").write_bytes(content)
    refused(lambda: read_idx(tmp_path / "x"), "x", *words)


def test_pictures_and_labels_from_idx(tmp_path):
    x, y = pixels(6, 9, 9), np.array([1, 2, 3, 1, 2, 3])
    (tmp_path / "letters-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(x)))
    (tmp_path / "letters-labels-idx1-ubyte").write_bytes(idx(y))
    files = tmp_path / "letters-images-idx3-ubyte.gz", tmp_path / "letters-labels-idx1-ubyte"
    refused(lambda: ImageData.idx(*files), "labels - 1")
    data = ImageData.idx(*files, ["a", "b", "c"], first=1)
    assert data.labels.tolist() == [0, 1, 2, 0, 1, 2] and data.name == "letters-images"
    assert data.names == ("a", "b", "c")
    assert torch.equal(data.images, ImageData.of(x).images)
    turned = ImageData.idx(*files, first=1, transposed=True, size=12)
    assert torch.equal(turned.images, ImageData.of(x.swapaxes(1, 2), size=12).images)
    refused(lambda: ImageData.idx(*files, first="1"), "first='1'")
    refused(lambda: ImageData.idx(tmp_path / "none"), "there is no file", "none")
    refused(lambda: ImageData.idx(files[1]), "(6,)")
    refused(lambda: ImageData.idx(files[0], files[0]), "labels have shape (6, 9, 9)")


@with_fashion
def test_the_complete_fashion_mnist_read_as_idx_is_the_set_that_torchvision_reads(tmp_path):
    for part, n in (("train", 60000), ("t10k", 10000)):
        files = [FASHION / f"{part}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1")]
        data = ImageData.idx(*files)
        assert data.images.shape == (n, 1, 28, 28) and torch.bincount(data.labels).tolist() == [n // 10] * 10
        raw = ((data.images[:, 0] + 1) * 127.5).round().to(torch.uint8).numpy()
        content = bytes([0, 0, 8, 3]) + struct.pack(">III", *raw.shape) + raw.tobytes()
        assert hashlib.sha256(content).hexdigest() == RAW_SHA256["fashion"][f"{part}-images-idx3-ubyte"]


# ---- npz ----


def test_pictures_and_labels_from_npz(tmp_path):
    x, y = pixels(4, 9, 9, 3), np.array([0, 1, 1, 0], np.uint8)
    np.savez(tmp_path / "own.npz", images=x, labels=y)
    np.savez_compressed(tmp_path / "keras.npz", x_train=x, y_train=y[:, None], x_test=x[:2])
    data = ImageData.npz(tmp_path / "own.npz", ["cat", "dog"])
    assert data.name == "own" and data.shape == (3, 9, 9) and data.labels.tolist() == [0, 1, 1, 0]
    refused(lambda: ImageData.npz(tmp_path / "keras.npz"), "no array 'images'", "x_train, y_train, x_test", "labels=")
    refused(lambda: ImageData.npz(tmp_path / "keras.npz", images="x_train", labels="y_train"), "labels[:, 0]")
    test = ImageData.npz(tmp_path / "keras.npz", images="x_test", labels=None, size=12, grey=True, split="test")
    assert test.shape == (1, 12, 12) and test.names == ("all",) and test.split == "test"


@pytest.mark.parametrize("how", ["cut", "text", "empty"])
def test_a_broken_npz_is_refused_by_name(tmp_path, how):
    np.savez(tmp_path / "own.npz", images=pixels(4, 9, 9))
    content = (tmp_path / "own.npz").read_bytes()
    (tmp_path / "own.npz").write_bytes({"cut": content[:200], "text": b"PK\x03\x04 no", "empty": b""}[how])
    with pytest.raises(DataCorrupt, match=r"own\.npz"):
        ImageData.npz(tmp_path / "own.npz", labels=None)


def test_nothing_is_unpickled(tmp_path):
    np.savez(tmp_path / "own.npz", images=np.array([[1], [2, 3]], object))
    refused(lambda: ImageData.npz(tmp_path / "own.npz", labels=None), "own.npz", "numpy.savez")
    np.save(tmp_path / "one.npy", pixels(2, 8, 8))
    refused(lambda: ImageData.npz(tmp_path / "one.npy"), "numpy.load")
    refused(lambda: ImageData.npz(tmp_path / "none.npz"), "there is no file")
