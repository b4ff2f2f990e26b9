# %% [markdown]
# # 7.4 What does "absent" look like?
#
# "This stroke counts" means: without it the logit would be another. But what is there *without* it? So far it was
# mostly black. The package shap puts other digits there. We explain three misread digits with it, add the shares up,
# and step into two of its traps.
#
# **You need** [7.1](1_fair_shares.ipynb) (additivity, background), [7.2](2_lime_and_slopes.ipynb) (integrated
# gradients) and [7.3](3_grad_cam.ipynb) (the cosine of two maps). **You will** read shap's plots; make any map complete
# (its sum fits); choose a background and name it; explain a network without damage to it. About 35 minutes to read, 60
# with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import warnings

import shap
import torch
from torch import nn
from torch.nn.functional import cosine_similarity

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier import shap_plots
from course_lib.chapters.ch07_explain_a_classifier.blacken import blacken
from course_lib.chapters.ch07_explain_a_classifier.pictures import names_of, on_one_scale, sum_in_steps
from course_lib.chapters.ch07_explain_a_classifier.reader import scene
from course_lib.explain.model import count_hooks
from course_lib.learn.claims import Claims, show_table
from course_lib.models import DigitCNN
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("07.4", runtime), syllabus.checks("07"), syllabus.questions("07.4")
warnings.filterwarnings("ignore", category=DeprecationWarning)  # of shap
digits, held_out, net, says, three = scene(runtime)  # the network and the 3 of lesson 7.1
background = digits.images[:30]  # thirty training digits
print(runtime.describe())
print(syllabus.time_of("07.4"))

# %% [markdown]
# ## Three digits that are misread
#
# shap brings Shapley's idea to pictures of 784 players, by shortcuts:
#
# - **Deep** walks backwards through the layers ([DeepLIFT](../../docs/glossary.md#deeplift)). It compares each unit
#   with what it does on each picture of a **background**, a set that stands for "nothing known", and averages. Say a
#   ReLU's input is −1 on one of these and 2 on our picture, so that its output goes from 0 to 2. Deep takes 2/3 for its
#   slope: rise over run. A pixel's share is its difference from the background's pixel, times the slopes on its ways to
#   the logit. So the shares add up. How near they come to Shapley's, the method does not say.
# - **Gradient** is integrated gradients with baselines drawn at random from the background.
# - **Partition** switches halves of the picture on and off, then halves of these, and so on. It takes any model. With
#   few calls it gives coarse blocks (7.5).
#
# An explanation is wanted most where the network is *wrong*. So we ask Deep about three digits that the network
# misreads, and twice about each: for the class that the network says, and for the class that the digit is.
#
# In the first two columns of maps orange pixels speak for a class and blue ones against it. The third column answers
# "why this and *not* that": orange pushes the wrong digit's lead up, be it by raising its logit or by lowering the
# other's. (The colours are cut at the 99.7 % quantile: the strongest 0.3 % of the pixels lie beyond.)

# %%
missed = (says != held_out.labels).nonzero()[:3, 0]
pictures, wrong, true = held_out.images[missed], says[missed], held_out.labels[missed]
for_wrong = explain.deep_shap(net, wrong, pictures, background)
for_true = explain.deep_shap(net, true, pictures, background)
on_one_scale(pictures, {"for what it says": for_wrong, "for what it is": for_true, "the difference": for_wrong - for_true},
             [f"a {t}, read as {k}" for k, t in zip(wrong.tolist(), true.tolist(), strict=True)],
             title="Why this and not that? The third column is the first minus the second",
             alt="Three misread digits, each beside three maps: what speaks for the answer, for the truth, and the "
                 "difference of the two. The difference is deep orange at the left of the 9's loop, on the bar on top "
                 "of the 1 and at the foot of the 3. The colour bar ends in points: a few shares lie beyond it.")

# %%
ask.predict("ink")

# %%
def lead(shown):
    """By how much the wrong digit's logit leads the right one's: pictures (3, 1, 28, 28) → (3,)."""
    with torch.no_grad():
        out = net(shown)
    return (out.gather(1, wrong[:, None]) - out.gather(1, true[:, None]))[:, 0]


