# %% [markdown]
# # 6.1 How far are drawn pictures from real ones?
#
# Two networks draw digits. Which one is better? We could look at the pictures, but we see what we hope to see. So we
# measure. This lesson builds two much-used measures, the Fréchet distance and the kernel distance. It shows what both
# overlook, and how the first one misleads.
#
# **You need** [3.1](../03_train_a_gan/1_the_loop.ipynb) (the loop, the losses, the judge). **You will** say why two
# GANs' losses cannot be compared; derive and compute a Fréchet distance; compare two generators fairly. About 35
# minutes to read, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torch.nn.functional import softplus

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.data import draw_points, load, mixture
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import frechet_distance, judge_outputs, kernel_distance, kernel_distance_spread
from course_lib.models import DCDiscriminator
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.1", runtime)
check = syllabus.checks("06")
ask = syllabus.questions("06.1")
print(runtime.describe())
print(syllabus.time_of("06.1"))

# %% [markdown]
# We load the 4,000 training digits, 1,000 digits that were kept apart, the judge of lesson 3.1, and a trained GAN from
# the course's zoo of networks. Of the GAN we take 8,000 pictures.

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
train, new = digits.images.cpu(), held_out.images.cpu()
judge, gan = zoo.load("judge", runtime), zoo.load("dcgan-digits", runtime)
drawn = gan(runtime.pick(smoke=2000, course=8000), seed=runtime.seed)
show.compare({"real": new, "the zoo's GAN": drawn}, alt="Two rows of digits; those of the GAN are rougher, and a few are no clear digits.")

# %% [markdown]
# ## Why not compare losses?
#
# Every training prints a loss. The generator's is $L_G = E[\operatorname{softplus}(-d)]$, where $d$ is the
# discriminator's [logit](../../docs/glossary.md#logit) for a drawn picture, $E$ the mean, and
# [softplus](../../docs/maths.md#softplus) is $\log(1 + e^x)$. *In words: G pays for each picture, and more the surer D
# is that it is fake.* Is the GAN with the lower loss the better one?
#
# We test it with bad pictures: 500 of pure noise. They stay as they are. We train *only a discriminator*, a small one,
# to tell this noise from digits.

# %%
ask.predict("loss")

# %%
with runtime.seeded("opponent"):
    opponent = DCDiscriminator(16)
noise = torch.rand(500, 1, 28, 28, generator=runtime.stream("noise")) * 2 - 1
optimiser, batches, losses = torch.optim.Adam(opponent.parameters(), 1e-3), digits.stream(64, runtime), {}
for step in range(61):
    if step % 20 == 0:
        opponent.eval()
        with torch.no_grad():
            losses[step] = [softplus(-opponent(pictures)).mean().item() for pictures in (noise, drawn[:500])]
        opponent.train()
    loss = softplus(-opponent(next(batches)[0].cpu())).mean() + softplus(opponent(noise[step : step + 64])).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
show.lines({name: (list(losses), [both[i] for both in losses.values()])
            for i, name in enumerate(("pure noise", "the zoo's GAN"))},
           "the discriminator's steps", "the generator's loss", title="The pictures stay the same, the loss does not",
           alt="The loss of unchanged noise rises from 0.7 to about 6 while the discriminator trains; that of the zoo's "
               "pictures falls from 0.7 to 0.")

# %% tags=["nbval-check-output"]
claims.at_least("the same pictures: against a trained opponent, G's loss is at least three times that at the start",
                losses[60][0] / losses[0][0], 3)
claims.at_most("before its training, noise and good digits have the same loss (difference)",
               abs(losses[0][0] - losses[0][1]), 0.1)

