"""Plans that delete, change and disable roles. Building a plan only reads; `iam.changes.apply` carries it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from iam.account import Account, InstanceProfile, Role
from iam.arn import name_of
from iam.changes.compare import same_document
from iam.changes.in_use import profiles_of, taking_rights
from iam.changes.operations.roles import NEW_ID, whole_update
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, NothingToDo, Plan, PlanError, document_text, make_plan, moment_after
from iam.sources.reader.account_reader import AccountReader

REVOKE_POLICY = "AWSRevokeOlderSessions"
"""The name of the inline policy that revokes sessions.

The AWS console uses the same name, so that the console and rolescope recognize each other's policies.
"""

DISABLE_POLICY = "rolescope-disabled"


def _changeable(role: Role) -> None:
    if role.service_owned:
        raise PlanError(f"The role {role.name} belongs to an AWS service, and only that service may change the role.")


def _details(role: Role) -> None:
    if not role.has_details:
        raise PlanError(
            f"A plan to delete {role.name} would be incomplete: the items that depend on {role.name} could not be read."
        )


def _profiles_of(role: Role, account: Account) -> tuple[str, ...]:
    profiles = profiles_of(role, account)
    if profiles is None:
        raise PlanError(f"The instance profiles that contain {role.name} could not be read.")
    return profiles


def _own_profile(role: Role, account: Account, reader: AccountReader | None) -> InstanceProfile | None:
    """Return the instance profile with the role's name. The profile is read again if ``reader`` can read it."""
    own = account.instance_profile_ignoring_case(role.name)
    if own is None or reader is None:
        return own
    now = reader.instance_profile(own.name)
    return own if now.unreadable else now.value


def delete_role(
    role: Role,
    account: Account,
    reader: AccountReader | None = None,
    *,
    with_profile: bool = True,
    warnings: Iterable[str] = (),
) -> Plan:
    """Return a plan that deletes a role and what depends on it, including the calls to restore it.

    ``role`` must have been read completely just now. ``with_profile``: an instance profile with the role's name is
    deleted too, as in the console; ``reader`` reads the profile's tags, because lists of profiles do not contain tags.
    If an earlier deletion of the role stopped half-way, only the remaining calls are planned. Raises `PlanError`.
    """
    _changeable(role)
    _details(role)
    held = Existing(role)
    name = {"RoleName": role.name}
    profiles = _profiles_of(role, account)
    calls = [
        Call(
            "RemoveRoleFromInstanceProfile",
            {"InstanceProfileName": profile, **name},
            f"Remove {role.name} from the instance profile {profile}.",
            role.arn,
            caution=f"Instances that use {profile} lose their credentials.",
        )
        for profile in profiles
    ]
    for policy in role.attached or ():
        calls.append(
            Call(
                "DetachRolePolicy",
                {**name, "PolicyArn": policy.arn},
                f"Detach {policy.name} from {role.name}.",
                role.arn,
            )
        )
    for inline in role.inline or ():
        why = f"Delete the inline policy {inline.name} of {role.name}."
        calls.append(Call("DeleteRolePolicy", {**name, "PolicyName": inline.name}, why, role.arn))
    calls.append(Call("DeleteRole", name, f"Delete the role {role.name}.", role.arn))
    own = _own_profile(role, account, reader)
    if with_profile and own is not None and set(own.roles) <= {role.name}:
        why = f"Delete the instance profile {own.name}, which is then empty."
        calls.append(Call("DeleteInstanceProfile", {"InstanceProfileName": own.name}, why, own.arn))
        held = Existing(role, own)
    return make_plan(
        f"delete role {role.name}",
        f"Deletes the role {role.name} and what depends on it, in {len(calls)} calls.",
        [with_undo(call, held) for call in calls],
        kind="delete-role",
        target=role.arn,
        account_id=account.id,
        type_name=role.name,
        warnings=(NEW_ID.replace("The role would", "If created again, the role would"), *warnings),
        found=held.entities,
    )


