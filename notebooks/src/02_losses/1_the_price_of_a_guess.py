# %% [markdown]
# # 2.1 What does each loss charge for a guess?
#
# A GAN has two players. The *generator* $G$ turns random numbers $z$ into a picture $G(z)$. The *discriminator* $D$
# looks at a picture and answers with one number, its *logit*: high for "real", low for "drawn". (A generated picture is
# also called *drawn* or *fake*.) Each player has a *loss*, a number that it tries to make smaller. A player learns from
# the *slope* of its loss. So this lesson builds six losses and finds the slope of each.
#
# **You need** chapter 01 (the best discriminator) and, from the mathematics page, the
# [chain rule](../../docs/maths.md#chain-rule), the [logarithm](../../docs/maths.md#logarithm) and the
# [sigmoid](../../docs/maths.md#sigmoid). **You will** compute what a guess costs, derive slopes by hand, check them
# with PyTorch, and tell from a program's code which game it plays. About 30 minutes to read and run, 50 with the
# exercises. New words stand in *italics*; the [glossary](../../docs/glossary.md) has them. A1 to A5 are five articles,
# which chapter 00 lists.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, relu, softplus

from course_lib import losses
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.logits import logit_explorer
from course_lib.chapters.ch02_losses.prices import random_logits
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.1", runtime)
check = syllabus.checks("02")
ask = syllabus.questions("02.1")
print(runtime.describe())
print(syllabus.time_of("02.1"))

# %% [markdown]
# ## A guess has a price
#
# Take one real picture $x$ and one drawn picture $G(z)$. The discriminator gives each a logit:
#
# - $r$ is the logit of the **r**eal picture,
# - $f$ is the logit of the drawn, the **f**ake one.
#
# The sigmoid $\sigma(a) = 1/(1 + e^{-a})$ turns a logit $a$ into a probability of "real". The drawn picture's
# probability is called $D$, too: $D = \sigma(f)$. The logit 0 is $D = 1/2$; the logit −4 is $D = 0.018$, almost
# certainly drawn.
#
# The discriminator should give a high probability to the truth. So it pays minus the logarithm of that probability.
# This price is 0 for a probability of 1, and it grows as the probability falls. The pair $(r, f)$ costs
#
# $$-\log \sigma(r) - \log(1 - \sigma(f)).$$
#
# *In words: be sure that the real one is real, and that the drawn one is not.* A loss is the mean of such prices over
# many pairs. (The score $V$ of chapter 01 is minus this loss.)

# %%
ask.predict("wrong")

# %% [markdown]
# Both logarithms become shorter with [softplus](../../docs/maths.md#softplus),
# $\operatorname{softplus}(a) = \log(1 + e^a)$:
#
# $$-\log \sigma(a) = -\log \frac{1}{1 + e^{-a}} = \log(1 + e^{-a}) = \operatorname{softplus}(-a),$$
#
# and because $1 - \sigma(a) = \dfrac{e^{-a}}{1 + e^{-a}} = \dfrac{1}{e^a + 1} = \sigma(-a)$, the same line with $-a$
# for $a$ gives $-\log(1 - \sigma(a)) = -\log \sigma(-a) = \operatorname{softplus}(a)$.

# %%
def standard_d(r, f):
    return softplus(-r) + softplus(f)


logits = torch.tensor([-8.0, -4, 0, 4, 8])
columns = logits, torch.sigmoid(logits), softplus(-logits), softplus(logits)
show_table("What the discriminator pays for one logit", ("logit", "probability of “real”", "if real", "if drawn"),
           [(f"{a:.0f}", f"{b:.4f}", f"{c:.4f}", f"{d:.4f}") for a, b, c, d in zip(*columns, strict=True)])

# %% [markdown]
# A guess that is wrong and sure costs about the size of its logit. One that is right and sure costs almost nothing.
#
# ## Two prices for the generator
#
# The players take turns. In the discriminator's turn only $D$'s weights move. In the generator's turn only $G$'s
# weights move. The generator cannot change $r$. All it can do is draw pictures that get another $f$.
#
# - In the **minimax** game (Goodfellow and others 2014, equation 1) its price is minus the discriminator's:
#   $\log \sigma(r) + \log(1 - \sigma(f))$. The first term does not depend on $f$. The second is
#   $-\operatorname{softplus}(f)$: *make D less sure that my picture is drawn.*
# - The same paper proposes another price, $-\log \sigma(f)$: *make D sure that my picture is real.* It is now called
#   the **non-saturating** loss.

