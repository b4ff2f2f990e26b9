"""Inception features, in which published Fréchet and kernel distances are taken; for those who have the weights.

The course measures in its judge's features, which suit digits and ship with it. Papers use the 2,048 features of an
Inception network trained on ImageNet, whose weights (91 MB) the course neither ships nor downloads.
"""

import torch
from torch import Tensor

from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.files import cache_dir, check_sha256

# torch-fidelity's file, as its release names it; the name ends with the beginning of its SHA-256.
WEIGHTS = "weights-inception-2015-12-05-6726825d.pth"


@torch.no_grad()
def inception_features(images: Tensor, batch: int = 50, device: torch.device | str = "cpu") -> Tensor:
    """Features ``(N, 2048)``, on the CPU, by torch-fidelity.

    For ``frechet_distance`` (the published FID; Heusel et al. 2017) and ``kernel_distance_spread`` (KID).

    Args:
        images: ``(N, 1 or 3, H, W)`` in [−1, 1].
        batch: images that are asked about together.
        device: where Inception runs.

    Raises:
        CourseError: without the package torch-fidelity; without the weights (it says which file goes where).
        DataCorrupt: when the weights' checksum is wrong; the file stays as it is.
    """
    check_images(images)
    if images.shape[1] not in (1, 3):
        raise CourseError(f"images have {images.shape[1]} channels: Inception sees 3, or 1 that is repeated.")
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    except ImportError:
        raise CourseError(
            "Inception features need the package torch-fidelity: pip install torch-fidelity, or use the "
            "judge's features (judge_outputs)."
        ) from None
    path = cache_dir() / WEIGHTS
    if not path.is_file():
        raise CourseError(
            f"Inception's weights are not there: put torch-fidelity's {WEIGHTS} (91 MB, from its releases page) into "
            f"{path.parent}, or use the judge's features (judge_outputs)."
        )
    check_sha256(path, path.stem.rpartition("-")[2], "move it away and fetch torch-fidelity's again")
    torch.load(path, weights_only=True)  # raises on a file that would run code, which torch-fidelity would let it
    network = FeatureExtractorInceptionV3("inception", ["2048"], feature_extractor_weights_path=str(path)).to(device)
    features = []
    for part in images.split(batch):
        pixels = ((part.to(device) + 1) * 127.5).round().to(torch.uint8)  # (n, C, H, W) in 0 … 255
        features.append(network(pixels.expand(-1, 3, -1, -1))[0].cpu())
    return torch.cat(features)
