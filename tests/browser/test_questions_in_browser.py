"""Predictions and a quiz on a learner's screen: by mouse, by keyboard alone, after a restart and without a kernel."""

import sqlite3

import pytest
from lab_notebook import READY, open_notebook

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SOURCE = """
from course_lib.learn.questions import Prediction, Questions, Quiz

ask = Questions("77.1", [
    Prediction("77.1", "steep", "How steep is *minimax* there?", ("0.01", "0.99"), right="0.01", answer="Hardly any."),
    Prediction("77.1", "times", "How many modes?", right=(5, 8), answer="Seven.", unit="modes"),
    Quiz("77.1", "swap", "Which?", {"minimax": "No: that saturates.", "other": "Yes: BCE."}, right="other"),
])
for name in ("steep", "times"):
    ask.predict(name)
ask.quiz()
"""
ROW = ".course-question"


def run_all(page):
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(f"() => document.querySelectorAll('{ROW}').length === 3", timeout=120_000)


def said(page, number):
    return page.locator(f"{ROW} [role=status]").nth(number)


def kept(folder):
    with sqlite3.connect(folder / ".course" / "progress.sqlite") as db:
        return dict(db.execute("SELECT name, said FROM answers"))


def says(page, number, words):
    page.wait_for_function(
        f"([n, words]) => document.querySelectorAll('{ROW} [role=status]')[n].textContent.includes(words)",
        arg=[number, words],
        timeout=30_000,
    )


def test_answered_by_mouse_and_by_keyboard_kept_through_reload_and_restart(lab, page, root):
    _, folder = lab
    open_notebook(lab, page, "questions.ipynb", [SOURCE, "print('the lesson went on')"])
    run_all(page)
    page.get_by_text("the lesson went on", exact=True).wait_for()  # "Run all" waits for nobody's answer

    # A wrong answer in the quiz gets its own sentence; another try is free.
    quiz = page.locator(ROW).nth(2)
    quiz.get_by_role("button", name="A: minimax").click()
    says(page, 2, "✗ A: No: that saturates. Try again.")
    quiz.get_by_role("button", name="B: other").click()
    says(page, 2, "✓ B: Yes: BCE.")
    assert quiz.get_by_role("button", name="B: other").get_attribute("aria-pressed") == "true"

    # The keyboard alone: from the first button on, space, tab, a number, enter.
    page.locator(ROW).nth(0).get_by_role("button", name="A: 0.01").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    says(page, 0, "Kept: B.")
    field = page.get_by_role("textbox", name="A number, in modes")
    field.focus()
    page.keyboard.type("a few")
    page.keyboard.press("Enter")
    says(page, 1, "is no number: write for example")
    field.fill("")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    says(page, 1, "Kept: 7 modes.")
    assert kept(folder) == {"steep": "0.99", "times": "7", "swap": "other"}
    answer = page.locator("details p", has_text="Hardly any.")
    assert answer.count() == 1 and not answer.is_visible()  # folded away

    (root / "build").mkdir(exist_ok=True)
    page.screenshot(path=root / "build" / "questions.png")

    # Restarted and run again, the page shows what was answered before.
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    page.wait_for_function(READY, arg="questions.ipynb", timeout=120_000)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    run_all(page)
    says(page, 0, "Your earlier answer. Kept: B.")
    says(page, 2, "Your earlier answer. ✓ B: Yes: BCE.")
    assert page.get_by_role("textbox", name="A number, in modes").input_value() == "7"

    # Saved and opened without a kernel, the question is there with its answer folded.
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.reload()
    page.locator("p", has_text="How steep is").wait_for(timeout=120_000)
    assert not answer.is_visible()
    page.locator("details summary").first.click()
    answer.wait_for(state="visible")
    assert not page.outside and not [p for p in page.problems if "question" in p]
