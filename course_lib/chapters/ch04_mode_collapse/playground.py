"""A GAN on points in the plane, to play with: choose data, loss and cure; run it, or let one player step at a time.

After GAN Lab (Kahng et al. 2019), with the training in this kernel. The kernel sends one picture's raw numbers in one
message, goes on training, and sends the next picture when the page says that it has drawn the last.
"""

import asyncio
import functools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.chapters.ch04_mode_collapse.playground_game import MIXTURES, PUSHED, SEEN, SIDE, Choice, Play, cures
from course_lib.chapters.ch04_mode_collapse.playground_picture import found, still
from course_lib.errors import CourseError
from course_lib.losses import LOSSES, fact
from course_lib.machine import headless
from course_lib.training.records import interrupts_held

STILL_STEPS = 600  # of the picture where nobody watches
# Seconds from one picture to the next, at least; for which it trains on while pictures wait to be drawn (a hidden tab
# draws none); of a step in slow motion.
FRAME, PATIENCE, SLOW = 1 / 30, 2, 0.4
ON_THE_WAY = 6  # pictures that may be sent before the page, which answers each third, says that it has drawn one
ALONE = {
    "d": "D alone stepped: its colours changed, the triangles stayed.",
    "g": "G alone stepped: the triangles moved, D's colours stayed.",
}
STEP_SIZES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1, 1.0)


def playground(
    data: str = "ring",
    loss: str = "non-saturating",
    cure: str = "none",
    lr: float = 1e-3,
    lr_d: float = 1e-3,
    seed: int = 0,
) -> object:
    """A playground whose controls start with these choices.

    Args:
        data: a name of ``MIXTURES``.
        loss: a name of ``LOSSES``.
        cure: a name of ``playground_game.cures()``.
        lr, lr_d: the step sizes of G and D, above 0.
        seed: of weights, points and latents.

    Returns:
        A widget in JupyterLab; where nobody watches, a ``Picture`` of the game after 600 steps.

    Raises:
        CourseError: for an unknown name, a step size that is not above 0, or a seed that is no seed.
    """
    play = Play(Choice(data, loss, cure, lr, lr_d, seed))
    if not headless():
        return _widget_class()(play)
    while play.step < STILL_STEPS and not play.problem:
        play.turn()
    return still(play)


