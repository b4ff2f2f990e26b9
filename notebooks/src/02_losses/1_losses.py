# %% [markdown]
# # The minimax loss and its relatives
#
# **The question of this notebook:** which loss, and what is its gradient?
#
# A GAN has two players. The *generator* $G$ turns random numbers $z$ into a picture $G(z)$. The *discriminator* $D$
# looks at a picture and answers with one number, its *logit*: high for "real", low for "drawn". What each player learns
# is decided by its *loss*, the number that it makes smaller. There are dozens of losses for GANs. Most are relatives
# of the six in this notebook, which fit into a few lines of code. What matters most is the *slope* that comes back from
# them to the generator.
#
# After this notebook you
#
# - can find the slope of any of the six by hand, and check it with PyTorch,
# - know why a generator hears almost nothing when its discriminator is sure, and which losses, in front of the same
#   discriminator, prevent that,
# - know which score each loss teaches the discriminator, and what a penalty does to it,
# - can find the mistakes in the losses of A1 and A2 (of the five articles, A1 to A5, that notebook 00 lists).
#
# You need notebooks 00 and 01 and, from [the mathematics page](../../docs/maths.md), the slope, the chain rule, the
# logarithm and the sigmoid. New words stand in *italics*; the [glossary](../../docs/glossary.md) has them too.

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
import math

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, relu, softplus

from course_lib import losses, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.logits import logit_explorer
from course_lib.data import load, toy
from course_lib.learn.claims import Claims
from course_lib.losses import R1, R2, GradientPenalty, WeightClip, squared_gradient_norm
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.runtime import Runtime
from course_lib.show.picture import COLOURS, LINES, finish, new_figure
from course_lib.training import Game

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.1", runtime)
check = syllabus.checks("02")
print(runtime.describe())
print(syllabus.time_of("02.1"))

# %% [markdown]
# ## A loss is a price for a pair
#
# Take one real picture $x$ and one drawn picture $G(z)$. The discriminator gives each a logit. Two letters for this
# notebook:
#
# - $r$, the logit of the **r**eal picture,
# - $f$, the logit of the drawn, the **f**ake one.
#
# The *sigmoid* $\sigma(a) = 1/(1 + e^{-a})$ turns a logit into a probability of "real". We write $D = \sigma(f)$ for
# the drawn picture's: a logit of 0 is $D = 1/2$, a logit of −4 is $D = 0.018$, almost certainly drawn.
#
# A loss is a price for such a pair $(r, f)$, averaged over many pairs. In the **discriminator's turn** only $D$'s
# weights move, and they move so that *its* price falls. In the **generator's turn** only $G$'s weights move, so that
# *its* price falls. The generator has no say in $r$; all it can do is draw pictures with another $f$.
#
# ### The first two losses
#
# The discriminator should give high probability to the truth. With $-\log(\text{probability})$ as the price, which is 0
# for a probability of 1 and grows without end towards 0, the pair costs
#
# $$-\log \sigma(r) - \log(1 - \sigma(f)).$$
#
# *In words: be sure that the real one is real, and that the drawn one is not.* (Notebook 01's $V$ is the mean of minus
# this price.) In the **minimax** game (Goodfellow and others 2014, equation 1) the generator's price is minus that.
# Since $r$ is none of its business, what remains is $\log(1 - \sigma(f))$: *make the discriminator less sure that my
# picture is drawn.* The same paper proposes another price, $-\log \sigma(f)$: *make it sure that my picture is real.*
# That is the **non-saturating** loss. It sounds like the same wish. It is not the same slope.
#
# Both become shorter with $\operatorname{softplus}(a) = \log(1 + e^a)$:
#
# $$-\log \sigma(a) = -\log \frac{1}{1 + e^{-a}} = \log(1 + e^{-a}) = \operatorname{softplus}(-a),$$
#
# and because $1 - \sigma(a) = \dfrac{e^{-a}}{1 + e^{-a}} = \dfrac{1}{e^a + 1} = \sigma(-a)$, also
# $-\log(1 - \sigma(a)) = \operatorname{softplus}(a)$.

# %%
def standard_d(r, f):
    return softplus(-r) + softplus(f)


def minimax_g(r, f):
    return -softplus(f)


def non_saturating_g(r, f):
    return softplus(-f)


# %% [markdown]
# ### Two slopes by hand
#
# Everything rests on one slope. Call $u = 1 + e^a$. The slope of $\log u$ is $1/u$, the slope of $1 + e^a$ is $e^a$,
# and by the chain rule the two multiply:
#
# $$\operatorname{softplus}'(a) = \frac{1}{1 + e^a} \cdot e^a = \frac{e^a}{1 + e^a} = \frac{1}{e^{-a} + 1} = \sigma(a).$$
#
# *In words: the slope of softplus is the sigmoid.* Now the two generators' slopes by the logit $f$:
#
# - minimax: $-\operatorname{softplus}(f)$ has the slope $-\sigma(f) = -D$;
# - non-saturating: $\operatorname{softplus}(-f)$ has, by the chain rule once more, $\sigma(-f) \cdot (-1) = -(1 - D)$.
#
# Both are negative: raising $f$ lowers the price, so both generators want a higher logit. But a discriminator that sees
# through a picture says $D \approx 0$. Then the minimax slope is almost 0: **the generator hears least exactly when it
# draws badly.** The non-saturating slope is then almost −1. (A curve that goes flat is said to *saturate*; hence the
# names.)
#
# ### What PyTorch calls it
#
# PyTorch's *binary cross-entropy with logits* (BCE) has the price $-\log \sigma(a)$ for the label 1 and
# $-\log(1 - \sigma(a))$ for the label 0. A5 names BCE as its GAN's loss, and many programs train the generator with BCE
# and the *wrong* label: 1 for drawn pictures. **Predict:** which of the two losses is that?

# %%
def random_logits(n=1000):
    """Two lists of logits in double precision (float64, 16 digits), most between −9 and 9."""
    stream = runtime.stream("logits")
    return (3 * torch.randn(n, 1, generator=stream, dtype=torch.float64) for _ in range(2))


r, f = random_logits()
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
# So a program that swaps the labels plays the non-saturating game, whatever formula stands above it.
#
# ## Four relatives
#
# **Least squares** (Mao and others 2017). Forget probabilities: the logit is a plain *score*. The discriminator pulls
# real scores to 1 and fake ones to 0, the generator pulls fake ones to 1. The price is half the squared distance from
# the target; its slope is the distance itself (with a minus below the target).
#
# **Hinge** (Lim and Ye 2017). The discriminator pays until a real score is above 1 and a fake one below −1; from there
# on nothing. With $\operatorname{relu}(a)$, which is $a$ where $a > 0$ and otherwise 0, that is
# $\operatorname{relu}(1 - r) + \operatorname{relu}(1 + f)$. The generator pays $-f$: higher is better, always by the
# same slope.
#
# **Wasserstein** (Arjovsky, Chintala and Bottou 2017). Both are straight lines: $f - r$ for the discriminator, $-f$ for
# the generator. Straight lines go down for ever, so this loss needs something that holds $D$ back; that has a section
# of its own.
#
# **Relativistic** (Jolicoeur-Martineau 2019). Only the *difference* counts: does the real one of a pair look more real
# than the drawn one? The price is $\operatorname{softplus}(-(r - f))$ for the discriminator and
# $\operatorname{softplus}(r - f)$ for the generator.

