"""Reject identity policies that IAM rejects but moto accepts, or that moto rejects with another error code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.statements import VERSIONS

OPERATIONS = ("CreatePolicy", "CreatePolicyVersion", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy")


def identity_document(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """Reject identity policies with faults that moto's own validator, which runs afterwards, does not find."""
    try:
        value = json.loads(call.get("PolicyDocument") or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if value.get("Version", VERSIONS[0]) not in VERSIONS:
        raise AwsError("MalformedPolicyDocument", "The policy must contain a valid version string")
    statements = value.get("Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        for name in ("Principal", "NotPrincipal"):
            if isinstance(statement, dict) and name in statement:
                raise AwsError("MalformedPolicyDocument", f"Has prohibited field {name}")
    return None
