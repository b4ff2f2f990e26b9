"""Small games on points of the ring, built from parts by name, for the tests of cures. Importing it does no work."""

from itertools import combinations

import torch
from training_games import runtime

from course_lib.data import draw_points
from course_lib.data.toy import ring
from course_lib.losses import CONSTRAINTS, LOSSES, PENALTIES, R1, R2, GradientPenalty, NonSaturating, WeightClip
from course_lib.models import PointDiscriminator, PointGenerator
from course_lib.training import (
    VIEWS,
    DiffAugment,
    FeatureMatchingGame,
    Game,
    InstanceNoise,
    Pack,
    UnrolledGame,
    cosine_schedule,
)

BATCH = 12

# Part → the slot it fills, and what it puts there. Parts of one slot exclude one another; "penalties" and the like may
# hold several.
PARTS = {
    **{name: ("loss", kind()) for name, kind in LOSSES.items() if kind is not NonSaturating},  # that is the default
    "label smoothing": ("loss", NonSaturating(real_label=0.9)),
    "r1": ("penalties", R1(0.5)),
    "r2, lazy": ("penalties", R2(0.5, every=2)),
    "gradient penalty": ("penalties", GradientPenalty(0.5)),
    "weight clip": ("constraints", WeightClip(0.05)),
    "instance noise": ("views", InstanceNoise(0.3, steps=100)),
    "augmentation": ("views", DiffAugment()),
    "pack 2": ("pack", 2),
    "pack 3": ("pack", 3),
    "unrolled": ("kind", (UnrolledGame, {"unroll": 2, "inner_lr": 0.1})),
    "feature matching": ("kind", (FeatureMatchingGame, {})),
    "batch norm in D": ("d norm", "batch"),
    "spectral norm": ("d norm", "spectral"),
    "batch norm in G": ("g norm", "batch"),
    "minibatch discrimination": ("minibatch", "discrimination"),
    "minibatch stddev": ("minibatch", "stddev"),
    "two time scales": ("lr_d", 4e-3),
    "three D steps": ("d_steps", 3),
    "no average": ("ema", 0.0),
    "cosine": ("schedule", cosine_schedule(20)),
    "rmsprop": ("optimiser", "rmsprop"),
    "momentum": ("optimiser", "momentum"),
    "sgd": ("optimiser", "sgd"),
}
SEVERAL = ("penalties", "constraints", "views")
TABLES = {"penalties": PENALTIES, "constraints": CONSTRAINTS, "views": VIEWS}
BY_HAND = {Pack, *(type(value) for _, value in PARTS.values())}
OTHERS = {n: (slot, kind()) for slot in SEVERAL for n, kind in TABLES[slot].items() if kind not in BY_HAND}
PARTS |= OTHERS  # whatever else is in the tables, as it is
PAIRS = [(a, b) for a, b in combinations(PARTS, 2) if PARTS[a][0] != PARTS[b][0] or PARTS[a][0] in SEVERAL]


def point_game(*parts, kind=Game, watch=False, seed=3, hidden=(16, 16), gain=1.0, **settings):
    """A game on points with these parts switched on; games of one seed and the same layers begin alike.

    gain: multiplies the weights of all layers, so that points and logits differ, the logits around 0.
    """
    slots = {slot: [] for slot in SEVERAL}
    for name in parts:
        slot, value = PARTS[name]
        if slot in SEVERAL:
            slots[slot].append(value)
        else:
            assert slot not in slots, f"two parts for {slot}"
            slots[slot] = value
    pack = slots.pop("pack", 1)
    if pack > 1:
        slots["views"] = [*slots["views"], Pack(pack)]  # the last view
    if "kind" in slots:
        kind, more = slots.pop("kind")
        settings = more | settings
    kind = type("Watched", (Watched, kind), {}) if watch else kind
    with runtime(seed).seeded("weights"):
        generator = PointGenerator(3, hidden, norm=slots.pop("g norm", None))
        discriminator = PointDiscriminator(
            hidden, norm=slots.pop("d norm", None), pack=pack, minibatch=slots.pop("minibatch", None)
        )
        if gain != 1:
            for p in [*generator.parameters(), *discriminator.parameters()]:
                p.data.mul_(gain if p.ndim > 1 else 1)
            discriminator.head.bias.data -= discriminator(torch.randn(99, 2 * pack)).mean()
    return kind(generator, discriminator, **({"batch": BATCH} | slots | settings))


def points(n=240, seed=3):
    return draw_points(ring(), runtime(seed), n)


class Watched(Game):
    """Keeps the batches, and the gradients with which each player was last trained."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.batches, self.d_gradients, self.g_gradient = [], [], None

    def d_step(self, batch):
        self.batches.append((batch.real.clone(), batch.fake.clone()))
        return super().d_step(batch)

    def _update(self, optimiser, loss):
        super()._update(optimiser, loss)
        gradient = torch.cat([p.grad.flatten() for p in optimiser.param_groups[0]["params"]])
        if optimiser is self.optimiser_d:
            self.d_gradients.append(gradient)
        else:
            self.g_gradient = gradient


def watched(*parts, steps=1, **settings):
    """A watched game after ``steps`` steps too short to move a weight: its gradients belong to its present networks."""
    g = point_game(*parts, watch=True, optimiser="sgd", lr=1e-20, **settings)
    list(g.steps(points(), steps, runtime()))
    return g
