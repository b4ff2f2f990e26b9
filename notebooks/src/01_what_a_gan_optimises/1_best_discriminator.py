# %% [markdown]
# # 1.1 Which discriminator is the best?
#
# **You need** [chapter 00](../00_start_here/1_start_here.ipynb), and from [the mathematics page](../../docs/maths.md) the
# slope, the chain rule, the gradient, the logarithm, the logit, the sigmoid, the expectation and the normal distribution.
# **You will** score discriminators, derive the best one there is, and train one that comes close to it. About 40 minutes
# to read, 70 with the exercises, with a place to stop on the way.
#
# In a GAN two networks compete. The *generator* $G$ draws examples out of random numbers. The *discriminator* $D$ says how
# likely an example is to be real. Nobody tells the generator what a digit looks like. So why should two networks
# fighting make pictures? That is the question of this chapter. Its answer is a short piece of mathematics (Goodfellow et
# al. 2014; references: end of [lesson 1.5](5_what_losses_tell.ipynb)). This lesson looks at $D$ alone.
#
# A “picture” is here a **single number**. Then everything is known exactly, and fits into one figure.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch

from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, integral, midpoints, optimal_value
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.1", runtime)
check = syllabus.checks("01")
ask = syllabus.questions("01.1")
print(runtime.describe())
print(syllabus.time_of("01.1"))

# %% [markdown]
# ## Real numbers and generated numbers
#
# **The real numbers** scatter around 2 with standard deviation 1. They follow the normal distribution, which is also
# called *Gaussian*.
#
# **The generator** adds one adjustable number, $\theta$ (“theta”), to noise: $G(z) = \theta + z$. The noise $z$ is drawn
# from the Gaussian around 0 with standard deviation 1. So the generated numbers scatter around $\theta$, its only
# weight. It should find $\theta = 2$. In this lesson it stands still at $\theta = 0$.

# %%
bump = toy.line(2.0, sigma=1.0)  # the real distribution


def draw_real(n, name="real"):  # runtime.stream(name): random numbers that depend on the seed and the name
    points, _ = bump.sample(n, runtime.stream(name))  # (n, 1): points with one coordinate each; and which bump each is of
    return points[:, 0].double()  # (n,)


def draw_fake(n, theta, name="noise"):
    # generator=: PyTorch's word for a source of random numbers. It is not G.
    z = torch.randn(n, generator=runtime.stream(name), dtype=torch.float64)
    return theta + z  # (n,)


print("real, six of them:    ", *(f"{number:.2f}" for number in draw_real(6)))
print("generated, with θ = 0:", *(f"{number:.2f}" for number in draw_fake(6, theta=0.0)))

# %% [markdown]
# Where do numbers fall, and how often? A *density* says it. We cut the line into narrow *strips*. The density $p(x)$ of
# the strip at $x$, times the width of the strip, is the share of all draws that fall into it. We write $p$ for the density
# of the real numbers and $q$ for that of the generated ones.
#
# To add up “value × width” over all strips is called an *integral*, written $\int p(x)\,\mathrm{d}x$. The long letter
# is an old S, for “sum”. The integral is the area under the curve. For a density it is 1, because every draw falls
# somewhere. The *height* of a density is no share; only an area is.

# %% tags=["nbval-check-output"]
x = midpoints(-30, 30, 6000)  # the middles of 6,000 strips, each 0.01 wide
p = bump.density(x[:, None])  # (6000,): the real density at each of them ([:, None]: one number a row)
q = gaussian(x, 0.0)  # (6000,): the generated density for θ = 0
print(f"area under p: {integral(p, x):.6f} · under q: {integral(q, x):.6f}")
drawn = draw_real(100_000)
from_draws = ((drawn > 2) & (drawn < 3)).double().mean()
from_density = integral(p * ((x > 2) & (x < 3)), x)
claims.close("the share of draws between 2 and 3 is the area under p from 2 to 3 (±0.01)",
             from_draws - from_density, 0, 0.01)
figures.draws_and_density(x, p, q, drawn, 2, 3,
                          alt="Two equal bell curves: q around 0 and p around 2; they overlap mostly between −1 and 3. Bars of "
                              "real draws follow p; the area under p from 2 to 3 is shaded.")

