# %% [markdown]
# # 4.4 When are points, and pictures, good?
#
# A cure that beats all controls may still put only one point in ten on a mode. How good can a small GAN get? And how do
# we count modes of pictures, where nobody knows the centres? For digits there is a judge, a network that reads them.
# Twice it will be fooled.
#
# **You need** [4.1](1_count_the_modes.ipynb) (the four numbers), [4.3](3_a_fair_race.ipynb) (the rule of the race) and
# [lesson 3.3](../03_train_a_gan/3_a_dcgan.ipynb) (the DCGAN, the judge). **You will** train a game that hits all eight
# modes, compute how evenly classes are drawn, count a thousand kinds, and tell collapse from failure. About 35 minutes to
# read, 55 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import metrics, show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch04_mode_collapse import tables
from course_lib.chapters.ch04_mode_collapse.pictures import clouds
from course_lib.chapters.ch04_mode_collapse.stacked_digits import train_stacks
from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data import draw_points, load, mixture
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, cosine_schedule

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("04.4", runtime), syllabus.checks("04"), syllabus.questions("04.4")
print(runtime.describe())
print(syllabus.time_of("04.4"))

# %% [markdown]
# ## How good can it get?
#
# Here is the best game that we found. It has none of the twelve cures of 4.3. It is the strong start of 4.3 with four
# changes. Both step sizes *fall to 0* during training (`cosine_schedule`). Adam's $\beta_2$ is 0.99 instead of the
# course's 0.9 (lesson 3.1): it remembers the sizes of old slopes longer. We draw with the running average of G's weights
# (lesson 3.3). And there are more steps.
# Its settings were chosen on seeds 0 to 4; what you see was recorded on five others.

# %%
tables.show_best_settings()
tables.show_best("grid")
show.lines({f"seed {s}": ([p["seconds"] for p in run], [p["high_quality"] for p in run])
            for s, run in recorded("best")["runs"]["grid"].items()}, "seconds of training", "share of high quality",
           level=(0.9, "0.9"), title="On the grid all five seeds end above 0.9",
           alt="Five lines, one a seed: the grid's high-quality share rises to above 0.9.")

# %%
ask.predict("bar")

# %%
tables.show_best("ring")
tables.show_beside_pacgan()

# %% tags=["nbval-check-output"]
claims.over_seeds("the best game covers all 8 modes of the ring", tables.best_ends("ring", "modes"), 8)
claims.over_seeds("… with at least 90 % high quality", tables.best_ends("ring", "high_quality"), 0.9)
claims.over_seeds("… within 60 seconds of one thread", tables.best_ends("ring", "seconds"), 60, op="<=")
claims.over_seeds("the best game covers all 25 modes of the grid on at least 4 of 5 seeds", tables.best_ends("grid", "modes"), 25)
claims.over_seeds("… with at least 90 % of the grid's points of high quality", tables.best_ends("grid", "high_quality"), 0.9)
claims.over_seeds("… within 120 seconds of one thread", tables.best_ends("grid", "seconds"), 120, op="<=")
noise = tables.best_ends("ring", "noise")
beaten = sum(energy >= noise[s] for s, energy in tables.best_ends("ring", "energy").items())
claims.at_least("the best game fails the race's own bar: seeds of the ring on which noise is nearer to the data", beaten, 2)

# %% [markdown]
# On two seeds of the ring every mode is hit, but some hardly ever. So by the rule of the race our best game does not
# work on the ring. We have not measured which of its changes brought the high quality.
#
# The second table has four rows of table 1 of PacGAN (Lin and others 2018), and ours below them. Each is a mean, theirs
# over ten trainings, ours over five. After ± stands its [standard error](../../docs/glossary.md#standard-error), the
# mean's likely error by chance: the spread over the trainings, divided by the root of their number (theirs shown for
# the modes only). PacGAN2 shows D two points at once. Their games have 400,000 steps (ours: 8,000 and 28,000). Their
# *plain* GAN has equal step sizes, batch norm in G, and the highest quality on the ring. Which packed one is best
# depends on the column.
#
# The ring, live, with the recorded number of steps and this lesson's seed (0, one of those on which the settings were
# chosen):

