"""Every lie of chapter 13 and the points of an audit that find it, over five honest runs (`course record lies`)."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from course_lib import audit, zoo
from course_lib.chapters.ch13_transparency import doctored, small
from course_lib.data import load
from course_lib.files import write_recorded
from course_lib.runtime import Runtime

SEEDS = tuple(range(100, 105))
STEPS, SAMPLES, PICKED = 1000, 1000, 5
WORDS = {"intended use": "Teaching.", "out of scope": "Reading cheques.", "licence": "mit", "ethics": "None known."}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    samples: int = SAMPLES,
    picked: int = PICKED,
) -> None:
    """Write ``data/runs/lies.json``: ``runs[lie][seed]`` → points that find it.

    Args:
        seeds: each is an honest run.
        tell: is given a line after each.
        steps: of a training.
        samples: of each draw of the measures.
        picked: trainings of which one lie publishes the best.
    """
    runtime = Runtime.auto(device="cpu")
    data, heldout, judge = load("digits", runtime), load("digits", runtime, split="test"), zoo.load("judge")

    def train(folder: Path, seed: int) -> audit.Run:
        recipe = small.recipe(seed, steps)
        here = runtime.with_seed(seed)
        run = audit.train(folder, recipe, data, heldout, judge, here, name="digits", words=WORDS, samples=samples)
        (folder / doctored.CARD).write_text(audit.card(run), encoding="utf-8")
        return run

    runs: dict[str, dict[str, list[str]]] = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as place:
            top = Path(place)
            honest = train(top / "honest", seed)
            first = audit.audit(honest, data, heldout, judge, runtime)

            def found(name: str, run: audit.Run, first: list[audit.Finding] = first, seed: int = seed) -> None:
                points = doctored.caught_by(audit.audit(run, data, heldout, judge, runtime), first)
                runs.setdefault(name, {})[str(seed)] = points

            found("no lie", honest)
            for i, (name, change) in enumerate(doctored.LIES.items()):
                found(name, doctored.lie(honest, top / f"lie{i}", change))
            found("a smaller distance, on the card only", doctored.on_the_card_only(honest, top / "card"))
            found("one bit of the weights flipped", doctored.flipped(honest, top / "bit"))
            longer = doctored.other_weights(honest, top / "longer", data, heldout, judge, runtime)
            found("weights of three times the steps", longer)
            games = [honest, *(train(top / f"game{i}", seed + 1000 + i) for i in range(1, picked))]
            best = min(games, key=lambda run: run.facts["measures"]["frechet"]["value"])
            found(f"the best of {picked} seeds", best)
        settings = {"steps": steps, "samples": samples, "picked": picked}
        write_recorded("lies", settings, runs)
        tell(f"lies, seed {seed}: {sum(bool(one[str(seed)]) for one in runs.values())} of {len(runs) - 1} are found")
