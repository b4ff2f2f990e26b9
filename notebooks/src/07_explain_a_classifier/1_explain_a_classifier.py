# %% [markdown]
# # Explaining a classifier: *Why did it say 3?*
#
# A network reads a digit and says "3". Why? Many methods answer with a coloured picture: these pixels speak for it,
# those against. The pictures look convincing, and they disagree. Here we build the best-known methods ourselves, see
# what question each one answers, and check the libraries' against ours. It is also A3's notebook (one of the
# articles of notebook 00): its network, its plots, its mistakes.
#
# After this notebook you
#
# - can compute Shapley values, exactly and by sampling, and say what they promise,
# - have written LIME, integrated gradients and Grad-CAM in a few lines each,
# - use shap and captum without their traps: probabilities, backgrounds, left-over hooks, defaults,
# - know what each method costs, and never show a map without its three controls.
#
# You need notebook 03 (networks, training, the logit). New words are in the [glossary](../../docs/glossary.md).

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import warnings
from itertools import permutations
from statistics import mean, median

import numpy
import torch
from torch import nn
from torch.nn.functional import cosine_similarity, interpolate

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier import shap_plots
from course_lib.data import load
from course_lib.explain.controls import control_maps
from course_lib.explain.model import count_hooks
from course_lib.explain.segments import compose
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics.faithfulness import insertion_deletion, rank_correlation
from course_lib.metrics.ranking import highest_first
from course_lib.models.cnn import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer, accuracy

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("07.1", runtime)
check = syllabus.checks("07")
warnings.filterwarnings("ignore", category=DeprecationWarning)  # of the libraries we compare with
print(runtime.describe())
print(syllabus.time_of("07.1"))

# %% [markdown]
# ## A network to explain
#
# A3's network has two convolutions, which give 32 and 64 *maps* (small pictures of features). After each come ReLU
# and *max pooling*: of every 2 × 2 places only the largest stays. One linear layer then gives ten **logits**, one
# score for each digit; the largest wins. Only the *differences* of the ten matter (softmax makes probabilities of them):
# a 0 alone means nothing here. Its loss is the cross-entropy, $-\log$ of the probability of the right
# digit.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
with runtime.seeded("weights"):
    network = DigitCNN()
steps = runtime.pick(smoke=60, course=800)
for _ in ClassifierTrainer(network, total=steps).steps(digits, steps, runtime):
    pass
right = accuracy(network, held_out)
print(f"{right:.1%} of the 1,000 held-out digits are read correctly")
network

# %% tags=["nbval-check-output"]
claims.at_least("A3's network reads more than 97 % of the held-out digits correctly", right, 0.97)

# %% [markdown]
# We always explain a *copy*, in eval mode: methods hang **hooks** into a network, little functions that run whenever
# a layer does, and some forget to take them out again. We take the first held-out 3, and later a dozen digits.
# `score` is the question: how large is the logit of "3"?

# %%
net = explain.explain_copy(network)
with torch.no_grad():
    logits = net(held_out.images)  # (1000, 10)
says = logits.argmax(1)
which = ((held_out.labels == 3) & (says == 3)).nonzero()[0]  # the first 3 that is read as 3
three = held_out.images[which]  # (1, 1, 28, 28)


def score(pictures):
    """The logit of "3" for each picture: (N, 1, 28, 28) → (N,)."""
    with torch.no_grad():
        return net(pictures)[:, 3]


print("its ten logits:", [round(value, 1) for value in logits[which][0].tolist()])

# %% [markdown]
# ## What is a fair share? A game for three
#
# First a game. Ann has a left glove; Bob and Cem have a right glove each. A *pair* earns 1, anything else
# nothing. They have earned 1 together: **who is owed what?** Ann alone earns 0, like everyone. Without Ann nobody
# earns anything; without Bob, nothing changes. **Predict** the shares.
#
# Lloyd Shapley's answer (1953): let the players come in one after the other, and give each what the total rises by
# when they enter. That depends on the order, so take the mean over *all* orders. With $v(S)$ for what the players in
# $S$ earn, and $S_i$ for those who were there before $i$:
#
# $$\varphi_i = \text{mean over all orders of } \big(v(S_i \cup \{i\}) - v(S_i)\big).$$
#
# *In words: your share is what you add on entering, on average.* The shares add up to what all earn together, since
# in each order the rises do. Two who add the same everywhere get the same, and who never adds anything gets nothing.

# %%
def gloves(present):
    """(M, 3) rows of 0 and 1, who is there → (M,), what they earn."""
    return torch.minimum(present[:, 0], present[:, 1] + present[:, 2])


def shapley_by_orders(value, players):
    shares, orders = torch.zeros(players, dtype=torch.float64), list(permutations(range(players)))
    for order in orders:
        present = torch.zeros(1, players)
        for player in order:
            before = value(present).item()
            present[0, player] = 1
            shares[player] += value(present).item() - before
    return shares / len(orders)


fair = shapley_by_orders(gloves, 3)
print("Ann, Bob, Cem:", [f"{share:.4f}" for share in fair.tolist()])

# %% [markdown]
# Ann gets 2/3: only if she comes first, in 2 of 6 orders, does she earn nothing. There are $n!$ orders, and most
# repeat the same question. `exact_shapley` values each of the $2^n$ *coalitions* (sets of players) once, and weighs it
# by how many orders it stands for. The package shap has the same values from its `KernelExplainer`, which finds them
# by a *regression*: it fits a weighted sum to the answers. Who is right? All of them:

# %%
import shap

ours = explain.exact_shapley(gloves, 3)
kernel = shap.KernelExplainer(lambda z: gloves(torch.as_tensor(z)).numpy(), torch.zeros(1, 3).numpy())
theirs = torch.as_tensor(kernel.shap_values(torch.ones(1, 3).numpy(), l1_reg=0, silent=True)[0])
known = torch.tensor([2 / 3, 1 / 6, 1 / 6], dtype=torch.float64)

# %% tags=["nbval-check-output"]
claims.at_most("the glove game: the mean over all orders is (2/3, 1/6, 1/6)", (fair - known).abs().max().item(), 1e-9)
claims.at_most("… so are course_lib's values, by coalitions", (ours - known).abs().max().item(), 1e-9)
claims.at_most("… and shap's", (theirs - known).abs().max().item(), 1e-6)

# %% [markdown]
# ### A picture is a game, too
#
# Cut the picture into 3 × 3 squares: nine players. A player who is absent shows black instead (`compose` draws that).
# What a coalition earns is the logit of "3". There are $2^9 = 512$ coalitions: we can ask the network about them all.
# **Predict:** which earn most?

# %%
nine = explain.grid_segments(28, 28, 10)  # (28, 28): for each pixel the number of its square, 0 to 8
black = torch.full_like(three, -1.0)


def squares_game(present, squares=nine):
    return score(compose(three[0], black[0], squares, present.to(three.device)))


