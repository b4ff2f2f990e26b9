# %% [markdown]
# # 6.3 Which measure sees which fault?
#
# We now have eight numbers for a set of pictures. Before we trust them with a generator, we test *them*: we take real
# digits, spoil them in one way at a time, and see which number notices. We know these faults, because we made them.
#
# **You need** [6.1](1_how_far_from_real.ipynb) and [6.2](2_good_or_varied.ipynb) (the measures). **You will** tell a
# reaction from scatter; name a blind spot of each measure; convict a cheat by numbers alone. About 30 minutes to read,
# 45 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch06_measuring import faults
from course_lib.chapters.ch06_measuring.check_faults import suspects
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import class_entropy, frechet_distance, judge_outputs, precision_recall
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.3", runtime)
check = syllabus.checks("06")
ask = syllabus.questions("06.3")
print(runtime.describe())
print(syllabus.time_of("06.3"))

# %% [markdown]
# ## What honest pictures score
#
# We split the 4,000 training digits at random into two halves. One half plays the *real data*. From the other half we
# draw 1,000 as the pictures of an honest generator. We do this eight times, with a new split each time. So we see how
# much each number **scatters** (the number after ±), though nothing is wrong with the pictures.
#
# `measure` returns nine numbers. Eight are known from 6.1 and 6.2. The ninth, *copying* (in pixels), comes in
# [6.4](4_does_it_copy.ipynb): it is ½ for honest pictures and 1 for copies.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
judge = zoo.load("judge", runtime)
honest = []
for i in range(runtime.pick(smoke=2, course=8)):
    split = faults.halves(digits, held_out, judge, runtime, i)  # split.real plays the real data
    honest.append(split.measure(split.draw(i)))  # 1,000 of the other half
mean = {m: sum(one[m] for one in honest) / len(honest) for m in faults.MEASURES}
scatter = {m: torch.tensor([one[m] for one in honest]).std().item() for m in faults.MEASURES}
show_table(f"Mean ± standard deviation over {len(honest)} honest draws", ["", *faults.MEASURES],
           [["honest", *(f"{mean[m]:.3f} ± {scatter[m]:.3f}" for m in faults.MEASURES)]])

# %% [markdown]
# We say that a measure **reacts** to a fault if it leaves the honest mean by more than three times the honest
# scatter. (A scatter shown as 0.000 is below 0.0005.) For some measures more is better, for others less.
#
# This scatter is rough: there are only eight draws. If a measure scatters like a bell, chance alone passes three such
# scatters in about 1 of 40 numbers, and the table below has 162: up to about four by chance. So a reaction of three to
# five scatters is weak evidence. (The scatter may also be a little too small: of 4,000 digits, two draws share about a
# quarter of their pictures.)
#
# All these are digits on which the judge was trained. It is surer of them, 0.999, than of new ones, 0.993 in 6.2. By
# our rule new real digits would count as worse in confidence. So compare the rows of this lesson with its own first
# row only.
#
# Why is the Fréchet distance 1.04, and 0.63 in 6.1? Likely because only 2,000 digits play the real data, and neither
# they nor the draws have exactly equally many of each digit, as the sets of 6.1 have. (How much each adds, we have
# not measured.)
#
# **Exercise 1. Finish the line.** By how many scatters does `value` look *better* (above 0) or *worse* (below 0) than
# the honest `mean`? `more_is_better` is True or False.

# %% tags=["exercise"]
def reaction(value, mean, scatter, more_is_better):
    ...  # your line: return …


check.reaction(reaction)

# %% [markdown]
# <details><summary>Hint 1</summary>How far is the value from the mean, and how many scatters is that?</details>
# <details><summary>Hint 2</summary>A Fréchet distance above the mean is worse: there the sign turns.</details>

# %% tags=["solution"]
def solution_reaction(value, mean, scatter, more_is_better):
    apart = (value - mean) / scatter
    return apart if more_is_better else -apart


check.reaction(solution_reaction, solution=True)

# %% [markdown]
# ## Six faults
#
# Each fault comes in three strengths. The number after its name in the figure is
#
# - **blur:** the standard deviation of the blurring Gaussian, in pixels;
# - **noise:** the standard deviation of the noise added to each pixel;
# - **brightness:** what is added to all pixels, which run from −1 to 1. (Here and in the noise, what lies beyond is cut
#   off: white becomes no whiter, and black no blacker.)
# - **classes lost:** how many: no 0; no 0 and 1; only 5 to 9;
# - **repeats of:** how many *different* pictures of each digit, repeated until there are 100;
# - **copies:** the share of pictures from the half that plays the real data.

