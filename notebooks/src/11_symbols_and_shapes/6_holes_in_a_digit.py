# %% [markdown]
# # 11.6 How many holes has a digit?
#
# A printed 8 has two holes, a printed 7 has none. That is *topology*: what stays when a shape is bent and stretched,
# not cut or glued. But a handwritten digit is a grey picture. Where does its ink begin? Here we count holes at all
# thresholds at once. Then we ask whether that was worth the trouble.
#
# **You need** loops and dictionaries in Python, and the digits of [3.1](../03_train_a_gan/1_the_loop.ipynb). **You
# will** write down when pieces and holes appear and end; count holes; say how much noise a hole survives. About 30
# minutes to read, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import numpy as np
import torch

from course_lib import show
from course_lib.chapters import syllabus
from course_lib.chapters.ch11_symbols_and_shapes import hole_pictures
from course_lib.chapters.ch11_symbols_and_shapes.hole_counters import PRINTED, accuracies, shut_in
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics.topology import count_holes, picture_diagram
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("11.6", runtime)
check = syllabus.checks("11")
ask = syllabus.questions("11.6")
print(runtime.describe())
print(syllabus.time_of("11.6"))

# All 5,000 shipped digits in an order of this seed: the first 1,000 are judged, the next 300 are to choose numbers on.
both = load("digits"), load("digits", split="test")
images, labels = (torch.cat([getattr(part, what) for part in both]) for what in ("images", "labels"))
order = torch.randperm(len(images), generator=runtime.stream("order"))
n, m = runtime.pick(smoke=60, course=1000), runtime.pick(smoke=40, course=300)
x, y = images[order[:n]], labels[order[:n]]
others, of_others = images[order[n:n + m]], labels[order[n:n + m]]

# %% [markdown]
# ## Let the threshold sink
#
# In these pictures ink is white and paper is black: the brightness of a pixel goes from −1 (paper) to 1 (ink). Fix a
# threshold, and call all pixels that are at least so bright *ink*, all others *paper*. Now let the threshold sink from
# 1 to −1: ink is only added. Two pixels of ink are joined when they share a *side*. A **hole** is paper that ink shuts
# in. (In the figure, at 0.6 and 0.0, the upper loop meets at one corner only, in the orange ring: it is not closed.)

# %%
eight = both[1].images[both[1].labels == 8][12]  # one that is not well closed


def counted(level):
    flat = torch.where(eight >= level, 1.0, -1.0)  # ink or paper, nothing between
    return f"pieces: {len(picture_diagram(flat, 0))}, holes: {len(picture_diagram(flat, 1))}"  # 0: pieces, 1: holes


hole_pictures.sinking(eight, {level: counted(level) for level in (0.9, 0.6, 0.0, -0.6, -0.9)},
                      title="The counts change with the threshold. Which one is right?",
                      alt="A handwritten 8, and its ink at five thresholds from bright to dark: first scattered pieces "
                          "and no hole, then one stroke with one hole, at last with two. Rings mark where ink "
                          "touches at a corner only.")

# %% [markdown]
# No threshold is right by itself. **Persistent homology** (homology: the counting of pieces and holes) keeps them all:
# it writes one row (birth, death) for each piece of ink, and later one for each hole. First the pieces. A piece's
# *birth* is the brightness at which it appears, its *death* that at which it ends. It ends when it meets another one.
# Two become one; which of them goes on? The *older* one, by convention: the one that was born at the higher brightness.
#
# **Exercise 1. Finish the line.** Two pieces, born at brightness `a` and `b`, meet when the threshold has sunk to `t`.
# Return the row that is written now.

# %% tags=["exercise"]
def row(a, b, t):
    return ...  # (birth, death) of the piece that ends


check.which_ends(row)

# %% [markdown]
# <details><summary>Hint 1</summary>The older piece was born at the higher brightness. It goes on.</details>
# <details><summary>Hint 2</summary>The other one's birth is the smaller of two numbers; its death is now.</details>

# %% tags=["solution"]
def solution_row(a, b, t):
    return min(a, b), t


check.which_ends(solution_row, solution=True)

# %% [markdown]
# Here is the whole method. Pixels come in from bright to dark. Each new pixel is a piece by itself, and joins the
# pieces of its neighbours. To know which piece a pixel belongs to, each pixel points to another one of its piece, until
# one points to itself: the *root*. (This is called *union-find*.) With `corners=True` pixels are joined at corners,
# too; we shall need it.

