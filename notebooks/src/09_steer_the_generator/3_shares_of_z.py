# %% [markdown]
# # 9.3 How much of a picture is due to each number of z?
#
# One picture has much ink. How much of it is due to $z_1$, how much to $z_2$? Many packages answer such questions with
# a list of shares. With ten numbers in $z$ we can compute the Shapley values exactly, and see which answers come near
# them.
#
# **You need** [Shapley values](../07_explain_a_classifier/1_fair_shares.ipynb) and [integrated
# gradients](../07_explain_a_classifier/2_lime_and_slopes.ipynb). **You will** share out a property among the numbers of
# $z$; choose what to compare with; catch shares that add up and are wrong. About 30 minutes to read, 50 with
# the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from statistics import median

import torch
from torch import nn

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch09_steer_the_generator.coalitions import Ink, compare, shares_by_method
from course_lib.chapters.ch09_steer_the_generator.pictures import titled_rows
from course_lib.data import load
from course_lib.explain import explain_copy, region_mean
from course_lib.learn.claims import Claims, show_table
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("09.3", runtime)
check = syllabus.checks("09")
ask = syllabus.questions("09.3")
digits, judge = load("digits", runtime), zoo.load("judge", runtime)  # the judge reads digits
print(runtime.describe())
print(syllabus.time_of("09.3"))

# %% [markdown]
# ## A case with a formula
#
# A *property* $f(z)$ is a number measured on the picture of $z$. A *baseline* is another latent, with which we compare.
# An [attribution](../../docs/glossary.md#attribution) gives each number of $z$ its share of the difference between the
# properties of $z$ and of the baseline. Let $\phi_i$ be the share of $z_i$.
#
# Suppose the generator is linear, $G(z) = Wz + b$ with a fixed picture $b$, and the property is a sum of the pixels
# with weights $c$. Then $f(z) = c \cdot (Wz + b)$, and for a baseline $z'$ there is nothing to argue about:
#
# $$\phi_i = (W^\top c)_i\,(z_i - z'_i).$$
#
# *In words: for each number, the slope of the property, times how far the number is from its baseline.*
#
# **Exercise 1. Finish the line.** `W` is (pixels, n), `c` has a weight for each pixel, `z` and `baseline` have n
# numbers. Return the n shares.

# %% tags=["exercise"]
def linear_shares(W, c, z, baseline):
    return ...  # your line


check.linear_shares(linear_shares)

# %% [markdown]
# <details><summary>Hint 1</summary>How fast does the property rise with the first number of z? Each pixel rises by an entry of W's first column, and counts with its weight.</details>
# <details><summary>Hint 2</summary>All slopes at once: the transposed matrix times the weights.</details>

# %% tags=["solution"]
def solution_linear_shares(W, c, z, baseline):
    return (c @ W) * (z - baseline)


check.linear_shares(solution_linear_shares, solution=True)

# %% [markdown]
# In this case every method should give that. We try four:
#
# - **slope × step**: the slope *at* $z$, times the step from the baseline ("gradient × input" where the baseline is 0);
# - **one at a time**: put one number back to its baseline; what is lost?
# - **integrated gradients**: the mean slope on the straight way from the baseline, times the step;
# - **Shapley values**.
#
# Then the smallest case that is *not* linear: $f(z) = z_1 z_2$ at $(2, 3)$, which is 6.

# %%
ask.predict("product")

# %%
linear_g = nn.Sequential(nn.Linear(10, 784), nn.Unflatten(1, (1, 28, 28))).double().eval()
with torch.no_grad():
    linear_g[0].weight.copy_(torch.randn(784, 10, generator=runtime.stream("linear")) / 28)
weights = torch.rand(28, 28, generator=runtime.stream("weights of pixels"))
z1 = torch.randn(1, 10, generator=runtime.stream("one")).double()
c = (weights / weights.sum()).double().flatten()  # region_mean() is a weighted mean
closed_form = (linear_g[0].weight.detach().T @ c) * z1[0]
of_linear = shares_by_method(linear_g, region_mean(weights), z1, torch.zeros_like(z1))
worst = max((values - closed_form).abs().max().item() for values in of_linear.values())

