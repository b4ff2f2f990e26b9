# %% [markdown]
# # 0.2 How good are the digits that a network draws?
#
# A network draws forty digits within seconds, some of them malformed. "They look good" is not a measurement, so a
# second network, tested beforehand, reads them.
#
# **You need** [lesson 0.1](1_start_here.ipynb): pictures as tensors, claims, exercises. **You will** compute one unit
# of a network, draw with a trained generator, and measure what it draws. About 30 minutes to read and run, 45 with
# the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import time

import torch

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch00_start_here.explorer import latent_explorer, walk_changes
from course_lib.chapters.ch00_start_here.reading import show_answers, show_confidence, show_layers
from course_lib.data import load
from course_lib.learn import mine
from course_lib.learn.claims import Claims
from course_lib.metrics import class_histogram, classes_covered, judge_outputs, mean_confidence
from course_lib.runtime import Runtime
from course_lib.training.classifier import accuracy

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("00.2", runtime), syllabus.checks("00"), syllabus.questions("00.2")
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
print(runtime.describe())
print(syllabus.time_of("00.2"))

# %% [markdown]
# ## What a network is
#
# A *network* is made of many small calculations. The smallest, a *unit*, takes $n$ numbers $x_1$ to $x_n$. It has a
# *weight* for each of them, $w_1$ to $w_n$, and one more number of its own, $b$, the *bias*. It gives one number, $h$:
#
# $$h = \max(0,\; w_1 x_1 + w_2 x_2 + \dots + w_n x_n + b).$$
#
# *In words: multiply each number by its weight, add everything up, add the bias, and turn what is negative into 0.*
# The last step is called [ReLU](../../docs/glossary.md#relu); without it, many layers would do no more than one. (The
# generator's last layer has [tanh](../../docs/maths.md#tanh) instead, which gives numbers between −1 and 1.) Many
# units side by side are a *layer*; the next layer takes the numbers that it gives. To *train* a network is to change
# its weights and biases a little, example after example, so that it does its task better.
#
# **Exercise 1. Finish the line: one unit.** `x` and `weights` are tensors of equally many numbers, `bias` is one number.
# Return $h$.

# %% tags=["exercise"]
def unit(x, weights, bias):
    return ...  # your line


check.unit(unit)

# %% [markdown]
# <details><summary>Hint 1</summary><code>x * weights</code> multiplies number by number, and <code>.sum()</code> adds up what a tensor holds.</details>
# <details><summary>Hint 2</summary>Add the bias before you look whether the result is negative: <code>max(0, …)</code> comes last.</details>

# %% tags=["solution"]
def solution_unit(x, weights, bias):
    return max(0.0, float((x * weights).sum() + bias))


check.unit(solution_unit, solution=True)

# %% [markdown]
# ## A generator draws
#
# Training a generator takes minutes (chapter 03). The course's zoo keeps some. This one learned only from the 4,000
# training digits.

# %%
ask.predict("weights")

# %%
start = time.perf_counter()
sampler = zoo.load("dcgan-digits", runtime)
drawn = sampler(40, seed=seed)  # 40 pictures
seconds = time.perf_counter() - start
print(f"loaded, and 40 digits drawn, in {seconds:.2f} s")
show_layers(sampler.generator)
show.samples(drawn, alt="Four rows of ten generated digits. Many are easy to read, some are malformed.")

