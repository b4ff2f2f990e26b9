"""Our Grad-CAM against captum's and pytorch-grad-cam's, and a SHAP explanation against the naive call.

Each contestant explains the same digits on the same network, one thread, in turns; speed is measured, never asserted.
"""

import statistics
import time
import warnings

import pytest
import torch
from captum.attr import LayerAttribution, LayerGradCam
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from course_lib.data import load
from course_lib.explain import class_logit, deep_shap, explain_copy, grad_cam
from course_lib.models.cnn import DigitCNN
from course_lib.runtime import Runtime

DIGITS, BACKGROUND = 100, 30


def scene(n: int):
    runtime = Runtime.auto(device="cpu")
    digits = load("digits", runtime)
    with runtime.seeded("weights"):
        net = explain_copy(DigitCNN())
    return net, digits.images[:n], digits.labels[:n], digits.images[-BACKGROUND:]


def cams(net, x, labels) -> dict:
    """Each: () → maps (N, 1 or nothing, 28, 28), negative parts cut off."""

    def ours():
        return grad_cam(net, class_logit(labels), x, "body.4")

    def captums():
        coarse = LayerGradCam(net, net.body[4]).attribute(x, labels, relu_attributions=True)
        return LayerAttribution.interpolate(coarse, (28, 28), interpolate_mode="bilinear")

    def pytorch_grad_cams():
        with GradCAM(model=net, target_layers=[net.body[4]]) as cam:
            return torch.as_tensor(cam(x.clone(), [ClassifierOutputTarget(int(k)) for k in labels]))[:, None]

    return {"ours": ours, "captum": captums, "pytorch-grad-cam": pytorch_grad_cams}


def shaps(net, x, labels, background) -> dict:
    """Each: () → values of the digits' own classes (N, 1, 28, 28). The naive call explains all ten classes."""
    import shap

    def naive():
        every = torch.as_tensor(shap.DeepExplainer(net, background).shap_values(x, check_additivity=False))
        return every[torch.arange(len(x)), ..., labels].float()

    return {"ours": lambda: deep_shap(net, labels, x, background), "the naive call": naive}


def race(benchmark, contestants: dict, rounds: int, warm_up: int) -> dict[str, float]:
    """CPU seconds of each contestant's call: the median of the rounds, in which they take turns."""
    spent: dict[str, list[float]] = {name: [] for name in contestants}

    def one_round():
        turn = len(spent["ours"]) % len(contestants)
        names = list(contestants)
        for name in names[turn:] + names[:turn]:
            began = time.process_time()
            contestants[name]()
            spent[name].append(time.process_time() - began)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        benchmark.pedantic(one_round, rounds=rounds, warmup_rounds=warm_up)
    return {name: statistics.median(each[warm_up:]) for name, each in spent.items()}


@pytest.mark.parametrize("what", ["Grad-CAM", "shap Deep"])
def test_milliseconds_an_image(benchmark, table, measuring, what):
    if not measuring:
        pytest.skip("a measurement: run 'make bench'")
    net, x, labels, background = scene(DIGITS)
    slow = what == "shap Deep"
    contestants = shaps(net, x, labels, background) if slow else cams(net, x, labels)
    seconds = race(benchmark, contestants, rounds=1 if slow else 20, warm_up=0 if slow else 3)
    row = {
        "digits": DIGITS,
        "ms_an_image": {name: round(1000 * s / DIGITS, 3) for name, s in seconds.items()},
        "ratio": {name: round(s / seconds["ours"], 2) for name, s in seconds.items() if name != "ours"},
    }
    print(what, row)
    benchmark.extra_info.update(row)
    table("explain", what, row)


def test_the_contestants_compute_the_same():
    net, x, labels, background = scene(4)
    by_cam = {name: call() for name, call in cams(net, x, labels).items()}
    torch.testing.assert_close(by_cam["captum"].detach(), by_cam["ours"], rtol=0, atol=1e-5)
    for ours, theirs in zip(by_cam["ours"], by_cam["pytorch-grad-cam"], strict=True):  # theirs is stretched to [0, 1]
        if ours.max() > 0:
            assert torch.corrcoef(torch.stack([ours.flatten(), theirs.flatten()]))[0, 1] > 0.98
    by_shap = {name: call() for name, call in shaps(net, x, labels, background[:3]).items()}
    torch.testing.assert_close(by_shap["ours"], by_shap["the naive call"], rtol=0, atol=1e-5)
