"""A small library of models, trainers, measurements and teaching tools for the course's notebooks.

Importing it does no work and does not import torch, so that ``course doctor`` can still speak when torch is broken.
"""

__version__ = "0.2.0"