product = nn.Identity().eval()
of_product = shares_by_method(product, lambda z: z[:, 0] * z[:, 1], torch.tensor([[2.0, 3.0]]), torch.zeros(1, 2))
show_table("The product of 2 and 3, shared out", ("method", "share of z₁", "share of z₂", "sum"),
           [(name, *(f"{v:.2f}" for v in [*values.tolist(), values.sum().item()])) for name, values in of_product.items()])

# %% tags=["nbval-check-output"]
claims.at_most("linear generator: four methods agree with the closed form", worst, 1e-6)
claims.at_most("z₁z₂ at (2, 3): Shapley values are (3, 3)", (of_product["Shapley, exact"] - 3).abs().max().item(), 1e-6)
claims.at_most("… slope × step says (6, 6): 12 shared out, of 6",
               (of_product["slope × step"] - 6).abs().max().item(), 1e-6)
claims.at_most("… one at a time says (6, 6), too", (of_product["one at a time"] - 6).abs().max().item(), 1e-6)

# %% [markdown]
# Put $z_1$ back to 0, and all 6 are lost. Put $z_2$ back, and all 6 are lost. (Slope × step: $3 \cdot 2$ and
# $2 \cdot 3$.) Both losses are right, and they cannot be added: what takes two is counted twice. The Shapley value is
# the mean, over all orders of arriving, of what a number brings. In half of them a number comes last and brings all 6,
# in the other half it comes first and brings nothing: 3 on average.
#
# **Exercise 2. Build it: a fair share for two.** `value(a, b)` is the property with the first number switched on
# (`a = 1`) or at its baseline (`a = 0`), and likewise the second. Return the two Shapley values as a pair.

# %% tags=["exercise"]
def fair(value):
    ...  # your lines, ending in: return first, second


check.fair(fair)

# %% [markdown]
# <details><summary>Hint 1</summary>There are two orders of arriving: first then second, or second then first.</details>
# <details><summary>Hint 2</summary>In one order the first number comes when nobody is there; what does it add? And what does it add when the second is there already?</details>
# <details><summary>Hint 3</summary>Each share is half of the sum of two differences. The two shares together are what both earn minus what nobody earns.</details>

# %% tags=["solution"]
def solution_fair(value):
    nobody, only_first, only_second, both = value(0, 0), value(1, 0), value(0, 1), value(1, 1)
    share_first = (only_first - nobody + both - only_second) / 2
    return share_first, both - nobody - share_first


check.fair(solution_fair, solution=True)

# %% [markdown]
# *A good place for a pause.*
#
# ## Compared with what?
#
# Now a trained generator: that of [9.2](2_parts.ipynb), trained once more in the same way. The usual baseline is $z =
# 0$, the mean of all latents.

# %%
ask.predict("zero")

# %%
with runtime.seeded("weights"):
    game = Game(DCGenerator(10, 16), DCDiscriminator(16, "spectral"))
for _ in game.steps(digits, runtime.pick(smoke=30, course=600), runtime):
    pass
G, D, judging = explain_copy(game.ema.module), explain_copy(game.discriminator), explain_copy(judge)
zoo_gan = zoo.load("dcgan-digits", runtime)


def latents(n, name):
    return torch.randn(n, 10, generator=runtime.stream(name)).to(next(G.parameters()).device)


# %%
ink, drawn_often = region_mean(torch.ones(28, 28)), latents(1000, "often")
with torch.no_grad():
    often, at_zero = G(drawn_often), G(torch.zeros_like(drawn_often[:1]))
    zoo_zero = zoo_gan.decode(torch.zeros(1, zoo_gan.latent))
print(f"length of z: mean {drawn_often.norm(dim=1).mean():.2f}, least of 1,000 {drawn_often.norm(dim=1).min():.2f}")
print(f"ink: mean {ink(often).mean():.2f}, least of 1,000 {ink(often).min():.2f}; of G(0) {ink(at_zero).item():.2f}")
titled_rows({"": torch.cat([at_zero.cpu(), zoo_zero.cpu(), often[:8].cpu()])}, "At z = 0 both generators draw black",
            "Ten pictures. The first two, at z = 0, are black; the others are digits.", n=10,
            columns=["0, small", "0, zoo", *["drawn"] * 8])

