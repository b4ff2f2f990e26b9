# %% [markdown]
# # 7.1 What is a fair share of an answer?
#
# A network reads a digit and says "3". Why? Many methods answer with a coloured picture: these pixels speak for it,
# those against. The pictures look convincing, and they disagree. So we begin with a question whose answer is known: how
# to share out, fairly, what several people have earned together.
#
# **You need** chapter 3 (networks, the logit). **You will** compute Shapley values, exactly and by sampling; test a
# method, and a package's default settings, where the answer is known. About 40 minutes to read, 70 with the exercises.

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

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier.games import walked_once
from course_lib.chapters.ch07_explain_a_classifier.pictures import errors_by_root, on_one_scale, shares_on_squares
from course_lib.chapters.ch07_explain_a_classifier.reader import reader
from course_lib.data import load
from course_lib.explain.segments import compose
from course_lib.learn.claims import Claims
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer, accuracy

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("07.1", runtime)
check = syllabus.checks("07")
ask = syllabus.questions("07.1")
warnings.filterwarnings("ignore", category=DeprecationWarning)  # of the package we compare with
print(runtime.describe())
print(syllabus.time_of("07.1"))

# %% [markdown]
# ## A network to explain
#
# It is the network of A3, one of the articles of chapter 0. Two convolutions give 32 and 64 *maps* (small pictures of
# features). After each come ReLU and [max pooling](../../docs/glossary.md#max-pooling). One linear layer then gives ten
# [logits](../../docs/glossary.md#logit), one score for each digit, and the largest wins. The network was trained on
# 4,000 digits for 800 steps. With `seed = 0` it ships with the course; with another seed, `reader` trains one anew.
#
# We explain a *copy* of it (lesson 7.4 shows why), in eval mode.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
net = explain.explain_copy(reader(runtime))
with torch.no_grad():
    logits = net(held_out.images)  # (1000, 10)
which = ((held_out.labels == 3) & (logits.argmax(1) == 3)).nonzero()[0]  # the first 3 that is read as 3
three = held_out.images[which]  # (1, 1, 28, 28)
highest = logits[which][0].sort(descending=True)
print(f"the logit of “3” is {highest.values[0]:.1f}; the next is {highest.values[1]:.1f}, for “{highest.indices[1]}”")

target, squares = explain.class_logit(3), explain.grid_segments(28, 28, 4)  # 49 squares of 4 × 4 pixels
four = {"Shapley": explain.shapley_of_segments(net, target, three[0], squares, orders=10),
        "gradient": explain.gradient(net, target, three),
        "integrated gr.": explain.integrated_gradients(net, target, three),
        "Grad-CAM": explain.grad_cam(net, target, three, "body.4")}
show.attributions(three.repeat(4, 1, 1, 1), {"map": torch.cat(list(four.values()))}, columns=list(four),
                  title="Four methods explain one answer, and disagree",
                  alt="Four maps of a 3: one of squares, one of spots, one along the stroke, one of soft blots.")

# %% [markdown]
# Orange is meant to speak for "3", blue against it; the thin line is the digit. (In the gradient's map orange means
# only: brighter here, higher logit.) Which map is right? Each method answers a question of its own.
#
# The question of this lesson is: *which parts of the picture does the logit of "3" come from?*
#
# ## A game for three
#
# Ann has a left glove. Bob and Cem have a right glove each. A *pair* earns 1, anything else earns nothing. Together
# they have earned 1.

# %%
ask.predict("gloves")

# %% [markdown]
# Lloyd Shapley's answer (1953): let the *players* come in one after the other. Give each player what the total *rises
# by* when they enter. This depends on the order, so take the mean over all orders. Let $v(S)$ be what the players in a
# set $S$ earn, and $S_i$ the set of those who came before player $i$. The share of player $i$ is
#
# $$\varphi_i = \text{mean over all orders of } \big(v(S_i \cup \{i\}) - v(S_i)\big).$$
#
# *In words: your share is what you add on entering, on average.* The sign ∪ joins two sets; $\{i\}$ is the set of $i$
# alone.
#
# **Exercise 1. Finish the line.** What does the total rise by when `player` joins those who are `there`? `value` takes
# a Python set of players and returns a number; `there` is such a set, without the player. (In the code after the
# exercise `value` takes rows of 0 and 1, not sets.)

