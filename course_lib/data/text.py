"""A shipped book as data: windows of sixteen characters, each one a row of one-hot vectors.

The book is Lewis Carroll's *Alice's Adventures in Wonderland* (1865, in the public domain), brought to 27 characters:
the small letters a to z and the space. The first 85 percent are to train on, the rest is held out.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from course_lib.data.batches import BatchedData, Which
from course_lib.errors import CourseError, DataCorrupt, check_whole_number, one_of
from course_lib.files import shipped
from course_lib.runtime import Runtime

ALPHABET = " abcdefghijklmnopqrstuvwxyz"
LENGTH = 16  # characters in a window
SHA256 = "99e53cbb0aeb274344a254733db996ca2d05d5fcd10fc0ca02d6966f2b2bc961"  # of the file with plain line ends
SOURCE = "L. Carroll, Alice's Adventures in Wonderland (1865), Project Gutenberg's text, as Debian's snappy has it"
LICENCE = "public domain"
_TRAINED_ON = 0.85  # of the book, from its beginning: the rest is chapters 11 and 12 and the end of chapter 10


@dataclass(frozen=True)
class Windows:
    """Behaves like a tensor ``(N, length, 27)`` of zeros and ones that is only read by rows.

    Attributes:
        characters: int64, the whole text as places in ``ALPHABET``.
        length: of a window.
    """

    characters: Tensor
    length: int

    def __getitem__(self, which: Which, /) -> Tensor:
        starts = torch.arange(len(self), device=self.characters.device)[which]
        return to_one_hot(self.characters[starts[..., None] + torch.arange(self.length, device=starts.device)])

    def __len__(self) -> int:
        return len(self.characters) - self.length + 1

    @property
    def shape(self) -> torch.Size:
        """``(N, length, 27)``."""
        return torch.Size([len(self), self.length, len(ALPHABET)])

    @property
    def device(self) -> torch.device:
        """Where the characters lie."""
        return self.characters.device


@dataclass(frozen=True)
class TextData(BatchedData):
    """A text for training: every window of it is an example.

    Attributes:
        characters: int64 ``(letters,)``, the text as places in ``ALPHABET``, on the device.
        name: of the text.
        split: ``"train"`` or ``"test"``.
        length: of a window.
        sha256: of the characters.
        labels: zeros, one a window: a text has no classes.
    """

    characters: Tensor
    name: str
    split: str
    length: int
    sha256: str
    labels: Tensor = field(repr=False)

    @property
    def examples(self) -> Windows:
        """The windows, like float32 ``(N, length, 27)``."""
        return Windows(self.characters, self.length)

    def apart(self) -> Tensor:
        """The text cut into windows that do not overlap: int64 ``(N, length)``; what is left at the end is dropped."""
        return self.characters[: len(self.characters) // self.length * self.length].view(-1, self.length)


def load_text(runtime: Runtime | None = None, *, split: str = "train", length: int = LENGTH) -> TextData:
    """The shipped book.

    Args:
        runtime: whose device it goes to; the CPU without one.
        split: ``"train"`` (the first 85 percent) or ``"test"`` (the rest).
        length: characters in a window.

    Raises:
        CourseError: for another split, or a length below 1.
        DataCorrupt: when the file is not the one that ships.

    Example:
        >>> from course_lib.data.text import load_text, to_text
        >>> book = load_text()
        >>> to_text(book.apart())[:2]
        ['alice was beginn', 'ing to get very ']
    """
    one_of("split", split, ("train", "test"))
    length = check_whole_number("length", length)
    characters = to_characters(plain(_book()))
    cut = int(_TRAINED_ON * len(characters))
    part = characters[:cut] if split == "train" else characters[cut:]
    digest = hashlib.sha256(part.numpy().tobytes()).hexdigest()
    part = part.to(runtime.device if runtime else "cpu")
    labels = torch.zeros(len(part) - length + 1, dtype=torch.int64, device=part.device)
    return TextData(part, "alice", split, length, digest, labels)


def plain(text: str) -> str:
    """A text in 27 characters: apostrophes go, capitals become small, all else that is no letter becomes one space.

    Args:
        text: any.
    """
    return re.sub("[^a-z]+", " ", re.sub("['`]", "", text.lower())).strip()


def to_characters(text: str) -> Tensor:
    """Places in ``ALPHABET``, int64 ``(letters,)``.

    Args:
        text: of small letters and spaces.

    Raises:
        CourseError: for other characters.
    """
    if odd := sorted(set(text) - set(ALPHABET)):
        raise CourseError(f"the text has {odd[0]!r}: only a to z and the space are known here; use plain(text) first.")
    return torch.tensor([ALPHABET.index(one) for one in text], dtype=torch.int64)


def to_text(characters: Tensor) -> list[str]:
    """Each row as a string.

    Args:
        characters: int64 ``(N, L)``, or one-hot (or nearly so) ``(N, L, 27)``.
    """
    rows: Sequence[Sequence[int]] = (characters.argmax(2) if characters.ndim == 3 else characters).tolist()
    return ["".join(ALPHABET[one] for one in row) for row in rows]


def to_one_hot(characters: Tensor) -> Tensor:
    """Zeros with a 1 at each character's place: float32 ``(…, 27)``.

    Args:
        characters: int64 ``(…)``.
    """
    return one_hot(characters, len(ALPHABET)).float()


def _book() -> str:
    """The file's text between its title and its last line, without the headings of its chapters."""
    text = shipped("texts", "alice.txt").read_text(encoding="ascii")  # line ends become \n on every system
    if hashlib.sha256(text.encode()).hexdigest() != SHA256:
        raise DataCorrupt("data/texts/alice.txt is not the text that ships: restore it with git, or install again.")
    body = text[text.index("  Alice was beginning") : text.rindex("THE END")]
    return re.sub(r"CHAPTER [IVX]+\s+.*\n", " ", body)
