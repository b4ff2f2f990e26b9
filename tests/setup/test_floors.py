"""The house's rules: imports go down a floor, files stay short, the whole stays small."""

import ast
import io
import tokenize
from pathlib import Path

# DESIGN's floors. A name is a module or package directly under course_lib.
FLOORS = {
    "course_lib": 0,
    "errors": 0,
    "files": 0,
    "machine": 0,
    "arithmetic": 0,
    "runtime": 0,
    "data": 1,
    "models": 1,
    "losses": 1,
    "metrics": 2,
    "training": 2,
    "zoo": 3,
    "explain": 3,
    "show": 4,
    "learn": 4,
    "publish": 5,
    "report": 5,
    "cli": 6,  # the front door: it may call everything
}
LONGEST_FILE = 300
# What a learner reads (floors 0 to 4) and what maintainers run. The checks of the exercises are content, like the
# notebooks that they belong to, and grow with their number. DESIGN's 4,000 was reached with notebook 06, when nothing
# of the explanations (their own floor and their tests of trust) was there; five notebooks' worth of it is the rest.
# Then came the doors: for learners' own pictures and networks, with the sentences that refuse what cannot be meant.
MOST_CODE, MOST_TOOLING = 7000, 1700


def unit(parts: tuple[str, ...]) -> str:
    """The floor plan's name for a dotted module: ``course_lib.data.digits`` → ``data``."""
    return parts[1] if len(parts) > 1 else parts[0]


def imports(source: str, module: tuple[str, ...], is_package: bool) -> list[tuple[str, ...]]:
    """Every module of course_lib that a source imports, anywhere in it, as tuples of name parts."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = tuple(node.module.split(".")) if node.module else ()
            if node.level:
                package = module if is_package else module[:-1]
                base = package[: len(package) - node.level + 1] + base
            found += [(*base, alias.name) for alias in node.names]
    return [parts for parts in found if parts[0] == "course_lib"]


def climbing(sources: dict[str, str]) -> list[str]:
    """Imports that go up, or sideways into another folder. ``sources``: path under the checkout → text."""
    found = []
    for path, source in sources.items():
        parts = Path(path).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = parts[:-1] if is_package else parts
        here = unit(module)
        for target in imports(source, module, is_package):
            there = unit(target)
            if there not in FLOORS:
                if len(target) == 2 and f"course_lib/{there}.py" not in sources:
                    continue  # a name of the package itself, e.g. __version__
                found.append(f"{path} imports {'.'.join(target)}, which has no floor")
            elif here not in FLOORS:
                found.append(f"{path} has no floor")
            else:
                same_folder = here == there or (FLOORS[here] == FLOORS[there] and top_level(here, there, sources))
                if not (FLOORS[there] < FLOORS[here] or same_folder):
                    found.append(f"{path} (floor {FLOORS[here]}) imports {'.'.join(target)} (floor {FLOORS[there]})")
    return found


def top_level(here: str, there: str, sources: dict[str, str]) -> bool:
    """Whether both are files directly in course_lib, and so in one folder."""
    return all(name == "course_lib" or f"course_lib/{name}.py" in sources for name in (here, there))


def code_lines(source: str) -> int:
    """Lines with code: not blank, not comment, not docstring."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (
            tokenize.COMMENT,
            tokenize.NL,
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.DEDENT,
            tokenize.ENDMARKER,
        ):
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and ast.get_docstring(
            node
        ):
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def sources(root) -> dict[str, str]:
    paths = sorted((root / "course_lib").rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_imports_go_down(root):
    assert climbing(sources(root)) == []


def test_a_climbing_import_would_be_seen():
    def of(path, source):
        return climbing(
            {"course_lib/errors.py": "", "course_lib/files.py": "", "course_lib/losses/gan.py": "", path: source}
        )

    assert of("course_lib/data/x.py", "from course_lib.training import Game")
    assert of("course_lib/data/x.py", "def f():\n    import course_lib.publish.run")
    assert of("course_lib/data/x.py", "from course_lib import zoo")
    assert of("course_lib/data/x.py", "from ..metrics import evaluate")
    assert of("course_lib/show/x.py", "from course_lib.learn import claims")  # sideways into another folder
    assert of("course_lib/models/__init__.py", "from ..training.game import Game")
    assert of("course_lib/attic/x.py", "import course_lib.errors")
    assert not of(
        "course_lib/data/x.py", "from course_lib import __version__\nfrom course_lib.data import y\nimport torch"
    )
    assert not of(
        "course_lib/data/__init__.py", "from . import digits\nfrom .digits import read\nfrom .. import errors"
    )
    assert not of("course_lib/losses/gan.py", "from course_lib.losses.penalties import R1")
    assert not of("course_lib/errors.py", "from course_lib.files import shipped")
    assert not of("course_lib/training/x.py", "from course_lib.losses import Minimax")


def test_no_file_is_long(root):
    assert {path: n for path, text in sources(root).items() if (n := text.count("\n")) > LONGEST_FILE} == {}


def test_the_library_stays_small(root):
    taught, tooling = 0, 0
    for path, text in sources(root).items():
        if FLOORS[unit(Path(path.replace("/__init__", "")).with_suffix("").parts)] > 4:
            tooling += code_lines(text)
        elif not Path(path).name.startswith("checks_"):
            taught += code_lines(text)
    assert taught < MOST_CODE and tooling < MOST_TOOLING, (taught, tooling)


def test_code_lines_are_counted():
    assert (
        code_lines('"""Doc\n\nstring."""\n\n# comment\nx = (1,\n     2)\n\ndef f():\n    """Doc."""\n    return "a"\n')
        == 4
    )
