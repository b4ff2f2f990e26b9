"""The questions of lessons 09.2 and 09.3: which part draws the ink, what each number of z has a share of."""

from course_lib.learn.questions import Prediction, Question, Quiz

PARTS: list[Question] = [
    Prediction(
        "09.2",
        "bright",
        "Rank the 32 units by looking (IoU with the ink), and by doing (how far ink falls without them). How alike are "
        "the two orders?",
        ("nearly the same, above 0.8", "roughly the same, 0.5 to 0.8", "hardly or not at all, below 0.5"),
        right="hardly or not at all, below 0.5",
        answer="Below 0.5 in all recorded trainings, and often below 0. A unit that is bright where the ink is seems "
        "to draw it. But brightness shows where a unit is switched on, not what later layers make of it.",
    ),
    Prediction(
        "09.2",
        "cam",
        "Which of the three maps orders the cells most like the experiment?",
        ("Grad-CAM", "HiResCAM", "against the mean"),
        right="against the mean",
        answer="The map against the mean. Grad-CAM is the famous one, but it compares with maps of 0, and the "
        "experiment holds a cell at its *mean*. Only the third map asks the experiment's question.",
    ),
    Quiz(
        "09.2",
        "cause",
        "A unit is bright exactly where the ink is. What follows?",
        {
            "the unit draws the ink": "No: that is the idea to test. A later layer may take away what it brings.",
            "ink would fall without the unit": "No: that must be tried. The two orders do not agree.",
            "the two go together; whether it is a cause is open": "Yes: to know, hold the unit at its mean and look.",
        },
        right="the two go together; whether it is a cause is open",
    ),
    Quiz(
        "09.2",
        "target",
        "A paper shows “Grad-CAM of the generator”. What do you ask first?",
        {
            "for which layer it was made": "No: that matters as well. But without a number to explain there is no "
            "slope for any layer.",
            "of which number it is the map": "Yes: a generator gives 784 numbers, and Grad-CAM explains one.",
            "how many pictures it was averaged over": "No: each picture has a map of its own. But a map of *what*?",
        },
        right="of which number it is the map",
    ),
    Quiz(
        "09.2",
        "line",
        "The third map ranks the cells nearly as the experiment does. Why is that no independent success?",
        {
            "it is the experiment, with a straight line for the network": "Yes: so it says how good the line is, and "
            "the sizes show that it is not very good.",
            "49 cells are too few for a rank correlation": "No: 49 unrelated numbers stay within ±0.28 in 19 of 20 "
            "cases. Neighbouring cells are alike and reach further, but hardly to 0.9.",
            "both were made from the same six pictures": "No: a map is always tested on its own picture.",
        },
        right="it is the experiment, with a straight line for the network",
    ),
    Prediction(
        "09.3",
        "product",
        "The product of 2 and 3 is 6, and 0 at the baseline (0, 0). What do “slope × step” and “one at a time” give as "
        "shares?",
        ("(3, 3)", "(2, 3)", "(6, 6)"),
        right="(6, 6)",
        answer="Both say (6, 6): 12 shared out, of 6. One expects shares to add up, but each of the two methods asks "
        "about one number while the other stays switched on.",
    ),
    Prediction(
        "09.3",
        "zero",
        "z = 0 is the mean of all latents. What does our generator draw there?",
        ("the mean digit, a grey blot", "a typical digit", "nothing, a black picture"),
        right="nothing, a black picture",
        answer="A black picture. The mean of the latents need not draw the mean of the pictures. A drawn z of "
        "10 numbers is hardly ever near 0, so training hardly ever tried this place.",
    ),
    Prediction(
        "09.3",
        "deep",
        "The shares of shap's Deep add up: their sum is right to many digits. How far from the true shares of the two "
        "logits are they?",
        ("at most 1 % of their size", "about 5 % of their size", "a fifth of their size, or more"),
        right="a fifth of their size, or more",
        answer="A fifth or more: here 0.45 to 0.66. A check that passes to many digits looks like a proof. But "
        "infinitely many lists have the same sum.",
    ),
    Prediction(
        "09.3",
        "baseline",
        "Both lists are exact: the true shares against z = 0, and those against typical latents. How far apart are "
        "they?",
        ("below 0.1 of their size", "about 0.2 of their size", "0.4 of their size, or more"),
        right="0.4 of their size, or more",
        answer="0.4 or more. “True” sounds like one answer. But a share is a share of a difference, and the two "
        "differences are not the same.",
    ),
    Quiz(
        "09.3",
        "sum",
        "Give each of ten numbers a tenth of the difference f(z) − f(z′). What is true of these shares?",
        {
            "they add up, so each is right": "No: nobody asked the model what each number does.",
            "they add up, and each may be wrong": "Yes: adding up says that nothing was lost, and no more.",
            "they do not add up: the model is not linear": "No: ten tenths add up for every model.",
        },
        right="they add up, and each may be wrong",
    ),
    Quiz(
        "09.3",
        "which",
        "Which baseline is the right one?",
        {
            "z = 0, the mean latent": "No: it draws an empty picture here. That is one question among many.",
            "one drawn latent, since it is typical": "No: it is one other digit, and another one gives other shares.",
            "the one that your question compares with": "Yes: so say it. The mean over many drawn ones asks about the "
            "usual picture.",
        },
        right="the one that your question compares with",
    ),
    Quiz(
        "09.3",
        "many",
        "A generator's z has 64 numbers. How do you get their Shapley values?",
        {
            "sample orders, and print the standard error": "Yes: four times as many orders halve the error.",
            "enumerate all coalitions, as we did": "No: 2 to the 64 pictures would have to be drawn.",
            "shap's Deep, as it adds up": "No: adding up did not bring it near the truth for ten numbers either.",
        },
        right="sample orders, and print the standard error",
    ),
]