# %% tags=["exercise"]
def rise(value, there, player):
    return ...  # your line


check.rise(rise)

# %% [markdown]
# <details><summary>Hint 1</summary>Two sets have to be valued: those who are there, with the player and without.</details>
# <details><summary>Hint 2</summary>a | b is the union of two Python sets, and changes neither. {player} is the set of one.</details>

# %% tags=["solution"]
def solution_rise(value, there, player):
    return value(there | {player}) - value(there)


check.rise(solution_rise, solution=True)

# %%
def gloves(present):
    """The game: (M, 3) rows of 0 and 1, who is there → (M,), what they earn."""
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
# Ann gets 2/3: only when she comes first, in 2 of 6 orders, does she add nothing. Shapley proved that this rule keeps
# four promises, and that no other keeps all of them: the shares add up to the whole; two who always add the same get
# the same; who never adds anything gets nothing; and when two games are played as one, the shares add up, too.
#
# There are $n! = 1 \cdot 2 \cdots n$ orders of $n$ players ($3! = 6$), and they ask about the same sets of players
# again and again. `exact_shapley` values each of the $2^n$ sets (each player is there or not), the
# [coalitions](../../docs/glossary.md#coalition), once. The package shap finds the same numbers in a third way, by a
# *regression*. Its `KernelExplainer` looks for one number for each player, such that those of a coalition add up nearly
# to what it earns (for nobody and for all it must fit exactly). Some coalitions count more in this fit, by just so much
# that the best numbers are the Shapley values (Lundberg and Lee, 2017). With many players it asks only a sample of the
# coalitions. (`l1_reg=0` tells it to leave no player out.)

# %% tags=["nbval-check-output"]
import shap

ours = explain.exact_shapley(gloves, 3)
kernel = shap.KernelExplainer(lambda z: gloves(torch.as_tensor(z)).numpy(), torch.zeros(1, 3).numpy())
theirs = torch.as_tensor(kernel.shap_values(torch.ones(1, 3).numpy(), l1_reg=0, silent=True)[0])
known = torch.tensor([2 / 3, 1 / 6, 1 / 6], dtype=torch.float64)
claims.at_most("the glove game: the mean over all orders is (2/3, 1/6, 1/6)", (fair - known).abs().max().item(), 1e-9)
claims.at_most("… so are course_lib's values, by coalitions", (ours - known).abs().max().item(), 1e-9)
claims.at_most("… and shap's", (theirs - known).abs().max().item(), 1e-6)

# %% [markdown]
# **Exercise 2. Build it: Shapley values by coalitions.** For each player $i$, go over all coalitions $S$ of the
# *others*. With $s$ for the size of $S$:
#
# $$\varphi_i = \sum_S \frac{s!\,(n - s - 1)!}{n!} \big(v(S \cup \{i\}) - v(S)\big).$$
#
# *In words: each rise, times the share of orders in which exactly $S$ came before $i$, all added up.* The $s$ before
# $i$ can come in $s!$ orders, the $n - s - 1$ after it in $(n - s - 1)!$, out of $n!$ in all. The players are the
# numbers 0 to $n - 1$; `value` takes a Python set of them. Return a list of $n$ numbers.

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
# ## A picture is a game, too
#
# Cut the picture into 3 × 3 squares (10 pixels wide, the last ones 8): nine players. A square that is absent shows
# black instead. What a coalition earns is the logit of "3". With nine players there are
# $2^9 = 512$ coalitions, and we ask the network about all of them.

# %%
ask.predict("squares")

