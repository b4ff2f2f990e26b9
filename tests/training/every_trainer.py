"""One small trainer of every kind, by name, for what must hold of all. Importing it does no work."""

from torch import nn
from training_games import KINDS, runtime

from course_lib.losses import LOSSES
from course_lib.models import MLPVAE, DCDiscriminator, MLPDiscriminator, MLPGenerator
from course_lib.models.conditional import CodeReader, ConditionalDiscriminator, ConditionalGenerator, InfoGenerator
from course_lib.training import Game, VAETrainer, cosine_schedule
from course_lib.training.classifier import ClassifierTrainer
from course_lib.training.conditional import ConditionalGame, InfoGAN

TOTAL = 24  # steps that a classifier's cycle is for


def with_loss(name):
    return lambda **k: Game(MLPGenerator(8, (16,)), MLPDiscriminator((16,), dropout=0.2), LOSSES[name](), **k)


def conditional(loss):
    return lambda **k: ConditionalGame(ConditionalGenerator(2, 8, 4), ConditionalDiscriminator(2, 4), loss, **k)


def small_classifier(**k):
    network = nn.Sequential(
        nn.Conv2d(1, 4, 5, 2),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(4 * 12 * 12, 8),
        nn.Dropout(0.3),
        nn.Linear(8, 2),
    )
    return ClassifierTrainer(network, **({"total": TOTAL} | k))


TRAINERS = {
    **{f"game, {name}": with_loss(name) for name in LOSSES},
    **{name: KINDS[name] for name in ("spectral r1 r2", "packed", "unrolled", "feature matching", "wgan-gp views")},
    "conditional": conditional("non-saturating"),
    "conditional, relativistic": conditional("relativistic"),
    "InfoGAN": lambda **k: InfoGAN(InfoGenerator(3, 2, 10, 4), DCDiscriminator(4), CodeReader(3, 2, 4), **k),
    "VAE": lambda **k: VAETrainer(MLPVAE(4, (16,)), binary=True, **k),
    "VAE with classes": lambda **k: VAETrainer(
        MLPVAE(4, (16,), classes=2), lr=1e-3, optimiser="rmsprop", schedule=cosine_schedule(40), **k
    ),
    "classifier": small_classifier,
}


def trainer(name, seed=3, **settings):
    with runtime(seed).seeded("weights"):
        return TRAINERS[name](**({"batch": 8} | settings))
