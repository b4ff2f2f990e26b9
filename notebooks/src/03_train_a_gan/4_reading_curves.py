# %% [markdown]
# # 3.4 What do the two curves tell?
#
# **You need** [the loop](1_the_loop.ipynb); [the DCGAN](3_a_dcgan.ipynb) helps. **You will** read the curves of a GAN's
# training, measure lead, variety and swings, and say of six trainings which is healthy and what the others suffer from.
# About 40 minutes with the clinic.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from itertools import pairwise

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.clinic import found_again, lead, show_clinic, show_rules, variety
from course_lib.chapters.ch03_train_a_gan.diagnoses import DIAGNOSES, second_opinion
from course_lib.chapters.ch03_train_a_gan.figures import two_curves
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn import mine
from course_lib.learn.claims import Claims, show_table
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("03.4", runtime), syllabus.checks("03"), syllabus.questions("03.4")
print(runtime.describe())
print(syllabus.time_of("03.4"))

# %% [markdown]
# ## A healthy training
#
# Two figures go with the training of a GAN. One has both losses. The other has the mean of $D$, the discriminator's
# probability of "real", on real pictures and on drawn ones. Here are those of a DCGAN: yours, if you kept one in lesson
# 3.3 (its curves begin at step 200).

# %%
ask.predict("healthy")

# %%
own = mine.load(runtime)
print(own.about)
two_curves(own.curves, "A healthy training: losses wander, and D is never sure",
           "After the first hundred steps the losses stay between about 0.8 and 1.6; D is mostly a little above one half on real pictures and below it on drawn ones.")

# %% [markdown]
# (Make nothing of waves here. $D$'s answer jumps up and down from step to step, and where a point averages few steps,
# some of it is left. In the live figure of lesson 3.3, where each point averages 17 steps in a row, the answers are
# nearly level.) How to read the two figures:
#
# - **Losses:** both wander without running away. If $D$ could only guess, they would be 1.39 (discriminator) and 0.69
#   (generator). They compare the players with one another, so they need not fall while the pictures improve (lesson 3.3
#   measured it).
# - **Answers:** on the whole they stay on either side of ½. If they meet there and stay together, the discriminator does
#   not tell real from drawn pictures, on average. Either the pictures are very good, or it has learned too little (A2's
#   curves in lesson 3.2 stay together for about two hundred steps). If the answers are near 1 and 0 for hundreds of
#   steps, the discriminator is far ahead. With the non-saturating loss that need not stop the generator, so look at its
#   pictures.
#
# ## Three numbers for what you see
#
# The **lead** is the mean of $D$ on real minus on drawn pictures: 0 if the discriminator guesses, 1 if it is always right
# and sure, below 0 if it believes the drawn ones more. The **variety** is how much a pixel changes from picture to
# picture. **Swings** are how often $D$'s answer to drawn pictures goes from low to high, or back.

# %% [markdown]
# **Exercise 1: finish a line.** Given pictures of shape (N, 1, 28, 28), return their variety: each pixel's standard
# deviation over the N pictures, and the mean of these over all pixels.

# %% tags=["exercise"]
def variety_of(pictures):
    ...  # your line: return …


check.variety_of(variety_of)

# %% [markdown]
# <details><summary>Hint 1</summary><code>tensor.std(dim=…)</code> takes the standard deviation along one axis. Which one counts the pictures?</details>
# <details><summary>Hint 2</summary>The result has the shape (1, 28, 28): one number a pixel. Its mean is asked for.</details>

# %% tags=["solution"]
def solution_variety_of(pictures):
    return pictures.std(dim=0).mean()


check.variety_of(solution_variety_of, solution=True)

# %% [markdown]
# **Exercise 2: build a count.** A value below `low` is low, one above `high` is high; between them it is neither, and does
# not count. Return how often the values change from low to high, or from high to low. For 0.1, 0.4, 0.6, 0.3, 0.1, 0.9
# with the limits 0.25 and 0.5 that is 3.

