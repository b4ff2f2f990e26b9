"""shap's own force plot, which A3 shows, as a picture with alternative text."""

import io
from collections.abc import Sequence

import numpy as np
import PIL.Image
import PIL.ImageChops
import PIL.ImageOps

from course_lib.errors import CourseError
from course_lib.show.picture import Picture, png_bytes


def force(base: float, values: Sequence[float], names: Sequence[str], *, alt: str) -> Picture:
    """The force plot: from the mean output to the output, each value pushing it up (red) or down (blue).

    shap insists on pyplot's current figure; it is taken away again before a notebook shows it twice.

    Args:
        base: the mean output.
        values: what each feature adds.
        names: of the features, one for each value.
        alt: what the picture says, for who does not see it.

    Raises:
        CourseError: when there are not as many names as values.
    """
    import shap
    from matplotlib import pyplot

    if len(values) != len(names):
        raise CourseError(f"{len(values)} values and {len(names)} names: give one name to each value.")
    before, buffer = set(pyplot.get_fignums()), io.BytesIO()
    pyplot.figure()
    try:
        shap.force_plot(
            base,
            np.asarray(values, dtype=float),
            feature_names=list(names),
            matplotlib=True,
            show=False,
            figsize=(11, 3),
            contribution_threshold=0.03,  # of the whole: smaller ones have no name
        )
        pyplot.gcf().savefig(buffer, format="png", dpi=120, facecolor="white", bbox_inches="tight")
    finally:
        for number in set(pyplot.get_fignums()) - before:
            pyplot.close(number)
    drawn = PIL.Image.open(buffer).convert("RGB")
    drawn = drawn.crop(PIL.ImageChops.invert(drawn).getbbox())  # without shap's wide margins
    drawn = PIL.ImageOps.expand(drawn, 8, "white")
    return Picture(png_bytes(np.asarray(drawn)), alt, width=min(720, drawn.width))
