# %% [markdown]
# # 3.1 How does a GAN learn to draw?
#
# **You need** [notebook 00](../00_start_here/1_start_here.ipynb), and from [the mathematics page](../../docs/maths.md) the mean,
# the logarithm, the slope and the chain rule. New words are in the [glossary](../../docs/glossary.md). **You will** write the training loop,
# train A1's GAN on handwritten digits, and tell a broken loop from a sound one. About 55 minutes with the
# exercises.
#
# A *generative adversarial network* (GAN) is two networks in a contest. The *generator* draws pictures out of random
# numbers. The *discriminator* looks at pictures, real ones and drawn ones, and says which are real. What one learns
# makes the other's task harder. Five introductory articles on image generators make many mistakes; this course calls
# them A1 to A5 and tests what they say. We begin with A1's generator, against a simpler discriminator than A1's own. We
# call the pair A1's GAN.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.figures import show_reports
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.metrics import evaluate, judge_outputs
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("03.1", runtime)
check = syllabus.checks("03")
ask = syllabus.questions("03.1")
print(runtime.describe())
print(syllabus.time_of("03.1"))

# %% [markdown]
# ## The data, and a yardstick
#
# We train on 4,000 real digits and keep 1,000 apart. A picture is a *tensor*, a table of numbers: 1 channel of 28 × 28
# pixels, each between −1 (black) and 1 (white).
#
# People who look at pictures see what they hope to see. So we ask **the judge**, a digit classifier that takes no part
# in the contest; it reads 987 of the 1,000 held-out digits correctly (measured in chapter 00). Of 4,000 drawn pictures,
# or of the 1,000 held-out ones, it reports
#
# - **confidence:** how sure it is of its reading, between 0.1 (it guesses) and 1, on average;
# - **surer than 0.9:** the share of pictures of which it is that sure;
# - **digits:** how many of the ten it finds, each at least once in a hundred pictures;
# - **class entropy:** 1 if all ten are equally frequent, 0 if there is one kind only;
# - **Fréchet distance:** how far the drawn pictures lie from the training digits. The judge turns each picture into 128 numbers;
#   the distance compares their means, their spreads, and which of them rise together. Lower is better.

# %%
digits = load("digits", runtime)
held_out = load("digits", runtime, split="test")
judge = zoo.load("judge", runtime)
of_training = judge_outputs(digits.images, judge)[1]  # 128 numbers a digit: what the Fréchet distance compares with
of_real = evaluate(held_out.images, judge, of_training)
show_reports("What the judge says", {"real digits, held out": of_real})
show.samples(digits.images, 20, scale=3, alt="Two rows of handwritten digits, 0 to 9, all different.")

# %% [markdown]
# A generator should come near these numbers.
#
# ## Two networks
#
# The generator gets a *latent* $z$: 128 random numbers of mean 0 and standard deviation 1 (`torch.randn`).
# `nn.Linear(128, 784)` is a *fully connected* layer: each of its 784 outputs is the sum of all 128 inputs times weights,
# plus one more number, its *bias*. *ReLU* replaces negative numbers by 0. The sigmoid $\sigma(a) = 1/(1 + e^{-a})$
# squeezes any number $a$ into the range from 0 to 1. The picture made of $z$ is called $G(z)$.
#
# The discriminator goes the other way: 784 pixels in, one number out, its *logit* $d(x)$ for a picture $x$. (*LeakyReLU*
# multiplies negative numbers by 0.2 instead of dropping them.) $D(x) = \sigma(d(x))$ is its probability that $x$ is real:
# a logit of 0 means ½.
#
# In PyTorch a network is a class: `__init__` makes its layers, `forward` sends an input through them.

# %%
class A1Generator(nn.Module):
    latent = 128

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())

    def forward(self, z):  # z: (N, 128) for N pictures at once
        pixels = self.net(z)  # (N, 784), between 0 and 1
        return 2 * pixels.view(-1, 1, 28, 28) - 1  # (N, 1, 28, 28), between −1 and 1


class A1Discriminator(nn.Module):  # A1's own has convolutions: lesson 3.6 tries one
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))

    def forward(self, x):  # x: (N, 1, 28, 28)
        return self.net(x)  # (N, 1): one logit a picture


