# %% [markdown]
# # 11.5 What does each layer of a network see?
#
# We draw your G and your D as graphs. Each box says how much of the picture one place of a layer's maps (a row and a
# column) *sees*. Then we ask what can be *read* from a layer: where do digits and drawings (pictures of your G) come
# apart? The answer is a riddle. Two controls and a look at the pixels solve it.
#
# **You need** [3.3](../03_train_a_gan/3_a_dcgan.ipynb) (your GAN, convolutions),
# [7.3](../07_explain_a_classifier/3_grad_cam.ipynb) (maps of a layer) and
# [8.1](../08_explain_the_discriminator/1_maps_of_a_logit.ipynb) (AUC). **You will** draw a network; compute what a
# place sees and paints; fit a probe and test it with controls; show what a network does not use. About 25 minutes to
# read, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from IPython.display import display
from sklearn.linear_model import RidgeClassifier
from torch import nn

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch11_symbols_and_shapes import network_pictures, probes
from course_lib.chapters.ch11_symbols_and_shapes.probes import for_fitting, shares_right, stages
from course_lib.data import load
from course_lib.explain import class_logit, explain_copy, realness
from course_lib.explain.graph import network_graph
from course_lib.files import recorded
from course_lib.learn import mine
from course_lib.learn.claims import Claims, show_table
from course_lib.models import DCDiscriminator, DigitCNN
from course_lib.runtime import Runtime
from course_lib.show.graph import GraphDrawing

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("11.5", runtime), syllabus.checks("11"), syllabus.questions("11.5")
own, held_out = mine.load(runtime), load("digits", runtime, split="test")
d, reader = explain_copy(own.discriminator), explain_copy(zoo.load("digit-cnn", runtime))
print(runtime.describe(), syllabus.time_of("11.5"), own.about, sep="\n")

# %% [markdown]
# ## A network as a graph
#
# We send a made-up picture through the network and note each layer that it passes. A box is a layer, darker if it has
# weights. *Sees* is how many rows and columns of the picture can change *one* place of the layer's maps: its *receptive
# field*. `network_graph` finds it by trial: it feeds 16 random pictures, takes the place in the middle, and looks which
# pixels have a slope. `Flatten` puts all numbers into one row, without places; the linear layer behind it sees the
# whole picture. In a generator the picture lies ahead, so the boxes of G say what one place *paints*: which pixels it
# can change.

# %%
ask.predict("field")

# %%
graph_of_d = network_graph(d, (1, 28, 28))
graph_of_g = network_graph(own.generator, (own.generator.latent,))
most_seen = max(node.sees[0] for node in graph_of_d if node.sees)
most_painted = max(node.paints[0] for node in graph_of_g if node.paints)
display(GraphDrawing(graph_of_d, f"Your D: a place of its last maps sees {most_seen} of 28 rows"))
GraphDrawing(graph_of_g, f"Your G: a place of its first maps paints {most_painted} of 28 rows")

# %% [markdown]
# ## What a place sees, by hand
#
# Let a layer have a kernel of $k$ rows that moves by $s$ (its stride). Let $r$ be the rows of the picture that one
# place sees, and $j$ how many rows apart two neighbouring places lie. At the picture both are 1. A new layer looks at
# $k$ neighbours; the last of them lies $(k-1)\,j$ rows after the first:
#
# $$r \leftarrow r + (k-1)\,j, \qquad j \leftarrow j\,s.$$
#
# *In words: the field grows by the way to the last neighbour; then neighbours lie $s$ times as far apart.* In D: $1 +
# 3 \cdot 1 = 4$ rows, then $4 + 3 \cdot 2 = 10$. (Near the border a part of these rows lies outside the picture.) A
# second test is the *reader*, chapter 07's classifier of digits: two convolutions of 3 × 3, each followed by pooling
# (k = 2, s = 2).

# %% tags=["nbval-check-output"]
def sees(layers):
    r, j, found = 1, 1, []
    for layer in layers:
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            k, s = (size[0] if isinstance(size, tuple) else size for size in (layer.kernel_size, layer.stride))
            r, j = r + (k - 1) * j, j * s
        found.append(r)
    return found


