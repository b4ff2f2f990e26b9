"""Explanations as pure functions ``(model, target, images, …) → attribution``, one small file a family.

An *attribution* has the images' shape ``(N, C, H, W)`` (or ``(N, 1, H, W)`` where a method does not see channels): how
much each pixel speaks for the target, positive for it, negative against it. A *target* turns the model's outputs into
one number per image (see ``course_lib.explain.targets``).

An image's map is the same alone and in a batch, up to rounding (and, where chance is in it, up to chance). So models
in which images of a batch see one another are refused by name: batch norm in train mode, minibatch layers. A layer of
your own that does so says it by an attribute ``mixes_batch = True``.

``ATTRIBUTIONS`` has them all behind one call, by name (see ``course_lib.explain.contracts``).
"""

from course_lib.explain.cam import grad_cam, hires_cam
from course_lib.explain.contracts import Attribution, FunctionAttribution
from course_lib.explain.gradients import gradient, guided_backprop, integrated_gradients, smooth_grad
from course_lib.explain.lime import lime, lime_samples, lime_unseen_r2, lime_weights
from course_lib.explain.model import explain_copy
from course_lib.explain.occlusion import occlusion
from course_lib.explain.segments import grid_segments
from course_lib.explain.shapley import exact_shapley, sampled_shapley, shapley_of_segments
from course_lib.explain.targets import class_logit, predicted_logit, realness, region_mean
from course_lib.explain.with_shap import deep_shap, gradient_shap, partition_shap

__all__ = [
    "ATTRIBUTIONS",
    "Attribution",
    "FunctionAttribution",
    "class_logit",
    "deep_shap",
    "exact_shapley",
    "explain_copy",
    "grad_cam",
    "gradient",
    "gradient_shap",
    "grid_segments",
    "guided_backprop",
    "hires_cam",
    "integrated_gradients",
    "lime",
    "lime_samples",
    "lime_unseen_r2",
    "lime_weights",
    "occlusion",
    "partition_shap",
    "predicted_logit",
    "realness",
    "region_mean",
    "sampled_shapley",
    "shapley_of_segments",
    "smooth_grad",
]

_METHODS: tuple[Attribution, ...] = (
    FunctionAttribution("gradient", gradient, uses_gradients=True),
    FunctionAttribution("SmoothGrad", smooth_grad, effort="samples", stochastic=True, uses_gradients=True),
    FunctionAttribution("integrated gradients", integrated_gradients, effort="steps", uses_gradients=True),
    FunctionAttribution("guided backprop", guided_backprop, uses_gradients=True),
    FunctionAttribution("Grad-CAM", grad_cam, "layer", uses_gradients=True),
    FunctionAttribution("HiResCAM", hires_cam, "layer", uses_gradients=True),
    FunctionAttribution("occlusion", occlusion),
    FunctionAttribution("LIME", lime, "segments", effort="samples", min_effort=60, stochastic=True),
    FunctionAttribution(
        "Shapley values", shapley_of_segments, "segments", effort="orders", min_effort=2, stochastic=True
    ),
    FunctionAttribution("shap Deep", deep_shap, "background", uses_gradients=True, copies_model=True),
    FunctionAttribution(
        "shap Gradient",
        gradient_shap,
        "background",
        effort="samples",
        stochastic=True,
        uses_gradients=True,
        copies_model=True,
    ),
    FunctionAttribution(
        "shap Partition", partition_shap, "background", effort="evaluations", min_effort=30, copies_model=True
    ),
)
ATTRIBUTIONS = {method.name: method for method in _METHODS}
