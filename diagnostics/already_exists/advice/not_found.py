"""Advice if no entity was found, because none exists or because it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.rename import rename_fix
from diagnostics.already_exists.advice.sign_in import login_profile
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import arn_of
from diagnostics.already_exists.find.spelling import fault_of
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.commands import iam, shown
from diagnostics.fix import Advice, Fix, Note, ShellCommand
from diagnostics.who import Who
from iam.words import joined


def elsewhere(account: str, target: str) -> Fix:
    """Return the fix that says to look in the account that the text names."""
    title = f"leave this account: the text mentions account {account}; look in that account, with its profile"
    return Fix(title, Who.YOU, Note(target), advice=Advice.LEAVE)


def misread(name: str) -> Fix:
    """Return the fix for a name with a slash (a path and a name): keep the name, and look in the text's account."""
    title = "leave the name as it is, and look for the entity with that name in the text's account"
    why = f"AWS says that {name} exists. No name contains a slash, so this is a path and a name, or several names."
    return Fix(title, Who.YOU, Note(name, why), advice=Advice.LEAVE)


def nothing_in_the_way(case: ConflictCase) -> Iterator[Fix]:
    word = FACTS[case.kind].word if case.kind else "entity"
    name = shown(case.name or "")
    target = f"{word} {name}"
    others = [look.found for look in case.others if look.found]
    if others:
        listed = joined(f"{FACTS[each.kind].word} {shown(each.name)}" for each in others)
        title = f"leave the {listed} alone: nothing has to be renamed; create the {word} again"
        yield Fix(title, Who.YOU, Note(target), advice=Advice.LEAVE)
        return
    fault = fault_of(case.kind, case.name)
    if fault and case.kind and case.name:
        yield rename_fix(case.kind, case.name, case.wanted, case.opened, f"{name} {fault}")
        return
    if case.other_account:
        yield elsewhere(case.other_account, target)
        return
    if not case.refused:
        yield Fix(f"leave everything as it is: {name} is free to use", Who.YOU, Note(target), advice=Advice.LEAVE)
        return
    if case.older:
        title = f"leave the snapshot, and check the account itself, or the account in the text: {name} is taken there"
        caution = f"AWS's refusal may be newer than {case.older}"
        yield Fix(title, Who.YOU, Note(target), cautions=(caution,), advice=Advice.LEAVE)
    else:
        title = f"wait a minute and create the {word} again: nothing visible has the name {name} now"
        yield Fix(title, Who.YOU, Note(target), advice=Advice.WAIT)
    if case.kind and case.name and case.kind not in _NOT_RENAMED:
        yield rename_fix(
            case.kind, case.name, case.wanted, case.opened, "only if it is refused again", contradicted=case.older
        )


# Their names say what they are for, so a different name would mean a different thing.
_NOT_RENAMED = (EntityKind.OIDC_PROVIDER, EntityKind.LOGIN_PROFILE, EntityKind.SERVICE_LINKED_ROLE)


def unseen(case: ConflictCase) -> Iterator[Fix]:
    """Yield advice for an entity that has the name but cannot be read: only safe changes."""
    kind, name = case.kind or EntityKind.ROLE, case.name
    word = FACTS[kind].word
    target = f"{word} {shown(name or '')}".strip()
    if kind is EntityKind.MFA_DEVICE and name is None:
        title = (
            "delete the device that is assigned to nobody, once you know which device that is; this command lists "
            "such devices"
        )
        change = iam("list-virtual-mfa-devices", ("assignment-status", "Unassigned"))
        yield Fix(title, Who.ACCOUNT_ADMIN, ShellCommand(target, change), advice=Advice.DELETE)
        return
    if case.other_account:
        yield elsewhere(case.other_account, target)
        return
    if name is None:
        title = (
            "leave it for now: the text does not contain the name; paste the full error, or type the kind and the name"
        )
        yield Fix(title, Who.YOU, Note(target), advice=Advice.LEAVE)
        return
    if kind is EntityKind.OIDC_PROVIDER:
        arn = arn_of(case.account, kind, name)
        title = f"reuse the provider {shown(name)}: every role may name it by its ARN"
        yield Fix(title, Who.YOU, Note(arn, arn), advice=Advice.REUSE)
    elif kind is EntityKind.LOGIN_PROFILE:
        yield login_profile(case, name, arn_of(case.account, kind, name))
    elif kind is EntityKind.SERVICE_LINKED_ROLE:
        title = f"leave role {shown(name)} as it is: the service already has its role, and there is nothing to create"
        yield Fix(title, Who.YOU, Note(target), advice=Advice.LEAVE)
    else:
        safe = "Safe even though the existing entity is unknown"
        yield rename_fix(kind, name, case.wanted, case.opened, safe)
    listing = FACTS[kind].listing
    title = f"leave it until somebody with {listing} has checked which entity has the name"
    yield Fix(title, Who.ACCOUNT_ADMIN, Note(target, joined(case.gaps)), advice=Advice.LEAVE)
