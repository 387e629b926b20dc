"""What a question about changes looks through in place of CloudTrail's event history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class TrailRows:
    """Records that a query over a trail gave, of the time that it asked for. ``cut`` says that there are more."""

    records: tuple[Mapping[str, Any], ...]
    since: datetime
    until: datetime
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """Files and folders of a trail, or the rows of a query. Without either CloudTrail's event history is looked up."""

    files: tuple[Path, ...] = ()
    rows: TrailRows | None = None

    @property
    def given(self) -> bool:
        return bool(self.files) or self.rows is not None


NO_TRAIL = Trail()
