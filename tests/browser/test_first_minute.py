"""What a learner's first minutes show: 00 opens, every cell runs, a slider draws, and a stranger stays outside."""

import nbformat
import pytest
from lab_notebook import open_notebook as own_notebook

from course_lib.learn.claims import failed
from course_lib.tools import harvest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.content?.model?.cells?.length > 0 && panel.sessionContext?.session?.kernel?.status === 'idle'
}"""
NOTEBOOK = "() => window.jupyterapp.shell.currentWidget.content.model.toJSON()"
# The picture as the screen has it; comparing its address would call every redrawing a change.
PIXELS = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL()
}"""


def open_notebook(page, address):
    """Open the landing notebook and wait for its kernel."""
    page.goto(address)
    page.wait_for_function(READY, timeout=120_000)


def run_all(page):
    """Run every cell; returns the notebook as its model is afterwards."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    return nbformat.from_dict(page.evaluate(NOTEBOOK))


def drag(page, name):
    """Move the slider called ``name`` to its other end; returns the pictures beside it before and after."""
    box = page.locator(".jp-OutputArea-output", has=page.locator(".widget-label", has_text=name)).last
    box.scroll_into_view_if_needed()
    image = box.locator("img.widget-image, .widget-image img").first
    page.wait_for_function("image => image.naturalWidth > 0", arg=image.element_handle())
    before = image.evaluate(PIXELS)
    slider = box.locator(".widget-slider", has_text=name).first
    slider.locator(".noUi-handle").press("End")
    page.wait_for_function(
        f"([image, before]) => image.naturalWidth > 0 && ({PIXELS})(image) !== before",
        arg=[image.element_handle(), before],
        timeout=30_000,
    )
    return before, image.evaluate(PIXELS)


def test_the_first_lesson_runs(lab, page, root):
    address, _ = lab
    open_notebook(page, address)
    assert (
        page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == "00_start_here/1_start_here.ipynb"
    )
    notebook = run_all(page)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    try:
        errors = [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
        assert errors == []
        # An empty cell and a cell that never ran look alike but for this.
        assert all(cell["execution_count"] for cell in cells if "".join(cell["source"]).strip())
        claims = harvest.records(notebook)
        assert claims and [claim["statement"] for claim in claims if failed(claim)] == []
    finally:
        (root / "build").mkdir(exist_ok=True)
        page.screenshot(path=root / "build" / "00_start_here.png")
    assert page.outside == []


def test_the_slider_of_the_second_lesson_draws(lab, page):
    second = "00_start_here/2_a_network_draws.ipynb"
    open_notebook(page, lab[0].replace("00_start_here/1_start_here.ipynb", second))
    page.wait_for_function(
        "name => window.jupyterapp.shell.currentWidget.context?.path === name", arg=second, timeout=60_000
    )
    page.wait_for_function(READY, timeout=120_000)
    run_all(page)
    before, after = drag(page, "way between")
    assert before != after
    assert page.outside == []


def test_a_figure_has_its_words_for_those_who_cannot_see_it(lab, page, root):
    source = (
        "import torch\nfrom course_lib import show\nshow.samples(torch.zeros(4, 1, 28, 28), alt='Four grey squares.')"
    )
    own_notebook(lab, page, "words.ipynb", [source])
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
    figure = page.get_by_role("img", name="Four grey squares.")
    figure.wait_for(timeout=120_000)
    (root / "build").mkdir(exist_ok=True)
    page.screenshot(path=root / "build" / "figure.png")
    assert figure.evaluate("image => image.naturalWidth === image.width")


def test_no_pop_up_greets_the_learner(lab, page):
    if "127.0.0.1" not in page.url:
        open_notebook(page, lab[0])
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".Toastify__toast").count() == 0


def test_a_stranger_without_the_token_stays_outside(lab, page):
    base = lab[0].split("/lab", 1)[0]
    stranger = page.context.browser.new_context()  # none of the learner's cookies
    try:
        for path in ("/api/contents", "/api/kernels", "/api/contents/00_start_here/1_start_here.ipynb"):
            assert stranger.request.get(base + path).status == 403
        visit = stranger.new_page()
        visit.goto(lab[0].split("?token", 1)[0])
        assert "/login" in visit.url
    finally:
        stranger.close()
