"""New words for a built page: its text and its questions change, its outputs stay; changed code is refused."""

import nbformat
import pytest

from course_lib import files
from course_lib.chapters import syllabus
from course_lib.errors import CourseError
from course_lib.tools.build import build, stale
from course_lib.tools.reword import reword, with_words_of

QUESTION = """
from course_lib.chapters import syllabus
ask = syllabus.questions('00.1')"""


@pytest.fixture
def checkout(sources, tmp_path, monkeypatch):
    """A checkout of one lesson, built: (its source, its page)."""
    source = sources(
        "90_tiny",
        " [markdown]\n# # Title\n# Old words.",
        QUESTION,
        "\nask.quiz()",
        "\nask.quiz()\nask.quiz()",
        "\nprint(id(object()) % 7)",
    )
    monkeypatch.setattr(files, "checkout", lambda what: tmp_path)
    (page,) = build(["90"])
    return source, page


def cells(page):
    return nbformat.read(page, as_version=4).cells


@pytest.mark.notebook
@pytest.mark.slow
def test_words_change_and_what_ran_stays(checkout):
    source, page = checkout
    before = cells(page)
    assert reword() == []
    source.write_text(source.read_text().replace("# Old words.", "# New words.\n\n# %% [markdown]\n# More."))
    assert reword(["90"]) == ["90_tiny/1_tiny"]
    after = cells(page)
    assert [c.source for c in after[:3]] == [before[0].source, "# Title\nNew words.", "More."]
    assert [c.outputs for c in after if c.cell_type == "code"] == [c.outputs for c in before if c.cell_type == "code"]
    assert any("radio" in str(c.outputs) or "details" in str(c.outputs) for c in after if c.source == "ask.quiz()")
    assert stale() == []
    assert reword() == []


@pytest.mark.notebook
@pytest.mark.slow
def test_a_question_is_asked_anew(checkout):
    _, page = checkout
    kept = page.read_text()
    notebook = nbformat.reads(kept, as_version=4)
    for cell in notebook.cells:
        if cell.source.startswith("ask.quiz()"):  # one question, and two in a cell
            assert cell.outputs
            cell.outputs = []
    page.write_text(nbformat.writes(notebook) + "\n")
    assert reword() == ["90_tiny/1_tiny"]
    assert page.read_text() == kept


@pytest.mark.notebook
@pytest.mark.slow
def test_the_measured_time_is_told_anew(sources, tmp_path, monkeypatch):
    sources(
        "90_tiny",
        " [markdown]\n# # Title",
        QUESTION,
        "\nask.quiz()",
        "\nprint('this lesson runs in: 1 s (there)')\nprint('more')",
    )
    monkeypatch.setattr(files, "checkout", lambda what: tmp_path)
    (page,) = build(["90"])
    monkeypatch.setattr(syllabus, "time_of", lambda which: f"this lesson runs in: 7 s ({which})")
    assert reword() == ["90_tiny/1_tiny"]
    assert cells(page)[-1].outputs[0].text == "this lesson runs in: 7 s (90.1)\nmore\n"


@pytest.mark.notebook
@pytest.mark.slow
def test_changed_code_is_refused_by_name(checkout):
    source, page = checkout
    kept = page.read_bytes()
    source.write_text(source.read_text().replace("% 7", "% 8"))
    with pytest.raises(CourseError, match=r"90_tiny/1_tiny: code cell 5 \(`print\(id\(object\(\)\) % 8\)`\)"):
        reword()
    assert page.read_bytes() == kept
    page.unlink()
    with pytest.raises(CourseError, match="never built"):
        reword()


@pytest.mark.parametrize(("old", "new"), [(["1", "2"], ["1"]), (["1"], ["1", "2"]), (["1", "2"], ["2", "1"])])
def test_each_code_cell_is_compared(old, new):
    page, source = (
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in c], metadata={"course": {}})
        for c in (old, new)
    )
    with pytest.raises(CourseError, match="x: code cell"):
        with_words_of(source, page, "x")
