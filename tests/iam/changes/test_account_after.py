"""Every write call that changes what is allowed changes the account that its plan is evaluated in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    User,
)
from iam.changes.account_after import account_with
from iam.changes.call import Call
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import OPERATIONS
from iam.policy.document import Document

ALLOWS_NOTHING = {
    "a user's credential: what the user may do does not depend on it": {
        *("DeleteLoginProfile", "UpdateAccessKey", "DeleteAccessKey", "DeactivateMFADevice", "DeleteVirtualMFADevice"),
        *("DeleteSigningCertificate", "DeleteSSHPublicKey", "DeleteServiceSpecificCredential"),
        "DeleteServerCertificate",
    },
    "an empty group or profile: IAM deletes no other, and a new one is empty": {
        *("CreateGroup", "DeleteGroup", "CreateInstanceProfile", "DeleteInstanceProfile"),
    },
    "a policy or version that nothing uses: IAM deletes no other": {"DeletePolicy", "DeletePolicyVersion"},
    "an instance's role: an Account does not contain instances": {
        *("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "DisassociateIamInstanceProfile"),
    },
    "a provider that is deleted: trust policies that name it are found by the rule trust.provider-missing": {
        "DeleteOpenIDConnectProvider",
    },
}
"""The write calls after which the same requests are allowed, as far as an `Account` shows, by the reason."""

ID = "111122223333"
ARN = f"arn:aws:iam::{ID}:"
TEXTS = {
    "RoleName": "worker",
    "UserName": "ann",
    "GroupName": "readers",
    "PolicyName": "own",
    "PolicyArn": f"{ARN}policy/shared",
    "PermissionsBoundary": f"{ARN}policy/limit",
    "VersionId": "v2",
    "OpenIDConnectProviderArn": f"{ARN}oidc-provider/id.example.com",
    "Url": "https://new.example.com",
    "ClientID": "sts.amazonaws.com",
}
VALUES: dict[ParameterKind, Any] = {
    ParameterKind.NUMBER: 7200,
    ParameterKind.FLAG: True,
    ParameterKind.LIST: ("team", "sts.amazonaws.com"),
    ParameterKind.TAGS: {"team": "web"},
    ParameterKind.DOCUMENT: '{"Version": "2012-10-17", "Statement": []}',
    ParameterKind.PROFILE: "worker",
}


def account(*, full: bool) -> Account:
    """An account with the entities of `TEXTS`: each with everything that a call removes, or with nothing."""
    document = Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}')
    inline = (InlinePolicy("own", document),) if full else ()
    attached = (AttachedPolicy("shared", f"{ARN}policy/shared"),) if full else ()
    boundary, tags = (f"{ARN}policy/limit", {"team": "web"}) if full else (None, {})
    role = Role(
        "worker",
        f"{ARN}role/worker",
        trust=document,
        inline=inline,
        attached=attached,
        boundary_arn=boundary,
        tags=tags,
        instance_profiles=("worker",) if full else (),
    )
    groups = ("readers",) if full else ()
    user = User(
        "ann", f"{ARN}user/ann", inline=inline, attached=attached, groups=groups, boundary_arn=boundary, tags=tags
    )
    versions = (PolicyVersion("v1", document, True), PolicyVersion("v2", document, False))
    return Account(
        ID,
        "test",
        datetime(2026, 1, 1, tzinfo=UTC),
        roles=(role,),
        users=(user,),
        groups=(Group("readers", f"{ARN}group/readers", inline=inline, attached=attached),),
        policies=(ManagedPolicy("shared", f"{ARN}policy/shared", versions=versions, default_version_id="v1"),),
        oidc_providers=(
            OIDCProvider(
                TEXTS["OpenIDConnectProviderArn"], "id.example.com", ("sts.amazonaws.com",) if full else ("other",)
            ),
        ),
    )


def changed(name: str) -> bool:
    """Whether the call changes an account that has what it removes, or one that lacks what it adds."""
    operation = OPERATIONS[name]
    given = {
        each: TEXTS.get(each, "worker") if kind is ParameterKind.TEXT else VALUES[kind]
        for each, kind in operation.parameters.items()
    }
    given |= {"UserName": "new", "RoleName": "new"} if operation.creates else {}
    call = Call(name, given, "Why.", f"{ARN}x/new", service=operation.service)
    return any(account_with(each, call) != each for each in (account(full=True), account(full=False)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_write_call_has_its_case_or_a_reason_why_it_needs_none(name: str) -> None:
    assert changed(name) != any(name in calls for calls in ALLOWS_NOTHING.values())
