# %% [markdown]
# # 7.2 What happens near this picture?
#
# Three well-known methods ask what the network does near a picture. How far can each be trusted? LIME erases parts of
# the picture at random, and fits a simple model to the network's answers. The gradient asks what a tiny change does,
# and knows nothing of large ones. Integrated gradients collect the slopes on the whole way from black to the picture.
#
# **You need** [7.1](1_fair_shares.ipynb) (the network, squares as players). **You will** compute how well LIME fits;
# ask it twice and compare the answers; repair integrated gradients; say why one explains logits and not probabilities.
# About 35 minutes to read, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
from statistics import mean

import torch
from captum.attr import IntegratedGradients

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier.reader import scene
from course_lib.explain.segments import compose
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics.faithfulness import rank_correlation
from course_lib.metrics.ranking import highest_first
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("07.2", runtime)
check = syllabus.checks("07")
ask = syllabus.questions("07.2")
print(runtime.describe())
print(syllabus.time_of("07.2"))

# %% [markdown]
# `scene` gives what 7.1 began with: the digits, the network, the class that it *says* for each held-out digit, and our
# 3. Again the picture is cut into squares, now 49 of 4 × 4 pixels, and an absent square is black.

# %%
digits, held_out, net, says, three = scene(runtime)
black = torch.full_like(three, -1.0)
squares = explain.grid_segments(28, 28, 4)  # (28, 28): for each pixel the number of its square, 0 to 48


def squares_game(present):
    """The logit of "3" of each picture: (M, 49) rows of 0 and 1, which squares are on → (M,)."""
    with torch.no_grad():
        return net(compose(three[0], black[0], squares, present.to(three.device)))[:, 3]


# %% [markdown]
# ## LIME: a simple model nearby
#
# **LIME** (Ribeiro and others, 2016) asks: *which weighted sum of the squares behaves like the network near this
# picture?* Draw 1,000 pictures in which each square is switched off with probability ½, and ask the network about each.
# With two squares, three of the pictures might read: both on, 8 logits; only the first on, 5; none on, 1. The start 1
# and the coefficients 4 and 3 say all that.
#
# Let $z_{ms}$ be 1 where square $s$ was on in picture $m$, and else 0, and let $y_m$ be the network's answer. Find a
# start $\beta_0$ (the *intercept*) and one coefficient $\beta_s$ for each square. They should make this number as small
# as possible:
#
# $$\sum_m w_m \Big(y_m - \beta_0 - \sum_s \beta_s z_{ms}\Big)^2 + \sum_s \beta_s^2 .$$
#
# *In words: the sum should come near the network's answers, most of all for the pictures that weigh much; large
# coefficients cost a little.* $\beta_s$ is LIME's answer: by so much the sum rises when square $s$ is switched on.
# Painted on the squares, the 49 coefficients are LIME's map.
#
# The formula's last sum makes it a *ridge* [regression](../../docs/glossary.md#regression). The weight
# $w_m = e^{-d^2/0.25^2}$, with $d = 1 - \sqrt{\text{share of squares on}}$ (a distance: 0 for the whole picture), is 1
# for the whole picture and about ¼ where half of it is missing. (One line of the code solves for the minimum; you need
# not follow it.)
#
# This is not very near: nearly every sampled picture lacks about half of its squares, so most weigh about ¼; the whole
# picture, with its weight of 1, is hardly ever drawn. So LIME explains the network on half-erased digits; those
# with less erased weigh more.
#
# How well does the sum fit? [R²](../../docs/glossary.md#r²) is the share of the answers' variance that it explains; 1
# is a perfect fit. A fit can also be judged on answers that it has not seen: `lime_unseen_r2` predicts each fifth of
# the answers with a sum fitted to the other four ([cross-validation](../../docs/glossary.md#cross-validation)).

# %%
def lime_by_hand(z, y):
    z, y = z.double(), y.double()
    weight = torch.exp(-((1 - z.mean(1).sqrt()) ** 2) / 0.25**2)  # (M,)
    rows = torch.cat([torch.ones(len(z), 1), z], 1)  # (M, 50): a column of ones for β₀
    charge = torch.eye(rows.shape[1]).double()
    charge[0, 0] = 0  # where the sum starts is free
    # at the minimum all slopes are 0, which is a system of 50 linear equations
    return torch.linalg.solve(rows.T @ (weight[:, None] * rows) + charge, rows.T @ (weight * y))[1:]  # (49,)


