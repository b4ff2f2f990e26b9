# %% [markdown]
# # 10.3 Do the best pixels convince the model?
#
# A map says which pixels matter. So show the model these pixels first: if the map is right, the model should soon be
# sure. This test is called insertion. It asks the model itself, and it looks fair. Lesson 7.5 used it on twelve digits.
# Here we test the test: on ten recorded seeds, with other fills, against stronger maps that never saw a model, and with
# equal pixels in different orders.
#
# **You need** [lesson 10.1](1_a_convincing_picture.ipynb) (the nine methods, the three controls) and
# [7.5](../07_explain_a_classifier/5_controls.ipynb) (insertion). **You will** compute insertion and deletion, turn a
# verdict round by the fill, look for stronger controls, and break ties fairly. About 30 minutes to read and run, 50
# with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import warnings

import torch
from torch.nn.functional import avg_pool2d

from course_lib import explain
from course_lib.chapters import syllabus
from course_lib.chapters.ch10_trust.figures import coming_in, ranked
from course_lib.chapters.ch10_trust.methods import METHODS
from course_lib.chapters.ch10_trust.networks import reader
from course_lib.chapters.ch10_trust.trials import Trials
from course_lib.data import load
from course_lib.explain import class_logit
from course_lib.explain.controls import control_maps
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import faithfulness
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("10.3", runtime)
check = syllabus.checks("10")
ask = syllabus.questions("10.3")
print(runtime.describe())
print(syllabus.time_of("10.3"))

# %% [markdown]
# As before: the reader, 30 held-out digits `x` with labels `y`, the maps of nine methods, and three controls, which
# never saw the model. Grad-CAM comes twice: signed, as in this chapter, and cut off at 0, as published. `other` holds
# for each digit a digit of *another* class.

# %%
held_out, model = load("digits", runtime, split="test"), reader(runtime).cpu()
n = runtime.pick(smoke=4, course=30)
x, y = held_out.images[:n].cpu(), held_out.labels[:n].cpu()
pool, pool_labels = held_out.images[n:].cpu(), held_out.labels[n:].cpu()
other = torch.stack([pool[pool_labels != k][i] for i, k in enumerate(y)])
black = torch.full_like(x, -1)

maps = {name: method(model, x, y, 0) for name, method in METHODS.items()}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says where nothing is left after the cut
    maps["Grad-CAM, cut at 0"] = explain.grad_cam(model, class_logit(y), x, "body.4")
model_free_explainers = control_maps(x, seed=runtime.seed)
contestants = maps | model_free_explainers


def probability(images):  # of the true class, one number a picture
    with torch.no_grad():
        return model(images).softmax(1).gather(1, y[: len(images), None])[:, 0]


# %% [markdown]
# ## Pixel after pixel
#
# Start from another picture, the **fill**: black, or another digit. Put in the pixels of the digit in 28 equal parts,
# those with the highest attribution first, and ask the model after each part. The probability of the class should rise.
# **Insertion** is the mean height of this curve: the area under it, where the share of pixels runs from 0 to 1. Higher
# is better. **Deletion** starts from the digit and takes the best pixels *out* first: the fill comes in their place.
# Its curve should fall fast, so lower is better. Equal pixels go in a random order, from a seed that we state; the end
# of this lesson shows why.

