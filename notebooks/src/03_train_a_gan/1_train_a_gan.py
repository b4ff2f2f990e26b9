# %% [markdown]
# # Train a GAN
#
# **The question of this notebook:** can I make a GAN work, and read its curves?
#
# A *generative adversarial network* is two networks in a contest. The *generator* draws pictures out of random numbers.
# The *discriminator* looks at pictures, real ones and drawn ones, and says which are real. Each learns from the other's
# mistakes. Three of the five introductory articles that this course answers (called A1 to A5, as in notebook 00) show a
# GAN. We shall run all three. A1's and A2's generators are made of fully connected layers, A5's of convolutions; so are the
# discriminators, but for A1's, which has convolutions: we give it fully connected layers first, and come back to its own. And we
# shall run three of their mistakes as they stand: A1's loss, A2's loss, and A1's code.
#
# After this notebook you
#
# - can write the training loop by heart, and say what each line is for,
# - have trained three GANs on real handwritten digits, and know which is better, and by how much,
# - can read the two curves that every GAN draws, name the trouble of five ill GANs from them, and know what they do *not* tell,
# - can say when a generator's gradient vanishes, and what helps against which cause,
# - know what optimiser and step size do to a GAN, measured,
# - recognise four mistakes that everybody makes once: no `detach`, both `backward()` before both steps, drawing in train mode,
#   real and fake pictures in one batch.
#
# You need notebook 00, and what [the mathematics page](../../docs/maths.md) refreshes: the mean, the logarithm, and the slope of
# a function. Words that are new are in the [glossary](../../docs/glossary.md).

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math
import tempfile
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.clinic import show_clinic
from course_lib.chapters.ch03_train_a_gan.diagnoses import DIAGNOSES, second_opinion
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.losses import Minimax, NonSaturating, Wasserstein
from course_lib.metrics import class_histogram, discriminator_accuracy, evaluate
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator, count_parameters
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler, checkpointed, resume

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("03.1", runtime)
check = syllabus.checks("03")
print(runtime.describe())
print(syllabus.time_of("03.1"))

# %% [markdown]
# ## The data, and a yardstick
#
# We train on 4,000 real digits and keep 1,000 apart. A picture is a *tensor*, a table of numbers: 1 channel of 28 × 28
# pixels, each between −1 (black) and 1 (white).

# %%
digits = load("digits", runtime)
held_out = load("digits", runtime, split="test")
show.samples(digits.images, 20, alt="Two rows of handwritten digits, 0 to 9, all different.")

# %% [markdown]
# How will we know whether a generator is any good? Looking is not enough: we would see what we hope to see. So we ask
# **the judge**, a digit classifier that never takes part in the contest. It reads 987 of the 1,000 held-out digits
# correctly (notebook 00 counted). Of a heap of pictures, here always 4,000 drawn ones, it reports
#
# - **confidence:** how sure it is of its reading, between 0.1 (it guesses) and 1, on average;
# - **surer than 0.9:** the share of pictures of which it is that sure;
# - **digits:** how many of the ten digits it finds, each at least once in a hundred pictures;
# - **class entropy:** 1 if all ten are equally frequent, 0 if there is only one kind;
# - **Fréchet distance:** how far the heap lies from the heap of training digits. The judge turns each picture into 128
#   numbers; the distance compares the means and the spreads of these. 0 would be the same heap, and lower is better.
#
# First the yardstick itself: what does the judge say of real digits that it has not seen before?

# %%
judge = zoo.load("judge", runtime)
of_real = evaluate(held_out.images, judge, digits.images)
print("real digits:", of_real)

# %% [markdown]
# That is what we should like to come near. (A generator that copied the training digits would get a distance of 0: the
# distance does not punish copying. Notebook 06 will.)
#
# ## Two networks
#
# We begin with A1's generator. It takes a *latent*: 128 random numbers, which we call $z$. One hidden layer of 128 units
# and one output layer turn $z$ into 784 pixels, the picture $G(z)$. A *linear* layer, `nn.Linear(128, 784)`, makes each of
# its 784 outputs (*units*) by multiplying its 128 inputs by weights and adding up; *ReLU* replaces negative numbers by 0. The
# sigmoid $\sigma(a) = 1/(1 + e^{-a})$ squeezes any number into the range from 0 to 1; the last line rescales that to −1 … 1.

# %%
class A1Generator(nn.Module):
    latent = 128

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())

    def forward(self, z):  # z: (N, 128) for N pictures at once
        pixels = self.net(z)  # (N, 784), between 0 and 1
        return 2 * pixels.view(-1, 1, 28, 28) - 1  # (N, 1, 28, 28), between −1 and 1


# %% [markdown]
# The discriminator goes the other way: 784 pixels in, one number out, its *logit*, written $d(x)$ for a picture $x$. The
# logit is high where it believes "real". (*LeakyReLU* multiplies negative numbers by 0.2 instead of dropping them.) Its
# probability of "real" is $D(x) = \sigma(d(x))$: a logit of 0 means ½.

# %%
class A1Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))

    def forward(self, x):  # x: (N, 1, 28, 28)
        return self.net(x)  # (N, 1): one logit a picture


# %% [markdown]
# (A1's own discriminator has convolutions. "When one player is too strong", further down, shows what comes of that.)
#
# ## The loop, in full
#
# Each step has two turns. In the **discriminator's turn** it should say "real" (1) to real pictures and "fake" (0) to
# drawn ones. With $E$ for the mean over a batch, the mistake to make small is
#
# $$L_D = -E[\log D(x)] - E[\log(1 - D(G(z)))].$$
#
# *In words: be sure that real pictures are real, and that drawn ones are not.* In the **generator's turn** the drawn
# pictures should be taken for real:
#
# $$L_G = -E[\log D(G(z))].$$
#
# *In words: make the discriminator sure that my pictures are real.* This form of $L_G$ is called *non-saturating*. The older
# one, *minimax*, is $E[\log(1 - D(G(z)))]$: *make it less sure that they are drawn.* We shall need both.
#
# Two numbers to compare with later: if the discriminator can only guess, $D = 1/2$ everywhere, then
# $L_D = 2 \log 2 \approx 1.39$ and $L_G = \log 2 \approx 0.69$.
#
# PyTorch has both under the name of *binary cross-entropy with logits*: give it the logits, and the labels 1 or 0.

# %%
def cross_entropy(logits, label):
    """Mean of −log(probability given to ``label``), which is 1 for "real" and 0 for "fake"."""
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


# %% [markdown]
# Three lines come in each turn. `zero_grad()` throws the old slopes away. `backward()` finds the slope of the loss for every
# weight (all slopes together are the *gradient*). `step()` lets an *optimiser* (Adam) move each weight a little downhill; `lr`
# says how little. An optimiser moves the weights of one network, and of that one alone: hence two.
#
# Here is the whole loop. (In `torch.randn(…, generator=…)` the word means PyTorch's source of random numbers.)

# %%
def train(generator, discriminator, data, steps, lr=5e-4, batch=64):
    g_optimiser = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.9))
    d_optimiser = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.9))
    batches = data.stream(batch, runtime)  # endless batches of real pictures, in random order
    for step in range(1, steps + 1):
        real, _ = next(batches)  # (batch, 1, 28, 28); the labels are not needed
        z = torch.randn(batch, generator.latent, generator=runtime.stream("latent", step)).to(runtime.device)
        fake = generator(z)
        # the discriminator's turn
        d_loss = cross_entropy(discriminator(real), 1.0) + cross_entropy(discriminator(fake.detach()), 0.0)
        d_optimiser.zero_grad()
        d_loss.backward()
        d_optimiser.step()
        # the generator's turn
        g_loss = cross_entropy(discriminator(fake), 1.0)
        g_optimiser.zero_grad()
        g_loss.backward()
        g_optimiser.step()


# %% [markdown]
# `fake.detach()` is the same pictures, cut off from the generator: the discriminator's turn must not touch it. The generator's
# turn leaves slopes in the discriminator, too; the next `d_optimiser.zero_grad()` clears them.
#
# Adam keeps two fading averages for each weight, and `betas` says how slowly they fade. $\beta_1 = 0.5$ (0.9 is usual) is for
# the slope itself: old slopes are forgotten after two steps or so. The DCGAN paper chose it because 0.9 made its trainings
# unstable; the usual reading is that the other player moves, so that old slopes mislead. We do not test it here.
# $\beta_2 = 0.9$ (0.999 is usual) is for the slope's square, that is its size, by which Adam divides: it is an average over about
# the last ten steps instead of the last thousand. Both are choices, not laws; the section on optimisers says more.
#
# **Predict:** after 400 steps, a few seconds, what will the pictures look like? And what will the judge say of them?
# (`runtime.pick` takes the number of steps for the profile; a `Sampler` draws pictures from a generator.)

# %%
with runtime.seeded("A1"):  # the first weights are random numbers too
    generator, discriminator = A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)
train(generator, discriminator, digits, runtime.pick(smoke=20, course=400))
a1_early = evaluate(Sampler(generator), judge, digits.images)
print(a1_early)
show.samples(Sampler(generator), 20, alt="Twenty nearly identical grey, speckled blurs in the middle of the picture.")

