# %% [markdown]
# # 1.2 What does the best score say?
#
# **You need** [lesson 1.1](1_best_discriminator.ipynb): densities, the score $V$, the best discriminator $D^*$.
# **You will** compute two distances between distributions, prove that the best score contains one of them, and show where
# the score is lowest. About 30 minutes to read, 50 with the exercises.
#
# In lesson 1.1 the best discriminator answered $D^*(x) = p(x)/(p(x)+q(x))$, and scored −0.71 against a generator at
# $\theta = 0$. This score, $V(G, D^*)$, depends on nothing but $p$, the density of the real data, and $q$, that of the
# generated ones. What does it say about the two?

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torch.special import xlogy  # xlogy(a, b) is a · log b, and 0 where a is 0

from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, integral, midpoints, optimal_value
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.2", runtime)
check = syllabus.checks("01")
ask = syllabus.questions("01.2")
print(runtime.describe())
print(syllabus.time_of("01.2"))

# %% [markdown]
# ## Two distances
#
# A *divergence* is a distance in a loose sense: never negative, and 0 only when $p = q$. **The Kullback–Leibler divergence**
# (KL) of two lists of probabilities $p_1, p_2, \dots$ and $q_1, q_2, \dots$ is
#
# $$\mathrm{KL}(p \,\|\, q) = \sum_k p_k \log \frac{p_k}{q_k}, \qquad \text{for densities} \quad \int p(x) \log\frac{p(x)}{q(x)}\, \mathrm{d}x.$$
#
# *In words:* draw from $p$; ask how many times more probable the draw was under $p$ than under $q$; average the logarithm.
# So KL is the evidence against $q$ that one draw from $p$ brings, on average.
#
# What never happens counts for nothing: a term with $p_k = 0$ is 0, whatever $q_k$ is. PyTorch has to be told, because
# for it `0 * log(0)` is not a number.
#
# A fair coin shows heads and tails equally often. A loaded coin shows heads nine times out of ten.

# %%
ask.predict("symmetric")

# %% tags=["nbval-check-output"]
def kl(p, q):  # log p/q = log p − log q; the ratio itself would be 0/0 where both are 0
    return (xlogy(p, p) - xlogy(p, q)).sum()


coins = {
    "fair": torch.tensor([0.5, 0.5]),  # heads, tails
    "loaded": torch.tensor([0.9, 0.1]),
    "two-headed": torch.tensor([1.0, 0.0]),  # never shows tails
}
show_table("KL(row ‖ column) of three coins", ("", *coins),
           [(name, *(f"{kl(one, other):.3f}" for other in coins.values())) for name, one in coins.items()])

x = midpoints(-30, 30, 6000)  # the middles of 6,000 strips, each 0.01 wide
p, q = toy.line(2.0, sigma=1.0).density(x[:, None]), gaussian(x, 0.0)  # (6000,) each: the bells of lesson 1.1
claims.close("KL of a distribution from itself is 0, also where some things never happen",
             kl(coins["two-headed"], coins["two-headed"]), 0, 1e-9)
claims.close("for densities our kl, times a strip's width, is the library's (difference)",
             kl(p, q) * (x[1] - x[0]) - divergence.kl(p, q, x), 0, 1e-9)

# %% [markdown]
# If you expected one number for both directions: KL has a direction. It can also be infinite: a single tails proves that
# the coin was not two-headed, so $\mathrm{KL}(\text{fair} \,\|\, \text{two-headed}) = \infty$.
#
# The last check was about densities, the two bells of lesson 1.1. There, our sum over the strips has to be multiplied by
# their width.
#
# **The Jensen–Shannon divergence** (JSD; Lin 1991) has one number for both directions, and is never infinite. It
# compares each distribution with their *mixture* $m = \tfrac12(p+q)$, in which neither is missing:
#
# $$\mathrm{JSD}(p \,\|\, q) = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m).$$
#
# *In words:* the mean of the KL of each from the mixture. If $p = q$, it is 0. If the two never overlap, then $p = 2m$
# wherever $p$ is not 0, and likewise for $q$: both KLs are $\log 2 \approx 0.693$, and so is the JSD. It is never more:
# $p$ is at most $2m$ everywhere, so no ratio exceeds 2.

# %% [markdown]
# **Exercise 1: the Jensen–Shannon divergence** of two lists of probabilities (tensors). Use `kl(p, q)` from above.

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

# %%
ask.predict("perfect")

# %% [markdown]
# ## The proof, line by line
#
# **Line 1.** Put $D^* = p/(p+q)$ and $1 - D^* = q/(p+q)$ into $V$. All integrals are over $x$; we leave out “$(x)$” and
# “$\mathrm{d}x$”.
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
# **Line 5.** And these are, by definition, twice the JSD:
#
# $$V(G, D^*) = -\log 4 + 2\, \mathrm{JSD}(p \,\|\, q).$$
#
# *In words:* the best discriminator's score is the score of a coin, plus twice the distance of generated from real.
#
# Now each line with numbers, for five generators. The real numbers scatter around 2 and the generated ones around
# $\theta$, both with standard deviation 1, as in lesson 1.1.

