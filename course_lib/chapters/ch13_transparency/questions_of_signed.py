"""The questions of lesson 13.2: bits of a hash, attacks on a folder, and a label that comes off."""

from course_lib.learn.questions import Prediction, Question, Quiz

SIGNED: list[Question] = [
    Prediction(
        "13.2",
        "bits",
        "One bit of a file of more than a million bytes is flipped. How many of the hash's 256 bits change?",
        right=(88, 168),
        answer="About half of them, as if the new hash were drawn anew.",
        unit="bits",
    ),
    Prediction(
        "13.2",
        "folder",
        "Which of these does the check of a signed folder *not* notice?",
        (
            "one bit of the weights flipped",
            "the card renamed, its text as it was",
            "a program put into a new folder .git",
            "the check uses another person's key",
        ),
        right="a program put into a new folder .git",
        answer="Unless told otherwise, the signing library leaves names of git out, and the signed list says so.",
    ),
    Prediction(
        "13.2",
        "label",
        "What does it take to get a picture's label off?",
        ("the private key", "the public key", "any program that saves pictures"),
        right="any program that saves pictures",
        answer="A program that knows nothing of labels does not write them. No key is needed to leave something out.",
    ),
    Quiz(
        "13.2",
        "beside",
        "A web page offers a model and, beside it, the model's SHA-256. What does the hash protect against?",
        {
            "Against a damaged download": "Yes: a damaged file has another hash.",
            "Against an attacker who owns the server": "Whoever can change the file there can change the hash as well.",
            "Against a card that is not true": "A hash says nothing about what a file says.",
        },
        right="Against a damaged download",
    ),
    Quiz(
        "13.2",
        "key",
        "What does one need to check a signature?",
        {
            "the private key": "With that one signs; its owner gives it to nobody.",
            "the public key, and a reason to believe whose it is": "Yes. A key alone has no name.",
            "nothing but the signature": "Anybody can sign: the question is who did.",
        },
        right="the public key, and a reason to believe whose it is",
    ),
    Quiz(
        "13.2",
        "unlabelled",
        "A picture carries no label. What do you know?",
        {
            "That it is a photograph": "A label comes off without changing a pixel.",
            "That somebody has removed its label": "Most pictures never had one.",
            "Nothing about where it comes from": "Yes. A label speaks only where it is.",
        },
        right="Nothing about where it comes from",
    ),
]
