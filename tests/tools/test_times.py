"""Measured times and what is made from them: the README and notebook 00 show what data/times.json says."""

import json

import pytest

from course_lib import files
from course_lib.chapters import chapters, find, lesson_id, lessons, syllabus
from course_lib.errors import CourseError
from course_lib.tools import execute, readme, times

SOURCE = "# %% [markdown]\n# # Title\n\n# %%\nanswer = {}\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with one notebook, no times, and a README with the markers."""
    (tmp_path / "src" / "03_train_a_gan").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "README.md").write_text("# T\n<!-- syllabus -->\n<!-- /syllabus -->\n<!-- bench -->\n<!-- /bench -->\n")
    (tmp_path / "src" / "03_train_a_gan" / "1_train_a_gan.py").write_text(SOURCE.format(42))
    monkeypatch.setattr(files, "repo_root", lambda: tmp_path)
    monkeypatch.setattr(files, "notebooks_source", lambda: tmp_path / "src")
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath("data", *parts))
    return tmp_path


def times_file(course):
    return json.loads((course / "data" / "times.json").read_text())


def test_the_readme_agrees_with_the_data(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    for block, content in readme.blocks().items():
        assert readme.fill(text, block, content) == text, f"`course readme` brings the README's {block} up to date"


def test_times_belong_to_the_notebooks_as_they_are():
    known = syllabus.measured()["notebooks"]
    assert sorted(known) == [lesson_id(name) for name in lessons()], "`course times` measures every notebook"
    assert times.stale() == [], "their code has changed since: `course times` measures them again"
    assert all(entry["profile"] == "course" and entry["seconds"] > 0 for entry in known.values())


def test_every_lesson_is_on_the_map():
    assert sorted(name for chapter in chapters() for name in chapter.lessons) == lessons()
    assert [chapter.number for chapter in chapters()] == [f"{n:02d}" for n in range(15)]


@pytest.mark.notebook
def test_measuring_writes_the_time_and_the_table(course):
    taken = times.measure(["3"])
    readme.update(picture=False)
    entry = times_file(course)["notebooks"]["03.1"]
    assert entry["seconds"] == round(taken["03_train_a_gan/1_train_a_gan"], 1) > 0
    assert entry["source"] == execute.code_sha("03_train_a_gan/1_train_a_gan") and times.stale() == []
    assert all("1 thread" in entry["machine"] for entry in times_file(course)["notebooks"].values())
    page = (course / "README.md").read_text()
    assert "| 03 Train a GAN |" in page and "[1](notebooks/03_train_a_gan/1_train_a_gan.ipynb)" in page
    assert page.startswith("# T\n<!-- syllabus -->\n| chapter |")


@pytest.mark.notebook
def test_a_notebook_that_fails_is_not_measured(course):
    (course / "src" / "03_train_a_gan" / "1_train_a_gan.py").write_text(SOURCE.format("1 / 0"))
    with pytest.raises(CourseError, match=r"not measured: 03_train_a_gan/1_train_a_gan, cell 1 .*ZeroDivisionError"):
        times.measure()
    assert not (course / "data" / "times.json").exists()


@pytest.mark.parametrize(("seconds", "text"), [(7.4, "7 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")])
def test_how_a_time_reads(course, seconds, text):
    chapter = find("03")
    assert syllabus.duration(chapter) == "not measured yet"
    times.record(*chapter.lessons, seconds)
    assert syllabus.duration(chapter) == text
    assert syllabus.duration(find("04")) == "planned"


def test_prose_does_not_outdate_a_time_but_code_does(course):
    times.record("03_train_a_gan/1_train_a_gan", 5)
    source = course / "src" / "03_train_a_gan" / "1_train_a_gan.py"
    source.write_text(source.read_text().replace("Title", "Better title"))
    assert times.stale() == []
    source.write_text(source.read_text().replace("42", "43"))
    assert times.stale() == ["03_train_a_gan/1_train_a_gan"]


@pytest.mark.parametrize("text", ["", "<!-- x -->", "<!-- /x --><!-- x -->", "<!-- x --><!-- /x -->" * 2])
def test_a_readme_without_its_markers_is_refused(text):
    with pytest.raises(CourseError, match=r"<!-- x --> and <!-- /x --> once each"):
        readme.fill(text, "x", "content")


def test_filling_changes_nothing_else():
    assert readme.fill("a\n<!-- x -->old<!-- /x -->\nb", "x", r"n\1ew") == "a\n<!-- x -->\nn\\1ew\n<!-- /x -->\nb"


def test_outside_a_checkout_nothing_is_written(monkeypatch):
    monkeypatch.setattr(files, "repo_root", lambda: None)
    for command in (times.measure, readme.update):
        with pytest.raises(CourseError, match="checkout"):
            command()
