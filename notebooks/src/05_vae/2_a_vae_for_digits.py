# %% [markdown]
# # 5.2 How is a VAE trained on digits?
#
# [Lesson 5.1](1_a_likelihood_and_its_bound.ipynb) found a bound on the log-probability of a picture, the *ELBO*. Now
# two networks are trained to raise it: an *encoder* from digits to causes, and a *decoder* from causes to digits.
#
# **You need** lesson 5.1, lesson [3.1](../03_train_a_gan/1_the_loop.ipynb) (networks, the loop, the judge) and, from
# the mathematics page, the [variance](../../docs/maths.md#variance-and-standard-deviation). **You will** send slopes
# through a random draw, read the training loop line by line, and read its curves. About 30 minutes to read, 50 with
# the exercises. New words stand in *italics*; the [glossary](../../docs/glossary.md) has them. A2 is one of the
# articles that chapter 00 lists.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import math

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch05_vae.figures import sheet, training_figure
from course_lib.chapters.ch05_vae.same_start import SameStart
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.losses.elbo import ELBO, kl_to_standard_normal
from course_lib.metrics import evaluate, log_likelihoods, measure_latent_code
from course_lib.models import MLPVAE, binarised
from course_lib.runtime import Runtime
from course_lib.training import Sampler, VAETrainer

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("05.2", runtime), syllabus.checks("05"), syllabus.questions("05.2")
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
test = binarised(held_out.images, runtime.stream("test"))  # 1,000 held-out digits, each pixel −1 or 1
print(runtime.describe(), syllabus.time_of("05.2"), sep="\n")

# %% [markdown]
# ## A slope through a random draw
#
# The ELBO's first part is a mean $E_q[f(z)]$ over causes $z$ drawn from the encoder's bell $q$, with
# $f(z) = \log p(x|z)$. Let $m$ be the mean of $q$ and $s$ its standard deviation. To train the encoder, we need the
# slope of $E_q[f(z)]$ by $m$. But how does a *random draw* depend on $m$? There are two ways to say it.
#
# - *Score function*: the slope is $E_q[f(z) \cdot (z - m)/s^2]$. *In words: where $f$ is large and $z$ lies to the
#   right of $m$, move $m$ to the right.* It needs values of $f$, and no slope of $f$. Why? $E_q[f]$ is the area under
#   $q f$. Only $q$ depends on $m$, and its exponent, $-(z-m)^2/2s^2$, has the slope $(z-m)/s^2$. By the chain rule $q$'s
#   own slope is $q\,(z - m)/s^2$. So the slope of $E_q[f]$ is the area under $q \cdot f\,(z - m)/s^2$, and that is the
#   mean of $f\,(z - m)/s^2$ over draws from $q$.
# - *Reparameterisation*: draw $\varepsilon \sim N(0, 1)$ first, and write $z = m + s\,\varepsilon$. Now only
#   $\varepsilon$ is random, and $z$ is an ordinary function of $m$ and $s$. Autograd does the rest.
#
# Both are right on average. We try them on lesson 5.1's smallest example, $x = wz + b$ plus noise of size $\sigma$,
# with $m = 0$ and $s = 1$. There $f$'s slope is $w(x - b - wz)/\sigma^2$, a straight line in $z$; so its mean is the value
# at $z = m$, $w(x - b - w m)/\sigma^2$. *In words: how far $x$ lies above
# what the cause $m$ makes, times $w$, divided by the variance of the noise.*

# %%
ask.predict("slopes")

# %%
w, b, sigma, x = 1.5, 0.5, 0.8, 2.5
m = torch.zeros(10_000, dtype=torch.float64, requires_grad=True)  # the same m for each draw: one slope a draw
s, noise = 1.0, torch.randn(10_000, dtype=torch.float64, generator=runtime.stream("noise"))


def f(z):  # log p(x|z)
    return -0.5 * ((x - w * z - b) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi))


(by_path,) = torch.autograd.grad(f(m + s * noise).sum(), m)  # reparameterised
by_score = (f(s * noise) * noise / s).detach()  # here z − m = s · noise
true_slope = w * (x - b) / sigma**2
slopes = {"reparameterised": by_path, "score function": by_score}
for name, found in slopes.items():
    print(f"{name:16} {found.mean():.3f} ± {found.std() / 100:.3f} (true {true_slope:.3f}), variance {found.var():.1f}")

# %% tags=["nbval-check-output"]
for name, found in slopes.items():
    claims.at_most(f"the {name} slope is right on average: within 4 standard errors",
                   abs(found.mean().item() - true_slope) / (found.std().item() / 100), 4)
