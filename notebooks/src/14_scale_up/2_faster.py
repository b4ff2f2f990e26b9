# %% [markdown]
# # 14.2 Where does the time of a step go, and what do 16 bits cost?
#
# On its data sheet a GPU computes hundreds of times as fast as a core of a laptop. Yet most of the time it may wait. We
# take a step apart to see what it waits for, change one thing at a time, and halve the bits of its numbers. What do
# they lose, and does the GAN notice?
#
# **You need** [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (the DCGAN) and [2.2](../02_losses/2_when_d_is_sure.ipynb)
# (slopes when D is sure). **You will** compute the least time of a call, repair slopes that 16 bits lose, and criticise
# four reports about speed. About 35 minutes to read and run, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from collections import Counter

import torch

from course_lib import precision, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up import speed_bits, speed_limits, speed_paper, speed_pictures, speed_ways
from course_lib.chapters.ch14_scale_up.recorded_speed import NOT_YET, Half, Quality, Steps, gpu, gpu_rows, spread
from course_lib.chapters.ch14_scale_up.speed_calls import calls, timed
from course_lib.chapters.ch14_scale_up.speed_roofline import least_seconds, share_of_peak, shares, waits, work_of
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("14.2", runtime), syllabus.checks("14"), syllabus.questions("14.2")
half, ways, over = Half(), Steps(), Quality()  # `course record half-precision`, `… step-speed`, `… seconds-to-quality`
print(runtime.describe())
print(syllabus.time_of("14.2"))

# %% [markdown]
# ## A step is a list of calls
#
# A **call** hands PyTorch one job: multiply two matrices, add two tensors, make a step of Adam. An **operation** is one
# multiplication or addition of two numbers. PyTorch lets us listen to a step's calls (here always on the processor). We
# count operations in matrix products and convolutions only, as all others have few, and the bytes of each tensor that
# is read or written.

# %%
ask.predict("calls")

# %%
games = {name: speed_ways.make(name, speed_ways.WAYS["channels last + fused"], seed=seed) for name in speed_ways.GAMES}
steps = {name: speed_ways.stepper(*made) for name, made in games.items()}
for step in steps.values():
    step()  # in its first step Adam makes its averages
listed = {name: calls(step) for name, step in steps.items()}
many = Counter(call.name for call in listed["DCGAN"])
work, size = Counter(), Counter()
for call in listed["DCGAN"]:
    work[call.name] += call.work
    size[call.name] += call.size
show_table(f"One step of the DCGAN, batch {speed_ways.GAMES['DCGAN']}: {len(listed['DCGAN'])} calls, the largest by bytes",
           ["call", "how often", "operations, 10⁶", "bytes, 10⁶"],
           [[name, many[name], f"{work[name] / 1e6:,.0f}", f"{size[name] / 1e6:.1f}"] for name, _ in size.most_common(8)])

# %% [markdown]
# While a processor computes, it fetches the next numbers from memory. So a call takes as long as the slower of the two.
# The **peak** is how many operations a second a machine can do, the **bandwidth** how many bytes a second it can move
# from and to its memory.
#
# **Exercise 1. Finish the line.** How many seconds does a call of `work` operations and `size` bytes need at least?

# %% tags=["exercise"]
def seconds_at_least(work, size, peak, bandwidth):
    return ...  # your line


check.seconds_at_least(seconds_at_least)

# %% [markdown]
# <details><summary>Hint 1</summary>Two times: one to compute, one to move. Each is an amount divided by an amount a second.</details>
# <details><summary>Hint 2</summary>It is done when both are done.</details>

# %% tags=["solution"]
def solution_seconds_at_least(work, size, peak, bandwidth):
    return max(work / peak, size / bandwidth)


check.seconds_at_least(solution_seconds_at_least, solution=True)

# %% [markdown]
# This is the **roofline** model. Products and convolutions are computed by different programs, so each has its own peak.
# One limit is missing: even a call on a single number takes time, for it has to be *called*. We measure all limits of
# this machine, ask what each call of the DCGAN and of an MLP (2.2) waits for, and time it. (Listening adds a millionth
# of a second or two to each.)
#
# **Percent of peak** is the time that the operations alone would take, each at its kind's peak, divided by the time
# taken.

# %%
limits = speed_limits.measured()


def row(what, some, took):  # some calls, and the seconds that they took
    return [what, len(some), f"{1e3 * least_seconds(some, limits):.2f}", f"{1e3 * took:.2f}",
            f"{share_of_peak(work_of(some), limits, took):.0%}" if took else "—"]  # some clocks are too coarse for a call


