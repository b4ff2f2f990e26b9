"""The questions of lessons 05.3 to 05.5: what a code says, what it is good for, and A2's mistakes."""

from course_lib.learn.questions import Prediction, Question, Quiz

CODES: list[Question] = [
    Prediction(
        "05.3",
        "sigma",
        "We train with σ = 0.1 instead of 1. What happens on held-out digits?",
        (
            "the squared error falls, and the KL rises",
            "the squared error falls, and so does the KL",
            "both stay: only the loss's scale changes",
        ),
        right="the squared error falls, and the KL rises",
        answer="σ is no mere scale: it stands before the squares and not before the KL. With σ = 0.1 each square costs "
        "a hundred times as much, so detail is worth its KL.",
    ),
    Prediction(
        "05.3",
        "mean",
        "The reconstruction is averaged over 784 pixels, by mistake. What does the VAE learn in the same 400 steps?",
        ("the same, only more slowly", "nothing about the digit", "sharper pictures of the digits"),
        right="nothing about the digit",
        answer="“More slowly” is what one expects of a divided loss. But only the reconstruction is divided, and the "
        "KL is not. Beside it the reconstruction counts 784 times less, so no code is worth its price. (And Adam "
        "divides slopes by their usual size: a divided loss is hardly slower.)",
    ),
    Prediction(
        "05.3",
        "free",
        "β = 16, and each of 20 latents has half a nat free. How many nats will the KL be, about?",
        right=(6, 13),
        unit="nats",
        answer="A little under 10, about what the 20 latents have free. More would cost 16 times its nats.",
    ),
    Prediction(
        "05.3",
        "sizes",
        "From 2 latents to 10 the bound gains over 30 nats. What happens from 10 to 50, trained as long?",
        ("it gains about as much again", "it gains nothing, and loses some", "it falls back to that of 2 latents"),
        right="it gains nothing, and loses some",
        answer="More latents are not more code. In these 1,000 steps only about a dozen of 50 come into use, and the "
        "others stay at the prior. The bound is even 10 to 13 nats worse.",
    ),
    Quiz(
        "05.3",
        "collapse",
        "Every reconstruction is the same grey blob. Which numbers show posterior collapse?",
        {
            "a KL near 0, and no latent in use": "Yes: q is the prior for every picture. No error warns you.",
            "a loss that rises, or is not a number": "No: the loss is an ordinary number, and the bound that of each "
            "pixel for itself.",
            "a reconstruction larger than the KL": "No: that is so in healthy VAEs, too.",
        },
        right="a KL near 0, and no latent in use",
    ),
    Quiz(
        "05.3",
        "mse",
        "A program minimises the mean squared error over the pixels, plus the KL. What is true?",
        {
            "it has no likelihood, so it is no VAE": "No: it is a Gaussian's, whose σ nobody named.",
            "it is the Gaussian likelihood with σ = 1": "No: that has ½ times the *sum* of the squares.",
            "it has chosen a σ without saying so": "Yes: a mean over n pixels is σ² = n/2, the same as a large β.",
        },
        right="it has chosen a σ without saying so",
    ),
    Quiz(
        "05.3",
        "which beta",
        "β = 4 has a worse bound than β = 1. Is β = 4 a mistake?",
        {
            "yes: a VAE is there for its bound": "Not always: some want a code whose latents mean something "
            "(chapter 09).",
            "that depends on what the code is for": "Yes: by the bound β = 1 is best, and other aims may want another. "
            "But say which you used.",
            "no: its bound was measured wrongly": "No: it is the plain ELBO for each, with β = 1, so they compare.",
        },
        right="that depends on what the code is for",
    ),
    Prediction(
        "05.4",
        "obey",
        "With β = 8 each nat of KL costs eight times as much as with β = 1. How often is the digit drawn that was "
        "asked for?",
        ("less often: the code says less", "equally often: the label is an input", "more often"),
        right="more often",
        answer="The code says less, and that seems to help: what it does not say must come from the label, which is "
        "free. With β = 1 the code has room to say which digit, too, and a random z may then contradict the label.",
    ),
    Prediction(
        "05.4",
        "neighbours",
        "How often has a digit's nearest neighbour on the plane the same label?",
        ("about 10 %, as by chance", "more than half of the time", "nearly always, over 95 %"),
        right="more than half of the time",
        answer="More than by chance, though it knows no labels: pictures that look alike mostly get codes that lie "
        "close. But not always: two latents have little room, and 4 and 9, or 3, 5 and 8, share places.",
    ),
    Prediction(
        "05.4",
        "between",
        "Half way from the code of a 1 to that of a 7: what is decoded?",
        ("both digits at once, each half grey", "one shape, between a 1 and a 7", "some third digit"),
        right="one shape, between a 1 and a 7",
        answer="Both at once is what a blend of *pixels* gives. Here the decoder makes one shape of each code: the bar "
        "of the 7 grows out of the 1.",
    ),
    Prediction(
        "05.4",
        "published",
        "Three rows, trained for equally many epochs. Which ends with the lowest NLL, and do the intervals lie apart?",
        (
            "IWAE with five draws; its interval lies apart",
            "IWAE with five draws; the intervals overlap",
            "VAE with one draw; its interval lies apart",
        ),
        right="IWAE with five draws; the intervals overlap",
        answer="The order is the published one. The differences are below one nat, and each interval is about one nat "
        "wide, so they overlap. That does not make the rows equal: on the same digits, part of the error cancels in "
        "the difference.",
    ),
    Quiz(
        "05.4",
        "obeyed",
        "A decoder has an input for the label. How do you know that it obeys?",
        {
            "the label is its input, so it must": "No: with β = 1 it had that input, and most of what it drew was read "
            "as another digit.",
            "ask for digits, and read what it draws": "Yes: a control that exists is not yet one that is obeyed.",
            "its loss is lower than without labels": "No: the loss is measured with codes that fit the label. A random "
            "z may contradict it.",
        },
        right="ask for digits, and read what it draws",
    ),
    Quiz(
        "05.4",
        "overlap",
        "On the same digits A's NLL has the 95 % interval 90.5 to 91.5, and B's 90 to 91. How can you tell which "
        "is better?",
        {
            "not at all: the intervals overlap": "No: the intervals are mostly about hard and easy digits, the same "
            "for both.",
            "B is better: its number is lower": "No: without the difference's error nobody knows whether other digits "
            "would turn it round.",
            "by the difference of each digit": "Yes: its mean and standard error; what makes a digit hard for both "
            "drops out.",
        },
        right="by the difference of each digit",
    ),
    Quiz(
        "05.4",
        "line",
        "What is true of every point on a straight line between two codes?",
        {
            "points close to it decode to nearly the same picture": "Yes: the decoder is continuous. That is all it "
            "promises.",
            "it decodes to a readable digit": "No: from the 0 to the 1 there was a smudge.",
            "it decodes to a mixture of the two ends": "No: that is the pixelwise blend.",
        },
        right="points close to it decode to nearly the same picture",
    ),
    Prediction(
        "05.5",
        "unrelated",
        "The decoder is fed a random z that has nothing to do with the picture. What will it learn to draw?",
        ("one grey blob, whatever z is", "random digits, another for each z", "the right digit, only blurred"),
        right="one grey blob, whatever z is",
        answer="Random digits would be worse: whatever it draws for a z is compared with a picture that this z knows "
        "nothing of. The cheapest answer to every picture is the mean of all.",
    ),
    Prediction(
        "05.5",
        "probe",
        "A probe reads the digit off the code. What is the order, from most often right to least?",
        ("right, A2's, untrained", "right, then both others alike", "right, untrained, A2's"),
        right="right, untrained, A2's",
        answer="Training is expected to help, but A2's encoder hears of nothing except a charge on its own code. So "
        "training makes the code small and poor, and it tells less than random weights do.",
    ),
    Prediction(
        "05.5",
        "not a bound",
        "Where will the reported “bound” lie?",
        ("below log p(x), as each bound does", "above log p(x)", "at log p(x): nothing is lost now"),
        right="above log p(x)",
        answer="It is called a bound, but it lacks a part of the KL that is never negative. Training makes just that "
        "part large, as nothing is charged for it.",
    ),
    Prediction(
        "05.5",
        "decoder",
        "Each decoder gets an encoder fitted by the true ELBO. How far behind is the mistaken loss's decoder?",
        ("not more than 3 nats, if at all", "from 3 to 10 nats", "more than 10 nats, as its “bound” is off"),
        right="not more than 3 nats, if at all",
        answer="A wrong number need not mean a wrong decoder. This one was fed a z that was drawn from q, and the "
        "reconstruction was right: only the price of the code was wrong.",
    ),
    Prediction(
        "05.5",
        "double",
        "The sigmoid is applied twice. After 400 steps, what do reconstructions look like?",
        ("digits in grey instead of white", "one faint smudge for all", "digits, sharper than the control's"),
        right="one faint smudge for all",
        answer="Grey digits would still need a code, and a code costs KL; here it can save little. After 400 steps "
        "the VAE draws one picture for all.",
    ),
    Quiz(
        "05.5",
        "looks better",
        "Two programs report a bound on the same digits: −114 and −143 nats. What follows?",
        {
            "the first has the better model": "No: its number may be no bound, as with the mistaken KL. And a true "
            "bound does not say how far above it log p(x) lies.",
            "the second needs more training": "No: nothing says that. An honest bound may well be the lower number.",
            "nothing, until log p(x) is estimated": "Yes: one number may lie above its log p(x), the other far "
            "below its own.",
        },
        right="nothing, until log p(x) is estimated",
    ),
    Quiz(
        "05.5",
        "slope",
        "Which check finds a decoder that is not fed the code, before any training?",
        {
            "the bound that is reported": "No: a number is reported as always, and falls as always.",
            "the reconstruction's slope for the encoder": "Yes: it is None, for no weight of the encoder is in it.",
            "the KL of the code": "No: the charge on the code is there, and shrinks as always.",
        },
        right="the reconstruction's slope for the encoder",
    ),
    Quiz(
        "05.5",
        "why collapse",
        "Which is a likely reason for the collapse under a double sigmoid?",
        {
            "a perfect picture costs nearly as much as the mean one": "Yes: a code has little to win, at its old "
            "price. Another likely reason: a first sigmoid near 0 lets hardly any slope through.",
            "the decoder is not given the code, as in the first mistake": "No: it is given it.",
            "the KL is infinite, as for a code without a draw": "No: this q has a variance, and its KL is finite, and "
            "near 0.",
        },
        right="a perfect picture costs nearly as much as the mean one",
    ),
]
