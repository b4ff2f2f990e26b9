"""``course portfolio``: a learner's own GAN, answers, exercises and claims on one page that needs no internet."""

import html
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from course_lib import explain, files, show, zoo
from course_lib.chapters import chapters, syllabus
from course_lib.data import load
from course_lib.learn import mine, progress
from course_lib.learn.questions import Prediction, Question, rendered
from course_lib.metrics import evaluate
from course_lib.runtime import Runtime
from course_lib.show.picture import Picture, finish, new_figure

NAME = "portfolio.html"
DRAWN, EXPLAINED = 60, 8  # pictures of the GAN; those of them whose discriminator is explained
_LAYER = "downs"  # of the discriminator: its last map of numbers that has places
_STYLE = """:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em;
margin: 2em auto; padding: 0 1em; } img { max-width: 100%; background: #fff; } table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px; border-bottom: 1px solid #8888; }
caption { text-align: left; font-weight: 600; padding: 6px 0; } figure { margin: 1em 0; }"""


def build(folder: Path, device: str = "auto") -> Path:
    """Write ``portfolio.html`` into a workspace.

    Args:
        folder: the workspace.
        device: where the GAN draws, as for ``Runtime.auto``.

    Returns:
        The page's path.
    """
    os.environ["COURSE_WORKSPACE"] = str(folder)
    runtime = Runtime.auto(device=device)
    parts = [_gan(mine.load(runtime, workspace=folder), runtime), *_answers(), _exercises(), _claims()]
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>My course</title><style>{_STYLE}</style>'
        f"</head><body><main><h1>What I made and found</h1>{''.join(parts)}</main></body></html>\n"
    )
    return files.atomic_write(folder / NAME, page)


def _gan(own: mine.OwnGAN, runtime: Runtime) -> str:
    images = own.sampler(DRAWN)
    report = evaluate(own.sampler, zoo.load("judge", runtime), load("digits", runtime).images)
    lead = f"This is {html.escape(own.about)}."
    if not own.own:
        lead += " Lesson 03.3 trains one and keeps it here; then this page shows yours."
    measured = (
        f"Measured as in chapter 06: Fréchet distance {report.frechet:.1f}, mean confidence of the judge "
        f"{report.confidence:.2f}, {report.classes} of 10 digits drawn."
    )
    told = images[:EXPLAINED].to(runtime.device)
    maps = {
        "HiResCAM": explain.hires_cam(own.discriminator, explain.realness, told, _LAYER, signed=True),
        "gradient": explain.gradient(own.discriminator, explain.realness, told),
    }
    pictures = [
        (show.samples(images, alt=f"{DRAWN} digits drawn by this GAN."), "What it draws."),
        (_curves(own.curves), "How it was trained."),
        (
            show.attributions(told.cpu(), {name: each.cpu() for name, each in maps.items()}),
            "What its discriminator looks at: red speaks for “real”, blue against it.",
        ),
    ]
    figures = "".join(_figure(picture, words) for picture, words in pictures)
    return f"<h2>My GAN</h2><p>{lead} {measured}</p>{figures}"


def _curves(curves: dict[str, list[float]]) -> Picture:
    figure, axes = new_figure(8.0, 2.8, columns=2)
    show.figures.draw_curves(axes[0], curves)
    return finish(figure, "Left: the losses of D and G, step by step; right: D's answers on real and fake images.")


def _answers() -> list[str]:
    said = progress.answers()
    asked = [one for chapter in chapters() for one in syllabus.questions_of(chapter)]
    made = [one for one in asked if isinstance(one, Prediction)]
    quiz = [one for one in asked if not isinstance(one, Prediction)]
    return [
        _said("What I predicted", made, said, "Nothing is predicted yet: each lesson asks before its cells run."),
        _said("What I answered in the quizzes", quiz, said, "No quiz is answered yet."),
    ]


def _said(title: str, asked: Sequence[Question], said: dict[tuple[str, str], tuple[str, bool]], nothing: str) -> str:
    rows = []
    for one in asked:
        if found := said.get((one.lesson, one.name)):
            mark = "✓" if found[1] else "✗"
            rows.append((one.lesson, rendered(one.question), f"{mark} {rendered(found[0])}", rendered(one.folded())))
    heading = f"<h2>{title}</h2>"
    if not rows:
        return f"{heading}<p>{nothing}</p>"
    caption = f"{sum(row[2].startswith('✓') for row in rows)} of {len(rows)} as it turned out"
    return heading + _table(caption, ("lesson", "question", "I said", "the answer"), rows)


def _exercises() -> str:
    rows = []
    for row in syllabus.progress_rows():
        if row["total"]:
            rows.append((html.escape(row["title"]), f"{row['passed']} of {row['total']}"))
    return "<h2>Exercises</h2>" + _table("Solved", ("chapter", "exercises"), rows)


def _claims() -> str:
    rows = [
        (lesson, "✓" if held else "✗", html.escape(statement))
        for lesson, found in sorted(progress.claims().items())
        for statement, held in found
    ]
    if not rows:
        return "<h2>Claims</h2><p>No lesson has been run in this workspace yet.</p>"
    caption = f"{sum(row[1] == '✓' for row in rows)} of {len(rows)} held in my last runs"
    return "<h2>Claims</h2>" + _table(caption, ("lesson", "held", "claim"), rows)


def _figure(picture: Picture, words: str) -> str:
    return f"<figure>{picture.to_html()}<figcaption>{html.escape(words)}</figcaption></figure>"


def _table(caption: str, header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; the first of a row names it."""
    head = "".join(f'<th scope="col">{name}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>" for row in rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
