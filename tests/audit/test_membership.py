"""Attacks on membership: against scikit-learn, against closed cases, on planted members; and their controls."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score, roc_curve
from torch import nn

from course_lib.audit import membership
from course_lib.errors import CourseError
from course_lib.losses.elbo import ELBO, log_weights
from course_lib.models import MLPVAE, Gaussian


def scores(shift, n=150, m=400, seed=0, ties=False):
    g = torch.Generator().manual_seed(seed)
    a, b = torch.randn(n, generator=g) + shift, torch.randn(m, generator=g)
    return ((2 * a).round(), (2 * b).round()) if ties else (a, b)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("shift", [0.0, 1.0, -2.0])
def test_auc_and_hits_are_scikit_learns(shift, ties):
    a, b = scores(shift, ties=ties)
    labels, both = [1] * len(a) + [0] * len(b), torch.cat([a, b]).numpy()
    assert membership.auc(a, b) == pytest.approx(roc_auc_score(labels, both), abs=1e-12)
    false, true, _ = roc_curve(labels, both, drop_intermediate=False)
    for share in (0.0, 0.01, 0.05, 0.29):
        assert membership.hit_rate(a, b, share) == pytest.approx(true[false <= share + 1e-9].max(), abs=1e-12), share


def test_extremes_and_what_is_refused():
    up, down = torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0])
    assert (membership.auc(up, down), membership.auc(down, up), membership.auc(up, up)) == (1, 0, 0.5)
    assert membership.hit_rate(up, down) == 1 and membership.hit_rate(up, up) == 0
    with pytest.raises(CourseError, match="NaN"):
        membership.auc(torch.tensor([float("nan")]), down)
    with pytest.raises(CourseError, match="0 scores"):
        membership.auc(torch.zeros(0), down)
    with pytest.raises(CourseError, match="false_alarms"):
        membership.hit_rate(up, down, 1.0)


def test_the_bootstrap_covers_the_truth_and_permuting_removes_it():
    """Two normals one apart: AUC is Φ(1/√2) = 0.760. 95 % intervals of 60 draws cover it about 57 times."""
    inside = 0
    for seed in range(60):
        found = membership.attack(*scores(1.0, 100, 100, seed), draws=200).auc
        inside += found.low <= 0.7602 <= found.high
    assert 51 <= inside <= 60
    mean = np.mean([membership.auc(*membership.permuted(*scores(3.0), seed=s)) for s in range(50)])
    assert mean == pytest.approx(0.5, abs=0.02)
    ours, theirs = membership.permuted(*scores(3.0))
    assert len(ours) == 150 and len(theirs) == 400
    assert torch.equal(torch.cat([ours, theirs]).sort().values, torch.cat(scores(3.0)).double().sort().values)


def test_a_planted_member_is_found_by_its_sample():
    g = torch.Generator().manual_seed(1)
    members, outsiders = (torch.rand(20, 1, 6, 6, generator=g) * 2 - 1 for _ in range(2))
    near = [membership.nearest_scores(members + 0.01, x, batch=7) for x in (members, outsiders)]
    assert membership.auc(*near) == 1 and near[0].max() <= 0
    assert near[1][3] == pytest.approx(-(outsiders[3] - members - 0.01).flatten(1).norm(dim=1).min().item(), abs=1e-5)


def test_logits_are_asked_in_eval_mode_and_the_mode_is_given_back():
    critic = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(36), nn.Linear(36, 1)).train()
    images = torch.rand(9, 1, 6, 6)
    found = membership.logit_scores(critic, images, batch=4)
    assert critic.training and torch.allclose(found, critic.eval()(images)[:, 0].detach(), atol=1e-6)


def test_the_bound_is_the_elbo():
    """A Gaussian likelihood draws no pixels: over many draws the mean tends to the ELBO, whose KL has a closed form."""
    torch.manual_seed(0)
    vae, images = MLPVAE(3, (16,), Gaussian()), torch.rand(5, 1, 28, 28) * 2 - 1
    found = membership.bound_scores(vae, images, draws=2000)
    g, noise = torch.Generator().manual_seed(5), torch.Generator().manual_seed(0)
    with torch.no_grad():
        same = [log_weights(vae, images, torch.randn(1, 5, 3, generator=noise))[0] for _ in range(2000)]
        assert torch.allclose(found, torch.stack(same).mean(0), rtol=1e-5)
        right = ELBO(samples=2000)(vae, images, torch.randn(2000, 5, 3, generator=g)).bound
    error = 3 * torch.stack(same).mean(1).std().item() * (2 / 2000) ** 0.5
    assert found.shape == (5,) and found.mean().item() == pytest.approx(right.item(), abs=error)
    vae_b = MLPVAE(3, (16,))
    again = [membership.bound_scores(vae_b, images, seed=s) for s in (0, 0, 1)]
    assert torch.equal(again[0], again[1]) and not torch.equal(again[0], again[2])
