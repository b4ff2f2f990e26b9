"""What a check says of a number or a table that is wrong: what differs, where, by how much, and one hint."""

import pytest
import torch

from course_lib.learn.numbers import wrong_value

RIGHT = torch.tensor([[1.0, 2.0], [3.0, 4000.0]])


@pytest.mark.parametrize(
    ("got", "right", "said"),
    [
        (0.5, 0.25, "for k: got 0.5, expected 0.25"),  # that it is twice as much everybody sees
        (
            2 * RIGHT,
            RIGHT,
            "for k: at [1, 1] got 8,000, expected 4,000; 4 of 4 numbers differ; all of it is 2 times what it should be",
        ),
        (
            -RIGHT,
            RIGHT,
            "for k: at [1, 1] got -4,000, expected 4,000; 4 of 4 numbers differ; all of it is -1 times what it "
            "should be",
        ),
        (RIGHT + torch.tensor([0.5, 0]), RIGHT, "for k: at [0, 0] got 1.5, expected 1; 2 of 4 numbers differ"),
        (torch.ones(2), torch.zeros(2), "for k: at [0] got 1, expected 0; 2 of 2 numbers differ"),
        (RIGHT * (1 + 5e-6), RIGHT, None),
        (1e-6, 0.0, None),
    ],
)
def test_a_wrong_answer_is_explained(got, right, said):
    assert wrong_value(got, right, {}, "for k") == said


@pytest.mark.parametrize("wrong", [3.0, [7.0, 3.0]])
def test_a_known_mistake_has_its_sentence_and_the_gap(wrong):
    assert wrong_value(3.0, 2.0, {"another": 9.0, "one too many": wrong}, "for k") == "one too many (got 3, expected 2)"
