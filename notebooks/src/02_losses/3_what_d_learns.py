# %% [markdown]
# # 2.3 Which score does each loss teach the discriminator?
#
# A *score* $s(x)$ is $D$'s answer for one picture $x$ (not chapter 01's $V$). The generator pays for a drawn $x$ a
# price $g$ that depends on this score. How does the price change when $x$ changes? By the chain rule its slope is
# $g'(s(x)) \cdot s'(x)$. *In words: how hard the loss pulls at the score, times how fast the score changes with the
# picture.* (In the plane, and for a picture, $s'$ is the *gradient*: one slope for each coordinate or pixel. Its length
# says how steep $s$ is, its direction where $s$ rises fastest.) Lesson 2.1 was about the first factor. The second
# depends on what $D$ has learned. Here we derive the best score under each loss, and check it.
#
# **You need** [2.1](1_the_price_of_a_guess.ipynb) (six prices and their slopes), the densities of chapter 01 and the
# [logarithm](../../docs/maths.md#logarithm). **You will** derive the best score of a loss, check it without a network,
# and tell from a picture which loss a discriminator has learned with. About 30 minutes to read and run up to the
# stopping place, 50 with the exercises; the optional rest takes 15.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import softplus

from course_lib import losses
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.fields import fields, pushes
from course_lib.chapters.ch02_losses.pictures import best_scores_on_a_line, nameless_scores
from course_lib.chapters.ch02_losses.prices import PRICES, random_logits
from course_lib.data import toy
from course_lib.learn.claims import Claims, show_table
from course_lib.losses import GradientPenalty
from course_lib.models.points import PointDiscriminator
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.3", runtime)
check = syllabus.checks("02")
ask = syllabus.questions("02.3")
print(runtime.describe())
print(syllabus.time_of("02.3"))

# %% [markdown]
# ## One place, two densities
#
# At one place $x$ real pictures have the *density* $p$, and drawn ones the density $q$. If $p$ is three times $q$, real
# ones are three times as frequent near $x$. In the discriminator's loss each price counts as often as its pictures
# occur. So the best score $s$ makes this lowest:
#
# $$p \cdot (\text{price of a real one}) + q \cdot (\text{price of a drawn one}).$$

# %%
ask.predict("three_times")

# %%
scores, zero = torch.linspace(-4, 4, 801, dtype=torch.float64), torch.zeros(801, dtype=torch.float64)
rows = []
for name in ("non-saturating", "least squares", "hinge", "Wasserstein"):
    d, _ = PRICES[name]
    price = 3 * d(scores, zero) + 1 * d(zero, scores)  # a real one three times, a drawn one once; the other score is 0
    rows.append((name, f"{scores[price.argmin()]:.2f}"))
show_table("The cheapest of 801 scores from −4 to 4, where real ones are 3 times as frequent", ("loss", "score"), rows)

# %% [markdown]
# Hinge learns only which of the two is the more frequent. Wasserstein takes the highest score that was offered. Now the
# formulas, for $p$ and $q$ above 0. Plotted over $s$, a price is a smooth valley (lowest where its slope is 0), a
# valley of straight pieces (hinge), or one straight line (Wasserstein). The slopes are those of lesson 2.1's table.
#
# - **Standard** (minimax and non-saturating have the same discriminator): $-p\,(1 - \sigma(s)) + q\,\sigma(s) = 0$.
#   Collect $\sigma(s)$: $(p + q)\,\sigma(s) = p$. So $D = \sigma(s) = \frac{p}{p + q}$. Then
#   $\frac{D}{1 - D} = \frac{p}{q}$, and the logit is its logarithm, $s = \log\frac{p}{q}$.
# - **Least squares**: $p\,(s - 1) + q\,s = 0$, so $s = \frac{p}{p + q}$: the standard loss's $D$, now as the score
#   itself.
# - **Hinge**: between −1 and 1 the price is $p\,(1 - s) + q\,(1 + s) = p + q + (q - p)\,s$, a straight line. It is
#   lowest at one end: $s = 1$ if $p > q$, $s = -1$ if $p < q$. Further out the price rises.
# - **Wasserstein**: $(q - p)\,s$ is a straight line. There is **no** best score: further is always better, upwards
#   where $p > q$, downwards where $p < q$.
#
# **Relativistic**: its price needs a pair. Take two places, with the scores $s_1$ and $s_2$, and call $t = s_1 - s_2$.
# Pairs with the real picture at the first place and the drawn one at the second have the frequency $p_1 q_2$; the other
# way round, $p_2 q_1$. Together they cost
#
# $$p_1 q_2 \operatorname{softplus}(-t) + p_2 q_1 \operatorname{softplus}(t).$$
#
# *In words: the standard price, with $p_1 q_2$ for $p$, $p_2 q_1$ for $q$, and $t$ for $s$.* So
# $t = \log\frac{p_1 q_2}{p_2 q_1} = \log\frac{p_1}{q_1} - \log\frac{p_2}{q_2}$. The score $\log\frac{p}{q}$, plus any
# constant, fulfils this for all pairs of places at once.

