# %% [markdown]
# # 6.5 Which is better, a GAN or a VAE?
#
# A GAN and a variational autoencoder (VAE) learn from the same digits. Which draws the better ones? We hold a fair
# contest, with every measure of this chapter. First comes the one measure that cannot judge it: the likelihood.
#
# **You need** lessons 6.1 to [6.4](4_does_it_copy.ipynb) (the measures), and chapter 5 (VAEs). **You will** say what a
# likelihood overlooks; name what a fair contest must hold equal; compare seed by seed. About 40 minutes to read, 55
# with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torchvision.transforms.functional import gaussian_blur

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch06_measuring.every_measure import every_measure
from course_lib.chapters.ch06_measuring.recorded_runs import SETTINGS, SHOWN, column, lead, show_leads, show_medians
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import frechet_distance, judge_outputs, log_likelihoods, nll
from course_lib.models import ConvVAE, DCDiscriminator, DCGenerator, binarised
from course_lib.runtime import Runtime
from course_lib.training import Game, VAETrainer

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.5", runtime)
check = syllabus.checks("06")
ask = syllabus.questions("06.5")
print(runtime.describe())
print(syllabus.time_of("06.5"))

# %% [markdown]
# ## A likelihood, for those that have one
#
# How probable does a model think new real pictures are? Chapter 5 computed a VAE's *negative log-likelihood* (NLL), in
# *nats* a picture (the natural logarithm's unit). Lower is better, and no judge takes part.
#
# **A GAN has none of use.** The GAN of this lesson maps 32 random numbers to 784 pixels. All pictures that it can draw
# form a thin sheet in the space of pictures. A new real picture lies beside the sheet, practically never on it.
# So its probability density is 0, and its log-likelihood $-\infty$. Our VAE starts from 32 numbers, too, but its
# decoder answers with a *probability* for each pixel to be white. So every black and white picture has a probability,
# if a tiny one.
#
# We train a small VAE briefly, and then spoil it: a new model **draws pure noise 99 times of 100**, and asks the VAE
# only the hundredth time. Its probability $p$ of a picture is
#
# $$p = 0.01\, p_\text{VAE} + 0.99\, p_\text{noise} .$$
#
# *In words: a hundredth of what the VAE says, plus 99 hundredths of what the noise says.*

# %%
ask.predict("nats")

# %% [markdown]
# **Exercise 1. Finish the line.** The computer has $\log p_\text{VAE}$ and $\log p_\text{noise}$. Most of the
# probabilities themselves are too small for its 32-bit numbers, and would become 0. Return $\log(s\,p + (1 - s)\,q)$,
# the logarithm of the mixture, from `log_p` and `log_q`, for a share $s$.

# %% tags=["exercise"]
def mixed(log_p, log_q, share):  # (N,), (N,), a number between 0 and 1
    ...  # your line: return …


check.mixed(mixed)

# %% [markdown]
# <details><summary>Hint 1</summary>The logarithm of a product is a sum: what is log(s · p)?</details>
# <details><summary>Hint 2</summary>torch.logaddexp(a, b) is log(exp a + exp b), without ever computing exp a.</details>

# %% tags=["solution"]
def solution_mixed(log_p, log_q, share):
    return torch.logaddexp(math.log(share) + log_p, math.log(1 - share) + log_q)


check.mixed(solution_mixed, solution=True)

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
judge, contest = zoo.load("judge", runtime), recorded("rivals")
features_of_real = judge_outputs(digits.images.cpu(), judge)[1]


def live_steps(rival):
    """Far fewer than were recorded, and of about equal cost: a step of the GAN takes nearly twice as long."""
    return runtime.pick(smoke=10, course={"GAN": 330, "VAE": 550}[rival])


with runtime.seeded("weights"):
    vae_trainer = VAETrainer(ConvVAE(contest["settings"]["latent"], width=32), binary=True)
for _ in vae_trainer.steps(digits, live_steps("VAE"), runtime):
    pass
