"""The questions of lesson 13.4: generators never seen, blurred digits, and what an alarm is worth."""

from course_lib.learn.questions import Prediction, Question, Quiz

DETECT: list[Question] = [
    Prediction(
        "13.4",
        "unseen",
        "The detector was trained on the VAE's means, and ranks fresh ones nearly perfectly. What is its AUC on the "
        "DCGAN's pictures, which it never saw?",
        ("about 1", "about 0.8", "about 0.5"),
        right="about 0.5",
        answer="Chance. It did not learn what is generated, but what is typical of a VAE's means.",
    ),
    Prediction(
        "13.4",
        "blur",
        "The cut-off lets 5 percent of real digits set off the alarm. Now somebody blurs real digits (3 × 3). How "
        "many percent of them does the VAE's detector call generated?",
        right=(80, 100),
        answer="Nearly all. A VAE's means are soft, so softness is what it learned. Real pictures can be soft, too.",
        unit="percent",
    ),
    Prediction(
        "13.4",
        "alarms",
        "A detector finds 99 percent of the fakes and gives 1 percent false alarms. One picture in a hundred is a "
        "fake. Of a hundred alarms, how many are right?",
        right=(45, 55),
        answer="Half. Of 10,000 pictures 100 are fakes, of which 99 are found; and 1 percent of the 9,900 real ones "
        "are 99 false alarms.",
        unit="alarms",
    ),
    Quiz(
        "13.4",
        "ninety_nine",
        "A seller says: our detector is 99 percent accurate. What do you ask first?",
        {
            "How large its network is": "One of two convolutions was nearly perfect, too, on a generator that it knew.",
            "On which generators, and after which edits": "Yes. Ours was perfect on one, at chance on the next, "
            "and accused blurred real digits. Then ask how rare fakes are.",
            "Whether it was tested on many pictures": "A million pictures of the same generator would say the same.",
        },
        right="On which generators, and after which edits",
    ),
    Quiz(
        "13.4",
        "sure",
        "The detector calls a picture real, with a probability of 0.98. What do you know?",
        {
            "That it is real with a chance of 0.98": "About so for its own generator, at one fake in two. "
            "With another one, half of such pictures were fakes.",
            "That it does not look like the fakes of its training": "Yes. And that is all a detector knows.",
            "That no network made it": "The DCGAN's pictures got such answers.",
        },
        right="That it does not look like the fakes of its training",
    ),
    Quiz(
        "13.4",
        "grid",
        "Why did we find no grid in the pictures of a trained DCGAN?",
        {
            "It has no transposed convolutions": "It has two; untrained, such a network shows the grid clearly.",
            "Its training has removed it": "Yes: still far above its neighbours after 50 steps, it was gone after 300.",
            "8 bit have removed it": "Not rounded, the zoo's pictures show none, either (the line above the spectra).",
        },
        right="Its training has removed it",
    ),
]
