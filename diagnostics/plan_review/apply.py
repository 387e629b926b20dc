"""Apply a file's changes to the account in memory. No call is made, and unknown values stay unknown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from diagnostics.plan_review.planned import Holder, Kind, Planned, UnknownDocument
from iam.account import (
    Account,
    AttachedPolicy,
    Group,
    InlinePolicy,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    User,
)
from iam.arn import name_of
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding
from iam.sources.resource_policies import policy_holder

_VERSION = "planned"
H = TypeVar("H", Role, User, Group)


@dataclass(frozen=True, slots=True)
class Applied:
    """The account after the changes, with a reader for it.

    ``addresses`` contains, by the ARN of an entity or resource, the addresses of everything in the file that changes
    it. ``resource_policies`` are the policies that the changes write, by ARN, before and after; None if there is no
    policy, or it was not read.
    """

    account: Account
    reader: AccountReader
    addresses: Mapping[str, tuple[str, ...]]
    resource_policies: Mapping[str, tuple[Document | None, Document | None]]
    notes: tuple[str, ...] = ()


class _PlannedReader:
    """The account's reader, except that it returns the changed resource policies."""

    def __init__(
        self, reader: AccountReader, documents: Mapping[str, Document | None], functions: Mapping[str, str | None]
    ) -> None:
        self._reader, self._documents, self._functions = reader, documents, functions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def resource_policy(self, arn: str) -> Reading[Document]:
        for candidate in (arn, policy_holder(arn)):
            if candidate in self._documents:
                document = self._documents[candidate]
                if isinstance(document, UnknownDocument):
                    return Reading("plan", why=document.why)
                return Reading("plan", document, note="" if document else "The change removes the policy.")
        return self._reader.resource_policy(arn)

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        reading = self._reader.all_bindings(regions)
        held = tuple(
            each for each in reading.value or () if each.service != "lambda" or each.name not in self._functions
        )
        added = (Binding("lambda", name, "execution role", role) for name, role in self._functions.items() if role)
        found = (*held, *added)
        return replace(reading, value=found, note=reading.note or reading.why, why="") if found else reading

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        reading = self._reader.resource_policies()
        if reading.value is None:
            return reading
        merged = {**reading.value, **self._documents}
        return replace(reading, value={arn: each for arn, each in merged.items() if each is not None})


def applied(resources: Iterable[Planned], account: Account, reader: AccountReader) -> Applied:
    """Return the account with the changes applied. May block: resource policies that are replaced are read."""
    given = tuple(resources)
    work = _Work(account, reader)
    for order in _ORDER:
        for one in given:
            if (one.kind, one.deleted) in order:
                work.apply(one)
    after = {arn: pair[1] for arn, pair in work.policies.items()}
    after |= {arn: UnknownDocument(why) for arn, why in work.unread.items()}
    planned = cast(AccountReader, _PlannedReader(reader, after, work.functions))
    addresses = {arn: tuple(dict.fromkeys(each)) for arn, each in work.addresses.items()}
    return Applied(work.account(), planned, addresses, work.policies, tuple(dict.fromkeys(work.notes)))


_ENTITIES = (Kind.ROLE, Kind.USER, Kind.GROUP, Kind.POLICY, Kind.PROVIDER)
_PARTS = (Kind.INLINE, Kind.ATTACHMENT, Kind.MEMBERSHIP, Kind.RESOURCE_POLICY, Kind.PERMISSION, Kind.FUNCTION)
_ORDER = (
    frozenset((kind, True) for kind in _PARTS),
    frozenset((kind, False) for kind in _ENTITIES),
    frozenset((kind, False) for kind in _PARTS),
    frozenset((kind, True) for kind in _ENTITIES),
)
"""The order in which changes are applied. Removed parts come first, new parts after their holders, and removed entities
last."""


