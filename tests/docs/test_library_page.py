"""The page on using the library outside the course: every block runs as it stands, and its rooms are all there are."""

import re

import pytest

from course_lib.runtime import Runtime


@pytest.fixture
def page(root):
    return (root / "docs" / "library.md").read_text(encoding="utf-8")


def test_every_block_runs(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Runtime, "auto", lambda auto=Runtime.auto, **settings: auto(**{"device": "cpu"} | settings))
    names = {"__name__": "page"}
    for block in re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        exec(compile(block, "library.md", "exec"), names)
    assert names["game"].step_number == 10 and names["own"].step_number == 2
    assert names["drawn"].shape == (100, 1, 28, 28) and names["drawn"].abs().max() <= 1
    assert names["maps"].shape == names["coarse"].shape == (8, 1, 28, 28)
    printed = capsys.readouterr().out
    assert "score_real" in printed and "Grad-CAM {" in printed


def test_it_names_every_room(root, page):
    rooms = {path.name for path in (root / "course_lib").iterdir() if path.is_dir() and path.name[0] != "_"} | {"zoo"}
    named = {word for line in page.splitlines() if line.startswith("| `") for word in re.findall(r"`(\w+)`", line)}
    assert rooms == named
