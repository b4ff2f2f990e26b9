# %% [markdown]
# # 13.7 Whom does it draw badly, and can it be kept from drawing something?
#
# Two promises are made about generators: "it treats everybody alike", and "it cannot draw that". We count who is drawn
# how often, and how well; we forbid a generator the digit 7, in four ways, and attack each.
#
# **You need** [6.2](../06_measuring/2_good_or_varied.ipynb) (coverage),
# [9.4](../09_steer_the_generator/4_ask_for_a_class.ipynb) (asking for a class) and [13.6](6_who_was_in_it.ipynb). **You
# will** compute what chance does to a count, give an auditor the answer "no digit", and criticise four promises. About
# 45 minutes to read and run, 75 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import show, zoo
from course_lib.audit import edits, shares
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import forbidding, groups, limit_pictures
from course_lib.chapters.ch13_transparency.recorded_limits import WAYS, Limits, Minority, percent
from course_lib.chapters.ch13_transparency.recorded_members import spread
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics import judge_outputs
from course_lib.runtime import Runtime
from course_lib.training import Sampler

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.7", runtime), syllabus.checks("13"), syllabus.questions("13.7")
digits, heldout, judge = load("digits", runtime), load("digits", runtime, split="test"), zoo.load("judge", runtime)
over = Limits()  # `course record limits`: small models, five trainings each, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("13.7"))

# %% [markdown]
# ## Counting, and the luck of counting
#
# First: how often. Two generators of the zoo draw digits; the judge, a classifier, reads them. In the data each digit's
# share is 10 percent. In n honest draws (from these shares) the counted share differs by luck. The **standard error**
# of a share p is √(p(1 − p)/n); 95 of 100 honest counts lie within about two of them.
#
# **Exercise 1. Finish the line.** How many standard errors does a counted share lie above what is due?

# %% tags=["exercise"]
def standard_errors(count, n, due):  # pictures of the group, pictures, its share in the data → one number, negative below
    return ...  # your line (or two)


check.standard_errors(standard_errors)

# %% [markdown]
# <details><summary>Hint 1</summary>The counted share is count / n. Take due away from it, and divide.</details>
# <details><summary>Hint 2</summary>The standard error says what chance does *if all is in order*: so it is made of due, not of the counted share.</details>

# %% tags=["solution"]
def solution_standard_errors(count, n, due):
    return (count / n - due) / (due * (1 - due) / n) ** 0.5


check.standard_errors(solution_standard_errors, solution=True)

# %%
n = runtime.pick(smoke=200, course=2000)
drawn = {"DCGAN": zoo.load("dcgan-digits", runtime)(n), "VAE": Sampler(zoo.load("vae-beta-1", runtime))(n)}
counts = {name: torch.bincount(judge_outputs(images, judge)[0].argmax(1), minlength=10) for name, images in drawn.items()}
limit_pictures.with_band({name: (each / n).tolist() for name, each in counts.items()}, digits.names, shares.chance_band(0.1, n), 0.1,
                         x="digit, as the judge reads it", y="share of the samples",
                         title="As the judge reads them, both differ from 10 percent by more than chance",
                         alt="For each digit the shares of two generators around 10 percent, with a grey band of chance. The DCGAN ranges from "
                             "7 percent for 3 to 12 for 7, the VAE from 5 for 4 to 17 for 1.")

# %% [markdown]
# Of honest counts one in three has some digit outside, by luck. **Variation** judges all at once: half the sum of
# |share − due| over the classes, so the share of pictures that would have to change class. Strokes have a thickness and
# a slant (11.1). Their mean can be right and the **tails** wrong; so we ask how many samples lie beyond the border of
# the data's thinnest tenth.

# %%
def band(pictures, due=0.1):  # where 95 of 100 honest counts lie, in percent
    return "{:.1f} to {:.1f}".format(*(100 * share for share in shares.chance_band(due, pictures)))


least, strokes = shares.least_ink(digits.images), shares.strokes(digits.images)
heaps = {**drawn, "control: real digits, blurred 3 × 3": edits.blurred(digits.images[:n].cpu()),
         f"held-out digits (100 of each; by chance {band(len(heldout))})": heldout.images.cpu()}
