"""The predictions and the quiz of lesson 11.5."""

from course_lib.learn.questions import Prediction, Question, Quiz

NETWORKS: list[Question] = [
    Prediction(
        "11.5",
        "field",
        "D's two convolutions have kernels of 4 × 4 and move by 2. How many rows of the picture can change one place "
        "of the second maps?",
        right=(10, 10),
        unit="rows",
        answer="Not 4: a place of the second maps looks at 4 × 4 places of the first, and each of these at 4 rows of "
        "the picture. Not 16 either: these rows overlap. Four places, 2 rows apart, each 4 rows high: 3 · 2 + 4 = 10.",
    ),
    Prediction(
        "11.5",
        "depth",
        "A probe is asked “digit or drawing?” at each stage of D. How does its share of right answers go from the "
        "pixels to the logit?",
        ("up: D is made for this question", "down", "it stays the same"),
        right="down",
        answer="One expects it to go up, as D was trained for just this. Here it goes down: pixels and first "
        "maps are read best, the logit worst. Wait with an explanation until you know what it is that the probe reads.",
    ),
    Prediction(
        "11.5",
        "untrained",
        "The reader of digits before any training, with random weights: how often does a probe of its second maps "
        "read the right digit? (Guessing: 10 %.)",
        right=(83, 94),
        unit="per cent",
        answer="About nine times in ten. One may expect 10 %. But a random layer mixes pixels and cuts off at 0, and "
        "of so many mixtures some are useful. The trained maps gain only a few points over this.",
    ),
    Prediction(
        "11.5",
        "cut",
        "We make the faint greys of digits and drawings black. Who tells the two apart less well then?",
        ("the probe of the pixels alone", "D by its logit alone", "both"),
        right="the probe of the pixels alone",
        answer="D's maps contain the faint greys, so one may expect D to lose as well. But its AUC and its single "
        "logits hardly move: D hardly uses them.",
    ),
    Quiz(
        "11.5",
        "square",
        "A place of the second maps sees 10 × 10 pixels. What does that say?",
        {
            "All these pixels count alike": "In the figure of what a place sees, some pixels have several times the "
            "slope of others.",
            "No other pixel can change it": "Yes, once the network is trained. How much those inside do is another "
            "question.",
            "It is a map of 10 × 10 places": "The maps have 7 × 7 places. Each of them sees 10 × 10 pixels.",
        },
        right="No other pixel can change it",
    ),
    Quiz(
        "11.5",
        "maps",
        "A probe reads the digit from an untrained network about nine times in ten. What follows for a trained one?",
        {
            "90 % would not show that it has learned": "Yes. What counts is the gain over the same network "
            "untrained, and over the pixels.",
            "Its training was useless": "The trained network has gains: some at its second maps, much at its logits.",
            "The probe must have cheated": "It was asked about pictures that it was not fitted to: knowing answers "
            "by heart would not help it.",
        },
        right="90 % would not show that it has learned",
    ),
    Quiz(
        "11.5",
        "use",
        "A probe reads from D's maps which digit a picture shows. Does D use which digit it is?",
        {
            "Yes: else it would not be there": "The untrained network has most of it there as well, and "
            "nobody trained it to use anything.",
            "No: D was never told the digits": "It may have found that useful by itself. The probe cannot tell.",
            "The probe cannot say": "Yes. One would have to change it in the maps, and see whether the logit moves.",
        },
        right="The probe cannot say",
    ),
]
