# %% [markdown]
# # 5.1 How probable does a model find a picture?
#
# A GAN draws pictures, but it cannot tell how *probable* a given picture is. A *variational autoencoder* (VAE) can
# tell, nearly: minus its loss is a lower bound on the logarithm of that probability.
#
# **You need** from the mathematics page the [logarithm](../../docs/maths.md#logarithm), the
# [mean](../../docs/maths.md#mean-and-expectation) and the [normal
# distribution](../../docs/maths.md#normal-distribution) (called a *bell* here), and the KL divergence of [lesson
# 1.2](../01_what_a_gan_optimises/2_what_the_score_says.ipynb). **You will** compute a likelihood, derive the bound
# line by line, and measure what it lacks. About 40 minutes to read, 65 with the exercises. New words stand in
# *italics*; the [glossary](../../docs/glossary.md) has them.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math
from itertools import pairwise

import torch

from course_lib.chapters import syllabus
from course_lib.chapters.ch05_vae.figures import chart, sheet
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.losses.elbo import log_weights
from course_lib.models import LinearVAE, binarised
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("05.1", runtime), syllabus.checks("05"), syllabus.questions("05.1")
print(runtime.describe(), syllabus.time_of("05.1"), sep="\n")

# %% [markdown]
# ## A likelihood
#
# Let a model give every possible picture $x$ a probability $p(x)$. The probability that it gives to real pictures is
# its *likelihood*. We take pictures that it was not trained on.
#
# If every pixel is black or white, there are finitely many pictures, and each can have a plain probability. So we make
# grey digits black and white by chance: a pixel becomes white with its brightness, from 0 to 1, as probability.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
test = binarised(held_out.images, runtime.stream("test"))  # 1,000 held-out digits, each pixel −1 or 1
sheet("Each pixel is drawn black or white", {"grey": held_out.images, "black and white": test},
      alt="Two rows of the same twelve digits: above with soft grey edges, below ragged, in black and white.")

# %% [markdown]
# A simple model lets *each pixel decide for itself*. Let $m_i$ be the mean brightness of pixel $i$ in the training
# digits. In this model pixel $i$ is white with probability $m_i$, whatever its neighbours are.
#
# The probability of a picture is a product of 784 numbers, and often so small that float32 rounds it to 0. We take its
# logarithm, a sum: $\log p(x) = \sum_i \log p(x_i)$. Here $p(x_i)$ is $m_i$ if the pixel $x_i$ is white, and $1 - m_i$
# if it is black. *In words: the log-probability of a picture is the sum of its pixels' log-probabilities.* With the
# natural logarithm, the unit is the *nat*. One nat less is $e \approx 2.7$ times less probable.

# %%
ask.predict("specks")

# %%
brightness = ((digits.images.mean(0) + 1) / 2).clamp(0.001, 0.999)  # (1, 28, 28); never quite 0 or 1
white = (test + 1) / 2  # (1000, 1, 28, 28), 0 or 1
of_each = (white * brightness.log() + (1 - white) * (1 - brightness).log()).sum((1, 2, 3))  # (1000,): log p(x)
pixels_alone = -of_each.mean().item()
print(f"each pixel for itself: −log p(x) = {pixels_alone:.1f} nats a digit, on average")
drawn = binarised((2 * brightness - 1).expand(12, 1, 28, 28), runtime.stream("drawn"))
sheet("Twelve pictures drawn by this model: specks", {"drawn": drawn},
      alt="Twelve clouds of white specks, the same blurred shape each time.")

# %% [markdown]
# $-\log p(x)$ is called the *negative log-likelihood* (NLL). Lower is better. This model's NLL is the number to beat
# in this chapter. What do its pixels lack? A *common cause*: the digit that is being drawn.

# %% [markdown]
# **Exercise: bits per pixel.** The NLL is often reported in *bits per pixel*. One bit is $\log 2$ nats. Finish the
# line: `nats` is the NLL of a picture, `pixels` is how many pixels it has. (A model that calls white and black equally
# probable pays 1 bit per pixel. Try `bits_per_pixel(pixels_alone, 784)`.)

# %% tags=["exercise"]
def bits_per_pixel(nats, pixels):
    ...  # your line: return …


