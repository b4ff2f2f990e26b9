"""Shape without size: holes of one picture, and pieces and holes of a cloud of pictures, by persistent homology.

A *diagram* lists what appears and disappears while a threshold moves: rows ``(birth, death)``. Pieces are dimension 0,
holes dimension 1. Complexes and diagrams are gudhi's; pieces of a cloud are scipy's single linkage.
"""

import gudhi
import numpy as np
import torch
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import cdist
from torch import Tensor

from course_lib.errors import CourseError, check_positive, check_whole_number


def picture_diagram(image: Tensor, dimension: int = 1) -> Tensor:
    """Pieces (0) or holes (1) of a picture while ink is added from bright to dark, ``(features, 2)``.

    A hole that is born at brightness b and filled at d has the row (b, d), b ≥ d, brightnesses in [−1, 1]; what never
    ends has −1. These are the superlevel sets of a cubical complex.

    Args:
        image: one channel, ``(1, H, W)`` or ``(H, W)``, in [−1, 1].
        dimension: 0 or 1.

    Raises:
        CourseError: for another shape or dimension.
    """
    if dimension not in (0, 1):
        raise CourseError(f"dimension={dimension!r}: use 0 for pieces or 1 for holes.")
    flat = image.squeeze(0) if image.ndim == 3 else image
    if flat.ndim != 2:
        raise CourseError(f"a picture of shape {tuple(image.shape)}: use one of one channel, (1, H, W).")
    # A frame of paper: else a stroke and the edge of the picture could close a hole that is none.
    framed = np.pad(flat.detach().double().cpu().numpy(), 1, constant_values=-1.0)
    cubes = gudhi.CubicalComplex(vertices=-framed)  # pixels as vertices: ink that touches at a side is together
    cubes.compute_persistence(homology_coeff_field=2, min_persistence=0)
    found = cubes.persistence_intervals_in_dimension(dimension).reshape(-1, 2)
    return torch.from_numpy(-np.minimum(found, 1.0)).reshape(-1, 2)


def count_holes(images: Tensor, depth: float = 0.5) -> Tensor:
    """How many holes of each picture are at least so deep, int64 ``(N,)``.

    Args:
        images: one channel, ``(N, 1, H, W)`` in [−1, 1].
        depth: brightness of the ring minus that of the darkest paper inside, above 0, at most 2.

    Raises:
        CourseError: for another depth.

    Example:
        >>> import torch
        >>> from course_lib.metrics.topology import count_holes
        >>> eight = -torch.ones(1, 1, 9, 9)
        >>> eight[..., 1:8, 2:7], eight[..., 2:4, 3:6], eight[..., 5:7, 3:6] = 1.0, -1.0, -1.0
        >>> count_holes(eight)
        tensor([2])
    """
    check_positive("depth", depth)
    holes = [picture_diagram(image) for image in images]
    return torch.tensor([int((each[:, 0] - each[:, 1] >= depth).sum()) for each in holes], dtype=torch.long)


def merging_distances(points: Tensor) -> Tensor:
    """The deaths of dimension 0: the distances at which a cloud's pieces merge, rising, float64 ``(N − 1,)``.

    They are the heights of single linkage, or the edges of the minimum spanning tree.

    Args:
        points: ``(N, d)``.

    Raises:
        CourseError: for fewer than two.
    """
    return torch.from_numpy(linkage(_cloud(points), "single")[:, 2])


def merging_distance_gap(real: Tensor, fake: Tensor) -> float:
    """How differently two clouds fall into pieces: the Wasserstein-1 distance of their merging distances, at least 0.

    Args:
        real, fake: ``(N, d)``, equally many, since more points lie closer.

    Raises:
        CourseError: for other numbers of points, or fewer than two.
    """
    if len(real) != len(fake):
        raise CourseError(f"{len(real)} and {len(fake)} points: use equally many, for more points lie closer together.")
    return (merging_distances(real) - merging_distances(fake)).abs().mean().item()


def cloud_diagram(points: Tensor, dimension: int = 1, longest: float = float("inf")) -> Tensor:
    """Pieces (0), holes (1) of a cloud while balls around its points grow, ``(features, 2)``: a Vietoris-Rips complex.

    Args:
        points: ``(N, d)``; a few hundred, for the cost grows with N³.
        dimension: 0 or 1.
        longest: the greatest distance that is looked at; what lives on has it as its death.

    Raises:
        CourseError: for another dimension, or fewer than two points.
    """
    if dimension not in (0, 1):
        raise CourseError(f"dimension={dimension!r}: use 0 for pieces or 1 for holes.")
    rips = gudhi.RipsComplex(points=_cloud(points), max_edge_length=longest)
    tree = rips.create_simplex_tree(max_dimension=1)
    if dimension:
        tree.collapse_edges()  # the same diagram by far fewer triangles
        tree.expansion(2)
    tree.compute_persistence()
    found = tree.persistence_intervals_in_dimension(dimension).reshape(-1, 2)
    return torch.from_numpy(np.where(np.isinf(found), longest, found))


def bootstrap_band(points: Tensor, *, draws: int = 100, share: float = 0.95, seed: int = 0) -> float:
    """How far a cloud lies from draws of itself (a quantile of the Hausdorff distance), at least 0.

    A rule of thumb after Fasy and others 2014, section 4: what lives longer than twice this is hardly chance. (Their
    proof draws fewer points, without replacement, and takes twice the quantile, on the scale of radii.)

    Args:
        points: ``(N, d)``.
        draws: with replacement, of N points each.
        share: confidence, between 0 and 1.
        seed: of the draws.

    Raises:
        CourseError: for a share that is none, and fewer than two points.
    """
    if not 0 < share < 1:
        raise CourseError(f"share={share!r}: use a confidence between 0 and 1, such as 0.95.")
    cloud, g = _cloud(points), np.random.default_rng(seed)
    apart, found = cdist(cloud, cloud), []
    for _ in range(check_whole_number("draws", draws)):
        found.append(apart[:, np.unique(g.integers(len(cloud), size=len(cloud)))].min(1).max())
    return float(np.quantile(found, share))


def _cloud(points: Tensor) -> np.ndarray:
    if points.ndim != 2 or len(points) < 2:
        raise CourseError(f"points of shape {tuple(points.shape)}: use at least two, (N, d).")
    return points.detach().double().cpu().numpy()
