# %% [markdown]
# # 2.5 Which losses make no game, and which one do I take?
#
# Two of the five articles use losses under which generator and discriminator want the same. No error message says so.
# This lesson finds such losses from their slopes alone, runs them, and repairs them. Then it closes the chapter: which
# loss for which purpose, and what the articles say.
#
# **You need** lessons 2.1 to 2.4, above all [2.1](1_the_price_of_a_guess.ipynb) (prices and slopes) and
# [2.2](2_when_d_is_sure.ipynb) (the sure discriminator). **You will** test before any training whether two losses can
# make a game, predict what happens if not, repair A1's losses and find A2's mistake. About 25 minutes to read and run,
# 45 with the exercises. A1 to A5 are five articles, which chapter 00 lists.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import logsigmoid, softplus

from course_lib import losses
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.pictures import distances
from course_lib.chapters.ch02_losses.prices import PRICES, random_logits, slopes
from course_lib.data import toy
from course_lib.learn.claims import Claims, show_table
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.5", runtime)
check = syllabus.checks("02")
ask = syllabus.questions("02.5")
print(runtime.describe())
print(syllabus.time_of("02.5"))

# %% [markdown]
# ## A game, read off the slopes
#
# By a *game* we mean: the players want opposite things. Both of ours pull at $f$, the logit of a drawn picture. So
# **there must be drawn pictures whose logit the two players pull in opposite directions.** A player pulls against the
# slope of its price. So the two slopes by $f$ must have opposite signs there.
#
# In a *zero-sum* game the generator's price is minus the discriminator's: what one player wins the other loses. Then the
# signs are opposite wherever the slope is not 0.

# %% [markdown]
# **Exercise: zero-sum.** `d` is any discriminator's price, a function of `r` and `f`. Finish the line: the function that
# charges the generator the opposite.

# %% tags=["exercise"]
def zero_sum(d):
    ...  # your line: return lambda r, f: …


check.zero_sum(zero_sum)

# %% [markdown]
# <details><summary>Hint 1</summary>The new function asks d with the same two logits.</details>
# <details><summary>Hint 2</summary><code>lambda r, f: …</code> is a function of r and f without a name. Which sign has its value?</details>

# %% tags=["solution"]
def solution_zero_sum(d):
    return lambda r, f: -d(r, f)


check.zero_sum(solution_zero_sum, solution=True)

# %% [markdown]
# With the standard discriminator this is the minimax game, with Wasserstein's price the Wasserstein game. (Lesson 2.1
# left out the generator's term with $r$.) The other losses of that lesson are not zero-sum, and make a game all the
# same.
#
# Now two articles:
#
# - **A1** writes the discriminator's loss as $E[\log D(x)] + E[\log(1 - D(G(z)))]$, *to be minimised*, and the
#   generator's as $-E[\log D(x)] + E[\log(1 - D(G(z)))]$. ($E$ is the mean over pictures.)
# - **A2**'s code gives both players the same loss, the discriminator's.
#
# As a price of $r$ and $f$, with `logsigmoid` for $\log \sigma$:

# %%
standard_d, minimax_g = PRICES["minimax"]


def a1_d(r, f):
    return logsigmoid(r) + logsigmoid(-f)


def a1_g(r, f):
    return -logsigmoid(r) + logsigmoid(-f)


# %% [markdown]
# We ask each pair of players for their slopes at 1,000 random pairs of logits, and count how often the two have the same
# sign.

# %%
ask.predict("together")

# %%
def same_direction(d, g):
    """The share of pairs at which both players pull the drawn picture's logit the same way."""
    return (slopes(d, r, f)[1] * slopes(g, r, f)[1] > 0).double().mean().item()


r, f = random_logits(runtime)
players = PRICES | {"A1": (a1_d, a1_g), "A2": (standard_d, standard_d)}
together = {name: same_direction(d, g) for name, (d, g) in players.items()}
as_minimax = (slopes(a1_g, r, f)[1] - slopes(minimax_g, r, f)[1]).abs().max().item()
show_table("At how many of 1,000 pairs do both players pull the same way?", ("losses", "share"),
           [(name, f"{share:.0%}") for name, share in together.items()])

# %% tags=["nbval-check-output"]
claims.at_most("minimax and non-saturating players never pull a drawn picture's logit the same way",
               together["minimax"] + together["non-saturating"], 0)
