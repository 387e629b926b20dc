"""Deleting: whether that may be advised at all, and the calls in their order.

IAM refuses a deletion while anything hangs on the entity (DeleteConflict), so its parts go first.
"""

from __future__ import annotations

from diagnostics.already_exists.commands import Untypable, iam, shown
from diagnostics.already_exists.describe import counted, joined
from diagnostics.already_exists.owner import Ownership
from diagnostics.already_exists.search import Found
from diagnostics.already_exists.use import Use, profiles_of
from diagnostics.diagnosis import Fix, FixKind, Who
from iam.account import Account, Group, InstanceProfile, ManagedPolicy, Role, User

NEW_ID = (
    "a role made again under the name gets a new unique ID: trust policies, key grants and resource policies that "
    "named the old one stop working until they are saved again"
)


def may_delete(found: Found, account: Account, owner: Ownership, use: Use, mine: bool = False) -> str:
    """Why deleting it must not be advised; empty when it may. ``mine`` says that somebody has begun to delete it:
    then "not used for long" need not be shown, but that it is used now, or not known, still counts."""
    role = found.role
    if role is None:
        return "only roles are deleted from here"
    if role.service_owned:
        return "it is AWS's own"
    if owner.owned:
        return f"it belongs to {owner.words()}"
    if owner.unknown:
        return f"whose it is is not known: {joined(owner.gaps)}"
    if use.users:
        return f"it is used by {joined(shown(each) for each in use.users[:3])}"
    if use.recent and not mine:
        return f"it was {use.recent}"
    gaps = use.gaps
    if gaps:
        return f"whether it is used is not known: {joined(gaps)}"
    if not role.has_details or profiles_of(role, account) is None:
        return "what hangs on it could not be read"
    return ""


def plan(found: Found, account: Account) -> list[str]:
    """The commands that take an entity apart and delete it, in the order that IAM asks for.

    Raises `Untypable` when a name cannot stand in a command.
    """
    entity = found.entity
    if isinstance(entity, Role):
        return _role_plan(entity, account)
    if isinstance(entity, User | Group):
        word = "user" if isinstance(entity, User) else "group"
        target = (f"{word}-name", entity.name)
        lines = [iam(f"detach-{word}-policy", target, ("policy-arn", each.arn)) for each in entity.attached or ()]
        lines += [iam(f"delete-{word}-policy", target, ("policy-name", each.name)) for each in entity.inline or ()]
        if isinstance(entity, User):
            lines += [iam("remove-user-from-group", target, ("group-name", group)) for group in entity.groups or ()]
        else:
            members = [user.name for user in account.users or () if entity.name in (user.groups or ())]
            lines += [iam("remove-user-from-group", ("user-name", member), target) for member in members]
        return [*lines, iam(f"delete-{word}", target)]
    if isinstance(entity, ManagedPolicy):
        return _policy_plan(entity, account)
    if isinstance(entity, InstanceProfile):
        target = ("instance-profile-name", entity.name)
        lines = [iam("remove-role-from-instance-profile", target, ("role-name", role)) for role in entity.roles]
        return [*lines, iam("delete-instance-profile", target)]
    return []


def _role_plan(role: Role, account: Account) -> list[str]:
    target = ("role-name", role.name)
    lines = [
        iam("remove-role-from-instance-profile", ("instance-profile-name", profile), target)
        for profile in profiles_of(role, account) or ()
    ]
    lines += [iam("detach-role-policy", target, ("policy-arn", policy.arn)) for policy in role.attached or ()]
    lines += [iam("delete-role-policy", target, ("policy-name", policy.name)) for policy in role.inline or ()]
    return [*lines, iam("delete-role", target)]


def _policy_plan(policy: ManagedPolicy, account: Account) -> list[str]:
    target = ("policy-arn", policy.arn)
    lines = []
    for word, holders in (("role", account.roles), ("user", account.users or ()), ("group", account.groups or ())):
        for holder in holders:
            name = (f"{word}-name", holder.name)
            if any(each.arn == policy.arn for each in holder.attached or ()):
                lines.append(iam(f"detach-{word}-policy", name, target))
            if getattr(holder, "boundary_arn", None) == policy.arn:
                lines.append(iam(f"delete-{word}-permissions-boundary", name))
    old = [each.id for each in policy.versions if not each.is_default]
    lines += [iam("delete-policy-version", target, ("version-id", version)) for version in old]
    return [*lines, iam("delete-policy", target)]


def delete_fixes(found: Found, role: Role, account: Account, use: Use, begun: bool, who: Who) -> list[Fix]:
    """The deletion as a plan, and the gentler way: no rights at first, and the end only when nobody has missed it.

    ``begun`` says that somebody has started to delete it: then only the end of that is offered.
    """
    named = f"; {joined(shown(each) for each in use.named_in[:3])} names it and would break" if use.named_in else ""
    if use.unseen:
        named += f"; who else names it is not wholly known, since not looked through were {joined(use.unseen)}"
    try:
        lines = plan(found, account)
        deny = "arn:" + role.arn.split(":")[1] + ":iam::aws:policy/AWSDenyAll"
        disable = iam("attach-role-policy", ("role-name", role.name), ("policy-arn", deny))
    except Untypable as error:
        note = f"delete {shown(role.name)} in the console: {error}"
        return [Fix(note, who, FixKind.NOTE, role.arn, NEW_ID)]
    name, count = shown(role.name), counted(len(lines), "call")
    title = f"delete role {name}: unused, and nobody's; {count}"
    if begun:
        title = f"delete: finish what was begun with role {name} ({count}), then create it again"
    fixes = [Fix(f"{title}; {NEW_ID}{named}", who, FixKind.COMMAND, role.arn, "\n".join(lines))]
    if not begun:
        title = (
            f"delete later: take every right from {shown(role.name)} first with AWSDenyAll (undone by detaching it), "
            "wait 14 days for somebody to miss it, then delete"
        )
        fixes.insert(0, Fix(title, who, FixKind.COMMAND, role.arn, disable))
    return fixes
