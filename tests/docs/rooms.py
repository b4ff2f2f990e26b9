"""The modules of course_lib, for the tests of its docstrings."""

from pathlib import Path


def modules(root: Path) -> dict[str, Path]:
    """Dotted name → file."""
    found = {}
    for path in sorted((root / "course_lib").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found
