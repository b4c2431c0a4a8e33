"""Rows of the library as frames."""

from typing import Any

from passerelle import _frames


def frame(columns: list[tuple[str, str]], rows: list[list[Any]], kind: str | None) -> Any:
    """Turn rows into a frame of a kind; `columns` has their names, and what is in them."""
    import pyarrow as pa

    types = {
        "count": pa.int64(),
        "counts": pa.struct({name: pa.int64() for name in _causes(columns, rows)}),
        "day": pa.string(),
        "numbers": pa.list_(pa.int64()),
        "ratio": pa.float64(),
        "share": pa.float32(),
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "yes": pa.bool_(),
    }
    named = {}
    for at, (name, what) in enumerate(columns):
        values = pa.array([row[at] for row in rows], types[what])
        named[name] = values.cast(pa.date32()) if what == "day" else values
    return _frames.like(kind or _frames.default(), pa.table(named))


def _causes(columns: list[tuple[str, str]], rows: list[list[Any]]) -> list[str]:
    at = [at for at, (_, what) in enumerate(columns) if what == "counts"]
    return list(rows[0][at[0]]) if at and rows else []
