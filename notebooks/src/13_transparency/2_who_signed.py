# %% [markdown]
# # 13.2 Who made this, and is it unchanged?
#
# A folder with a generator reaches you by way of three servers. Is it the folder that its author uploaded? And a
# picture: was it drawn by a network, and who says so? Both questions have the same tool, a **signature**. We sign, we
# attack, and we note what each attack does, and what a signature never tells.
#
# **You need** [13.1](1_a_card.ipynb) (a run's folder). **You will** find what has changed in a folder, wash a picture's
# label off, and say what a valid signature proves. About 25 minutes to read and run, 45 with the exercises.

# %% tags=["parameters"]
profile = "course"  # "smoke" (a quick look), "course" (what you see here) or "full" (for a GPU)
seed = 0  # where random numbers start: another seed is another experiment
device = "auto"  # "auto", "cpu", "cuda" (NVIDIA) or "mps" (Apple)

# %%
import base64
import hashlib
import json
import secrets
import shutil
import tempfile
from pathlib import Path

from course_lib import zoo
from course_lib.audit import credentials, signature
from course_lib.chapters import syllabus
from course_lib.chapters.ch13_transparency import attacks
from course_lib.data import load
from course_lib.files import shipped
from course_lib.learn.claims import Claims, show_table
from course_lib.runtime import Runtime

runtime = Runtime.auto(device=device, seed=seed, profile=profile)
claims, check, ask = Claims("13.2", runtime), syllabus.checks("13"), syllabus.questions("13.2")
print(runtime.describe())
print(syllabus.time_of("13.2"))

# %% [markdown]
# ## A fingerprint of a file
#
# SHA-256 makes 256 bits of any file. The same file gives the same bits, on every machine. What does a small change do?

# %%
place = Path(tempfile.mkdtemp())
model = place / "model"
model.mkdir()
shutil.copy(shipped("zoo", "dcgan-digits.safetensors"), model / "generator.safetensors")
(model / "README.md").write_text("# DCGAN for digits\n\nFréchet distance 4.1.\n", encoding="utf-8")  # as measured
content = (model / "generator.safetensors").read_bytes()
flipped = content[:-1] + bytes([content[-1] ^ 1])  # the last bit of the file


def hash_of(file):  # bytes → 64 hexadecimal digits
    return hashlib.sha256(file).hexdigest()


print(f"{len(content):,} bytes:          {hash_of(content)}")
print(f"the last bit flipped: {hash_of(flipped)}")

# %%
ask.predict("bits")

# %% tags=["nbval-check-output"]
differ = bin(int(hash_of(content), 16) ^ int(hash_of(flipped), 16)).count("1")
print(f"{differ} of 256 bits of the hash differ")
claims.close("one bit of the file: bits of the hash that differ, of 256", differ, 128, 40)

# %% [markdown]
# About half of them: the new hash looks as if it had nothing to do with the old one. (Two random rows of 256 bits
# differ in 128 ± 8.) Nobody knows how to make another file with a given hash. So whoever knows the right hash
# recognises the file.
#
# **Exercise 1. Build it.** `before` and `after` map each file's name to its hash. Return three sets of names: changed,
# new, lost.

# %% tags=["exercise"]
def differences(before, after):  # two dicts → (changed, new, lost)
    ...  # your lines, ending in: return …


check.differences(differences)

# %% [markdown]
# <details><summary>Hint 1</summary>set(after) − set(before) holds the names that are in after only.</details>
# <details><summary>Hint 2</summary>Changed is only what is in both, with another hash.</details>

# %% tags=["solution"]
def solution_differences(before, after):
    changed = {name for name in before if name in after and before[name] != after[name]}
    return changed, set(after) - set(before), set(before) - set(after)


check.differences(solution_differences, solution=True)

