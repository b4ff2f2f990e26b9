"""Fresh weights from the top or one layer at a time, told by the weights themselves; labels dealt out anew."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.metrics import sanity
from course_lib.models import DCDiscriminator, DigitCNN
from course_lib.runtime import Runtime

LAYERS = ["head.1", "body.3", "body.0"]  # A3's network, from the top


def network():
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return DigitCNN(width=4).eval()


def changed(model, other):
    """Which layers' weights differ."""
    after = dict(other.named_parameters())
    return [
        name
        for name in reversed(LAYERS)
        if not all(torch.equal(p, after[f"{name}.{key}"]) for key, p in model.get_submodule(name).named_parameters())
    ][::-1]


def test_the_cascade_loses_one_more_layer_each_time_from_the_top():
    model = network()
    before = {name: p.clone() for name, p in model.named_parameters()}
    stages = list(sanity.randomised(model))
    assert [name for name, _ in stages] == LAYERS
    assert [changed(model, twin) for _, twin in stages] == [LAYERS[:1], LAYERS[:2], LAYERS]
    assert all(torch.equal(p, before[name]) for name, p in model.named_parameters())
    for one, two in pairwise(stages):  # what is lost stays as it was lost
        assert one[1].head[1].weight.equal(two[1].head[1].weight)


def test_independent_copies_lose_one_layer_each():
    model = network()
    assert [changed(model, twin) for _, twin in sanity.randomised(model, independent=True)] == [[n] for n in LAYERS]


def test_fresh_weights_are_a_new_layers_and_repeat_by_seed():
    model, state = network(), torch.get_rng_state()
    last, again, other = ([t for _, t in sanity.randomised(model, seed=s)][-1] for s in (0, 0, 1))
    assert changed(last, again) == [] and changed(last, other) == LAYERS
    assert torch.get_rng_state().equal(state), "the caller's random numbers were used up"
    fresh = nn.Linear(8 * 49, 10)
    assert last.head[1].weight.std().item() == pytest.approx(fresh.weight.std().item(), rel=0.1)


def test_a_discriminator_with_spectral_norm_loses_its_weights_too():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = DCDiscriminator(8, norm="spectral").eval()
    x = torch.rand(3, 1, 28, 28) * 2 - 1
    stages = [twin for _, twin in sanity.randomised(model)]
    answers = torch.stack([model(x), *(twin(x) for twin in stages)]).detach()[..., 0]
    assert len(answers.unique(dim=0)) == len(answers) > 2
    before, after = (dict(m.named_parameters()) for m in (model, stages[-1]))
    assert all(not torch.equal(p, after[name]) for name, p in before.items() if p.ndim > 1)


def intensity(x):
    return lambda model: x


def slopes(x):
    def maps(model):
        leaf = x.clone().requires_grad_()
        return torch.autograd.grad(model(leaf)[:, 0].sum(), leaf)[0]

    return maps


@pytest.mark.parametrize("independent", [False, True])
def test_a_map_of_the_image_stays_and_a_map_of_the_model_falls(independent):
    x = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    of_image, of_model = (
        sanity.parameter_randomisation(f(x), network(), independent=independent) for f in (intensity, slopes)
    )
    assert list(of_image) == list(of_model) == LAYERS
    assert all(v.tolist() == pytest.approx([1] * 4) for v in of_image.values())
    assert all(v.shape == (4,) and v.abs().max() < 0.5 for v in of_model.values())


def test_signs_and_places_are_handed_on():
    x = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0)) - 0.5

    def turned(model):  # the image, in the sign of the first weight
        return x * model.body[0].weight.flatten()[0].sign()

    model, seed = network(), 0
    while turned(model).equal(turned(list(sanity.randomised(model, seed))[-1][1])):
        seed += 1
    signed, absolute = (
        sanity.parameter_randomisation(turned, model, seed=seed, absolute=a)["body.0"] for a in (False, True)
    )
    assert signed.tolist() == pytest.approx([-1, -1]) and absolute.tolist() == pytest.approx([1, 1])
    with pytest.raises(CourseError, match="at least 2 pixels"):
        sanity.parameter_randomisation(turned, model, where=x > 9)


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (nn.Sequential(nn.Flatten(), nn.ReLU()), "no layer with weights"),
        (nn.Sequential(nn.Linear(2, 2), Odd()), "'1' .Odd. has no reset_param"),
    ],
)
def test_what_cannot_be_randomised_is_refused(model, said):
    with pytest.raises(CourseError, match=said):
        list(sanity.randomised(model))


def test_shuffled_labels_are_the_same_labels_on_other_images():
    digits = load("digits", Runtime.auto(device="cpu")).take(500)
    dealt, again, other = (sanity.shuffled_labels(digits, torch.Generator().manual_seed(s)) for s in (0, 0, 1))
    assert dealt.images is digits.images
    assert torch.bincount(dealt.labels).equal(torch.bincount(digits.labels))
    assert (dealt.labels == digits.labels).float().mean() < 0.2
    assert dealt.labels.equal(again.labels) and not dealt.labels.equal(other.labels)
    assert len({digits.sha256, dealt.sha256, other.sha256}) == 3 and dealt.sha256 == again.sha256
