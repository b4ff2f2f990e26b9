# %% [markdown]
# # 10.2 When two maps agree, what have they in common?
#
# Many tests of explanations compare two maps: of a model before and after a change, of two networks, or of two methods.
# We would like a high correlation to mean that the networks learned the same. But this lesson finds four causes of it:
# ties, the picture, the training, and the way in which two methods are built. Only the training is about what networks
# learned. One section asks the opposite: how far does chance alone keep two maps apart?
#
# **You need** [lesson 10.1](1_a_convincing_picture.ipynb) (fresh weights, the parrot, Spearman's correlation). **You
# will** find out what makes a correlation high, compute what a map owes to training, and measure how far runs and
# methods agree. About 30 minutes to read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from itertools import combinations
from statistics import mean

import torch
from torch.nn.functional import avg_pool2d, interpolate

from course_lib import explain
from course_lib.chapters import syllabus
from course_lib.chapters.ch10_trust.figures import matrix, two_clouds
from course_lib.chapters.ch10_trust.methods import METHODS, SEGMENTS
from course_lib.chapters.ch10_trust.networks import reader
from course_lib.chapters.ch10_trust.trials import CONTROLS, OUTSIDERS, Trials
from course_lib.data import load
from course_lib.explain import class_logit
from course_lib.explain.controls import control_maps
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import faithfulness, sanity
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("10.2", runtime)
check = syllabus.checks("10")
ask = syllabus.questions("10.2")
print(runtime.describe())
print(syllabus.time_of("10.2"))

# %% [markdown]
# As in 10.1: the reader, 30 held-out digits `x` with labels `y`, the maps of nine methods, and `blank`, a copy of the
# reader with no trained weight left. **Ink** is where a picture is clearly not black (above −0.9).

# %%
held_out, model = load("digits", runtime, split="test"), reader(runtime).cpu()
n = runtime.pick(smoke=4, course=30)
x, y = held_out.images[:n].cpu(), held_out.labels[:n].cpu()
maps = {name: method(model, x, y, 0) for name, method in METHODS.items()}
*_, (_, blank) = sanity.randomised(model, seed=runtime.seed)
ink = x > -0.9

# %% [markdown]
# ## Ties
#
# Lesson 10.1 compared maps with their signs, and only where there is ink. Often the *absolute* values are compared,
# over the *whole* picture. (Adebayo and others show results with signs and without.) Does it matter? Take integrated
# gradients. With signs, on the ink, the correlation fell to −0.01 when the model had forgotten everything.

# %%
ask.predict("absolute")

# %%
ways = {"absolute, whole": (True, None), "absolute, ink": (True, ink),
        "signed, whole": (False, None), "signed, ink": (False, ink)}
trap, zeros = {}, {}
for name in ("integrated gradients", "occlusion", "Shapley values", "gradient"):
    before, after = maps[name], METHODS[name](blank, x, y, 1)
    zeros[name] = (before == 0).float().mean().item()
    trap[name] = {way: faithfulness.rank_correlation(before, after, absolute=absolute, where=where).mean().item()
                  for way, (absolute, where) in ways.items()}
show_table("Spearman before and after all weights were made fresh", ["method", *ways, "pixels that are exactly 0"],
           [[name, *(f"{rho:.2f}" for rho in row.values()), f"{zeros[name]:.0%}"] for name, row in trap.items()])

# %% [markdown]
# Why 0.99? The method multiplies by (pixel − baseline), and the baseline is black. So **a black pixel gets exactly 0**,
# whatever the model does. Four fifths of all pixels are black. They are *tied* at 0 in both maps, and in absolute value
# every other pixel lies above them. Both orders agree about "ink or no ink", which is a fact about the picture.
#
# With signs, the ink lies above and below the tied pixels, and the agreement is gone. Occlusion and Shapley values have
# zeros, too: where they replace black by black. The gradient has next to no zeros, and gets 0.11. (On the ink, in
# absolute value, integrated gradients still reach 0.32. One thing that both maps share there is the factor pixel −
# baseline.) Sundararajan and Taly (2018) found this trap in an early version of the sanity checks: it ignored signs,
# and counted pixels that are 0 by the choice of the baseline.
#
# Tied pixels share one rank in each map, which raises the correlation. What if they stood in a random order? (The code
# adds at most 1e-12 to each pixel, too little to move one that is not tied.)

