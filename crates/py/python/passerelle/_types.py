"""What calls take, beyond the classes of the package."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Protocol, TypeAlias

import numpy as np


class Bar(Protocol):
    """A progress bar such as `tqdm.tqdm`."""

    total: Any
    unit: Any

    def update(self, n: int, /) -> Any:
        """Say that so many more are done."""


class CsrMatrix(Protocol):
    """A `scipy.sparse.csr_matrix` or `csr_array`."""

    @property
    def format(self) -> str:
        """``"csr"``."""

    @property
    def shape(self) -> Any:
        """Rows and columns."""

    @property
    def indptr(self) -> Any:
        """Where rows start and end."""

    @property
    def indices(self) -> Any:
        """The columns of the cells."""

    @property
    def data(self) -> Any:
        """The values of the cells."""


Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

#: A SciPy CSR matrix or array, or ``(indptr, indices, data)``.
Csr: TypeAlias = CsrMatrix | tuple[Array, Array, Array]

#: A file or folder.
Path: TypeAlias = str | PathLike[str]

#: Territories that are counted together: those of a kind, or groups by name.
Grouping: TypeAlias = str | Mapping[str, Sequence[str]]

#: A function of what is done and the whole, or a bar.
Progress: TypeAlias = Callable[[int, int], object] | Bar
