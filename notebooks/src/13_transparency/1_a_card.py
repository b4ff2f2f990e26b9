# %% [markdown]
# # 13.1 What must a model card say?
#
# Somebody hands you a generator. What do you have to know before you use it, and who tells you? Since 2019 there is a
# form for that, the **model card**. We fill one in without typing a number: every number comes from the records of a
# training. Then we look at what such a card cannot say.
#
# **You need** [6.1](../06_measuring/1_how_far_from_real.ipynb) (Fréchet distance) and
# [6.2](../06_measuring/2_good_or_varied.ipynb) (precision, coverage); [6.4](../06_measuring/4_does_it_copy.ipynb) for
# *copying*. **You will** give a number its range, judge four cards, and mend a document that machines read. About 30
# minutes to read and run, 50 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import copy
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from huggingface_hub import ModelCard, ModelCardData

from course_lib import audit, show, zoo
from course_lib.audit import cards, materials
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import small
from course_lib.data import load
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.1", runtime), syllabus.checks("13"), syllabus.questions("13.1")
digits, heldout, judge = load("digits", runtime), load("digits", runtime, split="test"), zoo.load("judge", runtime)
print(runtime.describe())
print(syllabus.time_of("13.1"))

# %% [markdown]
# ## A run that remembers
#
# A card can only say what somebody noted. So the training itself writes down, in a file `run.json`, all that it
# depends on (the **recipe**: networks, settings, steps, seed), the data, the machine, the time, and what came out,
# measured with the course's **judge**, a network that reads digits. The game (generator against discriminator) is a
# small one, of fully connected networks.

# %%
recipe = small.recipe(seed, steps=runtime.pick(smoke=30, course=3000))
folder = Path(tempfile.mkdtemp()) / "small-digits"
run = audit.train(folder, recipe, digits, heldout, judge, runtime, name="small digits",
                  samples=runtime.pick(smoke=200, course=2000))
show.compare({"samples": run.sampler(), "held-out digits": heldout.images},
             title="The small game's samples: digits with specks, about half of them readable",
             alt="Two rows of twelve digits: above, rough ones with specks, about half of them readable; "
                 "below, handwritten ones.")

# %%
show_table("What the run wrote down", ["record", "what it is", "how it begins"],
           [row for row in small.records(run.facts) if row[0] not in ("format", "name", "day")])

# %% [markdown]
# A **hash** (SHA-256) is a number of 64 digits (0 to 9, a to f) that is computed from data, such as a file. Change one
# bit, and it is, as far as anybody knows, another number. So it tells *which* data and which weights are meant. (13.2
# looks closer.)
#
# The energy is an estimate: seconds times a guess of 5 to 30 watts. Nobody read a meter, and the record says so.
#
# ## A number needs a range
#
# The distance depends on which samples were drawn. So each measure is taken five times, with other latents.
#
# **Exercise 1. Build it.** `draw(seed)` gives the distance of one set of samples. Return the mean, the lowest and the
# highest for the seeds 0, 1, …, n − 1.

# %% tags=["exercise"]
def with_range(draw, n):  # a function of a seed, a whole number → (mean, lowest, highest)
    ...  # your lines, ending in: return …


check.with_range(with_range)

# %% [markdown]
# <details><summary>Hint 1</summary>[draw(seed) for seed in range(n)] is the list of all n distances. Draw each once: a draw may be expensive.</details>
# <details><summary>Hint 2</summary>sum(values) / len(values) is their mean.</details>

# %% tags=["solution"]
def solution_with_range(draw, n):
    values = [draw(seed) for seed in range(n)]
    return sum(values) / n, min(values), max(values)


check.with_range(solution_with_range, solution=True)

# %%
measures = run.facts["measures"]
show_table("Five draws of samples", ["measure", "mean", "lowest", "highest", "how to read it"],
           [[name, f"{one['value']:.3g}", f"{one['low']:.3g}", f"{one['high']:.3g}", cards.READ[name]]
            for name, one in measures.items()])

# %% [markdown]
# What is this range good for? It says how far the luck of *drawing* moves the number. But a training has luck, too.
# The race of 12.2 recorded this recipe (there the game without a mask) with ten other seeds in place of ours: one draw
# each, of as many samples, measured against the same held-out digits.

# %%
ask.predict("inside")

# %%
trained = small.recorded_distances()
low, high = measures["frechet"]["low"], measures["frechet"]["high"]
inside = sum(low <= value <= high for value in trained.values())
below = sum(value < low for value in trained.values())
print(f"this training, five draws: {low:.1f} to {high:.1f}")
print(f"ten trainings:             {min(trained.values()):.1f} to {max(trained.values()):.1f}; "
      f"{inside} of them in the range above, {below} below it")

# %% tags=["nbval-check-output"]
spread = {"draws": high - low, "trainings": max(trained.values()) - min(trained.values())}
claims.at_least("ten trainings spread further than five draws of one (times)", spread["trainings"] / spread["draws"], 2)