@dataclass
class _Work:
    before: Account
    reader: AccountReader
    addresses: dict[str, list[str]] = field(default_factory=dict)
    policies: dict[str, tuple[Document | None, Document | None]] = field(default_factory=dict)
    functions: dict[str, str | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        account = self.before
        self.roles = {each.name: each for each in account.roles}
        self.users = {each.name: each for each in account.users or ()}
        self.groups = {each.name: each for each in account.groups or ()}
        self.managed = {each.arn: each for each in account.policies or ()}
        self.providers = {each.url: each for each in account.oidc_providers or ()}

    def account(self) -> Account:
        return replace(
            self.before,
            roles=tuple(self.roles.values()),
            users=tuple(self.users.values()) if self.before.users is not None or self.users else None,
            groups=tuple(self.groups.values()) if self.before.groups is not None or self.groups else None,
            policies=tuple(self.managed.values()),
            oidc_providers=tuple(self.providers.values()) if self.before.oidc_providers is not None else None,
        )

    def apply(self, one: Planned) -> None:
        match one.kind:
            case Kind.ROLE | Kind.USER | Kind.GROUP:
                self._entity(one)
            case Kind.POLICY:
                self._policy(one)
            case Kind.INLINE:
                for holder in one.holders:
                    self._inline(one, holder)
            case Kind.ATTACHMENT:
                self._attachment(one)
            case Kind.MEMBERSHIP:
                self._membership(one)
            case Kind.PROVIDER:
                self._provider(one)
            case Kind.RESOURCE_POLICY:
                self._mark(one.arn, one)
                before = self._resource_policy(one.arn)
                self.policies[one.arn] = before, None if one.deleted else one.document
            case Kind.PERMISSION:
                self._permission(one)
            case Kind.FUNCTION:
                self._mark(one.arn, one)
                self.functions[one.name] = None if one.deleted else one.arn

    def _mark(self, arn: str, one: Planned) -> None:
        self.addresses.setdefault(arn, []).append(one.address)

    def _arn(self, word: str, path: str, name: str) -> str:
        return f"arn:{self.before.partition}:iam::{self.before.id}:{word}{path}{name}"

    # Entities.

    def _entity(self, one: Planned) -> None:
        arn = self._arn(one.kind.value, one.path, one.name)
        held = self._held(Holder(one.kind, one.name))
        self._mark(held.arn if held is not None else arn, one)
        if one.deleted:
            self._drop(one)
            return
        if isinstance(held, Role):
            self.roles[one.name] = self._changed_role(held, one)
        elif isinstance(held, User):
            user = self._changed(held, one)
            boundary = held.boundary_arn if one.boundary is None else one.boundary or None
            groups = tuple(dict.fromkeys((*(held.groups or ()), *one.groups)))
            self.users[one.name] = replace(user, boundary_arn=boundary, groups=groups if one.groups else held.groups)
        elif isinstance(held, Group):
            self.groups[one.name] = self._changed(held, one)
        else:
            self._new(one, arn)

    def _drop(self, one: Planned) -> None:
        if one.kind is Kind.ROLE:
            self.roles.pop(one.name, None)
        elif one.kind is Kind.USER:
            self.users.pop(one.name, None)
        else:
            self.groups.pop(one.name, None)

    def _new(self, one: Planned, arn: str) -> None:
        inline, attached = _inline_of(one.inline or {}), _attached_of(one.attached or ())
        now = self.before.now
        if one.kind is Kind.ROLE:
            self.roles[one.name] = Role(
                one.name,
                arn,
                one.path,
                created=now,
                trust=one.document,
                inline=inline,
                attached=attached,
                boundary_arn=one.boundary or None,
                tags=dict(one.tags or {}),
                max_session_seconds=3600,
                instance_profiles=(),
            )
        elif one.kind is Kind.USER:
            self.users[one.name] = User(
                one.name,
                arn,
                one.path,
                created=now,
                inline=inline,
                attached=attached,
                groups=one.groups,
                boundary_arn=one.boundary or None,
                tags=dict(one.tags or {}),
            )
        else:
            self.groups[one.name] = Group(one.name, arn, one.path, created=now, inline=inline, attached=attached)

    def _changed_role(self, role: Role, one: Planned) -> Role:
        role = self._changed(role, one)
        return replace(
            role,
            trust=role.trust if one.document is None else one.document,
            boundary_arn=role.boundary_arn if one.boundary is None else one.boundary or None,
            tags=role.tags if one.tags is None else dict(one.tags),
        )

    def _changed(self, held: H, one: Planned) -> H:
        return replace(
            held,
            inline=held.inline if one.inline is None else _inline_of(one.inline),
            attached=held.attached if one.attached is None else _attached_of(one.attached),
        )

    def _held(self, holder: Holder) -> Role | User | Group | None:
        match holder.kind:
            case Kind.ROLE:
                return self.roles.get(holder.name)
            case Kind.USER:
                return self.users.get(holder.name)
        return self.groups.get(holder.name)

    def _holders(self) -> list[Role | User | Group]:
        return [*self.roles.values(), *self.users.values(), *self.groups.values()]

    def _keep(self, held: Role | User | Group) -> None:
        if isinstance(held, Role):
            self.roles[held.name] = held
        elif isinstance(held, User):
            self.users[held.name] = held
        else:
            self.groups[held.name] = held

    def _missing(self, one: Planned, holder: Holder) -> None:
        if not one.deleted:
            self.notes.append(
                f"{one.address} is not in the review, because neither the account nor the change contains its "
                f"{holder.kind} {holder.name}."
            )

    # Policies.

    def _policy(self, one: Planned) -> None:
        held = self.managed.get(one.arn)
        self._mark(one.arn, one)
        if one.deleted:
            self.managed.pop(one.arn, None)
            return
        if one.document is not None:
            version = PolicyVersion(_VERSION, one.document, True)
            if held is None:
                held = ManagedPolicy(one.name, one.arn, one.path, versions=(version,), default_version_id=_VERSION)
            else:
                held = replace(held, versions=(version, *held.versions), default_version_id=_VERSION)
            self.managed[one.arn] = held
        for each in self._holders():
            bounded = not isinstance(each, Group) and each.boundary_arn == one.arn
            if bounded or any(attached.arn == one.arn for attached in each.attached or ()):
                self._mark(each.arn, one)
        self._attach(one)

    def _attachment(self, one: Planned) -> None:
        if one.only_holders:
            for each in self._holders():
                if any(attached.arn == one.arn for attached in each.attached or ()):
                    self._mark(each.arn, one)
                    kept = tuple(attached for attached in each.attached or () if attached.arn != one.arn)
                    self._keep(replace(each, attached=kept))
        self._attach(one)

    def _attach(self, one: Planned) -> None:
        for holder in one.holders:
            held = self._held(holder)
            if held is None:
                self._missing(one, holder)
                continue
            self._mark(held.arn, one)
            if held.attached is None:
                continue  # not read, and still unknown
            others = tuple(each for each in held.attached if each.arn != one.arn)
            attached = others if one.deleted else (*others, AttachedPolicy(name_of(one.arn), one.arn))
            self._keep(replace(held, attached=attached))

    def _inline(self, one: Planned, holder: Holder) -> None:
        held = self._held(holder)
        if held is None:
            self._missing(one, holder)
            return
        self._mark(held.arn, one)
        if held.inline is None:
            return
        others = tuple(each for each in held.inline if each.name != one.name)
        added = () if one.deleted or one.document is None else (InlinePolicy(one.name, one.document),)
        self._keep(replace(held, inline=(*others, *added)))

    def _membership(self, one: Planned) -> None:
        user = self.users.get(one.name)
        if user is None:
            self._missing(one, Holder(Kind.USER, one.name))
            return
        self._mark(user.arn, one)
        if user.groups is not None:
            others = tuple(each for each in user.groups if each not in one.groups)
            self.users[one.name] = replace(user, groups=others if one.deleted else (*others, *one.groups))

    def _provider(self, one: Planned) -> None:
        arn = self._arn("oidc-provider/", "", one.name)
        self._mark(arn, one)
        if one.deleted:
            self.providers.pop(one.name, None)
        else:
            self.providers[one.name] = OIDCProvider(arn, one.name, one.audiences)

    # Resources.

    def _resource_policy(self, arn: str) -> Document | None:
        return self.policies[arn][0] if arn in self.policies else self.reader.resource_policy(arn).value

    def _permission(self, one: Planned) -> None:
        self._mark(one.arn, one)
        before = self._resource_policy(one.arn)
        first = one.arn.startswith("arn:") and one.arn not in self.policies
        if first and (why := self.reader.resource_policy(one.arn).why):
            # AddPermission keeps the other statements: if they were not read, the policy stays unknown.
            self.unread[one.arn] = why
            self.notes.append(f"It is unknown what else {one.arn} allows: {why}")
        now = self.policies[one.arn][1] if one.arn in self.policies else before
        statements = [each for each in _statements(now) if each.get("Sid") != one.name]
        if not one.deleted and one.statement is not None:
            statements.append({"Sid": one.name, **one.statement})
        after = Document(json.dumps({"Version": "2012-10-17", "Statement": statements})) if statements else None
        self.policies[one.arn] = before, after


def _statements(document: Document | None) -> list[dict[str, Any]]:
    value = document.value if document is not None and not isinstance(document, UnknownDocument) else {}
    listed = value.get("Statement") or []
    return list(listed) if isinstance(listed, list) else [listed]


def _inline_of(documents: Mapping[str, Document]) -> tuple[InlinePolicy, ...]:
    return tuple(InlinePolicy(name, each) for name, each in documents.items())


def _attached_of(arns: Iterable[str]) -> tuple[AttachedPolicy, ...]:
    return tuple(AttachedPolicy(name_of(arn), arn) for arn in dict.fromkeys(arns))
