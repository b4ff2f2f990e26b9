"""install.py, by its functions; the whole of it runs before every `make` target."""

import importlib.util
import subprocess
import sys

import pytest


@pytest.fixture
def install(root):
    spec = importlib.util.spec_from_file_location("install", root / "install.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 14, 0), (2, 7, 18), (4, 0, 0)])
def test_other_pythons_are_refused_by_name(install, version):
    with pytest.raises(
        install.Refused, match=rf"python-x is Python {version[0]}\.{version[1]}, .*3\.11, 3\.12 or 3\.13"
    ):
        install.check_python(version, "python-x")


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_the_three_pythons_are_accepted(install, version):
    install.check_python(version, "python3")


def test_pyproject_promises_the_same_pythons(install, root):
    import tomllib

    wanted = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted == f">={install.OLDEST[0]}.{install.OLDEST[1]},<{install.NEWEST[0]}.{install.NEWEST[1] + 1}"


def test_cpu_route_leaves_out_torch_and_its_libraries_only(install, root):
    lock = (root / "locks" / "requirements.lock").read_text(encoding="utf-8")
    names = {name for name, _ in install.entries(lock)}
    kept = {name for name, _ in install.entries(install.without_torch(lock))}
    left = names - kept
    assert {"torch", "torchvision", "triton", "cuda-toolkit", "nvidia-cublas"} <= left
    assert all(name in ("torch", "torchvision", "triton") or name.startswith(("nvidia-", "cuda-")) for name in left)
    assert "torchmetrics" in kept
    assert "".join(text for _, text in install.entries(lock)) == lock  # nothing is lost in the splitting
    assert install.locked_version(lock, "torch")[0].isdigit()


def test_a_folder_without_the_wheel_is_refused_before_anything_changes(root, tmp_path):
    command = [sys.executable, "install.py", "--torch", str(tmp_path)]
    stamp = root / ".venv" / "course-install.json"
    before = stamp.read_bytes() if stamp.exists() else None
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("install: TORCH=") and "Traceback" not in done.stderr
    assert (stamp.read_bytes() if stamp.exists() else None) == before


def test_a_change_of_anything_it_installs_from_changes_the_fingerprint(install, tmp_path, monkeypatch):
    (tmp_path / "locks").mkdir()
    for name in install.INPUTS:
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(install, "ROOT", tmp_path)
    base = install.fingerprint("locked", (3, 11))
    assert install.fingerprint("locked", (3, 11)) == base
    seen = {base, install.fingerprint("cpu", (3, 11)), install.fingerprint("locked", (3, 12))}
    for name in install.INPUTS:
        (tmp_path / name).write_text("y")
        seen.add(install.fingerprint("locked", (3, 11)))
    assert len(seen) == 3 + len(install.INPUTS)


def test_a_learners_pip_settings_do_not_reach_it(install, monkeypatch):
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PIP_TARGET", "UV_TORCH_BACKEND"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("SSL_CERT_FILE", "kept")
    env = install.environment()
    assert "elsewhere" not in env.values()
    assert env["PIP_USER"] == "0" and env["SSL_CERT_FILE"] == "kept"


def test_every_python_we_promise_has_a_solution(root):
    uv = root / ".venv" / "bin" / "uv"
    if not uv.exists():
        pytest.skip("no uv in .venv: run `make setup`")
    for python in ("3.11", "3.12", "3.13"):
        done = subprocess.run(
            [uv, "pip", "compile", "pyproject.toml", "--extra", "dev", "--python-version", python, "-q"],
            cwd=root,
            capture_output=True,
            text=True,
        )
        if done.returncode and any(w in done.stderr for w in ("error sending request", "Failed to fetch", "dns error")):
            pytest.skip("the package registry is out of reach")
        assert done.returncode == 0, f"Python {python}: {done.stderr}"
        assert "\ntorch==" in done.stdout
