# %% [markdown]
# # 3.3 How is a DCGAN built and trained?
#
# **You need** [the loop](1_the_loop.ipynb) and [the articles' GANs](2_the_articles_gans.ipynb). **You will** build a GAN of
# convolutions, train and keep it, average a generator's weights, and avoid two traps of batch norm. About 40 minutes with
# the exercises, of which the computer trains for one or two.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch import nn

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.figures import recorded_reports, show_reports
from course_lib.chapters.ch03_train_a_gan.film import Film
from course_lib.data import load
from course_lib.learn import mine
from course_lib.learn.claims import Claims
from course_lib.metrics import evaluate, judge_outputs
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("03.3", runtime), syllabus.checks("03"), syllabus.questions("03.3")
print(runtime.describe())
print(syllabus.time_of("03.3"))

# %%
digits = load("digits", runtime)
held_out = load("digits", runtime, split="test")
judge = zoo.load("judge", runtime)
of_training = judge_outputs(digits.images, judge)[1]  # what the Fréchet distance compares with

# %% [markdown]
# ## Convolutions
#
# Fully connected layers do not know that neighbouring pixels belong together: they have to learn it from 4,000 digits. A
# *convolution* looks at small patches of a picture, or of a *map* of numbers, and uses the same weights at every place.
# The **DCGAN** (Radford, Metz and Chintala 2016) is made of them. These layers are ours, for small pictures.
#
# The generator makes 128 small maps of 7 × 7 out of 64 latent numbers. Each *transposed convolution* doubles the side
# and halves the number of maps. In `ConvTranspose2d(…, 4, 2, 1)` a patch of 4 × 4 weights is multiplied by each number of
# a small map and laid onto the large map, the next number's patch 2 pixels further. Where patches overlap they are added
# up, those of all small maps together. (With 2 numbers $a, b$ and a patch $w_1 \dots w_4$: $a w_1$, $a w_2$,
# $a w_3 + b w_1$, $a w_4 + b w_2$, $b w_3$, $b w_4$.) At the end a margin of 1 pixel is cut off. A last convolution makes one picture of
# the 32 maps.
#
# *Batch norm* shifts and scales the numbers of each map to mean 0 and standard deviation 1 over the batch. Then it
# scales and shifts them by two numbers a map that it learns. (The first shift would undo a
# convolution's bias, one number a map; hence `bias=False`. The linear layer's 49 biases a map it would undo only in
# their mean; we leave them out as well.)
#
# The discriminator's convolutions halve the side twice, and a last layer makes one logit of all maps.

