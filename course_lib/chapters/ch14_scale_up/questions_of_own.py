"""The questions of lesson 14.1: what a judge cannot see, and what a mark does."""

from course_lib.learn.questions import Prediction, Question, Quiz

OWN: list[Question] = [
    Prediction(
        "14.1",
        "grey",
        "We change 400 real faces so that each mood can still be seen. Once we take all colour out; once we speckle "
        "them. As they are, their Fréchet distance is near 0, that of noise in the hundreds. Which of the two changes "
        "brings it above 10?",
        ("neither: the moods are as they were", "taking the colour out", "the speckle", "both"),
        right="the speckle",
        answer="Every mood comes in all colours, so the judge probably learned to overlook them: a generator of "
        "grey faces would get a good distance. No training picture had speckle: nothing taught the judge to overlook "
        "it, and its features change.",
    ),
    Prediction(
        "14.1",
        "mark",
        "A second judge is trained on pictures where each happy face has a dotted mark in a corner. Then we put the "
        "mark on *sad* faces. What does it call most of them?",
        ("sad: it sees the mouth", "happy: it sees the mark", "it has no opinion: all four moods equally often"),
        right="happy: it sees the mark",
        answer="Nobody told it what *happy* means. The mark is always at the same place, so it is easier to learn than "
        "a mouth. Photographs have such marks, too: a watermark, a frame, a hospital's label.",
    ),
    Quiz(
        "14.1",
        "few",
        "A folder of 60 photographs passes every check, and after a long training the Fréchet distance to the "
        "*training* pictures is small. What do you look at first?",
        {
            "Nothing: the distance is small": "To the training pictures it is small for copies, too.",
            "The copying score, against held-out pictures": "Yes. 60 pictures are few enough to be learned by heart.",
            "The judge's confidence": "It is high for copies, too: they are real pictures.",
        },
        right="The copying score, against held-out pictures",
    ),
    Quiz(
        "14.1",
        "compare",
        "Your faces have a Fréchet distance of 30. A friend reports 12 for her leaves, in her own judge. Whose "
        "generator is better?",
        {
            "Hers": "12 is less than 30, but in other features, of another network.",
            "Yours": "Neither number says so.",
            "The numbers do not tell": "Yes. Her judge asks another question than yours. Let one judge measure both, "
            "on as many pictures.",
        },
        right="The numbers do not tell",
    ),
    Quiz(
        "14.1",
        "truth",
        "In your own photographs nobody knows which pixels decide. How can you still test a method that draws maps?",
        {
            "Look whether the maps seem right": "A map may show what you expect for an untrained network, too.",
            "Plant a mark in one class, train, see whether the map finds it": "Yes: of the mark the truth is known.",
            "Compare it with the map of another method": "Two methods can share a fault (10.3).",
        },
        right="Plant a mark in one class, train, see whether the map finds it",
    ),
]
