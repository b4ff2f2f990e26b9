"""The same latents, drawn again and again while a game trains."""

from collections.abc import Iterator, Sequence

from torch import Tensor

from course_lib.chapters.ch03_train_a_gan.figures import strips
from course_lib.show.picture import Picture
from course_lib.training import Game, Record, Steps


class Film:
    """What a game's averaged generator makes of the same latents, before the training and at some of its steps.

    Args:
        game: that trains.
        stops: the steps at which is drawn.
        n: how many latents.

    Attributes:
        pictures: step → images ``(n, C, H, W)`` in [−1, 1].
    """

    def __init__(self, game: Game, stops: Sequence[int], n: int = 8):
        self.game, self.stops, self.latents = game, set(stops), game.sampler().z(n)
        self.pictures: dict[int, Tensor] = {}
        self._draw()

    def of(self, steps: Steps[Record]) -> "Filmed":
        """The same steps, drawn at the stops.

        Args:
            steps: of this film's game.
        """
        return Filmed(self, steps)

    def show(self, alt: str) -> Picture:
        """A row of pictures for each step, a column for each latent.

        Args:
            alt: what is to be seen.
        """
        rows = {f"{step:,}": images for step, images in self.pictures.items()}
        return strips(rows, "The same latents, drawn as training goes on", alt, y="steps of training")

    def _draw(self) -> None:
        self.pictures[self.game.step_number] = self.game.sampler().decode(self.latents)


class Filmed:
    """Steps that are drawn at some of them; see :class:`Film`.

    Args:
        film: that draws.
        steps: of its game.
    """

    def __init__(self, film: Film, steps: Steps[Record]):
        self.film, self.trainer, self.total, self._steps = film, steps.trainer, steps.total, steps

    def __iter__(self) -> Iterator[Record]:
        for record in self._steps:
            if record.step in self.film.stops:
                self.film._draw()
            yield record
