"""What lesson 00.2 shows of its two networks: the generator's layers, and what the judge reads."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from course_lib.learn.wording import show_table
from course_lib.metrics import judge_outputs
from course_lib.models import DCGenerator
from course_lib.models.judge import Judge

SURE = 0.9  # of less confidence than that, an answer gets a question mark


def show_layers(generator: DCGenerator) -> None:
    """Show a generator layer by layer: what each gives, and its weights, with their sum.

    Args:
        generator: of the course's kind, whose layers stand in its parts one after the other.
    """
    numbers = torch.zeros(1, generator.latent, device=next(generator.parameters()).device)
    rows, total = [("the latent", _size(numbers), "")], 0
    layers = [layer for part in (generator.first, generator.ups, generator.last) for layer in part]
    weights, name = 0, ""
    was_training = generator.training
    generator.eval()
    with torch.no_grad():
        for layer in layers:
            numbers = layer(numbers)
            weights += sum(parameter.numel() for parameter in layer.parameters())
            name = name or _NAMES.get(type(layer), "")
            if isinstance(layer, nn.ReLU | nn.Tanh):  # a layer ends where negative numbers, or large ones, are cut
                rows.append((name, _size(numbers), f"{weights:,}"))
                total, weights, name = total + weights, 0, ""
    generator.train(was_training)
    rows.append(("all layers", "", f"{total:,}"))
    show_table("The generator, layer by layer", ("layer", "numbers that it gives", "its weights and biases"), rows)


def show_answers(chances: Tensor, columns: int = 10) -> None:
    """Print the digit that is read in each picture, with a question mark where the confidence is low.

    Args:
        chances: probabilities ``(N, 10)``.
        columns: answers a row.
    """
    confidence, read = chances.max(1)
    marked = [
        f"{digit}{'?' if sure < SURE else ' '}" for digit, sure in zip(read.tolist(), confidence.tolist(), strict=True)
    ]
    for at in range(0, len(marked), columns):
        print(*marked[at : at + columns])
    print(f"{(confidence < SURE).sum().item()} of {len(marked)} with a question mark")


def show_confidence(pictures: Mapping[str, Tensor], judge: Judge) -> None:
    """Show the judge's mean confidence, how often it is low, and what it reads most often, as a table.

    Args:
        pictures: name → images ``(N, 1, 28, 28)``.
        judge: in eval mode.
    """
    rows = []
    for name, images in pictures.items():
        confidence, read = judge_outputs(images, judge)[0].max(1)
        doubt, often = (confidence < SURE).float().mean(), torch.bincount(read)
        most = f"{often.argmax()}, in {often.max() / len(images):.1%}"
        rows.append((name, f"{len(images):,}", f"{confidence.mean():.3f}", f"{doubt:.1%}", most))
    header = ("pictures", "how many", "mean confidence", f"below {SURE}", "read most often")
    show_table("How sure the judge is", header, rows)


_NAMES = {
    nn.Linear: "units that see all 64 numbers",
    nn.ConvTranspose2d: "sliding windows that double the side",
    nn.Conv2d: "sliding windows, and the picture",
}


def _size(numbers: Tensor) -> str:
    """``128 × 7 × 7 = 6,272``."""
    sides = list(numbers.shape[1:])
    product = f"{numbers[0].numel():,}"
    return product if len(sides) == 1 else f"{' × '.join(map(str, sides))} = {product}"
