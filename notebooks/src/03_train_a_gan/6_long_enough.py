# %% [markdown]
# # 3.6 How long must a run be before you judge it?
#
# **You need** [the loop](1_the_loop.ipynb), [lead and variety](4_reading_curves.ipynb) and
# [first weights](5_vanishing_gradients.ipynb). **You will** write a step of two optimisers, and test what the articles
# say about them, about depth and about data, on recorded runs. About 45 minutes with the exercises.
#
# In lesson 3.1 A1's generator drew grey blurs after 400 steps, and all kinds of digit after 2,400. A verdict at 400
# would have been wrong. Here we look at longer, recorded runs, on five seeds each:
#
# | question | what is compared | recorded by `course record` … |
# |---|---|---|
# | When does a DCGAN stop improving? | a DCGAN at 400 to 4,000 steps | `dcgan-curve` |
# | Can one player be too strong? | two discriminators | `long-runs` |
# | Which optimiser is best? | four optimisers | `optimisers`, `long-runs` |
# | Do more layers help, or more data? | one layer and three; 500 digits and 4,000 | `long-runs`, `a1-claims` |
#
# In `long-runs` one run is the *control*, with which all others are compared: A1's generator with one hidden layer,
# PyTorch's first weights, the fully connected discriminator of lesson 3.1, and Adam at 0.001, for 4,000 steps on batches
# of 32. All pictures are drawn by the running average of lesson 3.3.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch03_train_a_gan.figures import chart, show_reports
from course_lib.chapters.ch03_train_a_gan.long_runs import (
    CONTROL,
    at_stop,
    beside,
    dcgan_points,
    final_distances,
    promises,
    show_dcgan,
    show_distances,
    show_ends,
    show_final,
    show_promises,
    tuned,
)
from course_lib.data import load
from course_lib.learn.claims import Claims
from course_lib.metrics import evaluate
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("03.6", runtime), syllabus.checks("03"), syllabus.questions("03.6")
print(runtime.describe(), syllabus.time_of("03.6"), sep="\n")

# %% [markdown]
# ## The DCGAN, minute by minute
#
# First the DCGAN of lesson 3.3, trained four times as long.

# %%
show_dcgan()

# %% [markdown]
# Most of the way is made in the first minute; after that each further minute brings less, even at 4,000.
# Lesson 3.3 stopped after 1,000 steps, where the curve bends. The generator in the *zoo*, the networks that come with the
# course, had 20,000, with the same settings.

# %%
digits = load("digits", runtime)
zoo_report = evaluate(zoo.load("dcgan-digits", runtime), zoo.load("judge", runtime), digits.images)
show_reports("The shipped DCGAN", {"zoo, 20,000 steps": zoo_report})

# %% tags=["nbval-check-output"]
claims.over_seeds("after 2,400 steps the confidence is at least 0.80", dcgan_points("confidence", 2400), 0.80)
claims.over_seeds("after 2,400 steps all ten digits are drawn", dcgan_points("classes", 2400), 10)
claims.over_seeds("after 2,400 steps the Fréchet distance is at most 12", dcgan_points("frechet", 2400), 12, "<=", at_least=5)
claims.at_least("the zoo's DCGAN, trained longer, reaches a confidence of at least 0.90", zoo_report.confidence, 0.90)

# %% [markdown]
# ## One player too strong
#
# The discriminator that A1's article prints has convolutions. Here the control's generator meets a convolutional one,
# smaller, without batch norm. The control's own discriminator has twenty times as many weights. After 600 steps the
# mean Fréchet distance over five seeds is 147 in both. (In figures of five seeds a point is such a mean; its bar
# reaches from the lowest to the highest. The *lead* is the mean of $D$ on real minus on drawn pictures; the *variety*
# is how much a pixel changes from picture to picture: real digits have 0.39.)

# %%
ask.predict("strong")

