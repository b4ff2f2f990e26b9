# %% [markdown]
# # 14.6 Can a GAN make a film?
#
# A film is a row of pictures of which each follows from the one before.  Article
# A4 names video as a use of GANs. We make the smallest films: six frames of 28 × 28 pixels, in which one digit moves
# and bounces. We train a GAN of clips, take its parts away one by one, and ask whether its judge looks at motion at all.
#
# **You need** [3.1](../03_train_a_gan/1_the_loop.ipynb) (the loop), [6.1](../06_measuring/1_how_far_from_real.ipynb) (the
# Fréchet distance) and [8.1](../08_explain_the_discriminator/1_maps_of_a_logit.ipynb) (occlusion). **You will** build two
# measures and test them on doctored clips, train two judges and a memory, and criticise four reports. About 30 minutes to
# read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import torch
from torch import nn
from torch.nn.functional import softplus

from course_lib import zoo
from course_lib.chapters import syllabus
from course_lib.chapters.ch14_scale_up import film_game, film_measures, film_pictures, films
from course_lib.chapters.ch14_scale_up.recorded_films import COLUMNS, Filmed, spread
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.models import DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Batch

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("14.6", runtime), syllabus.checks("14"), syllabus.questions("14.6")
reader = zoo.load("judge")  # the course's classifier of digits: here it reads frames, and only measures
over = Filmed()  # `course record films`: five trainings of each kind, seeds 100 to 104
print(runtime.describe())
print(syllabus.time_of("14.6"))

# %% [markdown]
# ## Clips, and clips that are none
#
# A **clip** is a tensor `(T, 28, 28)`: T = 6 **frames** take the place of the colour channels. Each clip has one digit of
# the course, shrunk, that starts anywhere and keeps its speed: whole pixels a frame, up to 2 in each direction. Where its ink
# meets the edge it bounces. 2,000 clips of training digits are to learn from, 1,000 of held-out digits to compare with, 500 others to doctor.
#
# We try measures on clips whose fault we know. So we **doctor** real clips: *still* repeats the first frame,
# *shuffled* puts the frames into another order, *mixed* takes each frame from another clip, and *backwards* runs from the end.

# %%
digits, test = load("digits", runtime), load("digits", split="test")
clips = films.bouncing(digits, runtime.pick(smoke=100, course=2000))
planned, other = (films.bouncing(test, runtime.pick(smoke=60, course=n), seed=s) for s, n in ((1, 1000), (2, 500)))
real = planned.frames
doctored = {name: doctor(real) for name, doctor in films.DOCTORED.items()}
film_pictures.strips({"real": real, **doctored}, title="Two real clips of six frames, and four ways to doctor them",
                     alt="Five rows, each with two clips of six frames. In the first, a digit moves by a pixel or two a frame. Still: it stands. "
                         "Shuffled: it jumps to and fro. Mixed: each frame has another digit. Backwards: it moves the other way.")

# %% [markdown]
# Where is the digit? At its **centre of ink**. A pixel has ink b = (x + 1)/2, from 0 (black) to 1 (white). The centre's row
# is Σ b·row / Σ b: the mean of all rows, weighted by their ink. Likewise the column. Both count from 0.
#
# **Exercise 1. Finish it.**

# %% tags=["exercise"]
def ink_centre(frames):  # (T, H, W) in [−1, 1] → (T, 2): row and column
    ink = (frames + 1) / 2
    return ...  # your lines


check.ink_centre(ink_centre)

# %% [markdown]
# <details><summary>Hint 1</summary>ink.sum(2) has the ink of each row, (T, H). The rows' numbers are torch.arange(H).</details>
# <details><summary>Hint 2</summary>Multiply the two, add up, and divide by the frame's whole ink. Then torch.stack([row, column], 1).</details>

# %% tags=["solution"]
def solution_ink_centre(frames):
    ink = (frames + 1) / 2
    total = ink.sum((1, 2))
    row = (ink.sum(2) * torch.arange(ink.shape[1])).sum(1) / total
    column = (ink.sum(1) * torch.arange(ink.shape[2])).sum(1) / total
    return torch.stack([row, column], 1)


check.ink_centre(solution_ink_centre, solution=True)

# %% [markdown]
# From the centres follow two measures. A **move** is the way from one frame's centre to the next one's; the **speed** is the
# mean length of the moves, in pixels. The **jerk** is the mean length of the difference
# between one move and the next: 0 where a digit goes straight on. Real clips have some, because they bounce. What moves little has
# little jerk, so we also give jerk ÷ speed.
#
# Does the digit stay the same? A **reader**, the course's classifier, reads each frame (centred and enlarged); how **sure** it is is the chance of what it reads, on average. Of two
# different frames of one clip, how often does it read the same digit? With all digits equally frequent, unrelated frames would give about 0.1.
#
# **Exercise 2. Build it.**

