"""The committed notebooks: built from the sources beside them, executed, and fit to be read."""

import ast
import base64
import io
import re

import nbformat
import pytest
from PIL import Image

from course_lib.chapters import lesson_id
from course_lib.learn import recorded
from course_lib.learn.claims import MIME, failed
from course_lib.learn.wording import spread_text
from course_lib.tools import harvest
from course_lib.tools.execute import read_source, source_sha
from course_lib.tools.outputs import clean

LARGEST = 3_000_000  # bytes; GitHub shows larger notebooks slowly or not at all
SPEAKS = ("print", "claims", "check", "show", "progress")


@pytest.fixture
def notebook(root, name):
    path = root / "notebooks" / f"{name}.ipynb"
    assert path.exists(), f"{name} was never built: `make build`"
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook):
    return [output for cell in code(notebook) for output in cell.outputs]


def test_it_was_built_from_its_source(name, notebook):
    assert notebook.metadata.course.source == source_sha(name), f"{name} is stale: `make build BUILD_FLAGS={name[:2]}`"
    source = read_source(name)
    assert [(c.cell_type, c.id, c.source) for c in notebook.cells] == [
        (c.cell_type, c.id, c.source) for c in source.cells
    ]


def test_it_was_executed_in_order_and_not_stripped(notebook):
    """nbval passes a stripped notebook in silence, so its cells are looked at here."""
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    silent = [cell.source.splitlines()[0] for cell in code(notebook) if speaks(cell.source) and not cell.outputs]
    assert not silent


def test_it_has_claims_and_they_hold(name, notebook):
    records = harvest.records(notebook)
    assert records
    assert {record["notebook"] for record in records} == {lesson_id(name)}
    assert {record["profile"] for record in records} == {"course"}
    assert [harvest.sentence(record) for record in records if failed(record)] == []


def test_nbval_replays_every_cell_with_a_claim(notebook):
    for index, _ in harvest.located(notebook):
        assert "nbval-check-output" in notebook.cells[index].metadata.tags


def test_what_nbval_compares_is_the_same_on_every_machine(notebook):
    """A claims table has this machine's numbers in it, and must not stand in a compared cell."""
    for cell in code(notebook):
        if "nbval-check-output" in cell.metadata.get("tags", []):
            assert "claims.table()" not in cell.source
            assert cell.outputs


def test_every_picture_has_alt_text(notebook):
    for output in shown(notebook):
        for mime in output.get("data", {}):
            if mime.startswith("image/"):
                assert len(output.metadata[mime]["alt"].split()) >= 3


def test_nothing_of_one_run_is_left_in_it(notebook, tmp_path):
    assert set(notebook.metadata) == {"kernelspec", "language_info", "course"}
    assert not [o for o in shown(notebook) if o.output_type == "error" or o.get("name") == "stderr"]
    for cell in code(notebook):
        before = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
        faults, _ = clean(cell, str(tmp_path))
        assert faults == []
        assert "widget-view" not in before


def test_it_is_small(root, name, notebook):
    assert (root / "notebooks" / f"{name}.ipynb").stat().st_size < LARGEST
    for output in shown(notebook):
        if "image/png" in output.get("data", {}):
            picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
            assert not picture.info.get("Software")


def test_the_line_of_a_claim_is_the_same_on_every_machine(notebook):
    """✓ and the statement alone; after ~ the value may stand, where the replay does not compare it."""
    for cell in code(notebook):
        printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        for output in cell.outputs:
            if record := output.get("data", {}).get(MIME):
                words = re.escape(record["statement"])
                line = f"✓ {words}" if record["enforced"] else f"~ {words}: here [^;]+; recorded runs: .* held in .*"
                assert re.search(f"^{line}$", printed, re.MULTILINE)


def test_its_marks_are_those_of_the_recorded_runs(name, notebook):
    """✓ is asked of every machine only where all recorded runs agree."""
    for record in harvest.records(notebook):
        known = recorded.find_claim(lesson_id(name), record["statement"])
        assert known, f"{record['statement']}: never recorded, `course claims {name[:2]}`"
        assert record["enforced"] == known.always, f"`course build {name[:2]}`"


def test_what_it_tells_of_recorded_runs_was_recorded(name, notebook):
    """A page that was built before its claims were recorded again tells other runs than those that are there."""
    printed = "".join(output.text for output in shown(notebook) if output.output_type == "stream")
    for record in harvest.records(notebook):
        if not record["enforced"]:
            known = recorded.find_claim(lesson_id(name), record["statement"])
            spread = f"{spread_text(known.values)}, " if known.values else ""
            told = f"; recorded runs: {spread}held in {known.held} of {known.runs}\n"
            [line] = [x for x in printed.splitlines(True) if x.startswith(f"~ {record['statement']}: here ")]
            assert line.endswith(told), f"`course build {lesson_id(name)}`"


def speaks(source):
    """Whether a top-level statement of the cell is a call that prints or shows something."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            while isinstance(function, ast.Attribute):
                function = function.value
            if isinstance(function, ast.Name) and function.id in SPEAKS:
                return True
    return False