# %%
def minimax_g(r, f):
    return -softplus(f)


def non_saturating_g(r, f):
    return softplus(-f)


# %% [markdown]
# The two wishes sound alike. Their slopes by $f$ differ. (The *slope by $f$* says how the price changes when only $f$
# changes.) To find them we need the slope of softplus. Call $u = 1 + e^a$. The slope of $\log u$ is $1/u$, the
# slope of $1 + e^a$ is $e^a$, and by the chain rule the two multiply:
#
# $$\operatorname{softplus}'(a) = \frac{1}{1 + e^a} \cdot e^a = \frac{e^a}{1 + e^a} = \frac{1}{e^{-a} + 1} = \sigma(a).$$
#
# (The third equals sign multiplies above and below by $e^{-a}$.) *In words: the slope of softplus is the sigmoid.* So
# the minimax price $-\operatorname{softplus}(f)$ has the slope $-\sigma(f) = -D$.

# %% [markdown]
# **Exercise: the other slope.** Finish the line: which slope by $f$ has the non-saturating price
# $\operatorname{softplus}(-f)$? Use the chain rule once more. (`f` is a tensor of logits; return one slope for each.)

# %% tags=["exercise"]
def ns_slope(f):
    ...  # your line: return …


check.ns_slope(ns_slope)

# %% [markdown]
# <details><summary>Hint 1</summary>The outer function is softplus, the inner one is −f. What is the slope of −f?</details>
# <details><summary>Hint 2</summary>Outer slope at −f, times inner slope. PyTorch's sigmoid is torch.sigmoid.</details>

# %% tags=["solution"]
def solution_ns_slope(f):
    return torch.sigmoid(-f) * (-1)  # = −(1 − D), because σ(−f) = 1 − σ(f)


check.ns_slope(solution_ns_slope, solution=True)

# %% [markdown]
# So the two slopes are $-D$ and $-(1 - D)$. Both are negative: a higher $f$ lowers the price, so both generators want a
# higher logit. The difference is in the size. A discriminator that recognises a drawn picture says $D \approx 0$. Then
# the minimax slope is almost 0, and the non-saturating slope is almost −1. (A curve that goes flat is said to
# *saturate*. Minimax's does so at $D \approx 0$, the other one does not; hence the name.)
#
# ## What PyTorch calls it
#
# PyTorch's *binary cross-entropy with logits* (BCE) charges $-\log \sigma(a)$ where the label is 1 and
# $-\log(1 - \sigma(a))$ where it is 0. A5 names BCE as its GAN's loss. Many programs train the generator with BCE and
# the *wrong* label: 1 for drawn pictures.

# %%
ask.predict("swapped")

# %%
r, f = random_logits(runtime)  # 1,000 pairs, nearly all logits between −9 and 9
ones, zeros = torch.ones_like(f), torch.zeros_like(f)
swapped = binary_cross_entropy_with_logits(f, ones)
honest = binary_cross_entropy_with_logits(f, zeros)
from_ours = (swapped - non_saturating_g(r, f).mean()).abs().item()
from_minimax = (-honest - minimax_g(r, f).mean()).abs().item()
print(f"BCE, label 1: {swapped:.4f} · non-saturating {non_saturating_g(r, f).mean():.4f}")
print(f"minus BCE, label 0: {-honest:.4f} · minimax {minimax_g(r, f).mean():.4f}")

# %% tags=["nbval-check-output"]
claims.at_most("BCE with the label 1 for drawn pictures is the non-saturating loss", from_ours, 1e-12)
claims.at_most("minus BCE with the label 0 is the minimax loss", from_minimax, 1e-12)

