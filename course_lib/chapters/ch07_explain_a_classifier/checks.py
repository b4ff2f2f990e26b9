"""The checks of chapter 07's exercises, in the order of its lessons."""

from course_lib.chapters.ch07_explain_a_classifier.check_asking import beats, peek, probability
from course_lib.chapters.ch07_explain_a_classifier.check_maps import blind, completed, grad_cam, occlusion, on_black
from course_lib.chapters.ch07_explain_a_classifier.check_nearby import jaccard, r2, repaired
from course_lib.chapters.ch07_explain_a_classifier.check_shares import rise, sampled, shapley

__all__ = [
    "beats",
    "blind",
    "completed",
    "grad_cam",
    "jaccard",
    "occlusion",
    "on_black",
    "peek",
    "probability",
    "r2",
    "repaired",
    "rise",
    "sampled",
    "shapley",
]
