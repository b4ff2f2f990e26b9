# %% [markdown]
# # 1.3 Where is the score blind, and which distance sees?
#
# **You need** [lesson 1.2](2_what_the_score_says.ipynb): the best score is $V(G, D^*) = -\log 4 + 2\,\mathrm{JSD}(p \,\|\, q)$.
# **You will** measure where this score gives the generator no direction, compute a distance that does, and compare what
# three distances want when no generator is perfect. About 30 minutes to read, 55 with the exercises.
#
# The generator changes its weight $\theta$ step by step, downhill on the score. Where the *slope* is positive, $V$ rises
# to the right; where it is negative, to the left. So a step takes away from $\theta$ a step size times the slope. But far
# from the real data the curve in lesson 1.2 was flat. How flat, and why?

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from scipy.stats import wasserstein_distance

from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.chapters.ch01_what_a_gan_optimises.densities import mean_explorer
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, midpoints, optimal_value
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.3", runtime)
check = syllabus.checks("01")
ask = syllabus.questions("01.3")
print(runtime.describe())
print(syllabus.time_of("01.3"))

# %% [markdown]
# ## Two boxes
#
# First a case that is exact. The real numbers are spread evenly from 0 to 1, the generated ones from $\theta$ to
# $\theta + 1$. Both densities are *boxes*: 1 inside, 0 outside. The *support* of a distribution is where its density is not
# 0. For $\theta \ge 1$ the two supports do not overlap.

# %%
ask.predict("boxes")

# %% tags=["nbval-check-output"]
x = midpoints(-30, 30, 6000)  # the middles of 6,000 strips, each 0.01 wide


def box(left):
    return ((x > left) & (x < left + 1)).double()  # a density: height 1, width 1


box_V = [optimal_value(box(0), box(theta), x).item() for theta in (1.0, 2.0, 5.0)]
claims.at_most("with no overlap V is the same wherever q is (boxes at 1, 2 and 5)", max(box_V) - min(box_V), 1e-12)
moved = [0.25 * i for i in range(21)]
curves = {"V(G, D*)": [optimal_value(box(0), box(theta), x) for theta in moved],
          "JSD(p ‖ q)": [divergence.jsd(box(0), box(theta), x) for theta in moved]}
figures.chart({"From θ = 1 on, the score says the same": {name: (moved, curve) for name, curve in curves.items()}},
              "θ, where the generated box begins", "V, JSD",
              alt="Two lines over θ from 0 to 5: V rises from −1.386 to 0 at θ = 1, JSD from 0 to 0.693; from there on both "
                  "are flat.")

# %% [markdown]
# If you expected the score to rise with the distance: from $\theta = 1$ on “no overlap” is all that $V$ can say. A
# generator at $\theta = 5$ learns no more than one at $\theta = 2$. It is not told in which direction to go.

# %% [markdown]
# **Exercise 1: finish the line.** Return the best discriminator's score if the generated box begins at `theta`, which
# is any number: below 0 the box lies on the left. Think of three parts: where only real numbers fall, where both fall,
# and where only generated ones fall. What is $D^*$ in each, and what does it cost?

# %% tags=["exercise"]
def box_score(theta):
    ...  # your line: return …


check.box_score(box_score)

# %% [markdown]
# <details><summary>Hint 1</summary>Where only one kind falls, D* is 1 or 0, sure and right, and costs nothing. Where both fall, it is ½.</details>
# <details><summary>Hint 2</summary>In the overlap each density is 1, so it costs log ½ for the real and log ½ for the generated numbers, times its width.</details>
# <details><summary>Hint 3</summary>The overlap is 1 wide at θ = 0, and 0 from ±1 on: never negative. <code>max</code> and <code>abs</code> help.</details>

# %% tags=["solution"]
def solution_box_score(theta):
    return -math.log(4) * max(0.0, 1 - abs(theta))


check.box_score(solution_box_score, solution=True)

# %% [markdown]
# ## Gaussians overlap, a little
#
# Now the bells of lesson 1.1: real numbers around 2, generated ones around $\theta$, both with standard deviation 1. They
# overlap everywhere, so even $D^*$ is nowhere certain, and $V$ stays below 0. How steep is it? PyTorch finds the
# slope of $V$ by $\theta$ if we mark $\theta$ with `requires_grad`; `slope_of` hands it back.

# %%
ask.predict("steep")

# %%
bump = toy.line(2.0, sigma=1.0)
p = bump.density(x[:, None])  # (6000,): the real density


def slope_of(distance, theta):
    theta = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(distance(p, gaussian(x, theta), x), theta)[0].item()


