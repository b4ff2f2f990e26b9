"""The playground's setting: speed, pause, drawn data, the line that shares it; and a status that is always true."""

import asyncio
import re

import numpy as np
import pytest
import torch

from course_lib.chapters.ch04_mode_collapse import playground as module
from course_lib.chapters.ch04_mode_collapse.playground import playground
from course_lib.chapters.ch04_mode_collapse.playground_choice import MOST, SPEEDS, Choice, cures, written
from course_lib.chapters.ch04_mode_collapse.playground_game import Play
from course_lib.chapters.ch04_mode_collapse.playground_player import NOTED, Player
from course_lib.errors import CourseError
from course_lib.losses import LOSSES
from course_lib.metrics import measure_modes

THREE = ((-1.0, 0.5), (0.0, -0.25), (1.0, 0.5))


class Page:
    """A page that draws at once, beside a clock that moves by ``tick`` a turn."""

    def __init__(self, choice=None, tick=0.05, **settings):
        self.sent, self.now, self.tick = [], 100.0, tick

        async def inside():
            return Player(Play(choice or Choice()), self.draw, lambda: self.now, **settings)

        self.player = asyncio.run(inside())

    def draw(self, header, raw):
        self.sent.append(header)
        self.player.drawn = header["frame"]

    def turns(self, n: int):
        for _ in range(n):
            self.now += self.tick
            self.player.once()
        return self.sent[-1] if self.sent else None

    def wish(self, do, value=None):
        self.player.wishes.append({"do": do, "value": value})
        return self.turns(1)


@pytest.fixture(autouse=True)
def nobody_plays():
    yield
    Player.playing = None


# ---- speed and pause ----


@pytest.mark.parametrize(("speed", "pause"), SPEEDS.items())
def test_each_speed_makes_its_number_of_steps(speed, pause):
    page = Page(tick=0.01, speed=speed)
    page.wish("run")
    page.turns(199)  # two seconds of the page's clock
    steps = page.player.play.step
    assert steps == 200 if pause == 0 else abs(steps - 2 / pause) <= 1
    assert page.turns(5)["speed"] == speed


def test_a_faster_speed_counts_at_once_and_an_unknown_one_changes_nothing():
    page = Page(tick=0.01, speed="slow")
    page.wish("run")
    page.turns(20)
    at = page.player.play.step
    page.wish("speed", "fast")
    page.turns(4)
    assert page.player.play.step >= at + 4
    page.wish("speed", "warp")
    assert page.player.speed == "fast" and "'brisk'" in page.player.status and page.player.running


def test_it_pauses_at_the_step_that_was_named_and_goes_on_past_it():
    page = Page()
    page.wish("pause_at", 7)
    page.wish("run")
    assert "It pauses at step 7." in page.turns(1)["status"]
    header = page.turns(20)
    assert header["step"] == page.player.play.step == 7 and not header["running"]
    assert "the step you named. Paused at step 7:" in header["status"]
    page.wish("run")
    header = page.turns(5)
    assert header["step"] > 10 and header["running"] and "pauses at" not in header["status"]
    assert "Step 7 has passed: it counts again after Reset." in page.wish("pause_at", 7)["status"]
    page.wish("reset")
    assert page.turns(20)["step"] == 7
    page.wish("pause_at", None)
    page.wish("reset")
    page.wish("run")
    assert page.turns(20)["step"] > 15


@pytest.mark.parametrize("bad", [0, -3, 2.5, "soon", True])
def test_a_step_that_is_none_is_refused_and_the_old_one_stays(bad):
    page = Page(pause_at=50)
    header = page.wish("pause_at", bad)
    assert "pause_at=" in header["status"] and "whole number of at least 1" in header["status"]
    assert header["pause_at"] == 50
    with pytest.raises(CourseError, match="whole number of at least 1"):
        playground(pause_at=bad)


# ---- a true status ----


def modes_now(play) -> str:
    report = measure_modes(play.generated(1000), play.data.mixture)
    return (
        f"Paused at step {play.step:,}: {report.modes} of {report.total} modes, {report.high_quality:.0%} of the points"
    )


def test_a_pause_tells_the_modes_of_its_own_step_and_the_curve_does_not_depend_on_it():
    page, twin = Page(), Play(Choice())
    page.wish("run")
    for pause_after in (33, 12):  # modes are counted for the curve at each twentieth step only
        page.turns(pause_after)
        header = page.wish("pause")
        assert modes_now(page.player.play) in header["status"]
        page.wish("run")
    page.wish("pause")
    for _ in range(page.player.play.step):
        twin.turn()
    assert page.player.play.rows == twin.rows
    last = page.player.play.curve()[-1]
    assert last[3] == page.player.play.report.modes and last[4] == pytest.approx(page.player.play.report.high_quality)


def test_no_sentence_outlives_what_it_says():
    page = Page()
    assert page.wish("hello")["status"].startswith("At step 0")
    assert "D alone stepped" in page.wish("d")["status"] and "Paused at step 1" in page.player.status
    assert "alone" not in page.wish("run")["status"] and "Running" in page.player.status
    assert "A new game began. Running" in page.wish("choose", {"data": "grid"})["status"]
    page.now += NOTED
    assert "began" not in page.turns(2)["status"]
    page.wish("choose", {"lr": 0.01})
    assert "step sizes" in page.player.status
    assert page.wish("choose", {"lr": 0.01})["status"].startswith("Running")  # no change, no news
    refused = page.wish("choose", {"seed": -1})["status"]
    assert "use for example seed=0" in refused and "Running" in refused
    assert page.wish("pause")["status"].startswith("Paused at step")
    assert page.wish("choose", {"data": "ring"})["status"].endswith("G (key g).")  # at step 0 again


