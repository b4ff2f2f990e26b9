"""The questions of lessons 01.1 to 01.3: what a learner expects before a cell runs, and the quiz at the end."""

from course_lib.learn.questions import Prediction, Question, Quiz

QUESTIONS: list[Question] = [
    Prediction(
        "01.1",
        "three",
        "Three discriminators are scored on the data of the figure: a *coin* (always ½), a *careful* one (0.9 above "
        "1, else 0.1) and a *reckless* one (0.9999 above 1, else 0.0001). In which order, the best first?",
        ("reckless, careful, coin", "careful, reckless, coin", "careful, coin, reckless", "coin, careful, reckless"),
        right="careful, coin, reckless",
        answer="The careful one scores about −0.91, the coin −1.39, the reckless one −2.92. The reckless one is right "
        "as often as the careful one, but the 16 % on the wrong side cost it 2.9, more than twice what a coin "
        "loses in all.",
    ),
    Prediction(
        "01.1",
        "top",
        "Draw f for the strip at x = 2, where about 7 real numbers fall for each generated one. At which y is it "
        "highest?",
        ("at 1: most are real", "near 0.9: not all are real", "at ½: D cannot be sure"),
        right="near 0.9: not all are real",
        answer="Most numbers there are real, yet each generated one would cost −log(1 − y), without limit as y "
        "goes to 1. The arch has its top at 0.88, which is 7.4 parts of 8.4. The four lines below say why.",
    ),
    Prediction(
        "01.1",
        "bent",
        "How many of the thousand discriminators score more than D*?",
        ("about half", "a few, by luck", "none"),
        right="none",
        answer="The heap ends at D*'s score of −0.7126. There is no luck in it: D* has the best answer in every strip, "
        "so each change loses something.",
    ),
    Prediction(
        "01.1",
        "wide",
        "When q is twice as wide as p, which sign should the weight of x² get in D's logit?",
        ("negative", "positive", "none: it stays near 0"),
        right="negative",
        answer="Far out on both sides the wide generator puts more numbers than the real data, so D has to say "
        "“generated” on both sides: its logit falls on both sides. A line cannot do that; a parabola that opens "
        "downwards can. By the formula the weight is −0.375.",
    ),
    Quiz(
        "01.1",
        "strip",
        "Of as many real as generated draws, 30 real and 10 generated ones fall into one strip. What should D answer?",
        {
            "1, because most of them are real": "That is the reckless answer: each of the 10 generated ones would "
            "cost −log 0, without limit.",
            "0.75, the share of the real among them": "Yes: 30 of 40, which is p/(p+q).",
            "3, since there are three for each": "Those are the *odds*; a probability is at most 1. The logarithm of "
            "the odds is the logit.",
            "½, because it cannot be sure": "½ is best only where both kinds are equally frequent.",
        },
        right="0.75, the share of the real among them",
    ),
    Quiz(
        "01.1",
        "zero",
        "The logit of the best discriminator is 0 at some x. What do you know about x?",
        {
            "No real numbers fall there": "That takes a logit for a probability: where no real numbers fall, the "
            "logit is −∞.",
            "No generated numbers fall there": "There the logit would be +∞.",
            "As many real as generated ones fall there": "Yes: log p/q = 0 means p = q, and the probability is ½.",
            "The discriminator has not been trained": "D* is no trained network; and a logit of 0 is the right answer "
            "where p = q.",
        },
        right="As many real as generated ones fall there",
    ),
    Quiz(
        "01.1",
        "always",
        "A discriminator answers 0.99 to everything, so it recognises every real number. How does it score?",
        {
            "Worse than a coin, which is unsure": "Yes: log 0.99 + log 0.01 = −4.6. Each generated number is "
            "believed, and costs 4.6.",
            "As a coin, for it tells nothing apart": "Both tell nothing apart, but the score also punishes being sure "
            "and wrong.",
            "Better than a coin, for half is right": "On the real half it loses next to nothing, but 4.6 on the "
            "other; the coin loses 1.39 in all.",
        },
        right="Worse than a coin, which is unsure",
    ),
    Prediction(
        "01.2",
        "symmetric",
        "Is the KL between the fair and the loaded coin the same in both directions?",
        ("yes, as every distance is", "no, but both are finite", "no: one of them is infinite"),
        right="no, but both are finite",
        answer="KL(fair ‖ loaded) is 0.511 and KL(loaded ‖ fair) 0.368, so KL is no distance in the strict sense. It "
        "would be infinite only if the first coin showed a side that the second never shows.",
    ),
    Prediction(
        "01.2",
        "perfect",
        "The generator is perfect, q = p, and D is the best there is. What does D score?",
        ("0: it has nothing to win", "−0.69, which is −log 2", "−1.39, which is −log 4", "−∞: it is always fooled"),
        right="−1.39, which is −log 4",
        answer="If q = p, then D* = p/(p+q) = ½ everywhere: a coin. Each of the two means in V is then log ½, and 2 "
        "log ½ is −log 4. The column θ = 2 of the table shows it.",
    ),
    Prediction(
        "01.2",
        "far",
        "The curve of V(G, D*) over θ has its lowest point at 2. What does it do far away from 2, on both sides?",
        ("it rises ever more steeply", "it rises in straight lines", "it becomes flat, near 0", "it falls again"),
        right="it becomes flat, near 0",
        answer="A D that is certain and right scores 0, and no D scores more. The less the two bells overlap, the "
        "nearer V comes to 0.",
    ),
    Quiz(
        "01.2",
        "apart",
        "The JSD of p and q is log 2. What does that say?",
        {
            "p and q are equal": "Then the JSD is 0; log 2 is its highest value.",
            "One is twice as wide as the other": "This log 2 is no ratio of widths: it is what a draw tells when it "
            "settles which of two it came from.",
            "p and q never overlap": "Yes: one draw settles which of the two it came from.",
            "The KL between them is log 2, too": "Where they do not overlap, KL is infinite.",
        },
        right="p and q never overlap",
    ),
    Quiz(
        "01.2",
        "coin",
        "Against some generator the **best** discriminator scores −log 4. What do you know?",
        {
            "The generator is perfect": "Yes: the JSD is 0, and that is so only for q = p.",
            "The discriminator has learned nothing": "So it might be with *some* D. This is the best one: if there "
            "were anything to tell apart, it would score more.",
            "The generator is far from the data": "Far away the best discriminator is certain and right, and scores 0.",
        },
        right="The generator is perfect",
    ),
    Quiz(
        "01.2",
        "finite",
        "KL(p ‖ q) can be infinite. Why can the JSD not?",
        {
            "It is the mean of both directions of KL": "That mean is infinite as soon as one direction is.",
            "It compares with the mixture of the two": "Yes: wherever p is, m is at least half as large, so no ratio "
            "exceeds 2.",
            "It is made for densities, not for lists": "It exists for both, and KL of densities can be infinite, too.",
        },
        right="It compares with the mixture of the two",
    ),
    Prediction(
        "01.3",
        "boxes",
        "The generated box moves from θ = 2 to θ = 5, away from the real one. What does the best score do?",
        ("it rises", "it falls", "it stays the same"),
        right="it stays the same",
        answer="At θ = 2 the best D is certain and right everywhere, which scores 0. At θ = 5 it is no more than that.",
    ),
    Prediction(
        "01.3",
        "steep",
        "The generator is 20 standard deviations away, at θ = −18. How steep is V(G, D*) there?",
        ("about 1", "about 0.01", "about a millionth", "below 10⁻²⁰"),
        right="below 10⁻²⁰",
        answer="About 2.4·10⁻²². The bells overlap only in their tails. Half-way between the means, at distance/2 from "
        "each, both densities have the factor exp(−distance²/8): at distance 10 that is a few millionths, at 20 about "
        "2·10⁻²².",
    ),
    Prediction(
        "01.3",
        "both",
        "W₁ of the two bells is |2 − θ|. How does the size of its slope at θ = −18 compare with that at θ = 0?",
        ("it is much smaller", "it is the same", "it is 10 times as large"),
        right="it is the same",
        answer="It is 1 at both. W₁ itself is 10 times as large at θ = −18 (20 against 2), but its slope is constant.",
    ),
    Prediction(
        "01.3",
        "compromise",
        "The real data have two bumps, around −2 and 2; the generator has one. Where does the JSD want it?",
        ("in the middle, at 0", "near one of the two bumps", "it does not matter"),
        right="near one of the two bumps",
        answer="Its best θ is 1.84 from the middle, on either side. In the middle hardly a real number lies, and D* "
        "could tell the two apart better: the JSD is higher there.",
    ),
    Quiz(
        "01.3",
        "flat",
        "Two distributions do not overlap, and move further apart. What happens?",
        {
            "V and JSD stay; W₁ grows": "Yes: V is 0 and JSD log 2 as soon as nothing overlaps, but the way "
            "from one to the other grows.",
            "V, JSD and W₁ all grow": "V and JSD only say how well the two can be told apart, and that is perfect "
            "already.",
            "V and W₁ grow; JSD stays": "V is −log 4 + 2 JSD, so it cannot change while JSD stays.",
        },
        right="V and JSD stay; W₁ grows",
    ),
    Quiz(
        "01.3",
        "depth",
        "Why did the gradient vanish here?",
        {
            "The networks were too deep": "There were no layers at all: the generator has one weight.",
            "The step size was too small": "A slope of 10⁻²² exists before any step is taken.",
            "The discriminator was too weak": "On the contrary: it was the best there is.",
            "The best score is flat far away": "Yes: where D* is certain, or nearly so, a small move of the "
            "generator changes hardly anything.",
        },
        right="The best score is flat far away",
    ),
    Quiz(
        "01.3",
        "samples",
        "Of a finite set of pictures we make a copy in which each pixel is 0.001 brighter. No copy equals any of the "
        "originals. What are the two distances between the sets?",
        {
            "JSD is near 0, and W₁ as well": "JSD does not know what is near: a point is the same, or it is not.",
            "JSD is log 2; W₁ is small": "Yes: no point is shared, so the JSD is at its highest; each point has a "
            "short way to go, so W₁ is small.",
            "JSD is small; W₁ is infinite": "W₁ is the mean way, and each way is short.",
        },
        right="JSD is log 2; W₁ is small",
    ),
]