# %%
def least_squares_d(r, f):
    return 0.5 * (r - 1) ** 2 + 0.5 * f**2


def least_squares_g(r, f):
    return 0.5 * (f - 1) ** 2


def hinge_d(r, f):
    return relu(1 - r) + relu(1 + f)


# %%
def wasserstein_d(r, f):
    return f - r


def straight_g(r, f):  # the generator of the hinge and of the Wasserstein loss
    return -f


def relativistic_d(r, f):
    return softplus(-(r - f))


def relativistic_g(r, f):
    return softplus(r - f)


# %% [markdown]
# All six, by name. The course's library has them as `course_lib.losses`; there `d` and `g` take whole batches of logits
# and return the mean. Do not believe that they are the same. Measure it.

# %%
PRICES = {
    "minimax": (standard_d, minimax_g, losses.Minimax()),
    "non-saturating": (standard_d, non_saturating_g, losses.NonSaturating()),
    "least squares": (least_squares_d, least_squares_g, losses.LeastSquares()),
    "hinge": (hinge_d, straight_g, losses.Hinge()),
    "Wasserstein": (wasserstein_d, straight_g, losses.Wasserstein()),
    "relativistic": (relativistic_d, relativistic_g, losses.Relativistic()),
}
r, f = random_logits()
differences = []
for d, g, library in PRICES.values():
    differences += [d(r, f).mean() - library.d(r, f), g(r, f).mean() - library.g(r, f)]
apart = max(abs(number.item()) for number in differences)
print(f"largest difference: {apart:.0e}")

# %% tags=["nbval-check-output"]
claims.at_most("our twelve prices are the library's", apart, 1e-12)

# %% [markdown]
# ### Six pairs of slopes
#
# With $D = \sigma(f)$ for the drawn picture, $D_r = \sigma(r)$ for the real one, and $W = \sigma(r - f)$, how surely
# the real one wins the comparison, the rules above give:
#
# | loss | discriminator's, by $r$ | discriminator's, by $f$ | generator's, by $f$ |
# |---|---|---|---|
# | minimax | $-(1 - D_r)$ | $D$ | $-D$ |
# | non-saturating | $-(1 - D_r)$ | $D$ | $-(1 - D)$ |
# | least squares | $r - 1$ | $f$ | $f - 1$ |
# | hinge | $-1$ if $r < 1$, else 0 | $1$ if $f > -1$, else 0 | $-1$ |
# | Wasserstein | $-1$ | $1$ | $-1$ |
# | relativistic | $-(1 - W)$ | $1 - W$ | $-W$ |
#
# One line as an example: the relativistic price is softplus of $-(r - f) = f - r$. Its slope by $f$ is
# $\sigma(f - r) \cdot 1$, and $\sigma(-(r - f)) = 1 - W$. Now PyTorch's *autograd*, which applies the chain rule to
# whatever was computed, is asked for the same slopes at 1,000 random pairs. (In Python, `lambda r, f: …` is a function
# without a name.)

# %%
s = torch.sigmoid  # σ in the text
FORMULAS = {
    "minimax": (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: -s(f)),
    "non-saturating": (lambda r, f: s(r) - 1, lambda r, f: s(f), lambda r, f: s(f) - 1),
    "least squares": (lambda r, f: r - 1, lambda r, f: f, lambda r, f: f - 1),
    "hinge": (lambda r, f: -(r < 1).double(), lambda r, f: (f > -1).double(), lambda r, f: -1),
    "Wasserstein": (lambda r, f: -1, lambda r, f: 1, lambda r, f: -1),
    "relativistic": (lambda r, f: s(r - f) - 1, lambda r, f: 1 - s(r - f), lambda r, f: -s(r - f)),
}


def slopes(price, r, f):
    """The slopes of a price by r and by f at each pair (+ 0 * r: a price that ignores r has the slope 0)."""
    r, f = r.clone().requires_grad_(), f.clone().requires_grad_()
    return torch.autograd.grad((price(r, f) + 0 * r).sum(), (r, f))


# %%
def largest_error(name):
    d, g, _ = PRICES[name]
    measured = (*slopes(d, r, f), slopes(g, r, f)[1])
    return max((a - formula(r, f)).abs().max().item() for a, formula in zip(measured, FORMULAS[name], strict=True))


errors = {name: largest_error(name) for name in PRICES}
print(", ".join(f"{name} {error:.0e}" for name, error in errors.items()))

# %% tags=["nbval-check-output"]
for name in PRICES:
    claims.at_most(f"{name}: the three slopes are those of the table", errors[name], 1e-12)

# %% [markdown]
# ### Move the logit
#
# In JupyterLab you get a slider for the logit and a menu for the player. (On a page that only shows this notebook: a
# picture, for the logit −4.) The other logit of the pair stays at 0. Curves that coincide lie on top of each other,
# broad below narrow; what leaves the frame can still be read as a number. **Predict**, before you move it: to the far
# left, where the discriminator is sure that a picture is drawn, which generators still get a slope?

# %%
logit_explorer(-4.0)

# %% [markdown]
# At −4 all but one. Only the minimax curve is flat on the left. (Least squares is steepest, far outside the frame: −5.)
# On the right, where the discriminator takes the picture for real, it is the other way round: the non-saturating and
# the relativistic generator rest, while minimax, hinge and Wasserstein still push. Least squares turns round at 1: it
# pulls a picture that looks *too* real back.
#
# ## When the discriminator is sure
#
# How much weaker is the minimax slope? Divide the one by the other, and remember that the logit is
# $f = \log \frac{D}{1 - D}$:
#
# $$\frac{-D}{-(1 - D)} = \frac{D}{1 - D} = e^f.$$
#
# *In words: at the logit −4 the minimax generator hears $e^{-4}$ of what the other hears, one part in 55.*

# %%
at = torch.tensor([0.0, -2, -4, -8, -12], dtype=torch.float64)
minimax_slope, other_slope = (slopes(g, torch.zeros_like(at), at)[1] for g in (minimax_g, non_saturating_g))
ratio = minimax_slope / other_slope
for logit, a, b, c in zip(at.tolist(), minimax_slope, other_slope, ratio, strict=True):
    print(f"logit {logit:4.0f}: D = {1 / (1 + math.exp(-logit)):.6f}, minimax {a:9.6f}, non-saturating {b:9.6f}, "
          f"1 part in {1 / c:,.0f}")

# %% tags=["nbval-check-output"]
claims.at_most("minimax slope divided by non-saturating slope is e to the power of the logit",
               (ratio - at.exp()).abs().max(), 1e-12)
claims.at_least("at the logit −8 that is less than one part in 2,900", 1 / ratio[3], 2900)

