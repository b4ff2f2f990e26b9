"""Whatever a learner's answer is, returns or raises: a check says in one line what is wrong, and never raises."""

import re
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_answers import EVERY, TABLES, checks, verdict


class Hostile:
    """Whatever is asked of it, it raises."""

    def _refuse(self, *args, **kwargs):
        raise RuntimeError("no\nand no again")

    __eq__ = __bool__ = __len__ = __float__ = __int__ = __iter__ = __repr__ = __str__ = _refuse
    __getitem__ = __array__ = _refuse
    __hash__ = object.__hash__


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError("no text")


class Leaves(BaseException):
    """Like pytest's and asyncio's: not an Exception."""


def itself():
    endless = []
    endless.append(endless)
    return endless


NAN, INF = float("nan"), float("inf")
VALUES = {
    "nothing": None,
    "dots": ...,
    "text": "a text",
    "empty text": "",
    "bytes": b"12",
    "zero": 0,
    "true": True,
    "a number": -7.25,
    "huge": 10**400,
    "nan": NAN,
    "inf": INF,
    "complex": 3 + 4j,
    "empty list": [],
    "ragged": [[1.0], [1, 2]],
    "list of texts": ["a", "b"],
    "list of nothing": [None, None],
    "pair": (1.0, 2.0),
    "pair of nan": (NAN, NAN),
    "pair of texts": ("1", "2"),
    "dict": {"A": 1},
    "dict of dots": {"A": ...},
    "set": {1, 2},
    "object": object(),
    "type": int,
    "function": len,
    "error": ValueError("returned, not raised"),
    "itself": itself(),
    "range": range(3),
    "hostile": Hostile(),
    "list of hostile": [Hostile()],
    "iterator": iter([1.0]),
    "module": torch,
    "no entries": torch.empty(0),
    "no rows": torch.empty(0, 3),
    "tensor of nan": torch.full((4, 1), NAN),
    "one nan": torch.tensor(NAN),
    "one inf": torch.tensor(INF),
    "nan with slope": torch.tensor(NAN, requires_grad=True),
    "complex tensor": torch.ones(4, 1) * 1j,
    "bools": torch.ones(4, 1) > 0,
    "whole": torch.arange(6),
    "many axes": torch.zeros((1,) * 9),
    "wrong shape": torch.zeros(5, 7),
    "half": torch.ones(4, 1).half(),
    "sparse": torch.eye(3).to_sparse(),
    "nowhere": torch.ones(2, 3, device="meta"),
    "one": torch.ones(1, 1),
    "with slope": torch.ones((), requires_grad=True) * 5,
    "objects": np.array([None, "a"], object),
    "numpy text": np.str_("x"),
    "numpy nan": np.float32(NAN),
    "numpy date": np.datetime64("2026-01-01"),
    "numpy complex": np.complex64(1j),
    "numpy array": np.zeros((4, 1)),
    "numpy empty": np.zeros(0),
}


def raising(error):
    def answer(*args):
        raise error

    return answer


def endless(*args):
    return endless(*args)


def spoils(*args):
    """Overwrites whatever it is given."""
    for one in args:
        if isinstance(one, torch.Tensor):
            with torch.no_grad():
                one.fill_(NAN) if one.is_floating_point() else one.zero_()
        elif isinstance(one, list | dict):
            one.clear()
    return args[0]


def calls(*args):
    """Calls whatever can be called, with nonsense."""
    return [one(None) for one in args if callable(one)]


async def later(*args):
    return 1.0


def yields(*args):
    yield 1.0


FUNCTIONS = {
    **{
        f"raises {type(e).__name__}": raising(e)
        for e in (
            ValueError("two\nlines"),
            SystemExit(1),
            GeneratorExit(),
            StopIteration(),
            MemoryError(),
            Unspeakable(),
            Leaves(),
            AssertionError(),
            RuntimeError(""),
            KeyError("k"),
            RecursionError("deep"),
            UnicodeDecodeError("a", b"", 0, 1, ""),
        )
    },
    "endless": endless,
    "spoils": spoils,
    "calls": calls,
    "gives back": lambda *a: a[0],
    "gives all back": lambda *a: a,
    "last one": lambda *a: a[-1],
    "no arguments": lambda: 1.0,
    "one too many": lambda a, b, c, d, e, f, g: 1.0,
    "yields": yields,
    "class": Hostile,
    "builtin": max,
    "instance": Hostile(),
}


def given_to(number, name, value):
    """The value itself where an answer is a value, else a function that returns it."""
    return (lambda *args: value) if checks(number)._found[name].function else value


def refused(number, name, answer):
    """What is wrong with the verdict on an answer that is not right; None when it is as it should be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mark, sentence = verdict(number, name, answer)
    if mark not in "✗○":
        return f"{mark} {sentence}"
    proper = isinstance(sentence, str) and 8 < len(sentence) < 700 and "\n" not in sentence
    return None if proper and not re.search(r"course_lib|/tmp|Traceback", sentence) else f"says: {sentence!r}"


@pytest.mark.parametrize(("number", "name"), EVERY)
def test_no_value_and_no_error_breaks_a_check(number, name):
    answers = {what: given_to(number, name, value) for what, value in VALUES.items()}
    if checks(number)._found[name].function:
        answers |= FUNCTIONS
    if name == "detach":  # an answer that only acts may return anything, and is judged by what it did
        assert refused(number, name, answers["zero"]) is None
    assert {what: wrong for what, answer in answers.items() if (wrong := refused(number, name, answer))} == {}


SPOILT = {
    "nan": lambda x: x * NAN,
    "complex": lambda x: x * (1 + 0j),
    "text": str,
    "in a dict": lambda x: {"answer": x},
    "twice": lambda x: torch.stack([torch.as_tensor(x)] * 2),
    "and nothing": lambda x: [x, None],
    "other": lambda x: torch.as_tensor(x).double() * 1.01 + 0.37,
}
OF_NUMBERS = [
    (n, name)
    for n, name in EVERY
    if checks(n)._found[name].function
    and checks(n)._found[name].returns
    and name not in ("lucky_fill", "a1", "fair", "shapley")
]


@pytest.mark.parametrize(("number", "name"), OF_NUMBERS)
def test_a_right_answer_that_is_spoilt_fails(number, name):
    right = TABLES[number][0][name][0]
    for what, spoil in SPOILT.items():
        assert refused(number, name, lambda *args, spoil=spoil: spoil(right(*args))) is None, what


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | st.binary()
    | st.lists(st.integers(0, 3), max_size=4).map(lambda size: torch.full(size, 0.123))
    | st.lists(st.integers(0, 3), max_size=4).map(lambda size: np.full(size, NAN)),
    lambda some: st.lists(some, max_size=4) | st.tuples(some, some) | st.dictionaries(st.sampled_from("ABCD"), some),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(value=anything)
def test_no_check_breaks_on_any_value(value):
    for number, name in EVERY:
        assert refused(number, name, given_to(number, name, value)) is None, (number, name)
