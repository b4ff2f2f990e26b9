"""Every public name says what it is for, what it takes, what it gives and what it refuses.

The rule. Public is what has no leading underscore: a module, a class, and the functions and methods in them. Then
- it has a docstring;
- each parameter is named by an entry of the section ``Args:`` (one entry may name several: ``top, left: …``). A class
  has those of its ``__init__``, and a dataclass its fields, under ``Args:`` or ``Attributes:``. The one parameter of
  an exercise's ``@check`` is the learner's answer, whose form the docstring gives, so it needs no entry;
- a function that returns something says what: by ``Returns:`` (a generator by ``Yields:``), or by a first line that
  names it ("The path, …"). A first line that begins with one of ``VERBS`` says what is done, so it needs ``Returns:``;
  and so do a tuple and a dict, of which each part has to be said;
- where a ``CourseError`` (or one of its kind) is raised, ``Raises:`` names it; what ``__init__`` and ``__post_init__``
  raise, the class says;
- a command of ``course`` shows its docstring as its ``--help``, where ``help=`` says what each parameter is, and what
  it refuses is printed: so it has neither ``Args:`` nor ``Raises:``.
"""

import ast
import re
from pathlib import Path
from typing import Annotated

import pytest
import typer
from rooms import modules
from typer.main import get_command

from course_lib.cli import app

