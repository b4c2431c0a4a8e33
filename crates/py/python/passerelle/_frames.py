"""Frames of any kind in, frames of the same kind out, through Arrow."""

from typing import TYPE_CHECKING, Any

from passerelle._alone import left_alone
from passerelle.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Column = tuple[str, list[str], np.ndarray[Any, np.dtype[np.int32]]]

#: What profiles may say: other columns are not looked at, and need be nothing that can be read.
WANTED = frozenset({"person", "skill", "level", "evidence", "date", "assessor", "target"})

#: What a ranking comes in where its people came in no frame, if it is installed.
KINDS = ("pandas", "polars", "pyarrow")

#: The frames that can be made; what comes in another kind goes out in one of `KINDS`.
MADE = (*KINDS, "duckdb", "modin", "cudf")

#: Rows that Arrow is given at once, which takes it some hundredths of a second.
_AT_ONCE = 1 << 19


def columns(frame: Any) -> "tuple[str, list[Column]]":
    """Turn a frame into its kind and its columns: name, texts, and a code for each row.

    Columns that are not `WANTED` come without texts, so that the reader can see their names.
    """
    import numpy as np

    kind, table = to_arrow(frame)
    kind = kind if kind in MADE else default()
    none = np.full(table.num_rows, -1, np.int32)
    return kind, [
        (name, *_texts(name, table[name])) if name.lower() in WANTED else (name, [], none)
        for name in table.column_names
    ]


def to_arrow(frame: Any) -> "tuple[str, pa.Table]":
    """Turn a frame into its kind and an Arrow table."""
    import narwhals as nw

    try:
        known = nw.from_native(frame)
    except TypeError:
        name = type(frame).__name__
        raise TypeError(
            f"{name} is no data frame; pass a pandas, Polars, PyArrow or DuckDB one"
        ) from None
    kind = known.implementation.value
    if isinstance(known, nw.LazyFrame):
        # Its engine may keep to the thread that it was made on, and has a way of its own to stop.
        try:
            return str(kind), known.collect("pyarrow").to_arrow()
        except RuntimeError as stopped:
            # What DuckDB makes of Ctrl-C.
            if "interrupted" in str(stopped):
                raise KeyboardInterrupt from stopped
            raise
    # What is Arrow's already is handed over at once.
    return str(kind), known.to_arrow() if kind == "pyarrow" else left_alone(known.to_arrow)


def _texts(name: str, column: "pa.ChunkedArray") -> "tuple[list[str], np.ndarray[Any, Any]]":
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32())
    if pa.types.is_null(column.type) or pa.types.is_boolean(column.type):
        column = column.cast(pa.string())
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        raise TypeError(f"column `{name}` is {column.type}; pass text, numbers or dates")
    # Some rows at a time, so that Ctrl-C is heeded between two calls of Arrow.
    parts = []
    for at in range(0, max(len(column), 1), _AT_ONCE):
        part = column.slice(at, _AT_ONCE).combine_chunks().dictionary_encode()
        try:
            texts = part.dictionary.cast(pa.string())
        except pa.ArrowException:
            wanted = "pass text, numbers or dates"
            raise TypeError(f"column `{name}` is {column.type}; {wanted}") from None
        parts.append(pa.DictionaryArray.from_arrays(part.indices, texts))
    coded = pa.chunked_array(parts).unify_dictionaries()
    texts = coded.chunk(0).dictionary
    filled = [pc.fill_null(part.indices, -1) for part in coded.chunks]
    words = [texts.slice(at, _AT_ONCE) for at in range(0, len(texts), _AT_ONCE)]
    return (
        [text or "" for some in words for text in some.to_pylist()],
        np.concatenate([part.to_numpy(zero_copy_only=False) for part in filled]),
    )


def like(kind: Any, table: "pa.Table") -> Any:
    """Turn an Arrow table into a frame of a kind."""
    if kind not in MADE:
        known = ", ".join(f"`{known}`" for known in MADE)
        raise ArgumentError(f"`frame` is `{kind}`; it must be one of {known}")
    if kind == "pyarrow":
        return table
    if kind == "duckdb":
        import duckdb

        return duckdb.from_arrow(table)
    import narwhals as nw

    made = left_alone(lambda: nw.from_arrow(table, backend=kind).to_native())
    if kind == "pandas":
        # Counts of which some are left out stay whole numbers, and do not become floats.
        counts = [at.name for at in table.schema if str(at.type) == "int64"]
        left_out = [name for name in counts if table[name].null_count]
        made = made.astype(dict.fromkeys(left_out, "Int64"))
    return made


def default() -> str:
    """Give the first of `KINDS` that is installed."""
    from importlib.util import find_spec

    return next((kind for kind in KINDS if find_spec(kind)), "pyarrow")
