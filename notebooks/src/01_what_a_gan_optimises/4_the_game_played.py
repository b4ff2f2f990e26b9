# %% [markdown]
# # 1.4 What happens when both play?
#
# **You need** [lesson 1.3](3_where_the_score_is_blind.ipynb): the slope of $V(G, D^*)$, and where it vanishes.
# **You will** check which slope the generator follows, play the game near and from far away, and tell from two curves
# what is wrong in a game. About 35 minutes to read, 60 with the exercises.
#
# Up to now the best discriminator $D^*$ was always there, for every generator. In a training it is not. $D$ begins with
# random weights, $G$ where we put it, and the two take their steps in turn. Does the generator still find $\theta = 2$, where $q = p$?

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch import nn

from course_lib.chapters import syllabus
from course_lib.chapters.ch01_what_a_gan_optimises import figures
from course_lib.chapters.ch01_what_a_gan_optimises.games import broken_games, on_arrival, smallest_game
from course_lib.data import toy
from course_lib.learn.claims import Claims
from course_lib.losses import Minimax, NonSaturating
from course_lib.metrics import divergence
from course_lib.metrics.divergence import gaussian, midpoints, optimal_value
from course_lib.runtime import Runtime
from course_lib.training import Game

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("01.4", runtime)
check = syllabus.checks("01")
ask = syllabus.questions("01.4")
print(runtime.describe())
print(syllabus.time_of("01.4"))

# %% [markdown]
# ## Which slope does the generator follow?
#
# As before, the real numbers scatter around 2 and the generated ones around $\theta$, both with standard deviation 1. In
# the game the generator takes its step while the discriminator **stands still**. But in $V(G, D^*)$, the score that we
# know, $D^*$ moves along with $\theta$.

# %%
ask.predict("frozen")

# %% tags=["nbval-check-output"]
x = midpoints(-30, 30, 6000)  # the middles of 6,000 strips, each 0.01 wide
bump = toy.line(2.0, sigma=1.0)
p = bump.density(x[:, None])  # (6000,): the real density


def slope_of(distance, theta):  # as in lesson 1.3
    theta = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    return torch.autograd.grad(distance(p, gaussian(x, theta), x), theta)[0].item()


def slope_with_D_frozen(theta):
    frozen = (p.log() - gaussian(x, theta).log()).detach()  # D*'s logits for this θ; detach: they stand still
    return slope_of(lambda p, q, x: divergence.gan_value(p, q, frozen, x), theta)


differences = [abs(slope_with_D_frozen(theta) - slope_of(optimal_value, theta)) for theta in (-2.0, 0.0, 1.0, 2.0, 4.0)]
claims.at_most("with D* frozen, the generator's slope is the slope of −log 4 + 2 JSD (largest difference)",
               max(differences), 1e-9)

# %% [markdown]
# If you expected another slope: $D^*$ does move with $\theta$, but $D^*$ sits on the top of $V$, and on a top the slope
# is 0. So moving $D$ a little changes $V$ by next to nothing. (This is called the *envelope theorem*.)
#
# Hence **if** the discriminator is the best before each of the generator's steps, the generator walks down the JSD. Here is
# this walk, from $\theta = -1$ with step size 0.1:

# %%
theta, best_D = -1.0, []
for _ in range(800):
    theta = theta - 0.1 * slope_of(optimal_value, theta)  # downhill
    best_D.append(theta)
print(f"after 800 steps θ = {theta:.4f}; never above {max(best_D):.4f}")

# %% [markdown]
# ## One step each
#
# With pictures nobody can compute the best discriminator. `course_lib.training.Game` gives each player **one step**, in turn
# (chapter 03 writes that loop in full). The generator has its one weight $\theta$. The discriminator is
# $D(x) = \operatorname{sigmoid}(w x + b)$ with two weights. That is enough, for the best logit is a straight line
# (lesson 1.1). A *loss* is a number that a player tries to make small. With `Minimax()`, $D$'s loss is $-V$ and $G$'s is
# $\mathbb{E}[\log(1 - D(G(z)))]$, the part of $V$ that depends on $G$. Each step estimates it from a *batch*, here 256 real
# and 256 generated numbers; `"sgd"` is plain gradient descent with the step size `lr`, for both players.

# %%
numbers = toy.draw_points(bump, runtime, 20_000)  # real numbers, in batches of 256


class MeanGenerator(nn.Module):  # a network: nn.Parameter is a weight, forward() what it computes
    latent = 1  # random numbers for each example

    def __init__(self, mean):
        super().__init__()
        self.mean = nn.Parameter(torch.tensor(mean))

    def forward(self, z):  # (N, 1)
        return self.mean + z


