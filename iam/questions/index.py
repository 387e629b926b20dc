"""Index the identity policies of an account: which documents name which actions, and which principals have them.

The index is built on first use. It leaves out only principals without an Allow statement that names the action and
could match the resource. All other principals are evaluated, so the index never changes an answer.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from iam.account import Account, Role, User
from iam.layers import LayerReading, principal_layers
from iam.policy.compiled import Asked, Compiled, CompiledStatement, compiled
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.match import action_matcher, has_wildcard, overlap
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import Statement
from iam.sources.reader.account_reader import AccountReader

MOST_READ_ONE_BY_ONE = 200
"""The maximum number of roles and users for which policies are read one by one.

Policies that were not read with the account take five calls each, which would take minutes for thousands. With more
roles and users, these policies are reported as unread.
"""


@dataclass(frozen=True, slots=True)
class Principal:
    """A role or user with its own policy layers. ``unread`` lists the failed reads of its layers."""

    entity: Role | User
    identity: tuple[NamedPolicy, ...]
    boundary: tuple[NamedPolicy, ...] | None
    unread: tuple[LayerReading, ...] = ()

    @property
    def is_role(self) -> bool:
        return isinstance(self.entity, Role)

    @property
    def service_owned(self) -> bool:
        return isinstance(self.entity, Role) and self.entity.service_owned

    def policies(self, shared: Policies) -> Policies:
        """Return the principal's own layers together with those that all principals of the account share."""
        linked = isinstance(self.entity, Role) and self.entity.service_linked
        own = frozenset(str(reading.layer) for reading in self.unread)
        common = shared.unread - {Layer.SCP, Layer.RCP} if linked else shared.unread
        return Policies(
            identity=self.identity,
            resource=shared.resource,
            boundary=self.boundary,
            scps=None if linked else shared.scps,
            rcps=None if linked else shared.rcps,
            unread=own | common,
        )


def principals_of(account: Account, reader: AccountReader) -> Iterator[Principal]:
    """Yield every role (including those owned by AWS services) and user with its policy layers. May block."""
    documents: dict[str, tuple[Document | None, str]] = {}
    entities: list[Role | User] = [*account.roles, *(account.users or ())]
    bare = sum(not _is_read(entity) for entity in entities)
    for entity in entities:
        if bare > MOST_READ_ONE_BY_ONE and not _is_read(entity):
            why = (
                f"The policies of {bare:,} roles and users were not read with the account, {entity.name}'s among them."
            )
            readings = tuple(LayerReading(layer, "", why=why) for layer in (Layer.IDENTITY, Layer.BOUNDARY))
            yield Principal(entity, (), None, readings)
            continue
        found = principal_layers(entity, account, reader, documents)
        unread = tuple(reading for reading in found.readings if reading.unread)
        yield Principal(found.principal or entity, found.policies.identity, found.policies.boundary, unread)


def _is_read(entity: Role | User) -> bool:
    if isinstance(entity, Role):
        return entity.has_details
    return None not in (entity.inline, entity.attached, entity.groups)


