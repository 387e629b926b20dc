"""Sources of recorded changes that can be used instead of CloudTrail's event history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class TrailRows:
    """The records that a query of a trail returned, and the period for which it was made.

    ``cut``: there are more records.
    """

    records: tuple[Mapping[str, Any], ...]
    since: datetime
    until: datetime
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """The files and folders of a trail, or the rows of a query.

    If it has neither, CloudTrail's event history is used.
    """

    files: tuple[Path, ...] = ()
    rows: TrailRows | None = None

    @property
    def given(self) -> bool:
        return bool(self.files) or self.rows is not None


NO_TRAIL = Trail()