# %% [markdown]
# These are its first 40 digits, unpicked: which would fool you? The generator was one of two networks trained against
# one another, a *GAN* (Goodfellow et al. 2014): it draws, and the other one tries to tell its pictures from real
# ones. It is a *DCGAN* (Radford, Metz and Chintala 2016): behind its first layer, units share their weights and look
# through small sliding windows, [convolutions](../../docs/glossary.md#convolution). In the table, 128 × 7 × 7 means
# 128 pictures of 7 × 7 numbers. From layer to layer there are fewer, and their side grows to 28. (The
# few numbers beyond weights belong to [batch norm](../../docs/glossary.md#batch-norm), which is not needed here.)
#
# ## Where the variety comes from
#
# The generator, called $G$, takes a list $z$ of 64 random numbers, the *latent*. (They are drawn from the standard
# [normal distribution](../../docs/maths.md#normal-distribution): about 95 % lie between −2 and 2.) The picture is $G(z)$, in
# words "G of z". In the code `sampler` holds $G$: `sampler.z` makes latents, `sampler.decode` draws from them, and
# `sampler(40)` did both. The next cell lets $G$ draw twice from one latent.

# %%
ask.predict("same")

# %% tags=["nbval-check-output"]
z = sampler.z(1, seed=3)  # one list, from the random numbers that start at 3
print("shape:", tuple(z.shape), "· first eight:", *(f"{number:.2f}" for number in z[0, :8].tolist()))
same = torch.equal(sampler.decode(z), sampler.decode(z))  # decode(z) draws G(z)
claims.true("the same latent gives the same picture", same)
claims.at_most("the first digits appeared within 10 s", seconds, 10)

# %% [markdown]
# What lies *between* two latents? In JupyterLab you get three sliders and a picture. "first seed" and "second seed"
# each choose a latent. (A seed is no digit: seed 3 need not draw a 3.) "way between" walks from the one latent to the
# other, along an arc (White 2016). Half-way on the straight line, the numbers would on average be nearer to 0 than
# those that $G$ was trained with. A page that only shows this lesson has nine pictures instead.

# %%
ask.predict("half_way")

# %%
latent_explorer(sampler, first=3, second=5)

# %% [markdown]
# From seed 3, a 2, to seed 5, a 9, strokes move, open and close. But is most of the change crowded into one short
# stretch? The next cell takes this walk in 20 steps and measures how much the picture changes in each. (The size of a
# change is the [length](../../docs/maths.md#vector) of the list of all pixels' changes.) Beside it stands a *fade*,
# where one picture slowly covers the other, in equal steps. Fifty more walks follow.

# %%
first, second = sampler.z(1, seed=3), sampler.z(1, seed=5)
changes = walk_changes(sampler, first, second)  # 20 sizes
fade = (sampler.decode(second) - sampler.decode(first)).norm().item() / 20
starts, ends = sampler.z(50, seed=seed + 2).split(1), sampler.z(50, seed=seed + 3).split(1)
walks = torch.stack([walk_changes(sampler, *pair) for pair in zip(starts, ends, strict=True)])  # (50, 20)
peaks = walks.max(1).values / walks.mean(1)
print(f"largest step : average one: {changes.max() / changes.mean():.2f} on this walk; "
      f"on 50 more, {peaks.median():.2f} in the median and {peaks.max():.2f} at most")
show.lines({"walk from seed 3 to seed 5": (range(1, 21), changes.tolist()), "a fade": ([1, 20], [fade, fade])},
           "step", "size of the change", title="No step of the walk has most of the change",
           alt="Against the step, the change of the picture: a line that goes up and down, without a spike, above the "
               "flat line of a fade.")

# %% tags=["nbval-check-output"]
claims.at_least("in at least 48 of 50 walks, the largest step is less than 4 times the average one",
                (peaks < 4).sum().item(), 48)

# %% [markdown]
# The fade goes straight: no walk between the same pictures changes less in sum. If one step had all of the change, it would be 20 times
# the average one. On no walk does a step reach 4 times: none is one sudden exchange of pictures.
#
# ## A judge reads
#
# The course's *judge* is a network trained to read the 4,000 training digits. Before it reads drawn ones, it has to
# pass an exam: the 1,000 held-out digits, which it has never seen. It gives ten *probabilities* for a picture, one for
# each digit; they sum to 1. It *reads* the digit with the highest one, and this highest one is its *confidence*.
#
# **Exercise 2. Find the faults.** The tensor `chances` has a row of ten probabilities for each picture, the tensor
# `labels` the digit that it shows. The function below should return the share of pictures that are read rightly, from
# 0 to 1. Write it without its two faults.
#
# ```python
# def faulty_share_right(chances, labels):
#     read = chances.max(1).values
#     return (read == labels).sum()
# ```