on = (torch.rand(runtime.pick(smoke=200, course=1000), 49, generator=runtime.stream("lime")) < 0.5).float()
answers = squares_game(on).cpu()
by_hand = lime_by_hand(on, answers)
library, r2 = explain.lime_weights(on, answers)
unseen = explain.lime_unseen_r2(on, answers)
print(f"of the squares, {on.mean(1).min():.0%} to {on.mean(1).max():.0%} are on in a sampled picture")
print(f"R² = {r2:.3f} on the answers it was fitted to, {unseen:.3f} on answers it has not seen")
show.attributions(three, {"LIME": library[squares][None, None].float()},
                  title="LIME's map: each square has its coefficient",
                  alt="A 3, and LIME's map of 49 squares: deep orange at the middle of the digit's top and bottom, "
                      "pale blue at a few squares between, most others nearly white.")

# %% tags=["nbval-check-output"]
claims.at_most("our LIME is course_lib's: largest difference of 49 coefficients",
               (by_hand - library).abs().max().item(), 1e-6)
claims.at_least("R² on unseen answers is below 1: a weighted sum does not explain all that the network does",
                1 - unseen, 0.02)
claims.at_least("… and lower than on the answers it was fitted to", r2 - unseen, 0)

# %% [markdown]
# The two R² are close here. Neither is 1: no weighted sum can say what squares do only *together*.
#
# **Exercise 1. Finish the line: R².** Let $\bar{y}$ be the mean of the answers $y_m$ with the weights $w_m$, and
# $\hat{y}_m$ what the sum guesses for picture $m$. Then
#
# $$R^2 = 1 - \frac{\sum_m w_m (y_m-\hat{y}_m)^2}{\sum_m w_m (y_m-\bar{y})^2}.$$
#
# *In words: 1 minus a ratio, the squared misses of the guesses over those of the weighted mean.* All three arguments
# have the shape $(M,)$, for $M$ pictures; return one number.

# %% tags=["exercise"]
def r_squared(y, guess, w):
    return ...  # your line (or two)


check.r2(r_squared)

# %% [markdown]
# <details><summary>Hint 1</summary>The weighted mean: the sum of w · y, divided by the sum of w.</details>
# <details><summary>Hint 2</summary>Two sums of the same form: once with the guesses, once with the weighted mean in their place.</details>

# %% tags=["solution"]
def solution_r_squared(y, guess, w):
    centre = (w * y).sum() / w.sum()
    return 1 - (w * (y - guess) ** 2).sum() / (w * (y - centre) ** 2).sum()


check.r2(solution_r_squared, solution=True)

# %% [markdown]
# ## Ask twice
#
# The squares were switched off *at random*. Does another seed give the same map? We compare two runs in two ways.
#
# - The **Jaccard index** of the five highest squares: how many both name, divided by how many at least one names. 1
#   means the same five, 0 none in common.
# - The [rank correlation](../../docs/glossary.md#spearmans-rank-correlation): replace each pixel's value by its place
#   in the order, and correlate the places. 1 means the same order, 0 unrelated. We take it over the *whole picture*,
#   and over the pixels with *ink* alone.
#
# **Exercise 2. Build it: do two maps agree?** Write the Jaccard index of the `k` highest places of two maps of the
# same shape.

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

# %%
ask.predict("twice")

# %%
ask.predict("fit")

# %% [markdown]
# The next two cells keep the books. You need not read them: what counts are their table and figure. The table's third
# column answers the first prediction, its fifth the second.

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
agree, orders, on_ink, fit, foretold, drawn = {}, {}, {}, {}, {}, {}
ink = held_out.images[:4] > -0.9
for samples in runtime.pick(smoke=(100, 300), course=(100, 300, 1000)):
    runs = [[ask_lime(i, samples, r) for r in range(5)] for i in range(4)]  # four digits, five seeds each
    agree[samples], orders[samples] = mean(map(overlap, runs)), mean(map(order, runs))
    on_ink[samples] = mean(order(of_one, ink[i : i + 1]) for i, of_one in enumerate(runs))
    fit[samples], foretold[samples] = (mean(run[k] for of_one in runs for run in of_one) for k in (1, 2))
    drawn[samples] = torch.cat([run[0] for run in runs[3]])  # of the fourth digit, a 3
least, most = min(agree), max(agree)
empty = [sum(bool((x[0][squares == s] == -1).all()) for s in range(49)) for x in held_out.images[:4]]
print(f"squares that are all black, of 49: {empty} (four digits)")
show_table("LIME asked again: how far the runs agree, and how well each fits (means of four digits)",
           ["samples", "five highest (Jaccard)", "rank corr., whole picture", "rank corr., ink", "R² fitted", "R² unseen"],
           [[f"{n:,}", *(f"{of[n]:.2f}" for of in (agree, orders, on_ink, fit, foretold))] for n in agree])