# %% [markdown]
# ### On digits
#
# Does that happen to real networks? We play a short, non-saturating game on the 4,000 training digits. `Game` takes the
# turns, 64 pictures at a time, and `lr` says how far the weights move in a step; notebook 03 writes the loop out. Three
# hundred steps are not enough for digits, but the generator has begun to learn. It has a single hidden layer.

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
show.samples(drawn, 20,
             alt="Twenty pictures by the generator after a short game: speckled, brighter in the middle, no digit yet.")

# %% [markdown]
# Now **the generator stands still**, and a new discriminator learns alone to tell its pictures from digits. Every ten
# steps we keep a copy of it. (`backward` finds the slope of the price for each weight, and the optimiser's `step` moves
# the weights a little downhill.)

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
# Each copy is now asked for its opinion of the same 500 drawn pictures. For each loss we send the slope back, through
# the discriminator into the generator. The slopes for all of the generator's weights are its *gradient*, and the
# [length](../../docs/maths.md#vector) of that list says how strongly it is pulled. (*Critic* is another word for a
# discriminator.) **Predict:** with the minimax loss, what is left after 100 steps?

# %%
def length_of_gradient(price, critic):
    """How strongly the generator's weights are pulled, all together."""
    generator.zero_grad()
    logits = critic(generator(z))
    price(torch.zeros_like(logits), logits).mean().backward()
    return math.sqrt(sum(p.grad.square().sum().item() for p in generator.parameters()))


pull = {name: [length_of_gradient(price, critic) for critic in kept.values()]
        for name, price in (("minimax", minimax_g), ("non-saturating", non_saturating_g))}
logits = [critic(drawn).mean().item() for critic in kept.values()]
show.lines({name: (list(kept), lengths) for name, lengths in pull.items()}, "steps of the discriminator alone",
           "length of the generator's gradient", log_y=True,
           alt="Two lines that start together; non-saturating rises, minimax falls by several powers of ten.")

# %%
for i in (0, 5, 10, 20, 30):
    a, b = pull["minimax"][i], pull["non-saturating"][i]
    print(f"step {10 * i:3d}: mean logit {logits[i]:6.1f}, minimax {a:.1e}, non-saturating {b:5.2f}, 1 part in {b / a:,.0f}")

# %% tags=["nbval-check-output"]
claims.at_least("after 100 steps of D alone, minimax leaves less than 1 part in 100 of the non-saturating gradient",
                pull["non-saturating"][10] / pull["minimax"][10], 100)
claims.at_least("after 300 steps, less than 1 part in 10,000", pull["non-saturating"][-1] / pull["minimax"][-1], 10_000)
claims.at_least("meanwhile the non-saturating gradient did not shrink",
                pull["non-saturating"][-1] / pull["non-saturating"][0], 1)

# %% [markdown]
# A hundred steps, and the minimax generator hears less than a hundredth of what the other hears. A4 looks for the
# reason of *vanishing gradients* in the depth of the network. But both gradients come back through the same layers,
# and only one vanishes. (Plain gradient descent then hardly moves. Adam, in notebook 03, takes its steps in units of
# the usual slope, which hides most of the damage as long as the fall is slow.) The other gradient *grows*: the
# price's slope is never more than 1, so it is what comes through the discriminator that grows. Too much of a good
# thing: see the section on steepness.
#
# One more look at these copies. All the time the 500 pictures were the same. What did the generator's loss do?

# %%
prices = [non_saturating_g(None, critic(drawn)).mean().item() for critic in kept.values()]
print(f"the same pictures: loss {prices[0]:.2f} at step 0, {prices[10]:.2f} at step 100, {prices[-1]:.2f} at step 300")

# %% tags=["nbval-check-output"]
claims.at_least("the generator's loss rose to more than 5 times as much, for the very same pictures",
                prices[-1] / prices[0], 5)

# %% [markdown]
# A4 says that the generator's loss measures the difference between drawn and real pictures. It measures the
# discriminator's opinion, and opinions change.
#
# ## A sigmoid too many
#
# A1's code hands `sigmoid` output to a loss that expects logits. The loss then squashes the probability a second time.
# Nothing fails, and the loss even falls. What happens to the slope?
#
# We need the slope of the sigmoid, $\sigma(a) = u^{-1}$ with $u = 1 + e^{-a}$. The slope of $u^{-1}$ is $-u^{-2}$, that
# of $u$ is $-e^{-a}$, and by the chain rule they multiply:
#
# $$\sigma'(a) = \frac{e^{-a}}{(1 + e^{-a})^2} = \frac{1}{1 + e^{-a}} \cdot \frac{e^{-a}}{1 + e^{-a}}
# = \sigma(a)\,(1 - \sigma(a)).$$
#
# *In words: at most ¼ (at $a = 0$), and almost nothing on both sides.* The generator's price was
# $\operatorname{softplus}(-f)$ and is now $\operatorname{softplus}(-\sigma(f)) = \operatorname{softplus}(-D)$. Its
# slope by $D$ is $-\sigma(-D)$; times $\sigma'(f) = D(1 - D)$:
#
# $$-\sigma(-D) \cdot D\,(1 - D) \qquad\text{instead of}\qquad -(1 - D).$$
#
# So the slope is multiplied by $D \cdot \sigma(-D)$. This grows with $D$, which is less than 1, so it is less than
# $\sigma(-1) = 0.269$ **everywhere**. It is 0.189 for $D = 1/2$, and about $D/2$ when the discriminator is sure: half
# of the minimax slope. The non-saturating loss saturates again! On the digits, with the same copies as before:

# %%
def double_sigmoid_g(r, f):
    return softplus(-torch.sigmoid(f))


def double_sigmoid_d(r, f):
    return softplus(-torch.sigmoid(r)) + softplus(torch.sigmoid(f))


f = torch.linspace(-8, 8, 2001, dtype=torch.float64)
factor = slopes(double_sigmoid_g, f, f)[1] / slopes(non_saturating_g, f, f)[1]
off = (factor - s(f) * s(-s(f))).abs().max().item()
print(f"at f = −8: {factor[0]:.5f}, at 0: {factor[1000]:.3f}, largest: {factor.max():.3f}")

# %%
pull["non-saturating, double sigmoid"] = [length_of_gradient(double_sigmoid_g, critic) for critic in kept.values()]
show.lines({name: (list(kept), lengths) for name, lengths in pull.items()}, "steps of the discriminator alone",
           "length of the generator's gradient", log_y=True,
           alt="The line of the double sigmoid starts lower than the other two and falls with the minimax line.")

# %% [markdown]
# The lowest line is the double sigmoid, soon with half of the minimax gradient. The discriminator suffers as well.
# The best it can do is $D_r = 1$ and $D = 0$, and even then it pays
# $\operatorname{softplus}(-1) + \operatorname{softplus}(0)$. That is 1.006: a loss that never falls below it, though
# the discriminator becomes right about everything, is a reason to look for a second sigmoid.

# %%
floor = double_sigmoid_d(torch.tensor(1000.0), torch.tensor(-1000.0)).item()
without = standard_d(torch.tensor(1000.0), torch.tensor(-1000.0)).item()
print(f"the lowest price there is: {floor:.3f}; without the second sigmoid it is {without:.3f}")

