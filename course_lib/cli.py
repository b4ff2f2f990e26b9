"""The ``course`` command. Each command imports what it needs itself: ``course doctor`` must speak when torch cannot."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from course_lib.arithmetic import RECORDED
from course_lib.errors import CourseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Explaining image generators: a notebook course where every claim is measured.",
)
zoo_app = typer.Typer(no_args_is_help=True, help="The trained models that ship with the course.")
app.add_typer(zoo_app, name="zoo")
workshop_app = typer.Typer(no_args_is_help=True, help="What a room of learners needs.")
app.add_typer(workshop_app, name="workshop")

Names = Annotated[list[str] | None, typer.Argument(help="Chapters or lessons, e.g. 03 or 03.1; all without any.")]
Profile = Annotated[str, typer.Option(help="smoke, course or full.")]
Workers = Annotated[int, typer.Option(min=1, help="Notebooks at once, one thread each.")]
Cluster = Annotated[
    str | None, typer.Option(help="local (this machine's cores) or a Dask scheduler's address: a task a seed.")
]
Folder = Annotated[Path | None, typer.Argument(help="Your workspace; my_course without one.")]


@app.command()
def lab(
    folder: Folder = None,
    update: Annotated[
        bool, typer.Option("--update", help="Bring newer notebooks; what you changed is kept beside them.")
    ] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="A port; the first free one from 8888.")] = None,
) -> None:
    """Open the course in JupyterLab, in your own copy of the notebooks."""
    from course_lib.tools import lab as jupyter
    from course_lib.tools import workspace

    place = workspace.locate(folder, create=True)
    for sentence in workspace.prepare(place, update=update).sentences():
        typer.echo(sentence)
    jupyter.run(place, browser=browser, port=port)


@app.command()
def doctor(folder: Folder = None) -> None:
    """Check that this machine can run the course, and say what to do where it cannot."""
    from course_lib.tools import doctor

    raise typer.Exit(doctor.report(folder))


@app.command()
def reset(
    notebook: Annotated[str, typer.Argument(help="A lesson, e.g. 03.1, or a chapter that has one.")],
    folder: Annotated[Path | None, typer.Option(help="Your workspace; my_course without one.")] = None,
) -> None:
    """Restore one notebook; your version is kept beside it."""
    from course_lib.chapters import lesson
    from course_lib.tools import workspace

    kept = workspace.reset(notebook, workspace.locate(folder))
    note = f" Your version is kept as {kept.name}." if kept else ""
    typer.echo(f"{lesson(notebook)} is as it ships.{note}")


@app.command()
def build(
    names: Names = None,
    allow_failed_claims: Annotated[bool, typer.Option("--allow-failed-claims", help="Write them even so.")] = False,
    workers: Workers = 2,
    words: Annotated[
        bool, typer.Option("--words", help="Only text and questions, of pages whose code is unchanged.")
    ] = False,
) -> None:
    """Execute the notebooks' sources and write notebooks/*/*.ipynb (for maintainers)."""
    from course_lib.tools.build import build
    from course_lib.tools.reword import reword

    if words:
        for name in reword(names, workers=workers):
            typer.echo(f"{name} reworded.")
        return
    for path in build(names, allow_failed_claims=allow_failed_claims, workers=workers):
        typer.echo(f"{path.name} written.")


@app.command()
def lessons(names: Names = None) -> None:
    """How long the lessons are, and what is over a limit (for maintainers)."""
    from course_lib.tools.lessons import report

    typer.echo(report(names))


@app.command()
def run(
    names: Names = None,
    profile: Profile = "course",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    seed: Annotated[int, typer.Option(help="Every draw of chance follows from it.")] = 0,
    workers: Workers = 2,
    arithmetic: Annotated[str, typer.Option(help="native, avx2 or baseline: whose rounding.")] = "native",
) -> None:
    """Run notebooks headless into build/, and fail on an error or a claim that does not hold."""
    from course_lib.tools.run import run

    raise typer.Exit(run(names, profile=profile, device=device, seed=seed, workers=workers, arithmetic=arithmetic))