rows = []
for name, step in steps.items():
    every, whole = timed(step, runtime.pick(smoke=1, course=30 if name == "MLP" else 8))
    rows += [row(f"{name}: wait for {what}", some, sum(call.took for call in some)) for what, some in waits(every, limits).items()]
    rows.append(row(f"{name}: the whole step", every, whole))
show_table(f"This machine, now, float32, channels last + fused. In a second: products {limits.products / 1e9:.0f} · 10⁹ operations, convolutions "
           f"{limits.convolutions / 1e9:.0f} · 10⁹, {limits.bandwidth / 1e9:.0f} · 10⁹ bytes; a call: {1e6 * limits.each:.1f} millionths of a second",
           ["calls that", "how many", "least time, ms", "time taken, ms", "percent of peak"], rows)

# %% [markdown]
# On a processor's core the largest part of the time goes into few calls, which wait for operations. They miss the peak
# that one large product or convolution reached. Most others take a multiple of their least time. The rest of the step
# lies between the calls (Python, and what arranges the backward pass).
#
# ## One thing at a time
#
# What can be changed without changing what is computed?
#
# - **Channels last**: the numbers of a pixel's channels lie side by side in memory, as convolutions read them.
# - **Fused Adam**: one call for all weights. (The plain loop makes several for each tensor; *foreach* a few for all.)
# - **`torch.compile`**: PyTorch writes a program of its own for a network, in which calls are joined.
# - **bf16**: numbers of 16 bits. This one does change what is computed.
#
# Each was timed against the plain step, in turns (`course record step-speed`, on another EPYC, of half the peak: do not
# compare its percents with those above).

# %%
show_table(f"Times as fast as the plain step: median (range) of seven turns; {ways.machine}",
           ["way", *(f"{name}, {what}" for name in speed_ways.GAMES for what in ("times as fast", "percent of peak"))],
           [[way, *(cell for name in speed_ways.GAMES for cell in (
               spread(ways.times_as_fast(name, way)), spread(ways.share_of_peak(name, way), ".0%")))] for way in ways.ways])
wait = {way: max(ways.first(name, way) for name in speed_ways.GAMES) for way in ("plain", "torch.compile")}
print(f"before the third step: plain {wait['plain']:.1f} s, torch.compile {wait['torch.compile']:.0f} s")

# %% tags=["nbval-check-output"]
adams, after = {}, {}
for kind in speed_ways.ADAMS:
    game, cpu = speed_ways.make("DCGAN", speed_ways.Way(adam=kind), seed=seed, width=8)
    step = speed_ways.stepper(game, cpu)
    step()
    after[kind], adams[kind] = speed_ways.weights(game), len(calls(step))
other = speed_ways.make("DCGAN", speed_ways.Way(channels_last=True, adam="loop"), seed=seed, width=8)
speed_ways.stepper(*other)()
claims.at_least("calls of a DCGAN's step", len(listed["DCGAN"]), 100)
claims.at_most("… of them with any operations that count (share)", sum(call.work > 0 for call in listed["DCGAN"]) / len(listed["DCGAN"]), 0.2)
claims.at_least("fused Adam: calls that it saves in a step", adams["loop"] - adams["fused"], 100)
claims.at_most("… the weights after a step (largest difference)", (after["fused"] - after["loop"]).abs().max(), 1e-5)
apart = (speed_ways.weights(other[0]) - after["loop"]).abs() > 1e-4  # Adam's first step turns the last digit of a tiny slope into ± lr
claims.at_most("channels last: weights that differ by more than 0.0001 after a step (share)", apart.double().mean(), 0.001)
for name, way, bound in (("DCGAN", "bf16", 1.3), ("DCGAN", "channels last", 1.03), ("MLP", "Adam, fused", 1.05)):
    claims.over_seeds(f"recorded: {name}, {way}: times as fast as plain", ways.times_as_fast(name, way), bound, at_least=6)
for name, way in (("DCGAN", "torch.compile"), ("MLP", "torch.compile"), ("MLP", "channels last")):
    claims.over_seeds(f"recorded: {name}, {way}: times as fast, at most", ways.times_as_fast(name, way), 1.07, "<=", at_least=6)

