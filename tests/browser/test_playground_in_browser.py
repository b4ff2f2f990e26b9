"""The playground on a learner's screen: it runs, pauses, steps, listens to the keyboard, shares its kernel, fits at all
widths, takes drawn data, and opens again from the line of Python that it shows."""

import json
import os
import time

import pytest
from lab_notebook import MISPLACED, open_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = ".gan-playground"
SOURCES = [
    "from course_lib.chapters.ch04_mode_collapse.playground import playground\nplayground()",
    "print('two and two are', 2 + 2)",
]


# Whether the charts stand beside the picture, or under it.
BESIDE = """([root, wanted]) => {
    const canvas = document.querySelector(`${root} canvas`), chart = document.querySelector(`${root} .curve`);
    const beside = canvas.getBoundingClientRect().right <= chart.getBoundingClientRect().left;
    return beside === wanted && canvas.getBoundingClientRect().height > 100
}"""


@pytest.fixture(scope="module")
def play(lab, page, root):
    """A page with a running notebook: one playground and one other cell."""
    open_notebook(lab, page, "play.ipynb", SOURCES)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
    page.wait_for_selector(f"{ROOT}[data-frames]", timeout=300_000)
    (root / "build").mkdir(exist_ok=True)
    return page


def control(play, name):
    return play.locator(f"{ROOT} [data-name={name}]")


def step(play) -> int:
    return int(play.locator(ROOT).get_attribute("data-step"))


def frames(play) -> int:
    return int(play.locator(ROOT).get_attribute("data-frames"))


def status(play, part: str) -> None:
    """Wait until the status line says ``part``."""
    play.wait_for_function(
        f"part => document.querySelector('{ROOT} .status').textContent.includes(part)", arg=part, timeout=30_000
    )


def wait_for_step(play, least: int) -> None:
    play.wait_for_function(
        f"n => Number(document.querySelector('{ROOT}').dataset.step) >= n", arg=least, timeout=120_000
    )


def paused(play) -> int:
    """Pause if it runs; the step at which it stands, which must then not move."""
    if "Pause" in control(play, "run").inner_text():
        control(play, "run").click()
        status(play, "Paused")
    at = step(play)
    play.wait_for_timeout(300)
    assert step(play) == at
    return at


def test_it_runs_and_the_frame_rate_is_noted(play, root):
    control(play, "run").click()
    status(play, "Running")
    wait_for_step(play, 50)
    before, steps, began = frames(play), step(play), time.monotonic()
    play.wait_for_timeout(5000)
    seconds = time.monotonic() - began
    noted = {
        "frames_per_s": round((frames(play) - before) / seconds, 1),
        "steps_per_s": round((step(play) - steps) / seconds),
        "seconds": round(seconds, 1),
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "cores": os.cpu_count(),
    }
    (root / "build" / "playground-frames.json").write_text(json.dumps(noted) + "\n")
    print("playground:", noted)
    assert noted["frames_per_s"] > 2  # pictures do come; how fast is noted, not asserted, on a machine that is shared
    play.locator(ROOT).screenshot(path=root / "build" / "playground.png")
    play.screenshot(path=root / "build" / "playground-page.png")
    assert paused(play) > 50


def test_another_cell_runs_while_it_trains(play):
    control(play, "run").click()
    status(play, "Running")
    at = step(play)
    play.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    play.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    cell = play.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells[1]")
    assert "two and two are 4" in "".join(cell["outputs"][0]["text"])
    wait_for_step(play, at + 20)  # and it still trains
    paused(play)


def test_a_choice_makes_a_new_game_and_one_player_steps(play):
    control(play, "data").select_option("grid")
    control(play, "cure").select_option("Pack(2)")
    status(play, "A new game")
    assert paused(play) == 0
    control(play, "d").click()
    status(play, "D alone stepped")
    control(play, "g").click()
    status(play, "G alone stepped")
    assert step(play) == 2
    control(play, "reset").click()
    status(play, "A new game")
    assert step(play) == 0
    control(play, "seed").fill("-1")
    control(play, "seed").press("Tab")
    status(play, "use for example seed=0")  # a sentence, and the game stays
    control(play, "seed").fill("7")
    control(play, "seed").press("Tab")
    status(play, "A new game")


