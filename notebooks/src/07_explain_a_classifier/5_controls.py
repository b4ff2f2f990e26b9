# %% [markdown]
# # 7.5 Which maps have asked the network?
#
# Nine methods, eight digits: seventy-two pictures that look convincing. All nine have run the network, of course. But
# do their *maps* show more than the picture itself does? Below them we put four rows that were made without any
# network. If a method scores no better than these, its score gives no reason to think that its map says anything about
# the network. Then we count what each method costs, and test what A3 says about explanations.
#
# **You need** [7.1](1_fair_shares.ipynb) to [7.4](4_absence.ipynb) (the methods). **You will** compare maps with
# controls; say for which question a method is good; name its price; test an article's statements. About 45 minutes to
# read, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import warnings
from statistics import median

import shap
import torch
from torch.nn.functional import avg_pool2d

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier.another_digit import below, insertion_on
from course_lib.chapters.ch07_explain_a_classifier.reader import scene
from course_lib.chapters.ch07_explain_a_classifier.scores import (
    backgrounds_as_dots,
    costs_as_dots,
    difference_text,
    insertion_strip,
    scores_as_dots,
)
from course_lib.explain.controls import control_maps
from course_lib.explain.model import count_hooks
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics.ranking import highest_first
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("07.5", runtime)
check = syllabus.checks("07")
ask = syllabus.questions("07.5")
warnings.filterwarnings("ignore", category=DeprecationWarning)  # of shap
digits, held_out, net, says, three = scene(runtime)  # the network and the 3 of lesson 7.1
with torch.no_grad():
    logits = net(held_out.images)  # (1000, 10), before anything is explained
print(runtime.describe())
print(syllabus.time_of("07.5"))

# %% [markdown]
# ## All side by side
#
# `maps_of` asks all nine methods about pictures, each for one class, and adds four
# [controls](../../docs/glossary.md#control-of-an-explanation). Three are *plain*: random noise, the picture's own
# brightness ("intensity"), its edges ("Sobel"). The fourth is the brightness *blurred*: at each pixel the mean of the
# 7 × 7 pixels around it. (Both CAMs are cut off at 0 here; what is cut comes in at random below.)

# %%
ask.predict("look")

# %%
squares, background = explain.grid_segments(28, 28, 4), digits.images[:30]
samples, few = runtime.pick(smoke=300, course=1000), runtime.pick(smoke=50, course=500)


def maps_of(pictures, classes):
    """Name → maps (N, 1, 28, 28) of pictures (N, 1, 28, 28), each for its class (N,)."""
    target = explain.class_logit(classes)
    each = [(x, explain.class_logit(k)) for x, k in zip(pictures, classes.tolist(), strict=True)]
    return {
        "gradient": explain.gradient(net, target, pictures),
        "integrated gr.": explain.integrated_gradients(net, target, pictures),
        "Grad-CAM": explain.grad_cam(net, target, pictures, "body.4"),
        "HiResCAM": explain.hires_cam(net, target, pictures, "body.4"),
        "LIME": torch.cat([explain.lime(net, t, x, squares, samples=samples, seed=1000 * seed)[0] for x, t in each]),
        "Shapley, 49": torch.cat([explain.shapley_of_segments(net, t, x, squares, orders=10) for x, t in each]),
        "shap Gradient": explain.gradient_shap(net, classes, pictures, background, seed=seed),
        "shap Deep": explain.deep_shap(net, classes, pictures, background),
        "shap Partition": explain.partition_shap(net, classes, pictures, background, evaluations=few),
        **control_maps(pictures, seed),
        "blurred": avg_pool2d((pictures + 1) / 2, 7, stride=1, padding=3),
    }


# %%
dozen, read = held_out.images[:12], says[:12]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Grad-CAM says where nothing is left of it
    maps = maps_of(dozen, read)
show.attributions(dozen[:8], {name: m[:8] for name, m in maps.items()}, columns=[f"“{k}”" for k in read[:8].tolist()],
                  title="Nine methods and, in the last four rows, four controls that asked no network",
                  alt="Eight digits and thirteen rows of maps. Gradient is speckled, Grad-CAM coarse, LIME and Shapley "
                      "are of squares, shap's Deep follows the strokes and their gaps; intensity, Sobel and the "
                      "blurred brightness follow the strokes, too.")

