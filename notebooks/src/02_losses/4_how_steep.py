# %% [markdown]
# # 2.4 How steep may a discriminator become?
#
# A steep discriminator changes its score a lot when a picture changes a little. The generator's gradient passes through
# that slope: in lesson 2.2, while $D$ learned, $D$'s slope became 40 times as large, and the gradient 94 times as long.
# Some losses reward steepness without end. What holds it back: cutting the weights, and *penalties*, terms that charge
# for a slope.
#
# **You need** [2.1](1_the_price_of_a_guess.ipynb) (prices), [2.3](3_what_d_learns.ipynb) (best scores, $W_1$) and the
# [gradient](../../docs/maths.md#gradient). **You will** compute where a discriminator with one weight settles, compare
# five networks, write a penalty, and repair one that has no effect. About 20 minutes to read and run up to the stopping
# place, 30 with the exercises; then 15, and 25 with the exercise.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import losses
from course_lib.chapters import syllabus
from course_lib.chapters.ch02_losses.pictures import steepness, valleys, weights
from course_lib.chapters.ch02_losses.prices import PRICES
from course_lib.data import toy
from course_lib.learn.claims import Claims, show_table
from course_lib.losses import R1, R2, GradientPenalty, WeightClip, squared_gradient_norm
from course_lib.models.points import PointDiscriminator
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("02.4", runtime)
check = syllabus.checks("02")
ask = syllabus.questions("02.4")
print(runtime.describe())
print(syllabus.time_of("02.4"))

# %% [markdown]
# ## One weight
#
# The smallest discriminator is $d(x) = w x$ on the line: its single weight $w$ is its slope. Let real data have the
# mean 1 and drawn ones the mean −1. Then the Wasserstein price $f - r$ is $-w - w = -2w$ on average. ($\gamma$,
# "gamma", is the strength of a penalty.)
#
# | what holds $w$ back | what is done | where $w$ ends |
# |---|---|---|
# | nothing | nothing | the slope $-2$ is never 0: $w$ grows for ever |
# | weight clipping at $c$ (Arjovsky and others 2017) | $w$ is cut to $-c \dots c$ after each step | $w = c$ |
# | WGAN-GP (Gulrajani and others 2017) | the price gets $+\,\gamma\,(\lvert w \rvert - 1)^2$, measured between real and drawn points | $-2 + 2\gamma(w - 1) = 0$: $w = 1 + 1/\gamma$ |
# | R1 (Mescheder and others 2018) | it gets $+\,\frac{\gamma}{2} w^2$, measured at real data | $-2 + \gamma w = 0$: $w = 2/\gamma$ |
# | R1 and R2 | the same at drawn data too | $-2 + 2\gamma w = 0$: $w = 1/\gamma$ |
#
# (With a penalty, $w$ comes to rest where the slope of price and penalty together is 0. WGAN-GP's line is for $w > 0$.)
# *In words: WGAN-GP charges for a slope whose size is not 1, R1 and R2 for a slope that is not 0. The larger $\gamma$,
# the nearer $w$ comes to 1, or to 0.* Now the library's penalties get this discriminator, and its weight moves downhill
# from 0.1: `autograd.grad` finds the slope of the price by $w$, and `clamp` cuts $w$ to the limits.

# %%
real_points = 1 + torch.tensor([-0.5, 0.5], dtype=torch.float64)[:, None]  # mean 1
drawn_points = -real_points  # mean −1
wasserstein_d = PRICES["Wasserstein"][0]  # f − r


def price_of(w, penalties):
    price = wasserstein_d(w * real_points, w * drawn_points).mean()
    return price + sum(penalty(lambda x: w * x, real_points, drawn_points) for penalty in penalties)


def settled(penalties=(), limit=None, steps=500, start=0.1):
    """The weight after so many small steps downhill."""
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        (slope,) = torch.autograd.grad(price_of(w, penalties), w)
        w = (w - 0.02 * slope).detach().requires_grad_()
        if limit:
            w = w.detach().clamp(-limit, limit).requires_grad_()
    return w.item()


# %%
w_free, w_clip = settled(), settled(limit=0.01)
w_gp, w_r1, w_both = settled([GradientPenalty(10.0)]), settled([R1(10.0)]), settled([R1(10.0), R2(10.0)])
show_table("Where the weight is after 500 steps downhill", ("what holds w back", "found", "by the formula"), [
    ("nothing", f"{w_free:.1f}", "grows for ever"), ("clipping at 0.01", f"{w_clip:.2f}", "c = 0.01"),
    ("WGAN-GP, γ = 10", f"{w_gp:.3f}", "1 + 1/γ = 1.1"), ("R1, γ = 10", f"{w_r1:.3f}", "2/γ = 0.2"),
    ("R1 and R2, γ = 10", f"{w_both:.3f}", "1/γ = 0.1")])

