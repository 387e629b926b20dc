"""Which accounts the trust policies of several accounts' roles let in: an index that is made in one pass over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from iam.account import Account
from iam.organization.accounts import Accounts
from iam.policy.decision import Layer
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.match import compile_glob
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy


@dataclass(frozen=True, slots=True)
class _Trusted:
    """Whom one role's trust policy lets in: accounts, and unique IDs, which may be of any account."""

    role: str
    accounts: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    anyone: bool = False


@dataclass(frozen=True)
class TrustIndex:
    """The roles of each account that match a pattern, with the accounts that their trust policies let in. It only
    leaves out roles that name no principal of an account.
    """

    trusted: Mapping[str, tuple[_Trusted, ...]]
    account_of_id: Mapping[str, str] = field(repr=False)

    def roles(self, owner: str, account: str) -> frozenset[str] | None:
        """The ARNs of the roles of ``owner`` that may let in principals of ``account``; None where it was not read."""
        if owner not in self.trusted:
            return None
        return frozenset(
            one.role
            for one in self.trusted[owner]
            if one.anyone or account in one.accounts or any(self.account_of_id.get(id) == account for id in one.ids)
        )


def trust_index(
    accounts: Accounts, asked: Iterable[str], action: str, pattern: str, *, within: Iterable[str] | None = None
) -> TrustIndex:
    """The index of the roles that match ``pattern``, for a trust action. Every account is opened once; or of those
    ``within`` each, and unique IDs of others are then unknown. May block.
    """
    trusted: dict[str, tuple[_Trusted, ...]] = {}
    account_of_id: dict[str, str] = {}
    matches = compile_glob(pattern)
    for id in dict.fromkeys((*(accounts.ids if within is None else within), *asked)):
        opened = accounts.opened(id)
        if opened is None:
            continue
        account = opened.account
        account_of_id.update(dict.fromkeys(_unique_ids(account), id))
        roles = (role for role in account.roles if matches(role.arn))
        trusted[id] = tuple(_trusted(role.arn, role.trust, action.lower()) for role in roles)
    return TrustIndex(trusted, account_of_id)


def _unique_ids(account: Account) -> Iterable[str]:
    return [id for id in (*(role.id for role in account.roles), *(user.id for user in account.users or ())) if id]


def _trusted(role: str, trust: Document | None, action: str) -> _Trusted:
    """Whom the Allow statements for the action name. One that was not read may name anyone."""
    if trust is None:
        return _Trusted(role, anyone=True)
    named: set[str] = set()
    ids: set[str] = set()
    try:
        statements = ready(NamedPolicy(trust), Layer.RESOURCE).statements
    except PolicyError:
        return _Trusted(role, anyone=True)
    for one in statements:
        if one.deny or not one.action.names(action):
            continue
        element = one.principal
        if element is None or element.everyone or element.negated:
            return _Trusted(role, anyone=True)
        for kind, value in element.pairs:
            number = value if value.isdigit() else caller(value).account
            if number is not None:
                named.add(number)
            elif kind == "AWS":
                ids.add(value)
    return _Trusted(role, frozenset(named), frozenset(ids))
