# %% [markdown]
# # 5.3 How much may the code say?
#
# The *code* of a picture is what the encoder says about it: the bell $q(z|x)$ over the latents $z$. A code that says
# more gives better reconstructions, and costs more KL. [Lesson 5.2](2_a_vae_for_digits.ipynb) weighed the two one to
# one. Here you change that weight. It has three names, and a program can set it without saying so. At the end you
# change the number of latents.
#
# **You need** lesson 5.2 (the loss and its two parts). **You will** tell a likelihood from a mere loss, find a hidden
# weight in a program, and count the latents in use. About 35 minutes to read, 60 with the exercises. New words stand
# in *italics*; the [glossary](../../docs/glossary.md) has them.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch.nn.functional import logsigmoid

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch05_vae.betas import beta_slider
from course_lib.chapters.ch05_vae.figures import chart, sheet
from course_lib.chapters.ch05_vae.latent_sizes import of_size, sizes_figure
from course_lib.chapters.ch05_vae.same_start import SameStart, off_by, slopes
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.losses.elbo import ELBO
from course_lib.metrics import measure_latent_code
from course_lib.models import Gaussian, binarised
from course_lib.runtime import Runtime
from course_lib.training import Sampler

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("05.3", runtime), syllabus.checks("05"), syllabus.questions("05.3")
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
test = binarised(held_out.images, runtime.stream("test"))  # 1,000 held-out digits, each pixel −1 or 1
start = SameStart(digits, runtime)  # each VAE trained here: A2's layers, the same first weights, digits and draws
print(runtime.describe(), syllabus.time_of("05.3"), sep="\n")

# %% [markdown]
# ## A likelihood must fit the data
#
# The formula that makes a probability $p(x|z)$ of the decoder's numbers is called a *likelihood*, too. Ours so far,
# the *Bernoulli* likelihood, is one of black and white pixels. Many programs put grey pixels into the same formula. Is
# it still a probability?
#
# Let $u$ be the brightness of a pixel, from 0 to 1, $o$ the decoder's logit, and $s = \operatorname{sigmoid}(o)$. The
# density would be $s^u (1 - s)^{1-u}$. *In words: the logarithms of the two probabilities, of white and of black, are
# mixed by brightness.* The area under a density must be 1.

# %% tags=["nbval-check-output"]
u = (torch.arange(10_000, dtype=torch.float64) + 0.5) / 10_000  # brightnesses from 0 to 1
areas, of_two = {}, {}
for o in (0.0, 2.0, 5.0):
    logit = torch.tensor(o, dtype=torch.float64)
    log_density = u * logsigmoid(logit) + (1 - u) * logsigmoid(-logit)
    of_two[o] = (logsigmoid(logit).exp() + logsigmoid(-logit).exp()).item()
    areas[o] = log_density.exp().mean().item()
show_table("Is it a probability?", ("logit", "black and white add up to", "area over all greys"),
           [(o, f"{of_two[o]:.3f}", f"{areas[o]:.3f}") for o in areas])
claims.at_least("the Bernoulli formula is no density over greys: its area is off by at least 0.2",
                abs(areas[5.0] - 1), 0.2)

# %% [markdown]
# Over greys the area is not 1. The formula may be a useful loss, but it is no likelihood, and its numbers cannot be
# compared with those of one. (Divided by its area it would be one: the continuous Bernoulli of 5.5's reading list.)
# So we draw pixels black and white.
#
# ## First name: σ
#
# For grey pixels there is the *Gaussian* likelihood. Each pixel $x_i$ is normal around the decoder's output $o_i$,
# with a standard deviation $\sigma$ that **we** choose. (Pixels run from −1 to 1. If $\sigma$ is learned, too, the last
# term below changes with it.) Then
#
# $$-\log p(x|z) = \frac{1}{2\sigma^2} \sum_i (x_i - o_i)^2 + \text{a number that no weight of the VAE changes}.$$
#
# *In words: the squared error, times $1/(2\sigma^2)$.* So $\sigma$ decides how much the reconstruction counts beside
# the KL. Multiply the whole loss by $\sigma^2$, which does not move its minimum:
#
# $$\sigma^2 \cdot \mathrm{loss} = \tfrac12 \sum_i (x_i - o_i)^2 + \sigma^2\, \mathrm{KL} + \text{a constant}.$$
#
# *In words: the loss of standard deviation 1, with the KL multiplied by $\sigma^2$.* A VAE whose KL is multiplied by a
# number $\beta$ is called a *β-VAE*. So to choose $\sigma$ is to choose $\beta = \sigma^2$. We train with three
# $\sigma$. (In the claims of this lesson, `slopes` has those of all weights in one row, and `off_by` is the distance
# of two such rows, as a share of the second's length.)