# %% [markdown]
# So the range on the card is honest and too narrow for "this recipe gives …". It holds for *these weights*, against
# these 1,000 digits. Whoever wants to speak of the recipe has to train it several times. (Ten values spread further
# than five anyway, by about a third. That explains little here.)
#
# And then? The ten trainings span a range, too. An eleventh falls between their lowest and highest with the chance
# 9/11: each of eleven is equally likely to be the lowest, and to be the highest. (Ours is such an eleventh. Here it does not fall between: it lies below all ten, as one in eleven will.) That is a range for the recipe, with its chance. Five
# draws promise less, and of these weights only: a sixth falls between them with the chance 4/6.
#
# **We trained once. Had we trained eleven games and shown the best, nobody could tell from its card**:
# [13.3](3_an_audit.ipynb) comes back to that.
#
# **Decide.** Two cards of two recipes, measured alike: A says "42 (41 to 43), five draws of one training", B says "46
# (43 to 51), ten trainings, one draw each; you get the first". You want to *use* the weights. Which do you take? And
# which recipe do you *train* anew?
#
# <details><summary>Answer</summary>To use: A, as far as the distance goes. Its range is about the weights that you get;
# B's says that yours are somewhere between 43 and 51. To train anew: nobody knows. A's single training may have been as
# lucky as B's best one. Of B's recipe you know what to expect, of A's next to nothing.</details>
#
# ## The card
#
# `audit.card(run)` puts the records into the nine sections that Mitchell and others (2019) ask for. (Their ninth is
# *Caveats and recommendations*. We make no recommendations, and list failures.) Here are the first words of each:

# %%
text = audit.card(run)
titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
show_table("The model card", ["section", "begins"],
           [[title, cards.section(text, title).replace("\n", " ")[:140] + " …"] for title in titles])
print(cards.section(text, "Caveats and known failures"))

# %% [markdown]
# The failures were not typed either. Before any card was written, thresholds were fixed: a class that is read in less
# than 5 percent of the samples, a mean confidence of the judge below 0.8, less than half of the held-out digits with a
# sample nearby, a copying score above 0.6. Three places still say *Not said*: intended use (twice) and ethics. No
# record holds these: a person has to say them. Nor does one hold a licence for the weights, and the card names none.
# (`print(text)` shows all of it.)
#
# Hugging Face, a hub of published models, offers a template for the same purpose. We fill in the name and one
# sentence.

# %%
ask.predict("holes")

# %%
template = ModelCard.from_template(ModelCardData(), model_id="small digits", model_description="A GAN that draws digits.")
print(f"the hub's template: {audit.holes(str(template))} places left open; our card: {audit.holes(text)}")
one = str(template).split("### Training Data")[1].splitlines()
print("### Training Data", *[line for line in one if line.strip()][:2], sep="\n")
mine = {"intended use": "practice with GANs on small digits", "out of scope": "", "ethics": ""}  # your words
spoken = audit.card(replace(run, facts={**run.facts, "words": {name: said for name, said in mine.items() if said}}))
print(f"\nour card, when a person has spoken: {audit.holes(spoken)} places left open")

# %% [markdown]
# These are two forms, and no contest: the template asks for about forty things, ours has nine sections. The
# difference is who fills them. In the cell's `mine` we have said one thing of three. Fill in the other two, and run it
# again: no place is left open. (What a form does not ask for is not counted: ours has no line for the weights'
# licence, the template has one.)
#
# Our card begins with some lines for machines (its *head*). The hub's own library reads the measures back from them:

# %% tags=["nbval-check-output"]
read_back = cards.numbers(text)
claims.at_most("the hub's library reads the measures that were recorded (largest difference)",
               max(abs(read_back[name] - one["value"]) for name, one in measures.items()), 6e-5)
claims.at_least("the hub's template, named and described: places left open", audit.holes(str(template)), 30)
claims.at_most("our card before a person has said a word: places left open", audit.holes(text), 3)

# %% [markdown]
# The training data have a form of their own, the **data sheet** (Gebru and others, 2021). `audit.data_sheet(run)`
# fills in what the records hold: composition, source, licence. *Motivation* and *maintenance* stay open: why these
# digits were collected, and who looks after them, stands in no record of ours.
#
# ## Four cards
#
# **Exercise 2. Criticise.** Each of four cards leaves something out that changes how its number reads:
#
# - **P** "Fréchet distance: 4.1. (Smaller is better.)"
# - **Q** "The Fréchet distance to the 4,000 digits of the training is 40.2 (39.8 to 40.9)."
# - **R** "The judge's mean confidence is 0.92 against 0.98 for real digits. So every digit is drawn well."
# - **S** "We trained ten games. The best has a Fréchet distance of 43.6 (43.1 to 44.0) to held-out digits."
#
# Choose what is missing: `"what it was measured on"`, `"new data"` (not trained on), `"groups"` (of pictures) and
# `"the others"` (trainings), each once.

# %% tags=["exercise"]
lacking = ...  # {"P": …, "Q": …, "R": …, "S": …}
check.lacking(lacking)