# %% [markdown]
# ## A signature over a folder
#
# But who tells you the right hashes? If they lie beside the file, an attacker changes both. A **signature** ties them
# to a key. It needs two keys that belong together: with the **private key** one signs, and its owner keeps it secret.
# With the **public key** everybody can check. To sign is to compute from the private key and the content a number that
# fits only this content and the public key. Nobody knows how to find such a number without the private key.
#
# How can that be? The simplest signature is made of hashes alone (Lamport, 1979). The private key is 512 secrets: for
# each of a hash's 256 bits one that says "0", and one that says "1". The public key is the hashes of all these
# secrets. To sign a file is to hand out, for each bit of *its* hash, the secret that says this bit. To check is to
# hash what was handed out, and to compare.

# %% tags=["nbval-check-output"]
private = [(secrets.token_bytes(32), secrets.token_bytes(32)) for _ in range(256)]
public = [(hash_of(zero), hash_of(one)) for zero, one in private]


def bits_of(file):  # bytes → the 256 bits of its hash, each 0 or 1
    return [int(bit) for bit in f"{int(hash_of(file), 16):0256b}"]


def signed_once(file):  # bytes → 256 secrets
    return [pair[bit] for pair, bit in zip(private, bits_of(file), strict=True)]


def fits(file, signature):
    return all(hash_of(one) == pair[bit] for one, pair, bit in zip(signature, public, bits_of(file), strict=True))


once, again = signed_once(content), signed_once(flipped)
print(f"the signature fits its file: {fits(content, once)}; fits the file with one bit flipped: {fits(flipped, once)}")
print(f"whoever has both files' signatures knows both secrets of {sum(a != b for a, b in zip(once, again, strict=True))} bits")

# %% [markdown]
# Another file needs other secrets, and nobody knows how to find a secret from its hash. But a signature gives half of
# the secrets away. After a second one, both secrets are known wherever the two hashes differ, and there a forger may
# choose. So this key is good for one file. Keys in use sign many, by other mathematics (here elliptic curves). (In
# 13.5 one key both makes a mark and finds it: there, who can check can forge.)
#
# From now on we use the format *model signing* of the Open Source Security Foundation (OpenSSF): one JSON file with a
# list of all hashes and one signature over the list. The list is packed as letters and digits (base64); the cell
# unpacks it (`dsseEnvelope`, `payload`, `predicate` are the format's own names).

# %%
keys = signature.new_keys(place / "keys")
signed = signature.sign(model, keys, place / "model.sig")
listed = json.loads(base64.b64decode(json.loads(signed.read_text())["dsseEnvelope"]["payload"]))
for file in listed["predicate"]["resources"]:
    print(f"{file['name']:24} {file['digest']}")

# %%
ask.predict("folder")

# %%
found = attacks.on_folder(model, keys, signed)
show_table("What was done to a copy of the signed folder", ["attack", "what the check says"],
           [[attack, said or "as it was signed"] for attack, said in found.items()])
print("the signed list says what was left out:", ", ".join(sorted(listed["predicate"]["serialization"]["ignore_paths"])))

# %% tags=["nbval-check-output"]
claims.true("the untouched folder passes", found["nothing"] is None)
caught = [attack for attack, said in found.items() if said is not None]
claims.true("a flipped bit, a new, a lost, a renamed file, another card and another key are caught", len(caught) == 6)
claims.true("a file in a folder .git is not", found["a program in a new folder .git"] is None)
claims.true("an older folder with its own old signature passes", found["an older folder, signed in its day"] is None)

# %% [markdown]
# The row with `.git` is no fault of the check: the library leaves such names out, and says so (under the table). But
# whoever does not read the list takes the folder for clean. (Git itself runs programs that lie in `.git/hooks`.)
#
# And what does "as it was signed" prove? That somebody who had the private key signed the listed files. Not who that
# was (a key has no name, and can be stolen), nor when: an old folder passes with its old signature, so an attacker can
# hand out a version whose faults were mended long ago. Nor that the card is true.
#
# ## A label inside a picture
#
# For pictures there is a standard, C2PA, whose labels are called **content credentials**. The label lies inside the
# file. It says where the picture comes from (here: made by a trained network), holds a hash of the rest of the file and
# (most of its bytes) a preview, and is signed. The signer shows a **certificate**: a public key with a name, signed by
# somebody else, who has a certificate, too, and so on. The last in this chain signs itself: the **root**. Here each
# signer makes a root of her own: a reader has no reason to believe it, unless it is on his list.
#
# A reader calls a label *invalid* where a hash or a signature does not fit, *valid* where all fit, and *trusted* where,
# in addition, the root is on the list.

