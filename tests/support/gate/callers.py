"""Small accounts in which a certain caller plans a change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.questions import (
    ID,
    allow,
    bounded,
    managed,
    opened,
    role,
    scps,
    snapshot,
    trust,
    user,
)

Statement = dict[str, Any]
EDGE, READ = (f"arn:aws:iam::{ID}:policy/{name}" for name in ("edge", "read"))
SSO_ROLE = "AWSReservedSSO_Administrators_0123456789abcdef"
ANY_OF_ACCOUNT = trust({"AWS": f"arn:aws:iam::{ID}:root"})
_SSO_TRUST = trust(
    {"Federated": f"arn:aws:iam::{ID}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"},
    ["sts:AssumeRoleWithSAML", "sts:TagSession"],
    Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
)


def account_of(
    folder: Path,
    caller: str,
    *,
    roles: list[Statement] | None = None,
    users: list[Statement] | None = None,
    policies: list[Statement] | None = None,
    groups: list[Statement] | None = None,
    organization: dict[str, Any] | None = None,
    partition: str = "aws",
) -> OpenedAccount:
    """An account with the role ``app`` (tag team=a), ``bounded`` (boundary edge) and a second administrator."""
    read = allow("s3:GetObject", "arn:aws:s3:::b/*")
    content = snapshot(
        [
            role("app", read, Tags=[{"Key": "team", "Value": "a"}]),
            role("bounded", read, **bounded("edge")),
            *(roles or []),
        ],
        [user("second-admin", allow("*")), *(users or [])],
        [managed("edge", allow("s3:*")), managed("read", read), *(policies or [])],
        organization=organization or scps([allow("*")]),
    )
    content["GroupDetailList"] = groups or []
    content["Rolescope"]["Account"]["Caller"] = caller
    content["Rolescope"] |= {"InstanceProfiles": [], "AccountSummary": {"Roles": 5, "RolesQuota": 1000}}
    written = json.dumps(content).replace("arn:aws:", f"arn:{partition}:")
    return OpenedAccount(*opened(folder, json.loads(written)))


def as_user(folder: Path, *statements: Statement, users: list[Statement] | None = None, **more: Any) -> OpenedAccount:
    """The user ``me`` with these permissions."""
    return account_of(folder, f"arn:aws:iam::{ID}:user/me", users=[user("me", *statements), *(users or [])], **more)


def as_role(
    folder: Path,
    *statements: Statement,
    roles: list[Statement] | None = None,
    trusts: dict[str, Any] = ANY_OF_ACCOUNT,
    tags: dict[str, str] | None = None,
    **more: Any,
) -> OpenedAccount:
    """A session of the role ``me`` with these permissions."""
    tagged = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    mine = role("me", *statements, AssumeRolePolicyDocument=trusts, Tags=tagged)
    caller = f"arn:aws:sts::{ID}:assumed-role/me/session"
    return account_of(folder, caller, roles=[mine, *(roles or [])], **more)


def as_identity_center(folder: Path, *statements: Statement, **more: Any) -> OpenedAccount:
    """A person who signed in by IAM Identity Center with these permissions."""
    path = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
    mine = role(SSO_ROLE, *statements, path=path, AssumeRolePolicyDocument=_SSO_TRUST)
    return account_of(folder, f"arn:aws:sts::{ID}:assumed-role/{SSO_ROLE}/alice@example.com", roles=[mine], **more)


def as_root(folder: Path, **more: Any) -> OpenedAccount:
    return account_of(folder, f"arn:aws:iam::{ID}:root", **more)


def group(name: str, *statements: Statement) -> Statement:
    inline = [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
    return {
        "GroupName": name,
        "Path": "/",
        "GroupId": f"AGPA{name.upper():0>17.17}",
        "Arn": f"arn:aws:iam::{ID}:group/{name}",
        "GroupPolicyList": inline,
        "AttachedManagedPolicies": [],
    }