# %% [markdown]
# **A GAN's loss measures its opponent, too.** Not one pixel changed, and the loss for the noise more than tripled. It
# began at $\operatorname{softplus}(0) = \log 2 = 0.69$, because the untrained discriminator answers with logits near 0.
# (The zoo's pictures cost almost nothing: this opponent learned only to tell noise from digits.) In a game each
# generator has its own opponent, so their losses cannot be compared. We need measures that look at pictures only.
#
# ## Features instead of pixels
#
# Comparing pixel by pixel does not help either. Move a 7 by one pixel: to you it is the same 7, but all along its
# strokes pixels change between black and white. So we compare **features**: the judge turns each picture into 128
# numbers, from which its last layer reads the digit.

# %%
features_of_real = judge_outputs(train, judge)[1]  # (4000, 128)
features_of_drawn = judge_outputs(drawn, judge)[1]
features_of_new = judge_outputs(new, judge)[1]

# %% [markdown]
# Most published distances use another judge, *Inception*, trained on more than a million colour photographs. Their
# distance is called FID, Fréchet *Inception* distance (Heusel and others, 2017). **Our numbers are no FIDs and cannot
# be compared with published ones.**
#
# ## The Fréchet distance
#
# We have two heaps of points. Moving a point by a distance $r$ costs $r^2$. What does it cost at least, on average, to
# move one heap onto the other? Begin on a line. Heap $a$ is Gaussian with mean $\mu_a$ and standard deviation
# $\sigma_a$: its points are $\mu_a + \sigma_a t$, where $t$ is a standard normal number. Heap $b$ likewise. The
# cheapest way keeps the order, lowest to lowest and so on: uncrossing two ways never costs more. So a point goes to the
# point with the same $t$. These two lie apart by
#
# $$(\mu_a + \sigma_a t) - (\mu_b + \sigma_b t) = (\mu_a - \mu_b) + (\sigma_a - \sigma_b)\, t .$$
#
# *In words: by the distance of the middles, plus $t$ times the difference of the widths.* Square this and take the
# mean. The mean of $t$ is 0 and that of $t^2$ is 1. (The result is the *square* of a distance. Published FIDs keep the
# square, and so do we.)

# %% [markdown]
# **Exercise 1. Finish the line.** What is the mean of the square? Write this Fréchet distance from two means and two
# standard deviations.

# %% tags=["exercise"]
def frechet_1d(mean_a, std_a, mean_b, std_b):
    ...  # your line: return …


check.frechet_1d(frechet_1d)

# %% [markdown]
# <details><summary>Hint 1</summary>(p + q·t)² has three terms. What is the mean of the one with t, and of the one with t²?</details>
# <details><summary>Hint 2</summary>Two terms are left: one for the middles, one for the widths. If both Gaussians are equal, both must be 0.</details>
# <details><summary>Hint 3</summary>Each term is a difference, squared. No root at the end.</details>

# %% tags=["solution"]
def solution_frechet_1d(mean_a, std_a, mean_b, std_b):
    return (mean_a - mean_b) ** 2 + (std_a - std_b) ** 2


check.frechet_1d(solution_frechet_1d, solution=True)

# %% [markdown]
# With $d$ features instead of one (this $d$ is a count, no logit), the means become lists of $d$ numbers. The squared
# widths become [covariance](../../docs/maths.md#covariance) matrices $\Sigma_a$, $\Sigma_b$: tables that say how the
# features vary together. The distance becomes
#
# $$\lVert \mu_a - \mu_b \rVert^2 + \operatorname{tr}\!\big(\Sigma_a + \Sigma_b - 2\,(\Sigma_a \Sigma_b)^{1/2}\big).$$
#
# *In words: how far apart the middles are, plus how different the widths are in all directions.* The *trace*
# $\operatorname{tr}$ adds up the diagonal. It is also the sum of a matrix's
# [eigenvalues](../../docs/glossary.md#eigenvalue), its stretching factors. The matrix $(\Sigma_a \Sigma_b)^{1/2}$,
# multiplied by itself, gives $\Sigma_a \Sigma_b$. So it stretches by the *roots* of that one's factors (none is
# negative), and its trace is the sum of these roots. For $d = 1$ the trace in the formula is
# $\sigma_a^2 + \sigma_b^2 - 2\sigma_a\sigma_b$, your second term.
#
# We check the formula on the line by *moving* points: sort two heaps, pair them up, take the mean square.

