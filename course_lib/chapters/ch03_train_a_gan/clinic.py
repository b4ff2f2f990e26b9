"""The clinic of notebook 03: recorded trainings as patients, to be diagnosed from their curves and pictures."""

import base64
import html
import io
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from course_lib.machine import headless
from course_lib.show.figures import draw_curves, score_names
from course_lib.show.picture import Picture, blank_figure, finish, plain

WIDTH = 9.0  # inches, 900 pixels: as wide as a notebook's page


def show_clinic(patients: dict, diagnoses: Sequence[str], opinion: Callable[[dict, str], tuple[bool, str]]) -> object:
    """Choose a patient, look, choose a diagnosis, read what speaks for or against it.

    Args:
        patients: letter → recorded run with ``curves`` and ``samples`` (``recorded("clinic")["runs"]``).
        diagnoses: what there is to choose from.
        opinion: ``(patient, diagnosis) → (right?, sentence)``.

    Returns widgets in JupyterLab; a sheet of all patients (a ``Picture``) where nobody watches.

    Returns:
        Widgets in JupyterLab; a sheet of all patients (a ``Picture``) where nobody watches.
    """
    if headless():
        return sheet(patients)
    import ipywidgets

    wide = ipywidgets.Layout(width="max-content")
    who = ipywidgets.Dropdown(options=list(patients), description="patient")
    image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="900px"))
    choice = ipywidgets.RadioButtons(options=list(diagnoses), index=None, layout=wide)
    answer = ipywidgets.HTML(layout=ipywidgets.Layout(width="640px", margin="0 0 0 24px"))
    pictures: dict[str, Picture] = {}

    def visit(*_: object) -> None:
        letter = who.value
        if letter not in pictures:  # drawn when first asked for, so that the cell is there at once
            pictures[letter] = sheet({letter: patients[letter]}, height=3.8)
        image.value = pictures[letter].png
        choice.index = None
        answer.value = "Your diagnosis?"

    def judge(*_: object) -> None:
        if choice.value is not None:
            right, sentence = opinion(patients[who.value], choice.value)
            answer.value = f"<b>{'✓ Right:' if right else '✗ No.'}</b> {html.escape(sentence)}"

    who.observe(visit, "value")
    choice.observe(judge, "value")
    visit()
    return ipywidgets.VBox([who, image, ipywidgets.HBox([choice, answer])])


def sheet(patients: dict, height: float = 3.2) -> Picture:
    """One row a patient: samples at three moments, beside them losses above D's answers.

    Args:
        patients: letter → recorded run with ``curves`` and ``samples``.
        height: of a row, in inches.
    """
    figure = blank_figure(WIDTH, height * len(patients))
    places = figure.add_gridspec(2 * len(patients), 2, width_ratios=(1.1 * height, WIDTH - 1.4 - 1.1 * height))
    for i, (letter, patient) in enumerate(patients.items()):
        samples, losses = figure.add_subplot(places[2 * i : 2 * i + 2, 0]), figure.add_subplot(places[2 * i, 1])
        said = figure.add_subplot(places[2 * i + 1, 1], sharex=losses)
        _draw_samples(samples, patient["samples"])
        samples.set_title(f"patient {letter}", fontsize=11, loc="left", weight="bold")
        for ax in (losses, said):
            plain(ax)
        draw_curves((losses, said), patient["curves"])
        said.set_ylabel("mean D")
        losses.set_xlabel("")  # the steps are those below
        losses.tick_params(labelbottom=False)
    return finish(figure, "; ".join(map(_in_words, patients, patients.values())) + ".")


def _draw_samples(ax: Axes, samples: dict[str, str]) -> None:
    """Sheets of samples (base64 PNG by step) below one another, each with its step."""
    sheets = [np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L")) for png in samples.values()]
    height, gap = sheets[0].shape[0], 8
    space = np.full((gap, sheets[0].shape[1]), 255, np.uint8)
    stack = np.concatenate([part for one in sheets for part in (one, space)][:-1])
    ax.imshow(stack, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([i * (height + gap) + height / 2 for i in range(len(sheets))], [f"step {step}" for step in samples])
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)


def _in_words(letter: str, patient: dict) -> str:
    curves = patient["curves"]
    real, fake, what = score_names(curves)
    ranges = [f"{min(curves[k]):,.2f} to {max(curves[k]):,.2f}" for k in ("d_loss", "g_loss", real, fake)]
    return (
        f"Patient {letter}: 16 samples at three moments; the discriminator's loss runs from {ranges[0]}, the "
        f"generator's from {ranges[1]}, {what} on real pictures from {ranges[2]}, on drawn ones from {ranges[3]}"
    )
