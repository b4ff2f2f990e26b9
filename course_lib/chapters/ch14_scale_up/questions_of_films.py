"""The questions of lesson 14.6: what makes pictures a film, and what each judge of a GAN of clips is good for."""

from course_lib.learn.questions import Prediction, Question, Quiz

FILMS: list[Question] = [
    Prediction(
        "14.6",
        "order",
        "We put the frames of each real clip into another order. Which number changes?",
        (
            "the Fréchet distance of the frames",
            "how often two frames show the same digit",
            "the jerk",
            "all three",
        ),
        right="the jerk",
        answer="The first two look at frames without their order. Only what compares neighbours can notice.",
    ),
    Prediction(
        "14.6",
        "weakest",
        "Both judges, one short training. Which of these is true of its clips?",
        ("the digit stands still", "the digit does not stay the same digit", "the digit jumps like shuffled frames"),
        right="the digit does not stay the same digit",
        answer="It moves, and less jerkily than shuffled frames. But on the way it turns into something else: "
        "nothing in the network says that a thing keeps its shape when it moves.",
    ),
    Prediction(
        "14.6",
        "without",
        "We leave out the judge of clips. Each frame is still judged. What becomes of the motion?",
        ("it stays as good: frames show where the digit is", "nothing pays for it any more", "the clips stand still"),
        right="nothing pays for it any more",
        answer="A judge of single frames cannot see motion. The clips still move, but at less than half the speed of "
        "real ones: nobody asks for more.",
    ),
    Prediction(
        "14.6",
        "copy",
        "We put a copy of the neighbouring frame over frame 5: every frame is still a good picture. What does the "
        "logit of the trained judge of clips do?",
        ("it stays: nothing was hidden", "it falls", "it rises: fewer changes"),
        right="it falls",
        answer="The motion now stops for one frame and then jumps, and this judge notices. An untrained one hardly "
        "does.",
    ),
    Quiz(
        "14.6",
        "still",
        "Somebody reports: jerk 0.0, and of two frames the reader reads the same digit in 100 percent. What may the "
        "clips be?",
        {
            "Very good films": "Possible, but the report does not show it: one number is missing, the speed.",
            "One picture repeated": "Yes. A still picture has both numbers. Ask for the speed.",
            "Shuffled frames": "No: those have a large jerk.",
        },
        right="One picture repeated",
    ),
    Quiz(
        "14.6",
        "backwards",
        "The judge of clips prefers a real clip to the same clip backwards in 50 of 100 cases. Is it blind to order?",
        {
            "Yes: backwards is another order": "It is, but here hardly a clip tells which way it runs: a digit may as "
            "well bounce the other way.",
            "No: backwards these clips are nearly as real": "Yes. The test for order is the shuffled clip.",
            "It was not trained long enough": "Training tells hardly apart what is nearly equally likely.",
        },
        right="No: backwards these clips are nearly as real",
    ),
    Quiz(
        "14.6",
        "built_in",
        "The generator that shifts one picture keeps its digit. What has it *learned* about this?",
        {
            "That a thing keeps its shape when it moves": "It could not do otherwise: that was built in.",
            "Nothing: it was built in": "Yes. And it would fail where a thing does change, as a walking person.",
            "The same as the other, but faster": "The other had to find it, and did not find all of it.",
        },
        right="Nothing: it was built in",
    ),
]
