"""Fixes that add a statement to an identity policy, a boundary, a resource policy or an endpoint policy."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.aws_owned import owned_role_fix
from diagnostics.access_denied.fixes.copied_conditions import Condition, kept_condition, kept_variable, merged
from diagnostics.access_denied.fixes.forms import with_forms
from diagnostics.access_denied.fixes.pass_role_cautions import passing_note
from diagnostics.access_denied.fixes.place import own_holder, place_of, whose
from diagnostics.access_denied.fixes.proof import allowed_with, evaluated, replaced, with_identity
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.fix import Change, Fix, InlinePlace, Note, OtherPlace, PolicyChange
from diagnostics.who import Who
from iam.arn import Arn, is_aws_managed, name_of, service_of
from iam.facts.global_services import GLOBAL_SERVICES
from iam.policy.decision import NearMiss
from iam.policy.document import Document
from iam.policy.edits import (
    as_list,
    as_written,
    printed,
    statement_value,
    with_changed,
    with_free_sid,
    with_statement,
)
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy
from iam.service_reference import has_resource_types, spelled
from iam.sources.resource_policies import policy_holder
from iam.words import listing


def sid_for(action: str) -> str:
    """Return a Sid for the action, such as ``AllowS3PutObject``. Sids contain only letters and digits."""
    return "Allow" + "".join(
        part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", action.replace(":", " "))
    )


def minimal_statement(
    case: Case, near: NearMiss | None = None, condition: Condition | None = None, resource: str | None = None
) -> dict[str, Any]:
    """Return a statement that allows only the denied action on the denied resource (or on ``resource``).

    Its conditions are taken from the statement ``near`` (see `kept_condition`).
    """
    action = spelled(case.request.action)
    statement: dict[str, Any] = {
        "Sid": sid_for(action),
        "Effect": "Allow",
        "Action": action,
        "Resource": resource or case.request.resource,
    }
    if kept := kept_condition(case, near, condition):
        statement["Condition"] = kept
    return statement


def identity_fixes(
    case: Case, finding: DenialFinding, *, condition: Condition | None = None, why: str = ""
) -> Iterator[Fix]:
    """Yield fixes that add the minimal statement to an identity policy of the caller, if it can be written."""
    entity = case.caller.role or case.caller.user
    if entity is None:
        yield foreign_caller_note(case)
        return
    if has_resource_types(case.request.action) is False and not case.caller.service_owned:
        region = _only_in_region(case)
        yield _identity_fix(case, finding.near, merged(condition or {}, region), why, "*")
        return
    if not case.resource_known or case.request.resource == "*":
        yield _no_resource(case)
        return
    statement = minimal_statement(case, finding.near, condition)
    if note := passing_note(case, statement):
        yield note
        return
    if case.caller.service_owned:
        near = finding.near
        yield with_forms(
            case, lambda one: owned_role_fix(case, minimal_statement(case, near, condition, one)), together=True
        )
        return
    if own := kept_variable(case, finding.near):
        yield _identity_fix(case, finding.near, condition, why, own)
        return
    yield with_forms(case, lambda resource: _identity_fix(case, finding.near, condition, why, resource), together=True)


def _identity_fix(case: Case, near: NearMiss | None, condition: Condition | None, why: str, resource: str) -> Fix:
    statement = minimal_statement(case, near, condition, resource)
    home = _home(case, near)
    what = f"Add {statement['Action']} on {resource} to" if resource != "*" else f"Add {statement['Action']} to"
    if home is not None:
        statement = with_free_sid(home.document, statement)
        after = with_statement(home.document, statement)
        changed = replaced(case.effective_policies, home, after)
        change = PolicyChange(place_of(home), statement, home.document, after)
        title = f"{what} {_known_name(case, home)}{why}"
        first = _full(case, home)
    else:
        first = ()
        holder = own_holder(case.caller)
        assert holder is not None
        after = with_statement(None, statement)
        changed = with_identity(case.effective_policies, NamedPolicy(after, statement["Sid"], holder=holder))
        change = PolicyChange(InlinePlace(holder, statement["Sid"], new=True), statement, None, after)
        title = f"{what} {holder.name}{why}"
    meant = (*first, *_left_out(near, statement["Action"]), *_needed_elsewhere(resource))
    return evaluated(
        case, title, Who.ACCOUNT_ADMIN, change, changed, condition=statement.get("Condition"), cautions=meant
    )


def _only_in_region(case: Case) -> Condition:
    """Return a condition that limits an action without resources to the request's Region.

    It is empty for a global service, or if no Region is known.
    """
    service = case.request.action.partition(":")[0].lower()
    region = next((had for key, had in case.request.context.items() if key.lower() == "aws:requestedregion"), ())
    known = region[0] if len(region) == 1 else case.account.region
    if not known or service in GLOBAL_SERVICES or service == "sts":
        return {}
    return {"StringEquals": {"aws:RequestedRegion": known}}


def _needed_elsewhere(resource: str) -> tuple[str, ...]:
    """Return a caution if the call needs the same action on other resources too.

    For an inference profile, Bedrock requires access to the model in each of the profile's Regions.

    https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
    """
    if ":bedrock:" not in resource or "::foundation-model/" not in resource:
        return ()
    return (
        "An inference profile calls the model in each of its Regions: allow the action on the model in all these "
        "Regions, and on the profile",
    )


def _left_out(near: NearMiss | None, action: str) -> tuple[str, ...]:
    """Return a caution if the closest statement allows all actions except some, among them the denied action."""
    if near is None or near.element != "NotAction":
        return ()
    place = f"Statement {near.sid or near.statement + 1} of {near.policy.name}"
    return (f"{place} allows everything except {listing(near.wanted)}: {action} was left out, perhaps on purpose",)


def version_fix(case: Case, near: NearMiss) -> Iterator[Fix]:
    """Yield a fix that sets the current Version in a policy with the old one, in which ``${…}`` is not a variable."""
    values = {*near.wanted, *(value for failure in near.conditions for value in failure.wanted)}
    if near.policy.document.version == "2012-10-17" or not any("${" in value for value in values):
        return
    value = copy.deepcopy(near.policy.document.value)
    after = Document.from_value({"Version": "2012-10-17", **{k: v for k, v in value.items() if k != "Version"}})
    changed = replaced(case.effective_policies, near.policy, after)
    if not allowed_with(case, changed):
        return
    change: Change = PolicyChange(place_of(near.policy), after.value, near.policy.document, after)
    if '"*"' in after.text:
        change = Note(change.target, change.text, before=change.before, after=change.after)
    title = (
        f"Set the Version of {near.policy.name}{whose(near.policy, case.caller)} to 2012-10-17: without this "
        f"Version, {listing(sorted(values))} is plain text"
    )
    yield evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed)


def wider_resource_fix(case: Case, near: NearMiss) -> Iterator[Fix]:
    """Yield a fix that allows everything in the same folder or parent, as an alternative to an exact resource."""
    home = _home(case, near)
    family = family_of(case.request.resource, near.wanted)
    if home is None or home != near.policy or family is None or near.element != "Resource":
        return
    condition = statement_value(near.policy.document, near.statement).get("Condition")

    def extend(statement: dict[str, Any]) -> None:
        statement["Resource"] = as_written([*as_list(statement.get("Resource")), family])

    after = with_changed(near.policy.document, near.statement, extend)
    changed = replaced(case.effective_policies, near.policy, after)
    title = f"Let statement {near.sid or near.statement + 1} of {near.policy.name} also cover {family}"
    change = PolicyChange(place_of(near.policy), statement_value(after, near.statement), near.policy.document, after)
    yield evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed, condition=condition)


def family_of(resource: str, wanted: tuple[str, ...]) -> str | None:
    """Return the pattern for a resource and its siblings, or None if no pattern in ``wanted`` covers its parent.

    For an index, the pattern is ``table/orders/index/*`` if ``table/orders`` is covered. The path of a role or user is
    not a parent.
    """
    if service_of(resource) == "iam":
        return None
    for parent in wanted:
        if "*" not in parent and resource.startswith(f"{parent}/"):
            head, _, _ = resource.rpartition("/")
            return f"{head}/*"
    return None


def boundary_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield the fix that adds a statement to the permissions boundary. The boundary's owner has to make it."""
    boundary = finding.near.policy if finding.near else next(iter(case.policies.boundary or ()), None)
    if boundary is None or not case.resource_known or case.request.resource == "*":
        yield _no_resource(case)
        return
    if note := passing_note(case, minimal_statement(case, finding.near)):
        yield note
        return
    yield with_forms(case, lambda resource: _boundary_fix(case, finding.near, boundary, resource))


def _boundary_fix(case: Case, near: NearMiss | None, boundary: NamedPolicy, resource: str) -> Fix:
    statement = with_free_sid(boundary.document, minimal_statement(case, near, resource=resource))
    after = with_statement(boundary.document, statement)
    changed = replaced(case.effective_policies, boundary, after)
    title = f"Ask the owner of the boundary {boundary.name} to allow {statement['Action']} on {resource}"
    change = PolicyChange(place_of(boundary, "the permissions boundary"), statement, boundary.document, after)
    others = [
        one.name
        for entities in (case.account.roles, case.account.users or ())
        for one in entities
        if one.boundary_arn == boundary.arn and one.arn != case.caller.entity_arn
    ]
    fix = evaluated(case, title, Who.ACCOUNT_ADMIN, change, changed, condition=statement.get("Condition"))
    if not others or fix.verified is not True:
        return fix
    counted = "counts them" if fix.effects.complete else "may not work on all of them"
    return replace(
        fix,
        cautions=(
            *fix.cautions,
            (f"The boundary also limits {listing(others, limit=3)}; for them, the newly allowed actions {counted}"),
        ),
    )


def resource_policy_fixes(case: Case, near: NearMiss | None = None) -> Iterator[Fix]:
    """Yield a fix that adds a statement for the caller to the resource's policy, modeled on its statement ``near``."""
    principal = principal_element(case)
    if principal is None or not case.resource_known:
        return
    if service_of(case.request.resource) == "s3":
        yield with_forms(case, lambda resource: _resource_fix(case, near, principal, resource))
    else:  # other resources' policies are about that resource only
        yield _resource_fix(case, near, principal, case.request.resource)


def _resource_fix(case: Case, near: NearMiss | None, principal: dict[str, Any], resource: str) -> Fix:
    action = spelled(case.request.action)
    statement: dict[str, Any] = {
        "Sid": sid_for(action),
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
    }
    # A repository's policy supports no Resource element (ECR guide, "Private repository policies").
    if service_of(case.request.resource) != "ecr":
        statement["Resource"] = resource
    own = {"StringEquals": {"aws:SourceAccount": case.account.id}} if "Service" in principal else None
    if condition := kept_condition(case, near, own):
        statement["Condition"] = condition
    policy = case.policies.resource
    statement = with_free_sid(policy.document if policy else None, statement)
    after = with_statement(policy.document if policy else None, statement)
    named = NamedPolicy(after, policy.name if policy else "resource policy")
    changed = replace(case.effective_policies, resource=named)
    unread = case.unread & {"resource"}
    holder = policy_holder(case.request.resource)
    kind = resource_policy_kind(holder)
    what = action if resource == case.request.resource else f"{action} on {resource}"
    title = f"Add {what} for {case.caller.name or case.caller.arn} to the {kind} of {name_of(holder)}"
    before = policy.document if policy else None
    change = PolicyChange(OtherPlace(holder), statement, before, None if unread else after)
    return evaluated(case, title, Who.RESOURCE_OWNER, change, changed, condition=condition)


def resource_policy_kind(holder: str) -> str:
    """Return what the policy of a resource is called (``key policy``, ``bucket policy`` …).

    ``holder`` is the resource's ARN.
    """
    if ":accesspoint/" in holder:
        return "access point policy"
    return {"kms": "key policy", "s3": "bucket policy"}.get(service_of(holder), "resource policy")


def endpoint_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield a fix that adds a statement for this caller to the VPC endpoint policy.

    Gateway endpoints support no principal other than ``*``, so a condition names the caller (VPC guide, "Endpoint
    policies").
    """
    policy = finding.near.policy if finding.near else next(iter(case.policies.vpc_endpoint or ()), None)
    if policy is None or not case.resource_known or case.caller.entity_arn is None:
        return
    who = case.caller.entity_arn
    yield with_forms(case, lambda resource: _endpoint_fix(case, finding.near, policy, who, resource))


def _endpoint_fix(case: Case, near: NearMiss | None, policy: NamedPolicy, who: str, resource: str) -> Fix:
    action = spelled(case.request.action)
    condition = kept_condition(case, near, {"ArnEquals": {"aws:PrincipalArn": who}})
    statement = {
        "Sid": sid_for(action),
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }
    statement = with_free_sid(policy.document, statement)
    after = with_statement(policy.document, statement)
    changed = replaced(case.effective_policies, policy, after)
    title = f"Add {action} on {resource} for {case.caller.name} to the policy of endpoint {policy.name}"
    change = PolicyChange(place_of(policy, "the VPC endpoint"), statement, policy.document, after)
    return evaluated(case, title, Who.RESOURCE_OWNER, change, changed, condition=condition)


def principal_element(case: Case) -> dict[str, Any] | None:
    """Return the Principal element that names the caller exactly (a role rather than its session), or None."""
    caller = case.caller
    if caller.kind is Kind.SERVICE and caller.arn:
        return {"Service": caller.arn}
    if caller.kind is Kind.PROVIDER and caller.arn:
        return {"Federated": caller.arn}
    if caller.entity_arn:
        return {"AWS": caller.entity_arn}
    if caller.kind is Kind.SESSION and caller.account_id:
        return {"AWS": _role_elsewhere(case, caller.account_id, caller.name or "")}
    return {"AWS": caller.arn} if caller.arn else None


def _role_elsewhere(case: Case, account_id: str, name: str) -> str:
    """Return the ARN of another account's role: with the path that the resource policy gives, or else without a path.

    A session's ARN does not contain the role's path, but most roles have none.
    """
    own = Arn.parse(case.caller.arn or "")
    head = f"arn:{own.partition if own else case.account.partition}:iam::{account_id}:role/"
    policy = case.policies.resource
    if policy is not None:
        for statement in policy.document.statements:
            for _, value in statement.principal or ():
                if value.startswith(head) and name_of(value) == name:
                    return value
    return f"{head}{name}"


def _known_name(case: Case, policy: NamedPolicy) -> str:
    """Return a policy's name. If another change has yet to create the policy, return its holder's name."""
    entity, holder = case.caller.role or case.caller.user, policy.holder
    if holder is None or entity is None or policy.name in {each.name for each in entity.inline or ()}:
        return policy.name or "a policy"
    return holder.name


def _home(case: Case, near: NearMiss | None) -> NamedPolicy | None:
    """Return the policy to change: that of the closest statement if only the caller uses it, else None."""
    entity = case.caller.role or case.caller.user
    if entity is None or near is None:
        return None
    policy = near.policy
    if policy.arn is None:
        return policy if policy.holder is not None and policy.holder.arn == entity.arn else None
    if is_aws_managed(policy.arn) or policy.arn not in {entry.arn for entry in entity.attached or ()}:
        return None
    managed = case.account.policy(policy.arn)
    shared = managed is None or managed.attachment_count is None or managed.attachment_count > 1
    return None if shared else policy


def own_statement(case: Case, near: NearMiss) -> NearMiss | None:
    """Return the closest statement if no one but the caller uses its policy, else None."""
    return near if _home(case, near) is not None else None


def _full(case: Case, home: NamedPolicy) -> tuple[str, ...]:
    """Return a caution if an older version of the policy must be deleted before a new one can be created."""
    if home.arn is None:
        return ()
    managed = case.account.policy(home.arn)
    if managed is None or managed.document is None:  # only the policy's name is known, from a list
        managed = case.reader.managed_policy(home.arn).value
    if managed is not None and len(managed.versions) >= 5:
        return (f"{home.name} has 5 versions, the limit: delete an older version first",)
    return ()


def _no_resource(case: Case) -> Fix:
    action = spelled(case.request.action)
    if has_resource_types(action) is False or case.denial.resource == "*":
        text = (
            f"{action} does not act on a particular resource, so a statement for it cannot name a resource. "
            f"Whoever manages the policies of {case.caller.name} must decide whether to allow the action at all. "
            "Only conditions (aws:RequestedRegion, for example) can narrow such a statement."
        )
    else:
        text = (
            f"The text does not say on which resource {action} was refused. Give the resource to see the exact change."
        )
    return Fix(
        f"Allow {action} for {case.caller.name}", Who.ACCOUNT_ADMIN, Note(case.caller.entity_arn or "the caller", text)
    )


def foreign_caller_note(case: Case) -> Fix:
    statement = minimal_statement(case)
    account = case.caller.account_id or "the caller's account"
    return Fix(
        f"Ask account {account} to allow {statement['Action']} on {case.request.resource} for {case.caller.name}",
        Who.CALLER,
        Note(
            case.caller.arn or "the caller",
            f"{case.caller.name} needs this statement in an identity policy of its own account:\n{printed(statement)}",
        ),
    )
