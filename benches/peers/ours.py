"""passerelle through its Python package: what a Python user gets, one process as every peer."""

import numpy as np

import passerelle as ps

from engine import THREADS, pairs, serve


def matrix(rows, values):
    """Levels or weights in the width that is read where it lies."""
    return (rows.offsets, rows.skills, values.astype(np.uint16))


def prepare(job, targets, people):
    how = {"threads": THREADS}
    if job == "gap-matrix":
        index = ps.Index(matrix(targets, targets.levels), targets.weights, **how)
        held = matrix(people, people.levels)
        out = np.empty((people.shape[0], targets.shape[0]), np.uint16)
        return lambda: index.gap(held, out=out, **how), lambda gaps: [
            gaps.sum(1, dtype=np.uint64), gaps.sum(0, dtype=np.uint64)
        ]
    if job == "gap-vectors":
        held, required = matrix(people, people.levels), matrix(targets, targets.levels)
        asked = pairs(people.shape[0], targets.shape[0])
        return lambda: ps.gap_vectors(held, required, asked, threads=1), lambda missing: [
            missing.indptr.astype(np.uint64),
            missing.indices.astype(np.uint32),
            missing.data,
        ]
    k = int(job.rsplit("-", 1)[1])
    held, required = matrix(people, people.levels), matrix(targets, targets.levels)
    if job.startswith("credit"):
        return lambda: ps.Index(required, targets.weights, **how).top_k(held, k, **how), list
    if job.startswith("cosine"):
        how |= {"kernel": "cosine", "weights": targets.weights}
        return lambda: ps.top_k(held, required, k, **how), list
    asking, ranked = people.unit(), targets.unit()
    return lambda: ps.top_k(asking, ranked, k, **how), list


serve(["passerelle", "numpy", "scipy"], prepare)
