"""Every network and loop for a few steps on CUDA, in each precision, against the CPU; checkpoints that move."""

import math

import pytest
import torch
from devices import CUDA, DEVICES, PRECISIONS

from course_lib import zoo
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.losses import R1, R2, Minimax, Relativistic
from course_lib.metrics import evaluate
from course_lib.models import DCDiscriminator, DCGenerator, Judge, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game, Pack, Sampler, UnrolledGame, checkpointed, resume
from course_lib.training.classifier import ClassifierTrainer

GAMES = {
    "mlp": lambda: Game(MLPGenerator(), MLPDiscriminator(), batch=16),
    "mlp, minimax, sigmoid, dropout": lambda: Game(
        MLPGenerator(100, (64,), output="sigmoid"), MLPDiscriminator((64,), dropout=0.3), loss=Minimax(), batch=16
    ),
    "dcgan": lambda: Game(DCGenerator(width=8), DCDiscriminator(width=8), batch=16),
    "dcgan 32": lambda: Game(DCGenerator(width=8, size=32), DCDiscriminator(width=8, size=32), batch=16),
    "dcgan 64": lambda: Game(DCGenerator(width=4, size=64), DCDiscriminator(width=4, size=64), batch=16),
    "spectral, pool, lazy R1": lambda: Game(
        DCGenerator(width=8),
        DCDiscriminator(width=8, norm="spectral", head="pool"),
        penalties=[R1(0.1, every=2)],
        batch=16,
    ),
    "relativistic, R1, R2": lambda: Game(
        DCGenerator(width=8),
        DCDiscriminator(width=8, norm=None),
        loss=Relativistic(),
        penalties=[R1(1.0), R2(1.0)],
        batch=16,
    ),
    "packed": lambda: Game(
        DCGenerator(width=8), DCDiscriminator(width=8, norm=None, channels=2), views=[Pack(2)], batch=16
    ),
    "unrolled": lambda: UnrolledGame(MLPGenerator(), MLPDiscriminator((64,)), unroll=2, batch=16),
}
RANDOM_LAYERS = ("mlp, minimax, sigmoid, dropout",)  # a GPU draws other dropout masks from the same seed


