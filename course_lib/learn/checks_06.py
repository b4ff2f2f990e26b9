"""The checks of notebook 06: Fréchet distance on a line, precision from distances, and who is the cheat."""

import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from course_lib.data import ImageData
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import mistake, number

_CRIMES = ("copies", "misses a class", "blurred")
_GUILTY = {"A": "misses a class", "B": "blurred", "C": "copies"}
# Four balls and six generated points: the first lies in two balls, the next two in one each, the others in none.
_DISTANCES = torch.tensor([[0.40, 0.45, 3.0, 3.0, 4.0, 9.0],
                           [0.40, 3.00, 3.0, 1.5, 4.0, 9.0],
                           [3.00, 3.00, 1.8, 4.0, 4.0, 9.0],
                           [3.00, 3.00, 4.0, 4.0, 1.9, 9.0]])  # fmt: skip
_RADII = torch.tensor([1.0, 1.0, 2.0, 0.5])


@check("frechet_1d",
       todo="return the Fréchet distance of two Gaussians on a line",
       shows="right: the squared distance of the means plus that of the standard deviations")
def frechet_1d(answer):
    """``answer(mean_a, std_a, mean_b, std_b)``: four numbers → (mean_a − mean_b)² + (std_a − std_b)²."""
    got = number(answer(1.0, 2.0, 4.0, 7.0))
    known = {
        34**0.5: "that is the root of it: the Fréchet distance of this course stays squared",
        3 + 5: "that adds the differences themselves: square each one first",
        (3 + 5) ** 2: "square each of the two differences by itself, and add afterwards",
        9: "that looks at the means only: the spreads differ, too",
        25: "that looks at the spreads only: the means differ, too",
        9 + 45**2: "that squares the difference of the variances: take standard deviations",
        9 + 9**2: "the plus should be a minus: the two spreads are compared, and added nowhere",
        9 + 4 + 49: "the spreads' squares were added, and nothing taken away: equal Gaussians must give 0",
        9 + 45: "that takes the difference of the variances as it is: compare standard deviations, and square",
    }
    if abs(got - 34) > 1e-6:
        return mistake(got, known) or f"for N(1, 2²) and N(4, 7²) it gives {got:.4g}, expected 34"
    same = number(answer(3.0, 0.5, 3.0, 0.5))
    return None if abs(same) < 1e-6 else f"for two equal Gaussians it gives {same:.4g}, expected 0"


@check("precision",
       todo="return the share of generated points that lie in at least one real ball",
       shows="right: a point counts once, however many balls it lies in")
def precision(answer):
    """``answer(distances, radii)``: (N real, M generated), (N,) → share in [0, 1]."""
    got, inside = number(answer(_DISTANCES.clone(), _RADII.clone())), _RADII[:, None] > _DISTANCES
    known = {
        1: "every point counted: a point far from all real ones, like the last one here, lies in no ball",
        3 / 4: "every real ball counted that holds a point: ask each *generated* point whether any ball holds it",
        4 / 6: "the first point counted twice: it lies in two balls (that way lies density)",
        inside.double().mean().item(): "that is the share of (real, generated) pairs: ask for *any* ball, then average",
        0: "a point need not lie in all balls: one is enough",
        3: "that is how many points lie in a ball: make it a share",
        2 / 6: "one too few: each ball has a radius of its own; the smallest one does not hold for all",
        5 / 6: "too many: each ball has a radius of its own; the largest one does not hold for all",
    }
    if abs(got - 0.5) > 1e-6:
        return mistake(got, known) or f"for six points, three of them in a ball, it gives {got:.4g}, expected 0.5"
    none = number(answer(torch.full((2, 4), 5.0), torch.ones(2)))
    return None if none == 0 else f"for points outside all balls it gives {none:.4g}, expected 0"


def suspects(train: ImageData, heldout: ImageData) -> dict[str, Tensor]:
    """Three sets of 900 or 1,000 pictures on the CPU, each with one crime; the same at every seed."""
    digits, new, labels = train.images.cpu(), heldout.images.cpu(), heldout.labels.cpu()
    made = {"copies": digits[-1000:], "misses a class": new[labels != 4],
            "blurred": gaussian_blur(new, 9, 0.8)}  # fmt: skip
    return {name: made[crime] for name, crime in _GUILTY.items()}


@check("cheat",
       todo='replace … by "copies", "misses a class" or "blurred"',
       shows="right: each crime has a number that gives it away", function=False)
def cheat(answer):
    """``{"A": crime, "B": crime, "C": crime}``; nothing is judged before all three are filled in."""
    clue = {
        "copies": "whose copying score is near 1, and whose Fréchet distance is below that of new real digits?",
        "misses a class": "whose class entropy is clearly below 1, with a precision like that of real digits?",
        "blurred": "whose recall broke down, though all ten digits are there?",
    }
    return misnamed(answer, _GUILTY, _CRIMES, lambda _, crime: clue[crime])
