"""A recipe: everything that a training depends on, small enough to stand in a file, so that others can repeat it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from torch import nn

from course_lib.errors import CourseError, one_of
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

GENERATORS: dict[str, type[nn.Module]] = {"MLPGenerator": MLPGenerator, "DCGenerator": DCGenerator}
DISCRIMINATORS: dict[str, type[nn.Module]] = {"MLPDiscriminator": MLPDiscriminator, "DCDiscriminator": DCDiscriminator}
GAME = ("loss", "lr", "lr_d", "betas", "batch", "d_steps", "ema")  # settings of a Game that a file can hold


@dataclass(frozen=True)
class Recipe:
    """How a GAN was trained; another machine can do the same.

    Attributes:
        data: name of the data set, as ``data.load`` takes it.
        generator, discriminator: class, one of ``GENERATORS`` and ``DISCRIMINATORS``.
        generator_settings, discriminator_settings: what its class is called with.
        game: settings of ``Game``, of those in ``GAME``.
        steps: of training.
        seed: of weights, batches and latents.

    Raises:
        CourseError: for a class or setting that no file can name.
    """

    data: str = "digits"
    generator: str = "MLPGenerator"
    discriminator: str = "MLPDiscriminator"
    generator_settings: dict[str, Any] = field(default_factory=dict)  # Any: whatever the class takes
    discriminator_settings: dict[str, Any] = field(default_factory=dict)
    game: dict[str, Any] = field(default_factory=dict)
    steps: int = 1500
    seed: int = 0

    def __post_init__(self) -> None:
        one_of("generator", self.generator, GENERATORS)
        one_of("discriminator", self.discriminator, DISCRIMINATORS)
        for name in self.game:
            one_of("setting of the game", name, GAME)

    @classmethod
    def read(cls, facts: dict[str, Any]) -> "Recipe":
        """A recipe from what :meth:`facts` gave.

        Args:
            facts: name of an attribute → its value.

        Raises:
            CourseError: for facts that make none.
        """
        try:
            return cls(**{name: _tuples(value) for name, value in facts.items()})
        except TypeError as problem:
            raise CourseError(f"this is no recipe ({problem}): use what Recipe.facts() gave.") from None

    def facts(self) -> dict[str, Any]:
        """The recipe as JSON can hold it.

        Returns:
            Name of an attribute → its value.
        """
        return asdict(self)

    def new_game(self, runtime: Runtime) -> Game:
        """The game before its first step.

        Args:
            runtime: its seed decides the weights, and has to be the recipe's.

        Raises:
            CourseError: for another seed, and settings that the classes refuse.
        """
        if runtime.seed != self.seed:
            raise CourseError(f"the recipe's seed is {self.seed}, the runtime's {runtime.seed}: use with_seed.")
        with runtime.seeded("weights"):
            return Game(
                self.new_generator(), DISCRIMINATORS[self.discriminator](**self.discriminator_settings), **self.game
            )

    def new_generator(self) -> nn.Module:
        """A generator of this kind, with random weights.

        Raises:
            CourseError: for settings that the class refuses.
        """
        try:
            return GENERATORS[self.generator](**self.generator_settings)
        except TypeError as problem:
            raise CourseError(f"{self.generator} refuses its settings ({problem}): look into the recipe.") from None


def _tuples(value: Any) -> Any:
    """JSON has lists where the constructors want tuples."""
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(value) if isinstance(value, list) else value