# %%
ring = mixture("ring")
ring_data = draw_points(ring, runtime)  # 100,000 points
steps = runtime.pick(smoke=40, course=recorded("best")["settings"]["steps"]["ring"])
with runtime.seeded("weights"):
    cured = toy_game(ring, hidden=(128, 128, 128), lr=1e-3, betas=(0.5, 0.99), ema=0.999,
                     schedule=cosine_schedule(steps))
for _ in cured.steps(ring_data, steps, runtime):
    pass
cured_report = metrics.measure_modes(cured.sampler(), ring)
print(cured_report)
true_points = ring.sample(2500, runtime.stream("true points"))[0]
clouds({"true": true_points, "generated": cured.sampler()(600).cpu()}, ring, title="No famous cure, and nearly all points on a mode",
       alt="Two panels with eight dense dots each: true points, and generated ones with strays.")

# %% tags=["nbval-check-output"]
claims.at_least("live: all 8 modes of the ring", cured_report.modes, 8)
claims.at_least("live: at least 90 % high quality", cured_report.high_quality, 0.9)

# %% [markdown]
# (A line that begins with `~` is not judged here: it says on how many of this page's ten recorded runs the claim held.)
#
# ## Digits: few classes, well drawn or not
#
# With pictures, we let the [judge](../../docs/glossary.md#judge) read them and count digits. There are three
# generators. We made one ourselves: it draws one 8 again and again, by small moves in the latents of a trained DCGAN.
# The second is a small DCGAN; its D's step size is a **two-hundredth** of G's. The third is its control, the same with
# **equal step sizes**. Above them stand real digits that no network here has seen in training.

# %%
ask.predict("speckle")

# %%
digits, new, judge = load("digits", runtime), load("digits", runtime, split="test"), zoo.load("judge", runtime)
trained = zoo.load("dcgan-digits", runtime)
latents = trained.z(500, seed=runtime.seed)
best_8 = latents[metrics.judge_outputs(trained.decode(latents), judge)[0][:, 8].argmax()]  # the one surest to be an 8


def one_8(n, seed=0):
    return trained.decode(best_8 + 0.3 * trained.z(n, seed))


def digits_game(lr_d):
    with runtime.seeded("digits"):
        game = Game(DCGenerator(width=16), DCDiscriminator(width=16, norm=None), lr=2e-3, lr_d=lr_d, ema=0)
    for _ in game.steps(digits, runtime.pick(smoke=5, course=400), runtime):
        pass
    return game.sampler(ema=False)


drawn = {"one 8, by hand": one_8, "D's step size 1/200": digits_game(1e-5), "equal step sizes": digits_game(2e-3)}
pictures = {"new real digits": new.images} | drawn
show.compare(pictures, title="One generator repeats an 8, one repeats speckle, one draws different rough digits",
             alt="Four rows: real digits; twelve nearly equal 8s; nearly the same speckled shape twelve times; different "
                 "rough digits.")

# %%
counts = {name: metrics.class_histogram(sampler, judge, 2000) for name, sampler in drawn.items()}
show.bars({name: n.tolist() for name, n in counts.items()}, digits.names, "of 2,000 pictures", x="digit",
          level=(200, "equal shares"), title="By the histogram the first two generators have the same illness",
          alt="The first two generators' pictures are nearly all read as one digit; the third's spread over most.")

# %% [markdown]
# *Class entropy* puts the histogram into one number: how evenly the classes are drawn, from 0 (one class) to 1 (all
# equal). With $p_k$ for the share of class $k$ of $K$, it is $-\sum_k p_k \log p_k / \log K$. *In words: take minus the
# logarithm of the share of each picture's class, average it over the pictures, and divide by what equal shares would
# give.*
#
# **Exercise 1. Finish the line.** `counts` says how often each class was drawn, some perhaps never. There is a short way
# through the KL of lesson 4.1.

# %% tags=["exercise"]
def evenness(counts):
    share = counts.double() / counts.sum()
    return ...  # your line


check.evenness(evenness)

# %% [markdown]
# <details><summary>Hint 1</summary>torch.special.xlogy(p, p) is p log p, and 0 at p = 0.</details>
# <details><summary>Hint 2</summary>log K needs the length of the list. Or: the KL is log K minus the entropy, so divide it by log K and take that from 1.</details>

