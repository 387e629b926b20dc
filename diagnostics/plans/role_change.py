"""The menu of changes to roles. Each makes a plan for one or more roles.

The current state is read again, the plan lists who gains, loses or uses access, and removing access in use must be
confirmed by typing a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from diagnostics.plans.changes import (
    AddAudience,
    AddToProfile,
    Attach,
    AttachToInstance,
    Change,
    CreateProvider,
    DeleteInline,
    Detach,
    Disable,
    Enable,
    RemoveBoundary,
    RemoveFromProfile,
    ReplaceByCopy,
    Revoke,
    SetBoundary,
    SetTags,
    instance_arn,
    parts_of,
    trusted_providers,
)
from diagnostics.plans.effects import with_effects, with_group, with_policy, with_role, with_user
from diagnostics.plans.policy_use import policy_use
from diagnostics.plans.rename import Rename
from iam.account import Account, Role
from iam.arn import is_aws_managed, name_of
from iam.changes.builders.policies import together
from iam.changes.builders.roles import DISABLE_POLICY
from iam.changes.in_use import may_take_rights, role_use
from iam.changes.journal import CallProgress, JournalRecord, journals
from iam.changes.operations.effects import TAGGING, tags_changed_since
from iam.changes.plan import Call, NothingToDo, Plan, PlanError
from iam.changes.undo_plan import HALF_UNDONE, undo_plan, undone_by, undone_sentence
from iam.creation.draft.names import boundaries
from iam.creation.spec import trusts_ec2
from iam.foreign_text import shortened
from iam.policy.document import Document, PolicyError
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.words import joined, listing, plural


class Asks(StrEnum):
    """The input that a change in the menu needs. ``TRUST``, ``INLINE`` and ``MANAGED`` are documents to edit."""

    NOTHING = "nothing"
    NAME = "name"
    POLICY = "policy"
    INLINE_NAME = "inline policy"
    PROFILE = "instance profile"
    INSTANCE = "instance"
    PROVIDER = "provider"
    TAGS = "tags"
    TAG_KEYS = "keys of tags"
    TRUST = "trust policy"
    INLINE = "document of an inline policy"
    MANAGED = "document of a managed policy"


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A change in the menu. ``key`` is the key that selects it.

    ``asks`` is the kind of input that the change needs. ``make`` returns the change for that input; ``make`` is None if
    the input is a policy document. ``applies`` returns whether the known data of the role leaves anything to change.
    ``several``: the change can be made to many roles at once.
    """

    id: str
    key: str
    title: str
    says: str
    make: Callable[[str], Change] | None = None
    asks: Asks = Asks.NOTHING
    applies: Callable[[Role], bool] = lambda _: True
    several: bool = False


def is_disabled(role: Role) -> bool:
    return any(each.name == DISABLE_POLICY for each in role.inline or ())


def _has_policies(role: Role) -> bool:
    return role.attached is None or bool(role.attached)


def _has(role: Role, aws: bool) -> bool:
    return any(is_aws_managed(each.arn) is aws for each in role.attached or ())


def _trusts_oidc(role: Role) -> bool:
    return role.trust is not None and ":oidc-provider/" in role.trust.text


