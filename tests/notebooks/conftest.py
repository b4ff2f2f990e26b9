"""Every test here that asks for ``name`` runs once a lesson, whatever lessons there are."""

from course_lib.chapters import lessons


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", lessons())