# %%
ties, pair = runtime.stream("ties"), (maps["integrated gradients"], METHODS["integrated gradients"](blank, x, y, 1))
untied = [m.abs().double() + 1e-12 * torch.rand(m.shape, generator=ties) for m in pair]  # equals in a random order
at_random, ig = faithfulness.rank_correlation(*untied).mean().item(), trap["integrated gradients"]
print(f"absolute, whole picture: zeros tied {ig['absolute, whole']:.2f}, in a random order {at_random:.2f}")

# %% tags=["nbval-check-output"]
claims.at_least("integrated gradients in absolute value over the whole image: “unchanged” without a trained weight",
                ig["absolute, whole"], 0.9)
claims.at_least("… with the zeros in a random order, lower (by)", ig["absolute, whole"] - at_random, 0.2)
claims.close("… with their signs: next to nothing is left", ig["signed, whole"], 0, 0.2)
claims.at_most("… in absolute value, where there is ink: at most 0.5", ig["absolute, ink"], 0.5)

# %% [markdown]
# 0.45 is left: the ink still lies above the black in both maps. *Before you believe a correlation, ask what else both
# maps share.*
#
# **Exercise 1. Find the fault.** Somebody tests a map like this, and reports that it is "robust". Mend it,
# as this section did. Return the mean over the pictures.
#
# ```
# return faithfulness.rank_correlation(before.abs(), after.abs()).mean()
# ```

# %% tags=["exercise"]
def mended(before, after, images):  # maps (N, 1, H, W) twice, pictures (N, 1, H, W) in [−1, 1] → one number
    ...  # your lines, ending in: return …


check.mended(mended)

# %% [markdown]
# <details><summary>Hint 1</summary>rank_correlation takes the signs as they come: it is abs() that loses them.</details>
# <details><summary>Hint 2</summary>It has an argument where, of True and False, in the shape of the pictures.</details>

# %% tags=["solution"]
def solution_mended(before, after, images):
    bright = images > -0.9
    return faithfulness.rank_correlation(before, after, where=bright).mean()


check.mended(solution_mended, solution=True)

# %% [markdown]
# ## The picture, or the labels?
#
# Adebayo and others have a second check. The parrot of 10.1 *is* trained and knows its 600 labels by heart; but they
# were dealt out at random. Is its map like the reader's? A fair comparison needs a control that differs only in the
# labels: the same 600 digits, the same 400 steps, **true labels**. (Its first weights differ, too; so we look at ten
# recorded seeds, each with networks of its own.)

# %%
ask.predict("shuffled")

# %%
trials = Trials()
tests = {"600 shuffled labels": "shuffled labels", "600 true labels": "600 true labels"}
two_clouds({name: {words: trials.of(name, test).values() for words, test in tests.items()} for name in METHODS},
           "Spearman with the reader's map, on the ink",
           title="Shuffled labels: medians near 0, but for guided backprop",
           alt="For each of nine methods ten dots a condition. With shuffled labels eight methods lie around 0, with "
               "true labels around 0.3 to 0.5; guided backprop lies near 0.7 and 0.8.")

# %% tags=["nbval-check-output"]
claims.over_seeds("over seeds: guided backprop is rejected by the check with shuffled labels (Spearman)",
                  trials.of("guided backprop", "shuffled labels"), 0.5, at_least=9)
for name in ("gradient", "integrated gradients"):
    rho = {s: abs(value) for s, value in trials.of(name, "shuffled labels").items()}
    claims.over_seeds(f"over seeds: {name} keeps next to nothing of the reader's map in the parrot's (size of Spearman)",
                      rho, 0.2, "<=", at_least=9)
for name, op, bound in (("gradient", ">=", 0.2), ("guided backprop", "<=", 0.15)):
    true, shuffled = trials.of(name, "600 true labels"), trials.of(name, "shuffled labels")
    claims.over_seeds(f"over seeds: {name}: nearer to the reader's map if 600 labels are true, "
                      "than if they are shuffled (by)", {s: true[s] - shuffled[s] for s in trials.seeds},
                      bound, op, at_least=9)