# %%
ask.predict("sigma")

# %%
by_sigma, error_of, kl_of = {}, {}, {}
for s in (1.0, 0.5, 0.1):
    by_sigma[s] = start.trained(likelihood=Gaussian(s), steps=300, binary=False)
    with torch.no_grad():
        wrong = by_sigma[s].reconstruct(held_out.images) - held_out.images  # (1000, 1, 28, 28)
    error_of[s] = wrong.square().mean().item()
    kl_of[s] = measure_latent_code(by_sigma[s], held_out.images).kl
show_table("Grey digits, 300 steps, held-out digits", ("σ", "mean squared error", "KL, nats"),
           [(s, f"{error_of[s]:.3f}", f"{kl_of[s]:.1f}") for s in by_sigma])
sheet("After 300 steps: a smaller σ does not always draw clearer digits", {f"σ = {s}": Sampler(one) for s, one in by_sigma.items()},
      alt="Three rows of drawn digits: blurred and mostly alike for σ = 1, sharper for 0.5, faint and smudged for 0.1.")

# %% tags=["nbval-check-output"]
grey = held_out.images[:50].cpu().double()  # float64, on the CPU: to see whether two gradients are equal
small = start.fresh(likelihood=Gaussian(0.2)).cpu().double()
with_sigma = slopes(small, ELBO(), grey, runtime)
small.likelihood = Gaussian(1.0)
sigma_is_beta = off_by(with_sigma * 0.2**2, slopes(small, ELBO(beta=0.2**2), grey, runtime))
claims.at_most("σ is a β: σ = 0.2 and β = 0.04 have the same slopes, up to a common factor", sigma_is_beta, 1e-6)
claims.at_least("a small σ lets more through: at 0.1 the KL is at least 40 nats more than at 1",
                kl_of[0.1] - kl_of[1.0], 40)
claims.at_most("… and the squared error at most 0.7 of that at 1", error_of[0.1] / error_of[1.0], 0.7)

# %% [markdown]
# With a large $\sigma$ detail is worth little, and little is kept. With a small one reconstructions get better. Drawn
# digits need not: here the row of 0.1 is no clearer than that of 0.5, and smudged in places. We suspect that the codes
# of its digits lie where the prior hardly ever draws.

# %% [markdown]
# **Exercise: find the hidden β.** A program trains a VAE with `loss = mse_loss(o, x) + kl`. Here `mse_loss` is
# PyTorch's: the *mean* of $(x_i - o_i)^2$ over all pixels. Take a batch of one picture. `kl` is added up over the
# latents. Its author believes that this is a VAE with $\sigma = 1$ and $\beta = 1$. Which $\beta$ has it really, at
# $\sigma = 1$? Return it from the number of pixels.

# %% tags=["exercise"]
def hidden_beta(pixels):
    ...  # your line: return …


check.hidden_beta(hidden_beta)

# %% [markdown]
# <details><summary>Hint 1</summary>With σ = 1, what stands before the sum of squares in the formula above? And what stands before it here?</details>
# <details><summary>Hint 2</summary>Multiply the whole loss by a number, so that the squares have their ½. What stands before the KL then?</details>

# %% tags=["solution"]
def solution_hidden_beta(pixels):
    share = 1 / pixels  # of each square in their loss; a Gaussian with σ = 1 has ½
    return 0.5 / share


check.hidden_beta(solution_hidden_beta, solution=True)

# %% [markdown]
# ## Second name: sum or mean
#
# Back to black and white. Lesson 5.2's loop *adds up* the reconstruction over 784 pixels. PyTorch's losses give the
# **mean** unless told otherwise. The mean divides the reconstruction by 784 and leaves the KL as it is. That is
# $\beta = 784$, with the whole loss divided by 784. A latent counts as *in use* when its KL, as a mean over the
# digits, is above 0.1 nats.

# %%
ask.predict("mean")

# %%
control = start.trained(ELBO())  # the right loss, 400 steps: the control of all that follows
with_mean = start.trained(ELBO(pixels="mean"))
codes = {"sum": measure_latent_code(control, test), "mean": measure_latent_code(with_mean, test)}
show_table("400 steps, held-out digits", ("over the pixels", "−bound, nats", "KL, nats", "latents in use"),
           [(name, f"{-code.bound:.1f}", f"{code.kl:.3f}", f"{code.active} of 20") for name, code in codes.items()])
with torch.no_grad():
    rows = {"digits": test[:12], "sum": control.reconstruct(test[:12]), "mean": with_mean.reconstruct(test[:12])}
