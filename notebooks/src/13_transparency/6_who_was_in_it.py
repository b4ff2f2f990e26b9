# %% [markdown]
# # 13.6 Can one find out who was in the training data?
#
# A clinic trains a model on its patients' pictures and publishes it. What the model draws is meant to show no real
# person. But somebody holds a picture of you and asks: *was this one trained on?* If he can tell, he knows that you
# were a patient. This is **membership inference**. We attack a GAN's discriminator D, a VAE, and the samples of both,
# and ask what helps.
#
# **You need** [1.1](../01_what_a_gan_optimises/1_best_discriminator.ipynb) (logits),
# [5.1](../05_vae/1_a_likelihood_and_its_bound.ipynb) (the bound) and [6.4](../06_measuring/4_does_it_copy.ipynb)
# (copies). **You will** measure an attack by two numbers, build its controls, and criticise four reports. About 30
# minutes to read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from sklearn.metrics import roc_auc_score

from course_lib import show
from course_lib.audit import membership
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import spy_pictures, spying
from course_lib.chapters.ch13_transparency.recorded_members import GANS, VAES, Spied, spread
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.losses.elbo import log_weights
from course_lib.metrics import copying
from course_lib.models import binarised
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.6", runtime), syllabus.checks("13"), syllabus.questions("13.6")
digits, test = load("digits", runtime), load("digits", runtime, split="test")
heldout = test.images
over = Spied()  # `course record membership`: five trainings of each model, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("13.6"))

# %% [markdown]
# ## Members and outsiders
#
# The **members** are 200 digits, on which we train. The **outsiders** are 1,000 digits of the same source that no
# model sees. Both have equal shares of each class. An attack is a **score**: a number for each picture, higher for
# "was trained on". For a GAN whose discriminator was published, D's own logit is one (its output before the sigmoid:
# high means "real"; Hayes and others, 2019). D was trained to say "real" of the members.
#
# The first measure of a score is the chance that a member, drawn at random, has a higher one than an outsider. A tie
# counts half. This is the **AUC** (13.4). Guessing has ½.
#
# **Exercise 1. Finish the line.** Compare every member with every outsider.

# %% tags=["exercise"]
def ranked_first(members, outsiders):  # scores (M,) and (N,) → one number
    return ...  # your line (or two)


check.ranked_first(ranked_first)

# %% [markdown]
# <details><summary>Hint 1</summary>members[:, None] &gt; outsiders is a table (M, N) of True and False.</details>
# <details><summary>Hint 2</summary>.double().mean() of it is the share of True. A second such table, with ==, has the ties.</details>

# %% tags=["solution"]
def solution_ranked_first(members, outsiders):
    above, tied = members[:, None] > outsiders, members[:, None] == outsiders
    return (above.double().mean() + tied.double().mean() / 2).item()


check.ranked_first(solution_ranked_first, solution=True)

# %%
ask.predict("gan")

# %%
few = digits.take(200)
members = few.images
game, untrained = spying.new_game(runtime), spying.new_game(runtime)
spying.train(game, few, runtime.pick(smoke=6, course=600), runtime)


def logits(discriminator, images):  # (N, 1, 28, 28) → (N,); in eval mode, or batch norm would mix the pictures
    with torch.no_grad():
        return discriminator.eval()(images)[:, 0].cpu()


of_members, of_outsiders = logits(game.discriminator, members), logits(game.discriminator, heldout)
both = [1] * len(members) + [0] * len(heldout)
by_hand = (of_members[:, None] > of_outsiders).double().mean().item()  # no two logits are equal: no ties to add

# %% tags=["nbval-check-output"]
claims.close("our scores and AUC are the library's", by_hand, membership.auc(
    membership.logit_scores(game.discriminator, members), membership.logit_scores(game.discriminator, heldout)), 1e-6)
claims.close("… and scikit-learn's", by_hand, roc_auc_score(both, torch.cat([of_members, of_outsiders])), 1e-6)
claims.at_least("live: D ranks a member before an outsider (AUC)", by_hand, 0.75)

# %% [markdown]
# ## Found at few false alarms
#
# A mean over all pairs hides what matters to a single person: is *anybody* found with few mistakes? So the second
# measure allows few **false alarms**. We set the threshold so high that at most 1 percent of the outsiders exceed it
# (an attacker needs outsiders of his own), and count the members above: the **hits** (Carlini and others, 2022).
# Guessing has 1 percent of hits, too.
#
# **Exercise 2. Build it.**

# %% tags=["exercise"]
def hits_at(members, outsiders, false_alarms):  # scores (M,), scores (N,), a share such as 0.01 → share of members
    ...  # your lines, ending in: return …


