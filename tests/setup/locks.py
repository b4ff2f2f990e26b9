"""Faults of the dependency files, as functions of their texts, so that a test can show a changed text to be caught."""

import importlib.metadata
import re
import tomllib

import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# The platforms and Pythons that the lock is for (pyproject's [tool.uv] environments).
PLATFORMS = [
    {"sys_platform": "linux", "platform_machine": "x86_64", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_machine": "arm64", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_machine": "AMD64", "platform_system": "Windows", "os_name": "nt"},
]
ENVIRONMENTS = [
    {**default_environment(), **platform, "python_version": python, "python_full_version": f"{python}.5", "extra": ""}
    for platform in PLATFORMS
    for python in ("3.11", "3.12", "3.13")
]


def pinned(lock: str) -> list[Requirement]:
    """The lock's entries, less their hashes."""
    lines = [line.rstrip("\\ ").strip() for line in lock.splitlines() if line[:1] not in (" ", "#", "")]
    return [Requirement(line) for line in lines]


def applies(requirement: Requirement, environment: dict) -> bool:
    """Whether the entry is for this environment."""
    return requirement.marker is None or requirement.marker.evaluate(environment)


def wanted(pyproject: str, *, group: str | None = None) -> list[Requirement]:
    """What pyproject.toml asks for: the course with its development tools, or one dependency group."""
    table = tomllib.loads(pyproject)
    if group:
        return [Requirement(text) for text in table["dependency-groups"][group]]
    project = table["project"]
    return [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["dev"]]


def unsatisfied(requirements: list[Requirement], lock: str) -> list[str]:
    """Requirements that the lock does not satisfy on some platform and Python, each with what it has instead."""
    entries, found = pinned(lock), []
    for requirement in requirements:
        for environment in ENVIRONMENTS:
            if not applies(requirement, environment):
                continue
            here = [e for e in entries if same(e.name, requirement.name) and applies(e, environment)]
            versions = [str(e.specifier).removeprefix("==") for e in here]
            if len(versions) != 1 or not requirement.specifier.contains(versions[0], prereleases=True):
                found.append(f"{requirement}: {versions or 'missing'}")
                break
    return found


def unhashed(lock: str) -> list[str]:
    """Entries without a SHA-256, or not pinned to one version."""
    blocks = re.split(r"\n(?=[^\s#])", lock.strip())
    whole = re.compile(r"\S+==\S+[^\n]*\\\n( +--hash=sha256:[0-9a-f]{64} \\\n)* +--hash=sha256:[0-9a-f]{64}\n?")
    return [block.splitlines()[0] for block in blocks if not block.startswith("#") and not whole.fullmatch(block)]


def different(constraints: str, lock: str) -> set[str]:
    """Lines that the constraints and the lock do not share."""
    return {str(entry) for entry in pinned(constraints)} ^ {str(entry) for entry in pinned(lock)}


def conda_faults(environment: str) -> list[str]:
    """What environment.yml repeats or leaves out: it installs this package and pins nothing but a Python."""
    table, found = yaml.safe_load(environment), []
    conda = [entry for entry in table["dependencies"] if isinstance(entry, str)]
    pip = next((entry["pip"] for entry in table["dependencies"] if isinstance(entry, dict)), [])
    if pip != ["-c locks/constraints.txt", "-e .[dev]"]:
        found.append(f"pip section: {pip}")
    for entry in conda:
        name, *version = re.split(r"[=<> ]+", entry, maxsplit=1)
        if name not in ("python", "pip", "git", "make") or (version and name != "python"):
            found.append(entry)
    if not any(re.fullmatch(r"python=3\.1[123]", entry) for entry in conda):
        found.append("no supported python")
    return found


def missing_transitive(roots: list[Requirement], lock: str) -> list[str]:
    """Packages that the installed ones need, here, and that the lock does not have in the installed version."""
    versions = {
        canonicalize_name(e.name): str(e.specifier)[2:] for e in pinned(lock) if applies(e, default_environment())
    }
    found = []
    for name in sorted(reachable(roots)):
        here = importlib.metadata.version(name)
        if versions.get(name) != here:
            found.append(f"{name} {here}: lock has {versions.get(name)}")
    return found


def left_over(roots: list[Requirement], lock: str) -> list[str]:
    """Packages that the lock installs here although nothing needs them."""
    entries = {canonicalize_name(e.name) for e in pinned(lock) if applies(e, default_environment())}
    return sorted(entries - reachable(roots))


def reachable(roots: list[Requirement]) -> set[str]:
    """Names of the installed packages that the requirements lead to in this environment."""
    seen, todo = set(), [(canonicalize_name(r.name), frozenset(r.extras)) for r in roots]
    done = set()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        seen.add(name)
        for text in importlib.metadata.requires(name) or ():
            requirement = Requirement(text)
            contexts = [{**default_environment(), "extra": extra} for extra in ("", *extras)]
            if any(applies(requirement, context) for context in contexts):
                todo.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return seen


def same(a: str, b: str) -> bool:
    """Whether two spellings name one package."""
    return canonicalize_name(a) == canonicalize_name(b)
