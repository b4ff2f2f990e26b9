"""The questions of lesson 14.3: what a killed worker costs, what more workers bring, and when a winner is one."""

from course_lib.learn.questions import Prediction, Question, Quiz

SEEDS: list[Question] = [
    Prediction(
        "14.3",
        "killed",
        "Eight trainings on two workers. After the third result one worker is killed. How many of the eight have a "
        "result in the end, without anybody's help?",
        right=(8, 8),
        answer="All eight. The scheduler notices that the worker is gone, and the sweep sends what it was doing once "
        "more. Finished results are files; nobody computes them again.",
        unit="trainings",
    ),
    Prediction(
        "14.3",
        "four",
        "Twelve trainings take a certain time with one worker on a machine with two cores. How many times as fast is "
        "it with *four* workers?",
        ("about four times", "about three times", "at most twice"),
        right="at most twice",
        answer="Four programs share two cores, so no more than two compute at a time. The others wait for their turn, "
        "take memory and bring nothing.",
    ),
    Prediction(
        "14.3",
        "winner",
        "Of forty trainings each, D's step size 0.002 has a smaller mean distance than 0.0015. Somebody has time for "
        "one training of each, and takes the setting whose number is smaller. In how many of 100 cases is that the "
        "worse setting?",
        ("in about 2", "in about 25", "in about 50"),
        right="in about 25",
        answer="In about a quarter, as the next table says. The dots of the two rows overlap, so one training of each "
        "says little; the more trainings of each, the rarer the mistake.",
    ),
    Quiz(
        "14.3",
        "skip",
        "Why does a task look for its own result file before it computes?",
        {
            "So that a file is never written twice at once": "Two programs may still do that; the last one wins, and "
            "both write the same.",
            "So that a sweep that is started again computes only what is missing": "Yes. That is the whole recovery: "
            "start the same line again.",
            "So that results are sorted": "Their order does not matter; each has its seed.",
        },
        right="So that a sweep that is started again computes only what is missing",
    ),
    Quiz(
        "14.3",
        "code",
        "You mend a bug, and start the same sweep again. What must happen to the old results?",
        {
            "They are used: they have the same seeds": "They come from another program. Half a table would be old.",
            "They do not count: the code is part of a result's name": "Yes. Code, settings and seed together name it.",
            "They must be deleted by hand first": "Whoever forgets mixes two programs. A name that has the code in it "
            "does not forget.",
        },
        right="They do not count: the code is part of a result's name",
    ),
    Quiz(
        "14.3",
        "room",
        "Twelve laptops in a room are to share a sweep. What does each of them need?",
        {
            "A graphics card": "A worker is a program; it computes on what its machine has.",
            "The same version of the course, and the scheduler's address": "Yes; and a folder that all can write to, "
            "for the results.",
            "A copy of the notebook": "The function is sent along. What it imports must be there.",
        },
        right="The same version of the course, and the scheduler's address",
    ),
]
