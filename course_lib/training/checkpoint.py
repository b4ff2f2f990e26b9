"""Checkpoints that a crash cannot spoil: one safetensors file with its JSON and checksum inside, replaced atomically.

Nothing is pickled, so opening somebody else's checkpoint runs none of their code.
"""

import hashlib
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes

from course_lib import __version__
from course_lib.errors import CourseError, DataCorrupt, Diverged
from course_lib.files import atomic_write, keep_old, set_aside
from course_lib.training.records import Record, Steps, Trainer, interrupts_held

FORMAT = "course-checkpoint-1"
MARKS = b'"course":"{\\"format\\"', b"course-checkpoint-"  # in the first bytes of every file that save() wrote


def save(path: Path | str, state: dict, meta: dict | None = None) -> Path:
    """Write a nested state to a file, which holds the whole old or the whole new checkpoint at every moment.

    Args:
        path: of the file.
        state: dicts, lists, tuples, tensors, numbers, text, None.
        meta: what else is to be known of it, for JSON.

    Returns:
        The path.

    Raises:
        CourseError: for what cannot be saved; when a file of another kind is there, which is left as it is.
    """
    _check_place(path)
    tensors: dict[str, torch.Tensor] = {}
    tree = _flatten(state, tensors)
    text = json.dumps({"format": FORMAT, "version": __version__, "meta": meta or {}, "state": tree}, sort_keys=True)
    header = {"course": text, "sha256": _digest(text, tensors)}
    return atomic_write(path, to_bytes(tensors, header))


def load(path: Path | str) -> tuple[dict, dict]:
    """The ``(state, meta)`` that :func:`save` wrote.

    Args:
        path: of the file.

    Returns:
        The state, its tensors on the CPU, and the meta.

    Raises:
        CourseError: when there is no such file, it cannot be read, or it is no checkpoint of this course, be it
            safetensors, a ``.pth`` or anything else: such a file is never touched.
        DataCorrupt: when a single bit of it changed or its end is missing; it is renamed ``….corrupt-1`` and kept.
    """
    path = Path(path)
    if not path.is_file():
        raise CourseError(f"there is no checkpoint {path.name!r} in {path.parent}: train first, or check the path.")
    if not _is_ours(path):
        raise CourseError(
            f"{path.name!r} is no checkpoint of this course and was left as it is: use one that it saved "
            "(your own weights go into a network by network.load_state_dict)."
        )
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
        intact = header.get("sha256") == _digest(header.get("course", ""), tensors)
    except (SafetensorError, ValueError, RuntimeError):
        header, intact = {}, False
    if not intact:
        aside = set_aside(path)
        raise DataCorrupt(
            f"the checkpoint {path.name!r} is damaged (checksum differs): it was kept as {aside.name!r} and not used; "
            "go back to an earlier checkpoint or train again."
        )
    content = json.loads(header["course"])
    if content.get("format") != FORMAT:
        raise CourseError(f"{path.name!r} has format {content.get('format')!r}: this course reads {FORMAT!r}.")
    return _unflatten(content["state"], tensors), content["meta"]


class Checkpointed:
    """Steps that save their trainer; see :func:`checkpointed`.

    Args:
        steps: what :func:`checkpointed` was given.
        path: of the checkpoint.
        every: so many steps, at least 1.

    Raises:
        CourseError: for another ``every``; when a file that is no checkpoint of this course has that name.
    """

    def __init__(self, steps: Steps[Record], path: Path | str, every: int):
        if every < 1:
            raise CourseError(f"every={every!r} steps is too often: use a whole number of at least 1.")
        self.trainer, self.total = steps.trainer, steps.total
        self.path, self._steps, self._every = _check_place(path), steps, every
        self._saved: int | None = None  # the step of the last checkpoint
        # Training is known by the state that it began with. Two with the same first state are one, up to a step.
        self.trainer.run = getattr(self.trainer, "run", "") or _run(self.trainer.state_dict())

    def __iter__(self) -> Iterator[Record]:
        try:
            for record in self._steps:
                if record.step % self._every == 0:
                    self.save()
                yield record
        except Diverged as problem:
            last = f"{self.path.name!r}, step {self._saved}" if self._saved else "none was saved yet"
            raise Diverged(f"{problem} The last good checkpoint of this run: {last}.") from None
        except (KeyboardInterrupt, GeneratorExit):
            self.save()
            raise
        self.save()

    def save(self) -> None:
        """Save the trainer now."""
        with interrupts_held():
            if self._saved is None:
                self._keep_another()
            save(self.path, self.trainer.state_dict(), {"step": self.trainer.step_number, "run": self.trainer.run})
            self._saved = self.trainer.step_number

    def _keep_another(self) -> None:
        """Keep the checkpoint that is there, unless it is one that this training came past."""
        if not self.path.is_file() or not self.path.stat().st_size:
            return
        try:
            state, meta = load(self.path)
            step = state.get("step") if isinstance(state, dict) else None
            same = (meta.get("run") or _run(state)) == self.trainer.run
            if step is not None and same and step <= self.trainer.step_number:
                return
            what = "another training" if step is None else f"step {step} of another training"
        except DataCorrupt as problem:  # load has set it aside, and says so
            warnings.warn(str(problem), stacklevel=4)
            return
        except CourseError:
            what = "a checkpoint of another format"
        old = keep_old(self.path).name
        warnings.warn(
            f"{self.path.name!r} held {what}, which is kept as {old!r}: to go on from it, use "
            "resume(trainer, path) before you train.",
            stacklevel=4,
        )


