"""The questions of lessons 03.1 to 03.3, and, from a file beside this one, of 03.4 to 03.6."""

from course_lib.chapters.ch03_train_a_gan.questions_curves import OF_CURVES
from course_lib.learn.questions import Prediction, Question, Quiz

_LOOP: list[Question] = [
    Prediction(
        "03.1",
        "early",
        "After 400 steps the pictures are grey blurs. How sure is the judge which digit each one shows, on average?",
        ("below 0.5: it can only guess", "about 0.7: a blur is half a digit", "above 0.9: as sure as of real digits"),
        right="above 0.9: as sure as of real digits",
        answer="“A blur cannot be read, so the judge guesses” sounds right. But the judge knows digits only: it must "
        "call every picture some digit, and nothing has taught it to be unsure of what is no digit.",
    ),
    Prediction(
        "03.1",
        "longer",
        "Now 2,400 steps, six times as many; the pictures become better. What does the judge's mean confidence do?",
        ("it stays near 1.00", "it falls, but not below 0.9", "it falls below 0.9"),
        right="it falls below 0.9",
        answer="Better pictures need not mean a surer judge. Before, it saw one blur, and was sure; now it sees many "
        "shapes, some perhaps between two digits, and is less sure. The other columns show the progress.",
    ),
    Prediction(
        "03.1",
        "edits",
        "Three edits of the loop: A leaves out `detach`. B computes both losses first, and D steps between the two "
        "`backward()`. C calls both `backward()` first, then makes both steps. Which raises no error?",
        ("no detach", "D's step between the two", "both steps at the end"),
        right="both steps at the end",
        answer="A and B may look more harmless, but PyTorch stops them. C runs: its slopes are added up in "
        "silence, and D follows the sum of both turns.",
    ),
    Quiz(
        "03.1",
        "sees",
        "What does the generator see of the real pictures?",
        {
            "a batch of them in every step": "The batch goes to the discriminator. The generator's only input is z.",
            "their mean and their spread": "Those enter the Fréchet distance, which nobody trains with here.",
            "whether D was right, yes or no": "A yes or no has no slope: it could not say in which direction to "
            "change.",
            "nothing: it gets slopes from D": "Its loss reaches it through D alone: a slope for each drawn pixel.",
        },
        right="nothing: it gets slopes from D",
    ),
    Quiz(
        "03.1",
        "sure",
        "A generator's pictures: confidence 1.00, digits 1 of 10, Fréchet distance 211. What do you conclude?",
        {
            "it draws one digit perfectly": "The grey blurs of step 400 had just these numbers. A sure judge proves "
            "nothing.",
            "something is wrong: see the pictures": "Real digits have 10 of 10 and 0.6. What is wrong, these "
            "numbers do not say.",
            "the judge is broken": "It reads 987 of 1,000 held-out digits; pictures that are none it never "
            "learned to refuse.",
        },
        right="something is wrong: see the pictures",
    ),
    Quiz(
        "03.1",
        "clear",
        "The generator's turn leaves slopes in the discriminator. What keeps them out of its next step?",
        {
            "`d_optimiser.zero_grad()`": "It stands before the next `backward()` of D's turn, and clears what "
            "G's turn left.",
            "`fake.detach()`": "That guards the other way: it keeps D's turn out of the generator.",
            "`g_optimiser.zero_grad()`": "An optimiser clears the slopes of its own network only, here the "
            "generator's.",
        },
        right="`d_optimiser.zero_grad()`",
    ),
]
_ARTICLES: list[Question] = [
    Prediction(
        "03.2",
        "a1_sign",
        "A1's discriminator minimises its loss with the wrong sign. About how many of its answers are right, "
        "after training?",
        ("about 0 %", "about 50 %", "about 100 %"),
        right="about 0 %",
        answer="“It learns nothing, so it guesses: 50 %” sounds right. But it learns very well, to be wrong: the surer "
        "it calls real pictures drawn and drawn ones real, the lower this loss.",
    ),
    Prediction(
        "03.2",
        "a2_shared",
        "A2's two networks minimise one and the same loss. About how many of the discriminator's answers are right?",
        ("about 0 %", "about 50 %", "about 100 %"),
        right="about 100 %",
        answer="If you said 50 %, you thought of a contest that is even. There is none: what is good for D's loss is "
        "good for G's, so G helps D and draws what is easiest to tell from a digit.",
    ),
    Prediction(
        "03.2",
        "noise",
        "A1's code is run twice with the same seed, once on digits and once on pure noise. How do its pictures differ?",
        ("not at all, to the last pixel", "digits are blurred, noise stays noise", "both are noise, each another one"),
        right="not at all, to the last pixel",
        answer="Whoever expects a difference expects that the data are used. The name `real` is set in line 3 and "
        "read nowhere; the same random numbers then give the same pictures.",
    ),
    Prediction(
        "03.2",
        "race",
        "Weights in the generators: A1 0.1 million, A2 2 million, DCGAN 0.6 million (steps: 2,400, 900, 1,000). Which "
        "order has the Fréchet distance, best first?",
        ("A2, DCGAN, A1", "DCGAN, A2, A1", "DCGAN, A1, A2", "A1, A2, DCGAN"),
        right="DCGAN, A1, A2",
        answer="“More weights draw better pictures” would put A2 first. After 900 steps on small batches it draws few "
        "kinds of digit; A1 made 2,400 steps. So size alone does not decide. As steps and batches differ, this race is "
        "no fair test of size.",
    ),
    Quiz(
        "03.2",
        "right",
        "Someone's discriminator is right about 100 % of all pictures. What does that tell?",
        {
            "the generator has lost the contest": "It may have. It may as well help D, as with A2's shared loss.",
            "that both play against one another": "With A2's loss they do not, and D is right about all pictures.",
            "not enough: read the loss's formula": "A lost contest and no contest at all look alike in this number.",
        },
        right="not enough: read the loss's formula",
    ),
    Quiz(
        "03.2",
        "control",
        "Why did we train an honest loss beside the two wrong ones?",
        {
            "to have one nice row of pictures": "The row is not for show: the other two are compared with it.",
            "so that only the loss differs": "With the same networks, first weights and steps the loss alone "
            "makes the difference.",
            "to find the best step size": "All three have the same one; nothing was tuned.",
        },
        right="so that only the loss differs",
    ),
    Quiz(
        "03.2",
        "silent",
        "What do a wrong sign, a shared loss and unused data have in common?",
        {
            "they raise no error": "All lines are legal. Only what is drawn and measured gives them away.",
            "the losses become infinite": "In our runs none did: numbers stayed finite, each training ran to its end.",
            "more steps repair them": "More steps follow the same wrong slopes further.",
        },
        right="they raise no error",
    ),
]
_DCGAN: list[Question] = [
    Prediction(
        "03.3",
        "after_200",
        "At their end A1's GAN has a Fréchet distance of about 50, A2's of 98 or more. Where is the DCGAN after its "
        "first 200 steps, a few seconds?",
        ("above both: it has hardly begun", "between the two", "below both"),
        right="below both",
        answer="“200 steps are nothing” fits the other two, which had 2,400 and 900. The DCGAN is below both by "
        "then. Its layers look at neighbouring pixels from the first step on; whether that is why, this race does not "
        "show.",
    ),
    Prediction(
        "03.3",
        "g_loss",
        "From step 200 to step 1,000 the Fréchet distance falls to about half. What does the generator's loss do?",
        ("it falls to about half, too", "it stays about where it was", "it rises to about twice"),
        right="it stays about where it was",
        answer="Where one network is trained alone, a loss that hardly falls often means that little is learned. Here "
        "the loss compares two players: where both improve, it need not fall.",
    ),
    Prediction(
        "03.3",
        "neighbours",
        "One latent is drawn twice in train mode, beside eight others each time, and the others differ. Its picture …",
        ("is the same: z decides alone", "differs by rounding errors", "changes far more than by rounding"),
        right="changes far more than by rounding",
        answer="A generator with batch norm is a function of z in eval mode only. In train mode batch norm takes mean "
        "and spread of the batch, so some pixel changes by a twentieth of its range or more.",
    ),
    Prediction(
        "03.3",
        "average",
        "We train 20 steps more. Whose pictures of the same latents change more, and by how much?",
        ("the average's, a little", "the latest weights', a little", "the latest weights', twice or more"),
        right="the latest weights', twice or more",
        answer="In quality the two are close, so one expects little difference. But in each step the "
        "average moves only a hundredth of the way to the latest weights.",
    ),
    Quiz(
        "03.3",
        "conv",
        "What does a convolution know from the start that a fully connected layer has to learn?",
        {
            "what a digit looks like": "No weight of it is trained before; it knows nothing of digits.",
            "that neighbouring pixels belong together": "It looks at small patches, with the same weights at "
            "every place.",
            "how bright a picture should be": "Both have to learn that.",
        },
        right="that neighbouring pixels belong together",
    ),
    Quiz(
        "03.3",
        "eval",
        "You draw a hundred pictures with `torch.no_grad()` from a generator in train mode. What is wrong?",
        {
            "batch norm mixes the hundred": "no_grad() leaves the mode as it is: mean and spread are those of "
            "your batch.",
            "nothing: no_grad() means eval mode": "It only keeps no record for slopes; the mode is set by `eval()`.",
            "slopes pile up in the weights": "They would not: no_grad() is just what prevents slopes.",
        },
        right="batch norm mixes the hundred",
    ),
    Quiz(
        "03.3",
        "loss",
        "A colleague stops a GAN because its generator's loss has not fallen for 800 steps. What do you say?",
        {
            "right: nothing is learned any more": "That holds where one network is measured by a fixed "
            "yardstick. Here the yardstick moves.",
            "wait until it reaches 0": "A generator's loss near 0 would mean that D is fooled always, which is "
            "no aim either.",
            "measure the pictures, not the loss": "Our distance halved while this loss changed little.",
        },
        right="measure the pictures, not the loss",
    ),
]
QUESTIONS: list[Question] = [*_LOOP, *_ARTICLES, *_DCGAN, *OF_CURVES]
