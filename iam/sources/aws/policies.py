"""Read managed policies without a cache, and AWS's own assessment of policies by Access Analyzer and the simulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iam import aws_managed_policies
from iam.account import ManagedPolicy
from iam.arn import is_aws_managed
from iam.policy.document import Document
from iam.policy.lint import LintFinding, LintSeverity, PolicyKind
from iam.simulator import Simulator
from iam.sources.aws.session import NOT_THERE, PAGE, Aws, AwsPart, Patience
from iam.sources.aws.simulator import AwsSimulator
from iam.sources.json_objects import MANAGED_POLICY
from iam.sources.reader.reading import Reading

VALIDATE = "access-analyzer:ValidatePolicy"
_TYPES = {
    PolicyKind.IDENTITY: "IDENTITY_POLICY",
    PolicyKind.BOUNDARY: "IDENTITY_POLICY",
    PolicyKind.TRUST: "RESOURCE_POLICY",
    PolicyKind.RESOURCE: "RESOURCE_POLICY",
    PolicyKind.SCP: "SERVICE_CONTROL_POLICY",
    PolicyKind.RCP: "RESOURCE_CONTROL_POLICY",
}
TRUST = "AWS::IAM::AssumeRolePolicyDocument"


class AwsPolicies(AwsPart):
    """Reads policies. Only AWS managed policies are cached, because changes to the account do not affect them."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws)
        self._managed: dict[str, Reading[ManagedPolicy]] = {}

    def forget(self) -> None:
        super().forget()
        with self._lock:
            self._managed.clear()

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """Read a policy with its documents: all versions of a customer policy, or the default version of AWS's."""
        with self._lock:
            kept = self._managed.get(arn)
        if kept is not None:
            return kept
        reading = self._managed_policy(arn)
        if is_aws_managed(arn) and reading.found and not reading.note:
            with self._lock:
                self._managed[arn] = reading
        return reading

    def _managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """Read the policy and its documents: all versions of a customer policy, or AWS's default version."""
        reading = self.aws.read(
            "iam:GetPolicy", lambda: self._iam.get_policy(PolicyArn=arn)["Policy"], absent=(*NOT_THERE, "InvalidInput")
        )
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)

        def version(version_id: str) -> Mapping[str, Any]:
            found: Mapping[str, Any] = self._iam.get_policy_version(PolicyArn=arn, VersionId=version_id)[
                "PolicyVersion"
            ]
            return found

        aws_managed = is_aws_managed(arn)
        default = self.aws.read("iam:GetPolicyVersion", lambda: [version(entry["DefaultVersionId"])])
        notes = [default.why] if default.why else []
        entry["PolicyVersionList"] = default.value or []
        if not aws_managed and default.value:
            others = self.aws.read(
                "iam:ListPolicyVersions",
                lambda: [
                    version(listed["VersionId"])
                    for listed in self.aws.pages("iam", "list_policy_versions", "Versions", PolicyArn=arn)
                    if listed["VersionId"] != entry["DefaultVersionId"]
                ],
            )
            if others.value is not None:
                entry["PolicyVersionList"] = sorted(
                    (*default.value, *others.value), key=lambda one: _version_number(one["VersionId"]), reverse=True
                )
            else:
                notes.append(others.why)
        whole = self.aws.read("iam:GetPolicy", lambda: MANAGED_POLICY.read(entry))
        return replace(whole, note=" ".join(notes))

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        """Read a customer policy by name. AWS has no lookup by name, so the list of customer policies is searched."""
        found = self.aws.read(
            "iam:ListPolicies",
            lambda: next(
                (
                    str(entry["Arn"])
                    for entry in self.aws.pages(
                        "iam", "list_policies", "Policies", Scope="Local", PaginationConfig=PAGE
                    )
                    if entry["PolicyName"].lower() == name.lower()
                ),
                None,
            ),
        )
        if found.value is None:
            return Reading(found.call, why=found.why)
        return self.managed_policy(found.value)

    def aws_managed_policies(self) -> Reading[tuple[str, ...]]:
        reading = self.aws.read(
            "iam:ListPolicies",
            lambda: [
                str(entry["Arn"])
                for entry in self.aws.pages("iam", "list_policies", "Policies", Scope="AWS", PaginationConfig=PAGE)
            ],
        )
        arns = aws_managed_policies.arns() if reading.value is None else reading.value
        return Reading(reading.call, aws_managed_policies.attachable(arns), note=reading.why)

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[LintFinding, ...]]:
        """Return the findings of AWS's ValidatePolicy, with AWS's messages and in its order.

        The call is free of charge.
        """
        arguments: dict[str, Any] = {"policyDocument": document.text, "policyType": _TYPES[kind]}
        if kind is PolicyKind.TRUST:
            arguments["validatePolicyResourceType"] = TRUST

        def read() -> tuple[LintFinding, ...]:
            answers = self.aws.pages(
                "accessanalyzer", "validate_policy", "findings", patience=Patience.WITNESS, **arguments
            )
            return tuple(finding for answer in answers for finding in _findings(answer))

        return self.aws.witness(VALIDATE, lambda: self.aws.read(VALIDATE, read))

    def simulator(self) -> Simulator | None:
        return AwsSimulator(self.aws)


def _version_number(version_id: str) -> int:
    return int(version_id[1:]) if version_id[1:].isdigit() else 0


def _findings(answer: Mapping[str, Any]) -> Iterator[LintFinding]:
    """Yield one finding for each location that AWS returns. AWS counts columns from 0."""
    try:
        severity = LintSeverity(str(answer.get("findingType")))
    except ValueError:
        severity = LintSeverity.WARNING  # a type of finding that is newer than this list
    code, message = str(answer.get("issueCode") or ""), str(answer.get("findingDetails") or "")
    locations: list[Mapping[str, Any]] = list(answer.get("locations") or ()) or [{}]
    for location in locations:
        start = (location.get("span") or {}).get("start") or {}
        yield LintFinding(
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
