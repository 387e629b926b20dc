"""An organization of ten accounts read live: roles assumed, refusals, throttling, a run that is cut off and goes on."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from iam.credentials.live_accounts import LiveAccounts
from iam.credentials.reachable import ReachableAccounts
from iam.organization.place import Place
from iam.sources.aws.organization_tree import read_tree
from iam.sources.aws.reader import AwsReader
from iam.sources.organization.capture import UNFINISHED, Captured, capture
from iam.sources.organization.folder import open_folder
from tests.iam.sources.conftest import Fail, answer, error_body

EMPTY = '{"Version": "2012-10-17", "Statement": []}'
DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}'


@pytest.fixture
def members(session: boto3.Session) -> list[str]:
    """Nine accounts beside the management account, each with a role; the first is in a unit with an SCP."""
    organizations, sts = session.client("organizations"), session.client("sts")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="prod")["OrganizationalUnit"]["Id"]
    found = []
    for number in range(9):
        made = organizations.create_account(AccountName=f"app-{number}", Email=f"a{number}@example.com")
        account = made["CreateAccountStatus"]["AccountId"]
        found.append(account)
        keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/setup", RoleSessionName="setup")["Credentials"]
        own = session.client(
            "iam",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        own.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=EMPTY)
    organizations.move_account(AccountId=found[0], SourceParentId=root, DestinationParentId=unit)
    policy = organizations.create_policy(Content=DENY, Description="", Name="no-s3", Type="SERVICE_CONTROL_POLICY")[
        "Policy"
    ]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=unit)
    return found


def refuse(session: boto3.Session, accounts: list[str]) -> None:
    """No role of these accounts can be assumed."""

    def refused(request: Any, **_: Any) -> AWSResponse | None:
        body = request.body if isinstance(request.body, str) else request.body.decode()
        if any(account in body for account in accounts):
            return answer(
                request.url, 403, error_body("sts", "AccessDenied", "not authorized to perform sts:AssumeRole")
            )
        return None

    session.events.register_first("before-send.sts.AssumeRole", refused)


def captured(
    session: boto3.Session, folder: Path, say: Callable[[str], None] = lambda text: None, most: int = 10
) -> Captured:
    own = AwsReader(session)
    reading, problems = read_tree(own.aws)
    assert reading.value is not None and reading.value.members is not None and not problems
    ids = [each.id for each in reading.value.members][:most]
    return capture(folder, reading.value, ids, ReachableAccounts(own, "reader").reader, say)


def test_ten_accounts_are_read_and_three_refuse(
    session: boto3.Session, members: list[str], tmp_path: Path, fail: Fail
) -> None:
    refuse(session, members[-3:])
    fail("sts", "AssumeRole", "Throttling", "Rate exceeded", times=2, status=400)
    done = captured(session, tmp_path / "it")
    assert set(done.refused) == set(members[-3:]) and len(done.saved) == 7
    accounts = open_folder(tmp_path / "it")
    assert len(accounts.ids) == 7 and {each.id for each in accounts.missing} == set(members[-3:])
    assert all("AssumeRole" in each.why for each in accounts.missing)
    first = accounts.standing(members[0])
    assert first.place is Place.READ and first.name == "app-0" and first.organization is not None
    assert [[each.name for each in level.policies] for level in first.organization.scps or ()] == [
        ["FullAWSAccess"],
        ["FullAWSAccess", "no-s3"],
        ["FullAWSAccess"],
    ]
    opened = accounts.opened(members[0])
    assert opened is not None and opened.account.role("role-0") is not None
    again = open_folder(tmp_path / "it")
    assert again.holders_of("role-1") == (members[1],) and again.opened_count == 1  # looked up, as it was saved
    files = [each for each in (tmp_path / "it").rglob("*") if each.is_file()]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "it").stat().st_mode) == 0o700
    assert not any(b"SecretAccessKey" in each.read_bytes() or b"FwoG" in each.read_bytes() for each in files)


def test_a_run_that_was_cut_off_goes_on(session: boto3.Session, members: list[str], tmp_path: Path) -> None:
    class CutOff(Exception):
        pass

    def stop(text: str) -> None:
        if text.startswith("2 of"):
            raise CutOff

    with pytest.raises(CutOff):
        captured(session, tmp_path / "it", stop, most=4)
    left = json.loads((tmp_path / "it" / "organization.json").read_text())[UNFINISHED]
    assert 0 < len(left) < 4
    done = captured(session, tmp_path / "it", most=4)
    assert len(done.kept) + len(done.saved) == 4 and len(done.kept) >= 1
    whole = json.loads((tmp_path / "it" / "organization.json").read_text())
    assert UNFINISHED not in whole and len(open_folder(tmp_path / "it").ids) == 4
    assert captured(session, tmp_path / "it", most=1).kept == [], "a run that ended is not gone on with"


def test_a_file_that_is_older_than_a_refusal_is_not_the_present(
    session: boto3.Session, members: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "it"
    captured(session, folder, most=3)
    asked = sorted(path.stem for path in (folder / "accounts").iterdir())
    refuse(session, [each for each in members if each in asked][:1])
    (gone,) = captured(session, folder, most=3).refused
    assert (folder / "accounts" / f"{gone}.json").exists()

    def check(said: str = "AssumeRole") -> None:
        accounts = open_folder(folder)
        assert accounts.opened(gone) is None and accounts.standing(gone).place is Place.UNREAD
        (missing,) = [each for each in accounts.missing if each.id == gone]
        assert f"{datetime.now(UTC):%Y-%m-%d} (0 days older than this folder)" in missing.why and said in missing.why

    check()
    # A run for other accounts knows as little of it, and one that is cut off takes the old file for its own no more.
    captured(session, folder, most=0)
    check()

    def stop(text: str) -> None:
        if text.startswith("3 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        captured(session, folder, stop, most=3)
    assert gone in captured(session, folder, most=3).refused
    check()


def test_accounts_are_opened_live_when_a_question_needs_them(session: boto3.Session, members: list[str]) -> None:
    own = AwsReader(session)
    tree = read_tree(own.aws)[0].value
    assert tree is not None
    refuse(session, members[1:2])
    session.client("s3").create_bucket(Bucket="of-the-management-account")
    management = tree.management_account_id or ""
    accounts = LiveAccounts(tree, [management, *members[:2]], ReachableAccounts(own, "reader"))
    assert accounts.owner_of("arn:aws:s3:::of-the-management-account/x") == management
    assert list(accounts.holders_of("role-0")) == [members[0]]
    standings = {id: accounts.standing(id).place for id in (*members[:3], "999999999999")}
    assert list(standings.values()) == [Place.READ, Place.UNREAD, Place.UNREAD, Place.OUTSIDE]
    opened = accounts.opened(members[0])
    assert opened is not None and opened.reader.neighbours is accounts and opened.account.organization is not None
