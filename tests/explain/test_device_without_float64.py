"""Nothing makes a float64 tensor on the device: MPS has none. Shown on a pretended device that has none either."""

import pytest
import torch
from makes import images, plain
from pretend_device import DEVICE, NoFloat64, Pretended, There, to_there
from test_makes import BACKGROUND, CLASSES, METHODS, SQUARES, ask
from torch import Tensor, nn

from course_lib import metrics
from course_lib.data import toy
from course_lib.explain import class_logit, exact_shapley, lime_weights, predicted_logit, region_mean, sampled_shapley
from course_lib.explain.controls import control_maps
from course_lib.explain.directions import ganspace, sefa
from course_lib.explain.importance import importance_by_intervention, without_top
from course_lib.explain.units import unit_effects
from course_lib.metrics import faithfulness
from course_lib.metrics.disentanglement import factor_vae_score, mig
from course_lib.metrics.divergence import w1_samples
from course_lib.models import MLPVAE

X, MAPS = images(), images(seed=3)
MASK = torch.zeros(12, 12, dtype=torch.bool)
MASK[:4, :5] = True
DIGITS = images(6, channels=1, seed=4)
ROWS = torch.randn(40, 5, generator=torch.Generator().manual_seed(5))
COALITIONS, WORTH = (ROWS > 0).float(), ROWS.square().sum(1)


def vae():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return MLPVAE(3, (8, 7), size=12)


def generator():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 144), nn.Unflatten(1, (1, 12, 12))).eval()


# put: what carries a tensor or a module to the device, or leaves it where it is.


def held_still(k, n):
    """Codes that are the factors themselves, of images that share factor ``k``."""
    codes = torch.randn(n, 3, generator=torch.Generator().manual_seed(k))
    codes[:, k] = 0.5
    return codes


ASKED = {name: lambda put, name=name: ask(name, put(plain()), put(X)) for name in METHODS} | {
    "predicted_logit": lambda put: predicted_logit(put(plain()), put(X))(put(ROWS[:3])),
    "rank_correlation": lambda put: faithfulness.rank_correlation(put(X), put(MAPS), where=put(X[:, :1] > -0.5)),
    "localisation": lambda put: faithfulness.localisation(put(MAPS), put(MASK)),
    "infidelity": lambda put: faithfulness.infidelity(value(put), put(X), put(MAPS), samples=4),
    "insertion_deletion": lambda put: faithfulness.insertion_deletion(value(put), put(X), put(MAPS), put(-X), steps=4),
    "sensitivity": lambda put: faithfulness.max_sensitivity(
        lambda x: ask("gradient", put(plain()), x), put(X), samples=2
    ),
    "controls": lambda put: control_maps(put(X)),
    "sefa": lambda put: sefa(put(plain()).last.weight)[1],
    "ganspace": lambda put: ganspace(put(generator())[0], 5, 50)[1],
    "unit_effects": lambda put: unit_effects(put(generator()), region_mean(put(MASK)), put(ROWS), "0"),
    "lime_weights": lambda put: lime_weights(put(COALITIONS), put(WORTH))[0],
    "exact_shapley": lambda put: exact_shapley(lambda rows: put(rows).square().sum(1), 4),
    "sampled_shapley": lambda put: sampled_shapley(lambda rows: put(rows).square().sum(1), 4, orders=3)[0],
    "importance_by_intervention": lambda put: importance_by_intervention(
        lambda x: value(put)(x).mean(), put(X), put(SQUARES), put(-X)
    ),
    "without_top": lambda put: without_top(put(X), put(MAPS), 0.3, put(-X)),
    "nll": lambda put: torch.tensor(metrics.nll(put(vae()), put(DIGITS.sign()), 20).value),
    "measure_latent_code": lambda put: torch.tensor(metrics.measure_latent_code(put(vae()), put(DIGITS)).bound),
    "measure_modes": lambda put: torch.tensor(metrics.measure_modes(put(ROWS[:, :2]), toy.ring()).kl),
    "kl_from_uniform": lambda put: torch.tensor(metrics.modes.kl_from_uniform(put(torch.tensor([1, 5, 2])))),
    "class_entropy": lambda put: torch.tensor(metrics.class_entropy(put(torch.tensor([1, 5, 2])))),
    "frechet_distance": lambda put: torch.tensor(metrics.frechet_distance(put(ROWS), put(ROWS + 1))),
    "neighbours": lambda put: torch.tensor(metrics.precision_recall(put(ROWS), put(ROWS.flip(1))).density),
    "copying": lambda put: torch.tensor(metrics.copying(put(ROWS[:9]), put(ROWS[9:30]), put(ROWS[30:])).score),
    "mig": lambda put: mig(put(ROWS), put(ROWS.flip(1).round()))[1],
    "factor_vae_score": lambda put: torch.tensor(factor_vae_score(lambda k, n: put(held_still(k, n)), 3, votes=40)),
    "w1_samples": lambda put: w1_samples(put(ROWS[:, 0]), put(ROWS[:, 1])),
}


def value(put):
    model = put(plain())
    return lambda x: model(x)[:, 0]


def here(found):
    """The numbers, whichever device they came from."""
    if isinstance(found, dict):
        return {name: here(each) for name, each in found.items()}
    return found.held if isinstance(found, There) else found


@pytest.mark.parametrize("name", ASKED)
def test_it_needs_no_float64_there_and_gives_the_same(name):
    expected = ASKED[name](lambda x: x)
    with Pretended():
        found = here(ASKED[name](to_there))
    if isinstance(expected, Tensor):
        assert expected.abs().max() > 0
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


FAULTS = {
    "a method": lambda x: x.double(),
    "to": lambda x: x.to(torch.float64),
    "a new one": lambda x: torch.zeros(2, dtype=torch.float64, device=x.device),
    "moved": lambda x: torch.zeros(2, dtype=torch.float64).to(x.device),
    "moved, then made smaller": lambda x: torch.zeros(2, dtype=torch.float64).to(x.device).float(),
    "a mean": lambda x: x.mean(dtype=torch.float64),
    "two devices": lambda x: x + torch.ones(12),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_pretended_device_finds_faults(fault):
    error = RuntimeError if fault == "two devices" else NoFloat64
    with Pretended(), pytest.raises(error):
        FAULTS[fault](to_there(X))
    with Pretended():
        assert to_there(X).device == DEVICE and to_there(X).cpu().double().dtype == torch.float64


def test_every_class_is_explained_there():
    """Class numbers and the background may lie on the CPU where the images are elsewhere."""
    with Pretended():
        found = here(ask("shap Gradient", to_there(plain()), to_there(X)))
        target = class_logit(There(CLASSES.clone()))
        assert here(target(There(ROWS[:3].clone()))).tolist() == ROWS[:3].gather(1, CLASSES[:, None])[:, 0].tolist()
    torch.testing.assert_close(found, ask("shap Gradient", plain(), X))
    assert BACKGROUND.device.type == "cpu"