by_hand = {"D": sees(d.downs), "reader": sees(reader.body)}
graphs = {"D": graph_of_d, "reader": network_graph(reader, (1, 28, 28))}
in_graph = {name: [node.sees[0] for node in nodes if node.sees] for name, nodes in graphs.items()}
print("what a place sees, layer by layer:", by_hand)
claims.true("our fields are those of the graphs, layer by layer, in D and in a reader of digits", by_hand == in_graph)

# %% [markdown]
# **Exercise 1. Finish the line.** And what does a place of G *paint*? Now the layers lie *ahead*. A transposed
# convolution puts a kernel of $k$ rows down for each place, and the next one $s$ rows further. So far one place has become $p$ neighbouring rows, each a place for the next layer. How many rows of output do these
# $p$ places cover together? Try it on a place of G's first maps: 1 row must become 4, then 10, then the graph's 12 (its 6
# and 3 belong to later maps). (G's last layer, a convolution of 3 × 3 with a stride of 1, paints as a transposed one
# does.)

# %% tags=["exercise"]
def paints(p, k, s):
    return ...  # your line


check.paints(paints)

# %% [markdown]
# <details><summary>Hint 1</summary>One row alone becomes k rows. Two rows become two kernels, the second s rows below the first.</details>
# <details><summary>Hint 2</summary>How far is it from the first of p kernels to the last? Then add the length of one kernel.</details>

# %% tags=["solution"]
def solution_paints(p, k, s):
    return s * (p - 1) + k


check.paints(solution_paints, solution=True)

# %% [markdown]
# ## What a place sees, measured
#
# The formula has never seen a weight. So we do the graph's trial on digits: we sum all maps at the place in the middle,
# and add up the sizes of this sum's slopes over 16 digits. A brighter pixel has a larger slope (each square has its own
# scale).

# %%
def slopes_of_place(first_layers, pictures):
    x = pictures.clone().requires_grad_()
    maps = first_layers(x)
    middle = maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2]
    return torch.autograd.grad(middle.sum(), x)[0].abs().sum((0, 1)).cpu()  # (28, 28)


def rows_seen(slopes):
    rows = slopes.sum(1).nonzero()
    return (rows.max() - rows.min() + 1).item()


x16 = held_out.images[:16]
slopes = {"D, maps 1": slopes_of_place(d.downs[:2], x16), "D, maps 2": slopes_of_place(d.downs, x16),
          "reader, maps 1": slopes_of_place(reader.body[:3], x16), "reader, maps 2": slopes_of_place(reader.body, x16)}
network_pictures.places(
    slopes, title="A place sees a square; inside it, not every pixel counts alike",
    alt="Four black squares with a grey patch at the middle: small ones for the first maps, larger ones for the second. "
        "In the larger ones some pixels towards the middle are much brighter than the rim.")

# %% tags=["nbval-check-output"]
print("rows with a slope:", {name: rows_seen(each) for name, each in slopes.items()})
claims.true("the rows with a slope are as many as the formula says, at four layers",
            [rows_seen(each) for each in slopes.values()] == [by_hand["D"][1], by_hand["D"][-1],
                                                              by_hand["reader"][2], by_hand["reader"][-1]])

# %% [markdown]
# **In short:** kernels and strides set a *limit*, the field. What lies outside cannot count (while D trains, batch norm
# lets it count a little). How much the pixels inside count depends on the weights; and, with a (Leaky)ReLU or a
# pooling, on the picture, too.
#
# **Exercise 2. Build a network of your own.** Return a discriminator for digits: $(N, 1, 28, 28)$ → $(N, 1)$. A place
# of the maps of its *last* convolution shall see 18 × 18 pixels. Use at most 10,000 weights. Then draw it:
# `GraphDrawing(network_graph(own_network(), (1, 28, 28)), "My D")`.

# %% tags=["exercise"]
def own_network():
    ...  # your layers, ending in: return nn.Sequential(…)


