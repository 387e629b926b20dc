"""Access Analyzer's ValidatePolicy: AWS's own word on a document, beside the local lint's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iam.policy.document import Document
from iam.policy.lint import Finding, PolicyKind, Severity
from iam.sources.aws.session import Aws
from iam.sources.reader import Reading

CALL = "access-analyzer:ValidatePolicy"
_TYPES = {
    PolicyKind.IDENTITY: "IDENTITY_POLICY",
    PolicyKind.BOUNDARY: "IDENTITY_POLICY",
    PolicyKind.TRUST: "RESOURCE_POLICY",
    PolicyKind.RESOURCE: "RESOURCE_POLICY",
    PolicyKind.SCP: "SERVICE_CONTROL_POLICY",
    PolicyKind.RCP: "RESOURCE_CONTROL_POLICY",
}
TRUST = "AWS::IAM::AssumeRolePolicyDocument"


def validate_policy(aws: Aws, document: Document, kind: PolicyKind) -> Reading[tuple[Finding, ...]]:
    """The findings of AWS, in its order; their messages are AWS's. The call is free of charge."""
    arguments: dict[str, Any] = {"policyDocument": document.text, "policyType": _TYPES[kind]}
    if kind is PolicyKind.TRUST:
        arguments["validatePolicyResourceType"] = TRUST

    def ask() -> tuple[Finding, ...]:
        answers = aws.pages("accessanalyzer", "validate_policy", "findings", **arguments)
        return tuple(finding for answer in answers for finding in _findings(answer))

    return aws.read(CALL, ask)


def _findings(answer: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding for each place that AWS names; AWS counts columns from 0."""
    try:
        severity = Severity(str(answer.get("findingType")))
    except ValueError:
        severity = Severity.WARNING  # a type that is newer than this list
    code, message = str(answer.get("issueCode") or ""), str(answer.get("findingDetails") or "")
    locations: list[Mapping[str, Any]] = list(answer.get("locations") or ()) or [{}]
    for location in locations:
        start = (location.get("span") or {}).get("start") or {}
        yield Finding(
            code,
            severity,
            message,
            int(start.get("line") or 1),
            int(start.get("column") or 0) + 1,
            tuple(_step(part) for part in location.get("path") or ()),
            "aws",
        )


def _step(part: Mapping[str, Any]) -> str | int:
    if "index" in part:
        return int(part["index"])
    return str(part.get("key") or part.get("value") or "")
