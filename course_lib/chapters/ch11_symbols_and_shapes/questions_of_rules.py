"""What lesson 11.1 asks: concepts as numbers, a tree of questions, its controls, and a leak."""

from course_lib.learn.questions import Prediction, Question, Quiz

RULES: list[Question] = [
    Prediction(
        "11.1",
        "eights",
        "In what share of handwritten 8s does the measurement find exactly two loops?",
        right=(50, 75),
        unit="per cent",
        answer="In about three of five. One expects nearly all, since an 8 *is* two loops; but in many, a loop does "
        "not close, is full of ink or too faint: then it is not counted.",
    ),
    Prediction(
        "11.1",
        "depth",
        "Four questions about concepts, then an answer. On what share of held-out digits is it the network's?",
        ("about a tenth, as by chance", "about a third", "between a half and two thirds", "above nine tenths"),
        right="between a half and two thirds",
        answer="Well above the tenth that one answer for all gets. One may expect more, for the network reads nearly "
        "every digit; but handwriting is untidy, and even a forest on the same concepts stays near four fifths.",
    ),
    Prediction(
        "11.1",
        "labels",
        "Which tree agrees better with the classifier: one fitted to its answers, or one fitted to the true labels?",
        (
            "the one fitted to its answers, clearly",
            "both about the same",
            "the one fitted to the labels, clearly",
        ),
        right="both about the same",
        answer="It sounds as if one had to ask a network to speak about it. But this network is right nearly always: "
        "its answers *are* the labels. A tree of the digits passes for a tree of the network.",
    ),
    Prediction(
        "11.1",
        "brightest",
        "How often is one question about the brightest pixel right, where a coin is right in half of the cases?",
        ("about half: all digits are white on black", "about two thirds", "above nine tenths"),
        right="above nine tenths",
        answer="Above nine tenths. To the eye both are white; the difference is mostly in the third decimal or later. "
        "When a concept without meaning does so well, ask how the data were made.",
    ),
    Quiz(
        "11.1",
        "ninety",
        "“Five rules agree with the classifier on 95 % of the digits, when asked: is it an 8?” What is missing?",
        {
            "Nothing: 95 % is a high fidelity": "One digit in ten is an 8, so “no” every time agrees on 90 %.",
            "What the majority answer reaches": "Yes: “no” every time already agrees on 90 %.",
            "The accuracy of the classifier": "Fidelity is about its answers, right or wrong. Missing is a control.",
        },
        right="What the majority answer reaches",
    ),
    Quiz(
        "11.1",
        "use",
        "A tree that asks about “loops” agrees with a good classifier on 75 %. Does the classifier use loops?",
        {
            "Yes: else they would not agree": "A tree fitted to the labels agrees as often, and has never met the "
            "classifier.",
            "No: a quarter does not agree": "That says that the tree is not all of it, not what the network uses.",
            "It is not shown": "Yes: whatever goes with the digit agrees with a network that reads the digit.",
        },
        right="It is not shown",
    ),
    Quiz(
        "11.1",
        "forest",
        "What does the forest's fidelity of about 0.8 tell?",
        {
            "About what these concepts can tell of the network": "Yes: a readable tree will hardly tell "
            "much more from the same concepts.",
            "How often the network is right": "That is its accuracy, which lies much higher. A forest speaks of "
            "concepts.",
            "That rules can explain four fifths": "Nobody can read 300 deep trees. It is about a ceiling, and no "
            "explanation.",
        },
        right="About what these concepts can tell of the network",
    ),
]