check.own_network(own_network)

# %% [markdown]
# <details><summary>Hint 1</summary>Start with D's two convolutions, of fewer maps (k = 4, s = 2, padding 1). They see 10 rows, and neighbours lie 4 rows apart.</details>
# <details><summary>Hint 2</summary>18 − 10 = 8. Which k gives (k − 1) · 4 = 8? A margin of 1 (padding=1) keeps the maps at 7 × 7.</details>
# <details><summary>Hint 3</summary>At the end nn.Flatten() and nn.Linear(maps · 7 · 7, 1).</details>

# %% tags=["solution"]
def solution_own_network():
    return nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 12, 4, 2, 1), nn.LeakyReLU(0.2),
                         nn.Conv2d(12, 12, 3, 1, 1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(12 * 49, 1))


check.own_network(solution_own_network, solution=True)
GraphDrawing(network_graph(solution_own_network(), (1, 28, 28)), "A D whose last maps see 18 × 18 pixels")

# %% [markdown]
# ## What the maps look like
#
# The first eight maps at two layers of D, for a digit and for a drawing. Orange is above 0, blue below; each map has
# its own scale.

# %%
n = runtime.pick(smoke=50, course=500)
drawings = probes.in_greys(own.sampler(n, seed=runtime.seed))  # the 256 greys of a picture file, as the digits have
pair = torch.cat([held_out.images[:1], drawings[:1]])
maps = {"maps 1": d.downs[:2](pair).detach().cpu(), "maps 2": d.downs(pair).detach().cpu()}
network_pictures.activations(
    {f"{kind}, {layer}": (pair[i].cpu(), both[i, :8]) for i, kind in enumerate(("digit", "drawing"))
     for layer, both in maps.items()},
    title="The first maps follow the strokes, the second are coarse",
    alt="Four rows: a digit and a drawing, each with eight maps after the first and eight after the second convolution. "
        "The first are fine and outline the strokes in orange and blue, the second are coarse.")

# %% [markdown]
# A place of D's second maps sees 10 × 10 pixels. Is that enough to tell digit from drawing? One pair does not say.
#
# ## A probe
#
# A **linear probe** (Alain and Bengio, 2016) asks a layer a yes-or-no question. Let $h$ be all of its numbers for one
# picture. The probe is a weighted sum: it says "digit" where $w \cdot h + b > 0$. The weights $w$ and the constant $b$
# are fitted to pictures whose answers $t$ are known, +1 for a digit, −1 for a drawing:
#
# $$\min_{w,\, b}\ \sum (w \cdot h + b - t)^2 + \lambda\, \lVert w \rVert^2 .$$
#
# *In words: the smallest squared misses, where large weights cost something, too* ($\lambda$ is how much, `strength` in
# the code; this is ridge regression; Alain and Bengio fit a logistic one). The network stays as it is. The probe is
# fitted to a random 60 % of the pictures, and asked about the *others*. For ten digits ten probes are fitted, and the
# largest sum wins.
#
# Two steps of the code are not in the formula. It first divides each number by its spread (plus a little: a pixel
# always black has none), and all by the root of how many there are; $w$ in the penalty belongs to these *scaled*
# numbers. And the best $w$ is a mix of the pictures fitted to: a part at right angles to all of these would cost, and
# change none of their sums. So for D's second maps 600 amounts, one a picture, are solved for in place of 3,136.

# %%
def fit_probe(h, is_digit, strength=0.01):  # (N, numbers), (N,) → weights (numbers,), a constant
    spread = h.std(0)
    spread = (spread + 1e-3 * spread.max()) * h.shape[1] ** 0.5  # in like units; more numbers, no weaker penalty
    scaled = (h - h.mean(0)) / spread
    t = 2.0 * is_digit - 1
    alike = scaled @ scaled.T  # (N, N): each picture times each; the best weights are a mix of the pictures
    mix = torch.linalg.solve(alike + strength * torch.eye(len(h), device=h.device), t - t.mean())
    weights = scaled.T @ mix / spread
    return weights, t.mean() - h.mean(0) @ weights