def _change(
    title: str,
    role: Role,
    calls: Iterable[Call],
    account: Account,
    *,
    kind: str = "change",
    sentence: str = "",
    warnings: Iterable[str] = (),
) -> Plan:
    listed = [with_undo(call, Existing(role), index=index) for index, call in enumerate(calls)]
    words = sentence or " ".join(call.why for call in listed)
    return make_plan(
        title, words, listed, kind=kind, target=role.arn, account_id=account.id, warnings=warnings, found=[role]
    )


def _trust_call(role: Role, document: str) -> Call:
    given = {"RoleName": role.name, "PolicyDocument": document}
    return Call("UpdateAssumeRolePolicy", given, f"Replace the trust policy of {role.name}.", role.arn)


def _boundary_call(role: Role, arn: str) -> Call:
    given = {"RoleName": role.name, "PermissionsBoundary": arn}
    why = f"Set the permissions boundary of {role.name} to {name_of(arn)}."
    return Call("PutRolePermissionsBoundary", given, why, role.arn)


def update_trust(role: Role, document: str, account: Account) -> Plan:
    _changeable(role)
    return _change(f"change trust of {role.name}", role, [_trust_call(role, document)], account)


def set_boundary(role: Role, arn: str, account: Account) -> Plan:
    _changeable(role)
    return _change(f"set boundary of {role.name}", role, [_boundary_call(role, arn)], account)


def remove_boundary(role: Role, account: Account) -> Plan:
    _changeable(role)
    if role.boundary_arn is None:
        raise NothingToDo(f"There is nothing to do: {role.name} has no permissions boundary.")
    name = role.boundary_arn.rpartition("/")[2]
    why = f"Remove the permissions boundary {name} from {role.name}: the boundary no longer limits the role."
    call = Call("DeleteRolePermissionsBoundary", {"RoleName": role.name}, why, role.arn)
    return _change(f"remove boundary of {role.name}", role, [call], account)


def attribute_calls(role: Role, description: str | None, max_session_seconds: int | None) -> list[Call]:
    """Return an UpdateRole call with the description and session length; empty if neither changes.

    For each field, None means no change. Raises `PlanError`.
    """
    given: dict[str, object] = {"RoleName": role.name}
    words = []
    if description is not None and description != (role.description or ""):
        given["Description"] = description
        words.append("description")
    if max_session_seconds is not None and role.max_session_seconds != max_session_seconds:
        given["MaxSessionDuration"] = max_session_seconds
        words.append("longest session")
    if not words:
        return []
    if role.max_session_seconds is None and not role.service_linked:
        raise PlanError(
            "UpdateRole always sets the session length, so the call might change it by mistake: the session length of "
            f"{role.name} could not be read."
        )
    call = Call("UpdateRole", given, f"Change the {' and the '.join(words)} of {role.name}.", role.arn)
    return [whole_update(call, role)]


def tag_calls(role: Role, wanted: Mapping[str, str], *, remove: Iterable[str] = ()) -> list[Call]:
    """Return TagRole calls for new and for changed tags, and UntagRole for ``remove``. Each call has one undo."""
    held = role.tags or {}
    new = {key: value for key, value in wanted.items() if key not in held}
    changed = {key: value for key, value in wanted.items() if key in held and held[key] != value}
    calls = []
    for tags, verb in ((new, "Add"), (changed, "Change")):
        if tags:
            why = f"{verb} {len(tags)} {'tag' if len(tags) == 1 else 'tags'} of {role.name}: {', '.join(tags)}."
            calls.append(Call("TagRole", {"RoleName": role.name, "Tags": tags}, why, role.arn))
    gone = tuple(sorted(key for key in remove if key in held))
    if gone:
        why = f"Remove the {'tag' if len(gone) == 1 else 'tags'} {', '.join(gone)} from {role.name}."
        calls.append(Call("UntagRole", {"RoleName": role.name, "TagKeys": gone}, why, role.arn))
    return calls


