# %% [markdown]
# # Can you trust the explanation? *Which explanations survive a test?*
#
# An explanation is a picture that convinces. That is its danger: a picture convinces whether or not it is true. A3
# explains a network, looks at one picture, and calls that *validation*. Here we test explanations as we test anything
# else: we break the model and see whether its explanation notices; we hide a cause and see whether it is found; and we
# put scores beside those of three maps that **never saw the model**.
#
# After this notebook you
#
# - can run the two sanity checks, with fresh weights and with shuffled labels, and know the trap in their usual score,
# - can write insertion, deletion and infidelity yourself, and know which worthless maps do well in them,
# - have planted a cause, looked for it with nine methods, and seen that the score chosen decides who wins,
# - can say of a pass mark what its margin is, who could pass it at all, and how often a map without a model does,
# - have found the leak in A3's validation, and know what to do instead.
#
# You need notebook 07 (the methods: gradient, integrated gradients, Grad-CAM, LIME, Shapley values). Notebook 08 is
# where the planted mark comes from.

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from dataclasses import replace
from itertools import combinations
from math import comb
from statistics import mean, median

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, cosine_similarity, interpolate

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.data import load
from course_lib.data.shapes import marked, plant
from course_lib.explain import class_logit, explain_copy
from course_lib.explain.controls import control_maps
from course_lib.explain.gradients import guided_backprop
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics import faithfulness, sanity
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime
from course_lib.training.classifier import ClassifierTrainer, accuracy

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("10.1", runtime)
check = syllabus.checks("10")
print(runtime.describe())
print(syllabus.time_of("10.1"))

# %% [markdown]
# A3's digit classifier, trained on the 4,000 training digits. `explain_copy` hands us a copy that is safe to explain
# (notebook 07). Everything below is asked about **held-out digits**, which no network here was trained on: `x` are
# their pictures, `y` their labels, and `class_logit(y)` is what is explained, the logit of the true class.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")


def trained(name, data, steps, **settings):
    """A classifier trained from weights of its own, ready to be explained."""
    with runtime.seeded("weights", name):
        network = DigitCNN(classes=len(data.names)).to(runtime.device)
    steps = runtime.pick(smoke=10, course=steps)
    for _ in ClassifierTrainer(network, lr=2e-3, total=steps, **settings).steps(data, steps, runtime):
        pass
    return explain_copy(network)


model = trained("first", digits, 600)
print(f"right: {accuracy(model, digits):.1%} of the training digits, {accuracy(model, held_out):.1%} of held-out ones")
model = model.cpu()
n = runtime.pick(smoke=4, course=30)
x, y = held_out.images[:n].cpu(), held_out.labels[:n].cpu()

# %% [markdown]
# ## A picture that convinces
#
# First a method that is new to you. **Guided backpropagation** is the gradient with one change: wherever the way back
# from the logit to the pixels passes a ReLU, negative slopes are cut off. Our hook (notebook 07), called at each ReLU
# on that way, replaces the slope $g$ by $\max(g, 0)$.

# %%
def guided(model, target, images):
    def cut(layer, slopes_in, slopes_out):
        return (slopes_in[0].clamp(min=0),)

    hooks = [layer.register_full_backward_hook(cut) for layer in model.modules() if isinstance(layer, nn.ReLU)]
    pixels = images.clone().requires_grad_()
    slopes = torch.autograd.grad(target(model(pixels)).sum(), pixels)[0]
    for hook in hooks:
        hook.remove()  # or every later explanation of this model would be a guided one
    return slopes


target = class_logit(y)
difference = (guided(model, target, x) - guided_backprop(model, target, x)).abs().max().item()
print(f"largest difference from the library's: {difference:.1e}")

# %% tags=["nbval-check-output"]
claims.at_most("our guided backpropagation is the library's (largest difference)", difference, 1e-6)

# %% [markdown]
# Here are the nine methods that we put to the test. Each is a function of a model, images, labels and a seed (used only
# where a method draws random numbers). Also new is **SmoothGrad**: the mean gradient of 20 noisy copies of the picture.
# LIME and Shapley values switch squares of 4 × 4 pixels on and off. Where something is absent, there is black.

# %%
squares = explain.grid_segments(28, 28, 4)


def one_by_one(method, model, images, labels):
    return torch.cat([method(model, class_logit(int(k)), image) for image, k in zip(images, labels, strict=True)])


METHODS = {
    "gradient": lambda m, x, y, s: explain.gradient(m, class_logit(y), x),
    "SmoothGrad": lambda m, x, y, s: explain.smooth_grad(m, class_logit(y), x, samples=20, seed=s),
    "integrated gradients": lambda m, x, y, s: explain.integrated_gradients(m, class_logit(y), x, steps=20),
    "guided backprop": lambda m, x, y, s: guided(m, class_logit(y), x),
    "Grad-CAM": lambda m, x, y, s: explain.grad_cam(m, class_logit(y), x, "body.4", signed=True),
    "HiResCAM": lambda m, x, y, s: explain.hires_cam(m, class_logit(y), x, "body.4", signed=True),
    "occlusion": lambda m, x, y, s: explain.occlusion(m, class_logit(y), x, window=4, stride=2),
    "LIME": lambda m, x, y, s: one_by_one(
        lambda *a: explain.lime(*a, squares, samples=300, seed=s)[0], m, x, y),
    "Shapley values": lambda m, x, y, s: one_by_one(
        lambda *a: explain.shapley_of_segments(*a, squares, orders=5, seed=s), m, x, y),
}
maps = {name: method(model, x, y, 0) for name, method in METHODS.items()}

# %% [markdown]
# **Predict:** which row would you show to a doctor, a judge or a customer?

# %%
show.attributions(x[:8], {name: m[:8] for name, m in maps.items()}, columns=[f"“{k}”" for k in y[:8].tolist()],
                  alt="Eight digits and nine rows of maps: guided backprop draws the digits' strokes sharply, the "
                      "gradient is speckled, Grad-CAM, LIME and Shapley values are coarse patches.")

# %% [markdown]
# Guided backprop and integrated gradients tempt: they are sharp, and the digit is in them. Remember your choice.
#
# ### Three maps that never saw the model
#
# To be fooled less easily we need opponents who cannot know anything. Our three **controls**:
#
# - **random**: noise.
# - **intensity**: the image itself. "What is bright is important."
# - **Sobel**: how strongly the brightness changes around a pixel, left to right and top to bottom: the edges.
#
# None of them has seen the model. Whatever score they reach, *a score of that height proves nothing about the model*.
# Most tests below print them.

# %%
without_a_model = control_maps(x, seed=runtime.seed)
show.attributions(x[:8], {name: m[:8] for name, m in without_a_model.items()},
                  alt="The same eight digits and the three controls: noise, the digit itself, and its outline.")

# %% [markdown]
# Guided backprop follows the strokes as the last two do. Is it drawing the model's reasons, or the image? Looking does
# not tell. Let us first see how A3 would find out.
#
# ## A3's validation, and its leak
#
# A3 trains on its data, *then* splits them "80 to 20", measures accuracy on the 20, explains one picture, and finds the
# explanation reliable. To see what that is worth we build a network that **cannot** have a reason. We take 600 training
# digits and deal out their labels anew, at random. The pictures do not help to predict such labels; all that a network
# can do is to learn them by heart. We call it the **parrot**, and our first network the **reader**.
#
# **Predict** its accuracy in A3's validation, and on held-out digits (with their true labels).

# %%
nonsense = sanity.shuffled_labels(digits.take(600), runtime.stream("labels"))
parrot = trained("shuffled", nonsense, 400, shift=0)
split = torch.randperm(len(nonsense), generator=runtime.stream("split"))[:120].to(runtime.device)  # A3's 20 %
validation = replace(nonsense, images=nonsense.images[split], labels=nonsense.labels[split])
a3_says, truth = accuracy(parrot, validation), accuracy(parrot, held_out)
parrot = parrot.cpu()
print(f"A3's validation: {a3_says:.1%}; held-out digits: {truth:.1%}; guessing: 10 %")

# %% tags=["nbval-check-output"]
claims.at_least("A3's validation finds a network with senseless labels right on 99 % of its digits", a3_says, 0.99)
claims.at_most("… which is right on at most 20 % of held-out digits", truth, 0.2)

# %% [markdown]
# Full marks, for a network that knows nothing about digits. The split came **after** training: every "validation" digit
# had been seen, with its label. This is a **data leak** (worth about 90 points to the parrot, and one to the reader).
# And the second half of A3's validation, a look at the explanation? Here are both networks' maps for the true class of
# the same held-out digits.

# %%
pair = {"gradient, reader": maps["gradient"], "gradient, parrot": METHODS["gradient"](parrot, x, y, 0),
        "guided, reader": maps["guided backprop"], "guided, parrot": METHODS["guided backprop"](parrot, x, y, 0)}
show.attributions(x[:8], {name: m[:8] for name, m in pair.items()},
                  alt="Gradients of the two networks are both speckled; guided backprop draws the same sharp strokes "
                      "for the network that learned shuffled labels as for the one that learned digits.")

