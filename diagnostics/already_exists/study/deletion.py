"""Determine whether a deletion is running or unfinished, from CloudTrail, the remains, the stack, or the service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from diagnostics.already_exists.events import detail_of, error_of, made
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.study.owner import Ownership
from diagnostics.already_exists.study.use import Use, profiles_of
from diagnostics.already_exists.words import age, few, refused, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, Role
from iam.event import Event
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls that delete an entity of one kind, remove parts from it, and add parts to it.

    They exclude events for an entity with the same name but of another kind.
    """

    deleting: str
    removing: frozenset[str] = frozenset()
    building: frozenset[str] = frozenset()


_CALLS = {
    EntityKind.ROLE: _Calls(
        "DeleteRole",
        frozenset(
            {
                "DetachRolePolicy",
                "DeleteRolePolicy",
                "RemoveRoleFromInstanceProfile",
                "DeleteRolePermissionsBoundary",
            }
        ),
        frozenset({"AttachRolePolicy", "PutRolePolicy", "AddRoleToInstanceProfile"}),
    ),
    EntityKind.USER: _Calls(
        "DeleteUser",
        frozenset(
            {"DetachUserPolicy", "DeleteUserPolicy", "RemoveUserFromGroup", "DeleteLoginProfile", "DeleteAccessKey"}
        ),
        frozenset({"AttachUserPolicy", "PutUserPolicy", "AddUserToGroup", "CreateLoginProfile", "CreateAccessKey"}),
    ),
    EntityKind.GROUP: _Calls(
        "DeleteGroup",
        frozenset({"DetachGroupPolicy", "DeleteGroupPolicy", "RemoveUserFromGroup"}),
        frozenset({"AttachGroupPolicy", "PutGroupPolicy", "AddUserToGroup"}),
    ),
    EntityKind.POLICY: _Calls("DeletePolicy", frozenset({"DeletePolicyVersion"}), frozenset({"CreatePolicyVersion"})),
    EntityKind.INSTANCE_PROFILE: _Calls(
        "DeleteInstanceProfile",
        frozenset({"RemoveRoleFromInstanceProfile"}),
        frozenset({"AddRoleToInstanceProfile"}),
    ),
    EntityKind.OIDC_PROVIDER: _Calls("DeleteOpenIDConnectProvider"),
    EntityKind.SAML_PROVIDER: _Calls("DeleteSAMLProvider"),
    EntityKind.SERVER_CERTIFICATE: _Calls("DeleteServerCertificate"),
    EntityKind.MFA_DEVICE: _Calls("DeleteVirtualMFADevice"),
}

RECENT = timedelta(days=7)
"""The maximum age of a removal that may be the start of a deletion that somebody still intends to finish."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion that has started.

    ``stage`` is ``half-done`` (somebody's own calls), ``stack`` or ``service-task``. ``certain`` is True if the
    deletion is confirmed and not only likely; ``failed`` if it stopped by itself. ``task`` is the ID of a service's
    deletion task, if CloudTrail contains it.
    """

    stage: str
    certain: bool
    sentence: str
    failed: bool = False
    task: str | None = None


def find_deletion(
    found: Found, opened: OpenedAccount, events: tuple[Event, ...] | None, owner: Ownership, use: Use
) -> tuple[Deletion | None, Step]:
    evidence: list[Evidence] = []
    deletion, gap = _find(found, opened, events, owner, use, evidence)
    if deletion:
        return deletion, Step("deletion", "Unfinished deletion", Status.FAIL, deletion.sentence, tuple(evidence))
    if gap:
        return None, Step("deletion", "Unfinished deletion", Status.UNKNOWN, f"unknown: {gap}", tuple(evidence))
    summary = "no sign of one"
    return None, Step("deletion", "Unfinished deletion", Status.PASS, summary, tuple(evidence))


