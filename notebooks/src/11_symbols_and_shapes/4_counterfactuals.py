# %% [markdown]
# # 11.4 What would have to change for another answer?
#
# "Why is this a 4?" can be asked in another way: *what would have to change so that it were a 9?* Such an answer is
# called a [counterfactual](../../docs/glossary.md#counterfactual). Whoever changes pixels freely can fool a classifier
# without drawing a 9. So we let a **generator** draw the change: a VAE, or a GAN. Each step on the way is one of its
# pictures.
#
# **You need** [5.2](../05_vae/2_a_vae_for_digits.ipynb) (encode, decode) and [11.3](3_rules_that_refuse.ipynb) (a
# classifier and an independent judge). **You will** search for a small move that changes an answer; compare it with two
# controls; test it where the true cause is known. About 25 minutes to read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch11_symbols_and_shapes import counter_pictures, counter_shapes
from course_lib.chapters.ch11_symbols_and_shapes.counter_slider import Ways, way_slider
from course_lib.data import load
from course_lib.data.shapes import shapes
from course_lib.explain.counterfactual import counterfactual, margin, pixel_move, random_move
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics.judge_scores import judge_outputs
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("11.4", runtime)
check = syllabus.checks("11")
ask = syllabus.questions("11.4")
print(runtime.describe())
print(syllabus.time_of("11.4"))

# These ship with the course, and stay as they are whatever the seed: it chooses digits, wanted answers, directions.
vae, reader, judge, sampler = (zoo.load(name) for name in ("vae-beta-1", "digit-cnn", "judge", "dcgan-digits"))
n = runtime.pick(smoke=4, course=50)
held_out = load("digits", split="test")
chosen = torch.randperm(len(held_out.images), generator=runtime.stream("digits"))[:n]
with torch.no_grad():
    start = vae.encode(held_out.images[chosen])[0]  # (n, 10): the latents of n held-out digits
    old = reader(vae(start)).argmax(1)  # what the classifier says of the VAE's pictures
want = (old + torch.randint(1, 10, (n,), generator=runtime.stream("wanted"))) % 10  # another class for each

# %% [markdown]
# ## Which answer do we want?
#
# The classifier gives ten logits. It says class $k$ when the logit of $k$ is the highest. So we look at the **lead** of
# $k$: its logit minus the highest of the *others*. Above 0, the answer is $k$.
#
# **Exercise 1. Finish the line.** `logits` is $(N, 10)$, `wanted` has a class for each picture, $(N,)$. Return the lead
# of the wanted class, $(N,)$.

# %% tags=["exercise"]
def lead(logits, wanted):
    return ...  # your line (or a few)


check.lead(lead)

# %% [markdown]
# <details><summary>Hint 1</summary>logits.gather(1, wanted[:, None])[:, 0] takes the wanted logit of each row.</details>
# <details><summary>Hint 2</summary>For the others, put minus infinity where the wanted class stands, in a copy: others[torch.arange(len(wanted)), wanted] = -torch.inf. Then take the maximum of each row.</details>

# %% tags=["solution"]
def solution_lead(logits, wanted):
    others = logits.clone()
    others[torch.arange(len(wanted)), wanted] = float("-inf")
    return logits.gather(1, wanted[:, None])[:, 0] - others.amax(1)


check.lead(solution_lead, solution=True)

# %% [markdown]
# ## A small move
#
# Let $z_0$ be the latents of the digit, $z$ those we search, and $a$ the lead that we ask for. Two wishes become one
# cost (after Wachter, Mittelstadt and Russell, 2018, who moved the input itself; Joshi and others, 2019, moved
# latents):
#
# $$\max(0,\; a + 0.1 - \text{lead}(z)) + 0.02\, \lVert z - z_0 \rVert^2 .$$
#
# Here $\text{lead}(z)$ is the wanted class's lead in the picture that the VAE draws from $z$. *In words: pay for what
# is missing of the wanted lead, and a little for the squared distance.* The 0.1 makes the search go a little past $a$,
# and Adam often goes farther. So we go downhill, then walk back towards $z_0$ as far as the lead allows, by halving: is
# half of the way enough? and so on. (A way may cross several borders; halving finds one.) `course_lib` calls the lead
# `margin`: `margin(wanted)` is a function, from logits to leads.

