"""VAEs with few and many latents, recorded (`course record latent-sizes`): ten digits after each, and the terms."""

from statistics import mean

from matplotlib.gridspec import GridSpec
from torch import Tensor

from course_lib.chapters.ch05_vae.figures import TEXT, TITLE, row_of
from course_lib.show.picture import COLOURS, INK, LINES, MARKERS, Picture, blank_figure, finish, grid, plain

TERMS = {"−bound": ("bound", -1), "reconstruction": ("reconstruction", 1), "KL": ("kl", 1)}


def of_size(record: dict, term: str) -> dict[int, dict[str, float]]:
    """One number of every training.

    Args:
        record: of ``latent-sizes``.
        term: ``"bound"``, ``"reconstruction"``, ``"kl"`` or ``"active"``.

    Returns:
        Number of latents → seed → the number.
    """
    return {
        int(size): {seed: found[term] for seed, found in run["measured"].items()}
        for size, run in record["runs"].items()
    }


def sizes_figure(record: dict, originals: Tensor) -> Picture:
    """Ten digits and what each size keeps of them; beneath, the terms over the size, from seed to seed.

    Args:
        record: of ``latent-sizes``.
        originals: the ten digits, ``(10, 1, 28, 28)``.
    """
    runs, (seed, *_) = record["runs"], next(iter(record["runs"].values()))["measured"]
    rows = {"digits": originals}
    for size, run in runs.items():
        rows[f"{size} latents, {run['measured'][seed]['active']} in use"] = row_of(run["pictures"], len(originals))
    figure = blank_figure(7.2, 0.56 * len(rows) + 3.4)
    cells = GridSpec(len(rows) + 1, 1, figure, height_ratios=[0.56] * len(rows) + [3.1])
    for i, (label, images) in enumerate(rows.items()):
        ax = figure.add_subplot(cells[i])
        ax.imshow(grid(images, len(images)), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_ylabel(label, rotation=0, ha="right", va="center", fontsize=TEXT)
        ax.set_anchor("W")
    ax = figure.add_subplot(cells[len(rows)])
    plain(ax)
    for i, (label, (term, sign)) in enumerate(TERMS.items()):
        found = of_size(record, term)
        middle = [sign * mean(values.values()) for values in found.values()]
        ends = [
            [abs(pick(v.values()) - sign * m) for v, m in zip(found.values(), middle, strict=True)]
            for pick in (min, max)
        ]
        ax.errorbar(
            list(found), middle, ends, color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i], capsize=3, label=label
        )
    ax.set_xscale("log")
    ax.set_xticks(list(found), [str(size) for size in found])
    ax.minorticks_off()
    ax.set(xlabel="latents", ylabel="nats a digit")
    figure.legend(loc="outside lower center", ncols=3, fontsize=TEXT, frameon=False)
    figure.suptitle(
        "In equal steps, more than ten latents win nothing (bars: least and most of five seeds)",
        fontsize=TITLE,
        x=0.01,
        ha="left",
        color=INK,
    )
    return finish(
        figure,
        "Six rows of ten digits: the digits, then their reconstructions with 2, 5, 10, 20 and 50 latents. Beneath, "
        "three lines over the number of latents: minus the bound falls steeply from 2 to 10, then rises a little.",
    )
