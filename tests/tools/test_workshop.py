"""The workshop's folder: complete, without a solution, and its student edition runs unsolved from end to end."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course_lib.chapters import lesson, lessons
from course_lib.errors import CourseError
from course_lib.tools import deck as decks
from course_lib.tools import slides, workshop
from course_lib.tools.editions import leaks, student
from course_lib.tools.execute import read_source

TEXTS = {".md", ".ipynb", ".html", ".json", ".cff", ".txt"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The workshop's folder, with pages as slides that cost no browser; a test in ``browser`` builds the real ones."""
    pages = tmp_path_factory.mktemp("slides")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slides, "build", lambda: [_page(pages, name) for name in decks.names()])
        folder, archive = workshop.build()
        copy = tmp_path_factory.mktemp("workshop") / "workshop"
        shutil.copytree(folder, copy)
        shutil.copy(archive, copy.parent)
    return copy


def _page(folder: Path, name: str) -> Path:
    (folder / f"{name}.html").write_text((decks.folder() / f"{name}.md").read_text(encoding="utf-8"), encoding="utf-8")
    return folder / f"{name}.html"


def test_everything_is_there(made):
    for name in lessons():
        assert (made / "notebooks" / f"{name}.ipynb").is_file()
        assert (made / "notebooks" / "src" / f"{name}.py").is_file()
    for name in (
        "README.md",
        "Makefile",
        "install.py",
        "LICENSE",
        "LICENCES.md",
        "CITATION.cff",
        "pyproject.toml",
        "locks/requirements.lock",
        "course_lib/cli.py",
        "data/zoo/manifest.json",
        "data/runs/cures.json",
        "data/claims.md",
        "docs/glossary.md",
        "course_lib/tools/lab_settings/default_setting_overrides.json",
        "instructor/guide.md",
    ):
        assert (made / name).is_file(), name
    assert {p.stem for p in (made / "slides").iterdir()} == set(decks.names())
    assert not list(made.rglob("__pycache__")) and not (made / "tests").exists()


def test_the_zip_is_the_folder_and_the_same_each_time(made):
    with zipfile.ZipFile(made.parent / "workshop.zip") as archive:
        inside = {entry.filename for entry in archive.infolist()}
        assert all(entry.date_time == workshop.DATE for entry in archive.infolist())
    assert inside == {f"workshop/{p.relative_to(made).as_posix()}" for p in made.rglob("*") if p.is_file()}


def test_no_solution_stands_in_it(made):
    """In no notebook, source, slide, page or guide. The library itself is open: it is there to be read."""
    files = [path for path in made.rglob("*") if path.suffix in TEXTS and path.is_file()]
    files += list((made / "notebooks" / "src").rglob("*.py"))
    assert len(files) > 30
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    everything = new_notebook(cells=[new_markdown_cell(text)])
    sources = [read_source(name) for name in lessons()]
    # What one notebook keeps secret, such as `model.eval()`, another may show.
    openly = "\n".join(cell.source for source in sources for cell in student(source).cells if cell.cell_type == "code")
    for source in sources:
        assert [line for line in leaks(source, everything) if line not in openly] == []
    assert "def solution_" not in text


def test_a_leak_would_be_seen(made):
    solution = next(cell for cell in read_source(lesson("03.1")).cells if "solution" in cell.metadata.get("tags", []))
    everything = new_notebook(cells=[new_markdown_cell(solution.source)])
    assert leaks(read_source(lesson("03.1")), everything)


def test_student_notebooks_have_no_outputs(made):
    for path in (made / "notebooks").rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert cell.cell_type != "code" or (cell.outputs, cell.execution_count) == ([], None)


def test_its_own_course_command_hands_out_the_student_edition(made, tmp_path):
    """The folder is a course of its own: it knows its notebooks, and the copies have no solutions."""
    code = "from course_lib.tools import workspace; from pathlib import Path; import sys; "
    code += "print(workspace.prepare(Path(sys.argv[1])).sentences())"
    env = {**os.environ, "PYTHONPATH": str(made), "COURSE_WORKSPACE": ""}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "mine")],
        cwd=made,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{len(lessons())} notebooks copied" in done.stdout
    text = (tmp_path / "mine" / f"{lesson('03.1')}.ipynb").read_text(encoding="utf-8")
    assert "solution_" not in text and '"exercise"' in text


@pytest.mark.slow
@pytest.mark.notebook
def test_its_lessons_run_with_its_own_library(made):
    """The first one does; tests/notebooks/test_smoke.py runs every lesson's student edition."""
    env = {**os.environ, "PYTHONPATH": str(made), "COURSE_WORKSPACE": ""}
    command = [sys.executable, "-m", "course_lib.cli", "run", "00.1", "--profile", "smoke"]
    done = subprocess.run(command, cwd=made, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (made / "build" / "course" / f"{lesson('00.1')}.ipynb").is_file()


def test_the_guide_has_times_and_schedules_that_fit():
    text = workshop.guide()
    for plan in workshop.PLANS:
        assert f"### {plan.title}" in text
    assert "| 9:00 |" in text and all(f"| {name[:2]} " in text for name in decks.names())
    for name in decks.names():
        assert f"### {name[:2]} " in text.split("## Notes on each notebook")[1], f"no notes on {name}"


def test_a_schedule_that_does_not_fit_is_refused():
    with pytest.raises(CourseError, match=r"day 1 takes .* more than 1 hours"):
        workshop.schedule(workshop.Plan("Too much", (("03", "04"),), 1))
    with pytest.raises(CourseError, match="no chapter '77'"):
        workshop.minutes("77")


def test_a_schedule_adds_up():
    assert workshop.schedule(workshop.Plan("Rest", (("break", "lunch"),), 2)).splitlines()[-2:] == [
        "| 9:00 | 9:15 | break |",
        "| 9:15 | 10:15 | lunch |",
    ]