some = binarised(held_out.images[: runtime.pick(smoke=10, course=100)], runtime.stream("black and white"))
print("NLL of held-out digits:", nll(vae_trainer.vae, some, samples=runtime.pick(smoke=10, course=100)))

# %%
log_vae = log_likelihoods(vae_trainer.vae, some, samples=runtime.pick(smoke=10, course=100))
log_noise = torch.full_like(log_vae, -784 * math.log(2))  # each of 784 pixels black or white, like a coin
least, most = math.log(0.01), math.log(0.99)
log_spoilt = torch.stack([least + log_vae, most + log_noise]).logsumexp(0)
lost = (log_vae - log_spoilt).mean().item()
noise = torch.randint(0, 2, (990, 1, 28, 28), generator=runtime.stream("noise")).float() * 2 - 1
spoilt = torch.cat([vae_trainer.sampler()(10), noise])
distances = [frechet_distance(judge_outputs(x, judge)[1], features_of_real)
             for x in (vae_trainer.sampler()(1000), spoilt)]
show_table("What the noise costs", ["", "the VAE", "99 % noise"],
           [["NLL, nats a picture", f"{-log_vae.mean():.2f}", f"{-log_spoilt.mean():.2f}"],
            ["Fréchet distance", *(f"{distance:.0f}" for distance in distances)]])
show.compare({"the VAE": vae_trainer.sampler(), "99 % noise": spoilt[5:17]},
             title="A loss of 4.61 nats: ten of 1,000 pictures are digits, the rest is noise (here where they meet)",
             alt="Above, twelve soft, rounded digits. Below, five of them and seven squares of noise.")

# %% tags=["nbval-check-output"]
claims.at_most("99 % noise costs a model at most log 100 nats of likelihood", lost, math.log(100) + 1e-6)
claims.at_least("… and makes its Fréchet distance at least 3 times larger", distances[1] / distances[0], 3)

# %% [markdown]
# The noise costs at most $\log 100 = 4.61$ nats, because $p \ge 0.01\, p_\text{VAE}$ everywhere. **A good likelihood
# does not promise good pictures** (Theis and others, 2016). Likelihood charges heavily for real pictures that the model
# leaves out.
#
# ## A fair contest
#
# The contest was recorded over five seeds. Both rivals are convolutional, and have the same 4,000 digits, the same
# latent size, the same processor seconds. Each is measured after its last step, not at its best moment. Of the VAE we
# take the mean pictures. Not equal are the batch (GAN 32, VAE 64); the number of weights; Adam's `betas`; and the
# steps, about 1,000 and 1,800, as a step of the GAN takes longer. Nor do we know that both were tuned with equal care:
# learning rates and batches are those of chapters 3 and 5, and nothing was searched for this contest.
#
# Two more things must be equal.
#
# - **Data form.** Our VAE's likelihood is made for black and white. So the VAE usually sees digits made black and
#   white, anew at each step. The GAN sees grey ones. We train the VAE on both.
# - **Averaging.** GANs often draw with a running average of their last weights
#   ([EMA](../../docs/glossary.md#averaged-generator-ema)), VAEs more rarely. We measure each with its last weights
#   *and* averaged.

# %%
ask.predict("worth")

# %%
ask.predict("winner")

# %%
runs = contest["runs"]
print(f"{contest['settings']['seconds']:.0f} processor seconds each, {contest['settings']['samples']:,} pictures of each")
show_medians(runs, "Medians of five seeds")
show.dots({name: {row: list(column(runs, row, key).values()) for row in runs}
           for key, name in (("frechet", "Fréchet ↓"), ("precision", "precision ↑"), ("recall", "recall ↑"),
                             ("coverage", "coverage ↑"))},
          shares=("precision ↑", "recall ↑", "coverage ↑"),
          title="By distance and recall the GAN is ahead, by precision the VAE",
          alt="Four panels of dots, one a seed, for held-out digits, the GAN and the two VAEs, each with its last weights "
              "and averaged. The GAN's Fréchet distances are about half of the VAEs' or less, its recall is higher, its "
              "precision lower; in coverage they hardly differ. Real digits are ahead in each panel.")