claims.at_least("A1's players always do", together["A1"], 1)
claims.at_least("A2's players always do", together["A2"], 1)
claims.at_most("A1's longer loss for the generator has the minimax slope", as_minimax, 1e-12)

# %% [markdown]
# With A1's losses both push $f$ up, with A2's both push it down: no game in either. The first term of A1's loss for the
# generator, the one with $r$, changes nothing for it.
#
# Least squares has 85 %, and is a game. Outside 0 … 1, where 85 % of our fake logits lie, both players pull the score
# back. But between these two targets, where the best scores lie (lesson 2.3), they pull in opposite directions.
# (Hinge's $D$ does not pull at all below −1.)
#
# ## What comes of it
#
# We let both play on a small problem: eight heaps of points on a *ring*, a circle of radius 1, with two small networks
# and 300 steps. The non-saturating loss is the control ("honest"). `Game` takes a loss as an object with two functions of
# whole batches, `d` and `g`.

# %%
class A1Loss:
    g_needs_real = True  # G's turn gets the real logits, too

    def d(self, real_logits, fake_logits):
        return a1_d(real_logits, fake_logits).mean()

    def g(self, real_logits, fake_logits):
        return a1_g(real_logits, fake_logits).mean()


class A2Loss:
    g_needs_real = True

    def d(self, real_logits, fake_logits):
        return standard_d(real_logits, fake_logits).mean()

    g = d  # the same for both


class EndlessA2(A2Loss):  # for a test below: the part with f is −softplus(−f) instead of softplus(f)
    def d(self, real_logits, fake_logits):
        return (softplus(-real_logits) - softplus(-fake_logits)).mean()

    g = d


# %%
ask.predict("a1_right")
ask.predict("a2_right")

# %%
ring = toy.draw_points(toy.ring(sigma=0.05), runtime, n=5000)
fresh = ring.mixture.sample(2000, runtime.stream("fresh"))[0].to(runtime.device)


def played(loss):
    """Whether D is right about 2,000 real and 2,000 drawn points, and where the drawn ones end."""
    with runtime.seeded("ring"):
        game = Game(PointGenerator(hidden=(64, 64)), PointDiscriminator((64, 64)), loss, lr=1e-3, batch=128)
    for _ in game.steps(ring, runtime.pick(smoke=10, course=300), runtime):
        pass
    points = game.sampler()(2000)
    with torch.no_grad():
        right = torch.cat([game.discriminator(fresh) > 0, game.discriminator(points.to(runtime.device)) < 0])
    return right.flatten().float(), points


ends = {"honest": played(losses.NonSaturating()), "A1's loss": played(A1Loss()), "A2's loss": played(A2Loss()),
        "A2's, endless": played(EndlessA2())}
away = {name: points.norm(dim=1).mean().item() for name, (_, points) in ends.items()}
share = {name: right.mean().item() for name, (right, _) in ends.items()}
show_table("After 300 steps on the ring",
           ("game", "D is right about", "of the real", "of the drawn", "mean distance of the drawn from the middle"),
           [(name, f"{share[name]:.0%}", f"{right[:2000].mean():.0%}", f"{right[2000:].mean():.0%}", f"{away[name]:.1f}")
            for name, (right, _) in ends.items()])

# %%
distances({name: points for name, (_, points) in ends.items()})

# %% tags=["nbval-check-output"]
claims.at_least("control: with the honest loss D is right at least as often as by guessing", share["honest"], 0.5)
claims.at_most("with A1's sign D is worse than chance: right about less than 45 %", share["A1's loss"], 0.45)
claims.at_least("with A2's shared loss D is right about at least 99 %", share["A2's loss"], 0.99)
claims.at_least("with either, the points end at least 5 times as far out as the real ones",
                min(away["A1's loss"], away["A2's loss"]), 5)

# %% [markdown]
# (The figure's axis is logarithmic.) 300 steps are few: the honest points are not on the ring yet, but scattered
# inside and around it.
#
# With A1's sign the discriminator is **worse than chance**: it is trained to be wrong. After 300 steps it is right about
# 19 %: 38 % of the real points, and none of the drawn ones. The generator wants that too, and moves its points to where
# $D$ is wrong, far outside the ring.
#
# With A2's shared loss the discriminator is right about everything, because the generator helps: it moves its points to
# where nobody could mistake them. So the accuracy is perfect, and the generator useless.
#
# Why do A1's points end so much further out than A2's, at 258 instead of 12? A1's players both lower
# $-\operatorname{softplus}(f)$, which falls for ever: its slope $-D$ goes to −1. A2's both lower
# $\operatorname{softplus}(f)$, whose slope $D$ fades as they succeed. The last game tests that. It is A2's, but both
# lower $-\operatorname{softplus}(-f)$. For a very negative $f$ this is about $f$ itself, with a slope near 1, which
# never fades as $f$ falls. Now the points end at 241. (Why $D$ is right about over a third of the real points in this
# game and in A1's is left open.) Chapter 03 runs A1's and A2's losses on digits.

