# %% [markdown]
# # 8.1 What gives a fake away?
#
# A discriminator D answers a picture $x$ with one number, its logit $d(x)$: above 0 for "real", below 0 for "fake". The
# generator G draws the fakes. *Where* does D look? Article A5 (one of five, listed in chapter 0) answers with coloured
# maps.
#
# **You need** [3.1](../03_train_a_gan/1_the_loop.ipynb) (a GAN's loop) and chapter 7, above all
# [7.3](../07_explain_a_classifier/3_grad_cam.ipynb) and [7.5](../07_explain_a_classifier/5_controls.ipynb) (maps and
# their controls). **You will** measure what a discriminator knows; say what red means in its map; write deletion; test
# nine maps. About 50 minutes with the exercises; a break fits before *One target, one sign*.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch08_explain_the_discriminator.discriminators import right, small_game
from course_lib.chapters.ch08_explain_the_discriminator.pictures import scores_as_dots
from course_lib.chapters.ch08_explain_the_discriminator.scores import auc, logits
from course_lib.data import load
from course_lib.explain import explain_copy
from course_lib.explain.controls import control_maps
from course_lib.explain.with_shap import deep_shap
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics.faithfulness import insertion_deletion, rank_correlation
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("08.1", runtime), syllabus.checks("08"), syllabus.questions("08.1")
digits = load("digits", runtime)
new = load("digits", runtime, split="test").images  # 1,000 real digits that no network here is trained on
print(runtime.describe())
print(syllabus.time_of("08.1"))

# %% [markdown]
# ## A discriminator worth explaining
#
# We train a small GAN for 500 steps. Two choices keep its discriminator easy to explain. It has
# [spectral norm](../../docs/glossary.md#spectral-norm) instead of batch norm. And it has a *pooled head*: after the last
# convolution each map is averaged over all its places, and one linear layer turns the averages into the logit. Lessons
# 8.2 and 8.3 show what happens otherwise. `explain_copy` copies D and puts the copy in eval mode.

# %%
game = small_game(runtime, "game")
for _ in game.steps(digits, runtime.pick(smoke=100, course=500), runtime):
    pass
drawn = game.sampler(ema=False)(1000)  # by its own generator
in_play = explain_copy(game.discriminator)

# %%
ask.predict("right")

# %%
real, fake = logits(in_play, new), logits(in_play, drawn)
for name, one in (("real", real), ("drawn", fake)):
    print(f"{name:6} logit {one.mean():+.3f} ± {one.std():.3f}")
print(f"right: {right(in_play, new, drawn):.0%}; the digit's logit is above the drawing's in {auc(real, fake):.0%} of all pairs")

# %% [markdown]
# With the cut at logit 0, D is right in about half of the cases (47 % here, 33 % to 63 % in ten recorded runs). On this
# page both mean logits are below 0, by more than the logits scatter (± is their standard deviation). So D calls most
# pictures fake, digits and drawings alike. Can nobody tell the two apart?
#
# The last number printed leaves the cut aside. It takes all pairs of a digit and a drawing, and counts how often the
# digit has the higher logit. This share is called [AUC](../../docs/glossary.md#auc-of-a-discriminator): 1 is perfect, ½
# is a coin, and 0 means that every pair is the wrong way round. Here it lies below ½.
#
# **Exercise 1. Finish the line.** `real` and `fake` are logits, $(N,)$ and $(M,)$. Return the share of all $N \cdot M$
# pairs in which the real one is higher. A pair of equal logits counts half.

# %% tags=["exercise"]
def above(real, fake):
    difference = real[:, None] - fake[None, :]  # (N, M): all pairs
    return ...  # your line


check.above(above)

# %% [markdown]
# <details><summary>Hint 1</summary>A comparison gives True and False; <code>.float().mean()</code> makes a share of them.</details>
# <details><summary>Hint 2</summary>Two shares: of the pairs above 0, and half of the share of those at 0.</details>

# %% tags=["solution"]
def solution_above(real, fake):
    difference = real[:, None] - fake[None, :]
    return (difference > 0).float().mean() + 0.5 * (difference == 0).float().mean()


check.above(solution_above, solution=True)

# %% [markdown]
# One game may be an odd one. Five more, with other seeds, were recorded. After the 500 steps G stands still, and D
# alone learns on: the figure shows the AUC of these steps. The table has three numbers of each game at step 500:
#
# - how far D's mean logit of the same 200 digits *wanders* in the last 25 steps: its largest value minus its smallest;
# - the *gap* between the mean logits of digits and of drawings;
# - the share of pictures that the judge *cannot read*: it is less than 90 % sure of the digit. (The judge is a trained
#   reader of digits, [3.3](../03_train_a_gan/3_a_dcgan.ipynb).)