def edit_role(
    role: Role,
    account: Account,
    *,
    description: str | None = None,
    max_session_seconds: int | None = None,
    tags: Mapping[str, str] | None = None,
) -> Plan:
    """Return a plan that changes description, session length and tags.

    None means that a field does not change. Tags that are not in ``tags`` are removed. On service-linked roles only
    description and tags can change. Raises `PlanError`.
    """
    if role.service_owned and (not role.service_linked or max_session_seconds is not None):
        _changeable(role)
    calls = attribute_calls(role, description, max_session_seconds)
    if tags is not None:
        if role.tags is None:
            raise PlanError(f"The tags of {role.name} could not be read, so they are not changed.")
        calls += tag_calls(role, tags, remove=set(role.tags) - set(tags))
    if not calls:
        raise NothingToDo(f"There is nothing to do: {role.name} already has these values.")
    return _change(f"edit {role.name}", role, calls, account)


def disable_role(role: Role, account: Account, reader: AccountReader) -> Plan:
    """Return a plan that denies everything to a role with an inline policy. This can be undone, unlike a deletion.

    The plan looks up whether the role is in use: if it is, the operator must type the role's name. May block.
    """
    _changeable(role)
    document = document_text(
        {"Version": "2012-10-17", "Statement": [{"Sid": "Disabled", "Effect": "Deny", "Action": "*", "Resource": "*"}]}
    )
    if any(each.name == DISABLE_POLICY and same_document(each.document, document) for each in role.inline or ()):
        raise NothingToDo(f"There is nothing to do: {role.name} is already disabled.")
    given = {"RoleName": role.name, "PolicyName": DISABLE_POLICY, "PolicyDocument": document}
    why = f"Deny {role.name} everything, with the inline policy {DISABLE_POLICY}."
    sentence = f"Denies {role.name} everything and deletes nothing: deleting {DISABLE_POLICY} restores all permissions."
    plan = _change(
        f"disable {role.name}", role, [Call("PutRolePolicy", given, why, role.arn)], account, sentence=sentence
    )
    return taking_rights(plan, role, account, reader)


def enable_role(role: Role, account: Account) -> Plan:
    """Return a plan that undoes `disable_role`.

    Raises `PlanError` if the role was not disabled, or if this is unknown.
    """
    _details(role)
    if DISABLE_POLICY not in {each.name for each in role.inline or ()}:
        raise NothingToDo(
            f"{role.name} has no inline policy {DISABLE_POLICY}: the role was not disabled with rolescope."
        )
    given = {"RoleName": role.name, "PolicyName": DISABLE_POLICY}
    why = f"Restore the permissions of {role.name} by deleting {DISABLE_POLICY}."
    return _change(f"enable {role.name}", role, [Call("DeleteRolePolicy", given, why, role.arn)], account)


def revoke_sessions(role: Role, account: Account, reader: AccountReader, now: datetime) -> Plan:
    """Return a plan that denies everything to current sessions, and to those that start within 30 seconds.

    Current means when the plan is carried out. The margin includes sessions that are just being created (User Guide,
    "Revoke IAM role temporary security credentials"). As in `disable_role`, the plan looks up whether the role is in
    use.
    """
    _changeable(role)
    moment = moment_after(now)
    document = document_text(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Action": ["*"],
                    "Resource": ["*"],
                    "Condition": {"DateLessThan": {"aws:TokenIssueTime": moment}},
                }
            ],
        }
    )
    given = {"RoleName": role.name, "PolicyName": REVOKE_POLICY, "PolicyDocument": document}
    why = f"Deny everything to sessions of {role.name} that were started before {moment}."
    plan = _change(
        f"revoke sessions of {role.name}",
        role,
        [Call("PutRolePolicy", given, why, role.arn)],
        account,
        sentence=(
            f"Ends every session of {role.name} that exists when the call is made or starts within half a minute of "
            "it. Later sessions work."
        ),
        warnings=(
            "Programs that have a session must assume the role again; the CLI keeps sessions in ~/.aws/cli/cache.",
        ),
    )
    return taking_rights(replace(plan, moment=moment), role, account, reader)
