"""What lessons 10.1 and 10.2 ask: convincing pictures, and two maps that agree."""

from course_lib.learn.questions import Prediction, Question, Quiz

PICTURES: list[Question] = [
    Prediction(
        "10.1",
        "alike",
        "Nine methods explain the same answers of the same network. How alike will their maps look?",
        (
            "much alike: one network has one set of reasons",
            "quite different, on easy digits, too",
            "alike on easy digits, and different on hard ones",
        ),
        right="quite different, on easy digits, too",
        answer="One network, and specks, strokes, soft blots, squares. Each method asks its own question and draws in "
        "its own grain. Some that are built alike look alike: the gradient and SmoothGrad, LIME and Shapley "
        "values.",
    ),
    Prediction(
        "10.1",
        "parrot",
        "The parrot was trained on 600 digits with random labels. A3 now splits off 20 % of these 600 and counts how "
        "many it gets right. How many?",
        (
            "about 10 %: it can only guess",
            "about 50 %: some of it sticks",
            "about 100 %",
        ),
        right="about 100 %",
        answer="About 10 % is what it reaches on *new* digits. But the split came after the training. The parrot has "
        "seen each of these 120 digits, with its label, and has learned it by heart.",
    ),
    Prediction(
        "10.1",
        "forgets",
        "All weights of the reader are replaced by random ones. Whose map keeps most of its order?",
        (
            "nobody's",
            "that of Shapley values",
            "that of guided backprop",
            "those of all nine methods",
        ),
        right="that of guided backprop",
        answer="One would like to say nobody's: what was learned is gone. Eight maps do fall to about 0. Guided "
        "backprop's keeps most of its order. What it keeps was never about what the model had learned.",
    ),
    Quiz(
        "10.1",
        "leak",
        "Why does the parrot get full marks in A3's validation?",
        {
            "Because it is tested on what it was trained on": "Yes: the split came after the training, so every "
            "digit had been seen with its label.",
            "Because it has learned the shapes of digits": "If it has, it does not know which is which: on held-out "
            "digits it is about as good as guessing.",
            "Because 120 digits are too few to test with": "More would not help: it has learned all 600 by heart. "
            "What is wrong is which digits, not how many.",
        },
        right="Because it is tested on what it was trained on",
    ),
    Quiz(
        "10.1",
        "passed",
        "A map changes completely when all weights are made fresh. What does this show?",
        {
            "The map is right": "Noise that is drawn anew changes completely, too, and is right about nothing.",
            "The model was trained well": "The test is about the map. A badly trained model's map changes with its "
            "weights, too.",
            "This test does not reject the map": "Yes, and no more: the test can reject a map, and cannot confirm one.",
        },
        right="This test does not reject the map",
    ),
    Quiz(
        "10.1",
        "sharp",
        "What does the order of guided backprop's map mostly follow?",
        {
            "What the model has learned": "It keeps most of its order with no trained weight left. What it keeps is "
            "not about what the model learned.",
            "Where the picture is bright": "Yes: its order is near that of the brightness, with or without training.",
            "A mean over many noisy copies": "That is SmoothGrad. Guided backprop goes back through the network once.",
        },
        right="Where the picture is bright",
    ),
    Prediction(
        "10.2",
        "absolute",
        "Integrated gradients before and after all weights are made fresh, absolute values, over the whole picture."
        " How large is Spearman's correlation?",
        (
            "about 0, as before",
            "about ⅓",
            "about 1",
        ),
        right="about 1",
        answer="0.99. Not a single trained weight is left, and still the correlation says “unchanged”. The next "
        "paragraph finds what the two maps share.",
    ),
    Prediction(
        "10.2",
        "shuffled",
        "Two networks learned the same 600 digits: one with shuffled labels, one with true ones. Whose maps are "
        "like the reader's, for most methods?",
        (
            "neither's: both have other weights",
            "those of the one with true labels",
            "both: they have seen the same pictures",
        ),
        right="those of the one with true labels",
        answer="With true labels, most methods give maps that have something of the reader's; with shuffled ones "
        "next to nothing is left. So the labels matter: both networks saw the same pictures, and both have other "
        "weights than the reader.",
    ),
    Prediction(
        "10.2",
        "again",
        "LIME with 1,000 samples, asked again with another seed. How far do two runs agree?",
        (
            "almost fully, wherever one looks",
            "much more over the ink than over the whole picture",
            "much more over the whole picture than over the ink",
        ),
        right="much more over the ink than over the whole picture",
        answer="One may expect more agreement over more pixels. But most squares hold no ink, and what LIME gives to "
        "these is noise.",
    ),
    Quiz(
        "10.2",
        "ties",
        "Why do integrated gradients seem “unchanged” in absolute value over the whole picture?",
        {
            "They do not look at the weights": "They do: with signs, next to nothing is left.",
            "Black pixels get 0 in both maps": "Yes: most pixels are tied at 0, and all others lie above. Both maps"
            " share where the ink is.",
            "Fresh weights are much like trained ones": "They are not: next to nothing of the gradient's map is left.",
        },
        right="Black pixels get 0 in both maps",
    ),
    Quiz(
        "10.2",
        "high",
        "Guided backprop's maps of two trained networks agree at 0.88, more than the gradient's. What does that show?",
        {
            "Alone nothing: the picture would have 1": "Yes: set beside it how far it agrees with fresh weights. At"
            " 0.69, little is owed to training.",
            "It is the more reliable explanation": "It would be, if the agreement came from what was learned. But "
            "fresh weights, which have learned nothing, reach 0.69.",
            "The two networks have the same reasons": "Fresh weights have learned no reasons, and still reach 0.69. "
            "Guided backprop draws the picture for all of them.",
        },
        right="Alone nothing: the picture would have 1",
    ),
    Quiz(
        "10.2",
        "build",
        "LIME and Shapley values agree at about 0.9. Does one confirm the other?",
        {
            "Yes: two methods are better than one": "Only if they could have differed for a reason. These two cover"
            " the same squares.",
            "Yes, if both were asked with many samples": "Then chance is small. They are still built alike.",
            "Hardly: they are built alike": "Yes: both switch the same squares off. Agreement of methods of "
            "different build says more.",
        },
        right="Hardly: they are built alike",
    ),
]
