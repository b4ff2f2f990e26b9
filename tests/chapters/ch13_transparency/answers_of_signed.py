"""Answers to the checks of lesson 13.2."""

import io

import numpy as np
from PIL import Image


def stub(*args):
    raise NotImplementedError("your turn")


def differ(before, after):
    changed = {name for name in before if name in after and before[name] != after[name]}
    return changed, set(after) - set(before), set(before) - set(after)


def by_keys(before, after):
    both = before.keys() & after.keys()
    return [[n for n in both if before[n] != after[n]], after.keys() - before.keys(), before.keys() - after.keys()]


def by_items(before, after):
    moved = {name for name, _ in before.items() ^ after.items()}
    new, lost = {n for n in moved if n not in before}, {n for n in moved if n not in after}
    return moved - new - lost, new, lost


def parts(png):
    at = 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at:end]
        at = end


def wash(png):
    return png[:8] + b"".join(content for name, content in parts(png) if name != b"caBX")


def saved(png):
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).save(file, "PNG")
    return file.getvalue()


def by_array(png):
    file = io.BytesIO()
    Image.fromarray(np.asarray(Image.open(io.BytesIO(png)))).save(file, format="png")
    return bytearray(file.getvalue())


def brighter(png):
    file = io.BytesIO()
    Image.fromarray(np.asarray(Image.open(io.BytesIO(png))) // 2).save(file, "PNG")
    return file.getvalue()


def jpeg(png):
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).save(file, "JPEG")
    return file.getvalue()


RIGHT = {"P": "yes", "Q": "no", "R": "yes", "S": "no"}

ANSWERS = {
    "differences": (
        differ,
        stub,
        {
            "new and lost have changed places": lambda b, a: (differ(b, a)[0], differ(b, a)[2], differ(b, a)[1]),
            "only what is in both": lambda b, a: (set().union(*differ(b, a)), set(a) - set(b), set(b) - set(a)),
            "may have another hash": lambda b, a: (set(), set(a) - set(b), set(b) - set(a)),
            "return three sets": lambda b, a: differ(b, a)[0],
            "a set of names": lambda b, a: (1, 2, 3),
        },
    ),
    "washed_file": (
        wash,
        stub,
        {
            "the label is still there": lambda png: png,
            "the pixels have changed": brighter,
            "this is no PNG": jpeg,
            "no program can open": lambda png: png.replace(b"caBX", b"xxxx"),
            "return the bytes": lambda png: Image.open(io.BytesIO(png)),
        },
    ),
    "follows": (
        RIGHT,
        dict.fromkeys("PQRS", ...),
        {
            "to sign as Ada": RIGHT | {"P": "no"},
            "a photograph as generated": RIGHT | {"Q": "yes"},
            "under a kept label": RIGHT | {"R": "no"},
            "saved again": RIGHT | {"S": "yes"},
        },
    ),
}

RIGHT_TOO = {
    "differences": [by_keys, by_items],
    "washed_file": [saved, by_array],
    "follows": [{k: v.upper() for k, v in RIGHT.items()}, dict(reversed(RIGHT.items()))],
}