# %% tags=["solution"]
def solution_evenness(counts):
    p_k = counts.double() / counts.sum()
    return -torch.special.xlogy(p_k, p_k).sum() / torch.tensor(float(len(counts))).log()


check.evenness(solution_evenness, solution=True)

# %% [markdown]
# By class entropy the first two generators are alike. By their pictures they are not. So ask a second question, as we did
# with points: what share of the generated pictures lies where real ones lie? That is **precision** (chapter 06). The
# judge's last hidden layer turns each picture into 128 numbers, which we take as a point. Around each real point goes a
# ball that reaches to the fifth nearest other real one. Precision is the share of generated points that lie in some ball.

# %%
def inner_numbers(images):
    return metrics.judge_outputs(images, judge)[1]


real = inner_numbers(digits.images[:1500])
counts["new real digits"] = metrics.class_histogram(new.images, judge)
inner = {name: inner_numbers(new.images if name == "new real digits" else pictures[name](1500)) for name in pictures}
entropy = {name: metrics.class_entropy(counts[name]) for name in pictures}
precision = {name: metrics.precision_recall(real, inner[name]).precision for name in pictures}
tables.show_quality(entropy, precision)

# %% tags=["nbval-check-output"]
by_hand, slow, equal_sizes = drawn
claims.at_most("one 8 by hand: class entropy at most half", entropy[by_hand], 0.5)
claims.at_least("… and at least half of its pictures lie where real digits lie", precision[by_hand], 0.5)
claims.at_most("D's step size 1/200: class entropy at most half", entropy[slow], 0.5)
claims.at_most("… and at most 5 % of its pictures lie where real digits lie", precision[slow], 0.05)
claims.at_least("equal step sizes: class entropy at least 0.7", entropy[equal_sizes], 0.7)
claims.at_least("… and at least 10 % of its pictures lie where real digits lie", precision[equal_sizes], 0.1)

# %% [markdown]
# In this lesson a generator has *collapsed* if it draws only few classes, but well. It has *failed* if hardly any of
# its pictures is good. (Elsewhere both may be called collapse.) The DCGAN at 1/200 failed; the wandering heap of 4.2
# was nearer to failure, too. With equal step sizes the DCGAN's pictures are read as most digits (here hardly ever as 0,
# 1 or 6), but its precision is far below that of new real digits. (The 8 was picked as the surest.)
#
# **Exercise 2. Collapse or failure?** Answer `"collapsed"`, `"failed"` or `"neither"`, as far as two numbers tell.
#
# | generator | class entropy | precision |
# |---|---|---|
# | P | 0.04 | 0.92 |
# | Q | 0.03 | 0.00 |
# | R | 0.97 | 0.01 |
# | S | 0.98 | 0.81 |

# %% tags=["exercise"]
ill = ...  # {"P": …, "Q": …, "R": …, "S": …}

check.ill(ill)

# %% [markdown]
# <details><summary>Hint 1</summary>First the precision: are the pictures any good at all?</details>
# <details><summary>Hint 2</summary>The judge gives every picture to some digit. What does it say of noise that looks different each time?</details>

# %% tags=["solution"]
solution_ill = {"P": "collapsed", "Q": "failed", "R": "failed", "S": "neither"}

check.ill(solution_ill, solution=True)

# %% [markdown]
# *A good place for a pause.*
#
# ## A thousand kinds
#
# Stack three random digits as the red, green and blue of one picture: 1,000 kinds, 000 to 999. Each counts as a mode.
# The judge reads each colour. As in PacGAN's table 3 (after Metz et al. 2017), D is *deliberately small*, half as wide
# as G, because that provokes collapse.
#
# **Exercise 3. Build it.** `digits` is $(N, 3)$, the three digits of each stack, whole numbers from 0 to 9. How many
# different kinds are there?

# %% tags=["exercise"]
def kinds(digits):
    ...  # your lines, ending in: return …


check.kinds(kinds)

# %% [markdown]
# <details><summary>Hint 1</summary>Make one number of each row, so that 012 and 210 differ.</details>
# <details><summary>Hint 2</summary>.unique() keeps each number once; len() or .numel() says how many are left.</details>

