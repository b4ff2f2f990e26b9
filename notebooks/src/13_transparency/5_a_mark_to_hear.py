# %% [markdown]
# # 13.5 Can the maker mark its pictures?
#
# A detector has to guess what it has never seen ([13.4](4_can_one_tell.ipynb)). The maker could help: every picture
# that his generator draws gets a secret, faint mark, a **watermark**. Only he is meant to find it again; we say, to
# *hear* it. We build one, measure what it survives, train it into a generator, and take it out again.
#
# **You need** [13.2](2_who_signed.ipynb) (labels and keys) and [6.1](../06_measuring/1_how_far_from_real.ipynb)
# (Fréchet distance). **You will** hear a mark, mend a listener that gives false alarms, and remove a mark without its
# key. About 30 minutes to read and run, 55 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy

import torch

from course_lib import show, zoo
from course_lib.audit import edits, watermark
from course_lib.audit.detector import cut_off, rate
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import marking
from course_lib.chapters.ch13_transparency.recorded_detectors import spread
from course_lib.chapters.ch13_transparency.recorded_marks import Marked
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.5", runtime), syllabus.checks("13"), syllabus.questions("13.5")
data, heldout = load("digits").images, load("digits", split="test").images
generator = zoo.load("dcgan-digits").generator
n = runtime.pick(smoke=60, course=1000)
clean = marking.drawn(generator, n, seed)  # pictures of the zoo's DCGAN, at 8 bit
over = Marked()  # `course record watermarks`: five other keys, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("13.5"))

# %% [markdown]
# ## A key, and a faint copy of it
#
# The **key** is a secret pattern: for each of the 784 pixels 1 or −1, by the toss of a coin. The mark is a faint
# copy: we add the key times a **strength** of 0.1. Pixels run from −1, black, to 1, white. What leaves this range is
# cut off, and all is rounded to 256 grey levels (8 bit).
#
# How large is the change? **PSNR** compares the mean squared difference with the squared range of the pixels (2² = 4),
# in decibels (dB): 10·log₁₀(4 / that mean). Ten more mean a tenth of the squared difference.

# %%
key = torch.randint(2, (1, 28, 28), generator=torch.Generator().manual_seed(seed)).float() * 2 - 1


def mark(images, key, strength):  # (N, 1, 28, 28), (1, 28, 28) → (N, 1, 28, 28)
    return edits.eight_bit((images + strength * key).clamp(-1, 1))


marked = mark(clean, key, 0.1)
print(f"strength 0.1: PSNR {watermark.psnr(clean, marked):.1f} dB; mean of change times key {((marked - clean) * key).mean():.2f}")
show.compare({"the key": key.expand(12, -1, -1, -1), "unmarked": clean, "marked, 0.1": marked, "marked, 0.2": mark(clean, key, 0.2)},
             title="At 0.1 the mark is a faint grain",
             alt="The key, a square of random black and white pixels, the same twelve times; digits without a mark; with a faint grain; with a stronger one.")

# %% [markdown]
# ## Listening
#
# Multiply each pixel by its sign in the key, and take the mean: this is how *loud* the key is in the picture. Of the
# mark there remains 0.1 · (±1)² = 0.1, where nothing was cut off. On black, most of a picture, −0.1 was cut off: over
# all pixels about 0.06 remains (printed above). The picture itself adds up to about nothing, as its pixels meet 1 and
# −1 by chance. But "about" is too loud: the digit is ten times as strong as the mark, and another one in each
# picture. So first subtract what is not fine: the mean of each pixel's 3 × 3 square.
#
# **Exercise 1. Finish the line.**

# %% tags=["exercise"]
def heard(images, key):  # (N, 1, H, W), (1, H, W) → (N,)
    mean = edits.local_mean(images, 3)  # of the 3 × 3 square around each pixel
    return ...  # your line


check.heard(heard)

# %% [markdown]
# <details><summary>Hint 1</summary>images − mean is what is fine. Multiply it by the key.</details>
# <details><summary>Hint 2</summary>.mean((1, 2, 3)) takes the mean over channels, rows and columns of each picture.</details>

# %% tags=["solution"]
def solution_heard(images, key):
    return ((images - edits.local_mean(images, 3)) * key).mean((1, 2, 3))


check.heard(solution_heard, solution=True)

# %% [markdown]
# When is it loud enough? We listen to 4,000 real digits and set the **threshold** so that 1 % lie above: these are
# false alarms. Then the controls: other real digits, fakes without a mark, and other keys in marked pictures.