# %% [markdown]
# It is the labels that matter. With true ones (orange), 600 digits give maps that have something of the reader's. With
# shuffled ones (blue), eight methods keep next to nothing of it: their medians lie near 0, and only Grad-CAM reaches
# 0.3, on two seeds. Guided backprop hardly tells the two apart: it draws the picture.
#
# **What has a map shown that passes both checks?** Little: *noise drawn anew for each map passes, too*. The checks can
# **reject** a map that ignores the model. They cannot confirm one. And they have critics. Fresh weights at the top
# leave the layers below as they were, so even an honest map changes only so far (Binder and others, 2023). Where the
# object always lies in one place, maps of two networks may be alike for that reason (Yona and Greenfeld, 2021). So we
# use both checks only to reject, and the first one only when no trained weight is left.
#
# ## The training: a second network
#
# What *should* a map agree with? With the map of a second network that has learned the same: the same digits, other
# first weights. It should not agree with the map of a network that has learned nothing. The difference of the two
# agreements is what a map **owes to training**. The picture and its edges get 1 − 1. Noise gets about 0 − 0. (Its
# difference is exactly 0 here: the same noise stands for both networks' maps.)
#
# **Exercise 2. Finish the line.** Compute it, as a mean over the pictures.
# (`faithfulness.rank_correlation(a, b, where=ink)` gives one number a picture.)

# %% tags=["exercise"]
def owed(maps, second, fresh, ink):  # maps of the network, of the second one, of fresh weights; where to compare
    return ...  # your line


check.owed(owed)

# %% [markdown]
# <details><summary>Hint 1</summary>Two correlations, both with the maps of the network itself.</details>
# <details><summary>Hint 2</summary>Agreement with the second network counts for the map, agreement with fresh weights against it.</details>

# %% tags=["solution"]
def solution_owed(maps, second, fresh, ink):
    learned, given = (faithfulness.rank_correlation(maps, other, where=ink).mean() for other in (second, fresh))
    return learned - given


check.owed(solution_owed, solution=True)

# %%
tests = {"a second network": "retrained", "fresh weights": "fresh weights"}
two_clouds({name: {words: trials.of(name, test).values() for words, test in tests.items()}
            for name in (*METHODS, *CONTROLS)}, "Spearman with the map of the first network, on the ink",
           title="The distance between the two clouds is what a map owes to training",
           alt="Nine methods and three controls. Eight methods (medians): a second network at 0.74 to 0.94, fresh weights around 0. Guided "
               "backprop: 0.88 and 0.69. Random: both 0. Intensity and Sobel: both 1.")

# %% tags=["nbval-check-output"]
parts = [trials.of(name, "retrained") for name in ("occlusion", "LIME", "Shapley values")]
slopes, owes = trials.of("gradient", "retrained"), {m: trials.of(m, "owed to training") for m in METHODS}
claims.over_seeds("over seeds: retrained: the methods that cover parts agree between networks better than the gradient "
                  "(by)", {s: min(part[s] for part in parts) - slopes[s] for s in trials.seeds}, 0.05, at_least=9)
claims.over_seeds("over seeds: … the gradient's map of one network is not that of the other (Spearman)", slopes,
                  0.8, "<=", at_least=9)
least = {s: min(row[s] for m, row in owes.items() if m != "guided backprop") for s in trials.seeds}
claims.over_seeds("over seeds: guided backprop owes training the least of all methods (by)",
                  {s: least[s] - owes["guided backprop"][s] for s in trials.seeds}, 0.1, at_least=9)
blind = [trials.of(name, "owed to training") for name in (*CONTROLS, *OUTSIDERS)]
claims.over_seeds("over seeds: no map without a model owes anything to training (the highest)",
                  {s: max(row[s] for row in blind) for s in trials.seeds}, 0.1, "<=", at_least=9)

# %% [markdown]
# Look at the blue clouds first. How much alike two networks are depends on what one asks: their slopes agree at about
# 0.74 (gradient), the effects of covering a square at 0.94 (occlusion). So, by this measure, more of a gradient
# belongs to *this network* alone. (Or not: a mean over a square evens out fine differences. Gradients averaged in
# squares might agree as well; we did not try.) Then look at guided backprop: its blue cloud lies high, because it draws
# the picture. Without the orange one beside it, it would look excellent.
#
# What does the difference prove? A *high* one is not enough: a map that draws the picture for trained networks, and
# noise for others, would score 1. A *low* one is a warning, and no verdict either: two networks may have learned
# different reasons, and then honest maps differ. A low difference tells most where the orange cloud lies high, as
# guided backprop's does. (The last claim counts four more maps without a model, from 10.5.)
#
# ## Chance: the same method, asked again
#
# LIME, sampled Shapley values and SmoothGrad draw random numbers. Would you get the same map again? We explain four
# digits with LIME, with 100 samples and with 1,000, three times each, from another seed. Then we compare all pairs of
# runs: over the **whole picture**, and over the **ink**.

# %%
ask.predict("again")

