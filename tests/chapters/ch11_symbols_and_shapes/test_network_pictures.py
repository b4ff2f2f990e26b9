"""The figures of lesson 11.5 say in words what they show, and have one place for each picture and stage."""

import torch

from course_lib.chapters.ch11_symbols_and_shapes.network_pictures import activations, by_stage, places
from course_lib.chapters.ch11_symbols_and_shapes.probes import stages_of_d
from course_lib.models import DCDiscriminator


def test_each_figure_is_drawn_with_its_words():
    square = torch.arange(16.0).view(4, 4)
    shares = {"pixels": [0.5, 0.6], "logit": [0.7, 0.8]}
    drawn = [
        places({"one": square, "other": 2 * square}, title="t", alt="Two squares.", one_scale=True),
        activations({"digit": (torch.zeros(1, 4, 4), torch.randn(3, 2, 2))}, title="t", alt="Three maps."),
        by_stage({"digit?": (0.5, {"trained": shares, "untrained": shares})}, title="t", alt="Two lines."),
    ]
    assert [repr(each) for each in drawn] == ["Two squares.", "Three maps.", "Two lines."]
    assert all(each.png.startswith(b"\x89PNG") for each in drawn)


def test_the_stages_of_a_discriminator_are_found_whatever_its_norm_and_head():
    assert list(stages_of_d(DCDiscriminator()).values()) == ["", "downs.1", "downs.4", "head.1"]
    spectral = stages_of_d(DCDiscriminator(8, norm="spectral", head="pool"))
    assert spectral == {"pixels": "", "maps 1": "downs.1", "maps 2": "downs.3", "logit": "head.2"}
