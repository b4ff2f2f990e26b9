"""The scores of explanations against closed forms, plain loops, scikit-learn and scipy; what they refuse."""

import math

import pytest
import torch
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from course_lib.errors import CourseError
from course_lib.metrics import faithfulness as F


def pictures(n=4, c=1, side=6, seed=0):
    return 2 * torch.rand(n, c, side, side, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) - 1


def total(images):
    return images.sum((1, 2, 3))


def weighted(weights):
    return lambda images: (weights * images).sum((1, 2, 3))


# ---- insertion and deletion ----


@pytest.mark.parametrize("steps", [1, 4, 9, 36])
def test_insertion_and_deletion_are_the_plain_loop(steps):
    x, a, fill = pictures(), pictures(seed=1), pictures(seed=2)
    got = F.insertion_deletion(lambda im: im.square().sum((1, 2, 3)), x, a, fill, steps)
    for i in range(len(x)):
        order = sorted(range(36), key=lambda p: -a[i].flatten()[p].item())
        curves = [[], []]
        for step in range(steps + 1):
            moved = order[: math.ceil(step * 36 / steps)]
            for curve, start, end in zip(curves, (fill[i], x[i]), (x[i], fill[i]), strict=True):
                picture = start.flatten().clone()
                picture[moved] = end.flatten()[moved]
                curve.append(picture.square().sum().item())
        areas = [(sum(c) - (c[0] + c[-1]) / 2) / steps for c in curves]
        assert got["insertion"][i].item() == pytest.approx(areas[0])
        assert got["deletion"][i].item() == pytest.approx(areas[1])


def test_for_a_sum_of_pixels_the_image_itself_is_the_best_map():
    """Σ over pixels, filled with 0: in order of brightness both curves are known sums of sorted pixels."""
    x = pictures(3).abs()
    value, black = total, 0.0
    best = F.insertion_deletion(value, x, x, black, 36)
    row = x.flatten(1).sort(1, descending=True).values
    rising = torch.cat([torch.zeros(3, 1), row.cumsum(1)], 1)  # after 0, 1, … 36 pixels
    torch.testing.assert_close(best["insertion"], torch.trapezoid(rising, dim=1) / 36)
    torch.testing.assert_close(best["deletion"], total(x) - best["insertion"])
    for seed in range(5):
        other = F.insertion_deletion(value, x, pictures(3, seed=seed + 10), black, 36)
        assert (other["insertion"] < best["insertion"]).all() and (other["deletion"] > best["deletion"]).all()


def test_upside_down_the_two_curves_change_places():
    x, a = pictures(), pictures(seed=1)
    up, down = (F.insertion_deletion(total, x, sign * a, -1.0, 36) for sign in (1, -1))
    for one, other in (("insertion", "deletion"), ("deletion", "insertion")):
        torch.testing.assert_close(up[one], down[other])


def test_channels_of_a_pixel_go_together_and_their_attributions_add():
    x, a = pictures(c=3), pictures(c=3, seed=1)
    seen = []
    F.insertion_deletion(lambda im: seen.append(im) or total(im), x, a, 5.0, 6)
    for picture in seen:
        covered = picture == 5
        assert (covered == covered[:, :1]).all()
    ours, summed = (F.insertion_deletion(total, x, m, 5.0) for m in (a, a.sum(1, keepdim=True)))
    assert ours["insertion"].equal(summed["insertion"])


def test_equal_pixels_go_in_a_random_order_that_the_seed_fixes():
    x = pictures(1)

    def pictures_of(seed):
        seen = []
        F.insertion_deletion(lambda im: seen.append(im) or total(im), x, torch.zeros_like(x), 5.0, 6, seed=seed)
        return torch.cat(seen[::2]) != 5  # insertion's pictures, (7, 1, 6, 6)

    one, again, other = pictures_of(0), pictures_of(0), pictures_of(1)
    assert one.sum((1, 2, 3)).tolist() == [0, 6, 12, 18, 24, 30, 36]
    assert one.equal(again) and not one.equal(other)
    assert one[1].flatten().nonzero().flatten().tolist() != list(range(6))


