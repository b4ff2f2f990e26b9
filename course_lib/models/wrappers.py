"""Any module of somebody else's as generator, discriminator or classifier: eager or compiled, whatever it returns."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.models.eval_mode import eval_mode

# Which part of what a network returns: a place, a name, or a function of the whole.
Output = int | str | Callable[[Any], Tensor] | None
WHERE = ", in as_generator, as_discriminator or as_classifier"


def select_output(returned: Any, output: Output, network: str, where: str = "") -> Tensor:
    """The one tensor that is meant of what a network returned.

    Args:
        returned: whatever it was.
        output: None where it is one tensor; else the index or name of the part, or a function of the whole.
        network: its name, for the sentence.
        where: which function takes ``output``, for the sentence: ", in as_generator", say.

    Raises:
        CourseError: for a tuple, dict or object without ``output``, or one that has no such part; for an index or name
            where one tensor was returned.

    Example:
        >>> import torch
        >>> from course_lib.models.wrappers import select_output
        >>> select_output({"logits": torch.zeros(2, 1), "hidden": torch.zeros(2, 9)}, "logits", "Net").shape
        torch.Size([2, 1])
    """
    if isinstance(returned, Tensor) and not callable(output):
        if output is None:
            return returned
        raise CourseError(f"output={output!r}, but the {network} gives one tensor: leave output= out.")
    names = list(returned) if isinstance(returned, Mapping) else list(getattr(returned, "_fields", ()))
    gives = f"the {network} gives a {type(returned).__name__}"
    if names:
        gives += f" with {', '.join(map(repr, names[:8]))}"
    elif isinstance(returned, tuple | list):
        gives += f" of {len(returned)}"
    if output is None:
        first = (names or [0])[0]
        raise CourseError(
            f"{gives}, not a tensor: say which part is meant, as output={first!r} or a function of it{where}."
        )
    try:
        if callable(output):
            part = output(returned)
        elif isinstance(output, str) and not isinstance(returned, Mapping):
            part = getattr(returned, output)
        else:
            part = returned[None if isinstance(output, bool) else output]
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        why = str(error).partition("\n")[0][:120]
        raise CourseError(f"{gives}, and output={output!r} is not in it ({why}): use one that is.") from error
    if not isinstance(part, Tensor):
        raise CourseError(f"{gives}, and output={output!r} is a {type(part).__name__}: choose one that is a tensor.")
    return part


def class_name(network: nn.Module) -> str:
    """The name of a network's class; of the wrapped or compiled one, where it is in here or in torch's compiler.

    Args:
        network: any module.
    """
    inner = network.module if isinstance(network, _Wrapped) else network
    return type(getattr(inner, "_orig_mod", inner)).__name__


class _Wrapped(nn.Module):
    def __init__(self, module: nn.Module, output: Output = None):
        super().__init__()
        if not isinstance(module, nn.Module):
            raise CourseError(f"{module!r} is no torch.nn.Module: give the network, not its class or a function.")
        self.module, self.output = module, output
        self.training = module.training  # else a module in eval mode would look like a part that was frozen

    def _ask(self, *inputs: Tensor) -> Tensor:
        return select_output(self.module(*inputs), self.output, class_name(self), WHERE)


class WrappedGenerator(_Wrapped):
    """Somebody else's module as the course's generator: see :func:`as_generator`, which finds out how it is asked.

    Args:
        module: that module.
        latent: how many numbers it is given.
        axes: 2 if it takes ``(N, latent)``, 4 if ``(N, latent, 1, 1)``.
        values: what its black and white are.
        output: see :func:`select_output`.
    """

    def __init__(self, module: nn.Module, latent: int, axes: int, values: tuple[float, float], output: Output = None):
        super().__init__(module, output)
        self.latent, self.axes, (self.black, self.white) = latent, axes, values

    def forward(self, z: Tensor) -> Tensor:
        """Images ``(N, C, H, W)`` in [−1, 1].

        Args:
            z: latents ``(N, latent)``.
        """
        images = self._ask(z if self.axes == 2 else z[:, :, None, None])  # (N, C, H, W)
        if (self.black, self.white) == (-1, 1):
            return images
        return 2 * (images - self.black) / (self.white - self.black) - 1


def as_generator(
    module: nn.Module,
    latent: int | None = None,
    *,
    axes: int | None = None,
    output: Output = None,
    values: tuple[float, float] = (-1, 1),
) -> WrappedGenerator:
    """``module`` as the course's generator: latents ``(N, latent)`` → images ``(N, C, H, W)`` in [−1, 1].

    Args:
        module: somebody else's.
        latent: the length of its input; None: its attribute ``latent``.
        axes: 2 if it takes ``(N, latent)``, 4 if ``(N, latent, 1, 1)``; None: tried.
        output: see :func:`select_output`.
        values: what its black and white are, (0, 1) if it ends in a sigmoid.

    Raises:
        CourseError: for a latent that it does not take, or values that are no two numbers.

    Example:
        >>> import torch
        >>> from torch import nn
        >>> from course_lib.models import as_generator
        >>> net = nn.Sequential(nn.Linear(8, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))
        >>> as_generator(net, latent=8, values=(0, 1))(torch.randn(3, 8)).shape
        torch.Size([3, 1, 28, 28])
    """
    latent = getattr(module, "latent", None) if latent is None else latent
    if isinstance(latent, bool) or not isinstance(latent, int) or latent < 1:
        raise CourseError(f"latent={latent!r}: state how many numbers the generator is given, as in latent=100.")
    if axes not in (None, 2, 4):
        raise CourseError(f"axes={axes!r}: use 2 for latents (N, {latent}) or 4 for (N, {latent}, 1, 1).")
    if not isinstance(values, tuple | list) or len(values) != 2 or not values[0] < values[1]:
        raise CourseError(f"values={values!r}: use two numbers, black first and white above it, such as (0, 1).")
    said = []
    for tried in (2, 4) if axes is None else (axes,):
        made = WrappedGenerator(module, latent, tried, values, output)
        try:
            with torch.random.fork_rng(), torch.no_grad(), eval_mode(module) as device:
                made(torch.zeros(2, latent, device=device))
            return made
        except CourseError:
            raise
        except Exception as problem:  # whatever somebody's module raises where the shape is wrong
            said.append((str(problem).strip().splitlines() or ["?"])[0])
    shapes = " nor ".join(f"(N, {latent})" if a == 2 else f"(N, {latent}, 1, 1)" for a in ((axes,) if axes else (2, 4)))
    raise CourseError(f"the {class_name(module)} does not take latents {shapes} ({said[0]}): state its latent=.")


class WrappedDiscriminator(_Wrapped):
    """Somebody else's module as the course's discriminator: see :func:`as_discriminator`."""

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: images ``(N, C, H, W)``.
        """
        logits = self._ask(x)
        return logits.reshape(len(logits), 1) if logits.ndim and logits.numel() == len(logits) else logits


