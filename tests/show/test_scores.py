"""σ of a score is drawn and recorded where the loss's logit is a log-odds, and nowhere else; a loss that nobody has
heard of, put into the table of losses, appears wherever losses do."""

import asyncio
import functools
import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

from course_lib import show
from course_lib.chapters.ch02_losses.logits import SIDES, Chart, logit_explorer
from course_lib.chapters.ch03_train_a_gan import clinic
from course_lib.chapters.ch04_mode_collapse import playground as playground_widget
from course_lib.chapters.ch04_mode_collapse.playground_game import SIDE, Choice, Play, _scale
from course_lib.chapters.ch04_mode_collapse.toy_games import toy_game
from course_lib.data import load
from course_lib.losses import LOSSES, Loss, NonSaturating
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.show import figures, watching
from course_lib.training import Game

RUNTIME = Runtime.auto(device="cpu", seed=1)
ODDS = {name: kind().log_odds for name, kind in LOSSES.items()}  # tests/losses/test_facts.py says that they are right


@dataclass(frozen=True)
class Seventh(Loss):
    """Relativistic hinge: none of the six, with facts of its own."""

    name: ClassVar[str] = "seventh"
    shift_invariant: ClassVar[bool] = True

    def best_score(self, p, q):
        return torch.sign(p - q)

    def d(self, real_logits, fake_logits):
        return torch.relu(1 - real_logits + fake_logits).mean()

    def g(self, real_logits, fake_logits):
        return torch.relu(1 - fake_logits + real_logits).mean()


class Bare:
    """The least that a loss can be."""

    def d(self, real_logits, fake_logits):
        return softplus(fake_logits - real_logits).mean()

    def g(self, real_logits, fake_logits):
        return softplus(real_logits - fake_logits).mean()


@dataclass(frozen=True)
class Odds(NonSaturating):
    """Its logit is a log-odds, though its name is none that anybody lists."""

    name: ClassVar[str] = "odds"


NEW = {"seventh": Seventh, "bare": Bare, "odds": Odds}


@pytest.fixture(params=NEW)
def new(request, monkeypatch):
    monkeypatch.setitem(LOSSES, request.param, NEW[request.param])
    return request.param


@functools.cache
def digits():
    return load("digits", RUNTIME)


def trained(loss, steps=6):
    with RUNTIME.seeded("small"):
        game = Game(MLPGenerator(8, (8,)), MLPDiscriminator((8,)), loss, batch=16)
    history = show.History()
    for record in game.steps(digits(), steps, RUNTIME):
        history.add(record)
    return game, history


def labels(history):
    """The words on the axis of D's answers, and whether that axis ends at 0 and 1."""
    _, axes = figures.new_figure(6, 3, columns=2)
    figures.draw_curves(axes[0], history)
    low, high = axes[0, 1].get_ylim()
    return axes[0, 1].get_ylabel(), (low, high) == (-0.02, 1.02), len(axes[0, 1].lines)


@pytest.mark.parametrize("name", LOSSES)
def test_a_record_has_probabilities_for_log_odds_and_scores_otherwise(name):
    _, history = trained(name)
    names = set(history._records[0].as_dict()) - {"d_loss", "g_loss"}
    assert names == ({"d_real", "d_fake"} if ODDS[name] else {"score_real", "score_fake"})


