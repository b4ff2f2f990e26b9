"""Trainers: objects with ``state_dict()`` and an iterator ``steps(...)`` of small records."""

from course_lib.losses import LOSSES
from course_lib.training.batch import Batch
from course_lib.training.checkpoint import checkpointed, resume
from course_lib.training.cures import FeatureMatchingGame, UnrolledGame
from course_lib.training.game import Game
from course_lib.training.optimisers import cosine_schedule
from course_lib.training.records import Record, Steps, Trainer
from course_lib.training.sampler import Sampler
from course_lib.training.shared import SharedGame
from course_lib.training.vae import VAETrainer
from course_lib.training.views import VIEWS, DiffAugment, InstanceNoise, Pack

__all__ = [
    "LOSSES",
    "VIEWS",
    "Batch",
    "DiffAugment",
    "FeatureMatchingGame",
    "Game",
    "InstanceNoise",
    "Pack",
    "Record",
    "Sampler",
    "SharedGame",
    "Steps",
    "Trainer",
    "UnrolledGame",
    "VAETrainer",
    "checkpointed",
    "cosine_schedule",
    "resume",
]
