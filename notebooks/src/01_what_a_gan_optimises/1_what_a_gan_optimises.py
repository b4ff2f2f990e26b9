# %% [markdown]
# # What a GAN optimises
#
# **The question of this notebook:** why should two networks fighting make pictures?
#
# In a GAN, the *generator* draws examples out of random numbers, and the *discriminator* says how likely an example is
# to be real. They are trained against one another. Nobody ever tells the generator what a digit looks like. So what
# does the contest compute, and why does it lead to pictures?
#
# The answer is a small piece of mathematics (Goodfellow et al. 2014). We prove it line by line, and check it with
# numbers. To make that possible, a "picture" here is a **single number**, so that all is known exactly and fits into one
# figure.
#
# After this notebook you
#
# - can derive the best discriminator there is, and have seen one learned that comes close to it,
# - know which distance between real and generated a GAN makes small, and can prove it,
# - know where this distance is *blind*, and one that is not,
# - know what a discriminator's loss tells, and what it does not tell.
#
# You need notebook 00, and from [the mathematics page](../../docs/maths.md) the slope and the chain rule, the logarithm, the
# logit, the sigmoid, the softplus, the expectation and the normal distribution. Words that are new are in the
# [glossary](../../docs/glossary.md). A1 to A5 are the five introductory articles that notebook 00 lists.

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from scipy.stats import wasserstein_distance
from torch import nn
from torch.nn.functional import softplus

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises.densities import mean_explorer
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.losses import Minimax, NonSaturating
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, integral, midpoints, optimal_value
from course_lib.runtime import Runtime
from course_lib.training import Game

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.1", runtime)
check = syllabus.checks("01")
print(runtime.describe())
print(syllabus.time_of("01.1"))

# %% [markdown]
# ## Pictures become single numbers
#
# **The real data** are numbers that scatter around 2 with standard deviation 1: a Gaussian, as the normal distribution is
# also called.
#
# **The generator** adds one adjustable number, $\theta$ ("theta"), to noise: $G(z) = \theta + z$, where $z$ is drawn
# from the Gaussian around 0 with standard deviation 1. So what it generates scatters around $\theta$. It has a single
# weight, and we know the answer that it should find: $\theta = 2$.

# %%
bump = toy.line(2.0, sigma=1.0)  # the real distribution


def draw_real(n, of=bump, name="real"):  # runtime.stream(name): random numbers that depend on the seed and the name
    return of.sample(n, runtime.stream(name))[0][:, 0].double()  # (n,)


def draw_fake(n, theta, name="noise"):
    z = torch.randn(n, generator=runtime.stream(name), dtype=torch.float64)
    return theta + z  # (n,)


print("real, six of them:     ", *(f"{number:.2f}" for number in draw_real(6)))
print("generated, with θ = 0: ", *(f"{number:.2f}" for number in draw_fake(6, theta=0.0)))

# %% [markdown]
# Where do numbers fall, and how often? A **density** says it. We cut the line into narrow *cells*. The density $p(x)$
# of a cell at $x$, times the width of the cell, is the share of all draws that fall into it. We write $p$ for the
# density of the real data and $q$ for that of the generated ones.
#
# Adding up "value × width" over all cells is called an *integral*, and written $\int p(x)\,\mathrm{d}x$: the curly
# letter is an old S, for "sum". It is the area under the curve. For a density it is 1, because every draw falls
# somewhere.

# %%
x = midpoints(-30, 30, 6000)  # the middles of 6,000 cells, each 0.01 wide
p = bump.density(x[:, None])  # (6000,): the real density at each of them ([:, None]: one number a row)
q = gaussian(x, 0.0)  # (6000,): the generated density for θ = 0
print(f"area under p: {integral(p, x):.6f} · under q: {integral(q, x):.6f}")
middle = (x > -5) & (x < 7)
show.lines({"p, real": (x[middle], p[middle]), "q, generated (θ = 0)": (x[middle], q[middle])}, "x", "density",
           alt="Two equal bell curves: q around 0 and p around 2; they overlap between −1 and 3.")

# %% [markdown]
# Let us see whether densities and draws agree: which share of the real numbers lies between 2 and 3?

# %% tags=["nbval-check-output"]
drawn = draw_real(100_000)
from_draws = ((drawn > 2) & (drawn < 3)).double().mean()
from_density = integral(p * ((x > 2) & (x < 3)), x)
claims.close("the share of draws between 2 and 3 is the area under p from 2 to 3 (±0.01)",
             from_draws - from_density, 0, 0.01)

# %% [markdown]
# ## The contest has a score
#
# The discriminator gives each number $x$ a probability $D(x)$ of being real. Its score is
#
# $$V(G, D) = \mathbb{E}_{x\sim p}\big[\log D(x)\big] + \mathbb{E}_{x\sim q}\big[\log(1 - D(x))\big].$$
#
# *In words:* draw real numbers ($x \sim p$), and average the logarithm of the probability that $D$ gives to "real"; draw
# generated ones ($x \sim q$), and average the logarithm of the probability that it gives to "generated"; add the two. A
# discriminator that is certain and right scores 0, the most there is. One that is certain and wrong is punished without
# limit, because the logarithm of 0 is $-\infty$.
#
# The discriminator wants $V$ **large**, the generator wants it **small**. That is the whole game:
# $\min_G \max_D V(G, D)$, *in words:* the generator that leaves even its best opponent the smallest score.
#
# Here are three discriminators made by hand. **Predict:** in which order do they score, with the data of the figure?

# %%
by_hand = {
    "a coin: always ½": lambda x: torch.full_like(x, 0.5),
    "careful: 0.9 above 1, else 0.1": lambda x: torch.where(x > 1, 0.9, 0.1).double(),
    "reckless: 0.9999 above 1, else 0.0001": lambda x: torch.where(x > 1, 0.9999, 0.0001).double(),
}
real, fake = draw_real(100_000), draw_fake(100_000, theta=0.0)
for name, D in by_hand.items():
    by_draws = D(real).log().mean() + (1 - D(fake)).log().mean()
    by_density = integral(p * D(x).log() + q * (1 - D(x)).log(), x)
    print(f"{name:38} V = {by_draws:.3f} from draws, {by_density:.3f} from the densities")