# %% tags=["nbval-check-output"]
claims.true("G(0) has less ink than each of 1,000 drawn pictures", bool(ink(at_zero) < ink(often).min()))
claims.at_most("… its brightest pixel is at most −0.5, nearly black", at_zero.max().item(), -0.5)

# %% [markdown]
# Not the mean digit, but nothing at all. A drawn list of $n$ numbers has a length near $\sqrt n$ (here about 3), so
# training hardly ever came near 0. (Why black, and not a blot? We did not test that. The first layer has no bias: at
# $z = 0$ its output is 0.) "Compared with $z = 0$" means here "compared with an empty picture". A **typical**
# baseline is a drawn $z$. Since one is as good as another, take the mean over several, as shap does with its
# "background". We do both.
#
# ## The shares add up. Are they right?
#
# Three properties: ink (here the mean pixel, as in 9.2); the judge's logit for the digit it sees; the discriminator
# $D$'s logit. Two methods join: shap's Deep ([7.4](../07_explain_a_classifier/4_absence.ipynb)), and Shapley values
# *sampled* from ten random orders, each also backwards.
#
# A *coalition* says which of the ten numbers come from $z$; the others come from the baseline. There are $2^{10} =
# 1{,}024$ of them. Each gives a picture, and so **the Shapley values can be enumerated**: our truth, by this rule of
# sharing. `compare` does this for three pictures, against $z = 0$ and against four typical latents. Beside a drawn
# baseline each coalition is again a likely $z$, as its numbers are independent. Beside 0 it is a shortened $z$, of a
# kind that training hardly saw.
#
# A method's *error* is the distance of its list of shares from the true list, divided by the true list's size (the root
# of the sum of the squares). Saying 0 for every number has an error of 1. First come the ten shares of one picture,
# against the typical latents; then all errors. A second table says by how much the sum of the shares is off, divided by
# the same size. [Additive](../../docs/glossary.md#additivity) shares sum to $f(z) - f(z')$, as those of Deep do.

# %%
ask.predict("deep")

# %%
typical = latents(runtime.pick(smoke=2, course=4), "typical")  # four baselines as they are drawn
asked = latents(runtime.pick(smoke=1, course=3), "asked")
with torch.no_grad():
    classes = judging(G(asked)).argmax(1).tolist()
heads = {"D's logit": D, "class logit": judging, "ink": Ink()}
found = compare(G, heads, asked, classes, typical, runtime.seed)
ten = {"enumerated": found.exact["class logit"]["typical"][0],
       "shap's Deep": found.shares["typical", "shap's Deep", "class logit"][0]}
print("sums:", ", ".join(f"{name} {shares.sum():.2f}" for name, shares in ten.items()))
sampled = found.shares["typical", "Shapley, sampled", "class logit"][0]
off = (sampled - ten["enumerated"]).square().mean().sqrt()  # the root of the mean square, over the ten shares
print(f"ten sampled orders: off by {off:.2f} a share; by their standard errors one expects "
      f"{found.standard_errors['typical', 'class logit'][0].square().mean().sqrt():.2f}")
show.bars({name: shares.tolist() for name, shares in ten.items()}, [f"z{i}" for i in "₁₂₃₄₅₆₇₈₉"] + ["z₁₀"],
          "share of the logit", title=f"The first picture's logit of “{classes[0]}”: one sum, other shares",
          alt="; ".join(f"z{i + 1}: {a:.2f} enumerated, {b:.2f} by Deep"
                        for i, (a, b) in enumerate(zip(*(s.tolist() for s in ten.values()), strict=True))) + ".")

# %%
methods = found.methods()
show.bars({name: [found.error("typical", m, name) for m in methods] for name in heads},
          [m.replace(" ", "\n", 1) for m in methods], "relative error", level=(1.0, "all shares 0"),
          title="Only the sampled Shapley values come near the enumerated ones",
          alt="Relative errors of five methods, each for three properties, against typical baselines. Sampled Shapley "
              "values are lowest.")

# %%
columns = [(start, name) for start in ("zero", "typical") for name in heads]
header = ["method", *(f"{name}, against {'z = 0' if start == 'zero' else 'typical'}" for start, name in columns)]
for caption, entry in (("Error", found.error), ("By how much the sum of the shares is off", found.gap)):
    show_table(f"{caption} (1: the size of the true shares)", header,
               [(m, *(f"{entry(start, m, name):.2f}" for start, name in columns)) for m in methods])

