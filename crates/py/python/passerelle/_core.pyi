from collections.abc import Iterator, Sequence
from typing import Any, SupportsIndex, final, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from passerelle._explanation import Explanation
from passerelle._report import ReadReport
from passerelle._types import Csr, Path, Progress

__all__ = [
    "_STATUSES",
    "Found",
    "Framework",
    "Index",
    "Occupation",
    "Occupations",
    "Profile",
    "Profiles",
    "__version__",
    "_evaluate",
    "_open_framework",
    "_open_profiles",
    "_panic",
    "_rank",
    "_tasks",
    "explain",
    "gap_matrix",
    "strategies",
    "top_k",
]

__version__: str
_STATUSES: list[str]

@final
class Framework:
    @staticmethod
    def read_rome(path: Path, *, version: str | None = None) -> Framework: ...
    @staticmethod
    def read_esco(
        path: Path, *, version: str | None = None, language: str | None = None
    ) -> Framework: ...
    @staticmethod
    def read_onet(path: Path, *, version: str | None = None) -> Framework: ...
    @staticmethod
    def read_csv(path: Path, *, encoding: str | None = None) -> Framework: ...
    @staticmethod
    def open(path: Path) -> Framework: ...
    def save(self, path: Path) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def licence(self) -> str: ...
    @property
    def attribution(self) -> str: ...
    @property
    def report(self) -> ReadReport | None: ...
    @property
    def occupations(self) -> Occupations: ...
    @property
    def skill_ids(self) -> list[str]: ...
    def skill_label(self, skill: str, *, language: str | None = None) -> str: ...
    def find(
        self,
        query: str,
        limit: int = 10,
        *,
        kinds: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        fuzzy: bool = True,
    ) -> list[Found]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __copy__(self) -> Framework: ...
    def __deepcopy__(self, _memo: Any) -> Framework: ...

@final
class Found:
    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def edits(self) -> int: ...
    @property
    def occupation(self) -> str | None: ...

@final
class Occupations:
    @property
    def ids(self) -> list[str]: ...
    def labels(self, language: str | None = None) -> list[str]: ...
    def to_csr(self) -> tuple[Any, Any]: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __iter__(self) -> Iterator[Occupation]: ...
    @overload
    def __getitem__(self, key: str | SupportsIndex, /) -> Occupation: ...
    @overload
    def __getitem__(self, key: slice | list[str] | list[int], /) -> Occupations: ...
    def _repr_html_(self) -> str: ...
    def __copy__(self) -> Occupations: ...
    def __deepcopy__(self, _memo: Any) -> Occupations: ...

@final
class Occupation:
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def requirements(self) -> list[dict[str, Any]]: ...

@final
class Profiles:
    @staticmethod
    def from_csv(path: Path, framework: Framework, *, encoding: str | None = None) -> Profiles: ...
    @staticmethod
    def from_frame(
        frame: Any, framework: Framework, *, progress: Progress | None = None
    ) -> Profiles: ...
    @staticmethod
    def sample(
        framework: Framework, people: int, *, seed: int = 1, progress: Progress | None = None
    ) -> Profiles: ...
    @staticmethod
    def open(path: Path, framework: Framework) -> Profiles: ...
    def save(self, path: Path) -> None: ...
    @property
    def ids(self) -> list[str]: ...
    @property
    def framework(self) -> Framework: ...
    @property
    def report(self) -> ReadReport | None: ...
    @property
    def _frame(self) -> str | None: ...
    def to_csr(self) -> Any: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __iter__(self) -> Iterator[Profile]: ...
    @overload
    def __getitem__(self, key: str | SupportsIndex, /) -> Profile: ...
    @overload
    def __getitem__(self, key: slice | list[str] | list[int], /) -> Profiles: ...
    def _repr_html_(self) -> str: ...
    def __copy__(self) -> Profiles: ...
    def __deepcopy__(self, _memo: Any) -> Profiles: ...

@final
class Profile:
    @property
    def id(self) -> str: ...
    @property
    def held(self) -> list[dict[str, Any]]: ...

@final
class Index:
    def __new__(
        cls, required: Csr, weights: Csr | NDArray[Any] | None = None, *, threads: int | None = None
    ) -> Index: ...
    def top_k(
        self,
        held: Csr,
        k: int = 10,
        *,
        threads: int | None = None,
        memory_limit: int | str | None = None,
        progress: Progress | None = None,
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]: ...
    def gap(
        self,
        held: Csr,
        dtype: DTypeLike | None = None,
        out: NDArray[Any] | None = None,
        *,
        threads: int | None = None,
        memory_limit: int | str | None = None,
        progress: Progress | None = None,
    ) -> NDArray[Any]: ...
    def credit(
        self,
        held: Csr,
        dtype: DTypeLike | None = None,
        out: NDArray[Any] | None = None,
        *,
        threads: int | None = None,
        memory_limit: int | str | None = None,
        progress: Progress | None = None,
    ) -> NDArray[Any]: ...
    def coverage(
        self,
        held: Csr,
        out: NDArray[np.float32] | None = None,
        *,
        threads: int | None = None,
        memory_limit: int | str | None = None,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]: ...
    def add(self, required: Csr, weights: Csr | NDArray[Any] | None = None) -> None: ...
    def remove(self, positions: Sequence[int]) -> None: ...
    @property
    def totals(self) -> NDArray[np.uint32]: ...
    @property
    def columns(self) -> int: ...
    def __len__(self) -> int: ...

def top_k(
    held: Csr,
    required: Csr,
    k: int = 10,
    *,
    kernel: str = "dot",
    weights: Csr | NDArray[Any] | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]: ...
def gap_matrix(
    people: Profiles,
    targets: Occupations,
    measure: str = "coverage",
    *,
    out: NDArray[np.float32] | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float32]: ...
def explain(
    person: Profile,
    target: Occupation,
    strategy: str = "coverage",
    *,
    language: str | None = None,
) -> Explanation: ...
def strategies() -> list[str]: ...
def _rank(
    people: Profiles,
    targets: Occupations,
    k: int,
    strategy: str,
    best: str,
    language: str | None,
    standing: bool,
    threads: int | None,
    memory_limit: int | str | None,
    progress: Progress | None,
) -> dict[str, Any]: ...
def _evaluate(
    task: str,
    framework: Framework,
    names: Sequence[str],
    against: str | None,
    half: str,
    links: Path | None,
    other: Framework | None,
    language: str | None,
    seed: int,
    threads: int | None,
    progress: Progress | None,
) -> dict[str, Any]: ...
def _tasks() -> list[tuple[str, str]]: ...
def _open_framework(snapshot: bytes) -> Framework: ...
def _open_profiles(snapshot: bytes, framework: Framework, frame: str | None) -> Profiles: ...
def _panic(long: bool) -> None: ...