# %% tags=["exercise"]
def share_right(chances, labels):
    ...  # your lines, ending in: return …


check.share_right(share_right)

# %% [markdown]
# <details><summary>Hint 1</summary><code>max(1).values</code> is the highest number of each row. Of the row 0.1, 0.7, 0.2 the code keeps 0.7. Which digit is read here, and what is it compared with?</details>
# <details><summary>Hint 2</summary><code>argmax</code> tells the place of the highest number. It needs the same direction as <code>max</code> does here.</details>
# <details><summary>Hint 3</summary>A share is how many, divided by how many there are; of a tensor of True and False, <code>.float().mean()</code> gives it.</details>

# %% tags=["solution"]
def solution_share_right(chances, labels):
    says = chances.argmax(1)
    return (says == labels).float().mean().item()


check.share_right(solution_share_right, solution=True)

# %% tags=["nbval-check-output"]
judge = zoo.load("judge", runtime)
claims.at_least("the judge reads at least 97 % of the held-out digits correctly", accuracy(judge, held_out), 0.97)

# %% [markdown]
# It has passed: it reads 987 of the 1,000. (`accuracy` is the share of exercise 2.) Now it reads the 40 drawn digits;
# compare with the sheet above. A question mark says that its confidence was below 0.9. Look also for a shape that you
# cannot read, to which the judge gives a digit without a question mark.

# %%
show_answers(judge_outputs(drawn, judge)[0])  # [0]: the table of probabilities, a row a picture

# %% [markdown]
# For us, that is the sixth of row 2 on this page: a 7, and the judge is sure of it. But forty are few. Of 2,000, how sure is the judge, and are all ten
# digits drawn? (A digit counts as drawn when the judge sees it in at least 1 % of the pictures.)

# %% tags=["nbval-check-output"]
n = runtime.pick(smoke=200, course=2000)
many = sampler(n, seed=seed + 1)
claims.at_least("the generator draws all ten digits", classes_covered(many, judge), 10)
claims.at_least("the judge's mean confidence in the drawn digits is at least 0.90", mean_confidence(many, judge), 0.90)

# %%
ask.predict("even")

# %%
real_share = 100 * class_histogram(held_out.images, judge) / len(held_out)
drawn_share = 100 * class_histogram(many, judge) / n
no_digit = sum(held_out.labels == k for k in (3, 4, 7)).bool()  # upside down, these are no digits
noise = 2 * torch.rand(1000, 1, 28, 28, generator=runtime.stream("noise")).to(runtime.device) - 1
show_confidence({"held out": held_out.images, "generated": many,
                 "3, 4, 7 upside down": held_out.images[no_digit].flip(2, 3), "noise": noise}, judge)
show.bars(
    {"held out": real_share.tolist(), "generated": drawn_share.tolist()},
    [str(k) for k in range(10)], "% of the pictures", x="the digit that the judge sees", level=(10, "even: 10 %"),
    title="The generated digits are uneven, the real ones nearly even",
    alt=f"Two bars for each digit. Held out: {real_share.min():.1f} to {real_share.max():.1f} %; "
    f"generated: {drawn_share.min():.1f} to {drawn_share.max():.1f} %.",
)

