"""The script behind the latent sizes compared, in a run of seconds, and the figure that is drawn of it."""

import pytest
import torch

from course_lib.chapters.ch05_vae.figures import row_of
from course_lib.chapters.ch05_vae.latent_sizes import of_size, sizes_figure
from course_lib.data import load


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("latent-sizes", steps=2, sizes=(2, 3))


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    assert list(content["runs"]) == ["2", "3"] and len(told) == 2
    for size, run in content["runs"].items():
        (found,) = run["measured"].values()
        assert found["bound"] == pytest.approx(-found["reconstruction"] - found["kl"], abs=0.02)
        assert 0 <= found["active"] <= int(size)
    assert of_size(content, "active") == {2: {"1": content["runs"]["2"]["measured"]["1"]["active"]}} | {
        3: {"1": content["runs"]["3"]["measured"]["1"]["active"]}
    }
    assert script.SIZES == (2, 5, 10, 20, 50)


def test_one_of_each_digit_is_kept(tiny):
    labels = load("digits", split="test").labels
    chosen = tiny[0].one_of_each(labels)
    assert labels[chosen].tolist() == list(range(10)) == labels[:10].tolist(), "the lesson shows the first ten"


def test_recorded_pictures_are_read_as_they_were(tiny):
    script = tiny[0]
    vae = script.MLPVAE(2)
    images = torch.ones(3, 1, 28, 28)
    with torch.no_grad():
        made = vae.reconstruct(images)
    assert (row_of(script.row(vae, images), 3) - made).abs().max() < 1 / 127


def test_the_figure_names_each_size(tiny):
    picture = sizes_figure(tiny[2], torch.zeros(10, 1, 28, 28))
    assert picture.alt.startswith("Six rows of ten digits") and picture.width == 720


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    shipped = shipped_like("latent-sizes", tiny[2])
    assert list(shipped["runs"]) == ["2", "5", "10", "20", "50"]
    assert all(len(run["measured"]) == 5 and run["pictures"] for run in shipped["runs"].values())