# %% [markdown]
# **Exercise: repair A1's losses.** Here they are, for whole batches:
#
# ```python
# d_loss = logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()
# g_loss = -logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean()
# ```
#
# Return both, repaired: the discriminator is to learn to be right, and the generator's slope is to be $-(1 - D)$ for
# each picture (divided by the number of pictures, if you return a mean).

# %% tags=["exercise"]
def repaired(real_logits, fake_logits):
    ...  # your lines, ending in: return d_loss, g_loss


check.a1(repaired)

# %% [markdown]
# <details><summary>Hint 1</summary>The discriminator's loss must be high where it is wrong. What does <code>logsigmoid</code> give for a probability near 0?</details>
# <details><summary>Hint 2</summary>Which term of the generator's loss can the generator change at all?</details>
# <details><summary>Hint 3</summary>The slope −(1 − D) belongs to −log D. The first two losses of lesson 2.1 have what you need.</details>

# %% tags=["solution"]
def solution_repaired(real_logits, fake_logits):
    d_loss = softplus(-real_logits).mean() + softplus(fake_logits).mean()
    return d_loss, softplus(-fake_logits).mean()


check.a1(solution_repaired, solution=True)

# %% [markdown]
# **Exercise: find A2's mistake.** A2's two turns, shortened to what matters (`bce` is binary cross-entropy with logits):
#
# ```
# 1   fake_logits = discriminator(generator(z))
# 2   real_logits = discriminator(real)
# 3   d_loss = bce(real_logits, ones) + bce(fake_logits, zeros)
# 4   g_loss = bce(real_logits, ones) + bce(fake_logits, zeros)
# 5   d_optimiser takes a step down d_loss, g_optimiser takes one down g_loss
# ```
#
# (Each optimiser moves its own player's weights only.) Which line is wrong? And what should stand to the right of its
# `=`, so that the generator is pulled with a slope near −1 when the discriminator is sure? **A**
# `bce(fake_logits, ones)` · **B** `-d_loss` · **C** `bce(fake_logits.sigmoid(), ones)` · **D** `bce(fake_logits, zeros)`

# %% tags=["exercise"]
a2_bug = ...  # a pair, such as (1, "D"): the number of the line, and the letter of its repair

check.a2_bug(a2_bug)

# %% [markdown]
# <details><summary>Hint 1</summary>After which line do both players want the same?</details>
# <details><summary>Hint 2</summary>Three of the four repairs make it a game. They differ in the slope when the discriminator is sure.</details>
# <details><summary>Hint 3</summary>The right one is BCE with the "wrong" label, of the logits themselves.</details>

# %% tags=["solution"]
solution_a2_bug = (4, "A")

check.a2_bug(solution_a2_bug, solution=True)

# %% [markdown]
# ## Which loss, then?
#
# | loss | G's slope by $f$ when D is sure, about | the best score | it needs | GANs that use it |
# |---|---|---|---|---|
# | minimax | 0 | $\log(p/q)$ | a discriminator that is not sure | (the theory of 2014) |
# | non-saturating | −1 | $\log(p/q)$ | nothing, to begin with; R1 where D becomes too steep | DCGAN; StyleGAN with R1 |
# | least squares | −1 at D's target 0 (it is $f - 1$) | $p/(p+q)$ | as the non-saturating one | CycleGAN |
# | hinge | −1 | 1 or −1 | [spectral norm](../../docs/glossary.md#spectral-norm), as a rule | SN-GAN, BigGAN |
# | Wasserstein | −1 | none without a limit | a limit on the slope (clipping or a penalty), several D steps | WGAN, WGAN-GP |
# | relativistic | −1 | $\log(p/q)$ + constant | R1 and R2 | R3GAN |
#
# A large comparison (Lucic and others 2018) gave each of several losses the same budget for tuning, and found none that
# was better than the non-saturating one throughout. So start with that one, and add R1 where $D$ becomes too steep. (R1
# is our addition; hinge, relativistic and R1 were not in that study.) How to see that: every hundred steps, measure
# $D$'s slope at real and drawn pictures, with `squared_gradient_norm` (lesson 2.4). If it keeps rising while the
# pictures do not improve, try R1. Chapter 04 compares more than losses, with controls.

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **Now known.** Two short functions can be tested before any training. If their slopes by $f$ never have opposite
# signs, there is no game. If they have somewhere, look where: it should be where the best scores lie. A1's and A2's
# losses fail the test.
#
# **Not said.** That every game succeeds, or that $D$ learns to be right: the test does not look at $r$. No loss by itself makes a GAN good, and its value says little about the
# pictures.
#
# **Next.** Chapter 03 trains GANs on digits, reads their curves, and finds further causes of failure.

