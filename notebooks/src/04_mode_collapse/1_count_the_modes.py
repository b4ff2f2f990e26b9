# %% [markdown]
# # 4.1 How do you count what a generator leaves out?
#
# A generator that draws one perfect 8, again and again, may win every round for a while. It leaves out the other nine
# digits. This is [mode collapse](../../docs/glossary.md#mode-collapse): a *mode* is a place where data crowd together,
# such as one of the ten digits. This chapter shows it, measures it and tests its cures.
#
# **You need** [the loop of lesson 3.1](../03_train_a_gan/1_the_loop.ipynb). **You will** count modes, compute how uneven
# their shares are, and tell a good cloud of points from noise. About 25 minutes to read, 40 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib.chapters import syllabus
from course_lib.chapters.ch04_mode_collapse.pictures import clouds
from course_lib.chapters.ch04_mode_collapse.tables import show_distances, show_modes
from course_lib.data import draw_points, mixture
from course_lib.data.noise import blurred, box_noise, merging_sigma
from course_lib.learn.claims import Claims
from course_lib.metrics import energy_distance, measure_modes
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("04.1", runtime), syllabus.checks("04"), syllabus.questions("04.1")
print(runtime.describe())
print(syllabus.time_of("04.1"))

# %% [markdown]
# ## Data whose modes we know
#
# With digits it is hard to say how many modes there are: is a 7 with a bar a mode of its own? So we begin with points
# in the plane. The **ring** has 8 modes on a circle of radius 1. Around each, points scatter with a standard deviation
# $\sigma$ of 0.01 in both coordinates. Later we also need the **grid**: 25 modes, 2 apart, with $\sigma = 0.05$. Several
# papers use both.

# %%
ring, grid = mixture("ring"), mixture("grid")
ring_data = draw_points(ring, runtime)  # 100,000 points
true_points = ring.sample(2500, runtime.stream("true points"))[0]
clouds({"ring": true_points, "grid": grid.sample(2500, runtime.stream("grid"))[0]}, {"ring": ring, "grid": grid},
       title="Points of the ring and of the grid: small dense dots",
       alt="Eight small dots of points on a circle, and 25 in five rows of five, each inside a circle that marks a mode.")

# %% [markdown]
# 600 points of each are drawn. The circles only mark where the modes are: they are larger than the modes. Each panel has
# its own scale: the ring is 2 wide, the grid 8.
#
# ## Which modes are hit?
#
# A point hits a mode when it lies within $3\sigma$ of its centre. On a line 99.7 % of the points of a Gaussian would do
# so. In the plane a point can stray in two directions, and 98.9 % do.
#
# - **modes covered**: how many modes are hit by at least one point;
# - **high quality**: the share of points that hit *some* mode.
#
# **Exercise 1. Count the modes.** Given `points` $(N, 2)$, the modes' `centres` $(K, 2)$ and `sigma`: how many modes are
# hit? A point may hit two modes that lie close together. `torch.cdist(a, b)` gives the distance of each row of `a` to
# each row of `b`.

# %% tags=["exercise"]
def count_modes(points, centres, sigma):
    ...  # your lines, ending in: return …


check.count_modes(count_modes)

# %% [markdown]
# <details><summary>Hint 1</summary>Make a table with a row for each point and a column for each mode: True where the point is near enough.</details>
# <details><summary>Hint 2</summary>A mode counts if any point of its column is True.</details>
# <details><summary>Hint 3</summary><code>table.any(0)</code> asks that of each column; then add up.</details>

# %% tags=["solution"]
def solution_count_modes(points, centres, sigma):
    close_enough = torch.cdist(points, centres) < 3 * sigma
    return close_enough.any(dim=0).sum()


check.count_modes(solution_count_modes, solution=True)

# %% [markdown]
# ## How even are the shares?
#
# Give each point to the mode nearest to it. Let $p_k$ be the share of the points that mode $k$ gets, of $K$ modes. If all
# get equally many, each share is $1/K$. The [KL divergence](../../docs/glossary.md#kl-divergence) says how far the shares
# are from equal ones:
#
# $$\mathrm{KL} = \sum_k p_k \log (p_k K).$$
#
# Here $\log$ is the natural logarithm. *In words: divide each mode's share by the equal share $1/K$, take the logarithm,
# and average it over the points.* It is 0 if all shares are equal. If all points go to one mode it is $\log K$:
# $\log 8 = 2.08$ for the ring, $\log 25 = 3.22$ for the grid.
#
# **Exercise 2. Finish the line.** `counts` says how many points each of $K$ modes gets, some perhaps none. Return the KL.
# `torch.special.xlogy(a, b)` is $a \log b$, and 0 where $a$ is 0.

