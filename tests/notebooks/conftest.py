"""Every test here that asks for ``name`` runs once a notebook, whatever notebooks there are."""

from course_lib.tools import workspace


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", workspace.names())
