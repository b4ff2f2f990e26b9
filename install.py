"""Makes or refreshes ``.venv``: every package by hash from locks/requirements.lock, nothing outside this folder.

Run by ``make`` on Linux and macOS and by hand on Windows (``py install.py``). It needs Python and pip, nothing
else, does nothing when nothing has changed, and keeps to what an old Python can read, so that it can refuse it.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UV = BIN / ("uv.exe" if os.name == "nt" else "uv")
STAMP = VENV / "course-install.json"
INPUTS = ("pyproject.toml", "locks/requirements.lock", "locks/requirements-uv.lock", "install.py")
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKED_BYTES = 9e9  # the locked build with its CUDA libraries: 6 GB installed, plus what it is unpacked from
TORCH_FAMILY = re.compile(r"(torch|torchvision|triton|nvidia-.+|cuda-.+)$")


class Refused(Exception):
    """A reason to stop, in one sentence."""


def check_python(version, name):
    """Refuse a Python that the lock was not made for."""
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        raise Refused(
            f"{name} is Python {version[0]}.{version[1]}, the course needs 3.11, 3.12 or 3.13: install one of "
            "them and name it, e.g. `make lab PYTHON=python3.12`."
        )


def entries(lock):
    """Split a lock's text into its entries: a list of (name, text), where text includes the hash lines."""
    found = []
    for line in lock.splitlines(keepends=True):
        if line[:1] in (" ", "\t"):
            found[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            found.append((re.split(r"[=\[ ;]", line, maxsplit=1)[0], [line]))
    return [(name, "".join(lines)) for name, lines in found]


def without_torch(lock):
    """The lock's text less PyTorch and the libraries that only its CUDA build needs."""
    return "".join(text for name, text in entries(lock) if not TORCH_FAMILY.match(name))


def locked_version(lock, name):
    """The version of ``name`` in the lock's text."""
    return next(re.match(r"\S+==([^ ;\\]+)", text).group(1) for found, text in entries(lock) if found == name)


def read_stamp():
    """What the last complete run recorded; empty when there was none."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def fingerprint(torch, version):
    """Changes when anything does that ``.venv`` is made from; a moved folder counts, because its scripts break."""
    digest = hashlib.sha256(repr((torch, version, str(ROOT))).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def venv_version():
    """(major, minor) of the Python in ``.venv``, None when there is no usable one."""
    try:
        text = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", text, re.MULTILINE)
    return (int(match.group(1)), int(match.group(2))) if match and PYTHON.exists() else None


def call(*command, **options):
    """Run a command, quietly about itself; raises subprocess.CalledProcessError when it fails."""
    subprocess.run([str(part) for part in command], check=True, cwd=str(ROOT), **options)


def answer(*command):
    """What a command prints, empty when it fails or does not exist."""
    try:
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def environment():
    """The learner's environment less what would send packages elsewhere; addresses and certificates stay."""
    changed = {"PIP_USER": "0", "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    dropped = [
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "PYTHONPATH",
        "PYTHONHOME",
        "PIP_TARGET",
        "PIP_PREFIX",
        "UV_TORCH_BACKEND",
    ]
    return {**{k: v for k, v in os.environ.items() if k not in dropped}, **changed}


def make_venv(env):
    """Create ``.venv`` with the Python that runs this, without pip: a plain Debian Python has no ensurepip."""
    print(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]} ...", flush=True)
    call(sys.executable, "-m", "venv", "--without-pip", "--clear", VENV, env=env)


def install_uv(env):
    """Fetch the locked uv, unless it is there."""
    wanted = locked_version((ROOT / "locks" / "requirements-uv.lock").read_text(encoding="utf-8"), "uv")
    if wanted in answer(UV, "--version").split():
        return
    arguments = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "-r",
        "locks/requirements-uv.lock",
    ]
    if answer(sys.executable, "-m", "pip", "--version"):
        call(sys.executable, "-m", "pip", "--python", PYTHON, *arguments, env=env)
    elif answer(PYTHON, "-m", "ensurepip"):
        call(PYTHON, "-m", "pip", *arguments, env=env)
    else:
        raise Refused("this Python has no pip: install it (Debian, Ubuntu: `apt install python3-pip`), run again.")


def uv_pip(command, *arguments, env):
    """Run ``uv pip command`` on ``.venv``."""
    call(UV, "pip", command, "--quiet", "--python", PYTHON, *arguments, env=env)


