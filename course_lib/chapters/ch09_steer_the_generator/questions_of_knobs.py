"""The questions of lesson 09.1: directions that change most, and directions with a name."""

from course_lib.learn.questions import Prediction, Question, Quiz

KNOBS: list[Question] = [
    Prediction(
        "09.1",
        "single",
        "Turn the first three of the 64 numbers by −3 to 3, one at a time. What will each do to the picture?",
        (
            "one thing with a name, such as thicker",
            "a little of several things, without a name",
            "nothing that one can see",
        ),
        right="a little of several things, without a name",
        answer="A loop opens or closes, a stroke bends a little. It is tempting to expect one cause for each number, "
        "since we list them one by one. But nothing in the training asks the generator to keep to this list.",
    ),
    Prediction(
        "09.1",
        "steep",
        "SeFa knows the first layer only; batch norm and three more layers follow. How much more than a random "
        "direction does its first direction change the picture?",
        ("not more: the later layers undo it", "about twice as much", "about ten times as much"),
        right="about twice as much",
        answer="About twice as much (the bars show it). The later layers could have undone it, and do not. Nor is it "
        "ten times: the first layer stretches this direction 2.3 times as far as a random one, and the later layers "
        "keep about that ratio.",
    ),
    Prediction(
        "09.1",
        "narrow",
        "The knob “width” holds ink and slant. What becomes of the 2 of the first figure when it is made very narrow?",
        ("a narrow 2", "another digit", "an empty picture"),
        right="another digit",
        answer="A 1. A narrow 2 is what we had in mind, but the class was not among the three properties, so nobody "
        "held it.",
    ),
    Quiz(
        "09.1",
        "axes",
        "Why has a single number of z no name in a GAN?",
        {
            "the training was too short to sort them": "No: more steps need not help. Nothing in the loss prefers one "
            "list of directions to another.",
            "z looks the same from all sides": "Yes: turn z, let the first layer turn it back, and no loss notices.",
            "there are more numbers than properties": "No: with three numbers it would be the same. Any three "
            "directions at right angles would do.",
        },
        right="z looks the same from all sides",
    ),
    Quiz(
        "09.1",
        "sefa",
        "Suppose SeFa's first direction changes a picture by 12. What may one say?",
        {
            "it is the most important direction": "No: 12 has no meaning by itself, and the largest change is not "
            "“important”.",
            "it stands for one property of digits": "No: it changes *most*. Nothing makes it change one thing.",
            "nothing yet: random directions are missing": "Yes: in one generator random ones have half of "
            "SeFa's change, in another nearly as much.",
        },
        right="nothing yet: random directions are missing",
    ),
    Quiz(
        "09.1",
        "hold",
        "A direction raises ink and holds slant and width. What happens to digits along it?",
        {
            "more ink on average; the class may change": "Yes: what was not measured is not held, and “holds” is a "
            "mean over many pictures.",
            "more ink; everything else stays": "No: two other properties stay, on average. The rest is free.",
            "more ink, slant and width, as they belong together": "No: along ink's own list width rises, too. This "
            "direction is at right angles to the other lists.",
        },
        right="more ink on average; the class may change",
    ),
]
