"""Undo a recorded change with a plan: the smallest reversal, statement by statement, which keeps later changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.history.commands import commands_for
from diagnostics.history.statements import merged
from diagnostics.history.words import DECLARING, entity_words, tool_of, who
from iam.account import Group, Role, User
from iam.arn import name_of
from iam.changes.builders.policies import attach, delete_inline, new_version, put_inline, set_default_version, together
from iam.changes.builders.policies import whole_policy as whole
from iam.changes.builders.roles import edit_role, remove_boundary, set_boundary, update_trust
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, NothingToDo, Plan, PlanError, make_plan
from iam.history.change import Change, Entity, Kind, Known, Lifecycle, Part, Place, State
from iam.history.present import of_holder
from iam.history.timeline import History, comparable
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading

_OTHERS = {
    Kind.RESOURCE: (
        "IAM calls cannot change the policy of {name}: restore the earlier document through the resource's own service."
    ),
    Kind.ENDPOINT: "IAM calls cannot change an endpoint's policy: restore the earlier document through EC2.",
    Kind.ORGANIZATION_POLICY: "This policy is changed in the organization's management account.",
    Kind.TARGET: "Attaching, detaching and moving are done in the organization's management account.",
    Kind.PERMISSION_SET: "Permission sets are changed in IAM Identity Center, in the account of IAM Identity Center.",
}


@dataclass(frozen=True, slots=True)
class Reversal:
    """The reversal of a change in one document, with the document's states before it, after it and now."""

    place: Place
    before: State
    after: State
    now: State


def reversals(change: Change, history: History) -> Iterator[Reversal]:
    """Yield the documents that a change changed, with their current state.

    Raises `PlanError` if the text that was replaced is unknown.
    """
    if change.error is not None:
        raise NothingToDo("There is nothing to undo: the call failed.")
    if change.entity is None or change.lifecycle is Lifecycle.OPAQUE:
        raise PlanError(f"It is unknown what the call changed: {change.omitted or 'the record does not say'}.")
    if change.lifecycle is not None:
        raise PlanError(
            f"This change {change.lifecycle.value} {entity_words(change)}. No plan can undo this, because it takes "
            "more than an edit."
        )
    version = any(effect.place.part is Part.DEFAULT for effect in change.effects)
    for effect in change.effects:
        if version and effect.place.part is Part.VERSION:
            continue  # the version stays; only the default matters
        timeline = history.timeline(effect.place)
        before, after = timeline.before(change.at), timeline.after(change.at)
        now = timeline.stretches[-1].end
        if not isinstance(before, Known):
            raise PlanError(f"It is unknown what the change replaced: {before.why}.")
        if not isinstance(after, Known) or not isinstance(now, Known):
            raise PlanError("The document after the change, or the current one, is unknown.")
        yield Reversal(effect.place, before, after, now)


def has_plan(change: Change) -> bool:
    """Return whether a plan can undo this kind of change. For others, see `revert_commands`."""
    return change.entity is None or change.entity.kind not in _OTHERS


def revert_commands(change: Change, history: History) -> tuple[str, ...]:
    """Return the commands that undo a change to a policy of a resource, a VPC endpoint or the organization.

    Empty if a plan can undo it, or if no command exists. Raises `PlanError` like `revert_plan`.
    """
    found: list[str] = []
    for each in reversals(change, history):
        if each.now != each.before:
            found += commands_for(each.place, each.now, wanted_state(each))
    return tuple(found)


def wanted_state(reversal: Reversal) -> State:
    """Return the document without the change, but with later ones. Raises `PlanError`."""
    if reversal.place.part in (Part.INLINE, Part.TRUST, Part.POLICY):
        return Known(merged_text(reversal))
    return reversal.before


def revert_plan(change: Change, history: History, opened: OpenedAccount) -> Plan:
    """Return the plan that undoes a change. Raises `PlanError`, also if nothing is left to undo. May block."""
    listed = list(reversals(change, history))
    if not listed:
        raise NothingToDo("There is nothing to undo: the call changed no policy.")
    plans = [_plan(each, history, opened) for each in listed]
    plan = plans[0] if len(plans) == 1 else _joined(plans)
    title = f"undo {change.event} of {change.at:%Y-%m-%d %H:%M} by {who(change)}"
    return replace(plan, title=title, warnings=(*_warnings(change, history), *plan.warnings))


def _joined(plans: list[Plan]) -> Plan:
    return together(plans[0].title, plans)


def _warnings(change: Change, history: History) -> Iterator[str]:
    if (tool := tool_of(change)) in DECLARING:
        yield f"{tool} made this change and will make it again: also undo the change in {tool}."
    later = [
        each
        for each in history.changes
        if each.at > change.at and each.changed and each.entity == change.entity
        and {effect.place for effect in each.effects} & {effect.place for effect in change.effects}
    ]  # fmt: skip
    if later:
        yield f"{who(later[-1])} has changed the same document since ({later[-1].event}); that later change is kept."


