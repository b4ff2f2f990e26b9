"""The questions of chapter 02: what to expect before a cell runs; those of the quizzes stand in ``quizzes``."""

from course_lib.chapters.ch02_losses.quizzes import QUIZZES
from course_lib.learn.questions import Prediction, Question

_PREDICTIONS = [
    Prediction(
        "02.1",
        "wrong",
        "The discriminator gives a *real* picture the logit −8: a probability of 0.0003. What does it pay for it?",
        ("about 1: no probability can be wrong by more", "about 8", "about 3,000: one over 0.0003", "infinitely much"),
        right="about 8",
        answer="The price is minus the logarithm of the probability, and −log 0.000335 = 8.0. A difference of "
        "probabilities would be at most 1, but the price is no difference. Only a probability of 0 would cost "
        "infinitely much, and no finite logit means that.",
    ),
    Prediction(
        "02.1",
        "swapped",
        "A program trains its generator with `g_loss = bce(discriminator(generator(z)), ones)`: BCE, with the label 1 "
        "(“real”) for drawn pictures. Which loss is that?",
        (
            "minimax: BCE is the formula of the original game",
            "neither: a wrong label is a mistake",
            "non-saturating",
            "the discriminator's loss: both use BCE",
        ),
        right="non-saturating",
        answer="With the label 1, BCE charges −log σ(f): the non-saturating price. The original formula has log(1 "
        "− σ(f)), which is *minus* BCE with the label 0. And the label is swapped on purpose: it says what the "
        "generator wants D to answer.",
    ),
    Prediction(
        "02.1",
        "far_left",
        "At the logit −4 the standard discriminator is sure that a picture is drawn. Let all six give it −4, and "
        "the real picture 0. Which generators still get a slope of at least ½ in size there?",
        ("all but minimax's", "none: D is sure", "only the non-saturating one", "all six, about the same"),
        right="all but minimax's",
        answer="The slopes are −0.018 for minimax, −0.98 for the non-saturating and the relativistic loss, −1 for "
        "hinge and Wasserstein, −5 for least squares. Only minimax's curve is flat there.",
    ),
    Prediction(
        "02.2",
        "one_part_in",
        "At the logit −4, minimax's slope is one part in 55 of the non-saturating one. And at −8?",
        ("one part in about 60", "one part in about 110", "one part in about 220", "one part in about 3,000"),
        right="one part in about 3,000",
        answer="One part in 2,981. Twice as far does not double the factor, it squares it, because the ratio is e to "
        "the power of the logit.",
    ),
    Prediction(
        "02.2",
        "after_100",
        "At the start the generator's two gradients are about equally long. D now learns alone for 100 steps. How "
        "long is minimax's gradient then, beside the other?",
        (
            "about the same: both pass the same layers",
            "less than a hundredth",
            "about a half",
            "longer: D is better, so it teaches more",
        ),
        right="less than a hundredth",
        answer="It was less than a hundredth in all recorded runs, and less than one part in 10,000 after 300 "
        "steps. The layers are the same for both, so they cannot be the cause. And a better D is a worse teacher "
        "here: where it is sure, minimax's curve is flat.",
    ),
    Prediction(
        "02.2",
        "same_pictures",
        "The generator stood still, and the 500 pictures are the same from the first copy of D to the last. What "
        "did the generator's (non-saturating) loss do meanwhile?",
        ("it stayed: the pictures are the same", "it fell: everything trains", "it rose, to many times as much"),
        right="it rose, to many times as much",
        answer="It rose to more than 5 times as much (in all recorded runs, to more than 20 times). The loss is "
        "D's opinion of the pictures, and D learned to reject them. So a rising loss of a generator does not say "
        "that its pictures get worse.",
    ),
    Prediction(
        "02.2",
        "twice",
        "A1 passes probabilities, already squashed by a sigmoid, to a loss that expects logits. What happens to "
        "the generator's slope, compared with the non-saturating one?",
        (
            "nothing: a probability is a small logit",
            "it becomes larger",
            "it is multiplied by less than 0.27 everywhere",
            "it shrinks only where D takes a fake for real",
        ),
        right="it is multiplied by less than 0.27 everywhere",
        answer="It is multiplied by D · σ(−D), which is less than σ(−1) = 0.269 everywhere, and about D/2 where D "
        "is sure. A probability *is* accepted as a logit, without any error: that is why the mistake is common.",
    ),
    Prediction(
        "02.3",
        "three_times",
        "At some place, real pictures are 3 times as frequent as drawn ones. Which is the *hinge* discriminator's "
        "best score there?",
        ("3: the ratio", "0.75: the share of the real ones", "1.1: the logarithm of 3", "1"),
        right="1",
        answer="Hinge says only which is the more frequent: 1 or −1. Other losses keep the ratio: "
        "the standard one learns log 3 = 1.1, and least squares ¾.",
    ),
    Prediction(
        "02.3",
        "wasserstein",
        "The steps get smaller towards the end. After 1,500 steps the largest Wasserstein score is 75. How large "
        "is it if 3,000 steps are taken instead?",
        ("75 too: it has settled", "about 106: √2 times as large", "about 150: twice as large"),
        right="about 150: twice as large",
        answer="A straight line falls for ever, so there is nothing to settle at: the scores were on their way, "
        "and twice the steps carry them twice as far.",
    ),
    Prediction(
        "02.3",
        "hinge_slope",
        "Where on the line does the *best* hinge score push a drawn point, that is, where has it a slope?",
        ("everywhere where p and q differ", "only at the places where p = q", "where real data are most frequent"),
        right="only at the places where p = q",
        answer="It is 1 or −1, so it is flat wherever one of the two is the larger, by however much. It jumps at "
        "three places, where the curves p and q cross.",
    ),
    Prediction(
        "02.3",
        "same_d",
        "Minimax and the non-saturating loss have the *same* discriminator here. How do their arrows compare in "
        "the middle of the drawn heap, where D is sure?",
        (
            "they are equal: the same D",
            "the same direction, minimax's far shorter",
            "opposite directions",
            "the same direction, minimax's longer",
        ),
        right="the same direction, minimax's far shorter",
        answer="Each push is the slope of D's logit times the loss's slope by the logit. The first factor is the "
        "same, so the direction is the same. The second is D for minimax and 1 − D for the other, in size.",
    ),
    Prediction(
        "02.3",
        "how_long",
        "About how long are the pushes of the Wasserstein loss, in the middle of the drawn heap and at its edge?",
        (
            "far shorter in the middle, as with minimax",
            "far longer in the middle: it is further from real data",
            "about 1 at both",
            "as long as the non-saturating ones",
        ),
        right="about 1 at both",
        answer="The loss's own slope is −1 everywhere, however sure D is: nothing fades in the middle. The rest is "
        "D's slope, and the penalty keeps that near 1.",
    ),
    Prediction(
        "02.4",
        "wrong_side",
        "And if the weight starts at −0.1 instead, with the wrong sign: where do WGAN-GP and R1 end?",
        (
            "both at the same values as before",
            "WGAN-GP as before; R1 stays negative",
            "both stay negative",
            "WGAN-GP stays negative; R1 as before",
        ),
        right="WGAN-GP stays negative; R1 as before",
        answer="WGAN-GP ends at −0.9, R1 at 0.2. The Wasserstein price pulls both to the right. But WGAN-GP "
        "charges for a slope other than 1 in *size*, so 0 is a ridge that the weight would have to cross. For R1, "
        "0 costs nothing.",
    ),
    Prediction(
        "02.4",
        "five",
        "Five networks learn alone: Wasserstein without a limit, clipped at 0.01, with WGAN-GP; relativistic, "
        "alone and with R1 + R2. How many of them become steeper than 50 within 400 steps?",
        ("none", "one", "two: those without limit or penalty", "four: all but the clipped one"),
        right="one",
        answer="Only Wasserstein without a limit. The relativistic loss has a best score, log(p/q), whose slope "
        "is 8 here, so it levels off by itself, because these heaps overlap.",
    ),
    Prediction(
        "02.4",
        "upside_down",
        "In our runs, where did some WGAN-GP networks end in the second valley, upside down?",
        ("on the line only", "in the plane only", "on both", "on neither: a network has many weights"),
        right="on the line only",
        answer="In the plane all four measure about 2, in all recorded runs. On the line each ends near 2 or near −2; "
        "how many end upside down depends on the seed. Many weights did not help these networks: on the line a slope "
        "cannot turn round, as it can in the plane.",
    ),
    Prediction(
        "02.4",
        "clipped",
        "Where will most weights of the clipped network be?",
        ("around 0, as without clipping", "evenly between −0.01 and 0.01", "at the limits, −0.01 and 0.01"),
        right="at the limits, −0.01 and 0.01",
        answer="A straight-line price never has enough: it pulls each weight on, until the limit holds it.",
    ),
    Prediction(
        "02.5",
        "together",
        "Of A1's two players: at how many of the 1,000 pairs do both pull the drawn picture's logit the same way?",
        ("at none: there is a minus in one of them", "at about half of them", "at all of them"),
        right="at all of them",
        answer="The minus stands before the term with r, which has the slope 0 by f. The terms with f are the "
        "same in both losses.",
    ),
    Prediction(
        "02.5",
        "a1_right",
        "How often will A1's discriminator be right about fresh points? (Guessing gives 50 %.)",
        ("less than 45 %", "about 50 %: it learns nothing", "about 70 %: it learns all the same", "about 100 %"),
        right="less than 45 %",
        answer="It does learn: to be wrong. A reversed sign is not noise, it is training for the opposite.",
    ),
    Prediction(
        "02.5",
        "a2_right",
        "And A2's, whose generator has the same loss as the discriminator?",
        ("less than 45 %", "about 50 %: the two cancel", "about 70 %: D learns, but not well", "about 100 %"),
        right="about 100 %",
        answer="Nothing cancels: both want that D is right. The generator moves its points to where nobody could "
        "mistake them. A perfect accuracy can mean a useless generator.",
    ),
]
QUESTIONS: list[Question] = [*_PREDICTIONS, *QUIZZES]