# %% [markdown]
# ## Two turns, two losses
#
# Each step has two turns, and each turn a *loss*, a number to make small. $E$ stands for the mean over a *batch*,
# pictures looked at together.
#
# $$L_D = -E[\log D(x)] - E[\log(1 - D(G(z)))] \qquad L_G = -E[\log D(G(z))]$$
#
# *In words:* the discriminator should be sure that real pictures are real, and drawn ones not; the generator should
# make it sure that drawn pictures are real. In code drawn pictures are called *fake*. (This $L_G$ is called
# *non-saturating*. Another, *minimax*, is $E[\log(1 - D(G(z)))]$; [lesson 3.5](5_vanishing_gradients.ipynb) compares
# them.)
#
# Two numbers for lesson 3.4: a discriminator that can only guess says $D = ½$
# everywhere; then $L_D = 2 \log 2 \approx 1.39$ and $L_G = \log 2 \approx 0.69$.

# %% [markdown]
# **Exercise 1: finish a line.** The function $\operatorname{softplus}(a) = \log(1 + e^a)$ gives
# $-\log \sigma(a) = \operatorname{softplus}(-a)$ and $-\log(1 - \sigma(a)) = \operatorname{softplus}(a)$. Write $L_D$
# with it: two tensors of logits come in, one number goes out. Logits may be ±1000, so form no probability on the way.
# (`softplus` is imported above. Written out, `torch.log(1 + torch.exp(a))` is infinite at a = 1000; PyTorch's is not.)

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
# **Exercise 2: finish a line.** Write the generator's loss $L_G = -E[\log D(G(z))]$ from the fake logits.

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
# ## The loop, in full
#
# PyTorch has both losses under the name *binary cross-entropy with logits*: give it the logits, and the label 1 ("real")
# or 0 ("fake"). Then three lines come in each turn. `zero_grad()` throws the old slopes away. `backward()` finds the slope
# of the loss for every weight that it was made with (all slopes together are the *gradient*), and adds it to what is
# stored there. `step()` lets an *optimiser*, Adam, move each weight a little downhill; `lr` says how little. Each
# network has an optimiser of its own. (Inside `train`, `d_loss` and `g_loss` are numbers, not your two functions. In
# `torch.randn(…, generator=…)` means a source of randomness; `runtime.stream` makes one.)

# %%
def cross_entropy(logits, label):
    """Mean of −log(probability given to ``label``), which is 1 for "real" and 0 for "fake"."""
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


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
# `fake.detach()` is the same pictures, cut off from the generator: the discriminator's turn must not touch it. In the
# generator's turn the slope of $L_G$ travels through the discriminator to each pixel, and from the pixels to the
# generator's weights (the chain rule). That is all the generator ever learns about digits. The same turn leaves slopes in
# the discriminator, too; the next `d_optimiser.zero_grad()` clears them.
#
# Adam keeps two fading averages for each weight; `betas` says how slowly they fade. $\beta_1 = 0.5$ is for the slope: an
# average over about the last two steps. The DCGAN paper chose it because 0.9, the usual value, made its trainings
# unstable. $\beta_2 = 0.9$ is for the slope's square, over about the last ten steps.
# [Lesson 3.6](6_long_enough.ipynb) shows what Adam does with both.

# %%
ask.predict("early")

# %%
with runtime.seeded("A1"):  # the first weights are random numbers too
    generator, discriminator = A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)
train(generator, discriminator, digits, runtime.pick(smoke=20, course=400))  # pick: the steps of this profile
a1_early = evaluate(Sampler(generator), judge, of_training)  # a Sampler draws pictures from a generator
show_reports("What the judge says", {"real digits, held out": of_real, "A1, 400 steps": a1_early})
show.samples(Sampler(generator), 20, scale=3, alt="Twenty nearly identical grey, speckled blurs in the middle of the picture.")

# %% [markdown]
# These are no digits, and yet the judge is surer of them, on average, than of real ones! It has to call each picture
# *some* digit, and calls nearly all of these the same. **Confidence alone proves nothing.** Digits, class entropy and
# Fréchet distance show that something is wrong. So we never report one number without the others.

