"""The predictions and quizzes of chapter 13, in the order of its lessons."""

from course_lib.chapters.ch13_transparency.questions_of_audit import AUDITS
from course_lib.chapters.ch13_transparency.questions_of_cards import CARDS
from course_lib.chapters.ch13_transparency.questions_of_detect import DETECT
from course_lib.chapters.ch13_transparency.questions_of_limits import LIMITS
from course_lib.chapters.ch13_transparency.questions_of_marks import MARKS
from course_lib.chapters.ch13_transparency.questions_of_members import MEMBERS
from course_lib.chapters.ch13_transparency.questions_of_signed import SIGNED
from course_lib.learn.questions import Question

QUESTIONS: list[Question] = [*CARDS, *SIGNED, *AUDITS, *DETECT, *MARKS, *MEMBERS, *LIMITS]
