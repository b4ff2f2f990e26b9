"""Marks over five keys: heard after edits, in a generator, averaged away and forged (`course record watermarks`).

Each seed is another key, other pictures, and the zoo's DCGAN trained on to draw the mark: a free key, and a tiled one.
"""

import time
from collections.abc import Callable
from typing import Any

from course_lib import zoo
from course_lib.audit import watermark
from course_lib.audit.detector import cut_off, rate
from course_lib.audit.edits import shifted_by
from course_lib.chapters.ch13_transparency import marking
from course_lib.data import load
from course_lib.files import runs_so_far, write_recorded
from course_lib.metrics import judge_outputs
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))  # the reporting seeds; nothing was tuned on them
STRENGTHS = (0.05, 0.1, 0.2)
COLLECTED = (1, 3, 10, 30, 100)
KEYS = {"free": None, "tiled": 4}
SETTINGS: dict[str, Any] = {
    "generator": "the zoo's dcgan-digits",
    "threshold": "1 % of 4,000 training digits lie above it",
    "trained": "200 steps of 32 latents, Adam 1e-3, target twice the threshold",
    "strengths": list(STRENGTHS),
    "collected": list(COLLECTED),
    "attack": "the guess is subtracted once, or added 1.5 times",
}


def record(
    seeds: tuple[int, ...] = SEEDS, tell: Callable[[str], None] = print, *, pictures: int = 1000, steps: int = 200
) -> None:
    """Write ``data/runs/watermarks.json``: ``runs[seed]`` → part → numbers. It goes on where it stopped.

    Args:
        seeds: each another key.
        tell: is given a line after each.
        pictures: marked ones of each kind.
        steps: of the generator's training.
    """
    settings = SETTINGS | {"pictures": pictures, "steps": steps}
    runs = runs_so_far("watermarks", settings)
    for seed in seeds:
        if str(seed) in runs:
            continue
        began = time.process_time()
        runs[str(seed)] = _one(Runtime.auto(seed=seed, device="cpu"), pictures, steps)
        write_recorded("watermarks", settings, runs)
        tell(f"seed {seed} ({time.process_time() - began:.0f} s)")


def _one(runtime: Runtime, pictures: int, steps: int) -> dict[str, Any]:
    data, real = load("digits", runtime).images, load("digits", runtime, split="test").images
    judge, generator = zoo.load("judge"), zoo.load("dcgan-digits").generator
    clean = marking.drawn(generator, pictures, runtime.seed)
    key = watermark.new_key(runtime.seed)
    found: dict[str, Any] = {"heard": {}, "psnr": {}, "same reading": {}}
    for strength in STRENGTHS:
        marked = watermark.mark(clean, key, strength)
        found["psnr"][str(strength)] = round(watermark.psnr(clean, marked), 2)
        found["same reading"][str(strength)] = round(marking.same_reading(clean, marked, judge), 4)
        found["heard"][str(strength)] = {
            how: marking.survival(marked, key, data, side) for how, side in marking.LISTENING.items()
        }
    marked = watermark.mark(clean, key)
    threshold = cut_off(watermark.hear(data, key), marking.FALSE_ALARMS)
    found["false alarms"] = {
        "held-out real": rate(watermark.hear(real, key), threshold),
        "unmarked fakes": rate(watermark.hear(clean, key), threshold),
        "wrong keys": marking.wrongly_heard(marked, marking.control_keys(runtime.seed), data),
    }
    anew = cut_off(watermark.hear_shifted(data, key), marking.FALSE_ALARMS)
    found["nine places"] = {
        "false alarms, old threshold": rate(watermark.hear_shifted(real, key), threshold),
        "false alarms, new threshold": rate(watermark.hear_shifted(real, key), anew),
        "heard after a shift": rate(watermark.hear_shifted(shifted_by(marked), key), anew),
    }
    fresh = watermark.mark(marking.drawn(generator, pictures, runtime.seed + 500), key)
    found["averaged"] = {str(n): marking.attacked(marked[:n], data, key, real, fresh) for n in COLLECTED}
    found["averaged, none marked"] = {
        str(n): marking.attacked(clean[:n], data, key, real, fresh) for n in COLLECTED
    }  # the control: as much is subtracted, and no key is in it
    features = judge_outputs(real, judge)[1]
    found["distance"] = {"no mark": round(marking.distance(clean, features, judge), 2)}
    found["trained"] = {}
    for name, tile in KEYS.items():
        one = watermark.new_key(runtime.seed, tile=tile)
        trained = watermark.train_mark(generator, one, runtime, target=marking.target(one, data), steps=steps)
        images = marking.drawn(trained, pictures, runtime.seed)
        found["distance"] |= {
            f"{name}, in the pixels": round(marking.distance(watermark.mark(clean, one), features, judge), 2),
            f"{name}, trained": round(marking.distance(images, features, judge), 2),
        }
        others = [key for key in marking.control_keys(runtime.seed, tile) if not key.equal(one)]
        found["trained"][name] = {
            "heard": marking.survival(images, one, data),
            "psnr": round(watermark.psnr(clean, images), 2),
            "wrong keys": marking.wrongly_heard(images, others, data),
            "averaged": marking.attacked(images[:30], data, one, real, images[pictures // 2 :]),
        }
    return found
