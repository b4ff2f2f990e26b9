"""The script behind chapter 08's statements over seeds, in a run of seconds."""

import pytest
import torch


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("discriminator", steps=30, marked_steps=3, short=3, pictures=60)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    assert len(told) == len(content["runs"]) + 1 and content["settings"]["steps"] == 30
    rows = {row: seeds["1"] for row, seeds in content["runs"].items()}
    played = rows["game"]
    assert 0 <= played["lowest class"] <= played["auc"] <= 1 and played["lowest class"] <= played["highest class"]
    assert played["moves"] >= 0 and {f"right after {n}" for n in script.LATER} <= played.keys()
    maps = {"Grad-CAM", "HiResCAM", "occlusion"}
    for head in ("pool", "flat"):
        assert maps | {"gradient", "moved along the lattice", "moved off it"} == rows[f"one mark, {head} head"].keys()
    placed = {f"{name}, {place}" for name in maps for place in ("fake's", "real's")}
    assert placed == rows["two places, flat head"].keys()
    ranked = {"occlusion", "gradient", "the mark itself", "random", "intensity", "Sobel"}
    for way in ("own pixels", "same pixels", "own holes alone"):
        assert rows[f"remove and retrain, {way}"].keys() == ranked
        assert all(0 <= v <= 1 for v in rows[f"remove and retrain, {way}"].values())


def test_auc_counts_pairs_and_equal_logits_half(tiny):
    script = tiny[0]
    assert script.auc(torch.tensor([2.0, 0.0]), torch.tensor([1.0, 0.0])) == (1 + 1 + 0 + 0.5) / 4
    assert script.auc(torch.tensor([3.0]), torch.tensor([1.0, 2.0])) == 1


def test_a_look_at_the_logits_leaves_the_mode_as_it_was(tiny):
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 1))
    for mode in (True, False):
        model.train(mode)
        assert tiny[0].logits(model, torch.zeros(3, 1, 2, 2)).shape == (3,) and model.training is mode


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("discriminator", content)
    assert list(shipped["runs"]) == list(content["runs"])
    for row, seeds in shipped["runs"].items():
        assert list(seeds) == [str(seed) for seed in script.SEEDS]
        assert all(numbers.keys() == content["runs"][row]["1"].keys() for numbers in seeds.values())
