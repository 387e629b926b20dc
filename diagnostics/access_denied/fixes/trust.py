"""Fixes to a role's trust policy. Each contains the complete document with one change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.copied_conditions import Condition, kept_condition
from diagnostics.access_denied.fixes.create_identity_provider import make_oidc_provider, make_saml_provider
from diagnostics.access_denied.fixes.proof import allowed_with, evaluated
from diagnostics.access_denied.fixes.statements import principal_element
from diagnostics.access_denied.fixes.trust_actions import needed_actions
from diagnostics.access_denied.judge import DenialFinding, kind_of_id, orphans
from diagnostics.fix import Fix, Note, TrustChange
from diagnostics.who import Who
from iam.arn import name_of
from iam.claims import Source
from iam.facts.service_roles.lookup import sends_account
from iam.policy.decision import NearMiss
from iam.policy.document import Document
from iam.policy.edits import (
    as_list,
    as_written,
    statement_value,
    statements_of,
    with_changed,
    with_statement,
)
from iam.policy.match import action_matcher
from iam.policy.principal import ROLES_ANYWHERE, Kind
from iam.words import listing

_EVERY_CERTIFICATE = (
    "Every certificate that the trust anchor accepts can be used to assume the role: to keep others out, add a "
    "condition on aws:PrincipalTag/x509Subject/CN"
)


def trust_fix(case: Case, title: str, after: Document, condition: Condition | None = None) -> Fix:
    """Return a fix that replaces the trust policy with ``after``, evaluated.

    ``condition`` is the condition of the statement that ``after`` adds.
    """
    policy = case.policies.resource
    assert policy is not None
    changed = replace(case.effective_policies, resource=replace(policy, document=after))
    change = TrustChange(case.request.resource, policy.document, after)
    return evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed, condition=condition)


def owned_by_service(case: Case) -> bool:
    role = case.owner_side.account.role(case.request.resource)
    return role is not None and role.service_owned


def action_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield fixes for a trust policy that lacks the action: add it to the statement that names the principal."""
    role = name_of(case.request.resource)
    near = _naming_caller(case) if finding.near is None else finding.near
    if near is not None and near.policy == case.policies.resource and _principal_fits(case, near.statement):
        lacking = _lacking(case, near.policy.document, near.statement)

        def add(statement: dict[str, Any]) -> None:
            statement["Action"] = [*as_list(statement.get("Action")), *lacking]

        beside = _statement_beside(statement_value(near.policy.document, near.statement), lacking)
        if beside is not None:
            after = with_statement(near.policy.document, beside)
        else:
            after = with_changed(near.policy.document, near.statement, add)
        fix = trust_fix(case, f"Add {listing(lacking)} to the trust policy of {role}", after)
        if fix.gains and case.request.action.lower().startswith("sts:assumerole"):
            # The statement names more than this caller (an account, an entire provider), so a separate one for the
            # caller comes first.
            yield from principal_fixes(case, finding)
        yield fix
        return
    yield from principal_fixes(case, finding)


def _statement_beside(statement: dict[str, Any], actions: tuple[str, ...] | list[str]) -> dict[str, Any] | None:
    """Return a separate statement for ``actions`` with only the conditions they support; None if they support all.

    In a statement for several actions, IAM ignores a condition for an action that does not support its key (IAM User
    Guide, "Access Analyzer policy check reference", unsupported action in policy for condition key). AWS's example for
    session tags therefore has two statements (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
    """
    from iam.policy.lint.reference import brings

    def supported(key: str) -> bool:
        return not key.lower().startswith("sts:") or all(brings(action, key) for action in actions)

    conditions: dict[str, Any] = statement.get("Condition") or {}
    kept = {
        operator: {key: values for key, values in block.items() if supported(key)}
        for operator, block in conditions.items()
    }
    kept = {operator: block for operator, block in kept.items() if block}
    if kept == conditions:
        return None
    own = {key: value for key, value in statement.items() if key not in ("Sid", "Condition")}
    return {**own, "Action": as_written(list(actions)), **({"Condition": kept} if kept else {})}


