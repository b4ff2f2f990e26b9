"""TCAV: a planted concept is found, a random one is not, and the score is captum's."""

import pytest
import torch
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit
from course_lib.explain.tcav import concept_direction, layer_outputs, tcav, tcav_score


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 12), nn.ReLU(inplace=True), nn.Linear(12, 3)).eval()


def pictures(n, mark=False, seed=0):
    x = torch.randn(n, 1, 4, 4, generator=torch.Generator().manual_seed(seed)) / 3
    if mark:
        x[:, :, 0, 0] += 2
    return x


def test_outputs_and_slopes_by_hand(model):
    x = pictures(5)
    outputs, slopes = layer_outputs(model, class_logit(1), x, "1")
    before = x.flatten(1) @ model[1].weight.T + model[1].bias
    assert torch.allclose(outputs, before, atol=1e-6)
    assert torch.allclose(slopes, model[3].weight[1] * (before > 0), atol=1e-6)
    assert not any(part._forward_hooks for part in model.modules())


def test_a_planted_concept_is_found_and_a_random_one_is_not():
    """Class 1's logit is the marked pixel; class 0's is another pixel, which says nothing of the mark."""
    weights = torch.zeros(2, 16)
    weights[0, 9], weights[1, 0] = 1.0, 1.0
    planted = nn.Sequential(nn.Flatten(), nn.Identity(), nn.Linear(16, 2, bias=False)).eval()
    with torch.no_grad():
        planted[2].weight.copy_(weights)
    pool, _ = layer_outputs(planted, class_logit(0), pictures(400, seed=1), "1")
    marked, _ = layer_outputs(planted, class_logit(0), pictures(40, mark=True, seed=2), "1")
    for wanted, found in ((1, True), (0, False)):
        _, slopes = layer_outputs(planted, class_logit(wanted), pictures(50, seed=3), "1")
        result = tcav(slopes, marked, pool)
        assert result.right > 0.95
        assert (result.p < 0.01 and result.score == 1) == found
    chance = tcav(slopes, pool[:40], pool[40:])
    assert chance.p > 0.01 and chance.right < 0.7


def test_the_score_is_captums(model, tmp_path):
    captum = pytest.importorskip("captum.concept")

    class Fixed(captum._utils.classifier.Classifier if hasattr(captum, "_utils") else captum.Classifier):
        def __init__(self):
            self.direction = None

        def train_and_eval(self, dataloader, **_):
            x, y = (torch.cat(part) for part in zip(*dataloader, strict=True))
            self.direction, _ = concept_direction(x[y == 0], x[y == 1])
            return {"accs": 1.0}

        def weights(self):
            return torch.stack([self.direction, -self.direction])

        def classes(self):
            return [0, 1]

    def batches(images):
        return [images[i : i + 10] for i in range(0, len(images), 10)]

    marked, others, asked = pictures(40, mark=True, seed=2), pictures(40, seed=1), pictures(60, seed=3)
    concepts = [captum.Concept(0, "marked", batches(marked)), captum.Concept(1, "others", batches(others))]
    plain = nn.Sequential(*model[:2], nn.ReLU(), model[3])
    theirs = captum.TCAV(plain, ["1"], classifier=Fixed(), save_path=str(tmp_path))
    found = theirs.interpret(asked, [concepts], target=1)["0-1"]["1"]["sign_count"][0].item()
    _, slopes = layer_outputs(model, class_logit(1), asked, "1")
    a, _ = layer_outputs(model, class_logit(1), marked, "1")
    b, _ = layer_outputs(model, class_logit(1), others, "1")
    mine = tcav_score(slopes, concept_direction(a, b)[0])
    assert 0 < mine < 1
    assert mine == pytest.approx(found, abs=1e-6)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda m: layer_outputs(m, class_logit(0), pictures(3), "9"), "9"),
        (lambda m: concept_direction(torch.ones(4, 3), torch.ones(9, 3)), "at least 5"),
        (lambda m: concept_direction(torch.ones(9, 3), torch.ones(9, 3), 0), "strength"),
        (lambda m: tcav(torch.ones(2, 3), torch.ones(9, 3), torch.ones(17, 3)), "a pool of 17"),
        (lambda m: tcav(torch.ones(2, 3), torch.ones(9, 3), torch.ones(30, 3), runs=1), "runs=1"),
    ],
)
def test_what_cannot_be_asked_is_refused(model, make, said):
    with pytest.raises(CourseError, match=said):
        make(model)


def test_one_direction_for_all_gives_no_p_of_nan():
    """Every slope is 0: no picture's answer rises, whatever the direction."""
    found = tcav(torch.zeros(5, 3), torch.randn(6, 3), torch.randn(20, 3), runs=3)
    assert found.p == 1.0 and found.score == 0