# %%
halves = faults.halves(digits, held_out, judge, runtime, "faults")  # a split for all the faults, and a draw for each
spoilt = halves.spoilt()
show.compare(faults.examples(spoilt),
             title="Strong blur, noise or brightness shows in each picture, the other faults in no single one",
             alt="Rows of digits: blurred, noisy, greyer, without some digits; twelve different 3s where 50 are repeated, "
                 "and five 3s again and again where five are; and copies, like any digits.")

# %% [markdown]
# The figure leaves out the middle strength of the last three faults. Of the repeats it shows neighbours, all of them
# 3s. Weak blur, noise and brightness can hardly be seen. Five lost classes and strong repeats can be seen in a whole
# row, weak ones hardly, copies not even there.

# %%
ask.predict("entropy")

# %%
ask.predict("blur")

# %%
ask.predict("copies")

# %%
table = {name: halves.measure(images) for name, images in spoilt.items()}
faults.show_reactions(
    table, mean, scatter, title="Every measure is blind to some fault, or rewards one",
    alt="A table of 19 rows and nine measures, coloured by how many scatters a number left the honest one, bold where "
        "it reacts. Blur, noise and brightness: orange nearly everywhere, but violet in copying for strong noise and "
        "brightness. Lost classes and repeats: pale in precision, density and confidence. All copies: violet in "
        "Fréchet, precision, recall and coverage, orange in copying alone. The same as text follows.")

# %% [markdown]
# The same as text (skip it if you can read the figure):

# %%
faults.tell_reactions(table, mean, scatter)

# %% [markdown]
# **Bold** is a reaction; the rest may be chance. (All spoilt rows come from one split, so they share its chance.)
# Orange looks worse than honest pictures, violet looks *better*; ▲ marks a reaction for the better. The colour says by
# how many scatters. Look for ▲ first: where a fault is rewarded, a cheat can win. (The lists below read this table,
# which is one seed. The claims were recorded over more.)
#
# ## Where pictures change

# %% tags=["nbval-check-output"]
claims.at_least("strong blur: Fréchet distance at least 10 times the honest one",
                table["blur 1.2"]["Fréchet"] / mean["Fréchet"], 10)
claims.at_least("a slight blur does not lower precision by more than 0.02",
                table["blur 0.5"]["precision"] - mean["precision"], -0.02)
claims.at_most("… but recall falls by at least 0.2", table["blur 0.5"]["recall"] - mean["recall"], -0.2)
claims.at_most("strong noise: precision falls by at least 0.3",
               table["noise 0.6"]["precision"] - mean["precision"], -0.3)
claims.at_least("pixels brighter by a twentieth of the range: Fréchet distance at least 4 times the honest one",
                table["brightness 0.1"]["Fréchet"] / mean["Fréchet"], 4)
claims.close("… which class entropy does not see", table["brightness 0.1"]["entropy"], mean["entropy"], 0.02)
claims.at_least("pixels brighter by a tenth of the range cost more Fréchet distance than five lost classes",
                table["brightness 0.2"]["Fréchet"] / table["classes lost 5"]["Fréchet"], 1)

# %% [markdown]
# Look at the rows of blur, noise and brightness.
#
# - **Fréchet and kernel distance** react in each of them.
# - **Precision** sees brightness, and all but the slightest noise and blur. The slightest blur even *raises* precision
#   and **density**, by three to five scatters: slightly blurred digits count as better than real ones. The slightest
#   noise raises density alone, by little more than three. (By our rule both are weak evidence.)
# - **Recall** falls in each row, from 0.94 to 0.54 for the slight blur.
# - **Class entropy** sees only what makes the judge read another digit.
#
# And *brightness*: the strongest, still a dark grey in the figure above, costs more Fréchet distance than five lost
# digits. A likely reason: the judge was trained on black backgrounds only. A measure sees through its judge's eyes,
# and **what disturbs the judge need not disturb you**.
#
# ## Where variety is lost

# %% tags=["nbval-check-output"]
claims.close("five classes lost: precision does not see it", table["classes lost 5"]["precision"],
             mean["precision"], 0.04)
claims.at_most("… recall does: lower by at least 0.3", table["classes lost 5"]["recall"] - mean["recall"], -0.3)
claims.at_most("… and class entropy: at most 0.75", table["classes lost 5"]["entropy"], 0.75)
claims.close("20 different pictures a digit: class entropy does not see it", table["repeats of 20"]["entropy"], 1, 0.01)
claims.close("… nor does precision", table["repeats of 20"]["precision"], mean["precision"], 0.04)
claims.at_most("… the kernel distance moves by less than a third of what a slight blur does",
               abs(table["repeats of 20"]["KID"] - mean["KID"]) / abs(table["blur 0.5"]["KID"] - mean["KID"]), 1 / 3)