show.attributions(held_out.images[3:4].cpu().repeat(5, 1, 1, 1), {f"{n:,} samples": drawn[n] for n in (least, most)},
                  columns=[f"seed {r}" for r in range(5)],
                  title="With few samples the strong squares agree; the pale ones differ each time",
                  alt="Five times the same digit, and its LIME maps with five seeds. The dark squares are the same in all. "
                      "With few samples pale squares all over the picture differ from seed to seed, with many hardly.")

# %% tags=["nbval-check-output"]
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
# (With 1,000 samples R² was higher in the first run: that was one digit, here are four.)
#
# With few samples the *weak* squares depend on the seed; most of the five strongest are the same. (That 1,000
# samples agree a little less there than 300 may be chance.) With 1,000 samples the order on the ink has settled; that
# of the whole picture has not. More than half of the squares are black. To switch those off changes nothing, so what
# they get is noise, another one with each seed. **Always say over which pixels two maps are compared.**
#
# The fitted R² gives no warning. 49 coefficients can follow 100 answers closely: the sum fits better and means less
# (it *overfits*). On unseen answers R² falls instead.
# **Whoever shows a LIME picture should show a second seed, and the unseen R².**
#
# ## Slopes: gradient and integrated gradients
#
# Now from the inside. The **gradient** says for each pixel how fast the logit rises if that pixel becomes a little
# brighter. It takes one backward pass. It does not know what happens when a pixel goes all the way to black.
#
# **Integrated gradients** (Sundararajan and others, 2017) go all the way: from a **baseline** picture $b$, here black,
# straight to the picture $x$. With $f$ for the logit and $\partial f / \partial x_i$ for its slope along pixel $i$:
#
# $$\text{IG}_i = (x_i - b_i) \cdot \text{mean of } \frac{\partial f}{\partial x_i} \text{ along the way from } b \text{ to } x.$$
#
# *In words: how far the pixel moved, times its mean slope along the way.* At each small step the logit rises by the
# sum, over all pixels, of slope times how far that pixel moves. Add up all the steps, and you have the whole rise,
# $f(x) - f(b)$. So the values add up to it, if the mean is exact. We take it at 50 points, the middles of 50 equal
# pieces, and compare with `course_lib` and with captum, a package of explanations for PyTorch.

# %%
def slope(pictures):
    pictures = pictures.clone().requires_grad_(True)
    return torch.autograd.grad(net(pictures)[:, 3].sum(), pictures)[0]


def ig_by_hand(x, b, steps):
    total = torch.zeros_like(x)
    for step in range(steps):
        total += slope(b + (step + 0.5) / steps * (x - b))
    return (x - b) * total / steps


ig = ig_by_hand(three, black, 50)
show.attributions(three.repeat(2, 1, 1, 1), {"map": torch.cat([slope(three), ig])},
                  columns=["gradient", "integrated gr."],
                  title="A slope at one point, and slopes collected on the way from black",
                  alt="Two maps of a 3. The gradient has spots of both colours on the stroke and around it, integrated "
                      "gradients lie on the stroke alone.")

# %%
dozen, read = held_out.images[:12], says[:12]
some = explain.class_logit(read)  # for each digit the class that the network says
with torch.no_grad():
    rise = some(net(dozen)) - some(net(torch.full_like(dozen, -1.0)))
gaps = {n: (explain.integrated_gradients(net, some, dozen, steps=n).sum((1, 2, 3)) - rise).abs().mean().item()
        for n in (5, 10, 20, 50, 100)}
print(f"50 steps: the sum misses f(x) − f(b) by {gaps[50]:.3f} logits, the mean of twelve digits")
show.lines({"integrated gradients": (list(gaps), list(gaps.values()))}, "steps", "error of the sum, logits (mean of twelve)",
           log_x=True, log_y=True, title="The more steps, the closer the sum",
           alt="The error of integrated gradients' sum falls from 5 steps to 100, where it is a small part of what it was.")

# %% tags=["nbval-check-output"]
ig_library = explain.integrated_gradients(net, explain.class_logit(3), three, -1.0, steps=50)
claims.at_most("our integrated gradients are course_lib's", (ig - ig_library).abs().max().item(), 1e-5)
fine = copy.deepcopy(net).double()  # else rounding may put a path's point on the other side of a ReLU's kink
ig_fine = explain.integrated_gradients(fine, explain.class_logit(3), three.double(), -1.0, steps=50)
ig_captum = IntegratedGradients(fine).attribute(three.double(), black.double(), 3, n_steps=50, method="riemann_middle")
claims.at_most("… and, in double precision, captum's", (ig_fine - ig_captum).abs().max().item(), 1e-5)
claims.at_least("100 steps instead of 5: the completeness error falls at least by a factor 5", gaps[5] / gaps[100], 5)

