# %% [markdown]
# # Measuring a generator: *Which of two models is better?*
#
# Two networks draw digits. Which one is better? "Look at them" is no answer: we see what we hope to see, and a network
# that copies its training pictures looks best of all. So we measure. But each measure sees some faults and is blind to
# others, and some can be won by cheating. Here we take the measures apart, feed them faults that we made ourselves, and
# only then let a GAN and a VAE compete.
#
# After this notebook you
#
# - can write the Fréchet distance, the kernel distance (KID), precision and recall yourself, in a few lines each,
# - know which of them reacts to blur, noise, a lost class, repetition and copies, and which does not,
# - can test whether a generator copies, and how far a discriminator knows its data by heart,
# - have compared a GAN with a VAE over five seeds, and know why "better" needs "by which measure".
#
# You need notebooks 03 (GANs and the judge) and 05 (VAEs and their likelihood).

# %% [markdown]
# ## Settings

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math
from statistics import median

import torch
from matplotlib.patches import Circle
from torch.nn.functional import softplus
from torchvision.transforms.functional import gaussian_blur

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch06_measuring.checks import suspects
from course_lib.data import draw_points, load, mixture
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.metrics import class_entropy, frechet_distance, judge_outputs, kernel_distance, precision_recall
from course_lib.models import ConvVAE, DCDiscriminator, DCGenerator, binarised
from course_lib.runtime import Runtime
from course_lib.show.picture import COLOURS, INK, finish, new_figure
from course_lib.training import DiffAugment, Game, VAETrainer

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.1", runtime)
check = syllabus.checks("06")
print(runtime.describe())
print(syllabus.time_of("06.1"))

# %% [markdown]
# The 4,000 training digits, the 1,000 digits that were kept apart, the judge of notebook 03, and a trained GAN from
# the zoo, of which we take 8,000 pictures. (`.cpu()`: distances are computed there.)

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
train, new = digits.images.cpu(), held_out.images.cpu()
judge, gan = zoo.load("judge", runtime), zoo.load("dcgan-digits", runtime)
drawn = gan(runtime.pick(smoke=2000, course=8000), seed=runtime.seed)
show.compare({"real": new, "the zoo's GAN": drawn}, alt="Two rows of digits; those of the GAN are a little rougher.")

# %% [markdown]
# ## Why not compare losses?
#
# Every training prints a loss. The GAN's generator has one: $L_G = E[\operatorname{softplus}(-d)]$, where $d$ is the
# discriminator's logit for a drawn picture, and $E$ the mean. Would the GAN with the lower loss be the better one?
#
# Take the worst pictures there are, pure noise, and a discriminator that has learned nothing yet. Then leave the noise
# as it is *and train only the discriminator*, to tell noise from digits. **Predict** the generator's loss before and
# after.

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
for step, (of_noise, of_gan) in losses.items():
    print(f"opponent's step {step:2}: G's loss is {of_noise:.2f} with noise, {of_gan:.2f} with the zoo's pictures")

# %% tags=["nbval-check-output"]
claims.at_least("the same pictures: against a trained opponent, G's loss is at least three times that at the start",
                losses[60][0] / losses[0][0], 3)
claims.at_most("before its training, noise and good digits have the same loss (difference)",
               abs(losses[0][0] - losses[0][1]), 0.1)

# %% [markdown]
# Not one pixel changed, and the loss multiplied (that of the zoo's pictures fell to nothing, because this opponent was
# trained against noise and never met them). **A GAN's loss measures the opponent as much as the pictures.** A
# beginner answers everything with a logit near 0, and $\operatorname{softplus}(0) = \log 2 = 0.69$, for noise and for
# digits alike. In a game each generator has an opponent of its own, so their losses cannot be compared. A VAE's loss is
# in other units altogether: nats a picture, against its own model of pixels. We need measures that look at pictures
# only, whoever made them.
#
# ## Look through the judge's eyes
#
# Comparing pixel by pixel does not do either: move a 7 by one pixel, and hundreds of pixels change. So all the measures
# below look at **features**. The judge turns each picture into 128 numbers, those before its last layer, from which it
# reads the digit. Pictures with similar numbers look similar *to the judge*.

# %%
features_of_real = judge_outputs(train, judge)[1]
probabilities, features_of_drawn = judge_outputs(drawn, judge)
features_of_new = judge_outputs(new, judge)[1]
print(features_of_real.shape, "the first picture begins:", features_of_real[0, :4].tolist())

# %% [markdown]
# Published papers use another judge: *Inception*, a network trained on a million colour photographs in 1,000 classes,
# with 2,048 features. Their distance is called FID, Fréchet *Inception* distance. **Our numbers are no FIDs and cannot
# be compared with published ones**: another judge, another scale. Nor do two papers' FIDs compare unless the weights,
# the way pictures were resized, and the number of pictures agree.
#
# One thing to remember: our judge was *trained* on the training digits, so new digits may look a little different to
# it, and there are only 1,000 of them. So compare with what new digits score, not with 0.
#
# ## The Fréchet distance
#
# We have two heaps of points. What does it cost, on average, to move one into the other, if moving a point by a
# distance $r$ costs $r^2$? Begin on a line. Heap $a$ is Gaussian with mean $\mu_a$ and standard deviation $\sigma_a$:
# its points are $\mu_a + \sigma_a t$, where $t$ is a standard normal number. Heap $b$ likewise. The cheapest way keeps
# the order (crossing two ways would cost more): the lowest goes to the lowest, the highest to the highest. So the point
# with number $t$ moves to the point with the same $t$, by
#
# $$(\mu_a + \sigma_a t) - (\mu_b + \sigma_b t) = (\mu_a - \mu_b) + (\sigma_a - \sigma_b)\, t .$$
#
# Square it and take the mean. The mean of $t$ is 0 and that of $t^2$ is 1, so the mixed term vanishes:
#
# $$\text{distance} = (\mu_a - \mu_b)^2 + (\sigma_a - \sigma_b)^2 .$$
#
# *In words: how far apart the middles are, and how different the widths.* Let us check it by moving points: sort both
# heaps, pair them up, and take the mean square.

# %%
normal = torch.randn(2, 20_000, generator=runtime.stream("line"), dtype=torch.float64)
line_a, line_b = 1 + 2 * normal[0], 3 + 0.5 * normal[1]
moved = (line_a.sort().values - line_b.sort().values).square().mean().item()
print(f"by moving: {moved:.2f}; by the formula: {(1 - 3) ** 2 + (2 - 0.5) ** 2:.2f}")

