"""Lesson 14.6: clips that bounce as planned, measures that find what was doctored, two judges, and a recording."""

import pytest
import torch

from course_lib import zoo
from course_lib.chapters.ch14_scale_up import film_game, film_measures, films, recorded_films
from course_lib.data import ImageData, load
from course_lib.errors import CourseError
from course_lib.files import recorded
from course_lib.runtime import Runtime
from course_lib.training import Batch


@pytest.fixture(scope="module")
def clips():
    return films.bouncing(load("digits", split="test"), 120, seed=3)


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("films", looks={"both judges": (1, 2), "no judge of clips": (1,)}, clips=40, measured=20)


def test_a_clip_is_the_same_for_a_seed_and_another_for_another(clips):
    again, other = (films.bouncing(load("digits", split="test"), 120, seed=seed) for seed in (3, 4))
    assert torch.equal(clips.frames, again.frames) and clips.sha256 == again.sha256
    assert not torch.equal(clips.frames, other.frames) and clips.sha256 != other.sha256
    assert clips.shape == (films.FRAMES, 28, 28) and clips.examples is clips.frames
    assert clips.frames.min() == -1 and clips.frames.max() <= 1


def test_the_digit_keeps_its_ink_its_label_and_between_walls_its_speed(clips):
    ink = (clips.frames + 1).sum((2, 3))
    assert (ink - ink[:, :1]).abs().max() < 1e-3, "the digit is never cut off"
    moved = film_measures.moves(clips.frames)
    assert (moved - clips.corners.diff(dim=1)).abs().max() < 1e-5, "the ink moves as the box does"
    assert moved.abs().max() <= films.FASTEST + 1e-5
    steady = (film_measures.jerks(clips.frames) < 1e-5).double().mean()
    assert 0.5 < steady < 0.99, "most moves equal the one before, but some clips bounce"


def test_a_ball_between_walls():
    assert films.fold(torch.tensor([-2, -1, 0, 3, 4, 5, 8, 9]), torch.tensor(4)).tolist() == [2, 1, 0, 3, 4, 3, 0, 1]
    assert films.fold(torch.tensor([-3, 0, 5]), torch.tensor(0)).tolist() == [0, 0, 0], "no room: it stays"


def test_clips_refuse_what_they_cannot_be_made_of(clips):
    digits = load("digits", split="test")
    with pytest.raises(CourseError, match="n=0"):
        films.bouncing(digits, 0)
    with pytest.raises(CourseError, match="frames=1"):
        films.bouncing(digits, 3, frames=1)
    with pytest.raises(CourseError, match="expected \\(1, 28, 28\\)"):
        films.bouncing(digits.padded(32), 3)
    with pytest.raises(CourseError, match="no ink"):
        films.bouncing(ImageData.of(torch.full((2, 1, 28, 28), -1.0)), 1)
    with pytest.raises(CourseError, match="cannot be shuffled"):
        films.shuffled(clips.frames[:, :2])
    with pytest.raises(CourseError, match="too few to mix"):
        films.mixed(clips.frames[:3])


def test_doctored_clips_are_what_they_say(clips):
    x = clips.frames
    assert (films.still(x) == x[:, :1]).all()
    other = films.shuffled(x, seed=1)
    assert torch.equal(other.sort(1).values, x.sort(1).values), "the same frames"
    places = torch.arange(films.FRAMES).float()[None, :, None, None].expand(200, -1, 2, 2)
    steps = films.shuffled(places)[:, :, 0, 0].diff(dim=1).abs()
    assert (steps.amax(1) > 1).all(), "never the same order, never backwards"
    assert torch.equal(films.mixed(x)[7], torch.stack([x[(7 + t) % len(x), t] for t in range(films.FRAMES)]))
    assert torch.equal(films.backwards(x)[:, 0], x[:, -1])


def test_measures_find_what_was_doctored(clips):
    judge, x = zoo.load("judge"), clips.frames
    real = film_measures.Reference.of(films.bouncing(load("digits", split="test"), 120, seed=8).frames, judge)
    of = {name: film_measures.measure(doctor(x), judge, real) for name, doctor in films.DOCTORED.items()}
    plain = film_measures.measure(x, judge, real)
    assert plain.same == 1 and 1 < plain.speed < 2.9 and plain.jerk < 1 and plain.motion < 2
    assert of["still"].speed == of["still"].jerk == 0 and of["still"].motion > 10 * plain.motion
    assert of["shuffled"].jerk > 5 * plain.jerk and of["shuffled"].frames == pytest.approx(plain.frames, abs=1e-3)
    assert of["mixed"].same < 0.3 and of["mixed"].frames == pytest.approx(plain.frames, abs=1e-3)
    assert of["backwards"].jerk == pytest.approx(plain.jerk)


def test_the_centre_of_ink_and_the_picture_for_the_judge(clips):
    empty = torch.full((1, 2, 28, 28), -1.0)
    assert film_measures.centres(empty).tolist() == [[[13.5, 13.5]] * 2]
    shown = film_measures.centred(clips.frames[:5])
    assert shown.shape == (30, 1, 28, 28)
    middle = film_measures.centres(shown.view(5, 6, 28, 28))
    assert (middle - 13.5).abs().max() < 0.5


def test_agreement_counts_pairs():
    assert film_measures.agreement(torch.tensor([[3, 3, 3]])) == 1
    assert film_measures.agreement(torch.tensor([[1, 2, 3]])) == 0
    assert film_measures.agreement(torch.tensor([[1, 1, 2]])) == pytest.approx(1 / 3)


