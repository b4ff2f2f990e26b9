# %% [markdown]
# # 14.3 How do I train a hundred seeds?
#
# Every claim of this course is measured over seeds: the same program, trained again with other random numbers. A hundred
# trainings are many hours of one laptop. They need not wait for each other, so they can be spread over the cores of a
# machine, or over many machines. Then something will break on the way. We make a **sweep** that loses no result and
# computes none twice, and ask how many seeds a comparison needs.
#
# **You need** [4.1](../04_mode_collapse/1_count_the_modes.ipynb) (the ring of eight heaps). **You will** write a file that
# is never half written, compute how much faster more workers can be and how many seeds it takes, and criticise four
# reports. About 25 minutes to read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import json
import math
import os
import tempfile
from pathlib import Path
from statistics import fmean

import psutil
from distributed import Client, LocalCluster, as_completed

from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up.recorded_seeds import Seeds, sweeps
from course_lib.chapters.ch14_scale_up.ring_task import ring_game
from course_lib.chapters.ch14_scale_up.seed_pictures import seeds_as_dots
from course_lib.cluster import cluster, sweep
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("14.3", runtime), syllabus.checks("14"), syllabus.questions("14.3")
over = Seeds()  # `course record many-seeds`: forty trainings for each of three settings
print(runtime.describe())
print(syllabus.time_of("14.3"))

# %% [markdown]
# ## A task and a worker
#
# A **task** is a function of a seed that gives a few numbers. Ours trains a small GAN on points that lie in eight heaps
# in a ring, and gives three: how many heaps it found, the energy distance to real points (0 is best), and the sum of
# the generator's weights, by which one can tell whether two trainings are the same.

# %%
steps = runtime.pick(smoke=5, course=150)
print(ring_game(seed, steps=steps))

# %% [markdown]
# A **worker** is a program that waits for tasks. A **scheduler** hands them out, and notices when a worker is gone. Both
# are not ours: the library Dask has them. `LocalCluster` starts a scheduler and workers on this machine. `submit` returns
# at once a **future**, a receipt for a result that is not there yet; `as_completed` gives the receipts back as their
# results come in. Here is a sweep without a net:

# %%
def plain_sweep(seeds):
    found = {}
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as here, Client(here) as client:
        futures = {client.submit(ring_game, s, steps=steps): s for s in seeds}
        for future in as_completed(futures):  # whichever is ready first
            found[futures[future]] = future.result()
    return found


seeds = list(range(10 * seed, 10 * seed + runtime.pick(smoke=2, course=4)))
spread_out = plain_sweep(seeds)
here = {s: ring_game(s, steps=steps) for s in seeds[:2]}
for s in here:
    print(f"seed {s}: on a worker {spread_out[s]['weights']:.12f}, here {here[s]['weights']:.12f}")

# %% [markdown]
# A worker computes the same as this notebook, to the last bit: all that is random follows from the seed, and each worker
# has one thread. (On another *processor* the last bits may differ, as everywhere.)
#
# What is missing? If this notebook is closed after three of four, the three are lost. So a task should leave a file as
# soon as it has a result. But what if it is killed *while* it writes?
#
# **Exercise 1. Finish the lines.** Within a folder, Linux and macOS rename a file in one go (Windows nearly always):
# before, the name means the old file, afterwards the new one. Use this. (`write(name, text)` may be cut off in the
# middle; `rename(name, other)` happens or does not.)

# %% tags=["exercise"]
def write_at_once(name, text, write, rename):
    ...  # your lines


check.write_at_once(write_at_once)

# %% [markdown]
# <details><summary>Hint 1</summary>Half a file may only ever have a name that nobody reads.</details>
# <details><summary>Hint 2</summary>For instance name + ".part". When it is whole, it gets its real name.</details>

# %% tags=["solution"]
def solution_write_at_once(name, text, write, rename):
    write(f"{name}.part", text)
    rename(f"{name}.part", name)


check.write_at_once(solution_write_at_once, solution=True)

# %% [markdown]
# In Python the second step is `os.replace`. (Against a power cut `os.fsync` comes before it, as in the library: it waits
# until the text is on the disk.) Now a task that keeps what it found, under a name made of code, settings and seed, and
# has nothing to do when it finds its own file:

