"""What the builder does to a cell's outputs, one output at a time."""

import os

import pytest
from nbformat.v4 import new_code_cell, new_output

from course_lib.tools.outputs import clean

BAR = "before\n10 %\r 50 %\r100 %\r\nafter\n"


def stream(text, name="stdout"):
    return new_output("stream", text=text, name=name)


def cleaned(*outputs, **metadata):
    cell = new_code_cell("x", outputs=list(outputs), metadata=metadata)
    faults, notes = clean(cell, "/nowhere/course-1")
    return cell.outputs, faults, notes


def test_streams_around_standard_error_become_one():
    outputs, faults, notes = cleaned(stream("one\n"), stream("\r 3 %\r100 %", "stderr"), stream("two\n"))
    assert [o.text for o in outputs] == ["one\ntwo\n"]
    assert faults == notes == []


def test_what_a_bar_overwrote_is_gone():
    outputs, _, _ = cleaned(stream(BAR))
    assert outputs[0].text == "before\n100 %\nafter\n"


@pytest.mark.parametrize("cut", range(1, len(BAR)))
def test_where_a_message_ends_does_not_matter(cut):
    outputs, _, _ = cleaned(stream(BAR[:cut]), stream(BAR[cut:]))
    assert [o.text for o in outputs] == ["before\n100 %\nafter\n"]


def test_a_warning_is_dropped_with_a_note():
    outputs, faults, notes = cleaned(stream("here/x.py:2: UserWarning: look\n  code\n", "stderr"))
    assert (outputs, faults) == ([], [])
    assert notes == ["stderr dropped: here/x.py:2: UserWarning: look"]


def test_a_widget_leaves_only_its_picture():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "IntSlider()"}
    outputs, _, _ = cleaned(new_output("display_data", data=view))
    assert outputs == []
    outputs, _, _ = cleaned(new_output("display_data", data={**view, "text/html": "<b>still</b>"}))
    assert outputs[0].data == {"text/plain": "IntSlider()", "text/html": "<b>still</b>"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<object object at 0x7f3a5c0b1d20>", "memory address"),
        ("<torch.Generator object at 1>", "memory address"),
        ("saved to /nowhere/course-1/work/a.txt", "folder of this machine"),
        (os.getcwd(), "folder of this machine"),
        ("look at 0x7f", None),
        ("data/zoo/manifest.json", None),
    ],
)
def test_what_differs_from_run_to_run_is_a_fault(text, fault):
    for output in (stream(text), new_output("execute_result", data={"text/plain": text})):
        _, faults, _ = cleaned(output)
        assert len(faults) == (fault is not None)
        assert all(fault in one for one in faults)


@pytest.mark.parametrize(
    ("own", "of_the_cell", "expected"),
    [
        ("own words", None, "own words"),
        ("own words", "the cell's", "own words"),
        (None, "the cell's", "the cell's"),
        (" ", "the cell's", "the cell's"),
        (None, None, ""),
    ],
)
def test_alt_text(own, of_the_cell, expected):
    metadata = {"image/svg+xml": {"alt": own}} if own is not None else {}
    picture = new_output("display_data", data={"image/svg+xml": "<svg/>"}, metadata=metadata)
    outputs, faults, _ = cleaned(picture, **({"alt": of_the_cell} if of_the_cell else {}))
    assert outputs[0].metadata["image/svg+xml"]["alt"] == expected
    assert bool(faults) is not bool(expected)