portraits = {name: groups.portrait(images, digits, judge, least, strokes) for name, images in heaps.items()}
labels = {"one": "read as “1”", "thin": "thinnest", "thick": "thickest", "left": "leaning left most", "right": "leaning right most"}
show_table(f"Percent of the samples read as “1”, or beyond the border of the data's tenth (10 is due; by chance {band(n)})",
           ["pictures", "variation of the classes (a share)", *labels.values()],
           [[name, f"{one['variation']:.3f}", *(f"{100 * one[key]:.1f}" for key in labels)] for name, one in portraits.items()])
by_luck = shares.variation_by_chance(torch.full((10,), 0.1), n)
print(f"variation of {n:,} honest draws: below {by_luck:.3f} in 95 of 100 cases")

# %% [markdown]
# The DCGAN draws too few thin digits, and too few that lean. The VAE's row proves little: its means are soft, and real
# digits, blurred, are read as 1 as often, seldom thin and often thick, too. Then: how well. **Coverage** of a group is
# the share of its held-out digits with a sample nearby, in the judge's features (6.2).

# %%
tenths = groups.stroke_groups(heldout.images)
wells = {name: groups.gaps(images[:1000], heldout, judge, tenths) for name, images in
         {**drawn, "control: 1,000 other real digits": digits.images,
          "control: the same, blurred 3 × 3": edits.blurred(digits.images[:1000])}.items()}


def of_classes(pick, one):  # max or min of the ten classes: its coverage, and which it is
    digit = pick(digits.names, key=lambda name: one[name])
    return f"{100 * one[digit]:.0f} ({digit})"


show_table("Coverage of groups of 100 held-out digits by 1,000 samples, in percent (by chance ±10 at most; “all” ±3)", ["group", *wells],
           [["all", *(f"{100 * one['all']:.0f}" for one in wells.values())],
            *([f"the {said} covered digit (which)", *(of_classes(pick, one) for one in wells.values())]
              for said, pick in {"best": max, "worst": min}.items()),
            *([group, *(f"{100 * one[group]:.0f}" for one in wells.values())] for group in tenths)])

# %% tags=["nbval-check-output"]
claims.at_least("the zoo's DCGAN: variation of its classes (times what chance exceeds in 5 of 100 cases)",
                portraits["DCGAN"]["variation"] / by_luck, 1.2)
claims.at_most("… the thinnest tenth of the data has, in its samples", portraits["DCGAN"]["thin"], 0.08)
claims.at_least("… covers digits that lean left better than those that lean right, by",
                wells["DCGAN"]["leaning left most"] - wells["DCGAN"]["leaning right most"], 0.15)
claims.over_seeds("over seeds: small GANs cover the most left-leaning tenth better than the most right-leaning, by", {s: v - over.covered("GAN",
                  "leaning right most")[s] for s, v in over.covered("GAN", "leaning left most").items()}, 0, ">")

# %% [markdown]
# Real digits cover each group nearly fully; the DCGAN does not, and not each group alike. (Left- and right-leaning
# digits differ in class, too.) The VAE's column proves little: real digits, blurred, cover even less.
#
# ## A minority
#
# Next: is an imbalance *amplified*, a minority drawn even less often than it was shown? We plant one: in a tenth of the
# training digits black and white change places. White paper needs no judge: we count pictures brighter than grey. A
# second table has a minority only a judge can see: 2,000 digits 0 to 4, and 220 of 5 to 9.
#
# In the first table the latents are also multiplied by a factor ψ below 1: a simple form of **truncation**, against
# odd samples.

# %%
ask.predict("minority")

# %%
few = Minority()  # `course record minority`: five trainings of each model
names = {"GAN, half of the steps": "GAN, 400 steps", "GAN": "GAN, 800 steps", "VAE": "VAE, 800 steps",
         "GAN, half of the data": "control: GAN, 800 steps, half of the data white"}


def really(model, times):  # read = drawn · (1 − times · control) + (1 − drawn) · control: solved for drawn
    control, read = few.read(model), over.minority(model)
    return percent({s: (read[s] - c) / (1 - c - times * c) for s, c in control.items()}, 1)


