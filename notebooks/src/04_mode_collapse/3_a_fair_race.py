# %% [markdown]
# # 4.3 Which cures beat a fair control?
#
# Many cures have been proposed for GANs that collapse, and each paper shows its own at work. Here twelve meet in one
# race: beside the same game without a cure, and beside noise that nobody trained.
#
# **You need** [4.1](1_count_the_modes.ipynb) (the energy distance) and [4.2](2_collapse_on_demand.ipynb) (the unbalanced
# game). **You will** write down packing and the rule of a fair race, read its result, and name what an unfair report
# leaves out. About 40 minutes to read, 65 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib.chapters import syllabus
from course_lib.chapters.ch04_mode_collapse import race_pictures
from course_lib.chapters.ch04_mode_collapse.pictures import clouds
from course_lib.chapters.ch04_mode_collapse.race import beside_best, controls, last_cloud, most, paired, race, scores
from course_lib.chapters.ch04_mode_collapse.tables import show_modes
from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data import draw_points, mixture
from course_lib.learn.claims import Claims
from course_lib.metrics import energy_distance, measure_modes
from course_lib.runtime import Runtime
from course_lib.training import Pack

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("04.3", runtime), syllabus.checks("04"), syllabus.questions("04.3")
ring = mixture("ring")
ring_data = draw_points(ring, runtime)  # 100,000 points
true_points, others = (ring.sample(2500, runtime.stream(name))[0] for name in ("true points", "others"))
print(runtime.describe())
print(syllabus.time_of("04.3"))

# %% [markdown]
# ## A dozen cures
#
# | cure | what it changes |
# |---|---|
# | least squares loss | the players' aims (lesson 2.1); the control's loss is non-saturating |
# | batch norm in G, batch norm in D | numbers inside are centred and scaled over the batch (lesson 3.3) |
# | spectral norm | D's slopes are limited, layer by layer |
# | R1 + R2 | D pays for its slopes, at real and at generated points (lesson 2.4) |
# | minibatch discrimination | D is told how near each point is to the others |
# | minibatch stddev | D is told how much the batch varies |
# | Pack(4) (PacGAN) | D judges four points at once |
# | unrolled | G plays against D five plain steps of 0.01 later |
# | feature matching | G tries to match the *mean* of D's inner numbers at real points, not to fool D |
# | instance noise | D sees all points displaced at random, less and less as training goes on |
# | WGAN-GP | Wasserstein loss and gradient penalty (lessons 2.1, 2.4), five D steps for each of G |
#
# (The [glossary](../../docs/glossary.md) has each; most papers stand at the end of 4.4.) Some cures let D look at
# several points at once. **Packing** is the plainest: four points become one row of 8 numbers. In real packs they differ;
# in a heap's they differ less.
#
# **Exercise 1. Finish the line.** Turn $N$ points of $C$ numbers each into packs of `size` neighbours: $N / \text{size}$
# rows of $\text{size} \cdot C$ numbers.

# %% tags=["exercise"]
def pack(points, size):
    return ...  # your line


check.pack(pack)

# %% [markdown]
# <details><summary>Hint 1</summary>It is one line, and no number is changed.</details>
# <details><summary>Hint 2</summary>Neighbouring points already lie one after the other in memory: only the shape changes.</details>
# <details><summary>Hint 3</summary>How many rows will there be? A −1 as the second size lets PyTorch work out the rest.</details>