# %%
games = recorded("discriminator")["runs"]["game"]  # seed → numbers
later = (0, 5, 10, 50)
show.lines({f"seed {one}": (later, [g[f"auc after {n}"] for n in later]) for one, g in games.items()},
           "steps that D learns alone", "AUC: digit above drawing", level=(0.5, "a coin"),
           title="Fifty steps alone, and D puts nearly all pairs in order",
           alt="Five lines. At 0 steps four lie between 0.1 and 0.35 and one at 0.65; at 10 all are above 0.6, "
               "at 50 all are above 0.9.")

# %%
show_table("The same five games after 500 steps", ["seed", "how far D's mean logit wanders in 25 steps",
                                                   "gap of digits and drawings", "drawings the judge cannot read (digits)"],
           [[one, f"{g['moves']:.3f}", f"{g['gap']:.3f}", f"{g['unreadable drawings']:.0%} ({g['unreadable digits']:.0%})"]
            for one, g in games.items()])

# %% tags=["nbval-check-output"]
def of_games(value):
    return {one: value(g) for one, g in games.items()}


claims.over_seeds("five games: in 25 steps D's mean logit wanders 3 times the gap of digits and drawings (ratio)",
                  of_games(lambda g: g["moves"] / g["gap"]), 3)
claims.over_seeds("… its order is no coin's: the AUC is off ½ by at least 0.1",
                  of_games(lambda g: abs(g["auc"] - 0.5)), 0.1)
claims.over_seeds("… the judge cannot read many drawings (share above that of digits)",
                  of_games(lambda g: g["unreadable drawings"] - g["unreadable digits"]), 0.2)
claims.over_seeds("… ten more steps of D alone raise the AUC by at least 0.2",
                  of_games(lambda g: g["auc after 10"] - g["auc"]), 0.2)
claims.over_seeds("… after fifty the AUC is at least 0.9", of_games(lambda g: g["auc after 50"]), 0.9)

# %% [markdown]
# It is tempting to read "right in half of the cases" as the best end of the game: drawings that nobody can tell from
# digits. These games say otherwise.
#
# - At step 500 four of the five discriminators put drawings *above* digits in most pairs: the order is no coin's. (A
#   likely reason, not tested: each step ends with G's turn, which moves its drawings to where D's logit is high.)
# - D's mean logit wanders at least five times as far as digits and drawings are apart. So the cut at 0 says little.
# - More than half of the drawings are unreadable for the judge.
# - After fifty steps in which G stands still, D puts nearly all pairs in order.
#
# **In such a moment a high logit may well mean "drawing"**, and no map says so. First measure what D knows.
#
# Let G stand still here, too, and let the same D learn alone for 400 steps:

# %%
batches = digits.stream(32, runtime, start=game.step_number)
for _ in range(runtime.pick(smoke=30, course=400)):
    game.step(next(batches)[0], runtime, players="d")
expert = explain_copy(game.discriminator)
print(f"right: {right(expert, new, drawn):.0%}")

# %% tags=["nbval-check-output"]
claims.at_most("in the game, D is right in at most 65 % of cases", right(in_play, new, drawn), 0.65)
claims.at_least("after studying a generator that stands still, D is right in at least 70 %",
                right(expert, new, drawn), 0.70)

# %% [markdown]
# ## One target, one sign
#
# This D knows something, but it is no longer the D that taught G: from here on no map speaks of the D in play. A map
# needs a *target*, one number a picture. For "what gives a fake away?" it is
#
# $$\text{fakeness}(x) = -\,d(x).$$
#
# *In words: minus the logit.* Red then means "speaks for fake", blue "speaks for real". With $d$ itself as the target
# the two colours would be swapped. So always name the target with the map.
#
# **Occlusion** comes first ([7.3](../07_explain_a_classifier/3_grad_cam.ipynb)): cover a small window and see how far
# the target falls. What to cover *with*? Black is not neutral: it erases strokes, and where a picture is black already
# it changes nothing. We take the same window of a real digit. The windows overlap; each pixel gets the mean of its
# windows.

# %%
def fakeness(logit):
    return -explain.realness(logit)  # realness: the logit, as one number a picture


