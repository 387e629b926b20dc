"""Files with one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the object of each line that is not empty."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