# %% tags=["nbval-check-output"]
thetas = torch.tensor([-2.0, 0.0, 1.0, 2.0, 4.0], dtype=torch.float64)
q5 = gaussian(x, thetas[:, None])  # (5, 6000): five generators
m5 = (p + q5) / 2  # p: the real density, from above
proof = {
    "line 1": integral(p * (p / (p + q5)).log() + q5 * (q5 / (p + q5)).log(), x),
    "line 2": integral(p * (p / (2 * m5)).log() + q5 * (q5 / (2 * m5)).log(), x),
    "line 3": -math.log(4) + integral(p * (p / m5).log(), x) + integral(q5 * (q5 / m5).log(), x),
    "line 4": -math.log(4) + divergence.kl(p, m5, x) + divergence.kl(q5, m5, x),
    "line 5": -math.log(4) + 2 * divergence.jsd(p, q5, x),
}
show_table("The five lines of the proof for five generators", ("", *(f"θ = {theta:g}" for theta in thetas)),
           [(name, *(f"{number:.5f}" for number in row)) for name, row in proof.items()])
rows = torch.stack(list(proof.values()))  # (5 lines, 5 generators)
claims.at_most("the five lines of the proof agree for five generators (largest difference)",
               (rows - rows[0]).abs().max(), 1e-9)
by_D = divergence.gan_value(p, q5, p.log() - q5.log(), x)  # V of the D with the logit log p/q
claims.at_most("V(G, D*) = −log 4 + 2 JSD(p ‖ q) for five generators (largest difference)",
               (by_D + math.log(4) - 2 * divergence.jsd(p, q5, x)).abs().max(), 1e-9)

# %% [markdown]
# In each column all five numbers agree. At $\theta = 2$, where $q = p$, they are −1.38629: the score of a coin. If you
# expected 0 there: 0 is the score of a $D$ that is certain and right. Against a perfect generator no $D$ can be.

# %% [markdown]
# **Exercise 2: finish the line.** A best discriminator scores `V`. Return the JSD of real and generated.

# %% tags=["exercise"]
def distance_from_score(V):
    ...  # your line: return …


check.distance_from_score(distance_from_score)

# %% [markdown]
# <details><summary>Hint 1</summary>Solve line 5 of the proof for the JSD: bring log 4 to the other side first.</details>
# <details><summary>Hint 2</summary><code>math.log</code> is the logarithm with base e. A score of −log 4 must give 0, a score of 0 must give log 2.</details>

# %% tags=["solution"]
def solution_distance_from_score(V):
    return (V + math.log(4)) / 2


check.distance_from_score(solution_distance_from_score, solution=True)

# %% [markdown]
# **Exercise 3: more fakes than real ones.** A game shows $D$ $k$ generated numbers for each real one (lesson 1.1,
# exercise 2). Its score is then $\mathbb{E}_{x\sim p}[\log D(x)] + k\, \mathbb{E}_{x\sim q}[\log(1 - D(x))]$. The
# generator is perfect: $q = p$. Which answer does the best $D$ give, the same everywhere? And what does it score?
# Return the two numbers.

# %% tags=["exercise"]
def more_fakes(k):
    ...  # your lines, ending in: return the answer, the score


check.more_fakes(more_fakes)

# %% [markdown]
# <details><summary>Hint 1</summary>For each real number there are k generated ones, and they all look alike. Which share of them is real?</details>
# <details><summary>Hint 2</summary>With k = 3 the answer is one in four; with k = 1 it must be a coin's.</details>
# <details><summary>Hint 3</summary>The mean of a number that is the same everywhere is this number: no integral is left. For k = 1 the score must be −log 4.</details>

# %% tags=["solution"]
def solution_more_fakes(k):
    real_share = 1 / (1 + k)
    return real_share, math.log(real_share) + k * math.log(1 - real_share)


check.more_fakes(solution_more_fakes, solution=True)

# %% [markdown]
# ## What one draw tells
#
# There is a second way to read the JSD. Somebody throws a fair coin to choose between $p$ and $q$, draws one number
# from the chosen one, and shows it to you. You are not told what the coin said. How much does the number tell you about the coin? Before,
# you would give the truth the probability ½, with logarithm $-\log 2$. Now $D^*$ gives it another one. The difference
# of the two logarithms is what you learn. (It is negative when a draw misleads you.) We average it over 100,000 draws,
# with $\theta = 0$, where $D^*(x) = \operatorname{sigmoid}(2x - 2)$.

# %%
n = 100_000
from_p = torch.rand(n, generator=runtime.stream("coin")) < 0.5  # (n,): which one was chosen
z = torch.randn(n, generator=runtime.stream("draws"), dtype=torch.float64)
drawn = torch.where(from_p, 2 + z, z)
said = torch.sigmoid(2 * drawn - 2)
to_the_truth = torch.where(from_p, said, 1 - said)  # (n,): the probability that D* gave to what was chosen
learned = to_the_truth.log().mean() + math.log(2)
print(f"learned from one draw: {learned:.3f} · JSD: {divergence.jsd(p, gaussian(x, 0.0), x):.3f} · log 2: {math.log(2):.3f}")

