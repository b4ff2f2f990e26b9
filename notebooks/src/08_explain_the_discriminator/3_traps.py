# %% [markdown]
# # 8.3 Which traps does a discriminator set for its map?
#
# A map of a discriminator can mislead without an error message. We make three such traps happen once each, on purpose.
# Then we look at your own GAN's discriminator.
#
# **You need** [8.1](1_maps_of_a_logit.ipynb) (fakeness), [8.2](2_what_or_where.ipynb) (the planted mark) and
# [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (batch norm, your own GAN). **You will** make each trap happen and name its
# cause; measure where a map's evidence lies; ask your own D about a digit that you draw. About 45 minutes with the
# exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
import warnings

import torch

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch08_explain_the_discriminator.discriminators import right, small_game, tell_apart, untouched
from course_lib.chapters.ch08_explain_the_discriminator.pictures import scores_as_dots
from course_lib.chapters.ch08_explain_the_discriminator.scores import auc, corner, fakeness, logits
from course_lib.data import load
from course_lib.data.shapes import marked
from course_lib.explain import explain_copy, realness
from course_lib.explain.controls import control_maps
from course_lib.explain.with_shap import deep_shap
from course_lib.learn import mine
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics.faithfulness import localisation
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("08.3", runtime), syllabus.checks("08"), syllabus.questions("08.3")
digits, new = load("digits", runtime), load("digits", runtime, split="test").images
steps = runtime.pick(smoke=20, course=300)
print(runtime.describe())
print(syllabus.time_of("08.3"))

# %% [markdown]
# ## Trap 1: Grad-CAM of a logit
#
# We stop a game after twenty steps, when D calls its drawings fake. This D has a flattened head. We ask Grad-CAM with
# the *logit* as target: what speaks for "real"? The map is made as published: at the last maps, cut off at 0.

# %%
ask.predict("empty")

# %%
young = small_game(runtime, "young", head="flat")
for _ in young.steps(digits, 20, runtime):
    pass
beginner, first_drawings = explain_copy(young.discriminator), young.sampler(ema=False)(100)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    cut = explain.grad_cam(beginner, realness, first_drawings, "downs.3")
signed = explain.grad_cam(beginner, realness, first_drawings, "downs.3", signed=True)
by_place = explain.hires_cam(beginner, realness, first_drawings, "downs.3", signed=True)
empty, of_signed = ((one.flatten(1).abs().amax(1) == 0).float().mean().item() for one in (cut, signed))
print(f"called fake: {(logits(beginner, first_drawings) < 0).float().mean():.0%} of the drawings")
print(f"maps that are zero everywhere: {empty:.0%} as published, {of_signed:.0%} signed")
print(f"HiResCAM, signed: {(by_place < 0).float().mean():.0%} of its pixels speak against the target")
print(*{str(one.message) for one in caught if "zero everywhere" in str(one.message)})
show.attributions(first_drawings[:4], {"Grad-CAM, as published": cut[:4], "Grad-CAM, signed": signed[:4],
                                       "HiResCAM, signed": by_place[:4]},
                  title="Cut off at 0, nothing is left of Grad-CAM's map",
                  alt="Four drawings of grey dots and their maps. Grad-CAM as published is white all over, signed it "
                      "is blue all over; HiResCAM is mostly blue, with small red spots at the edges.")

# %% tags=["nbval-check-output"]
claims.at_least("twenty steps into a game, Grad-CAM of D's logit is zero everywhere for at least half of the fakes",
                empty, 0.5)
claims.at_most("… the signed maps are not (share that is zero)", of_signed, 0)

