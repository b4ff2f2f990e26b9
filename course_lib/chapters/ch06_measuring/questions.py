"""The predictions and quizzes of chapter 06."""

from course_lib.chapters.ch06_measuring.questions_of_measures import MEASURES
from course_lib.chapters.ch06_measuring.questions_of_models import MODELS

QUESTIONS = [*MEASURES, *MODELS]
