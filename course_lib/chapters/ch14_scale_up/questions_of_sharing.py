"""The questions of lesson 14.4: halves of a batch, a killed process, a thousand GPUs."""

from course_lib.learn.questions import Prediction, Question, Quiz

SHARING: list[Question] = [
    Prediction(
        "14.4",
        "halves",
        "We compute D's gradient for each half of a batch of 32, and take the mean of the two. How far is it from the "
        "gradient of the whole batch, where D has batch norm?",
        ("not at all, but for rounding", "some percent", "it is half as long"),
        right="some percent",
        answer="Without batch norm only rounding is left. With batch norm each half is normalised by its own mean and "
        "variance: another network, in effect. The average of its gradients is another gradient.",
    ),
    Prediction(
        "14.4",
        "killed",
        "Checkpoints are written after each tenth step. Right after step 10 one of two processes is killed, the other "
        "one lives. What happens?",
        (
            "the other one goes on alone with its half",
            "both start again from a checkpoint",
            "both start again from step 1",
        ),
        right="both start again from a checkpoint",
        answer="The other one waits for a sum that never comes, and ends with an error. torchrun starts both again, "
        "and they read the last checkpoint.",
    ),
    Prediction(
        "14.4",
        "thousand",
        "A batch of 1,024 pictures, 1,000 GPUs instead of one: about one picture for each. By the ring's formula, how "
        "many times as fast is a step?",
        ("about 1,000 times", "about 500 times", "less than 50 times"),
        right="less than 50 times",
        answer="Each GPU computes for a moment, and then waits for the exchange. In a ring its turns grow with the "
        "number of GPUs. In a tree they hardly do, and it is still less than 50 times.",
    ),
    Quiz(
        "14.4",
        "writer",
        "Two processes hold the same weights. Which of them writes the checkpoint?",
        {
            "both, to be safe": "Two that write one file disturb each other, and the second copy holds nothing new.",
            "the first one": "Yes. The weights are equal, so one copy is enough; all read it when they start again.",
            "each its half of the weights": "Here each process has all weights; only the batch is divided.",
        },
        right="the first one",
    ),
    Quiz(
        "14.4",
        "uneven",
        "A batch of 30 is shared by four processes: 8, 8, 7 and 7 examples. Each computes the mean gradient of its "
        "part, and then the plain mean of the four is taken. What is it?",
        {
            "the gradient of the whole batch": "Only for equal parts. Here an example in a part of 7 counts more.",
            "another gradient: examples of the smaller parts count more": "Yes. Weights, or equal parts, repair it.",
            "another gradient: the parts are too small": "Small parts are no harm; unequal ones are.",
        },
        right="another gradient: examples of the smaller parts count more",
    ),
    Quiz(
        "14.4",
        "faster",
        "A step on 1,000 GPUs takes 16 thousandths of a second, of which 15 are spent in the exchange. GPUs come out "
        "that compute twice as fast. What do they bring?",
        {
            "a step takes half the time": "Only the computing is halved, and that was one of 16.",
            "hardly anything, unless each gets more pictures": "Yes: 15.5 instead of 16. The exchange decides.",
            "nothing: the slowest GPU decides": "All are replaced here. What decides is the exchange.",
        },
        right="hardly anything, unless each gets more pictures",
    ),
]
