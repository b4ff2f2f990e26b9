"""Build the committed notebooks: percent source → executed, deterministic ``.ipynb``.

Nothing in the result depends on when or in which folder it was built: cell ids come from the content, there are no
timings, no widget state, no standard error; two builds on one machine agree in sources, text outputs and claims.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
from tqdm import tqdm

from course_lib import files
from course_lib.chapters import chosen, lessons
from course_lib.errors import CourseError
from course_lib.learn.claims import failed
from course_lib.tools import harvest
from course_lib.tools.editions import collapsed
from course_lib.tools.execute import Job, execute, first_line, read_source, source_sha
from course_lib.tools.numbers_in_prose import outdated
from course_lib.tools.outputs import clean

CHECKED = "nbval-check-output"


def build(
    names: list[str] | None = None, *, allow_failed_claims: bool = False, workers: int = 2, target: Path | None = None
) -> list[Path]:
    """Execute sources in the ``course`` profile and write ``notebooks/NN_chapter/K_lesson.ipynb``.

    Args:
        names: chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.
        allow_failed_claims: write a notebook although one of its claims does not hold.
        workers: how many run at once.
        target: folder for the notebooks; the checkout's ``notebooks`` by default.

    Returns:
        The files written. A notebook with an error keeps its old file. Numbers in words that the old page's outputs had
        and the new one's have not are named on standard error.

    Raises:
        CourseError: after all were tried, naming every cell that failed; at once for an unknown notebook, or without
            a checkout to write to.
    """
    jobs = [Job(name, read_source(name)) for name in chosen(names)]
    target = target or _folder()
    execute(jobs, workers, progress_bar(jobs))
    written, failed = [], []
    for job in jobs:
        faults, notes = _finish(job, allow_failed_claims)
        for note in notes:
            print(note, file=sys.stderr)
        failed += faults
        if not faults:
            nbformat.validate(job.notebook)
            path = target / f"{job.name}.ipynb"
            if path.is_file():
                for line in outdated(nbformat.read(path, as_version=4), job.notebook, _elsewhere(job.name)):
                    print(f"{job.name}, look again: {line}", file=sys.stderr)
            written.append(files.atomic_write(path, nbformat.writes(job.notebook) + "\n"))
    if failed:
        raise CourseError("not built:\n  " + "\n  ".join(failed))
    return written


def stale(target: Path | None = None) -> list[str]:
    """Lessons that were never built, or whose source has changed since.

    Args:
        target: as :func:`build` takes it.
    """
    target = target or _folder()
    return [name for name in lessons() if _built_from(target / f"{name}.ipynb") != source_sha(name)]


def progress_bar(jobs: list[Job]) -> Callable[[Job], None]:
    """A bar on standard error that counts executed code cells; to be called after each.

    Args:
        jobs: whose cells are counted.
    """
    total = sum(cell.cell_type == "code" for job in jobs for cell in job.notebook.cells)
    bar = tqdm(total=total, unit="cell", file=sys.stderr, mininterval=0.5)

    def advance(job: Job) -> None:
        bar.set_description(job.name if job.seed is None else f"{job.name} seed {job.seed}", refresh=False)
        bar.update()
        if bar.n >= total:
            bar.close()

    return advance


def _finish(job: Job, allow_failed_claims: bool) -> tuple[list[str], list[str]]:
    """Clean and tag the executed notebook; return what forbids writing it, and what was dropped."""
    if job.error:
        return [job.error], []
    faults, notes = [], []
    for index, cell in enumerate(job.notebook.cells):
        if cell.cell_type == "code":
            where = f"{job.name}, cell {index} (`{first_line(cell.source)}`)"
            its_faults, its_notes = clean(cell, job.scratch)
            faults += [f"{where} {fault}" for fault in its_faults]
            notes += [f"{where}: {note}" for note in its_notes]
            cell.metadata = nbformat.NotebookNode({k: v for k, v in cell.metadata.items() if k != "execution"})
    for index, record in harvest.located(job.notebook):
        cell = job.notebook.cells[index]
        tags = cell.metadata.setdefault("tags", [])
        if CHECKED not in tags:  # nbval replays the ✓, whoever forgot the tag
            tags.append(CHECKED)
        if failed(record) and not allow_failed_claims:
            faults.append(f"{job.name}, cell {index} (`{first_line(cell.source)}`): {harvest.sentence(record)}")
    kept = {key: job.notebook.metadata[key] for key in ("kernelspec", "course")}
    job.notebook.metadata = nbformat.from_dict(kept | {"language_info": {"name": "python"}})  # the kernel's says more
    collapsed(job.notebook)
    return faults, notes


def _elsewhere(name: str) -> dict[str, str]:
    """What else tells of a lesson's numbers: the chapter's deck and what its instructor is told."""
    chapter, root = name.partition("/")[0], files.checkout("notebooks are built")
    told = (root / "slides" / f"{chapter}.md", root / "course_lib" / "chapters" / f"ch{chapter}" / "guide.md")
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in told if path.is_file()}


def _folder() -> Path:
    return files.checkout("notebooks are built") / "notebooks"


def _built_from(path: Path) -> str | None:
    try:
        return nbformat.read(path, as_version=4).metadata.get("course", {}).get("source")
    except (OSError, ValueError):  # missing, or not a notebook
        return None
