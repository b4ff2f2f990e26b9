"""The script behind the table of costs, in a run of seconds."""

import pytest


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("costs", images=2, light=True)


def test_every_method_has_its_cost(tiny):
    script, told, content = tiny
    assert len(told) == len(content["runs"]) >= 12 and content["settings"]["images"] == 2
    assert len(script.SEEDS) == 5
    for row in content["runs"].values():
        assert row["1"].keys() == {"ms", "ratio"} and row["1"]["ms"] >= 0


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("costs", content)
    for name, row in shipped["runs"].items():
        assert name.split(",")[0] in {other.split(",")[0] for other in content["runs"]} and len(row) == 5
    assert shipped["runs"]["gradient"]["100"]["ratio"] == 1
