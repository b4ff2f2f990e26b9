"""Trainers: objects with ``state_dict()`` and an iterator ``steps(...)`` of small records."""

from course_lib.training.checkpoint import checkpointed, resume
from course_lib.training.cures import PackedGame, UnrolledGame
from course_lib.training.game import Game
from course_lib.training.records import Record, Steps
from course_lib.training.sampler import Sampler

__all__ = ["Game", "PackedGame", "Record", "Sampler", "Steps", "UnrolledGame", "checkpointed", "resume"]
