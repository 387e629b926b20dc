"""Create several roles together, after the identity providers that their trust policies name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from iam.account import Account, OIDCProvider
from iam.changes.builders.policies import create_provider
from iam.changes.plan import Plan
from iam.creation.spec import RoleSpec
from iam.creation.spec_file import SpecError

_URL = re.compile(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?:/[A-Za-z0-9._~/-]+)?")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RoleFile:
    """The content of a spec file: providers, and roles as decoded JSON.

    ``several``: the file contains a list of roles.
    """

    providers: tuple[OIDCProvider, ...]
    roles: tuple[Mapping[str, Any], ...]
    several: bool


def role_file(value: Any, account: Account) -> RoleFile:
    """Return the content of a decoded file: one role, a list, or an object with ``roles`` and ``providers``.

    Raises `SpecError`.
    """
    if isinstance(value, dict) and "roles" in value:
        if unknown := sorted(set(value) - {"roles", "providers"}):
            raise SpecError(
                f"The file has an unknown field {unknown[0]!r}: the only valid fields are roles and providers."
            )
        roles, providers = value["roles"], value.get("providers", [])
    elif isinstance(value, list):
        roles, providers = value, []
    else:
        return RoleFile((), (value,), several=False)
    if not isinstance(roles, list) or not roles or not all(isinstance(each, dict) for each in roles):
        raise SpecError("The field roles must be a list of at least one spec.")
    if not isinstance(providers, list):
        raise SpecError("The field providers must be a list of objects with url and audiences.")
    return RoleFile(tuple(_provider(each, account) for each in providers), tuple(roles), several=True)


def _provider(value: Any, account: Account) -> OIDCProvider:
    if not isinstance(value, dict) or set(value) != {"url", "audiences"}:
        raise SpecError("Each object in the field providers must have url and audiences, and nothing else.")
    url, audiences = value["url"], value["audiences"]
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise SpecError("The url of a provider must be an issuer, for example https://gitlab.com.")
    if not isinstance(audiences, list) or not audiences or not all(isinstance(each, str) for each in audiences):
        raise SpecError("The audiences of a provider must be a list of strings.")
    name = url.removeprefix("https://").rstrip("/")
    arn = f"arn:{account.partition}:iam::{account.id}:oidc-provider/{name}"
    return OIDCProvider(arn, name, tuple(audiences))


def in_order(roles: Sequence[tuple[RoleSpec, T]], account: Account) -> list[tuple[RoleSpec, T]]:
    """Return the roles, sorted so that each role comes after the roles in its trust policy.

    IAM rejects principals that do not exist. Raises `SpecError` for duplicate names, and for roles that trust each
    other.
    """
    names = [spec.name.lower() for spec, _ in roles]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SpecError(f"The name {twice} occurs twice: IAM ignores case when it compares names.")
    arns = {id(spec): spec.arn(account.partition, account.id) for spec, _ in roles}
    waiting, found = list(roles), []
    while waiting:
        free = [
            each
            for each in waiting
            if not any(other is not each and f'"{arns[id(other[0])]}"' in each[0].trust.text for other in waiting)
        ]
        if not free:
            raise SpecError("These roles trust one another, so none can be created first.")
        found += free
        waiting = [each for each in waiting if each not in free]
    return found


def new_providers(providers: Iterable[OIDCProvider], account: Account) -> list[Plan]:
    """Return a plan for each provider that does not exist in the account yet."""
    there = {each.arn for each in account.oidc_providers or ()}
    return [create_provider(each.arn, each.client_ids or (), account) for each in providers if each.arn not in there]
