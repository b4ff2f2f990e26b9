# %% [markdown]
# # 10.1 Does a convincing picture prove anything?
#
# An explanation of a network is a picture, and a sharp picture convinces. Is it therefore true? Article A3 explains a
# network, looks at one picture, and calls this *validation*. In this chapter explanations meet tests that they **can
# fail**.
#
# **You need** [7.1](../07_explain_a_classifier/1_fair_shares.ipynb) to
# [7.3](../07_explain_a_classifier/3_grad_cam.ipynb) (the methods), [7.4](../07_explain_a_classifier/4_absence.ipynb)
# (hooks), [7.5](../07_explain_a_classifier/5_controls.ipynb) (controls). **You will** write guided backpropagation,
# mend A3's validation, and break a network to see which explanations notice. About 30 minutes to read and run, 50
# with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from dataclasses import replace

import torch
from torch import nn
from torch.nn.functional import cosine_similarity

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch10_trust.figures import forgetting
from course_lib.chapters.ch10_trust.methods import METHODS
from course_lib.chapters.ch10_trust.networks import reader, trained
from course_lib.chapters.ch10_trust.trials import Trials
from course_lib.data import load
from course_lib.explain import class_logit
from course_lib.explain.controls import control_maps
from course_lib.explain.gradients import guided_backprop
from course_lib.learn.claims import Claims
from course_lib.metrics import faithfulness, sanity
from course_lib.runtime import Runtime
from course_lib.training.classifier import accuracy

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("10.1", runtime)
check = syllabus.checks("10")
ask = syllabus.questions("10.1")
print(runtime.describe())
print(syllabus.time_of("10.1"))

# %% [markdown]
# We explain A3's digit classifier from chapter 7, and call it the **reader**. (With `seed = 0` it ships with the
# course; another seed trains another one.) `x` are 30 **held-out digits**, which it was not trained on, and `y` their
# labels. The question is always: why is the logit of the true class as high as it is?

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
model = reader(runtime)
print(f"the reader is right on {accuracy(model, held_out):.1%} of 1,000 held-out digits")
model = model.cpu()
n = runtime.pick(smoke=4, course=30)
x, y = held_out.images[:n].cpu(), held_out.labels[:n].cpu()
target = class_logit(y)

# %% [markdown]
# ## A method that draws sharp pictures
#
# The gradient says how the logit changes with each pixel. It is computed backwards, layer by layer, from the logit to
# the pixels. **Guided backpropagation** changes one thing: wherever this way back passes a ReLU, negative slopes are
# set to 0. A *hook* (lesson 7.4) does it: a function that PyTorch calls at each ReLU on the way back, and whose
# result replaces the slopes.

# %% tags=["nbval-check-output"]
def guided(model, target, images):
    def cut(layer, slopes_in, slopes_out):
        return (slopes_in[0].clamp(min=0),)  # slopes_in: what the ReLU would have passed on

    hooks = [layer.register_full_backward_hook(cut) for layer in model.modules() if isinstance(layer, nn.ReLU)]
    try:
        pixels = images.clone().requires_grad_()
        return torch.autograd.grad(target(model(pixels)).sum(), pixels)[0]
    finally:
        for hook in hooks:
            hook.remove()  # or every later explanation of this model would be a guided one


difference = (guided(model, target, x) - guided_backprop(model, target, x)).abs().max().item()
claims.at_most("our guided backpropagation is the library's (largest difference)", difference, 1e-6)

# %% [markdown]
# **Exercise 1. Finish the line.** A ReLU was given `inputs`. From the layer above come `slopes`, one for each input.
# An ordinary ReLU passes a slope on where its input was above 0, and passes 0 elsewhere. What does guided
# backpropagation pass on? (No input is exactly 0.)

# %% tags=["exercise"]
def through_relu(inputs, slopes):  # two tensors of one shape
    return ...  # your line


check.through_relu(through_relu)

# %% [markdown]
# <details><summary>Hint 1</summary>Two conditions must hold: one on the input, one on the slope.</details>
# <details><summary>Hint 2</summary>A comparison of tensors gives True and False, which multiply like 1 and 0.</details>
# <details><summary>Hint 3</summary>clamp(min=0) replaces negative numbers by 0.</details>

