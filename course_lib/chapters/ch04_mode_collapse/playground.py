"""A GAN on points in the plane, to play with: choose data, loss and cure; run it, or let one player step at a time.

After GAN Lab (Kahng et al. 2019), with the training in this kernel. The kernel sends one picture's raw numbers in one
message, goes on training, and sends the next picture when the page says that it has drawn the last.
"""

import functools
from pathlib import Path
from typing import Any

from course_lib.chapters.ch04_mode_collapse.playground_choice import (
    MOST,
    OWN,
    REACH,
    SPEEDS,
    Choice,
    Points,
    cures,
    step_to_pause_at,
)
from course_lib.chapters.ch04_mode_collapse.playground_game import Play
from course_lib.chapters.ch04_mode_collapse.playground_picture import still
from course_lib.chapters.ch04_mode_collapse.playground_player import Player
from course_lib.data.toy import MIXTURES
from course_lib.errors import one_of
from course_lib.losses import LOSSES
from course_lib.machine import headless

STILL_STEPS = 600  # of the picture where nobody watches
STEP_SIZES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1, 1.0)
# The page's program is one module, in parts: its picture, its curves, its drawing board, and what ties them together.
PROGRAM = ("playground_field.js", "playground_curves.js", "playground_board.js", "playground.js")


def playground(
    data: str | Points = "ring",
    loss: str = "non-saturating",
    cure: str = "none",
    lr: float = 1e-3,
    lr_d: float = 1e-3,
    seed: int = 0,
    speed: str = "fast",
    pause_at: int | None = None,
) -> object:
    """A playground whose controls start with these choices; its button *Share* shows the call that opens it as it is.

    Args:
        data: a name of ``MIXTURES``, or points of one's own: 2 to 200 pairs (x, y) with coordinates from −1.25 to 1.25.
        loss: a name of ``LOSSES``.
        cure: a name of ``playground_choice.cures()``.
        lr, lr_d: the step sizes of G and D, above 0.
        seed: of weights, points and latents.
        speed: a name of ``SPEEDS``, from "slow" (a step in 0.4 seconds) to "fast" (as the machine can).
        pause_at: the step at which it pauses; None: none.

    Returns:
        A widget in JupyterLab; where nobody watches, a ``Picture`` of the game after 600 steps, or at ``pause_at``.

    Raises:
        CourseError: for an unknown name, points that do not fit, a step size that is not above 0, a seed that is no
            seed, or a step that is no whole number of at least 1.

    Example:
        >>> from course_lib.chapters.ch04_mode_collapse.playground import playground
        >>> playground([(-1, 0), (1, 0)], speed="quick")
        Traceback (most recent call last):
        course_lib.errors.CourseError: unknown speed 'quick': use one of 'slow', 'steady', 'brisk', 'fast'.
    """
    one_of("speed", speed, SPEEDS)
    last = step_to_pause_at(pause_at)
    play = Play(Choice(data, loss, cure, lr, lr_d, seed))
    if not headless():
        return _widget_class()(play, speed, last)
    while play.step < min(STILL_STEPS, last or STILL_STEPS) and not play.problem:
        play.turn()
    return still(play)


@functools.cache
def _widget_class() -> type:
    import anywidget
    import traitlets

    class Playground(anywidget.AnyWidget):
        """The window; what it shows when no kernel runs is the picture of the game it was made with."""

        _esm = "\n".join(Path(__file__).with_name(part).read_text(encoding="utf-8") for part in PROGRAM)
        _css = Path(__file__).with_name("playground.css")
        menus = traitlets.Dict().tag(sync=True)
        board = traitlets.Dict().tag(sync=True)
        mine: "traitlets.List[list[float]]" = traitlets.List().tag(sync=True)  # what the learner drew, if anything

        def __init__(self, play: Play, speed: str, pause_at: int | None) -> None:
            chosen = {play.choice.lr, play.choice.lr_d}
            super().__init__(
                menus={
                    "data": [*MIXTURES, OWN],
                    "loss": list(LOSSES),
                    "cure": cures(),
                    "rates": sorted({*STEP_SIZES, *chosen}),
                    "speed": {
                        name: f"{1 / s:g} steps a second" if s else "as fast as it can" for name, s in SPEEDS.items()
                    },
                },
                board={"own": OWN, "reach": REACH, "most": MOST},
                mine=play.choice.points,
            )
            self.player = Player(play, lambda header, raw: self.send(header, [raw]), speed=speed, pause_at=pause_at)
            self.on_msg(lambda _, message, buffers: self.player.hear(message))

        def _repr_mimebundle_(self, **options: Any) -> tuple[dict, dict]:
            shown = super()._repr_mimebundle_(**options)
            assert shown is not None  # a widget with a view always shows something
            data, metadata = shown
            picture, about = still(self.player.play)._repr_mimebundle_()
            return {**picture, **data, "text/plain": picture["text/plain"]}, {**about, **metadata}

        def close(self) -> None:
            self.player.close()
            super().close()

    return Playground
