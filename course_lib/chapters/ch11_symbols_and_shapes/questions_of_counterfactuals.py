"""The predictions and the quiz of lesson 11.4."""

from course_lib.learn.questions import Prediction, Question, Quiz

COUNTERFACTUALS: list[Question] = [
    Prediction(
        "11.4",
        "random",
        "The VAE has ten latents, and there are nine other classes. How often does a random move, as long as the "
        "found one, reach the wanted class?",
        ("hardly ever", "in about one of nine", "in about half"),
        right="hardly ever",
        answer="One of nine would need a move that always arrives at some other digit. Most random moves "
        "of this length give a mixture, or the same digit written differently.",
    ),
    Prediction(
        "11.4",
        "border",
        "The VAE's picture has just passed the classifier's border (lead 1). How often does the judge say the wanted "
        "digit, too?",
        ("in nine of ten or more", "in a quarter to two thirds", "hardly ever"),
        right="in a quarter to two thirds",
        answer="The picture does look like a digit, and it is a mixture of two. Where the border lies differs from "
        "network to network. With a lead of 4 the judge agrees much more often.",
    ),
    Prediction(
        "11.4",
        "factors",
        "A network learned “left or right” from shapes of all kinds. The generator's latents are the true factors. "
        "We search for a move to the other side. What changes on it?",
        ("the place across, and nothing else", "the place across, and the brightness too", "all factors alike"),
        right="the place across, and the brightness too",
        answer="The labels depend on the place alone, and still the brightness changes (and, less, the size). Whether "
        "the network needs that is another question, and is asked below.",
    ),
    Quiz(
        "11.4",
        "pixels",
        "A change of pixels is less than half as large as the VAE's, and reaches the same lead. Is it the better "
        "explanation?",
        {
            "Yes: the smallest change is the best": "Small among all pictures, plausible or not. A second network "
            "often does not see the wanted digit.",
            "Hardly: it speaks of this network's weakness, not of digits": "Yes. It tells how to fool this classifier.",
            "No: it has not changed the answer": "It has: the table says so. That is what makes it deceptive.",
        },
        right="Hardly: it speaks of this network's weakness, not of digits",
    ),
    Quiz(
        "11.4",
        "brightness",
        "The formula asks for the place alone, and with the VAE the brightness changes. Whose doing is that?",
        {
            "The classifier's": "It is a formula in which the brightness of the whole cancels out.",
            "The search's": "A search four times as long changes it no less.",
            "The VAE's": "Yes: the search stays near in its latents, and the near way leads through dimmer pictures.",
        },
        right="The VAE's",
    ),
    Quiz(
        "11.4",
        "who agrees",
        "The counterfactuals reach the classifier's answer. Who should say whether they look like the wanted digit?",
        {
            "The same classifier: it is accurate": "It was the target of the search, so it agrees by construction.",
            "Another network, or people": "Yes: somebody whom the search has not asked.",
            "The generator: it draws only plausible pictures": "Between two digits it draws mixtures, too.",
        },
        right="Another network, or people",
    ),
]
