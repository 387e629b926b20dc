"""``rolescope diagnose`` on logs: long, packed, in another encoding, or still being written."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.texts.of_commands import DENIED, run

LINE = "2026-11-24T10:00:00Z INFO nothing to see here, request served\n"
OTHER = DENIED.replace("Query", "PutItem")


def test_a_long_log_is_counted(tmp_path: Path) -> None:
    log = tmp_path / "build.log"
    log.write_text((LINE * 9_000 + DENIED + "\n") * 2 + OTHER + "\n", encoding="utf-8")
    done = run("--offline", "--json", str(log))
    document = json.loads(done.stdout)
    assert (document["count"], len(document["more"])) == (2, 1)
    assert done.stderr.decode().strip() == "2 different failures, 3 in all"


@pytest.mark.parametrize("given", [gzip.compress(DENIED.encode()), DENIED.encode("utf-16")])
def test_packed_and_powershells_text(given: bytes) -> None:
    assert json.loads(run("--offline", "--json", given=given).stdout)["parsed"]["action"] == "dynamodb:Query"


def test_gzip_that_is_cut_off() -> None:
    packed = gzip.compress((f"{DENIED}\n" + LINE * 3_000).encode())
    done = run("--offline", "--json", given=packed[:-12])
    assert json.loads(done.stdout)["parsed"]["action"] == "dynamodb:Query"
    assert "cut off or damaged" in done.stderr.decode()
    assert run("--offline", given=packed[:5]).returncode == 2


def test_follow_answers_each_new_denial_once_and_at_once() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli", "diagnose", "--offline", "--follow", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        actions = []
        for line in (DENIED, f"{DENIED}\n{OTHER}"):
            child.stdin.write(f"{LINE}{line}\n".encode())
            child.stdin.flush()
            actions.append(json.loads(child.stdout.readline())["parsed"]["action"])  # before the input has ended
        child.stdin.close()
        assert child.stdout.read() == b""
        assert child.stderr.read().decode().strip() == "2 different failures, 3 in all"
        assert child.wait(60) == 0
    assert actions == ["dynamodb:Query", "dynamodb:PutItem"]


def test_follow_takes_no_text() -> None:
    done = run("--offline", "--follow", DENIED)
    assert (done.returncode, b"--follow reads standard input" in done.stderr) == (2, True)