show_table("The slope of V(G, D*) by θ", ("θ", "away from 2", "slope"),
           [(f"{theta:g}", f"{2 - theta:g}", f"{slope_of(optimal_value, theta):.1e}")  # e-02: times 0.01
            for theta in (1.0, 0.0, -2.0, -4.0, -8.0, -18.0)])

# %% [markdown]
# At a distance of 20 the slope is about $-2.4 \cdot 10^{-22}$. The minus sign says that $V$ falls to the right, towards 2.
# But plain gradient descent with any sensible step size does not move such a generator. This is a *vanishing gradient*,
# in a generator with one weight and no layers. The article A4 (chapter 00 lists the five, A1 to A5) explains vanishing
# gradients by the depth of the network. Depth can add to it, but here there is none: the cause is the score.
#
# ## A distance that sees
#
# **Wasserstein-1** ($W_1$), the *earth mover's distance*: think of $q$ as a heap of earth, and of $p$ as where it should
# lie. $W_1$ is the least work, amount times distance, that turns one into the other.
#
# On the line the cheapest plan sends the smallest number to the smallest, the second to the second, and so on. If two
# arrows cross, swapping their ends never makes the total way longer; so there is a cheapest plan without crossings. For two
# samples of equal size this takes two sorts. The cell prints $W_1$ of 20,000 numbers of each kind, with $\theta = -3$, so
# that the means are 5 apart. The figure shows 8 of each kind, with $\theta = 1$. Its titles give the mean way.

# %%
def w1_by_sorting(a, b):
    return (a.sort().values - b.sort().values).abs().mean()


n = 20_000
real = bump.sample(n, runtime.stream("real"))[0][:, 0].double()
noise = torch.randn(n, generator=runtime.stream("noise"), dtype=torch.float64)
fake = -3.0 + noise
print(f"all {n:,}: by sorting {w1_by_sorting(real, fake):.4f} · scipy {wasserstein_distance(real.numpy(), fake.numpy()):.4f}")
some = slice(120, 128)  # eight of each that lie about as far apart as the whole bells, whose W₁ is 1
figures.plans(real[some], fake[some] + 4,  # + 4: θ = −3 moved to 1
              alt="Arrows from 8 generated numbers to 8 real ones: crossing in the order of the draws, without crossing when "
                  "the smallest goes to the smallest, which is shorter on average.")

# %% [markdown]
# **Exercise 2: find the fault, and repair it.** The sorting needs as many numbers of one kind as of the other. Somebody
# cut the longer of the two tensors `a` and `b`:
#
# ```python
# n = min(len(a), len(b))
# return (a.sort().values[:n] - b.sort().values[:n]).abs().mean()
# ```
#
# For `[0, 1, 2, 3]` and `[0, 1]` this says 0, as if the two were the same. Write it without that fault: every number
# of `a` carries 1/len(a) of the earth, and all of it has to arrive.

# %% tags=["exercise"]
def w1_of_sizes(a, b):
    ...  # your lines, ending in: return …


check.w1_of_sizes(w1_of_sizes)

# %% [markdown]
# <details><summary>Hint 1</summary>[0, 1] and [0, 0, 1, 1] are the same heap: each number twice, each half as heavy.</details>
# <details><summary>Hint 2</summary>Repeat the numbers of each list until both are equally long; <code>a.repeat_interleave(3)</code> takes each of a's three times.</details>
# <details><summary>Hint 3</summary>Repeat a's numbers len(b) times, and b's len(a) times. Then sort both, as before. For the example it is 1.</details>

# %% tags=["solution"]
def solution_w1_of_sizes(a, b):
    often_a = a.repeat_interleave(len(b)).sort().values
    often_b = b.repeat_interleave(len(a)).sort().values
    return (often_a - often_b).abs().mean()


check.w1_of_sizes(solution_w1_of_sizes, solution=True)

# %% [markdown]
# With densities instead of draws, write $F(x)$ for the share of all draws below $x$: $F_p$ for draws from $p$, $F_q$
# for $q$. “The $k$-th smallest” becomes the *quantile* $F^{-1}(u)$ (not $1/F$): the number that a share $u$ of all
# draws lies below. So
#
# $$W_1(p, q) = \int_0^1 \big| F_p^{-1}(u) - F_q^{-1}(u) \big|\, \mathrm{d}u.$$
#
# *In words:* the mean distance of equal quantiles. A Gaussian with mean $\mu$ and standard deviation $\sigma$ has the
# quantiles $\mu + \sigma z$, where $z$ is the same quantile of the Gaussian around 0 with standard deviation 1. If two
# Gaussians have the same $\sigma$, each quantile is exactly $|\mu_p - \mu_q|$ away from its partner. So
# $W_1 = |\mu_p - \mu_q|$: the whole heap moves as one. We compare this formula with the densities, for five generators,
# and with scipy on draws. Then the two boxes follow, once more.

