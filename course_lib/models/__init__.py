"""Plain networks, plain constructors. They return images in [−1, 1], points, or logits, never probabilities."""

from course_lib.models.dcgan import DCDiscriminator, DCGenerator
from course_lib.models.judge import Judge
from course_lib.models.minibatch import MinibatchDiscrimination, MinibatchStddev
from course_lib.models.mlp import MLPDiscriminator, MLPGenerator, count_parameters
from course_lib.models.points import PointDiscriminator, PointGenerator

__all__ = ["DCDiscriminator", "DCGenerator", "Judge", "MLPDiscriminator", "MLPGenerator", "MinibatchDiscrimination",
           "MinibatchStddev", "PointDiscriminator", "PointGenerator", "count_parameters"]  # fmt: skip