# %%
def small_move(start, wanted, at_least, steps=120):
    z = start.clone().requires_grad_()
    optimiser = torch.optim.Adam([z], lr=0.1)
    for _ in range(steps):
        missing = (at_least + 0.1 - margin(wanted)(reader(vae(z)))).clamp(min=0)  # vae(z) draws from latents
        cost = missing.sum() + 0.02 * (z - start).square().sum()
        optimiser.zero_grad()
        cost.backward()  # slopes for z alone: the networks are frozen
        optimiser.step()
    way = z.detach() - start
    low, high = torch.zeros(len(z), 1), torch.ones(len(z), 1)  # which share of the way is enough?
    for _ in range(7):  # halve seven times
        middle = (low + high) / 2
        enough = margin(wanted)(reader(vae(start + middle * way)))[:, None] >= at_least
        low, high = torch.where(enough, low, middle), torch.where(enough, middle, high)
    return start + high * way


end = small_move(start, want, at_least=4.0)
found = counterfactual(reader, margin(want), vae, start, at_least=4.0, steps=120, lr=0.1)
real = margin(held_out.labels)(reader(held_out.images)).median().item()
print(f"we ask for a lead of 4; real digits have a lead of {real:.0f} for their own class (median)")

# %% tags=["nbval-check-output"]
off = (end - found.end)[found.reached].abs()
claims.at_most("our moves are course_lib's (largest difference of a latent)", off.max().item() if len(off) else 0, 1e-3)

# %% [markdown]
# Downhill, from one start, in 120 steps, we find *a* small move. Whether there is a smaller one, this does not say.
# (The last section looks.)
#
# ## On the way
#
# Move the slider from a digit to its counterfactual (without a kernel you see seven steps). Above each picture stands
# the classifier's answer and how sure it is, below it the judge's answer. At the right: orange is more ink, blue less.

# %%
shown = found.reached.nonzero()[:4, 0].tolist()  # the first four that were reached
way_slider(Ways(vae, found, reader, judge), shown or [0], title="Strokes are added and removed until the answer changes",
           alt="Four digits in seven steps to another digit. The strokes change little by little; the classifier's "
               "answer changes near the end of each row, and the judge follows in most.")

# %% [markdown]
# The change is made of strokes. The answer changes in the second half of each row: soon after it, the lead is 4 and the
# way ends. A way may lead through a third digit. And the judge does not always follow: in the second row the classifier
# ends at a 6, the judge at a 0.
#
# ## Two controls
#
# A move of the same length in a **random** direction: if it reached the class as often, the search would have found
# nothing special.
#
# **Exercise 2. Build the control.** From `start` $(N, L)$ go in the direction of `noise` $(N, L)$, each row exactly as
# far as `end` lies from `start`.

# %% tags=["exercise"]
def as_far(start, end, noise):
    ...  # your lines, ending in: return …


check.as_far(as_far)

# %% [markdown]
# <details><summary>Hint 1</summary>x.norm(dim=1, keepdim=True) is the length of each row, (N, 1).</details>
# <details><summary>Hint 2</summary>Divided by its own length a row has length 1; times the wanted length it is as long as needed.</details>

# %% tags=["solution"]
def solution_as_far(start, end, noise):
    far = (end - start).norm(dim=1, keepdim=True)
    return start + far * noise / noise.norm(dim=1, keepdim=True)


check.as_far(solution_as_far, solution=True)

# %% [markdown]
# The second control changes the **pixels** of the VAE's picture directly, downhill, until the lead is reached: an
# [adversarial](../../docs/glossary.md#adversarial-change) change. And the judge, another network, reads all results. We
# ask the VAE for two leads: 1, just past the border, and 4. (A lead of 4 is about half of what real digits have.)

# %%
ask.predict("random")

# %%
ask.predict("border")

# %%
def row(name, before, after, wanted, at_least):
    says = judge_outputs(after, judge)[0].argmax(1)
    with torch.no_grad():
        ahead = margin(wanted)(reader(after))
    size = (after - before).flatten(1).square().mean(1).sqrt().mean().item() / 2  # of the range from −1 to 1
    return name, *(yes.double().mean().item() for yes in (ahead >= at_least, ahead > 0, says == wanted)), size


