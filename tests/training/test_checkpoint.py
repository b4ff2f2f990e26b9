"""Checkpoints: whole or refused, kept when damaged, and nothing in them is ever run."""

import os
import pickle
import random

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from training_games import blobs, digest, game, runtime, train

from course_lib.errors import CourseError, DataCorrupt
from course_lib.training import checkpointed, resume
from course_lib.training.checkpoint import load, save

STATE = {
    "weights": {"a": torch.arange(12.0).view(3, 4), "b": torch.tensor(3)},
    "step": 7,
    "betas": (0.5, 0.9),
    "empty": torch.zeros(0, 3),
    "text": "größer",
    "none": None,
    "list": [True, {0: torch.ones(2)}],
}


def equal(a, b):
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and a == b


def test_what_is_saved_comes_back_with_its_types(tmp_path):
    save(tmp_path / "c", STATE, {"step": 7, "note": "x"})
    state, meta = load(tmp_path / "c")
    assert equal(state, STATE) and meta == {"step": 7, "note": "x"}
    assert [p.name for p in tmp_path.iterdir()] == ["c"]


@pytest.mark.parametrize(
    "state",
    [
        {"a/b": torch.zeros(2), "a": {"b": torch.ones(2)}},
        {0: torch.zeros(2), "0": torch.ones(2)},
        {"a": [torch.zeros(1)], "a/0": torch.ones(1)},
        {"__metadata__": torch.ones(2)},
        {"": {"": torch.ones(2)}},
        {"1:0": torch.zeros(1), 0: torch.ones(1), "0": torch.ones(1) * 2, "2:0": torch.ones(1) * 3},
        {"2:0": torch.zeros(1), 0: torch.ones(1), "0": torch.ones(1) * 2},
    ],
    ids=str,
)
def test_names_that_meet_do_not_overwrite_one_another(tmp_path, state):
    save(tmp_path / "c", state)
    assert equal(load(tmp_path / "c")[0], state)


def test_tensors_that_share_memory_or_lie_oddly_come_back_right(tmp_path):
    whole = torch.arange(24.0)
    kernel = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    state = {
        "whole": whole,
        "part": whole[::2],
        "turned": whole.view(4, 6).T,
        "kernel": kernel,
        "trained": torch.nn.Parameter(torch.ones(2)),
    }
    save(tmp_path / "c", state)
    back, _ = load(tmp_path / "c")
    assert all(torch.equal(back[k], state[k]) for k in state)
    assert not back["trained"].requires_grad
    back["whole"][0] = 99
    assert load(tmp_path / "c")[0]["whole"][0] == 0, "changing what was loaded changed the file"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", torch.nn.Linear(1, 1), print, {(1, 2): 3}, {b"k": 1}])
def test_what_cannot_be_saved_is_refused_and_the_old_checkpoint_stays(tmp_path, value):
    save(tmp_path / "c", STATE)
    with pytest.raises(CourseError, match="cannot be saved"):
        save(tmp_path / "c", {"good": 1, "bad": value})
    assert equal(load(tmp_path / "c")[0], STATE)


# ---- damage ----


def refused(path):
    """Load a damaged file: it must be refused in one sentence and kept, byte for byte, under another name."""
    content = path.read_bytes()
    with pytest.raises(DataCorrupt) as refusal:
        load(path)
    message = str(refusal.value)
    aside = max(path.parent.glob(f"{path.name}.corrupt-*"), key=lambda p: p.stat().st_mtime_ns)
    assert repr(path.name) in message and ".corrupt-" in message and "\n" not in message
    assert not path.exists() and aside.read_bytes() == content
    aside.unlink()


def left_alone(path):
    """Load what the course did not write, or of which nothing tells that it did: refused in one sentence, untouched."""
    content, names = path.read_bytes(), sorted(p.name for p in path.parent.iterdir())
    with pytest.raises(CourseError, match="no checkpoint of this course and was left as it is") as refusal:
        load(path)
    assert not isinstance(refusal.value, DataCorrupt), "somebody else's file is not damaged"
    assert repr(path.name) in str(refusal.value) and "\n" not in str(refusal.value)
    assert path.read_bytes() == content and sorted(p.name for p in path.parent.iterdir()) == names


def test_truncated_anywhere_it_is_refused_and_kept(tmp_path):
    path = save(tmp_path / "c", game("dc batch norm").state_dict())
    whole = path.read_bytes()
    pick = random.Random(0)
    for end in {150, len(whole) - 1, *(pick.randrange(150, len(whole)) for _ in range(25))}:
        path.write_bytes(whole[:end])
        refused(path)
    for end in (0, 1, 7, 8, 9, 20):  # nothing is left that says whose it was
        path.write_bytes(whole[:end])
        left_alone(path)
    path.write_bytes(whole + b"\0")
    refused(path)