_ALL = (
    RoleChange("trust", "t", "edit the trust policy", "who may assume it", asks=Asks.TRUST),
    RoleChange("inline", "i", "edit an inline policy", "a new or an existing one", asks=Asks.INLINE),
    RoleChange(
        "delete-inline",
        "l",
        "delete an inline policy",
        "removes what it allows",
        DeleteInline,
        Asks.INLINE_NAME,
        applies=lambda role: bool(role.inline),
    ),
    RoleChange(
        "policy",
        "o",
        "edit a managed policy",
        "a new version, for every entity with the policy",
        asks=Asks.MANAGED,
        applies=lambda role: _has(role, aws=False) or bool(role.boundary_arn),
    ),
    RoleChange(
        "attach", "a", "attach a policy", "allows what a managed policy allows", Attach, Asks.POLICY, several=True
    ),
    RoleChange(
        "detach",
        "d",
        "detach a policy",
        "removes what that policy allows",
        Detach,
        Asks.POLICY,
        _has_policies,
        several=True,
    ),
    RoleChange(
        "own-copy",
        "c",
        "replace AWS's policy",
        "with a copy of your own, which you can edit",
        ReplaceByCopy,
        Asks.POLICY,
        applies=lambda role: _has(role, aws=True),
    ),
    RoleChange(
        "boundary",
        "b",
        "set the boundary",
        "limits the role to what a policy allows",
        SetBoundary,
        Asks.POLICY,
        several=True,
    ),
    RoleChange(
        "no-boundary",
        "n",
        "remove the boundary",
        "removes that limit",
        lambda _: RemoveBoundary(),
        applies=lambda role: role.boundary_arn is not None,
        several=True,
    ),
    RoleChange("tag", "T", "add tags", "key=value; the others stay", SetTags.read, Asks.TAGS, several=True),
    RoleChange(
        "untag",
        "w",
        "remove tags",
        "by their keys",
        lambda given_text: SetTags(remove=parts_of(given_text)),
        Asks.TAG_KEYS,
        lambda role: role.tags is None or bool(role.tags),
        several=True,
    ),
    RoleChange(
        "rename", "r", "rename", "a new role with the same settings; documents then name both roles", Rename, Asks.NAME
    ),
    RoleChange("add-profile", "p", "put into a profile", "for EC2 instances", AddToProfile, Asks.PROFILE),
    RoleChange(
        "remove-profile",
        "u",
        "remove from a profile",
        "its instances lose their credentials",
        RemoveFromProfile,
        Asks.PROFILE,
        applies=lambda role: bool(role.instance_profiles),
    ),
    RoleChange(
        "instance",
        "y",
        "attach to an instance",
        "replaces the profile that it has",
        AttachToInstance,
        Asks.INSTANCE,
        applies=lambda role: role.trust is None or trusts_ec2(role.trust),
    ),
    RoleChange(
        "audience",
        "f",
        "add an audience",
        "to the identity provider that it trusts",
        lambda given_text: AddAudience(*given_text.split(" ", 1)),
        Asks.PROVIDER,
        applies=_trusts_oidc,
    ),
    RoleChange(
        "provider",
        "v",
        "create its provider",
        "the identity provider that it trusts",
        lambda given_text: CreateProvider(given_text.split(" ", 1)[0], (given_text.split(" ", 1)[1],)),
        Asks.PROVIDER,
        applies=_trusts_oidc,
    ),
    RoleChange(
        "disable",
        "x",
        "disable",
        "denies the role everything until it is enabled again",
        lambda _: Disable(),
        applies=lambda role: not is_disabled(role),
        several=True,
    ),
    RoleChange(
        "enable",
        "e",
        "enable again",
        "undoes disable",
        lambda _: Enable(),
        Asks.NOTHING,
        is_disabled,
        True,
    ),
    RoleChange(
        "revoke",
        "s",
        "revoke sessions",
        "denies everything to sessions that have already started",
        lambda _: Revoke(),
        several=True,
    ),
)
ROLE_CHANGES: Mapping[str, RoleChange] = {change.id: change for change in _ALL}


def change_plan(names: Sequence[str], change: Change, opened: OpenedAccount) -> Plan:
    """Return the plan that makes a change to these roles.

    Roles that are already as desired are left out and named. Raises `PlanError`, `SourceError`. May block: call it in a
    worker.
    """
    roles = [_role_now(name, opened) for name in dict.fromkeys(names)]
    plans: list[Plan] = []
    changed: list[Role] = []
    already: list[NothingToDo] = []
    for role in roles:
        try:
            plans.append(change.plan(role, opened))
            changed.append(role)
        except NothingToDo as nothing:
            already.append(nothing)
    if not plans:
        raise NothingToDo(" ".join(dict.fromkeys(map(str, already))))
    plan = plans[0] if len(plans) == 1 else _of_several(plans, changed)
    if already:
        plan = replace(plan, warnings=(*plan.warnings, *(f"Left out: {each}" for each in already)))
    plan = measured(plan, changed, opened)
    if isinstance(change, Revoke):  # the older sessions lose all access, so listing that access adds nothing
        return replace(plan, effects=replace(plan.effects, said=(plan.sentence,), lead=()))
    if isinstance(change, Rename) and not (plan.effects.gained or plan.effects.lost):
        # The new role can be assumed by the same principals as the old one, so effects on these add nothing.
        return replace(plan, effects=replace(plan.effects, said=(plan.sentence,), lead=()))
    return plan


