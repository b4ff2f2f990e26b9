# %% [markdown]
# # 2.2 What reaches the generator when D is sure?
#
# A discriminator may learn faster than its generator. Then it becomes sure: it gives drawn pictures a probability of
# "real" near 0. This lesson measures how much slope still reaches the generator's weights, under two losses and under a
# common mistake of programs.
#
# **You need** [2.1](1_the_price_of_a_guess.ipynb) (prices and their slopes) and the
# [length of a vector](../../docs/maths.md#vector). **You will** compute how much weaker one slope is than another,
# measure a vanishing gradient on digits, find a doubled sigmoid by its symptom, and repair it. About 30 minutes to read
# and run, 50 with the exercises. A1 to A5 are five articles, which chapter 00 lists.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
import math

import torch
from torch.nn.functional import softplus

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.pictures import pulls
from course_lib.chapters.ch02_losses.prices import PRICES, slopes
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.losses import squared_gradient_norm
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.2", runtime)
check = syllabus.checks("02")
ask = syllabus.questions("02.2")
print(runtime.describe())
print(syllabus.time_of("02.2"))

# %% [markdown]
# ## One logit
#
# From lesson 2.1: $f$ is the logit of a drawn picture, and $D = \sigma(f)$ is the probability of "real" that the
# discriminator gives it. The generator's price is $-\operatorname{softplus}(f)$ in the minimax game, with the slope $-D$.
# The non-saturating price is $\operatorname{softplus}(-f)$, with the slope $-(1 - D)$.

# %%
ask.predict("one_part_in")

# %%
standard_d, minimax_g = PRICES["minimax"]  # of lesson 2.1: the discriminator's price, the generator's
non_saturating_g = PRICES["non-saturating"][1]

at = torch.tensor([0.0, -2, -4, -8, -12], dtype=torch.float64)
minimax_slope, other_slope = (slopes(g, torch.zeros_like(at), at)[1] for g in (minimax_g, non_saturating_g))
ratio = minimax_slope / other_slope
rows = [(f"{f:.0f}", f"{d:.6f}", f"{a:.6f}", f"{b:.6f}", "equal" if c == 1 else f"1 part in {1 / c:,.0f}")
        for f, d, a, b, c in zip(at, torch.sigmoid(at), minimax_slope, other_slope, ratio, strict=True)]
show_table("The generator's slopes at five logits", ("logit f", "D", "minimax", "non-saturating", "minimax is"), rows)

# %% [markdown]
# Twice the logit does not double the 55 (54.6 before rounding), it squares it: $54.6^2$ is 2,981. To see why, divide one
# slope by the other. The [logit](../../docs/maths.md#logit) is $f = \log \frac{D}{1 - D}$, so
#
# $$\frac{-D}{-(1 - D)} = \frac{D}{1 - D} = e^f.$$
#
# *In words: at the logit −4 the minimax slope is $e^{-4}$ times the other one, one part in 55.*

# %% tags=["nbval-check-output"]
claims.at_most("minimax slope divided by non-saturating slope is e to the power of the logit",
               (ratio - at.exp()).abs().max(), 1e-12)
claims.at_least("at the logit −8 that is less than one part in 2,900", 1 / ratio[3], 2900)

# %% [markdown]
# **Exercise: turn it round.** Finish the line: at which logit is the minimax slope one part in `n` of the
# non-saturating slope? (`n` is a number of at least 1.)

# %% tags=["exercise"]
def logit_where(n):
    ...  # your line: return …


check.logit_where(logit_where)

# %% [markdown]
# <details><summary>Hint 1</summary>Set the ratio to 1/n and solve for f. What undoes an exponential?</details>
# <details><summary>Hint 2</summary>log(1/n) can be written with log n. For n = 55 the answer is close to −4.</details>

# %% tags=["solution"]
def solution_logit_where(n):
    return -math.log(n)


check.logit_where(solution_logit_where, solution=True)

# %% [markdown]
# ## On digits
#
# Does that happen to real networks? We play a short non-saturating game on the 4,000 training digits. `Game` takes the
# turns, 64 pictures at a time; `lr` says how far the weights move in a step. (Chapter 03 writes the loop out.) Three
# hundred steps are not enough for digits: the pictures are speckled, but brighter in the middle. Each network has one
# hidden layer.

# %%
digits = load("digits", runtime)
with runtime.seeded("players"):
    game = Game(MLPGenerator(), MLPDiscriminator(), lr=5e-4, batch=64)
