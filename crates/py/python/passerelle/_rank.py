"""The best targets for people, and the best people for targets, as a frame."""

from collections.abc import Sequence
from typing import Any, Literal

from passerelle import _core, _frames
from passerelle._core import Occupations, Profiles
from passerelle._types import Progress

#: Rows that Arrow is given at once.
_AT_ONCE = 1 << 18


def rank(
    people: Profiles,
    targets: Occupations,
    k: int = 10,
    strategy: str = "coverage",
    *,
    best: Literal["targets", "people"] = "targets",
    transfer: str | Sequence[str] | None = None,
    standing: bool = True,
    language: str | None = None,
    frame: str | None = None,
    threads: int | None = None,
    memory_limit: int | str | None = None,
    progress: Progress | None = None,
) -> Any:
    """Rank the best targets for each person, or the best people for each target.

    Parameters
    ----------
    people : Profiles
    targets : Occupations
    k : int, default 10
        How many to keep for each, at least 1.
    strategy : str, default "coverage"
        What scores them: one of `strategies`, with its options. What learns from targets learns
        from those that are passed; what is no sum over shared skills takes all occupations.
    best : {"targets", "people"}
        What is ranked: targets for each person, or people for each target.
    transfer : str or list of str, optional
        What skills count towards others that profiles are silent on: ``"hierarchy"``,
        ``"co-occurrence"``, with options such as ``"hierarchy(decay=0.5)"``.
    standing : bool, default True
        Whether columns say where each person stands beside the score: by what they hold
        themselves, whatever `transfer` credits.
    language : str, optional
        The language of labels, and of texts that a strategy reads; the framework's own by default.
    frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
        The kind of frame that comes back; by default the kind that `people` came in.
    threads, memory_limit, progress
        See :ref:`long calls <long-calls>`.

    Returns
    -------
    frame
        A row for each result, best first, at most `k` for each person (or target): ``person``,
        ``target``, ``label``, ``rank`` from 1, ``score`` (float32), and with `standing`
        ``coverage``, ``coverage_upper`` and ``known_share`` in [0, 1], ``essential_coverage``,
        ``missing_essentials`` and ``blocking_shortfalls`` (counts) and ``status``:
        ``"not-enough-evidence"`` is no low score, but a profile to ask about. Equal scores are in
        the order of positions; what shares no skill is no result, but for the strategy ``"gap"``.

    Raises
    ------
    VersionError
        People and targets are of two frameworks or versions.
    MemoryLimitError
        The ranking does not fit in `memory_limit`.
    ArgumentError
        `k`, `strategy` or `best` out of its range.
    """
    import pyarrow as pa

    columns = _core._rank(
        people,
        targets,
        k,
        strategy,
        best,
        transfer,
        language,
        standing,
        threads,
        memory_limit,
        progress,
    )
    status = columns.pop("status", None)
    ids = pa.array(people.ids, pa.string())
    names, labels = (pa.array(own, pa.string()) for own in (targets.ids, targets.labels(language)))
    statuses = pa.array(_core._STATUSES, pa.string())
    # Some rows at a time, so that Ctrl-C is heeded between two calls of Arrow.
    some = []
    for at in range(0, max(len(columns["score"]), 1), _AT_ONCE):
        own = {name: pa.array(values[at : at + _AT_ONCE]) for name, values in columns.items()}
        person, target = own.pop("person"), own.pop("target")
        named = {
            "person": ids.take(person),
            "target": names.take(target),
            "label": labels.take(target),
        }
        if status is not None:
            own["status"] = statuses.take(pa.array(status[at : at + _AT_ONCE]))
        some.append(pa.table(named | own))
    return _frames.like(frame or people._frame or _frames.default(), pa.concat_tables(some))