# %% tags=["nbval-check-output"]
claims.at_least("without a limit the weight keeps growing: twice the steps, more than 1.9 times the weight",
                settled(steps=1000) / w_free, 1.9)
claims.close("WGAN-GP with γ = 10 settles at 1 + 1/γ", w_gp, 1.1, 1e-3)
claims.close("R1 with γ = 10 settles at 2/γ", w_r1, 0.2, 1e-3)
claims.close("R1 and R2 with γ = 10 settle at 1/γ", w_both, 0.1, 1e-3)

# %% [markdown]
# **Exercise: other heaps.** Let real data have the mean $m$ and drawn ones $-m$. Finish the line: where does $w$ settle
# with R1 alone, of strength `gamma`?

# %% tags=["exercise"]
def settles(m, gamma):
    ...  # your line: return …


check.settles(settles)

# %% [markdown]
# <details><summary>Hint 1</summary>What is f − r on average, now that the means are m and −m?</details>
# <details><summary>Hint 2</summary>The penalty is the table's. Set the slope of the sum to 0.</details>

# %% tags=["solution"]
def solution_settles(m, gamma):
    return 2 * m / gamma  # −2m + γw = 0


check.settles(solution_settles, solution=True)

# %%
ask.predict("wrong_side")

# %%
from_left = {"WGAN-GP": settled([GradientPenalty(10.0)], start=-0.1), "R1": settled([R1(10.0)], start=-0.1)}
along = torch.linspace(-1.6, 1.6, 321, dtype=torch.float64)
curves = {name: torch.stack([price_of(w, [penalty]).detach() for w in along])
          for name, penalty in (("WGAN-GP", GradientPenalty(10.0)), ("R1", R1(10.0)))}
valleys(curves, along, starts={"0.1": {"WGAN-GP": w_gp, "R1": w_r1}, "−0.1": from_left})

# %% tags=["nbval-check-output"]
claims.close("started on the wrong side, WGAN-GP settles at −(1 − 1/γ): the critic is upside down",
             from_left["WGAN-GP"], -0.9, 1e-3)
claims.close("started on the wrong side, R1 settles at 2/γ all the same", from_left["R1"], 0.2, 1e-3)

# %% [markdown]
# WGAN-GP asks for the *size* of the slope to be 1. So its price has a second valley, at negative $w$ (left panel). There
# $\lvert w \rvert = -w$, and the slope of the price, $-2 - 2\gamma(-w - 1)$, is 0 at $w = -(1 - 1/\gamma)$
# if $\gamma > 1$. To leave that valley the weight would have to pass through 0, where the penalty is high. Such a
# critic is upside down: it gives drawn data the higher scores. R1 has one valley only.

# %% [markdown]
# **Exercise: fill in the valley.** Petzka and others (2018) charge only for slopes *above* 1: $\gamma$ times the square
# of the excess over 1. Write that penalty. `steep` holds the slope's size at each of N points, `(N,)`; return the mean.
# (A weight that starts at −0.1 is then charged nothing before it passes 1. So it leaves the wrong side.)

# %% tags=["exercise"]
def one_sided(steep, gamma):
    ...  # your line: return …


check.one_sided(one_sided)

# %% [markdown]
# <details><summary>Hint 1</summary>WGAN-GP's penalty is <code>gamma * (steep - 1).square().mean()</code>. Which of its terms are to become 0?</details>
# <details><summary>Hint 2</summary>"What is too much, else nothing" is what torch.relu does. First relu, then the square, then the mean.</details>

# %% tags=["solution"]
def solution_one_sided(steep, gamma):
    return gamma * torch.relu(steep - 1).square().mean()


check.one_sided(solution_one_sided, solution=True)

# %% [markdown]
# **A good place to stop for today.** So far one weight; next, networks.
#
# ## A network
#
# Now a network with two hidden layers of 64 units, and heaps of points in the plane. Real points lie around (1, 0),
# drawn ones around (−1, 0), with a standard deviation of ½. The cheapest plan moves every point by 2, so $W_1 = 2$. The
# discriminator learns alone. Every 20 steps we measure its mean slope at the data. In the plane the slope at a point is
# the gradient's length, the root of what `squared_gradient_norm` gives. ($\gamma$ is 10 for WGAN-GP, but 1 for R1 and
# R2: 10 would leave the relativistic discriminator hardly any slope. The rules $2/\gamma$ and $1/\gamma$ are the
# Wasserstein price's.)

# %%
def heaps(dim):
    centre = torch.eye(1, dim)  # (1) on the line, (1, 0) in the plane
    return toy.Mixture("real", centre, 0.5), toy.Mixture("drawn", -centre, 0.5)


