"""What does not fit is said before the first step: shapes, ranges, probabilities, a batch of one, classes."""

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn.utils import spectral_norm as old_spectral_norm
from training_games import blobs, digest, runtime, train

from course_lib.errors import CourseError
from course_lib.models import (
    MLPVAE,
    ConvVAE,
    DCDiscriminator,
    DCGenerator,
    DigitCNN,
    Judge,
    MLPDiscriminator,
    MLPGenerator,
    PointDiscriminator,
    PointGenerator,
    as_classifier,
    as_discriminator,
    as_generator,
)
from course_lib.models.conditional import ConditionalDiscriminator, ConditionalGenerator, InfoGenerator
from course_lib.models.dcgan import PLANS
from course_lib.training import Game, InstanceNoise, Pack, VAETrainer
from course_lib.training.classifier import ClassifierTrainer
from course_lib.training.conditional import ConditionalGame


def refused(call, *words):
    with pytest.raises(CourseError) as refusal:
        call()
    message = str(refusal.value)
    assert "\n" not in message and message.endswith(".") and [w for w in words if w not in message] == [], message


def critic(*end, first=None):
    return nn.Sequential(nn.Flatten(), first or nn.Linear(784, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), *end)


class By(nn.Module):
    """``net``, then any function."""

    def __init__(self, function, net=None):
        super().__init__()
        self.net, self.function = net or critic(), function

    def forward(self, x):
        return self.function(self.net(x))


def game(discriminator, generator=None, **settings):
    return Game(generator or MLPGenerator(8, (8,)), discriminator, **({"batch": 8} | settings))


def start(discriminator, generator=None, data=None, **settings):
    return game(discriminator, generator, **settings).steps(data or blobs(), 1, runtime())


# ---- logits, not probabilities ----

PROBABILITIES = {
    "a layer": critic(nn.Sigmoid()),
    "a function": By(torch.sigmoid),
    "and flattened": as_discriminator(By(lambda h: h.sigmoid()[:, 0])),
    "and a map": as_discriminator(critic(nn.Sigmoid(), nn.Unflatten(1, (1, 1, 1)))),
    "in a dict": as_discriminator(By(lambda h: {"p": h.sigmoid()}), "p"),
    "by hand": By(lambda h: 1 / (1 + (-h).exp())),
    "by tanh": By(lambda h: (h.tanh() + 1) / 2),
    "hard": By(nn.functional.hardsigmoid),
    "its logarithm": By(nn.functional.logsigmoid),
    "the first of a softmax": By(lambda h: torch.cat([h, -h], 1).softmax(1)[:, :1]),
    "compiled": torch.compile(critic(nn.Sigmoid()), backend="aot_eager"),
    "compiled and wrapped": as_discriminator(torch.compile(By(lambda h: h.sigmoid()[:, 0]), backend="eager")),
    "after a mean over places": By(
        lambda h: h.sigmoid().mean((2, 3)), nn.Sequential(nn.Conv2d(1, 4, 4, 2), nn.ReLU(), nn.Conv2d(4, 1, 4, 2))
    ),
}


@pytest.mark.parametrize("how", PROBABILITIES)
def test_a_discriminator_that_gives_probabilities_is_refused_before_training(how):
    refused(lambda: start(PROBABILITIES[how]), "discriminator", "logits", "leave its last layer out")


def constant(value):
    network = critic()
    nn.init.zeros_(network[3].weight), nn.init.constant_(network[3].bias, value)
    return network


LOGITS = {
    "plain": critic(),
    "deep": MLPDiscriminator((32, 32), dropout=0.3),
    "never yet trained": constant(0.0),
    "always 0.3": constant(0.3),
    "sigmoid inside": nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.Sigmoid(), nn.Linear(16, 1)),
    "tanh inside": nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.Tanh(), nn.Linear(16, 1)),
    "layer norm": nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 1)),
    "instance norm": nn.Sequential(
        nn.Conv2d(1, 4, 4, 2), nn.InstanceNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(676, 1)
    ),
    "old spectral norm": critic(first=old_spectral_norm(nn.Linear(784, 16))),
    "scaled": By(lambda h: 0.001 * h),
    "high": By(lambda h: h + 0.5),
    "squashed": By(lambda h: 10 * (h / 10).tanh()),
    "(N,)": as_discriminator(By(lambda h: h[:, 0])),
    "compiled": torch.compile(critic(), backend="aot_eager"),
    "module.compile()": critic(),
    **{
        f"dc {norm} {head}": DCDiscriminator(4, norm=norm, head=head)
        for norm in ("batch", "spectral", None)
        for head in ("flat", "pool")
    },
}
LOGITS["module.compile()"].compile(backend="eager")


