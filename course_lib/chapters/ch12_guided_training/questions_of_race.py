"""The questions of lesson 12.2: luck in a table, how much one game wanders, and what the race says."""

from course_lib.learn.questions import Prediction, Question

RACE: list[Question] = [
    Prediction(
        "12.2",
        "luck",
        "Suppose that no mask ever does anything. Of 100 papers with such a table of three rows, in how many would the "
        "best mask be better than none in *all three* rows?",
        right=(35, 50),
        answer="In about 42: ¾ · ¾ · ¾. Many say 12, as if each row were a coin. But three masks have three chances "
        "against one game without a mask.",
        unit="papers",
    ),
    Prediction(
        "12.2",
        "noise",
        "The game without a mask ends after 3,000 steps. Let it go on for only 100 more. By how many percent does its "
        "distance change, up or down?",
        right=(0.5, 15),
        answer="By several percent, on most seeds by 1 to 10. One expects next to nothing after a thirtieth more of "
        "training. But a GAN wanders: the players go on answering each other. So a difference of that size between two "
        "trainings may be nothing but the step at which they were stopped.",
        unit="percent",
    ),
]
