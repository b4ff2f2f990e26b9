"""Our explanations beside captum's, pytorch-grad-cam's, shap's and scikit-learn's, on the same model and images."""

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion, Saliency
from explained_models import images, pooled
from pytorch_grad_cam import GradCAM, HiResCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from sklearn.linear_model import Ridge

from course_lib.errors import CourseError
from course_lib.explain import (
    class_logit,
    exact_shapley,
    grad_cam,
    gradient,
    hires_cam,
    integrated_gradients,
    lime_unseen_r2,
    lime_weights,
    occlusion,
    sampled_shapley,
)

LABELS = torch.tensor([0, 1, 2, 1, 0])


def test_the_gradient_is_captums():
    model, x = pooled(), images()
    ours = gradient(model, class_logit(LABELS), x)
    torch.testing.assert_close(ours, Saliency(model).attribute(x, LABELS, abs=False), rtol=0, atol=1e-6)


def test_integrated_gradients_are_captums_by_the_same_rule():
    model, x = pooled(), images()
    ours = integrated_gradients(model, class_logit(LABELS), x, -1.0, steps=20)
    theirs = IntegratedGradients(model).attribute(x, -torch.ones_like(x), LABELS, n_steps=20, method="riemann_middle")
    torch.testing.assert_close(ours, theirs.float(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("flat", [False, True])
def test_grad_cam_is_captums(flat):
    model, x = pooled(flat=flat), images()
    ours = grad_cam(model, class_logit(LABELS), x, "body.2", signed=True)
    coarse = LayerGradCam(model, model.body[2]).attribute(x, LABELS)  # (5, 1, 6, 6)
    theirs = torch.nn.functional.interpolate(coarse, (12, 12), mode="bilinear", align_corners=False)
    assert ours.abs().max() > 0
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("ours", "library"), [(grad_cam, GradCAM), (hires_cam, HiResCAM)])
def test_the_maps_are_pytorch_grad_cams(ours, library):
    """Theirs are stretched to [0, 1] image by image and enlarged by OpenCV, so the shapes of the maps are compared."""
    model, x = pooled(flat=True), images()
    with library(model=model, target_layers=[model.body[2]]) as cam:
        theirs = torch.tensor(cam(x.clone(), [ClassifierOutputTarget(int(k)) for k in LABELS]))[:, None]
    mine = ours(model, class_logit(LABELS), x, "body.2")
    for a, b in zip(mine, theirs, strict=True):
        if a.max() > 0:
            assert np.corrcoef(a.flatten(), b.flatten())[0, 1] > 0.99


def test_occlusion_is_captums():
    """Captum gives a pixel the sum over the windows that cover it, normalised by their number."""
    model, x = pooled(), images()
    ours = occlusion(model, class_logit(LABELS), x, window=4, stride=2)
    theirs = Occlusion(model).attribute(x, (1, 4, 4), (1, 2, 2), -1.0, LABELS)
    torch.testing.assert_close(ours, theirs.float(), rtol=0, atol=1e-5)


def test_limes_regression_is_scikit_learns():
    g = torch.Generator().manual_seed(0)
    z = (torch.rand(300, 12, generator=g) < 0.5).double()
    y = z @ torch.randn(12, generator=g).double() + 0.1 * torch.randn(300, generator=g).double()
    ours, r2 = lime_weights(z, y, kernel_width=0.3, ridge=2.0)
    weights = np.exp(-((1 - np.sqrt(z.numpy().mean(1))) ** 2) / 0.3**2)
    theirs = Ridge(alpha=2.0).fit(z.numpy(), y.numpy(), sample_weight=weights)
    np.testing.assert_allclose(ours, theirs.coef_, atol=1e-10)
    assert r2 == pytest.approx(theirs.score(z.numpy(), y.numpy(), weights), abs=1e-10)


def test_limes_unseen_r2_is_scikit_learns_cross_validation():
    g = torch.Generator().manual_seed(0)
    z = (torch.rand(60, 40, generator=g) < 0.5).double()
    y = torch.randn(60, generator=g).double()  # nothing to find: only rows that were fitted look explained
    weights = np.exp(-((1 - np.sqrt(z.numpy().mean(1))) ** 2) / 0.25**2)
    missed = constant = 0
    for k in range(5):
        new = np.arange(60) % 5 == k
        fit = Ridge(alpha=1.0).fit(z[~new].numpy(), y[~new].numpy(), sample_weight=weights[~new])
        missed += (weights[new] * (y[new].numpy() - fit.predict(z[new].numpy())) ** 2).sum()
        constant += (weights[new] * (y[new].numpy() - np.average(y[~new], weights=weights[~new])) ** 2).sum()
    assert lime_unseen_r2(z, y) == pytest.approx(1 - missed / constant, abs=1e-10)
    assert lime_weights(z, y)[1] > 0.5 and lime_unseen_r2(z, y) < 0


def test_lime_unseen_refuses_folds_that_cannot_be():
    z, y = torch.eye(4), torch.ones(4)
    for folds in (0, 1, 5, True, 2.5):
        with pytest.raises(CourseError, match=f"folds={folds!r}"):
            lime_unseen_r2(z, y, folds=folds)


def test_shapley_values_are_shaps():
    import shap

    def value(z):  # a game with a pair and a triple that only earn together
        z = torch.as_tensor(np.asarray(z), dtype=torch.float64)
        return 2 * z[:, 0] - z[:, 1] + 3 * z[:, 1] * z[:, 2] + z[:, 3] * z[:, 4] * z[:, 0]

    exact = exact_shapley(value, 5)
    np.testing.assert_allclose(exact, [2 + 1 / 3, -1 + 1.5, 1.5, 1 / 3, 1 / 3], atol=1e-12)
    explainer = shap.KernelExplainer(lambda z: value(z).numpy(), np.zeros((1, 5)))
    theirs = explainer.shap_values(np.ones((1, 5)), l1_reg=0, silent=True)[0]
    np.testing.assert_allclose(exact, theirs, atol=1e-8)
    found, error = sampled_shapley(value, 5, orders=400)
    assert (found - exact).abs().max() < 4 * error.max() and found.sum() == pytest.approx(exact.sum().item())
