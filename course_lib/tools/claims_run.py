"""``course claims``: every claim of every notebook over seeds and arithmetics, into ``data/claims.json``."""

import itertools
import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from course_lib import files
from course_lib.arithmetic import RECORDED, environment
from course_lib.chapters import chosen, lesson_id, lessons
from course_lib.errors import CourseError
from course_lib.learn.recorded import held_in, load
from course_lib.learn.wording import bound_text, number_text
from course_lib.machine import describe
from course_lib.tools import harvest
from course_lib.tools.build import progress_bar
from course_lib.tools.execute import Job, code_sha, execute, read_source, with_parameters

STANDS = 0.8  # a run claim stands when it holds on at least 4 of 5 seeds


def claims(
    seeds: int,
    names: list[str] | None = None,
    first_seed: int = 100,
    profile: str = "course",
    workers: int = 2,
    folder: Path | None = None,
    arithmetics: Sequence[str] = RECORDED,
    cluster: str | None = None,
) -> int:
    """Run notebooks with the seeds ``first_seed …`` and record what their claims measured; others' entries stay.

    Args:
        seeds: how many; each is a training of its own.
        names: chapters or lessons, see :func:`course_lib.chapters.chosen`; all without any.
        first_seed: the others follow it.
        profile: "smoke", "course" or "full".
        workers: how many notebooks run at once.
        folder: where ``claims.json`` and ``claims.md`` lie; the shipped data folder by default.
        arithmetics: names of :mod:`course_lib.arithmetic`; each runs every seed. Entries of other arithmetics, seeds
            and machines stay, if they measured the same code: a new processor adds its runs.
        cluster: ``"local"`` or a scheduler's address: each run is a task of its own (:mod:`course_lib.cluster`), and
            what was interrupted goes on where it stopped. None runs them here, ``workers`` at a time.

    Returns:
        0; 1 when a notebook failed (its old entry stays) or a claim (not in ``smoke``) held in fewer than 4 of 5 runs.

    Raises:
        CourseError: before anything runs, for an unknown notebook, profile or arithmetic, or seeds below 1.
    """
    from course_lib.runtime import Runtime

    if isinstance(seeds, bool) or not isinstance(seeds, int) or seeds < 1:
        raise CourseError(f"seeds {seeds!r} is not a whole number from 1 on: use for example 5.")
    for seed in (first_seed, first_seed + seeds - 1):
        Runtime.auto(device="cpu", seed=seed, profile=profile)  # refuses unknown values
    for arithmetic in arithmetics:
        environment(arithmetic)
    folder = folder or files.shipped()
    load(folder)  # refuses a damaged file before anything runs
    numbers, bad = list(range(first_seed, first_seed + seeds)), False
    swept = _sweep(chosen(names), numbers, profile, arithmetics, cluster) if cluster else {}
    for name in chosen(names):
        key = lesson_id(name)
        for arithmetic in arithmetics:  # written one by one: an interrupted `course claims` keeps what it has
            entry, errors = swept.get((name, arithmetic)) or _measure(name, numbers, profile, arithmetic, workers)
            if errors:
                print(f"✗ {name} ({arithmetic}) is not recorded:", *errors, sep="\n    ")
                bad = True
                continue
            known = load(folder)["notebooks"]  # anew: another `course claims` may have written since
            same = {a: old for a, old in known.get(key, {}).items() if old["source"] == entry["source"]}
            known[key] = same | {_place(same, entry, arithmetic): entry}
            _write(folder, known)
        if now := load(folder)["notebooks"].get(key):  # nothing to tell of one that never ran to its end
            bad = _tell(name, now, profile) or bad
    return int(bad)


def stale_claims(folder: Path | None = None) -> list[str]:
    """Notebooks whose claims were never recorded, or whose code has changed since, in any arithmetic.

    Args:
        folder: as :func:`claims` takes it.
    """
    known = load(folder)["notebooks"]
    return [
        name
        for name in lessons()
        if {entry["source"] for entry in known.get(lesson_id(name), {}).values()} != {code_sha(name)}
    ]


def one_sided(folder: Path | None = None) -> list[str]:
    """Notebooks whose claims were recorded, but not in each of the arithmetics that ``course claims`` measures.

    Args:
        folder: as :func:`claims` takes it.
    """
    return [name for name, runs in load(folder)["notebooks"].items() if not set(RECORDED) <= set(runs)]


