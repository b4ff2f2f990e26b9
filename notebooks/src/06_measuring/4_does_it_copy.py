# %% [markdown]
# # 6.4 Does it copy what it was shown?
#
# Article A5 says that a GAN "makes high-quality copies of real data". If it really copied its training pictures,
# several measures would praise it (6.3). Here we build the test that does not, and find out what it overlooks. Then we
# ask the same of the discriminator: does it know its training pictures by heart?
#
# **You need** [6.1](1_how_far_from_real.ipynb) (the Fréchet distance) and [6.3](3_which_measure_sees_what.ipynb) (what
# copies do to it). **You will** test a generator for copies; say what such a test cannot see; compute how much a
# discriminator has learned by heart. About 35 minutes to read, 55 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch

from course_lib import show, zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch06_measuring.recorded_runs import column, show_by_heart
from course_lib.data import load
from course_lib.files import recorded
from course_lib.learn.claims import Claims
from course_lib.learn.wording import show_table
from course_lib.metrics import copying, discriminator_overfitting, frechet_distance, judge_outputs
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import DiffAugment, Game

# %%
runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims = Claims("06.4", runtime)
check = syllabus.checks("06")
ask = syllabus.questions("06.4")
print(runtime.describe())
print(syllabus.time_of("06.4"))

# %% [markdown]
# ## Copies against new digits
#
# The cheat hands in 1,000 training digits as "generated". Its rival hands in 1,000 new digits, which are *real*. Both
# are compared with all 4,000 training digits.

# %%
ask.predict("cheat")

# %%
digits, held_out = load("digits", runtime), load("digits", runtime, split="test")
train, new = digits.images.cpu(), held_out.images.cpu()
judge, gan = zoo.load("judge", runtime), zoo.load("dcgan-digits", runtime)
drawn = gan(1000, seed=runtime.seed)
features_of_real, features_of_new = (judge_outputs(images, judge)[1] for images in (train, new))
cheat_distance = frechet_distance(features_of_real[:1000], features_of_real)
new_distance = frechet_distance(features_of_new, features_of_real)
print(f"Fréchet distance: copies {cheat_distance:.2f}, new real digits {new_distance:.2f}")

# %% [markdown]
# The copies win even against *new* real digits. So the test must ask something else.
#
# ## The copying score
#
# For every generated picture, take the distance in pixels to its **nearest training picture**. Do the same for new real
# digits. The **copying score** is the share of pairs, one generated and one new, in which the generated picture has the
# smaller distance; a tie counts half (after Meehan and others, 2020). It is ½ for honest new pictures and 1 for copies.

# %%
def nearest(images):
    return torch.cdist(images.flatten(1), train.flatten(1)).min(1)  # .values: distances, .indices: which


def copying_score(images):
    ours, usual = nearest(images).values, nearest(new).values
    nearer, same = ours[:, None] < usual, ours[:, None] == usual
    return (nearer.double() + 0.5 * same.double()).mean().item()


def flat_copying(images):
    return copying(images.flatten(1), train.flatten(1), new.flatten(1))


# %%
ask.predict("moved")

# %%
handed_in = {"copies": train[:1000], "the zoo's GAN": drawn, "copies, one pixel to the right": train[:1000].roll(1, 3)}
scores = {name: copying_score(images) for name, images in handed_in.items()}
in_features = {name: copying(judge_outputs(images, judge)[1], features_of_real, features_of_new).score
               for name, images in handed_in.items()}
moved_score = in_features["copies, one pixel to the right"]
show_table("Copying score: ½ is honest, 1 is copied", ["pictures", "in pixels", "in the judge's features"],
           [[name, f"{scores[name]:.3f}", f"{in_features[name]:.3f}"] for name in handed_in])

# %% tags=["nbval-check-output"]
claims.at_most("copies win the Fréchet distance against new real digits", cheat_distance / new_distance, 0.8)
claims.at_least("the copying score catches them", copying_score(handed_in["copies"]), 0.99)
claims.close("our copying score is the library's", copying_score(drawn), flat_copying(drawn).score, 1e-4)
claims.at_most("the zoo's GAN: its copying score is below a half", copying_score(drawn), 0.5)
claims.at_most("a copy moved by one pixel escapes the test in pixels: score under 0.6",
               copying_score(handed_in["copies, one pixel to the right"]), 0.6)
