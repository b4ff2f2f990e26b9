# %% [markdown]
# # 12.3 What else can an explanation do for a training?
#
# An explanation need not touch a gradient. It can tell *us* something about a training, and we act. We try three such
# uses: find a fault in the data, choose a moment, and take a shortcut away from D. Each has a rival that asks D
# nothing. **Does the explanation do better than its rival?**
#
# **You need** [12.1](1_a_mask_on_the_gradient.ipynb) (the games, DeepSHAP),
# [8.2](../08_explain_the_discriminator/2_what_or_where.ipynb) (a planted mark) and
# [6.1](../06_measuring/1_how_far_from_real.ipynb) (Fréchet distance). **You will** search a mean map for a mark,
# measure what a rule for choosing loses, and hide a window from D. About 40 minutes to read and run, 60 with the
# exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import avg_pool2d

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch12_guided_training import other_uses as uses
from course_lib.chapters.ch12_guided_training.drift import checkpoints
from course_lib.chapters.ch12_guided_training.recorded_uses import RULES, Uses
from course_lib.chapters.ch12_guided_training.use_pictures import maps_with_windows, rules_as_dots, training
from course_lib.data import load
from course_lib.explain.guides import DeepShapMask
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics import judge_outputs
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("12.3", runtime), syllabus.checks("12"), syllabus.questions("12.3")
digits, heldout, judge = load("digits", runtime), load("digits", runtime, split="test").images, zoo.load("judge", runtime)
over = Uses()  # `course record other-uses`: everything below in five trainings each, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("12.3"))

# %% [markdown]
# ## Use 1: find a fault in the data
#
# Data have faults: a logo, a date stamp, a scratch on the scanner's glass. We plant one. A third of the training
# digits get a white square of 4 × 4 pixels, the **mark**. A game is played on these data, and after 400 steps we ask
# D: which pixels of real pictures speak for "real"? Look at the figure first: would *you* have seen the mark?

# %%
third = torch.rand(len(digits), generator=runtime.stream("third")) < 1 / 3
faulty = uses.with_mark(digits, third)
early, late = runtime.pick(smoke=(6, 12), course=(400, 1500))
game = uses.train(uses.new_game(runtime), faulty, early, runtime)
show.compare({"training data": faulty.images, "G's pictures by now": game.sampler(ema=False)},
             alt="Two rows of twelve digits. Above, real ones, some with a white square in the upper left corner; below, "
                 "rough generated ones, in which the mark is at most hinted at.")

# %% [markdown]
# Maps of single pictures are hard to search. So we average the maps of 400 real pictures: the strokes of different
# digits blur, and a mark that is always at one place stays. Then we look for the window of 4 × 4 pixels with the
# highest mean.
#
# **Exercise 1. Build it.** Return the row and the column of that window's first pixel.

# %% tags=["exercise"]
def window(picture, side):  # (H, W), a whole number → (top, left)
    ...  # your lines, ending in: return …


check.window(window)

# %% [markdown]
# <details><summary>Hint 1</summary>Two loops over all places where a window fits: H − side + 1 rows of them.</details>
# <details><summary>Hint 2</summary>picture[top:top + side, left:left + side].mean() is the mean of one window.</details>
# <details><summary>Hint 3</summary>max(places, key=…) returns the place with the highest value.</details>

# %% tags=["solution"]
def solution_window(picture, side):
    height, width = picture.shape
    places = [(top, left) for top in range(height - side + 1) for left in range(width - side + 1)]
    return max(places, key=lambda at: picture[at[0] : at[0] + side, at[1] : at[1] + side].mean().item())


check.window(solution_window, solution=True)

# %% [markdown]
# The map is DeepSHAP. Its background, the pictures that it compares with, are 20 generated ones: why real *and not one
# of those*? We search its mean by hand, then with the chapter's functions:

# %% tags=["nbval-check-output"]
real, drawn = faulty.images[:400], game.sampler(ema=False)(400)
shares = DeepShapMask(game.discriminator, drawn[:20])(game.discriminator, real, 0)  # (400, 1, 28, 28)
mean_map = shares.mean((0, 1)).cpu()
means = avg_pool2d(mean_map[None, None], 4, stride=1)[0, 0]  # (25, 25), a mean for each window
by_hand = divmod(int(means.argmax()), 25)
maps = uses.maps_of_game(game, faulty, seed)
found = uses.scores(maps)
claims.true("our window is the chapter's", list(by_hand) == found["DeepSHAP"]["window"])

