"""What the playground plays, without its window: a small game on a toy mixture, one turn of it, and what is seen of it.

Looking never changes the game: what it moves (random numbers, running averages) is put back, so the same choices and
the same turns give the same numbers, however often a picture was drawn meanwhile.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor

from course_lib.chapters.ch04_mode_collapse.playground_choice import Choice
from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data.toy import draw_points
from course_lib.errors import CourseError
from course_lib.losses import LossLike, fact
from course_lib.metrics import ModeReport, measure_modes
from course_lib.models.minibatch import MinibatchDiscrimination, MinibatchStddev
from course_lib.models.points import PointDiscriminator
from course_lib.runtime import Runtime

SEEN, PUSHED = 256, 64  # points drawn, real and generated each; of the latter, how many have an arrow
COUNTED, COUNT_EVERY = 1000, 20  # points that modes are counted on, each so many steps
SIDE = 40  # of the map of D's answers, in cells
ROWS = 300  # of the curves at most; beyond, each second step is shown, then each fourth, …


@dataclass(frozen=True)
class View:
    """The game as it is seen now.

    Attributes:
        real, fake: points, float32 ``(SEEN, 2)``.
        push: −∂L_G/∂x of the first generated points, ``(PUSHED, 2)``: the direction in which G's loss would move them.
        field: uint16 ``(SIDE, SIDE)``, bottom row first; 0 where D is sure of "generated", 65535 of "real".
    """

    real: np.ndarray
    fake: np.ndarray
    push: np.ndarray
    field: np.ndarray


class Play:
    """One game from its first step. ``problem`` is empty until it diverged; then it says what to do.

    Args:
        choice: what is played.
    """

    def __init__(self, choice: Choice) -> None:
        self.choice, self.problem = choice, ""
        self.runtime = Runtime.auto(device="cpu", seed=choice.seed)
        self.data = draw_points(choice.mixture, self.runtime, 20_000)
        with self.runtime.seeded("weights"):
            self.game = toy_game(
                self.data.mixture, choice.cure, choice.loss, hidden=(128,) * 3, lr=choice.lr, lr_d=choice.lr_d, ema=0
            )
        # Half the side of what is shown; drawn points stay where they were put.
        self.extent = 1.3 if choice.points else 1.3 * self.data.mixture.centres.abs().max().item()
        line = (torch.arange(SIDE) + 0.5) / SIDE * 2 - 1
        self.cells = self.extent * torch.cartesian_prod(line, line).flip(1)  # (SIDE², 2), row by row from below
        self.rows: list[tuple[float, ...]] = []
        self.z = torch.randn(COUNTED, 2, generator=self.runtime.stream("watched"))
        self._steps = self.game.steps(self.data, 10**12, self.runtime)
        self.report = self._for_curve = self._modes()
        self._counted_at = 0

    @property
    def step(self) -> int:
        """How many steps the game has made."""
        return self.game.step_number

    def set_rates(self, lr: float, lr_d: float) -> None:
        """Other step sizes from the next step on.

        Args:
            lr, lr_d: of G and D, above 0.
        """
        for optimiser, rate in ((self.game.optimiser_g, lr), (self.game.optimiser_d, lr_d)):
            optimiser.param_groups[0]["lr"] = rate

    def turn(self, players: str = "dg") -> None:
        """One step. After a divergence: nothing.

        Args:
            players: ``"dg"`` for both, or ``"d"`` or ``"g"`` for one alone.
        """
        if self.problem:
            return
        try:
            if players == "dg":
                record = next(self._steps)
            else:
                batch, _ = next(self.data.stream(self.game.batch, self.runtime, start=self.step))
                with _untouched(self.game.generator if players == "d" else self.game.discriminator):
                    record = self.game.step(batch, self.runtime, players)
            if self.step % COUNT_EVERY == 0 or players != "dg":
                self.report, self._counted_at = self._modes(), self.step
                self._for_curve = self.report
        except CourseError:  # Diverged, or points that are no numbers any more
            self.problem = (
                f"Diverged at step {self.step + 1}: the numbers grew beyond what a computer holds. "
                "Choose a smaller step size or a cure, then press Reset."
            )
            return
        counted = self._for_curve
        self.rows.append((self.step, record.d_loss, record.g_loss, counted.modes, counted.high_quality))

    def count(self) -> None:
        """Bring ``report`` up to this step; the curve, which must not depend on who looks, keeps its own counts."""
        if self._counted_at != self.step and not self.problem:
            with contextlib.suppress(CourseError):  # points that are no numbers: the next turn says so
                self.report, self._counted_at = self._modes(), self.step

    def _modes(self) -> ModeReport:
        return measure_modes(self.generated(COUNTED), self.data.mixture)

    def curve(self) -> np.ndarray:
        """Step, loss of D, of G (NaN: sat out), modes, share of points on a mode: float32 ``(at most ROWS + 1, 5)``."""
        every = 1 << max(0, (len(self.rows) - 1) // ROWS).bit_length()
        shown = np.array(self.rows[::every] + self.rows[-1:], np.float32).reshape(-1, 5)
        if self.rows and self.rows[-1][0] == self._counted_at:  # the last point is what was counted last
            shown[-1, 3:] = self.report.modes, self.report.high_quality
        return shown

    def generated(self, n: int) -> Tensor:
        """The points of the first ``n`` of the fixed latents, ``(n, 2)``.

        Args:
            n: at most 1,000.
        """
        return self.game.sampler(ema=False).decode(self.z[:n])

    def view(self) -> View:
        """What is seen now; the game stays as it is."""
        game, real, fake = self.game, self.data.points[:SEEN], self.generated(SEEN)
        pushed = fake[:PUSHED].clone().requires_grad_(True)
        with self.runtime.seeded("looking"), _untouched(game.discriminator):
            real_logits, fake_logits = game.critic(real[:PUSHED]), game.critic(pushed)  # (PUSHED / pack, 1)
            loss = game.loss.g(real_logits, fake_logits)
            push = -torch.autograd.grad(loss, pushed)[0] * len(fake_logits)  # the loss is a mean: undo its 1/N
            with torch.no_grad():
                field = self._field(fake)
        border, gain = _scale(game.loss)
        if border is None:  # the loss fixes none: halfway between the two sides
            border = (real_logits.mean() + fake_logits.mean()).item() / 2
        gain = gain or 2 / (field.std().item() + 1e-9)
        sure = (65535 * torch.sigmoid(gain * (field - border))).nan_to_num(32767.5).round().view(SIDE, SIDE)
        shown_real, shown_fake, shown_push = (t.nan_to_num().numpy() for t in (real, fake, push))
        return View(shown_real, shown_fake, shown_push, sure.numpy().astype(np.uint16))

    def _field(self, fake: Tensor) -> Tensor:
        """D's logit ``(SIDE², 1)`` for a newcomer at each cell.

        A D that looks at several points at once judges it beside the points that G makes now.
        """
        discriminator = cast(PointDiscriminator, self.game.discriminator)  # that is what a toy game has
        layer, pack = discriminator.body[-1], self.game.pack_size
        if pack > 1:
            beside = fake[: 4 * (pack - 1)].reshape(4, -1)  # four sets of neighbours, averaged over
            packs = torch.cat([self.cells.repeat_interleave(4, 0), beside.repeat(SIDE**2, 1)], 1)
            return discriminator(packs).view(-1, 4).mean(1, keepdim=True)
        if not isinstance(layer, MinibatchDiscrimination | MinibatchStddev):
            return discriminator(self.cells)
        f, others = (discriminator.body[:-1](x / discriminator.scale) for x in (self.cells, fake[:32]))
        if isinstance(layer, MinibatchStddev):
            extra = layer(others)[:1, -1:].expand(len(f), 1)
        else:
            m, n = ((x @ layer.tensor).view(-1, layer.kernels, layer.size).permute(2, 1, 0) for x in (f, others))
            apart = sum((a[:, :, None] - b[:, None]).abs() for a, b in zip(m, n, strict=True))
            extra = (-apart).exp().mean(2).T  # (SIDE², kernels)
        return discriminator.head(torch.cat([f, extra], 1))


def _scale(loss: LossLike) -> tuple[float | None, float | None]:
    """A loss's score between real and generated, and the factor that makes its scores look like log-odds.

    None where the loss fixes none. Scores with a best end at either side (hinge: −1 and 1) have these ends where
    log-odds are ±2.
    """
    one, none = torch.ones(1), torch.zeros(1)
    best = [getattr(loss, "best_score", lambda p, q: None)(*at) for at in ((one, one), (none, one), (one, none))]
    scores = [score.item() for score in best if score is not None]
    if len(scores) < len(best):
        return None, None
    border, low, high = scores
    return None if fact(loss, "shift_invariant") else border, 4 / (high - low) if np.isfinite(high - low) else 1


@contextlib.contextmanager
def _untouched(network: torch.nn.Module) -> Iterator[None]:
    """Keep what changes when a network is only asked: batch norm's averages, spectral norm's vectors."""
    before = [b.clone() for b in network.buffers()]
    yield
    for buffer, old in zip(network.buffers(), before, strict=True):
        buffer.copy_(old)
