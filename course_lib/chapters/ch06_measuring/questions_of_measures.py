"""The questions of lessons 06.1 to 06.3: distances, quality and variety, which measure sees which fault."""

from course_lib.learn.questions import Prediction, Question, Quiz

MEASURES: list[Question] = [
    Prediction(
        "06.1",
        "loss",
        "The noise stays as it is; only the discriminator trains, for 60 steps. What does the generator's loss "
        "for this noise do?",
        (
            "it stays high: noise is always bad",
            "it begins low and more than triples",
            "it falls, as losses do in training",
        ),
        right="it begins low and more than triples",
        answer="It begins at 0.69 and reaches about 6 with seed 0. “Always bad” is true of the pictures, but the loss "
        "asks the discriminator, and an untrained one finds noise and digits equally real.",
    ),
    Prediction(
        "06.1",
        "ring",
        "Eight clumps on a circle, and one round heap with the same mean and covariance. What is their Fréchet "
        "distance?",
        ("near 0", "about ½, the variance", "about 8, one for each clump"),
        right="near 0",
        answer="Under 0.02. It is not exactly 0, because 2,000 points are a sample and the clumps have a small width. "
        "The eye sees clumps; the formula sees a mean and a covariance, and these are nearly the same.",
    ),
    Prediction(
        "06.1",
        "itself",
        "Two draws of 250 pictures each, both of the *same* GAN. How large is their Fréchet distance, compared with "
        "the GAN's distance to real digits, measured with 4,000 pictures?",
        ("0: it is the same generator", "above 0, but far smaller", "even larger"),
        right="even larger",
        answer="Larger: 5.73 against 4.08 with seed 0. The generator is the same, but two small samples have different "
        "means and covariances by chance, and the formula takes each difference as a distance.",
    ),
    Quiz(
        "06.1",
        "compare",
        "GAN A ends with a generator's loss of 0.8, GAN B with 2.5. What follows for their pictures?",
        {
            "A's pictures are nearer to real ones": "No: the loss says how A's own opponent judges them. A weak "
            "opponent makes it small.",
            "nothing: each met another opponent": "Yes: the same pictures can have either loss, as the noise did.",
            "B's pictures are better, as its opponent is": "No: a strong opponent makes a loss large, and says nothing "
            "of how good the pictures are.",
        },
        right="nothing: each met another opponent",
    ),
    Quiz(
        "06.1",
        "zero",
        "Two sets of pictures have a Fréchet distance of 0. What do they share?",
        {
            "means and covariances of their features": "Yes: nothing else is in the formula. A ring and a round heap "
            "can share these.",
            "the whole distribution of their features": "No: that would follow if both were Gaussian. Ring "
            "and heap had nearly 0, and look different.",
            "the pictures themselves, in another order": "No: two different samples with the same mean and covariance "
            "have distance 0, too.",
        },
        right="means and covariances of their features",
    ),
    Quiz(
        "06.1",
        "few",
        "One paper reports a distance of 12 with 1,000 pictures, another 10 with 50,000. Same judge, same data. Whose "
        "pictures are nearer?",
        {
            "the second, 10 is less than 12": "Not by these numbers: with 1,000 pictures a generator looks farther "
            "away, on average, than with 50,000.",
            "the first: fewer pictures are harder": "Not by these numbers: fewer pictures add to the distance, but it "
            "is not said how much here.",
            "this cannot be said: measure both alike": "Yes: draw equally many of both, and compare then.",
        },
        right="this cannot be said: measure both alike",
    ),
    Prediction(
        "06.2",
        "wide",
        "*Wide*: the crosses spread twice as far as the dots. Which is higher, precision or recall?",
        ("precision", "recall", "both are equally low"),
        right="recall",
        answer="Recall, 1.00 with seed 0, against 0.70 for precision. Must “wrong” points lose both? No: "
        "wide points have large balls, and these hold every dot; only the crosses far outside cost precision.",
    ),
    Prediction(
        "06.2",
        "outlier",
        "*At an outlier*: all crosses lie in a heap far from forty of the real points. Only the forty-first, a lonely "
        "one, is nearer. What is their precision?",
        ("near 0: one real point of 41 is near them", "near ½", "near 1"),
        right="near 1",
        answer="1.00. The lonely point's third neighbour is far away, so its ball is huge, and holds every cross. "
        "Precision asks for *any* real ball, not how many.",
    ),
    Prediction(
        "06.2",
        "gan",
        "1,000 pictures of the zoo's GAN, which are a little rough. Compared with that of new real digits, its "
        "*recall* is …",
        ("far lower", "about as high", "far higher"),
        right="about as high",
        answer="About as high, 0.95 against 0.94 with seed 0, though its precision is far lower. “Rough” need not cost "
        "recall: it asks only which real points the drawn ones' balls reach. The wide crosses often lay outside the "
        "real balls, and their own balls held every dot.",
    ),
    Quiz(
        "06.2",
        "seven",
        "A generator draws one perfect 7, again and again, with tiny changes. What does it lose?",
        {
            "precision, because nine digits are missing": "No: precision asks the drawn points, and each one looks "
            "real.",
            "recall, because its balls are tiny": "Yes: its points lie close together, so hardly any real point "
            "lies in their balls.",
            "neither, because each 7 is perfect": "No: quality is kept, but most real digits could not have "
            "been drawn.",
        },
        right="recall, because its balls are tiny",
    ),
    Quiz(
        "06.2",
        "balls",
        "Around which points are balls drawn, and which points are asked, for *precision*?",
        {
            "around real ones; drawn points are asked": "Yes: does what is drawn lie where real data lie?",
            "around drawn ones; real points are asked": "No: that is recall.",
            "around real ones; the balls are asked": "No: the share of real balls that hold a drawn point is coverage.",
        },
        right="around real ones; drawn points are asked",
    ),
    Quiz(
        "06.2",
        "entropy",
        "The class entropy of a generator is 1. What do you know?",
        {
            "its pictures look real to the judge": "No: noise could be read as all ten digits equally often. The "
            "entropy counts readings only.",
            "no picture is drawn twice": "No: ten pictures, one a digit, repeated for ever, have entropy 1.",
            "all ten digits are read equally often": "Yes: and no more than that.",
        },
        right="all ten digits are read equally often",
    ),
    Prediction(
        "06.3",
        "entropy",
        "Of each digit only 20 different pictures, again and again. How far does *class entropy* fall below 1?",
        ("by nothing", "by about a fifth", "to about a fifth"),
        right="by nothing",
        answer="By nothing. All ten digits appear equally often, and that is all it counts. The collapse is *within* "
        "each class.",
    ),
    Prediction(
        "06.3",
        "blur",
        "A slight blur, half a pixel wide. What happens to precision and recall?",
        ("both fall a little", "precision falls, recall stays", "recall falls, precision does not"),
        right="recall falls, precision does not",
        answer="Recall falls from 0.94 to 0.54 with seed 0; precision even rises a little. One expects worse quality "
        "to cost precision. But precision asks only whether a drawn digit lies among real ones, and a slightly soft "
        "one does. Recall asks about the sharp real ones, and many of them are out of the soft ones' reach. (A likely "
        "reason: soft digits lie closer together, so their balls are smaller, as the narrow heap's were. 6.5 measures "
        "it for a stronger blur.)",
    ),
    Prediction(
        "06.3",
        "copies",
        "All 1,000 pictures are copies of the real data. Compared with honest pictures, the Fréchet distance is …",
        ("larger: it notices", "the same", "smaller: it rewards them"),
        right="smaller: it rewards them",
        answer="Smaller. One may hope that a good measure notices copies. But this one measures nearness to the real "
        "data, and nothing is nearer than the data themselves.",
    ),
    Quiz(
        "06.3",
        "best",
        "Somebody wants to report one number only. Which measure of the table sees every fault?",
        {
            "the Fréchet distance": "No: it rewards copies.",
            "coverage": "No: of the six faults, each at its strongest, it sees five. The sixth, copies, it rewards.",
            "none of the nine": "Yes: each has a row where nothing happens or where the fault is rewarded.",
        },
        right="none of the nine",
    ),
    Quiz(
        "06.3",
        "bright",
        "A greyer background costs more Fréchet distance than five lost digits. Which reason is likely?",
        {
            "the judge has never seen grey backgrounds": "Yes: its features change a lot, though you would "
            "hardly mind. (A judge trained on greyer digits would test this.)",
            "a lost digit does not change the features": "No: five lost digits raise the distance to many times the "
            "honest one.",
            "the distance compares pixels, and all change": "No: it compares features. A judge that ignored "
            "brightness would not react.",
        },
        right="the judge has never seen grey backgrounds",
    ),
    Quiz(
        "06.3",
        "scatter",
        "A fault moves a measure from 0.94 to 0.93. Has it reacted?",
        {
            "yes, because it is lower than before": "Not by itself: honest draws differ from one another, too.",
            "that depends on how honest draws scatter": "Yes: with a scatter of 0.001 it has, with one of 0.01 it has "
            "not.",
            "no, because a hundredth is too little": "Not by itself: if honest draws differ by a thousandth, a "
            "hundredth is a lot.",
        },
        right="that depends on how honest draws scatter",
    ),
]