# %% tags=["solution"]
def solution_pack(points, size):
    return points.reshape(len(points) // size, -1)


check.pack(solution_pack, solution=True)

# %% [markdown]
# The library's `Pack(4)` does the same. **Minibatch standard deviation** is as short. It appends to each point's inner
# numbers (here: to the points) how much the batch varies, one number for all.

# %%
def with_spread(features):  # (N, k) -> (N, k + 1)
    spread = features.std(0, unbiased=False).mean()
    return torch.cat([features, spread.expand(len(features), 1)], 1)


real, heap = ring_data.points[:128].cpu(), last_cloud("unbalanced", "none")[:128]
print("a batch of 128 points, packed by the library:", tuple(Pack(4)(real, step=0).shape))
print(f"spread of real points {with_spread(real)[0, -1]:.3f}, of a recorded heap {with_spread(heap)[0, -1]:.3f}")

# %% [markdown]
# ## The rules
#
# The race is run from two starts, on seeds on which no setting was chosen (100 to 109). A cure changes only what its
# row says. It is compared with **five clouds without a cure**, its controls:
#
# - `none`: the same game without it;
# - the same game with one hidden layer more or less, and with another latent size, in case these were badly chosen;
# - `uniform noise` in the square around the data, and `data + noise`, the blurred data of 4.1: untrained.
#
# They are compared twice. At *equal steps* each game has 2,000. At *equal cost* a game whose step takes twice as long
# as `none`'s (one CPU thread) gets half the steps, and one whose step is cheaper gets more. A cure *wins* a seed if its
# energy distance is below that of all five, and it **works if it wins at least 9 of 10 seeds.** A cure that lost two
# or more of its first five seeds, in *both* comparisons, was stopped there: it could no longer reach 9 of 10.
#
# **Exercise 2. Build the rule.** `cure` is a list of energy distances, one a seed; `controls` is a list of such lists.
# Is the cure below *all* controls on at least 9 of 10 seeds, or on all seeds where there are fewer than ten?

# %% tags=["exercise"]
def beats_all(cure, controls):
    ...  # your lines, ending in: return … (True or False)


check.beats_all(beats_all)

# %% [markdown]
# <details><summary>Hint 1</summary>Go through the seeds: zip(cure, *controls) gives, for each seed, the cure's number and those of all controls.</details>
# <details><summary>Hint 2</summary>On one seed it wins if it is below the smallest of the others. Count these seeds.</details>
# <details><summary>Hint 3</summary>How many are needed depends on len(cure): one may be lost of ten, none of five.</details>

# %% tags=["solution"]
def solution_beats_all(cure, controls):
    victories = 0
    for mine, *theirs in zip(cure, *controls, strict=True):
        victories += mine < min(theirs)
    needed = len(cure) if len(cure) < 10 else len(cure) - 1
    return victories >= needed


check.beats_all(solution_beats_all, solution=True)

# %% [markdown]
# ## Who rescues the unbalanced ring?
#
# The first start is the unbalanced game of 4.2, recorded. One row is no cure from a paper: *equal step sizes*. No
# cure was tuned: each has one strength, and another may do better.

# %%
ask.predict("rescue")

# %%
race_pictures.show_settings()
race_pictures.last_clouds("unbalanced", true_points, title="Unbalanced start, seed 100, after 2,000 steps: true points and five clouds without a cure (orange), and thirteen games (blue)",
            alt="A panel for each row of the race. Orange: true points on eight spots, noise over the square, blurred data, "
                "three heaps without a cure. Blue: rings for unrolled, batch norm in G, minibatch discrimination and WGAN-GP, "
                "broad rings for feature matching and Pack(4), an uneven ring for equal step sizes, a tiny ring for batch norm "
                "in D, a band for minibatch stddev, and heaps for the others.")

# %% [markdown]
# This is one seed. Here are all:

# %%
race_pictures.measures("unbalanced", title="By modes and KL even noise looks rescued",
              alt="For each game the recorded trainings. Without a cure: 0 to 2 modes, a KL above 1, an "
            "energy distance near 1. The two noises have 4 to 8 modes, a small KL and energy distances of 0.05 and 0.03. "
            "Batch norm in G, unrolled, minibatch discrimination and equal step sizes have some quality; all but the last "
            "lie clearly below both noises in the last panel, feature matching a little.")

# %% [markdown]
# Each mark is one seed at equal steps, the bar their median. Orange squares are the five controls; the dotted line is
# the median of blurred data. The last panel decides: the farther left, the nearer to the data. (True points score 0.001
# on average, 4.1.) The KL alone is blind: batch norm in D, a tiny ring in the middle, hits no mode and has a KL below
# 0.02.
#
# Now each energy distance is divided by that of the best control of the same seed. So a mark left of 1 beats all five. At
# the right stands the count, bold where the cure works, and the steps that equal cost allows:

# %%
race_pictures.ratios("unbalanced", title="Only batch norm in G beats all five controls at equal steps and at equal cost",
            alt="Each game's energy distance over that of the best control, seed by seed, on a logarithmic axis. At equal steps "
                "unrolled, batch norm in G, minibatch discrimination and feature matching lie left of 1 on ten of ten seeds; at "
                "equal cost batch norm in G on ten and Pack(4) on nine. The others cross 1 or lie to the right of it. "
                "Equal cost allows from 267 steps (minibatch discrimination) to 2,410 (Pack(4)).")

# %% tags=["nbval-check-output"]
for row in ("none", "none, 3 × 128", "none, latent 2"):
    far = beside_best("unbalanced", "equal steps", row)
    claims.over_seeds(f"{row}: at least 10 times as far from the data as the best noise", far, 10, at_least=most(far))
for cure, at in (("batch norm in G", "equal steps"), ("batch norm in G", "equal cost"),
                 ("feature matching", "equal steps"), ("Pack(4)", "equal cost"), ("unrolled", "equal steps"),
                 ("minibatch discrimination", "equal steps")):
    near = beside_best("unbalanced", at, cure)
    claims.over_seeds(f"{cure} beats all five at {at}", near, 1, op="<", at_least=most(near))
for cure, at in (("feature matching", "equal cost"), ("Pack(4)", "equal steps"), ("equal step sizes", "equal steps"),
                 ("unrolled", "equal cost"), ("minibatch discrimination", "equal cost"), ("WGAN-GP", "equal steps")):
    lost = sum(ratio >= 1 for ratio in beside_best("unbalanced", at, cure).values())
    claims.at_least(f"{cure} at {at}: does not work, it loses on at least two seeds", lost, 2)
for cure in ("batch norm in D", "spectral norm", "minibatch stddev", "R1 + R2", "instance noise", "least squares"):
    far = beside_best("unbalanced", "equal steps", cure)
    claims.over_seeds(f"{cure}: at least 5 times as far as the best of the five", far, 5, at_least=most(far))
for cure, at in (("batch norm in G", "equal steps"), ("batch norm in G", "equal cost"), ("unrolled", "equal steps")):
    near = beside_best("unbalanced", at, cure, ["equal step sizes"])
    claims.over_seeds(f"{cure} at {at}: nearer than equal step sizes", near, 1, op="<", at_least=most(near))
for cure, at in (("minibatch discrimination", "equal steps"), ("feature matching", "equal steps"), ("Pack(4)", "equal cost")):
    lost = sum(ratio >= 1 for ratio in beside_best("unbalanced", at, cure, ["equal step sizes"]).values())
    claims.at_least(f"{cure} at {at}: loses to equal step sizes on at least two seeds", lost, 2)
kls = scores("unbalanced", "equal steps", "kl")
halved = {seed: kl / kls["none"][seed] for seed, kl in kls["equal step sizes"].items()}
claims.over_seeds("equal step sizes, nothing else changed: KL at most half of that of the unbalanced game", halved, 0.5,
                  op="<=", at_least=most(halved))

# %% [markdown]
# - **Batch norm in G works**, at equal steps and at equal cost, with a margin.
# - **Unrolled and minibatch discrimination work at equal steps only.** One step costs 6.8 and 7.5 times as much.
# - **Feature matching works at equal steps only, Pack(4) at equal cost only** (one seed lost). Both score about a
#   quarter below blurred data. A step of Pack(4) is cheaper than one of `none` (D judges 32 packs, not 128 points): so
#   it gets 2,410 steps.
# - **Equal step sizes**, no cure at all, win on some seeds and lose on others. Yet on every seed their KL is at most half
#   of the unbalanced game's.
# - **The others do not work.** WGAN-GP makes a ring on the seed drawn above, and loses on three, on two of them by far.
#
# **The fairest control.** On every seed the best of the five is blurred data: the three games without a cure share the
# bad step size. So let the cures beat *equal step sizes*, too. Batch norm in G does on all ten seeds, in both
# comparisons; so does unrolled at equal steps. Minibatch discrimination (8 of 10), feature matching (7) and Pack(4) (7,
# at equal cost) do not.
#
# Why these? That was not measured. In all five a point's push depends on the other points (in unrolled through the D
# that lies ahead); but so it does with minibatch stddev and batch norm in D, which fail.
#
# **Working is not yet good.** At equal steps at most 1 % of the points of feature matching and Pack(4) lie on a mode,
# hardly more than of noise. The three best cures put at most a sixth there.
#
# *A good place for a pause.*
#
# ## Does a cure help a game that is well?
#
# The second start is *strong*: equal step sizes, three hidden layers, a latent of 2. The three dearest cures (minibatch
# discrimination, unrolled, WGAN-GP) were not run here. The other nine have five seeds each.

# %%
ask.predict("strong")

# %%
race_pictures.ratios("strong", title="From the strong start no cure beats all five controls every time",
            alt="The same figure for the strong start. Feature matching, R1 + R2 and others lie around 1, with at most three of "
                "five seeds to its left; most of spectral norm's and all of batch norm in D's marks lie far to the right.")

# %%
plain = [e for row, seeds in scores("strong", "equal steps", "energy").items() if row.startswith("none") for e in seeds.values()]
race_pictures.measures("strong", title="Without a cure the strong game is often near the data, and sometimes fails",
              alt=f"The strong game and its relatives without a cure lie between {min(plain):.4f} and "
            f"{max(plain):.2f} in energy distance; feature matching and R1 + R2 lie close together at the left; spectral "
            "norm and batch norm in D lie mostly far to the right.")

# %% tags=["nbval-check-output"]
CURES = [row for row in scores("strong", "equal steps", "energy") if row not in controls("strong")]
wins = {(cure, at): beside_best("strong", at, cure) for cure in CURES for at in ("equal steps", "equal cost")}
claims.true("strong game: no cure works, at equal steps or at equal cost",
            all(sum(ratio < 1 for ratio in ratios.values()) < most(ratios) for ratios in wins.values()))
for cure in ("feature matching", "R1 + R2", "minibatch stddev", "batch norm in G"):
    energy, none, shared = paired("strong", cure)
    claims.at_most(f"strong game, {cure}: its worst seed is at most a fifth as far as the control's worst of the same seeds",
                   max(energy[s] for s in shared) / max(none[s] for s in shared), 0.2)
quality = scores("strong", "equal steps", "high_quality")["none, latent 256"]
still = [s for s, n in scores("strong", "equal steps", "modes")["none, latent 256"].items() if n == 1 and quality[s] > 0.99]
claims.at_least("seeds on which a balanced game without a cure sits on one mode, with 99 % quality", len(still), 1)

# %% [markdown]
# None works: each loses on at least two of its five seeds.
#
# Look at the *worst* seeds, too (last panel). On two of ten `none` fails: it is farther from the data than blurred data.
# Feature matching, R1 + R2, minibatch stddev and batch norm in G never do so on their five seeds. That is a hint at
# most: a game that fails on two of ten gets through five seeds in $0.8^5 = 33\ \%$ of cases.
#
# One seed of `none, latent 256` ends as in textbooks: nearly all points lie on one mode.
#
# ## One seed, live
#
# `none` and three cures again, from the unbalanced start, at equal steps (where Pack(4) does not work):

# %%
def rerun(row, start="unbalanced"):
    rules = race()["settings"]
    settings = rules["starts"][start]
    with runtime.seeded("weights"):
        game = toy_game(ring, row, latent=settings["latent"], hidden=settings["hidden"], lr=rules["lr"],
                        lr_d=settings["lr_d"], ema=0)
    for _ in game.steps(ring_data, runtime.pick(smoke=20, course=rules["steps"]), runtime):
        pass
    return game


games = {row: rerun(row) for row in ("none", "batch norm in G", "Pack(4)", "R1 + R2")}
live = {row: game.sampler(ema=False)(2500) for row, game in games.items()}
live_energy = {row: energy_distance(points, others) for row, points in live.items()}
show_modes("Live, after 2,000 steps", {row: measure_modes(points, ring) for row, points in live.items()}, live_energy)

# %%
clouds({row: points.cpu() for row, points in live.items()}, ring, blue=list(live)[1:],
       title="Batch norm in G makes a ring, Pack(4) a broad ring; R1 + R2 leaves a heap",
       alt="Four panels: one heap for the control, a ring with knots for batch norm in G, a broad "
                            "ring for Pack(4), one heap for R1 + R2.")

# %% tags=["nbval-check-output"]
claims.at_least("live: without a cure, an energy distance of at least 0.5", live_energy["none"], 0.5)
claims.at_most("live: with batch norm in G at most 0.1", live_energy["batch norm in G"], 0.1)
claims.at_most("live: with packs of four at most 0.2", live_energy["Pack(4)"], 0.2)
claims.at_least("live: with slope penalties R1 + R2 at least 0.3", live_energy["R1 + R2"], 0.3)

# %% [markdown]
# R1 + R2 leaves the heap. What could its penalty charge D for? R1 is $\tfrac{\gamma}{2}$ times the mean square of D's
# slope at real points, where the number $\gamma$ says how much slopes cost. R2 is the same at generated points. Take
# two games that were trained *without* the penalty: how much would their D have to pay?

# %%
ask.predict("penalty")

# %%
def penalty(discriminator, points, gamma):  # R1 at real points, R2 at generated ones
    points = points.clone().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(points).sum(), points, create_graph=True)  # (N, 2)
    return gamma / 2 * slope.square().sum(1).mean()


