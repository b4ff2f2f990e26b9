"""What lesson 07.4 says of a ReLU that serves two layers of one size: shap runs through, and the sum tells."""

import pytest
import shap
import torch
from torch import nn

from course_lib import explain
from course_lib.errors import CourseError


class _Reused(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, 64))
        self.second, self.head, self.relu = nn.Linear(64, 64), nn.Linear(64, 10), nn.ReLU()

    def forward(self, x):
        return self.head(self.relu(self.second(self.relu(self.body(x)))))


def test_between_layers_of_one_size_only_the_sum_tells():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = _Reused().eval()
        background, x = torch.rand(5, 1, 28, 28), torch.rand(1, 1, 28, 28)
    values = shap.DeepExplainer(explain.explain_copy(model), background).shap_values(x, check_additivity=False)
    with torch.no_grad():
        rise = (model(x)[0] - model(background).mean(0)).numpy()
    assert abs(values[0].sum((0, 1, 2)) - rise).max() > 0.01
    with pytest.raises(AssertionError, match="do not sum up"):
        shap.DeepExplainer(explain.explain_copy(model), background).shap_values(x)
    with pytest.raises(CourseError, match="does not add up"):
        explain.deep_shap(model, 3, x, background)