for _ in game.steps(digits, runtime.pick(smoke=10, course=300), runtime):
    pass
generator = game.generator
with torch.no_grad():
    z = torch.randn(500, generator.latent, generator=runtime.stream("z")).to(runtime.device)
    drawn = generator(z)
show.samples(drawn, 20, scale=3,
             alt="Twenty pictures by the generator after a short game: speckled, brighter in the middle, no digit yet.")

# %% [markdown]
# Now **the generator stands still**. A new discriminator learns alone to tell its pictures from digits. Every ten steps
# we keep a copy of it. (`backward` finds the slope of the price for each weight, and the optimiser's `step` moves the
# weights a little downhill.)

# %%
with runtime.seeded("a new discriminator"):
    discriminator = MLPDiscriminator().to(runtime.device)
optimiser = torch.optim.Adam(discriminator.parameters(), 5e-4, betas=(0.5, 0.9))
kept = {}
for step, (real, _) in zip(range(301), digits.stream(64, runtime), strict=False):
    if step % 10 == 0:
        kept[step] = copy.deepcopy(discriminator)
    with torch.no_grad():  # the generator does not learn here
        fake = generator(torch.randn(64, generator.latent, generator=runtime.stream("fake", step)).to(runtime.device))
    optimiser.zero_grad()
    standard_d(discriminator(real), discriminator(fake)).mean().backward()
    optimiser.step()

# %% [markdown]
# Each copy now judges the same 500 drawn pictures. For each loss we send the slope back, through the discriminator into
# the generator. The slopes for all of the generator's weights are its *gradient*. Its length as a vector says how
# strongly the weights are pulled. (*Critic* is another word for a discriminator.)
#
# A picture has many pixels, so $D$'s logit has one slope for each of them. The length of this list is called *D's
# slope* at the picture.

# %%
ask.predict("after_100")

# %%
def length_of_gradient(price, critic):
    """How strongly the generator's weights are pulled, all together."""
    generator.zero_grad()
    logits = critic(generator(z))
    price(torch.zeros_like(logits), logits).mean().backward()
    return math.sqrt(sum(p.grad.square().sum().item() for p in generator.parameters()))


def two_digits(number):  # 0.0091 and 1,400: the first two that count, without an exponent
    return f"{float(f'{number:.1e}'):,.{max(0, 1 - math.floor(math.log10(number)))}f}"


pull = {name: [length_of_gradient(price, critic) for critic in kept.values()]
        for name, price in (("minimax", minimax_g), ("non-saturating", non_saturating_g))}
logits = [critic(drawn).mean().item() for critic in kept.values()]
rows = [(10 * i, f"{logits[i]:.1f}", *(two_digits(lengths[i]) for lengths in pull.values()),
         f"1 part in {two_digits(pull['non-saturating'][i] / pull['minimax'][i])}" if i else "about equal")
        for i in (0, 5, 10, 20, 30)]
show_table("Length of the generator's gradient", ("step", "mean logit", *pull, "minimax is"), rows)
steep = [squared_gradient_norm(kept[step], drawn).sqrt().mean() for step in (0, 300)]  # as in lesson 2.4
print(f"mean slope of D's logit at the pictures: {steep[0]:.2f} at step 0, {steep[1]:.1f} at step 300")
pulls(list(kept), pull, "The same D, the same pictures: only minimax's gradient vanishes",
      alt="Two lines that start together, on a logarithmic axis: non-saturating rises by nearly two powers of ten; minimax "
          "rises for ten steps, then falls by more than five.")

# %% tags=["nbval-check-output"]
claims.at_least("after 100 steps of D alone, minimax leaves less than 1 part in 100 of the non-saturating gradient",
                pull["non-saturating"][10] / pull["minimax"][10], 100)
claims.at_least("after 300 steps, less than 1 part in 10,000", pull["non-saturating"][-1] / pull["minimax"][-1], 10_000)
claims.at_least("meanwhile the non-saturating gradient did not shrink",
                pull["non-saturating"][-1] / pull["non-saturating"][0], 1)