# %% [markdown]
# The gradient's map shows no shares of the logit: orange means only that a brighter pixel there raises the logit.
# Integrated gradients give black pixels nothing, since $x_i - b_i$ is 0 there: their map follows the stroke. That is
# the baseline's doing, and says nothing about the network (7.4). The last figure shows that more steps bring the sum
# closer to the rise.
#
# **Exercise 3. Find the bugs.** This should give integrated gradients of the logit of class `k` (one class for all
# pictures), complete up to a small error. There are four mistakes; one of them shows in two lines. (`softmax` turns the
# ten logits into probabilities. That each step is taken at its beginning, `step / steps`, is not one of them: you may
# keep it.) `model` gives logits $(N, 10)$; `x` and `baseline` are $(N, 1, H, W)$.
#
# ```python
# def buggy_ig(model, x, baseline, k, steps=50):
#     model.train()
#     total = 0
#     for step in range(steps):
#         point = (step / steps * x).requires_grad_(True)
#         out = model(point).softmax(1)[:, k].mean()
#         total = total + torch.autograd.grad(out, point)[0]
#     return x * total / steps
# ```

# %% tags=["exercise"]
def repaired(model, x, baseline, k, steps=50):
    ...  # your lines, ending in: return …


check.repaired(repaired)

# %% [markdown]
# <details><summary>Hint 1</summary>Go through it line by line. In which mode should a network be explained?</details>
# <details><summary>Hint 2</summary>Where does the way begin, and how far does each pixel move? One argument is never used.</details>
# <details><summary>Hint 3</summary>What should be explained, a logit or a probability?</details>
# <details><summary>Hint 4</summary>A mean over the pictures divides each one's slope by their number; a sum does not.</details>

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
# ## A trap: explaining a probability
#
# "I explain the *probability* of 3, everybody understands that." One of the four mistakes was just this.
# [Softmax](../../docs/glossary.md#softmax) makes ten probabilities of the logits $a_0$ to $a_9$,
# $p_k = e^{a_k} / \sum_j e^{a_j}$: all positive, with the sum 1. (With two classes it is the sigmoid of the difference
# of their logits.) We compare the lengths of both gradients for 200 digits.

# %%
ask.predict("probability")

# %%
many, said = held_out.images[:200], says[:200]


def probability(k):
    return lambda outputs: outputs.softmax(1).gather(1, k[:, None])[:, 0]


of_logit = explain.gradient(net, explain.class_logit(said), many).flatten(1).norm(dim=1)
of_probability = explain.gradient(net, probability(said), many).flatten(1).norm(dim=1)


def rough(number):
    return f"{float(f'{number:.2g}'):,.10g}"  # two digits that count


show_table("Gradients of 200 digits", ["of the", "median length", "longest / shortest", "at 90 % / at 10 %"],
           [[name, f"{n.median():.2g}", rough(n.max() / n.min()), rough(n.quantile(0.9) / n.quantile(0.1))]
            for name, n in {"logit": of_logit, "probability": of_probability}.items()])

# %% tags=["nbval-check-output"]
claims.at_most("for half of the digits the probability's gradient is under a hundredth of the logit's",
               (of_probability / of_logit).median().item(), 0.01)
claims.at_least("… it varies 1,000 times more from digit to digit",
                ((of_probability.max() / of_probability.min()) / (of_logit.max() / of_logit.min())).item(), 1000)

# %% [markdown]
# The network is sure, so the probability $p$ is nearly 1. Its slope along its own logit is $p(1-p)$: at 0.999 that is
# 0.001. So no small change moves it. The length of its gradient also differs from digit to digit by a factor of ten
# thousand, even without the extremes. (The table's last column divides the length that 90 % of the digits stay below by
# the one that 10 % stay below.) And a probability can rise merely because *another* class's logit falls.
#
# **Explain a logit, or the difference of two (7.4), not a probability near 1.** A logit has a catch of its own: it can
# rise together with all the others. `course_lib` warns when a network's outputs are probabilities.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** LIME is a weighted sum fitted to random pictures, and with few of them its map depends on the seed;
#   integrated gradients add up to the logit's rise over the baseline; where the network is sure, a probability's slope
#   is nearly 0.
# - **Not said:** which of these maps is *right*. LIME, the gradient and integrated gradients answer different
#   questions.
# - **Next:** [7.3 Which places of a layer count?](3_grad_cam.ipynb)