chance = runtime.stream("ink")
by_map = blacken(pictures, for_wrong - for_true, 10)  # the ten pixels with ink that are most orange in the third column
by_chance = [lead(blacken(pictures, torch.rand(pictures.shape, generator=chance).to(pictures), 10)) for _ in range(100)]
leads = [lead(pictures), lead(by_map), lead(blacken(pictures, pictures, 10)), torch.stack(by_chance).mean(0)]
show_table("The wrong digit's lead over the right one, in logits, when ten pixels are made black",
           ["a", "read as", "lead", "without the ten most orange ink pixels", "… then read as",
            "without the ten brightest", "without ten random ink pixels"],
           [[str(t), str(k), *(f"{one:.1f}" for one in of[:2]), str(now), *(f"{one:.1f}" for one in of[2:])]
            for t, k, now, of in zip(true.tolist(), wrong.tolist(), net(by_map).argmax(1).tolist(),
                                     torch.stack(leads, 1).tolist(), strict=True)])

# %% [markdown]
# Do the orange pixels decide? A map cannot say, so we tested it. Of the pixels with ink (all that are not nearly black)
# we made ten black: the most orange ones in the third column, and for comparison the ten brightest (equals at random),
# and ten random ones (the mean of 100 draws). Without the orange ones the wrong digit's lead shrinks or turns around.
# Random ones change it far less. But many of them are faint, and to blacken a faint pixel changes little, whatever the
# map says. The brightest are the control for that. They, too, change the lead less than the orange ones, each time; yet
# they turn the 1's around: most of its brightest pixels happen to lie in the bar on top.
#
# So the map has found ink that the answer depends on, though not all of it: the "2" stays a "2", with a far smaller
# lead. (We blacken, though the map's background is digits: another question, as we shall see. And scattered pixels may
# harm a stroke less than a gap does.)
#
# ## From the background to the answer, step by step
#
# Deep's shares lead from the mean logit of the background to the picture's logit; here for the 9 that is read as 0.
# 784 steps would be too many, so we add up the shares in each square of 7 × 7 pixels. Such a figure is called a
# [waterfall](../../docs/glossary.md#waterfall-of-shares).

# %%
sixteen = explain.grid_segments(28, 28, 7)
parts = [for_wrong[0, 0][sixteen == s].sum().item() for s in range(16)]
with torch.no_grad():
    base, reached = net(background)[:, wrong[0]].mean().item(), net(pictures[:1])[0, wrong[0]].item()
print(f"mean logit of the background {base:.2f} + shares {sum(parts):.2f} = {base + sum(parts):.2f}; logit {reached:.2f}")
sum_in_steps(pictures[:1], sixteen, parts, base, title=f"How the logit of “{wrong[0]}” comes about, square by square",
             alt="The misread digit with the names of its sixteen squares, and a bar for each step: the seven largest "
                 "squares, and all others added, from the background's mean logit up to the picture's.")

# %% [markdown]
# Read it from the bottom up: each bar begins where the last one ended. A3 shows such a sum as a [force
# plot](../../docs/glossary.md#force-plot), all steps on one line: red squares push the logit up, blue ones push it
# down, and they meet at $f(x)$, the picture's logit. "Base value" is the mean on the background. Red's length minus
# blue's is the way from there to $f(x)$, so red may start further left.

# %%
shap_plots.force(base, parts, names_of(sixteen), alt="A line with the base value and the logit: red arrows that point right "
                                                     "and blue ones that point left meet at the logit; the larger "
                                                     "ones carry the names of their squares.")

# %% [markdown]
# ## Do the shares add up, and what does that prove?
#
# For a dozen digits: the sum of the shares should be the logit, minus the mean of the background's thirty logits. We
# ask Deep and Gradient.

# %%
dozen, read = held_out.images[:12], says[:12]
some = explain.class_logit(read)  # for each digit the class that the network says
with torch.no_grad():
    from_many = some(net(dozen)) - torch.stack([net(background)[:, k].mean() for k in read.tolist()])
by_package = {"deep": explain.deep_shap(net, read, dozen, background),
              "gradient": explain.gradient_shap(net, read, dozen, background, seed=seed)}
incomplete = {name: (m.sum((1, 2, 3)) - from_many).abs().median().item() for name, m in by_package.items()}
for name, error in incomplete.items():
    print(f"shap's {name:8} the sum is off by {error:.1e} logits (median of twelve digits)")

# %% tags=["nbval-check-output"]
claims.at_least("ten most orange pixels black: the wrong digit's lead falls more than without ten random ones (by)",
                (leads[3] - leads[1]).mean().item(), 2)
