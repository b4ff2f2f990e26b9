# %% [markdown]
# # 8.4 Which part matters, and for how long?
#
# Change one feature, train anew, and see what is lost: so article A5 asks what matters to a GAN. That costs a training
# for each feature. Is there a cheaper way, and does it give the same answer? Then we return to the game and ask how long
# an explanation of D stays true while D trains.
#
# **You need** [8.1](1_maps_of_a_logit.ipynb) and [8.2](2_what_or_where.ipynb) (occlusion, the planted mark). **You
# will** write importance by intervention; tell it from importance by retraining; build a control that finds a fault in
# a published test; measure how long an explanation holds. About 50 minutes with the exercises; a break fits before
# *Twenty moments of one game*.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import time
from itertools import pairwise

import torch

from course_lib import explain
from course_lib.chapters import syllabus
from course_lib.chapters.ch08_explain_the_discriminator.discriminators import right, small_game, tell_apart, untouched
from course_lib.chapters.ch08_explain_the_discriminator.film import show_film
from course_lib.chapters.ch08_explain_the_discriminator.pictures import (
    correlations_as_lines,
    importance_of_squares,
    retrained_as_dots,
)
from course_lib.chapters.ch08_explain_the_discriminator.scores import fakeness
from course_lib.data import load
from course_lib.data.shapes import marked
from course_lib.explain import explain_copy
from course_lib.explain.importance import importance_by_intervention, importance_by_retraining
from course_lib.files import recorded
from course_lib.learn.claims import Claims, show_table
from course_lib.metrics.faithfulness import rank_correlation
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("08.4", runtime), syllabus.checks("08"), syllabus.questions("08.4")
digits, new = load("digits", runtime), load("digits", runtime, split="test").images
print(runtime.describe())
print(syllabus.time_of("08.4"))

# %% [markdown]
# ## Two ways to ask
#
# Our features are 16 squares of 7 × 7 pixels.
#
# - **Intervention:** in the fakes, replace one square by that of real pictures. How far does *this* D's mean fakeness
#   fall, as a share of the gap between fake and real? This costs one look at the pictures for each square.
# - **Retraining:** take the square away from all pictures (it becomes black) and train a *new* D. What share of right
#   answers is lost? This costs one training for each square.
#
# **Exercise 1. Build it.** Write the importance of one part by intervention: by how much does the score fall when the
# part (bool, $(H, W)$) of the images is replaced by that of `cover`? `score` turns images $(N, 1, H, W)$ into one number.

# %% tags=["exercise"]
def importance_of(score, images, part, cover):
    ...  # your lines, ending in: return …


check.importance_of(importance_of)

# %% [markdown]
# <details><summary>Hint 1</summary>Two scores: of the images as they are, and with the part replaced.</details>
# <details><summary>Hint 2</summary><code>torch.where(part, …, …)</code> takes the one inside the part and the other outside. Leave the images themselves unchanged.</details>
# <details><summary>Hint 3</summary>A fall is positive: what was there before, minus what is left.</details>

# %% tags=["solution"]
def solution_importance_of(score, images, part, cover):
    changed = torch.where(part, cover, images)
    return score(images) - score(changed)


check.importance_of(solution_importance_of, solution=True)

# %% [markdown]
# The library's `importance_by_intervention` does this for all 16 squares in turn; `importance_by_retraining` trains 16
# times, and once with all squares. We plant the mark of 8.2 in one square (number 0, upper left), and then in two (0
# and 15, lower right). Every D here has a flattened head and trains for only 90 steps, to keep 36 trainings cheap.

# %%
ask.predict("twice")

# %%
patches = explain.grid_segments(28, 28, 7).to(runtime.device)
short, test_real, test_fake = runtime.pick(smoke=6, course=90), new[:300], new[300:600]
planted = {"once": lambda x: marked(x, 0, 0), "twice": lambda x: marked(marked(x, 0, 0), 21, 21)}


def trained_score(plant, keep):
    def seen(x):
        return torch.where(keep, x, -torch.ones_like(x))  # pixels that are taken away are black in all pictures

    model = tell_apart(runtime, digits, seen, lambda x: seen(plant(x)), "one by one", "flat", short)
    return right(model, seen(test_real), seen(plant(test_fake)))

