# %% [markdown]
# # 11.7 Does topology see a collapse?
#
# A set of pictures is a cloud of points: each picture's 128 *features*, numbers that the judge, chapter 06's
# classifier, makes of it. One may hope that a collapsed generator draws a cloud with fewer pieces, or of another
# shape. Does topology see a collapse, and better than the plain measures of chapter 06?
#
# **You need** [11.6](6_holes_in_a_digit.ipynb) (births and deaths) and [6.2](../06_measuring/2_good_or_varied.ipynb)
# (features, Fréchet distance, coverage). **You will** count the holes of a cloud, score generators by topology against
# plain controls, and build a mapper graph. About 35 minutes to read, 55 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math
from itertools import combinations, product

import numpy as np
import torch
from sklearn.cluster import AgglomerativeClustering

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch11_symbols_and_shapes import cloud_pictures, cloud_scores
from course_lib.chapters.ch11_symbols_and_shapes.cloud_scores import COVERAGE, FAULTS, GEOMETRY, MERGING, NEAREST
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.metrics.topology import bootstrap_band, cloud_diagram, merging_distance_gap, merging_distances
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("11.7", runtime)
check = syllabus.checks("11")
ask = syllabus.questions("11.7")
print(runtime.describe())
print(syllabus.time_of("11.7"))

# The judge's 128 features of all training digits, and of pictures of the zoo's DCGAN.
judge, digits = zoo.load("judge"), load("digits")
dcgan = zoo.load("dcgan-digits", runtime)
generated = dcgan(runtime.pick(smoke=200, course=1000)).cpu()
pool = cloud_scores.Pool(judge_outputs(digits.images, judge)[1], digits.labels, judge_outputs(generated, judge)[1])

# %% [markdown]
# ## Holes of a cloud
#
# Draw a ball around each point and let all balls grow. Balls that touch are joined: pieces merge. A ring of joined
# balls shuts in a hole, until the balls fill it. As in 11.6, each piece and each hole has a birth and a death. Here
# they are *distances*: two balls touch when each has half the distance of their points as its radius; we write down the
# distance. (So death is the larger one; in 11.6 it was the smaller. gudhi fills holes with triangles of near points, a
# *Vietoris–Rips complex*, somewhat sooner than balls do.)
#
# Any cloud has small holes by chance. How long must one live to be more? We draw the cloud anew from itself, with
# replacement: a *bootstrap*. Some points are missing then. For each missing point we take its distance to the nearest
# drawn one, and note the largest. The distance that only 5 of 100 draws exceed is the **band**: so far may a point be
# off by luck. A hole that lives longer than *twice* the band counts. (A rule of thumb; Fasy and others, 2014, prove a
# stricter one.)
#
# **Exercise 1. Finish the line.** `diagram` has a row (birth, death) for each hole. How many holes count?

# %% tags=["exercise"]
def significant(diagram, band):  # (holes, 2), one number → one number
    return ...  # your line


check.significant(significant)

# %% [markdown]
# <details><summary>Hint 1</summary>A life is death minus birth: column 1 minus column 0.</details>
# <details><summary>Hint 2</summary>Compare all lives with 2 * band, and add up True and False.</details>

# %% tags=["solution"]
def solution_significant(diagram, band):
    return (diagram[:, 1] - diagram[:, 0] > 2 * band).sum()


check.significant(solution_significant, solution=True)

# %%
def circle(n, name, middle=0.0):
    g = runtime.stream("circle", name)
    angle = 2 * math.pi * torch.rand(n, generator=g)
    return middle + torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(n, 2, generator=g)


def disc(n):
    return circle(n, "disc") * torch.rand(n, 1, generator=runtime.stream("radius")).sqrt()


clouds = {"circle": circle(150, 0), "disc": disc(150), "two circles": torch.cat([circle(120, 1), circle(120, 2, 3.0)])}
holes = {name: cloud_diagram(points) for name, points in clouds.items()}
bands = {name: bootstrap_band(points, seed=seed) for name, points in clouds.items()}
counts = {name: cloud_scores.lasting(holes[name], bands[name]) for name in clouds}  # as in Exercise 1
print("holes that count:", counts)
cloud_pictures.clouds_and_diagrams(clouds, holes, bands, title="Above the grey strip, twice the band high: one hole, none, two",
                                   alt="A circle, a disc and two circles of points. In the diagrams below, one, no and two "
                                       "squares lie above a grey strip along the diagonal; many small ones lie in it.")