# %% [markdown]
# With $d$ features instead of one, the means become lists of $d$ numbers, and the squares of the widths become
# covariance matrices $\Sigma_a$, $\Sigma_b$ (tables that say how the features vary together):
#
# $$\lVert \mu_a - \mu_b \rVert^2 + \operatorname{tr}\!\big(\Sigma_a + \Sigma_b - 2\,(\Sigma_a \Sigma_b)^{1/2}\big).$$
#
# *In words: the same, with the widths compared in all directions.* ($M^{1/2}$ is the matrix that, multiplied by itself,
# gives $M$. $\operatorname{tr}$, the trace, adds up the
# diagonal. For $d = 1$ it is $\sigma_a^2 + \sigma_b^2 - 2\sigma_a\sigma_b = (\sigma_a - \sigma_b)^2$, as above.) The
# trace of a square root is the sum of the square roots of the *eigenvalues*, the stretching factors of a matrix:

# %%
def frechet(a, b):
    a, b = a.double(), b.double()
    means = (a.mean(0) - b.mean(0)).square().sum()
    cov_a, cov_b = a.T.cov(), b.T.cov()  # (d, d)
    eigenvalues = torch.linalg.eigvals(cov_a @ cov_b).real.clamp(min=0)  # rounding can leave them just below 0
    return (means + cov_a.trace() + cov_b.trace() - 2 * eigenvalues.sqrt().sum()).item()


ours = frechet(features_of_drawn[:4000], features_of_real)
library = frechet_distance(features_of_drawn[:4000], features_of_real)
print(f"the zoo's GAN: ours {ours:.4f}, the library's {library:.4f}")
print(f"held-out digits: {frechet(features_of_new, features_of_real):.4f}")

# %% tags=["nbval-check-output"]
claims.close("moving sorted points costs what the formula says (within 5 %)", moved / 6.25, 1, 0.05)
claims.close("our Fréchet distance is the library's (ratio)", ours / library, 1, 1e-4)

# %% [markdown]
# (The library takes another way to the same number. That our measures agree with torchmetrics, torch-fidelity and prdc
# is checked in this repository's tests.)
#
# It knows nothing but means and covariances. **Predict** the distance between the ring of notebook 04 and a round
# Gaussian heap with the same mean and covariance (on a circle of radius 1 the mean of $x^2 + y^2$ is 1, so each has
# variance ½). For what is no Gaussian, the formula is a recipe, and no longer the cost of moving:

# %%
ring = draw_points(mixture("ring"), runtime).points[:2000].cpu()
heap = torch.randn(2000, 2, generator=runtime.stream("heap")) * math.sqrt(0.5)
print(f"Fréchet distance {frechet_distance(heap, ring):.4f}")

# %% tags=["nbval-check-output"]
claims.at_most("a ring and a heap with the same mean and covariance: Fréchet distance under 0.02",
               frechet_distance(heap, ring), 0.02)

# %% [markdown]
# The ring's eight clumps and one round heap: to the Fréchet distance they are the same. Other measures, below, tell
# them apart.
#
# ### It depends on how many pictures you take
#
# Two heaps drawn from the *same* generator should be at distance 0. **Predict:** what does the formula say for 250
# pictures each, and for 4,000?

# %%
half = len(features_of_drawn) // 2
heap_a, heap_b = features_of_drawn[:half], features_of_drawn[half:]
sizes = [n for n in (250, 500, 1000, 2000, 4000) if n <= half]
pairs = {n: [(heap_a[i : i + n], heap_b[i : i + n]) for i in range(0, half, n)] for n in sizes}
bias = {n: sum(frechet_distance(a, b) for a, b in pairs[n]) / len(pairs[n]) for n in sizes}
for n in sizes:
    print(f"n = {n:5,}: Fréchet distance {bias[n]:.2f}, times n: {n * bias[n]:,.0f}")

# %%
of_gan = frechet_distance(features_of_drawn[:4000], features_of_real)
show.lines({"two draws of one generator": ([1000 / n for n in sizes], [bias[n] for n in sizes])},
           "1,000 / (pictures in each draw)", "Fréchet distance", level=(of_gan, "the GAN to real digits"),
           alt="The distance between two draws of one generator lies on a straight line through 0, drawn against one "
               "over the number of pictures; with 250 pictures it exceeds the GAN's distance to real digits.")

# %% [markdown]
# (Each value is a mean over as many pairs of draws as 8,000 pictures allow; few pictures are on the right. *Times n*
# stays about the same.) Never 0:
# the error goes like one over $n$. With 250 pictures, a generator lies farther from *itself* than it does, with 4,000,
# from real digits (dotted). So **a Fréchet distance means something only beside its $n$**, and whoever measures with
# fewer pictures looks worse for it.
#
# ### The kernel distance has no such error
#
# The *kernel distance* (KID) asks how similar two pictures are, pair by pair, with a similarity $k(x, y) = (x \cdot y /
# d + 1)^3$, where $x \cdot y$ multiplies the features of both and adds up. If two heaps are alike, then pairs within a
# heap are on average as similar as pairs across. With two *different* pictures $a, a'$ of one heap and $b, b'$ of the
# other:
#
# $$\text{KID} = \operatorname{mean} k(a, a') + \operatorname{mean} k(b, b') - 2 \operatorname{mean} k(a, b) .$$
#
# *In words: similarity within each heap, minus twice that across; 0 if the heaps are alike.* A picture paired with
# itself is more like it than any other, and would push the sum up: leaving such pairs out is what removes the error.

# %%
def kid(a, b):
    a, b = a.double(), b.double()

    def similarity(x, y):
        return (x @ y.T / x.shape[1] + 1) ** 3  # (N, M): of each x to each y

    def others(k):
        return (k.sum() - k.trace()) / (len(k) * (len(k) - 1))  # without the diagonal: itself with itself

    return (others(similarity(a, a)) + others(similarity(b, b)) - 2 * similarity(a, b).mean()).item()


kid_of_gan = kid(features_of_drawn[:4000], features_of_real)
print(f"the zoo's GAN: ours {kid_of_gan:.5f}, the library's "
      f"{kernel_distance(features_of_drawn[:4000], features_of_real):.5f}")
kids = {n: [kernel_distance(a, b) for a, b in pairs[n]] for n in sizes}
for n in sizes:
    print(f"n = {n:5,}: KID of two draws of one generator:", *(f"{value:+.4f}" for value in kids[n][:6]))

# %% [markdown]
# Around 0, above and below: fewer pictures make it scatter, and do not push it up. So one reports it with
# its scatter, over many subsets (`kernel_distance_spread`):

# %%
from course_lib.metrics import kernel_distance_spread

scatter = kernel_distance_spread(features_of_drawn[:4000], features_of_real, seed=runtime.seed)
print(f"the zoo's GAN: {scatter.mean():.4f} ± {scatter.std():.4f} (20 subsets of {min(1000, half):,})")

# %% tags=["nbval-check-output"]
claims.at_least("a generator against itself: Fréchet distance 8 times larger with 250 pictures than with 4,000",
                bias[250] / bias[sizes[-1]], 8)
claims.at_least("… with 250 pictures it is larger than the GAN's, with 4,000, to real digits",
                bias[250] / of_gan, 1)
