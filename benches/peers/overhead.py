"""What a call from Python takes beyond the same call from Rust, and what the import takes.

    python overhead.py OURS TARGETS PEOPLE

OURS is the engine `ours` of this workspace, TARGETS and PEOPLE are matrix files. Both sides look
their arrays over, turn the targets round, rank and return the result; they take turns.
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


def calls(ours, targets, people):
    held, required = Rows(people).unit(), Rows(targets).unit()
    engine = subprocess.Popen(
        [ours, f"product-{K}", targets, people],
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
        result = ps.top_k(held, required, K, threads=THREADS)
        took = (time.perf_counter() - start) * 1e3
        kept.append(result)
        return took

    turns = []
    for turn in range(CALLS + 5):
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
    imports()
