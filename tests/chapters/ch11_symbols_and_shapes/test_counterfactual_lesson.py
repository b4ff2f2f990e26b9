"""Lessons 11.3 and 11.4: planted faults change what they say, true factors stay apart, and the slider shows the way."""

import pytest
import torch

from course_lib import zoo
from course_lib.chapters.ch11_symbols_and_shapes import counter_shapes, rule_filters
from course_lib.chapters.ch11_symbols_and_shapes import counter_slider as module
from course_lib.chapters.ch11_symbols_and_shapes.counter_slider import STEPS, Ways, scene, still, way_slider
from course_lib.chapters.ch11_symbols_and_shapes.rule_faults import FAULTS, names_it
from course_lib.data import load
from course_lib.data.shapes import shapes
from course_lib.errors import CourseError
from course_lib.explain.concepts import CONCEPTS, measure_concepts
from course_lib.explain.counterfactual import Counterfactual, counterfactual, margin
from course_lib.metrics.judge_scores import judge_outputs
from course_lib.models import MLPVAE, DigitCNN
from course_lib.show.picture import Picture


@pytest.mark.parametrize(("fault", "sign"), [(fault, -1 if "holes" in fault else 1) for fault in FAULTS])
def test_a_planted_fault_changes_its_concept(fault, sign):
    digits, how = load("digits", split="test"), FAULTS[fault]
    spoilt, intact, labels = how.plant(digits.images[:60], digits.labels[:60])
    assert len(spoilt) == len(intact) == len(labels) > 5 and spoilt.abs().max() <= 1
    column = list(CONCEPTS).index(how.concept)
    change = (measure_concepts(spoilt) - measure_concepts(intact))[:, column]
    assert (sign * change > 0).double().mean() > 0.7


def test_a_concept_is_named_by_its_whole_name():
    assert names_it([["no 4: ink 0.3, usual is 0.1"], [], ["no 4: loops 2, usual is 0"]], "ink") == pytest.approx(1 / 3)
    assert names_it([["no 4: height of the middle 0.3, usual is 0.4 to 0.5"]], "height") == 1.0


def test_the_highest_are_kept():
    values = torch.tensor([0.3, -1.0, 2.0, 0.5])
    assert rule_filters.keep_highest(values, 2).tolist() == [False, False, True, True]
    assert not rule_filters.keep_highest(values, 0).any()