claims.at_least("the score function's variance is at least 5 times larger", (by_score.var() / by_path.var()).item(), 5)

# %% [markdown]
# In this example the score function's variance is about twelve times as large, so the same accuracy needs about
# twelve times as many draws. (The number depends on the level of $f$. Subtracting a constant from $f$ keeps the mean,
# and a good constant lowers the variance.) VAEs with normal latents usually use reparameterisation.

# %% [markdown]
# **Exercise: reparameterise.** Networks give the *logarithm* of the variance, `log_var`, because it may be any number.
# Finish the line: from `mean`, `log_var` and standard normal `noise`, all of one shape, make a draw from $N(m, v)$,
# where $v$ is the variance. Slopes must reach both `mean` and `log_var`.

# %% tags=["exercise"]
def draw(mean, log_var, noise):
    ...  # your line: return …


check.reparameterise(draw)

# %% [markdown]
# <details><summary>Hint 1</summary>Stretch the noise to the right spread, then shift it.</details>
# <details><summary>Hint 2</summary>The spread is a standard deviation: the square root of the variance.</details>
# <details><summary>Hint 3</summary>Taking a square root halves a logarithm.</details>

# %% tags=["solution"]
def solution_draw(mean, log_var, noise):
    sd = log_var.exp().sqrt()
    return mean + sd * noise


check.reparameterise(solution_draw, solution=True)

# %% [markdown]
# ## The KL in closed form
#
# The ELBO's second part needs no draws. For a normal $q$ with mean $m$ and variance $v$, and the prior $N(0, 1)$,
#
# $$\mathrm{KL} = \tfrac12 \left(m^2 + v - 1 - \log v\right), \quad\text{added up over the latents.}$$
#
# *In words: it charges a mean away from 0, a variance above 1, and (by the logarithm) a variance below 1.* It is 0
# only for $m = 0$ and $v = 1$. The KL is defined as the mean of $\log q(z) - \log p(z)$ over draws from $q$. To check
# the formula, we take 100,000 of them.

# %% tags=["nbval-check-output"]
mean, log_var = torch.tensor([0.0, 1.0, -2.0]), torch.tensor([0.0, -1.0, 0.5])
closed = 0.5 * (mean**2 + log_var.exp() - 1 - log_var)  # one number a latent
z = mean + (0.5 * log_var).exp() * torch.randn(100_000, 3, generator=runtime.stream("kl"))  # e^(½ log v) = √v
q, prior = torch.distributions.Normal(mean, (0.5 * log_var).exp()), torch.distributions.Normal(0.0, 1.0)
each = (q.log_prob(z) - prior.log_prob(z)).sum(1)  # (100000,)
kl_error = each.std().item() / math.sqrt(len(each))
print("closed form, latent by latent:", [round(v, 4) for v in closed.tolist()])
claims.at_most("the closed KL agrees with that of draws: within 4 standard errors",
               abs(each.mean().item() - closed.sum().item()) / kl_error, 4)
claims.close("ours is the library's", (closed - kl_to_standard_normal(mean, log_var)).abs().max().item(), 0, 1e-6)

# %% [markdown]
# **Exercise: the KL of any two normals.** The prior need not be $N(0, 1)$. Between $q = N(m_q, v_q)$ and
# $p = N(m_p, v_p)$
#
# $$\mathrm{KL}(q \,\|\, p) = \tfrac12 \left(\log \frac{v_p}{v_q} + \frac{v_q + (m_q - m_p)^2}{v_p} - 1\right),$$
#
# added up over the latents. *In words: it charges unequal variances, and a distance of the means.* Write it from means
# and log variances, `(N, latent)` each. Return one number an image, `(N,)`.

# %% tags=["exercise"]
def kl(mean_q, log_var_q, mean_p, log_var_p):
    ...  # your lines, ending in: return …


check.kl(kl)

# %% [markdown]
# <details><summary>Hint 1</summary>The logarithm of a quotient is a difference, and you are given the logarithms already.</details>
# <details><summary>Hint 2</summary>Where the formula has a variance v, write the exponential of its logarithm.</details>
# <details><summary>Hint 3</summary>The latents are the second axis: add up over axis 1, at the very end.</details>

# %% tags=["solution"]
def solution_kl(mean_q, log_var_q, mean_p, log_var_p):
    v_q, v_p = log_var_q.exp(), log_var_p.exp()
    latents = log_var_p - log_var_q + (v_q + (mean_q - mean_p) ** 2) / v_p - 1
    return latents.sum(1) / 2


