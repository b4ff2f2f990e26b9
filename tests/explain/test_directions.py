"""SeFa and GANSpace find directions that were planted, largest first."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain.directions import ganspace, sefa

STRETCH = (4.0, 3.0, 2.0, 0.5, 0.1)


def planted(seed: int = 0):
    """A weight (12, 5) that stretches the columns of a rotation by STRETCH."""
    g = torch.Generator().manual_seed(seed)
    right, left = (torch.linalg.qr(torch.randn(n, n, generator=g).double()).Q for n in (5, 12))
    return (left[:, :5] @ torch.diag(torch.tensor(STRETCH).double()) @ right.T).float(), right.float()


@pytest.mark.parametrize("seed", range(3))
def test_sefa_finds_planted_directions_and_their_stretch_in_order(seed):
    weight, truth = planted(seed)
    found, moved = sefa(weight)
    torch.testing.assert_close((found * truth.T).sum(1).abs(), torch.ones(5), rtol=0, atol=1e-5)
    torch.testing.assert_close(moved, torch.tensor(STRETCH), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close((found @ weight.T).norm(dim=1), moved, rtol=1e-4, atol=1e-5)


def test_sefa_has_as_many_directions_as_latents_also_where_the_layer_is_narrower():
    found, moved = sefa(torch.tensor([[3.0, 0.0, 4.0]]))
    assert found.shape == (3, 3) and moved.tolist() == pytest.approx([5, 0, 0], abs=1e-5)
    assert found[0].abs().tolist() == pytest.approx([0.6, 0, 0.8], abs=1e-6)


def test_sefa_refuses_a_kernel():
    with pytest.raises(CourseError, match=r"weight of shape \(4, 3, 2, 2\): SeFa takes a linear layer's"):
        sefa(torch.zeros(4, 3, 2, 2))


def test_ganspace_finds_them_from_outputs():
    weight, truth = planted()
    layer = nn.Linear(5, 12)
    with torch.no_grad():
        layer.weight.copy_(weight)
    found, spread = ganspace(layer, 5, 20_000)
    assert ((found[:3] * truth.T[:3]).sum(1).abs() > 0.99).all()
    assert spread[:3].tolist() == pytest.approx(STRETCH[:3], rel=0.03)
    again, _ = ganspace(layer, 5, 20_000)
    assert torch.equal(found, again), "the same seed gives the same directions"


def test_ganspace_of_a_layer_narrower_than_the_latent_gives_as_many_as_the_layer_has():
    found, spread = ganspace(nn.Linear(6, 2), 6, 2000)
    assert found.shape == (2, 6) and spread.shape == (2,) and spread[0] >= spread[1]
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))
