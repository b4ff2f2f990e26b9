# %% [markdown]
# # 7.3 Which places of a layer count?
#
# Grad-CAM is one of the best-known maps of convolutional networks: soft blots that are read as "the network looked
# here". We build it in a few lines, find out what its average throws away, and compare it, layer by layer, with a
# method that does not average. Then we ask the network itself: we cover a place and see whether the logit falls.
#
# **You need** [7.2](2_lime_and_slopes.ipynb) (slopes). **You will** write Grad-CAM and occlusion; say when Grad-CAM is
# blind; compare layers with a slider. About 25 minutes to read, 45 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from captum.attr import LayerGradCam
from torch.nn.functional import cosine_similarity, interpolate

from course_lib import explain, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch07_explain_a_classifier.layers import LAYERS, layer_slider, views_of
from course_lib.chapters.ch07_explain_a_classifier.reader import scene
from course_lib.learn.claims import Claims
from course_lib.runtime import Runtime

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("07.3", runtime)
check = syllabus.checks("07")
ask = syllabus.questions("07.3")
digits, held_out, net, says, three = scene(runtime)  # the network and the 3 of lesson 7.1
target = explain.class_logit(3)
print(runtime.describe())
print(syllabus.time_of("07.3"))

# %% [markdown]
# ## A weight for each map
#
# Inside, the network has *maps*. After its second ReLU there are 64 of them with 14 × 14 places each; let $A_j$ be map
# number $j$. Let $f$ be the logit of "3". Its slope $\partial f / \partial A_j$ says for each place how fast $f$ rises
# when the map's number there does. **Grad-CAM** (Selvaraju and others, 2017) gives each map one weight $\alpha_j$, its
# slope averaged over all places. (The authors advise the last convolution's maps, as here.) It adds up the maps with
# these weights and cuts off what is negative:
#
# $$\text{Grad-CAM} = \max\Big(0, \sum_j \alpha_j A_j\Big), \qquad \alpha_j = \text{mean over places of } \frac{\partial f}{\partial A_j}.$$
#
# *In words: each map counts with its mean slope; where the sum of all is negative, it becomes 0.*
#
# **Exercise 1. Finish the line.** `maps` and `slopes` have the shape $(N, K, h, w)$: $N$ pictures, $K$ maps, $h \times
# w$ places. Return Grad-CAM, $(N, 1, h, w)$.

# %% tags=["exercise"]
def cam(maps, slopes):
    return ...  # your line (or two)


check.grad_cam(cam)

# %% [markdown]
# <details><summary>Hint 1</summary>.mean((2, 3), keepdim=True) averages over places and keeps the shape (N, K, 1, 1), which multiplies maps.</details>
# <details><summary>Hint 2</summary>Add over the maps, axis 1, and keep that axis. Cut off after adding: .clamp(min=0).</details>

# %% tags=["solution"]
def solution_cam(maps, slopes):
    return (slopes.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True).clamp(min=0)


check.grad_cam(solution_cam, solution=True)

# %% [markdown]
# To get the maps and their slopes we cut the network in two at that layer. `body` has six layers, and `body[:5]` is all
# up to the second ReLU. The result of 14 × 14 places is enlarged to the picture's size. We compare with `course_lib`,
# where this layer is called `"body.4"`, and with captum.

# %%
def grad_cam_by_hand(x, k):
    maps = net.body[:5](x)  # (1, 64, 14, 14): up to the second ReLU
    logit = net.head(net.body[5:](maps))[:, k]
    slopes = torch.autograd.grad(logit.sum(), maps)[0]
    alpha = slopes.mean((2, 3), keepdim=True)  # (1, 64, 1, 1)
    coarse = (alpha * maps).sum(1, keepdim=True).clamp(min=0).detach()  # (1, 1, 14, 14)
    return interpolate(coarse, x.shape[-2:], mode="bilinear", align_corners=False)


by_hand = grad_cam_by_hand(three, 3)
show.attributions(three, {"Grad-CAM": by_hand}, title="Grad-CAM of a 3, after the second ReLU",
                  alt="A 3, and below it soft orange blots, which lie beside the stroke as much as on it.")

# %% tags=["nbval-check-output"]
library = explain.grad_cam(net, target, three, "body.4")
coarse = LayerGradCam(net, net.body[4]).attribute(three, 3, relu_attributions=True).detach()
captum = interpolate(coarse, (28, 28), mode="bilinear", align_corners=False)
claims.at_most("our Grad-CAM is course_lib's", (by_hand - library).abs().max().item(), 1e-5)
claims.at_most("… and captum's Grad-CAM", (by_hand - captum).abs().max().item(), 1e-5)

