"""The complete sets: read from COURSE_DATA, checked, and refused with a way out where there is no network."""

import socket
import subprocess

import pytest
import torch

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
def test_one_flipped_bit_is_found_and_the_file_kept_beside(sets, tmp_path, monkeypatch, no_network):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in complete.RAW_SHA256["mnist"]:
        (raw / file).write_bytes((sets / "MNIST" / "raw" / file).read_bytes())
    bad = raw / "t10k-images-idx3-ubyte"
    content = bytearray(bad.read_bytes())
    content[5000] ^= 4
    bad.write_bytes(content)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(DataCorrupt, match=r"t10k-images-idx3-ubyte of 'mnist' is damaged.*corrupt-1"):
        load("mnist")
    assert not bad.exists()
    assert bad.with_name(bad.name + ".corrupt-1").read_bytes() == bytes(content)
    with pytest.raises(CourseError, match="COURSE_DATA"):  # asked again, it wants to download, and cannot here
        load("mnist")


def test_a_file_of_the_right_name_and_wrong_content_is_renamed_never_deleted(tmp_path, monkeypatch, no_network):
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for file in complete.RAW_SHA256["fashion"]:
        (raw / file).write_bytes(b"")
    before = sha256(raw / "train-images-idx3-ubyte")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(DataCorrupt, match="'fashion'"):
        load("fashion")
    kept = list(raw.glob("*.corrupt-1"))
    assert len(kept) == 1 and sha256(kept[0]) == before


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
