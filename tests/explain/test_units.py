"""Units of a generator: what is held, what it does, and nothing left behind."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain.model import count_hooks
from course_lib.explain.targets import region_mean
from course_lib.explain.units import ablated, unit_effects, unit_means

INK = region_mean(torch.ones(4, 4))


class Planted(nn.Module):
    """Four units; the picture is unit 0 minus half of unit 1; unit 2 is as bright as unit 0 and is not used."""

    def __init__(self):
        super().__init__()
        self.maps = nn.Sequential(nn.Linear(3, 64), nn.Unflatten(1, (4, 4, 4)), nn.ReLU())
        self.last = nn.Conv2d(4, 1, 1, bias=False)
        with torch.no_grad():
            self.maps[0].weight[32:48] = self.maps[0].weight[:16]
            self.maps[0].bias[32:48] = self.maps[0].bias[:16]
            self.last.weight.copy_(torch.tensor([1.0, -0.5, 0.0, 0.0]).view(1, 4, 1, 1))

    def forward(self, z):
        return self.last(self.maps(z))


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return Planted().eval()


@pytest.fixture
def z():
    return torch.randn(200, 3, generator=torch.Generator().manual_seed(1))


@torch.no_grad()
def test_ablated_units_are_held_and_given_back(generator, z):
    whole = generator(z)
    with ablated(generator, "maps", [0, 1]):
        assert generator(z).abs().max() == 0
    with ablated(generator, "maps", [0, 1], torch.tensor([3.0, 2.0])):
        torch.testing.assert_close(generator(z), torch.full_like(whole, 2.0))
    assert torch.equal(generator(z), whole) and count_hooks(generator) == 0


def test_the_hook_goes_also_when_the_block_fails(generator, z):
    with pytest.raises(ZeroDivisionError), ablated(generator, "maps", [0]):
        raise ZeroDivisionError
    assert count_hooks(generator) == 0


@torch.no_grad()
def test_what_goes_round_the_layer_is_not_held():
    """A layer may hand its input on as it is, and another way may use that input."""

    class Around(nn.Module):
        def __init__(self):
            super().__init__()
            self.same = nn.Identity()

        def forward(self, z):
            return z + self.same(z)

    model, z = Around().eval(), torch.ones(2, 3)
    with ablated(model, "same", [1]):
        assert model(z).tolist() == [[2, 1, 2]] * 2 and z.eq(1).all()


def test_means_are_over_latents_and_places(generator, z):
    means = unit_means(generator, "maps", z)
    torch.testing.assert_close(means, generator.maps(z).mean((0, 2, 3)))
    assert unit_means(generator, "maps.0", z).shape == (64,)  # a layer without maps: numbers are its units


def test_means_are_those_of_the_layer_though_the_next_one_overwrites_it(z):
    overwriting = nn.Sequential(nn.Linear(3, 5), nn.ReLU(inplace=True)).eval()
    with torch.no_grad():
        expected = overwriting[0](z).mean(0)
    torch.testing.assert_close(unit_means(overwriting, "0", z), expected)
    assert (expected < 0).any()
    with torch.no_grad(), ablated(overwriting, "0", [1], torch.tensor([2.0])):
        assert (overwriting(z)[:, 1] == 2).all()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda g, z: unit_means(g, "maps", z[:0]), "N of at least 1"),
        (lambda g, z: unit_means(g.train(), "maps", z), "train mode"),
        (lambda g, z: unit_means(nn.Sequential(nn.Linear(3, 6), nn.LSTM(6, 2)).eval(), "1", z), "type tuple"),
        (lambda g, z: g(z) if ablated(g, "maps", [True]).__enter__() else 0, "no unit number"),
        (lambda g, z: ablated(g, "maps", [0, 1], torch.zeros(3)).__enter__(), "one value for each"),
    ],
)
def test_bad_requests_are_refused_in_a_sentence(generator, z, act, said):
    with pytest.raises(CourseError, match=said):
        act(generator, z)
    assert count_hooks(generator) == 0


@pytest.mark.parametrize("unit", [4, 99])
def test_a_unit_it_has_not_is_refused(generator, z, unit):
    with torch.no_grad(), pytest.raises(CourseError, match=f"unit {unit}: layer 'maps' has units 0 to 3"):
        with ablated(generator, "maps", [unit]):
            generator(z)
    assert count_hooks(generator) == 0


@torch.no_grad()
def test_a_unit_that_is_bright_and_not_used_has_no_effect(generator, z):
    generator.maps[0].bias[:16] += 1  # unit 0 alone is brighter now, by an amount that holding it takes away
    effects = unit_effects(generator, lambda x: x.abs().mean((1, 2, 3)), z, "maps")
    assert effects[2:].abs().max() < 1e-6 < effects[0]
    assert unit_means(generator, "maps", z)[2] > 0.1, "it is bright"
    assert count_hooks(generator) == 0


@torch.no_grad()
def test_holding_at_the_mean_leaves_a_linear_property_as_it_was(generator, z):
    assert unit_effects(generator, INK, z, "maps").abs().max() < 1e-5


def test_a_layer_it_has_not_is_refused_with_those_it_has(generator, z):
    with pytest.raises(CourseError, match=r"has no layer 'up': its convolutions are last"):
        unit_means(generator, "up", z)