check.hits_at(hits_at)

# %% [markdown]
# <details><summary>Hint 1</summary>With 200 outsiders and a share of 0.01, two may be above the threshold.</details>
# <details><summary>Hint 2</summary>Sort the outsiders from high to low. The threshold is the first one that may not be exceeded: at place int(0.01 · N), counting from 0.</details>
# <details><summary>Hint 3</summary>0.29 · 100 is 28.999… for a computer: int(round(share * N, 6)) repairs it.</details>

# %% tags=["solution"]
def solution_hits_at(members, outsiders, false_alarms):
    allowed = round(false_alarms * len(outsiders), 6)
    threshold = outsiders.sort(descending=True).values[int(allowed)]
    return (members > threshold).double().mean().item()


check.hits_at(solution_hits_at, solution=True)

# %% [markdown]
# A good number alone proves nothing: perhaps the members are easier digits. So we need **controls**, judged by the same
# measures. The ranges say how far the numbers move when members and outsiders are drawn anew, with repeats, from those
# that we have (bootstrap, 95 percent). They leave out the luck of the training.

# %%
def ink(images):  # a score that asks no model
    return images.mean((1, 2, 3)).cpu()


blank = [logits(untrained.discriminator, images) for images in (members, heldout)]
attacks = {
    "D's logit": (of_members, of_outsiders),
    "control: who is a member is drawn by lot": membership.permuted(of_members, of_outsiders),
    "control: D before its first step": blank,
    "control: outsiders against other outsiders": (of_outsiders[:500], of_outsiders[500:]),
    "control: the picture's ink, no model": (ink(members), ink(heldout)),
}
found = {name: membership.attack(*scores) for name, scores in attacks.items()}
show_table("GAN, 200 digits (guessing: AUC 0.50, hits 0.01)", ["score", "AUC", "hits at 1 % false alarms"],
           [[name, one.auc, one.hits] for name, one in found.items()])

# %% tags=["nbval-check-output"]
claims.true("live: each control's AUC has ½ in its range or within 0.05",
            all(one.auc.low - 0.05 <= 0.5 <= one.auc.high + 0.05 for name, one in found.items() if "control" in name))
claims.at_least("live: D's logit finds more members than any control (times)",
                found["D's logit"].hits.value / max(one.hits.value for name, one in found.items() if "control" in name), 2)

# %% [markdown]
# D finds many times more members than guessing does. What do the controls rule out? *By lot*: that the measures find
# something where nothing is. *Before the first step* and *ink*: that members are easier in a way that these see.
# *Outsiders*: that any two heaps of digits differ so much. All four stay near guessing (hits at most 0.03).
#
# ## A VAE gives itself away in another way
#
# A VAE has no D. But it has a bound (5.1): for each picture x a number that on average is never above log p(x), and
# that training raises for the members. So the bound is a score. It is the mean of log p(x, z) − log q(z|x), with z
# drawn by the encoder. This VAE reads pixels that are drawn black or white, so we draw both five times, z and the
# pixels (each white with the chance of its grey):

# %%
def bounds(vae, images, draws=5, seed=0):
    g, rounds = torch.Generator().manual_seed(seed), []
    for part in images.split(500):
        each = []
        for _ in range(draws):
            noise = torch.randn(1, len(part), vae.latent, generator=g).to(part.device)
            with torch.no_grad():  # log p(x, z) − log q(z|x), for one draw of z and of the pixels
                each.append(log_weights(vae, binarised(part, g), noise)[0].cpu())
        rounds.append(torch.stack(each).mean(0))
    return torch.cat(rounds)


vae, other = spying.new_vae(runtime), spying.new_vae(runtime)
steps = runtime.pick(smoke=10, course=1500)
spying.train(vae, few, steps, runtime)
own = [bounds(vae.vae, images) for images in (members, heldout)]
claims.close("our bound is the library's (nats)", (own[0] - membership.bound_scores(vae.vae, members)).abs().max(), 0, 1e-3)

# %%
ask.predict("vae")

# %% [markdown]
# The bound mixes two things: was this picture learned, and is it *easy*? A 1 is a single stroke: easy, learned or not.
# To take that out, the attacker trains a VAE of his own, on 200 *other* digits, and subtracts its bound
# (**calibration**, another thing than that of probabilities; Watson and others, 2022).

# %%
spying.train(other, spying.others(digits, 200), steps, runtime)
eased = [mine - bounds(other.vae, images) for mine, images in zip(own, (members, heldout), strict=True)]
on_vae = {"the bound": membership.attack(*own), "the bound, minus another VAE's": membership.attack(*eased),
          "control: another VAE's bound alone": membership.attack(*(bounds(other.vae, x) for x in (members, heldout)))}
