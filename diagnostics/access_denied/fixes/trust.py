"""Fixes of a role's trust policy: the whole document with the one change in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.documents import as_list, as_written, statements_of, with_changed, with_statement
from diagnostics.access_denied.fixes.proof import allowed_with, newly_allowed
from diagnostics.access_denied.fixes.statements import principal_element
from diagnostics.access_denied.judge import Finding, orphans
from diagnostics.diagnosis import Fix, FixKind, Who
from iam.arn import name_of
from iam.policy.decision import NearMiss
from iam.policy.document import Document
from iam.policy.principal import Kind
from iam.service_reference import spelled


def trust_fix(case: Case, title: str, after: Document) -> Fix:
    """A fix that puts ``after`` in the place of the trust policy, evaluated."""
    policy = case.policies.resource
    assert policy is not None
    changed = replace(case.effective_policies, resource=replace(policy, document=after))
    return Fix(
        title,
        Who.ACCOUNT_ADMIN,
        FixKind.TRUST_POLICY,
        case.request.resource,
        after.text,
        allowed_with(case, changed),
        newly_allowed(case, changed),
        policy.document,
        after,
    )


def owned_by_service(case: Case) -> bool:
    role = case.account.role(case.request.resource)
    return role is not None and role.service_owned


def action_fixes(case: Case, finding: Finding) -> Iterator[Fix]:
    """The trust policy lacks the action: put it beside the one that it has for this principal."""
    action = spelled(case.request.action)
    role = name_of(case.request.resource)
    near = _naming_caller(case) if finding.near is None else finding.near
    if near is not None and near.policy == case.policies.resource and _principal_fits(case, near.statement):

        def add(statement: dict[str, Any]) -> None:
            statement["Action"] = [*as_list(statement.get("Action")), action]

        after = with_changed(near.policy.document, near.statement, add)
        fix = trust_fix(case, f"Add {action} to the trust policy of {role}", after)
        if fix.newly_allowed and action.lower().startswith("sts:assumerole"):
            # The statement names more than this caller (an account, a whole provider): one for the caller comes first.
            yield from principal_fixes(case, finding)
        yield fix
        return
    yield from principal_fixes(case, finding)


def principal_fixes(case: Case, finding: Finding) -> Iterator[Fix]:
    """The trust policy names somebody else: let it name this caller."""
    policy = case.policies.resource
    principal = principal_element(case)
    if policy is None or principal is None:
        return
    role = name_of(case.request.resource)
    kind, name = next(iter(principal.items()))
    names_another = finding.near is not None and finding.fault == "principal-mismatch"
    if (
        finding.near is not None
        and names_another
        and kind == "Service"
        and _only_services(policy.document, finding.near.statement)
    ):
        unused = _is_unused(case)
        old = _services(policy.document, finding.near.statement)

        def put(statement: dict[str, Any]) -> None:
            services = [] if unused else as_list(statement["Principal"].get("Service"))
            statement["Principal"] = {"Service": as_written([*services, name])}

        after = with_changed(policy.document, finding.near.statement, put)
        verb = f"Put {name} in the place of {', '.join(old)}" if unused else f"Add {name} beside {', '.join(old)}"
        yield trust_fix(case, f"{verb} in the trust policy of {role}", after)
        return
    if _is_stranger(case, policy.document):
        yield _who_are_you(case, role)
    statement = {"Effect": "Allow", "Principal": principal, "Action": spelled(case.request.action)}
    condition = _guarding_condition(case) or _conditions_for_others(policy.document, finding.near)
    if condition is not None:
        statement["Condition"] = condition
    yield trust_fix(case, f"Let the trust policy of {role} name {name}", with_statement(policy.document, statement))


def orphan_fixes(case: Case, finding: Finding) -> Iterator[Fix]:
    """The principal was deleted, perhaps made again: IAM resolves a name to an ID only when the policy is saved."""
    principal = principal_element(case)
    near = finding.near
    if near is None or principal is None or case.policies.resource is None:
        return
    dead = set(orphans(near.wanted, case))
    kind, name = next(iter(principal.items()))

    def put(statement: dict[str, Any]) -> None:
        element = statement.get("Principal")
        old = as_list(element.get("AWS")) if isinstance(element, dict) else []
        kept = [value for value in old if value not in dead]
        others = {key: value for key, value in element.items() if key != "AWS"} if isinstance(element, dict) else {}
        statement["Principal"] = {**others, kind: as_written([*kept, name])}

    after = with_changed(near.policy.document, near.statement, put)
    title = (
        f"Enter {name} again in the trust policy of {name_of(case.request.resource)}, in the place of "
        f"{', '.join(sorted(dead))}, if it is the one that is meant"
    )
    yield trust_fix(case, title, after)


def value_fix(case: Case, near: NearMiss, key: str, value: str, title: str, *, instead: bool = False) -> Fix:
    """The trust policy with one value more (or another) for one condition key of one statement."""

    def put(statement: dict[str, Any]) -> None:
        for operator, block in statement.get("Condition", {}).items():
            for name in list(block):
                if name.lower() == key.lower() and not operator.lower().startswith("null"):
                    old = [] if instead else as_list(block[name])
                    block[name] = as_written([*old, value])

    return trust_fix(case, title, with_changed(near.policy.document, near.statement, put))


def provider_fixes(case: Case) -> Iterator[Fix]:
    """The identity provider that the trust policy names does not exist."""
    arn = case.caller.arn or ""
    issuer = arn.partition(":oidc-provider/")[2]
    if issuer:
        audience = next(
            (values[0] for key, values in case.request.context.items() if key.lower() == f"{issuer}:aud".lower()),
            "sts.amazonaws.com",
        )
        command = (
            f"aws iam create-open-id-connect-provider --url {shlex.quote('https://' + issuer)} "
            f"--client-id-list {shlex.quote(audience)}"
        )
        yield Fix(f"Make the identity provider {issuer}", Who.ACCOUNT_ADMIN, FixKind.COMMAND, arn, command)
        return
    name = arn.partition(":saml-provider/")[2] or "NAME"
    command = f"aws iam create-saml-provider --name {shlex.quote(name)} --saml-metadata-document file://metadata.xml"
    yield Fix(f"Make the SAML provider {name}", Who.ACCOUNT_ADMIN, FixKind.COMMAND, arn, command)


def _guarding_condition(case: Case) -> dict[str, Any] | None:
    """What a new statement needs so as not to be open to others of the same provider or service."""
    if case.caller.kind is Kind.SERVICE:
        return {"StringEquals": {"aws:SourceAccount": case.account.id}}
    if case.caller.kind is Kind.PROVIDER:
        claims = {
            key: values[0]
            for key, values in case.request.context.items()
            if key.lower().endswith((":sub", ":aud")) and len(values) == 1
        }
        return {"StringEquals": claims} if claims else None
    return None


def _conditions_for_others(document: Document, near: NearMiss | None) -> Any:
    """What the role asks of those whom its trust policy names (an external ID, MFA, an organization). One more
    principal is not let in on less."""
    if near is None:
        return None
    return statements_of(document.value)[near.statement].get("Condition")


def _is_stranger(case: Case, trust: Document) -> bool:
    """Whether the caller is of another account, and nothing in the trust policy speaks of that account."""
    account = case.caller.account_id
    return account is not None and not case.caller.here and account not in trust.text


def _who_are_you(case: Case, role: str) -> Fix:
    account, name = case.caller.account_id, case.caller.name
    return Fix(
        f"Find out first whose account {account} is: nothing in the trust policy of {role} speaks of it",
        Who.ACCOUNT_ADMIN,
        FixKind.NOTE,
        case.request.resource,
        f"{name} of account {account} asked to assume {role}. That may be a caller with the wrong role or profile, or "
        f"somebody who should not get in. Name it in the trust policy only if its owner is known, and ask "
        f"a third party for an external ID.",
    )


def _naming_caller(case: Case) -> NearMiss | None:
    return next((miss for miss in case.strict.near_misses if miss.policy == case.policies.resource), None)


def _principal_fits(case: Case, index: int) -> bool:
    """Whether the statement names the caller, so that only its action lacks."""
    policy = case.policies.resource
    if policy is None:
        return False

    def every(statement: dict[str, Any]) -> None:
        # What it asks for besides is asked of this action as well, and says nothing of whom it names.
        statement.pop("Condition", None)
        statement.pop("NotAction", None)
        statement["Action"] = case.request.action

    changed = with_changed(policy.document, index, every)
    return allowed_with(case, replace(case.effective_policies, resource=replace(policy, document=changed)))


def _only_services(document: Document, index: int) -> bool:
    statement = statements_of(document.value)[index]
    principal = statement.get("Principal")
    return isinstance(principal, dict) and set(principal) == {"Service"} and not statement.get("Condition")


def _services(document: Document, index: int) -> list[str]:
    return [str(value) for value in as_list(statements_of(document.value)[index]["Principal"]["Service"])]


def _is_unused(case: Case) -> bool:
    """Whether nothing is known to use the role, so that the old service may go."""
    role = case.account.role(case.request.resource)
    if role is None:
        return False
    never = role.last_used is not None and role.last_used.when is None
    profiles = role.instance_profiles
    if profiles is None and case.account.instance_profiles is not None:
        profiles = tuple(profile.name for profile in case.account.instance_profiles if role.name in profile.roles)
    return never and not profiles
