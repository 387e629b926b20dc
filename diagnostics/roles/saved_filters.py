"""Saved filters for the role list, by name, in ``filters.toml`` next to the configuration."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

MOST_BYTES = 64 * 1024


class SavedFiltersError(Exception):
    """Raised if the file cannot be read or written. ``str()`` is one sentence that names it."""


def read_filters(path: Path) -> Mapping[str, str]:
    """Return the filters by name; empty if there is no file. Raises `SavedFiltersError`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SavedFiltersError(f"{path} is larger than {MOST_BYTES // 1024} KB.")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SavedFiltersError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise SavedFiltersError(f"{path} is not TOML: {error}.") from error
    if not all(isinstance(each, str) for each in content.values()):
        raise SavedFiltersError(f'{path}: each line must be a name and a filter, such as "old" = "unused:90d".')
    return content


def write_filters(path: Path, filters: Mapping[str, str]) -> None:
    """Replace the file. If that fails, the old contents stay, and `SavedFiltersError` is raised."""
    # TOML's basic strings allow the same escapes as JSON, except DEL.
    lines = "".join(f"{json.dumps(name)} = {json.dumps(words)}\n" for name, words in filters.items())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(lines.replace("\x7f", "\\u007f"))
        Path(file.name).replace(path)
    except OSError as error:
        raise SavedFiltersError(f"{path} cannot be written: {error.strerror or error}.") from error
