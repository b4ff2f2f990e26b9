"""The checks of notebook 10: deletion, a validation without a leak, the right baseline, and a fair verdict."""

import torch

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number

_IMAGE, _FILL = torch.tensor([4.0, 1.0, 3.0, 2.0]), torch.tensor([0.0, 0.5, 0.0, 0.0])
_ORDER = torch.tensor([0, 2, 3, 1])  # 4 goes first, then 3, 2, 1


@check("deletion",
       todo="take the pixels out one by one, the most important first, and return the mean of the values",
       shows="right: from the whole image to the fill, the most important pixel first")
def deletion(answer):
    """``answer(value, image, order, fill)``: value (P,) → number; (P,), (P,), (P,) → mean of the P + 1 values."""
    image, fill, seen = _IMAGE.clone(), _FILL.clone(), []

    def value(picture):
        assert isinstance(picture, torch.Tensor) and picture.shape == (4,), "value takes one picture of 4 pixels, (4,)"
        seen.append(picture.clone())
        return picture.sum()

    got = number(answer(value, image, _ORDER.clone(), fill))
    if not image.equal(_IMAGE) or not fill.equal(_FILL):
        return "it wrote into the image or the fill that it was given: work on a clone"
    known = {
        (10 + 6 + 3 + 1 + 0.5) / 5: None,
        (0.5 + 4.5 + 7.5 + 9.5 + 10) / 5: "that is insertion: begin with the image, and end with the fill" if (
            seen and seen[0].equal(_FILL)) else "the least important pixel went first",
        (6 + 3 + 1 + 0.5) / 4: "the curve begins with the whole image, before any pixel is gone",
        (10 + 6 + 3 + 1) / 4: "the curve ends with the fill, when all pixels are gone",
        (10 + 6 + 7 + 8 + 9.5) / 5: "one pixel at a time was taken out and put back: the curve needs them to stay out",
        20.5: "that is the sum of the values: take their mean",
        (10 + 6 + 3 + 1 + 0) / 5: "a pixel taken out gets the value it has in fill, which is not always 0",
    }
    near = [sentence for number, sentence in known.items() if abs(got - number) < 1e-5]
    if not near:
        return f"for pixels 4, 1, 3, 2 and value = their sum it gives {got:.4g}, expected 4.1"
    return near[0]


@check("validate",
       todo="train on one part of the data, and return the score on the other",
       shows="right: nothing that was scored had been trained on")
def validate(answer):
    """``answer(data, train, score)``: a list; list → model; (model, list) → number. Returns the held-out score."""
    data, trained, scored = list(range(100)), [], []

    def train(part):
        trained.append(list(part))
        return f"model {len(trained)}"

    def score(model, part):
        assert model == f"model {len(trained)}", "score takes the model that train returned"
        scored.append(list(part))
        return 0.25 + len(scored) / 100

    got = number(answer(data, train, score))
    if not trained:
        return "nothing was trained: call train with a part of the data"
    if not scored:
        return "nothing was scored: call score with the model and the held-out part"
    seen, tested = set().union(*trained), set(scored[-1])
    if not (seen <= set(data) and tested <= set(data)):
        return "something was used that is not in data"
    if leak := seen & tested:
        return f"{len(leak)} of the {len(tested)} scored examples had been trained on: that is the leak"
    if not 5 <= len(tested) <= 50 or len(seen) < 50:
        return (f"{len(seen)} of 100 examples trained on and {len(tested)} held out: keep at least half for training, "
                "and hold out from 5 to 50")
    expected = 0.25 + len(scored) / 100
    return None if abs(got - expected) < 1e-6 else f"it returned {got:.4g}, but score gave {expected:.4g}: return that"


@check("baseline",
       todo="return the picture to begin from when the question is “why class k?”",
       shows="right: what class k lacks is credited, because the baseline has it")
def baseline(answer):
    """``answer(images, labels, k)``: (N, 1, H, W), (N,), int → (1, 1, H, W) or (1, H, W)."""
    images = torch.linspace(-1, 1, 48).view(6, 1, 2, 4) ** 3
    labels = torch.tensor([0, 1, 1, 2, 0, 2])
    got = answer(images.clone(), labels.clone(), 1)
    assert isinstance(got, torch.Tensor) and got.numel() == 8, (
        f"expected one picture of 2 × 4 pixels, got {getattr(got, 'shape', type(got).__name__)}")  # fmt: skip
    got = got.reshape(2, 4)
    known = {
        "that is the mean of class k itself: what it lacks, this lacks, too": images[labels == 1].mean(0),
        "that is the mean of all images, with class k among them": images.mean(0),
        "that is black: where class k is black, nothing can be credited": -torch.ones(8),
        "that is grey, all 0: no picture of any class": torch.zeros(8),
        "that is one image: its own accidents would be credited; take a mean": images[0],
        "that is the mean of one other class: take every image that is not of class k": images[labels == 0].mean(0),
    }
    if torch.allclose(got, images[labels != 1].mean(0).view(2, 4), atol=1e-6):
        return None
    near = [sentence for sentence, picture in known.items() if torch.allclose(got, picture.view(2, 4), atol=1e-6)]
    return near[0] if near else "that is not the mean of the images whose label is not k"


_CASES = (  # score, controls, higher is better → does it pass?, what to say
    (0.7, (0.5, 0.6, 0.2), True, True, "0.7 is higher than 0.5, 0.6 and 0.2: it passes"),
    (0.7, (0.5, 0.9, 0.2), True, False, "a control reaches 0.9, and it never saw the model: 0.7 proves nothing"),
    (0.1, (0.5, 0.2, 0.3), False, True, "where lower is better, 0.1 beats 0.5, 0.2 and 0.3"),
    (0.25, (0.5, 0.2, 0.3), False, False, "where lower is better, 0.25 does not beat the control with 0.2"),
    (0.6, (0.5, 0.6, 0.2), True, False, "0.6 against 0.6 is a draw, and a draw with a control proves nothing"),
    (0.95, (0.97, 0.1, 0.1), True, False, "the mean of the controls is low, but one of them reaches 0.97"),
)


@check("passes",
       todo="return True if the score beats every control, else False",
       shows="right: one control that does as well is enough to prove nothing")
def passes(answer):
    """``answer(score, controls, higher)``: number, {name: number}, bool → bool."""
    for score, scores, higher, right, why in _CASES:
        got = answer(score, dict(zip(("random", "intensity", "Sobel"), scores, strict=True)), higher)
        got = bool(got) if isinstance(got, torch.Tensor) and got.numel() == 1 else got
        assert isinstance(got, bool), f"expected True or False, got {type(got).__name__}"
        if got != right:
            return why
    return None