# %%
importance, cost = {}, {"intervention": 0.0, "retraining": 0.0}
for name, plant in planted.items():
    model = explain_copy(tell_apart(runtime, digits, untouched, plant, "one by one", "flat", short))
    began = time.process_time()
    # m=model and p=plant: keep those of this round
    fall = importance_by_intervention(lambda x, m=model: fakeness(m(x)).mean(), plant(test_fake), patches, test_real)
    middle = time.process_time()
    lost = importance_by_retraining(lambda keep, p=plant: trained_score(p, keep), patches)
    cost["intervention"], cost["retraining"] = middle - began, time.process_time() - middle
    with torch.no_grad():
        whole = (model(test_real).mean() - model(plant(test_fake)).mean()).item()
    importance[name] = {"intervention": (fall / whole).tolist(), "retraining": lost.tolist()}
print(f"cost of one planting: intervention {cost['intervention']:.2f} s, retraining {cost['retraining']:.1f} s (processor)")

# %%
importance_of_squares({f"mark {name}": rows for name, rows in importance.items()},
                      ["intervention: fakeness, share of the gap", "retraining: right answers"],
                      title="A mark that stands twice: this D uses both, and a new D misses neither",
                      alt="Four grids of sixteen squares. With one mark the upper left square has about 1 by intervention "
                          "and a half by retraining. With two, intervention shares it out between the upper left and the "
                          "lower right square, and retraining has 0 everywhere.")

# %% tags=["nbval-check-output"]
once, twice = importance["once"], importance["twice"]
claims.at_least("one mark: intervention finds it (share of the gap in fakeness)", once["intervention"][0], 0.8)
claims.at_least("… and so does retraining (right answers lost)", once["retraining"][0], 0.4)
claims.at_least("two marks: intervention finds both (the smaller share)",
                min(twice["intervention"][0], twice["intervention"][15]), 0.15)
claims.at_most("… retraining finds neither (right answers lost without one or the other)",
               max(twice["retraining"][0], twice["retraining"][15]), 0.05)

# %% [markdown]
# With one mark the two agree. (Half of the right answers is about all there is to lose: a coin keeps the other half.)
# With two marks one way seems wrong. Neither is: this D uses both marks; a new D that sees only one uses that one, and
# loses nothing. The questions differ: *what does this model use?* and *what can a new model, trained in the same way,
# not do without?* A5 wants to know the first and measures the second.
#
# ## Retraining as a test of maps
#
# Published as **ROAR**, *remove and retrain*, the same idea tests *maps*. Take away the tenth of the pixels that the
# map ranks highest. Train a new D on what is left. If the map has named the clue, the new D should be right only as
# often as a coin.
#
# The mark is in one corner again. Each picture, real or marked, has its own map of fakeness and loses its **own**
# tenth, as published. (The authors fill with the mean brightness, we with black.) We recorded five trainings and six
# rankings; "the mark itself" is a perfect map (it names 49 pixels; the other 29 of the tenth are taken at random).

# %%
ways = {way: recorded("discriminator")["runs"][f"remove and retrain, {way}"]
        for way in ("own pixels", "same pixels", "own holes alone")}
retrained_as_dots({"": ways["own pixels"]}, title="Own pixels: the gradient's tenth costs more than occlusion's",
                  alt="Dots: without the tenth of random and Sobel a new D is right in 100 %, without intensity's in "
                      "94 %, without occlusion's in 73 %, without the gradient's in 66 %, without the mark itself in "
                      "51 %.")

# %% [markdown]
# By these numbers the gradient is a better map than occlusion. But why is the new D still right more often than a coin?
# A first guess: the map's tenth misses some of the mark's dots. We train a D as the recorded ones were, and count.

# %%
explained = explain_copy(tell_apart(runtime, digits, untouched, marked, "roar", "flat", short))
fakes, tenth = marked(test_fake), 78  # of 784 pixels
dots = (marked(torch.full((1, 1, 28, 28), -1.0)) > -1).flatten().to(runtime.device)
maps = {"occlusion": explain.occlusion(explained, fakeness, fakes, stride=4, fill=digits.images[-len(fakes):]),
        "gradient": explain.gradient(explained, fakeness, fakes)}
