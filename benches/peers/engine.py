"""What every engine shares: reading a workload, and answering the driver."""

import sys
import time
from importlib.metadata import version

import numpy as np
import scipy.sparse as sp

THREADS = 2


class Rows:
    """A matrix file: little-endian, u64 rows, skills and cells, u64 offsets, u32 skills, u8 levels, u8 weights."""

    def __init__(self, path):
        with open(path, "rb") as file:
            rows, skills, cells = (int(n) for n in np.fromfile(file, np.uint64, 3))
            self.shape = (rows, skills)
            self.offsets = np.fromfile(file, np.uint64, rows + 1).astype(np.int32)
            self.skills = np.fromfile(file, np.uint32, cells).astype(np.int32)
            self.levels = np.fromfile(file, np.uint8, cells)
            self.weights = np.fromfile(file, np.uint8, cells)

    def matrix(self, values):
        return sp.csr_matrix((values, self.skills, self.offsets), self.shape)

    def unit(self):
        """Weighted levels, each row of length 1."""
        values = self.levels.astype(np.float64) * self.weights
        squares = np.add.reduceat(np.append(values * values, 0.0), self.offsets[:-1])
        squares[np.diff(self.offsets) == 0] = 1.0
        values /= np.repeat(np.sqrt(squares), np.diff(self.offsets))
        return self.matrix(values.astype(np.float32))

    def unary(self, steps, weighted):
        """A column for each step of a skill, so that a product counts the steps that both have."""
        counts = self.levels.astype(np.int64)
        firsts = np.cumsum(counts) - counts
        step = np.arange(counts.sum()) - np.repeat(firsts, counts)
        columns = np.repeat(self.skills.astype(np.int64) * steps, counts) + step
        weights = self.weights if weighted else np.ones_like(self.weights)
        values = np.repeat(weights, counts).astype(np.float32)
        before = np.concatenate([[0], np.cumsum(counts)])
        offsets = before[self.offsets].astype(np.int32)
        shape = (self.shape[0], self.shape[1] * steps)
        return sp.csr_matrix((values, columns.astype(np.int32), offsets), shape)


def factors(job, targets, people):
    """The two sides of the product whose greatest cells answer a ranking job."""
    if job.startswith("cosine"):
        return people.unit(), targets.unit()
    steps = int(max(targets.levels.max(), people.levels.max()))
    return people.unary(steps, False), targets.unary(steps, True)


def padded(result, k):
    """Rows of a sparse result, best first, as positions and scores of k places."""
    result = result.tocsr()
    counts = np.diff(result.indptr)
    rows = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((result.indices, -result.data, rows))
    places = np.arange(len(rows)) - np.repeat(result.indptr[:-1], counts)
    positions = np.full((len(counts), k), -1, np.int32)
    scores = np.zeros((len(counts), k), np.float32)
    positions[rows, places] = result.indices[order]
    scores[rows, places] = result.data[order]
    return [positions, scores]


def pairs(people, targets, count=100_000):
    """Ten targets for each person in turn, spread over all."""
    at = np.arange(count, dtype=np.int64)
    return (at // 10 % people).astype(np.int32), (at * 7 % targets).astype(np.int32)


def serve(packages, prepare):
    """`prepare(job, targets, people)` gives a function to time, and one that makes its answer arrays to save."""
    job, targets, people = sys.argv[1], Rows(sys.argv[2]), Rows(sys.argv[3])
    work, arrays = prepare(job, targets, people)
    answer = work()
    print("ready", *(f"{name}={version(name)}" for name in packages), flush=True)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "run":
            # What a caller would keep is not kept, so that no run pays for the one before.
            del answer
            start = time.perf_counter_ns()
            answer = work()
            print((time.perf_counter_ns() - start) / 1e6, flush=True)
        elif word == "save":
            with open(rest, "wb") as file:
                for array in arrays(answer):
                    np.ascontiguousarray(array).tofile(file)
            print("saved", flush=True)
