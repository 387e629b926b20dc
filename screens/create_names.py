"""What the creation's fields are completed with. Collecting takes time: call it in a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from textual.message import Message

from iam.account import Account
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


def create_names(account: Account, reader: AccountReader) -> Names:
    """By what a question completes with. What cannot be read is left out: these are suggestions."""
    arns = set(collect_names(account).resources)
    listed = reader.resources()
    arns |= set(listed.value or ())
    names: dict[str, tuple[str, ...]] = {kind: _named(arns, kind, account) for kind in _KINDS}
    own = [role for role in account.roles if not role.service_owned]
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


def _most_common(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(values).most_common(200))
