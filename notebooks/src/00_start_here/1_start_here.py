# %% [markdown]
# # Start here
#
# **The question of this notebook:** does everything work, and what will I be able to do?
#
# A *generator* is a program that draws new pictures: it was shown thousands of examples and learned to make more of
# their kind. Inside is a *network*: a long chain of simple sums, with thousands of adjustable numbers, its *weights*. To
# *train* it is to adjust the weights a little, example after example, until it does its task better; that is all that
# "learned" means here.
#
# In this course you will build generators, watch them fail, repair them, and ask them why they draw what they draw. It
# needs no graphics card; what goes beyond school mathematics is explained. A new word stands in *italics*, and the
# [glossary](../../docs/glossary.md) explains it again.
#
# After this notebook you
#
# - know that your computer is ready,
# - have met the data, 5,000 real handwritten digits, and know how a picture becomes numbers,
# - can read a *claim*, solve an *exercise* and find help,
# - have seen a trained generator draw digits, and another network read them.
#
# It runs in less than a minute; reading and trying things takes about twenty. Each grey box below is a *cell*. Click on
# the first one and press **Shift + Enter**: it runs, and you are taken to the next. Go on like that, in order.

# %% [markdown]
# ## Settings
#
# This cell holds the three things that you may change in any notebook.

# %% tags=["parameters"]
profile = "course"  # how much: "smoke" (a quick look), "course" or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # where: "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %% [markdown]
# Now the tools are loaded, and the settings checked. This may take ten seconds, because PyTorch is large.

# %%
import time

import torch

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch00_start_here.explorer import between, latent_explorer
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.learn.claims import Claims
from course_lib.metrics import class_histogram, classes_covered, judge_outputs, mean_confidence
from course_lib.runtime import Runtime
from course_lib.tools import doctor

# %% [markdown]
# `runtime` remembers the settings, and every function that needs them is handed it. Its line below says where this notebook
# computes: on the processor (`cpu`) or on a graphics card, and with how many *threads*, strands of work at the same time.

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("00.1", runtime)
check = syllabus.checks("00")
print(runtime.describe())

# %% [markdown]
# What happens when you mistype a setting? This course answers bad input with one sentence that says what to do.

# %% tags=["nbval-check-output"]
try:
    Runtime.auto(profile="fast")
except CourseError as refusal:
    print(refusal)

# %% [markdown]
# ## Is this computer ready?
#
# The *doctor* looks at your computer: ✓ means fine, and each ✗ comes with a remedy. (In a terminal,
# `.venv/bin/course doctor` looks at more; on Windows it is `.venv\Scripts\course doctor`.)

# %%
findings = [*doctor.python(), *doctor.memory(), *doctor.torch(), *doctor.data(), *doctor.zoo()]
for line in findings:
    print(line)

# %% [markdown]
# The verdict is the first *claim* of the course: a statement that is checked on your computer when you run the cell.

# %% tags=["nbval-check-output"]
claims.true("this computer can run the course", all(line.ok for line in findings if line.vital))

# %% [markdown]
# ## The data: 5,000 real digits
#
# The course learns from MNIST, digits that people wrote by hand around 1990 (LeCun, Cortes and Burges 1998). Of its
# 70,000 pictures, 5,000 came with the installation, so you need no internet.
#
# They are in two parts. The *training* digits are what networks learn from. The *held-out* digits are kept away from
# all learning: they are the exam, and an exam whose questions are known beforehand measures nothing. (Both parts may
# hold digits of the same writer.)

# %%
digits = load("digits", runtime)
held_out = load("digits", runtime, split="test")
print(f"{len(digits):,} to train with, {len(held_out):,} held out")

# %% [markdown]
# **Predict:** how often does each digit occur among the 4,000? Think of a number, then run the cell.

# %% tags=["nbval-check-output"]
training_counts = torch.bincount(digits.labels.cpu(), minlength=10)  # a label says which digit a picture shows
held_out_counts = torch.bincount(held_out.labels.cpu(), minlength=10)
print("digit   ", *(f"{k:4d}" for k in range(10)))
print("training", *(f"{n:4d}" for n in training_counts.tolist()))
print("held out", *(f"{n:4d}" for n in held_out_counts.tolist()))

