"""The map of the course: every notebook with its question and its measured time, for notebook 00 and the README."""

import json
from dataclasses import dataclass

from course_lib import files


@dataclass(frozen=True)
class Chapter:
    """A notebook of the course: its file's name, its title and the question it answers."""

    name: str
    title: str
    question: str

    @property
    def number(self) -> str:
        return self.name[:2]


CHAPTERS = (
    Chapter("00_start_here", "Start here", "Does everything work, and what will I be able to do?"),
    Chapter("01_what_a_gan_optimises", "What a GAN optimises", "Why should two networks fighting make pictures?"),
    Chapter("02_losses", "The minimax loss and its relatives", "Which loss, and what is its gradient?"),
    Chapter("03_train_a_gan", "Train a GAN", "Can I make one work, and read its curves?"),
    Chapter("04_mode_collapse", "Mode collapse", "Can I see it, measure it, cure it?"),
    Chapter("05_vae", "Variational autoencoders", "What does a likelihood buy?"),
    Chapter("06_measuring", "Measuring a generator", "Which of two models is better?"),
    Chapter("07_explain_a_classifier", "Explaining a classifier", "Why did it say 3?"),
    Chapter("08_explain_the_discriminator", "Explaining the discriminator", "What gives a fake away?"),
    Chapter("09_steer_the_generator", "Explaining and steering the generator", "What does each knob do?"),
    Chapter("10_trust", "Can you trust the explanation?", "Which explanations survive a test?"),
)
HEADER = ("notebook", "its question", "runs in")


def measured() -> dict:
    """``data/times.json``: ``{"machine", "notebooks": {name: {"seconds", "profile", "source"}}}``; may be empty."""
    path = files.shipped("times.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"notebooks": {}}


def exists(chapter: Chapter) -> bool:
    """Whether the notebook is there already; the others are planned."""
    return (files.notebooks_source() / f"{chapter.name}.py").is_file()


def duration(chapter: Chapter) -> str:
    """``23 s``, ``2 min 5 s``, ``planned``, or ``not measured yet``."""
    if not exists(chapter):
        return "planned"
    entry = measured()["notebooks"].get(chapter.name)
    if entry is None:
        return "not measured yet"
    minutes, seconds = divmod(round(entry["seconds"]), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def time_of(name: str) -> str:
    """One line for the head of a notebook: how long it took, and where that was measured."""
    chapter = next(c for c in CHAPTERS if c.name == name)
    return f"this notebook runs in: {duration(chapter)} ({measured().get('machine', 'no machine yet')})"


def caption() -> str:
    """What the times mean, with the machine they were measured on."""
    machine = measured().get("machine")
    return "The course" + (f" (times: {machine})" if machine else "")


def show_map() -> None:
    """Show the course as a table in a notebook."""
    from course_lib.learn.wording import show_table

    show_table(caption(), HEADER, [(f"{c.number} {c.title}", c.question, duration(c)) for c in CHAPTERS])


def markdown() -> str:
    """The same table for the README; a notebook that exists is a link."""
    lines = [f"| {' | '.join(HEADER)} |", "|---|---|---|"]
    for c in CHAPTERS:
        title = f"[{c.number} {c.title}](notebooks/{c.name}.ipynb)" if exists(c) else f"{c.number} {c.title}"
        lines.append(f"| {title} | *{c.question}* | {duration(c)} |")
    machine = measured().get("machine")
    note = [f"Measured by `course times`: whole notebooks from start to end on {machine}."] if machine else []
    return "\n".join([*lines, "", *note]).rstrip()