# %% [markdown]
# The figure shows four of the nine measures: a dot is a seed, and the bar their median. Each Fréchet distance of the
# GAN is smaller than each of the VAE. (The held-out digits are only 1,000; 4,000 would score still better.)
#
# Two medians do not say on how many seeds one model is ahead. So we compare seed by seed. On a seed a GAN and a VAE
# share little but the digits' order. Still, this pairing is fixed *beforehand*; pairing best with best is chosen after
# looking.
#
# **Exercise 2. Find the two faults, and repair them.** This should say on how many seeds `one` is better than `other`
# (not equal). Both are dictionaries, seed → value, with the same seeds.
#
# ```python
# def faulty(one, other, less_is_better):
#     return sum(a < b for a, b in zip(sorted(one.values()), sorted(other.values())))
# ```

# %% tags=["exercise"]
def ahead(one, other, less_is_better):
    ...  # your lines, ending in: return …


check.ahead(ahead)

# %% [markdown]
# <details><summary>Hint 1</summary>After sorting, whose best value meets whose?</details>
# <details><summary>Hint 2</summary>Go over the seeds, and look each one up in both. What happens if less_is_better is False?</details>

# %% tags=["solution"]
def solution_ahead(one, other, less_is_better):
    sign = -1 if less_is_better else 1
    return sum(sign * (one[s] - other[s]) > 0 for s in one)


check.ahead(solution_ahead, solution=True)

# %% [markdown]
# In the next table's first column two things are *unequal*: only the GAN is averaged, and only the VAE saw black and
# white. In the others averaging and form are equal.

# %%
show_leads(runs, "Median difference, and in brackets on how many of five seeds the first is better by this measure")

# %% tags=["nbval-check-output"]
for pair, words in (("… both on grey, averaged", "both averaged"), ("… both on grey, last", "both with last weights")):
    claims.over_seeds(f"same digits, {words}: the GAN has the smaller Fréchet distance", lead(runs, "frechet", pair), 0, op="<")
    claims.over_seeds(f"same digits, {words}: the VAE has the higher precision", lead(runs, "precision", pair), 0, op="<")
    claims.over_seeds(f"same digits, {words}: the GAN has the higher recall", lead(runs, "recall", pair), 0, op=">")
    claims.over_seeds(f"same digits, {words}: the VAE has the higher density", lead(runs, "density", pair), 0, op="<")
claims.over_seeds("the GAN's copying score is below a half, over seeds",
                  column(runs, "GAN, averaged", "copying"), 0.5, op="<")

# %% [markdown]
# Which is better? The answer changes with the measure. The GAN's Fréchet distance is less than half of the VAE's; so
# "the GAN is better" could be printed. Its precision and density are lower on every seed; so the opposite could be
# printed too. Kernel distance, recall and confidence side with the GAN on every seed, class entropy on three or four.
# But counting measures decides nothing: some ask nearly the same, as the two distances do. Wherever all five seeds
# agree, the unequal first column names the same winner as the other two. Only in *coverage*, where the rivals are
# close, averaging turns the order: the GAN is ahead on 4 seeds in column two, on 1 in column three.
#
# The GAN's copying score (first table) lies far below ½, as in 6.4. The VAE's ½ is no sign of health: blur raises that
# score (6.3).
#
# How much are averaging and the form of the digits worth? Here the averaged weights, or the grey digits, stand first:

# %%
show_leads(runs, "The same in one model, one setting changed (NLL: 250 held-out digits made black and white, 100 samples each)",
           SETTINGS)

# %% tags=["nbval-check-output"]
rivals_apart = lead(runs, "frechet", "… both on grey, averaged")
worth = {seed: max(abs(lead(runs, "frechet", pair)[seed]) for pair in SETTINGS) for seed in rivals_apart}
claims.over_seeds("what averaging and the form of the digits are worth, is at most a quarter of what lies between the "
                  "rivals (Fréchet distance)", {s: worth[s] / abs(rivals_apart[s]) for s in worth}, 0.25, op="<=")

