"""Lesson 14.5's writers and measures: counting writers, controls, misprints, and maps of what D reads."""

import pytest
import torch
from torch import nn

from course_lib.chapters.ch14_scale_up import writing
from course_lib.data.text import load_text, to_one_hot, to_text
from course_lib.errors import CourseError
from course_lib.metrics.letters import bits_per_letter
from course_lib.runtime import Runtime

BOOK, HELD = load_text(), load_text(split="test")
RUNTIME = Runtime.auto(device="cpu", seed=3)


class Knows(nn.Module):
    """A reader whose logit is the sum of a number for each place and letter."""

    def __init__(self):
        super().__init__()
        self.worth = torch.randn(16, 27, generator=torch.Generator().manual_seed(0))

    def forward(self, texts):
        return (texts * self.worth).sum((1, 2))[:, None]


def test_both_trainings_begin_with_the_same_writer():
    ours, players = writing.new_writer(RUNTIME), writing.new_game(RUNTIME).generator
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), players.parameters(), strict=True))


def test_both_trainings_learn_in_a_few_steps():
    writer, game = writing.new_writer(RUNTIME), writing.new_game(RUNTIME)
    bits = list(writing.fit(writer, BOOK, 25, RUNTIME))
    assert bits[0] == pytest.approx(4.75, abs=0.2) and bits[-1] < 4.3
    before = {name: p.clone() for name, p in game.generator.named_parameters()}
    for _ in game.steps(BOOK, 2, RUNTIME):
        pass
    assert all(not torch.equal(before[name], p) for name, p in game.generator.named_parameters())


def test_who_counts_pairs_is_less_surprised_than_who_counts_letters():
    single, pair = (writing.Counts.of(BOOK, before) for before in (0, 1))
    bits = [bits_per_letter(one.logits, HELD.apart()) for one in (single, pair)]
    assert 4.0 < bits[0] < 4.2 and 3.2 < bits[1] < 3.6
    texts = pair.written(3000, 16)
    shares = torch.bincount(texts.flatten(), minlength=27) / texts.numel()
    assert torch.allclose(shares, single.first, atol=0.01)
    whole = to_text(BOOK.characters[None])[0]
    with_u = (whole.count("qu") + 1) / (whole.count("q") + 27)  # each of 27 pairs counts once more
    assert torch.allclose(pair.chances.sum(1), torch.ones(27))
    assert pair.chances[17, 21].item() == pytest.approx(with_u) and with_u > 0.8
    with pytest.raises(CourseError, match="before=2"):
        writing.Counts.of(BOOK, 2)


def test_controls_are_what_they_say():
    windows = writing.real(BOOK, 50)
    whole = to_text(BOOK.characters[None])[0]
    assert all(text in whole for text in to_text(windows))
    mixed = writing.shuffled(windows)
    assert torch.equal(mixed.sort(1).values, windows.sort(1).values) and not torch.equal(mixed, windows)
    found = writing.measured(windows, BOOK, HELD)
    assert found["copied"] == 1 and 0.7 < found["precision"] < 0.95 and "own bits" not in found
    assert writing.measured(mixed, BOOK, HELD)["copied"] < 0.1


def test_written_texts_follow_the_seed_and_leave_the_mode():
    writer = writing.new_writer(RUNTIME)
    assert torch.equal(writing.written(writer, 5), writing.written(writer, 5)) and writer.training
    assert not torch.equal(writing.written(writer, 5), writing.written(writer, 5, seed=1))
    assert len(set(to_text(writing.written(writer, 50, sharpness=1e6)))) == 1


def test_a_misprint_is_one_other_letter_at_its_place():
    windows = writing.real(HELD, 300)
    wrong, at = writing.misprinted(windows)
    assert torch.equal((wrong != windows).sum(1), torch.ones(300, dtype=torch.int64))
    assert torch.equal((wrong != windows).int().argmax(1), at) and at.bincount(minlength=16).min() > 4


def test_maps_of_a_reader_that_adds_up_are_its_worths():
    reader, texts = Knows(), writing.real(HELD, 20)
    right = (to_one_hot(texts) * (reader.worth - reader.worth.mean(1, keepdim=True))).sum(2)
    assert torch.allclose(writing.swap_map(reader, texts), right, atol=1e-4)
    assert torch.allclose(writing.slope_map(reader, texts), right, atol=1e-4)


def test_hits_count_the_lowest_score():
    scores = torch.tensor([[0.0, -1.0, 2.0], [-3.0, 0.0, -2.0]])
    assert writing.found_misprints(scores, torch.tensor([1, 2])) == 0.5
