"""The other accounts that an account's policies name: our own, those of known vendors, and unknown ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from iam.facts.vendor_accounts import vendor_of
from iam.foreign_text import visible
from iam.organization.accounts import Accounts
from iam.policy.document import Document
from iam.policy.principal import caller
from iam.sources.reader.opened import OpenedAccount
from iam.words import plural


class TrustedKind(StrEnum):
    """Who owns an account that a policy names."""

    OURS = "ours"
    VENDOR = "vendor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrustedAccount:
    """Another account that is named in Allow statements of an account's trust and resource policies.

    ``name`` is the account's name if the account belongs to the user's organization, the vendor's name if the vendor's
    documentation publishes the account ID, else "". Whether the statements actually allow anyone access is not
    evaluated here: `diagnostics.review.reach` does that.
    """

    account: str
    who: str
    kind: TrustedKind
    name: str
    resources: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "who": self.who,
            "kind": self.kind.value,
            "name": self.name or None,
            "resources": list(self.resources),
        }


def trusted_accounts(opened: OpenedAccount, accounts: Accounts, own: Iterable[str]) -> Iterator[TrustedAccount]:
    """Yield the other accounts that an account's policies name, by ID. ``own`` are our accounts. May block."""
    account, ours = opened.account, frozenset(own)
    held: list[tuple[str, Document]] = [(role.arn, role.trust) for role in account.roles if role.trust is not None]
    held += sorted((opened.reader.resource_policies().value or {}).items())
    named: dict[str, dict[str, None]] = {}
    for resource, document in held:
        for number in _named(document, accounts):
            if number != account.id:
                named.setdefault(number, {})[resource] = None
    for number, resources in sorted(named.items()):
        vendor = vendor_of(number)
        if number in ours:
            kind, name = TrustedKind.OURS, accounts.name_of(number)
        elif vendor is not None:
            kind, name = TrustedKind.VENDOR, vendor.vendor
        else:
            kind, name = TrustedKind.UNKNOWN, ""
        yield TrustedAccount(account.id, number, kind, name, tuple(resources))


def _named(document: Document, accounts: Accounts) -> Iterator[str]:
    """Yield the accounts of principals in Allow statements.

    For a unique ID, it is the account with the principal that has it.
    """
    for statement in document.readable_statements:
        for kind, value in statement.principal or () if statement.effect == "Allow" else ():
            if kind != "AWS" or value == "*":
                continue
            number = value if value.isdigit() else caller(value).account or accounts.holder_of_id(value)
            if number is not None:
                yield number


def trusted_lines(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each account, given as the JSON of `TrustedAccount`, under one heading: unknown ones first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in found:
        groups.setdefault(one["who"], []).append(one)
    if groups:
        yield from ("", "ACCOUNTS THAT POLICIES NAME")
    order = [kind.value for kind in reversed(list(TrustedKind))]
    for number, several in sorted(groups.items(), key=lambda group: (order.index(group[1][0]["kind"]), group[0])):
        kind, name = several[0]["kind"], several[0]["name"]
        count = sum(len(one["resources"]) for one in several)
        where = f"{plural(count, 'policy', 'policies')} in {plural(len(several), 'account')}"
        yield visible(f"  {kind:<8} {f'{name} ({number})' if name else number}: {where}")