border = counterfactual(reader, margin(want), vae, start, at_least=1.0, steps=120, lr=0.1)
aside = random_move(vae, found, reader, margin(want), at_least=4.0, seed=runtime.seed)
pixels = pixel_move(reader, margin(want), found.before, at_least=4.0, steps=runtime.pick(smoke=5, course=300))
z = sampler.z(n, seed=runtime.derived_seed("gan") % 2**32)
drawn_as = reader(sampler.decode(z)).argmax(1)
other = (drawn_as + torch.randint(1, 10, (n,), generator=runtime.stream("wanted of the GAN"))) % 10
gan = counterfactual(reader, margin(other), sampler.generator, z, at_least=4.0, steps=120, lr=0.1)
gan_aside = random_move(sampler.generator, gan, reader, margin(other), at_least=4.0, seed=runtime.seed)
table = [row("VAE, lead 1", border.before, border.after, want, 1.0), row("VAE, lead 4", found.before, found.after, want, 4.0),
         row("VAE, random, as far", found.before, aside.after, want, 4.0), row("pixels, lead 4", found.before, pixels, want, 4.0),
         row("GAN, lead 4", gan.before, gan.after, other, 4.0), row("GAN, random, as far", gan.before, gan_aside.after, other, 4.0)]
show_table("What the moves reach", ["move", "asked lead reached", "classifier says the wanted digit",
           "judge says it", "pixels change by (root mean square, of the range)"],
           [[name, *(f"{value:.0%}" for value in values)] for name, *values in table])

# %% tags=["nbval-check-output"]
reached, agrees, size = ({line[0]: line[i] for line in table} for i in (2, 3, 4))
claims.at_least("the VAE's found move reaches the wanted class (share)", reached["VAE, lead 4"], 0.8)
claims.at_most("… a random move as far does not (share)", reached["VAE, random, as far"], 0.1)
claims.at_least("… the GAN's reaches it, too (share)", reached["GAN, lead 4"], 0.75)
claims.at_most("… and a random move in the GAN does not (share)", reached["GAN, random, as far"], 0.1)
claims.at_least("at a lead of 4 the judge agrees with most of the VAE's counterfactuals (share)", agrees["VAE, lead 4"], 0.6)
claims.at_least("… with more than at a lead of 1 (by)", agrees["VAE, lead 4"] - agrees["VAE, lead 1"], 0.1)
claims.at_least("… and with more than of the changed pixels (by)", agrees["VAE, lead 4"] - agrees["pixels, lead 4"], 0.1)
claims.at_most("the changed pixels change less than the VAE's (ratio)", size["pixels, lead 4"] / size["VAE, lead 4"], 0.7)

# %% [markdown]
# These are 50 digits, so a share is right to about 14 points (two standard errors), and differences below about 20
# points say little. The judge's share also counts the few that did not reach the lead.
#
# More than half of the VAE's random moves leave the digit what it was, for either network (counted apart); the others
# are read as some other digit. (A random move is as far in *latents*. In pixels the GAN's random moves change less than
# the found ones, here 14 % against 25 %.) The change of *pixels* is the smaller one, and it fools this classifier more
# than the judge (36 %, no fewer than of the VAE's at a lead of 1). The generator's change is larger in pixels, and a
# second network understands more of it. But at a lead of 1 the judge agrees far less often: at *this* classifier's
# border the picture is a mixture, and another network has its border elsewhere. **A counterfactual explains the model
# that was asked. Whether it also explains the digit, ask somebody else.**
#
# ## One digit, nine answers
#
# We ask for all nine other classes, from one digit. Which is nearest?

# %%
one = start[:1].expand(9, -1)
classes = torch.tensor([k for k in range(10) if k != old[0]])
nine = counterfactual(reader, margin(classes), vae, one, at_least=4.0, steps=120, lr=0.1)
heads = [f"a {old[0]}", *(f"→ {k}" if yes else f"→ {k}: no" for k, yes in zip(classes.tolist(), nine.reached, strict=True))]
counter_pictures.row_of(torch.cat([nine.before[:1], nine.after]), heads, ["", *(f"{far:.1f}" for far in nine.moved)],
                        title="One digit and its nine counterfactuals; below each, how far the latents moved",
                        alt="A digit and nine pictures, most of them readable as the wanted digit, a few faint or "
                            "broken, with the distances moved below.")

# %% [markdown]
# On this page the 7 is nearest. Where “no” stands, the class was not reached, and the number says how far the search
# had gone. What the VAE draws there is faint or broken. Only the small price of distance keeps $z$ near the latents of
# a real digit.
#
# **Exercise 3. Find the fault.** A colleague takes the class with the smallest distance. But a search that failed may
# have stopped close by. `moved` is $(N, K)$, a distance for each of $K$ classes, `reached` is bool $(N, K)$. Return for
# each picture the place of the nearest class that was reached, and −1 if none was.

# %% tags=["exercise"]
def nearest(moved, reached):
    ...  # mend: return moved.argmin(1)


check.nearest(nearest)

