"""The questions of lesson 14.2: how many calls a step is, what bf16 rounds away, and how idle a GPU can be."""

from course_lib.learn.questions import Prediction, Question, Quiz

SPEED: list[Question] = [
    Prediction(
        "14.2",
        "calls",
        "The DCGAN of 3.3 has five layers with many weights. A step goes through D three times and through G once, "
        "forwards and backwards, and Adam makes two steps. How many calls of PyTorch is that?",
        ("about 15: one a layer", "more than 100", "more than 10,000"),
        right="more than 100",
        answer="Between two layers stand batch norm and activations; each has a call backwards, too, and losses, Adam, "
        "the average of G's weights and the test for infinite losses have theirs. Numbers are not called one by one, "
        "so it is not thousands.",
    ),
    Prediction(
        "14.2",
        "after one",
        "What is 1 + 1/256 in bf16?",
        ("1.00390625, exactly", "about 1.004", "1"),
        right="1",
        answer="After 1 comes 1 + 1/128. The sum lies half-way, and is rounded to the even neighbour, which is 1. fp16 "
        "has three more bits there, and gets it right.",
    ),
    Prediction(
        "14.2",
        "idle",
        "On paper: a GPU that can do 800 · 10¹² operations a second in bf16. What percentage of that does a step of "
        "DCGAN-64 reach with a batch of 16?",
        ("more than 80", "about 40", "less than 10"),
        right="less than 10",
        answer="A few hundred calls take their time however little they compute. So the GPU waits for the program. "
        "With more pictures a call has more to do, for nearly the same waiting.",
    ),
    Quiz(
        "14.2",
        "slow",
        "A step reaches 5 percent of the peak. It is 300 calls, nearly all on tiny tensors. What helps?",
        {
            "a processor with twice the peak": "The operations take a twentieth of the time: half of that is saved.",
            "fewer calls, or more pictures in each": "Yes. Calling is what takes the time, and it is shared by more.",
            "half of the bits": "Operations and bytes take half of their time. The calls stay as many, or become more.",
        },
        right="fewer calls, or more pictures in each",
    ),
    Quiz(
        "14.2",
        "master",
        "Mixed precision multiplies in bf16, and yet keeps the weights in float32. Why?",
        {
            "an update is often less than the gap between two bf16 numbers": "Yes. Added in bf16, it would be rounded "
            "away, step after step.",
            "bf16 cannot hold numbers as small as weights": "It has the exponent of float32, so it can. The digits "
            "are what it lacks.",
            "float32 is faster to add": "It is not. It is kept for the digits, not for speed.",
        },
        right="an update is often less than the gap between two bf16 numbers",
    ),
    Quiz(
        "14.2",
        "better",
        "After a minute one recipe draws with a confidence of .95, of two digits. Another one draws with .81, of all "
        "ten. Which is further?",
        {
            "the first: its pictures are clearer": "The judge is sure of two digits drawn again and again. Eight are "
            "missing.",
            "the second: it lacks a little clearness, the first eight digits": "Yes. Only both numbers together say "
            "something; the distance to real digits says it in one.",
            "both are equally far": "One draws two digits and the other all ten. What the first lacks, its confidence "
            "hides.",
        },
        right="the second: it lacks a little clearness, the first eight digits",
    ),
]
