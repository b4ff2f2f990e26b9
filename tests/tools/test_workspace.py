"""The workspace keeps whatever a learner did: nothing is overwritten, and every refusal names what would be right."""

import json

import nbformat
import pytest

import course_lib
from course_lib import files
from course_lib.errors import CourseError
from course_lib.tools import workspace

START, TRAIN = "00_start_here/1_start_here.ipynb", "03_train_a_gan/1_train_a_gan.ipynb"
SOURCE = """# %% [markdown]
# # {title}

# %% tags=["parameters"]
profile = "course"

# %% tags=["exercise"]
answer = ...

# %% tags=["solution"]
solution_answer = 42
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two small notebooks as the course's sources; ``course(name, title)`` changes one, as a newer version would."""
    sources = tmp_path / "src"
    sources.mkdir()
    monkeypatch.setattr(files, "notebooks_source", lambda: sources)
    monkeypatch.setattr(files, "repo_root", lambda: None)

    def write(name, title):
        (sources / name).parent.mkdir(exist_ok=True)
        (sources / f"{name}.py").write_text(SOURCE.format(title=title), encoding="utf-8")

    write("00_start_here/1_start_here", "Start")
    write("03_train_a_gan/1_train_a_gan", "Train")
    return write


@pytest.fixture
def mine(course, tmp_path):
    """A prepared workspace."""
    folder = tmp_path / "my course"
    workspace.prepare(folder)
    return folder


def edit(path, text="# my own line"):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "\n" + text
    nbformat.write(notebook, path)
    return path.read_bytes()


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb"))


def test_a_new_workspace_has_every_notebook_and_a_stamp(mine):
    assert names(mine) == [START, TRAIN]
    stamp = json.loads((mine / ".course" / "workspace.json").read_text())
    assert stamp["version"] == course_lib.__version__
    assert stamp["notebooks"] == {name.removesuffix(".ipynb"): files.sha256(mine / name) for name in names(mine)}


