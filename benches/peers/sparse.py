"""SciPy: gap vectors as the difference of sparse rows."""

import numpy as np

from engine import pairs, serve


def prepare(job, targets, people):
    required = targets.matrix(targets.levels.astype(np.int16))
    held = people.matrix(people.levels.astype(np.int16))
    who, what = pairs(people.shape[0], targets.shape[0])

    def work():
        needed = required[what]
        missing = needed - needed.minimum(held[who])
        missing.eliminate_zeros()
        return missing

    def arrays(missing):
        missing.sort_indices()
        return [
            missing.indptr.astype(np.uint64),
            missing.indices.astype(np.uint32),
            missing.data.astype(np.uint16),
        ]

    return work, arrays


serve(["scipy", "numpy"], prepare)