# %% [markdown]
# ## The score
#
# The discriminator gives each number $x$ a probability $D(x)$ of being real. Its *score* is
#
# $$V(G, D) = \mathbb{E}_{x\sim p}\big[\log D(x)\big] + \mathbb{E}_{x\sim q}\big[\log(1 - D(x))\big].$$
#
# *In words:* draw real numbers ($x \sim p$), and average the logarithm of the probability that $D$ gives to “real”; draw
# generated ones ($x \sim q$), and average the logarithm of the probability that it gives to “generated”; add the two.
#
# A $D$ that is certain and right scores 0, the most there is. One that is certain and wrong is punished without limit,
# because the logarithm of 0 is $-\infty$. The discriminator wants $V$ **large**, the generator wants it **small**.
# This game is written $\min_G \max_D V(G, D)$. *In words:* find the generator that leaves even its best opponent the
# smallest score.

# %%
ask.predict("three")

# %%
by_hand = {
    "coin: always ½": lambda x: torch.full_like(x, 0.5),
    "careful: 0.9 above 1, else 0.1": lambda x: torch.where(x > 1, 0.9, 0.1).double(),
    "reckless: 0.9999 above 1, else 0.0001": lambda x: torch.where(x > 1, 0.9999, 0.0001).double(),
}
real, fake = draw_real(100_000), draw_fake(100_000, theta=0.0)
rows = []
for name, D in by_hand.items():
    by_draws = D(real).log().mean() + (1 - D(fake)).log().mean()
    by_density = integral(p * D(x).log() + q * (1 - D(x)).log(), x)
    rows.append((name, f"{by_draws:.3f}", f"{by_density:.3f}"))
show_table("The score V of three discriminators", ("discriminator", "from draws", "from densities"), rows)

# %% [markdown]
# If you put the reckless one first: both take the same side everywhere, so it is right no more often than the careful one.
# A Gaussian has 16 % beyond one standard deviation on each side, so 16 % of each kind fall on the wrong side of 1. There
# the careful one gives the truth 0.1, with logarithm −2.3, and the reckless one 0.0001, with logarithm −9.2. The score
# rewards **honest probabilities**.
#
# Up to chance the two columns agree, because an expectation *is* an integral: a value $h(x)$ counts as often as its
# strip is hit, $\mathbb{E}_{x\sim p}[h(x)] = \int p(x)\, h(x)\, \mathrm{d}x$.

# %% [markdown]
# **Exercise 1: beat the careful one.** It scores −0.908. Write a discriminator that scores at least −0.80, without
# reading on. `x` is a tensor of numbers; return as many probabilities. `torch.where(x > 1, a, b)` gives `a` where
# `x` is above 1, and else `b`; `b` may be another `torch.where(…)`.

# %% tags=["exercise"]
def my_discriminator(x):
    ...  # your lines, ending in: return …


check.my_discriminator(my_discriminator)

# %% [markdown]
# <details><summary>Hint 1</summary>Where do the two kinds mix most? There it should be least sure.</details>
# <details><summary>Hint 2</summary>Take three steps instead of two: low, one half, high. Where should the middle one begin and end?</details>
# <details><summary>Hint 3</summary>More steps help. Or let the probability rise smoothly: the sigmoid of a line that is 0 at x = 1.</details>

# %% tags=["solution"]
def solution_my_discriminator(x):
    return torch.where(x > 1.5, 0.9, torch.where(x > 0.5, 0.5, 0.1))


check.my_discriminator(solution_my_discriminator, solution=True)

# %% [markdown]
# ## The best answer, one strip at a time
#
# Which $D$ scores highest? The score is an integral, so a sum over strips:
#
# $$V(G, D) = \int \Big( p(x) \log D(x) + q(x) \log(1 - D(x)) \Big)\, \mathrm{d}x.$$
#
# *In words:* in each strip take the share of the real numbers times $\log D$, and the share of the generated ones times
# $\log(1 - D)$; add all up.
#
# If $D$ may answer anything, its answer in one strip does not touch any other strip. (A trained $D$ has weights, and
# each moves many strips at once: lesson 1.5 shows one that cannot follow.) So we may look at **one strip** alone. Write
# $a = p(x)$ and $b = q(x)$ for the two densities there, and $y = D(x)$ for the answer. The strip adds its width, times
#
# $$f(y) = a \log y + b \log(1 - y), \qquad 0 < y < 1,$$
#
# to the score. So we want the $y$ at which $f$ is largest.

