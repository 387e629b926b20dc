"""What the creation's fields are completed with, and the list of AWS's actions. Reading takes time: in a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from textual.message import Message

from iam.account import Account
from iam.changes.action_book import ActionBook
from iam.sources.aws_managed import aws_managed_policies
from iam.sources.reader import AccountReader
from screens.create_fields import Names, service_names
from screens.create_naming import boundaries
from screens.diagnose_names import collect_names

# The part of an ARN that a recipe's question wants, by the word that the question completes with.
_KINDS = {
    "bucket": re.compile(r"arn:[a-z-]+:s3:::([^/*?$]+)$"),
    "table": re.compile(r"arn:[a-z-]+:dynamodb:[^:]*:\d{12}:table/([^/*?$]+)$"),
    "queue": re.compile(r"arn:[a-z-]+:sqs:[^:]*:\d{12}:([^*?$]+)$"),
    "topic": re.compile(r"arn:[a-z-]+:sns:[^:]*:\d{12}:([^*?$:]+)$"),
    "function": re.compile(r"arn:[a-z-]+:lambda:[^:]*:\d{12}:function:([^*?$:]+)$"),
    "secret": re.compile(r"arn:[a-z-]+:secretsmanager:[^:]*:\d{12}:secret:([^*?$]+)$"),
    "key": re.compile(r"arn:[a-z-]+:kms:[^:]*:\d{12}:key/([^*?$]+)$"),
}


class CreateNamesFound(Message):
    """The names of this account are known now."""

    def __init__(self, account: Account, names: Names) -> None:
        super().__init__()
        self.account, self.names = account, names


class ActionsRead(Message):
    """AWS's list of actions is there."""

    def __init__(self, book: ActionBook) -> None:
        super().__init__()
        self.book = book


def create_names(account: Account, reader: AccountReader) -> Names:
    """By what a question completes with. What cannot be read is left out: these are suggestions."""
    arns = set(collect_names(account).resources)
    listed = reader.resources()
    arns |= set(listed.value or ())
    names: dict[str, tuple[str, ...]] = {kind: _named(arns, kind, account) for kind in _KINDS}
    own = [role for role in account.roles if not role.service_owned]
    names |= _by_service(arns | _own_arns(account))
    names["service"] = service_names()
    names["role"] = tuple(role.arn for role in own)
    names["role-name"] = tuple(role.name for role in account.roles)
    names["oidc-provider"] = tuple(each.url for each in account.oidc_providers or ())
    names["saml-provider"] = tuple(each.name for each in account.saml_providers or ())
    customer = tuple(each.arn for each in account.policies or () if not each.aws_managed)
    names["policy"] = (*customer, *(aws_managed_policies(reader).value or ()))
    names["boundary"] = boundaries(account)
    names["path"] = _most_common(role.path for role in own)
    names["tag"] = _most_common(f"{key}={value}" for role in own for key, value in (role.tags or {}).items())
    return names


def _named(arns: Iterable[str], kind: str, account: Account) -> tuple[str, ...]:
    found = set()
    for arn in arns:
        match = _KINDS[kind].fullmatch(arn)
        if match is None:
            continue
        parts = arn.split(":")
        here = parts[4] in ("", account.id) and parts[3] in ("", account.region or parts[3])
        found.add(match[1] if here and kind != "secret" else arn)
    return tuple(sorted(found))


def _own_arns(account: Account) -> set[str]:
    entities = (account.roles, account.users or (), account.groups or (), account.policies or ())
    return {each.arn for kind in entities for each in kind}


def _by_service(arns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """``arn:s3`` → its ARNs. Those with the fewest wildcards first: they name something."""
    found: dict[str, list[str]] = {}
    for arn in arns:
        parts = arn.split(":", 5)
        if len(parts) == 6 and parts[5].strip("*/"):
            found.setdefault(f"arn:{parts[2]}", []).append(arn)
    return {key: tuple(sorted(each, key=lambda arn: ("*" in arn or "?" in arn, arn))) for key, each in found.items()}


def _most_common(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(values).most_common(200))