check.bits_per_pixel(bits_per_pixel)

# %% [markdown]
# <details><summary>Hint 1</summary>How many nats does one pixel cost?</details>
# <details><summary>Hint 2</summary>log 2 is about 0.69, so one nat is more than one bit: divide. Python's natural logarithm is math.log.</details>

# %% tags=["solution"]
def solution_bits_per_pixel(nats, pixels):
    return nats / (math.log(2) * pixels)


check.bits_per_pixel(solution_bits_per_pixel, solution=True)

# %% [markdown]
# ## A common cause
#
# A *latent* $z$ is such a cause: a number that is drawn first, and never seen. The smallest example has one latent $z$
# and one pixel $x$:
#
# $$z \sim N(0, 1), \qquad x = w z + b + \sigma \varepsilon, \qquad \varepsilon \sim N(0, 1).$$
#
# *In words: draw the cause from a bell around 0; multiply it by $w$, add $b$, and add noise $\varepsilon$ of size
# $\sigma$.* How the causes are spread, $p(z)$, is called the *prior*. And $p(x|z)$ says how probable $x$ is *given*
# its cause. How probable is $x$ if its cause is unknown? Add up over all causes:
#
# $$p(x) = \int p(z)\, p(x|z)\, dz.$$
#
# *In words: for each cause, how often it comes times how often it makes this $x$; then the sum.* (Here $x$ may be any
# number. So $p$ is a [density](../../docs/glossary.md#density): probabilities are areas under it.) We take $w = 1.5$,
# $b = 0.5$ and $\sigma = 0.8$, suppose that $x = 2.5$ was seen, and add up over 2,001 causes:

# %%
w, b, sigma, x = 1.5, 0.5, 0.8, 2.5