# %% tags=["nbval-check-output"]
claims.at_least("a judge can be surer than 0.9 of pictures that are no digits", a1_early.confidence, 0.9)
claims.at_most("… and it sees at most 2 kinds of digit in them", a1_early.classes, 2)
claims.at_least("… and their Fréchet distance is over 50 times that of real digits", a1_early.frechet / of_real.frechet, 50)

# %%
ask.predict("longer")

# %%
with runtime.seeded("A1"):
    generator, discriminator = A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)
train(generator, discriminator, digits, runtime.pick(smoke=20, course=2400))
a1 = evaluate(Sampler(generator), judge, of_training)
show_reports("What the judge says", {"real digits, held out": of_real, "A1, 400 steps": a1_early, "A1, 2,400 steps": a1})
show.samples(Sampler(generator), 20, scale=3, alt="Pictures drawn by A1's GAN: speckled strokes, about a third of which can be read as digits.")

# %% [markdown]
# Speckled, but by eye about a third of these twenty can be read. The confidence *fell* while the pictures got better,
# probably because some shapes now lie between two digits. Digits, class entropy and Fréchet distance show the progress.

# %% [markdown]
# **Exercise 3: build the discriminator's turn.** Write its forward and backward pass (no optimiser step): the discriminator must
# get its gradient, and the generator none. You may use `d_loss` from above, once it is right.

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
# **A good place to stop.** The second half, with exercise 4, takes about 20 minutes.
#
# ## Three ways to break the loop

# %%
ask.predict("edits")

# %% tags=["nbval-check-output"]
def outcome(edit, detach=True, d_steps_between=False):
    """Both turns with one edit; says whether PyTorch notices."""
    d_step, g_step = (torch.optim.SGD(net.parameters(), 1e-6).step for net in (discriminator, generator))  # tiny steps
    fake = generator(torch.randn(64, 128, generator=runtime.stream("edits")).to(runtime.device))
    of_d = cross_entropy(discriminator(fake.detach() if detach else fake), 0.0)
    of_g = cross_entropy(discriminator(fake), 1.0)
    of_d.backward()
    if d_steps_between:
        d_step()
    try:
        of_g.backward()
        if not d_steps_between:
            d_step()
        g_step()
        print(f"{edit}: no error")
    except RuntimeError as error:
        print(f"{edit}: RuntimeError: {str(error).split('(')[0].split(':')[0].strip()}")


outcome("A, no detach", detach=False)
outcome("B, both losses first, D's step between the two backward()", d_steps_between=True)
outcome("C, both backward() first, then both steps")

# %% [markdown]
# **A** fails because the discriminator's `backward()` has used up the record (*graph*) of how `fake` was made, and the
# generator's turn needs it again. If a loop draws new pictures for the generator's turn, leaving out `detach` raises no
# error. But the discriminator's turn then leaves slopes in the generator that point the wrong way; unless
# `g_optimiser.zero_grad()` clears them, the generator follows them.
#
# **B** fails because the discriminator's step changed weights *in place* that the generator's `backward()` still needed
# as they were.
#
# **C** is the trap. `backward()` *adds* slopes to those that are there. The generator's turn leaves its own in the
# discriminator, and nobody clears them before the discriminator's step. How far off is that step? We measure the slopes
# left behind in A and in C. (The *size* of slopes is the root of the sum of their squares.)

# %%
def slopes(network, *turns, cut=True):
    """All slopes that these turns leave in a network, as one long row of numbers."""
    generator.zero_grad()
    discriminator.zero_grad()
    fake, real = generator(z), digits.images[:64]
    losses = {"D": cross_entropy(discriminator(real), 1.0) + cross_entropy(discriminator(fake.detach() if cut else fake), 0.0),
              "G": cross_entropy(discriminator(fake), 1.0)}
    for turn in turns:
        losses[turn].backward()
    return torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in network.parameters()])


