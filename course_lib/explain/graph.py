"""The graph of a network, from the module itself: what feeds what, shapes, parameters, what a place sees and paints.

Traced by ``torch.fx``; then one run with random inputs measures the rest. ``show.graph`` draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from course_lib.errors import CourseError
from course_lib.explain.model import check_not_scripted, explain_copy
from course_lib.models.wrappers import class_name

PROBES = 16  # random inputs: a ReLU or a maximum that hides a pixel in one shows it in another


@dataclass(frozen=True)
class Node:
    """A layer or an operation.

    Attributes:
        name: the layer's in the model, such as "body.4"; of an operation its own, such as "view".
        kind: what it is, such as "Conv2d 1 → 32, 4 × 4, stride 2".
        shape: of its output, without the batch.
        parameters: how many weights it has.
        inputs: names of the nodes that feed it.
        sees: rows and columns of the *input picture* on which one place of its maps depends (receptive field); None
            where it has no places, or the input is no picture.
        paints: rows and columns of the *output picture* that change with one place of its maps; None likewise.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    inputs: tuple[str, ...]
    sees: tuple[int, int] | None = None
    paints: tuple[int, int] | None = None


def network_graph(model: nn.Module, shape: tuple[int, ...], *, seed: int = 0) -> list[Node]:
    """All nodes, from the input to the output, each after those that feed it.

    Args:
        model: any whose way through ``forward`` does not depend on numbers; it is copied, and asked in eval mode.
        shape: of one input: (1, 28, 28) of a discriminator, (latent,) of a generator.
        seed: of the random inputs.

    Raises:
        CourseError: for a model that cannot be traced, or does not take such inputs.

    Example:
        >>> from course_lib.explain.graph import network_graph
        >>> from course_lib.models import MLPDiscriminator
        >>> [node.name for node in network_graph(MLPDiscriminator((8,)), (1, 28, 28))]
        ['input', 'body.0', 'body.1', 'body.2', 'body.3']
    """
    check_not_scripted(model)
    twin = explain_copy(model)
    try:
        traced = fx.GraphModule(twin, _Tracer().trace(twin))
    except Exception as problem:  # of any kind: what a forward does with a stand-in for a tensor is its own affair
        raise CourseError(
            f"the {class_name(model)} cannot be traced ({str(problem).splitlines()[0][:90]}): its forward must not "
            "choose its way by numbers; draw its parts, such as model.body."
        ) from problem
    x = torch.randn(PROBES, *shape, generator=torch.Generator().manual_seed(seed))
    x = x.to(next(twin.parameters(), x).device).requires_grad_()
    run = _Run(traced)
    try:
        final = run.run(x)
    except (RuntimeError, ValueError, TypeError) as problem:
        raise CourseError(
            f"the {class_name(model)} does not take inputs of shape {shape} ({str(problem).splitlines()[0][:90]})."
        ) from problem
    found: list[Node] = []
    feeds: dict[fx.Node, tuple[str, ...]] = {}
    for node in traced.graph.nodes:
        value = run.values.get(node)
        before = tuple(dict.fromkeys(name for parent in node.all_input_nodes for name in feeds.get(parent, ())))
        if not isinstance(value, Tensor) or node.op in ("output", "get_attr"):
            feeds[node] = before  # its readers are fed by what feeds it
            continue
        layer = twin.get_submodule(str(node.target)) if node.op == "call_module" else None
        name = "input" if node.op == "placeholder" else str(node.target) if layer is not None else node.name
        feeds[node] = (name,)
        found.append(
            Node(
                name,
                "input" if node.op == "placeholder" else kind_of(layer) if layer is not None else _operation(node),
                tuple(value.shape[1:]),
                sum(p.numel() for p in layer.parameters()) if layer is not None else 0,
                before,
                _extent(torch.autograd.grad(_centre(value), x, retain_graph=True, allow_unused=True)[0])
                if value.ndim == 4 and x.ndim == 4 and node.op != "placeholder"
                else None,
                _painted(traced, node, x, final) if value.ndim == 4 and final.ndim == 4 else None,
            )
        )
    return found


def kind_of(layer: nn.Module) -> str:
    """A layer in words.

    Args:
        layer: of any kind; of one that is not known here, its class.
    """
    name = type(layer).__name__.removeprefix("Parametrized")
    if isinstance(layer, nn.Linear):
        return f"{name} {layer.in_features} → {layer.out_features}"
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        (height, width), stride = layer.kernel_size, layer.stride[0]
        size = f"{name} {layer.in_channels} → {layer.out_channels}, {height} × {width}"
        return size + (f", stride {stride}" if stride != 1 else "")
    return name


def count_table(nodes: list[Node]) -> list[list[str]]:
    """Rows of a table: name, what it is, shape, parameters, sees, paints.

    Args:
        nodes: of :func:`network_graph`.
    """

    def area(extent: tuple[int, int] | None) -> str:
        return f"{extent[0]} × {extent[1]}" if extent else "–"

    return [
        [n.name, n.kind, " × ".join(map(str, n.shape)), f"{n.parameters:,}", area(n.sees), area(n.paints)]
        for n in nodes
    ]


class _Proxy(fx.Proxy):
    def __len__(self) -> int:
        return PROBES  # of a batch, as in x.view(len(x), -1), which torch.fx refuses to answer


class _Tracer(fx.Tracer):
    def proxy(self, node: fx.Node) -> fx.Proxy:
        return _Proxy(node, self)


class _Run(fx.Interpreter):
    """One run that keeps what every node gives; ``change`` may put another value in a node's place."""

    def __init__(self, traced: fx.GraphModule, change: tuple[fx.Node, Callable[[Tensor], Tensor]] | None = None):
        super().__init__(traced)
        self.values: dict[fx.Node, Any] = {}
        self.change = change

    def run_node(self, n: fx.Node) -> Any:
        value = super().run_node(n)
        if self.change and self.change[0] is n:
            value = self.change[1](value)
        self.values[n] = value
        return value


def _operation(node: fx.Node) -> str:
    return node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))


def _centre(maps: Tensor) -> Tensor:
    return maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2].sum()


def _extent(change: Tensor | None) -> tuple[int, int] | None:
    """Rows and columns of the box around all that is not 0."""
    if change is None:
        return None
    rows, columns = (change != 0).flatten(0, 1).any(0).nonzero().unbind(1)  # of any picture and channel
    if not len(rows):
        return None
    return int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)


def _painted(traced: fx.GraphModule, node: fx.Node, x: Tensor, before: Tensor) -> tuple[int, int] | None:
    def nudge(maps: Tensor) -> Tensor:
        maps = maps.clone()
        maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2] += 1 + maps.abs().max()
        return maps

    with torch.no_grad():
        after = _Run(traced, (node, nudge)).run(x)
    return _extent(after - before.detach())