# %% [markdown]
# Other calls, the same weights but for rounding. An MLP has no channels, so in row two its time shows mere luck. Fused Adam helps the MLP, which has many weights for little arithmetic; channels last and bf16 help the DCGAN.
# With bf16 the percent falls though the step is faster: its peak is twice as high. `torch.compile` gains nothing for the
# DCGAN, slows the MLP, and costs 14 s before it starts. That is no verdict on GPUs, where calls often decide.
#
# ## What 16 bits lose
#
# A floating-point number has a sign, an **exponent** and a **fraction**. Its size is (1 + fraction) · 2 to the power of
# the exponent. The exponent says how large it is, the fraction holds its digits; with 7 bits it goes in steps of
# 1/128. With 16 bits one has to choose: bf16 keeps the exponent of float32, fp16 keeps more of the fraction.

# %%
ask.predict("after one")

# %%
show_table("Three formats", ["format", "bits of exponent + fraction", "next number after 1", "smallest above 0 (with fewer digits)", "largest"],
           speed_bits.format_rows())
bf16, fp16 = (lambda x: torch.tensor(x, dtype=torch.bfloat16)), (lambda x: torch.tensor(x, dtype=torch.float16))
counted, weight = bf16(0.0), bf16(1.0)
for _ in range(1000):
    counted, weight = counted + bf16(1.0), weight - bf16(0.001)
claims.close("1 + 1/256 in bf16", bf16(1.0) + bf16(1 / 256), 1, 0)
claims.close("… in fp16, times 256", 256 * (fp16(1.0) + fp16(1 / 256)).double(), 257, 0)
claims.close("1,000 ones, added one after the other in bf16", counted, 256, 0)
claims.close("… by torch.sum, which adds in float32", torch.ones(1000, dtype=torch.bfloat16).sum(), 1000, 0)
claims.close("a weight of 1 in bf16 after 1,000 updates of −0.001", weight, 1, 0)
claims.close("1/100,000,000 in fp16", fp16(1e-8), 0, 0)
claims.at_most("… scaled by 65,536 first, and divided in float32: off by (share)", abs(fp16(1e-8 * 65536).float() / 65536 - 1e-8) / 1e-8, 1e-3)
claims.true("100,000 is infinite in fp16, and not in bf16", fp16(1e5).isinf().item() and not bf16(1e5).isinf().item())

# %% [markdown]
# So sums, and weights that change a little in each step, must stay in float32. That is **mixed precision**
# (`torch.autocast`): weights, Adam and losses in float32; matrix products and convolutions in 16 bits, with their sums
# in float32.
#
# fp16 has another trap: slopes are small, and the smallest become 0. The cure is **loss scaling**: multiply the loss by
# a large number. All slopes grow by it, and are divided by it before Adam sees them. We take the slopes
# of G's loss by all layers' outputs, where they are not 0: once of the usual loss, and once of minimax, whose slopes
# are small where D is sure.

# %%
game = speed_bits.sure_game(runtime, *runtime.pick(smoke=(2, 2), course=(100, 60)))
slopes = speed_bits.slopes(game, runtime)
scales = {"as they are": 1.0, "scaled by 2¹⁶": 2.0**16, "scaled by 2²⁴": 2.0**24}
lost = {(name, said): speed_bits.lost(values, "fp16", scale) for name, values in slopes.items() for said, scale in scales.items()}
lost |= {(name, "in bf16, as they are"): speed_bits.lost(values, "bf16") for name, values in slopes.items()}
show_table("Slopes of G's loss, a mean over 256 pictures: what fp16 makes of them",
           ["loss", "slopes", "become 0", "become infinite"],
           [[name, said, f"{gone:.2%}", f"{burst:.2%}"] for (name, said), (gone, burst) in lost.items()])

# %% [markdown]
# Too small a scale loses slopes, too large a one bursts. So it is found while training.
#
# **Exercise 2. Build it.** You get the slopes of the scaled loss, in fp16. Return them in float32 without the scale,
# and the scale for the next step: the same. If any slope is infinite or not a number, return `None` for the slopes
# (this step is left out), and half of the scale. (PyTorch also doubles it after 2,000 sound steps; do not.)

# %% tags=["exercise"]
def unscaled(slopes, scale):  # list of fp16 tensors, a number → list of float32 tensors (or None), a number
    ...  # your lines, ending in: return …


check.unscaled(unscaled)

# %% [markdown]
# <details><summary>Hint 1</summary><code>torch.isfinite(slope).all()</code> is true where nothing is broken; ask it of every tensor.</details>
# <details><summary>Hint 2</summary>Into float32 first, then divide. The other way round the small ones are lost again.</details>

