"""The errors that stand beside a name conflict and are taken for one: a quota, a deletion that IAM refuses, two writers
at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.already_exists.case import Case
from diagnostics.already_exists.commands import Untypable, shown
from diagnostics.already_exists.describe import few, joined
from diagnostics.already_exists.explain import Part, explain_limit
from diagnostics.already_exists.kinds import FACTS, Kind, bare_name, wanted_kind
from diagnostics.already_exists.looking import find, study
from diagnostics.already_exists.removal import NEW_ID, commands, may_delete
from diagnostics.already_exists.search import Found
from diagnostics.already_exists.taking_apart import build
from diagnostics.already_exists.use import profiles_of
from diagnostics.already_exists.wanted import find_wanted
from diagnostics.already_exists.wanted.cli import commands_in
from diagnostics.diagnosis import Confidence, Evidence, Fix, FixKind, Status, Step, Verdict, Who
from diagnostics.failure import Conflict, OtherFailure, Trouble
from iam.account import Account, Role
from iam.changes.plan import PlanError
from iam.sources.reader import AccountReader

_DELETIONS = {
    "DeleteRole": Kind.ROLE,
    "DeleteUser": Kind.USER,
    "DeleteGroup": Kind.GROUP,
    "DeletePolicy": Kind.POLICY,
    "DeleteInstanceProfile": Kind.INSTANCE_PROFILE,
    "DeleteServerCertificate": Kind.SERVER_CERTIFICATE,
    "DeleteVirtualMFADevice": Kind.MFA_DEVICE,
}
_DELETE_COMMANDS = {
    "delete-role": (Kind.ROLE, "role-name"),
    "delete-user": (Kind.USER, "user-name"),
    "delete-group": (Kind.GROUP, "group-name"),
    "delete-policy": (Kind.POLICY, "policy-arn"),
    "delete-instance-profile": (Kind.INSTANCE_PROFILE, "instance-profile-name"),
    "delete-server-certificate": (Kind.SERVER_CERTIFICATE, "server-certificate-name"),
    "delete-virtual-mfa-device": (Kind.MFA_DEVICE, "serial-number"),
}
_USED_BY = re.compile(r"in use by:? (arn:[\w-]+:(?:elasticloadbalancing|cloudfront)\S+?)[.,;]?(?:\s|$)")


def explain_other(failure: OtherFailure, account: Account, reader: AccountReader) -> Iterator[Part]:
    """What `diagnostics.other` hands over: `Trouble.QUOTA`, `Trouble.DELETE_CONFLICT` or `Trouble.CONCURRENT`.

    Steps, one verdict, then the advice, as `explain` gives them for a conflict.
    """
    if failure.trouble is Trouble.DELETE_CONFLICT:
        yield from _refused_deletion(failure, account, reader)
    elif failure.trouble is Trouble.CONCURRENT:
        yield from _two_writers(failure, account, reader)
    else:
        conflict = Conflict(failure.text, code=failure.code, operation=failure.operation)
        yield from explain_limit(conflict, account, reader)


def _refused_deletion(failure: OtherFailure, account: Account, reader: AccountReader) -> Iterator[Part]:
    """DeleteConflict: what still hangs on the entity, and the calls that take it off, in order."""
    kind, name = _deleted(failure)
    conflict = Conflict(failure.text, failure.code, kind.value if kind else None, name, failure.operation)
    case = Case(conflict, account, reader, kind, name)
    call = failure.operation or "a deletion"
    evidence = (Evidence(shown(failure.text.strip(), 2000, lines=True)),)
    what = (
        f"{FACTS[kind].word if kind else 'entity'} {shown(name)}" if name else "something that the text does not name"
    )
    said = f"{call} of {what} was refused: something still hangs on it"
    yield Step("call", "Which call failed", Status.FAIL, said, evidence)
    yield from find(case)
    found = case.found
    if found is None:
        gone = bool(case.looks) and all(look.complete for look in case.looks)
        said = f"It is gone now: nothing has the name {shown(name or '')}." if gone else f"{said[0].upper()}{said[1:]}."
        yield Verdict("deletion.unfinished", Confidence.LIKELY, said)
        yield Fix("leave it: take off what hangs on it first, then delete again", Who.YOU, FixKind.NOTE, what, "")
        return
    yield from study(case, found)
    hanging = _hanging(found, account)
    left = f": {joined(hanging)}" if hanging else ""
    said = f"The {what} is still there, because something hangs on it{left}; that has to go first."
    yield Verdict("deletion.unfinished", Confidence.CERTAIN, said)
    yield _deletion_fix(case, found, what)


def _deleted(failure: OtherFailure) -> tuple[Kind | None, str | None]:
    kind = _DELETIONS.get(failure.operation or "")
    for operation, options in commands_in(failure.text):
        known = _DELETE_COMMANDS.get(operation)
        if known and known[0] is (kind or known[0]) and options.get(known[1]):
            return known[0], bare_name(known[0], options[known[1]][0])
    return kind, bare_name(kind, failure.name) if failure.name else None


def _hanging(found: Found, account: Account) -> list[str]:
    entity = found.entity
    parts = []
    names = [
        each.name for each in (*(getattr(entity, "attached", None) or ()), *(getattr(entity, "inline", None) or ()))
    ]
    if names:
        parts.append(f"policies {few(names)}")
    if isinstance(entity, Role):
        profiles = profiles_of(entity, account)
        parts += [f"instance profile {few(profiles)}"] if profiles else []
    if found.kind is Kind.INSTANCE_PROFILE:
        parts += [f"role {few(roles)}"] if (roles := getattr(entity, "roles", ())) else []
    if found.kind is Kind.POLICY:
        parts += [f"{len(versions) - 1} older versions"] if len(versions := getattr(entity, "versions", ())) > 1 else []
    return parts


def _deletion_fix(case: Case, found: Found, what: str) -> Fix:
    reason = may_delete(found, case.account, case.owner, case.use, mine=True) if found.role else ""
    if not reason and case.owner.owned:
        reason = f"it belongs to {case.owner.words()}"
    serving = _USED_BY.search(case.conflict.text)
    if found.kind is Kind.SERVER_CERTIFICATE and serving:
        reason = f"AWS says that {shown(serving[1], 200)} serves it; give that another certificate first"
    if reason:
        return Fix(f"leave the {what} for now: {reason}", Who.YOU, FixKind.NOTE, found.arn, "")
    operation = f"iam:{case.conflict.operation}" if case.conflict.operation in _DELETIONS else "iam:DeleteRole"
    warning = f"; {NEW_ID}" if found.role else ""
    try:
        plan = build(found, case.account, case.reader)
        lines = commands(plan)
    except Untypable as error:
        return Fix(f"delete the {what} in the console: {error}", Who.YOU, FixKind.NOTE, found.arn, "")
    except PlanError as error:
        return Fix(f"leave the {what} for now: {error}", Who.YOU, FixKind.NOTE, found.arn, "", no_plan=str(error))
    if found.role is None:
        warning = "".join(f"; {each.rstrip('.')}" for each in plan.warnings)
        warning += f"; it is used by {few(case.use.users)}" if case.use.users else ""
        unknown = [*(["whose it is"] if case.owner.unknown else []), *case.use.gaps]
        warning += f"; not known: {joined(unknown)}" if unknown else ""
    title = f"delete the {what} in the order that IAM asks for, {len(lines)} calls{warning}"
    return Fix(title, case.who(operation), FixKind.COMMAND, found.arn, "\n".join(lines))


def _two_writers(failure: OtherFailure, account: Account, reader: AccountReader) -> Iterator[Part]:
    """ConcurrentModification: somebody else changed the same thing at that moment; what stands there now."""
    conflict = Conflict(failure.text, failure.code, name=failure.name, operation=failure.operation)
    kind = wanted_kind(conflict)
    wanted = find_wanted(conflict, kind, failure.name)
    name = failure.name or wanted.name
    case = Case(conflict, account, reader, kind or wanted.kind, name, wanted)
    evidence = (Evidence(shown(failure.text.strip(), 2000, lines=True)),)
    said = f"{failure.operation or 'a call'} met another change of the same thing at that moment"
    yield Step("call", "Which call failed", Status.PASS, said, evidence)
    if name and case.kind:
        yield from find(case)
    now = ""
    if case.found:
        now = f" The {FACTS[case.found.kind].word} {shown(case.found.name)} exists now: look at it before trying again."
        yield from study(case, case.found)
    yield Verdict("not-iam", Confidence.CERTAIN, f"Two changes were made at once, and AWS refused one of them.{now}")
    title = "wait a few seconds, look at what the other change made, and try again"
    yield Fix(title, Who.YOU, FixKind.NOTE, f"{failure.operation or 'the call'}", "")
