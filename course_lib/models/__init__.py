"""Plain networks, plain constructors. They return images in [−1, 1] or logits, never probabilities."""

from course_lib.models.dcgan import DCDiscriminator, DCGenerator
from course_lib.models.judge import Judge
from course_lib.models.mlp import MLPDiscriminator, MLPGenerator, count_parameters

__all__ = ["DCDiscriminator", "DCGenerator", "Judge", "MLPDiscriminator", "MLPGenerator", "count_parameters"]