def test_the_keyboard_alone_will_do(play):
    control(play, "data").focus()
    order = ["draw", "loss", "cure", "lr_d", "lr", "seed", "run", "d", "g", "reset", "speed", "pause_at", "share"]
    for name in order:
        play.keyboard.press("Tab")
        assert play.evaluate("() => document.activeElement.dataset.name") == name
    play.keyboard.press("Tab")
    assert play.evaluate("() => document.activeElement.tagName") == "CANVAS"
    assert play.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"  # seen, too
    at = paused(play)
    play.keyboard.press("Space")
    status(play, "Running")
    wait_for_step(play, at + 5)
    play.keyboard.press("Space")
    status(play, "Paused")
    play.keyboard.press("r")
    status(play, "A new game")
    for n, key in enumerate("dgdd", 1):  # in JupyterLab's own shortcuts, d d deletes the cell
        play.keyboard.press(key)
        wait_for_step(play, n)
    assert len(play.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells")) == 2
    names = play.evaluate(f"""() => [...document.querySelectorAll('{ROOT} :is(select, button, input)')]
        .filter(node => node.checkVisibility())
        .map(node => node.getAttribute('aria-label') || node.closest('label')?.textContent || node.textContent)""")
    assert len(names) == len(order) + 1 and all(name.strip() for name in names)
    assert "Step" in play.locator(f"{ROOT} canvas").get_attribute("aria-label")


def test_the_stop_button_of_the_kernel_pauses(play):
    control(play, "run").click()
    status(play, "Running")
    wait_for_step(play, 20)
    play.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    status(play, "interrupt")
    paused(play)


def test_words_and_step_agree_where_the_page_is_slow(play):
    """A browser that draws late once showed "Paused at step 82" beside step 80."""
    play.evaluate("""() => { window.quick = window.requestAnimationFrame;
        window.requestAnimationFrame = draw => setTimeout(draw, 400) }""")
    control(play, "run").click()
    status(play, "Running")
    wait_for_step(play, step(play) + 20)
    at = paused(play)
    assert f"Paused at step {at:,}:" in play.locator(f"{ROOT} .status").inner_text()
    play.evaluate("() => { window.requestAnimationFrame = window.quick }")


def test_a_divergence_is_told_with_advice(play):
    control(play, "loss").select_option("least squares")
    control(play, "cure").select_option("none")
    for name in ("lr", "lr_d"):
        control(play, name).select_option("1")
    control(play, "run").click()
    status(play, "Choose a smaller step size")
    assert "failed" in play.locator(f"{ROOT} .status").get_attribute("class")
    for name in ("lr", "lr_d"):
        control(play, name).select_option("0.001")
    control(play, "reset").click()
    status(play, "A new game")


def test_in_the_dark_and_on_a_narrow_screen(play, root):
    play.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    play.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    control(play, "run").click()
    status(play, "Running")
    wait_for_step(play, 60)
    paused(play)
    play.locator(ROOT).screenshot(path=root / "build" / "playground-dark.png")
    play.set_viewport_size({"width": 700, "height": 1000})
    play.wait_for_function(f"() => document.querySelector('{ROOT}').scrollWidth <= innerWidth")
    play.locator(ROOT).screenshot(path=root / "build" / "playground-narrow.png")


def test_running_the_cell_again_leaves_one_playground(play):
    play.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0 }")
    play.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    play.wait_for_function(f"() => document.querySelector('{ROOT}')?.dataset.step === '0'", timeout=60_000)
    assert play.locator(ROOT).count() == 1
    control(play, "run").click()
    wait_for_step(play, 5)
    paused(play)


def test_nothing_leaves_its_box_and_nothing_overlaps_at_any_width(play, root):
    play.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    play.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")
    control(play, "run").click()
    wait_for_step(play, 60)
    paused(play)
    for width in (700, 848, 1000, 1400, 400):
        play.set_viewport_size({"width": width, "height": 1000})
        stacked = width == 400
        play.wait_for_function(BESIDE, arg=[ROOT, not stacked], timeout=30_000)
        for part in ("game", "share", "draw"):
            if part != "game":
                control(play, part).click()
            play.locator(ROOT).screenshot(path=root / "build" / f"playground-{width}-{part}.png")
            assert play.locator(ROOT).evaluate(MISPLACED) == [], (width, part)
            if part != "game":
                control(play, part).click()  # closed again
    play.set_viewport_size({"width": 1280, "height": 1000})


def test_a_control_that_overlaps_or_leaves_its_box_would_be_seen(play):
    for style in ("margin-left: -60px", "position: relative; left: 2000px", "width: 20px"):
        control(play, "g").evaluate("(node, style) => { node.style.cssText = style }", style)
        assert play.locator(ROOT).evaluate(MISPLACED) != [], style
        control(play, "g").evaluate("node => { node.style.cssText = '' }")
    assert play.locator(ROOT).evaluate(MISPLACED) == []


def test_the_speed_is_the_learners(play):
    control(play, "speed").focus()
    play.keyboard.press("Home")
    assert control(play, "speed").get_attribute("aria-valuetext") == "slow: 2.5 steps a second"
    control(play, "run").click()
    status(play, "Running")
    at, began = step(play), time.monotonic()
    play.wait_for_timeout(4000)
    made, seconds = step(play) - at, time.monotonic() - began
    assert 1 <= made <= 2.5 * seconds + 2
    control(play, "speed").focus()
    play.keyboard.press("End")
    wait_for_step(play, step(play) + 20)
    paused(play)