claims.at_most("… while its kernel distance, with 250, is on average at most 0.4 times the GAN's to real digits",
               abs(sum(kids[250]) / len(kids[250])) / kid_of_gan, 0.4)
claims.close("our kernel distance is the library's (ratio)",
             kid_of_gan / kernel_distance(features_of_drawn[:4000], features_of_real), 1, 1e-6)

# %% [markdown]
# ## Quality and variety apart
#
# One number cannot say whether the pictures are bad or too much alike. Four others can. Draw a **ball** around each
# real point that reaches to its $k$-th nearest real neighbour. Together, the balls are where real data lie.
#
# - **precision:** the share of generated points in any real ball. *Is what is drawn real-looking?*
# - **recall:** the other way round, the share of real points in any ball around the *generated* ones. *Could it have
#   drawn everything?*
# - **density:** how many real balls a generated point lies in, on average, divided by $k$.
# - **coverage:** the share of real balls that hold a generated point.
#
# Density is about 1 for honest pictures, and can exceed 1. Precision fails with an outlier among the real points,
# recall with outliers among the generated ones; the other two were made to mend that. First in the plane, with $k = 3$.

# %%
def plane(count, name, scale=1.0, at=(0.0, 0.0)):
    return torch.randn(count, 2, generator=runtime.stream(name)) * scale + torch.tensor(at)


def balls(ax, real, generated, around="real", k=3):
    """Dots: real points. Crosses: generated ones. Balls around the one or the other."""
    colour, centres = (COLOURS[0], real) if around == "real" else (COLOURS[1], generated)
    radius = torch.cdist(centres, centres).kthvalue(k + 1, dim=1).values  # + 1: the nearest is the point itself
    for centre, r in zip(centres.tolist(), radius.tolist(), strict=True):
        ax.add_patch(Circle(centre, r, color=colour, alpha=0.1))
    ax.scatter(*real.T, s=14, color=COLOURS[0], marker="o", zorder=3)
    ax.scatter(*generated.T, s=22, color=COLOURS[1], marker="x", zorder=3)
    ax.set(aspect="equal", xticks=[], yticks=[])


# %%
real, narrow = plane(40, "real"), plane(40, "narrow", 0.3)
figure, axes = new_figure(7.2, 3.6, columns=2)
for ax, around in zip(axes[0], ("real", "generated"), strict=True):
    balls(ax, real, narrow, around)
    ax.set(title={"real": "real balls: precision", "generated": "generated balls: recall"}[around],
           xlim=(-3.8, 3.8), ylim=(-3.8, 3.8))
finish(figure, "Left: balls around real points hold all crosses. Right: balls around crosses hold few real points.")

# %% [markdown]
# Dots are real points, crosses generated ones. Nearly every cross lies in a ball of the left panel: precision is near
# 1. On the right the balls around the crosses reach only as far as the crosses do: few dots lie in them, so recall is
# low. **Predict** the numbers for two more cases: crosses spread twice as wide as the dots; and crosses far away, where
# a *single* real point happens to lie.

# %%
wide, astray = plane(40, "wide", 2.0), plane(40, "astray", 0.7, at=(7.0, 7.0))
with_outlier = torch.cat([real, torch.tensor([[9.0, 9.0]])])
cases = {"honest": (real, plane(40, "honest")), "narrow": (real, narrow), "wide": (real, wide),
         "at an outlier": (with_outlier, astray)}
figure, axes = new_figure(7.2, 3.0, columns=3)
for ax, case in zip(axes[0], ("narrow", "wide", "at an outlier"), strict=True):
    balls(ax, *cases[case])
    ax.set_title(case, fontsize=10)
finish(figure, "Balls around real points, three times. Narrow: all crosses inside. Wide: many crosses outside. At an "
               "outlier: one huge ball around a single far point holds every cross.")

# %%
seen = {case: precision_recall(*both, k=3) for case, both in cases.items()}
for case, found in seen.items():
    print(f"{case:14}", found)

# %% tags=["nbval-check-output"]
claims.at_least("narrow: precision is higher than recall by at least 0.4",
                seen["narrow"].precision - seen["narrow"].recall, 0.4)
claims.at_least("wide: recall is higher than precision by at least 0.2",
                seen["wide"].recall - seen["wide"].precision, 0.2)
claims.at_most("the ring and the round heap, from above: under 10 % of the heap lies where the ring is (precision)",
               precision_recall(ring, heap).precision, 0.1)
claims.true("at an outlier: precision at least 0.9, coverage at most 0.1, density at most 0.5",
            seen["at an outlier"].precision >= 0.9 and seen["at an outlier"].coverage <= 0.1
            and seen["at an outlier"].density <= 0.5)

# %% [markdown]
# The third case shows the weakness: one lonely real point has a huge ball, and whatever falls into it has perfect
# precision. Density is only ⅓ (one ball of $k = 3$), and coverage is low. Now for digits, with $k = 5$ and the judge's
# 128 features:

# %%
print("held-out digits:", precision_recall(features_of_real, features_of_new))
print("the zoo's GAN:  ", precision_recall(features_of_real, features_of_drawn[:1000]))

# %% [markdown]
# (1,000 pictures against the 4,000 training digits; these numbers depend on how many there are, too. So few cannot
# reach every ball, so that even real digits miss a third of *coverage*.) The GAN's recall is as high as that of real
# digits, its precision far lower. That is recall's weakness more than a merit: crude drawings lie far apart, so their
# balls are large and hold many real points.
#
# ## What the judge reads
#
# Two measures of notebook 03 need no distances. **Class entropy** is 1 when all ten digits are drawn equally often.
# **Confidence** is how sure the judge is of its reading.

# %%
def entropy_of(probabilities):
    shares = torch.bincount(probabilities.argmax(1), minlength=10).double() / len(probabilities)
    return -torch.special.xlogy(shares, shares).sum().item() / math.log(10)


read = torch.bincount(probabilities.argmax(1), minlength=10)
print(f"class entropy: ours {entropy_of(probabilities):.4f}, the library's {class_entropy(read):.4f}")
show.bars({"the zoo's GAN": (read / len(probabilities)).tolist()}, digits.names, "share of its pictures", x="digit",
          level=(0.1, "equal shares"), alt="The ten digits' shares among the GAN's pictures, most near one tenth.")

# %% [markdown]
# ## A likelihood, for those that have one
#
# How probable does a model think new real pictures are? Notebook 05 computed the *negative log-likelihood* (NLL) of a
# VAE, in nats a picture: lower is better, and no judge takes part.
#
# **A GAN has none.** It maps 64 random numbers to 784 pixels. All the pictures it can draw form a thin 64-dimensional
# sheet in the space of pictures; a new real picture lies beside the sheet, never exactly on it, so its probability
# density is 0 and its log-likelihood $-\infty$. (Some add noise around the sheet to get a number: it then measures the
# noise.) So this measure cannot compare a GAN with a VAE.
#
# And it says less about pictures than one hopes. We train a small VAE for a short time (it is the VAE of the contest
# below).