# %% tags=["nbval-check-output"]
claims.true("circle, disc and two circles have 1, 0 and 2 holes that count", list(counts.values()) == [1, 0, 2])

# %% [markdown]
# ## Pieces of a cloud
#
# At first each point is a piece. Take all pairs of points, nearest first. Whenever the two lie in *different* pieces,
# the pieces merge at this distance. N points merge N − 1 times. These **merging distances** are all deaths of pieces
# (and the edges of the *minimum spanning tree*). Pieces are written H0, holes H1.

# %%
def merging_by_hand(points):
    parent, merged = list(range(len(points))), []

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    apart = torch.cdist(points, points, compute_mode="donot_use_mm_for_euclid_dist").tolist()
    for distance, i, j in sorted((apart[i][j], i, j) for i, j in combinations(range(len(points)), 2)):
        if root(i) != root(j):
            parent[root(i)] = root(j)
            merged.append(distance)
    return torch.tensor(merged, dtype=torch.float64)


few = pool.real[:100].double()
by_hand = (merging_by_hand(few) - merging_distances(few)).abs().max().item()

# %% tags=["nbval-check-output"]
claims.at_most("merging distances of 100 digits: ours and the library's (largest difference)", by_hand, 1e-6)

# %% [markdown]
# A score: sort the merging distances of two clouds of equally many points. Compare the smallest with the smallest, the
# next with the next …, and take the mean size of the differences (`merging_distance_gap`, a Wasserstein-1 distance).
# (*Equally many*: more points lie closer together.)
#
# **Exercise 2. Fool the score.** Given the features of real pictures, return a cloud of as many points, `(N, d)`, that
# the score calls perfect although no point of it is within 100 of any real point.

# %% tags=["exercise"]
def fool(real):
    return ...  # your line


check.fool(fool)

# %% [markdown]
# <details><summary>Hint 1</summary>The cloud need not be drawn anew. What may you do to all points at once?</details>
# <details><summary>Hint 2</summary>How far apart are the two farthest real points? Go farther than that, and 100 more.</details>

# %% tags=["solution"]
def solution_fool(real):
    return real + 100 + torch.cdist(real, real).max()


check.fool(solution_fool, solution=True)

# %%
half = pool.real[torch.randperm(len(pool.real), generator=runtime.stream("half"))[:300]].double()
moved = half + 50
print(f"50 added to each feature: merging distances differ by {merging_distance_gap(half, moved):.1e}; "
      f"Fréchet distance {frechet_distance(half, moved):,.0f}")

# %% [markdown]
# **So a score of shape alone never shows that pictures are good.**
#
# ## Two scores of topology, three plain ones
#
# Real digits are compared with *real ones again*, and with four faulty clouds: classes 0 to 4 only; all classes but the
# 9; half as many pictures, each twice; and pictures of the zoo's DCGAN. And with two collapses: 4.4's GAN whose D
# learns too slowly, and the DCGAN with its latents *shrunk*. Five scores, of each more is worse. Three compare shapes,
# wherever the clouds lie:
#
# - **merging distances (H0)**, as above;
# - **nearest neighbours**, its control without topology: the same mean difference, of each point's distance to the
#   nearest other one;
# - **geometry score (H1)** (Khrulkov and Oseledets, 2018): let the balls grow to a limit; for what share of the sizes on
#   this way (the *scales*) has the cloud exactly 0, 1, 2 … holes? The score is the sum of the squared
#   differences of these shares between the two clouds. It looks for the holes of 64 random points (*landmarks*) at a
#   time; two of them are joined when some third point has both near. Done 20 times below, 50 in the recording.
#
# Two look at the place:
#
# - the **Fréchet distance** of chapter 06: how far mean and spread of the features differ;
# - **1 − coverage**: the share of real pictures that have no picture of the other cloud within reach (of their fifth
#   neighbour).
#
# First a test of the geometry score: a circle should have one hole at most scales, a disc at few.

