"""Properties, cells, coalitions and figures of chapter 09, each on a case that is known."""

import pytest
import torch
from torch import nn

from course_lib import show
from course_lib.chapters.ch09_steer_the_generator import cells, pictures
from course_lib.chapters.ch09_steer_the_generator.coalitions import Ink, compare, shares_by_method
from course_lib.chapters.ch09_steer_the_generator.properties import measured, picture_change
from course_lib.show.picture import Picture
from course_lib.training import Sampler


class Linear(nn.Module):
    """z (N, 3) → pictures of 28 × 28 pixels, by way of two maps of 2 × 2 cells; linear all the way."""

    latent = 3

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Sequential(nn.Linear(3, 8), nn.Unflatten(1, (2, 2, 2)))
        self.last = nn.Sequential(nn.Flatten(), nn.Linear(8, 784), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, z):
        return self.last(self.first(z))


@pytest.fixture
def generator():
    return Linear().eval()


def ink(x):
    return x.flatten(1).mean(1)


def stroke(lean):
    """A picture with a stroke that goes ``lean`` pixels to the right for each pixel up."""
    picture = torch.full((1, 1, 28, 28), -1.0)
    for row in range(8, 21):
        picture[0, 0, row, 14 + round(lean * (14 - row))] = 1.0
    return picture


def test_ink_slant_and_width_are_those_of_a_drawn_stroke():
    upright, leaning = measured(torch.cat([stroke(0), stroke(1)]))
    assert upright.tolist() == pytest.approx([13 / 784, 0, 0], abs=1e-4)
    assert leaning.tolist() == pytest.approx([13 / 784, 1, 14**0.5], abs=1e-4)


def test_the_change_of_a_picture_is_its_distance(generator):
    z, n = torch.randn(4, 3), torch.tensor([1.0, 0, 0])
    moved = (generator(z + 2 * n) - generator(z)).flatten(1).norm(dim=1)
    assert picture_change(Sampler(generator), z, n) == pytest.approx(moved.mean().item(), rel=1e-4)


def test_in_a_linear_network_the_line_is_the_experiment(generator):
    z, others = torch.randn(5, 3), torch.randn(50, 3)
    maps, value = cells.maps_and_property(generator, "first", ink, z)
    (slope,) = torch.autograd.grad(value.sum(), maps)
    mean = cells.maps_and_property(generator, "first", ink, others)[0].mean(0).detach()
    line = (slope * (maps - mean)).sum(1).detach()
    single = cells.fall_of_cells(generator, "first", ink, z, mean)
    assert torch.allclose(single, line, atol=1e-6)
    assert torch.allclose(cells.fall_of_all(generator, "first", ink, z, mean), single.sum((1, 2)), atol=1e-6)
    assert not generator.first._forward_hooks


def test_ranks_of_the_same_and_of_the_reversed_order():
    a = torch.tensor([[0.1, 0.5], [0.3, 0.9]])
    assert cells.rank_correlation(a, a.exp()) == pytest.approx(1)
    assert cells.rank_correlation(a, -a) == pytest.approx(-1)


def test_a_product_is_shared_in_halves_and_counted_twice():
    z, zero = torch.tensor([[2.0, 3.0]]), torch.zeros(1, 2)
    shares = shares_by_method(nn.Identity().eval(), lambda x: x[:, 0] * x[:, 1], z, zero)
    assert shares["Shapley, exact"].tolist() == pytest.approx([3, 3])
    assert shares["slope × step"].tolist() == shares["one at a time"].tolist() == [6, 6]


def test_in_a_linear_network_all_methods_have_no_error(generator):
    asked, typical = torch.randn(2, 3), torch.randn(3, 3)
    found = compare(generator, {"ink": Ink()}, asked, [0, 0], typical, seed=0)
    assert "shap's Deep" in found.methods() and "Shapley, exact" not in found.methods()
    for start in ("zero", "typical"):
        for method in found.methods():
            assert found.error(start, method, "ink") < 1e-3 and found.gap(start, method, "ink") < 1e-3
    assert [len(found.exact["ink"][kind]) for kind in ("zero", "typical", "each")] == [2, 2, 2]
    assert found.exact["ink"]["each"][0].shape == (3, 3)
    assert [len(found.standard_errors[start, "ink"]) for start in ("zero", "typical")] == [2, 2]
    assert found.standard_errors["zero", "ink"][0].max() < 1e-6  # in every order a number brings the same


def test_figures_keep_their_alternative_text():
    digits = torch.zeros(3, 1, 28, 28)
    drawn = [
        pictures.titled_rows({"a": digits, "b": digits}, "Two rows", "alt", n=3, columns=["1", "2", "3"], x="which"),
        pictures.count_table(torch.eye(3), "row", "column", "A table", "alt"),
        show.dots({"m": {"a": [1.0, 2.0], "b": [0.5]}}, title="Dots", alt="alt", control="b"),
    ]
    assert all(isinstance(one, Picture) and one.alt == "alt" and len(one.png) > 1000 for one in drawn)
