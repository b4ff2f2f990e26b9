# %% [markdown]
# # 4.2 Why do all points run to one place?
#
# We make a GAN collapse within seconds, watch what it does, and find out what its discriminator could have said. Then
# one number is changed. At the end you play the game yourself, on data that you may draw.
#
# **You need** [4.1](1_count_the_modes.ipynb) (the ring, the four numbers),
# [lesson 1.1](../01_what_a_gan_optimises/1_best_discriminator.ipynb) (the best discriminator) and
# [lesson 3.1](../03_train_a_gan/1_the_loop.ipynb) (the loop). **You will** make a game collapse, compute what a perfect
# discriminator would answer, measure how far a heap travels, and tell what one game shows from what it does not. About 25
# minutes to read, 45 with the exercises and the playground.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
from itertools import islice

import torch

from course_lib.chapters import syllabus
from course_lib.chapters.ch04_mode_collapse.pictures import clouds
from course_lib.chapters.ch04_mode_collapse.playground import playground
from course_lib.chapters.ch04_mode_collapse.tables import show_modes
from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data import draw_points, mixture
from course_lib.learn.claims import Claims
from course_lib.metrics import measure_modes
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("04.2", runtime), syllabus.checks("04"), syllabus.questions("04.2")
ring = mixture("ring")
ring_data = draw_points(ring, runtime)  # 100,000 points
print(runtime.describe())
print(syllabus.time_of("04.2"))

# %% [markdown]
# ## Collapse on demand
#
# Two small networks play. The generator G turns 256 random numbers into a point; the discriminator D turns a point into
# a logit. Both have two hidden layers of 128 units, G's with ReLU and D's with leaky ReLU. (`toy_game` builds the game;
# `ema=0`: no average of G's weights is kept.) The loss is the non-saturating one (chapter 02). Two things are unusual:
# the long latent, and **G's step size is ten times D's.** We call this *the unbalanced game*, and stop four times to
# look.

# %%
ask.predict("ten times")

# %%
def points_game(lr_d):
    with runtime.seeded("points"):
        return toy_game(ring, latent=256, hidden=(128, 128), lr=1e-3, lr_d=lr_d, batch=128, ema=0)


