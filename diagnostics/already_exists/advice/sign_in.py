"""Advice about sign-in credentials: login profiles and virtual MFA devices."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.commands import Untypable, iam, shown
from diagnostics.fix import Advice, Calls, Fix, Note, ShellCommand, calls_or_note, iam_call
from diagnostics.who import Who
from iam.sources.reader.entities import MfaDevice


def mfa_device(case: ConflictCase, found: Found) -> Iterator[Fix]:
    device = found.entity
    name = shown(found.name)
    renaming = rename_fix(EntityKind.MFA_DEVICE, found.name, case.wanted, case.opened, "")
    if isinstance(device, MfaDevice) and not device.user:
        title = f"delete the MFA device {name}: assigned to nobody, left from an unfinished registration"
        deleting = calls_or_note(found.arn, iam_call("DeleteVirtualMFADevice", SerialNumber=found.arn))
        who = case.who("iam:DeleteVirtualMFADevice") if isinstance(deleting, Calls) else Who.ACCOUNT_ADMIN
        yield Fix(title, who, deleting, advice=Advice.DELETE)
    yield renaming


def login_profile(case: ConflictCase, user: str, target: str) -> Fix:
    title = f"adopt: {shown(user)} can sign in already; set a new password instead of creating a second login profile"
    operation = "update-login-profile"
    try:
        command = iam(operation, ("user-name", user), "password-reset-required")
        change: ShellCommand | Note = ShellCommand(target, command, operation=operation)
    except Untypable:
        change = Note(target)
    return Fix(title, case.who("iam:UpdateLoginProfile"), change, advice=Advice.ADOPT)