# %% [markdown]
# And the rivals? Four maps never ask D:
#
# - the mean real picture minus the mean generated (“fake”) one;
# - the *distance* from the mean fake, |real − mean fake|, averaged over real pictures;
# - the mean brightness;
# - noise.
#
# A second explanation is |saliency|. In the figure orange is above 0 (in DeepSHAP's map: for "real"), and blue below.

# %%
ask.predict("finds")

# %%
maps_with_windows(maps, title="After 400 steps DeepSHAP's best window is the mark",
                  alt="Six mean maps, each with its best window. That of DeepSHAP is on the mark, upper left; that of brightness on the "
                      "strokes, that of the random map anywhere.")

# %%
def hits(name, when):
    values = over.hits("marked", when, name).values()
    return f"{sum(value >= 0.5 for value in values)} of {len(values)}"


show_table("The best window holds at least half of the mark: recorded trainings, seeds 100 to 104",
           ["mean map", "after 400 steps", "after 1,500 steps"],
           [[name, hits(name, "early"), hits(name, "late")] for name in over.maps("marked", "early")])

# %% [markdown]
# (In this training others find the mark, too.) After 400 steps DeepSHAP finds it in all five recorded trainings, and no
# other map in more than three. So DeepSHAP did best here (D's other map, |saliency|, no better than the mean
# difference); five of five against three of five may be luck. (In each *recorded* training one of the two comparisons
# finds it as well, and the other does not: who does not know the mark cannot tell which is right.) The cheapest rival
# is missing: three of twelve pictures above show the mark to the eye.
#
# After 1,500 steps DeepSHAP finds it in none, and the plain distance does in four. Do pictures with and without the
# mark cancel in a mean with signs? We test it below. **A map is of D at that moment, and no list of the data's
# faults.** (We had chosen 400 steps on two other seeds. The claims about 1,500 steps and about the two comparisons
# were worded after the results had been seen.)
#
# Now we act: black out DeepSHAP's window in all training pictures, and train anew. The control blacks out the same
# window in the other upper corner. We count G's pictures with the mark (brighter than grey where it would be). For
# the digits we take the Fréchet distance **outside the mark**: before it is measured, the mark's window is made black
# in real and generated pictures alike.

# %%
uses.train(game, faulty, late, runtime)
later = DeepShapMask(game.discriminator, game.sampler(ema=False)(400)[:20])(game.discriminator, real, 0)
marked = {n: [part[:, 0, uses.area(uses.MARK)].mean().item() for part in (each, each[third[:400]])]
          for n, each in ((early, shares), (late, later))}
show_table("DeepSHAP's mean in the mark's pixels", ["", "all 400 pictures", "the marked ones alone"],
           [[f"after {n} steps", *(f"{value:.3f}" for value in values)] for n, values in marked.items()])
place = tuple(found["DeepSHAP"]["window"])
mended_game = uses.train(uses.new_game(runtime), uses.without(faulty, place), late, runtime)
show.compare({"trained on the data as they are": game.sampler(ema=False), "… without the found window": mended_game.sampler(ema=False)},
             alt="Two rows of twelve generated digits; above, some have a white square in the upper left corner, below none.")

# %%
rows = {"as it is": "data as they are", "without DeepSHAP's window": "without DeepSHAP's window",
        "without a window elsewhere": "without a window elsewhere", "never marked": "never marked (for comparison)"}
show_table("What G draws after 1,500 steps: median (range) of five trainings", ["training data", "pictures with the mark, %",
           "Fréchet distance outside the mark"],
           [[label, over.spread("marked", name, "marked", times=100), over.spread("marked", name, "distance")]
            for name, label in rows.items()])

# %% tags=["nbval-check-output"]
claims.at_most("in marked pictures alone the mark's DeepSHAP falls, from 400 steps to 1,500 (share left)",
               marked[late][1] / marked[early][1], 0.5)
claims.over_seeds("over seeds: after 400 steps DeepSHAP's best window is the mark (share of it)",
                  over.hits("marked", "early", "DeepSHAP"), 0.5)
rivals = [over.hits("marked", "early", name) for name in ("mean real − mean fake", "distance from mean fake")]
claims.over_seeds("over seeds: … on each, so is that of one of two comparisons which never asked D (larger share)",
                  {s: max(row[s] for row in rivals) for s in rivals[0]}, 0.5)
claims.over_seeds("over seeds: … brightness misses it (share of it)", over.hits("marked", "early", "brightness"), 0, "<=")
claims.over_seeds("over seeds: after 1,500 steps DeepSHAP's best window is elsewhere (share of the mark)",
                  over.hits("marked", "late", "DeepSHAP"), 0, "<=")
