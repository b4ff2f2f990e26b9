# %% [markdown]
# # 5.4 What else can a VAE do?
#
# The VAE of [lesson 5.2](2_a_vae_for_digits.ipynb) is fully connected, and nobody can tell it what to draw. Here it
# gets a better network, draws the digit that you ask for, and shows what lies between two digits. At the end, VAEs
# trained on complete MNIST stand beside published numbers.
#
# **You need** lessons 5.2 and [5.3](3_how_much_the_code_says.ipynb) (β, and the code), and lesson
# [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (convolutions). **You will** compare two models digit by digit, test whether
# a control is obeyed, and walk through the latent space. About 35 minutes to read, 55 with the exercises. New words
# stand in *italics*; the [glossary](../../docs/glossary.md) has them.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch05_vae import published
from course_lib.chapters.ch05_vae.figures import sheet
from course_lib.chapters.ch05_vae.plane import latent_plane
from course_lib.chapters.ch05_vae.reading import digit_by_digit, drawn_as_asked
from course_lib.chapters.ch05_vae.same_start import SameStart
from course_lib.chapters.ch05_vae.walk import half_way, half_way_table, way
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.losses.elbo import ELBO, IWAE
from course_lib.metrics import log_likelihoods, measure_latent_code, nll
from course_lib.models import ConvVAE, binarised, count_parameters
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("05.4", runtime), syllabus.checks("05"), syllabus.questions("05.4")
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
test = binarised(held_out.images, runtime.stream("test"))  # 1,000 held-out digits, each pixel −1 or 1
judge, start = zoo.load("judge", runtime), SameStart(digits, runtime)
print(runtime.describe(), syllabus.time_of("05.4"), sep="\n")

# %% [markdown]
# ## Convolutions
#
# Neighbouring pixels belong together. A fully connected network (an MLP) has to learn that; a convolution is built so.
# Both get the same latents, the same likelihood and 400 steps:

# %%
mlp, conv = start.trained(), start.trained(kind=ConvVAE)
named = {"MLP": mlp, "convolutional": conv}
show_table("400 steps, held-out digits", ("network", "weights", "−bound, nats"),
           [(name, f"{count_parameters(one):,}", f"{-measure_latent_code(one, test).bound:.1f}")
            for name, one in named.items()])
each = {name: -log_likelihoods(one, test, 1, seed=1) for name, one in named.items()}  # (1000,), one draw of z a digit
gain, error = digit_by_digit(each["MLP"], each["convolutional"])
unpaired = sum(values.var().item() / len(values) for values in each.values()) ** 0.5  # √(a² + b²)
print(f"the convolutional one gains {gain:.1f} nats: ± {error:.1f} digit by digit, ± {unpaired:.1f} without pairs")

# %% tags=["nbval-check-output"]
claims.at_least("at equal steps the convolutional VAE is better on held-out digits, by at least 5 standard errors",
                gain / error, 5)

# %% [markdown]
# Better, with fewer weights. (One training each; ± is a standard error over digits. The last line takes other
# draws of $z$, so it is not quite the table's difference. And steps are equal here, not time: chapter 06 compares at
# equal cost.) If each model were measured on digits of its own, with standard errors $a$ and $b$, the difference would
# have the error $\sqrt{a^2 + b^2}$, the larger ± above, as the
# [variances](../../docs/maths.md#variance-and-standard-deviation) of independent numbers add up.
#
# **Exercise: digit by digit.** Some digits are hard for every model, others are easy. So models are compared on the
# same digits, one by one. From `nll_a` and `nll_b`, the NLL of each digit under models A and B, return two numbers: by
# how many nats B is better on average, and the standard error of that.

# %% tags=["exercise"]
def gain_of_b(nll_a, nll_b):
    ...  # your lines, ending in: return …, …


check.gain_of_b(gain_of_b)

# %% [markdown]
# <details><summary>Hint 1</summary>First the difference of each digit. A lower NLL is better.</details>
# <details><summary>Hint 2</summary>The standard error of a mean: the standard deviation of what was averaged, over the root of how many there were.</details>

# %% tags=["solution"]
def solution_gain_of_b(nll_a, nll_b):
    ahead = nll_a - nll_b
    spread = ahead.std()
    return ahead.mean(), spread / len(ahead) ** 0.5


check.gain_of_b(solution_gain_of_b, solution=True)