# %% [markdown]
# By Fréchet distance averaging brings the GAN a little nearer to real digits, and the VAE a little farther from them.
# Grey digits change the VAE's distance in no common direction. (These are true pairs: one training, or the same first
# weights.)
#
# The last row brings the likelihood back. Averaged weights give the VAE a *better* NLL on each seed, and a *larger*
# Fréchet distance: the two prefer different forms of the same network.
#
# ## One seed, live
#
# Now a pair trained live, with far fewer steps, and with its last weights. (330 and 550
# steps; unequal: the VAE is the one trained above, on black and white.) Which row would *you* call better?

# %%
with runtime.seeded("weights"):
    game = Game(DCGenerator(contest["settings"]["latent"]), DCDiscriminator())
for _ in game.steps(digits, live_steps("GAN"), runtime):
    pass
live_pictures = {"GAN": game.sampler(ema=False)(2000), "VAE": vae_trainer.sampler()(2000)}
shown = live_pictures | {"new real digits": held_out.images.cpu()}  # 1,000
show.compare(shown, title="The GAN's digits are crisp and many of them broken, the VAE's are soft",
             alt="Three rows: the GAN's digits are crisp and many of them broken, the VAE's soft, the real ones crisp.")

# %% [markdown]
# Why is the VAE's precision higher? Two guesses. Its *mean* pictures are soft, and soft ones may lie inside the real
# balls more often (in 6.3 only the slightest blur raised precision). Or the VAE is like the *narrow* heap of 6.2, with
# pictures close together, and the GAN like the *wide* one. Then a part of the GAN's recall comes from large balls, and
# is no merit. So the table shows a **ball radius**, too: how far a picture lies from its fifth nearest neighbour among
# 2,000 of its own kind (the median).

# %%
def radius(features):
    return torch.cdist(features, features).kthvalue(6, dim=1).values.median().item()  # 6: the nearest is itself


live, radii = {}, {"training digits": radius(features_of_real[:2000])}
for name, images in shown.items():
    live[name] = every_measure(images, judge, digits.images.cpu(), features_of_real, held_out.images.cpu())
    if name in live_pictures:  # of 1,000 the radius would be larger
        radii[name] = radius(judge_outputs(images, judge)[1])
softened = {width: radius(judge_outputs(gaussian_blur(digits.images[:2000].cpu(), 9, width), judge)[1])
            for width in (0.8, 1.2)}  # as in 6.3
print("ball radius of 2,000 training digits:", f"{radii['training digits']:.1f};",
      ", ".join(f"blurred by {width} pixels {size:.1f}" for width, size in softened.items()))
show_table("Live, 2,000 pictures each (new real digits: 1,000)", ["", *live],
           [[SHOWN[key], *(f"{of[key]:.2f}" for of in live.values())] for key in SHOWN if key != "nll"]
           + [["ball radius", *(f"{radii[name]:.1f}" if name in radii else "—" for name in live)]])

# %% tags=["nbval-check-output"]
claims.at_most("live: the GAN's Fréchet distance is at most the VAE's",
               live["GAN"]["frechet"] / live["VAE"]["frechet"], 1)
claims.at_least("live: the GAN's recall is higher than the VAE's by at least 0.1",
                live["GAN"]["recall"] - live["VAE"]["recall"], 0.1)
claims.at_least("live: the GAN's ball radius is at least 1.3 times the VAE's", radii["GAN"] / radii["VAE"], 1.3)
claims.at_most("live: the VAE's ball radius is at most 0.8 of that of training digits",
               radii["VAE"] / radii["training digits"], 0.8)

