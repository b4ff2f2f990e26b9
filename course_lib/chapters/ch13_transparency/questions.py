"""The predictions and quizzes of chapter 13, in the order of its lessons."""

from course_lib.chapters.ch13_transparency.questions_of_audit import AUDITS
from course_lib.chapters.ch13_transparency.questions_of_cards import CARDS
from course_lib.chapters.ch13_transparency.questions_of_signed import SIGNED
from course_lib.learn.questions import Question

QUESTIONS: list[Question] = [*CARDS, *SIGNED, *AUDITS]