# %%
on_circle, on_disc = (cloud_scores.living_times(points, runtime.pick(smoke=3, course=20), seed=seed)
                      for points in (circle(500, "many"), disc(500)))
print(f"share of the scales with exactly one hole: circle {on_circle[1]:.2f}, disc {on_disc[1]:.2f}")

n, trials = runtime.pick(smoke=80, course=200), runtime.pick(smoke=2, course=20)
real, rows = pool.draw(n, runtime)
shrink = 0.5  # try others: 1 is the DCGAN itself, 0 draws one picture again and again
lost = cloud_scores.collapsed(runtime, load("digits", runtime), runtime.pick(smoke=5, course=200))
narrow = dcgan.decode(shrink * dcgan.z(n, seed))
rows |= {name: judge_outputs(images.cpu(), judge)[1]
         for name, images in (("4.4's collapsed GAN", lost(n, seed=seed)), ("the DCGAN, latents shrunk", narrow))}
scores = cloud_scores.score_all(real, rows, trials, seed)
show_table(f"One draw of {n} pictures each (more is worse)", ["cloud", *scores],
           [[row, *(f"{v:.3g}" if v < 100 else f"{v:,.0f}" for v in (each[row] for each in scores.values()))] for row in rows])
new = judge_outputs(load("digits", split="test").images, judge)[1]  # the judge was trained on the others, not on these
new = new[torch.randperm(len(new), generator=runtime.stream("new digits"))]
more_rows = {"real ones": real, "digits new to the judge": new[:n]} | rows
mean_merging = {row: merging_distances(cloud).mean().item() for row, cloud in more_rows.items()}
show_table("Two mean distances (no scores)", ["cloud", "merging", "of all pairs"],
           [[row, f"{mean_merging[row]:.2f}", f"{torch.pdist(cloud).mean():.2f}"] for row, cloud in more_rows.items()])

# %% tags=["nbval-check-output"]
claims.at_least("the geometry score tells circle from disc: share of scales with one hole (difference)",
                on_circle[1] - on_disc[1], 0.5)
claims.true("each picture twice: the merging distances are farther off than for real ones again",
            scores[MERGING][FAULTS[2]] > scores[MERGING][cloud_scores.REAL])
claims.at_least("the DCGAN's pictures merge at larger distances than real ones (mean merging distance, ratio)",
                mean_merging[cloud_scores.GENERATED] / mean_merging[cloud_scores.REAL], 1.05)
claims.at_least("… and at larger ones than digits that the judge was not trained on (ratio)",
                mean_merging[cloud_scores.GENERATED] / mean_merging["digits new to the judge"], 1.05)

# %% [markdown]
# 4.4's collapse lies far above the first row in every score. To the merging distances the shrunk latents look like real
# digits in this draw: the DCGAN's pictures lie too far from their neighbours, shrinking brings the *mean* back, and two
# faults nearly cancel. Fréchet distance and coverage are not fooled.
#
# One draw shows little: real digits against real digits give no 0 either. That is the score's **floor**. We say that a
# score *sees* a fault in a draw when it is above *all* floors of 20 draws. By chance it does so in one draw of 21.
# (4.4's collapse is above 20 such floors, in every score. In 20 draws that we tried apart, merging distances saw the
# shrunk latents in about half.) The next figure is recorded, with 20 draws for each number of pictures.

# %%
ask.predict("half")

# %%
ask.predict("nine")

# %%
draws = recorded("cloud-power")["runs"]  # number of pictures → seed → score → row → value
by_score = {n: {score: {s: one[score] for s, one in by_seed.items()} for score in scores} for n, by_seed in draws.items()}
shares = {row: {score: {int(n): cloud_scores.seen(by_score[n][score], row) for n in draws} for score in scores} for row in FAULTS}
cloud_pictures.power(shares, 1 / 21, title="Scores of topology hardly see a missing 9; coverage does",
                     alt="Four panels, shares of draws against 100 to 400 pictures. Half of the classes: all rise to about "
                         "1, the geometry score last. No 9: merging distances, neighbours and geometry stay near chance, "
                         "coverage and Fréchet distance reach 1. Doubled: merging distances and neighbours at 1 "
                         "throughout, geometry falls to 0.2. DCGAN: the same two at 1, the geometry score jumps from "
                         "0.9 to 0.1 and back, coverage and Fréchet distance rise to 1.")