def test_no_slope_is_kept():
    x = pictures().requires_grad_()
    assert not F.insertion_deletion(total, x, x.detach())["insertion"].requires_grad


# ---- localisation ----


def corner(side=6, k=2):
    mask = torch.zeros(side, side, dtype=torch.bool)
    mask[:k, :k] = True
    return mask


def test_the_part_itself_is_found_and_its_opposite_is_not():
    mask = corner()
    found = F.localisation(mask[None, None].double(), mask)
    assert {name: v.item() for name, v in found.items()} == pytest.approx(
        {"auc": 1, "pointing": 1, "iou": 1, "mass": 1, "chance": 4 / 36}
    )
    lost = F.localisation(1 - mask[None, None].double(), mask)
    assert {name: v.item() for name, v in lost.items()} == pytest.approx(
        {"auc": 0, "pointing": 0, "iou": 0, "mass": 0, "chance": 4 / 36}
    )


@pytest.mark.parametrize("level", [0.0, 3.0, -2.0])
def test_a_map_that_says_nothing_scores_what_guessing_does(level):
    found = F.localisation(torch.full((2, 1, 6, 6), level), corner())
    assert found["auc"].tolist() == [0.5, 0.5]
    assert found["pointing"].tolist() == pytest.approx([4 / 36] * 2)
    both = 4 * 4 / 36  # 4 of 36 pixels drawn blindly
    assert found["iou"].tolist() == pytest.approx([both / (8 - both)] * 2)
    assert found["mass"].tolist() == pytest.approx([4 / 36 if level > 0 else 0] * 2)


def test_half_found_by_hand():
    """Three pixels inside the part of four are highest, and one outside; the fourth inside ties with all the others."""
    a = torch.zeros(1, 1, 6, 6)
    a[0, 0, 0, 0], a[0, 0, 0, 1], a[0, 0, 1, 0], a[0, 0, 5, 5] = 4, 3, 2, 9
    found = F.localisation(a, corner())
    assert found["mass"].item() == pytest.approx(9 / 18) and found["pointing"].item() == 0
    assert found["iou"].item() == pytest.approx(3 / 5)
    # 3 pixels beat 31 others and lose to one; the fourth draws with 31 and loses to one
    assert found["auc"].item() == pytest.approx((3 * 31 + 31 / 2) / (4 * 32))


def test_the_auc_is_scikit_learns_with_ties_and_a_mask_each():
    a = (3 * pictures(5)).round()
    masks = torch.rand(5, 6, 6, generator=torch.Generator().manual_seed(3)) < 0.3
    ours = F.localisation(a, masks)["auc"]
    theirs = [roc_auc_score(m.flatten(), row.flatten()) for m, row in zip(masks, a, strict=True)]
    assert ours.tolist() == pytest.approx(theirs)


def test_negative_attribution_has_no_mass():
    a = -torch.ones(1, 1, 6, 6)
    a[..., 0, 0], a[..., 3, 3] = 1, 3
    assert F.localisation(a, corner())["mass"].item() == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    "mask",
    [
        torch.ones(6, 6).bool(),
        torch.zeros(6, 6).bool(),
        torch.ones(6, 6),
        corner(5),
        corner()[None].repeat(3, 1, 1),
        corner()[None, None],
    ],
)
def test_a_mask_that_cannot_be_judged_is_refused(mask):
    with pytest.raises(CourseError, match="neither empty nor full"):
        F.localisation(pictures(), mask)


