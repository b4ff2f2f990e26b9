"""The page on one's own pictures: every block runs as it stands, on folders of PNGs and on Fashion-MNIST."""

import re
import shutil
import sys
import warnings
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from own_pictures import CLASSES, write

from course_lib.files import repo_root
from course_lib.runtime import Runtime

FASHION = repo_root().parent / "shared" / "data" / "fashion"
FOLDER = 'ImageData.folder("my_pictures", size=48, crop=True, runtime=runtime)'
IDX = 'ImageData.idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", runtime=runtime)'


@pytest.fixture
def page(root):
    return re.findall(
        r"^```python\n(.*?)^```",
        (root / "docs" / "own_pictures.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to run the page in, and a small runtime: four samples of a batch are enough to see that it runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Runtime, "auto", lambda auto=Runtime.auto, **settings: auto(**{"device": "cpu"} | settings))
    return tmp_path


def run(blocks):
    names = {"__name__": "page"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            exec(compile(block, "own_pictures.md", "exec"), names)
    return names


def assert_all_was_made(names, shape, classes):
    data = names["data"]
    assert data.shape == shape and data.names == classes
    assert len(names["train"]) + len(names["test"]) == len(data)
    assert names["drawn"].shape == (16, *shape) and names["drawn"].abs().max() <= 1
    assert names["vae"](torch.zeros(2, 20)).shape == (2, *shape)
    assert 0 <= names["share_right"] <= 1 and 0 < names["distance"] < float("inf")
    assert names["maps"].shape == (4, 1, *shape[1:]) and names["maps"].abs().sum() > 0
    assert names["own"].step_number == names["game"].step_number == 5
    assert names["own"].sampler()(2).shape == (2, *shape)


def without_files(page):
    """The page without its call for IDX files, which are large."""
    assert sum(IDX in block for block in page) == 1
    return [block for block in page if IDX not in block]


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("size", [28, 48])
def test_every_block_runs_on_a_folder_of_pngs(page, here, size, colour):
    write(here / "my_pictures", size, colour, each=24)
    blocks = [block.replace("size=48", f"size={size}") for block in without_files(page)]
    assert sum(FOLDER.replace("48", str(size)) in block for block in blocks) == 1
    names = run(blocks)
    assert_all_was_made(names, (3 if colour else 1, size, size), CLASSES)
    assert names["arrays"].names == ("cat", "dog") and names["from_npz"].shape == (1, 32, 32)


@pytest.mark.skipif(not FASHION.is_dir(), reason="the complete sets are not in ../shared")
def test_every_block_runs_on_the_complete_fashion_mnist_read_as_idx(page, here):
    for file in FASHION.glob("train-*.gz"):
        shutil.copy(file, here)
    swapped = [block.replace(FOLDER, IDX) for block in page]
    assert swapped != page
    names = run(swapped)
    assert len(names["fashion"]) == len(names["data"]) == 60000
    assert_all_was_made(names, (1, 28, 28), tuple(map(str, range(10))))