def sync(lock_text, env):
    """Make ``.venv`` hold exactly the lock's packages, each checked by its hash."""
    partial = VENV / "course-requirements.lock"
    partial.write_text(lock_text, encoding="utf-8")
    uv_pip("sync", "--require-hashes", partial, "locks/requirements-uv.lock", env=env)


def torch_from_cpu_index(lock, env):
    """Install PyTorch's smaller CPU-only build from where uv knows to find it; False when that is out of reach.

    Its files differ from the registry's, so the lock's hashes cannot check them; its versions are the lock's.
    """
    pins = [name + "==" + locked_version(lock, name) for name in ("torch", "torchvision")]
    try:
        uv_pip("install", "--torch-backend", "cpu", *pins, env=env)
    except subprocess.CalledProcessError:
        return False
    return True


def wheels_in(folder):
    """Which of torch and torchvision a folder has wheels of."""
    path = Path(folder).expanduser()
    found = [name for name in ("torch", "torchvision") if list(path.glob(name + "-*.whl"))]
    if "torch" not in found:
        raise Refused(f"TORCH={folder} holds no torch-*.whl: use TORCH=cpu, TORCH=locked, or a folder with one.")
    return path.resolve(), found


def torch_from_folder(folder, env):
    """Install PyTorch from a folder of wheels; torchvision is left out when it has none."""
    path, wanted = wheels_in(folder)
    uv_pip("install", "--no-index", "--find-links", path, *wanted, env=env)
    if "torchvision" not in wanted:
        print(f"{folder} has no torchvision: only the complete MNIST and Fashion sets need it, the course does not.")


def install(torch, env):
    """Bring ``.venv`` to what the lock and the choice of PyTorch say."""
    lock = (ROOT / "locks" / "requirements.lock").read_text(encoding="utf-8")
    install_uv(env)
    print("Installing the locked packages (about a minute the first time, PyTorch is large) ...", flush=True)
    if torch == "locked":
        sync(lock, env)
    else:
        sync(without_torch(lock), env)
        if torch != "cpu":
            torch_from_folder(torch, env)
        elif not torch_from_cpu_index(lock, env):
            free = shutil.disk_usage(str(ROOT)).free
            if free < LOCKED_BYTES:
                raise Refused(
                    f"the index of CPU-only PyTorch could not be reached and {free / 1e9:.0f} GB of free disk are too "
                    "few for the locked build: try again online, or name a folder of wheels with TORCH=folder."
                )
            print("The index of CPU-only PyTorch could not be reached: installing the locked build (6 GB).")
            sync(lock, env)
    uv_pip("install", "--no-deps", "--no-build-isolation", "-e", ".", env=env)


def main():
    """Parse, compare with the last run, and do what is missing."""
    parser = argparse.ArgumentParser(description="Install the course into .venv, by hash.")
    parser.add_argument("--torch", default="", help="locked, cpu, or a folder of wheels (default: as last time)")
    parser.add_argument("--fresh", action="store_true", help="remake .venv and download everything again")
    parser.add_argument("--switch-python", action="store_true", help="remake a .venv that has another Python")
    options = parser.parse_args()
    check_python(sys.version_info, Path(sys.executable).name)
    stamp = read_stamp()
    torch = options.torch or stamp.get("torch", "locked")
    if options.torch not in ("", "locked", "cpu"):
        torch = str(wheels_in(options.torch)[0])
    version = venv_version()
    outdated = version is None or not OLDEST <= version <= NEWEST
    remake = options.fresh or outdated or (options.switch_python and version != tuple(sys.version_info[:2]))
    target = tuple(sys.version_info[:2]) if remake else version
    current = fingerprint(torch, target)
    if not remake and stamp.get("fingerprint") == current:
        return
    env = environment()
    if options.fresh:  # a package's files are links into uv's cache: damaged here means damaged there
        env["UV_NO_CACHE"] = "1"
    if STAMP.exists():
        STAMP.unlink()
    if remake:
        make_venv(env)
    install(torch, env)
    STAMP.write_text(json.dumps({"torch": torch, "fingerprint": current}) + "\n", encoding="utf-8")
    print("Ready.", flush=True)


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"install: {refusal}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"install: {' '.join(error.cmd)!r} failed; its own message is above. Running again continues.")
    except KeyboardInterrupt:
        sys.exit("install: interrupted; running again continues.")