show_table("VAE, 200 digits (guessing: AUC 0.50, hits 0.01)", ["score", "AUC", "hits at 1 % false alarms"],
           [[name, one.auc, one.hits] for name, one in on_vae.items()])
beyond = test.labels.cpu()[own[1] > own[1].sort(descending=True).values[len(heldout) // 100]]
print(f"outsiders beyond the bound's threshold: {len(beyond)}, of them {(beyond == 1).sum()} are 1s")
spy_pictures.scores({"the bound": own, "the bound, minus another VAE's": eased}, x=["nats", "nats"],
                    title="Easy outsiders hide the members, until another VAE's bound is subtracted",
                    alt="Two histograms of members and outsiders. Left, the bound: members stand in a narrow heap, but some outsiders reach "
                        "as far right and hold the dashed threshold at the heap's right edge. Right, the difference: many members "
                        "lie beyond the threshold.")

# %% tags=["nbval-check-output"]
claims.at_least("live: the VAE's bound ranks a member before an outsider (AUC)", on_vae["the bound"].auc.value, 0.75)
claims.at_most("… but finds few at 1 % false alarms (hits)", on_vae["the bound"].hits.value, 0.15)
claims.at_least("… minus another VAE's bound: more hits, by", on_vae["the bound, minus another VAE's"].hits.value
                - on_vae["the bound"].hits.value, 0.1)

# %% [markdown]
# On the left the threshold is held up by outsiders that are 1s. Where their ease is subtracted, many more members are
# found. So "the attack failed" can mean "the attacker was lazy".
#
# ## With samples only
#
# Often the weights stay secret and only pictures are handed out (**black box**). The simplest attack then: draw 2,000
# samples, and score a picture by how near the nearest of them lies.

# %%
ask.predict("samples")

# %%
drawn = {"GAN": game.sampler()(2000), "VAE": vae.sampler()(2000)}
near = {name: [membership.nearest_scores(samples, images) for images in (members, heldout)] for name, samples in drawn.items()}
black = {name: membership.attack(*scores) for name, scores in near.items()}
show_table("Black box: 2,000 samples, nearest in pixels", ["model, 200 digits", "AUC", "hits at 1 % false alarms"],
           [[name, one.auc, one.hits] for name, one in black.items()])

# %% [markdown]
# Are some samples **near-duplicates** of members? A sample is *suspected* when it lies nearer to its nearest member
# than 99 of 100 outsiders to theirs (6.4). And the *pull*: which share of the samples lies nearer to the 200 members
# than to 200 other digits? For pictures that owe nothing to the members this is about ½. (The range: 95 percent, for
# so many pictures.)

# %%
ours, theirs, flat = (x.flatten(1).cpu() for x in (members, spying.others(digits, 200).images, heldout))
pull = {name: spying.pull(x.flatten(1), ours, theirs) for name, x in {**drawn, "control: outsiders": heldout.cpu()}.items()}
suspected = [f"{copying(x.flatten(1), ours, flat).copies:.1%}" for x in drawn.values()] + ["1.0% (by construction)"]
show_table("Near-duplicates among the pictures", ["pictures", "suspected", "nearer to members than to others"],
           [[name, count, one] for (name, one), count in zip(pull.items(), suspected, strict=True)])
nearest = torch.cdist(flat, ours).min(1).values.argsort()[: len(flat) // 100]
print(f"outsiders nearest to a member: {len(nearest)}, of them {(test.labels.cpu()[nearest] == 1).sum()} are 1s")
apart, at = torch.cdist(drawn["VAE"].flatten(1), ours).min(1)
pairs = spying.nearest_pairs(apart, at, 10)
show.compare({"VAE's sample": drawn["VAE"][pairs], "nearest member": members[at[pairs]].cpu()}, n=10,
             title="The VAE's nearest pairs, no member twice: some look like blurred copies",
             alt="Ten generated digits above the ten members nearest to them, many of them 1s. Place and slant agree, in several pairs "
                 "every bend; the generated ones are blurred or speckled.")

# %% tags=["nbval-check-output"]
claims.at_least("live, samples only: the VAE's members are found better than the GAN's (AUC, by)",
                black["VAE"].auc.value - black["GAN"].auc.value, 0.1)
claims.at_least("live: the VAE's samples lie nearer to members than to others (share)", pull["VAE"].value, 0.6)

# %% [markdown]
# The count suspects almost none of the samples. But 1s hold its threshold, too: to be suspected, a sample must come as
# near to a member as one 1 to another (the line under the table). So blurred copies of other digits pass. The pull,
# which compares with other digits, shows that the VAE's samples lean towards its members, the GAN's a little. (The VAE
# had 1,500 steps, the GAN 600; the table below has 1,000 each.)
#
# ## What helps?
#
# Recorded, five trainings each: more data, fewer steps, and DiffAugment (6.4: D sees everything shifted and cut). A
# step takes 32 digits. So in 250 steps each of 200 digits was seen 250 · 32 / 200 = 40 times on average: it had 40
# **looks**.

# %%
spy_pictures.against_steps({"auc": over.over_steps(GANS, "auc"), "hits": over.over_steps(GANS, "hits")},
                           chance=(0.5, 0.01), y=("AUC of D's logit", "hits at 1 % false alarms"),
                           title="More data, fewer steps and DiffAugment hide members from this attack (dotted: guessing)",
                           alt="Two panels over 50, 250 and 1,000 steps. With 200 digits the AUC climbs to 0.98 and the hits to about a half; with 1,000 less, with "
                               "4,000 and with DiffAugment they stay near guessing.")

# %%
rows = [[row, spread(over.of(row, "auc")), spread(over.of(row, "hits")), spread(over.of(row, "auc", attack="black")),
         spread(over.of(row, "frechet"), 0)] for row in (*GANS, *VAES)]
calibrated = [spread(over.control(VAES[0], "calibrated", what)) for what in ("auc", "hits")]
rows.insert(len(GANS) + 1, [f"{VAES[0]}, calibrated", *calibrated, "as above", "as above"])
show_table("After 1,000 steps: median (range) of five trainings",
           ["model", "AUC, D or bound known", "hits, D or bound known", "AUC, samples only", "Fréchet distance to the outsiders"], rows)
show_table("AUC of D's logit after equal or nearly equal looks: median (range) of five trainings",
           ["looks at each digit", *(row[5:] for row in GANS[:3])],
           [[f"{looks:g}", *(spread(at[row]) if row in at else "—" for row in GANS[:3])]
            for looks, at in over.by_looks(GANS[:3], "auc").items() if 8 <= looks <= 40])

# %% tags=["nbval-check-output"]
claims.over_seeds("over seeds: GAN, 200 digits: D ranks a member first (AUC)", over.of(GANS[0], "auc"), 0.85)
claims.over_seeds("… and finds members at 1 % false alarms (hits)", over.of(GANS[0], "hits"), 0.1)
claims.over_seeds("… its samples alone give little away (AUC)", over.of(GANS[0], "auc", attack="black"), 0.6, "<=")
claims.over_seeds("over seeds: VAE, 200 digits: its samples alone do (AUC)", over.of(VAES[0], "auc", attack="black"), 0.7)
claims.over_seeds("… minus another VAE's bound: hits", over.control(VAES[0], "calibrated", "hits"), 0.2)
claims.over_seeds("… the bound alone: hits", over.of(VAES[0], "hits"), 0.12, "<=")
for name, values in {"4,000 digits": over.of(GANS[2], "auc"), "200 digits, DiffAugment": over.of(GANS[3], "auc"),
                     "200 digits, 50 steps": over.of(GANS[0], "auc", over.looks[0])}.items():
    claims.over_seeds(f"over seeds: GAN, {name} (AUC)", values, 0.65, "<=")
after_40, after_32 = over.of(GANS[0], "auc", over.looks[1]), over.of(GANS[1], "auc")
claims.over_seeds("over seeds: GAN, 200 digits after 40 looks minus 1,000 after 32 (AUC)",
                  {s: after_40[s] - after_32[s] for s in after_40}, 0.05)
claims.over_seeds("over seeds: controls of 200 digits: farthest from ½ (AUC)", {s: max(abs(over.control(row, one, "auc")[s] - 0.5) for row in
                  (GANS[0], VAES[0]) for one in ("untrained", "held out")) for s in over.of(GANS[0], "auc")}, 0.1, "<=")

# %% [markdown]
# **Data and steps.** After 1,000 steps the AUC is 0.98 with 200 digits and 0.61 with 1,000. But D looked 160 times at
# each of the 200, and 32 times at each of the 1,000. Compare equal looks (the second table): after 8, 0.58, 0.53 and
# 0.51; and 0.75 after 40 against 0.61 after 32 (the latter in four times the steps). So a part of what "more data" does is "fewer
# looks at each", but not all.
#
# **DiffAugment** takes this attack back to guessing, and after 1,000 steps the Fréchet distance (6.1; small is good)
# shows no clear price. (An attacker who shows D each picture shifted and cut, too, may get further: not tried.)
#
# **Models.** Of the GAN the *discriminator* tells; to this attack its samples say little. So do not publish D. (The
# generator's own weights we did not attack; Chen and others, 2020, did.) Of the VAE the samples tell, too, though
# less: AUC 0.78, and in our run few hits. And of the three VAEs the one with 200 digits has the smallest distance and
# gives away most: a good distance is no proof that members are safe. (We calibrated only its bound: those of the
# other two may tell more.)
#
# **Exercise 3. Criticise.** Four reports of attacks. What spoils each?
#
# - **P** "AUC 0.93. Members: the 200 digits, all of 2024. Outsiders: 1,000 digits of 2010, by another scanner."
# - **Q** "Our attack is right in 95 of 100 cases. (Of the 1,000 pictures asked about, 950 were members.)"
# - **R** "AUC 0.57, nearly guessing. So no patient is at risk."
# - **S** "We tried 500 scores on these pictures. With the best, 4 percent of the members are hits at 1 percent of false
#   alarms on these pictures."
#
# Choose from `"other pictures"`, `"shares"`, `"low false alarms"` and `"same pictures"`.

# %% tags=["exercise"]
what_spoils = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_spoils(what_spoils)

# %% [markdown]
# <details><summary>Hint 1</summary>"Other pictures": members and outsiders differ in more than membership. "Same pictures": chosen and judged on the same ones.</details>
# <details><summary>Hint 2</summary>"Shares": how many of those asked are members? "Low false alarms": a mean hides a few.</details>

# %% tags=["solution"]
solution_what_spoils = {"P": "other pictures", "Q": "shares", "R": "low false alarms", "S": "same pictures"}
check.what_spoils(solution_what_spoils, solution=True)

# %% [markdown]
# ## What it means for people
#
# The attacker needs *your picture*, or one much like it, and learns one bit: in or out. Where the data are "any
# digits" that is worth nothing. Where they are "patients of this cancer clinic", it is a diagnosis. So the same AUC
# weighs differently, and the card of 13.1 should say for which data it was measured.
#
# To delete a file does not make a model forget: its weights were not touched. What is published for good, weights or
# samples, can be attacked by methods that nobody knows yet. Of the usual methods only **differential privacy** bounds
# *all* such attacks: in each step of the training, each picture's push on the weights is cut to a limit, and noise is
# added (Abadi and others, 2016). The more noise, the stronger the guarantee, and usually the worse the pictures. We
# did not try it.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** D's logit, and a VAE's bound once it is calibrated, tell members from outsiders when there are few
#   and each was seen often; samples tell less; DiffAugment, more data and fewer looks hide the members from this
#   attack.
# - **Not said:** how far better attacks get, or ones on bigger models. A failed attack is no proof of safety.
# - **Next:** [13.7](7_limits.ipynb): whom does a generator draw badly, and can it be kept from drawing something?
#
# ## What the articles say
#
# (Two of the five that [0.2](../00_start_here/2_a_network_draws.ipynb) lists.)
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 | a smaller training set prevents overfitting | no: the fewer digits, the surer D knows who was among them |
# | A4 | generators raise questions of privacy | yes, and in numbers: they depend on data, steps, and what is published |
#
# **Limits.** Small models, digits of 28 × 28 pixels, one architecture each. "More data" is measured in one range of
# sizes.
#
# **Software.** `course_lib.audit.membership` (scores, AUC, hits, bootstrap), scikit-learn. Opacus trains with
# differential privacy; ML Privacy Meter runs many attacks.
#
# ## Further reading
#
# - J. Hayes, L. Melis, G. Danezis, E. De Cristofaro. *LOGAN: membership inference attacks against generative models.*
#   PoPETs 2019.
# - D. Chen, N. Yu, Y. Zhang, M. Fritz. *GAN-Leaks: a taxonomy of membership inference attacks against generative
#   models.* CCS 2020.
# - N. Carlini, S. Chien, M. Nasr, S. Song, A. Terzis, F. Tramèr. *Membership inference attacks from first
#   principles.* IEEE S&P 2022. Why hits at few false alarms.
# - L. Watson, C. Guo, G. Cormode, A. Sablayrolles. *On the importance of difficulty calibration in membership inference
#   attacks.* ICLR 2022.
# - N. Carlini and others. *Extracting training data from diffusion models.* USENIX Security 2023. Copies out of large
#   models.
# - M. Abadi and others. *Deep learning with differential privacy.* CCS 2016.