# %%
STRONG = {"convolutional D": "convolutional D", CONTROL: "control: fully connected D"}
THREE = {**STRONG, "momentum": "fully connected D, momentum"}
show_ends(THREE, "At step 600, from the least to the largest of five seeds", stop=0)
show_ends(THREE, "At step 4,000, from the least to the largest of five seeds")
show_distances(STRONG, "By distance equal at step 600; at 4,000 one generator draws a single picture",
               "At step 600 both are near 147. Against the fully connected discriminator the distance falls to about 44; against "
               "the convolutional one its mean stays between 130 and 160.")

# %% [markdown]
# At step 600 the distance does not say which is better: the means are equal, and the bars overlap. Lead and variety do
# differ already, on every seed. Are they a verdict? The third run is the control with momentum (next section). At step 600 its lead is as high, and its variety (0.09) below half the control's; yet it later draws 8 to
# 10 digits. A warning, no verdict.
#
# At step 4,000 all numbers agree. The control's generator draws the ten digits. The first one draws a single picture
# for all latents: its discriminator, though the smaller one, sees through everything. (Why, we have not tested.)

# %% tags=["nbval-check-output"]
strong = "convolutional D"
claims.over_seeds("after 4,000 steps the convolutional discriminator leads by at least 0.95", at_stop(strong, "lead"), 0.95, at_least=5)
claims.over_seeds("… the fully connected one by at most 0.6", at_stop(CONTROL, "lead"), 0.6, "<=", at_least=5)
claims.over_seeds("against the fully connected one at least 9 digits are drawn", at_stop(CONTROL, "digits"), 9, at_least=5)
claims.over_seeds("… against the convolutional one at most 2", at_stop(strong, "digits"), 2, "<=", at_least=5)
claims.over_seeds("… its Fréchet distance is at least three times the control's", beside(strong, "frechet"), 3, at_least=5)
claims.over_seeds("… and its pictures vary at most a tenth as much", beside(strong, "variety"), 0.1, "<=", at_least=5)
claims.over_seeds("at step 600 they vary at most a third as much already", beside(strong, "variety", stop=0), 1 / 3, "<=",
                  at_least=5)

# %% [markdown]
# ## Which optimiser, which step size?
#
# A1 recommends RMSprop or Adam and a good learning rate, because they "speed convergence". Let $g$ be the slope of the
# loss by a weight and $\eta$ the step size (`lr`). $\beta_1$ and $\beta_2$ say how slowly old slopes fade. ← means
# “becomes”; $m$ and $v$ begin at 0. In each step the weight moves by
#
# - **SGD** (stochastic gradient descent): $-\eta\, g$. *The slope itself.*
# - **momentum:** $-\eta\, m$, with $m \leftarrow \beta_1 m + g$. *A sum of slopes, the old ones fading.*
# - **RMSprop:** $-\eta\, g / \sqrt{v}$, with $v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$. *The slope, in units of its
#   usual size.*
# - **Adam:** both, a fading mean of slopes in units of their usual size (with a correction in the first steps).

# %% [markdown]
# **Exercise 1: finish a line.** Here is a step of momentum. Return the new weight and the new $m$.

# %% tags=["exercise"]
def momentum_step(w, m, g, lr, beta):
    ...  # your line or two: return the new w, the new m


check.momentum_step(momentum_step)

# %% [markdown]
# <details><summary>Hint 1</summary>First the new m; the weight already moves by this one.</details>
# <details><summary>Hint 2</summary>The weight goes against m: its sign is minus.</details>

# %% tags=["solution"]
def solution_momentum_step(w, m, g, lr, beta):
    m = beta * m + g
    return w - lr * m, m


check.momentum_step(solution_momentum_step, solution=True)

# %% [markdown]
# **Exercise 2: build RMSprop's step.** Return the new weight and the new $v$. Add the tiny number `eps` to the root, against a
# division by 0.

# %% tags=["exercise"]
def rmsprop_step(w, v, g, lr, beta, eps=1e-8):
    ...  # your lines: return the new w, the new v


check.rmsprop_step(rmsprop_step)

# %% [markdown]
# <details><summary>Hint 1</summary>v is a mean of squares: β parts of the old one, 1 − β parts of this slope's square.</details>
# <details><summary>Hint 2</summary>Divide g by the square root of the new v.</details>

