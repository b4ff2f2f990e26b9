"""The two trainings of lesson 14.5's writer, what it is compared with, and what D reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from course_lib.data.text import ALPHABET, TextData, to_one_hot, to_text
from course_lib.errors import CourseError
from course_lib.metrics import letters
from course_lib.models.letters import LetterReader, LetterWriter
from course_lib.runtime import Runtime
from course_lib.training import Game

BATCH, RATE = 64, 3e-3  # windows a step; the step size, the same for both trainings
TEXTS = 1000  # that are measured of each writer
LONG = 8  # letters of a piece that counts as copied
Logits = Callable[[Tensor], Tensor]  # one-hot texts (N, L, 27) → logits of each letter (N, L, 27)


def new_writer(runtime: Runtime, temperature: float = 1.0, hard: bool = True) -> LetterWriter:
    """A writer before its first step; the same weights for both trainings.

    Args:
        runtime: its seed decides the weights.
        temperature, hard: of its draws while it trains in the game.
    """
    with runtime.seeded("weights"):
        return LetterWriter(temperature=temperature, hard=hard)


def new_game(runtime: Runtime, temperature: float = 1.0, hard: bool = True) -> Game:
    """The game of a writer and a reader, non-saturating, without averages of the weights.

    Args:
        runtime: its seed decides the weights.
        temperature, hard: of the writer's draws.
    """
    writer = new_writer(runtime, temperature, hard)
    with runtime.seeded("weights of D"):
        reader = LetterReader()
    return Game(writer, reader, lr=RATE, batch=BATCH, ema=0)


def fit(writer: LetterWriter, book: TextData, steps: int, runtime: Runtime) -> Iterator[float]:
    """Train by likelihood: raise the chance of each letter of the book, given those before it.

    Args:
        writer: changed in place.
        book: to learn from.
        steps: how many; each takes ``BATCH`` windows.
        runtime: its seed decides which.

    Yields:
        The bits per letter of each step's windows, before the step.
    """
    optimiser = torch.optim.Adam(writer.parameters(), RATE)
    batches = book.stream(BATCH, runtime)
    for _ in range(steps):
        texts, _ = next(batches)
        loss = cross_entropy(writer.logits(texts).flatten(0, 1), texts.argmax(2).flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield loss.item() / torch.log(torch.tensor(2.0)).item()


@torch.no_grad()
def written(writer: LetterWriter, n: int = TEXTS, sharpness: float = 1.0, seed: int = 0) -> Tensor:
    """Texts of a writer, int64 ``(n, length)``.

    Args:
        writer: in any mode, and left in it.
        n: how many.
        sharpness: what the logits are multiplied by before each draw.
        seed: of the draws.
    """
    device, mode = next(writer.parameters()).device, writer.training
    z = torch.randn(n, writer.latent, generator=torch.Generator().manual_seed(seed)).to(device)
    texts = writer.eval().write(z, sharpness)
    writer.train(mode)
    return texts.argmax(2).cpu()


@dataclass(frozen=True)
class Counts:
    """A writer that only counts: each letter by its frequency, given none or one letter before it.

    Attributes:
        chances: ``(27, 27)``: of the next letter (column) after each letter (row).
        first: ``(27,)``: of the first letter of a text.
    """

    chances: Tensor
    first: Tensor

    @classmethod
    def of(cls, book: TextData, before: int) -> "Counts":
        """The counts of a book, with one added to each, so that no chance is 0.

        Args:
            book: what is counted.
            before: 0 (single letters) or 1 (pairs).

        Raises:
            CourseError: for another ``before``.
        """
        if before not in (0, 1):
            raise CourseError(f"before={before!r}: use 0 for single letters or 1 for pairs.")
        k, text = len(ALPHABET), book.characters.cpu()
        single = torch.bincount(text, minlength=k) + 1.0
        pairs = torch.bincount(text[:-1] * k + text[1:], minlength=k * k).view(k, k) + 1.0
        single = single / single.sum()
        return cls(pairs / pairs.sum(1, keepdim=True) if before else single.expand(k, k), single)

    def logits(self, texts: Tensor) -> Tensor:
        """Log chances of each letter, as ``LetterWriter.logits``.

        Args:
            texts: one-hot, ``(N, L, 27)``.
        """
        after = texts[:, :-1].argmax(2)
        return torch.cat([self.first.expand(len(texts), 1, -1), self.chances[after]], 1).log()

    def written(self, n: int, length: int, seed: int = 0) -> Tensor:
        """Texts, int64 ``(n, length)``.

        Args:
            n: how many.
            length: letters of each.
            seed: of the draws.
        """
        g = torch.Generator().manual_seed(seed)
        text = [torch.multinomial(self.first.expand(n, -1), 1, generator=g)[:, 0]]
        for _ in range(length - 1):
            text.append(torch.multinomial(self.chances[text[-1]], 1, generator=g)[:, 0])
        return torch.stack(text, 1)


def real(book: TextData, n: int, seed: int = 0) -> Tensor:
    """Windows of a book, drawn from all places: int64 ``(n, length)``.

    Args:
        book: to draw from.
        n: how many.
        seed: of the draw.
    """
    at = torch.randint(len(book), (n,), generator=torch.Generator().manual_seed(seed))
    return book.characters.cpu()[at[:, None] + torch.arange(book.length)]


def shuffled(texts: Tensor, seed: int = 0) -> Tensor:
    """The same texts, the letters of each in another order.

    Args:
        texts: int64 ``(N, L)``.
        seed: of the orders.
    """
    order = torch.rand(texts.shape, generator=torch.Generator().manual_seed(seed)).argsort(1)
    return texts.gather(1, order)


def measured(texts: Tensor, book: TextData, held: TextData, logits: Logits | None = None) -> dict[str, float]:
    """What is said of a writer's texts.

    Args:
        texts: int64 ``(N, length)``.
        book: what it learned from.
        held: what it did not.
        logits: its logits of given texts; None where it has none.

    Returns:
        "precision" and "recall" of pieces of four letters against the held-out text; "distinct"; "copied", the share of
        pieces of eight letters that stand in the book; and with logits, "held-out bits" and "own bits", of its own
        texts.
    """
    said = to_text(texts)
    whole, theirs = to_text(held.characters[None]), to_text(held.apart())
    found = {
        "precision": letters.found_in(said, whole),
        "recall": letters.found_in(theirs, said),
        "distinct": letters.distinct(said),
        "copied": letters.found_in(said, to_text(book.characters[None]), LONG),
    }
    if logits is not None:
        device = held.characters.device
        found["held-out bits"] = letters.bits_per_letter(logits, held.apart())
        found["own bits"] = letters.bits_per_letter(logits, texts.to(device))
    return {name: round(value, 4) for name, value in found.items()}


def misprinted(texts: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The same texts, each with one letter replaced by another one.

    Args:
        texts: int64 ``(N, L)``.
        seed: of places and letters.

    Returns:
        The texts, and the place of each misprint, ``(N,)``.
    """
    g = torch.Generator().manual_seed(seed)
    at = torch.randint(texts.shape[1], (len(texts), 1), generator=g)
    shift = torch.randint(1, len(ALPHABET), at.shape, generator=g)
    return texts.scatter(1, at, (texts.gather(1, at) + shift) % len(ALPHABET)), at[:, 0]