def test_ignored_pixels_count_neither_as_the_part_nor_as_the_rest():
    a, mask, ignore = pictures(), corner(), corner(k=4) & ~corner()
    ours = F.localisation(a, mask, ignore)
    kept = ~ignore.flatten()
    for i, auc in enumerate(ours["auc"]):
        known = roc_auc_score(mask.flatten()[kept].numpy(), a[i].flatten()[kept].numpy())
        assert auc.item() == pytest.approx(known)
    assert ours["chance"].tolist() == pytest.approx([4 / 24] * 4)
    wild = torch.where(ignore, 1e6, a)
    for score, value in F.localisation(wild, mask, ignore).items():
        assert value.equal(ours[score]), score
    with pytest.raises(CourseError, match="use bool"):
        F.localisation(a, mask, ignore[:5])
    with pytest.raises(CourseError, match="neither empty nor full"):
        F.localisation(a, mask, mask)


# ---- infidelity ----


def test_a_linear_model_is_told_wholly_by_its_weights_whatever_their_scale():
    w = pictures(1, seed=5)
    for scale in (1, -3, 100):  # the fitted factor takes scale and sign: infidelity asks for the shape alone
        told = F.infidelity(weighted(w), pictures(), (scale * w).expand(4, -1, -1, -1))
        torch.testing.assert_close(told, torch.zeros(4, dtype=torch.float64), atol=1e-12, rtol=0)


def test_half_of_the_weights_leaves_the_share_of_the_others():
    """f = w·x: the perturbed difference is w·I, of variance ‖w‖²σ²; a map with half of w misses the other half's."""
    w = torch.ones(1, 1, 6, 6, dtype=torch.float64)
    w[..., :3, :] = 2  # shares 4/5 and 1/5
    half = w.clone()
    half[..., 3:, :] = 0
    left = F.infidelity(weighted(w), pictures(2), half.expand(2, -1, -1, -1), samples=20_000)
    torch.testing.assert_close(left, torch.full((2,), 0.2, dtype=torch.float64), atol=0.01, rtol=0)


def test_a_map_beside_the_point_says_nothing():
    w, other = torch.zeros(2, 1, 1, 6, 6, dtype=torch.float64)
    w[..., :3, :], other[..., 3:, :] = 1, 1
    left = F.infidelity(weighted(w), pictures(2), other.expand(2, -1, -1, -1), samples=1000)
    assert (left > 0.98).all() and (left <= 1).all()
    assert F.infidelity(weighted(w), pictures(2), torch.zeros(2, 1, 6, 6)).tolist() == [1, 1]


def test_a_curved_model_is_told_worse_the_larger_the_change():
    x = torch.zeros(2, 1, 6, 6, dtype=torch.float64)

    def value(images):
        return total(images) + total(images) ** 2

    near, far = (F.infidelity(value, x, torch.ones_like(x), sigma=s, samples=500).mean() for s in (0.01, 0.5))
    assert near < 0.02 < 0.5 < far


# ---- sensitivity ----


def test_the_sensitivity_of_known_maps():
    x = 0.5 * pictures(3)
    assert F.max_sensitivity(torch.ones_like, x).tolist() == [0, 0, 0]
    # φ(x) = x: the largest of ‖e‖/‖x‖, the same draws by hand
    g = torch.Generator().manual_seed(7)
    moves = [0.1 * (2 * torch.rand(x.shape, generator=g) - 1).double() for _ in range(6)]
    by_hand = torch.stack([e.flatten(1).norm(dim=1) for e in moves]).amax(0) / x.flatten(1).norm(dim=1)
    torch.testing.assert_close(F.max_sensitivity(lambda im: im, x, 0.1, 6, seed=7), by_hand)
    torch.testing.assert_close(F.max_sensitivity(lambda im: 9 * im, x, 0.1, 6, seed=7), by_hand)


def test_images_stay_in_their_range_and_more_tries_find_no_less():
    x = torch.ones(2, 1, 6, 6)
    assert F.max_sensitivity(lambda im: im - (im > 1).float(), x).max() < 0.2
    few, many = (F.max_sensitivity(lambda im: im**3, pictures(), samples=n) for n in (2, 20))
    assert (many >= few).all() and (many > few).any()


# ---- rank correlation ----


