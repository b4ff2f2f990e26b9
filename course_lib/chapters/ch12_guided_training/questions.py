"""The predictions and quizzes of chapter 12, in the order of its lessons."""

from course_lib.chapters.ch12_guided_training.questions_of_masks import MASKS
from course_lib.chapters.ch12_guided_training.questions_of_race import RACE
from course_lib.chapters.ch12_guided_training.questions_of_uses import USES
from course_lib.learn.questions import Question

QUESTIONS: list[Question] = [*MASKS, *RACE, *USES]
