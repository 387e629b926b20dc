"""Find the documents in an account that name a role, and add another role's name next to it in their text."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from iam.account import Group, ManagedPolicy, Role, User
from iam.arn import is_aws_managed
from iam.layers import organization_layers
from iam.policy.document import Document, PolicyError
from iam.policy.match import folded, has_wildcard, resource_matcher
from iam.policy.request import Request
from iam.sources.reader.opened import OpenedAccount

MOST_RESOURCES = 30
"""The maximum number of resources whose own policies are read one by one."""

_ELEMENTS = ("Principal", "NotPrincipal", "Resource", "NotResource", "Condition")


@dataclass(frozen=True, slots=True)
class RoleReference:
    """A document that names the role.

    ``holder`` is the entity that has the document, None if IAM cannot change it (a resource's policy, the
    organization's). ``inline`` is the name of an inline policy. ``elements`` are the parts that name the role;
    ``beside`` is the document with the other role's name added to each of these parts. ``by_id``: the document names
    the role only by its unique ID, which no other role can have.
    """

    where: str
    holder: Role | User | Group | ManagedPolicy | None
    inline: str
    elements: tuple[str, ...]
    beside: Document | None
    by_id: bool = False


def references(role: Role, new_arn: str, opened: OpenedAccount) -> tuple[tuple[RoleReference, ...], tuple[str, ...]]:
    """Return the documents that name the role, including its own. May block.

    Also return a sentence about each kind that could not be read.
    """
    naming = _Naming(role, new_arn)
    unread: list[str] = []
    found = [*_own(naming, opened, unread), *_others(naming, opened, unread)]
    return tuple(found), tuple(unread)


def _own(naming: _Naming, opened: OpenedAccount, unread: list[str]) -> Iterator[RoleReference]:
    account = opened.account
    policies = [policy for policy in account.policies or () if not policy.aws_managed]
    bare = {
        "roles": sum(role.trust is None or role.inline is None for role in account.roles),
        "users": sum(user.inline is None for user in account.users or ()),
        "groups": sum(group.inline is None for group in account.groups or ()),
        "customer policies": sum(policy.document is None for policy in policies),
    }
    unread += [f"The documents of {count:,} {what} were not read." for what, count in bare.items() if count]
    parts: dict[str, object] = {
        "roles": account.roles,
        "users": account.users,
        "groups": account.groups,
        "policies": account.policies,
    }
    for what, listed in parts.items():
        if listed is None or what in account.incomplete:
            unread.append(f"Not all {what} of the account could be read.")
    for role in account.roles:
        yield from naming.reference(f"the trust policy of {role.name}", role, "", role.trust)
    holders: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    for holder in holders:
        kind = type(holder).__name__.lower()
        for inline in holder.inline or ():
            where = f"the inline policy {inline.name} of the {kind} {holder.name}"
            yield from naming.reference(where, holder, inline.name, inline.document)
    for policy in policies:
        yield from naming.reference(f"the policy {policy.name}", policy, "", policy.document)


def _others(naming: _Naming, opened: OpenedAccount, unread: list[str]) -> Iterator[RoleReference]:
    account, reader = opened.account, opened.reader
    reading = reader.resource_policies()
    known = dict(reading.value or {})
    if reading.value is None:
        unread.append(
            "the policies of other resources (only the policies of resources that the role's policies name one "
            "by one are read)"
        )
        known = _named_resources(naming.role, opened, unread)
    elif reading.note:
        unread.append(reading.note)
    for arn, document in known.items():
        yield from naming.reference(f"the resource policy of {arn}", None, "", document)
    root = f"arn:{account.partition}:iam::{account.id}:root"
    above = organization_layers(Request(root, "sts:AssumeRole", naming.role.arn), account, reader)
    unread += [each.why for each in above.readings if each.unread and each.why]
    for level in (*(above.policies.scps or ()), *(above.policies.rcps or ())):
        for named in level:
            yield from naming.reference(f"the organization's policy {named.name}", None, "", named.document)


def _named_resources(role: Role, opened: OpenedAccount, unread: list[str]) -> dict[str, Document]:
    """Return the policies of the resources that the role's own policies name without wildcards."""
    documents = [each.document for each in role.inline or ()]
    for attached in role.attached or ():
        policy = opened.account.policy(attached.arn)
        if policy is not None and policy.document is not None:
            documents.append(policy.document)
        elif not is_aws_managed(attached.arn):
            unread.append(f"{attached.name} (so the resources that it names are unknown)")
    statements = (one for document in documents for one in document.readable_statements)
    named = dict.fromkeys(arn for one in statements for arn in one.resource or () if not _open(arn))
    found = {}
    for arn in list(named)[:MOST_RESOURCES]:
        reading = opened.reader.resource_policy(arn)
        if reading.value is not None:
            found[arn] = reading.value
        elif reading.unreadable:
            unread.append(f"{arn}: {reading.why}")
    if len(named) > MOST_RESOURCES:
        unread.append(f"{len(named) - MOST_RESOURCES} more of the resources that the role's policies name")
    return found


def _open(arn: str) -> bool:
    return has_wildcard(arn) or "${" in arn or not arn.startswith("arn:")


def _is_statement(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


class _Naming:
    """Finds the name of a role in documents, and adds another role's name next to it."""

    def __init__(self, role: Role, new_arn: str) -> None:
        self.role, self.new_arn = role, new_arn
        head = role.arn.replace(":iam:", ":sts:", 1).partition(":role/")[0]
        self._session = f"{head}:assumed-role/{role.name}/"
        self._new_session = f"{head}:assumed-role/{new_arn.rpartition('/')[2]}/"

    def reference(
        self, where: str, holder: Role | User | Group | ManagedPolicy | None, inline: str, document: Document | None
    ) -> Iterator[RoleReference]:
        if document is None or (self.role.name not in document.text and not self._may_be_meant(document.text)):
            return
        try:
            value = copy.deepcopy(document.value)
        except PolicyError:
            return
        statements = value.get("Statement") if isinstance(value, dict) else None
        elements: dict[str, None] = {}
        for statement in filter(_is_statement, statements if isinstance(statements, list) else [statements]):
            for element in filter(statement.__contains__, _ELEMENTS):
                if self._add(statement, element):
                    elements[element] = None
        if elements:
            yield RoleReference(where, holder, inline, tuple(elements), Document.from_value(value))
        elif self.role.id and self.role.id in document.text:
            yield RoleReference(where, holder, inline, (), None, by_id=True)

    def _may_be_meant(self, text: str) -> bool:
        """Return whether the text may name the role. The check is fast and imprecise.

        True if the text contains the form of a role's or a session's ARN, or the role's unique ID.
        """
        return ":role/" in text or ":assumed-role/" in text or bool(self.role.id and self.role.id in text)

    def _add(self, parent: dict[str, Any], key: str) -> bool:
        """Add the new name next to each occurrence of the old one in the value of a key.

        Return whether the old name occurred.
        """
        value = parent[key]
        if isinstance(value, dict):
            added = [self._add(value, each) for each in value]
            return any(added)
        listed = value if isinstance(value, list) else [value]
        known = {each for each in listed if isinstance(each, str)}
        more = [each for each in dict.fromkeys(filter(None, map(self._other, listed))) if each not in known]
        if more:
            parent[key] = [*listed, *more]
        return bool(more)

    def _other(self, text: object) -> str:
        """Return the text to add next to a text that names the role; "" if there is none."""
        if not isinstance(text, str):
            return ""
        if text == self.role.arn:
            return self.new_arn
        if text.startswith(self._session):
            return self._new_session + text.removeprefix(self._session)
        if text.startswith("arn:") and has_wildcard(text) and "${" not in text:
            matches = resource_matcher(text)
            if matches(folded(self.role.arn)) and not matches(folded(self.new_arn)):
                return self.new_arn
        return ""


def changed(found: Iterable[RoleReference], holder: object, inline: str = "") -> Document | None:
    """Return the holder's changed document: the inline policy ``inline`` or, for "", the holder's other document."""
    for each in found:
        if each.holder is holder and each.inline == inline and each.beside is not None:
            return each.beside
    return None
