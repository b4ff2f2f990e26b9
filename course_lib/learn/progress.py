"""Which checks pass, which claims held, and what was answered: a small SQLite file in the learner's workspace.

Two kernels may write at once and any of them may be killed: every change is one transaction with a rollback journal
(not WAL, which does not work on the network file systems that course servers like to put home folders on).
"""

import contextlib
import datetime
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_lib import files

STAMP = Path(".course", "workspace.json")
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS checks (notebook TEXT, name TEXT, attempts INTEGER, passed INTEGER,"
    " passed_at TEXT, last_at TEXT, PRIMARY KEY (notebook, name))",
    "CREATE TABLE IF NOT EXISTS claims (notebook TEXT, statement TEXT, held INTEGER, at TEXT,"
    " PRIMARY KEY (notebook, statement))",
    "CREATE TABLE IF NOT EXISTS answers (lesson TEXT, name TEXT, said TEXT, attempts INTEGER, correct INTEGER, at TEXT,"
    " PRIMARY KEY (lesson, name))",
)
_TABLES = {"checks", "claims", "answers"}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_ATTEMPT = """
INSERT INTO checks VALUES (:notebook, :name, 1, :passed, CASE WHEN :passed THEN :now END, :now)
ON CONFLICT (notebook, name) DO UPDATE SET attempts = attempts + 1, passed = max(passed, :passed),
    passed_at = coalesce(passed_at, excluded.passed_at), last_at = :now
"""
_ANSWER = """
INSERT INTO answers VALUES (:lesson, :name, :said, 1, :correct, :now)
ON CONFLICT (lesson, name) DO UPDATE SET said = :said, attempts = attempts + 1, correct = :correct, at = :now
"""
_FIRST_LESSON = "UPDATE OR REPLACE claims SET notebook = notebook || '.1' WHERE notebook GLOB '[0-9][0-9]'"


def workspace() -> Path | None:
    """The learner's workspace: ``$COURSE_WORKSPACE``, else the nearest folder upwards with its stamp, else None."""
    if os.environ.get("COURSE_WORKSPACE"):
        folder = Path(os.environ["COURSE_WORKSPACE"]).expanduser()
        return folder if folder.is_dir() else None
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the kernel's folder was deleted
        return None
    return next((folder for folder in (here, *here.parents) if (folder / STAMP).is_file()), None)


def database() -> Path | None:
    """Where progress is kept, or None: outside a workspace, or in a headless run, nothing is recorded."""
    folder = None if os.environ.get("COURSE_HEADLESS") == "1" else workspace()
    return folder / ".course" / "progress.sqlite" if folder else None


def record_check(notebook: str, name: str, passed: bool) -> None:
    """Count one attempt at a check; one that passed once stays passed. When this returns, a kill cannot undo it.

    Args:
        notebook: the chapter's number, ``"03"``.
        name: of the check.
        passed: whether this attempt did.

    Raises:
        sqlite3.Error, OSError: when the file cannot be written (disk full, read-only).
    """
    _write(_ATTEMPT, {"notebook": notebook, "name": name, "passed": int(passed), "now": _now()})


def record_claim(notebook: str, statement: str, held: bool, *, first: bool) -> None:
    """Keep a claim of the learner's last run of a lesson.

    Args:
        notebook: the lesson's number, ``"03.1"``.
        statement: what was claimed, in words.
        held: whether it held.
        first: of this run, so the lesson's earlier run is forgotten.
    """
    values = {"notebook": notebook, "statement": statement, "held": int(held), "now": _now()}
    forget = [("DELETE FROM claims WHERE notebook = :notebook", values)] if first else []
    _write("INSERT OR REPLACE INTO claims VALUES (:notebook, :statement, :held, :now)", values, before=forget)


def record_answer(lesson: str, name: str, said: str, right: bool) -> None:
    """Keep the answer to a prediction or a quiz question; a later one takes its place.

    Args:
        lesson: its id, ``"03.1"``.
        name: of the question.
        said: the option chosen, or the number written.
        right: whether that was it.
    """
    _write(_ANSWER, {"lesson": lesson, "name": name, "said": said, "correct": int(right), "now": _now()})


def answers() -> dict[tuple[str, str], tuple[str, bool]]:
    """Every answer kept.

    Returns:
        (lesson, name) → what was said, and whether it was right.
    """
    if not ((path := database()) and path.exists()):
        return {}
    with _open(path) as db:
        rows = db.execute("SELECT lesson, name, said, correct FROM answers").fetchall()
    return {(lesson, name): (said, bool(correct)) for lesson, name, said, correct in rows}


def passed() -> dict[str, set[str]]:
    """Which checks passed once.

    Returns:
        Chapter → names of passed checks.
    """
    found: dict[str, set[str]] = {}
    if (path := database()) and path.exists():
        with _open(path) as db:
            for notebook, name in db.execute("SELECT notebook, name FROM checks WHERE passed"):
                found.setdefault(notebook, set()).add(name)
    return found


def claims() -> dict[str, list[tuple[str, bool]]]:
    """Every claim of the learner's last runs.

    Returns:
        Lesson → its claims' words, and whether each held.
    """
    found: dict[str, list[tuple[str, bool]]] = {}
    if (path := database()) and path.exists():
        with _open(path) as db:
            for lesson, statement, held in db.execute("SELECT notebook, statement, held FROM claims ORDER BY rowid"):
                found.setdefault(lesson, []).append((statement, bool(held)))
    return found


def caption() -> str:
    """The heading of a table of progress, with what keeps anything from being recorded here."""
    if os.environ.get("COURSE_HEADLESS") == "1":
        return "Your progress (nothing is recorded in a headless run)"
    if workspace() is None:
        return "Your progress (nothing is recorded here: this is not a course workspace; `course lab` makes one)"
    return "Your progress"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _write(statement: str, values: dict, before: Iterable[tuple[str, dict]] = ()) -> None:
    path = database()
    if path is None:
        return
    with _open(path) as db:
        db.execute("BEGIN IMMEDIATE")  # take the write lock now, so that waiting is the busy timeout's business
        for earlier, its_values in before:
            db.execute(earlier, its_values)
        db.execute(statement, values)
        db.execute("COMMIT")


@contextlib.contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a sound database; a damaged one is set aside first, with one sentence."""
    db = _connect(path)
    try:
        _prepare(db)
    except sqlite3.DatabaseError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in _DAMAGED:  # locked, full, read-only: the file is not to blame
            raise
        _set_aside(path)
        db = _connect(path)
        _prepare(db)
    try:
        yield db
    finally:
        db.close()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # SQLite would create it readable by everybody
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return sqlite3.connect(path, timeout=20, isolation_level=None)


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA synchronous = FULL")
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if _TABLES - tables:
        db.execute("BEGIN IMMEDIATE")
        for statement in _SCHEMA:
            db.execute(statement)
        db.execute("COMMIT")
    elif db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        error = sqlite3.DatabaseError("the database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error
    elif db.execute("SELECT 1 FROM claims WHERE notebook GLOB '[0-9][0-9]' LIMIT 1").fetchone():
        db.execute(_FIRST_LESSON)  # a chapter was one notebook once: it is its first lesson now


def _set_aside(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # another kernel was quicker
        aside = files.set_aside(path)
        print(f"Your progress file was damaged: it is kept as {aside.name}, and a new one begins.")
