"""Figures, live views and widgets. All of them carry alternative text."""

from course_lib.show.charts import bars, lines
from course_lib.show.clouds import clouds, dots
from course_lib.show.drawing import drawing_pad
from course_lib.show.figures import attributions, compare, curves, samples
from course_lib.show.history import History
from course_lib.show.picture import Picture
from course_lib.show.watching import live

__all__ = [
    "History",
    "Picture",
    "attributions",
    "bars",
    "clouds",
    "compare",
    "curves",
    "dots",
    "drawing_pad",
    "lines",
    "live",
    "samples",
]