# %% [markdown]
# An empty map looks as if D saw nothing, or as if something had broken. Neither is so. Grad-CAM was made for classes:
# it shows what speaks *for* a class, and cuts negative values off. Of a discriminator's logit the whole map can be
# negative, and then nothing is left. (The cut does it, not the flattened head: signed, no map is empty.) Does every
# place speak against, then? HiResCAM, whose values here add up to the logit without its constant
# ([7.3](../07_explain_a_classifier/3_grad_cam.ipynb)), says: nearly every. Ask for the **signed** map, or for fakeness.
# `course_lib` warns; pytorch-grad-cam cuts without a word.
#
# ## Trap 2: the clue is what is missing
#
# Now every **real** picture carries the mark of 8.2, and fakes give themselves away by *not having it*. Where is the
# evidence in a picture that lacks something? We need a number for it. The positive values of a map are all that speaks
# for fake, and their sum is its [mass](../../docs/glossary.md#mass-of-an-explanation). Which share of the mass lies in
# the corner where the mark is missing?
#
# IG, Deep and occlusion compare a picture with something else. We try three things: black, real pictures (which carry
# the mark), and other pictures of the fake's **own kind** (which lack it, too).
#
# **Exercise 1. Build it.** `found` holds maps $(N, 1, H, W)$, `mask` is True in the corner, $(H, W)$. Return for each
# map the share of its positive values that lies in the mask, $(N,)$. A map without any positive value gets 0.

# %% tags=["exercise"]
def mass(found, mask):
    ...  # your lines, ending in: return …


check.mass(mass)

# %% [markdown]
# <details><summary>Hint 1</summary>Only what speaks for the target counts: <code>.clamp(min=0)</code> drops the rest, before anything is added up.</details>
# <details><summary>Hint 2</summary>Add up over the axes 1, 2 and 3, once all of it, once times the mask. Divide.</details>
# <details><summary>Hint 3</summary>0 divided by 0 is NaN. A tiny lower limit for the divisor turns it into 0.</details>

# %% tags=["solution"]
def solution_mass(found, mask):
    positive = found.clamp(min=0)
    inside = (positive * mask).sum((1, 2, 3))
    return inside / positive.sum((1, 2, 3)).clamp(min=1e-12)


check.mass(solution_mass, solution=True)

# %%
ask.predict("absent")

# %%
absent = explain_copy(tell_apart(runtime, digits, marked, untouched, "absent", "pool", steps))
here, plain, cover = corner(1, 1).to(runtime.device), new[:40], new[100:140]
real_mean = marked(digits.images).mean(0, keepdim=True)
lacking = {
    "IG, black": explain.integrated_gradients(absent, fakeness, plain),
    "IG, mean of its own kind": explain.integrated_gradients(absent, fakeness, plain, digits.images.mean(0)),
    "IG, mean real picture": explain.integrated_gradients(absent, fakeness, plain, real_mean),
    "IG, one real picture": explain.integrated_gradients(absent, fakeness, plain, marked(cover)),
    "shap Deep, its own kind": -deep_shap(absent, 0, plain, digits.images[:10]),
    "shap Deep, real pictures": -deep_shap(absent, 0, plain, marked(digits.images[:10])),
    "occlusion, black": explain.occlusion(absent, fakeness, plain),
    "occlusion, real pictures": explain.occlusion(absent, fakeness, plain, fill=marked(cover)),
} | control_maps(plain)
share = {name: localisation(found, here)["mass"].mean().item() for name, found in lacking.items()}
by_area = here.float().mean().item()
print(f"right: {right(absent, marked(new), new):.0%}")
scores_as_dots({"": share}, list(control_maps(plain)), "share of the positive mass where the mark is missing",
               level=(by_area, f"the corner's share of the area, {by_area:.3f}"),
               title="What is missing shows only against pictures that have it",
               alt="Dots: IG, Deep and occlusion that compare with black or with the picture's own kind lie near 0; "
                   "compared with real pictures they lie between 0.25 and 0.5, far beyond the area's share.")

# %%
four = "IG, black", "IG, one real picture", "occlusion, black", "occlusion, real pictures"
show.attributions(plain[:4], {name: lacking[name][:4] for name in four},
                  title="The mark is missing upper left: compared with black, the corner stays white",
                  alt="Four digits and four maps of each. IG and occlusion with black are white in the upper left "
                      "corner. With real pictures IG has 16 red dots there, and occlusion a red square.")

# %% tags=["nbval-check-output"]
claims.at_most("an absent mark: IG with a black baseline has almost none of its mass there", share["IG, black"], 0.02)
claims.at_most("… nor with the mean of the picture's own kind", share["IG, mean of its own kind"], 0.05)
claims.at_least("… with the mean real picture as baseline it has at least 0.2", share["IG, mean real picture"], 0.2)
claims.at_least("… shap Deep: share with a real background over that with its own kind's",
                share["shap Deep, real pictures"] / max(share["shap Deep, its own kind"], 1e-6), 5)