# %% [markdown]
# These are no digits, and yet the judge is surer of them, on average, than of real ones! It was trained on digits only, so it has
# to call each picture *some* digit, and it calls all of these the same. **Confidence alone proves nothing.** The number of
# digits, the class entropy and the Fréchet distance see what is wrong, so we never report one number without the others.

# %% tags=["nbval-check-output"]
claims.at_least("a judge can be surer than 0.9 of pictures that are no digits", a1_early.confidence, 0.9)
claims.at_most("… and it sees at most 2 kinds of digit in them", a1_early.classes, 2)
claims.at_least("… and their Fréchet distance is over 50 times that of real digits", a1_early.frechet / of_real.frechet, 50)

# %% [markdown]
# Now six times as long.

# %%
with runtime.seeded("A1"):
    generator, discriminator = A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)
train(generator, discriminator, digits, runtime.pick(smoke=20, course=2400))
a1 = evaluate(Sampler(generator), judge, digits.images)
print(a1)
show.samples(Sampler(generator), 40, alt="Forty pictures drawn by A1's GAN: speckled strokes, about a third of which can be read as digits.")

# %% [markdown]
# Speckled, but some can be read. The judge's confidence *fell* while the pictures got better; digits, class entropy and
# Fréchet distance tell the right story. And the generator never saw a real picture; all it got was slopes from the discriminator.
#
# ## Three ways to break the loop
#
# **1. Leaving out `detach`.** We take the discriminator's turn, without `detach`, and then look for slopes (*gradients*)
# that it left behind in the generator.

# %%
def left_behind(fake):
    """Size of the gradient that the discriminator's turn leaves in the generator."""
    generator.zero_grad()
    cross_entropy(discriminator(fake), 0.0).backward()
    return sum(p.grad.abs().sum().item() for p in generator.parameters() if p.grad is not None)


z = torch.randn(64, 128, generator=runtime.stream("detach")).to(runtime.device)
without, with_detach = left_behind(generator(z)), left_behind(generator(z).detach())
print("with detach:", with_detach, "· without: a gradient is there:", without > 0)

# %% tags=["nbval-check-output"]
claims.true("without detach, the discriminator's turn leaves a gradient in the generator", without > 0)
claims.true("with detach it leaves none", with_detach == 0)

# %% [markdown]
# That gradient points the wrong way: it makes the pictures *easier* to tell from real ones. Our loop would clear it in time,
# with `g_optimiser.zero_grad()`; a loop in another order would follow it. What stops our loop is a second effect: the
# discriminator's `backward()` has used up the record (*graph*) of how `fake` was made, so the generator's turn fails:

# %% tags=["nbval-check-output"]
fake = generator(z)
cross_entropy(discriminator(fake), 0.0).backward()  # no detach
try:
    cross_entropy(discriminator(fake), 1.0).backward()
except RuntimeError as error:
    print("RuntimeError:", str(error).split(".")[0])

# %% [markdown]
# **2. Both losses first.** It looks tidier. There are two ways to go on. If the discriminator's step comes *between* the two
# `backward()`, it changes weights *in place* which the generator's `backward()` still needs as they were, and PyTorch notices:

# %% tags=["nbval-check-output"]
d_optimiser = torch.optim.SGD(discriminator.parameters(), 1e-6)  # a tiny step is enough to see it
fake = generator(z)
d_loss = cross_entropy(discriminator(fake.detach()), 0.0)
g_loss = cross_entropy(discriminator(fake), 1.0)
d_loss.backward()
d_optimiser.step()
try:
    g_loss.backward()
except RuntimeError as error:
    print("RuntimeError:", str(error).split(":")[0])

# %% [markdown]
# If both `backward()` come first and both steps afterwards, nothing fails, and that is the trap. `backward()` *adds*
# slopes to those that are there. The generator's turn leaves its slopes in the discriminator, and now nobody clears
# them before the discriminator's step. How much does that change the direction in which the discriminator goes, and
# how much the size?

# %%
def slopes_of_d(*turns):
    """All slopes that the discriminator's step would follow, after ``backward()`` of the losses of these turns."""
    discriminator.zero_grad()
    fake, real = generator(z), digits.images[:64]
    losses = {"D": cross_entropy(discriminator(real), 1.0) + cross_entropy(discriminator(fake.detach()), 0.0),
              "G": cross_entropy(discriminator(fake), 1.0)}
    for turn in turns:
        losses[turn].backward()
    return torch.cat([p.grad.flatten() for p in discriminator.parameters()])  # (201217,)


right, of_g, tidy = slopes_of_d("D"), slopes_of_d("G"), slopes_of_d("D", "G")
print(f"size of D's gradient: in its own turn {right.norm():.3f}, after both backward() {tidy.norm():.3f}")
print(f"cosine between them (1: same direction): {torch.cosine_similarity(right, tidy, dim=0):.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("both backward() first: no error, and D's gradient is the sum of both turns' (difference, relative)",
               (tidy - right - of_g).norm() / tidy.norm(), 1e-3)
claims.at_least("… so it is off by at least a tenth of its size", of_g.norm() / right.norm(), 0.1)

# %% [markdown]
# The discriminator would follow the slopes of $L_D + L_G$: it is told that drawn pictures are drawn, and in the same
# step that they are real. In this one batch, after A1's 2,400 steps, that changes the size of its gradient more than
# fourfold and the direction hardly (the cosine is near 1; why, we did not look into); whether it harms a training is not
# shown here. It is
# another game, all the same. So keep the order of the loop above: each turn clears, computes and steps before the
# next one computes.

# %% [markdown]
# **3. Optimisers that hold both networks' weights**, as in A1's code. Then the generator's turn moves the
# discriminator as well, towards "drawn is real"; and where `detach` is missing, the discriminator's turn moves the
# generator, too. Nothing fails, no message warns. Below we run A1's code, which has this mistake among others.
#
# ## The same loop, engineered
#
# From now on `course_lib.training.Game` runs the loop. It is the loop above, made faster and safer: the discriminator does
# not compute slopes that nobody uses, it stops when a number is no longer a number, it can be interrupted and resumed. It
# also keeps a running average of the generator's weights, from which it draws (*EMA*, more on that below).
#
# Do not believe that it is the same loop. Measure it: the same first weights, the same 50 steps, once each way.

# %%
def players():
    with runtime.seeded("the same"):
        return A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)


ours, theirs = players(), players()
train(*ours, digits, 50)
for _ in Game(*theirs, lr=5e-4, batch=64).steps(digits, 50, runtime):
    pass
pairs = zip(nn.ModuleList(ours).parameters(), nn.ModuleList(theirs).parameters(), strict=True)
difference = max((a - b).abs().max().item() for a, b in pairs)
print(f"largest difference between two weights: {difference:.0e}")

# %% tags=["nbval-check-output"]
claims.at_most("after 50 steps the library's weights differ from our loop's by at most 0.001", difference, 1e-3)

# %% [markdown]
# The difference is not exactly 0, because the library adds up the same numbers in another order, and computers round.
#
# ## The articles' losses, run and measured
#
# `Game` takes the loss as an object with two functions of logits: `d` for the discriminator, `g` for the generator. That
# makes it easy to run a *wrong* loss. `logsigmoid` is $\log \sigma$, so `logsigmoid(d)` is $\log D$, and `logsigmoid(-d)` is
# $\log(1 - D)$.
#
# A1 prints the discriminator's loss as $+E[\log D(x)] + E[\log(1 - D(G(z)))]$, to be minimised. The sign is wrong. The
# generator's loss is printed as $-E[\log D(x)] + E[\log(1 - D(G(z)))]$; its first term does not depend on the generator.

# %%
class A1Loss:
    g_needs_real = False  # the generator's turn needs no real pictures

    def d(self, real_logits, fake_logits):
        return logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()

    def g(self, real_logits, fake_logits):  # the term that depends on G
        return logsigmoid(-fake_logits).mean()


# %% [markdown]
# A2's code gives *both* networks the discriminator's loss, to be minimised.

# %%
class A2Loss:
    g_needs_real = False

    def d(self, real_logits, fake_logits):
        return -logsigmoid(real_logits).mean() - logsigmoid(-fake_logits).mean()

    def g(self, real_logits, fake_logits):  # of the shared loss, the part that depends on G
        return -logsigmoid(-fake_logits).mean()


# %% [markdown]
# **Predict:** how often will the discriminator be right with A1's loss? How often with A2's? (Right means: a logit above 0 for a
# real picture, below 0 for a drawn one; guessing gives 50 %.) We train both, and as a control the honest loss: the same
# networks, the same first weights, the same number of steps. Only the loss differs. (`MLPGenerator(output="sigmoid")` and
# `MLPDiscriminator()` are the library's names for A1's two networks.)

# %%
def measured(loss):
    with runtime.seeded("A1"):
        game = Game(MLPGenerator(output="sigmoid"), MLPDiscriminator(), loss, lr=1e-3, batch=32)
    for _ in game.steps(digits, runtime.pick(smoke=20, course=1200), runtime):
        pass
    right = discriminator_accuracy(game.discriminator, held_out.images, game.sampler()(1000))
    return game, right, evaluate(game.sampler(), judge, digits.images)


