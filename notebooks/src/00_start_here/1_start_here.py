# %% [markdown]
# # 0.1 What is a picture to a computer?
#
# A *generator* is a program that draws new pictures. From thousands of examples it has learned to make more of their
# kind. In this course you will build generators, watch them fail, repair them, and ask them why they draw what they
# draw. This lesson is about pictures, the next one about a generator.
#
# **You need** school mathematics and about a year of Python; no graphics card. **You will** check your computer, turn
# a picture into numbers, read a *claim*, and solve two *exercises*. About 20 minutes to read and run, 30 with the
# exercises.
#
# A new word stands in *italics*; the [glossary](../../docs/glossary.md) explains the field's own words again. Each grey box
# below is a *cell*. Click on the first one and press **Shift + Enter**: it runs, and you are taken to the next. Go on in
# order.
#
# The first cell holds three settings. You may change them in any lesson, and then run it again from the first cell. The
# second cell loads the tools. It may take ten seconds, because PyTorch, the library that computes, is large.

# %% tags=["parameters"]
profile = "course"  # how much: "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # where: "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch00_start_here.pixels import average_pictures, checksum, copies, show_counts
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.learn.claims import Claims
from course_lib.runtime import Runtime
from course_lib.tools import doctor

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("00.1", runtime), syllabus.checks("00"), syllabus.questions("00.1")
print(runtime.describe())
print(syllabus.time_of("00.1"))

# %% [markdown]
# `runtime` keeps the settings. Its line says where this lesson computes: on the processor (`cpu`) or on a graphics
# card, and with how many *threads* (strands of work at the same time). The second line says how long the whole lesson
# ran on the authors' computer. `float32`, `claims` and `check` are explained where they are used; `ask` asks
# questions.
#
# ## Is this computer ready?
#
# The *doctor* looks at your computer. A ✓ means fine. Each ✗ comes with a remedy: follow it, and run the cell again. The
# *zoo* in the last line keeps trained networks. (In a terminal, `.venv/bin/course doctor` looks at more; on Windows it
# is `.venv\Scripts\course doctor`.)

# %%
findings = [*doctor.python(), *doctor.memory(), *doctor.torch(), *doctor.data(), *doctor.zoo()]
for line in findings:
    print(line)

# %% [markdown]
# Now the first *claim* of the course: a statement that is checked on your computer when the cell runs. The cell also
# mistypes a setting on purpose: the course answers bad input with one sentence that says what to do.

# %% tags=["nbval-check-output"]
claims.true("this computer can run the course", all(line.ok for line in findings if line.vital))
try:
    Runtime.auto(profile="fast")
except CourseError as refusal:
    print(refusal)

# %% [markdown]
# ## The data: 5,000 real digits
#
# The course learns from MNIST, digits that people wrote by hand around 1990 (LeCun, Cortes and Burges 1998; sources:
# end of lesson 0.2). Of its 70,000 pictures, 5,000 came with the installation, so you need no internet.
#
# Networks learn from the *training* digits. The *held-out* digits are kept away from all learning: they are the exam.
# An exam whose questions are known beforehand can be passed by memory.
#
# **First guess, then run.** Before a cell shows something, the lesson often asks what you expect. Write or choose your
# guess, run the next cell, and then open the answer. A wrong guess costs nothing, and your guesses stay on this
# computer.

# %%
ask.predict("fours")

# %%
digits = load("digits", runtime)
held_out = load("digits", runtime, split="test")
print(f"{len(digits):,} to train with, {len(held_out):,} held out")
training_counts = torch.bincount(digits.labels.cpu(), minlength=10)  # a label says which digit a picture shows
held_out_counts = torch.bincount(held_out.labels.cpu(), minlength=10)
show_counts({"training": training_counts, "held out": held_out_counts})

# %% [markdown]
# All ten are equally frequent. Lesson 0.2 asks whether a generator draws them equally often, too. Here are the first 40
# training digits. Each column shows one digit; look how different four handwritten 4s are, or four 7s.

# %%
show.samples(digits.images, 40, alt="Four rows of handwritten digits; each row runs from 0 to 9.")

