# %% [markdown]
# # 8.2 Does a map know what, or where?
#
# Nobody knows which clue a discriminator uses, so no map can be called right, unless we plant the clue ourselves. We
# train D on fakes that differ from real pictures in one known place. Then we see which map finds that place, and what
# the others show instead.
#
# **You need** [8.1](1_maps_of_a_logit.ipynb) (fakeness, AUC) and [7.3](../07_explain_a_classifier/3_grad_cam.ipynb)
# (Grad-CAM, HiResCAM). **You will** plant a clue; score maps against it and against untrained twins; write HiResCAM;
# tell *what* from *where*. About 45 minutes with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import interpolate

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch08_explain_the_discriminator.discriminators import right, tell_apart, twin, untouched
from course_lib.chapters.ch08_explain_the_discriminator.pictures import scores_as_dots
from course_lib.chapters.ch08_explain_the_discriminator.scores import area, corner, fakeness, logits
from course_lib.data import load
from course_lib.data.shapes import marked
from course_lib.explain import explain_copy
from course_lib.explain.controls import control_maps
from course_lib.explain.with_shap import deep_shap
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("08.2", runtime), syllabus.checks("08"), syllabus.questions("08.2")
digits, new = load("digits", runtime), load("digits", runtime, split="test").images
over = recorded("discriminator")["runs"]  # five trainings of everything below
print(runtime.describe())
print(syllabus.time_of("08.2"))

# %% [markdown]
# ## Plant the truth
#
# Our clue is a **mark**: 16 grey dots in a corner, which all fakes carry. The fakes here are *real digits with the
# mark*. Nothing else tells them apart, so a discriminator that answers right must use it.
#
# Why dots, two pixels apart? The Sobel control compares pixels two apart: right with left, and below with above. Among
# such dots both are alike, so inside the mark's square it sees nothing. And most of the square stays black, so the
# intensity control misses most of it. **Neither brightness nor edges give the square away.**

# %%
here = corner(1, 1).to(runtime.device)  # the mark's square: rows and columns 1 to 7, counted from 0
with_mark = marked(new[:40])
show.compare({"real": new, "fake: with the mark": with_mark},
             alt="Two rows of the same digits; those below have a faint lattice of dots in the upper left corner.")

# %% [markdown]
# `tell_apart` trains a D like that of 8.1, with a pooled head ("pool"), to tell two kinds of pictures apart: digits that
# are `untouched`, for real, and digits that are `marked`, for fake.

# %%
steps = runtime.pick(smoke=20, course=300)
finder = explain_copy(tell_apart(runtime, digits, untouched, marked, "tell", "pool", steps))
print(f"right: {right(finder, new, marked(new)):.0%}")

# %% [markdown]
# How well does a map find the mark? [AUC](../../docs/glossary.md#auc-of-an-explanation) again, now of pixels. Take a
# pixel inside the mark's square and one outside: how often has the inner one the higher value? 1 is perfect, ½ is
# chance, and we call the mark *found* from 0.9. (AUC is not the share of the mark that was found.)
#
# There are controls of two kinds: the three maps that asked no model, and the same method on five *twins*, the same D
# with random weights. If the twins' maps find the mark as well, a map does not show what was learned.

# %%
ask.predict("finds")

# %%
def maps_of(model, images, cover):
    return {"gradient": explain.gradient(model, fakeness, images),
            "IG, black": explain.integrated_gradients(model, fakeness, images, steps=20),
            "IG, real": explain.integrated_gradients(model, fakeness, images, cover, steps=20),
            "Grad-CAM": explain.grad_cam(model, fakeness, images, "downs.3", signed=True),
            "HiResCAM": explain.hires_cam(model, fakeness, images, "downs.3", signed=True),
            "occlusion": explain.occlusion(model, fakeness, images, fill=cover),
            "shap Deep": -deep_shap(model, 0, images, cover[:10])}


cover = new[100:140]
tell, twins = maps_of(finder, with_mark, cover), [maps_of(twin(runtime, i), with_mark, cover) for i in range(5)]
found = {name: area(one, here) for name, one in (tell | control_maps(with_mark)).items()}
of_twins = {name: [area(one[name], here) for one in twins] for name in tell}
scores_as_dots({"": found}, list(control_maps(with_mark)), "AUC of the square's pixels", spread={"": of_twins},
               spread_of="five random twins", level=(0.9, "found"), most=1,
               title="Occlusion and Grad-CAM find the mark's square; the gradient does not",
               alt="Dots on one axis: Grad-CAM, HiResCAM and occlusion at 0.99; IG and shap Deep near 0.66, the gradient "
                   "below one half. The rings of random twins lie between 0.07 and 0.88, one around shap Deep's dot; "
                   "the controls are at 0.55 or below.")

