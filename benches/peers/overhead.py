"""What a call from Python takes beyond the same call from Rust, at least, and what the import takes.

    python overhead.py OURS TARGETS PEOPLE [JOB [CALLS]]

OURS is the engine `ours` of this workspace, TARGETS and PEOPLE are matrix files. Both sides turn the
targets round, rank and return the result; they take turns, and both look their arrays over. JOB is
`product` of floats (the default), or `bare-cosine` or `bare-credit` of whole numbers; with `cosine`
and `credit` Rust has its matrices made before, and Python alone looks its arrays over.
"""

import statistics
import subprocess
import sys
import time

import numpy as np
from engine import THREADS, Rows

import passerelle as ps

CALLS = 201
IMPORTS = 21
K = 10


def spread(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f} ms ({low:.3f} to {high:.3f})"


def work(job, targets, people):
    """What the job is in Python."""
    targets, people = Rows(targets), Rows(people)
    how = {"threads": THREADS}
    if job == "product":
        held, required = people.unit(), targets.unit()
        return lambda: ps.top_k(held, required, K, **how)
    kernel = {"cosine": "cosine", "credit": "min"}[job.removeprefix("bare-")]
    held, required = (of.matrix(of.levels.astype(np.uint16)) for of in (people, targets))
    how |= {"kernel": kernel, "weights": targets.weights.astype(np.uint16)}
    return lambda: ps.top_k(held, required, K, **how)


def calls(ours, targets, people, job="product", count=CALLS):
    python_work = work(job, targets, people)
    engine = subprocess.Popen(
        [ours, f"{job}-{K}", targets, people],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    engine.stdout.readline()

    def there():
        engine.stdin.write("run\n")
        engine.stdin.flush()
        return float(engine.stdout.readline())

    kept = []

    def here():
        # What a caller would keep is not kept, so that no call pays for the one before.
        kept.clear()
        start = time.perf_counter()
        result = python_work()
        took = (time.perf_counter() - start) * 1e3
        kept.append(result)
        return took

    turns = []
    for turn in range(int(count) + 5):
        # Who is first takes turns too; the first few warm up.
        pair = (here(), there()) if turn % 2 else (there(), here())[::-1]
        if turn >= 5:
            turns.append(pair)
    engine.stdin.close()
    engine.wait()
    python, rust = zip(*turns, strict=True)
    print("top_k from Python:", spread(python))
    print("the same from Rust:", spread(rust))
    print("paired difference:", spread(np.subtract(python, rust).tolist()))


def least():
    """What any call takes: that on one row and one column."""
    one = (np.array([0, 1], np.int64), np.array([0], np.int32), np.ones(1, np.float32))
    times = []
    for _ in range(10 * CALLS):
        start = time.perf_counter()
        ps.top_k(one, one, 1, threads=THREADS)
        times.append((time.perf_counter() - start) * 1e3)
    print("top_k of one row:", spread(times))


def imports():
    def once(module):
        timed = f"import time; s = time.perf_counter(); {module}; print(time.perf_counter() - s)"
        run = subprocess.run([sys.executable, "-c", timed], capture_output=True, check=True)
        return float(run.stdout) * 1e3

    own = "import numpy; s = time.perf_counter(); import passerelle"
    print("import of NumPy:", spread([once("import numpy") for _ in range(IMPORTS)]))
    print("import of passerelle beyond it:", spread([once(own) for _ in range(IMPORTS)]))


if __name__ == "__main__":
    calls(*sys.argv[1:])
    least()
    imports()
