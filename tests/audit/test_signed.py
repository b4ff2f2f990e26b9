"""Who signed a folder, or a picture; and what each change of it does to that."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.audit import credentials, signature
from course_lib.errors import CourseError


@pytest.fixture
def signed(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"weights" * 99)
    (folder / "README.md").write_text("card")
    keys = signature.new_keys(tmp_path / "keys")
    return folder, keys, signature.sign(folder, keys, tmp_path / "model.sig")


def test_an_untouched_folder_is_as_signed(signed):
    folder, keys, where = signed
    assert signature.fault(folder, keys.public, where) is None
    assert keys.private.stat().st_mode & 0o077 == 0


def test_one_bit_a_new_file_a_lost_file_another_key(signed, tmp_path):
    folder, keys, where = signed
    other = signature.new_keys(tmp_path / "other")
    assert "Key mismatch" in signature.fault(folder, other.public, where)
    old = (folder / "a.bin").read_bytes()
    (folder / "a.bin").write_bytes(old[:-1] + bytes([old[-1] ^ 1]))
    assert signature.fault(folder, keys.public, where) == "Hash mismatch for 'a.bin'"
    (folder / "a.bin").write_bytes(old)
    (folder / "evil.py").write_text("")
    assert "evil.py" in signature.fault(folder, keys.public, where)
    (folder / "evil.py").unlink()
    (folder / "README.md").unlink()
    assert "README.md" in signature.fault(folder, keys.public, where)


def test_a_key_in_the_folder_is_refused(signed):
    folder, keys, _ = signed
    with pytest.raises(CourseError, match="keep it elsewhere"):
        signature.sign(folder, keys, folder / "model.sig")
    with pytest.raises(CourseError, match="keep it elsewhere"):
        signature.sign(folder, signature.new_keys(folder), folder.parent / "x.sig")
    with pytest.raises(CourseError, match="is no folder"):
        signature.sign(folder / "nowhere", keys, folder.parent / "x.sig")


@pytest.fixture(scope="module")
def ada():
    return credentials.new_identity("Ada")


@pytest.fixture(scope="module")
def png():
    return credentials.as_png(torch.linspace(-1, 1, 784).view(1, 28, 28))


def test_a_png_holds_the_pixels(png):
    pixels = np.asarray(Image.open(io.BytesIO(png)))
    assert pixels.shape == (28, 28) and pixels[0, 0] == 0 and pixels[-1, -1] == 255
    colour = credentials.as_png(torch.zeros(3, 5, 7))
    assert Image.open(io.BytesIO(colour)).size == (7, 5)


def test_a_credential_is_valid_for_all_and_trusted_by_those_who_know_its_root(png, ada):
    signed = credentials.sign(png, ada)
    reading = credentials.look(signed)
    assert (reading.state, reading.source, reading.signer) == ("valid", "generated", "Ada")
    assert reading.problems == ("signingCredential.untrusted",)
    assert credentials.look(signed, ada.root) == credentials.Reading("trusted", "generated", "Ada")
    assert credentials.look(signed, credentials.new_identity("Eve").root).state == "valid"


def test_what_happens_to_it(png, ada):
    signed = credentials.sign(png, ada)
    at = signed.rfind(b"IDAT") + 12
    flipped = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    reading = credentials.look(flipped, ada.root)
    assert reading.state == "invalid" and "assertion.dataHash.mismatch" in reading.problems
    again = io.BytesIO()
    Image.open(io.BytesIO(signed)).save(again, "PNG")
    assert credentials.look(again.getvalue()).state == "none"
    assert (np.asarray(Image.open(again)) == np.asarray(Image.open(io.BytesIO(png)))).all()
    assert credentials.look(png).state == "none"


def test_a_lie_is_signed_as_well(png, ada):
    assert credentials.look(credentials.sign(png, ada, "camera"), ada.root) == credentials.Reading(
        "trusted", "camera", "Ada"
    )
