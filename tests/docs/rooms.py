"""The rooms of course_lib, and which of them are still to be documented as the others are."""

from pathlib import Path

# A room leaves this list when its docstrings are done; nothing comes in.
TO_DO = {"learn", "losses", "training"}


def modules(root: Path) -> dict[str, Path]:
    """Dotted name → file, of the rooms that are done."""
    found = {}
    for path in sorted((root / "course_lib").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if len(parts) == 2 and parts[1] == "__init__":
            found["course_lib"] = path
        elif parts[1] not in TO_DO:
            found[".".join(part for part in parts if part != "__init__")] = path
    return found