# %% [markdown]
# The coin scores $2 \log \tfrac12 = -\log 4 \approx -1.386$, and the careful one more. The reckless one takes the same
# side everywhere, yet scores worse than the coin: the few numbers on the wrong side cost it more than all the others
# bring. The score rewards **honest probabilities**.
#
# The two columns agree, because an expectation *is* an integral: each value of $f$ counts as often as its cell is hit,
# $\mathbb{E}_{x\sim p}[f(x)] = \int p(x)\, f(x)\, \mathrm{d}x$. From now on we use the densities, which leave nothing
# to chance:
#
# $$V(G, D) = \int \Big( p(x) \log D(x) + q(x) \log(1 - D(x)) \Big)\, \mathrm{d}x.$$
#
# ## The best discriminator there is
#
# Which $D$ scores highest? The integral is a sum over cells, and what $D$ answers in one cell does not touch any other.
# So we may look at **one cell** at a time. Write $a = p(x)$, $b = q(x)$ for the two densities there, and $y = D(x)$ for
# the answer. This has to become as large as possible:
#
# $$f(y) = a \log y + b \log(1 - y), \qquad 0 < y < 1.$$
#
# **Line 1.** The [slope of $\log y$](../../docs/maths.md#logarithm) is $1/y$, that of $\log(1-y)$ is $-1/(1-y)$ (chain
# rule). So the slope of $f$ is $\;f'(y) = \dfrac{a}{y} - \dfrac{b}{1-y}$.
#
# **Line 2.** On a top the slope is 0: $\;\dfrac{a}{y} = \dfrac{b}{1-y}$.
#
# **Line 3.** Multiply both sides by $y\,(1-y)$: $\;a\,(1-y) = b\,y$, hence $a = (a + b)\,y$, and
#
# $$y = \frac{a}{a+b}.$$
#
# **Line 4.** It is a top and no valley: left of it the slope is positive ($a/y$ is large where $y$ is small), right of it
# negative ($b/(1-y)$ is large where $y$ is near 1). And there is only one.
#
# So in each cell the best answer is *the share of the real among all that falls there*:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}.$$
#
# The figure shows $f$ in three cells. **Predict:** where is the top at $x = 1$, half-way between the two bumps?

# %%
y = torch.linspace(0.001, 0.999, 999, dtype=torch.float64)


def one_cell(at):
    a, b = bump.density(torch.tensor([[at]], dtype=torch.float64)), gaussian(torch.tensor(at), 0.0)
    return (a * y.log() + b * (1 - y).log()).flatten()  # (999,)


shown = (y > 0.02) & (y < 0.98)
show.lines({f"x = {at:g}": (y[shown], one_cell(at)[shown]) for at in (0.0, 1.0, 2.0)},
           "y, the answer D(x)", "f(y) = a log y + b log(1 − y)",
           alt="Three arches: the one for x = 0 is highest at y = 0.12, that for x = 1 at 0.5, that for x = 2 at 0.88.")

# %% [markdown]
# At $x = 1$ as many real as generated numbers fall, and the top is at ½; those at 0 and 2 are at 0.12 and 0.88.
#
# Is the formula right in *every* cell? We try 999 answers in each of 800 cells, take the one with the highest $f$, and
# compare it with $a/(a+b)$.

# %% tags=["nbval-check-output"]
some = (x > -3) & (x < 5)
a, b = p[some, None], q[some, None]  # (800, 1)
tried = y[(a * y.log() + b * (1 - y).log()).argmax(dim=1)]  # (800,): the best of 999 answers
D_star = p / (p + q)  # (6000,)
claims.at_most("the best of 999 answers is p/(p+q), to the 0.001 that lies between two answers",
               (tried - D_star[some]).abs().max(), 0.001)

# %% [markdown]
# Since no answer is better in any cell, no discriminator is better altogether:
#
# $$V(G, D) \le V(G, D^*) \quad \text{for every } D.$$
#
# Remember this line; it will come back with a surprise. Now we attack it with a thousand discriminators, each of them
# $D^*$ bent at random. Does one score higher?

# %% tags=["nbval-check-output"]
noise = torch.randn(1000, 3, 1, generator=runtime.stream("bends"), dtype=torch.float64)
bends = noise[:, 0] + noise[:, 1] * torch.sin(x) + noise[:, 2] * torch.cos(2 * x)  # (1000, 6000)
D_star_logits = p.log() - q.log()  # why these are D*'s logits, the next section says
scores = divergence.gan_value(p, q, D_star_logits + bends, x)  # (1000,): V, computed from logits
claims.at_most("none of 1,000 bent discriminators scores higher than D*", (scores - optimal_value(p, q, x)).max(), 0)

# %%
print(f"D* scores {optimal_value(p, q, x):.4f}, the best of the thousand {scores.max():.4f}, "
      f"and half of them less than {scores.median():.2f}")

# %% [markdown]
# ## A discriminator learns it
#
# Real discriminators do not know $p$ and $q$. They see draws, and learn. What should they find? Divide $D^*$ above and
# below the line by $p$, and compare with the sigmoid $\sigma(d) = 1/(1+e^{-d})$:
#
# $$D^* = \frac{p}{p+q} = \frac{1}{1 + q/p} = \frac{1}{1 + e^{-\log(p/q)}} = \sigma\!\left(\log\frac{p}{q}\right).$$
#
# *In words:* **the logit of the best discriminator is $\log p/q$**, how many times more frequent the real are here, as a
# logarithm. For two Gaussians with standard deviation 1, around 2 and around $\theta$, the factors before the exponential
# are the same and cancel, the logarithm undoes the exponential, and a short calculation remains:
#
# $$\log \frac{p(x)}{q(x)} = -\frac{(x-2)^2}{2} + \frac{(x-\theta)^2}{2} = (2-\theta)\,x - \frac{4 - \theta^2}{2}.$$
#
# The $x^2$ cancel, and a straight line is left. For $\theta = 0$ it is $2x - 2$.
#
# So let the discriminator's logit be $d(x) = w_0 + w_1 x + w_2 x^2$, with three weights that begin at 0. (The square is
# there so that it *could* be wrong.) Fitting such weights by the score $V$ is called *logistic regression*, and $1$,
# $x$, $x^2$ are its *features*. The slope of $V$ for the weight $w_k$ is a mean of errors times the feature that it
# belongs to:
#
# $$\frac{\partial V}{\partial w_k} = \mathbb{E}_{x \sim p}\big[(1 - D(x))\, x^k\big] - \mathbb{E}_{x \sim q}\big[D(x)\, x^k\big],$$
#
# because the slope of $\log \sigma(d)$ is $1 - \sigma(d)$, and that of $\log(1 - \sigma(d))$ is $-\sigma(d)$. *In
# words: where a real number was doubted, raise the logit; where a generated one was believed, lower it.* The loop
# climbs this slope:

# %%
def features(x):
    return torch.stack([torch.ones_like(x), x, x**2], dim=1)  # (n, 3): 1, x, x²