# %%
def insertion(value, image, attribution, fill, ties, parts=28):  # image, fill, attribution: (1, 28, 28)
    shuffled = torch.rand(784, generator=ties).argsort()  # the stable sort below keeps equals as they come: shuffled
    places = shuffled[attribution.flatten()[shuffled].argsort(descending=True, stable=True)]
    heights, pictures = [], []
    for part in range(parts + 1):
        picture = fill.flatten().clone()
        shown = places[: part * 784 // parts]
        picture[shown] = image.flatten()[shown]
        pictures.append(picture.view(1, 28, 28))
        heights.append(value(pictures[-1][None]).item())
    area = (sum(heights) - (heights[0] + heights[-1]) / 2) / parts
    return area, heights, torch.stack(pictures)


first, ours, at = {}, {}, [0, 2, 4, 7, 14, 21, 28]
for words, fill in (("on black", black[0]), ("on another digit", other[0])):
    lots = torch.Generator().manual_seed(seed)
    ours[words], rise, pictures = insertion(probability, x[0], maps["LIME"][0], fill, lots)
    first[words] = pictures[at], [rise[i] for i in at]
library = faithfulness.insertion_deletion(probability, x[:1], maps["LIME"][:1], black[:1], seed=seed)["insertion"]
print(f"LIME on the first digit, on black: ours {ours['on black']:.4f}, the library's {library.item():.4f}")
coming_in(first, [i / 28 for i in at],
          title=f"LIME's best pixels come in: above, their share; below, the probability of “{int(y[0])}”",
          alt="Two rows of seven pictures. Above, squares of a digit appear on black; below, on another digit. The "
              "probability of the class under them rises from near 0 to 1, on black sooner.")

# %% [markdown]
# **Exercise 1. Finish the line: deletion.** `area(image, attribution, fill)` is the area under the *insertion* curve:
# it begins with the fill and ends with the image, the most important pixels first. Return the area under the
# *deletion* curve, with the help of `area`.

# %% tags=["exercise"]
def deletion(area, image, attribution, fill):
    return ...  # your line


check.deletion(deletion)

# %% [markdown]
# <details><summary>Hint 1</summary>It is not 1 minus insertion. Which picture does deletion begin with, and which comes in?</details>
# <details><summary>Hint 2</summary>Call area, and think of who plays the image and who the fill.</details>

# %% tags=["solution"]
def solution_deletion(area, image, attribution, fill):
    return area(image=fill, attribution=attribution, fill=image)


check.deletion(solution_deletion, solution=True)

# %% [markdown]
# Now the maps take the test: nine methods, Grad-CAM once more, and three that never saw the model. First on black.

# %%
ask.predict("image")

# %%
def scores_on(fill, these):
    return {name: faithfulness.insertion_deletion(probability, x, m, fill, seed=seed) for name, m in these.items()}


def means(scores, which="insertion"):
    return {name: score[which].mean().item() for name, score in scores.items()}


on_black, on_digits = scores_on(black, contestants), scores_on(other, contestants)
ranked({"insertion on black (higher is better)": means(on_black)}, model_free_explainers, best="high",
       title="On black, the picture itself comes close to the best",
       alt="Insertion on black of nine methods and three controls. The image itself stands in the middle of the list, "
           "close to the best; noise and both Grad-CAMs are far below.")

# %% tags=["nbval-check-output"]
trials = Trials()
heights = means(on_black)
claims.at_most("our insertion is the library's (difference)", abs(ours["on black"] - library.item()), 1e-5)
lead = max(heights[name] for name in METHODS) - heights["random"]
claims.at_least("insertion on black: the image itself goes more than half the way from noise to the best method "
                "(share)", (heights["intensity"] - heights["random"]) / lead, 0.5)
noise, picture = trials.of("random", "insertion, black"), trials.of("intensity", "insertion, black")
top = {s: max(trials.of(name, "insertion, black")[s] for name in METHODS) for s in trials.seeds}
claims.over_seeds("over seeds: on black, the image itself goes more than half the way from noise to the best method "
                  "(share)", {s: (picture[s] - noise[s]) / (top[s] - noise[s]) for s in trials.seeds}, 0.5, at_least=9)

# %% [markdown]
# `intensity`, the picture itself, saw no model, and comes close to the best. Of the nine methods it clearly beats two,
# Grad-CAM and HiResCAM. LIME and Shapley values, just above and below it, are draws (on ten seeds they win five and four times,
# 10.5). Of course: put the bright pixels of a 3 on black, and you have drawn a 3. On black, insertion mostly asks
# "where is the digit?", and for that nobody needs a model. Moreover, half a digit on black is a picture of a kind that
# the model was never trained on. *Any* answer to it may be an accident. (Hooker and others, 2019, train a new model on
# such pictures. But then another model answers.)
#
# ## Another fill
#
# So we fill with **another digit**, of another class (the lower row of the first figure). Now both ends are pictures of
# the kind that the model knows, and the pixels put in must turn, say, a 1 into a 0. (Half-way is still a strange
# mixture.)

# %%
ranked({"insertion on another digit (higher is better)": means(on_digits)}, model_free_explainers, best="high",
       title="On another digit, only HiResCAM and occlusion lie clearly above the edges",
       alt="Insertion on another digit of nine methods and three controls. HiResCAM and occlusion lead, Grad-CAM cut "
           "at 0 and Sobel follow; Grad-CAM, guided backprop, gradient and SmoothGrad stand below the image itself, "
           "the last three near noise.")

# %% tags=["nbval-check-output"]
def beats(name, scores):
    insert = means(scores)
    return insert[name] > max(insert[control] for control in model_free_explainers)


for name in ("occlusion", "HiResCAM"):
    claims.true(f"on other digits, {name} beats all three controls in insertion", beats(name, on_digits))
claims.true("on other digits, the image itself beats guided backprop in insertion",
            not beats("guided backprop", on_digits))
claims.over_seeds("over seeds: occlusion inserts better on other digits than the best of the three controls (margin)",
                  trials.margins("occlusion", "insertion, digits"), 0, ">", at_least=9)

# %% [markdown]
# The edges, `Sobel`, are strong now. A guess why: next to a stroke lie the black pixels that wipe out the other digit.
# Only HiResCAM and occlusion stand clearly above the edges, perhaps because they paint *soft patches*: a patch around a
# stroke wipes out the other digit, too. (Patches alone are not enough: LIME and Shapley values paint squares, and stay
# below the edges. We come back to "soft".) Here the seven other methods **insert worse than a map that saw no model**
# (on ten seeds all seven fail the bar, 10.5).
#
# So the winners on black and on another digit are not the same: no map has changed, only the fill. How far can a fill
# go? Take the simplest model, $f(x) = \sum_i w_i x_i$. On black ($-1$) the right order is known: the largest
# $w_i (x_i + 1)$ first.
#
# **Exercise 2. Build it: turn the verdict round.** `good` lists the $P$ pixels in this right order, `poor` from back to
# front. Pixels come in one by one; the area is that under $f$. On black `good` inserts better. Return a fill, $(P,)$,
# on which `poor` does. Its pixels may have any values.

# %% tags=["exercise"]
def lucky_fill(weights, image, good, poor):  # (P,), (P,), P positions twice
    ...  # your lines, ending in: return …


check.lucky_fill(lucky_fill)

# %% [markdown]
# <details><summary>Hint 1</summary>Bringing in pixel i raises f by its weight times (its value in the image − its value in the fill).</details>
# <details><summary>Hint 2</summary>Where image and fill are alike, nothing happens. So let them differ in one pixel only, and choose which.</details>
# <details><summary>Hint 3</summary>The last pixel of good is the first of poor. Bringing it in should raise f: mind the sign of its weight.</details>

# %% tags=["solution"]
def solution_lucky_fill(weights, image, good, poor):
    fill = image.clone()
    fill[poor[0]] = image[poor[0]] - weights[poor[0]].sign()
    return fill


check.lucky_fill(solution_lucky_fill, solution=True)

# %% [markdown]
# ## Two more controls
#
# Two methods insert better than three controls. In 7.5 that was no evidence for HiResCAM: the **blurred picture** did
# about as well. It comes back (here over 5 × 5 pixels), to test our guess about soft patches. The **difference** is
# new. A pixel can change something only where image and fill differ, as Exercise 2 used. So it ranks the pixels by how
# much the digit and the one that fills it differ there.

# %%
ask.predict("difference")

# %%
rivals = {"blurred image": avg_pool2d((x + 1) / 2, 5, 1, 2), "difference": (x - other).abs()}
told = {"integrated gradients, told the fill": explain.integrated_gradients(model, class_logit(y), x, other, steps=20),
        "occlusion, told the fill": explain.occlusion(model, class_logit(y), x, window=4, stride=2, fill=other)}
leader = max(METHODS, key=means(on_digits).get)
stronger, informed = scores_on(other, rivals), scores_on(other, told)
show_table("On another digit", ["map", "saw the model", "told the fill", "insertion (high)", "deletion (low)"],
           [[name, "no" if name in rivals else "yes", "yes" if name in told or name == "difference" else "no",
             *(f"{score[which].mean():.3f}" for which in ("insertion", "deletion"))]
            for name, score in {leader: on_digits[leader], **stronger, **informed}.items()])

# %% tags=["nbval-check-output"]
insert, delete = means(stronger)["difference"], means(stronger, "deletion")["difference"]
claims.at_least("on other digits, the difference, which saw no model, inserts better than every method (by)",
                insert - max(means(on_digits)[name] for name in METHODS), 0.05)
claims.at_least("… and deletes better than every method (by)",
                min(means(on_digits, "deletion")[name] for name in METHODS) - delete, 0.01)
for test, sign in (("insertion, digits", 1), ("deletion, digits", -1)):
    difference, rows = trials.of("difference", test), [trials.of(name, test) for name in METHODS]
    claims.over_seeds(f"over seeds: … but the difference, without a model, beats all nine methods: {test} (by)",
                      {s: sign * difference[s] - max(sign * row[s] for row in rows) for s in trials.seeds}, 0, ">",
                      at_least=9)

# %% [markdown]
# The blurred picture inserts about as well as the best method. That fits the guess: soft patches need no model. The
# difference beats *all nine methods*, and never saw the model: the test is *made* of that difference.
#
# Is that fair? The difference was told the fill, and the methods were not. Four of them compare with something absent,
# and for them that was black. Told the fill, too (occlusion now covers a square with the other digit), integrated
# gradients and occlusion insert about as well. So what won was mostly *knowing the fill*. Here are all four on ten
# recorded seeds, and the difference.

# %%
TOLD = ("integrated gradients", "occlusion", "LIME", "Shapley values")
kinds = ("insertion", "deletion")
rows = {name: [trials.usual(*where) for kind in kinds
               for where in ((name, f"{kind}, digits"), ("told the fill", f"{name}, {kind}"))] for name in TOLD}
beside = ["difference (no model)"]  # it has no baseline of its own
for kind in kinds:
    beside += ["–", f"{trials.usual('difference', f'{kind}, digits'):.3f}"]
show_table("On another digit, medians over ten seeds: the baseline is black, or the digit that fills",
           ["method", *(f"{kind}, {way}" for kind in kinds for way in ("from black", "told the fill"))],
           [*([name, *(f"{value:.3f}" for value in row)] for name, row in rows.items()), beside])

# %% tags=["nbval-check-output"]
knowing = {name: trials.of("told the fill", f"{name}, insertion") for name in TOLD}
from_black = {name: trials.of(name, "insertion, digits") for name in TOLD}
for kind, sign in (("insertion", 1), ("deletion", -1)):
    told_it = [trials.of("told the fill", f"{name}, {kind}") for name in TOLD]
    bars = [trials.of(name, f"{kind}, digits") for name in model_free_explainers]
    claims.over_seeds("over seeds: told the fill, each of four methods beats the three controls: "
                      f"{kind} (least margin)",
                      {s: min(sign * row[s] for row in told_it) - max(sign * bar[s] for bar in bars)
                       for s in trials.seeds}, 0, ">", at_least=9)
rival = {kind: trials.of("difference", f"{kind}, digits") for kind in kinds}
claims.over_seeds("over seeds: told the fill, each of four methods inserts better than from black (least gain)",
                  {s: min(knowing[m][s] - from_black[m][s] for m in TOLD) for s in trials.seeds}, 0.1, at_least=9)
claims.over_seeds("over seeds: … the best of them inserts as well as the difference, or better (margin)",
                  {s: max(row[s] for row in knowing.values()) - rival["insertion"][s] for s in trials.seeds}, -0.02,
                  at_least=9)
deleted = trials.of("told the fill", "integrated gradients, deletion")
claims.over_seeds("over seeds: … and integrated gradients delete better than the difference (by)",
                  {s: rival["deletion"][s] - deleted[s] for s in trials.seeds}, 0, ">", at_least=9)

# %% [markdown]
# Told the fill, all four beat the three controls in both tests on all ten seeds. And the difference? In insertion it is
# about a draw. In deletion, integrated gradients beat it on all ten seeds (0.025 against 0.056). Here, at last, asking
# the model gave something that the difference, the strongest map without a model that we tried, told the same, did not
# have.
#
# **Compare maps that were told the same.** And a win over three controls shows that a map is better than these three,
# no more. Look for stronger ones.
#
# ## Who comes first among equals?
#
# A sorted list needs an answer for equals. The usual one is silent: *by place*, as in "top left first". Here are the
# same maps in the same test, deletion on another digit. Only the order of equal pixels differs.

# %%
ask.predict("ties")

# %%
def by_place(attribution, sign):  # the same map, and equal pixels from the top down (sign −1) or from the bottom up (1)
    return attribution.double() + sign * 1e-12 * torch.arange(784).view(1, 1, 28, 28)


tied = {}
for name in ("intensity", "occlusion", "gradient"):
    m = contestants[name]
    ways = {"from the top": (by_place(m, -1), 0), "from the bottom": (by_place(m, 1), 0)}
    ways |= {f"at random, seed {s}": (m, s) for s in (0, 1)}
    tied[name] = {way: faithfulness.insertion_deletion(probability, x, placed, other, seed=s)["deletion"].mean().item()
                  for way, (placed, s) in ways.items()}
show_table("Deletion on another digit (low is good), by the order of equal pixels", ["map", *ways],
           [[name, *(f"{score:.3f}" for score in row.values())] for name, row in tied.items()])

# %% tags=["nbval-check-output"]
claims.at_least("the image's deletion score: ties by place cost it at least 0.01",
                tied["intensity"]["from the top"] - tied["intensity"]["at random, seed 0"], 0.01)
claims.at_most("… two random orders of the ties differ by less (difference)",
               abs(tied["intensity"]["at random, seed 0"] - tied["intensity"]["at random, seed 1"]), 0.01)
claims.close("the gradient has next to no ties, and does not care (difference)",
             tied["gradient"]["from the top"], tied["gradient"]["at random, seed 0"], 0.005)
placed, fair = (trials.of("intensity", f"deletion, digits{way}") for way in (", ties by place", ""))
claims.over_seeds("over seeds: the image's deletion score on digits: ties by place cost it (difference)",
                  {s: placed[s] - fair[s] for s in trials.seeds}, 0, ">", at_least=9)
by_order = {name: trials.of(name, "deletion, digits, ties by place") for name in (*model_free_explainers, "occlusion")}
flattered = {s: min(by_order[c][s] for c in model_free_explainers) - by_order["occlusion"][s] for s in trials.seeds}
claims.over_seeds("over seeds: … with ties by place, occlusion would pass it (margin)", flattered, 0, ">", at_least=9)
earned = trials.margins("occlusion", "deletion, digits")
claims.over_seeds("over seeds: … for they flatter its margin (by)",
                  {s: flattered[s] - earned[s] for s in trials.seeds}, 0, ">", at_least=9)

# %% [markdown]
# In the map `intensity`, all black pixels are equal: four fifths of the picture. They come after the ink, and their
# order decides when the other digit's ink comes in. By place it comes row by row, after a border where both pictures
# are black. At random, some of it comes at once, so the probability falls sooner. (Why occlusion, with half of its
# pixels equal, hardly moves, we have not tested.)
#
# By place, occlusion "beats" the picture; at random, it does not. On ten recorded seeds it would beat all controls ten
# times by place, and does so seven times at random. No map chose the order of equals, and still this order can decide a
# verdict.
#
# **Exercise 3. Find the fault.** `values.argsort(descending=True)` gives equals in the order of their places, or in
# an order that nobody chose. Mend it: return the positions from the highest value to the lowest, with equal ones in a
# random order drawn from `generator`. (`insertion` above does so, in its first two lines: why do they work?)

# %% tags=["exercise"]
def order(values, generator):  # (P,), a torch.Generator → P positions
    ...  # your lines, ending in: return …


check.order(order)

# %% [markdown]
# <details><summary>Hint 1</summary>Adding tiny noise is no safe way: beside large values it is rounded away. (<code>by_place</code> above uses double precision and small values.)</details>
# <details><summary>Hint 2</summary>Give each pixel a random number, and sort by value first and by this number second.</details>
# <details><summary>Hint 3</summary>Or shuffle the positions (torch.randperm takes a generator), then sort them with stable=True.</details>

# %% tags=["solution"]
def solution_order(values, generator):
    lots = torch.rand(len(values), generator=generator).tolist()
    return sorted(range(len(values)), key=lambda pixel: (-values[pixel].item(), lots[pixel]))


check.order(solution_order, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** without a model, the picture comes close to the best on black, and the difference beats all nine
#   methods on another digit. Told the fill, four of them insert about as well, and integrated gradients delete
#   better. The order of equals can decide a verdict. Print the controls beside every score, and look for stronger
#   ones.
# - **Not said:** that HiResCAM or occlusion are wrong. What their wins show is less than it seemed.
# - **Next:** [10.4](4_could_it_pass.ipynb) turns the question round: which maps can pass a test at all?