# %% [markdown]
# A program with BCE that swaps the label in the generator's turn plays the non-saturating game, whatever formula is
# printed beside it.
#
# ## Four relatives
#
# **Least squares** (Mao and others 2017). The logit is no longer turned into a probability, and is called a *score*.
# (From here on a score is $D$'s answer for one picture, not chapter 01's $V$.) The discriminator pulls real scores to 1
# and fake ones to 0. The generator pulls fake ones to 1. The price is half the squared distance from the target. So
# pictures far on the side of "real" are pulled back, too; the non-saturating slope fades there.
#
# **Hinge** (Lim and Ye 2017). The discriminator pays nothing for a real score above 1 or a fake one below −1. Otherwise
# it pays the distance from that limit. $\operatorname{relu}(a)$ is $a$ where $a > 0$ (slope 1) and otherwise 0 (slope 0). So
# $D$ spends no effort on scores that are good enough. The generator pays $-f$.
#
# **Wasserstein** (Arjovsky, Chintala and Bottou 2017). Both prices are straight lines: $f - r$ and $-f$. A straight line
# falls for ever, so $D$ needs a limit; with one it measures a distance (lessons 2.3 and 2.4).
#
# **Relativistic** (Jolicoeur-Martineau 2019). Only the *difference* of the two logits counts: does the real picture
# look more real than the drawn one?

# %%
def least_squares_d(r, f):
    return 0.5 * (r - 1) ** 2 + 0.5 * f**2


def least_squares_g(r, f):
    return 0.5 * (f - 1) ** 2


def hinge_d(r, f):
    return relu(1 - r) + relu(1 + f)


def wasserstein_d(r, f):
    return f - r


def straight_g(r, f):  # the generator of the hinge and of the Wasserstein loss
    return -f


# %%
def relativistic_d(r, f):
    return softplus(-(r - f))


def relativistic_g(r, f):
    return softplus(r - f)


PRICES = {
    "minimax": (standard_d, minimax_g, losses.Minimax()),
    "non-saturating": (standard_d, non_saturating_g, losses.NonSaturating()),
    "least squares": (least_squares_d, least_squares_g, losses.LeastSquares()),
    "hinge": (hinge_d, straight_g, losses.Hinge()),
    "Wasserstein": (wasserstein_d, straight_g, losses.Wasserstein()),
    "relativistic": (relativistic_d, relativistic_g, losses.Relativistic()),
}

# %% [markdown]
# The third entry of each line is the course's library. Its `d` and `g` take whole batches of logits and return the mean.
# Are ours the same?

# %% tags=["nbval-check-output"]
differences = []
for d, g, library in PRICES.values():
    differences += [d(r, f).mean() - library.d(r, f), g(r, f).mean() - library.g(r, f)]
claims.at_most("our twelve prices are the library's", max(abs(number.item()) for number in differences), 1e-12)

# %% [markdown]
# **Exercise: other targets.** Mao and others also try the targets 1 for real and −1 for fake scores. Write the
# discriminator's loss for whole batches: half the squared distance from the target, mean over the real scores plus mean
# over the fake ones.

# %% tags=["exercise"]
def ls_d(real_scores, fake_scores):
    ...  # your line: return …


check.ls_d(ls_d)

# %% [markdown]
# <details><summary>Hint 1</summary>Look at <code>least_squares_d</code> above. Which number in it is a target, and which target is not written?</details>
# <details><summary>Hint 2</summary>The distance of a score a from −1 is a + 1.</details>
# <details><summary>Hint 3</summary>Two terms of the same shape, each ½ times the mean of a square: <code>.square().mean()</code>.</details>

# %% tags=["solution"]
def solution_ls_d(real_scores, fake_scores):
    return 0.5 * (real_scores - 1).square().mean() + 0.5 * (fake_scores + 1).square().mean()


check.ls_d(solution_ls_d, solution=True)

# %% [markdown]
# ## The slopes of all six
#
# With $D = \sigma(f)$ for the drawn picture, $D_r = \sigma(r)$ for the real one, and $D_{rf} = \sigma(r - f)$, the
# probability that the real one wins the comparison, the rules above, and the slope $a$ of $\tfrac12 a^2$, give:
#
# | loss | discriminator's, by $r$ | discriminator's, by $f$ | generator's, by $f$ |
# |---|---|---|---|
# | minimax | $-(1 - D_r)$ | $D$ | $-D$ |
# | non-saturating | $-(1 - D_r)$ | $D$ | $-(1 - D)$ |
# | least squares | $r - 1$ | $f$ | $f - 1$ |
# | hinge | $-1$ if $r < 1$, else 0 | $1$ if $f > -1$, else 0 | $-1$ |
# | Wasserstein | $-1$ | $1$ | $-1$ |
# | relativistic | $-(1 - D_{rf})$ | $1 - D_{rf}$ | $-D_{rf}$ |
#
# Two examples. The relativistic discriminator pays $\operatorname{softplus}(f - r)$. Its slope by $f$ is
# $\sigma(f - r) = 1 - \sigma(r - f) = 1 - D_{rf}$. The hinge discriminator pays $\operatorname{relu}(1 - r)$ for a real
# picture. The inner function $1 - r$ has the slope −1. Where $r < 1$, relu has the slope 1, so the product is −1;
# elsewhere it is 0.
#
# PyTorch's *autograd* applies the chain rule to whatever was computed. We ask it for the same slopes at 1,000 random
# pairs.

