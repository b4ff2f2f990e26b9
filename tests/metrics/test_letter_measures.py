"""Shares of pieces and bits per letter, on texts whose numbers can be worked out."""

import math

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.metrics.letters import bits_per_letter, distinct, found_in, pieces


def test_pieces_do_not_cross_from_text_to_text():
    assert pieces(["abc", "ab", "cd"], 2) == ["ab", "bc", "ab", "cd"]
    with pytest.raises(CourseError, match="no text has 3 letters"):
        pieces(["ab"], 3)


def test_shares_count_each_occurrence():
    assert found_in(["abab"], ["xab"], 2) == pytest.approx(2 / 3)
    assert found_in(["xab"], ["abab"], 2) == 0.5
    assert distinct(["abab"], 2) == pytest.approx(2 / 3) and distinct(["abcd"], 2) == 1


def test_bits_are_those_of_the_chances():
    even = torch.zeros(27)
    characters = torch.randint(27, (1203, 5), generator=torch.Generator().manual_seed(0))
    assert bits_per_letter(lambda x: even.expand(*x.shape), characters) == pytest.approx(math.log2(27), rel=1e-5)
    sure = bits_per_letter(lambda x: 30 * x, characters)
    assert sure == pytest.approx(0, abs=1e-5)
    # a mean over letters, not over parts of 500 texts
    mixed = bits_per_letter(lambda x: 30 * x * (len(x) == 500), characters)
    assert mixed == pytest.approx(203 / 1203 * math.log2(27), rel=1e-4)
