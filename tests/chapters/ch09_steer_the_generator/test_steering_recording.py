"""The script behind the codes of chapter 09, in a run of seconds; and what ships has its shape."""

import pytest


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("steering", steps={"digits": 2, "shapes": 2, "VAE": 2})


def test_a_tiny_recording_has_what_the_lessons_read(tiny):
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


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("steering", content)
    assert list(shipped["runs"]) == list(content["runs"])
    for row, seeds in shipped["runs"].items():
        shape = content["runs"][row]["1"].keys()
        assert len(seeds) == 5 and all(numbers.keys() == shape for numbers in seeds.values())
