"""Label the principals of a trust policy. Invalid policies raise no error, so that roles can always be listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from iam.arn import Arn, name_of
from iam.facts.service_principals import short_principal
from iam.policy.document import Document, PolicyError
from iam.services import service_name

WEB_IDENTITY_NAMES = {
    "cognito-identity.amazonaws.com": "Cognito",
    "accounts.google.com": "Google",
    "www.amazon.com": "Login with Amazon",
    "graph.facebook.com": "Facebook",
}


DELETED = "deleted principal"


def principals(trust: Document | None) -> Iterator[tuple[str, str]]:
    """Yield the type and value of every principal in an Allow statement.

    The type is AWS, Service, Federated … or ``*``.
    """
    if trust is None:
        return
    try:
        value = trust.value
    except PolicyError:
        return
    statements = value.get("Statement") if isinstance(value, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
            continue
        named = statement.get("Principal")
        if named == "*":
            yield "*", "*"
        elif isinstance(named, dict):
            for kind, values in named.items():
                for each in _strings(values):
                    yield str(kind), each
        if "NotPrincipal" in statement:
            yield "*", "everyone except some"


def _strings(values: Any) -> Sequence[str]:
    if isinstance(values, str):
        return (values,)
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else ()


def principal_label(kind: str, value: str, own_account: str) -> str:
    """Return a short label for a principal.

    For example ``Lambda``, ``GitHub OIDC``, ``account 999988887777``, ``deleted principal``.
    """
    if kind == "Service":
        return service_name(value) or short_principal(value)
    if kind == "Federated":
        return _federated_label(value)
    if kind == "*" or value == "*":
        return "everyone" if value == "*" else value
    if kind == "CanonicalUser":
        return "a canonical user"
    return _aws_label(value, own_account)


def _federated_label(value: str) -> str:
    if ":saml-provider/" in value:
        return "SAML " + name_of(value)
    host = value.partition(":oidc-provider/")[2] or value
    if host in WEB_IDENTITY_NAMES:
        return WEB_IDENTITY_NAMES[host]
    if host.startswith("token.actions.githubusercontent.com"):
        return "GitHub OIDC"
    if host.startswith("oidc.eks."):
        return "EKS OIDC"
    return "OIDC " + host.partition("/")[0]


def _aws_label(value: str, own_account: str) -> str:
    arn = Arn.parse(value)
    if arn is not None:
        account, resource = arn.account, arn.resource
    elif value.isdigit() and len(value) == 12:
        account, resource = value, "root"
    elif value[:4] in ("AROA", "AIDA", "AGPA", "ANPA"):
        return DELETED
    else:
        return value
    here = account == own_account
    if resource == "root":
        return "this account" if here else f"account {account}"
    name = resource.rpartition("/")[2]
    kind = resource.partition("/")[0]
    return f"{kind} {name}" if here else f"{kind} {name} of {account}"


def trusted_by(trust: Document | None, own_account: str) -> tuple[str, ...]:
    """Return the labels of all principals in a trust policy, in the policy's order and without duplicates."""
    labels = (principal_label(kind, value, own_account) for kind, value in principals(trust))
    return tuple(dict.fromkeys(labels))