claims.at_least("… but not that in the judge's features: above 0.7", moved_score, 0.7)

# %% [markdown]
# **The test sees only what its distance sees.** Move every copy by a pixel, and the distance in pixels is fooled. The
# judge's features are fooled less. But in training the judge saw every digit moved by up to two pixels each way, so it
# has practised just this move; another change may fool it. And it was trained on the training digits and not on the new
# ones, so its features may treat the two differently.
#
# The zoo's GAN scores below ½: in about two pairs of three its picture lies *farther* from the training digits than the
# new real one. (Its rough strokes may be a reason: noise lowered the score in 6.3.) Of 1,000 generated pictures we
# show, for each digit (as the judge reads it), the one that lies nearest to any training digit, and below it that
# training digit.

# %%
found, reads = nearest(drawn), judge_outputs(drawn, judge)[0].argmax(1)
closest = [torch.where(reads == k, found.values, torch.inf).argmin().item() for k in range(10)]
show.compare({"generated": drawn[closest], "nearest real": train[found.indices[closest]]}, n=10,
             title="The nearest pairs look alike, and none is an exact copy",
             alt="Two rows, 0 to 9: generated digits above similar but not equal training digits.")

# %% [markdown]
# Each pair looks alike, but the strokes differ; some neighbours are not even the same digit. So a distance in pixels
# finds no copies here. A5 means "copies" as praise. For a generator they would be a fault: it should draw *new* digits.
#
# The score is a mean over pairs. Ten copies among 1,000 honest pictures move it by 0.005 only, from ½ to 0.505.
# *Suspected copies* are counted one by one: a picture is suspected if its distance is smaller than those of 99 % of the
# new real ones. Of honest pictures about 1 % are suspected.
#
# **Exercise 1. Build it.** Return the share of suspected pictures. All arguments are flat, `(pictures, pixels)`.

# %% tags=["exercise"]
def suspected(drawn, train, new):
    ...  # your lines, ending in: return …


check.suspected(suspected)

# %% [markdown]
# <details><summary>Hint 1</summary>Two lists of nearest distances: of the drawn pictures, and of the new ones.</details>
# <details><summary>Hint 2</summary>Sort the new pictures' distances. Where is the limit that 99 % of them exceed? <code>x.quantile(0.01)</code> is that limit.</details>

# %% tags=["solution"]
def solution_suspected(drawn, train, new):
    ours, usual = (torch.cdist(x, train).min(dim=1).values for x in (drawn, new))
    return (ours < usual.quantile(0.01)).double().mean()


check.suspected(solution_suspected, solution=True)

# %%
print(f"the zoo's GAN: {flat_copying(drawn).copies:.1%} of its pictures are suspected")

# %% [markdown]
# Of the zoo's GAN fewer are suspected than of honest pictures, as its low score lets expect.
#
# ## By heart
#
# A discriminator can *memorise* even if the generator does not copy. It then recognises each training picture, instead
# of learning what digits have in common. To see it, take the mean logit $E[d]$ that $D$ gives to each of three heaps:
# its training digits, held-out digits, drawn ones.
#
# $$\text{gap} = \frac{E[d(\text{training})] - E[d(\text{held out})]}{E[d(\text{training})] - E[d(\text{drawn})]}$$
#
# *In words: what share of D's distinction between training and drawn pictures is mere recognition* (Karras and others,
# 2020). At 0, new real digits look as real to $D$ as training digits. At 1, they look as fake as drawn ones. Above 1,
# they look faker than drawn ones. If the bottom of the fraction (*the gap's bottom*) is near 0, $D$ distinguishes
# nothing, and the gap says nothing.
#
# **Exercise 2. Finish the line.** Three heaps of logits, each $(n, 1)$ with its own $n$.

# %% tags=["exercise"]
def gap(on_train, on_held_out, on_drawn):
    ...  # your line: return …


check.gap(gap)

# %% [markdown]
# <details><summary>Hint 1</summary>Three means, then two differences. Both begin with the training pictures.</details>
# <details><summary>Hint 2</summary>Logits are averaged as they are. The result may lie below 0 or above 1.</details>

# %% tags=["solution"]
def solution_gap(on_train, on_held_out, on_drawn):
    known, fresh, fake = on_train.mean(), on_held_out.mean(), on_drawn.mean()
    return (known - fresh) / (known - fake)


