"""What the guide compares gives the same answer."""

import re
from pathlib import Path

import numba as nb
import numpy as np
import pytest
import scipy.sparse as sp

import passerelle as ps

GUIDE = Path(__file__).parents[3] / "docs" / "python.md"


def compared() -> dict[str, str]:
    """Give the blocks of the guide that do the same, by their last function."""
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    return {re.findall(r"^def (\w+)", b, re.M)[-1]: b for b in blocks if "def with_" in b}


@pytest.fixture(scope="module")
def ways():
    names = {"nb": nb, "np": np, "ps": ps, "sp": sp}
    for block in compared().values():
        exec(block, names)
    return {name: names[name] for name in compared()}


@pytest.mark.parametrize("seed", range(5))
def test_the_ways_of_the_guide_agree(seed, ways):
    rng = np.random.default_rng(seed)
    draw = rng.integers(0, 4, (20, 30)) * (rng.random((20, 30)) < 0.3)
    required = sp.csr_matrix(draw[:12].astype(np.uint16))
    held = sp.csr_matrix(draw[12:].astype(np.uint16))
    weights = rng.integers(1, 4, required.nnz).astype(np.uint16)
    ours = ways["with_passerelle"](held, required, weights, 5)
    assert set(ways) == {"with_passerelle", "with_scipy", "with_numba"}
    for name, way in ways.items():
        for one, other in zip(ours, way(held, required, weights, 5), strict=True):
            assert np.array_equal(one, other), name


def test_ours_is_the_shortest():
    lines = {name: len(block.splitlines()) for name, block in compared().items()}
    assert lines.pop("with_passerelle") < min(lines.values())