# %%
def kept(function, s, folder, **settings):
    path = Path(folder) / f"{function.__name__}-{s}-{sorted(settings.items())}.json"  # the library adds a number made from the code
    if path.is_file():
        return "skipped"
    part = path.with_suffix(f".{os.getpid()}")  # two workers of this machine may write at once
    part.write_text(json.dumps(function(s, **settings)))
    os.replace(part, path)
    return "computed"


with tempfile.TemporaryDirectory() as folder:
    said = [kept(ring_game, s, folder, steps=steps) for s in (seeds[0], seeds[1], seeds[0])]
    by_hand = json.loads(next(Path(folder).glob(f"ring_game-{seeds[0]}-*")).read_text())
print(said)

# %% [markdown]
# `course_lib.cluster.sweep` is this for many seeds and settings. That is all the recovery there is: whatever died, start
# the same line again, and only what is missing is computed.

# %%
ask.predict("killed")

# %%
work, told = tempfile.mkdtemp(), []
with cluster(workers=2) as client:

    def after_each(line):
        told.append(line)
        if len(told) == 3:  # pull the plug of one worker
            psutil.Process(next(iter(client.run(os.getpid).values()))).kill()

    many = list(range(10 * seed, 10 * seed + runtime.pick(smoke=4, course=8)))
    found = sweep(ring_game, many, [{"steps": steps}], folder=work, client=client, tell=after_each)
again = sweep(ring_game, many, [{"steps": steps}], folder=work)
show_table("Eight trainings, and a worker that was killed after the third", ["what", "how many"],
           [["seeds with a result", str(len(found.rows))], ["seeds without", str(len(found.failures))],
            ["files", str(len(list(Path(work).glob("*.json"))))], ["computed when the same sweep is started again", str(again.computed)]])

# %%
apart = [abs(row.value["weights"] - one["weights"]) for row in found.rows for s, one in here.items() if row.seed == s]
claims.at_most("a worker computes what this notebook does: largest difference of the weights' sums",
               max(abs(spread_out[s]["weights"] - one["weights"]) for s, one in here.items()), 0)
claims.true("our own kept task has the library's numbers", by_hand == {**here[seeds[0]]})
claims.at_most("one worker killed: seeds without a result", len(many) - len(found.rows), 0)
claims.at_most("… result files beyond one a seed", len(list(Path(work).glob("*.json"))) - len(many), 0)
claims.at_most("… and the weights' sums are those of an undisturbed training (largest difference)", max(apart), 0)
claims.at_most("started again: trainings that are computed once more", again.computed, 0)

# %% [markdown]
# A task that *fails* (with an error, not with a dead worker) ends with its sentence, and the others go on. One that kills
# its worker, say because the memory is full, is tried once more alone, and then given up.
#
# ## How much faster?
#
# **Exercise 2. Finish the line.** Of a sweep, `serial` seconds must be done one after the other (to start, to send, to
# collect). The other `parallel` seconds can be shared by `workers` (Amdahl, 1967). How many seconds does it take?

# %% tags=["exercise"]
def fastest(serial, parallel, workers):  # two numbers of seconds, a whole number → seconds
    return ...  # your line


check.fastest(fastest)

# %% [markdown]
# <details><summary>Hint 1</summary>The first part takes as long as ever.</details>
# <details><summary>Hint 2</summary>Two workers need half the time for the second part.</details>

# %% tags=["solution"]
def solution_fastest(serial, parallel, workers):
    return serial + parallel / workers


check.fastest(solution_fastest, solution=True)

# %%
ask.predict("four")

# %%
took = sweeps()  # `course record sweeps`, on a machine with two cores
alone, start = took["1"], took["start"]  # one worker's seconds for all trainings, and before its first
least = {n: start + alone / min(int(n), took["cores"]) for n in ("1", "2", "4")}  # exercise 2's formula
show_table(f"{took['tasks']} trainings on {took['cores']} cores: seconds (medians of three sweeps)",
           ["workers", "trainings", "times as fast", "with the start", "Amdahl: at least"],
           [[n, f"{took[n]:.1f}", f"{alone / took[n]:.2f}", f"{start + took[n]:.1f}", f"{bound:.1f}"] for n, bound in least.items()])
print(f"a task without work: {took['no work']:.0f} thousandths of a second; before the first task: {start:.0f} s")

