"""Watch a training: one picture that is redrawn in place, a bar, and at the end a still that stays in the notebook."""

import time
from typing import TYPE_CHECKING, cast

from torch import Tensor

from course_lib.machine import headless
from course_lib.show.figures import draw_curves, score_names
from course_lib.show.history import History
from course_lib.show.picture import Picture, finish, grid, new_figure

if TYPE_CHECKING:  # whoever has steps to show has imported the training
    from course_lib.training.checkpoint import Checkpointed
    from course_lib.training.game import Game
    from course_lib.training.records import Record, Steps

SHARE_FOR_DRAWING = 0.1  # of the training time


def live(steps: "Steps[Record] | Checkpointed", n: int = 36, seed: int = 0) -> History:
    """Run a game's steps to their end, showing samples of fixed latents and the curves as they change.

    About a tenth of the time goes into drawing. Ctrl-C (Jupyter's stop button) ends it between two steps; calling
    ``game.steps`` again goes on.

    Args:
        steps: what ``game.steps(...)`` or ``checkpointed(...)`` gives; the trainer has a ``sampler()``.
        n: how many samples.
        seed: of their latents.

    Returns:
        The records of all steps that were made.
    """
    history, game, total = History(), cast("Game", steps.trainer), steps.total
    view: _Still | _Widgets = _Still() if headless() else _Widgets(total)
    latents = game.sampler().z(n, seed)
    next_drawing = 0.0
    try:
        for record in steps:
            history.add(record)
            now = time.monotonic()
            if view.moving and now >= next_drawing:
                view.draw(record, scene(game.sampler().decode(latents), history))
                next_drawing = time.monotonic() + (time.monotonic() - now) / SHARE_FOR_DRAWING
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        view.close()
        if len(history):
            view.still(scene(game.sampler().decode(latents), history))
    if history.interrupted:
        print(f"Stopped between two steps, after {len(history)} of {total}: nothing is lost, game.steps(...) goes on.")
    return history


def scene(images: Tensor, history: History) -> Picture:
    """Samples on the left, losses and D's answers on the right.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        history: of the run that made them, with at least one step.
    """
    figure, axes = new_figure(9.6, 3.0, columns=3)
    axes[0, 0].imshow(grid(images, columns=6, scale=1), cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes[0, 0].set_axis_off()
    step = history["step"][-1]
    axes[0, 0].set_title(f"samples after {step:,} steps", fontsize=10)
    draw_curves(axes[0, 1:], history)
    last, (real, fake, what) = history.last(), score_names(history)
    return finish(
        figure,
        (
            f"Left: {len(images)} generated images after {step} steps. Right: losses "
            f"(discriminator {last['d_loss']:.2f}, generator {last['g_loss']:.2f}) and {what} "
            f"({last[real]:.2f} on real, {last[fake]:.2f} on fake)."
        ),
    )


class _Still:
    """Nobody watches: only the picture at the end."""

    moving = False

    def draw(self, record: "Record", picture: Picture) -> None:
        pass

    def close(self) -> None:
        pass

    def still(self, picture: Picture) -> None:
        from IPython.display import display

        display(picture)


class _Widgets:
    """A bar and one image widget whose bytes are replaced: the page does not jump and does not flicker."""

    moving = True

    def __init__(self, total: int) -> None:
        import ipywidgets
        from IPython.display import display

        self.bar = ipywidgets.IntProgress(0, 0, total, layout=ipywidgets.Layout(width="320px"))
        self.text = ipywidgets.Label("starting …")
        self.image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="960px"))
        self.box = ipywidgets.VBox([ipywidgets.HBox([self.bar, self.text]), self.image])
        self.handle = display(self.box, display_id=True)

    def draw(self, record: "Record", picture: Picture) -> None:
        numbers = " · ".join(f"{k} {v:.2f}" for k, v in record.as_dict().items())
        left = (self.bar.max - record.step) * record.seconds / max(record.step, 1)
        self.bar.value = record.step
        self.text.value = f"step {record.step:,} · {numbers} · {record.images_per_s:,.0f} images/s · {left:.0f} s left"
        self.image.value = picture.png

    def close(self) -> None:
        for widget in (self.bar, self.text, self.image, self.box):
            widget.close()

    def still(self, picture: Picture) -> None:
        self.handle.update(picture)
