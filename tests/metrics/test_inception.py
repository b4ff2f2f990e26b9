"""Inception features with weights of chance: the way to the published numbers, without the published weights."""

import sys

import pytest
import torch
from torch.utils.data import TensorDataset
from torch_fidelity import calculate_metrics, feature_extractor_inceptionv3

from course_lib.errors import CourseError, DataCorrupt
from course_lib.files import sha256
from course_lib.metrics import frechet_distance, inception, inception_features


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A file as torch-fidelity's, with random weights, in the data folder under a name with its own checksum."""

    class Fresh(feature_extractor_inceptionv3.FeatureExtractorInceptionV3):
        def load_state_dict(self, state):
            """Keep the weights of chance."""

    monkeypatch.setattr(feature_extractor_inceptionv3, "load_state_dict_from_url", lambda *a, **k: {})
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = Fresh("inception", ["2048"])
    made = tmp_path / "weights.pth"
    torch.save(network.state_dict(), made)
    path = made.rename(tmp_path / f"weights-{sha256(made)[:8]}.pth")
    monkeypatch.setattr(inception, "WEIGHTS", path.name)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    return path


def images(n, seed, channels=1):
    g = torch.Generator().manual_seed(seed)
    return (torch.randint(0, 256, (n, channels, 28, 28), generator=g) / 127.5 - 1).float()


class Pixels(TensorDataset):
    """Images in [−1, 1] as torch-fidelity takes them: uint8, three channels, no tuple."""

    def __getitem__(self, index):
        return ((super().__getitem__(index)[0] + 1) * 127.5).round().to(torch.uint8).expand(3, -1, -1)


def test_the_distance_is_torch_fidelitys(weights):
    a, b = images(12, 1), images(12, 2).clamp(max=0.2)
    ours = frechet_distance(inception_features(a, batch=5), inception_features(b))
    theirs = calculate_metrics(
        input1=Pixels(a),
        input2=Pixels(b),
        fid=True,
        cuda=False,
        verbose=False,
        save_cpu_ram=True,
        feature_extractor_weights_path=str(weights),
    )
    assert ours == pytest.approx(theirs["frechet_inception_distance"], rel=1e-4)


def test_grey_is_three_equal_channels(weights):
    grey = images(3, 1)
    features = inception_features(grey)
    assert features.shape == (3, 2048)
    torch.testing.assert_close(features, inception_features(grey.expand(-1, 3, -1, -1)))


def test_without_weights_it_says_which_file_goes_where(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError, match=r"6726825d\.pth .*into .*judge_outputs"):
        inception_features(images(2, 0))


def test_without_the_package_it_says_so(weights, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", None)
    with pytest.raises(CourseError, match="pip install torch-fidelity"):
        inception_features(images(2, 0))


def test_weights_that_are_damaged_or_others_stay_where_somebody_put_them(weights):
    expected, content = sha256(weights)[:8], weights.read_bytes()[:-1]
    weights.write_bytes(content)
    with pytest.raises(DataCorrupt) as refusal:
        inception_features(images(2, 0))
    message = str(refusal.value)
    assert str(weights) in message and sha256(weights)[:8] in message and expected in message
    assert message.endswith("move it away and fetch torch-fidelity's again.") and "\n" not in message
    assert weights.read_bytes() == content and not list(weights.parent.glob("*.corrupt-*"))


def test_a_file_that_would_run_code_is_refused(weights, monkeypatch):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the file ran code",))

    torch.save({"x": Trap()}, weights)
    monkeypatch.setattr(inception, "WEIGHTS", weights.rename(weights.with_name(f"w-{sha256(weights)[:8]}.pth")).name)
    with pytest.raises(Exception, match=r"weights_only|Weights only"):
        inception_features(images(2, 0))


def test_images_are_checked_at_the_door(weights):
    with pytest.raises(CourseError, match="2 channels"):
        inception_features(images(2, 0, channels=2))
    with pytest.raises(CourseError, match="uint8"):
        inception_features(torch.zeros(2, 1, 28, 28, dtype=torch.uint8))
