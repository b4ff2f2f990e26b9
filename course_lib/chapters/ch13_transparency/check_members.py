"""The checks of lesson 13.6: the chance to rank a member first, hits at few false alarms, and four faulty reports."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from course_lib.audit import membership
from course_lib.learn.exercises import check
from course_lib.learn.matching import misnamed
from course_lib.learn.numbers import number, wrong_value


def _cases() -> list[tuple[Tensor, Tensor]]:
    """Scores with ties; then many, with members between any two outsiders; then all of these rounded."""
    g = torch.Generator().manual_seed(3)
    members = (torch.arange(400) * 0.5 + 3.2)[torch.randperm(400, generator=g)]
    outsiders = torch.arange(200.0)[torch.randperm(200, generator=g)]
    rounded = (members / 3).round(), (outsiders / 3).round()
    return [(torch.tensor([3.0, 1.0, 2.0]), torch.tensor([2.0, 0.0])), (members, outsiders), rounded]


@check(
    "ranked_first",
    todo="return the chance that a member's score is above an outsider's; a tie counts half",
    shows="right: ½ is guessing, and ties count half",
)
def ranked_first(answer: Any) -> str | None:
    """``answer(members, outsiders)``: scores ``(M,)``, ``(N,)`` → one number."""
    for members, outsiders in _cases():
        above = (members[:, None] > outsiders).double().mean().item()
        ties = (members[:, None] == outsiders).double().mean().item()
        right = membership.auc(members, outsiders)
        known: dict[str, float | list[float]] = {
            "ties count for nothing so: add half of them": above,
            "ties count in full so: half of each": above + ties,
            "that is the chance for outsiders: members come first": 1 - right,
            "that counts pairs: divide by how many there are": (above + ties / 2) * len(members) * len(outsiders),
            "that compares means: compare every pair": [
                float(members.mean() > outsiders.mean()),
                (members.mean() - outsiders.mean()).item(),
            ],
        }
        said = f"for {len(members)} members and {len(outsiders)} outsiders"
        if wrong := wrong_value(number(answer(members.clone(), outsiders.clone())), right, _apart(known, right), said):
            return wrong
    return None


@check(
    "hits_at",
    todo="return the share of members above a threshold which at most this share of outsiders exceeds",
    shows="right: the threshold is set by outsiders alone",
)
def hits_at(answer: Any) -> str | None:
    """``answer(members, outsiders, false_alarms)``: scores, scores, share → one number."""
    for members, outsiders in _cases()[1:]:
        for share in (0.01, 0.05, 0.2):
            right = membership.hit_rate(members, outsiders, share)
            allowed = int(share * len(outsiders) + 1e-9)
            order = outsiders.sort(descending=True).values
            lowest = members.sort(descending=True).values[int(share * len(members))]
            known: dict[str, float | list[float]] = {
                "ties at the threshold would be alarms, too: use > with the first outsider that may not be exceeded": (
                    (members >= order[allowed]).double().mean().item()
                ),
                "that allows one false alarm too few": (members > order[max(allowed - 1, 0)]).double().mean().item(),
                "that allows one false alarm too many": (members > order[allowed + 1]).double().mean().item(),
                "the threshold is set by the members: let the outsiders set it": [
                    (members > lowest).double().mean().item(),
                    (outsiders > lowest).double().mean().item(),
                ],
                "that is the share of members below the threshold": 1 - right,
                "that counts members: divide by how many there are": right * len(members),
                "that cuts at the other end: few outsiders should lie above": (
                    (members > outsiders.sort().values[allowed]).double().mean().item()
                ),
                "that is the share of outsiders: the members above the threshold are asked for": (
                    (outsiders > order[allowed]).double().mean().item()
                ),
            }
            said = f"for {share:g} of {len(outsiders)} outsiders"
            if wrong := wrong_value(
                number(answer(members.clone(), outsiders.clone(), share)), right, _apart(known, right), said
            ):
                return wrong
    return None


_CLUES = {
    "P": "what else differs between the two heaps but that one was trained on?",
    "Q": "how often would somebody be right who calls everybody a member?",
    "R": "may a mean over all hide the few who are found with few mistakes?",
    "S": "what would the best of 500 scores find, if all of them were drawn by lot?",
}


@check(
    "what_spoils",
    function=False,
    todo="name what spoils each report, as in {'P': 'low false alarms', …}",
    shows="right: an attack is worth what its controls say",
)
def what_spoils(answer: Any) -> str | None:
    """``answer``: report → "other pictures", "shares", "low false alarms" or "same pictures"."""
    right = {"P": "other pictures", "Q": "shares", "R": "low false alarms", "S": "same pictures"}
    return misnamed(answer, right, tuple(right.values()), lambda letter, _: _CLUES[letter])


def _apart(known: Mapping[str, float | list[float]], right: float) -> dict[str, object]:
    """Without the mistakes that give the right number in this case."""
    kept: dict[str, object] = {}
    for sentence, values in known.items():
        each = [v for v in (values if isinstance(values, list) else [values]) if abs(v - right) > 1e-6]
        if each:
            kept[sentence] = each
    return kept
