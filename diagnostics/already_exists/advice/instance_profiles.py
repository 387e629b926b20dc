"""Advice about instance profiles: add the role to an empty profile, or use a profile that contains it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.already_exists.advice.creation import creation_calls, new_role, whole
from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.wanted import find_wanted
from diagnostics.commands import shown
from diagnostics.fix import Advice, Calls, Change, Fix, Note, RoleCreation, calls_or_note, iam_call, to_complete
from diagnostics.who import Who
from iam.account import InstanceProfile
from iam.policy.document import Document

# A role in an instance profile is for EC2, whatever else is unknown about it.
_EC2 = Document.from_value(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def profile_fixes(case: ConflictCase, found: Found, cause: str) -> Iterator[Fix]:
    profile = found.entity
    assert isinstance(profile, InstanceProfile)  # the verdict's cause implies this
    name = shown(profile.name)
    wanted_role = case.wanted.role_name or case.name or profile.name
    renaming = rename_fix(
        EntityKind.INSTANCE_PROFILE,
        profile.name,
        case.wanted,
        case.opened,
        "A profile's name may differ from its role's name",
    )
    if cause == "profile.empty":
        yield _fill(case, found, profile, wanted_role)
        yield renaming
        return
    held = shown(profile.roles[0])
    if cause == "profile.same-role":
        title = f"reuse instance profile {name}: it contains role {held}, nothing is left to do"
        done = f"There is nothing to do: {name} contains the role {held}."
        yield Fix(title, Who.YOU, Note(found.arn, no_plan=done), advice=Advice.REUSE)
        yield renaming
        return
    yield renaming
    title = f"reuse instance profile {name} only if role {held} is the one you want"
    yield Fix(title, Who.YOU, Note(found.arn), advice=Advice.REUSE)
    if case.use.users:
        title = (
            f"leave role {held} in {name}: {shown(case.use.users[0])} would lose the role's access if another role "
            "replaced it"
        )
        yield Fix(title, Who.YOU, Note(found.arn), advice=Advice.LEAVE)


def _fill(case: ConflictCase, found: Found, profile: InstanceProfile, wanted_role: str) -> Fix:
    """Return the fix that adds the role to the empty profile.

    If the role is known but does not exist, it is created first. If nothing names the role, the profile's own name is
    used as a guess: the fix says so, and has no plan.
    """
    role = case.account.role_ignoring_case(wanted_role)
    role_name = role.name if role else wanted_role
    name, shown_role = shown(profile.name), shown(role_name)
    in_use: tuple[str, ...] = ("Instances with this profile get the role without a restart",) if case.use.users else ()
    wanted = case.wanted if case.kind is EntityKind.ROLE else find_wanted(case.conflict, EntityKind.ROLE, role_name)
    known = role is None and whole(wanted)
    made = re.search(rf"Creation complete[^\n]*\[id={re.escape(wanted_role)}\]", case.conflict.text) is not None
    guessed = case.wanted.role_name is None and case.kind is not EntityKind.ROLE and not known and not made
    adding = iam_call("AddRoleToInstanceProfile", InstanceProfileName=profile.name, RoleName=role_name)
    who = case.who("iam:AddRoleToInstanceProfile")
    if guessed:
        in_use += (f"The text names no role: {shown_role} is a guess from the profile's name",)
    if guessed and role is not None:
        title = f"reuse the empty instance profile {name}: add its intended role, perhaps {shown_role}"
        unnamed = iam_call("AddRoleToInstanceProfile", InstanceProfileName=profile.name, RoleName="ROLE")
        asking = to_complete(found.arn, "ROLE", unnamed)
        return Fix(title, who, asking, cautions=in_use, advice=Advice.REUSE)
    if guessed:
        title = f"reuse the empty instance profile {name}: create its intended role, perhaps {shown_role}"
    elif role is not None:
        title = f"reuse the empty instance profile {name}: add role {shown_role} to it"
    elif known:
        title = f"reuse the empty instance profile {name}: create role {shown_role} as specified, and add it"
    else:
        then = ", which the paste shows as created" if made else ", once that is created"
        title = f"reuse the empty instance profile {name}: add role {shown_role} to it{then}"
    change: Change = calls_or_note(found.arn, *(creation_calls(wanted, role_name) if known else ()), adding)
    if role is None and not known:
        draft = replace(new_role(wanted, role_name), trust=wanted.trust or _EC2)
        change = RoleCreation(found.arn, draft, then=adding if isinstance(change, Calls) else None)
    return Fix(title, who, change, cautions=in_use, advice=Advice.REUSE)