# %% tags=["solution"]
def solution_unscaled(slopes, scale):
    if not all(torch.isfinite(slope).all() for slope in slopes):
        return None, scale / 2
    return [slope.float() / scale for slope in slopes], scale


check.unscaled(solution_unscaled, solution=True)

# %% tags=["nbval-check-output"]
def find_scale(values, scale, grow_after, steps=40):  # the same slopes again and again, with ours and with PyTorch's scaler
    theirs = torch.amp.GradScaler("cpu", init_scale=scale, growth_interval=grow_after)
    weight, sound, both = torch.zeros(len(values), requires_grad=True), 0, []
    sgd = torch.optim.SGD([weight], 1.0)
    for _ in range(steps):
        weight.grad = (values * theirs.scale(torch.ones(()))).half().float()
        theirs.step(sgd)
        theirs.update()
        sound = sound + 1 if torch.isfinite((values * scale).half()).all() else 0
        scale *= 0.5 if sound == 0 else 2 if sound % grow_after == 0 else 1
        both.append((scale, theirs.get_scale()))
    return both


falls, moves = (find_scale(slopes["non-saturating"], 2.0**24, grow_after) for grow_after in (2000, 3))
claims.true("halved where a slope bursts: the scales are those of PyTorch's GradScaler", all(ours == theirs for ours, theirs in falls))
claims.true("… and doubled after three sound steps: again those", all(ours == theirs for ours, theirs in moves))
last = [ours for ours, _ in moves[20:]]
claims.close("… which then go up and down: the largest as a multiple of the smallest", max(last) / min(last), 2, 0)
claims.at_least("minimax: slopes that become 0 in fp16 (share)", lost["minimax", "as they are"][0], 0.01)
claims.at_most("… scaled by 2¹⁶ (share)", lost["minimax", "scaled by 2¹⁶"][0], 0.001)
claims.at_most("the usual loss: slopes that become 0 in fp16 (share)", lost["non-saturating", "as they are"][0], 0.01)
claims.at_least("… scaled by 2²⁴: become infinite (share)", lost["non-saturating", "scaled by 2²⁴"][1], 0.01)
claims.at_most("bf16, not scaled: either of them (share, both losses)", max(sum(lost[name, "in bf16, as they are"]) for name in slopes), 0)

# %% [markdown]
# The scale falls until nothing bursts. Doubled now and then, it moves between the largest that fits and the first that
# bursts. Unscaled, minimax loses far more slopes than the usual loss. bf16, with the exponent of float32, loses none and
# needs no scaling.
#
# ## Does the GAN notice?
#
# Ten trainings of a small DCGAN in each precision, from the same weights and digits (`course record half-precision`).
# The control, half of the steps, shows whether our measures could see a worse generator.
#
# Is bf16 faster on *your* processor? Where it must be imitated, it can be slower (not recorded here). So
# `Runtime.auto(precision="measured")` tries a small step once, and takes bf16 only if clearly faster. Our lessons stay
# with float32, so that no claim depends on a clock.

# %%
tried = precision.seconds(torch.device("cpu"), ("float32", "bf16"))
show_table("A small convolutional step on this processor, now", ["precision", "thousandths of a second"],
           [[name, f"{1000 * taken:.2f}"] for name, taken in tried.items()])
print("so measured means:", Runtime.auto(device="cpu", precision="measured").describe())
show.dots({what: {way: list(half.values(way, key).values()) for way in half.ways} for what, key in {
              "judge's confidence": "confidence", "Fréchet distance": "frechet", "seconds of training": "seconds"}.items()},
          control="float32", others=half.ways[2:], title="bf16: other pictures, no worse by these measures (squares: half of the steps)",
          alt="Three panels with three rows of ten dots. Confidence and Fréchet distance of bf16 lie where those of float32 lie; half of the "
              "steps is worse in both.")

# %% tags=["nbval-check-output"]
worse = half.ways[2]
claims.over_seeds("recorded: bf16: Fréchet distance as a multiple of float32's median", half.times("bf16", "frechet"), 1.2, "<=", at_least=8)
claims.over_seeds("… half of the steps in float32 (control): the same multiple", half.times(worse, "frechet"), 1.2, ">", at_least=8)
claims.over_seeds("recorded: bf16: confidence as a multiple of float32's median", half.times("bf16", "confidence"), 0.97, at_least=8)
claims.over_seeds("recorded: bf16: digits drawn", half.values("bf16", "classes"), 10, at_least=8)
claims.over_seeds("recorded: bf16: seconds as a multiple of float32's median", half.times("bf16", "seconds"), 0.92, "<=", at_least=8)