def play(start, steps, loss, d_steps=1):
    """θ and w after each turn."""
    with runtime.seeded("game"):  # nn.Linear(1, 1) is D's logit wx + b; the loss applies the sigmoid
        game = Game(MeanGenerator(start), nn.Linear(1, 1), loss, lr=0.1, optimiser="sgd", batch=256, ema=0,
                    d_steps=d_steps)  # ema=0: no averaged generator
    path = [(game.generator.mean.item(), game.discriminator.weight.item()) for _ in game.steps(numbers, steps, runtime)]
    return [theta for theta, _ in path], [w for _, w in path]

# %% [markdown]
# **Exercise 1: finish the line.** A small step of $\theta$ moves every generated number by as much, and so its logit
# $d = wx + b$ by $w$ times as much. `believed` holds $D$'s answers to some generated numbers. Return the slope by $\theta$
# of the mean of $\log(1 - D)$ over them, which the generator follows downhill. (Lesson 1.1: the slope of
# $\log(1 - \operatorname{sigmoid}(d))$ by $d$ is $-\operatorname{sigmoid}(d)$.)

# %% tags=["exercise"]
def generator_slope(w, believed):
    ...  # your line: return …


check.generator_slope(generator_slope)

# %% [markdown]
# <details><summary>Hint 1</summary>Chain rule: the slope by the logit, times how much θ moves the logit.</details>
# <details><summary>Hint 2</summary>sigmoid(d) is D, which <code>believed</code> holds. A mean of slopes is the slope of the mean.</details>
# <details><summary>Hint 3</summary>Test it: if w is positive, D says “real” on the right. Then downhill has to lead to the right, so the slope is negative.</details>

# %% tags=["solution"]
def solution_generator_slope(w, believed):
    return -w * believed.mean()


check.generator_slope(solution_generator_slope, solution=True)

# %%
ask.predict("way")

# %% tags=["nbval-check-output"]
one_each, w_one = play(-1.0, runtime.pick(smoke=50, course=800), Minimax())
claims.close("with the best D, θ reaches the real mean", best_D[-1], 2, 0.01)
claims.at_most("… and never runs past it", max(best_D) - 2, 0.001)
claims.at_least("with one step each, θ runs past the real mean by at least 0.2", max(one_each) - 2, 0.2)
claims.close("… and ends near it all the same (mean of the last 100 steps)", sum(one_each[-100:]) / 100, 2, 0.1)
figures.chart({"With one step each, θ runs past 2 and swings": {
    "the best D before each step": (range(800), best_D), "one step each": (range(len(one_each)), one_each)}},
    "step", "θ, the generator's mean", level=(2.0, "real mean"),
    alt="With the best D, θ rises to 2 and stays. With one step each it rises beyond 2, returns, "
        "and swings around 2 less and less.")

# %% [markdown]
# If you expected the same way, only slower: with one step each, $\theta$ runs *past* 2 and swings back, several times.
# The discriminator still believes what was true some steps ago, and the generator follows that advice. A game is no walk
# downhill.
#
# If that is the reason, it should matter how fast the discriminator learns. We give it ten steps for each of the
# generator's.

# %%
ask.predict("ten")

# %% tags=["nbval-check-output"]
ten_each, w_ten = play(-1.0, runtime.pick(smoke=20, course=300), Minimax(), d_steps=10)
claims.true("with ten steps of D for each of G's, θ runs past the real mean less far than with one",
            max(ten_each) < max(one_each))
figures.chart({"With ten steps of D, θ hardly swings": {
    name: (range(min(300, len(curve))), curve[:300])
    for name, curve in (("one step each", one_each), ("ten steps of D", ten_each))}},
    "step of the generator", "θ, the generator's mean", level=(2.0, "real mean"),
    alt="With one step of D, θ runs past 2 by about 0.7 and comes back; with ten steps it goes to 2 and hardly beyond.")

# %%
for name, thetas, ws in (("one step each", one_each, w_one), ("ten steps of D", ten_each, w_ten)):
    print(f"{name}: past 2 by {max(thetas) - 2:.2f}; {on_arrival(thetas, ws)}")
with runtime.seeded("game"):
    w_start = nn.Linear(1, 1).weight.item()  # D's random first weight, the same in both runs
title, best_w = "Each w lags behind the best w", torch.tensor([-1.0, 2.75])
figures.chart({title: {"one step each": ([-1.0, *one_each], [w_start, *w_one]),
                       "ten steps of D": ([-1.0, *ten_each], [w_start, *w_ten]),
                       "the best w = 2 − θ": (best_w, 2 - best_w)}},
              "θ, the generator's mean", "w, the discriminator's weight",
              dots={title: {"start": (-1.0, w_start), "both are right": (2, 0, -30, -24)}},
              alt="Weight w against θ. The best w is a line that falls from 3 at θ = −1 to 0 at θ = 2. Both games start "
                  "far below it and cross it on their way right. At θ = 2 w is still 0.5 with one step each, and 0.2 "
                  "with ten steps of D. The one curve turns back at θ = 2.7 and winds into the point (2, 0); the other "
                  "ends there.")