ERRORS = {"CourseError", "DataCorrupt", "Diverged"}
SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises", "Example")
VERBS = {
    *(
        "Add",
        "Ask",
        "Build",
        "Bring",
        "Check",
        "Choose",
        "Compute",
        "Draw",
        "Find",
        "Give",
        "Keep",
        "Let",
        "Load",
        "Look",
    ),
    *("Make", "Measure", "Open", "Put", "Read", "Refuse", "Remove", "Rename", "Return", "Run", "Save", "Seed", "Set"),
    *("Show", "Take", "Tell", "Train", "Try", "Turn", "Use", "Write"),
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sections(doc: str) -> dict[str, str]:
    """The text of each section of a docstring; "" is what comes before the first."""
    parts = re.split(rf"^({'|'.join(SECTIONS)}):$", doc, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def entries(section: str) -> set[str]:
    """The names before the colons of a section: ``    top, left: …`` has two."""
    heads = re.findall(r"^    (\*{0,2}\w+(?:, \*{0,2}\w+)*):", section, re.MULTILINE)
    return {name.strip("* ") for head in heads for name in head.split(",")}


def decorators(node: ast.ClassDef | Function) -> set[str]:
    return {ast.unparse(d).partition("(")[0].rpartition(".")[2] for d in node.decorator_list}


def parameters(function: Function) -> list[str]:
    a = function.args
    given = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return [arg.arg for arg in given if arg.arg not in ("self", "cls") and arg.arg[0] != "_"]


def raised(node: ast.AST) -> set[str]:
    names = [n.exc for n in ast.walk(node) if isinstance(n, ast.Raise) and n.exc is not None]
    return {ast.unparse(exc).partition("(")[0] for exc in names} & ERRORS


def members(node: ast.Module | ast.ClassDef) -> list[ast.AST]:
    """What stands in a module or a class, also under an ``if TYPE_CHECKING:``."""
    return [part for child in node.body for part in (child.body if isinstance(child, ast.If) else [child])]


def faults_of_function(function: Function, doc: str) -> list[str]:
    parts, found = sections(doc), []
    wanted = parameters(function)[1:] if "check" in decorators(function) else parameters(function)
    found += [f"{name} is in no line of Args" for name in wanted if name not in entries(parts.get("Args", ""))]
    returns = ast.unparse(function.returns) if function.returns else "None"
    several = re.match(r"(tuple|dict)\[", returns)
    if returns != "None" and "property" not in decorators(function) and not {"Returns", "Yields"} & parts.keys():
        if several or "contextmanager" in decorators(function):
            found.append(f"it gives {returns} and has no Returns")
        elif doc.split()[0].strip(".,:") in VERBS:
            found.append(f"it gives {returns}, and neither its first line nor Returns says what")
    return found + [f"it raises {e}, not in Raises" for e in raised(function) - entries(parts.get("Raises", ""))]


def faults_of_class(node: ast.ClassDef, doc: str) -> list[str]:
    parts = sections(doc)
    named = entries(parts.get("Args", "")) | entries(parts.get("Attributes", ""))
    wanted, errors = [], set()
    for child in node.body:
        if isinstance(child, Function) and child.name in ("__init__", "__post_init__"):
            wanted += parameters(child)
            errors |= raised(child)
        elif "dataclass" in decorators(node) and isinstance(child, ast.AnnAssign):
            name, kind = ast.unparse(child.target), ast.unparse(child.annotation)
            wanted += [name] * (name[0] != "_" and "ClassVar" not in kind)
    found = [f"{name} is in no line of Args or Attributes" for name in wanted if name not in named]
    return found + [f"it raises {e}, not in Raises" for e in errors - entries(parts.get("Raises", ""))]


def faults(source: str) -> list[str]:
    """What the public names of a source do not say."""
    tree = ast.parse(source)
    found = [] if ast.get_docstring(tree) or not tree.body else ["the module has no docstring"]

    def look(node: ast.Module | ast.ClassDef, before: str) -> None:
        for child in members(node):
            if (
                not isinstance(child, Function | ast.ClassDef)
                or child.name[0] == "_"
                or "overload" in decorators(child)
            ):
                continue
            name, doc = before + child.name, ast.get_docstring(child)
            if doc is None:
                found.append(f"{name}: no docstring")
            elif "command" not in decorators(child):
                of = faults_of_class if isinstance(child, ast.ClassDef) else faults_of_function
                found.extend(f"{name}: {fault}" for fault in of(child, doc))
            if isinstance(child, ast.ClassDef):
                look(child, f"{name}.")

    look(tree, "")
    return found


DONE = modules(Path(__file__).resolve().parents[2])


@pytest.mark.parametrize("name", DONE)
def test_every_public_name_says_what_it_is(name):
    assert faults(DONE[name].read_text(encoding="utf-8")) == []


GOOD = '''"""M."""


def f(a, b, *rest) -> int:
    """The sum.

    Args:
        a, b: numbers.
        *rest: more of them.

    Raises:
        CourseError: for none.
    """
    raise CourseError("none")


@dataclass
class C:
    """A pair.

    Attributes:
        x: the first.
    """

    x: int
    KIND: ClassVar[str] = "c"

    def pair(self) -> tuple[int, int]:
        """Both.

        Returns:
            The first, and the first again.
        """

    def _own(self, a): ...


@check("g", todo="add")
def g(answer) -> str | None:
    """``answer(a, b)``: two numbers → their sum."""
'''


def test_what_says_all_has_no_fault():
    assert faults(GOOD) == []


def test_only_a_command_says_its_parameters_by_help():
    source = '"""M."""\n\n\n@app.command("a")\ndef f(a) -> None:\n    """F."""\n'
    assert faults(source) == []
    assert faults(source.replace('@app.command("a")', "@cache")) == ["f: a is in no line of Args"]


def parameters_without_help(app: typer.Typer) -> list[str]:
    """``command parameter`` of those that ``--help`` says nothing about."""
    to_do, found = [get_command(app)], []
    for command in to_do:  # which grows: a group has commands
        to_do += getattr(command, "commands", {}).values()
        found += [f"{command.name} {p.name}" for p in command.params if not getattr(p, "help", None)]
    return found


def test_every_parameter_of_a_command_has_its_help():
    assert parameters_without_help(app) == []


def test_a_parameter_without_help_would_be_seen():
    def f(count: int, size: Annotated[int, typer.Option(help="How large.")] = 1) -> None: ...

    whole, part = typer.Typer(add_completion=False), typer.Typer()
    part.command("f")(f)
    part.command("g")(lambda: None)
    whole.add_typer(part, name="part")
    assert parameters_without_help(whole) == ["f count"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"""M."""', "", "the module has no docstring"),
        ('"""The sum.', '"""Add.', "f: it gives int, and neither its first line nor Returns says what"),
        ("a, b: numbers", "a: a number", "f: b is in no line of Args"),
        ("*rest: more", "and more", "f: rest is in no line of Args"),
        ("CourseError: for none", "for none", "f: it raises CourseError, not in Raises"),
        ("x: the first.", "the first.", "C: x is in no line of Args or Attributes"),
        ("Returns:", "There:", "C.pair: it gives tuple[int, int] and has no Returns"),
        ("_own(self, a)", "own(self, a)", "C.own: no docstring"),
        ('@check("g", todo="add")', '@other("g")', "g: answer is in no line of Args"),
        ("g(answer)", "g(answer, within)", "g: within is in no line of Args"),
        (
            "    KIND: Class",
            "    def __init__(self, y):\n        pass\n\n    KIND: Class",
            "C: y is in no line of Args or",
        ),
    ],
)
def test_each_fault_would_be_seen(old, new, fault):
    assert GOOD.count(old) == 1
    assert [found for found in faults(GOOD.replace(old, new)) if found.startswith(fault)]
