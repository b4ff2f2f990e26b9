"""The checks of chapter 01: discriminators and their scores, distances, games, and what to read from the losses."""

from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_d import best_discriminator, best_logit, my_discriminator
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_distances import (
    box_score,
    distance_from_score,
    fault,
    jsd,
    w1_of_sizes,
)
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_losses import bound, which
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_play import at_once, faults

__all__ = [
    "at_once",
    "best_discriminator",
    "best_logit",
    "bound",
    "box_score",
    "distance_from_score",
    "fault",
    "faults",
    "jsd",
    "my_discriminator",
    "w1_of_sizes",
    "which",
]