def measured(plan: Plan, roles: Sequence[Role], opened: OpenedAccount) -> Plan:
    """Return the plan with its effects, the roles' owners, and the users of the roles that lose access. May block.

    ``roles`` are the changed roles, read now. If access in use is lost, a name must be typed.
    """
    plan = with_effects(plan, _as_found(plan, roles, opened), opened.reader)
    owned = tuple(sentence for role in roles for sentence in _owners(role, opened.reader))
    plan = replace(plan, warnings=(*owned, *plan.warnings))
    return _guarded(plan, roles, opened) if _takes(plan, opened.reader) else plan


def measured_now(plan: Plan, opened: OpenedAccount) -> Plan:
    """Return the plan as `measured` does, for the current state of the roles that its calls name.

    Raises `PlanError` if one of these roles cannot be read. May block.
    """
    names = dict.fromkeys(call.text("RoleName") for call in plan.calls if call.text("RoleName"))
    read = [opened.reader.role(name) for name in names]
    if unread := next((each.why for each in read if each.unreadable), ""):
        raise PlanError(unread)
    return measured(plan, [each.value for each in read if each.value is not None], opened)


def undone(record: JournalRecord, opened: OpenedAccount) -> Plan:
    """Return the plan that undoes a change, with its effects and the users of what loses access. May block.

    Raises `PlanError`, for example if the change was already undone, or if a tag's value has changed since.
    """
    if (undo := undone_by(record, journals(record.path.parent, since=record.started))) is not None:
        raise PlanError(f"This change was {undone_sentence(undo)}." if not undo.half_done else HALF_UNDONE)
    for call, state in zip(record.plan.calls, record.states, strict=True):
        done = state.progress is CallProgress.DONE
        if done and call.operation in TAGGING and tags_changed_since(call, opened.reader):
            raise PlanError(
                f"Somebody has changed these tags since: {call.why} Undoing this change would lose the newer "
                "values, so change the tags one by one."
            )
    return measured_now(undo_plan(record), opened)


def _of_several(plans: Sequence[Plan], roles: Sequence[Role]) -> Plan:
    """Combine several plans into one. Confirming it does not require typing a role's name."""
    names = [role.name for role in roles]
    if len({call.operation for plan in plans for call in plan.calls}) > 1:
        return replace(together(f"change {plural(len(roles), 'role')}", plans), type_name=None)
    # The same call for each role: one sentence for all of them.
    said = plans[0].title.replace(names[0], plural(len(roles), "role"))
    sentence = plans[0].sentence.replace(names[0], joined(names) if len(names) <= 3 else listing(names))
    return replace(together(said, plans), sentence=sentence, type_name=None)


def _role_now(name: str, opened: OpenedAccount) -> Role:
    reading = opened.reader.role(name)
    if reading.value is None:
        raise PlanError(reading.why or f"The role {name} no longer exists.")
    return reading.value


def _as_found(plan: Plan, roles: Sequence[Role], opened: OpenedAccount) -> Account:
    """Return the account with the current state of the entities that the plan changes."""
    account = opened.account
    for role in roles:
        account = with_role(account, role)
    for call in plan.calls:
        user = opened.reader.user(call.text("UserName")).value if call.text("UserName") else None
        group = opened.reader.group(call.text("GroupName")).value if call.text("GroupName") else None
        account = account if user is None else with_user(account, user)
        account = account if group is None else with_group(account, group)
    for arn in {call.text("PolicyArn") for call in plan.calls if call.operation.endswith("PolicyVersion")}:
        policy = opened.reader.managed_policy(arn).value
        account = account if policy is None else with_policy(account, policy)
    return account


def _takes(plan: Plan, reader: AccountReader) -> bool:
    """Return True if somebody may lose access through the plan, or if this is unknown.

    A plan with a call that removes something also counts, because AWS alone may know the remaining access. It does not
    count if only gains were found.
    """
    taking = any(map(may_take_rights, plan.calls))
    if plan.effects.lost and any("Tag" in call.operation for call in plan.calls):
        return True
    if not all(map(_of_policies, plan.calls)):
        return taking
    effects = plan.effects
    if effects.lost or not taking:
        return bool(effects.lost) or (not effects.complete and any(_may_deny(call, reader) for call in plan.calls))
    replaced = all(call.operation in ("UpdateAssumeRolePolicy", "PutRolePolicy") for call in plan.calls)
    return not effects.complete or not (replaced or effects.gained)


