# %% [markdown]
# # 3.5 Why does a gradient vanish: depth or loss?
#
# **You need** [the loop](1_the_loop.ipynb), batch norm ([lesson 3.3](3_a_dcgan.ipynb)), and from the mathematics page
# [the chain rule](../../docs/maths.md#chain-rule) and [the mean square](../../docs/maths.md#mean-square). **You will**
# compute the slope of two losses, choose first weights that keep a gradient alive, and tell two causes of a vanishing
# gradient apart. About 40 minutes with the exercises.
#
# A4 warns that a deep generator's gradient *vanishes*: it becomes so small that nothing is learned. A4 names three
# remedies: another *activation* (the function after a layer), batch norm, residual connections. But a gradient can get
# lost in two places:
#
# 1. **on the way:** the slope travels from the last layer to the first, and each layer multiplies it by something. If
#    that is small, the first layers get almost nothing. The ratio of slopes *first layer : last layer* measures it;
# 2. **at the source:** the loss itself may have no slope.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torch import nn

from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.figures import chart, show_slopes, show_source
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.losses import Minimax, NonSaturating, Wasserstein
from course_lib.models import MLPDiscriminator
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("03.5", runtime), syllabus.checks("03"), syllabus.questions("03.5")
digits = load("digits", runtime)
print(runtime.describe())
print(syllabus.time_of("03.5"))

# %% [markdown]
# ## On the way: eight layers
#
# A hard case: eight hidden layers, a sigmoid after each. A sigmoid's slope is at most ¼. The remedies are switches:
# `activation` puts tanh or ReLU in the sigmoids' place; `norm` adds batch norm to each layer; `residual` adds each
# layer's input to its output. (These two keep the sigmoids.) `weights`, for the next section, draws other first
# weights, and sets the biases to 0.

# %%
class DeepGenerator(nn.Module):
    latent = 128

    def __init__(self, activation=nn.Sigmoid, norm=False, residual=False, depth=8, weights=None):
        super().__init__()
        self.residual = residual
        self.hidden = nn.ModuleList(
            nn.Sequential(nn.Linear(128, 128), *([nn.BatchNorm1d(128)] if norm else []), activation()) for _ in range(depth))
        for layer in (self.hidden if weights else ()):
            weights(layer[0].weight)
            nn.init.zeros_(layer[0].bias)
        self.last = nn.Sequential(nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, z):
        self.outputs = []  # of the hidden layers, first to last
        for layer in self.hidden:
            z = z + layer(z) if self.residual else layer(z)  # (N, 128)
            self.outputs.append(z)
        return self.last(z)  # (N, 1, 28, 28)


# %% [markdown]
# A discriminator is trained for 60 turns against this generator and becomes confident; the generator does not learn
# meanwhile. Then we measure the slope at each hidden layer's output: how the summed loss changes with each of a
# picture's 128 numbers. The size of these 128 slopes is the root of the sum of their squares. We take its
# mean over 256 pictures.
#
# (Why not the gradient of the layer's weights? It is the mean, over the pictures, of such slopes times the layer's
# input. Where inputs are small, or their signs differ from picture to picture, it is small as well, though no slope got
# lost.)

# %%
def players_of(steps=60, **remedy):
    """A fresh deep generator, and a discriminator that has had ``steps`` turns against it."""
    with runtime.seeded("vanishing"):
        generator, discriminator = DeepGenerator(**remedy).to(runtime.device), MLPDiscriminator().to(runtime.device)
    optimiser, batches = torch.optim.Adam(discriminator.parameters(), 1e-3), digits.stream(64, runtime)
    for step in range(steps):
        z = torch.randn(64, 128, generator=runtime.stream("vanishing", step)).to(runtime.device)
        real, fake = next(batches)[0], generator(z).detach()
        loss = NonSaturating().d(discriminator(real), discriminator(fake))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return generator, discriminator


def slopes(generator, discriminator, loss):
    """Size of the slope at each hidden layer's output, first to last."""
    z = torch.randn(256, 128, generator=runtime.stream("vanishing")).to(runtime.device)
    logits = discriminator(generator(z))  # (256, 1)
    total = len(z) * loss.g(logits, logits)  # sum over the pictures; the first argument, for real logits, is not used
    return [slope.norm(dim=1).mean().item() for slope in torch.autograd.grad(total, generator.outputs)]


