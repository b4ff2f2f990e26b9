"""The questions of lesson 12.1: what a mask says, how far it turns a step, and what Adam leaves of it."""

from course_lib.learn.questions import Prediction, Question, Quiz

MASKS: list[Question] = [
    Prediction(
        "12.1",
        "saliency",
        "The saliency mask is made of the slopes of D's *logit*. G learns from the slopes of its own *loss*. How are "
        "the two related?",
        (
            "They are two different maps: an explanation knows more than a slope",
            "The mask is the loss's slope itself, in sizes, stretched to 1",
            "The mask is large where the loss's slope is small",
        ),
        right="The mask is the loss's slope itself, in sizes, stretched to 1",
        answer="They differ by rounding only. An explanation sounds like news, but G's loss sees the picture through "
        "D's logit alone. So one slope is the other times one (negative) number, and the sizes stretched to 1 agree.",
    ),
    Prediction(
        "12.1",
        "turn",
        "α = 0.2, and you may choose any mask between 0 and 1. How far can it turn the slope of a picture?",
        (
            "about 1 degree",
            "about 5 degrees",
            "about 18 degrees, a fifth of a right angle",
            "as far as one likes",
        ),
        right="about 5 degrees",
        answer="5.2 degrees, and no further. A fifth louder is not a fifth of a right angle: no pixel's slope changes "
        "its sign, and no two pixels' slopes change their ratio by more than a factor of 1.2.",
    ),
    Prediction(
        "12.1",
        "constant",
        "A constant mask makes every gradient about 3 % longer from now on. By how much does Adam's step change, 400 "
        "steps later?",
        ("by 3 %", "by about 1.5 %", "by nearly nothing"),
        right="by nearly nothing",
        answer="A longer gradient is a longer step for plain gradient descent. Adam divides by the usual size, which "
        "has become longer, too.",
    ),
    Quiz(
        "12.1",
        "louder",
        "A mask makes a pixel's slope 20 % louder. What has happened to G's step?",
        {
            "It goes where the explanation points": "It goes nearly where it went: each picture's slope turns by at "
            "most 5.2 degrees, and none of its pixels changes its sign.",
            "It is 20 % longer": "With Adam the length hardly changes, and all but a few pixels grew by less.",
            "It turned a little": "Yes: the gradient by a few degrees, Adam's step in the end by less. Other "
            "latents turn it far more.",
        },
        right="It turned a little",
    ),
    Quiz(
        "12.1",
        "controls",
        "A game with the LIME mask beats a game without. Which control shows that LIME's *places* did it?",
        {
            "The same values dealt out at random among the pixels": "Yes: M has the same values, without their places "
            "(and without LIME's squares).",
            "A constant mask with the same mean": "With Adam that is nearly no mask at all; and it is not uneven, as "
            "LIME's is.",
            "A game with the saliency mask": "Saliency has places of its own. If it wins, too, nothing is known about "
            "LIME's.",
        },
        right="The same values dealt out at random among the pixels",
    ),
    Quiz(
        "12.1",
        "released",
        "What did the released normalisation do to pictures that D caught?",
        {
            "It gave them the largest masks": "The ones went to pictures that fooled D. A caught one should have got "
            "its map.",
            "It gave each its own map between 0 and 1": "So it was meant. But all pictures were stretched together, "
            "and the ones set the scale.",
            "It left their gradient nearly as it was": "Yes: their maps are small beside the ones, so the factor "
            "stayed near 1.",
        },
        right="It left their gradient nearly as it was",
    ),
]