runs = {"honest": measured(None), "A1's": measured(A1Loss()), "A2's": measured(A2Loss())}
for name, (_, right, report) in runs.items():
    print(f"{name:7} discriminator right: {right:4.0%} · {report}")

# %%
show.compare({name: game.sampler() for name, (game, _, _) in runs.items()},
             alt="Three rows: rough digits from the honest loss; white squares with specks from A1's; grey noise from A2's.")

# %% [markdown]
# With the honest loss the discriminator is ahead, by how much is a matter of chance (where the run stops, among other things),
# but the generator works against it, and draws something like digits: a contest. With A1's sign, the discriminator
# learns to be *wrong*. With A2's shared loss it is always right, because the generator helps it: it draws what is easiest to
# tell from a digit. The two *co-operate*, so there is no game. That D is right need not tell this from a contest; pictures do.

# %% tags=["nbval-check-output"]
honest, a1_loss, a2_loss = (report for _, _, report in runs.values())
claims.at_most("with A1's sign the discriminator is right about at most 1 picture in 100", runs["A1's"][1], 0.01)
claims.at_least("with A2's shared loss the discriminator is right about at least 99 in 100", runs["A2's"][1], 0.99)
claims.at_least("A1's loss: Fréchet distance at least 3 times the honest loss's", a1_loss.frechet / honest.frechet, 3)
claims.at_least("A2's loss: Fréchet distance at least 3 times the honest loss's", a2_loss.frechet / honest.frechet, 3)

# %% [markdown]
# ### A1's code
#
# A1's code has four more mistakes. (It is a chain of wrong lines, not of wrong layers, so our fully connected discriminator may stand
# in for its own.) Its discriminator is never shown a real picture, only a fake one with a layer of noise.
# The labels of the two losses are swapped. A probability goes into a loss that expects a logit. And both optimisers move
# *all* weights. Here it is, line for line but for the layers:

# %%
def a1_code(images, steps):
    with runtime.seeded("A1's code"):
        generator, discriminator = MLPGenerator(output="sigmoid"), MLPDiscriminator(channels=2)
        everything = [*generator.parameters(), *discriminator.parameters()]
        optimisers = torch.optim.Adam(everything, 2e-4), torch.optim.Adam(everything, 2e-4)
        for step in range(steps):
            real = images[64 * (step % 62) :][:64]
            for optimiser, label in zip(optimisers, (1.0, 0.0), strict=True):  # discriminator, then generator
                fake = generator(torch.randn(64, 128))
                answer = discriminator(torch.cat([fake, torch.randn_like(fake)], 1)).sigmoid()
                optimiser.zero_grad()
                cross_entropy(answer, label).backward()
                optimiser.step()
    return Sampler(generator)(16)


# %% [markdown]
# **Predict:** what does it draw if, instead of digits, we hand it pure noise? (Follow the name `real` through the code.)

# %%
steps = runtime.pick(smoke=20, course=200)
noise = torch.rand(4000, 1, 28, 28, generator=runtime.stream("noise")) * 2 - 1
from_digits, from_noise = a1_code(digits.images, steps), a1_code(noise, steps)
show.compare({"given digits": from_digits, "given noise": from_noise},
             alt="Two rows of grey noise, identical to one another.")

# %% [markdown]
# The same, to the last pixel: `real` is fetched and never used, so what it learns has nothing to do with the data.

# %% tags=["nbval-check-output"]
claims.true("A1's code draws the same pictures whether it is given digits or noise", torch.equal(from_digits, from_noise))

# %% [markdown]
# ## A2's GAN: wider, with dropout
#
# A2's generator has two hidden layers of 1,024 units and ends in tanh, which squeezes into −1 … 1. Its discriminator has
# *dropout*: in training, each hidden unit is switched off with probability 0.3, at random, so that the layer after it
# cannot rely on a single unit. With the honest loss it begins to draw digits. `show.live` shows samples (left), both
# losses (middle) and what the discriminator answers (right) while it trains.

# %%
with runtime.seeded("A2"):
    a2_game = Game(MLPGenerator(100, (1024, 1024)), MLPDiscriminator((1024, 512), dropout=0.3), lr=1e-3, batch=32)
a2_history = show.live(a2_game.steps(digits, runtime.pick(smoke=20, course=900), runtime))

# %%
a2 = evaluate(a2_game.sampler(), judge, digits.images)
print(f"{count_parameters(a2_game.generator):,} weights ·", a2)

# %% [markdown]
# ## A5's GAN: convolutions
#
# Fully connected layers do not know that neighbouring pixels belong together: they have to learn it from 4,000 digits. A
# *convolution* looks at small patches, and uses the same weights everywhere. The **DCGAN** (Radford, Metz and
# Chintala 2016) is made of them. A5 names it, but leaves all its layers out; these are ours, for small pictures.
#
# The generator makes 128 small maps of 7 × 7 out of 64 latent numbers. Each *transposed convolution* doubles the side and
# halves the number of maps; its numbers 4, 2, 1 mean patches of 4 × 4, moved 2 pixels at a time, with a margin of 1. A last
# convolution makes one picture of the 32 maps. *Batch norm* keeps the numbers in a range where learning is easy (and would undo
# a bias, hence `bias=False`). The discriminator goes the same way back, from 28 × 28 over 14 × 14 to 7 × 7, and ends in one logit.

# %%
dc_generator = nn.Sequential(
    nn.Linear(64, 128 * 7 * 7, bias=False), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
    nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),  # 14 × 14
    nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),  # 28 × 28
    nn.Conv2d(32, 1, 3, 1, 1), nn.Tanh(),
)
dc_discriminator = nn.Sequential(
    nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2),  # 14 × 14
    nn.Conv2d(32, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),  # 7 × 7
    nn.Flatten(), nn.Linear(64 * 7 * 7, 1),
)

# %% [markdown]
# The library has the same two, as `DCGenerator` and `DCDiscriminator`. Again: measure it. With the same weights they must
# give the same pictures, and the same logits.

# %%
def with_weights_of(network, other):
    for mine, yours in zip(network.parameters(), other.parameters(), strict=True):
        mine.data.copy_(yours.data)
    return network.eval()


library_g, library_d = DCGenerator().eval(), DCDiscriminator().eval()
z = torch.randn(8, 64, generator=runtime.stream("same"))
pictures = library_g(z)
g_gap = (with_weights_of(dc_generator, library_g)(z) - pictures).abs().max()
d_gap = (with_weights_of(dc_discriminator, library_d)(pictures) - library_d(pictures)).abs().max()

# %% tags=["nbval-check-output"]
claims.at_most("our DCGAN and the library's differ by at most 0.0001 in pictures and logits", max(g_gap, d_gap), 1e-4)

# %% [markdown]
# Now the main run. We stop once, early on, to measure.

# %%
with runtime.seeded("DCGAN"):
    game = Game(DCGenerator(), DCDiscriminator(), lr=1e-3, batch=32)
early_history = show.History()
for record in game.steps(digits, runtime.pick(smoke=10, course=200), runtime):
    early_history.add(record)
dc_early = evaluate(game.sampler(), judge, digits.images)
print(dc_early)
show.samples(game.sampler(), 20, alt="Twenty rough digits: thick, ragged strokes, about half of them readable.")

# %% [markdown]
# Rough, but how good is that already, beside A1 and A2?

# %% tags=["nbval-check-output"]
claims.true("after 200 steps the DCGAN's Fréchet distance is already below A1's and A2's at their end",
            dc_early.frechet < min(a1.frechet, a2.frechet))

# %% [markdown]
# In JupyterLab, watch the strokes become cleaner.

# %%
history = show.live(game.steps(digits, runtime.pick(smoke=10, course=800), runtime))

# %%
dc = evaluate(game.sampler(), judge, digits.images)
print(dc)
show.samples(game.sampler(), 60, alt="Sixty digits drawn by the DCGAN in clean strokes: most can be read, some are malformed.")

# %% [markdown]
# The judge is surer than 0.9 of about six in ten. Below, real digits stand above those of our three GANs.

# %%
show.compare({"real": held_out.images, "A1": Sampler(generator), "A2": a2_game.sampler(), "A5 (DCGAN)": game.sampler()},
             alt="Four rows: real digits, speckled shapes from A1, grey blurs and some digits from A2, clean strokes from A5.")

# %%
rows = {"real": of_real, "A1": a1, "A2": a2, "A5": dc}
for name, report in rows.items():
    print(f"{name:5}", report)

# %% tags=["nbval-check-output"]
claims.at_least("the judge's mean confidence in the DCGAN's pictures is at least 0.80", dc.confidence, 0.80)
claims.at_least("the DCGAN draws all ten digits", dc.classes, 10)
claims.at_least("… about equally often: class entropy at least 0.93", dc.entropy, 0.93)
claims.at_most("the DCGAN's Fréchet distance is at most 20", dc.frechet, 20)
claims.at_least("A1's Fréchet distance is at least twice the DCGAN's", a1.frechet / dc.frechet, 2)
claims.at_least("A2's Fréchet distance is at least twice the DCGAN's", a2.frechet / dc.frechet, 2)

