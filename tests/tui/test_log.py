"""``--log FILE``: every AWS call, and no secret."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.texts import canaries
from tui import log
from tui.cli import main
from tui.log import log_to_file

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("rolescope")
    handlers, levels = list(root.handlers), (root.level, ours.level)
    yield
    for each in set(root.handlers) - set(handlers):
        root.removeHandler(each)
        each.close()
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_every_call_stands_in_the_file(
    demo_reader: AwsReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("iam.demo.open.open_demo", lambda **_: demo_reader)
    file = tmp_path / "log"
    file.write_text("what was there\n")
    assert main(["role", "orders-api-lambda", "--demo", "--log", str(file)]) == 0
    first, *lines = file.read_text().splitlines()
    assert first == "what was there"
    assert any("iam:ListRoles in" in line and "ok" in line for line in lines)


def test_a_new_file_is_the_owners_alone_and_has_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "log"
    log_to_file(file)
    for name in ("keys in an environment", "keys in a file", "signed address", "token in a header", "token alone"):
        logging.getLogger("rolescope").error("failed with %s", canaries.TEXTS[name])
    assert file.stat().st_mode & 0o777 == 0o600
    assert "failed with" in file.read_text()
    assert canaries.leaks(file.read_text()) == []


@pytest.mark.parametrize("umask", [0, 0o022])
def test_the_log_of_the_state_directory_is_the_owners_alone_when_it_is_rotated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(log, "MAX_BYTES", 300)
    monkeypatch.setattr(log, "log_path", lambda: tmp_path / "rolescope.log")
    (tmp_path / "rolescope.log").touch(mode=0o644)  # of an earlier version
    before = os.umask(umask)
    try:
        log.start_log()
        for number in range(12):
            logging.getLogger("rolescope").error("failure %d: %s", number, "x" * 80)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"rolescope.log": 0o600, "rolescope.log.1": 0o600}


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--log", str(tmp_path), "roles", "--demo"]) == 2
    assert "cannot be written" in capsys.readouterr().err
