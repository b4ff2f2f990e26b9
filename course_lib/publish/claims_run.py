"""``course claims``: every claim of every notebook over seeds, into ``data/claims.json`` and ``data/claims.md``."""

import json
import statistics
from pathlib import Path

from course_lib import files
from course_lib.errors import CourseError
from course_lib.learn.claims import bound_text, number_text
from course_lib.machine import describe
from course_lib.publish import harvest, workspace
from course_lib.publish.build import chosen, progress_bar
from course_lib.publish.execute import Job, execute, read_source, source_sha, with_parameters

STANDS = 0.8  # a run claim stands when it holds on at least 4 of 5 seeds


def claims(seeds: int, names: list[str] | None = None, first_seed: int = 100, profile: str = "course",
           workers: int = 2, folder: Path | None = None) -> int:
    """Run notebooks with the seeds ``first_seed …`` and record what their claims measured; others' entries stay.

    Args:
        seeds: how many; each is a training of its own.
        folder: where ``claims.json`` and ``claims.md`` lie; the shipped data folder by default.

    Returns:
        0; 1 when a notebook failed (its old entry stays) or a claim (not in ``smoke``) held on fewer than 4 of 5 seeds.

    Raises:
        CourseError: before anything runs, for an unknown notebook or profile, or a number of seeds below 1.
    """
    from course_lib.runtime import Runtime

    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1:
        raise CourseError(f"seeds {seeds!r} is not a whole number from 1 on: use for example 5.")
    for seed in (first_seed, first_seed + seeds - 1):
        Runtime.auto(device="cpu", seed=seed, profile=profile)  # refuses unknown values
    folder = folder or files.shipped()
    numbers = list(range(first_seed, first_seed + seeds))
    jobs = [Job(name, with_parameters(read_source(name), seed=seed, profile=profile, device="cpu"), seed)
            for name in chosen(names) for seed in numbers]
    sources = {job.name: job.notebook.metadata.course.source for job in jobs}
    execute(jobs, workers, progress_bar(jobs))
    known, bad = load(folder), False
    for name, source in sources.items():
        runs = [job for job in jobs if job.name == name]
        errors = [f"seed {job.seed}: {job.error}" for job in runs if job.error]
        if errors:
            print(f"✗ {name} is not recorded:", *errors, sep="\n    ")
            bad = True
            continue
        runs = [harvest.records(job.notebook) for job in runs]
        found = collect(runs)
        known["notebooks"][name] = {"source": source, "profile": profile, "seeds": numbers, "machine": describe(),
                                    "claims": found}
        weak = [claim for claim in found if not stands(claim["statement"], runs)]
        bad = bad or (bool(weak) and profile != "smoke")
        print(f"{'✗' if weak else '✓'} {name}: {len(found) - len(weak)} of {len(found)} claims stand")
        for claim in weak:
            print(f"    ✗ {claim['statement']}: held {claim['held']} of {claim['n']}, claimed {claim['bound']}")
    known["notebooks"] = dict(sorted(known["notebooks"].items()))
    files.atomic_write(folder / "claims.json", json.dumps(known, indent=1, ensure_ascii=False) + "\n")
    files.atomic_write(folder / "claims.md", markdown(known))
    return int(bad)


def load(folder: Path | None = None) -> dict:
    """The recorded claims. Raises CourseError when the file is not what ``course claims`` writes."""
    path = (folder or files.shipped()) / "claims.json"
    if not path.exists():
        return {"notebooks": {}}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        known["notebooks"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path.name} is damaged: restore it with git, then run `course claims` again.") from None
    return known


def stale_claims(folder: Path | None = None) -> list[str]:
    """Notebooks without recorded claims, or whose source has changed since they were recorded."""
    known = load(folder)["notebooks"]
    return [name for name in workspace.names() if known.get(name, {}).get("source") != source_sha(name)]


def collect(runs: list[list[dict]]) -> list[dict]:
    """One entry a statement from the records of several runs: ``statement, bound, values, held, n``.

    A run claim has a value per run (None where the run did not make it, or it was refused). A seed claim carries its
    own values, one a shipped result: ``held`` of ``n`` then counts those.
    """
    found = []
    for words in dict.fromkeys(record["statement"] for run in runs for record in run):
        records = [next((r for r in run if r["statement"] == words), None) for run in runs]
        first = next(record for record in records if record)
        if "at_least" in first:
            values = first["value"]
            held = first["holding"]
        else:
            values = [record and record["value"] for record in records]
            held = sum(bool(record and record["held"]) for record in records)
        found.append({"statement": words, "bound": bound_text(first), "values": values, "held": held, "n": len(values)})
    return found


def stands(statement: str, runs: list[list[dict]]) -> bool:
    """Whether a claim held in at least 4 of 5 runs (a seed claim is the same in each)."""
    held = sum(record["held"] for run in runs for record in run if record["statement"] == statement)
    return held >= STANDS * len(runs)


def markdown(known: dict) -> str:
    """The recorded claims as a page: per notebook a table statement · bound · min / median / max · held."""
    lines = ["# Every claim of the course, re-run over seeds", "",
             "Written by `make claims`. A claim stands when it holds on at least 4 of 5 seeds.", ""]
    for name, entry in known["notebooks"].items():
        seeds = entry["seeds"]
        lines += [f"## {name.replace('_', ' ')}", "",
                  f"Profile `{entry['profile']}`, seeds {seeds[0]} to {seeds[-1]}, {entry['machine']}, "
                  f"source `{entry['source'][:12]}`.", ""]
        if not entry["claims"]:
            lines += ["No claims.", ""]
            continue
        lines += ["| statement | bound | min / median / max | held |", "|---|---|---|---|"]
        for claim in entry["claims"]:
            cells = (claim["statement"].replace("|", "\\|"), claim["bound"], _spread(claim["values"]),
                     f"{claim['held']} of {claim['n']}")
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _spread(values: list) -> str:
    if all(isinstance(value, bool) for value in values):
        return f"true {sum(values)} times"
    numbers = sorted(value for value in values if value is not None and not isinstance(value, bool))
    if not numbers:
        return "—"
    middle = statistics.median(numbers)
    return " / ".join(number_text(value) for value in (numbers[0], middle, numbers[-1]))