# %% [markdown]
# ## What a GPU changes
#
# A GPU has a much higher peak, a higher bandwidth, and calls that are *not* faster. It computes while the program goes
# on: a clock that does not wait for it measures only the handing over. A **CUDA graph** records all calls of a step
# once, and replays them by a single one.
#
# On paper first: DCGAN-64 in colour. **Assumed**: 50 · 10¹² operations a second in float32 (without TF32, a shorter
# format that convolutions take by default), 800 · 10¹² in bf16, 3 · 10¹² bytes a second, 5 millionths of a second a
# call, 1 in a graph. Change them.

# %%
ask.predict("idle")

# %%
batches = [4, 16, 64, 256, 1024, 4096]
assumed = {"float32": ("float32", 50e12, 5e-6), "bf16": ("bf16", 800e12, 5e-6), "bf16, CUDA graph": ("bf16", 800e12, 1e-6)}
machines = {name: speed_paper.assumed(peak, 3e12, each) for name, (_, peak, each) in assumed.items()}
made = {name: {n: speed_paper.dcgan_calls(n, kind) for n in batches} for name, (kind, *_) in assumed.items()}
paper = {name: {n: speed_paper.peak_on_paper(step, machines[name]) for n, step in by.items()} for name, by in made.items()}
spent = {(name, n): shares(step, machines[name]) for name, by in made.items() for n, step in by.items()}
measured = gpu()
if measured:
    show_table(f"Measured: {measured['device']}, {measured['date']}", ["batch, way", "images a second", "percent of peak"], gpu_rows(measured))
print(NOT_YET if measured is None else "What follows is on paper; the table above was measured.")
show_table("On paper: what a step waits for, as a share of its least time", ["way, batch", *spent["bf16", 16], "percent of peak"],
           [[f"{name}, {n:,}", *(f"{part:.0%}" for part in spent[name, n].values()), f"{paper[name][n]:.0%}"]
            for name, n in (("float32", 16), ("bf16", 16), ("bf16, CUDA graph", 16), ("bf16", 4096))])
show.lines({name: (batches, [100 * share for share in shares.values()]) for name, shares in paper.items()}, "pictures in a batch",
           "percent of peak", log_x=True, title="On paper: the faster the arithmetic, the more a small batch wastes",
           alt="Three lines over 4 to 4,096 pictures. float32 rises from about 20 percent to 90. bf16 starts near 2 percent and stays below 50; "
               "with a CUDA graph it starts higher and ends at the same height.")

# %% [markdown]
# With few pictures the GPU waits for calls; a larger batch helps most, a graph less, but it leaves the training as it
# is. With many, bf16 waits for *bytes* about half the time: batch norm and activations move much, and compute little.
#
# ## Fast to what?
#
# Steps a second are no aim. So we trained three recipes on the same digits: the course's DCGAN, and two that many
# tutorials copy, written anew as they stand (one for 32 instead of 64 pixels). Confidence, digits drawn and Fréchet
# distance are all needed: confidence without variety means nothing.

# %%
show_table("As many steps, or as many seconds: median (range) of three trainings",
           ["recipe", "seconds", "steps", "digits", "Fréchet distance"],
           [[name, seconds, *(spread(over.after(name, seconds, what), ",.0f") for what in ("steps", "classes", "frechet"))]
            for name, seconds in ((over.recipes[0], 10), *((name, 120) for name in over.recipes))])
speed_pictures.quality(over, title="Seconds to quality, one thread: three trainings of each recipe (dotted: digits held out)",
                       alt="Three panels over 120 seconds. The course's DCGAN draws ten digits within ten seconds, its confidence rises to about .89 and its "
                           "distance falls below 11. PyTorch's tutorial stays near confidence 1, one or two digits and a distance above 130. "
                           "The collection reaches 8 to 10 digits, a confidence near .7 and a distance near 55.")

