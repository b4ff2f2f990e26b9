"""The chapter's faults are what they are called, and its figures and tables show what they were given."""

import pytest
import torch

from course_lib import zoo
from course_lib.chapters.ch06_measuring import balls, faults
from course_lib.chapters.ch06_measuring.recorded_runs import (
    PAIRS,
    SETTINGS,
    column,
    lead,
    show_by_heart,
    show_leads,
    show_medians,
)
from course_lib.data import load
from course_lib.files import recorded
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def halves():
    runtime = Runtime.auto(device="cpu", seed=3, profile="smoke")
    return faults.halves(load("digits"), load("digits", split="test"), zoo.load("judge"), runtime)


@pytest.fixture(scope="module")
def spoilt(halves):
    return halves.spoilt()


def test_the_halves_share_no_picture(halves):
    assert len(halves.real) == len(halves.pool) == len(halves.labels) == 2000
    flat = {tuple(one.flatten().tolist()) for one in halves.real[:200]}
    assert not flat & {tuple(one.flatten().tolist()) for one in halves.pool}


def test_another_name_is_another_split(halves):
    data = load("digits"), load("digits", split="test"), halves.judge, halves.runtime
    again, other = faults.halves(*data), faults.halves(*data, 1)
    assert torch.equal(again.real, halves.real) and not torch.equal(other.real, halves.real)


def test_strengths_of_a_fault_are_of_one_draw_and_faults_are_not(spoilt):
    weak, strong, noisy = (spoilt[name].mean((1, 2, 3)) for name in ("brightness 0.05", "brightness 0.1", "noise 0.1"))
    assert torch.corrcoef(torch.stack([weak, strong, noisy]))[0].tolist() == pytest.approx([1, 1, 0], abs=0.15)


def test_a_draw_has_different_pictures_and_can_be_repeated(halves):
    one = halves.draw("a", n=300)
    assert len(one.flatten(1).unique(dim=0)) == 300
    assert torch.equal(one, halves.draw("a", n=300)) and not torch.equal(one, halves.draw("b", n=300))


def test_faults_are_what_they_are_called(halves, spoilt):
    assert list(spoilt) == [f"{name} {s}" for name, strengths in faults.FAULTS.items() for s in strengths]
    assert all(len(images) == 1000 and images.abs().max() <= 1 for images in spoilt.values())
    assert spoilt["brightness 0.2"].mean() > halves.draw("base", "brightness").mean() + 0.1
    for different in (50, 20, 5):
        assert len(spoilt[f"repeats of {different}"].flatten(1).unique(dim=0)) == 10 * different
    together = torch.cat([halves.real, spoilt["copies 0.5"]]).flatten(1)
    assert len(together.unique(dim=0)) == 2000 + 500  # of 1,000 pictures, half are copies


def test_examples_show_the_weakest_and_the_strongest(spoilt):
    shown = faults.examples(spoilt)
    assert {"blur 0.5", "blur 1.2", "repeats of 50", "repeats of 5", "copies 0.1", "copies 1.0"} <= set(shown)
    assert all(len(images) >= 12 for images in shown.values())


def test_a_measure_has_every_number_and_reacts_to_copies(halves, spoilt):
    found = halves.measure(spoilt["copies 1.0"])
    assert tuple(found) == faults.MEASURES and found["copying"] > 0.99


@pytest.mark.parametrize(("measure", "by"), [("precision", 2), ("Fréchet", -2), ("copying", -2)])
def test_a_reaction_above_0_is_better(measure, by):
    assert faults.reaction(0.9, 0.7, 0.1, measure) == pytest.approx(by)


def test_the_table_of_reactions_is_a_picture():
    mean = dict.fromkeys(faults.MEASURES, 0.5)
    scatter = dict.fromkeys(faults.MEASURES, 0.01)
    picture = faults.show_reactions(
        {"a fault": dict.fromkeys(faults.MEASURES, 0.9)}, mean, scatter, "A title", "A table."
    )
    assert picture.alt == "A table." and picture.width > 800


def test_the_table_of_reactions_can_be_read_as_text(capsys):
    mean, scatter = dict.fromkeys(faults.MEASURES, 0.5), dict.fromkeys(faults.MEASURES, 0.1)
    faults.tell_reactions({"a fault": mean | {"KID": 0.9, "recall": 0.9, "copying": 0.7}}, mean, scatter)
    said = capsys.readouterr().out
    assert "a fault · 0.50 · 0.90 worse · 0.50 · 0.90 better · 0.50" in said and "honest · 0.50 · 0.50" in said
    assert said.count("worse") == said.count("better") == 2, "once each besides the caption"


def test_balls_are_drawn_around_the_points_that_were_named():
    runtime = Runtime.auto(device="cpu", seed=0, profile="smoke")
    real, near = balls.heap(runtime, 12, "real"), balls.heap(runtime, 12, "near", 0.1, at=(5.0, 0.0))
    assert near.mean(0)[0] > 4.5 and torch.equal(real, balls.heap(runtime, 12, "real"))
    one, other = (
        balls.show_balls({"panel": (real, near, around)}, "A title", "Balls.", reach=6)
        for around in ("real", "generated")
    )
    assert one.png != other.png


def test_recorded_runs_are_read_seed_by_seed(capsys):
    runs = recorded("rivals")["runs"]
    first, second = PAIRS["… both on grey, averaged"]
    apart = lead(runs, "frechet", "… both on grey, averaged")
    assert apart["100"] == pytest.approx(column(runs, first, "frechet")["100"] - column(runs, second, "frechet")["100"])
    show_medians(runs, "Medians")
    show_leads(runs, "Leads")
    show_leads(runs, "Settings", SETTINGS)
    show_by_heart(recorded("overfitting")["runs"], "By heart")
    said = capsys.readouterr().out
    assert said.count("GAN, averaged") == 1 and "(5)" in said and "100 digits, DiffAugment" in said
    assert "NLL ↓ · — · -0.630 (5)" in said and said.count("NLL") == 1, "a GAN has no likelihood"
    assert "KID ↓ · -0.372 (5) · -0.376 (5) · -0.364 (5)" in said, "less of it is better"
    assert "class entropy ↑ · +0.019 (3) · +0.013 (4) · +0.011 (4)" in said, "more of it is better"
    assert said.count("copying (½)") == 1, "neither less nor more of it is better: it leads nobody"
    assert "100 digits · 2.12 · 5.76 · 20.1 · 0.47" in said, "medians of five seeds"