pictures, is_digit = torch.cat([held_out.images[:n], drawings]), (torch.arange(2 * n) < n).long().to(runtime.device)
layers_of_d = probes.stages_of_d(d)  # pixels, maps 1, maps 2, logit
of_d = stages(d, realness, pictures, layers_of_d)  # stage → its numbers, (N, …)
fitted, h = for_fitting(2 * n, 0).to(runtime.device), of_d["maps 2"]  # 60 % of the pictures, at random
w, b = fit_probe(h[fitted], is_digit[fitted])
by_probe = ((h[~fitted] @ w + b > 0) == is_digit[~fitted]).double().mean().item()
print(f"D's second maps, pictures not fitted to: {by_probe:.1%} right (guessing: 50 %)")

# %% tags=["nbval-check-output"]
scale = (h[fitted].std(0) + 1e-3 * h[fitted].std(0).max()) * h.shape[1] ** 0.5
theirs = RidgeClassifier(alpha=0.01).fit((h[fitted] / scale).cpu(), is_digit[fitted].cpu())
gap = abs(theirs.score((h[~fitted] / scale).cpu(), is_digit[~fitted].cpu()) - by_probe)
gap = max(gap, abs(shares_right(h, is_digit, splits=(0,))[0][0] - by_probe))  # fits and asks a probe in each split
claims.at_most("our probe is right as often as scikit-learn's RidgeClassifier and the chapter's probe (gap)", gap, 0.006)

# %%
ask.predict("depth")
ask.predict("untrained")

# %% [markdown]
# Two controls belong to every probe. **Permuted labels**: the same answers $t$, dealt out at random. What is still
# "right" then is luck. **An untrained network** of the same shape: what can be read there, no training has put in. (And
# the pixels: no network at all.) Each probe is fitted three times, to other 60 %. Mind that stages differ in size: 784
# pixels, thousands of numbers in maps, ten logits of the reader, and *one* of D.

# %%
with runtime.seeded("untrained"):
    raw_d, raw_reader = DCDiscriminator(**own.discriminator.settings), DigitCNN()
raw_d, raw_reader = (explain_copy(one.to(runtime.device)) for one in (raw_d, raw_reader))


def probed(learned, raw, target, layers, images, answers):
    """Line → stage → share right for each of three splits."""
    lines = {"trained": {}, "untrained": {}, "trained, permuted labels": {}}
    for stage, outputs in stages(learned, target, images, layers).items():
        lines["trained"][stage], lines["trained, permuted labels"][stage] = shares_right(outputs, answers)
    for stage, outputs in stages(raw, target, images, layers).items():
        lines["untrained"][stage] = shares_right(outputs, answers)[0]
    return lines


as_drawn = probed(d, raw_d, realness, layers_of_d, pictures, is_digit)
some, which = held_out.images[: 2 * n], held_out.labels[: 2 * n]
read = probed(reader, raw_reader, class_logit(0), probes.STAGES_OF_READER, some, which)
network_pictures.by_stage(
    {"which digit? (reader)": (0.1, read), "digit or drawing? (D)": (0.5, as_drawn)},
    title="Digits come apart on the way through the reader. On the way through D, digits and drawings seem to merge",
    alt="Two panels. Left, which digit: the share right rises from about 0.7 for the pixels to 0.95 at the logits; "
        "untrained it rises nearly as high up to the second maps and falls to a half at the logits. Right, digit or drawing: "
        "it falls from about 0.8 for the pixels to 0.65 at the logit; untrained it falls to guessing. Permuted labels lie "
        "at guessing.")

# %% tags=["nbval-check-output"]
def mean(lines, line, stage):
    return sum(lines[line][stage]) / len(lines[line][stage])


def gain(lines, stage):  # of the training, over the same network untrained
    return mean(lines, "trained", stage) - mean(lines, "untrained", stage)


luck = [mean(lines, "trained, permuted labels", stage) - chance for lines, chance in ((read, 0.1), (as_drawn, 0.5))
        for stage in list(lines["trained"])]
