"""Sweeps: nothing is lost and nothing doubled, whoever is killed; a failing task stops nobody."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import tasks
from distributed import LocalCluster

from course_lib.cluster import Results, cluster, engine, sweep
from course_lib.errors import CourseError

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def two():
    """A client of a cluster with two processes."""
    with cluster(workers=2) as client:
        yield client


def starts(folder):
    path = Path(folder) / "starts.txt"
    return sorted(path.read_text().split()) if path.is_file() else []


def settings(folder, **more):
    return [{"folder": str(folder), **more}]


def test_every_seed_and_settings_once_in_their_order(two, tmp_path):
    found = sweep(
        tasks.square, [5, 2], [{"folder": str(tmp_path), "wait": w} for w in (0.0, 0.01)], folder=tmp_path, client=two
    )
    assert [(row.seed, row.settings["wait"], row.value) for row in found.rows] == [
        (5, 0.0, 25),
        (2, 0.0, 4),
        (5, 0.01, 25),
        (2, 0.01, 4),
    ]
    assert found.computed == 4 and found.failures == [] and found.values(wait=0.01) == {5: 25, 2: 4}
    assert starts(tmp_path) == ["2", "2", "5", "5"]


def test_what_has_a_result_is_not_computed_again(two, tmp_path):
    sweep(tasks.square, [1, 2], settings(tmp_path), folder=tmp_path, client=two)
    again = sweep(tasks.square, [1, 2, 3], settings(tmp_path), folder=tmp_path, client=two)
    assert again.computed == 1 and again.values() == {1: 1, 2: 4, 3: 9} and starts(tmp_path) == ["1", "2", "3"]


def test_a_damaged_result_is_set_aside_and_computed_again(two, tmp_path):
    sweep(tasks.square, [1], settings(tmp_path), folder=tmp_path, client=two)
    path = Results(tmp_path, tasks.square).path(1, settings(tmp_path)[0])
    path.write_text(path.read_text()[:20])
    assert sweep(tasks.square, [1], settings(tmp_path), folder=tmp_path, client=two).values() == {1: 1}
    assert len(list(tmp_path.glob("*.corrupt-1"))) == 1


def test_a_failing_task_ends_with_its_sentence_and_the_others_go_on(two, tmp_path):
    found = sweep(tasks.fails_at_three, [1, 2, 3, 4], settings(tmp_path), folder=tmp_path, client=two)
    assert found.values() == {1: 1, 2: 2, 4: 4}
    assert found.failures == [f"seed 3, folder {tmp_path}: ValueError: lr 3 is too large"]


def test_a_task_that_kills_its_worker_is_given_up_and_the_others_end(tmp_path):
    with cluster(workers=2) as client:
        found = sweep(tasks.kills_its_worker, [1, 2, 3, 4, 5], settings(tmp_path), folder=tmp_path, client=client)
    assert found.values() == {1: 1, 2: 2, 4: 4, 5: 5}
    assert [line.rpartition(": ")[2] for line in found.failures] == ["its worker died twice (out of memory?)"]
    assert starts(tmp_path).count("3") == 2


def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path):
    with cluster(workers=2) as client:
        found = {}

        def run():
            found["sweep"] = sweep(tasks.square, range(8), settings(tmp_path, wait=0.4), folder=tmp_path, client=client)

        thread = threading.Thread(target=run)
        thread.start()
        while len(list(tmp_path.glob("square-*.json"))) < 3:
            time.sleep(0.02)
        pid = next(iter(client.run(os.getpid).values()))
        os.kill(pid, signal.SIGKILL)
        thread.join(timeout=60)
    assert found["sweep"].values() == {seed: seed**2 for seed in range(8)} and not found["sweep"].failures
    # One more start at most for each task that was on the way when its worker died; finished ones are skipped.
    assert 8 <= len(starts(tmp_path)) <= 10
    assert len(list(tmp_path.glob("square-*.json"))) == 8


CLIENT = """
import sys, tasks
from course_lib.cluster import sweep
sweep(tasks.square, range(6), [{{"folder": {folder!r}, "wait": 0.5}}], folder={folder!r}, address={address!r})
"""


def test_a_killed_client_loses_nothing_and_doubles_nothing(tmp_path):
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", env={"PYTHONPATH": str(HERE)}) as here:
        text = CLIENT.format(folder=str(tmp_path), address=here.scheduler_address)
        first = subprocess.Popen([sys.executable, "-c", text], env=ENVIRONMENT)
        while len(list(tmp_path.glob("square-*.json"))) < 2:
            time.sleep(0.02)
        first.kill()
        first.wait()
        found = sweep(
            tasks.square, range(6), settings(tmp_path, wait=0.5), folder=tmp_path, address=here.scheduler_address
        )
    assert found.values() == {seed: seed**2 for seed in range(6)}
    assert found.computed < 6 and len(list(tmp_path.glob("square-*.json"))) == 6
    assert len(starts(tmp_path)) <= 8  # two may have been on the way


def scheduler(folder, port=0):
    """A scheduler and two workers as programs of their own, and the address."""
    log = open(folder / f"scheduler-{time.time_ns()}.txt", "w+")  # noqa: SIM115
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
    program = subprocess.Popen([*command, "--dashboard-address", "127.0.0.1:0"], stderr=log, env=ENVIRONMENT)
    address = None
    while address is None:
        time.sleep(0.1)
        address = re.search(r"Scheduler at:\s+(tcp://\S+)", Path(log.name).read_text())
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address[1], "--nthreads", "1", "--no-dashboard"]
    workers = subprocess.Popen([*worker, "--nworkers", "2"], stderr=log, env=ENVIRONMENT)
    return program, workers, address[1]


def test_a_killed_scheduler_loses_nothing_and_doubles_nothing(tmp_path):
    program, workers, address = scheduler(tmp_path)
    try:
        found = {}

        def run():
            try:
                sweep(tasks.square, range(6), settings(tmp_path, wait=0.5), folder=tmp_path, address=address)
            except CourseError as error:
                found["error"] = str(error)

        thread = threading.Thread(target=run)
        thread.start()
        while len(list(tmp_path.glob("square-*.json"))) < 2:
            time.sleep(0.02)
        program.kill()
        thread.join(timeout=60)
        assert "the scheduler is lost" in found["error"] and "start it, then the same sweep again" in found["error"]
    finally:
        program.kill()
        workers.terminate()
        workers.wait(timeout=30)
    program, workers, address = scheduler(tmp_path)
    try:
        again = sweep(tasks.square, range(6), settings(tmp_path, wait=0.5), folder=tmp_path, address=address)
    finally:
        workers.terminate()
        workers.wait(timeout=30)
        program.kill()
    assert again.values() == {seed: seed**2 for seed in range(6)} and again.computed < 6
    assert len(starts(tmp_path)) <= 8


def test_other_code_settings_or_seeds_have_other_files(tmp_path):
    squares, whose = Results(tmp_path, tasks.square), Results(tmp_path, tasks.whose)
    paths = {squares.path(1, {"a": 1}), squares.path(2, {"a": 1}), squares.path(1, {"a": 2}), whose.path(1, {"a": 1})}
    assert len(paths) == 4 and squares.path(1, {"a": 1, "b": 2}) == squares.path(1, {"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("seeds", "one", "words"),
    [
        ([1, 1], [{}], "1 different tasks of 2"),
        ([], [{}], "0 different tasks of 0"),
        ([1], [{"x": float("nan")}], "use numbers, texts, lists"),
        ([1], [{"x": object()}], "use numbers, texts, lists"),
    ],
)
def test_bad_tasks_are_refused_before_anything_runs(tmp_path, seeds, one, words):
    with pytest.raises(CourseError, match=words):
        sweep(tasks.whose, seeds, one, folder=tmp_path)


def test_a_function_without_a_source_is_refused(tmp_path):
    with pytest.raises(CourseError, match="define it with `def`"):
        sweep(max, [1], folder=tmp_path)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(engine, "TIMEOUT", "2s")
    with (
        pytest.raises(CourseError, match=r"no scheduler answers at 'tcp://127\.0\.0\.1:9'"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.parametrize(("address", "workers"), [("local", 0), ("local", True), ("tcp://127.0.0.1:9", 2)])
def test_workers_are_for_the_local_cluster(address, workers):
    with pytest.raises(CourseError, match="workers"), cluster(address, workers):
        pass


def test_results_say_where_and_how_long(two, tmp_path):
    sweep(tasks.square, [4], settings(tmp_path), folder=tmp_path, client=two)
    kept = json.loads(next(tmp_path.glob("square-4-*.json")).read_text())
    assert kept["value"] == 16 and kept["seconds"] >= 0 and "thread" in kept["machine"]


def test_the_dashboard_has_an_address(two):
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/status", two.dashboard_link)
