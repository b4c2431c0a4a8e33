"""What passerelle raises and warns of: every exception is a `PasserelleError`.

Arguments of a wrong type are the built-in `TypeError`, numbers no argument can be `ValueError`.
"""

__all__ = [
    "ArgumentError",
    "CancelledError",
    "DataError",
    "FileError",
    "InternalError",
    "MemoryLimitError",
    "PasserelleError",
    "PositionError",
    "RowsDropped",
    "SnapshotError",
    "UnknownIdError",
    "VersionError",
]


class PasserelleError(Exception):
    """The root of what passerelle raises: one line that says what to do."""


class ArgumentError(PasserelleError, ValueError):
    """An argument outside its range, or arrays that do not make a matrix."""


class DataError(PasserelleError, ValueError):
    """Files or frames that make no framework, profiles or register."""


class FileError(PasserelleError, OSError):
    """A file that cannot be read or written."""


class UnknownIdError(PasserelleError, KeyError):
    """An id that is not known.

    Attributes
    ----------
    what : str
        What it should name, such as ``"target"``.
    id : str
        The id.
    nearest : str or None
        The known id most like it.
    """

    what: str
    id: str
    nearest: str | None

    def __str__(self) -> str:
        # A KeyError would show its message between quotes.
        return str(self.args[0]) if self.args else ""


class PositionError(PasserelleError, IndexError):
    """A position beyond the end of a sequence."""


class VersionError(PasserelleError, ValueError):
    """What was made for one framework or version is used with another."""


class SnapshotError(PasserelleError, ValueError):
    """Bytes that are no snapshot, of another version of the format, or damaged."""


class MemoryLimitError(PasserelleError, MemoryError):
    """A result that would not fit in the memory allowed; nothing was allocated.

    Attributes
    ----------
    needed, allowed : int
        In bytes.
    """

    needed: int
    allowed: int


class CancelledError(PasserelleError):
    """A call that was asked to stop, and did."""


class InternalError(PasserelleError):
    """A defect of passerelle."""


class RowsDropped(UserWarning):
    """Rows that could not be used; the report says which and why."""