claims.at_most("permuted labels are read no better than by guessing (largest share above it)", max(luck), 0.06)
claims.at_least("which digit: the reader's second maps are read better than the pixels (share right, by)",
                mean(read, "trained", "maps 2") - mean(read, "trained", "pixels"), 0.1)
claims.at_least("… an untrained reader's second maps are, too (by)",
                mean(read, "untrained", "maps 2") - mean(read, "untrained", "pixels"), 0.05)
claims.at_least("… training gains more at the logits than at the second maps (by)",
                gain(read, "logits") - gain(read, "maps 2"), 0.2)

# %% [markdown]
# **The reader.** Pixels are read right about seven times in ten, and each stage adds something. But up to the second
# maps, most of that comes without training: random layers mix pixels, and some mixtures are useful. Training's own gain
# is a few hundredths there. It is large at the logits: ten random sums are read right half of the time, ten trained
# ones nearly always.
#
# **D.** It was trained for just this question, and yet pixels and first maps are read best, its logit worst. So
# *what* is it that the probe reads from the pixels? Look at *faint greys*: not black, but darker than a tenth of white.

# %%
faint = (pictures > -1) & (pictures < -0.8)
kinds = {"digits": faint[:n], "drawings": faint[n:]}
print("faint pixels:", {kind: f"{each.float().mean():.1%}" for kind, each in kinds.items()})
network_pictures.places({f"how often faint: {kind}": each.float().mean((0, 1)).cpu() for kind, each in kinds.items()},
                        one_scale=True,
                        title="G leaves faint greys where digits are black",
                        alt="Two squares on one scale, brighter where a pixel is more often faintly grey. Digits: nearly "
                            "black. Drawings: grey in the middle, a dark frame around it, brightest at the very "
                            "borders.")

# %%
ask.predict("cut")

# %%
cleaned = probes.without_faint(pictures)  # both kinds alike: what is fainter becomes black
cut = probed(d, raw_d, realness, layers_of_d, cleaned, is_digit)


def auc(images):
    with torch.no_grad():
        logits = d(images)[:, 0]
    return (logits[:n, None] > logits[None, n:]).double().mean().item()


auc_before, auc_after = auc(pictures), auc(cleaned)
with torch.no_grad():
    logits, others = d(pictures)[:, 0], d(cleaned)[:, 0]
change, spread = (logits - others).abs().mean().item(), logits.std().item()
print(f"AUC of D's own logit, digits above drawings: {auc_before:.3f} as drawn, {auc_after:.3f} without faint greys")
print(f"one picture's logit changes by {change:.2f} on average; the logits' standard deviation is {spread:.2f}")
network_pictures.by_stage(
    {"as drawn": (0.5, as_drawn), "faint greys cut": (0.5, cut)},
    title="Digit or drawing? The pixels' lead was faint greys; without them D's later stages lead",
    alt="Two panels. Left as before, falling from 0.8. Right, without faint greys, the pixels and first maps are read "
        "right a little over half of the time, D's second maps and logit about two thirds; untrained second maps lie "
        "below these.")

# %% tags=["nbval-check-output"]
claims.at_least("without faint greys the pixels are read worse (share right, by)",
                mean(as_drawn, "trained", "pixels") - mean(cut, "trained", "pixels"), 0.12)
claims.at_most("… D's own logit tells the two apart as before (AUC, change)", abs(auc_before - auc_after), 0.03)
claims.at_most("… and hardly moves (mean change of a logit, in the logits' standard deviations)", change / spread, 0.1)
claims.at_least("… D's second maps are then read better than the pixels (by)",
                mean(cut, "trained", "maps 2") - mean(cut, "trained", "pixels"), 0.02)
claims.at_least("… and better than an untrained D's (by)", gain(cut, "maps 2"), 0.02)