# %% [markdown]
# By every number the DCGAN comes first, or as good as first. This is no fair race, least of all between A1 and A2: A1
# saw 2,400 batches of 64 pictures, A2 only 900 of 32, because a step of A2, whose two networks have 10 times as many
# weights, takes longer. (The DCGAN saw 1,000 of 32.) A1 took steps half as large, and draws from its latest weights;
# the other two draw from a running average.
#
# Which digits are drawn too often, and which too rarely? The dotted line is what the training digits have.

# %%
counts = {name: class_histogram(sampler, judge).tolist() for name, sampler in
          {"A2": a2_game.sampler(), "DCGAN": game.sampler()}.items()}
show.bars(counts, digits.names, "of 4,000 pictures", x="digit", level=(400, "training digits"),
          alt="How often each digit is drawn: the DCGAN draws all, the rarest a few times less often than the commonest; A2 "
              "very unevenly.")

# %% [markdown]
# A2 prefers one digit or a few, and nearly leaves others out. The DCGAN draws all ten, though not equally often. (As the judge reads
# them: it has to call a blur some digit, too, so a tall bar of A2's may be made of blurs.)

# %% [markdown]
# ## Reading the curves
#
# Look again at the curves of the DCGAN above: in the middle both losses, on the right the mean of $D$ on real and on drawn
# pictures, each smoothed a little. (They begin at step 200, because the first 200 were run before.) **Predict:** the pictures
# became much better from step 200 to the end. Did the generator's loss fall?

# %%
early, late = early_history.last(), history.last()  # means over the last 100 steps
print(f"generator's loss       early {early['g_loss']:.2f}, at the end {late['g_loss']:.2f}")
print(f"Fréchet distance       early {dc_early.frechet:.0f}, at the end {dc.frechet:.0f}")
print(f"mean D on real / fake  early {early['d_real']:.2f} / {early['d_fake']:.2f}, "
      f"at the end {late['d_real']:.2f} / {late['d_fake']:.2f}")

# %% [markdown]
# A little, far less than the pictures improved: the swings in the figure look large because its axis is short. A
# GAN's loss measures one player *against the other*, as of now: when both improve, neither loss needs to fall. A4
# misses that when it says that the generator's loss measures the difference between generated and real data. And the
# discriminator's loss stays a little below the 1.39 of pure guessing. What the curves of a training under way look
# like when it is healthy: both losses wander without running away, and D's two answers stay on either side of ½. If
# they meet there, either the pictures are perfect or the discriminator is no better than a coin (notebook 01). If D
# on real is near 1 and D on fake near 0 for hundreds of steps, the discriminator is far ahead; with the
# non-saturating loss that need not stop the generator, but look at its pictures.

# %% tags=["nbval-check-output"]
claims.at_most("from step 200 to the end the Fréchet distance fell by at least a third", dc.frechet / dc_early.frechet, 2 / 3)
claims.at_least("… and the generator's loss did not", late["g_loss"] / early["g_loss"], 2 / 3)

# %% [markdown]
# ### When one player is too strong
#
# Here is A1's tiny generator against a *convolutional* discriminator, as A1 has it (ours is smaller: 16 and 32 maps, 4 × 4
# patches). The first 300 steps, live:

# %%
def lead(its_history):
    return its_history.last()["d_real"] - its_history.last()["d_fake"]


def variety(game):
    return game.sampler()(500).std(dim=0).mean().item()


with runtime.seeded("duel"):
    strong = Game(MLPGenerator(output="sigmoid"), DCDiscriminator(width=16, norm=None), lr=1e-3, batch=32)
strong_history = show.live(strong.steps(digits, runtime.pick(smoke=10, course=300), runtime))
print(f"lead {lead(strong_history):.2f}, variety {variety(strong):.2f}")

# %% [markdown]
# Two numbers say what the curves and the pictures show. The *lead* is the mean of $D$ on real minus on drawn pictures: 0 if the
# discriminator guesses, 1 if it is always right and sure. The *variety* is how much a pixel changes from picture to picture (its
# standard deviation, averaged over the 784 pixels). More variety than real digits have is no merit.
#
# That the discriminator is ahead now proves nothing yet: after so few steps every generator is bad. So the duel was recorded for 4,000
# steps, on five seeds (`course record long-runs`). As a control, the same generator, with the same first weights, steps and step
# size, met the fully connected discriminator. **Predict:** does the first generator catch up, as the control's does?

# %%
long_runs = recorded("long-runs")["runs"]
stops = next(iter(long_runs["A1's own"].values()))["step"]


def at_stop(row, number, stop=-1):
    """{seed: what was measured in that row at its stop} (-1: the last)"""
    return {s: found[number][stop] for s, found in long_runs[row].items()}


def show_rows(*rows):
    for row in rows:
        for i, step in enumerate(stops):
            seen = {number: at_stop(row, number, i).values() for number in ("lead", "variety", "digits", "frechet")}
            print(f"{row:15} step {step:5,}", *(f"· {name} {min(v):.3g} to {max(v):.3g}" for name, v in seen.items()))


def lines_of(*rows):
    means = {row: [sum(at_stop(row, "frechet", i).values()) / len(long_runs[row]) for i in range(len(stops))] for row in rows}
    return {row: (stops, values) for row, values in means.items()}


show_rows("convolutional D", "A1's own")
show.lines(lines_of("convolutional D", "A1's own"), "step", "Fréchet distance, mean of five seeds",
           alt="At step 600 both lines are near 147. Against the fully connected discriminator the line falls to about 44 at "
               "step 4,000; against the convolutional one it stays between 130 and 160.")

# %% [markdown]
# ("A1's own" stands for its generator against our fully connected discriminator.) At step 600 the Fréchet distance
# cannot tell the two apart; on some seeds the loser is even ahead. A verdict by this distance would have been
# worthless there, though lead and variety differ already. At step 4,000 all agree. The control's generator draws the
# ten digits. The other one, seen through all the time, ends with a single picture for all latents. Strength is not a
# matter of size alone: this convolutional discriminator has a twentieth of the other's weights. Nothing held it back
# here, neither a penalty nor a smaller step size than the generator's; what does is a subject of notebook 02.

# %% tags=["nbval-check-output"]
def beside(row, number, other="A1's own"):
    return {s: at_stop(row, number)[s] / at_stop(other, number)[s] for s in at_stop(row, number)}


weak, own = "convolutional D", "A1's own"
claims.over_seeds("after 4,000 steps the convolutional discriminator leads by at least 0.95", at_stop(weak, "lead"), 0.95, at_least=5)
claims.over_seeds("… the fully connected one by at most 0.6", at_stop(own, "lead"), 0.6, "<=", at_least=5)
claims.over_seeds("against the fully connected one at least 9 digits are drawn", at_stop(own, "digits"), 9, at_least=5)
claims.over_seeds("… against the convolutional one at most 2", at_stop(weak, "digits"), 2, "<=", at_least=5)
claims.over_seeds("… its Fréchet distance is at least three times the control's", beside(weak, "frechet"), 3, at_least=5)
claims.over_seeds("… and its pictures vary at most a tenth as much", beside(weak, "variety"), 0.1, "<=", at_least=5)

# %% [markdown]
# ### The clinic
#
# Six trainings were recorded beforehand. One is healthy. One training can show more than one sign: each is named by the
# first of these rules that fits, in this order:
#
# - **diverged:** the steps are far too large, and the losses jump into the hundreds;
# - **saturated:** it is sure of everything, and the generator's loss (here the minimax loss) lies flat on 0, the worst that it
#   can be, so that no slope is left to follow;
# - **discriminator too strong:** it is sure of everything, and the generator's loss stays high;
# - **oscillating:** the two chase each other, round and round (whether or not the pictures of a row are alike);
# - **collapsed:** every latent becomes the same picture, though the discriminator is not ahead;
# - **healthy:** both players learn, and neither runs away.
#
# All six have the same small DCGAN generator and take 400 steps on batches of 32. Each patient shows 16 drawn
# pictures at three moments (left), both losses (right, above), and $D$ on real and drawn pictures (below). **Choose a
# patient, look, and decide.** You will read why it is so, or what speaks against it. (Ill GANs of all kinds draw bad
# pictures, so look at the curves first, and read the numbers on the axes!)

# %%
clinic = recorded("clinic")
show_clinic(clinic["runs"], DIAGNOSES, second_opinion)

# %% [markdown]
# Exercise 4 below asks for all six. Who decided what each patient has? Rules did, on numbers that were measured in each run, and the
# first rule that fits is the diagnosis. (Means are over the last third of the run; *lead* and *variety* are those from above.)

# %%
for diagnosis, rule in clinic["settings"]["rules"].items():
    print(f"{diagnosis:25} {rule}")

# %% [markdown]
# Is a trouble a matter of the settings, or of bad luck with the first weights? Each patient was trained from five
# different starts, of which the first is the run that you have seen. On how many of the five do the rules find the
# trouble?

# %%
patients = list(clinic["runs"].values())
again = {p["patient"]: [found["diagnosis"] == p["patient"] for found in p["measured"].values()] for p in patients}
for name, found in sorted(again.items()):
    print(f"{name:25} {sum(found)} of {len(found)}")

# %% [markdown]
# Five of them are what their settings made them, on every seed. The oscillating one is a matter of chance, too: with
# its settings (old slopes that keep pushing, no batch norm) four of the five runs swing, one of them with a
# discriminator so far ahead that an earlier rule names it, and the fifth swings too little. So it is shown as what it
# is: one run that oscillates, and no law.