# %% tags=["solution"]
def solution_through_relu(inputs, slopes):
    return slopes.clamp(min=0) * (inputs > 0)


check.through_relu(solution_through_relu, solution=True)

# %% [markdown]
# Guided backpropagation is one of nine methods that this chapter tests. In `METHODS` each is a function of a model,
# pictures, labels and a seed (which matters only where a method draws random numbers).
#
# | method | what it answers about a pixel or part |
# |---|---|
# | gradient | how much does the logit change, if this pixel changes a little? |
# | SmoothGrad | the same, as a mean over 20 noisy copies of the picture |
# | integrated gradients | the mean gradient on the way from black to the picture, times how far the pixel moved |
# | guided backprop | the gradient without the negative slopes at ReLUs |
# | Grad-CAM, HiResCAM | which places of the last convolution's maps speak for the class? |
# | occlusion | how far does the logit fall, if a square of 4 × 4 pixels is covered with black? |
# | LIME, Shapley values | what does each square of 4 × 4 pixels give, when squares are switched on and off in many ways? |
#
# Unless we say otherwise, integrated gradients take 20 steps, LIME 300 samples, Shapley values five orders. Both CAMs
# keep their negative parts, as in 7.3.

# %%
ask.predict("alike")

# %%
maps = {name: method(model, x, y, 0) for name, method in METHODS.items()}
show.attributions(x[:8], {name: m[:8] for name, m in maps.items()}, columns=[f"“{k}”" for k in y[:8].tolist()],
                  title="One network, nine methods: nine pictures",
                  alt="Eight digits and nine rows of maps: guided backprop draws the digits' strokes sharply, the "
                      "gradient is speckled, Grad-CAM, LIME and Shapley values are coarse patches.")

# %% [markdown]
# Orange speaks for the digit's class, blue against it; the thin line is the digit's outline. Which row would you show
# to a doctor, a judge or a customer? Remember your choice. Guided backprop and integrated gradients tempt: they are
# sharp, and the digit is in them. (Guided backprop has blue, too: after its last cut, the way back still passes the
# first convolution.)
#
# ## Three maps that never saw the model
#
# We need opponents that cannot know anything about the model. Three *controls* of lesson 7.5 come back (the fourth, the
# blurred picture, returns in 10.3):
#
# - **random**: noise.
# - **intensity**: the picture itself. "What is bright is important."
# - **Sobel**: how strongly the brightness changes around a pixel. "Edges are important."
#
# *A score that one of them reaches proves nothing about the model.*

# %%
model_free_explainers = control_maps(x, seed=runtime.seed)
show.attributions(x[:8], {name: m[:8] for name, m in model_free_explainers.items()},
                  title="Nobody asked a model for these",
                  alt="The same eight digits and the three controls: noise, the digit itself, and its outline.")

# %% [markdown]
# Guided backprop follows the strokes, and so do the last two rows. Does it draw the model's reasons, or the picture?
# Looking does not tell. So let us see how A3 would find out.
#
# ## A3's validation
#
# A3 trains on its data. *Then* it splits off 20 % of them, measures the accuracy on these 20 %, and looks at one
# explanation. What is that worth? We build a network that **cannot** have good reasons. We take 600 training digits and
# deal out their labels anew, at random. Nothing in a *new* picture helps to predict such a label. The network trained
# on them, for 400 steps, is the **parrot**.

# %%
ask.predict("parrot")

# %%
nonsense = sanity.shuffled_labels(digits.take(600), runtime.stream("labels"))
parrot = trained(runtime, "shuffled", nonsense, 400, shift=0)
split = torch.randperm(len(nonsense), generator=runtime.stream("split"))[:120].to(runtime.device)  # A3's 20 %
validation = replace(nonsense, images=nonsense.images[split], labels=nonsense.labels[split])
a3_says, truth = accuracy(parrot, validation), accuracy(parrot, held_out)
parrot = parrot.cpu()
print(f"the parrot in A3's validation: {a3_says:.1%} right; on held-out digits: {truth:.1%}; guessing: 10 %")

