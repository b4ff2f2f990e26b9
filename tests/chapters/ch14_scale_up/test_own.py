"""Lesson 14.1: drawn faces of known truth, folders that are sound, refused or faulty, the streaming recording."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2] / "data"))
from own_pictures import CLASSES, write

from course_lib import audit
from course_lib.audit import cards
from course_lib.chapters.ch14_scale_up import (
    faces,
    first_result,
    own_folder,
    own_measures,
    recorded_streaming,
    streaming,
)
from course_lib.data import ImageData
from course_lib.errors import CourseError
from course_lib.models import Judge
from course_lib.runtime import Runtime

RUNTIME = Runtime.auto(device="cpu", seed=3)


@pytest.fixture(scope="module")
def drawn():
    return faces.draw(40, RUNTIME.stream("faces"))


def test_moods_differ_in_the_mouth_and_nowhere_else(drawn):
    happy, sad = (faces.render(torch.full_like(drawn.moods, k), drawn.factors) for k in (1, 2))
    where = drawn.where_moods_differ()
    assert 0.02 < where.float().mean() < 0.1 and (where.flatten(1).sum(1) > 20).all()
    assert ((happy - sad).abs().amax(1)[~where] <= 0.1).all()
    assert ((happy - sad).abs().amax(1).flatten(1).amax(1) > 1).all(), "a smile is no frown"
    for mood in range(4):
        own = faces.render(torch.full_like(drawn.moods, mood), drawn.factors)
        assert torch.equal(own[drawn.moods == mood], drawn.images[drawn.moods == mood])


def test_a_happy_mouth_ends_above_its_middle_and_a_sad_one_below():
    factors = torch.tensor([[0.5, 0.5, 0.36, 0.0, 0.0, 0.0, 0.4, 0.4, 1.0]])  # in the middle, large
    for mood, higher in ((1, True), (2, False)):  # happy, sad
        ink = faces.render(torch.tensor([mood]), factors)[0].amax(0) < -0.6  # dark in all colours
        rows = torch.arange(48.0)[:, None].expand(48, 48)
        ink[:28] = False  # the eyes are above
        ends = rows[:, :20][ink[:, :20]].mean(), rows[:, 28:][ink[:, 28:]].mean()
        middle = rows[:, 22:26][ink[:, 22:26]].mean()
        assert all((end < middle - 1) == higher and (end > middle + 1) != higher for end in ends), faces.MOODS[mood]


def test_faces_are_pictures_of_even_moods_whose_border_is_paper(drawn):
    assert drawn.images.shape == (40, 3, 48, 48) and drawn.images.abs().max() <= 1
    assert drawn.moods.bincount().tolist() == [10] * 4
    rim = torch.cat([drawn.images[..., 0], drawn.images[..., -1]], -1)
    assert (rim.amax(-1) - rim.amin(-1)).max() < 1e-6, "so that a wider picture can repeat it"


def test_a_written_folder_holds_the_faces_beside_paper(tmp_path, drawn):
    root = own_folder.write(tmp_path / "faces", 40, RUNTIME)
    data = ImageData.folder(root, crop=True)
    assert data.names == faces.MOODS and data.shape == (3, 48, 48) and len(data) == 40
    at = [i for k in range(4) for i in range(k, 40, 4)]  # files are sorted by mood, then by number
    assert (data.images - drawn.images[at]).abs().max() < 0.005
    assert Image.open(next(root.rglob("*.png"))).size == (60, 48)
    with pytest.raises(CourseError, match="not empty"):
        own_folder.write(tmp_path / "faces", 40, RUNTIME)


def test_every_spoiled_folder_is_refused_by_a_sentence_of_its_own(tmp_path):
    said = dict(own_folder.refusals(tmp_path, RUNTIME))
    assert len(set(said.values())) == len(said) == 8 and "it was taken" not in "".join(said.values())
    for what, word in {"not square": "crop=True", "see-through": "background=", "damaged": "save it again"}.items():
        assert any(what in name and word in sentence for name, sentence in said.items()), what


def test_each_faulty_folder_is_taken_and_has_its_fault(tmp_path):
    found = {k: ImageData.folder(own_folder.faulty(tmp_path / k, k, RUNTIME), size=28) for k in "PQRS"}
    counts = {k: one.labels.bincount().tolist() for k, one in found.items()}
    assert {k: own_folder.same_twice(one) for k, one in found.items()} == {"P": 0, "Q": 0, "R": 0, "S": 60}
    assert counts["Q"] == counts["S"] == [60] * 4 and sum(counts["P"]) == 240
    assert counts["R"][2] < 20 and counts["R"][0] == 60
    corner = found["Q"].images[:, :, 1:6, 22:27].mean((1, 2, 3))
    assert corner[found["Q"].labels == 3].min() > corner[found["Q"].labels != 3].max(), "only surprised ones are marked"


def test_the_probe_says_where_a_mood_is_told():
    images, moods, where = own_folder.probe(8, 28, RUNTIME)
    assert images.shape == (8, 3, 28, 28) and where.shape == (8, 1, 28, 28) and where.dtype == torch.bool
    assert moods.tolist() == [0, 1, 2, 3] * 2 and 0.02 < where.float().mean() < 0.12


def test_a_file_read_by_hand_is_the_doors_picture(tmp_path):
    for channels, folder in (
        (3, own_folder.write(tmp_path / "faces", 8, RUNTIME)),
        (1, write(tmp_path / "grey", 40, colour=False, each=4)),
    ):
        data = ImageData.folder(folder, size=32, crop=True)
        files = sorted(folder.rglob("*.png"))
        by_hand = torch.stack([own_folder.by_hand(file, 32, channels) for file in files])
        assert by_hand.shape == data.images.shape and (by_hand - data.images).abs().max() < 1e-6


def test_probes_of_own_pictures_are_of_all_classes_and_claim_no_place(tmp_path):
    data = ImageData.folder(write(tmp_path / "own", 28, colour=False, each=24), runtime=RUNTIME)
    images, labels, where = own_folder.probe(16, 28, RUNTIME, data)
    assert images.shape == (16, 1, 28, 28) and labels.bincount().tolist() == [8, 8] and not where.any()
    assert own_measures.counted({"own": data}, None) == [["own", "24, 24", "0", "—"]]


def a_recipe(data, steps):
    """Of a small GAN for grey pictures of 28 × 28 pixels."""
    settings = {"width": 4, "size": 28, "channels": 1}
    return audit.Recipe(
        data=data.name,
        generator="DCGenerator",
        discriminator="DCDiscriminator",
        game={"batch": 4},
        steps=steps,
        seed=3,
        generator_settings={"latent": 4, **settings},
        discriminator_settings=settings,
    )


def told(about, folder):
    """A run of an untrained generator, with what a person said of the pictures."""
    data = replace(ImageData.folder(folder, size=28), source=about.source, licence=about.licence)
    train, real = data.train_test_split(0.5)
    recipe = a_recipe(data, 0)
    judge, game = Judge(4, classes=2, size=28, channels=1).eval(), recipe.new_game(RUNTIME)
    return audit.keep(
        folder.with_name("run"),
        game,
        recipe,
        train,
        real,
        judge,
        RUNTIME,
        seconds=1.0,
        words=about.words,
        thing=about.thing,
        samples=12,
    )


def test_a_card_of_somebodys_pictures_does_not_say_what_is_known_of_the_courses_faces(tmp_path):
    mine = write(tmp_path / "mine", 28, colour=False, each=24)
    run = told(own_folder.About(), mine)
    for text in (audit.card(run), audit.data_sheet(run)):
        assert not any(word in text.lower() for word in ("cc0", "drawn", "no person", "digit"))
    text = audit.card(run)
    assert audit.holes(text) == 3 + 2 * 2, "purpose, what it is not for, ethics; source and licence of both sets"
    assert "no clear picture of a class" in cards.section(text, "Caveats and known failures")
    assert "license" not in text.split("---")[1]


def test_the_card_of_the_courses_faces_has_no_open_place(tmp_path):
    run = told(own_folder.FACES, write(tmp_path / "mine", 28, colour=False, each=24))
    assert audit.holes(audit.card(run)) == 0 and audit.card(run).count("CC0-1.0") == 2
    assert "no clear face" in cards.section(audit.card(run), "Caveats and known failures")


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("streaming", sizes=(64,), steps=2)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["opening one", "64 pictures"] and len(told) == 1
    small, photograph = (each["1"]["cpu"] for each in content["runs"]["opening one"].values())
    assert 0 < small < photograph
    row = content["runs"]["64 pictures"]
    assert list(row) == list(streaming.HOW)
    for how in streaming.HOW:
        assert row[how]["1"].keys() == {"opened", "images", "cpu", "mib", "rose"}
        assert row[how]["1"]["images"] > 0 and row[how]["1"]["mib"] > 50 > row[how]["1"]["rose"] >= 0


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("streaming", content)
    assert sorted(shipped["runs"]) == sorted(["opening one", *(f"{n:,} pictures" for n in script.SIZES)])
    over = recorded_streaming.Streamed()
    assert over.sizes == list(script.SIZES) and len(over.rows()) == 2 * len(over.sizes)
    assert list(over.share(over.sizes[0])) == list(over.larger("streamed")) == [str(seed) for seed in script.SEEDS]
    assert list(over.openings()) == list(streaming.OPENED)


@pytest.fixture(scope="module")
def tiny_first(record_tiny):
    return record_tiny("first-results", pictures=160, steps=(3, 4, 3))


def test_a_tiny_first_result_has_what_the_lesson_reads(tiny_first):
    script, told, content = tiny_first
    assert list(content["runs"]) == list(script.KINDS) and len(told) == 2
    for row in content["runs"].values():
        assert list(row) == ["1"] and row["1"].keys() == {*recorded_streaming.WHAT, "judge"}
        assert row["1"]["real"] < row["1"]["untrained"]


def test_the_first_results_that_ship_have_the_same_shape(tiny_first, shipped_like):
    script, _, content = tiny_first
    shipped_like("first-results", content)
    over = recorded_streaming.FirstResults()
    assert over.kinds == tuple(script.KINDS) and len(over.rows()) == 2
    assert all(list(over.nearer(kind)) == [str(seed) for seed in script.SEEDS] for kind in over.kinds)


def test_larger_pictures_are_given_fewer_steps():
    assert [first_result.steps_for(size, 1200) for size in (28, 56, 64)] == [1200, 600, 525]
    assert first_result.steps_for(64, 1) == 1


def test_a_training_that_was_stopped_is_compared_weight_by_weight(tmp_path, monkeypatch):
    data = ImageData.folder(write(tmp_path / "mine", 28, colour=False, each=24))
    recipe = a_recipe(data, 4)
    assert first_result.same_after_a_stop(recipe, data, tmp_path / "one.safetensors", RUNTIME, steps=2)
    monkeypatch.setattr(first_result, "resume", lambda game, file: 2)  # that says so, and loads nothing
    assert not first_result.same_after_a_stop(recipe, data, tmp_path / "two.safetensors", RUNTIME, steps=2)


def test_a_training_that_fails_says_why(tmp_path):
    with pytest.raises(CourseError, match="training failed"):
        streaming.measured(tmp_path / "nowhere", 1, 0)


@pytest.mark.slow
def test_the_whole_lesson_runs_on_somebody_elses_folder(root, tmp_path, monkeypatch):
    size = 64  # and grey: the lesson itself is 28 pixels in colour
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    page = (root / "notebooks" / "src" / "14_scale_up" / "1_your_own_pictures.py").read_text(encoding="utf-8")
    mine = write(tmp_path / "mine", size, colour=False, each=90)
    for line, other in {
        'profile = "course"': 'profile = "smoke"',
        "own = None": f"own = {str(mine)!r}",
        "size = 28": f"size = {size}",
    }.items():
        assert page.count(f"\n{line}") == 1, line
        page = page.replace(f"\n{line}", f"\n{other}")
    names = {"__name__": "lesson"}
    exec(compile(page, "own pictures", "exec"), names)
    assert names["data"].shape == (1, size, size) and names["data"].names == CLASSES
    assert names["drawn"].keys() == {"GAN", "VAE"} and names["text"].startswith("---")
    assert all(one["frechet"] >= 0 for one in names["table"].values()) and not names["mouths"].any()
    assert names["maps"]["the judge"].isfinite().all(), "squares reach all pixels"
    said = names["text"].lower()
    assert not any(word in said for word in ("cc0", "drawn", "no person")), "what is true of the course's faces alone"
    assert audit.holes(names["text"]) > 0