# %%
ask.predict("deep")

# %%
REMEDIES = {"none (sigmoid)": {}, "tanh": {"activation": nn.Tanh}, "ReLU": {"activation": nn.ReLU},
            "batch norm": {"norm": True}, "residual": {"residual": True}, "only 2 layers": {"depth": 2}}
minimax, other = {}, {}  # "other" is the non-saturating loss


def measure(generators):
    for name, remedy in generators.items():
        pair = players_of(**remedy)
        minimax[name], other[name] = slopes(*pair, Minimax()), slopes(*pair, NonSaturating())


measure(REMEDIES)
show_slopes("A4's remedies: slope of the non-saturating loss", {name: other[name] for name in REMEDIES})

# %% [markdown]
# Here A4 is right: with sigmoids depth makes the slope vanish. About a millionth of it arrives at the first layer. The
# slopes of seven sigmoids alone multiply it by 0.00006 at most. Each of A4's remedies helps, and so do fewer layers.
# With tanh and ReLU much still gets lost.
#
# (Compare the ratios. The slopes themselves depend on the discriminator, and each row has its own.)
#
# ## First weights
#
# *First weights* matter as well, which A4 does not say. PyTorch's are small: a linear layer with them leaves a third of its
# input's mean square; ReLU after it halves that again. On its way back the slope meets the same weights, and
# shrinks as well.

# %% [markdown]
# **Exercise 1: build first weights.** An output of a layer is the sum of $n$ products of a weight and an input. If weights
# of mean 0 have the mean square $w$, and inputs the mean square $x$, the output's is $n \cdot w \cdot x$. ReLU halves it.
# Draw weights of shape (outputs, inputs) with which a layer with ReLU keeps the mean square (these are He's, 2015).

# %% tags=["exercise"]
def first_weights(outputs, inputs):
    ...  # your lines: return a tensor of random numbers


check.first_weights(first_weights)

# %% [markdown]
# <details><summary>Hint 1</summary>n · w · x / 2 should be x. What must w be, and what is n here?</details>
# <details><summary>Hint 2</summary><code>torch.randn</code> draws numbers with the mean square 1. Multiplied by c, they have the mean square c².</details>

# %% tags=["solution"]
def solution_first_weights(outputs, inputs):
    return torch.randn(outputs, inputs) * (2 / inputs) ** 0.5


check.first_weights(solution_first_weights, solution=True)

# %% [markdown]
# *Xavier's* weights (2010) keep the mean square through a linear layer: theirs is $1/n$ where a layer has as many outputs
# as inputs. (PyTorch calls them `xavier_normal_`, and He's `kaiming_normal_`.) Where we draw such weights, the biases
# become 0. The rows *biases 0* are the control: PyTorch's weights, and biases of 0.

# %%
def he(weight):
    nn.init.kaiming_normal_(weight, nonlinearity="relu")


def xavier_times_4(weight):
    nn.init.xavier_normal_(weight, gain=4)


def as_drawn(weight):
    """PyTorch's own weights; only the biases become 0."""


xavier = nn.init.xavier_normal_
WEIGHTS = {"tanh, biases 0": {"activation": nn.Tanh, "weights": as_drawn},
           "tanh, Xavier": {"activation": nn.Tanh, "weights": xavier},
           "ReLU, biases 0": {"activation": nn.ReLU, "weights": as_drawn},
           "ReLU, He": {"activation": nn.ReLU, "weights": he},
           "sigmoid, Xavier": {"weights": xavier}, "sigmoid, 4 × Xavier": {"weights": xavier_times_4}}
measure(WEIGHTS)
show_slopes("First weights: slope of the non-saturating loss",
            {name: other[name] for name in sorted({"tanh", "ReLU", *WEIGHTS})})

