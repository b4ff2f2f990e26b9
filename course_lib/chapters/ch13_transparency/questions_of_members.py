"""The questions of lesson 13.6: how far attacks get, and what an alarm is worth."""

from course_lib.learn.questions import Prediction, Question, Quiz

MEMBERS: list[Question] = [
    Prediction(
        "13.6",
        "gan",
        "One picture each: a member and an outsider. How often does D, after 600 steps on 200 digits, give the member "
        "the higher logit?",
        ("in about 50 of 100 cases: both are real digits", "in about 60", "in about 90"),
        right="in about 90",
        answer="D was asked to tell real from generated, and learned *these* digits on the way.",
    ),
    Prediction(
        "13.6",
        "vae",
        "The bound ranks the member first in about 90 of 100 pairs, like D's logit. How many of 100 members lie above "
        "the threshold that 1 percent of the outsiders exceed?",
        ("fewer than 20", "about 50", "about 90"),
        right="fewer than 20",
        answer="Few: the outsiders beyond the threshold are 1s (the line under the table). One stroke is easy for a "
        "VAE, member or not. Such easy outsiders hold the threshold up.",
    ),
    Prediction(
        "13.6",
        "samples",
        "Now the attacker has only samples: 2,000 of each model. Whose members does he find better?",
        ("the GAN's", "the VAE's", "neither's: samples are new pictures"),
        right="the VAE's",
        answer="With D or the bound known, both were by AUC about equally open on this page. But the GAN's samples do "
        "not lie much nearer to its own digits; those of this VAE do.",
    ),
    Quiz(
        "13.6",
        "alarm",
        "An attack finds 40 of 100 members, and takes 1 of 100 outsiders for a member. One person in a thousand is a "
        "member. An alarm rings. How likely is it right?",
        {
            "99 percent": "That is the share of outsiders who are left alone.",
            "40 percent": "That is the share of members who are found.",
            "about 4 percent": "Yes: of 100,000 people 40 members ring, and 999 outsiders.",
        },
        right="about 4 percent",
    ),
    Quiz(
        "13.6",
        "half",
        "An attack on a model reaches an AUC of 0.50. What follows?",
        {
            "Nobody's data can be read from the model": "Another attack may get further: of few hits the VAE's bound "
            "made many, once another VAE's was subtracted.",
            "This attack does not work on it": "Yes. That is all a failed attack shows.",
            "The members were mixed up": "Possible, but an AUC of 0.50 does not show it.",
        },
        right="This attack does not work on it",
    ),
    Quiz(
        "13.6",
        "delete",
        "Somebody asks that his picture be deleted from the training set. The file is deleted. What of the model?",
        {
            "It is as if it had been trained without him": "Its weights were not touched.",
            "It may still give him away, until it is trained anew without him": "Yes. Weights remember, "
            "and where the digits are few, they give many of them away.",
            "It stops working": "It needs its data no more once it is trained.",
        },
        right="It may still give him away, until it is trained anew without him",
    ),
]