def logistic_regression(real, fake, steps, lr=0.1):
    real, fake = features(real), features(fake)
    w = torch.zeros(3, dtype=torch.float64)
    for _ in range(steps):
        doubted = 1 - torch.sigmoid(real @ w)  # (n,): 1 − D on real numbers; @ is a dot product for each row
        believed = torch.sigmoid(fake @ w)  # (n,): D on generated ones
        slope = (doubted[:, None] * real).mean(0) - (believed[:, None] * fake).mean(0)  # (3,)
        w = w + lr * slope  # uphill: the discriminator wants V large
    return w


# %% [markdown]
# **Predict:** which three weights will it find from 20,000 real and 20,000 generated numbers?

# %%
n, steps = 20_000, runtime.pick(smoke=200, course=3000)
w = logistic_regression(draw_real(n), draw_fake(n, theta=0.0), steps)
print("learned:", *(f"{number:.3f}" for number in w), " · formula: −2, 2, 0")
D_learned = torch.sigmoid(features(x) @ w)
show.lines({"D* = p/(p+q)": (x[middle], D_star[middle]), "learned": (x[middle], D_learned[middle])},
           "x", "probability of “real”",
           alt="Two S-shaped curves, from 0 on the left to 1 on the right, that lie on one another.")

# %% [markdown]
# The eye sees one curve. To say how well the two agree we take the largest difference over the region where there is
# anything to learn from: where $p + q$ is above 0.01.

# %% tags=["nbval-check-output"]
def largest_error(D, p, q):
    return (D - p / (p + q)).abs()[p + q > 0.01].max().item()


claims.at_most("logistic regression finds D* from 20,000 + 20,000 draws (largest error)",
               largest_error(D_learned, p, q), 0.03)
claims.at_most("… and the weights −2, 2 and 0 of the formula (largest error)",
               (w - torch.tensor([-2.0, 2.0, 0.0])).abs().max(), 0.15)

# %% [markdown]
# Now the square gets something to do: let the generated numbers scatter twice as widely, $G(z) = 2z$. Their bell is
# half as high, and $\log p/q = \log 2 - \frac{(x-2)^2}{2} + \frac{x^2}{8}$: the $x^2$ do not cancel any more. The three
# weights should be $\log 2 - 2$, $2$ and $-\tfrac12 + \tfrac18 = -0.375$.

# %% tags=["nbval-check-output"]
w_wide = logistic_regression(draw_real(n), 2 * draw_fake(n, theta=0.0), steps)
formula = torch.tensor([math.log(2) - 2, 2, -0.375])
claims.at_most("with a wider generator, the weight of x² is learned, too (largest error of the three)",
               (w_wide - formula).abs().max(), 0.15)

# %% [markdown]
# ### When no formula is known
#
# With real data, nobody knows which features the logit needs. Let the real numbers come from *two* bumps, around −2 and
# 2 with standard deviation 0.6, and let the generator have found one of them, $\theta = 2$. Now $\log p/q$ is neither a
# line nor a parabola. So we take a small network, an MLP, with two inner layers of 64 numbers each and one logit.
# PyTorch's `backward()` now computes the slopes, and an optimiser, Adam, takes the steps (notebook 03 has these lines
# one by one). The loss is $-V$ (downhill instead of uphill), written with softplus:
# $-\log\sigma(d) = \operatorname{softplus}(-d)$ and $-\log(1-\sigma(d)) = \operatorname{softplus}(d)$. **Predict:**
# what should $D$ answer around −2, and what around 2?

# %%
def learn_network(real, fake, steps, batch=512, watch=lambda step, network: None):  # watch: for later
    real, fake = real.float()[:, None], fake.float()[:, None]  # (n, 1): networks compute in float32
    with runtime.seeded("network"):  # the first weights
        network = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    chance = runtime.stream("batches")
    for step in range(steps):
        watch(step, network)
        i = torch.randint(len(real), (2, batch), generator=chance)  # which real and which generated ones
        loss = softplus(-network(real[i[0]])).mean() + softplus(network(fake[i[1]])).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network


def logits_of(network):
    with torch.no_grad():
        return network(x.float()[:, None])[:, 0].double()  # (6000,)


# %%
bumps = toy.line(-2.0, 2.0, sigma=0.6)
p_two, q_right = bumps.density(x[:, None]), gaussian(x, 2.0)
real, fake = draw_real(n, of=bumps, name="two"), draw_fake(n, theta=2.0)
D_network = torch.sigmoid(logits_of(learn_network(real, fake, runtime.pick(smoke=50, course=1500))))
D_features = torch.sigmoid(features(x) @ logistic_regression(real, fake, steps))
near = (x > -4) & (x < 5)
curves = {"D* = p/(p+q)": p_two / (p_two + q_right), "network": D_network, "1, x, x²": D_features}
show.lines({name: (x[near], D[near]) for name, D in curves.items()}, "x", "probability of “real”",
           alt="D* falls from 1 on the left to 0.05 at x = 0, rises to a hump of 0.45 at 2, and falls to 0. The network "
               "follows it; the curve of 1, x, x² falls smoothly and rises again at the right, without valley or hump.")

# %%
for name, D in curves.items():
    print(f"{name:14} largest error where p + q > 0.01: {largest_error(D, p_two, q_right):.3f}")

# %% tags=["nbval-check-output"]
claims.at_most("a network finds D* for two bumps (largest error)", largest_error(D_network, p_two, q_right), 0.2)
claims.at_least("… and logistic regression on 1, x, x² does not (largest error)",
                largest_error(D_features, p_two, q_right), 0.3)
at_2 = (x - 2).abs().argmin()
claims.close("at 2 D* is 5/11 = 0.4545", (p_two / (p_two + q_right))[at_2], 5 / 11, 1e-4)

# %% [markdown]
# Around −2 nearly all numbers are real, and $D^*$ is 1. At 2 half of the real numbers meet all of the generated ones,
# which alone would give ⅓. But the bump of the real ones is narrower, 0.6 instead of 1, and so $1/0.6$ times as high
# for as many numbers: $p/q = \tfrac12 \cdot \tfrac{1}{0.6} = 0.83$, and $D^* = 0.83/1.83 = 0.4545$, just below ½. The
# network follows, the three features cannot. So a discriminator that is trained well comes near $p/(p+q)$: it has
# estimated the real numbers' *share of the density* from examples alone, without a formula for "looks real".
#
# ## What the best score says
#
# Now put $D^*$ into the score. What does $V(G, D^*)$ say about the two distributions? For that we need two *divergences*:
# distances in a loose sense, 0 when $p = q$.
#
# **The Kullback–Leibler divergence** (KL), here for lists of probabilities:
#
# $$\mathrm{KL}(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}, \qquad \text{for densities} \quad \int p(x) \log\frac{p(x)}{q(x)}\, \mathrm{d}x.$$
#
# *In words:* draw from $p$ and ask each time how many times more probable the draw was under $p$ than under $q$;
# average the logarithm. So it is the evidence against $q$ that one draw brings, on average. What never happens counts for
# nothing: a term with $p_k = 0$ is 0, whatever $q_k$ is. (A computer has to be told: `0 * log(0)` is not a number.) Take a
# fair coin $p$ and a loaded coin $q$ that falls on heads nine times out of ten. **Predict:** is KL the same in both
# directions?

