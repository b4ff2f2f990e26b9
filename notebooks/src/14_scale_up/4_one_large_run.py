# %% [markdown]
# # 14.4 Can several processes train one GAN?
#
# Many trainings spread over many machines (14.3): none waits for another. But what if *one* training is too
# slow? Then several programs must train two networks together. We divide a batch and ask: do they get what one
# gets? What breaks it? And from how many on does it no longer pay?
#
# **You need** [3.1](../03_train_a_gan/1_the_loop.ipynb) (the loop), [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (batch
# norm) and [14.3](3_many_seeds.ipynb) (files written at once). **You will** average gradients, build a shared batch
# norm, and tell what decides how long a shared step takes. About 25 minutes to read and run, 45 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import tempfile
from pathlib import Path

import torch
from torch import distributed as dist
from torch.nn.functional import softplus

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up import sharing, sharing_pictures
from course_lib.chapters.ch14_scale_up.sharing_cost import SameGame, Sharing, cost_of, seconds_of_step, spoken
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.learn.wording import number_text
from course_lib.models import DCDiscriminator
from course_lib.runtime import Runtime
from course_lib.training import Game, checkpoint

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("14.4", runtime), syllabus.checks("14"), syllabus.questions("14.4")
why_not = sharing.why_not()  # a sentence where several processes cannot be started (Windows), else empty
print(runtime.describe(), why_not, sep="\n")
print(syllabus.time_of("14.4"))

# %% [markdown]
# ## A part of the batch each
#
# A **process** is a running program with a memory of its own. Let two processes hold the same weights. A batch has N
# examples, and each process takes N/2 of them, its **part**. The loss is a mean over the batch. A slope of a sum is the
# sum of the slopes, so:
#
# gradient of the whole batch = mean of the parts' gradients, *if the parts are equally large*.
#
# So both need that mean. Below we try it with equal halves inside of one process: the network is a small D, its loss
# that of 32 real digits, and `gradient` runs all parts through it layer by layer (`together` is for later). But first:
# what if the parts are *not* equally large?
#
# **Exercise 1. Finish the line.** Each process knows its part's count, and the gradient of the mean loss over it.
# Return the gradient of the mean over all.

# %% tags=["exercise"]
def whole_gradient(gradients, counts):  # a list of tensors, a list of whole numbers → one tensor
    return ...  # your line


check.whole_gradient(whole_gradient)

# %% [markdown]
# <details><summary>Hint 1</summary>A part's mean times its count is the sum over its examples.</details>
# <details><summary>Hint 2</summary>Add these sums over the parts. How many examples went into it?</details>

# %% tags=["solution"]
def solution_whole_gradient(gradients, counts):
    return sum(n * gradient for n, gradient in zip(counts, gradients, strict=True)) / sum(counts)


check.whole_gradient(solution_whole_gradient, solution=True)

# %%
def gradient(network, parts, together=None):  # of the mean of the parts' losses, in one row
    for layer in [*network.downs, *network.head]:
        if together and isinstance(layer, torch.nn.BatchNorm2d):
            parts = together(parts, layer)
        else:
            parts = [layer(x) for x in parts]  # each part for itself, as in a process of its own
    loss = sum(softplus(-logits).mean() for logits in parts) / len(parts)
    return torch.cat([slope.flatten() for slope in torch.autograd.grad(loss, list(network.parameters()))])


def off(one, other):  # the largest difference, as a share of the largest number
    return ((one - other).abs().max() / other.abs().max()).item()


with runtime.seeded("halves"):
    plain, normed = DCDiscriminator(8, norm=None), DCDiscriminator(8, norm="batch")
digits = load("digits").images
batch = digits[torch.randperm(len(digits), generator=runtime.stream("batch"))[:32]]
halves = batch.split(16)

# %%
ask.predict("halves")

