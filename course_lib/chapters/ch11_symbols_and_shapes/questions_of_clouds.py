"""What lesson 11.7 asks: which score sees which fault, and what a mapper graph may be read for."""

from course_lib.learn.questions import Prediction, Question, Quiz

CLOUDS: list[Question] = [
    Prediction(
        "11.7",
        "half",
        "Classes 5 to 9 are missing, 200 pictures a cloud. Which scores see it in at least nine of ten draws?",
        (
            "the two topological ones: classes are pieces",
            "the two plain ones of chapter 06 alone",
            "merging distances, Fréchet distance and coverage",
            "none: 200 pictures are too few",
        ),
        right="merging distances, Fréchet distance and coverage",
        answer="“Classes are pieces” sounds right, but merging distances do not know which point is of which class, "
        "and the geometry score counts holes. The merging distances see it since twice as many pictures of a class "
        "lie closer together. Nearest neighbours, without topology, see it in 16 of 20 draws.",
    ),
    Prediction(
        "11.7",
        "nine",
        "Only the 9 is missing, 200 pictures a cloud. Which score sees it most often?",
        ("merging distances", "nearest neighbours", "geometry score", "coverage"),
        right="coverage",
        answer="Coverage asks for each real digit whether a picture of the other cloud is near: at many a 9 there is "
        "none. The three others look at one cloud at a time. A cloud without 9s has about the same distances within "
        "it, so they see it in at most a few draws of twenty.",
    ),
    Prediction(
        "11.7",
        "settings",
        "The same cloud, with 10 boxes a side instead of 4. What happens to the number of mapper's nodes?",
        (
            "it stays: the shape is the cloud's",
            "it grows by some per cent",
            "it grows to several times as many",
        ),
        right="it grows to several times as many",
        answer="Each box with enough pictures makes nodes of its own. The graph has the cloud's shape *and* the boxes' "
        "number. So its counts say nothing by themselves.",
    ),
    Quiz(
        "11.7",
        "zero",
        "A generator's merging distances are nearly those of real digits. What follows?",
        {
            "Its pictures look real": "The score never asks where the cloud lies. Moved far away, it stays perfect.",
            "No class is missing": "One missing class hardly changes the distances within a cloud: see the 9.",
            "Its pictures are about as far from their neighbours as real ones": "Yes, as far as merging goes, and no "
            "more.",
        },
        right="Its pictures are about as far from their neighbours as real ones",
    ),
    Quiz(
        "11.7",
        "control",
        "Merging distances see “each picture twice” in all draws. Is it the topology that sees it?",
        {
            "Yes: pieces are topology": "Nearest neighbours know no pieces, and see it as often.",
            "That is not shown": "Yes. The control without topology sees it as often, so distances alone are enough.",
            "No: the Fréchet distance sees it, too": "It does, less often. It asks something else, so it is no "
            "control for what topology adds.",
        },
        right="That is not shown",
    ),
    Quiz(
        "11.7",
        "node",
        "In a mapper graph, one node has 9 pictures, 8 of them generated. What do you do?",
        {
            "Report that the generator draws this too often": "Of many small nodes, some are uneven by chance.",
            "Try settings until the node is clear": "With enough settings, some graph shows whatever one looks for.",
            "Shuffle who is generated, and look how uneven nodes get": "Yes. And test it on other draws of the "
            "generator.",
        },
        right="Shuffle who is generated, and look how uneven nodes get",
    ),
]
