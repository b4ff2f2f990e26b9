"""Starts JupyterLab for one learner: in their workspace, on this machine only, with a token, nothing global touched."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import NoReturn

from course_lib import files
from course_lib.errors import CourseError

FIRST_PORT = 8888
START_SECONDS = 120  # a cold disk and a first compilation of bytecode; a warm start takes two or three
LANDING = "00_start_here/1_start_here.ipynb"


def settings_file() -> Path:
    """JupyterLab's settings that ship with the course: no news pop-up, previews instead of raw Markdown."""
    return Path(__file__).with_name("lab_settings") / "default_setting_overrides.json"


def environment(workspace: Path, token: str) -> dict[str, str]:
    """The server's environment: configuration, history and kernels stay in the workspace and the course's Python.

    Args:
        workspace: the learner's; the course's settings are written into its ``.course``.
        token: the key to the server.

    Returns:
        Variable → value, this process's own among them.
    """
    own = workspace / ".course"
    overrides = settings_file()
    files.atomic_write(own / "jupyter" / "labconfig" / overrides.name, overrides.read_text(encoding="utf-8"))
    # A headless run's switch would turn every live view into a still picture; other Jupyter settings belong elsewhere.
    inherited = {k: v for k, v in os.environ.items() if k != "COURSE_HEADLESS" and not k.startswith("JUPYTERLAB_")}
    return {
        **inherited,
        "COURSE_WORKSPACE": str(workspace),
        "JUPYTER_TOKEN": token,  # not on the command line, where every user of the machine could read it
        "JUPYTER_CONFIG_DIR": str(own / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",  # the kernel called python3 is this Python, not one in the home folder
        "IPYTHONDIR": str(own / "ipython"),
    }


def free_port(first: int = FIRST_PORT) -> int:
    """The first port that nothing on this machine listens on.

    Args:
        first: where the search begins.

    Raises:
        CourseError: when the next hundred are taken.
    """
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            if os.name != "nt":  # there it would mean that two servers may share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise CourseError(f"the ports {first} to {first + 99} are all taken: name another with `course lab --port N`.")


class Server:
    """A running JupyterLab, started and waited for. ``url`` opens the landing notebook; :meth:`stop` ends it.

    Args:
        workspace: the learner's, its root folder.
        port: on this machine; the first free one from 8888 on without one.

    Raises:
        CourseError: when the port is taken; when it ends or stays silent: then the message has the end of its log.
    """

    def __init__(self, workspace: Path, port: int | None = None) -> None:
        self.workspace, self.token = workspace, secrets.token_hex(24)
        self.port = free_port(port or FIRST_PORT)
        if port and self.port != port:
            raise CourseError(f"port {port} is taken: choose another, or leave --port away.")
        while not self._start():
            taken, self.port = self.port, free_port(self.port)
            if port or taken == self.port:
                raise CourseError(f"JupyterLab ended at once; the end of {self.log} says:\n{self._last_lines()}")
            # else: another program took the port between our look and JupyterLab's

    @property
    def url(self) -> str:
        """The address of the landing notebook, with the token: it is the key to the learner's files."""
        return f"{self.base}/lab{self._landing()}?token={self.token}"

    @property
    def base(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Where the server's own messages go."""
        return self.workspace / ".course" / f"jupyter-{self.port}.log"

    def _landing(self) -> str:
        return f"/tree/{LANDING}" if (self.workspace / LANDING).is_file() else ""

    def _start(self) -> bool:
        """Start the process and wait for an answer; False when it ended by itself."""
        options = [
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.workspace}",
            f"--LabApp.default_url=/lab{self._landing()}",
            "--ServerApp.open_browser=False",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--ServerApp.allow_root=True")  # in a container one is root; loopback and token still hold
        env = environment(self.workspace, self.token)
        with open(self.log, "wb") as log:
            # A session of its own: Ctrl-C reaches us alone, and we stop the server without its yes/no question.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options],
                cwd=self.workspace,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + START_SECONDS
            while self.process.poll() is None:
                if self._answers():
                    return True
                if time.monotonic() > deadline:
                    raise CourseError(
                        f"JupyterLab did not answer in {START_SECONDS} s; {self.log} says:\n{self._last_lines()}"
                    )
                time.sleep(0.1)
            return False
        except BaseException:
            self.stop()
            raise

    def _answers(self) -> bool:
        request = urllib.request.Request(f"{self.base}/api/status", headers={"Authorization": f"token {self.token}"})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy can reach our loopback
        try:
            with direct.open(request, timeout=5) as answer:
                return "started" in json.load(answer)
        except (OSError, ValueError, urllib.error.URLError):
            return False

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])

    def stop(self) -> None:
        """End the server and its kernels; safe to call twice."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(workspace: Path, *, browser: bool = True, port: int | None = None) -> None:
    """Serve until Ctrl-C (or the terminal closes).

    Args:
        workspace, port: see :class:`Server`.
        browser: whether a browser is opened, where there is a screen.

    Raises:
        CourseError: when JupyterLab does not start, or ends by itself with an error.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    server = None
    try:
        server = Server(workspace, port)
        opened = browser and open_browser(server.url)
        lead = "JupyterLab is open at" if opened else "Open this in a browser:"
        print(f"{lead} {server.url} (Ctrl-C stops it)", flush=True)
        if code := server.process.wait():
            raise CourseError(f"JupyterLab ended with exit code {code}; its log is {server.log}.")
    except KeyboardInterrupt:
        print("\nStopping JupyterLab; your notebooks are saved in", workspace, flush=True)
    finally:
        if server:
            server.stop()


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def open_browser(url: str) -> bool:
    """Open the address, if this machine has a screen; a text browser would take the terminal over.

    Args:
        url: the address.

    Returns:
        Whether it was opened.
    """
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("WSL_DISTRO_NAME")
    if sys.platform == "linux" and not screen:
        return False
    # The address itself, not Jupyter's redirect file: Ubuntu's browsers (snaps) may not read hidden folders.
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError):
        return False
