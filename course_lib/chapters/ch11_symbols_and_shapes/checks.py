"""The checks of chapter 11's exercises, in the order of its lessons."""

from course_lib.chapters.ch11_symbols_and_shapes.check_clouds import fool, mapper_edges, significant
from course_lib.chapters.ch11_symbols_and_shapes.check_counterfactuals import as_far, lead, nearest
from course_lib.chapters.ch11_symbols_and_shapes.check_holes import caught, holes, which_ends
from course_lib.chapters.ch11_symbols_and_shapes.check_inside import p_value, tcav_share
from course_lib.chapters.ch11_symbols_and_shapes.check_networks import lacks, own_network, paints
from course_lib.chapters.ch11_symbols_and_shapes.check_refusals import as_many, hole_filled, limits
from course_lib.chapters.ch11_symbols_and_shapes.check_rules import five_rules, levelled, majority

__all__ = [
    "as_far",
    "as_many",
    "caught",
    "five_rules",
    "fool",
    "hole_filled",
    "holes",
    "lacks",
    "lead",
    "levelled",
    "limits",
    "majority",
    "mapper_edges",
    "nearest",
    "own_network",
    "p_value",
    "paints",
    "significant",
    "tcav_share",
    "which_ends",
]