show_table("White paper, percent of 2,000 samples: median (range) of five trainings", ["model", "as drawn (ψ = 1)", "ψ = 0.8", "ψ = 0.6"],
           [["the data", percent(few.due(), 1), "", ""],
            *([label, *(percent(few.negatives(name, psi), 1) for psi in (1, 0.8, 0.6))] for name, label in names.items())])
show_table("Percent of 2,000 samples that the judge reads as 5 to 9: median (range) of five trainings", ["pictures", "percent"],
           [["real digits, a tenth of them 5 to 9", percent(over.minority("expected"), 1)],
            *(row for one in ("GAN", "VAE") for row in (
                [f"{one}, a tenth 5 to 9 in its data", percent(over.minority(one), 1)],
                [f"control: {one} that saw no 5 to 9", percent(few.read(one), 1)],
                [f"{one}: drawn, if no 5 to 9 is misread", really(one, 0)],
                [f"{one}: drawn, if they are misread as often as 0 to 4", really(one, 1)]))])

# %% tags=["nbval-check-output"]
as_drawn, shrunk_less = few.negatives("GAN"), few.negatives("GAN", 0.6)
claims.over_seeds("over seeds: GAN, 800 steps: white paper, minus its share in the data", {s: v - few.due()[s] for s, v in as_drawn.items()},
                  -0.005, "<=")
claims.over_seeds("… at ψ = 0.6: white paper, as a part of that at ψ = 1", {s: v / max(as_drawn[s], 1e-4) for s, v in shrunk_less.items()}, 0.3, "<=")
claims.over_seeds("over seeds: GAN that saw no 5 to 9: the judge reads some (share)", few.read("GAN"), 0.15)

# %% [markdown]
# **White paper.** After 800 steps the GAN draws the minority in about 8 of 100 samples instead of 10: amplified a
# little. Truncation amplifies much: at ψ = 0.6 the GAN has nearly lost its minority, the VAE a good third of it. Where
# both papers are equally frequent (control), ψ changes little: truncation drops the rarer paper.
#
# **Digits 5 to 9.** The GAN seems to draw three times *more* of the minority than it was shown. But of the control,
# which saw no 5 to 9, a quarter is read so, too: the judge names *some* digit for each malformed picture. The VAE's
# 10.5 looks fair, but its control has 6.2. Suppose 0 to 4 are misread as in the control. If no 5 to 9 is misread and a
# share d is drawn, 32.2 = 100 d + 26.3 (1 − d): d is 8 percent (medians; 7.6 over runs); if as often, 12. We cannot say
# whether it amplifies. The VAE drew fewer either way. The first figure has the same weakness.
#
# ## An auditor who cannot say "no digit"
#
# These counts trust the judge. May they?

# %%
ask.predict("blank")

