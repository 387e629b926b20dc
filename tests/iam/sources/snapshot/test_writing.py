"""Saving an account: what the file holds, that it reads back the same, and that it is whole or not there."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    InstanceProfile,
    LastUsed,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    SAMLProvider,
    Unreadable,
    User,
)
from iam.aws_managed_policies import LIST
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.policy.document import Document
from iam.sources.atomic_file import replacing
from iam.sources.aws.reader import AwsReader
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import to_json
from iam.sources.snapshot.read import load
from iam.sources.snapshot.reader import open_snapshot
from iam.sources.snapshot.write import save
from tests.iam.sources.conftest import Fail

texts = st.text(max_size=12)
names = st.text(min_size=1, max_size=12)
times = st.none() | st.datetimes(
    datetime(2000, 1, 1),
    datetime(2100, 1, 1),
    timezones=st.just(UTC),
)
documents = st.dictionaries(texts, st.lists(texts, max_size=2) | texts, max_size=3).map(Document.from_value)
tags = st.none() | st.dictionaries(names, texts, max_size=2)
inline = st.none() | st.lists(st.builds(InlinePolicy, names, documents), max_size=2).map(tuple)
attached = st.none() | st.lists(st.builds(AttachedPolicy, names, names), max_size=2).map(tuple)
optional_texts = st.none() | texts
roles = st.builds(
    Role,
    name=names,
    arn=names,
    path=names,
    id=texts,
    created=times,
    trust=st.none() | documents,
    inline=inline,
    attached=attached,
    boundary_arn=st.none() | names,
    tags=tags,
    last_used=st.none() | st.builds(LastUsed, times, optional_texts),
    description=optional_texts,
    max_session_seconds=st.none() | st.integers(1, 50000),
    instance_profiles=st.none() | st.lists(names, max_size=2).map(tuple),
    source_template=st.none() | names,
)
users = st.builds(
    User,
    name=names,
    arn=names,
    path=names,
    created=times,
    inline=inline,
    attached=attached,
    groups=st.none() | st.lists(names, max_size=2).map(tuple),
    boundary_arn=st.none() | names,
    tags=tags,
)
groups = st.builds(Group, name=names, arn=names, path=names, inline=inline, attached=attached)
versions = st.builds(PolicyVersion, names, documents, st.booleans(), times)
policies = st.builds(
    ManagedPolicy,
    name=names,
    arn=names,
    path=names,
    versions=st.lists(versions, max_size=2).map(tuple),
    default_version_id=st.none() | names,
    attachment_count=st.none() | st.integers(0, 9),
    created=times,
    description=optional_texts,
    tags=tags,
    attachable=st.booleans(),
)
profiles = st.builds(InstanceProfile, names, names, names, texts, st.lists(names, max_size=1).map(tuple), times, tags)
levels = st.lists(
    st.builds(
        OrganizationLevel,
        names,
        st.lists(st.builds(OrganizationPolicy, names, names, documents), max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
organizations = st.none() | st.builds(
    Organization,
    names,
    st.none() | names,
    st.none() | st.lists(names, max_size=2).map(tuple),
    st.none() | levels,
    st.none() | levels,
)


def some(items: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | st.lists(items, max_size=3, unique_by=lambda item: (item.name, item.arn)).map(tuple)  # type: ignore[attr-defined]  # the entities


accounts = st.builds(
    Account,
    id=st.just("111122223333"),
    source=st.just("snapshot"),
    now=times.filter(bool),
    alias=st.none() | names,
    caller_arn=st.none() | names,
    region=st.none() | names,
    roles=st.lists(roles, max_size=3, unique_by=lambda role: role.name).map(tuple),
    users=some(users),
    groups=some(groups),
    policies=st.none() | st.lists(policies, max_size=3, unique_by=lambda policy: policy.arn).map(tuple),
    instance_profiles=some(profiles),
    oidc_providers=st.none()
    | st.lists(
        st.builds(OIDCProvider, names, names.filter(lambda url: not url.startswith("https://")), st.none()), max_size=2
    ).map(tuple),
    saml_providers=st.none()
    | st.lists(
        st.builds(lambda name, until: SAMLProvider(f"arn:aws:iam::1:saml-provider/{name}", name, until), names, times),
        max_size=2,
    ).map(tuple),
    organization=organizations,
    summary=st.none() | st.dictionaries(names, st.integers(0, 9), max_size=2),
    incomplete=st.frozensets(st.sampled_from(["roles", "users", "groups", "policies"])),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(account=accounts, known=st.booleans())
def test_what_is_written_reads_back_the_same(tmp_path: Path, account: Account, known: bool) -> None:
    known = known or account.organization is not None
    path = tmp_path / "s.json"
    path.write_text(json.dumps(to_json(Contents(account, organization_known=known))), encoding="utf-8")
    again = load(path).account
    expected = replace(
        account,
        captured_at=account.now,
        in_organization=(account.organization is not None) if known else None,
    )
    for field in ("roles", "users", "groups", "policies", "organization", "instance_profiles", "incomplete"):
        assert getattr(again, field) == getattr(expected, field), field
    assert again == expected


def test_a_read_that_was_denied_stays_denied_in_the_file(seeded: boto3.Session, fail: Fail, tmp_path: Path) -> None:
    for operation in ("GetAccountAuthorizationDetails", "GetRolePolicy", "ListGroupsForUser", "GetAccountSummary"):
        fail("iam", operation, "AccessDenied")
    saved = save(AwsReader(seeded), tmp_path / "s.json", lambda text: None)
    assert any("GetRolePolicy" in sentence or "GetAccountSummary" in sentence for sentence in saved.skipped)
    reader = open_snapshot(tmp_path / "s.json")
    account = list(reader.accounts())[-1]
    role, user = account.role("orders-api"), account.user("ben")
    assert role is not None and role.inline is None and role.attached is not None and role.tags == {"team": "ferry"}
    assert user is not None and user.groups is None
    assert reader.account_summary().unreadable
    assert any("GetAccountSummary" in entry.call for entry in account.unreadable)


def test_what_could_not_be_read_of_buckets_and_providers_is_said(
    seeded: boto3.Session, fail: Fail, tmp_path: Path
) -> None:
    seeded.client("s3").create_bucket(Bucket="assets")
    seeded.client("iam").create_open_id_connect_provider(Url="https://ci.example.com", ClientIDList=["sts"])
    fail("s3", "GetPublicAccessBlock", "AccessDenied")
    fail("iam", "GetOpenIDConnectProvider", "AccessDenied")
    said = "\n".join(save(AwsReader(seeded), tmp_path / "s.json", lambda text: None).skipped)
    assert "1 public access block, such as assets: " in said
    assert "the audiences of an identity provider are unknown" in said


@pytest.mark.parametrize(
    ("denied", "says"),
    [
        (
            ("GetAccountAuthorizationDetails", "GetUserPolicy", "ListUserPolicies"),
            "Users, 1 of them incomplete, such as ",
        ),
        (("GetAccountAuthorizationDetails", "GetPolicyVersion"), "Policies, 1 of them incomplete, such as "),
        (("ListVirtualMFADevices",), "Virtual MFA devices: "),
    ],
)
def test_what_was_not_read_one_by_one_is_said(
    seeded: boto3.Session, fail: Fail, tmp_path: Path, denied: tuple[str, ...], says: str
) -> None:
    for operation in denied:
        fail("iam", operation, "AccessDenied")
    saved = save(AwsReader(seeded), tmp_path / "s.json", lambda text: None)
    assert any(sentence.startswith(says) for sentence in saved.skipped), saved.skipped
    said = any("GetAccountAuthorizationDetails" in sentence for sentence in saved.skipped)
    assert said == ("GetAccountAuthorizationDetails" in denied)


def test_what_was_read_one_by_one_is_not_missing(seeded: boto3.Session, fail: Fail, tmp_path: Path) -> None:
    fail("iam", "GetAccountAuthorizationDetails", "AccessDenied")
    saved = save(AwsReader(seeded), tmp_path / "s.json", lambda text: None)
    assert not any("GetAccountAuthorizationDetails" in sentence for sentence in saved.skipped)
    account = list(open_snapshot(tmp_path / "s.json").accounts())[-1]
    assert account.unreadable == () and all(role.has_details for role in account.roles)
    assert account.policies is not None and len(account.policies[0].versions) == 2


def test_a_saved_account_is_the_account(seeded: boto3.Session, tmp_path: Path) -> None:
    s3, sqs = seeded.client("s3"), seeded.client("sqs")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}],
    }
    s3.create_bucket(Bucket="with-policy")
    s3.put_bucket_policy(Bucket="with-policy", Policy=json.dumps(policy))
    s3.create_bucket(Bucket="without")
    sqs.create_queue(QueueName="jobs")
    key = seeded.client("kms").create_key()["KeyMetadata"]["Arn"]
    reader = AwsReader(seeded)
    live = list(reader.accounts())[-1]
    path = tmp_path / "s.json"
    saved = save(reader, path, lambda text: None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (saved.roles, saved.users, saved.groups, saved.account_id) == (2, 1, 1, "123456789012")
    assert saved.size == path.stat().st_size
    raw = json.loads(path.read_text())
    assert isinstance(raw["RoleDetailList"][0]["AssumeRolePolicyDocument"], dict)  # as other tools expect it
    again = open_snapshot(path)
    account = list(again.accounts())[-1]
    assert [role.name for role in account.roles] == [role.name for role in live.roles]
    for mine, theirs in zip(live.roles, account.roles, strict=True):
        assert mine.trust is not None and theirs.trust is not None and mine.trust.value == theirs.trust.value
        assert replace(mine, trust=None, inline=None) == replace(theirs, trust=None, inline=None)
    assert account.alias == "harbor-test" and account.in_organization is False and account.summary == live.summary
    found = again.resource_policy("arn:aws:s3:::with-policy/x").value
    assert found is not None and found.value == policy
    assert again.resource_policy("arn:aws:s3:::without/x").absent
    assert again.resource_policy("arn:aws:sqs:us-east-1:123456789012:jobs").absent
    assert again.resource_policy(key).found
    assert again.resource_policy("arn:aws:s3:::unheard-of/x").unreadable
    assert again.vpc_endpoints("s3").found and again.instances().found


def test_policies_of_aws_in_use_are_saved(session: boto3.Session, tmp_path: Path) -> None:
    from moto import mock_aws

    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        iam = session.client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/job-function/Billing")
        save(AwsReader(session), tmp_path / "s.json", lambda text: None)
    reader = open_snapshot(tmp_path / "s.json")
    policy = reader.managed_policy("arn:aws:iam::aws:policy/job-function/Billing").value
    assert policy is not None and policy.document is not None and policy.document.statements
    assert reader.managed_policy("arn:aws:iam::aws:policy/AdministratorAccess").call == LIST


# Whole or not at all.


def leftovers(directory: Path) -> list[str]:
    return sorted(one.name for one in directory.iterdir())


def test_a_failure_while_writing_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("before")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "before" and leftovers(tmp_path) == ["s.json"]


def test_without_nameless_files_the_same_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "s.json"
    with pytest.raises(KeyboardInterrupt), replacing(path) as file:
        file.write("half")
        raise KeyboardInterrupt
    assert leftovers(tmp_path) == []
    with replacing(path) as file:
        file.write("whole")
    assert path.read_text() == "whole" and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert leftovers(tmp_path) == ["s.json"]


def test_the_mode_is_private_whatever_the_umask_and_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("before")
    path.chmod(0o644)
    old = os.umask(0)
    try:
        with replacing(path) as file:
            file.write("after")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.read_text() == "after"


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    target = tmp_path / "real.json"
    link = tmp_path / "link.json"
    link.symlink_to(target)
    with replacing(link) as file:
        file.write("x")
    assert link.is_symlink() and target.read_text() == "x"


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_process_leaves_nothing_behind(tmp_path: Path, sent: signal.Signals) -> None:
    path = tmp_path / "s.json"
    path.write_text("before")
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom iam.sources.atomic_file import replacing\n"
        "with replacing(Path(sys.argv[1])) as file:\n"
        "    file.write('half' * 100000); file.flush(); print('ready', flush=True); time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(sent)
    process.wait(timeout=120)
    process.stdout.close()
    assert process.returncode != 0
    assert path.read_text() == "before" and leftovers(tmp_path) == ["s.json"]


def test_where_nothing_can_be_written_it_is_said_before_the_reading(tmp_path: Path) -> None:
    class Untouched:
        def __getattr__(self, name: str) -> object:
            raise AssertionError("the account was read")

    for path in (tmp_path / "missing" / "s.json", tmp_path):
        with pytest.raises(OSError):
            save(Untouched(), path, lambda text: None)  # type: ignore[arg-type]  # it must not be used


def test_a_denied_part_is_recorded(tmp_path: Path) -> None:
    account = Account(
        id="1", source="aws", now=datetime.now(UTC), unreadable=(Unreadable("iam:ListRoles", "Denied.", "much"),)
    )
    path = tmp_path / "s.json"
    path.write_text(json.dumps(to_json(Contents(account))))
    (entry,) = load(path).account.unreadable
    assert entry.call == "iam:ListRoles" and "when the snapshot was saved" in entry.why