check.gap(solution_gap, solution=True)

# %% [markdown]
# A5 advises: "a *smaller* training set prevents overfitting". We test it with 4,000, 500 and 100 training digits. And
# we try a cure: with *DiffAugment* (Zhao and others, 2020), $D$ sees every picture, real or drawn, shifted and partly
# blanked out at random. (For the gap, every $D$ is asked undistorted pictures.)

# %%
ask.predict("fewer")

# %%
ask.predict("cure")

# %% [markdown]
# Recorded, each row over five seeds (the training takes minutes). The Fréchet distance is that of 4,000 pictures to
# all 4,000 training digits; the copying score, in pixels, compares these pictures with the row's own digits. (The gap
# asks D about pictures of G's last weights, against which it plays; all else measures pictures of the averaged ones,
# 3.3.) In the figure a dot is a seed, and the bar their median.

# %%
heart = recorded("overfitting")
runs = heart["runs"]
print(f"{heart['settings']['steps']:,} steps · {heart['settings']['networks']}")
show_by_heart(runs, "By heart? Medians of five seeds")
show.dots({"gap (0: none, 1: by heart)": {row: list(column(runs, row, "gap").values()) for row in runs},
           "Fréchet distance": {row: list(column(runs, row, "frechet").values()) for row in runs}},
          title="Fewer digits, a larger gap; with DiffAugment a smaller gap, no better pictures",
          alt="Dots for five seeds a row. The gap is largest with 100 digits, and below 0.4 with DiffAugment. Without it "
              "the Fréchet distance falls with more digits; with 500 and 4,000 it is larger with DiffAugment.")

# %% tags=["nbval-check-output"]
def beside(key, one, other):
    """The difference of two rows, seed by seed."""
    return {seed: value - column(runs, other, key)[seed] for seed, value in column(runs, one, key).items()}


for few, many in (("100 digits", "500 digits"), ("500 digits", "4,000 digits")):
    claims.over_seeds(f"D's gap is larger with {few} than with {many}", beside("gap", few, many), 0, op=">")
for n in ("100", "500"):
    ratio = {seed: gap_ / column(runs, f"{n} digits", "gap")[seed]
             for seed, gap_ in column(runs, f"{n} digits, DiffAugment", "gap").items()}
    claims.over_seeds(f"{n} digits: DiffAugment makes the gap at most half as large", ratio, 0.5, op="<=")
claims.over_seeds("with 100 digits the pictures are farther from real ones than with 4,000 (Fréchet distance)",
                  beside("frechet", "100 digits", "4,000 digits"), 0, op=">")
for n in ("500", "4,000"):
    claims.over_seeds(f"{n} digits: in these steps DiffAugment does not make the Fréchet distance smaller",
                      beside("frechet", f"{n} digits, DiffAugment", f"{n} digits"), 0)
claims.over_seeds("the drawn pictures' copying score, against their own training digits, is higher with 100 of them than with 4,000",
                  beside("copying", "100 digits", "4,000 digits"), 0, op=">")

# %% [markdown]
# **The gap.** The fewer digits, the larger the gap. A5's advice is the wrong way round: a set that is small enough can
# be learned by heart, and nothing in the loss forbids it. With 100 digits the gap is far above 1: new real digits look
# *faker than drawn ones*. With 500 it is about 1: they look as fake. Read each gap beside its bottom, training minus
# drawn. It is 5.8 and 1.6 for 100 and 500 digits without DiffAugment. In all other rows it is below a half: there the
# gap is a ratio of small numbers, and one seed's is −0.4.
#
# **Copies.** The copying score is higher with 100 than with 4,000. It rises with DiffAugment, too (from 0.16 to 0.36),
# where D learns them by heart far less. A likely reason: of 100 digits even the nearest lies far from every picture,
# new ones included; so roughness weighs less. (This may explain
# a part of the rise without DiffAugment, too.) A rise alone is no proof of copying, nor is about ½ an acquittal. Rough
# pictures can score far below ½ (noise did in 6.3), and these are rough. So they may be pulled towards the 100 digits,
# and the roughness hide it. A control, below, asks of two shorter games: are their pictures as near to 100 *other*
# digits?
#
# **The cure.** With 100 and 500 digits DiffAugment takes most of the gap away. Yet in these steps the pictures get no
# better: with 100 digits there is no clear difference, with 500 and 4,000 the Fréchet distance is *larger*. A guess,
# not measured: a game against distorted pictures needs more steps. **A smaller gap is not yet a better generator.**
#
# ## Pulled, though not copied
#
# Now two short trainings live, with 100 digits, the second with DiffAugment. Of the gap we look at the top alone,
# because the bottom may be near 0: how much more real the training digits look than new ones, in logits.
#
# Then the control. A picture that owes nothing to the training digits is as likely to lie nearer to these 100 as to 100
# others: in half of the cases. Roughness does not matter here, as it counts on both sides. New real digits show what
# chance does.