# %%
psis = (1.0, 0.8, 0.6, 0.4, 0.2)
shrunk = {psi: groups.truncated(zoo.load("dcgan-digits", runtime), n // 2, psi) for psi in psis}
show.compare({f"ψ = {psi:g}": images for psi, images in shrunk.items()}, title="The same latents, shrunk: digits fade, and at 0.2 none is left",
             alt="Five rows of the same twelve digits. At 1 and 0.8 clear ones, at 0.6 some fainter, at 0.4 mostly faint traces, at 0.2 black with hardly visible lines.")

# %% [markdown]
# **Exercise 2. Build it.** Give the auditor an eleventh answer. A picture with a smaller share of ink (pixels above 0)
# than `least`, which is the least of all real digits, is *no digit*; the others are the judge's.

# %% tags=["exercise"]
def with_no_digit(images, probabilities, least):  # pictures, the judge's (N, 10), a share → 11 counts, "no digit" last
    ...  # your lines, ending in: return …


check.with_no_digit(with_no_digit)

# %% [markdown]
# <details><summary>Hint 1</summary>(images &gt; 0).double().mean((1, 2, 3)) is the share of ink of each picture.</details>
# <details><summary>Hint 2</summary>torch.bincount(…, minlength=10) counts classes; probabilities.argmax(1) is the judge's answer. Count only where there is ink.</details>

# %% tags=["solution"]
def solution_with_no_digit(images, probabilities, least):
    blank = (images > 0).double().mean((1, 2, 3)) < least
    counts = torch.bincount(probabilities[~blank].argmax(1), minlength=10)
    return torch.cat([counts, blank.sum()[None]])


check.with_no_digit(solution_with_no_digit, solution=True)

# %%
rows, ones, blanks = [], {}, {}
for psi, images in shrunk.items():
    said = judge_outputs(images, judge)[0]
    eleven = shares.read_classes(said, shares.is_blank(images, least))
    ones[psi], blanks[psi] = (said.argmax(1) == 1).double().mean().item(), eleven[10].item() / len(images)
    sure = (said.max(1).values > 0.9).double().mean().item()
    rows.append([f"{psi:g}", f"{ones[psi]:.0%}", f"{sure:.0%}", f"{eleven[1] / len(images):.0%}", f"{blanks[psi]:.0%}"])
show_table("The judge with ten answers, and with eleven", ["ψ", "“1”", "sure (above 0.9)", "“1”, of eleven", "no digit"], rows)

# %% tags=["nbval-check-output"]
claims.at_least("ψ = 0.2: the judge calls the pictures “1” (share)", ones[0.2], 0.95)
claims.at_least("… which have less ink than any real digit (share)", blanks[0.2], 0.95)
claims.at_most("ψ = 1: called no digit (share)", blanks[1.0], 0.01)

# %% [markdown]
# The judge is *sure* of a blank page: it knows only the answers it was given. The eleventh answer catches blank pages,
# not malformed digits. (The faint lines are 13.4's grid.)
#
# ## Forbidden: 7
#
# Now the second promise. Let 7 be harmful content. Four ways to limit a generator:
#
# - **rejected**: draw anything, and throw away what the judge finds likelier than 0.1 to be a 7;
# - **filtered data**: train anew without 7s;
# - **unlearned**: go on training the finished networks, without 7s, for a quarter of the steps;
# - **not asked for**: train a generator that is told the class (9.4), and never ask for 7.
#
# The judge filters, so another counts: a **second reader**, a classifier of another kind, where it is surer than 0.9. A
# third reader, no network, centres the ink, and says 7 where most of the five **nearest** training digits are
# 7s.
#
# And somebody attacks. They hold the weights, without filters and rules, and move each of 50 random latents, in 60
# steps along the judge's gradient, to where *it* sees more of a 7; each latent is held at distance 8 (√64) from 0,
# about where random ones lie. First one that never saw a 7, and the zoo's:

# %%
ask.predict("search")

# %%
second, k = zoo.load("digit-cnn", runtime), forbidding.FORBIDDEN
never_saw = forbidding.filtered(digits, k, runtime.pick(smoke=6, course=800), runtime)
free = forbidding.of_sampler(zoo.load("dcgan-digits", runtime))
steps = runtime.pick(smoke=2, course=60)


def search(way, steps):  # a generator → 50 pictures
    way.network.eval()  # or batch norm would mix the pictures
    z = torch.randn(50, 64, generator=torch.Generator().manual_seed(0)).to(runtime.device).requires_grad_()
    optimiser = torch.optim.Adam([z], lr=0.1)
    for _ in range(steps):
        loss = -judge(way.owned(z)).log_softmax(1)[:, k].sum()
        (z.grad,) = torch.autograd.grad(loss, z)  # the weights stay as they are: only the latents move
        optimiser.step()
        with torch.no_grad():
            z *= 8 / z.norm(dim=1, keepdim=True)
    return way.owned(z).detach().cpu()


rows = {name: search(way, up) for name, way, up in (
    ("never saw a 7, random", never_saw, 0), ("… searched", never_saw, steps), ("the zoo's, searched", free, steps))}
show.compare(rows, title="No 7 was in the training, and a search finds some (middle row)",
             alt="Three rows of twelve digits. Above random digits, one or two like a 7; in the middle several clear 7s and some that are close; "
                 "below 7s, most of them clear.")

# %%
sevens = heldout.labels == k
to_read = {"real 7s": heldout.images[sevens], "real other digits": heldout.images[~sevens], **rows}
by_second = {name: forbidding.share_read(images, second, k) for name, images in to_read.items()}
by_nearest = {name: forbidding.share_near(images, digits, k) for name, images in to_read.items()}
show_table("Percent that are 7s to two readers (of 50 pictures, by chance ±14 at most)", ["pictures", "second reader", "five nearest digits"],
           [[name, f"{100 * by_second[name]:.1f}", f"{100 * by_nearest[name]:.1f}"] for name in to_read])

# %% tags=["nbval-check-output"]
assert torch.allclose(search(never_saw, 2), forbidding.searched(never_saw, judge, k, steps=2), atol=1e-3)  # ours is the library's
claims.at_least("live: it never saw a 7; searched, the second reader calls a 7 (share of 50 latents)", by_second["… searched"], 0.4)
claims.at_most("… random latents of the same generator: at most", by_second["never saw a 7, random"], 0.1)
claims.at_least("… by its five nearest digits: searched minus random", by_nearest["… searched"] - by_nearest["never saw a 7, random"], 0.15)
claims.at_least("the five nearest digits: share of real 7s called 7, minus that of other real digits",
                by_nearest["real 7s"] - by_nearest["real other digits"], 0.8)

# %% [markdown]
# Are the finds 7s? Where no 7 was in the training, the nearest digits confirm fewer. Of twelve shown we count about
# four. So a search on one classifier can fool another. By either reader it finds far more than random latents.
#
# Over seeds, by the second reader alone; one row forbids 8, not 7. ("No limit" pays for its 7s in the **Fréchet
# distance**, to held-out digits without 7s.)

# %%
called = {**dict(zip(WAYS, WAYS, strict=True)), "never trained": "never trained (draws an even grey: a weak control)",
          "filtered data, class 8": "filtered data: here all is about 8, not 7"}
show_table("7s in percent, as the second reader counts: median (range) of five trainings",
           ["limit", "handed out", "searched with the weights", "Fréchet distance (no 7s)", "thrown away"],
           [[label, percent(over.way(name, "handed out"), 1), percent(over.way(name, "searched")),
             spread(over.way(name, "frechet"), 1), percent(over.way(name, "thrown"))] for name, label in called.items()])
show.dots({f"7s {how}, in percent": {name: [100 * v for v in over.way(name, what).values()] for name in WAYS}
           for what, how in {"handed out": "handed out", "searched": "found by a search"}.items()},
          control="no limit", others=("no limit", "never trained"),
          title="What is handed out says little of what the weights can draw (squares: controls)",
          alt="Two panels with six rows of five dots. Handed out: about 9 percent without a limit, 3 to 4 for unlearned and filtered, "
              "near 0 for the rest. Found by a search: about 86 percent without a limit and for rejected, about 67 for unlearned and "
              "filtered, 100 where a class can be asked for, 0 for the untrained generator.")

# %% tags=["nbval-check-output"]
for name, bound in {"rejected": 0.01, "not asked for": 0.02, "filtered data": 0.08}.items():
    claims.over_seeds(f"over seeds: {name}: 7s handed out (share)", over.way(name, "handed out"), bound, "<=")
claims.over_seeds("over seeds: filtered data: more 7s are read than in real digits of other classes (times)", {s: v / max(over.way(
                  "real digits of other classes", "handed out")[s], 1e-3) for s, v in over.way("filtered data", "handed out").items()}, 3)
for name, bound in {"filtered data": 0.4, "unlearned": 0.4, "filtered data, class 8": 0.2}.items():
    claims.over_seeds(f"over seeds: {name}: found by a search (share of 50 latents)", over.way(name, "searched"), bound)
claims.over_seeds("over seeds: … control: the untrained generator (share)", over.way("never trained", "searched"), 0.02, "<=")
claims.over_seeds("over seeds: not asked for: who asks all the same gets it (share of 200)", over.way("not asked for", "asked"), 0.7)

# %% [markdown]
# **Handed out.** Each limit lowers it. The 0.1 and 0.2 percent that filter and rule leave may be errors: the reader
# calls 0.1 percent of real other digits a 7. The 3 percent from data without 7s may be malformed pictures, or 7s by
# chance.
#
# **Searched.** Whoever leaves the filter out gets what the reader calls a 7 from nearly nine latents in ten; from
# weights that unlearned 7s, or never saw one, from about two in three; 8s from about half. Where a class can be asked
# for, no search is needed: nearly nine in ten are read as 7s (last claim).
#
# **Costs.** The filter throws away a fifth. "Not asked for" comes nearest to real digits (3.0, the other limits 17 to
# 18); but it alone learned from labels, and draws the classes in turn.
#
# **Exercise 3. Criticise.** What fails in each promise?
#
# - **P** "Each picture goes through our filter. So the weights, which we publish, cannot be misused."
# - **Q** "The training data hold no such picture. So the generator cannot draw one."
# - **R** "Our judge throws such pictures away. Then the same judge looked at 10,000 and found none."
# - **S** "We drew 50 pictures and saw none. So there are none."
#
# Choose from `"weights"`, `"parts"`, `"same reader"` and `"too few"`.

# %% tags=["exercise"]
what_fails = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_fails(what_fails)

# %% [markdown]
# <details><summary>Hint 1</summary>"Weights": the limit is not in what is published. "Parts": the parts of a 7 are in other digits.</details>
# <details><summary>Hint 2</summary>"Same reader": who filtered also counts. "Too few": rare things need many draws.</details>

# %% tags=["solution"]
solution_what_fails = {"P": "weights", "Q": "parts", "R": "same reader", "S": "too few"}
check.what_fails(solution_what_fails, solution=True)

# %% [markdown]
# ## Cases, and a debate
#
# - **A face made sharp** (2020). PULSE searched StyleGAN's latents for a face that fits a photo of few pixels. Such
#   a photo of Barack Obama came out white. *Whose fault: the data, the search, or who published it?*
# - **LAION-5B** (2023). In the data behind well-known generators researchers found links to over a thousand pictures of
#   abused children. *What of models already trained on it?*
# - **Erased concepts** (2024, 2025). From large models others got "erased" concepts back, by the right latent or a
#   little training. *May a maker still say "removed"?*
# - **Intimate pictures of real people.** To publish them without consent is a crime in the United States; from
#   December 2026 the EU forbids systems that make them: [what the law asks](../../docs/law.md), no legal advice. *Is
#   the one who published the weights liable?*
#
# **For the room** (20 minutes): one motion; the sides change after five. (1) "Weights that can draw a forbidden thing
# when searched may not be published." (2) "A generator has to draw each group as often as the *world* has it, not as
# the data do."
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** counts need a band of chance, tails, coverage and a control; a judge says "no digit" only if it may;
#   a limit lowers what is handed out, but a search of the weights still finds some.
# - **Not said:** whether that is fair.
# - **Next:** [14.1](../14_scale_up/1_your_own_pictures.ipynb), your own pictures.
#
# ## What the articles say
#
# (Two of the five that [0.2](../00_start_here/2_a_network_draws.ipynb) lists.)
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 | "limit the generator to prevent harmful content" | four limits lower it; a search still finds some |
# | A2 | transparency should be assessed automatically | an automatic judge called blank pages "1", and was sure |
#
# **Limits.** Small models, 800 steps; two forbidden digits. Our GAN without 7s draws many malformed pictures: a better
# one may hide less. The attacker has a judge for 7.
#
# **Software.** `course_lib.audit.shares`, scipy. Fairlearn and Aequitas audit classifiers.
#
# ## Further reading
#
# - J. Zhao, T. Wang, M. Yatskar, V. Ordonez, K.-W. Chang. *Men also like shopping: reducing gender bias amplification.*
#   EMNLP 2017.
# - S. Menon, A. Damian, S. Hu, N. Ravi, C. Rudin. *PULSE.* CVPR 2020; and the note on bias in its repository.
# - D. Thiel. *Identifying and eliminating CSAM in generative ML training data and models.* Stanford Internet
#   Observatory, 2023.
# - M. Rusanovsky, S. Malnick, A. Jevnisek, O. Fried, S. Avidan. *Memories of forgotten concepts.* CVPR 2025.
# - P. Liu, C. Zhang. *Erased or dormant? Rethinking concept erasure through reversibility.* 2025.
# - J. Hanley, A. Lippman-Hand. *If nothing goes wrong, is everything all right?* JAMA 1983. On a count of 0.
