"""The playground's game steps one player or both, is the same game however often it is watched, and never crashes."""

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from course_lib import show
from course_lib.chapters.ch04_mode_collapse import playground as module
from course_lib.chapters.ch04_mode_collapse.playground import playground
from course_lib.chapters.ch04_mode_collapse.playground_choice import Choice, cures
from course_lib.chapters.ch04_mode_collapse.playground_game import ROWS, SEEN, SIDE, Play
from course_lib.chapters.ch04_mode_collapse.playground_player import ON_THE_WAY, PATIENCE, Player
from course_lib.errors import CourseError
from course_lib.runtime import Runtime
from course_lib.training import LOSSES


def weights(network) -> list[torch.Tensor]:
    """Everything a network is: parameters and buffers."""
    return [value.clone() for value in network.state_dict().values()]


def same(a, b) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


# ---- the game ----


@pytest.mark.parametrize("cure", cures())
def test_every_loss_with_every_cure_steps_and_is_seen(cure):
    for loss in LOSSES:
        play = Play(Choice(loss=loss, cure=cure))
        before = weights(play.game.discriminator), weights(play.game.generator)
        play.turn()
        assert play.step == 1 and not play.problem, loss
        assert not same(before[0], weights(play.game.discriminator))
        assert not same(before[1], weights(play.game.generator))
        view = play.view()
        assert view.real.shape == view.fake.shape == (SEEN, 2)
        assert view.field.shape == (SIDE, SIDE) and view.field.dtype == np.uint16
        assert np.isfinite(view.push).all() and np.abs(view.push).max() > 0


@pytest.mark.parametrize("cure", ["none", "spectral norm", "batch norm in G", "Pack(2)", "unrolled"])
@pytest.mark.parametrize("player", ["d", "g"])
def test_one_player_steps_alone(cure, player):
    play = Play(Choice(cure=cure))
    play.turn()
    d, g = play.game.discriminator, play.game.generator
    learns, waits = (d, g) if player == "d" else (g, d)
    before, kept = weights(learns), weights(waits)
    play.turn(player)
    assert not same(before, weights(learns))
    assert same(kept, weights(waits))
    step, d_loss, g_loss, *_ = play.curve()[-1]
    assert step == play.step == 2
    assert (np.isnan(g_loss), np.isnan(d_loss)) == (player == "d", player == "g")


@pytest.mark.parametrize("cure", ["spectral norm", "instance noise", "batch norm in G", "minibatch stddev"])
def test_watching_changes_nothing(cure):
    watched, alone = Play(Choice(cure=cure, seed=3)), Play(Choice(cure=cure, seed=3))
    for i in range(6):
        who = ("dg", "d", "g")[i % 3]
        state = torch.get_rng_state()
        watched.view()
        assert torch.equal(state, torch.get_rng_state())
        watched.turn(who)
        alone.turn(who)
    assert same(weights(watched.game.generator), weights(alone.game.generator))
    assert same(weights(watched.game.discriminator), weights(alone.game.discriminator))
    assert np.array_equal(watched.curve(), alone.curve(), equal_nan=True)
    other = Play(Choice(cure=cure, seed=4))
    other.turn()
    assert not same(weights(other.game.generator), weights(alone.game.generator))


def test_it_is_the_courses_own_game():
    play = Play(Choice(cure="R1"))
    twin = Play(Choice(cure="R1")).game
    for _ in range(5):
        play.turn()
    list(twin.steps(play.data, 5, Runtime.auto(device="cpu", seed=0)))
    assert same(weights(play.game.generator), weights(twin.generator))


def test_pushes_lead_to_a_smaller_loss_of_g():
    play = Play(Choice(loss="non-saturating"))
    for _ in range(30):
        play.turn()
    view, d = play.view(), play.game.discriminator
    with torch.no_grad():
        at = torch.from_numpy(view.fake[: len(view.push)])
        moved = at + 0.01 * torch.from_numpy(view.push)
        before, after = (play.game.loss.g(None, d(x)) for x in (at, moved))
    assert after < before


