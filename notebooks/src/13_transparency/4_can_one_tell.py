# %% [markdown]
# # 13.4 Can one tell a generated picture?
#
# A label comes off ([13.2](2_who_signed.ipynb)). Then somebody has to *look*. We train a network to tell generated
# pictures from real ones: a **detector**. On the generator that it was trained on it can be perfect. We try it on
# others, and ask what it had looked at.
#
# **You need** [2.1](../02_losses/1_the_price_of_a_guess.ipynb) (logits, σ, cross-entropy),
# [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (a DCGAN) and [5.2](../05_vae/2_a_vae_for_digits.ipynb) (a VAE's means and
# samples). **You will** mend an unfair comparison, get fakes past a detector, and compute what an alarm is worth. About
# 35 minutes to read and run, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from course_lib import show
from course_lib.audit import detector, edits
from course_lib.audit.membership import auc
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import detection, generators
from course_lib.chapters.ch13_transparency.detection_pictures import spectra
from course_lib.chapters.ch13_transparency.recorded_detectors import Detected, spread
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.4", runtime), syllabus.checks("13"), syllabus.questions("13.4")
data, heldout = load("digits", runtime), load("digits", runtime, split="test").images.cpu()
over = Detected()  # `course record detectors`: five trainings of generators and detectors, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("13.4"))

# %% [markdown]
# ## First a fair comparison
#
# Nobody shall win by how pictures are stored. A colleague needs no detector. A picture file holds 256 grey levels (**8
# bit**). Her score is the share of a picture's pixels that lie *between* these levels. She tries it on a DCGAN (a GAN
# of convolutions) from our zoo, the course's stored, trained networks.
#
# To judge a score we use the **AUC**: the chance that a generated picture gets a higher score than a real one, equal
# scores counting half. Guessing has ½, a perfect score 1.

# %%
dcgan = generators.from_the_zoo()["zoo DCGAN"]
raw = dcgan(500, 1)  # as they leave the network


def between_levels(images):  # (N, 1, 28, 28) → (N,)
    level = (images + 1) * 127.5  # 0, 1, …, 255 in a file
    return ((level - level.round()).abs() > 1e-3).float().mean((1, 2, 3))


def my_auc(fake, real):  # scores (N,) and (M,) → one number
    above, equal = fake[:, None] > real, fake[:, None] == real
    return (above.double() + equal.double() / 2).mean().item()


print(f"AUC of her score on the DCGAN: {my_auc(between_levels(raw), between_levels(heldout)):.2f}")

# %% [markdown]
# Perfect, and worth nothing: the real digits come from files, and the generated ones do not yet. Saved in a file, they
# lose that mark.
#
# **Exercise 1. Find the fault and mend it.** Return both sets as a file with 256 grey levels (8 bit) holds them.

# %% tags=["exercise"]
def fair_pair(real, fake):  # two sets of images in [−1, 1] → both, each pixel at its nearest grey level
    ...  # your lines, ending in: return real, …


check.fair_pair(fair_pair)

# %% [markdown]
# <details><summary>Hint 1</summary>(fake + 1) * 127.5 runs from 0 to 255. Round it there, and come back.</details>
# <details><summary>Hint 2</summary>Real digits stay as they are: rounding what is already a level changes nothing.</details>

# %% tags=["solution"]
def solution_fair_pair(real, fake):
    return real, ((fake + 1) * 127.5).round() / 127.5 - 1


check.fair_pair(solution_fair_pair, solution=True)

# %% [markdown]
# From here on **everything is at 8 bit**.
#
# ## A detector
#
# Does what it learns from one generator help with another? Three generators: the zoo's DCGAN; the zoo's VAE, of which
# we take the *means* (grey pixels) and *samples* (each pixel drawn black or white); and a GAN of fully connected layers
# (an MLP GAN), trained here.
#
# The detector is a small network: `train`, below. Its logit is positive for "generated".
#
# Its logit is a score, so it has an AUC. For a verdict one needs a **cut-off**: above it we call a picture generated.
# We set it so that 5 % of real digits lie above (**false alarms**). The share of fakes above it are the **hits**.

