"""The predictions and quizzes of chapter 09."""

from course_lib.chapters.ch09_steer_the_generator.questions_of_codes import CODES
from course_lib.chapters.ch09_steer_the_generator.questions_of_knobs import KNOBS
from course_lib.chapters.ch09_steer_the_generator.questions_of_parts import PARTS

QUESTIONS = [*KNOBS, *PARTS, *CODES]