@pytest.mark.parametrize("name", film_game.VARIANTS)
def test_each_variant_draws_clips_and_learns(name, clips):
    runtime = Runtime.auto(device="cpu", seed=2)
    game = film_game.new_game(name, runtime)
    before = game.sampler(ema=False)(3)
    film_game.train(game, clips, 2, runtime)
    after = game.sampler(ema=False)(3)
    assert before.shape == (3, films.FRAMES, 28, 28) and before.abs().max() <= 1
    assert not torch.equal(before, after) and game.step_number == 2
    twin = film_game.new_game(name, runtime)
    film_game.train(twin, clips, 1, runtime)
    film_game.train(twin, clips, 2, runtime)
    assert torch.equal(after, twin.sampler(ema=False)(3)), "a training goes on as if it had not stopped"


def test_each_judge_gives_its_own_logits(clips):
    runtime, x = Runtime.auto(device="cpu"), clips.frames[:4]
    chosen = torch.tensor([[0, 1], [2, 3], [4, 5], [0, 0]])
    both = film_game.new_game("both judges", runtime).critics.eval()
    said = both.logits(x, chosen)
    assert said.shape == (8 + 8, 1), "both weigh the same"
    assert torch.allclose(said[:4], both.of_clips(x)) and torch.equal(said[4:8], said[:4])
    assert torch.allclose(said[8 + 2 : 8 + 4], both.of_frames(x[1, 2:4][:, None]), atol=1e-6)
    alone = film_game.new_game("no judge of clips", runtime).critics.eval()
    assert alone.of_clips is None and alone.logits(x, chosen).shape == (8, 1)
    assert film_measures.preferred(alone, x, films.shuffled(x)) == pytest.approx(0.5, abs=0.5)
    game = film_game.new_game("no judge of frames", runtime)
    real, fake = game.score(Batch(x, x))
    assert real.shape == fake.shape == (8, 1)
    assert game.score(Batch(None, x))[0] is None


def test_what_stays_is_the_same_in_every_frame_of_the_shifted_picture():
    generator = film_game.new_game("one picture, shifted", Runtime.auto(device="cpu")).generator.eval()
    with torch.no_grad():
        torch.nn.init.zeros_(generator.place.weight)
        torch.nn.init.zeros_(generator.place.bias)
        clip = generator(torch.randn(2, generator.latent))
    assert (clip - clip[:, :1]).abs().max() < 1e-5


def test_clips_of_another_length_are_refused(clips):
    runtime = Runtime.auto(device="cpu")
    with pytest.raises(CourseError, match="6 frames and the generator draws 4"):
        film_game.train(film_game.new_game("both judges", runtime, frames=4), clips, 1, runtime)


def test_covering_a_frame_of_a_judge_that_looks_at_one_frame(clips):
    class Third(torch.nn.Module):
        def forward(self, x):
            return x[:, 2].mean((1, 2))[:, None]

    falls = film_measures.frames_covered(Third(), clips.frames[:5])
    assert (falls[:, [0, 1, 3, 4, 5]] == 0).all() and (falls[:, 2] > 0).all()
    copied = film_measures.frames_covered(Third(), clips.frames[:5], "copy")
    assert copied.abs().max() < 1e-5, "the neighbour has as much ink"
    with pytest.raises(CourseError, match="'white'"):
        film_measures.frames_covered(Third(), clips.frames[:5], "white")


def test_preferring_counts_ties_half(clips):
    class Ink(torch.nn.Module):
        def forward(self, x):
            return x.double().mean((1, 2, 3))[:, None].round(decimals=4)

    x = clips.frames
    assert film_measures.preferred(Ink(), x, x) == 0.5
    assert film_measures.preferred(Ink(), x, x - 1) == 1


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["both judges", "no judge of clips"] and len(told) == 2
    both = content["runs"]["both judges"]["1"]
    assert both.keys() == {"0", "1", "2"}
    assert both["2"].keys() == {*recorded_films.MEASURES, *(f"over {name}" for name in films.DOCTORED)}
    assert content["runs"]["no judge of clips"]["1"]["1"].keys() == {*recorded_films.MEASURES}


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("films", content)
    assert list(shipped["runs"]) == list(film_game.VARIANTS)
    assert all(list(row) == [str(seed) for seed in script.SEEDS] for row in shipped["runs"].values())
    over = recorded_films.Filmed()
    raw = recorded("films")["runs"]["both judges"]["100"]
    assert over.of("both judges", "jerk")["100"] == raw[str(over.steps)]["jerk"]
    assert len(over.row("no memory")) == len(recorded_films.COLUMNS)
    jerkiness = over.of("no memory", "jerkiness")
    assert jerkiness["100"] == over.of("no memory", "jerk")["100"] / over.of("no memory", "speed")["100"]


def test_a_spread_is_a_median_and_a_range():
    assert recorded_films.spread({"a": 1.0, "b": 3.0, "c": 2.0}) == "2.00 (1.00 to 3.00)"
    assert recorded_films.spread({"a": 10.0, "b": 30.0, "c": 20.0}) == "20 (10 to 30)"
    assert recorded_films.spread({"a": 1.0, "b": float("nan")}) == "—"


def test_frames_placed_by_themselves_jerk_by_the_root_of_three():
    places = torch.randn(200_000, 3, 2, generator=torch.Generator().manual_seed(0))
    moved = places.diff(dim=1)
    speed, jerk = moved.norm(dim=2).mean().item(), moved.diff(dim=1).norm(dim=2).mean().item()
    assert film_measures.by_speed(jerk, speed) == pytest.approx(3**0.5, abs=0.01)
    assert film_measures.by_speed(0.0, 0.0) != film_measures.by_speed(0.0, 0.0), "where nothing moves: not a number"