check.kl(solution_kl, solution=True)

# %% [markdown]
# *A good place for a pause.*
#
# ## Networks and a loop
#
# The layers are A2's: 784 pixels → 400 → 200 → 20 latents → 200 → 400 → 784. The encoder gives 40 numbers, 20 means
# and 20 log variances: the bell $q$, the picture's *code*. The decoder gives 784 *logits*: the sigmoid of each is the probability
# that its pixel is white.

# %%
class OurVAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 200), nn.ReLU())
        self.decoder = nn.Sequential(nn.Linear(20, 200), nn.ReLU(), nn.Linear(200, 400), nn.ReLU(), nn.Linear(400, 784))
        self.posterior = nn.Linear(200, 40)

    def encode(self, x):  # (N, 1, 28, 28) -> (N, 20), (N, 20)
        return self.posterior(self.encoder(x)).chunk(2, dim=1)

    def decode(self, z):  # (N, 20) -> (N, 1, 28, 28), logits
        return self.decoder(z).view(-1, 1, 28, 28)


# %% [markdown]
# The loop takes a batch of grey digits, and makes them black and white by chance, anew each time. Then it encodes,
# draws $z$, and decodes. The loss is minus the ELBO: reconstruction plus KL. (From here on the *reconstruction* has a
# minus, $-E_q[\log p(x|z)]$.) *Binary cross-entropy with logits* is $-\log p(x_i|z)$ of pixel $i$, and we **add up**
# over the pixels. There is one player and one optimiser.

# %%
def train(vae, data, steps, lr=1e-3, batch=64):
    optimiser = torch.optim.Adam(vae.parameters(), lr)
    batches = data.stream(batch, runtime)
    for step in range(1, steps + 1):
        grey, _ = next(batches)  # (batch, 1, 28, 28); the labels are not needed
        chance = torch.rand(grey.shape, generator=runtime.stream("pixels", step)).to(runtime.device)
        white = (chance < (grey + 1) / 2).float()  # 0 or 1
        mean, log_var = vae.encode(2 * white - 1)  # networks see −1 or 1, as everywhere in the course
        noise = torch.randn(batch, 20, generator=runtime.stream("latent", step)).to(runtime.device)
        logits = vae.decode(mean + (0.5 * log_var).exp() * noise)  # the reparameterised draw
        reconstruction = binary_cross_entropy_with_logits(logits, white, reduction="sum") / batch
        kl = 0.5 * (mean**2 + log_var.exp() - 1 - log_var).sum() / batch
        loss = reconstruction + kl  # minus the ELBO, in nats a digit
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


# %% [markdown]
# From now on `VAETrainer` runs this loop, and reports the terms of each step. Is it the same loop? We take 50 steps
# with each, from the same first weights:

# %% tags=["nbval-check-output"]
with runtime.seeded("the same"):
    ours = OurVAE().to(runtime.device)
with runtime.seeded("the same"):
    theirs = MLPVAE(latent=20, hidden=(400, 200))
train(ours, digits, 50)
for _ in VAETrainer(theirs, ELBO(), lr=1e-3, batch=64, binary=True).steps(digits, 50, runtime):
    pass
pairs = zip(ours.parameters(), theirs.parameters(), strict=True)
difference = max((a - b).abs().max().item() for a, b in pairs)
claims.at_most("after 50 steps the library's weights differ from our loop's by at most 0.001", difference, 1e-3)

# %% [markdown]
# Now 2,000 steps. `SameStart` gives all VAEs of one kind the same first weights, in this lesson and those that follow.
# Before training, their decoders draw nearly the mean picture, whatever $z$ is. At ten stops we measure the bound on
# held-out digits. The number to beat is that of lesson 5.1's *each pixel for itself*: 207.7 nats.

# %%
ask.predict("curves")

# %%
history, stops = show.History(), []
vae = SameStart(digits, runtime).fresh()
trainer = VAETrainer(vae, ELBO(), binary=True)
for _ in range(10):
    for record in trainer.steps(digits, runtime.pick(smoke=4, course=200), runtime):
        history.add(record)
    stops.append((trainer.step_number, measure_latent_code(vae, test)))
before, after = history.last(), stops[-1][1]
show_table("Nats a digit, at the end", ("digits", "−bound", "reconstruction", "KL"),
           [("training (last 100 steps)", *(f"{v:.1f}" for v in (-before["bound"], before["reconstruction"], before["kl"]))),
            ("held out", *(f"{v:.1f}" for v in (-after.bound, after.reconstruction, after.kl)))])