# %%
few, other = digits.take(100), digits.images[100:200].cpu()  # ten of each digit, both


def heart_of(augment):
    with runtime.seeded("weights"):
        networks = DCGenerator(64, 16), DCDiscriminator(16)
    game = Game(*networks, views=[DiffAugment(("translation", "cutout"))] if augment else [])
    for _ in game.steps(few, runtime.pick(smoke=10, course=600), runtime):
        pass
    seen = discriminator_overfitting(game.discriminator, few.images, held_out.images, game.sampler(ema=False)(1000))
    return seen, game.sampler()(1000).cpu()


(plain, drawn_plain), (augmented, drawn_augmented) = heart_of(False), heart_of(True)
show_table("Live: D's mean logit, 100 training digits", ["", "training", "held out", "drawn"],
           [[name, *(f"{value:+.2f}" for value in (of.train, of.heldout, of.fake))]
            for name, of in (("plain", plain), ("DiffAugment", augmented))])

# %%
pulled, suspects, rows = {}, {}, []
for name, images in {"plain": drawn_plain, "DiffAugment": drawn_augmented, "new real digits": new}.items():
    own, others = (torch.cdist(images.flatten(1), of.cpu().flatten(1)).min(1).values for of in (few.images, other))
    pulled[name] = (own < others).double().mean().item()
    suspects[name] = copying(*(x.flatten(1) for x in (images, few.images.cpu(), new))).copies
    rows.append([name, f"{suspects[name]:.1%}", f"{own.median():.1f}", f"{others.median():.1f}", f"{pulled[name]:.0%}"])
show_table("Live: 1,000 pictures, and the nearest of 100 digits (distance in pixels, median)",
           ["pictures", "suspected copies", "to the 100 of the training", "to 100 others", "nearer to those of the training"], rows)

# %% tags=["nbval-check-output"]
claims.at_least("live, 100 digits: D finds its training digits more real than new ones (logits)",
                plain.train - plain.heldout, 0.1)
claims.at_most("… and with DiffAugment at most half as much",
               (augmented.train - augmented.heldout) / (plain.train - plain.heldout), 0.5)
claims.at_most("… and yet of the plain game's drawings no more are suspected than of honest ones (share)", suspects["plain"], 0.01)
claims.at_least("… but more of them than of new digits lie nearer to the training's 100 than to 100 others, by 8 in 100",
                pulled["plain"] - pulled["new real digits"], 0.08)

# %% [markdown]
# The plain discriminator finds new digits faker than drawn ones, as in the recorded runs. With DiffAugment it finds
# them nearly as real as its training digits.
#
# No picture is a suspected copy. (The new digits' 1.0 % is so by construction: they set the limit.) And yet 66 % of the
# plain game's pictures lie nearer to the 100 digits of the training, and of new real digits 51 %. So the plain
# generator is *pulled* towards its training digits, and no count of copies showed it. (A pull is no copy yet: any model
# fits the sample that it is shown.) With DiffAugment there is no such pull here: 51 %. (Two trainings of 600 steps, one
# seed on this page; the pull of the plain one was recorded over more.)
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** copies win the Fréchet distance, and a test by nearest neighbours catches exact ones; fewer training
#   digits make the discriminator learn them by heart; with 100 and 500, DiffAugment helps against that. Without it,
#   the drawings of a short game with 100 digits are pulled towards them, which a comparison with other digits shows.
# - **Not said:** that no copy escapes. The test sees only what its distance sees, and a mean overlooks a few.
# - **Next:** [6.5 Which is better, a GAN or a VAE?](5_gan_against_vae.ipynb)