# %%
ask.predict("top")

# %%
y = torch.linspace(0.001, 0.999, 999, dtype=torch.float64)


def one_strip(at):
    a, b = bump.density(torch.tensor([[at]], dtype=torch.float64)), gaussian(torch.tensor(at), 0.0)
    return (a * y.log() + b * (1 - y).log()).flatten()  # (999,)


title = "In each strip one answer is the best"
arches = {at: one_strip(at) for at in (0.0, 1.0, 2.0)}
tops = {f"{y[f.argmax()]:.2f}": (y[f.argmax()].item(), f.max().item()) for f in arches.values()}
figures.chart({title: {f"x = {at:g}": (y, f) for at, f in arches.items()}},
              "y, the answer D(x)", "f(y) = a log y + b log(1 − y)", dots={title: tops}, low=-1.2, high=0,
              alt="Three arches: the one for x = 0 is highest at y = 0.12, that for x = 1 at 0.5, that for x = 2 at 0.88. "
                  "All three fall steeply at both ends.")

# %% [markdown]
# If you expected 1 at $x = 2$: near $y = 1$ each generated number costs without limit. The tops follow from four lines.
#
# **Line 1.** The [slope of $\log y$](../../docs/maths.md#logarithm) is $1/y$, that of $\log(1-y)$ is $-1/(1-y)$ (chain
# rule). So the slope of $f$ is $\;f'(y) = \dfrac{a}{y} - \dfrac{b}{1-y}$.
#
# **Line 2.** On a top the slope is 0: $\;\dfrac{a}{y} = \dfrac{b}{1-y}$.
#
# **Line 3.** Multiply both sides by $y\,(1-y)$: $\;a\,(1-y) = b\,y$. Hence $a = (a + b)\,y$, and $y = \dfrac{a}{a+b}$.
#
# **Line 4.** It is a top, and the only one: as $y$ grows, $a/y$ falls and $b/(1-y)$ rises. So the slope falls all the way,
# and is positive left of this $y$, negative right of it. (If only one density is 0, the best answer is 1 or 0 itself; if
# both are, no answer matters.)
#
# So the *best discriminator* $D^*$ (“D star”) answers *the share of the real among all that falls there*, if as many are
# drawn of each kind:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}.$$

# %% tags=["nbval-check-output"]
some = (x > -3) & (x < 5)
a, b = p[some, None], q[some, None]  # (800, 1): try 999 answers in each of 800 strips
tried = y[(a * y.log() + b * (1 - y).log()).argmax(dim=1)]  # (800,): the best of 999 answers
D_star = p / (p + q)  # (6000,)
claims.at_most("the best of 999 answers is p/(p+q), to the 0.001 that lies between two answers",
               (tried - D_star[some]).abs().max(), 0.001)

# %% [markdown]
# Now the whole score. We attack $D^*$ with a thousand others: each is $D^*$ with a random curve added to its logit.

# %%
ask.predict("bent")

# %% tags=["nbval-check-output"]
noise = torch.randn(1000, 3, 1, generator=runtime.stream("bends"), dtype=torch.float64)
bends = noise[:, 0] + noise[:, 1] * torch.sin(x) + noise[:, 2] * torch.cos(2 * x)  # (1000, 6000)
D_star_logits = p.log() - q.log()  # why these are D*'s logits, the next section says
scores = divergence.gan_value(p, q, D_star_logits + bends, x)  # (1000,): the score V of the D with these logits
# optimal_value(p, q, x): the score V of the best discriminator
claims.at_most("none of 1,000 bent discriminators scores higher than D*", (scores - optimal_value(p, q, x)).max(), 0)
figures.heap_of_scores(scores, optimal_value(p, q, x).item(), -1.75, "No bent discriminator reaches D*",
                       alt="A heap of scores that ends at D*'s score of −0.7126; none lies beyond it.")

