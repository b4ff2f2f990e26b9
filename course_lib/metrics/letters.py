"""How good, how varied and how new are texts of letters? Shares of pieces, and bits per letter.

A piece is a run of letters within one text, an n-gram. Precision and recall of pieces are what they are of pictures
(``neighbours``): is what was written like the reference, and is the reference found in what was written?
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from course_lib.data.text import to_one_hot
from course_lib.errors import CourseError, check_whole_number


def pieces(texts: Sequence[str], n: int = 4) -> list[str]:
    """Every run of n letters, in order, as often as it occurs.

    Args:
        texts: strings of at least n letters each.
        n: letters in a piece.

    Raises:
        CourseError: when no text is so long.

    Example:
        >>> from course_lib.metrics.letters import pieces
        >>> pieces(["alice"], 4)
        ['alic', 'lice']
    """
    n = check_whole_number("n", n)
    found = [text[i : i + n] for text in texts for i in range(len(text) - n + 1)]
    if not found:
        raise CourseError(f"no text has {n} letters: give longer texts, or a smaller n.")
    return found


def found_in(texts: Sequence[str], reference: Sequence[str], n: int = 4) -> float:
    """Which share of the texts' pieces occurs in the reference.

    With a held-out text as reference this is precision; the other way round (texts and reference swapped), recall; with
    long pieces and the training text as reference, copying.

    Args:
        texts, reference: strings.
        n: letters in a piece.
    """
    known = set(pieces(reference, n))
    mine = pieces(texts, n)
    return sum(piece in known for piece in mine) / len(mine)


def distinct(texts: Sequence[str], n: int = 4) -> float:
    """The number of different pieces, divided by the number of all: 1 where no piece comes twice.

    Args:
        texts: strings.
        n: letters in a piece.
    """
    mine = pieces(texts, n)
    return len(set(mine)) / len(mine)


@torch.no_grad()
def bits_per_letter(logits: Callable[[Tensor], Tensor], characters: Tensor) -> float:
    """−log₂ of the chance that each letter had, given those before it in its text; the mean over all letters.

    Args:
        logits: one-hot texts ``(N, L, 27)`` → logits of each letter, ``(N, L, 27)``.
        characters: int64 ``(N, L)``.
    """
    parts = [cross_entropy(logits(to_one_hot(part)).flatten(0, 1), part.flatten()) for part in characters.split(500)]
    weights = torch.tensor([len(part) for part in characters.split(500)], device=characters.device)
    return ((torch.stack(parts) * weights).sum() / weights.sum()).item() / math.log(2)
