"""Games on toy mixtures by name of the cure, all else equal: what notebook 04 compares and its playground plays.

A cure's strengths are those of its paper where the paper has toys in the plane. ``s`` is the size of the data (the
standard deviation of its centres): slopes are counted per unit of the data, noise in units of it.
"""

from collections.abc import Callable

from course_lib.data.toy import Mixture
from course_lib.errors import one_of
from course_lib.losses import LOSSES
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.penalties import R1, R2, GradientPenalty, WeightClip
from course_lib.training.cures import FeatureMatchingGame, UnrolledGame
from course_lib.training.game import Game
from course_lib.training.views import DiffAugment, InstanceNoise, Pack

# What a cure changes: G's layers (g), D's layers (d), the kind of game, or an argument of ``Game``.
CURES: dict[str, Callable[[float], dict]] = {
    "none": lambda s: {},
    "batch norm in G": lambda s: {"g": {"norm": "batch"}},
    "batch norm in D": lambda s: {"d": {"norm": "batch"}},
    "spectral norm": lambda s: {"d": {"norm": "spectral"}},
    "minibatch discrimination": lambda s: {"d": {"minibatch": "discrimination"}},
    "minibatch stddev": lambda s: {"d": {"minibatch": "stddev"}},
    "Pack(2)": lambda s: {"d": {"pack": 2}, "views": [Pack(2)]},
    "Pack(4)": lambda s: {"d": {"pack": 4}, "views": [Pack(4)]},
    "unrolled": lambda s: {"kind": UnrolledGame, "unroll": 5},
    "feature matching": lambda s: {"kind": FeatureMatchingGame},
    "R1": lambda s: {"penalties": [R1(0.1 * s**2)]},
    "R1 + R2": lambda s: {"penalties": [R1(0.1 * s**2), R2(0.1 * s**2)]},
    "gradient penalty": lambda s: {"penalties": [GradientPenalty(0.1)]},  # Gulrajani et al. 2017, for toys
    "weight clipping": lambda s: {"constraints": [WeightClip(0.1)]},
    "DiffAugment": lambda s: {"views": [DiffAugment(width=2 * s)]},
    "instance noise": lambda s: {"views": [InstanceNoise(0.3 * s, steps=3000)]},
    "label smoothing": lambda s: {"real_label": 0.9},
    "five D steps": lambda s: {"d_steps": 5},
}


def size(mixture: Mixture) -> float:
    """The standard deviation of a mixture's centres, all coordinates together: 0.73 for the ring, 2.86 for the grid."""
    return mixture.centres.std().item()


def toy_game(
    mixture: Mixture,
    cure: str = "none",
    loss: str = "non-saturating",
    *,
    latent: int = 2,
    hidden: tuple[int, ...] = (128, 128),
    **settings,
) -> Game:
    """A game of two ReLU networks on points of ``mixture``. ``settings`` go to ``Game`` (lr, lr_d, batch, schedule, …).

    Weights come from torch's global generator: ``with runtime.seeded("weights"): toy_game(...)``.

    Raises:
        CourseError: for an unknown cure or loss; label smoothing with a loss that has no labels.
    """
    s, parts = size(mixture), CURES[one_of("cure", cure, CURES)](size(mixture))
    smooth = {k: parts.pop(k) for k in ("real_label",) if k in parts}
    able = [name for name, kind in LOSSES.items() if all(hasattr(kind, k) for k in smooth)]  # not all have labels
    made = LOSSES[one_of("loss", loss, able)](**smooth)
    generator = PointGenerator(latent, hidden, dim=mixture.dim, scale=s, **parts.pop("g", {}))
    discriminator = PointDiscriminator(hidden, dim=mixture.dim, scale=s, **parts.pop("d", {}))
    kind = parts.pop("kind", Game)
    return kind(generator, discriminator, made, **({"batch": 128} | parts | settings))
