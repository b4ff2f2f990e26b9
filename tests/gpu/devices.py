"""The devices the tests in this folder run on: CUDA, which is what they are for, and the CPU to check the tests."""

import pytest
import torch

on_cuda = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine"),
]
CUDA = pytest.param("cuda", marks=on_cuda)
DEVICES = ["cpu", CUDA]
PRECISIONS = [
    ("cpu", "float32"),
    ("cpu", "bf16"),
    *[pytest.param("cuda", precision, marks=on_cuda) for precision in ("float32", "bf16", "fp16")],
]