# %% tags=["solution"]
def solution_rmsprop_step(w, v, g, lr, beta, eps=1e-8):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (v**0.5 + eps), v


check.rmsprop_step(solution_rmsprop_step, solution=True)

# %% [markdown]
# Dividing by $\sqrt{v}$ changes how far a step goes. So each optimiser gets its own step size, chosen on seeds 0 and 1
# (the figure), and is compared on five other seeds (the table). These are runs of A1's GAN (optimiser and step size for
# both players), 900 steps of 64, $\beta_1 = 0.5$ and $\beta_2 = 0.9$.

# %%
show_final()
chart(tuned(), "step size", "Fréchet distance, mean of two seeds", "How well an optimiser does depends on its step size", log_x=True,
      alt="The lowest distances: SGD about 110 at 0.1, momentum about 100 at 0.03, RMSprop about 50 at 0.01, Adam about 40 at 0.01 to "
          "0.03; with other steps each is worse. At 0.3 SGD and momentum failed; these points are left out.")

# %% [markdown]
# With one step size for all, the verdict depends on it: at 0.03 momentum is better than RMSprop, at 0.1 SGD better than
# Adam. (At 0.3 SGD and momentum failed.) With each at the best tried, RMSprop and Adam get clearly further than SGD,
# and Adam, which has both ideas, furthest. A1 is right about *speed* here.
#
# Where a training *ends* is another question. So all four ran for 4,000 steps with these step sizes, beside the control.

# %%
ask.predict("ahead")

# %%
FIVE = {"SGD": "SGD at 0.1", "momentum": "momentum at 0.03", "RMSprop": "RMSprop at 0.01", "Adam": "Adam at 0.03",
        CONTROL: "control: Adam at 0.001"}
show_ends(FIVE, "At step 4,000, from the least to the largest of five seeds")
show_distances(FIVE, "Ahead at step 600 is not ahead at step 4,000",
               "At step 600 RMSprop is near 80, the others near 140. All fall to step 2,000. Then RMSprop rises again, to about 80, "
               "the highest; SGD ends near 60, momentum near 53, Adam at 0.03 near 47 and at 0.001 near 44.")

# %% tags=["nbval-check-output"]
final = final_distances()  # optimiser → {seed: Fréchet distance after 900 steps}
to_sgd = {name: {s: final[name][s] / final["SGD"][s] for s in final["SGD"]} for name in ("momentum", "RMSprop", "Adam")}
adam = dict(zip(*tuned()["Adam"], strict=True))
claims.over_seeds("after 900 steps RMSprop's Fréchet distance is at most 0.6 of SGD's", to_sgd["RMSprop"], 0.6, "<=", at_least=5)
claims.over_seeds("… Adam's is at most 0.5 of SGD's", to_sgd["Adam"], 0.5, "<=", at_least=5)
claims.over_seeds("… momentum alone gains less: its distance is at least 0.6 of SGD's", to_sgd["momentum"], 0.6, at_least=5)
claims.at_least("the step size matters, too: Adam at 0.001 has at least 1.5 times the distance of Adam at its best",
                adam[0.001] / min(adam.values()), 1.5)
claims.over_seeds("after 2,000 steps RMSprop's distance is at most 0.9 of Adam's at 0.001 …",
                  beside("RMSprop", "frechet", CONTROL, stop=1), 0.9, "<=", at_least=5)
claims.over_seeds("… and after 4,000 at least 1.2 times SGD's", beside("RMSprop", "frechet", "SGD"), 1.2, at_least=5)
claims.over_seeds("momentum's is then at most 0.95 of SGD's", beside("momentum", "frechet", "SGD"), 0.95, "<=", at_least=5)
claims.over_seeds("after 4,000 steps the distance of Adam at 0.001, slow at first, is at most 0.85 of SGD's",
                  beside(CONTROL, "frechet", "SGD"), 0.85, "<=", at_least=5)
claims.over_seeds("… and no higher than that of Adam at 0.03, which was best for 900 steps", beside(CONTROL, "frechet", "Adam"), 1,
                  "<=", at_least=5)