# %% tags=["nbval-check-output"]
few, more = 100, 200  # pictures
claims.at_least("recorded: classes 0 to 4 only, 200 pictures: merging distances see it (share of draws)",
                shares[FAULTS[0]][MERGING][more], 0.8)
claims.at_least("… with 100 pictures, more often than nearest neighbours (share of draws, by)",
                shares[FAULTS[0]][MERGING][few] - shares[FAULTS[0]][NEAREST][few], 0.2)
claims.at_most("… the geometry score sees it with 100 pictures (share of draws)", shares[FAULTS[0]][GEOMETRY][few], 0.3)
claims.at_most("… no 9, 200 pictures: merging distances see it (share of draws)", shares[FAULTS[1]][MERGING][more], 0.4)
claims.at_least("… coverage sees it (share of draws)", shares[FAULTS[1]][COVERAGE][more], 0.8)
claims.at_least("… each picture twice, 100 pictures: merging distances see it (share of draws)",
                shares[FAULTS[2]][MERGING][few], 0.95)
claims.at_least("… so do nearest neighbours, without topology (share of draws)", shares[FAULTS[2]][NEAREST][few], 0.95)
claims.at_least("… the DCGAN, 200 pictures: coverage sees it (share of draws)", shares[FAULTS[3]][COVERAGE][more], 0.9)

# %% [markdown]
# Does topology see a collapse? **A complete one, in the draw above, as every score did; of smaller faults, some.**
# Merging distances see doubled pictures in every draw. So do nearest neighbours, their control: plain distance is
# enough. Half of the classes they see, and with 100 pictures more often than their control. A single missing class
# changes little *within* the cloud. (Chance alone reaches the 0.2 of "no 9" in one case of 20.) There one has to
# compare place with place, as coverage does.
#
# The geometry score sees less here, and it jumps: it may see a fault with 100 pictures and not with 200. Merging
# distances see the DCGAN in every draw.

# %% [markdown]
# ## A map of the cloud
#
# **Mapper** (Singh and others, 2007) makes a graph of a cloud in three steps. A *lens* gives each point a few
# coordinates, here the first two principal components of the features (the two directions in which they vary most).
# Overlapping boxes cover the lens. Within each box, points are clustered by *all* their features: groups are joined
# while their mean distance is below a *reach*. Each cluster of five or more becomes a node.
#
# **Exercise 3. Build it.** Boxes overlap, so a picture can lie in several nodes. Two nodes that share a picture get an
# edge. `nodes` is a list of sets of numbers; return the edges as pairs `(i, j)` with i < j, where i and j are places in
# the list.

# %% tags=["exercise"]
def edges_of(nodes):
    ...  # your lines, ending in: return …


check.mapper_edges(edges_of)

# %% [markdown]
# <details><summary>Hint 1</summary>Two loops, the second over the places after i.</details>
# <details><summary>Hint 2</summary>a &amp; b is the set of what two sets share; an empty set counts as False.</details>

# %% tags=["solution"]
def solution_edges_of(nodes):
    found = []
    for i in range(len(nodes)):
        found += [(i, j) for j in range(i + 1, len(nodes)) if nodes[i] & nodes[j]]
    return found


check.mapper_edges(solution_edges_of, solution=True)

# %%
def mapper(lens, features, boxes=6, overlap=0.5, reach=14.0, least=5):
    low, step = lens.min(0), np.ptp(lens, 0) / boxes
    nodes = []
    for place in product(range(boxes), repeat=2):
        start = low + step * (np.array(place) - overlap / 2)
        inside = np.flatnonzero(((lens >= start) & (lens <= start + step * (1 + overlap))).all(1))
        if len(inside) >= least:
            cluster = AgglomerativeClustering(None, distance_threshold=reach, linkage="average")
            number = cluster.fit_predict(features[inside])
            nodes += [set(inside[number == k].tolist()) for k in range(number.max() + 1)]
    nodes = [node for node in nodes if len(node) >= least]  # a node of few pictures says little
    return nodes, cloud_scores.joined(nodes)  # edges, as in Exercise 3


