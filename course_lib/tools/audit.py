"""``course audit FOLDER``: what a run's card claims, done once more in a process that knows nothing of this one."""

import os
import subprocess
import sys
from pathlib import Path

from course_lib.errors import CourseError

KEPT = ("PATH", "HOME", "SYSTEMROOT", "COURSE_DATA", "TMPDIR", "TEMP")  # of the environment; all else stays outside


def audit(folder: Path, others: int = 0, signature: Path | None = None, key: Path | None = None) -> int:
    """Audit a run in a clean environment, and print what was found.

    Args:
        folder: with ``run.json``.
        others: trainings from other seeds, to judge whether the run's seed was picked.
        signature: of the folder; needs ``key``.
        key: public key of whoever is to have signed.

    Returns:
        0 when nothing contradicts the card, else 1.

    Raises:
        CourseError: for a folder without a run, or a signature without a key.
    """
    if not (folder / "run.json").is_file():
        raise CourseError(f"{folder} has no run.json: audit a folder that audit.train wrote.")
    if (signature is None) != (key is None):
        raise CourseError("a signature is checked with the signer's public key: give both --signature and --key.")
    wrong = 0
    if signature and key:
        from course_lib.audit.signature import fault

        found = fault(folder, key, signature)
        print(f"signature: {found or 'every file is as the owner of this key signed it'}")
        wrong = int(found is not None)
    clean = {name: os.environ[name] for name in KEPT if name in os.environ} | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-I", "-m", "course_lib.tools.audit", str(folder.resolve()), str(others)]
    return max(wrong, subprocess.run(command, env=clean, check=False).returncode)


def main(folder: Path, others: int) -> int:
    """The audit itself, in the clean process; see :func:`audit`.

    Args:
        folder, others: see there.
    """
    from course_lib import zoo
    from course_lib.audit import audit, checklist, read
    from course_lib.audit.rerun import FAILED, MISSING
    from course_lib.audit.run import WORDS
    from course_lib.data import load
    from course_lib.runtime import Runtime

    run, runtime = read(folder), Runtime.auto(device="cpu")
    name = run.facts["recipe"]["data"]
    data, heldout = load(name, runtime), load(name, runtime, split="test")
    found = audit(
        run, data, heldout, zoo.load("judge"), runtime, others=others, tell=lambda said: print(said, flush=True)
    )
    for one in found:
        sides = " | ".join(part for part in (one.said, one.found) if part)
        print(f"{one.verdict:16}{one.point:34}{sides[:110]}")
    card = folder / "README.md"
    if card.is_file():
        points = checklist(card.read_text(encoding="utf-8"))
        print(f"\ntransparency: {sum(point.met for point in points)} of {len(points)} points are said on the card")
        print("\n".join(f"  {'✓' if point.met else '✗'} {point.name} ({point.source})" for point in points))
    bad = [one.point for one in found if one.verdict == FAILED or (one.verdict == MISSING and one.point not in WORDS)]
    said = f": {', '.join(bad)}" if bad else ""
    print(f"\n{len(bad)} of {len(found)} points contradict the card, or are computed and not on it{said}.")
    return int(bool(bad))


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
    except CourseError as problem:
        sys.exit(f"course: {problem}")
