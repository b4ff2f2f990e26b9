"""The questions of lessons 04.1 and 04.2: counting modes, and why a game collapses."""

from course_lib.learn.questions import Prediction, Question, Quiz

HEAPS: list[Question] = [
    Prediction(
        "04.1",
        "noise modes",
        "2,500 points are thrown evenly over the square around the ring. How many of the 8 modes are covered? (A "
        "mode is a disc of radius 0.03; the side of the square is a little more than 2.)",
        right=(3, 8),
        answer="Six of them with this seed. One may well say 0: the discs are tiny, and noise aims at nothing. But "
        "together the 8 discs are half a per cent of the square. So one expects about 13 of the 2,500 points on some "
        "disc (here 8 fall there), and a single point is enough to cover a mode.",
        unit="modes",
    ),
    Prediction(
        "04.1",
        "noise kl",
        "And the KL of this noise from equal shares (0: equal, 2.08: all at one mode)?",
        ("near 0", "about 1", "near 2.08"),
        right="near 0",
        answer="0.01. Noise looks like the opposite of good points, so a bad KL seems likely. But each point "
        "counts for the mode nearest to it, however far away it is, and each mode is the nearest one in 10 to 15 % of "
        "the square.",
    ),
    Prediction(
        "04.1",
        "energy",
        "Which cloud has the larger energy distance to the data: perfect points of six of the 8 modes (the two missing "
        "ones are neighbours), or blurred data, of which hardly a point lies on a mode?",
        ("the blurred data", "the six perfect modes", "both the same, up to chance"),
        right="the six perfect modes",
        answer="The six modes: 0.08 against 0.03. “Perfect points” sounds better, but one side of the ring is empty, "
        "and its quarter of the mass lies elsewhere. Blurred points have moved in all directions alike: the cloud as a "
        "whole lies where the data lie.",
    ),
    Quiz(
        "04.1",
        "both",
        "A report says: “all 8 modes covered, KL 0.02”. What does it prove?",
        {
            "the generator has learned the data": "No: pure noise may cover all modes, with a KL as small. Nothing is "
            "said about how many points lie *on* a mode.",
            "little: noise may score as well": "Yes: it needs high quality, or the energy distance, beside that of "
            "noise.",
            "that each mode is hit equally often": "No: each mode is the *nearest* one for about as many points, but "
            "these may nearly all lie far from it.",
        },
        right="little: noise may score as well",
    ),
    Quiz(
        "04.1",
        "log",
        "On the grid of 25 modes a cloud has 98 % high quality and a KL of 3.22. What is it?",
        {
            "all points on one mode": "Yes: 3.22 is log 25, the largest that the KL can be.",
            "points on 22 of 25 modes": "No: 22 equal shares have a KL of log(25/22) = 0.13.",
            "a cloud of noise": "No: noise spreads over all modes. It has a small KL, and hardly any quality.",
        },
        right="all points on one mode",
    ),
    Quiz(
        "04.1",
        "distance",
        "What does the energy distance hardly see?",
        {
            "that two modes are missing": "No: then mass lies in the wrong place. In this lesson's cloud it grew to "
            "more than that of noise.",
            "that the points are spread over the whole square": "No: uniform noise scores more than ten times what "
            "true points score.",
            "whether points lie on a mode or beside it": "Yes: a small move changes distances little. So high "
            "quality is reported with it.",
        },
        right="whether points lie on a mode or beside it",
    ),
    Prediction(
        "04.2",
        "ten times",
        "G's step size is ten times D's. The points will crowd together. Where are they after 3,000 steps?",
        ("nearly all on one mode", "nearly all on two or three modes", "in a heap, most of it beside the modes"),
        right="in a heap, most of it beside the modes",
        answer="In one heap. It moves from stop to stop, and most of it lies beside the modes. “On one mode” is what "
        "one thinks of at the words mode collapse; but the heap is broader than a mode, and here at no stop do more "
        "than 3 % of its points lie on one (on ten recorded seeds, after 2,000 steps: at most 1.5 %).",
    ),
    Prediction(
        "04.2",
        "alone",
        "The best D would say 1/9. Ours now learns alone for 1,000 steps: true points of all eight modes against true "
        "points of *one* mode. How real does it then find a point of that one mode?",
        ("near 1: it is a true point", "near ½: it cannot tell them apart", "near 0.1: there are too many of them"),
        right="near 0.1: there are too many of them",
        answer="About 0.12. “It judges one point at a time, and the point is perfect” is true, and yet it objects: "
        "in its batches such a point comes from the heap eight times as often as from the data. The best D says 1/9.",
    ),
    Prediction(
        "04.2",
        "equal",
        "One number is changed: D's step size is raised to G's. Same networks, first weights, loss and number of "
        "steps. What becomes of the heap?",
        (
            "it stays a heap",
            "it opens, and most points lie beside the modes",
            "it parts, and nearly all points come to lie on the 8 modes",
        ),
        right="it opens, and most points lie beside the modes",
        answer="It opens, and most points lie beside the modes. No cure was added. Those who expect a heap think that "
        "the loss makes it; those who expect eight good modes think that balance is everything. How even the points "
        "are differs from run to run.",
    ),
    Quiz(
        "04.2",
        "spread",
        "Why does a step of the generator not *spread* its points?",
        {
            "against a fixed D, one best point is best for all latents": "Yes: within its step D stands still, and "
            "the point in which it believes most is the best answer to each latent.",
            "its networks are too small to draw eight modes": "No: size does not come into it. However large G is, "
            "against a fixed D the best answer to each latent is the same point. (And with another step size of D "
            "these networks leave the heap.)",
            "the loss pays for points that are alike": "No: the loss looks at one point at a time and knows nothing "
            "of the others.",
        },
        right="against a fixed D, one best point is best for all latents",
    ),
    Quiz(
        "04.2",
        "ninth",
        "The best D says 1/9 of a true point of the heap's mode. Why not ½?",
        {
            "because the point is a fake": "No: it is placed like a true point, exactly. Nothing about *it* is wrong.",
            "because G's density there is eight times the data's": "Yes: D* = p/(p + q), with p an eighth of the "
            "bump and q all of it.",
            "because D has not learned for long enough": "No: at its optimum it is 1/9. Before it has learned, it says "
            "about ½.",
        },
        right="because G's density there is eight times the data's",
    ),
    Quiz(
        "04.2",
        "paper",
        "A paper's cure opens the heap. Its control has a D whose step size is a tenth of G's. What do you ask first?",
        {
            "does the cure also work on digits?": "A good question, but a later one: it is not yet known to work here.",
            "what does the loss look like?": "No: a game's losses say little about its points (lesson 3.4).",
            "what does the control do with equal step sizes?": "Yes: this lesson's heap opened when D's was raised to "
            "G's, so the cure may have done no more than a larger step of D would.",
        },
        right="what does the control do with equal step sizes?",
    ),
]