# %% [markdown]
# Guided backprop's last two rows are equally sharp, and much the same. To look at a picture cannot validate it. What is
# needed is a test that *could* fail.
#
# ## Sanity check one: fresh weights
#
# Adebayo and others (2018) ask: if the model forgets what it learned, does its explanation change? One would expect it
# to: other weights, other reasons. We replace the weights by fresh random ones, layer after layer from the top (the
# **cascade**): first the last layer, then the last two, at the end all three. How alike are the maps before and after?
#
# **Spearman's rank correlation** (as in notebook 09). Replace each pixel's attribution by its *rank* (the lowest gets
# 1, the next 2, …; equal values share the mean of their ranks). Let $r$ and $s$ be the two lists of ranks, each with
# its mean taken off:
#
# $$\rho = \frac{\sum_i r_i s_i}{\sqrt{\sum_i r_i^2}\,\sqrt{\sum_i s_i^2}} .$$
#
# *In words: 1 if both maps put the pixels into the same order, 0 if one order says nothing about the other, −1 if
# it is reversed.* Ranks make maps of different units comparable.

# %%
def ranks(values):
    return torch.stack([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])


def spearman(a, b):
    r, s = ranks(a), ranks(b)
    return cosine_similarity(r - r.mean(), s - s.mean(), dim=0)


a, b = maps["gradient"][0].flatten(), maps["occlusion"][0].flatten()
library = faithfulness.rank_correlation(maps["gradient"][:1], maps["occlusion"][:1]).item()
print(f"gradient and occlusion, first digit: ours {spearman(a, b):.4f}, the library's {library:.4f}")

# %% [markdown]
# `sanity.randomisation` goes down the cascade: `head.1` is the linear layer at the top, `body.3` and `body.0` are the
# convolutions. We compare where there is **ink** (pixels above black), and shall see in a moment why. The ends of the
# scale are known: new noise would give 0, the image itself 1. **Predict:** which methods fall to 0, and which do not?

# %%
ink = x > -0.9
cascade = {}
for name, method in METHODS.items():
    after = sanity.randomisation(lambda m, method=method: method(m, x, y, 1), model, seed=runtime.seed, where=ink)
    cascade[name] = {layer: rho.mean().item() for layer, rho in after.items()}
    print(f"{name:21}", "  ".join(f"{layer} {rho:+.2f}" for layer, rho in cascade[name].items()))

# %%
show.lines({name: (range(4), [1.0, *cascade[name].values()])
            for name in ("gradient", "integrated gradients", "guided backprop", "Grad-CAM", "Shapley values")},
           "layers with fresh weights, from the top", "Spearman with the map before",
           alt="With one layer fresh, all but guided backprop have fallen to below 0.2, and then stay near 0; guided "
               "backprop falls slowly and still stands above one half when no trained weight is left.")

# %% tags=["nbval-check-output"]
claims.at_most("our Spearman correlation is the library's (difference)", abs(spearman(a, b).item() - library), 1e-5)
everything = {name: stages["body.0"] for name, stages in cascade.items()}
claims.at_least("with no trained weight left, guided backprop still draws much the same map (Spearman)",
                everything["guided backprop"], 0.5)
for name in ("gradient", "SmoothGrad", "integrated gradients", "HiResCAM", "occlusion", "LIME", "Shapley values"):
    claims.close(f"with no trained weight left, nothing is left of the map: {name} (Spearman)",
                 everything[name], 0, 0.2)

# %% [markdown]
# All lines fall at once but one. Guided backprop's order stays much the same without a trained weight (the square of
# 0.71, which is the share of one order's variance that the other foretells, is about a half), so that much of it is **not
# about what the model learned**: it shows where the image is brighter
# than around it (orange strokes, blue borders). Nie, Zhang and Patel (2018) prove that it partly recovers the input. (Of
# Grad-CAM nothing is claimed: its maps are so coarse that chance alone takes it to ±0.2 on other seeds.)
#
# Randomising one layer *alone*, with the others as trained, asks which layers a map depends on; and how near is guided
# backprop to the image itself?

# %%
for name in ("gradient", "guided backprop", "Grad-CAM"):
    alone = sanity.randomisation(lambda m, name=name: METHODS[name](m, x, y, 1), model, seed=runtime.seed, where=ink,
                                 independent=True)
    print(f"{name:21}", "  ".join(f"{layer} alone {rho.mean():+.2f}" for layer, rho in alone.items()))
*_, (_, blank) = sanity.randomised(model, seed=runtime.seed)  # the cascade's last copy: no trained weight left
for words, network in (("trained", model), ("no trained weight", blank)):
    rho = faithfulness.rank_correlation(guided(network, target, x), without_a_model["intensity"], where=ink).mean()
    print(f"guided backprop, {words}: Spearman with the image's brightness {rho:.2f}")

# %% [markdown]
# Any one fresh layer undoes the gradient and Grad-CAM. Guided backprop minds most the one next to the pixels, and is
# near the image's brightness with trained weights and without.
#
# ### The trap: ties
#
# Often the *absolute* values $|\phi|$ of the attributions are compared, over the *whole* image (that paper gives them
# beside the signed ones). Then three more methods seem to fail badly. Why? Integrated gradients multiply by (pixel −
# baseline); occlusion and Shapley values replace black by black. So **black pixels get exactly 0**, whatever the model
# does: all of them with integrated gradients, those that share no window or square with ink with the other two.

# %%
trap, spots = {}, {"whole image": None, "ink": ink}
for name in ("integrated gradients", "occlusion", "Shapley values", "gradient"):
    pair = maps[name], METHODS[name](blank, x, y, 1)
    trap[name] = {f"{how}, {spot}": faithfulness.rank_correlation(*pair, absolute=how == "absolute", where=where).mean()
                  for how in ("signed", "absolute") for spot, where in spots.items()}
    print(f"{name:21}", "  ".join(f"{how} {rho:.2f}" for how, rho in trap[name].items()),
          f"  zeros: {(pair[0] == 0).float().mean():.0%}")
ties, pair = runtime.stream("ties"), (maps["integrated gradients"], METHODS["integrated gradients"](blank, x, y, 1))
untied = [m.abs().double() + 1e-12 * torch.rand(m.shape, generator=ties) for m in pair]  # equals in a random order
at_random = faithfulness.rank_correlation(*untied).mean().item()
print(f"integrated gradients, absolute, whole image, zeros in a random order instead: {at_random:.2f}")

# %% tags=["nbval-check-output"]
ig = trap["integrated gradients"]
claims.at_least("integrated gradients in absolute value over the whole image: “unchanged” without a trained weight",
                ig["absolute, whole image"], 0.9)
claims.at_least("… with the zeros in a random order, lower (by)", ig["absolute, whole image"].item() - at_random, 0.2)
claims.close("… with their signs: nothing is left", ig["signed, whole image"], 0, 0.2)
claims.at_most("… in absolute value, where there is ink: at most 0.5", ig["absolute, ink"], 0.5)

# %% [markdown]
# Integrated gradients' black pixels, four fifths of all, are **tied** at 0 in both maps; all others lie above. So both orders agree about
# "ink or no ink", which is a fact about the image. With signs, the ink goes above and below the tied pixels, and the
# agreement is gone. (The 0.32 of absolute values on the ink: both maps still share the factor pixel − baseline. And a
# part of the 0.99 is the convention that equals share their mean rank: in a random order, the zeros agree less.)
# Lesson: *before you believe a correlation, ask what else both maps share.* We compare with signs, where there is ink.
#
# ## Sanity check two: shuffled labels
#
# Fresh weights are a brutal change. The second check is finer: the parrot *is* trained, fits its labels perfectly, and
# has learned nothing about what makes a 3. Same question: is its map like the reader's? But the parrot also had fewer
# digits and steps, and none were shifted (the reader's were moved by up to two pixels at random; the parrot could not learn
# moving ones by heart). So we need a control that differs from it in the labels alone: the same 600
# digits, 400 steps, **true labels** (recorded, over ten seeds).

# %%
shuffled = {name: faithfulness.rank_correlation(maps[name], method(parrot, x, y, 1), where=ink).mean().item()
            for name, method in METHODS.items()}
trials = recorded("trust")  # ten seeds, by `course record trust`: more of it at the end


def usual(name, test):
    return median(run[test] for run in trials["runs"][name].values())


for name, rho in shuffled.items():
    print(f"{name:21} reader against parrot: {rho:+.2f}; ten seeds (median): {usual(name, 'shuffled labels'):+.2f},",
          f"against true labels {usual(name, '600 true labels'):+.2f}")

# %% tags=["nbval-check-output"]
claims.at_least("guided backprop gives a parrot much the same reasons as a reader of digits (Spearman)",
                shuffled["guided backprop"], 0.5)
claims.close("the gradient does not (Spearman)", shuffled["gradient"], 0, 0.2)
claims.close("integrated gradients do not (Spearman)", shuffled["integrated gradients"], 0, 0.2)