def test_it_pauses_at_the_step_that_was_named(play):
    control(play, "reset").click()
    status(play, "A new game")
    control(play, "pause_at").fill("25")
    control(play, "pause_at").press("Tab")
    control(play, "run").click()
    status(play, "Paused at step 25:")
    assert paused(play) == 25
    control(play, "pause_at").fill("0")
    control(play, "pause_at").press("Tab")
    status(play, "use a whole number of at least 1")
    assert control(play, "pause_at").input_value() == "25"
    control(play, "pause_at").fill("")
    control(play, "pause_at").press("Tab")
    status(play, "Paused at step 25")


def board(play) -> int:
    """How many points there are on the drawing board."""
    return int(play.locator(f"{ROOT} h4").first.inner_text().split("data: ")[1].split(" of")[0])


def points_become(play, number: int) -> None:
    play.wait_for_function(
        f"n => document.querySelector('{ROOT} h4').textContent.startsWith(`Your data: ${{n}} of`)", arg=number
    )


def test_data_drawn_by_mouse_and_by_keys_are_trained_on(play, root):
    control(play, "data").select_option("my points")  # there are none yet: the board opens
    status(play, "Drawing: no point yet")
    assert control(play, "data").input_value() == "ring" and not control(play, "run").is_visible()
    play.keyboard.press("Enter")
    status(play, "at least 2 points")
    box = play.locator(f"{ROOT} canvas").bounding_box()
    x, y, wide = box["x"] + 26, box["y"] + 4, box["width"] - 32
    play.mouse.move(x + 0.2 * wide, y + 0.3 * wide)
    play.mouse.down()
    play.mouse.move(x + 0.7 * wide, y + 0.3 * wide, steps=20)
    play.mouse.up()
    play.wait_for_timeout(300)
    dragged = board(play)
    assert 5 <= dragged <= 20  # a stroke of points that stand apart
    play.mouse.move(x + 0.5 * wide, y + 0.8 * wide)  # with the button up, nothing is put
    for key in ("Shift+ArrowRight", "Shift+ArrowDown", "ArrowDown", "Space", "ArrowLeft", "Space"):
        play.keyboard.press(key)
    points_become(play, dragged + 2)
    status(play, "Cross at (0.20, −0.30)")
    play.keyboard.press("Backspace")
    points_become(play, dragged + 1)
    play.locator(ROOT).screenshot(path=root / "build" / "playground-board.png")
    play.keyboard.press("Enter")
    status(play, f"A new game on your {dragged + 1} points")
    assert control(play, "data").input_value() == "my points" and control(play, "run").is_visible()
    control(play, "run").click()
    wait_for_step(play, 30)
    paused(play)
    status(play, f"of {dragged + 1} modes")
    play.locator(ROOT).screenshot(path=root / "build" / "playground-drawn.png")
    control(play, "draw").click()  # what was drawn is kept, to be gone on with
    points_become(play, dragged + 1)
    control(play, "clear").click()
    points_become(play, 0)
    at = step(play)
    play.keyboard.press("Escape")
    status(play, f"Paused at step {at}")
    cells = play.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells")
    assert len(cells) == 2  # Jupyter's own keys saw nothing of it


def test_the_shared_line_opens_the_same_playground(play):
    control(play, "cure").select_option("Pack(4)")
    control(play, "loss").select_option("hinge")
    control(play, "seed").fill("11")
    control(play, "seed").press("Tab")
    control(play, "pause_at").fill("12")
    control(play, "pause_at").press("Tab")
    control(play, "share").click()
    play.wait_for_function(f"() => document.querySelector('{ROOT} textarea').value.includes('pause_at=12')")
    line = control(play, "line").input_value()
    assert line.startswith("playground(data=[(") and 'loss="hinge", cure="Pack(4)", seed=11' in line
    play.context.grant_permissions(["clipboard-read", "clipboard-write"])
    control(play, "copy").click()
    assert play.evaluate("() => navigator.clipboard.readText()") == line
    play.evaluate(
        """line => { const notebook = window.jupyterapp.shell.currentWidget.content;
        notebook.activeCellIndex = 1; notebook.activeCell.model.sharedModel.setSource(line);
        window.jupyterapp.commands.execute('notebook:run-cell') }""",
        line,
    )
    play.wait_for_function(f"() => document.querySelectorAll('{ROOT}[data-frames]').length === 2", timeout=60_000)
    second = play.locator(ROOT).nth(1)
    second.locator("[data-name=share]").click()
    assert second.locator("[data-name=line]").input_value() == line
    second.locator("[data-name=run]").click()
    second.locator(".status", has_text="Paused at step 12:").wait_for(timeout=60_000)


def test_nothing_was_asked_of_the_world_and_nothing_went_wrong(play):
    assert play.outside == []
    assert play.problems == []
