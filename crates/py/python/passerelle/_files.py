"""Files that are written whole or not at all."""

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def write(folder: str | PathLike[str], files: Mapping[str, bytes | dict[str, Any]]) -> None:
    """Write files into a folder, made where it is not there: bytes as they are, figures as JSON."""
    to = Path(folder)
    to.mkdir(parents=True, exist_ok=True)
    # Beside their places, so that they move there in one step each.
    with TemporaryDirectory(dir=to, prefix=".part.") as part:
        for name, content in files.items():
            if not isinstance(content, bytes):
                content = json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
            (Path(part) / name).write_bytes(content)
        for name in files:
            (Path(part) / name).replace(to / name)
