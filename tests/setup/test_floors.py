"""The house's rules: imports go down a floor and never in a circle, files stay short, the whole stays small."""

import ast
import graphlib
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
    "precision": 0,
    "runtime": 0,
    "data": 1,
    "models": 1,
    "losses": 1,
    "cluster": 1,
    "metrics": 2,
    "training": 2,
    "zoo": 3,
    "explain": 3,
    "show": 4,
    "audit": 4,
    "learn": 4,
    "chapters": 5,
    "tools": 6,
    "cli": 7,  # the front door: it may call everything
}
LONGEST_FILE = 300
# Lines of code: the general library that a learner reads, what only chapters use (their checks and recordings
# grow with the course, as the lessons do: since they are short ones, their questions, too), and the tools of
# maintainers. As ruff lays it out. (7,550 until chapters 11 and 12 brought guided training, concepts, rules, TCAV,
# graphs and topology: 650; 8,300 until 13 brought `audit/`. Chapters 16,000 until 11's seven lessons and 12's came with
# their questions and checks; 20,500 until 13's seven did; library
# 9,700 and tools 2,100 until sweeps and shared games, chapters 22,500 until 14's lessons.)
MOST = {"library": 10300, "chapters": 25500, "tools": 2400}


def unit(parts: tuple[str, ...]) -> str:
    """The floor plan's name for a dotted module: ``course_lib.data.digits`` → ``data``."""
    return parts[1] if len(parts) > 1 else parts[0]


def room(parts: tuple[str, ...]) -> str:
    """Whose things may be used freely: the unit, but each chapter is a room of its own."""
    of_a_chapter = parts[1:2] == ("chapters",) and parts[2:] and parts[2].startswith("ch")
    return parts[2] if of_a_chapter else unit(parts)


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
                both_top = FLOORS[here] == FLOORS[there] and top_level(here, there, sources)
                to_registry = there == "chapters" and room(target) == "chapters"
                same_folder = room(module) == room(target) or (here == there and to_registry) or both_top
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
    assert of("course_lib/data/x.py", "def f():\n    import course_lib.tools.run")
    assert of("course_lib/data/x.py", "from course_lib import zoo")
    assert of("course_lib/data/x.py", "from ..metrics import evaluate")
    assert of("course_lib/show/x.py", "from course_lib.learn import claims")  # sideways into another folder
    assert of("course_lib/models/__init__.py", "from ..training.game import Game")
    assert of("course_lib/attic/x.py", "import course_lib.errors")
    assert of("course_lib/chapters/ch03_a/x.py", "from course_lib.chapters.ch04_b import y")  # another chapter's
    assert of("course_lib/learn/x.py", "from course_lib.chapters import find")
    assert not of(
        "course_lib/data/x.py", "from course_lib import __version__\nfrom course_lib.data import y\nimport torch"
    )
    assert not of(
        "course_lib/data/__init__.py", "from . import digits\nfrom .digits import read\nfrom .. import errors"
    )
    assert not of("course_lib/chapters/ch03_a/x.py", "from course_lib.chapters.ch03_a import checks")
    assert not of("course_lib/tools/x.py", "from course_lib.chapters.ch03_a import checks")
    assert not of("course_lib/chapters/syllabus.py", "from course_lib.chapters import find")
    assert not of("course_lib/losses/gan.py", "from course_lib.losses.penalties import R1")
    assert not of("course_lib/errors.py", "from course_lib.files import shipped")
    assert not of("course_lib/training/x.py", "from course_lib.losses import Minimax")


def circles(sources: dict[str, str]) -> list[str]:
    """A circle of files that import each other, wherever in them; names that ``__init__`` passes on count as its."""
    modules = {}
    for path, source in sources.items():
        parts = Path(path).with_suffix("").parts
        modules[parts[:-1] if parts[-1] == "__init__" else parts] = (source, parts[-1] == "__init__")
    graph = {}
    for module, (source, is_package) in modules.items():
        targets = imports(source, module, is_package)
        found = {next((t[:n] for n in range(len(t), 0, -1) if t[:n] in modules), module) for t in targets}
        graph[module] = found - {module}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [".".join(module) for module in error.args[1]]
    return []


def test_no_circle_of_files(root):
    assert circles(sources(root)) == []


def test_a_circle_would_be_seen():
    one = {"course_lib/a.py": "from course_lib import b", "course_lib/b.py": "def f():\n    import course_lib.c"}
    assert circles(one | {"course_lib/c.py": ""}) == []
    assert len(circles(one | {"course_lib/c.py": "from course_lib.a import x"})) == 4


def test_no_file_is_long(root):
    assert {path: n for path, text in sources(root).items() if (n := text.count("\n")) > LONGEST_FILE} == {}


def test_the_library_stays_small(root):
    lines = dict.fromkeys(MOST, 0)
    for path, text in sources(root).items():
        floor = FLOORS[unit(Path(path.replace("/__init__", "")).with_suffix("").parts)]
        lines["library" if floor < 5 else "chapters" if floor == 5 else "tools"] += code_lines(text)
    print(lines)
    assert {part: n for part, n in lines.items() if n > MOST[part]} == {}


def test_code_lines_are_counted():
    assert (
        code_lines('"""Doc\n\nstring."""\n\n# comment\nx = (1,\n     2)\n\ndef f():\n    """Doc."""\n    return "a"\n')
        == 4
    )
