"""The questions of lesson 13.3: which lies are caught, and how many other seeds a doubt needs."""

from course_lib.learn.questions import Prediction, Question, Quiz

AUDITS: list[Question] = [
    Prediction(
        "13.3",
        "caught",
        "Which of these lies will nothing contradict?",
        ("a distance 20 % smaller", "a failure left out", "another seed", "a tenth of the energy"),
        right="a tenth of the energy",
        answer="The distance and the failures are measured again, and the game is trained again from its seed. The "
        "energy our audit does not compute: no meter was read.",
    ),
    Prediction(
        "13.3",
        "others",
        "How many other seeds must an auditor train, at least, to doubt a picked one at 5 percent by this count?",
        right=(19, 19),
        answer="With n others the least share is 1/(n + 1), and 1/20 needs 19: all have to be worse than the card's.",
        unit="seeds",
    ),
    Quiz(
        "13.3",
        "bits",
        "Trained again on a processor that rounds otherwise, the weights differ and the distance is 4 percent larger. "
        "What follows?",
        {
            "The card is false": "Other rounding makes another game; 4 percent is less than the audit's tolerance.",
            "Nothing against the card": "Yes. The audit grants 15 percent where a processor rounds otherwise.",
            "The card is true": "Many other games come as near: another seed would mostly pass as well.",
        },
        right="Nothing against the card",
    ),
    Quiz(
        "13.3",
        "picked",
        "The audit reproduces a card to the bit. Its author trained fifty games and published the best. What is true?",
        {
            "The audit must have failed": "Everything on the card is so: it is the weights that were picked.",
            "The card holds, for these weights; the recipe is on average worse than it looks": "Yes. Ask for all "
            "fifty.",
            "Picking the best is fraud in any case": "Not if the card says that it was the best of fifty.",
        },
        right="The card holds, for these weights; the recipe is on average worse than it looks",
    ),
    Quiz(
        "13.3",
        "score",
        "A card gets all 14 points of the checklist. What has been shown?",
        {
            "That something is said to each point": "Yes, and no more.",
            "That the model may be used for what the card says": "“Fit for hospitals” got the point as well.",
            "That the numbers come out again": "The checklist computes nothing. That is the audit's part.",
        },
        right="That something is said to each point",
    ),
]