for row in ("none", "batch norm in G"):
    r1, r2 = (penalty(games[row].discriminator, at[:128], 1.0).item() for at in (ring_data.points, live[row]))
    print(f"{row:16} with γ = 1: R1 {r1:.3f}, R2 {r2:.3f}")

# %% [markdown]
# So in this collapsed game there is little to charge for, at real points and at the heap. (One batch each, two games.)
# And the race charges even less: its $\gamma$ is about 0.05. A much larger one was not tried.
#
# **Exercise 3. What does each report leave out?** Each word fits one of them: `"noise"` (it may be no better than
# noise), `"control"` (the control is set worse), `"luck"` (seeds were picked) or `"cost"`.
#
# - P: "With our layer all 8 modes are covered and the KL is 0.02, on all ten seeds. The control, set as carefully, has 2
#   modes and 1.9."
# - Q: "We tried 12 step sizes for our method. The baseline uses 0.1, at which it has an energy distance of 1.2 on all
#   seeds."
# - R: "The figure shows the best of our forty trainings. It has 8 modes and 97 % high quality."
# - S: "After 2,000 steps ours has half the energy distance of the control and of noise. Our steps take seven times as
#   long."

# %% tags=["exercise"]
unfair = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.unfair(unfair)

# %% [markdown]
# <details><summary>Hint 1</summary>For P: which cloud of lesson 4.1 has many modes and a small KL as well?</details>
# <details><summary>Hint 2</summary>For each report ask what you would run next to be convinced.</details>

# %% tags=["solution"]
solution_unfair = {"P": "noise", "Q": "control", "R": "luck", "S": "cost"}

check.unfair(solution_unfair, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** from the unbalanced ring batch norm in G works, and beats equal step sizes, too; at equal steps so does
#   unrolled. Three others work in one comparison, and do not beat equal step sizes there. From the strong start none of
#   nine works. By the medians, D's step size alone helps far more than six of the twelve cures.
# - **Not said:** what tuned cures do, longer games, other data or other cures.
# - **Next:** [4.4 When are points, and pictures, good?](4_good_points_and_pictures.ipynb)
