"""The questions of lessons 07.4 and 07.5: what absent looks like, maps beside their controls."""

from course_lib.learn.questions import Prediction, Question, Quiz

TESTS: list[Question] = [
    Prediction(
        "07.4",
        "ink",
        "The 9 is read as 0, with a lead of 5.4 logits. We make ten of its ink pixels black, the most orange ones in "
        "the third column. What becomes of the lead?",
        ("it stays about as it is", "it falls, but 0 stays ahead", "it turns around: the 9 leads"),
        right="it turns around: the 9 leads",
        answer="It turns around. Ten pixels of some hundred with ink seem few, and ten random ones indeed take "
        "away, on average, only a quarter of the lead or less. But these ten are those that the map names for “0 and "
        "not 9”.",
    ),
    Prediction(
        "07.4",
        "black",
        "The background is thirty digits. How much of the attribution lies on the *black* pixels of the explained "
        "digits?",
        right=(30, 60),
        answer="Nearly half of it, 45 %. An empty pixel seems to have nothing to say, and against a black background "
        "it has not: there the share is 0. Against other digits, which may have ink there, an empty place raises the "
        "logit or lowers it. (That is less than their part of the picture: 81 % of the pixels are black.)",
        unit="per cent",
    ),
    Prediction(
        "07.4",
        "hundred",
        "Two backgrounds of 100 random digits each, which share no picture. How alike are the two maps of one digit "
        "(cosine, 1: the same)?",
        ("about 0.5", "about 0.8", "above 0.9"),
        right="above 0.9",
        answer="Above 0.9. The article takes all training digits, as if each counted. But two random "
        "hundreds are much alike on average. Two random threes are not, and their maps are far less alike.",
    ),
    Prediction(
        "07.4",
        "hooks",
        "shap fails on a network with in-place ReLUs, with an error. How many of its hooks are in the network "
        "afterwards?",
        ("none: an error takes them along", "one: that of the layer that failed", "many: those of all layers"),
        right="many: those of all layers",
        answer="16 in this network, on all its layers. An error in Python undoes nothing that was done before it: "
        "whoever hangs hooks in has to take them out.",
    ),
    Quiz(
        "07.4",
        "question",
        "Two maps of one 3 differ: one has a black background, the other thirty digits. Which one is right?",
        {
            "the one with black: absent means empty": "No: that is one choice. It asks why the logit is higher than "
            "for an empty picture.",
            "the one with digits: the network knows them": "No: that is another choice. It asks why the logit is "
            "higher than for other digits, on average.",
            "both: each answers a question of its own": "Yes: so the background has to be said with the map.",
        },
        right="both: each answers a question of its own",
    ),
    Quiz(
        "07.4",
        "difference",
        "A 9 is read as 0. What does the map “for 0” minus the map “for 9” show?",
        {
            "what raises the lead of 0 over 9": "Yes: so it answers “why 0 and not 9”. What helps both alike "
            "drops out.",
            "where the picture of a 0 differs from a 9": "No: both maps use the same thirty background digits; no "
            "picture of a 0 was set against one of a 9.",
            "how sure the network is of its answer": "No: how sure it is lies in the logits. The map says which "
            "pixels they come from.",
        },
        right="what raises the lead of 0 over 9",
    ),
    Quiz(
        "07.4",
        "copy",
        "Why does this course explain a *copy* of a network?",
        {
            "because a copy is faster to explain": "No: copying costs time, though little.",
            "so that hooks and modes leave the network alone": "Yes: a method that fails leaves hooks behind, and "
            "they belong to the copy.",
            "because explaining changes the weights": "No: no explanation trains. The weights stay as they were, in "
            "the copy, too.",
        },
        right="so that hooks and modes leave the network alone",
    ),
    Prediction(
        "07.5",
        "look",
        "Four of thirteen rows will be controls: noise, brightness, blurred brightness, edges. Guess: how many of them "
        "give themselves away by not looking like the digit?",
        ("none of them", "noise alone", "noise and edges", "all four"),
        right="noise alone",
        answer="Noise alone. The other three follow the digit, as a good map seems to do. But the eye likes what it "
        "sees in the picture anyway: that is no sign that a network was asked.",
    ),
    Prediction(
        "07.5",
        "insertion",
        "Pixels come in on black, the most important first. How does plain brightness do, beside nine methods?",
        ("worse than all of them", "in the middle of them", "about as well as the best"),
        right="about as well as the best",
        answer="About as well as the best, on black. It seems that a map without a network must lose. But the white "
        "pixels *are* the digit: whoever brings them in first shows it to the network at once. On another "
        "digit brightness falls back.",
    ),
    Prediction(
        "07.5",
        "swap",
        "Deep leads on another digit, with thirty digits for its background. How does it do there with a *black* one?",
        ("about as well: it is the same method", "it falls back, to where Shapley is", "better: black is simpler"),
        right="it falls back, to where Shapley is",
        answer="It falls back to where integrated gradients and Shapley values with black are. One expects a good "
        "method to stay good; but another background is another question.",
    ),
    Prediction(
        "07.5",
        "cost",
        "Which of these costs less than one gradient?",
        ("Grad-CAM", "integrated gradients", "LIME", "none of them"),
        right="Grad-CAM",
        answer="Grad-CAM: its way back ends at a layer, short of the pixels. “None” sounds safe, since all of them "
        "seem to do more than a gradient; integrated gradients and LIME do, many times.",
    ),
    Quiz(
        "07.5",
        "control",
        "A method's insertion score is 0.90, “close to perfect”. What is missing?",
        {
            "the same score for maps that asked no network": "Yes: on black, plain brightness gets about as much.",
            "a second network, to see whether it repeats": "Not first: that would be good as well. But without "
            "controls two such scores say as little as one.",
            "nothing: 0.90 of at most 1 speaks for itself": "No: a score has a meaning only beside what a worthless "
            "map gets.",
        },
        right="the same score for maps that asked no network",
    ),
    Quiz(
        "07.5",
        "best",
        "shap's Deep leads when pixels come in on another digit. What may one say?",
        {
            "Deep is the best of the nine methods": "No: on black it is one of many. A method is good for a question.",
            "its lead depends on its background": "Yes: with a black background Deep falls back, though it is the "
            "same method. And a map that knows the thirty digits, but no network, has most of that lead.",
            "the other methods have a mistake in them": "No: where we compared them with a package, they agreed. "
            "They answer other questions.",
        },
        right="its lead depends on its background",
    ),
    Quiz(
        "07.5",
        "sigmoid",
        "The logits of two classes are 4 and 4, all others are far below. What is the probability of the first?",
        {
            "about 0.98, the sigmoid of 4": "No: the sigmoid does not know of the second class. Two classes cannot "
            "both have 0.98.",
            "a half, since 4 is half of 8": "No: the half is right, by chance. With 1 and 3 the shares of the sum "
            "would be ¼ and ¾, and softmax gives 0.12 and 0.88.",
            "a half, since e⁴ is half of e⁴ + e⁴": "Yes: two equal numbers of the ten share nearly all of it.",
        },
        right="a half, since e⁴ is half of e⁴ + e⁴",
    ),
]
