"""The pages beside the notebooks: in every workspace, reachable from the notebooks, and the learner's once changed."""

import nbformat
import pytest

from course_lib import files
from course_lib.tools import workspace


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with one notebook that links to one page."""
    (tmp_path / "src" / "00_start_here").mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "maths.md").write_text("# Maths")
    (tmp_path / "src" / "00_start_here" / "1_start_here.py").write_text(
        "# %% [markdown]\n# See [maths](../../docs/maths.md#slope).\n"
    )
    monkeypatch.setattr(files, "notebooks_source", lambda: tmp_path / "src")
    monkeypatch.setattr(files, "repo_root", lambda: tmp_path)
    return tmp_path


def test_a_notebooks_link_leads_to_the_copied_page(course):
    done = workspace.prepare(course / "mine")
    source = nbformat.read(course / "mine" / "00_start_here" / "1_start_here.ipynb", as_version=4).cells[0].source
    assert source == "See [maths](../docs/maths.md#slope)."
    assert (course / "mine" / "docs" / "maths.md").read_text() == "# Maths"
    assert done.sentences() == [f"1 notebook copied to {course / 'mine'}."]
    assert workspace.prepare(course / "mine").sentences() == []


def test_notes_in_a_page_are_kept(course):
    mine = course / "mine" / "docs" / "maths.md"
    workspace.prepare(course / "mine")
    mine.write_text("# Maths, and my notes")
    (course / "docs" / "maths.md").write_text("# Maths, second edition")
    assert workspace.prepare(course / "mine").outdated == ["docs/maths.md"]
    assert workspace.prepare(course / "mine", update=True).kept == [mine.with_name("maths.old-1.md")]
    assert mine.read_text() == "# Maths, second edition"
    assert mine.with_name("maths.old-1.md").read_text() == "# Maths, and my notes"


def test_every_page_ships(root):
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert [page.name for page in workspace.pages()] == list(workspace.PAGES)
    assert all(f'"docs/{name}" = "course_lib/_data/docs/{name}"' in text for name in workspace.PAGES)
