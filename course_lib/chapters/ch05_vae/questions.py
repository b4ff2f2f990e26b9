"""The questions of chapter 05: what a learner expects before a cell runs, and three at each lesson's end."""

from course_lib.chapters.ch05_vae.questions_bound import BOUND
from course_lib.chapters.ch05_vae.questions_codes import CODES

QUESTIONS = [*BOUND, *CODES]