# %% tags=["nbval-check-output"]
claims.at_most("on paper: bf16, batch 16: share of the peak", paper["bf16"][16], 0.1)
claims.at_least("… share of the least time that it waits for calling", spent["bf16", 16]["calling"], 0.6)
claims.at_least("… batch 4,096: times as large a share", paper["bf16"][4096] / paper["bf16"][16], 4)
claims.at_least("… batch 16, CUDA graph: times as large a share", paper["bf16, CUDA graph"][16] / paper["bf16"][16], 1.7)
claims.at_most("… bf16, batch 4,096: share of the peak", paper["bf16"][4096], 0.7)
claims.close("… share of the least time that it waits for bytes", spent["bf16", 4096]["bytes"], 0.5, 0.1)
claims.at_least("… float32, batch 4,096: share of the peak", paper["float32"][4096], 0.8)
ours, *theirs = over.recipes
claims.over_seeds("recorded: the course's DCGAN: seconds to confidence .85 with all ten digits", over.reached(ours, 0.85), 60, "<=", at_least=3)
after = {t: over.after(ours, t, "frechet") for t in (10, 20)}
for name in theirs:
    for t, said in ((20, "after 20 s"), (10, "after 10 s, which are about as many steps")):
        claims.over_seeds(f"recorded: {name}: Fréchet distance after 120 s, as a multiple of the course's {said}",
                          {s: value / after[t][s] for s, value in over.last(name, "frechet").items()}, 1.5, at_least=3)
tutorial = theirs[0]
claims.over_seeds(f"recorded: {tutorial}: confidence after 120 s", over.last(tutorial, "confidence"), 0.9, at_least=3)
claims.over_seeds("… and digits drawn, of ten", over.last(tutorial, "classes"), 3, "<=", at_least=3)

# %% [markdown]
# The highest confidence belongs to a recipe that draws a digit or two, and it had that before its first step: a judge
# without "no digit" can be sure of what is none (13.7). This says how far two minutes of one core go, not how good a
# recipe becomes. The tutorials' steps are dear (128 and 64 pictures, ours 32): they had about a tenth of ours. After as
# many steps the course's was nearer (first row). But it was made for these digits, theirs for other pictures; and ours
# draws from averaged weights (3.3). So no cause is named.
#
# **Exercise 3. Criticise.** Four reports. What is wrong in each?
#
# - **P** "A step on the GPU takes 0.2 thousandths of a second: we called it 100 times, and stopped the clock after the last
#   call."
# - **Q** "We compiled the network, and timed ten steps, the first ones included. It is twenty times as slow."
# - **R** "With bf16 and batch 256 instead of 32 we train twice as many pictures a second. bf16 is twice as fast."
# - **S** "In fp16 without loss scaling a step takes half of the time. We recommend it for all GANs."
#
# Choose from `"did not wait"`, `"warm-up counted"`, `"two changes"` and `"another result"`.

# %% tags=["exercise"]
what_is_unfair = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_is_unfair(what_is_unfair)

# %% [markdown]
# <details><summary>Hint 1</summary>"Did not wait": the clock was stopped while something was still computed. "Warm-up counted": what happens once is timed.</details>
# <details><summary>Hint 2</summary>"Two changes": two things differ. "Another result": nobody looked at what comes out.</details>

# %% tags=["solution"]
solution_what_is_unfair = {"P": "did not wait", "Q": "warm-up counted", "R": "two changes", "S": "another result"}
check.what_is_unfair(solution_what_is_unfair, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a step is calls, and each waits for operations, bytes or the calling; 16 bits lose digits (bf16) or
#   small slopes (fp16), and mixed precision keeps float32 where that matters.
# - **Not said:** how large networks do.
# - **Next:** [14.3](3_many_seeds.ipynb): not one fast training, but a hundred.
#
# **Limits.** The least time knows nothing of caches, nor of two calls that run at once. Times are of two
# processors. Ten small trainings can hide a small loss of quality.
#
# **Software.** `torch.autocast`, `torch.amp.GradScaler`, `torch.profiler`; `course_lib.precision`; `make bench`,
# `make gpu-times`.
#
# ## Further reading
#
# - S. Williams, A. Waterman, D. Patterson. *Roofline: an insightful visual performance model for multicore architectures.*
#   Communications of the ACM 2009.
# - P. Micikevicius and others. *Mixed precision training.* ICLR 2018.
# - D. Kalamkar and others. *A study of BFLOAT16 for deep learning training.* 2019.
# - J. Ansel and others. *PyTorch 2: faster machine learning through dynamic Python bytecode transformation and graph
#   compilation.* ASPLOS 2024.
# - N. Inkawhich. *DCGAN tutorial* (pytorch.org); E. Linder-Norén. *PyTorch-GAN* (a collection of GANs).

