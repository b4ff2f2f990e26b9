# %% [markdown]
# # 14.1 Does it work on my own pictures?
#
# So far nearly every picture was a digit. Here a folder of PNG files goes the whole way: checks, a classifier, a GAN and a
# VAE, measures, an explanation, a card. It holds faces that the course draws (free for any use, CC0). To use a folder of
# yours, change the lines marked ← and run all cells. (Claims about faces may then say ✗.)
#
# **You need** [3.1](../03_train_a_gan/1_the_loop.ipynb), [5.4](../05_vae/4_what_else_it_can_do.ipynb),
# [6.2](../06_measuring/2_good_or_varied.ipynb), [6.4](../06_measuring/4_does_it_copy.ipynb),
# [7.2](../07_explain_a_classifier/2_lime_and_slopes.ipynb) and [13.1](../13_transparency/1_a_card.ipynb). **You will**
# choose a size, judge by controls whether a generator learned, and find what is wrong with four folders. About 35 minutes
# to read and run, 60 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn.functional import avg_pool2d
from tqdm import tqdm

from course_lib import audit, metrics, show
from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up import first_result, own_folder, own_measures
from course_lib.chapters.ch14_scale_up.recorded_streaming import FirstResults, Streamed
from course_lib.data import ImageData, shapes
from course_lib.explain import class_logit, occlusion
from course_lib.learn.claims import Claims, show_table
from course_lib.models import ConvVAE, Gaussian, Judge, dcgan
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer, checkpointed, classifier

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("14.1", runtime), syllabus.checks("14", runtime), syllabus.questions("14.1")
print(runtime.describe(), syllabus.time_of("14.1"), sep="\n")

# %% [markdown]
# ## A folder, and what is refused
#
# A folder has a subfolder for each class, two at least. Ours are four moods: *calm*, *happy*, *sad*, *surprised*. The files are
# 60 pixels wide and 48 high, in colour. The table shows what the course says when something is wrong with a folder. It
# never guesses and never leaves a picture out (other files, such as .txt, it leaves out with a warning): otherwise you would train
# on other pictures than you think, and your card would describe a folder that nobody used.
#
# Of each good file the middle square is taken (`crop=True`) and brought to `size` × `size` pixels by weighted means, and 0
# to 255 become −1 to 1.

# %%
scratch = Path(tempfile.mkdtemp())
own = None  # ← your folder: "C:/…/my_pictures"
folder = own or own_folder.write(scratch / "faces", runtime.pick(smoke=240, course=2000), runtime)
size = 28  # ← pixels a side, of all pictures: see exercise 1
data = ImageData.folder(folder, size=size, crop=True, runtime=runtime)  # ← and what a refusal asks for: grey=True, …
about = own_folder.FACES if own is None else own_folder.About()  # ← of yours, say it: About(source="…", licence="…", …)
data = replace(data, source=about.source, licence=about.licence)
channels = data.shape[0]  # 3 in colour, 1 in grey
show_table("A small folder, spoiled in eight ways", ["what is wrong", "what is said"], own_folder.refusals(scratch, runtime))
show.compare({name: data.of_class(k).images for k, name in enumerate(data.names)}, n=12,
             title=f"{len(data):,} pictures in {len(data.names)} classes, {size} × {size} pixels: the moods differ in the mouth",
             alt="Four rows of twelve coloured faces with caps: straight mouths, smiles, mouths bent down, round open mouths.")

# %% [markdown]
# Why 28 pixels, where exercise 1's rule will say more? With twice the side, a step costs about four times as much. The
# course's networks come in ten sizes, from 28 to 64; of larger pictures, the cells below make fewer steps.
#
# **Exercise 1. Finish the line.** Which size keeps most of a folder? Take the largest of `SIZES` for which no picture's middle
# square has to be enlarged, which would add nothing but blur. If every size would enlarge one, take the smallest.

# %% tags=["exercise"]
SIZES = sorted(dcgan.PLANS)  # 28, 32, … 64


def size_for(heights, widths):  # of all pictures, lists of pixels → one of SIZES
    return ...  # your line (or three)


check.size_for(size_for)

# %% [markdown]
# <details><summary>Hint 1</summary>A middle square is as wide as the shorter of height and width. The smallest square of all decides.</details>
# <details><summary>Hint 2</summary>max(…, default=SIZES[0]) has an answer even when nothing fits.</details>