@app.command()
def claims(
    names: Names = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many; each is a training of its own.")] = 5,
    first_seed: Annotated[int, typer.Option(min=0, help="The first of them.")] = 100,
    profile: Profile = "course",
    workers: Workers = 2,
    arithmetic: Annotated[list[str] | None, typer.Option(help="native or avx2; both without any.")] = None,
    cluster: Cluster = None,
) -> None:
    """Re-run every claim over seeds and arithmetics and write data/claims.json (for maintainers)."""
    from course_lib.tools.claims_run import claims

    raise typer.Exit(
        claims(
            seeds,
            names,
            first_seed=first_seed,
            profile=profile,
            workers=workers,
            arithmetics=arithmetic or RECORDED,
            cluster=cluster,
        )
    )


@app.command()
def times(names: Names = None) -> None:
    """Measure how long the notebooks take, and write data/times.json and the README's table (for maintainers)."""
    from course_lib.tools import readme, times

    for name, seconds in times.measure(names).items():
        typer.echo(f"{name}: {seconds:.1f} s")
    readme.update(picture=False)


@app.command()
def readme() -> None:
    """Remake the README's picture and its table of notebooks (for maintainers)."""
    from course_lib.tools import readme

    for path in readme.update():
        typer.echo(f"{path.name} written.")


@app.command()
def slides(
    names: Annotated[list[str] | None, typer.Argument(help="Decks, e.g. 03; all without any.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Print PDFs too.")] = True,
) -> None:
    """Build the slides into build/slides (for instructors, in a checkout)."""
    from course_lib.tools import slides

    for path in slides.build(names, pdf=pdf):
        typer.echo(f"{path.name} written.")


@workshop_app.command("build")
def workshop_build() -> None:
    """Student notebooks, slides, networks and the instructor's guide, in build/workshop and a zip."""
    from course_lib.tools import workshop

    for path in workshop.build():
        typer.echo(f"{path.name} written.")


@app.command()
def record(
    name: Annotated[str, typer.Argument(help="Which; an unknown name lists them.")],
    cluster: Cluster = None,
) -> None:
    """Make one of the recorded runs in data/runs anew (for maintainers)."""
    from course_lib.tools import recording

    recording.record(name, tell=typer.echo, cluster=cluster)


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="Of the run: it holds run.json and the card, README.md.")],
    others: Annotated[int, typer.Option(min=0, max=50, help="Also train from so many other seeds.")] = 0,
    signature: Annotated[Path | None, typer.Option(help="Of the folder; with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="Public key of whoever is to have signed.")] = None,
) -> None:
    """Do once more what a run's model card claims, and report point by point."""
    from course_lib.tools.audit import audit

    raise typer.Exit(audit(folder, others, signature, key))


@app.command()
def progress() -> None:
    """Show which exercises and claims of your workspace are done."""
    from course_lib.chapters import syllabus
    from course_lib.tools import workspace

    os.environ["COURSE_WORKSPACE"] = str(workspace.locate())
    typer.echo(syllabus.progress_report())


@app.command()
def portfolio(
    folder: Folder = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
) -> None:
    """Make one page of your own GAN, answers, exercises and claims: portfolio.html in your workspace."""
    from course_lib.tools import portfolio, workspace

    typer.echo(f"{portfolio.build(workspace.locate(folder), device=device)} written.")


@zoo_app.command("build")
def zoo_build(names: Annotated[list[str] | None, typer.Argument(help="Models; all without any.")] = None) -> None:
    """Train the shipped models again from their recipes."""
    from tqdm import tqdm

    from course_lib import zoo

    zoo.build(names, wrap=lambda steps: tqdm(steps, total=steps.total, mininterval=1))


@zoo_app.command("list")
def zoo_list() -> None:
    """The shipped models with their recipe and measured quality."""
    import json

    from course_lib import files

    manifest = files.shipped("zoo", "manifest.json")
    if not manifest.is_file():
        raise CourseError("the zoo is empty: `course zoo build` trains its models.")
    for name, entry in json.loads(manifest.read_text(encoding="utf-8")).items():
        metrics = ", ".join(f"{metric} {value}" for metric, value in entry["metrics"].items())
        typer.echo(f"{name}: {entry['recipe']['steps']:,} steps, seed {entry['recipe']['seed']}; {metrics}")


def main() -> None:
    """Run the command; a :class:`CourseError` becomes its sentence on stderr and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # else somebody reads it as text already
            stream.reconfigure(errors="replace")  # an old Windows console has no ✓, which is no reason to stop
    try:
        app(prog_name="course")
    except CourseError as error:
        typer.echo(f"course: {error}", err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