def test_every_flipped_bit_is_refused_or_changes_nothing(tmp_path):
    """All bits of the first kilobyte, where lengths, names and offsets stand, and random ones of the whole file."""
    path = save(tmp_path / "c", STATE, {"step": 7})
    whole = path.read_bytes()
    pick = random.Random(1)
    bits = {*range(8 * 64), *(pick.randrange(8 * len(whole)) for _ in range(700))}
    for bit in bits:
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            state, meta = load(path)
        except DataCorrupt:
            assert not path.exists() and path.with_name("c.corrupt-1").read_bytes() == content
            path.with_name("c.corrupt-1").unlink()
        else:
            assert equal(state, STATE) and meta == {"step": 7}, f"bit {bit} was changed without a word"
    path.write_bytes(whole)
    assert equal(load(path)[0], STATE)


def test_flips_in_a_games_weights_are_refused_whatever_the_number_becomes(tmp_path):
    path = save(tmp_path / "c", game().state_dict())
    whole = path.read_bytes()
    start = 8 + int.from_bytes(whole[:8], "little")
    pick = random.Random(2)
    for _ in range(25):
        content = bytearray(whole)
        content[pick.randrange(start, len(whole))] ^= 1 << pick.randrange(8)
        path.write_bytes(content)
        refused(path)


def test_files_of_other_kinds(tmp_path):
    header = b"\x02" + b"\0" * 7 + b"{}"
    for content in (b"", b"\0" * 100, os.urandom(4096), b'{"format": 1}', b"\xff" * 8 + b"{}", header + b"x"):
        (tmp_path / "c").write_bytes(content)
        left_alone(tmp_path / "c")
    with pytest.raises(CourseError, match="no checkpoint 'none' in"):
        load(tmp_path / "none")
    for words in ({"format": "pt"}, {"sha256": "0" * 64}, {"course": "history of art"}, {"course": "", "sha256": ""}):
        save_file({"x": torch.ones(2)}, tmp_path / "theirs.safetensors", words)
        left_alone(tmp_path / "theirs.safetensors")


def test_a_checkpoint_of_another_format_is_refused_by_name_and_left(tmp_path, monkeypatch):
    monkeypatch.setattr("course_lib.training.checkpoint.FORMAT", "course-checkpoint-99")
    save(tmp_path / "c", STATE)
    monkeypatch.undo()
    with pytest.raises(CourseError, match="course-checkpoint-99"):
        load(tmp_path / "c")
    assert (tmp_path / "c").exists()


def test_nothing_in_a_file_is_unpickled(tmp_path, monkeypatch):
    """A pickle, alone or saved by torch, is a damaged checkpoint and no more: its code does not run."""
    ran = tmp_path / "ran"

    class Bomb:
        def __reduce__(self):
            return os.system, (f"touch {ran}",)

    (tmp_path / "c").write_bytes(pickle.dumps(Bomb()))
    left_alone(tmp_path / "c")
    torch.save({"state": Bomb()}, tmp_path / "c")
    left_alone(tmp_path / "c")
    (tmp_path / "c").unlink()
    assert not ran.exists()

    def never(*_, **__):
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, never)
    monkeypatch.setattr(torch, "load", never)
    save(tmp_path / "c", STATE)
    assert equal(load(tmp_path / "c")[0], STATE)


# ---- other people's files ----

THEIRS = {
    "a .pth": lambda path: torch.save(torch.nn.Linear(2, 2).state_dict(), path),
    "an old .pth": lambda path: torch.save({"a": torch.ones(2)}, path, _use_new_zipfile_serialization=False),
    "safetensors": lambda path: save_file({"x": torch.ones(2)}, path),
    "safetensors with words": lambda path: save_file({"x": torch.ones(2)}, path, {"sha256": "1", "course": "x"}),
    "a list": lambda path: path.write_text("[1, 2, 3]\n", encoding="utf-8"),
}


@pytest.mark.parametrize("whose", THEIRS)
def test_a_learners_own_file_is_neither_read_as_a_checkpoint_nor_moved_nor_written_over(tmp_path, whose):
    path = tmp_path / "best.pth"
    THEIRS[whose](path)
    g, content = game(), path.read_bytes()
    with pytest.raises(CourseError, match="was left as it is"):
        resume(g, path)
    for write in (lambda: save(path, STATE), lambda: checkpointed(g.steps(blobs(), 2, runtime()), path)):
        with pytest.raises(CourseError, match=r"'best\.pth' is there already.*another name"):
            write()
    assert path.read_bytes() == content and [p.name for p in tmp_path.iterdir()] == ["best.pth"]
    list(checkpointed(g.steps(blobs(), 2, runtime()), tmp_path / "mine"))  # beside it, all is well
    assert path.read_bytes() == content and resume(game(), tmp_path / "mine") == 2