# %% [markdown]
# Three of the controls follow the digit, and look as sensible as many a method. So looking does not settle it.
#
# Could the sums? shap's Partition, new in this figure, knows only the background's mean picture. Its shares do add up,
# to the logit minus that picture's logit (checked below). But any map can be made to (7.4), so the sums do not tell
# either.
#
# ## A first number: insertion
#
# **Insertion** (Petsiuk and others, 2018): bring the pixels in, the most important first, in 28 portions. Watch the
# probability of the answer (by softmax, 7.2). Its mean on the way is the score; higher is better. Pixels of equal value
# come in random order. (We *explain* the logit and *score* by the probability: it lies between 0 and 1 for every digit,
# so digits can be averaged.)
#
# But what is there *before* a pixel comes? The authors take a blurred picture. We take black, and then **another
# digit**, of another class: portion by portion its pixels give way to those of our 3.

# %%
rows = torch.randperm(len(digits), generator=runtime.stream("others")).view(-1, 40).tolist()  # 40 to choose from, each
others = below(digits, read, rows[:12])  # a digit of another class for each of the twelve
insertion_strip(lambda shown: net(shown).softmax(1)[:, read[3]], dozen[3:4], others[3:4],
                {name: maps[name][3:4] for name in ("shap Deep", "random")}, (0, 1, 2, 4, 8, 14, 20, 28),
                title="Our 3 comes in on another digit, in the order of two maps (below: the probability of “3”)",
                alt="Two rows of eight pictures, in which a 9 becomes a 3. In the order of Deep's map a crude 3 stands "
                    "after 4 of 28 portions, and the probability is 0.99; in random order the 9 crumbles into dots, "
                    "and the probability is 0.24 after 14 portions.")

# %%
ask.predict("insertion")

# %%
scores = {name: [insertion_on(net, dozen, read, m, fill) for fill in (-1.0, others)]
          for name, m in maps.items()}  # name → on black, on another digit: (12,) each
inserted = {name: [one.mean().item() for one in row] for name, row in scores.items()}
free = [max(inserted[name][k] for name in ("random", "intensity", "Sobel")) for k in (0, 1)]  # the best plain control
controls = ["random", "intensity", "Sobel", "blurred"]
nine_methods = [name for name in scores if name not in controls]
show_table("On another digit: the lead over the best control (the blurred brightness), digit by digit",
           ["method", "mean ± standard error (in brackets: how many standard errors from 0)"],
           [[name, difference_text(scores[name][1] - scores["blurred"][1])] for name in nine_methods])
scores_as_dots(scores, controls, ["on black", "on another digit"],
               title="On black, brightness ties with the best; on another digit blurred brightness keeps up with most",
               alt="Two panels of dots with error bars, the insertion scores of nine methods and four controls. On black "
                   "most lie near the best control, Grad-CAM, Sobel and random below. On another digit shap's Deep and "
                   "Gradient lead; HiResCAM lies beside the best control, which is the blurred brightness; the others lie below it.")

# %% tags=["nbval-check-output"]
claims.at_least("insertion on black: plain brightness, a map without a model, beats Grad-CAM",
                inserted["intensity"][0] - inserted["Grad-CAM"][0], 0.05)
claims.at_most("… and comes within 0.1 of the best of nine methods",
               max(inserted[name][0] for name in nine_methods) - inserted["intensity"][0], 0.1)
claims.at_most("… the lead of the best of nine methods over the best plain control is at most 0.05",
               max(inserted[name][0] for name in nine_methods) - free[0], 0.05)
claims.at_least("insertion on another digit: shap's Deep beats the three plain controls by at least 0.1",
                inserted["shap Deep"][1] - free[1], 0.1)
claims.at_least("… so does shap's Gradient", inserted["shap Gradient"][1] - free[1], 0.1)
claims.at_least("… shap's Partition leads them by something", inserted["shap Partition"][1] - free[1], 0)
claims.at_least("… and HiResCAM, which compares with no picture", inserted["HiResCAM"][1] - free[1], 0.05)
claims.at_most("… Grad-CAM does not lead them by more than 0.1", inserted["Grad-CAM"][1] - free[1], 0.1)
claims.at_most("… nor does integrated gradients, LIME or Shapley, with black for absent (the best)",
               max(inserted[name][1] for name in ("integrated gr.", "LIME", "Shapley, 49")) - free[1], 0.1)
