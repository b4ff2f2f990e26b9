"""The questions of lessons 09.4 and 09.5: asking for a class, a code without labels, one cause a number."""

from course_lib.learn.questions import Prediction, Question, Quiz

CODES: list[Question] = [
    Prediction(
        "09.4",
        "obeys",
        "After 600 steps: in how many of 100 pictures will the judge read the digit that was asked for?",
        right=(85, 100),
        answer="In 95 to 97 of 100 (ten recorded trainings); from 85 on we count your answer as right. The digits look "
        "worse than the zoo's, so one may expect less. But the discriminator sees the class of each picture, so it "
        "learns to refuse a good 3 in the place of a 7.",
        unit="pictures",
    ),
    Prediction(
        "09.4",
        "digits",
        "InfoGAN has ten categories and no labels. Will they be the ten digits?",
        ("yes, nearly", "partly: some hold mostly one digit, others mix", "no, they have nothing to do with digits"),
        right="partly: some hold mostly one digit, others mix",
        answer="Partly. Ten categories and ten digits seem made for one another. But the loss only asks for ten groups "
        "that can be told apart, and thick and thin 1s can be told apart, too.",
    ),
    Quiz(
        "09.4",
        "critic",
        "Suppose the generator gets the class, and the discriminator sees the picture only. Must the generator obey?",
        {
            "yes: it is told the class": "No: it is told, but it loses nothing when it draws another digit.",
            "no: any digit that looks real passes": "Yes: so the discriminator must see the class, too.",
            "no: without labels the discriminator learns nothing": "No: that is the plain GAN, whose discriminator "
            "learns.",
        },
        right="no: any digit that looks real passes",
    ),
    Quiz(
        "09.4",
        "style",
        "Ten digits from one z are alike in slant. How do we know that this is no chance?",
        {
            "they look alike to the eye": "No: the eye finds likeness in any ten digits. It was measured.",
            "the loss asks for the same style": "No: no loss asks for it. It came by itself.",
            "with the z shuffled the likeness is gone": "Yes: shuffled, only about a tenth of the variation is shared.",
        },
        right="with the z shuffled the likeness is gone",
    ),
    Quiz(
        "09.4",
        "code",
        "InfoGAN's reader reads the category right in over 95 % of the pictures. What does that show?",
        {
            "the categories can be told apart": "Yes: and nothing about what they mean.",
            "the categories are the digits": "No: in our runs at most about half of the pictures show their "
            "category's commonest digit.",
            "the pictures look real": "No: that is the discriminator's part of the game.",
        },
        right="the categories can be told apart",
    ),
    Prediction(
        "09.5",
        "planted",
        "What is the MIG of codes that are (1) the factors, (2) each factor twice, (3) the factors rotated?",
        ("about 1, 1 and 0.5", "about 1, 0 and 0.1", "about 1, 0.5 and 0"),
        right="about 1, 0 and 0.1",
        answer="About 1, 0 and 0.1 (0.05 to 0.20 in ten recorded runs). For the second case one expects a high score, "
        "since each number is one cause. But the second-best number tells as much as the best, so the gap is 0.",
    ),
    Prediction(
        "09.5",
        "six",
        "Six factors, six numbers, a VAE that draws the place right. How are the factors spread over the numbers?",
        (
            "one number for each factor",
            "most factors over several numbers",
            "all in one number, the others unused",
        ),
        right="most factors over several numbers",
        answer="Over several. Six and six invites a match. But nothing in the loss knows *our* factors.",
    ),
    Prediction(
        "09.5",
        "rivals",
        "Five seeds each: which of the four has the highest MIG?",
        ("β-VAE, on all five seeds", "InfoGAN, on all five seeds", "it depends on the seed"),
        right="it depends on the seed",
        answer="It depends on the seed: the plain VAE on four, β = 16 on one. β-VAE and InfoGAN were made for this. "
        "But the dots of the two VAEs overlap, and so do those of InfoGAN and its control.",
    ),
    Quiz(
        "09.5",
        "twice",
        "A code holds each factor twice. MIG says 0, the FactorVAE score is high. Which is right?",
        {
            "MIG: such a code is useless": "No: every number of it is one cause.",
            "each, for its own idea of disentangled": "Yes: MIG also wants one number a cause. So name the score.",
            "the FactorVAE score: MIG has a mistake": "No: MIG does what it says. It compares the best with the "
            "second-best.",
        },
        right="each, for its own idea of disentangled",
    ),
    Quiz(
        "09.5",
        "seeds",
        "A paper's method has MIG 0.10, its rival 0.08. What is missing?",
        {
            "more digits of the two numbers": "No: more digits of one run do not say how the next one will be.",
            "a larger rival, to be fair": "No: it may matter as well, but one run of each says nothing yet.",
            "the spread over seeds": "Yes: here the dots of two methods overlap over a wider range.",
        },
        right="the spread over seeds",
    ),
    Quiz(
        "09.5",
        "know",
        "Why can no method find *our* factors from pictures alone, without an assumption that happens to fit?",
        {
            "a rotated code explains the pictures as well": "Yes: so labels, or assumptions, have to choose.",
            "the networks are too small": "No: it holds for networks of any size.",
            "the pictures are too few": "No: more pictures do not tell a code from its rotation.",
        },
        right="a rotated code explains the pictures as well",
    ),
]
