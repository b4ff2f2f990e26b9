"""A score must not depend on where a pixel stands: positions are shuffled, and what ranks pixels scores as before."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.data.toy import Mixture
from course_lib.errors import CourseError
from course_lib.explain.importance import without_top
from course_lib.metrics import faithfulness as F
from course_lib.metrics import measure_modes
from course_lib.metrics.disentanglement import factor_vae_score
from course_lib.metrics.ranking import highest, highest_first

quick = settings(max_examples=15, deadline=None, derandomize=True)
seeds, levels = st.integers(0, 2**32), st.integers(1, 4)  # with few levels nearly all of the 36 pixels are tied
TIES = 25  # seeds of the ties that a mean is taken over


def drawn(seed, levels, n=6, side=6):
    """Images, tied maps, another fill, and weights of a model: float64."""
    g = torch.Generator().manual_seed(seed)
    shape = (n, 1, side, side)
    image, fill, weights = (torch.rand(shape, generator=g, dtype=torch.float64) for _ in range(3))
    return image, torch.randint(levels, shape, generator=g).double(), fill, weights[:1]


def moved(pictures, places):
    return pictures.flatten(2)[..., places].view_as(pictures)


def mean_and_error(score, first):
    """Mean over ``TIES`` seeds of the ties, and its standard error."""
    values = torch.stack([score(first + k).double().mean() for k in range(TIES)])
    return values.mean(), values.std() / TIES**0.5


def within_noise(one, other):
    (a, da), (b, db) = one, other
    return abs(a - b) <= 5 * (da**2 + db**2).sqrt() + 1e-9


@quick
@given(seeds, levels, st.sampled_from(["insertion", "deletion"]))
def test_insertion_and_deletion_do_not_depend_on_where_pixels_stand(seed, levels, kind):
    """In reading order this fails: with weights that grow downwards a map without any order would score high."""
    image, attribution, fill, weights = drawn(seed, levels)
    weights = weights.flatten().sort().values.view_as(weights)  # the last pixels count most
    places = torch.randperm(36, generator=torch.Generator().manual_seed(seed))
    scores = []
    for where in (torch.arange(36), places, torch.arange(36).flip(0)):
        x, a, f, w = (moved(part, where) for part in (image, attribution, fill, weights))
        scores.append(
            mean_and_error(
                lambda s, x=x, a=a, f=f, w=w: F.insertion_deletion(
                    lambda im: (w * im).sum((1, 2, 3)).exp() / 1e4, x, a, f, 9, seed=s
                )[kind],
                seed % 1000,
            )
        )
    assert within_noise(scores[0], scores[1]) and within_noise(scores[0], scores[2]), scores


@quick
@given(seeds, levels, st.sampled_from([0.1, 0.25, 0.6]))
def test_the_top_that_is_taken_away_does_not_depend_on_where_pixels_stand(seed, levels, share):
    image, attribution, _, weights = drawn(seed, levels)
    weights = weights.flatten().sort().values.view_as(weights)
    back = torch.arange(36).flip(0)
    there, here = (
        mean_and_error(lambda s, i=i, a=a, w=w: (w * without_top(i, a, share, 5.0, seed=s)).sum((1, 2, 3)), seed % 1000)
        for i, a, w in (
            (image, attribution, weights),
            (moved(image, back), moved(attribution, back), moved(weights, back)),
        )
    )
    assert within_noise(there, here), (there, here)


@quick
@given(seeds, levels)
def test_correlation_and_localisation_share_ties_and_need_no_chance(seed, levels):
    """Tied pixels get their mean rank: the expectation itself, so shuffled positions change nothing at all."""
    image, attribution, fill, _ = drawn(seed, levels + 1)
    where, mask = image > 0.3, (fill[0, 0] < 0.3)
    places = torch.randperm(36, generator=torch.Generator().manual_seed(seed))
    other = (3 * fill).round()
    for absolute in (False, True):
        kept = F.rank_correlation(attribution, other, absolute, where)
        shuffled = F.rank_correlation(
            *(moved(part, places) for part in (attribution, other)), absolute, moved(where, places)
        )
        torch.testing.assert_close(kept, shuffled)
    if 0 < mask.sum() < 36:
        kept = F.localisation(attribution, mask)
        shuffled = F.localisation(moved(attribution, places), mask.flatten()[places].view_as(mask))
        for score in kept:
            torch.testing.assert_close(kept[score], shuffled[score])


@quick
@given(seeds, levels)
def test_a_ranking_is_one_and_only_equals_are_mixed(seed, levels):
    values = drawn(seed, levels)[1].flatten(1)
    order = highest_first(values, seed)
    assert order.sort(1).values.equal(torch.arange(36).expand(6, -1))
    assert values.gather(1, order).equal(values.sort(1, descending=True).values)
    assert highest_first(values, seed).equal(order)
    assert values.gather(1, highest(values, seed)[:, None])[:, 0].equal(values.amax(1))


def test_without_ties_no_seed_changes_anything():
    image, _, fill, weights = drawn(0, 1)
    one, other = (
        F.insertion_deletion(lambda im: (weights * im).sum((1, 2, 3)), image, image, fill, seed=s) for s in (0, 1)
    )
    assert one["insertion"].equal(other["insertion"]) and one["deletion"].equal(other["deletion"])
    assert without_top(image, image, 0.3, seed=0).equal(without_top(image, image, 0.3, seed=1))


def test_equals_come_first_equally_often_in_every_place():
    """Chi-squared of 4,000 rows of 5 equals: with 4 degrees of freedom beyond 18.5 once in a thousand."""
    for first in (highest(torch.zeros(4000, 5), 3), highest_first(torch.zeros(4000, 5), 3)[:, 0]):
        counts = torch.bincount(first, minlength=5).double()
        assert ((counts - 800) ** 2 / 800).sum() < 18.5, counts


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    highest_first(torch.zeros(2, 9), 5), highest(torch.zeros(2, 9), 5)
    assert torch.get_rng_state().equal(before)


def test_a_map_without_any_order_scores_what_chance_does():
    """A linear value: each pixel is in for half of the way on average, so the mean is half-way."""
    image, _, fill, weights = drawn(1, 1)
    weights = weights.flatten().sort().values.view_as(weights)

    def value(im):
        return (weights * im).sum((1, 2, 3))

    expected = ((value(image) + value(fill)) / 2).mean()
    got = mean_and_error(
        lambda s: F.insertion_deletion(value, image, torch.zeros_like(image), fill, 9, seed=s)["insertion"], 0
    )
    assert within_noise(got, (expected, torch.tensor(0.0)))


def test_a_point_between_modes_counts_for_one_of_them_at_random():
    mixture = Mixture("two", torch.tensor([[-1.0, 0.0], [1.0, 0.0]]), sigma=0.5)
    report = measure_modes(torch.zeros(2000, 2), mixture)
    assert report.modes == 2 and report.kl < 0.01  # by place: 1 mode, and KL log 2
    assert (
        measure_modes(torch.zeros(2000, 2), mixture).kl
        == report.kl
        != measure_modes(torch.zeros(2000, 2), mixture, seed=1).kl
    )


def test_votes_of_equal_codes_do_not_depend_on_which_stands_first():
    """Codes 0 and 1 are the same; code 2 never tells. Their order must not decide who votes."""

    def draw(order):
        g = torch.Generator().manual_seed(0)

        def codes(k, n):
            factors = torch.rand(n, 2, generator=g)
            factors[:, k] = factors[0, k]
            return factors[:, [0, 0, 1]][:, order]

        return codes

    scores = [factor_vae_score(draw(order), 2, votes=200) for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0])]
    assert scores == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("seed", [True, 1.5, None, "0"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(CourseError, match="whole number"):
        highest_first(torch.zeros(1, 2), seed)
