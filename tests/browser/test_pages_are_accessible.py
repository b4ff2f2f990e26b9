"""axe-core finds no serious fault on any executed page, exported as HTML."""

import base64

import nbformat
import pytest
from nbconvert import HTMLExporter

from course_lib.chapters import chapters
from course_lib.show import Picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Your element with mimetype"),  # a claim has a record beside its line
]

# Without the code, whose colours are the exporter's; links underlined, which its template tells apart by colour alone.
LINKS = "<style>a { text-decoration: underline !important }</style></head>"
COUNTED = ("serious", "critical")


@pytest.fixture(scope="module")
def exporter():
    return HTMLExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)


@pytest.fixture
def faults(page):
    """``faults(html)`` → those that count, each ``rule: element``."""
    from axe_playwright_python.sync_playwright import Axe

    def judge(html: str) -> list[str]:
        page.set_content(html, wait_until="domcontentloaded")
        found = Axe().run(page).response["violations"]
        return [
            f"{one['id']}: {node['html'][:200]}" for one in found if one["impact"] in COUNTED for node in one["nodes"]
        ]

    page.route("**/*", lambda route: route.abort())
    yield judge
    page.unroute("**/*")


def as_seen(notebook):
    """The notebook with its pictures as a learner's JupyterLab gets them: with their words."""
    for output in [output for cell in notebook.cells for output in cell.get("outputs", [])]:
        if "image/png" in output.get("data", {}):
            about = output.metadata["image/png"]
            picture = Picture(base64.b64decode(output.data.pop("image/png")), about["alt"], about.get("width"))
            output.data["text/html"] = picture.to_html()
    return notebook


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_no_executed_page_has_a_serious_fault(chapter, root, exporter, faults):
    for name in chapter.lessons:
        html, _ = exporter.from_notebook_node(as_seen(nbformat.read(root / f"notebooks/{name}.ipynb", as_version=4)))
        assert "No description has been provided" not in html  # what the exporter says of a picture without words
        assert faults(html.replace("</head>", LINKS)) == []


def test_a_broken_list_and_pale_text_are_noticed(exporter, faults):
    cell = nbformat.v4.new_markdown_cell('<p style="color: #ccc">pale</p> <ul><p>not an item</p></ul>')
    html, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    rules = {line.split(":")[0] for line in faults(html.replace("</head>", LINKS))}
    assert {"list", "color-contrast"} <= rules