# %% [markdown]
# All ten are equally frequent, for they were chosen so (MNIST itself has more 1s than 5s). That makes later
# questions easy to ask: a generator that draws only a few kinds of digit is not imitating these data. Here are the first 40 training digits, sorted so that each column shows one digit. Look how
# different four handwritten 4s are, or four 7s.

# %%
show.samples(digits.images, 40, alt="Four rows of handwritten digits; each row runs from 0 to 9.")

# %% [markdown]
# Are the digits complete, and undamaged? A *checksum* answers that: a fingerprint of all pixels and labels, which would
# be another one if a single pixel had changed. The two below begin as they did when this notebook was written.

# %% tags=["nbval-check-output"]
print(digits.sha256[:12], held_out.sha256[:12])
intact = digits.sha256.startswith("212b17f7481c") and held_out.sha256.startswith("419490c62307")
claims.true("the 5,000 digits are complete and intact", intact and len(digits) + len(held_out) == 5000)

# %% [markdown]
# And are the two parts what was said of them?

# %% tags=["nbval-check-output"]
even = (training_counts == 400).all() & (held_out_counts == 100).all()
claims.true("every digit has 400 training and 100 held-out pictures", even)
known = {picture.numpy().tobytes() for picture in digits.images.cpu()}
leaked = sum(picture.numpy().tobytes() in known for picture in held_out.images.cpu())
claims.at_most("no held-out picture is among the training pictures", leaked, 0)

# %% [markdown]
# ## How a picture becomes numbers
#
# A file stores a grey picture as one number for each small square, each *pixel*: 0 is black, 255 is white. These are the
# numbers in the middle of one digit (a dot stands for 0). **Predict:** which digit is it? Squint.

# %% tags=["nbval-check-output"]
one = digits.images[2, 0].cpu()  # 28 rows of 28 numbers
stored = ((one + 1) * 127.5).round().int()  # back to what the file holds
for row in stored[3:23, 4:24].tolist():
    print(" ".join(f"{number or '·':>3}" for number in row))

# %% [markdown]
# The picture itself, enlarged, shows whether you were right.

# %%
show.samples(digits.images[2:3], 1, scale=6, alt="The digit whose numbers are printed above, enlarged: a 2.")

# %% [markdown]
# Networks learn better from small numbers around 0. So the course rescales each stored number $p$, which is between
# 0 and 255, to a number $x$ between −1 and 1:
#
# $$x = \frac{p}{127.5} - 1$$
#
# Black, $p = 0$, becomes $x = -1$; white, $p = 255$, becomes $x = 1$. All pictures together are one table of numbers, a
# *tensor*. Its *shape* says how many pictures there are, how many colours each has (1: grey), how many rows, and how many
# columns. (`float32` is the kind of number: with a fraction, kept in 32 bits, exact to about seven digits.)

# %% tags=["nbval-check-output"]
print("shape:", tuple(digits.images.shape), "· kind of number:", digits.images.dtype)
print("from", digits.images.min().item(), "to", digits.images.max().item())
claims.at_most("no pixel is further from 0 than 1", digits.images.abs().max(), 1)

# %% [markdown]
# ## How claims work
#
# You have met several claims. Each is *computed in front of you*, compared with a *bound* that was fixed beforehand, and
# marked ✓ when it holds. Only the mark and the statement are printed. The numbers are in a table at the end of each
# notebook; to see them sooner, write `claims.table()` in a cell. The course's authors run all claims again with other
# seeds, and with the rounding of another processor: two computers round differently in the last digit, and in a long
# training such a difference grows until they are two different runs.
#
# So ✓ and ✗ are given only to claims that held in *every* recorded run, and to new ones. The few others begin with `~`:
# such a line shows the number of your run beside those of the recorded runs, and in how many of them the claim held.
#
# A claim that does not hold gets a ✗, and the notebook goes on: a ✗ is something to find out about, not a crash. **Predict**
# the marks of these two (they are a rehearsal and count for nothing).

# %% tags=["nbval-check-output"]
rehearsal = Claims("a rehearsal", runtime, rehearsal=True)
rehearsal.at_least("two and two make at least four", 2 + 2, 4)
rehearsal.at_least("two and two make at least five", 2 + 2, 5)

# %% [markdown]
# The table has the numbers behind the marks: 4 was compared with a bound of 5, and that is why.