# %% [markdown]
# After a hundred steps, minimax leaves less than a hundredth of the other gradient. In the first ten steps it still
# grew: there $D$'s slope rose faster than $D$ fell. (Lengths and ratios are rounded to two digits. The figure's upright
# axis is logarithmic: each line of its grid is ten times the one below.) The mean logit says why: for a picture with
# the logit −7.5 the ratio of the two slopes is $e^{-7.5}$, about one part in 1,800. The table has another ratio,
# because not all pictures have the mean logit.
#
# A4 explains *vanishing gradients* by the depth of a network. But both gradients came back through the same layers, and
# only one vanished. Here the loss was the reason.
#
# The non-saturating gradient *grew* to about 94 times its length (see the claims table). The price's own slope about
# doubled, from ½ to 1. Most of the rest is $D$'s slope: its mean rose from 0.24 to 9.7, to 40 times as much. Arjovsky
# and Bottou (2017, figure 3) saw such growth with a DCGAN, and report that steps along these gradients made its
# pictures worse. Lesson 2.4 is about steep discriminators.

# %%
ask.predict("same_pictures")

# %%
prices = [non_saturating_g(None, critic(drawn)).mean().item() for critic in kept.values()]
print(f"the same pictures: loss {prices[0]:.2f} at step 0, {prices[10]:.2f} at step 100, {prices[-1]:.2f} at step 300")

# %% tags=["nbval-check-output"]
claims.at_least("the generator's loss rose to more than 5 times as much, for the very same pictures",
                prices[-1] / prices[0], 5)

# %% [markdown]
# A4 says that the generator's loss measures the difference between drawn and real pictures. It measures the
# discriminator's opinion, which changes.
#
# ## A sigmoid too many
#
# A1's code hands the *output of a sigmoid* to a loss that expects logits. The loss then squashes the probability a second
# time. No error is raised.

# %%
ask.predict("twice")

# %%
def double_sigmoid_g(r, f):
    return softplus(-torch.sigmoid(f))


def double_sigmoid_d(r, f):
    return softplus(-torch.sigmoid(r)) + softplus(torch.sigmoid(f))


s = torch.sigmoid
f = torch.linspace(-8, 8, 2001, dtype=torch.float64)
factor = slopes(double_sigmoid_g, f, f)[1] / slopes(non_saturating_g, f, f)[1]
off = (factor - s(f) * s(-s(f))).abs().max().item()
print(f"slope with two sigmoids / slope with one: {factor[0]:.5f} at f = −8, {factor[1000]:.3f} at 0, "
      f"at most {factor.max():.3f}")

# %% [markdown]
# Why? We need the slope of the sigmoid, $\sigma(a) = u^{-1}$ with $u = 1 + e^{-a}$. The slope of $u^{-1}$ is $-u^{-2}$,
# that of $u$ is $-e^{-a}$, and by the chain rule they multiply:
#
# $$\sigma'(a) = \frac{e^{-a}}{(1 + e^{-a})^2} = \frac{1}{1 + e^{-a}} \cdot \frac{e^{-a}}{1 + e^{-a}}
# = \sigma(a)\,(1 - \sigma(a)).$$
#
# *In words: at most ¼ (at $a = 0$), and almost nothing far on both sides.* The price was $\operatorname{softplus}(-f)$
# and is now $\operatorname{softplus}(-D)$. Its slope by $D$ is $-\sigma(-D)$; times $\sigma'(f) = D(1 - D)$:
#
# $$-\sigma(-D) \cdot D\,(1 - D) \qquad\text{instead of}\qquad -(1 - D).$$
#
# So the slope is multiplied by $D \cdot \sigma(-D)$. Does it grow with $D$? Its logarithm is
# $\log D - \operatorname{softplus}(D)$. Its slope by $D$ is $1/D - \sigma(D)$, and that is above 0: $1/D$ is above 1,
# $\sigma(D)$ below. So the factor grows with $D$, and **everywhere** it is less than its value for $D = 1$, which is
# $\sigma(-1) = 0.269$.
#
# When the discriminator is sure, $\sigma(-D) \approx \sigma(0) = 1/2$. Then the factor is about $D/2$, and the slope is
# half of minimax's. The non-saturating loss saturates again. The next cell shows it on the digits, with the same copies
# of $D$. (They learned with one sigmoid, but the factor holds for any discriminator.)

# %%
pull["two sigmoids"] = [length_of_gradient(double_sigmoid_g, critic) for critic in kept.values()]
floor = double_sigmoid_d(torch.tensor(1000.0), torch.tensor(-1000.0)).item()
without = standard_d(torch.tensor(1000.0), torch.tensor(-1000.0)).item()
print(f"the lowest price that D can have: {floor:.3f}; without the second sigmoid it is {without:.3f}")
pulls(list(kept), pull, "A second sigmoid undoes the non-saturating loss",
      alt="Three lines on a logarithmic axis; that of two sigmoids starts lower than the other two, rises for ten "
          "steps, stays level for twenty, and then falls with the minimax line.")