# %%
SIDES, CORNERS = ((0, 1), (1, 0), (0, -1), (-1, 0)), ((1, 1), (1, -1), (-1, 1), (-1, -1))


def pieces(picture, corners=False):  # (H, W) → rows (birth, death); the piece that never ends has death −inf
    parent, birth, rows = {}, {}, []

    def root(pixel):
        while parent[pixel] != pixel:
            pixel = parent[pixel]
        return pixel

    for t, pixel in sorted(((float(value), at) for at, value in np.ndenumerate(picture)), reverse=True):
        parent[pixel], birth[pixel] = pixel, t
        for down, right in SIDES + CORNERS * corners:  # * False: no corners
            other = (pixel[0] + down, pixel[1] + right)
            if other in parent and root(other) != root(pixel):
                older, younger = sorted((root(other), root(pixel)), key=birth.get, reverse=True)  # brightest birth first
                parent[younger] = older
                rows.append((birth[younger], t))
    rows.append((float(np.max(picture)), -math.inf))
    return [(born, died) for born, died in rows if born > died]  # what ends at once is nothing


small = np.array([[-1, 0.9, -1, -1], [-1, 0.2, 0.2, 0.5], [-1, -1, -1, 0.7]])
print("pieces of a small picture:", pieces(small))

# %% [markdown]
# In the small picture two pieces are born, at 0.9 and at 0.7. The second grows to the pixel of 0.5. At 0.2 they meet,
# and the younger one ends: (0.7, 0.2).
#
# ## A hole is paper that cannot get out
#
# No new algorithm is needed for holes. Turn the picture's brightness around, and *paper* comes in, from dark to
# bright. A piece of paper inside a ring is born at the darkest pixel there. It ends when it meets older paper (darker,
# or equally dark), as a rule the paper outside (in an 8 it may be that of the other hole). To get there it must cross
# the ring, and it does so where the ring is weakest. The figure has a ring of 0.9 with one pixel of 0.1: every way out
# crosses a 0.9 or the 0.1, so it opens at 0.1.

# %%
ring = np.full((5, 5), -1.0)
ring[1:4, 1:4], ring[2, 2], ring[2, 3] = 0.9, -0.5, 0.1
hole_pictures.rising(ring, {-1: "outside only", -0.5: "a piece inside is born", 0.1: "it meets the older one: it ends"},
                     title="Paper comes in, from dark to bright: the piece inside lives from −0.5 to 0.1",
                     alt="A picture of 5 × 5 pixels, a ring of 0.9 with one pixel of 0.1 at the right, and its paper at "
                         "three thresholds. First the frame alone, then the frame and one pixel inside in another "
                         "colour, at last both in one colour, joined through the pixel of 0.1.")

# %% [markdown]
# Each way out opens at its *brightest* pixel. The way where that pixel is darkest opens first; this pixel is the ring's
# **weakest place**. Read backwards, with the threshold sinking: at its brightness, 0.1, the hole is born.
# At the brightness of the darkest pixel inside, −0.5, it is filled.
#
# One rule more. Paper is joined at corners, too: four pixels of ink around one pixel, like ◇, touch at corners only, so
# the ink is no ring, and the paper inside must get out.
#
# **Exercise 2. Build it.** Return the rows (birth, death) of all holes of `picture`, whose frame is paper, in the
# brightnesses of `picture`. You are given `pieces(picture, corners)` from above. The paper outside is no hole.

# %% tags=["exercise"]
def holes(picture, pieces):  # (H, W) → a list of rows, births above deaths
    ...  # your lines, ending in: return …


check.holes(holes)

# %% [markdown]
# <details><summary>Hint 1</summary>Ask for the pieces of −picture, joined at corners.</details>
# <details><summary>Hint 2</summary>Such a piece (p, q) of −picture is born at brightness −p of picture, and ends at −q. For the hole it is the other way round.</details>
# <details><summary>Hint 3</summary>The piece that never ends is the paper outside: its q is −inf.</details>

# %% tags=["solution"]
def solution_holes(picture, pieces):
    turned = pieces(-picture, True)
    return [(-met, -appeared) for appeared, met in turned if met > -math.inf]