# %% [markdown]
# The judge doubts more than a fifth of the generated digits, and about a fiftieth of the real ones. But it must choose
# a digit, whatever it is shown: see the two controls, in which there is none. (A 3, 4 or 7 upside down is no digit; a 6
# would be a 9.) It is sure, at 0.9 or more, of over half of the upside-down ones, and of all noise. Confidence alone
# proves nothing.
#
# The held-out bars are nearly even; the generated ones are not. A share of 0.1 among 2,000 pictures has the [standard
# error](../../docs/glossary.md#standard-error) $\sqrt{0.1 \cdot 0.9 / 2000} = 0.0067$, or 0.67 points. By chance alone,
# about 97 bars in 100 would lie within 2.2 of these: between 8.5 and 11.5 %. On this page seven of the ten are outside.
# That is the generator's doing, or the judge's. (Its counts of real digits are at most 0.3 points off.) Drawing only a
# few kinds of picture is *mode collapse*: chapter 04.
#
# Nor does the judge say whether pictures are varied within a digit, or copied: chapter 06 has better measures.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Your way through the course
#
# Go on with 01. To train a GAN first and ask why later, take 03: it needs neither 01 nor 02. The [mathematics
# page](../../docs/maths.md) refreshes what is used; the [card](../../docs/card.md), for later, says what to use for
# which question.

# %%
syllabus.show_map()
syllabus.show_progress()

# %% [markdown]
# **Your own GAN.** In lesson 3.3 you train a GAN, and the course keeps it for you. Chapters 06, 08, 09 and 10 then
# measure, explain, steer and test *yours*. Until then they use a *twin* that comes with the course. In the end,
# `.venv/bin/course portfolio` in a terminal puts on one page what your GAN draws, and what you did.

# %%
own = mine.load(runtime)
print(own.about)
show.samples(own.sampler(10), alt="Ten digits drawn by the GAN that is kept, some readable, some malformed.")

# %% [markdown]
# The judge reads them with `show_answers(judge_outputs(own.sampler(10), judge)[0])`. The zoo's generator was trained for
# 20,000 steps (changes of its weights; [record](../../data/zoo/manifest.json)), the twin for 1,000. Lesson 3.6
# measures what that is worth.
#
# ## Wrap-up of the chapter
#
# - **Now known:** a generator turns a latent $z$, random numbers, into a picture $G(z)$; on 50 walks between latents no
#   step reached 4 times the average one; a judge is tested before it is believed.
# - **Not said:** that pictures which are read with confidence are good, varied or new.
# - **Next:** chapter 01, [What is the best discriminator?](../01_what_a_gan_optimises/1_best_discriminator.ipynb)
#
# ## What the articles say
#
# The course grew out of five introductory articles (in Chinese) about image generators and explanations, cited as A1
# to A5. The chapters make their systems work, and measure what the mistakes in their formulas and code do.
#
# | article | it is about | what we do here |
# |---|---|---|
# | A1 | building, training and tuning a first GAN | chapters 02 and 03 run its loss and its code |
# | A2 | GANs and [variational autoencoders](../../docs/glossary.md#variational-autoencoder) | chapters 02, 03 and 05 run its losses and its code |
# | A3 | explaining a network that reads digits; it judges an explanation by looking at one picture | chapters 07 and 10 test explanations |
# | A4 | how GANs work and fail, control, ethics; it notes that measures of quality are lacking | chapter 06 measures quality |
# | A5 | ways to explain a DCGAN | chapters 08 and 09 |
#
# **Strengths** of this setting: it is small, real, and fast enough for a laptop. **Limits:** digits are grey and tiny;
# photographs may behave otherwise. To train on pictures of your own, see [this page](../../docs/own_pictures.md).
# **Software:** PyTorch computes, matplotlib and ipywidgets show, and `course_lib` does the rest.
#
# ## Further reading
#
# - Y. LeCun, C. Cortes, C. J. C. Burges. *The MNIST database of handwritten digits.* 1998.
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - A. Radford, L. Metz, S. Chintala. *Unsupervised representation learning with deep convolutional generative adversarial
#   networks.* ICLR 2016, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434).
# - T. White. *Sampling generative networks.* 2016, [arXiv:1609.04468](https://arxiv.org/abs/1609.04468).