z = torch.randn(64, 128, generator=runtime.stream("detach")).to(runtime.device)
left_behind, with_detach = slopes(generator, "D", cut=False).norm(), slopes(generator, "D").norm()
right, of_g, tidy = slopes(discriminator, "D"), slopes(discriminator, "G"), slopes(discriminator, "D", "G")
print(f"A: size of the slopes left in the generator: {left_behind:.3f}; with detach {with_detach:.0f}")
print(f"C: size of D's gradient: in its own turn {right.norm():.1f}, after both backward() {tidy.norm():.1f}")

# %% tags=["nbval-check-output"]
claims.true("without detach, the discriminator's turn leaves a gradient in the generator", bool(left_behind > 0))
claims.true("with detach it leaves none", bool(with_detach == 0))
claims.at_most("both backward() first: no error, and D's gradient is the sum of both turns' (difference, relative)",
               (tidy - right - of_g).norm() / tidy.norm(), 1e-3)
claims.at_least("… so it is off by at least a tenth of its size", of_g.norm() / right.norm(), 0.1)

# %% [markdown]
# In C the discriminator would follow the slopes of $L_D + L_G$: in one step it is told that drawn pictures are drawn, and
# that they are real. (By such a picture's logit $L_D$ has the slope $D$, $L_G$ the slope $-(1 - D)$: they cancel only
# where $D = ½$.) In this run the wrong part is the larger one: with it the size grows from 12.6 to 55.8.
# (Whether that harms a training, we have not measured.) The loop's order avoids it: each turn clears, computes and
# steps before the next one computes.
#
# There is a fourth way, in A1's code: optimisers that hold **both** networks' weights. Then each turn moves the other player,
# too, and no error is raised. [Lesson 3.2](2_the_articles_gans.ipynb) runs it.

# %% [markdown]
# **Exercise 4: put the loop in order.** Here are the nine lines of one step, shuffled. Give their letters in an order
# that works.
#
# | | |
# |---|---|
# | A | `g_optimiser.step()` |
# | B | `d_loss.backward()` |
# | C | `fake = generator(z)` |
# | D | `g_loss = cross_entropy(discriminator(fake), 1.0)` |
# | E | `d_optimiser.step()` |
# | F | `g_optimiser.zero_grad()` |
# | G | `d_loss = cross_entropy(discriminator(real), 1.0) + cross_entropy(discriminator(fake.detach()), 0.0)` |
# | H | `g_loss.backward()` |
# | I | `d_optimiser.zero_grad()` |

# %% tags=["exercise"]
order = ...  # for example "ABCDEFGHI"

check.order(order)

# %% [markdown]
# <details><summary>Hint 1</summary>Nothing can be judged before it is drawn.</details>
# <details><summary>Hint 2</summary>In each turn: loss, clear, backward, step. Clearing may come before the loss as well.</details>
# <details><summary>Hint 3</summary>The generator's loss is computed with the discriminator as it is after its own step.</details>

# %% tags=["solution"]
solution_order = "CGIBEDFHA"

check.order(solution_order, solution=True)

# %% [markdown]
# ## The same loop, engineered
#
# From now on `course_lib.training.Game` runs the loop. It stops when a loss is no longer a finite number, can be
# interrupted and resumed, and keeps a running average of the generator's weights. Is it the same loop? We give both the
# same first weights and 50 steps.

# %% tags=["nbval-check-output"]
def players():
    with runtime.seeded("the same"):
        return A1Generator().to(runtime.device), A1Discriminator().to(runtime.device)


ours, theirs = players(), players()
train(*ours, digits, 50)
for _ in Game(*theirs, lr=5e-4, batch=64).steps(digits, 50, runtime):
    pass
pairs = zip(nn.ModuleList(ours).parameters(), nn.ModuleList(theirs).parameters(), strict=True)
difference = max((a - b).abs().max().item() for a, b in pairs)
claims.at_most("after 50 steps the library's weights differ from our loop's by at most 0.001", difference, 1e-3)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## What you take along
#
# - **Now known:** a GAN's loop has two turns, two optimisers and one `detach`; the generator learns from slopes alone.
# - **Not said:** that a sure judge, or a loop without an error message, means a working GAN.
# - **Next:** [what the articles' three GANs draw](2_the_articles_gans.ipynb), and what their wrong losses do.
