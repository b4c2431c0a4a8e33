"""How calls run: threads, progress, Ctrl-C, forks, defects."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from tqdm import tqdm

import passerelle as ps
from passerelle import _core


@pytest.fixture(scope="module")
def crowd(demo):
    return ps.Profiles.sample(demo, 20_000)


def test_the_same_bits_come_out_for_any_number_of_threads(crowd, demo):
    one = ps.gap_matrix(crowd, demo.occupations, threads=1)
    for threads in (2, 3):
        assert np.array_equal(one, ps.gap_matrix(crowd, demo.occupations, threads=threads))


def test_progress_is_told_up_to_the_whole(crowd, demo):
    told: list[tuple[int, int]] = []
    ps.gap_matrix(crowd, demo.occupations, progress=lambda *now: told.append(now))
    assert told[-1] == (20_000, 20_000)
    assert told == sorted(told)


def test_progress_fits_a_bar(crowd, demo):
    with open(os.devnull, "w") as nowhere, tqdm(file=nowhere) as bar:
        ps.rank(crowd, demo.occupations, progress=bar)
        assert (bar.n, bar.total, bar.unit) == (20_000, 20_000, "people")


def test_what_the_callback_raises_comes_out(crowd, demo):
    def refuse(done, whole):
        raise ZeroDivisionError(f"{done} of {whole}")

    with pytest.raises(ZeroDivisionError):
        ps.rank(crowd, demo.occupations, progress=refuse)


def test_the_callback_may_call_again(crowd, demo):
    shapes = []

    def again(*_now):
        shapes.append(ps.gap_matrix(crowd[:2], demo.occupations).shape)

    ps.rank(crowd, demo.occupations, progress=again)
    assert set(shapes) == {(2, 2)}


def test_another_thread_runs_meanwhile(crowd, demo):
    ticks = 0
    done = threading.Event()

    def tick():
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.0005)

    thread = threading.Thread(target=tick)
    thread.start()
    deadline = time.monotonic() + 0.2
    before = ticks
    while time.monotonic() < deadline:
        ps.gap_matrix(crowd, demo.occupations)
    done.set()
    thread.join()
    assert ticks - before > 20


@pytest.mark.parametrize("long", [False, True])
def test_a_panic_is_an_exception_like_another(long):
    with pytest.raises(ps.errors.InternalError, match="on purpose"):
        _core._panic(long)


LONG = """
import sys
import passerelle as ps

region = ps.Framework.open(sys.argv[1])
jobs = region.occupations
people = ps.Profiles.sample(region, 200_000)
for _ in range(3):
    print("ready", flush=True)
    try:
        while True:
            {call}
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""

CALLS = {
    "gap_matrix": "ps.gap_matrix(people, jobs)",
    "rank": "ps.rank(people, jobs, strategy='cosine', frame='pyarrow')",
    "sample": "ps.Profiles.sample(region, 1_000_000)",
    "scorer": "ps.rank(people, jobs, strategy='greedy(combined)')",
    "select": "people[:]",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_stops_a_long_call_within_a_fifth_of_a_second(name, region, tmp_path):
    region.save(tmp_path / "region.passerelle")
    run = [sys.executable, "-c", LONG.format(call=CALLS[name]), tmp_path / "region.passerelle"]
    waits = []
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as child:
        for _ in range(3):
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.3)
            sent = time.monotonic()
            child.send_signal(signal.SIGINT)
            assert child.stdout.readline() == "stopped\n"
            waits.append(time.monotonic() - sent)
    assert child.returncode == 0
    # The quickest of three: what else the machine does is not ours to answer for.
    assert min(waits) < 0.2, waits


SHARED = None


def share(*things):
    global SHARED
    SHARED = things


def matrix(threads):
    people, jobs = SHARED
    return ps.gap_matrix(people, jobs, threads=threads).tolist()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_worker_works_after_its_parent_did(method, warm, people, demo):
    if warm:
        ps.gap_matrix(people, demo.occupations, threads=2)
    context = multiprocessing.get_context(method)
    # A forked worker inherits what it is given, others are sent it.
    given = (people, demo.occupations)
    with ProcessPoolExecutor(2, context, initializer=share, initargs=given) as pool:
        for result in pool.map(matrix, [1, 2, None], timeout=60):
            assert result == [[0.5, 0.0], [0.5, 1.0]]
