"""Index which accounts the trust policies of roles accept, in one pass over several accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iam.organization.accounts import Accounts, unique_ids
from iam.policy.match import compile_glob
from iam.policy.trusted_principals import ANYONE, trusted_principals


@dataclass(frozen=True)
class TrustIndex:
    """The roles that match a pattern, by account, with the principals that their trust policies name.

    A role matches no account if its trust policy names no principal that belongs to an account.
    """

    trusted: Mapping[str, Mapping[str, frozenset[str]]]
    """The principals in a role's trust policy (`trusted_principals`), by the role's account and ARN."""
    account_of_id: Mapping[str, str] = field(repr=False)

    def roles(self, owner: str, account: str) -> frozenset[str] | None:
        """Return the ARNs of the roles in ``owner`` that may accept principals of ``account``.

        Return None if the trust policies of ``owner`` were not read.
        """
        if owner not in self.trusted:
            return None
        return frozenset(
            role
            for role, named in self.trusted[owner].items()
            if not named.isdisjoint((ANYONE, account)) or any(self.account_of_id.get(one) == account for one in named)
        )


def trust_index(
    accounts: Accounts, asked: Iterable[str], action: str, pattern: str, *, within: Iterable[str] | None = None
) -> TrustIndex:
    """Return an index of the roles that match ``pattern``, for an action such as sts:AssumeRole.

    Opens each account once: all of them, or those in ``within`` and ``asked``; unique IDs from other accounts are then
    unknown. May block.
    """
    trusted: dict[str, Mapping[str, frozenset[str]]] = {}
    account_of_id: dict[str, str] = {}
    matches = compile_glob(pattern)
    for id in dict.fromkeys((*(accounts.ids if within is None else within), *asked)):
        opened = accounts.opened(id)
        if opened is None:
            continue
        account = opened.account
        account_of_id.update(dict.fromkeys(unique_ids(account), id))
        roles = (role for role in account.roles if matches(role.arn))
        trusted[id] = {role.arn: trusted_principals(role.trust, action) for role in roles}
    return TrustIndex(trusted, account_of_id)
