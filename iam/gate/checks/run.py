"""All checks of a planned change. Their findings are shown in this order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from iam import field_rules as fields
from iam.account import Account, Role
from iam.creation.spec import RoleSpec
from iam.gate.checks.caller import permission_findings
from iam.gate.checks.contracts import contract_findings
from iam.gate.checks.creation import name_findings, profile_findings, quota_findings, session_findings, size_findings
from iam.gate.checks.documents import (
    lint_findings,
    managed_findings,
    new_policy_findings,
    partition_findings,
    principal_findings,
)
from iam.gate.checks.lockout import lockout_findings
from iam.gate.checks.opens import access_findings
from iam.gate.finding import GateFinding, Level, about
from iam.gate.planned_change import PlannedChange, documents_of
from iam.gate.verdict import Check
from iam.policy.lint import PolicyKind
from iam.sources.reader.account_reader import AccountReader


def created(change: PlannedChange) -> Iterator[tuple[Role, RoleSpec]]:
    """Yield the roles that the plan creates, each with its specification."""
    made = {call.text("RoleName") for call in change.plan.calls if call.operation == "CreateRole"}
    for role in change.roles:
        spec = change.spec_of(role) if role.name in made else None
        if spec is not None:
            yield role, spec


def _creation(change: PlannedChange) -> Iterator[GateFinding]:
    for _, spec in created(change):
        yield from about(spec.name, name_findings(spec, change.before, change.reader))
        yield from about(spec.name, profile_findings(spec, change.before, change.reader))
        yield from about(spec.name, quota_findings(spec, change.before, change.reader))
    made = {role.name for role, _ in created(change)}
    summary = dict(change.reader.account_summary().value or change.before.summary or {})
    before = {role.name: role for role in change.before.roles}
    for role in change.roles:
        described = change.spec_of(role) if role.name not in made else None
        was = change.spec_of(before[role.name]) if role.name in before else None
        if described is not None:
            yield from about(role.name, size_findings(described, change.before, summary, was))


def _fields(change: PlannedChange) -> Iterator[GateFinding]:
    """Yield the fields that the API's patterns reject.

    Values restored by an undo are not checked: IAM accepted them before.
    """
    if change.plan.kind == "undo":
        return
    summary = change.before.summary or {}
    for each in change.documents:
        if each.kind is PolicyKind.TRUST:
            fault = fields.trust_fault(
                each.document, summary.get("AssumeRolePolicySizeQuota", fields.LARGEST_TRUST_SIZE)
            )
        elif each.field == "policies":
            fault = fields.managed_fault(each.document, each.name)
        else:
            fault = fields.permissions_fault(each.document, each.words)
        if fault:
            place = (each.field, each.name)
            yield GateFinding(f"field.{each.field}", fault, "Correct it.", *place, call=each.call, role=each.role)
    for index, call in enumerate(change.plan.calls):
        tags = call.parameters.get("Tags") or {}
        if fault := fields.tags_fault(tags) if call.operation.startswith(("Create", "Tag")) else None:
            role = call.text("RoleName")
            yield GateFinding("field.tags", fault, "Correct it.", "tags", call=index, role=role)


def _session(change: PlannedChange) -> Iterator[GateFinding]:
    return session_findings(change.reader)


def _principals(change: PlannedChange) -> Iterator[GateFinding]:
    """Check the principals, without reporting those that the plan itself creates as missing."""
    made = {call.target for call in change.plan.calls if call.operation.startswith("Create")}
    issuers = {arn.partition(":oidc-provider/")[2] for arn in made}
    for each in change.documents:
        if each.kind is PolicyKind.TRUST and not each.document.problems:
            for finding in principal_findings(each.document, change.before, change.reader):
                if finding.code not in ("principal.missing", "provider.missing") or finding.value not in made | issuers:
                    yield replace(finding, role=each.role)


def _policies(change: PlannedChange) -> Iterator[GateFinding]:
    made = {call.target for call in change.plan.calls if call.operation == "CreatePolicy"}
    for call in change.plan.calls:
        arn = call.text("PolicyArn") if call.operation.startswith("Attach") else ""
        if arn and arn not in made:
            found = managed_findings(arn, "attached", change.before, change.reader)
            yield from about(call.text("RoleName"), found)
        boundary = call.text("PermissionsBoundary")
        if boundary and boundary not in made:
            found = managed_findings(boundary, "boundary", change.before, change.reader)
            yield from about(call.text("RoleName"), found)
    for _, spec in created(change):
        for policy in spec.new_policies:
            yield from about(spec.name, new_policy_findings(policy, change.before, change.reader))


def lint_check(change: PlannedChange) -> Iterator[GateFinding]:
    """Lint the documents.

    A document that an undo restores is not reported as rejected, because IAM has saved it before.
    """
    for finding in lint_findings(change.documents, change.reader):
        if change.plan.kind == "undo" and finding.code.startswith("refused."):
            yield replace(
                finding, code=finding.code.replace("refused.", "lint."), way_out="IAM has saved this text before."
            )
        else:
            yield finding


def _partitions(change: PlannedChange) -> Iterator[GateFinding]:
    return iter(()) if change.plan.kind == "undo" else partition_findings(change.documents, change.before)


def _permissions(change: PlannedChange) -> Iterator[GateFinding]:
    return permission_findings(change.plan, change.before, change.reader, change.assumed)


CHECKS: tuple[Check, ...] = (
    _fields,
    _creation,
    _session,
    _principals,
    _policies,
    lint_check,
    _partitions,
    contract_findings,
    _permissions,
    access_findings,
    lockout_findings,
)


def spec_findings(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """Yield the reasons why IAM would reject a specification, whatever the account.

    If there are any, no plan can be made, so the specification's documents and names are checked here too.
    """
    faults = tuple(spec.field_faults())
    for field, sentence in faults:
        yield GateFinding(f"field.{field}", sentence, "Correct the field.", field)
    if not faults:
        yield GateFinding.fine("fields", "Names, path, tags and documents follow IAM's rules.")
        return
    yield from name_findings(spec, account, reader)
    yield from profile_findings(spec, account, reader)
    yield from quota_findings(spec, account, reader)
    yield from principal_findings(spec.trust, account, reader)
    for arn in spec.attached:
        yield from managed_findings(arn, "attached", account, reader)
    if spec.boundary_arn:
        yield from managed_findings(spec.boundary_arn, "boundary", account, reader)
    for policy in spec.new_policies:
        yield from new_policy_findings(policy, account, reader)
    yield from lint_findings(documents_of(spec), reader)


def stops(findings: Iterable[GateFinding]) -> bool:
    """Whether a finding prevents the change in its current form."""
    return any(finding.level is Level.ERROR for finding in findings)