# %% [markdown]
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 | D minimises $E[\log D(x)] + E[\log(1 - D(G(z)))]$ | D becomes worse than chance (2.5) |
# | A1 | G minimises $-E[\log D(x)] + E[\log(1 - D(G(z)))]$ | the first term gives it no slope (2.5), the second is minimax's and saturates (2.1, 2.2) |
# | A1 | a sigmoid, then a loss that expects logits | the slope is multiplied by less than 0.27 everywhere, and vanishes where D is sure (2.2) |
# | A2 | both minimise one loss | they pull the same way at every pair; D becomes right about 100 % (2.5) |
# | A4 | G's loss measures how far its pictures are from real ones | it rose more than fivefold for the very same pictures (2.2) |
# | A4 | gradients vanish because of depth | with one hidden layer in each network they vanished under one loss, and not under another (2.2); chapter 03 tests depth |
# | A5 | the loss of its GAN is BCE | for the generator that says too little: label 1 for drawn pictures is the non-saturating loss, minus BCE with label 0 the minimax loss (2.1) |
#
# **Limits.** The best scores of lesson 2.3 hold for a discriminator that can learn any function, on endless data. The
# networks here are small, and most learned alone.
#
# **Software.** `course_lib.losses` has losses and penalties. PyTorch's `binary_cross_entropy_with_logits` is all that the
# first two losses need.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014. Equation 1, and the other loss at the end of section 3.
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017. Has a
#   figure like ours of the vanishing gradient, for a DCGAN, and one of the growing gradient.
# - X. Mao, Q. Li, H. Xie, R. Lau, Z. Wang, S. P. Smolley. *Least squares generative adversarial networks.* ICCV 2017.
# - J. H. Lim, J. C. Ye. *Geometric GAN.* arXiv:1705.02894, 2017. The hinge loss.
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida. *Spectral normalization for generative adversarial networks.* ICLR
#   2018. SN-GAN.
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein generative adversarial networks.* ICML 2017.
# - I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin, A. Courville. *Improved training of Wasserstein GANs.* NeurIPS
#   2017.
# - H. Petzka, A. Fischer, D. Lukovnikov. *On the regularization of Wasserstein GANs.* ICLR 2018. The one-sided penalty.
# - L. Mescheder, A. Geiger, S. Nowozin. *Which training methods for GANs do actually converge?* ICML 2018. R1 and R2.
# - A. Jolicoeur-Martineau. *The relativistic discriminator: a key element missing from standard GAN.* ICLR 2019.
# - Y. Huang, A. Gokaslan, V. Kuleshov, J. Tompkin. *The GAN is dead; long live the GAN! A modern GAN baseline.* NeurIPS
#   2024.
# - T. Salimans, I. Goodfellow, W. Zaremba, V. Cheung, A. Radford, X. Chen. *Improved techniques for training GANs.*
#   NeurIPS 2016. Section 3.4 has label smoothing.
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly, O. Bousquet. *Are GANs created equal? A large-scale study.* NeurIPS
#   2018.
# - The other GANs of the table. DCGAN: A. Radford, L. Metz, S. Chintala, *Unsupervised representation learning with
#   deep convolutional generative adversarial networks*, ICLR 2016. CycleGAN: J.-Y. Zhu, T. Park, P. Isola, A. A. Efros,
#   *Unpaired image-to-image translation using cycle-consistent adversarial networks*, ICCV 2017. StyleGAN: T. Karras,
#   S. Laine, T. Aila, *A style-based generator architecture for generative adversarial networks*, CVPR 2019. BigGAN: A.
#   Brock, J. Donahue, K. Simonyan, *Large scale GAN training for high fidelity natural image synthesis*, ICLR 2019.
