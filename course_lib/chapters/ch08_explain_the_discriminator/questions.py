"""The predictions and quizzes of chapter 08."""

from course_lib.chapters.ch08_explain_the_discriminator.questions_of_maps import MAPS
from course_lib.chapters.ch08_explain_the_discriminator.questions_of_parts import PARTS
from course_lib.chapters.ch08_explain_the_discriminator.questions_of_traps import TRAPS

QUESTIONS = [*MAPS, *TRAPS, *PARTS]