claims.at_least("… occlusion by real pictures: at least 0.3", share["occlusion, real pictures"], 0.3)

# %% [markdown]
# D is nearly always right, and real pictures and fakes differ in the corner only, so it does use the corner. Yet a
# black corner, compared with black, differs by nothing, and nothing times any slope is 0. **A method that compares sees
# only what differs.** "Why fake, *rather than real*?" needs real pictures to compare with: for this question take
# baselines, backgrounds and covers from the *opposite* kind. (Even then, what picture and cover share cannot show. And
# the best map has less than half of its mass in the corner: the covers are other digits, so strokes differ, too.)
#
# ## Trap 3: two models in one
#
# The mark is back in the fakes. This D has batch norm, and it is trained the usual way: real pictures and fakes in
# batches of their own. In *train mode* a batch-norm layer takes the mean and spread of the batch at hand; in *eval
# mode* it takes a running mean and spread kept from the training. Explanations work in eval mode.
#
# The next cell asks D in both modes, 1,000 pictures of one kind in a batch. And it asks about one digit twice, in batches of
# 32: among 31 other real digits, and among 31 marked ones (the last two columns). A D with spectral norm answers the same questions.

# %%
ask.predict("modes")

# %%
def asked(model, mode, images):
    model = copy.deepcopy(model).train(mode == "train")  # in train mode even asking moves the running mean: of a copy
    with torch.no_grad():
        return model(images)[:, 0]


trap, rows = {}, []
for norm in ("batch", "spectral"):
    model = tell_apart(runtime, digits, untouched, marked, "norm", "pool", steps, norm)
    for mode in ("train", "eval"):
        real, fake = asked(model, mode, new), asked(model, mode, marked(new))
        score = ((real > 0).float().mean() + (fake < 0).float().mean()).item() / 2
        one = [asked(model, mode, torch.cat([new[:1], rest]))[0].item() for rest in (new[1:32], marked(new[1:32]))]
        trap[norm, mode] = score, abs(one[0] - one[1])
        rows.append([f"{norm} norm, {mode} mode", f"{score:.0%}", f"{auc(real, fake):.2f}",
                     f"{one[0]:+.2f}", f"{one[1]:+.2f}"])
show_table("One digit's logit, and how often D is right",
           ["D", "right", "AUC, real above marked", "the digit's logit among real digits", "its logit among marked ones"],
           rows)

# %% tags=["nbval-check-output"]
claims.at_least("batch norm: D is right in train mode (share)", trap["batch", "train"][0], 0.95)
claims.at_least("… and in eval mode by at least 0.1 less often", trap["batch", "train"][0] - trap["batch", "eval"][0], 0.1)
claims.at_least("… in train mode one picture's logit changes with the others in its batch by (logits)",
                trap["batch", "train"][1], 0.3)
claims.at_most("spectral norm: train and eval mode agree (difference of the share of right answers)",
               abs(trap["spectral", "train"][0] - trap["spectral", "eval"][0]), 0.02)

# %% [markdown]
# In train mode the D with batch norm hardly errs, but its answer depends on the *batch*: the same digit's logit changes
# with its company. So "why this logit for this picture?" has no answer without the batch. In eval mode the batch no
# longer counts, and D errs with the cut at 0. (The D with spectral norm gets this one digit wrong, but in any company
# alike.) Does at least the *order* of real and marked pictures (the AUC of 8.1) survive? Eight more trainings of the
# batch-norm D:

# %%
orders = []
for i in range(runtime.pick(smoke=2, course=8)):
    other = Runtime.auto(device=device, seed=seed + 100 * (i + 1), profile=profile)
    model = tell_apart(other, digits, untouched, marked, "norm", "pool", steps, "batch")
    orders.append(auc(asked(model, "eval", new), asked(model, "eval", marked(new))))
print("eval mode, AUC of real above marked:", *(f"{one:.2f}" for one in orders))

# %% tags=["nbval-check-output"]
claims.at_least("eight more trainings, eval mode: the order changes from one to another (largest AUC minus smallest)",
                max(orders) - min(orders), 0.3)