@pytest.mark.parametrize("how", LOGITS)
def test_a_discriminator_that_gives_logits_is_taken(how):
    assert len(start(LOGITS[how])) == 1


def test_fresh_discriminators_are_never_taken_for_probabilities():
    """What a check by values could confuse: small weights, one sign. Two hundred draws of each kind."""
    from course_lib.training.compatibility import check_discriminator

    x = blobs(8).images
    kinds = (
        critic,
        lambda: DCDiscriminator(4, norm=None),
        lambda: critic(first=nn.Sequential(nn.Linear(784, 16), nn.LayerNorm(16))),
        lambda: critic(first=nn.Sequential(nn.Linear(784, 16), nn.Tanh())),
    )
    for seed in range(200):
        with runtime(seed).seeded("weights"), torch.no_grad():
            for kind in kinds:
                network = kind().eval()
                [m for m in network.modules() if isinstance(m, nn.Linear)][-1].bias += 0.5
                check_discriminator(network, network, lambda x: x, x)


def test_the_check_changes_nothing():
    """The same game, checked or not, is the same to the last bit; so is the world's dice."""
    sums = []
    for check in (True, False):
        with runtime().seeded("weights"):
            g = Game(DCGenerator(8, 4), DCDiscriminator(4, norm="spectral"), views=[InstanceNoise(0.1)], batch=8)
        if not check:
            g._check_fit = lambda data: None
        before = torch.random.get_rng_state()
        train(g, 3)
        assert torch.equal(torch.random.get_rng_state(), before)
        sums.append(digest(g))
    assert sums[0] == sums[1]


# ---- other answers and shapes ----


@pytest.mark.parametrize(
    ("discriminator", "words"),
    [
        (By(lambda h: h[:, 0]), ["(8,)", "(8, 1)", "as_discriminator"]),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 2)), ["(8, 2)", "(8, 1)"]),
        (nn.Sequential(nn.Conv2d(1, 1, 4, 4)), ["(8, 1, 7, 7)", "one each"]),
        (By(lambda h: (h, h)), ["tuple of 2", "output="]),
        (By(lambda h: {"logit": h}), ["dict with 'logit'", "output="]),
        (By(lambda h: h.mean()), ["()", "(8, 1)"]),
        (as_discriminator(By(lambda h: {"logit": h}), "logits"), ["'logit'", "output='logits' is not in it"]),
    ],
)
def test_a_discriminator_that_answers_otherwise_is_told_how(discriminator, words):
    refused(lambda: start(discriminator), *words)


class Maker(nn.Module):
    def __init__(self, function=torch.tanh, latent=8, scale=1.0, four=False):
        super().__init__()
        self.latent, self.function, self.scale, self.four = latent, function, scale, four
        self.net = nn.ConvTranspose2d(latent, 1, 28) if four else nn.Linear(latent, 784)

    def forward(self, z):
        return self.function(self.scale * self.net(z)).view(-1, 1, 28, 28)


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        (Maker(torch.sigmoid), ["sigmoid", "tanh", "values=(0, 1)"]),
        (Maker(nn.ReLU(), scale=0.1), ["sigmoid", "tanh"]),
        (Maker(nn.Identity(), scale=20), ["[−1, 1]", "tanh"]),
        (Maker(four=True), ["(16, 8)", "as_generator"]),
        (By(lambda x: (x, 0), Maker()), ["tuple of 2", "output="]),
    ],
)
def test_a_generator_of_another_kind_is_told_how(generator, words):
    generator.latent = 8
    refused(lambda: start(critic(), generator), "Maker" if isinstance(generator, Maker) else "By", *words)