def test_noise_has_no_real_digit_near_and_reach_is_the_distance_to_the_fifth_nearest():
    digits = load("digits", split="test")
    noise = torch.rand(20, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pictures, kept = torch.cat([digits.images[:60], noise]), torch.arange(80) < 60
    drawn = rule_filters.Drawn(pictures, torch.zeros(80), torch.zeros(80), torch.zeros(80, 11))
    scores = rule_filters.Scores(zoo.load("judge"), digits.images[:200], torch.rand(200, 11).double())
    (reach, near), (_, near_out) = scores.alone(drawn, kept)
    apart = torch.cdist(*[judge_outputs(pictures, zoo.load("judge"))[1]] * 2)
    assert near == 1 and near_out < 0.2
    assert reach == pytest.approx(apart[:60].sort(1).values[:, 5].mean().item(), rel=1e-4)  # place 0 is itself


def test_true_factors_draw_the_data_again():
    data = shapes(n=20)
    true = counter_shapes.TrueFactors(data)
    assert torch.allclose(true(true.latents), data.images, atol=1e-4)
    assert true.latents.abs().max() <= 2


def test_the_formula_leads_by_the_pixels_to_the_right():
    data = shapes(n=30)
    lead = margin(torch.ones(30, dtype=torch.long))(counter_shapes.Side()(data.images))
    assert torch.allclose(lead, data.factors[:, 2] - 14, atol=0.1)
    dimmer = (data.images + 1) / 2 - 1
    assert torch.allclose(counter_shapes.Side()(dimmer), counter_shapes.Side()(data.images), atol=1e-4)


def test_with_formula_and_true_factors_only_the_place_changes():
    true = counter_shapes.TrueFactors(shapes(n=12))
    moves = counter_shapes.to_the_other_side(counter_shapes.Side().eval(), true, true.latents, seed=0, steps=80)
    change = counter_shapes.changes(moves["found move"])
    assert moves["found move"].reached.all() and moves["random move"].reached.double().mean() < 0.3
    assert change["x"] > 0.2 and max(change["y"], change["brightness"]) < 0.02
    true_change = counter_shapes.true_changes(moves["found move"])
    assert true_change.pop("x") == pytest.approx(change["x"], abs=0.03) and max(true_change.values()) < 0.02


def test_a_dimmer_and_smaller_shape_is_told_by_its_true_factors():
    true = counter_shapes.TrueFactors(shapes(n=6))
    end = true.latents - torch.tensor([1.0, 0, 0, 0, 0.4])
    move = Counterfactual(
        true(true.latents), true(end), true.latents, end, torch.zeros(6), torch.ones(6, dtype=torch.bool)
    )
    found = counter_shapes.true_changes(move)
    assert found == pytest.approx({"size": 0.25, "x": 0, "y": 0, "angle": 0, "brightness": 0.1}, abs=1e-6)
    assert counter_shapes.brighter(move) == pytest.approx(-0.1, abs=0.03)


def test_the_formula_needs_no_brightness_and_never_counts_it():
    data, formula = shapes(n=12), counter_shapes.Side().eval()
    true = counter_shapes.TrueFactors(data)
    moves = counter_shapes.to_the_other_side(formula, true, true.latents, seed=0, steps=80)
    assert counter_shapes.put_back(formula, true, moves["found move"]) == 1.0
    dark, bright = (counter_shapes.lead_at(formula, data, value) for value in (0.4, 1.0))
    assert torch.allclose(dark, bright, atol=0.05)


def test_a_shape_drawn_over_there_is_compared_with_itself():
    data = shapes(n=4)
    torch.manual_seed(0)
    vae = MLPVAE(latent=3, hidden=(8,)).eval().requires_grad_(False)
    codes = vae.encode(data.images)[0]
    moves = counter_shapes.to_the_other_side(counter_shapes.Side().eval(), vae, codes, seed=0, steps=3)
    apart, farther = counter_shapes.over_there(vae, data, moves["found move"])
    assert apart >= 0 and 0 <= farther <= 1


@pytest.fixture(scope="module")
def ways():
    torch.manual_seed(0)
    vae, reader, judge = MLPVAE(latent=3, hidden=(8,)).eval(), DigitCNN(width=2).eval(), DigitCNN(width=2).eval()
    for network in (vae, reader, judge):
        network.requires_grad_(False)
    start = torch.randn(2, 3)
    return Ways(vae, counterfactual(reader, margin(torch.tensor([1, 2])), vae, start, steps=3), reader, judge)


def test_the_way_begins_and_ends_where_the_counterfactual_does(ways):
    assert torch.allclose(ways.at(1, 0)[0], ways.found.before[1:], atol=1e-5)
    assert torch.allclose(ways.at(1, 1)[0], ways.found.after[1:], atol=1e-5)


def test_where_nobody_watches_it_is_a_still(ways, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    shown = way_slider(ways, [0, 1], title="a way", alt="Two rows.")
    assert isinstance(shown, Picture) and shown.alt == "Two rows."
    assert STEPS == 7 and still(ways, [0], title="a way", alt="One row.").png != shown.png


def test_with_a_kernel_the_slider_draws_the_place(ways, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    choice, slider, words, picture = way_slider(ways, [0, 1], title="a way", alt="Two rows.").children
    before = picture.value
    slider.value = 1.0
    assert picture.value != before and words.value.startswith("100% of the way")
    choice.value = 1
    assert picture.value == scene(ways, 1, 1.0).png


def test_without_a_picture_to_choose_it_is_refused(ways):
    with pytest.raises(CourseError, match="which="):
        way_slider(ways, [], title="a way", alt="No row.")