def watch(game, data, steps, stops=4):
    seen = {}
    for _ in range(stops):
        for _ in game.steps(data, steps // stops, runtime):
            pass
        seen[f"step {game.step_number:,}"] = game.sampler(ema=False)(2500).cpu()
    return seen


unbalanced = points_game(lr_d=1e-4)
seen = watch(unbalanced, ring_data, runtime.pick(smoke=40, course=3000))
show_modes("The unbalanced game", {stop: measure_modes(points, ring) for stop, points in seen.items()})

# %%
clouds(seen, ring, title="The unbalanced game: all points lie in one heap, and the heap moves",
       alt="Four panels: all generated points lie in one heap, which moves from stop to stop.")

# %% tags=["nbval-check-output"]
report = measure_modes(unbalanced.sampler(ema=False), ring)
claims.at_most("the unbalanced game covers at most 2 of 8 modes", report.modes, 2)
claims.at_least("… and the shares are far from equal: KL at least 1", report.kl, 1.0)

# %% [markdown]
# The circles mark the modes; 600 of the 2,500 points are drawn, and some lie beyond the frame. This is not the collapse
# of textbooks, where all points lie on one mode. The heap is broader than a mode, and most of it lies beside the modes:
# see its quality. And from one stop to the next it has moved.
#
# **Exercise 1. Build it: how far does the heap travel?** The argument `clouds` is a list of tensors $(N, 2)$, one a stop.
# The *middle* of a cloud is the mean of its points. Add up how far the middle moves from each stop to the next. Then call
# `way(list(seen.values()))`: how far did this heap go, on a ring that is 2 wide? Guess it from the figure first.

# %% tags=["exercise"]
def way(clouds):
    ...  # your lines, ending in: return …


check.way(way)

# %% [markdown]
# <details><summary>Hint 1</summary>cloud.mean(0) is the middle, two numbers. First make the list of all middles.</details>
# <details><summary>Hint 2</summary>With zip(middles, middles[1:]) you go through neighbours; the length of a move is the root of its two squares' sum.</details>
# <details><summary>Hint 3</summary>Take the length of each move before you add them up, or a way there and back is 0.</details>

# %% tags=["solution"]
def solution_way(clouds):
    middle = torch.stack([cloud.mean(0) for cloud in clouds])
    moves = middle[1:] - middle[:-1]
    return moves.square().sum(1).sqrt().sum()


check.way(solution_way, solution=True)
print(f"this heap went {solution_way(list(seen.values())):.1f}")

# %% [markdown]
# ## Why does it not spread?
#
# During a step of G the discriminator stands still. Against a discriminator that stands still, one point is the best
# answer: the one that D believes in most. And it is the best for *every* latent (Metz et al. 2017). The loss pushes
# each point to where D believes more. Nothing in the loss keeps the points apart: where D's belief has one peak, all
# are pushed towards it.
#
# Does D not object to a heap? The best discriminator does. It answers
# $D^* = p / (p + q)$ (lesson 1.1), where $p$ is the density of the data at a point and $q$ that of G. *In words: what
# share of the points found here are real, if as many are drawn of both.* Where generated points crowd, $q$ is large and
# $D^*$ is small.
#
# **Exercise 2. Finish the line.** The data have `modes` modes, all equally likely. G draws perfect points of `hit` of
# them, all equally often. At a point of a mode that is hit, both densities have the same bump: the data put 1/`modes` of
# their mass there, G puts 1/`hit`. What does the best discriminator answer?

# %% tags=["exercise"]
def best_belief(modes, hit):
    return ...  # your line


check.best_belief(best_belief)

# %% [markdown]
# <details><summary>Hint 1</summary>p is a part of the data's mass, q a part of G's. Write both down for 8 modes, 1 of them hit.</details>
# <details><summary>Hint 2</summary>The bump itself is a factor of p and of q, and drops out of p / (p + q).</details>

# %% tags=["solution"]
def solution_best_belief(modes, hit):
    of_data, of_g = 1 / modes, 1 / hit
    return of_data / (of_data + of_g)


check.best_belief(solution_best_belief, solution=True)

# %% [markdown]
# For a heap on one mode of eight that is 1/9. Each such point is perfect; there are only too many of them.
#
# Does our D learn to say this? We take a copy of it and let it learn *alone*, with its own step size. Its opponent is a
# "generator" that draws true points of one mode, again and again.

# %%
ask.predict("alone")

# %%
class OneMode(torch.nn.Module):  # a "generator" that draws true points, all of one mode
    latent = 2

    def forward(self, z):
        return ring.centres[0].to(z) + ring.sigma * z


watcher, everywhere = copy.deepcopy(unbalanced), ring_data.points[:2500]
points, mode = ring.sample(2500, runtime.stream("labelled"))
hunting, heap = (cloud.to(runtime.device) for cloud in (unbalanced.sampler(ema=False)(2500), points[mode == 0]))


def belief(points):  # how real D finds them, from 0 to 1
    with torch.no_grad():
        return watcher.discriminator(points).sigmoid().mean().item()


print(f"in the unbalanced game D finds G's heap real: {belief(hunting):.2f}, true points: {belief(everywhere):.2f}")
watcher.generator = OneMode()
for batch, _ in islice(ring_data.stream(128, runtime), runtime.pick(smoke=20, course=1000)):
    watcher.step(batch, runtime, players="d")
print(f"after 1,000 steps of its own: true points of one mode: {belief(heap):.2f}, of all: {belief(everywhere):.2f}")

# %% tags=["nbval-check-output"]
claims.at_most("D alone, for 1,000 steps: it believes in a heap of true points at most half as much as in true points",
               belief(heap) / belief(everywhere), 0.5)
claims.close("… and about 1/9, as at its optimum", belief(heap), 1 / 9, 0.05)

# %% [markdown]
# So a D that judges one point at a time *can* say "too much of the same". The best D would say 1/9 of the one mode, 1 of
# the other seven, and so $\tfrac{7}{8} + \tfrac{1}{8}\cdot\tfrac{1}{9} = 0.89$ of all true points on average. Ours comes
# close: 0.12 and 0.90.
#
# In the unbalanced game the same D gives the heap and the true points 0.51 each, on average (first line, this page's
# run). We read this, and the figure, as a [*chase*](../../docs/glossary.md#chase-of-the-two-players): G moves to where D
# believes a little more, and D, whose step is a tenth of G's, follows. Once D doubts a place, the whole heap moves on.
# (Metz et al. 2017 saw a G go from mode to mode of a ring.) If that is so, D's pace matters. That can be tested.
#
# ## What if D's step size is raised to G's?

# %%
ask.predict("equal")

# %%
equal = points_game(lr_d=1e-3)
seen_equal = watch(equal, ring_data, runtime.pick(smoke=40, course=3000))
show_modes("Equal step sizes (both 0.001)", {stop: measure_modes(points, ring) for stop, points in seen_equal.items()})

# %%
clouds(seen_equal, ring, title="Equal step sizes (both 0.001): the heap opens",
       alt="Four panels: a heap, points everywhere, then a band along part of the ring.")

# %% [markdown]
# No longer one heap: at the last two stops the points lie along part of the ring. In *this page's run* they miss some
# modes. From step 1,500 to step 3,000 more of them come to lie on a mode, but the shares become *less* even: the KL
# grows. With another seed, or on another processor, whose rounding differs, this training goes another way. So no claim
# is made about it.
#
# Ten seeds were recorded for 2,000 steps ([4.3](3_a_fair_race.ipynb)). On each of them the KL with equal step sizes is
# at most half of the unbalanced game's, and at most one point in ten lies on a mode. So a larger step of D opened the
# heap, and that did not yet make a good generator.
#
# **D's step size matters much.** (To raise it changes two things: the balance, and D's own speed. Item 1 below asks which.)
# When a paper shows a cure at work, ask: were the step sizes of its control as good as they could be?
#
# ## The playground
#
# Now play it yourself. (Where no kernel runs, you see a still picture of an unbalanced game.) Its networks have three
# hidden layers and a latent of 2. Blue: D believes in real points there; orange: in generated ones; on the line it is
# undecided. In the live view arrows show where the loss pushes the generated points. D's loss starts near 1.39, as it
# sums two terms of $\log 2 = 0.69$ each. In the still picture the right panel has two shares: of the modes that are hit
# (one of 8 is 0.125), and of the points that lie on a mode. Try this:
#
# 1. **Run** with D's step size 0.0001, and watch the heap. Then set it to 0.001 and press **Reset**, which begins anew.
#    (Without Reset, the running game goes on with the new step size.) Last, Reset with *both* at 0.0001: the balance is
#    equal, and D as slow as at first. Does the heap open? (Give it 3,000 steps; the answer is below.)
# 2. Set **speed** to slow, or let one player step alone with **Step D** and **Step G**. Thirty steps of D: how do the
#    arrows change? **pause at step** stops the game at the step you name, and tells the modes of that step.
# 3. Press **Draw** and put points of your own: each becomes a mode. Which shapes are hard to learn?
# 4. **Share** shows the setting as one line of Python, such as the one below. Send it to a neighbour, who runs it and
#    sees your game, with your points.
#
# <details><summary>Item 1: what we found</summary>
#
# With both step sizes at 0.0001 we ran the playground's game three times: seeds 0 to 2, 3,000 steps. The heap opened each
# time: the KL was 0.08, 0.01 and 0.01 (with G's at 0.001: 2.08 each time). So there D need not be faster.
#
# We ran this lesson's game three times as well, with the same seeds and steps. It stayed a heap each time: the KL was
# 1.58, 1.85 and 2.08 (with both at 0.001: 0.81, 0.12 and 0.74). On seed 0 it was still one after 30,000 steps. So there
# equal balance alone was not enough: the answer differs between games (this one has a latent of 256, not 2, and two
# hidden layers, not three). (G is slower here, too.)
# </details>
#
# It offers cures, too: most of those of the next lesson, and some relatives. Choose one and guess whether it stops the
# chase.

# %%
playground("ring", lr=1e-3, lr_d=1e-4, seed=runtime.seed)

# %% [markdown]
# **Exercise 3. Explain.** Which of these sentences do this lesson's games and its reasoning support? Answer True for
# those. Answer False where they contradict a sentence or cannot show it.
#
# - P: "Against a D that stands still, G can do no better than send every latent to the point in which D believes most."
# - Q: "A D that looks at one point at a time can never object to a heap of perfect points."
# - R: "The non-saturating loss makes the heap, so another loss is needed to open it."
# - S: "Every collapse is a chase: a heap always moves on."

# %% tags=["exercise"]
chase = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.chase(chase)

# %% [markdown]
# <details><summary>Hint 1</summary>For Q look at what D said after 1,000 steps of its own.</details>
# <details><summary>Hint 2</summary>For R compare the two games: what was changed between them? For S ask whether one game can speak for all.</details>

# %% tags=["solution"]
solution_chase = {"P": True, "Q": False, "R": False, "S": False}

check.chase(solution_chase, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** in the unbalanced game the points lay in a heap that wandered. A D that is given time objects to a
#   heap: of true points of one mode it says about 1/9. With D's step size raised to G's (both 0.001) the heap opened,
#   without becoming good. With both at 0.0001 (G slower, too) it did not, in this game: so it is not the balance alone.
# - **Not said:** that all collapse is a chase (one unbalanced game was watched), or that equal step sizes are always
#   best.
# - **Next:** [4.3 Which cures beat a fair control?](3_a_fair_race.ipynb)