@pytest.mark.parametrize(
    "generator",
    [
        as_generator(Maker(torch.sigmoid), values=(0, 1)),
        as_generator(Maker(four=True)),
        as_generator(torch.compile(Maker(), backend="eager"), latent=8),
        as_generator(Maker(lambda x: (x.tanh(),)[0])),
    ],
)
def test_and_in_the_courses_form_it_trains_and_draws(generator):
    g = game(as_discriminator(By(lambda h: (h[:, 0],)), 0), generator)
    assert all(record.finite() for record in train(g, 3))
    pictures = g.sampler()(4)
    assert pictures.shape == (4, 1, 28, 28) and pictures.abs().max() <= 1
    again = game(as_discriminator(By(lambda h: (h[:, 0],)), 0), generator)
    again.load_state_dict(g.state_dict())
    assert torch.equal(again.sampler()(4), pictures)


def test_a_refusal_names_the_module_that_was_wrapped():
    refused(lambda: start(as_discriminator(torch.compile(By(torch.sigmoid), backend="eager"))), "discriminator By")


def test_pictures_on_white_are_no_reason_to_take_a_tanh_for_a_sigmoid():
    bright = replace(blobs(), images=blobs().images.abs())
    assert len(start(critic(), Maker(torch.sigmoid), bright)) == 1


# ---- a batch of one ----


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (lambda: Game(DCGenerator(8, 4), MLPDiscriminator((8,)), batch=1), "BatchNorm2d"),
        (lambda: Game(MLPGenerator(8, (8,)), DCDiscriminator(4), batch=1), "BatchNorm2d"),
        (lambda: game(critic(nn.BatchNorm1d(1)), batch=1), "BatchNorm1d"),
        (
            lambda: game(
                nn.Sequential(nn.Flatten(), nn.BatchNorm1d(2 * 784), nn.Linear(2 * 784, 1)), batch=2, views=[Pack(2)]
            ),
            "BatchNorm1d",
        ),
        (lambda: ClassifierTrainer(Judge(4, classes=2), batch=1, total=9), "BatchNorm"),
        (lambda: VAETrainer(batch_norm_vae(), batch=1), "BatchNorm1d"),
    ],
)
def test_a_batch_of_one_with_batch_norm_is_refused(build, kind):
    refused(lambda: build().steps(blobs(), 1, runtime()), kind, "one example at a time", "larger batch")


def batch_norm_vae():
    vae = MLPVAE(4, (16,))
    vae.encoder = nn.Sequential(vae.encoder, nn.BatchNorm1d(16))
    return vae


@pytest.mark.parametrize(
    "build",
    [
        lambda: game(MLPDiscriminator((8,)), batch=1),
        lambda: game(critic(nn.BatchNorm1d(1)), batch=2),
        lambda: ClassifierTrainer(DigitCNN(2, width=4), batch=1, total=9),
        lambda: VAETrainer(MLPVAE(4, (16,)), batch=1),
    ],
)
def test_a_batch_of_one_without_it_is_taken(build):
    assert len(list(build().steps(blobs(), 2, runtime()))) == 2


# ---- classifiers ----


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (DigitCNN(10, width=4), ["(2, 10)", "2 classes", "classes=2"]),
        (DigitCNN(2, width=4, size=32), ["(1, 28, 28)", "size and channels"]),
        (DigitCNN(2, width=4, channels=3), ["(1, 28, 28)", "size and channels"]),
        (Judge(4, classes=2, channels=3), ["Judge", "(1, 28, 28)"]),
        (nn.Sequential(DigitCNN(2, width=4), nn.Softmax(1)), ["a softmax", "logits", "leave its last layer out"]),
        (nn.Sequential(DigitCNN(2, width=4), nn.LogSoftmax(1)), ["a log-softmax"]),
        (torch.compile(nn.Sequential(DigitCNN(2, width=4), nn.Softmax(1)), backend="aot_eager"), ["a softmax"]),
        (as_classifier(critic(nn.Sigmoid())), ["a sigmoid"]),
        (By(lambda h: h[:, 0]), ["(2,)", "as_classifier"]),
        (By(lambda h: (h, h)), ["tuple of 2", "output="]),
    ],
)
def test_a_classifier_that_does_not_fit_is_refused_before_training(network, words):
    refused(lambda: ClassifierTrainer(network, batch=8, total=9).steps(blobs(), 1, runtime()), *words)