# %%
def score(pictures):
    """The logit of "3" for each picture: (N, 1, 28, 28) → (N,)."""
    with torch.no_grad():
        return net(pictures)[:, 3]


nine = explain.grid_segments(28, 28, 10)  # (28, 28): for each pixel the number of its square, 0 to 8
black = torch.full_like(three, -1.0)


def squares_game(present, squares=nine):
    return score(compose(three[0], black[0], squares, present.to(three.device)))


exact = explain.exact_shapley(squares_game, 9)
whole = (score(three) - score(black)).item()
two_best = exact.sort(descending=True).values[:2].sum().item()
print(f"sum of the shares {exact.sum():.4f}; logit of the picture minus that of black {whole:.4f}")
print(f"the two highest shares together {two_best:.2f}, the seven others {exact.sum() - two_best:+.2f}")
alone, everyone = torch.eye(9)[4:5], torch.ones(1, 9)  # who is there: square 4, the middle one; all nine
first, last = ((squares_game(of) - squares_game(of - alone)).item() for of in (alone, everyone))
print(f"the middle square adds {first:+.2f} when it comes first, {last:+.2f} when last, {exact[4]:+.2f} on average")
shares_on_squares(three, exact, nine, title="Two of nine squares earn more than the seven others together",
                  alt="A 3 cut into nine squares, and the share of each: two squares have large positive shares, the "
                      "others are near 0 or negative.")

# %% [markdown]
# A square without ink gets exactly 0: its absence changes nothing. The shares add up to what the picture earned over a
# black one. This is called *efficiency* for games, *completeness* or [additivity](../../docs/glossary.md#additivity)
# for maps. (In books on games *additivity* is the promise about two games.) So two squares can have more than the whole
# sum: the seven others are negative together. And what a square adds depends on who is there: the middle one lowers the
# logit when it comes first, and raises it when it comes last.
#
# With 49 squares there would be $2^{49}$ coalitions, far too many. Then one draws a sample of the orders. We try this
# on the nine squares, whose exact shares we know. (In the code a coalition is a number from 0 to 511, whose binary
# digits say who is there.) Each drawn order is walked *once*, or *forwards and backwards*, as `sampled_shapley` does.
# It also gives each share's [standard error](../../docs/glossary.md#standard-error): how far
# chance usually takes it off.

# %%
ask.predict("orders")

