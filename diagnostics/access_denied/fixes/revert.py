"""Fixes that revert a recorded change.

They revert as little as possible and keep later changes to the same document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from diagnostics.access_denied.build_case import build_case
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.change_that_denied import Search
from diagnostics.access_denied.fixes.proof import evaluated, proof_of
from diagnostics.access_denied.request.caller import identify
from diagnostics.access_denied.request.subject import Subject
from diagnostics.commands import Untypable
from diagnostics.fix import Calls, Fix, InlinePlace, Note, PolicyChange, Revert, ShellCommand, TrustChange, iam_call
from diagnostics.history.commands import commands_for
from diagnostics.history.revert import Reversal, merged_text, reversals, wanted_state
from diagnostics.history.words import DECLARING, entity_words, sentence, tool_of, who
from diagnostics.who import Who
from iam.account import Account, Group, Role, User
from iam.changes.plan import PlanError
from iam.history.change import Change, Kind, Known, Part, Place, State
from iam.history.past import past
from iam.history.timeline import History
from iam.policy.document import Document
from iam.policy.request import Holder, HolderKind, Policies
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

MOST_TOGETHER = 5
"""The maximum number of changes that are reverted together."""

_WHO = {
    Kind.RESOURCE: Who.RESOURCE_OWNER,
    Kind.ENDPOINT: Who.RESOURCE_OWNER,
    Kind.ORGANIZATION_POLICY: Who.ORG_ADMIN,
    Kind.TARGET: Who.ORG_ADMIN,
}
_ELSEWHERE = {
    Kind.RESOURCE: "Change this policy with the service that owns the resource: run the command (y copies it).",
    Kind.ENDPOINT: "A command of EC2 changes this endpoint policy: run the command (y copies it).",
    Kind.ORGANIZATION_POLICY: "This policy belongs to the organization: run the command in {where} (y copies it).",
    Kind.TARGET: (
        "The organization's policies are attached from {where}: run the command in that account (y copies it)."
    ),
    Kind.PERMISSION_SET: (
        "This permission set is changed in IAM Identity Center: run the command in the account of IAM Identity Center "
        "(y copies it)."
    ),
}


def revert_fixes(found: Search, case: Case, subject: Subject) -> tuple[Fix, ...]:
    """Return a fix that reverts the change, in a tuple; empty if the state before the change is unknown. May block.

    If other changes deny the request too, the fix has a caution that names them.
    """
    if found.change is None:
        return ()
    opened = case.opened
    try:
        first = list(reversals(found.change, found.history))
    except PlanError:
        return ()
    chosen = [(found.change, first)]
    policies = _policies_after(chosen, found.history, case, subject)
    if policies is None:
        return ()
    if proof_of(case, policies).verified is not False:
        fix = _fix(found.change, first, found.history, case, policies, opened)
        return (fix,) if fix is not None else ()
    chosen = _needed(found, chosen, case, subject)
    whole = _policies_after(chosen, found.history, case, subject) if len(chosen) > 1 else None
    if whole is None:
        return ()
    named = listing([f"{change.event} of {change.at:%Y-%m-%d %H:%M} UTC" for change, _ in chosen[1:]])
    alone = _policies_after(chosen[:1], found.history, case, subject)
    fix = _fix(found.change, first, found.history, case, alone, opened) if alone is not None else None
    if fix is None:
        return ()
    return (
        replace(
            fix, cautions=(f"This change is not enough alone, because {named} also denies the request", *fix.cautions)
        ),
    )


_Chosen = list[tuple[Change, list[Reversal]]]


def _needed(found: Search, chosen: _Chosen, case: Case, subject: Subject) -> _Chosen:
    """Return the changes to revert, with the later ones that must be reverted too.

    Later changes are added until the request is allowed; then each one that is not needed is left out.
    """
    first = chosen[0][0]
    later = [each for each in found.history.changes if each.at >= first.at and each.changed and each is not first]
    taken = list(chosen)
    for change in later:
        if len(taken) >= MOST_TOGETHER:
            break
        try:
            listed = list(reversals(change, found.history))
        except PlanError:
            continue
        if not listed or all(each.now == each.before for each in listed):
            continue
        taken.append((change, listed))
        policies = _policies_after(taken, found.history, case, subject)
        if policies is not None and proof_of(case, policies).verified is not False:
            break
    else:
        return chosen
    for one in list(taken[1:]):
        fewer = [each for each in taken if each is not one]
        policies = _policies_after(fewer, found.history, case, subject)
        if policies is not None and proof_of(case, policies).verified is not False:
            taken = fewer
    return taken


def _policies_after(
    chosen: Sequence[tuple[Change, list[Reversal]]], history: History, case: Case, subject: Subject
) -> Policies | None:
    """Return the request's policies with the changes reverted.

    None if a later change affected the same statement.
    """
    after: dict[Place, State] = {}
    try:
        for _, listed in chosen:
            for each in listed:
                now = after.get(each.place, each.now)
                after[each.place] = wanted_state(Reversal(each.place, each.before, each.after, now))
    except PlanError:
        return None

    def view(place: Place) -> State:
        return after[place] if place in after else history.timeline(place).stretches[-1].end

    opened = past(history, case.opened, view).opened
    found = identify(subject.principal, opened)
    caller = replace(case.caller, role=found.role, user=found.user)
    session = case.policies.session[0].document if case.policies.session else None
    return build_case(subject, caller, opened, session=session).effective_policies


def _fix(
    change: Change,
    listed: Sequence[Reversal],
    history: History,
    case: Case,
    policies: Policies,
    opened: OpenedAccount,
) -> Fix | None:
    if len(listed) != 1:
        return None
    reversal = listed[0]
    made = change_of(reversal, history, opened)
    if made is None:
        return None
    place = reversal.place
    undone = revert_title(change, reversal, history.names)
    title = f"Undo what {who(change)} did on {change.at:%Y-%m-%d %H:%M} UTC: {undone}"
    cautions = [f"{who(change)} {sentence(change, reversal.before, history.names)}: ask why before you undo it"]
    if (tool := tool_of(change)) in DECLARING:
        cautions.append(f"{tool} made this change, and will make it again at its next run: undo the change in {tool}")
    if reversal.now != reversal.after:
        cautions.append("The document has been changed again since then; the later changes are kept")
    by = _WHO.get(place.entity.kind, Who.ACCOUNT_ADMIN)
    return evaluated(case, title, by, Revert(made, change.event_id), policies, cautions=tuple(cautions))


def revert_title(change: Change, reversal: Reversal, names: Mapping[str, str]) -> str:
    name = reversal.place.name.rpartition("/")[2]
    name = names.get(name, name)
    if reversal.place.part is Part.ATTACHED:
        gone = isinstance(reversal.after, Known) and reversal.after.value is None
        return f"attach {name} again" if gone else f"detach {name}"
    if reversal.place.part is Part.UNIT and isinstance(reversal.before, Known):
        return f"move account {reversal.place.entity.name} back to {reversal.before.value}"
    return f"restore {entity_words(change, names)} as it was before"


def change_of(
    reversal: Reversal, history: History, opened: OpenedAccount
) -> PolicyChange | TrustChange | Calls | ShellCommand | Note | None:
    place, entity = reversal.place, reversal.place.entity
    if entity.kind in _ELSEWHERE:
        return _elsewhere(reversal, opened)
    if entity.kind is Kind.POLICY:
        return _policy_change(reversal, history, opened)
    account = opened.account
    holder: Role | User | Group | None = account.role(entity.name)
    if entity.kind is not Kind.ROLE:
        holder = account.user(entity.name) if entity.kind is Kind.USER else account.group(entity.name)
    if holder is None:
        return None
    word = type(holder).__name__
    name = {f"{word}Name": holder.name}
    value = reversal.before.value if isinstance(reversal.before, Known) else None
    now = _document(reversal.now)
    match place.part:
        case Part.INLINE:
            text = merged_text(reversal)
            if text is None:
                return _calls(holder.arn, f"Delete{word}Policy", {**name, "PolicyName": place.name}, now)
            owner = Holder(HolderKind(entity.kind.value), holder.name, holder.arn)
            return PolicyChange(InlinePlace(owner, place.name, new=now is None), json.loads(text), now, Document(text))
        case Part.TRUST if isinstance(holder, Role) and now is not None:
            text = merged_text(reversal)
            return TrustChange(holder.arn, now, Document(text)) if text is not None else None
        case Part.ATTACHED:
            operation = f"{'Detach' if value is None else 'Attach'}{word}Policy"
            return _calls(holder.arn, operation, {**name, "PolicyArn": place.name})
        case Part.BOUNDARY if not isinstance(holder, Group):
            if value is None:
                return _calls(holder.arn, f"Delete{word}PermissionsBoundary", name)
            return _calls(holder.arn, f"Put{word}PermissionsBoundary", {**name, "PermissionsBoundary": value})
        case Part.TAG if not isinstance(holder, Group):
            if value is None:
                return _calls(holder.arn, f"Untag{word}", {**name, "TagKeys": (place.name,)})
            return _calls(holder.arn, f"Tag{word}", {**name, "Tags": {place.name: value}})
        case Part.MEMBER:
            operation = "RemoveUserFromGroup" if value is None else "AddUserToGroup"
            return _calls(holder.arn, operation, {**name, "GroupName": place.name})
    return None


def _elsewhere(reversal: Reversal, opened: OpenedAccount) -> ShellCommand | Note:
    """Return the command for a person who may run it. If no command exists, return a note with the document."""
    entity = reversal.place.entity
    where = management_words(opened.account)
    no_plan = _ELSEWHERE[entity.kind].format(where=where)
    wanted = wanted_state(reversal)
    commands = commands_for(reversal.place, reversal.now, wanted)
    before, after = (
        _document(state) if reversal.place.part is Part.POLICY else None for state in (reversal.now, wanted)
    )
    if not commands:
        return Note(entity.name, _text_of(reversal) or "", no_plan=no_plan, before=before, after=after)
    comment = [f"# In {where}:"] if entity.kind in (Kind.ORGANIZATION_POLICY, Kind.TARGET) else []
    return ShellCommand(entity.name, "\n".join((*comment, *commands)), no_plan=no_plan, before=before, after=after)


def management_words(account: Account) -> str:
    """Return a phrase for the account in which the organization's policies are changed."""
    organization = account.organization
    number = organization.management_account_id if organization is not None else None
    return f"the management account {number}" if number else "the organization's management account"


