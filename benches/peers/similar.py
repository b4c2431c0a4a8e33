"""similaripy."""

import similaripy

from engine import THREADS, factors, padded, serve


def prepare(job, targets, people):
    k = int(job.rsplit("-", 1)[1])
    asking, ranked = factors(job, targets, people)

    def work():
        return similaripy.dot_product(
            asking, ranked.T.tocsr(), k=k, num_threads=THREADS, verbose=False, format_output="csr"
        )

    return work, lambda result: padded(result, k)


serve(["similaripy", "numpy", "scipy"], prepare)
