"""The machine is described, and not named."""

import platform

import torch

from course_lib import machine


def test_it_is_described_without_its_name():
    words = machine.describe()
    assert platform.node() not in words
    assert f"PyTorch {'.'.join(torch.__version__.split('.')[:2])}" in words
    assert "1 thread," in words and "3 threads," in machine.describe(threads=3)