@pytest.mark.parametrize("absolute", [False, True])
def test_it_is_scipys_with_ties(absolute):
    a, b = (2 * pictures(5, 2)).round(), (2 * pictures(5, 2, seed=1)).round() + pictures(5, 2).round()
    ours = F.rank_correlation(a, b, absolute)
    turn = abs if absolute else (lambda m: m)
    theirs = [
        spearmanr(turn(x.sum(0)).flatten(), turn(y.sum(0)).flatten()).statistic for x, y in zip(a, b, strict=True)
    ]
    assert ours.tolist() == pytest.approx(theirs)


def test_any_rising_curve_keeps_it_and_a_falling_one_turns_it():
    a = pictures()
    assert F.rank_correlation(a, a.exp()).tolist() == pytest.approx([1] * 4)
    assert F.rank_correlation(a, -(a**3)).tolist() == pytest.approx([-1] * 4)
    assert F.rank_correlation(a, -a, absolute=True).tolist() == pytest.approx([1] * 4)
    assert F.rank_correlation(a, torch.ones_like(a)).tolist() == [0] * 4


def test_shared_zeros_are_agreement_until_they_are_left_out():
    """Two unrelated maps that are 0 outside the same small part: what many shared ties do."""
    a, b, part = pictures(1, side=28), pictures(1, side=28, seed=1), corner(28, 10)[None, None]
    assert F.rank_correlation(a * part, b * part, absolute=True) > 0.9
    inside = F.rank_correlation(a * part, b * part, absolute=True, where=part)
    assert abs(inside) < 0.3
    assert inside.item() == pytest.approx(spearmanr(a[part].abs(), b[part].abs()).statistic)


# ---- refusals ----

MAPS = pictures()
HOLED = MAPS.clone()
HOLED[0, 0, 0, 0] = math.nan


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (lambda: F.insertion_deletion(total, MAPS, MAPS[:3]), "agree in number"),
        (lambda: F.insertion_deletion(total, MAPS, pictures(side=5)), "agree in number"),
        (lambda: F.insertion_deletion(total, MAPS, HOLED), "NaN"),
        (lambda: F.insertion_deletion(total, MAPS, MAPS, steps=0), "steps=0"),
        (lambda: F.insertion_deletion(total, MAPS, MAPS, steps=2.5), "steps=2.5"),
        (lambda: F.insertion_deletion(lambda im: im.sum(), MAPS, MAPS), "one number per image"),
        (lambda: F.insertion_deletion(lambda im: 1.0, MAPS, MAPS), "value gave float"),
        (lambda: F.infidelity(total, MAPS, MAPS[:, :, :5]), "agree in number"),
        (lambda: F.infidelity(total, MAPS, HOLED), "NaN"),
        (lambda: F.infidelity(total, MAPS, MAPS, sigma=0), "sigma=0"),
        (lambda: F.infidelity(total, MAPS, MAPS, samples=0), "samples=0"),
        (lambda: F.infidelity(lambda im: im[:, 0, 0, :2], MAPS, MAPS), r"value gave \(4, 2\)"),
        (lambda: F.max_sensitivity(lambda im: im, MAPS, radius=-1), "radius=-1"),
        (lambda: F.max_sensitivity(lambda im: im, MAPS, samples=True), "samples=True"),
        (lambda: F.rank_correlation(MAPS, MAPS[:3]), "same images"),
        (lambda: F.rank_correlation(MAPS, HOLED), "NaN"),
        (lambda: F.rank_correlation(MAPS, MAPS, where=MAPS > 5), "at least 2 pixels"),
        (lambda: F.rank_correlation(MAPS, MAPS, where=MAPS), "use bool"),
        (lambda: F.rank_correlation(MAPS, MAPS, where=MAPS[:2] > 0), "use bool"),
        (lambda: F.localisation(HOLED, corner()), "NaN"),
    ],
)
def test_what_has_no_score_is_refused(measure, said):
    with pytest.raises(CourseError, match=said) as refusal:
        measure()
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