# %% tags=["nbval-check-output"]
thetas = torch.tensor([-2.0, 0.0, 1.0, 2.0, 4.0], dtype=torch.float64)
by_formula = (2 - thetas).abs()
claims.at_most("W₁ of two equally wide Gaussians is the distance of their means (largest difference, five generators)",
               (divergence.w1(p, gaussian(x, thetas[:, None]), x) - by_formula).abs().max(), 1e-6)
by_scipy = [wasserstein_distance(real.numpy(), (theta.item() + noise).numpy()) for theta in thetas]
claims.at_most("… and scipy agrees, on 20,000 draws (largest difference)",
               (torch.tensor(by_scipy) - by_formula).abs().max(), 0.05)
three = torch.stack([w1_by_sorting(real, fake), divergence.w1_samples(real, fake),
                     torch.tensor(wasserstein_distance(real.numpy(), fake.numpy()), dtype=torch.float64)])
claims.at_most("our sorting, the library's and scipy give the same distance", three.max() - three.min(), 1e-9)
box_w1 = [divergence.w1(box(0), box(theta), x).item() for theta in (1.0, 2.0, 5.0)]
claims.at_most("the score stays the same as the box moves from 1 to 5 (change)", abs(box_V[2] - box_V[0]), 1e-12)
claims.close("… while W₁ grows by 4", box_w1[2] - box_w1[0], 4, 1e-6)

# %% [markdown]
# For boxes every grain of sand has the way $|\theta|$. So $W_1 = |\theta|$ keeps growing, while $V$ stays.
#
# Now the *size* of the slope of $V$ and of $W_1$, from $\theta = -18$ to 1.5. The vertical scale is logarithmic: each
# line is a fixed number of times the one below. (In the first check, “nothing” is a size below $10^{-15}$.)

# %%
ask.predict("both")

# %% tags=["nbval-check-output"]
places = [-18.0 + 0.5 * i for i in range(40)]  # −18 to 1.5
sizes = {name: [abs(slope_of(distance, theta)) for theta in places]
         for name, distance in (("V(G, D*)", optimal_value), ("W₁", divergence.w1))}
claims.at_most("20 standard deviations away, the slope of V is nothing", sizes["V(G, D*)"][0], 1e-15)
claims.close("… and the slope of W₁ there is 1", sizes["W₁"][0], 1, 1e-6)
figures.chart({"Far away V loses its slope, W₁ keeps it": {name: (places, size) for name, size in sizes.items()}},
              "θ, the generator's mean", "size of the slope", log_y=True,
              alt="W₁'s slope is 1 throughout. V's slope is below 0.5 near θ = 2, and falls to about 1e-22 at θ = −18.")

# %% [markdown]
# A distance $|2 - \theta|$ has the slope −1 everywhere on the left of 2 and +1 on the right, however far away.
#
# So why does not everybody use $W_1$? On the line two sorts are enough. Among pictures of 784 pixels there is no “$k$-th
# smallest”: the best plan has to be searched for among all pairings. And the more dimensions the pictures fill, the more slowly
# the $W_1$ of two samples comes near the true one (Weed and Bach 2019). [Chapter 02](../02_losses/) turns $W_1$ into a loss for a discriminator
# (Arjovsky, Chintala and Bottou 2017).
#
# ## Drag it yourself
#
# In JupyterLab: drag the generator's mean $\theta$ or its standard deviation $\sigma$, and watch the densities $p$ and $q$,
# the best answer $D^*$ (a probability), $V$, JSD and $W_1$. At $\theta = -8$, which curve still slopes? (Where no kernel
# runs, you see three means, marked in the curves below them.)

# %%
bumps = toy.line(-2.0, 2.0, sigma=0.6)
mean_explorer({"one bump around 2": bump, "two bumps at −2 and 2": bumps})

# %% [markdown]
# At $\theta = -8$, with one real bump and $\sigma = 1$, only the curve of $W_1$ slopes as far as one can see.
#
# ## When the generator cannot reach p
#
# Our generator can only make one bump, with standard deviation 1. The real data now have two, around −2 and 2, each
# with standard deviation 0.6. So $q = p$ is out of reach, and the distance decides which compromise is the best.
#
# The three distances have different sizes. So in the figure each is divided by its own highest value, and all three
# begin and end at 1. Compare *where* each curve is lowest (a dot, with its $\theta$), not how high one lies above
# another.