sheet("With the mean, the code says nothing", rows,
      alt="Three rows: digits; blurred but mostly readable reconstructions; twelve times the same grey blob.")

# %% tags=["nbval-check-output"]
double, black_white = start.fresh().cpu().double(), test[:50].cpu().double()
of_mean, of_beta = (slopes(double, loss, black_white, runtime) for loss in (ELBO(pixels="mean"), ELBO(beta=784)))
brightness = ((digits.images.mean(0) + 1) / 2).clamp(0.001, 0.999)  # each pixel for itself, as in lesson 5.1
white = (test + 1) / 2
pixels_alone = -(white * brightness.log() + (1 - white) * (1 - brightness).log()).sum((1, 2, 3)).mean().item()
claims.at_most("the mean over pixels is β = 784: the same slopes, up to the factor 784",
               off_by(of_mean * 784, of_beta), 1e-6)
claims.true("with the mean no latent is in use (the control uses at least 5)",
            codes["mean"].active == 0 and codes["sum"].active >= 5)
claims.at_most("… the KL is below 0.1 nats", codes["mean"].kl, 0.1)
claims.close("… and the bound is that of each pixel for itself, within 5 nats", -codes["mean"].bound, pixels_alone, 5)

# %% [markdown]
# The code says nothing: $q(z|x)$ is nearly the prior, whatever $x$ is. This is *posterior collapse*. The decoder draws
# one mean picture, and minus the bound is about that of lesson 5.1's *each pixel for itself*. No error was raised, and
# the loss is an ordinary number. The KL and the count of latents say that the code is empty.

# %% [markdown]
# **Exercise: count the latents in use.** From `mean` and `log_var` of $q(z|x)$, `(N, latent)` each, return how many
# latents are in use: their KL, as a mean over the $N$ pictures, is above 0.1 nats.

# %% tags=["exercise"]
def in_use(mean, log_var):
    ...  # your lines, ending in: return …


check.in_use(in_use)

# %% [markdown]
# <details><summary>Hint 1</summary>Lesson 5.2 has the KL of each latent in closed form: ½ (m² + v − 1 − log v).</details>
# <details><summary>Hint 2</summary>First the mean over the pictures, which are axis 0. Then compare with 0.1, and count.</details>

# %% tags=["solution"]
def solution_in_use(mean, log_var):
    of_latents = 0.5 * (mean**2 + log_var.exp() - 1 - log_var).mean(0)  # (latent,)
    return int((of_latents > 0.1).sum())


check.in_use(solution_in_use, solution=True)

# %% [markdown]
# *A good place for a pause.*
#
# ## Third name: β
#
# β can be any number from 0 on. These five VAEs (convolutional, ten latents, 4,000 steps) differ in β alone. Move the
# slider. Where do the reconstructions stop being the digit above them? (Where no kernel runs, you see all five.)

# %%
family = {beta: zoo.load(f"vae-beta-{beta:g}", runtime) for beta in (0.25, 1, 4, 16, 64)}
beta_slider(family, test, title="From β = 4 on more and more digits are lost")

# %%
by_beta = {beta: measure_latent_code(one, test) for beta, one in family.items()}
curves = {"reconstruction": "reconstruction", "KL": "kl"}
chart("A larger β buys a cheaper code with a worse reconstruction",
      {name: (list(by_beta), [getattr(code, term) for code in by_beta.values()]) for name, term in curves.items()}
      | {"−bound": (list(by_beta), [-code.bound for code in by_beta.values()])}, "β", "nats a digit", log_x=True,
      alt="Over β, on a logarithmic axis: the reconstruction rises from left to right, the KL falls to 0. Minus the "
          "bound is lowest at β = 1.")

# %% [markdown]
# This 3 looks like an 8 already at the smallest β. At β = 4 the 2 comes back as a 1 and the 4 as a 9; at 16 few digits
# are left, at 64 none.
#
# In the chart the *bound* is always the plain ELBO, with β = 1. Of these five VAEs the one trained with β = 1 has the
# best bound, by about four nats (one training each). Other values serve other aims: chapter 09 asks whether a larger
# β makes latents that mean something.
#
# When the KL is costly from the first step, the code may shrink to the prior before the decoder has learned to use
# it. *Free bits* are meant as a remedy: charge $\beta \sum_j \max(\tfrac12, \mathrm{KL}_j)$, where $\mathrm{KL}_j$ is
# latent $j$'s KL, as a mean over the batch. *In words: below half a nat, a latent that says more costs no more.* We
# train A2's layers with 20 latents again, at β = 16, with free bits and without.

# %%
ask.predict("free")