# %% [markdown]
# <details><summary>Hint 1</summary>What was not reached must never be the smallest: give it an infinite distance.</details>
# <details><summary>Hint 2</summary>torch.where(reached, a, b) takes a where reached is True. reached.any(1) says for which pictures there is any.</details>

# %% tags=["solution"]
def solution_nearest(moved, reached):
    far = moved.masked_fill(~reached, float("inf"))
    return far.argmin(1).masked_fill(~reached.any(1), -1)


check.nearest(solution_nearest, solution=True)

# %% [markdown]
# ## Where the true cause is known
#
# Is the changed stroke what makes a 9 a 9, or only what this network answers to? For digits nobody knows. So we take
# drawn squares, discs and triangles, whose factors are known: size, place across, place down, angle, brightness. We
# ask: is the shape left or right of the middle? **Only its place across should change.** From the pictures we read only
# the two places and the brightness, not size and angle; where the latents are the true factors, we read all five from
# these.
#
# There are two suspects if something else changes, the classifier and the generator. So we make a perfect one of each.
# The perfect classifier is a formula: the lead of "right" is how many pixels the mean place of the light lies right of
# pixel 14, the middle of the shapes' places. The perfect generator has the true factors as its latents. Every search
# asks for a lead of 1 for the other side. With the formula that is one pixel past the middle.

# %%
ask.predict("factors")

# %%
train, test = shapes(runtime, runtime.pick(smoke=200, course=4000)), shapes(runtime, n, "test")
formula, network = counter_shapes.Side().eval(), counter_shapes.trained_side(runtime, train)
drawn_vae = counter_shapes.shapes_vae(runtime, train)
true = counter_shapes.TrueFactors(test)
with torch.no_grad():
    codes = drawn_vae.encode(test.images)[0]
pairs = {"formula, true factors": (formula, true, true.latents), "network, true factors": (network, true, true.latents),
         "formula, VAE": (formula, drawn_vae, codes)}
moves = {name: counter_shapes.to_the_other_side(*pair, seed=runtime.seed, steps=runtime.pick(smoke=10, course=150))
         for name, pair in pairs.items()}
for name, pair in moves.items():
    found_it, by_chance = ((pair[move].values > 0).double().mean() for move in ("found move", "random move"))
    print(f"{name}: {found_it:.0%} reached the other side, {by_chance:.0%} by a random move")
exact, learned, drawn = (pair["found move"] for pair in moves.values())
columns = {"a shape": exact.before, "formula,\ntrue factors": exact.after, "network,\ntrue factors": learned.after,
           "the VAE's picture\nof the shape": drawn.before, "formula,\nVAE": drawn.after}
counter_pictures.shapes_in_columns(columns, 3, title="Three shapes, and three moves of each to the other side",
                                   alt="Three rows of a shape and its counterfactuals, with the place across and the "
                                       "brightness below each. All cross the middle. By the formula a shape stays as "
                                       "bright; by the network it is dimmer (the disc smaller, too), and in the VAE mostly dimmer.")

# %%
changed = {name: {move: counter_shapes.changes(way) for move, way in pair.items()} for name, pair in moves.items()}
all_five = {name: counter_shapes.true_changes(way) for name, way in (("formula", exact), ("network", learned))}
show_table("With the true factors: mean change of all five (share of the range)",
           ["classifier", *(counter_shapes.MEASURED.get(factor, factor) for factor in all_five["formula"])],
           [[name, *(f"{share:.0%}" for share in five.values())] for name, five in all_five.items()])
counter_pictures.changed_factors(changed, title="Only with the formula and the true factors does the brightness stay",
                                 alt="Three panels of bars. Formula and true factors: only the place across changes. "
                                     "Network and true factors: brightness changes, too. Formula and VAE: the place "
                                     "across changes most, brightness goes along.")

# %% tags=["nbval-check-output"]
best, of_network, of_vae = (pair["found move"] for pair in changed.values())
by_chance = changed["formula, VAE"]["random move"]
claims.at_least("formula and true factors: the place across changes (share of its range)", best["x"], 0.25)
claims.at_most("… place down and brightness do not (larger share of the range)", max(best["y"], best["brightness"]), 0.02)
claims.at_least("with a trained network the brightness changes, too (share of its range)", of_network["brightness"], 0.05)
claims.at_least("… and the size, too (share of its range)", all_five["network"]["size"], 0.05)
claims.at_least("a VAE lets the brightness change, too, though the formula never asks for it (share)", of_vae["brightness"], 0.05)
claims.at_least("… and still changes the place across more than a random move does (by)", of_vae["x"] - by_chance["x"], 0.15)