# %% [markdown]
# Without faint greys the order turns round: what D's training has put in shows at the second maps and the logit.
#
# **Read is not used.** The faint greys help a probe of the pixels and of D's maps. We took them away, and D's AUC (how
# often a digit gets a higher logit than a drawing) stayed. That alone only says that D does not *need* them: it may
# know a second sign of the same. But the single logits stayed, too. So this D hardly *uses* them. (A change as small
# elsewhere might move it as little: not tested.)
#
# Is this D an odd one? We trained five more, half as wide, for 600 steps.

# %% tags=["nbval-check-output"]
runs = recorded("probes")["runs"]
rows = {"digit or drawing, D": "D", "…, faint greys cut": "D, faint greys cut", "which digit, D": "digits in D"}


def over(name, stage, other=None, other_stage=None):  # training → a stage's share, minus another's
    return {s: row[stage] - (runs[other][s][other_stage or stage] if other else 0) for s, row in runs[name].items()}


def spread_of(name, stage):
    return f"{min(over(name, stage).values()):.2f} to {max(over(name, stage).values()):.2f}"


show_table("Share right, held out, over five trainings", ["question", "network", "pixels", "maps 1", "maps 2", "logit(s)"],
           [[words, kind, *(spread_of(f"{name}, {kind}", stage) for stage in runs[f"{name}, {kind}"]["100"])]
            for words, name in rows.items() for kind in ("trained", "untrained")])
clean = [f"D, faint greys cut, {{}}{strength}" for strength in ("", ", strength 0.001", ", strength 0.1")]
for words, other, stage in (("better than the pixels", "trained", "pixels"),
                            ("better than an untrained D's", "untrained", "maps 2")):
    leads = [over(name.format("trained"), "maps 2", name.format(other), stage) for name in clean]
    claims.over_seeds(f"over trainings: without faint greys D's second maps are read {words} (by, least of 3 strengths)",
                      {s: min(lead[s] for lead in leads) for s in leads[0]}, 0, ">", at_least=5)
claims.over_seeds("over trainings: D's AUC changes little when faint greys are cut (by)",
                  {s: abs(row["as drawn"] - row["faint greys cut"]) for s, row in runs["AUC of D's logit"].items()},
                  0.03, "<=", at_least=5)

# %% [markdown]
# The AUC of these five D changes by 0.006 to 0.011: they hardly *need* the faint greys.
#
# The last two rows: D was never told which digit it sees. Yet a probe reads it from its maps, better than from
# untrained ones: the game has put some of it there.
#
# **Exercise 3. Find the fault.** Four colleagues report on probes. Give each the control or precaution that is missing:
# `"untrained network"`, `"held-out pictures"`, `"same background"`, `"change it, ask the network"`.
#
# - **Ada**: "The digit can be read from D's maps with 85 % on new pictures, so the game has taught D the digits."
# - **Ben**: "600 pictures, 3,136 numbers each: my probe is right on all 600. This layer separates them perfectly."
# - **Cleo**: "Cats on sofas, dogs on lawns: the pixels alone tell the animals apart, with 90 % on new photos."
# - **Dan**: "My probe reads how thick the strokes are, on new pictures; untrained maps lack it. So D judges by
#   thickness."

# %% tags=["exercise"]
lacks = ...  # {"Ada": …, "Ben": …, "Cleo": …, "Dan": …}

check.lacks(lacks)

# %% [markdown]
# <details><summary>Hint 1</summary>Each of the four is missing once.</details>
# <details><summary>Hint 2</summary>Who says “taught”? Who says “judges by”?</details>
# <details><summary>Hint 3</summary>Who does not say how often the probe is right where it was not fitted? And who does not say what else differs?</details>

# %% tags=["solution"]
solution_lacks = {"Ada": "untrained network", "Ben": "held-out pictures", "Cleo": "same background",
                  "Dan": "change it, ask the network"}

check.lacks(solution_lacks, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** the graph says what a place sees and paints, and the formula and the slopes agree. A probe says what
#   can be read; an untrained network and the pixels say how much of that is owed to training.
# - **Not said:** that a network uses what a probe reads (D hardly used the faint greys). And a layer may hold what no
#   weighted sum can read.
# - **Next:** [11.6](6_holes_in_a_digit.ipynb) looks at the shape of a digit without any network.