claims.at_most("shap's Deep is complete (median error in logits)", incomplete["deep"], 1e-3)
claims.at_least("shap's Gradient, with 200 samples, is not: over a tenth of a logit", incomplete["gradient"], 0.1)

# %% [markdown]
# Gradient draws its points at random, and so its sum is random, too. Deep is complete. Is it right, then? Over nine
# squares it was off by 0.22 of the shares' length, in the median (7.1, against black). What is a sum worth?
#
# **Exercise 1. Finish the line: make any map complete.** `maps` is $(N, 1, H, W)$; `total` is $(N,)$, what each map
# should sum to. Shift all pixels of a map by one number, so that its sum fits.

# %% tags=["exercise"]
def completed(maps, total):
    return ...  # your line (or two)


check.completed(completed)

# %% [markdown]
# <details><summary>Hint 1</summary>What is missing in each map is its total minus its sum. maps[0].numel() pixels share it.</details>
# <details><summary>Hint 2</summary>A shift of shape (N,) meets maps of shape (N, 1, H, W) with .view(-1, 1, 1, 1).</details>

# %% tags=["solution"]
def solution_completed(maps, total):
    missing = total - maps.sum((1, 2, 3))
    return maps + (missing / maps[0].numel()).view(-1, 1, 1, 1)


check.completed(solution_completed, solution=True)

# %% [markdown]
# Your function completes pure noise just as well: its sum fits then, and it explains nothing. A sum that is off shows
# that the values are no exact shares, as Grad-CAM's in 7.3. A sum that fits does not show that they are right.
#
# ## The background decides
#
# On a black background, a black pixel's absence changes nothing. But a 3 is also a 3 because its left side is open!
# Against other digits, where there may be ink, that can count.
#
# **Exercise 2. Build it.** How much of an *attribution* (a map of shares) lies on *black* pixels, those that are
# exactly −1? Add up the maps' absolute values there, and divide by the sum over all pixels, all pictures together. Both
# arguments are $(N, 1, H, W)$; return one number.

# %% tags=["exercise"]
def on_black(maps, pictures):
    ...  # your lines, ending in: return …


check.on_black(on_black)

# %% [markdown]
# <details><summary>Hint 1</summary>pictures == -1 is True on black, and True counts as 1 when it is multiplied.</details>
# <details><summary>Hint 2</summary>.abs() first, then add up: else what speaks for and what speaks against cancel.</details>

# %% tags=["solution"]
def solution_on_black(maps, pictures):
    size = maps.abs()
    return (size[pictures == -1].sum() / size.sum()).item()


check.on_black(solution_on_black, solution=True)

# %%
ask.predict("black")

# %%
against = {"black": explain.deep_shap(net, read, dozen, torch.full_like(three, -1.0)), "30 digits": by_package["deep"]}
is_black = dozen == -1
speaks = {name: ((m.abs() * is_black).sum() / m.abs().sum()).item() for name, m in against.items()}
for name, share in speaks.items():
    print(f"background {name}: {share:.0%} of the attribution lies on black pixels")
print(f"of all pixels {is_black.float().mean():.0%} are black")
show.attributions(dozen[:6], {name: m[:6] for name, m in against.items()}, columns=[f"“{k}”" for k in read[:6].tolist()],
                  title="Against black only the stroke speaks; against other digits the gaps do, too",
                  alt="Six digits and two rows of maps. Against black the colours lie on the strokes alone, against "
                      "thirty digits also beside them and inside the gaps.")

# %% [markdown]
# Random noise would put even more there, since most pixels are black. Against digits a black pixel counts less than
# one with ink, on average; but it counts.
#
# The two maps do not contradict each other. They answer two questions: "why is the logit of '3' higher than for an
# *empty* picture", and "… than for *other digits*, on average". So name the background with the map.
#
# A3 hands over the *whole training set* as background. How many pictures does it take? We explain three digits twice,
# with two backgrounds drawn at random that have no picture in common, and compare the maps.

# %%
ask.predict("hundred")

# %%
drawn = torch.randperm(len(digits), generator=runtime.stream("backgrounds"))


