"""The script behind the stacked digits' curve, in a run of seconds."""

import pytest

from course_lib import files
from course_lib.tools import recording


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    shipped = files.shipped
    monkeypatch.setattr(files, "shipped", lambda *p: tmp_path.joinpath(*p) if p[0] == "runs" else shipped(*p))
    script, told = recording.script("stacked"), []
    script.POINTS = 2
    script.record((1,), told.append, 4, source="digits", stacks=200, batch=8, samples=100)
    return script, told, files.recorded("stacked")


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    assert len(told) == 5 and content["settings"]["real stacks"]["modes"] > 80
    assert list(content["runs"]) == ["DCGAN", "PacDCGAN2"]
    for row, seeds in content["runs"].items():
        (points,) = seeds.values()
        assert [p["step"] for p in points] == [2, 4] and 0 < points[0]["seconds"] < points[1]["seconds"], row
        assert all(1 <= p["modes"] <= 100 and 0 <= p["kl"] <= 6.91 and 0.1 <= p["confidence"] <= 1 for p in points)


def test_what_ships_has_the_same_shape_and_says_what_was_reduced(tiny):
    if not files.shipped("runs").exists():
        pytest.skip("no recordings here")
    _, _, content = tiny
    real = recording.files.repo_root() / "data" / "runs" / "stacked.json"
    if not real.is_file():
        pytest.skip("stacked.json is not recorded yet: course record stacked")
    import json

    shipped = json.loads(real.read_text(encoding="utf-8"))
    assert shipped.keys() == content.keys() and shipped["settings"].keys() == content["settings"].keys()
    assert f"{shipped['settings']['steps']:,} steps" in shipped["settings"]["reduced"]
    shape = content["runs"]["DCGAN"]["1"][0].keys()
    assert all(p.keys() == shape for seeds in shipped["runs"].values() for points in seeds.values() for p in points)


def test_the_rows_differ_in_the_pack_alone(tiny):
    from course_lib.runtime import Runtime

    script, _, _ = tiny
    a, b = (script.build(row, Runtime.auto(device="cpu", seed=1)) for row in ("DCGAN", "PacDCGAN2"))
    assert (a.batch, b.batch) == (128, 256) and not a.views and b.views[0].size == 2
    for x, y in zip(a.generator.parameters(), b.generator.parameters(), strict=True):
        assert x.equal(y)
    shapes = [[tuple(p.shape) for p in g.discriminator.parameters()] for g in (a, b)]
    assert shapes[0][0] == (4, 3, 3, 3) and shapes[1][0] == (4, 6, 3, 3) and shapes[0][1:] == shapes[1][1:]