brightness = ((digits.images.mean(0) + 1) / 2).clamp(0.001, 0.999)  # each pixel for itself, as in lesson 5.1
white = (test + 1) / 2
pixels_alone = -(white * brightness.log() + (1 - white) * (1 - brightness).log()).sum((1, 2, 3)).mean().item()
training_figure(history, {step: -code.bound for step, code in stops}, pixels_alone)

# %% [markdown]
# How to read it:
#
# - **Minus the bound** falls: the digits become more probable.
# - The **reconstruction** falls as decoder and code improve.
# - The **KL** rises: it is what the code costs. On average $z$ says at most that many nats about a digit (a known
#   result, not proved here). To name one of ten digits takes $\log 10 = 2.3$ nats.
# - The **held-out** line is the one that counts. At step 400 it is level with the training line, at 2,000 it lies
#   about five nats above. (That point's standard error is about 1.2: a later table has 2.44 for a quarter as many
#   digits.) Such a gap opens when a part of what is learned fits the training digits alone. As long as the held-out
#   line falls, training still helps. (A point of a training line is a mean over the 50 steps before it. That is why
#   the first held-out point lies lower.)

# %%
ask.predict("drawn")

# %%
drawn_report = evaluate(Sampler(vae), zoo.load("judge", runtime), digits.images)
print(f"drawn: {drawn_report.classes} of 10 digits; the judge is surer than 0.9 of {drawn_report.sure:.0%} of the pictures")
with torch.no_grad():
    rows = {"digits": test[:12], "reconstructed": vae.reconstruct(test[:12])}
sheet("Reconstructed and drawn digits are smooth", rows | {"drawn": Sampler(vae)},
      alt="Three rows: black and white digits; the same digits, smooth; and invented ones, some blurred.")

# %% tags=["nbval-check-output"]
claims.at_least("the bound on held-out digits beats 'each pixel for itself' by at least 70 nats",
                after.bound + pixels_alone, 70)
claims.at_most("the bound of held-out digits is below that of training digits", after.bound, before["bound"])
claims.true("all ten digits are drawn", drawn_report.classes == 10)

# %% [markdown]
# The first row has digits, the second what is decoded from their codes. The 2 and the 5 do not come back as
# themselves. For the last row $z$ is drawn from the prior and decoded. Both decoded rows are smooth: each pixel's
# *probability* of being white is shown. The judge finds all ten digits, and is surer than 0.9 of about half of the
# drawn pictures. (In lesson 5.4 it is surer than 0.9 of about 90 % of another VAE's reconstructions.)
#
# ## How far below?
#
# Lesson 5.1 tightened the bound by more draws: the logarithm of the mean of $k$ weights. On digits nobody knows
# $\log p(x)$. But on average the bound by 300 draws lies nearer to it than the ELBO does. How much nearer, digit by
# digit?

# %%
some = test[: runtime.pick(smoke=20, course=250, full=1000)]
on_digits = {k: -log_likelihoods(vae, some, k, seed=k) for k in (1, 10, 300)}  # (250,) each
show_table(f"{len(some)} held-out digits, nats a digit", ("draws k", "−bound", "standard error"),
           [(k, f"{values.mean():.2f}", f"{values.std() / len(values) ** 0.5:.2f}") for k, values in on_digits.items()])
rise = on_digits[1] - on_digits[300]  # digit by digit: the same digits
rise_error = (rise.std() / len(rise) ** 0.5).item()
print(f"from k = 1 to 300, digit by digit: {rise.mean():.2f} ± {rise_error:.2f} nats")

# %% tags=["nbval-check-output"]
claims.at_least("on digits k = 300 is above the ELBO by at least 3 nats", rise.mean().item(), 3)
claims.at_least("… and by at least 10 standard errors", rise.mean().item() / rise_error, 10)

# %% [markdown]
# From 1 draw to 300 the bound rises by about six nats a digit. On average that bound, too, lies below $\log p(x)$. So
# on digits A2's equation, $\log p(x) = \mathrm{ELBO}$, is off by at least about six nats on average. The standard
# errors in the table are large because digits differ. The difference digit by digit has a much smaller one. (These are
# the first 250 held-out digits. The table after the training had all 1,000.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** slopes pass through a draw that is written as mean plus spread times noise. One loss, minus the
#   ELBO, trains both networks, and bounds the log-probability of digits that were not trained on.
# - **Not said:** how much the code *should* say. Reconstruction and KL were weighed one to one.
# - **Next:** what happens if they are not: [how much may the code say?](3_how_much_the_code_says.ipynb)