# %% [markdown]
# For Amdahl, `serial` is the start (measured with one worker, and taken for all rows), `parallel` what one worker needed
# for the trainings, and `workers` never more than the cores. Four workers on two cores are slower than two: to take turns
# seems to cost time, too. A training of a second hardly notices the scheduler. To start the workers takes longer, as each
# imports PyTorch; so for a few short trainings a loop is faster.
#
# The same line with `address="tcp://…:8786"` uses a whole room (in a network you trust: whoever reaches the port runs
# programs there). One machine runs `dask scheduler`, the others `dask worker ADDRESS --nworkers -1 --nthreads 1` (−1: a
# process for each core); on a computing centre's queue, dask-jobqueue starts the workers. (Not tried here: a real queue.)
#
# ## How many seeds?
#
# Three settings, D's step size 0.0015, 0.002 and 0.003, forty trainings each.

# %%
seeds_as_dots({f"D's step size {rate}": list(over.values(rate).values()) for rate in over.rates},
              x="energy distance after 300 steps; a dot a seed, a bar is the mean", title="Forty seeds each: the settings overlap",
              alt="Three rows of forty dots. Those of 0.0015 spread to 0.65, those of 0.002 to 0.21, those of 0.003 hardly; all three rows begin "
                  "at the same place. The means fall from the first row to the last.")

# %% [markdown]
# The dots above 0.05 are trainings that collapsed: they found at most two of the eight heaps, the others three or more.
# How often would somebody with n trainings of each take the wrong setting? We draw n of the forty of each, with putting back, 4,000 times, and count how
# often the mean of the worse one (worse by all forty) is the smaller.

# %%
ask.predict("winner")

# %%
first, second, third = over.rates
pairs = {f"{second} against {first}": (second, first), f"{third} against {second}": (third, second)}
counts = (1, 3, 5, 10, 20)
wrong = {name: {n: over.wrong_winner(*pair, n) for n in counts} for name, pair in pairs.items()}
show_table("How often the worse setting is ahead, by mean energy distance", ["comparison", *[f"{n} of each" for n in counts]],
           [[name, *[f"{share:.1%}" for share in row.values()]] for name, row in wrong.items()])
for rate in over.rates:
    (mean, scatter), good, n = over.spread(rate), over.good(rate), len(over.values(rate))
    print(f"D's step size {rate}: mean {mean:.3f}, standard deviation of one training {scatter:.4f}; "
          f"{n - len(good)} of {n} above 0.05, mean of the others {fmean(good):.4f}")

# %%
for pair, row in wrong.items():
    claims.at_least(f"recorded: {pair}, one training of each: how often the worse is ahead", row[1], 0.1)
    claims.at_most(f"recorded: {pair}, ten of each: how often the worse is ahead", row[10], 0.05)

# %% [markdown]
# One comparison in four would have told the wrong story. How many are enough? The mean of n trainings scatters √n times
# less than one training: with 100 of them a tenth. The *difference* of two such means has the standard deviation
# √((a² + b²) / n), where a and b are those of one training of each setting. If it is about normally distributed, it falls
# short of its mean by more than 1.645 standard deviations in 5 of 100 cases.
#
# **Exercise 3. Build.** The settings' means differ by `difference`; a training of one scatters with the standard deviation
# `one`, of the other with `other`. How many trainings of each are the fewest with which the worse one is ahead in at most 5
# of 100 cases?

# %% tags=["exercise"]
def seeds_needed(difference, one, other):  # three numbers → a whole number
    return ...  # your lines


check.seeds_needed(seeds_needed)

# %% [markdown]
# <details><summary>Hint 1</summary>The worse one is ahead when the difference of the two means falls short of its own mean by more than
# <code>difference</code>.</details>
# <details><summary>Hint 2</summary>Set <code>difference</code> against 1.645 standard deviations of the difference of means. Solve for n,
# and round up: <code>math.ceil</code>.</details>

# %% tags=["solution"]
def solution_seeds_needed(difference, one, other):
    return math.ceil(1.645**2 * (one**2 + other**2) / difference**2)


check.seeds_needed(solution_seeds_needed, solution=True)

# %% [markdown]
# Now the rule, beside what the recorded trainings say. In the second row, 0.002 has six collapses, 0.003 none. The third row is made up: the same collapses, but the good trainings of the one are moved to the mean of the other's.