check.holes(solution_holes, solution=True)

# %% [markdown]
# `picture_diagram` of `course_lib` asks the library gudhi, which joins pixels by edges and squares and needs no paper.
# On 20 digits, do pieces *and* holes agree? The figure shows the rows of the 8 from above. To the right is born early,
# low is filled late: the farther below the dotted diagonal, the longer a mark lives.

# %%
def largest_difference(image):
    framed = np.pad(image[0].numpy(), 1, constant_values=-1.0)  # paper around it
    ours = {0: [(b, max(d, -1.0)) for b, d in pieces(framed)], 1: shut_in(framed, pieces)}  # 1: as in Exercise 2
    gaps = []
    for dimension, rows in ours.items():
        library = sorted(map(tuple, picture_diagram(image, dimension).tolist()))
        assert len(rows) == len(library)
        gaps.append(np.abs(np.array(sorted(rows)) - np.array(library)).max(initial=0))
    return max(gaps)


apart = max(largest_difference(image) for image in x[:20])
hole_pictures.diagram(picture_diagram(eight, 0), picture_diagram(eight, 1), eight,
                      title="Two holes: the ring of one closes early, that of the other late",
                      alt="Left a handwritten 8. Right its diagram: two squares far below the diagonal, which are two "
                          "holes, one born bright, one born grey; a dot in the corner, which is the stroke; and a dozen "
                          "dots of pieces that soon merge.")

# %% tags=["nbval-check-output"]
claims.at_most("pieces and holes of 20 digits, ours and gudhi's (largest difference of a birth or a death)", apart, 1e-6)

# %% [markdown]
# A mark on the diagonal would end at its birth. The **depth** of a hole is birth minus death, also called its
# *persistence*. The largest depth possible is 2: white ring, black paper. Here one hole is born near 0.8, the other
# near 0, and both are filled at −1. The dot in the lower right corner is the stroke itself: born white, it never ends
# (drawn at −1, the lowest brightness).
#
# ## Does the count fit the class?
#
# We call a hole real when its depth is at least 0.5. (11.1 took one threshold, 0, joined ink at corners and filled
# holes under 3 pixels, so its counts differ.) As printed here, 0, 6 and 9 have one hole, 8 has two, all others none
# (with an open 4). To answer "none" always is right in about six of ten digits: that is the guess to beat.

# %%
ask.predict("twos")

# %%
found = count_holes(x, depth=0.5)
all_twos = (count_holes(images[labels == 2], depth=0.5) > 0).double().mean().item()
printed = torch.tensor(PRINTED)[y]
guess, right = (printed == 0).double().mean().item(), (found == printed).double().mean().item()
print(f"“none” for all: {guess:.1%} right; holes of depth 0.5: {right:.1%} of {n} digits right")
print(f"of all {int((labels == 2).sum())} handwritten 2s, {all_twos:.1%} have a hole; of those judged here, "
      f"{(found[y == 2] > 0).double().mean():.1%}")
hole_pictures.by_class(found, y, PRINTED, title="About half of the handwritten 2s have a hole, and many 8s have lost one",
                       alt="Stacked bars for ten classes. All 1s and 7s have no hole. About half of the 2s "
                           "have one. Most 0s, 6s and 9s have one; most 8s have two, many only one.")

# %%
def first(cases):
    return x[cases][:8]


hole_pictures.rows_of({"2, one hole": first((y == 2) & (found == 1)), "2, none": first((y == 2) & (found == 0)),
                       "8, not two": first((y == 8) & (found != 2)), "6, none": first((y == 6) & (found == 0))},
                      title="The count is mostly right about the ink: writers close loops, and leave them open",
                      alt="Four rows of digits: 2s with a loop, 2s without, 8s with an open or filled loop, the first "
                          "with two loops and a grey dip in its stroke, 6s whose loop is filled or open.")

# %% tags=["nbval-check-output"]
claims.at_least("holes against the printed form: better than “none” for all (share right, by)", right - guess, 0.2)
claims.close("handwritten 2s with a hole, of all 5,000 digits (share)", all_twos, 0.5, 0.08)
claims.at_most("handwritten 8s with two holes (share)", (found[y == 8] == 2).double().mean(), 0.85)

