"""The questions of lesson 12.3: who finds a mark, when to stop, and what a shortcut does."""

from course_lib.learn.questions import Prediction, Question, Quiz

USES: list[Question] = [
    Prediction(
        "12.3",
        "finds",
        "After 400 steps: in how many of five trainings does DeepSHAP's best window lie on the mark, and in how many "
        "that of its best rival?",
        (
            "DeepSHAP in five, the best rival in three",
            "both in five: real and generated pictures differ there",
            "DeepSHAP in two, brightness in five: the mark is white",
            "nobody in more than one: a third of the pictures is too few",
        ),
        right="DeepSHAP in five, the best rival in three",
        answer="DeepSHAP did best here. Brightness finds it in none: strokes are white, too, and more often. And look "
        "at the table's last column: after 1,500 steps DeepSHAP finds it in none.",
    ),
    Prediction(
        "12.3",
        "stop",
        "Which rule has the smallest regret (median)?",
        (
            "take the moment at which D's maps drift least",
            "take the moment of the least Fréchet distance to held-out digits",
            "take the last moment",
        ),
        right="take the moment of the least Fréchet distance to held-out digits",
        answer="It asks about the pictures, which is what we want to know. Least drift says when D changes "
        "least, and not that G draws well.",
    ),
    Prediction(
        "12.3",
        "shortcut",
        "Every real picture has a mark that G cannot draw. What becomes of G's digits?",
        (
            "They are as good as ever: the mark is small",
            "They are a little worse",
            "They are no digits at all",
        ),
        right="They are no digits at all",
        answer="16 of 784 pixels are enough for D to be right. A guess at what follows: no stroke can make up for the "
        "missing mark, so D tells G little about digits.",
    ),
    Quiz(
        "12.3",
        "needed",
        "D's map found the mark in the data. What has been shown?",
        {
            "That no simpler picture finds it": "In each recorded training one of two plain comparisons found it.",
            "That such a map can find a mark, if we look early": "Yes: after 400 steps in all five trainings, after "
            "1,500 in none.",
            "That D used the mark": "A mean map tells where D's number differs, and not what D would say without "
            "the mark. Cover it and see.",
            "That a map of D shows the faults of the data": "It is of D at that moment: after 1,500 steps DeepSHAP "
            "found the mark in no training.",
        },
        right="That such a map can find a mark, if we look early",
    ),
    Quiz(
        "12.3",
        "calm",
        "D's maps have hardly changed for 500 steps. What follows for G's pictures?",
        {
            "They are as good as they will get": "Ours never came to rest; and in four of five trainings the moment of "
            "least drift was not that of the least distance.",
            "Nothing by itself: measure the pictures": "Yes. Drift tells how fast D's reasons change, and not how near "
            "G's pictures are.",
            "D has learned all there is": "D may be calm because G stands still, or because its own steps cancel.",
        },
        right="Nothing by itself: measure the pictures",
    ),
    Quiz(
        "12.3",
        "hide",
        "Hiding the found window from D saved the training. Which control shows that the *place* mattered?",
        {
            "A game in which a window elsewhere is hidden": "Yes: as many pixels were hidden, and G stayed at "
            "least twice as far off.",
            "A game without any mark": "It tells how good G could be, and not whether hiding any window would "
            "have helped.",
            "A second training with the same window": "It tells how much luck there is, which is needed as well; but "
            "it hides the same place.",
        },
        right="A game in which a window elsewhere is hidden",
    ),
]
