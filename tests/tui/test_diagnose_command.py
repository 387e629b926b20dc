"""``rolescope diagnose`` as a command: exit status, streams, input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.diagnostics.access_denied import alder

DENIED = (
    f"User: {alder.session('intake-api')} is not authorized to perform: dynamodb:Query on resource: {alder.TABLE} "
    "because no identity-based policy allows the dynamodb:Query action"
)


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tui.cli", "diagnose", *arguments],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return alder.write(tmp_path_factory.mktemp("alder") / "alder.json", alder.snapshot())


def test_json_from_standard_input(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), "--json", given=DENIED)
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["verdict"]["cause"] == "identity.no-action"
    assert document["fixes"][0]["verified"] is True


def test_plain_text_has_no_escapes(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), f"\x1b[31m{DENIED}\x1b[0m")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"identity.no-action (certain)" in done.stdout


def test_context_is_told_key_by_key(snapshot: Path) -> None:
    text = (
        f"User: {alder.session('vault')} is not authorized to perform: s3:GetObject on resource: "
        "arn:aws:s3:::alder-vault/k"
    )
    arguments = ("--snapshot", str(snapshot), "--json", text)
    assert json.loads(run(*arguments).stdout)["verdict"]["cause"] == "identity.condition-unknown"
    told = run(*arguments, "--context", "aws:SourceIp=198.51.100.7")
    assert json.loads(told.stdout)["verdict"]["cause"] == "identity.condition-unmet"


@pytest.mark.parametrize("given", ["", "   \n\t "])
def test_empty_input_is_wrong_usage(given: str) -> None:
    done = run("--offline", given=given)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("There is nothing to explain")
    assert done.stdout == b""


def test_binary_input_is_unreadable() -> None:
    done = run("--offline", given=bytes(range(256)) * 40)
    assert done.returncode == 2
    assert "binary" in done.stderr.decode()


def test_a_context_without_a_value_is_wrong_usage() -> None:
    done = run("--offline", DENIED, "--context", "aws:SourceIp")
    assert done.returncode == 2
    assert b"KEY=VALUE" in done.stderr


def test_a_cause_that_cannot_be_told() -> None:
    assert (
        run(
            "--offline", "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
        ).returncode
        == 1
    )
    assert run("--offline", DENIED).returncode == 0


def test_an_account_that_cannot_be_read(tmp_path: Path) -> None:
    done = run("--snapshot", str(tmp_path / "none.json"), DENIED)
    assert done.returncode == 3
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_five_megabytes_and_bytes_that_are_no_text() -> None:
    log = ("2026-11-24T10:00:00Z INFO nothing to see here, request served\n" * 80_000) + DENIED + "\n"
    done = run("--offline", "--json", given=log.encode() + b"\xff\xfe\x00")
    assert done.returncode == 0
    assert json.loads(done.stdout)["parsed"]["action"] == "dynamodb:Query"


def test_a_role_that_the_text_does_not_name(snapshot: Path) -> None:
    text = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    done = run("--snapshot", str(snapshot), "--json", "--role", "mail-scheduler", text)
    assert json.loads(done.stdout)["verdict"]["cause"] == "trust.condition-unmet"


def test_markdown_without_account_ids(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), "--markdown", "--mask-accounts", DENIED)
    page = done.stdout.decode()
    assert page.startswith("# identity.no-action (certain)")
    assert alder.ID not in page


def test_several_failures_are_one_document() -> None:
    other = DENIED.replace("Query", "PutItem")
    document = json.loads(run("--offline", "--json", given=f"{DENIED}\n{other}\n{DENIED}\n").stdout)
    assert document["parsed"]["action"] == "dynamodb:Query"
    assert document["count"] == 2
    assert [entry["parsed"]["action"] for entry in document["more"]] == ["dynamodb:PutItem"]
