"""Explanations that cover parts: occlusion, LIME and Shapley values of segments, where the answer is known."""

import pytest
import torch
from explained_models import images
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, grid_segments, lime, occlusion, sampled_shapley, shapley_of_segments
from course_lib.explain.segments import compose
from course_lib.explain.shapley import exact_shapley


def line(seed=0, classes=2):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(144, classes)).eval()


def by_segment(values, segments):
    """Sum over each segment's pixels: (players,)."""
    return torch.zeros(int(segments.max()) + 1).index_add(0, segments.flatten(), values.flatten())


def test_segments_number_squares_row_by_row():
    assert grid_segments(4, 5, 2).tolist() == [[0, 0, 1, 1, 2]] * 2 + [[3, 3, 4, 4, 5]] * 2
    with pytest.raises(CourseError, match="side=0"):
        grid_segments(4, 4, 0)


def test_composing_puts_the_fill_where_a_segment_is_off():
    image, fill = torch.ones(1, 4, 4), torch.full((1, 4, 4), -1.0)
    made = compose(image, fill, grid_segments(4, 4, 2), torch.tensor([[1.0, 0, 0, 1]]))
    assert made[0, 0].tolist() == [[1, 1, -1, -1]] * 2 + [[-1, -1, 1, 1]] * 2


def test_occlusion_of_a_line_is_what_the_square_adds():
    model, x = line(), images()
    found = occlusion(model, class_logit(1), x, window=3, stride=3)
    product = (x + 1) * model[1].weight[1].detach().view(1, 1, 12, 12)  # against black, −1
    squares = nn.functional.avg_pool2d(product, 3) * 9
    torch.testing.assert_close(found, squares.repeat_interleave(3, 2).repeat_interleave(3, 3))


def test_occlusion_reaches_the_edge_that_the_stride_misses():
    found = occlusion(line(), class_logit(0), images(), window=5, stride=5)
    assert (found.abs() > 0).all()  # NaN, what 0/0 leaves where no square came, is not above 0, and is not 0


def test_occlusion_with_the_picture_itself_changes_nothing():
    x = images()
    assert (occlusion(line(), class_logit(0), x, fill=x) == 0).all()


@pytest.mark.parametrize(("window", "stride"), [(3, 4), (0, 0), (13, 1)])
def test_windows_that_leave_gaps_are_refused(window, stride):
    with pytest.raises(CourseError, match="1 ≤ stride ≤ window ≤ 12"):
        occlusion(line(), class_logit(0), images(), window=window, stride=stride)


def test_lime_of_a_line_is_what_each_segment_adds_and_fits():
    model, x, segments = line(), images()[0], grid_segments(12, 12, 4)
    map_, r2 = lime(model, class_logit(1), x, segments, samples=300, ridge=1e-6)
    product = (x + 1) * model[1].weight[1].detach().view(1, 12, 12)
    assert map_.shape == (1, 1, 12, 12) and r2 > 0.999999
    expected = by_segment(product, segments)[segments]
    torch.testing.assert_close(map_[0, 0], expected, rtol=1e-3, atol=1e-4)


def test_lime_asks_about_the_picture_itself_first_and_about_half_of_the_segments_then():
    asked = []

    class Asked(nn.Module):
        def forward(self, x):
            asked.append(x)
            return x.flatten(1).sum(1, keepdim=True)

    lime(Asked().eval(), class_logit(0), images()[0], grid_segments(12, 12, 4), samples=400, fill=7.0)
    assert asked[0][0].equal(images()[0])
    assert (asked[0][1:] == 7).float().mean().item() == pytest.approx(0.5, abs=0.03)


def test_lime_repeats_with_its_seed_and_needs_more_samples_than_segments():
    model, x, segments = line(), images()[0], grid_segments(12, 12, 4)
    a, b, c = (lime(model, class_logit(1), x, segments, samples=50, seed=s)[0] for s in (1, 1, 2))
    assert torch.equal(a, b) and not torch.equal(a, c)
    with pytest.raises(CourseError, match="9 samples for 9 segments"):
        lime(model, class_logit(1), x, segments, samples=9)


def test_shapley_values_of_a_lines_segments_are_what_each_adds():
    model, x, segments = line(), images()[0], grid_segments(12, 12, 4)
    found = shapley_of_segments(model, class_logit(1), x, segments, orders=2)
    product = (x + 1) * model[1].weight[1].detach().view(1, 12, 12)
    torch.testing.assert_close(by_segment(found, segments), by_segment(product, segments), rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(found.sum(), product.sum(), rtol=1e-3, atol=1e-3)


def glove(z):
    """Players 0 and 1 have a left glove, 2 the right: a pair earns 1."""
    return torch.minimum(torch.maximum(z[:, 0], z[:, 1]), z[:, 2])


def test_the_glove_game():
    torch.testing.assert_close(exact_shapley(glove, 3), torch.tensor([1 / 6, 1 / 6, 4 / 6]).double())


def test_sampled_values_come_with_an_honest_error():
    truth, inside = exact_shapley(glove, 3), []
    for seed in range(40):
        found, error = sampled_shapley(glove, 3, orders=50, seed=seed)
        assert found.sum().item() == pytest.approx(1)  # efficient at any number of orders
        inside += ((found - truth).abs() <= 2 * error).tolist()
    assert 0.9 < sum(inside) / len(inside) <= 1


@pytest.mark.parametrize("players", [0, 17])
def test_too_many_players_are_refused(players):
    with pytest.raises(CourseError, match="1 to 16"):
        exact_shapley(lambda z: z.sum(1), players)


@pytest.mark.parametrize("orders", [1, 2.0, True])
def test_orders_that_give_no_error(orders):
    with pytest.raises(CourseError, match="orders="):
        sampled_shapley(glove, 3, orders=orders)
