"""Generators that can be asked for something: a class (conditional GAN), or a code that nobody has named (InfoGAN)."""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from course_lib.errors import CourseError, check_whole_number
from course_lib.models.dcgan import DCDiscriminator, DCGenerator


def cycled_labels(n: int, classes: int, device: torch.device | None = None) -> Tensor:
    """Classes 0, 1, 2, …, 0, 1, …: int64 ``(n,)``.

    Args:
        n: how many.
        classes: that there are.
        device: where they are wanted; None: the CPU.

    Example:
        >>> from course_lib.models.conditional import cycled_labels
        >>> cycled_labels(5, classes=3)
        tensor([0, 1, 2, 0, 1])
    """
    return torch.arange(n, device=device) % classes


class ConditionalGenerator(nn.Module):
    """Latents ``(N, latent)`` and labels → images ``(N, channels, size, size)`` in (−1, 1).

    A ``DCGenerator`` that finds the class beside its latent, as a 1 among zeros (Mirza and Osindero 2014).
    Without labels it draws its classes in turn, so whatever takes a generator takes this one, too.

    Args:
        classes: how many, at least 2.
        latent: numbers in a latent, the class not counted.
        width, size, channels: as for ``DCGenerator``.

    Raises:
        CourseError: for another number of classes, or an unknown size.
    """

    def __init__(self, classes: int = 10, latent: int = 64, width: int = 32, size: int = 28, channels: int = 1):
        super().__init__()
        check_whole_number("classes", classes, least=2)
        self.latent, self.classes = latent, classes
        self.net = DCGenerator(latent + classes, width, size, channels)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images ``(N, channels, size, size)`` in (−1, 1).

        Args:
            z: latents ``(N, latent)``.
            labels: int64 ``(N,)`` in [0, classes); None: the classes in turn.
        """
        labels = cycled_labels(len(z), self.classes, z.device) if labels is None else labels
        labels = checked_labels(labels, len(z), self.classes)
        return self.net(torch.cat([z, one_hot(labels, self.classes).to(z)], 1))  # (N, channels, size, size)


class ConditionalDiscriminator(nn.Module):
    """Images and labels → logits ``(N, 1)``: "is this a real picture *of this class*?".

    Projection (Miyato and Koyama 2018, equation 3): the plain logit, plus the features multiplied by a vector that is
    learned for each class.

    Args:
        classes: how many.
        width, norm, size, channels: as for ``DCDiscriminator``.
    """

    def __init__(
        self, classes: int = 10, width: int = 32, norm: str | None = "batch", size: int = 28, channels: int = 1
    ):
        super().__init__()
        self.classes = classes
        self.net = DCDiscriminator(width, norm, "flat", size, channels)
        features = self.net.features(torch.zeros(2, channels, size, size)).shape[1]
        self.of_class = nn.Embedding(classes, features)
        nn.init.normal_(self.of_class.weight, 0.0, 0.02)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
            labels: int64 ``(N,)`` in [0, classes).
        """
        h = self.net.features(x)  # (N, features)
        mine = self.of_class(checked_labels(labels, len(x), self.classes))  # (N, features)
        return self.net.head[-1](h) + (mine * h).sum(1, keepdim=True)


class InfoGenerator(nn.Module):
    """Latents ``(N, latent)`` → images, where the first numbers of a latent are a **code** (Chen et al. 2016).

    Which of the first ``categories`` is largest says the category, each as often as the others; the next ``continuous``
    are used as they are. What is left is noise. So a code is drawn by drawing a normal latent, as for any generator.

    Args:
        categories: how many, at least 2.
        continuous: how many continuous codes, at least 0.
        latent: numbers in a latent, at least as many as both together.
        width, size, channels: as for ``DCGenerator``.

    Raises:
        CourseError: for numbers that do not fit one another.
    """

    def __init__(
        self,
        categories: int = 10,
        continuous: int = 2,
        latent: int = 64,
        width: int = 32,
        size: int = 28,
        channels: int = 1,
    ):
        super().__init__()
        if not (categories >= 2 and continuous >= 0 and latent >= categories + continuous):
            raise CourseError(
                f"categories={categories}, continuous={continuous} do not fit latent={latent}: use at "
                "least 2 categories, and a latent as long as both together."
            )
        self.latent, self.categories, self.continuous = latent, categories, continuous
        self.net = DCGenerator(latent, width, size, channels)

    def codes(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """The codes that latents stand for.

        Args:
            z: latents ``(N, latent)``.

        Returns:
            The category, int64 ``(N,)``, and the continuous codes ``(N, continuous)``.
        """
        return z[:, : self.categories].argmax(1), z[:, self.categories : self.categories + self.continuous]

    def forward(self, z: Tensor) -> Tensor:
        """Images ``(N, channels, size, size)`` in (−1, 1).

        Args:
            z: latents ``(N, latent)``.
        """
        category = one_hot(self.codes(z)[0], self.categories).to(z)
        return self.net(torch.cat([category, z[:, self.categories :]], 1))  # (N, channels, size, size)


class CodeReader(nn.Module):
    """InfoGAN's Q: images → which code they were made with.

    No batch norm: it is trained on generated pictures and then asked about real ones.

    Args:
        categories: how many.
        continuous: how many continuous codes.
        width, size, channels: as for ``DCDiscriminator``.
    """

    def __init__(self, categories: int = 10, continuous: int = 2, width: int = 16, size: int = 28, channels: int = 1):
        super().__init__()
        self.categories = categories
        self.body = DCDiscriminator(width, None, "flat", size, channels)
        features = self.body.features(torch.zeros(1, channels, size, size)).shape[1]
        self.body.head = nn.Sequential(
            nn.Flatten(), nn.Linear(features, 64), nn.LeakyReLU(0.2), nn.Linear(64, categories + continuous)
        )
        for m in self.body.modules():  # DCGAN's small weights are made for batch norm
            if isinstance(m, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(m.weight, 0.2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the code was, as far as an image tells.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].

        Returns:
            Logits of the categories ``(N, categories)``, and means of the continuous codes ``(N, continuous)``.
        """
        told = self.body(x)  # (N, categories + continuous)
        return told[:, : self.categories], told[:, self.categories :]


def checked_labels(labels: Tensor, n: int, classes: int) -> Tensor:
    """The same ``labels``, if they are int64 ``(n,)`` from 0 to ``classes`` − 1.

    Args:
        labels: what is looked at.
        n: how many images there are.
        classes: how many classes there are.

    Raises:
        CourseError: for anything else.
    """
    if not isinstance(labels, Tensor):
        raise CourseError(f"labels={labels!r}: use a tensor, int64 ({n},), such as torch.tensor([3, 1, …]).")
    if labels.shape != (n,) or labels.dtype != torch.int64 or (n and not 0 <= labels.min() <= labels.max() < classes):
        raise CourseError(
            f"labels of shape {tuple(labels.shape)}, {labels.dtype}, do not fit: use one int64 from 0 to "
            f"{classes - 1} for each of {n} images."
        )
    return labels