in_tenth = {name: dots[one.flatten(1).topk(tenth, dim=1).indices].float().sum(1).mean().item() / 16
            for name, one in maps.items()}
print("share of the mark's 16 dots in a map's tenth:", *(f"{name} {share:.1%}" for name, share in in_tenth.items()))

# %% tags=["nbval-check-output"]
claims.at_least("the tenth of occlusion and that of the gradient hold the mark's dots (the smaller share)",
                min(in_tenth.values()), 0.95)

# %% [markdown]
# All the dots are gone from these pictures. So something else tells the new D which picture is which. The holes
# themselves? Two controls were recorded:
#
# - a new D sees the holes **alone**;
# - all pictures, real and marked, lose the **same** tenth, the highest pixels of the mean map of 300 fakes. Such holes
#   cannot tell.
#
# **Exercise 2. Build the first control.** Make pictures that show *where the holes are*, and nothing else. `maps` is
# $(N, 1, H, W)$. Return pictures of that shape: −1 (black) at each map's own `count` highest pixels, 0 (grey)
# elsewhere.

# %% tags=["exercise"]
def holes(maps, count):
    ...  # your lines, ending in: return …


check.holes(holes)

# %% [markdown]
# <details><summary>Hint 1</summary><code>.flatten(1)</code> makes one row of pixels for each picture, and <code>.view_as(maps)</code> undoes it.</details>
# <details><summary>Hint 2</summary><code>.topk(count, dim=1).indices</code> are the places of each row's highest values.</details>
# <details><summary>Hint 3</summary>Start from zeros; <code>.scatter_(1, places, value)</code> writes a value at the places.</details>

# %% tags=["solution"]
def solution_holes(maps, count):
    rows = maps.flatten(1)
    top = rows.topk(count, dim=1).indices
    return torch.zeros_like(rows).scatter_(1, top, -1.0).view_as(maps)


check.holes(solution_holes, solution=True)

# %%
ask.predict("holes")

# %%
retrained_as_dots({"D sees the holes alone": ways["own holes alone"], "the same pixels gone everywhere": ways["same pixels"]},
                  title="Occlusion's and the gradient's holes alone give the class away; the same holes everywhere do not",
                  alt="Two panels of dots. Seeing the holes of occlusion or the gradient alone, a new D is right in "
                      "nearly 100 %; intensity leaves 63 %, random, Sobel and the mark itself about a half. With the same "
                      "pixels gone everywhere occlusion, gradient, intensity and the mark itself leave a half, random and Sobel 100 %.")

# %% tags=["nbval-check-output"]
def over_trainings(way, value):
    return {one: value(row) for one, row in ways[way].items()}


claims.over_seeds("five trainings, own pixels: the gradient's tenth costs more than occlusion's (right answers)",
                  over_trainings("own pixels", lambda row: row["occlusion"] - row["gradient"]), 0)
claims.over_seeds("… a perfect map leaves at most 60 % right",
                  over_trainings("own pixels", lambda row: row["the mark itself"]), 0.6, op="<=")
claims.over_seeds("… random order costs nothing (right answers)",
                  over_trainings("own pixels", lambda row: row["random"]), 0.95)
claims.over_seeds("the holes alone give the class away: occlusion's (right answers)",
                  over_trainings("own holes alone", lambda row: row["occlusion"]), 0.8)
claims.over_seeds("… and the gradient's", over_trainings("own holes alone", lambda row: row["gradient"]), 0.8)
claims.over_seeds("… a random order's do not", over_trainings("own holes alone", lambda row: row["random"]), 0.6,
                  op="<=")
claims.over_seeds("the same pixels everywhere: gradient and occlusion both leave at most 60 % (the higher)",
                  over_trainings("same pixels", lambda row: max(row["gradient"], row["occlusion"])), 0.6, op="<=")