@pytest.mark.parametrize(
    "network",
    [
        DigitCNN(2, width=4),
        Judge(4, classes=2),
        as_classifier(critic()),
        as_classifier(By(lambda h: h[:, 0])),
        as_classifier(By(lambda h: {"logits": torch.cat([h, -h], 1)}), "logits"),
        torch.compile(DigitCNN(2, width=4), backend="eager"),
    ],
)
def test_a_classifier_that_fits_trains(network):
    for total in (5, 3):  # 5: torch's one cycle would divide by zero
        assert all(r.finite() for r in ClassifierTrainer(network, batch=8, total=total).steps(blobs(), 3, runtime()))


def test_one_class_is_not_told_apart():
    one = replace(blobs(), labels=torch.zeros(96, dtype=torch.int64))
    refused(
        lambda: ClassifierTrainer(DigitCNN(2, width=4), batch=8, total=9).steps(one, 1, runtime()), "only the class 'a'"
    )
    networks = ConditionalGenerator(2, 8, 4), ConditionalDiscriminator(2, 4)
    refused(lambda: ConditionalGame(*networks, batch=8).steps(one, 1, runtime()), "only the class 'a'")
    assert len(ConditionalGame(*networks, batch=8).steps(blobs(), 1, runtime())) == 1


# ---- classes that are given ----

GIVEN = {
    "encode": lambda y: vae.encode(x, y),
    "decode": lambda y: vae.decode(z, y),
    "draw": lambda y: vae(z, y),
    "reconstruct": lambda y: vae.reconstruct(x, y),
    "generator": lambda y: generator(z, y),
    "discriminator": lambda y: discriminator(x, y),
}
x, z = torch.zeros(3, 1, 28, 28), torch.zeros(3, 4)
vae, generator = MLPVAE(4, (8,), classes=10), ConditionalGenerator(10, 4, 4)
discriminator = ConditionalDiscriminator(10, 4)


@pytest.mark.parametrize(
    "labels",
    [
        torch.tensor([0, 1, 10]),
        torch.tensor([0, -1, 1]),
        torch.tensor([0, 1]),
        torch.tensor([0.0, 1.0, 2.0]),
        torch.tensor([True, False, True]),
        torch.tensor(3),
        torch.tensor([[0], [1], [2]]),
        torch.tensor([0, 1, 2]).int(),
        [0, 1, 2],
        3,
        "3",
    ],
)
@pytest.mark.parametrize("how", GIVEN)
def test_a_class_that_there_is_not_is_refused_by_every_conditional_model(how, labels):
    GIVEN[how](torch.tensor([0, 9, 3]))
    refused(lambda: GIVEN[how](labels), "labels", "int64")


# ---- one recipe for all sizes ----


@pytest.mark.parametrize("size", PLANS)
@pytest.mark.parametrize("channels", [1, 3])
def test_one_recipe_from_28_to_64_pixels(size, channels):
    assert set(PLANS) == set(range(28, 65, 4)) and all(a * 2**k == size and a >= 4 for a, k in [PLANS[size]])
    data = blobs(16, size, channels)
    g = Game(DCGenerator(8, 2, size, channels), DCDiscriminator(2, size=size, channels=channels), batch=4)
    assert train(g, 2, data)[-1].finite() and g.sampler()(2).shape == (2, channels, size, size)
    vae = VAETrainer(ConvVAE(4, 2, size=size, channels=channels), batch=4)
    assert next(iter(vae.steps(data, 1, runtime()))).finite()
    for network in (
        DigitCNN(2, width=2, size=size, channels=channels),
        Judge(2, 2, size, channels),
        DigitCNN(2, "pool", 2, channels, size),
    ):
        assert next(iter(ClassifierTrainer(network, batch=4, total=9).steps(data, 1, runtime()))).finite()
    assert InfoGenerator(2, 1, 8, 2, size, channels)(torch.randn(2, 8)).shape == (2, channels, size, size)


def test_points_are_played_for_as_before():
    points = PointGenerator(2, (8,)), PointDiscriminator((8,), minibatch="discrimination")
    from course_lib.data import draw_points

    assert len(list(Game(*points, batch=8).steps(draw_points("ring", runtime(), 100), 2, runtime()))) == 2
    refused(
        lambda: Game(points[0], nn.Sequential(points[1], nn.Sigmoid()), batch=8).steps(
            draw_points("ring", runtime(), 100), 1, runtime()
        ),
        "a sigmoid",
    )
