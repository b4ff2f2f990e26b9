"""The questions of chapter 01: what a learner expects before a cell runs, and a quiz at each lesson's end."""

from course_lib.chapters.ch01_what_a_gan_optimises import questions_of_games, questions_of_scores

QUESTIONS = [*questions_of_scores.QUESTIONS, *questions_of_games.QUESTIONS]
