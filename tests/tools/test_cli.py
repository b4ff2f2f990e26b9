"""The command line: refusals are one sentence on stderr and exit code 2, and no command imports more than it needs."""

import subprocess
import sys

import pytest

from course_lib import cli
from course_lib.errors import CourseError


def course(monkeypatch, capsys, *arguments):
    """Run the command in this process: (exit code, stdout, stderr)."""
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out = capsys.readouterr()
    return stop.value.code or 0, out.out, out.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("lab", "--nope"),
        ("nope",),
        ("claims", "--seeds", "0"),
        ("claims", "--seeds", "x"),
        ("lab", "--port", "80"),
        ("reset",),
        ("zoo", "nope"),
    ],
)
def test_unknown_words_are_refused(monkeypatch, capsys, arguments):
    code, _, err = course(monkeypatch, capsys, *arguments)
    assert code == 2 and "Error" in err and "Traceback" not in err


def test_a_course_error_is_its_sentence(monkeypatch, capsys):
    monkeypatch.chdir("/")
    code, out, err = course(monkeypatch, capsys, "reset", "99", "--folder", "nowhere")
    assert code == 2 and out == ""
    assert err.startswith("course: ") and err.count("\n") == 1 and "is no course workspace" in err


def test_unknown_notebook_names_the_valid_ones(monkeypatch, capsys, tmp_path):
    from course_lib.tools import workspace

    workspace.prepare(tmp_path)
    code, _, err = course(monkeypatch, capsys, "reset", "99", "--folder", str(tmp_path))
    assert code == 2 and "'99': use one of" in err


def test_lab_prepares_the_folder_and_passes_the_options(monkeypatch, capsys, tmp_path):
    from course_lib.tools import lab

    seen = {}
    monkeypatch.setattr(lab, "run", lambda folder, **options: seen.update(folder=folder, **options))
    assert course(monkeypatch, capsys, "lab", str(tmp_path), "--no-browser", "--port", "9999")[0] == 0
    assert seen == {"folder": tmp_path, "browser": False, "port": 9999}
    assert (tmp_path / ".course" / "workspace.json").is_file()


def test_other_errors_are_not_hidden(monkeypatch, capsys, tmp_path):
    from course_lib.tools import lab

    monkeypatch.setattr(lab, "run", lambda *a, **k: 1 / 0)
    monkeypatch.setattr(sys, "argv", ["course", "lab", str(tmp_path)])
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_an_empty_zoo_names_the_command_that_fills_it(monkeypatch, tmp_path):
    from course_lib import files

    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / "none")
    with pytest.raises(CourseError, match="course zoo build"):
        cli.zoo_list()


def test_record_refuses_an_unknown_name_with_the_valid_ones(monkeypatch, capsys):
    code, out, err = course(monkeypatch, capsys, "record", "nope")
    assert code == 2 and out == "" and err.count("\n") == 1
    assert "'nope'" in err and "'dcgan-curve'" in err


def test_record_works_in_a_checkout_only(monkeypatch, capsys):
    from course_lib import files

    monkeypatch.setattr(files, "repo_root", lambda: None)
    code, _, err = course(monkeypatch, capsys, "record", "dcgan-curve")
    assert code == 2 and "checkout" in err and err.count("\n") == 1


def test_slides_of_an_unknown_notebook_are_refused_before_a_browser_starts(monkeypatch, capsys):
    from course_lib.tools import slides

    monkeypatch.setattr(slides, "chromium", lambda: pytest.fail("a browser was started"))
    code, _, err = course(monkeypatch, capsys, "slides", "77")
    assert code == 2 and "no chapter '77'" in err and err.count("\n") == 1


def test_help_lists_every_command():
    done = subprocess.run([sys.executable, "-m", "course_lib.cli", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for command in ("lab", "doctor", "reset", "build", "run", "claims", "record", "progress", "zoo"):
        assert f" {command} " in done.stdout
