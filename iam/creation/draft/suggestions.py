"""Completions for a draft, taken from the account's own names. Reading them takes time, so use a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from iam.account import Account, Role
from iam.arn import Arn, name_of, names_a_service
from iam.creation.draft.names import boundaries, role_pattern, usual_tags
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.known_principals import SERVICE_PRINCIPALS
from iam.policy.named_principals import principals
from iam.questions.names import named_resources
from iam.regions import regions
from iam.service_reference import condition_keys
from iam.sources.reader.account_reader import AccountReader

# The part of an ARN that a recipe's question asks for, by the question's `complete`.
_KINDS = {
    "bucket": re.compile(r"arn:[a-z-]+:s3:::([^/*?$]+)$"),
    "table": re.compile(r"arn:[a-z-]+:dynamodb:[^:]*:\d{12}:table/([^/*?$]+)$"),
    "queue": re.compile(r"arn:[a-z-]+:sqs:[^:]*:\d{12}:([^*?$]+)$"),
    "topic": re.compile(r"arn:[a-z-]+:sns:[^:]*:\d{12}:([^*?$:]+)$"),
    "function": re.compile(r"arn:[a-z-]+:lambda:[^:]*:\d{12}:function:([^*?$:]+)$"),
    "secret": re.compile(r"arn:[a-z-]+:secretsmanager:[^:]*:\d{12}:secret:([^*?$]+)$"),
    "key": re.compile(r"arn:[a-z-]+:kms:[^:]*:\d{12}:key/([^*?$]+)$"),
}


Suggestions = Mapping[str, Sequence[str]]
"""Completions, keyed by a question's ``complete``: ``bucket``, ``role``, ``oidc-provider`` …

A key such as ``arn:s3`` has the ARNs of a service. A key such as ``trusted:lambda.amazonaws.com`` has the names of the
roles that trust this principal.
"""


def saml_keys() -> tuple[str, ...]:
    """Return the attributes of a SAML assertion that a trust policy can test."""
    keys = (key.name for key in condition_keys("sts").values())
    return tuple(sorted(key.replace("saml:", "SAML:", 1) for key in keys if key.startswith("saml:")))


def suggestions(account: Account, reader: AccountReader) -> Suggestions:
    """Return the account's completions, keyed by a question's ``complete``. Lists that cannot be read are left out."""
    arns = named_resources(account)
    listed = reader.resources()
    arns |= set(listed.value or ())
    names: dict[str, tuple[str, ...]] = {kind: _named(arns, kind, account) for kind in _KINDS}
    own = [role for role in account.roles if not role.service_owned]
    names |= _by_service(arns | _own_arns(account))
    by_principal = _names_by_principal(own)
    names |= {f"trusted:{principal}": each for principal, each in by_principal.items()}
    used = sorted(by_principal, key=lambda principal: -len(by_principal[principal]))
    services = filter(names_a_service, used)
    names["service"] = tuple(
        dict.fromkeys((*(each.principal for each in SERVICE_ROLES), *services, *SERVICE_PRINCIPALS))
    )
    names["role"] = tuple(role.arn for role in own)
    names["principal"] = (*names["role"], *(user.arn for user in account.users or ()))
    names["region"] = regions(account.partition)
    names["saml-key"] = saml_keys()
    audiences = (audience for each in account.oidc_providers or () for audience in each.client_ids or ())
    names["audience"] = tuple(dict.fromkeys(audiences))
    names["role-name"] = tuple(role.name for role in account.roles)
    names["oidc-provider"] = tuple(each.url for each in account.oidc_providers or ())
    names["saml-provider"] = tuple(each.name for each in account.saml_providers or ())
    customer = sorted((each.arn for each in account.policies or () if not each.aws_managed), key=str.casefold)
    names["policy"] = (*customer, *(reader.aws_managed_policies().value or ()))
    names["boundary"] = boundaries(account)
    role_pattern(account), usual_tags(account)  # fills the caches: the form needs these values at each key press
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


def _names_by_principal(roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Return, for each principal, the names of the roles that trust it."""
    found: dict[str, list[str]] = {}
    for role in roles:
        for principal in dict.fromkeys(value for _, value in principals(role.trust)):
            found.setdefault(principal, []).append(role.name)
    return {principal: tuple(names) for principal, names in found.items()}


def _own_arns(account: Account) -> set[str]:
    found = {role.arn for role in account.roles if not role.service_owned}
    for entities in (account.users, account.groups, account.policies):
        found.update(each.arn for each in entities or ())
    return found


def _by_service(arns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return ARNs by service, under keys such as ``arn:s3``. Those without wildcards come first."""
    found: dict[str, list[str]] = {}
    for arn in arns:
        parts = Arn.parse(arn)
        if parts is not None and parts.resource.strip("*/"):
            found.setdefault(f"arn:{parts.service}", []).append(arn)
    return {key: tuple(sorted(each, key=lambda arn: ("*" in arn or "?" in arn, arn))) for key, each in found.items()}


def _most_common(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value, _ in Counter(values).most_common(200))


def alike(suggested: Suggestions, principals: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the account's roles that any of these principals may assume."""
    return tuple(dict.fromkeys(name for each in principals for name in suggested.get(f"trusted:{each}", ())))


def policy_arn(text: str, suggested: Suggestions) -> str:
    """Return the ARN of the only managed policy with this name; the text itself if there is none or more than one."""
    name = text.strip()
    if not name or name.startswith("arn:"):
        return text
    found = [arn for arn in suggested.get("policy", ()) if name_of(arn) == name]
    return found[0] if len(found) == 1 else text