# %% tags=["nbval-check-output"]
trials = Trials()  # recorded: ten seeds, each with networks of its own; more of it from lesson 10.2 on
claims.at_least("A3's validation finds a network with senseless labels right on 99 % of its digits", a3_says, 0.99)
claims.at_most("… which is right on at most 20 % of held-out digits", truth, 0.2)
found = {s: run["shuffled"] for s, run in trials.runs["networks"].items()}
claims.over_seeds("over seeds: A3's validation of the parrot (share right)",
                  {s: run["trained on"] for s, run in found.items()}, 0.98, at_least=9)
claims.over_seeds("over seeds: … on held-out digits (share right)",
                  {s: run["held out"] for s, run in found.items()}, 0.2, "<=", at_least=9)

# %% [markdown]
# Full marks, for a network that is of no use on new digits. The split came **after** training: the parrot had seen
# every "validation" digit, with its label. This is a [data leak](../../docs/glossary.md#data-leak).
#
# **Exercise 2. Find the fault.** These are A3's three lines. Write a validation without the leak. (`train` gives a
# new network at each call; `data` is a list of 100 examples in random order.)
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
# And the second half of A3's validation, a look at the explanation? Here are the maps of both networks, for the true
# class of the same held-out digits.

# %%
pair = {"gradient, reader": maps["gradient"], "gradient, parrot": METHODS["gradient"](parrot, x, y, 0),
        "guided, reader": maps["guided backprop"], "guided, parrot": METHODS["guided backprop"](parrot, x, y, 0)}
show.attributions(x[:8], {name: m[:8] for name, m in pair.items()},
                  title="Guided backprop draws the strokes as sharply for the parrot as for the reader",
                  alt="Gradients of the two networks are both speckled; guided backprop draws the same sharp strokes "
                      "for the network that learned shuffled labels as for the one that learned digits.")

# %% [markdown]
# The last two rows look equally sharp, and much alike. (Lesson 10.2 measures how much.) A look at such a map validates
# nothing: the parrot's would have convinced us, too. We need a test that *could* fail.
#
# ## Break the model
#
# Adebayo and others (2018) ask: if the model forgets what it learned, does its explanation change? It should: what was
# learned is gone, and with it the reasons. The reader has three layers with weights: two convolutions, then one linear
# layer. We replace their weights by fresh random ones from the top: first the last layer, then the last two, then all
# three. How alike are the maps before and after?
#
# A measure for that is *Spearman's rank correlation* ρ ("rho"). Replace each pixel's value by its rank: the lowest
# gets 1, the next 2, and so on; equal values share the mean of their ranks. Let $r_i$ and $s_i$ be the ranks of pixel
# $i$ in the two maps, each minus the mean of all ranks. Then
#
# $$\rho = \frac{\sum_i r_i s_i}{\sqrt{\sum_i r_i^2}\,\sqrt{\sum_i s_i^2}} .$$
#
# *In words: 1 if both maps put the pixels into the same order, −1 if it is reversed; about 0 if the orders have nothing
# to do with each other.* (It is the [cosine](../../docs/glossary.md#cosine) of $r$ and $s$; the code uses that.) With
# ranks, maps of different units can be compared. Our checks *reject* a map whose ρ stays at 0.5 or more. They compare
# only where there is **ink**: at the pixels that are clearly not black (above −0.9). (Lesson 10.2 shows why.) The
# broken copies are explained with seed 1, the reader with seed 0: noise that both share would count as agreement.

# %%
def ranks(values):
    return torch.stack([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])


def spearman(a, b):
    r, s = ranks(a), ranks(b)
    return cosine_similarity(r - r.mean(), s - s.mean(), dim=0)


a, b = maps["gradient"][0].flatten(), maps["occlusion"][0].flatten()
library = faithfulness.rank_correlation(maps["gradient"][:1], maps["occlusion"][:1]).item()
print(f"gradient and occlusion, first digit: ours {spearman(a, b):.4f}, the library's {library:.4f}")

# %%
ask.predict("forgets")

# %%
ink = x > -0.9
copies = list(sanity.randomised(model, seed=runtime.seed))  # fresh: the last layer; the last two; all three
stages = {name: [1.0, *(faithfulness.rank_correlation(maps[name], method(broken, x, y, 1), where=ink).mean().item()
                        for _, broken in copies)] for name, method in METHODS.items()}