# %% tags=["exercise"]
def same_digit(digits):  # what is read in each frame, int64 (N, T) → one number from 0 to 1
    ...  # your lines, ending in: return …


check.same_digit(same_digit)

# %% [markdown]
# <details><summary>Hint 1</summary>digits[:, :, None] == digits[:, None] is a table (N, T, T): every frame beside every other of its clip.</details>
# <details><summary>Hint 2</summary>On its diagonal each frame meets itself. Those T pairs must not count.</details>

# %% tags=["solution"]
def solution_same_digit(digits):
    length = digits.shape[1]
    same = (digits[:, :, None] == digits[:, None]).double().sum((1, 2)) - length
    return (same / (length * (length - 1))).mean().item()


check.same_digit(solution_same_digit, solution=True)

# %% [markdown]
# Two Fréchet distances (6.1; small is good, 0 means equal mean and spread) complete the list: one of single **frames**, in
# the reader's features; one of **motion**, in which a clip is the list of its five moves, ten numbers.

# %%
ask.predict("order")

# %%
reference = film_measures.Reference.of(real, reader)


def row(shown):
    film = film_measures.measure(shown, reader, reference)
    return film, [f"{getattr(film, what):.2f}".replace("nan", "—") for what in COLUMNS]


known = {"other real clips": row(other.frames)}
known |= {name: row(doctor(other.frames)) for name, doctor in films.DOCTORED.items()}
known["black: no digit at all"] = row(torch.full_like(other.frames, -1))
show_table("What each measure says of clips whose fault is known", ["clips", *COLUMNS.values()],
           [[name, *numbers] for name, (_, numbers) in known.items()])

# %% tags=["nbval-check-output"]
whole, still, shuffled, mixed, backwards, _ = (film for film, _ in known.values())
claims.at_most("the centre of ink moves as the digit was moved (largest error, pixels)",
               (film_measures.moves(real) - planned.corners.diff(dim=1)).abs().max(), 1e-4)
claims.at_least("shuffled: the jerk is so many times that of real clips", shuffled.jerk / whole.jerk, 8)
claims.close("… but the Fréchet distance of its frames is unchanged", shuffled.frames, whole.frames, 1e-3)
claims.at_most("still: jerk", still.jerk, 1e-9)
claims.at_least("… and its digit stays the same (share of pairs)", still.same, 0.999)
claims.at_most("mixed: its digit stays the same (share of pairs)", mixed.same, 0.2)
claims.at_most("backwards: Fréchet distance of motion", backwards.motion, 1)

# %% [markdown]
# No measure sees every fault: that of motion finds these, but not a digit that changes on its way. The frames' distance is blind to order.  *Black* is read as one digit, surely: these two measures
# praise it. *Backwards* is a real film by every measure, rightly: these clips hardly tell which way they run.
#
# ## Two judges and a memory
#
# **MoCoGAN** (Tulyakov and others, 2018) splits its random numbers. The **content** c, 32 numbers, is drawn once a clip.
# The **motion** m, 16 numbers, is drawn for t = 0 and then changes: m(t) = GRU(e(t), m(t − 1)), where e(t) are four
# random numbers, a nudge, drawn for each frame. A **GRU** is a small network with a memory: it
# gets the motion so far and a nudge, and gives the next motion. The same DCGAN generator draws each frame from c and m(t).

