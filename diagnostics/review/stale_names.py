"""References in policies to organizational units and accounts that have been deleted, moved or closed.

Only the organization's data shows that a name is stale in this way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from iam.foreign_text import visible
from iam.lazy_pattern import regex
from iam.organization.accounts import Accounts
from iam.organization.place import Place
from iam.organization.tree import OrganizationTree
from iam.policy.document import Document
from iam.policy.match import has_wildcard
from iam.policy.principal import Kind, caller
from iam.policy.statements import Statement
from iam.questions.who_can_across import all_read
from iam.sources.reader.opened import OpenedAccount

_PATHS = ("aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths")
_UNIT = regex(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}")
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html"""
_UNIQUE_ID = regex(r"A(?:ROA|IDA)[A-Z0-9]{12,28}")


class Stale(Enum):
    """Why a name in a policy is stale."""

    UNIT = "an organizational unit that does not exist in the organization"
    MOVED_UNIT = "an organizational unit that was moved within the organization"
    CLOSED = "an account of the organization that was closed or suspended"
    GONE = "a role or user that does not exist in its account"
    DELETED = (
        "a unique ID that no principal in the accounts has, because its principal was deleted, or deleted and "
        "created again"
    )


@dataclass(frozen=True, slots=True)
class StaleName:
    """A name in a resource or trust policy statement whose unit, account or principal was deleted, moved or closed."""

    account: str
    resource: str
    statement: int
    sid: str | None
    name: str
    kind: Stale

    def json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "resource": self.resource,
            "statement": self.statement,
            "sid": self.sid,
            "name": self.name,
            "kind": self.kind.name.lower().replace("_", "-"),
            "why": self.kind.value,
        }


def stale_names(opened: OpenedAccount, accounts: Accounts) -> Iterator[StaleName]:
    """Yield the stale names in an account's policies, if the organization's lists are complete. May block."""
    tree = accounts.tree_of(opened.account.id)
    if tree is None or not tree.complete:
        return
    held: list[tuple[str, Document]] = [(role.arn, role.trust) for role in opened.account.roles if role.trust]
    held += sorted((opened.reader.resource_policies().value or {}).items())
    for resource, document in held:
        for statement in document.readable_statements:
            for name, kind in dict(_names(statement, accounts, tree)).items():
                yield StaleName(opened.account.id, resource, statement.index, statement.sid, name, kind)


def _names(statement: Statement, accounts: Accounts, tree: OrganizationTree) -> Iterator[tuple[str, Stale]]:
    for kind, value in statement.principal or ():
        if kind == "AWS":
            yield from _principal(value, accounts, tree)
    for block in statement.conditions:
        key = block.key.lower()
        if key in _PATHS:
            yield from _units(block.values, tree)
        elif key in ("aws:principalarn", "aws:principalaccount", "aws:sourceaccount"):
            for value in block.values:
                if not has_wildcard(value) and "${" not in value:
                    yield from _principal(value, accounts, tree)


def _principal(value: str, accounts: Accounts, tree: OrganizationTree) -> Iterator[tuple[str, Stale]]:
    who = caller(value)
    number = value if value.isdigit() else who.account
    if number is None:
        if _UNIQUE_ID.fullmatch(value) and all_read(accounts) and accounts.holder_of_id(value) is None:
            yield value, Stale.DELETED
        return
    member = tree.member(number)
    if member is not None and member.status != "ACTIVE":
        yield value, Stale.CLOSED
        return
    if who.kind not in (Kind.ROLE, Kind.USER) or not who.name or accounts.standing(number).place is not Place.READ:
        return
    opened = accounts.opened(number)
    if opened is None or opened.account.incomplete & {"roles", "users"} or opened.account.users is None:
        return
    found = opened.account.role(value) if who.kind is Kind.ROLE else opened.account.user(who.name)
    if found is None:
        yield value, Stale.GONE


def _units(values: Iterable[str], tree: OrganizationTree) -> Iterator[tuple[str, Stale]]:
    """Yield the units in paths of our organization that do not exist in it or are in another place now."""
    for value in values:
        organization, *path = value.split("/")
        if organization != tree.id:
            continue
        for at, id in enumerate(path):
            if not _UNIT.fullmatch(id):
                continue
            if tree.unit(id) is None:
                yield value, Stale.UNIT
                break
            above = tuple(path[: at + 1])
            if not any(map(has_wildcard, above)) and tree.path_of(id) not in (None, above):
                yield value, Stale.MOVED_UNIT
                break


def stale_lines(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each `StaleName`, given as JSON, under one heading."""
    for number, one in enumerate(found):
        if not number:
            yield from ("", "NAMES OF WHAT IS GONE")
        yield visible(f"  {one['name']} in {one['resource']}, {statement_words(one)}: {one['why']}")


def statement_words(one: Mapping[str, Any]) -> str:
    """Return the statement of a `StaleName`, given as JSON: ``statement OurUnits``, or its number from 1."""
    return f"statement {one['sid'] or one['statement'] + 1}"
