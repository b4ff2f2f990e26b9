# %% [markdown]
# # 6.2 Are the pictures good, or only varied?
#
# One distance cannot say whether pictures are bad or too much alike. A generator that draws one perfect 7 again and
# again has quality without variety. One that draws noise has variety without quality. Here we measure the two apart.
#
# **You need** [6.1](1_how_far_from_real.ipynb) (features, the Fréchet distance). **You will** compute precision and
# recall; tell which of them a generator loses; compute a class entropy; measure your own GAN. About 25 minutes to read,
# 45 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch06_measuring import balls
from course_lib.data import draw_points, load, mixture
from course_lib.learn import mine
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import class_entropy, frechet_distance, judge_outputs, precision_recall
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.2", runtime)
check = syllabus.checks("06")
ask = syllabus.questions("06.2")
print(runtime.describe())
print(syllabus.time_of("06.2"))

# %% [markdown]
# ## Balls around points
#
# Take real points, and draw a **ball** around each that reaches to its $k$-th nearest *real* neighbour. Together, the
# balls are our estimate of where real data lie. Around each generated point, draw one that reaches to its $k$-th
# nearest *generated* neighbour. (A point is not its own neighbour.) Now four numbers can be counted (Kynkäänniemi and
# others, 2019; Naeem and others, 2020):
#
# - **precision:** the share of generated points in at least one *real* ball. *Does what is drawn lie where real data
#   lie?*
# - **recall:** the share of real points in at least one *generated* ball. *How much of the real data could have been
#   drawn?*
# - **density:** how many real balls a generated point lies in, on average, divided by $k$.
# - **coverage:** the share of real balls that hold a generated point.
#
# We begin in the plane, where the balls can be seen, with 40 points of each kind and $k = 3$. The generated points
# (crosses) are drawn from a *narrower* heap than the real ones (dots).

# %%
real, narrow = balls.heap(runtime, 40, "real"), balls.heap(runtime, 40, "narrow", 0.3)
balls.show_balls({"real balls: precision": (real, narrow, "real"), "generated balls: recall": (real, narrow, "generated")},
                 title="Narrow crosses: all lie in real balls, and their own balls hold few dots", reach=3.8,
                 alt="Left: balls around real points hold all crosses. Right: balls around crosses hold about a third of the real points.")

# %% [markdown]
# On the left the crosses lie in real balls: precision is near 1. On the right the balls around the crosses reach little
# farther than the crosses do. Only 14 of 40 dots lie in them, many under crosses: recall is low.
#
# **Exercise 1. Build it: precision.** You get a table of distances, one row for each real point and one column for each
# generated one, and the radius of each real point's ball. Which share of the generated points lies in at least one
# ball? (No point lies exactly on a border.) Return one number from 0 to 1.

# %% tags=["exercise"]
def precision(distances, radii):  # (N, M), (N,)
    ...  # your lines, ending in: return …


check.precision(precision)

# %% [markdown]
# <details><summary>Hint 1</summary>Make a table of True and False: is this generated point in this real ball?</details>
# <details><summary>Hint 2</summary>Row i is compared with radius i: <code>radii[:, None]</code> turns the radii into a column.</details>
# <details><summary>Hint 3</summary>Which axis runs over the balls? <code>any</code> along it, then <code>.double().mean()</code> of what is left.</details>

# %% tags=["solution"]
def solution_precision(distances, radii):
    in_ball = distances < radii[:, None]
    return in_ball.any(dim=0).double().mean()


check.precision(solution_precision, solution=True)

# %% [markdown]
# ## Three ways to go wrong
#
# *Narrow* was the first. Now two more generators. *Wide:* its crosses spread twice as far as the dots. *At an outlier:*
# all crosses lie far away, and only one lonely real point is anywhere near. The table below the figure has two more
# rows. *Honest* crosses are drawn from the dots' own heap. In the last row the ring of 6.1 plays the real data and the
# round heap the generator.

# %%
ask.predict("wide")

# %%
ask.predict("outlier")

# %%
wide, astray = balls.heap(runtime, 40, "wide", 2.0), balls.heap(runtime, 40, "astray", 0.7, at=(7.0, 7.0))
with_outlier = torch.cat([real, torch.tensor([[9.0, 9.0]])])
cases = {"honest": (real, balls.heap(runtime, 40, "honest")), "narrow": (real, narrow), "wide": (real, wide),
         "at an outlier": (with_outlier, astray)}
