"""The predictions and quizzes of chapter 04."""

from course_lib.chapters.ch04_mode_collapse.questions_of_cures import CURES
from course_lib.chapters.ch04_mode_collapse.questions_of_heaps import HEAPS

QUESTIONS = [*HEAPS, *CURES]