# ---- data of one's own ----


def test_drawn_points_are_modes_in_their_places_and_are_learned():
    play = Play(Choice(THREE))
    assert play.data.mixture.centres.tolist() == [list(point) for point in THREE]
    assert play.extent == 1.3 and play.report.total == 3 and play.data.name == "my points"
    nearest = torch.cdist(play.data.points, play.data.mixture.centres).min(1).values
    assert nearest.max() < 6 * 0.03
    before = play.view()
    for _ in range(3):
        play.turn()
    assert not play.problem and not np.allclose(before.fake, play.view().fake)
    assert "my points" in module.still(play).alt


@pytest.mark.parametrize("cure", cures())
def test_every_cure_takes_drawn_points(cure):
    play = Play(Choice(THREE, cure=cure))
    play.turn()
    assert not play.problem and np.isfinite(play.view().push).all()


@pytest.mark.parametrize("form", [list, np.array, torch.tensor, lambda t: [list(p) for p in t]])
def test_points_come_as_lists_arrays_or_tensors(form):
    assert Choice(form(THREE)) == Choice(THREE)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ([], "a list of 2 to 200 points"),
        ([(0, 0)], "data has 1 points"),
        ([(0, 0, 0), (1, 1, 1)], r"data=\[\(0, 0, 0\)"),
        ([(0, 0), (1,)], "a list of 2 to"),
        (7, "data=7: use one of 'ring'"),
        (None, "data=None"),
        ([("a", "b"), ("c", "d")], "a list of 2 to"),
        ([(0, 0), (0, 3)], "reach to 3: use coordinates from −1.25 to 1.25"),
        ([(0, 0), (0, float("nan"))], "reach to nan"),
        ([(0.5, 0.5)] * 9, "all 9 points lie in one place"),
        (np.zeros((MOST + 1, 2)), "data has 201 points"),
    ],
)
def test_points_that_do_not_fit_are_refused_in_one_sentence(bad, says):
    with pytest.raises(CourseError, match=says) as refused:
        playground(bad)
    assert str(refused.value).count(": ") == 1 and str(refused.value).endswith(".")


def test_the_page_hands_over_points_and_a_refusal_leaves_the_game():
    page = Page()
    page.wish("d")
    header = page.wish("reset", {"data": [[0.5, 0.5], [0.5, 0.51]]})
    assert "lie in one place" in header["status"] and header["step"] == 1 and header["chosen"]["data"] == "ring"
    header = page.wish("reset", {"data": [list(point) for point in THREE]})
    assert "on your 3 points" in header["status"] and header["chosen"]["data"] == "my points" and header["of"] == 3
    page.wish("d")
    assert page.wish("choose", {"lr": 0.01})["step"] == 1  # the same points: the same game
    assert page.wish("choose", {"data": "ring"})["of"] == 8


# ---- the line that is shared ----

SETTINGS = [
    {},
    {"data": "spiral", "loss": "hinge", "cure": "Pack(4)", "seed": 3},
    {"lr": 3e-4, "lr_d": 1e-7, "seed": 2**32 - 1, "speed": "brisk", "pause_at": 1200},
    {"data": [(0.123456, -1), (-0.0, 1.25), (0.5, 0.499)], "cure": "R1 + R2", "speed": "slow"},
    {"data": [(round(np.sin(k), 2), round(np.cos(3 * k), 2)) for k in range(MOST)], "lr": 1},
]


def opened(monkeypatch, make):
    """The setting with which a live playground opens: its choice, speed and step to pause at."""

    async def inside():
        monkeypatch.setattr(module, "headless", lambda: False)
        widget = make()
        try:
            return widget.player.play.choice, widget.player.speed, widget.player.pause_at, widget.mine
        finally:
            widget.close()

    return asyncio.run(inside())


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_line_opens_the_same_playground(monkeypatch, setting):
    *first, mine = opened(monkeypatch, lambda: playground(**setting))
    line = written(*first)
    *second, again = opened(monkeypatch, lambda: eval(line, {"playground": playground}))
    assert second == first and again == mine and len(mine) == (len(setting["data"]) if mine else 0)
    assert "\n" not in line and written(*second) == line


@pytest.mark.parametrize("loss", LOSSES)
def test_the_line_has_every_name_in_quotes(loss):
    for cure in cures():
        line = written(Choice(loss=loss, cure=cure))
        assert line == f'playground(data="ring", loss="{loss}", cure="{cure}", seed=0)'
    assert eval(line, {"playground": dict}) == {"data": "ring", "loss": loss, "cure": cure, "seed": 0}


def test_every_picture_carries_the_line_of_what_is_played():
    page = Page(speed="steady", pause_at=9)
    assert page.wish("hello")["line"].endswith('seed=0, speed="steady", pause_at=9)')
    page.wish("choose", {"loss": "hinge"})
    page.wish("choose", {"lr_d": 3e-4})
    page.wish("speed", "fast")
    assert (
        page.wish("pause_at", None)["line"] == 'playground(data="ring", loss="hinge", cure="none", lr_d=0.0003, seed=0)'
    )


def test_where_nobody_watches_the_still_is_of_the_step_to_pause_at(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    picture = playground(THREE, pause_at=4)
    assert re.match(r"The playground after 4 steps: my points, .* of 3 modes", picture.alt)
    with pytest.raises(CourseError, match="unknown speed 'quick': use one of 'slow'"):
        playground(speed="quick")
