"""Plays the playground's game in the kernel's own event loop: run, pause, speed, and what the status line says."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_lib.chapters.ch04_mode_collapse.playground_choice import SPEEDS, Choice, step_to_pause_at, written
from course_lib.chapters.ch04_mode_collapse.playground_game import PUSHED, SEEN, SIDE, Play
from course_lib.chapters.ch04_mode_collapse.playground_picture import found
from course_lib.errors import CourseError, one_of
from course_lib.losses import fact
from course_lib.training.records import interrupts_held

# Seconds from one picture to the next, at least; for which it trains on while pictures wait to be drawn (a hidden tab
# draws none); for which a note of what was just done is shown while it runs.
FRAME, PATIENCE, NOTED = 1 / 30, 2, 5
ON_THE_WAY = 6  # pictures that may be sent before the page, which answers each third, says that it has drawn one
ALONE = {
    "d": "D alone stepped: its colours changed, the triangles stayed.",
    "g": "G alone stepped: the triangles moved, D's colours stayed.",
}


class Player:
    """Plays step by step, so that messages and other cells come in between.

    A thread would share torch's global random numbers with the cells; here a step is whole before anything else runs.
    ``hear`` may be called from any thread: JupyterLab delivers widgets' messages to threads of their own.

    Args:
        play: the game that is played.
        send: ``send(header, raw)`` gives one picture to the page.
        clock: seconds, from any beginning.
        speed: a name of ``SPEEDS``.
        pause_at: the step at which it pauses, or None.

    Raises:
        CourseError: for an unknown speed, or a step that is no whole number of at least 1.
    """

    playing: "Player | None" = None  # one at a time: two would halve each other's speed

    def __init__(
        self,
        play: Play,
        send: Callable[[dict, bytes], None],
        clock: Callable[[], float] = time.monotonic,
        speed: str = "fast",
        pause_at: int | None = None,
    ) -> None:
        self.play, self.send, self.clock = play, send, clock
        self.speed, self.pause_at = one_of("speed", speed, SPEEDS), step_to_pause_at(pause_at)
        self.running = self.stale = self.closed = False
        self.note, self.noted_at = "", 0.0  # what was just done, and when
        self.sent = self.drawn = 0  # number of the last picture that was sent, and that the page has drawn
        self.sent_at = self.due = 0.0  # when the last picture was sent, when the next step is due
        self.wishes: deque[dict] = deque()
        self.task: asyncio.Task[None] | None = None
        self.loop = asyncio.get_running_loop()

    @property
    def status(self) -> str:
        """What was just done, and what is the case now."""
        old = self.running and self.clock() - self.noted_at > NOTED
        return f"{'' if old else self.note} {self._state()}".strip()

    def _state(self) -> str:
        """What is the case, made anew from the game each time: it cannot be out of date."""
        step = self.play.step
        if self.play.problem:
            return self.play.problem
        if self.running:
            until = f" It pauses at step {self.pause_at:,}." if self.pause_at and self.pause_at > step else ""
            return f"Running: each step, D learns to tell circles from triangles, then G moves its triangles.{until}"
        if step == 0:
            return "At step 0: press Run (space), or let one player step alone: D (key d), G (key g)."
        return f"Paused at step {step:,}: {found(self.play)}."

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
                pause = self.stop("The kernel's interrupt paused it.")
            except Exception as problem:  # an error in a task would be lost without a word
                why = f"An error stopped it ({type(problem).__name__}: {problem})."
                if self.note == why:  # the same again, now that it is to be shown: give up
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
        if self.running and now >= self.due:
            self._step(now)
        if self.stale and not waiting and now - self.sent_at >= FRAME:
            self.show()
        if self.running:
            return min(0.01, max(0.0, self.due - now))
        return 0.01 if self.stale else None

    def _step(self, now: float) -> None:
        """One step of both, and an end where there is a reason for it."""
        self.play.turn()
        pause = SPEEDS[self.speed]
        self.due = (self.due if now - self.due <= pause else now) + pause  # it keeps time unless it is late anyhow
        self.stale = True
        if self.play.problem:
            self.stop()
        elif self.play.step == self.pause_at:
            self.stop("It has come to the step you named.")

    def say(self, note: str) -> None:
        """Set the note of what was just done.

        Args:
            note: whole sentences, or nothing.
        """
        self.note, self.noted_at, self.stale = note, self.clock(), True

    def stop(self, why: str = "") -> float:
        """End the run.

        Args:
            why: a sentence, where nobody pressed Pause.

        Returns:
            The seconds to wait until the picture of it is sent.
        """
        self.running = False
        self.say(why)
        return 0

    def grant(self, wish: dict) -> None:
        """Do what a message of the page asks for; what cannot be is told, and nothing is changed.

        Args:
            wish: ``{"do", "value"}``.
        """
        self.stale = True
        try:
            self._do(str(wish.get("do")), wish.get("value"))
        except CourseError as problem:
            self.say(str(problem))

    def _do(self, do: str, value: object) -> None:
        if do == "hello":  # a new view of the page: it has drawn nothing yet and waits for a picture
            self.drawn = self.sent
        elif do == "run" and not self.play.problem:
            if Player.playing not in (None, self) and Player.playing.running:
                Player.playing.stop("It gave way, because another playground runs.")
                Player.playing.wake()
            Player.playing, self.running, self.due = self, True, 0.0
            self.say("")
        elif do == "pause" and self.running:
            self.stop()
        elif do == "speed":
            self.speed, self.due = one_of("speed", str(value), SPEEDS), 0.0
        elif do == "pause_at":
            self.pause_at = step_to_pause_at(value)
            passed = self.pause_at and self.pause_at <= self.play.step
            self.say(f"Step {self.pause_at:,} has passed: it counts again after Reset." if passed else "")
        elif do in ALONE:
            self.play.turn(do)
            self.stop("" if self.play.problem else ALONE[do])
        elif do in ("reset", "choose"):
            self.choose(replace(self.play.choice, **(value if isinstance(value, dict) else {})), do == "reset")

    def choose(self, choice: Choice, anew: bool) -> None:
        """A new game, unless only step sizes change: these are felt from the next step on.

        Args:
            choice: what is to be played.
            anew: begin again even so.
        """
        if not anew and choice == self.play.choice:
            self.say("")
        elif not anew and replace(choice, lr=1, lr_d=1) == replace(self.play.choice, lr=1, lr_d=1):
            self.play.choice = choice
            self.play.set_rates(choice.lr, choice.lr_d)
            self.say("The step sizes count from the next step on.")
        else:
            self.play = Play(choice)
            own = f" on your {len(choice.points)} points, each of them a mode," * bool(choice.points)
            self.say(f"A new game{own} began.")

    def show(self) -> None:
        """Send one picture: float32 real, generated ``(SEEN, 2)``, push, curve ``(rows, 5)``; uint16 field."""
        if not self.running or SPEEDS[self.speed]:
            self.play.count()  # where somebody can read it, it is of this very step
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
            "chosen": vars(play.choice) | {"data": play.data.name},
            "running": self.running,
            "speed": self.speed,
            "pause_at": self.pause_at,
            "line": written(play.choice, self.speed, self.pause_at),
            "status": self.status,
            "failed": bool(play.problem),
            "of": play.report.total,
            "found": found(play),
            "modes": play.report.modes,
            "on_a_mode": play.report.high_quality,
            "probability": fact(play.game.loss, "log_odds"),
            "outside": int((np.abs(view.fake) > play.extent).any(1).sum()),
        }
        parts = (view.real, view.fake, view.push, curve, view.field)
        self.send(header, b"".join(np.ascontiguousarray(part).tobytes() for part in parts))

    def close(self) -> None:
        """End the run and the work for good."""
        self.closed = True
        self.running = False
