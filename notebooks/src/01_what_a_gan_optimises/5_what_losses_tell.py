# %% [markdown]
# # 1.5 What do the losses tell you?
#
# **You need** [lesson 1.2](2_what_the_score_says.ipynb), the score as a distance, and [lesson
# 1.4](4_the_game_played.ipynb), the game. **You will** train a network as discriminator, bound a distance by its score,
# catch it overfitting, and judge what the articles say. About 35 minutes to read, 55 with the exercises.
#
# In a training you see two numbers: the discriminator's loss, which is $-V$, and the generator's, here the mean of
# $\log(1 - D)$ over generated numbers. Each player wants its own low. It is tempting to read them as “how good is it?”.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torch import nn
from torch.nn.functional import softplus

from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.chapters.ch01_what_a_gan_optimises.games import line_losses
from course_lib.chapters.ch01_what_a_gan_optimises.regression import features, logistic_regression  # of lesson 1.1
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, integral, midpoints
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.5", runtime)
check = syllabus.checks("01")
ask = syllabus.questions("01.5")
print(runtime.describe())
print(syllabus.time_of("01.5"))

# %% [markdown]
# ## The two losses of two games
#
# We play two games as in lesson 1.4, with one step each and the minimax loss: from $\theta = -1$, and from
# $\theta = -8$. (Means are exact here, and $D$ begins at $w = 0.3$, as in its exercise 3.)

# %%
ask.predict("losses")

# %%
near, far = line_losses(400, -1.0), line_losses(400, -8.0)  # D's loss, G's loss and θ in each of 400 turns
show_table("The game from θ = −1, at three of its turns", ("turn", *near),
           [(turn, *(f"{numbers[turn - 1]:.3f}" for numbers in near.values())) for turn in (46, 163, 400)])
home, lost = "from θ = −1: D ends as a coin, θ near 2", "from θ = −8: D's loss is low, θ is stuck"
figures.chart({title: {name: (range(1, 401), numbers) for name, numbers in game.items()}
               for title, game in ((home, near), (lost, far))},
              "turn", "loss, or θ", level=(2.0, "θ = 2 is right"),
              dots={home: {"turn 163: 1.386": (163, near["D's loss"][162]),
                           "turn 163: 2.63": (163, near["θ"][162], 0, 8)}},
              alt="Left, D's loss dips, rises to about 1.4 by turn 75 and stays near it, G's stays between −0.4 and "
                  "−0.8, while θ runs from −1 past 2 to 2.6 and back; dots at turn 163: D's loss 1.386, θ 2.63. Right, "
                  "D's loss falls nearly to 0, G's loss is 0, and θ stays at −8.")

# %% [markdown]
# If you chose the low loss: it is $D$'s, and there $D$ wins. $\theta$ stays near −8, and $G$'s loss is near 0, its
# worst. In the other game $D$ ends as a coin, with the loss $\log 4 = 1.386$, because at $\theta = 2$ there is nothing
# to tell apart. But the losses do not say *when* that is. $D$'s loss is 1.386 at turn 163, too, where $\theta$ is 2.63:
# $D$ has unlearned what it knew, and is nearly a coin. (Before, it was worse than a coin for a while: it believed what
# was no longer true.) And $G$'s loss is lowest at turn 46, where $\theta$ is 0.79.
# What, then, can be read from them?
#
# ## When no formula is known
#
# In lesson 1.1 the logit of the best discriminator $D^* = p/(p+q)$ was a line or a parabola. With real data, nobody knows
# its shape. So let the real numbers come from *two* bumps, around −2 and 2 with standard deviation 0.6. The generator has
# found one of them, $\theta = 2$. Now $\log p/q$ is neither a line nor a parabola.
#
# So $D$ becomes a small network, an [MLP](../../docs/glossary.md#mlp) with two inner layers of 64 numbers each,
# [ReLU](../../docs/glossary.md#relu) after each of them, and one logit. PyTorch's `backward()` computes the slopes, and
# an optimiser, Adam, takes the steps (chapter 03 has these lines one by one). The loss is $-V$, written with [softplus](../../docs/maths.md#softplus):
# $-\log\operatorname{sigmoid}(d) = \operatorname{softplus}(-d)$ and
# $-\log(1-\operatorname{sigmoid}(d)) = \operatorname{softplus}(d)$.