def weak_claims(folder: Path | None = None) -> list[str]:
    """``notebook: statement`` of each recorded claim that does not stand.

    Args:
        folder: as :func:`claims` takes it.
    """
    return [f"{name}: {statement}" for name, runs in load(folder)["notebooks"].items() for statement in _weak(runs)]


def _measure(name: str, seeds: list[int], profile: str, arithmetic: str, workers: int) -> tuple[dict, list[str]]:
    """The entry of a notebook in one arithmetic, and what failed."""
    source = code_sha(name)  # before the first run: an edit meanwhile is another code
    how = {"profile": profile, "device": "cpu"}
    jobs = [Job(name, with_parameters(read_source(name), seed=s, **how), s, arithmetic) for s in seeds]
    execute(jobs, workers, progress_bar(jobs))
    records = [harvest.records(job.notebook) for job in jobs]
    entry = _entry(source, seeds, profile, arithmetic, [describe()], records)
    return entry, [f"seed {job.seed}: {job.error}" for job in jobs if job.error]


def _entry(
    source: str, seeds: list[int], profile: str, arithmetic: str, machines: list[str], records: list[list[dict]]
) -> dict:
    how = "" if arithmetic == "native" else f", imitating {arithmetic}"
    return {
        "source": source,
        "profile": profile,
        "seeds": seeds,
        "machine": "; ".join(sorted(set(machines))) + how,
        "claims": collect(records),
    }


def _sweep(
    names: list[str], seeds: list[int], profile: str, arithmetics: Sequence[str], address: str
) -> dict[tuple[str, str], tuple[dict, list[str]]]:
    """What :func:`_measure` gives, of all lessons and arithmetics, each run a task on a cluster."""
    from course_lib.cluster import sweep

    pairs = [(name, arithmetic) for name in names for arithmetic in arithmetics]
    every = [
        {"lesson": name, "arithmetic": arithmetic, "profile": profile, "source": code_sha(name)}
        for name, arithmetic in pairs
    ]
    folder = (files.repo_root() or Path.cwd()) / "build" / "sweeps" / "claims"
    found = sweep(one_run, seeds, every, folder=folder, address=address, tell=print)
    measured = {}
    for (name, arithmetic), sent in zip(pairs, every, strict=True):
        rows = [r for r in found.rows if (r.settings["lesson"], r.settings["arithmetic"]) == (name, arithmetic)]
        about = f"lesson {name}, arithmetic {arithmetic},"
        errors = [line for line in found.failures if about in line]
        records = [row.value for row in rows]
        measured[name, arithmetic] = (
            _entry(sent["source"], seeds, profile, arithmetic, [r.machine for r in rows], records) if records else {},
            errors,
        )
    return measured


def one_run(seed: int, lesson: str, arithmetic: str, profile: str, source: str) -> list[dict]:
    """Run a lesson once and read its claims; what a worker does.

    Args:
        seed: the seed.
        lesson: its name.
        arithmetic: whose rounding.
        profile: "smoke", "course" or "full".
        source: the hash of the lesson's code, which the worker must have, too.

    Returns:
        The claims' records, see :func:`collect`.

    Raises:
        CourseError: when a cell fails, or the worker has other code.
    """
    if source != code_sha(lesson):
        raise CourseError(f"this worker has another version of {lesson}: bring it up to date.")
    job = Job(lesson, with_parameters(read_source(lesson), seed=seed, profile=profile, device="cpu"), seed, arithmetic)
    execute([job])
    if job.error:
        raise CourseError(job.error)
    return harvest.records(job.notebook)


def _place(same: dict, entry: dict, arithmetic: str) -> str:
    """The first key, ``native``, ``native 2``, …, that is free, or holds what was measured in the same way before."""
    keys = (arithmetic if n == 1 else f"{arithmetic} {n}" for n in itertools.count(1))
    how = ("seeds", "machine", "profile")
    return next(key for key in keys if key not in same or all(same[key][what] == entry[what] for what in how))


def _weak(runs: dict) -> dict[str, str]:
    """{statement: how often it held} of the claims of a notebook that held in fewer than 4 of 5 runs."""
    asked = sum(len(entry["seeds"]) for entry in runs.values())
    held: dict[str, int] = {}
    for entry in runs.values():
        for claim in entry["claims"]:
            held[claim["statement"]] = held.get(claim["statement"], 0) + held_in(claim)
    return {words: f"held in {n} of {asked} runs" for words, n in held.items() if n < STANDS * asked}


