"""Lesson 14.3's task, recordings, and how often a few seeds name the wrong winner."""

import pytest

from course_lib.chapters.ch14_scale_up import recorded_seeds
from course_lib.chapters.ch14_scale_up.ring_task import ring_game


def test_a_task_is_told_by_its_seed_alone():
    first, again, other = ring_game(3, steps=3), ring_game(3, steps=3), ring_game(4, steps=3)
    assert first == again and first["weights"] != other["weights"]
    assert 0 <= first["modes"] <= 8 and first["energy"] > 0


@pytest.mark.parametrize(
    ("name", "settings"), [("many-seeds", {"steps": 3}), ("sweeps", {"tasks": 2, "steps": 2, "empty": 4})]
)
def test_a_tiny_recording_has_what_ships(record_tiny, shipped_like, name, settings):
    _, told, content = record_tiny(name, **settings)
    shipped = shipped_like(name, content)
    assert told and content["runs"].keys() == shipped["runs"].keys()


def doctored(monkeypatch, **rates):
    runs = {rate: {str(i): {"energy": v, "modes": 8} for i, v in enumerate(values)} for rate, values in rates.items()}
    monkeypatch.setattr(recorded_seeds, "recorded", lambda name: {"runs": runs})
    return recorded_seeds.Seeds()


def test_the_wrong_winner_is_counted(monkeypatch):
    seeds = doctored(monkeypatch, a=[0.0, 0.0, 0.0, 3.0], b=[1.0] * 4)
    assert seeds.wrong_winner("a", "b", 1) == pytest.approx(1 / 4, abs=0.02)
    assert seeds.wrong_winner("a", "b", 2) == pytest.approx(7 / 16, abs=0.02)  # one 3 of two is enough: 1 − (3/4)²
    assert seeds.wrong_winner("b", "a", 1) == pytest.approx(3 / 4, abs=0.02)
    apart = doctored(monkeypatch, a=[0.1, 0.2], b=[0.3, 0.4])
    assert apart.wrong_winner("a", "b", 1) == 0
    same = doctored(monkeypatch, a=[1.0, 1.0], b=[1.0, 1.0])
    assert same.wrong_winner("a", "b", 3) == 0.5


def test_good_trainings_are_made_equal_and_collapsed_ones_stay(monkeypatch):
    seeds = doctored(monkeypatch, a=[0.01, 0.02, 0.03], b=[0.02, 0.04, 0.5])
    made = seeds.made_equal("b", "a")
    assert list(seeds.values(made).values()) == pytest.approx([0.01, 0.03, 0.5])
    assert seeds.good("b") == [0.02, 0.04] and sum(seeds.good(made)) / 2 == pytest.approx(0.02)
    assert list(seeds.values("b").values()) == [0.02, 0.04, 0.5] and made not in seeds.rates
