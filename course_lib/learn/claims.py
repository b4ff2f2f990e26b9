"""Claims: every measurable statement of a notebook, computed in front of the learner and checked.

A claim prints one line; the number travels beside it as a MIME record, which the runners (``course build``,
``course run``, ``course claims``, the tests) collect. A claim never raises: a notebook goes on after a statement that
did not hold, and the runner decides what follows from it.

A training is chaotic, and another processor rounds otherwise. So ✓ or ✗ is said only of what held in **every** recorded
run (:mod:`course_lib.learn.recorded`: seeds × arithmetics), or was never recorded; this line is the same on every
machine. Of the rest the line begins with ``~`` and shows the value beside the recorded ones, and no runner fails on it.
"""

import math
import operator
from typing import TYPE_CHECKING

from course_lib.learn import recorded
from course_lib.learn.wording import bound_text, publish, show_table, spread_text, value_text

if TYPE_CHECKING:  # with it comes torch, which the runners need not wait for
    from course_lib.runtime import Runtime

MIME = "application/vnd.course.claim+json"
_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


class _Refused(Exception):
    """Why a claim cannot be judged at all; becomes its record's ``reason``."""


class Claims:
    """The claims of one notebook run.

    Args:
        notebook: its name, e.g. ``"03_train_a_gan"``.
        runtime: where ``seed`` and ``profile`` of each record come from; may be None.
        rehearsal: the lines are printed and the records kept in this object, but no runner sees them and they do not
            enter the learner's progress. Only for showing what ✗ looks like.

    Attributes:
        records: one dict a claim, in order: ``notebook, statement, op, value, bound, held, enforced, seed, profile``,
            with ``tolerance`` (:meth:`close`), ``at_least``, ``holding``, ``seeds`` (:meth:`over_seeds`), ``reason``.
    """

    def __init__(self, notebook: str, runtime: "Runtime | None" = None, *, rehearsal: bool = False):
        self.notebook = str(notebook)
        self.rehearsal = rehearsal
        self.seed = getattr(runtime, "seed", None)
        self.profile = getattr(runtime, "profile", None)
        self.records: list[dict] = []

    def at_least(self, statement: str, value: object, bound: object) -> None:
        """``value`` ≥ ``bound``.

        Args:
            statement: what is claimed, in words.
            value, bound: single finite numbers (Python, numpy or torch).
        """
        self._judge(statement, value, bound, ">=")

    def at_most(self, statement: str, value: object, bound: object) -> None:
        """``value`` ≤ ``bound``.

        Args:
            statement: what is claimed, in words.
            value, bound: single finite numbers (Python, numpy or torch).
        """
        self._judge(statement, value, bound, "<=")

    def close(self, statement: str, value: object, target: object, tolerance: object) -> None:
        """|``value`` − ``target``| ≤ ``tolerance``.

        Args:
            statement: what is claimed, in words.
            value, target: single finite numbers (Python, numpy or torch).
            tolerance: absolute, at least 0.
        """
        self._judge(statement, value, target, "==", tolerance=tolerance)

    def true(self, statement: str, value: object) -> None:
        """``value`` is True.

        Args:
            statement: what is claimed, in words.
            value: a bool, numpy bool or one-element bool tensor; a number is refused.
        """
        self._judge(statement, value, True, "is")

    def over_seeds(self, statement: str, values: object, bound: object, op: str = ">=", at_least: int = 4) -> None:
        """``value op bound`` on at least ``at_least`` seeds.

        Args:
            statement: what is claimed, in words.
            values: {seed: value} or a list, one a retraining. One that is not finite counts as a seed on which the
                statement did not hold.
            bound: a single finite number.
            op: ``">="``, ``"<="``, ``">"`` or ``"<"``.
            at_least: from 1 to the number of seeds.
        """
        self._judge(statement, values, bound, op, at_least=at_least)

    def table(self) -> None:
        """Show every claim so far: statement · bound · value · ✓/✗ (HTML with a caption, and plain text)."""
        rows = [(r["statement"], bound_text(r), value_text(r), self._verdict(r)) for r in self.records]
        enforced = [r for r in self.records if r["enforced"]]
        caption = f"Claims of {self.notebook}: {sum(r['held'] for r in enforced)} of {len(enforced)} hold"
        if others := len(rows) - len(enforced):
            caption += f"; {others} more are not judged here (~)"
        show_table(caption, ("statement", "bound", "value", "held"), rows)

    def _judge(self, statement: object, value: object, bound: object, op: object, **extra: object) -> None:
        record = {
            "notebook": self.notebook,
            "statement": _words(statement),
            "op": op if isinstance(op, str) else "?",
            "value": None,
            "bound": None,
            "held": False,
            "enforced": True,
            "seed": self.seed,
            "profile": self.profile,
        }
        try:
            _fill(record, statement, value, bound, extra)
            self._refuse_double(record)
        except _Refused as why:
            record |= {"held": False, "reason": str(why)}
        except Exception as error:
            record |= {"held": False, "reason": f"could not be judged ({type(error).__name__})"}
        if "reason" not in record:
            known = self._recorded(record)
            record["enforced"] = self.profile != "smoke" and (known is None or known.always)
        self._keep(record)

    def _recorded(self, record: dict) -> recorded.Recorded | None:
        try:
            return None if self.rehearsal else recorded.find_claim(self.notebook, record["statement"])
        except Exception:  # a damaged file: `course claims` and the tests say so
            return None

    def _verdict(self, record: dict) -> str:
        if record["enforced"]:
            return "✓" if record["held"] else "✗"
        known = self._recorded(record)
        here = "yes" if record["held"] else "no"
        return f"~ {here} here" + (f", in {known.held} of {known.runs} recorded runs" if known else "")

    def _line(self, record: dict) -> str:
        """What a claim prints; nothing in it depends on the machine but what stands between "here" and "; recorded"."""
        words, known = record["statement"], self._recorded(record)
        if "reason" in record:
            return f"✗ {words} (refused: {record['reason']})"
        if record["enforced"]:
            return f"✓ {words}" if record["held"] else f"✗ {words} (not met: see the claims table)"
        if self.profile == "smoke":
            return f"~ {words} (not judged in smoke)"
        assert known is not None  # what was never recorded is enforced
        spread = f"{spread_text(known.values)}, " if known.values else ""
        return f"~ {words}: here {value_text(record)}; recorded runs: {spread}held in {known.held} of {known.runs}"

    def _refuse_double(self, record: dict) -> None:
        for old in self.records:
            same_words = old["statement"] == record["statement"] and "reason" not in old
            if same_words and _meaning(old) != _meaning(record):
                raise _Refused(f"the same words were claimed as {bound_text(old)}: word this one differently")

    def _keep(self, record: dict) -> None:
        first = not any(old["enforced"] for old in self.records)
        again = [
            i
            for i, old in enumerate(self.records)
            if old["statement"] == record["statement"] and _meaning(old) == _meaning(record)
        ]
        if again:
            self.records[again[0]] = record  # the cell was run once more
        else:
            self.records.append(record)
        print(self._line(record))
        if not self.rehearsal:
            publish({MIME: record})
            if record["enforced"]:
                _remember(record, first)