# %%
dc_generator = nn.Sequential(
    nn.Linear(64, 128 * 7 * 7, bias=False), nn.Unflatten(1, (128, 7, 7)), nn.BatchNorm2d(128), nn.ReLU(),
    nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),  # 14 × 14
    nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),  # 28 × 28
    nn.Conv2d(32, 1, 3, 1, 1), nn.Tanh(),
)
dc_discriminator = nn.Sequential(
    nn.Conv2d(1, 32, 4, 2, 1), nn.LeakyReLU(0.2),  # 14 × 14
    nn.Conv2d(32, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.LeakyReLU(0.2),  # 7 × 7
    nn.Flatten(), nn.Linear(64 * 7 * 7, 1),
)

# %% [markdown]
# **Exercise 1: finish a line.** After a convolution the map has one number for each place of the patch. A map of `n`
# pixels a side gets a margin of `m` pixels all round. How many places, along one side, has a patch of `k` pixels that is
# moved `s` at a time? (The discriminator's first layer makes 14 of 28 with k = 4, s = 2, m = 1.)

# %% tags=["exercise"]
def side(n, k, s, m):
    ...  # your line: return …


check.side(side)

# %% [markdown]
# <details><summary>Hint 1</summary>With its margins the map is n + 2m wide. Where does the patch stand first, and where last?</details>
# <details><summary>Hint 2</summary>From its first place the patch can still move n + 2m − k pixels. How many moves of s pixels fit in there? Then count the first place, too.</details>

# %% tags=["solution"]
def solution_side(n, k, s, m):
    return (n + 2 * m - k) // s + 1


check.side(solution_side, solution=True)

# %% [markdown]
# The library has the same two networks, as `DCGenerator` and `DCDiscriminator`. With the same weights they must give the
# same pictures, and the same logits.

# %% tags=["nbval-check-output"]
def with_weights_of(network, other):
    for mine_, yours in zip(network.parameters(), other.parameters(), strict=True):
        mine_.data.copy_(yours.data)
    return network.eval()


library_g, library_d = DCGenerator().eval(), DCDiscriminator().eval()
z = torch.randn(8, 64, generator=runtime.stream("same"))
pictures = library_g(z)
g_gap = (with_weights_of(dc_generator, library_g)(z) - pictures).abs().max()
d_gap = (with_weights_of(dc_discriminator, library_d)(pictures) - library_d(pictures)).abs().max()
claims.at_most("our DCGAN and the library's differ by at most 0.0001 in pictures and logits", max(g_gap, d_gap), 1e-4)

# %%
ask.predict("after_200")

# %%
with runtime.seeded("DCGAN"):
    game = Game(DCGenerator(), DCDiscriminator(), lr=1e-3, batch=32)
film, early_history = Film(game, stops=(25, 100, 200, 500, 1000)), show.History()
for record in film.of(game.steps(digits, runtime.pick(smoke=10, course=200), runtime)):
    early_history.add(record)
dc_early = evaluate(game.sampler(), judge, of_training)
a1, a2 = ({seed: one.frechet for seed, one in recorded_reports(article).items()} for article in ("A1", "A2"))
for name, found in {"A1 at its end": a1, "A2 at its end": a2}.items():
    print(f"Fréchet distance, {name}, five recorded runs: {min(found.values()):.0f} to {max(found.values()):.0f}")
print(f"Fréchet distance, the DCGAN after 200 steps: {dc_early.frechet:.0f}")

# %%
ask.predict("g_loss")

# %%
history = show.live(film.of(game.steps(digits, runtime.pick(smoke=10, course=800), runtime)))

# %%
film.show("At step 0 flat grey, at 25 a dark texture, at 100 and 200 thick, ragged strokes, at 500 and 1,000 thinner and cleaner ones; some "
          "latents become another digit on the way.")

# %%
dc = evaluate(game.sampler(), judge, of_training)
show_reports("What the judge says", {"DCGAN, 200 steps": dc_early, "DCGAN, 1,000 steps": dc})
early, late = early_history.last(), history.last()  # means over the last 100 steps
print(f"generator's loss, mean of 100 steps: up to step 200 {early['g_loss']:.2f}, up to the end {late['g_loss']:.2f}")
show.samples(game.sampler(), 60, scale=3, alt="Sixty digits drawn by the DCGAN in clean strokes: most can be read, some are malformed.")

# %% tags=["nbval-check-output"]
claims.true("after 200 steps the DCGAN's Fréchet distance is already below A1's and A2's at their end",
            dc_early.frechet < min(*a1.values(), *a2.values()))
claims.at_least("the judge's mean confidence in the DCGAN's pictures is at least 0.80", dc.confidence, 0.80)
claims.at_least("the DCGAN draws all ten digits", dc.classes, 10)
claims.at_least("… about equally often: class entropy at least 0.93", dc.entropy, 0.93)
claims.at_most("the DCGAN's Fréchet distance is at most 20", dc.frechet, 20)
claims.at_least("A1's Fréchet distance is at least twice the DCGAN's", min(a1.values()) / dc.frechet, 2)
claims.at_least("A2's Fréchet distance is at least twice the DCGAN's", min(a2.values()) / dc.frechet, 2)
claims.at_most("from step 200 to the end the Fréchet distance fell by at least a third", dc.frechet / dc_early.frechet, 2 / 3)
claims.at_least("… and the generator's loss did not", late["g_loss"] / early["g_loss"], 2 / 3)

# %% [markdown]
# One may expect the generator's loss to fall with the distance. In this run it goes up, comes down, and ends about an
# eighth lower, while the distance is more than halved. The loss measures one player *against the other*: when both
# improve, neither loss needs to fall. A4 misses that when it says that the generator's loss measures the difference
# between generated and real data. (The live figure begins at step 200. Its swings look large because its axis is short.)
#
# In the strip strokes come first, and later they are cleaned. A latent is not tied to one digit: while the weights move,
# the same numbers may become another one.
#
# The DCGAN is clearly better than A1's and A2's GANs, and not as good as real digits, whose Fréchet distance is 0.6
# (lesson 3.1). Whether convolutions alone made the difference this does not show: batch norm, steps and batches differ,
# too.
#
# **Keep it.** The next call writes generator and discriminator into your workspace. The next lesson and chapters 06, 08,
# 09 and 10 will offer them to you again. Where nothing is kept, they use a twin that comes with the course.

# %%
mine.keep(game, history, runtime)

# %% [markdown]
# ## Batch norm: two traps
#
# In training, batch norm first replaces each number $x$ of a map by $(x - \mu)/s$. *In words:* how many standard
# deviations it lies from the mean; $\mu$ is the mean, and $s$ the standard deviation, of this map's numbers over all
# places and all pictures of the *batch*. For drawing, `eval()` switches to averages of $\mu$ and $s^2$ that were
# collected in training.
#
# **Trap 1: drawing in train mode.** We draw one and the same latent twice, with different neighbours.

# %%
ask.predict("neighbours")

# %%
z = torch.randn(17, 64, generator=runtime.stream("neighbours")).to(runtime.device)
one, some, others = z[:1], z[1:9], z[9:]


@torch.no_grad()
def moved_by_neighbours(network):
    return (network(torch.cat([one, some]))[0] - network(torch.cat([one, others]))[0]).abs().max().item()


copy = DCGenerator().to(runtime.device)
copy.load_state_dict(game.generator.state_dict())
with torch.no_grad():
    right = copy.eval()(one)  # first: each pass in train mode moves the collected averages
in_eval, in_train = moved_by_neighbours(copy.eval()), moved_by_neighbours(copy.train())
with torch.no_grad():
    alone = copy.train()(one)
print(f"largest change of a pixel (its range is 2): train mode {in_train:.2f}, eval mode {in_eval:.6f}")
print(f"a single latent in train mode, beside the right picture: {(alone - right).abs().max():.2f}")
try:
    zoo.load("judge", runtime).train()(held_out.images[:1])
except ValueError as error:
    print("the judge in train mode, one picture: ValueError:", str(error).split(",")[0])

# %% [markdown]
# In train mode what a latent becomes depends on its neighbours. Drawing it alone does not help. In the DCGAN the spread
# is then taken over the places of this one picture: PyTorch does not warn, and the picture is another one than in eval
# mode. The judge has batch norm after a fully connected layer. There a single picture gives one number for each mean, so
# no spread, and PyTorch refuses. (Each pass in train mode also moves the collected averages; hence the copy in the cell above.)
#
# **Trap 2: real and fake pictures in one batch.** They are normalised together, so each logit depends on the mixture. In
# `Game`, a discriminator with batch norm sees them separately. By how much do the logits differ? (Whether it harms a
# training, we have not measured.)

# %%
d_copy = DCDiscriminator().to(runtime.device)
d_copy.load_state_dict(game.discriminator.state_dict())
d_copy.train()
real, fake = digits.images[:32], game.sampler()(32).to(runtime.device)
with torch.no_grad():
    apart = torch.cat([d_copy(real), d_copy(fake)])
    together = d_copy(torch.cat([real, fake]))
changed = (apart - together).abs().mean().item()
print(f"a logit is {apart.abs().mean().item():.2f} from 0 on average, and changes by {changed:.2f} on average")

# %% tags=["nbval-check-output"]
claims.at_least("in train mode a picture changes with its neighbours, some pixel by at least 0.1", in_train, 0.1)
claims.at_most("in eval mode it does not", in_eval, 1e-4)
claims.at_least("a single latent, drawn by the DCGAN in train mode, gives another picture: some pixel differs by at least 0.1",
                (alone - right).abs().max(), 0.1)
claims.at_least("one batch for real and fake changes the logits, by 0.02 or more on average", changed, 0.02)

# %% [markdown]
# **Exercise 2: tell apart.** In which of these ways does a latent become the same picture, whatever stands beside it?
# (For D: `help(game.sampler())`, a `Sampler`.)
#
# - A: `generator.train()(z)`
# - B: `generator.eval()(z)`
# - C: `with torch.no_grad(): generator.train()(z)`
# - D: `Sampler(generator).decode(z)`, with the generator in train mode
# - E: `generator.train()(z)` with 500 latents at once

# %% tags=["exercise"]
steady = ...  # the letters, for example "AB"

check.steady(steady)

# %% [markdown]
# <details><summary>Hint 1</summary>What decides between the batch's mean and the collected average: slopes, the size of the batch, or the mode?</details>
# <details><summary>Hint 2</summary>Look at the first lines of <code>help(game.sampler())</code>, which is a Sampler.</details>

# %% tags=["solution"]
solution_steady = "BD"

check.steady(solution_steady, solution=True)

# %% [markdown]
# ## The average is steadier
#
# `game.sampler()` draws from a running average of the generator's weights (*EMA*, exponential moving average): after each
# step, 99 parts of the old average and 1 part of the new weights. (In the first 900 steps or so the old average has fewer
# parts, so that the random first weights are soon forgotten.) `ema=False` draws from the latest weights instead. Each
# call draws the same latents.

# %% [markdown]
# **Exercise 3: build the average.** `average` and `weights` are two `state_dict()`: name → tensor. Return the new
# average, a dict with every name: `decay` parts of the old one and `1 - decay` parts of the weights. Batch norm's
# counter is in there as well, a whole number: take it from `weights` as it is.

# %% tags=["exercise"]
def averaged(average, weights, decay):
    ...  # your lines: return {…}


check.averaged(averaged)

# %% [markdown]
# <details><summary>Hint 1</summary>Loop over <code>average.items()</code>, and look the same name up in <code>weights</code>.</details>
# <details><summary>Hint 2</summary><code>tensor.is_floating_point()</code> is False for the counter.</details>

# %% tags=["solution"]
def solution_averaged(average, weights, decay):
    return {
        name: decay * old + (1 - decay) * weights[name] if old.is_floating_point() else weights[name].clone()
        for name, old in average.items()
    }


check.averaged(solution_averaged, solution=True)

# %%
ask.predict("average")

# %%
latest = evaluate(game.sampler(ema=False), judge, of_training)
averaged_before, latest_before = game.sampler()(100), game.sampler(ema=False)(100)
list(game.steps(digits, 20, runtime))
averaged_moved = (game.sampler()(100) - averaged_before).abs().mean().item()
latest_moved = (game.sampler(ema=False)(100) - latest_before).abs().mean().item()
show_reports("In quality the two are close", {"average": dc, "latest weights": latest})
print(f"mean change of a pixel over 20 steps: average {averaged_moved:.3f}, latest {latest_moved:.3f}")

# %% tags=["nbval-check-output"]
claims.at_least("over 20 steps the latest weights' pictures change at least twice as much as the average's",
                latest_moved / averaged_moved, 2)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## What you take along
#
# - **Now known:** a DCGAN draws all ten digits after 1,000 steps; its pictures improve far more than its generator's
#   loss falls. The averaged generator draws steadier pictures (here hardly better ones), so that what we measure
#   depends less on the step at which we stop.
# - **Not said:** that convolutions alone are the reason, or that 1,000 steps are enough.
# - **Next:** if losses do not say how good the pictures are, [what do the curves say](4_reading_curves.ipynb)?