class Player:
    """Plays in the kernel's own event loop, step by step, so that messages and other cells come in between.

    A thread would share torch's global random numbers with the cells; here a step is whole before anything else runs.
    ``hear`` may be called from any thread: JupyterLab delivers widgets' messages to threads of their own.

    Args:
        play: the game that is played.
        send: ``send(header, raw)`` gives one picture to the page.
        clock: seconds, from any beginning.
    """

    playing: "Player | None" = None  # one at a time: two would halve each other's speed

    def __init__(
        self, play: Play, send: Callable[[dict, bytes], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.play, self.send, self.clock = play, send, clock
        self.running = self.slow = self.closed = False
        self.stale, self.status = False, "Press Run (space), or let one player step alone: D (key d), G (key g)."
        self.sent = self.drawn = 0  # number of the last picture that was sent, and that the page has drawn
        self.sent_at = self.stepped_at = 0.0
        self.wishes: deque[dict] = deque()
        self.task: asyncio.Task[None] | None = None
        self.loop = asyncio.get_running_loop()

    def hear(self, message: dict) -> None:
        """Note a message of the page and see to it that the loop wakes up; nothing is computed here.

        Args:
            message: what the page says: ``{"do", …}``.
        """
        if message.get("do") == "drawn":
            self.drawn = message["frame"]
        else:
            self.wishes.append(message)
        self.loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """See to it that somebody works; called in the loop's own thread."""
        if self.task is None or self.task.done():
            self.task = self.loop.create_task(self.work())

    async def work(self) -> None:
        """Until there is nothing to do; :meth:`hear` wakes it again."""
        while not self.closed:
            try:
                with interrupts_held():
                    pause = self.once()
            except KeyboardInterrupt:
                pause = self.stop("Paused by the kernel's interrupt")
            except Exception as problem:  # an error in a task would be lost without a word
                why = f"Stopped by an error ({type(problem).__name__}: {problem})"
                if self.status.startswith(why):  # the same again, now that it is to be shown: give up
                    return
                pause = self.stop(why)
            if pause is None:
                return
            await asyncio.sleep(pause)

    def once(self) -> float | None:
        """Grant all wishes, train one step, show a picture, each if due.

        Returns:
            Seconds to wait; None: sleep.
        """
        while self.wishes:
            self.grant(self.wishes.popleft())
        now, waiting = self.clock(), self.sent - self.drawn >= ON_THE_WAY
        if waiting and (not self.running or now - self.sent_at > PATIENCE):
            return None  # the page's next word wakes us
        if self.running and (not self.slow or now - self.stepped_at >= SLOW):
            self.play.turn()
            self.stepped_at, self.stale = now, True
            if self.play.problem:
                self.stop()
        if self.stale and not waiting and now - self.sent_at >= FRAME:
            self.show()
        return None if not (self.running or self.stale) else 0.01 if self.slow or not self.running else 0

    def stop(self, why: str = "Paused") -> float:
        """End the run; the status line says why.

        Args:
            why: the beginning of that line.

        Returns:
            The seconds to wait until the picture of it is sent.
        """
        self.running, self.stale = False, True
        self.status = self.play.problem or f"{why} at step {self.play.step:,}: {found(self.play)}."
        return 0

    def grant(self, wish: dict) -> None:
        """Do what a message of the page asks for.

        Args:
            wish: ``{"do", "value"}``.
        """
        do, value, self.stale = wish.get("do"), wish.get("value"), True
        if do == "hello":  # a new view of the page: it has drawn nothing yet and waits for a picture
            self.drawn = self.sent
        elif do == "run" and not self.play.problem:
            if Player.playing not in (None, self) and Player.playing.running:
                Player.playing.stop("Paused, because another playground runs,")
                Player.playing.wake()
            Player.playing, self.running = self, True
            self.status = "Running: each step, D learns to tell circles from triangles, then G moves its triangles."
        elif do == "pause" and self.running:
            self.stop()
        elif do == "slow":
            self.slow = bool(value)
        elif do in ALONE:
            self.play.turn(do)
            self.running, self.status = False, self.play.problem or ALONE[do]
        elif do in ("reset", "choose"):
            try:
                self.choose(replace(self.play.choice, **(value or {})), do == "reset")
            except CourseError as problem:
                self.status = str(problem)

    def choose(self, choice: Choice, anew: bool) -> None:
        """A new game, unless only step sizes change: these are felt from the next step on.

        Args:
            choice: what is to be played.
            anew: begin again even so.
        """
        if not anew and replace(choice, lr=1, lr_d=1) == replace(self.play.choice, lr=1, lr_d=1):
            self.play.choice = choice
            self.play.set_rates(choice.lr, choice.lr_d)
        else:
            self.play, self.status = Play(choice), f"A new game from step 0{': running' * self.running}."

    def show(self) -> None:
        """Send one picture: float32 real, generated ``(SEEN, 2)``, push, curve ``(rows, 5)``; uint16 field."""
        play, view, curve = self.play, self.play.view(), self.play.curve()
        self.sent, self.sent_at, self.stale = self.sent + 1, self.clock(), False
        header = {
            "frame": self.sent,
            "n": SEEN,
            "pushed": PUSHED,
            "side": SIDE,
            "rows": len(curve),
            "extent": play.extent,
            "step": play.step,
            "chosen": asdict(play.choice),
            "running": self.running,
            "slow": self.slow,
            "status": self.status,
            "failed": bool(play.problem),
            "of": play.report.of,
            "found": found(play),
            "probability": fact(play.game.loss, "log_odds"),
            "outside": int((np.abs(view.fake) > play.extent).any(1).sum()),
        }
        parts = (view.real, view.fake, view.push, curve, view.field)
        self.send(header, b"".join(np.ascontiguousarray(part).tobytes() for part in parts))

    def close(self) -> None:
        """End the run and the work for good."""
        self.closed = True
        self.running = False


@functools.cache
def _widget_class() -> type:
    import anywidget
    import traitlets

    class Playground(anywidget.AnyWidget):
        """The window; what it shows when no kernel runs is the picture of the game it was made with."""

        _esm = Path(__file__).with_name("playground.js")
        menus = traitlets.Dict().tag(sync=True)

        def __init__(self, play: Play) -> None:
            chosen = {play.choice.lr, play.choice.lr_d}
            super().__init__(
                menus={
                    "data": list(MIXTURES),
                    "loss": list(LOSSES),
                    "cure": cures(),
                    "rates": sorted({*STEP_SIZES, *chosen}),
                }
            )
            self.player = Player(play, lambda header, raw: self.send(header, [raw]))
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