# %%
collapsed = measure_latent_code(start.trained(ELBO(beta=16)), test)
freed = measure_latent_code(start.trained(ELBO(beta=16, free_bits=0.5)), test)
named = {"β = 16": collapsed, "β = 16, free bits": freed, "β = 1 (the control)": codes["sum"]}
show_table("400 steps, held-out digits", ("loss", "−bound, nats", "KL, nats", "latents in use"),
           [(name, f"{-code.bound:.1f}", f"{code.kl:.1f}", f"{code.active} of 20") for name, code in named.items()])

# %% tags=["nbval-check-output"]
claims.true("of the five β, 1 has the best bound on held-out digits",
            max(by_beta, key=lambda beta: by_beta[beta].bound) == 1)
claims.at_most("at β = 64 no latent is in use", by_beta[64].active, 0)
claims.at_most("β = 16, 400 steps: at most 2 of 20 latents are in use", collapsed.active, 2)
claims.at_least("… with half a nat free each, at least 18", freed.active, 18)
claims.at_least("… and the bound is better by at least 20 nats", freed.bound - collapsed.bound, 20)
claims.at_least("but a plain β = 1 has a better bound still, by at least 5 nats", codes["sum"].bound - freed.bound, 5)

# %% [markdown]
# With free bits the code says something: its KL is near the 10 nats that are free for 20 latents. That all 20 count as
# in use proves little: half a nat is free, and 0.1 is enough to count. The bound proves more: it is about 39 nats
# better than without free bits. (Whether an early shrinking was cured, this run cannot tell: the 10 nats stay free to
# the end. To raise β slowly from 0 would test that alone.) But where the bound is the aim, a plain β = 1 is better
# still. (Before, at the same β = 16, three of ten latents were in use: another network, and ten times as many steps. So
# with more steps this code, too, may open. That was not measured.)
#
# **Exercise: free bits.** Finish the line. `kl_each`, `(N, latent)`, has the KL of each picture and latent; `free` is
# what each latent has free. Return what is charged: one number, with $\beta = 1$. Slopes must pass through.

# %% tags=["exercise"]
def charged(kl_each, free):
    ...  # your line: return …


check.charged(charged)

# %% [markdown]
# <details><summary>Hint 1</summary>Three things in an order: a mean, a maximum, a sum. Over which axis is each?</details>
# <details><summary>Hint 2</summary>The mean is over the pictures. A tensor's clamp(min=…) is a maximum with a number.</details>

# %% tags=["solution"]
def solution_charged(kl_each, free):
    of_latents = kl_each.mean(dim=0)
    return torch.clamp(of_latents, min=free).sum()


check.charged(solution_charged, solution=True)

# %% [markdown]
# ## Another knob: how many latents
#
# The crudest way to limit a code is to give it few latents. `course record latent-sizes` trained A2's layers with 2 to
# 50 latents, 1,000 steps each, over five seeds.

# %%
ask.predict("sizes")

# %%
sizes = recorded("latent-sizes")
their_seed = runtime.with_seed(sizes["settings"]["pictures of seed"])
sizes_figure(sizes, binarised(held_out.images, their_seed.stream("test"))[:10])  # black and white as they were encoded

# %% tags=["nbval-check-output"]
bounds, active = of_size(sizes, "bound"), of_size(sizes, "active")
claims.over_seeds("recorded: ten latents have a better bound than two, by at least 20 nats",
                  {seed: bounds[10][seed] - bounds[2][seed] for seed in bounds[10]}, 20)
claims.over_seeds("recorded: fifty latents have a worse bound than ten, by at least 3 nats",
                  {seed: bounds[10][seed] - bounds[50][seed] for seed in bounds[10]}, 3)
claims.over_seeds("recorded: of fifty latents at most 15 are in use", active[50], 15, op="<=")

# %% [markdown]
# At each size some digits come back as another one. From 2 latents to 10 the bound gains over 30 nats. From 10
# latents to 50 it loses 10 to 13 nats. More latents are not more code: of 50 only about a dozen are in use, and the
# others stay near the prior. A likely reason why the bound is worse: an unused latent still feeds noise to the decoder,
# which must learn to ignore it. (With more steps the difference may vanish. That was not measured. The five seeds
# differ so little that the marks hide most of the bars.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** σ, sum or mean, β: three names for one weight between reconstruction and KL. With too large a β the
#   posterior collapses, and no error says so. Count the latents in use.
# - **Not said:** which weight is best. That depends on what the code is for.
# - **Next:** a better network, digits on demand, and the space between two digits: [what else can a VAE
#   do?](4_what_else_it_can_do.ipynb)