def test_a_score_is_recorded_as_it_is():
    """The first step's: those of the first networks, on the first batch."""
    for name, odds in ODDS.items():
        with RUNTIME.seeded("small"):
            generator, discriminator = MLPGenerator(8, (8,)), MLPDiscriminator((8,))
        real, _ = next(digits().stream(16, RUNTIME))
        with torch.no_grad():
            fake = generator(torch.randn(16, 8, generator=RUNTIME.stream("latent", 1)))
            expected = [discriminator(x) for x in (real, fake)]
        _, history = trained(name, 1)
        found = [history[k][0] for k in figures.score_names(history)[:2]]
        assert found == pytest.approx([(x.sigmoid() if odds else x).mean().item() for x in expected], abs=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_curves_and_their_words_name_what_is_drawn(name):
    game, history = trained(name)
    label, ends, drawn = labels(history)
    texts = [show.curves(history).alt, watching.scene(game.sampler()(4), history).alt]
    if ODDS[name]:
        assert label.startswith("mean D, 1") and ends and drawn == 3  # two lines, and the level ½
        assert all("mean D" in text and "score" not in text for text in texts)
    else:
        assert label.startswith("mean score") and "1" not in label and not ends and drawn == 2
        assert all("mean score" in text and "mean D" not in text for text in texts)
    assert all(f"{history.last()[figures.score_names(history)[0]]:.2f} on real" in text for text in texts)


def test_the_clinic_names_a_patients_scores():
    run, samples = {"step": [1, 2], "d_loss": [1.0, 2.0], "g_loss": [1.0, 2.0]}, {"1": [], "2": []}

    def said(curves):
        return clinic._in_words("A", {"curves": run | curves, "samples": samples})

    scores = said({"score_real": [3.0, 40.0], "score_fake": [-5.0, 0.0]})
    odds = said({"d_real": [0.5, 0.9], "d_fake": [0.1, 0.2]})
    assert (
        scores.startswith("A: samples at step 1, 2; ")
        and "mean score on real pictures from 3.00 to 40.00" in scores
        and "mean D on real" in odds
    )


def test_the_live_view_says_scores(monkeypatch):
    pictures = []
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: pictures.append(thing))
    game, _ = trained("Wasserstein", 1)
    history = show.live(game.steps(digits(), 3, RUNTIME))
    assert "mean score" in pictures[-1].alt and "score_real" in history and "d_real" not in history
    assert "d_real" not in show.History()


# ---- a loss that nobody has heard of ----


def test_the_explorer_of_logits_has_it(new):
    for side in SIDES:
        chart = Chart(side)
        assert new in chart.values(1.0) and len(chart.values(1.0)) == len(LOSSES) == len(ODDS) + 1
        styles = [(line.get_color(), line.get_linestyle()) for line in chart.figure.axes[0].lines[: len(LOSSES)]]
        assert len(set(styles)) == len(LOSSES), "two curves look alike"
    still = logit_explorer(-4)
    assert new in still.alt and f"{len(LOSSES)} losses" in still.alt
    assert len(re.findall(r"(?:there: |, )[\w -]+ −?[\d.]+", still.alt)) == len(LOSSES)


def test_toy_games_and_games_by_name_have_it(new):
    play = Play(Choice(loss=new))
    game = toy_game(play.data.mixture, "R1", new, hidden=(8, 8), batch=16)
    records = list(game.steps(play.data, 3, RUNTIME))
    assert all(r.finite() for r in records) and ("d_real" in records[0].as_dict()) == (new == "odds")
    assert isinstance(Game(MLPGenerator(), MLPDiscriminator(), new).loss, NEW[new])


def test_the_playground_plays_and_shows_it(new):
    play = Play(Choice(loss=new))
    for players in ("dg", "d", "g"):
        play.turn(players)
    view = play.view()
    assert not play.problem and view.field.shape == (SIDE, SIDE) and np.ptp(view.field) > 0
    assert new in playground_widget.still(play).alt


@pytest.mark.parametrize("name", LOSSES)
def test_the_page_is_told_whether_the_border_is_a_probability(name):
    headers = []

    async def inside():
        playground_widget.Player(Play(Choice(loss=name)), lambda h, raw: headers.append(h)).show()

    asyncio.run(inside())
    assert headers[0]["probability"] == ODDS[name]


def test_a_curve_of_a_history_with_a_bare_loss_is_one_of_scores(new):
    _, history = trained(new)
    assert labels(history)[0].startswith("mean D" if new == "odds" else "mean score")


@pytest.mark.parametrize(
    ("name", "border", "gain"),
    [
        ("minimax", 0, 1),
        ("non-saturating", 0, 1),
        ("least squares", 0.5, 4),
        ("hinge", 0, 2),
        ("relativistic", None, 1),
        ("Wasserstein", None, None),
    ],
)
def test_scores_look_like_log_odds_on_the_map(name, border, gain):
    assert _scale(LOSSES[name]()) == (border, gain)