# %% tags=["exercise"]
def swings(values, low=0.25, high=0.5):
    ...  # your lines


check.swings(swings)

# %% [markdown]
# <details><summary>Hint 1</summary>First throw away the values between the limits.</details>
# <details><summary>Hint 2</summary>Of what is left, note for each whether it is high. Then compare each with the next; <code>pairwise(sides)</code>, imported above, gives the pairs.</details>

# %% tags=["solution"]
def solution_swings(values, low=0.25, high=0.5):
    sides = [value > high for value in values if not low <= value <= high]
    return sum(now != after for now, after in pairwise(sides))


check.swings(solution_swings, solution=True)

# %% [markdown]
# ## Five troubles, and good health

# %%
ask.predict("saturated")

# %% [markdown]
# A training can show more than one sign. The first of these rules that fits gives it its name:
#
# - **diverged:** the losses jump into the hundreds (in the worst case they become infinite);
# - **saturated:** $D$ is sure of everything, and the generator's minimax loss lies flat on 0, where it has hardly any
#   slope;
# - **discriminator too strong:** $D$ is sure of everything, and the generator's loss stays high;
# - **oscillating:** $D$'s answer to drawn pictures swings up and down, again and again;
# - **collapsed:** every latent becomes nearly the same picture, though $D$ is not far ahead;
# - **healthy:** many different digits are drawn, and neither player runs away.
#
# A generator's loss near 0 can mean two things: minimax with a sure $D$ (saturated), or the non-saturating loss with a
# $D$ that believes the drawn pictures. $D$'s two answers tell which.
#
# ## The clinic
#
# Six trainings were recorded beforehand: the same small DCGAN generator, 400 steps on batches of 32. One is healthy. Each
# patient shows drawn pictures at three moments, both losses, and $D$ on real and drawn pictures. **Choose a patient, look,
# and decide.** You will read why it is so, or what speaks against it. Ill GANs of all kinds draw bad pictures, so look at
# the curves first, and read the numbers on the axes!

# %%
clinic = recorded("clinic")
show_clinic(clinic["runs"], DIAGNOSES, second_opinion)

# %% [markdown]
# **Exercise 3: find the faults.** Give each patient its diagnosis: `"healthy"`, `"discriminator too strong"`, `"saturated"`,
# `"collapsed"`, `"diverged"` or `"oscillating"`.

# %% tags=["exercise"]
diagnosis = ...  # {"A": …, "B": …, "C": …, "D": …, "E": …, "F": …}

check.diagnosis(diagnosis)

# %% [markdown]
# <details><summary>Hint 1</summary>Begin with the numbers on the axis of the losses: one patient's leave the range of all the others.</details>
# <details><summary>Hint 2</summary>Then the curves on the right (mean D): for two patients, D is sure of everything to the end. Their generators' losses tell these two apart.</details>
# <details><summary>Hint 3</summary>Of the three that are left, one's curves swing to the end: decide on it first, whatever it draws. Of the other two, one draws the same picture for all latents though D is not ahead.</details>

# %% tags=["solution"]
solution_diagnosis = {"A": "discriminator too strong", "B": "diverged", "C": "collapsed",
                      "D": "healthy", "E": "oscillating", "F": "saturated"}

check.diagnosis(solution_diagnosis, solution=True)

# %% [markdown]
# ## Who decided?
#
# Rules did, on numbers that were measured in each run. (Means are over its last third; the gradient is the size of the
# slopes of all of G's weights; swings count after the first fifth.) Is a trouble a matter of the settings, or of bad luck with the first weights? Each patient was trained from five
# different starts, of which you have seen the first.

# %%
show_rules(clinic)