def _find(
    found: Found,
    opened: OpenedAccount,
    events: tuple[Event, ...] | None,
    owner: Ownership,
    use: Use,
    evidence: list[Evidence],
) -> tuple[Deletion | None, str]:
    role = found.role
    if role and role.service_linked:
        return _service_task(role, opened.reader, events or (), evidence)
    stack = owner.deleting_stack
    if stack:
        going = stack.stack_status == "DELETE_IN_PROGRESS"
        evidence.append(Evidence(f"stack {shown(stack.stack_name)} is {stack.stack_status}", arn=stack.stack_id))
        said = "is being deleted" if going else "was to be deleted, but the deletion failed"
        return Deletion("stack", True, f"its stack {shown(stack.stack_name)} {said}", failed=not going), ""

    # Events about an earlier entity with the same name prove nothing about this one.
    since = [event for event in events or () if found.created is None or event.time >= found.created]
    attempt, removals = _attempts(since, found)
    for event in (*((attempt,) if attempt else ()), *removals):
        code = error_of(event)
        by = f" by {shown(event.username)}" if event.username else ""
        failure = f", which failed with {code}" if code else ""
        evidence.append(
            Evidence(f"{event.name} {age(event.time, opened.account.now)}{by}{failure}", call="cloudtrail:LookupEvents")
        )
    if attempt:
        # A file may omit whether, and why, an event's call failed, so the call may never have been allowed.
        bare = role is not None and role.has_details and not role.inline and not role.attached
        confirmed = error_of(attempt) is not None or bool(removals) or bare
        return Deletion(
            "half-done",
            confirmed,
            f"{attempt.name} was called {age(attempt.time, opened.account.now)}, but did not finish; "
            f"{_left(found, opened.account)}",
        ), ""
    if role and role.has_details and not role.inline and not role.attached:
        left = _left(found, opened.account)
        evidence.append(Evidence(left))
        if removals and opened.account.now - removals[0].time < RECENT:
            return Deletion(
                "half-done",
                True,
                f"its permissions were removed {age(removals[0].time, opened.account.now)}; {left}",
            ), ""
        # Without CloudTrail, an unused role without policies in a profile is what an interrupted deletion leaves
        # behind.
        if not events and not use.used and use.asleep and profiles_of(role, opened.account):
            return Deletion("half-done", False, f"the role has no permissions left and is not used; {left}"), ""
    if events is None:
        return None, "CloudTrail could not be read"
    return None, ""


def _service_task(
    role: Role, reader: AccountReader, events: tuple[Event, ...], evidence: list[Evidence]
) -> tuple[Deletion | None, str]:
    status = reader.deletion_status(role.name)
    if status.unreadable:
        evidence.append(unread_evidence(status))
        return None, refused(status)
    evidence.append(Evidence(f"deletion status: {status.value or 'no deletion was asked for'}", call=status.call))
    if status.value in ("NOT_STARTED", "IN_PROGRESS"):
        return Deletion("service-task", True, f"the service is deleting it ({status.value})", task=_task(events)), ""
    if status.value == "FAILED":
        sentence = "the service tried to delete it, but could not"
        return Deletion("service-task", True, sentence, failed=True, task=_task(events)), ""
    return None, ""


def _task(events: tuple[Event, ...]) -> str | None:
    """Return the task ID from the response to the newest DeleteServiceLinkedRole call, or None."""
    for event in sorted(events, key=lambda each: each.time, reverse=True):
        if event.name == "DeleteServiceLinkedRole":
            answer = detail_of(event).get("responseElements")
            task = answer.get("deletionTaskId") if isinstance(answer, dict) else None
            return str(task) if task else None
    return None


def _attempts(events: Iterable[Event], found: Found) -> tuple[Event | None, list[Event]]:
    """Return the newest call that tried to delete the entity, and the calls that removed parts, newest first.

    Calls before the last one that created the entity or added a part are ignored. A denied call started nothing, unless
    it was denied because something depends on the entity.
    """
    calls = _CALLS.get(found.kind)
    attempt: Event | None = None
    removals: list[Event] = []
    if calls is None:
        return attempt, removals
    for event in sorted(events, key=lambda each: each.time, reverse=True):
        code = error_of(event)
        created_it = event.name in FACTS[found.kind].created_by and made(event, found.created)
        if created_it or (event.name in calls.building and code is None):
            break
        if event.name == calls.deleting and attempt is None and (code is None or code.startswith("DeleteConflict")):
            attempt = event
        elif event.name in calls.removing and code is None:
            removals.append(event)
    return attempt, removals


def _left(found: Found, account: Account) -> str:
    role = found.role
    if role is None:
        return "it still exists"
    parts = []
    if role.attached:
        parts.append(f"attached {few([each.name for each in role.attached])}")
    if role.inline:
        parts.append(f"inline {few([each.name for each in role.inline])}")
    profiles = profiles_of(role, account)
    if profiles:
        parts.append(f"instance profile {few(profiles)}")
    return f"what remains: the role, {', '.join(parts)}" if parts else "what remains: the role, with no policies"