# %% tags=["nbval-check-output"]
logits = [n for n in heads if n != "ink"]
for start, words in (("zero", "against z = 0"), ("typical", "against typical latents")):
    claims.at_most(f"{words}: shap's Deep adds up, within 0.001 of the shares' size",
                   max(found.gap(start, "shap's Deep", n) for n in heads), 1e-3)
    claims.at_least(f"{words}: and yet it misses the enumerated shares of both logits by at least 0.2 of their size",
                    min(found.error(start, "shap's Deep", n) for n in logits), 0.2)
    claims.at_least(f"{words}: integrated gradients miss those of both logits by at least 0.2",
                    min(found.error(start, "integrated gradients", n) for n in logits), 0.2)
    closer = max(found.error(start, "Shapley, sampled", n) / found.error(start, "shap's Deep", n) for n in heads)
    claims.at_most(f"{words}: Shapley values from 10 random orders (both ways) are closer than shap's Deep, for each "
                   "property (ratio)", closer, 1)

# %% [markdown]
# In the figure of ten shares the largest belongs to $z_9$. Deep gives its largest to $z_5$, which by enumeration lowers
# the logit; and the two sums are equal. Is one picture enough? The figure of errors and the tables are medians of three
# pictures. With either baseline Deep adds up to many digits, and integrated gradients (their slope is taken at 100
# points) to two per cent or better. Both miss the Shapley values, by a quarter of their size and more. **That shares
# add up says that nothing was lost, not that each went to the right number.**
#
# Deep sets out to estimate Shapley values. Integrated gradients follow another rule: *one* straight way from the
# baseline, where the Shapley value asks all orders. So what the table calls their error is the distance between two
# rules, not a mistake. The sampled orders come closest (in one recorded run, against $z = 0$, hardly: 0.965 of Deep's
# error). They need at most 200 of the 1,024 coalitions, and their standard errors tell how far off to expect them (the
# line above the ten shares).
#
# How much hangs on the baseline? We compare *true* shares twice: those against 0 with those against typical latents,
# and those against *one* typical latent with the mean over the other three.

# %%
ask.predict("baseline")

# %%
def apart_by(a, b):
    return ((a - b).norm() / b.norm()).item()


moved_by = {}
for name, lists in found.exact.items():
    each = lists["each"]  # one (baselines, 10) a picture
    lone = [apart_by(e[i], torch.cat([e[:i], e[i + 1:]]).mean(0)) for e in each for i in range(len(e))]
    moved_by[name] = median(map(apart_by, lists["zero"], lists["typical"])), median(lone)
show.bars({"z = 0, from typical ones": [far for far, _ in moved_by.values()],
           "one typical, from the others": [lone for _, lone in moved_by.values()]}, list(moved_by),
          "distance of true shares / size", title="Another baseline, other true shares",
          alt="; ".join(f"{name}: {far:.2f} and {lone:.2f}" for name, (far, lone) in moved_by.items()) + ".")

# %% tags=["nbval-check-output"]
claims.at_least("for each property the true shares against z = 0 lie at least 0.4 from those against typical latents",
                min(far_off for far_off, _ in moved_by.values()), 0.4)
claims.at_least("… those against one typical latent lie at least 0.5 from the mean over others",
                min(lone for _, lone in moved_by.values()), 0.5)

# %% [markdown]
# The distance is divided by the size of the second list. For ink that list is small: beside usual digits these three
# have little more or less ink, while beside a black picture all of their ink is shared out. So ink's bar is the longest
# here. No method is at fault: these are exact answers to different questions. **A share is a share of a
# difference, so say from what.** One typical baseline is only another digit. The mean over many asks "compared with
# what this generator usually draws". It has a standard error like any mean, and four baselines, as here, are few.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a property is shared out among the numbers of $z$ once property, baseline and rule are stated. With
#   few numbers, enumerate; with many, sample orders and print the standard error.
# - **Not said:** that a large share is a large knob: it is a share of *this* picture's difference from *that* baseline.
# - **Next:** [9.4 Can you ask a generator for a 7?](4_ask_for_a_class.ipynb)