# %% [markdown]
# None does: no answer is better in any strip, and the score adds the strips up. So
# $V(G, D) \le V(G, D^*)$ for *every* $D$.
#
# **Exercise 2: when fakes are more frequent.** Some games show $D$ more generated examples than real ones: $k$ for each
# real one. Its score is then $\mathbb{E}_{x\sim p}[\log D(x)] + k\, \mathbb{E}_{x\sim q}[\log(1 - D(x))]$. Take the four
# lines again, and return the best $D$. `p` and `q` are tensors of densities, `k` is a number.

# %% tags=["exercise"]
def best_discriminator(p, q, k):
    ...  # your line: return …


check.best_discriminator(best_discriminator)

# %% [markdown]
# <details><summary>Hint 1</summary>In one strip, a log y + k b log(1 − y) has to become as large as possible. Only one term has changed.</details>
# <details><summary>Hint 2</summary>On the top, a / y = k b / (1 − y). Multiply both sides by y (1 − y), and find y.</details>
# <details><summary>Hint 3</summary>With k = 1 you must get D* back; with a large k, the answers must go down.</details>

# %% tags=["solution"]
def solution_best_discriminator(p, q, k):
    return p / (p + k * q)


check.best_discriminator(solution_best_discriminator, solution=True)

# %% [markdown]
# **A good place to stop:** the title's question is answered. What follows, where $D$ has nothing but draws, takes about
# 25 minutes.
#
# ## A discriminator learns it
#
# Real discriminators do not know $p$ and $q$. They see draws, and learn. What should they find? Divide numerator and
# denominator of $D^*$ by $p$, and compare with $\operatorname{sigmoid}(d) = 1/(1+e^{-d})$:
#
# $$D^* = \frac{p}{p+q} = \frac{1}{1 + q/p} = \frac{1}{1 + e^{-\log(p/q)}} = \operatorname{sigmoid}\!\left(\log\frac{p}{q}\right).$$
#
# *In words:* **the logit of the best discriminator is $\log p/q$**, the logarithm of how many times more frequent the
# real numbers are here. Both densities are one constant times $e^{-(x-\text{mean})^2/2}$
# ([normal distribution](../../docs/maths.md#normal-distribution)). The constant cancels, the logarithm undoes the
# exponential:
#
# $$\log \frac{p(x)}{q(x)} = -\frac{(x-2)^2}{2} + \frac{x^2}{2} = 2x - 2.$$
#
# The squares cancel, and a straight line is left.

# %% [markdown]
# **Exercise 3: finish the line.** Here `a` and `b` are means, no longer densities: the real numbers scatter around `a` and
# the generated ones around `b`, both with standard deviation 1. Return the logit of the best $D$ at `x`. It has to work at
# `x = 1000`, too.

# %% tags=["exercise"]
def best_logit(x, a, b):
    ...  # your line: return …


check.best_logit(best_logit)

# %% [markdown]
# <details><summary>Hint 1</summary>Write (x − a)² in the place of (x − 2)², and (x − b)² in the place of x²; then multiply the squares out.</details>
# <details><summary>Hint 2</summary>For a = 2 and b = 0 you must get 2x − 2. Half-way between a and b it must be 0.</details>
# <details><summary>Hint 3</summary>At x = 1000 a computer rounds both densities to 0. So return the line, not the logarithm of a density.</details>

# %% tags=["solution"]
def solution_best_logit(x, a, b):
    return (a - b) * x - (a**2 - b**2) / 2


check.best_logit(solution_best_logit, solution=True)