claims.over_seeds("over seeds: G draws the mark (share of its pictures)", over.of("marked", "as it is", "marked"), 0.1)
claims.over_seeds("over seeds: … no longer, without the found window (share of its pictures)",
                  over.of("marked", "without DeepSHAP's window", "marked"), 0.01, "<=")
claims.over_seeds("over seeds: … but still, without a window elsewhere (share of its pictures)",
                  over.of("marked", "without a window elsewhere", "marked"), 0.1)

# %% [markdown]
# **Do signs cancel?** Then the marked pictures alone would still show the mark. But in them, too, its value has
# fallen. G draws the mark by now; probably that is why it hardly speaks for "real".
#
# G draws it about as often as the data carry it, a third. Without the found window it never does, for nothing
# white is left there to imitate; without a window elsewhere it goes on. Outside the mark the ranges of the distances
# overlap: we see the digits get neither better nor worse. So the explanation helped because we changed the *data*,
# and all that we see removed is the mark.
#
# ## Use 2: which moment to take
#
# D's maps of the same pictures change while D trains
# ([8.4](../08_explain_the_discriminator/4_which_part_matters.ipynb)): [attribution
# drift](../../docs/glossary.md#attribution-drift). It is tempting to read calm maps as "D and G have settled: stop
# here". We train on only 400 digits, where more steps need not be better, and look every 250 steps. As the drift we
# take 1 − the cosine between D's slopes (with signs, not their sizes) now and 250 steps ago (mean of 100 held-out
# digits): 0 is the same map, 1 no relation, 2 the reverse.

# %%
total, gap = runtime.pick(smoke=(12, 4), course=(4000, 250))
moments = checkpoints(digits.take(400), heldout, judge, runtime, total, gap, runtime.pick(smoke=40, course=500))
training(moments, title="Drift and distance change unevenly (rings: where each is least)",
         alt="Two curves over 4,000 steps, each with a ring around its lowest point. The Fréchet distance falls unevenly; "
             "the drift falls, rises again and falls late.")

# %% [markdown]
# A rule chooses one of these moments. What it loses is called its **regret**: the distance at the moment that it chose,
# minus the least distance of all. The rule may not look at the distances by which it is judged. So each moment has two
# distances: one to 500 held-out digits, which a rule may use (*seen*), one to 500 others (*kept*, in the figure).
#
# **Exercise 2. Finish the line.** The rule takes the moment (checkpoint) with the least `score`: the least drift, say,
# or the least distance to *seen*. Return its regret.

# %% tags=["exercise"]
def regret(score, kept):  # two lists, a number for each moment → one number
    return ...  # your line (or two)


check.regret(regret)

# %% [markdown]
# <details><summary>Hint 1</summary>min(range(len(score)), key=score.__getitem__) is the place of the least score.</details>
# <details><summary>Hint 2</summary>Judge by kept alone, against its own least value.</details>

# %% tags=["solution"]
def solution_regret(score, kept):
    chosen = score.index(min(score))
    return kept[chosen] - min(kept)


check.regret(solution_regret, solution=True)

# %%
ask.predict("stop")

# %%
lost = over.regrets()
rules_as_dots({rule: list(values.values()) for rule, values in lost.items()},
              "regret (Fréchet distance); a dot is a training, a bar the median",
              title="Calm maps choose no better than the last step; the distance does (five trainings)",
              alt="Four rows of five dots. Choosing by the Fréchet distance: all at 0. Least drift: from 0 to 15, median 11. The "
                  "last step: from 2 to 15, median 9. One at random: from 12 to 18.")

# %% [markdown]
# The least drift, still about a half, lies near the end: at step 3,500 in three recorded trainings, at 4,000 in two.
# Calm these maps never were. The least drift says little more than "late" (beside the last step: worse in two
# trainings, the same step in two, better in one). The distance to *seen* chose the best moment each time. To measure is
# the better rule. (It is judged by its own kind of measure, which favours it.)
#
# ## Use 3: take a shortcut away from D
#
# Now *every* real digit carries the mark, and this G cannot draw it: its pictures are always black there (`blank`).
# Then D needs to look at nothing else. This is called a **shortcut** (Geirhos and others, 2020).
#
# The remedy is a *view*: what D is shown instead of the pictures, real and generated alike. Ours blacks out a window.
# Here is a first try, with a fault:

# %%
def hide_in_haste(images, top, left, side):
    images[:, :, top : top + side, left : left + side] = -1
    return images