# %% tags=["nbval-check-output"]
claims.at_most("a double sigmoid multiplies the generator's slope by D times σ(−D)", off, 1e-12)
claims.at_most("… which is nowhere more than σ(−1), about 0.27", factor.max(), 1 / (1 + math.e))
claims.at_least("on digits, when D is sure, it leaves less than 1 part in 100 of the non-saturating gradient",
                pull["non-saturating"][-1] / pull["non-saturating, double sigmoid"][-1], 100)
claims.close("with a double sigmoid the discriminator's loss cannot fall below 1.006", floor, 1.006, 0.001)

# %% [markdown]
# ## What does the discriminator learn?
#
# Now the other player. Suppose that at one place $x$ real pictures have the *density* $p$ and drawn ones the density
# $q$ (how often they occur there; notebook 01). Which score $s$ makes the discriminator's price lowest? At that place
# it pays, on average, $p \cdot (\text{price of a real one}) + q \cdot (\text{price of a drawn one})$. Each of these
# prices is a valley as a function of $s$ (or a straight line), so it is lowest where its slope is 0.
#
# - **Standard** (minimax and non-saturating have the same discriminator): $-p\,(1 - \sigma(s)) + q\,\sigma(s) = 0$.
#   Collect $\sigma(s)$: $(p + q)\,\sigma(s) = p$. So $D = \frac{p}{p + q}$, as in notebook 01, and the logit is
#   $s = \log\frac{p}{q}$.
# - **Least squares**: $p\,(s - 1) + q\,s = 0$, so $s = \frac{p}{p + q}$: the same ratio, now as the score itself.
# - **Hinge**: between −1 and 1 the price is $p\,(1 - s) + q\,(1 + s) = p + q + (q - p)\,s$, a straight line. It is
#   lowest at one end: $s = 1$ if $p > q$, $s = -1$ if $p < q$. (Beyond the ends one of the two prices only grows.)
# - **Wasserstein**: $(q - p)\,s$ is a straight line without ends. There is **no** best score: further is always better.
# - **Relativistic**: take two places, 1 and 2. A real one at 1 meets a drawn one at 2 with frequency $p_1 q_2$ and
#   costs $\operatorname{softplus}(-(s_1 - s_2))$; the other way round it is $p_2 q_1$ and
#   $\operatorname{softplus}(s_1 - s_2)$. That is the standard problem again, for the logit $s_1 - s_2$! So
#   $s_1 - s_2 = \log\frac{p_1 q_2}{p_2 q_1} = \log\frac{p_1}{q_1} - \log\frac{p_2}{q_2}$. The score $\log\frac{p}{q}$
#   fulfils this for all pairs of places at once, and so does the same score plus a constant.
#
# ### Checked with a table of scores
#
# We do not need a network to check that. Take 81 places on a line, with real data in two heaps and drawn data in one.
# The "discriminator" is a free table: one score a place. Its price is the mean over all $81 \times 81$ pairs, each
# counted as often as it occurs, and an [optimiser](../../docs/glossary.md#adam) moves the 81 scores downhill, with
# smaller and smaller steps.

# %%
places = torch.linspace(-4, 4, 81, dtype=torch.float64)
p = toy.line(-1.5, 1.5, sigma=0.7).density(places[:, None])
q = toy.line(0.5, sigma=1.2).density(places[:, None])
p, q = p / p.sum(), q / q.sum()  # shares that sum to 1


