"""Advice about instance profiles: an empty one is filled, one with the right role is used, another is left alone."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.case import Case
from diagnostics.already_exists.commands import Untypable, iam, shown
from diagnostics.already_exists.kinds import Kind
from diagnostics.already_exists.rename import rename_fix
from diagnostics.already_exists.search import Found
from diagnostics.diagnosis import Fix, FixKind, Who
from iam.account import InstanceProfile


def profile_fixes(case: Case, found: Found, cause: str) -> Iterator[Fix]:
    profile = found.entity
    assert isinstance(profile, InstanceProfile)  # the cause says so
    name = shown(profile.name)
    wanted_role = case.wanted.role_name or case.name or profile.name
    renaming = rename_fix(
        Kind.INSTANCE_PROFILE,
        profile.name,
        case.wanted,
        case.account,
        case.reader,
        "a profile's name need not be its role's",
    )
    if cause == "profile.empty":
        role = case.account.role_ignoring_case(wanted_role)
        role_name = role.name if role else wanted_role
        before = "" if role else f", once role {shown(role_name)} is created"
        in_use = "; instances that have it get the role without a restart" if case.use.users else ""
        title = f"reuse the empty instance profile {name}: add role {shown(role_name)} to it{before}{in_use}"
        try:
            options = (("instance-profile-name", profile.name), ("role-name", role_name))
            change, kind = iam("add-role-to-instance-profile", *options), FixKind.COMMAND
        except Untypable:
            change, kind = "", FixKind.NOTE
        yield Fix(title, case.who("iam:AddRoleToInstanceProfile"), kind, found.arn, change)
        yield renaming
        return
    held = shown(profile.roles[0])
    if cause == "profile.same-role":
        title = f"reuse instance profile {name}: it holds role {held}, nothing is left to do"
        yield Fix(title, Who.YOU, FixKind.NOTE, found.arn, "")
        yield renaming
        return
    yield renaming
    title = f"reuse instance profile {name} only if role {held} is the one that was meant"
    yield Fix(title, Who.YOU, FixKind.NOTE, found.arn, "")
    if case.use.users:
        title = f"leave role {held} in {name}: {shown(case.use.users[0])} would lose it if another took its place"
        yield Fix(title, Who.YOU, FixKind.NOTE, found.arn, "")