claims.at_most("… and the plain gradient is within 0.1 of random (above it by)",
               inserted["gradient"][1] - inserted["random"][1], 0.1)
claims.at_most("… HiResCAM leads brightness, blurred, by 0.12 at most",
               inserted["HiResCAM"][1] - inserted["blurred"][1], 0.12)
claims.at_least("… shap's Deep leads it by at least 0.03", inserted["shap Deep"][1] - inserted["blurred"][1], 0.03)

# %% [markdown]
# On black, plain brightness is about as good as the best (dashed: the best control; bars: standard errors over the
# digits). White on black *is* the digit, so this test hardly tells who has asked the network.
#
# On another digit the three plain controls fall back. Brightness *blurred* falls, too, but is now the best of the four.
# A likely reason: it brings the *surroundings* of the stroke along, and so covers the other digit's ink there.
#
# Which methods lead the blur? The table subtracts digit by digit: a digit that is hard for one map is hard for others,
# so leads often vary less than the bars say. A lead of two standard errors comes about by chance now and then, and we
# have nine methods and only twelve digits. So **we count a lead from three standard errors on**. Deep's has nearly
# four; Gradient's, about two, may be chance. HiResCAM (it has no background) is hardly above the blur, so its
# score is no sign that its map shows more than the picture does.
#
# Integrated gradients, LIME and our Shapley values fall to about where brightness and edges are. The plain gradient,
# good on black, falls to within 0.1 of *random* in most recorded runs (not in all, hence the `~`).
#
# ## The method, or its background?
#
# Deep and Gradient had other digits for their background; integrated gradients, LIME and our Shapley values had black.
# So we keep three of the methods and change their backgrounds. (Integrated gradients against thirty digits are shap's
# Gradient.)
#
# There may be plainer reasons, too. Against black all empty places have the share 0. As equals they come in at random,
# and the other digit's ink there stays for long. So we also blur *maps*, over the same 7 × 7 pixels as the brightness:
# then no empty place near a stroke is 0. And a fifth control knows the thirty digits, but no network: how far each
# pixel is from their mean picture.

# %%
ask.predict("swap")

# %%
average, target = background.mean(0, keepdim=True), explain.class_logit(read)  # (1, 1, 28, 28): the thirty's mean
from_average = [explain.shapley_of_segments(net, explain.class_logit(k), x, squares, average[0], orders=10)
                for x, k in zip(dozen, read.tolist(), strict=True)]
swapped = {
    "shap Deep": {"black": explain.deep_shap(net, read, dozen, torch.full_like(three, -1.0)),
                  "the mean picture": explain.deep_shap(net, read, dozen, average),
                  "thirty digits": maps["shap Deep"]},
    "integrated gr.": {"black": maps["integrated gr."], "thirty digits": maps["shap Gradient"],
                       "the mean picture": explain.integrated_gradients(net, target, dozen, average)},
    "Shapley, 49": {"black": maps["Shapley, 49"], "the mean picture": torch.cat(from_average)},
}
kinds, again = ("black", "black, map blurred", "the mean picture", "thirty digits", "thirty digits, map blurred"), {}
for name, row in swapped.items():
    blurred = {f"{b}, map blurred": avg_pool2d(row[b], 7, stride=1, padding=3) for b in row if b != "the mean picture"}
    again[name] = {b: insertion_on(net, dozen, read, m, others) for b, m in (row | blurred).items()}
unlike, blur = insertion_on(net, dozen, read, (dozen - average).abs(), others), scores["blurred"][1]
backgrounds_as_dots(again, kinds, {"control: blurred brightness": blur, "control: how unlike the mean picture": unlike},
                    title="The maps against thirty digits lead, and a control that has seen the thirty comes near",
                    alt="Three methods, a dot with an error bar for each background, and a line for each of two controls. "
                        "Against black all three lie well below the blurred brightness, against black with the map "
                        "blurred or against the mean picture near it. Deep and integrated gradients against thirty "
                        "digits, blurred or not, lie near the second control, which lies above the first.")

