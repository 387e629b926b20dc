"""Access Analyzer's ValidatePolicy, which moto lacks, answered by rolescope's own lint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World
from iam.policy.document import Document
from iam.policy.lint import LintFinding, PolicyKind, lint

_LEARN_MORE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
_TRUST = "AWS::IAM::AssumeRolePolicyDocument"
_KINDS = {
    "IDENTITY_POLICY": PolicyKind.IDENTITY,
    "RESOURCE_POLICY": PolicyKind.RESOURCE,
    "SERVICE_CONTROL_POLICY": PolicyKind.SCP,
    "RESOURCE_CONTROL_POLICY": PolicyKind.RCP,
}


def _validate(world: World, call: DemoCall) -> Mapping[str, Any]:
    kind = _KINDS.get(str(call.get("policyType")))
    if kind is None:
        raise AwsError("ValidationException", f"There is no policyType {call.get('policyType')}.")
    if call.get("validatePolicyResourceType") == _TRUST:
        kind = PolicyKind.TRUST
    document = Document(str(call.get("policyDocument") or ""))
    return {"findings": [_finding(found) for found in lint(document, kind)]}


def _finding(found: LintFinding) -> Mapping[str, Any]:
    position = {"line": found.line, "column": found.column - 1, "offset": 0}  # AWS counts columns from 0
    path = [{"index": step} if isinstance(step, int) else {"value": step} for step in found.path]
    return {
        "findingType": found.severity.value,
        "issueCode": found.code,
        "findingDetails": found.message,
        "learnMoreLink": _LEARN_MORE,
        "locations": [{"path": path, "span": {"start": position, "end": position}}],
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {("accessanalyzer", "ValidatePolicy"): _validate}