def failed(record: dict) -> bool:
    """Whether a runner fails on this record: it did not hold, and had to.

    Args:
        record: of a claim (see ``Claims.records``).
    """
    return record["enforced"] and not record["held"]


def single_number(value: object, what: str) -> int | float:
    """``value`` as a finite int or float. Raises ``_Refused`` with a reason that does not depend on the machine.

    Args:
        value: what was given.
        what: it is, for the reason: "bound", say.
    """
    value = _scalar(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refused(f"the {what} is {_kind(value)}, expected one number")
    if not math.isfinite(value):
        raise _Refused(f"the {what} is {'not a number (NaN)' if math.isnan(value) else 'infinite'}")
    return value


def _fill(record: dict, statement: object, value: object, bound: object, extra: dict[str, object]) -> None:
    if not isinstance(statement, str) or not statement.strip():
        raise _Refused("a claim needs a statement in words")
    if record["op"] == "is":
        value, record["bound"] = _scalar(value), True
        if not isinstance(value, bool):
            raise _Refused(f"the value is {_kind(value)}, expected True or False")
        record |= {"value": value, "held": value}
    elif "at_least" in extra:
        _fill_seeds(record, value, bound, extra["at_least"])
    else:
        record["bound"] = single_number(bound, "target" if "tolerance" in extra else "bound")
        if "tolerance" in extra:
            record["tolerance"] = single_number(extra["tolerance"], "tolerance")
            if record["tolerance"] < 0:
                raise _Refused("the tolerance is negative")
        record["value"] = single_number(value, "value")
        if "tolerance" in extra:
            record["held"] = abs(record["value"] - record["bound"]) <= record["tolerance"]
        else:
            record["held"] = bool(_COMPARE[record["op"]](record["value"], record["bound"]))


def _fill_seeds(record: dict, values: object, bound: object, at_least: object) -> None:
    if record["op"] not in _COMPARE:
        raise _Refused(f"unknown comparison {record['op']!r}, expected one of {', '.join(_COMPARE)}")
    record["bound"] = single_number(bound, "bound")
    if isinstance(values, dict):
        record["seeds"], values = [str(seed) for seed in values], list(values.values())
    values = values.tolist() if hasattr(values, "tolist") else values
    if not isinstance(values, list | tuple) or not values:
        raise _Refused("the values are not a non-empty list or {seed: value}")
    if isinstance(at_least, bool) or not isinstance(at_least, int) or not 1 <= at_least <= len(values):
        raise _Refused(f"at_least is {at_least!r}, expected a whole number from 1 to the {len(values)} seeds")
    numbers = [v for v in map(_scalar, values) if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) < len(values):
        raise _Refused("one of the values is not a number")
    holds = sum(math.isfinite(v) and _COMPARE[record["op"]](v, record["bound"]) for v in numbers)
    record |= {
        "value": [v if math.isfinite(v) else None for v in numbers],
        "at_least": at_least,
        "holding": holds,
        "held": holds >= at_least,
    }


def _scalar(value: object) -> object:
    """A one-element numpy or torch value as a Python one; anything else as it is."""
    if type(value) in (bool, int, float, str) or not hasattr(value, "item"):
        return value
    count = value.numel() if hasattr(value, "numel") else getattr(value, "size", 1)
    return value.item() if count == 1 else value


def _kind(value: object) -> str:
    if value is None:
        return "missing (None)"
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__} of shape {tuple(shape)}" if shape is not None else f"of type {type(value).__name__}"


def _words(statement: object) -> str:
    return " ".join(statement.split()) if isinstance(statement, str) and statement.strip() else "(no statement)"


def _meaning(record: dict) -> tuple:
    return record["op"], record["bound"], record.get("tolerance"), record.get("at_least")


def _remember(record: dict, first: bool) -> None:
    from course_lib.learn import progress

    try:
        progress.record_claim(record["notebook"], record["statement"], record["held"], first=first)
    except Exception:  # a learner's progress is a convenience; a claim must not fail because of it
        return
