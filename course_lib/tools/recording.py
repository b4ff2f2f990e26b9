"""``course record NAME``: run one of the chapters' recordings, which make the recorded runs in ``data/runs``."""

import functools
import importlib
import json
import pkgutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from course_lib import files
from course_lib.chapters import chapters
from course_lib.errors import CourseError, one_of


def scripts() -> dict[str, str]:
    """The recordings: ``dcgan-curve`` is made by ``chapters/ch03_…/recordings/dcgan_curve.py``.

    Returns:
        Name → module.
    """
    return {
        module.name.replace("_", "-"): f"{package.__name__}.{module.name}"
        for chapter in chapters()
        if (package := chapter.module("recordings"))
        for module in pkgutil.iter_modules(package.__path__)
    }


def script(name: str) -> ModuleType:
    """A recording's script as a module.

    Args:
        name: of the recording.

    Raises:
        CourseError: for an unknown name; the valid ones are listed.
    """
    found = scripts()
    one_of("recording", name, found)
    return importlib.import_module(found[name])


def record(name: str, tell: Callable[[str], None] = print, cluster: str | None = None) -> None:
    """Make ``data/runs/NAME.json`` anew.

    Args:
        name: of the recording.
        tell: is given a line after each training.
        cluster: None makes it in this process; ``"local"`` or a scheduler's address makes each seed a task of its own
            (:mod:`course_lib.cluster`), and puts the seeds together when all are there.

    Raises:
        CourseError: for an unknown name, and outside a checkout; with ``cluster``, for a recording that has no seeds,
            or whose seeds cannot be put together, and when a seed failed.
    """
    root = files.checkout("recordings are made")
    if cluster is None:
        script(name).record(tell=tell)
        return
    from course_lib.cluster import sweep

    seeds = getattr(script(name), "SEEDS", None)
    if not seeds:
        raise CourseError(f"recording {name!r} has no seeds to spread: run it without --cluster.")
    kept = root / "build" / "sweeps" / "recordings"
    found = sweep(one_seed, list(seeds), [{"recording": name}], folder=kept, address=cluster, tell=tell)
    if found.failures:
        raise CourseError(f"{name} was not written; run it again when this is mended: {'; '.join(found.failures)}")
    parts = [row.value for row in found.rows]
    if any(part["settings"] != parts[0]["settings"] for part in parts):
        raise CourseError(f"recording {name!r} has other settings for each seed: run it without --cluster.")
    files.write_recorded(name, parts[0]["settings"], functools.reduce(merged, (part["runs"] for part in parts)))


def one_seed(seed: int, recording: str) -> dict[str, Any]:
    """Make one seed of a recording, in a folder of its own; what a worker does.

    Args:
        seed: the seed.
        recording: its name.

    Returns:
        ``{"settings", "runs", …}`` of that seed.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as folder, files.runs_written_to(folder):
        script(recording).record(seeds=(seed,), tell=lambda line: None)
        return json.loads((Path(folder) / f"{recording}.json").read_text(encoding="utf-8"))


def merged(one: dict[str, Any], other: dict[str, Any], at: str = "runs") -> dict[str, Any]:
    """Two recordings' runs in one dictionary, key by key.

    Args:
        one: runs of some seeds.
        other: runs of others.
        at: where in the runs this is, for the sentence.

    Returns:
        A new dictionary.

    Raises:
        CourseError: where both have something else under one key.
    """
    found = dict(one)
    for key, value in other.items():
        if key not in found:
            found[key] = value
        elif isinstance(value, dict) and isinstance(found[key], dict):
            found[key] = merged(found[key], value, f"{at}, {key}")
        elif found[key] != value:
            raise CourseError(
                f"under {at}, {key!r} two seeds have different things: this recording cannot be put together seed by "
                "seed; run it without --cluster."
            )
    return found