# %% tags=["solution"]
def solution_size_for(heights, widths):
    smallest = min(min(pair) for pair in zip(heights, widths, strict=True))
    return max((one for one in SIZES if one <= smallest), default=SIZES[0])


check.size_for(solution_size_for, solution=True)

# %% [markdown]
# ## A judge and two generators
#
# The course's judge reads digits only. So we train a **judge**, a classifier that tells *these* classes apart. Its last layer
# but one gives the features in which distances are measured (6.1). 60 percent of each class are to train on. The rest is
# held out, in two halves: one to measure against (`real`), one as a control (`others`).
#
# Then come the GAN, from a **recipe** that holds all settings (13.1), and the VAE of 5.4, whose pixels are normal around
# what it draws (`Gaussian`, 5.3). In Jupyter, `show.live` draws samples while the GAN trains. `checkpointed` saves
# the GAN's whole state every 200 steps, at the end, and when you press stop. On the way we draw from the GAN twice, as
# controls: before its first step, and after a tenth of the steps.

# %% tags=["nbval-check-output"]
train, heldout = data.train_test_split(0.4)
real, others = heldout.train_test_split(0.5)


def new_judge(pictures, steps):
    with runtime.seeded("judge"):
        network = Judge(16, classes=len(data.names), size=size, channels=channels)
    for _ in classifier.ClassifierTrainer(network, batch=32, total=steps).steps(pictures, steps, runtime):
        pass
    return network.eval()


judge = new_judge(train, runtime.pick(smoke=10, course=250))
print(f"{len(train):,} pictures to train on, {len(real):,} to measure against, {len(others):,} as a control")
files = sorted(file for file in Path(folder).rglob("*") if file.is_file())[:50]
apart = [(own_folder.by_hand(file, size, channels) - image.cpu()).abs().max() for file, image in zip(files, data.images, strict=False)]
claims.at_most("50 files read by hand are the pictures of ImageData.folder (largest difference)", max(apart), 1e-6)
claims.at_least("live: the judge reads the class of held-out pictures (share right)", classifier.accuracy(judge, real), 0.95)

# %%
recipe = audit.Recipe(
    data=data.name, generator="DCGenerator", discriminator="DCDiscriminator", game={"batch": 32}, seed=seed,
    generator_settings={"latent": 64, "width": 16, "size": size, "channels": channels},
    discriminator_settings={"width": 16, "size": size, "channels": channels},
    steps=runtime.pick(smoke=20, course=first_result.steps_for(size, 900)))  # 900 at 28 pixels, fewer at more