balls.show_balls({case: (*cases[case], "real") for case in ("narrow", "wide", "at an outlier")},
                 title="Some wide crosses lie outside; one lonely real point's ball holds a whole heap",
                 alt="Balls around real points, three times. Narrow: all crosses inside. Wide: many crosses outside. At an "
                     "outlier: one huge ball around a single far point holds every cross.")

# %%
seen = {case: precision_recall(*both, k=3) for case, both in cases.items()}
ring = draw_points(mixture("ring"), runtime).points[:2000].cpu()
heap = torch.randn(2000, 2, generator=runtime.stream("heap")) * math.sqrt(0.5)
seen["ring and round heap (6.1), k = 5"] = precision_recall(ring, heap)
show_table("Precision and recall in the plane", ["generated points", "precision", "recall", "density", "coverage"],
           [[case, *(f"{value:.2f}" for value in vars(found).values())] for case, found in seen.items()])

# %% tags=["nbval-check-output"]
claims.at_least("narrow: precision is higher than recall by at least 0.4",
                seen["narrow"].precision - seen["narrow"].recall, 0.4)
claims.at_least("wide: recall is higher than precision by at least 0.2",
                seen["wide"].recall - seen["wide"].precision, 0.2)
claims.at_most("the ring and the round heap, from above: under 10 % of the heap lies where the ring is (precision)",
               precision_recall(ring, heap).precision, 0.1)
claims.true("at an outlier: precision at least 0.9, coverage at most 0.1, density at most 0.5",
            seen["at an outlier"].precision >= 0.9 and seen["at an outlier"].coverage <= 0.1
            and seen["at an outlier"].density <= 0.5)

# %% [markdown]
# Even *honest* crosses do not reach 1 in precision and recall here: compare the other rows with theirs. The wide heap
# loses precision and keeps recall: its balls (not drawn) are large, and hold every dot. That is a
# weakness of recall: points that are spread too far need not lower it. The outlier shows a weakness of precision (its
# panel covers a wider field): one lonely real point has a huge ball, and whatever falls into it counts as real. Density
# and coverage were made to mend this (Naeem and others, 2020). Here density is only ⅓ (each cross lies in one ball,
# divided by $k = 3$), and coverage is near 0. Density is about 1 for an honest generator, and may exceed 1.
#
# The last row is the pair that the Fréchet distance found nearly equal in 6.1. Precision, near 0, tells the two apart.
#
# **Exercise 2. Find the faults.** This should be recall, but two things are wrong. Repair them. (Mending one of them
# changes more than one place.) `real` is $(N, d)$, `drawn` is $(M, d)$.
#
# ```python
# def faulty_recall(real, drawn, k):
#     radii = torch.cdist(real, real).kthvalue(k, dim=1).values  # the k-th smallest number of each row
#     inside = torch.cdist(real, drawn) < radii[:, None]
#     return inside.any(0).double().mean()
# ```

# %% tags=["exercise"]
def recall(real, drawn, k):
    ...  # your lines, ending in: return …


check.recall(recall)

# %% [markdown]
# <details><summary>Hint 1</summary>Around which points does recall draw its balls, and which points does it ask?</details>
# <details><summary>Hint 2</summary>torch.cdist(x, x) has zeros on its diagonal. Which neighbour has the distance 0?</details>
# <details><summary>Hint 3</summary>One radius for each drawn point, compared along the columns; then any, over the balls, for each real point.</details>

# %% tags=["solution"]
def solution_recall(real, drawn, k):
    reach = torch.cdist(drawn, drawn).kthvalue(k + 1, dim=1).values
    return (torch.cdist(real, drawn) < reach).any(dim=1).double().mean()


check.recall(solution_recall, solution=True)

# %% [markdown]
# ## Digits
#
# For digits we take the judge's 128 features and $k = 5$. (Kynkäänniemi and others take 3, Naeem and others 5; a larger
# $k$ makes larger balls.) Three sets of 1,000 pictures are compared with the 4,000
# training digits: new real ones, those of the zoo's GAN, and those of **your own GAN**, which lesson
# [3.3](../03_train_a_gan/3_a_dcgan.ipynb) kept for you. (If you kept none, it is the course's twin.) In the table ↑
# means that more is better, ↓ that less is.

