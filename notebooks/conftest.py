"""nbval replays the notebooks here: headless, in a scratch folder, comparing what is the same on every machine."""

import tempfile

import nbval.plugin
import pytest

from course_lib.learn.claims import MIME

# The numbers of a claim are this machine's; its ✓ line is not. The builder drops standard error.
NOT_COMPARED = (MIME, "stderr")
# What one training gave where another rounding may turn it; the recorded runs beside it are the same everywhere.
SANITIZED = {r"(?m)^(~ .*): here .*?; recorded": r"\1: here …; recorded"}


def pytest_collection_modifyitems(items):
    for notebook in {item.parent for item in items if isinstance(item.parent, nbval.plugin.IPyNbFile)}:
        notebook.skip_compare += NOT_COMPARED
        notebook.sanitize_patterns.update(SANITIZED)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    """The kernel starts with a notebook's first cell and inherits this; live views draw one still picture."""
    start = nbval.plugin.RunningKernel

    def in_scratch(kernel_name, cwd, **options):
        item.parent.scratch = tempfile.TemporaryDirectory(prefix="course-")  # lives as long as the notebook's tests
        return start(kernel_name, cwd=item.parent.scratch.name, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_HEADLESS", "1")
        patch.delenv("COURSE_WORKSPACE", raising=False)
        patch.setattr(nbval.plugin, "RunningKernel", in_scratch)
        return (yield)