# %% [markdown]
# Let the learner's logit be $d(x) = w_0 + w_1 x + w_2 x^2$, with three weights that begin at 0. The square is not
# needed for the line $2x - 2$: will the learner find that out? To fit such weights by the score is called *logistic
# regression*; $1$, $x$ and $x^2$ are its *features*. The slope of $V$ by the weight $w_j$ ($j$ is 0, 1 or 2) is
#
# $$\frac{\partial V}{\partial w_j} = \mathbb{E}_{x \sim p}\big[(1 - D(x))\, x^j\big] - \mathbb{E}_{x \sim q}\big[D(x)\, x^j\big],$$
#
# because the chain rule multiplies two slopes. The first is by the logit $d$: $\log D = -\log(1 + e^{-d})$ has the slope
# $\frac{e^{-d}}{1 + e^{-d}} = 1 - D$, and $\log(1 - D) = -\log(1 + e^{d})$ has the slope
# $-\frac{e^{d}}{1 + e^{d}} = -D$. The second is that of $d$ by $w_j$: it is $x^j$.
# *In words:* where a real number was doubted, raise the logit; where a generated one was believed, lower it.
#
# We fit it twice, to 20,000 real and 20,000 generated numbers. In the second run the generated numbers scatter twice as
# widely around 0: $G(z) = 2z$.

# %%
def features(x):
    return torch.stack([torch.ones_like(x), x, x**2], dim=1)  # (n, 3): 1, x, x²


def logistic_regression(real, fake, steps, lr=0.1):
    real, fake = features(real), features(fake)
    w = torch.zeros(3, dtype=torch.float64)
    for _ in range(steps):
        doubted = 1 - torch.sigmoid(real @ w)  # (n,): 1 − D on real numbers; @ is a dot product for each row
        believed = torch.sigmoid(fake @ w)  # (n,): D on generated ones
        slope = (doubted @ real - believed @ fake) / len(real)  # (3,): the two means
        w = w + lr * slope  # uphill: the discriminator wants V large
    return w


# %%
ask.predict("wide")

# %%
n, steps = 20_000, runtime.pick(smoke=200, course=3000)
w = logistic_regression(draw_real(n), draw_fake(n, theta=0.0), steps)
w_wide = logistic_regression(draw_real(n), 2 * draw_fake(n, theta=0.0), steps)
D_learned = torch.sigmoid(features(x) @ w)
near = (x > -4) & (x < 9)
panels = {}
for title, weights, density in (("q as wide as p", w, q), ("q twice as wide", w_wide, gaussian(x, 0.0, 2.0))):
    best, found = p / (p + density), torch.sigmoid(features(x) @ weights)
    panels[f"{title}: they agree; w = {', '.join(f'{one:.2f}' for one in weights)}".replace("-", "−")] = {
        "D* = p/(p+q)": (x[near], best[near]), "learned": (x[near], found[near])}
figures.chart(panels, "x", "probability of “real”", low=-0.05, high=1.05,
              alt="Left, two S-shaped curves from 0 to 1 that lie on one another. Right, a hump around 2.7 that falls to 0 on "
                  "both sides; learned and best agree there, too.")

# %% [markdown]
# In both panels the two curves look like one. Above them stand the learned weights $w_0, w_1, w_2$. On the left they
# are close to $-2$, $2$ and $0$, the line $2x - 2$. On the right
# $\log p/q = \log 2 - \frac{(x-2)^2}{2} + \frac{x^2}{8}$ has the weights $\log 2 - 2 \approx -1.31$, $2$ and
# $-\tfrac12 + \tfrac18 = -0.375$, and the learned ones are close to them. To say how well two curves agree, we take the
# largest difference where $p + q$ is above 0.01: elsewhere there are hardly any draws to learn from. On the left it is
# 0.002.

# %% tags=["nbval-check-output"]
error = (D_learned - D_star).abs()[p + q > 0.01].max()
claims.at_most("logistic regression finds D* from 20,000 + 20,000 draws (largest error)", error, 0.03)
claims.at_most("… and the weights −2, 2 and 0 of the formula (largest error)",
               (w - torch.tensor([-2.0, 2.0, 0.0])).abs().max(), 0.15)
claims.at_most("with a wider generator, the weight of x² is learned, too (largest error of the three)",
               (w_wide - torch.tensor([math.log(2) - 2, 2, -0.375])).abs().max(), 0.15)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **What is now known.** The best discriminator answers $p/(p+q)$ and its logit is $\log p/q$. Here, where three features
# are enough, it can be learned from draws alone.
#
# **What this does not say.** Nobody has asked what its score means for the generator; and three features are few.
#
# **What comes next.** [Lesson 1.2](2_what_the_score_says.ipynb): the best discriminator's score contains a distance between
# real and generated.
