# %% [markdown]
# # 12.2 Does a mask that explains help G?
#
# In 12.1 an explanation of D multiplied the gradient that G learns from. The paper that proposes it reports better
# pictures. Here three explanations race on four sets of data, ten times each, beside masks that explain nothing.
#
# **You need** [12.1](1_a_mask_on_the_gradient.ipynb) (the mask $M$, the factor $1 + 0.2\,M$) and
# [6.1](../06_measuring/1_how_far_from_real.ipynb) (the Fréchet distance). **You will** compute how often luck alone
# wins a table, write an exact test for ten pairs, and read a race whose rules were fixed before it was run. About 40
# minutes to read, 65 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy

import numpy as np
from scipy.stats import permutation_test

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch12_guided_training import race, race_figures, verdict
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.runtime import Runtime
from course_lib.training.guides import ConstantMask, Guide, saliency

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("12.2", runtime), syllabus.checks("12"), syllabus.questions("12.2")
digits, heldout = load("digits", runtime), load("digits", runtime, split="test")
print(runtime.describe())
print(syllabus.time_of("12.2"))

# %% [markdown]
# ## What the paper reports
#
# xAI-GAN (Nagisetty and others 2020) masks G's gradient with three explanations of D. Three settings (our choice) whose
# distances its authors released:

# %%
race_figures.paper()

# %% [markdown]
# (35 %: of the pictures. Fashion-MNIST: clothes.) The authors' files disagree: one has 0.648 for 1.164 (by its time the same training), one 2.058 for 1.409. In each row the best mask, each time LIME, beats no mask. (By the
# released code, that LIME explains the number 1: 12.1.) Each number comes from **one** training. What would luck write?
#
# **Exercise 1. Finish the line.** Suppose that no mask does anything. Then the numbers of a row differ by luck alone:
# each of the games is equally likely to be the best. How likely is it that the best *mask* is better than `none`?

# %% tags=["exercise"]
def by_luck(masks):  # how many masks there are
    return ...  # your line


check.by_luck(by_luck)

# %% [markdown]
# <details><summary>Hint 1</summary>The best mask is worse than none only where none is the best of all games.</details>
# <details><summary>Hint 2</summary>How many games are there with none? Each is the best equally often.</details>

# %% tags=["solution"]
def solution_by_luck(masks):
    return 1 - 1 / (masks + 1)


check.by_luck(solution_by_luck, solution=True)

# %%
ask.predict("luck")

# %%
one_row = 1 - 1 / 4
print(f"one row: {one_row:.2f}; all three rows: {one_row**3:.2f}")

# %% [markdown]
# So in four tables of ten the best mask wins all three independent rows though masks do nothing. Here even 8 of 9
# masks are below `none`. That is rarer: 8 or 9 of 9 come in 4 of 64 tables, 6 percent (in each row 0, 1, 2 or 3 masks
# beat it, equally often). One training a cell cannot rule luck out.
#
# ## One seed, live
#
# Four games share their first 1,500 steps. Then each goes on for 1,500 more, on the same batches. One has no mask,
# one the **saliency** mask of 12.1. The other two are the controls that the paper lacks:
#
# - **permuted**: the same values, dealt out at random among the pixels, anew at each step. If this does as well, it
#   does not matter *where* the mask is large;
# - **constant**: one value everywhere, at each step the mean of the true mask. If this does as well, it does not matter
#   that the mask is uneven. (With Adam: nearly no mask.)

# %%
ask.predict("noise")

# %%
trunk = race.new_game(runtime)
shared, own = (runtime.pick(smoke=10, course=steps) for steps in (race.SHARED, race.GUIDED))


def go_on(game, guide=None, steps=own):
    game = copy.deepcopy(game)  # each goes on from the same weights and optimisers
    game.guide = guide
    for _ in game.steps(digits, steps, runtime):
        pass
    return game


trunk = go_on(trunk, steps=shared)
true_mask = Guide(saliency)
games = {
    "none": go_on(trunk),
    "saliency": go_on(trunk, true_mask),
    "permuted": go_on(trunk, Guide(saliency, arrange="permuted")),
    "constant": go_on(trunk, ConstantMask(true_mask.means)),
}
games["none, 100 steps more"] = go_on(games["none"], steps=100)