game, n = recipe.new_game(runtime), len(real)
early = {"control: untrained GAN": game.sampler()(n)}
first = game.steps(train, recipe.steps // 10, runtime)
for _ in first:
    pass
early["control: GAN, a tenth of the steps"] = game.sampler()(n)
rest = game.steps(train, recipe.steps - recipe.steps // 10, runtime)
watched = show.live(checkpointed(rest, scratch / "gan.safetensors", every=200))

# %%
with runtime.seeded("vae"):
    network = ConvVAE(10, 16, Gaussian(0.4), size=size, channels=channels)
network.init_output_bias(train.images.cpu())  # it begins at the mean picture
vae = VAETrainer(network, lr=2e-3, batch=32)
for _ in tqdm(vae.steps(train, runtime.pick(smoke=20, course=first_result.steps_for(size, 900)), runtime)):
    pass
drawn = {"GAN": game.sampler()(n), "VAE": vae.sampler()(n)}
show.compare({"real": real.images[:: max(1, n // 12)], **drawn, "untrained GAN": early["control: untrained GAN"]}, n=12,
             title="Real pictures, and what a GAN, a VAE and an untrained GAN draw",
             alt="Four rows of twelve pictures: real ones, then those of the GAN, of the VAE, and of the untrained GAN.")

# %% [markdown]
# ## How good are they?
#
# A number alone says nothing. So beside the two generators stand **controls**: the other held-out half (the best that can be
# had), training pictures handed in as if they were samples, a tenth of the steps, no step at all, and noise. *Precision* and
# *coverage* are those of 6.2, *copying* is that of 6.4: the chance that a sample lies nearer to the training pictures than a
# new real picture does. It is ½ for new real pictures, 1 for copies, less for rough samples. Each row has as many pictures
# as `real`.

# %%
def measured(images):
    features, reference = (metrics.judge_outputs(x, judge)[1] for x in (images, real.images))
    near = metrics.precision_recall(reference, features)
    flat = [x.cpu().flatten(1) for x in (images, train.images, real.images)]
    return {"frechet": metrics.frechet_distance(features, reference), "precision": near.precision,
            "coverage": near.coverage, "copying": metrics.copying(*flat).score}


noise = torch.rand((n, *data.shape), generator=runtime.stream("noise")) * 2 - 1
rows = {"control: other held-out pictures": others.images,
        "control: training pictures": train.images[torch.arange(n) * len(train) // n],
        **drawn, **dict(reversed(early.items())), "control: noise": noise}
table = {name: measured(images) for name, images in rows.items()}
show_table("Against held-out pictures", ["pictures", "Fréchet distance (0 is best)", "precision", "coverage", "copying (1: copies)"],
           [[name, f"{one['frechet']:.1f}", *(f"{one[k]:.2f}" for k in ("precision", "coverage", "copying"))]
            for name, one in table.items()])

# %%
ask.predict("grey")

# %%
spots = torch.randn(others.images.shape, generator=runtime.stream("speckle")).to(others.images)
changed = {"as they are": others.images,
           "without colour": others.images.mean(1, keepdim=True).expand(-1, channels, -1, -1),
           "speckled": (others.images + 0.2 * spots).clamp(-1, 1),  # normal, standard deviation 0.2
           "blurred": avg_pool2d(others.images, 3, 1, 1, count_include_pad=False)}  # each pixel: the mean of 3 × 3
seen = {name: measured(images) for name, images in changed.items()}
show_table("The other held-out pictures, changed", ["pictures", "Fréchet distance", "precision", "coverage"],
           [[name, f"{one['frechet']:.1f}", f"{one['precision']:.2f}", f"{one['coverage']:.2f}"] for name, one in seen.items()])
show.compare({name: images[:: max(1, n // 12)] for name, images in changed.items()}, n=12,
             title="This judge does not see that the colour is gone; it sees speckle and blur",
             alt="Four rows of the same twelve faces: in colour, in grey, speckled, and blurred.")

# %% [markdown]
# The grey faces pass: each mood comes in all colours, so the judge probably learned to overlook them. A distance can be
# **blind** to what its judge overlooks. Speckle the judge never met: each mood can still be told, yet speckle counts for
# much. So look at the samples (the GAN's are speckled, too), and change real pictures in the ways that matter to *you*.
# Training pictures, in turn, pass as samples by every measure but the copying score: they are real.
#
# **Exercise 2. Build it.** Did a generator learn? Two rules:
#
# - *Fréchet distance, precision and coverage* pass where the generator's number lies nearer to that of the other held-out
#   pictures than to that of the untrained generator.
# - *Copying* passes unless it is more than 0.1 above that of the other held-out pictures. (Far below is no copy.)

# %% tags=["exercise"]
def learned(generator, untrained, real):  # each {"frechet": …, "precision": …, "coverage": …, "copying": …}
    ...  # your lines, ending in: return {measure: True or False}


check.learned(learned)

# %% [markdown]
# <details><summary>Hint 1</summary>How far is it from a to b? abs(a - b). So it does not matter whether small or large is good.</details>
# <details><summary>Hint 2</summary>Fill a dict in a loop over generator.items(). Treat "copying" apart.</details>

# %% tags=["solution"]
def solution_learned(generator, untrained, real):
    passed = {}
    for name, value in generator.items():
        passed[name] = abs(value - real[name]) < abs(value - untrained[name])
    passed["copying"] = generator["copying"] - real["copying"] <= 0.1
    return passed


check.learned(solution_learned, solution=True)
best, nothing = table["control: other held-out pictures"], table["control: untrained GAN"]
show_table("By the two rules", ["pictures", *best],
           [[name, *("passes" if ok else "fails" for ok in solution_learned(one, nothing, best).values())]
            for name, one in table.items()])

# %% [markdown]
# In distance even a tenth of the steps passes: the rule only says that something was learned. Precision and coverage, which
# count single pictures, say how far it still has to go. One training of each does not tell whether GAN or VAE is better
# (14.3): in this lesson's last section it is the GAN.
#
# ## Where does the judge look?
#
# **Occlusion** covers a small square of a picture, notes how far the logit of its class falls, and moves on. A pixel
# gets the mean over the squares that cover it. Is such a map right? For the faces we know: all but the mouth was
# drawn without looking at the mood. So the **truth** is the set of pixels that another mood would change. Two numbers: the
# share of the map's positive part that lies in there, and the share of faces whose highest pixel does. (Of your
# pictures both say 0%: nobody knows the truth.)

# %%
stride = 2 if size < 48 else 4  # from one square to the next, in pixels


def occluded(network, images, classes, window=2 * stride, fill=0.0):
    with torch.no_grad():
        before = network(images).gather(1, classes[:, None])  # (N, 1): each picture's logit of its own class
        fall, times = torch.zeros_like(images[:, :1]), torch.zeros_like(images[:1, :1])
        for top in range(0, size - window + 1, stride):
            for left in range(0, size - window + 1, stride):
                square = (..., slice(top, top + window), slice(left, left + window))
                covered = images.clone()
                covered[square] = fill
                fall[square] += (before - network(covered).gather(1, classes[:, None]))[..., None, None]
                times[square] += 1
    return fall / times


with runtime.seeded("untrained judge"):
    blank = Judge(16, classes=len(data.names), size=size, channels=channels).eval()
faces, moods, mouths = own_folder.probe(32, size, runtime, own and real)  # new faces, and the pixels of their mouths
maps = {"the judge": occluded(judge, faces, moods), "untrained judge": occluded(blank, faces, moods)}
library = occlusion(judge, class_logit(moods), faces, window=2 * stride, stride=stride, fill=0.0)

# %%
found = {name: own_measures.within(each, mouths) for name, each in
         {**maps, "covered in black": occluded(judge, faces, moods, fill=-1.0), "darkness, no network": -faces.mean(1, keepdim=True)}.items()}
show_table(f"Does the map find the mouth? It fills {mouths.float().mean():.0%} of a picture.",
           ["map", "share of the map in the mouth", "faces whose highest pixel is in the mouth"],
           [[name, f"{share:.0%}", f"{top:.0%}"] for name, (share, top) in found.items()])
show.attributions(faces[:8], {"truth": mouths[:8].float(), **{name: each[:8] for name, each in maps.items()}},
                  title="The judge's map is red at the mouth, the untrained one's much less often",
                  alt="Eight faces in grey; under each the place of its mouth, the map of the judge and that of an untrained judge.")

# %% [markdown]
# The highest pixel of an untrained judge's map lies in the mouth in about a third of the faces, hardly more often than the
# darkest pixel does. That is the number to beat, not the mouth's share of the picture. The cover's colour matters, too. Black
# is this drawing's ink: a black square can look like a mouth, and here the map gets worse. So we cover with middle grey.
#
# In your pictures you can **plant** a truth: a mark in a corner of one class's pictures. Train a second judge, and see
# whether the map finds the mark.

# %%
ask.predict("mark")

# %%
marked, other = (0, 1) if own else (1, 2)  # two classes, here: happy, sad
planted, corner = shapes.plant(train, train.labels == marked)
fooled = new_judge(planted, runtime.pick(smoke=10, course=200))
wrong = shapes.marked(real.of_class(other).images)  # the mark on pictures of the other class
says = [(network(wrong).argmax(1) == marked).float().mean().item() for network in (judge, fooled)]
in_corner, _ = own_measures.within(occluded(fooled, wrong[:16], torch.full_like(real.labels[:16], marked)[: len(wrong)]), corner)
name = data.names[marked]
show_table(f"“{data.names[other]}” pictures with the mark of “{name}”", ["what", "share"],
           [[f"judge trained without marks: calls them {name}", f"{says[0]:.0%}"],
            [f"judge trained with marks: calls them {name}", f"{says[1]:.0%}"],
            [f"… and is right on {name} pictures without a mark", f"{classifier.accuracy(fooled, real.of_class(marked)):.0%}"],
            ["its maps' positive part that lies in the marked corner", f"{in_corner:.0%}"],
            ["control: the corner's share of a picture", f"{corner.float().mean():.0%}"]])

# %% [markdown]
# The map finds what was planted; and without it this judge calls no *happy* face happy. That is a reason to believe the map
# where it finds something that you did not plant.
#
# ## Four folders that pass every check

# %%
suspects = {letter: ImageData.folder(own_folder.faulty(scratch / letter, letter, runtime), size=size, runtime=runtime)
            for letter in "PQRS"}  # of faces, whatever yours are
means = {letter: torch.stack([one.of_class(k).images.mean(0) for k in range(4)]) for letter, one in suspects.items()}
show_table("Four folders", ["folder", "pictures of each class", "there a second time", "the judge agrees with the label"],
           own_measures.counted(suspects, None if own else judge))
show.compare({f"{a}, then {b}": torch.cat([means[a], means[b]]) for a, b in ("PQ", "RS")}, n=8,
             title="Mean picture of each class of each folder: calm, happy, sad, surprised",
             alt="Two rows of eight blurred mean faces, whose mouths can still be told; the last one of Q has a lighter square at "
                 "its upper right.")

# %% [markdown]
# **Exercise 3. Find the fault.** Each of the four has one fault. Which? Choose from `"mark in one class"`,
# `"twice the same"`, `"wrong labels"` and `"rare class"`.

# %% tags=["exercise"]
what_is_wrong = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_is_wrong(what_is_wrong)

# %% [markdown]
# <details><summary>Hint 1</summary>In each column of the table one folder stands out. The mean pictures show the fourth fault.</details>
# <details><summary>Hint 2</summary>A mean over many pictures blurs what moves, and keeps what stays at one place.</details>

# %% tags=["solution"]
solution_what_is_wrong = {"P": "wrong labels", "Q": "mark in one class", "R": "rare class", "S": "twice the same"}
check.what_is_wrong(solution_what_is_wrong, solution=True)

# %% [markdown]
# ## The card
#
# `audit.keep` measures five draws and writes down all that is known; `audit.card` makes a card of it (13.1). What no record
# knows, you say: who made the pictures, what may be done with them, what the generator is for, whether people are in them.
# Of your pictures the course says none: places stay open until you fill `about` (`help(own_folder.About)` lists them).

# %%
run = audit.keep(scratch / "run", game, recipe, train, real, judge, runtime, name=data.name, words=about.words,
                 seconds=first.seconds + rest.seconds, samples=n, thing=about.thing)
text = audit.card(run)
for title in ("Intended use", "Training data", "Quantitative analyses", "Ethical considerations", "Caveats and known failures"):
    print(f"## {title}\n{audit.cards.section(text, title)}\n")

# %% tags=["nbval-check-output"]
claims.at_least("live: training pictures as samples: copying score", table["control: training pictures"]["copying"], 0.95)
claims.at_most("… and their Fréchet distance does not object", table["control: training pictures"]["frechet"], 3)
claims.true("live: GAN and VAE are nearer to real pictures than the untrained GAN and noise (Fréchet distance)",
            max(table[k]["frechet"] for k in drawn) < min(table[f"control: {k}"]["frechet"] for k in ("untrained GAN", "noise")))
claims.at_most("live: without any colour, the faces' Fréchet distance stays low", seen["without colour"]["frechet"], 3)
claims.at_least("live: speckled, with every mood as it was, the faces' Fréchet distance is large", seen["speckled"]["frechet"], 10)
claims.at_least("live: blurred, it is larger (times that without colour)",
                seen["blurred"]["frechet"] / seen["without colour"]["frechet"], 5)
claims.at_most("our map is the library's (largest difference)", (maps["the judge"] - library).abs().max(), 1e-4)
claims.at_least("live: faces whose highest pixel lies in the mouth, by the judge's map (share)", found["the judge"][1], 0.8)
claims.at_most("live: … by an untrained judge's", found["untrained judge"][1], 0.5)
claims.at_least("live: trained with marks on one class, the judge falls for the mark (share)", says[1], 0.8)
claims.at_most("live: … the judge trained without does not", says[0], 0.2)
claims.at_least("live: the map finds the planted mark (share of its positive part)", in_corner, 0.3)
claims.true("no place of the card is left open", audit.holes(text) == 0)

# %% [markdown]
# ## When it takes long, or is large
#
# A long training may be interrupted. Give `checkpointed` a file that stays; `resume(game, file)` goes on from there. Where a
# folder does not fit into memory, `ImageData.folder(…, stream=True)` opens each picture when its batch is due; a second
# thread reads the next batch while a step runs. What that costs was recorded (speeds in one process, both kinds in turn;
# memory in one for each). So was how long a first result takes, with the smallest pictures and the largest (and 1,200 steps
# of the GAN at 28 pixels).

# %% tags=["nbval-check-output"]
firsts, streams = FirstResults(), Streamed()
show_table(f"A first result, medians of three runs ({firsts.machine})",
           ["pictures", "from folder to measures", "Fréchet distance: GAN", "VAE", "control: untrained", "control: others"], firsts.rows())
show_table(f"In memory and streamed, medians of five trainings ({streams.machine})",
           ["pictures", "how", "first 20 steps done after", "images a second", "processor time an image", "highest memory",
            "of it, after step 20"], streams.rows())
show_table("To open one picture, and make it 32 × 32", ["file", "processor time"],
           [[kind, f"{ms:.2f} ms"] for kind, ms in streams.openings().items()])
claims.true("10 steps, a stop, 10 steps from the file: every weight is that of 20 steps in one go, bit for bit",
            first_result.same_after_a_stop(recipe, train, scratch / "stopped.safetensors", runtime))
for kind in firsts.kinds:
    claims.over_seeds(f"recorded: {kind}: seconds from folder to measures", firsts.of(kind, "seconds"), 180, "<=", at_least=3)
    claims.over_seeds(f"recorded: {kind}: GAN and VAE nearer to real pictures than the untrained GAN (times)",
                      firsts.nearer(kind), 1, ">", at_least=3)
large = streams.sizes[-1]
claims.over_seeds(f"recorded: MiB that {large:,} streamed pictures need above {streams.sizes[0]:,}", streams.larger("streamed"), 100, "<=")
claims.over_seeds("recorded: … and that training on them adds after step 20", streams.of(large, "streamed", "rose"), 20, "<=")
claims.over_seeds("recorded: … resident ones need above so few", streams.larger("resident"), 1000)
claims.over_seeds("recorded: images a second of the streamed training, as a share of the resident one's",
                  streams.share(large), 0.9)

# %% [markdown]
# A hundred times as many streamed pictures need little more memory: names and places are kept, not pixels. Opening a file
# takes processor time, though (fifth column): a second core does it meanwhile; one core is slower by that much. And a large
# photograph takes far longer to open than a step spends on it (last table). So save photographs at a small size once, before
# you train.
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** one line brings a folder into the course; a number reads only beside its controls; a judge can be blind to
#   what its classes do not ask; a planted mark tests an explanation where nobody knows the truth.
# - **Not said:** how good pictures get with more of them or more steps, or how photographs do. And no check knows whether you
#   may use them.
# - **Next:** [14.2](2_faster.ipynb): where a step's time goes; or [14.3](3_many_seeds.ipynb): many seeds at once.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A5 | a GAN makes high-quality copies of real data | whether it copies, only the copying score tells: real copies pass the other measures |
# | A4 | measures for generators are lacking | there are some; each can be blind to what its judge overlooks: faces without any colour pass |
#
# **Limits.** One drawn set, 1,200 pictures to train on. The judge learned from the pictures that the generators learned from. The
# streamed files had just been written, so the system still held them in its cache: a slow disk or a network is slower. Compare
# the two kinds, not the speeds with your machine's.
#
# **Software.** `ImageData.folder`, `course_lib.training`, `course_lib.audit`; Pillow opens the files. torchvision's
# `ImageFolder` reads the same layout.
#
# ## Further reading
#
# - M. D. Zeiler, R. Fergus. *Visualizing and understanding convolutional networks.* ECCV 2014. Occlusion.
# - R. Geirhos and others. *Shortcut learning in deep neural networks.* Nature Machine Intelligence 2, 2020. Marks that nobody
#   planted.
# - J. R. Zech and others. *Variable generalization performance of a deep learning model to detect pneumonia in chest
#   radiographs.* PLOS Medicine 15, 2018. A hospital's label as a mark.
# - T. Kynkäänniemi and others. *The role of ImageNet classes in Fréchet Inception distance.* ICLR 2023. What a judge's classes do
#   to a distance.
# - T. Karras and others. *Training generative adversarial networks with limited data.* NeurIPS 2020. For small folders.