def best_scores(price, steps=1500):
    scores = torch.zeros(81, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([scores], lr=0.1, betas=(0.5, 0.9), eps=1e-16)
    smaller = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        of_pairs = price(scores[:, None], scores[None, :])  # (81, 81): a real one at i, a drawn one at j
        (p[:, None] * q[None, :] * of_pairs).sum().backward()
        optimiser.step()
        smaller.step()
    return scores.detach()


# %%
found = {name: best_scores(price) for name, price in (("standard", standard_d), ("least squares", least_squares_d),
                                                      ("hinge", hinge_d), ("relativistic", relativistic_d))}
log_ratio = (p / q).log()
found["relativistic"] += log_ratio.mean() - found["relativistic"].mean()  # the free constant
formula = {"standard": log_ratio, "least squares": p / (p + q), "hinge": (p - q).sign(), "relativistic": log_ratio}
wrong_by = {name: (found[name] - formula[name]).abs().max().item() for name in found}
once, twice = (best_scores(wasserstein_d, steps).abs().max().item() for steps in (1500, 3000))
print(", ".join(f"{name} {error:.0e}" for name, error in wrong_by.items()))
print(f"Wasserstein, largest score: {once:.0f} after 1,500 steps, {twice:.0f} after 3,000")

# %% tags=["nbval-check-output"]
claims.at_most("standard: the table finds log(p/q) everywhere", wrong_by["standard"], 1e-3)
claims.at_most("least squares: it finds p/(p + q)", wrong_by["least squares"], 1e-3)
claims.at_most("hinge: it finds 1 where p > q, −1 where p < q", wrong_by["hinge"], 1e-3)
claims.at_most("relativistic: it finds log(p/q) and a constant", wrong_by["relativistic"], 1e-3)
claims.at_least("Wasserstein: after twice the steps the scores are twice as far out", twice / once, 1.9)

# %% [markdown]
# **Label smoothing** (Salimans and others 2016) asks the discriminator for 0.9 instead of 1 on real pictures, so that
# it is never sure of "real" (of "drawn" it can be): a real one costs 0.9 of the price for the label 1 and 0.1 of that
# for 0. By $s$ that has the slope $-0.9\,(1 - \sigma(s)) + 0.1\,\sigma(s) = -(0.9 - \sigma(s))$, so the best
# probability is $0.9\,\frac{p}{p + q}$.

# %%
def smoothed_d(r, f):
    return 0.9 * softplus(-r) + 0.1 * softplus(r) + softplus(f)


r, f = random_logits()
same = (smoothed_d(r, f).mean() - losses.NonSaturating(real_label=0.9).d(r, f)).abs().item()
off = (torch.sigmoid(best_scores(smoothed_d)) - 0.9 * p / (p + q)).abs().max().item()

# %% tags=["nbval-check-output"]
claims.at_most("this is the library's one-sided label smoothing", same, 1e-12)
claims.at_most("smoothed: the table finds D = 0.9 p/(p + q)", off, 1e-3)

# %% [markdown]
# ### Wasserstein, with a limit on the slope
#
# Notebook 01 met the Wasserstein distance $W_1$: the least work, mass times way, that turns heap $q$ into heap $p$. It
# is what the Wasserstein discriminator measures **if its score changes by at most 1 for each step of 1 along the line**
# (it is then called *1-Lipschitz*). So we give our table a limit: the free numbers are now the 80 slopes between
# neighbours, each between −1 and 1. The price is a straight line in each slope, so the best slope is one of the two
# limits, and the sign of the gradient says which. To compare with, $W_1$ itself: whatever $q$ has too much (or too
# little) to the left of a gap has to be carried across that gap, so the work is the sum of these differences times the
# gap's width.

# %%
gap = 8 / 80  # between neighbouring places


def scores_from(slopes):
    return torch.cat([torch.zeros(1), (slopes * gap).cumsum(0)])


free = torch.zeros(80, dtype=torch.float64, requires_grad=True)
price = (q * scores_from(free)).sum() - (p * scores_from(free)).sum()
(gradient,) = torch.autograd.grad(price, free)
found["Wasserstein"] = scores_from(-gradient.sign())
reached = ((p - q) * found["Wasserstein"]).sum().item()  # minus the price
w1 = (p.cumsum(0) - q.cumsum(0)).abs().sum().item() * gap  # carried across each gap, times its width
print(f"mean score of real minus mean score of drawn: {reached:.6f}; W1: {w1:.6f}")

# %% tags=["nbval-check-output"]
claims.close("with slopes limited to 1, the best Wasserstein discriminator measures W1", reached / w1, 1, 1e-9)

# %% [markdown]
# All of them in one figure: the dots are what the table found, the lines are the formulas (the last panel has none).
# **Predict** before you look: where on the line would the hinge's best score give a generator a slope?

# %%
def panel(ax, title, name):
    ax.plot(places, found[name], "o", color=COLOURS[2], markersize=3.5)
    if name in formula:
        ax.plot(places, formula[name], color="#222222", linewidth=1.2)
    ax.set_title(title, fontsize=10)


figure, axes = new_figure(9.6, 5.0, columns=3, rows=2)
for density, label, line in ((p, "p, real", "-"), (q, "q, drawn", "--")):
    axes[0, 0].plot(places, density, line, color=COLOURS[0] if density is p else COLOURS[1], label=label)
axes[0, 0].set_ylim(0, 0.047)
axes[0, 0].legend(frameon=False, fontsize=9, loc="upper left")
axes[0, 0].set_title("share at each place", fontsize=10)
panel(axes[0, 1], "standard: log(p/q)", "standard")
panel(axes[0, 2], "relativistic: log(p/q) + constant", "relativistic")
panel(axes[1, 0], "least squares: p/(p + q)", "least squares")
panel(axes[1, 1], "hinge: which is larger?", "hinge")
panel(axes[1, 2], "Wasserstein, slopes at most 1", "Wasserstein")
for ax in axes[1]:
    ax.set_xlabel("place")
finish(figure, "Six panels over a line. Real data in two heaps, drawn data in one. Best scores: two equal hilly curves for "
               "standard and relativistic, a flatter one for least squares, steps between −1 and 1 for hinge, and "
               "straight lines up and down for Wasserstein.")

# %% [markdown]
# The first four agree on *where* real data are the more frequent: there the score is above 0 (least squares: above ½;
# the relativistic constant was chosen so). They differ in the slope, and along the slope the generator is pushed. The
# hinge's best score is flat but for three jumps: a *perfect* hinge discriminator would push hardly anything. (Trained
# networks are not perfect, and that is as well.) The Wasserstein score answers another question. It does not say what
# is frequent where, but which way drawn points have to be carried, uphill: from below 0.7 to the left, from above 0.7
# to the right (and from the far right back to 2.2). Its slope is 1 or −1 everywhere, even with hardly any data.
#
# ## How steep may a discriminator be?
#
# ### One weight
#
# The smallest discriminator of all is $d(x) = w x$ on the line, a single weight, and $w$ is its slope. Let real data
# have the mean 1 and drawn ones the mean −1. Then the Wasserstein price is $f - r = -w - w = -2w$ on average. What is
# the best $w$?
#
# | what holds $w$ back | added to the price | lowest where the price's slope is 0 |
# |---|---|---|
# | nothing | | $-2 \ne 0$: never, $w$ grows for ever |
# | weight clipping at $c$ (Arjovsky and others 2017) | $w$ is cut to $-c \dots c$ after each step | $w = c$ |
# | WGAN-GP (Gulrajani and others 2017) | $\gamma\,(\lvert w \rvert - 1)^2$, measured between the two | $-2 + 2\gamma(w - 1) = 0$: $w = 1 + 1/\gamma$ |
# | R1 (Mescheder and others 2018) | $\frac{\gamma}{2} w^2$, measured at real data | $-2 + \gamma w = 0$: $w = 2/\gamma$ |
# | R1 and R2 | the same at drawn data too | $-2 + 2\gamma w = 0$: $w = 1/\gamma$ |
#
# *In words: a penalty charges for steepness. WGAN-GP wants a slope of 1, R1 and R2 want 0, and the strength $\gamma$
# ("gamma") decides who wins.* The library's penalties take any discriminator; here they get this one.

# %%
real_points = 1 + torch.tensor([-0.5, 0.5], dtype=torch.float64)[:, None]  # mean 1
drawn_points = -real_points  # mean −1


def settled(penalties=(), limit=None, steps=500, start=0.1):
    """The weight after so many small steps downhill."""
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        price = wasserstein_d(w * real_points, w * drawn_points).mean()
        price = price + sum(penalty(lambda x, w=w: w * x, real_points, drawn_points) for penalty in penalties)
        (slope,) = torch.autograd.grad(price, w)
        w = (w - 0.02 * slope).detach().requires_grad_()
        if limit:
            w = w.detach().clamp(-limit, limit).requires_grad_()
    return w.item()


# %%
w_free, w_clip = settled(), settled(limit=0.01)
w_gp, w_r1, w_both = settled([GradientPenalty(10.0)]), settled([R1(10.0)]), settled([R1(10.0), R2(10.0)])
print(f"nothing {w_free:.1f}, clip {w_clip:.2f}, WGAN-GP {w_gp:.3f}, R1 {w_r1:.3f}, R1 and R2 {w_both:.3f}")

# %% tags=["nbval-check-output"]
claims.at_least("without a limit the weight keeps growing: twice the steps, more than 1.9 times the weight",
                settled(steps=1000) / w_free, 1.9)
claims.close("WGAN-GP with γ = 10 settles at 1 + 1/γ", w_gp, 1.1, 1e-3)
claims.close("R1 with γ = 10 settles at 2/γ", w_r1, 0.2, 1e-3)
claims.close("R1 and R2 with γ = 10 settle at 1/γ", w_both, 0.1, 1e-3)

# %% [markdown]
# **Predict:** and if the weight starts at −0.1 instead, with the wrong sign?

# %%
from_left = {"WGAN-GP": settled([GradientPenalty(10.0)], start=-0.1), "R1": settled([R1(10.0)], start=-0.1)}
print(", ".join(f"{name} {w:.3f}" for name, w in from_left.items()))

# %% tags=["nbval-check-output"]
claims.close("started on the wrong side, WGAN-GP settles at −(1 − 1/γ): the critic is upside down",
             from_left["WGAN-GP"], -0.9, 1e-3)
claims.close("started on the wrong side, R1 settles at 2/γ all the same", from_left["R1"], 0.2, 1e-3)

# %% [markdown]
# WGAN-GP asks for the *size* of the slope to be 1 and has a second valley on the other side: there
# $\lvert w \rvert = -w$, the slope of the price is $-2 - 2\gamma(-w - 1)$, and it is 0 at $w = -(1 - 1/\gamma)$ if
# $\gamma > 1$. To leave that valley the weight would have to pass through 0, where the penalty is high. R1 has one
# valley only.
#
# ### A network
#
# The same with a network of two hidden layers of 64 units, and with heaps of points instead of two: real ones around 1,
# drawn ones around −1, with a standard deviation of ½. To carry the one heap to the other, every point has to go a way
# of 2, so $W_1 = 2$. We do it in the plane (around (1, 0) and (−1, 0)), and later on the line. The discriminator
# learns alone, and every 20 steps we measure its mean slope at the data (in the plane, the length of its gradient).
# **Predict** for each of the five: does the slope keep growing, and if not, where does it stop?

# %%
def heaps(dim):
    centre = torch.eye(1, dim)  # (1) on the line, (1, 0) in the plane
    return toy.Mixture("real", centre, 0.5), toy.Mixture("drawn", -centre, 0.5)


def learn_alone(loss, penalties=(), constraints=(), dim=2, start=0):
    with runtime.seeded("critic", start):
        critic = PointDiscriminator((64, 64), dim=dim)
    optimiser = torch.optim.Adam(critic.parameters(), 1e-3, betas=(0.5, 0.9))
    steepness = {}
    for step in range(runtime.pick(smoke=20, course=400) + 1):
        x, y = (heap.sample(128, runtime.stream(heap.name, step))[0] for heap in heaps(dim))
        if step % 20 == 0:
            steepness[step] = squared_gradient_norm(critic, torch.cat([x, y])).sqrt().mean().item()
        optimiser.zero_grad()
        with runtime.seeded("between", step):  # WGAN-GP draws points between real and drawn ones
            price = loss.d(critic(x), critic(y)) + sum(penalty(critic, x, y) for penalty in penalties)
        price.backward()
        optimiser.step()
        for constraint in constraints:
            constraint(critic)
    return critic, steepness


# %%
alone = {
    "Wasserstein, no limit": learn_alone(losses.Wasserstein()),
    "Wasserstein, clip 0.01": learn_alone(losses.Wasserstein(), constraints=[WeightClip(0.01)]),
    "Wasserstein, WGAN-GP": learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)]),
    "relativistic": learn_alone(losses.Relativistic()),
    "relativistic, R1 + R2": learn_alone(losses.Relativistic(), [R1(1.0), R2(1.0)]),
}