# %%
from torch.special import xlogy  # xlogy(a, b) is a · log b, and 0 where a is 0


def kl(p, q):  # log p/q = log p − log q; the ratio itself would be 0/0 where both are 0
    return (xlogy(p, p) - xlogy(p, q)).sum()


fair, loaded = torch.tensor([0.5, 0.5]), torch.tensor([0.9, 0.1])
two_headed = torch.tensor([1.0, 0.0])  # a coin that never shows tails
print(f"KL(fair ‖ loaded) = {kl(fair, loaded):.3f} · KL(loaded ‖ fair) = {kl(loaded, fair):.3f}")
print(f"KL(two-headed ‖ fair) = {kl(two_headed, fair):.3f} · KL(fair ‖ two-headed) = {kl(fair, two_headed)}")
print(f"KL(two-headed ‖ two-headed) = {kl(two_headed, two_headed):.3f}")

# %% tags=["nbval-check-output"]
claims.close("KL of a distribution from itself is 0, also where some things never happen", kl(two_headed, two_headed), 0, 1e-9)
claims.close("for densities our kl, times a cell's width, is the library's (of two bumps from one: difference)",
             kl(p_two, q_right) * (x[1] - x[0]) - divergence.kl(p_two, q_right, x), 0, 1e-9)

# %% [markdown]
# It is not symmetric, and can be infinite: one tails proves that the coin was not two-headed.
#
# **The Jensen–Shannon divergence** (JSD) repairs both. It compares each distribution with the mixture of the two,
# $m = \tfrac12(p+q)$, in which neither is missing:
#
# $$\mathrm{JSD}(p \,\|\, q) = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m).$$
#
# *In words:* somebody throws a fair coin to choose between $p$ and $q$, draws once, and shows you the result: JSD is
# how much you learn, on average, about which one it was. If $p = q$, nothing: 0. If they never overlap, everything:
# $\log 2 \approx 0.693$, which is the whole [entropy](../../docs/maths.md#entropy) of a fair coin. It is never more.
#
# ### The proof, line by line
#
# **Line 1.** Put $D^* = p/(p+q)$ and $1 - D^* = q/(p+q)$ into $V$ (all integrals over $x$; we leave out "$(x)$" and
# "$\mathrm{d}x$"):
# $\quad V(G, D^*) = \int p \log \dfrac{p}{p+q} + \int q \log \dfrac{q}{p+q}$
#
# **Line 2.** The mixture is $m = (p+q)/2$, so $p + q = 2m$:
# $\quad = \int p \log \dfrac{p}{2m} + \int q \log \dfrac{q}{2m}$
#
# **Line 3.** The logarithm turns a factor into a term: $\log \frac{p}{2m} = \log \frac pm - \log 2$. The areas $\int p$
# and $\int q$ are 1, so $\log 2$ is taken away twice, and $2 \log 2 = \log 4$:
# $\quad = -\log 4 + \int p \log \dfrac{p}{m} + \int q \log \dfrac{q}{m}$
#
# **Line 4.** These are two KLs:
# $\quad = -\log 4 + \mathrm{KL}(p \,\|\, m) + \mathrm{KL}(q \,\|\, m)$
#
# **Line 5.** And these, by definition, twice the JSD:
#
# $$V(G, D^*) = -\log 4 + 2\, \mathrm{JSD}(p \,\|\, q).$$
#
# *In words:* the best discriminator's score is the score of a coin, plus twice the distance of generated from real.
#
# Now each line with numbers, for five generators. If one line were wrong, its row would differ from the one above.

# %%
thetas = torch.tensor([-2.0, 0.0, 1.0, 2.0, 4.0], dtype=torch.float64)
q5 = gaussian(x, thetas[:, None])  # (5, 6000): five generators
m5 = (p + q5) / 2
proof = {
    "line 1": integral(p * (p / (p + q5)).log() + q5 * (q5 / (p + q5)).log(), x),
    "line 2": integral(p * (p / (2 * m5)).log() + q5 * (q5 / (2 * m5)).log(), x),
    "line 3": -math.log(4) + integral(p * (p / m5).log(), x) + integral(q5 * (q5 / m5).log(), x),
    "line 4": -math.log(4) + divergence.kl(p, m5, x) + divergence.kl(q5, m5, x),
    "line 5": -math.log(4) + 2 * divergence.jsd(p, q5, x),
}
print("θ      ", *(f"{theta:9.0f}" for theta in thetas))
for name, row in proof.items():
    print(f"{name} ", *(f"{number:9.5f}" for number in row))

# %% tags=["nbval-check-output"]
rows = torch.stack(list(proof.values()))  # (5 lines, 5 generators)
claims.at_most("the five lines of the proof agree for five generators (largest difference)",
               (rows - rows[0]).abs().max(), 1e-9)
by_D = divergence.gan_value(p, q5, p.log() - q5.log(), x)  # V of the D with the logit log p/q
claims.at_most("V(G, D*) = −log 4 + 2 JSD(p ‖ q) for five generators (largest difference)",
               (by_D + math.log(4) - 2 * divergence.jsd(p, q5, x)).abs().max(), 1e-9)

# %% [markdown]
# ### The lowest point is p = q, and nothing else
#
# A JSD is never negative, because a KL is not. That follows from one fact: $\log t \le t - 1$ for every $t > 0$ (the
# logarithm's curve lies below its tangent at 1), with equality only at $t = 1$. With $t = q/p$:
#
# $$-\mathrm{KL}(p \,\|\, q) = \int p \log \frac{q}{p} \;\le\; \int p \left(\frac{q}{p} - 1\right) = \int q - \int p = 1 - 1 = 0.$$
#
# (If some of $q$ lies where $p$ is 0, the right side is even below 0.) It is 0 only if $q/p = 1$ wherever something
# falls: $q = p$. The JSD is made of the KLs from the mixture $m$. So it is 0 only if $p = m$ and $q = m$, which is
# $q = p$ again, and
#
# > **the generator's best is reached when $q = p$, and only then; the score there is $-\log 4$, and the best discriminator
# > is a coin.**
#
# That is why two networks fighting can make pictures. The discriminator turns *examples* into a distance between two
# distributions, and the generator makes this distance small. Nothing in the proof used that $x$ is a single number:
# with 784 pixels it reads the same, as long as pictures have densities there.
#
# We look for the lowest point by trying 801 values of $\theta$. **Predict:** what does $V$ look like far away from 2, on
# both sides?

