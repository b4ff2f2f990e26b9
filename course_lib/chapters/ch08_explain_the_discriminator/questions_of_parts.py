"""The questions of lesson 08.4: which part matters, holes that tell, explanations that grow old."""

from course_lib.learn.questions import Prediction, Question, Quiz

PARTS: list[Question] = [
    Prediction(
        "08.4",
        "twice",
        "The mark stands in two squares. One of them is taken away, and a new D is trained. How many right answers "
        "does it lose?",
        ("about half of them", "about a quarter", "hardly any"),
        right="hardly any",
        answer="Hardly any: the new D uses the other mark. One would say “a half” or “a quarter”, as if the two "
        "marks shared the importance. In the D that was trained with both they do, and intervention measures it.",
    ),
    Prediction(
        "08.4",
        "holes",
        "A new D is to tell real from marked pictures. It sees *only the holes* that the gradient's ranking cuts into "
        "each, and no digit. How often is it right?",
        ("nearly always", "in about three quarters", "as a coin"),
        right="nearly always",
        answer="Nearly always. A hole seems to take information away, so a coin is natural to expect. But *where* a "
        "map cuts depends on the picture, marked ones are cut otherwise, and a new D reads that.",
    ),
    Prediction(
        "08.4",
        "older",
        "The same four real digits, D's map of them at steps 25, 50, … 500 of the game. What happens to the maps?",
        (
            "they settle, as D learns digits",
            "they grow stronger in the same places",
            "they go on changing, signs included",
        ),
        right="they go on changing, signs included",
        answer="They go on changing. The digits stay the same, and one expects that D knows them better and better. "
        "But D only has to tell them from what G draws *now*, and that changes.",
    ),
    Quiz(
        "08.4",
        "questions",
        "A clue stands twice in each fake. Intervention gives both places weight, retraining gives none. Who is right?",
        {
            "intervention: retraining has failed here": "No: it answered rightly that a new D can do without either "
            "one.",
            "retraining: what can be spared is no cause": "No: this D does use both. That another could do without one "
            "does not change it.",
            "both: one asks this D, one asks a new one": "Yes: what a model uses, and what a new one misses, are two "
            "questions.",
        },
        right="both: one asks this D, one asks a new one",
    ),
    Quiz(
        "08.4",
        "roar",
        "Remove and retrain, each picture its own pixels: map P leaves 65 % right, map Q 75 %. What follows?",
        {
            "P found more of the clue than Q": "No: the number also holds what the shapes of the holes tell a new D. "
            "A control has to take that apart.",
            "nothing yet: ask what the holes alone tell": "Yes: if a new D is right by the holes alone, the scores "
            "compare holes, too.",
            "Q found more of the clue than P": "No: by this test's own logic a good map leaves *fewer* right answers.",
        },
        right="nothing yet: ask what the holes alone tell",
    ),
    Quiz(
        "08.4",
        "step",
        "A paper shows a map “of the discriminator” of a GAN. What must it say besides method and target?",
        {
            "at which step of the training it was made": "Yes: 50 steps later it may be another map, with other signs.",
            "how many layers the discriminator has": "No: that describes the network, but leaves open which of its "
            "states was asked.",
            "which picture the generator drew next": "No: the map is of one picture and one state of D.",
        },
        right="at which step of the training it was made",
    ),
]
