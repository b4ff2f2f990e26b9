"""What lessons 11.1 and 11.2 make: pairs that differ in their concept, marks that are independent, a tree's words."""

import torch

from course_lib.chapters.ch11_symbols_and_shapes.hand_made import DRAWN
from course_lib.chapters.ch11_symbols_and_shapes.inside_tests import ask_concepts
from course_lib.chapters.ch11_symbols_and_shapes.made_concepts import in_pairs, two_marks, with_unused, with_used
from course_lib.chapters.ch11_symbols_and_shapes.tree_words import drawn_and_measured, path_words
from course_lib.data import load
from course_lib.explain import class_logit
from course_lib.explain.concepts import CONCEPTS, measure_concepts
from course_lib.explain.rules import fit_tree

NAMES = list(CONCEPTS)


def generator():
    return torch.Generator().manual_seed(3)


def test_what_is_planted_is_measured():
    _, rows = drawn_and_measured(DRAWN)
    assert len(rows) > 10
    assert all(abs(planted - found) <= 0.5 for _, _, planted, found in rows)


def test_pairs_differ_in_their_concept():
    for name, (concept, least) in {"loop": ("loops", 1), "lean": ("slant", 0.4), "thick": ("thickness", 0.9)}.items():
        here, away = in_pairs(load("digits", split="test").images, 20, generator())[name]
        gap = (measure_concepts(here) - measure_concepts(away))[:, NAMES.index(concept)]
        assert here.shape == away.shape == (20, 1, 28, 28)
        assert here.abs().max() <= 1.001 and away.abs().max() <= 1.001
        assert gap.mean() >= least, name


def test_the_two_marks_are_independent_and_only_one_is_the_label():
    digits = load("digits", split="test")
    data, unused = two_marks(digits, generator())
    used = data.labels.bool()
    assert torch.equal(data.images[used & ~unused], with_used(digits.images[used & ~unused]))
    assert torch.equal(data.images[~used & unused], with_unused(digits.images[~used & unused]))
    assert torch.equal(data.images[~used & ~unused], digits.images[~used & ~unused])
    assert abs(used[unused].float().mean() - used[~unused].float().mean()) < 0.1


def test_the_words_of_a_path_are_true_of_the_picture():
    concepts = torch.zeros(60, len(NAMES)).double()
    concepts[:, NAMES.index("loops")] = torch.arange(60) % 3
    tree = fit_tree(concepts, torch.arange(60) % 3, depth=2)
    assert [path_words(tree, concepts[i], NAMES) for i in range(3)] == ["no loops", "loops 1", "loops at least 2"]


def test_a_concept_is_ranked_among_random_ones():
    """A linear network of one pixel: that pixel is used, another is not."""
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Identity(), torch.nn.Linear(16, 2, bias=False)).eval()
    with torch.no_grad():
        model[2].weight.zero_()[1, 5] = 1.0
    pool = torch.randn(200, 1, 4, 4, generator=generator()).clamp(-1, 1) / 3
    pairs = {}
    for name, pixel in (("used", 5), ("unused", 10)):
        there = pool[:20].clone().flatten(1)
        there[:, pixel] = 1
        pairs[name] = there.view_as(pool[:20]), pool[:20]
    asked = [("used", 1), ("unused", 1)]
    found, (used, unused) = ask_concepts(model, "1", {1: (class_logit(1), pool)}, asked, pairs, pool, 39, generator())
    assert set(found) == {"used", "unused"} and used.told == 1 and unused.told == 1
    assert used.score == 1 and used.p == 2 / 40
    assert unused.p > 0.2