# %%
def frechet(a, b):
    a, b = a.double(), b.double()
    means = (a.mean(0) - b.mean(0)).square().sum()
    cov_a, cov_b = a.T.cov(), b.T.cov()  # (d, d)
    eigenvalues = torch.linalg.eigvals(cov_a @ cov_b).real.clamp(min=0)  # rounding can leave them just below 0
    return (means + cov_a.trace() + cov_b.trace() - 2 * eigenvalues.sqrt().sum()).item()


normal = torch.randn(2, 20_000, generator=runtime.stream("line"), dtype=torch.float64)
line_a, line_b = 1 + 2 * normal[0], 3 + 0.5 * normal[1]
moved = (line_a.sort().values - line_b.sort().values).square().mean().item()
print(f"on the line, by moving: {moved:.2f}; by the formula: 2² + 1.5² = 6.25")
ours = frechet(features_of_drawn[:4000], features_of_real)
library = frechet_distance(features_of_drawn[:4000], features_of_real)
print(f"4,000 pictures of the zoo's GAN to the training digits: ours {ours:.2f}, the library's {library:.2f}")
print(f"new real digits to the training digits: {frechet(features_of_new, features_of_real):.2f}")

# %% tags=["nbval-check-output"]
claims.close("moving sorted points costs what the formula says (within 5 %)", moved / 6.25, 1, 0.05)
claims.close("our Fréchet distance is the library's (ratio)", ours / library, 1, 1e-4)

# %% [markdown]
# Even new real digits are not at 0. One reason: they are a sample of only 1,000 (its effect: below). Perhaps another:
# the judge was *trained* on the others. **So compare with what new real pictures score, not with 0.** This yardstick is
# a little strict: both sets hold equally many of each digit, and random draws from a perfect generator hardly ever
# would.
#
# ## What it overlooks
#
# The ring of chapter 4 has eight clumps on a circle of radius 1. We compare it with one round Gaussian heap.

# %%
ask.predict("ring")

# %%
ring = draw_points(mixture("ring"), runtime).points[:2000].cpu()
heap = torch.randn(2000, 2, generator=runtime.stream("heap")) * math.sqrt(0.5)
print(f"Fréchet distance of ring and heap: {frechet_distance(heap, ring):.4f}")
show.clouds({"eight clumps": ring, "one round heap": heap}, mixture("ring"),
            alt="Left: eight small clumps on a circle. Right: one round heap that fills the circle and reaches beyond it.")

# %% tags=["nbval-check-output"]
claims.at_most("a ring and a heap with the same mean and covariance: Fréchet distance under 0.02",
               frechet_distance(heap, ring), 0.02)

# %% [markdown]
# (The panels show 600 of 2,000 points. Circles mark the clumps' centres in both.) On the circle $x^2 + y^2 = 1$, and
# $x$ and $y$ have equal parts in it, so $x^2$ is ½ on average. The heap's variance is ½ in each direction: it has the
# same mean, and almost the same covariance (the clumps have a small width). The ring is not Gaussian (nor, surely, are
# our features). The formula can still be computed, but it is no longer the least cost of moving. Lesson
# [6.2](2_good_or_varied.ipynb) has measures that tell the two apart.
#
# ## How many pictures?
#
# Two draws from the *same* generator should be at distance 0.

# %%
ask.predict("itself")

