"""Collects the rows of the benchmark's table and writes them, when benchmarks are really run (``make bench``)."""

import json
import platform
from importlib.metadata import version

import pytest

from course_lib.files import atomic_write
from course_lib.machine import describe

COMMAND = "make bench"
MEANING = (
    "Seconds are CPU seconds of one thread, so that other work on the machine does not count. Ratios are medians of "
    "the ratios within each round; the contestants take turns."
)


@pytest.fixture(scope="session")
def measuring(request) -> bool:
    """Whether speed is wanted (``--benchmark-enable``); else each thing runs once, to see that it still does."""
    return bool(request.config.getoption("benchmark_enable", False))


@pytest.fixture(scope="session")
def table(root):
    """``table(section, name, row)`` keeps a row; at the end they go to build/bench.json, and when all are there to
    data/bench.json, which the README's table is made from."""
    rows: dict[str, dict[str, dict]] = {}

    def add(section: str, name: str, row: dict) -> None:
        rows.setdefault(section, {})[name] = row

    yield add
    if not rows:
        return
    result = {
        "command": COMMAND, "meaning": MEANING, "machine": describe(),
        "versions": {"python": platform.python_version(), "torch": version("torch").split("+")[0],
                     "torchvision": version("torchvision").split("+")[0]},
        **rows,
    }  # fmt: skip
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    (root / "build").mkdir(exist_ok=True)
    atomic_write(root / "build" / "bench.json", text)
    if len(rows.get("training", {})) == 4 and {"vae", "first image"} <= rows.keys():
        atomic_write(root / "data" / "bench.json", text)


def pytest_terminal_summary(terminalreporter, config):
    """The table, for people."""
    path = config.rootpath / "build" / "bench.json"
    if not config.getoption("benchmark_enable", False) or not path.is_file():
        return
    result = json.loads(path.read_text(encoding="utf-8"))
    write = terminalreporter.write_line
    write(f"\n{result['machine']}")
    for row in result.get("training", {}).values():
        write(f"  {row['title']}, batch {row['batch']}: game {row['images_per_s']['game']:,} images/s · "
              f"{row['ratio']['textbook']:.2f} × textbook · "
              f"{row['ratio']['dataloader']:.2f} × with DataLoader")  # fmt: skip
    for row in result.get("vae", {}).values():
        write(f"  {row['title']}, batch {row['batch']}: trainer {row['images_per_s']['trainer']:,} images/s · "
              f"{row['ratio']['dataloader']:.2f} × textbook with DataLoader · matrix products alone "
              f"{row['images_per_s']['products']:,} images/s")  # fmt: skip
    for row in result.get("first image", {}).values():
        write(f"  first image of {row['what']}: {row['seconds']:.2f} s beyond importing torch ({row['torch']:.2f} s)")
