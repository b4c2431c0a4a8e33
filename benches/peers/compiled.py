"""Numba: what a data scientist would compile today."""

import numba as nb
import numpy as np

from engine import THREADS, pairs, serve


def turned(rows):
    """By skill: who has it, at which level and weight."""
    order = np.argsort(rows.skills, kind="stable")
    starts = np.zeros(rows.shape[1] + 1, np.int32)
    np.cumsum(np.bincount(rows.skills, minlength=rows.shape[1]), out=starts[1:])
    owners = np.repeat(np.arange(rows.shape[0], dtype=np.int32), np.diff(rows.offsets))
    return starts, owners[order], rows.levels[order], rows.weights[order]


@nb.njit(parallel=True)
def fill_gaps(offsets, skills, levels, starts, owners, required, weights, totals, out, threads):
    count = len(offsets) - 1
    for thread in nb.prange(threads):
        for row in range(count * thread // threads, count * (thread + 1) // threads):
            gaps = out[row]
            gaps[:] = totals
            for at in range(offsets[row], offsets[row + 1]):
                skill, held = skills[at], levels[at]
                for place in range(starts[skill], starts[skill + 1]):
                    credit = np.uint16(weights[place]) * np.uint16(min(required[place], held))
                    gaps[owners[place]] -= credit


@nb.njit
def gap_vectors(who, what, offsets, skills, levels, of, needed, required, ends, out_skills, out_missing):
    """One walk through both rows of each pair."""
    written = 0
    for pair in range(len(who)):
        at, end = offsets[who[pair]], offsets[who[pair] + 1]
        for place in range(of[what[pair]], of[what[pair] + 1]):
            skill = needed[place]
            while at < end and skills[at] < skill:
                at += 1
            held = levels[at] if at < end and skills[at] == skill else np.uint8(0)
            if held < required[place]:
                out_skills[written] = skill
                out_missing[written] = required[place] - held
                written += 1
        ends[pair + 1] = written
    return written


@nb.njit
def gap_vectors_by_table(who, what, offsets, skills, levels, of, needed, required, said, ends, out_skills, out_missing):
    """The person's levels spread out by skill once for each run of pairs of one person; no branch for what is held."""
    written = 0
    last = -1
    for pair in range(len(who)):
        person = who[pair]
        if person != last:
            if last >= 0:
                for at in range(offsets[last], offsets[last + 1]):
                    said[skills[at]] = 0
            for at in range(offsets[person], offsets[person + 1]):
                said[skills[at]] = levels[at]
            last = person
        for place in range(of[what[pair]], of[what[pair] + 1]):
            skill = needed[place]
            held = said[skill]
            out_skills[written] = skill
            out_missing[written] = required[place] - held
            written += held < required[place]
        ends[pair + 1] = written
    return written


def prepare(job, targets, people):
    if job == "gap-matrix":
        nb.set_num_threads(THREADS)
        index = turned(targets)
        parts = targets.levels.astype(np.int64) * targets.weights
        sums = np.concatenate([[0], np.cumsum(parts)])
        totals = (sums[targets.offsets[1:]] - sums[targets.offsets[:-1]]).astype(np.uint16)
        out = np.empty((people.shape[0], targets.shape[0]), np.uint16)

        def work():
            fill_gaps(people.offsets, people.skills, people.levels, *index, totals, out, THREADS)
            return out

        return work, lambda gaps: [
            gaps.sum(1, dtype=np.uint64), gaps.sum(0, dtype=np.uint64)
        ]
    who, what = pairs(people.shape[0], targets.shape[0])
    most = int(np.diff(targets.offsets)[what].sum())
    arrays = (who, what, people.offsets, people.skills, people.levels)
    needed = (targets.offsets, targets.skills, targets.levels)

    def merged():
        ends = np.zeros(len(who) + 1, np.uint64)
        out = np.empty(most, np.int32), np.empty(most, np.uint8)
        count = gap_vectors(*arrays, *needed, ends, *out)
        return ends, out[0][:count], out[1][:count]

    def tabled():
        ends = np.zeros(len(who) + 1, np.uint64)
        # One place more, for what is written and not counted last.
        out = np.empty(most + 1, np.int32), np.empty(most + 1, np.uint8)
        said = np.zeros(people.shape[1], np.uint8)
        count = gap_vectors_by_table(*arrays, *needed, said, ends, *out)
        return ends, out[0][:count], out[1][:count]

    work = tabled if job == "gap-vectors-by-table" else merged
    return work, lambda vectors: [
        vectors[0], vectors[1].astype(np.uint32), vectors[2].astype(np.uint16)
    ]


serve(["numba", "numpy"], prepare)