# %% [markdown]
# With both perfect, the method finds the planted cause; all other factors stay. With a trained network the brightness
# changes, by about a fifth of its range, and in the rows above it falls; the size changes, too, by less. With the VAE
# the brightness changes, too. (Random moves of the same length change it nearly as much, 18 % and 14 %. But with the
# formula *and* the true factors the same search left it alone.) Is it the network's doing, and the VAE's?
#
# A third suspect has been forgotten: the search. We search four times as long. For the network we also put the
# brightness back by hand, and we change the brightness alone. For the VAE we take the true shapes, shift them as far
# across, and look how bright the VAE draws them there.

# %%
many = runtime.pick(smoke=20, course=600)
both = {name: (moves[name]["found move"],
               counter_shapes.to_the_other_side(*pairs[name], seed=runtime.seed, steps=many)["found move"])
        for name in ("network, true factors", "formula, VAE")}
bright = {name: [(counter_shapes.changes(move)["brightness"], counter_shapes.brighter(move)) for move in two]
          for name, two in both.items()}
show_table("A search four times as long", ["classifier and generator", "brightness changes (with sign), 150 steps",
           "600 steps", "latents move, 150 steps", "600 steps"],
           [[name, *(f"{size:.0%} ({sign:+.0%})".replace("-", "−") for size, sign in bright[name]),
             *(f"{move.moved.mean():.2f}" for move in two)] for name, two in both.items()])
longer = counter_shapes.true_changes(both["network, true factors"][1])
kept = counter_shapes.put_back(network, true, learned)
dim, white = (counter_shapes.lead_at(network, test, value) for value in (0.4, 1.0))
flips = ((dim > 0) != (white > 0)).double().mean().item()
apart, farther = counter_shapes.over_there(drawn_vae, test, drawn)
show_table("Who needs the brightness?", ["what we do", "what we ask", "answer"], [
    ["network: search four times as long", "size changes by", f"{longer['size']:.0%} (before {all_five['network']['size']:.0%})"],
    ["network: put the brightness back", "stay on the other side", f"{kept:.0%}"],
    ["network: change the brightness alone", "change side", f"{flips:.0%}"],
    ["… in the darkest (0.4), in the brightest", "lead of their side (mean)", f"{dim.abs().mean():.0f}, {white.abs().mean():.0f}"],
    ["VAE: the true shapes over there", "brightness differs by", f"{apart:.0%}"],
    ["… compared with the found move", "lie farther in its latents", f"{farther:.0%}"]])

# %% tags=["nbval-check-output"]
much, little = (counter_shapes.changes(move)["brightness"] for move in both["network, true factors"])
claims.at_least("network: in a search four times as long the brightness changes less (by)", much - little, 0.05)
claims.at_least("… and so does the size (by)", all_five["network"]["size"] - longer["size"], 0.03)
claims.at_least("… put back by hand, the other side is kept (share of those that reached it)", kept, 0.9)
claims.at_most("… and brightness alone changes the side of hardly any shape (share)", flips, 0.05)
claims.at_least("VAE: in a search four times as long the brightness changes, too (share of its range)",
                counter_shapes.changes(both["formula, VAE"][1])["brightness"], 0.05)
claims.at_most("… though it draws the same shapes over there about as bright as here (difference)", apart, 0.09)

# %% [markdown]
# *The network does not need it.* The longer search leaves brightness and size nearly alone, and moves less far: the
# first one had not found the smallest move. Put back by hand, the brightness changes nothing about the side. Why was it
# moved? The network is surer of bright shapes. To dim a shape weakens the old answer, so downhill leads there first;
# what is no longer needed comes back only slowly. (That is a likely reason; we have not watched the way.)
#
# *The VAE's stays.* The longer search dims as much (see the signs). Could the VAE's blur mislead our reading of
# brightness? Hardly: over there the VAE draws the same shapes nearly as bright as here. But most of these lie farther
# away in its latents: its near way leads through dimmer pictures. **What a counterfactual shows is the cause, what lies
# on the generator's near way, and what the search has left behind.** So put back what should not count, and ask again.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a small move in a generator's latents changes the answer by strokes that a second network
#   understands, if the lead is large enough; a random move as far does not.
# - **Not said:** that what changed is what makes a 9 a 9, or even what the network needs. Generator and search add
#   their own.
# - **Next:** [11.5 What does each layer of a network see?](5_networks_as_graphs.ipynb)
