"""The questions of lesson 12.2: luck in a table, how much one game wanders, and what the race says."""

from course_lib.learn.questions import Prediction, Question, Quiz

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
        right=(1, 40),
        answer="Here by the last row's few percent, and it may be more. One expects next to nothing after a thirtieth "
        "more of training. But a GAN wanders: the players go on answering each other. So a "
        "difference of that size between two trainings may be nothing but the step at which they were stopped.",
        unit="percent",
    ),
    Prediction(
        "12.2",
        "helps",
        "36 tests at equal steps (3 masks, 4 conditions, 3 rivals): in how many is a mask significantly better?",
        right=(0, 0),
        answer="In none. The means lie on both sides of 0, and none further from it than luck reaches in twelve tests.",
        unit="tests",
    ),
    Quiz(
        "12.2",
        "one",
        "A table has one training a cell, and the best mask beats none in all rows. What does it show?",
        {
            "That masks help": "Three masks that do nothing would often give such a table.",
            "Hardly anything: it needs more trainings": "Yes. Nobody can tell a good mask from a good draw here.",
            "That masks do not help": "Nor that. It shows too little for either.",
        },
        right="Hardly anything: it needs more trainings",
    ),
    Quiz(
        "12.2",
        "control",
        "What does a permuted mask control for?",
        {
            "For the time that an explanation takes": "That is the game at equal cost.",
            "For the mask's values, apart from their places": "Yes: the same values, at random places.",
            "For the luck of a seed": "That is what ten pairs are for.",
        },
        right="For the mask's values, apart from their places",
    ),
    Quiz(
        "12.2",
        "none",
        "No test at equal steps is significant. What follows?",
        {
            "Masks do nothing": "A gain of 5 percent would mostly have been missed with ten pairs.",
            "Large gains are unlikely here, small ones are not excluded": "Yes. The power and the intervals say which.",
            "The race was for nothing": "It makes gains of 17 or 20 percent, as in two rows of the paper, unlikely "
            "in games like these.",
        },
        right="Large gains are unlikely here, small ones are not excluded",
    ),
]
