"""The checks of chapter 08's exercises, in the order of its lessons."""

from course_lib.chapters.ch08_explain_the_discriminator.check_maps import cause, hires, importance_of
from course_lib.chapters.ch08_explain_the_discriminator.check_scores import above, deletion, holes, mass, share_left

__all__ = ["above", "cause", "deletion", "hires", "holes", "importance_of", "mass", "share_left"]