# %% tags=["solution"]
def solution_kinds(digits):
    number = (digits * torch.tensor([100, 10, 1])).sum(1)
    return number.unique().numel()


check.kinds(solution_kinds, solution=True)

# %% [markdown]
# Two GANs were trained beforehand, on one seed and for 12,000 steps instead of 500,000: a DCGAN, and PacDCGAN2, which
# shows D two stacks at once. D's step size is twice G's, as theirs. The judge read 25,600 stacks of each.

# %%
print("reduced:", recorded("stacked")["settings"]["reduced"])
tables.show_stacked()
show.lines(tables.stacked_lines(), "step", "kinds of 1,000", level=(recorded("stacked")["settings"]["real stacks"]["modes"], "real stacks"),
           title="On one seed the two GANs change places twice",
           alt="Two lines, DCGAN and PacDCGAN2: modes found against steps. Dotted: the modes of real stacks.")

# %% [markdown]
# The lines cross twice: one seed and so few steps are no comparison. A packed step costs more here, since D judges 256
# stacks in it, not 128. (In 4.3 each batch had 128 points, packed or not.) So the table has a row at equal *seconds*.
# Two published numbers are of the same plain DCGAN: 628 by Metz et al., and 487.7 by PacGAN, which retrained it as a
# control.
#
# And what would pictures score that mix digits? Let us stack averages of two and of three random digits.

# %%
ask.predict("averages")

# %%
lot, averaged, near = runtime.stream("averages"), {}, {}
for of in (2, 3):
    mean = sum(digits.images.cpu()[torch.randperm(len(digits), generator=lot)] for _ in range(of)) / of
    sure, classes = metrics.judge_outputs(mean, judge)[0].max(1)
    three = classes[torch.randint(len(classes), (25_600, 3), generator=lot)]  # a colour each
    found = torch.bincount(three @ torch.tensor([100, 10, 1]), minlength=1000)
    averaged[of] = (found > 0).sum().item()
    near[of] = metrics.precision_recall(real, inner_numbers(mean[:1500]))
    print(f"averages of {of} digits: {averaged[of]} kinds, KL {metrics.kl_from_uniform(found):.2f}, confidence "
          f"{sure.mean():.2f}, precision {near[of].precision:.2f}, recall {near[of].recall:.2f}")
honest = metrics.precision_recall(real, inner["new real digits"])
print(f"new real digits: precision {honest.precision:.2f}, recall {honest.recall:.2f}")

# %% tags=["nbval-check-output"]
for of, modes in averaged.items():
    claims.at_least(f"the judge finds at least 900 of 1,000 modes in averages of {of} digits", modes, 900)
    claims.at_least(f"… at least 60 % of averages of {of} lie where real digits lie (precision)", near[of].precision, 0.6)
    claims.at_most(f"… at most 60 % of real digits lie where averages of {of} lie (recall)", near[of].recall, 0.6)

# %% [markdown]
# More kinds than both GANs, and a lower KL (0.31 and 0.93), from pictures that mix digits. The judge's confidence (its
# largest probability, on average) tells averages (0.84 and 0.76) from real stacks (0.99), but puts them no lower than
# the GANs' (0.70 to 0.76). Precision is 0.92 for new real digits, and still about three quarters for averages. *Recall*
# (chapter 06) turns it round, with balls around the other set: the share of real digits in a ball
# around some new real digit is 0.94, around some average 0.45 and 0.03. What it says of the two GANs was not measured. `full` trains both for 20,000 steps:

# %%
if profile == "full":
    train_stacks(runtime, judge)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up of the chapter
