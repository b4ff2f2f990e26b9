"""``course readme``: remake what the README takes from measurements, so that nobody types a number there."""

import json
import re
from pathlib import Path

from course_lib import files
from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up import recorded_speed, speed_pictures
from course_lib.errors import CourseError
from course_lib.tools import card
from course_lib.tools.png import shrink

SURE = (0.85, 0.9)
LAST = {"confidence": ".2f", "classes": ".0f", "frechet": ".0f", "steps": ",.0f"}
TITLE = "Seconds to quality, one thread: three trainings of each recipe (dotted: digits held out)"


def update(*, picture: bool = True) -> list[Path]:
    """Rewrite what the README takes from measurements, and the links of the card.

    Args:
        picture: whether ``docs/digits.png`` and ``docs/seconds-to-quality.png`` are made again, too.

    Returns:
        The files written.

    Raises:
        CourseError: outside a checkout, or when the README has lost its markers.
    """
    root = files.checkout("the README is written")
    path = root / "README.md"
    text = path.read_text(encoding="utf-8")
    for block, content in blocks().items():
        text = fill(text, block, content)
    written = [files.atomic_write(path, text)]
    page = root / "docs" / "card.md"
    if page.is_file():
        written.append(files.atomic_write(page, card.linked(page.read_text(encoding="utf-8"))))
    if picture:
        written.append(files.atomic_write(root / "docs" / "digits.png", digits()))
        if _timed():
            figure = speed_pictures.quality(recorded_speed.Quality(), title=TITLE, alt=TITLE)
            written.append(files.atomic_write(root / "docs" / "seconds-to-quality.png", shrink(figure.png)))
    return written


def blocks() -> dict[str, str]:
    """What stands between the README's markers.

    Returns:
        Name of the marker → Markdown.
    """
    return {"syllabus": syllabus.markdown(), "bench": bench()}


def bench() -> str:
    """The benchmark's table from ``data/bench.json``, which ``make bench`` writes."""
    path = files.shipped("bench.json")
    if not path.is_file():
        return "Not measured yet (`make bench`)."
    result = json.loads(path.read_text(encoding="utf-8"))
    header = (
        "networks",
        "batch",
        "images/s",
        "× tutorial's loop",
        "× that loop with a DataLoader",
        "% of peak",
        "× with bf16",
    )
    lines, first = [f"| {' | '.join(header)} |", "|---|---|---|---|---|---|---|"], []
    peaks = {
        row["title"]: f"{100 * row['share']['float32']:.0f} | {row['times_with_bf16']:.1f}"
        for row in result.get("peak", {}).values()
    }
    for row in result["training"].values():
        times = " | ".join(f"{row['ratio'][other]:.1f}" for other in ("textbook", "dataloader"))
        peak, speed = peaks.get(row["title"], " | "), row["images_per_s"]
        lines.append(f"| {row['title']} | {row['batch']} | {speed['game']:,} | {times} | {peak} |")
    for row in result["vae"].values():
        speed = row["images_per_s"]
        lines.append(
            f"| {row['title']} | {row['batch']} | {speed['trainer']:,}, of at most {speed['products']:,} | | "
            f"{row['ratio']['dataloader']:.1f} | {peaks.get(row['title'], ' | ')} |"
        )
    for what, row in result["explain"].items():
        others = ", ".join(f"{ratio:.1f} × as fast as {other}" for other, ratio in row["ratio"].items())
        first.append(f"{what} of {row['digits']} digits: {row['ms_an_image']['ours']:.2g} ms each ({others}).")
    first += [
        f"First image of {row['what']}: {row['seconds']:.2f} s beyond importing torch ({row['torch']:.1f} s)."
        for row in result["first image"].values()
    ]
    said = " ".join([f"Measured by `{result['command']}` on {result['machine']}.", *first])
    return "\n".join([*lines, "", said, *quality()])


def _timed() -> bool:
    return files.shipped("runs", "seconds-to-quality.json").is_file()


def quality() -> list[str]:
    """Lines on seconds to quality, from the recording of that name; none where it was not made."""
    if not _timed():
        return []
    over = recorded_speed.Quality()
    header = (
        "recipe",
        *(f"confidence {sure}, all ten digits" for sure in SURE),
        "at the end",
        "digits",
        "Fréchet distance",
        "steps",
    )
    lines = [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    for name in over.recipes:
        cells = [recorded_speed.spread(over.reached(name, sure), ".0f") for sure in SURE]
        cells += [recorded_speed.spread(over.last(name, what), form) for what, form in LAST.items()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    many, real = len(over.last(over.recipes[0], "steps")), over.real
    said = (
        "Seconds until a recipe draws all ten digits with a confidence of the judge, and what it draws after "
        f"{over.at[-1]:.0f} s: median (range) of {many} trainings, one thread. Digits held out have a confidence of "
        f"{real['confidence']:.2f} and a distance of {real['frechet']:.1f}. The tutorials' are written anew as they "
        "stand, PyTorch's for 32 pixels (`course record seconds-to-quality`)."
    )
    picture = "![Confidence, digits and Fréchet distance of three recipes against seconds](docs/seconds-to-quality.png)"
    return ["", said, "", *lines, "", picture]


def fill(text: str, block: str, content: str) -> str:
    """``text`` with what stands between ``<!-- block -->`` and ``<!-- /block -->`` replaced.

    Args:
        text: of a page.
        block: the marker's name.
        content: what stands there from now on, on lines of its own.

    Raises:
        CourseError: unless each marker is there exactly once, in this order.
    """
    first, last = f"<!-- {block} -->", f"<!-- /{block} -->"
    found = re.findall(f"{re.escape(first)}.*?{re.escape(last)}", text, re.DOTALL)
    if len(found) != 1 or text.count(first) != 1 or text.count(last) != 1:
        raise CourseError(f"the README needs the lines {first} and {last} once each, in this order.")
    return text.replace(found[0], f"{first}\n{content}\n{last}")


def digits(seed: int = 0) -> bytes:
    """The PNG at the README's head: a row of real digits, then 40 of the zoo's generator, the first ones, unpicked.

    Args:
        seed: of the generated digits.
    """
    import numpy as np

    from course_lib import zoo
    from course_lib.data import load
    from course_lib.show.picture import grid, png_bytes

    real = grid(load("digits", split="test").images[:10], columns=10, scale=3)
    drawn = grid(zoo.load("dcgan-digits")(40, seed), columns=10, scale=3)
    gap = np.full((24, real.shape[1]), 255, np.uint8)
    return png_bytes(np.concatenate([real, gap, drawn]))