# %% [markdown]
# Up to chance, one draw tells on average as much as the JSD says (its name: *mutual information*). It is about half of $\log 2$, which a draw tells when it
# leaves no doubt. This is line 5 again: $V(G, D^*)/2$ is the mean logarithm of the probability that $D^*$ gives to the
# truth, a coin's is $-\log 2$, and the difference is the JSD.
#
# ## The lowest point is p = q, and nothing else
#
# A JSD is the mean of two KLs, and a KL is never negative. This follows from one fact, which the figure shows:
# $\log t \le t - 1$ for every $t > 0$, with equality only at $t = 1$. There both sides are 0. The line $t - 1$ has the slope 1, and $\log t$ has the
# slope $1/t$. Walk from $t = 1$ to the right: $1/t$ is less than 1, so $\log t$ rises more slowly than the line. Walk to the
# left: $1/t$ is more than 1, so $\log t$ falls faster than the line. So it stays below on both sides.

# %%
t = torch.linspace(0.05, 4, 400)
title = "The logarithm never rises above its tangent at 1"
figures.chart({title: {"log t": (t, t.log()), "t − 1": (t, t - 1)}}, "t", "value", dots={title: {"t = 1": (1, 0)}},
              alt="The curve of log t lies below the line t − 1 everywhere, and touches it at t = 1.")

# %% [markdown]
# Put $t = q/p$ into it. First, $-\log(p/q) = \log(q/p)$. Multiply $\log t \le t - 1$ by $p$, which is never negative, and
# add up:
#
# $$-\mathrm{KL}(p \,\|\, q) = \int p \log \frac{q}{p} \;\le\; \int p \left(\frac{q}{p} - 1\right) = \int q - \int p = 1 - 1 = 0.$$
#
# *In words:* minus the KL is at most 0, so the KL is at least 0. (The integrals skip places with $p = 0$. If some of
# $q$ lies there, this $\int q$ is below 1, and the KL above 0.)
#
# The KL is 0 only if $q = p$ wherever $p$ is not 0. Then $q$ has area 1 there, as $p$ has, and none elsewhere: $q = p$
# everywhere. (Single points do not count: they have no area.) The JSD is 0 only if both its KLs are, so if $p = m$ and
# $q = m$. That is $q = p$ again. Hence:
#
# > **If the generator can reach $q = p$, that is its best, and nothing else is. The score there is $-\log 4$, and the
# > best discriminator is a coin.**
#
# We look for this lowest point by trying 801 values of $\theta$ from −8 to 8.

# %%
ask.predict("far")

# %% tags=["nbval-check-output"]
many = torch.linspace(-8, 8, 801, dtype=torch.float64)
q_many = gaussian(x, many[:, None])  # (801, 6000)
V_many, jsd_many = optimal_value(p, q_many, x), divergence.jsd(p, q_many, x)
lowest = many[V_many.argmin()].item()
claims.close("V(G, D*) is lowest where q = p, at θ = 2", lowest, 2, 0.011)
claims.close("… and its lowest value is −log 4", V_many.min(), -math.log(4), 1e-9)
claims.at_most("JSD is never more than log 2", jsd_many.max() - math.log(2), 1e-9)
title = "Score and distance are lowest where q = p"
figures.chart({title: {"V(G, D*)": (many, V_many), "JSD(p ‖ q)": (many, jsd_many)}}, "θ, the generator's mean", "V, JSD",
              dots={title: {f"{V_many.min():.3f}".replace("-", "−"): (lowest, V_many.min().item()),
                            f"{round(jsd_many.min().item(), 3) + 0.0:.3f}": (lowest, jsd_many.min().item())}},
              alt="Two curves of the same shape with a dip at θ = 2: V from 0 down to −1.386, JSD from 0.693 down to 0; "
                  "both flat far away.")

# %% [markdown]
# That is why two networks fighting can make pictures: the best discriminator's score is a constant plus twice a distance
# of generated from real, and the generator tries to make it small. Nothing in the proof used that $x$ is a single
# number. With 784 pixels it reads the same, as long as pictures have densities there. (Lesson 1.4: generated
# pictures fill only a thin part of that space and have none. The formula holds all the same, by a proof without them.)
#
# The two curves have one shape: $V$ is twice the JSD, moved down by $\log 4$. If you expected them to rise and rise:
# neither can. Far from 2 the two bells hardly overlap, $V$ is near 0 and the JSD near $\log 2$, and both are nearly flat.
# That is a problem for a generator that follows the slope.

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **What is now known.** $V(G, D^*) = -\log 4 + 2\,\mathrm{JSD}(p \,\|\, q)$, which is lowest when $q = p$, and only then.
#
# **What this does not say.** It needs the *best* discriminator; and nobody has asked whether the generator can find the
# lowest point.
#
# **What comes next.** [Lesson 1.3](3_where_the_score_is_blind.ipynb): where the curve is flat, the generator is told nothing.