def untrained(dim=2, start=0):
    with runtime.seeded("critic", start):
        return PointDiscriminator((64, 64), dim=dim)


def learn_alone(loss, penalties=(), constraints=(), dim=2, start=0):
    critic, steepness = untrained(dim, start), {}
    optimiser = torch.optim.Adam(critic.parameters(), 1e-3, betas=(0.5, 0.9))
    for step in range(runtime.pick(smoke=20, course=400) + 1):
        x, y = (heap.sample(128, runtime.stream(heap.name, step))[0] for heap in heaps(dim))
        if step % 20 == 0:
            steepness[step] = squared_gradient_norm(critic, torch.cat([x, y])).sqrt().mean().item()
        optimiser.zero_grad()
        with runtime.seeded("between", step):  # WGAN-GP draws points between real and drawn ones
            price = loss.d(critic(x), critic(y)) + sum(penalty(critic, x, y) for penalty in penalties)
        price.backward()
        optimiser.step()
        for constraint in constraints:
            constraint(critic)
    return critic, steepness


# %%
ask.predict("five")

# %%
alone = {
    "Wasserstein, no limit": learn_alone(losses.Wasserstein()),
    "Wasserstein, clip 0.01": learn_alone(losses.Wasserstein(), constraints=[WeightClip(0.01)]),
    "Wasserstein, WGAN-GP": learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)]),
    "relativistic": learn_alone(losses.Relativistic()),
    "relativistic, R1 + R2": learn_alone(losses.Relativistic(), [R1(1.0), R2(1.0)]),
}
steepness({name: steep for name, (_, steep) in alone.items()})

# %%
def distance_measured(critic, dim=2):
    """Mean score of 10,000 real points minus that of 10,000 drawn ones."""
    with torch.no_grad():
        real, drawn = (critic(heap.sample(10_000, runtime.stream(heap.name, "test"))[0]).mean() for heap in heaps(dim))
    return (real - drawn).item()


last = {name: list(steep.values())[-1] for name, (_, steep) in alone.items()}
rows = [("before learning", f"{alone['relativistic'][1][0]:.4f}", f"{distance_measured(untrained()):.3f}"),
        *((name, f"{last[name]:.4f}", f"{distance_measured(critic):.3f}") for name, (critic, _) in alone.items())]
show_table("The network before learning, and five after 400 steps; the true distance W1 is 2",
           ("discriminator", "mean slope", "mean score of real minus drawn"), rows)

# %% tags=["nbval-check-output"]
claims.at_least("without a limit the Wasserstein discriminator becomes steeper than 50", last["Wasserstein, no limit"], 50)
claims.at_most("clipped at 0.01 it ends flatter than 0.05", last["Wasserstein, clip 0.01"], 0.05)
claims.close("with WGAN-GP the mean slope ends at 1, give or take 0.2", last["Wasserstein, WGAN-GP"], 1, 0.2)
claims.at_least("R1 and R2 make the relativistic discriminator at least 3 times less steep",
                last["relativistic"] / last["relativistic, R1 + R2"], 3)

# %% [markdown]
# Two of the five have neither limit nor penalty. The Wasserstein one has no best score (lesson 2.3), so it becomes
# steeper and steeper. The relativistic one has a best score, $\log(p/q)$. Its slope is 8 for these heaps, so the
# discriminator levels off (at 6.6 so far). It can, because the two heaps overlap. Real and drawn pictures are expected
# not to overlap (Arjovsky and Bottou 2017). Then one of $p$ and $q$ is 0 at each picture: the best score is $+\infty$
# or $-\infty$, and no slope is steep enough. In lesson 2.2 the logits were still falling.
#
# With R1 and R2 the relativistic one is about a twentieth as steep (0.32 against 6.6). The three together are the loss of
# R3GAN (Huang and others 2024).
#
# And the distance? Without a limit the Wasserstein discriminator reports many times 2; clipped, 0.008. (The inventors
# of clipping promise only a multiple of $W_1$, with an unknown factor.) With WGAN-GP it reports a little more than 2,
# because the slope settles a little above 1, as in the first table. (The relativistic scores are log-ratios: the
# difference of their means tends to the sum of both KLs, here 16, and not to $W_1$.)
#
# ### Clipping or penalty?
#
# Clipping limits the weights, and the slope only through them: how flat the score becomes depends on the number of
# layers and units. Here the first cuts made it flattest; then it grew steeper, but ended flatter than before learning.
# What else does clipping do?

# %%
ask.predict("clipped")

# %%
def weights_of(name):
    return torch.cat([w.detach().flatten() for w in alone[name][0].parameters()])


