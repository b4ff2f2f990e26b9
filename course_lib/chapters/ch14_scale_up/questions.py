"""The predictions and quizzes of chapter 14, in the order of its lessons."""

from course_lib.chapters.ch14_scale_up.questions_of_films import FILMS
from course_lib.chapters.ch14_scale_up.questions_of_letters import LETTERS
from course_lib.chapters.ch14_scale_up.questions_of_own import OWN
from course_lib.chapters.ch14_scale_up.questions_of_seeds import SEEDS
from course_lib.chapters.ch14_scale_up.questions_of_sharing import SHARING
from course_lib.chapters.ch14_scale_up.questions_of_speed import SPEED
from course_lib.learn.questions import Question

QUESTIONS: list[Question] = [*OWN, *SPEED, *SEEDS, *SHARING, *LETTERS, *FILMS]