@contextmanager
def uncollected() -> Iterator[None]:
    """Context manager that disables the garbage collector.

    Hundreds of thousands of objects are created and kept, and repeated collections would take longer than the work.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class AccountIndex:
    """The principals of an account, and, for any action, those whose identity policies may allow it."""

    def __init__(self, account: Account, reader: AccountReader) -> None:
        self.account = account
        self.reader = reader
        with uncollected():
            self.principals: tuple[Principal, ...] = tuple(principals_of(account, reader))
            self._build()

    def _build(self) -> None:
        self.by_arn = {one.entity.arn: number for number, one in enumerate(self.principals)}
        self.by_id = {one.entity.id: number for number, one in enumerate(self.principals) if one.entity.id}
        self._documents: list[Compiled] = []
        self._holders: list[list[int]] = []
        self._exact: dict[str, list[int]] = {}  # service:action → documents
        self._of_service: dict[str, list[int]] = {}  # service → documents with wildcards after its colon
        self._any_service: list[int] = []  # documents with "*" or NotAction
        self.unread = {number for number, one in enumerate(self.principals) if one.unread}
        self.speaks_of_tags = False
        numbers: dict[int, int] = {}
        for holder, principal in enumerate(self.principals):
            for policy in principal.identity:
                number = numbers.get(id(policy.document))
                if number is None:
                    number = numbers[id(policy.document)] = self._add(compiled(policy.document))
                self._holders[number].append(holder)

    def _add(self, document: Compiled) -> int:
        number = len(self._documents)
        self._documents.append(document)
        self._holders.append([])
        places: list[list[int]] = []
        for statement, action in document.outlines:
            self.speaks_of_tags = self.speaks_of_tags or _speaks_of_tags(statement)
            if statement.effect == "Deny":
                continue
            if action.negated:
                places.append(self._any_service)
                continue
            for pattern in action.patterns:
                lowered = pattern.lower()
                service, colon, _ = lowered.partition(":")
                if not colon or has_wildcard(service):
                    places.append(self._any_service)
                elif has_wildcard(lowered):
                    places.append(self._of_service.setdefault(service, []))
                else:
                    places.append(self._exact.setdefault(lowered, []))
        for place in places:
            if not place or place[-1] != number:
                place.append(number)
        return number

    def naming(self, action: str) -> set[int]:
        """Return the numbers of the documents that may name an action. The action may be a pattern."""
        lowered = action.lower()
        service = lowered.partition(":")[0]
        if has_wildcard(service):
            return set(range(len(self._documents)))
        found = {*self._of_service.get(service, ()), *self._any_service}
        if has_wildcard(lowered):
            matches = action_matcher(lowered)
            for exact, documents in self._exact.items():
                if matches(exact):
                    found.update(documents)
        else:
            found.update(self._exact.get(lowered, ()))
        return found

    def candidates(self, action: str, resource: str) -> set[int]:
        """Return the numbers of principals with an Allow statement for the action that could match the resource.

        If the action is a pattern, the statement needs to name only one matching action.
        """
        asked = Asked(Request(None, action, resource))
        found: set[int] = set()
        for number in self.naming(action):
            document = self._documents[number]
            statements: Iterable[CompiledStatement]
            if has_wildcard(action):
                statements = (one for one in document.statements if may_name(one, asked.action))
            else:
                statements = document.naming(asked.action)
            if any(not one.deny and reaches(one, asked) for one in statements):
                found.update(self._holders[number])
        return found


def _speaks_of_tags(one: Statement) -> bool:
    """Whether a condition depends on the resource's tags (``aws:ResourceTag/…``, ``ec2:ResourceTag/…``)."""
    return any("resourcetag/" in block.key.lower() for block in one.conditions)


def may_name(one: CompiledStatement, pattern: str) -> bool:
    """Whether a statement may name an action that matches the pattern, given in lower case."""
    if one.action.negated:
        return True
    return any(overlap(named.lower(), pattern) for named in one.action.patterns)


def reaches(one: CompiledStatement, asked: Asked) -> bool:
    """Whether a statement could match the resource for some principal. Policy variables may have any value."""
    element = one.resource
    return element is None or element.everything or element.has_variables or element.names(asked, one.deny)


_built: list[AccountIndex] = []


def index_of(account: Account, reader: AccountReader) -> AccountIndex:
    """Return the account's index. It is built on first use and cached until another account is used. May block."""
    for index in _built:
        if index.account is account and index.reader is reader:
            return index
    index = AccountIndex(account, reader)
    _built[:] = [index]
    return index


def forget_index() -> None:
    """Free the memory of the last index and of its compiled policies, which take as much as the account itself.

    They are built again when needed.
    """
    for index in _built:
        for principal in index.principals:
            for policy in principal.identity:
                policy.document.forget()
    _built.clear()