exact = explain.exact_shapley(squares_game, 9)
whole = (score(three) - score(black)).item()
print("shares of the nine squares, in logits:")
print("\n".join("  ".join(f"{v:+6.2f}" for v in row) for row in exact.view(3, 3).tolist()))
print(f"sum {exact.sum():.4f}; logit of the picture minus that of black {whole:.4f}")
two_best = exact.sort(descending=True).values[:2].sum().item()
print(f"the two highest shares together {two_best:.2f}, the seven others {exact.sum() - two_best:+.2f}")
show.attributions(three, {"shares": exact[nine].view(1, 1, 28, 28)},
                  alt="A 3, and below it the nine squares in the colours of their shares: orange for, blue against.")

# %% [markdown]
# Orange speaks for "3", blue against; the thin line is the digit. Two squares have most of the sum. (They can together
# have even more than all of it, where the seven others speak against on balance: the second line says whether they do
# here.) The shares add up to what the picture earned over a black one: this is called **additivity** (or
# *completeness*).
#
# With 49 squares there would be $2^{49}$ coalitions. So we take a sample of the orders.  **Predict:** how much better
# are four times as many orders?

# %%
bits = 2 ** torch.arange(9)
table = squares_game(((torch.arange(512)[:, None] // bits) % 2).float()).cpu()  # (512,): each coalition's answer


def from_table(present):
    return table[(present.long() * bits).sum(1)]


def off(orders):
    """The largest error of nine sampled shares, on average over repeats."""
    return mean((explain.sampled_shapley(from_table, 9, orders, seed=1000 * seed + r)[0] - exact).abs().max().item()
                for r in range(runtime.pick(smoke=2, course=50)))


counts = (4, 16, 64)
errors = {orders: off(orders) for orders in counts}
found, standard_error = explain.sampled_shapley(from_table, 9, 64, seed=seed)
show.lines({"sampled orders": ([n**-0.5 for n in counts], list(errors.values()))},
           "1 / √orders (64 orders on the left, 4 on the right)", "largest error, logits",
           alt="Against one over the root of the orders, the error of sampled Shapley values is near a straight line "
               "that goes down to the left.")

# %% tags=["nbval-check-output"]
claims.close("nine squares: Shapley values add up to the logit's rise over black", exact.sum().item(), whole, 1e-3)
claims.at_least("… two of the nine squares have at least half of the sum (share)", two_best / exact.sum().item(), 0.5)
claims.at_least("16 times as many orders: the error falls at least to half", errors[4] / errors[64], 2)
claims.at_most("64 sampled orders are within 5 standard errors of the exact values",
               ((found - exact).abs() / standard_error.clamp(min=1e-3)).max().item(), 5)

# %% [markdown]
# On average four times as many orders about halve the error, as for every mean of draws: against
# $1/\sqrt{\text{orders}}$ it lies near a straight line. (`shapley_of_segments` does it for 49 squares.)
#
# ### Where the answer is known: a linear model
#
# Does a method work on a *network*? Take one for which the truth can be written down. A linear model says
# $f(x) = \sum_i w_i x_i + c$. There nobody helps or hinders anyone else: pixel $i$ adds the same whoever is there. If
# absent pixels show the background $b$ (a picture), its share is
#
# $$\varphi_i = w_i\,(x_i - b_i).$$
#
# *In words: its weight, times how far it is from the background.* We train such a model, and compare: nine squares by
# enumeration, and all 784 pixels by shap's **Deep** (explained below). Deep takes the mean over thirty
# backgrounds; for a linear model that is the same as their mean picture.

# %%
with runtime.seeded("linear"):
    linear = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
for _ in ClassifierTrainer(linear, total=150).steps(digits, 150, runtime):
    pass
linear = explain.explain_copy(linear)
background = digits.images[:30]  # thirty training digits
middle = background.mean(0)  # (1, 28, 28)
closed = linear[1].weight[3].detach().view_as(middle) * (three[0] - middle)  # (1, 28, 28)


def linear_game(present, squares=nine):
    with torch.no_grad():
        return linear(compose(three[0], middle, squares, present.to(three.device)))[:, 3]


per_square = torch.stack([closed[0][nine == s].sum() for s in range(9)]).cpu().double()
enumerated = explain.exact_shapley(linear_game, 9)
by_shap = explain.deep_shap(linear, 3, three, background)
print(f"nine squares: enumeration differs by {(enumerated - per_square).abs().max():.1e}")
print(f"784 pixels: shap's Deep differs by {(by_shap[0] - closed).abs().max():.1e}")

# %% tags=["nbval-check-output"]
claims.at_most("linear model: exact Shapley values are the closed form",
               (enumerated - per_square).abs().max().item(), 1e-4)
claims.at_most("linear model: shap's Deep is the closed form", (by_shap[0] - closed).abs().max().item(), 1e-4)

# %% [markdown]
# **A default that bites.** The same linear game is an easy task for shap's `KernelExplainer`. With 49 squares we ask
# it twice: as it comes, and with `l1_reg=0` ("leave no square out"). **Predict** the errors.

# %%
squares = explain.grid_segments(28, 28, 4)  # 49 squares of 4 × 4 pixels
truth = torch.stack([closed[0][squares == s].sum() for s in range(49)]).cpu().double()
kernel = shap.KernelExplainer(lambda z: linear_game(torch.as_tensor(z).float(), squares).cpu().numpy(),
                              torch.zeros(1, 49).numpy())
everyone, wrong_by, used, sum_off = torch.ones(1, 49).numpy(), {}, {}, {}
for name, settings in {"as it comes": {}, "l1_reg=0": {"l1_reg": 0}}.items():
    numpy.random.seed(seed)  # shap draws its coalitions from numpy's global generator
    values = torch.as_tensor(kernel.shap_values(everyone, nsamples=500, silent=True, **settings)[0])
    wrong_by[name], used[name] = ((values - truth).norm() / truth.norm()).item(), int((values != 0).sum())
    sum_off[name] = abs((values.sum() - truth.sum()).item())
    print(f"{name:12} relative error {wrong_by[name]:.1e}, squares that got a share: {used[name]} of 49, "
          f"sum off by {sum_off[name]:.1e}")

# %% tags=["nbval-check-output"]
claims.at_most("KernelExplainer as it comes gives at most 10 of 49 squares a share", used["as it comes"], 10)
claims.at_least("… and is off by more than 5 % on a linear model", wrong_by["as it comes"], 0.05)
claims.at_most("… though its shares add up", sum_off["as it comes"], 1e-3)
claims.at_most("… with l1_reg=0 it is right", wrong_by["l1_reg=0"], 1e-3)

# %% [markdown]
# As it comes, it keeps ten squares that its own selection finds to matter most (`num_features(10)`) and gives all
# others 0: on our seeds it is off by a quarter to nearly a half. The sum still fits perfectly! **Shares that add up need not be right.**
#
# ## LIME: a simple model nearby
#
# LIME (Ribeiro and others, 2016) asks another question: *which linear model behaves like the network near this
# picture?* Switch squares off at random, 1,000 times, ask the network each time, and fit a weighted sum of the squares
# to its answers: one coefficient $\beta_s$ a square. Pictures with few squares missing count more: picture $m$ weighs
# $w_m = e^{-d^2/0.25^2}$ (1 if it is whole, ¼ if half of it is missing), where
# $d = 1 - \sqrt{\text{share of squares on}}$. We fit by *ridge regression*: least squares, with a small charge on
# large coefficients:
#
# $$\text{minimise } \sum_m w_m \Big(y_m - \beta_0 - \sum_s \beta_s z_{ms}\Big)^2 + \sum_s \beta_s^2 .$$
#
# *In words: the sum should come near the network's answers $y_m$, most of all for the pictures that weigh much.*
# ($z_{ms}$ is 1 where square $s$ was on in picture $m$, and else 0; $\beta_0$ is where the sum starts.) **R²** tells
# how well it fits: the share of the answers' variance that it explains. On the answers that the sum was fitted to, R²
# flatters; so we also foretell each fifth of the answers from the other four (*cross-validation*, `lime_unseen_r2`).

# %%
def lime_by_hand(z, y):
    z, y = z.double(), y.double()
    weight = torch.exp(-((1 - z.mean(1).sqrt()) ** 2) / 0.25**2)  # (M,)
    rows = torch.cat([torch.ones(len(z), 1), z], 1)  # (M, 50): a column of ones for β₀
    charge = torch.eye(rows.shape[1]).double()
    charge[0, 0] = 0  # where the sum starts is free
    # the minimum: all slopes are 0, which is a system of 50 linear equations
    beta = torch.linalg.solve(rows.T @ (weight[:, None] * rows) + charge, rows.T @ (weight * y))
    start = (weight * y).sum() / weight.sum()
    unexplained = (weight * (y - rows @ beta) ** 2).sum() / (weight * (y - start) ** 2).sum()
    return beta[1:], 1 - unexplained.item()  # (49,), R²


on = (torch.rand(runtime.pick(smoke=200, course=1000), 49, generator=runtime.stream("lime")) < 0.5).float()
answers = squares_game(on, squares).cpu()
by_hand, r2 = lime_by_hand(on, answers)
library, r2_library = explain.lime_weights(on, answers)
unseen = explain.lime_unseen_r2(on, answers)
print(f"R² = {r2:.3f} on the answers it was fitted to, {unseen:.3f} on answers it has not seen")

# %% tags=["nbval-check-output"]
claims.at_most("our LIME is course_lib's: largest difference of 49 coefficients",
               (by_hand - library).abs().max().item(), 1e-6)
claims.at_least("R² on unseen answers is below 1: a weighted sum does not explain all that the network does",
                1 - unseen, 0.02)
claims.at_least("… and lower than on the answers it was fitted to", r2 - unseen, 0)

# %% [markdown]
# ### Ask twice
#
# The squares were switched off *at random*. Does another seed give the same map? We compare each pair of runs in two
# ways. The **Jaccard index** of the five highest squares: how many both name, as a part of all that either names (1:
# the same five; 0: none in common). The **rank correlation** (each pixel's value is replaced by its place in the order, and
# the places are correlated; 1: the same order; 0: unrelated), once over the *whole
# picture*, and once over the pixels with *ink* alone: notebook 10 does both, too. Four digits, five runs each.
# **Predict** for 100 samples.

# %%
def ask_lime(i, samples, again):
    target = explain.class_logit(int(says[i]))
    asked = explain.lime_samples(net, target, held_out.images[i], squares, samples=samples, seed=1000 * seed + again)
    beta, seen = explain.lime_weights(*asked)
    return beta[squares][None, None].float(), seen, explain.lime_unseen_r2(*asked)  # a map (1, 1, 28, 28), R², R²


def overlap(runs):
    """Mean Jaccard index of the five highest squares (equal ones in random order), over pairs of runs."""
    tops = [set(highest_first(m[0, 0, ::4, ::4].flatten()[None], seed)[0, :5].tolist()) for m, *_ in runs]
    return mean(len(a & b) / len(a | b) for i, a in enumerate(tops) for b in tops[:i])


def order(runs, where=None):
    """Mean rank correlation over pairs of runs, on the pixels `where` (without it, on all)."""
    return mean(rank_correlation(a, b, where=where).item() for i, (a, *_) in enumerate(runs) for b, *_ in runs[:i])


# %%
agree, orders, on_ink, fit, foretold = {}, {}, {}, {}, {}
ink = held_out.images[:4] > -0.9
for samples in runtime.pick(smoke=(100, 300), course=(100, 300, 1000)):
    runs = [[ask_lime(i, samples, r) for r in range(5)] for i in range(4)]
    agree[samples], orders[samples] = mean(map(overlap, runs)), mean(map(order, runs))
    on_ink[samples] = mean(order(of_one, ink[i : i + 1]) for i, of_one in enumerate(runs))
    fit[samples], foretold[samples] = (mean(run[k] for of_one in runs for run in of_one) for k in (1, 2))
    print(f"{samples:5,} samples: Jaccard of the top five {agree[samples]:.2f}, rank correlation {orders[samples]:.2f} "
          f"(whole picture), {on_ink[samples]:.2f} (ink); R² {fit[samples]:.2f}, unseen {foretold[samples]:.2f}")

# %% tags=["nbval-check-output"]
most = max(agree)
claims.at_most("LIME with 100 samples: another seed orders the whole picture differently (rank correlation)",
               orders[100], 0.7)
claims.at_least("… more samples agree more, in the order", orders[most] - orders[100], 0.05)
claims.at_least("… and in the five highest squares (Jaccard)", agree[most] - agree[100], 0.02)
claims.at_most("… yet with 1,000 samples, too, the order over the whole picture differs (rank correlation)",
               orders[most], 0.7)
claims.at_least("… while over the ink alone it is much the same", on_ink[most], 0.9)
claims.at_least("R² on the answers that were fitted is higher with few samples than with many",
                fit[100] - fit[most], 0.01)
claims.at_least("… on unseen answers it is lower with few", foretold[most] - foretold[100], 0.1)

# %% [markdown]
# With few samples the answer depends on the seed. With 1,000 the order where there is ink has settled, and the order of
# the whole picture has not. (More than half of the squares are black anyway: to switch those off changes nothing, so
# what they get is noise, another one with each seed. **Always say over which pixels two maps are compared.**) And R² on
# the answers that were fitted does not warn us: 49 coefficients can follow 100 answers closely, so the sum fits
# *better*, and means less: it overfits. On answers that it has not seen R² falls instead. Whoever shows a LIME picture
# should show a second seed, and that R².
#
# ## Slopes: gradient and integrated gradients
#
# Now from the inside. The **gradient** says for each pixel how fast the logit would rise if it became a little
# brighter: one backward pass. But *a little* is the catch: it does not know what happens when a pixel goes all the way
# to black.
#
# **Integrated gradients** (Sundararajan and others, 2017) go all the way: from a **baseline** $b$, here black,
# straight to the picture $x$, and collect the slopes as they go:
#
# $$\text{IG}_i = (x_i - b_i) \cdot \text{mean of } \frac{\partial f}{\partial x_i} \text{ along the way from } b \text{ to } x.$$
#
# *In words: how far the pixel moved, times its mean slope along the way.* Whoever adds up all slopes of a path has
# the height at its end: so the values add up to $f(x) - f(b)$, if the mean is exact. We take it at 50 points, the
# middles of 50 pieces.

# %%
def slope(pictures):
    pictures = pictures.clone().requires_grad_(True)
    return torch.autograd.grad(net(pictures)[:, 3].sum(), pictures)[0]


def ig_by_hand(x, b, steps):
    total = torch.zeros_like(x)
    for step in range(steps):
        total += slope(b + (step + 0.5) / steps * (x - b))
    return (x - b) * total / steps


from captum.attr import IntegratedGradients

target = explain.class_logit(3)
ig = ig_by_hand(three, black, 50)
ig_library = explain.integrated_gradients(net, target, three, -1.0, steps=50)
ig_captum = IntegratedGradients(net).attribute(three, black, 3, n_steps=50, method="riemann_middle").float()
print(f"IG adds up to {ig.sum():.3f}, expected {whole:.3f}")

# %%
dozen, read = held_out.images[:12], says[:12]
some = explain.class_logit(read)  # for each digit the class that the network says
with torch.no_grad():
    rise = some(net(dozen)) - some(net(torch.full_like(dozen, -1.0)))
gaps = {n: (explain.integrated_gradients(net, some, dozen, steps=n).sum((1, 2, 3)) - rise).abs().mean().item()
        for n in (5, 10, 20, 50, 100)}
show.lines({"integrated gradients": (list(gaps), list(gaps.values()))}, "steps", "completeness error, logits",
           log_x=True, log_y=True, alt="The error of integrated gradients falls steadily from 5 steps to 100, where it "
                                       "is a small part of what it was.")

# %% tags=["nbval-check-output"]
claims.at_most("our integrated gradients are course_lib's", (ig - ig_library).abs().max().item(), 1e-5)
claims.at_most("… and captum's integrated gradients", (ig - ig_captum).abs().max().item(), 1e-4)
claims.at_least("100 steps instead of 5: the completeness error falls at least by a factor 5", gaps[5] / gaps[100], 5)

# %% [markdown]
# The sum misses by less, the more steps (mean of twelve digits, to be read off the figure): at 50 it is off by about 0.01
# of some 8 logits (for our 3 alone by twice as much).
#
# ### Trap: explaining a probability
#
# It is tempting to explain the *probability* of "3", after the softmax. But the network is sure: the probability is
# nearly 1, and no small change moves it. We compare the lengths of both gradients for 200 digits.

# %%
many, said = held_out.images[:200], says[:200]


def probability(k):
    return lambda outputs: outputs.softmax(1).gather(1, k[:, None])[:, 0]


of_logit = explain.gradient(net, explain.class_logit(said), many).flatten(1).norm(dim=1)
of_probability = explain.gradient(net, probability(said), many).flatten(1).norm(dim=1)
for name, length in {"logit": of_logit, "probability": of_probability}.items():
    print(f"{name:12} median length {length.median():.1e}, longest / shortest {length.max() / length.min():.1e}")

# %% tags=["nbval-check-output"]
claims.at_most("for half of the digits the probability's gradient is under a hundredth of the logit's",
               (of_probability / of_logit).median().item(), 0.01)
claims.at_least("… it varies 1,000 times more from digit to digit",
                ((of_probability.max() / of_probability.min()) / (of_logit.max() / of_logit.min())).item(), 1000)

# %% [markdown]
# And a probability can rise because *another* class falls, which is no evidence for this one. So: explain logits.
# `course_lib` warns when it is handed probabilities.
#
# ## Grad-CAM: which places of a layer?
#
# Inside, the network has maps $A_j$: after the second ReLU, 64 of them with 14 × 14 places. **Grad-CAM** (Selvaraju
# and others, 2017) gives each map a weight, its slope averaged over all places, adds up the maps with these weights,
# and cuts off what is negative:
#
# $$\text{Grad-CAM} = \max\Big(0, \sum_j \alpha_j A_j\Big), \qquad \alpha_j = \text{mean over places of } \frac{\partial f}{\partial A_j}.$$
#
# *In words: maps that speak for "3" are laid over one another, each as strongly as it counts on average.* We cut the
# network in two at that layer, and enlarge the result to the picture's size:

# %%
def grad_cam_by_hand(x, k):
    maps = net.body[:5](x)  # (1, 64, 14, 14): up to the second ReLU
    logit = net.head(net.body[5:](maps))[:, k]
    slopes = torch.autograd.grad(logit.sum(), maps)[0]
    alpha = slopes.mean((2, 3), keepdim=True)  # (1, 64, 1, 1)
    coarse = (alpha * maps).sum(1, keepdim=True).clamp(min=0).detach()  # (1, 1, 14, 14)
    return interpolate(coarse, x.shape[-2:], mode="bilinear", align_corners=False)


from captum.attr import LayerGradCam

cam = grad_cam_by_hand(three, 3)
cam_library = explain.grad_cam(net, target, three, "body.4")
coarse = LayerGradCam(net, net.body[4]).attribute(three, 3, relu_attributions=True).detach()
cam_captum = interpolate(coarse, (28, 28), mode="bilinear", align_corners=False)

# %% [markdown]
# Our own four, side by side:

# %%
by_us = {"9 Shapley": exact.float()[nine], "LIME": by_hand.float()[squares], "integrated gr.": ig.cpu(),
         "Grad-CAM": cam.cpu()}
show.attributions(three.repeat(4, 1, 1, 1), {"map": torch.cat([m.view(1, 1, 28, 28) for m in by_us.values()])},
                  columns=list(by_us), alt="Four maps of a 3: two of squares, one along the stroke, one of soft blots.")

# %% [markdown]
# Grad-CAM's blots lie beside the strokes as much as on them. Why does it average the slopes over places? If the next
# layer averages as well, nothing is lost. But A3's network reads *each place with its own weight* (`Flatten`, then
# `Linear`), and averaging throws those away. **HiResCAM** (Draelos and Carin, 2020) multiplies slope and map place by
# place instead, $\sum_j \frac{\partial f}{\partial A_j} A_j$. At the last maps (7 × 7, after pooling) only a weighted
# sum is left to do, so its values must add up to the logit without that layer's constant. **Predict:** do Grad-CAM's
# (before the cut at 0)?

# %%
last = net.body(dozen)  # (12, 64, 7, 7)
slopes = net.head[1].weight[read].view_as(last)  # the last layer's weights are the slopes
without = (some(net(dozen)) - net.head[1].bias[read]).detach()  # (12,): the logit without its constant
at_places = (slopes * last).sum((1, 2, 3)).detach()
averaged = (slopes.mean((2, 3), keepdim=True) * last).sum((1, 2, 3)).detach()
off_hires, off_cam = ((values - without).abs().median().item() for values in (at_places, averaged))
print(f"the logits are about {without.median():.1f}; "
      f"sum of HiResCAM off by {off_hires:.1e}, of Grad-CAM by {off_cam:.1f}")

# %% tags=["nbval-check-output"]
claims.at_most("our Grad-CAM is course_lib's", (cam - cam_library).abs().max().item(), 1e-5)
claims.at_most("… and captum's Grad-CAM", (cam - cam_captum).abs().max().item(), 1e-5)
claims.at_most("HiResCAM's last layer adds up to the logit", off_hires, 1e-3)
claims.at_least("… Grad-CAM's is off by more than 1 logit on a flattened head", off_cam, 1)

# %% [markdown]
# Grad-CAM's sum misses by about the whole logit: read the map as rough places, not as shares.
#
# ## The package shap, and A3's plots
#
# shap brings Shapley's idea to pictures of 784 players, by shortcuts:
#
# - **Deep** walks backwards through the layers (DeepLIFT) and compares each unit with what it does on a
#   **background**, a set of pictures that stand for "nothing known". Additive, but only near Shapley values.
# - **Gradient**: integrated gradients whose baseline is drawn from the background at random.
# - **Partition**: halves of the picture, halves of these, and so on. Any model; few calls give coarse blocks.
#
# A3 shows a force plot and an image plot, without code that runs. This is the image plot, a row for each of three
# digits that the network *misreads*: there an explanation is wanted.

# %%
missed = (says != held_out.labels).nonzero()[:3, 0]
pictures, wrong, true = held_out.images[missed], says[missed], held_out.labels[missed]
for_wrong = explain.deep_shap(net, wrong, pictures, background)
for_true = explain.deep_shap(net, true, pictures, background)
for k, t in zip(wrong.tolist(), true.tolist(), strict=True):
    print(f"a {t} is read as {k}")
for_these = {"it says": for_wrong, "it is": for_true, "difference": for_wrong - for_true}
titles = [[f"for {k} (it says)", f"for {t} (it is)", f"for {k} and not {t}"]
          for k, t in zip(wrong.tolist(), true.tolist(), strict=True)]
shap_plots.image(pictures, for_these, titles=titles,
                 alt="Misread digits, each beside three maps: what speaks for the answer, for the truth, and the "
                     "difference of the two.")

# %% [markdown]
# In the first two columns red pixels speak for the digit above the map and blue ones against it. The third is their
# difference, the first minus the second: red raises the wrong digit's logit *more than* the right one's. It answers
# "why this and *not* that": look for the stroke that tipped the scales. (Each row has its own scale; the bar below, in
# logits, is the last row's.)
#
# The **force plot** shows the first digit's numbers as a sum. It begins at the mean logit of the background ("base
# value"), and each part pushes up or down, to the logit, $f(x)$. 784 parts would be a blur, so we add up squares of
# 7 × 7: A1 is top left, A4 top right, as on a chessboard (these are no articles). The **waterfall** below it shows the same, one step a line, from the bottom up;
# $E[f(X)]$ is the base value.

# %%
sixteen = explain.grid_segments(28, 28, 7)
parts = [for_wrong[0, 0][sixteen == s].sum().item() for s in range(16)]
names = ["ABCD"[s // 4] + str(s % 4 + 1) for s in range(16)]
with torch.no_grad():
    base, reached = net(background)[:, wrong[0]].mean().item(), net(pictures[:1])[0, wrong[0]].item()
print(f"mean logit of the background {base:.2f} + shares {sum(parts):.2f} = {base + sum(parts):.2f}; "
      f"logit {reached:.2f}")
shap_plots.force(base, parts, names, alt="A bar from the base value up to the logit, made of red arrows that push up, "
                                         "and perhaps blue ones that push down, each with the name of its square.")

# %%
shap_plots.waterfall(base, parts, names, most=8,
                     alt="The same as steps: the seven largest squares, and all others added.")

# %% [markdown]
# Do the shares add up to what they should, the logit minus that of the background (the mean of thirty logits;
# Partition knows only the mean picture)? For a dozen digits:

# %%
with torch.no_grad():
    from_many = some(net(dozen)) - torch.stack([net(background)[:, k].mean() for k in read.tolist()])
    from_mean = some(net(dozen)) - net(middle[None])[0, read]
few = runtime.pick(smoke=50, course=500)
by_package = {"deep": explain.deep_shap(net, read, dozen, background),
              "gradient": explain.gradient_shap(net, read, dozen, background, seed=seed),
              "partition": explain.partition_shap(net, read, dozen, background, evaluations=few)}
incomplete = {name: (m.sum((1, 2, 3)) - (from_mean if name == "partition" else from_many)).abs().median().item()
              for name, m in by_package.items()}
print("median completeness error, in logits:", {name: f"{error:.1e}" for name, error in incomplete.items()})

# %% tags=["nbval-check-output"]
claims.at_most("shap's Deep is complete (median error in logits)", incomplete["deep"], 1e-3)
claims.at_most("shap's Partition is complete", incomplete["partition"], 1e-3)
claims.at_least("shap's Gradient, with 200 samples, is not: over a tenth of a logit", incomplete["gradient"], 0.1)

# %% [markdown]
# Gradient draws its points at random, and so is its sum. The others are complete, so right? No: **any** map can be
# made complete. Take pure noise, and shift all its values by the same amount until the sum fits. Its error is 0, and
# it explains nothing. Completeness catches mistakes in a program, not in an explanation.
#
# ### Trap: the background
#
# "Absent" has to look like something. On a black background a black pixel's absence changes nothing, so its share is
# 0. But a 3 is also a 3 because its left side is open! **Predict:** what share of the attribution lies on black
# pixels if the background is thirty digits?

# %%
is_black = dozen == -1
on_black = {"black": explain.deep_shap(net, read, dozen, torch.full_like(three, -1.0)), "30 digits": by_package["deep"]}
on_black = {name: ((m.abs() * is_black).sum() / m.abs().sum()).item() for name, m in on_black.items()}
print({name: f"{share:.0%} on black pixels" for name, share in on_black.items()})

# %%
def alike(size):
    """How alike two maps of one digit are that differ only in which digits are their background (cosine, 1: same)."""
    a, b = (explain.deep_shap(net, read[:3], dozen[:3], digits.images[start : start + size]) for start in (500, 700))
    return cosine_similarity(a.flatten(1), b.flatten(1)).mean().item()


similar = {size: alike(size) for size in (3, 30, 100)}
print("two backgrounds of so many digits:", {size: f"cosine {value:.2f}" for size, value in similar.items()})

# %% tags=["nbval-check-output"]
claims.at_most("black background: black pixels get nothing", on_black["black"], 1e-6)
claims.at_least("background of digits: at least a quarter of the attribution lies on black pixels",
                on_black["30 digits"], 0.25)
claims.at_least("two backgrounds of 100 digits agree better than two of 3 (cosine)", similar[100] - similar[3], 0.05)
claims.at_least("100 random digits are background enough: cosine at least 0.9", similar[100], 0.9)

# %% [markdown]
# With thirty digits nearly half of it does: the gaps speak, too.
#
# A3 hands over the *whole training set* as background. Deep visits the pair of the digit and each background picture,
# in each of ten classes: with 4,000 digits $4{,}000 \cdot 2 \cdot 10 = 80{,}000$ pictures there and back *for a single
# explanation*. Yet two random hundreds already give nearly the same map; two random threes do not.
#
# ### Trap: hooks that stay
#
# `nn.ReLU(inplace=True)` saves memory by overwriting its input. That is just what an explanation wants to look at:

# %%
class InPlace(DigitCNN):
    def __init__(self):
        super().__init__()
        self.body[1], self.body[4] = nn.ReLU(inplace=True), nn.ReLU(inplace=True)


users = InPlace().eval()
users.load_state_dict({name: value.cpu() for name, value in net.state_dict().items()})
x, b = three.cpu(), background[:5].cpu()
try:
    shap.DeepExplainer(users, b).shap_values(x)
except RuntimeError as error:
    print("shap raised:", str(error)[:60], "…")
left = count_hooks(users)
print(f"hooks left in the user's network: {left}")
for part in users.modules():  # clean up by hand
    part._forward_hooks.clear(), part._backward_hooks.clear()
mended = explain.deep_shap(users, 3, x, b)  # works on a copy with the overwriting switched off
print(f"through course_lib: {mended.abs().sum():.1f} logits explained, hooks left: {count_hooks(users)}")

# %% [markdown]
# After the error the hooks are still inside, in the way of the next explanation. And a ReLU module that is used
# **twice**? shap keeps one note a module, so the second use overwrites the first's.

# %%
class Reused(nn.Module):
    """The same network and weights, but one ReLU serves both layers."""

    def __init__(self, of):
        super().__init__()
        self.first, self.second, self.pool, self.head = of.body[0], of.body[3], of.body[2], of.head
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.head(self.pool(self.relu(self.second(self.pool(self.relu(self.first(x)))))))


reused = Reused(explain.explain_copy(net)).eval()
with torch.no_grad():
    print("the same logits:", torch.equal(reused(three), net(three)))
refused = False
try:
    explain.deep_shap(reused, 3, three, background)
except Exception as error:
    refused = type(error).__name__ == "CourseError"
    print(error)

# %% tags=["nbval-check-output"]
claims.at_least("shap on an in-place ReLU raises and leaves hooks in the user's network", left, 1)
claims.true("… on a copy it works, and leaves none", count_hooks(users) == 0 and mended.abs().sum().item() > 1)
claims.true("a reused ReLU is refused, though the network is the same function", refused)

# %% [markdown]
# ## All side by side, with controls
#
# Now all maps of eight digits, and below them three **controls**, made without asking any model: random noise, the
# picture's own brightness ("intensity"), and its edges ("Sobel"). **Look:** does a method clearly differ from them?

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Grad-CAM says where nothing is left of it
    maps = {"gradient": explain.gradient(net, some, dozen),
            "integrated gr.": explain.integrated_gradients(net, some, dozen),
            "Grad-CAM": explain.grad_cam(net, some, dozen, "body.4"),
            "HiResCAM": explain.hires_cam(net, some, dozen, "body.4"),
            "LIME": torch.cat([ask_lime(i, most, 0)[0] for i in range(12)]),
            "Shapley, 49": torch.cat([explain.shapley_of_segments(net, explain.class_logit(k), x, squares, orders=10)
                                      for x, k in zip(dozen, read.tolist(), strict=True)]),
            "shap Gradient": by_package["gradient"], "shap Deep": by_package["deep"],
            "shap Partition": by_package["partition"]}
maps |= control_maps(dozen, seed)
show.attributions(dozen[:8], {name: m[:8] for name, m in maps.items()}, columns=[f"“{k}”" for k in read[:8].tolist()],
                  alt="Eight digits and twelve rows of maps. Gradient is speckled, Grad-CAM coarse, LIME and Shapley "
                      "are of squares, shap's Deep follows the strokes and their gaps; intensity and Sobel follow the "
                      "strokes, too.")

# %% [markdown]
# (Each map has its own scale.) Intensity and Sobel look just as sensible as many a method! So looking does not settle
# it. A first number, **insertion** (Petsiuk and others, 2018): bring the pixels in, the most important first, and
# watch the probability of the answer. Its mean on the way is the score; higher is better. But what is there *before*
# a pixel comes? Black, as is common, or **another digit**, of another class? **Predict** how the controls do. (We
# *explain* the logit and *score* by the probability, which lies between 0 and 1 for every digit, so that digits can be
# averaged; the catch named above goes with it. Notebook 10 tests further.)

# %%
def right_class(pictures):
    return net(pictures).softmax(1).gather(1, read[:, None])[:, 0]


chosen = torch.randperm(len(digits), generator=runtime.stream("others")).view(-1, 40)[:12].tolist()  # 40 for each to choose from
others = digits.images[[next(k for k in row if digits.labels[k] != one) for row, one in zip(chosen, read, strict=True)]]
inserted = {name: [insertion_deletion(right_class, dozen, m, fill)["insertion"].mean().item()
                   for fill in (-1.0, others)] for name, m in maps.items()}
free = [max(inserted[name][k] for name in ("random", "intensity", "Sobel")) for k in (0, 1)]  # the best control
show_table("Insertion, mean of twelve digits (higher is better); in brackets: minus the best of the three controls",
           ["map", "on black", "on another digit"],
           [[name, *(f"{v:.2f} ({v - best:+.2f})" for v, best in zip(row, free, strict=True))]
            for name, row in inserted.items()])

# %% tags=["nbval-check-output"]
claims.at_least("insertion on black: plain brightness, a map without a model, beats Grad-CAM",
                inserted["intensity"][0] - inserted["Grad-CAM"][0], 0.05)
claims.at_most("… and comes within 0.1 of the best of nine methods",
               max(row[0] for row in inserted.values()) - inserted["intensity"][0], 0.1)
claims.at_most("… the lead of the best of nine methods over the best control is at most 0.05",
               max(row[0] for row in inserted.values()) - free[0], 0.05)
claims.at_least("insertion on another digit: shap's Deep beats all three controls by at least 0.1",
                inserted["shap Deep"][1] - free[1], 0.1)
claims.at_least("… so does shap's Gradient", inserted["shap Gradient"][1] - free[1], 0.1)
claims.at_least("… shap's Partition beats them, too, by whatever", inserted["shap Partition"][1] - free[1], 0)
claims.at_least("… and HiResCAM, which compares with no picture", inserted["HiResCAM"][1] - free[1], 0.05)
claims.at_most("… Grad-CAM does not beat them by 0.1", inserted["Grad-CAM"][1] - free[1], 0.1)
claims.at_most("… nor does integrated gradients, LIME or Shapley, with black for absent (the best)",
               max(inserted[name][1] for name in ("integrated gr.", "LIME", "Shapley, 49")) - free[1], 0.1)
claims.at_most("… and the plain gradient is within 0.1 of random (above it by)",
               inserted["gradient"][1] - inserted["random"][1], 0.1)

# %% [markdown]
# On black, plain brightness is about as good as the best: white on black *is* the digit, so this test hardly asks about
# the network. On another digit the controls fall back, and shap's Deep and Gradient stay: their background was other
# digits, which is the question that this test asks. Integrated gradients, LIME and our Shapley values, which have black
# for "absent", fall to where the controls are; so does Grad-CAM on this network, and the plain gradient, as good as the
# best on black, on most seeds to where *random* is. shap's Partition, which compares with digits as well, beats the best
# control by less; HiResCAM, which compares with no picture at all, beats it, too. So "it
# compares with digits" is not the whole story, and this table does not tell what is. **A score without its controls says nothing**, and a
# method is good *for a question*.
#
# ## What it costs
#
# Recorded beforehand, one thread (`course record costs`): the median of five runs. The gradient is the yardstick.
# (SmoothGrad, guided backprop and occlusion are in the glossary.)

# %%
costs = recorded("costs")
rows = {name: [median(one[key] for one in seeds.values()) for key in ("ms", "ratio")]
        for name, seeds in costs["runs"].items()}
show_table(f"Cost of one explanation ({costs['machine']})", ["method", "ms an image", "gradients"],
           [[name, f"{ms:,.1f}", f"{ratio:,.1f}"] for name, (ms, ratio) in rows.items()])

# %% tags=["nbval-check-output"]
def ratios(name, of="gradient"):
    runs = costs["runs"]
    return [runs[name][one]["ms"] / runs[of][one]["ms"] for one in runs[name]]


deep = "shap Deep, background 30"
claims.over_seeds("integrated gradients with 50 steps cost at least 30 gradients",
                  ratios("integrated gradients, 50 steps"), 30)
claims.over_seeds("Grad-CAM costs no more than one gradient", ratios("Grad-CAM"), 1, op="<=")
claims.over_seeds("sampled Shapley values of 49 squares cost at least 1,000 gradients",
                  ratios("Shapley, 49 squares, 50 orders"), 1000)
claims.over_seeds("LIME with 1,000 samples costs at least 100 gradients",
                  ratios("LIME, 49 squares, 1,000 samples"), 100)
claims.over_seeds("shap's Deep: a ten times larger background costs at least 5 times as much",
                  ratios("shap Deep, background 300", deep), 5)
claims.over_seeds("… all ten classes cost at least 5 times one class",
                  ratios("shap Deep, background 30, all ten classes", deep), 5)

# %% [markdown]
# Slopes are cheap, and Grad-CAM's need not even go back to the pixels.
#
# ## What the articles say
#
# A3 passes `link="logit"`. `DeepExplainer` does not know it; the force plot does, and then prints the sigmoid of the
# sum as if it were a probability. With ten classes the softmax gives probabilities:

# %%
unknown = ""
try:
    shap.DeepExplainer(explain.explain_copy(net), background[:2]).shap_values(three, link="logit")
except TypeError as error:
    unknown = str(error)
print(unknown)
unsure = highest_first(-logits.softmax(1).amax(1)[None], seed)[0, :20]  # the twenty that it is least sure of
top = logits[unsure].amax(1)
confused = (top.sigmoid() - logits[unsure].softmax(1).amax(1)).abs().median().item()
print(f"twenty unsure digits: sigmoid and softmax of the winner differ by {confused:.2f} (median)")

# %% [markdown]
# "Explaining a model raises its reliability", says A3. It cannot be the network's (what people do with an explanation is
# another matter, and nothing that we can measure here): we ask it again, now that it has been explained.

# %%
with torch.no_grad():
    same = torch.equal(explain.explain_copy(network)(held_out.images), logits)
print("after all explanations the network gives the same logits, bit for bit:", same)

# %% tags=["nbval-check-output"]
claims.true('shap\'s Deep does not know link="logit"', "link" in unknown)
claims.at_least("unsure digits: the sigmoid of a logit is not the probability (median difference)", confused, 0.1)
claims.true("explaining changed nothing in the network: the same logits, hooks 0", same and count_hooks(network) == 0)

# %% [markdown]
# | article | it says | what we measured |
# |---|---|---|
# | A3 | explains image *generation* | its network reads digits and draws none: a classifier. Generators come in notebook 09 |
# | A3 | the whole training set is the background | two random hundreds agree, each for a fortieth of the work |
# | A3 | `link="logit"` | `DeepExplainer` refuses it; the force plot's sigmoid is no probability of one of ten classes |
# | A3 | explaining raises reliability | the network is the same, bit for bit. What may rise is *our* knowledge, if the map is right |
# | A3 | validates on a re-split of the training data | that is leakage, and one picture: notebook 10 does it on held-out digits, with controls |
# | A3 | explanations are costly | from less than one gradient (Grad-CAM) to more than a thousand (sampled Shapley values) |
# | A3 | explanations may be inaccurate | yes: a default that drops 39 of 49 shares (and adds up), seeds that disagree, brightness that wins a test |
#
# ## Exercises
#
# **1. Shapley values by coalitions.** Write what `exact_shapley` does. For each player $i$, over all coalitions $S$
# of the *others*, of size $s$ among $n$ players:
#
# $$\varphi_i = \sum_S \frac{s!\,(n - s - 1)!}{n!} \big(v(S \cup \{i\}) - v(S)\big).$$
#
# *In words: the rise, times the share of orders in which exactly $S$ came before $i$.* `value` takes a Python set of
# players and returns a number. Return a list of $n$ numbers.

# %% tags=["exercise"]
def shares(value, n):
    ...  # your lines, ending in: return …


check.shapley(shares)

# %% [markdown]
# <details><summary>Hint 1</summary>itertools.combinations(others, s) goes through all coalitions of one size; math.factorial is in the standard library.</details>
# <details><summary>Hint 2</summary>The others are all players but i; the sizes run from 0 to n − 1, both included.</details>
# <details><summary>Hint 3</summary>Three loops: over i, over s, over the coalitions of that size. The weight depends on s alone.</details>

# %% tags=["solution"]
def solution_shares(value, n):
    from itertools import combinations
    from math import factorial

    owed = []
    for i in range(n):
        rest, mine = set(range(n)) - {i}, 0.0
        for s in range(n):
            for group in combinations(sorted(rest), s):
                weight = factorial(s) * factorial(n - s - 1) / factorial(n)
                mine += weight * (value({*group, i}) - value(set(group)))
        owed.append(mine)
    return owed


check.shapley(solution_shares, solution=True)

# %% [markdown]
# **2. Occlusion.** The plainest question of all: what if this place were black? For each square of `side` × `side`
# pixels, side by side, cover it in the picture, and write into *all its pixels* by how much the value **falls**.
# `value` takes pictures $(N, 1, H, W)$ and returns $(N,)$; `picture` is $(1, H, W)$; `side` divides $H$ and $W$;
# return $(H, W)$.

# %% tags=["exercise"]
def covered(value, picture, side):
    ...  # your lines, ending in: return …


check.occlusion(covered)

# %% [markdown]
# <details><summary>Hint 1</summary>Work on a copy of the picture each time: .clone(). Black is −1.</details>
# <details><summary>Hint 2</summary>range(0, H, side) gives where the squares start; a slice from there of length side cuts one out.</details>
# <details><summary>Hint 3</summary>The fall is the value before minus the value after. value wants a batch: picture[None].</details>

# %% tags=["solution"]
def solution_covered(value, picture, side):
    fall = torch.zeros(picture.shape[-2:])
    for top in range(0, picture.shape[-2], side):
        for left in range(0, picture.shape[-1], side):
            here = (slice(top, top + side), slice(left, left + side))
            hidden = picture.clone()
            hidden[(0, *here)] = -1
            fall[here] = (value(picture[None]) - value(hidden[None])).item()
    return fall


check.occlusion(solution_covered, solution=True)

# %% [markdown]
# **3. Do two maps agree?** The Jaccard index of the `k` highest places of two maps of the same shape: how many places
# are in both, divided by how many are in at least one.

# %% tags=["exercise"]
def jaccard(a, b, k):
    ...  # your lines, ending in: return …


check.jaccard(jaccard)

# %% [markdown]
# <details><summary>Hint 1</summary>Make the maps flat, then topk(k).indices says where the highest are.</details>
# <details><summary>Hint 2</summary>Python sets know intersection (&) and union (|).</details>
# <details><summary>Hint 3</summary>Highest, not largest in size: a strongly negative place speaks against.</details>

# %% tags=["solution"]
def solution_jaccard(a, b, k):
    first, second = (set(x.flatten().topk(k).indices.tolist()) for x in (a, b))
    return len(first & second) / len(first | second)


check.jaccard(solution_jaccard, solution=True)

# %% [markdown]
# **4. Find the bugs.** This should give integrated gradients of the logit of class `k` (one class for all pictures),
# complete up to a small error. There are four mistakes. (That each step is taken at its beginning, `step / steps`, is not
# one of them: you may keep it.) `model` gives logits $(N, 10)$; `x` and `baseline` are
# $(N, 1, H, W)$.

# %%
def buggy_ig(model, x, baseline, k, steps=50):
    model.train()
    total = 0
    for step in range(steps):
        point = (step / steps * x).requires_grad_(True)
        out = model(point).softmax(1)[:, k].mean()
        total = total + torch.autograd.grad(out, point)[0]
    return x * total / steps


# %% tags=["exercise"]
def repaired(model, x, baseline, k, steps=50):
    ...  # your lines, ending in: return …


check.repaired(repaired)

# %% [markdown]
# <details><summary>Hint 1</summary>What should be explained, a logit or a probability? And in which mode?</details>
# <details><summary>Hint 2</summary>Where does the way begin? The argument baseline is never used.</details>
# <details><summary>Hint 3</summary>A mean over the pictures divides each one's slope by their number; a sum does not.</details>

# %% tags=["solution"]
def solution_repaired(model, x, baseline, k, steps=50):
    model.eval()
    collected = torch.zeros_like(x)
    for number in range(steps):
        place = baseline + (x - baseline) * (number + 0.5) / steps
        place = place.detach().requires_grad_(True)
        (rate,) = torch.autograd.grad(model(place)[:, k].sum(), place)
        collected += rate
    return collected * (x - baseline) / steps


check.repaired(solution_repaired, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - An attribution answers a *question*: how much does this pixel add on entering (Shapley), what would a tiny change
#   do (gradient), which line fits nearby (LIME), which places of a layer count (CAM)? Say which question, for which
#   logit, against which background.
# - **Strengths:** Shapley values are the only shares that sum to the whole, treat equals alike, give nothing for
#   nothing, and add up when two games are played as one; integrated gradients are complete and cheap; Grad-CAM costs
#   less than one gradient.
# - **Limits:** exact values take $2^n$ calls; sampled ones depend on the seed; a complete map need not be right; and
#   maps made without any model can score as well.
# - **Before you believe a map:** logits, eval mode, a copy, a background that fits the question, a second seed, and
#   the three controls.
# - **Software:** `course_lib.explain`; captum (gradients, CAM); shap (Deep, Gradient, Partition, plots). The package
#   lime has had no release since 2020.
#
# ## Further reading
#
# - L. Shapley. *A value for n-person games.* Contributions to the Theory of Games II, 1953.
# - S. Lundberg, S.-I. Lee. *A unified approach to interpreting model predictions.* NeurIPS 2017. SHAP: Kernel and
#   Deep.
# - M. Ribeiro, S. Singh, C. Guestrin. *"Why should I trust you?" Explaining the predictions of any classifier.* KDD
#   2016. LIME.
# - K. Simonyan, A. Vedaldi, A. Zisserman. *Deep inside convolutional networks.* ICLR workshop 2014. The gradient.
# - M. Sundararajan, A. Taly, Q. Yan. *Axiomatic attribution for deep networks.* ICML 2017. Integrated gradients.
# - A. Shrikumar, P. Greenside, A. Kundaje. *Learning important features through propagating activation differences.*
#   ICML 2017. DeepLIFT.
# - G. Erion, J. Janizek, P. Sturmfels, S. Lundberg, S.-I. Lee. *Improving performance of deep learning models with
#   axiomatic attribution priors and expected gradients.* Nature Machine Intelligence 2021.
# - R. Selvaraju and others. *Grad-CAM: visual explanations from deep networks via gradient-based localization.* ICCV
#   2017.
# - R. Draelos, L. Carin. *Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
#   networks.* arXiv 2011.08891, 2020.
# - V. Petsiuk, A. Das, K. Saenko. *RISE: randomized input sampling for explanation of black-box models.* BMVC 2018.
#   Insertion and deletion.
# - M. Zeiler, R. Fergus. *Visualizing and understanding convolutional networks.* ECCV 2014. Occlusion.
# - C. Molnar. *Interpretable machine learning.* 3rd edition, 2025. A free book on all of this.
