"""``course doctor``: what this machine has, line by line, each with its remedy.

PyTorch is asked in a process of its own. A broken one can end a process without a word, and the doctor has to go on.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import course_lib
from course_lib import files
from course_lib.errors import CourseError

PACKAGE = "explaining-image-generators"
REINSTALL = "run `make lab FRESH=1` (Windows: `py install.py --fresh`)"
NEEDED_MB, COMFORTABLE_MB = 200, 2000
MEMORY_GB = 2  # a notebook of the `course` profile holds about one, JupyterLab and a browser the rest
PROBE_SECONDS = 180
_TORCH = """
import json, torch
assert float((torch.ones(8, 8) @ torch.ones(8, 8)).sum()) == 512.0, "2 matrices multiply wrongly"
from course_lib.runtime import Runtime
print("\\n" + json.dumps({"version": torch.__version__, "runtime": Runtime.auto().describe()}))
"""
_TORCHVISION = 'import torchvision; print("\\n\\"" + torchvision.__version__ + "\\"")'


@dataclass(frozen=True)
class Line:
    """One finding.

    Attributes:
        ok: whether all is well.
        text: what was found.
        remedy: what to do, shown when not ``ok``.
        vital: whether the course does not run without it.
    """

    ok: bool
    text: str
    remedy: str = ""
    vital: bool = False

    def __str__(self) -> str:
        if self.ok:
            return f"✓ {self.text}"
        return f"✗ {self.text}{'' if self.vital else ' (the course runs without it)'}\n    → {self.remedy}"


def report(folder: Path | None = None) -> int:
    """Print every line as soon as it is known.

    Args:
        folder: the workspace to look at; the one that ``course lab`` would open without one.

    Returns:
        The exit code: 1 when something vital is missing, else 0.
    """
    sick = 0
    for check in (python, memory, packages, torch, torchvision, data, zoo, disk, browser, lambda: workspace(folder)):
        for line in check():
            print(line, flush=True)
            sick += line.vital and not line.ok
    print("Something is missing, see the arrows above." if sick else "This machine can run the course.")
    return 1 if sick else 0


def python() -> list[Line]:
    """The interpreter, and where the course runs from."""
    ok = (3, 11) <= sys.version_info[:2] <= (3, 13)
    where = "checkout" if files.repo_root() else "installed package"
    text = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return [Line(ok, f"{text}; course {course_lib.__version__} ({where})", "install Python 3.11, 3.12 or 3.13", True)]


def memory() -> list[Line]:
    """Main memory, and how much of it is free; no line where that cannot be found out."""
    try:
        import psutil  # comes with the Jupyter kernel
    except ImportError:
        return []
    now = psutil.virtual_memory()
    text = f"memory: {now.total / 1e9:.0f} GB, {now.available / 1e9:.1f} GB free"
    return [Line(now.available >= MEMORY_GB * 1e9, text, "close other programs, browsers first")]


def packages() -> list[Line]:
    """Every package that pyproject.toml asks for, by its metadata: nothing is imported."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in importlib.metadata.requires(PACKAGE) or ()]
    except importlib.metadata.PackageNotFoundError:
        return [Line(False, "the course is not installed in this Python", "run `make lab`", True)]
    bad, versions = [], []
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            version = None
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            if requirement.name not in ("torch", "torchvision"):  # they have lines of their own
                bad.append(f"{requirement} (here: {version or 'missing'})")
        else:
            versions.append(f"{requirement.name} {version}")
    if bad:
        return [Line(False, f"packages missing or too old: {', '.join(bad)}", "run `make lab` again", True)]
    return [Line(True, f"packages: {', '.join(versions)}")]


def probe(code: str) -> tuple[Any, str]:  # Any: whatever the code prints
    """Run code in a process of its own.

    Args:
        code: Python that prints a JSON value on its last line.

    Returns:
        That value, and ""; or None, and what went wrong.
    """
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"no answer in {PROBE_SECONDS} s"
    if done.returncode < 0:
        with contextlib.suppress(ValueError):
            return None, f"the process was ended by {signal.Signals(-done.returncode).name}"
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        return None, last[0]
    return json.loads(done.stdout.strip().splitlines()[-1]), ""