# %%
bump, bumps = toy.line(2.0, sigma=1.0), toy.line(-2.0, 2.0, sigma=0.6)
x = midpoints(-30, 30, 6000)  # the middles of 6,000 strips, each 0.01 wide


def learn_network(real, fake, steps, batch=512, watch=lambda step, network: None):  # watch: called before each step
    real, fake = real.float()[:, None], fake.float()[:, None]  # (n, 1): networks compute in float32
    with runtime.seeded("network"):  # the first weights
        network = nn.Sequential(nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    chance = runtime.stream("batches")
    for step in range(steps):
        watch(step, network)
        # Which real and which generated ones: drawn with repetition, so there may be fewer than 512.
        i = torch.randint(len(real), (2, batch), generator=chance)
        loss = softplus(-network(real[i[0]])).mean() + softplus(network(fake[i[1]])).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network


def logits_of(network):
    with torch.no_grad():
        return network(x.float()[:, None])[:, 0].double()  # (6000,)


# %%
ask.predict("two")

# %% tags=["nbval-check-output"]
def draw_real(n, of=bump, name="real"):
    return of.sample(n, runtime.stream(name))[0][:, 0].double()  # (n,)


def draw_fake(n, theta, name="noise"):
    return theta + torch.randn(n, generator=runtime.stream(name), dtype=torch.float64)  # (n,)


n, steps = 20_000, runtime.pick(smoke=200, course=3000)
p_two, q_right = bumps.density(x[:, None]), gaussian(x, 2.0)
real, fake = draw_real(n, of=bumps, name="two"), draw_fake(n, theta=2.0)
logits = {"coin": torch.zeros_like(x), "1, x, x²": features(x) @ logistic_regression(real, fake, steps),
          "network": logits_of(learn_network(real, fake, runtime.pick(smoke=50, course=1500))),
          "D*": p_two.log() - q_right.log()}
D_star, seen = p_two / (p_two + q_right), p_two + q_right > 0.01
errors = {name: (torch.sigmoid(logit) - D_star)[seen].abs().max() for name, logit in logits.items()}
claims.at_most("a network finds D* for two bumps (largest error)", errors["network"], 0.2)
claims.at_least("… and logistic regression on 1, x, x² does not (largest error)", errors["1, x, x²"], 0.3)
claims.close("at 2 D* is 5/11 = 0.4545", D_star[(x - 2).abs().argmin()], 5 / 11, 1e-4)

# %%
near = (x > -4) & (x < 5)
figures.chart({"A network follows D*; three features cannot": {
    name: (x[near], torch.sigmoid(logits[name])[near]) for name in ("D*", "network", "1, x, x²")}},
    "x", "probability of “real”",
    alt="D* falls from 1 on the left to 0.05 at x = 0, rises to a hump of 0.45 at 2, and falls to 0. The network "
        "follows it; the curve of 1, x, x² falls smoothly to 0.29 at 3 and rises again: it has neither the valley at 0 "
        "nor the hump at 2.")

# %% [markdown]
# If you expected 0 at 2, where the generator is: half of the real numbers are there, too. Their bump is narrower, 0.6
# instead of 1, and so $1/0.6$ times as high for as many numbers. So $p/q = \tfrac12 \cdot \tfrac{1}{0.6} = \tfrac56$, and
# $D^* = \tfrac56 / (\tfrac56 + 1) = \tfrac{5}{11} = 0.4545$, just below ½.

# %% [markdown]
# **Exercise 1: finish the line.** Let the bump of real numbers around 2 hold the share `r` of them, and have the standard
# deviation `s`. The generated numbers are all around 2, with standard deviation 1. Real numbers elsewhere are too far away
# to count. Return $D^*$ at 2.

# %% tags=["exercise"]
def share_at_two(r, s):
    ...  # your line: return …


check.share_at_two(share_at_two)

# %% [markdown]
# <details><summary>Hint 1</summary>In the text, r was ½ and s was 0.6. How did they make 5/6?</details>
# <details><summary>Hint 2</summary>From p/q to p/(p+q): divide above and below the line by q.</details>

# %% tags=["solution"]
def solution_share_at_two(r, s):
    return (r / s) / (r / s + 1)


check.share_at_two(solution_share_at_two, solution=True)

# %% [markdown]
# This network, trained on 20,000 numbers of each kind, comes near $p/(p+q)$: where $p + q$ is above 0.01 (as in lesson
# 1.1), its largest error is 0.07. It has learned this share from examples alone.
#
# ## Every true score gives a lower bound
#
# No $D$ scores more than $D^*$ (lesson 1.1), and $V(G, D^*) = -\log 4 + 2\,\mathrm{JSD}(p \,\|\, q)$ (lesson 1.2). So
# for *every* $D$
#
# $$\frac{V(G, D) + \log 4}{2} \;\le\; \mathrm{JSD}(p \,\|\, q).$$
#
# *In words:* any discriminator's *true* score (from the densities) gives a *lower bound* on the distance of generated from
# real. Here it is for a coin and the three of the figure above.

# %%
bounds = [(divergence.gan_value(p_two, q_right, logit, x).item() + math.log(4)) / 2 for logit in logits.values()]
figures.columns({"bound": bounds}, list(logits), "(V + log 4) / 2", "The better D is, the nearer its bound comes to the JSD",
                level=(divergence.jsd(p_two, q_right, x).item(), "JSD"),
                alt="Columns: the coin's bound is 0, that of 1, x, x² is 0.173, the network's just below the JSD "
                    "of 0.238, and D*'s on it.")

# %% [markdown]
# A weak $D$ makes a bad generator look good. Against a coin every generator gets $V = -\log 4$, as if it were perfect. So a
# discriminator's loss cannot prove that a generator is good. (A high score on new examples can show that it is bad.)

# %% [markdown]
# **Exercise 2: the bound from logits.** In a training you have no densities, only the logits that $D$ gives to a batch of
# real and to a batch of generated examples. Return the estimate of the lower bound of the JSD that they give. (By chance a
# batch may give too much.) The batches may have different sizes, and a logit may be ±1000.

# %% tags=["exercise"]
def bound(real_logits, fake_logits):
    ...  # your lines, ending in: return …


check.bound(bound)

# %% [markdown]
# <details><summary>Hint 1</summary>First V: the mean of log D over the real ones, plus the mean of log(1 − D) over the generated ones.</details>
# <details><summary>Hint 2</summary>log D is −softplus(−d) for the logit d, and log(1 − D) is −softplus(d). These stay finite where a sigmoid rounds to 0 or 1.</details>
# <details><summary>Hint 3</summary>Then add log 4, and halve. Logits of 0, a coin, must give 0.</details>

# %% tags=["solution"]
def solution_bound(real_logits, fake_logits):
    score = -softplus(-real_logits).mean() - softplus(fake_logits).mean()
    return (score + math.log(4)) / 2


check.bound(solution_bound, solution=True)

# %% [markdown]
# ## On its own numbers
#
# Let $q = p$. Real and generated numbers come from the *same* distribution, and there is nothing to learn. The JSD is 0, so
# no $D$ has a true score above $-\log 4$. The network learns from 50 numbers of each kind.

# %%
ask.predict("fifty")

# %%
p = bump.density(x[:, None])  # both densities


def learning_curve(n, steps):
    """The score on the learner's own numbers, and the true one (from the densities), as a network learns."""
    real, fake = draw_real(n, name="few real"), draw_fake(n, theta=2.0, name="few fake")
    curve = {"step": [], "own": [], "true": []}

    def watch(step, network):
        if step % 20 == 0:
            with torch.no_grad():
                d_real, d_fake = network(real.float()[:, None]), network(fake.float()[:, None])
                own = -softplus(-d_real).mean() - softplus(d_fake).mean()
            curve["step"].append(step)
            curve["own"].append(own.item())
            curve["true"].append(divergence.gan_value(p, p, logits_of(network), x).item())

    learn_network(real, fake, steps + 1, watch=watch)
    return curve


# %%
curves = {size: learning_curve(size, runtime.pick(smoke=40, course=600)) for size in (50, 500, 5000)}
few = curves[50]
figures.chart({"On its own numbers D scores more than −log 4": {
    "on its own 50 + 50 numbers": (few["step"], few["own"]), "true score": (few["step"], few["true"])}},
    "step", "score V(G, D)", level=(-math.log(4), "−log 4: the best true score"),
    alt="The score on the 50 + 50 numbers begins just below −log 4 and rises to −1.1; the true score falls to about −2.")

# %% [markdown]
# If you expected the score to stop at $-\log 4$: that limit holds for the true score. It is below $-\log 4$ at every step
# looked at, and sinks. But on its own numbers the network scores more. It has begun to learn the accidents of these 100
# numbers: it *overfits*. Does that get better with more numbers? The next figure shows $(V + \log 4)/2$. From a true
# score this is at most the JSD, here 0.

# %% tags=["nbval-check-output"]
beyond = max(max(curve["true"]) for curve in curves.values()) + math.log(4)
claims.at_most("the true score of a learning D never exceeds −log 4 + 2 JSD, at any of the steps looked at", beyond, 1e-9)
claims.at_least("… but on its own 50 + 50 numbers it does, by at least 0.05", curves[50]["own"][-1] + math.log(4), 0.05)
claims.true("the fewer numbers, the more a discriminator overfits (own score minus true score, 50, 500, 5,000)",
            curves[50]["own"][-1] - curves[50]["true"][-1] > curves[500]["own"][-1] - curves[500]["true"][-1]
            > curves[5000]["own"][-1] - curves[5000]["true"][-1])
ends = {f"on its {words} numbers": [(curve[key][-1] + math.log(4)) / 2 for curve in curves.values()]
        for key, words in (("own", "own"), ("true", "true"))}
figures.columns({"by its own numbers": ends["on its own numbers"], "by its true score": ends["on its true numbers"]},
                [f"{size:,} of each kind" for size in curves], "(V + log 4) / 2",
                "The fewer numbers, the more D overfits (the JSD is 0)",
                alt="Pairs of columns: with 50 numbers of each kind the bound by its own score is well above 0 and the true "
                    "one well below; with 500 both are near 0, with 5,000 too small to see.")

# %% [markdown]
# So a score has to be measured on numbers that the discriminator has *not* learned from. The article A5 advises a
# smaller training set against overfitting. Here, after 600 steps, that did the opposite. (By then $D$ has seen each of
# the 50 numbers some 6,000 times, and each of the 5,000 some 60 times. Fewer steps help, too: at the left end of the
# curves over the steps the two scores are still close.)
#
# ## The generator's loss is an opinion
#
# The generator's part of $V$ is $\mathbb{E}_{x\sim q}[\log(1 - D(x))]$, which it wants low. A4 says that this loss
# measures the difference between generated and real data. The real numbers lie around 2. We ask two discriminators for
# this loss: a coin, and one that was learned against a generator at $\theta = 0$ (as in lesson 1.1).

# %%
ask.predict("opinion")

# %% tags=["nbval-check-output"]
def generator_loss(D, theta):
    return integral(gaussian(x, theta) * torch.log(1 - D), x).item()


halves = torch.full_like(x, 0.5)
learned = torch.sigmoid(features(x) @ logistic_regression(draw_real(n), draw_fake(n, theta=0.0), steps))
learned = learned.clamp(1e-6, 1 - 1e-6)  # log 0 would be −∞
claims.at_most("against a coin, a perfect generator and one 10 away have the same loss",
               abs(generator_loss(halves, 2.0) - generator_loss(halves, -8.0)), 1e-9)
claims.true("a D that was learned against θ = 0 gives θ = 5 a better loss than θ = 2, which is perfect",
            generator_loss(learned, 5.0) < generator_loss(learned, 2.0))

# %%
show_table("The generator's loss, as two discriminators see it", ("discriminator", "θ = −8", "θ = 2, perfect", "θ = 5"),
           [(name, *(f"{round(generator_loss(D, theta), 3) + 0.0:.3f}" for theta in (-8.0, 2.0, 5.0)))  # + 0.0: no “−0”
            for name, D in (("a coin", halves), ("learned against θ = 0", learned))])

# %% [markdown]
# The coin sees no difference. The second one *prefers* a generator that has gone 3 too far: “more to the right” is all that
# it ever learned. A generator's loss is the opinion of the discriminator at hand. With the best $D$ it is
# $\mathrm{KL}(q \,\|\, m) - \log 2$ (the second integral in line 2 of the proof in lesson 1.2): a distance, less a
# constant.

# %% [markdown]
# **Exercise 3: which one goes to 0 when …** Four questions; write your answers as four letters, such as `"aaaa"`. “D's
# loss” is $-V$, and “G's loss” the non-saturating $-\mathbb{E}[\log D(G(z))]$.
#
# 1. The generator becomes perfect, $q \to p$, and $D$ is always the best. What goes to 0?
#    **(a)** $V$ &nbsp; **(b)** D's loss &nbsp; **(c)** the JSD of $p$ and $q$ &nbsp; **(d)** G's loss
# 2. The generator moves further and further away, and $D$ is always the best. What goes to 0?
#    **(a)** D's loss &nbsp; **(b)** JSD &nbsp; **(c)** $W_1$ &nbsp; **(d)** G's loss
# 3. Again it moves further and further away, and $D$ is the best. Which slope for $\theta$ does *not* go to 0?
#    **(a)** that of $V$ &nbsp; **(b)** that of JSD &nbsp; **(c)** that of D's loss &nbsp; **(d)** that of $W_1$
# 4. In a training, D's loss on new examples stays at $1.386 = \log 4$. What do you know?
#    **(a)** $q = p$ &nbsp; **(b)** this D scores no better than a coin, whether there is a difference or not &nbsp;
#    **(c)** D has won &nbsp; **(d)** D overfits

# %% tags=["exercise"]
which = ...  # your four letters

check.which(which)

# %% [markdown]
# <details><summary>Hint 1</summary>Questions 1 and 2: what is D at the end, ½ everywhere or certain and right? Put that into each formula.</details>
# <details><summary>Hint 2</summary>Question 3: three of the four are the same thing, up to a factor and a constant.</details>
# <details><summary>Hint 3</summary>Question 4: what does a coin score against the best generator, and against the worst?</details>

# %% tags=["solution"]
solution_which = "cadb"
check.which(solution_which, solution=True)

# %% [markdown]
# ## What the articles say
#
# | article | it says | what this chapter measured |
# |---|---|---|
# | A2 | the model is $G(z) = G_1(z)$, $D(x) = D_1(x)$ | two networks under new names, and no rule that they follow: it says nothing of what is drawn, and fits θ = −2 and θ = 2 alike, whose best scores lie 1.27 apart (1.2) |
# | A4 | the minimax formula | right: its lowest point is $q = p$, proved and found (1.2) |
# | A4 | gradients vanish because networks are deep | the slope vanishes with one weight and no layer, too: there the cause is the score (1.3) |
# | A4 | the generator's loss measures how far generated data are from real ones | it is D's opinion: a coin sees no difference, an outdated D prefers the worse generator (1.5) |
# | A5 | a smaller training set prevents overfitting | the opposite: after 600 steps, D overfits most with 50 numbers, on this seed and the five others that we tried (1.5) |

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **What is now known.** On examples that $D$ has not learned from, $(V + \log 4)/2$ is, up to chance, a lower bound on the
# JSD. So a high score there can show that a generator is bad. A generator's loss is one discriminator's opinion.
#
# **What this does not say.** How to measure a generator without trusting its own opponent: that is chapter 06.
#
# **What comes next.** [Chapter 02](../02_losses/): other losses, and their slopes.
#
# **Strengths** of the game: the discriminator bounds a distance from below by examples alone, and the generator needs
# nothing but slopes. **Limits:** the proof needs the *best* $D$; without overlap the score is blind; with one step each the
# game is no walk downhill. **Software:** `course_lib.metrics.divergence` for densities on the line;
# `scipy.stats.wasserstein_distance` for draws; [POT](https://pythonot.github.io) for Wasserstein
# distances in more dimensions.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661). Proposition 1 is $D^*$,
#   theorem 1 the score.
# - J. Lin. *Divergence measures based on the Shannon entropy.* IEEE Transactions on Information Theory 37, 1991. The JSD.
# - M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein generative adversarial networks.* ICML 2017,
#   [arXiv:1701.07875](https://arxiv.org/abs/1701.07875). Example 1 is like our boxes: two parallel lines in the plane.
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017,
#   [arXiv:1701.04862](https://arxiv.org/abs/1701.04862). Why the best $D$ of thin sets of pictures is flat.
# - J. Weed, F. Bach. *Sharp asymptotic and finite-sample rates of convergence of empirical measures in Wasserstein
#   distance.* Bernoulli 25, 2019, [arXiv:1707.00087](https://arxiv.org/abs/1707.00087). How slowly $W_1$ is learned from draws.
# - L. Mescheder, A. Geiger, S. Nowozin. *Which training methods for GANs do actually converge?* ICML 2018,
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406). The smallest game, and what makes it come to rest.