# %%
whole = {net: gradient(net, [batch]) for net in (plain, normed)}
means = {net: (gradient(net, halves[:1]) + gradient(net, halves[1:])) / 2 for net in (plain, normed)}
alone, alone_normed = (off(gradient(net, halves[:1]), whole[net]) for net in (plain, normed))
show_table("How far from the whole batch's gradient (share of its largest number; compare each D with its own control)", ["what", "off by"],
           [["D without norm: mean of the halves", f"{off(means[plain], whole[plain]):.1e}"],
            ["D with batch norm in each half: mean of the halves", f"{off(means[normed], whole[normed]):.3f}"],
            ["control, D without norm: the first half alone", f"{alone:.3f}"],
            ["control, D with batch norm: the first half alone", f"{alone_normed:.3f}"]])

# %% [markdown]
# Without norm, only rounding is left. With **batch norm** it is another gradient: each half is normalised by its own
# mean and variance. The cure: the processes also exchange what mean and variance are made of.
#
# **Exercise 2. Build it.** Of each part and channel you get: how many numbers, their sum, and the sum of their squares.
# Return mean and variance of *all* numbers.

# %% tags=["exercise"]
def whole_statistics(counts, sums, squares):  # lists, one entry a part; sums and squares are tensors (C,)
    ...  # your lines, ending in: return mean, variance


check.whole_statistics(whole_statistics)

# %% [markdown]
# <details><summary>Hint 1</summary>Counts, sums and sums of squares can be added. Means can be averaged for equal parts only, variances never.</details>
# <details><summary>Hint 2</summary>The variance is the mean of the squares, minus something made of the mean.</details>

# %% tags=["solution"]
def solution_whole_statistics(counts, sums, squares):
    n = sum(counts)
    mean = sum(sums) / n
    return mean, sum(squares) / n - mean**2


check.whole_statistics(solution_whole_statistics, solution=True)

# %% [markdown]
# The (weighted) average of the parts' variances would be too small: it leaves out how far the parts' means are apart.
# In float32 the difference of two large numbers loses digits. So the mean is exchanged first, then the sum of the
# squared *deviations*:

