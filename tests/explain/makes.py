"""One small classifier written in the many ways people write theirs, each beside a plainly written twin."""

from collections import namedtuple
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations, spectral_norm, weight_norm

from course_lib.explain import ATTRIBUTIONS

SIDE = 12


class Plain(nn.Module):
    """Images (N, channels, 12, 12) → logits (N, 3). Every layer is a module of its own, used once, not in place."""

    def __init__(self, channels: int = 3, act: Callable[[], nn.Module] = nn.ReLU):
        super().__init__()
        self.conv1, self.norm, self.act1 = nn.Conv2d(channels, 6, 3, padding=1), nn.BatchNorm2d(6), act()
        self.conv2, self.act2 = nn.Conv2d(6, 8, 3, 2, 1), act()
        self.pool, self.flat, self.last = nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 3)

    def forward(self, x: Tensor):
        x = self.act1(self.norm(self.conv1(x)))
        return self.last(self.flat(self.pool(self.act2(self.conv2(x)))))


def plain(seed: int = 0, **settings) -> Plain:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Plain(**settings)
        model.norm.running_mean.normal_(std=0.3)
        model.norm.running_var.uniform_(0.5, 2)
        nn.init.normal_(model.norm.weight)
        nn.init.normal_(model.norm.bias)
        nn.init.normal_(model.last.weight)  # logits that differ by whole numbers
    return model.eval()


def images(n: int = 3, channels: int = 3, side: int = SIDE, seed: int = 1) -> Tensor:
    return 2 * torch.rand(n, channels, side, side, generator=torch.Generator().manual_seed(seed)) - 1


@dataclass
class Make:
    """model: built anew. twin: the same function, plainly written. refused: method → what the sentence must say."""

    model: nn.Module
    twin: nn.Module
    output: object = None
    refused: dict[str, str] = field(default_factory=dict)
    images: Tensor = field(default_factory=images)


def written(forward: Callable[[nn.Module, Tensor], object], **settings) -> nn.Module:
    """``Plain`` with another forward."""

    class Written(Plain):
        pass

    Written.forward = forward
    model = Written(**settings).eval()
    model.load_state_dict(plain(**settings).state_dict())
    return model


def with_acts(act: Callable) -> Callable:
    """A forward that calls a function instead of the layers."""
    return lambda self, x: self.last(self.pool(act(self.conv2(act(self.norm(self.conv1(x)))))).flatten(1))


def ignored(self, x):
    x = self.norm(self.conv1(x))
    self.act1(x)  # in place, and nothing is returned to anybody
    x = self.conv2(x)
    self.act2(x)
    return self.last(self.flat(self.pool(x)))


def added(self, x):
    """A residual way around an in-place ReLU, added in place."""
    x = self.act1(self.norm(self.conv1(x)))
    y = self.conv2(x)
    y += x.mean((2, 3), keepdim=True).mean(1, keepdim=True)
    return self.last(self.flat(self.pool(self.act2(y))))


def added_plainly(self, x):
    x = self.act1(self.norm(self.conv1(x)))
    y = self.conv2(x) + x.mean((2, 3), keepdim=True).mean(1, keepdim=True)
    return self.last(self.flat(self.pool(self.act2(y))))


def spoiled(self, x):
    x = self.act1(self.norm(self.conv1(x)))
    y = self.conv2(x)
    x.mul_(2)
    return self.last(self.flat(self.pool(self.act2(y))))


def viewing(self, x):
    x = x.view(len(x), -1).view(x.shape)  # fails on what is not contiguous
    return Plain.forward(self, x)


def overwriting(self, x):
    return Plain.forward(self, x.mul_(0.5))  # its own input


def halving(self, x):
    return Plain.forward(self, 0.5 * x)


def in_place(model: nn.Module) -> nn.Module:
    for part in model.modules():
        if hasattr(part, "inplace"):
            part.inplace = True
    return model


