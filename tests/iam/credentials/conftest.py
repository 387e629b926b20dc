"""A home with an AWS configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.accounts.aws_home import aws_home as made


@pytest.fixture
def aws_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return made(tmp_path, monkeypatch)