# %%
bits = 2 ** torch.arange(9)
table = squares_game(((torch.arange(512)[:, None] // bits) % 2).float()).cpu()  # (512,): each coalition's answer


def from_table(present):
    return table[(present.long() * bits).sum(1)]


def off(orders, sample=explain.sampled_shapley):
    """The largest error of nine sampled shares, on average over repeats."""
    return mean((sample(from_table, 9, orders, seed=1000 * seed + r)[0] - exact).abs().max().item()
                for r in range(runtime.pick(smoke=2, course=50)))


counts = (4, 16, 64)
errors = {orders: off(orders) for orders in counts}
found, standard_error = explain.sampled_shapley(from_table, 9, 64, seed=seed)
errors_by_root({"each order once": {n: off(n, walked_once) for n in counts}, "forwards and backwards": errors},
               title="The error falls with the root of the number of orders",
               alt="Against one over the root of the orders, the errors of two ways to sample. Each is near a straight "
                   "line through 0; forwards and backwards lies far below.")

# %% tags=["nbval-check-output"]
claims.at_least("A3's network reads more than 97 % of the held-out digits correctly", accuracy(net, held_out), 0.97)
claims.close("nine squares: Shapley values add up to the logit's rise over black", exact.sum().item(), whole, 1e-3)
claims.at_least("… two of the nine squares have at least half of the sum (share)", two_best / exact.sum().item(), 0.5)
claims.at_least("16 times as many orders: the error falls at least to half", errors[4] / errors[64], 2)
claims.at_most("64 sampled orders are within 5 standard errors of the exact values",
               ((found - exact).abs() / standard_error.clamp(min=1e-3)).max().item(), 5)

# %% [markdown]
# The error in the figure is the largest of the nine shares' errors; each point is its mean over 50 repeats. More
# orders lie further to the left. The error of a mean of independent draws falls like $1/\sqrt{\text{orders}}$; so the
# points lie near a straight line through 0, for both ways.
#
# To walk each order backwards, too, costs as much as twice as many single walks. Those would leave about 0.7 of the
# error ($1/\sqrt{2}$); here about a sixth of the error of as many drawn orders is left. Who comes early in one walk
# comes late in the other, so the two chance errors partly cancel.
#
# **Exercise 3. Find the faults.** This should give Shapley values from a sample of orders. There are three mistakes.
# `value` takes a Python set.
#
# ```python
# def faulty_sample(value, n, orders, seed):
#     owed, before = [0.0] * n, value(set())
#     for order in range(orders):
#         generator = torch.Generator().manual_seed(seed)
#         there = set()
#         for player in torch.randperm(n, generator=generator).tolist():
#             there.add(player)
#             after = value(there)
#             owed[player] += after - before
#             before = after
#     return [share / n for share in owed]
# ```

# %% tags=["exercise"]
def sampled(value, n, orders, seed):
    ...  # your lines, ending in: return …


check.sampled(sampled)

# %% [markdown]
# <details><summary>Hint 1</summary>Print the order in each turn of the outer loop. Is it a new one?</details>
# <details><summary>Hint 2</summary>When a new order begins, nobody is there. What have they earned at that moment, and what does the code compare with?</details>
# <details><summary>Hint 3</summary>A mean over orders divides by how many orders there were.</details>

# %% tags=["solution"]
def solution_sampled(value, n, orders, seed):
    draw = torch.Generator().manual_seed(seed)
    means = [0.0] * n
    for _ in range(orders):
        inside, earned = set(), value(set())
        for one in torch.randperm(n, generator=draw).tolist():
            inside = inside | {one}
            means[one] += (value(inside) - earned) / orders
            earned = value(inside)
    return means


check.sampled(solution_sampled, solution=True)

# %% [markdown]
# ## Where the answer is known: a linear model
#
# Does a method give the right shares? We test it on a model whose shares can be written down. A linear model says
# $f(x) = \sum_i w_i x_i + c$, with a weight $w_i$ for each pixel $x_i$ and a constant $c$. Here nobody helps or hinders
# anyone else: pixel $i$ adds the same, whoever is there. Let absent pixels show a picture $b$, the
# [background](../../docs/glossary.md#background). Then the share of pixel $i$ is
#
# $$\varphi_i = w_i\,(x_i - b_i).$$
#
# *In words: its weight, times how far it is from the background.* We train such a model and compare two methods with
# this formula: all coalitions of nine squares, and shap's *Deep* for all 784 pixels (lesson 7.4 explains it). Deep
# averages over thirty backgrounds; for a linear model this is the same as using their mean picture.

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

# %% [markdown]
# Both pass. And on the network? For twelve digits we enumerate the shares of nine squares, and add Deep's shares up in
# each square. Absent is black for both. The *relative error* is the length of the error (the root of the sum of its
# squares), divided by the length of the truth. The control is nine equal shares, which add up as well.

# %%
dozen, read = held_out.images[:12], logits[:12].argmax(1)
by_deep, off_by = explain.deep_shap(net, read, dozen, black), {"shap's Deep": [], "nine equal shares": []}
for picture, k, its_map in zip(dozen, read.tolist(), by_deep, strict=True):
    def earned(present, picture=picture, k=k):
        with torch.no_grad():
            return net(compose(picture, black[0], nine, present.to(picture.device)))[:, k]

    right = explain.exact_shapley(earned, 9)
    summed = torch.stack([its_map[0][nine == s].sum() for s in range(9)]).cpu().double()
    for name, nine_shares in {"shap's Deep": summed, "nine equal shares": right.mean().expand(9)}.items():
        off_by[name].append(((nine_shares - right).norm() / right.norm()).item())
for name, each in off_by.items():
    print(f"{name:17} relative error {min(each):.2f} to {max(each):.2f}, median {median(each):.2f}")

# %% [markdown]
# So on this network Deep is closer to the exact shares than nine equal shares are, for each of the twelve digits, and
# not exact: on half of them it is off by 0.22 of the shares' length or more, on the worst by 0.61. (Its players are
# pixels, ours squares: part of this may come from that.)
#
# Now the `KernelExplainer`, on the easy, linear task with 49 squares. We ask it twice, with 500 samples each: with its
# default settings, and with `l1_reg=0` as for the gloves.

# %%
ask.predict("default")

# %%
truth = torch.stack([closed[0][squares == s].sum() for s in range(49)]).cpu().double()
kernel = shap.KernelExplainer(lambda z: linear_game(torch.as_tensor(z).float(), squares).cpu().numpy(),
                              torch.zeros(1, 49).numpy())
everyone, wrong_by, used, sum_off = torch.ones(1, 49).numpy(), {}, {}, {}
maps = {"known": truth}
for name, settings in {"default": {}, "l1_reg=0": {"l1_reg": 0}}.items():
    numpy.random.seed(seed)  # shap draws its coalitions from numpy's global generator
    values = torch.as_tensor(kernel.shap_values(everyone, nsamples=500, silent=True, **settings)[0])
    maps[name] = values
    wrong_by[name], used[name] = ((values - truth).norm() / truth.norm()).item(), int((values != 0).sum())
    sum_off[name] = abs((values.sum() - truth.sum()).item())
    print(f"{name:9} relative error {wrong_by[name]:.1e}, squares with a share: {used[name]} of 49, "
          f"sum off by {sum_off[name]:.1e}")
on_one_scale(three, {name: m.float()[squares][None, None] for name, m in maps.items()}, ["a 3"], of="a square",
             title="By default only ten squares get a share, and the sum still fits",
             alt="A 3 and three maps of 49 squares on one scale: the known shares, those of the default, where most "
                 "squares are white, and those with l1_reg=0, which look like the known ones.")

# %% tags=["nbval-check-output"]
claims.at_most("linear model: exact Shapley values are the closed form",
               (enumerated - per_square).abs().max().item(), 1e-4)
claims.at_most("linear model: shap's Deep is the closed form", (by_shap[0] - closed).abs().max().item(), 1e-4)
claims.at_most("the network, nine squares: shap's Deep is off by at most 0.4 of the exact shares' length (median)",
               median(off_by["shap's Deep"]), 0.4)
claims.at_least("… by at least 0.1", median(off_by["shap's Deep"]), 0.1)
claims.at_least("… nine equal shares by at least 0.7", median(off_by["nine equal shares"]), 0.7)
claims.at_most("KernelExplainer as it comes gives at most 10 of 49 squares a share", used["default"], 10)
claims.at_least("… and is off by more than 5 % on a linear model", wrong_by["default"], 0.05)
claims.at_most("… though its shares add up", sum_off["default"], 1e-3)
claims.at_most("… with l1_reg=0 it is right", wrong_by["l1_reg=0"], 1e-3)

# %% [markdown]
# By default (`num_features(10)`, since version 0.47) the `KernelExplainer` keeps the ten squares that its own
# selection finds important. The others get 0: they are white in the figure. **Shares that add up need not be right.**
# The sum did not catch this; the known answer did. With `l1_reg=0` it is right here, because the model is linear. On a
# network 500 samples would leave chance errors.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a Shapley value is what a part adds on entering, on average over all orders; sampling finds it with
#   an error that falls like $1/\sqrt{\text{orders}}$; a method is tested where the answer is known.
# - **Not said:** that black is the right way to be absent, or that nine squares are the right players. Both were
#   choices.
# - **Next:** [7.2 What happens near this picture?](2_lime_and_slopes.ipynb)
