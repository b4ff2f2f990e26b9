"""The predictions and quizzes of chapter 07."""

from course_lib.chapters.ch07_explain_a_classifier.questions_of_methods import METHODS
from course_lib.chapters.ch07_explain_a_classifier.questions_of_tests import TESTS

QUESTIONS = [*METHODS, *TESTS]
