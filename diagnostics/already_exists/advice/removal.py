"""Deletions: whether one is safe to recommend, and its calls in order.

IAM denies a deletion while anything depends on the entity (DeleteConflict), so what depends on it is removed first.
"""

from __future__ import annotations

from diagnostics.already_exists.advice.deletion_plan import build
from diagnostics.already_exists.find.search import Found
from diagnostics.already_exists.kinds import FACTS, EntityKind
from diagnostics.already_exists.study.owner import Ownership
from diagnostics.already_exists.study.use import Use, profiles_of
from diagnostics.already_exists.words import counted
from diagnostics.commands import Untypable, shown
from diagnostics.fix import Advice, Calls, Fix, Note, iam_call
from diagnostics.who import Who
from iam.account import Account, Role
from iam.changes.plan import PlanError
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined

NEW_ID = (
    "a new role with the same name has a new unique ID. Policies that named the old role then show the old unique "
    "ID, and do not work until the ARN is entered again. KMS grants have to be created again"
)


_MAY_GO = (EntityKind.GROUP, EntityKind.POLICY)
"""The kinds, other than roles, whose use the account shows completely. For these kinds, "unused" is certain."""


def may_delete(found: Found, account: Account, owner: Ownership, use: Use, mine: bool = False) -> str:
    """Return why a deletion is not safe to recommend, or "" if it is.

    ``mine`` means that somebody has already started the deletion. Long inactivity then need not be proven, but current
    or unknown use still prevents the deletion.
    """
    role = found.role
    if role is None and found.kind not in _MAY_GO:
        return f"a {FACTS[found.kind].word} is not deleted only to free its name"
    if role and role.service_owned:
        return "it belongs to AWS"
    if owner.has_owner:
        return f"it belongs to {owner.words()}"
    if owner.unknown:
        return f"its owner is unknown: {joined(owner.gaps)}"
    if use.users:
        return f"the {FACTS[found.kind].word} is used by {joined(shown(each) for each in use.users[:3])}"
    if use.recent and not mine:
        return f"it was {use.recent}"
    gaps = use.gaps
    if gaps:
        return f"it is unknown whether the {FACTS[found.kind].word} is used: {joined(gaps)}"
    if role and (not role.has_details or profiles_of(role, account) is None):
        return "what depends on it could not be read"
    return ""


def unused_fixes(found: Found, opened: OpenedAccount, owner: Ownership, use: Use, who: Who) -> list[Fix]:
    """Return a fix that deletes the group or policy if it is unused and has no owner; otherwise an empty list."""
    if found.role is not None or may_delete(found, opened.account, owner, use):
        return []
    try:
        deletion = Calls(found.arn, build(found, opened).calls)
    except (Untypable, PlanError):
        return []
    count = counted(len(deletion.calls), "call")
    title = f"delete {FACTS[found.kind].word} {shown(found.name)}: unused and without an owner; {count}"
    return [Fix(title, who, deletion, advice=Advice.DELETE)]


def delete_fixes(found: Found, role: Role, opened: OpenedAccount, use: Use, begun: bool, who: Who) -> list[Fix]:
    """Return the deletion as a plan, and a cautious alternative.

    The alternative removes the role's permissions first, so that the role can be deleted later. ``begun``: somebody has
    started to delete the role; then the only fix is to complete the deletion.
    """
    cautions = [NEW_ID]
    if use.named_in:
        cautions.append(f"{joined(shown(each) for each in use.named_in[:3])} names it and would stop working")
    if use.unseen:
        cautions.append(
            f"the search for other references is incomplete, because these were not searched: {joined(use.unseen)}"
        )
    try:
        deletion = Calls(role.arn, build(found, opened).calls)
        deny = f"arn:{opened.account.partition}:iam::aws:policy/AWSDenyAll"
        disabling = Calls(role.arn, (iam_call("AttachRolePolicy", RoleName=role.name, PolicyArn=deny),))
    except (Untypable, PlanError) as error:
        note = f"delete {shown(role.name)} in the console: {error}"
        return [Fix(note, who, Note(role.arn, NEW_ID), advice=Advice.DELETE)]
    name, count = shown(role.name), counted(len(deletion.calls), "call")
    title = f"delete role {name}: unused and without an owner; {count}"
    if begun:
        title = f"delete: finish the deletion of role {name} ({count}), then create it again"
    fixes = [Fix(title, who, deletion, cautions=tuple(cautions), advice=Advice.DELETE)]
    if not begun:
        title = f"delete later: first deny {name} everything with AWSDenyAll"
        then = (
            "wait 14 days to see whether anybody needs the role, then delete it; until then, detaching AWSDenyAll "
            "restores the role"
        )
        fixes.insert(0, Fix(title, who, disabling, cautions=(then,), advice=Advice.DELETE))
    return fixes
