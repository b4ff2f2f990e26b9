"""Where files lie, and that writing them cannot leave half of one."""

import hashlib
import os
from pathlib import Path

import pytest

from course_lib import files
from course_lib.errors import CourseError


def test_the_checkout_is_found_and_shipped_files_lie_in_its_data_folder():
    root = files.repo_root()
    assert (root / "pyproject.toml").is_file()
    assert files.shipped("zoo", "manifest.json") == root / "data" / "zoo" / "manifest.json"
    assert files.notebooks_source() == root / "notebooks" / "src"


def test_a_wheel_finds_the_same_files_inside_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "site-packages" / "course_lib")
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    assert files.repo_root() is None
    assert files.shipped("zoo") == tmp_path / "site-packages" / "course_lib" / "_data" / "zoo"
    assert files.notebooks_source().parts[-2:] == ("_data", "notebooks")
    assert files.cache_dir() == tmp_path / "cache" / "explaining-image-generators"
    assert files.cache_dir().is_dir()


def test_course_data_decides_where_downloads_land(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "a" / "b"))
    assert files.cache_dir() == tmp_path / "a" / "b"
    assert files.cache_dir().is_dir()
    monkeypatch.setenv("COURSE_DATA", "")
    assert files.cache_dir() == files.repo_root() / "data" / "cache"


def test_a_course_data_that_cannot_be_a_folder_is_refused_by_name(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(CourseError, match="COURSE_DATA"):
        files.cache_dir()


def test_recorded_runs_are_read_as_they_were_written(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    runs = {"100": [{"step": 1, "loss": 0.5}], "lines": [[1, 2], [3.5, None]], "words": ["a [1,\n 2]"]}
    path = files.write_recorded("some-runs", {"lr": 0.001}, runs)
    assert path == tmp_path / "runs" / "some-runs.json"
    content = files.recorded("some-runs")
    assert content.keys() == {"command", "machine", "settings", "runs"}
    assert content["command"] == "course record some-runs" and content["settings"] == {"lr": 0.001}
    assert content["runs"] == runs
    assert "[ 1, 2 ]" in path.read_text() or "[1, 2]" in path.read_text(), "a list of numbers takes one line"


def test_missing_recorded_runs_name_the_command_that_makes_them(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    with pytest.raises(CourseError, match="'no-such': `course record no-such`"):
        files.recorded("no-such")


def test_sha256_reads_across_blocks(tmp_path):
    content = os.urandom((1 << 20) + 17)
    (tmp_path / "f").write_bytes(content)
    assert files.sha256(tmp_path / "f") == hashlib.sha256(content).hexdigest()


def test_atomic_write_replaces_makes_folders_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new" / "f.txt"
    assert files.atomic_write(path, "für") == path
    assert path.read_bytes() == "für".encode()
    files.atomic_write(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert [p.name for p in path.parent.iterdir()] == ["f.txt"]


@pytest.mark.parametrize("breaks", ["fsync", "replace"])
def test_a_write_that_fails_keeps_the_old_content_whole(tmp_path, monkeypatch, breaks):
    path = files.atomic_write(tmp_path / "f", "old")

    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, breaks, fails)
    with pytest.raises(OSError, match="no space"):
        files.atomic_write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path], "half a file was left lying about"


def test_the_content_is_on_the_disk_before_the_name_changes(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda n: (calls.append("fsync"), fsync(n)))
    monkeypatch.setattr(os, "replace", lambda a, b: (calls.append(Path(a).read_text()), replace(a, b)))
    files.atomic_write(tmp_path / "f", "whole")
    assert calls == ["fsync", "whole"]


def test_set_aside_keeps_every_bad_file_under_its_own_name(tmp_path):
    for n in (1, 2, 3):
        (tmp_path / "f").write_text(f"bad {n}")
        assert files.set_aside(tmp_path / "f").name == f"f.corrupt-{n}"
        assert not (tmp_path / "f").exists()
    assert [(tmp_path / f"f.corrupt-{n}").read_text() for n in (1, 2, 3)] == ["bad 1", "bad 2", "bad 3"]
