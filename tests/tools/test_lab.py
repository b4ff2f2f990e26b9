"""JupyterLab runs for one learner: loopback, token, own configuration, the course's Python; and it ends when asked."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import psutil
import pytest

from course_lib.errors import CourseError
from course_lib.tools import lab


def get(url, token=None):
    """(status, body) of a request that no proxy sees."""
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        request = urllib.request.Request(url, headers=headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("my course")
    (folder / lab.LANDING).parent.mkdir()
    (folder / lab.LANDING).write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    running = lab.Server(folder)
    yield running
    running.stop()


def test_without_the_token_nothing_is_served(server):
    for path in ("/api/status", "/api/contents", f"/api/contents/{lab.LANDING}", "/api/kernels", "/api/terminals"):
        assert get(server.base + path)[0] == 403
        assert get(server.base + path, "0" * 48)[0] == 403
    assert get(f"{server.base}/api/contents?token=")[0] == 403
    for page in (f"/files/{lab.LANDING}", "/lab"):  # pages for people lead to the login instead
        assert b'name="password"' in get(server.base + page)[1]


def test_with_the_token_the_workspace_is_served(server):
    status, body = get(f"{server.base}/api/contents", server.token)
    assert status == 200
    assert [entry["name"] for entry in json.loads(body)["content"]] == [
        lab.LANDING.partition("/")[0]
    ]  # .course is hidden
    assert server.url == f"{server.base}/lab/tree/{lab.LANDING}?token={server.token}"
    assert get(server.url)[0] == 200


def test_only_this_machine_can_reach_it(server):
    listening = [c for c in psutil.Process(server.process.pid).net_connections() if c.status == psutil.CONN_LISTEN]
    assert {c.laddr.ip for c in listening} == {"127.0.0.1"}
    assert server.port in {c.laddr.port for c in listening}


def test_the_token_is_not_on_the_command_line(server):
    assert server.token not in " ".join(psutil.Process(server.process.pid).cmdline())
    assert server.token not in server.log.read_text()


def test_its_kernel_is_the_courses_python(server):
    specs = json.loads(get(f"{server.base}/api/kernelspecs", server.token)[1])
    assert specs["default"] == "python3"
    paths = psutil.Process(server.process.pid).environ()
    assert paths["JUPYTER_PREFER_ENV_PATH"] == "1" and "COURSE_HEADLESS" not in paths
    probe = "from jupyter_client.kernelspec import get_kernel_spec as get; print(get('python3').resource_dir)"
    where = subprocess.run([sys.executable, "-c", probe], env=paths, capture_output=True, text=True).stdout
    assert where.startswith(sys.prefix)


def test_the_settings_are_the_courses(server):
    status, body = get(f"{server.base}/lab/api/settings/@jupyterlab/apputils-extension:notification", server.token)
    defaults = json.loads(body)["schema"]["properties"]
    assert status == 200
    assert defaults["fetchNews"]["default"] == "false" and defaults["checkForUpdates"]["default"] is False


def test_a_headless_switch_and_foreign_settings_stay_out(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", "elsewhere")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "elsewhere")
    monkeypatch.setenv("JUPYTER_TOKEN", "")  # would switch the token off
    env = lab.environment(tmp_path, "secret")
    assert "COURSE_HEADLESS" not in env and "elsewhere" not in env.values()
    assert env["JUPYTER_TOKEN"] == "secret" and env["COURSE_WORKSPACE"] == str(tmp_path)


def test_the_courses_settings_are_the_servers(tmp_path):
    lab.environment(tmp_path, "secret")
    made = tmp_path / ".course" / "jupyter" / "labconfig" / "default_setting_overrides.json"
    assert json.loads(made.read_text()) == json.loads(lab.settings_file().read_text()) != {}


def test_a_taken_port_is_passed_over():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert lab.free_port(taken) > taken
    assert lab.free_port(taken) == taken


def test_a_named_port_that_is_taken_is_refused(tmp_path, server):
    with pytest.raises(CourseError, match=f"port {server.port} is taken"):
        lab.Server(tmp_path, server.port)


def test_losing_the_race_for_a_port_is_no_failure(tmp_path, server, monkeypatch):
    look, seen = lab.free_port, []

    def too_early(first=lab.FIRST_PORT):
        seen.append(first)
        return server.port if len(seen) == 1 else look(first)  # the first look saw a port that was then taken

    monkeypatch.setattr(lab, "free_port", too_early)
    second = lab.Server(tmp_path)
    try:
        assert second.port != server.port and get(second.base + "/api/status", second.token)[0] == 200
    finally:
        second.stop()


def test_a_server_that_cannot_start_says_why(tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no module named jupyterlab >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(lab.sys, "executable", str(broken))
    with pytest.raises(CourseError, match=r"(?s)JupyterLab ended at once; .*no module named jupyterlab"):
        lab.Server(tmp_path)


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_command_ends_with_its_server(tmp_path, signal_name, ctrl_c_arrives):
    command = [sys.executable, "-m", "course_lib.cli", "lab", str(tmp_path), "--no-browser"]
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=ctrl_c_arrives
    )
    try:
        line = next(text for text in run.stdout if "http://" in text)
        assert line.startswith("Open this in a browser: http://127.0.0.1:") and "?token=" in line
        children = psutil.Process(run.pid).children(recursive=True)
        assert children
        run.send_signal(getattr(signal, signal_name))
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0 and "Stopping JupyterLab" in out and err == ""
        assert psutil.wait_procs(children, timeout=20)[1] == []
    finally:
        if run.poll() is None:
            run.kill()


def test_no_screen_no_browser(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    opened = []
    monkeypatch.setattr(lab.webbrowser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setattr(lab.sys, "platform", "linux")
    assert not lab.open_browser("http://127.0.0.1:1/")
    monkeypatch.setenv("DISPLAY", ":0")
    assert lab.open_browser("http://127.0.0.1:1/") and opened == ["http://127.0.0.1:1/"]