# %% tags=["nbval-check-output"]
def by_rule(good, bad):
    (low, a), (high, b) = over.spread(good), over.spread(bad)
    return math.ceil(1.645**2 * (a**2 + b**2) / (high - low) ** 2)


last = f"{third} against {second}"
cases = pairs | {f"{last}, good ones made equal": (third, over.made_equal(second, third))}
ruled = {name: by_rule(*pair) for name, pair in cases.items()}
drawn = {name: next(n for n in range(1, 41) if over.wrong_winner(*pair, n) <= 0.05) for name, pair in cases.items()}
show_table("Trainings of each until the worse setting is ahead in at most 5 of 100 cases",
           ["comparison", "by the rule", "drawn from the forty"], [[name, str(ruled[name]), str(drawn[name])] for name in cases])

# %%
for name in cases:
    claims.at_most(f"recorded: {name}: trainings of each that were enough, less those that the rule asks for", drawn[name] - ruled[name], 0)
claims.at_least(f"recorded: mean of the good trainings of {second}, as a multiple of those of {third}",
                fmean(over.good(second)) / fmean(over.good(third)), 1.05)
claims.at_least("recorded: … were it the same, times as many trainings of each would be needed", drawn[f"{last}, good ones made equal"] / drawn[last], 2)

# %% [markdown]
# In the first row rule and drawing nearly agree. In the second the rule asks for too many. Six collapses widen the
# scatter, all that the rule sees; but each points at the right winner, and the other trainings of 0.002 are a little
# worse, too (mean 0.0178 against 0.0162). Were they equal, only the collapses would tell the two apart, and it would take
# 14 of each, not 5 (third row). Collapses alone would need these 14. (To compare ranks, or to count collapses, other numbers
# would be needed.)
#
# Before the first training nobody knows any of these numbers. So estimate them by a few seeds, plan the number, train
# *other* seeds, and keep to it; do not add seeds until the result pleases.
#
# **Exercise 4. Criticise.** Four reports. What is wrong in each?
#
# - **P** "We trained twenty seeds. The figure shows seed 13, which reaches the smallest distance of them."
# - **Q** "Of twenty trainings three stopped with an error. The mean of the seventeen is 0.021."
# - **R** "We tried eight step sizes on seeds 1 to 5. With the best one, seeds 1 to 5 have a mean of 0.019."
# - **S** "Ten seeds ran on Monday. On Tuesday we mended the loss and ran ten more. The mean of the twenty is 0.024."
#
# Choose from `"best of many"`, `"left out"`, `"tuned on them"` and `"other code"`; each fits one report.

# %% tags=["exercise"]
what_misled = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_misled(what_misled)

# %% [markdown]
# <details><summary>Hint 1</summary>"Best of many": one is shown and others were made. "Left out": some have no number.</details>
# <details><summary>Hint 2</summary>"Tuned on them": chosen and reported by the same seeds. "Other code": two programs in one mean.</details>

# %% tags=["solution"]
solution_what_misled = {"P": "best of many", "Q": "left out", "R": "tuned on them", "S": "other code"}
check.what_misled(solution_what_misled, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a task that writes its file at once and skips what is there makes a sweep that survives a killed worker
#   and, started again, a killed notebook; more workers than cores bring nothing more; few seeds let the worse of two settings win often.
# - **Not said:** how it goes on a hundred machines: we had one, with two cores.
# - **Next:** [14.4](4_one_large_run.ipynb): one training, shared by several processes.
#
# **Limits.** A sweep needs a folder that all workers can write to. What a function reads besides its arguments is not in a
# result's name. A task that is nearly done when its worker dies starts from its beginning.
#
# **Software.** `course_lib.cluster.sweep`, on Dask distributed; `course claims --cluster`, `course record --cluster`. For other
# ways: joblib (one machine), submitit (SLURM), Ray.
#
# ## Further reading
#
# - M. Rocklin. *Dask: parallel computation with blocked algorithms and task scheduling.* SciPy 2015.
# - G. M. Amdahl. *Validity of the single processor approach to achieving large scale computing capabilities.* AFIPS 1967.
# - X. Bouthillier and others. *Accounting for variance in machine learning benchmarks.* MLSys 2021.
# - R. Agarwal, M. Schwarzer, P. S. Castro, A. Courville, M. G. Bellemare. *Deep reinforcement learning at the edge of the
#   statistical precipice.* NeurIPS 2021. What few runs can and cannot say.