# %% [markdown]
# **Exercise: other targets.** With the least-squares targets 1 for real and −1 for fake scores, the price at a place is
# $\tfrac{p}{2}(s - 1)^2 + \tfrac{q}{2}(s + 1)^2$. Finish the line: the best score there.

# %% tags=["exercise"]
def best_ls(p, q):
    ...  # your line: return …


check.best_ls(best_ls)

# %% [markdown]
# <details><summary>Hint 1</summary>The slope of ½(s − 1)² is s − 1. Which slope has the other half?</details>
# <details><summary>Hint 2</summary>Set the sum of both slopes, each times its density, to 0, and collect s.</details>

# %% tags=["solution"]
def solution_best_ls(p, q):
    return (p - q) / (p + q)  # p(s − 1) + q(s + 1) = 0


check.best_ls(solution_best_ls, solution=True)

# %% [markdown]
# ## Checked with a table of scores
#
# Take 81 places on a line, with real data in two heaps and drawn data in one. The "discriminator" is a table: one free
# score for each place. Its price is the mean over all $81 \times 81$ pairs, each counted as often as it occurs. An
# [optimiser](../../docs/glossary.md#adam) moves the 81 scores downhill, in smaller and smaller steps.

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
ask.predict("wasserstein")

# %%
d_price = {name: d for name, (d, _) in PRICES.items()}  # the discriminators' prices of lesson 2.1
found = {"standard": best_scores(d_price["minimax"])}
found |= {name: best_scores(d_price[name]) for name in ("least squares", "hinge", "relativistic")}
log_ratio = (p / q).log()
found["relativistic"] += log_ratio.mean() - found["relativistic"].mean()  # the free constant
formula = {"standard": log_ratio, "least squares": p / (p + q), "hinge": (p - q).sign(), "relativistic": log_ratio}
wrong_by = {name: (found[name] - formula[name]).abs().max().item() for name in found}
once, twice = (best_scores(d_price["Wasserstein"], steps).abs().max().item() for steps in (1500, 3000))
words = "log(p/q)", "p/(p + q)", "1 or −1: the sign of p − q", "log(p/q) + constant"
show_table("How far the table's scores are from the formula", ("loss", "formula", "largest difference"),
           [(name, said, f"{wrong_by[name]:.0e}") for name, said in zip(found, words, strict=True)])
print(f"Wasserstein, largest score: {once:.0f} after 1,500 steps, {twice:.0f} after 3,000")

# %% tags=["nbval-check-output"]
claims.at_most("standard: the table finds log(p/q) everywhere", wrong_by["standard"], 1e-3)
claims.at_most("least squares: it finds p/(p + q)", wrong_by["least squares"], 1e-3)
claims.at_most("hinge: it finds 1 where p > q, −1 where p < q", wrong_by["hinge"], 1e-3)
claims.at_most("relativistic: it finds log(p/q) and a constant", wrong_by["relativistic"], 1e-3)
claims.at_least("Wasserstein: after twice the steps the scores are twice as far out", twice / once, 1.9)

# %% [markdown]
# ### With a limit on the slope
#
# Chapter 01 met the Wasserstein distance $W_1$: the least work, amount times distance, that turns heap $q$ into heap
# $p$. The best Wasserstein discriminator measures it **if its score changes by at most 1 for each step of 1 along the
# line** (it is then called *1-Lipschitz*). Why? Carry a bit of heap $q$ by 1: its score rises by at most 1. So on the
# way from $q$ to $p$ the mean score rises by no more than the work of the cheapest plan. The score found below reaches
# it.
#
# The free numbers are now the 80 slopes between neighbours, each between −1 and 1. A score adds up slopes, and the price
# adds up scores: so the price is a sum of *number times slope*. Each slope is best at one of its limits; the sign of its
# number, the gradient, says which.
#
# The cell also computes $W_1$ itself. What $q$ has too much or too little on the left of a gap has to cross it. The
# work is the sum of these amounts, times the gap.

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