# %% tags=["nbval-check-output"]
rehearsal.table()

# %% [markdown]
# If you see a ✗ where this page has a ✓, look at the number first. Close to the bound, it may be chance, another seed, or
# another computer's rounding. If it is far away, something is really different: run the doctor.

# %% [markdown]
# ## How exercises work
#
# An exercise is a function with an empty body. You write the body and run the cell, and a *check* says what is right or
# wrong about it, as often as you like. `○` means that there is nothing to check yet. Nothing that follows depends on your
# answer, so you can always go on and come back.
#
# ### Exercise: from bytes to [−1, 1]
#
# Write the formula of the last section as a function. `image` is a NumPy array (a table of numbers) that holds $p$ for each
# pixel; return the table of $x$. Arithmetic works on whole tables: `image + 1` adds 1 to every number.

# %% tags=["exercise"]
def to_range(image):
    """Numbers p from 0 to 255 → numbers x from −1 to 1."""
    # your line goes here, and begins with: return


check.to_range(to_range)

# %% [markdown]
# Stuck? Open one hint at a time.
#
# <details><summary>Hint 1</summary>
#
# What must be done to 255 to make it 2? And then to 2, to make it 1?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Divide by 127.5, then take 1 away.
#
# </details>
# <details><summary>Hint 3</summary>
#
# The line begins with `return image / 127.5`.
#
# </details>
#
# If a solution follows (an edition for classes has none), JupyterLab folds its code away: click on the bar at its left, or
# on the three dots, to see it. It has a name of its own, so that running it does not count as yours.

# %% tags=["solution"]
def solution_to_range(image):
    """Numbers p from 0 to 255 → numbers x from −1 to 1."""
    return image / 127.5 - 1


check.to_range(solution_to_range, solution=True)

# %% [markdown]
# ## A generator draws
#
# Training a generator takes minutes, and you will do it in notebook 03. The course's *zoo* keeps some that were trained
# before. This one learned from the 4,000 training digits above and from nothing else. It comes from a *GAN*: two networks
# trained against one another, a generator that draws and a second one that tries to tell its pictures from real ones
# (Goodfellow et al. 2014). A *DCGAN* is a GAN whose networks work on pictures through small sliding windows,
# [convolutions](../../docs/glossary.md#convolution), in a generator *transposed* ones (Radford, Metz and Chintala 2016).
#
# **Predict:** how long will this computer take to load it and draw its first 40 digits?

# %%
start = time.perf_counter()
sampler = zoo.load("dcgan-digits", runtime)
drawn = sampler(40, seed=seed)  # 40 pictures
seconds = time.perf_counter() - start
print(f"{seconds:.2f} s")

# %% [markdown]
# We expected less than ten seconds (it was tried on one server only). Does that hold here?

# %% tags=["nbval-check-output"]
claims.at_most("the first digits appeared within 10 s", seconds, 10)

# %% [markdown]
# And here they are. The generator stores no pictures, only 566,000 weights that say how to draw. (Can it have
# learned some by heart all the same? That is a good question, and notebook 06 measures it.) Which ones would fool you?

# %%
show.samples(drawn, alt="Four rows of ten generated digits. Many are easy to read, some are malformed.")

# %% [markdown]
# ### Where the variety comes from
#
# The generator, called $G$, always does the same with the same input. What differs is the input: a list $z$ of 64 random
# numbers, the *latent*. The picture is $G(z)$, in words "G of z". The next cell shows the first eight numbers of one such
# list, and lets $G$ draw from it twice. **Predict:** will the two pictures differ?

# %% tags=["nbval-check-output"]
z = sampler.z(1, seed=3)  # one list, from the random numbers that start at 3
print("shape:", tuple(z.shape), "· first eight:", *(f"{number:.2f}" for number in z[0, :8].tolist()))
same = torch.equal(sampler.decode(z), sampler.decode(z))  # decode(z) draws G(z)
claims.true("the same latent gives the same picture", same)

# %% [markdown]
# ### Explore it yourself
#
# What lies *between* two latents? In JupyterLab you get three sliders and a picture. "first seed" and "second seed" each
# choose the seed of a latent (a seed is a number, not a digit: seed 3 need not draw a 3), and "way between" walks from the
# one latent to the other (along an arc: White 2016). On a page that only shows this notebook, you see nine steps of the
# walk side by side.
#
# **Predict:** half-way, will you see both pictures at once, like a double exposure?