# %%
ada, eve = (credentials.new_identity(name) for name in ("Ada", "Eve"))
fake = zoo.load("dcgan-digits", runtime)(1, seed=3)[0]
plain = credentials.as_png(fake)
labelled = credentials.sign(plain, ada, "generated", title="a digit")
print(f"picture: {len(plain):,} bytes; with its label: {len(labelled):,} bytes")
for reader, roots in {"somebody": "", "who has Ada's root on the list": ada.root}.items():
    seen = credentials.look(labelled, roots)
    print(f"{reader:31} {seen.state}: {seen.source}, signed by {seen.signer}; {' '.join(seen.problems) or 'no problem'}")

# %% [markdown]
# `signingCredential.untrusted` is the reader's way to say: no root on my list stands behind this signer.

# %%
ask.predict("label")

# %%
real = load("digits", runtime, split="test").images[7]
files = attacks.on_label(labelled, plain, credentials.as_png(real), ada, eve)
readings = attacks.read(files, plain, ada.root)
show_table("What was done to the labelled picture, and what a reader finds who trusts Ada's root",
           ["attack", "label", "says it was", "signed by", "pixels changed"],
           [[attack, one.state, one.source or "—", one.signer or "—", "yes" if moved else "no"]
            for attack, (one, moved) in readings.items()])

# %%
attacks.side_by_side(files, readings,
                     title="Five files that look alike but for one pixel; above each, what a reader of labels finds",
                     alt="The same digit five times; the second has one white pixel more, near its upper left corner. "
                         "Above them: as signed, trusted, generated; one pixel changed, invalid, generated; label cut "
                         "out, none; Eve as Ada, valid, generated; Ada says camera, trusted, camera.")

# %% tags=["nbval-check-output"]
state = {attack: one.state for attack, (one, _) in readings.items()}
claims.true("untouched, it is trusted by those who know the root", state["nothing"] == "trusted")
tampered = [attack for attack in state if attack.startswith("tampered")]
claims.true("both changes under a kept label are noticed", all(state[attack] == "invalid" for attack in tampered))
washed = [attack for attack in state if attack.startswith("washed")]
claims.true("after saving again or cutting it out there is no label", all(state[attack] == "none" for attack in washed))
claims.true("… and no pixel has changed by cutting it out", not readings["washed: label cut out"][1])
claims.true("Eve's label under Ada's name is valid, and not trusted", state["signed anew: Eve calls herself Ada"] == "valid")
claims.true("Ada's lie is trusted", readings["lie: Ada signs “camera”"][0] == credentials.Reading("trusted", "camera", "Ada"))

# %% [markdown]
# Four kinds of attack, four outcomes. Who *changes* the picture and keeps the label is caught. Who *takes the label
# off* leaves a picture without a label, like nearly all pictures. Who *signs anew* makes a valid label, under any name:
# only the root on the reader's list tells Ada from an Eve who calls herself Ada. And who *lies* while signing is
# believed, if the root is trusted.
#
# So a label helps whoever wants to be believed. Against those who want to hide where a picture comes from, a label
# alone does nothing.
#
# **Exercise 2. Attack it.** Take the label out of the file and change no pixel. After its first 8 bytes a PNG is a row
# of **chunks**: 4 bytes that say how long the data are (the highest byte first), 4 letters that name the chunk, the
# data, 4 bytes of checksum. The label is the chunk `caBX`. (`int.from_bytes` makes a number of bytes.)

