"""Asking a network leaves each of its parts in the mode that it was in."""

import pytest
from torch import nn

from course_lib.models.eval_mode import eval_mode


@pytest.mark.parametrize("fails", [False, True])
def test_each_part_gets_its_mode_back(fails):
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Sequential(nn.Dropout(), nn.ReLU())).train()
    network[1].eval()  # frozen, as for fine-tuning
    before = [part.training for part in network.modules()]
    assert len(set(before)) == 2
    try:
        with eval_mode(network):
            assert not any(part.training for part in network.modules())
            if fails:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert [part.training for part in network.modules()] == before