# %%
many = torch.linspace(-8, 8, 801, dtype=torch.float64)
q_many = gaussian(x, many[:, None])  # (801, 6000)
V_many, jsd_many = optimal_value(p, q_many, x), divergence.jsd(p, q_many, x)
lowest = many[V_many.argmin()].item()
print(f"lowest at θ = {lowest:.2f}, where V = {V_many.min():.4f} (−log 4 = {-math.log(4):.4f})")
show.lines({"V(G, D*)": (many, V_many), "JSD(p ‖ q)": (many, jsd_many)}, "θ, the generator's mean", "V, JSD",
           alt="Two curves of the same shape with a dip at θ = 2: V from 0 down to −1.386, JSD from 0.693 down to 0; "
               "both flat far away.")

# %% tags=["nbval-check-output"]
claims.close("V(G, D*) is lowest where q = p, at θ = 2", lowest, 2, 0.011)
claims.close("… and its lowest value is −log 4", V_many.min(), -math.log(4), 1e-9)
claims.at_most("JSD is never more than log 2", jsd_many.max() - math.log(2), 1e-9)

# %% [markdown]
# ### Drag it yourself
#
# In JupyterLab: drag the generator's mean $\theta$ or its standard deviation $\sigma$, and watch $D^*$, $V$, JSD and a
# third distance, $W_1$, which comes next. Try the two bumps: one bump cannot cover both, so which compromise do the
# curves prefer? (Where no kernel runs, you see three means, marked in the curves below them.)

# %%
mean_explorer({"one bump around 2": bump, "two bumps at −2 and 2": bumps})

# %% [markdown]
# ## Where the score is blind
#
# Far from 2 the curves become flat. How flat? First a case that is exact: *boxes*. The real numbers are spread evenly
# from 0 to 1, the generated ones from $\theta$ to $\theta + 1$. (The *support* of a distribution is where its density
# is not 0.) For $\theta \ge 1$ the supports do not overlap. **Predict:** how do $V$ and JSD change from $\theta = 2$ to
# $\theta = 5$?

# %%
def box(left):
    return ((x > left) & (x < left + 1)).double()  # a density: height 1, width 1


print("   θ        V      JSD")
for theta in (0.0, 0.25, 0.5, 1.0, 2.0, 5.0):
    V, distance = optimal_value(box(0), box(theta), x), divergence.jsd(box(0), box(theta), x)
    print(f"{theta:4.2f}  {V:7.4f}  {distance:7.4f}")

# %% [markdown]
# From $\theta = 1$ on, nothing changes: "no overlap" is all that $V$ can say, and a generator that is 5 away learns no
# more than one that is 2 away. It is not told in which direction to go.
#
# Gaussians always overlap a little, so the slope is exactly 0 only at $\theta = 2$. But how large is it elsewhere?
# PyTorch finds the slope of $V$ for $\theta$ if we mark $\theta$ with `requires_grad`; `slope_of` below hands it back.

# %%
def slope_of(distance, theta):
    theta = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(distance(p, gaussian(x, theta), x), theta)[0].item()


for theta in (1.0, 0.0, -2.0, -4.0, -8.0, -18.0):
    print(f"θ = {theta:5.1f}, {2 - theta:4.1f} away: slope of V {slope_of(optimal_value, theta):9.1e}")  # e-02: times 0.01

# %% [markdown]
# At a distance of 20 the slope is about $10^{-22}$. No sensible step size moves such a generator. This is a **vanishing
# gradient**, in a generator with a single weight and no layers at all. A4 explains vanishing gradients by the depth of
# the network: depth can add to it, but here there is none. The cause is the score.
#
# ### A distance that sees
#
# **Wasserstein-1** ($W_1$), the *earth mover's distance*: think of $q$ as a heap of earth, and of $p$ as where it
# should lie. $W_1$ is the least work, amount times distance, that turns one into the other. On the line the best plan
# is simple: do not let ways cross. The smallest goes to the smallest, the second to the second, and so on. Here for
# means that are 5 apart:

# %%
def w1_by_sorting(a, b):
    return (a.sort().values - b.sort().values).abs().mean()


real, fake = draw_real(n), draw_fake(n, theta=-3.0)
print(f"by sorting {w1_by_sorting(real, fake):.4f} · scipy {wasserstein_distance(real.numpy(), fake.numpy()):.4f}")

# %% [markdown]
# With densities instead of draws, "the $k$-th smallest" becomes the *quantile* $F^{-1}(u)$: the number below which the
# share $u$ of all draws lies. ($F^{-1}(0.5)$ is the middle.) So $W_1$ is the mean distance of equal quantiles,
#
# $$W_1(p, q) = \int_0^1 \big| F_p^{-1}(u) - F_q^{-1}(u) \big|\, \mathrm{d}u.$$
#
# For Gaussians with mean $\mu$ and standard deviation $\sigma$, quantiles are $\mu + \sigma z$, with the same $z$ for
# the same $u$. If both have the same $\sigma$, each quantile is exactly $\mu_p - \mu_q$ away from its partner. So
#
# $$W_1 = |\mu_p - \mu_q|.$$
#
# *In words: the whole heap moves as one.* We check three ways of computing it: this formula, the densities, and scipy
# on draws.

# %% tags=["nbval-check-output"]
by_formula = (2 - thetas).abs()
claims.at_most("W₁ of two equal Gaussians is the distance of their means (largest difference, five generators)",
               (divergence.w1(p, q5, x) - by_formula).abs().max(), 1e-6)
by_scipy = [wasserstein_distance(real.numpy(), draw_fake(n, theta.item()).numpy()) for theta in thetas]
claims.at_most("… and scipy agrees, on 20,000 draws (largest difference)",
               (torch.tensor(by_scipy) - by_formula).abs().max(), 0.05)
three = torch.stack([w1_by_sorting(real, fake), divergence.w1_samples(real, fake),
                     torch.tensor(wasserstein_distance(real.numpy(), fake.numpy()), dtype=torch.float64)])
claims.at_most("our sorting, the library's and scipy give the same distance", three.max() - three.min(), 1e-9)

# %% [markdown]
# A distance $|2 - \theta|$ has the slope $-1$ everywhere on the left of 2 and $+1$ on the right, however far away. Side
# by side, the *size* of the slope (the vertical scale is logarithmic: each line is a thousand times the one below it):

# %%
places = [-18.0 + 0.5 * i for i in range(40)]  # −18 to 1.5
sizes = {name: [abs(slope_of(distance, theta)) for theta in places]
         for name, distance in (("V(G, D*)", optimal_value), ("W₁", divergence.w1))}
