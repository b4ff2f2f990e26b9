"""Graphs of networks: torch's own shapes and counts, receptive fields by the formula, ways around, refusals."""

import pytest
import torch
from torch import nn

from course_lib import zoo
from course_lib.errors import CourseError
from course_lib.explain.graph import count_table, kind_of, network_graph
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator, count_parameters
from course_lib.show.graph import GraphDrawing


class Around(nn.Module):
    """A block with a way around it, and operations that are no layers."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = (
            nn.Conv2d(1, 4, 3, padding=1),
            nn.Conv2d(4, 4, 3, padding=1),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        a = torch.relu(self.first(x))
        return self.last((a + self.second(a)).view(len(x), -1))


class Chooses(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def by_name(nodes):
    return {node.name: node for node in nodes}


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (DCDiscriminator(), (1, 28, 28)),
        (DCGenerator(16), (16,)),
        (MLPDiscriminator((8, 4), dropout=0.3), (1, 28, 28)),
        (MLPGenerator(8, (16,), output="sigmoid"), (8,)),
    ],
    ids=["DCGAN's D", "DCGAN's G", "MLP D", "MLP G"],
)
def test_shapes_weights_and_order(model, shape):
    nodes = network_graph(model, shape)
    assert sum(node.parameters for node in nodes) == count_parameters(model)
    with torch.no_grad():
        assert nodes[-1].shape == tuple(model.eval()(torch.zeros(2, *shape)).shape[1:])
    names = [node.name for node in nodes]
    assert nodes[0].kind == "input" and nodes[0].inputs == ()
    for i, node in enumerate(nodes[1:], 1):
        assert node.inputs and set(node.inputs) <= set(names[:i])


def test_receptive_fields_are_the_formulas():
    """Each layer adds (kernel − 1) · product of the strides before it."""
    net = nn.Sequential(
        nn.Conv2d(1, 3, 5, 2, 2), nn.LeakyReLU(0.2), nn.Conv2d(3, 4, 3, 1, 1), nn.MaxPool2d(2), nn.Conv2d(4, 2, 3, 1, 1)
    )
    seen = [node.sees for node in network_graph(net, (1, 48, 48))]
    assert seen == [None, (5, 5), (5, 5), (9, 9), (11, 11), (19, 19)]


def test_what_a_place_paints():
    """A transposed convolution of 4 × 4 paints 4 × 4; one before it, of stride 2, reaches (4 − 1) · 2 + 4."""
    net = nn.Sequential(
        nn.Linear(6, 2 * 7 * 7),
        nn.Unflatten(1, (2, 7, 7)),
        nn.ConvTranspose2d(2, 3, 4, 2, 1),
        nn.ReLU(),
        nn.ConvTranspose2d(3, 1, 4, 2, 1),
        nn.Tanh(),
    )
    nodes = network_graph(net, (6,))
    assert [node.paints for node in nodes] == [None, None, (10, 10), (4, 4), (4, 4), (1, 1), (1, 1)]
    assert all(node.sees is None for node in nodes)


def test_a_way_around_and_operations_without_a_layer():
    nodes = by_name(network_graph(Around(), (1, 4, 4)))
    assert nodes["add"].inputs == ("relu", "second") and nodes["add"].kind == "add"
    assert nodes["second"].inputs == ("relu",)
    assert nodes["last"].inputs == ("view",) and nodes["view"].inputs == ("add",)
    drawing = GraphDrawing(list(nodes.values()), "A block with a way around")
    assert drawing.svg().count("<rect") == len(nodes)


def test_the_model_is_left_as_it_was():
    model = DCDiscriminator().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    network_graph(model, (1, 28, 28))
    assert model.training and not any(p.grad is not None for p in model.parameters())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_networks_of_the_zoo_and_spectral_norm_are_drawn():
    assert network_graph(zoo.load("digit-cnn"), (1, 28, 28))[-1].shape == (10,)
    from torch.nn.utils.parametrizations import spectral_norm

    net = nn.Sequential(spectral_norm(nn.Conv2d(1, 2, 3)), nn.Flatten(), nn.Linear(2 * 26 * 26, 1))
    assert network_graph(net, (1, 28, 28))[1].kind == "Conv2d 1 → 2, 3 × 3"
    assert kind_of(nn.Bilinear(2, 3, 4)) == "Bilinear"


def test_a_drawing_says_all_in_words_and_escapes_them():
    drawing = GraphDrawing(
        network_graph(nn.Sequential(nn.Flatten(), nn.Linear(4, 1)), (1, 2, 2)), 'D <of "two"> layers'
    )
    page = drawing.to_html()
    assert page.startswith("<p><strong>D &lt;of &quot;two&quot;&gt; layers</strong></p><svg ")
    assert 'role="img"' in page and "D &lt;of &quot;two&quot;&gt; layers. From top to bottom: input" in page
    assert "<details>" in page and "Linear 4 → 1" in page and "<of" not in page
    assert repr(drawing).splitlines()[-1] == "1 · Linear 4 → 1 · 1 · 5 · – · –"
    assert count_table(drawing.nodes)[0][:3] == ["input", "input", "1 × 2 × 2"]


@pytest.mark.parametrize(
    ("model", "shape", "said"),
    [
        (Chooses(), (3,), "Chooses cannot be traced"),
        (MLPDiscriminator((4,)), (1, 5, 5), r"does not take inputs of shape \(1, 5, 5\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused(model, shape, said):
    with pytest.raises(CourseError, match=said):
        network_graph(model, shape)