# %%
after, said = held_out.images[12:60], says[12:60]  # the next 48 digits
fills = below(digits, said, rows[12:60])
of_48 = {name: insertion_on(net, after, said, m, fills)
         for name, m in {"Deep": explain.deep_shap(net, said, after, background), "unlike": (after - average).abs(),
                         "blurred": avg_pool2d((after + 1) / 2, 7, stride=1, padding=3)}.items()}
knowing = {"unlike the mean picture (no network)": unlike} | {
    f"{name}, {b}": again[name][b] for name in ("shap Deep", "integrated gr.") for b in kinds[3:]}
show_table("Leads digit by digit: mean ± standard error (in brackets: how many standard errors from 0)",
           ["map", "over the blurred brightness", "over unlike the mean picture"],
           [[name, difference_text(of - blur), "—" if of is unlike else difference_text(of - unlike)]
            for name, of in knowing.items()]
           + [["48 other digits: unlike the mean picture", difference_text(of_48["unlike"] - of_48["blurred"]), "—"],
              ["48 other digits: shap Deep, thirty digits", difference_text(of_48["Deep"] - of_48["blurred"]),
               difference_text(of_48["Deep"] - of_48["unlike"])]])

# %% tags=["nbval-check-output"]
with torch.no_grad():
    from_mean = explain.class_logit(read)(net(dozen)) - net(average)[0, read]
claims.at_most("shap's Partition is complete",
               (maps["shap Partition"].sum((1, 2, 3)) - from_mean).abs().median().item(), 1e-3)
deep = again["shap Deep"]
claims.at_least("Deep on another digit: thirty digits for background lead black by at least 0.1",
                (deep["thirty digits"] - deep["black"]).mean().item(), 0.1)
claims.at_least("… integrated gradients: the mean picture leads black, by whatever",
                (again["integrated gr."]["the mean picture"] - again["integrated gr."]["black"]).mean().item(), 0)

# %% [markdown]
# Against black, Deep is no better than the other two. Merely *blurred*, all three come up to about the blurred
# brightness; with the mean picture they come about as far. So that much may be due to filling the empty places, not to
# another background.
#
# Deep against thirty digits lies clearly above the blur. But its map knows the network *and* the thirty digits, and the
# four controls know neither. The fifth knows the thirty alone. It leads the blur by 0.08, and Deep's lead is 0.13. On
# twelve digits no map leads this control by our rule. On 48 others Deep does, by 0.04. **Most of Deep's lead over the
# blur is had without the network.**
#
# **A score without its controls says little**, and a control must know what the method was shown, apart from the
# network. And a method is good *for a question*.
#
# **Exercise 1. Build it: which methods beat the controls?** `scores` maps names to scores, higher is better; `controls`
# lists the names of the controls, which are among them. Return the names of the methods that score at least `by` more
# than the best control.

# %% tags=["exercise"]
def beats(scores, controls, by):
    ...  # your lines, ending in: return …


check.beats(beats)

# %% [markdown]
# <details><summary>Hint 1</summary>The bar to clear is max(…) over the controls' scores, plus by.</details>
# <details><summary>Hint 2</summary>A list comprehension over scores.items(), without the names in controls.</details>

# %% tags=["solution"]
def solution_beats(scores, controls, by):
    bar = max(scores[name] for name in controls) + by
    return [name for name, score in scores.items() if score >= bar and name not in controls]


check.beats(solution_beats, solution=True)

# %% [markdown]
# ## What it costs
#
# The costs were recorded beforehand (`course record costs`): the median of five runs, on one thread. The unit is one
# gradient: a pass through the network and back. Ten pictures are explained (LIME and Shapley one by one, the others
# together), and the cost is for one of them. Shapley values are counted with 50 orders; the maps above took 10.
# ([SmoothGrad](../../docs/glossary.md#smoothgrad) and [guided
# backpropagation](../../docs/glossary.md#guided-backpropagation) are in the glossary.)

# %%
ask.predict("cost")

