"""The questions of lessons 05.1 and 05.2: the bound, and how a VAE is trained on it."""

from course_lib.learn.questions import Prediction, Question, Quiz

BOUND: list[Question] = [
    Prediction(
        "05.1",
        "specks",
        "This model knows how bright each pixel is on average, and nothing of its neighbours. What will it draw?",
        ("a blurred 8, soft and grey", "a clear digit, each time another", "white specks in a blurred shape"),
        right="white specks in a blurred shape",
        answer="A soft grey 8 is the *mean* picture. This model draws none: each pixel becomes black or white, by "
        "chance of its own. So neighbours disagree, and you see specks, more of them where digits often are white.",
    ),
    Prediction(
        "05.1",
        "swap",
        "The mean of a few weights is, on average, p(x). We take its logarithm. How does that estimate log p(x)?",
        ("right on average", "too high on average", "too low on average"),
        right="too low on average",
        answer="“Right” seems natural, as the mean of the weights is. But the logarithm bends. Let weights 1 and 9 "
        "come equally often, and draw one: its logarithm is 1.099 on average, and that of the mean weight is log 5 = "
        "1.609. Only equal weights, such as 5 and 5, give the same.",
    ),
    Prediction(
        "05.1",
        "gap",
        "We fit the encoder alone, so that the ELBO rises. What becomes of the gap to log p(x)?",
        (
            "it becomes 0: the ELBO reaches log p(x)",
            "it shrinks, and stays above 0",
            "it stays: log p(x) rises as much as the ELBO",
        ),
        right="it shrinks, and stays above 0",
        answer="It would become 0 if q could be the true posterior. But there the two causes are correlated, and our q "
        "draws each on its own. (log p(x) cannot rise: it belongs to the decoder.)",
    ),
    Quiz(
        "05.1",
        "lacks",
        "How far does the ELBO lie below log p(x)?",
        {
            "as far as q is from the prior": "No: that KL is a part of the ELBO, the price of the code. What is "
            "missing is measured against the posterior.",
            "as far as q is from the posterior": "Yes: KL(q(z|x) ‖ p(z|x)), on the linear VAE to 8 decimal places.",
            "as far as the random draws scatter": "No: draws make an *estimate* of the ELBO noisy. The ELBO is their "
            "mean, and still lies below.",
        },
        right="as far as q is from the posterior",
    ),
    Quiz(
        "05.1",
        "encoders",
        "Two VAEs have the same decoder and different encoders. In what do they differ?",
        {
            "in log p(x), and so in the ELBO": "No: p(x) adds up over all causes, by the prior and the decoder. No "
            "encoder is in it.",
            "in log p(x), but not in the ELBO": "No: it is the other way round. The encoder is only a guess at where "
            "likely causes are.",
            "in the ELBO, but not in log p(x)": "Yes: p(x) belongs to the decoder. The encoder decides how far below "
            "it the bound lies.",
        },
        right="in the ELBO, but not in log p(x)",
    ),
    Quiz(
        "05.1",
        "draws",
        "We average k weights before we take the logarithm, and raise k. What does the bound do?",
        {
            "it rises towards log p(x)": "Yes: a mean of k weights varies less, so the swap loses less.",
            "it rises, and passes log p(x)": "No: a single estimate may, by chance. On average Jensen's inequality "
            "keeps it below, for every k.",
            "it stays, with less noise": "No: that would be the mean of k *logarithms*. Here the weights are averaged "
            "first.",
        },
        right="it rises towards log p(x)",
    ),
    Prediction(
        "05.2",
        "slopes",
        "Both ways give the right slope on average. The score function's variance is how large, beside the other's?",
        ("about a tenth", "about equal", "about ten times as large"),
        right="about ten times as large",
        answer="About 12 times as large. “Equal” is tempting, as both means are right. But the score function "
        "multiplies the noise by the whole value of f, its level included, and the other way uses the slope of f.",
    ),
    Prediction(
        "05.2",
        "curves",
        "After 2,000 steps, where is minus the bound of held-out digits? (Each pixel for itself: 207.7.)",
        (
            "above 207.7: these digits are new to it",
            "below 207.7, and lower than on training digits",
            "below 207.7, and higher than on training digits",
        ),
        right="below 207.7, and higher than on training digits",
        answer="New digits share their causes with old ones, so the VAE beats 207.7 by far on them, too. But a part of "
        "what it learned fits its training digits only, so on new ones the number is a little worse.",
    ),
    Prediction(
        "05.2",
        "drawn",
        "The last row of the next figure shows pictures decoded from random z. What will they look like?",
        (
            "sharp and ragged, as the digits it was trained on",
            "smooth, many of them digits and some in between",
            "the digits of its training, once more",
        ),
        right="smooth, many of them digits and some in between",
        answer="Not ragged: each pixel's probability of being white is shown, and nothing is drawn from it. And not "
        "all are copies: some are shapes between two kinds of digit.",
    ),
    Quiz(
        "05.2",
        "sum",
        "Why does the loop add up over the pixels, and not average?",
        {
            "so that the slopes are larger": "No: Adam divides slopes by their usual size. What counts is the weight "
            "beside the KL.",
            "so that the first term is −log p(x|z) of a whole picture": "Yes: a picture's log-probability is a sum "
            "over its pixels, and the KL is one for the whole picture.",
            "so that large pictures cost less KL": "No: the KL is not touched by how pixels are counted.",
        },
        right="so that the first term is −log p(x|z) of a whole picture",
    ),
    Quiz(
        "05.2",
        "why draw",
        "Why is z written as mean plus spread times noise?",
        {
            "so that autograd's slopes reach the encoder": "Yes: chance comes from outside, and z is an ordinary "
            "function of mean and spread.",
            "so that z differs each time": "No: any draw does that. But through a plain draw no slope passes.",
            "so that the KL needs no draws": "No: the KL has a closed form because both are normal, however z is "
            "drawn.",
        },
        right="so that autograd's slopes reach the encoder",
    ),
    Quiz(
        "05.2",
        "kl",
        "After training, the KL is about 16 nats. What does that say?",
        {
            "the bound lies 16 nats below log p(x)": "No: that gap is measured against the posterior. This KL is "
            "measured against the prior.",
            "the training should go on until it is 0": "No: at 0 the code would say nothing about the digit.",
            "on average at most 16 nats about a digit go through z": "Yes: it is what the code costs, and so the most "
            "that it can say, on average.",
        },
        right="on average at most 16 nats about a digit go through z",
    ),
]
