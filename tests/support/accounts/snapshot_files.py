"""Snapshot files with a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iam.account import Account
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot


def opened(tmp_path: Path, value: Any) -> SnapshotReader:
    path = tmp_path / "account.json"
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return open_snapshot(path)


def account_of(tmp_path: Path, value: Any) -> Account:
    return list(opened(tmp_path, value).accounts())[-1]
