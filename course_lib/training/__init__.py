"""Trainers: objects with ``state_dict()`` and an iterator ``steps(...)`` of small records."""

from course_lib.training.checkpoint import checkpointed, resume
from course_lib.training.cures import FeatureMatchingGame, UnrolledGame
from course_lib.training.game import Game
from course_lib.training.optimisers import cosine
from course_lib.training.records import Record, Steps
from course_lib.training.sampler import Sampler
from course_lib.training.toy_games import CURES, LOSSES, toy_game
from course_lib.training.vae import VAETrainer
from course_lib.training.views import DiffAugment, InstanceNoise, Pack

__all__ = [
    "CURES",
    "LOSSES",
    "DiffAugment",
    "FeatureMatchingGame",
    "Game",
    "InstanceNoise",
    "Pack",
    "Record",
    "Sampler",
    "Steps",
    "UnrolledGame",
    "VAETrainer",
    "checkpointed",
    "cosine",
    "resume",
    "toy_game",
]