def _may_deny(call: Call, reader: AccountReader) -> bool:
    """Return whether the policy that the call attaches may reduce the role's permissions.

    An unread policy may reduce them.
    """
    document = Document(call.text("PolicyDocument")) if call.text("PolicyDocument") else None
    if call.operation.startswith("Attach"):
        policy = reader.managed_policy(call.text("PolicyArn")).value
        document = policy.document if policy is not None else None
    try:
        return document is None or any(each.effect == "Deny" for each in document.statements)
    except PolicyError:
        return True


def _of_policies(call: Call) -> bool:
    """Return whether the access that the call removes is computed from policies."""
    return call.operation not in ("AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile") and (
        "Policy" in call.operation or "Boundary" in call.operation
    )


def _guarded(plan: Plan, roles: Sequence[Role], opened: OpenedAccount) -> Plan:
    """Return the plan with the users of what loses access.

    A name must be typed unless it is known that there are no users.
    """
    arn = next((call.text("PolicyArn") for call in plan.calls if call.operation.endswith("PolicyVersion")), "")
    if arn:
        use = policy_use(arn, opened)
        return replace(plan, in_use=use, type_name=plan.type_name or (name_of(arn) if use else None))
    said: list[str] = []
    in_use = False
    for role in roles:
        found = role_use(role, opened.account, opened.reader)
        in_use = in_use or not found.unused
        head = f"{shortened(role.name)}: " if len(roles) > 1 else ""
        said += [f"{head}{sentence}" for sentence in found.sentences]
    name = roles[0].name if len(roles) == 1 else plural(len(roles), "role")
    if not roles and plan.effects.lost:  # nothing shows who works as a user or group
        name, in_use = name_of(plan.target), True
    return replace(plan, in_use=tuple(said), type_name=name if in_use else plan.type_name)


def _owners(role: Role, reader: AccountReader) -> Iterator[str]:
    reading = reader.stack_resources(role.name)
    if unread := reading.why or reading.note:
        yield f"Not all stacks could be read, so a stack that owns {shortened(role.name)} may be missing here: {unread}"
    for stack in reading.value or ():
        yield (
            f"The stack {shortened(stack.stack_name)} owns {shortened(role.name)}: the stack's next update may "
            "undo this change, so also change the stack's template."
        )


def likely_texts(change: RoleChange, role: Role, account: Account) -> tuple[str, ...]:
    """Return the first suggestions for the input of a change: ARNs or names from the role, or from the account."""
    held = tuple(each.arn for each in role.attached or ())
    match change.id:
        case "detach":
            return held
        case "own-copy":
            return tuple(arn for arn in held if is_aws_managed(arn))
        case "boundary":
            return tuple(arn for arn in boundaries(account) if arn != role.boundary_arn)
        case "attach":
            own = (each.arn for each in account.policies or () if not each.aws_managed and each.attachable)
            return tuple(sorted(set(own).difference(held)))
        case "policy":
            carried = dict.fromkeys((*held, *((role.boundary_arn,) if role.boundary_arn else ())))
            return tuple(arn for arn in carried if not is_aws_managed(arn))
        case "inline" | "delete-inline":
            return tuple(each.name for each in role.inline or ())
        case "add-profile":
            free = (each.name for each in account.instance_profiles or () if not each.roles)
            return tuple(dict.fromkeys((role.name, *free)))
        case "remove-profile":
            return role.instance_profiles or ()
        case "audience" | "provider":
            return trusted_providers(role, account)
    return ()


def read_texts(change: RoleChange, role: Role, opened: OpenedAccount) -> Reading[tuple[str, ...]]:
    """Return more suggestions, which must be read first: AWS managed policies, or the instances.

    May block for seconds.
    """
    if change.asks is Asks.INSTANCE:
        found = opened.reader.instances()
        arns = tuple(instance_arn(each, opened.account) for each in found.value or ())
        return Reading(found.call, arns, why=found.why, note=found.note)
    if change.id not in ("attach", "boundary"):
        return Reading("", ())
    reading = opened.reader.aws_managed_policies()
    there = {each.arn for each in role.attached or ()} if change.id == "attach" else {role.boundary_arn}
    return replace(reading, value=tuple(arn for arn in reading.value or () if arn not in there))