def laid_out(*two):
    features = torch.cat(two).double().numpy()
    centred = features - features.mean(0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # the two of largest spread
    return centred @ directions.T, features


# %%
m = runtime.pick(smoke=80, course=400)
order = torch.randperm(len(digits), generator=runtime.stream("mapper"))
mine, again = order[:m], order[m:2 * m]
lens, features = laid_out(pool.real[mine], pool.generated[:m])
is_second = np.arange(len(lens)) >= m  # the generated ones
nodes, edges = mapper(lens, features)
cloud_pictures.mapper_graph(nodes, edges, lens, is_second, torch.cat([digits.images[mine], generated[:m]]),
                            title="Some nodes are mostly real, some mostly generated",
                            alt="A graph of some thirty digits joined by lines. Under each stands the share that was "
                                "generated; frames are blue for mostly real, orange for mostly "
                                "generated; most are neither.")

# %% [markdown]
# Each node shows its most central picture, and under it the share of generated ones.
#
# As *unevenness* we take the shares' mean squared difference from ½, weighted by the nodes' sizes. For chance, we
# *shuffle* who is generated, 99 times. Further controls: *real ones again*, and real digits that the judge was not
# trained on. And a plain check without a graph: by how much do generated pictures lie nearer to the middle of the lens?

# %%
def unevenness(nodes, second):
    sizes = [len(node) for node in nodes]
    return np.average([(second[list(node)].mean() - 0.5) ** 2 for node in nodes], weights=sizes)


def nearer(lens, second):  # to the middle: by how much the second cloud is, on average
    away = np.sqrt(((lens - lens.mean(0)) ** 2).sum(1))
    return away[~second].mean() - away[second].mean()


def by_chance(measure, what, name):  # of 99 shuffles of who is second, how many give as much?
    g = np.random.default_rng(runtime.derived_seed("shuffle", name))
    return int(sum(measure(what, g.permutation(is_second)) >= measure(what, is_second) for _ in range(99)))


one, drawn = pool.real[mine], pool.generated[:m]
pairs = {"real, generated": (one, drawn), "real, real again": (one, pool.real[again]),
         "new to the judge, generated": (new[:m], drawn)}
uneven, off = {}, {}
for name, two in pairs.items():
    place, of_all = laid_out(*two)
    uneven[name] = by_chance(unevenness, mapper(place, of_all)[0], name)
    off[name] = nearer(place, is_second), by_chance(nearer, place, name)
show_table("Two clouds", ["clouds", "of 99 shuffles, as uneven", "second is nearer to the middle by", "shuffles with as much"],
           [[name, uneven[name], f"{by:.1f}".replace("-", "−"), chance] for name, (by, chance) in off.items()])

# %%
ask.predict("settings")

# %%
settings = {"as above": {}, "4 boxes": {"boxes": 4}, "10 boxes": {"boxes": 10}, "little overlap": {"overlap": 0.1},
            "small reach": {"reach": 9.0}}
graphs = {name: mapper(lens, features, **other) for name, other in settings.items()}
show_table("The same cloud, other settings", ["settings", "nodes", "edges", "pictures in a node"],
           [[name, len(some), len(links), f"{len(set().union(*some)) / len(lens):.0%}"]
            for name, (some, links) in graphs.items()])

# %% tags=["nbval-check-output"]
claims.at_most("mapper, generated against real: shuffles whose shares are as uneven (of 99)", uneven["real, generated"], 0)
claims.at_least("… real ones again: shuffles that are at least as uneven (of 99)", uneven["real, real again"], 5)
claims.at_least("generated pictures lie nearer to the middle of the lens (mean distance, real minus generated)",
                off["real, generated"][0], 0.5)
claims.at_most("… shuffles that give as much (of 99)", off["real, generated"][1], 4)
claims.at_most("digits new to the judge in place of the real ones: shuffles as uneven, or as near (of 99, the larger)",
               max(uneven["new to the judge, generated"], off["new to the judge, generated"][1]), 4)
claims.at_least("another number of boxes changes the number of nodes (10 boxes by 4 boxes, ratio)",
                len(graphs["10 boxes"][0]) / len(graphs["4 boxes"][0]), 2)

# %% [markdown]
# No shuffle is as uneven, not even against digits new to the judge; real against real is no more uneven than chance.
# The plain check sees a difference: generated pictures lie nearer to the middle. So what does the graph add? It shows
# which pictures *may* be meant, at once; the shuffles tested the whole graph, no single node. Settings change the graph
# several-fold: never report its nodes or loops alone. **Look with it, then test without it.**
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a cloud has pieces and holes with births and deaths; merging distances see doubled pictures and many
#   missing classes, and hardly one missing class; a plain control sees the same faults, one of them less often when
#   pictures are few.
# - **Not said:** that topology is useless: other features, scores or more pictures may show more.
# - **Next:** [12.1](../12_guided_training/1_a_mask_on_the_gradient.ipynb) asks whether explanations can improve a GAN
#   while it trains.
#
# ## What the articles say
#
# | article (chapter 00) | it says | what we found |
# |---|---|---|
# | A5 | show the topology of both networks | a graph can be drawn from a network; what it shows is the build, not what was learned (11.5) |
# | A5 | show the topology of what is generated | holes of a digit can be counted, and a threshold counts nearly as well (11.6); of a cloud, scores of topology see some faults and miss others that coverage sees |
# | A5 | neural-symbolic explanation | rules in words can be grown from measured concepts; how faithful they are needs held-out digits and controls (11.1 to 11.3) |
# | A5 | a GAN makes high-quality copies of real data | coverage and Fréchet distance tell 200 DCGAN pictures from digits that the judge was trained on; copying: see 6.4 |
#
# **Limits.** One feature space, one generator and one collapsed one, at most a few hundred pictures; the geometry score
# with 50 draws of landmarks, where its authors use thousands. With labels, one simply counts the classes (6.2).
#
# ## Further reading
#
# - H. Edelsbrunner, J. Harer. *Computational topology: an introduction.* American Mathematical Society 2010.
# - D. Cohen-Steiner, H. Edelsbrunner, J. Harer. *Stability of persistence diagrams.* Discrete & Computational Geometry
#   37, 2007. Why depth is a guarantee.
# - B. T. Fasy, F. Lecci, A. Rinaldo, L. Wasserman, S. Balakrishnan, A. Singh. *Confidence sets for persistence
#   diagrams.* Annals of Statistics 42 (6), 2014. The band.
# - V. Khrulkov, I. Oseledets. *Geometry score: a method for comparing generative adversarial networks.* ICML 2018.
# - G. Alain, Y. Bengio. *Understanding intermediate layers using linear classifier probes.* arXiv 1610.01644, 2016. The
#   probes of 11.5.
# - B. Kim and others. *Interpretability beyond feature attribution (TCAV).* ICML 2018. For 11.2.
# - S. Haufe and others. *On the interpretation of weight vectors of linear models in multivariate neuroimaging.*
#   NeuroImage 87, 2014. For 11.2: what recognises a thing is not what the thing does.
# - S. Wachter, B. Mittelstadt, C. Russell. *Counterfactual explanations without opening the black box.* Harvard Journal
#   of Law & Technology 31 (2), 2018. For 11.4.
# - S. Joshi and others. *Towards realistic individual recourse and actionable explanations in black-box decision making
#   systems.* arXiv 1907.09615, 2019. For 11.4: the move in latents.
# - S. Barannikov, I. Trofimov, G. Sotnikov, E. Trimbach, A. Korotin, A. Filippov, E. Burnaev. *Manifold topology
#   divergence: a framework for comparing data manifolds.* NeurIPS 2021. It compares place with place.
# - G. Singh, F. Mémoli, G. Carlsson. *Topological methods for the analysis of high dimensional data sets and 3D object
#   recognition.* Eurographics Symposium on Point-Based Graphics 2007. Mapper.
# - The GUDHI Project. *GUDHI user and reference manual.* The library behind this lesson and
#   `course_lib.metrics.topology`. Others: ripser and persim, giotto-tda, KeplerMapper.
