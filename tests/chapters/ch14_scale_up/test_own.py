"""Lesson 14.1: drawn faces of known truth, folders that are sound, refused or faulty, the streaming recording."""

import pytest
import torch
from PIL import Image

from course_lib.chapters.ch14_scale_up import faces, own_folder, recorded_streaming, streaming
from course_lib.data import ImageData
from course_lib.errors import CourseError
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


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("streaming", sizes=(64, 96), steps=2)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["64 pictures", "96 pictures"] and len(told) == 4
    for row in content["runs"].values():
        assert list(row) == list(streaming.HOW)
        for how in streaming.HOW:
            assert row[how]["1"].keys() == {"opened", "images", "cpu", "mib"}
            assert row[how]["1"]["images"] > 0 and row[how]["1"]["mib"] >= 0


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("streaming", content)
    assert list(shipped["runs"]) == [f"{n:,} pictures" for n in script.SIZES]
    over = recorded_streaming.Streamed()
    assert over.sizes == list(script.SIZES) and len(over.rows()) == 2 * len(over.sizes)
    assert list(over.share(over.sizes[0])) == [str(seed) for seed in script.SEEDS]


def test_a_training_that_fails_says_why(tmp_path):
    with pytest.raises(CourseError, match="streamed training failed"):
        streaming.measured(tmp_path / "nowhere", "streamed", 1, 0)
