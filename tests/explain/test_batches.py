"""An image's map is the same alone and in a batch; a model in which images see one another is refused by name."""

import pytest
import torch
from torch import nn

from course_lib import explain
from course_lib.errors import CourseError
from course_lib.models import MinibatchDiscrimination, MinibatchStddev

SIDE = 12
SEGMENTS = explain.grid_segments(SIDE, SIDE, 4)
E = explain
METHODS = dict(E.ATTRIBUTIONS)


def ask(name, model, x):
    """Of a method with chance in it, by the least work: then the chance is the same for the first image."""
    method = METHODS[name]
    effort = method.min_effort + (0 if method.stochastic else 2)
    return method(model, E.realness, x, layer="2", segments=SEGMENTS, effort=effort)


class Centred(nn.Module):
    """Somebody's own layer that looks at the batch, and says so."""

    mixes_batch = True

    def forward(self, x):
        return x - x.mean(0)


LAYERS = {
    "none": nn.Identity,
    "batch norm": lambda: nn.BatchNorm1d(72),
    "dropout": nn.Dropout,
    "stddev": MinibatchStddev,
    "discrimination": lambda: MinibatchDiscrimination(72),
    "Centred": Centred,
}


def critic(layer):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layer = LAYERS[layer]()
        width = layer(torch.randn(2, 72)).shape[1]
        model = nn.Sequential(
            nn.Conv2d(1, 8, 3, 2, 1),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
            layer,
            nn.Linear(width, 1),
        )
        model(images())  # for the running statistics
    return model.eval()


def images():
    return 2 * torch.rand(3, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) - 1


@pytest.mark.parametrize("layer", ["none", "batch norm", "dropout"])
@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_the_same_alone_and_in_a_batch(method, layer):
    model, x = critic(layer), images()
    together = ask(method, model, x)
    for i in range(1 if METHODS[method].stochastic else 3):
        alone = ask(method, model, x[i : i + 1])
        assert alone.abs().max() > 0
        torch.testing.assert_close(together[i : i + 1], alone, rtol=0, atol=1e-5 * alone.abs().max().item())


@pytest.mark.parametrize("at_once", [1, 7, 500])
def test_limes_map_does_not_hang_on_how_many_are_asked_at_once(at_once):
    one, two = (
        E.lime(critic("batch norm"), E.realness, images()[0], SEGMENTS, samples=20, at_once=n)[0] for n in (20, at_once)
    )
    torch.testing.assert_close(one, two, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        ("stddev", "'5' is MinibatchStddev"),
        ("Centred", "'5' is Centred"),
        ("discrimination", "'5' is MinibatchDiscrimination"),
    ],
)
@pytest.mark.parametrize("method", [*METHODS, "predicted_logit"])
def test_a_layer_that_mixes_a_batch_is_refused_by_its_name(method, layer, named):
    with pytest.raises(CourseError, match=f"{named}, through which .* explain a model without such a layer"):
        ask(method, critic(layer), images()) if method in METHODS else E.predicted_logit(critic(layer), images())


def test_what_mixing_would_do_to_a_map():
    """Why it is refused: a slope of the batch's sum, taken along one image, has what that image does to the others."""
    model, x = critic("discrimination"), images().requires_grad_(True)
    together = torch.autograd.grad(model(x).sum(), x)[0][:1]
    alone = torch.autograd.grad(model(x[:1]).sum(), x)[0][:1]
    assert (together - alone).abs().max() > 0.2 * alone.abs().max()
