"""The demo account for commands that run in a process of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.demo.clock import DemoClock
from tests.support.accounts.over_http import served

if TYPE_CHECKING:
    from iam.demo.aws.world import World


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "tmp").mkdir()
    return tmp_path


@pytest.fixture
def aws(demo_world: World, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment that reach the demo account over HTTP, as ben."""
    from iam.demo.open import _keys

    # Another process's boto3 looks at the wall clock, at which the demo's sessions have ended.
    monkeypatch.setattr("iam.demo.aws.services.sts.CLOCK", DemoClock(datetime.now(UTC)))
    with served(demo_world, lambda number, after: False) as (url, _):
        yield (
            ["--endpoint-url", url],
            {
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "TMPDIR": str(home / "tmp"),
                "AWS_ACCESS_KEY_ID": _keys()["ben"],
                "AWS_SECRET_ACCESS_KEY": "demo",
                "AWS_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
            },
        )
