"""The questions of lesson 14.5: draws without a slope, the temperature, and which training makes the poorer writer."""

from course_lib.learn.questions import Prediction, Question, Quiz

LETTERS: list[Question] = [
    Prediction(
        "14.5",
        "slope",
        "A letter is drawn by its chances, and D's gradient by the drawn one-hot row is known. What of it reaches the "
        "logits?",
        ("the gradient times the letter's chance", "the gradient as it is", "nothing"),
        right="nothing",
        answer="A draw is no formula of the chances that could be differentiated: torch's draw has no slope "
        "(requires_grad is False).",
    ),
    Prediction(
        "14.5",
        "temperature",
        "We take the straight-through slope of 20,000 draws, and their mean. Where is this mean nearly the exact "
        "slope?",
        (
            "at temperature 0.1, for both worths",
            "at temperature 0.1, for the plain worth only",
            "at temperature 5, for both worths",
        ),
        right="at temperature 0.1, for the plain worth only",
        answer="A cold softmax is nearly the draw itself. So for the plain worth, whose slope is the same everywhere, "
        "the mean is nearly right (and a single slope jitters). But the slope is taken at the drawn letter. Where the "
        "worth bends on the way to another letter, that slope may say little of the other letter.",
    ),
    Prediction(
        "14.5",
        "who",
        "Both writers have the same network, the same first weights and 1,000 steps of 64 texts. Whose pieces of four "
        "letters stand more often in the held-out text?",
        ("the GAN's: it learns to please a critic", "those of likelihood", "about equal"),
        right="those of likelihood",
        answer="Likelihood's. It is told, at each of 16 places, which letter comes next. The GAN learns only in which "
        "direction D's one logit would rise, by a slope that is biased and jitters.",
    ),
    Prediction(
        "14.5",
        "misprint",
        "One letter in 16 is wrong. In which share of the texts does the letter that speaks most against “real” stand "
        "at the misprint?",
        ("about 6 percent, as by luck", "20 to 70 percent", "over 90 percent"),
        right="20 to 70 percent",
        answer="Far more often than by luck, and far from always: some misprints make other words, and D reads seven "
        "letters at most at once.",
    ),
    Quiz(
        "14.5",
        "distinct",
        "Random letters have the highest share of distinct pieces of all writers. What follows?",
        {
            "They are the most varied writer": "Their pieces are hardly ever English: recall, which looks for the "
            "held-out pieces, is low.",
            "A count of distinct pieces alone says nothing of a writer": "Yes. Variety counts only among what is "
            "good, so it is asked together with precision.",
            "The measure was computed wrongly": "It was not: random pieces do differ from one another.",
        },
        right="A count of distinct pieces alone says nothing of a writer",
    ),
    Quiz(
        "14.5",
        "gap",
        "A writer's own texts surprise it by 1 bit a letter, the held-out text by 5. What is it like?",
        {
            "Unsure: it needs more bits": "Of its own texts it is very sure: 1 bit is little.",
            "Narrow, and sure of it": "Yes. It writes little of what there is, and takes the rest for unlikely.",
            "Good: 1 bit is little": "Whoever writes “aaaa” for ever has 0 bits. Only the held-out text says what was "
            "learned.",
        },
        right="Narrow, and sure of it",
    ),
    Quiz(
        "14.5",
        "soft",
        "Somebody hands D softmax(logits) instead of the drawn letter. What may go wrong?",
        {
            "No gradient comes back": "It does: the softmax has a slope everywhere.",
            "D knows the texts by their being not quite one-hot": "Yes. And what is trained is not what is written "
            "later, when letters are drawn.",
            "Nothing: both have the same chances": "On average the rows agree. But a single row of 0.7 and 0.3 is no "
            "letter, and D sees that.",
        },
        right="D knows the texts by their being not quite one-hot",
    ),
]
