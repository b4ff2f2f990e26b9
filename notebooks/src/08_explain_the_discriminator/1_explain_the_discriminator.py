# %% [markdown]
# # Explaining the discriminator: *What gives a fake away?*
#
# A discriminator answers a picture with one number, its logit: high for "real", low for "fake". *Where* does it look?
# Article A5 answers with coloured maps. A map always comes out, it is always pretty, and nobody can say from looking
# whether it is right. So we plant clues of which we know the place, train discriminators that must use them, and see
# which map finds them.
#
# After this notebook you
#
# - can explain one logit with eight methods, and know what their signs mean when the answer is "fake",
# - have tested them against planted clues, each beside three maps that never saw the model,
# - know four traps: a map that is zero everywhere, a flattened head, a clue that is *absent*, and batch norm,
# - can tell *what this discriminator uses* from *what any discriminator needs* (A5's retraining), and what each costs,
# - have seen how fast an explanation grows old while D trains.
#
# You need notebooks 03 (GANs) and 07 (Shapley values, LIME, integrated gradients, Grad-CAM).

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import time
import warnings
from itertools import pairwise

import torch
from torch.nn.functional import interpolate, softplus

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch08_explain_the_discriminator.film import show_film
from course_lib.data import load
from course_lib.data.shapes import marked
from course_lib.explain import explain_copy, realness
from course_lib.explain.controls import control_maps
from course_lib.explain.importance import importance_by_intervention, importance_by_retraining, without_top
from course_lib.explain.with_shap import deep_shap
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics.faithfulness import insertion_deletion, localisation, rank_correlation
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("08.1", runtime)
check = syllabus.checks("08")
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
new = held_out.images  # 1,000 real digits that no network here is trained on
print(runtime.describe())
print(syllabus.time_of("08.1"))

# %% [markdown]
# ## A discriminator worth explaining
#
# We train a small GAN. Two choices make its discriminator explainable: **spectral norm** instead of batch norm (trap 4
# below), and a **pooled head**: after the last convolution the maps are averaged over all positions, and
# one linear layer turns the averages into the logit. Every 25 steps we keep a copy of the discriminator, for later.

# %%
def new_game(name, head="pool", **settings):
    with runtime.seeded(name):
        return Game(DCGenerator(64, 16), DCDiscriminator(16, norm="spectral", head=head), **settings)


every = runtime.pick(smoke=5, course=25)
game, film = new_game("game"), []
for record in game.steps(digits, 20 * every, runtime):
    if record.step % every == 0:
        film.append((record.step, explain_copy(game.discriminator), game.sampler(ema=False)(4, seed=1)))

# %% [markdown]
# `explain_copy` makes a deep copy in eval mode that can be explained without harm to the original. Now ask it: how
# often is it right, about new real digits and about what its own generator draws? **Predict:** nearly always?

# %%
drawn = game.sampler(ema=False)(1000)


def right(model, real, fake):
    """Share of right answers (logit above 0 for real, below for fake), the mean over both kinds."""
    with torch.no_grad():
        return ((model(real) > 0).float().mean() + (model(fake) < 0).float().mean()).item() / 2


in_play = explain_copy(game.discriminator)
with torch.no_grad():
    for name, images in (("real", new), ("drawn", drawn)):
        print(f"{name:6} logit {in_play(images).mean():+.3f} ± {in_play(images).std():.3f}")
    above = (in_play(new) > in_play(drawn).T).float().mean()  # of all (1000, 1000) pairs
print(f"right: {right(in_play, new, drawn):.0%}; the digit's logit is above the drawing's in {above:.0%} of all pairs")

# %% [markdown]
# About as often as a coin, with the cut at logit 0. Is that the *aim* of the game, drawings that nobody can tell from
# digits? No. Five games with other seeds were recorded (`course record discriminator`). For each: the **AUC**, how
# often a digit's logit is above a drawing's (½: a coin), over all pairs and within the ten classes (drawings sorted by
# what a judge reads in them); how far D's mean logit on 200 digits, always the same, wanders in 25 steps, beside the
# gap between digits and drawings; how many pictures the judge cannot read (it is less than 90 % sure); and how often D
# is right if it alone learns on for 5, 10 or 50 steps.

