"""What goes over the network: AWS's calls, and nothing else (docs/manual/privacy.md)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.accounts.over_http import served
from tests.support.demo.failures import FAILURES

if TYPE_CHECKING:
    from iam.demo.aws.world import World

DENIED = FAILURES[2].text
ROLE = "orders-api-lambda"
READING = (["role", ROLE], ["diagnose", DENIED], ["use", ROLE, "--sessions"])
SNAPSHOT = {"RoleDetailList": [], "UserDetailList": [], "GroupDetailList": [], "Policies": []}


def _heard(tmp_path: Path, commands: Sequence[Sequence[str]], *given: str) -> list[str]:
    """The names and addresses that a process of its own turned to, while it ran the commands."""
    from iam.demo.open import _keys

    file = tmp_path / "heard"
    file.touch()
    environment = {
        **{name: os.environ[name] for name in ("PATH",) if name in os.environ},
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": _keys()["ben"],
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": "us-east-1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.driving.listening", str(file), *given],
        input="\n".join(map(json.dumps, commands)),
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return file.read_text().splitlines()


def test_demo_snapshot_and_offline_turn_to_nobody(tmp_path: Path) -> None:
    snapshot = tmp_path / "saved.json"
    snapshot.write_text(json.dumps(SNAPSHOT))
    commands = [
        *([*command, "--demo"] for command in READING),
        ["review", "--snapshot", str(snapshot)],
        ["diagnose", "--offline", DENIED],
        ["schema", "review"],
        ["config"],
    ]
    assert _heard(tmp_path, commands) == []


def test_another_endpoint_is_the_only_one(tmp_path: Path, demo_world: World) -> None:
    with served(demo_world, lambda number, after: False) as (url, _):
        commands = [[*command, "--endpoint-url", url] for command in READING]
        heard = _heard(tmp_path, [*commands, ["ui", url]])
    host, _, port = url.removeprefix("http://").rstrip("/").partition(":")
    assert set(heard) <= {host, f"{host}:{port}"} and heard


def test_without_one_only_names_of_aws_are_looked_up(tmp_path: Path) -> None:
    heard = _heard(tmp_path, [["info"], ["diagnose", DENIED]], "--closed")
    assert heard
    assert [name for name in heard if not name.endswith(".amazonaws.com")] == []
