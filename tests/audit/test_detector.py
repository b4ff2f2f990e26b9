"""Detectors: they find what was planted and nothing else; cut-offs, calibration and spectra against other libraries."""

import numpy as np
import pytest
import torch
from sklearn.calibration import calibration_curve
from torch import nn

from course_lib.audit import detector, edits
from course_lib.audit.membership import auc
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.models import DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Sampler

RUNTIME = Runtime.auto(device="cpu", seed=4)


@pytest.fixture(scope="module")
def digits():
    images = load("digits").images
    return images[torch.randperm(len(images), generator=torch.Generator().manual_seed(0))]


def test_it_finds_a_planted_mark_and_nothing_where_nothing_differs(digits):
    one, other, fresh = digits[:600], digits[600:1200], digits[1200:1600]
    marked = other.clone()
    marked[:, :, 3:7, 3:7] = 1
    found = detector.train_detector(one, marked, RUNTIME, steps=60)
    planted = fresh.clone()
    planted[:, :, 3:7, 3:7] = 1
    assert auc(detector.scores(found, planted), detector.scores(found, fresh)) > 0.99
    nothing = detector.train_detector(one, other, RUNTIME, steps=60)
    assert abs(auc(detector.scores(nothing, fresh[:200]), detector.scores(nothing, fresh[200:])) - 0.5) < 0.1


def test_a_training_repeats_itself_and_edits_change_it(digits):
    pair = digits[:100], edits.blurred(digits[100:200])
    nets = [detector.train_detector(*pair, RUNTIME, steps=3, augment=a) for a in ((), (), (edits.two_levels,))]
    first, again, other = (detector.scores(net, digits[:5]) for net in nets)
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert not nets[0].training


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (32, 3)])
def test_it_takes_other_sizes_and_answers_each_picture_alone(size, channels):
    net = detector.Detector(size, channels)
    x = torch.randn(5, channels, size, size)
    assert net(x).shape == (5,)
    assert torch.allclose(detector.scores(net, x, batch=2), net(x).detach(), atol=1e-6)
    with pytest.raises(CourseError, match="multiple of 4"):
        detector.Detector(30)


def test_a_cut_off_allows_so_many_and_not_one_more():
    s = torch.randperm(200).float()
    for share, above in ((0.05, 10), (0.0, 0), (1.0, 199)):
        assert (s > detector.cut_off(s, share)).sum() == above
    assert detector.rate(torch.tensor([1.0, 2.0, 3.0, 3.0]), 2.0) == 0.5
    ties = torch.ones(50)
    assert detector.rate(ties, detector.cut_off(ties, 0.1)) == 0, "of equal scores none may lie above"
    for bad in (torch.tensor([float("nan")]), torch.zeros(0), torch.zeros(2, 2)):
        with pytest.raises(CourseError, match="scores of shape"):
            detector.cut_off(bad)
    with pytest.raises(CourseError, match="share"):
        detector.cut_off(s, 1.5)


def test_bayes_is_what_counting_gives():
    g = torch.Generator().manual_seed(1)
    fake = torch.rand(400_000, generator=g) < 0.1
    alarm = torch.rand(400_000, generator=g) < torch.where(fake, 0.8, 0.05)
    assert abs(detector.share_right(0.8, 0.05, 0.1) - fake[alarm].double().mean().item()) < 0.01
    with pytest.raises(CourseError, match="no picture"):
        detector.share_right(0.0, 0.0, 0.5)


def test_calibration_is_scikit_learns_and_sees_overconfidence():
    g = torch.Generator().manual_seed(2)
    logits = 2 * torch.randn(5000, generator=g)
    truth = torch.rand(5000, generator=g) < logits.sigmoid()
    true, said = calibration_curve(truth.numpy(), logits.double().sigmoid().numpy(), n_bins=10)
    ours = detector.calibration(logits, truth)
    assert np.allclose([row[0] for row in ours], said) and np.allclose([row[1] for row in ours], true)
    assert sum(row[2] for row in ours) == 5000
    assert detector.calibration_error(logits, truth) < 0.03 < 0.08 < detector.calibration_error(4 * logits, truth)


def test_the_grid_of_an_untrained_generator_is_seen():
    assert detector.grid_peak(load("digits").images[:500]) < 1.3
    rows = torch.zeros(4, 1, 28, 28)
    rows[:, :, ::2] = 0.2
    assert detector.grid_peak(rows + 0.1 * torch.randn(4, 1, 28, 28)) > 10
    with RUNTIME.seeded("weights"):
        untrained = Sampler(DCGenerator())(200)
    assert min(detector.grid_peak(untrained), detector.grid_peak(edits.eight_bit(untrained))) > 10
    with pytest.raises(CourseError, match="even"):
        detector.grid_peak(torch.zeros(1, 1, 27, 28))


def test_a_spectrum_has_a_wave_where_it_belongs():
    wave = torch.cos(2 * torch.pi * 3 * torch.arange(28) / 28).view(1, 1, 28, 1).expand(1, 1, 28, 28)
    power = detector.spectrum(wave)
    assert sorted(divmod(int(i), 28) for i in power.flatten().topk(2).indices) == [(11, 14), (17, 14)]
    noise = torch.randn(1, 1, 28, 28)
    assert torch.isclose(detector.spectrum(noise).sum(), 784 * noise.square().sum(), rtol=1e-4)  # Parseval


def test_scores_leave_a_network_as_it_was():
    net = nn.Sequential(detector.Detector(), nn.Dropout(0.5))
    net.train()
    assert torch.equal(detector.scores(net, torch.zeros(3, 1, 28, 28)), detector.scores(net, torch.zeros(3, 1, 28, 28)))
    assert net.training