# %%
over = recorded("discriminator")["runs"]  # row → seed → numbers
games = over["game"]
show_table(
    "Five games after 500 steps", ["seed", "AUC", "by class", "wanders", "gap", "drawings unread (digits)", "right",
                                   "D alone: +5 steps", "+10", "+50", "AUC then"],
    [[one, f"{g['auc']:.2f}", f"{g['lowest class']:.2f} to {g['highest class']:.2f}", f"{g['moves']:.3f}",
      f"{g['gap']:.3f}", f"{g['unreadable drawings']:.0%} ({g['unreadable digits']:.0%})",
      *(f"{g[f'right after {n}']:.0%}" for n in (0, 5, 10, 50)), f"{g['auc after 50']:.2f}"]
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
# So "right as often as a coin" is no draw between equals. The order of the logits is no coin's: on some seeds D finds
# digits more real than drawings, on others drawings more real than digits (an AUC below ½). The cut at 0 says little,
# for what all logits have in common wanders while both players learn. Many drawings are scribbles, and a few dozen
# steps in which G stands still are enough for D to put nearly all pairs right (in *order*; the cut at 0 lags behind, so the
# share of right answers may still be a half while the AUC is near 1). **To explain a logit of such a moment is
# to explain very little.** The methods will not tell you: they draw a map all the same. So look at the accuracy first.
#
# Let the generator stand still here, too, and the same discriminator study its pictures alone for a while:

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
# ## One target, nine maps
#
# A map needs a *target*: one number for each picture. For "what gives a fake away?" it is
#
# $$\text{fakeness}(x) = -\,d(x),$$
#
# *in words: minus the discriminator's logit.* Positive (red) then means "speaks for fake", negative (blue) "speaks for
# real"; on the colour bars *for* means for the target, here fake. With $d$ itself as the target, the same map has its
# colours swapped. Always say which.
#
# The most direct method first, **occlusion**: cover a small square and see how far the target falls. What to cover
# *with*? Black is not neutral: black is what most of a digit is. We take the same place in another, real digit.

# %%
def fakeness(logits):
    return -realness(logits)


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
# The others were built in notebook 07: the **gradient** (what a tiny change of each pixel does); **integrated
# gradients** (IG: the mean gradient on the way from a baseline, times the way), with a black baseline and with real
# digits; **Grad-CAM** after the second convolution and **HiResCAM** after the first (after the second they are equal
# here: trap 2), both *signed*: nothing cut off; **LIME** and **Shapley values** of 49 squares of 4 × 4 pixels; shap's
# **Deep**. Where something is replaced, it is by real digits.

# %%
squares = explain.grid_segments(28, 28, 4)
pairs = list(zip(fakes, others, strict=True))
asked_lime = [explain.lime_samples(expert, fakeness, x, squares, samples=300, fill=o) for x, o in pairs]
limed = [explain.lime_weights(*answers) for answers in asked_lime]  # 49 coefficients, and R² on these same answers
r2 = {"fitted": torch.tensor([fit for _, fit in limed]).median().item(),
      "unseen": torch.tensor([explain.lime_unseen_r2(*answers) for answers in asked_lime]).median().item()}
maps = {
    "gradient": explain.gradient(expert, fakeness, fakes),
    "IG, black": explain.integrated_gradients(expert, fakeness, fakes),
    "IG, real": explain.integrated_gradients(expert, fakeness, fakes, others),
    "Grad-CAM": explain.grad_cam(expert, fakeness, fakes, "downs.3", signed=True),
    "HiResCAM": explain.hires_cam(expert, fakeness, fakes, "downs.1", signed=True),
    "occlusion": library,
    "LIME": torch.stack([found[squares][None].float() for found, _ in limed]).to(fakes),
    "Shapley": torch.cat([explain.shapley_of_segments(expert, fakeness, x, squares, o, orders=5) for x, o in pairs]),
    "shap Deep": -deep_shap(expert, 0, fakes, others),
}
print(f"LIME's R², median of 40: {r2['fitted']:.3f} on the answers that it was fitted to, {r2['unseen']:.3f} on others")

# %% tags=["nbval-check-output"]
claims.at_least("LIME's sum of 49 numbers foretells answers that it has not seen (R², median of 40 drawings)",
                r2["unseen"], 0.9)
claims.at_least("LIME and Shapley values order the squares alike (rank correlation)",
                rank_correlation(maps["LIME"], maps["Shapley"]).mean().item(), 0.7)

# %% [markdown]
# (shap explains the logit itself: hence the minus. $R^2$: LIME's sum of 49 numbers is fitted to 300 answers, and on
# those any fit flatters itself; so each fifth of the answers is also foretold from the other four, `lime_unseen_r2`.)

# %%
show.attributions(fakes[:6], {name: found[:6] for name, found in maps.items()},
                  alt="Six drawn digits and under each nine maps: the gradient is a chessboard, Grad-CAM a red cloud "
                      "around the digit, LIME and Shapley values are nearly alike, IG and Deep are grainy.")

# %% [markdown]
# LIME and Shapley values nearly agree, Grad-CAM is a cloud around the digit, the fine maps are grainy, and the gradient
# is nearly the same chessboard under every picture. Which map to believe? Looking does not answer that.
#
# ## Test them: take away what they name
#
# *Deletion* takes pixels away in the map's order, the most "fake" first, and averages the fakeness meanwhile; it should
# fall fast. *Insertion* lets them appear in that order; it should rise fast. We print **insertion − deletion**: near 0
# for a random order, and the larger, the better. Beside the methods stand notebook 07's three **controls**. Pixels that
# are taken away become black, or those of *other* real digits. **Predict:** does the order of the methods depend on it?

# %%
def value(images):
    return fakeness(expert(images))


infill = {"black": -1.0, "other digits": new[100 : 100 + len(fakes)]}
gap = {}
for name, found in (maps | control_maps(fakes)).items():
    curves = {kind: insertion_deletion(value, fakes, found, fill) for kind, fill in infill.items()}
    gap[name] = {kind: (c["insertion"] - c["deletion"]).mean().item() for kind, c in curves.items()}
for name, row in gap.items():
    print(f"{name:10}" + "".join(f"{kind:>14}: {score:+.2f}" for kind, score in row.items()))

# %% tags=["nbval-check-output"]
best = {kind: max(gap[name][kind] for name in control_maps(fakes)) for kind in infill}  # of the three controls
claims.at_least("black infill: the gradient's insertion minus deletion beats all three controls by 0.5 (logits)",
                gap["gradient"]["black"] - best["black"], 0.5)
claims.at_most("… Grad-CAM, LIME and Shapley values do not all beat them by as much (the lowest)",
               min(gap[name]["black"] for name in ("Grad-CAM", "LIME", "Shapley")) - best["black"], 0.5)
claims.at_most("with other digits as infill the gradient is worse than the Sobel control, by at least 0.1 (logits)",
               gap["gradient"]["other digits"] - gap["Sobel"]["other digits"], -0.1)
comparing = ("IG, real", "shap Deep")
claims.at_least("with other digits, IG and shap that compare with real digits beat all other maps and controls (logits)",
                min(gap[name]["other digits"] for name in comparing) -
                max(row["other digits"] for name, row in gap.items() if name not in comparing), 0)

# %% [markdown]
# It does. The gradient beats all controls under black; with other digits it is worse than Sobel, which knows no model.
# (A guess, not tested: black only darkens, another digit may be darker or brighter, and a slope does not know which.)
# And under black, at least one of Grad-CAM, LIME and Shapley values has no clear lead over maps that never saw the
# model. **A score without its controls says nothing**, nor does one without its infill. The winners with other digits,
# IG and shap's Deep, themselves compare with real digits, pixel by pixel.
#
# ## Plant the truth
#
# Better than any score: know the answer. We plant a **tell**, a mark of 16 grey dots in a corner that all fakes carry.
# The fakes here are *real digits with the mark*, so nothing else tells them apart: a discriminator that answers right
# must use the mark.
#
# Why dots, two pixels apart? Sobel compares the pixel to the right with that to the left, two apart: between evenly
# spaced dots both are alike, and it sees nothing. And most of the mark is black, as before, so intensity misses most of
# it. **Neither brightness nor edges give the mark away.**

# %%
def corner(top, left, side=7):
    mask = torch.zeros(28, 28, dtype=torch.bool)
    mask[top : top + side, left : left + side] = True
    return mask.to(runtime.device)


here = corner(1, 1)
with_mark = marked(new[:40])  # the dots' square: rows and columns 1 to 7
show.compare({"real": new, "fake: with the mark": with_mark},
             alt="Two rows of the same digits; those below have a faint lattice of dots in the upper left corner.")

# %%
def untouched(images):
    return images


def train_tell(real_of, fake_of, name="tell", head="pool", norm="spectral", steps=300):
    """A discriminator for real_of(digits) against fake_of(other digits)."""
    with runtime.seeded(name):
        model = DCDiscriminator(16, norm=norm, head=head).to(runtime.device)
    optimiser, batches = torch.optim.Adam(model.parameters(), 1e-3, (0.5, 0.9)), digits.stream(64, runtime)
    for _ in range(runtime.pick(smoke=steps // 15, course=steps)):
        real, fake = next(batches)[0].chunk(2)
        real, fake = real_of(real), fake_of(fake)
        if norm == "batch":
            a, b = model(real), model(fake)  # batch norm must not mix the two kinds
        else:
            a, b = model(torch.cat([real, fake])).chunk(2)
        loss = softplus(-a).mean() + softplus(b).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


finder = explain_copy(train_tell(untouched, marked))
print(f"right: {right(finder, new, marked(new)):.0%}")

# %% [markdown]
# How well does a map find the mark? **AUC** again, now of pixels: take a pixel inside the mark's square and one outside; how often has the
# inner one the higher value? 1 is perfect, 0.5 chance; "found" shall mean at least 0.9. A second control: the same
# method on a **twin with random weights**. If its map finds the mark as well, the map shows the picture, not what was
# learned.

# %%
def twin(number):
    with runtime.seeded("twin", number):
        return explain_copy(DCDiscriminator(16, norm="spectral", head="pool").to(runtime.device))


def auc(found, mask):
    return localisation(found, mask)["auc"].mean().item()


def found_by(model, images, cover):
    return {"gradient": explain.gradient(model, fakeness, images),
            "IG, black": explain.integrated_gradients(model, fakeness, images, steps=20),
            "IG, real": explain.integrated_gradients(model, fakeness, images, cover, steps=20),
            "Grad-CAM": explain.grad_cam(model, fakeness, images, "downs.3", signed=True),
            "HiResCAM": explain.hires_cam(model, fakeness, images, "downs.3", signed=True),
            "occlusion": explain.occlusion(model, fakeness, images, fill=cover),
            "shap Deep": -deep_shap(model, 0, images, cover[:10])}


# %%
cover = new[100:140]
tell, twins = found_by(finder, with_mark, cover), [found_by(twin(i), with_mark, cover) for i in range(5)]
known = {name: auc(found, here) for name, found in control_maps(with_mark).items()}
for name in tell:
    print(f"{name:10} trained {auc(tell[name], here):.2f}, random twins",
          *(f"{auc(of_twin[name], here):.2f}" for of_twin in twins))
print("controls: ", ", ".join(f"{name} {score:.2f}" for name, score in known.items()))

# %%
places = {"no mark": new, "at (1, 1)": marked(new), "at (21, 21)": marked(new, 21, 21), "at (3, 2)": marked(new, 3, 2)}
with torch.no_grad():
    print("fakeness:", {place: round(fakeness(finder(x)).mean().item(), 2) for place, x in places.items()})
show.attributions(with_mark[:6], {name: tell[name][:6] for name in ("gradient", "IG, real", "Grad-CAM", "occlusion")} |
                  {"a twin's occlusion": twins[0]["occlusion"][:6]},
                  alt="Six marked digits. Grad-CAM and occlusion are reddest in the marked corner, IG on its dots; the "
                      "gradient is a lattice of red dots all over; the twin's occlusion is patchy.")

# %% tags=["nbval-check-output"]
claims.at_most("no control finds the mark (largest AUC of random, intensity, Sobel)", max(known.values()), 0.6)
for name in ("Grad-CAM", "HiResCAM", "occlusion"):
    claims.at_least(f"pooled head: {name} finds the mark (AUC)", auc(tell[name], here), 0.9)
for name in ("Grad-CAM", "occlusion"):
    claims.over_seeds(f"… {name} of a twin with random weights scores below 0.9 (AUC, five twins)",
                      [auc(of_twin[name], here) for of_twin in twins], 0.9, op="<")
claims.at_most("the gradient misses the mark that D uses (AUC)", auc(tell["gradient"], here), 0.7)
one_mark = over["one mark, pool head"]
claims.over_seeds("… five trainings: moved along the lattice the mark keeps at least a fifth of its effect",
                  {one: row["moved along the lattice"] for one, row in one_mark.items()}, 0.2)
claims.over_seeds("… moved off the lattice it has none left (share of its effect)",
                  {one: row["moved off it"] for one, row in one_mark.items()}, 0.1, op="<=")

# %% [markdown]
# Coarse maps find the tell, while those of random twins lie anywhere, from far below chance to well above it. (So one
# twin would be a weak control.) The gradient does not find it. Look at its map: a lattice of dots *all over* the
# picture. So it says that dots *there* would look fake, and the fakeness agrees, in all five recorded trainings too:
# moved along the lattice, to (21, 21), the mark keeps some of its effect; off it, at (3, 2), none. The gradient knows
# **what** the tell looks like, and not **where** it is. IG marks the dots themselves and must be silent between them,
# where the picture is what the baseline is: with 16 of 49 pixels on top and 33 like all others it can get about 16/49 +
# ½ · 33/49 = 0.66 (a little more where strokes outside are negative). *Along the lattice*: D's windows move two pixels at
# a time, so that rows and columns 1, 3, 5 … look alike to it, and 2, 4, 6 … do not.
#
# ## Trap 1: a map that is zero everywhere
#
# Users of Grad-CAM libraries report maps that are entirely black on discriminators. Here is one way to get them: twenty
# steps into a game, D calls all drawings fake. We ask Grad-CAM, as published, for what speaks for "real".

# %%
young = new_game("young", head="flat")
for _ in young.steps(digits, 20, runtime):
    pass
beginner, beginners_fakes = explain_copy(young.discriminator), young.sampler(ema=False)(100)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    cut = explain.grad_cam(beginner, realness, beginners_fakes, "downs.1")
signed = explain.grad_cam(beginner, realness, beginners_fakes, "downs.1", signed=True)
empty = (cut.flatten(1).amax(1) == 0).float().mean().item()
print(f"called fake: {(beginner(beginners_fakes) < 0).float().mean():.0%} of the drawings")
print(f"zero everywhere: {empty:.0%} of the maps; signed: {(signed.flatten(1).abs().amax(1) == 0).float().mean():.0%}")
print(*{str(one.message) for one in caught if "zero everywhere" in str(one.message)})

# %% tags=["nbval-check-output"]
claims.at_least("twenty steps into a game, Grad-CAM of D's logit is zero everywhere for at least half of the fakes",
                empty, 0.5)
claims.at_most("… the signed maps are not (share that is zero)",
               (signed.flatten(1).abs().amax(1) == 0).float().mean().item(), 0)

# %% [markdown]
# Grad-CAM was made for classes, of which one shows what speaks *for*, and cuts negative values off. In a
# discriminator's logit the evidence can be all *against*: then nothing is left. Not an error, and no "D sees nothing":
# ask for the **signed** map, or for fakeness. `course_lib` says so in a warning; other libraries are silent.
#
# ## Trap 2: a flattened head
#
# Grad-CAM and HiResCAM differ in one place. Let $A_k$ be the $k$-th map of a layer and $s_k$ the slopes of the target
# along it, position by position:
#
# $$\text{Grad-CAM} = \sum_k \operatorname{mean}(s_k)\, A_k, \qquad \text{HiResCAM} = \sum_k s_k \cdot A_k .$$
#
# *In words: Grad-CAM first averages the slopes over positions, HiResCAM multiplies them where they are.* If the head
# averages over positions anyway (pooled), the slopes of the last maps are the same everywhere, and both methods agree
# there. A **flattened** head has a weight for each position; then the average throws away *where* something counts.

# %%
def cams_by_hand(model, images, at="downs.1"):
    kept = []
    layer = dict(model.named_modules())[at]
    hook = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    target = fakeness(model(images)).sum()
    hook.remove()
    slopes = torch.autograd.grad(target, kept[0])[0]  # (N, K, h, w)
    grad_cam = (slopes.mean((2, 3), keepdim=True) * kept[0]).sum(1, keepdim=True)
    hires_cam = (slopes * kept[0]).sum(1, keepdim=True)
    return [interpolate(m.detach(), (28, 28), mode="bilinear", align_corners=False) for m in (grad_cam, hires_cam)]


ours, theirs = cams_by_hand(finder, with_mark), [
    method(finder, fakeness, with_mark, "downs.1", signed=True) for method in (explain.grad_cam, explain.hires_cam)]
at_the_pool = tell["Grad-CAM"] - tell["HiResCAM"]

# %% tags=["nbval-check-output"]
claims.at_most("our Grad-CAM and HiResCAM are the library's (largest difference)",
               max((a - b).abs().max().item() for a, b in zip(ours, theirs, strict=True)), 1e-6)
claims.at_most("pooled head, last maps: Grad-CAM equals HiResCAM (largest difference)",
               at_the_pool.abs().max().item(), 1e-6)

# %% [markdown]
# Does that harm? With *one* mark it did not: in five recorded trainings with a flattened head Grad-CAM finds it (first
# claims below). So now a tell that lies *only* in the place: the same mark, upper left in every fake and lower right in
# every real picture. Then we show D pictures with **both** marks: the upper left one speaks for fake, the other one for
# real (first line below). **Predict** Grad-CAM's map.

# %%
placed = explain_copy(train_tell(lambda x: marked(x, 21, 21), marked, "placed", head="flat"))
both = marked(with_mark, 21, 21)
there = corner(21, 21)
with torch.no_grad():
    effect = {place: (fakeness(placed(both)) - fakeness(placed(one))).mean().item()
              for place, one in (("upper left", marked(new[:40], 21, 21)), ("lower right", with_mark))}
print("fakeness lost by taking away the mark:", {place: round(lost, 2) for place, lost in effect.items()})
placed_maps = {"Grad-CAM": explain.grad_cam(placed, fakeness, both, "downs.1", signed=True),
               "HiResCAM": explain.hires_cam(placed, fakeness, both, "downs.1", signed=True),
               "occlusion": explain.occlusion(placed, fakeness, both, fill=cover)} | control_maps(both)
for name, found in placed_maps.items():
    print(f"{name:10} AUC of the upper left mark {auc(found, here):.2f}, of the lower right {auc(found, there):.2f}")

# %%
show.attributions(both[:8], {name: placed_maps[name][:8] for name in ("Grad-CAM", "HiResCAM", "occlusion")},
                  alt="Eight digits with a mark in two corners. Grad-CAM is pale red in both and blue elsewhere; "
                      "occlusion is red in the upper left and blue in the lower right one; HiResCAM has both colours "
                      "around each.")

# %% tags=["nbval-check-output"]
flat = over["one mark, flat head"]
claims.over_seeds("one mark and a flattened head, five trainings: Grad-CAM finds it (AUC)",
                  {one: row["Grad-CAM"] for one, row in flat.items()}, 0.9)
claims.over_seeds("… HiResCAM is above chance, 0.5, by at least 0.1 (AUC)",
                  {one: row["HiResCAM"] for one, row in flat.items()}, 0.6)
claims.at_most("two places: taking away the lower right mark makes a picture more fake (fakeness lost)",
               effect["lower right"], 0)
claims.at_least("… yet with a flattened head Grad-CAM ranks it high among what speaks for fake (AUC)",
                auc(placed_maps["Grad-CAM"], there), 0.75)
claims.at_most("… HiResCAM does not (AUC)", auc(placed_maps["HiResCAM"], there), 0.5)
claims.at_most("… nor does occlusion (AUC)", auc(placed_maps["occlusion"], there), 0.1)

# %% [markdown]
# Grad-CAM paints both corners red: it knows that such dots matter, not where. One of its two marks has the wrong sign.
# HiResCAM keeps sign and place (though with less than our 0.9 for the upper mark); its map need be no clean picture of the
# truth all the same. (A guess: it compares with
# *activations of zero*, and D may store "no mark here" just as well.) Occlusion compares with a picture without the
# mark. What one compares with is the next trap.
#
# ## Trap 3: what is missing
#
# Turn it round: now every **real** picture carries the mark, and fakes give themselves away by *not having it*. Where
# is the evidence in a picture that lacks something? We print which share of a map's positive values (its *mass*: all
# that speaks for fake) lies where the mark is missing. By chance that is the corner's area.

# %%
absent = explain_copy(train_tell(marked, untouched, "absent"))
plain, real_mean = new[:40], marked(digits.images).mean(0, keepdim=True)
lacking = {
    "IG, black": explain.integrated_gradients(absent, fakeness, plain),
    "IG, mean of its own class": explain.integrated_gradients(absent, fakeness, plain, digits.images.mean(0)),
    "IG, mean real": explain.integrated_gradients(absent, fakeness, plain, real_mean),
    "IG, one real": explain.integrated_gradients(absent, fakeness, plain, marked(cover)),
    "shap Deep, own class": -deep_shap(absent, 0, plain, digits.images[:10]),
    "shap Deep, real": -deep_shap(absent, 0, plain, marked(digits.images[:10])),
    "occlusion, black": explain.occlusion(absent, fakeness, plain),
    "occlusion, real": explain.occlusion(absent, fakeness, plain, fill=marked(cover)),
} | control_maps(plain)
share = {name: localisation(found, here)["mass"].mean().item() for name, found in lacking.items()}
print(f"right: {right(absent, marked(new), new):.0%}; the mark's share of the area: {here.float().mean():.3f}")
for name, mass in share.items():
    print(f"{name:26} share of its positive mass there: {mass:.3f}")

# %% tags=["nbval-check-output"]
claims.at_most("an absent mark: IG with a black baseline has almost none of its mass there", share["IG, black"], 0.02)
claims.at_most("… nor with the mean of the picture's own class", share["IG, mean of its own class"], 0.05)
claims.at_least("… with the mean real picture as baseline it has at least 0.2", share["IG, mean real"], 0.2)
claims.at_least("… shap Deep: share with a real background over that with its own class's",
                share["shap Deep, real"] / max(share["shap Deep, own class"], 1e-6), 5)
claims.at_least("… occlusion by real pictures: at least 0.3", share["occlusion, real"], 0.3)

# %% [markdown]
# A black corner, compared with black, differs by nothing, and nothing times any slope is 0. **A method that compares
# only sees what differs from its baseline.** "Why fake, *rather than real*?" needs real pictures to compare with:
# baselines, backgrounds and covers come from the *opposite* class.
#
# ## Trap 4: batch norm
#
# The same tell once more, with batch norm in the discriminator, trained the usual way: real and drawn pictures in
# batches of their own. We ask it in train mode (each batch gets its own mean) and in eval mode (the running mean), in
# which explanations work.

# %%
def asked(model, mode, images):
    model.train(mode == "train")
    with torch.no_grad():
        return model(images)


trap = {}
for norm in ("batch", "spectral"):
    model = train_tell(untouched, marked, "norm", norm=norm)
    for mode in ("train", "eval"):
        real, fake = asked(model, mode, new), asked(model, mode, marked(new))
        score = ((real > 0).float().mean() + (fake < 0).float().mean()).item() / 2
        one = [asked(model, mode, torch.cat([new[:1], rest]))[0, 0].item() for rest in (new[1:32], marked(new[1:32]))]
        trap[norm, mode] = score, abs(one[0] - one[1])
        print(f"{norm:9}{mode:6} right {score:.0%}; one picture's logit in two batches: {one[0]:+.2f}, {one[1]:+.2f}")

# %% tags=["nbval-check-output"]
claims.at_least("batch norm: D is right in train mode (share)", trap["batch", "train"][0], 0.95)
claims.at_least("… and in eval mode by at least 0.1 less often", trap["batch", "train"][0] - trap["batch", "eval"][0], 0.1)
claims.at_least("… in train mode one picture's logit changes with the others in its batch by (logits)",
                trap["batch", "train"][1], 0.3)
claims.at_most("spectral norm: train and eval mode agree (difference of the share of right answers)",
               abs(trap["spectral", "train"][0] - trap["spectral", "eval"][0]), 0.02)

# %% [markdown]
# In train mode it hardly errs, and it looks at the *batch*: the same digit's logit changes with its company, so "why
# this logit for this picture" has no answer. In eval mode the batch is gone, and D errs: you would explain *another*
# function than the one that trained the generator. (This setting was built to show it.) The safe side: spectral norm, or
# no norm, in models to be explained.
#
# ## A5's question: which part matters?
#
# A5 proposes to change one feature, train anew, and see what is lost, for each feature in turn. Our features are 16
# squares of 7 × 7 pixels. There are two ways:
#
# - **intervention:** in the fakes, replace one square by that of real pictures, and see how much fakeness *this* D
#   loses, as a share of the gap between fake and real. One look at the pictures for each square.
# - **retraining:** take the square away from all pictures, train a *new* D, and see what share of right answers it
#   loses. One training for each square.
#
# We plant the mark in one square (number 0), and then in two (0 and 15). **Predict** both answers in the second case.

# %%
patches = explain.grid_segments(28, 28, 7).to(runtime.device)
test_real, test_fake = new[:300], new[300:600]
planted = {"once": lambda x: marked(x, 0, 0), "twice": lambda x: marked(marked(x, 0, 0), 21, 21)}


def trained_score(plant, keep):
    def seen(x):
        return torch.where(keep, x, -torch.ones_like(x))  # pixels that are taken away are black in all pictures

    model = train_tell(seen, lambda x: seen(plant(x)), "one by one", head="flat", steps=90).eval()
    return right(model, seen(test_real), seen(plant(test_fake)))


importance, cost = {}, {"intervention": 0.0, "retraining": 0.0}
for name, plant in planted.items():
    model = explain_copy(train_tell(untouched, plant, "one by one", head="flat", steps=90))
    began = time.process_time()
    fall = importance_by_intervention(lambda x, m=model: fakeness(m(x)).mean(), plant(test_fake), patches, test_real)
    middle = time.process_time()
    lost = importance_by_retraining(lambda keep, p=plant: trained_score(p, keep), patches)
    cost["intervention"], cost["retraining"] = middle - began, time.process_time() - middle
    with torch.no_grad():
        whole = (model(test_real).mean() - model(plant(test_fake)).mean()).item()
    importance[name] = {"intervention": (fall / whole).tolist(), "retraining": lost.tolist()}

# %%
for name, rows in importance.items():
    for way, row in rows.items():
        rest = max(abs(v) for v in row[1:15])
        print(f"mark {name:6} {way:13} square 0: {row[0]:+.2f}, square 15: {row[15]:+.2f}, largest other: {rest:.2f}")
print(f"cost: intervention {cost['intervention']:.2f} s, retraining {cost['retraining']:.1f} s of the processor")

# %% tags=["nbval-check-output"]
once, twice = importance["once"], importance["twice"]
claims.at_least("one mark: intervention finds it (share of the gap in fakeness)", once["intervention"][0], 0.8)
claims.at_least("… and so does retraining (right answers lost)", once["retraining"][0], 0.4)
claims.at_least("two marks: intervention finds both (the smaller share)",
                min(twice["intervention"][0], twice["intervention"][15]), 0.15)
claims.at_most("… retraining finds neither (right answers lost without one or the other)",
               max(twice["retraining"][0], twice["retraining"][15]), 0.05)

# %% [markdown]
# With one mark they agree. With two, this D uses both; but a D that must do without the one uses the other, and loses
# nothing. Both answers are right, to different questions: *what does this model use?* and *what does a new model, trained
# in this way, not do without?* A5 asks the first and measures the second, at the price of a training per feature.
#
# ### Retraining as a test of maps
#
# Published as **ROAR** (remove and retrain), the same idea tests *maps*: take away the tenth of the pixels that the map
# ranks highest, train a new D on what is left, and see how well it can still do. A map that names the clue should leave
# a coin toss behind. We use the mark in one corner again, and two ways: each picture loses its **own** tenth, as
# published, or all pictures, real and fake, lose the **same**, that of the fakes' mean map. **Predict** the difference.

# %%
n = runtime.pick(smoke=100, course=1500)
sets = [digits.images[:n], marked(digits.images[n : 2 * n]), test_real, marked(test_fake)]
source = explain_copy(train_tell(untouched, marked, "roar", head="flat", steps=90))
rankings = {"occlusion": lambda x: explain.occlusion(source, fakeness, x, stride=4, fill=digits.images[-len(x) :]),
            "gradient": lambda x: explain.gradient(source, fakeness, x)}
rankings |= {name: lambda x, k=name: control_maps(x)[k] for name in control_maps(new[:1])}


def retrained(rank, same, share=0.1):
    mean = rank(sets[1][:300]).mean(0, keepdim=True)
    real, fake, real_later, fake_later = (
        without_top(x, mean.expand(len(x), -1, -1, -1) if same else rank(x), share) for x in sets)
    batches = iter(torch.randint(len(real), (10_000, 32), generator=runtime.stream("roar")).to(real.device))

    def drawn_from(pictures):
        return lambda unused: pictures[next(batches)]

    model = train_tell(drawn_from(real), drawn_from(fake), "roar", head="flat", steps=90)
    return right(model.eval(), real_later, fake_later)


# %%
roar = {way: {name: retrained(rank, way == "same") for name, rank in rankings.items()} for way in ("own", "same")}
for way, row in roar.items():
    print(f"{way:5} pixels:", ", ".join(f"{name} {score:.0%}" for name, score in row.items()))

# %% tags=["nbval-check-output"]
free = [roar["own"][name] for name in control_maps(new[:1])]
claims.at_least("ROAR, own pixels: without the tenth of each control a new D is right in at least 80 % (the lowest)",
                min(free), 0.8)
claims.at_most("… occlusion's tenth costs more, by at least 0.05", roar["own"]["occlusion"] - min(free), -0.05)
claims.at_least("… and still leaves at least 60 % right", roar["own"]["occlusion"], 0.6)
claims.at_most("ROAR, the same pixels everywhere: occlusion's tenth leaves at most 60 % right",
               roar["same"]["occlusion"], 0.6)
claims.at_least("… those of the random and Sobel controls at least 80 % (the lower)",
                min(roar["same"]["random"], roar["same"]["Sobel"]), 0.8)


# %% [markdown]
# Own pixels: by these numbers the plain gradient is the best map, better than occlusion, though above, with other
# digits as infill, a gradient was worse than Sobel. Is it? Two more controls, over five trainings. A **perfect map**:
# the mark's own square. And a D that sees **the holes alone**: grey paper with each picture's own tenth black.

# %%
ways = {way: over[f"remove and retrain, {way}"] for way in ("own pixels", "same pixels", "own holes alone")}
names = list(next(iter(ways["own pixels"].values())))
show_table("Remove and retrain, five trainings: right answers of the new D, lowest to highest",
           ["map", *ways], [[name, *(f"{min(v):.0%} to {max(v):.0%}" for v in (
               [row[name] for row in rows.values()] for rows in ways.values()))] for name in names])

# %% tags=["nbval-check-output"]
def over_trainings(way, value):
    return {one: value(row) for one, row in ways[way].items()}


claims.over_seeds("five trainings, own pixels: the gradient's tenth costs more than occlusion's (right answers)",
                  over_trainings("own pixels", lambda row: row["occlusion"] - row["gradient"]), 0)
claims.over_seeds("… a perfect map leaves at most 60 % right, and so costs more than either",
                  over_trainings("own pixels", lambda row: row["the mark itself"]), 0.6, op="<=")
claims.over_seeds("… random order costs nothing (right answers)",
                  over_trainings("own pixels", lambda row: row["random"]), 0.95)
claims.over_seeds("the holes alone give the class away: occlusion's (right answers)",
                  over_trainings("own holes alone", lambda row: row["occlusion"]), 0.8)
claims.over_seeds("… and the gradient's", over_trainings("own holes alone", lambda row: row["gradient"]), 0.8)
claims.over_seeds("… a random order's do not", over_trainings("own holes alone", lambda row: row["random"]), 0.6,
                  op="<=")
claims.over_seeds("the same pixels everywhere: gradient and occlusion both leave at most 60 % (the higher)",
                  over_trainings("same pixels", lambda row: max(row["gradient"], row["occlusion"])), 0.6, op="<=")

# %% [markdown]
# The *place of the holes* differs between the classes, and tells them apart by itself. So the first way asks how well a
# D can read the holes, as much as what is lost: occlusion did not miss the clue, and "the gradient is best" is not what
# was measured. With the same pixels gone everywhere both leave a coin toss, as the perfect map does: nothing is left
# to learn. So ROAR can make a good map seem bad. (The leak is known: Rong and others, 2022, propose holes that do not
# show. And this D's head is flattened, with a weight for each place, so its gradient can know *where*, which that of the
# pooled one above could not; we did not test that apart.) The second way has its own
# trap: *intensity* finds the clue, too, since a mark that never moves shows in the mean fake.
#
# ## How fast an explanation grows old
#
# Back to the game, and to D's copies from its first 500 steps. Where did it look, on four real digits, and on four
# drawings?

# %%
def looked_at(model, images):
    return explain.occlusion(model, fakeness, images, window=6, stride=4, fill=new[200 : 200 + len(images)])


four = new[[0, 1, 2, 3]]
frames = [torch.cat([four, pictures]) for _, _, pictures in film]
show_film(frames, [looked_at(model, x) for (_, model, _), x in zip(film, frames, strict=True)],
          [f"step {step}: real digits left, drawings right; red speaks for fake" for step, _, _ in film],
          alt="D's maps over 500 steps on four real digits and four drawings: red and blue areas move, vanish and "
              "change their sign from one frame to the next, also on the real digits, which stay the same.")

# %% [markdown]
# The four digits on the left never change, and the evidence in them does, even its sign. Is that just because D learns?
# The control: a new D that trains as long on the drawings of our first generator, which now **stands still**. And a
# third game has the two step sizes of the collapsed patient in notebook 03's *clinic* (G's is 100 times D's). We take the rank
# correlation of maps 50 steps apart on the same real digits. *Variety* is how much the drawings differ, as a share of
# how much real digits do.

# %%
settings = {"game": {}, "generator stands still": {}, "clinic's collapse settings": {"lr": 1e-2, "lr_d": 1e-4}}
fixed, apart, drift = new[:16], runtime.pick(smoke=5, course=50), {}
for name, rates in settings.items():
    player, batches, past, variety = new_game("drift", **rates), digits.stream(32, runtime), [], []
    if name == "generator stands still":
        player.generator.load_state_dict(game.generator.state_dict())
    for step in range(1, 8 * apart + 1):
        player.step(next(batches)[0], runtime, players="d" if name == "generator stands still" else "dg")
        if step % apart == 0:
            past.append(looked_at(explain_copy(player.discriminator), fixed))
            variety.append((player.sampler(ema=False)(100).std(0).mean() / digits.images.std(0).mean()).item())
    drift[name] = [rank_correlation(a, b).mean().item() for a, b in pairwise(past)]
    print(f"{name:26} variety {min(variety):.2f} to {max(variety):.2f}, D right at the end "
          f"{right(explain_copy(player.discriminator), new, player.sampler(ema=False)(1000)):.0%}")
    print(" " * 26, "correlations", *(f"{c:+.2f}" for c in drift[name]))

# %%
show.lines({name: ([apart * (i + 2) for i in range(len(row))], row) for name, row in drift.items()}, "step",
           "correlation with 50 steps ago", level=(0, "no relation"),
           alt="Beside a generator that stands still, D's maps stay the same, at a correlation above 0.9. In the game "
               "it lies well below; with the clinic's collapse settings it swings most, also below 0.")

# %% tags=["nbval-check-output"]
claims.at_least("a generator that stands still: D's maps 50 steps apart are the same (lowest correlation)",
                min(drift["generator stands still"]), 0.9)
claims.at_most("in the game they are not (lowest correlation)", min(drift["game"]), 0.5)
claims.at_most("nor with the clinic's collapse settings (lowest correlation)",
               min(drift["clinic's collapse settings"]), 0.5)

# %% [markdown]
# Against a fixed opponent D learns well, and its map settles at once and stays. So it takes a generator that moves.
# (That it repairs just what gave fakes away is a guess, not tested.) With the clinic's collapse settings the evidence
# even turns over; the variety swings there, so call it no plain collapse. A map of a discriminator in training is a
# snapshot: **give the step with it**, and do not read it as "what D looks at".
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 | Grad-CAM shows what D looks at | with a pooled head, yes (AUC of the planted mark near 1). Flattened, it gave one of two opposite marks the wrong sign; cut off at 0, it can be empty |
# | A5 | change a feature, retrain, see what is lost | finds a clue that stands once, misses one that stands twice, and costs a training per feature; intervention finds both at the price of one look each |
# | A5 | LIME explains single pictures | on this smooth D its linear model foretells unseen answers ($R^2$), and it orders the squares as Shapley values do |
# | A1 | gradients show what matters | the gradient missed the mark that a pooled D used, and lost to the edges (Sobel) with other digits as infill |
#
# ## Exercises
#
# **1. HiResCAM.** You get a layer's maps and the target's slopes along them, both `(N, K, h, w)`. Return the signed
# HiResCAM, `(N, 1, h, w)`.

# %% tags=["exercise"]
def hires(maps, slopes):
    ...  # your line: return …


check.hires(hires)

# %% [markdown]
# <details><summary>Hint 1</summary>Grad-CAM averages the slopes first. You do not.</details>
# <details><summary>Hint 2</summary>Multiply position by position; then bring the K maps together.</details>
# <details><summary>Hint 3</summary>The sum runs over axis 1, which must stay as an axis of length 1 (`keepdim`). Cut nothing off.</details>

# %% tags=["solution"]
def solution_hires(maps, slopes):
    return (maps * slopes).sum(dim=1, keepdim=True)


check.hires(solution_hires, solution=True)

# %% [markdown]
# **2. Intervention.** Write the importance of one part: by how much does the score fall if the part (bool `(H, W)`) of
# the images is replaced by that of `cover`? `score` turns images into one number.

# %% tags=["exercise"]
def importance_of(score, images, part, cover):
    ...  # your lines, ending in: return …


check.importance_of(importance_of)

# %% [markdown]
# <details><summary>Hint 1</summary>Two scores: of the images as they are, and with the part replaced.</details>
# <details><summary>Hint 2</summary>`torch.where(part, …, …)` takes the one inside the part and the other outside. Leave the images themselves unchanged.</details>
# <details><summary>Hint 3</summary>A fall is positive: what was there before, minus what is left.</details>

# %% tags=["solution"]
def solution_importance_of(score, images, part, cover):
    changed = torch.where(part, cover, images)
    return score(images) - score(changed)


check.importance_of(solution_importance_of, solution=True)

# %% [markdown]
# **3. Four patients.** Four colleagues explain discriminators and complain. Give each the most likely cause, one of
# `"cut off at zero"`, `"flattened head"`, `"wrong baseline"`, `"batch norm"`.
#
# - **A**: "Real faces wear glasses, my fakes do not, and D knows it. Integrated gradients show nothing at the eyes."
# - **B**: "Grad-CAM of D's logit is black for every early fake. Has D no opinion?"
# - **C**: "While training, D was right nearly always. The copy that I explain guesses."
# - **D**: "The same watermark counts for *fake* at the top and for *real* at the bottom. Grad-CAM shows both alike."

# %% tags=["exercise"]
cause = ...  # {"A": …, "B": …, "C": …, "D": …}

check.cause(cause)

# %% [markdown]
# <details><summary>Hint 1</summary>Each is one of the four traps above, once.</details>
# <details><summary>Hint 2</summary>Who compares with something that also lacks the glasses? Who sees only what speaks *for*?</details>
# <details><summary>Hint 3</summary>What differs between training and a copy in eval mode? And what forgets *where*?</details>

# %% tags=["solution"]
solution_cause = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}

check.cause(solution_cause, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - First ask how often D is right. In a game it can be a coin although a few more steps of D alone tell drawings from
#   digits: a map of such a moment explains very little.
# - Say the target and the sign: *fakeness* (minus the logit), red for fake. Print every score beside random, intensity
#   and Sobel controls; fill with other digits, not only with black.
# - With a pooled head a planted mark, which the controls miss, is found (AUC at least 0.9) by occlusion, Grad-CAM and
#   HiResCAM, and not by the gradient; most random twins' maps stay below 0.9.
# - Four traps: Grad-CAM cut off at zero can be empty; with a flattened head it forgets *where*; what is absent shows
#   only against the opposite class; batch norm makes train and eval two different models.
# - Intervention says what this model uses, retraining what a new one, trained in the same way, misses; ROAR tests maps by the second, and
#   the holes that it cuts can give the class away.
# - Explanations of this D in this game grew old within 50 steps.
# - **Strengths** of occlusion: it only asks the model, and with covers from real pictures it was right in every planted
#   test here (covered with black, it missed the absent mark).
#   **Limits:** one square at a time (two clues that replace one another can hide), and a cover must be chosen.
# - **Software:** `course_lib.explain`, captum, shap, pytorch-grad-cam (silent about empty maps).
#
# ## Further reading
#
# - R. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh, D. Batra. *Grad-CAM: visual explanations from deep
#   networks via gradient-based localization.* ICCV 2017.
# - R. L. Draelos, L. Carin. *Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
#   networks.* arXiv:2011.08891, 2020.
# - M. D. Zeiler, R. Fergus. *Visualizing and understanding convolutional networks.* ECCV 2014. Occlusion.
# - M. Sundararajan, A. Taly, Q. Yan. *Axiomatic attribution for deep networks.* ICML 2017. Integrated gradients.
# - P. Sturmfels, S. Lundberg, S.-I. Lee. *Visualizing the impact of feature attribution baselines.* Distill 2020.
# - S. Hooker, D. Erhan, P.-J. Kindermans, B. Kim. *A benchmark for interpretability methods in deep neural networks.*
#   NeurIPS 2019. Remove and retrain (ROAR).
# - V. Petsiuk, A. Das, K. Saenko. *RISE: randomized input sampling for explanation of black-box models.* BMVC 2018.
#   Insertion and deletion.
# - J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt, B. Kim. *Sanity checks for saliency maps.* NeurIPS 2018.
# - L. Breiman. *Random forests.* Machine Learning 45, 2001. Importance by intervention (section 10).
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida. *Spectral normalization for generative adversarial networks.* ICLR 2018.