# %% [markdown]
# Look at the rows. The count makes few errors there: the 2 *has* a loop, the 6 is filled or open. (The first 8 has
# *three*: a grey dip in its stroke is deep enough to count.) A class is what the writer meant, the holes are what the
# ink does. So "an 8 has two holes" is a rule with many exceptions, and a generator that draws an 8 with one hole may
# have learned it from the data.
#
# ## Was it worth the trouble?
#
# The plain way: *one* threshold (here ink is what is *brighter*), and count. (Its tool is the *Euler number*: pixels of
# ink, minus pairs that share a side, plus full squares of four. For the ring of 8 pixels: 8 − 8 + 0 = 0. It is pieces
# minus holes, here 1 − 1; so the number of holes is that of the pieces, by union-find as above, minus the Euler number.) Both counters have one
# number to choose, the depth or the threshold. We choose each on 300 other digits. Then we add normal noise to all
# pixels, clip at −1 and 1, and choose anew. Before either counter we may *smooth*: each pixel becomes the mean of the 3
# × 3 pixels around it. That makes four ways.

# %%
ask.predict("plain")

# %%
ask.predict("noise")

# %%
sigmas = runtime.pick(smoke=(0.0, 0.5), course=(0.0, 0.3, 0.5, 0.8))
wanted = torch.tensor(PRINTED)[of_others]
results = {}
for sigma in sigmas:
    noisy = [(part + sigma * torch.randn(part.shape, generator=runtime.stream("noise", i, sigma))).clamp(-1, 1)
             for i, part in enumerate((others, x))]
    results[sigma] = accuracies(noisy[0], wanted, noisy[1], printed)
show_table("Share counted right (and the depth or threshold that was chosen)", ["noise", *results[0.0]],
           [[sigma, *(f"{share:.3f} ({number:g})".replace("-", "−") for share, number in results[sigma].values())]
            for sigma in sigmas])
curves = {way: [results[s][way][0] for s in sigmas] for way in results[0.0]} | {"“none” for all": [guess] * len(sigmas)}
show.lines({way: (sigmas, values) for way, values in curves.items()}, "standard deviation of the noise",
           "share counted right", title="Without noise all are nearly alike; with much noise, smoothing first helps most",
           alt="Four lines that start together near 0.87, on an axis that begins above one half. With noise of 0.8 the "
               "two smoothed ones are clearly highest, close together; depth and threshold without smoothing end near "
               "the guess at 0.6, which is a flat line.")

# %% tags=["nbval-check-output"]
clean, loud = ({way: r[0] for way, r in results[s].items()} for s in (0.0, 0.5))
claims.at_most("without noise, depth and one threshold, each chosen on other digits, differ by less than 0.03",
               abs(clean["depth"] - clean["one threshold"]), 0.03)
claims.at_least("with noise of 0.5, depth is no worse than one plain threshold (share right, by)",
                loud["depth"] - loud["one threshold"], 0)
claims.at_least("with noise of 0.5, smoothing and one threshold beats depth (share right, by)",
                loud["smoothed, one threshold"] - loud["depth"], 0.02)
claims.at_least("… smoothing first helps depth (share right, by)", loud["smoothed, depth"] - loud["depth"], 0.03)
over_level = [results[s]["smoothed, depth"][0] - results[s]["smoothed, one threshold"][0] for s in sigmas]
claims.at_least("on smoothed pictures depth beats one threshold (share right, by, mean over the noises)",
                sum(over_level) / len(sigmas), 0)

# %% [markdown]
# As a *counter*, persistence earns little here. Without smoothing, a well-chosen threshold does about as well up to a
# noise of 0.3; with 0.5 depth loses less; with 0.8 both are lost. Smoothing gains more than that. It is no rival of
# depth: it can come before either counter, and on smoothed pictures depth counted one to three points in a hundred
# better, over other draws of digits and noise, too. (With 0.8 neither alone is noticeably better than "none" for all:
# the threshold chosen there leaves no ink. Such noise probably makes deep holes, and a depth that shuts these out shuts
# out most real ones.)
#
# ## What the depth is good for
#
# The depth is a **guarantee**. Change each pixel by at most ε. Then the ring's weakest place loses at most ε, and the
# darkest pixel inside gains at most ε. So a hole of depth d keeps at least d − 2ε, *whatever* the change was, and no
# new hole is deeper than 2ε. (Cohen-Steiner and others, 2007, proved it for diagrams in general.) We test it: *even*
# noise, each value from −0.2 to 0.2 equally likely, and the depth of the deepest hole before and after.