def normed(how: Callable[[nn.Module], nn.Module], used: bool = True) -> Make:
    model = plain()
    model.conv2 = how(model.conv2)
    model.train(), model(images()), model.eval()
    if used:
        model(images())  # with slopes: old ones keep a weight that cannot be copied
    twin = plain()
    twin.load_state_dict({k: v for k, v in model.state_dict().items() if k in twin.state_dict()}, strict=False)
    with torch.no_grad():
        model(images())
        twin.conv2.weight.copy_(model.conv2.weight)
        if used:
            with torch.enable_grad():
                model(images())
    return Make(model, twin)


class Twice(Plain):
    """One layer for two uses; ``tied=False``: two layers with the same weights."""

    def __init__(self, tied: bool):
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(5)
            self.more = nn.Conv2d(8, 8, 3, padding=1)
            nn.init.normal_(self.more.weight, std=0.3)
        self.again, self.act3 = (self.more if tied else deepcopy(self.more)), nn.ReLU()

    def forward(self, x):
        x = self.act2(self.conv2(self.act1(self.norm(self.conv1(x)))))
        return self.last(self.flat(self.pool(self.act3(self.again(self.more(x))))))


def twice(tied: bool) -> nn.Module:
    model = Twice(tied)
    model.load_state_dict(plain().state_dict(), strict=False)
    return model.eval()


Heads = namedtuple("Heads", ("features", "logits"))
# Methods by what they say of themselves.
ALL = tuple(ATTRIBUTIONS)
ON_THE_MODEL = tuple(name for name, method in ATTRIBUTIONS.items() if not method.copies_model)  # the others get a copy
COPIES = tuple(name for name in ALL if name not in ON_THE_MODEL)
SLOPES = tuple(name for name in ON_THE_MODEL if ATTRIBUTIONS[name].uses_gradients)
SLOPES_OF_COPIES = tuple(name for name in COPIES if ATTRIBUTIONS[name].uses_gradients)
NO_RELU = {"guided backprop": "has no ReLU"}
NOT_DEEP = {"shap Deep": "shap's Deep"}


def several(form: Callable[[Tensor, Tensor], object], output: object) -> Make:
    return Make(written(lambda self, x: form(x.mean(1), Plain.forward(self, x))), plain(), output)


def hooked(kind: str) -> Make:
    model, twin = plain(), plain()
    if kind == "forward":  # it changes what the layer gives
        model.conv2.register_forward_hook(lambda part, inputs, output: 2 * output)
        with torch.no_grad():
            twin.conv2.weight.mul_(2), twin.conv2.bias.mul_(2)
        return Make(model, twin)
    if kind == "before":
        model.conv2.register_forward_pre_hook(lambda part, inputs: (2 * inputs[0],))
        with torch.no_grad():
            twin.conv2.weight.mul_(2)
        return Make(model, twin)
    model.conv2.register_full_backward_hook(lambda part, inwards, outwards: (3 * inwards[0],))
    return Make(model, twin, refused=dict.fromkeys(SLOPES, "'conv2' carries a backward hook"))


def compiled(how: str) -> Make:
    model = plain()
    if how == "whole":
        return Make(torch.compile(model, backend="eager"), plain())
    if how == "in place":
        model.compile(backend="eager")
    else:
        model.act2 = torch.compile(nn.Sequential(nn.ReLU(), nn.Identity()), backend="eager").eval()
    with torch.no_grad():
        model(images())  # compiled now: what is hung on later would not be called
    return Make(model, plain())


def trains(which: str) -> Make:
    model = plain()
    (model.norm if which == "norm" else model).train()
    what = "'norm' of the Plain is in train mode" if which == "norm" else "the Plain is in train mode"
    return Make(model, plain(), refused=dict.fromkeys(ON_THE_MODEL, what))  # a copy is in eval mode


def frozen() -> nn.Module:
    model = plain().requires_grad_(False)
    model.last.requires_grad_(True)
    return model