# %% [markdown]
# Where the AUC is near 1 (six of the eight here), the order survives, and D can err only by its cut. Where it is near 0
# (one), the order is **turned round**: D finds marked pictures the more real. In between (one) it is partly or wholly
# lost. Which of these comes out differs from one training to another. (Likely why: in training each kind was normalised
# by its own batch; the running mean mixes both.) In a GAN you would explain *another* function than the one that
# trained the generator. So use a norm that needs no batch, such as spectral norm, or none, in a model that is to be
# explained.
#
# This case was built to show the trap. Your own D, below, was not.
#
# ## Your own discriminator
#
# Your GAN of [3.3](../03_train_a_gan/3_a_dcgan.ipynb), or the course's twin of it where none is kept (a trained twin;
# those of 8.2 were not), has a D with both batch norm and a flattened head. So before any map: how often is it right,
# in which mode? (Again we ask in batches of 1,000 of one kind.)

# %%
ask.predict("own")

# %%
own = mine.load(runtime)
own_drawings = own.sampler(1000)
print(own.about)
rows = []
for mode in ("train", "eval"):
    real, fake = asked(own.discriminator, mode, new), asked(own.discriminator, mode, own_drawings)
    rows.append([f"{mode} mode", f"{(real > 0).float().mean():.0%}", f"{(fake < 0).float().mean():.0%}",
                 f"{auc(real, fake):.2f}", f"{real.mean():+.2f}", f"{fake.mean():+.2f}"])
show_table("Your D", ["", "digits that it calls real", "drawings that it calls fake", "AUC, digits above drawings",
                      "digits' mean logit", "drawings' mean logit"], rows)

# %% [markdown]
# Your G learned from the D in the first row; our maps explain the one in the second. Draw a digit, and see what the
# second one says. Its map is occlusion by real digits, the mean over eight covers; red speaks for fake. (Without a
# kernel you see a test digit.) Can you draw something that it calls fake?

# %%
own_d = explain_copy(own.discriminator)
usual = logits(own_d, new).mean().item()


def logit(image):
    return logits(own_d, image.to(runtime.device)).item()


def for_fake(image):
    eight = image.to(runtime.device).expand(8, -1, -1, -1)
    return explain.occlusion(own_d, fakeness, eight, fill=new[10:18]).mean(0, keepdim=True)


show.drawing_pad({f"D's logit (digits' mean: {usual:.2f})": logit, "speaks for fake": for_fake}, example=new[:1])

# %% [markdown]
# The course's twin calls nearly everything real in this mode: its drawings, too, have a mean logit above 0 (second row
# above). So a logit above 0 is no praise for your digit. Compare it with the two means: that of the digits is the
# higher one. Look at such a table before you read a map.
#
# **Exercise 2. Find the fault: four patients.** Four colleagues explain discriminators and complain. Give each the most
# likely cause, one of `"cut off at zero"`, `"flattened head"` (8.2), `"wrong baseline"`, `"batch norm"`.
#
# - **A**: "Real faces wear glasses, my fakes do not, and D knows it. Integrated gradients show nothing at the eyes."
# - **B**: "Grad-CAM of D's logit is empty for every early fake. Has D no opinion?"
# - **C**: "While training, D was right nearly always. The copy that I explain guesses."
# - **D**: "The same watermark counts for *fake* at the top and for *real* at the bottom. Grad-CAM shows both alike."

# %% tags=["exercise"]
cause = ...  # {"A": …, "B": …, "C": …, "D": …}

check.cause(cause)

# %% [markdown]
# <details><summary>Hint 1</summary>Each is one of the traps of 8.2 and 8.3, once.</details>
# <details><summary>Hint 2</summary>Who compares with something that also lacks the glasses? Who sees only what speaks <em>for</em>?</details>
# <details><summary>Hint 3</summary>What differs between training and a copy in eval mode? And what forgets <em>where</em>?</details>

# %% tags=["solution"]
solution_cause = {"A": "wrong baseline", "B": "cut off at zero", "C": "batch norm", "D": "flattened head"}

check.cause(solution_cause, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** an empty Grad-CAM can mean that the map was negative everywhere; to a method that compares, what
#   is missing shows only against pictures that have it; with batch norm the model that is explained is not the one that
#   the generator was trained against, and may even order pictures the other way round.
# - **Not said:** that no other traps exist. These three are cheap to test for: ask signed, change the baseline, compare
#   the modes.
# - **Next:** which part of a picture does D *need*? [8.4 Which part matters, and for how long?](4_which_part_matters.ipynb)
