"""The questions of lesson 08.3: empty maps, absent clues, two modes."""

from course_lib.learn.questions import Prediction, Question, Quiz

TRAPS: list[Question] = [
    Prediction(
        "08.3",
        "empty",
        "D calls a drawing fake. Grad-CAM as published (last maps, cut off at 0), target: the logit. What may the map "
        "look like?",
        ("blue where D sees the fault", "empty: zero everywhere", "red where D sees the fault"),
        right="empty: zero everywhere",
        answer="Empty. “Blue at the fault” would fit a signed map. But here all that is negative is cut "
        "off, and of a map that is negative everywhere nothing is left. Red would mean “for real”.",
    ),
    Prediction(
        "08.3",
        "absent",
        "A fake lacks the mark that all real pictures have: its corner is black. Which method will put its red there?",
        ("IG from a black picture", "occlusion with black", "occlusion with real pictures", "none: nothing is there"),
        right="occlusion with real pictures",
        answer="Occlusion with real pictures: it puts the mark in, and the fakeness falls. “Nothing is there, so "
        "nothing can be marked” is true for a comparison with black, as in the first two.",
    ),
    Prediction(
        "08.3",
        "modes",
        "D has batch norm and is right in 100 % of cases while it trains. The same weights in eval mode, in which "
        "explanations work: how often is it right?",
        ("100 %: the weights are the same", "a little less", "far less, near a coin"),
        right="far less, near a coin",
        answer="Near a coin, here and in most recorded runs. The weights are the same, but the function is not. "
        "Likely: in train mode real and marked batches each brought a mean of their own, and D read that; the running "
        "mean of eval mode mixes the two.",
    ),
    Prediction(
        "08.3",
        "own",
        "The D of 3.3 has batch norm. In eval mode, what does the course's twin of it say to the drawings of its G?",
        ("mostly “fake”", "mostly “real”", "half and half"),
        right="mostly “real”",
        answer="It says “real” to nearly all of them, and to nearly all digits. One expects “fake”, since it was "
        "trained to say so; in train mode it does, to most of them. Another training may answer otherwise: look at "
        "yours.",
    ),
    Quiz(
        "08.3",
        "zero",
        "A library's Grad-CAM of D's logit is zero everywhere. What should you do first?",
        {
            "report it: D sees nothing in this picture": "No: D may be very sure. All that is negative in the map is "
            "cut off.",
            "train D further, until the map has colours": "No: that makes another D. The question was about this one.",
            "ask for the signed map, or for fakeness": "Yes: with the sign kept, what was cut off shows.",
        },
        right="ask for the signed map, or for fakeness",
    ),
    Quiz(
        "08.3",
        "baseline",
        "“Why is this face fake, rather than real?” Which baseline fits integrated gradients?",
        {
            "real faces": "Yes: what fakes lack, and real faces have, differs from them.",
            "other fake faces": "No: they lack the same things. What both lack cannot show.",
            "a black picture": "No: that asks “why fake, rather than what D says of black?” What is black in this "
            "face cannot show.",
        },
        right="real faces",
    ),
    Quiz(
        "08.3",
        "batchnorm",
        "With batch norm in train mode, why does the picture alone not answer “why this logit?”",
        {
            "because train mode also changes the weights": "No: a forward pass changes no weights, only the running "
            "mean and spread.",
            "because the logit depends on the whole batch": "Yes: in other company the same picture gets another "
            "logit.",
            "because gradients are wrong in train mode": "No: they are right, but they are those of a function of the "
            "whole batch.",
        },
        right="because the logit depends on the whole batch",
    ),
]
