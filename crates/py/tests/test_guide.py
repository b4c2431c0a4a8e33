"""What the guide compares gives the same answer."""

import re
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import passerelle as ps

GUIDE = Path(__file__).parents[3] / "docs" / "python.md"


@pytest.mark.parametrize("seed", range(5))
def test_the_guide_and_scipy_agree(seed):
    text = GUIDE.read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"```python\n(.*?)```", text, re.S) if "def " in block]
    names = {"np": np, "ps": ps, "sp": sp}
    for block in blocks:
        exec(block, names)
    rng = np.random.default_rng(seed)
    draw = rng.integers(0, 4, (20, 30)) * (rng.random((20, 30)) < 0.3)
    required = sp.csr_matrix(draw[:12].astype(np.uint16))
    held = sp.csr_matrix(draw[12:].astype(np.uint16))
    weights = rng.integers(1, 4, required.nnz).astype(np.uint16)
    ours = names["with_passerelle"](held, required, weights, 5)
    theirs = names["with_scipy"](held, required, weights, 5)
    for one, other in zip(ours, theirs, strict=True):
        assert np.array_equal(one, other)
