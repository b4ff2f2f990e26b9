"""The clinic: a sheet of all patients where nobody watches, and widgets that answer a diagnosis."""

import io

import numpy as np
import pytest
from PIL import Image

from course_lib.chapters.ch03_train_a_gan import clinic
from course_lib.chapters.ch03_train_a_gan.clinic import sheet, show_clinic
from course_lib.files import recorded
from course_lib.machine import headless
from course_lib.show.picture import Picture

RUNS = recorded("clinic")["runs"]


def opinion(patient, diagnosis):
    return diagnosis == patient["patient"], f"because {diagnosis} < {patient['patient']}"


@pytest.fixture
def watched(monkeypatch):
    monkeypatch.setattr(clinic, "headless", lambda: False)


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_nobody_watches_so_it_is_a_sheet_of_all_patients():
    assert headless()
    picture = show_clinic(RUNS, ["healthy"], opinion)
    assert isinstance(picture, Picture)
    assert all(f"Patient {letter}" in picture.alt for letter in "ABCDEF")
    assert not any(run["patient"] in picture.alt for run in RUNS.values()), "the answer is in the words"


def test_the_sheet_shows_the_samples_and_the_curves_of_its_patient():
    a, b = (sheet({"X": RUNS[letter]}) for letter in "AD")
    height, width = pixels(a.png).shape[:2]
    left, right = slice(0, width // 3), slice(width // 3, width)
    for part in (left, right):  # the two patients differ in both parts
        assert (pixels(a.png)[:, part] != pixels(b.png)[:, part]).any()
    assert height > 250


@pytest.fixture
def drawn(monkeypatch):
    """The figures of the sheets, laid out, so that the tests can measure their parts."""
    kept = []
    monkeypatch.setattr(clinic, "finish", lambda figure, alt: (figure.draw_without_rendering(), kept.append(figure)))
    return kept


def test_no_legend_lies_on_a_curve_and_nothing_is_cut_off(drawn):
    sheet({letter: RUNS[letter] for letter in "BE"})
    (figure,) = drawn
    with_legend = [ax for ax in figure.axes if ax.get_legend()]
    assert len(with_legend) == 2, "one legend for all patients"
    for ax in with_legend:
        assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1
    for ax in figure.axes:
        box = ax.get_tightbbox()
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1


@pytest.mark.parametrize(("letters", "rows", "smallest"), [("ABCDEF", 1, 35), ("E", 2, 39)])
def test_a_digit_can_be_seen_on_a_page_of_900_pixels(letters, rows, smallest, drawn):
    sheet({letter: RUNS[letter] for letter in letters}, rows, 0.38 if rows == 1 else 0.42)
    (figure,) = drawn
    assert figure.get_figwidth() * 100 <= 900 and figure.get_figheight() / len(letters) < 4
    for ax in figure.axes:
        if ax.images:
            across = 8 * 30 - 2  # of a sheet of eight digits, of 28 pixels each
            assert ax.get_window_extent().width / across * 28 >= smallest


def test_the_widgets_picture_is_no_wider_than_its_own(watched):
    _, image, _ = children(show_clinic(RUNS, ["healthy"], opinion))
    assert int(image.layout.width.removesuffix("px")) <= 900


def test_a_diagnosis_is_answered_and_a_new_patient_begins_afresh(watched):
    who, image, (choice, answer) = children(show_clinic(RUNS, ["healthy", "saturated"], opinion))
    first = image.value
    assert choice.value is None and answer.value == "Your diagnosis?"
    who.value = next(letter for letter, run in RUNS.items() if run["patient"] == "healthy")
    assert image.value != first
    choice.value = "saturated"
    assert "✗" in answer.value and "saturated &lt; healthy" in answer.value
    choice.value = "healthy"
    assert "✓" in answer.value and "✗" not in answer.value
    who.value = "A"
    assert choice.value is None and answer.value == "Your diagnosis?" and image.value == first


def children(box):
    who, image, row = box.children
    return who, image, row.children