# %%
ask.predict("hinge_slope")

# %%
best_scores_on_a_line(places, {"real": p, "drawn": q}, found, formula)

# %% [markdown]
# Dots are what the table found, lines are the formulas. (Wasserstein's dots are the 80 slopes just found, added up.)
# All but Wasserstein's agree on *where* real data are the more frequent: there the score is above 0. (For least squares
# it is above ½. The relativistic constant was chosen so.) But the generator is pushed along the slope. Standard and
# relativistic have the same slope everywhere; the others differ.
#
# The hinge's best score is flat but for three jumps: a *perfect* hinge discriminator would push almost nowhere. The
# Wasserstein score answers another question: which way are drawn points to be carried? Uphill: to the left below 0.7,
# to the right from 0.7 to 2.2, to the left beyond.

# %% [markdown]
# **Exercise: soft labels.** *Label smoothing* (for GANs: Salimans and others 2016) asks the discriminator for the
# probability $a$ on real pictures, say 0.9, instead of 1. Ask for $b$ instead of 0 on drawn ones, too. A real one costs
# $a \operatorname{softplus}(-s) + (1 - a) \operatorname{softplus}(s)$, a drawn one
# $b \operatorname{softplus}(-s) + (1 - b) \operatorname{softplus}(s)$. Which probability $D = \sigma(s)$ is the best one?

# %% tags=["exercise"]
def two_sided(p, q, a, b):
    ...  # your line: return …


check.two_sided(two_sided)

# %% [markdown]
# <details><summary>Hint 1</summary>The slope of a·softplus(−s) + (1 − a)·softplus(s) by s is −a(1 − D) + (1 − a)D. What does that become if you multiply out?</details>
# <details><summary>Hint 2</summary>It is D − a. So p(D − a) + q(…) = 0.</details>

# %% tags=["solution"]
def solution_two_sided(p, q, a, b):
    return (a * p + b * q) / (p + q)


check.two_sided(solution_two_sided, solution=True)

# %% tags=["nbval-check-output"]
def smoothed_d(r, f):  # a = 0.9, b = 0: the usual, one-sided kind
    return 0.9 * softplus(-r) + 0.1 * softplus(r) + softplus(f)


r, f = random_logits(runtime)
same = (smoothed_d(r, f).mean() - losses.NonSaturating(real_label=0.9).d(r, f)).abs().item()
off = (torch.sigmoid(best_scores(smoothed_d)) - 0.9 * p / (p + q)).abs().max().item()
claims.at_most("this is the library's one-sided label smoothing", same, 1e-12)
claims.at_most("smoothed: the table finds D = 0.9 p/(p + q)", off, 1e-3)

# %% [markdown]
# <details><summary>Why is b usually 0?</summary>Where nearly all data are drawn, the best <em>score</em> is almost flat if b > 0, but keeps falling if b = 0. So with b > 0 a drawn point there is hardly pushed (Salimans and others 2016).</details>
#
# The next figure has four best scores for another pair of heaps on a line, real data around 1 and drawn data around −½.

# %%
nameless_scores()

# %% [markdown]
# **Exercise: name the loss.** Read the figure's axes. Which panel is "standard", "least squares", "hinge" and
# "Wasserstein" (with slopes of at most 1)?

# %% tags=["exercise"]
which_score = {"A": ..., "B": ..., "C": ..., "D": ...}

check.which_score(which_score)

# %% [markdown]
# <details><summary>Hint 1</summary>Two of the four can be read from the range of the axis alone.</details>
# <details><summary>Hint 2</summary>Which score must not be steeper than 1? Which is log(p/q), which may be any number?</details>

# %% tags=["solution"]
solution_which_score = {"A": "Wasserstein", "B": "standard", "C": "least squares", "D": "hinge"}

check.which_score(solution_which_score, solution=True)

# %% [markdown]
# **A good place to stop for today.** The rest is optional, or for another day: no later lesson needs it, nor does the
# quiz at the end.
#
# ## Networks on a ring (optional)
#
# Now in the plane. Real data are eight heaps on a *ring*, drawn data one heap within it, a little to the right. A
# network learns alone with each loss, 200 steps. Wasserstein's gets 2,000, because its arrows need longer to come to
# rest, and a penalty that asks for gradients of length 1 (WGAN-GP, lesson 2.4). Then every drawn point gets an arrow,
# minus the price's gradient: the way the loss *pushes* it. The relativistic price needs a partner, so it is averaged
# over 1,000 real points.