def occlusion_by_hand(model, images, cover, window=4, stride=2):
    total, times = torch.zeros_like(images), torch.zeros_like(images)
    with torch.no_grad():
        whole = fakeness(model(images))  # (N,)
        for top in range(0, 28 - window + 1, stride):
            for left in range(0, 28 - window + 1, stride):
                square = (..., slice(top, top + window), slice(left, left + window))
                covered = images.clone()
                covered[square] = cover[square]
                total[square] += (whole - fakeness(model(covered))).view(-1, 1, 1, 1)
                times[square] += 1
    return total / times


fakes, others = drawn[:40], new[:40]
by_hand = occlusion_by_hand(expert, fakes, others)
library = explain.occlusion(expert, fakeness, fakes, fill=others)

# %% tags=["nbval-check-output"]
claims.at_most("our occlusion is the library's (largest difference, in logits)",
               (by_hand - library).abs().max().item(), 1e-5)

# %% [markdown]
# ## Nine maps of one answer
#
# The other methods are those of chapter 7:
#
# - the **gradient**;
# - **integrated gradients** (IG), once compared with a black picture and once with a real digit;
# - **Grad-CAM** at D's last maps (`"downs.3"`, 7 × 7 places) and **HiResCAM** at its first (`"downs.1"`, 14 × 14), both
#   *signed*: nothing is cut off at 0. (At the last maps both are one map here; [8.2](2_what_or_where.ipynb) says why.)
# - **LIME** and **Shapley values** of 49 squares, and shap's **Deep**: what they put in comes from real digits.
#
# In the figure a column is a drawing, a row a method.

# %%
ask.predict("alike")

# %%
squares = explain.grid_segments(28, 28, 4)
pairs = list(zip(fakes, others, strict=True))
asked_lime = [explain.lime_samples(expert, fakeness, x, squares, samples=300, fill=o) for x, o in pairs]
limed = [explain.lime_weights(*answers) for answers in asked_lime]  # 49 coefficients, and R² on these same answers
unseen = torch.tensor([explain.lime_unseen_r2(*answers) for answers in asked_lime]).median().item()
maps = {
    "gradient": explain.gradient(expert, fakeness, fakes),
    "IG, black": explain.integrated_gradients(expert, fakeness, fakes),
    "IG, real": explain.integrated_gradients(expert, fakeness, fakes, others),
    "Grad-CAM": explain.grad_cam(expert, fakeness, fakes, "downs.3", signed=True),
    "HiResCAM": explain.hires_cam(expert, fakeness, fakes, "downs.1", signed=True),
    "occlusion": library,
    "LIME": torch.stack([found[squares][None].float() for found, _ in limed]).to(fakes),
    "Shapley": torch.cat([explain.shapley_of_segments(expert, fakeness, x, squares, o, orders=5) for x, o in pairs]),
    "shap Deep": -deep_shap(expert, 0, fakes, others),  # shap explains the logit itself: hence the minus
}
show.attributions(fakes[:6], {name: found[:6] for name, found in maps.items()},
                  title="Nine maps of what speaks for fake: which one to believe?",
                  alt="Six drawn digits and under each nine maps: the gradient is one regular pattern, Grad-CAM a red "
                      "cloud around the digit, LIME and Shapley values are nearly alike, IG and Deep are grainy.")

# %% tags=["nbval-check-output"]
claims.at_least("LIME's sum of 49 numbers foretells answers that it has not seen (R², median of 40 drawings)",
                unseen, 0.9)
claims.at_least("LIME and Shapley values order the squares alike (rank correlation)",
                rank_correlation(maps["LIME"], maps["Shapley"]).mean().item(), 0.7)

# %% [markdown]
# LIME and Shapley values order the squares alike. For at least half of the 40 drawings this D is close to a sum over
# squares: the median of LIME's [R²](../07_explain_a_classifier/2_lime_and_slopes.ipynb), on answers that it was not
# fitted to, is at least 0.9. Grad-CAM is a cloud around the digit, IG and Deep are grainy, and the gradient is nearly
# the same regular pattern under every picture (D's windows move two pixels at a time: 8.2). Looking does not say which to believe.
#
# ## Test them: take away what they name
#
# *Deletion* takes pixels away in the map's order, the most "fake" first; the mean fakeness on the way should be low.
# *Insertion* starts from what took their place, and lets the pixels appear in that order; its mean should be high.
#
# **Exercise 2. Build it.** Write deletion for one picture. `value` takes pictures $(N, 1, H, W)$ and returns $(N,)$.
# `order` lists the numbers of all $H \cdot W$ pixels (counted row by row, from 0), the most important first. Return the
# mean of the value over the untouched picture, the one with the first pixel replaced by that of `cover`, with the
# first two, and so on up to all. `picture` and `cover` are $(1, 1, H, W)$.