# %%
judge = zoo.load("judge").to(runtime.device)
real_features = judge_outputs(heldout.images, judge)[1]


def distance(game):
    return frechet_distance(judge_outputs(game.sampler(ema=False)(race.SAMPLES), judge)[1], real_features)


live = {row: distance(game) for row, game in games.items()}
for row, value in live.items():
    print(f"{row:22} {value:5.1f}   {100 * (value / live['none'] - 1):+5.1f} % beside none")

# %% [markdown]
# The last row is the first game, 100 steps later. Compare a mask's difference with this row's. (In ten recorded games
# on digits 225 steps more changed the distance by −16 to +10 %.)
#
# ## The plan
#
# The rules, written down before the first run (their terms: below):

# %%
plan = "Conditions." + race.__doc__.split("**Conditions.**")[1]
rule = next(part for part in plan.split("**") if part.startswith("An explanation helps"))
print(plan.replace(f"**{rule}** ", f"\n→ {rule}\n\n").replace("**", ""))

# %% [markdown]
# **Equal cost.** A step with a mask takes longer: 1.15 (saliency), 2.5 (DeepSHAP) and 3.3 (LIME) times a plain one,
# measured once, before the race. (12.1 may show more: then the rivals ran too *short*, in the masks' favour.) A fourth
# rival without a mask runs as long: for 1,725, 3,750 or 4,950 steps.
#
# **Pairs.** All games of a seed share their start, so each mask is compared with its rival *of the same seed*. We take
# differences of logarithms, the masked game's minus its rival's: $-0.1$ says about 10 % less.
#
# **The test.** Suppose that it makes no difference which game of a pair one takes: the two could swap names. Then each
# of the ten differences could as well have had the other sign. Ten signs can be chosen in $2^{10} = 1{,}024$ ways. The
# **p value** is the share of them whose mean is at least as far from 0, on either side (*two-sided*), as the measured
# one. A small $p$ says: chance alone seldom gives so much.
#
# **Exercise 2. Build it.** `differences` is a list of numbers. Return the p value.

# %% tags=["exercise"]
def flip_test(differences):
    ...  # your lines


check.flip_test(flip_test)

# %% [markdown]
# <details><summary>Hint 1</summary>itertools.product((1, -1), repeat=n) gives all ways to choose n signs, one of them all +1.</details>
# <details><summary>Hint 2</summary>For each way: multiply, add up, take the absolute value. Compare it with the absolute value of the measured sum.</details>
# <details><summary>Hint 3</summary>Sums that should be equal may differ in their sixteenth digit: allow 1e-9 when you ask “at least as far”.</details>

# %% tags=["solution"]
def solution_flip_test(differences):
    import itertools

    measured, as_far = abs(sum(differences)), []
    for pattern in itertools.product((1, -1), repeat=len(differences)):
        flipped = sum(sign * value for sign, value in zip(pattern, differences, strict=True))
        as_far.append(abs(flipped) >= measured - 1e-9)
    return sum(as_far) / len(as_far)


check.flip_test(solution_flip_test, solution=True)

# %% [markdown]
# And SciPy's:

