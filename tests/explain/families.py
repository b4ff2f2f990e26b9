"""torchvision's classifiers with random weights, and what captum says of a layer where nothing is overwritten."""

import copy
import warnings

import torch
import torchvision
from captum.attr import LayerGradCam, Saliency
from torch import Tensor, nn
from torch.nn.functional import interpolate

# Each has what another lacks: in-place ReLU after batch norm, concatenation, fire modules, ReLU6, hard swish and gates,
# shuffled channels, SiLU, branches, grouped convolutions, layer norm with the channels last.
FAMILIES = (
    "resnet18",
    "vgg11_bn",
    "squeezenet1_1",
    "densenet121",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "shufflenet_v2_x0_5",
    "efficientnet_b0",
    "googlenet",
    "inception_v3",
    "regnet_y_400mf",
    "mnasnet0_5",
    "convnext_tiny",
)
SQUARE = 224
NORMS = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)


def family(name: str) -> nn.Module:
    """With random weights, and batch statistics that are not those of a fresh model."""
    quick = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}  # theirs take a minute
    with torch.random.fork_rng(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        model = getattr(torchvision.models, name)(weights=None, **quick)
        for part in model.modules():
            if isinstance(part, nn.modules.batchnorm._BatchNorm):
                part.running_mean.normal_(std=0.1)
                part.running_var.uniform_(0.5, 2)
    return model.eval()


def pictures(n: int = 2) -> Tensor:
    g = torch.Generator().manual_seed(1)
    return 2 * torch.rand(n, 3, SQUARE, SQUARE, generator=g) - 1


def layers(model: nn.Module) -> list[str]:
    """Every convolution and normalisation that a picture passes in eval mode on its way to the answer."""
    return [
        name
        for name, part in model.named_modules()
        if isinstance(part, (nn.Conv2d, *NORMS)) and not name.lower().startswith("aux")
    ]


class Cloned(nn.Module):
    """A layer whose output is handed on as a copy, so that whatever follows cannot overwrite what captum has kept."""

    def __init__(self, inner: nn.Module):
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x).clone()


def untouched_copy(model: nn.Module) -> nn.Module:
    """The same function without in-place ReLUs."""
    twin = copy.deepcopy(model)
    for part in twin.modules():
        if hasattr(part, "inplace"):
            part.inplace = False
    return twin


def true_grad_cam(model: nn.Module, at: str, x: Tensor, k: int) -> Tensor:
    """captum's Grad-CAM at a layer of ``untouched_copy``; with the channels last, it is asked for turned maps."""
    twin = untouched_copy(model)
    before, _, name = at.rpartition(".")
    parent, inner = twin.get_submodule(before), twin.get_submodule(at)
    setattr(parent, name, Cloned(inner))
    if type(inner) is nn.LayerNorm:  # not torchvision's LayerNorm2d, which turns its maps itself
        inner = Turned(inner)
        setattr(parent, name, nn.Sequential(inner, Cloned(inner.back)))
    coarse = LayerGradCam(twin, inner).attribute(x, k)
    return interpolate(coarse, x.shape[-2:], mode="bilinear", align_corners=False).detach()


class Turned(nn.Module):
    """A layer that works on ``(N, h, w, K)``, its output turned to ``(N, K, h, w)``."""

    def __init__(self, inner: nn.Module):
        super().__init__()
        self.inner, self.back = inner, Back()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x).permute(0, 3, 1, 2)


class Back(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1)


def true_gradient(model: nn.Module, x: Tensor, k: int) -> Tensor:
    return Saliency(untouched_copy(model)).attribute(x.clone().requires_grad_(True), k, abs=False).detach()


def difference(ours: Tensor, theirs: Tensor) -> float:
    """The largest, as a share of the largest value."""
    assert theirs.abs().max() > 0
    return ((ours - theirs).abs().max() / theirs.abs().max()).item()