stamped = uses.with_mark(digits, torch.ones(len(digits), dtype=torch.bool)).images[:100].clone()
print(f"with the mark: {uses.share_marked(stamped):.0%} of the data")
hide_in_haste(stamped, 3, 3, 4)
print(f"after D has looked once: {uses.share_marked(stamped):.0%}")

# %% [markdown]
# **Exercise 3. Find the fault and mend it.** The function overwrites what it was given: the data. Write one that does
# not, and through which slopes still reach G.

# %% tags=["exercise"]
def hidden(images, top, left, side):  # (N, C, H, W), three whole numbers → (N, C, H, W)
    ...  # your lines, ending in: return …


check.hidden(hidden)

# %% [markdown]
# <details><summary>Hint 1</summary>images.clone() is a copy that G can still learn through.</details>
# <details><summary>Hint 2</summary>Or build a bool (H, W) that is True in the window, for torch.where.</details>

# %% tags=["solution"]
def solution_hidden(images, top, left, side):
    shown = images.clone()
    shown[:, :, top : top + side, left : left + side] = -1
    return shown


check.hidden(solution_hidden, solution=True)

# %% [markdown]
# Which window? We ask DeepSHAP after 200 steps. Then one game with the mark in view, one with the found window
# hidden.

# %%
ask.predict("shortcut")

# %%
brief, steps = runtime.pick(smoke=(4, 8), course=(200, 1000))
marked_digits = uses.with_mark(digits, torch.ones(len(digits), dtype=torch.bool))
open_game = uses.train(uses.new_game(runtime, blank=uses.MARK), marked_digits, brief, runtime)
shortcut = uses.scores(uses.maps_of_game(open_game, marked_digits, seed))["DeepSHAP"]["window"]
uses.train(open_game, marked_digits, steps, runtime)
hiding = uses.new_game(runtime, blank=uses.MARK, views=[uses.Hide(tuple(shortcut))])
uses.train(hiding, marked_digits, steps, runtime)
show.compare({"D sees the mark": open_game.sampler(ema=False), "the found window is hidden": hiding.sampler(ema=False)},
             alt="Two rows of generated pictures after 1,000 steps. Above, twelve times the same black and white noise; below, rough digits.")

# %%
games = {"blank, mark": "D sees the mark", "blank, DeepSHAP's window hidden": "the found window is hidden from D",
         "blank, hidden elsewhere": "a window elsewhere is hidden from D", "blank, no mark": "there is no mark (for comparison)",
         "free, mark": "D sees the mark, and another G, which can draw it"}
show_table("After 1,000 steps: median (range) of five trainings",
           ["game", "pictures with the mark, %", "Fréchet distance outside the mark"],
           [[label, over.spread("shortcut", name, "marked", times=100), over.spread("shortcut", name, "distance")]
            for name, label in games.items()])
print("trainings of five in which the best window is the shortcut, after 200 steps:",
      {name: sum(v >= 0.5 for v in over.hits("shortcut", "early", name).values())
       for name in over.maps("shortcut", "early")})

# %% tags=["nbval-check-output"]
drift, distance, last, luck = (lost[rule] for rule in RULES)
claims.over_seeds("over seeds: choosing by the Fréchet distance loses little (regret)", distance, 3, "<=")
claims.over_seeds("over seeds: choosing by the drift loses at least as much (difference of the regrets)",
                  {s: drift[s] - distance[s] for s in drift}, 0)
claims.over_seeds("over seeds: … and at least as much as taking the last step (difference of the regrets)",
                  {s: drift[s] - last[s] for s in drift}, 0)
here = {name: uses.distance(uses.filled(one.sampler(ema=False)(500), uses.MARK, -1.0), judge,
                            judge_outputs(uses.filled(heldout, uses.MARK, -1.0), judge)[1])
        for name, one in (("open", open_game), ("hidden", hiding))}
claims.at_least("the shortcut ruins G: its distance beside that with the window hidden (times)", here["open"] / here["hidden"], 4)
for name, words in (("blank, mark", "with the shortcut"), ("blank, hidden elsewhere", "with a window hidden elsewhere")):
    farther = over.of("shortcut", name, "distance")
    nearer = over.of("shortcut", "blank, DeepSHAP's window hidden", "distance")
    claims.over_seeds(f"over seeds: G ends farther off {words} than with the found window hidden (times)",
                      {s: farther[s] / nearer[s] for s in farther}, 2)
bare, elsewhere = (over.of("shortcut", name, "distance") for name in ("blank, mark", "blank, hidden elsewhere"))
claims.over_seeds("over seeds: … yet with a window hidden elsewhere nearer than with nothing hidden (times)",
                  {s: bare[s] / elsewhere[s] for s in bare}, 2)