def principal_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield fixes for a trust policy that names other principals: add this caller."""
    policy = case.policies.resource
    principal = principal_element(case)
    if policy is None or principal is None:
        return
    role = name_of(case.request.resource)
    kind, name = next(iter(principal.items()))
    near = finding.near
    if (
        near is not None
        and finding.fault == "principal-mismatch"
        and kind == "Service"
        and _only_services(policy.document, near.statement)
    ):
        old = _services(policy.document, near.statement)
        wrong = _cannot_use(case, old)
        lacking = _lacking(case, policy.document, near.statement)
        # A service gets a separate statement if it needs more than the others, or if the statement names its source.
        if name != ROLES_ANYWHERE and (wrong or not lacking):

            def put(statement: dict[str, Any]) -> None:
                services = [] if wrong else as_list(statement["Principal"].get("Service"))
                statement["Principal"] = {"Service": as_written([*services, name])}
                statement["Action"] = as_written([*as_list(statement.get("Action")), *lacking])

            after = with_changed(policy.document, near.statement, put)
            verb = f"Replace {', '.join(old)} by {name}" if wrong else f"Add {name} next to {', '.join(old)}"
            fix = trust_fix(case, f"{verb} in the trust policy of {role}", after)
            yield (
                replace(fix, cautions=(f"{role} was never used, and no instance profile contains it",))
                if wrong
                else fix
            )
            return
    if _is_stranger(case, policy.document):
        yield _who_are_you(case, role)
    statement = {"Effect": "Allow", "Principal": principal, "Action": as_written(list(needed_actions(case)))}
    # A further principal must meet the same conditions as the others: an external ID, MFA, an organization.
    condition = _guarding_condition(case) or kept_condition(case, finding.near)
    if condition:
        statement["Condition"] = condition
    after = with_statement(policy.document, statement)
    fix = trust_fix(case, f"Let the trust policy of {role} name {name}", after, condition)
    cautions = [*fix.cautions, *((_EVERY_CERTIFICATE,) if name == ROLES_ANYWHERE else ())]
    if kind != "Service" and near is not None and _only_services(policy.document, near.statement):
        services = listing(_services(policy.document, near.statement))
        cautions.append(
            f"The role trusts {services}: any other principal that assumes the role also gets all its permissions"
        )
    yield replace(fix, cautions=tuple(cautions))


def orphan_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield fixes for a principal that was deleted and perhaps recreated.

    IAM saves the principal's unique ID in a policy, not its name, so the policy does not match the recreated principal.
    """
    principal = principal_element(case)
    near = finding.near
    if near is None or principal is None or case.policies.resource is None:
        return
    own = "user" if case.caller.kind is Kind.USER else "role"
    dead = {value for value in orphans(near.wanted, case) if kind_of_id(value) == own}
    if not dead:
        yield _whose_id(case, name_of(case.request.resource), orphans(near.wanted, case))
        return
    kind, name = next(iter(principal.items()))

    def put(statement: dict[str, Any]) -> None:
        element = statement.get("Principal")
        old = as_list(element.get("AWS")) if isinstance(element, dict) else []
        kept = [value for value in old if value not in dead]
        others = {key: value for key, value in element.items() if key != "AWS"} if isinstance(element, dict) else {}
        statement["Principal"] = {**others, kind: as_written([*kept, name])}

    after = with_changed(near.policy.document, near.statement, put)
    title = (
        f"Enter {name} again in the trust policy of {name_of(case.request.resource)}, instead of "
        f"{', '.join(sorted(dead))}, if {name} is the right principal"
    )
    fix = trust_fix(case, title, after)
    if case.caller.exists is False and isinstance(fix.change, TrustChange):
        said = f"IAM accepts only principals that exist, and the path of {case.caller.name} is unknown here"
        change = replace(fix.change, no_plan=f"{said}. First put the caller's real ARN into the statement.")
        fix = replace(fix, change=change, cautions=(*fix.cautions, said))
    yield fix


def _whose_id(case: Case, role: str, gone: tuple[str, ...]) -> Fix:
    """Return the fix if the policy contains the ID of a deleted principal of a different kind from the caller."""
    kind = kind_of_id(gone[0])
    user = case.account.user(case.caller.session or "")
    same = (
        f" The session name is also the name of user {user.arn}: perhaps that user should have made the call."
        if user is not None and kind == "user"
        else ""
    )
    return Fix(
        f"Find out whose ID {gone[0]} was: it belonged to a deleted {kind}, and {case.caller.name} is not a {kind}",
        Who.ACCOUNT_ADMIN,
        Note(
            case.request.resource,
            f"The trust policy of {role} named a {kind} that has been deleted; since then, IAM shows the deleted "
            f"{kind}'s ID. The caller is a {case.caller.kind.value}, so this ID was never the caller's. Decide who "
            f"may assume {role}.{same}",
        ),
    )