# %% [markdown]
# ## A digit on demand
#
# A *conditional VAE* is told the label. The decoder gets it as ten more inputs, one of them 1 and the others 0; the
# encoder's last layer, too. Then $z$ need not say *which* digit, only *how* it is written. And you can ask for a digit. Does the decoder obey?
# The judge reads what it draws. We train two: with β = 1, and with β = 8, where each nat of KL costs eight times as
# much.

# %%
ask.predict("obey")

# %%
asked = torch.arange(1000, device=runtime.device) % 10
latents = torch.randn(1000, 20, generator=runtime.stream("asked")).to(runtime.device)
conditional = {beta: start.trained(ELBO(beta), steps=600, classes=10) for beta in (1, 8)}
obeyed = {beta: drawn_as_asked(one, latents, asked, judge) for beta, one in conditional.items()}
costs = {beta: measure_latent_code(one, test, held_out.labels).kl for beta, one in conditional.items()}
show_table("Asked for 1,000 digits", ("β", "drawn as asked", "KL, nats"),
           [(beta, f"{obeyed[beta]:.1%}", f"{costs[beta]:.1f}") for beta in obeyed])
with torch.no_grad():
    styles = {f"β = {beta}, z {i + 1}": one(latents[i].expand(10, -1), asked[:10]).cpu()
              for beta, one in conditional.items() for i in range(3)}
sheet("One z a row, one label a column: the label decides with β = 8, often not with β = 1", styles, 10,
      above=[str(digit) for digit in range(10)],
      alt="Six rows, one label a column, 0 to 9. With β = 1 many pictures of a row are one shape, whatever the label; "
          "with β = 8 each column shows its digit.")

# %% tags=["nbval-check-output"]
claims.at_least("with β = 8 the conditional VAE draws the digit asked for in at least 70 of 100 pictures",
                obeyed[8], 0.7)
claims.at_least("… and more often than with β = 1, by at least 20 in 100", obeyed[8] - obeyed[1], 0.2)

# %% [markdown]
# In the figure, with β = 1 many pictures of a row keep one shape, whatever the label; with β = 8 each column shows
# its digit. A likely reason: with β = 1 the code says "which digit" *as well*, and the decoder listens to it. With
# β = 8 the code is costly and the label free, so the label is used. This has a price: the three rows of β = 8 look
# nearly alike. (One training each, of 600 steps. What more steps would change, we have not measured.)
#
# That a control *exists* does not mean that it is *obeyed*. Measure it.
#
# **Exercise: obeyed?** Finish the line. `probabilities`, `(N, 10)`, is what the judge gives for $N$ drawn pictures;
# `asked`, `(N,)`, are the digits that were asked for. Return the share of pictures that the judge reads as asked.

# %% tags=["exercise"]
def obeyed_share(probabilities, asked):
    ...  # your line: return …


check.obeyed_share(obeyed_share)

# %% [markdown]
# <details><summary>Hint 1</summary>What does the judge read? The class with the largest probability of each row.</details>
# <details><summary>Hint 2</summary>The mean of True and False, as numbers, is a share.</details>

# %% tags=["solution"]
def solution_obeyed_share(probabilities, asked):
    reads = probabilities.max(dim=1).indices
    return (reads == asked).float().mean()


check.obeyed_share(solution_obeyed_share, solution=True)

# %% [markdown]
# *A good place for a pause.*
#
# ## A plane of digits
#
# With two latents only, the whole latent space is a plane. Click or drag: the picture at that point is decoded. Nobody
# told this VAE the labels.
#
# Where no kernel runs, you see a still picture. On the left, held-out digits stand at the means of their $q(z|x)$, and
# dotted circles 1, 2 and 3 standard deviations of the prior from its middle. On the right is a grid of decoded
# pictures, up to ±1.8, at [quantiles](../../docs/glossary.md#quantile) of the prior: neighbours are equally *probable* steps apart, not equally long ones.
# Near 0 a step is short, at the rim long.

# %%
ask.predict("neighbours")

# %%
plane = zoo.load("vae-plane", runtime)
latent_plane(plane, test, held_out.labels,
             title="Nobody told it the labels: like digits lie together, and one shape turns into the next")

# %% tags=["nbval-check-output"]
with torch.no_grad():
    where = plane.encode(test.to(runtime.device))[0].cpu()  # (1000, 2)
    distance = torch.cdist(where, where).fill_diagonal_(torch.inf)