# %% tags=["exercise"]
def washed_file(png):  # bytes → bytes
    ...  # your lines, ending in: return …


check.washed_file(washed_file)

# %% [markdown]
# <details><summary>Hint 1</summary>int.from_bytes(png[at:at + 4], "big") is the length of the data of the chunk that begins at <code>at</code>.</details>
# <details><summary>Hint 2</summary>A chunk takes 12 bytes besides its data. Copy every chunk but those named b"caBX".</details>
# <details><summary>Hint 3</summary>Or let a program that knows nothing of labels open the picture and save it: PIL.Image, with io.BytesIO for a file in memory.</details>

# %% tags=["solution"]
def solution_washed_file(png):
    kept, at = png[:8], 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] != b"caBX":
            kept += png[at:end]
        at = end
    return kept


check.washed_file(solution_washed_file, solution=True)

# %% [markdown]
# The PNG standard even asks programs that change a picture to do this. A capital as the last letter of a chunk's name,
# as in `caBX`, means: a program that does not know this chunk and changes the picture must leave the chunk out. So an
# edited picture loses its label by rule, not by accident.
#
# **Exercise 3. Criticise.** Ada's own root is on your list, and your reader says "trusted, generated, signed by Ada".
# Which of these follow?
#
# - **P** Whoever had Ada's private key called this picture generated.
# - **Q** The picture was made by a network.
# - **R** No pixel has changed since it was signed.
# - **S** A picture without such a label is a photograph.

# %% tags=["exercise"]
follows = ...  # {"P": "yes" or "no", …}
check.follows(follows)

# %% [markdown]
# <details><summary>Hint 1</summary>Look at the row in which Ada signs “camera”.</details>
# <details><summary>Hint 2</summary>And at the rows in which the label is gone.</details>

# %% tags=["solution"]
solution_follows = {"P": "yes", "Q": "no", "R": "yes", "S": "no"}
check.follows(solution_follows, solution=True)

# %% [markdown]
# ## Quiz

# %%
ask.quiz()

# %%
claims.table()

# %% [markdown]
# ## Wrap-up
#
# - **Now known:** a signature notices every change of what it covers; it says which key signed (whose, only by a
#   trusted certificate), not when, nor whether the content is true; a label comes off and leaves no trace in the file.
# - **Not said:** how to know a generated picture that carries no label (13.4, 13.5).
# - **Next:** [13.3](3_an_audit.ipynb) asks whether the card is true.
#
# ## What the articles say
#
# (A4 and A5 are two of the five that [0.2](../00_start_here/2_a_network_draws.ipynb) lists.)
#
# | article | it says | what we measured |
# |---|---|---|
# | A4 | generated content has to be accountable | a trusted certificate names who answers for it; nobody is forced to sign |
# | A5 | deepfakes call for authentication | labels authenticate those who want it: taken off, they leave nothing in the file |
#
# **Limits.** Our certificates are our own. Real ones are issued by somebody who checks names, and are revoked when a
# key was stolen, which we did not try. No time stamp: the date of signing is the signer's word. C2PA also allows
# watermarks and fingerprints by which a lost label is found again in a database (*soft bindings*): not tried.
#
# **Software.** model-signing (OpenSSF), c2pa-python (Content Authenticity Initiative), cryptography. in-toto signs each
# step of a build; Sigstore ties a key to a log-in, online.
#
# ## Further reading
#
# - L. Lamport. *Constructing digital signatures from a one way function.* SRI International, report CSL-98, 1979.
# - Coalition for Content Provenance and Authenticity. *C2PA technical specification* 2.1, 2024.
# - OpenSSF. *Model signing specification*, 2025; in-toto, *Statement* v1.
# - National Institute of Standards and Technology. *Secure hash standard*, FIPS 180-4, 2015.
# - European Union. *Regulation 2024/1689 (AI Act)*, article 50(2): marks that machines can read (13.5).
