"""Read Pulumi previews (``pulumi preview --json``): their AWS resources have Terraform's arguments in camel case.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diagnostics.plan_review.files.terraform import TerraformResource, planned_by
from diagnostics.plan_review.planned import PlannedChanges
from iam.account import Account

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's marker for a value that is known only after the change (pulumi/sdk, ``plugin.UnknownStringValue``)."""

_DELETES = ("delete", "delete-replaced", "discard")
_TYPES = {
    "aws:s3/bucketV2:BucketV2": "aws_s3_bucket",
    "aws:s3/bucketPolicy:BucketPolicy": "aws_s3_bucket_policy",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
}


def is_pulumi_preview(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("steps"), list) and "resource_changes" not in value


def planned_by_pulumi(preview: Mapping[str, Any], account: Account) -> PlannedChanges:
    found = []
    everything: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for step in preview["steps"]:
        operation = str(step.get("op", ""))
        state = step.get("newState") or step.get("oldState") or {}
        urn, type = str(step.get("urn") or state.get("urn") or ""), _terraform_type(str(state.get("type", "")))
        if not type:
            continue
        old = step.get("oldState") or {}
        # A name that Pulumi generated is only in the outputs.
        given = {**(state.get("outputs") or {}), **(state.get("inputs") or {})}
        values = {_snake(key): value for key, value in given.items() if not key.startswith("__")}
        unknown = frozenset(key for key, value in values.items() if _holds_unknown(value))
        known = {key: value for key, value in values.items() if key not in unknown}
        everything[urn] = type, known
        if operation in ("same", "read", "refresh", "delete-replaced"):
            continue
        dependencies = state.get("propertyDependencies") or {}
        found.append(
            TerraformResource(
                urn,
                type,
                known,
                deleted=operation in _DELETES,
                unknown=unknown,
                references={_snake(key): list(each or ()) for key, each in dependencies.items()},
                before={_snake(key): value for key, value in (old.get("inputs") or {}).items()},
            )
        )
    return planned_by(found, account, "Pulumi", everything)


def _terraform_type(text: str) -> str:
    """Return the Terraform type for a Pulumi type; "" for other providers.

    ``aws:iam/rolePolicy:RolePolicy`` is ``aws_iam_role_policy``.
    """
    if text in _TYPES:
        return _TYPES[text]
    match = re.fullmatch(r"aws:(\w+)/(\w+):\w+", text)
    return f"aws_{match[1]}_{_snake(match[2])}" if match else ""


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", text).lower()


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, str):
        return UNKNOWN in value
    if isinstance(value, dict):
        return any(_holds_unknown(each) for each in value.values())
    return isinstance(value, list) and any(_holds_unknown(each) for each in value)