def alike(size):
    """How alike two maps of one digit are that differ only in which digits are their background (cosine, 1: same)."""
    two = drawn[:size], drawn[200 : 200 + size]
    a, b = (explain.deep_shap(net, read[:3], dozen[:3], digits.images[which]) for which in two)
    return cosine_similarity(a.flatten(1), b.flatten(1)).mean().item()


similar = {size: alike(size) for size in (3, 30, 100)}
for size, value in similar.items():
    print(f"two backgrounds of {size:3} digits: cosine {value:.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("black background: black pixels get nothing", speaks["black"], 1e-6)
claims.at_least("background of digits: at least a quarter of the attribution lies on black pixels",
                speaks["30 digits"], 0.25)
claims.at_least("two backgrounds of 100 digits agree better than two of 3 (cosine)", similar[100] - similar[3], 0.05)
claims.at_least("two backgrounds of 100 random digits give much the same map: cosine at least 0.9", similar[100], 0.9)

# %% [markdown]
# Two random hundreds give much the same map; two random threes do not (one pair of each, three digits). More pictures
# cost more. Unless it is told one class, shap's Deep explains all ten. For each class and each background picture it
# sends two pictures, the digit and that one, through the network and back. With *our* 4,000 digits that is
# $4{,}000 \cdot 2 \cdot 10 = 80{,}000$ pictures *for a single explanation*. A background of a hundred costs a fortieth.
#
# ## Two traps in the network itself
#
# The first trap: methods hang [hooks](../../docs/glossary.md#hook) into a network: functions that run whenever a layer
# does. And `nn.ReLU(inplace=True)` saves memory by overwriting its input, which is just what an explanation wants to
# look at. We give shap such a network.

# %%
ask.predict("hooks")

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
print(f"through course_lib: the shares' sizes sum to {mended.abs().sum():.1f}, hooks left: {count_hooks(users)}")

# %% [markdown]
# After the error the hooks are still inside, two for each of the eight layers, in the way of the next explanation. This
# is why we explain a copy.
#
# **Exercise 3. Repair it.** This function should return what a layer gives for `x`, as it was at that moment. It leaves
# its hook in the model; and an in-place ReLU behind the layer spoils the answer. Repair both. When the model raises an
# error, the hook must go as well, and the error must be passed on.
#
# ```python
# def faulty_peek(model, layer, x):
#     seen = []
#     layer.register_forward_hook(lambda part, given, found: seen.append(found))
#     model(x)
#     return seen[0]
# ```

# %% tags=["exercise"]
def peek(model, layer, x):
    ...  # your lines, ending in: return …


check.peek(peek)

# %% [markdown]
# <details><summary>Hint 1</summary>register_forward_hook returns a handle, whose method <code>remove</code> takes the hook out again.</details>
# <details><summary>Hint 2</summary>What stands in a finally runs with and without an error, and passes the error on.</details>
# <details><summary>Hint 3</summary>found is the layer's own tensor. found.clone() is a copy that nobody overwrites.</details>

# %% tags=["solution"]
def solution_peek(model, layer, x):
    kept = []
    handle = layer.register_forward_hook(lambda part, given, found: kept.append(found.detach().clone()))
    try:
        model(x)
    finally:
        handle.remove()
    return kept[0]


check.peek(solution_peek, solution=True)

# %% [markdown]
# The second trap: a ReLU module that is used **twice**. For each module shap notes what went in and what came out. The
# second use overwrites the note of the first.

# %%
class Reused(nn.Module):
    """The same network and weights, but one ReLU serves both layers."""

    def __init__(self, of):
        super().__init__()
        self.first, self.second, self.head = of.body[0], of.body[3], of.head
        self.pool_1, self.pool_2, self.relu = of.body[2], of.body[5], nn.ReLU()

    def forward(self, x):
        return self.head(self.pool_2(self.relu(self.second(self.pool_1(self.relu(self.first(x)))))))


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
# Here the two uses have different sizes, so shap itself fails. Where both have the same size (not shown), its shares
# can come out wrong. Then the sum tells: shap compares it with the logit and raises an error, and so does `course_lib`.
# So a sum can catch a mistake in a program.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a share is a share *against a background*; against digits, gaps speak; two backgrounds of a hundred
#   random digits give much the same map; a sum that fits is no proof; blackening what a map points at, beside random
#   ink, is a test.
# - **Not said:** which background is right. It depends on the question, so it has to be named.
# - **Next:** [7.5 Which maps have asked the network?](5_controls.ipynb)