@torch.no_grad()
def swap_map(reader: nn.Module, texts: Tensor) -> Tensor:
    """Occlusion for letters: the logit, minus its mean over all 27 letters at that place. ``(N, L)``.

    Args:
        reader: one-hot texts → logits ``(N, 1)``.
        texts: int64 ``(N, L)``.
    """
    whole, k = reader(to_one_hot(texts))[:, 0], len(ALPHABET)
    scores = []
    for place in range(texts.shape[1]):
        others = texts.repeat_interleave(k, 0)
        others[:, place] = torch.arange(k, device=texts.device).repeat(len(texts))
        swapped = [reader(to_one_hot(part)) for part in others.split(4096)]
        scores.append(whole - torch.cat(swapped).view(-1, k).mean(1))
    return torch.stack(scores, 1)


def slope_map(reader: nn.Module, texts: Tensor) -> Tensor:
    """What the gradient alone foretells of :func:`swap_map`, in one pass back: ``(N, L)``.

    Args:
        reader: one-hot texts → logits ``(N, 1)``.
        texts: int64 ``(N, L)``.
    """
    x = to_one_hot(texts).requires_grad_()
    (slope,) = torch.autograd.grad(reader(x).sum(), x)
    return (slope * x).sum(2).detach() - slope.mean(2)


def found_misprints(scores: Tensor, at: Tensor) -> float:
    """In which share of the texts does the letter that speaks most against "real" stand where the misprint is?

    Args:
        scores: ``(N, L)``, negative for a letter that speaks against.
        at: places of the misprints, ``(N,)``.
    """
    return (scores.argmin(1) == at).double().mean().item()