# %%
costs = recorded("costs")
medians = {name: median(one["ratio"] for one in seeds.values()) for name, seeds in costs["runs"].items()}
one_gradient = median(one["ms"] for one in costs["runs"]["gradient"].values())
print(f"one gradient takes {one_gradient:.1f} ms an image ({costs['machine']})")
costs_as_dots(medians, title="From less than one gradient to nearly two thousand",
              alt="Fourteen dots on a logarithmic axis. HiResCAM and Grad-CAM cost less than one gradient, integrated "
                  "gradients about fifty, LIME some hundreds, sampled Shapley values nearly two thousand.")

# %% tags=["nbval-check-output"]
def ratios(name, of="gradient"):
    runs = costs["runs"]
    return [runs[name][one]["ms"] / runs[of][one]["ms"] for one in runs[name]]


thirty = "shap Deep, background 30"
claims.over_seeds("integrated gradients with 50 steps cost at least 30 gradients",
                  ratios("integrated gradients, 50 steps"), 30)
claims.over_seeds("Grad-CAM costs no more than one gradient", ratios("Grad-CAM"), 1, op="<=")
claims.over_seeds("sampled Shapley values of 49 squares cost at least 1,000 gradients",
                  ratios("Shapley, 49 squares, 50 orders"), 1000)
claims.over_seeds("LIME with 1,000 samples costs at least 100 gradients",
                  ratios("LIME, 49 squares, 1,000 samples"), 100)
claims.over_seeds("shap's Deep: a ten times larger background costs at least 5 times as much",
                  ratios("shap Deep, background 300", thirty), 5)
claims.over_seeds("… all ten classes cost at least 5 times one class",
                  ratios("shap Deep, background 30, all ten classes", thirty), 5)

# %% [markdown]
# Grad-CAM's slopes need not even go back to the pixels, so it costs less than one gradient. (HiResCAM goes back as
# far; that its dot lies lower may be chance.)
#
# ## What A3 says, tested
#
# A3 passes `link="logit"` to shap. `DeepExplainer` does not know this argument. The force plot (7.4) does: it then
# prints the *sigmoid* of the sum, as if that were a probability.
#
# **Exercise 2. Find the fault, and repair it.** `logits` is $(N, 10)$. With this link the force plot shows
# `logits[:, k].sigmoid()` as the probability of class `k`. Return the right one, $(N,)$.

# %% tags=["exercise"]
def probability(logits, k):
    return ...  # your line


check.probability(probability)

# %% [markdown]
# <details><summary>Hint 1</summary>The sigmoid belongs to a yes-or-no question. Here there are ten answers, whose probabilities sum to 1 (7.2).</details>
# <details><summary>Hint 2</summary>softmax needs to be told along which axis the classes lie.</details>

# %% tags=["solution"]
def solution_probability(logits, k):
    return logits.softmax(dim=1)[:, k]


check.probability(solution_probability, solution=True)

# %% [markdown]
# How large is the fault? We look at the twenty held-out digits of which the network is least sure. (On a usual digit
# both are nearly 1.)
#
# A3 also says that explaining a model raises its reliability. Has the network changed?

# %%
unknown = ""
try:
    shap.DeepExplainer(explain.explain_copy(net), background[:2]).shap_values(three, link="logit")
except TypeError as error:
    unknown = str(error)
print(unknown)

unsure = highest_first(-logits.softmax(1).amax(1)[None], seed)[0, :20]  # the twenty that it is least sure of
top = logits[unsure].amax(1)
confused = (top.sigmoid() - logits[unsure].softmax(1).amax(1)).abs().median().item()
print(f"twenty unsure digits: sigmoid and softmax of the winner differ by {confused:.2f} (median)")
with torch.no_grad():
    same = torch.equal(net(held_out.images), logits)
print("after all explanations the network gives the same logits:", same)

