"""Adding a loss, a penalty, a view, an explainer or a metric is one file, and its name in the table. Each is written
here into a module of its own, put into its table, and is then found and tried wherever such parts are, by no other
change."""

import asyncio
import importlib
import sys

import pytest
import torch
from new_parts import NAMES, SOURCES

from course_lib import zoo
from course_lib.chapters.ch02_losses.logits import SIDES, Chart, logit_explorer
from course_lib.chapters.ch04_mode_collapse import playground as playground_widget
from course_lib.chapters.ch04_mode_collapse.playground_game import Choice, Play
from course_lib.chapters.ch04_mode_collapse.toy_games import cures, toy_game
from course_lib.explain import ATTRIBUTIONS
from course_lib.losses import LOSSES, PENALTIES
from course_lib.metrics import METRICS
from course_lib.models import DCDiscriminator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.training import VIEWS, Game

TABLES = {"loss": LOSSES, "penalty": PENALTIES, "view": VIEWS, "explainer": ATTRIBUTIONS, "metric": METRICS}


@pytest.fixture
def added(request, tmp_path, monkeypatch):
    """The name of a new part, whose module was imported and which stands in its table."""
    what, name = request.param, NAMES[request.param]
    (tmp_path / f"new_{what}.py").write_text(SOURCES[what], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module(f"new_{what}")
    part = getattr(module, "part", None) or next(v for k, v in vars(module).items() if k.lower() == name)
    monkeypatch.setitem(TABLES[what], name, part)
    yield name
    del sys.modules[f"new_{what}"]


new = {what: pytest.mark.parametrize("added", [what], indirect=True) for what in SOURCES}
HELPERS = ("point_games", "training_games", "makes", "test_makes")  # modules beside the tests that look into the tables


@pytest.fixture
def tests_of(root, monkeypatch):
    """A module of tests, collected anew: so it looks into the tables as they are now."""
    fresh = []

    def collect(folder: str, name: str):
        monkeypatch.syspath_prepend(root / "tests" / folder)
        for old in (name, *HELPERS):
            monkeypatch.delitem(sys.modules, old, raising=False)
        fresh.append(name)
        return importlib.import_module(name)

    yield collect
    for name in (*fresh, *HELPERS):
        sys.modules.pop(name, None)


def run_of(test, argument: str, value, **others):
    """Call a parametrised test with ``value``, which must be one of those that it would be run with by itself."""
    mark = next(m for m in test.pytestmark if m.name == "parametrize" and m.args[0] == argument)
    found = [one for one in mark.args[1] if one is value or type(one) is value or one == value]
    assert found, f"{test.__name__} would not be run with {value}"
    test(**{argument: found[0]}, **others)


def offered(monkeypatch) -> dict[str, list[str]]:
    """The menus of a playground that somebody watches."""

    async def inside():
        monkeypatch.setattr(playground_widget, "headless", lambda: False)
        widget = playground_widget.playground()
        menus = widget.menus
        widget.close()
        return menus

    return asyncio.run(inside())


def played(**choice) -> Play:
    play = Play(Choice(**choice))
    for players in ("dg", "d", "g"):
        play.turn(players)
    assert not play.problem and torch.isfinite(torch.from_numpy(play.view().push)).all()
    return play


@new["loss"]
def test_a_loss_is_in_the_menus_the_explorer_and_the_games(added, monkeypatch):
    assert added in offered(monkeypatch)["loss"]
    assert all(added in Chart(side).values(1.0) for side in SIDES)
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    assert added in logit_explorer(-4).alt
    assert type(Game(MLPGenerator(), MLPDiscriminator(), loss=added).loss) is LOSSES[added]
    play = played(loss=added)
    assert added in playground_widget.still(play).alt
    game = toy_game(play.data.mixture, "R1", added, hidden=(8,), batch=8)
    assert all(r.finite() for r in game.steps(play.data, 2, Runtime.auto(device="cpu", seed=0)))


@new["loss"]
def test_a_loss_is_tried_by_the_tests_of_all_losses(added, tests_of):
    kind, g = LOSSES[added], torch.Generator().manual_seed(0)
    logits = [(2 * torch.randn(7, 1, generator=g, dtype=torch.float64)).requires_grad_(True) for _ in range(2)]
    m = tests_of("losses", "test_losses")
    run_of(m.test_autograd_agrees_with_finite_differences_twice, "loss", kind, logits=tuple(logits))
    run_of(m.test_enormous_logits_give_finite_losses_and_gradients, "loss", kind, sign=(1, -1))
    run_of(m.test_it_returns_a_scalar_and_says_whether_g_looks_at_real_logits, "loss", kind, logits=tuple(logits))
    run_of(m.test_both_turns_pull_a_fake_logit_in_opposite_directions, "loss", kind)
    run_of(m.test_shapes_that_would_broadcast_without_a_word_are_refused, "loss", kind)
    m = tests_of("losses", "test_facts")
    for test in (
        m.test_its_formulas_are_what_is_paid,
        m.test_its_best_scores_are_the_best,
        m.test_its_logit_is_called_a_log_odds_where_sigma_of_the_best_one_is_the_probability_of_real,
        m.test_its_best_scores_at_the_ends,
    ):
        run_of(test, "loss", kind)
    m.test_every_table_calls_its_parts_by_their_names(LOSSES)
    m = tests_of("training", "test_cures_together")
    run_of(m.test_any_two_together_train_and_differ_from_each_alone, "pair", (added, "r1"))
    m.test_the_pairs_are_all_but_those_that_fill_one_slot()
    m.test_names_that_are_none_and_smoothing_without_labels_are_refused()
    m = tests_of("training", "test_each_cure")
    run_of(m.test_a_toy_games_loss_makes_another_training_than_the_default, "loss", added)
    m.test_no_part_went_untested()
    m = tests_of("training", "test_settings")
    run_of(m.test_a_loss_goes_by_its_name_too, "name", added)
    assert f"game, {added}" in tests_of("training", "every_trainer").TRAINERS


@pytest.mark.parametrize("added", ["penalty", "view"], indirect=True)
def test_a_penalty_and_a_view_are_cures_in_the_menu_and_in_the_games(added, monkeypatch):
    assert added in offered(monkeypatch)["cure"]
    assert list(cures()).count(added) == 1
    play = played(cure=added)
    assert [type(part).name for part in (*play.game.penalties, *play.game.views)] == [added]
    with pytest.raises(ValueError, match=f"'{added}'"):
        toy_game(play.data.mixture, "hope")


@pytest.mark.parametrize("added", ["penalty", "view"], indirect=True)
def test_a_penalty_and_a_view_are_tried_with_every_loss_and_every_other_cure(added, tests_of):
    m = tests_of("training", "test_each_cure")
    run_of(m.test_a_toy_games_cure_makes_another_training_than_none, "cure", added)
    m.test_no_part_went_untested()
    m = tests_of("training", "test_cures_together")
    run_of(m.test_toy_games_of_every_cure_play_in_one_and_two_dimensions, "cure", added, mixture=m.line(-2.0, 2.0))
    run_of(m.test_any_two_together_train_and_differ_from_each_alone, "pair", ("spectral norm", added))
    assert sum(added in pair for pair in m.PAIRS) == len(m.PARTS) - 1, "parts of their kind may be several"
    run_of(
        tests_of("chapters/ch04_mode_collapse", "test_playground").test_every_loss_with_every_cure_steps_and_is_seen,
        "cure",
        added,
    )


@new["penalty"]
def test_a_penalty_is_tried_by_the_tests_of_all_penalties(added, tests_of):
    kind, g = PENALTIES[added], torch.Generator().manual_seed(0)
    images = [torch.rand(5, 1, 4, 4, generator=g, dtype=torch.float64) * 2 - 1 for _ in range(2)]
    m = tests_of("losses", "test_penalties")
    run_of(m.test_second_order_gradients_are_right, "kind", kind, images=images)
    run_of(m.test_examples_get_no_gradient_from_a_penalty_and_are_left_as_they_were, "kind", kind, images=images)
    run_of(m.test_a_linear_critic_pays_what_the_penalty_says_of_its_slope, "kind", kind, images=images)
    critic = DCDiscriminator(4, norm=None)
    run_of(m.test_second_order_gradients_reach_every_weight_of_the_critic, "kind", kind, critic=critic)
    m = tests_of("losses", "test_packed_penalties")
    for k in (1, 3):
        run_of(m.test_a_games_penalty_on_a_linear_critic_is_its_closed_form, "kind", kind, k=k, views="noise before")


@new["view"]
def test_a_view_is_tried_by_the_tests_of_all_views(added, tests_of):
    m = tests_of("training", "test_views")
    views = m.SETS[added]
    run_of(m.test_a_view_judges_as_many_together_as_it_says_and_keeps_the_kind_of_number, "views", views)
    run_of(m.test_gradients_flow_through_to_every_example, "views", views)
    run_of(m.test_real_and_fake_examples_are_both_changed_and_anew_at_every_look, "views", views)
    run_of(m.test_views_repeat_with_seed_and_step_and_leave_everybody_elses_dice_alone, "views", views)


@new["explainer"]
def test_an_explainer_is_tried_by_the_tests_of_all_explainers(added, tests_of):
    m = tests_of("explain", "test_makes")
    for make in ("in-place layers", "a backward hook", "train mode", "what ReLU returns is ignored", "one channel"):
        run_of(m.test_it_is_right_or_refused_and_leaves_the_model_alone, "method", added, make=make)
    run_of(m.test_several_outputs_need_to_be_told_which, "method", added, make="dict")
    run_of(m.test_it_works_inside_blocks_without_slopes, "method", added, block=torch.inference_mode)
    run_of(m.test_any_target_is_explained_and_a_map_has_the_pictures_number_and_size, "method", added)
    run_of(m.test_it_says_whether_there_is_chance_in_it, "method", added)
    with pytest.MonkeyPatch.context() as patch:
        run_of(
            m.test_what_stops_it_in_the_middle_leaves_the_model_alone_too,
            "method",
            added,
            make="frozen",
            monkeypatch=patch,
        )
    m = tests_of("explain", "test_batches")
    run_of(m.test_a_map_is_the_same_alone_and_in_a_batch, "method", added, layer="batch norm")
    stddev = {"layer": "stddev", "named": "'5' is MinibatchStddev"}
    run_of(m.test_a_layer_that_mixes_a_batch_is_refused_by_its_name, "method", added, **stddev)
    m = tests_of("explain", "test_explain_doors")
    for bad in m.BAD:
        run_of(m.test_every_method_refuses, "method", added, bad=bad)
    run_of(m.test_every_method_refuses_what_is_no_module, "method", added)
    run_of(m.test_every_method_refuses_another_number_of_classes_than_of_images, "method", added)
    run_of(
        tests_of("explain", "test_device_without_float64").test_it_needs_no_float64_there_and_gives_the_same,
        "name",
        added,
    )


@new["metric"]
def test_a_metric_is_tried_by_the_tests_of_all_metrics(added, tests_of):
    m, judge = tests_of("metrics", "test_every_metric"), zoo.load("judge")
    run_of(m.test_it_goes_by_its_name_and_says_what_it_reads, "name", added)
    for test in (
        m.test_it_is_one_finite_number_of_good_pictures_and_of_noise,
        m.test_the_order_of_the_pictures_is_nothing_to_it,
        m.test_real_pictures_are_nearer_to_the_best_than_noise,
        m.test_a_sampler_and_answers_got_before_give_the_same,
    ):
        run_of(test, "name", added, judge=judge)
    for bad in m.BAD:
        run_of(
            m.test_pictures_that_are_none_are_refused_in_one_sentence_on_either_side,
            "name",
            added,
            bad=bad,
            side=1,
            judge=judge,
        )
    run_of(m.test_features_that_do_not_fit_are_refused_in_one_sentence, "name", added, a=(9, 3), b=(9, 4))
