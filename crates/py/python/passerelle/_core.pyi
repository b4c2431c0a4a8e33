from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, SupportsIndex, final, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from passerelle._account import Account
from passerelle._explanation import Explanation
from passerelle._pathway import Pathway
from passerelle._report import ReadReport
from passerelle._types import Array, Csr, Grouping, Path, Progress

__all__ = [
    "_STATUSES",
    "Found",
    "Framework",
    "Hub",
    "Index",
    "Learners",
    "Occupation",
    "Occupations",
    "Offer",
    "Picture",
    "Plan",
    "Pools",
    "Profile",
    "Profiles",
    "Region",
    "Register",
    "Scenario",
    "Territories",
    "__version__",
    "_evaluate",
    "_index",
    "_metric_names",
    "_metrics",
    "_open_framework",
    "_open_profiles",
    "_panic",
    "_rank",
    "_tasks",
    "balance",
    "bridges",
    "candidates",
    "common_core",
    "exclusions",
    "explain",
    "gap_matrix",
    "gap_vectors",
    "held_map",
    "learners",
    "near_sectors",
    "pathway",
    "pathways",
    "plan",
    "required_map",
    "strategies",
    "tension",
    "top_k",
    "transversality",
    "uncovered",
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
class Hub:
    @staticmethod
    def read(path: Path) -> Hub: ...
    @property
    def framework(self) -> Framework: ...
    @property
    def people(self) -> Profiles: ...
    @property
    def pools(self) -> dict[str, list[str]]: ...
    @property
    def reports(self) -> list[ReadReport]: ...

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
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Occupation:
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def requirements(self) -> list[dict[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Profiles:
    @staticmethod
    def from_csv(path: Path, framework: Framework, *, encoding: str | None = None) -> Profiles: ...
    @staticmethod
    def from_frame(
        frame: Any,
        framework: Framework,
        *,
        threads: int | None = None,
        memory_limit: int | str | None = None,
        progress: Progress | None = None,
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
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Profile:
    @property
    def id(self) -> str: ...
    @property
    def held(self) -> list[dict[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

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
    def rows(self) -> tuple[tuple[Array, Array, Array], NDArray[np.uint16]]: ...
    def __copy__(self) -> Index: ...
    def __deepcopy__(self, _memo: Any) -> Index: ...
    def add(self, required: Csr, weights: Csr | NDArray[Any] | None = None) -> None: ...
    def remove(self, positions: Sequence[int]) -> None: ...
    @property
    def totals(self) -> NDArray[np.uint32]: ...
    @property
    def columns(self) -> int: ...
    def __len__(self) -> int: ...

@final
class Territories:
    def __new__(cls, places: Sequence[tuple[str, str, str, Sequence[str]]]) -> Territories: ...
    @staticmethod
    def read(path: Path) -> Territories: ...
    @property
    def ids(self) -> list[str]: ...
    @property
    def report(self) -> ReadReport | None: ...
    def table(self, *, frame: str | None = None) -> Any: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...

@final
class Register:
    def __new__(cls, framework: Framework, territories: Territories) -> Register: ...
    @property
    def framework(self) -> Framework: ...
    @property
    def territories(self) -> Territories: ...
    def read_jobs(self, path: Path) -> ReadReport: ...
    def read_sensors(self, path: Path) -> ReadReport: ...
    def read_needs(self, path: Path) -> ReadReport: ...
    def declare(
        self, sensor: str, *, kind: str = "", territory: str | None = None, reliability: int = 50
    ) -> None: ...
    def record(self, need: Mapping[str, Any]) -> str: ...
    def merge(self, other: Register) -> None: ...
    def needs(self, *, frame: str | None = None) -> Any: ...
    def superseded(self, *, frame: str | None = None) -> Any: ...
    def conflicts(self) -> list[dict[str, Any]]: ...
    def sensors(self) -> list[dict[str, Any]]: ...
    def __len__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Picture:
    def __new__(cls, register: Register, *, as_of: str | None = None) -> Picture: ...
    def update(self) -> None: ...
    def consolidated(
        self,
        *,
        by: Sequence[str] | None = None,
        territories: Grouping | None = None,
        language: str | None = None,
        frame: str | None = None,
    ) -> Any: ...
    def vacancies(self, *, frame: str | None = None) -> Any: ...
    def over_time(
        self,
        until: str,
        *,
        sector: str | None = None,
        language: str | None = None,
        frame: str | None = None,
    ) -> Any: ...
    def breadth(self, *, language: str | None = None, frame: str | None = None) -> Any: ...

def balance(
    picture: Picture,
    people: Profiles,
    *,
    places: Mapping[str, str] | None = None,
    territories: Grouping | None = None,
    scenario: Scenario | None = None,
    exact: bool = False,
    language: str | None = None,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def tension(
    picture: Picture,
    people: Profiles,
    *,
    places: Mapping[str, str] | None = None,
    territories: Grouping | None = None,
    exact: bool = False,
    language: str | None = None,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def bridges(
    start: Profile | Occupation,
    targets: Occupations,
    *,
    near: float = 0.6,
    language: str | None = None,
    frame: str | None = None,
) -> Any: ...
def exclusions(
    people: Profiles,
    occupation: Occupation,
    *,
    exact: bool = False,
    language: str | None = None,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...

@final
class Scenario:
    def __new__(
        cls, framework: Framework, name: str, factors: Sequence[Mapping[str, Any]]
    ) -> Scenario: ...
    @property
    def name(self) -> str: ...
    @property
    def factors(self) -> list[dict[str, Any]]: ...

@final
class Pools:
    def __new__(cls, framework: Framework) -> Pools: ...
    def add(
        self, name: str, people: Profiles, *, same_as: Mapping[str, str] | None = None
    ) -> None: ...
    def unite(self) -> tuple[Profiles, dict[str, list[str]]]: ...

@final
class Region:
    @staticmethod
    def read(path: Path, people: Profiles) -> Region: ...
    @property
    def people(self) -> Profiles: ...
    @property
    def territories(self) -> Territories: ...
    @property
    def register(self) -> Register: ...
    @property
    def places(self) -> dict[str, str]: ...
    @property
    def scenarios(self) -> dict[str, Scenario]: ...
    @property
    def reports(self) -> list[ReadReport]: ...

@final
class Offer:
    @staticmethod
    def read(
        path: Path,
        framework: Framework,
        *,
        rncp: Path | None = None,
        lheo: Path | None = None,
        communes: Mapping[str, str] | None = None,
        axis: str = "",
        funders: Sequence[str] | None = None,
        codes: Mapping[str, str] | None = None,
        seats: int | None = None,
        level: int | None = None,
    ) -> Offer: ...
    @property
    def report(self) -> ReadReport: ...
    def modules(self, *, frame: str | None = None) -> Any: ...
    def taught(self, *, language: str | None = None, frame: str | None = None) -> Any: ...
    def sessions(self, *, frame: str | None = None) -> Any: ...
    def certifications(self, *, frame: str | None = None) -> Any: ...
    def budgets(self, *, frame: str | None = None) -> Any: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class Learners:
    def table(self, *, language: str | None = None, frame: str | None = None) -> Any: ...
    def summary(self, *, exact: bool = False) -> dict[str, int | None]: ...
    def __len__(self) -> int: ...

@final
class Plan:
    @staticmethod
    def read(path: Path, learners: Learners) -> Plan: ...
    def save(self, path: Path) -> None: ...
    def check(self) -> list[str]: ...
    @property
    def certificate(self) -> dict[str, Any]: ...
    def seats(self, *, frame: str | None = None) -> Any: ...
    def purchases(self, *, frame: str | None = None) -> Any: ...
    def open_skills(
        self, *, exact: bool = False, language: str | None = None, frame: str | None = None
    ) -> Any: ...
    def adequacy(
        self, *, exact: bool = False, language: str | None = None, frame: str | None = None
    ) -> Any: ...
    def indicators(self, *, exact: bool = False, frame: str | None = None) -> Any: ...
    def __len__(self) -> int: ...

def required_map(
    picture: Picture,
    *,
    by: str = "territory",
    territories: Grouping | None = None,
    scenario: Scenario | None = None,
    language: str | None = None,
    frame: str | None = None,
) -> Any: ...
def held_map(
    people: Profiles,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    exact: bool = False,
    language: str | None = None,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def candidates(
    region: Region,
    picture: Picture,
    k: int = 10,
    *,
    exact: bool = False,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def learners(
    region: Region,
    picture: Picture,
    offer: Offer,
    *,
    start: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Learners: ...
def plan(
    learners: Learners,
    *,
    coverage: float | None = None,
    rounds: int = 45,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Plan: ...
def pathway(
    person: Profile,
    occupation: Occupation,
    offer: Offer,
    *,
    cost: str | int = "minutes",
    coverage: float | None = None,
    start: str | None = None,
    end: str | None = None,
    territories: Sequence[str] | None = None,
    node_limit: int = 2000,
    language: str | None = None,
) -> Pathway: ...
def pathways(
    people: Profiles,
    occupations: Occupations,
    offer: Offer,
    pairs: Iterable[tuple[str, str]],
    *,
    cost: str | int = "minutes",
    coverage: float | None = None,
    start: str | None = None,
    end: str | None = None,
    territories: Sequence[str] | None = None,
    node_limit: int = 2000,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def near_sectors(
    picture: Picture, *, scenario: Scenario | None = None, frame: str | None = None
) -> Any: ...
def common_core(
    occupations: Occupations,
    percent: int = 100,
    *,
    language: str | None = None,
    frame: str | None = None,
) -> Any: ...
def transversality(
    occupations: Occupations, *, language: str | None = None, frame: str | None = None
) -> Any: ...
def uncovered(
    offer: Offer,
    *,
    needs: Mapping[str, int] | None = None,
    together: float = 0.2,
    language: str | None = None,
    frame: str | None = None,
) -> Any: ...
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
    transfer: str | Sequence[str] | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float32]: ...
def gap_vectors(
    people: Profiles | Csr,
    targets: Occupations | Csr,
    pairs: tuple[ArrayLike, ArrayLike],
    *,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any: ...
def explain(
    person: Profile,
    target: Occupation,
    strategy: str = "coverage",
    *,
    transfer: str | Sequence[str] | None = None,
    language: str | None = None,
) -> Explanation | Account: ...
def strategies() -> list[str]: ...
def _rank(
    people: Profiles,
    targets: Occupations,
    k: int,
    strategy: str,
    best: str,
    transfer: str | Sequence[str] | None,
    language: str | None,
    standing: bool,
    threads: int | None,
    memory_limit: int | str | None,
    progress: Progress | None,
) -> dict[str, Any]: ...
def _index(required: Csr, weights: NDArray[Any], columns: int) -> Index: ...
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
def _metric_names() -> list[str]: ...
def _metrics(
    ranked: Sequence[int], relevant: Sequence[tuple[int, float]], names: Sequence[str]
) -> list[float]: ...
def _tasks() -> list[tuple[str, str]]: ...
def _open_framework(snapshot: bytes) -> Framework: ...
def _open_profiles(snapshot: bytes, framework: Framework, frame: str | None) -> Profiles: ...
def _panic(long: bool) -> None: ...
