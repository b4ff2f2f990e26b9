"""What the clinic of chapter 03 answers to a diagnosis: what the curves show, and what they would show instead.

The patients are the recorded runs in ``data/runs/clinic.json`` (`course record clinic`, which also states the rules).
A sentence about a wrong diagnosis says what speaks against it and where to look, and leaves the right one to be found.
"""

from course_lib.errors import one_of

# A diagnosis → (does it fit the measurements? what one would see, what is seen here).
EXPECTED = {
    "healthy": (
        lambda m: m["digits"] >= 9,
        "the pictures would show many different digits",
        lambda m: f"the judge finds {m['digits']} of the ten" if m["variety"] > 0.2 else "the pictures hardly differ",
    ),
    "discriminator too strong": (
        lambda m: m["lead"] > 0.8,
        "D would stay near 1 on real and near 0 on drawn pictures to the end",
        lambda m: f"the two answers are {abs(m['lead']):.2f} apart at the end, on average",
    ),
    "saturated": (
        lambda m: m["gradient"] < 0.01,
        "the generator's loss would lie flat on 0, where it has no slope",
        lambda m: f"it is {m['g_loss']:,.2f} at the end, on average, and it moves",
    ),
    "collapsed": (
        lambda m: m["variety"] < 0.2,
        "all pictures of one step would be nearly the same",
        lambda m: "they differ from one another",
    ),
    "diverged": (
        lambda m: m["largest_loss"] > 100,
        "a loss would run into the hundreds",
        lambda m: f"the largest is {m['largest_loss']:.1f}",
    ),
    "oscillating": (
        lambda m: m["swings"] >= 3,
        "D's answer to drawn pictures would swing up and down again and again",
        lambda m: "it goes its way with no great swing" if m["swings"] == 0 else "it hardly does",
    ),
}
# Where to look when a diagnosis fits and is not the cause.
LOOK = {
    "healthy": "count the different digits at the last step",
    "discriminator too strong": "see on the right who is ahead, how far, and for how long",
    "saturated": "find the loss that lies flat on 0, and ask what slope is left for that player",
    "collapsed": "compare the pictures of one step, and ask whether D is ahead at all",
    "diverged": "read the numbers on the axis of the losses",
    "oscillating": "see whether the curves ever come to rest, and how the pictures of one step are followed by others",
}
WHY = {
    "healthy": "both losses wander without running away, D's answers stay on either side of ½, the digits differ. "
    "Nothing to treat",
    "discriminator too strong": "D is sure of everything, and the generator's loss is high: it is told loudly to "
    "change, and does not catch up in 400 steps. D's step size was 40 times G's: balance the two",
    "saturated": "D is sure of everything, and yet the generator's loss is 0: by the logit the minimax loss has hardly "
    "a slope there, so nothing moves any more. The same settings with the non-saturating loss are another patient here",
    "collapsed": "every latent becomes the same picture, while D is never ahead. G's step size was 100 times "
    "D's. Whether D was too slow to object or G's steps too large, one run does not tell",
    "diverged": "the losses run into the hundreds: the steps were large (0.1 for Adam), and D had no batch norm. "
    "Begin with a tenth of the step",
    "oscillating": "the generator changes its picture, D learns to see through it, the generator changes again: they "
    "chase each other. β₁ was 0.9, so old slopes kept pushing, and D had no batch norm; the healthy "
    "patient has 0.5, and has it",
}
DIAGNOSES = tuple(EXPECTED)


def second_opinion(patient: dict, diagnosis: str) -> tuple[bool, str]:
    """Is this the patient's ``diagnosis``, and why (not)?

    Args:
        patient: one of the recorded runs.
        diagnosis: one of ``DIAGNOSES``.

    Returns:
        Whether it is right, and a sentence about it.

    Raises:
        CourseError: for a diagnosis that is none of ``DIAGNOSES``.
    """
    one_of("diagnosis", diagnosis, DIAGNOSES)
    truth, measured = patient["patient"], next(iter(patient["measured"].values()))
    if diagnosis == truth:
        return True, f"{WHY[truth]}."
    fits, expected, seen = EXPECTED[diagnosis]
    if fits(measured):
        return False, f"“{diagnosis}”: true as far as it goes, but something else comes first: {LOOK[truth]}."
    return False, f"“{diagnosis}”: then {expected}; here {seen(measured)}."