# %% tags=["nbval-check-output"]
def together(parts, layer):  # maps (n, C, H, W) a part → normalised by what all parts have in common
    many = sum(x.numel() // x.shape[1] for x in parts)
    mean = sum(x.sum((0, 2, 3)) for x in parts) / many  # (C,): the first exchange
    centred = [x - mean[:, None, None] for x in parts]
    variance = sum(x.square().sum((0, 2, 3)) for x in centred) / many  # (C,): the second
    scale = layer.weight / (variance + layer.eps).sqrt()
    return [x * scale[:, None, None] + layer.bias[:, None, None] for x in centred]


shared = off(gradient(normed, halves, together), whole[normed])
claims.at_most("no norm: the halves' mean is the whole gradient (off by)", off(means[plain], whole[plain]), 1e-5)
claims.at_least("batch norm in each half: it is another gradient (off by)", off(means[normed], whole[normed]), 0.01)
claims.at_most("batch norm with shared statistics: it is the whole gradient again (off by)", shared, 1e-4)
claims.at_least("control, no norm: the first half alone is off by how many times as much as the mean of both",
                alone / off(means[plain], whole[plain]), 100)

# %% [markdown]
# ## Two processes
#
# PyTorch's `torchrun` starts the same script W times, and tells each process its **rank** (0 to W − 1) and where the
# others are. An **all-reduce** is the one thing they do together: each gives a tensor, and gets the sum of all. The
# loop of 3.1 gets two more lines: *my part*, and *average*. Every process draws the row numbers and latents of the
# whole batch, from seed and step. So no two take the same digit, and nobody sends any. (`small_game` gives G and D,
# equal in every process; where there are several, G's batch norm is shared.)

# %%
def average(network):  # a process's gradients become the mean of all processes' gradients
    slopes = torch.cat([weight.grad.flatten() for weight in network.parameters()])
    if dist.is_initialized():  # else this process is alone
        dist.all_reduce(slopes)  # now every process holds the sum
        slopes /= dist.get_world_size()
    for weight, mean in zip(network.parameters(), slopes.split([w.numel() for w in network.parameters()]), strict=True):
        weight.grad = mean.view_as(weight)


def train_part(seed, steps, dtype=torch.float32, rows="whole", shared=True):
    rank, processes = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    g, d, digits, draw = sharing.small_game(seed, dtype, rows, shared)
    adams = [torch.optim.Adam(net.parameters(), 1e-3, (0.5, 0.9)) for net in (d, g)]
    kept = {"0": sharing.weights(g, d)}
    for step in range(1, steps + 1):
        chosen, z = (whole.chunk(processes)[rank] for whole in draw(step))  # of the whole batch, my part
        real, fake = digits[chosen], g(z)
        for net, adam in zip((d, g), adams, strict=True):
            loss = softplus(-d(real)).mean() + softplus(d(fake.detach())).mean() if net is d else softplus(-d(fake)).mean()
            adam.zero_grad()
            loss.backward()
            average(net)
            adam.step()
        kept |= {str(step): sharing.weights(g, d), f"rows {step}": chosen}
    return kept

# %%
steps, folder = runtime.pick(smoke=3, course=50), Path(tempfile.mkdtemp())
one = {"float32": train_part(seed, steps), "float64": train_part(seed, steps, torch.float64),
       "turned": train_part(seed, steps, rows="turned"), "half": train_part(seed, steps, rows="half")}
ways, two = sharing_pictures.WAYS, {}
pairs = {ways[other]: (one["float32"], one[other]) for other in ("half", "turned")}
if not why_not:
    (folder / "train_part.py").write_text(sharing.script(average, train_part))
    sharing.ran(sharing.torchrun(folder / "train_part.py", folder, seed, steps), folder)
    two = {(name, rank): sharing.kept(folder, name, rank) for name in ("shared", "apart", "doubles") for rank in (0, 1)}
    pairs |= {ways["apart"]: (one["float32"], two["apart", 0]), ways["shared"]: (one["float32"], two["shared", 0]),
              ways["doubles"]: (one["float64"], two["doubles", 0])}
print(why_not or sharing.MAIN)
after = range(1, steps + 1)
sharing_pictures.gaps({name: [sharing.gap(*pair, step) for step in after] for name, pair in pairs.items()},
     y="distance of the weights / way gone", title="With batch norms of their own, two processes go another way from the first step",
     alt="Five lines over the steps, logarithmic, each against one process with the whole batch. Half of the batch and own batch norms lie "
         "near 1 from the first step on, another order and shared statistics far below, and shared in float64 lowest.")

# %% [markdown]
# The script is these two functions and the lines above. (*gloo* moves bytes between CPUs.) The figure shows how far a
# training's weights are from those of one process with the whole batch, as a share of the way that these have gone.
#
# The mathematics is the same, but a sum in another order differs in its last digit. Here is such a comparison for five
# other seeds (recorded: `course record same-game`) with the library's `SharedGame`, which is `Game` within PyTorch's
# `DistributedDataParallel` (it exchanges while it still computes).

# %%
over = SameGame()
sharing_pictures.after_all({label: [*over.of(way).values()] for way, label in ways.items()}, over.steps)

# %% tags=["nbval-check-output"]
g, d, doubles, draw = sharing.small_game(seed, torch.float64)
game = Game(g, d, batch=sharing.BATCH)
for step in after:
    game.step(doubles[draw(step)[0]], Runtime.auto(device="cpu", seed=seed))
claims.at_most("our loop in one process is the library's Game (float64, largest difference)",
               (sharing.weights(game.generator, game.discriminator) - one["float64"][str(steps)]).abs().max(), 1e-8)
if two:
    exact, first, same = two["doubles", 0], two["shared", 0], two["shared", 1]
    claims.at_most("two processes or one, in float64: largest difference of a weight after the last step",
                   (exact[str(steps)] - one["float64"][str(steps)]).abs().max(), 1e-9)
    claims.at_most("in float32: distance after the first step / way gone", sharing.gap(one["float32"], first, 1), 0.01)
    claims.at_least("each its own batch norm: distance after the first step", sharing.gap(one["float32"], two["apart", 0], 1), 0.05)
    claims.at_most("both processes end with the same weights (largest difference)", (first[str(steps)] - same[str(steps)]).abs().max(), 0)
    drawn = [torch.cat([part[f"rows {step}"] for part in (first, same)]) for step in after]
    claims.true("their parts are the whole batch, and no digit is in both", all(
        rows.equal(one["float32"][f"rows {step}"]) and len(rows.unique()) == len(rows)
        for step, rows in zip(after, drawn, strict=True)))
claims.over_seeds("over seeds: two processes or one, in float64: largest difference of a weight", over.of("largest difference"), 1e-9, "<=")
claims.over_seeds("over seeds: each its own batch norm: distance after the last step / way gone", over.of("apart"), 0.1)
claims.over_seeds("over seeds: in float32 both sharing and another order drift: distance after the last step / way gone (the smaller)",
                  {one_seed: min(far, over.of("turned")[one_seed]) for one_seed, far in over.of("shared").items()}, 1e-3)

# %% [markdown]
# In **float64** (16 digits) two processes end where one ends. In **float32** (7 digits) they begin so. With seed 0
# (first figure) they stay together for 50 steps; on all five recorded seeds they drift apart. But so does one process
# with the batch in another order: a last digit can decide on which side of a ReLU's corner a number falls, and Adam,
# which divides a small gradient by its own size, makes a whole step of that. So only float64 tells sharing from
# rounding on every seed. Own batch norms are no rounding: they are off at the first step.
#
# `SharedGame` is trained by `torchrun --nproc-per-node 2 -m course_lib.tools.train FOLDER`.
#
# ## One is killed
#
# The more processes, the more often one dies. `kill -9` ends a process at once. `torchrun --max-restarts 1` then starts
# all again. Only rank 0 writes a checkpoint, here after each tenth step. (Several machines: docs/many_machines.md.)

# %%
ask.predict("killed")

# %% tags=["nbval-check-output"]
told, length = {}, runtime.pick(smoke=60, course=100)
if not why_not:
    for name in ("undisturbed", "killed"):
        command = sharing.torchrun(*sharing.training(folder / name, length, 10, seed=seed), restarts=1)
        told[name] = (sharing.ran_and_killed(command, folder, after=10) if name == "killed" else sharing.ran(command, folder))
    ends = {name: checkpoint.load(folder / name / "game.safetensors")[0] for name in told}
show_table("What rank 0 told of two runs: its checkpoints", ["run", "after step"],
           [[name, ", ".join(str(line.get("step", "kill -9 of rank 1")) for line in lines)] for name, lines in told.items()])
if told:
    claims.true("one process was killed, and the run came to its last step",
                {"killed": True} in told["killed"] and told["killed"][-1].get("step") == length)
    claims.at_most("killed or not: largest difference between the last checkpoints", sharing.farthest(*ends.values()), 0)

# %% [markdown]
# Bit for bit the same. That needs a checkpoint that holds *everything* (weights, Adam's memory, the step), and chance
# that depends on seed and step alone. What came after the last checkpoint is computed again.
#
# ## What an exchange costs
#
# How do W processes sum a tensor? If all send it to one of them, that one waits for W − 1 others. A **ring** does
# better: each cuts its tensor into W pieces and passes one a turn to its neighbour, which adds its own. After
# W − 1 turns each has one finished piece; W − 1 more pass these on.

# %% tags=["nbval-check-output"]
def ring(tensors):  # W tensors of one length → what each holds in the end, turns, numbers that each sent
    W = len(tensors)
    pieces = [list(one.clone().chunk(W)) for one in tensors]
    turns = sent = 0
    for begin, put in ((0, torch.add), (1, lambda mine, given: given.clone())):  # first sums go round, then results
        for turn in range(W - 1):
            for k in range(W):  # all at the same time
                piece = (begin + k - turn) % W
                neighbour = pieces[(k + 1) % W]
                neighbour[piece] = put(neighbour[piece], pieces[k][piece])
            turns, sent = turns + 1, sent + len(pieces[0][0])
    return [torch.cat(one) for one in pieces], turns, sent


given = [torch.randn(12, generator=runtime.stream("ring", k), dtype=torch.float64) for k in range(4)]
held, turns, sent = ring(given)
claims.at_most("ring: each holds the sum of all (largest difference)", max((x - sum(given)).abs().max() for x in held), 1e-12)
claims.close("ring: turns are 2 (W − 1)", turns, 2 * 3, 0)
claims.close("ring: each sends 2 (W − 1) / W of its numbers", sent / 12, 2 * 3 / 4, 1e-9)

# %% [markdown]
# So an exchange has two prices. Bytes: each process sends 2 (W − 1)/W times what it holds, never more than twice.
# Divide by the **bandwidth** (bytes a second). Turns: 2 (W − 1), and each waits at least the **latency** (seconds until
# a message arrives, however short). The third part of a step, the work, is divided. If nobody computes while it
# exchanges, they add up:

# %%
def parts(compute, size, W, bandwidth, latency):  # seconds of a step: computing, moving bytes, waiting for turns
    return compute / W, 2 * (W - 1) / W * size / bandwidth, 2 * (W - 1) * latency


assert abs(sum(parts(2.0, 1e8, 8, 1e9, 1e-3)) - seconds_of_step(2.0, 1e8, 8, 1e9, 1e-3)) < 1e-12  # the library's
timed = Sharing()  # `course record sharing`: two processes on one machine
show_table(f"A step in thousandths of a second, in the fastest (median) of {timed.repetitions} repetitions; {timed.machine}",
           ["game", "formula", "measured", "processor time (all threads)", "times as fast as 1 process"], timed.rows())
print(f"latency {1e6 * timed.latency:.0f} millionths of a second, bandwidth {timed.bandwidth / 1e9:.2f} · 10⁹ bytes a second")
kilobytes = [size / 1000 for size in timed.sizes]
show.lines({"measured (fastest repetition)": (kilobytes, [1000 * t for t in timed.exchanges]),
            "formula": (kilobytes, [1000 * t for t in timed.formula])}, "thousand bytes that are exchanged", "thousandths of a second",
           log_x=True, log_y=True, title="A short exchange costs its waiting, a long one its bytes",
           alt="Two lines over the bytes, logarithmic: nearly flat for short exchanges, a steep slope for long ones. They meet at both ends; "
               "between, up to 400 thousand bytes, the measured one lies above.")

# %% [markdown]
# **Exchanges.** Latency is taken from the shortest, bandwidth from the longest, so the ends must fit. Between them they
# take up to about twice as long. **Steps** of a large game (width 32, batch 64) and a small one (4, 16). Controls: one process with two threads;
# and two processes, each with half of the batch, without exchange: nearly twice as fast in the large game.
# Exchanges leave little of that, and make the small game *slower*.
#
# The formula expects far less time. It counts two exchanges of gradients and 12 short ones of G's three batch norms,
# but not what the processor time shows: a process works longer (our batch norm in several operations, copies, gloo's
# own thread). Then it waits more than its turns, perhaps as the two never arrive together. The formula was too hopeful; a second thread used the second core better.
#
# **Exercise 3. Explain.** Four jobs, exchanged in a ring, are to become faster. What shortens a step of each most:
# `"faster computing"`, `"fewer bytes"` (numbers of half the length) or `"fewer turns"` (another way than the ring)?

# %% tags=["exercise"]
jobs = {  # seconds of work for the whole batch, bytes, W, bytes a second, seconds of latency
    "P": (2.0, 25e6, 4, 25e9, 5e-6),  # four GPUs
    "Q": (2.0, 25e6, 1000, 25e9, 5e-6),  # the same with 1,000
    "R": (2.0, 25e6, 2, 5e6, 2e-3),  # two laptops, and radio between them
    "S": (2000.0, 40e9, 500, 40e9, 5e-6),  # a large network on 500 GPUs
}
what_helps = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_helps(what_helps)

# %% [markdown]
# <details><summary>Hint 1</summary>The largest of the three parts has most to give. Compute them: <code>parts(*jobs["P"])</code>.</details>
# <details><summary>Hint 2</summary>More GPUs make the work's part smaller, and the turns' larger. But how large is it at the start?</details>

# %% tags=["solution"]
solution_names = ("faster computing", "fewer bytes", "fewer turns")  # in the order of parts(…)
solution_what_helps = {job: max(zip(parts(*given), solution_names, strict=True))[1] for job, given in jobs.items()}
check.what_helps(solution_what_helps, solution=True)

# %% [markdown]
# ## On paper: 1,000 GPUs
#
# DCGAN-64 draws colour pictures of 64 × 64. **Assumed**, for each GPU: 20 · 10¹² operations a second really reached,
# 25 · 10⁹ bytes a second to its neighbour, 5 millionths of a second of latency. A **tree** adds pairs, then pairs of
# pairs, and sends the sum back: 2 log₂ W turns (rounded up). Sent in pieces it moves hardly more bytes than the ring
# (assumed: as many); real libraries do so.

# %%
ask.predict("thousand")

# %%
speed, bandwidth, latency, each = 20e12, 25e9, 5e-6, 64
cost = cost_of(width=64, size=64, channels=3)  # operations are counted in one step
one_picture = cost.work / speed


def on_paper(W, pictures, way="ring", norms=0):  # seconds of a step; two exchanges, for D and for G
    return seconds_of_step(pictures * one_picture, cost.size, W, bandwidth, latency, 2 + norms, tree=way == "tree")


print(f"weights: {cost.size / 4e6:.1f} million; operations: {cost.work / 1e9:.1f} · 10⁹ a picture and step")
counts = [1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000]
scaled, fixed = {"ideal": counts}, {}
for way in ("tree", "ring"):
    scaled[f"{each} pictures for each, {way}"] = [W * on_paper(1, each) / on_paper(W, each * W, way) for W in counts]
    fixed[way] = {W: on_paper(1, 1024) / on_paper(W, 1024, way) for W in range(1, 1001)}  # times as fast as one GPU
    best = max(fixed[way], key=fixed[way].get)
    print(f"1,024 pictures in all, {way}: of 1 to 1,000 GPUs {best:,} are fastest, {fixed[way][best]:.0f} times as fast as one")
scaled |= {f"1,024 pictures in all, {way}": [gain[W] for W in counts] for way, gain in fixed.items()}
show.lines({name: (counts, ys) for name, ys in scaled.items()}, "GPUs", "times as many pictures a second", log_x=True, log_y=True,
           title="On paper: with a fixed batch, more GPUs soon bring hardly more; in a ring, less",
           alt="Five lines over 1 to 1,000 GPUs. The ideal rises straight to 1,000. With 64 pictures for each GPU the lines stay below it, the "
               "ring's further than the tree's. With 1,024 pictures in all both bend: the tree's goes on rising slowly, the ring's falls.")

# %% tags=["nbval-check-output"]
both = ("ring", "tree")
show_table("On paper, DCGAN-64", ["GPUs", "1,024 pictures in all: as fast", "… of it exchange", f"{each} each: exchange",
                                  "pictures each (in all) above which computing takes longer"],
           [[f"{W:,} in a {way}", f"{fixed[way][W]:.0f} times", f"{on_paper(W, 0, way) / on_paper(W, 1024, way):.0%}",
             f"{on_paper(W, 0, way) / on_paper(W, each * W, way):.0%}",
             "{:.0f} ({:,.0f})".format(*(n * on_paper(W, 0, way) / one_picture for n in (1, W)))] for W in (8, 64, 1000) for way in both])
thousand = {way: [on_paper(1000, 1000 * each, way), max(on_paper(1, each), on_paper(1000, 0, way)),
                  on_paper(1000, 1000 * each, way, norms=cost.small)] for way in both}
show_table(f"A step of 1,000 GPUs, {each} pictures each",
           ["exchanged in a", "computing + exchange", "the longer of both (all overlaps)", "computing + exchange, G's batch norm shared"],
           [[way, *map(spoken, found)] for way, found in thousand.items()])
claims.at_least("recorded: a step of two processes takes longer than the formula says (times, the smaller of both games)",
                min(timed.seconds(game, "2 processes")[0] / timed.expected(game) for game in timed.games), 1)
claims.at_most("on paper: 1,000 GPUs share 1,024 pictures: times as fast as one (ring or tree, the larger)",
               max(fixed[way][1000] for way in both), 50)
claims.true("on paper, ring: with a fixed batch 64 GPUs are faster than 1,000", fixed["ring"][64] > fixed["ring"][1000])
claims.true("on paper, tree: with a fixed batch 1,000 GPUs are faster than 64", fixed["tree"][1000] > fixed["tree"][64])
longer = {way: shared_norm / plain_step for way, (plain_step, _, shared_norm) in thousand.items()}
claims.at_least("on paper, ring: 1,000 GPUs: how many times as long a step is with G's batch norm shared", longer["ring"], 3)
claims.at_most("on paper, tree: 1,000 GPUs: how many times as long a step is with G's batch norm shared", longer["tree"], 1.2)

# %% tags=["nbval-check-output"]
small_cost, game_steps = cost_of(32, 28, 1, 64), 2000
operations, here = game_steps * 64 * small_cost.work, game_steps * timed.seconds("large", "1 process")[0]
useful = [on_paper(1, each) / thousand[way][0] for way in both]  # of 1,000 GPUs' time the share that computes
rows = [["1", spoken(here), *["—"] * 3]]
for times in (1000, 1_000_000):
    alone = times * operations / speed  # seconds of one GPU
    rows.append([f"{times:,}", spoken(times * here), spoken(alone), "{} ({})".format(*(spoken(alone / 1000 / share) for share in useful)),
                 "{} ({})".format(*(number_text(0.7 * alone / share / 3600) for share in useful))])
show_table(f"What it would take (assumed: 0.7 kW a GPU, waiting as above); 1 time is {operations / 1e12:.0f} · 10¹² operations",
           ["times our large game", "this machine, 1 process", "1 GPU", "1,000 GPUs: ring (tree)", "their energy in kWh"], rows)

# %% [markdown]
# From how many on does it no longer pay? With 1,024 pictures in a ring more than 111 GPUs are slower;
# those 111 are 27 times as fast as one, and wait three quarters of the time. In a tree 1,000 are 46 times as fast.
#
# A training is **communication-bound** where the exchange takes longer than the computing. With few GPUs the bytes decide, and from about 20 pictures for each, computing takes longer. With 1,000 in a ring the turns decide, and it takes about 100: a
# batch of more than 100,000, and MNIST has 60,000 digits to train on. Beyond a size that depends on the task, a larger
# batch hardly teaches more a step (McCandlish and others, 2018). We added up computing and exchange: overlap saves up
# to half; what we measured was slower.
#
# Shared batch norm, with its many short exchanges, needs the tree: a step takes 23 ms instead of 21, in the ring 240
# instead of 41. BigGAN (Brock and others, 2019) shared it between all its devices.
#
# The last table begins with 2,000 steps of our large game . A thousand times
# as many operations need no thousand GPUs: on paper one is enough. Of the thousand's time (and energy), for a network that waits as DCGAN-64, more than
# half is waiting in a ring, a quarter in a tree.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** processes that average gradients and share statistics train the GAN that one process trains, up to
#   rounding; a killed process costs the steps since the last checkpoint; the exchange decides how many pay.
# - **Not said:** how it goes on GPUs or between machines. Neither was measured.
# - **Next:** [14.5](5_letters.ipynb): a GAN that writes letters.
#
# **Limits.** Two processes on one machine: messages went through its memory, not a wire. 1,000 GPUs stand on paper.
# Each process holds all weights: a network too large for one GPU must itself be divided.
#
# **Software.** `course_lib.training.SharedGame`, `course_lib.models.with_shared_batch_norm`, `course_lib.tools.train`,
# on PyTorch's DistributedDataParallel, gloo (CPU) or NCCL (NVIDIA), torchrun.
#
# ## Further reading
#
# - S. Li and others. *PyTorch Distributed: experiences on accelerating data parallel training.* VLDB 2020.
# - P. Patarasuk, X. Yuan. *Bandwidth optimal all-reduce algorithms for clusters of workstations.* Journal of Parallel and
#   Distributed Computing 69, 2009. The ring.
# - P. Goyal and others. *Accurate, large minibatch SGD: training ImageNet in 1 hour.* arXiv:1706.02677, 2017.
# - S. McCandlish, J. Kaplan, D. Amodei and others. *An empirical model of large-batch training.* arXiv:1812.06162, 2018.
# - A. Brock, J. Donahue, K. Simonyan. *Large scale GAN training for high fidelity natural image synthesis.* ICLR 2019.