def test_copies_are_valid_and_self_paced(mine):
    notebook = nbformat.read(mine / START, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    hidden = [cell for cell in code if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert [cell.metadata["tags"] for cell in hidden] == [["solution"]] and "42" in hidden[0].source


def test_executed_notebooks_of_a_checkout_lose_their_outputs(course, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "repo_root", lambda: tmp_path)
    executed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", execution_count=1)])
    executed.cells[0].outputs = [nbformat.v4.new_output("stream", text="2\n")]
    (tmp_path / "notebooks" / START).parent.mkdir(parents=True)
    nbformat.write(executed, tmp_path / "notebooks" / START)
    copy = nbformat.reads(workspace.edition("00_start_here/1_start_here"), as_version=4)
    assert copy.cells[0].source == "1 + 1" and copy.cells[0].outputs == []


def test_the_copy_does_not_depend_on_chance(course):
    assert workspace.edition("00_start_here/1_start_here") == workspace.edition("00_start_here/1_start_here")


def test_a_second_start_changes_nothing(mine):
    before = {path: path.stat().st_mtime_ns for path in mine.rglob("*")}
    assert workspace.prepare(mine).sentences() == []
    assert {path: path.stat().st_mtime_ns for path in mine.rglob("*")} == before


def test_the_learners_changes_stay(mine):
    changed = edit(mine / TRAIN)
    workspace.prepare(mine)
    workspace.prepare(mine, update=True)
    assert (mine / TRAIN).read_bytes() == changed
    assert len(names(mine)) == 2


def test_a_newer_course_says_so_and_changes_nothing_unasked(mine, course, monkeypatch):
    before = (mine / TRAIN).read_bytes()
    course("03_train_a_gan/1_train_a_gan", "Train, better")
    monkeypatch.setattr(course_lib, "__version__", "9.0.0")
    for _ in range(2):  # it keeps saying so until the learner acts
        done = workspace.prepare(mine)
        assert done.outdated == ["03_train_a_gan/1_train_a_gan"]
        assert "→ 9.0.0" in done.sentences()[0] and "course lab --update" in done.sentences()[0]
    assert (mine / TRAIN).read_bytes() == before


def test_update_replaces_what_is_untouched(mine, course):
    course("03_train_a_gan/1_train_a_gan", "Train, better")
    done = workspace.prepare(mine, update=True)
    assert done.updated == ["03_train_a_gan/1_train_a_gan"] and done.kept == []
    assert "better" in (mine / TRAIN).read_text() and len(names(mine)) == 2
    assert workspace.prepare(mine).sentences() == []


def test_update_keeps_what_was_changed_beside_the_new(mine, course):
    for n in (1, 2):
        changed = edit(mine / TRAIN, f"# change {n}")
        course("03_train_a_gan/1_train_a_gan", f"Train {n}")
        done = workspace.prepare(mine, update=True)
        assert done.kept == [mine / "03_train_a_gan" / f"1_train_a_gan.old-{n}.ipynb"]
        assert done.kept[0].read_bytes() == changed
    assert "Your version is kept as 1_train_a_gan.old-2.ipynb." in done.sentences()
    assert "Train 2" in (mine / TRAIN).read_text()


def test_a_file_of_the_same_name_is_the_learners(course, tmp_path):
    folder = tmp_path / "theirs"
    (folder / START).parent.mkdir(parents=True)
    (folder / START).write_text("not even a notebook")
    done = workspace.prepare(folder)
    assert done.added == ["03_train_a_gan/1_train_a_gan"] and done.outdated == ["00_start_here/1_start_here"]
    assert (folder / START).read_text() == "not even a notebook"


def test_a_deleted_notebook_comes_back(mine):
    (mine / START).unlink()
    assert workspace.prepare(mine).added == ["00_start_here/1_start_here"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "0.1.0"}', '{"version": 1, "notebooks": 3}'])
def test_a_damaged_stamp_costs_no_work(mine, course, text, capsys):
    changed = edit(mine / TRAIN)
    (mine / ".course" / "workspace.json").write_text(text)
    workspace.prepare(mine, update=True)
    assert "kept as workspace.json.corrupt-1" in capsys.readouterr().out
    assert (mine / ".course" / "workspace.json.corrupt-1").exists()
    kept = [path.read_bytes() for path in mine.rglob("*.ipynb")]
    assert changed in kept


@pytest.mark.parametrize("which", ["03", "3", "03.1", "3.1", "03_train_a_gan", TRAIN, TRAIN.removesuffix(".ipynb")])
def test_reset_keeps_the_old_file(mine, which):
    original = (mine / TRAIN).read_bytes()
    changed = edit(mine / TRAIN)
    kept = workspace.reset(which, mine)
    assert kept == mine / "03_train_a_gan" / "1_train_a_gan.old-1.ipynb" and kept.read_bytes() == changed
    assert (mine / TRAIN).read_bytes() == original
    assert workspace.reset(which, mine) is None  # untouched: no second copy
    assert workspace.prepare(mine).sentences() == []


def test_reset_of_a_missing_notebook_restores_it(mine):
    (mine / START).unlink()
    assert workspace.reset("0", mine) is None
    assert (mine / START).exists()


@pytest.mark.parametrize("which", ["07", "train", "", "-3", "../03", "03_train"])
def test_unknown_notebooks_are_refused_with_the_valid_ones(mine, which):
    with pytest.raises(CourseError, match="use one of 00, 03"):
        workspace.reset(which, mine)


def test_where_the_workspace_is(mine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert workspace.locate(create=True) == tmp_path / "my_course"
    (mine / "deep").mkdir()
    monkeypatch.chdir(mine / "deep")
    assert workspace.locate() == mine
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path / "elsewhere"))
    assert workspace.locate(create=True) == tmp_path / "elsewhere"
    assert workspace.locate(mine) == mine


def test_a_folder_without_a_stamp_is_no_workspace(tmp_path):
    with pytest.raises(CourseError, match="is no course workspace: `course lab` makes one"):
        workspace.locate(tmp_path)


@pytest.mark.parametrize("inside", ["", "notebooks", "notebooks/src", "course_lib"])
def test_the_courses_own_folders_are_refused(root, inside):
    with pytest.raises(CourseError, match="holds the course itself"):
        workspace.locate(root / inside, create=True)


def test_a_folder_that_cannot_be_written_is_refused(course, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="cannot be written"):
        workspace.prepare(tmp_path / "file" / "below")


def test_a_chapter_with_several_lessons_asks_which(mine, course):
    course("03_train_a_gan/2_curves", "Curves")
    workspace.prepare(mine)
    with pytest.raises(CourseError, match=r"chapter 03 has 2 lessons: use one of 03\.1, 03\.2"):
        workspace.reset("03", mine)
    assert workspace.reset("03.2", mine) is None


def test_notebooks_that_the_course_has_no_more_are_kept_apart(mine, course):
    """Those of an older course: a chapter that was one notebook, and a lesson under another name."""
    stamp = json.loads((mine / ".course" / "workspace.json").read_text())
    for name in ("02_losses", "02_losses/1_losses"):
        path = mine / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"what I wrote in {name}")
        stamp["notebooks"][name] = "0" * 64
    (mine / ".course" / "workspace.json").write_text(json.dumps(stamp))
    (mine / "my_own.ipynb").write_text("mine alone")
    done = workspace.prepare(mine)
    assert done.retired == ["earlier/02_losses.ipynb", "earlier/02_losses/1_losses.ipynb"]
    assert "The course has these no more, and you keep them: earlier/02_losses.ipynb" in " ".join(done.sentences())
    for name in ("02_losses", "02_losses/1_losses"):
        assert (mine / "earlier" / f"{name}.ipynb").read_text() == f"what I wrote in {name}"
        assert not (mine / f"{name}.ipynb").exists()
    assert (mine / "my_own.ipynb").read_text() == "mine alone"
    assert workspace.prepare(mine).retired == []
