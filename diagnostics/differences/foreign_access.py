"""Compare access to other accounts' resources before and after a change to accounts of an organization."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from iam.account import Account
from iam.arn import service_of
from iam.organization.accounts import Accounts, Standing
from iam.organization.place import Place
from iam.policy.document import Document
from iam.policy.principal import caller
from iam.questions.answers import AccessVerdict, PrincipalAnswer
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.who_can_across import answers_of
from iam.sources.reader.opened import OpenedAccount

MOST_ACTIONS = 100
MOST_INDEXES = 16
"""The maximum number of accounts whose index is kept in memory, for each of the two states."""
ASSUME = "sts:AssumeRole"


class ChangedAccounts:
    """Several accounts, some of them in the state after a change."""

    def __init__(self, accounts: Accounts, changed: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._changed = changed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._accounts, name)

    def opened(self, account: str) -> OpenedAccount | None:
        found = self._accounts.opened(account)
        if found is None:
            return None
        return replace(found, account=self._changed.get(account, found.account), accounts=self)

    def standing(self, account: str) -> Standing:
        found = self._accounts.standing(account)
        changed = self._changed.get(account)
        return found if changed is None else replace(found, organization=changed.organization)


@dataclass(frozen=True, slots=True)
class ForeignAccess:
    """A principal's gained and lost access to a resource in another account, ``owner``.

    ``loosened`` lists access that is no longer conditional; ``tightened`` lists access that is now conditional.
    """

    arn: str
    account: str
    owner: str
    resource: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    loosened: tuple[str, ...] = ()
    tightened: tuple[str, ...] = ()
    fully_computed: bool = True

    def json(self) -> dict[str, Any]:
        """Return the change in the format of ``what-if --json``."""
        kinds = ("gained", "lost", "loosened", "tightened")
        return {
            "arn": self.arn,
            **{kind: self._access(getattr(self, kind)) for kind in kinds},
            "fully_computed": self.fully_computed,
            "account": self.account,
        }

    def _access(self, actions: tuple[str, ...]) -> list[dict[str, Any]]:
        if not actions:
            return []
        return [
            {
                "actions": list(actions[:MOST_ACTIONS]),
                "action_count": len(actions),
                "resource": self.resource,
                "conditions": [],
            }
        ]

    def words(self) -> str:
        """Return the change in one line."""
        said = [
            f"{verb} {', '.join(actions[:5])}" + (f" and {len(actions) - 5:,} more" if len(actions) > 5 else "")
            for verb, actions in (
                ("gains", self.gained),
                ("loses", self.lost),
                ("needs fewer conditions for", self.loosened),
                ("has under more conditions", self.tightened),
            )
            if actions
        ]
        doubt = "" if self.fully_computed else " (as far as could be read)"
        return f"{self.arn} (account {self.account}) {' and '.join(said)} on {self.resource}{doubt}"


def resources_of(opened: OpenedAccount) -> Iterator[tuple[str, str]]:
    """Yield an account's roles and its resources with policies, each with an action or an action pattern.

    For a bucket, this includes an object for each pattern that its policy names.
    """
    for role in opened.account.roles:
        if role.trust is not None and not role.service_owned:
            yield role.arn, ASSUME
    for arn, document in (opened.reader.resource_policies().value or {}).items():
        service = service_of(arn)
        if catalogue().matching(f"{service}:*"):
            for resource in _named(arn, document):
                yield resource, f"{service}:*"


def _named(arn: str, document: Document) -> Iterable[str]:
    named = [text for statement in document.readable_statements for text in statement.resource or ()]
    concrete = (text.replace("*", "x").replace("?", "x") for text in named if text.startswith(arn))
    return dict.fromkeys((*concrete, arn))


@dataclass
class _State:
    """The accounts before or after the change, with the indexes of the accounts used last."""

    accounts: Accounts
    indexes: OrderedDict[str, AccountIndex] = field(default_factory=OrderedDict)

    def index_of(self, opened: OpenedAccount) -> AccountIndex:
        id = opened.account.id
        if id not in self.indexes:
            self.indexes[id] = AccountIndex(opened.account, opened.reader)
            if len(self.indexes) > MOST_INDEXES:
                self.indexes.popitem(last=False)
        return self.indexes[id]

    def able(
        self, action: str, resource: str, owner: str, within: Sequence[str], *, strangers: bool
    ) -> dict[str, PrincipalAnswer]:
        """Return the allowed principals in the accounts ``within``; with ``strangers``, also in unread accounts."""
        asked = tuple(dict.fromkeys((*within, owner))) if strangers else within
        found: dict[str, PrincipalAnswer] = {}
        answers = answers_of(self.accounts, action, resource, None, asked, owner=owner, index_of=self.index_of)
        for answer in answers:
            for one in (*answer.principals, *(answer.others if strangers else ())):
                left_out = one.account == owner and owner not in within
                if one.verdict is not AccessVerdict.DENIED and not left_out and one.kind != "unique-id":
                    found[one.arn] = one
        return found


class ForeignChanges:
    """The changes in access to resources of other accounts, between the accounts as they are and as ``changed``."""

    def __init__(self, accounts: Accounts, changed: Mapping[str, Account]) -> None:
        after: Any = ChangedAccounts(accounts, changed)
        self._states = (_State(accounts), _State(after))

    def of(
        self, owner: str, asked: Iterable[tuple[str, str]], within: Sequence[str], *, strangers: bool = False
    ) -> Iterator[ForeignAccess]:
        """Yield the changes for the resources ``asked`` of the account ``owner``, each with its action.

        The principals are those in the accounts ``within``; with ``strangers``, also those that the resource's policy
        names in accounts that were not read. May block.
        """
        for resource, action in asked:
            others = strangers and action != ASSUME
            had, has = (each.able(action, resource, owner, within, strangers=others) for each in self._states)
            for arn in sorted({*had, *has}):
                found = _change(arn, had.get(arn), has.get(arn), action, resource, owner)
                if found is not None:
                    yield found


def _change(
    arn: str, had: PrincipalAnswer | None, has: PrincipalAnswer | None, action: str, resource: str, owner: str
) -> ForeignAccess | None:
    one = has or had
    assert one is not None
    known = all(each is None or (each.granted and not each.unread) for each in (had, has))
    was, now = (_actions(each, action) for each in (had, has))
    names = catalogue().actions
    gained, lost = tuple(names(now & ~was)), tuple(names(was & ~now))
    same = had is not None and has is not None and was == now
    loosened = tuple(names(now)) if same and _order(had) > _order(has) else ()
    tightened = tuple(names(now)) if same and _order(had) < _order(has) else ()
    if not (gained or lost or loosened or tightened):
        return None
    account = one.account or caller(arn).account or ""
    return ForeignAccess(arn, account, owner, resource, gained, lost, loosened, tightened, known)


def _actions(one: PrincipalAnswer | None, action: str) -> int:
    if one is None:
        return 0
    return one.action_set if "*" in action else catalogue().matching(action)


def _order(one: PrincipalAnswer | None) -> int:
    return (AccessVerdict.ALLOWED, AccessVerdict.CONDITIONAL, AccessVerdict.UNKNOWN, AccessVerdict.DENIED).index(
        one.verdict if one is not None else AccessVerdict.DENIED
    )


def was_read(accounts: Accounts, account: str) -> bool:
    return accounts.standing(account).place is Place.READ
