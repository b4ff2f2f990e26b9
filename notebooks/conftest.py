"""nbval replays the notebooks here; their kernels draw live views as one still picture."""

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    """The kernel starts with a notebook's first cell and inherits this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_HEADLESS", "1")
        return (yield)