# %%
half = len(features_of_drawn) // 2
heap_a, heap_b = features_of_drawn[:half], features_of_drawn[half:]
sizes = [n for n in (250, 500, 1000, 2000, 4000) if n <= half]
pairs = {n: [(heap_a[i : i + n], heap_b[i : i + n]) for i in range(0, half, n)] for n in sizes}
bias = {n: sum(frechet_distance(a, b) for a, b in pairs[n]) / len(pairs[n]) for n in sizes}
of_gan = frechet_distance(features_of_drawn[:4000], features_of_real)
show_table("Two draws of one generator (means over separate pairs of draws)",
           ["pictures in each", *(f"{n:,}" for n in sizes)],
           [["pairs", *(f"{len(pairs[n])}" for n in sizes)],
            ["Fréchet distance", *(f"{bias[n]:.2f}" for n in sizes)],
            ["times the number of pictures", *(f"{n * bias[n]:,.0f}" for n in sizes)]])
show.lines({"two draws of one generator": ([1000 / n for n in sizes], [bias[n] for n in sizes])},
           "1,000 / (pictures in each draw)", "Fréchet distance", level=(of_gan, "the GAN to real digits"),
           from_zero=True,
           title="The fewer pictures, the farther a generator lies from itself",
           alt="The distance between two draws of one generator, against one over the number of pictures. Both axes "
               "begin at 0. Five dots lie on a straight line that points at the origin; the last, with 250 pictures, "
               "lies above the GAN's distance to real digits.")

# %% [markdown]
# In the figure few pictures stand at the right. The distance is never 0 here. It goes like one over the number of
# pictures: the last row of the table stays about the same. The generator's distance to *itself* with 250 pictures
# exceeds that to real digits with 4,000 (dotted). **A Fréchet distance means something only beside its number of
# pictures.**
#
# **Exercise 2. Find what is unfair, and repair it.** A report compares two generators like this. `a`, `b` and `real`
# are features, one row a picture; `distance(drawn, real)` is a Fréchet distance. Return both distances.
#
# ```python
# def report(distance, a, b, real):  # a has 10,000 rows, b has 500, or the other way round
#     return distance(a, real), distance(b, real)
# ```

# %% tags=["exercise"]
def fair(distance, a, b, real):
    ...  # your lines, ending in: return …, …


check.fair(fair)

# %% [markdown]
# <details><summary>Hint 1</summary>Whose distance comes out too large, and why?</details>
# <details><summary>Hint 2</summary>Take as many rows of each as the smaller one has. The real ones serve both alike.</details>

# %% tags=["solution"]
def solution_fair(distance, a, b, real):
    least = min(len(a), len(b))
    return distance(a[:least], real), distance(b[:least], real)


check.fair(solution_fair, solution=True)

# %% [markdown]
# ## The kernel distance has no such error
#
# Equally many pictures are fairer, but not quite fair: how much few pictures add to the distance differs from generator
# to generator (Chong and Forsyth, 2020). Is there a measure to which they add nothing on average?
#
# The *kernel distance* asks how similar two pictures are, pair by pair. Papers call it KID, kernel *Inception* distance
# (Bińkowski and others, 2018). We use the short name, but our features are the judge's. The similarity of two pictures
# with features $x$ and $y$, $d$ numbers each, is $k(x, y) = (x \cdot y / d + 1)^3$, where $x \cdot y$ is the [dot
# product](../../docs/maths.md#dot-product). It is large when both lists are large in the same places. Multiplied out,
# the power 3 is a sum of single features and products of two and three, each of $x$ times the same of $y$. So a mean of
# $k$ multiplies their means, and the distance compares these. Take two *different* pictures $a, a'$ of one heap, and
# $b, b'$ of the other:
#
# $$\text{KID} = \operatorname{mean} k(a, a') + \operatorname{mean} k(b, b') - 2 \operatorname{mean} k(a, b) .$$
#
# *In words: similarity within each heap, minus twice that across; on average 0 if one generator drew both.* On average
# a picture is more similar to itself than to others, so pairs of a picture with itself would push the sum up. They are
# left out. Then the distance is right on average, with few pictures, too.
#
# **Exercise 3. Build it.** `k` is a square table of similarities, $(n, n)$: row $i$, column $j$ has that of pictures
# $i$ and $j$ of one heap. Return the mean over all pairs of two *different* pictures.

