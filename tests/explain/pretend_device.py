"""A pretended accelerator without float64, as Apple's MPS is: what runs on it in a test runs there.

Its tensors say that they are on another device, compute on the CPU, and refuse float64 and to be mixed with the CPU's.
"""

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

DEVICE = torch.device("meta")  # torch takes slopes along its tensors without an accelerator; nothing else of it is used


class NoFloat64(TypeError):
    """What MPS raises: "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support float64"."""


class There(Tensor):
    """A tensor on the pretended device; ``held`` has its numbers."""

    @staticmethod
    def __new__(cls, held: Tensor):
        if held.dtype == torch.float64:
            raise NoFloat64(f"a float64 tensor of shape {tuple(held.shape)} on the device")
        return Tensor._make_wrapper_subclass(
            cls, held.shape, held.stride(), held.storage_offset(), dtype=held.dtype, device=DEVICE
        )

    def __init__(self, held: Tensor):
        self.held = held

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return run(func, args, kwargs or {})


aten = torch.ops.aten
MIXING = (aten._to_copy, aten.copy_, aten.index, aten.index_put_)  # copies; and indices may come from the CPU


def run(func, args, kwargs):
    """One operation of torch, on the CPU, its result where it belongs."""
    every = [x for x in torch.utils._pytree.tree_leaves((args, kwargs)) if isinstance(x, Tensor)]
    there = any(isinstance(x, There) for x in every)
    named = kwargs.get("device")
    if any(x.device == DEVICE and not isinstance(x, There) for x in every):
        raise RuntimeError(f"{func} got a tensor that torch made on the device behind the pretence")
    mixed = there and any(not isinstance(x, There) and x.ndim for x in every)
    if mixed and func.overloadpacket not in MIXING:
        raise RuntimeError(f"{func} mixes tensors of two devices")
    if named is not None and torch.device(named) == DEVICE:
        there, kwargs = True, kwargs | {"device": torch.device("cpu")}
    elif named is not None:
        there = False
    found = func(*tree_map(_held, args), **tree_map(_held, kwargs))
    if func._schema.is_mutable and args and isinstance(args[0], There):
        return args[0]
    return (
        tree_map(lambda x: There(x) if isinstance(x, Tensor) and not isinstance(x, There) else x, found)
        if (there)
        else found
    )


def _held(x):
    return x.held if isinstance(x, There) else x


class Pretended(TorchDispatchMode):
    """Inside, tensors can also be made on the device."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return run(func, args, kwargs or {})


def to_there(x):
    """A tensor, or a module's weights and buffers, put on the device."""
    if isinstance(x, Tensor):
        return There(x.detach().clone())
    for part in x.modules():
        for name, weights in part._parameters.items():
            if weights is not None:
                part._parameters[name] = nn.Parameter(There(weights.detach().clone()), weights.requires_grad)
        for name, values in part._buffers.items():
            if values is not None:
                part._buffers[name] = There(values.clone())
    return x
