"""The predictions and quizzes of chapter 10, in the order of its lessons."""

from course_lib.chapters.ch10_trust.questions_of_pictures import PICTURES
from course_lib.chapters.ch10_trust.questions_of_scores import SCORES

QUESTIONS = [*PICTURES, *SCORES]