# %% [markdown]
# Five of them are what their settings made them, on all five starts. (Patients and rules were chosen on two other
# starts.) The settings:
#
# | patient | step size of $G$ | of $D$ | unlike the healthy one |
# |---|---|---|---|
# | healthy | 0.001 | 0.001 | – |
# | discriminator too strong | 0.00005 | 0.002 | – |
# | saturated | 0.00005 | 0.002 | minimax loss |
# | collapsed | 0.01 | 0.0001 | – |
# | diverged | 0.1 | 0.1 | no batch norm in $D$ |
# | oscillating | 0.001 | 0.001 | no batch norm in $D$; β₁ = 0.9, so that old slopes keep pushing |
#
# The second and the third differ in the loss alone. The oscillating one is a matter of chance, too: four of its five
# runs swing at least three times; in one of the four $D$ is so far ahead that an earlier rule names it; the fifth fits
# no rule. So it shows what oscillating looks like, and no law. (In the claim below “another start” means any of the
# five, with the one you saw.)

# %% tags=["nbval-check-output"]
again = found_again(clinic)
claims.over_seeds("healthy, too strong, saturated, collapsed, diverged: all five are found again from another start",
                  {start: sum(found[start] for name, found in again.items() if name != "oscillating")
                   for start in again["healthy"]}, 5, at_least=5)

# %% [markdown]
# ## One of them, live, and two to compare
#
# Now a training with one patient's settings: the generator's step size is a hundred times the discriminator's, and ten
# times the healthy one's.

# %%
ask.predict("hasty")

# %%
digits = load("digits", runtime)


def trained(lr, lr_d):
    """Variety and lead after a short training, shown live; lr is the generator's step size, lr_d D's."""
    with runtime.seeded("clinic"):
        game = Game(DCGenerator(width=16), DCDiscriminator(width=16), lr=lr, lr_d=lr_d)
    history = show.live(game.steps(digits, runtime.pick(smoke=10, course=200), runtime), n=18)
    return variety(game.sampler()(500)), lead(history)


hasty_variety, hasty_lead = trained(1e-2, 1e-4)
print(f"variety {hasty_variety:.2f} (real digits: {variety(digits.images):.2f}), lead {hasty_lead:.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("with a hundred times the step size a generator draws hardly any variety", hasty_variety, 0.2)
claims.at_most("… while the discriminator is not ahead of it", hasty_lead, 0.1)

# %% [markdown]
# The variety is below 0.2: it was the collapsed patient. (The rule looks at the latest weights after 400 steps, we at
# the average after 200.) The lead is below 0: the discriminator believes drawn pictures more than real ones, and its loss
# lies well above the 1.39 of a guess.
#
# Is the discriminator too slow to punish what the generator repeats, or are the generator's steps too large? This run
# cannot tell. Two more help, from the same first weights. In the first the generator's steps stay large, and the
# discriminator's become as large. In the second the generator's are a tenth, and the discriminator's are still a
# hundredth of those.

# %%
ask.predict("too_slow")

# %%
keeps_up = trained(1e-2, 1e-2)

# %%
small_steps = trained(1e-3, 1e-5)
runs = {"G 0.01, D 0.0001": (hasty_variety, hasty_lead), "G 0.01, D 0.01": keeps_up, "G 0.001, D 0.00001": small_steps}
show_table(f"Three short trainings (variety of real digits: {variety(digits.images):.2f})", ("step sizes", "variety", "lead"),
           [(name, f"{varied:.2f}", f"{ahead:.2f}") for name, (varied, ahead) in runs.items()])

# %% [markdown]
# In the second run the generator's steps are as large as in the first, and yet the variety is near that of real digits:
# large steps alone are not the cause. In the third they are small, and the variety stays low: small steps alone are no
# cure, at least where $D$'s shrink as well. What the two bad runs share is a slow discriminator: its steps are small,
# and a hundredth of the generator's. Which of the two counts, they do not tell. (`trained(1e-3, 1e-4)` would change the
# generator's step size alone: try it. These are single runs; another seed gives other numbers.)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## What you take along
#
# - **Now known:** each of these troubles has signs of its own. Read the axes first, then who leads, then the pictures.
# - **Not said:** how good the pictures are. No curve tells that.
# - **Next:** one trouble more closely, [the gradient that vanishes](5_vanishing_gradients.ipynb).