def test_the_field_is_what_d_says_at_each_place():
    play = Play(Choice())
    for _ in range(40):
        play.turn()
    field, d = play.view().field, play.game.discriminator
    edge = play.extent * (1 - 1 / SIDE)  # the outermost cells' centres
    with torch.no_grad():
        corners = torch.tensor([[-edge, -edge], [edge, -edge], [-edge, edge], [edge, edge]])
        said = (65535 * d(corners).sigmoid()).flatten().numpy()
    np.testing.assert_allclose([field[0, 0], field[0, -1], field[-1, 0], field[-1, -1]], said, atol=1)


@pytest.mark.parametrize("cure", ["minibatch discrimination", "minibatch stddev", "Pack(2)"])
def test_a_d_that_sees_several_points_judges_a_newcomer_beside_the_generated_ones(cure):
    play = Play(Choice(cure=cure))
    for _ in range(5):
        play.turn()
    d, fake, newcomer = play.game.discriminator, play.generated(SEEN), play.cells[700:701]
    with torch.no_grad():
        d.head.weight[0, -1] = 3  # so that what it knows of the batch counts
        said, among_equals = (play._field(x)[700].item() for x in (fake, torch.zeros(SEEN, 2)))
        if cure == "Pack(2)":
            expected = d(torch.cat([newcomer.expand(4, 2), fake[:4]], 1)).mean().item()
        else:
            expected = d(torch.cat([newcomer, fake[:32]]))[0].item()
    assert said == pytest.approx(expected, abs=0.1 if cure == "minibatch stddev" else 1e-5)
    assert abs(said - among_equals) > 5 * abs(said - expected)


def test_new_step_sizes_hold_from_the_next_step_on():
    play, twin = Play(Choice()), Play(Choice())
    play.set_rates(1e-3, 1e-12)
    before = weights(play.game.discriminator)
    play.turn()
    twin.turn()
    moved = max((a - b).abs().max().item() for a, b in zip(before, weights(play.game.discriminator), strict=True))
    assert moved < 1e-10 and not same(before, weights(twin.game.discriminator))


def test_divergence_is_a_sentence_and_no_crash():
    play = Play(Choice(loss="least squares", lr=1e20, lr_d=1e20))
    for _ in range(60):
        play.turn()
    assert "Diverged at step" in play.problem and "smaller step size" in play.problem
    at = play.step
    play.turn("d")
    assert play.step == at
    assert np.isfinite(play.view().fake).all()
    assert "step" in module.still(play).alt


def test_curves_stay_short_and_true():
    play = Play(Choice())
    assert play.curve().shape == (0, 5)
    for step in range(1, 5001):
        play.rows.append((step, 2.0 * step, float("nan"), 1, 0.5))
        if step in (1, ROWS, ROWS + 1, 2 * ROWS, 5000):
            curve = play.curve()
            assert len(curve) <= ROWS + 1 and len(curve) >= min(step, ROWS / 4)
            assert curve[0, 0] == 1 and curve[-1, 0] == step
            assert (curve[:, 1] == 2 * curve[:, 0]).all() and np.isnan(curve[:, 2]).all()


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"data": "rings"}, "'ring', 'grid', 'spiral'"),
        ({"loss": "bce"}, "'hinge'"),
        ({"cure": "prayer"}, r"'Pack\(2\)'"),
        ({"lr": 0}, "above 0"),
        ({"lr_d": "fast"}, "above 0"),
        ({"seed": -1}, "whole number"),
    ],
)
def test_bad_choices_are_refused_by_name(bad, says):
    with pytest.raises(CourseError, match=says):
        playground(**bad)