# %% tags=["nbval-check-output"]
seeds = list(patients[0]["measured"])
claims.over_seeds("healthy, too strong, saturated, collapsed, diverged: all five are found again from another start",
                  {s: sum(found[i] for name, found in again.items() if name != "oscillating")
                   for i, s in enumerate(seeds)}, 5, at_least=5)

# %% [markdown]
# Here is one of them, live: the generator's step size is a hundred times the discriminator's, and ten times the
# healthy one's. The discriminator is too slow to punish what the generator repeats, or the generator's steps are too
# large: this run does not tell which.

# %%
with runtime.seeded("clinic"):
    hasty = Game(DCGenerator(width=16), DCDiscriminator(width=16), lr=1e-2, lr_d=1e-4)
hasty_history = show.live(hasty.steps(digits, runtime.pick(smoke=10, course=200), runtime), n=18)
print(f"variety {variety(hasty):.2f}, D on real minus D on fake {lead(hasty_history):.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("with a hundred times the step size a generator draws hardly any variety", variety(hasty), 0.2)
claims.at_most("… while the discriminator is not ahead of it", lead(hasty_history), 0.1)

# %% [markdown]
# ## Does the gradient vanish, and why?
#
# A4 warns that a deep generator's gradient *vanishes*, and names three remedies: another activation, batch norm, residual
# connections. But two different things can make a gradient small, and we shall keep them apart:
#
# 1. **on the way:** the slope travels from the last layer to the first, and each layer multiplies it by something. If that is
#    small, the first layers get almost nothing. We see it in the ratio *first layer : last layer*;
# 2. **at the source:** the loss itself may have no slope. With $a$ for a picture's logit, the minimax loss $\log(1 - D(G(z)))$ is
#    $-\operatorname{softplus}(a)$, and the slope of softplus is $\sigma(a) = D$. So the slope for one picture's logit is $-D$, nearly 0 when D rejects the picture; that of the non-saturating loss is $-(1 - D)$, nearly −1 then; and that
#    of the *Wasserstein* loss, which is minus the mean logit, is always −1.
#
# The worst case first: eight hidden layers with a sigmoid after each, whose slope is at most ¼. The remedies are switches:
# `norm` adds batch norm to each layer, and a *residual* connection adds each layer's input to its output. A fourth remedy is not
# in A4: other *first weights*. PyTorch draws those of a linear layer so small that what passes is multiplied by $1/\sqrt3$, on
# average, before the activation; ReLU, which drops half of it, makes that $1/\sqrt6$. `weights` draws them larger: Xavier's keep the
# size through a linear layer (and nearly so through tanh), He's through a layer with a ReLU.

# %%
class DeepGenerator(nn.Module):
    latent = 128

    def __init__(self, activation=nn.Sigmoid, norm=False, residual=False, depth=8, weights=None):
        super().__init__()
        self.residual = residual
        self.hidden = nn.ModuleList(
            nn.Sequential(nn.Linear(128, 128), *([nn.BatchNorm1d(128)] if norm else []), activation()) for _ in range(depth))
        for layer in self.hidden if weights else ():
            weights(layer[0].weight)
            nn.init.zeros_(layer[0].bias)
        self.last = nn.Sequential(nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, z):
        for layer in self.hidden:
            z = z + layer(z) if self.residual else layer(z)  # (N, 128)
        return self.last(z)  # (N, 1, 28, 28)


# %% [markdown]
# Its opponent becomes confident in 60 steps against a generator that does not learn:

# %%
def players_of(steps=60, **remedy):
    """A fresh deep generator, and a discriminator that has had ``steps`` turns against it."""
    with runtime.seeded("vanishing"):
        generator, discriminator = DeepGenerator(**remedy).to(runtime.device), MLPDiscriminator().to(runtime.device)
    optimiser, batches = torch.optim.Adam(discriminator.parameters(), 1e-3), digits.stream(64, runtime)
    for step in range(steps):
        z = torch.randn(64, 128, generator=runtime.stream("vanishing", step)).to(runtime.device)
        real, fake = next(batches)[0], generator(z).detach()
        loss = NonSaturating().d(discriminator(real), discriminator(fake))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return generator, discriminator


# %% [markdown]
# And this measures the size (*norm*) of the gradient that each hidden layer's weights receive. No generator is trained here.

# %%
def gradients(generator, discriminator, loss):
    """One gradient norm a hidden layer, first to last."""
    z = torch.randn(256, 128, generator=runtime.stream("vanishing")).to(runtime.device)
    logits = discriminator(generator(z))  # (256, 1)
    generator.zero_grad()
    loss.g(logits, logits).backward()  # the first argument, for real logits, is not used
    return [layer[0].weight.grad.norm().item() for layer in generator.hidden]


# %% [markdown]
# **Predict:** which of the remedies will help, and will it help the minimax loss?

# %%
def he(weight):
    nn.init.kaiming_normal_(weight, nonlinearity="relu")


def xavier_times_4(weight):
    nn.init.xavier_normal_(weight, gain=4)


xavier = nn.init.xavier_normal_
REMEDIES = {"none (sigmoid)": {}, "tanh": {"activation": nn.Tanh}, "ReLU": {"activation": nn.ReLU},
            "batch norm": {"norm": True}, "residual": {"residual": True}, "only 2 layers": {"depth": 2}}
WEIGHTS = {"sigmoid, Xavier": {"weights": xavier}, "sigmoid, 4 × Xavier": {"weights": xavier_times_4},
           "tanh, Xavier": {"activation": nn.Tanh, "weights": xavier}, "ReLU, He": {"activation": nn.ReLU, "weights": he}}
minimax, other = {}, {}
for name, remedy in {**REMEDIES, **WEIGHTS}.items():
    pair = players_of(**remedy)
    minimax[name], other[name] = gradients(*pair, Minimax()), gradients(*pair, NonSaturating())
    print(f"{name:19} first : last {other[name][0] / other[name][-1]:8.1e} · "
          f"last layer: non-saturating {other[name][-1]:7.1e}, minimax {minimax[name][-1]:7.1e}")

# %%
shown = ("none (sigmoid)", "tanh", "tanh, Xavier", "ReLU", "ReLU, He", "batch norm")
show.lines({name: (range(1, 9), other[name]) for name in shown}, "hidden layer", "gradient's norm",
           log_y=True, alt="Gradient norm by layer, non-saturating loss, logarithmic. With sigmoids it falls steeply from the last "
                           "layer to the first; less with tanh or ReLU; with Xavier's or He's first weights, or batch norm, hardly.")

# %% [markdown]
# **On the way** A4 is half right. With sigmoids the gradient shrinks from layer to layer, so depth makes it vanish,
# and Xavier's weights, which are not made for a slope of at most ¼, help some thirtyfold, which still leaves a few
# millionths. Four times larger ones (in the print above, not in the figure) help a thousandfold more, and leave the first
# layer less than a hundredth.
# Each of A4's remedies helps. What is left with tanh and ReLU comes of depth *and* small first weights together, and
# mending either cures it. With weights made for the activation, eight layers of tanh lose next to nothing, and eight
# of ReLU only at layer 1. Each line's generator differs from the first, or from its own activation's, in one thing;
# each has a discriminator of its own. (We measure the mean over 256 pictures. Their slopes differ, above all at layer
# 1, where each has a $z$ of its own, and partly cancel out: hence the extra drop there.)

# %% tags=["nbval-check-output"]
def first_to_last(name):
    return other[name][0] / other[name][-1]


worst = first_to_last("none (sigmoid)")
claims.at_most("through 8 sigmoid layers the first layer's gradient is at most 1/1000 of the last one's", worst, 1e-3)
claims.at_most("… and Xavier's first weights do not change that", first_to_last("sigmoid, Xavier"), 1e-3)
claims.at_least("four times as large they make the ratio at least 100 times larger",
                first_to_last("sigmoid, 4 × Xavier") / first_to_last("sigmoid, Xavier"), 100)
claims.at_least("through 2 sigmoid layers that ratio is at least 100 times larger", first_to_last("only 2 layers") / worst, 100)
claims.at_least("each remedy (tanh, ReLU, batch norm, residual) alone makes the ratio at least 100 times larger",
                min(first_to_last(name) for name in ("tanh", "ReLU", "batch norm", "residual")) / worst, 100)
claims.at_least("Xavier's weights make that of 8 tanh layers, and He's that of 8 ReLU layers, at least 10 times larger still",
                min(first_to_last("tanh, Xavier") / first_to_last("tanh"), first_to_last("ReLU, He") / first_to_last("ReLU")), 10)
claims.at_least("with Xavier's weights the first of 8 tanh layers gets at least a third of the last one's gradient",
                first_to_last("tanh, Xavier"), 1 / 3)

# %% [markdown]
# **At the source** none of them cures. Compare the last two columns above: with a confident discriminator, the
# minimax loss leaves at most about a hundredth of the gradient, whatever the network; how little depends on how sure
# each line's discriminator happens to be. A generator of two layers suffers, too. How does that come about? We take
# one network, the one with batch norm, and let the discriminator grow more and more confident.

# %%
LOSSES = {"minimax": Minimax(), "non-saturating": NonSaturating(), "Wasserstein": Wasserstein()}
turns = (0, 2, 5, 10, 20, 40, 60)
by_turns = {name: [] for name in LOSSES}
for n in turns:
    pair = players_of(n, norm=True)
    for name, loss in LOSSES.items():
        by_turns[name].append(sum(g**2 for g in gradients(*pair, loss)) ** 0.5)  # the norm over all hidden layers
show.lines({name: (turns, found) for name, found in by_turns.items()}, "turns that the discriminator has had",
           "gradient's norm", log_y=True,
           alt="While the discriminator learns, the minimax loss's gradient falls by orders of magnitude; that of the "
               "non-saturating and of the Wasserstein loss does not.")

# %% [markdown]
# ("Wasserstein" is only the loss here, minus the mean logit, put to the same discriminator; a Wasserstein GAN trains
# its critic in its own way, notebook 02.) At the start $D$ is about ½, and minimax and non-saturating loss give about
# the same gradient. The more the discriminator is sure, the more the first one's vanishes; the others' does not. That
# is one reason why GANs are trained with other losses (the others have further ones, notebook 02), and why A4's
# remedies, and better first weights, good for deep networks of all kinds, do not cure what is special about a GAN. (On the way, these two losses differ little: see the
# last claim.)

# %% tags=["nbval-check-output"]
left = {name: minimax[name][-1] / other[name][-1] for name in other}
fresh, sure = (by_turns["minimax"][i] / by_turns["non-saturating"][i] for i in (0, -1))
claims.at_most("a confident D: whatever the network, minimax leaves at most 1/20 of the non-saturating gradient",
               max(left.values()), 0.05)
claims.close("before D has learned, the two losses' gradients are about equal: their ratio is 1", fresh, 1, 0.3)
claims.at_most("… and 60 turns later it is at most 1/50", sure, 0.02)
by_minimax = {name: minimax[name][0] / minimax[name][-1] for name in REMEDIES}
claims.at_most("the loss does not change the way: with A4's remedies first : last is the same with both, to a factor of 4",
               max(abs(math.log(by_minimax[name] / first_to_last(name))) for name in REMEDIES), math.log(4))

# %% [markdown]
# ## Batch norm: two traps
#
# In training, batch norm subtracts the mean of the *batch*, and divides by its spread. So what one picture becomes depends
# on its neighbours! For drawing, `eval()` switches to averages that were collected in training.
#
# **Trap 1: drawing in train mode.** We draw one and the same latent twice, with different neighbours.

# %%
z = torch.randn(17, 64, generator=runtime.stream("neighbours")).to(runtime.device)
one, some, others = z[:1], z[1:9], z[9:]


def moved_by_neighbours(network):
    with torch.no_grad():
        return (network(torch.cat([one, some]))[0] - network(torch.cat([one, others]))[0]).abs().max().item()


twin = DCGenerator().to(runtime.device)
twin.load_state_dict(game.generator.state_dict())
in_train, in_eval = moved_by_neighbours(twin.train()), moved_by_neighbours(twin.eval())
print(f"largest change of a pixel (the range is 2): train mode {in_train:.2f}, eval mode {in_eval:.6f}")

# %% [markdown]
# And with a single picture? Where a layer has one number a channel, as in the judge's last layers, there is no spread at all, and
# PyTorch refuses. Where it has a map of numbers, as everywhere in the DCGAN, the spread is taken over the places of this one
# picture, and nothing is said:

# %% tags=["nbval-check-output"]
student = zoo.load("judge", runtime).train()
try:
    student(held_out.images[:1])
except ValueError as error:
    print("the judge: ValueError:", str(error).split(",")[0])
with torch.no_grad():
    alone, right = twin.train()(one), twin.eval()(one)
print("the DCGAN: a picture of shape", tuple(alone.shape), "and no warning")

# %% [markdown]
# It is the wrong picture: normalised by itself, it is not what the same latent becomes in eval mode.

# %% tags=["nbval-check-output"]
claims.at_least("a single latent, drawn by the DCGAN in train mode, gives another picture: some pixel differs by at least 0.1",
                (alone - right).abs().max(), 0.1)

# %% [markdown]
# **Trap 2: real and fake pictures in one batch.** They are normalised together, so each logit depends on the mixture. In
# `Game`, a discriminator with batch norm sees them separately.

# %%
d_copy = DCDiscriminator().to(runtime.device)
d_copy.load_state_dict(game.discriminator.state_dict())
d_copy.train()
real, fake = digits.images[:32], game.sampler()(32).to(runtime.device)
with torch.no_grad():
    apart = torch.cat([d_copy(real), d_copy(fake)])
    together = d_copy(torch.cat([real, fake]))
changed = (apart - together).abs().mean().item()
print(f"a logit is {apart.abs().mean().item():.2f} from 0 on average, and changes by {changed:.2f} on average")

# %% tags=["nbval-check-output"]
claims.at_least("in train mode a picture changes with its neighbours, some pixel by at least 0.1", in_train, 0.1)
claims.at_most("in eval mode it does not", in_eval, 1e-4)
claims.at_least("one batch for real and fake changes the logits, by 0.02 or more on average", changed, 0.02)

# %% [markdown]
# ## The average is steadier
#
# `game.sampler()` draws from the running average of the generator's weights: after each step, 99 parts of the old average
# and 1 part of the new weights. `ema=False` draws from the latest weights instead. **Predict:** which of the two draws
# better? And if we train 20 steps more, in which do the pictures change more? Both are asked for the same latents.

# %%
latest = evaluate(game.sampler(ema=False), judge, digits.images)
print("average:", dc)
print("latest: ", latest)
averaged_before, latest_before = game.sampler()(100), game.sampler(ema=False)(100)
list(game.steps(digits, 20, runtime))
averaged_moved = (game.sampler()(100) - averaged_before).abs().mean().item()
latest_moved = (game.sampler(ema=False)(100) - latest_before).abs().mean().item()
print(f"mean change of a pixel over 20 steps: average {averaged_moved:.3f}, latest {latest_moved:.3f}")

# %% tags=["nbval-check-output"]
claims.at_least("over 20 steps the latest weights' pictures change at least twice as much as the average's",
                latest_moved / averaged_moved, 2)

# %% [markdown]
# In quality the two are close here: compare the two lines above. What the average buys is steadiness: its pictures
# change less from one step to the next.
#
# ## Stop, and go on
#
# Training takes long, and laptops are closed. `checkpointed` saves a game every few steps and when it stops, and `resume`
# brings it back. Is that the *same* training? We train 30 steps in one go, and 30 steps with a break.

# %%
def small_game():
    with runtime.seeded("small"):
        return Game(MLPGenerator(), MLPDiscriminator(dropout=0.3), batch=64)


straight, before, after = small_game(), small_game(), small_game()
list(straight.steps(digits, 30, runtime))
file = Path(tempfile.mkdtemp()) / "game.safetensors"
list(checkpointed(before.steps(digits, 12, runtime), file, every=5))
print("resumed at step", resume(after, file))
list(after.steps(digits, 18, runtime))
same = torch.equal(straight.sampler()(20), after.sampler()(20))

# %% tags=["nbval-check-output"]
claims.true("stopped and resumed, the game draws the same pictures to the last bit", same)

# %% [markdown]
# (On a GPU, where sums are added up in no fixed order, it is the same to a few decimals only.) In JupyterLab, the stop button
# ■ ends a training between two steps. A cell that only calls `game.steps`, such as the main run's, goes on from there when it is
# run again; a cell that also makes the `Game` starts anew.
#
# ## How long does it take?
#
# The curves below were recorded beforehand: five seeds, each a training of its own, on one core. (`course record dcgan-curve`
# makes them anew.) The first shows the confidence, the second the Fréchet distance, on a scale where each line is ten times the
# one below.

# %%
runs_of_dcgan = recorded("dcgan-curve")
print(runs_of_dcgan["machine"])


def recorded_lines(what):
    return {f"seed {s}": ([p["seconds"] for p in points], [p[what] for p in points])
            for s, points in runs_of_dcgan["runs"].items()}


show.lines(recorded_lines("confidence"), "seconds of training", "mean confidence", level=(of_real.confidence, "real digits"),
           alt="Five lines, one a seed: the confidence rises steeply, then slowly, and stays below that of real digits.")

# %%
show.lines(recorded_lines("frechet"), "seconds of training", "Fréchet distance", level=(of_real.frechet, "real digits"),
           log_y=True, alt="Five lines, one a seed: the Fréchet distance falls quickly, then slowly, and stays above real digits.")

# %% [markdown]
# The five seeds agree closely. Both numbers change most in the first minute; after that, each further minute brings
# less. (A point stands every 400 steps: the third is the 1,200th.) Our main run of 1,000 steps stopped where the curves
# bend; the generator in the zoo had 20,000.

# %%
after_2400 = {s: next(p for p in r if p["step"] == 2400) for s, r in runs_of_dcgan["runs"].items()}
zoo_report = evaluate(zoo.load("dcgan-digits", runtime), judge, digits.images)
print("zoo:", zoo_report)

# %% tags=["nbval-check-output"]
claims.over_seeds("after 2,400 steps the confidence is at least 0.80", [p["confidence"] for p in after_2400.values()], 0.80)
claims.over_seeds("after 2,400 steps all ten digits are drawn", [p["classes"] for p in after_2400.values()], 10)
claims.over_seeds("after 2,400 steps the Fréchet distance is at most 12", [p["frechet"] for p in after_2400.values()], 12, "<=",
                  at_least=5)
claims.at_least("the zoo's DCGAN, trained longer, reaches a confidence of at least 0.90", zoo_report.confidence, 0.90)

# %% [markdown]
# ## Which optimiser, which step size?
#
# A1's questions and answers recommend RMSprop or Adam and a good learning rate, because they "speed convergence". Here are four
# optimisers, with $g$ for the slope of a weight, and $\eta$ for the step size (`lr`). In each step the weight moves by
#
# - **SGD** (stochastic gradient descent): $-\eta\, g$. *The slope itself.*
# - **momentum:** $-\eta\, m$, with $m \leftarrow \beta_1 m + g$. *A sum of slopes, the old ones fading.*
# - **RMSprop:** $-\eta\, g / \sqrt{v}$, with $v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$. *The slope, in units of its usual size.*
#   ($v$ is a mean of squared slopes; a slope's weight in it fades by $\beta_2$ a step: at 0.9, ten steps ago counts a third.)
# - **Adam:** both, a fading mean of slopes in units of their usual size.
#
# (Both divisions have a tiny number added against 0, and Adam corrects its first steps.) So Adam has two ideas, momentum and the
# division, and we can look at each alone: $\beta_1 = 0.5$ and $\beta_2 = 0.9$ for all. Which step size is good depends on
# the optimiser: the division makes slopes of any size alike. So each one gets its own, chosen on seeds 0 and 1, and is
# compared on five other seeds (`course record optimisers`): A1's GAN, 900 steps of 64 digits, Fréchet distance at the end.

# %%
optimisers = recorded("optimisers")["runs"]


def mean_of(values):
    return sum(values) / len(values)


tried = {name: {float(lr): mean_of(found) for lr, found in run["tuning"].items() if max(found) < 900}
         for name, run in optimisers.items()}
NAMES = {"sgd": "SGD", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
show.lines({NAMES[name]: (list(found), list(found.values())) for name, found in tried.items()}, "step size",
           "Fréchet distance", log_x=True,
           alt="Four lines over the step size. The lowest Fréchet distances: SGD about 110 at 0.1, momentum about 100 at 0.03, "
               "RMSprop about 50 at 0.01, Adam about 40 at 0.01 to 0.03; with other steps each is worse.")

# %% [markdown]
# (At 0.3, SGD and momentum failed; these points are left out.) Look what happens at the *same* step size for all: at 0.03,
# momentum is better than RMSprop; at 0.1, SGD is better than Adam. A step size belongs to its optimiser, and the choice of it
# matters as much as that of the optimiser: Adam at 0.001, a usual value, is about as good here as momentum at its best.
#
# Now each one at its own best, on the five other seeds:

# %%
final = {}  # optimiser → {seed: Fréchet distance after the last step}
for name, run in optimisers.items():
    final[name] = {s: found["frechet"][-1] for s, found in run["seeds"].items()}
    print(f"{NAMES[name]:9} step size {run['best']:<6g} Fréchet distance {mean_of(final[name].values()):4.0f} "
          f"({min(final[name].values()):.0f} to {max(final[name].values()):.0f})")
by_step = {}
for name, run in optimisers.items():
    distances = [found["frechet"] for found in run["seeds"].values()]  # one list a seed
    by_step[NAMES[name]] = run["seeds"]["100"]["step"], [mean_of(column) for column in zip(*distances, strict=True)]
show.lines(by_step, "step", "Fréchet distance",
           alt="Mean Fréchet distance of the five seeds at steps 300, 600 and 900: all four fall; RMSprop and Adam end at about "
               "half the distance of SGD and momentum.")

# %% [markdown]
# A1 is right about *speed* in this setting, with batches of 64 and a step size for each that was best of those tried:
# in these 900 steps RMSprop and Adam get clearly further than SGD, and Adam, which has both ideas, furthest. The
# seeds hardly differ. Where a training *ends* is another question. So all four ran on, with the step sizes that are
# best for 900 steps, in the same setting as the long runs above (batches of 32, five seeds; "A1's own" is Adam at 0.001).
# **Predict:** which one is ahead after 4,000 steps?

# %%
LONG = ("SGD", "momentum", "RMSprop", "Adam", "A1's own")
show_rows(*LONG)
show.lines(lines_of(*LONG), "step", "Fréchet distance, mean of five seeds",
           alt="At step 600 RMSprop is near 80, the others near 140. All fall to step 2,000. Then RMSprop rises again, to about 80, "
               "the highest at step 4,000; SGD ends near 60, momentum near 53, Adam at 0.03 and at 0.001 near 45.")

# %% tags=["nbval-check-output"]
to_sgd = {name: {s: final[name][s] / final["sgd"][s] for s in final["sgd"]} for name in ("momentum", "rmsprop", "adam")}
claims.over_seeds("after 900 steps RMSprop's Fréchet distance is at most 0.6 of SGD's", to_sgd["rmsprop"], 0.6, "<=", at_least=5)
claims.over_seeds("… Adam's is at most 0.5 of SGD's", to_sgd["adam"], 0.5, "<=", at_least=5)
claims.over_seeds("… momentum alone gains less: its distance is at least 0.6 of SGD's", to_sgd["momentum"], 0.6, at_least=5)
claims.at_least("the step size matters, too: Adam at 0.001 has at least 1.5 times the distance of Adam at its best",
                tried["adam"][0.001] / min(tried["adam"].values()), 1.5)
claims.over_seeds("after 2,000 steps RMSprop's distance is at most 0.9 of Adam's at 0.001 …",
                  {s: at_stop("RMSprop", "frechet", 1)[s] / at_stop("A1's own", "frechet", 1)[s] for s in at_stop("SGD", "frechet")}, 0.9,
                  "<=", at_least=5)
claims.over_seeds("… and after 4,000 at least 1.2 times SGD's: it got worse again", beside("RMSprop", "frechet", "SGD"), 1.2, at_least=5)
claims.over_seeds("momentum's is then at most 0.95 of SGD's", beside("momentum", "frechet", "SGD"), 0.95, "<=", at_least=5)
claims.over_seeds("after 4,000 steps the distance of Adam at 0.001, slow at first, is at most 0.85 of SGD's", beside("A1's own", "frechet", "SGD"), 0.85,
                  "<=", at_least=5)
claims.over_seeds("… and no higher than that of Adam at 0.03, which was best for 900 steps", beside("A1's own", "frechet", "Adam"), 1,
                  "<=", at_least=5)

# %% [markdown]
# So with batches of 32 Adam at 0.03 is not ahead of SGD at step 600, hardly at 2,000, and clearly at 4,000 (by the
# Fréchet distance; by the digits drawn not at all); at 0.001 it is behind at 600, and clearly ahead from 2,000 on. How far
# it leads, and when, depends on the batch and the step size. And what is best for 900 steps is not best for 4,000: RMSprop, far ahead at 600 and ahead at
# 2,000, *got worse* again on all five seeds and ended last, with six digits. (Nothing was tuned again for 4,000 steps; a
# smaller or falling step size may well keep RMSprop's lead.)

# %% [markdown]
# ## Deeper, fancier, more data?
#
# A1 promises two more things: "deeper or fancier activations give better images", and "more data gives better images". We take its
# GAN, 1,000 steps with Adam at 0.0005, and change one thing at a time: two more hidden layers in the generator, or
# LeakyReLU instead of ReLU, or fewer training digits. Five seeds each (`course record a1-claims`), the distance always to all 4,000:

# %%
promises = recorded("a1-claims")["runs"]
for name, found in promises.items():
    print(f"{name:16} Fréchet distance {mean_of(found.values()):4.0f} ({min(found.values()):.0f} to {max(found.values()):.0f})")


def beside_own(name):
    return {s: promises[name][s] / promises["A1's own"][s] for s in promises[name]}


# %% tags=["nbval-check-output"]
claims.over_seeds("two more layers: at equal steps the Fréchet distance is higher, not lower", beside_own("3 hidden layers"), 1.05)
claims.over_seeds("LeakyReLU instead of ReLU: it is lower by a tenth or more", beside_own("LeakyReLU"), 0.9, "<=")
claims.over_seeds("an eighth of the digits: it is higher by less than a fifth", beside_own("500 digits"), 1.2, "<=")

# %% [markdown]
# So after 1,000 steps deeper was worse, the fancier activation better, and eight times the data made next to no
# difference yet. But distances around 100 are those of blurs, the training has only begun, and we have just seen that
# PyTorch's first weights make the gradient small in the first layers of a deep network. Is it depth, then, or these
# weights, or too few steps? The longer runs, which have other settings (batches of 32, step size 0.001), tell them apart:

# %%
DEPTHS = ("A1's own", "He", "3 hidden layers", "3 hidden layers, He")  # A1's own has one hidden layer
show_rows(*DEPTHS)
show.lines(lines_of(*DEPTHS), "step", "Fréchet distance, mean of five seeds",
           alt="One hidden layer falls from about 150 to 44, with either kind of first weights. Three with PyTorch's stay above 100. "
               "Three with He's fall, too, more slowly, and lie between at step 4,000.")

# %% tags=["nbval-check-output"]
deep, deep_he = "3 hidden layers", "3 hidden layers, He"
claims.over_seeds("after 4,000 steps, with PyTorch's first weights: two more layers have at least twice the Fréchet distance",
                  beside(deep, "frechet"), 2, at_least=5)
claims.over_seeds("… with He's first weights theirs is at most 0.85 of that", beside(deep_he, "frechet", deep), 0.85, "<=", at_least=5)
claims.over_seeds("… and at least 2 digits more are drawn",
                  {s: found - at_stop(deep, "digits")[s] for s, found in at_stop(deep_he, "digits").items()}, 2, at_least=5)
claims.over_seeds("… and still at least 1.2 times that of one hidden layer", beside(deep_he, "frechet"), 1.2, at_least=5)
claims.over_seeds("… and at least 1.4 times that of one hidden layer with He's weights, too", beside(deep_he, "frechet", "He"), 1.4, at_least=5)
claims.over_seeds("to one hidden layer He's weights make no difference of a tenth",
                  {s: abs(ratio - 1) for s, ratio in beside("He", "frechet").items()}, 0.1, "<=", at_least=5)

# %% [markdown]
# At step 600 three layers with PyTorch's first weights were even ahead: once more, too early for a verdict. At step
# 4,000 it is both. With these weights the variety falls on most seeds from step 600 on, until all latents become nearly
# the same picture. With He's weights before each ReLU (and Xavier's in the last layer) the same network
# learns, but more slowly than a single hidden layer, to which He's weights make no difference. So
# A1's "deeper is better" holds here with neither. None of this is a law for other networks, or for still more steps.
# And whether 500 digits are enough shows only when a discriminator has had time to learn them by heart: notebook 06
# takes that up.

# %% [markdown]
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 | the discriminator minimises $E[\log D(x)] + E[\log(1 - D(G(z)))]$ | it learns to be wrong about almost every picture |
# | A1 | its code trains a GAN | it draws the same whether given digits or noise |
# | A2 | both networks minimise one loss | they co-operate: D is always right, and nothing like a digit is drawn |
# | A1 | RMSprop, Adam and the step size speed convergence | yes with batches of 64 and 900 steps: RMSprop and Adam reach less than 0.6 of SGD's Fréchet distance, with a step size of its own for each; with batches of 32 Adam's lead comes later, RMSprop's is lost again, and the best step size is another |
# | A1 | deeper, or fancier activations, give better images | at equal steps, up to 4,000: deeper, no, and with PyTorch's first weights least of all; LeakyReLU, after 1,000, yes |
# | A1 | more data gives better images | not yet: after 1,000 steps, 500 digits are about as good as 4,000 |
# | A4 | depth makes the generator's gradient vanish; activation, batch norm, residual connections cure it | with sigmoids, yes; with tanh and ReLU it is depth with small first weights, and larger ones cure it; what vanishes at a confident discriminator is the minimax loss's slope: another loss cures that, these do not |
# | A4 | the generator's loss measures how far its pictures are from real ones | the Fréchet distance fell by a third or more while the loss fell by about a tenth |
# | A5 | a DCGAN draws high-quality digits | with our layers in place of the missing ones: clearly better than A1 and A2, still not as good as real ones |
#
# ## Exercises
#
# **1. The discriminator's loss from logits.** The function $\operatorname{softplus}(a) = \log(1 + e^a)$ gives
# $-\log \sigma(a) = \operatorname{softplus}(-a)$ and $-\log(1 - \sigma(a)) = \operatorname{softplus}(a)$. Write $L_D$ with it
# (the two batches need not be equally large, and logits may be ±1000).

# %% tags=["exercise"]
def d_loss(real_logits, fake_logits):
    ...  # your line: return …


check.d_loss(d_loss)

# %% [markdown]
# <details><summary>Hint 1</summary>There are two terms, one for the real logits and one for the fake logits, and each is a mean.</details>
# <details><summary>Hint 2</summary>The real term is −log σ(a) with a = the real logits. Which of the two identities fits?</details>
# <details><summary>Hint 3</summary>The fake term is the other identity: softplus of the fake logits themselves.</details>

# %% tags=["solution"]
def solution_d_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


check.d_loss(solution_d_loss, solution=True)

# %% [markdown]
# **2. The discriminator's turn.** Write its forward and backward pass (no optimiser step): the discriminator must get its
# gradient, and the generator none. You may use `d_loss` from above, once it is right.

# %% tags=["exercise"]
def d_turn(generator, discriminator, real, z):
    ...  # your lines, ending in .backward()


check.detach(d_turn)

# %% [markdown]
# <details><summary>Hint 1</summary>Three lines: draw fake pictures, compute the loss from both logits, call backward.</details>
# <details><summary>Hint 2</summary>Which line of the loop above kept the generator out of it?</details>
# <details><summary>Hint 3</summary>discriminator(generator(z).detach())</details>

# %% tags=["solution"]
def solution_d_turn(generator, discriminator, real, z):
    fake = generator(z).detach()
    loss = softplus(-discriminator(real)).mean() + softplus(discriminator(fake)).mean()
    loss.backward()


check.detach(solution_d_turn, solution=True)

# %% [markdown]
# **3. The generator's loss.** Write $L_G = -E[\log D(G(z))]$ from the fake logits.

# %% tags=["exercise"]
def g_loss(fake_logits):
    ...  # your line: return …


check.g_loss(g_loss)

# %% [markdown]
# <details><summary>Hint 1</summary>It is one mean, of one softplus.</details>
# <details><summary>Hint 2</summary>−log σ(a) = softplus(−a): what is a here?</details>
# <details><summary>Hint 3</summary>The generator wants its pictures taken for real: the real term of exercise 1, with the fake logits put in.</details>

# %% tags=["solution"]
def solution_g_loss(fake_logits):
    return softplus(-fake_logits).mean()


check.g_loss(solution_g_loss, solution=True)

# %% [markdown]
# **4. The clinic.** Give each patient its diagnosis: `"healthy"`, `"discriminator too strong"`, `"saturated"`,
# `"collapsed"`, `"diverged"` or `"oscillating"`.

# %% tags=["exercise"]
diagnosis = ...  # {"A": …, "B": …, "C": …, "D": …, "E": …, "F": …}

check.diagnosis(diagnosis)

# %% [markdown]
# <details><summary>Hint 1</summary>Begin with the numbers on the axis of the losses: one patient's leave the range of
# all the others.</details> <details><summary>Hint 2</summary>Then the lower curves (mean D): for two patients, D is sure
# of everything to the end. Their generators' losses tell these two apart.</details> <details><summary>Hint
# 3</summary>Of the three that are left, look at the pictures: one draws 16 times the same one though D is not ahead.
# Of the other two, one's curves never come to rest.</details>

# %% tags=["solution"]
solution_diagnosis = {"A": "discriminator too strong", "B": "diverged", "C": "collapsed",
                      "D": "healthy", "E": "oscillating", "F": "saturated"}

check.diagnosis(solution_diagnosis, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - A GAN's loop has two turns, two optimisers, and one `detach`.
# - **Strengths:** pictures are drawn in one pass, and no formula for "looks like a digit" is needed.
# - **Limits:** its losses do not say how good the pictures are; a discriminator that nothing holds back can leave the generator behind; a wrong sign or a
#   shared loss raises no error. Judge by several numbers, on pictures, never by one.
# - Too strong, saturated, collapsed, diverged, oscillating: each trouble has its own curves. Look at the axes first.
# - A gradient can vanish on the way (many sigmoids, or first weights that are too small: activation, batch norm, residual
#   connections, Xavier's and He's weights help) or at the source (a minimax loss against a confident discriminator: another loss helps).
# - A few hundred steps are not a verdict: strong discriminators, depth and optimisers are judged on runs of 4,000.
# - **Software:** `course_lib.training.Game` here; PyTorch's DCGAN tutorial shows the same loop for colour pictures.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014. Section 3 has both losses of the generator.
# - A. Radford, L. Metz, S. Chintala. *Unsupervised representation learning with deep convolutional generative adversarial
#   networks.* ICLR 2016. The DCGAN, and why β₁ = 0.5.
# - X. Glorot, Y. Bengio. *Understanding the difficulty of training deep feedforward neural networks.* AISTATS 2010. Gradients layer
#   by layer, and why sigmoids, whose mean is not 0, saturate.
# - K. He, X. Zhang, S. Ren, J. Sun. *Delving deep into rectifiers.* ICCV 2015 (first weights for the ReLU), and *Deep residual
#   learning for image recognition.* CVPR 2016 (residual connections).
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017. Why the
#   minimax loss's gradient vanishes as the discriminator becomes perfect.
# - D. Kingma, J. Ba. *Adam: a method for stochastic optimization.* ICLR 2015.
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter. *GANs trained by a two time-scale update rule converge
#   to a local Nash equilibrium.* NeurIPS 2017. The Fréchet distance (there with another judge, a network called Inception).