# %%
shown = ("none (sigmoid)", "tanh", "tanh, Xavier", "ReLU", "ReLU, He", "batch norm")
chart({name: (range(1, 9), other[name]) for name in shown}, "hidden layer (1 is the first)", "slope at its output",
      "Eight sigmoid layers lose nearly all of the slope on the way", log_y=True,
      alt="Non-saturating loss. From layer 8 to layer 1 the line of the sigmoids falls straight and steeply, by a factor "
          "of about a million; those of tanh and ReLU fall less. With Xavier's weights tanh falls to about a quarter. With "
          "batch norm the line drops to a quarter below layer 8, then stays level. With He's weights ReLU rises.")

# %% [markdown]
# - **Tanh and ReLU:** of the slope at layer 8, PyTorch's weights leave about a fortieth, or a five-hundredth: depth
#   *and* small first weights together take it away. With weights made for the activation (Xavier's before tanh, He's
#   before ReLU) much more arrives. (With He's the slope even grows here, as the trained $D$'s slope is no random one: He's
#   promise is for those.) Biases of 0 alone change little.
# - **Sigmoids:** the figure's line is straight: each layer leaves about a seventh. Xavier's weights, not made for a
#   slope of at most ¼, leave no more than a few hundred-thousandths of the whole. Four times as large, they leave a few
#   hundredths.

# %% tags=["nbval-check-output"]
def first_to_last(name):
    return other[name][0] / other[name][-1]


worst = first_to_last("none (sigmoid)")
claims.at_most("through 8 sigmoid layers the slope at the first layer's output is at most 1/1000 of the last one's",
               worst, 1e-3)
claims.at_most("… and Xavier's first weights do not change that", first_to_last("sigmoid, Xavier"), 1e-3)
claims.at_least("four times as large they make the ratio at least 100 times larger",
                first_to_last("sigmoid, 4 × Xavier") / first_to_last("sigmoid, Xavier"), 100)
claims.at_least("through 2 sigmoid layers that ratio is at least 100 times larger", first_to_last("only 2 layers") / worst, 100)
claims.at_least("each remedy (tanh, ReLU, batch norm, residual) alone makes the ratio at least 100 times larger",
                min(first_to_last(name) for name in ("tanh", "ReLU", "batch norm", "residual")) / worst, 100)
claims.at_least("Xavier's weights make that of 8 tanh layers at least 3 times that of PyTorch's with biases of 0",
                first_to_last("tanh, Xavier") / first_to_last("tanh, biases 0"), 3)
claims.at_least("He's make that of 8 ReLU layers at least 30 times that of PyTorch's with biases of 0",
                first_to_last("ReLU, He") / first_to_last("ReLU, biases 0"), 30)
by_biases = [math.log(first_to_last(f"{name}, biases 0") / first_to_last(name)) for name in ("tanh", "ReLU")]
claims.at_most("… and biases of 0 alone change either by at most a factor of 3", math.exp(max(map(abs, by_biases))), 3)

# %% [markdown]
# ## At the source
#
# At layer 8 the way begins. What arrives there depends on the loss. Let $a$ be a drawn picture's logit, so that
# $D = \sigma(a)$.

# %% [markdown]
# **Exercise 2: finish a line.** The minimax loss $\log(1 - D)$ is $-\operatorname{softplus}(a)$, the non-saturating one,
# $-\log D$, is $\operatorname{softplus}(-a)$; the slope of softplus is $\sigma$. Return both slopes by $a$, for a tensor of
# logits.

# %% tags=["exercise"]
def slopes_at(a):
    ...  # your line: return minimax's slope, non-saturating's slope


check.slopes_at(slopes_at)

# %% [markdown]
# <details><summary>Hint 1</summary><code>torch.sigmoid(a)</code> is σ. The first slope has a minus sign, because its loss has one.</details>
# <details><summary>Hint 2</summary>The second loss has −a inside: by the chain rule its slope is multiplied by −1, and σ is taken at −a.</details>

# %% tags=["solution"]
def solution_slopes_at(a):
    return -torch.sigmoid(a), -torch.sigmoid(-a)


check.slopes_at(solution_slopes_at, solution=True)

