"""Plain networks, plain constructors. They return images in [−1, 1], points, or logits, never probabilities."""

from course_lib.models.cnn import DigitCNN
from course_lib.models.dcgan import DCDiscriminator, DCGenerator
from course_lib.models.judge import Judge
from course_lib.models.likelihood import Bernoulli, Gaussian, binarised
from course_lib.models.linear_vae import LinearVAE
from course_lib.models.minibatch import MinibatchDiscrimination, MinibatchStddev
from course_lib.models.mlp import MLPDiscriminator, MLPGenerator, count_parameters
from course_lib.models.points import PointDiscriminator, PointGenerator
from course_lib.models.shared_norm import SharedBatchNorm2d, with_shared_batch_norm
from course_lib.models.vae import MLPVAE, VAE, ConvVAE
from course_lib.models.wrappers import as_classifier, as_discriminator, as_generator

__all__ = [
    "MLPVAE",
    "VAE",
    "Bernoulli",
    "ConvVAE",
    "DCDiscriminator",
    "DCGenerator",
    "DigitCNN",
    "Gaussian",
    "Judge",
    "LinearVAE",
    "MLPDiscriminator",
    "MLPGenerator",
    "MinibatchDiscrimination",
    "MinibatchStddev",
    "PointDiscriminator",
    "PointGenerator",
    "SharedBatchNorm2d",
    "as_classifier",
    "as_discriminator",
    "as_generator",
    "binarised",
    "count_parameters",
    "with_shared_batch_norm",
]