clipped, penalised = weights_of("Wasserstein, clip 0.01"), weights_of("Wasserstein, WGAN-GP")
at_limit = (clipped.abs() >= 0.0099).float().mean().item()
print(f"{at_limit:.1%} of the clipped weights lie at the limit")
weights({"clipped at ±0.01: at the two limits": (clipped, 0.012), "WGAN-GP: around 0": (penalised, 0.5)})

# %% tags=["nbval-check-output"]
claims.at_least("more than half of the clipped weights lie at the limit", at_limit, 0.5)

# %% [markdown]
# The straight-line price pulls nearly every weight (98.6 %) as far as it may go. (Mind the figure's axes.) Such a
# network tends to functions that are too simple, as the inventors of WGAN-GP observed (their figure 1). Chapter 04
# tries a third way, [spectral norm](../../docs/glossary.md#spectral-norm).

# %% [markdown]
# **Exercise: a penalty without effect.** Somebody writes R1 and adds it to $D$'s loss. No error is raised, the printed
# value is right, and the discriminator becomes as steep as before.
#
# ```python
# def r1(critic, real, gamma):
#     real = real.detach().requires_grad_()
#     (slope,) = torch.autograd.grad(critic(real).sum(), real)
#     return 0.5 * gamma * slope.flatten(1).square().sum(1).mean()
# ```
#
# PyTorch records how a number was computed, its *graph*; `backward` follows this record. But `autograd.grad` gives
# plain numbers: how they were computed is forgotten, unless it is told to record that, too. (See
# `help(torch.autograd.grad)`.) Write `r1` so that $D$ learns from it. `real` is a batch `(N, …)`, `critic` gives
# `(N, 1)`.

# %% tags=["exercise"]
def r1(critic, real, gamma):
    ...  # your lines, ending in: return …


check.r1(r1)

# %% [markdown]
# <details><summary>Hint 1</summary>D's weights learn from the slope of the penalty by the weights. Is <code>slope</code> still connected to them?</details>
# <details><summary>Hint 2</summary>autograd.grad throws its graph away unless it is told to make one that can be followed again.</details>
# <details><summary>Hint 3</summary>The argument is called create_graph.</details>

# %% tags=["solution"]
def solution_r1(critic, real, gamma):
    points = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    return gamma / 2 * slope.flatten(1).square().sum(1).mean()


check.r1(solution_r1, solution=True)

# %% [markdown]
# ### Is the second valley a danger for a network? (optional)
#
# No later lesson needs this section. WGAN-GP gets four fresh networks on the line (heaps around 1 and −1) and four in
# the plane. We ask each for the distance, before and after learning.

# %%
ask.predict("upside_down")

# %%
def before_and_after(dim, start):
    critic, _ = learn_alone(losses.Wasserstein(), [GradientPenalty(10.0)], dim=dim, start=start)
    return distance_measured(untrained(dim, start), dim), distance_measured(critic, dim)


pairs = {dim: [before_and_after(dim, start) for start in (1, 2, 3, 4)] for dim in (1, 2)}
on_line, in_plane = ([after for _, after in pairs[dim]] for dim in (1, 2))
show_table("The distance that each of four networks reports (a minus: upside down)", ("network", 1, 2, 3, 4),
           [(f"{where}, {when} learning", *(f"{pair[i]:.{3 - i}f}" for pair in pairs[dim]))
            for dim, where in ((1, "on the line"), (2, "in the plane")) for i, when in enumerate(("before", "after"))])

# %% tags=["nbval-check-output"]
claims.at_most("in the plane each of four networks measures W1 = 2, give or take 0.4",
               max(abs(distance - 2) for distance in in_plane), 0.4)
claims.at_least("on the line each ends in one of the two valleys, at least 1.4 from 0",
                min(abs(distance) for distance in on_line), 1.4)

# %% [markdown]
# On the line a slope has two directions only. Unlike the single weight, a network's score has bends, so in principle a
# bend could wander across the data and turn the score piece by piece. Networks 1 and 4 began upside down and did not find
# such a way in 400 steps. (Network 2 began almost undecided. How many end upside down depends on the seed.) 2.22 and
# −1.82 are about 2 · 1.1 and −2 · 0.9: the single weight's two valleys, times the distance.
#
# In the plane a slope can *turn round* without ever being small. Network 4 began at −0.036, the earlier table's at
# −0.156, and both ended at 2.14: so the sign changed; we did not look how. Pictures have hundreds of dimensions, so we
# expect this trap only in small examples.

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# **Now known.** Without a limit the Wasserstein discriminator grows steeper and steeper. WGAN-GP brings the size of its
# slope to about 1, R1 and R2 pull a slope towards 0, and clipping made this network almost flat.
#
# **Not said.** Which penalty makes better pictures: here every discriminator learned alone. Chapter 04 compares whole
# games, with controls.
#
# **Next.** [2.5](5_which_loss.ipynb): two articles' losses make no game at all. And which loss to take?
