"""Explain errors that are mistaken for a name conflict: a quota, a denied deletion, two concurrent changes."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.already_exists.advice.deletion_plan import build
from diagnostics.already_exists.advice.removal import NEW_ID, may_delete
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import DELETIONS, FACTS, EntityKind, bare_name, wanted_kind
from diagnostics.already_exists.procedure import Part, explain_limit
from diagnostics.already_exists.questions import find, study
from diagnostics.already_exists.study.use import profiles_of
from diagnostics.already_exists.wanted import deletions_in, find_wanted
from diagnostics.already_exists.words import counted, few
from diagnostics.commands import Untypable, shown
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import Conflict, OtherFailure, Trouble
from diagnostics.fix import LONGEST_TITLE, Advice, Calls, Fix, Note
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.causes.first_cause import with_first_cause
from diagnostics.who import Who
from iam.account import Account, Role
from iam.changes.plan import PlanError
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined

_USED_BY = regex(r"in use by:? (arn:[\w-]+:(?:elasticloadbalancing|cloudfront)\S+?)[.,;]?(?:\s|$)")


def explain_other(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    """Explain a `Trouble.QUOTA`, `Trouble.DELETE_CONFLICT` or `Trouble.CONCURRENT` from `diagnostics.other`.

    Yield steps, one verdict, then the advice, in the same form as `explain` for a conflict.
    """
    if failure.trouble is Trouble.DELETE_CONFLICT:
        yield from _refused_deletion(failure, opened)
    elif failure.trouble is Trouble.CONCURRENT:
        yield from _two_writers(failure, opened)
    else:
        conflict = Conflict(failure.text, code=failure.code, operation=failure.operation)
        for part in explain_limit(conflict, opened):
            if isinstance(part, Verdict):
                part = with_first_cause(part, first_look(failure), failure.text)
            yield part


def _refused_deletion(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    """Explain a DeleteConflict: what still depends on the entity, and the calls that remove it, in order."""
    kind, name = _deleted(failure)
    conflict = Conflict(failure.text, failure.code, kind.value if kind else None, name, failure.operation)
    case = ConflictCase(conflict, opened, kind, name)
    call = failure.operation or "a deletion"
    evidence = (Evidence(shown(failure.text.strip(), 2000, lines=True)),)
    what = (
        f"{FACTS[kind].word if kind else 'entity'} {shown(name)}" if name else "something that the text does not name"
    )
    said = f"{call} of {what} was refused, because something still depends on it"
    yield Step("call", "Which call failed", Status.FAIL, said, evidence)
    yield from find(case)
    found = case.found
    if found is None:
        gone = bool(case.looks) and all(look.complete for look in case.looks)
        said = f"{said[0].upper()}{said[1:]}."
        if gone:
            said = f"It no longer exists: nothing has the name {shown(name or '')}."
        yield Verdict("deletion.unfinished", confidence(Ground.PARTLY), said)
        yield Fix(
            "leave it: first remove what depends on the entity, then delete the entity again",
            Who.YOU,
            Note(what),
            advice=Advice.LEAVE,
        )
        return
    yield from study(case, found)
    hanging = _hanging(found, opened.account)
    left = f": {joined(hanging)}" if hanging else ""
    said = f"The {what} still exists, because something depends on it{left}: remove that first."
    yield Verdict("deletion.unfinished", confidence(Ground.STATED), said)
    yield from _deletion_fixes(case, found, what)


def _deleted(failure: OtherFailure) -> tuple[EntityKind | None, str | None]:
    kind, _ = DELETIONS.get(failure.operation or "", (None, ""))
    for of_kind, name in deletions_in(failure.text):
        if of_kind is (kind or of_kind):
            return of_kind, bare_name(of_kind, name)
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
    if found.kind is EntityKind.INSTANCE_PROFILE:
        parts += [f"role {few(roles)}"] if (roles := getattr(entity, "roles", ())) else []
    if found.kind is EntityKind.POLICY:
        parts += [f"{len(versions) - 1} older versions"] if len(versions := getattr(entity, "versions", ())) > 1 else []
    return parts


def _deletion_fixes(case: ConflictCase, found: Found, what: str) -> Iterator[Fix]:
    against, sure = _against_deletion(case, found)
    if against:
        title = f"leave the {what} for now: {against[0]}"
        reasons_against = against[1:]
        if len(title) > LONGEST_TITLE:
            title, reasons_against = f"leave the {what} for now: see the reasons below", against
        yield Fix(title, Who.YOU, Note(found.arn, "\n".join(against)), cautions=reasons_against, advice=Advice.LEAVE)
        if sure:
            return
    operation = f"iam:{case.conflict.operation}" if case.conflict.operation in DELETIONS else "iam:DeleteRole"
    try:
        plan = build(found, case.opened)
        deletion = Calls(found.arn, plan.calls)
    except Untypable as error:
        yield Fix(f"delete the {what} in the console: {error}", Who.YOU, Note(found.arn), advice=Advice.DELETE)
        return
    except PlanError as error:
        if not against:
            title = f"leave the {what} for now: the entities that depend on it could not be read"
            why = str(error)
            yield Fix(title, Who.YOU, Note(found.arn, why, no_plan=why), advice=Advice.LEAVE)
        return
    title = f"delete the {what} in the order that IAM requires, {counted(len(plan.calls), 'call')}"
    cautions = (NEW_ID,) if found.role else plan.warnings
    yield Fix(title, case.who(operation), deletion, cautions=cautions, advice=Advice.DELETE)


def _against_deletion(case: ConflictCase, found: Found) -> tuple[tuple[str, ...], bool]:
    """Return the reasons not to delete the entity, and whether all are known. If not, a person has to find out."""
    if found.role:
        reason = may_delete(found, case.account, case.owner, case.use, mine=True)
        return ((reason,), True) if reason else ((), False)
    serving = _USED_BY.search(case.conflict.text)
    if found.kind is EntityKind.SERVER_CERTIFICATE and serving:
        return (
            f"AWS says that {shown(serving[1], 200)} uses the certificate; first replace the certificate there",
        ), True
    if case.owner.has_owner:
        return (f"it belongs to {case.owner.words()}",), True
    # A user's sign-in credentials depend on the user, but do not use it.
    if case.use.users and found.kind is not EntityKind.USER:
        return (f"it is used by {few(case.use.users, 2)}", *case.use.gaps), False
    unknown = [f"its owner is unknown: {joined(case.owner.gaps)}"] if case.owner.unknown else []
    unknown += [] if found.kind is EntityKind.USER else case.use.gaps
    return tuple(unknown), False


def _two_writers(failure: OtherFailure, opened: OpenedAccount) -> Iterator[Part]:
    """Explain a ConcurrentModification: another caller changed the same entity. Show its current state."""
    conflict = Conflict(failure.text, failure.code, name=failure.name, operation=failure.operation)
    kind = wanted_kind(conflict)
    wanted = find_wanted(conflict, kind, failure.name)
    name = failure.name or wanted.name
    case = ConflictCase(conflict, opened, kind or wanted.kind, name, wanted)
    evidence = (Evidence(shown(failure.text.strip(), 2000, lines=True)),)
    said = f"{failure.operation or 'a call'} conflicted with another change of the same entity at that moment"
    yield Step("call", "Which call failed", Status.PASS, said, evidence)
    if name and case.kind:
        yield from find(case)
    now = ""
    if case.found:
        now = f" The {FACTS[case.found.kind].word} {shown(case.found.name)} exists now: check it before trying again."
        yield from study(case, case.found)
    yield Verdict(
        "not-iam", confidence(Ground.STATED), f"Two changes were made at once, and AWS refused one of them.{now}"
    )
    title = "wait a few seconds, check what the other change did, and try again"
    yield Fix(title, Who.YOU, Note(f"{failure.operation or 'the call'}"), advice=Advice.WAIT)
