"""Maps that no model was asked for: what every explanation must be compared with."""

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad


def control_maps(images: Tensor, seed: int = 0) -> dict[str, Tensor]:
    """Attributions ``(N, 1, H, W)`` without a model. A method that does no better has explained nothing.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
        seed: of the noise.

    Returns:
        "random" (normal noise), "intensity" (the image itself, from 0 for black to 1), "Sobel" (the strength of edges).
    """
    grey = images.mean(1, keepdim=True)  # (N, 1, H, W)
    kernel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]).to(images)[None, None]
    # Borders continue: zeros around would be grey beside black, an edge where there is none.
    across, down = (conv2d(pad(grey, (1, 1, 1, 1), mode="replicate"), k) for k in (kernel, kernel.mT))
    g = torch.Generator().manual_seed(seed)
    return {
        "random": torch.randn(grey.shape, generator=g).to(images),
        "intensity": (grey + 1) / 2,
        "Sobel": (across**2 + down**2).sqrt(),
    }
