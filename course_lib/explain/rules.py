"""A network told in rules about concepts: a surrogate, how far it may be believed, and rules that say why in words.

A *surrogate* is a model that a person can read, fitted to another model's answers; its *fidelity* is the share of
pictures that neither was fitted to on which both agree. Trees and forests are scikit-learn's, rule lists imodels'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from torch import Tensor

from course_lib.errors import CourseError, check_whole_number, one_of

SIGNS = {"<": "below", ">=": "at least"}


@dataclass(frozen=True)
class Fidelity:
    """How often a surrogate and its controls give the model's answer, on pictures that none of them was fitted to.

    Attributes:
        tree: the surrogate's.
        majority: of always saying the model's most frequent answer.
        permuted: of the same tree, fitted to the answers of other pictures.
        forest: of 300 trees without a limit of depth, which nobody can read: about what these concepts can tell.
    """

    tree: float
    majority: float
    permuted: float
    forest: float


def fit_tree(concepts: Tensor, answers: Tensor, depth: int = 4, leaf: int = 5) -> DecisionTreeClassifier:
    """The surrogate: a decision tree (CART; Breiman and others 1984) on a model's answers.

    Args:
        concepts: ``(N, concepts)``.
        answers: the model's, int64 ``(N,)``.
        depth: questions until an answer.
        leaf: the fewest pictures behind an answer.

    Raises:
        CourseError: for another number of answers than rows, and counts that are none.
    """
    x, y = _table(concepts, answers)
    check_whole_number("depth", depth), check_whole_number("leaf", leaf)
    return DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=0).fit(x, y)


def fidelity(
    seen: tuple[Tensor, Tensor], unseen: tuple[Tensor, Tensor], depth: int = 4, leaf: int = 5, seed: int = 0
) -> Fidelity:
    """The surrogate's fidelity beside three controls.

    Args:
        seen: concepts ``(N, concepts)`` and the model's answers ``(N,)``, to fit to.
        unseen: the same of other pictures, to score.
        depth, leaf: as for :func:`fit_tree`.
        seed: of the permutation and of the forest.

    Raises:
        CourseError: as ``fit_tree``.
    """
    (x, y), (new, asked) = _table(*seen), _table(*unseen)
    mixed = torch.as_tensor(np.random.default_rng(seed).permutation(y))
    forest = RandomForestClassifier(300, random_state=seed).fit(x, y)
    return Fidelity(
        tree=float(fit_tree(*seen, depth, leaf).score(new, asked)),
        majority=float((asked == np.bincount(y).argmax()).mean()),
        permuted=float(fit_tree(seen[0], mixed, depth, leaf).score(new, asked)),
        forest=float(forest.score(new, asked)),
    )


@dataclass(frozen=True)
class Rule:
    """If a concept is below, or at least, a value, the answer is this.

    Args:
        concept: its name.
        sign: "<" or ">=".
        value: what it is compared with.
        answer: a class.

    Raises:
        CourseError: for another sign.
    """

    concept: str
    sign: str
    value: float
    answer: int

    def __post_init__(self) -> None:
        one_of("sign", self.sign, SIGNS)

    def holds(self, column: np.ndarray) -> np.ndarray:
        """Where it holds, bool ``(N,)``.

        Args:
            column: of its concept, ``(N,)``.
        """
        return column < self.value if self.sign == "<" else column >= self.value

    def __str__(self) -> str:
        return f"{self.concept} {SIGNS[self.sign]} {self.value:.3g}: {self.answer}"


@dataclass(frozen=True)
class RuleList:
    """Rules in order, of which the first that holds decides; a learner edits the list and asks again.

    Args:
        rules: in order.
        otherwise: the answer where none holds.
        names: of the concepts, in the order of the columns.

    Example:
        >>> import torch
        >>> from course_lib.explain.rules import Rule, RuleList
        >>> two_loops = RuleList([Rule("loops", ">=", 2, 8)], otherwise=1, names=["loops"])
        >>> two_loops(torch.tensor([[0.0], [2.0]]))
        tensor([1, 8])
    """

    rules: Sequence[Rule]
    otherwise: int
    names: Sequence[str]

    def __call__(self, concepts: Tensor) -> Tensor:
        """The answers, int64 ``(N,)``.

        Args:
            concepts: ``(N, concepts)``.

        Raises:
            CourseError: for a rule about a concept that there is not.
        """
        table = concepts.cpu().numpy()
        said = np.full(len(table), self.otherwise)
        open_ = np.ones(len(table), bool)
        for rule in self.rules:
            column = list(self.names).index(one_of("concept", rule.concept, self.names))
            now = open_ & rule.holds(table[:, column])
            said[now], open_ = rule.answer, open_ & ~now
        return torch.from_numpy(said).long()

    def __str__(self) -> str:
        return "\n".join([*(f"if {rule}" for rule in self.rules), f"else {self.otherwise}"])


def fit_rule_list(concepts: Tensor, answers: Tensor, names: Sequence[str], rules: int = 5) -> RuleList:
    """A rule list for yes (1) or no (0), by imodels' greedy search.

    Args:
        concepts: ``(N, concepts)``.
        answers: 0 or 1, int64 ``(N,)``.
        names: of the concepts.
        rules: the most there are.

    Raises:
        CourseError: for other answers.
    """
    from imodels import GreedyRuleListClassifier  # loads pandas: seconds

    x, y = _table(concepts, answers)
    if not set(y.tolist()) <= {0, 1}:
        raise CourseError("a rule list here says yes or no: give answers of 1 and 0, such as (classes == 8).long().")
    fitted = GreedyRuleListClassifier(max_depth=rules)
    fitted.fit(x, y, feature_names=list(names))
    found, otherwise = [], int(y.mean() >= 0.5)
    for step in fitted.rules_:
        if "index_col" in step and "cutoff" in step:
            sign = "<" if step.get("flip") else ">="
            found.append(Rule(names[step["index_col"]], sign, float(step["cutoff"]), int(step["val_right"] >= 0.5)))
        else:
            otherwise = int(step["val"] >= 0.5)
    return RuleList(found, otherwise, list(names))


@dataclass(frozen=True)
class Habits:
    """What is usual for each class: from where to where each concept lies in nearly all of its real pictures.

    Attributes:
        names: of the concepts.
        low, high: ``(classes, concepts)``.
    """

    names: Sequence[str]
    low: Tensor
    high: Tensor

    @classmethod
    def of(cls, concepts: Tensor, labels: Tensor, names: Sequence[str], share: float = 0.98) -> "Habits":
        """From real pictures.

        Args:
            concepts: ``(N, concepts)``.
            labels: int64 ``(N,)``, from 0.
            names: of the concepts.
            share: of a class that lies within the limits of each concept.

        Raises:
            CourseError: for a share outside (0, 1].
        """
        if not 0 < share <= 1:
            raise CourseError(f"share={share!r}: use a share above 0 and at most 1, such as 0.98.")
        edge = (1 - share) / 2
        rows = [concepts[labels == k] for k in range(int(labels.max()) + 1)]
        low, high = (torch.stack([each.quantile(q, 0) for each in rows]) for q in (edge, 1 - edge))
        return cls(list(names), low, high)

    def refusals(self, concepts: Tensor, classes: Tensor) -> list[list[str]]:
        """Why each picture is none of its class, in words; an empty list where all is usual.

        Args:
            concepts: ``(N, concepts)``.
            classes: that the pictures are said to show, int64 ``(N,)``.
        """
        below, above = concepts < self.low[classes], concepts > self.high[classes]
        return [
            [
                f"no {k}: {name} {row[i]:.3g}, usual is {self._usual(int(k), i)}"
                for i, name in enumerate(self.names)
                if under[i] or over[i]
            ]
            for row, k, under, over in zip(concepts.tolist(), classes.tolist(), below, above, strict=True)
        ]

    def strangeness(self, concepts: Tensor, classes: Tensor) -> Tensor:
        """How far the most unusual concept lies outside, in widths of the usual range, ``(N,)``; 0 inside.

        Args:
            concepts: ``(N, concepts)``.
            classes: int64 ``(N,)``.
        """
        low, high = self.low[classes], self.high[classes]
        outside = torch.maximum(low - concepts, concepts - high).clamp(min=0)
        return (outside / (high - low).clamp(min=1e-6)).amax(1)

    def _usual(self, k: int, i: int) -> str:
        low, high = self.low[k, i].item(), self.high[k, i].item()
        return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"


def _table(concepts: Tensor, answers: Tensor) -> tuple[np.ndarray, np.ndarray]:
    if concepts.ndim != 2 or answers.shape != concepts.shape[:1]:
        raise CourseError(
            f"concepts of shape {tuple(concepts.shape)}, answers {tuple(answers.shape)}: use (N, concepts) and (N,)."
        )
    return concepts.cpu().numpy(), answers.cpu().numpy()