# %% tags=["exercise"]
def deletion(value, picture, order, cover):
    ...  # your lines, ending in: return …


check.deletion(deletion)

# %% [markdown]
# <details><summary>Hint 1</summary>Work on a copy: <code>.clone()</code>. With <code>.view(-1)</code> it becomes one long row, in which pixel number i is entry i.</details>
# <details><summary>Hint 2</summary>Collect the value of the picture before anything is replaced, then once after each pixel: one value more than there are pixels.</details>

# %% tags=["solution"]
def solution_deletion(value, picture, order, cover):
    left = picture.clone()
    values = [value(left).item()]
    for pixel in order:
        left.view(-1)[pixel] = cover.reshape(-1)[pixel]
        values.append(value(left).item())
    return sum(values) / len(values)


check.deletion(solution_deletion, solution=True)

# %% [markdown]
# The library does nearly the same for many pictures: it replaces the pixels in 28 equal parts, and the first and the
# last value count half. We show **insertion − deletion**. For a random order it is near 0; larger is better. Below the
# methods stand chapter 7's three **controls**, which never saw the model: random noise, brightness ("intensity") and
# edges ("Sobel"). What takes the pixels' place is called *infill*. We try black, and real digits *other* than those
# that the maps were made with.

# %%
ask.predict("infill")

# %%
def value(images):
    return fakeness(expert(images))


infill = {"black": -1.0, "other digits": new[100 : 100 + len(fakes)]}
score = {kind: {} for kind in infill}
for name, found in (maps | control_maps(fakes)).items():
    for kind, fill in infill.items():
        curves = insertion_deletion(value, fakes, found, fill)
        score[kind][name] = (curves["insertion"] - curves["deletion"]).mean().item()
scores_as_dots({f"infill: {kind}": row for kind, row in score.items()}, list(control_maps(fakes)),
               "insertion − deletion, logits", level=(0, "a random order's"),
               title="The gradient beats all controls with black infill, and loses to Sobel with other digits",
               alt="Two panels of dots for nine methods and three controls. With black infill the gradient is fourth of "
                   "nine, far above the controls; with other digits it falls below all three, while shap Deep and IG "
                   "from real digits lead.")

# %% tags=["nbval-check-output"]
black, by_digits, control = score["black"], score["other digits"], list(control_maps(fakes))
best = max(black[name] for name in control)
claims.at_least("black infill: the gradient's insertion minus deletion beats all three controls by 0.5 (logits)",
                black["gradient"] - best, 0.5)
claims.at_most("… Grad-CAM, LIME and Shapley values do not all beat them by as much (the lowest)",
               min(black[name] for name in ("Grad-CAM", "LIME", "Shapley")) - best, 0.5)
claims.at_most("with other digits as infill the gradient is worse than the Sobel control, by at least 0.1 (logits)",
               by_digits["gradient"] - by_digits["Sobel"], -0.1)
comparing = ("IG, real", "shap Deep")
claims.at_least("with other digits, IG and shap that compare with real digits beat all other maps and controls (logits)",
                min(by_digits[name] for name in comparing) -
                max(one for name, one in by_digits.items() if name not in comparing), 0)

# %% [markdown]
# With black the gradient beats all controls; with other digits it loses to Sobel, which knows no model, and on this
# page it is no better than noise. (A guess, not tested: black is never brighter than the pixel that it replaces.
# Another digit may be, and a slope does not know that.) With black, Grad-CAM, LIME and Shapley values do not clearly
# beat the best control: on this page they are level with it or below, in most recorded runs at least one is below.
#
# Another guess: an infill favours the maps that asked with it. With other digits the two winners are those that compare
# with real digits pixel by pixel; with black the winner on this page is IG from black. Occlusion, LIME and Shapley
# values, which put in real digits, gain with other digits, too, if we measure from the best control (0.85 with black,
# 0.65 with other digits). Not all fits: Deep, which compares with real digits, is second with black, too, and IG
# from real digits leads the best control by as much in both panels. **A score says nothing without its controls and its infill.**
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a D in play can be right in only half of the cases, and after fifty steps alone put nearly all pairs
#   in order; a map needs a target with a sign; the ranking of nine maps depends on the infill.
# - **What gave these fakes away?** All maps but the gradient put their red mostly on or near the strokes, or where a
#   real digit's would be. On *which* strokes, they disagree.
# - **Not said:** which map is right: nobody knows the truth about this D.
# - **Next:** so we plant a clue of which we know the place. [8.2 Does a map know what, or where?](2_what_or_where.ipynb)