claims.at_most("… coverage does see it: at most 0.6 of the honest one",
               table["repeats of 20"]["coverage"] / mean["coverage"], 0.6)

# %% [markdown]
# Look at the rows of lost classes and of repeats.
#
# - **Precision**, **density** and **confidence** do not react: each single picture is as good as before.
# - **Class entropy** sees lost classes. It cannot see repeats, because all ten digits are there, equally often.
# - **Kernel distance** does not react to repeats of 50; the **Fréchet distance** reacts to them, by about four
#   scatters.
# - **Recall and coverage** react in each row. (In *repeats of 5* each picture stands 20 times. Its nearest neighbours
#   are its own repeats, so its ball shrinks to nothing, and recall to 0.)
#
# ## Copies

# %% tags=["nbval-check-output"]
claims.at_most("copies: the Fréchet distance rewards them with at most half of the honest one",
               table["copies 1.0"]["Fréchet"] / mean["Fréchet"], 0.5)
claims.at_most("… the kernel distance falls, too, by fewer of its honest scatters (ratio)",
               faults.reaction(table["copies 1.0"]["KID"], mean["KID"], scatter["KID"], "KID")
               / faults.reaction(table["copies 1.0"]["Fréchet"], mean["Fréchet"], scatter["Fréchet"], "Fréchet"), 1)
claims.at_least("… the copying score catches them", table["copies 1.0"]["copying"], 0.95)
claims.at_least("… and reacts already to one copy in ten: above the honest score by at least 0.03",
                table["copies 0.1"]["copying"] - mean["copying"], 0.03)

# %% [markdown]
# If all are copies, the Fréchet distance *rewards* them: at most half of the honest one. Precision and coverage reward
# them, too; recall does by only about three scatters. The kernel distance falls as well, but by less than three of its
# scatters here: no reaction. (It falls below 0: 6.1 left out a picture's pair with itself *within* each heap; but a
# copy meets itself *across* them, and that is subtracted.) Only **copying** calls copies worse by much. (In the row
# *copies 0.5* class entropy passes three scatters, perhaps by chance.) Copying errs in its own way: blur raises it
# though nothing was copied (perhaps because a soft picture has no bold stroke in a wrong place, so it is nearer to
# *every* picture). Noise and brightness lower it, except at their weakest, and so does the loss of 0 and 1.
#
# ## Convict a cheat
#
# Three sets of pictures were handed in. One **copies** training digits, one **misses a class**, one is **blurred**. You
# see numbers only, for 900 to 1,000 pictures each; compare with the first row.

# %%
of_real, rows = judge_outputs(digits.images, judge)[1], []
for name, images in ({"new real digits": held_out.images.cpu()} | suspects(digits, held_out)).items():
    probabilities, features = judge_outputs(images, judge)
    near = precision_recall(of_real, features)
    rows.append([name, f"{frechet_distance(features, of_real):.2f}", f"{near.precision:.2f}", f"{near.recall:.2f}",
                 f"{class_entropy(torch.bincount(probabilities.argmax(1), minlength=10)):.3f}"])
show_table("Who did what?", ["pictures", "Fréchet ↓", "precision ↑", "recall ↑", "class entropy ↑"], rows)

# %% [markdown]
# **Exercise 2. Which is which?** Which single column convicts each? Fill in `{"A": …, "B": …, "C": …}` with `"copies"`,
# `"misses a class"` or `"blurred"`.

# %% tags=["exercise"]
cheat = ...  # {"A": …, "B": …, "C": …}

check.cheat(cheat)

# %% [markdown]
# <details><summary>Hint 1</summary>Go back to the table of faults: in which column does each of the three stand out?</details>
# <details><summary>Hint 2</summary>One set is too good: better than new real digits in the Fréchet distance.</details>
# <details><summary>Hint 3</summary>Of the other two, one has lost recall almost altogether, the other is short of entropy.</details>

# %% tags=["solution"]
solution_cheat = {"A": "misses a class", "B": "blurred", "C": "copies"}

check.cheat(solution_cheat, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** every measure is blind to some fault, or rewards one. Together, a distance for the whole, precision
#   *and* recall (or density and coverage), class entropy and a test for copies miss no row of our table: in each, at
#   least one looks worse.
# - **Not said:** that the judge sees what *you* see, nor what happens with data for which there is no judge.
# - **Next:** [6.4 Does it copy what it was shown?](4_does_it_copy.ipynb)