# %% [markdown]
# The best weight is $2 - \theta$ (lesson 1.1, exercise 3). First both curves lie below that line: $D$ has not yet
# learned as much as it could. Then they lie above it: $D$ repeats what was true of an earlier $\theta$. When $\theta$
# first reaches 2, the best weight is 0. With one step each $w$ is still 0.51, and back at 0 only 73 of $G$'s steps
# later. With ten steps of $D$ it is 0.19, and back after 19. (In the recorded runs on five other seeds $\theta$ ran
# past 2 by 0.54 to 0.85 with one step each, and every time by less with ten.)
#
# ## The smallest game
#
# In our game the swings die out. Must they? In the smallest game (Mescheder, Geiger and Nowozin 2018) all real numbers
# are 0, and the generator has no noise: all its numbers are $\theta$. The discriminator is
# $D(x) = \operatorname{sigmoid}(\psi x)$ with one weight $\psi$ (“psi”). So $D$ answers ½ to every real number, and
#
# $$V = \log \tfrac12 + \log\big(1 - \operatorname{sigmoid}(\psi\theta)\big).$$
#
# *In words:* a constant, plus the logarithm of the probability “generated” that $D$ gives to $\theta$. At $\theta = 0$
# the generated numbers are the real ones, and at $\psi = 0$ $D$ is a coin: both are right. Do they get there?

# %% [markdown]
# **Exercise 2: one turn of the smallest game.** Both players take their step **at once**, from the same $\theta$ and
# $\psi$, with step size `lr`: $D$ uphill on $V$ by $\psi$, $G$ downhill on $V$ by $\theta$. Return the new $\theta$ and the
# new $\psi$.

# %% tags=["exercise"]
def at_once(theta, psi, lr):
    ...  # your lines, ending in: return the new theta, the new psi


check.at_once(at_once)

# %% [markdown]
# <details><summary>Hint 1</summary>Chain rule with d = ψθ: its slope by ψ is θ, and its slope by θ is ψ.</details>
# <details><summary>Hint 2</summary>Let D = sigmoid(ψθ). The slope of V by ψ is −Dθ, and by θ it is −Dψ.</details>
# <details><summary>Hint 3</summary>Uphill adds lr times the slope, downhill subtracts it. <code>torch.sigmoid(torch.tensor(…))</code> also works for huge numbers; <code>math.exp</code> overflows.</details>

# %% tags=["solution"]
def solution_at_once(theta, psi, lr):
    believed = torch.sigmoid(torch.tensor(psi * theta)).item()
    return theta + lr * believed * psi, psi - lr * believed * theta


check.at_once(solution_at_once, solution=True)

# %% [markdown]
# Now 200 turns with step size 0.2, once with both players at once, and once in turn, where $G$ already sees $D$'s new
# weight. The figure draws $\psi$ against $\theta$, as the last one did with $w$: each turn is a small step along the
# curve. Both runs start at $(1, 0)$.

# %%
ask.predict("smallest")

# %%
together, in_turn = smallest_game(200, in_turn=False), smallest_game(200, in_turn=True)  # θ after each turn, and ψ
title = "In the smallest game swings grow, or stay"
figures.chart({title: {name: ([1.0, *thetas], [0.0, *psis])
                       for name, (thetas, psis) in (("both at once", together), ("in turn", in_turn))}},
              "the generator's number θ", "the discriminator's number ψ", equal=True,
              dots={title: {"start": (1, 0, -20, 8), "both are right": (0, 0)}},
              alt="The pair (θ, ψ) starts at (1, 0). It winds outwards around (0, 0) when both step at once, to a distance "
                  "of 2.3, and circles at a distance of 1 when they step in turn.")

# %% [markdown]
# If you expected a spiral inwards (what follows gives exercise 2 away): let $D = \operatorname{sigmoid}(\psi\theta)$.
# By the chain rule the slope of $V$ by $\psi$ is $-D\theta$, and by $\theta$ it is $-D\psi$. $D$ steps uphill and $G$
# downhill. So with $s = \mathrm{lr} \cdot D$ one turn at once makes $\theta + s\psi$ of $\theta$, and $\psi - s\theta$
# of $\psi$. Multiply out the new squared distance from the middle (the terms $2s\theta\psi$ cancel):
#
# $$(\theta + s\psi)^2 + (\psi - s\theta)^2 = (1 + s^2)\,(\theta^2 + \psi^2).$$
#
# *In words:* each turn leads further away, however small the step. In turn, the pair keeps circling at nearly the same
# distance over these 200 turns.
#
# Why does our game come to rest? Its real numbers are spread. At $\theta = 2$ the best answer is ½ everywhere. A $D$ with
# $w \ne 0$ answers otherwise, so its own steps bring $w$ back to 0. In the smallest game, at $\theta = 0$, all numbers
# are 0, and $D$ answers ½ to 0 whatever $\psi$ is: nothing brings $\psi$ back.
#
# ## From far away
#
# Now the game begins at $\theta = -8$, where the score is nearly flat (lesson 1.3). We play it twice. In the second run the
# generator follows another loss: $-\mathbb{E}[\log D(G(z))]$ instead of $\mathbb{E}[\log(1 - D(G(z)))]$. *In words:* it
# makes the probability of “real” large, instead of making that of “generated” small. This is called the *non-saturating*
# loss. The discriminator is of the same kind, and again starts anew.