# %%
figure, axes = new_figure(9.6, 3.4)
ax = axes[0, 0]
for colour, line, (name, (_, steep)) in zip(COLOURS, LINES, alone.items(), strict=False):
    ax.plot(list(steep), list(steep.values()), color=colour, linestyle=line, label=name)
ax.set_yscale("log")
ax.yaxis.set_major_formatter("{x:g}")
ax.set(xlabel="steps of the discriminator alone", ylabel="mean slope at the data")
ax.axhline(1, color="#222222", linewidth=0.8, label="slope 1")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=9)
finish(figure, "Five lines: no limit rises past 100, clip falls below a hundredth, WGAN-GP comes to 1, relativistic "
               "rises to about 7, and with R1 and R2 it stays below 1.")

# %%
def distance_measured(critic, dim=2):
    """Mean score of 10,000 real points minus that of 10,000 drawn ones."""
    with torch.no_grad():
        real, drawn = (critic(heap.sample(10_000, runtime.stream(heap.name, "test"))[0]).mean() for heap in heaps(dim))
    return (real - drawn).item()


last = {name: list(steep.values())[-1] for name, (_, steep) in alone.items()}
measured = {name: distance_measured(critic) for name, (critic, _) in alone.items()}
for name in alone:
    print(f"{name:24} mean slope {last[name]:8.4f}, real minus drawn {measured[name]:8.3f}")

# %% [markdown]
# The distance is 2. Without a limit the discriminator reports many times that, clipped it reports almost nothing, and
# with WGAN-GP about 2. (A little more, for the reason in the table: the slope settles a little above 1. Clipped, the
# number is about 2 in units of the score's own largest slope, which one has to know.) The relativistic discriminator
# stops by itself, at the score $\log p/q$, which for these heaps is $8x$: a slope of 8. With R1 and R2 it is less than a
# third as steep after as many steps. That trio, called R3GAN (Huang and others 2024), is the youngest recipe here.

# %% tags=["nbval-check-output"]
claims.at_least("without a limit the Wasserstein discriminator becomes steeper than 50", last["Wasserstein, no limit"], 50)
claims.at_most("clipped at 0.01 it ends flatter than 0.05", last["Wasserstein, clip 0.01"], 0.05)
claims.close("with WGAN-GP the mean slope ends at 1, give or take 0.2", last["Wasserstein, WGAN-GP"], 1, 0.2)
claims.at_least("R1 and R2 make the relativistic discriminator at least 3 times less steep",
                last["relativistic"] / last["relativistic, R1 + R2"], 3)

# %% [markdown]
# Is the second valley a danger for a network? We give WGAN-GP four fresh networks on the line and four in the plane.
# **Predict:** where will it end upside down?

# %%
def with_gradient_penalty(dim, start):
    critic, _ = learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)], dim=dim, start=start)
    return distance_measured(critic, dim)


on_line, in_plane = ([with_gradient_penalty(dim, start) for start in (1, 2, 3, 4)] for dim in (1, 2))
print("on the line: ", "  ".join(f"{distance:6.2f}" for distance in on_line))
print("in the plane:", "  ".join(f"{distance:6.2f}" for distance in in_plane))

# %% tags=["nbval-check-output"]
claims.at_most("in the plane each of four networks measures W1 = 2, give or take 0.4",
               max(abs(distance - 2) for distance in in_plane), 0.4)
claims.at_least("on the line each ends in one of the two valleys, at least 1.4 from 0",
                min(abs(distance) for distance in on_line), 1.4)

# %% [markdown]
# On the line a slope can change its sign only by passing through 0, and a network whose first random weights slope the
# wrong way may stay there. (How many of the four do depends on the seed.) In the plane a slope can *turn round* without ever
# being small. Pictures have hundreds of dimensions, so we expect this trap only in small examples. It is worth knowing:
# our own first version of this section claimed that WGAN-GP measures 2 on the line, and other seeds proved it wrong.

# %% [markdown]
# ### Clipping or penalty?
#
# Clipping limits the weights, not the slope. How flat that makes the score depends on the number of layers and units;
# a limit for the slope can be computed from them, the slope itself not. It has a second cost. **Predict:** where will
# most weights of the clipped network be?

# %%
def weights_of(name):
    return torch.cat([w.detach().flatten() for w in alone[name][0].parameters()])