# %% [markdown]
# Are the digits undamaged? A *checksum* tells: a short text computed from all pixels and labels, which a single
# changed pixel would change. The code also looks up each held-out picture among the training ones. It finds only exact
# copies: the exam has new pictures, but perhaps no new writers: one person may
# have written digits of both kinds.
#
# Can these checks fail at all? The cell plants two faults in a copy of the held-out digits, and checks again: one pixel
# is changed, and one picture is replaced by a training picture.

# %% tags=["nbval-check-output"]
sums = checksum(digits.images, digits.labels), checksum(held_out.images, held_out.labels)
intact = sums == ("212b17f7481c", "419490c62307")
claims.true("the 5,000 digits are complete and intact", intact and len(digits) + len(held_out) == 5000)
even = (training_counts == 400).all() & (held_out_counts == 100).all()
claims.true("every digit has 400 training and 100 held-out pictures", even)
leaked = copies(held_out.images, digits.images)
claims.at_most("no held-out picture is among the training pictures", leaked, 0)

faulty, planted = held_out.images.clone(), held_out.images.clone()
faulty[0, 0, 14, 14] = 1  # it was black
planted[0] = digits.images[0]
print("checksum:", sums[1], "· with one pixel changed:", checksum(faulty, held_out.labels))
print("copies:", leaked, "· with one planted:", copies(planted, digits.images))

# %% [markdown]
# ## A picture is a table of numbers
#
# A picture is made of small squares, its *pixels*. The digits' file has one number for each pixel: 0 is black, 255 is
# white; the ink is white here. The next cell prints the middle of one picture, 20 × 20 of its 28 × 28 numbers, with a
# dot for 0. (In memory the course keeps others, by a rule below; the cell's third line turns them back.)

# %%
ask.predict("which")

# %% tags=["nbval-check-output"]
lot = torch.randint(4000, (), generator=torch.Generator().manual_seed(44))  # a picture drawn by lot
one = digits.images[lot, 0].cpu()  # 28 rows of 28 numbers
stored = ((one + 1) * 127.5).round().int()  # back to what the file holds
for row in stored[5:25, 4:24].tolist():
    print(" ".join(f"{number or '·':>3}" for number in row))  # 0 counts as false: then “or” takes the dot

# %%
show.samples(one[None, None], 1, scale=6, alt="The digit whose numbers are printed above, enlarged: a 2.")

# %% [markdown]
# The generator of lesson 0.2 gives numbers from −1 to 1, so real pictures are brought to the same range (as in Radford,
# Metz and Chintala 2016). Each stored number $p$, from 0 to 255, becomes a number $x$:
#
# $$x = \frac{p}{127.5} - 1$$
#
# *In words: divide by 127.5, then take 1 away.* Black, $p = 0$, becomes $x = -1$. White, $p = 255$, becomes $x = 1$.
#
# ## Your first exercise
#
# An exercise is a function with an empty body. You write the body and run the cell. Then a *check* answers, as often
# as you like: **○** nothing to check yet, **✗** something is wrong, and the sentence says what, **✓** it is right.
# Nothing that follows depends on your answer: you can go on and come back.
#
# **Exercise 1. Finish the line: from bytes to [−1, 1].** (The brackets mean: the numbers from −1 to 1.) Write the
# formula as a function. `image` is a NumPy array (a table of numbers) that holds $p$ for each pixel; return the table
# of $x$. Arithmetic works on whole tables: `image / 2` halves every number. Divide first: `image` holds *bytes*, type
# `uint8`, which end at 255 (255 + 1 gives 0). The results of a division are fractions, without that limit. Want to see
# a ✗ first? Begin with `return image / 255`.

# %% tags=["exercise"]
def to_range(image):
    """Numbers p from 0 to 255 → numbers x from −1 to 1."""
    # your line goes here, and begins with: return


check.to_range(to_range)

# %% [markdown]
# Stuck? Open one hint at a time.
#
# <details><summary>Hint 1</summary>What must be done to 255 to make it 2? And then to 2, to make it 1?</details>
# <details><summary>Hint 2</summary>The line begins with <code>return image / 127.5</code>.</details>
#
# In JupyterLab a solution's code is folded away, where your copy has it. Click on the bar at its left to see it. It has
# a name of its own, so that running it does not count as yours.

# %% tags=["solution"]
def solution_to_range(image):
    """Numbers p from 0 to 255 → numbers x from −1 to 1."""
    return image / 127.5 - 1


