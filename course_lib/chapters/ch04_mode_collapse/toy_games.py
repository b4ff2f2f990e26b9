"""Games on toy mixtures by name of the cure, all else equal: what chapter 04 compares and its playground plays.

A cure's strengths are those of its paper where the paper has toys in the plane. Penalties, views and constraints say
their own (``toy_presets``), for the size of the data: slopes are counted per unit of the data, noise in units of it. So
whatever is in their tables is a cure here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, Unpack

from course_lib.data.toy import Mixture
from course_lib.errors import one_of
from course_lib.losses import CONSTRAINTS, LOSSES, PENALTIES, ConstraintLike, Loss, PenaltyLike, ViewLike, fact
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.training.cures import FeatureMatchingGame, UnrolledGame
from course_lib.training.game import Game
from course_lib.training.settings import PenalisedSettings
from course_lib.training.views import VIEWS

P = TypeVar("P")


@dataclass(frozen=True)
class Cure:
    """What a cure changes, all else equal.

    Attributes:
        norm_g, norm_d, minibatch: the networks' layers (see ``models.points``).
        real_label: of the loss.
        kind: of game.
        penalties, views, constraints, d_steps: as for a ``Game``.
    """

    norm_g: str | None = None
    norm_d: str | None = None
    minibatch: str | None = None
    real_label: float | None = None
    kind: Callable[..., Game] = Game
    penalties: tuple[PenaltyLike, ...] = ()
    views: tuple[ViewLike, ...] = ()
    constraints: tuple[ConstraintLike, ...] = ()
    d_steps: int = 1

    @property
    def pack(self) -> int:
        """How many points its discriminator judges at once."""
        pack_size = 1
        for view in self.views:
            pack_size *= fact(view, "pack_size")
        return pack_size


def cures(size: float = 1.0) -> dict[str, Cure]:
    """What can be chosen as a cure.

    It looks into the tables when it is asked, so a part that was put in there is found.

    Args:
        size: of the data, for which each cure has its strength (see :func:`size`).

    Returns:
        Name → cure.
    """
    shown = {name: Cure(views=views) for name, views in _of_table(VIEWS, size).items()}
    packed = {name: cure for name, cure in shown.items() if cure.pack > 1}
    return {
        "none": Cure(),
        "batch norm in G": Cure(norm_g="batch"),
        "batch norm in D": Cure(norm_d="batch"),
        "spectral norm": Cure(norm_d="spectral"),
        "minibatch discrimination": Cure(minibatch="discrimination"),
        "minibatch stddev": Cure(minibatch="stddev"),
        **packed,
        "unrolled": Cure(kind=partial(UnrolledGame, unroll=5)),
        "feature matching": Cure(kind=FeatureMatchingGame),
        **{name: Cure(penalties=penalties) for name, penalties in _of_table(PENALTIES, size).items()},
        **{name: Cure(constraints=constraints) for name, constraints in _of_table(CONSTRAINTS, size).items()},
        **{name: cure for name, cure in shown.items() if name not in packed},
        "label smoothing": Cure(real_label=0.9),
        "five D steps": Cure(d_steps=5),
    }


def _of_table(table: Mapping[str, Callable[[], P]], size: float) -> dict[str, tuple[P, ...]]:
    """The cures of all parts in a table; of a part that derives from no contract, the part as it is."""
    found: dict[str, tuple[P, ...]] = {}
    for name, kind in table.items():
        toy_presets = getattr(kind, "toy_presets", None)
        found |= toy_presets(size) if toy_presets else {name: (kind(),)}
    return found


def size(mixture: Mixture) -> float:
    """The standard deviation of a mixture's centres, all coordinates together: 0.73 for the ring, 2.86 for the grid.

    Args:
        mixture: of any number of dimensions.
    """
    return mixture.centres.std().item()


def toy_game(
    mixture: Mixture,
    cure: str = "none",
    loss: str = "non-saturating",
    *,
    latent: int = 2,
    hidden: tuple[int, ...] = (128, 128),
    **settings: Unpack[PenalisedSettings],
) -> Game:
    """A game of two small networks (G with ReLU, D with leaky ReLU) on points of ``mixture``.

    Weights come from torch's global generator: ``with runtime.seeded("weights"): toy_game(...)``.

    Args:
        mixture: where the real points come from.
        cure: a name of :func:`cures`.
        loss: a name of ``LOSSES``.
        latent: the length of G's latents.
        hidden: the widths of both networks' hidden layers.
        settings: of ``Game`` (lr, lr_d, batch, schedule, …); what is given here replaces what the cure says.

    Raises:
        CourseError: for an unknown cure or loss; label smoothing with a loss that has no labels.
    """
    s = size(mixture)
    available = cures(s)
    chosen = available[one_of("cure", cure, available)]
    made = _loss(loss, chosen)
    generator = PointGenerator(latent, hidden, dim=mixture.dim, scale=s, norm=chosen.norm_g)
    discriminator = PointDiscriminator(
        hidden, dim=mixture.dim, scale=s, norm=chosen.norm_d, minibatch=chosen.minibatch, pack=chosen.pack
    )
    parts: PenalisedSettings = {
        "batch": 128,
        "penalties": chosen.penalties,
        "views": chosen.views,
        "constraints": chosen.constraints,
        "d_steps": chosen.d_steps,
    }
    return chosen.kind(generator, discriminator, made, **(parts | settings))


def _loss(name: str, cure: Cure) -> Loss:
    if cure.real_label is None:
        return LOSSES[one_of("loss", name, LOSSES)]()
    able = [other for other, kind in LOSSES.items() if hasattr(kind, "real_label")]  # not all have labels
    return LOSSES[one_of("loss", name, able)](real_label=cure.real_label)