# %%
ring, heap = toy.ring(sigma=0.15), toy.Mixture("drawn", torch.tensor([[0.3, 0.0]]), 0.45)
few, many = runtime.pick(smoke=10, course=200), runtime.pick(smoke=20, course=2000)


def learn_alone(loss, penalties=(), steps=few, start="critic"):
    with runtime.seeded(start):  # the network's first weights
        critic = PointDiscriminator((64, 64))
    optimiser = torch.optim.Adam(critic.parameters(), 2e-3, betas=(0.5, 0.9))
    for step in range(steps):
        x, y = (of.sample(128, runtime.stream(of.name, step))[0] for of in (ring, heap))
        with runtime.seeded("between", step):  # WGAN-GP draws points between real and drawn ones
            price = loss.d(critic(x), critic(y)) + sum(penalty(critic, x, y) for penalty in penalties)
        optimiser.zero_grad()
        price.backward()
        optimiser.step()
    return critic


learned = {
    "non-saturating": learn_alone(losses.NonSaturating()),
    "least squares": learn_alone(losses.LeastSquares()), "hinge": learn_alone(losses.Hinge()),
    "Wasserstein": learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)], many),
    "relativistic": learn_alone(losses.Relativistic()),
}
learned["minimax"] = learned["non-saturating"]  # the same discriminator

# %%
ask.predict("same_d")
ask.predict("how_long")

# %%
chance = torch.Generator().manual_seed(1)
points, real = heap.sample(200, chance)[0], ring.sample(200, chance)[0]
again = learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)], many, start="another critic")
two = [pushes(PRICES["Wasserstein"][1], critic, points, real) for critic in (learned["Wasserstein"], again)]
print(f"Wasserstein, pushes of two networks: mean cosine {torch.cosine_similarity(*two).mean():.2f}")
size, away = two[0].norm(dim=1), (points - heap.centres).norm(dim=1)  # of each push; from the middle of the heap
print(f"Wasserstein, median push of the drawn points within 0.3 of the heap's middle: {size[away < 0.3].median():.2f}, "
      f"of those beyond 0.7: {size[away > 0.7].median():.2f}")
fields({name: (generators_price, learned[name]) for name, (_, generators_price) in PRICES.items()}, ring, heap,
       title=f"The same points under six losses, after {few} steps (Wasserstein: {many:,})")

# %% [markdown]
# Blue is a high score, orange a low one; each panel has its own colour scale. The line is $D$'s border between "real"
# and "drawn". (Wasserstein and relativistic scores have a free constant; there it lies half-way between the mean scores
# of real and drawn points.) Ignore the corners, where hardly any point falls. An arrow twice as long is a push four
# times as strong.
#
# - **Minimax and non-saturating** have the same scores, and arrows of the same direction. But in the middle of the heap,
#   where $D$ is sure, the minimax arrows are too short to be seen: each push is $D/(1 - D)$ times the other. Beyond the
#   border, where $D > 1/2$, minimax pushes harder.
# - **Least squares** aims at scores of 0 and 1. So its score is flatter, and the push is weak.
# - **Hinge and relativistic** look like the non-saturating loss here: this hinge network has bends instead of jumps.
# - **Wasserstein** pushes with about 1, near the middle of the heap and far from it: both medians above the figure are
#   1.03. The penalty asks for that. A second network, with other first weights, pushes almost the same way: the mean
#   [cosine](../../docs/glossary.md#cosine) of the two is printed, too (1: the same directions).

# %% tags=["nbval-check-output"]
same = learned["minimax"]
minimax, other = (pushes(PRICES[name][1], same, points, real) for name in ("minimax", "non-saturating"))
D = same(points).sigmoid().detach()
off = ((minimax * (1 - D) - other * D).norm(dim=1) / other.norm(dim=1)).max()
claims.at_most("before the same discriminator, each point's minimax push is the other push times D/(1 − D)", off, 1e-3)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **Now known.** The loss decides which score is the best for $D$: $\log(p/q)$, $p/(p + q)$, a sign, or, with a limit
# on the slope, one that measures $W_1$. The generator is pushed along the slope of $D$'s score.
#
# **Not said.** The formulas hold for a discriminator that can learn any function, on endless data. How near small
# networks come was not measured.
#
# **Next.** [2.4](4_how_steep.ipynb): without a limit some scores become steeper and steeper. What holds them back?
