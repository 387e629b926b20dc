"""How an extra is added: by what made the environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tui import extras


def test_where_there_is_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: name)
    assert extras.adding("demo") == f"{sys.executable} -m pip install 'rolescope[demo]'"


def test_in_an_environment_of_pipx_and_one_of_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    assert extras.adding("serve") == f"uv pip install --python {sys.executable} 'rolescope[serve]'"
    (tmp_path / "pipx_metadata.json").touch()
    assert extras.adding("serve") == "pipx runpip rolescope install 'rolescope[serve]'"