# %% [markdown]
# What was best after 900 steps of 64 is not best after 4,000 of 32. There length and batch both changed. What length
# alone does is seen within one line: RMSprop, far ahead at 600, *got worse* again on all five seeds and ended last.
# Its lead is nearly 0 at all three stops. At step 4,000 what is
# drawn varies more than real digits do, and only 6 digits are found. In the words of lesson 3.4, its $D$ has learned
# too little. (Why, we have not tested.)
#
# ## Deeper, fancier, more data?
#
# A1 also says that "deeper or fancier activations" and "more data" give better images. We change one thing at a time: two
# more hidden layers, LeakyReLU instead of ReLU, or fewer digits. (The table's runs have 1,000 steps of 64 and Adam at
# 0.0005. The figure's are long runs, as before.)

# %%
ask.predict("depth")

# %%
show_promises()
DEPTHS = {CONTROL: "control: one hidden layer", "He": "one, He's weights", "3 hidden layers": "three hidden layers",
          "3 hidden layers, He": "three, He's weights"}
show_distances(DEPTHS, "At step 4,000 three layers are behind one, most so with PyTorch's first weights",
               "One hidden layer falls from about 150 to 44, with either kind of first weights. Three with PyTorch's stay above "
               "100. Three with He's fall more slowly, to 79, and are still falling at the end.")

# %% tags=["nbval-check-output"]
claims.over_seeds("two more layers: at equal steps the Fréchet distance is higher, not lower", promises("3 hidden layers"), 1.05)
claims.over_seeds("LeakyReLU instead of ReLU: it is lower by a tenth or more", promises("LeakyReLU"), 0.9, "<=")
claims.over_seeds("an eighth of the digits: it is higher by less than a fifth", promises("500 digits"), 1.2, "<=")
deep, deep_he = "3 hidden layers", "3 hidden layers, He"
claims.over_seeds("after 4,000 steps, with PyTorch's first weights: two more layers have at least twice the Fréchet distance",
                  beside(deep, "frechet"), 2, at_least=5)
claims.over_seeds("… with He's first weights theirs is at most 0.85 of that", beside(deep_he, "frechet", deep), 0.85, "<=", at_least=5)
claims.over_seeds("… and at least 2 digits more are drawn",
                  {s: found - at_stop(deep, "digits")[s] for s, found in at_stop(deep_he, "digits").items()}, 2, at_least=5)
claims.over_seeds("… and still at least 1.2 times that of one hidden layer", beside(deep_he, "frechet"), 1.2, at_least=5)
claims.over_seeds("… and at least 1.4 times that of one hidden layer with He's weights, too", beside(deep_he, "frechet", "He"), 1.4, at_least=5)
claims.over_seeds("to one hidden layer He's weights make no difference of a tenth",
                  {s: abs(ratio - 1) for s, ratio in beside("He", "frechet").items()}, 0.1, "<=", at_least=5)

# %% [markdown]
# **Depth:** at step 600 three layers with PyTorch's first weights were even ahead: once more, too early. At 4,000 they are
# last. With He's first weights the same network learns, though more slowly than a single hidden layer, and is still
# improving. So depth and first weights both count. (*He's* means here: He's in the hidden layers, Xavier's in the last,
# biases of 0. The table's runs, where three layers are behind already, have another setting.)
#
# **The rest,** after 1,000 steps, which may be too early as well: LeakyReLU helped, and more data made next to no
# difference (chapter 06 takes that up).

# %% [markdown]
# **Exercise 3: judge.** Which sentences do the recorded runs carry? Answer True or False.
#
# - P: "With batches of 32, after 4,000 steps, Adam at 0.001 has a lower Fréchet distance than SGD at 0.1, on all five seeds."
# - Q: "RMSprop is worse than SGD."
# - R: "A generator with three hidden layers cannot learn."
# - S: "At step 600 the Fréchet distance does not show which of this lesson's two discriminators is too strong."

# %% tags=["exercise"]
carried = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.carried(carried)