def test_an_empty_file_and_an_older_checkpoint_are_written_over_and_a_folder_is_not(tmp_path):
    (tmp_path / "c").touch()  # as tempfile makes them
    save(tmp_path / "c", STATE)
    save(tmp_path / "c", {"n": 1})
    assert load(tmp_path / "c")[0] == {"n": 1}
    (tmp_path / "folder").mkdir()
    with pytest.raises(CourseError, match="'folder' is there already"):
        save(tmp_path / "folder", STATE)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_whatever_else_a_file_holds_it_stays_as_it_is(tmp_path, content):
    (tmp_path / "theirs").write_bytes(content)
    left_alone(tmp_path / "theirs")


def test_a_file_that_cannot_be_read_is_not_called_damaged(tmp_path, monkeypatch):
    path = save(tmp_path / "c", STATE)

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(CourseError, match=r"'c' cannot be read \(Permission denied\)") as refusal:
        load(path)
    monkeypatch.undo()
    assert not isinstance(refusal.value, DataCorrupt) and equal(load(path)[0], STATE)


# ---- while training ----


def test_saved_each_so_many_steps_and_at_the_end(tmp_path):
    g, path, seen = game(), tmp_path / "c", []
    for record in checkpointed(g.steps(blobs(), 8, runtime()), path, every=3):
        seen.append((record.step, load(path)[1]["step"] if path.exists() else None))
    assert seen == [(1, None), (2, None), (3, 3), (4, 3), (5, 3), (6, 6), (7, 6), (8, 6)]
    assert load(path)[1]["step"] == 8
    other = game(seed=3)
    assert resume(other, path) == 8 and digest(other) == digest(g)


def test_a_consumer_that_stops_early_leaves_its_last_step(tmp_path):
    g = game()
    for record in checkpointed(g.steps(blobs(), 20, runtime()), tmp_path / "c", every=100):
        if record.step == 4:
            break
    assert load(tmp_path / "c")[1]["step"] == 4


def test_wrapped_steps_still_name_their_trainer_and_length():
    g = game()
    wrapped = checkpointed(g.steps(blobs(), 5, runtime()), "nowhere")
    assert wrapped.trainer is g and wrapped.total == 5
    with pytest.raises(CourseError, match="every=0"):
        checkpointed(g.steps(blobs(), 5, runtime()), "nowhere", every=0)


def test_leftovers_of_a_killed_writer_do_not_matter(tmp_path):
    for name in (".c.1.part", ".c.99999.part", "c.part", f".c.{os.getpid()}.part"):
        (tmp_path / name).write_bytes(b"half a checkpoint")
    g = game()
    list(checkpointed(g.steps(blobs(), 3, runtime()), tmp_path / "c", every=1))
    again = game()
    assert resume(again, tmp_path / "c") == 3 and digest(again) == digest(g)


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("mlp dropout", lambda: game("dc batch norm")),
        ("dc batch norm", lambda: game("spectral r1 r2")),
        ("mlp dropout", lambda: game("mlp minimax")),
    ],
)
def test_another_networks_checkpoint_is_refused_and_the_game_unchanged(tmp_path, kind, other):
    wrong = other()
    train(wrong, 2)
    save(tmp_path / "c", wrong.state_dict())
    g = game(kind)
    train(g, 1)
    before = digest(g)
    with pytest.raises(CourseError, match="another network"):
        resume(g, tmp_path / "c")
    assert digest(g) == before and (tmp_path / "c").exists()


def test_a_wider_network_of_the_same_kind_is_refused_naming_the_first_difference(tmp_path):
    from course_lib.models import MLPDiscriminator, MLPGenerator
    from course_lib.training import Game

    save(tmp_path / "c", Game(MLPGenerator(16, (48,)), MLPDiscriminator((32,)), batch=8).state_dict())
    g = game()
    before = digest(g)
    with pytest.raises(CourseError, match=r"generator is another network \(body\.0\.bias is \(48,\), here \(32,\)\)"):
        resume(g, tmp_path / "c")
    assert digest(g) == before


def test_a_state_that_is_no_games_is_refused(tmp_path):
    save(tmp_path / "c", STATE)
    g = game()
    before = digest(g)
    with pytest.raises(CourseError, match="no Game's"):
        resume(g, tmp_path / "c")
    assert digest(g) == before
