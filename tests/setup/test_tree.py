"""What no tracked file may say: where this project's developers fetch packages from, or where their folders are."""

import re
import subprocess
import sys

import pytest

# In parts, so that this file does not say it either.
HOSTS = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("download.py", "torch.org"),
        ("registry.npm", "js.org"),
        ("conda.ana", "conda.org"),
        ("deb.deb", "ian.org"),
        ("archive.ubu", "ntu.com"),
        ("jsdel", "ivr.net"),
        ("un", "pkg.com"),
    )
]
FOLDERS = [
    "".join(parts)
    for parts in (
        (r"(?<![\w.~-])/ro", r"ot/\S"),
        (r"(?<![\w.~-])/wo", r"rk/\S"),
        (r"(?<![\w.~-])/ho", r"me/\w"),
        (r"/Us", r"ers/\w"),
        (r"[A-Z]:\\\\?Us", r"ers\\"),
        (r"(?<![\w.~-])/t", r"mp/\w"),
        (r"/opt/wh", "eels"),
        (r"\.py", r"env/versions"),
    )
]
HOST = re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)
FOLDER = re.compile("|".join(FOLDERS))


def faults(name: str, content: bytes) -> list[str]:
    """Lines of a file that name a registry's host or a developer's folder."""
    text = content.decode("utf-8", errors="replace")
    return [f"{name}: {match.group()}" for pattern in (HOST, FOLDER) for match in pattern.finditer(text)]


def tracked(root) -> list[str]:
    """The files that git tracks; a source archive has no git and is walked by the checkout it came from."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listing.stdout.decode().split("\0") if name]


def test_no_host_and_no_developers_folder(root):
    found = [f for name in tracked(root) if (root / name).is_file() for f in faults(name, (root / name).read_bytes())]
    assert found == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_would_be_seen(host):
    assert faults("requirements.lock", f"typer==1 # via https://files.{host}/x".encode())


@pytest.mark.parametrize(
    "parts",
    [
        ("/wo", "rk/main/x.py"),
        ("/ro", "ot/.cache"),
        ("/ho", "me/ann/course"),
        ("/Us", "ers/ann"),
        ("C:\\Us", "ers\\ann"),
        ("/t", "mp/scratch"),
        ("/opt/wh", "eels"),
    ],
)
def test_a_folder_would_be_seen(parts):
    assert faults("notebook.ipynb", f'"File \\"{"".join(parts)}\\", line 3"'.encode())


def test_ordinary_addresses_are_allowed():
    assert faults("README.md", b"https://arxiv.org/abs/1406.2661 https://docs.python.org/3/ my_work/x ~/home") == []


def test_importing_is_cheap():
    heavy = "torch matplotlib IPython numpy jupytext nbformat torchvision"
    for module, allowed in (("course_lib", ()), ("course_lib.cli", ()), ("course_lib.files", ())):
        code = f"import sys, {module}; print([m for m in {heavy.split()!r} if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stdout.strip() == str(list(allowed)), (module, done.stderr)


def test_test_files_have_different_names(root):
    """pytest imports them by their bare names, and stops at the second of a pair. (answers.py it does not import.)"""
    names = [path.name for path in (root / "tests").rglob("*.py") if path.name not in ("conftest.py", "answers.py")]
    assert sorted(names) == sorted(set(names))