# %% [markdown]
# <details><summary>Hint 1</summary>A sentence without its setting claims more than one setting shows.</details>
# <details><summary>Hint 2</summary>For R look at the line with He's first weights, and where it is heading.</details>

# %% tags=["solution"]
solution_carried = {"P": True, "Q": False, "R": False, "S": True}

check.carried(solution_carried, solution=True)

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## What you take along
#
# - **Now known:** no number of steps is long enough in itself: RMSprop led at 600 and at 2,000, on all five seeds, and was
#   last at 4,000. So measure at several stops, on several seeds, and name the step in the verdict.
# - **Not said:** what happens with other networks, step sizes tuned for long runs, or still more steps.
# - **Next:** chapter 04, about a generator that draws only a few kinds of picture.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 | the discriminator minimises $E[\log D(x)] + E[\log(1 - D(G(z)))]$ | it learns to be wrong about almost every picture (3.2) |
# | A1 | its code trains a GAN | it draws the same whether given digits or noise (3.2) |
# | A2 | both networks minimise one loss | they co-operate: D is nearly always right, and nothing like a digit is drawn (3.2) |
# | A1 | RMSprop, Adam and the step size speed convergence | yes for 900 steps of 64, each at its own step size; with these and batches of 32 RMSprop, ahead at step 600, is last at 4,000 |
# | A1 | deeper, or fancier activations, give better images | three layers of 128 instead of one: not within 4,000 steps (with He's weights still improving); LeakyReLU, after 1,000 steps, yes |
# | A1 | more data gives better images | not yet: after 1,000 steps 500 digits are about as good as 4,000 |
# | A4 | depth makes the generator's gradient vanish; activation, batch norm, residual connections cure it | with sigmoids each helps; with tanh and ReLU depth and small first weights do it together; against a confident discriminator the minimax loss does it, and none of the three cures that (3.5) |
# | A4 | the generator's loss measures how far its pictures are from real ones | in our run the distance fell to about half, the loss by about an eighth (3.3) |
# | A5 | a GAN makes high-quality copies of real data | quality: with our layers a DCGAN is clearly better than A1's and A2's GANs, and not as good as real digits (3.3); copies: chapter 06 |
#
# **Strengths of a GAN:** it draws in one pass, and needs no formula for "looks like a digit". **Limits:** its losses do not
# say how good the pictures are, a discriminator that nothing holds back can leave the generator behind, and a wrong
# sign or a shared loss raises no error. **Software:** `course_lib.training.Game` here; PyTorch's
# DCGAN tutorial shows the same loop for colour pictures.
#
# ## Further reading
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville, Y. Bengio. *Generative
#   adversarial nets.* NeurIPS 2014. Section 3 has both losses of the generator.
# - A. Radford, L. Metz, S. Chintala. *Unsupervised representation learning with deep convolutional generative adversarial
#   networks.* ICLR 2016. The DCGAN, and why β₁ = 0.5.
# - X. Glorot, Y. Bengio. *Understanding the difficulty of training deep feedforward neural networks.* AISTATS 2010. Gradients layer
#   by layer, Xavier's first weights, and why sigmoids, whose mean is not 0, saturate.
# - K. He, X. Zhang, S. Ren, J. Sun. *Delving deep into rectifiers.* ICCV 2015 (first weights for the ReLU), and *Deep residual
#   learning for image recognition.* CVPR 2016 (residual connections).
# - M. Arjovsky, L. Bottou. *Towards principled methods for training generative adversarial networks.* ICLR 2017. Why the
#   minimax loss's gradient vanishes as the discriminator becomes perfect.
# - S. Ioffe, C. Szegedy. *Batch normalization: accelerating deep network training by reducing internal covariate shift.* ICML 2015.
# - D. Kingma, J. Ba. *Adam: a method for stochastic optimization.* ICLR 2015.
# - T. Tieleman, G. Hinton. *Lecture 6.5: RMSprop.* Neural networks for machine learning, Coursera 2012.
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler, S. Hochreiter. *GANs trained by a two time-scale update rule converge
#   to a local Nash equilibrium.* NeurIPS 2017. The Fréchet distance (there with another judge, a network called Inception).