# %%
asked, calm = {"whole picture": None, "ink": ink[:4]}, {}
for samples in (100, 1000):
    runs = [torch.cat([explain.lime(model, class_logit(int(k)), image, SEGMENTS, samples=samples, seed=s)[0]
                       for image, k in zip(x[:4], y[:4], strict=True)]) for s in (1, 2, 3)]
    calm[samples] = {spot: mean(faithfulness.rank_correlation(a, b, where=where).mean().item()
                                for a, b in combinations(runs, 2)) for spot, where in asked.items()}
show_table("LIME asked again: mean Spearman of two runs", ["samples", *asked],
           [[f"{samples:,}", *(f"{rho:.2f}" for rho in row.values())] for samples, row in calm.items()])
idle = (interpolate(avg_pool2d(ink[:4].float(), 4), scale_factor=4) == 0).float().mean().item()
print(f"{idle:.0%} of LIME's squares hold no ink")

# %% tags=["nbval-check-output"]
claims.at_least("two runs of LIME with 1,000 samples: much the same order where there is ink (Spearman)",
                calm[1000]["ink"], 0.9)
claims.at_least("… lower over the whole image (by)", calm[1000]["ink"] - calm[1000]["whole picture"], 0.1)
claims.at_least("… in both ways, 1,000 samples agree more than 100 (the smaller difference)",
                min(calm[1000][spot] - calm[100][spot] for spot in asked), 0)
inked, everywhere = trials.of("LIME asked again", "1000, ink"), trials.of("LIME asked again", "1000, whole image")
claims.over_seeds("over seeds: LIME with 1,000 samples, another seed: over the ink (Spearman)", inked, 0.9, at_least=9)
claims.over_seeds("over seeds: … lower over the whole image (by)",
                  {s: inked[s] - everywhere[s] for s in trials.seeds}, 0.1, at_least=9)

# %% [markdown]
# The same runs, and two answers. Most squares hold no ink. To switch such a square off changes nothing, so what LIME
# gives it is noise. Neither number is wrong: **say over which pixels you compare**, and publish how far two runs
# agree.
#
# **Exercise 3. Build it.** `runs` is a list of two or more maps of the same pictures. Return the mean correlation
# over all pairs of runs, over the ink.

# %% tags=["exercise"]
def stability(runs, ink):
    ...  # your lines, ending in: return …


check.stability(stability)

# %% [markdown]
# <details><summary>Hint 1</summary>Each pair counts once, and no run is compared with itself.</details>
# <details><summary>Hint 2</summary>itertools has a function that lists all pairs of a list.</details>

# %% tags=["solution"]
def solution_stability(runs, ink):
    pairs = list(combinations(runs, 2))
    return sum(faithfulness.rank_correlation(one, two, where=ink).mean() for one, two in pairs) / len(pairs)


check.stability(solution_stability, solution=True)

# %% [markdown]
# ## Two methods built alike
#
# In practice one often asks two methods, and is relieved when they agree. What is that worth?

# %%
everyone = maps | control_maps(x, seed=runtime.seed)
agree = {a: {b: faithfulness.rank_correlation(everyone[a], everyone[b], where=ink).mean().item() for b in everyone}
         for a in everyone}
matrix(agree, "Spearman on the ink, mean of 30 digits", title="LIME agrees with Shapley values; the gradient with its two means",
       alt="Twelve maps against twelve. A block of the gradient, SmoothGrad and integrated gradients agrees at about "
           "0.9, LIME and Shapley values at 0.9; Grad-CAM with no other map above 0.3; guided backprop best with intensity.")

# %% tags=["nbval-check-output"]
claims.at_least("LIME and Shapley values, two ways to cover the same squares, agree (Spearman)",
                agree["LIME"]["Shapley values"], 0.7)
claims.at_least("… better, by at least 0.3, than the gradient agrees with Shapley values",
                agree["LIME"]["Shapley values"] - agree["gradient"]["Shapley values"], 0.3)

# %% [markdown]
# The methods that agree most, at 0.87 and more, are **built alike**: LIME and Shapley values cover the same squares,
# and SmoothGrad and integrated gradients both take a mean of gradients. So their agreement is weak evidence. (To be
# built alike is not enough: Grad-CAM and HiResCAM agree at 0.21.) Two methods that disagree may answer different
# questions. And guided backprop agrees best, here, with a map that saw no model: `intensity`. Agreement is no test
# either.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** two maps may agree because of ties, because both draw the picture, because both networks learned
#   the same, or because two methods are built alike. Only the third is about what was learned. And chance makes maps of
#   one network differ.
# - **Not said:** that a map which owes much to training is right. No comparison of two maps can show that.
# - **Next:** [10.3](3_best_pixels_first.ipynb) asks the model itself: do the best pixels convince it?