# %% [markdown]
# Left panel: *where* the holes lie differs between real pictures and fakes, and that alone tells nearly all of them
# apart. (In the test itself black holes hardly show on black: probably hence only 66 and 73 %.) Right panel: where the
# holes cannot tell, a new D is right only as often as a coin, with both maps as with the perfect one. So both had named
# the clue. The test with own pixels put the gradient before occlusion, but does not show how much each found. (The leak
# is known: Rong and others, 2022, propose holes that do not show.)
#
# The same pixels for all are no fair test either. Even *intensity* finds the clue here, since a mark that never moves
# shows in the mean fake.
#
# ## Twenty moments of one game
#
# So far D stood still. In a game it does not: the question *is this map true of D?* gets a date. We play that of 8.1
# again, and after every 25 steps ask D for its maps of four real digits and four drawings. The picture shows five of
# these 20 moments, the film all. Each map has its own scale: equally deep red need not be equally strong.

# %%
ask.predict("older")

# %%
def looked_at(model, images):
    return explain.occlusion(model, fakeness, images, window=6, stride=4, fill=new[200 : 200 + len(images)])


every, four = runtime.pick(smoke=5, course=25), new[:4]
game, moments, frames, found = small_game(runtime, "game"), [], [], []
for record in game.steps(digits, 20 * every, runtime):
    if record.step % every == 0:
        moments.append(f"step {record.step}: real digits left, drawings right; red speaks for fake")
        frames.append(torch.cat([four, game.sampler(ema=False)(4, seed=1)]))
        found.append(looked_at(explain_copy(game.discriminator), frames[-1]))
show_film(frames, found, moments,
          alt="D's maps over 500 steps on four real digits and four drawings: red and blue areas move, vanish and "
              "change their sign from one frame to the next, also on the real digits, which stay the same.")

# %% [markdown]
# The four digits on the left never change, and the evidence in them does, even its sign. Only because D learns? We
# train three more, for 400 steps each:
#
# - in a new game;
# - as a control, against a generator that **stands still**;
# - in a game in which G's step size is 100 times D's, as the collapsed patient's of
#   [3.4](../03_train_a_gan/4_reading_curves.ipynb) was. (G's is ten times that of the two others, D's a tenth.)
#
# On the same 16 real digits we take the rank correlation of maps 50 steps apart: 1 is the same order of pixels, 0 no
# relation, −1 the reverse. (All pixels count.) The table says how often D is right on real digits and G's drawings at
# that moment.

# %%
settings = {"game": {}, "generator stands still": {}, "G's steps 100 times D's": {"lr": 1e-2, "lr_d": 1e-4}}
fixed, apart, drift, rows = new[:16], runtime.pick(smoke=5, course=50), {}, []
for name, rates in settings.items():
    player, batches = small_game(runtime, "drift", **rates), digits.stream(32, runtime)
    past, shares, still = [], [], name == "generator stands still"
    if still:
        player.generator.load_state_dict(game.generator.state_dict())
    for step in range(1, 8 * apart + 1):
        player.step(next(batches)[0], runtime, players="d" if still else "dg")
        if step % apart == 0:
            past.append(looked_at(explain_copy(player.discriminator), fixed))
            shares.append(right(player.discriminator, new, player.sampler(ema=False)(1000)))
    drift[name] = [rank_correlation(a, b).mean().item() for a, b in pairwise(past)]
    rows.append([name, f"{shares[0]:.0%}", f"{shares[-1]:.0%}"])
show_table("How often D is right", ["", f"at step {apart}", f"at step {8 * apart}"], rows)

# %%
correlations_as_lines(drift, apart, title="D's maps stay the same while G stands still, and change in both games",
                      alt="Beside a generator that stands still, D's maps stay the same, at a correlation above 0.9. In "
                          "both games it swings and lies mostly well below.")

# %% tags=["nbval-check-output"]
claims.at_least("a generator that stands still: D's maps 50 steps apart are the same (lowest correlation)",
                min(drift["generator stands still"]), 0.9)
claims.at_most("in the game they are not (lowest correlation)", min(drift["game"]), 0.5)
claims.at_most("nor where G's steps are 100 times D's (lowest correlation)", min(drift["G's steps 100 times D's"]), 0.5)

