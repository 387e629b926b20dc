"""Plans for instance profiles: add or remove a role, attach a profile to an instance, delete a profile."""

from __future__ import annotations

from collections.abc import Iterable

from iam.account import Account, InstanceProfile, Role
from iam.arn import name_of
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, NothingToDo, Plan, PlanError, make_plan
from iam.other_services import InstanceAssociation
from iam.sources.reader.account_reader import AccountReader


def add_to_profile(role: Role, name: str, profile: InstanceProfile | None, account: Account) -> Plan:
    """Return a plan that adds the role to the instance profile called ``name``.

    ``profile`` is the existing profile with this name; if it is None, a profile is created at the role's path. Raises
    `PlanError`.
    """
    _changeable(role)
    if profile is not None and profile.roles:
        if role.name in profile.roles:
            raise NothingToDo(
                f"There is nothing to do: the instance profile {profile.name} already contains {role.name}."
            )
        raise PlanError(
            f"The instance profile {profile.name} already contains the role {profile.roles[0]}, and can contain only "
            "one: remove that role first."
        )
    calls = []
    if profile is None:
        target = f"arn:{account.partition}:iam::{account.id}:instance-profile{role.path}{name}"
        made = {"InstanceProfileName": name, "Path": role.path}
        calls.append(Call("CreateInstanceProfile", made, f"Create the instance profile {name}.", target))
    else:
        name, target = profile.name, profile.arn
    given = {"InstanceProfileName": name, "RoleName": role.name}
    calls.append(Call("AddRoleToInstanceProfile", given, f"Add {role.name} to the instance profile {name}.", target))
    return _of_role(f"put {role.name} into {name}", role, profile, calls, account)


def remove_from_profile(role: Role, profile: InstanceProfile, account: Account) -> Plan:
    """Return a plan that removes the role from the instance profile. Raises `PlanError`."""
    _changeable(role)
    if role.name not in profile.roles:
        raise NothingToDo(f"There is nothing to do: the instance profile {profile.name} does not contain {role.name}.")
    given = {"InstanceProfileName": profile.name, "RoleName": role.name}
    why = f"Remove {role.name} from the instance profile {profile.name}."
    caution = f"Instances that use {profile.name} lose their credentials."
    call = Call("RemoveRoleFromInstanceProfile", given, why, profile.arn, caution=caution)
    return _of_role(f"remove {role.name} from {profile.name}", role, profile, [call], account)


def attach_to_instance(role: Role, profile: str, association: InstanceAssociation, account: Account) -> Plan:
    """Return a plan that attaches this profile to the instance, in place of any other profile.

    The profile must contain the role, or an earlier plan must add it. If the instance has another profile, the operator
    must type the instance's ID. Raises `PlanError`.
    """
    _changeable(role)
    instance = name_of(association.arn)
    had = name_of(association.profile_arn) if association.profile_arn else ""
    if had == profile:
        raise NothingToDo(f"There is nothing to do: {instance} already has the instance profile {profile}.")
    if had and association.id is None:
        raise PlanError(f"The association of {instance} could not be read, so it is not replaced.")
    if had:
        operation, named = "ReplaceIamInstanceProfileAssociation", {"AssociationId": association.id}
        why = f"Give {instance} the instance profile {profile} instead of {had}."
    else:
        operation, named = "AssociateIamInstanceProfile", {"InstanceId": instance}
        why = f"Give {instance} the instance profile {profile}."
    call = Call(operation, {**named, "IamInstanceProfile": profile}, why, association.arn, service="ec2")
    held = Existing(association=association)
    return make_plan(
        f"attach {role.name} to {instance}",
        why,
        [with_undo(call, held)],
        target=role.arn,
        account_id=account.id,
        type_name=instance if had else None,
        found=held.entities,
    )


def _changeable(role: Role) -> None:
    if role.service_owned:
        raise PlanError(f"The role {role.name} belongs to an AWS service, and only that service may change the role.")


def _of_role(title: str, role: Role, profile: InstanceProfile | None, calls: Iterable[Call], account: Account) -> Plan:
    held = Existing(role, profile)
    listed = [with_undo(call, held) for call in calls]
    sentence = " ".join(call.why for call in listed)
    return make_plan(title, sentence, listed, target=role.arn, account_id=account.id, found=held.entities)


def finish_deletion(name: str, account: Account, reader: AccountReader) -> Plan:
    """Return a plan that finishes a role's incomplete deletion by deleting the empty profile with its name.

    Raises `PlanError` if nothing is left, or if the profile cannot be read.
    """
    profile = reader.instance_profile(name)
    if profile.value is None:
        raise PlanError(profile.why or f"The deletion is done: nothing of {name} is left.")
    if profile.value.roles:
        raise PlanError(f"The instance profile {name} is kept because it contains the role {profile.value.roles[0]}.")
    return delete_profile(profile.value, account)


def delete_profile(profile: InstanceProfile, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    """Return a plan that deletes an instance profile. A role in it is removed from it first, but not deleted."""
    calls = [
        Call(
            "RemoveRoleFromInstanceProfile",
            {"InstanceProfileName": profile.name, "RoleName": role},
            f"Remove {role} from the instance profile {profile.name}.",
            profile.arn,
            caution=f"Instances that use {profile.name} lose their credentials.",
        )
        for role in profile.roles
    ]
    given = {"InstanceProfileName": profile.name}
    calls.append(Call("DeleteInstanceProfile", given, f"Delete the instance profile {profile.name}.", profile.arn))
    return make_plan(
        f"delete instance profile {profile.name}",
        " ".join(call.why for call in calls),
        [with_undo(call, Existing(profile=profile)) for call in calls],
        kind="delete-profile",
        target=profile.arn,
        account_id=account.id,
        type_name=profile.name,
        warnings=(
            "A profile that is created again gets a new unique ID: associate the instances again.",
            *warnings,
        ),
        found=[profile],
    )