# %% [markdown]
# <details><summary>Hint 1</summary>Try to repeat each number: for which card do you not know where to begin?</details>
# <details><summary>Hint 2</summary>A mean over all samples can be high though one class is never drawn.</details>

# %% tags=["solution"]
solution_lacking = {"P": "what it was measured on", "Q": "new data", "R": "groups", "S": "the others"}
check.lacking(solution_lacking, solution=True)

# %% [markdown]
# ## A card for machines
#
# Nobody reads the cards of a thousand models. Programs read **bills of materials**: lists of what a product is made
# of, in a fixed format. CycloneDX is such a standard (here in version 1.6); it has a part for models and data. Its
# *schema* says which entries there are, and of what kind, so that a program can refuse what does not fit.

# %%
document = audit.bom(run)
print(json.dumps(document["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0], indent=1, ensure_ascii=False))
print(document["components"][0]["properties"][-1])
print("what the schema says against it:", materials.fault(document))

# %% [markdown]
# (*Slice*: the part of the data that it was measured on.) Look at the range's name. The standard has a place for a
# *confidence interval*, a range that is built to hold a true value with a stated chance, such as 95 percent. It has
# none for a lowest and a highest draw. Ours states no chance: it is where five draws lay (a sixth falls between them
# with the chance 4/6 only). The schema does not mind. So the document says what the range is in a property of its own,
# which no program has to read.
#
# **Exercise 3. Find the fault and mend it.** A colleague wrote a document by hand, and the schema refuses it. Return
# one that it accepts, and that says the same.

# %%
broken = small.broken_document()
print(json.dumps(broken, indent=1))
print("the schema:", materials.fault(broken))

# %% tags=["exercise"]
def mended_document(document):  # a dict as above → a new dict: begin with copy.deepcopy(document)
    ...  # your lines, ending in: return …


check.mended_document(mended_document)

# %% [markdown]
# <details><summary>Hint 1</summary>Read the message, mend that, and ask materials.fault again: it names one fault at a time.</details>
# <details><summary>Hint 2</summary>dict.pop(old name) removes an entry and gives its value. In this format numbers of a measure are text.</details>

# %% tags=["solution"]
def solution_mended_document(document):
    new = copy.deepcopy(document)
    model = new["components"][0]["modelCard"]
    model["modelParameters"] = model.pop("modelParamters")
    for measure in model["quantitativeAnalysis"]["performanceMetrics"]:
        measure["value"] = str(measure["value"])
    return new


check.mended_document(solution_mended_document, solution=True)

# %% [markdown]
# Is a valid document a true one?

# %%
ask.predict("lie")

# %% tags=["nbval-check-output"]
lie = copy.deepcopy(document)
lie["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["value"] = "4.1"
claims.true("the schema accepts our document", materials.fault(document) is None)
claims.true("it refuses the colleague's", materials.fault(small.broken_document()) is not None)
claims.true("it accepts a distance that nobody measured", materials.fault(lie) is None)

# %% [markdown]
# A schema checks the form: that a measure has a name and a value. That the value was measured, it cannot know. For
# that somebody has to do it once more: [13.3](3_an_audit.ipynb).
#
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a card can be written from records alone, but for what only a person can say; its range speaks of
#   these weights and not of the recipe (ten trainings spread much further than five draws); a valid form may hold a
#   lie.
# - **Not said:** whether anything on the card is true (13.3), and who wrote it ([13.2](2_who_signed.ipynb)).
# - **Next:** 13.2 signs the folder and a picture.
#
# ## What the articles say
#
# | article | it says | what we measured |
# |---|---|---|
# | A2 | transparency has to be assessed automatically and by numbers | form and completeness can be: a schema, a count of gaps; truth needs a second run |
# | A4 | generators need auditability and accountability | the records for it are a page of JSON, if the training writes them while it runs |
#
# **Limits.** One small GAN on one data set. The failures are those that our four thresholds know; groups are the ten
# classes, as one judge reads them. The guess of the energy spans a factor of six.
#
# **Software.** `course_lib.audit` (recipes, runs, cards), huggingface_hub (reads and writes cards),
# cyclonedx-python-lib (schema). SPDX 3 has a profile for AI, too. Google's model-card-toolkit is no longer kept up,
# and does not install on Python 3.11.
#
# ## Further reading
#
# - M. Mitchell, S. Wu, A. Zaldivar, P. Barnes, L. Vasserman, B. Hutchinson, E. Spitzer, I. D. Raji, T. Gebru. *Model
#   cards for model reporting.* FAT* 2019.
# - T. Gebru, J. Morgenstern, B. Vecchione, J. W. Vaughan, H. Wallach, H. Daumé III, K. Crawford. *Datasheets for
#   datasets.* Communications of the ACM 64, 2021.
# - J. Pineau and others. *Improving reproducibility in machine learning research.* JMLR 22, 2021. A checklist, and
#   what it changed.
# - E. Strubell, A. Ganesh, A. McCallum. *Energy and policy considerations for deep learning in NLP.* ACL 2019.
# - W. Liang and others. *What's documented in AI? Systematic analysis of 32K AI model cards.* 2024. Which sections
#   people fill in.