# %%
latent_explorer(sampler, first=3, second=5)

# %% [markdown]
# It is no double exposure. On the way from seed 3, a 2, to seed 5, a 9, strokes move, open and close, and half-way there is
# something like a 3, or a 7.
#
# Do small steps in the latent always make small changes in the picture, or does it jump somewhere? The next cell takes 50
# walks of 20 steps, and compares the largest change in a step with the average one. In a double exposure, where the one
# picture fades into the other, all steps would be equal. (The size of a change is the
# [length](../../docs/maths.md#vector) of the list of all pixels' changes.)

# %% tags=["nbval-check-output"]
def largest_change(first, second):
    """The largest change in 20 steps: in units of the average step, and of the change from start to end."""
    walk = torch.cat([between(first, second, step / 20) for step in range(21)])
    pictures = sampler.decode(walk).flatten(1)  # 21 lists of 784 pixels
    changes = (pictures[1:] - pictures[:-1]).norm(dim=1)
    return [(changes.max() / unit).item() for unit in (changes.mean(), (pictures[-1] - pictures[0]).norm())]


starts, ends = sampler.z(50, seed=seed + 2).split(1), sampler.z(50, seed=seed + 3).split(1)
walks = [largest_change(first, second) for first, second in zip(starts, ends, strict=True)]
gentle = sum(steps < 4 for steps, _ in walks)
claims.at_least("in at least 48 of 50 walks, the largest step is less than 4 times the average one", gentle, 48)

# %%
for kind, fade, column in (("the average step", 1, 0), ("the change from start to end", 1 / 20, 1)):
    found = sorted(walk[column] for walk in walks)
    print(f"largest step, in units of {kind}: {found[25]:.2f} in a middling walk, at most {found[-1]:.2f}"
          f" (fading: {fade:.2f})")

# %% [markdown]
# So the changes are spread over the walk: uneven steps, but no jump. Notebook 09 will look for directions with a meaning, such
# as "more slanted".

# %% [markdown]
# ## A judge reads
#
# "They look good" is not a measurement. So the course has a *judge*: a network trained to read the real digits, which then
# reads generated ones. Of course a judge has to be tested first, with the exam that it has never seen.

# %% tags=["nbval-check-output"]
judge = zoo.load("judge", runtime)
chances, _ = judge_outputs(held_out.images, judge)  # ten probabilities a picture, one for each digit
read = chances.argmax(1)  # the digit with the highest probability
accuracy = (read == held_out.labels.cpu()).float().mean()
claims.at_least("the judge reads at least 97 % of the held-out digits correctly", accuracy, 0.97)

# %% [markdown]
# Now it reads the 40 drawn digits; compare with the sheet above. A question mark says that its highest probability, its
# *confidence*, was below 0.9. Is it unsure where you are?

# %%
chances, _ = judge_outputs(drawn, judge)
confidence, read = chances.max(1)
answers = [f"{digit}{'?' if sure < 0.9 else ' '}" for digit, sure in zip(read.tolist(), confidence.tolist(), strict=True)]
for row in range(4):
    print(*answers[10 * row : 10 * row + 10])
print((confidence < 0.9).sum().item(), "of 40 with a question mark")

# %% [markdown]
# Look also for the opposite: a shape that you cannot read, to which the judge gives a digit without a question mark.
#
# Forty are few. We let the generator draw many more, and measure two things: does it draw all ten digits (one counts when
# the judge sees it in at least 1 % of the pictures), and how confident is the judge on average?

# %% tags=["nbval-check-output"]
n = runtime.pick(smoke=200, course=2000)
many = sampler(n, seed=seed + 1)
claims.at_least("the generator draws all ten digits", classes_covered(many, judge), 10)
claims.at_least("the judge's mean confidence in the drawn digits is at least 0.90", mean_confidence(many, judge), 0.90)

# %% [markdown]
# Is 0.90 much? Real digits say what to compare it with.

# %%
for name, images in {"held out": held_out.images, "generated": many}.items():
    doubt = (judge_outputs(images, judge)[0].max(1).values < 0.9).float().mean()
    print(f"mean confidence, {name}: {mean_confidence(images, judge):.3f}; below 0.9: {doubt:.1%} of them")