# %% [markdown]
# It is the labels that matter: with true ones, the few digits give maps that have something of the reader's, in all
# methods that pass. Guided backprop hardly tells the two apart.
#
# Passing means little, mind you: *noise drawn anew for each map passes both checks*. (Frozen noise scores 1, as
# the image does.) They can **reject** a map that ignores the model; they cannot confirm one, and they cannot rank.
#
# **The check has its critics.** Binder and others (2023) show that maps of mere noise score high in it, and that fresh
# weights put in *from the top* are likely to leave the strong channels below strong, so that even an honest map changes
# only to a certain extent; they conclude that the check is unfit to rank methods. Hedström and others (2023) try to
# repair it. We judge the cascade's end alone, where no trained weight is left, and use it to reject.
#
# ## Insertion and deletion
#
# If a map is right about what matters, then showing the model the best pixels first should convince it soon. Start with
# a picture of nothing, the **fill**. Put in the pixels of the image, those with the highest attribution first, in 28
# parts of 28, and watch the probability of the class. **Insertion** is the mean height of that curve (higher is better;
# Petsiuk and others (2018) start from a blurred image). **Deletion** goes the other way: the best pixels are taken
# *out* first, and the curve should fall fast (lower is better). Equal pixels go in a **random order**, from a seed that
# we state; why that matters we shall see below.

