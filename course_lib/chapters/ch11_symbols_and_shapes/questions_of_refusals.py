"""The predictions and the quiz of lesson 11.3."""

from course_lib.learn.questions import Prediction, Question, Quiz

REFUSALS: list[Question] = [
    Prediction(
        "11.3",
        "false alarms",
        "Each rule holds 98 % of the real digits of its class, and a digit must pass eleven. What share of new real "
        "digits is refused?",
        ("about 2 %", "about 12 %", "about 22 %"),
        right="about 12 %",
        answer="A few fall out at each rule, and there are eleven. The whole is less than the sum, because some "
        "digits break several rules at once.",
    ),
    Prediction(
        "11.3",
        "filled",
        "The holes of 0s, 6s, 8s, 9s and others are filled in. In how many of these digits does a refusal name "
        "“loops”?",
        ("in nearly all", "in about half", "in none"),
        right="in none",
        answer="The concept does change: the loops are gone. But a rule speaks only of what lies outside its limits, "
        "and enough people write a 0 or an 8 that is not closed.",
    ),
    Prediction(
        "11.3",
        "winner",
        "Rules and confidence keep equally many digits. On whose digits does the judge agree more often with the "
        "classifier?",
        ("on those that the rules keep", "on those that confidence keeps", "on both alike"),
        right="on those that confidence keeps",
        answer="Where one network is sure of a class, another mostly agrees. The rules have reasons, and are still the "
        "weaker filter by this measure.",
    ),
    Quiz(
        "11.3",
        "passed",
        "A drawn digit passes all eleven rules. What do we know?",
        {
            "It is a good digit": "Rules see eleven numbers. What these do not measure may be broken.",
            "Its eleven numbers are usual for its class": "Yes, and no more than that.",
            "The classifier read it rightly": "The rules were asked about the class that the classifier said. A "
            "wrong class is often refused, not always.",
        },
        right="Its eleven numbers are usual for its class",
    ),
    Quiz(
        "11.3",
        "refusal rate",
        "The rules refuse 27 % of a generator's digits. How bad is the generator?",
        {
            "27 % of its digits are bad": "Real digits are refused, too: about one in eight.",
            "The rate alone does not say": "Yes: compare it with that of real digits from which no limit was computed.",
            "It is good: most of its digits pass": "Digits that pass may be bad in ways that no concept measures.",
        },
        right="The rate alone does not say",
    ),
    Quiz(
        "11.3",
        "own measure",
        "What the rules keep has the smallest Fréchet distance in the concepts. What has that shown?",
        {
            "That rules are the better filter": "They chose by these very numbers. By the judge, confidence is better.",
            "Little: the rules chose by these very numbers": "Yes. Ask a measure that belongs to no filter, too.",
            "That the concepts are wrong": "They may well be right. They are no independent witness.",
        },
        right="Little: the rules chose by these very numbers",
    ),
]