show.lines({name: (places, size) for name, size in sizes.items()},
           "θ, the generator's mean", "size of the slope", log_y=True,
           alt="W₁'s slope is 1 throughout. V's slope is below 0.5 near θ = 2, and falls to about 1e-22 at θ = −18.")

# %% tags=["nbval-check-output"]
box_V = [optimal_value(box(0), box(theta), x).item() for theta in (1.0, 2.0, 5.0)]
box_w1 = [divergence.w1(box(0), box(theta), x).item() for theta in (1.0, 2.0, 5.0)]
claims.at_most("with no overlap V is the same wherever q is (boxes at 1, 2 and 5)", max(box_V) - min(box_V), 1e-12)
claims.close("… while W₁ is the distance: it grows by 4 from 1 to 5", box_w1[2] - box_w1[0], 4, 1e-6)
claims.at_most("20 standard deviations away, the slope of V is nothing", sizes["V(G, D*)"][0], 1e-15)
claims.close("… and the slope of W₁ there is 1", sizes["W₁"][0], 1, 1e-6)

# %% [markdown]
# So why does not everybody use $W_1$? On the line it takes one sort; in 784 dimensions there is no "k-th smallest"
# picture, and the best plan is hard to find. Notebook 02 turns $W_1$ into a loss for a discriminator (Arjovsky,
# Chintala and Bottou 2017).
#
# ## The game, played
#
# In the game, the generator takes its step while the discriminator **stands still**. Is the slope that it follows then
# the slope of $V(G, D^*)$, in which $D^*$ would move along with $\theta$? Yes! $D^*$ sits on the top of $V$, and on a
# top the slope is 0: moving $D$ a little changes nothing. (This is called the *envelope theorem*.)

# %% tags=["nbval-check-output"]
def slope_with_D_frozen(theta):
    frozen = (p.log() - gaussian(x, theta).log()).detach()  # D*'s logits for this θ; detach: they stand still
    return slope_of(lambda p, q, x: divergence.gan_value(p, q, frozen, x), theta)


differences = [abs(slope_with_D_frozen(theta) - slope_of(optimal_value, theta)) for theta in (-2.0, 0.0, 1.0, 2.0, 4.0)]
claims.at_most("with D* frozen, the generator's slope is the slope of −log 4 + 2 JSD (largest difference)",
               max(differences), 1e-9)

# %% [markdown]
# So **if** the discriminator is the best before each of the generator's steps, the generator walks down the JSD. This
# walk, from $\theta = -1$:

# %%
theta, best_D = -1.0, []
for _ in range(800):
    theta = theta - 0.1 * slope_of(optimal_value, theta)  # downhill
    best_D.append(theta)
print(f"after 800 steps θ = {theta:.4f}; never above {max(best_D):.4f}")

# %% [markdown]
# A real game cannot afford the best discriminator. `course_lib.training.Game` gives each player **one step**, in turn
# (notebook 03 writes that loop in full). The generator has its one weight; the discriminator is $d(x) = w x + b$, which
# is enough, as we have seen: the best logit is a straight line. The loss `Minimax()` is $V$, estimated from batches of
# 256 numbers; `"sgd"` is plain gradient descent with the step size `lr`, for both. **Predict:** does $\theta$ take the
# same way?

# %%
class MeanGenerator(nn.Module):  # a network: nn.Parameter is a weight, forward() what it computes
    latent = 1  # random numbers for each example

    def __init__(self, mean):
        super().__init__()
        self.mean = nn.Parameter(torch.tensor(mean))

    def forward(self, z):  # (N, 1)
        return self.mean + z


def play(start, steps, loss):
    with runtime.seeded("game"):
        game = Game(MeanGenerator(start), nn.Linear(1, 1), loss,
                    lr=0.1, optimiser="sgd", batch=256, ema=0)  # ema=0: no averaged generator
    return [game.generator.mean.item() for _ in game.steps(numbers, steps, runtime)]


numbers = toy.draw_points(bump, runtime, n)  # 20,000 real numbers, in batches of 256
one_each = play(-1.0, runtime.pick(smoke=50, course=800), Minimax())

# %%
show.lines({"D is the best before each step": (range(800), best_D), "one step each": (range(len(one_each)), one_each)},
           "step", "θ, the generator's mean", level=(2.0, "real mean"),
           alt="With the best D, θ rises to 2 and stays. With one step each it rises beyond 2, returns, "
               "and swings around 2 less and less.")

# %% [markdown]
# With the best $D$, $\theta$ goes to 2 and stays. With one step each, it runs *past* 2 and swings back, again and
# again: the discriminator still believes what was true some steps ago, and the generator follows yesterday's advice.
# A game is no walk downhill. Here, with equal step sizes, the swings die out; in other games, even one as small, they
# need not.

# %% tags=["nbval-check-output"]
claims.close("with the best D, θ reaches the real mean", best_D[-1], 2, 0.01)
claims.at_most("… and never runs past it", max(best_D) - 2, 0.001)
claims.at_least("with one step each, θ runs past the real mean by at least 0.2", max(one_each) - 2, 0.2)
claims.close("… and ends near it all the same (mean of the last 100 steps)", sum(one_each[-100:]) / 100, 2, 0.1)

# %% [markdown]
# And from far away, $\theta = -8$? By what we know about slopes, the generator should hardly move once the
# discriminator is sure. We also let it follow another loss, $-\mathbb{E}[\log D(G(z))]$ instead of
# $\mathbb{E}[\log(1 - D(G(z)))]$: the *non-saturating* loss, against a discriminator of the same kind. **Predict:**
# can another loss get a slope out of the same $D$?

# %%
stuck = play(-8.0, runtime.pick(smoke=50, course=800), Minimax())
rescued = play(-8.0, runtime.pick(smoke=50, course=800), NonSaturating())
show.lines({"minimax": (range(len(stuck)), stuck), "non-saturating": (range(len(rescued)), rescued)},
           "step", "θ, the generator's mean", level=(2.0, "real mean"),
           alt="With the minimax loss θ stays at −8. With the non-saturating loss it climbs to 2, runs past it, "
               "and settles.")

# %% tags=["nbval-check-output"]
claims.at_most("from 10 away, 800 steps of the minimax game move θ by less than 0.2", abs(stuck[-1] + 8), 0.2)
claims.close("… and the non-saturating loss brings it home (mean of the last 100 steps)",
             sum(rescued[-100:]) / 100, 2, 0.15)