def normal(value, mean, sd):
    """The density of a normal distribution."""
    return torch.exp(-0.5 * ((value - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))


z = torch.linspace(-8, 8, 2001, dtype=torch.float64)
joint = normal(z, 0, 1) * normal(torch.tensor(x), w * z + b, sigma)  # p(z) p(x|z) at each z
p_x = joint.sum().item() * (z[1] - z[0]).item()  # heights times width: the area
exact = normal(torch.tensor(x), b, math.sqrt(w**2 + sigma**2)).item()  # here there is a formula to compare with
print(f"p({x}) by adding up {p_x:.6f}, by formula {exact:.6f}; log p({x}) = {math.log(p_x):.4f} nats")
shown = slice(500, 1501, 5)
chart(f"Having seen x = {x}: likely causes lie near 1", {
    "prior p(z)": (z[shown], normal(z, 0, 1)[shown]), "p(z) p(x|z)": (z[shown], joint[shown]),
    "posterior p(z|x)": (z[shown], joint[shown] / p_x)}, "cause z", "density",
    alt="Three bells over z. The prior is centred on 0. The product p(z)p(x|z) is low, near 1. The posterior has the place "
        "and shape of the product, and is taller and narrower than the prior.")

# %% [markdown]
# The area under the low curve is $p(x)$. Divide the curve by this area, and you have the *posterior* $p(z|x)$. It says
# which causes are likely now that $x = 2.5$ was seen: those near 1, not those near 0.
#
# Twenty latents on the same grid would need $2001^{20}$ causes. So we look only where causes are likely. A network,
# the *encoder*, will say where: for each $x$ it gives a bell $q(z|x)$, its guess at the posterior. (What makes $x$
# from $z$ is called the *decoder*.) Multiply and divide by $q$:
#
# $$p(x) = \int q(z|x)\, \frac{p(z)\, p(x|z)}{q(z|x)}\, dz = E_q\!\left[\frac{p(z)\, p(x|z)}{q(z|x)}\right].$$
#
# *In words: draw causes from $q$. The weight of a cause is how often it comes together with $x$, divided by how often
# $q$ draws it. The mean weight is $p(x)$.* $E_q$ stands for that mean. The method is called *importance sampling*. It
# is right on average for every bell $q$, but a good one needs fewer draws. A bell that is too narrow, or in the wrong
# place, hardly ever draws some of the likely causes. Most estimates lack them and are too low; a few hit one, and are
# far too high.
#
# After ± stands the *standard error*: the standard deviation of the weights over the root of their number. A true
# value more than 4 standard errors away would be a surprise.

# %%
def weights_from(q_mean, q_sd, draws=10_000):
    """p(z) p(x|z) / q(z|x) for causes drawn from q: (draws,)."""
    z = q_mean + q_sd * torch.randn(draws, dtype=torch.float64, generator=runtime.stream("causes"))
    return normal(z, 0, 1) * normal(torch.tensor(x), w * z + b, sigma) / normal(z, q_mean, q_sd)


of_prior, of_guess = weights_from(0.0, 1.0), weights_from(1.0, 0.6)
for name, weights in {"q = the prior": of_prior, "q = a bell near 1": of_guess}.items():
    error = weights.std().item() / math.sqrt(len(weights))  # the standard error of the mean
    print(f"{name:18} mean weight {weights.mean():.5f} ± {error:.5f} (exact {exact:.5f})")

# %% tags=["nbval-check-output"]
claims.close("adding up over 2,001 causes gives p(x) as the formula does", p_x, exact, 1e-6)
claims.at_most("importance sampling is within 4 standard errors of p(x)",
               abs(of_guess.mean().item() - exact) / (of_guess.std().item() / 100), 4)
claims.at_least("causes drawn near the posterior: the weights' spread is at least 3 times smaller than with the prior",
                (of_prior.std() / of_guess.std()).item(), 3)

# %% [markdown]
# If $q$ is the posterior itself, every weight is $p(x)$, and one draw is enough.
#
# *A good place for a pause.*
#
# ## From the mean to the bound
#
# Training is to make $\log p(x)$ large: the logarithm *of a mean*. The mean of a few draws is right on average. Is its
# logarithm, too?

# %%
ask.predict("swap")

# %%
for a, c in ((1, 9), (5, 5)):
    print(f"weights {a} and {c}: log of the mean {math.log((a + c) / 2):.3f}, "
          f"mean of the logs {(math.log(a) + math.log(c)) / 2:.3f}")

# %% [markdown]
# The mean of the logarithms is lower, unless all weights are equal. This is *Jensen's inequality*, for any weights:
# the logarithm bends downwards, so a straight line between two of its points lies below it. Now line by line, with
# $q$ short for $q(z|x)$:
#
# $$\log p(x) = \log E_q\!\left[\frac{p(z)\, p(x|z)}{q}\right] \;\ge\; E_q\!\left[\log \frac{p(z)\, p(x|z)}{q}\right]
# = \underbrace{E_q[\log p(x|z)]}_{\text{reconstruction}} - \underbrace{E_q\!\left[\log \frac{q}{p(z)}\right]}_{\mathrm{KL}(q \,\|\, p(z))}.$$
#
# *In words: take the logarithm of the mean weight; swap the two, and lose something; write the logarithm of a product
# as a sum.* The right-hand side is the *evidence lower bound*, the *ELBO*. Its first part asks: do the causes that $q$
# proposes make this $x$ probable? Its second part is a *KL divergence*: how far is $q$ from the prior?
#
# How much was lost? The posterior $p(z|x)$ is $p(z)\,p(x|z)$ divided by $p(x)$. So $p(z)\,p(x|z) = p(x)\,p(z|x)$. Put
# that into the mean of the logarithm. As $\log p(x)$ has no $z$ in it, it is its own mean:
#
# $$\mathrm{ELBO} = E_q\!\left[\log \frac{p(x)\, p(z|x)}{q}\right] = \log p(x)
# - \underbrace{E_q\!\left[\log \frac{q}{p(z|x)}\right]}_{\mathrm{KL}(q \,\|\, p(z|x)) \;\ge\; 0}.$$
#
# *In words: the ELBO lies below $\log p(x)$ by exactly as much as the guess $q$ is away from the true posterior.* A KL
# is never negative, and it is 0 only if the two are the same. Article A2 (chapter 00) writes
# $\log p(x) = \mathrm{ELBO}$.

# %% [markdown]
# **Exercise: the bound on a grid.** Compute the ELBO of one $x$ by adding up over a grid of causes. You get `log_q`,
# the logarithm of $q$ at each cause; `log_joint`, that of $p(z)\,p(x|z)$; and `step`, how far each cause lies from
# the next. Return one number. (Try `bound(normal(z, 1, 0.6).log(), joint.log(), 0.008)` against `math.log(p_x)`. Try
# other means, and widths from 0.3 on. Then try the posterior itself, `(joint / p_x).log()`. Which $q$ closes the gap?)

# %% tags=["exercise"]
def bound(log_q, log_joint, step):
    ...  # your line: return …


check.bound(bound)

# %% [markdown]
# <details><summary>Hint 1</summary>The ELBO is a mean over causes drawn from q. On a grid, each cause counts with its density times the step.</details>
# <details><summary>Hint 2</summary>Of what is it the mean? Of the logarithm of p(z) p(x|z) / q, which is a difference of two things that you are given.</details>

# %% tags=["solution"]
def solution_bound(log_q, log_joint, step):
    often = log_q.exp() * step  # how often q draws each cause
    return (often * (log_joint - log_q)).sum()


check.bound(solution_bound, solution=True)

# %% [markdown]
# ## The gap, measured
#
# `LinearVAE` is our example with two causes in place of one, and five numbers in place of one pixel. Its decoder and
# encoder are linear: the mean of $q$ is a matrix $A$ times $x$, less a constant. $q$ draws each cause *on its own*. In the true
# posterior the two may be *correlated*: if one is larger than expected, the other is likely to be smaller (or larger).
# Their [covariance](../../docs/maths.md#covariance) measures it; in our $q$ it is always 0. $\log p(x)$, the ELBO and
# the gap, $\mathrm{KL}(q \,\|\, p(z|x))$, have a formula each, and none uses another: that they add up is a test. The
# encoder begins wrong. To fit it, we change its numbers so that the ELBO rises, and leave the decoder alone.

# %%
ask.predict("gap")

# %%
linear = LinearVAE(latent=2, dim=5, sigma=0.5, seed=runtime.seed)
with torch.no_grad():
    points = linear.sample(500, seed=runtime.seed)  # (500, 5, 1, 1): "images" of five channels and one pixel
    truth, elbo, gap = (f(points).mean().item() for f in (linear.log_prob, linear.elbo, linear.elbo_gap))
optimiser = torch.optim.Adam([linear.A, linear.log_var], lr=0.05)  # the encoder's numbers
for _ in range(1000):
    loss = -linear.elbo(points).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
with torch.no_grad():
    elbo_fitted, gap_fitted = linear.elbo(points).mean().item(), linear.elbo_gap(points).mean().item()
    covariance = linear.true_posterior(points)[1]
linear.solve()  # the best encoder of this kind, by its formula
gap_best = linear.elbo_gap(points).mean().item()
rows = [("wrong", elbo, gap), ("fitted", elbo_fitted, gap_fitted)]
show_table(f"Is ELBO + gap = log p(x) = {truth:.6f}? (nats)", ("encoder", "ELBO", "gap", "sum"),
           [(name, f"{e:.4f}", f"{g:.4f}", f"{e + g:.6f}") for name, e, g in rows])
print(f"the best encoder of this kind has the gap {gap_best:.4f}")
print(f"true posterior: variances {covariance[0, 0]:.3f} and {covariance[1, 1]:.3f}, covariance {covariance[0, 1]:.3f}")

# %% tags=["nbval-check-output"]
claims.close("wrong encoder: ELBO + gap = log p(x), exactly", elbo + gap, truth, 1e-8)
claims.close("fitted encoder: ELBO + gap = log p(x), exactly", elbo_fitted + gap_fitted, truth, 1e-8)
claims.at_most("fitting the encoder removes over 90 % of the gap", gap_fitted / gap, 0.1)
claims.close("what is left is the gap of the best encoder of this kind", gap_fitted, gap_best, 1e-4)
claims.at_least("… which is not 0", gap_best, 1e-6)

# %% [markdown]
# The sum is the same in both rows: $\log p(x)$ has no encoder in it. The gap shrinks, and stays above 0: in the true
# posterior the two causes are correlated, in our $q$ they never are. A2's equation is off by the gap: with the wrong
# encoder by 41.5 nats.
#
# ## More draws
#
# A better $q$ is one way to a tighter bound. Another is to average before the swap. Take $k$ draws $z_1, \dots, z_k$
# from $q$, and their weights $w_i = p(z_i)\, p(x|z_i) / q(z_i|x)$ (not the decoder's $w$):
#
# $$\mathrm{IWAE}_k = E\!\left[\log \frac1k \sum_{i=1}^k w_i\right].$$
#
# *In words: take the logarithm of the mean of $k$ weights; then its mean over many such sets.* (IWAE stands for
# importance-weighted autoencoder.) For $k = 1$ it is the ELBO. A mean of $k$ weights varies less than one weight, so
# the swap loses less.

# %%
wide = LinearVAE(latent=2, dim=5, sigma=0.5, seed=runtime.seed)
wide.solve()
with torch.no_grad():
    wide.log_var += 1.0  # a q too wide: e times the best variance
    points = wide.sample(5000, seed=runtime.seed)
    truth = wide.log_prob(points)  # (5000,)
    noise = torch.randn(64, 5000, 2, dtype=torch.float64, generator=runtime.stream("iwae"))
    log_w = log_weights(wide, points, noise)  # (64, 5000): log wᵢ of each point
    exact_gap = wide.elbo_gap(points).mean().item()
KS = (1, 4, 16, 64)
lacks = {k: truth - log_w[:k].exp().mean(0).log() for k in KS}  # point by point
means = {k: one.mean().item() for k, one in lacks.items()}
errors = {k: (one.std() / len(one) ** 0.5).item() for k, one in lacks.items()}
show_table(f"What the bound lacks to log p(x), in nats (the ELBO's exact gap: {exact_gap:.4f})",
           ("draws k", "lacks", "standard error"), [(k, f"{means[k]:.4f}", f"{errors[k]:.4f}") for k in KS])

# %% tags=["nbval-check-output"]
rises = [lacks[a] - lacks[c] for a, c in pairwise(KS)]  # what each k gains on the one before
claims.at_least("on the linear VAE the bound tightens with each k: every rise at least 3 standard errors",
                min((up.mean() / (up.std() / len(up) ** 0.5)).item() for up in rises), 3)
claims.at_least("… and k = 16 still lies below log p(x), by at least 3 standard errors", means[16] / errors[16], 3)
claims.at_most("k = 1 lacks the exact gap: within 4 standard errors", abs(means[1] - exact_gap) / errors[1], 4)
claims.close("k = 64 comes within 0.02 nats of log p(x)", means[64], 0, 0.02)

# %% [markdown]
# The more draws, the less is missing. From here on, and for digits in 5.2, we estimate $\log p(x)$ by a bound with many
# draws: on average too low.

# %% [markdown]
# **Exercise: the logarithm of a mean.** The cell above writes `log_w.exp().mean(0).log()`. In float32 a weight of
# $e^{-110}$ is rounded to 0, and log 0 is minus infinity. Write the line so that it stays right, even for log-weights
# of −1000 or 1000. You get `log_w`, a tensor `(k, N)`: $k$ log-weights for each of $N$ pictures. Return `(N,)`.

# %% tags=["exercise"]
def log_mean(log_w):
    ...  # your line: return …


check.log_mean(log_mean)

# %% [markdown]
# <details><summary>Hint 1</summary>The logarithm of a mean is the logarithm of a sum, minus the logarithm of their number.</details>
# <details><summary>Hint 2</summary>PyTorch's logsumexp adds up exponentials without leaving the logarithms. Over which axis?</details>

# %% tags=["solution"]
def solution_log_mean(log_w):
    k = log_w.shape[0]
    return torch.logsumexp(log_w - math.log(k), dim=0)


check.log_mean(solution_log_mean, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** the ELBO is reconstruction minus KL. It lies below $\log p(x)$ by exactly the KL divergence of the
#   guess $q$ from the true posterior. A mean over more draws makes the bound tighter.
# - **Not said:** that a model with a good likelihood draws good pictures. Chapter 06 measures both.
# - **Next:** encoder and decoder become networks, and learn digits: [a VAE for digits](2_a_vae_for_digits.ipynb).