# %%
ask.predict("compromise")

# %% tags=["nbval-check-output"]
p_two, many = bumps.density(x[:, None]), torch.linspace(-4, 4, 401, dtype=torch.float64)
q_many = gaussian(x, many[:, None])  # (401, 6000)
wide = {"KL(p ‖ q)": divergence.kl(p_two, q_many, x), "JSD(p ‖ q)": divergence.jsd(p_two, q_many, x),
        "W₁(p, q)": divergence.w1(p_two, q_many, x)}
best = {name: many[curve.argmin()].item() for name, curve in wide.items()}
claims.close("of two bumps at ±2, JSD chooses one: its best θ is about 1.8 from the middle", abs(best["JSD(p ‖ q)"]), 1.8, 0.1)
claims.close("… KL(p ‖ q) chooses the middle", best["KL(p ‖ q)"], 0, 0.01)
title, dots = "At width 1, JSD wants one bump, KL and W₁ the middle", {}
for name, curve in wide.items():
    for at in {abs(best[name]), -abs(best[name])}:  # the curves are symmetric: what is best at θ is so at −θ, too
        words = f"{name.split('(')[0]}: θ = {round(at, 2) + 0.0:.2f}".replace("-", "−")
        beside = (math.copysign(56, -at), -11) if abs(at) > 1 else (0, -19)  # from the dot, clear of the curves
        dots[words] = (at, (curve.min() / curve.max()).item(), *beside)
figures.chart({title: {name: (many, curve / curve.max()) for name, curve in wide.items()}},
              "θ, the generator's mean", "distance ÷ its own highest value", dots={title: dots},
              alt="Over θ from −4 to 4, three curves from 1 to 1: KL is a parabola, lowest at 0; JSD has two dips, near "
                  "−1.8 and 1.8, and a hill between; W₁ is flat around 0 and rises outside.")

# %%
def walk(start, steps=400):
    weights = torch.tensor(start, dtype=torch.float64)  # θ and σ
    for _ in range(steps):
        weights.requires_grad_()
        slope, = torch.autograd.grad(divergence.jsd(p_two, gaussian(x, *weights), x), weights)
        weights = (weights - 0.5 * slope).detach()  # downhill on the JSD
    return weights.tolist()


def described(theta, sigma):
    jsd = divergence.jsd(p_two, gaussian(x, theta, sigma), x)
    return f"θ = {round(theta, 2) + 0.0:.2f}, σ = {sigma:.2f}: JSD = {jsd:.3f}"


show_table("Downhill on the JSD, when the width may change, too", ("from", "to"),
           [(described(*start), described(*walk(start))) for start in ((abs(best["JSD(p ‖ q)"]), 1.0), (1.5, 1.0))])

# %% [markdown]
# If you expected the middle: $\mathrm{KL}(p \,\|\, q)$ is lowest there. It grows large where real numbers lie and $q$ is
# small, so it leaves neither bump out. $W_1$ is lowest in the middle, too, but between −1 and 1 it hardly changes.
# JSD's ratios never exceed 2 (lesson 1.2), so the cost of leaving a bump out is limited: JSD is lowest near **one**, at
# ±1.84.
#
# All this holds for the width 1. If the width may change, too, one bump twice as wide, in the middle, covers both and has
# a lower JSD: 0.155. But a walk downhill need not get there. The table's second walk does. The first one, from the best
# place at width 1, becomes narrower and ends on one bump, at 0.215. What is lowest is one question, what is reached
# another. (Choose the two bumps in the widget above: which compromise does each curve prefer, at $\sigma = 1$ and at
# $\sigma = 2$?)
#
# A generator with more weights *can* make both bumps, and its lowest JSD is then 0. When it makes only one, that is called
# *mode collapse* ([chapter 04](../04_mode_collapse/)).

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **What is now known.** Without overlap the best score is flat; for two bells it is nearly flat where they hardly
# overlap. Between two
# equally wide bells with different means the slope of $W_1$ has the size 1, however far they are apart. (Where the
# generator cannot reach $p$, $W_1$ may be nearly flat in places, too.)
#
# **What this does not say.** A flat score is not a flat discriminator: what a *trained* $D$ gives the generator is another
# question.
#
# **What comes next.** [Lesson 1.4](4_the_game_played.ipynb): both players take their steps, in turn.
