"""The rules that every notebook's source keeps (notebooks/src/README.md)."""

import ast
import contextlib
import re

import pytest

from course_lib.chapters import chapters, chosen, lesson_id
from course_lib.chapters.syllabus import checks, questions
from course_lib.learn.questions import Prediction, Quiz
from course_lib.tools.editions import leaks, student
from course_lib.tools.execute import parameters, read_source
from course_lib.tools.lessons import length

TAGS = {"parameters", "exercise", "solution", "hide-input", "nbval-check-output"}
LONGEST_CELL = 25


@pytest.fixture
def notebook(name):
    return read_source(name)


def code(notebook, tag=None):
    return [c for c in notebook.cells if c.cell_type == "code" and (tag is None or tag in c.metadata.get("tags", []))]


def headings(notebook):
    """(level, words) of each heading, without those in fenced code."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            found += [(len(m[1]), m[2]) for m in re.finditer(r"^(#{1,6}) +(.+)$", prose, re.MULTILINE)]
    return found


def test_one_title_and_no_skipped_heading_levels(notebook):
    levels = [level for level, _ in headings(notebook)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    jumps = [
        words
        for (before, _), (level, words) in zip(headings(notebook), headings(notebook)[1:], strict=False)
        if level > before + 1
    ]
    assert not jumps


def test_hints_are_written_in_html(notebook):
    """Inside of ``<details>`` on one line a backtick or a star is shown as it is."""
    hints = [line for cell in notebook.cells for line in cell.source.splitlines() if line.startswith("<details>")]
    assert (
        hints
        and [hint for hint in hints if re.search(r"`|\*[^ *]+\*", re.sub(r"<code>.*?</code>|\$.*?\$", "", hint))] == []
    )


def test_one_parameters_cell_with_the_three_settings(notebook):
    assert len(code(notebook, "parameters")) == 1
    assert parameters(notebook) == {"profile": "course", "seed": 0, "device": "auto"}


def test_tags_are_known_ones(notebook):
    assert {tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])} <= TAGS


def test_a_figure_is_the_last_thing_in_its_cell(notebook):
    """Jupyter shows a cell's last value: a figure further up would be drawn and never seen."""
    unseen = [
        ast.unparse(statement.value.func)
        for cell in code(notebook)
        for statement in ast.parse(cell.source).body[:-1]
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if any(given.arg == "alt" for given in statement.value.keywords)
    ]
    assert unseen == []


def test_code_cells_are_short(notebook):
    long = [cell.source.splitlines()[0] for cell in code(notebook) if len(cell.source.splitlines()) > LONGEST_CELL]
    assert not long


def test_no_heading_stands_in_a_code_cell(notebook):
    """A forgotten `# %% [markdown]` leaves the next section in the code, as comments that no reader sees as text."""
    lost = [line for cell in code(notebook) for line in cell.source.splitlines() if re.match(r"# #+ ", line)]
    assert not lost


def test_no_raises_exception_and_no_magic(notebook):
    for cell in code(notebook):
        ast.parse(cell.source)  # a %magic or !command is not Python, and does not run as a script


def test_solutions_define_their_own_names_and_record_nothing(notebook):
    for cell in code(notebook, "solution"):
        tree = ast.parse(cell.source)
        defined = [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        defined += [t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)]
        assert defined
        assert all(one.lower().startswith("solution") for one in defined), defined
        calls = check_calls(tree)
        assert calls, "a solution is checked in front of the learner"
        for call in calls:
            assert [k.arg for k in call.keywords] == ["solution"], ast.unparse(call)


@pytest.mark.parametrize("chapter", [chapter.number for chapter in chapters() if chapter.lessons])
def test_every_check_is_used_once_for_an_answer_and_once_for_its_solution(chapter):
    try:
        known = sorted(checks(chapter))
    except ValueError:
        known = []
    asked = {"solution": [], "answer": []}
    for lesson in chosen([chapter]):
        for cell in code(read_source(lesson)):
            for call in check_calls(ast.parse(cell.source)):
                kind = "solution" if "solution" in cell.metadata.get("tags", []) else "answer"
                asked[kind].append(call.func.attr)
    assert {kind: sorted(names) for kind, names in asked.items()} == {"solution": known, "answer": known}


def test_every_question_is_asked_once_in_its_lesson(name, notebook):
    expected = []
    with contextlib.suppress(ValueError):
        asked = list(questions(lesson_id(name)))
        expected = [f"predict {one.name}" for one in asked if isinstance(one, Prediction)]
        expected += ["quiz"] * any(isinstance(one, Quiz) for one in asked)
    calls = [call for cell in code(notebook) for call in calls_of("ask", ast.parse(cell.source))]
    found = [" ".join([call.func.attr, *(arg.value for arg in call.args)]) for call in calls]
    assert sorted(found) == sorted(expected)


def test_a_lesson_is_short_and_asks(name):
    assert length(name).faults() == []


def test_the_student_edition_shows_no_solution(notebook):
    assert leaks(notebook, student(notebook)) == []


def test_it_ends_with_its_claims(notebook):
    text = "\n".join(cell.source for cell in code(notebook))
    assert "claims.table()" in text
    assert text.rindex("claims.table()") > max(
        text.rfind(f"claims.{kind}(") for kind in ("at_least", "at_most", "close", "true", "over_seeds")
    )


def check_calls(tree):
    return calls_of("check", tree)


def calls_of(name, tree):
    return [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and isinstance(n.func.value, ast.Name)
        and n.func.value.id == name
    ]