def statistics_of_the_batch() -> Make:
    model = plain()
    model.norm = nn.BatchNorm2d(6, track_running_stats=False).eval()
    return Make(model, plain(), refused=dict.fromkeys(ALL, "'norm' is batch norm without running statistics"))


def laid_out() -> Make:
    return Make(
        plain().to(memory_format=torch.channels_last), plain(), images=images().to(memory_format=torch.channels_last)
    )


def one_relu() -> nn.Module:
    model = plain()
    model.act2 = model.act1
    return model


MAKES: dict[str, Callable[[], Make]] = {
    "in-place layers": lambda: Make(in_place(plain()), plain()),
    "F.relu": lambda: Make(written(with_acts(F.relu)), plain(), refused=NOT_DEEP),
    "F.relu in place": lambda: Make(written(with_acts(lambda x: F.relu(x, inplace=True))), plain(), refused=NOT_DEEP),
    "x.relu_()": lambda: Make(written(with_acts(torch.Tensor.relu_)), plain(), refused=NOT_DEEP),
    "what ReLU returns is ignored": lambda: Make(
        in_place(written(ignored)), plain(), refused=dict.fromkeys(COPIES, "relies on in-place layers")
    ),
    "added in place": lambda: Make(in_place(written(added)), written(added_plainly), refused=NOT_DEEP),
    "overwrites what its slopes need": lambda: Make(
        written(spoiled),
        written(spoiled),
        refused=dict.fromkeys(SLOPES, "torch cannot take slopes .* in-place")
        | dict.fromkeys(SLOPES_OF_COPIES, "torch cannot take slopes")
        | NOT_DEEP,
    ),
    "LeakyReLU": lambda: Make(in_place(plain(act=nn.LeakyReLU)), plain(act=nn.LeakyReLU), refused=NO_RELU),
    "F.leaky_relu": lambda: Make(written(with_acts(F.leaky_relu)), plain(act=nn.LeakyReLU), refused=NO_RELU | NOT_DEEP),
    "SiLU": lambda: Make(in_place(plain(act=nn.SiLU)), plain(act=nn.SiLU), refused=NO_RELU | NOT_DEEP),
    "one ReLU module for both": lambda: Make(one_relu(), plain(), refused=NOT_DEEP),
    "one layer twice": lambda: Make(twice(True), twice(False)),
    "train mode": lambda: trains("all"),
    "batch norm alone in train mode": lambda: trains("norm"),
    "statistics of the batch": statistics_of_the_batch,
    "old weight_norm": lambda: normed(weight_norm),
    "weight_norm": lambda: normed(parametrizations.weight_norm),
    "old spectral_norm": lambda: normed(spectral_norm),
    "spectral_norm": lambda: normed(parametrizations.spectral_norm),
    "tuple": lambda: several(lambda a, b: (a, b), 1),
    "list": lambda: several(lambda a, b: [a, b], -1),
    "dict": lambda: several(lambda a, b: {"features": a, "logits": b}, "logits"),
    "named tuple by name": lambda: several(Heads, "logits"),
    "named tuple by number": lambda: several(Heads, 1),
    "dict by function": lambda: several(lambda a, b: {"features": a, "logits": b}, lambda found: found["logits"]),
    "compiled": lambda: compiled("whole"),
    "compiled in place": lambda: compiled("in place"),
    "a compiled part": lambda: compiled("part"),
    "view": lambda: Make(written(viewing), plain()),
    "view, channels last": lambda: Make(
        written(viewing), plain(), images=images().to(memory_format=torch.channels_last)
    ),
    "channels last": laid_out,
    "images that are a slice": lambda: Make(written(viewing), plain(), images=images(side=20)[..., 2:14, 5:17]),
    "overwrites its input": lambda: Make(written(overwriting), written(halving)),
    "a forward hook": lambda: hooked("forward"),
    "a hook before": lambda: hooked("before"),
    "a backward hook": lambda: hooked("backward"),
    "frozen": lambda: Make(frozen(), plain()),
    "one channel": lambda: Make(plain(channels=1), plain(channels=1), images=images(channels=1)),
}
