"""Make the plan that creates a role and the entities that belong to it."""

from __future__ import annotations

from collections.abc import Iterable

from iam.account import Account
from iam.arn import name_of
from iam.changes.operations.undo import with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.creation.spec import NewPolicy, RoleSpec
from iam.sources.reader.account_reader import AccountReader
from iam.words import joined


def create_calls(spec: RoleSpec, account: Account, reader: AccountReader | None = None) -> tuple[Call, ...]:
    """Return the calls that create the role, ordered by their dependencies (aws-iam.md §2.4).

    If the account's instance profiles were not read, ``reader`` reads the profile that the role needs.
    """
    role = spec.arn(account.partition, account.id)
    name = {"RoleName": spec.name}
    calls = [policy_call(policy, account) for policy in spec.new_policies]
    parameters: dict[str, object] = {
        "Path": spec.path,
        **name,
        "AssumeRolePolicyDocument": spec.trust.text,
        "MaxSessionDuration": spec.max_session_seconds,
    }
    if spec.description:
        parameters["Description"] = spec.description
    if spec.boundary_arn:
        parameters["PermissionsBoundary"] = spec.boundary_arn
    if spec.tags:
        parameters["Tags"] = dict(spec.tags)
    calls.append(Call("CreateRole", parameters, f"Create the role {spec.name} with its trust policy.", role))
    for inline in spec.inline:
        given = {**name, "PolicyName": inline.name, "PolicyDocument": inline.document.text}
        calls.append(Call("PutRolePolicy", given, f"Add the inline policy {inline.name} to {spec.name}.", role))
    for arn in spec.all_attached(account.partition, account.id):
        why = f"Attach {name_of(arn)} to {spec.name}."
        calls.append(Call("AttachRolePolicy", {**name, "PolicyArn": arn}, why, role))
    calls += profile_calls(spec, account, reader)
    return tuple(with_undo(call) for call in calls)


def policy_call(policy: NewPolicy, account: Account) -> Call:
    """Return the call that creates a customer policy; its target is the policy's ARN."""
    arn = f"arn:{account.partition}:iam::{account.id}:policy{policy.path}{policy.name}"
    made = {"PolicyName": policy.name, "Path": policy.path, "PolicyDocument": policy.document.text}
    if policy.description:
        made["Description"] = policy.description
    return Call("CreatePolicy", made, f"Create the customer policy {policy.name}.", arn)


def profile_calls(spec: RoleSpec, account: Account, reader: AccountReader | None = None) -> list[Call]:
    """Return the calls that add the role to its instance profile. A profile that does not exist is created."""
    profile = spec.instance_profile
    if profile is None:
        return []
    arn = f"arn:{account.partition}:iam::{account.id}:instance-profile{spec.path}{profile}"
    named = {"InstanceProfileName": profile}
    calls = []
    held = account.instance_profile_ignoring_case(profile)
    if held is None and reader is not None and account.instance_profiles is None:
        held = reader.instance_profile(profile).value
    if held is None:
        why = f"Create the instance profile {profile}, which EC2 requires."
        calls.append(Call("CreateInstanceProfile", {**named, "Path": spec.path}, why, arn))
    else:
        named = {"InstanceProfileName": held.name}
        arn = held.arn
    why = f"Add {spec.name} to the instance profile {named['InstanceProfileName']}."
    return [*calls, Call("AddRoleToInstanceProfile", {**named, "RoleName": spec.name}, why, arn)]


def create_role(
    spec: RoleSpec, account: Account, reader: AccountReader | None = None, *, warnings: Iterable[str] = ()
) -> Plan:
    """Return the plan that creates a role and everything that belongs to it.

    Raises `PlanError` if the spec breaks IAM's rules.
    """
    faults = spec.faults()
    if faults:
        raise PlanError(" ".join(faults))
    calls = create_calls(spec, account, reader)
    parts = []
    policies = len(spec.inline) + len(spec.all_attached(account.partition, account.id))
    if policies:
        parts.append(f"{policies} {'policy' if policies == 1 else 'policies'}")
    if spec.boundary_arn:
        parts.append(f"the boundary {name_of(spec.boundary_arn)}")
    if spec.instance_profile:
        parts.append(f"the instance profile {spec.instance_profile}")
    extra = f" with {joined(parts)}" if parts else ", without permissions"
    return make_plan(
        f"create role {spec.name}",
        f"Creates the role {spec.name}{extra}, in {len(calls)} {'call' if len(calls) == 1 else 'calls'}.",
        calls,
        kind="create-role",
        target=spec.arn(account.partition, account.id),
        account_id=account.id,
        warnings=warnings,
    )
