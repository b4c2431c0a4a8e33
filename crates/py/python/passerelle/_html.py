"""Small tables for notebooks."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape


def _row(cells: Iterable[object], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"


def table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[object]], length: int | None = None
) -> str:
    """Put rows under a header; `length` is how many there are in all."""
    more = 0 if length is None else length - len(rows)
    end = f"<p>and {more} more</p>" if more > 0 else ""
    body = "".join(_row(row, "td") for row in rows)
    return (
        f"<p>{escape(title)}</p><table><thead>{_row(header, 'th')}</thead>"
        f"<tbody>{body}</tbody></table>{end}"
    )


def facts(named: Mapping[str, object]) -> str:
    """Put facts beside their names, but for empty ones."""
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in named.items()
        if value != ""
    )
    return f"<table><tbody>{rows}</tbody></table>"