# %% [markdown]
# On real digits the judge's mean confidence is about 0.99, on generated ones about 0.92: more of them
# leave it in doubt, about a fifth instead of a fiftieth.
#
# And is each digit drawn equally often? The figure shows how often the judge sees each, in percent, among the generated
# pictures and among the held-out ones. **Predict:** are the generated digits as evenly spread?

# %%
real_share = 100 * class_histogram(held_out.images, judge) / len(held_out)
drawn_share = 100 * class_histogram(many, judge) / n
show.bars(
    {"held out": real_share.tolist(), "generated": drawn_share.tolist()},
    [str(k) for k in range(10)], "% of the pictures", x="the digit that the judge sees", level=(10, "even: 10 %"),
    alt=f"Two bars for each digit. Held out: {real_share.min():.1f} to {real_share.max():.1f} %; "
    f"generated: {drawn_share.min():.1f} to {drawn_share.max():.1f} %.",
)

# %% [markdown]
# The held-out bars are nearly even, as they must be. The generated ones are not. With 2,000 pictures, chance alone would
# keep most bars between 8.5 and 11.5 %; those further out are the generator's doing or the judge's, which is unsure of
# many, though the data hold 10 % of each. Still, all ten are there. A generator that draws only a few kinds of picture,
# whatever the latent, suffers from *mode collapse*, the subject of notebook 04.
#
# The judge has limits, too. It must choose a digit, whatever it is shown, and can be confidently wrong; it does not say
# whether pictures are varied within a digit, or copied. Notebook 06 is about better yardsticks.

# %% [markdown]
# ## A map of the course
#
# Each notebook answers one question. The times are those of a run without reading, in the `course` profile, on the
# computer that the caption names after "times:"; yours may be faster or slower.

# %%
syllabus.show_map()

# %% [markdown]
# Go on with 01. If you would rather train a GAN first and ask why later, take 03: it needs neither 01 nor 02. The
# [mathematics page](../../docs/maths.md) refreshes what is used, with an example for each idea.

# %% [markdown]
# ## Your progress
#
# Solved exercises and the claims of your own runs are counted in your workspace, on this computer only. Run this cell
# again whenever you like.

# %%
syllabus.show_progress()

# %% [markdown]
# ## What the articles say
#
# The course grew out of five introductory articles (in Chinese) about explaining image generators, cited as A1 to A5. Each
# describes real systems, with mistakes in its formulas or code. The notebooks build these systems so that they work; they
# also run the mistakes, and measure what they do.
#
# | | what it is about |
# |---|---|
# | A1 | building, training and tuning a first GAN |
# | A2 | GANs and another kind of generator, the [variational autoencoder](../../docs/glossary.md#variational-autoencoder) |
# | A3 | explaining a network that reads digits, and whether that makes it reliable |
# | A4 | how GANs work and fail, how to control them, ethics |
# | A5 | ways to explain a DCGAN |
#
# A4 notes that measures of quality are lacking, and A3 judges an explanation by looking at one picture. This course
# tries otherwise: here a judge, which had passed an exam first, read two thousand pictures.

# %% [markdown]
# ## The claims of this notebook
#
# Every statement that was checked above, with its number.

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - A picture is a table of numbers in [−1, 1]; 5,000 real ones are on your computer, 1,000 of them held out.
# - A generator turns a latent $z$, random numbers, into a picture $G(z)$; between two latents pictures change step by step.
# - A claim is a measured statement with a bound; an exercise has a check that explains what is wrong.
#
# **Strengths** of this setting: it is small, real, and fast enough to try everything on a laptop. **Limits:** digits are
# grey and tiny, and what holds for them need not hold for photographs. **Software:** PyTorch computes, matplotlib and
# ipywidgets show, and `course_lib`, which you can read from end to end, does the rest.
#
# ## Further reading
#
# - Y. LeCun, C. Cortes, C. J. C. Burges: *The MNIST database of handwritten digits*, 1998.
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio: *Generative
#   adversarial nets*. NeurIPS 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - A. Radford, L. Metz, S. Chintala: *Unsupervised representation learning with deep convolutional generative adversarial
#   networks*. ICLR 2016, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434).
# - T. White: *Sampling generative networks*. 2016, [arXiv:1609.04468](https://arxiv.org/abs/1609.04468).
