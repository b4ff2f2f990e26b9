"""A learner's screen: the real ``course lab`` with a real Chromium in front of it."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from course_lib.tools.slides import BROWSERS, QUIET


@pytest.fixture(scope="session")
def chromium():
    """Path of the browser; where there is none a developer's run skips, and CI's fails: it had to install one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """``course lab`` in a new workspace: (its address with the token, the workspace)."""
    folder = tmp_path_factory.mktemp("learner") / "my course"
    config = folder / ".course" / "jupyter" / "jupyter_lab_config.json"
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))  # lets the test read the model
    command = [sys.executable, "-m", "course_lib.cli", "lab", str(folder), "--no-browser"]
    env = {key: value for key, value in os.environ.items() if key != "COURSE_WORKSPACE"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        line = next((text for text in server.stdout if "http://" in text), "")
        assert line, "course lab ended without an address"
        yield next(word for word in line.split() if word.startswith("http://")), folder
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="module")
def page(chromium):
    """An empty page of a fresh browser; ``page.outside`` collects the requests that left this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.outside = []
        local = ("http://127.0.0.1", "ws://127.0.0.1", "blob:", "data:")
        page.on("request", lambda request: request.url.startswith(local) or page.outside.append(request.url))
        yield page
        browser.close()
