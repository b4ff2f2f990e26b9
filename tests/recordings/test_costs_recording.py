"""The script behind the table of costs, in a run of seconds."""

import json

import pytest

from course_lib import files
from course_lib.publish import recording


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder, shipped, told = tmp_path_factory.mktemp("costs"), files.shipped, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "shipped", lambda *p: folder.joinpath(*p) if p[0] == "runs" else shipped(*p))
        script = recording.script("costs")
        script.record((1,), told.append, images=2, light=True)
        return script, told, files.recorded("costs")


def test_every_method_has_its_cost(tiny):
    script, told, content = tiny
    assert len(told) == len(content["runs"]) >= 12 and content["settings"]["images"] == 2
    assert len(script.SEEDS) == 5
    for row in content["runs"].values():
        assert row["1"].keys() == {"ms", "ratio"} and row["1"]["ms"] >= 0


def test_what_ships_has_the_same_shape(tiny, root):
    real = root / "data" / "runs" / "costs.json"
    if not real.is_file():
        pytest.skip("costs.json is not recorded yet: course record costs")
    shipped, content = json.loads(real.read_text(encoding="utf-8")), tiny[2]
    assert shipped.keys() == content.keys() and shipped["settings"].keys() == content["settings"].keys()
    for name, row in shipped["runs"].items():
        assert name.split(",")[0] in {other.split(",")[0] for other in content["runs"]} and len(row) == 5
    assert shipped["runs"]["gradient"]["100"]["ratio"] == 1