# %%
ask.predict("rescue")

# %% tags=["nbval-check-output"]
stuck, _ = play(-8.0, runtime.pick(smoke=50, course=800), Minimax())
rescued, _ = play(-8.0, runtime.pick(smoke=50, course=800), NonSaturating())
claims.at_most("from 10 away, 800 steps of the minimax game move θ by less than 0.2", abs(stuck[-1] + 8), 0.2)
claims.close("… and the non-saturating loss brings it home (mean of the last 100 steps)",
             sum(rescued[-100:]) / 100, 2, 0.15)
figures.chart({"From far away only one of the two losses brings θ home": {
    "minimax": (range(len(stuck)), stuck), "non-saturating": (range(len(rescued)), rescued)}},
    "step", "θ, the generator's mean", level=(2.0, "real mean"),
    alt="With the minimax loss θ stays at −8. With the non-saturating loss it climbs to 2, runs past it, "
        "and settles.")

# %% [markdown]
# If you expected both to be stuck: “blind” was said of $V$, not of the discriminator. Its logit $wx + b$ slopes
# everywhere. By exercise 1 the minimax slope is $-w$ times the mean of $D$ over the generated numbers; at −8 this $D$ is
# nearly 0. The other's is $-w$ times the mean of $1 - D$ (slope of $\log\operatorname{sigmoid}$, lesson 1.1):
# nearly $-w$. [Chapter 02](../02_losses/) goes on from here.
#
# For two boxes that do not overlap (lesson 1.3) no loss that uses the best $D$ would help: $D^*$ is 0 on the whole
# generated box, so it has no slope there. A $D$ with a limited slope is another matter (chapter 02). Pictures are more
# like such boxes than like bells: a generator's few latent numbers reach only a thin part of the space of pixels (Arjovsky
# and Bottou 2017).
#
# With the non-saturating loss the generator no longer walks down the JSD, so the proof of lesson 1.2 does not cover it. It
# shares the goal, $q = p$, but not the way.

# %% [markdown]
# **Exercise 3: what is wrong here?** The figure below shows three games, in turn, with the minimax
# loss. They begin at $\theta = -1$ and $w = 0.3$.
# Each of the three has one of these faults, no two the same:
#
# - **(a)** $D$ takes no steps,
# - **(b)** $D$ walks the wrong way, downhill on $V$,
# - **(c)** $G$ walks the wrong way, uphill on $V$,
# - **(d)** both walk the wrong way.
#
# Write three letters, for A, B and C.

# %%
three = broken_games()
turns = range(1, 301)
figures.chart({"θ, the generator's mean (2 is right)": {name: (turns, thetas) for name, (thetas, _) in three.items()},
               "w, the discriminator's weight": {name: (turns, ws) for name, (_, ws) in three.items()}},
              "turn", "", low=-8, high=6,
              alt="Left, θ over 300 turns: A rises steadily through 2 and beyond 4, B falls slowly to about −3, C falls out of "
                  "the picture at once. Right, w: A stays at 0.3, B rises to about 2.7, C falls out of the picture at once.")

# %% tags=["exercise"]
faults = ...  # three letters, such as "abc"

check.faults(faults)

# %% [markdown]
# <details><summary>Hint 1</summary>Look at w first. Whose w never changes?</details>
# <details><summary>Hint 2</summary>The real numbers lie to the right of the generated ones. So what should the sign of w be?</details>
# <details><summary>Hint 3</summary>A generator should go to where D says “real”: to the right if w is positive, to the left if it is negative. Which one does not?</details>

# %% tags=["solution"]
solution_faults = "acb"
check.faults(solution_faults, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **What is now known.** With the best $D$ before each step, the generator walks down the JSD. With one step each, the game
# swings; whether the swings die out depends on the game.
#
# **What this does not say.** One weight against two is little, and nobody has asked what can be read from the losses.
#
# **What comes next.** [Lesson 1.5](5_what_losses_tell.ipynb): what the two losses tell you about a training, and what not.
