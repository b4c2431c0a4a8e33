"""What a reader kept and dropped."""

import warnings
from collections import Counter
from dataclasses import dataclass
from typing import Any

from passerelle._html import table
from passerelle.errors import RowsDropped


@dataclass(frozen=True, repr=False)
class ReadReport:
    """What a reader kept, what it dropped and why, file by file.

    ``rows == kept + sum(dropped.values())``, always.

    Attributes
    ----------
    figures : dict
        Everything: for each file its rows, those kept, and those dropped and noted by reason, with
        the lines and values of the first few.
    """

    figures: dict[str, Any]
    _words: str

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file["rows"] for file in self.figures["files"])

    @property
    def kept(self) -> int:
        """The rows that were used."""
        return sum(file["kept"] for file in self.figures["files"])

    @property
    def dropped(self) -> dict[str, int]:
        """How many rows were dropped, by reason."""
        counts: Counter[str] = Counter()
        for file in self.figures["files"]:
            for tally in file["dropped"]:
                counts[tally["reason"]] += tally["rows"]
        return dict(counts)

    def to_dict(self) -> dict[str, Any]:
        """Every figure, as plain values."""
        return self.figures

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<passerelle.ReadReport: {self.kept} of {self.rows} rows kept>"

    def _repr_html_(self) -> str:
        files = [
            (file["file"], file["rows"], file["kept"], tally["reason"], tally["rows"])
            for file in self.figures["files"]
            for tally in file["dropped"] or [{"reason": "", "rows": 0}]
        ]
        return table(repr(self), ("file", "rows", "kept", "reason", "dropped"), files)


def warn(report: ReadReport) -> None:
    """Say that rows were dropped, where the user's own code reads."""
    reasons = ", ".join(f"{reason}: {rows}" for reason, rows in report.dropped.items())
    said = f"{report.rows - report.kept} of {report.rows} rows dropped ({reasons}); see `.report`"
    warnings.warn(said, RowsDropped, stacklevel=2)
