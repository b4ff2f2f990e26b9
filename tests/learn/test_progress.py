"""The learner's progress: found, private, kept through two kernels at once and kill -9, and never deleted."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys

import pytest

from course_lib.chapters import syllabus
from course_lib.learn import progress

HAMMER = """
import sys
from course_lib.learn import progress
who, i = sys.argv[1], 0
while i < int(sys.argv[2]):
    progress.record_check("03", f"{who}-{i}", True)
    print(i, flush=True)
    i += 1
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / ".course").mkdir()
    (tmp_path / ".course" / "workspace.json").write_text("{}")
    monkeypatch.delenv("COURSE_WORKSPACE", raising=False)
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    return tmp_path


def names(workspace):
    db = sqlite3.connect(workspace / ".course" / "progress.sqlite")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return {name for (name,) in db.execute("SELECT name FROM checks WHERE passed")}


def hammer(who, count=10**6):
    return subprocess.Popen([sys.executable, "-c", HAMMER, who, str(count)], stdout=subprocess.PIPE, text=True)


def test_found_by_walking_up_or_by_name(workspace, monkeypatch, tmp_path_factory):
    assert progress.workspace() == workspace
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("COURSE_WORKSPACE", str(elsewhere))
    assert progress.workspace() == elsewhere
    monkeypatch.setenv("COURSE_WORKSPACE", str(elsewhere / "gone"))
    assert progress.workspace() is None


def test_outside_a_workspace_nothing_is_recorded_and_the_report_says_so(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_WORKSPACE", raising=False)
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    monkeypatch.chdir(tmp_path)
    progress.record_check("03", "d_loss", True)
    assert list(tmp_path.iterdir()) == []
    assert "not a course workspace" in syllabus.progress_report()
    assert f"0 of {len(dir(syllabus.checks('03')))}" in syllabus.progress_report()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_learner_can_read_it(workspace):
    progress.record_check("03", "d_loss", True)
    path = workspace / ".course" / "progress.sqlite"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir() if p.name.startswith("progress")] == ["progress.sqlite"]


def test_the_report_counts_known_checks_and_the_last_runs_claims(workspace):
    progress.record_check("03", "d_loss", True)
    progress.record_check("03", "d_loss", False)
    progress.record_check("03", "g_loss", False)
    progress.record_check("03", "a check of an older course", True)
    progress.record_claim("03.1", "old words", True, first=True)
    progress.record_claim("03.1", "one", True, first=True)
    progress.record_claim("03.1", "two", False, first=False)
    row = next(row for row in syllabus.progress_rows() if row["notebook"] == "03")
    total = len(dir(syllabus.checks("03")))
    assert (row["passed"], row["total"], row["claims_held"], row["claims"]) == (1, total, 1, 2)
    assert f"1 of {total}" in syllabus.progress_report()
    assert "1 of 2" in syllabus.progress_report()


def test_the_table_is_shown(workspace, capsys):
    progress.record_check("00", "to_range", True)
    syllabus.show_progress()
    assert f"1 of {len(dir(syllabus.checks('00')))}" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["text", "header", "middle", "truncated", "schema"])
def test_a_damaged_file_is_kept_and_a_new_one_begins(workspace, capsys, damage):
    for i in range(12):
        progress.record_check("03", f"{i:1500}", True)
    path = workspace / ".course" / "progress.sqlite"
    content = bytearray(path.read_bytes())
    assert len(content) > 5 * 4096
    if damage == "text":
        content = bytearray(b"not a database at all" * 300)
    elif damage == "header":
        content[:16] = bytes(16)
    elif damage == "middle":
        content[8192:16384] = os.urandom(8192)
    elif damage == "truncated":
        content = content[: len(content) // 2]
    else:
        content[44:48] = b"\xff" * 4
    path.write_bytes(content)
    progress.record_check("03", "d_loss", True)
    assert (workspace / ".course" / "progress.sqlite.corrupt-1").read_bytes() == bytes(content)
    assert names(workspace) == {"d_loss"}
    assert capsys.readouterr().out.count("was damaged") == 1
    progress.record_check("03", "g_loss", True)
    assert names(workspace) == {"d_loss", "g_loss"}


def test_a_locked_or_unwritable_file_is_not_taken_for_damaged(workspace, monkeypatch):
    progress.record_check("03", "d_loss", True)
    path = workspace / ".course" / "progress.sqlite"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **{**k, "timeout": 0.05}))
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        progress.record_check("03", "g_loss", True)
    holder.execute("ROLLBACK")
    assert names(workspace) == {"d_loss"}
    assert not path.with_name("progress.sqlite.corrupt-1").exists()


def test_two_kernels_write_at_once(workspace):
    both = [hammer("a", 40), hammer("b", 40)]
    assert [p.wait(timeout=300) for p in both] == [0, 0]
    for p in both:
        p.stdout.close()
    assert names(workspace) == {f"{who}-{i}" for who in "ab" for i in range(40)}


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_no_acknowledged_pass_is_lost_when_one_kernel_is_killed(workspace):
    acknowledged = set()
    survivor = hammer("survivor", 60)
    for round_ in range(5):
        victim = hammer(f"victim{round_}")
        for _ in range(3 + 4 * round_):
            line = victim.stdout.readline()
        victim.send_signal(signal.SIGKILL)
        rest = victim.stdout.read().splitlines()
        victim.wait()
        victim.stdout.close()
        acknowledged |= {f"victim{round_}-{i}" for i in range(int([line, *rest][-1]) + 1)}
    assert survivor.wait(timeout=300) == 0
    survivor.stdout.close()
    acknowledged |= {f"survivor-{i}" for i in range(60)}
    assert acknowledged <= names(workspace)
    assert not list((workspace / ".course").glob("*corrupt*"))
