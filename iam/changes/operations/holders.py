"""The write calls that roles, users and groups have in common: for policies, permissions boundary and tags."""

from __future__ import annotations

from collections.abc import Callable

from iam.account import Group, InlinePolicy, Role, User
from iam.arn import name_of
from iam.changes.call import Call
from iam.changes.compare import canonical, same_document
from iam.changes.operations.operation import (
    Existing,
    Look,
    Operation,
    ParameterKind,
    Parts,
    adds,
    inverse,
    put,
    removes,
    take,
)
from iam.changes.operations.seen import EntityReader, Seen, State, done_if, unread
from iam.sources.reader.reading import Reading

Holder = Role | User | Group


def look_at_holder(see: Callable[[Call, Holder], Seen], *, gone: bool = False) -> Look:
    """Return a function that checks a call's effect with ``see``, for the role, user or group that the call names.

    ``gone`` is the result if the entity does not exist: True if the effect then counts as present.
    """

    def look(call: Call, reader: EntityReader) -> Seen:
        reading: Reading[Role] | Reading[User] | Reading[Group]
        if call.text("RoleName"):
            reading = reader.role(call.text("RoleName"))
        elif call.text("UserName"):
            reading = reader.user(call.text("UserName"))
        else:
            reading = reader.group(call.text("GroupName"))
        if reading.unreadable:
            return unread(reading)
        return done_if(gone) if reading.value is None else see(call, reading.value)

    return look


def inline_policies(word: str) -> tuple[Operation, ...]:
    """Return the calls that change inline policies of a ``Role``, ``User`` or ``Group``."""
    key, kind = f"{word}Name", word.lower()

    def undo_put(call: Call, held: Existing, index: int) -> Call | None:
        if _inline(call, held.holder) is not None:
            return put_back(call, held, index)
        name, policy = call.text(key), call.text("PolicyName")
        why = f"Delete the new inline policy {policy} of {name}."
        return inverse(call, f"Delete{word}Policy", why, **{key: name}, PolicyName=policy)

    def put_back(call: Call, held: Existing, index: int) -> Call | None:
        old = _inline(call, held.holder)
        if old is None:
            return None
        name = call.text(key)
        why = f"Restore the inline policy {old.name} of {name}."
        given = {key: name, "PolicyName": old.name, "PolicyDocument": old.document.stored}
        return inverse(call, f"Put{word}Policy", why, **given)

    def save(call: Call, parts: Parts) -> None:
        put(parts, "inline policy", canonical(call.text("PolicyDocument")), call.text("PolicyName"))

    return (
        Operation(
            f"Put{word}Policy",
            {key: ParameterKind.TEXT, "PolicyName": ParameterKind.TEXT, "PolicyDocument": ParameterKind.DOCUMENT},
            look_at_holder(_see_put),
            undo_put,
            {kind: save},
        ),
        Operation(
            f"Delete{word}Policy",
            {key: ParameterKind.TEXT, "PolicyName": ParameterKind.TEXT},
            look_at_holder(_see_deleted, gone=True),
            put_back,
            {kind: removes("inline policy", "PolicyName")},
            takes_rights=word == "Role",
        ),
    )


def _inline(call: Call, holder: Holder | None) -> InlinePolicy | None:
    inline = (holder.inline if holder else None) or ()
    return next((each for each in inline if each.name == call.text("PolicyName")), None)


def _see_put(call: Call, holder: Holder) -> Seen:
    if holder.inline is None:
        return Seen(State.UNKNOWN, f"The inline policies of {holder.name} could not be read.")
    policy = _inline(call, holder)
    return done_if(policy is not None and same_document(policy.document, call.text("PolicyDocument")))


def _see_deleted(call: Call, holder: Holder) -> Seen:
    if holder.inline is None:
        return Seen(State.UNKNOWN, f"The inline policies of {holder.name} could not be read.")
    return done_if(_inline(call, holder) is None)


def attached_policies(word: str) -> tuple[Operation, ...]:
    """Return the calls that attach and detach managed policies of a ``Role``, ``User`` or ``Group``."""
    key, kind = f"{word}Name", word.lower()
    parameters = {key: ParameterKind.TEXT, "PolicyArn": ParameterKind.TEXT}

    def detach(call: Call, held: Existing, index: int) -> Call:
        name, arn = call.text(key), call.text("PolicyArn")
        why = f"Detach {name_of(arn)} from {name}."
        return inverse(call, f"Detach{word}Policy", why, **{key: name}, PolicyArn=arn)

    def attach(call: Call, held: Existing, index: int) -> Call:
        name, arn = call.text(key), call.text("PolicyArn")
        why = f"Attach {name_of(arn)} to {name} again."
        return inverse(call, f"Attach{word}Policy", why, **{key: name}, PolicyArn=arn)

    return (
        Operation(
            f"Attach{word}Policy",
            parameters,
            look_at_holder(_see_attached(True)),
            detach,
            {kind: adds("attached policy", "PolicyArn")},
        ),
        Operation(
            f"Detach{word}Policy",
            parameters,
            look_at_holder(_see_attached(False), gone=True),
            attach,
            {kind: removes("attached policy", "PolicyArn")},
            takes_rights=word == "Role",
        ),
    )