# %%
class Film(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.draw = nn.GRUCell(4, 16), DCGenerator(latent=32 + 16, width=16)

    def forward(self, z):  # (N, 72)
        content, motion, nudges = z[:, :32], z[:, 32:48], z[:, 48:].unflatten(1, (6, 4))
        frames = []
        for t in range(6):
            motion = self.gru(nudges[:, t], motion)  # (N, 16): it goes on from where it was
            frames.append(self.draw(torch.cat([content, motion], 1)))  # (N, 1, 28, 28)
        return torch.cat(frames, 1)  # (N, 6, 28, 28)


game = film_game.new_game("both judges", runtime)
ours, z = Film(), torch.randn(8, 72, generator=torch.Generator().manual_seed(1))
ours.load_state_dict(game.generator.state_dict())
with torch.no_grad():
    apart = (ours.eval()(z) - game.generator.cpu().eval()(z)).abs().max()

# %% [markdown]
# Two discriminators judge (the reader only measures). The **judge of frames** sees two frames of each clip, drawn at random. The **judge of clips** sees all six at once, as
# channels of one picture.  Each has its own loss; G pays both.

# %%
def d_loss(critics, real, fake, chosen):  # chosen: which frames are judged singly, (N, 2)
    rows = torch.arange(len(real))[:, None]

    def logit_loss(of, real, fake):  # the loss of 1.1: "real" for real ones, "fake" for the others
        return softplus(-of(real)).mean() + softplus(of(fake)).mean()

    single = [clip[rows, chosen].flatten(0, 1)[:, None] for clip in (real, fake)]  # (2N, 1, 28, 28)
    return (logit_loss(critics.of_clips, real, fake) + logit_loss(critics.of_frames, *single)) / 2


critics = game.critics.cpu().eval()
with torch.no_grad(), runtime.seeded("loss"):
    libraries = game.loss.d(*game.score(Batch(real[:8], ours(z))))
with torch.no_grad(), runtime.seeded("loss"):
    by_hand = d_loss(critics, real[:8], ours(z), torch.randint(6, (8, 2)))
claims.at_most("our generator draws the library's clips (largest difference)", apart, 1e-5)
claims.close("our two judges pay the library's loss (difference)", by_hand - libraries, 0, 1e-5)

# %%
ask.predict("weakest")

# %%
start = row(game.sampler()(500))
steps = runtime.pick(smoke=4, course=over.steps)
film_game.train(game, clips, steps, runtime)
made = game.sampler()(500)
film, numbers = row(made)
show_table(f"After {steps} steps", ["clips", *COLUMNS.values()],
           [["generated", *numbers], ["control: generated, its frames mixed between clips", *row(films.DOCTORED["mixed"](made))[1]],
            ["control: before the first step", *start[1]],
            *([f"control: real, {name}" if name != "other real clips" else name, *known[name][1]]
              for name in ("other real clips", "still", "shuffled", "mixed"))])
film_pictures.strips({"real": real, "generated": made, "": made[2:], " ": made[4:]},
                     title="The generated strokes move, and change their shape while they move",
                     alt="Four rows of two clips each. Real: a digit moves. Generated: bright strokes, some like digits, shift and bend from frame "
                         "to frame, and in several clips fade to almost nothing.")

# %% tags=["nbval-check-output"]
claims.at_most("live: generated clips have less jerk than shuffled ones (ratio)", film.jerk / shuffled.jerk, 0.6)
claims.at_most("live: their motion is nearer to real motion than standing still is (ratio of the distances)", film.motion / still.motion, 0.8)
claims.at_most("live: their digit stays the same less often than in real clips (share)", film.same, 0.85)
claims.at_least("… but more often than in real mixed ones (share)", film.same, 0.3)

# %% [markdown]
# The strokes move, and less jerkily than shuffled clips. By the motion's distance they are nearer to real clips than still
# or shuffled ones. But few are digits, and they *melt*: in many pairs of frames two different digits are read. (Frames
# mixed between clips agree quite often, too: many are faint, and read as one digit.)
#
# ## Which part does what?
#
# We train anew, less one part: without the judge of clips, without the judge of frames, and without memory, where the
# motion of each frame is 16 random numbers of its own. Five trainings each were recorded, of as many steps.

# %%
ask.predict("without")

# %%
kinds = [[name, *over.row(name)] for name in film_game.VARIANTS if name != "one picture, shifted"]
kinds.insert(1, ["both judges, half of the steps", *over.row("both judges", over.half)])
kinds.append(["control: both judges, before the first step", *over.row("both judges", 0)])
show_table(f"After {over.steps} steps: median (range) of five trainings", ["generator", *COLUMNS.values()], kinds)

# %% [markdown]
# Without **memory** each frame is placed anew: jerk and motion's distance are the largest of all. (Frames placed by chance
# have jerk ÷ speed near √3 = 1.73.) Without the **judge of clips** the motion is slower, more jerky for its speed, and farther
# from real. But the frames are *nearer* to real, perhaps as G has fewer to please. Without the **judge of frames** the clips move more slowly, about half as fast as real ones, and the jerk falls with it; the
# rest hardly changes. The judge of clips sees all frames, too: here it did most
# of the work of both. No generator keeps its digit, and more steps did not help (0.60, then 0.54), though they helped the motion. Without a judge of clips it seems to; but those clips move less.
#
# ## Build in what one knows
#
# Nothing in this generator says that a thing keeps its shape when it moves: it has to find that. We can build it in. Let G
# draw *one* picture, from c alone, and let m(t) only say by how much it is **shifted** in frame t. Judges and steps stay as they are.

# %%
shifting = film_game.new_game("one picture, shifted", runtime)
film_game.train(shifting, clips, steps, runtime)
moved = shifting.sampler()(500)
shifted, numbers = row(moved)
show_table(f"After {over.steps} steps: median (range) of five trainings, and this one", ["generator", *COLUMNS.values()],
           [[name, *over.row(name)] for name in ("both judges", "one picture, shifted")]
           + [["one picture, shifted: here", *numbers], ["control: the same, before the first step", *over.row("one picture, shifted", 0)],
              ["control: real clips", *known["other real clips"][1]]])
film_pictures.strips({"shifted": moved, "": moved[2:], " ": moved[4:]}, title="One picture, shifted: what moves keeps its shape",
                     alt="Three rows of two clips. In each clip the same strokes keep their shape and move; where they leave the frame they are cut.")

# %% tags=["nbval-check-output"]
def beside_the_whole(name, what):  # of each seed: this generator's number, divided by that of the whole
    return {s: v / over.of("both judges", what)[s] for s, v in over.of(name, what).items()}


for name, what, bound, op in (("no memory", "jerk", 1.5, ">="), ("no memory", "motion", 1.5, ">="), ("no judge of clips", "motion", 1.2, ">="),
                              ("no judge of clips", "frames", 0.9, "<="), ("no judge of clips", "jerkiness", 1.1, ">="),
                              ("no judge of frames", "speed", 0.95, "<="), ("one picture, shifted", "motion", 0.7, "<="),
                              ("one picture, shifted", "jerkiness", 0.9, "<=")):
    claims.over_seeds(f"over seeds: {name}: {COLUMNS[what]}, divided by that of both judges", beside_the_whole(name, what), bound, op)
half, whole_same = over.of("both judges", "motion", over.half), over.of("both judges", "same")
claims.over_seeds("over seeds: both judges: motion's distance, divided by that after half of the steps",
                  {s: v / half[s] for s, v in over.of("both judges", "motion").items()}, 0.8, "<=")
claims.over_seeds("over seeds: one picture, shifted: its digit stays the same more often than that of the whole, by",
                  {s: v - whole_same[s] for s, v in over.of("one picture, shifted", "same").items()}, 0.1)
whole_sure = over.of("both judges", "sure")
claims.over_seeds("… but the reader is less sure of its frames, by",
                  {s: whole_sure[s] - v for s, v in over.of("one picture, shifted", "sure").items()}, 0.05)
claims.over_seeds("over seeds: no memory: jerk ÷ speed (frames placed by chance: about √3)", over.of("no memory", "jerkiness"), 1.7)
claims.at_most("live: one picture, shifted: Fréchet, motion, divided by that of both judges", shifted.motion / film.motion, 0.8)

# %% [markdown]
# What is read stays the same in more pairs, and the motion is nearest to real. The frames, too, are nearer to real. The reader is less sure, but it is sure of
# empty frames, and the other generator draws many. Few figures are digits.  Keeping the shape was not *learned*: we built it in.
#
# ## Does the judge of clips look at motion?
#
# We explain its logit by **occlusion** (8.1): cover a part, and see by how much the logit falls. Here a part is a frame.
# *Black* hides it. But empty frames never occurred, and a judge may dislike them for that alone. So we also cover a frame by
# a *copy* of its neighbour: each frame is still a good picture, and only the motion is broken. Falls are given in spreads
# (standard deviations) of this judge's logits of real clips, as an untrained judge's are all small.
#
# A second test needs no cover. Take a real clip and its doctored version: how often has the real one the higher logit?
# (A tie counts half.) Chance is ½.

# %%
ask.predict("copy")

# %%
def covered_black(critic, clips):
    falls = []
    for t in range(clips.shape[1]):
        covered = clips.clone()
        covered[:, t] = -1.0
        falls.append((critic(clips) - critic(covered))[:, 0])
    return torch.stack(falls, 1)  # (N, T)


fresh = film_game.new_game("both judges", runtime)
asked = {"trained": game.critics.of_clips.cpu().eval(), "untrained": fresh.critics.of_clips.cpu().eval()}
with torch.no_grad():
    spreads = {name: critic(real).std() for name, critic in asked.items()}
    by_hand = covered_black(asked["trained"], real)
falls = {how: {name: film_measures.frames_covered(critic, real, how) / spreads[name] for name, critic in asked.items()}
         for how in ("black", "copy")}
prefers = [[f"this judge of clips, {name}", *(f"{film_measures.preferred(critic, real, fake):.2f}" for fake in doctored.values())]
           for name, critic in asked.items()]
prefers += [[f"five trainings{said}: median (range)", *(spread(over.of("both judges", f"over {how}", at)) for how in doctored)]
            for said, at in (("", None), (", before the first step", 0))]
show_table("How often a real clip is preferred to its doctored version (chance: 0.5)", ["judge", *doctored], prefers)
film_pictures.covered({"covered by black": falls["black"], "covered by its neighbour's copy": falls["copy"]},
                      title="The trained judge of clips misses a hidden frame, and a broken motion, too",
                      alt="Two panels of bars over the six frames. Left, covered by black: the trained judge's logit falls for each frame, for one most. "
                          "Right, covered by a copy: it falls less. The untrained judge's bars are small, up and down.")

# %% tags=["nbval-check-output"]
claims.at_most("our falls are the library's (largest difference)", (by_hand / spreads["trained"] - falls["black"]["trained"]).abs().max(), 1e-3)
claims.at_least("live: a copy lowers the trained judge's logit (mean over frames, in spreads)", falls["copy"]["trained"].mean(), 0.1)
claims.close("control: untrained, a copy changes it (mean over frames, in spreads)", falls["copy"]["untrained"].mean(), 0, 0.05)
for how in ("still", "shuffled", "mixed"):
    claims.over_seeds(f"over seeds: the judge of clips prefers real clips to {how} ones (share)", over.of("both judges", f"over {how}"), 0.6)

# %% [markdown]
# A copy hides no picture, and the trained judge's logit falls all the same; the untrained one's does not, on average. So this judge
# looks at motion. Black lowers it more: part of that fall may be the odd black picture, not what it hid.
#
# The table agrees. Over five trainings the judge prefers real clips to still, shuffled and mixed ones, and before its first step
# it does not. *Backwards* stays at one half: little tells which way a clip runs.
#
# **Exercise 3. Criticise.** Four reports on films. What does each overlook?
#
# - **P** "Our clips have less jerk than real ones: 0.02 pixels. The motion is perfect."
# - **Q** "Frame by frame, the Fréchet distance is that of real clips. So these are real films."
# - **R** "In 99 of 100 pairs of frames the same digit is read, more than in any other report. (It is a 1 in every clip.)"
# - **S** "Before training we measured nothing. After it, our judge of clips prefers real clips to mixed ones in 70 of 100 cases. So
#   our training taught it what belongs together."
#
# Choose from `"still pictures"`, `"order"`, `"variety"` and `"untrained"` (what an untrained judge would say).

# %% tags=["exercise"]
what_misleads = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.what_misleads(what_misleads)

# %% [markdown]
# <details><summary>Hint 1</summary>"Still pictures": a fault that gives the best value of this measure. "Order": something the measure cannot see.</details>
# <details><summary>Hint 2</summary>"Variety": all clips may be good, and the same. "Untrained": a control that is missing.</details>

# %% tags=["solution"]
solution_what_misleads = {"P": "still pictures", "Q": "order", "R": "variety", "S": "untrained"}
check.what_misleads(solution_what_misleads, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a film needs measures that no picture has, and most measures praise some fault: doctored clips show which. Only a
#   judge of clips pays for motion, a memory smooths it, and what is built in need not be learned.
# - **Not said:** anything of longer films, of colour, or of scenes.
# - **Next:** this is the last lesson. `course portfolio` makes one page of your runs, answers and claims; with
#   [your own pictures](1_your_own_pictures.ipynb) you can begin again.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A4 | GANs are used to make videos | in 600 steps one learned to move; to keep its shape it did not learn: we had to build that in |
#
# **Limits.** Six frames, one digit on black, small networks, 600 steps. The reader was trained on whole digits, and reads
# strokes here.
#
# **Software.** `course_lib.chapters.ch14_scale_up.films` (clips, doctored clips), `film_game`, `film_measures`.
#
# ## Further reading
#
# - S. Tulyakov, M.-Y. Liu, X. Yang, J. Kautz. *MoCoGAN: decomposing motion and content for video generation.* CVPR 2018.
# - C. Vondrick, H. Pirsiavash, A. Torralba. *Generating videos with scene dynamics.* NeurIPS 2016. A GAN that draws whole
#   clips at once.
# - N. Srivastava, E. Mansimov, R. Salakhutdinov. *Unsupervised learning of video representations using LSTMs.* ICML 2015.
#   Where moving digits come from.
# - M. Jaderberg, K. Simonyan, A. Zisserman, K. Kavukcuoglu. *Spatial transformer networks.* NeurIPS 2015. How to shift a
#   picture so that a network can learn where to.
# - T. Unterthiner and others. *Towards accurate generative models of video: a new metric and challenges.* arXiv 1812.01717,
#   2018. A Fréchet distance of clips, in the features of a network trained on films.
