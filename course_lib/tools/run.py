"""``course run``: every notebook headless, from its source, into ``build/course``, with a summary of its claims."""

import json
from pathlib import Path

import nbformat

from course_lib import files
from course_lib.arithmetic import environment
from course_lib.chapters import chosen
from course_lib.learn.claims import failed
from course_lib.tools import harvest
from course_lib.tools.build import progress_bar
from course_lib.tools.execute import Job, execute, read_source, with_parameters


def run(
    names: list[str] | None = None,
    profile: str = "course",
    device: str = "auto",
    workers: int = 2,
    seed: int = 0,
    out: Path | None = None,
    arithmetic: str = "native",
    **parameters: object,
) -> int:
    """Run notebooks and print what became of them. One that fails does not stop the others.

    Args:
        names: chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.
        profile: ``"smoke"`` computes the claims and does not enforce them; ``"course"`` and ``"full"`` do.
        device: "auto", "cpu", "cuda" or "mps".
        workers: how many run at once.
        seed: every draw of chance follows from it.
        out: folder for the executed notebooks and ``summary.json``; ``build/course`` by default.
        arithmetic: whose rounding, a name of :mod:`course_lib.arithmetic`.
        **parameters: more parameters of the notebooks, by name.

    Returns:
        0, or 1 after an error or a claim that does not hold and is enforced (in ``smoke`` none is).

    Raises:
        CourseError: before anything runs, for an unknown notebook, profile, device, seed, arithmetic or parameter.
    """
    from course_lib.runtime import Runtime

    Runtime.auto(device=device, seed=seed, profile=profile)  # refuses unknown values, and devices that are not here
    environment(arithmetic)
    parameters |= {"profile": profile, "seed": seed, "device": device}
    jobs = [
        Job(name, with_parameters(read_source(name), **parameters), arithmetic=arithmetic) for name in chosen(names)
    ]
    out = Path(out) if out else (files.repo_root() or Path.cwd()) / "build" / "course"
    out.mkdir(parents=True, exist_ok=True)
    execute(jobs, workers, progress_bar(jobs))
    summary, missed = {}, 0
    for job in jobs:
        files.atomic_write(out / f"{job.name}.ipynb", nbformat.writes(job.notebook) + "\n")
        records = harvest.records(job.notebook)
        summary[job.name] = {
            "seconds": round(job.seconds, 1),
            "error": job.error,
            "claims": len(records),
            "held": sum(record["held"] for record in records),
        }
        missed += sum(failed(record) for record in records)
        _tell(job, records)
    files.atomic_write(out / "summary.json", json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    errors = sum(job.error is not None for job in jobs)
    held, total = (sum(entry[key] for entry in summary.values()) for key in ("held", "claims"))
    print(
        f"{len(jobs)} notebooks in the {profile} profile: {errors} with an error; {held} of {total} claims hold"
        + (" (not enforced)." if profile == "smoke" else ".")
    )
    return int(errors > 0 or (missed > 0 and profile != "smoke"))


def _tell(job: Job, records: list[dict]) -> None:
    mark = "✗" if job.error else "✓"
    print(f"{mark} {job.name}: {job.seconds:.0f} s, {sum(r['held'] for r in records)} of {len(records)} claims hold")
    if job.error:
        print(f"    {job.error}")
    for record in records:
        if not record["held"]:
            print(f"    {harvest.sentence(record)}")