# %%
s = torch.sigmoid  # σ in the text
FORMULAS = {  # `lambda r, f: …` is a function without a name
    "minimax": (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: -s(f)),
    "non-saturating": (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: s(f) - 1),
    "least squares": (lambda r, f: r - 1, lambda r, f: f, lambda r, f: f - 1),
    "hinge": (lambda r, f: -(r < 1).double(), lambda r, f: (f > -1).double(), lambda r, f: -1),
    "Wasserstein": (lambda r, f: -1, lambda r, f: 1, lambda r, f: -1),
    "relativistic": (lambda r, f: s(r - f) - 1, lambda r, f: 1 - s(r - f), lambda r, f: -s(r - f)),
}

# %% tags=["nbval-check-output"]
def slopes(price, r, f):
    """The slopes of a price by r and by f at each pair (+ 0 * r: a price that ignores r has the slope 0)."""
    r, f = r.clone().requires_grad_(), f.clone().requires_grad_()
    # a pair's logits are in its own price only, so the sum's slope by a logit is that price's slope
    return torch.autograd.grad((price(r, f) + 0 * r).sum(), (r, f))


for name, (d, g, _) in PRICES.items():
    measured = (*slopes(d, r, f), slopes(g, r, f)[1])
    error = max((a - formula(r, f)).abs().max() for a, formula in zip(measured, FORMULAS[name], strict=True))
    claims.at_most(f"{name}: the three slopes are those of the table", error, 1e-12)

# %% [markdown]
# ## Move the logit
#
# In JupyterLab the cell after the prediction has a slider for the logit and a menu for the player. (A page without a
# kernel has a picture, for the logit −4.) The other logit of the pair stays at 0. Where curves coincide, the broad one
# lies behind the narrow one.

# %%
ask.predict("far_left")

# %%
logit_explorer(-4.0)

# %% [markdown]
# At −4 every generator but minimax's has a slope of at least 0.98 in size; minimax's is 0.018. (Least squares is
# steepest, outside the frame: −5. But its discriminator aims at 0 for a drawn picture, and there the slope is −1.)
#
# Far on the right the discriminator takes the picture for real. There the slopes of minimax, hinge and Wasserstein are
# about −1. The non-saturating slope goes to 0, and so does the relativistic one while the real logit stays at 0. Least
# squares turns round at its target 1: it pulls a higher score back.

# %% [markdown]
# **Exercise: cross two losses.** Make the hinge loss relativistic. The discriminator pays nothing for a pair whose real
# logit leads the fake one by at least 1. Otherwise it pays what is missing to that lead. Write it for whole batches:
# compare the first real logit with the first fake one, and so on; then take the mean.

# %% tags=["exercise"]
def relativistic_hinge(real_logits, fake_logits):
    ...  # your line: return …


check.relativistic_hinge(relativistic_hinge)

# %% [markdown]
# <details><summary>Hint 1</summary>The lead is a difference. What is missing to a lead of 1?</details>
# <details><summary>Hint 2</summary>"Nothing, or else what is missing" is what relu does.</details>
# <details><summary>Hint 3</summary>The lead is real_logits − fake_logits, and relu works on whole batches. Relu first, mean last.</details>

# %% tags=["solution"]
def solution_relativistic_hinge(real_logits, fake_logits):
    return relu(1 - (real_logits - fake_logits)).mean()


check.relativistic_hinge(solution_relativistic_hinge, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **Now known.** A GAN's loss is a price for two logits; a player learns from its slope. Minimax gives the generator the
# slope $-D$, the non-saturating loss $-(1 - D)$. BCE with the swapped label is the non-saturating loss.
#
# **Not said.** How much of that slope arrives at a network's weights. Nor which loss draws better pictures.
#
# **Next.** [2.2](2_when_d_is_sure.ipynb) sends both slopes through real networks, with a discriminator that is sure.