# %% tags=["nbval-check-output"]
pairs = list(verdict.differences("digits", "35 %", "saliency", "no mask").values())
ours = verdict.sign_flip(pairs)
scipys = permutation_test((pairs,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
claims.close("our exact test gives SciPy's p", ours, scipys, 1e-9)
claims.close("ten pairs of one sign: the least p there is, 2 in 1,024", verdict.sign_flip([0.1] * 10), 2 / 1024, 1e-12)

# %% [markdown]
# **Many tests.** Against each rival there are twelve tests, a *family*. At 5 % each, they find something in vain far
# more often than once in twenty. **Holm's correction** multiplies the smallest $p$ by 12, the next by 11, and so on
# (and never lets a later one fall below an earlier). Then the twelve together do so at most once in twenty. The least
# $p$ that ten pairs can give, 2/1,024, becomes 0.023: just enough.
#
# ## Ten seeds
#
# The race is recorded.

# %%
ask.predict("helps")

# %%
race_figures.forest(title="No mask beats its rivals significantly; a game without one, as long as DeepSHAP takes, beats DeepSHAP everywhere",
                    alt="Four panels, one a condition, each with its own scale; in each twelve rows of ten dots, with a "
                        "mean and its interval. Against no mask, the permuted mask and one value everywhere the "
                        "intervals hold 0. Against no mask at equal cost eleven of twelve means lie "
                        "right of 0, up to 38 percent, six of them thick.")

# %% [markdown]
# Each dot is a pair of one seed. A diamond is the mean of ten, its line a 95 % interval (± 2.26 standard errors,
# uncorrected). Thick and coloured: significant after Holm.

# %%
race_figures.passed()
wins = race_figures.best_of_three()

# %% tags=["nbval-check-output"]
better, worse = ({rival: sum(p <= verdict.LEVEL and sign * change > 0 for change, _, p in verdict.verdicts(rival).values())
                  for rival in verdict.RIVALS} for sign in (-1, 1))
every = [(data, share, mask) for data, share in verdict.CONDITIONS for mask in race.MASKS]
claims.at_most("recorded: tests of 48 in which a mask is significantly better", sum(better.values()), 0)
claims.at_most("recorded: tests of 36 at equal steps with any significant difference",
               sum(worse[rival] for rival in list(verdict.RIVALS)[:3]), 0)
claims.at_least("recorded: tests of 12 at equal cost in which the game without a mask is significantly better", worse["no mask, equal cost"], 6)
claims.at_most("recorded: conditions and masks that pass all four, of 12", sum(all(verdict.helps(*one).values()) for one in every), 0)
claims.at_most("recorded: the best of three true masks beats none in more of 40 races than the best of three permuted (races)",
               wins["true"] - wins["permuted"], 4)

# %% [markdown]
# **The result.** At equal steps nothing is significant in any of 36 tests (no interval misses 0); the means lie between
# −5 and +4 percent. At equal cost the game *without* a mask is significantly better in six of twelve, in all four
# conditions against DeepSHAP, whose rival made 3,750 steps for its 1,500. By the plan a mask must win in all four families:
# **none helps anywhere.** Exercise 1, measured: the best of three masks beats none in 33 races of 40, the best of three
# permuted ones in 32. (By luck: 30, give or take 3.)
#
# ## Could ten pairs have seen it?
#
# "Not significant" says little where a test is weak. The **power** of a test is how often it finds an effect that is
# there. We keep the scatter (standard deviation) of each test's ten differences, put an effect of our choice in the
# place of their mean, draw ten of them again and again (one may come several times), and count how often $p$ passes the
# strictest bound of Holm, $0.05 / 12$.

# %%
race_figures.powers((-0.05, -0.10, -0.20))

# %% tags=["nbval-check-output"]
low = [verdict.interval(list(verdict.differences(*one, "no mask").values()))[0] for one in every]
claims.at_least("recorded: mask against no mask: the lowest end of all twelve intervals (percent)",
                race_figures.percent(min(low)), -10)

# %% [markdown]
# A gain of 20 percent would have been found nearly always; one of 10 percent usually on Fashion and in a third on
# digits; one of 5 percent hardly ever on digits. Small effects are not excluded. Much more than a tenth is unlikely:
# the lowest end of the twelve intervals is −9.9 percent (corrected for twelve, about −13).
#
# ## What else was measured
#
# *Coverage* (6.2: the share of real pictures with a generated one nearby) and *copying* (6.4: how often a generated
# picture lies nearer to the training pictures than a new real one does; above 0.5 is suspicious). We planned no test
# of them.

# %% tags=["nbval-check-output"]
race_figures.others()
twins = race_figures.one_gain("coverage", "Fashion", "100 %", "DeepSHAP")
copies = race_figures.one_gain("copying", "digits", "100 %", "LIME")
claims.at_most("recorded: DeepSHAP covers more of Fashion than no mask (p)", twins["no mask"], 0.002)
claims.at_least("… and does not differ from its two controls (least p)",
                min(twins["permuted"], twins["constant"]), 0.05)
claims.at_most("recorded: on digits the plain game at LIME's cost copies more (p)", copies["no mask, equal cost"], 0.002)

# %% [markdown]
# Of 24 intervals three miss 0; luck gives one or two. One is clear: DeepSHAP covers Fashion better in ten of ten
# pairs, and 24 · 2/1,024 = 0.047 passes even Holm's correction for all 24. But see the second table: of its 0.008
# beside none, 0.002 is left beside one value everywhere, and a plain game at equal cost covers *more*. The third
# table is about training longer, not about the mask: on digits the longer plain game has the smaller distance and
# *copies more* (its score is still below 0.5), and beside one value everywhere LIME copies as much.
#
# **Exercise 3. Criticise.** Four reports on masks, each with ten pairs and $p = 0.002$ beside a game without a mask.
# In each **one** thing is missing. In the first three only one explanation was tried.
#
# - **P** The mask also beats one value everywhere, and a game without a mask that cost as much, each in ten of ten
#   pairs. "So G learns better because the explanation says *where*."
# - **Q** (Without Adam.) The mask and its permuted twin do equally well, and both beat a game without a mask that
#   cost as much. "So an uneven gradient is good for G."
# - **R** The mask beats its permuted twin and one value everywhere, after equally many steps. "Who has an afternoon
#   for a training should use it."
# - **S** Sixty masks were tried, each beside a game that cost as much, its permuted twin and one value everywhere.
#   One was better than all three. "We recommend that one."
#
# Choose from `"permuted"`, `"constant"`, `"cost"` (a game without a mask that may cost as much) and `"many tests"` (a
# correction for them).

# %% tags=["exercise"]
missing = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.left_out(missing)

# %% [markdown]
# <details><summary>Hint 1</summary>Read each conclusion. Which other reason could the same numbers have?</details>
# <details><summary>Hint 2</summary>A permuted mask is uneven, and it also makes the gradient longer.</details>

# %% tags=["solution"]
solution_missing = {"P": "permuted", "Q": "constant", "R": "cost", "S": "many tests"}
check.left_out(solution_missing, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** here no explanation of D beats its permuted or constant twin significantly; a plain game of equal cost has a
#   smaller distance than one with DeepSHAP.
# - **Not said:** that no mask ever helps: small gains are not excluded, larger networks not tried.
# - **Next:** [12.3](3_other_uses.ipynb) asks what else an explanation can do for a training.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 (the course's fifth) | explanations cannot directly improve a GAN | by this mask, in these games, we found no gain; a small one is not excluded |
# | the paper | the best mask beats none (three released settings, by 7 to 20 percent) | so does, in four such tables of ten, the best of three masks that do nothing (computed) |
#
# **Limits.** Small fully connected networks, 28 × 28 pixels, Adam, masks of strength 0.2 for the second half of 3,000
# steps; our judges' features; our own DeepSHAP and LIME. The released code trains longer, measures otherwise, and
# treats its maps as 12.1 tells.
#
# **Software.** `course_lib.training.Game(guide=…)`, `course_lib.explain.guides`; `scipy.stats.permutation_test`,
# statsmodels' `multipletests`. `course record guided-digits` runs it again.
#
# ## Further reading
#
# - V. Nagisetty, L. Graves, J. Scott, V. Ganesh. *xAI-GAN: enhancing generative adversarial networks via explainable AI
#   systems.* 2020.
# - R. A. Fisher. *The design of experiments.* 1935, section 21. The sign-flip test.
# - S. Holm. *A simple sequentially rejective multiple test procedure.* Scandinavian Journal of Statistics 6, 1979.
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly, O. Bousquet. *Are GANs created equal? A large-scale study.* NeurIPS
#   2018.
# - K. Musgrave, S. Belongie, S.-N. Lim. *A metric learning reality check.* ECCV 2020.