# %% [markdown]
# So minimax's slope is $-D$: nearly 0 when $D$ rejects the picture, just when the generator needs it most. The other's is
# $-(1 - D)$, nearly −1 then. (Their ratio is $D/(1 - D)$.) The *Wasserstein* loss, minus the mean logit, has the slope
# −1 everywhere. Do the networks show it? The table has the twelve generators from above. For the figure we take the one
# with batch norm, and let its opponent grow more and more confident.

# %%
ask.predict("remedy")

# %%
show_source(minimax, other)
LOSSES = {"minimax": Minimax(), "non-saturating": NonSaturating(), "Wasserstein": Wasserstein()}
turns = (0, 2, 5, 10, 20, 40, 60)
by_turns = {name: [] for name in LOSSES}
for n in turns:
    pair = players_of(n, norm=True)
    for name, loss in LOSSES.items():
        by_turns[name].append(slopes(*pair, loss)[-1])
chart({name: (turns, found) for name, found in by_turns.items()}, "turns that the discriminator has had",
      "slope at layer 8's output",
      "The surer the discriminator, the less is left of minimax's slope", log_y=True,
      alt="Minimax's line falls by orders of magnitude; those of the non-saturating and of the Wasserstein loss do not.")

# %% [markdown]
# At the start $D$ is about ½: minimax and non-saturating loss both give about half of Wasserstein's slope. The surer
# the discriminator, the less is left of minimax's; the other two even grow. (From 10 turns on $1 - D$ is nearly 1: the
# non-saturating line lies on Wasserstein's.) That is one reason why GANs are trained with other
# losses. (Only the loss is Wasserstein's here: the discriminator is the same for all three.)
#
# None of the remedies cures this: in the table minimax leaves at most about a hundredth of the slope, whatever the
# network. A generator of two layers suffers, too. (“To a factor of 4” is checked by logarithms: log 4 = 1.39.)

# %% tags=["nbval-check-output"]
left = {name: minimax[name][-1] / other[name][-1] for name in other}
fresh, sure = (by_turns["minimax"][i] / by_turns["non-saturating"][i] for i in (0, -1))
claims.at_most("a confident D: whatever the network, minimax leaves at most 1/20 of the non-saturating gradient",
               max(left.values()), 0.05)
claims.close("before D has learned, the two losses' gradients are about equal: their ratio is 1", fresh, 1, 0.3)
claims.at_most("… and 60 turns later it is at most 1/50", sure, 0.02)
by_minimax = {name: minimax[name][0] / minimax[name][-1] for name in REMEDIES}
claims.at_most("the loss does not change the way: with A4's remedies first : last is the same with both, to a factor of 4",
               max(abs(math.log(by_minimax[name] / first_to_last(name))) for name in REMEDIES), math.log(4))

# %% [markdown]
# **Exercise 3: find the cause.** Four generators with PyTorch's first weights and biases, each with its loss, its ratio
# *first : last*, and what $D$ says of its pictures. Where does the gradient get lost: `"way"`, `"source"`, `"both"` or
# `"neither"`?
#
# | | first : last | loss | $D$ on drawn pictures |
# |---|---|---|---|
# | P | 0.000001 | non-saturating | 0.4 |
# | Q | 0.9 | minimax | 0.001 |
# | R | 0.000002 | minimax | 0.001 |
# | S | 0.8 | non-saturating | 0.001 |

# %% tags=["exercise"]
lost = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.lost(lost)

# %% [markdown]
# <details><summary>Hint 1</summary>A tiny ratio speaks of the way, never of the source: both layers have the same one.</details>
# <details><summary>Hint 2</summary>For the source put D into the two slopes of exercise 2.</details>

# %% tags=["solution"]
solution_lost = {"P": "way", "Q": "source", "R": "both", "S": "neither"}

check.lost(solution_lost, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## What you take along
#
# - **Now known:** on the way, many sigmoids or small first weights lose the gradient; at the source the minimax loss does,
#   against a sure $D$.
# - **Not said:** how these networks train. No generator was trained here. An optimiser that divides by a gradient's
#   usual size (Adam, next lesson) hides a part of what is lost.
# - **Next:** [how long a run must be](6_long_enough.ipynb) before depth, optimisers or a strong discriminator can be
#   judged.
