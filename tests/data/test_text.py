"""The shipped book as data: what its windows hold, and that train and held-out parts do not overlap."""

import pytest
import torch

from course_lib import files
from course_lib.data import text
from course_lib.data.text import load_text, plain, to_characters, to_one_hot, to_text
from course_lib.errors import CourseError, DataCorrupt
from course_lib.runtime import Runtime


def test_the_two_parts_are_the_book_in_order():
    book, held = load_text(), load_text(split="test")
    whole = to_text(torch.cat([book.characters, held.characters])[None])[0]
    assert whole.startswith("alice was beginning to get very tired") and whole.endswith("the happy summer days")
    assert "chapter" not in whole.split()[:200] and set(whole) == set(text.ALPHABET)
    assert len(book.characters) / len(whole) == pytest.approx(0.85, abs=1e-4)
    assert book.sha256 != held.sha256 and len(book) == len(book.characters) - 15 == len(book.labels)


def test_windows_are_read_like_a_tensor_of_all_of_them():
    data = load_text(length=7)
    every = to_one_hot(data.characters.unfold(0, 7, 1))
    assert data.examples.shape == every.shape and data.shape == (7, 27) and len(data.examples) == len(every)
    for which in (slice(3, 9), torch.tensor([5, 0, len(data) - 1]), 4, -1):
        assert torch.equal(data.examples[which], every[which])
    assert to_text(data.examples[:2]) == ["alice w", "lice wa"] and to_text(data.apart())[1] == "as begi"


def test_batches_are_windows_of_the_book_and_resume():
    data, runtime = load_text(), Runtime.auto(device="cpu", seed=3)
    whole = to_text(data.characters[None])[0]
    first, second = (next(data.stream(8, runtime, start))[0] for start in (0, 1))
    assert first.shape == (8, 16, 27) and all(one in whole for one in to_text(first))
    assert not torch.equal(first, second)


def test_plain_and_back():
    assert plain("  It's `Alice'--WHO?\n") == "its alice who"
    assert to_text(to_characters("so it is")[None]) == ["so it is"]
    with pytest.raises(CourseError, match=r"'!'.*plain"):
        to_characters("oh!")


def test_another_file_or_split_is_refused(monkeypatch, tmp_path):
    for wrong in ({"split": "valid"}, {"length": 0}, {"length": 2.5}):
        with pytest.raises(CourseError, match="use"):
            load_text(**wrong)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "alice.txt").write_text("Alice was ill.\n")
    monkeypatch.setattr(text, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(DataCorrupt, match="restore it"):
        load_text()


def test_line_ends_of_windows_do_no_harm(monkeypatch, tmp_path):
    (tmp_path / "texts").mkdir()
    content = files.shipped("texts", "alice.txt").read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "texts" / "alice.txt").write_bytes(content)
    monkeypatch.setattr(text, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    assert len(load_text().characters) > 100_000