check.to_range(solution_to_range, solution=True)

# %% [markdown]
# ## All pictures are one tensor
#
# PyTorch keeps all 4,000 pictures in one table of numbers, a *tensor*. Its *shape* says how many there are along each
# direction: pictures, colours (1: grey), rows, columns. `float32` is the kind of number: one with a fraction, kept in 32
# bits, exact to about seven digits.

# %% tags=["nbval-check-output"]
print("pictures:", tuple(digits.images.shape), digits.images.dtype, "· labels:", tuple(digits.labels.shape))
print("pixels from", digits.images.min().item(), "to", digits.images.max().item())
claims.at_most("no pixel is further from 0 than 1", digits.images.abs().max(), 1)

# %% [markdown]
# With a tensor you choose and average in a few words:
#
# - `images[labels == 7]` holds the pictures of 7s, and nothing else: it keeps those places where the condition is true.
# - `table.mean(0)` averages over the first direction (directions are counted from 0), so a tensor of shape (50, 1, 28,
#   28) gives one of (1, 28, 28).

# %%
ask.predict("average")

# %%
show.samples(average_pictures(digits), scale=3, alt="Ten average digits, 0 to 9: soft, grey at the edges, readable.")

# %% [markdown]
# Each pixel is the mean of 400 pixels at the same place: the more writers put ink there,
# the lighter it is. A 1 is blurred most at its ends, because people slant it differently. Nobody wrote these ten. A
# network that must answer many digits with one picture draws such a soft one: chapter 05.
#
# **Exercise 2. Build it: the average digit.** Return the average picture of one kind of digit, of shape (1, 28, 28) where
# the pictures are of shape (N, 1, 28, 28). `images` and `labels` are tensors; `labels` says which digit each picture shows,
# and the number `digit` which one is wanted.

# %% tags=["exercise"]
def average_digit(images, labels, digit):
    ...  # your line or lines, ending in: return …


check.average_digit(average_digit)

# %% [markdown]
# <details><summary>Hint 1</summary>Two steps: choose the pictures of this digit, then average them.</details>
# <details><summary>Hint 2</summary>The example above chooses the 7s. Which name stands for the digit that is wanted?</details>
# <details><summary>Hint 3</summary>If your answer has no shape left, you averaged over all directions: name the first one.</details>

# %% tags=["solution"]
def solution_average_digit(images, labels, digit):
    of_this_kind = images[labels == digit]
    return of_this_kind.mean(0)


check.average_digit(solution_average_digit, solution=True)

# %% [markdown]
# ## How claims work
#
# You have met five claims. A claim about a number compares it with a *bound* that was fixed beforehand. A claim that
# holds gets a ✓. What happens to one that does not? The next cell rehearses with two claims that count for nothing.

# %%
ask.predict("marks")

# %% tags=["nbval-check-output"]
rehearsal = Claims("a rehearsal", runtime, rehearsal=True)
rehearsal.at_least("two and two make at least four", 2 + 2, 4)
rehearsal.at_least("two and two make at least five", 2 + 2, 5)
rehearsal.table()

# %% [markdown]
# A ✗ is something to find out about, not a crash. If you see one where this page has a ✓, look at its number in the
# table first. Close to the bound, it may be chance, or another seed. Far away, something may be wrong: run the doctor.
#
# The authors ran all claims again with other seeds, and with an imitation of another processor's rounding. (In a long
# training, a difference in the last digit can grow until the results differ.) A claim that held in all these runs is
# judged on your computer: ✓ or ✗. One that you write yourself is judged in the same way. The few others begin with
# `~`: the line shows your number beside those of the runs, and in how many runs the claim held. (The profile "smoke" is
# too short to judge: there every claim begins with `~`.)
#
# ## Quiz
#
# Three questions end each lesson. After a wrong answer a sentence names the mistake, and you may try again. Then
# comes the table of the lesson's claims.

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a picture is a table of numbers in [−1, 1]; 5,000 real ones are on your computer, 1,000 of them held out;
#   a claim is a statement that is checked on your computer.
# - **Not said:** how numbers become a *new* picture. And digits are small and grey: what holds for them need not hold for
#   photographs.
# - **Next:** [0.2 How good are the digits that a network draws?](2_a_network_draws.ipynb)