# %% [markdown]
# ## What the average throws away
#
# The blots lie beside the stroke as much as on it. When may one average the slopes over places? When all that follows
# averages over places as well: then a map has the same slope everywhere, and nothing is lost. (With two places $a$ and
# $b$, the logit $\tfrac12 a + \tfrac12 b$ has the slope ½ at both; $a - b$ has 1 and −1, whose mean is 0.) But this
# network has a [flattened head](../../docs/glossary.md#flattened-head): `Flatten`, then `Linear`, which reads *each
# place with its own weight*. Averaging throws these differences away. (Such heads are not rare: the VGG networks of the
# Grad-CAM paper flatten, too; ResNets average.)
#
# **HiResCAM** (Draelos and Carin, 2020) multiplies slope and map place by place, $\sum_j \frac{\partial f}{\partial
# A_j} A_j$.
#
# **Exercise 2. Explain it by an example.** Make *one* map of a few places, and its slopes, such that Grad-CAM (after
# its cut) is 0 everywhere while HiResCAM's values sum to at least 1. Both have the shape $(1, 1, h, w)$, for $h$ and
# $w$ of your choice. After a ReLU no number of a map is negative.

# %% tags=["exercise"]
def blind():
    return ...  # a map and its slopes


check.blind(blind)

# %% [markdown]
# <details><summary>Hint 1</summary>With a single map Grad-CAM is its mean slope times the map, cut off at 0. When is that 0 everywhere?</details>
# <details><summary>Hint 2</summary>Slopes of both signs can have the mean 0. Let the map be bright where the slope is positive.</details>

# %% tags=["solution"]
def solution_blind():
    slopes = torch.tensor([[[[1.0, -1.0]]]])  # a stroke at the left speaks for the class, at the right against it
    return torch.tensor([[[[2.0, 0.0]]]]), slopes


check.blind(solution_blind, solution=True)

# %% [markdown]
# Does this happen in our network? Behind its last maps (7 × 7 places, after pooling) comes only one weighted sum and a
# constant. So if a method's values are shares of the logit, they add up to the logit without this constant.

# %%
ask.predict("sums")

# %%
dozen, read = held_out.images[:12], says[:12]
some = explain.class_logit(read)  # for each digit the class that the network says
last = net.body(dozen)  # (12, 64, 7, 7)
slopes = net.head[1].weight[read].view_as(last)  # the last layer's weights are the slopes
without = (some(net(dozen)) - net.head[1].bias[read]).detach()  # (12,): the logit without its constant
at_places = (slopes * last).sum((1, 2, 3)).detach()
averaged = (slopes.mean((2, 3), keepdim=True) * last).sum((1, 2, 3)).detach()
off_hires, off_cam = ((values - without).abs().median().item() for values in (at_places, averaged))
print(f"the logits are about {without.median():.1f} (median of twelve digits)")
print(f"sum of HiResCAM off by {off_hires:.1e}, of Grad-CAM by {off_cam:.1f}")

# %% tags=["nbval-check-output"]
claims.at_most("HiResCAM's last layer adds up to the logit", off_hires, 1e-3)
claims.at_least("… Grad-CAM's is off by more than 1 logit on a flattened head", off_cam, 1)

# %% [markdown]
# Grad-CAM's sum (before the cut at 0) misses by about the whole logit. So do not read its values as shares of the
# logit.
#
# ## Which layer?
#
# One can take the maps of any layer. Early ones have many places, and each place sees little of the picture. Late ones
# are coarse, and close to the answer.

# %%
ask.predict("layers")

# %% [markdown]
# Move the slider (without a kernel you see all layers side by side). The maps are *signed* here: nothing is cut off at
# 0, orange is positive, blue negative. Each has its own scale. Watch the empty background
# in Grad-CAM's: at which layer does its colour go? The sums are those of the small maps; enlarged, a map sums to more.
# For another digit, give another class and picture: `explain.class_logit(7)` and `held_out.images[7:8]`.

# %%
layer_slider(net, target, three, title="HiResCAM sums to about the logit at every layer, Grad-CAM does not")

# %% tags=["nbval-check-output"]
views = views_of(net, target, three, LAYERS)  # the six layers of the figure
missed = {name: [abs(view.sums[name] - view.logit) for view in views] for name in ("Grad-CAM", "HiResCAM")}
claims.at_most("HiResCAM's sum is within 1 of the logit at each of six layers (largest miss)", max(missed["HiResCAM"]), 1)
claims.at_least("… Grad-CAM's misses it by more than 2 at each (smallest miss)", min(missed["Grad-CAM"]), 2)