def _tell(name: str, runs: dict, profile: str) -> bool:
    """Print how many claims of a notebook stand; True where one, outside ``smoke``, does not."""
    weak, words = _weak(runs), {claim["statement"] for entry in runs.values() for claim in entry["claims"]}
    print(f"{'✗' if weak else '✓'} {name}: {len(words) - len(weak)} of {len(words)} claims stand")
    for statement, how in weak.items():
        print(f"    ✗ {statement}: {how}")
    return bool(weak) and profile != "smoke"


def _write(folder: Path, known: dict) -> None:
    content = {"notebooks": dict(sorted(known.items()))}
    files.atomic_write(folder / "claims.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    files.atomic_write(folder / "claims.md", markdown(content))


def collect(runs: list[list[dict]]) -> list[dict]:
    """One entry a statement from the records of several runs: ``statement, bound, values, held, n``.

    A run claim has a value per run (None where the run did not make it, or it was refused). A seed claim carries its
    own values, one a shipped result: ``held`` of ``n`` then counts those, and ``stood`` the runs in which it held.
    Where a value is compared with another target in each run, the values are differences.

    Args:
        runs: the records of each run, see :func:`course_lib.tools.harvest.records`.
    """
    found = []
    for words in dict.fromkeys(record["statement"] for run in runs for record in run):
        records = [next((r for r in run if r["statement"] == words), None) for run in runs]
        first = next(record for record in records if record)
        held = sum(bool(record and record["held"]) for record in records)
        text, values = bound_text(first), [record and record["value"] for record in records]
        if "tolerance" in first and len({record["bound"] for record in records if record}) > 1:
            text = f"differs by {bound_text(first | {'bound': 0.0}).removeprefix('= ')}"
            values = [v - r["bound"] if r and v is not None else None for v, r in zip(values, records, strict=True)]
        entry = {"values": values, "held": held, "n": len(records)}
        if "at_least" in first:
            entry = {"values": first["value"], "held": first["holding"], "n": len(first["value"]), "stood": held}
        found.append({"statement": words, "bound": text, **entry})
    return found


def markdown(known: dict) -> str:
    """The recorded claims as a page: per lesson a table statement · bound · min / median / max · held.

    Args:
        known: what ``claims.json`` holds.
    """
    lines = [
        "# Every claim of the course, re-run over seeds and arithmetics",
        "",
        "Written by `make claims`. A run is a seed in an arithmetic, that is another processor's rounding,"
        " imitated. A claim stands when it holds in at least 4 of 5 runs; where it holds in all, a learner's run"
        " is judged by it, too.",
        "",
    ]
    words = {lesson_id(name): name.partition("/")[2].partition("_")[2].replace("_", " ") for name in lessons()}
    for key, runs in known["notebooks"].items():
        lines += [f"## {key} {words.get(key, '')}".rstrip(), ""]
        for arithmetic, entry in runs.items():
            seeds = entry["seeds"]
            lines += [
                f"- {arithmetic}: profile `{entry['profile']}`, seeds {seeds[0]} to {seeds[-1]},"
                f" {entry['machine']}, code `{entry['source'][:12]}`."
            ]
        rows = _rows(runs)
        header = ["| statement | bound | min / median / max | held |", "|---|---|---|---|"]
        lines += ["", *header, *rows, ""] if rows else ["", "No claims.", ""]
    return "\n".join(lines)


def _rows(runs: dict) -> list[str]:
    """A line of the table for each statement, its runs in all arithmetics together."""
    together: dict[str, list[dict]] = {}
    for entry in runs.values():
        for claim in entry["claims"]:
            together.setdefault(claim["statement"], []).append(claim)
    lines = []
    for statement, found in together.items():
        if "stood" in found[0]:  # about recorded seeds: the same in every run
            found = found[:1]
        values = [value for claim in found for value in claim["values"]]
        held = f"{sum(c['held'] for c in found)} of {sum(c['n'] for c in found)}"
        cells = (statement.replace("|", "\\|"), found[0]["bound"], _spread(values), held)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _spread(values: list) -> str:
    if all(isinstance(value, bool) for value in values):
        return f"true {sum(values)} times"
    numbers = sorted(value for value in values if value is not None and not isinstance(value, bool))
    if not numbers:
        return "—"
    middle = statistics.median(numbers)
    return " / ".join(number_text(value) for value in (numbers[0], middle, numbers[-1]))
