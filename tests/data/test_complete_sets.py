"""The complete sets: read from COURSE_DATA, checked, and refused with a way out where there is no network."""

import socket
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
import torchvision

from course_lib.data import complete, load
from course_lib.errors import CourseError, DataCorrupt
from course_lib.files import repo_root, sha256

EXPAND = repo_root().parent / "shared" / "data" / "expand.sh"
with_sets = pytest.mark.skipif(not EXPAND.is_file(), reason="the complete sets are not in ../shared")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    subprocess.run(["bash", str(EXPAND), str(folder)], check=True)
    return folder


@with_sets
@pytest.mark.parametrize(("name", "first"), [("mnist", [5, 0, 4, 1]), ("fashion", [9, 0, 0, 3])])
def test_the_complete_sets_come_back_like_the_digits(sets, monkeypatch, no_network, name, first):
    monkeypatch.setenv("COURSE_DATA", str(sets))
    data = load(name, split="train")
    assert data.images.shape == (60000, 1, 28, 28)
    assert data.images.dtype == torch.float32
    assert (data.images.min(), data.images.max()) == (-1, 1)
    assert data.labels[:4].tolist() == first
    assert len(data.names) == 10 and data.name == name and data.source and data.licence
    assert len(load(name, split="test")) == 10000


@with_sets
def test_the_digits_are_part_of_mnists_training_images(sets, monkeypatch, no_network):
    monkeypatch.setenv("COURSE_DATA", str(sets))
    ours, whole = load("digits", split="test"), load("mnist")
    known = {(image.numpy().tobytes(), int(k)) for image, k in zip(whole.images, whole.labels, strict=True)}
    assert all((image.numpy().tobytes(), int(k)) in known for image, k in zip(ours.images, ours.labels, strict=True))


@with_sets
def test_one_flipped_bit_is_found_and_the_file_stays(sets, tmp_path, monkeypatch, no_network):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in complete.RAW_SHA256["mnist"]:
        (raw / file).write_bytes((sets / "MNIST" / "raw" / file).read_bytes())
    bad = raw / "t10k-images-idx3-ubyte"
    content = bytearray(bad.read_bytes())
    content[5000] ^= 4
    bad.write_bytes(content)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(DataCorrupt, match=rf"t10k-images-idx3-ubyte is .*{sha256(bad)[:8]} and 0fa7898d .*move it"):
        load("mnist")
    assert bad.read_bytes() == bytes(content) and len(list(raw.iterdir())) == 4
    bad.unlink()
    with pytest.raises(CourseError, match="COURSE_DATA"):  # asked again, it wants to download, and cannot here
        load("mnist")


@pytest.mark.parametrize("missing", ["", "t10k-labels-idx1-ubyte"])
def test_a_file_of_the_right_name_and_wrong_content_is_never_moved_nor_fetched_over(tmp_path, monkeypatch, missing):
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    names = [file for file in complete.RAW_SHA256["fashion"] if file != missing]
    for file in names:
        (raw / file).write_bytes(b"mine")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(torchvision.datasets, "FashionMNIST", lambda *a, **k: pytest.fail("it was fetched over"))
    with pytest.raises(DataCorrupt, match="move it away and call load\\('fashion'\\) again"):
        load("fashion")
    assert {path.name: path.read_bytes() for path in raw.iterdir()} == dict.fromkeys(names, b"mine")


class Fetched:
    """What torchvision's sets do: write over each file, packed and not."""

    resources = (("a.gz", "md5"), ("b.gz", "md5"))

    def __init__(self, root, train, download):
        raw = Path(root) / "MNIST" / "raw"
        raw.mkdir(parents=True, exist_ok=True)
        for name in ("a.gz", "b.gz", *complete.RAW_SHA256["mnist"]):
            (raw / name).write_bytes(b"fetched")
            if name == self.stop_at:
                raise KeyboardInterrupt


@pytest.mark.parametrize("stop_at", ["", "b.gz"])
def test_a_download_adds_what_is_missing_and_leaves_no_half_behind(tmp_path, stop_at):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "a.gz").write_bytes(b"my packed one")
    (raw / "train-labels-idx1-ubyte").write_bytes(b"my labels")
    with nullcontext() if not stop_at else pytest.raises(KeyboardInterrupt):
        complete._download(type("Kind", (Fetched,), {"stop_at": stop_at}), tmp_path, raw)
    found = {path.name: path.read_bytes() for path in raw.iterdir()}
    mine = {"a.gz": b"my packed one", "train-labels-idx1-ubyte": b"my labels"}
    every = dict.fromkeys(["b.gz", *complete.RAW_SHA256["mnist"]], b"fetched")
    assert found == (mine if stop_at else every | mine)
    assert [path.name for path in tmp_path.iterdir()] == ["MNIST"]


def test_without_files_and_network_the_sentence_names_the_way_out(tmp_path, monkeypatch, no_network):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError) as refusal:
        load("mnist")
    message = str(refusal.value)
    assert "'mnist'" in message and "COURSE_DATA" in message and "load('digits')" in message
    assert "\n" not in message and not any(tmp_path.iterdir()), "an empty folder would look like a set"


def test_a_torchvision_that_does_not_load_is_said_in_one_sentence(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(CourseError, match="torchvision"):
        load("mnist")