def _policy_change(reversal: Reversal, history: History, opened: OpenedAccount) -> Calls | None:
    """Return the calls that make the earlier version the default again.

    Return None if the policy no longer has that version, or if another one was saved since.
    """
    arn = reversal.place.entity.name
    value = reversal.before.value if isinstance(reversal.before, Known) else None
    policy = opened.account.policy(arn) or opened.reader.managed_policy(arn).value
    if policy is None or value is None or reversal.now != reversal.after:
        return None
    version = next((each for each in policy.versions if each.id == value), None)
    if version is None:
        return None
    call = iam_call("SetDefaultPolicyVersion", PolicyArn=arn, VersionId=value)
    try:
        return Calls(arn, (call,), before=policy.document, after=version.document)
    except Untypable:
        return None


def _calls(target: str, operation: str, given: Mapping[str, object], before: Document | None = None) -> Calls | None:
    try:
        return Calls(target, (iam_call(operation, **dict(given)),), before=before)
    except Untypable:
        return None


def _document(state: State) -> Document | None:
    return Document.from_value(state.text) if isinstance(state, Known) and state.text else None


def _text_of(reversal: Reversal) -> str | None:
    if reversal.place.part is Part.ATTACHED:
        return f"{reversal.place.name} on {reversal.place.entity.name}"
    return merged_text(reversal)


def with_reverts(fixes: Iterator[Fix], reverts: tuple[Fix, ...], *, first: bool) -> Iterator[Fix]:
    """Yield the fixes and the reverts.

    If an Allow was removed, reverts come ``first``; if a guardrail was added, they come last.
    """
    if first:
        yield from reverts
    yield from fixes
    if not first:
        yield from reverts