# %% [markdown]
# The lowest line, two sigmoids, ends far below the two honest ones. The mistake harms the discriminator, too. The best that $D$ can
# do is to give the real picture the probability 1 and the drawn one 0. Even then it pays
# $\operatorname{softplus}(-1) + \operatorname{softplus}(0)$, which is 1.006, instead of 0.

# %% tags=["nbval-check-output"]
claims.at_most("a double sigmoid multiplies the generator's slope by D times σ(−D)", off, 1e-12)
claims.at_most("… which is nowhere more than σ(−1), about 0.27", factor.max(), 1 / (1 + math.e))
claims.at_least("on digits, when D is sure, it leaves less than 1 part in 100 of the non-saturating gradient",
                pull["non-saturating"][-1] / pull["two sigmoids"][-1], 100)
claims.close("with a double sigmoid the discriminator's loss cannot fall below 1.006", floor, 1.006, 0.001)

# %% [markdown]
# **Exercise: name the fault.** Four reports, A to D (mere letters), come from discriminators that were trained with BCE,
# as the sum of a real and a drawn part, until the loss no longer fell. Each names the loss, and how many pictures it is
# right about (the sigmoid of its logit above ½ for a real one, below ½ for a drawn one):
#
# | | loss | right about |
# |---|---|---|
# | A | 1.386 | 50 % |
# | B | 0.013 | 100 % |
# | C | 1.008 | 100 % |
# | D | 0.013 | 0 % |
#
# Name each: "healthy", "second sigmoid", "labels swapped" or "learned nothing".

# %% tags=["exercise"]
second_sigmoid = {"A": ..., "B": ..., "C": ..., "D": ...}

check.second_sigmoid(second_sigmoid)

# %% [markdown]
# <details><summary>Hint 1</summary>What is the lowest loss with one sigmoid, and what with two?</details>
# <details><summary>Hint 2</summary>A loss near 0 says that the discriminator answers as its labels ask. Are the labels the truth?</details>
# <details><summary>Hint 3</summary>What does a pair cost if both logits are 0? 2 · softplus(0) = 2 · log 2.</details>

# %% tags=["solution"]
solution_second_sigmoid = {"A": "learned nothing", "B": "healthy", "C": "second sigmoid", "D": "labels swapped"}

check.second_sigmoid(solution_second_sigmoid, solution=True)

# %% [markdown]
# **Exercise: repair it.** A1's mistake, in the discriminator's turn:
#
# ```python
# real_answer = torch.sigmoid(real_logits)
# fake_answer = torch.sigmoid(fake_logits)
# d_loss = bce_with_logits(real_answer, ones) + bce_with_logits(fake_answer, zeros)
# ```
#
# Return the loss that was meant, from the logits. It must be right for logits of ±1000, too.

# %% tags=["exercise"]
def once_squashed(real_logits, fake_logits):
    ...  # your lines, ending in: return d_loss


check.once_squashed(once_squashed)

# %% [markdown]
# <details><summary>Hint 1</summary>Which of the two should go: the sigmoid, or the "with logits"? A sigmoid rounds to exactly 0 or 1 for large logits, and the logarithm of 0 is not finite.</details>
# <details><summary>Hint 2</summary><code>standard_d</code> above has the price of one pair. A loss is a mean over pairs.</details>

# %% tags=["solution"]
def solution_once_squashed(real_logits, fake_logits):
    return (softplus(-real_logits) + softplus(fake_logits)).mean()


check.once_squashed(solution_once_squashed, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **Now known.** The minimax slope is $e^f$ times the non-saturating one: next to nothing when $D$ is sure. A second
# sigmoid does the same harm. Its symptom: $D$'s loss stays above 1.006 although $D$ is right about everything.
#
# **Not said.** That a non-saturating game succeeds. How far the weights move with such a gradient: that depends on the
# optimiser. (Adam divides by the gradient's usual size, which hides much of a slow fall.) Whether depth, too, makes
# gradients vanish: chapter 03 tests that.
#
# **Next.** [2.3](3_what_d_learns.ipynb): which score does each loss teach the discriminator?
