"""Hand-made accounts for questions, as snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iam.account import Account
from iam.questions.index import AccountIndex
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot

ID = "111122223333"
OTHER = "444455556666"


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def role(name: str, *statements: dict[str, Any], path: str = "/", **more: Any) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Path": path,
        "Arn": f"arn:aws:iam::{ID}:role{path}{name}",
        "RoleId": f"AROA{name.upper():0>17.17}".replace("-", "X"),
        "AssumeRolePolicyDocument": trust({"Service": "lambda.amazonaws.com"}),
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": document(*statements)}] if statements else [],
        "AttachedManagedPolicies": [],
        "Tags": [],
        **more,
    }


def user(name: str, *statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "UserName": name,
        "Path": "/",
        "Arn": f"arn:aws:iam::{ID}:user/{name}",
        "UserId": f"AIDA{name.upper():0>17.17}",
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else [],
        "AttachedManagedPolicies": [],
        "GroupList": [],
        "Tags": [],
        **more,
    }


def managed(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "PolicyName": name,
        "Arn": f"arn:aws:iam::{ID}:policy/{name}",
        "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document(*statements)}],
    }


def attached(*names: str) -> dict[str, Any]:
    policies = [{"PolicyName": name, "PolicyArn": f"arn:aws:iam::{ID}:policy/{name}"} for name in names]
    return {"AttachedManagedPolicies": policies}


def bounded(name: str) -> dict[str, Any]:
    return {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ID}:policy/{name}"}}


def scps(*levels: list[dict[str, Any]]) -> dict[str, Any]:
    """An organization whose levels hold one SCP each, of these statements."""
    return {
        "Id": "o-1",
        "ManagementAccountId": "999988887777",
        "Path": ["r-1"],
        "ServiceControlPolicies": [
            {
                "Target": f"t-{number}",
                "Policies": [{"Arn": f"arn:p/{number}", "Name": f"scp-{number}", "Document": document(*level)}],
            }
            for number, level in enumerate(levels)
        ],
    }


def snapshot(
    roles: list[dict[str, Any]],
    users: list[dict[str, Any]] | None = None,
    policies: list[dict[str, Any]] | None = None,
    resources: dict[str, Any] | None = None,
    organization: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "RoleDetailList": roles,
        "UserDetailList": users or [],
        "GroupDetailList": [],
        "Policies": policies or [],
        "Rolescope": {
            "Version": 1,
            "Account": {"Id": ID, "CapturedAt": "2026-11-01T12:00:00+00:00"},
            "Organization": organization,
            "ResourcePolicies": resources or {},
        },
        **more,
    }


def opened(tmp_path: Path, content: dict[str, Any]) -> tuple[Account, SnapshotReader]:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    reader = open_snapshot(path)
    return list(reader.accounts())[-1], reader


def indexed(tmp_path: Path, content: dict[str, Any]) -> AccountIndex:
    return AccountIndex(*opened(tmp_path, content))