# %%
n_train, n_test = runtime.pick(smoke=200, course=4000), runtime.pick(smoke=100, course=1000)
draws = generators.from_the_zoo()
draws["MLP GAN"] = generators.mlp_gan(data, runtime, runtime.pick(smoke=10, course=3000))
seen, fresh = generators.sets(draws, n_train, 100), generators.sets(draws, n_test, 200)
tune, real = detection.halves(heldout)  # 500 digits set cut-offs, 500 others are asked
show.compare({"real": real, **{name: fresh[name] for name in ("zoo DCGAN", "VAE, means", "VAE, samples", "MLP GAN")}},
             title="Four kinds of fakes; the DCGAN's look most like real digits",
             alt="Five rows of twelve digits: real; the DCGAN's, much like them; the VAE's means, soft; its samples, black and "
                 "white with ragged edges; the MLP GAN's, with specks.")

# %%
def train(real, fake, steps):
    with runtime.seeded("detector"):
        net = nn.Sequential(nn.Conv2d(1, 16, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(16, 32, 4, 2, 1), nn.LeakyReLU(0.2),
                            nn.Flatten(), nn.Linear(32 * 7 * 7, 1), nn.Flatten(0)).to(runtime.device)
    optimiser, g = torch.optim.Adam(net.parameters(), 1e-3), runtime.stream("detector's batches")
    generated = torch.cat([torch.zeros(64), torch.ones(64)]).to(runtime.device)
    for _ in range(steps):
        batch = torch.cat([each[torch.randint(len(each), (64,), generator=g)] for each in (real, fake)])
        loss = binary_cross_entropy_with_logits(net(batch.to(runtime.device)), generated)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net


steps, digits = runtime.pick(smoke=10, course=600), data.images.cpu()
ours = train(digits, seen["VAE, means"], steps)  # to be compared with the library's loop, which trains all three
nets = {name: detector.train_detector(digits, seen[name], runtime, steps=steps) for name in ("zoo DCGAN", "VAE, means", "MLP GAN")}

# %%
ask.predict("unseen")

# %%
found = {name: detection.tried(net, tune, real, fresh) for name, net in nets.items()}
with runtime.seeded("untrained"):
    found["nothing (control)"] = detection.tried(detector.Detector().eval(), tune, real, fresh)
names = ["zoo DCGAN", "VAE, means", "VAE, samples", "MLP GAN"]
show_table("AUC (hits) on fresh pictures of …", ["detector trained on", *names],
           [[source, *[f"{one[name]['auc']:.2f} ({one[name]['rate']:.0%})" for name in names]] for source, one in found.items()])

# %% [markdown]
# The VAE's detector is perfect on its own pictures, and at chance on the DCGAN's. It does not even know *the same
# VAE's* samples: it calls them more real than real digits. And the DCGAN is hard for its own detector, too (13 %, at 8
# % false alarms: next section).
#
# Was that luck? Five trainings of everything but the zoo, with more generators: an MLP GAN from another run of the
# same recipe, GANs with another loss (hinge), a VAE trained anew, and the zoo's second VAE, whose latent has two
# numbers (“VAE of the plane”; its means). A dot is one training, a bar the median.
#
# Printed above the figure: two controls (median, lowest, highest of five). An untrained detector once reached 0.61 on
# the VAE's means, so a single 0.6 says little. And a detector trained on two halves of the real training digits tells
# two sets of held-out digits apart hardly better than chance. (This far an AUC moves between two sets of real digits by luck.)

# %%
families = sorted(over.names(), key=lambda name: name.removeprefix("zoo "))


def by_family(source, view="8 bit"):  # a detector → the AUC of each training, by generator
    return {name: list(over.of(source, name, "auc", view).values()) for name in families}


print("control, an untrained detector on the VAE's means, AUC:", spread(over.control("VAE, means")))
print("control, real digits against real ones, AUC:", spread(over.control("real against real")))
panels = {f"trained on: {name}": by_family(name) for name in ("VAE, means", "MLP GAN", "zoo DCGAN")}
show.dots(panels, shares=list(panels),
          title="AUC on each row's pictures, by detector (below); the VAE's finds all VAEs' means",
          alt="Three panels of dots, a row for each of nine generators. Trained on the VAE: 1 on all VAEs' means, near 0 on samples, a half on "
              "both DCGANs, between on MLP GANs. Trained on the MLP GAN: 1 on itself only. Trained on the zoo's DCGAN: 0.6 on itself, 0.8 on "
              "the VAE of the plane.")

# %% tags=["nbval-check-output"]
fair, vae = edits.eight_bit(raw), found["VAE, means"]
claims.at_least("unrounded: AUC of counting grey levels", my_auc(between_levels(raw), between_levels(heldout)), 0.99)
claims.close("at 8 bit: AUC of counting grey levels", my_auc(between_levels(fair), between_levels(heldout)), 0.5, 0.01)
a, b = detector.scores(nets["zoo DCGAN"], fair), detector.scores(nets["zoo DCGAN"], real)
truth = torch.cat([torch.ones(len(a)), torch.zeros(len(b))])
claims.at_most("our AUC is scikit-learn's and the library's (largest difference)",
               max(abs(my_auc(a, b) - other) for other in (roc_auc_score(truth, torch.cat([a, b])), auc(a, b))), 1e-9)
claims.at_most("our loop and the library's give the same answers (largest difference)",
               (detector.scores(ours, real) - detector.scores(nets["VAE, means"], real)).abs().max(), 1e-4)
claims.at_least("the VAE's detector on fresh pictures of the VAE: AUC", vae["VAE, means"]["auc"], 0.98)
claims.at_most("the VAE's detector on the DCGAN: AUC", vae["zoo DCGAN"]["auc"], 0.65)
claims.at_most("the VAE's detector on samples of the same VAE: AUC", vae["VAE, samples"]["auc"], 0.1)
claims.over_seeds("trained on the VAE, asked about a VAE trained anew: AUC", over.of("VAE, means", "VAE, other run, means"), 0.95)
claims.over_seeds("trained on an MLP GAN, asked about that one: hits", over.of("MLP GAN", "MLP GAN", "rate"), 0.95)
claims.over_seeds("trained on an MLP GAN, asked about another run of the recipe: hits",
                  over.of("MLP GAN", "MLP GAN, other run", "rate"), 0.7, "<=")

# %% [markdown]
# It was not luck. In all five trainings the VAE's detector finds the means of all three VAEs. The MLP GAN's is
# perfect on that one network, and misses most pictures of the same recipe's next run.
#
# ## What does it read?
#
# What has it learned instead of “generated”? We ask the detectors about *real* digits that somebody has edited: saved
# as JPEG (quality 75 of 100), blurred (each pixel becomes the mean of its 3 × 3 square), halved in size and enlarged
# again, made noisy (by about 0.05 on our scale), moved by one pixel down and right.

# %%
ask.predict("blur")

# %%
with_number = {**nets, "one number": detection.OneNumber()}
on_real = {name: detection.edited(net, tune, real) for name, net in with_number.items()}
show_table("Share of real digits that are called generated (the cut-off is meant to give 5 %)", ["trained on", *detection.EDITS],
           [[name, *[f"{share:.0%}" for share in row.values()]] for name, row in on_real.items()])
moved = detection.edited(nets["MLP GAN"], tune, fresh["MLP GAN"])
print(f"MLP GAN's own pictures that its detector finds: {moved['as it is']:.0%}; moved by one pixel: {moved['moved by one pixel']:.0%}")
print("… moved by one pixel, in the five trainings of the figure before, %:", spread(over.edited("MLP GAN", "moved by one pixel", "fakes"), 0, 100))
print("pixels exactly black:", ", ".join(f"{name} {(x == -1).float().mean():.0%}" for name, x in {"real": real, **fresh}.items()))
numbers = {"one number": by_family("one number"), "one number, snapped pictures": by_family("one number", "snapped")}
show.dots(numbers, shares=list(numbers), title="AUC of one number, trained on nothing: high for most, until all pictures are snapped",
          alt="Two panels of dots, a row for each of nine generators. One number: above 0.8 on all but the zoo's DCGAN, 0.7, and the VAE's "
              "samples, 0.2. Snapped: 0.5 to 0.7 on all but the VAE of the plane, 0.9, and samples, 0.3.")

# %% [markdown]
# The VAE's detector looks for soft strokes: it accuses every blurred digit. The MLP GAN's detector seems to lean on
# specks at fixed places: moved by one pixel, nearly all of its own fakes get past here, about half in the other five
# trainings.
#
# And **one number**? A score without training: the share of pixels that are not exactly black. All but the VAE's
# samples have fewer exactly black pixels than real digits. So this number (left panel) ranks most fakes better than a
# detector trained on others does. But noise, JPEG and blur turn many black pixels almost black, and real digits set it
# off.
#
# Is it only a trace of grey? As a control we **snapped** all pictures: whatever lies within 0.25 of black (−1) or
# white (1) became so. Then (right panel) the number tells much less (but for the VAE of the plane, and the VAE's
# samples): of the DCGANs nothing.
#
# **Exercise 2. Attack it.** Change the VAE's fakes so that at least 70 % lie below a cut-off of 5 % false alarms, and
# the judge (a digit classifier) still reads at least half as before. (`check` trains a detector of its own.)

# %% tags=["exercise"]
def unnoticed(fakes):  # (N, 1, 28, 28) in [−1, 1] → the same shape and range
    ...  # your lines, ending in: return …


check.unnoticed(unnoticed)

# %% [markdown]
# <details><summary>Hint 1</summary>What does this detector look for? Take it away.</details>
# <details><summary>Hint 2</summary>Multiplying all pixels and cutting off at −1 and 1 (.clamp(-1, 1)) hardens soft strokes. How far must one go?</details>

# %% tags=["solution"]
def solution_unnoticed(fakes):
    return (3 * fakes).clamp(-1, 1)


check.unnoticed(solution_unnoticed, solution=True)

# %% [markdown]
# Could one train against such edits? Wang and others (2020) found that a detector of one generator, trained on
# blurred and JPEG-saved pictures besides, finds many others. We tried it with three kinds of fakes together: the
# VAE's means, the MLP GAN's, and those of a DCGAN with hinge loss, not the zoo's. One detector saw all pictures
# plain, the other also blurred, as JPEG, halved and shifted.

# %%
plain, hardened = "three kinds", "three kinds, edited in training"
trained_on = dict.fromkeys(("VAE, means", "MLP GAN", "DCGAN, hinge loss"), "seen")
others = dict.fromkeys(("VAE, other run, means", "MLP GAN, other run", "zoo DCGAN", "VAE, samples"), "not seen")
show_table("Share called generated, %: median (range) of five", ["pictures", "trained on plain pictures", "edited in training"],
           [*[[f"real digits, {edit}", *[spread(over.edited(s, edit), 0, 100) for s in (plain, hardened)]]
              for edit in ("as it is", "blurred 3 × 3")],
            *[[f"{name} ({how})", *[spread(over.of(s, name, "rate"), 0, 100) for s in (plain, hardened)]]
              for name, how in (trained_on | others).items()]])

# %% [markdown]
# Fewer blurred digits are accused. But hits fall, too: on two of the three kinds seen in training, and on relatives
# not seen. The zoo's DCGAN is found no oftener than real digits set off the alarm; the VAE's samples, now, a little
# oftener. The famous result does not come out here. (Theirs was a large network for photographs.)
#
# ## A grid that is not there
#
# Can one at least see the machine's fingerprint? (For 13.5 and the quiz.) A transposed convolution with stride 2
# computes even and odd pixels with different weights. So a DCGAN's pictures are said to carry a fine grid. Any picture
# is a sum of striped patterns, coarse and fine. Its **spectrum** tells how strong each pattern is. A grid of every
# second pixel shows at the finest stripes (rings). The **peak** is the strength at a ring, divided by the mean of its
# eight neighbours (beyond the border the spectrum goes on at the opposite side; of three rings the largest): without a
# grid about 1.
#
# We train one DCGAN for 0, 50 and 300 steps (half as wide as the zoo's, with the hinge loss), and look at the zoo's.

# %%
early = {steps: generators.hinge_dcgan(data, runtime, runtime.pick(smoke=min(steps, 3), course=steps)) for steps in (0, 50, 300)}
named = {"DCGAN, untrained" if steps == 0 else f"… after {steps} steps": draw for steps, draw in early.items()}
shown = {"real": real, **{name: edits.eight_bit(draw(500)) for name, draw in named.items()}, "zoo DCGAN": fresh["zoo DCGAN"]}
print(f"the zoo's DCGAN, not rounded to 8 bit: peak {detector.grid_peak(raw):.2f}")
spectra(shown, title="An untrained DCGAN draws a grid; training takes it out of its pictures",
        alt="Five spectra. The untrained DCGAN has bright dots where rings mark the grid's frequencies, and so it has after 50 steps; the "
            "others have none there, and look like the spectrum of real digits.")

# %% [markdown]
# The grid is real: its peak stands far above 1 in an untrained network and after 50 steps. After 300 it is gone.
# (Dots half way out are a grid of every fourth pixel: there are two such layers. We presume that the discriminator
# sees the grid, and the generator learns to avoid it, where latents usually lie: 13.7's shortest show it again.)
#
# ## What is an alarm worth?
#
# Last: how far may one trust its answer? A logit becomes a probability: σ(logit). Is it right? We take 500 fakes and
# 500 real digits. Here "generated" means a probability above ½. Of all pictures with the same verdict: which
# probability of "generated" was said on average, and which share *was* generated?

# %%
def said_and_true(fakes):
    logits = torch.cat([detector.scores(nets["VAE, means"], images) for images in (real, fakes)])
    said, generated = logits.sigmoid(), torch.arange(len(logits)) >= len(real)
    return [f"{said[v].mean():.2f} → {generated[v].float().mean():.2f} ({v.sum()} pictures)" for v in (said <= 0.5, said > 0.5)]


show_table("The VAE's detector: said → true", ["half of the pictures are from", "called real", "called generated"],
           [[name, *said_and_true(fresh[name][: len(real)])] for name in ("VAE, means", "zoo DCGAN")])

# %% [markdown]
# On its own generator it is about right. Of the DCGAN's pictures it says "real" as firmly, and so half of what it
# calls real are fakes.
#
# What if fakes are rare?

# %%
ask.predict("alarms")

# %% [markdown]
# **Exercise 3. Finish the line.** Of all pictures a `share` is generated. Which share of the alarms is right?

# %% tags=["exercise"]
def alarm_right(hits, false_alarms, share):  # three shares from 0 to 1 → one
    return ...  # your line


check.alarm_right(alarm_right)

# %% [markdown]
# <details><summary>Hint 1</summary>Think of 10,000 pictures. How many are generated and set off the alarm? How many are real and do?</details>
# <details><summary>Hint 2</summary>Only real pictures give false alarms: false_alarms · (1 − share).</details>

# %% tags=["solution"]
def solution_alarm_right(hits, false_alarms, share):
    return hits * share / (hits * share + false_alarms * (1 - share))


check.alarm_right(solution_alarm_right, solution=True)

# %%
cases = {"99 % accurate": (0.99, 0.01)} | {
    f"the VAE's detector, {name}": (vae[name]["rate"], detection.FALSE_ALARMS) for name in ("VAE, means", "zoo DCGAN")}
above_half = [(detector.scores(nets["VAE, means"], x) > 0).double().mean().item() for x in (fresh["VAE, means"], real)]
cases["the VAE's detector, VAE, means, at a probability of ½"] = (above_half[0], above_half[1])
shares = (0.5, 0.1, 0.01, 0.001)
show_table("Share of alarms that are right, by the share of fakes (false alarms: 5 %, as the cut-off was set; last row: as counted)",
           ["detector, fakes", *[f"{s:g}" for s in shares]],
           [[name, *[f"{detector.share_right(*pair, s):.3f}" for s in shares]] for name, pair in cases.items()])

# %% tags=["nbval-check-output"]
claims.at_least("the VAE's detector: blurred real digits called generated", on_real["VAE, means"]["blurred 3 × 3"], 0.8)
claims.at_most("the MLP GAN's detector: its own pictures found after one pixel's shift", moved["moved by one pixel"], 0.8)
claims.over_seeds("one number, trained on nothing, asked about MLP GANs: AUC", over.of("one number", "MLP GAN"), 0.9)
claims.over_seeds("edits in training: blurred real digits called generated", over.edited(hardened, "blurred 3 × 3"), 0.7, "<=")
before, after = over.of(plain, "zoo DCGAN"), over.of(hardened, "zoo DCGAN")
claims.over_seeds("edits in training: what they add to the AUC on the zoo's DCGAN, never seen",
                  {run: after[run] - before[run] for run in after}, 0.05, "<=")
claims.at_least("an untrained DCGAN: peak at the grid's frequencies", detector.grid_peak(shown["DCGAN, untrained"]), 10)
claims.at_least("after 50 steps: peak at the grid's frequencies", detector.grid_peak(shown["… after 50 steps"]), 4)
claims.at_most("after 300 steps: peak at the grid's frequencies", detector.grid_peak(shown["… after 300 steps"]), 2)
claims.at_most("the zoo's DCGAN: peak at the grid's frequencies", detector.grid_peak(shown["zoo DCGAN"]), 1.3)
claims.close("99 % accurate, one picture in a hundred a fake: share of right alarms", detector.share_right(0.99, 0.01, 0.01), 0.5, 1e-6)
claims.at_most("the VAE's detector (AUC about 1) at 5 % false alarms in such a world: share of right alarms",
               detector.share_right(vae["VAE, means"]["rate"], detection.FALSE_ALARMS, 0.01), 0.2)

# %% [markdown]
# So few right alarms are the price of our cut-off. At ½ hardly a real digit sets off the alarm, and many more alarms
# are right: where fakes are rare, raise the cut-off first. (500 digits leave that row rough.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a detector learns what its fakes happen to have (softness; perhaps specks at fixed places). On other
#   pictures ours went from perfect (other VAEs' means) to worse than chance (its own VAE's samples). Where fakes are
#   clearly rarer than false alarms, most alarms are false.
# - **Not said:** that no detector can work. Ours is small.
# - **Next:** in [13.5](5_a_mark_to_hear.ipynb) the maker helps: he marks what he makes.
#
# ## What the articles say
#
# (A4 and A5 are two of the five that [0.2](../00_start_here/2_a_network_draws.ipynb) lists.)
#
# | article | it says | what we measured |
# |---|---|---|
# | A4 | synthetic media have to be recognised | who knows the generator can do it for two of three (VAE, MLP GAN); one of another kind mostly gets past |
# | A5 | harm by generated pictures has to be prevented | an alarm that is mostly false prevents little |
#
# **Limits.** Two convolutions, 600 steps, digits. The zoo's generators are the same for all seeds. The generators were
# trained on the digits that the detectors saw as real.
#
# **Software.** `course_lib.audit.detector`, scikit-learn (`roc_auc_score`).
#
# ## Further reading
#
# - S.-Y. Wang, O. Wang, R. Zhang, A. Owens, A. A. Efros. *CNN-generated images are surprisingly easy to spot… for
#   now.* CVPR 2020.
# - A. Odena, V. Dumoulin, C. Olah. *Deconvolution and checkerboard artifacts.* Distill, 2016.
# - J. Frank, T. Eisenhofer, L. Schönherr, A. Fischer, D. Kolossa, T. Holz. *Leveraging frequency analysis for deep
#   fake image recognition.* ICML 2020. On spectra.
# - C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger. *On calibration of modern neural networks.* ICML 2017. On “said →
#   true”.
