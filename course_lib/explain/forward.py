"""Ask a model of any make, and leave it as it was: train mode, compiled, tuples, in-place layers, notes it keeps."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.models.wrappers import Output, class_name, select_output


def model_outputs(model: nn.Module, inputs: Tensor, output: Output = None) -> Tensor:
    """The model's outputs for ``inputs``, which it cannot change: it gets a contiguous copy of them.

    Args:
        model: in eval mode.
        inputs: ``(N, …)``.
        output: where the model gives a tuple, dict or named tuple, the index or name of the part that is meant, or a
            function that takes the whole and gives a tensor.

    Raises:
        CourseError: see ``check_model``; where the model refuses the inputs; for several outputs without ``output``.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> from course_lib.explain.forward import model_outputs
        >>> class Two(nn.Module):
        ...     def forward(self, x):
        ...         return {"logits": x.flatten(1).sum(1, keepdim=True), "features": x}
        >>> model_outputs(Two().eval(), torch.ones(1, 1, 2, 2), output="logits")
        tensor([[4.]])
    """
    check_model(model)
    with untouched(model):
        try:
            # A copy, since a first layer may work in place; contiguous, since a model may use view.
            found = model(inputs.clone(memory_format=torch.contiguous_format))
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            raise CourseError(
                f"the {class_name(model)} cannot take images of shape {tuple(inputs.shape)}, {inputs.dtype} "
                f"on {inputs.device} ({_short(error)}): give it what it was trained on."
            ) from error
        return select_output(found, output, class_name(model))


def check_model(model: nn.Module) -> None:
    """Refuse what answers at random or by the other images of a batch.

    Args:
        model: what is to be asked.

    Raises:
        CourseError: for what is no module; for a part in train mode; for batch norm without running statistics; for a
            part that says of itself that it ``mixes_batch``, as the course's minibatch layers do: slopes, and answers
            to pictures with a part covered, would be those of the pictures that happen to be asked about together.
    """
    for name, part in checked_module(model).named_modules():
        if part.training and not hasattr(part, "_orig_mod"):
            what = f"the part {name!r} of the {class_name(model)}" if name else f"the {class_name(model)}"
            raise CourseError(
                f"{what} is in train mode, where dropout and batch norm make its answer depend on chance "
                "and on the other images: use explain_copy(model)."
            )
        if isinstance(part, nn.modules.batchnorm._BatchNorm) and part.running_mean is None:
            raise CourseError(
                f"{name or class_name(model)!r} is batch norm without running statistics, so that an image's "
                "answer depends on the others: use track_running_stats=True."
            )
        if getattr(part, "mixes_batch", False):
            raise CourseError(
                f"{name or class_name(model)!r} is {type(part).__name__}, through which an image's answer "
                "depends on the others of its batch, so that it has no map of its own: explain a model "
                "without such a layer."
            )


def checked_module(model: nn.Module) -> nn.Module:
    """The same ``model``, if it is a module.

    Args:
        model: what was given.

    Raises:
        CourseError: for anything else.
    """
    if not isinstance(model, nn.Module):
        raise CourseError(f"the model is a {type(model).__name__}: expected a torch.nn.Module.")
    return model


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Inside this block compiled parts run uncompiled; they would not call hooks that are set now.

    Afterwards the tensors that parts keep beside their weights are those of before: weight norm's and old spectral
    norm's ``weight``, which could else not be copied any more, and notes such as ``self.features = x``.

    Args:
        model: that is asked inside.

    Yields:
        Nothing.
    """
    before = [(vars(part), dict(vars(part))) for part in model.modules()]
    try:
        with eager():
            yield
    finally:
        for now, then in before:
            for name in [n for n in {*now, *then} if isinstance(now.get(n), Tensor) or isinstance(then.get(n), Tensor)]:
                if name in then:
                    now[name] = then[name]
                else:
                    del now[name]


def eager() -> AbstractContextManager[object]:
    """A block in which whatever was compiled runs uncompiled. Nothing was where torch's compiler is not loaded."""
    return torch.compiler.set_stance("force_eager") if "torch._dynamo" in sys.modules else nullcontext()


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]