# %%
from course_lib.metrics import log_likelihoods, nll

contest = recorded("rivals")


def live_steps(rival):
    """Far fewer than were recorded, and of about equal cost: a step of the GAN takes nearly twice as long."""
    return runtime.pick(smoke=10, course={"GAN": 330, "VAE": 550}[rival])


with runtime.seeded("weights"):
    vae_trainer = VAETrainer(ConvVAE(contest["settings"]["latent"], width=32), binary=True)
for _ in vae_trainer.steps(digits, live_steps("VAE"), runtime):
    pass
some = binarised(held_out.images[: runtime.pick(smoke=10, course=100)], runtime.stream("black and white"))
print("NLL of held-out digits:", nll(vae_trainer.vae, some, samples=runtime.pick(smoke=10, course=100)))
show.compare({"drawn": vae_trainer.sampler()}, alt="Twelve soft, rounded digits.")

# %% [markdown]
# Now spoil it: a model that **draws pure noise 99 times of 100**, and asks the VAE only the hundredth time. In formulas
# $p = 0.01\, p_\text{VAE} + 0.99\, p_\text{noise}$. **Predict:** how much likelihood does that cost?

# %%
log_vae = log_likelihoods(vae_trainer.vae, some, samples=runtime.pick(smoke=10, course=100))
log_noise = torch.full_like(log_vae, -784 * math.log(2))  # each of 784 pixels black or white, like a coin
log_spoilt = torch.logaddexp(math.log(0.01) + log_vae, math.log(0.99) + log_noise)
lost = (log_vae - log_spoilt).mean().item()
noise = torch.randint(0, 2, (990, 1, 28, 28), generator=runtime.stream("noise")).float() * 2 - 1
spoilt = torch.cat([vae_trainer.sampler()(10), noise])
distances = [frechet_distance(judge_outputs(x, judge)[1], features_of_real)
             for x in (vae_trainer.sampler()(1000), spoilt)]
print(f"nats lost: {lost:.2f} (log 100 = {math.log(100):.2f}) of {-log_vae.mean():.0f}")
print("Fréchet distance: {:.0f}, spoilt {:.0f}".format(*distances))

# %% tags=["nbval-check-output"]
claims.at_most("99 % noise costs a model at most log 100 nats of likelihood", lost, math.log(100) + 1e-6)
claims.at_least("… and makes its Fréchet distance at least 3 times larger", distances[1] / distances[0], 3)

# %% [markdown]
# At most $\log 100 = 4.6$ nats, because $p \ge 0.01\, p_\text{VAE}$ everywhere: a few percent of the NLL. A
# good likelihood does not promise good pictures (Theis, van den Oord and Bethge 2016); it charges heavily for real
# pictures that the model leaves out.
#
# ## Which measure sees which fault?
#
# Now the test of the tests. We take *real* pictures and spoil them in one way at a time. First the honest baseline: we
# split the training digits at random into two halves of 2,000. One half plays the "real data", and from the other we
# draw 1,000 as the "generator's pictures". Eight such draws show how much each number scatters by the choice alone.

# %%
from course_lib.metrics import copying

order = torch.randperm(len(train), generator=runtime.stream("halves"))
left, right = order[:2000], order[2000:]
real_half, pool, pool_labels = train[left], train[right], digits.labels.cpu()[right]
features_of_half = judge_outputs(real_half, judge)[1]


def some_of(images, name, n=1000):
    return images[torch.randperm(len(images), generator=runtime.stream("some", name))[:n]]


def measure(images):
    probabilities, features = judge_outputs(images, judge)
    near = precision_recall(features_of_half, features)
    copied = copying(images.flatten(1), real_half.flatten(1), new.flatten(1))
    return {"Fréchet": frechet_distance(features, features_of_half), "KID": kernel_distance(features, features_of_half),
            "precision": near.precision, "recall": near.recall, "density": near.density, "coverage": near.coverage,
            "confidence": probabilities.max(1).values.mean().item(), "entropy": entropy_of(probabilities),
            "copying": copied.score}


# %%
honest = [measure(some_of(pool, i)) for i in range(runtime.pick(smoke=2, course=8))]
MEASURES = tuple(honest[0])
mean = {m: sum(h[m] for h in honest) / len(honest) for m in MEASURES}
spread = {m: torch.tensor([h[m] for h in honest]).std().item() for m in MEASURES}
print({m: f"{mean[m]:.3f} ± {spread[m]:.3f}" for m in MEASURES})

# %% [markdown]
# (*Copying* is a score that comes two sections below: 0.5 for honest pictures, 1 for copies.) Now six faults, each in
# growing strength:
#
# - **blur** with a Gaussian of so many pixels; **noise** added to each pixel; **brightness** added to all pixels;
# - **classes lost**: no 0, no 0 and 1, only 5 to 9;
# - **repeats**: all ten digits equally often, but only so many different pictures of each, again and again. That is a
#   collapse *within* a class;
# - **copies**: such a share of the pictures is taken from the half that plays the real data.

# %%
base = some_of(pool, "base")


def noisy(strength):
    noise = torch.randn(base.shape, generator=runtime.stream("noise", strength))
    return (base + strength * noise).clamp(-1, 1)


