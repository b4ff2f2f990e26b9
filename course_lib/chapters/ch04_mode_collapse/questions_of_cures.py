"""The questions of lessons 04.3 and 04.4: the race of cures, good points, digits and a thousand modes."""

from course_lib.learn.questions import Prediction, Question, Quiz

CURES: list[Question] = [
    Prediction(
        "04.3",
        "penalty",
        "R1 charges D for its slopes at real points. In which of two games that you just ran is this charge small: the "
        "collapsed one (none), or the one with batch norm in G?",
        ("in the collapsed game", "in the one with batch norm in G", "it is large in both"),
        right="in the collapsed game",
        answer="In the collapsed one. One expects a sick game to have a steep D, for which the penalty could charge. "
        "But this D is nearly flat at real points, and at the heap (R2). (In lesson 4.2 such a D said about ½ of the "
        "heap and of the data.)",
    ),
    Prediction(
        "04.3",
        "rescue",
        "Which of these rescues the unbalanced ring, by the rule above, at equal steps *and* at equal cost?",
        ("spectral norm", "batch norm in G", "unrolled", "minibatch stddev"),
        right="batch norm in G",
        answer="Batch norm in G, the oldest of them. Unrolled does at equal steps, and loses at equal cost, its "
        "steps being seven times as dear. Spectral norm and minibatch stddev are in many good GANs, and yet "
        "their clouds lie here about as far from the data as the control's.",
    ),
    Prediction(
        "04.3",
        "strong",
        "The same rule, from the strong start. How many of the nine cures work?",
        right=(0, 0),
        answer="None. It seems natural that a cure which helps an ill game helps a well one a little, too. But this "
        "game without a cure is nearer to the data than blurred data on eight of ten seeds, and each cure loses to it, "
        "or to another of the five, on some seed.",
        unit="cures",
    ),
    Quiz(
        "04.3",
        "five",
        "Why is a cure compared with *five* clouds, and not only with the same game without it?",
        {
            "so that its victory looks larger": "No: each further rival makes it harder. The best of five is to be "
            "beaten.",
            "so that noise, or one badly chosen size of the networks, does not make it look good": "Yes: another depth "
            "or latent may do better, and a cure that beats all these games may still be farther from the data than "
            "noise. But a bad step size that all the games share is not seen: for that, see the fairest control.",
            "so that there are enough seeds": "No: seeds are another matter. Each of the five is a game or a cloud "
            "of its own, on each seed.",
        },
        right="so that noise, or one badly chosen size of the networks, does not make it look good",
    ),
    Quiz(
        "04.3",
        "cost",
        "Unrolled wins at equal steps and loses at equal cost. What does that mean?",
        {
            "at equal cost the games without a cure catch up": "No: they stay far away. What unrolled cannot beat with "
            "a seventh of the steps is blurred data.",
            "it works if seconds do not count": "Yes: with 2,000 steps it wins on all ten seeds. With a seventh of "
            "them it has not yet come near enough.",
            "its victory was luck": "No: it wins on ten of ten seeds at equal steps. Luck does not repeat like that.",
        },
        right="it works if seconds do not count",
    ),
    Quiz(
        "04.3",
        "avoided",
        "From the strong start no cure works, yet some may be worth having. What speaks for them?",
        {
            "their best seed is better than the best one without a cure": "No: no cure's best seed is nearer to the "
            "data than the best one without a cure. And one best seed may be luck.",
            "they cover more modes than noise": "No: noise covers 4 to 8 of the 8 modes, so there is little to beat.",
            "their worst seed is far better than the worst one without a cure": "Yes, as a hint: the four cures "
            "named in the lesson get through their five seeds, and on one of these the game without a cure fails. But "
            "a game that fails on two of ten gets through five in a third of cases.",
        },
        right="their worst seed is far better than the worst one without a cure",
    ),
    Prediction(
        "04.4",
        "bar",
        "The best game covers all 8 modes of the ring with more than 90 % high quality, on each of five seeds. On "
        "how many of the five is blurred data nearer to the data, by energy distance?",
        right=(2, 2),
        answer="On two. Eight modes and 94 % quality sound like a solved problem, so 0 seems likely. But on these "
        "two seeds some modes are hardly ever hit: the KL is above 0.5. None of the numbers can stand alone.",
        unit="seeds",
    ),
    Prediction(
        "04.4",
        "speckle",
        "A DCGAN whose D takes steps of a two-hundredth of G's draws speckle, which is no digit. What does the judge, "
        "a network that knows the ten digits, make of 2,000 such pictures?",
        ("all ten digits, about equally", "nearly always one and the same digit", "it refuses them as no digit"),
        right="nearly always one and the same digit",
        answer="Nearly always the same one. A network with ten outputs cannot refuse: it must call each picture a "
        "digit. The pictures are nearly alike, and so are its answers.",
    ),
    Prediction(
        "04.4",
        "averages",
        "We average two random digits into one picture, stack three such pictures, and let the judge count kinds. How "
        "many of the 1,000 does it find among 25,600 stacks?",
        right=(900, 1000),
        answer="998 here. Such a picture mixes two digits, and so it ought to have no kind. But the judge calls "
        "each of them some digit, and chance does the rest. A count of kinds alone proves little.",
        unit="kinds",
    ),
    Quiz(
        "04.4",
        "histogram",
        "Two generators have the same histogram: 97 % of their pictures are read as 8. Is it the same illness?",
        {
            "yes: few classes are mode collapse": "No: one may draw true 8s, the other speckle that is *called* 8.",
            "not known before one looks at the quality": "Yes: with good pictures it is collapse, with bad ones the "
            "training failed.",
            "no: one of them must have a higher precision": "No: both may draw true 8s, or both speckle. The "
            "histogram does not say.",
        },
        right="not known before one looks at the quality",
    ),
    Quiz(
        "04.4",
        "ten",
        "A generator knows ten pictures, one good one of each digit, and draws them equally often. What do class "
        "entropy and precision say?",
        {
            "both are high: it looks healthy": "Yes: both look at classes and at single pictures. Variety *within* a "
            "class needs another measure (chapter 06).",
            "the entropy is low: it collapsed": "No: all ten classes are drawn equally often, so the entropy is 1.",
            "the precision is low: it copies": "No: good pictures lie where real ones lie, copies of them most of all.",
        },
        right="both are high: it looks healthy",
    ),
    Quiz(
        "04.4",
        "glimpse",
        "PacDCGAN2 has 847 kinds, the DCGAN 763, after 12,000 steps of one seed. What may you conclude?",
        {
            "packing finds more kinds": "No: this is one seed. And at equal seconds it had fewer.",
            "nothing about packing in general": "Yes: one seed, few steps, and averages of digits score more kinds "
            "than both.",
            "the published table is wrong": "No: it has 500,000 steps and another judge. This run cannot speak about "
            "it.",
        },
        right="nothing about packing in general",
    ),
]
