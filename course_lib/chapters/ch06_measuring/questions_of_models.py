"""The questions of lessons 06.4 and 06.5: copies, learning by heart, a contest."""

from course_lib.learn.questions import Prediction, Question, Quiz

MODELS: list[Question] = [
    Prediction(
        "06.4",
        "cheat",
        "New real digits are 0.63 from the 4,000 training digits. The copies are 1,000 of these 4,000 themselves. What "
        "is their Fréchet distance?",
        ("0: they are among the 4,000", "above 0, but below 0.63", "above 0.63"),
        right="above 0, but below 0.63",
        answer="0.39. “They are among the 4,000” is true, but 1,000 are a sample, and its mean and covariance are not "
        "quite those of all. New real digits are a sample, too, and the judge was not trained on them.",
    ),
    Prediction(
        "06.4",
        "moved",
        "All copies are moved by one pixel to the right. What is their copying score in pixels, if that of "
        "copies is 1 and that of honest pictures ½?",
        ("still near 1", "about ¾", "about ½"),
        right="about ½",
        answer="0.489: they pass as honest. To the eye they are the same pictures, but all along the strokes pixels "
        "change between black and white, and the test sees nothing else.",
    ),
    Prediction(
        "06.4",
        "fewer",
        "A5: “a smaller training set prevents overfitting”. With 100 training digits instead of 4,000, the gap is …",
        ("smaller", "about the same", "larger, up to 1", "larger, far above 1"),
        right="larger, far above 1",
        answer="2.12 in the median of five seeds, against 0.20 with 4,000. Fewer digits are easier to learn "
        "by heart, and then new real digits look faker to D than drawn ones, which is what “above 1” means.",
    ),
    Prediction(
        "06.4",
        "cure",
        "DiffAugment makes the gap smaller. With 4,000 digits, what does it do in 2,000 steps to the pictures' Fréchet "
        "distance?",
        ("it makes it smaller", "nothing clear", "it makes it larger"),
        right="it makes it larger",
        answer="Larger on every seed: in the median 18.2, against 12.6 without. “Less overfitting, so better "
        "pictures” does not follow, at least not in these steps. We have not measured longer ones.",
    ),
    Quiz(
        "06.4",
        "half",
        "A generator's copying score in pixels is 0.2. What does it say?",
        {
            "a fifth of its pictures are copies": "No: the score is a share of *pairs*. Honest pictures have ½.",
            "its pictures mostly lie farther away than new ones": "Yes: in four pairs of five the generated picture is "
            "farther from the training digits, perhaps because it is rough.",
            "it is the most honest generator possible": "No: honest new pictures have ½. Far below it, the pictures "
            "are less like the training digits than new digits are.",
        },
        right="its pictures mostly lie farther away than new ones",
    ),
    Quiz(
        "06.4",
        "mean",
        "Five of 1,000 pictures are exact copies. What shows it?",
        {
            "the copying score: it rises to near 1": "No: it is a mean over all pairs, and five pictures hardly move "
            "it.",
            "the Fréchet distance: it falls clearly": "No: five pictures hardly move a mean and a covariance.",
            "a look at the pairs that are nearest": "Yes: sorted by distance, they come first. Among honest "
            "pictures a count of suspected copies would hardly show them: even of these about 1 %, that is ten, are "
            "suspected.",
        },
        right="a look at the pairs that are nearest",
    ),
    Quiz(
        "06.4",
        "memory",
        "D's gap is 1. What does D do?",
        {
            "it finds new digits as fake as drawn ones": "Yes: all of its distinction is recognition of training "
            "digits.",
            "it can tell real pictures perfectly from drawn": "No: of its *training* pictures, perhaps. New "
            "real ones it takes for drawn.",
            "it has learned nothing and guesses": "No: then top and bottom would both be near 0, and the gap would say "
            "nothing.",
        },
        right="it finds new digits as fake as drawn ones",
    ),
    Prediction(
        "06.5",
        "nats",
        "The VAE's NLL is about 123 nats a picture. The new model draws noise 99 times of 100. What is its NLL?",
        ("about 127 nats", "about 540 nats, that of noise", "99 times as much"),
        right="about 127 nats",
        answer="It costs 4.61 nats, no more. A hundredth of a probability is a loss of log 100 in its "
        "*logarithm*, and the NLL asks about real pictures only. What else the model draws, it never sees.",
    ),
    Prediction(
        "06.5",
        "worth",
        "How much do averaging and the form of the digits change the Fréchet distance, compared with the difference "
        "between the GAN and the VAE?",
        ("little: at most a quarter of it", "about half of it", "as much: they decide the contest"),
        right="little: at most a quarter of it",
        answer="At most a sixth on each of five seeds. It could have been otherwise. Then a comparison with both "
        "unequal would have measured these two and not the models.",
    ),
    Prediction(
        "06.5",
        "winner",
        "Which of the two has the higher *precision*?",
        ("the GAN, whose digits are crisp", "the VAE, whose digits are soft", "it changes from seed to seed"),
        right="the VAE, whose digits are soft",
        answer="The VAE, on every seed, while the GAN has the smaller Fréchet distance on every seed. Crisp "
        "strokes are what the eye calls quality; precision asks whether a picture's features lie among those of "
        "real ones.",
    ),
    Quiz(
        "06.5",
        "infinite",
        "Why has a GAN no likelihood to compare with a VAE's?",
        {
            "because its loss is not a likelihood": "No: one may compute a likelihood of a model that was trained "
            "otherwise, if it has one.",
            "because its pictures fill only a thin sheet": "Yes: a new picture lies beside the sheet, and the density "
            "there is 0.",
            "because its discriminator is thrown away": "No: the discriminator gives a score, not a probability of the "
            "picture.",
        },
        right="because its pictures fill only a thin sheet",
    ),
    Quiz(
        "06.5",
        "report",
        "A report says: “Our GAN beats the VAE: Fréchet distance 13 against 33, smaller on each of five seeds.” What "
        "does it leave open?",
        {
            "nothing, as five seeds are enough": "No: five seeds say that the *distance* is smaller, and only that.",
            "whether the difference is mere chance": "No: 13 against 33, and the same order on five seeds, are "
            "hardly chance.",
            "what the other measures say, and what was equal": "Yes: by precision the VAE was ahead on each seed. And "
            "is it the same digits, the same seconds, the same averaging?",
        },
        right="what the other measures say, and what was equal",
    ),
    Quiz(
        "06.5",
        "paired",
        "Two models were trained on five seeds each. Why compare seed by seed, and not best with best?",
        {
            "the best of five is a lucky draw": "Yes: and whoever trains more often has a better best. Each seed "
            "counts once.",
            "the seeds make both models equal": "No: a seed fixes the random numbers; the models stay different.",
            "a median cannot be computed of five": "No: it is the third of them. It hides on how many seeds one "
            "is ahead.",
        },
        right="the best of five is a lucky draw",
    ),
]