def _see_attached(attached: bool) -> Callable[[Call, Holder], Seen]:
    def see(call: Call, holder: Holder) -> Seen:
        if holder.attached is None:
            return Seen(State.UNKNOWN, f"The policies attached to {holder.name} could not be read.")
        return done_if((call.text("PolicyArn") in {each.arn for each in holder.attached}) == attached)

    return see


def permissions_boundary(word: str) -> tuple[Operation, ...]:
    """Return the calls that change the permissions boundary of a ``Role`` or ``User``."""
    key, kind = f"{word}Name", word.lower()

    def former(call: Call, held: Existing, index: int) -> Call | None:
        holder = held.holder
        if not isinstance(holder, Role | User):
            return None
        name = {key: call.text(key)}
        if holder.boundary_arn is None:
            why = f"Remove the new permissions boundary from {holder.name}."
            return inverse(call, f"Delete{word}PermissionsBoundary", why, **name)
        why = f"Restore the former boundary {name_of(holder.boundary_arn)} of {holder.name}."
        return inverse(call, f"Put{word}PermissionsBoundary", why, **name, PermissionsBoundary=holder.boundary_arn)

    return (
        Operation(
            f"Put{word}PermissionsBoundary",
            {key: ParameterKind.TEXT, "PermissionsBoundary": ParameterKind.TEXT},
            look_at_holder(_with_attributes(lambda call, it: it.boundary_arn == call.text("PermissionsBoundary"))),
            former,
            {kind: lambda call, parts: put(parts, "permissions boundary", call.text("PermissionsBoundary"))},
            takes_rights=word == "Role",
        ),
        Operation(
            f"Delete{word}PermissionsBoundary",
            {key: ParameterKind.TEXT},
            look_at_holder(_with_attributes(lambda call, it: it.boundary_arn is None), gone=True),
            former,
            {kind: removes("permissions boundary")},
        ),
    )


def _with_attributes(is_done: Callable[[Call, Role | User], bool]) -> Callable[[Call, Holder], Seen]:
    def see(call: Call, holder: Holder) -> Seen:
        if isinstance(holder, Group) or holder.tags is None:  # the boundary and the tags are returned by the same call
            return Seen(State.UNKNOWN, f"The tags and the boundary of {holder.name} could not be read.")
        return done_if(is_done(call, holder))

    return see


def tags(word: str) -> tuple[Operation, ...]:
    """Return the calls that change the tags of a ``Role`` or ``User``."""
    key, kind = f"{word}Name", word.lower()

    def undo_tag(call: Call, held: Existing, index: int) -> Call | None:
        holder = held.holder
        if not isinstance(holder, Role | User):
            return None
        name, before = {key: call.text(key)}, holder.tags or {}
        new = tuple(each for each in call.parameters["Tags"] if each not in before)
        if new:
            return inverse(call, f"Untag{word}", f"Remove the new tags from {holder.name}.", **name, TagKeys=new)
        former = {each: before[each] for each in call.parameters["Tags"]}
        why = f"Restore the former values of {holder.name}'s tags."
        return inverse(call, f"Tag{word}", why, **name, Tags=former)

    def undo_untag(call: Call, held: Existing, index: int) -> Call | None:
        holder = held.holder
        if not isinstance(holder, Role | User):
            return None
        before = holder.tags or {}
        former = {each: before[each] for each in call.parameters["TagKeys"] if each in before}
        why = f"Restore the tags of {holder.name}."
        return inverse(call, f"Tag{word}", why, **{key: call.text(key)}, Tags=former) if former else None

    def add(call: Call, parts: Parts) -> None:
        for each, value in call.parameters["Tags"].items():
            put(parts, "tag", str(value), each)

    def remove(call: Call, parts: Parts) -> None:
        for each in call.parameters["TagKeys"]:
            take(parts, "tag", each)

    return (
        Operation(
            f"Tag{word}",
            {key: ParameterKind.TEXT, "Tags": ParameterKind.TAGS},
            look_at_holder(_with_attributes(_has_tags)),
            undo_tag,
            {kind: add},
        ),
        Operation(
            f"Untag{word}",
            {key: ParameterKind.TEXT, "TagKeys": ParameterKind.LIST},
            look_at_holder(_with_attributes(_lacks_tags), gone=True),
            undo_untag,
            {kind: remove},
        ),
    )


def _has_tags(call: Call, holder: Role | User) -> bool:
    return all((holder.tags or {}).get(key) == value for key, value in call.parameters["Tags"].items())


def _lacks_tags(call: Call, holder: Role | User) -> bool:
    return not any(key in (holder.tags or {}) for key in call.parameters["TagKeys"])
