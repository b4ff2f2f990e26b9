"""The questions of lesson 13.7: a blank page, a minority, and a digit that was never shown."""

from course_lib.learn.questions import Prediction, Question, Quiz

LIMITS: list[Question] = [
    Prediction(
        "13.7",
        "blank",
        "Every latent of the zoo's DCGAN is multiplied by 0.2. What does the judge say of the pictures?",
        (
            "all ten digits, each as often as before",
            "“1” of all of them, and it is sure",
            "nothing: it is unsure of all of them",
        ),
        right="“1” of all of them, and it is sure",
        answer="They are blank: the training hardly met latents so short. The judge has to name one of ten digits, "
        "and little ink looks to it like a 1. It has no answer “no digit”.",
    ),
    Prediction(
        "13.7",
        "minority",
        "A tenth of the training digits have white paper, and a GAN learned to draw them, too. Now all latents are "
        "multiplied by 0.6, to get rid of odd samples. How often does it draw white paper then?",
        ("about as often as before", "more often than before", "hardly ever"),
        right="hardly ever",
        answer="What lies far from the middle of the latents goes first, and the minority seems to lie there. "
        "Who calls this “better samples” has not counted.",
    ),
    Prediction(
        "13.7",
        "search",
        "A GAN was trained without any 7. Somebody who holds its weights searches 50 latents for one. From how many "
        "do they get a picture that a second reader surely calls 7?",
        right=(20, 50),
        answer="About two in three, over five trainings. A 7 is a bar and a slanted stroke, and other digits probably "
        "taught the generator both. Is what the reader calls 7 always one? Count in the middle row.",
        unit="latents",
    ),
    Quiz(
        "13.7",
        "mean",
        "The mean thickness of the samples is that of the data. What follows for thin digits?",
        {
            "They are drawn as often as in the data": "A mean hides its tails: thin and thick ones may both be rare.",
            "Nothing: look at the thinnest tenth": "Yes. The zoo's GAN draws it in 6 of 100 samples.",
            "They are drawn too rarely": "That may be, but the mean does not say it.",
        },
        right="Nothing: look at the thinnest tenth",
    ),
    Quiz(
        "13.7",
        "filter",
        "A web page draws digits and shows none that its judge takes for a 7. The weights are published as well. What "
        "does the filter protect against?",
        {
            "Against 7s from these weights": "Whoever holds the weights leaves the filter out.",
            "Against 7s on this page, as far as its judge reads well": "Yes, and no further.",
            "Against nothing": "On the page a second reader found hardly any.",
        },
        right="Against 7s on this page, as far as its judge reads well",
    ),
    Quiz(
        "13.7",
        "zero",
        "In 50 pictures nobody saw a 7. What is the largest share that a count of 0 still allows (with 95 percent)?",
        {
            "0": "Had 3 of 100 pictures been 7s, 50 would show none in 22 of 100 cases.",
            "about 6 percent": "Yes: 0.94 to the power 50 is 0.05. As a rule of thumb: 3 divided by the number.",
            "about half": "0.5 to the power 50 is nearly nothing: half would have been seen.",
        },
        right="about 6 percent",
    ),
]