claims.over_seeds("over seeds: D's map finds the shortcut (share of the mark)", over.hits("shortcut", "early", "DeepSHAP"), 0.5)
claims.over_seeds("over seeds: … and so does mean real minus mean generated (share of the mark)",
                  over.hits("shortcut", "early", "mean real − mean fake"), 0.5)

# %% [markdown]
# With the shortcut in view G draws no digits; with the found window hidden it does as well as if there had been no
# mark. With a window hidden elsewhere it stays at least twice as far off. So the place matters. (Yet in four of five
# trainings it comes much nearer than with nothing hidden, though D still sees the mark. We have not measured why.)
#
# Was an explanation needed to find the place? No: every picture carries the mark, so both comparisons of real with
# generated pictures show it, and even the mean brightness. (If G *can* draw the mark, all of its pictures have it:
# the table's last row. The shortcut has closed by itself.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known** (five trainings each):
#
# | use | did D's map help? | did the best rival? |
# |---|---|---|
# | find a mark | early in five, late in none | early in three, late in four |
# | choose a moment | no better than the last step | yes: the distance itself |
# | hide a shortcut | yes, in five | yes, in five |
#
# - **Not said:** that maps find faults which are faint or wander. We tried one white mark at one place.
# - **Next:** [13.1](../13_transparency/1_a_card.ipynb) asks what a model card must say.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 (the course's first) | interpreting and optimising a generator are one topic | three ways from one to the other: two changed what G draws (data, view), one did not help (which moment) |
# | A5 | importance: change one feature, train anew, for each feature | a map after 400 steps and *one* new training were enough, at the right moment |
# | A5 | a GAN makes high-quality copies of real data | it copies their faults, too: the mark, about as often (21 to 42 percent beside 33) |
# | A5 | explanations cannot directly improve a GAN | in this lesson somebody acted on each map; as a mask on the gradient we saw no map help (12.2) |
#
# **Limits.** One data set, small fully connected networks, one mark, whose size our windows knew, five trainings each,
# 500 pictures a distance. A best window exists on clean data, too: we did not ask when to believe it.
#
# **Software.** `course_lib.explain.guides` (DeepSHAP of a batch), `course_lib.training.Game(views=…, guide=…)`. captum
# and shap have DeepSHAP for a trained network. CoRelAy and ViRelAy (Anders and others, 2021) cluster maps of whole data
# sets.
#
# ## Further reading
#
# - V. Nagisetty, L. Graves, J. Scott, V. Ganesh. *xAI-GAN: enhancing generative adversarial networks via explainable AI
#   systems.* 2020. The mask on the gradient.
# - S. Lapuschkin, S. Wäldchen, A. Binder, G. Montavon, W. Samek, K.-R. Müller. *Unmasking Clever Hans predictors and
#   assessing what machines really learn.* Nature Communications 10, 2019. A source tag found in data by maps.
# - C. J. Anders, L. Weber, D. Neumann, W. Samek, K.-R. Müller, S. Lapuschkin. *Finding and removing Clever Hans: using
#   explanation methods to debug and improve deep models.* Information Fusion 77, 2022.
# - J. Adebayo, M. Muelly, I. Liccardi, B. Kim. *Debugging tests for model explanations.* NeurIPS 2020. What maps find,
#   and what they do not.
# - A. S. Ross, M. C. Hughes, F. Doshi-Velez. *Right for the right reasons: training differentiable models by
#   constraining their explanations.* IJCAI 2017.
# - R. Geirhos, J.-H. Jacobsen, C. Michaelis, R. Zemel, W. Brendel, M. Bethge, F. A. Wichmann. *Shortcut learning in
#   deep neural networks.* Nature Machine Intelligence 2, 2020.
# - L. Weber, S. Lapuschkin, A. Binder, W. Samek. *Beyond explaining: opportunities and challenges of XAI-based model
#   improvement.* Information Fusion 92, 2023.
# - J. Wang, C. Yang, Y. Xu, Y. Shen, H. Li, B. Zhou. *Improving GAN equilibrium by raising spatial awareness.* CVPR
#   2022. D's Grad-CAM as a hint for G.
# - S. M. Lundberg, S.-I. Lee. *A unified approach to interpreting model predictions.* NeurIPS 2017. SHAP and DeepSHAP.
# - M. T. Ribeiro, S. Singh, C. Guestrin. *“Why should I trust you?”: explaining the predictions of any classifier.* KDD
#   2016. LIME.
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter. *GANs trained by a two time-scale update rule
#   converge to a local Nash equilibrium.* NeurIPS 2017. The Fréchet distance.
