"""``rolescope snapshot FILE`` and ``--snapshot FILE``: the file, the words, the exit status."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from iam.sources.snapshot.reader import open_snapshot
from tui.cli import main
from tui.exit_status import ACCOUNT_UNREADABLE, ANSWERED, WRONG_USAGE


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.json"
    assert main(["--demo", "snapshot", str(path)]) == ANSWERED
    return path


def test_the_demo_is_saved_whole(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    reader = open_snapshot(saved)
    account = list(reader.accounts())[-1]
    assert (account.id, account.alias, len(account.roles)) == ("111122223333", "harbor-prod", 32)
    assert account.unreadable == () and account.incomplete == frozenset() and account.warnings == ()
    assert account.organization is not None and account.organization.scps is not None
    assert account.organization.rcps is not None
    assert reader.resource_policy("arn:aws:kms:us-east-1:111122223333:key/K1").found
    assert reader.vpc_endpoints("s3").value and reader.instances().value and reader.events().value
    assert reader.stack_resources("ReportExporter").value
    for role in account.roles:
        assert role.has_details
        for policy in role.attached or ():
            found = reader.managed_policy(policy.arn).value
            assert found is not None and found.document is not None, policy.arn


def test_a_snapshot_of_a_snapshot_is_the_same(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert main(["--snapshot", str(saved), "snapshot", str(again)]) == ANSWERED
    first, second = json.loads(saved.read_text()), json.loads(again.read_text())
    assert first["RoleDetailList"] == second["RoleDetailList"]
    # AWS's documents and the customer's stand in another order, and denied reads are told once.
    for part in ("Organization", "InstanceProfiles", "Events", "Roles", "VpcEndpoints", "ResourcePolicies"):
        assert first["Rolescope"][part] == second["Rolescope"][part], part


def test_json_says_what_was_saved(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "again.json"
    assert main(["snapshot", "--snapshot", str(saved), "--json", str(path)]) == ANSWERED
    output = capsys.readouterr()
    said = json.loads(output.out)
    assert said["roles"] == 32 and said["account"] == "111122223333" and said["bytes"] == path.stat().st_size
    assert all(line.startswith("not saved: ") for line in output.err.splitlines())  # it is no terminal


def test_a_place_that_cannot_be_written_to(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--snapshot", str(saved), "snapshot", str(tmp_path / "no" / "s.json")]) == WRONG_USAGE
    assert "cannot be written" in capsys.readouterr().err
    assert main(["--snapshot", str(saved), "snapshot", str(tmp_path)]) == WRONG_USAGE
    assert list(tmp_path.iterdir()) == []


def test_an_account_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "missing.json"
    assert main(["--snapshot", str(missing), "snapshot", str(tmp_path / "s.json")]) == ACCOUNT_UNREADABLE
    output = capsys.readouterr()
    assert output.out == "" and len(output.err.splitlines()) == 1 and "There is no file" in output.err
    assert list(tmp_path.iterdir()) == []
