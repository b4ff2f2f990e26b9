"""The clinic of chapter 03: recorded trainings as patients, to be diagnosed from their curves and pictures."""

import base64
import html
import io
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from PIL import Image
from torch import Tensor

from course_lib.learn.wording import show_table
from course_lib.machine import headless
from course_lib.show.figures import draw_curves, score_names
from course_lib.show.history import History
from course_lib.show.picture import Picture, blank_figure, finish, plain

WIDTH = 9.0  # inches, 900 pixels: as wide as a notebook's page


def show_clinic(patients: dict, diagnoses: Sequence[str], opinion: Callable[[dict, str], tuple[bool, str]]) -> object:
    """Choose a patient, look, choose a diagnosis, read what speaks for or against it.

    Args:
        patients: letter → recorded run with ``curves`` and ``samples`` (``recorded("clinic")["runs"]``).
        diagnoses: what there is to choose from.
        opinion: ``(patient, diagnosis) → (right?, sentence)``.

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
            pictures[letter] = sheet({letter: patients[letter]}, rows=2, side=0.42)
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


def lead(history: History) -> float:
    """The mean of D on real minus on drawn pictures, over the last 100 steps.

    Args:
        history: of a game.
    """
    last = history.last()
    return last["d_real"] - last["d_fake"]


def variety(pictures: Tensor) -> float:
    """How much a pixel changes from picture to picture, its standard deviation, on average.

    Args:
        pictures: ``(N, C, H, W)``.
    """
    return pictures.std(0).mean().item()


def found_again(clinic: dict) -> dict[str, dict[str, bool]]:
    """On which starts the rules find each patient's trouble.

    Args:
        clinic: the recording.

    Returns:
        Diagnosis → start → whether it is found.
    """
    return {
        run["patient"]: {seed: one["diagnosis"] == run["patient"] for seed, one in run["measured"].items()}
        for run in clinic["runs"].values()
    }


def show_rules(clinic: dict) -> None:
    """A table of the rules, in their order, and of how many starts each trouble is found on.

    Args:
        clinic: the recording.
    """
    found = found_again(clinic)
    rows = [
        (name, rule, f"{sum(found[name].values())} of {len(found[name])}")
        for name, rule in clinic["settings"]["rules"].items()
    ]
    show_table("The first rule that fits is the diagnosis", ("diagnosis", "rule", "found on starts"), rows)


def sheet(patients: dict, rows: int = 1, side: float = 0.38, name: str = "patient {}") -> Picture:
    """One row a patient: samples at its moments, beside them both losses and D's answers.

    Args:
        patients: letter → recorded run with ``curves`` and ``samples``.
        rows: of eight samples that are shown of a moment, one or two.
        side: of a sample, in inches.
        name: what a row is called, with the letter put in.
    """
    moments = len(next(iter(patients.values()))["samples"])
    height = max(1.55 if len(patients) > 1 else 2.2, 1.07 * side * rows * moments + 0.1 * moments + 0.45)
    figure = blank_figure(WIDTH, height * len(patients) + 0.3)
    left = 8 * 1.07 * side + 0.75
    places = figure.add_gridspec(len(patients), 3, width_ratios=(left, (WIDTH - left) / 2, (WIDTH - left) / 2))
    for i, (letter, patient) in enumerate(patients.items()):
        samples, losses, said = (figure.add_subplot(places[i, j]) for j in range(3))
        _draw_samples(samples, patient["samples"], rows)
        samples.set_title(name.format(letter), fontsize=11, loc="left", weight="bold")
        for ax in (losses, said):
            plain(ax)
        draw_curves((losses, said), patient["curves"])
        said.set_ylabel("mean D")
        for ax in (losses, said):
            if i == 0:
                ax.legend(fontsize=10, edgecolor="none", loc="lower left", bbox_to_anchor=(-0.1, 1), handlelength=1.4)
            elif legend := ax.get_legend():
                legend.remove()  # one for all: each would take the place of a curve
            if i < len(patients) - 1:
                ax.set_xlabel("")
    return finish(figure, "; ".join(_in_words(name.format(letter), run) for letter, run in patients.items()) + ".")


def _draw_samples(ax: Axes, samples: dict[str, str], rows: int) -> None:
    """The first ``rows`` of eight of each sheet (base64 PNG by step) below one another, each with its step."""
    height, gap = 30 * rows - 2, 8
    sheets = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"))[:height] for png in samples.values()
    ]
    space = np.full((gap, sheets[0].shape[1]), 255, np.uint8)
    stack = np.concatenate([part for one in sheets for part in (one, space)][:-1])
    ax.imshow(stack, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    ax.set_anchor("NW")
    ax.set_xticks([])
    ax.set_yticks([i * (height + gap) + height / 2 for i in range(len(sheets))], [f"step {step}" for step in samples])
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)


def _in_words(name: str, patient: dict) -> str:
    curves = patient["curves"]
    real, fake, what = score_names(curves)
    ranges = [f"{min(curves[k]):,.2f} to {max(curves[k]):,.2f}" for k in ("d_loss", "g_loss", real, fake)]
    return (
        f"{name[0].upper()}{name[1:]}: samples at step {', '.join(patient['samples'])}; the discriminator's loss runs "
        f"from {ranges[0]}, the generator's from {ranges[1]}, {what} on real pictures from {ranges[2]}, on drawn ones "
        f"from {ranges[3]}"
    )
