"""A writer of text whose draws let a gradient through, and a reader that judges what was written.

A draw of a letter by its chances is a step: a small change of the chances changes nothing, or all. The Gumbel-max
trick draws by ``argmax(logits + noise)`` (Gumbel 1954; Maddison, Tarlow, Minka 2014); the Gumbel-softmax puts a softmax
in the place of the argmax (Jang, Gu, Poole 2017, equations 1 and 2; Maddison, Mnih, Teh 2017), and has a slope.
"""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_positive, check_whole_number


def gumbel_noise(z: Tensor) -> Tensor:
    """Standard Gumbel noise −log(−log u), with u = Φ(z) uniform because z is normal: of ``z``'s shape.

    Args:
        z: standard normal draws.
    """
    return -torch.log(-torch.special.log_ndtr(z))  # log Φ(z) itself, so that no u rounds to 0 or 1


def gumbel_softmax(logits: Tensor, noise: Tensor, temperature: float = 1.0, *, hard: bool = True) -> Tensor:
    """One draw by the chances softmax(logits), with a gradient: of ``logits``' shape.

    Args:
        logits: of each choice, in the last axis.
        noise: Gumbel noise of the same shape.
        temperature: of the softmax that gives the gradient; above 0.
        hard: the value is the drawn choice itself, a one-hot vector, and only the gradient is the softmax's ("straight
            through", Jang, Gu, Poole 2017, section 2.2); else the value is the softmax.

    Raises:
        CourseError: for another shape of the noise, or a temperature that is not above 0.

    Example:
        >>> import torch
        >>> from course_lib.models.letters import gumbel_softmax
        >>> gumbel_softmax(torch.tensor([0.0, 1.0]), torch.tensor([3.0, 0.0]))
        tensor([1., 0.])
    """
    temperature = check_positive("temperature", temperature)
    if noise.shape != logits.shape:
        raise CourseError(
            f"noise has the shape {tuple(noise.shape)} and the logits {tuple(logits.shape)}: one number a choice."
        )
    soft = ((logits + noise) / temperature).softmax(-1)
    if not hard:
        return soft
    drawn = torch.zeros_like(soft).scatter_(-1, soft.argmax(-1, keepdim=True), 1.0)
    return drawn + (soft - soft.detach())  # the bracket is 0, and has the softmax's slope


class LetterWriter(nn.Module):
    """A recurrent network that gives the chances of the next letter, given all before it (GRU; Cho et al. 2014).

    As a generator it turns normal latents ``(N, length · letters)`` into texts ``(N, length, letters)``: each letter is
    drawn by :func:`gumbel_softmax` and handed on to the next step. In eval mode the draws are one-hot vectors.

    Args:
        hidden: numbers that it remembers from letter to letter.
        length: letters in a text.
        letters: of the alphabet.
        temperature, hard: of the draws in train mode.
    """

    def __init__(
        self, hidden: int = 64, length: int = 16, letters: int = 27, temperature: float = 1.0, hard: bool = True
    ):
        super().__init__()
        self.length, self.letters = check_whole_number("length", length), check_whole_number("letters", letters, 2)
        self.latent = self.length * self.letters
        self.temperature, self.hard = check_positive("temperature", temperature), hard
        self.start = nn.Parameter(torch.zeros(check_whole_number("hidden", hidden)))
        self.cell = nn.GRUCell(letters, hidden)
        self.to_logits = nn.Linear(hidden, letters)

    def forward(self, z: Tensor) -> Tensor:
        """Texts ``(N, length, letters)``.

        Args:
            z: standard normal latents ``(N, latent)``.
        """
        return self.write(z)

    def write(self, z: Tensor, sharpness: float = 1.0) -> Tensor:
        """Texts, with the logits of each letter multiplied by a number first.

        Args:
            z: standard normal latents ``(N, latent)``.
            sharpness: above 1, likely letters become likelier.

        Returns:
            ``(N, length, letters)``.
        """
        noise = gumbel_noise(z).view(-1, self.length, self.letters)
        memory, letter = self.start.expand(len(z), -1), torch.zeros_like(noise[:, 0])
        hard, written = self.hard or not self.training, []
        for i in range(self.length):
            memory = self.cell(letter, memory)  # (N, hidden)
            letter = gumbel_softmax(sharpness * self.to_logits(memory), noise[:, i], self.temperature, hard=hard)
            written.append(letter)
        return torch.stack(written, 1)

    def logits(self, texts: Tensor) -> Tensor:
        """Logits of each letter given the real ones before it: ``(N, L, letters)`` ("teacher forcing").

        Args:
            texts: one-hot, ``(N, L, letters)``.
        """
        before = torch.cat([torch.zeros_like(texts[:, :1]), texts[:, :-1]], 1)
        memory, found = self.start.expand(len(texts), -1), []
        for i in range(texts.shape[1]):
            memory = self.cell(before[:, i], memory)
            found.append(self.to_logits(memory))
        return torch.stack(found, 1)


class LetterReader(nn.Module):
    """A discriminator of texts ``(N, length, letters)``: two convolutions along the text, logits ``(N, 1)``.

    Its first layer sees four letters at once, its second seven.

    Args:
        width: channels of each convolution.
        length: letters in a text, at least 7.
        letters: of the alphabet.
    """

    def __init__(self, width: int = 64, length: int = 16, letters: int = 27):
        super().__init__()
        length = check_whole_number("length", length, 7)
        self.body = nn.Sequential(
            nn.Conv1d(letters, width, 4),
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 4),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(width * (length - 6), 1),
        )

    def forward(self, texts: Tensor) -> Tensor:
        """Logits ``(N, 1)``.

        Args:
            texts: ``(N, length, letters)``.
        """
        return self.body(texts.transpose(1, 2))  # (N, letters, length) → (N, 1)