# %% tags=["exercise"]
def kl(counts):
    share = ...  # your line
    return ...  # and yours


check.kl(kl)

# %% [markdown]
# <details><summary>Hint 1</summary>First turn counts into shares that add up to 1.</details>
# <details><summary>Hint 2</summary>K is how many modes there are: the length of the list, empty modes included.</details>
# <details><summary>Hint 3</summary>Where a share is 0, its term must be 0 too. That is what xlogy is for: a is the share, b the share times K.</details>

# %% tags=["solution"]
def solution_kl(counts):
    p_k = counts.double() / counts.sum()
    return torch.special.xlogy(p_k, p_k * len(p_k)).sum()


check.kl(solution_kl, solution=True)

# %% [markdown]
# All three numbers together, as the rest of this chapter uses them. (The modes of the ring and of the grid lie far
# apart, so `count` asks of each point only how far its nearest mode is.)

# %%
def count(points, target):
    distance = torch.cdist(points, target.centres)  # (points, modes)
    nearest = distance.argmin(1)
    good = distance.min(1).values < 3 * target.sigma
    share = torch.bincount(nearest, minlength=target.modes) / len(points)
    spread = torch.special.xlogy(share, share * target.modes).sum().item()
    return nearest[good].unique().numel(), good.float().mean().item(), spread


print("true points: modes {}, high quality {:.3f}, KL {:.4f}".format(*count(true_points, ring)))
print("the library:", measure_modes(true_points, ring))

# %% [markdown]
# (The library rounds, so its KL is 0.00. It also prints a JSD
# ([lesson 1.2](../01_what_a_gan_optimises/2_what_the_score_says.ipynb)), which this chapter does not use.)
#
# ## Four clouds whose faults we know
#
# Before we judge generators we judge clouds that we made ourselves, of 2,500 points or fewer:
#
# - **one mode**: true points of one of the eight;
# - **noise**: points thrown evenly over the square around the data;
# - **blurred data**: true points, each moved by Gaussian noise in both coordinates. The noise's standard deviation is
#   about half the distance between neighbouring modes;
# - **6 of 8 modes**: true points of six modes. The two that are missing are neighbours.

# %%
ask.predict("noise modes")

# %%
ask.predict("noise kl")

# %%
noise = box_noise(ring_data.points.cpu(), 2500, runtime.stream("box"))
blur = blurred(ring, 2500, runtime.stream("blur"))  # Gaussian noise, as wide as merging_sigma says
points, mode = ring.sample(2500, runtime.stream("labelled"))
cases = {"one mode": points[mode == 0], "noise": noise, "blurred data": blur, "6 of 8 modes": points[mode < 6]}
print(f"the blur has a standard deviation of {merging_sigma(ring):.3f}")
show_modes("Four clouds that no training made, and true points",
           {name: measure_modes(cloud, ring) for name, cloud in {"true points": true_points, **cases}.items()})

# %%
clouds(cases, ring, title="Four faults: one mode only, noise, blur, two modes missing",
       alt="Four panels: one dot; points all over a square; a broad cloud; six dots on a circle.")

# %% [markdown]
# (At most 600 points of each are drawn; a few blurred ones lie beyond the frame.)

# %% tags=["nbval-check-output"]
ours, library = count(true_points, ring), measure_modes(true_points, ring)
claims.close("our high-quality share is the library's", ours[1], library.high_quality, 1e-6)
claims.close("our KL is the library's", ours[2], library.kl, 1e-4)
claims.close("of true points about 98.9 % lie within 3σ", library.high_quality, 0.9889, 0.01)
claims.true("six modes hit perfectly count as 6", measure_modes(cases["6 of 8 modes"], ring).modes == 6)
for name in ("noise", "blurred data"):
    claims.at_most(f"{name}: shares as even as true points' to within a KL of 0.05", measure_modes(cases[name], ring).kl,
                   0.05)
    claims.at_most(f"{name}: high quality at most 2 %", measure_modes(cases[name], ring).high_quality, 0.02)

