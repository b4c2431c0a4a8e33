"""sp_matmul_rs or sparse_dot_topn, which have one interface. The first argument says which."""

import importlib
import sys

from engine import THREADS, factors, padded, serve

name = sys.argv.pop(1)
module = importlib.import_module(name)


def prepare(job, targets, people):
    k = int(job.rsplit("-", 1)[1])
    asking, ranked = factors(job, targets, people)
    options = {}
    if name == "sp_matmul_rs" and ranked.shape[0] > 20_000:
        # Faster here than what it takes by default, by about a twentieth.
        options["chunk_cols"] = 4096

    def work():
        return module.sp_matmul_topn(asking, ranked.T, k, sort=True, n_threads=THREADS, **options)

    return work, lambda result: padded(result, k)


serve([name, "numpy", "scipy"], prepare)