clipped, penalised = weights_of("Wasserstein, clip 0.01"), weights_of("Wasserstein, WGAN-GP")
at_limit = (clipped.abs() >= 0.0099).float().mean().item()
figure, axes = new_figure(7.2, 2.8, columns=2)
panels = (axes[0, 0], clipped, "clipped at ±0.01", 0.012), (axes[0, 1], penalised, "WGAN-GP", 0.5)
for ax, weights, title, reach in panels:
    share = [100 / len(weights)] * len(weights)  # each weight counts for so many per cent
    ax.hist(weights.numpy(), bins=41, range=(-reach, reach), color=COLOURS[0], weights=share)
    ax.set(title=title, xlabel="weight", ylabel="% of the weights")
print(f"{at_limit:.1%} of the clipped weights lie at the limit")
finish(figure, "Two histograms of weights. Clipped: two tall bars, at −0.01 and at 0.01, and almost nothing between. "
               "WGAN-GP: one heap around 0.")

# %% tags=["nbval-check-output"]
claims.at_least("more than half of the clipped weights lie at the limit", at_limit, 0.5)

# %% [markdown]
# At the two limits, and almost none between: the straight-line price pulls each weight as far as it may go. Such a
# network prefers functions that are too simple, as the inventors of WGAN-GP observed (their figure 1).
#
# ## Losses that make no game
#
# In a game, the players want opposite things. That can be read off the slopes: **there must be drawn pictures whose
# logit the two pull in opposite directions.** Two articles print losses that never do.
#
# - **A1** writes the discriminator's loss as $E[\log D(x)] + E[\log(1 - D(G(z)))]$, *to be minimised*, and the
#   generator's as $-E[\log D(x)] + E[\log(1 - D(G(z)))]$. ($E$ is the mean over pictures.)
# - **A2**'s code gives both players the same loss, the discriminator's.
#
# As a price of $r$ and $f$, with `logsigmoid` for $\log \sigma$:

# %%
def a1_d(r, f):
    return logsigmoid(r) + logsigmoid(-f)


def a1_g(r, f):
    return -logsigmoid(r) + logsigmoid(-f)


# %%
def same_direction(d, g):
    """The share of pairs at which both players pull the drawn picture's logit the same way."""
    return (slopes(d, r, f)[1] * slopes(g, r, f)[1] > 0).double().mean().item()


r, f = random_logits()
players = {name: (d, g) for name, (d, g, _) in PRICES.items()} | {"A1": (a1_d, a1_g), "A2": (standard_d, standard_d)}
together = {name: same_direction(d, g) for name, (d, g) in players.items()}
as_minimax = (slopes(a1_g, r, f)[1] - slopes(minimax_g, r, f)[1]).abs().max().item()
for name, share in together.items():
    print(f"{name:15} same direction at {share:4.0%} of the pairs")

# %% tags=["nbval-check-output"]
claims.at_most("minimax and non-saturating players never pull a drawn picture's logit the same way",
               together["minimax"] + together["non-saturating"], 0)
claims.at_least("A1's players always do", together["A1"], 1)
claims.at_least("A2's players always do", together["A2"], 1)
claims.at_most("A1's longer loss for the generator has the minimax slope", as_minimax, 1e-12)

# %% [markdown]
# So neither is a game in our sense: the two never want opposite things. (Least squares is one, in spite of its high
# share: outside 0 … 1 both players pull the score back, but between these two targets, where the best scores lie,
# they pull opposite ways.) And the first term of A1's loss for the generator, the one with $r$, changes nothing for
# it.
#
# What comes of it? We let both play on a small problem: eight heaps of points on a circle of radius 1 (a *ring*), two
# small networks, 300 steps each, and the honest non-saturating loss as a control. `Game` takes a loss as an object with
# two functions of whole batches, `d` and `g`. **Predict** for each loss: how often is the discriminator right about
# fresh points? (Guessing gives 50 %.) And where do the generator's points go?

# %%
class A1Loss:
    g_needs_real = True  # G's turn gets the real logits, too

    def d(self, real_logits, fake_logits):
        return a1_d(real_logits, fake_logits).mean()

    def g(self, real_logits, fake_logits):
        return a1_g(real_logits, fake_logits).mean()


class A2Loss:
    g_needs_real = True

    def d(self, real_logits, fake_logits):
        return standard_d(real_logits, fake_logits).mean()

    g = d  # the same for both


# %%
ring = toy.draw_points(toy.ring(sigma=0.05), runtime, n=5000)
fresh = ring.mixture.sample(2000, runtime.stream("fresh"))[0].to(runtime.device)


def played(loss):
    """How often D is right, and how far from the middle the generator's points lie on average."""
    with runtime.seeded("ring"):
        game = Game(PointGenerator(hidden=(64, 64)), PointDiscriminator((64, 64)), loss, lr=1e-3, batch=128)
    for _ in game.steps(ring, runtime.pick(smoke=10, course=300), runtime):
        pass
    points = game.sampler()(2000)
    with torch.no_grad():
        right = torch.cat([game.discriminator(fresh) > 0, game.discriminator(points.to(runtime.device)) < 0])
    return right.float().mean().item(), points.norm(dim=1).mean().item()


ends = {"honest": played(losses.NonSaturating()), "A1's loss": played(A1Loss()), "A2's loss": played(A2Loss())}
for name, (right, away) in ends.items():
    print(f"{name:10} discriminator right: {right:4.0%} · points at {away:6.1f} from the middle, on average")

# %% [markdown]
# With A1's sign the discriminator is **worse than chance**: it is trained to be wrong. The generator wants that too, so
# the two carry the points away together. With A2's shared loss the discriminator is right about everything (at least
# 99 %), not because it is good, but because the generator moves its points to where nobody could mistake them. One
# might have expected its accuracy to collapse; it rises, and the generator is useless. Notebook 03 runs both on digits.

# %% tags=["nbval-check-output"]
claims.at_least("control: with the honest loss D is right at least as often as by guessing", ends["honest"][0], 0.5)
claims.at_most("with A1's sign D is worse than chance: right about less than 45 %", ends["A1's loss"][0], 0.45)
claims.at_least("with A2's shared loss D is right about at least 99 %", ends["A2's loss"][0], 0.99)
claims.at_least("with either, the points end at least 5 times as far out as the real ones",
                min(ends["A1's loss"][1], ends["A2's loss"][1]), 5)

