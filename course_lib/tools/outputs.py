"""Make a cell's outputs fit to be committed: small, the same on each build, readable without a kernel."""

import base64
import os
import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from course_lib import files
from course_lib.tools.png import shrink

_WIDGET = "application/vnd.jupyter.widget-view+json"
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}|<[\w.]+ object at ")
_OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)


def clean(cell: NotebookNode, scratch: str) -> tuple[list[str], list[str]]:
    """Clean a cell's outputs in place.

    Standard error is dropped (progress bars, warnings with this machine's paths), streams are merged, widgets leave
    only their static picture, PNGs shrink and get the cell's ``alt`` text where they carry none.

    Args:
        cell: an executed code cell.
        scratch: the folder that it ran in.

    Returns:
        What must be repaired in the source before it can be committed, and what was dropped and should be looked at.
    """
    faults: list[str] = []
    notes: list[str] = []
    kept: list[NotebookNode] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            _stream(output, kept, notes)
        elif output.output_type in ("display_data", "execute_result"):
            output.pop("transient", None)
            if _WIDGET in output.data:
                del output.data[_WIDGET]
                if set(output.data) <= {"text/plain"}:
                    continue
            _picture(output, cell, faults)
            kept.append(output)
        else:
            kept.append(output)
    cell.outputs = kept
    faults += _private(kept, scratch)
    return faults, notes


def texts(output: NotebookNode) -> list[str]:
    """Every text of an output that a reader can see.

    Args:
        output: of an executed cell.
    """
    if output.output_type == "stream":
        return [output.text]
    return [text for mime, text in output.get("data", {}).items() if mime.startswith("text/")]


def _stream(output: NotebookNode, kept: list[NotebookNode], notes: list[str]) -> None:
    if output.name == "stderr":
        if "\r" not in output.text and output.text.strip():
            notes.append(f"stderr dropped: {output.text.strip().splitlines()[0]}")
        return
    if kept and kept[-1].output_type == "stream":
        kept[-1].text += output.text
    else:
        kept.append(output)
    # On the merged text: a slow kernel sends what was overwritten and what overwrites it as two messages.
    kept[-1].text = _OVERWRITTEN.sub("", kept[-1].text.replace("\r\n", "\n"))


def _picture(output: NotebookNode, cell: NotebookNode, faults: list[str]) -> None:
    for mime in [mime for mime in output.data if mime.startswith("image/")]:
        if mime == "image/png":
            png = shrink(base64.b64decode(output.data[mime]))
            output.data[mime] = base64.b64encode(png).decode()
        described = output.setdefault("metadata", NotebookNode()).setdefault(mime, NotebookNode())
        if not str(described.get("alt", "")).strip():
            described["alt"] = str(cell.metadata.get("alt", "")).strip()
        if not described["alt"]:
            faults.append('shows a picture without alt text: use course_lib.show, or write `# %% alt="..."`')


def _private(outputs: list[NotebookNode], scratch: str) -> list[str]:
    places = {scratch, sys.prefix, str(files.repo_root() or scratch), str(Path.home()), os.getcwd()} - {"/", ""}
    for text in (text for output in outputs for text in texts(output)):
        if match := _ADDRESS.search(text):
            return [f"prints a memory address (`{match.group()}`), another one in each run: show something else"]
        if found := next((place for place in sorted(places) if place in text), None):
            return [f"prints a folder of this machine ({found}): show the last part of the path only"]
    return []