# %%
ask.predict("gan")

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
judge, gan, own = zoo.load("judge", runtime), zoo.load("dcgan-digits", runtime), mine.load(runtime)
drawn = gan(2000, seed=runtime.seed)
features_of_real = judge_outputs(digits.images.cpu(), judge)[1]
sets = {"new real digits": held_out.images.cpu(), "the zoo's GAN": drawn[:1000], "your own GAN": own.sampler(1000)}
print("your own GAN:", own.about)
rows = []
for name, images in sets.items():
    features = judge_outputs(images, judge)[1]
    shares = precision_recall(features_of_real, features)
    rows.append([name, f"{frechet_distance(features, features_of_real):.2f}",
                 *(f"{value:.2f}" for value in vars(shares).values())])
show_table("1,000 pictures each, against the 4,000 training digits",
           ["pictures", "Fréchet ↓", "precision ↑", "recall ↑", "density ↑", "coverage ↑"], rows)
show.compare(sets, title="Beside real digits, those of the GANs are rougher",
             alt="Three rows of digits: real ones, and rougher ones of two GANs.")

# %% [markdown]
# The zoo's GAN has about the recall of real digits. As with the wide crosses, that need not be a merit. (6.5 measures
# the balls of another, shortly trained GAN.) The line above the table says how many steps your own GAN made; the zoo's
# made 20,000. The twin is worse in every column.
#
# These numbers depend on how many pictures there are, too. With 1,000 pictures, even new real digits miss a third of
# the balls (coverage 0.67). A ball is missed if the five nearest neighbours of its centre, among training and new
# digits together, are all training digits. Four of five digits are training digits, so the chance of that is about
# 0.8⁵ = 0.33. And the zoo's GAN has a larger Fréchet distance here than in 6.1, where 4,000 pictures were measured.
#
# ## What the judge reads
#
# Two measures need no distances. **Confidence** is the judge's highest probability for a picture, on average. **Class
# entropy** is 1 when the judge reads all ten digits equally often, and 0 when it reads only one. With $p_c$ for the
# share of pictures that are read as digit $c$, it is
#
# $$-\frac{1}{\log 10} \sum_c p_c \log p_c .$$
#
# *In words: the [entropy](../../docs/maths.md#entropy) of the shares, divided by the largest that ten classes can
# have.* A class that is never read adds 0.
#
# **Exercise 3. Finish the line.** `counts` is a tensor of whole numbers, one for each class, of *any* number of
# classes.

# %% tags=["exercise"]
def entropy(counts):
    shares = counts / counts.sum()
    return ...  # your line


check.entropy(entropy)

# %% [markdown]
# <details><summary>Hint 1</summary>Ten classes gave log 10. What do len(counts) classes give?</details>
# <details><summary>Hint 2</summary>0 · log 0 is NaN in the computer. torch.special.xlogy(p, p) is p · log p, and 0 for p = 0.</details>

# %% tags=["solution"]
def solution_entropy(counts):
    shares = counts / counts.sum()
    return -torch.special.xlogy(shares, shares).sum() / math.log(len(counts))


check.entropy(solution_entropy, solution=True)

# %%
probabilities = judge_outputs(drawn, judge)[0]
read = torch.bincount(probabilities.argmax(1), minlength=10)
shares = (read / len(drawn)).tolist()
print(f"class entropy {class_entropy(read):.3f}, shares from {min(shares):.2f} to {max(shares):.2f}")
print(f"confidence {probabilities.max(1).values.mean():.3f}")
show.bars({f"{len(drawn):,} pictures of the zoo's GAN": shares}, digits.names, "share of its pictures", x="digit",
          level=(0.1, "equal shares"), title="The judge reads all ten digits, none far too often",
          alt="Ten bars: the shares of the GAN's pictures that the judge reads as each digit, most near one tenth.")

# %% [markdown]
# If one digit is never read, the entropy is at most log 9 / log 10 = 0.954. So 0.995 says that the judge *reads* all
# ten. (Smudges read as 8 would count as 8s.) It does not say that all are equally frequent: in the figure the shares
# run from 0.07 to 0.12. The confidence of 0.921 is less than the 0.993 for real held-out digits (lesson 0.2). And both
# measures ask the judge alone: a crooked 3 passes if the judge surely reads it as 3. In 3.1 the judge was surer of a
# hardly trained GAN's grey blobs than of real digits.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** precision asks generated points whether they lie where real data lie; recall asks real points whether
#   they could have been drawn; density and coverage soften what a lonely point spoils; class entropy sees whether all
#   classes are read equally often.
# - **Not said:** which fault moves which number, for pictures.
# - **Next:** [6.3 Which measure sees which fault?](3_which_measure_sees_what.ipynb)
