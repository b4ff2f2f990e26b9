"""What lesson 11.2 asks: TCAV, what chance scores, and what a test is worth."""

from course_lib.learn.questions import Prediction, Question, Quiz

INSIDE: list[Question] = [
    Prediction(
        "11.2",
        "random",
        "The concept is 20 plain digits drawn at random. Which score will it get?",
        ("near 0: it means nothing", "near ½: a coin for each picture", "often near 0 or near 1"),
        right="often near 0 or near 1",
        answer="One expects ½. But the slopes of the pictures resemble one another: a direction that lets one logit "
        "rise lets most of them rise.",
    ),
    Prediction(
        "11.2",
        "alarms",
        "Which share of these random concepts will the t-test call significant at 5 %?",
        ("about one in twenty", "about one in ten", "one in five, or more"),
        right="one in five, or more",
        answer="Far more than one in twenty. All scores of a concept lean on the same 20 pictures: they are nearly one "
        "measurement, and the test counts them as many.",
    ),
    Prediction(
        "11.2",
        "deeds",
        "In how many of the 20 cases will the slope have the sign of the deed?",
        ("6 to 14: about as a coin", "15 to 18: mostly", "19 or 20: nearly always"),
        right="6 to 14: about as a coin",
        answer="About as a coin. One may expect more, for a slope does say how the logit changes. But it says so along "
        "*one* direction, and to lean a digit moves the layer in another way for each digit.",
    ),
    Quiz(
        "11.2",
        "present",
        "In a layer, a linear classifier tells pictures with a concept from others in every case. What follows?",
        {
            "The network uses the concept": "The unused mark was recognised just as well, and the "
            "answer hardly moves with it.",
            "The concept can be read in the layer": "Yes, and no more: whether the answer depends on it is "
            "another question.",
            "The network was trained on the concept": "The unused mark was in the data, and no label asked for it.",
        },
        right="The concept can be read in the layer",
    ),
    Quiz(
        "11.2",
        "one",
        "A TCAV score of 1.00: what should stand beside it?",
        {
            "The scores of random concepts": "Yes: here about a third of them reach 0.95 or more.",
            "Nothing: it is the highest score": "Highest is not unusual: many random concepts come near it.",
            "The accuracy of the network": "That says how often it is right, not what it uses.",
        },
        right="The scores of random concepts",
    ),
    Quiz(
        "11.2",
        "twenty",
        "Somebody asks about 20 concepts and reports the one with p = 0.04. What do you say?",
        {
            "0.04 is below 0.05: it is significant": "Of 20 concepts without meaning, one such is expected.",
            "Multiply by 20: it is not significant": "Yes: 0.8. With 20 questions, luck has 20 chances.",
            "Repeat it until all are below 0.05": "Then luck has still more chances, and the record of them is lost.",
        },
        right="Multiply by 20: it is not significant",
    ),
]
