"""Users, groups, devices and certificates taken apart and deleted in the demo, as IAM asks for, and what comes back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import EntityKind
from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.journal import journals
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, PlanError
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import READ
from tests.support.gate.let_through import apply, roll_back

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

NAME = "quay"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"
SSH = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 quay"


@pytest.fixture
def iam(reader: AwsReader) -> Any:
    return reader.aws.client("iam")


@pytest.fixture
def quay(iam: Any) -> None:
    """A user with one of everything that moto can hold (its signing certificates have IDs that boto3 refuses)."""
    iam.create_user(UserName=NAME, Path="/dock/", Tags=[{"Key": "team", "Value": "sea"}])
    iam.create_login_profile(UserName=NAME, Password="Correct-horse-7-battery")
    iam.create_access_key(UserName=NAME)
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=NAME)["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(
        UserName=NAME, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
    )
    iam.upload_ssh_public_key(UserName=NAME, SSHPublicKeyBody=SSH)
    iam.put_user_policy(UserName=NAME, PolicyName="read", PolicyDocument=READ.text)
    iam.attach_user_policy(UserName=NAME, PolicyArn=READ_ONLY)
    iam.add_user_to_group(GroupName="Operators", UserName=NAME)


def certificate() -> str:
    """A certificate that is signed by itself, made now: none is kept in the repository."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "quay.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def done(plan: Plan, reader: AwsReader, directory: Path) -> None:
    *_, last = apply(plan, reader, writable=False, directory=directory)
    assert last.status is CallStatus.VERIFIED, last.sentence


def account_of(reader: AwsReader) -> Account:
    return list(reader.accounts())[-1]


@pytest.mark.usefixtures("quay")
def test_a_user_goes_and_comes_back_without_its_secrets(reader: AwsReader, iam: Any, directory: Path) -> None:
    plan = plan_of(EntityKind.USER, NAME, OpenedAccount(account_of(reader), reader))
    assert [call.operation for call in plan.calls] == [
        "DeleteLoginProfile",
        "DeleteAccessKey",
        "DeactivateMFADevice",
        "DeleteVirtualMFADevice",
        "DeleteSSHPublicKey",
        "DetachUserPolicy",
        "DeleteUserPolicy",
        "RemoveUserFromGroup",
        "DeleteUser",
    ]
    assert plan.type_name == NAME
    assert "Permanently lost" in plan.warnings[0]
    assert all(call.undo_note for call in plan.calls if call.undo is None)
    done(plan, reader, directory)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_user(UserName=NAME)
    assert not [each for each in iam.list_virtual_mfa_devices()["VirtualMFADevices"] if NAME in each["SerialNumber"]]
    [record] = journals(directory)
    *_, last = roll_back(record.path, reader, writable=False)
    # All but the secrets comes back; there it stops, and says so.
    assert "This cannot be undone: Delete the SSH key" in last.sentence
    assert "AWS shows it only once" in last.sentence
    user = reader.user(NAME).value
    assert user is not None
    assert (user.path, dict(user.tags or {})) == ("/dock/", {"team": "sea"})
    assert user.groups == ("Operators",)
    assert [each.arn for each in user.attached or ()] == [READ_ONLY]
    assert [each.name for each in user.inline or ()] == ["read"]
    assert not iam.list_access_keys(UserName=NAME)["AccessKeyMetadata"]


@pytest.mark.usefixtures("quay")
def test_a_group_goes_and_comes_back_with_its_members(reader: AwsReader, directory: Path) -> None:
    account = account_of(reader)
    before = reader.group("Operators").value
    members = {user.name for user in account.users or () if "Operators" in (user.groups or ())}
    plan = plan_of(EntityKind.GROUP, "Operators", OpenedAccount(account, reader))
    done(plan, reader, directory)
    assert reader.group("Operators").absent
    [record] = journals(directory)
    list(roll_back(record.path, reader, writable=False))
    after = reader.group("Operators").value
    assert after is not None
    assert before is not None
    assert (after.attached, after.inline, after.path) == (before.attached, before.inline, before.path)
    now = account_of(reader)
    assert {user.name for user in now.users or () if "Operators" in (user.groups or ())} == members


def test_a_device_and_a_certificate_go(reader: AwsReader, iam: Any, directory: Path) -> None:
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="left")["VirtualMFADevice"]["SerialNumber"]
    plan = plan_of(EntityKind.MFA_DEVICE, serial, OpenedAccount(account_of(reader), reader))
    assert [call.operation for call in plan.calls] == ["DeleteVirtualMFADevice"]
    done(plan, reader, directory)
    assert serial not in {each["SerialNumber"] for each in iam.list_virtual_mfa_devices()["VirtualMFADevices"]}
    iam.upload_server_certificate(ServerCertificateName="old", CertificateBody=certificate(), PrivateKey="k")
    plan = plan_of(EntityKind.SERVER_CERTIFICATE, "old", OpenedAccount(account_of(reader), reader))
    assert "load balancers" in " ".join(plan.warnings)
    assert "private key" in plan.calls[0].undo_note
    done(plan, reader, directory)
    assert reader.server_certificate("old").absent


def test_a_user_s_boundary_comes_back_with_it(reader: AwsReader) -> None:
    user = reader.user("ben").value
    assert user is not None
    held = Existing(replace(user, boundary_arn=BOUNDARY))
    call = with_undo(Call("DeleteUser", {"UserName": "ben"}, "Delete ben.", user.arn), held)
    assert call.undo is not None
    assert call.undo.parameters["PermissionsBoundary"] == BOUNDARY
    assert "new unique ID" in call.undo_note


def test_what_may_not_be_read_whole_is_not_deleted(
    reader_as: Callable[[str | None], AwsReader], reader: AwsReader
) -> None:
    for kind, name in ((EntityKind.USER, "ben"), (EntityKind.GROUP, "Operators"), (EntityKind.POLICY, "guard-region")):
        with pytest.raises(PlanError, match="denied"):
            plan_of(kind, name, OpenedAccount(account_of(reader), reader_as("ci-legacy")))
    with pytest.raises(PlanError, match="no longer exists"):
        plan_of(EntityKind.USER, "nobody", OpenedAccount(account_of(reader), reader))
