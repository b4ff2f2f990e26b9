"""What lesson 11.6 asks: holes of handwritten digits, and what counting them by depth is worth."""

from course_lib.learn.questions import Prediction, Question, Quiz

HOLES: list[Question] = [
    Prediction(
        "11.6",
        "twos",
        "A printed 2 has no hole. Which share of the handwritten 2s has one?",
        right=(40, 60),
        unit="per cent",
        answer="About half. Many writers make a small loop at the foot. The class says what was meant, the hole says "
        "what the ink does.",
    ),
    Prediction(
        "11.6",
        "plain",
        "Without noise: depth against one plain threshold, each chosen on other digits. Which counts better?",
        ("depth, clearly: it sees all thresholds", "about alike", "the threshold, clearly"),
        right="about alike",
        answer="The two differ by less than 3 points. MNIST's ink is mostly white and its paper black, so one "
        "threshold, well chosen, shows nearly all holes that depth shows. What all counters miss are the loops that "
        "writers close or leave open.",
    ),
    Prediction(
        "11.6",
        "noise",
        "With noise of standard deviation 0.5 one plain threshold counts worse than without. What helps more?",
        ("depth in its place: persistence is made against noise", "smoothing before it", "they help alike"),
        right="smoothing before it",
        answer="Depth says which holes survive a change of *limited* size. Normal noise on 784 pixels has large values "
        "somewhere, and a few dark pixels open a ring. A mean over nine pixels removes most of the noise first. And "
        "one may do both.",
    ),
    Quiz(
        "11.6",
        "weakest",
        "A ring of brightness 0.9, one pixel wide, has one pixel of 0.1; the paper inside is −1. How deep is its hole?",
        {
            "1.9": "That is the ring without its weak pixel. The ring closes only when the threshold reaches 0.1.",
            "1.1": "Yes: born at 0.1, where the ring closes, filled at −1.",
            "0.8": "That is how much the ring's pixels differ. Depth is birth minus death, 0.1 − (−1).",
        },
        right="1.1",
    ),
    Quiz(
        "11.6",
        "two",
        "A generator draws a 2 with a hole. What does the hole show?",
        {
            "A mistake: a 2 has none": "A printed one. About half of the handwritten 2s in the data have one.",
            "Nothing yet": "Yes. Compare how often real 2s and generated 2s have one, with equally many of each.",
            "That it copies a training picture": "A loop at the foot is common. It points to no single picture.",
        },
        right="Nothing yet",
    ),
    Quiz(
        "11.6",
        "guarantee",
        "A hole has depth 1.0. Which change may remove it?",
        {
            "Any, if it is unlucky": "Not if each pixel changes by less than 0.5: then some depth is left.",
            "One that changes some pixels by 0.5 or more": "Yes: 0.5 off the ring's weakest place and 0.5 onto the "
            "paper inside are just enough.",
            "None": "Paint over it with white, and it is gone: that changes pixels by more than 0.5.",
        },
        right="One that changes some pixels by 0.5 or more",
    ),
]
