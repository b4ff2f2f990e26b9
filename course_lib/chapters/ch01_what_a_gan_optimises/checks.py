"""The checks of chapter 01: discriminators and their scores, distances, games, and what to read from the losses."""

from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_d import best_discriminator, best_logit, my_discriminator
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_distances import (
    box_score,
    distance_from_score,
    jsd,
    more_fakes,
    w1_of_sizes,
)
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_losses import bound, share_at_two, which
from course_lib.chapters.ch01_what_a_gan_optimises.checks_of_play import at_once, faults, generator_slope

__all__ = [
    "at_once",
    "best_discriminator",
    "best_logit",
    "bound",
    "box_score",
    "distance_from_score",
    "faults",
    "generator_slope",
    "jsd",
    "more_fakes",
    "my_discriminator",
    "share_at_two",
    "w1_of_sizes",
    "which",
]
