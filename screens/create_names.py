"""What the creation's fields are completed with. Collecting takes time: call it in a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from textual.message import Message

from diagnostics.already_exists.kinds import Kind
from diagnostics.already_exists.naming import Pattern
from diagnostics.already_exists.rename import account_pattern
from iam.account import Account, Role
from iam.sources.aws_managed import aws_managed_policies
from iam.sources.reader import AccountReader
from screens.create_fields import Names, service_names
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


def boundaries(account: Account) -> tuple[str, ...]:
    """Customer policies, those first that are boundaries of something, then those that are named like one."""
    used = Counter(each.boundary_arn for each in (*account.roles, *(account.users or ())) if each.boundary_arn)
    arns = [each.arn for each in account.policies or () if not each.aws_managed]
    return tuple(sorted(arns, key=lambda arn: (-used[arn], "boundary" not in arn.lower(), arn)))


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


def usual_tags(account: Account) -> tuple[tuple[str, int, int], ...]:
    """(key, how many roles carry it, how many roles were looked at) of the tags that most roles carry."""
    roles = [role for role in account.roles if not role.service_owned and role.tags is not None]
    counts = Counter(key for role in roles for key in role.tags or {} if not key.lower().startswith("aws:"))
    return tuple((key, count, len(roles)) for key, count in counts.most_common() if count * 2 > len(roles) > 3)


def naming(account: Account) -> tuple[Pattern, str]:
    """The pattern of the account's role names, and a sentence on it with an example."""
    pattern = account_pattern(Kind.ROLE, account)
    examples = [role.name for role in account.roles if not role.service_owned and _fits(role, pattern)]
    if not examples:
        return pattern, ""
    how = "words in CamelCase" if pattern.camel else f"words with “{pattern.separator}” between them"
    return pattern, f"Names here are {how}, such as {examples[0]}."


def _fits(role: Role, pattern: Pattern) -> bool:
    if pattern.camel:
        return role.name.isalnum() and role.name[:1].isupper()
    return role.name.count(pattern.separator) >= 1