# %% [markdown]
# So here "blind" is a statement about $V$, not about the discriminator: its logit is a line, which slopes everywhere.
# For our boxes no loss would help: there the best $D$ is flat, 0 on the whole generated box. Pictures are nearer to
# the boxes, because few latent numbers fill only a thin part of the space of pixels (Arjovsky and Bottou 2017); what
# helps in practice is that a trained $D$ is never the best. Which loss gets that knowledge to the generator is the
# subject of notebook 02. But note: with the non-saturating loss, the generator no longer walks down the JSD, so the
# proof above does not cover it. It shares the goal, $q = p$, and not the way.
#
# ## What a discriminator can tell, and what not
#
# We have proved: **every** discriminator scores at most $V(G, D^*)$. Read it the other way round: the score of *any* $D$
# gives a **lower bound** on the distance,
#
# $$\frac{V(G, D) + \log 4}{2} \;\le\; \mathrm{JSD}(p \,\|\, q).$$
#
# A weak $D$ makes a bad generator look good: against a coin every generator gets $V = -\log 4$, as if it were perfect.
# So a discriminator's loss cannot prove that a generator is good.
#
# And now the surprise. Let $q = p$: real and generated come from the *same* distribution, there is nothing to learn,
# and no $D$ can score above $-\log 4$. The network learns from 50 numbers of each kind. **Predict:** which score does
# it reach on these 100 numbers?

# %%
def learning_curve(n, steps):
    """The score on the learner's own numbers, and the true one (from the densities), as a network learns."""
    real, fake = draw_real(n, name="few real"), draw_fake(n, theta=2.0, name="few fake")
    curve = {"step": [], "own": [], "true": []}

    def watch(step, network):
        if step % 20 == 0:
            with torch.no_grad():
                d_real, d_fake = network(real.float()[:, None]), network(fake.float()[:, None])
                own = -softplus(-d_real).mean() - softplus(d_fake).mean()
            curve["step"].append(step)
            curve["own"].append(own.item())
            curve["true"].append(divergence.gan_value(p, p, logits_of(network), x).item())

    learn_network(real, fake, steps + 1, watch=watch)
    return curve


# %%
few = learning_curve(50, runtime.pick(smoke=40, course=600))
show.lines({"on its own 50 + 50 numbers": (few["step"], few["own"]), "true score": (few["step"], few["true"])},
           "step", "score V(G, D)", level=(-math.log(4), "−log 4: the best there is"),
           alt="The score on the 50 + 50 numbers rises above −log 4, step after step; the true score falls below it.")

# %% [markdown]
# On its own numbers the score rises above the highest possible value! The network learns them by heart: it *overfits*.
# The inequality is about the true expectations, and there it holds: the true score even sinks. With more numbers? We
# read both scores as the lower bound above, $(V + \log 4)/2$; the JSD is 0.

# %%
curves = {size: learning_curve(size, runtime.pick(smoke=40, course=600)) for size in (50, 500, 5000)}
print("numbers   bound by its own score   bound by its true score")
for size, curve in curves.items():
    own, true = ((curve[name][-1] + math.log(4)) / 2 for name in ("own", "true"))
    print(f"{size:7,} {own:24.4f} {true:25.4f}")

# %% tags=["nbval-check-output"]
beyond = max(max(curve["true"]) for curve in curves.values()) + math.log(4)
claims.at_most("the true score of a learning D never exceeds −log 4 + 2 JSD, at any step", beyond, 1e-9)
claims.at_least("… but on its own 50 + 50 numbers it does, by at least 0.05", curves[50]["own"][-1] + math.log(4), 0.05)
claims.true("the fewer numbers, the more a discriminator overfits (own score minus true score, 50, 500, 5,000)",
            curves[50]["own"][-1] - curves[50]["true"][-1] > curves[500]["own"][-1] - curves[500]["true"][-1]
            > curves[5000]["own"][-1] - curves[5000]["true"][-1])

# %% [markdown]
# So a score has to be measured on numbers that the discriminator has *not* learned from. And A5's advice, a smaller
# training set against overfitting, does the opposite.
#
# ## When the generator cannot reach p
#
# Our generator can only make one bump. If the real data have two, $q = p$ is out of reach, and the distance decides
# what the best compromise is. **Predict:** where does each of the three distances want $\theta$ to be? (The curves are
# scaled to the same height.)

# %%
wide = {"KL(p ‖ q)": divergence.kl(p_two, q_many, x), "JSD(p ‖ q)": divergence.jsd(p_two, q_many, x),
        "W₁(p, q)": divergence.w1(p_two, q_many, x)}
near = many.abs() <= 4
show.lines({name: (many[near], curve[near] / curve[near].max()) for name, curve in wide.items()},
           "θ, the generator's mean", "share of the highest value shown",
           alt="Over θ from −4 to 4: KL is a parabola, lowest at 0; JSD has two dips, near −1.8 and 1.8, "
               "and a hill between; W₁ is flat around 0 and rises outside.")

# %%
for name, curve in wide.items():
    print(f"{name}: lowest at θ = {round(many[curve.argmin()].item(), 2) + 0.0:.2f}")

# %% [markdown]
# KL wants the middle, where hardly a real number lies, so as to leave neither bump out. JSD, with the generator's
# width held at 1, settles on **one bump** and ignores the other: two places are equally good. If the width may change
# as well, JSD, too, covers both: at a width of 2 the middle is best. $W_1$ wants the middle, too, but hardly cares.
# (A generator with more weights *can* make two bumps. When it does not, that is called mode collapse: notebook 04.
# JSD's taste is a suspect, and a disputed one.)

# %% tags=["nbval-check-output"]
claims.close("of two bumps at ±2, JSD chooses one: its best θ is about 1.8 from the middle",
             abs(many[wide["JSD(p ‖ q)"].argmin()]), 1.8, 0.1)
claims.close("… KL(p ‖ q) chooses the middle", many[wide["KL(p ‖ q)"].argmin()], 0, 0.01)

# %% [markdown]
# ## What the articles say
#
# A2 writes the GAN as $G(z) = G_1(z)$, $D(x) = D_1(x)$. That is true of *every* generator, and so it says nothing;
# $G(z) = \theta + z$ excludes something. A4 says that the generator's loss measures the difference between generated
# and real data. The generator's part of $V$ is $\mathbb{E}_{x\sim q}[\log(1 - D(x))]$; it wants this low. We ask two
# discriminators about it, each with the perfect generator and with a bad one:

# %%
def generator_loss(D, theta):
    return integral(gaussian(x, theta) * torch.log(1 - D), x).item()


halves = torch.full_like(x, 0.5)
learned = D_learned.clamp(1e-6, 1 - 1e-6)  # log 0 would be −∞
for name, D, other in (("a coin", halves, -8.0), ("learned against θ = 0", learned, 5.0)):
    perfect, bad = generator_loss(D, 2.0), generator_loss(D, other)
    print(f"{name:22} {perfect:7.3f} for the perfect generator, {bad:7.3f} for θ = {other:g}")

