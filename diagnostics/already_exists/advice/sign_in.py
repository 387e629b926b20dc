"""Advice about what people sign in with: login profiles and virtual MFA devices."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.case import Case
from diagnostics.already_exists.commands import Untypable, iam, shown
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import Kind
from diagnostics.diagnosis import Fix, FixKind, Who
from iam.sources.reader import MfaDevice


def mfa_device(case: Case, found: Found) -> Iterator[Fix]:
    device = found.entity
    name = shown(found.name)
    renaming = rename_fix(Kind.MFA_DEVICE, found.name, case.wanted, case.account, case.reader, "")
    if isinstance(device, MfaDevice) and not device.user:
        title = f"delete the MFA device {name}: assigned to nobody, left from an unfinished registration"
        try:
            change = iam("delete-virtual-mfa-device", ("serial-number", found.arn))
            yield Fix(title, case.who("iam:DeleteVirtualMFADevice"), FixKind.COMMAND, found.arn, change)
        except Untypable:
            yield Fix(title, Who.ACCOUNT_ADMIN, FixKind.NOTE, found.arn, "")
    yield renaming


def login_profile(case: Case, user: str, target: str) -> Fix:
    title = f"adopt: {shown(user)} can sign in already; set a new password instead of a second login profile"
    try:
        change = iam("update-login-profile", ("user-name", user), "password-reset-required")
        kind = FixKind.COMMAND
    except Untypable:
        change, kind = "", FixKind.NOTE
    return Fix(title, case.who("iam:UpdateLoginProfile"), kind, target, change)