# %% [markdown]
# At the first layers HiResCAM draws small dots: max pooling leaves a slope to only the largest of four neighbours. At
# the last layer both maps are a few blots, because pooling has left 7 × 7 places. HiResCAM gives the same map before
# and after a ReLU: where the ReLU cuts, the value after it is 0, and so is the slope before it.
#
# HiResCAM's sum stays near the logit at each layer. For one given picture, all that comes behind a layer is a weighted
# sum and a constant: ReLU and pooling only choose what is let through. So slope times value, added up, gives the logit
# without that constant, which is small here (about 0.1 at most). An example:
# $2\,\text{ReLU}(a) + 3\,\text{ReLU}(b) + 0.1$ with $a = 4$ and $b = -1$ is $2a + 0b + 0.1 = 8.1$. The slopes are 2
# and 0; slope times value, added up, is 8; the constant is 0.1.
#
# Grad-CAM's sum is far off everywhere. Up to the second convolution its picture even colours the empty background: the
# layer's maps are not 0 there, and they get the same weight as anywhere else. (The frame there comes from the first
# convolution, which pads the black picture with grey.)
#
# ## Ask the network: cover it
#
# The plainest question of all: what if this place were black? If the logit falls, the place spoke for it. This is
# called [occlusion](../../docs/glossary.md#occlusion).
#
# **Exercise 3. Build it.** Cut the picture into squares of `side` × `side` pixels. Cover each one by itself, and write
# into *all its pixels* by how much the value **falls**. Black is −1. `value` takes pictures $(N, 1, H, W)$ and returns
# $(N,)$; `picture` is $(1, H, W)$; `side` divides $H$ and $W$; return $(H, W)$.

# %% tags=["exercise"]
def covered(value, picture, side):
    ...  # your lines, ending in: return …


check.occlusion(covered)

# %% [markdown]
# <details><summary>Hint 1</summary>Work on a copy of the picture each time: .clone().</details>
# <details><summary>Hint 2</summary>range(0, H, side) gives where the squares start; a slice from there of length side cuts one out.</details>
# <details><summary>Hint 3</summary>The fall is the value before minus the value after. value wants a batch: picture[None].</details>

# %% tags=["solution"]
def solution_covered(value, picture, side):
    fall = torch.zeros(picture.shape[-2:])
    for top in range(0, picture.shape[-2], side):
        for left in range(0, picture.shape[-1], side):
            here = (slice(top, top + side), slice(left, left + side))
            hidden = picture.clone()
            hidden[(0, *here)] = -1
            fall[here] = (value(picture[None]) - value(hidden[None])).item()
    return fall


check.occlusion(solution_covered, solution=True)

# %%
ask.predict("cover")

# %%
maps = {"occlusion": explain.occlusion(net, some, dozen, window=4, stride=2),
        "Grad-CAM": explain.grad_cam(net, some, dozen, "body.4", signed=True),
        "HiResCAM": explain.hires_cam(net, some, dozen, "body.4", signed=True),
        "brightness": (dozen + 1) / 2}  # a control: it has asked no network
like = {name: cosine_similarity(m.flatten(1), maps["occlusion"].flatten(1)) for name, m in maps.items()}
print("cosine with occlusion (1: the same map, 0: unrelated, −1: the reverse), twelve digits")
for name in list(maps)[1:]:
    print(f"{name:10} mean {like[name].mean():.2f}, from {like[name].min():.2f} to {like[name].max():.2f}")
show.attributions(dozen[:6], {name: m[:6] for name, m in maps.items()}, columns=[f"“{k}”" for k in read[:6].tolist()],
                  title="Plain brightness is as much like occlusion as HiResCAM is",
                  alt="Six digits and four rows of maps. Occlusion and HiResCAM are orange along the stroke in most "
                      "columns, as brightness is in all; Grad-CAM has large blue blots and blots beside the stroke.")

# %% tags=["nbval-check-output"]
mean_of = {name: values.mean().item() for name, values in like.items()}
claims.at_least("HiResCAM is more like occlusion than Grad-CAM is (cosine, mean of twelve digits, by)",
                mean_of["HiResCAM"] - mean_of["Grad-CAM"], 0.3)
claims.at_most("… but hardly more than the picture's own brightness is (by)",
               mean_of["HiResCAM"] - mean_of["brightness"], 0.2)

# %% [markdown]
# (`explain.occlusion` covers 4 × 4 pixels every 2 pixels, so its squares overlap. The
# [cosine](../../docs/glossary.md#cosine) is that of the angle between two maps as lists of numbers.)
#
# Both CAMs are "slope times map", so one expects both to do well. In this network Grad-CAM is no guide to what
# covering does: from digit to digit its cosine runs from clearly negative to clearly positive. In the figure it is
# orange on the stroke of the 1, as occlusion is, and blue on that of the 0.
#
# HiResCAM's number has a control beside it: the picture's own brightness reaches as much, and has asked no network.
# That is no wonder: to cover an empty place with black changes nothing, so occlusion lies on and near the ink whatever
# the network does. (Whether an *empty* place counts, black cannot tell: see 7.4.) So this number does *not* show that
# HiResCAM reads the network. At the last maps it does so by construction: there each of its values is what the network
# itself adds up. (Occlusion is no truth either: it covers one square at a time, and a square that could be spared alone
# may count together with another.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** Grad-CAM gives each map one weight, its mean slope; on this flattened head its sum misses the logit,
#   and HiResCAM's fits; early layers give fine maps, late ones coarse maps.
# - **Not said:** that HiResCAM after the second ReLU reads the network: plain brightness is as much like occlusion.
#   Nor that the network "looked" at a blot: there a weighted sum of maps is large.
# - **Next:** [7.4 What does absent look like?](4_absence.ipynb)
