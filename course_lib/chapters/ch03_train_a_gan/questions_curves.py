"""The questions of lessons 03.4 to 03.6."""

from course_lib.learn.questions import Prediction, Question, Quiz

_CURVES: list[Question] = [
    Prediction(
        "03.4",
        "healthy",
        "At the end of a healthy training, what does the discriminator say of real pictures, and of drawn ones, "
        "on average?",
        ("near 1, and near 0", "a little above ½, and a little below", "exactly ½ of both"),
        right="a little above ½, and a little below",
        answer="“Near 1 and near 0” is what a good classifier would say; a strong opponent prevents it. With exactly ½ "
        "of both D would not tell them apart: the pictures are very good, or D has learned too little.",
    ),
    Prediction(
        "03.4",
        "saturated",
        "D is sure of everything, so D of drawn pictures is near 0. Where does the generator's minimax loss, "
        "log(1 − D), lie then?",
        ("flat on 0", "high, near 10", "falling without end"),
        right="flat on 0",
        answer="A loss of 0 sounds like success. Here it is the worst: this loss is never above log(1 − 0) = 0. And "
        "there hardly any slope is left: the slope by the logit is −D (lesson 3.5).",
    ),
    Prediction(
        "03.4",
        "hasty",
        "A generator has a hundred times the discriminator's step size. After 200 steps, what does it draw?",
        ("good digits: it learns faster", "nearly the same for all latents", "all digits, but blurred"),
        right="nearly the same for all latents",
        answer="“Faster means better” leaves the other player out: the discriminator takes the drawn pictures for "
        "real. See what the variety says.",
    ),
    Prediction(
        "03.4",
        "too_slow",
        "Which of the two draws about as varied pictures as real digits?",
        (
            "the one with small steps, D's a hundredth of G's",
            "the one with large steps for both",
            "both",
            "neither",
        ),
        right="the one with large steps for both",
        answer="“Large steps are the trouble” is a fair guess: the clinic's diverged patient had steps of 0.1. But a "
        "tenth of the step size does not help a generator whose opponent's steps are tiny, too. An opponent with "
        "steps as large as its own does.",
    ),
    Quiz(
        "03.4",
        "above",
        "The generator's loss is 8 and rising, D is near 1 on real and near 0 on drawn pictures. Which trouble?",
        {
            "saturated": "Then the generator's loss would lie flat on 0. This one is high: it has a slope.",
            "diverged": "Diverged losses jump into the hundreds. Read the numbers on the axis.",
            "discriminator too strong": "D is sure of everything. The generator's loss has a slope, but the "
            "generator has not caught up.",
        },
        right="discriminator too strong",
    ),
    Quiz(
        "03.4",
        "meet",
        "D's two answers meet at ½ and stay there. What do you know?",
        {
            "the pictures are perfect": "They may be. A discriminator that learned too little says ½ as well.",
            "either good pictures or too weak a D": "The curve alone does not tell the two apart; the pictures do.",
            "the generator has collapsed": "A collapsed generator's pictures may be answered with anything.",
        },
        right="either good pictures or too weak a D",
    ),
    Quiz(
        "03.4",
        "swing",
        "Only four of five starts swing with the settings of the oscillating patient. What may you say?",
        {
            "these settings can swing": "That is what was seen. How often they do takes more starts than five.",
            "these settings always swing": "One start swung too little, so it is no law.",
            "the swinging ones were bugs": "Same code, same settings: only the random start differs.",
        },
        right="these settings can swing",
    ),
]
_GRADIENTS: list[Question] = [
    Prediction(
        "03.5",
        "deep",
        "Eight layers with sigmoids: how large is the slope at the first layer's output, beside that at the eighth's?",
        ("about a third", "about a hundredth", "about a millionth"),
        right="about a millionth",
        answer="A factor of at most ¼ a layer sounds mild, yet seven of them leave less than a ten-thousandth. And "
        "PyTorch's small first weights make it smaller in every layer.",
    ),
    Prediction(
        "03.5",
        "remedy",
        "D has become sure that the pictures are drawn. Which remedy gives the minimax loss its gradient back?",
        ("batch norm in the generator", "residual connections", "larger first weights", "none of the three"),
        right="none of the three",
        answer="All three mend the way from the last layer to the first. What is lost here is lost before the way "
        "begins: see the table.",
    ),
    Quiz(
        "03.5",
        "two",
        "A generator with two layers, a confident D: of the minimax loss's gradient hardly anything is left. Why?",
        {
            "its layers are too deep": "Depth costs on the way. But its last layer, where the way begins, "
            "gets hardly any slope either.",
            "its weights are too small": "Larger ones do not help: what they would pass on is nearly 0 already.",
            "its loss has no slope there": "By the logit it is −D, and D is nearly 0.",
        },
        right="its loss has no slope there",
    ),
    Quiz(
        "03.5",
        "he",
        "In a layer with as many outputs as inputs, He's weights have twice the mean square of Xavier's. Why?",
        {
            "ReLU drops half of the mean square": "What the activation takes away, the weights make up for.",
            "ReLU has a slope of 2": "Its slope is 1 above 0, and 0 below.",
            "because deep networks need larger steps": "First weights are no step size; they set what passes "
            "before any step.",
        },
        right="ReLU drops half of the mean square",
    ),
    Quiz(
        "03.5",
        "measure",
        "Which number separates a gradient lost on the way from one lost at the source?",
        {
            "the size of the first layer's slope": "It is small in both cases: either the way or the source may "
            "be why.",
            "first layer : last layer": "Both slopes have the same source, so it is not the source that makes this "
            "ratio tiny.",
            "the value of the loss": "A loss can lie anywhere and have a slope, or none.",
        },
        right="first layer : last layer",
    ),
]
_LONG: list[Question] = [
    Prediction(
        "03.6",
        "strong",
        "After 600 steps both generators are at 147, on average. At step 4,000 the one against the convolutional "
        "discriminator has …",
        ("a lower distance: a better teacher", "about the same distance", "at least three times the other's distance"),
        right="at least three times the other's distance",
        answer="A stronger opponent sounds like a better teacher. This one sees through everything, and the generator "
        "against it ends with one picture; at step 600 the distance did not show that.",
    ),
    Prediction(
        "03.6",
        "ahead",
        "At step 600 RMSprop is far ahead of the other four. Which has the lowest distance at step 4,000?",
        ("RMSprop at 0.01", "Adam at 0.001", "momentum at 0.03", "SGD at 0.1"),
        right="Adam at 0.001",
        answer="Whoever leads early should lead late, one thinks. RMSprop's distance rises again and is the highest at "
        "the end; that of Adam at 0.001, the highest at step 600, ends lowest.",
    ),
    Prediction(
        "03.6",
        "depth",
        "A1's generator gets three hidden layers instead of one, with PyTorch's first weights. After 4,000 steps its "
        "Fréchet distance is …",
        ("lower: more layers can do more", "about the same", "higher, at least twice"),
        right="higher, at least twice",
        answer="A deeper network can draw more, but it also has to learn it. With PyTorch's small first weights it "
        "ends, on four of five seeds, with nearly one picture. With He's it learns, and is still behind the single "
        "layer.",
    ),
    Quiz(
        "03.6",
        "early",
        "At step 600 network P has a lower distance than Q, on all seeds. May you call P better?",
        {
            "yes: all seeds agree": "They agree about step 600. Three layers were ahead there as well, and "
            "ended far behind.",
            "no: it is better at step 600": "Name the step. In this lesson leaders of step 600 were last at 4,000.",
            "no: a distance never tells": "At step 4,000 it told the two discriminators apart on every seed.",
        },
        right="no: it is better at step 600",
    ),
    Quiz(
        "03.6",
        "rate",
        "You compare RMSprop and Adam, both with a step size of 0.03. What is wrong?",
        {
            "0.03 is too large for both": "For Adam it was the best of those tried over 900 steps.",
            "a step size suits one optimiser": "Of those tried, RMSprop's best was 0.01, Adam's 0.03.",
            "nothing: it is fair that way": "Equal numbers are not equal chances: tune each, on seeds apart.",
        },
        right="a step size suits one optimiser",
    ),
    Quiz(
        "03.6",
        "seeds",
        "Step sizes were chosen on seeds 0 and 1, and compared on five others. Why not on the same?",
        {
            "to have more numbers to average": "More seeds help, but that is not why others are taken.",
            "because seeds 0 and 1 failed": "They did not: each optimiser's best was found on them.",
            "luck in choosing would count as skill": "The best of several tries is best partly by chance; new "
            "seeds show what stays.",
        },
        right="luck in choosing would count as skill",
    ),
]
OF_CURVES: list[Question] = [*_CURVES, *_GRADIENTS, *_LONG]