# %% tags=["nbval-check-output"]
claims.true('shap\'s Deep does not know link="logit"', "link" in unknown)
claims.at_least("unsure digits: the sigmoid of a logit is not the probability (median difference)", confused, 0.1)
claims.true("explaining changed nothing in the network: the same logits, hooks 0", same and count_hooks(net) == 0)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up of the chapter
#
# - **Now known:** an attribution answers a *question*: what does a part add on entering (Shapley), which sum fits
#   nearby (LIME), what does a tiny change do (gradient), where is slope times map large in a layer (CAM)? Say which
#   question, for which logit, against which background; and show a second seed and the controls. On another digit
#   Deep clearly led controls that had seen no other digit; most of that lead needs no network.
# - **Not said:** which map is *true*. A map that asked no network can score as well as HiResCAM.
# - **Next:** chapter 8 asks a discriminator what gives a fake away. Chapter 10 tests explanations further; its first
#   lesson asks directly whether a map changes when the network forgets.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A3 | explains image *generation* | its network reads digits and draws none: a classifier. Chapter 9 explains a generator |
# | A3 | the whole training set is the background | two random hundreds agree, each for a fortieth of the work (7.4) |
# | A3 | `link="logit"` | `DeepExplainer` refuses it; the force plot's sigmoid is no probability of one of ten classes |
# | A3 | explaining raises reliability | explaining changes no weight. What may rise is *our* knowledge, if the map is right |
# | A3 | validates on a re-split of the training data | the split comes after training: that is leakage. A3 looks at one picture. Chapter 10 uses held-out digits and controls |
# | A3 | explanations are costly | from less than one gradient (Grad-CAM) to more than a thousand (Shapley values, 50 orders) |
# | A3 | explanations may be inaccurate | yes: a default that gives 10 of 49 squares a share and adds up (7.1), seeds that disagree (7.2), a Grad-CAM whose sum misses by the whole logit (7.3) |
#
# ## Strengths, limits, software
#
# - **Strengths:** in a game of squares only Shapley values keep four promises at once (7.1); integrated gradients keep
#   the like for slopes, up to their steps, at about fifty gradients; Grad-CAM costs less than one gradient.
# - **Limits:** exact Shapley values take $2^n$ calls; sampled ones and LIME depend on the seed; one network and twelve
#   digits were measured here, so a method's place in the figure may be another elsewhere.
# - **Before you believe a map:** logits, eval mode, a copy, a background that fits the question, a second seed, and
#   controls.
# - **Software:** `course_lib.explain`; captum (gradients, CAM); shap (Deep, Gradient, Partition, plots).
#
# ## Further reading
#
# - L. Shapley. *A value for n-person games.* Contributions to the Theory of Games II, 1953.
# - E. Štrumbelj, I. Kononenko. *Explaining prediction models and individual predictions with feature contributions.*
#   Knowledge and Information Systems 41, 2014. Sampled orders.
# - S. Lundberg, S.-I. Lee. *A unified approach to interpreting model predictions.* NeurIPS 2017. SHAP: Kernel and Deep.
# - M. Ribeiro, S. Singh, C. Guestrin. *"Why should I trust you?" Explaining the predictions of any classifier.* KDD
#   2016. LIME.
# - K. Simonyan, A. Vedaldi, A. Zisserman. *Deep inside convolutional networks.* ICLR workshop 2014. The gradient.
# - M. Sundararajan, A. Taly, Q. Yan. *Axiomatic attribution for deep networks.* ICML 2017. Integrated gradients.
# - A. Shrikumar, P. Greenside, A. Kundaje. *Learning important features through propagating activation differences.*
#   ICML 2017. DeepLIFT.
# - G. Erion, J. Janizek, P. Sturmfels, S. Lundberg, S.-I. Lee. *Improving performance of deep learning models with
#   axiomatic attribution priors and expected gradients.* Nature Machine Intelligence 2021. Expected gradients: shap's
#   Gradient.
# - R. Selvaraju and others. *Grad-CAM: visual explanations from deep networks via gradient-based localization.* ICCV
#   2017.
# - R. Draelos, L. Carin. *Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural networks.*
#   arXiv 2011.08891, 2020.
# - V. Petsiuk, A. Das, K. Saenko. *RISE: randomized input sampling for explanation of black-box models.* BMVC 2018.
#   Insertion and deletion.
# - M. Zeiler, R. Fergus. *Visualizing and understanding convolutional networks.* ECCV 2014. Occlusion.
# - C. Molnar. *Interpretable machine learning.* 3rd edition, 2025. A free book on all of this.