def checkpointed(steps: Steps[Record], path: Path | str, every: int = 100) -> Checkpointed:
    """Pass the records of ``steps`` on, saving its trainer to ``path`` each ``every`` steps, at the end, and on Ctrl-C.

    A divergence names the checkpoint to go back to; the diverged state is not saved. A checkpoint that is there already
    is replaced if this training came past it (it was resumed from it, or saved it); that of another training, or of a
    later step, is kept as ``name.old-1.ext``, with a warning that says so.

    Args:
        steps: of a trainer.
        path: of the checkpoint.
        every: so many steps, at least 1.

    Raises:
        CourseError: at once, for another ``every``, or when a file that is no checkpoint of this course has that name.
    """
    return Checkpointed(steps, path, every)


def resume(trainer: Trainer, path: Path | str) -> int:
    """Put ``trainer`` where the checkpoint left it.

    What differs between the trainer's settings and the checkpoint's is applied, with a warning that names it, or
    refused by name: ``course_lib.training.settings`` says which.

    Args:
        trainer: built as the saved one was.
        path: of the checkpoint.

    Returns:
        The number of steps it has had.

    Raises:
        CourseError, DataCorrupt: see :func:`load`; when the checkpoint does not fit. The trainer is then unchanged.
    """
    state, meta = load(path)
    trainer.load_state_dict(state)
    trainer.run = meta.get("run") or _run(state)
    return trainer.step_number


def _run(state: dict) -> str:
    """What a training that begins with ``state`` is known by."""
    tensors: dict[str, torch.Tensor] = {}
    return _digest(json.dumps(_flatten(state, tensors), sort_keys=True), tensors)


def _is_ours(path: Path) -> bool:
    """Whether the course wrote this file, damaged or not: its header names the format.

    One flipped bit cannot hide both of the marks, and nothing else has either.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(4096)
    except OSError as problem:
        raise CourseError(f"{path.name!r} cannot be read ({problem.strerror}): check its permissions.") from problem
    return any(mark in head for mark in MARKS)


def _check_place(path: Path | str) -> Path:
    """Refuse to write over what the course did not write; an empty file has nothing to lose."""
    path = Path(path)
    if path.is_dir() or (path.is_file() and path.stat().st_size and not _is_ours(path)):
        raise CourseError(
            f"{path.name!r} is there already and is no checkpoint of this course: use another name for the checkpoint."
        )
    return path


def _flatten(value: object, tensors: dict[str, torch.Tensor], name: str = "") -> object:
    """JSON for ``value``; its tensors go to ``tensors`` and leave their name behind."""
    if isinstance(value, torch.Tensor):
        while name in tensors or name in ("", "__metadata__"):  # {"a/b": …, "a": {"b": …}} and {0: …, "0": …} meet here
            name = f"{len(tensors)}:{name}"
        # .clone(): safetensors refuses tensors that share memory; contiguous: it stores no strides.
        tensors[name] = value.detach().cpu().contiguous().clone()
        return {"tensor": name}
    if isinstance(value, dict):  # as pairs, because Adam's state has integers for keys
        if odd := [k for k in value if not isinstance(k, str | int | float | None)]:
            raise CourseError(f"the key {odd[0]!r} at {name!r} cannot be saved: use text or numbers for keys.")
        return {"dict": [[k, _flatten(v, tensors, f"{name}/{k}" if name else str(k))] for k, v in value.items()]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_flatten(v, tensors, f"{name}/{i}") for i, v in enumerate(value)]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise CourseError(f"a {type(value).__name__} at {name!r} cannot be saved: use numbers, text, tensors, lists.")


def _unflatten(tree: object, tensors: dict[str, torch.Tensor]) -> Any:  # whatever was saved
    if not isinstance(tree, dict):
        return tree
    ((kind, value),) = tree.items()
    if kind == "tensor":
        return tensors[value]
    if kind == "dict":
        return {k: _unflatten(v, tensors) for k, v in value}
    items = [_unflatten(v, tensors) for v in value]
    return items if kind == "list" else tuple(items)


def _digest(text: str, tensors: dict[str, torch.Tensor]) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        t = tensors[name]
        digest.update(f"{name} {t.dtype} {tuple(t.shape)}".encode())
        digest.update(t.contiguous().view(-1).view(torch.uint8).numpy().data if t.numel() else b"")
    return digest.hexdigest()
