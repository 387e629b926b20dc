"""What AWS owns is changed where it is made: no fix and no plan targets the role itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis
from diagnostics.fix import Calls, FixKind, PermissionSetChange, PolicyChange, TrustChange
from diagnostics.fix_report import proof_of
from diagnostics.plans.fix import why_no_plan
from iam.ownership import OwnerKind, owner_of_arn
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, QUEUE, allow, document, role, service, session
from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, denied, diagnosis_of, no, read

SSO = "AWSReservedSSO_Analysts_0123456789abcdef"
SSO_PATH = "/aws-reserved/sso.amazonaws.com/eu-central-1/"
LINKED = "AWSServiceRoleForBackup"
LINKED_PATH = "/aws-service-role/backup.amazonaws.com/"
BUCKET = "arn:aws:s3:::alder-team"
RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}


def _account(path: Path, *statements: dict[str, Any], version: str = "2012-10-17") -> Read:
    content = alder.snapshot()
    own = {"Version": version, "Statement": list(statements)}
    trusted = alder.trust({"Federated": f"arn:aws:iam::{ID}:saml-provider/sso"}, "sts:AssumeRoleWithSAML")
    content["RoleDetailList"] += [
        role(SSO, trusted, path=SSO_PATH, inline={"AwsSSOInlinePolicy": own}),
        role(LINKED, service("backup"), path=LINKED_PATH, inline={"own": own}),
    ]
    return read(path / "alder.json", content)


def _changed(found: Diagnosis) -> list[str]:
    """The targets of all that could become a plan."""
    return [fix.target for fix in found.fixes if isinstance(fix.change, PolicyChange | TrustChange | Calls)]


@pytest.mark.parametrize(
    ("action", "resource", "statements"),
    [
        ("sqs:SendMessage", QUEUE, (allow("s3:GetObject", f"{BUCKET}/*"),)),  # no action
        ("s3:GetObject", f"{BUCKET}/a", (allow("s3:GetObject", BUCKET),)),  # another resource
        ("s3:GetObject", f"{BUCKET}/a", (allow("s3:GetObject", f"{BUCKET}/*", None, **RED),)),  # a tag
        ("s3:ListBucket", BUCKET, (allow("s3:HeadBucket", BUCKET),)),  # the name of an API operation
    ],
)
@pytest.mark.parametrize("name", [SSO, LINKED])
def test_no_change_targets_a_role_of_awss(
    name: str, action: str, resource: str, statements: tuple[dict[str, Any], ...], tmp_path: Path
) -> None:
    account = _account(tmp_path, *statements)
    found = diagnosis_of(denied(session(name), action, resource, no("identity-based policy", action)), account)
    assert not [target for target in _changed(found) if name in target]
    assert not any(name in fix.text and "aws iam" in fix.text for fix in found.fixes)
    assert found.fixes


def test_a_permission_set_is_changed_in_its_account(tmp_path: Path) -> None:
    account = _account(tmp_path, allow("s3:GetObject", f"{BUCKET}/*", "Read"))
    text = denied(session(SSO), "sqs:SendMessage", QUEUE, no("identity-based policy", "sqs:SendMessage"))
    found = diagnosis_of(text, account)
    fix = found.fixes[0]
    assert isinstance(fix.change, PermissionSetChange) and fix.kind is FixKind.PERMISSION_SET
    assert fix.change.name == "Analysts" and fix.change.after is not None
    written = fix.change.after.value["Statement"]
    assert [one["Action"] for one in written] == ["s3:GetObject", "sqs:SendMessage"]  # what was there stays
    assert "put-inline-policy-to-permission-set" in fix.text and "ALL_PROVISIONED_ACCOUNTS" in fix.text
    assert not fix.effects.complete and any("every account" in said for said in fix.cautions)
    assert "the role of Analysts in every other account was not taken into account" in proof_of(fix)
    assert "list-accounts-for-provisioned-permission-set" in fix.text
    assert "Identity Center" in why_no_plan(fix)


@pytest.mark.parametrize(
    ("name", "label"), [("Analysts", "Analysts"), ("ops.read-only", "ops_read-only"), ("2nd=level", "_2nd_level")]
)
def test_a_permission_set_is_changed_in_terraform(name: str, label: str) -> None:
    written = PermissionSetChange(name, allow("s3:GetObject", BUCKET)).terraform
    assert f'resource "aws_ssoadmin_permission_set_inline_policy" "{label}"' in written
    assert f'name         = "{name}"' in written
    assert written.count("{") == written.count("}") and 'file("${path.module}/inline.json")' in written


@pytest.mark.parametrize(
    ("arn", "kind", "name"),
    [
        (f"arn:aws:iam::{ID}:role{SSO_PATH}{SSO}", OwnerKind.IDENTITY_CENTER, "Analysts"),
        (session(SSO), OwnerKind.IDENTITY_CENTER, "Analysts"),
        (f"arn:aws:iam::{ID}:role{LINKED_PATH}{LINKED}", OwnerKind.SERVICE, "backup.amazonaws.com"),
        (f"arn:aws:iam::{ID}:role/AWSServiceRoleLookalike", None, ""),
        (f"arn:aws:iam::{ID}:user/mira", None, ""),
        (f"arn:aws:iam::999988887777:role{SSO_PATH}{SSO}", None, ""),
    ],
)
def test_one_place_knows_the_owner(arn: str, kind: OwnerKind | None, name: str, tmp_path: Path) -> None:
    owner = owner_of_arn(arn, _account(tmp_path)[0])
    assert (owner.kind if owner else None) == kind and (owner.name if owner else "") == name
    assert document


class _Center:
    """A reader with another answer of IAM Identity Center."""

    def __init__(self, reader: AccountReader, answer: Reading[tuple[str, ...]]) -> None:
        self._reader, self._answer = reader, answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        assert (name, region) == ("Analysts", "eu-central-1")
        return self._answer


@pytest.mark.parametrize(
    ("accounts", "caution", "complete"),
    [
        (
            (ID, "444455556666", "777700001111"),
            "to 2 other accounts (444455556666 and 777700001111), so the change also applies",
            False,
        ),
        (
            (ID, *(f"{number:012}" for number in range(9))),
            "000000000004 and 4 more), so the change also applies",
            False,
        ),
        ((ID,), "provisioned only to this account", True),
        (None, "every account to which the permission set is provisioned: list them first", False),
    ],
)
def test_the_other_accounts_of_a_permission_set_are_named_and_not_compared(
    accounts: tuple[str, ...] | None, caution: str, complete: bool, tmp_path: Path
) -> None:
    account, reader = _account(tmp_path, allow("s3:GetObject", f"{BUCKET}/*", "Read"))
    center: Any = _Center(reader, Reading("sso:List", accounts, why="" if accounts else "It may not be read."))
    text = denied(session(SSO), "sqs:SendMessage", QUEUE, no("identity-based policy", "sqs:SendMessage"))
    fix = diagnosis_of(text, (account, center)).fixes[0]
    assert any(caution in said for said in fix.cautions)
    assert fix.effects.complete is complete and ("was not taken into account" in proof_of(fix)) is not complete


def test_the_demo_names_the_accounts_of_its_permission_set() -> None:
    """Who may read the organization may read IAM Identity Center there; others are told to list the accounts."""
    for who, caution in ((None, "444455556666"), ("ben", "list them first")):
        account, reader = opened(who)
        caller = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789/ana"
        queue = "arn:aws:sqs:us-east-1:111122223333:orders-events"
        fix = diagnosis_of(denied(caller, "sqs:SendMessage", queue), (account, reader)).fixes[0]
        assert any(caution in said for said in fix.cautions), fix.cautions
