"""How the lessons read the recorded race, and their pictures: the rule, the order, who is drawn as a control."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch04_mode_collapse import pictures, race, race_pictures, tables
from course_lib.data import mixture
from course_lib.metrics import measure_modes

STARTS = ("unbalanced", "strong")
RING = mixture("ring")


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(int)


def coloured(picture):
    """How many pixels are clearly orange, and clearly blue."""
    red, _, blue = np.moveaxis(pixels(picture), 2, 0)
    return (red - blue > 90).sum(), (blue - red > 60).sum()


@pytest.mark.parametrize("start", STARTS)
def test_controls_come_first_and_no_row_is_lost(start):
    rows = race.ordered(start)
    assert rows[:5] == race.controls(start)
    assert sorted(rows) == sorted(race.scores(start, "equal steps", "energy"))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("at", ["equal steps", "equal cost"])
def test_no_control_beats_the_best_of_them_and_a_ratio_is_of_one_seed(start, at):
    for row in race.controls(start):
        assert race.won(start, at, row) == 0
    energy = race.scores(start, at, "energy")
    for row, seeds in energy.items():
        ratios = race.beside_best(start, at, row)
        for seed, ratio in ratios.items():
            assert ratio == pytest.approx(seeds[seed] / min(energy[c][seed] for c in race.controls(start)))


def test_a_row_beside_one_other_is_of_the_seeds_that_both_have():
    energy = race.scores("unbalanced", "equal cost", "energy")
    ratios = race.beside_best("unbalanced", "equal cost", "equal step sizes", ["WGAN-GP"])
    assert ratios.keys() == energy["WGAN-GP"].keys() < energy["equal step sizes"].keys()
    for seed, ratio in ratios.items():
        assert ratio == pytest.approx(energy["equal step sizes"][seed] / energy["WGAN-GP"][seed])


def test_nine_of_ten_and_all_of_five():
    assert race.most(dict.fromkeys(range(10), 0.0)) == 9
    assert race.most(dict.fromkeys(range(5), 0.0)) == 5
    assert race.works("unbalanced", "equal steps", "batch norm in G")
    assert race.works("unbalanced", "equal cost", "Pack(4)")  # nine of ten
    assert not race.works("unbalanced", "equal steps", "Pack(4)")


def test_a_training_that_diverged_scores_infinity(monkeypatch):
    kept = race.race()
    runs = {"unbalanced": {"none": {"seeds": {str(s): {"diverged": 7} for s in range(5)}}, "few": {"seeds": {"1": {}}}}}
    monkeypatch.setattr(race, "race", lambda: kept | {"runs": runs})
    assert race.scores("unbalanced", "equal steps", "kl") == {"none": dict.fromkeys("01234", float("inf"))}


@pytest.mark.parametrize("start", STARTS)
def test_the_grid_of_clouds_has_every_row_and_both_colours(start):
    true = RING.sample(300, torch.Generator().manual_seed(0))[0]
    orange, blue = coloured(race_pictures.last_clouds(start, true, title="Last clouds", alt="some words"))
    assert orange > 1000 and blue > 1000
    assert all(race.last_cloud(start, row).shape == (300, 2) for row in race.ordered(start))


@pytest.mark.parametrize("draw", [race_pictures.measures, race_pictures.ratios])
def test_the_race_has_squares_in_orange_and_dots_in_blue(draw):
    picture = draw("strong", title="The race", alt="some words")
    orange, blue = coloured(picture)
    assert picture.alt == "some words" and orange > 300 and blue > 300


def test_clouds_are_blue_where_they_are_named_and_each_may_have_modes_of_its_own():
    grid = mixture("grid")
    panels = {"a": RING.sample(200, torch.Generator().manual_seed(0))[0], "b": torch.zeros(5, 2)}
    orange = coloured(pictures.clouds(panels, {"a": RING, "b": grid}, title="Two", alt="words"))
    blue = coloured(pictures.clouds(panels, RING, title="Two", alt="words", blue=["a", "b"], notes={"a": "a note"}))
    assert orange[0] > orange[1] and blue[1] > blue[0]


def test_tables_say_what_was_recorded(capsys):
    report = measure_modes(RING.sample(500, torch.Generator().manual_seed(0))[0], RING)
    tables.show_modes("Modes", {"true": report}, {"true": 0.00123})
    tables.show_best("ring")
    tables.show_best("grid")
    tables.show_best_settings()
    tables.show_stacked()
    tables.show_quality({"one": 0.25}, {"one": 0.5})
    race_pictures.show_settings()
    said = capsys.readouterr().out
    assert "true · 8 of 8" in said and "0.0012" in said and "one · 0.25 · 0.50" in said
    assert "seed 104" in said and "of the better noise" in said and "step size of D · 0.0001 · 0.001" in said
    assert "real stacks · 1,000" in said and "487.7" in said
    assert set(tables.best_ends("ring", "modes")) == {str(seed) for seed in range(100, 105)}
    assert set(tables.stacked_lines()) == {"DCGAN", "PacDCGAN2"}


def test_distances_are_drawn_from_near_to_far():
    picture = tables.show_distances({"far": 1.0, "near": 0.01}, title="Two distances", alt="words")
    assert picture.alt == "words" and coloured(picture)[1] > 50