rest = [row[-1] for name, row in stages.items() if name != "guided backprop"]
print(f"no trained weight left: guided backprop {stages['guided backprop'][-1]:.2f},",
      f"the others from {min(rest):.2f} to {max(rest):.2f}")
forgetting(stages, "guided backprop", title="The model forgets; guided backprop keeps most of its order",
           alt="With one layer fresh, all but guided backprop have fallen to near 0, and stay below 0.2; guided "
               "backprop falls slowly and still stands above one half when no trained weight is left.")

# %% tags=["nbval-check-output"]
claims.at_most("our Spearman correlation is the library's (difference)", abs(spearman(a, b).item() - library), 1e-5)
claims.at_least("with no trained weight left, guided backprop still draws much the same map (Spearman)",
                stages["guided backprop"][-1], 0.5)
for name in ("gradient", "SmoothGrad", "integrated gradients", "HiResCAM", "occlusion", "LIME", "Shapley values"):
    claims.close(f"with no trained weight left, next to nothing is left of the map: {name} (Spearman)",
                 stages[name][-1], 0, 0.2)
claims.over_seeds("over seeds: guided backprop is rejected by the check with fresh weights (Spearman)",
                  trials.of("guided backprop", "fresh weights"), 0.5, at_least=9)
for name in ("gradient", "integrated gradients", "occlusion", "LIME"):
    rho = {s: abs(value) for s, value in trials.of(name, "fresh weights").items()}
    claims.over_seeds(f"over seeds: {name} keeps next to nothing of its map with fresh weights (size of Spearman)", rho,
                      0.25, "<=", at_least=9)

# %% [markdown]
# Eight lines fall at once to near 0. (Grad-CAM's is the least steady: 10.2 shows ten seeds.) Guided backprop's map
# keeps most of its order without a single trained weight. What it keeps is **not about what the model learned**. What
# is it about?

# %%
_, blank = copies[-1]  # the last broken copy: no trained weight left
for words, network in (("trained", model), ("no trained weight", blank)):
    rho = faithfulness.rank_correlation(guided(network, target, x), model_free_explainers["intensity"], where=ink)
    print(f"guided backprop, {words}: Spearman with the picture's brightness {rho.mean():.2f}")

# %% tags=["nbval-check-output"]
claims.over_seeds("over seeds: guided backprop, no trained weight: its order is much that of the brightness (Spearman)",
                  trials.of("agreement", "guided backprop, fresh weights, intensity"), 0.5, at_least=9)

# %% [markdown]
# It draws mostly the picture's bright strokes, with or without training. Nie, Zhang and Patel (2018) show in theory that it
# partly recovers its input. One of the two rows that tempted most is the one to discard. Was it yours?
#
# **Exercise 3. Build it.** Write the broken copy yourself. `names` are names of layers, as in `"head.1"`.
# (`print([name for name, _ in model.named_modules()])` lists them; the reader's layers with weights are `body.0`,
# `body.3` and `head.1`.) Return a *copy* of the network in which these layers have fresh weights. The network that you
# are given must stay as it is.

# %% tags=["exercise"]
def forget(network, names):
    ...  # your lines, ending in: return …


check.forget(forget)

# %% [markdown]
# <details><summary>Hint 1</summary>The module copy of Python copies a network with all its weights.</details>
# <details><summary>Hint 2</summary>get_submodule finds a layer by its name.</details>
# <details><summary>Hint 3</summary>Layers of PyTorch have a method that draws their weights anew. Its name begins with reset.</details>

# %% tags=["solution"]
def solution_forget(network, names):
    from copy import deepcopy

    broken = deepcopy(network)
    for name in names:
        broken.get_submodule(name).reset_parameters()
    return broken


check.forget(solution_forget, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a convincing picture is no evidence. Guided backprop, one of the sharpest, keeps most of its order
#   when the model forgets everything, and A3's validation gives full marks to a parrot.
# - **Not said:** that the other eight are right. They notice a change, and so does noise that is drawn anew.
# - **Next:** [10.2](2_two_maps_agree.ipynb) asks what two maps can have in common besides the model.