# %% [markdown]
# Against a generator that stands still D learns, too, but nearly all of it before our first look at step 50 (its row
# of the table). From then on its map hardly changes: the task stands still, and so does the map. In the games
# neither does. Where G's steps are 100 times D's, the correlation falls below 0, here at steps 150 to 250, and in nine
# of ten recorded runs: pixels that ranked high 50 steps before *then* tended to rank low. (Its 25 % at step 50: there D
# calls drawings real more often than digits.)
#
# A map of a discriminator in training is a snapshot: **give the step with it**.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up of the chapter
#
# - **Now known:** intervention says what this model uses, retraining what a new one misses; the holes that ROAR cuts
#   can give the class away; in this game D's maps changed within 50 steps.
# - **Not said:** what D "looks at" in general. This is about small networks on digits, and mostly one planted mark.
# - **Next:** turn round and steer the generator. [Chapter 9](../09_steer_the_generator/1_knobs.ipynb)
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 | Grad-CAM shows what D looks at | with a pooled head it found the mark (8.2). Flattened, at the first maps, it gave one of two opposite marks the wrong sign; cut off at 0, it can be empty (8.3) |
# | A5 | change a feature, retrain, see what is lost | finds a clue that stands once, shows no loss for one that stands twice, and costs a training a feature; intervention finds both at one look each |
# | A5 | LIME explains single pictures | on the D of 8.1 its sum foretells unseen answers, and orders the squares much as Shapley values do; with black infill it did not clearly beat brightness here |
# | A1 | draws gradients as an explanation | the gradient of a pooled D drew the mark all over the picture (8.2); with black infill it beat all controls, with other digits it lost to edges, Sobel (8.1) |
#
# ## Strengths, limits, software
#
# - **Strengths** of occlusion: it only asks the model. With covers that differ from the picture in the clue it ranked
#   the mark's square first in 8.2 (AUC 0.99; 0.01 where it speaks for real). In 8.3 it put seven times the area's share
#   of its red there.
# - **Limits:** a cover must be chosen. What cover and picture share does not show: with black it missed the absent
#   mark, and even with real pictures less than half of its red lay there (8.3). It takes one square at a time, so two
#   clues that replace one another could hide (not tested).
# - **Before you believe a map of D:** how much does D know? Which target, sign, infill and step? What do controls and
#   twins get?
# - **Software:** `course_lib.explain`, captum (its Grad-CAM keeps the sign), shap, pytorch-grad-cam (cuts what is
#   negative).
#
# ## Further reading
#
# - R. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh, D. Batra. *Grad-CAM: visual explanations from deep
#   networks via gradient-based localization.* ICCV 2017.
# - R. L. Draelos, L. Carin. *Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
#   networks.* arXiv:2011.08891, 2020.
# - M. D. Zeiler, R. Fergus. *Visualizing and understanding convolutional networks.* ECCV 2014. Occlusion.
# - M. Sundararajan, A. Taly, Q. Yan. *Axiomatic attribution for deep networks.* ICML 2017. Integrated gradients.
# - P. Sturmfels, S. Lundberg, S.-I. Lee. *Visualizing the impact of feature attribution baselines.* Distill 2020.
# - S. Hooker, D. Erhan, P.-J. Kindermans, B. Kim. *A benchmark for interpretability methods in deep neural networks.*
#   NeurIPS 2019. Remove and retrain (ROAR).
# - Y. Rong, T. Leemann, V. Borisov, G. Kasneci, E. Kasneci. *A consistent and efficient evaluation strategy for
#   attribution methods.* ICML 2022. Holes that do not show.
# - V. Petsiuk, A. Das, K. Saenko. *RISE: randomized input sampling for explanation of black-box models.* BMVC 2018.
#   Insertion and deletion.
# - J. Adebayo, J. Gilmer, M. Muelly, I. Goodfellow, M. Hardt, B. Kim. *Sanity checks for saliency maps.* NeurIPS 2018.
#   Twins with random weights.
# - L. Breiman. *Random forests.* Machine Learning 45, 2001. Importance by intervention (section 10).
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida. *Spectral normalization for generative adversarial networks.* ICLR
#   2018.