same = (held_out.labels[distance.argmin(1)] == held_out.labels).double().mean().item()
claims.at_least("on the plane, the nearest neighbour of at least half of the digits is the same digit", same, 0.5)

# %% [markdown]
# For about 59 of 100 digits the nearest neighbour is the same kind of digit. Shapes that turn into one another lie
# side by side. In the still picture, most 1s lie beyond the grid, and 32 of the 500 digits lie outside the largest
# circle, where the prior would put five or six: codes of real digits are not spread exactly as the prior is.
#
# ## Between two digits
#
# Take the codes of two digits (the means of $q(z|x)$), and walk from one to the other in a straight line. For
# comparison, the *pixelwise blend* lays the two end pictures over one another. The VAE is lesson 5.3's with β = 1 and
# ten latents.
#
# First you see three pairs. Then 500 pairs are measured half way. In the table, *at the ends* is the first digit of
# each pair, decoded. A pixel is *undecided* if its probability of being white lies between ¼ and ¾. (For the blend this
# is a matter of arithmetic: where one end is white and the other black, the mean is ½. So the blend only shows how
# large the number can get. The fair comparison is with the ends.) One VAE is one example: so
# `course record between-digits` trained five more like it, from other seeds.

# %%
ask.predict("between")

# %%
vae = zoo.load("vae-beta-1", runtime)
rows = {}
for a, b in ((1, 7), (0, 6), (0, 1)):  # the first ten held-out digits are 0, 1, … 9
    rows[f"{a} to {b}, through z"], rows[f"{a} to {b}, pixels"] = way(vae, test[a], test[b], steps=11)
sheet("Through z one shape bends or smudges; in pixels two shapes cross-fade", rows, 11,
      above=[f"{tenth / 10}" for tenth in range(11)],  # how far along the way
      alt="Six rows of eleven pictures, in pairs. Through z a 1 grows the bar of a 7, a 0 opens to a 6, a 0 closes to a "
          "smudge and then a 1. In the pixelwise blends both digits are seen at once, half grey.")

# %%
again = recorded("between-digits")["runs"]  # seed → what was measured
half_way_table(half_way(vae, test, held_out, judge, runtime, pairs=500), again)

# %% tags=["nbval-check-output"]
sure = {seed: found["sure"] for seed, found in again.items()}  # the share of which the judge is surer than 0.9
claims.over_seeds("recorded: half way, the blend has more undecided pixels than the walk, in at least 95 of 100 pairs",
                  {seed: found["greyer"] for seed, found in again.items()}, 0.95)
claims.over_seeds("… and the judge is surer than 0.9 more often through z, by at least 5 in 100",
                  {seed: of["through z"] - of["pixels"] for seed, of in sure.items()}, 0.05)
claims.over_seeds("… but less often than at the ends, by at least 20 in 100",
                  {seed: of["through z"] - of["at the ends"] for seed, of in sure.items()}, -0.2, "<=")

# %% [markdown]
# From 1 to 7 and from 0 to 6, one shape bends. But what is decoded need not be a digit. The way from 0 to 1 passes
# through a smudge. Half way through $z$ more pixels are undecided than at the ends: 11.3 % against 7.8 %. And the judge
# is surer than 0.9 of little more than half of the pictures, with each of the six VAEs. Of the blends it is sure less
# often still. (Nothing in the loss asks that straight lines stay among digits.)

# %% [markdown]
# **Exercise: walk.** From two codes `a` and `b`, `(latent,)` each, return `steps` points of the straight line from `a`
# to `b`, both ends among them, at equal distances: `(steps, latent)`.

# %% tags=["exercise"]
def walk(a, b, steps):
    ...  # your lines, ending in: return …


check.walk(walk)

# %% [markdown]
# <details><summary>Hint 1</summary>torch.linspace gives numbers from 0 to 1, both ends among them.</details>
# <details><summary>Hint 2</summary>Each point is a plus a share of the way to b. Give the shares a second axis, so that each meets the whole code.</details>

# %% tags=["solution"]
def solution_walk(a, b, steps):
    shares = torch.linspace(0, 1, steps, dtype=a.dtype).unsqueeze(1)
    return (1 - shares) * a + shares * b


check.walk(solution_walk, solution=True)