# %% tags=["exercise"]
def others(k):
    ...  # your line: return …


check.others(others)

# %% [markdown]
# <details><summary>Hint 1</summary>A picture's pair with itself stands on the diagonal. How many numbers are not on it?</details>
# <details><summary>Hint 2</summary>trace() adds up the diagonal. Do not change the table itself.</details>

# %% tags=["solution"]
def solution_others(k):
    n = len(k)
    return (k.sum() - k.trace()) / (n * (n - 1))


check.others(solution_others, solution=True)

# %%
def kid(a, b):
    def similarity(x, y):
        return (x.double() @ y.double().T / x.shape[1] + 1) ** 3  # (N, M): of each x to each y

    def within(x):
        different = ~torch.eye(len(x), dtype=torch.bool)
        return similarity(x, x)[different].mean()

    return (within(a) + within(b) - 2 * similarity(a, b).mean()).item()


kid_of_gan = kid(features_of_drawn[:4000], features_of_real)
kids = {n: [kernel_distance(a, b) for a, b in pairs[n]] for n in sizes}
scatter = kernel_distance_spread(features_of_drawn[:4000], features_of_real, seed=runtime.seed)
print(f"the zoo's GAN to real digits: {kid_of_gan:.4f}; over 20 subsets of {min(1000, half):,}: "
      f"{scatter.mean():.4f} ± {scatter.std():.4f}")
blind = kernel_distance(heap, ring)
print(f"ring and heap: {blind:.4f}")
show.dots({"kernel distance (KID); upper rows: two draws of one generator": {f"{n:,} pictures": kids[n] for n in sizes} |
           {"the GAN to real digits": [kid_of_gan]}}, others=["the GAN to real digits"],
          title="Few pictures scatter the kernel distance around 0",
          alt="With few pictures the kernel distances of two draws scatter widely around 0, with many they lie close to 0; "
              "the GAN's distance to real digits lies to the right of all pairs but one.")

# %% tags=["nbval-check-output"]
claims.at_least("a generator against itself: Fréchet distance 8 times larger with 250 pictures than with 4,000",
                bias[250] / bias[sizes[-1]], 8)
claims.at_least("… with 250 pictures it is larger than the GAN's, with 4,000, to real digits",
                bias[250] / of_gan, 1)
claims.at_most("… while its kernel distance, with 250, is on average at most 0.4 times the GAN's to real digits",
               abs(sum(kids[250]) / len(kids[250])) / kid_of_gan, 0.4)
claims.close("ring and heap: the kernel distance is at most a hundredth", blind, 0, 0.01)
claims.close("our kernel distance is the library's (ratio)",
             kid_of_gan / kernel_distance(features_of_drawn[:4000], features_of_real), 1, 1e-6)

# %% [markdown]
# In the figure each dot is one pair of draws, the bar is the median; the last row is the GAN against real digits. Fewer
# pictures make the dots scatter around 0, and, by the formula, do not push their mean up (with 250: 0.04 of the
# GAN's distance). But they scatter far: one pair of 250 pictures each, of the *same* GAN, is farther apart than the GAN
# is from real digits. So a kernel distance is reported with its scatter, here that of one subset of 1,000 (20 were
# drawn).
#
# **With this kernel, the distance cannot tell ring and heap apart, either** (second printed line). They nearly share
# all means that it compares. Products of two (of $x$ and $y$): the covariances are nearly the same. Single features and
# products of three have the mean 0: turn $(x, y)$ into $(-x, -y)$, and both heaps look as before, but these change
# their sign.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** losses measure the opponent, too. The Fréchet distance compares means and covariances of features,
#   and grows when there are fewer pictures. The kernel distance does not grow: it scatters more. As built here,
#   neither tells the ring from the heap.
# - **Not said:** what is wrong with a generator that lies far away. One number cannot say it.
# - **Next:** [6.2 Are the pictures good, or only varied?](2_good_or_varied.ipynb)
