"""Somebody else's modules as generator, discriminator and classifier: taken in any form, or asked about."""

from collections import namedtuple
from dataclasses import dataclass

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

from course_lib.errors import CourseError
from course_lib.models import DCGenerator, as_classifier, as_discriminator, as_generator

quick = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
Pair = namedtuple("Pair", "logits features")


@dataclass
class Answer:
    logits: torch.Tensor


class Returning(nn.Module):
    """A linear network whose answer ``h`` is given back as ``form(h)``."""

    def __init__(self, form=lambda h: h, outputs=1, pixels=64):
        super().__init__()
        self.net, self.form = nn.Sequential(nn.Flatten(), nn.Linear(pixels, outputs)), form

    def forward(self, x):
        return self.form(self.net(x))


def refused(call, *words):
    with pytest.raises(CourseError) as refusal:
        call()
    message = str(refusal.value)
    assert "\n" not in message and message.endswith(".") and [w for w in words if w not in message] == [], message


FORMS = {
    "tensor": (lambda h: h, None),
    "tuple": (lambda h: (h * 0, h), 1),
    "list": (lambda h: [h], 0),
    "last": (lambda h: (h * 0, h), -1),
    "dict": (lambda h: {"a": h * 0, "logits": h}, "logits"),
    "named tuple": (lambda h: Pair(h, h * 0), "logits"),
    "named tuple by place": (lambda h: Pair(h, h * 0), 0),
    "object": (Answer, "logits"),
    "function": (lambda h: {"a": (h,)}, lambda r: r["a"][0]),
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_an_output_is_found_wherever_it_stands(form, compiled):
    wrap, output = FORMS[form]
    module, x = Returning(wrap), torch.randn(5, 1, 8, 8)
    expected = module.net(x)
    given = torch.compile(module, backend="eager") if compiled else module
    assert torch.equal(as_discriminator(given, output)(x), expected)
    three = Returning(wrap, outputs=3)
    assert torch.equal(as_classifier(three, output)(x), three.net(x))


@pytest.mark.parametrize(
    ("form", "output", "words"),
    [
        (lambda h: (h, h), None, ["tuple of 2", "output="]),
        (lambda h: {"logits": h}, None, ["dict with 'logits'"]),
        (lambda h: Pair(h, h), None, ["Pair with 'logits', 'features'"]),
        (lambda h: (h, h), 2, ["tuple of 2", "output=2 is not in it"]),
        (lambda h: {"logits": h}, "logit", ["'logits'", "output='logit' is not in it"]),
        (lambda h: h, "logits", ["one tensor", "'logits'"]),
        (lambda h: h, 0, ["one tensor", "output=0"]),
        (lambda h: (h, h), "a", ["tuple of 2", "'a'"]),
        (Answer, None, ["Answer"]),
        (lambda h: None, None, ["NoneType"]),
    ],
)
def test_an_output_that_is_not_said_or_not_there_is_asked_for(form, output, words):
    refused(lambda: as_discriminator(Returning(form), output)(torch.randn(2, 64)), "Returning", *words)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1), (-1, 1, 1, 1), (-1, 1, 1)])
@pytest.mark.parametrize("n", [1, 5])
def test_logits_of_every_shape_become_one_column(shape, n):
    module, x = Returning(lambda h: h.view(shape)), torch.randn(n, 64)
    assert torch.equal(as_discriminator(module)(x), module.net(x))


@quick
@given(st.integers(1, 6), st.booleans())
def test_one_logit_for_two_classes_is_the_same_probability(n, flat):
    module, x = Returning(lambda h: h[:, 0] if flat else h), torch.randn(n, 64)
    logits = as_classifier(module)(x)
    assert logits.shape == (n, 2)
    torch.testing.assert_close(logits.softmax(1)[:, 1], module.net(x)[:, 0].sigmoid())


class Maker(nn.Module):
    def __init__(self, flat=True, latent=6, norm=True, form=lambda x: x):
        super().__init__()
        self.flat, self.form = flat, form
        self.net = (
            nn.Sequential(nn.Linear(latent, 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8)))
            if flat
            else (nn.Sequential(nn.ConvTranspose2d(latent, 1, 8), nn.BatchNorm2d(1), nn.Tanh()))
        )

    def forward(self, z):
        return self.form(self.net(z))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("flat", [True, False])
def test_a_generators_kind_of_latent_is_found_out_and_nothing_changed(flat, compiled):
    module = Maker(flat).train()
    before = {k: v.clone() for k, v in module.state_dict().items()}
    dice = torch.random.get_rng_state()
    wrapped = as_generator(torch.compile(module, backend="eager") if compiled else module, latent=6)
    assert torch.equal(torch.random.get_rng_state(), dice) and module.training
    assert all(torch.equal(v, before[k]) for k, v in module.state_dict().items())
    z = torch.randn(4, 6)
    assert wrapped.latent == 6 and wrapped.axes == (2 if flat else 4)
    module.eval()
    assert torch.equal(wrapped(z), module(z if flat else z[:, :, None, None]))


def test_a_generator_that_rolls_dice_leaves_the_callers_as_they_were():
    noisy = Maker(form=lambda x: x + torch.randn_like(x))
    before = torch.random.get_rng_state()
    as_generator(noisy, 6)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_part_that_is_held_in_eval_mode_stays_so():
    module = Maker(False).train()
    module.net[1].eval()
    as_generator(module, 6)
    assert module.training and module.net[0].training and not module.net[1].training


def test_stated_axes_are_taken_and_tuples_too():
    assert as_generator(Maker(False), 6, axes=4).axes == 4
    assert as_generator(Maker(form=lambda x: (x, 1)), 6, output=0)(torch.zeros(2, 6)).shape == (2, 1, 8, 8)
    refused(lambda: as_generator(Maker(form=lambda x: (x, 1)), 6), "tuple of 2", "output=")
    refused(lambda: as_generator(Maker(False), 6, axes=2), "(N, 6)", "latent=")
    assert as_generator(DCGenerator(9, 4)).latent == 9


def test_a_range_that_is_stated_becomes_the_courses():
    half = Maker(form=lambda x: (x + 1) / 2)
    z = torch.randn(4, 6)
    torch.testing.assert_close(as_generator(half, 6, values=(0, 1))(z), half.net(z))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: as_generator(Maker()), ["latent=None", "latent=100"]),
        (lambda: as_generator(Maker(), 5), ["(N, 5, 1, 1)"]),
        (lambda: as_generator(Maker(), 0), ["latent=0"]),
        (lambda: as_generator(Maker(), True), ["latent=True"]),
        (lambda: as_generator(Maker(), 6.0), ["latent=6.0"]),
        (lambda: as_generator(Maker(), 6, axes=3), ["axes=3"]),
        (lambda: as_generator(Maker(), 6, values=(1, 0)), ["values="]),
        (lambda: as_generator(Maker(), 6, values=1), ["values="]),
        (lambda: as_generator(Maker, 6), ["no torch.nn.Module"]),
        (lambda: as_discriminator(torch.relu), ["nn.Module"]),
        (lambda: as_classifier(None), ["None", "nn.Module"]),
    ],
)
def test_what_makes_no_network_is_refused(call, words):
    refused(call, *words)
