"""The predictions and quizzes of chapter 00."""

from course_lib.learn.questions import Prediction, Question, Quiz

_PICTURES: list[Question] = [
    Prediction(
        "00.1",
        "fours",
        "Ten kinds of digit, 4,000 training pictures. How many of them show a 4?",
        right=(400, 400),
        unit="pictures",
        answer="Exactly 400: these 4,000 were chosen so that all ten are equally frequent. A random choice from MNIST "
        "would be uneven, and MNIST itself has more 1s than 5s.",
    ),
    Prediction(
        "00.1",
        "which",
        "Each number of the next cell is a pixel: 0 is black, 255 is white. Which digit will it be? Run the cell, "
        "squint, choose, and run the cell after it.",
        (
            "a 2",
            "a 3",
            "a 7",
        ),
        right="a 2",
        answer="It is a 2. Its upper part could be a 7's; the foot at the bottom decides. A network, too, gets "
        "numbers and nothing else.",
    ),
    Prediction(
        "00.1",
        "average",
        "We average all 400 training pictures of one kind of digit, pixel by pixel. What will the average look like?",
        (
            "an even grey, without a digit",
            "a soft digit that can be read",
            "one of the 400, the most typical one",
        ),
        right="a soft digit that can be read",
        answer="A soft digit. It is no even grey, because the writers put their ink at similar places. It is none of "
        "the 400 either: a mean takes something of each, and where they differ it is grey.",
    ),
    Prediction(
        "00.1",
        "marks",
        "The next cell claims that two and two make at least four, and then that they make at least five. What "
        "happens?",
        (
            "✓ and ✗, and the cell goes on",
            "✓, and then an error stops the cell",
            "two times ✓, since 4 is near 5",
        ),
        right="✓ and ✗, and the cell goes on",
        answer="✓ and ✗, and the table after them is still shown. Python's `assert` would have stopped the cell. A "
        "claim that does not hold is a result like any other, and you look at its number: 4, with a bound of 5.",
    ),
    Quiz(
        "00.1",
        "exam",
        "Why are 1,000 digits kept away from all learning?",
        {
            "so that training takes less time": "No: more data need not mean more time. What would be lost is "
            "the exam.",
            "so that there is an exam with new questions": "Yes: a network can know training digits by heart. Only "
            "pictures that it has never seen show what it has learned.",
            "so that damaged training digits can be replaced": "No: the checksum tells whether digits are damaged. "
            "Nobody replaces any.",
        },
        right="so that there is an exam with new questions",
    ),
    Quiz(
        "00.1",
        "grey",
        "A network is given a pixel x = 0. What does one see there?",
        {
            "black": "No: that is what 0 means in a *file*. Black, p = 0, becomes x = −1.",
            "white": "No: white, p = 255, becomes x = 1.",
            "a middle grey": "Yes: 0 lies half-way between black, −1, and white, 1.",
        },
        right="a middle grey",
    ),
    Quiz(
        "00.1",
        "cross",
        "A claim has ✓ on the page and ✗ on your computer. What is the first thing to do?",
        {
            "look at its number in the claims table": "Yes: close to the bound it may be chance or another seed; far "
            "away, the doctor is asked.",
            "stop, since the rest will be wrong, too": "No: a ✗ stops nothing, and most cells do not depend on it.",
            "run the cell again until it shows ✓": "No: with the same seed the same comes out, as a rule. And "
            "repeating until it fits measures nothing.",
        },
        right="look at its number in the claims table",
    ),
]

_NETWORKS: list[Question] = [
    Prediction(
        "00.2",
        "weights",
        "The training pictures together are 3.1 million pixels. How many weights and biases does the generator have?",
        (
            "fewer than a million",
            "about 3 million, one for each pixel",
            "more than 100 million",
        ),
        right="fewer than a million",
        answer="566 thousand: fewer than a fifth of the pixels. So it cannot keep one number for each pixel. That does "
        "not rule out that it knows pictures by heart, for a picture can be packed into far fewer numbers than it has "
        "pixels. Chapter 06 measures it.",
    ),
    Prediction(
        "00.2",
        "same",
        "The same latent is drawn twice. What will the two pictures be?",
        (
            "similar: the same digit in two hands",
            "the same, to the last pixel",
            "different: a generator is random",
        ),
        right="the same, to the last pixel",
        answer="The same. The generator is a fixed calculation, and nothing in it is random. Chance comes in before "
        "it, when the latent is drawn.",
    ),
    Prediction(
        "00.2",
        "half_way",
        "We walk from the latent of a 2 to the latent of a 9. What will the picture show half-way?",
        (
            "both digits at once, like a double exposure",
            "noise, for nothing was trained there",
            "strokes of one digit, or nearly one",
        ),
        right="strokes of one digit, or nearly one",
        answer="Strokes, something like a 3 or a 7. A double exposure would come of mixing the two *pictures*; here "
        "the latents are mixed, and the generator draws from the mixture. Its numbers are about as "
        "large as those of training, and the picture is no noise.",
    ),
    Prediction(
        "00.2",
        "even",
        "Each digit was a tenth of the training data. How often will the judge see each in 2,000 generated pictures?",
        (
            "a tenth each, but for chance",
            "the most frequent about twice as often as the rarest",
            "the most frequent more than five times as often as the rarest",
        ),
        right="the most frequent about twice as often as the rarest",
        answer="About twice: on this page 13.0 % beside 7.1 %. Training aims at pictures like the data, shares "
        "included: the best generator would be even (chapter 01). A real training ends short of the best. And the "
        "judge, who counts here, makes mistakes of its own.",
    ),
    Quiz(
        "00.2",
        "chance",
        "Two pictures of the same generator differ. Where does the difference come from?",
        {
            "from their latents": "Yes: the latent is all that changes from picture to picture.",
            "from its weights, which change a little each time": "No: weights change in training. When it draws they "
            "stay as they are.",
            "from noise that is added to the picture": "No: then the same latent would give two pictures. It gave "
            "the same one, to the last pixel.",
        },
        right="from their latents",
    ),
    Quiz(
        "00.2",
        "confident",
        "The judge reads a generated picture as a 4, with a confidence of 0.99. What do we know?",
        {
            "it is a good picture of a 4": "No: confidence is not quality. A network can be sure of a shape "
            "that nobody can read.",
            "of 100 people 99 would read a 4": "No: no people were asked. It is how one network shares out its "
            "answer over ten digits.",
            "of ten digits, the judge clearly chooses the 4": "Yes, and no more: it has to choose one, whatever it "
            "is shown. In pure noise it chose with a confidence of 1.000.",
        },
        right="of ten digits, the judge clearly chooses the 4",
    ),
    Quiz(
        "00.2",
        "ones",
        "A generator draws perfect 1s and nothing else. Which measurement shows what is wrong?",
        {
            "the judge's mean confidence": "No: it would be near 1, the best there is.",
            "how often each digit is seen": "Yes: one bar at 100 %, and nine at 0. Whether pictures can be read and "
            "whether they are varied are two questions, and need two measurements.",
            "the share of pictures with a question mark": "No: it would be near 0, the best there is.",
        },
        right="how often each digit is seen",
    ),
]

QUESTIONS = [*_PICTURES, *_NETWORKS]