def torch() -> list[Line]:
    """PyTorch itself, then what a run would use: device, precision, threads."""
    if importlib.util.find_spec("torch") is None:
        return [Line(False, "PyTorch is missing", "run `make lab` (or `make lab TORCH=cpu` for the small build)", True)]
    found, problem = probe(_TORCH)
    if problem:
        return [Line(False, f"PyTorch is broken: {problem}", REINSTALL, True)]
    return [Line(True, f"PyTorch {found['version']}"), Line(True, f"runs on: {found['runtime']}")]


def torchvision() -> list[Line]:
    """Needed for the complete MNIST and Fashion sets only."""
    if importlib.util.find_spec("torchvision") is None:
        text = "torchvision is missing: load('mnist') and load('fashion') need it"
        return [Line(False, text, "`make lab TORCH=locked` installs it")]
    found, problem = probe(_TORCHVISION)
    return [Line(not problem, f"torchvision {found or 'is broken: ' + problem}", REINSTALL)]


def data() -> list[Line]:
    """The digits that every notebook uses, against their checksum."""
    # By its path: importing the package course_lib.data imports torch, which may be what is broken.
    path = Path(course_lib.__file__).parent / "data" / "digits.py"
    spec = importlib.util.spec_from_file_location("course_digits", path)
    assert spec is not None and spec.loader is not None  # as for every path that ends with .py
    digits = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(digits)
        images, _ = digits.read()
    except (CourseError, ImportError, OSError) as error:
        return [Line(False, f"digits: {error}", REINSTALL, True)]
    return [Line(True, f"{len(images):,} real digits, checksum right")]


def zoo() -> list[Line]:
    """The trained models, each against the checksum in the manifest."""
    remedy = "run `git checkout -- data/zoo`, or `course zoo build` to train them again"
    path = files.shipped("zoo", "manifest.json")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        weights = {path.parent / entry["file"]: entry["sha256"] for entry in manifest.values()}
        bad = [file.name for file, sha in weights.items() if not file.is_file() or files.sha256(file) != sha]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [Line(False, f"zoo: {path.name} cannot be read ({type(error).__name__})", remedy, True)]
    if bad:
        return [Line(False, f"zoo: missing or damaged: {', '.join(bad)}", remedy, True)]
    return [Line(True, f"zoo: {len(weights)} trained models, checksums right")]


def disk() -> list[Line]:
    """Free space where downloads and checkpoints go."""
    try:
        folder = files.cache_dir()
    except CourseError as error:
        return [Line(False, str(error), "set COURSE_DATA to a folder you can write", True)]
    free = shutil.disk_usage(folder).free // 10**6
    text = f"{free / 1000:.1f} GB free in {folder}"
    if not os.access(folder, os.W_OK):
        return [Line(False, f"{folder} is not writable", "set COURSE_DATA to a folder you can write", True)]
    return [Line(free >= COMFORTABLE_MB, text, "free some space, or set COURSE_DATA elsewhere", free < NEEDED_MB)]


def browser() -> list[Line]:
    """Something to open JupyterLab in."""
    for name in ("chromium", "chromium-browser", "google-chrome", "firefox"):
        if shutil.which(name):
            return [Line(True, f"browser: {name}")]
    with contextlib.suppress(webbrowser.Error):
        return [Line(True, f"browser: {getattr(webbrowser.get(), 'name', 'the default one')}")]
    remedy = "`course lab --no-browser` prints an address to open elsewhere; tests need `apt-get install chromium`"
    return [Line(False, "no browser found", remedy)]


def workspace(folder: Path | None) -> list[Line]:
    """The learner's own copy of the notebooks.

    Args:
        folder: where it should be; the one that ``course lab`` would open without one.
    """
    from course_lib.tools import workspace as own

    try:
        place = own.locate(folder)
    except CourseError as error:
        asked = folder or os.environ.get("COURSE_WORKSPACE")
        return [Line(not asked, f"workspace: {error if asked else 'none yet'}", "`course lab FOLDER` makes one")]
    if not os.access(place, os.W_OK):
        return [Line(False, f"workspace {place} is not writable", "copy it to a folder you can write", True)]
    return [Line(True, f"workspace: {place}")]