# %%
def depths(image):  # of all holes, the deepest first; 0 at the end, so that there is one
    rows = picture_diagram(image)
    return [*sorted((d for d in (rows[:, 0] - rows[:, 1]).tolist() if d > 0), reverse=True), 0.0]


epsilon, some_digits = 0.2, x[:runtime.pick(smoke=20, course=300)]
shift = epsilon * (2 * torch.rand(some_digits.shape, generator=runtime.stream("even noise")) - 1)
before, after = ([depths(image) for image in pictures] for pictures in (some_digits, some_digits + shift))
moved = max(abs(a[0] - b[0]) for a, b in zip(before, after, strict=True))
deep = [sum(d > 4 * epsilon for d in each) for each in before]
kept = sum(min(one, sum(d > 2 * epsilon for d in each)) for one, each in zip(deep, after, strict=True))
new = max((a[0] for a, b in zip(after, before, strict=True) if b[0] == 0), default=0.0)
as_before = all(sum(d > 2 * epsilon for d in b) <= sum(d > 0 for d in a) for a, b in zip(before, after, strict=True))
more = sum(len(a) > len(b) for a, b in zip(after, before, strict=True)) / len(before)
show_table("Each pixel changed by at most 0.2", ["what", "value"], [
    ["holes deeper than 4ε = 0.8", sum(deep)], ["… still deeper than 2ε = 0.4, digit by digit", kept],
    ["deepest hole in a digit that had none", f"{new:.2f}"], ["digits with more holes than before", f"{more:.0%}"],
    ["largest change of the deepest hole", f"{moved:.2f}"], ["largest change possible, 2ε", f"{2 * epsilon:.2f}"]])
hole_pictures.before_and_after(
    [d[0] for d in before], [d[0] for d in after], epsilon, title="No digit leaves the strip that the guarantee allows",
    alt="A dot for each digit, its deepest hole before and after the noise. All dots lie within a grey strip along the "
        "diagonal: many at no depth before, the others from shallow to a depth of two.")

# %% tags=["nbval-check-output"]
claims.at_most("noise of at most ε moves the deepest hole by at most 2ε (largest move, as a share of 2ε)",
               moved / (2 * epsilon), 1)
claims.true("… in each digit at least as many holes are deeper than 2ε after as were deeper than 4ε before", kept == sum(deep))
claims.true("… and no more of them than the digit had holes of any depth before", as_before)

# %% [markdown]
# No digit's deepest hole changed by more than 2ε (the grey strip). Where holes were deeper than 4ε, as many are deeper
# than 2ε still; and no digit has more holes of such depth than it had holes before, so none need be new. (Shallow ones
# the noise does make, in nearly every digit.)
#
# Normal noise has no largest value, so the guarantee does not speak of it: with a standard deviation of 0.5, some
# pixels change by more than 1.
#
# **Exercise 3. Find the fault.** A colleague writes `pieces(-picture)` for the holes, and forgets `corners=True`.
# Return a picture of at most 7 × 7 pixels, with numbers from −1 to 1 and a frame of −1, in which he finds another
# number of holes than there are.

# %% tags=["exercise"]
def caught():
    return ...  # rows of numbers


check.caught(caught)

# %% [markdown]
# <details><summary>Hint 1</summary>With sides only, paper that touches at a corner counts as two pieces. Where must it be one?</details>
# <details><summary>Hint 2</summary>Ink that touches at corners only is no ring. Which four pixels around one pixel are such ink?</details>

# %% tags=["solution"]
def solution_caught():
    picture = -np.ones((5, 5))
    picture[1, 2] = picture[2, 1] = picture[2, 3] = picture[3, 2] = 1  # ◇
    return picture


check.caught(solution_caught, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a diagram holds pieces and holes at all thresholds; a hole is paper that cannot get out; its depth
#   says how large a change it survives for certain.
# - **Not said:** that counting needs persistence: without noise a threshold counts about as well, and with much noise
#   smoothing first helps more. Nor that holes make a class: half of the 2s have one.
# - **Next:** [11.7](7_the_shape_of_a_cloud.ipynb) asks the same of a *cloud* of pictures: its pieces, its holes, and
#   whether they tell when a generator has collapsed.
