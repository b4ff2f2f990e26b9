"""The questions of lessons 07.1 to 07.3: fair shares, what happens nearby, places of a layer."""

from course_lib.learn.questions import Prediction, Question, Quiz

METHODS: list[Question] = [
    Prediction(
        "07.1",
        "gloves",
        "Ann alone earns 0, like each of the three. Without Ann nobody earns anything; without Bob nothing changes. "
        "What is a fair share of the 1 for Ann?",
        ("all of it: 1", "two thirds: 2/3", "a half: 1/2", "a third: 1/3"),
        right="two thirds: 2/3",
        answer="By the rule of this lesson 2/3, and 1/6 each for Bob and Cem: everyone gets what they add on "
        "entering, on average over all orders in which the three can come. A third each forgets that Ann cannot be "
        "replaced, a half that Bob and Cem can. All for Ann forgets that, coming first, she adds "
        "nothing. (Another rule, the core, does give her all.)",
    ),
    Prediction(
        "07.1",
        "squares",
        "Nine squares share out the logit of “3” over an all-black picture. Where do the large shares go?",
        ("about the same to each square with ink", "to two squares, most of it", "to the middle square, most of it"),
        right="to two squares, most of it",
        answer="Two squares get most of it, the middle ones of the top and of the bottom row. Ink alone earns little: "
        "some squares with ink have shares near 0, or speak against “3”. A share is about this logit, not about how "
        "much is to be seen.",
    ),
    Prediction(
        "07.1",
        "orders",
        "We sample orders at random. By what factor does the error become smaller with 4 times as many orders?",
        ("about 2", "about 4", "about 16"),
        right="about 2",
        answer="About 2. One expects 4, since there are 4 times as many draws. But chance errors partly cancel: the "
        "error of a mean falls with the *root* of the number of draws, and the root of 4 is 2.",
    ),
    Prediction(
        "07.1",
        "default",
        "The model is linear, the 49 shares are known, and `KernelExplainer` is asked with its default settings. "
        "What will its shares be?",
        ("right, and their sum fits", "wrong, but their sum fits", "right up to chance, so the sum is a little off"),
        right="wrong, but their sum fits",
        answer="The sum fits up to rounding, and the shares are off by a quarter of their length or more. A sum "
        "that fits looks like a proof and is none: the ten squares that are kept share out what belongs to many more.",
    ),
    Quiz(
        "07.1",
        "meaning",
        "A square has the Shapley value 1.2. What does that say?",
        {
            "covering it lowers the logit by 1.2": "No: that is what it adds when it enters *last*. A Shapley value "
            "is a mean over all orders, also those in which it comes first.",
            "on average it adds 1.2 to the logit on entering": "Yes: on average over all orders, for this picture, "
            "this logit and this idea of absence.",
            "it matters 1.2 times as much as an average square": "No: shares are in logits. They are not ratios, and "
            "they can be negative.",
        },
        right="on average it adds 1.2 to the logit on entering",
    ),
    Quiz(
        "07.1",
        "sum",
        "A package's 784 shares add up to the logit's rise, exactly. What follows?",
        {
            "each share is right": "No: the default of `KernelExplainer` added up and was wrong on a model whose "
            "answer is known.",
            "the sampling was large enough": "No: sampled values add up after a single order, when each of them is "
            "still far off.",
            "only the sum is sure: each share may be wrong": "Yes: a sum catches some mistakes of a program. A known "
            "answer or a second method has to catch the others.",
        },
        right="only the sum is sure: each share may be wrong",
    ),
    Quiz(
        "07.1",
        "players",
        "Why are 49 squares not valued by all their coalitions?",
        {
            "there are 2 to the power of 49 coalitions": "Yes: more than 500 million million. So orders are sampled.",
            "the network refuses pictures with holes": "No: it answers any picture of 28 × 28 pixels.",
            "the shares would no longer add up": "No: exact values always add up, for any number of players.",
        },
        right="there are 2 to the power of 49 coalitions",
    ),
    Prediction(
        "07.2",
        "twice",
        "LIME with 100 samples is asked twice, with two seeds. How alike is the order of all pixels in the two maps "
        "(rank correlation)?",
        ("nearly the same: above 0.9", "rather alike: 0.7 to 0.9", "weakly alike: below 0.7"),
        right="weakly alike: below 0.7",
        answer="It is about 0.4 over the whole picture. One expects the same map, since picture and network are the "
        "same; but each seed erases other squares, and the many black squares get nothing but chance. Over the pixels "
        "with ink the order agrees far better.",
    ),
    Prediction(
        "07.2",
        "fit",
        "With 100 samples instead of 1,000, how does R² change, on the answers that the sum was *fitted to*?",
        ("it falls", "it stays about the same", "it rises"),
        right="it rises",
        answer="It rises. Fewer samples sound worse, and they are, but 49 coefficients can follow 100 answers "
        "closely, so the fit *looks* better. Only R² on unseen answers falls.",
    ),
    Prediction(
        "07.2",
        "probability",
        "For a usual digit, how long is the gradient of the probability, compared with that of the logit?",
        ("about as long", "about a tenth as long", "less than a hundredth as long"),
        right="less than a hundredth as long",
        answer="Less than a hundredth. Both are highest for the same class, so one expects much the same gradient. "
        "But where a probability is nearly 1, small changes hardly move it: its slope is nearly 0, and it differs "
        "wildly from digit to digit.",
    ),
    Quiz(
        "07.2",
        "show",
        "Somebody shows a LIME map of 100 samples with R² = 0.95. What should they show as well?",
        {
            "nothing: 0.95 is a good fit": "No: with few samples the fitted R² can be high whatever the coefficients "
            "are worth.",
            "a map with smaller squares": "No: more squares mean more coefficients for the same 100 answers, and "
            "still less certainty.",
            "a second seed, and R² on unseen answers": "Yes: one shows whether the map is stable, the other whether "
            "the sum foretells anything.",
        },
        right="a second seed, and R² on unseen answers",
    ),
    Quiz(
        "07.2",
        "pixels",
        "Two LIME runs agree at 0.98 over the ink and at 0.55 over the whole picture. Why the difference?",
        {
            "black squares get noise, another one each time": "Yes: switching a black square off changes nothing, so "
            "its coefficient is chance.",
            "the network is less sure where it is black": "No: the network is asked about whole pictures. It gives "
            "no answer for single places.",
            "one of the two numbers has to be a mistake": "No: both are right, over different pixels. That is why "
            "one says over which.",
        },
        right="black squares get noise, another one each time",
    ),
    Quiz(
        "07.2",
        "collect",
        "What do integrated gradients know that the plain gradient at the picture does not?",
        {
            "how the network was trained": "No: both look at the finished network alone.",
            "what happens on the way from the baseline": "Yes: the slopes are collected on the whole way, so they "
            "add up to the logit's rise.",
            "which pixels another picture would need": "No: they stay on the straight line between the baseline and "
            "this picture.",
        },
        right="what happens on the way from the baseline",
    ),
    Prediction(
        "07.3",
        "sums",
        "At the last maps we add up all values of each method's result, before the cut at 0. Which sum is the logit "
        "without its constant?",
        ("Grad-CAM's and HiResCAM's", "HiResCAM's alone", "Grad-CAM's alone", "neither"),
        right="HiResCAM's alone",
        answer="HiResCAM's sum fits up to rounding; Grad-CAM's misses by about the whole logit. Both use the same "
        "slopes and maps, so one expects both to fit; but a mean slope over places is another weight than this "
        "network uses.",
    ),
    Prediction(
        "07.3",
        "layers",
        "The slider goes from the first convolution to the last pooling. At which of these layers is Grad-CAM's sum "
        "near the logit?",
        ("at the first ones, with most places", "in the middle, after the second convolution", "at none of them"),
        right="at none of them",
        answer="At none of them. Many places sound like more care, but one weight for all places of a map is the "
        "wrong weight at each layer. HiResCAM, with a weight for each place, is near the logit everywhere.",
    ),
    Prediction(
        "07.3",
        "cover",
        "Which signed map, taken after the second ReLU, is more like what covering does to the logit?",
        ("Grad-CAM", "HiResCAM", "both about the same"),
        right="HiResCAM",
        answer="HiResCAM. Grad-CAM is the better known of the two; here its mean over places mixes what speaks for the "
        "class at one place with what speaks against it at another. What HiResCAM's number is worth, the control "
        "beside it shows.",
    ),
    Quiz(
        "07.3",
        "weight",
        "What is the weight of a map in Grad-CAM?",
        {
            "the mean of the map's own values": "No: that says how bright the map is, not whether brightness helps "
            "the class.",
            "the slope of the logit, at each place its own": "No: that is HiResCAM. Grad-CAM has one weight for the "
            "whole map.",
            "the mean slope of the logit over its places": "Yes: one number a map. A flattened head has one for each "
            "place.",
        },
        right="the mean slope of the logit over its places",
    ),
    Quiz(
        "07.3",
        "head",
        "For which network do Grad-CAM and HiResCAM (both signed) give the same result at the last maps?",
        {
            "one that averages each map over places": "Yes: then all places of a map have the same slope, and their "
            "mean is that slope.",
            "one that flattens the maps into a row": "No: such a head reads each place with its own weight. That is "
            "where the two differ.",
            "one with more maps in its last layer": "No: how many maps there are does not matter, but whether their "
            "places are read alike.",
        },
        right="one that averages each map over places",
    ),
    Quiz(
        "07.3",
        "blot",
        "A Grad-CAM blot lies beside the stroke. Which reading is safe?",
        {
            "the network looked beside the stroke": "No: the blot is a sum of maps with one weight each. It may be "
            "bright where nothing counts.",
            "a weighted sum of maps is large there": "Yes: that is what was computed. To cover the place with "
            "black settles nothing: it is black already (7.4 puts other digits there).",
            "the stroke plays no part in the answer": "No: occlusion shows that it does. Grad-CAM can miss what a "
            "network needs.",
        },
        right="a weighted sum of maps is large there",
    ),
]
