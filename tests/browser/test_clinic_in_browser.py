"""The clinic in a learner's browser: choose a patient, see other pictures, diagnose, read what speaks against it."""

import pytest
from lab_notebook import open_notebook

from course_lib.files import recorded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SOURCE = """from course_lib.files import recorded
from course_lib.chapters.ch03_train_a_gan.clinic import show_clinic
from course_lib.chapters.ch03_train_a_gan.diagnoses import DIAGNOSES, second_opinion
show_clinic(recorded("clinic")["runs"], DIAGNOSES, second_opinion)"""


@pytest.fixture(scope="module")
def clinic(lab, page):
    """The page with the clinic on it."""
    open_notebook(lab, page, "clinic.ipynb", [SOURCE])
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator(".widget-radio-box").wait_for(timeout=120_000)
    return page


def picture(page):
    """The patient's picture, once it is there."""
    image = page.locator("img.widget-image, .widget-image img").first
    page.wait_for_function("image => image.naturalWidth > 0", arg=image.element_handle())
    return image


def diagnose(page, name):
    """Choose a diagnosis; returns what is said about it."""
    page.locator(".widget-radio-box label", has_text=name).click()
    answer = page.locator(".widget-html-content", has_text="✗").or_(page.locator(".widget-html-content", has_text="✓"))
    answer.wait_for(timeout=30_000)
    return answer.inner_text()


def test_a_patient_is_chosen_and_diagnosed(clinic, root):
    runs = recorded("clinic")["runs"]
    before = picture(clinic).get_attribute("src")
    letter = next(letter for letter, run in runs.items() if run["patient"] == "oscillating")
    clinic.locator(".widget-dropdown select").select_option(letter)
    clinic.wait_for_function(
        "([image, before]) => image.src !== before && image.naturalWidth > 0",
        arg=[picture(clinic).element_handle(), before],
        timeout=30_000,
    )
    assert "✗" in diagnose(clinic, "saturated")
    clinic.locator(".widget-dropdown select").select_option("A")  # a new patient begins without a diagnosis
    clinic.locator(".widget-html-content", has_text="Your diagnosis?").wait_for(timeout=30_000)
    clinic.locator(".widget-dropdown select").select_option(letter)
    said = diagnose(clinic, "oscillating")
    (root / "build").mkdir(exist_ok=True)
    clinic.screenshot(path=root / "build" / "clinic.png")
    assert "✓" in said and "chase each other" in said
    assert clinic.outside == []
