"""The questions of lessons 01.4 and 01.5: what a learner expects before a cell runs, and the quiz at the end."""

from course_lib.learn.questions import Prediction, Question, Quiz

QUESTIONS: list[Question] = [
    Prediction(
        "01.4",
        "frozen",
        "D* stands still while G takes its step. How does the slope that G follows compare with that of V(G, D*), "
        "where D* moves along?",
        ("it is smaller", "it is the same", "it is larger", "it has the other sign"),
        right="it is the same",
        answer="To the last digits. V changes with θ directly, and through D*; but D* is at the top of V, where a "
        "small move of D changes V by next to nothing.",
    ),
    Prediction(
        "01.4",
        "way",
        "Now each player takes one step in turn, from θ = −1. Which way does θ take?",
        ("up to 2, where it stays", "past 2, and back again", "it never comes near 2", "away from 2"),
        right="past 2, and back again",
        answer="D has to unlearn that the real numbers lie to the right, and that takes it some steps. Meanwhile G "
        "goes on.",
    ),
    Prediction(
        "01.4",
        "ten",
        "D takes ten steps for each of G's. What becomes of the swing past 2?",
        ("it grows: D pushes harder", "it stays as it is", "it nearly vanishes"),
        right="it nearly vanishes",
        answer="D then unlearns faster: when θ first reaches 2, it believes less of what was true earlier. (The figure "
        "after the next shows its weight.) So θ runs past 2 by little. With the best D before each step there is no "
        "swing at all.",
    ),
    Prediction(
        "01.4",
        "smallest",
        "In the smallest game both players step at once, from θ = 1, ψ = 0. What does the pair (θ, ψ) do?",
        ("it winds into the middle", "it circles at one distance", "it winds outwards"),
        right="it winds outwards",
        answer="Each player runs after the other, and each turn leads a little further away from the point where both "
        "are right. In turn, the pair stays at about the same distance.",
    ),
    Prediction(
        "01.4",
        "rescue",
        "From θ = −8 the minimax game hardly moves. Can another loss get a slope out of the same kind of D?",
        ("no: D is sure, so its logit is flat, too", "yes, and θ comes home", "yes, but θ runs away from 2"),
        right="yes, and θ comes home",
        answer="D is sure, so the probability D is flat there, and log(1 − D) as well. But D's logit is a sloping "
        "line, and −log D still shows it to the generator.",
    ),
    Quiz(
        "01.4",
        "still",
        "The slope of V(G, D*) is the same whether D* stands still or moves along. Why?",
        {
            "Each network has its own optimiser": "So it is in the code; but it does not say why the two slopes agree.",
            "D* does not depend on θ": "It does: D* = p/(p+q), and q moves with θ.",
            "D* is on the top of V, where the slope is 0": "Yes: so V gains or loses next to nothing through D's move.",
        },
        right="D* is on the top of V, where the slope is 0",
    ),
    Quiz(
        "01.4",
        "past",
        "With one step each, θ ran past 2. What was the reason?",
        {
            "D still believed what was true earlier": "Yes: with ten steps of D between two of G's, hardly anything "
            "of the swing was left.",
            "One long step of G led it across 2": "It went past 2 in many small steps. And with the best D, the "
            "same step size did not lead past 2.",
            "Batches are random, so θ jumps about": "The swing is far larger than the jitter, and lasts for "
            "more than a hundred turns.",
        },
        right="D still believed what was true earlier",
    ),
    Quiz(
        "01.4",
        "blind",
        "From θ = −8 the minimax loss hardly moved θ, and the non-saturating loss brought it home. What was blind?",
        {
            "The discriminator's logit, which is flat there": "The probability is flat there; the logit is a line with "
            "a slope, and the other loss uses it.",
            "The loss log(1 − D), where D is near 0": "Yes: it has no slope left where D is sure of a fake.",
            "The generator, with only one weight": "The same generator came home with the other loss.",
            "The step size, which was too small": "Both runs had the same step size.",
        },
        right="The loss log(1 − D), where D is near 0",
    ),
    Prediction(
        "01.5",
        "losses",
        "In one of the two games D's loss comes near 0, in the other it ends near 1.386. In which does θ come to 2?",
        ("where D's loss is near 0: lower is better", "where it ends near 1.386", "in both"),
        right="where it ends near 1.386",
        answer="A low loss is good for D alone: D wins, and tells the two kinds apart with ease, since θ is far away. "
        "At θ = 2 nobody can tell them apart, and D's loss is a coin's, log 4 = 1.386.",
    ),
    Prediction(
        "01.5",
        "two",
        "The real numbers lie around −2 and 2, half and half; all generated ones lie around 2. What should D answer "
        "there?",
        ("½ at −2 and ½ at 2", "1 at −2 and 0 at 2", "1 at −2, just below ½ at 2"),
        right="1 at −2, just below ½ at 2",
        answer="Around −2 nearly all numbers are real. Around 2 half of the real ones meet all of the generated ones, "
        "but in a narrower and so higher bump: D* is 5/11 there.",
    ),
    Prediction(
        "01.5",
        "fifty",
        "50 real and 50 generated numbers come from the same distribution. Which score does the network reach on them?",
        ("less than −log 4", "exactly −log 4", "more than −log 4"),
        right="more than −log 4",
        answer="No D can *truly* score more. But this is the score on the numbers that it learned from, and it learns "
        "their accidents. Its true score sinks below −log 4.",
    ),
    Prediction(
        "01.5",
        "opinion",
        "A discriminator was learned against θ = 0. To which generator does it give the better (lower) loss?",
        ("θ = 2, which is perfect", "θ = 5, which is 3 too far", "the same to both"),
        right="θ = 5, which is 3 too far",
        answer="It has learned that real numbers lie further right than 0, and nothing else. So the further right, "
        "the more it believes.",
    ),
    Quiz(
        "01.5",
        "low",
        "A discriminator scores hardly more than −log 4, on very many examples that are new to it. What do you know of "
        "the JSD?",
        {
            "It is nearly 0: the generator is good": "A coin scores −log 4 against every generator, also the worst.",
            "It is at least a little above 0": "Yes: (V + log 4)/2 gives a lower bound. The JSD may be much larger; a "
            "better D would show it.",
            "It is at most a little above 0": "The bound is one from below: a better D could score more.",
        },
        right="It is at least a little above 0",
    ),
    Quiz(
        "01.5",
        "falling",
        "In a training the generator's loss falls, whichever of its two losses it has. What has happened?",
        {
            "D believes its pictures more than before": "Yes, and it may be that D has changed, not G.",
            "Its pictures are nearer to the real ones": "Only the best D makes the loss a distance; θ = 5 had a "
            "better loss than θ = 2.",
            "The discriminator has become better": "A D that tells them apart better believes "
            "generated pictures less, as a rule: then this loss would rise.",
            "The training is about to be finished": "A loss that falls says nothing about how far there is to go.",
        },
        right="D believes its pictures more than before",
    ),
    Quiz(
        "01.5",
        "own",
        "A D was trained on 50 real and 50 generated examples, and scores far above −log 4 on them. What now?",
        {
            "Train it on fewer, so that it cannot overfit": "With fewer it overfits more: 50 were worse than 500.",
            "Conclude that the generator is bad": "It scored so even where both kinds came from one distribution.",
            "Measure its score on other examples": "Yes: only there is it, up to chance, a lower bound on the "
            "distance.",
        },
        right="Measure its score on other examples",
    ),
]
