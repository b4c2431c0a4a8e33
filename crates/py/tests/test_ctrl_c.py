"""Ctrl-C comes out of every long call within a fifth of a second, at whatever moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from long_calls import CALLS

#: Where in a call it is stopped, as shares of the time that the whole takes.
MOMENTS = (0.05, 0.3, 0.6, 0.85)

#: Those that are stopped in every slow run of the tests; PASSERELLE_CTRL_C=1 stops all, which takes
#: some twenty minutes.
FEW = ["index_build", "from_arrow", "gap_matrix", "rank", "training_plan", "training_check"]

#: Seconds within which it must have stopped, with room for what else the machine does; 0.2 are
#: aimed at, and `python test_ctrl_c.py NAME…` prints what it took.
WITHIN = 1.0


def waits(name: str, scale: float, moments=MOMENTS) -> tuple[float, list[tuple[float, float]]]:
    """Measure a call: its seconds, and at which moments Ctrl-C took how long."""
    run = [sys.executable, str(Path(__file__).with_name("long_calls.py")), name, str(scale)]
    told = []
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:

        def ask(what: str) -> str:
            print(what, file=child.stdin, flush=True)
            return child.stdout.readline().strip()

        assert child.stdout.readline() == "ready\n"
        whole = float(ask("time"))
        for moment in moments:
            assert ask("stop") == "go"
            time.sleep(moment * whole)
            sent = time.monotonic()
            child.send_signal(signal.SIGINT)
            answer = child.stdout.readline().strip()
            if answer != "ended":
                told.append((moment, float(answer) - sent))
        child.stdin.close()
    assert child.returncode == 0
    return whole, told


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX has them")
@pytest.mark.skipif(not os.environ.get("PASSERELLE_SLOW"), reason="slow: PASSERELLE_SLOW=1")
@pytest.mark.parametrize("name", CALLS if os.environ.get("PASSERELLE_CTRL_C") else FEW)
def test_ctrl_c_comes_out_of_every_long_call(name):
    whole, told = waits(name, 1.0)
    print(f"{name}: {whole:.2f} s, {max(wait for _, wait in told):.3f} s at most")
    assert max(wait for _, wait in told) < WITHIN, told


if __name__ == "__main__":
    for name in sys.argv[1:] or CALLS:
        whole, told = waits(name, 1.0, [at / 10 for at in range(10)])
        worst = sorted(told, key=lambda one: -one[1])[:3]
        said = ", ".join(f"{wait:.3f} at {moment:.2f}" for moment, wait in worst)
        print(f"{name}: {whole:.2f} s; {said}", flush=True)
