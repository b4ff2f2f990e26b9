"""A whole chapter in a folder of its own is found by everything that the course derives from its chapters."""

import json

import pytest

from course_lib import chapters, files
from course_lib.chapters import chosen, find, lesson, lesson_id, lessons, syllabus
from course_lib.errors import CourseError
from course_lib.learn.exercises import judge
from course_lib.tools import claims_run, deck, recording, run, times, workshop, workspace

PACKAGE = {
    "__init__.py": 'TITLE, QUESTION = "Toys", "Does one folder do?"\n',
    "checks.py": """from course_lib.learn.exercises import check


@check("double", todo="return twice x", shows="right: twice")
def double(answer):
    return None if answer(3) == 6 else f"3 became {answer(3)}, expected 6"
""",
    "recordings/__init__.py": "",
    "recordings/toy_run.py": """from course_lib.files import write_recorded


def record(seeds=(1, 2), tell=print):
    write_recorded("toy-run", {}, {str(seed): seed for seed in seeds})
    tell("done")
""",
    "guide.md": "**What goes wrong.** Nothing.\n",
}
LESSON = """# %% [markdown]
# # Toys: *does one folder do?*

# %% tags=["parameters"]
profile = "course"
seed = 0
device = "auto"

# %%
from course_lib.chapters import syllabus
from course_lib.learn.claims import Claims
from course_lib.runtime import Runtime

claims = Claims("77.1", Runtime.auto(device=device, seed=seed, profile=profile))
check = syllabus.checks("77")

# %%
claims.at_least("two is at least one", 2, 1)

# %% tags=["exercise"]
def double(x): ...


check.double(double)


# %% tags=["solution"]
def solution_double(x):
    return 2 * x


check.double(solution_double, solution=True)
"""


@pytest.fixture
def toys(tmp_path, monkeypatch):
    """A checkout whose only chapter is 77, written into empty folders. Returns the checkout."""
    for name, text in PACKAGE.items():
        path = tmp_path / "chapters" / "ch77_toys" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    source = tmp_path / "notebooks" / "src" / "77_toys" / "1_toys.py"
    source.parent.mkdir(parents=True)
    source.write_text(LESSON, encoding="utf-8")
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "77_toys.md").write_text("# Toys\n\nNote:\n2 min. Hello.\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(chapters, "__path__", [str(tmp_path / "chapters")])
    monkeypatch.setattr(files, "notebooks_source", lambda: tmp_path / "notebooks" / "src")
    monkeypatch.setattr(files, "repo_root", lambda: tmp_path)
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath("data", *parts))
    monkeypatch.setattr(deck, "folder", lambda: tmp_path / "slides")
    return tmp_path


def test_it_is_on_the_map_and_in_the_readmes_table(toys):
    assert [(c.number, c.title, c.question) for c in chapters.chapters()] == [("77", "Toys", "Does one folder do?")]
    times.record("77_toys/1_toys", 65)
    assert (
        "| 77 Toys | *Does one folder do?* | [1](notebooks/77_toys/1_toys.ipynb) | 1 min 5 s |" in syllabus.markdown()
    )
    assert syllabus.time_of("77.1").startswith("this lesson runs in: 1 min 5 s")


def test_its_lesson_has_a_name_and_a_short_id(toys):
    assert lessons() == chosen() == chosen(["77"]) == chosen(["77.1", "77_toys/1_toys.ipynb"]) == ["77_toys/1_toys"]
    assert lesson("77") == "77_toys/1_toys" and lesson_id("77_toys/1_toys") == "77.1"
    for wrong in ("78", "77.2", "toys", ""):
        with pytest.raises(CourseError, match="use one of 77"):
            chosen([wrong])


def test_its_checks_judge_and_count_as_progress(toys):
    check = syllabus.checks("77")
    assert list(check) == ["double"]
    assert judge(check._found["double"], lambda x: 2 * x) == ("✓", "right: twice")
    assert judge(check._found["double"], lambda x: x)[0] == "✗"
    assert [(row["notebook"], row["total"]) for row in syllabus.progress_rows()] == [("77", 1)]


def test_its_recording_is_run_by_name(toys):
    told = []
    recording.record("toy-run", told.append)
    assert told == ["done"] and files.recorded("toy-run")["runs"] == {"1": 1, "2": 2}


def test_deck_guide_and_workspace_know_it(toys, tmp_path):
    assert deck.names() == ["77_toys"] and deck.read("77_toys").minutes == 2
    assert workshop.minutes("77") == 2 and workshop.exercises(find("77")) == 1
    assert workshop.notes(find("77")) == "### 77 Toys\n\n**What goes wrong.** Nothing."
    assert workspace.prepare(tmp_path / "mine").added == ["77_toys/1_toys"]


@pytest.mark.notebook
def test_it_is_run_and_its_claims_are_recorded(toys, capsys):
    # A kernel is a process of its own, and knows the course's chapters only: no checks there.
    source = toys / "notebooks" / "src" / "77_toys" / "1_toys.py"
    source.write_text(LESSON.partition('# %% tags=["exercise"]')[0].replace('check = syllabus.checks("77")\n', ""))
    assert run.run(out=toys / "out") == 0
    assert "✓ 77_toys/1_toys" in capsys.readouterr().out and (toys / "out" / "77_toys" / "1_toys.ipynb").is_file()
    assert claims_run.stale_claims() == ["77_toys/1_toys"]
    assert claims_run.claims(1, arithmetics=["native"]) == 0
    known = json.loads((toys / "data" / "claims.json").read_text(encoding="utf-8"))["notebooks"]
    assert [claim["statement"] for claim in known["77.1"]["native"]["claims"]] == ["two is at least one"]
    assert claims_run.stale_claims() == [] and "## 77.1 toys" in (toys / "data" / "claims.md").read_text()