# %% [markdown]
# ## How good can it get? Published numbers
#
# Burda and others (2016) introduced IWAE (lesson 5.1's bound by $k$ draws), and report NLLs on complete MNIST. We take
# three rows of their table, with one layer of 50 latents. A row "VAE" is trained by the ELBO with $k$ draws (a mean of
# $k$ logarithms), a row "IWAE" by $\mathrm{IWAE}_k$ (the logarithm of a mean). `course record nll` trained the three,
# with a small part of the published training. A *95 % interval* reaches about two standard errors to either side of
# the mean.

# %%
ask.predict("published")

# %%
record = recorded("nll")
curves = published.rows_of(record)  # row of the paper's table → its points over the training
published.ends_table(record)
published.apart_table(record)
published.nll_figure(record)

# %% tags=["nbval-check-output"]
last = {row: points[-1] for row, points in curves.items()}
five = [row for row in curves if row != "VAE, k = 1"]
claims.at_least("recorded: in every row the interval of each point lies below that of the point before",
                min(nats for points in curves.values() for nats in published.falls(points)), 0)
claims.true("recorded: at the end the intervals of all three rows overlap", published.all_overlap(last.values()))
nats, most_error = published.ends_apart(record)["VAE, k = 1 − IWAE, k = 5"]
claims.at_least("… and yet IWAE is ahead of one draw, by twice the most that the standard error can be",
                nats / most_error, 2)
claims.true("recorded: after one epoch the interval of VAE with five draws lies below those of the other two",
            all(curves["VAE, k = 5"][0]["high"] < curves[row][0]["low"] for row in ("VAE, k = 1", "IWAE, k = 5")))
claims.at_least("recorded: the same epochs with five draws cost at least 1.5 times the seconds",
                min(last[row]["seconds"] for row in five) / last["VAE, k = 1"]["seconds"], 1.5)
claims.at_least("recorded: at equal seconds one draw is ahead at each stop of the others that its line reaches (nats)",
                min(nats for row in five for nats in published.leads(curves["VAE, k = 1"], curves[row])), 0)
claims.at_most("recorded: −log p(x), by many samples, is below minus the ELBO by at least 2 nats in every row",
               max(end["nll"] - end["bound"] for end in last.values()), -2)

# %% [markdown]
# The *order* at the end is the published one, IWAE with five draws the best. Any two of the intervals overlap. But all
# rows were measured on the same digits, so what makes a digit hard for all cancels in a difference. How much was not
# recorded. The second table has the error for digits of their own, $\sqrt{a^2 + b^2}$: the true one is at most that.
# (If no digit is hard for one and easy for the other.) By it IWAE is ahead of *one draw*. The other two differences are
# less than two errors: they may be chance. And all this is about other *digits*: not about another training, nor about
# how much too high 500 samples are in each row.
#
# In each row the NLL lies below −ELBO by some nats, most for IWAE. A likely reason: its encoder was trained for another
# bound.
#
# And equal epochs are not equal cost: with five draws they took 30 and 32 minutes, with one draw 17. The figure
# counts seconds. There the line of *one* draw ends at 17 minutes; up to there it lies below every point of the other
# two. So who says "IWAE is better" must say at how many epochs, or at which cost. (A stop is the end of a stage.
# There 200 importance samples a digit were taken, at the last 500.) The profile `full` trains two rows here, shorter:

# %%
if profile == "full":
    mnist, mnist_test = load("mnist", runtime), load("mnist", runtime, split="test")
    complete = SameStart(mnist, runtime)
    for row, loss in {"VAE, k = 1": ELBO(), "IWAE, k = 5": IWAE(5)}.items():  # 13 epochs
        big = complete.trained(loss, 13 * len(mnist) // 64, latent=50, hidden=(200, 200), activation="tanh")
        print(row, nll(big, binarised(mnist_test.images, runtime.stream("mnist")), 1000))

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** at equal steps the convolutional VAE had the better bound. After 600 steps a label was obeyed far
#   more often with β = 8 than with β = 1. Between two codes pictures change little by little. Half way, more pixels are
#   undecided than at the ends, and the judge is sure of little more than half of the pictures.
# - **Not said:** that every point of the latent space is a digit, or that a better bound draws better pictures.
# - **Next:** lesson 5.2's layers in A2's program, which has four mistakes: [which of them does the likelihood
#   find?](5_a2s_mistakes.ipynb)
