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
SECTIONS = {
    "training": 4,
    "vae": 1,
    "peak": 5,
    "explain": 2,
    "first image": 1,
}  # and how many rows each has when it is whole


@pytest.fixture(scope="session")
def measuring(request) -> bool:
    """Whether speed is wanted (``--benchmark-enable``); else each thing runs once, to see that it still does."""
    return bool(request.config.getoption("benchmark_enable", False))


@pytest.fixture(scope="session")
def table(root):
    """``table(section, name, row)`` keeps a row; at the end they go to build/bench.json, and whole
    sections to data/bench.json, which the README's table is made from."""
    rows: dict[str, dict[str, dict]] = {}

    def add(section: str, name: str, row: dict) -> None:
        rows.setdefault(section, {})[name] = row

    yield add
    if not rows:
        return
    result = {
        "command": COMMAND,
        "meaning": MEANING,
        "machine": describe(),
        "versions": {
            "python": platform.python_version(),
            "torch": version("torch").split("+")[0],
            "torchvision": version("torchvision").split("+")[0],
        },
        **rows,
    }
    (root / "build").mkdir(exist_ok=True)
    atomic_write(root / "build" / "bench.json", _text(result))
    kept = root / "data" / "bench.json"
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    whole = {section for section, number in SECTIONS.items() if len(rows.get(section, {})) == number}
    alike = all(before.get(key) == result[key] for key in ("machine", "versions"))
    if whole == SECTIONS.keys() or (whole and alike):  # a section measured anew stands beside the others
        atomic_write(
            kept,
            _text(
                {
                    **(before if alike else {}),
                    **{k: v for k, v in result.items() if k not in rows},
                    **{section: rows[section] for section in sorted(whole)},
                }
            ),
        )


def _text(result: dict) -> str:
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def pytest_terminal_summary(terminalreporter, config):
    """The table, for people."""
    path = config.rootpath / "build" / "bench.json"
    if not config.getoption("benchmark_enable", False) or not path.is_file():
        return
    result = json.loads(path.read_text(encoding="utf-8"))
    write = terminalreporter.write_line
    write(f"\n{result['machine']}")
    for row in result.get("training", {}).values():
        write(
            f"  {row['title']}, batch {row['batch']}: game {row['images_per_s']['game']:,} images/s · "
            f"{row['ratio']['textbook']:.2f} × textbook · "
            f"{row['ratio']['dataloader']:.2f} × with DataLoader"
        )
    for row in result.get("vae", {}).values():
        write(
            f"  {row['title']}, batch {row['batch']}: trainer {row['images_per_s']['trainer']:,} images/s · "
            f"{row['ratio']['dataloader']:.2f} × textbook with DataLoader · matrix products alone "
            f"{row['images_per_s']['products']:,} images/s"
        )
    for row in result.get("peak", {}).values():
        write(
            f"  {row['title']}, batch {row['batch']}: {row['share']['float32']:.0%} of peak, with bf16 "
            f"{row['share']['bf16']:.0%} of its peak and {row['times_with_bf16']:.2f} × as fast"
        )
    for what, row in result.get("explain", {}).items():
        others = " · ".join(f"{ratio:.2f} × {name}" for name, ratio in row["ratio"].items())
        write(f"  {what}: {row['ms_an_image']['ours']:.2f} ms an image · {others}")
    for row in result.get("first image", {}).values():
        write(f"  first image of {row['what']}: {row['seconds']:.2f} s beyond importing torch ({row['torch']:.2f} s)")