def repeated(different):
    each = [pool[pool_labels == k][:different] for k in range(10)]
    return torch.cat([x.repeat(100 // different, 1, 1, 1) for x in each])


FAULTS = {
    "blur": ((0.5, 0.8, 1.2), lambda width: gaussian_blur(base, 9, width)),
    "noise": ((0.1, 0.3, 0.6), noisy),
    "brightness": ((0.05, 0.1, 0.2), lambda shift: (base + shift).clamp(-1, 1)),
    "classes lost": ((1, 2, 5), lambda lost: some_of(pool[pool_labels >= lost], "lost")),
    "repeats of": ((50, 20, 5), repeated),
    "copies": ((0.1, 0.5, 1.0), lambda share: torch.cat([real_half[: int(1000 * share)], base[int(1000 * share) :]])),
}
spoilt = {f"{name} {s}": make(s) for name, (strengths, make) in FAULTS.items() for s in strengths}

# %%
shown = {name: images[300:312] if "repeats" in name else images[::83]  # of the repeats neighbours, all of them 3s
         for name, images in spoilt.items() if name not in ("classes lost 2", "repeats of 20", "copies 0.5")}
show.compare(shown, alt="Rows of digits: blurred, noisy, greyer, without some digits; twelve different 3s where 50 are "
                        "repeated, and five 3s again and again where five are; and copies, like any digits.")

# %%
table = {name: measure(images) for name, images in spoilt.items()}

# %% [markdown]
# The table: one row a fault, one column a measure. A number is **bold** where it left the honest value by more than
# three times the honest scatter, that of eight honest draws, which share pictures: there the measure *reacts* (a few
# cells may be bold by chance). Orange says that the pictures look worse by this measure than honest ones, violet that they look **better**;
# each next depth of colour is ten times the scatter.

# %%
UP = {m: -1 if m in ("Fréchet", "KID", "copying") else 1 for m in MEASURES}  # is more better (1) or worse (−1)?


def reaction(row, m):
    """By how many honest spreads the measure looks better (above 0) or worse (below 0)."""
    return UP[m] * (row[m] - mean[m]) / max(spread[m], 1e-4)


def depth(by):
    """On a logarithmic scale, with a sign: 1, 10, 100 spreads, one depth of colour each."""
    return math.copysign(math.log10(1 + abs(by)), by)


# %%
rows = {"honest": mean} | table
reactions = [[reaction(row, m) for m in MEASURES] for row in rows.values()]
shades = [[depth(by) for by in row] for row in reactions]
figure, axes = new_figure(9.0, 6.2)
ax = axes[0, 0]
ax.imshow(shades, cmap="PuOr", vmin=-3.5, vmax=3.5, aspect="auto")
for y, row in enumerate(rows.values()):
    for x, m in enumerate(MEASURES):
        strong, pale = abs(reactions[y][x]) > 3, abs(shades[y][x]) < 2
        ax.text(x, y, f"{row[m]:.{3 if m in ('confidence', 'entropy') else 2}f}", ha="center", va="center", fontsize=9,
                color=INK if pale else "white", fontweight="bold" if strong else "normal")
ax.set_xticks(range(len(MEASURES)), MEASURES)
ax.set_yticks(range(len(rows)), rows)
ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
ax.grid(False)
finish(figure, "A table of faults and measures with numbers; bold and coloured where a measure reacts. Each column has "
               "rows where nothing happens.")

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
claims.close("five classes lost: precision does not see it", table["classes lost 5"]["precision"],
             mean["precision"], 0.04)
claims.at_most("… recall does: lower by at least 0.3", table["classes lost 5"]["recall"] - mean["recall"], -0.3)
claims.at_most("… and class entropy: at most 0.75", table["classes lost 5"]["entropy"], 0.75)

# %% tags=["nbval-check-output"]
claims.close("20 different pictures a digit: class entropy does not see it", table["repeats of 20"]["entropy"], 1, 0.01)
claims.close("… nor does precision", table["repeats of 20"]["precision"], mean["precision"], 0.04)
claims.at_most("… the kernel distance moves by less than a third of what a slight blur does",
               abs(table["repeats of 20"]["KID"] - mean["KID"]) / abs(table["blur 0.5"]["KID"] - mean["KID"]), 1 / 3)
claims.at_most("… coverage does see it: at most 0.6 of the honest one",
               table["repeats of 20"]["coverage"] / mean["coverage"], 0.6)
claims.at_most("copies: the Fréchet distance rewards them with at most half of the honest one",
               table["copies 1.0"]["Fréchet"] / mean["Fréchet"], 0.5)
claims.at_most("… the kernel distance rewards them, too, by fewer of its honest scatters (ratio)",
               reaction(table["copies 1.0"], "KID") / reaction(table["copies 1.0"], "Fréchet"), 1)
claims.at_least("… the copying score catches them", table["copies 1.0"]["copying"], 0.95)
claims.at_least("… and reacts already to one copy in ten: above the honest score by at least 0.03",
                table["copies 0.1"]["copying"] - mean["copying"], 0.03)

# %% [markdown]
# Read it by columns.
#
# - **Fréchet and kernel distance** react to all that changes the pictures' look or the classes' shares, in one number
#   that does not say what is wrong. Repeats of 50 or 20 leave the kernel distance where its scatter leaves it; the
#   Fréchet distance rises with fewer different pictures. The Fréchet distance *rewards copies* (with half of the
#   honest one or less on most recorded seeds, not on all: ~). So does the kernel distance, but by few of its scatters,
#   about the edge of what we call a reaction.
# - **Precision** sees noise, brightness and strong blur. It hardly moves for a lost class or for repeats, and a slight
#   blur does not lower it: such digits crowd into the middle of the real ones, where **density** even counts them as
#   better than real. **Recall** sees that blur at once. (In *repeats of 5* each picture stands 20 times: its nearest
#   neighbours are itself, its ball shrinks to nothing, and recall to 0.)
# - **Coverage** sees every fault at its strongest, except copies, which it rewards.
# - **Class entropy** sees lost classes, and otherwise only what makes the judge read another digit. Repeats are invisible.
# - **Confidence** is the least useful alone: it hardly minds lost classes, repeats or copies.
# - **Copying** is the only one that calls copies worse by much. (Blur raises it: soft pictures lie nearer to everything;
#   strong noise lowers it, and would hide copies.)
#
# And *brightness*: the strongest, still a dark grey in the picture above, costs more Fréchet distance than five lost
# digits. The judge has never seen a grey background. **A measure sees through its judge's eyes**, and what disturbs the
# judge need not disturb you.
#
# ## Does it copy?
#
# A5 says that a GAN "makes high-quality copies of real data". By nearly every measure above, copies look as good as
# real digits or better. First the cheat: 1,000 training digits handed in as "generated", against all 4,000. The honest
# rival: 1,000 new, *real* digits.

# %%
cheat_distance = frechet_distance(features_of_real[:1000], features_of_real)
new_distance = frechet_distance(features_of_new, features_of_real)
print(f"Fréchet distance: copies {cheat_distance:.2f}, new real digits {new_distance:.2f}")

# %% [markdown]
# The copies win against *real* digits, so the test must ask something else. For every generated picture, take the
# distance in pixels to its **nearest training picture**. Do the same for new real digits. If the generated ones lie
# nearer, the generator may copy. The **copying score** is the share of pairs (one generated, one new) in which the
# generated picture is the nearer: ½ for honest new pictures, 1 for copies.

# %%
def nearest(images):
    return torch.cdist(images.flatten(1), train.flatten(1)).min(1)  # .values: distances, .indices: which


def copying_score(images):
    ours, usual = nearest(images).values, nearest(new).values
    nearer, same = ours[:, None] < usual, ours[:, None] == usual
    return (nearer.double() + 0.5 * same.double()).mean().item()


def flat_copying(images):
    return copying(images.flatten(1), train.flatten(1), new.flatten(1))


handed_in = {"copies": train[:1000], "the zoo's GAN": drawn[:1000],
             "copies, one pixel to the right": train[:1000].roll(1, 3)}
for name, images in handed_in.items():
    print(f"{name:31} score {copying_score(images):.3f}, the library: {flat_copying(images)}")

# %% [markdown]
# And the GAN? Its score is below ½: its pictures lie *farther* from the training digits than new real ones do. Here is,
# for each digit, the one of 1,000 generated pictures that lies nearest to any training digit, and below it that digit:

# %%
found, reads = nearest(drawn[:1000]), probabilities[:1000].argmax(1)
closest = [torch.where(reads == k, found.values, torch.inf).argmin().item() for k in range(10)]
show.compare({"generated": drawn[closest], "nearest real": train[found.indices[closest]]}, n=10,
             alt="Two rows, 0 to 9: generated digits above similar but not equal training digits.")

# %% tags=["nbval-check-output"]
claims.at_most("copies win the Fréchet distance against new real digits", cheat_distance / new_distance, 0.8)
claims.at_least("the copying score catches them", copying_score(handed_in["copies"]), 0.99)
claims.close("our copying score is the library's", copying_score(drawn[:1000]), flat_copying(drawn[:1000]).score, 1e-4)
claims.at_most("the zoo's GAN does not copy: its score is below a half", copying_score(drawn[:1000]), 0.5)
claims.at_most("a copy moved by one pixel escapes the test in pixels: score under 0.6",
               copying_score(handed_in["copies, one pixel to the right"]), 0.6)
moved_features = judge_outputs(handed_in["copies, one pixel to the right"], judge)[1]
claims.at_least("… but not that in the judge's features: above 0.7",
                copying(moved_features, features_of_real, features_of_new).score, 0.7)

# %% [markdown]
# Alike, but stroke by stroke not the same; some neighbours are not even the same digit. (*Suspected copies* above: the
# share nearer than 99 % of new digits are. It finds a few among many, which a mean cannot.) On the whole these are no
# copies that a distance in pixels can see (rough strokes lie farther away by themselves), and if they were, that would be
# a failure, not A5's praise. And mind the third line: **the test sees only what its distance sees.** Move every copy by a pixel, and the distance in pixels is fooled; the judge's features
# are fooled less. (They are no cure-all: the judge knows the training digits by heart a little, and so new ones seem
# farther away.)
#
# ## Does the discriminator know its data by heart?
#
# A discriminator can *memorise* even when the generator does not copy: it recognises each training picture, instead of
# learning what digits have in common. To see it, ask D about three heaps: its training digits, held-out digits, drawn
# ones.
#
# $$\text{gap} = \frac{E[d(\text{training})] - E[d(\text{held out})]}{E[d(\text{training})] - E[d(\text{drawn})]}$$
#
# *In words: how much of D's distinction is mere recognition.* At 0, new real digits look as real as training digits; at
# 1, they look as fake as drawn ones; above 1, faker even: D has learned its data by heart. (Karras et al. 2020. The
# bottom must not be near 0: of a D that distinguishes nothing, the ratio says nothing either.)
#
# A5 advises: "a *smaller* training set prevents overfitting". **Predict:** the gap with 4,000, 500 and 100 digits. And
# what if D only ever sees pictures shifted and partly blanked out at random, real and drawn alike (*DiffAugment*)?
# Recorded, every row over five reporting seeds:

# %%
from course_lib.metrics import overfitting

heart = recorded("overfitting")
print(heart["machine"], "·", heart["settings"]["steps"], "steps ·", heart["settings"]["networks"])
gaps = {row: {seed: run["gap"] for seed, run in runs.items()} for row, runs in heart["runs"].items()}
quality = {row: {seed: run["frechet"] for seed, run in runs.items()} for row, runs in heart["runs"].items()}
bottoms = {(row, seed): run["train"] - run["fake"] for row, runs in heart["runs"].items() for seed, run in runs.items()}
for row in gaps:
    print(f"{row:25} gap", *(f"{g:5.2f}" for g in gaps[row].values()), "  Fréchet distance",
          *(f"{q:5.1f}" for q in quality[row].values()), "  copying score",
          *(f"{run['copying']:.2f}" for run in heart["runs"][row].values()))
print("the gap's bottom is smallest in", *min(bottoms.items(), key=lambda item: abs(item[1])))

# %%
show.dots({"gap (0: none, 1: by heart)": {row: list(g.values()) for row, g in gaps.items()},
           "Fréchet distance": {row: list(q.values()) for row, q in quality.items()}},
          alt="Dots for five seeds a row: the gap and the Fréchet distance by number of digits, with and without "
              "DiffAugment.")

# %%
def beside(table, one, other):
    """The difference of two rows, seed by seed."""
    return {seed: table[one][seed] - table[other][seed] for seed in table[one]}


# %% tags=["nbval-check-output"]
for few, many in (("100 digits", "500 digits"), ("500 digits", "4,000 digits")):
    claims.over_seeds(f"D's gap is larger with {few} than with {many}", beside(gaps, few, many), 0, op=">")
for n in ("100", "500"):
    ratio = {seed: gap / gaps[f"{n} digits"][seed] for seed, gap in gaps[f"{n} digits, DiffAugment"].items()}
    claims.over_seeds(f"{n} digits: DiffAugment makes the gap at most half as large", ratio, 0.5, op="<=")
claims.over_seeds("with 100 digits the pictures are farther from real ones than with 4,000 (Fréchet distance)",
                  beside(quality, "100 digits", "4,000 digits"), 0, op=">")
for n in ("500", "4,000"):
    claims.over_seeds(f"{n} digits: in these steps DiffAugment does not make the Fréchet distance smaller",
                      beside(quality, f"{n} digits, DiffAugment", f"{n} digits"), 0)
nearness = {row: {seed: run["copying"] for seed, run in runs.items()} for row, runs in heart["runs"].items()}
claims.over_seeds("the drawn pictures lie nearer to their own training digits with 100 of them than with 4,000",
                  beside(nearness, "100 digits", "4,000 digits"), 0, op=">")

# %% [markdown]
# The fewer digits, the larger the gap. With 100 it is far above 1: new real digits look *faker than drawn ones*. A5's
# advice has it the wrong way round: a set that is small enough can be learned by heart, and nothing in the loss forbids
# it. With 500, new digits look about as fake as drawn ones. (The copying score, against each row's own digits, is about
# ½ with 100, where it was lower with 4,000: drawn pictures lie as near to their 100 digits as new real ones do. It is a
# mean, and says nothing of a few copies among many pictures: *suspected copies* were not recorded. Live, below, they are
# counted.) DiffAugment takes most of the gap away. (One gap of −0.39 has
# the smallest bottom of all, near 0: it says nothing.) Yet in these steps it does not give better pictures: with 100 digits there is no
# clear difference, with 500 and 4,000 the Fréchet distance is *larger* with it. A game against distorted pictures seems
# to need longer; how long, we have not measured. **A smaller gap is not yet a better generator.**
#
# One short pair live, with 100 digits. (Fewer steps than recorded: so we look at the top of the gap's fraction alone,
# how much more real the training digits look than new ones.)

# %%
def heart_of(augment):
    with runtime.seeded("weights"):
        networks = DCGenerator(64, 16), DCDiscriminator(16)
    views = [DiffAugment(("translation", "cutout"))] if augment else []
    game, few = Game(*networks, views=views), digits.take(100)
    for _ in game.steps(few, runtime.pick(smoke=10, course=600), runtime):
        pass
    copied = copying(*(x.cpu().flatten(1) for x in (game.sampler()(1000), few.images, held_out.images)))
    return overfitting(game.discriminator, few.images, held_out.images, game.sampler(ema=False)(1000)), copied


(plain, copied), (augmented, copied_augmented) = heart_of(False), heart_of(True)
print("plain:      ", plain, "·", copied)
print("DiffAugment:", augmented, "·", copied_augmented)

# %% tags=["nbval-check-output"]
claims.at_least("live, 100 digits: D finds its training digits more real than new ones (logits)",
                plain.train - plain.heldout, 0.1)
claims.at_most("… and with DiffAugment at most half as much",
               (augmented.train - augmented.heldout) / (plain.train - plain.heldout), 0.5)

# %% [markdown]
# ## The contest: a GAN against a VAE
#
# Same 4,000 digits, same latent size, same processor seconds, convolutions in both; five reporting seeds, each trained
# anew; nobody chooses the best moment, each is taken as its last step left it. Of the VAE we take the mean pictures.
#
# Two more things must be equal, and in many comparisons are not. *Data form:* a VAE with a Bernoulli likelihood should
# see digits made black and white anew at each step, while the GAN sees grey ones. *Averaging:* GANs are usually drawn
# from an average of their last weights (EMA). So each is measured with its last weights **and** averaged, and the VAE is
# trained on black and white digits **and** on the grey ones that the GAN sees. **Predict:** what are these two worth,
# beside the difference of a GAN and a VAE? Recorded:

# %%
print(contest["machine"], "·", contest["settings"])
SHOWN = {"frechet": "Fréchet ↓", "kernel": "KID ↓", "precision": "precision ↑", "recall": "recall ↑",
         "density": "density ↑", "coverage": "coverage ↑", "confidence": "confidence ↑", "entropy": "entropy ↑",
         "copying": "copying (½)"}
runs = contest["runs"]
print(f"{'medians of five seeds':31}", *(f"{name:>12}" for name in SHOWN.values()), "   steps")
for row, of in runs.items():
    print(f"{row:31}", *(f"{median(run[key] for run in of.values()):12.3f}" for key in SHOWN),
          f"{median(run.get('steps', 0) for run in of.values()):8.0f}")
for row, of in runs.items():
    if "VAE" in row:
        print(f"NLL, {row:26}", *(f"{run['nll']:7.1f}" for run in of.values()), "nats, seed by seed; a GAN has none")

# %%
show.dots({name: {row: [run[key] for run in of.values()] for row, of in runs.items()}
           for key, name in SHOWN.items() if key in ("frechet", "precision", "recall", "coverage")},
          alt="Four panels of dots, one a seed, for held-out digits, the GAN and the two VAEs, each with its last weights "
              "and averaged.")

# %% [markdown]
# Now seed by seed. Of each pair: the median difference, first minus second, and in brackets on how many of the five
# seeds the first is *better* by this measure.

# %%
PAIRS = {"GAN against VAE, unequal": ("GAN, averaged", "VAE, black and white, last"),
         "… both on grey, averaged": ("GAN, averaged", "VAE, grey, averaged"),
         "… both on grey, last": ("GAN, last", "VAE, grey, last"),
         "averaging: the GAN": ("GAN, averaged", "GAN, last"),
         "averaging: VAE, grey": ("VAE, grey, averaged", "VAE, grey, last"),
         "averaging: VAE, b. and w.": ("VAE, black and white, averaged", "VAE, black and white, last"),
         "grey digits: VAE, last": ("VAE, grey, last", "VAE, black and white, last"),
         "grey digits: VAE, averaged": ("VAE, grey, averaged", "VAE, black and white, averaged")}


def lead(key, pair):
    """First minus second, seed by seed."""
    one, other = (runs[row] for row in PAIRS[pair])
    return {seed: one[seed][key] - other[seed][key] for seed in one}


measures = [key for key in SHOWN if key != "copying"]
print(f"{'':26}", *(f"{SHOWN[key]:>12}" for key in measures))
for pair in PAIRS:
    cells = []
    for key in measures:
        better = sum((d < 0) if key in ("frechet", "kernel") else (d > 0) for d in lead(key, pair).values())
        cells.append(f"{median(lead(key, pair).values()):+8.3f} ({better})")
    print(f"{pair:26}", *(f"{cell:>12}" for cell in cells))

# %% tags=["nbval-check-output"]
for pair, words in (("… both on grey, averaged", "both averaged"), ("… both on grey, last", "both with last weights")):
    claims.over_seeds(f"same digits, {words}: the GAN has the smaller Fréchet distance", lead("frechet", pair), 0, op="<")
    claims.over_seeds(f"same digits, {words}: the VAE has the higher precision", lead("precision", pair), 0, op="<")
    claims.over_seeds(f"same digits, {words}: the GAN has the higher recall", lead("recall", pair), 0, op=">")
    claims.over_seeds(f"same digits, {words}: the VAE has the higher density", lead("density", pair), 0, op="<")
rivals_apart = lead("frechet", "… both on grey, averaged")
worth = {seed: max(abs(lead("frechet", pair)[seed]) for pair in list(PAIRS)[3:]) for seed in rivals_apart}
claims.over_seeds("what averaging and the form of the digits are worth, is at most a quarter of what lies between the "
                  "rivals (Fréchet distance)", {s: worth[s] / abs(rivals_apart[s]) for s in worth}, 0.25, op="<=")
claims.over_seeds("the GAN does not copy: its copying score is below a half, over seeds",
                  {seed: run["copying"] for seed, run in runs["GAN, averaged"].items()}, 0.5, op="<")

# %% [markdown]
# (4,000 pictures of each rival, but only 1,000 new real digits: with as many, their coverage would be higher and their
# Fréchet distance smaller. Their copying score is ½ by definition: they are the yardstick.)
#
# Which is better? Go along the first three rows of the second table: the answer changes with the measure. The GAN's
# Fréchet and kernel distance are less than half of the VAE's; so "the GAN is better" could be printed. But its precision
# and density are lower on every seed, so the opposite could be printed too. The VAE answers each latent with a *mean*
# picture, which is soft; that soft pictures lie inside the real balls more often is a guess (in the table above only the
# slightest blur raised precision). And the VAE's
# copying score of about ½ is no sign of health either: soft pictures lie nearer to everything.
#
# What are the other two things worth? Averaging brings the GAN's pictures a little nearer to real digits and makes them
# more precise; the VAE's distance it makes a little larger (its last weights do not jump about as a GAN's do, and an
# average lags behind). Grey digits instead of black and white change the VAE's distance in no common direction. All this
# is small beside what lies between the rivals. But where these are close, in *coverage*, averaging decides the order:
# compare the first three rows. So the first row, which is how such contests are often held, told the truth about
# distance, precision and recall; to know that, the others had to be measured. (Averaged weights give the VAE
# a better NLL on each seed, and no better pictures.)
#
# So the sentence "A is better than B" needs a second half: *by which measure*, against which data, after how many
# seconds, over how many seeds, and with what else equal. An honest report shows all the columns, not the one that it
# wins. And beside new real digits, both are still far off.
#
# One seed live, with far fewer steps, both with their last weights. (The VAE was trained above, on black and white
# digits: in this the live pair is unequal.)

# %%
with runtime.seeded("weights"):
    game = Game(DCGenerator(contest["settings"]["latent"]), DCDiscriminator())
for _ in game.steps(digits, live_steps("GAN"), runtime):
    pass
live_pictures = {"GAN": game.sampler(ema=False)(2000), "VAE": vae_trainer.sampler()(2000)}
live = {}
for rival, images in live_pictures.items():
    live_features = judge_outputs(images, judge)[1]
    live[rival] = (frechet_distance(live_features, features_of_real), precision_recall(features_of_real, live_features))
    print(f"{rival}: Fréchet distance {live[rival][0]:.1f}, {live[rival][1]}")

# %%
show.compare(live_pictures | {"new real digits": new},
             alt="Three rows: the GAN's digits are crisp and some broken, the VAE's soft, the real ones crisp.")

# %% tags=["nbval-check-output"]
claims.at_most("live: the GAN's Fréchet distance is at most the VAE's", live["GAN"][0] / live["VAE"][0], 1)
claims.at_least("live: the GAN's recall is higher than the VAE's by at least 0.1",
                live["GAN"][1].recall - live["VAE"][1].recall, 0.1)

# %% [markdown]
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A4 | the generator's loss measures the difference between drawn and real pictures | with not a pixel changed it more than tripled: it measures the opponent |
# | A4 | measures for generated pictures are lacking | there are many; each is blind to some fault, and several together leave few places to hide |
# | A5 | a GAN makes high-quality copies of real data | its pictures lie farther from the training digits than new real ones do; exact copies of them all would be caught (moved by a pixel, not) |
# | A5 | a *smaller* training set prevents overfitting | no: the fewer digits, the larger D's gap. Showing D distorted pictures (DiffAugment) takes most of it away, and in these steps the pictures got no clearly better |
#
# ## Exercises
#
# **1. Two Gaussians on a line.** Write the Fréchet distance from two means and two standard deviations.

# %% tags=["exercise"]
def frechet_1d(mean_a, std_a, mean_b, std_b):
    ...  # your line: return …


check.frechet_1d(frechet_1d)

# %% [markdown]
# <details><summary>Hint 1</summary>Two terms: one for the middles, one for the widths.</details>
# <details><summary>Hint 2</summary>If both Gaussians are equal, both terms must be 0.</details>
# <details><summary>Hint 3</summary>Each term is a difference, squared. No root at the end.</details>

# %% tags=["solution"]
def solution_frechet_1d(mean_a, std_a, mean_b, std_b):
    return (mean_a - mean_b) ** 2 + (std_a - std_b) ** 2


check.frechet_1d(solution_frechet_1d, solution=True)

# %% [markdown]
# **2. Precision.** You get a table of distances, one row for each real point and one column for each generated one, and
# the radius of each real point's ball. Which share of the generated points lies in at least one ball? Return
# one number from 0 to 1.

# %% tags=["exercise"]
def precision(distances, radii):  # (N, M), (N,)
    ...  # your lines, ending in: return …


check.precision(precision)

# %% [markdown]
# <details><summary>Hint 1</summary>Make a table of True and False: is this generated point in this real ball?</details>
# <details><summary>Hint 2</summary>Row $i$ is compared with radius $i$: `radii[:, None]` turns the radii into a column.</details>
# <details><summary>Hint 3</summary>Which axis runs over the balls? `any` along it, then `.double().mean()` of what is left.</details>

# %% tags=["solution"]
def solution_precision(distances, radii):
    in_ball = distances < radii[:, None]
    return in_ball.any(dim=0).double().mean()


check.precision(solution_precision, solution=True)

# %% [markdown]
# **3. Spot the cheat.** Three sets of pictures were handed in. One **copies** training digits, one **misses a class**,
# one is **blurred**. You see numbers only (900 to 1,000 pictures each: compare with the first row). Which is which?

# %%
handed = {"new real digits": new} | suspects(digits, held_out)
for name, images in handed.items():
    its_probabilities, its_features = judge_outputs(images, judge)
    near = precision_recall(features_of_real, its_features)
    print(f"{name:16} Fréchet {frechet_distance(its_features, features_of_real):5.2f}, precision {near.precision:.2f}, "
          f"recall {near.recall:.2f}, class entropy {entropy_of(its_probabilities):.3f}")

# %% tags=["exercise"]
cheat = ...  # {"A": …, "B": …, "C": …}: "copies", "misses a class" or "blurred"

check.cheat(cheat)

# %% [markdown]
# <details><summary>Hint 1</summary>Go back to the table of faults: in which column does each of the three crimes stand out?</details>
# <details><summary>Hint 2</summary>One set is too good: better than new real digits in the Fréchet distance.</details>
# <details><summary>Hint 3</summary>Of the other two, one has lost recall almost altogether, the other is short of entropy.</details>

# %% tags=["solution"]
solution_cheat = {"A": "misses a class", "B": "blurred", "C": "copies"}

check.cheat(solution_cheat, solution=True)

# %% [markdown]
# ## What was claimed

# %%
claims.table()

# %% [markdown]
# ## Summary
#
# - A loss compares nothing but a model with its own opponent or its own formula. Measure pictures.
# - Never one number: a distance for the whole, precision *and* recall (or density and coverage), the classes'
#   histogram, and a test for copies. State the judge, the number of pictures, and what real held-out pictures score.
# - Every measure has a blind spot: precision misses lost classes, class entropy misses repeats, the Fréchet distance
#   rewards copies and grows when there are fewer pictures, a likelihood hardly notices noise.
# - A test for copies is needed, and it sees only what its distance sees.
# - Fewer training digits make the discriminator learn them by heart; DiffAugment helps against that, which is not yet a
#   better picture.
# - **Strengths** of judge features: cheap, no drawn picture is asked to equal a real one. **Limits:** a judge sees what
#   it was trained for; ours knows digits and its own training pictures; with other data you need another judge.
# - **Software:** `course_lib.metrics`; torchmetrics and torch-fidelity for published FID and KID, prdc for precision,
#   recall, density and coverage. If you have Inception's weights, `metrics.inception_features` gives the features for
#   `frechet_distance` (then it *is* FID) and says where the file goes.
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
# - G. Parmar, R. Zhang, J.-Y. Zhu. *On aliased resizing and surprising subtleties in GAN evaluation.* CVPR 2022. Why
#   two papers' FIDs may not compare.