# %%
def listening(images, key, side):  # the share in which the key is heard
    return rate(watermark.hear(images, key, side), cut_off(watermark.hear(data, key, side), 0.01))


rows = {"marked": marked, "real, held out (control)": heldout, "unmarked fakes (control)": clean}
show_table("Share in which the key is heard", ["pictures", *marking.LISTENING],
           [[name, *[f"{listening(x, key, side):.1%}" for side in marking.LISTENING.values()]] for name, x in rows.items()]
           + [["marked, wrong keys (control)", "", f"{marking.wrongly_heard(marked, marking.control_keys(seed), data):.1%}"]])

# %% tags=["nbval-check-output"]
by_hand = ((marked - edits.local_mean(marked)) * key).mean((1, 2, 3))
claims.at_most("our lines and the library's agree (largest difference)", max(
    (by_hand - watermark.hear(marked, key)).abs().max().item(), (marked - watermark.mark(clean, key)).abs().max().item()), 1e-6)
claims.at_least("heard in marked pictures, minus the mean", listening(marked, key, 3), 0.98)
claims.over_seeds("heard in marked pictures, plain", over.of("heard", "0.1", "plain", "nothing"), 0.95, "<=")
claims.at_most("heard in held-out real digits", listening(heldout, key, 3), 0.03)
claims.at_most("heard with wrong keys", marking.wrongly_heard(marked, marking.control_keys(seed), data), 0.03)

# %% [markdown]
# ## What does it survive?
#
# Pictures travel. They are saved as JPEG, made smaller, moved (by one pixel down and right), or cropped: here two
# pixels are cut off at each side, and the rest is enlarged. Or somebody has a VAE draw them anew: coded and decoded.

# %%
ask.predict("survives")

# %%
def recorded(edit, strength, how="minus the 3 × 3 mean"):
    return spread(over.of("heard", str(strength), how, edit))


show_table("Share in which the mark is heard, by strength (minus the 3 × 3 mean, but for “plain”): median (range) of five keys",
           ["edit", "strength 0.1, plain", "strength 0.05", "strength 0.1", "strength 0.2"],
           [[edit, recorded(edit, 0.1, "plain"), *[recorded(edit, s) for s in (0.05, 0.1, 0.2)]] for edit in marking.EDITS]
           + [["the price: PSNR, dB", "", *[spread(over.of("psnr", str(s)), 1) for s in (0.05, 0.1, 0.2)]],
              ["a digit classifier reads the same digit (fakes)", "", *[spread(over.of("same reading", str(s))) for s in (0.05, 0.1, 0.2)]]])

# %% tags=["nbval-check-output"]
live = marking.survival(marked, key, data)
claims.at_least("heard after JPEG 75", live["JPEG 75"], 0.8)
claims.at_most("heard after a shift by one pixel", live["moved by one pixel"], 0.05)
claims.at_most("heard after being drawn again by a VAE", live["drawn again by a VAE"], 0.05)
same = marking.same_reading(heldout, watermark.mark(heldout, key), zoo.load("judge"))
claims.at_least("real digits, marked: the classifier reads the same digit (share)", same, 0.99)

# %% [markdown]
# The table is recorded, with five other keys; these four claims are about ours. Plain listening depends on the key: how
# its signs happen to meet the digits. Minus the mean, all five keys are heard at 0.1. The price: the classifier reads
# about 6 of 100 fakes differently (of real digits, marked alike, not 1). The mark survives JPEG 75 and noise. It does
# not survive what moves the pixels or takes away the fine part. A shift, though, can be undone: listen at nine places,
# the key moved by up to one pixel each way, and take the loudest.
#
# **Exercise 2. Find the fault and mend it.** A colleague does so, and hears the mark in real digits, too.
# (`unmarked`: real digits that set the threshold. Nine independent chances would give 1 − 0.99⁹ = 8.6 %.)