# %% [markdown]
# The coin sees no difference. The second one *prefers* a generator that has gone 3 too far: "more to the right" is all
# that it ever learned. A generator's loss is the opinion of the discriminator at hand. Only the best $D$ makes it a
# distance.

# %% tags=["nbval-check-output"]
claims.at_most("against a coin, a perfect generator and one 10 away have the same loss",
               abs(generator_loss(halves, 2.0) - generator_loss(halves, -8.0)), 1e-9)
claims.true("a D that was learned against θ = 0 gives θ = 5 a better loss than θ = 2, which is perfect",
            generator_loss(learned, 5.0) < generator_loss(learned, 2.0))

# %% [markdown]
# | article | it says | what we measured |
# |---|---|---|
# | A2 | the model is $G(z) = G_1(z)$, $D(x) = D_1(x)$ | it fits θ = −2 and θ = 2 alike, whose best scores lie 1.27 apart |
# | A4 | the minimax formula | right: its lowest point is $q = p$, proved and found |
# | A4 | the generator's loss measures how far generated data are from real ones | it is D's opinion: a coin sees no difference, an outdated D prefers the worse generator |
# | A4 | gradients vanish because networks are deep | the slope vanishes with one weight and no layer, too: there the cause is the loss |
# | A5 | a smaller training set prevents overfitting | the opposite: with 50 numbers D overfits most |
#
# ## Exercises
#
# **1. The best discriminator, when fakes are more frequent.** Some games show the discriminator $k$ generated examples
# for each real one. Its score is then $\mathbb{E}_{x\sim p}[\log D(x)] + k\, \mathbb{E}_{x\sim q}[\log(1 - D(x))]$.
# Take the four lines of “The best discriminator there is” again, and return the best $D$. `p` and `q` are tensors of
# densities, `k` is a number.

# %% tags=["exercise"]
def best_discriminator(p, q, k):
    ...  # your line: return …


check.best_discriminator(best_discriminator)

# %% [markdown]
# <details><summary>Hint 1</summary>In one cell, a log y + k b log(1 − y) has to become as large as possible. Only one term has changed.</details>
# <details><summary>Hint 2</summary>On the top, a / y = k b / (1 − y). Multiply both sides by y (1 − y), and find y.</details>
# <details><summary>Hint 3</summary>With k = 1 you must get D* back; with a large k, the answers must go down.</details>

# %% tags=["solution"]
def solution_best_discriminator(p, q, k):
    return p / (p + k * q)


check.best_discriminator(solution_best_discriminator, solution=True)

# %% [markdown]
# **2. The Jensen–Shannon divergence** of two lists of probabilities (tensors). Use `kl(p, q)` from above.

# %% tags=["exercise"]
def jsd(p, q):
    ...  # your lines, ending in: return …


check.jsd(jsd)

# %% [markdown]
# <details><summary>Hint 1</summary>First the mixture m: entry by entry the mean of p and q.</details>
# <details><summary>Hint 2</summary>Then two calls of kl, each with m in second place.</details>
# <details><summary>Hint 3</summary>The mean of the two, not their sum: two lists that share nothing must give log 2.</details>

# %% tags=["solution"]
def solution_jsd(p, q):
    mixture = (p + q) / 2
    return kl(p, mixture) / 2 + kl(q, mixture) / 2


check.jsd(solution_jsd, solution=True)

# %% [markdown]
# **3. Which one goes to 0 when …** Four questions; write your answers as four letters, such as `"aaaa"`. "D's loss" is
# $-V$, and "G's loss" the non-saturating $-\mathbb{E}[\log D(G(z))]$.
#
# 1. The generator becomes perfect, $q \to p$, and $D$ is always the best. What goes to 0?
#    **(a)** $V$ &nbsp; **(b)** D's loss &nbsp; **(c)** JSD &nbsp; **(d)** G's loss
# 2. The generator moves further and further away, and $D$ is always the best. What goes to 0?
#    **(a)** D's loss &nbsp; **(b)** JSD &nbsp; **(c)** $W_1$ &nbsp; **(d)** G's loss
# 3. The generator is far away, and $D$ is the best. Which slope for $\theta$ does *not* go to 0?
#    **(a)** that of $V$ &nbsp; **(b)** that of JSD &nbsp; **(c)** that of D's loss &nbsp; **(d)** that of $W_1$
# 4. In a training, D's loss stays at $1.386 = \log 4$. What do you know?
#    **(a)** $q = p$ &nbsp; **(b)** this D scores no better than a coin, whether there is a difference or not &nbsp;
#    **(c)** D has won &nbsp; **(d)** D overfits

# %% tags=["exercise"]
which = ...  # your four letters

check.which(which)

# %% [markdown]
# <details><summary>Hint 1</summary>Questions 1 and 2: what is D at the end, ½ everywhere or certain and right? Put that into each formula.</details>
# <details><summary>Hint 2</summary>Question 3: three of the four are the same thing, up to a factor and a constant.</details>
# <details><summary>Hint 3</summary>Question 4: what does a coin score against the best generator, and against the worst?</details>

# %% tags=["solution"]
solution_which = "cadb"
check.which(solution_which, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - The best discriminator answers $p/(p+q)$; its logit is $\log p/q$. With enough examples, networks come close to it.
# - Its score is $-\log 4 + 2\,\mathrm{JSD}(p \,\|\, q)$, which is lowest when $q = p$, and only then: that is what a
#   GAN with this score and the best $D$ optimises.
# - **Strengths:** the discriminator estimates a distance from examples, without any formula for the data; the generator needs
#   nothing but slopes.
# - **Limits:** the proof needs the *best* $D$. Without overlap the score is blind. With one step each, the game is no walk
#   downhill. Any single $D$ gives a lower bound, and on its own training examples not even that.
# - **Software:** `course_lib.metrics.divergence` for densities on the line; `scipy.stats.wasserstein_distance` for draws;
#   [POT](https://pythonot.github.io) for Wasserstein distances in more dimensions.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661). Proposition 1 is $D^*$,
#   theorem 1 the score.
# - J. Lin. *Divergence measures based on the Shannon entropy.* IEEE Transactions on Information Theory 37, 1991. The JSD.
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein generative adversarial networks.* ICML 2017,
#   [arXiv:1701.07875](https://arxiv.org/abs/1701.07875). Example 1 is like our boxes: two parallel lines in the plane.
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017,
#   [arXiv:1701.04862](https://arxiv.org/abs/1701.04862). Why the best $D$ of thin sets of pictures is flat.
# - L. Mescheder, A. Geiger, S. Nowozin. *Which training methods for GANs do actually converge?* ICML 2018,
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406). A game as small as ours, which swings for ever.