# %% [markdown]
# If you chose the VAE, because more of its digits can be read, precision and density agree with you; if the GAN, for
# its crisp strokes, the Fréchet distance and recall do. In coverage both are near 0.
#
# The ball radius does not tell the guesses apart. The VAE's is 2.4. But real digits with all their variety, merely
# blurred by 0.8 and 1.2 pixels, have 2.6 and 2.0: softness alone shrinks balls as much. The GAN's pictures lie a little
# farther apart than real digits do. (One pair, shortly trained; of the recorded rivals no radii were kept.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up of the chapter
#
# - **Now known:** "A is better than B" needs a second half: *by which measure*, against which data, after how many
#   seconds, over how many seeds, and with what else equal. An honest report shows all its measures, not those alone
#   that it wins.
# - **Not said:** which model *you* should use, and what happens with longer training.
# - **Next:** [7.1 What is a fair share of an answer?](../07_explain_a_classifier/1_fair_shares.ipynb)
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A4 | the generator's loss measures the difference between drawn and real pictures | with not a pixel changed it more than tripled: it measures the opponent, too (6.1) |
# | A4 | measures for generated pictures are lacking | there are many; each of our nine is blind to some fault, or rewards one (6.3) |
# | A5 | a GAN makes high-quality copies of real data | its pictures mostly lie farther from the training digits than new ones do; the score in pixels catches exact copies, and misses those moved by a pixel. Without DiffAugment, the drawings of a short game with 100 digits are pulled towards these (6.4) |
# | A5 | a *smaller* training set prevents overfitting | no: the fewer digits, the larger D's gap. DiffAugment takes most of it away with 100 and 500, and in these steps the pictures got no better (6.4) |
#
# ## Strengths, limits, software
#
# - **Report** the judge, the number of pictures, what real held-out pictures score, and more than one measure.
# - **Strengths** of judge features: cheap, and no drawn picture need equal a real one.
# - **Limits:** a judge sees what it was trained for. Ours was trained on digits only; other data need another judge.
#   Two papers' FIDs compare only if the judge's weights, the resizing, the real pictures and the number of pictures
#   agree.
# - **Software:** `course_lib.metrics` (tests compare it with those named here); torchmetrics and torch-fidelity for
#   published FID and KID, prdc for precision, recall, density, coverage. If you have Inception's
#   weights, `metrics.inception_features` gives the features for `frechet_distance` (then it *is* FID).
#
# ## Further reading
#
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter. *GANs trained by a two time-scale update rule
#   converge to a local Nash equilibrium.* NeurIPS 2017. The Fréchet Inception distance.
# - M. Bińkowski, D. Sutherland, M. Arbel, A. Gretton. *Demystifying MMD GANs.* ICLR 2018. The kernel distance, and why
#   the Fréchet distance is biased.
# - T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen, T. Aila. *Improved precision and recall metric for assessing
#   generative models.* NeurIPS 2019.
# - M. F. Naeem, S. J. Oh, Y. Uh, Y. Choi, J. Yoo. *Reliable fidelity and diversity metrics for generative models.* ICML
#   2020. Density and coverage.
# - L. Theis, A. van den Oord, M. Bethge. *A note on the evaluation of generative models.* ICLR 2016. Why likelihood and
#   pictures can disagree.
# - C. Meehan, K. Chaudhuri, S. Dasgupta. *A non-parametric test to detect data-copying in generative models.* AISTATS
#   2020.
# - T. Karras, M. Aittala, J. Hellsten, S. Laine, J. Lehtinen, T. Aila. *Training generative adversarial networks with
#   limited data.* NeurIPS 2020. The gap.
# - S. Zhao, Z. Liu, J. Lin, J.-Y. Zhu, S. Han. *Differentiable augmentation for data-efficient GAN training.* NeurIPS
#   2020.
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly, O. Bousquet. *Are GANs created equal? A large-scale study.* NeurIPS
#   2018. What is left of differences between GANs when each gets the same budget.
# - M. J. Chong, D. Forsyth. *Effectively unbiased FID and Inception score and where to find them.* CVPR 2020. Few
#   pictures add to the Fréchet distance, and not equally for all generators.
# - G. Parmar, R. Zhang, J.-Y. Zhu. *On aliased resizing and surprising subtleties in GAN evaluation.* CVPR 2022. Why
#   two papers' FIDs may not compare.