# %%
show.attributions(with_mark[:6], {name: tell[name][:6] for name in ("gradient", "IG, real", "Grad-CAM", "occlusion")} |
                  {"a twin's occlusion": twins[0]["occlusion"][:6]},
                  title="The mark is upper left. The gradient draws dots everywhere",
                  alt="Six marked digits. Grad-CAM and occlusion are reddest in the marked corner, IG on its dots; the "
                      "gradient is a lattice of red dots all over, on pale blue; the twin's occlusion is patchy.")

# %% tags=["nbval-check-output"]
claims.at_most("no control finds the mark's square (largest AUC of random, intensity, Sobel)",
               max(found[name] for name in control_maps(with_mark)), 0.6)
for name in ("Grad-CAM", "HiResCAM", "occlusion"):
    claims.at_least(f"pooled head: {name} finds the mark's square (AUC)", found[name], 0.9)
for name in ("Grad-CAM", "occlusion"):
    claims.over_seeds(f"… {name} of a twin with random weights scores below 0.9 (AUC, five twins)",
                      of_twins[name], 0.9, op="<")
claims.at_most("the gradient misses the square (AUC)", found["gradient"], 0.7)

# %% [markdown]
# The coarse maps find the square, and the gradient does not. (Grad-CAM and HiResCAM are one map here: see below.)
# Untrained twins often react to the mark, too, but the sign is luck (occlusion: 0.07 to 0.88). So one twin alone would
# be a weak control.
#
# IG and shap's Deep mark the dots themselves. Between the dots picture and baseline are alike, so both maps are 0
# there. If the 16 dots rank above all other pixels, and the other 33 pixels of the square like those outside, the AUC
# is 16/49 + ½ · 33/49 = 0.66. So 0.64 to 0.68 is about the most that these maps can get, and no miss. (But Deep of one
# random twin gets as much: Deep's score alone does not show what D has learned.)
#
# Does the gradient miss the mark, then? We ask the same maps for its 16 dots instead of its square.

# %%
dots = (marked(torch.full((1, 1, 28, 28), -1.0)) > -1)[0, 0].to(runtime.device)
lattice = torch.zeros(1, 1, 28, 28, device=runtime.device)
lattice[..., 1::2, 1::2] = 1  # a map with equal dots all over the picture, spaced as those of the mark
asked = tell | control_maps(with_mark) | {"equal dots everywhere": lattice}
of_dots = {name: area(one, dots) for name, one in asked.items()}
show_table("One map, two questions (AUC)", ["map", "the square's 49 pixels", "its 16 dots"],
           [[name, f"{area(one, here):.2f}", f"{of_dots[name]:.2f}"] for name, one in asked.items()])

# %% tags=["nbval-check-output"]
claims.at_least("asked for the 16 dots, the gradient ranks them high (AUC)", of_dots["gradient"], 0.9)
claims.at_least("… and brightness, which asked no model, comes close (AUC)", of_dots["intensity"], 0.8)

# %% [markdown]
# The gradient does not miss it. Its dots in the corner are among the highest pixels of its map, but the gaps between
# them are low: that costs it the square. Neither column is the true one. The square favours maps that cannot tell dots
# from gaps. And 0.96 proves little: equal dots everywhere, which know no corner, get 0.88 (last row), and brightness
# gets 0.87, for the dots are bright. **A map's score answers the question that its mask asks.** We keep the square, for
# there the controls fail.
#
# ## What, not where
#
# Look at the gradient's map again: red dots, spaced as those of the mark, all over the picture. If it is right, such dots
# look fake *elsewhere, too*. So we move the mark. Its **effect** is how far it raises the mean fakeness. We compare the
# effect at the new place with that at the old one.
#
# **Exercise 1. Finish the line.** You get three mean values of fakeness: of pictures without the mark (`none`), with the
# mark where D learned it (`at_home`), and with the mark moved (`moved`). Which share of its effect is left after the
# move?

# %% tags=["exercise"]
def share_left(none, at_home, moved):
    return ...  # your line


check.share_left(share_left)

# %% [markdown]
# <details><summary>Hint 1</summary>An effect is a difference: with the mark, minus without it.</details>
# <details><summary>Hint 2</summary>There are two effects, at home and moved. Which of them is the whole, of which the other is a part?</details>

# %% tags=["solution"]
def solution_share_left(none, at_home, moved):
    return (moved - none) / (at_home - none)


check.share_left(solution_share_left, solution=True)

# %%
ask.predict("moved")

