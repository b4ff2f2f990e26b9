"""Directions in a generator's latent space, found without labels: SeFa and GANSpace."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_whole_number
from course_lib.explain.forward import model_outputs
from course_lib.models.eval_mode import eval_mode


def sefa(weight: Tensor) -> tuple[Tensor, Tensor]:
    """The directions along which a linear layer's output changes most: eigenvectors of WᵀW, largest first.

    Shen and Zhou 2021, equation 5.

    Args:
        weight: W, ``(out, latent)``.

    Returns:
        Unit directions as rows ``(latent, latent)``, and the change each makes, ‖W n‖, descending ``(latent,)``.

    Raises:
        CourseError: for a weight of another shape, or that is not finite.

    Example:
        >>> import torch
        >>> from course_lib.explain.directions import sefa
        >>> directions, moved = sefa(torch.diag(torch.tensor([1.0, 3.0])))
        >>> directions.abs(), moved  # the second latent moves most
        (tensor([[0., 1.],
                [1., 0.]]), tensor([3., 1.]))
    """
    if not isinstance(weight, Tensor) or weight.ndim != 2 or not torch.isfinite(weight).all():
        raise CourseError(
            f"a weight of shape {tuple(getattr(weight, 'shape', ()))}: SeFa takes a linear layer's, "
            "(out, latent), of finite numbers."
        )
    values, vectors = torch.linalg.eigh((weight.T @ weight).detach().cpu().double())  # ascending
    order = values.argsort(descending=True)  # the reference code once left them unsorted
    directions, moved = vectors[:, order].T, values[order].clamp(min=0).sqrt()
    return directions.to(weight.dtype).to(weight.device), moved.to(weight.dtype).to(weight.device)


@torch.no_grad()
def ganspace(layer: nn.Module, latent: int, n: int = 10_000, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Principal components of a layer's output over random latents, carried back to z by regression.

    Härkönen et al. 2020, section 2.2.

    Args:
        layer: takes latents ``(n, latent)``.
        latent: numbers in a latent.
        n: how many are drawn, at least 2.
        seed: of the draw.

    Returns:
        Unit directions as rows ``(k, latent)``, and the standard deviation along each component ``(k,)``, k =
        min(latent, size of the output).

    Raises:
        CourseError: for a layer that does not take ``(n, latent)``; for fewer than 2 latents drawn.
    """
    g = torch.Generator().manual_seed(seed)
    z = torch.randn(check_whole_number("n", n, 2), check_whole_number("latent", latent), generator=g)
    with eval_mode(layer):
        y = model_outputs(layer, z.to(next(layer.parameters(), z))).flatten(1).cpu()  # (n, out)
    y = y - y.mean(0)
    k = min(latent, y.shape[1])
    if k < y.shape[1]:
        with torch.random.fork_rng(devices=[]):  # pca_lowrank begins with random numbers of its own
            torch.manual_seed(seed)
            _, spread, components = torch.pca_lowrank(y, q=k, center=False, niter=4)  # components (out, k)
    else:
        _, spread, rows = torch.linalg.svd(y, full_matrices=False)
        components = rows.T
    along = y @ components[:, :k]  # (n, k)
    back = torch.linalg.lstsq(along, z - z.mean(0)).solution  # (k, latent)
    return back / back.norm(dim=1, keepdim=True).clamp(min=1e-12), spread[:k] / (n - 1) ** 0.5