#
# - **Now known:** a small game reached high quality without any of the twelve cures, by several changes that were not
#   told apart. Few classes may mean collapse or failure: only quality says which. Averages of digits score more kinds
#   than both GANs.
# - **Not said:** how to count modes of real pictures, or variety *within* a class: ten pictures, one of each digit, would
#   have a perfect histogram. Chapter 06 measures that.
# - **Next:** [chapter 05](../05_vae/1_a_likelihood_and_its_bound.ipynb), a model with one player, whose loss bounds a
#   likelihood.
#
# ## What the articles say
#
# From the strong start none of the nine cures that were run works (4.3). "Works" below means: from the unbalanced ring.
#
# | article | it says | what we measured |
# |---|---|---|
# | A1 | batch norm reduces mode collapse | in the *generator*, yes: it beats every control, and equal step sizes, too, at equal steps and at equal cost (4.3) |
# | A4 | another architecture (here layers and packs) is a remedy | batch norm in G works; minibatch discrimination does at equal steps, Pack(4) at equal cost, barely, but neither beats equal step sizes by the rule; minibatch stddev and batch norm in D do not work (4.3) |
# | A4 | another loss is a remedy | unrolled (a G that looks ahead) works at equal steps; so does feature matching, but it does not beat equal step sizes by the rule; least squares and WGAN-GP do not work (4.3) |
# | A4 | regularisation is a remedy | R1 + R2, spectral norm and instance noise do not work, at one untuned strength each (4.3) |
# | A1, A4 | (neither mentions the balance of the two step sizes) | from the unbalanced ring, D's step size raised to G's at least halves the KL on every recorded seed (4.3); with equal step sizes the small DCGAN's pictures are read as most digits |
#
# ## Strengths, limits, software
#
# - **Strengths:** in the plane the truth is known, so modes and quality can be counted.
# - **Limits:** a toy, small networks, 2,000 steps (in longer games the order may change); five to ten seeds; no cure was
#   tuned by itself.
# - **Software:** `course_lib.metrics.measure_modes` and `energy_distance`; this chapter's `toy_game` builds a game with a
#   cure by its name. Spectral norm is PyTorch's own.
#
# ## Further reading
#
# - Z. Lin, A. Khetan, G. Fanti, S. Oh. *PacGAN: the power of two samples in generative adversarial networks.* NeurIPS
#   2018. Packing, and the tables of ring, grid and stacked digits.
# - L. Metz, B. Poole, D. Pfau, J. Sohl-Dickstein. *Unrolled generative adversarial networks.* ICLR 2017. The chase
#   around the ring.
# - G. Székely, M. Rizzo. *Energy statistics: a class of statistics based on distances.* Journal of Statistical Planning
#   and Inference 2013. The energy distance.
# - A. Srivastava, L. Valkov, C. Russell, M. Gutmann, C. Sutton. *VEEGAN: reducing mode collapse in GANs using implicit
#   variational learning.* NeurIPS 2017. The ring, the grid, and how to count.
# - T. Salimans, I. Goodfellow, W. Zaremba, V. Cheung, A. Radford, X. Chen. *Improved techniques for training GANs.*
#   NeurIPS 2016. Minibatch discrimination, feature matching, label smoothing.
# - I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin, A. Courville. *Improved training of Wasserstein GANs.* NeurIPS
#   2017.
# - T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida. *Spectral normalization for generative adversarial networks.* ICLR
#   2018.
# - L. Mescheder, A. Geiger, S. Nowozin. *Which training methods for GANs do actually converge?* ICML 2018. R1 and R2.
# - Y. Yazıcı, C.-S. Foo, S. Winkler, K.-H. Yap, G. Piliouras, V. Chandrasekhar. *The unusual effectiveness of averaging
#   in GAN training.* ICLR 2019.
# - X. Mao, Q. Li, H. Xie, R. Lau, Z. Wang, S. Smolley. *Least squares generative adversarial networks.* ICCV 2017.
# - T. Karras, T. Aila, S. Laine, J. Lehtinen. *Progressive growing of GANs.* ICLR 2018. Minibatch stddev.
# - C. K. Sønderby, J. Caballero, L. Theis, W. Shi, F. Huszár. *Amortised MAP inference for image super-resolution.* ICLR
#   2017. Instance noise.
# - Y. Huang, A. Gokaslan, V. Kuleshov, J. Tompkin. *The GAN is dead; long live the GAN! A modern GAN baseline.* NeurIPS
#   2024. The relativistic loss with R1 and R2.
# - S. Zhao, Z. Liu, J. Lin, J.-Y. Zhu, S. Han. *Differentiable augmentation for data-efficient GAN training.* NeurIPS
#   2020.
# - M. Kahng, N. Thorat, D. H. Chau, F. Viégas, M. Wattenberg. *GAN Lab.* IEEE TVCG 2019. The playground's model.