# %%
places = {"at (1, 1), as learned": (1, 1), "at (21, 21), along the lattice": (21, 21),
          "at (17, 17), along it, off the border": (17, 17), "at (13, 13), along it, over the strokes": (13, 13),
          "at (3, 2), off it": (3, 2)}
none = -logits(finder, new).mean().item()
value = {place: -logits(finder, marked(new, *at)).mean().item() for place, at in places.items()}
share = {place: (one - none) / (value["at (1, 1), as learned"] - none) for place, one in value.items()}
one_mark = over["one mark, pool head"]  # the same, in five recorded trainings
show_table("Move the mark: mean fakeness", ["where the mark is", "fakeness", "share of the effect left"],
           [["no mark", f"{none:+.2f}", "0.00"]] +
           [[place, f"{one:+.2f}", f"{share[place]:.2f}"] for place, one in value.items()])

# %% tags=["nbval-check-output"]
claims.at_least("the mark keeps more of its effect at (17, 17) than at (21, 21), at the border (difference of the shares)",
                share["at (17, 17), along it, off the border"] - share["at (21, 21), along the lattice"], 0.1)
claims.over_seeds("… five trainings: moved along the lattice the mark keeps at least a fifth of its effect",
                  {one: row["moved along the lattice"] for one, row in one_mark.items()}, 0.2)
claims.over_seeds("… moved off the lattice it has none left (share of its effect)",
                  {one: row["moved off it"] for one, row in one_mark.items()}, 0.1, op="<=")

# %% [markdown]
# So the gradient was right. D answers to such dots far from the corner, too. In the opposite corner, where the mark
# touches the picture's border, about half of the effect is left, and four pixels further in more: at the border the
# windows see padding. (Over the strokes, in the middle, only about half is left, too.) *Off the lattice* nothing is left: the
# effect is even a little below 0. For the windows of D's first layer move two pixels at a time, so rows and columns 1,
# 3, 5, … fall into the same places of a window, and 2, 4, 6, … into others. The gradient's map is red where row and
# column are both of the first kind, and pale blue elsewhere: there the shifted dots fall. The gradient says **what**
# the mark looks like, and hardly **where** it is.
#
# ## A map that forgets where, by design
#
# Grad-CAM found the mark. Can it, too, lose the place? Let $A_k$ be the $k$-th map of a layer, and $s_k$ the slopes of
# the target along it, one number for each place. Signed (without the cut at 0), the two methods are
#
# $$\text{Grad-CAM} = \sum_k \operatorname{mean}(s_k)\, A_k, \qquad \text{HiResCAM} = \sum_k s_k \cdot A_k .$$
#
# *In words: Grad-CAM multiplies the whole map with one number, the mean of its slopes. HiResCAM multiplies each value
# of the map with the slope at its own place. Both then add up over the maps.*
#
# **Exercise 2. Build it.** You get a layer's maps and the target's slopes along them, both $(N, K, h, w)$. Return the
# signed HiResCAM, $(N, 1, h, w)$.

# %% tags=["exercise"]
def hires(maps, slopes):
    ...  # your line: return …


check.hires(hires)

# %% [markdown]
# <details><summary>Hint 1</summary>Grad-CAM averages the slopes first. You do not.</details>
# <details><summary>Hint 2</summary>Multiply position by position; then bring the K maps together.</details>
# <details><summary>Hint 3</summary>The sum runs over axis 1, which must stay as an axis of length 1 (<code>keepdim</code>). Cut nothing off.</details>

# %% tags=["solution"]
def solution_hires(maps, slopes):
    return (maps * slopes).sum(dim=1, keepdim=True)


check.hires(solution_hires, solution=True)

# %%
def cams_by_hand(model, images, at="downs.1"):
    kept = []
    layer = dict(model.named_modules())[at]
    hook = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    target = fakeness(model(images)).sum()
    hook.remove()
    slopes = torch.autograd.grad(target, kept[0])[0]  # (N, K, h, w)
    one_weight = slopes.mean((2, 3), keepdim=True).expand_as(slopes)  # a map's mean slope, at each of its places
    cams = [(s * kept[0]).sum(dim=1, keepdim=True) for s in (one_weight, slopes)]
    return [interpolate(m.detach(), (28, 28), mode="bilinear", align_corners=False) for m in cams]


ours, theirs = cams_by_hand(finder, with_mark), [
    method(finder, fakeness, with_mark, "downs.1", signed=True) for method in (explain.grad_cam, explain.hires_cam)]
at_the_pool = tell["Grad-CAM"] - tell["HiResCAM"]

# %% tags=["nbval-check-output"]
claims.at_most("our Grad-CAM and HiResCAM are the library's (largest difference)",
               max((a - b).abs().max().item() for a, b in zip(ours, theirs, strict=True)), 1e-6)
