"""What lessons 10.3 to 10.5 ask: insertion, what could pass a test, and the table of all tests."""

from course_lib.learn.questions import Prediction, Question, Quiz

SCORES: list[Question] = [
    Prediction(
        "10.3",
        "image",
        "On black, on twelve digits (7.5), brightness tied with the best method. On how many of ten recorded seeds "
        "does it go more than half of the way from noise to the best?",
        right=(9, 10),
        unit="seeds",
        answer="On all ten, 0.72 to 0.96 of the way. Twelve digits might have been luck; ten seeds hardly are. Bright "
        "pixels on black *are* the digit, and the model reads digits.",
    ),
    Prediction(
        "10.3",
        "difference",
        "On another digit: where will the difference come? It never saw the model.",
        (
            "above all nine methods",
            "among the nine methods",
            "below all nine methods",
        ),
        right="above all nine methods",
        answer="It changes first what differs most, and needs no model for it. The nine methods were asked about the "
        "digit alone, and did not know what it would be mixed with.",
    ),
    Prediction(
        "10.3",
        "ties",
        "The same maps, the same test, and only the order of equal pixels differs. Do the scores change?",
        (
            "no: the maps are the same",
            "yes, but only of maps with many equal pixels",
            "yes, of all maps alike",
        ),
        right="yes, but only of maps with many equal pixels",
        answer="Most of the picture is equally black, so most of its order is nobody's choice. The picture's "
        "score moves by about two hundredths. Occlusion has many equal pixels, too, and hardly moves. The gradient has "
        "next to none.",
    ),
    Quiz(
        "10.3",
        "black",
        "A map inserts well on black. What has it shown?",
        {
            "It knows what convinces the model": "The picture itself does nearly as well, and knows nothing about "
            "the model.",
            "It knows where the digit is": "Yes, and little more: for that nobody needs a model.",
            "Nothing: noise does as well": "Noise is far below. To know where the digit is helps, and needs no model.",
        },
        right="It knows where the digit is",
    ),
    Quiz(
        "10.3",
        "won",
        "A method beats noise, the picture and its edges on every seed. What follows?",
        {
            "It is better than these three maps in this test": "Yes, and no more: the next control may be "
            "stronger, as the difference was.",
            "It says something about the model": "It seemed so of occlusion here. But the blurred picture does as "
            "well, and never saw a model.",
            "It is the best method for this test": "It was compared with controls. The other methods have to be "
            "beaten, too.",
        },
        right="It is better than these three maps in this test",
    ),
    Quiz(
        "10.3",
        "told",
        "Is it fair to compare the difference with the gradient on another digit?",
        {
            "Yes: both are maps of the same picture": "They are, but one was told which digit fills it.",
            "No: a map without a model cannot be scored": "It can, and should: what it reaches needs no model.",
            "Not quite: one of them knew the fill": "Yes: four methods, told the fill, do about as well, and "
            "integrated gradients delete better. Compare maps that were told the same.",
        },
        right="Not quite: one of them knew the fill",
    ),
    Prediction(
        "10.4",
        "flicker",
        "The gradient is a slope, and small noise is what a slope speaks of. Of the squared changes of the logit, "
        "which share does it miss?",
        right=(55, 75),
        unit="per cent",
        answer="About 65 %. One may expect next to nothing, as for the linear model; but over noise of this size the "
        "network is no straight line. HiResCAM, which inserted best, misses 96 %, hardly less than a map of noise: "
        "98 %. It promised nothing about such changes.",
    ),
    Prediction(
        "10.4",
        "stable",
        "Which map does max-sensitivity call the best?",
        (
            "occlusion: its patches hardly move",
            "the gradient: it is exact",
            "frozen noise: drawn once, from a fixed seed",
        ),
        right="frozen noise: drawn once, from a fixed seed",
        answer="It does not look at the picture, so it cannot move with it. Among the methods, occlusion and Grad-CAM "
        "are near the top, being coarse. LIME and Shapley values are coarse *and frozen*: they got the same random "
        "numbers before and after.",
    ),
    Prediction(
        "10.4",
        "square",
        "AUC over the square of 49 pixels: who scores above 0.9?",
        (
            "all nine: they all paint the corner",
            "the maps of patches alone",
            "the maps of single pixels alone",
        ),
        right="the maps of patches alone",
        answer="The maps of pixels lie at ⅓ or ⅔, although their highest pixel always lies in the corner. "
        "Before we blame them: could a perfect map of pixels have passed?",
    ),
    Prediction(
        "10.4",
        "plain",
        "Why “plain”? From which baseline do integrated gradients give the credit to the corner?",
        (
            "from black",
            "from the mean of plain digits",
            "from the mean of marked digits",
            "from none: absence has no pixels",
        ),
        right="from the mean of marked digits",
        answer="Black is the usual baseline, and the corner of a plain digit is black: there, nothing differs. Only a "
        "baseline that has the dots can credit their absence.",
    ),
    Quiz(
        "10.4",
        "squares",
        "LIME misses 94 % in infidelity. Is its map bad?",
        {
            "Yes: the gradient misses much less": "The gradient is a slope and was asked its own question. In "
            "squares, even the gradient does little better than LIME.",
            "It was not asked what it answers": "Yes: even the gradient, in squares, misses about nine tenths. LIME "
            "speaks of parts that go.",
            "No: 94 % is a good share": "It is the share that is *missed*: 0 is perfect.",
        },
        right="It was not asked what it answers",
    ),
    Quiz(
        "10.4",
        "stable map",
        "A map hardly changes when the picture hardly changes. What is that worth?",
        {
            "Alone nothing: frozen noise changes least": "Yes. Use it to choose among maps that have passed another "
            "test.",
            "Much: a true explanation must be stable": "If such small changes alter the model's reasons, a true one "
            "must move, too.",
            "Nothing ever: stability is of no use": "Among maps that passed another test, the stabler one is easier"
            " to use.",
        },
        right="Alone nothing: frozen noise changes least",
    ),
    Quiz(
        "10.4",
        "perfect",
        "Over the square, integrated gradients score an AUC of 0.67. What should you do first?",
        {
            "Discard the method": "A map of the dots alone, without a mistake, scores 0.66 there: this one does "
            "as well.",
            "Lower the pass mark to 0.6": "Then the pass mark follows the score. The test still asks for another"
            " build.",
            "Score a perfect map of its build": "Yes: even the perfect one gets 0.66, so this score cannot judge the "
            "map. Over the dots, where the perfect one gets 1.00, this one does, too.",
        },
        right="Score a perfect map of its build",
    ),
    Prediction(
        "10.5",
        "coin",
        "How often does a fair coin win at least 9 of 10 throws?",
        right=(0.8, 1.5),
        unit="per cent",
        answer="In 1.1 % of cases, once in 93: eleven of 1,024 outcomes. One of them has no miss, ten have one.",
    ),
    Prediction(
        "10.5",
        "winner",
        "How many of the nine methods pass every test that they are asked?",
        (
            "none",
            "one",
            "two or three",
            "most",
        ),
        right="none",
        answer="Each method fails somewhere, and most fail where another passes.",
    ),
    Prediction(
        "10.5",
        "blind",
        "How many of the seven maps without a model pass at least one test?",
        (
            "none: they know nothing",
            "only the picture itself",
            "most of them",
        ),
        right="most of them",
        answer="Five of seven; the two noises pass none. They know nothing about the model, and something about the "
        "test: where the digit is, what differs, where the dots are.",
    ),
    Quiz(
        "10.5",
        "tick",
        "In the first figure, a method has ✓ in insertion on digits. What has it shown?",
        {
            "That it speaks about the model": "The blurred picture and the difference pass, too, and have not seen "
            "a model.",
            "That it is better than three controls": "Yes, on at least nine of ten seeds; the median margin stands "
            "there.",
            "That it is the best of the nine methods": "A margin is over the controls. Which method is first "
            "changes from seed to seed.",
        },
        right="That it is better than three controls",
    ),
    Quiz(
        "10.5",
        "seeds",
        "Why are margins taken seed by seed, and not between two means?",
        {
            "All maps of a seed share networks and digits": "Yes: what is hard for all maps of a seed drops "
            "out of the margin, and one can count the seeds that a map won.",
            "Because ten seeds are too few for a mean": "A mean of ten can be taken. But a mean hides on how many "
            "seeds the map won.",
            "So that more methods pass the tests": "Then the rule would be tuned to its result. Here it is the harder "
            "way: on each seed the best of three controls is the bar.",
        },
        right="All maps of a seed share networks and digits",
    ),
    Quiz(
        "10.5",
        "best",
        "A colleague asks which explanation is the best. What do you answer?",
        {
            "The one with the most ticks": "The tests ask different questions, and several ticks can be had without"
            " a model.",
            "None: explanations are useless": "They answer questions: what a small change does, or what a part "
            "gives. These can be tested.",
            "“For which question?”": "Yes. Then choose the method, the control and the score for that question.",
        },
        right="“For which question?”",
    ),
]
