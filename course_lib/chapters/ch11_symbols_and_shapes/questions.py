"""The predictions and quizzes of chapter 11, in the order of its lessons."""

from course_lib.chapters.ch11_symbols_and_shapes.questions_of_clouds import CLOUDS
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_counterfactuals import COUNTERFACTUALS
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_holes import HOLES
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_inside import INSIDE
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_networks import NETWORKS
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_refusals import REFUSALS
from course_lib.chapters.ch11_symbols_and_shapes.questions_of_rules import RULES
from course_lib.learn.questions import Question

QUESTIONS: list[Question] = [*RULES, *INSIDE, *REFUSALS, *COUNTERFACTUALS, *NETWORKS, *HOLES, *CLOUDS]
