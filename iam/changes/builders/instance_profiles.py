"""Plans that delete instance profiles: by themselves, or as what a role's deletion left."""

from __future__ import annotations

from collections.abc import Iterable

from iam.account import Account, InstanceProfile
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.sources.reader import AccountReader


def finish_deletion(name: str, account: Account, reader: AccountReader) -> Plan:
    """The rest of a deletion whose role is gone already: the empty instance profile of its name. Raises `PlanError`
    where nothing is left, or it cannot be seen."""
    profile = reader.instance_profile(name)
    if profile.value is None:
        raise PlanError(profile.why or f"There is nothing left of {name}: the deletion is done.")
    if profile.value.roles:
        raise PlanError(f"The instance profile {name} holds the role {profile.value.roles[0]}, so it stays.")
    return delete_profile(profile.value, account)


def delete_profile(profile: InstanceProfile, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    """Delete an instance profile; a role in it comes out first, and stays."""
    calls = [
        Call(
            "RemoveRoleFromInstanceProfile",
            {"InstanceProfileName": profile.name, "RoleName": role},
            f"Take {role} out of the instance profile {profile.name}.",
            profile.arn,
            caution=f"Instances that run with {profile.name} lose their credentials.",
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
            "Made again, the profile would get a new unique ID: instances have to be associated again.",
            *warnings,
        ),
        found=[profile],
    )