def merged_text(reversal: Reversal) -> str | None:
    """Return the document's text without the change, but with later statements.

    Raises `PlanError` if a later change also changed the change's own statement.
    """
    assert isinstance(reversal.before, Known) and isinstance(reversal.after, Known) and isinstance(reversal.now, Known)
    found = merged(reversal.before.text, reversal.after.text, reversal.now.text)
    if found.conflicts:
        raise PlanError(
            f"A later change edited the same statement: {', '.join(found.conflicts)}. Edit the document instead."
        )
    return found.text


def _plan(reversal: Reversal, history: History, opened: OpenedAccount) -> Plan:
    place, account = reversal.place, opened.account
    entity = place.entity
    before = reversal.before.value if isinstance(reversal.before, Known) else None
    now = reversal.now.value if isinstance(reversal.now, Known) else None
    if now == before and place.part not in (Part.VERSION,):
        raise NothingToDo(f"There is nothing to undo: {place.part.value} is as it was before.")
    if entity.kind is Kind.POLICY:
        return _policy_plan(reversal, history, opened)
    if entity.kind in _OTHERS:
        raise PlanError(_OTHERS[entity.kind].format(name=entity.name))
    holder = _holder(entity, opened)
    fresh = comparable(of_holder(holder, place, account), place.part)
    if isinstance(fresh, Known) and isinstance(reversal.now, Known) and fresh.value != reversal.now.value:
        raise PlanError("The document was changed after the history was read. Read the history again.")
    match place.part:
        case Part.INLINE:
            text = merged_text(reversal)
            return delete_inline(holder, place.name, account) if text is None else put_inline(
                holder, place.name, text, account
            )  # fmt: skip
        case Part.ATTACHED:
            return attach(holder, place.name, account, detach=before is None)
        case Part.TRUST if isinstance(holder, Role):
            text = merged_text(reversal)
            if text is None:
                raise PlanError("The trust policy would have no statement left.")
            return update_trust(holder, text, account)
        case Part.BOUNDARY if isinstance(holder, Role):
            return remove_boundary(holder, account) if before is None else set_boundary(holder, before, account)
        case Part.TAG if isinstance(holder, Role) and holder.tags is not None:
            tags = {key: value for key, value in holder.tags.items() if key != place.name}
            return edit_role(holder, account, tags=tags if before is None else {**tags, place.name: before})
        case Part.MEMBER if isinstance(holder, User):
            return _member_plan(holder, place.name, opened, remove=before is None)
    raise PlanError(f"No plan can undo a change to the {place.part.value} of a {entity.kind.value}.")


def _member_plan(user: User, group: str, opened: OpenedAccount, *, remove: bool) -> Plan:
    operation = "RemoveUserFromGroup" if remove else "AddUserToGroup"
    why = f"Remove {user.name} from the group {group}." if remove else f"Add {user.name} to the group {group}."
    call = with_undo(Call(operation, {"GroupName": group, "UserName": user.name}, why, user.arn), Existing(user))
    return make_plan(why.rstrip("."), why, [call], target=user.arn, account_id=opened.account.id, found=[user])


def _holder(entity: Entity, opened: OpenedAccount) -> Role | User | Group:
    reader, name = opened.reader, entity.name
    found: Reading[Role] | Reading[User] | Reading[Group]
    if entity.kind is Kind.ROLE:
        found = reader.role(name)
    else:
        found = reader.user(name) if entity.kind is Kind.USER else reader.group(name)
    if found.value is None:
        raise PlanError(found.why or f"There is no {entity.kind.value} {name}.")
    return found.value


def _policy_plan(reversal: Reversal, history: History, opened: OpenedAccount) -> Plan:
    """Return the plan that restores the policy's version from before the change.

    If another version was saved since then, the plan creates a new version without the change.
    """
    place = reversal.place
    policy = whole(opened.reader.managed_policy(place.entity.name), place.entity.name)
    if place.part is not Part.DEFAULT:
        raise PlanError(f"A version of {policy.name} that is not the default has no effect.")
    before, after, now = (
        state.value if isinstance(state, Known) else None for state in (reversal.before, reversal.after, reversal.now)
    )
    if now is not None and policy.default_version_id not in (None, now):
        raise PlanError("The document was changed after the history was read. Read the history again.")
    if now == after and before in {version.id for version in policy.versions}:
        return set_default_version(policy, str(before), opened.account)
    texts = [_version_text(history, place.entity, version) for version in (before, after)]
    current = policy.document
    if texts[0] is None or texts[1] is None or current is None:
        raise PlanError(f"The document of {before or 'the previous version'} of {name_of(policy.arn)} is not recorded.")
    found = merged(texts[0], texts[1], current.stored)
    if found.conflicts:
        raise PlanError(
            f"A later change edited the same statement: {', '.join(found.conflicts)}. Edit the document instead."
        )
    if found.text is None:
        raise PlanError(f"{policy.name} would have no statement left.")
    return new_version(policy, found.text, opened.account)


def _version_text(history: History, entity: Entity, version: str | None) -> str | None:
    if version is None:
        return None
    for stretch in history.timeline(Place(entity, Part.VERSION, version)).stretches:
        for state in (stretch.start, stretch.end):
            if isinstance(state, Known) and state.value:
                return state.text
    return None


__all__ = ["Reversal", "has_plan", "merged_text", "reversals", "revert_commands", "revert_plan", "wanted_state"]