# %%
def colleagues(listen, images, key, unmarked):  # listen(images, key) → (N,)
    # .roll moves the key; what leaves at one side comes back at the other
    places = [key.roll((down, right), (1, 2)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    loudest = torch.stack([listen(images, place) for place in places]).amax(0)
    return loudest > listen(unmarked, key).quantile(0.99)


print(f"false alarms on real digits: {colleagues(watermark.hear, heldout, key, data).float().mean():.1%}, expected 1 %")

# %% tags=["exercise"]
def verdicts(listen, images, key, unmarked):
    ...  # your lines, ending in: return …


check.verdicts(verdicts)

# %% [markdown]
# <details><summary>Hint 1</summary>Nine chances to be loud instead of one: unmarked pictures have them, too.</details>
# <details><summary>Hint 2</summary>Compute the loudest of nine for the unmarked pictures as well; 1 % of these may lie above the threshold.</details>

# %% tags=["solution"]
def solution_verdicts(listen, images, key, unmarked):
    places = [key.roll((down, right), (1, 2)) for down in (-1, 0, 1) for right in (-1, 0, 1)]

    def loudest(x):
        return torch.stack([listen(x, place) for place in places]).amax(0)

    return loudest(images) > loudest(unmarked).quantile(0.99)


check.verdicts(solution_verdicts, solution=True)

# %% tags=["nbval-check-output"]
old, anew = "false alarms, old threshold", "false alarms, new threshold"
claims.over_seeds("nine places, old threshold: false alarms", over.of("nine places", old), 0.03)
claims.over_seeds("nine places, new threshold: false alarms", over.of("nine places", anew), 0.03, "<=")
claims.over_seeds("nine places, new threshold: heard after a shift", over.of("nine places", "heard after a shift"), 0.9)

# %% [markdown]
# ## A mark inside the generator
#
# If the maker publishes the generator, whoever runs it gets pictures without a mark. So we train the DCGAN on: each
# picture shall be at least as loud as twice the threshold (`relu`: louder costs nothing), and stay near the old
# picture of the same latent.

# %%
tiled = watermark.new_key(seed, tile=4)  # 4 × 4 signs, repeated over the picture
goal = marking.target(tiled, data)


def trained_in(steps):
    new = copy.deepcopy(generator).requires_grad_(True)  # in eval mode: batch norm keeps its statistics
    optimiser = torch.optim.Adam(new.parameters(), 1e-3)
    for step in range(steps):
        z = torch.randn(32, generator.latent, generator=runtime.stream("mark", step))
        images = new(z)
        loss = (goal - watermark.hear(images, tiled)).relu().mean() + (images - generator(z)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return new.requires_grad_(False)


inside = marking.drawn(trained_in(runtime.pick(smoke=3, course=200)), n, seed)
three = [marking.drawn(net, 20, 1) for net in (trained_in(3), watermark.train_mark(generator, tiled, runtime, target=goal, steps=3))]
claims.at_most("our training and the library's draw the same after three steps (largest difference)", (three[0] - three[1]).abs().max(), 0.02)
show.compare({"the key": tiled.expand(12, -1, -1, -1), "before": clean, "after": inside}, title="After the training each picture carries a faint pattern",
             alt="The tiled key twelve times, a pattern of 4 × 4 pixels repeated; digits before; the same digits with a faint regular pattern.")

# %% [markdown]
# Why a **tiled** key (16 signs, eight of each, repeated)? A DCGAN draws with small kernels that it moves over the
# picture (stride 2, twice): these kernels alone can draw what repeats every four pixels. Remember the grid of 13.4: we
# bring it back on purpose. A free key, 784 coins, is harder. (Fréchet distance: how far the samples are from real
# digits; small is good.)

# %%
def both(digits, *path):  # the number of the free and of the tiled key; {} in the path stands for the key's name
    return [spread(over.of(*(part.format(name) for part in path)), digits) for name in ("free", "tiled")]


show_table("A mark in the pixels (strength 0.1), and one in the generator: medians (ranges) of five keys",
           ["measure", "free key, 784 coins", "tiled key, 4 × 4, repeated"],
           [["Fréchet distance, no mark (control)", *both(1, "distance", "no mark")],
            ["… mark in the pixels", *both(1, "distance", "{}, in the pixels")],
            ["… mark in the generator", *both(1, "distance", "{}, trained")],
            ["PSNR, mark in the generator, dB", *both(1, "trained", "{}", "psnr")],
            *([f"heard in the generator's pictures{after}", *both(2, "trained", "{}", "heard", edit)] for edit, after in
              {"nothing": "", **{e: f", {e}" for e in ("JPEG 75", "moved by one pixel", "drawn again by a VAE")}}.items()),
            ["wrong keys heard in them (control)", *both(2, "trained", "{}", "wrong keys")]])

# %% tags=["nbval-check-output"]
claims.at_least("trained into the generator, tiled key: heard", listening(inside, tiled, 3), 0.9)
before, after = over.of("distance", "no mark"), over.of("distance", "tiled, trained")
claims.over_seeds("its price in Fréchet distance", {s: after[s] - before[s] for s in before}, 4, "<=")
claims.over_seeds("a free key in the generator: heard", over.of("trained", "free", "heard", "nothing"), 0.95, "<=")
signs, near = tiled[0, :4, :4].flatten(), []
for plus, minus in zip((signs > 0).nonzero(), (signs < 0).nonzero(), strict=True):  # eight pairs
    other = signs.clone()
    other[plus], other[minus] = -1.0, 1.0  # a wrong key: the two have changed places
    near.append(other.view(1, 4, 4).repeat(1, 7, 7))
claims.at_least("tiled key with two signs exchanged: heard, mean of eight", marking.wrongly_heard(inside, near, data), 0.5)

# %% [markdown]
# **What it costs.** Trained in, both keys cost less Fréchet distance than 0.1 in the pixels (in the medians), but
# change the pictures more (PSNR about 25 dB, not 28). The tiled one is heard without anybody adding it. The free key is
# heard less after our 200 steps.
#
# **What the short key costs.** There are only 12,870 tiled keys: one can try them all on a few pictures. And a wrong
# one may be nearly right. If a 1 and a −1 change places, 14 of 16 signs still agree, and most pictures are heard with
# it (the last claim). (The table's "wrong keys" is a mean over five random ones.) The free key is too long to try.
#
# Averaging takes both away, too (two claims after exercise 3). And who has the weights might train a mark away as we
# trained it in (not tried).
#
# ## Taking it out
#
# Now we are the attacker: no key, no generator, only pictures.

# %%
ask.predict("few")

# %% [markdown]
# **Exercise 3. Attack it.** Given marked pictures and real digits, return the marked ones without the mark: heard in
# at most 10 %, and with a PSNR of at least 25 dB beside the marked ones. (A blur silences it, too, but at about 19
# dB. And `check` knows the key: a real attacker is not told whether he is done.)

# %% tags=["exercise"]
def silenced(marked, others):  # (N, 1, 28, 28), (M, 1, 28, 28) → (N, 1, 28, 28)
    ...  # your lines, ending in: return …


check.silenced(silenced)

# %% [markdown]
# <details><summary>Hint 1</summary>What do all marked pictures have in common? What is left of the digits in a mean over many?</details>
# <details><summary>Hint 2</summary>marked.mean(0) − others.mean(0) is a faint copy of the key. Subtract it, and cut off with .clamp(-1, 1).</details>

# %% tags=["solution"]
def solution_silenced(marked, others):
    return (marked - (marked.mean(0) - others.mean(0))).clamp(-1, 1)


check.silenced(solution_silenced, solution=True)

# %% [markdown]
# How many pictures does it take? We collect a few, and take their mean minus the mean real digit. This difference,
# minus its own 3 × 3 mean, is the **guess**. We subtract it from *other* marked pictures. Added to *real* digits, 1.5
# times so that it is loud enough, it is a forged mark. The control collects pictures that were never marked.
#
# Is the mark gone then, or only turned round? Whoever subtracts too much leaves the key with a minus. So the maker
# listens on the other side, too: **too quiet** is what is quieter than the quietest 1 % of the real digits.

# %%
fresh, quietest = marked[: n // 2], watermark.hear(data, key).quantile(0.01).item()


def too_quiet(images):
    return (watermark.hear(images, key) < quietest).float().mean().item()


def cleaned(collected, times=1.0):
    return watermark.mark(fresh, watermark.estimate_key(collected, data), -times)


tried = {"never marked (control)": clean[: n // 2], **{f"guess from {m}": cleaned(marked[-m:]) for m in (1, 3, 10, 30, 100)},
         "guess from 10, subtracted 1.5 times": cleaned(marked[-10:], 1.5),
         "guess from 10 without a mark (control)": cleaned(clean[-10:]), "blurred 3 × 3": edits.blurred(fresh),
         "snapped within 0.15 (13.4)": edits.snapped(fresh, 0.15)}
show_table("Is the mark gone?", ["pictures", "heard", "too quiet", "PSNR beside the marked ones, dB"],
           [[name, f"{listening(x, key, 3):.1%}", f"{too_quiet(x):.1%}", f"{watermark.psnr(fresh, x):.1f}"] for name, x in tried.items()])
forged = watermark.mark(heldout, watermark.estimate_key(marked[-10:], data), 1.5)
show.compare({"marked": fresh, "cleaned": tried["guess from 10"], "real": heldout, "real, forged": forged},
             title="Cleaned and forged by a key that was guessed from ten pictures",
             alt="Four rows of twelve digits: marked ones with a faint grain; cleaned ones, with some grain, too; real ones; real ones with grain.")

# %%
collected = list(next(iter(over.runs.values()))["averaged"])
show_table("The guess, subtracted once, or added 1.5 times: medians (ranges) of five recorded keys",
           ["pictures collected", "cleaned: heard", "cleaned: too quiet", "forged: heard in real digits", "likeness of guess and key"],
           [[f"{m} {said}", *(spread(over.of(which, m, what)) for what in ("heard", "too quiet", "forged", "likeness"))]
            for which, said in {"averaged": "marked", "averaged, none marked": "without a mark (control)"}.items() for m in collected])

# %% tags=["nbval-check-output"]
claims.over_seeds("ten collected: heard in other pictures after cleaning", over.of("averaged", "10", "heard"), 0.05, "<=")
claims.over_seeds("… too quiet after cleaning", over.of("averaged", "10", "too quiet"), 0.05, "<=")
claims.over_seeds("ten collected: forged marks heard in real digits", over.of("averaged", "10", "forged"), 0.9)
claims.over_seeds("thirty collected, tiled key in the generator: heard after cleaning",
                  over.of("trained", "tiled", "averaged", "heard"), 0.1, "<=")
claims.over_seeds("… free key in the generator: heard after cleaning", over.of("trained", "free", "averaged", "heard"), 0.15, "<=")
claims.at_most("guess from ten, subtracted once: heard", listening(tried["guess from 10"], key, 3), 0.05)
claims.at_most("guess from ten, subtracted once: too quiet", too_quiet(tried["guess from 10"]), 0.05)
claims.at_least("guess from ten, subtracted 1.5 times: too quiet", too_quiet(tried["guess from 10, subtracted 1.5 times"]), 0.2)

# %% [markdown]
# A single marked picture is enough to forge. The guess holds the whole mark beside a rest of the digit, and the key
# hears only the mark: so a likeness (their correlation) of 0.25 is enough. One picture silences, too, but the rest of its digit stays
# behind as a stain, and changes the others nearly as much as a blur. With ten, the cleaned pictures are about as near
# to the marked ones as the unmarked are, and on neither side do they stand out. Subtracted 1.5 times, the guess turns
# the mark round: many pictures are too quiet, and a maker who listens on both sides notices. The control, as many
# pictures without a mark, silences nothing: it is the key that does it. Snapping, which needs no other picture at all,
# silences most: most of the mark lies on black.
#
# The fault is to use one key for all pictures. Many newer systems let the pattern depend on the picture. Of those
# that do not, several have been broken by this very averaging (Yang and others, below). A pattern for each picture
# does not answer who may listen: who can hear by our method can mark, and forge.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a mark is heard better if the 3 × 3 mean is subtracted, at few false alarms if the threshold is set
#   for how one listens; at strength 0.1 it survives JPEG 75 and noise, a shift only if one listens for it, and no blur
#   or redrawing; a generator can learn it; averaging takes it out, and forges it.
# - **Not said:** that an unmarked picture is real, or a marked one generated.
# - **Next:** [13.6](6_who_was_in_it.ipynb) asks what a generator tells of its training data.
#
# ## What the articles say
#
# A2 and A4 are two of the five introductory articles from which [the course
# grew](../00_start_here/2_a_network_draws.ipynb).
#
# | article | it says | what we measured |
# |---|---|---|
# | A2 | transparency has to be measurable | a mark has a false-alarm rate and a survival for each edit: both are numbers |
# | A4 | synthetic media have to be recognisable | by a mark yes, until the picture is cropped, made smaller or blurred, or somebody wants it gone |
#
# **Limits.** Five keys, one generator, 28 × 28 pixels: larger pictures hold more of a mark. Only this method was
# attacked. In the generator we tried one loss, and no attacker who trains the mark away.
#
# **Software.** `course_lib.audit.watermark`. For photographs: trustmark, invisible-watermark (both not tried here).
#
# ## Further reading
#
# - I. J. Cox, J. Kilian, F. T. Leighton, T. Shamoon. *Secure spread spectrum watermarking for multimedia.* IEEE
#   Transactions on Image Processing 6, 1997.
# - N. Yu, V. Skripniuk, S. Abdelnabi, M. Fritz. *Artificial fingerprinting for generative models.* ICCV 2021.
# - P. Fernandez, G. Couairon, H. Jégou, M. Douze, T. Furon. *The stable signature: rooting watermarks in latent
#   diffusion models.* ICCV 2023.
# - P. Yang, H. Ci, Y. Song, M. Z. Shou. *Can simple averaging defeat modern watermarks?* NeurIPS 2024.
# - X. Zhao and others. *Invisible image watermarks are provably removable using generative AI.* NeurIPS 2024.
# - European Union. *Regulation 2024/1689 (AI Act)*, article 50(2): marks that machines can read ([what the law
#   asks](../../docs/law.md)).