# %% [markdown]
# ## Which loss, then?
#
# | loss | G's slope when D is sure | the best score | it needs | GANs that use it |
# |---|---|---|---|---|
# | minimax | 0 | $\log(p/q)$ | a weak discriminator | (the theory of 2014) |
# | non-saturating | −1 | $\log(p/q)$ | nothing more here; R1 for large pictures (StyleGAN's authors) | DCGAN; StyleGAN with R1 |
# | least squares | the distance to 1 | $p/(p+q)$ | nothing special | CycleGAN |
# | hinge | −1 | 1 or −1 | [spectral norm](../../docs/glossary.md#spectral-norm), as a rule | SN-GAN, BigGAN |
# | Wasserstein | −1 | none without a limit | WGAN-GP's penalty, several D steps | WGAN, WGAN-GP |
# | relativistic | −1 | $\log(p/q)$ + constant | R1 and R2 | R3GAN |
#
# A large comparison (Lucic and others 2018) gave each of several losses the same budget for tuning, and found none
# that was better than the non-saturating one throughout. So start with that one; R1, which that study did not have,
# is our addition. Notebook 04 compares more than losses, with controls.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 | D minimises $E[\log D(x)] + E[\log(1 - D(G(z)))]$ | D becomes worse than chance |
# | A1 | G minimises $-E[\log D(x)] + E[\log(1 - D(G(z)))]$ | the first term gives it no slope, the second saturates |
# | A1 | a sigmoid, then a loss that expects logits | the slope shrinks to less than 0.27 of itself, and vanishes where D is sure |
# | A2 | both minimise one loss | they pull the same way at every pair; D becomes right about 99 % or more |
# | A4 | G's loss measures how far its pictures are from real ones | it rose more than fivefold for the very same pictures |
# | A4 | gradients vanish because of depth | they vanished with one hidden layer in each network, and came back with another loss; what depth does by itself, notebook 03 asks |
# | A5 | the loss of its GAN is BCE | for the generator that says too little: label 1 for drawn pictures is the non-saturating loss, minus BCE with label 0 the minimax loss |

# %% [markdown]
# ## Exercises
#
# **1. Other targets.** Mao and others also try the targets 1 for real and −1 for fake scores. Write the discriminator's
# loss for whole batches: half the squared distance from the target, mean over the real ones plus mean over the fake
# ones.

# %% tags=["exercise"]
def ls_d(real_scores, fake_scores):
    ...  # your line: return …


check.ls_d(ls_d)

# %% [markdown]
# <details><summary>Hint 1</summary>Look at `least_squares_d` above. Which number in it is a target, and which target is not written?</details>
# <details><summary>Hint 2</summary>The distance of a score a from −1 is a + 1.</details>
# <details><summary>Hint 3</summary>Two terms of the same shape, each ½ times the mean of a square: `.square().mean()`.</details>

# %% tags=["solution"]
def solution_ls_d(real_scores, fake_scores):
    return 0.5 * (real_scores - 1).square().mean() + 0.5 * (fake_scores + 1).square().mean()


check.ls_d(solution_ls_d, solution=True)

# %% [markdown]
# **2. Cross two losses.** Make the hinge loss relativistic: the discriminator pays nothing for a pair whose real logit
# leads the fake one by at least 1, and otherwise what is missing to that lead. Write it for whole batches: pair by
# pair, the first real one with the first fake one, and so on; then the mean.

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

# %% [markdown]
# **3. Repair A1's losses.** Here they are, for whole batches:
#
# ```python
# d_loss = logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()
# g_loss = -logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()
# ```
#
# Return both, repaired: the discriminator is to learn to be right, and the generator's slope is to be $-(1 - D)$
# for each picture, or its mean.

# %% tags=["exercise"]
def repaired(real_logits, fake_logits):
    ...  # your lines, ending in: return d_loss, g_loss


check.a1(repaired)

# %% [markdown]
# <details><summary>Hint 1</summary>The discriminator's loss must be high where it is wrong. What does `logsigmoid` give for a probability near 0?</details>
# <details><summary>Hint 2</summary>Which term of the generator's loss can the generator change at all?</details>
# <details><summary>Hint 3</summary>The slope −(1 − D) belongs to −log D. Two functions near the top of this notebook have what you need.</details>

# %% tags=["solution"]
def solution_repaired(real_logits, fake_logits):
    d_loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
    return d_loss, softplus(-fake_logits).mean()


check.a1(solution_repaired, solution=True)

# %% [markdown]
# **4. Find A2's mistake.** A2's two turns, shortened to what matters (`bce` is binary cross-entropy with logits):
#
# ```
# 1   fake_logits = discriminator(generator(z))
# 2   real_logits = discriminator(real)
# 3   d_loss = bce(real_logits, ones) + bce(fake_logits, zeros)
# 4   g_loss = bce(real_logits, ones) + bce(fake_logits, zeros)
# 5   d_optimiser takes a step down d_loss, g_optimiser takes one down g_loss
# ```
#
# Which line is wrong? And what should stand to the right of its `=`, so that the generator is pulled with a slope
# near −1 when the discriminator is sure? **A** `bce(fake_logits, ones)` · **B** `-d_loss` ·
# **C** `bce(fake_logits.sigmoid(), ones)` · **D** `bce(fake_logits, zeros)`

# %% tags=["exercise"]
a2_bug = ...  # a pair, such as (1, "D"): the number of the line, and the letter of its repair

check.a2_bug(a2_bug)

# %% [markdown]
# <details><summary>Hint 1</summary>After which line do both players want the same?</details> <details><summary>Hint
# 2</summary>Three of the four repairs make it a game. They differ in the slope when the discriminator is
# sure.</details> <details><summary>Hint 3</summary>The better one is BCE with the "wrong" label.</details>

# %% tags=["solution"]
solution_a2_bug = (4, "A")

check.a2_bug(solution_a2_bug, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - A GAN's loss is a price for two logits. What the generator learns from is its slope by the fake one.
# - Minimax gives it $-D$, which is nothing when D is sure; non-saturating gives it $-(1 - D)$. BCE with swapped labels
#   is the latter.
# - The loss decides which score the discriminator learns: $\log(p/q)$, $p/(p + q)$, a sign, or, with a limit on the
#   slope, one that measures the Wasserstein distance.
# - **Strengths:** a loss is two short functions, which can be tested before any training.
# - **Limits:** the best scores hold for a discriminator that can learn any function, on endless data. A loss's value
#   says little about the pictures. And no loss by itself makes a GAN good.
# - **Software:** `course_lib.losses`, losses and penalties; PyTorch's `binary_cross_entropy_with_logits` is all
#   that the first two losses need.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014. Equation 1, and the other loss at the end of section 3.
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017. Our
#   figure of the vanishing gradient, for a DCGAN.
# - X. Mao, Q. Li, H. Xie, R. Lau, Z. Wang, S. P. Smolley. *Least squares generative adversarial networks.* ICCV 2017.
# - J. H. Lim, J. C. Ye. *Geometric GAN.* arXiv:1705.02894, 2017. The hinge loss.
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida. *Spectral normalization for generative adversarial networks.* ICLR
#   2018.
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein generative adversarial networks.* ICML 2017.
# - I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin, A. Courville. *Improved training of Wasserstein GANs.* NeurIPS
#   2017.
# - L. Mescheder, A. Geiger, S. Nowozin. *Which training methods for GANs do actually converge?* ICML 2018. R1 and R2.
# - A. Jolicoeur-Martineau. *The relativistic discriminator: a key element missing from standard GAN.* ICLR 2019.
# - Y. Huang, A. Gokaslan, V. Kuleshov, J. Tompkin. *The GAN is dead; long live the GAN! A modern GAN baseline.* NeurIPS
#   2024.
# - T. Salimans, I. Goodfellow, W. Zaremba, V. Cheung, A. Radford, X. Chen. *Improved techniques for training GANs.*
#   NeurIPS 2016. Section 3.4 has label smoothing.
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly, O. Bousquet. *Are GANs created equal? A large-scale study.* NeurIPS
#   2018.
