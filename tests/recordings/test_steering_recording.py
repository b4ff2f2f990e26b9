"""The script behind the codes of notebook 09, in a run of seconds; and what ships has its shape."""

import json

import pytest

from course_lib import files
from course_lib.publish import recording


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder, shipped, told = tmp_path_factory.mktemp("steering"), files.shipped, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "shipped", lambda *p: folder.joinpath(*p) if p[0] == "runs" else shipped(*p))
        script = recording.script("steering")
        script.record((1,), told.append, steps={"digits": 2, "shapes": 2, "VAE": 2})
        return script, told, files.recorded("steering")


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    assert list(content["runs"]) == [*script.DIGITS, *script.SHAPES, *script.VAES] and len(told) == 6
    for row, seeds in content["runs"].items():
        want = {"generated", "held out", "read"} if row in script.DIGITS else {"MIG", "FactorVAE", *script.FACTORS}
        assert seeds["1"].keys() == want and all(0 <= v <= 1 for v in seeds["1"].values())
    runs = content["runs"]
    assert runs["shapes, VAE"] != runs["shapes, β-VAE (16)"] and runs["shapes, InfoGAN"] != runs["shapes, control"]


def test_an_infogan_and_its_control_differ_in_the_pay_alone(tiny):
    script = tiny[0]
    assert list(script.DIGITS.values()) == list(script.SHAPES.values()) == [1.0, 0.0]
    assert len(script.SEEDS) == 5 and min(script.SEEDS) >= 100


def test_what_ships_has_the_same_shape(tiny, root):
    real = root / "data" / "runs" / "steering.json"
    if not real.is_file():
        pytest.skip("steering.json is not recorded yet: course record steering")
    content, shipped = tiny[2], json.loads(real.read_text(encoding="utf-8"))
    assert shipped.keys() == content.keys() and shipped["settings"].keys() == content["settings"].keys()
    assert list(shipped["runs"]) == list(content["runs"])
    for row, seeds in shipped["runs"].items():
        shape = content["runs"][row]["1"].keys()
        assert len(seeds) == 5 and all(numbers.keys() == shape for numbers in seeds.values())