def test_where_nobody_watches_it_is_a_picture_of_a_short_run(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    monkeypatch.setattr(module, "STILL_STEPS", 25)
    picture = playground("spiral", loss="hinge", cure="spectral norm")
    assert isinstance(picture, show.Picture)
    assert "after 25 steps: spiral, hinge loss, cure spectral norm" in picture.alt and "of 40 modes" in picture.alt


# ---- the player ----


class Page:
    """A page that keeps what it was sent, and a clock that only moves when it is told to."""

    def __init__(self, choice=None):
        self.sent, self.now = [], 100.0
        self.player = Player(
            Play(choice or Choice()), lambda header, raw: self.sent.append((header, raw)), lambda: self.now
        )

    @property
    def last(self) -> dict:
        return self.sent[-1][0]

    def turns(self, n: int) -> None:
        for _ in range(n):
            self.now += 0.05
            self.player.once()

    def wish(self, do, **more) -> None:
        self.player.wishes.append({"do": do, **more})


@pytest.fixture
def page(event_loop_page):
    return event_loop_page()


@pytest.fixture
def event_loop_page():
    """Makes pages inside a running loop, as a cell does; the tests call ``once`` themselves."""

    def make(choice=None):
        async def inside():
            return Page(choice)

        return asyncio.run(inside())

    yield make
    Player.playing = None


def test_a_page_that_draws_slowly_gets_the_latest_picture_and_training_goes_on(page):
    page.wish("run")
    page.turns(12)
    assert len(page.sent) == ON_THE_WAY  # none of them drawn: no more is sent
    assert page.player.play.step == 12  # but it trained all the while
    page.player.drawn = 2
    page.turns(1)
    assert page.last["step"] == 13  # not the third picture, the latest


def test_it_stops_training_when_nobody_draws_and_goes_on_when_somebody_does(page):
    page.wish("run")
    page.turns(10)
    page.now += PATIENCE
    at = page.player.play.step
    assert page.player.once() is None and page.player.play.step == at
    page.player.drawn = page.player.sent
    page.turns(3)
    assert page.player.play.step == at + 3


def test_the_message_has_the_bytes_that_its_header_promises(page):
    page.wish("run")
    page.turns(3)
    header, raw = page.sent[-1]
    floats = 2 * 2 * header["n"] + 2 * header["pushed"] + 5 * header["rows"]
    assert len(raw) == 4 * floats + 2 * header["side"] ** 2
    assert header["chosen"]["data"] == "ring" and header["running"] and header["step"] >= 1
    assert len(raw) < 33_000  # × 30 pictures a second stays under the server's limit of 1 MB/s


def test_pause_and_single_steps(page):
    page.wish("run")
    page.turns(3)
    page.wish("pause")
    page.turns(3)
    assert page.player.play.step == 3 and page.player.once() is None
    page.player.drawn = page.player.sent
    for do, says in (("d", "D alone"), ("g", "G alone")):
        page.wish(do)
        page.turns(1)
        page.player.drawn = page.player.sent
        assert says in page.last["status"] and not page.last["running"]
    assert page.player.play.step == 5


def test_slow_motion_takes_its_time(page):
    page.wish("speed", value="slow")
    page.wish("run")
    page.turns(20)  # a second
    assert 2 <= page.player.play.step <= 4


def test_choices_make_a_new_game_step_sizes_do_not_and_nonsense_changes_nothing(page):
    page.wish("d")
    page.turns(1)
    page.wish("choose", value={"lr_d": 3e-4})
    page.turns(1)
    assert page.player.play.step == 1
    assert page.player.play.game.optimiser_d.param_groups[0]["lr"] == 3e-4
    for nonsense in ({"cure": "prayer"}, {"seed": -5}):
        page.wish("choose", value=nonsense)
        page.turns(1)
        assert page.player.play.step == 1 and "use" in page.player.status
    page.wish("choose", value={"data": "grid"})
    page.turns(1)
    assert page.player.play.step == 0 and page.player.play.data.name == "grid"
    assert page.player.play.game.optimiser_d.param_groups[0]["lr"] == 3e-4
    page.wish("d")
    page.wish("reset")
    page.turns(1)
    assert page.player.play.step == 0


def test_a_divergence_ends_the_run_with_advice_and_reset_helps(event_loop_page):
    page = event_loop_page(Choice(loss="least squares", lr=1e20, lr_d=1e20))
    page.wish("run")
    page.turns(60)
    assert not page.player.running and "press Reset" in page.player.status
    page.wish("run")
    page.turns(2)
    assert not page.player.running
    page.wish("choose", value={"lr": 1e-3, "lr_d": 1e-3})
    page.wish("reset")
    page.wish("run")
    page.turns(5)
    assert page.player.running and page.player.play.step == 5


def test_two_playgrounds_take_turns(event_loop_page, monkeypatch):
    monkeypatch.setattr(Player, "wake", lambda self: None)
    first, second = event_loop_page(), event_loop_page()
    for page in (first, second):
        page.wish("run")
        page.turns(2)
    assert second.player.running and not first.player.running
    assert "another playground" in first.player.status


async def until(holds, seconds: float = 60) -> None:
    """Let the loop run until ``holds()``."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "nothing came of it"
        await asyncio.sleep(0.01)


def run_with_player(script) -> None:
    """Run ``await script(player, sent)`` beside a player in its loop, whose page draws at once."""

    async def inside():
        sent = []

        def send(header, raw):
            sent.append(header)
            player.hear({"do": "drawn", "frame": header["frame"]})

        player = Player(Play(Choice()), send)
        await script(player, sent)
        player.close()
        Player.playing = None

    asyncio.run(inside())


def test_the_loop_hears_a_message_from_another_thread_while_it_trains():
    async def script(player, sent):
        player.loop.set_debug(True)  # then a call that is not safe from other threads raises
        await asyncio.to_thread(player.hear, {"do": "run"})
        await until(lambda: player.play.step >= 5 and sent)
        await asyncio.to_thread(player.hear, {"do": "pause"})
        await until(lambda: not player.running and player.task.done())
        at = player.play.step
        await asyncio.sleep(0.05)
        assert player.play.step == at and sent[-1]["step"] == at and "Paused" in sent[-1]["status"]

    run_with_player(script)


@pytest.mark.parametrize(("problem", "says"), [(KeyboardInterrupt(), "interrupt"), (RuntimeError("odd"), "odd")])
def test_an_interrupt_or_an_error_pauses_and_says_so(monkeypatch, problem, says):
    async def script(player, sent):
        turn = Play.turn

        def broken(self, players="dg"):
            turn(self, players)
            if self.step == 3:
                raise problem

        with monkeypatch.context() as patch:
            patch.setattr(Play, "turn", broken)
            player.hear({"do": "run"})
            await until(lambda: player.task and player.task.done())
        assert not player.running and says in sent[-1]["status"]
        player.hear({"do": "run"})
        await until(lambda: player.play.step > 5)  # and it can go on

    run_with_player(script)


def test_a_picture_that_cannot_be_made_does_not_keep_the_kernel_busy(monkeypatch):
    async def script(player, sent):
        def broken(self):
            raise RuntimeError("no view")

        monkeypatch.setattr(Play, "view", broken)
        player.hear({"do": "run"})
        await until(lambda: player.task and player.task.done())
        assert "no view" in player.status and not player.running

    run_with_player(script)


def test_a_closed_widget_trains_no_more():
    async def script(player, sent):
        player.hear({"do": "run"})
        await until(lambda: player.play.step >= 2)
        player.close()
        await until(lambda: player.task.done())
        at = player.play.step
        player.hear({"do": "run"})
        await asyncio.sleep(0.05)
        assert player.play.step == at

    run_with_player(script)


def test_the_widget_carries_a_picture_for_where_no_kernel_runs(monkeypatch):
    async def inside():
        monkeypatch.setattr(module, "headless", lambda: False)
        widget = playground(seed=1)
        data, metadata = widget._repr_mimebundle_()
        assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= data.keys()
        assert "after 0 steps" in metadata["image/png"]["alt"] == data["text/plain"]
        assert "export default" in widget._esm and widget.menus["cure"] == cures()
        widget.close()
        assert widget.player.closed

    asyncio.run(inside())


def test_importing_the_package_loads_no_widget_library():
    import subprocess
    import sys

    code = (
        f"import sys, {module.__name__}; print([m for m in ('anywidget', 'ipywidgets', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_front_end_ships_with_the_package_and_asks_nobody(root):
    parts = [Path(module.__file__).with_name(name) for name in (*module.PROGRAM, "playground.css")]
    assert {path.name for path in parts} == {path.name for path in parts[0].parent.glob("playground*.[jc]s*")}
    source = "".join(path.read_text(encoding="utf-8") for path in parts)
    asking = ("fetch(", "http:", "https:", "import(", "XMLHttpRequest", "@import", "url(")
    assert not [word for word in asking if word in source.replace("http://www.w3.org/2000/svg", "")]
