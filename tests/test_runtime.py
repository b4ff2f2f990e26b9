"""Runtime: refuses what it does not know, and hands out randomness that can be asked for again."""

import os
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest
import torch

from course_lib.errors import CourseError, one_of
from course_lib.runtime import PROFILES, Runtime


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"profile": "fast"}, ["'fast'", *map(repr, PROFILES)]),
        ({"precision": "float16"}, ["'float16'", "'float32'", "'bf16'", "'fp16'", "'auto'"]),
        ({"device": "tpu"}, ["'tpu'", "'auto'", "'cpu'", "'cuda'", "'mps'"]),
        ({"device": "cuda:x"}, ["'cuda:x'", "'auto'"]),
        ({"device": "cuda:99"}, ["'cuda:99'", "'cpu'"]),
        ({"precision": "fp16", "device": "cpu"}, ["'fp16'", "'float32'"]),
        ({"seeds": 3}, ["'seeds'", "'seed'", "'device'", "'profile'", "'precision'"]),
        ({"seed": -1}, ["-1", "seed=0"]),
        ({"seed": 2**32}, [str(2**32)]),
        ({"seed": 1.5}, ["1.5"]),
        ({"seed": True}, ["True"]),
        ({"seed": "7"}, ["'7'"]),
    ],
)
def test_an_unknown_setting_is_refused_in_one_sentence_with_the_valid_ones(setting, named):
    with pytest.raises(CourseError) as refusal:
        Runtime.auto(**setting)
    message = str(refusal.value)
    assert all(name in message for name in named), message
    assert "\n" not in message and message.endswith(".")


def test_with_seed_refuses_what_auto_refuses():
    rt = Runtime.auto(seed=1)
    assert rt.with_seed(2) == Runtime.auto(seed=2)
    with pytest.raises(CourseError, match="whole number"):
        rt.with_seed("2")


def test_one_of_returns_the_value_or_names_all_choices():
    assert one_of("fruit", "fig", ("fig", "pear")) == "fig"
    with pytest.raises(ValueError, match=r"unknown fruit 'nut': use one of 'fig', 'pear'\."):
        one_of("fruit", "nut", iter(("fig", "pear")))


def test_the_settings_cannot_change_half_way():
    rt = Runtime.auto()
    with pytest.raises(FrozenInstanceError):
        rt.seed = 4


def test_cpu_means_float32_and_no_autocast_unless_asked():
    a = torch.ones(2, 2)
    rt = Runtime.auto(device="cpu")
    assert rt.precision == "float32"
    with rt.autocast():
        assert not torch.is_autocast_enabled("cpu")
        assert (a @ a).dtype == torch.float32
    with Runtime.auto(device="cpu", precision="bf16").autocast():
        assert (a @ a).dtype == torch.bfloat16


def test_pick_follows_the_profile_and_full_falls_back_to_course():
    values = {p: Runtime.auto(profile=p).pick(smoke=1, course=2, full=3) for p in PROFILES}
    assert values == {"smoke": 1, "course": 2, "full": 3}
    assert Runtime.auto(profile="full").pick(smoke=1, course=2) == 2


def test_describe_is_one_line_with_every_setting():
    line = Runtime.auto(device="cpu", seed=7, profile="smoke").describe()
    assert "\n" not in line
    assert all(word in line for word in ("cpu", "float32", "seed 7", "smoke", "thread"))


# ---- randomness ----


def draw(generator):
    return torch.randn(2000, generator=generator)


def test_a_stream_is_the_same_whenever_and_wherever_it_is_asked_for():
    first = draw(Runtime.auto(seed=3).stream("latent", 17))
    torch.randn(11)
    assert torch.equal(first, draw(Runtime.auto(seed=3, profile="smoke").stream("latent", 17)))
    # The derivation itself is fixed: other numbers here mean that every shipped result is another.
    assert Runtime.auto(seed=3).derived_seed("latent", 17) == 5683270176410373124


def test_streams_with_other_names_numbers_or_seeds_are_independent():
    rt = Runtime.auto(seed=3)
    streams = [
        rt.stream("latent", 1),
        rt.stream("latent", 2),
        rt.stream("latent"),
        rt.stream("shift", 1),
        rt.stream("latent", 1, 1),
        rt.stream("latent", "1"),
        rt.stream("latent1"),
        rt.with_seed(4).stream("latent", 1),
    ]
    draws = torch.stack([draw(s) for s in streams])
    correlation = torch.corrcoef(draws) - torch.eye(len(streams))
    assert correlation.abs().max() < 5 / 2000**0.5


def test_asking_for_a_stream_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    draw(Runtime.auto(seed=3).stream("x"))
    assert torch.equal(before, torch.get_rng_state())


def test_seeded_decides_the_block_and_gives_the_global_generator_back():
    rt = Runtime.auto(seed=3)
    before = torch.get_rng_state()
    with rt.seeded("weights"):
        first = torch.randn(5)
    assert torch.equal(before, torch.get_rng_state())
    torch.randn(3)
    with rt.seeded("weights"):
        assert torch.equal(first, torch.randn(5))
    with rt.seeded("other"):
        assert not torch.equal(first, torch.randn(5))


def test_seeded_gives_the_generator_back_after_an_exception_too():
    before = torch.get_rng_state()
    with pytest.raises(ZeroDivisionError), Runtime.auto().seeded("x"):
        torch.randn(5)
        _ = 1 / 0
    assert torch.equal(before, torch.get_rng_state())


# ---- processes ----


def in_a_fresh_process(code, **environment):
    env = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"} | environment
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_threads_are_what_omp_num_threads_says_else_at_most_half_the_cores():
    code = "from course_lib.runtime import Runtime; Runtime.auto(); import torch; print(torch.get_num_threads())"
    assert in_a_fresh_process(code, OMP_NUM_THREADS="1") == "1"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert in_a_fresh_process(code, OMP_NUM_THREADS=str(cores)) == str(cores)  # not halved
    assert in_a_fresh_process(code, OMP_NUM_THREADS="3,1") == "3"
    # Where two logical cores share a physical one MKL answers 1, and torch would follow it: planted here.
    assert in_a_fresh_process(code, OMP_NUM_THREADS="2", MKL_NUM_THREADS="1") == "2"
    assert 1 <= int(in_a_fresh_process(code)) <= max(1, min(4, cores // 2))


def test_importing_the_package_imports_no_torch_and_importing_runtime_sets_nothing():
    code = "import sys, course_lib, course_lib.errors, course_lib.files; print('torch' in sys.modules)"
    assert in_a_fresh_process(code) == "False"
    code = (
        "import torch; s, n = torch.get_rng_state(), torch.get_num_threads(); import course_lib.runtime, "
        "course_lib.training, course_lib.data; "
        "print(bool((s == torch.get_rng_state()).all()) and n == torch.get_num_threads())"
    )
    assert in_a_fresh_process(code) == "True"