claims.at_most("pooled head, last maps: Grad-CAM equals HiResCAM (largest difference)",
               at_the_pool.abs().max().item(), 1e-6)

# %% [markdown]
# With the pooled head both are the same map at the last layer: the head averages over places anyway, so all slopes of a
# last map are equal. A **flattened** head ("flat") gives each place a weight of its own. (Moved along the lattice, the
# mark then keeps nothing, −0.04 to −0.02 in five recorded trainings.) So the average throws away *where* something
# counts. To see whether that harms, we take a clue that lies *only* in the place: the same mark, upper
# left in every fake and lower right in every real picture. Then we show D pictures with **both** marks.

# %%
ask.predict("both_marks")

# %%
placed = explain_copy(tell_apart(runtime, digits, lambda x: marked(x, 21, 21), marked, "placed", "flat", steps))
both, there = marked(with_mark, 21, 21), corner(21, 21).to(runtime.device)
effect = {place: (logits(placed, one) - logits(placed, both)).mean().item()
          for place, one in (("upper left", marked(new[:40], 21, 21)), ("lower right", with_mark))}
for place, raised in effect.items():
    print(f"the effect of the mark {place}, beside the other one: {raised:+.2f}")
cams = {"Grad-CAM": explain.grad_cam, "HiResCAM": explain.hires_cam}
placed_maps = {f"{name}, {which} maps": cam(placed, fakeness, both, layer, signed=True)
               for which, layer in (("first", "downs.1"), ("last", "downs.3")) for name, cam in cams.items()}
placed_maps["occlusion"] = explain.occlusion(placed, fakeness, both, fill=cover)
found_there = {name: area(one, there) for name, one in placed_maps.items()}
show_table("What speaks for fake? (AUC of a mark's square)", ["map", "mark upper left: fake", "mark lower right: real"],
           [[name, f"{area(one, here):.2f}", f"{found_there[name]:.2f}"] for name, one in placed_maps.items()])
show.attributions(both[:8], {name: placed_maps[name][:8] for name in
                             ("Grad-CAM, first maps", "HiResCAM, first maps", "occlusion")},
                  title="Upper left speaks for fake, lower right for real: Grad-CAM paints both red",
                  alt="Eight digits with a mark in two corners. Grad-CAM is pale red in both and along many strokes, "
                      "on blue; occlusion is red in the upper left and blue in the lower right one; HiResCAM has both "
                      "colours around each.")

# %% tags=["nbval-check-output"]
flat = over["one mark, flat head"]
claims.over_seeds("one mark and a flattened head, five trainings: Grad-CAM finds it (AUC)",
                  {one: row["Grad-CAM"] for one, row in flat.items()}, 0.9)
claims.over_seeds("… HiResCAM is above chance, 0.5, by at least 0.1 (AUC)",
                  {one: row["HiResCAM"] for one, row in flat.items()}, 0.6)
claims.at_most("two places: the lower right mark lowers the fakeness (its effect)", effect["lower right"], 0)
claims.at_least("… yet with a flattened head Grad-CAM ranks it high among what speaks for fake (AUC)",
                found_there["Grad-CAM, first maps"], 0.75)
claims.at_least("… and above chance, 0.5, when asked at the last maps (AUC)", found_there["Grad-CAM, last maps"], 0.55)
claims.at_most("… HiResCAM at the first maps does not (AUC)", found_there["HiResCAM, first maps"], 0.5)
claims.at_most("… nor does occlusion (AUC)", found_there["occlusion"], 0.1)

# %% [markdown]
# Grad-CAM paints both corners red, and many strokes nearly as much: it has one sign for all that looks alike. One of
# its two marks has the wrong sign. HiResCAM ranks the first mark high and the second low (0.32 here; less in all ten
# recorded runs, at most 0.14), but its map has both colours around each. Occlusion compares with a picture without the
# mark, and is right about both.
#
# Mind the layer: the figure asks at the *first* maps, `"downs.1"`. Usually one asks at the last. There Grad-CAM errs,
# too, but less (table).
#
# "So Grad-CAM is useless" would be too much. With a pooled head it was among the best. And with *one* mark it finds the
# place even with a flattened head, at the last maps, in five recorded trainings (claim above).
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** occlusion, Grad-CAM and HiResCAM find a planted mark's square with a pooled head, and the same maps
#   of five untrained twins do not; the gradient drew what the clue looks like, and drew it everywhere; with a flattened
#   head Grad-CAM may paint a clue with the wrong sign, here most of all at the first maps.
# - **Not said:** that a map which finds *our* mark finds every clue.
# - **Next:** three more ways in which a map misleads. [8.3 Which traps does a discriminator set for its map?](3_traps.ipynb)