def value_fix(case: Case, near: NearMiss, key: str, value: str, title: str, *, instead: bool = False) -> Fix:
    """Return the fix that adds a value to one condition key in the statement that almost matches.

    If ``instead`` is True, the value replaces the key's other values.
    """

    def put(statement: dict[str, Any]) -> None:
        for operator, block in statement.get("Condition", {}).items():
            for name in list(block):
                if name.lower() == key.lower() and not operator.lower().startswith("null"):
                    old = [] if instead else as_list(block[name])
                    block[name] = as_written([*old, value])

    fix = trust_fix(case, title, with_changed(near.policy.document, near.statement, put))
    source = next((had for name, had in case.values.items() if name.lower() == key.lower()), None)
    if source is None or source.source is not Source.CLOUDTRAIL:
        return fix
    said = f"This value is not in the text; it comes from {source.read_from} in CloudTrail"
    return replace(fix, cautions=(*fix.cautions, said))


def provider_fix(case: Case) -> Fix:
    """Return the fix for an identity provider that the trust policy names but that does not exist."""
    arn = case.caller.arn or ""
    issuer = arn.partition(":oidc-provider/")[2]
    if issuer:
        audience = next(
            (values[0] for key, values in case.request.context.items() if key.lower() == f"{issuer}:aud".lower()),
            "sts.amazonaws.com",
        )
        return make_oidc_provider(arn, issuer, audience)
    return make_saml_provider(arn)


def _guarding_condition(case: Case) -> dict[str, Any] | None:
    """Return a condition that keeps a new statement from allowing a provider's or service's other users as well."""
    if case.caller.kind is Kind.SERVICE:
        return _service_guard(case)
    if case.caller.kind is Kind.PROVIDER:
        claims = {
            key: values[0]
            for key, values in case.request.context.items()
            if key.lower().endswith((":sub", ":aud")) and len(values) == 1
        }
        return {"StringEquals": claims} if claims else None
    return None


def _service_guard(case: Case) -> Condition | None:
    """Return a condition that limits a service to requests for this account, or None if none is known.

    For IAM Roles Anywhere, it is a condition on the trust anchor that the service sends (IAM Roles Anywhere User Guide,
    "Trust model"). For most other services, what they send is unknown; a condition that is never met would lock them
    out.
    """
    service = case.caller.arn
    if service == ROLES_ANYWHERE:
        sent = next((had for key, had in case.request.context.items() if key.lower() == "aws:sourcearn"), ())
        anchors = f"arn:{case.account.partition}:rolesanywhere:*:{case.account.id}:trust-anchor/*"
        return {"ArnEquals": {"aws:SourceArn": sent[0]}} if sent else {"ArnLike": {"aws:SourceArn": anchors}}
    return {"StringEquals": {"aws:SourceAccount": case.account.id}} if sends_account(service or "") else None


def _is_stranger(case: Case, trust: Document) -> bool:
    """Return whether the caller belongs to another account that the trust policy does not mention."""
    account = case.caller.account_id
    return account is not None and not case.caller.here and account not in trust.text


def _who_are_you(case: Case, role: str) -> Fix:
    account, name = case.caller.account_id, case.caller.name
    return Fix(
        f"Find out first whose account {account} is: the trust policy of {role} does not mention it",
        Who.ACCOUNT_ADMIN,
        Note(
            case.request.resource,
            f"{name} of account {account} tried to assume {role}. The caller may use the wrong role or profile, or "
            "may be somebody who should not have access. Name the account in the trust policy only if its owner is "
            "known. Require an external ID from a third party.",
        ),
    )


def _naming_caller(case: Case) -> NearMiss | None:
    return next((miss for miss in case.cautious.near_misses if miss.policy == case.policies.resource), None)


def _principal_fits(case: Case, index: int) -> bool:
    """Return whether the statement names the caller, so that only the action is missing."""
    policy = case.policies.resource
    if policy is None:
        return False

    def every(statement: dict[str, Any]) -> None:
        # The statement's conditions apply to this action, too, and do not affect whom it names.
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


def _lacking(case: Case, document: Document, index: int) -> tuple[str, ...]:
    """Return the actions that the caller needs but the statement does not name."""
    named = [action_matcher(str(value)) for value in as_list(statements_of(document.value)[index].get("Action"))]
    return tuple(action for action in needed_actions(case) if not any(matches(action.lower()) for matches in named))


def _cannot_use(case: Case, services: list[str]) -> bool:
    """Return whether the role names only EC2, which cannot use it. The service in the policy is then probably wrong.

    EC2 gets roles only through instance profiles (UG: id_roles_use_switch-role-ec2_instance-profiles). This role is in
    no instance profile and was never used.
    """
    role = case.owner_side.account.role(case.request.resource)
    if role is None or not all(re.fullmatch(r"ec2\.amazonaws\.com(\.cn)?", service) for service in services):
        return False
    profiles = role.instance_profiles
    listed = case.owner_side.account.instance_profiles
    if profiles is None and listed is not None:
        profiles = tuple(profile.name for profile in listed if role.name in profile.roles)
    return profiles == () and role.last_used is not None and role.last_used.when is None
