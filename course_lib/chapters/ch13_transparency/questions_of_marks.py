"""The questions of lesson 13.5: a shift, how many pictures an attacker needs, and what hearing a mark proves."""

from course_lib.learn.questions import Prediction, Question, Quiz

MARKS: list[Question] = [
    Prediction(
        "13.5",
        "survives",
        "Which of these does the mark survive best?",
        ("moved by one pixel", "saved as JPEG of quality 75", "blurred over 3 × 3 pixels"),
        right="saved as JPEG of quality 75",
        answer="JPEG rounds the finest detail most, but at quality 75 enough of the key stays. After a shift each "
        "pixel is multiplied by another one's sign, and blur takes away just the fine part that we listen to.",
    ),
    Prediction(
        "13.5",
        "few",
        "An attacker has no key. He has real digits, and marked pictures. How many marked ones does he need to get the "
        "mark out of nearly all others, and to change them hardly more than the mark did?",
        right=(5, 30),
        answer="About ten. What differs averages out, and what is the same in all is the key. (If the change may be "
        "larger: one, which leaves a stain, or none, with a blur.)",
        unit="pictures",
    ),
    Quiz(
        "13.5",
        "silent",
        "Nobody hears a mark in a picture. What follows?",
        {
            "It was not made by this generator": "A shift by one pixel was enough to silence it, for who "
            "listens at one place.",
            "It is real": "Many generators mark nothing, and a mark can be taken out.",
            "Nothing": "Yes. As with labels, only what is there speaks.",
        },
        right="Nothing",
    ),
    Quiz(
        "13.5",
        "proof",
        "The mark is heard in a picture. What does that prove?",
        {
            "That the maker's generator drew it": "A forger with one marked picture can put it onto real digits.",
            "That somebody put the key into it, or luck": "Yes. Luck: 1 of 100 unmarked pictures is heard, too.",
            "That its pixels are unchanged": "It was heard after JPEG and noise. (A signature would have told.)",
        },
        right="That somebody put the key into it, or luck",
    ),
    Quiz(
        "13.5",
        "public",
        "The maker publishes the key, so that everybody can check. What happens?",
        {
            "Now it is as safe as a public key of 13.2": "With that one can only check; with this one can mark.",
            "Everybody can check it, take it out and forge it": "Yes. Here what hears is what marks.",
            "Nothing: a key of 784 signs cannot be used by hand": "Adding it up is one line of code.",
        },
        right="Everybody can check it, take it out and forge it",
    ),
]
