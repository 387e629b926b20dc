"""Investigate a name conflict: which entity has the name, its owner, its use, the differences, its deletion.

Each result is yielded as soon as it is known, and stored in the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from diagnostics.already_exists.advice.policies import versions_step
from diagnostics.already_exists.case import ConflictCase
from diagnostics.already_exists.find.search import Found, NameSearch, search_name
from diagnostics.already_exists.kinds import FACTS, SEARCHED_WITHOUT_A_KIND, EntityKind
from diagnostics.already_exists.study.compare import compare
from diagnostics.already_exists.study.deletion import find_deletion
from diagnostics.already_exists.study.entity import entity_step
from diagnostics.already_exists.study.owner import find_owner
from diagnostics.already_exists.study.use import find_use
from diagnostics.already_exists.wanted import from_events, merged
from diagnostics.already_exists.words import refused, runs_on_ec2, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, ManagedPolicy
from iam.arn import name_of
from iam.event import Event
from iam.sources.reader.entities import EntityName
from iam.sources.reader.reading import Reading
from iam.words import joined, plural

# Other kinds of entity that may be meant when a name is said to be taken. None of them conflicts.
_CONFUSED_WITH = (EntityKind.ROLE, EntityKind.INSTANCE_PROFILE, EntityKind.USER, EntityKind.GROUP, EntityKind.POLICY)


def find(case: ConflictCase) -> Iterator[Step]:
    """Find the entity that has the name, in the namespace of its kind.

    If the kind is unknown, search all namespaces.
    """
    name = case.name
    if case.kind is EntityKind.MFA_DEVICE:
        case.looks = (_mfa_look(case),)
    elif name is None:
        said = "the text does not contain the name, so nothing can be looked up"
        yield Step("name", "Who has the name", Status.UNKNOWN, said)
        return
    elif case.kind is EntityKind.ACCOUNT_ALIAS:
        case.looks = (_alias_look(case, name),)
    else:
        kinds = (case.kind,) if case.kind else SEARCHED_WITHOUT_A_KIND
        case.looks = tuple(
            _mfa_look(case) if kind is EntityKind.MFA_DEVICE else search_name(kind, name, case.opened) for kind in kinds
        )
    case.found = next((each.found for each in case.looks if each.found), None)
    yield _name_step(case)
    if case.kind is None or name is None:
        return
    related = _CONFUSED_WITH if case.kind in (*_CONFUSED_WITH, EntityKind.SERVICE_LINKED_ROLE) else ()
    same = {case.kind, EntityKind.ROLE} if case.kind is EntityKind.SERVICE_LINKED_ROLE else {case.kind}
    case.others = tuple(search_name(kind, name, case.opened, fresh=False) for kind in related if kind not in same)
    if related:
        yield _others_step(case)
    with_profile = case.wanted.instance_profile is not None or runs_on_ec2(case.wanted.trust)
    if case.kind is EntityKind.ROLE and case.found is None and case.looks[0].complete and with_profile:
        # Consoles and modules give an EC2 role and its instance profile the same name, so the profile may be the
        # conflict.
        profile = next((each.found for each in case.others if each.kind is EntityKind.INSTANCE_PROFILE), None)
        if profile:
            case.found = search_name(EntityKind.INSTANCE_PROFILE, profile.name, case.opened).found


def _name_step(case: ConflictCase) -> Step:
    title = "Who has the name"
    evidence = tuple(each for one in case.looks for each in one.evidence)
    found = [one.found for one in case.looks if one.found]
    name = shown(case.name or "")
    if found:
        said = joined(_found_words(each, case.name) for each in found)
        return Step("name", title, Status.FAIL, said, evidence)
    if all(one.complete for one in case.looks):
        gone = any(one.vanished for one in case.looks)
        said = (
            f"{name} existed when the account was read, but no longer exists"
            if gone
            else f"nothing here has it: {name}"
        )
        said += ", whatever the case and the path"
        if case.other_account:
            said += (
                f"; this is account {case.account.id}, and account {case.other_account}, which the text names, is not "
                "read from here"
            )
            return Step("name", title, Status.UNKNOWN, said, evidence)
        return Step("name", title, Status.PASS, said, evidence)
    missing = joined(case.gaps) or "not everything could be read"
    return Step(
        "name", title, Status.UNKNOWN, f"cannot be seen from here, so the name may be taken: {missing}", evidence
    )


def _found_words(found: Found, name: str | None) -> str:
    word = FACTS[found.kind].word
    said = f"{word} {shown(found.name)}"
    if name is not None and found.name != name:
        said += f", in a different letter case than {shown(name)}"
    if found.path and found.path != "/":
        said += f", in path {shown(found.path)}"
    return said


def _others_step(case: ConflictCase) -> Step:
    title = "The name in other kinds"
    found = [one.found for one in case.others if one.found]
    evidence = tuple(each for one in case.others for each in one.evidence)
    unseen = [FACTS[one.kind].word for one in case.others if not one.found and not one.complete]
    if found:
        listed = joined(f"{FACTS[each.kind].word} {shown(each.name)}" for each in found)
        said = f"{listed}: no conflict, each kind has its own names"
        if any(each.kind is EntityKind.INSTANCE_PROFILE for each in found) and case.kind is EntityKind.ROLE:
            said += " (but it conflicts if the role is created together with an instance profile)"
        return Step("other-kinds", title, Status.PASS, said, evidence)
    if unseen:
        said = f"could not be searched: {joined(unseen)}; they would not conflict"
        return Step("other-kinds", title, Status.UNKNOWN, said, evidence)
    return Step("other-kinds", title, Status.PASS, "none", evidence)


def study(case: ConflictCase, found: Found) -> Iterator[Step]:
    """Report the entity, its owner, its use, how it differs from what was wanted, and any unfinished deletion."""
    yield entity_step(found, case.account)
    versions = versions_step(found.entity) if isinstance(found.entity, ManagedPolicy) else None
    if versions:
        yield versions
    if found.kind is EntityKind.ACCOUNT_ALIAS:
        return
    reading = case.reader.events(resource_name=found.name)
    events = None if reading.unreadable else reading.value or ()
    case.owner, step = find_owner(found, case.opened, reading, case.conflict.owner_stack)
    yield step
    case.use, step = find_use(found, case.opened)
    yield step
    if case.conflict.code and case.conflict.operation and not case.wanted.has_values and events is not None:
        refused_calls = case.reader.events(event_name=case.conflict.operation)
        case.wanted = merged(case.wanted, from_events(refused_calls.value or (), case.kind, case.name))
    case.comparison, step = compare(found, case.wanted, case.account)
    yield step
    case.deletion, step = find_deletion(found, case.opened, events, case.owner, case.use)
    if step.status is Status.PASS and reading.note and not _is_long(reading, case.account):
        # IAM's own events are in one Region, which may be the Region that could not be read.
        step = replace(
            step, status=Status.UNKNOWN, summary=f"unknown: no sign of an owner, and not read: {reading.note}"
        )
    case.deletion_unknown = step.status is Status.UNKNOWN
    case.studied = True
    yield step


def _is_long(reading: Reading[tuple[Event, ...]], account: Account) -> bool:
    """Return whether the events that were read cover more time than a deletion takes."""
    return reading.back_to is not None and account.now - reading.back_to > timedelta(days=1)


def _mfa_look(case: ConflictCase) -> NameSearch:
    """Search for an MFA device by its name. If the name is unknown, search the devices without an owner."""
    reading = case.reader.mfa_devices()
    if reading.unreadable:
        return NameSearch(
            EntityKind.MFA_DEVICE, case.name or "", evidence=(unread_evidence(reading),), gaps=(refused(reading),)
        )
    devices = reading.value or ()
    if case.name:
        wanted = case.name.lower()
        device = next((each for each in devices if name_of(each.serial).lower() == wanted), None)
    else:
        unassigned = [each for each in devices if not each.user]
        device = unassigned[0] if len(unassigned) == 1 else None
    evidence = (Evidence(f"{plural(len(devices), 'virtual MFA device')} listed", call=reading.call),)
    found = None
    if device:
        found = Found(EntityKind.MFA_DEVICE, name_of(device.serial), device.serial, None, device, reading.call)
    return NameSearch(EntityKind.MFA_DEVICE, case.name or "", found, bool(case.name), evidence)


def _alias_look(case: ConflictCase, name: str) -> NameSearch:
    """Search for an account alias.

    An alias is unique across all AWS accounts, but only this account's own can be read.
    """
    alias = case.account.alias
    if alias is not None and alias.lower() == name.lower():
        entity = EntityName(EntityKind.ACCOUNT_ALIAS.value, alias, alias)
        return NameSearch(
            EntityKind.ACCOUNT_ALIAS, name, Found(EntityKind.ACCOUNT_ALIAS, alias, alias, None, entity, ""), True
        )
    said = f"this account's alias is {shown(alias)}" if alias else "this account's alias is unknown"
    evidence = (Evidence(said, call="iam:ListAccountAliases"),)
    return NameSearch(
        EntityKind.ACCOUNT_ALIAS, name, evidence=evidence, gaps=("the aliases of other accounts cannot be seen",)
    )