# %% [markdown]
# Each number is blind to something:
#
# - **High quality** calls "one mode" as good as true points. It does not ask *which* mode is hit.
# - **Modes covered** finds 6 of 8 modes in pure noise. Of 2,500 points a few fall on a mode by chance, and one is enough.
# - **KL** calls noise and blurred data about as even as true points. It gives each point to the nearest mode, however
#   far.
#
# Many modes and a small KL together do not prove a good cloud: noise has both. So each number is read beside the
# others. ("6 of 8 modes" has a KL of $\log(8/6) = 0.29$: six equal shares.)
#
# ## A distance by which noise cannot beat the data
#
# Can *one* number compare whole clouds? Let $x$ be generated points, $y$ true points, $x'$ and $y'$ others of the same
# kind. $\mathbb{E}$ is the mean over all pairs, and $\lVert x - y\rVert$ is how far two points are from each other. The
# [energy distance](../../docs/glossary.md#energy-distance) is
#
# $$E = 2\,\mathbb{E}\lVert x - y\rVert - \mathbb{E}\lVert x - x'\rVert - \mathbb{E}\lVert y - y'\rVert.$$
#
# *In words: twice the mean distance between the clouds, less the mean distance within each: how much farther points lie
# from the other cloud than from their own kind.* With the means taken over whole distributions, it is never negative, and
# 0 only if both are the same (Székely and Rizzo 2013). So no *distribution* can score better than the true one; two
# clouds of finite size may change places by chance. It has no setting to choose, and it needs no list of the modes.

# %%
ask.predict("energy")

# %%
def energy(x, y):  # (N, 2), (M, 2)
    between, within_x, within_y = (torch.cdist(a, b).mean() for a, b in ((x, y), (x, x), (y, y)))
    return (2 * between - within_x - within_y).item()


others = ring.sample(2500, runtime.stream("others"))[0]  # true points to compare with
distance = {name: energy(cloud, others) for name, cloud in {"true points": true_points, **cases}.items()}
show_distances(distance, title="Noise is farther from the data than true points are",
               alt="Dots on a logarithmic axis: true points 0.003, blurred data 0.03, noise 0.06, 6 of 8 modes 0.08, one "
                   "mode 1.3.")

# %% tags=["nbval-check-output"]
claims.close("our energy distance is the library's", distance["noise"], energy_distance(noise, others), 1e-4)
for name in ("noise", "blurred data", "one mode"):
    claims.at_most(f"energy distance: true points score at most a third of what {name} scores",
                   distance["true points"] / distance[name], 1 / 3)
claims.true("energy distance: true points of 6 modes score worse than blurred data",
            distance["6 of 8 modes"] > distance["blurred data"])
claims.true("… and worse than true points of 6 modes where the two that are missing lie opposite",
            distance["6 of 8 modes"] > energy(points[mode % 4 != 0], others))

# %% [markdown]
# Noise does not beat the data. But it beats perfect points of six modes: one side of their ring is empty. (Two missing
# modes that lie opposite cost less: last claim.) And this distance hardly sees whether points lie *on* a mode or close
# by: in lesson 4.3 a cloud (batch norm in G, seed 100) with only 13 % of its points on a mode scores 0.009. So it says
# who has found the *shape* of the data, and high quality is reported beside it.
#
# (Even two true clouds of 2,500 points score about 0.001 on average, not 0: within a cloud each point is also paired
# with itself, at distance 0. By chance it is 0.0034 here.)
#
# **Exercise 3. Read four reports.** Clouds of 2,500 points, compared with the ring's 8 modes. Call each one `"good"`,
# `"collapsed"` (nearly all points on one mode), `"uneven"` (all modes are hit, some hardly ever) or `"noise"` (hardly a
# point on a mode).
#
# | cloud | modes | high quality | KL | energy distance |
# |---|---|---|---|---|
# | P | 2 | 98 % | 2.07 | 1.3 |
# | Q | 7 | 0.5 % | 0.01 | 0.06 |
# | R | 8 | 97 % | 0.01 | 0.003 |
# | S | 8 | 94 % | 0.59 | 0.37 |

# %% tags=["exercise"]
heaps = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.heaps(heaps)

# %% [markdown]
# <details><summary>Hint 1</summary>Begin with quality: which cloud hardly ever hits a mode?</details>
# <details><summary>Hint 2</summary>Two modes may be hit by thousands of points, or one of them by a single point. The KL says which: compare it with log 8.</details>

# %% tags=["solution"]
solution_heaps = {"P": "collapsed", "Q": "noise", "R": "good", "S": "uneven"}

check.heaps(solution_heaps, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** modes covered, high quality and KL, each blind to a fault; a distance by which noise cannot beat the
#   data. A cloud is judged by all four, beside noise.
# - **Not said:** how to count where nobody knows the modes, as with real pictures. Lesson 4.4 tries.
# - **Next:** [4.2 Why do all points run to one place?](2_collapse_on_demand.ipynb)