@pytest.fixture(autouse=True)
def full_float32():
    """Convolutions on recent cards round float32 to 10 bits (TF32) by default; a comparison wants all of them."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    yield
    torch.backends.cudnn.allow_tf32 = before


def build(name: str, runtime: Runtime) -> Game:
    with runtime.seeded("weights"):
        return GAMES[name]()


def digits(game: Game, runtime: Runtime):
    return load("digits", runtime).take(64).padded(game.generator.shape[1])


def tensors(state, name="") -> dict[str, torch.Tensor]:
    """Copies of all tensors in a nested state, by path, on the CPU."""
    if isinstance(state, torch.Tensor):
        return {name: state.detach().cpu().clone()}
    parts = state.items() if isinstance(state, dict) else enumerate(state) if isinstance(state, list | tuple) else ()
    return {k: v for key, part in parts for k, v in tensors(part, f"{name}/{key}").items()}


@pytest.mark.parametrize(("device", "precision"), PRECISIONS)
@pytest.mark.parametrize("name", GAMES)
def test_every_game_trains(name, device, precision):
    runtime = Runtime.auto(device=device, precision=precision)
    game = build(name, runtime)
    before = tensors(game.state_dict()["generator"])
    records = list(game.steps(digits(game, runtime), 6, runtime))
    assert all(math.isfinite(value) for record in records for value in record.as_dict().values())
    state = game.state_dict()
    assert all(t.isfinite().all() for t in tensors(state).values())
    assert any(not torch.equal(t, before[k]) for k, t in tensors(state["generator"]).items()), "nothing was learned"
    assert {p.device.type for p in game.generator.parameters()} == {device}
    assert {p.dtype for p in game.generator.parameters()} == {torch.float32}
    images = game.sampler()(5)
    assert images.shape == (5, *game.generator.shape)
    assert (images.device.type, images.dtype) == ("cpu", torch.float32)
    assert images.abs().max() <= 1


@pytest.mark.parametrize(("device", "precision"), PRECISIONS)
def test_the_classifier_trains(device, precision):
    runtime = Runtime.auto(device=device, precision=precision)
    if precision == "fp16":
        pytest.skip("the classifier has no gradient scaling: 'auto' chooses bf16 on cards that have it")
    with runtime.seeded("weights"):
        trainer = ClassifierTrainer(Judge(8), total=4)
    records = list(trainer.steps(load("digits", runtime).take(128), 4, runtime))
    assert all(math.isfinite(record.loss) for record in records)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", GAMES)
def test_the_same_weights_make_the_same_images(name, device):
    runtime = Runtime.auto(device="cpu")
    generator = build(name, runtime).generator
    sampler = Sampler(generator)
    on_cpu = sampler(8, seed=1)
    generator.to(device)
    torch.testing.assert_close(sampler(8, seed=1), on_cpu, atol=1e-3, rtol=0)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", [name for name in GAMES if name not in RANDOM_LAYERS])
def test_the_same_steps_have_the_same_losses(name, device):
    losses = []
    for where in ("cpu", device):
        runtime = Runtime.auto(device=where, precision="float32")
        game = build(name, runtime)
        losses.append([(r.d_loss, r.g_loss) for r in game.steps(digits(game, runtime), 3, runtime)])
    assert losses[1][0][0] == pytest.approx(losses[0][0][0], rel=1e-4)  # before any update
    for theirs, ours in zip(*losses, strict=True):
        assert ours == pytest.approx(theirs, rel=0.03, abs=0.01)  # Adam makes rounding grow


@pytest.mark.parametrize("device", DEVICES)
def test_the_same_measurements(device):
    reports = []
    for where in ("cpu", device):
        runtime = Runtime.auto(device=where, precision="float32")
        images = load("digits", runtime, split="test").images[:300].cpu()
        reports.append(evaluate(images.flip(3), zoo.load("judge", runtime), load("digits", runtime).images[:300]))
    theirs, ours = reports
    assert (ours.classes, ours.n) == (theirs.classes, theirs.n)
    assert (ours.confidence, ours.entropy) == pytest.approx((theirs.confidence, theirs.entropy), abs=1e-3)
    assert ours.sure == pytest.approx(theirs.sure, abs=0.01)
    assert ours.frechet == pytest.approx(theirs.frechet, rel=0.01)


@pytest.mark.parametrize("there", DEVICES)
@pytest.mark.parametrize("here", DEVICES)
@pytest.mark.parametrize("name", ["dcgan", "spectral, pool, lazy R1"])
def test_a_checkpoint_moves(name, here, there, tmp_path):
    first = Runtime.auto(device=here, precision="float32")
    game = build(name, first)
    for _ in checkpointed(game.steps(digits(game, first), 3, first), tmp_path / "game.safetensors"):
        pass
    second = Runtime.auto(device=there, precision="float32")
    moved = build(name, second.with_seed(7)) if here != there else build(name, second)
    assert resume(moved, tmp_path / "game.safetensors") == 3
    saved, loaded = tensors(game.state_dict()), tensors(moved.state_dict())
    assert saved.keys() == loaded.keys()
    for key, value in saved.items():
        torch.testing.assert_close(loaded[key], value, atol=0, rtol=0, msg=key)
    ours = list(moved.steps(digits(moved, second), 2, second))
    assert {p.device.type for p in moved.discriminator.parameters()} == {there}
    stayed = list(game.steps(digits(game, first), 2, first))
    for a, b in zip(ours, stayed, strict=True):
        assert (a.step, a.d_loss, a.g_loss) == pytest.approx((b.step, b.d_loss, b.g_loss), rel=0.03, abs=0.01)


@pytest.mark.parametrize("device", [CUDA])
def test_images_on_the_wrong_device_are_refused(device):
    game = build("mlp", Runtime.auto(device=device))
    with pytest.raises(CourseError, match="load them with"):
        game.steps(load("digits"), 1, Runtime.auto(device=device))