# %%
def insertion(value, image, attribution, fill, ties, parts=28):  # image, fill, attribution: (1, 28, 28)
    shuffled = torch.rand(784, generator=ties).argsort()  # the stable sort below keeps equals as they come: shuffled
    order = shuffled[attribution.flatten()[shuffled].argsort(descending=True, stable=True)]
    heights = []
    for part in range(parts + 1):
        picture = fill.flatten().clone()
        shown = order[: part * 784 // parts]
        picture[shown] = image.flatten()[shown]
        heights.append(value(picture.view(1, 1, 28, 28)).item())
    return (sum(heights) - (heights[0] + heights[-1]) / 2) / parts  # the area under the curve


def probability(images):
    with torch.no_grad():
        return model(images).softmax(1).gather(1, y[: len(images), None])[:, 0]


black = torch.full_like(x, -1)
ours = insertion(probability, x[0], maps["LIME"][0], black[0], torch.Generator().manual_seed(seed))
library = faithfulness.insertion_deletion(probability, x[:1], maps["LIME"][:1], black[:1], seed=seed)
print(f"LIME on the first digit: ours {ours:.4f}, the library's {library['insertion'].item():.4f}")

# %% [markdown]
# **Predict:** where will a map come that never saw the model?

# %%
contestants = maps | without_a_model
on_black = {name: faithfulness.insertion_deletion(probability, x, m, black, seed=seed) for name, m in contestants.items()}
for name, score in sorted(on_black.items(), key=lambda pair: -pair[1]["insertion"].mean()):
    mark = "   ← no model" if name in without_a_model else ""
    print(f"{name:21} insertion {score['insertion'].mean():.3f}, deletion {score['deletion'].mean():.3f}{mark}")

# %% tags=["nbval-check-output"]
claims.at_most("our insertion is the library's (difference)", abs(ours - library["insertion"].item()), 1e-5)
heights = {name: score["insertion"].mean().item() for name, score in on_black.items()}
lead = max(heights[name] for name in METHODS) - heights["random"]
claims.at_least("insertion on black: the image itself goes more than half the way from noise to the best method (share)",
                (heights["intensity"] - heights["random"]) / lead, 0.5)

# %% [markdown]
# The image itself, asked of no model, leaves several methods behind it, and is close to the best. Of course: put the
# bright pixels of a 3 on black, and you have drawn a 3. On black, insertion asks "where is the digit?", and for that
# nobody needs a model. Moreover, half a digit on black is a picture of a kind that the model was never trained on, and
# *any* answer to it may be an accident.
#
# So we use another fill as well: **another digit**, of another class. Now both ends are pictures of the kind that the
# model knows (half-way is still a strange mixture), and the pixels put in must turn, say, a 7 into a 3.

# %%
pool, pool_labels = held_out.images[n:].cpu(), held_out.labels[n:].cpu()
other = torch.stack([pool[pool_labels != k][i] for i, k in enumerate(y)])
on_digits = {name: faithfulness.insertion_deletion(probability, x, m, other, seed=seed) for name, m in contestants.items()}
for name, score in sorted(on_digits.items(), key=lambda pair: -pair[1]["insertion"].mean()):
    mark = "   ← no model" if name in without_a_model else ""
    print(f"{name:21} insertion {score['insertion'].mean():.3f}, deletion {score['deletion'].mean():.3f}{mark}")

# %%
show.dots({f"insertion on {fill}": {name: [score["insertion"].mean().item()] for name, score in scores.items()}
           for fill, scores in (("black", on_black), ("another digit", on_digits))}, control="intensity",
          alt="Insertion of nine methods and three controls, the image's own drawn as a line. On black most methods lie "
              "near that line, on both sides, Grad-CAM far to its left; on another digit HiResCAM and occlusion lie "
              "clearly to its right, gradient, SmoothGrad and guided backprop to its left.")

# %% [markdown]
# The dotted line is the image itself. On digits (right), too, maps without a model are hard to beat, and now the edges
# are strong: next to a stroke lie the black pixels that wipe out the other digit. Gradient, SmoothGrad and guided
# backprop stay below them. HiResCAM and occlusion, whose maps consist of *patches*, stand above: a patch around a
# stroke wipes out the other digit, too. The others are **not shown to be better than a map without a model**. In
# deletion, the image itself is hard to beat.

# %% tags=["nbval-check-output"]
def beats(name, scores, which, sign):
    ours, best = scores[name][which].mean(), max(sign * scores[c][which].mean() for c in without_a_model)
    return bool(sign * ours > best)


for name in ("occlusion", "HiResCAM"):
    claims.true(f"on other digits, {name} beats all three controls in insertion", beats(name, on_digits, "insertion", 1))
claims.true("on other digits, the image itself beats guided backprop in insertion",
            not beats("guided backprop", on_digits, "insertion", 1))

# %% [markdown]
# ### A control that nobody had thought of
#
# Two methods insert better than three controls. Is that evidence, at last, that their maps say something about the
# *model*? Only if the three were the strongest maps without one. Two more: the **blurred image**, because patches seem
# to do well; and the **difference**, how much the image and the digit that fills it differ at each pixel. The test is
# *made* of that difference, and it needs no model. **Predict** their places.

# %%
rivals = {"blurred image": avg_pool2d((x + 1) / 2, 5, 1, 2), "difference": (x - other).abs()}
stronger = {name: faithfulness.insertion_deletion(probability, x, m, other, seed=seed) for name, m in rivals.items()}
told = {"integrated gradients": explain.integrated_gradients(model, target, x, other, steps=20),
        "occlusion": explain.occlusion(model, target, x, window=4, stride=2, fill=other)}
informed = {f"{name}, told the fill": faithfulness.insertion_deletion(probability, x, m, other, seed=seed)
            for name, m in told.items()}
leader = max(METHODS, key=lambda name: on_digits[name]["insertion"].mean())
for name, score in {leader: on_digits[leader], **stronger, **informed}.items():
    print(f"{name:36} insertion {score['insertion'].mean():.3f}, deletion {score['deletion'].mean():.3f}")

# %% tags=["nbval-check-output"]
rival = {which: score.mean() for which, score in stronger["difference"].items()}
claims.at_least("on other digits, the difference, which saw no model, inserts better than every method (by)",
                rival["insertion"] - max(on_digits[name]["insertion"].mean() for name in METHODS), 0.05)
claims.at_least("… and deletes better than every method (by)",
                min(on_digits[name]["deletion"].mean() for name in METHODS) - rival["deletion"], 0.01)

# %% [markdown]
# The difference beats *all nine methods*. But it was told the fill, and they were not: for them, black is what is
# absent. Told it, too, integrated gradients and occlusion insert about as well, and integrated gradients delete better. So
# what won was *knowing the fill*: **compare maps that were told the same**. And a win over our three controls shows
# that a map is better than those three, no more: look for stronger ones before somebody else does.
#
# ### The trap once more: ties
#
# A sorted list needs an answer for equals, and the usual one is silent: *by place*, as in "top left first". Digits
# stand in the middle, so whoever has many equal pixels (the image, a map of squares) takes a black border first, or
# last. The same maps, the same test, and only the order of equal pixels differs:

# %%
def by_place(attribution, sign):  # the same map, and equal pixels from the top down (sign −1) or from the bottom up (1)
    return attribution.double() + sign * 1e-12 * torch.arange(784).view(1, 1, 28, 28)


tied = {}
for name in ("intensity", "occlusion", "gradient"):
    m = contestants[name]
    ways = {"from the top": (by_place(m, -1), 0), "from the bottom": (by_place(m, 1), 0)}
    ways |= {f"at random, seed {s}": (m, s) for s in (0, 1)}
    tied[name] = {way: faithfulness.insertion_deletion(probability, x, ranked, other, seed=s)["deletion"].mean().item()
                  for way, (ranked, s) in ways.items()}
    print(f"{name:10} deletion, digits:", ", ".join(f"{way} {score:.3f}" for way, score in tied[name].items()))

# %% tags=["nbval-check-output"]
by_chance = abs(tied["intensity"]["at random, seed 0"] - tied["intensity"]["at random, seed 1"])
claims.at_least("the image's deletion score: ties by place cost it at least 0.01",
                tied["intensity"]["from the top"] - tied["intensity"]["at random, seed 0"], 0.01)
claims.at_most("… two random orders of the ties differ by less (difference)", by_chance, 0.01)
claims.close("the gradient has next to no ties, and does not care (difference)",
             tied["gradient"]["from the top"], tied["gradient"]["at random, seed 0"], 0.005)

# %% [markdown]
# From the top, occlusion "beats" the image; at random, it does not; and on the recorded seeds, below, it passes this
# test by place, and does not at random. No map has chosen the order of equals, and it makes a verdict. So in this
# course equal pixels go at random, by a stated seed; in the AUC they count half, which is the mean over all orders, and
# in the rank correlation they share their mean rank, which is not.
#
# ## Infidelity
#
# A slope makes a *promise*: taking a small amount $I_i$ off each pixel lowers the output $f$ by about $\sum_i I_i
# \phi_i$. (Integrated gradients, occlusion, LIME, Shapley values and CAMs promise something else: what a pixel or part
# gives, against its absence. They are measured below, and not judged.) **Infidelity** (Yeh and others, 2019) is the
# mean square of what the promise misses, over random changes $I$ (normal noise of standard deviation 0.2):
#
# $$\text{infidelity} = \frac{E\big[(c\, I \cdot \phi - (f(x) - f(x - I)))^2\big]}{E\big[(f(x) - f(x - I))^2\big]} .$$
#
# *In words: the share of the true changes, squared, that the map does not foretell; 0 is perfect, 1 is useless.* ($E$
# is the mean over changes, $I \cdot \phi$ the sum above, and $c$ the one factor that suits the map best. It may be
# negative: the sign of a map is not tested. The published definition has no denominator, and $c$ is in its code only.)

# %%
def share_missed(value, image, attribution, changes):  # image, attribution (1, 28, 28); changes (M, 1, 28, 28)
    promised = (changes * attribution).flatten(1).sum(1)
    truly = value(image[None]) - value(image - changes)
    c = (promised * truly).sum() / (promised**2).sum()
    return (((c * promised - truly) ** 2).sum() / (truly**2).sum()).item()


noise = 0.2 * torch.randn(200, 1, 28, 28, generator=runtime.stream("changes"))
weights = torch.randn(1, 28, 28, generator=runtime.stream("weights of a line"))
line = {"its weights": weights, "half of them": torch.where(torch.arange(28) < 14, weights, 0), "noise": noise[0]}
for name, m in line.items():
    missed = share_missed(lambda im: (weights * im).sum((1, 2, 3)), x[0], m, noise)
    print(f"a linear model f(x) = Σ w·x, explained by {name}: {missed:.3f} missed")

# %% [markdown]
# For a linear model the weights foretell everything, half of them about half, noise nothing. Now the network (library,
# 50 changes; a map of noise comes to about 1 − 1/50, because the factor $c$ is fitted).

# %%
def logit(images):
    with torch.no_grad():
        return class_logit(y)(model(images))


blocks = interpolate(avg_pool2d(maps["gradient"], 4), scale_factor=4)  # each square gets the gradient's mean in it
tried = contestants | {"gradient, in squares": blocks}
missed = {name: faithfulness.infidelity(logit, x, m, sigma=0.2).mean().item() for name, m in tried.items()}
for name, share in sorted(missed.items(), key=lambda pair: pair[1]):
    print(f"{name:21} misses {share:.3f}", "   ← no model" if name in without_a_model else "")

# %% tags=["nbval-check-output"]
on_line = [share_missed(lambda im: (weights * im).sum((1, 2, 3)), x[0], m, noise) for m in line.values()]
claims.at_most("the weights of a linear model foretell all of its changes (share missed)", on_line[0], 1e-6)
claims.true("for small noise, the gradient misses least of all twelve maps", min(missed, key=missed.get) == "gradient")
claims.at_least("… a map of squares cannot foretell much, not even the gradient's own squares (share missed)",
                missed["gradient, in squares"], 0.85)

# %% [markdown]
# The last are the first! Gradient and SmoothGrad lead here, and inserted worse on digits than edges do; HiResCAM
# inserted well, and here the image itself beats it. Yet even the gradient misses more than half: 0.2 on each of 784
# pixels is no small change to a network. (Smoothing costs fidelity here; Yeh and others found that it helps: that
# depends on the network and on both noises.) Even the gradient's own squares miss about nine tenths: maps of parts
# promise what happens when a whole part goes. **"What if this pixel flickers?" is another question than "what if this
# part were missing?"** Say which you ask.
#
# ## Max-sensitivity
#
# Should an explanation stay the same when the image changes invisibly? **Max-sensitivity** (the same paper) moves every
# pixel by at most 0.1, several times, and takes the largest relative change of the map. Lower is called better.
# **Predict** who wins.

# %%
few = runtime.pick(smoke=2, course=4)
everyone = METHODS | {name: (lambda m, im, k, s, name=name: control_maps(im, s)[name]) for name in without_a_model}
anew = torch.Generator().manual_seed(seed)  # "random" is frozen by its seed; this noise is another one at each call
noisy = {"random, drawn anew": lambda m, im, k, s: torch.randn(im.shape, generator=anew)}
wobble = {name: faithfulness.sensitivity(lambda im, method=method: method(model, im, y[:few], 0), x[:few], samples=3)
          .mean().item() for name, method in (everyone | noisy).items()}
for name, change in sorted(wobble.items(), key=lambda pair: pair[1]):
    print(f"{name:21} changes by up to {change:.2f} of its size", "   ← no model" if name not in METHODS else "")

# %% tags=["nbval-check-output"]
claims.true("max-sensitivity ranks frozen noise first: it does not change at all",
            min(wobble, key=wobble.get) == "random" and wobble["random"] == 0)
claims.true("… and noise drawn anew last", max(wobble, key=wobble.get) == "random, drawn anew")

# %% [markdown]
# The winner is noise that ignores the image, frozen by its seed; drawn anew, it is the last. (In the sanity checks it
# is the other way round.) **Stability alone is worthless**; it counts among maps that have passed another test. (And if
# the *model* reacts to invisible changes, an honest map must move, too.)
#
# ## Would you get the same explanation again?
#
# Two ways in which an explanation can be one of many. First, methods that *draw random numbers*: LIME, sampled Shapley
# values, SmoothGrad. As in notebook 07: same network, four digits, several seeds, all pairs compared, over **all**
# pixels and over the **ink**. (Here with three seeds, and another network.) **Predict** whether it matters.

# %%
asked, calm = {"whole image": None, "ink": ink[:4]}, {}
for samples in (100, 1000):
    again = [torch.cat([explain.lime(model, class_logit(int(k)), image, squares, samples=samples, seed=s)[0]
                        for image, k in zip(x[:4], y[:4], strict=True)]) for s in (1, 2, 3)]
    calm[samples] = {spot: mean(faithfulness.rank_correlation(a, b, where=where).mean().item()
                                for a, b in combinations(again, 2)) for spot, where in asked.items()}
    print(f"LIME with {samples:5,} samples, another seed:",
          ", ".join(f"Spearman over the {spot} {rho:.2f}" for spot, rho in calm[samples].items()))
idle = ((interpolate(avg_pool2d(ink[:4].float(), 4), scale_factor=4) == 0).float().mean()).item()
print(f"{idle:.0%} of the squares hold no ink")

# %% tags=["nbval-check-output"]
claims.at_least("two runs of LIME with 1,000 samples: much the same order where there is ink (Spearman)",
                calm[1000]["ink"], 0.9)
claims.at_least("… lower over the whole image (by)", calm[1000]["ink"] - calm[1000]["whole image"], 0.1)
claims.at_least("… in both ways, 1,000 samples agree more than 100 (the smaller difference)",
                min(calm[1000][spot] - calm[100][spot] for spot in asked), 0)

# %% [markdown]
# The same runs, and two answers: much the same order where there is ink, clearly less over the whole image (notebook
# 07's number). Seven of ten squares hold no ink: to switch them off changes nothing, so what LIME gives them is noise.
# Neither number is wrong: **say over which pixels you compare**, and publish how far two seeds agree.
#
# Second, **retraining**. A second network, the same data, nearly the same accuracy, other first weights. Do they give
# the same reasons?

# %%
second = trained("second", digits, 600)
print(f"the second network: {accuracy(second, held_out):.1%} of held-out digits")
second = second.cpu()
retrained = {name: faithfulness.rank_correlation(maps[name], method(second, x, y, 1), where=ink).mean().item()
             for name, method in METHODS.items()}
for name, rho in sorted(retrained.items(), key=lambda pair: -pair[1]):
    print(f"{name:21} first against second network: {rho:.2f}")

# %% tags=["nbval-check-output"]
claims.at_least("retrained: the methods that cover parts agree between networks better than the gradient (by at least)",
                min(retrained[name] for name in ("occlusion", "LIME", "Shapley values")) - retrained["gradient"], 0.05)
claims.at_most("… the gradient's map of one network is not that of its twin (Spearman)", retrained["gradient"], 0.8)

# %% [markdown]
# Two networks that are about equally right do not have quite the same reasons, pixel by pixel. A gradient explains
# *this network*; about "why this is a 3" it says less. And a high score alone proves nothing: guided backprop has one
# because it draws the image, and the image itself would have 1.
#
# Together the two make another necessary condition. **Owed to training**: agreement with a network that learned the
# same, minus agreement with one that has no trained weight. Noise drawn anew gets about 0 − 0, image and edges 1 − 1:
# *no control gets beyond a few hundredths*, by construction. It does not confirm a map: one that draws the image for
# networks that are sure, and noise for others, would score 1.

# %%
owed = {name: retrained[name] - everything[name] for name in METHODS}
for name, share in sorted(owed.items(), key=lambda pair: -pair[1]):
    print(f"{name:21} owed to training: {share:.2f}")

# %% tags=["nbval-check-output"]
others = [share for name, share in owed.items() if name != "guided backprop"]
claims.at_least("guided backprop owes training the least (by at least)", min(others) - owed["guided backprop"], 0.1)

# %% [markdown]
# ## Find what was planted
#
# All tests so far lack the truth. So we make it: a **planted mark**. Half of the training digits get a faint pattern of
# dots in the top left corner, and a new network learns to tell marked from plain digits. Nothing else differs, so *no
# other reason is needed* (this is the truth about the data; that the network uses nothing else, we do not know). The
# mark was designed in notebook 08 so that intensity and Sobel miss it.

# %%
half = torch.rand(len(digits), generator=runtime.stream("mark")) < 0.5
planted, place = plant(digits, half)  # place: True in the 7 × 7 pixels of the mark
planted = replace(planted, labels=half.long().to(runtime.device), names=("plain", "marked"))
finder = trained("marked", planted, 200, shift=0)
finder = finder.cpu()
with_mark, is_marked = marked(x), torch.ones_like(y)
right = (finder(marked(held_out.images.cpu())).argmax(1) == 1).float().mean().item()
right_plain = (finder(held_out.images.cpu()).argmax(1) == 0).float().mean().item()
print(f"held-out digits: {right:.1%} of the marked and {right_plain:.1%} of the plain ones are told right")

# %% [markdown]
# Ways to score a find, all in `faithfulness.localisation`:
#
# - **AUC, square**: take a pixel of the mark's 7 × 7 square and one outside. The chance that the first has more
#   attribution. Guessing: 0.5.
# - **AUC, dots**: the same for the 16 pixels that were *changed*. The 33 gaps between them count neither as the mark nor
#   as the background: a map of patches may paint them, a map of pixels need not.
# - **pointing game**: does the highest pixel of all lie in the mark? Guessing: 0.06, the mark's share of the image.
# - **IoU**: the 49 highest pixels, as many as the mark has. Those in both, divided by those in either. Guessing: 0.03.
# - **mass**: which share of the positive attribution lies in the mark? Guessing: 0.06.

# %%
dots = (marked(black[:1]) > -1)[0, 0]  # (28, 28): the 16 pixels that were changed


def find(attribution):
    of_dots = faithfulness.localisation(attribution, dots, ignore=place & ~dots)["auc"]
    scores = faithfulness.localisation(attribution, place) | {"dots": of_dots}
    return {score: v.mean().item() for score, v in scores.items()}


bright = (with_mark + 1) / 2
mark_maps = {name: method(finder, with_mark, is_marked, 0) for name, method in everyone.items()}
mark_maps["local contrast"] = bright - avg_pool2d(bright, 3, 1, 1)
found = {name: find(m) for name, m in mark_maps.items()}
for name, scores in found.items():
    print(f"{name:21} square {scores['auc']:.2f}  dots {scores['dots']:.2f} ",
          "  ".join(f"{score} {scores[score]:.2f}" for score in ("pointing", "iou", "mass")),
          "   ← no model" if name not in METHODS else "")

# %%
some = ("gradient", "integrated gradients", "guided backprop", "Grad-CAM", "HiResCAM", "occlusion", "Shapley values")
show.attributions(with_mark[:6], {name: mark_maps[name][:6] for name in some},
                  alt="Six digits with dots in the top left corner. Occlusion, HiResCAM and Shapley values paint that "
                      "corner red, Grad-CAM also the strokes; gradient and guided backprop show red dots with blue "
                      "gaps in it, integrated gradients the dots alone.")

# %% [markdown]
# All paint that corner, yet over the square the AUC goes from 0.33 to 0.99! Before we blame a method: *could* it have
# passed? We score maps that are **perfect**, each of its own build, drawn by hand and without a network.

# %%
level = dots.float()[None, None]
perfect = {"the dots alone": level, "dots up, gaps down": 2 * level - place.float(), "the square": place[None, None].float(),
           "squares of 4 × 4": interpolate(avg_pool2d(level, 4), scale_factor=4)}
limits = {name: find(m) for name, m in perfect.items()}
show_table("The most that a build of map can score", ["perfect map", "AUC, square", "AUC, dots", "pointing", "IoU"],
           [[name, *(f"{row[score]:.2f}" for score in ("auc", "dots", "pointing", "iou"))]
            for name, row in limits.items()])

# %% [markdown]
# And notebook 08's other control, a twin with fresh weights: who finds the mark on a network that never learned of it? A
# map that does shows that the dots are bright, not that the network looks at them. So each method has to beat its own
# untaught map, too. (Grad-CAM and HiResCAM are taken *signed* in this notebook, without the cut at 0 of notebook 07: a
# cut makes ties.)

# %%
*_, (_, empty) = sanity.randomised(finder, seed=runtime.seed)
untaught = {name: find(METHODS[name](empty, with_mark, is_marked, 0))
            for name in ("gradient", "guided backprop", "HiResCAM", "occlusion")}
for name, row in untaught.items():
    print(f"{name} on a network with fresh weights: AUC, square {row['auc']:.2f}, dots {row['dots']:.2f}")

# %% tags=["nbval-check-output"]
claims.at_least("the network tells marked from plain digits", min(right, right_plain), 0.99)
claims.at_most("a perfect map of the dots alone cannot reach 0.9 over the square (AUC)",
               limits["the dots alone"]["auc"], 0.7)
claims.at_most("… one that is blue in the gaps is worse than guessing (AUC)", limits["dots up, gaps down"]["auc"], 0.5)
claims.at_least("… over the dots, every build can pass (lowest AUC of the perfect maps)",
                min(row["dots"] for row in limits.values()), 0.98)
for name in without_a_model:
    claims.at_most(f"over the square, the control misses the mark: {name} (AUC)", found[name]["auc"], 0.6)
for name in ("occlusion", "HiResCAM", "Shapley values"):
    claims.at_least(f"over the square, the mark is found: {name} (AUC)", found[name]["auc"], 0.9)
claims.at_least("the gradient's highest pixel lies in the mark (pointing game)", found["gradient"]["pointing"], 0.9)
claims.at_most("… and over the square the same maps are worse than guessing (AUC)", found["gradient"]["auc"], 0.5)
claims.at_least("… over the dots they are nearly perfect (AUC)", found["gradient"]["dots"], 0.95)
claims.at_least("… and so is local contrast, which saw no model (AUC)", found["local contrast"]["dots"], 0.95)

# %% [markdown]
# The network sees contrast: dots brighter, **gaps darker**. So the gradient is red on the 16 dots and blue, below the
# background, in the 33 gaps. Even a perfect map of that build gets 16/49 ≈ 0.33 over the square; one of the dots alone,
# as integrated gradients from black must be (a black gap gets 0), 0.66. A pass mark of 0.9 over the square *cannot be
# passed* by either: it would have tested the build, not the map. Over the dots, all can pass. **The score is part of
# the claim.** Decide on it, and on the sign, before you look; then score a perfect map.
#
# The price: dots are grey and four fifths of the image is black, so over the dots the image itself scores high. The bar
# is not 0.9 but the better control, and the method's own map of the network with fresh weights. And a control that
# nobody had thought of finds the dots better than any map of patches: **local contrast**, the brightness minus its mean
# over 3 × 3 pixels. To find such a mark, no model is needed.
#
# ### What is missing: baselines from the opposite class
#
# Now ask the reverse question: why is a digit called *plain*? Because the dots are **absent**. Their place is black,
# and so is the usual baseline: (pixel − baseline) is 0 there. The answer is to begin from the *opposite class*: the
# mean of marked digits.

# %%
def mass_in_corner(baseline, network=finder):
    m = explain.integrated_gradients(network, class_logit(0), x, baseline, steps=20)
    return faithfulness.localisation(m, place)["mass"].mean().item()


baselines = {"black": -1.0, "mean of plain digits": planted.images[~half].mean(0).cpu(),
             "mean of marked digits": planted.images[half].mean(0).cpu()}
absent = {name: mass_in_corner(baseline) for name, baseline in baselines.items()}
for name, share in absent.items():
    print(f"why “plain”? baseline {name:22}: {share:.2f} of the positive attribution lies where the mark would be")
opposite = baselines["mean of marked digits"]
distance = faithfulness.localisation((x - opposite).abs(), place)["mass"].mean().item()
print(f"of marked digits, without a trained weight: {mass_in_corner(opposite, empty):.2f}; distance alone: {distance:.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("why “plain”: from a black baseline, nothing lies where the mark is missing (mass)",
               absent["black"], 0.06)
claims.at_least("… from the mean of the opposite class, most of it does (mass)", absent["mean of marked digits"], 0.5)

# %% [markdown]
# Is that corner large only because the baseline is different there? No: without a trained weight, and by distance
# alone, it gets about what guessing gives.
#
# ## Do the methods agree?
#
# In practice one often compares two methods, and is relieved when they agree. How often do they?

# %%
names = list(contestants)
agree = {a: {b: faithfulness.rank_correlation(contestants[a], contestants[b], where=ink).mean().item() for b in names}
         for a in names}
short = ["grad", "smooth", "IG", "guided", "GrCAM", "HiRes", "occl", "LIME", "Shap", "random", "image", "Sobel"]
print(" " * 21, *(f"{b:>6}" for b in short))
for a in names:
    print(f"{a:21}", *(f"{agree[a][b]:6.2f}" for b in names))

# %% tags=["nbval-check-output"]
claims.at_least("LIME and Shapley values, two ways to cover the same squares, agree (Spearman)",
                agree["LIME"]["Shapley values"], 0.7)
claims.at_least("… better, by at least 0.3, than the gradient agrees with Shapley values",
                agree["LIME"]["Shapley values"] - agree["gradient"]["Shapley values"], 0.3)

# %% [markdown]
# Two methods that agree may do so because they are **built alike**: LIME and Shapley values (0.93), the gradient and
# its mean, SmoothGrad (0.94). Two that differ may answer different questions. And guided backprop agrees best with a
# map that saw no model, the image (0.74). Agreement is no test either.
#
# ## Reliability validation, done properly
#
# **Who tests the tests?** Nobody knows the true map, so a test of maps cannot be checked against it. Hedström and
# others (*MetaQuantus*, 2023) show published tests of faithfulness that put the same methods into different orders, and
# ask of a test, too, that a tiny change hardly moves its score and that nonsense does. Tomsett and others (2020) found
# that such scores order the methods differently from picture to picture. And Bilodeau and others (2024) *prove* a
# limit: for models as rich as neural networks, methods that share out the output completely and are linear in the
# model, such as integrated gradients and SHAP, can be no better than guessing at what the model does when its input
# changes. Their advice: say what you need to know, and ask the *model* that, again and again. Insertion and deletion
# ask the model about pictures half one, half another, and a planted mark asks a model that was trained for the purpose:
# each with a catch of its own.
#
# Now all of it together, as A3 should have: only held-out digits, the networks **trained anew for each seed**, other
# digits, noise and order of equal pixels, too. `course record trust` made it with the code of this notebook. No method
# was tuned on these seeds; but the claims about the fill, true labels and “plain” were worded after some had been seen.
# The table shows the median over seeds; in brackets what is good (±: near 0).
#
# Four more maps that never saw the model do *not* set the bar. They show how often such a map passes: **new noise**,
# the **blurred image**, **local contrast**, and the **difference** from the digit that fills it.

# %%
OUTSIDERS = ("random, another", "blurred image", "local contrast", "difference")
runs = {name: dict(trials["runs"][name]) for name in (*METHODS, *without_a_model, *OUTSIDERS)}
seeds = list(runs["gradient"])
for row in runs.values():
    for s, scores in row.items():
        row[s] = scores | {"owed to training": scores["retrained"] - scores["fresh weights"]}
TESTS = {"fresh weights": "±", "shuffled labels": "±", "owed to training": "high", "deletion, digits": "low",
         "insertion, digits": "high", "insertion, black": "high", "infidelity": "low", "mark: dots": "high",
         "mark: square": "high", "sensitivity": "low"}
header = ["method", *(f"{test} ({good})" for test, good in TESTS.items())]
table = [[name, *(f"{median(run[test] for run in row.values()):.2f}" for test in TESTS)] for name, row in runs.items()]
print(trials["machine"], "·", trials["settings"]["networks"])
show_table(f"Medians over seeds {', '.join(seeds)} (the last seven rows never saw the model)", header, table)

# %% [markdown]
# When does a method *pass*? It must beat the **best of the three controls**, seed by seed on the same networks and
# digits; for the mark, also its own map of a network with fresh weights. The **margin** is by how much. A pass is a
# margin above 0 on at least nine of ten seeds. A coin does that in 1 of 93 cells of the table; a fourth map just like the
# three controls, which is best of four one time in four, in 1 of 33,000. (The cells are not independent: they share
# networks and digits.)
#
# Not judged: the two sanity checks, which can only *reject*; max-sensitivity; in infidelity, maps that promise no
# slope; and the mark's square, which two builds of map cannot pass (left out *after* we had seen that, against our own
# advice).

# %%
JUDGED = ("owed to training", "deletion, digits", "insertion, digits", "insertion, black", "infidelity", "mark: dots")
needed = len(seeds) - 1 if len(seeds) >= 10 else len(seeds)


def asked_of(name, test):
    """Only a slope promises what a small change of a pixel does."""
    return test != "infidelity" or name in ("gradient", "SmoothGrad", "guided backprop")


def margin(name, test, s):
    """By how much a map beats the best control that is not itself; above 0: beaten."""
    sign = -1 if TESTS[test] == "low" else 1
    bar = [sign * runs[control][s][test] for control in without_a_model if control != name]
    if test == "mark: dots" and name in METHODS:
        bar.append(runs[name][s]["mark: dots, fresh weights"])
    return sign * runs[name][s][test] - max(bar)


margins = {name: {test: [margin(name, test, s) for s in seeds] for test in JUDGED} for name in runs}
won = {name: {test: sum(m > 0 for m in row[test]) for test in JUDGED} for name, row in margins.items()}
by_luck = sum(comb(len(seeds), k) for k in range(needed, len(seeds) + 1)) / 2 ** len(seeds)
print(f"a pass: a margin above 0 on at least {needed} of {len(seeds)} seeds; a coin does that in {by_luck:.1%} of cases")

# %%
TOLD = ("integrated gradients", "occlusion", "LIME", "Shapley values")
rows = [[name, *(f"{median(f(s, which) for s in seeds):.3f}" for which in ("insertion", "deletion")
                 for f in (lambda s, which, name=name: runs[name][s][f"{which}, digits"],
                           lambda s, which, name=name: trials["runs"]["told the fill"][s][f"{name}, {which}"]))]
        for name in TOLD]
show_table("Medians on digits, where black stands for what is absent, or the digit that fills",
           ["method", "insertion, black", "told the fill", "deletion, black", "told the fill"], rows)


# %%
def verdict_of(name, test):
    m = margins[name][test]
    if name in METHODS and not asked_of(name, test):
        return f"not asked ({median(m):+.3f})"
    return f"✓ {median(m):+.3f}" if won[name][test] >= needed else f"{won[name][test]}: {min(m):+.3f} to {max(m):+.3f}"


show_table(f"✓ and the median margin, or the number of {len(seeds)} seeds with a margin above 0, and the range of margins",
           ["method", *JUDGED], [[name, *(verdict_of(name, test) for test in JUDGED)] for name in METHODS])

# %% [markdown]
# And the same rule for maps **without a model**. Each control must beat the other two: that is how often it would pass
# where nobody had thought of it.

# %%
show_table("The same for maps that never saw the model", ["map", *JUDGED],
           [[name, *(verdict_of(name, test) for test in JUDGED)] for name in (*without_a_model, *OUTSIDERS)])
bar = {"best control": [0.0] * len(seeds)}
show.dots({f"margin: {test}": bar | {name: margins[name][test] for name in (*METHODS, *OUTSIDERS)}
           for test in ("insertion, digits", "deletion, digits", "infidelity")}, control="best control",
          alt="Margins of nine methods and four maps without a model over the best control, which is a line at 0; one dot "
              "a seed. On digits the difference lies farthest to the right in insertion and in deletion; in infidelity "
              "gradient, SmoothGrad, integrated and guided gradients lie clearly to the right, occlusion narrowly.")

# %% tags=["nbval-check-output"]
def over_seeds(statement, values, bound, op=">="):
    claims.over_seeds(f"over seeds: {statement}", dict(zip(seeds, values, strict=True)), bound, op, at_least=needed)


def score(name, test):
    return [run[test] for run in runs[name].values()]


for test in ("fresh weights", "shuffled labels"):
    over_seeds(f"guided backprop is rejected by the check with {test} (Spearman)", score("guided backprop", test), 0.5)
for name in ("gradient", "integrated gradients", "occlusion", "LIME"):
    over_seeds(f"{name} keeps nothing of its map with fresh weights (size of Spearman)",
               map(abs, score(name, "fresh weights")), 0.25, "<=")
for name, op, bound in (("gradient", ">=", 0.2), ("guided backprop", "<=", 0.15)):
    over_seeds(f"{name}: nearer to the reader's map if 600 labels are true, than if they are shuffled (by)",
               [run["600 true labels"] - run["shuffled labels"] for run in runs[name].values()], bound, op)
over_seeds("guided backprop, no trained weight: its order is much that of the brightness (Spearman)",
           [r["guided backprop, fresh weights, intensity"] for r in trials["runs"]["agreement"].values()], 0.5)
over_seeds("guided backprop owes training the least of all methods (by)",
           [min(margins[name]["owed to training"][i] for name in METHODS if name != "guided backprop") -
            margins["guided backprop"]["owed to training"][i] for i in range(len(seeds))], 0.1)
over_seeds("no map without a model owes anything to training (the highest)",
           [max(runs[name][s]["owed to training"] for name in (*without_a_model, *OUTSIDERS)) for s in seeds], 0.1, "<=")

# %% tags=["nbval-check-output"]
over_seeds("the image's deletion score on digits: ties by place cost it (difference)",
           [a - b for a, b in zip(score("intensity", "deletion, digits, ties by place"),
                                  score("intensity", "deletion, digits"), strict=True)], 0, ">")
by_order = "deletion, digits, ties by place"
placed = [min(runs[control][s][by_order] for control in without_a_model) - runs["occlusion"][s][by_order]
          for s in seeds]
over_seeds("… with ties by place, occlusion would pass it (margin)", placed, 0, ">")
over_seeds("… for they flatter its margin (by)",
           [a - b for a, b in zip(placed, margins["occlusion"]["deletion, digits"], strict=True)], 0, ">")


# %% tags=["nbval-check-output"]
def best(test, s):
    """The methods with the best score; several, where they are equal."""
    sign = -1 if TESTS[test] == "low" else 1
    top = max(sign * runs[name][s][test] for name in METHODS)
    return {name for name in METHODS if sign * runs[name][s][test] == top}


PICKY = ("deletion, digits", "insertion, digits", "infidelity", "mark: dots")
firsts = {s: [best(test, s) for test in PICKY] for s in seeds}
claims.at_most("methods that pass all the tests that they are asked (how many of nine)",
               sum(all(won[name][test] >= needed for test in JUDGED if asked_of(name, test)) for name in METHODS), 0)
over_seeds("no method is first in all tests of faithfulness and of finding (most firsts of four)",
           [max(sum(name in names for names in row) for name in METHODS) for row in firsts.values()], 3, "<=")

# %% tags=["nbval-check-output"]
over_seeds("occlusion inserts better on other digits than the best of the three controls (margin)",
           margins["occlusion"]["insertion, digits"], 0, ">")
for which, sign in (("insertion, digits", 1), ("deletion, digits", -1)):
    over_seeds(f"… but the difference, without a model, beats all nine methods: {which} (by)",
               [sign * runs["difference"][s][which] - max(sign * runs[m][s][which] for m in METHODS) for s in seeds],
               0, ">")
knowing = trials["runs"]["told the fill"]
gains = [min(knowing[s][f"{m}, insertion"] - runs[m][s]["insertion, digits"] for m in TOLD) for s in seeds]
over_seeds("told the fill, each of four methods inserts better than from black (least gain)", gains, 0.1)
ahead = [max(knowing[s][f"{m}, insertion"] for m in TOLD) - runs["difference"][s]["insertion, digits"] for s in seeds]
over_seeds("… the best of them inserts as well as the difference, or better (margin)", ahead, -0.02)
over_seeds("… and integrated gradients delete better than the difference (by)",
           [runs["difference"][s]["deletion, digits"] - knowing[s]["integrated gradients, deletion"] for s in seeds],
           0, ">")

# %% tags=["nbval-check-output"]
over_seeds("the gradient has the least infidelity of all methods (1: yes)",
           [int(best("infidelity", s) == {"gradient"}) for s in seeds], 1)
over_seeds("… and inserts worse on other digits than the best control (margin)",
           margins["gradient"]["insertion, digits"], 0, "<")
noise_there = {s: runs["random"][s]["insertion, black"] for s in seeds}
over_seeds("on black, the image itself goes more than half the way from noise to the best method (share)",
           [(runs["intensity"][s]["insertion, black"] - noise_there[s]) /
            (max(runs[m][s]["insertion, black"] for m in METHODS) - noise_there[s]) for s in seeds], 0.5)

# %% tags=["nbval-check-output"]
for name in ("gradient", "integrated gradients", "occlusion", "LIME", "Shapley values"):
    over_seeds(f"{name}: finds the dots better than the three controls (margin)", margins[name]["mark: dots"], 0, ">")
over_seeds("… and so does local contrast, without a model (margin)", margins["local contrast"]["mark: dots"], 0, ">")
coarse = ("Grad-CAM", "HiResCAM", "occlusion", "LIME", "Shapley values")
over_seeds("… better than every method that paints patches (by)",
           [runs["local contrast"][s]["mark: dots"] - max(runs[m][s]["mark: dots"] for m in coarse) for s in seeds],
           0, ">")
over_seeds("over the dots, the image itself scores high (AUC)", score("intensity", "mark: dots"), 0.8)
over_seeds("a perfect map of squares of the gradient still misses most (infidelity)",
           [row["infidelity, squares"] for row in trials["runs"]["ceilings"].values()], 0.85)
asked_twice = trials["runs"]["LIME asked again"].values()
over_seeds("LIME with 1,000 samples, another seed: over the ink (Spearman)", [r["1000, ink"] for r in asked_twice], 0.9)
over_seeds("… lower over the whole image (by)", [r["1000, ink"] - r["1000, whole image"] for r in asked_twice], 0.1)
plain = trials["runs"]["why plain"].values()
for words, bound in (("fresh weights", 0.25), ("distance alone", 0.1)):
    over_seeds(f"why “plain”, from marked digits: {words} put little in the corner (mass)",
               [r[f"mean of marked digits, {words}"] for r in plain], bound, "<=")
networks = trials["runs"]["networks"].values()
over_seeds("A3's validation of the parrot (share right)", [n["shuffled"]["trained on"] for n in networks], 0.98)
over_seeds("… on held-out digits (share right)", [n["shuffled"]["held out"] for n in networks], 0.2, "<=")

# %%
for name in METHODS:
    failed = [test for test in JUDGED if asked_of(name, test) and won[name][test] < needed]
    print(f"{name:21} passes all but", ", ".join(failed) or "none")
for s, winners in firsts.items():
    print(f"seed {s}: best in", "; ".join(f"{test}: {' = '.join(n for n in METHODS if n in names)}"
                                          for test, names in zip(PICKY, winners, strict=True)))

# %% [markdown]
# **What the tables say.** Guided backprop, the sharpest map, is rejected by both sanity checks on every seed, and owes
# training the least. Gradient and SmoothGrad foretell small changes best (and miss more than half), and on digits they
# always insert worse than the best control. HiResCAM deletes better than the controls on eight seeds, which is no pass.
# Grad-CAM, on A3's flattened head, loses to a control in insertion and deletion. Occlusion passes all that it is asked
# but deletion. Look at the margins before the ticks.
#
# The lower table is the sobering one. On other digits the **difference** passes insertion and deletion by wider margins
# than any method that was not told the fill; the blurred image passes insertion; **local contrast** finds the dots; the
# image itself passes four of the six as soon as it is not the bar. So a ✓ there does *not* show that a map speaks about
# the model: the three controls were too weak to tell. What no map without a model passes, by construction, is what is
# owed to training.
#
# | test | who can pass it |
# |---|---|
# | fresh weights, shuffled labels | noise drawn anew; frozen noise, the image and its edges never. They reject, and do not confirm |
# | owed to training | any method; no control, by construction. A low bar: guided backprop passes it, too |
# | insertion, deletion on digits | from black: HiResCAM, occlusion in insertion, nobody in deletion. Knowing the fill: also without a model |
# | insertion on black | the gradient's relatives and occlusion, by hundredths: the bar is the image itself |
# | infidelity of small noise | slopes: others are not asked. A map of squares misses about nine tenths |
# | mark: dots | every build of map (a perfect one scores 0.99 and more), and local contrast |
# | mark: square at 0.9 | maps of patches; a perfect map of the dots reaches 0.66, with blue gaps 0.33 |
# | max-sensitivity | frozen noise is perfect; no bar makes sense |
#
# So there is no best method. There is a method for a question, a control for every score, and for every control
# somebody who thinks of a stronger one.
#
# Does this notebook's own run fit the recorded medians? Networks and digits differ (30 here, 25 there), so not exactly. In
# insertion on digits a single run can be off by more than the margins by which methods pass: hence ten seeds, and
# margins taken seed by seed.

# %%
live = {"fresh weights": everything, "shuffled labels": shuffled, "infidelity": missed, "retrained": retrained,
        "mark: square": {name: found[name]["auc"] for name in METHODS},
        "mark: dots": {name: found[name]["dots"] for name in METHODS},
        "insertion, digits": {name: on_digits[name]["insertion"].mean().item() for name in METHODS},
        "insertion, black": {name: on_black[name]["insertion"].mean().item() for name in METHODS}}
for test, scores in live.items():
    here = torch.tensor([scores[name] for name in METHODS])
    there = torch.tensor([median(run[test] for run in runs[name].values()) for name in METHODS])
    print(f"{test:18} this run against the recorded: largest difference {(here - there).abs().max():.2f}")

# %% [markdown]
# ## What to do in practice
#
# 1. **Say what you ask.** "What if this pixel changed a little?" (gradient, judged by infidelity), "what if this part
#    were gone?" (occlusion, LIME, Shapley values, judged by deletion), "why this class and not that one?" (baseline
#    from the other class).
# 2. **Hold out first, split before training**, and explain pictures that the model has not seen.
# 3. **Break the model**: fresh weights, shuffled labels. Discard methods whose maps do not notice; guided backprop is
#    discarded here.
# 4. **Plant a cause** in your own data and look for it with your own pipeline. Choose score and sign beforehand.
# 5. **Print the controls** beside every score: noise, the image, its edges, its contrast, whatever the test is made of.
# 6. **Repeat**: two seeds of the method, two trained networks. Report the spread.
# 7. **Use two methods of different build**, and treat a disagreement as a finding.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A3 | "reliability validation": split, measure, look at one picture | the split came after training. A network with senseless labels gets full marks, and the picture looks as convincing |
# | A3 | explaining a model raises its reliability | an explanation changes nothing in the model; the sharpest one here depended little on it |
# | A3 | explanations may be inaccurate | yes, and measurably: no method was shown to beat the controls in every test that it was asked |
# | A5 | Grad-CAM shows the regions that matter | with A3's flattened head not reliably: see its rows above; notebook 07 says why |
#
# ## Exercises
#
# **1. Deletion.** We wrote insertion. Write its counterpart for a flat picture of $P$ pixels. `value(picture)` gives a
# number, `order` lists the pixels, the most important first. Take the pixels out one after the other, and return the
# mean of the $P + 1$ values (or the area by the trapezoid rule, divided by $P$).

# %% tags=["exercise"]
def deletion(value, image, order, fill):  # image, order, fill: (P,)
    ...  # your lines, ending in: return …


check.deletion(deletion)

# %% [markdown]
# <details><summary>Hint 1</summary>With nothing taken out yet, value is asked about the whole image; at the end, about the fill.</details>
# <details><summary>Hint 2</summary>Work on a clone; a pixel that has been taken out stays out.</details>
# <details><summary>Hint 3</summary>One list of values, one loop over the order, one change of the clone a turn.</details>

# %% tags=["solution"]
def solution_deletion(value, image, order, fill):
    picture = image.clone()
    values = [value(picture)]
    for pixel in order:
        picture[pixel] = fill[pixel]
        values.append(value(picture))
    return sum(values) / len(values)


check.deletion(solution_deletion, solution=True)

# %% [markdown]
# **2. Find the leak.** This is A3's validation in three lines. Write one that does not leak. (`train` gives a fresh
# network each time; `data` is in random order already.)
#
# ```
# network = train(data)
# training_part, validation_part = data[20:], data[:20]
# return score(network, validation_part)
# ```

# %% tags=["exercise"]
def validate(data, train, score):  # a list of 100 examples; train(list) → network; score(network, list) → number
    ...  # your lines, ending in: return …


check.validate(validate)

# %% [markdown]
# <details><summary>Hint 1</summary>Which examples has the network seen when it is scored?</details>
# <details><summary>Hint 2</summary>The lines are in the wrong order, and one name is never used.</details>
# <details><summary>Hint 3</summary>Divide before anything learns.</details>

# %% tags=["solution"]
def solution_validate(data, train, score):
    seen, unseen = data[:80], data[80:]
    return score(train(seen), unseen)


check.validate(solution_validate, solution=True)

# %% [markdown]
# **3. The right baseline.** You ask why a picture is called class $k$, and suspect that the reason is something it does
# *not* have. From which picture should integrated gradients begin? Compute that one picture from images and labels.

# %% tags=["exercise"]
def baseline(images, labels, k):  # (N, 1, H, W), (N,), a class
    ...  # your line: return …


check.baseline(baseline)

# %% [markdown]
# <details><summary>Hint 1</summary>What the picture lacks must be present in the baseline.</details>
# <details><summary>Hint 2</summary>So ask all the pictures that are called something else, together.</details>
# <details><summary>Hint 3</summary>A comparison of the labels with $k$ chooses the images; then take their mean along the first axis.</details>

# %% tags=["solution"]
def solution_baseline(images, labels, k):
    return images[labels != k].mean(dim=0)


check.baseline(solution_baseline, solution=True)

# %% [markdown]
# **4. A verdict on one run.** Given a method's score, the controls' scores (a dictionary, by name), and whether higher
# is better (True or False): has the method beaten every control? (To have shown something, it must do so over many
# seeds.)

# %% tags=["exercise"]
def verdict(score, control_scores, higher):
    ...  # your lines: return True or False


check.passes(verdict)

# %% [markdown]
# <details><summary>Hint 1</summary>One opponent that never saw the model and does as well is one too many.</details>
# <details><summary>Hint 2</summary>Which single control is the hardest to beat, if higher is better? And if lower is?</details>
# <details><summary>Hint 3</summary>A draw is not enough: compare with < and >, without =.</details>

# %% tags=["solution"]
def solution_verdict(score, control_scores, higher):
    rivals = control_scores.values()
    return score > max(rivals) if higher else score < min(rivals)


check.passes(solution_verdict, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - A convincing picture is no evidence. The sharpest map stays much the same when the model forgets everything.
# - A test may be passed by something worthless: sanity checks and stability by noise (not the same), insertion on digits
#   by the difference, a planted mark by local contrast. Print the controls, and combine tests.
# - A pass mark needs a margin, its chance level, and a perfect map that can reach it. Ties go at random, by a seed.
# - The score is part of the claim: absolute or signed, whole image or ink, AUC or pointing game, black or other digits.
# - Tests ask different questions, and no method wins all. Choose the method by the question.
# - **Strengths** of such a validation: it can fail, it needs no human judgement, the planted mark gives the truth.
#   **Limits:** small networks on digits; 25 pictures a seed; a planted mark is a simpler reason than real ones;
#   other settings (baselines, segments, noise) give other numbers.
# - **Software:** `course_lib.metrics.faithfulness` and `sanity`; captum has infidelity and max-sensitivity, Quantus
#   (for tests only in this course) has most of these measures.
#
# ## Further reading
#
# - J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt, B. Kim. *Sanity checks for saliency maps.* NeurIPS 2018.
# - W. Nie, Y. Zhang, A. Patel. *A theoretical explanation for perplexing behaviors of backpropagation-based
#   visualizations.* ICML 2018. Why guided backprop draws the image.
# - A. Binder, L. Weber, S. Lapuschkin, G. Montavon, K.-R. Müller, W. Samek. *Shortcomings of top-down
#   randomization-based sanity checks for evaluations of deep neural network explanations.* CVPR 2023.
# - A. Hedström, L. Weber, S. Lapuschkin, M. Höhne. *Sanity checks revisited: an exploration to repair the model
#   parameter randomisation test.* NeurIPS 2023 workshop XAI in Action.
# - A. Hedström, P. Bommer, K. Wickstrøm, W. Samek, S. Lapuschkin, M. Höhne. *The meta-evaluation problem in explainable
#   AI: identifying reliable estimators with MetaQuantus.* Transactions on Machine Learning Research 2023.
# - B. Bilodeau, N. Jaques, P. W. Koh, B. Kim. *Impossibility theorems for feature attribution.* Proceedings of the
#   National Academy of Sciences 121 (2), 2024.
# - J. T. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller. *Striving for simplicity: the all convolutional net.*
#   ICLR workshop 2015. Guided backpropagation.
# - D. Smilkov, N. Thorat, B. Kim, F. Viégas, M. Wattenberg. *SmoothGrad: removing noise by adding noise.* 2017.
# - V. Petsiuk, A. Das, K. Saenko. *RISE: randomized input sampling for explanation of black-box models.* BMVC 2018.
#   Insertion and deletion.
# - C.-K. Yeh, C.-Y. Hsieh, A. Suggala, D. Inouye, P. Ravikumar. *On the (in)fidelity and sensitivity of explanations.*
#   NeurIPS 2019.
# - J. Zhang, S. A. Bargal, Z. Lin, J. Brandt, X. Shen, S. Sclaroff. *Top-down neural attention by excitation backprop.*
#   International Journal of Computer Vision 2018. The pointing game.
# - P. Sturmfels, S. Lundberg, S.-I. Lee. *Visualizing the impact of feature attribution baselines.* Distill 2020.
# - R. Tomsett, D. Harborne, S. Chakraborty, P. Gurram, A. Preece. *Sanity checks for saliency metrics.* AAAI 2020. The
#   tests, tested.