def as_discriminator(module: nn.Module, output: Output = None) -> WrappedDiscriminator:
    """``module`` as the course's discriminator: images ``(N, C, H, W)`` → logits ``(N, 1)``.

    That it gives logits, not probabilities, a ``Game`` checks.

    Args:
        module: somebody else's; it gives ``(N,)``, ``(N, 1)`` or ``(N, 1, 1, 1)``.
        output: see :func:`select_output`.
    """
    return WrappedDiscriminator(module, output)


class WrappedClassifier(_Wrapped):
    """Somebody else's module as the course's classifier: see :func:`as_classifier`."""

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N, classes)``.

        Args:
            x: images ``(N, C, H, W)``.
        """
        logits = self._ask(x)
        if logits.ndim == 1 or (logits.ndim == 2 and logits.shape[1] == 1):
            logits = logits.view(-1, 1)
            return torch.cat([torch.zeros_like(logits), logits], 1)  # softmax of (0, l) is (1 − σ(l), σ(l))
        return logits


def as_classifier(module: nn.Module, output: Output = None) -> WrappedClassifier:
    """``module`` as the course's classifier: images ``(N, C, H, W)`` → logits ``(N, classes)``.

    Its layers are found by their own names behind ``module.``: ``grad_cam(…, layer="module.layer4")``.

    Args:
        module: somebody else's. One logit an image, ``(N,)`` or ``(N, 1)``, that of class 1 of two, becomes (0, logit).
        output: see :func:`select_output`.
    """
    return WrappedClassifier(module, output)
