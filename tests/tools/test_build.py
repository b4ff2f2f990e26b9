"""The builder: deterministic, clean, and refusing what should not be committed."""

import base64
import io
import json

import nbformat
import pytest
from PIL import Image

from course_lib.errors import CourseError
from course_lib.tools.build import build, stale

CLAIM = "\nfrom course_lib.learn.claims import Claims\nclaims = Claims('91.1')\nclaims.at_least('high', {}, 1)"
RED_DOT = (
    "\nimport base64\nfrom IPython.display import display, Image\n"
    "dot = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAA"
    "AElFTkSuQmCC')\ndisplay(Image(dot){})"
)


def outputs(path):
    notebook = nbformat.read(path, as_version=4)
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.mark.notebook
@pytest.mark.slow
def test_two_builds_of_a_notebook_with_one_of_everything(sources, tmp_path):
    source = sources("90_tiny")
    target = tmp_path / "notebooks"
    assert stale(target) == ["90_tiny/1_tiny"]
    first = build(target=target)[0].read_bytes()
    assert build(["90"], target=target)[0].read_bytes() == first
    assert stale(target) == []
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert stale(target) == ["90_tiny/1_tiny"]

    text = first.decode()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info", "course"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert "execution" not in text.replace("execution_count", "")
    assert not [o for o in outputs(target / "90_tiny/1_tiny.ipynb") if o.get("name") == "stderr"]
    by_source = {cell.source.splitlines()[0]: cell for cell in notebook.cells}
    assert [o.text for o in by_source['print("one")'].outputs] == ["one\ntwo\n"]
    assert by_source["value = 1 + seed / 10"].metadata.tags == ["nbval-check-output"]
    assert by_source["def to_range(image): ..."].outputs[0].text.startswith("○ not solved yet")
    picture = by_source["import matplotlib.pyplot as plt"]
    assert picture.metadata.jupyter == {"source_hidden": True}
    assert picture.outputs[0].metadata["image/png"]["alt"] == "A line that rises from 0 to 3."
    image = Image.open(io.BytesIO(base64.b64decode(picture.outputs[0].data["image/png"])))
    assert len(image.convert("RGB").getcolors()) <= 64
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("\n1 / 0", r"91_x/1_x, cell 1 \(`1 / 0`\): ZeroDivisionError: division by zero"),
        (CLAIM.format(0), r"✗ high: 0, claimed ≥ 1"),
        (CLAIM.format("float('nan')"), "NaN"),
        ("\nobject()", "memory address"),
        ("\nprint(lambda: 0)", "memory address"),
        ("\nimport os\nprint(os.getcwd())", "folder of this machine"),
        (RED_DOT.format(""), "without alt text"),
        ("\nimport os\nos._exit(3)", "the kernel died"),
    ],
)
def test_what_is_not_built_names_its_cell(sources, tmp_path, cell, complaint):
    sources("91_x", cell)
    old = tmp_path / "out" / "91_x/1_x.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    with pytest.raises(CourseError, match=complaint):
        build(target=tmp_path / "out")
    assert old.read_text() == "old"


@pytest.mark.notebook
def test_one_failure_does_not_stop_the_others(sources, tmp_path):
    sources("91_bad", "\n1 / 0")
    sources("92_good", "\nprint('good')")
    with pytest.raises(CourseError, match="91_bad/1_bad"):
        build(target=tmp_path)
    assert outputs(tmp_path / "92_good/1_good.ipynb")[0].text == "good\n"
    assert not (tmp_path / "91_bad/1_bad.ipynb").exists()


@pytest.mark.notebook
def test_what_is_cleaned(sources, tmp_path, capsys):
    sources(
        "91_x",
        CLAIM.format(0),
        ' alt="A red dot."' + RED_DOT.format(""),
        RED_DOT.format(", metadata={'image/png': {'alt': 'Another red dot.'}}"),
        "\nimport warnings\nwarnings.warn('look at me')",
        "\nimport ipywidgets\nipywidgets.IntSlider()",
        "\nimport os\nprint(os.environ['COURSE_HEADLESS'], os.environ['OMP_NUM_THREADS'], "
        "os.environ.get('COURSE_WORKSPACE'), os.listdir())",
        "\nprint('10 %', end='\\r')\nprint('100 %')",
    )
    build(target=tmp_path, allow_failed_claims=True)
    text = (tmp_path / "91_x/1_x.ipynb").read_text(encoding="utf-8")
    assert "widget" not in text.replace("ipywidgets", "")
    assert "UserWarning" not in text
    assert "UserWarning: look at me" in capsys.readouterr().err
    found = outputs(tmp_path / "91_x/1_x.ipynb")
    assert [o.metadata["image/png"]["alt"] for o in found if "image/png" in o.get("data", {})] == [
        "A red dot.",
        "Another red dot.",
    ]
    printed = [o.text for o in found if o.output_type == "stream"]
    assert printed == ["✗ high (not met: see the claims table)\n", "1 1 None []\n", "100 %\n"]
    assert json.loads(text)["cells"][2]["metadata"]["alt"] == "A red dot."


def test_unknown_notebooks_are_refused_before_anything_runs(sources, tmp_path):
    sources("91_x", "\n1")
    with pytest.raises(CourseError, match=r"'77'.*91"):
        build(["91", "77"], target=tmp_path)
    with pytest.raises(CourseError, match="workers 0"):
        build(workers=0, target=tmp_path)
