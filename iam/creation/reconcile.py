"""Make the plan that changes an existing role to match a spec. The plan has no calls if the role matches already.

Only fields that the spec contains are changed; everything else is kept and reported. Permissions count as one field: a
spec that names any inline or managed policy must name all of the role's policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from iam.account import Account, Role
from iam.changes.builders.policies import attach, delete_inline, new_version, put_inline, together, whole_policy
from iam.changes.builders.roles import (
    DISABLE_POLICY,
    REVOKE_POLICY,
    edit_role,
    remove_boundary,
    set_boundary,
    update_trust,
)
from iam.changes.compare import same_document
from iam.changes.in_use import may_take_rights, taking_rights
from iam.changes.operations.undo import with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.creation.plan import policy_call, profile_calls
from iam.creation.spec import RoleSpec
from iam.sources.reader.account_reader import AccountReader

PERMISSIONS = frozenset({"permissions", "inline", "attach", "policies"})
GUARDS = (":iam::aws:policy/AWSDenyAll", ":iam::aws:policy/AWSCompromisedKeyQuarantine")
"""Policies that disable or revoke a role. They are not removed if a spec does not name them."""


def reconcile(spec: RoleSpec, named: Iterable[str], role: Role, account: Account, reader: AccountReader) -> Plan:
    """Return the plan that makes the role match the spec; it has no calls if the role matches.

    Its warnings list what the role has in addition to the spec; the plan keeps these things. ``named`` are the fields
    that the spec contains, named as in a spec file. ``role`` must have been read completely just now. Raises
    `PlanError` if the role cannot be made to match. May block.
    """
    if role.service_owned:
        raise PlanError(f"The role {role.name} belongs to an AWS service, and only that service can change it.")
    if role.trust is None or role.tags is None or not role.has_details:
        raise PlanError(
            f"The role {role.name} exists but could not be read completely, so its differences are unknown."
        )
    given = frozenset(named)
    if "path" in given and role.path != spec.path:
        raise PlanError(
            f"The role {role.name} exists at the path {role.path}, not {spec.path}. IAM cannot change a role's path: "
            "use the existing path, or another name."
        )
    plans = [
        *_policies(spec, account, reader),
        *_attributes(spec, given, role, account),
        *(_permissions(spec, role, account) if given & PERMISSIONS else ()),
        *_profile(spec, role, account, reader),
    ]
    kept = tuple(_kept(given, role))
    title = f"update {role.name} to match its spec"
    if not plans:
        said = f"There is nothing to do: the role {role.name} already matches the spec."
        return make_plan(title, said, [], target=role.arn, account_id=account.id, warnings=kept)
    plan = together(title, plans)
    plan = replace(plan, target=role.arn, warnings=(*plan.warnings, *kept))
    if any(may_take_rights(call) for call in plan.calls):
        return taking_rights(plan, role, account, reader)
    return plan


def _attributes(spec: RoleSpec, given: frozenset[str], role: Role, account: Account) -> Iterator[Plan]:
    if not same_document(role.trust, spec.trust):
        yield update_trust(role, spec.trust.text, account)
    if spec.boundary_arn is not None and spec.boundary_arn != role.boundary_arn:
        yield set_boundary(role, spec.boundary_arn, account)
    if spec.boundary_arn is None and "boundary" in given and role.boundary_arn is not None:
        yield remove_boundary(role, account)
    description = spec.description if "description" in given else None
    seconds = spec.max_session_seconds if "max_session_seconds" in given else None
    aws = {key: value for key, value in (role.tags or {}).items() if _is_aws(key)}
    tags = {**aws, **spec.tags} if "tags" in given else None
    if (
        description not in (None, role.description or "")
        or seconds not in (None, role.max_session_seconds)
        or tags not in (None, role.tags)
    ):
        yield edit_role(role, account, description=description, max_session_seconds=seconds, tags=tags)


def _policies(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[Plan]:
    """Yield plans for the spec's customer policies: new policies, and new versions if the documents differ."""
    for policy in spec.new_policies:
        call = policy_call(policy, account)
        reading = reader.managed_policy(call.target)
        if reading.unreadable:
            raise PlanError(f"The policy {policy.name} could not be read: {reading.why}")
        if reading.value is None:
            yield _one(with_undo(call), account)
        elif not same_document(reading.value.document, policy.document):
            yield new_version(whole_policy(reading, call.target), policy.document.text, account)


def _one(call: Call, account: Account) -> Plan:
    return make_plan(call.why, call.why, [call], target=call.target, account_id=account.id)


def _permissions(spec: RoleSpec, role: Role, account: Account) -> Iterator[Plan]:
    """Yield plans for the role's policies: additions first, then removals, so that the role never lacks permissions."""
    held = {each.name: each.document for each in role.inline or ()}
    for inline in spec.inline:
        if not same_document(held.get(inline.name), inline.document):
            yield put_inline(role, inline.name, inline.document.text, account)
    attached = [each.arn for each in role.attached or ()]
    wanted = spec.all_attached(account.partition, account.id)
    yield from (attach(role, arn, account) for arn in wanted if arn not in attached)
    names = {each.name for each in spec.inline}
    yield from (delete_inline(role, name, account) for name in held if name not in names and not _stops(name))
    yield from (attach(role, arn, account, detach=True) for arn in attached if arn not in wanted and not _stops(arn))


def _profile(spec: RoleSpec, role: Role, account: Account, reader: AccountReader) -> Iterator[Plan]:
    name = spec.instance_profile
    if name is None or name.lower() in {each.lower() for each in role.instance_profiles or ()}:
        return
    reading = reader.instance_profile(name)
    if reading.value is not None and reading.value.roles:
        raise PlanError(
            f"The instance profile {name} already contains {reading.value.roles[0]}, "
            "and can contain only one role: name another profile."
        )
    for call in profile_calls(replace(spec, path=role.path), account, reader):
        yield _one(with_undo(call), account)


def _stops(policy: str) -> bool:
    return policy in (DISABLE_POLICY, REVOKE_POLICY) or any(guard in policy for guard in GUARDS)


def _is_aws(key: str) -> bool:
    return key.lower().startswith("aws:")


def _kept(given: frozenset[str], role: Role) -> Iterator[str]:
    """Yield sentences on what is kept: what the spec does not name, and policies that disable the role."""
    policies = [*(each.name for each in role.inline or ()), *(each.arn for each in role.attached or ())]
    for policy in policies:
        if _stops(policy):
            yield (
                f"{role.name} is disabled by {policy.rpartition('/')[2]}, which remains attached: the spec does not "
                "remove this policy."
            )
    others: list[str] = []
    if role.boundary_arn is not None and "boundary" not in given:
        others.append(f"the boundary {role.boundary_arn.rpartition('/')[2]}")
    if "tags" not in given:
        others += [f"the tag {key}" for key in role.tags or {} if not _is_aws(key)]
    if "description" not in given and role.description:
        others.append("a description")
    if "max_session_seconds" not in given and role.max_session_seconds not in (None, 3600):
        others.append(f"a session length of {role.max_session_seconds} s")
    if not given & PERMISSIONS:
        others += [f"the policy {each.rpartition('/')[2]}" for each in policies if not _stops(each)]
    if others:
        yield f"{role.name} also has {', '.join(others)}, which the spec does not name; none of this is removed."
