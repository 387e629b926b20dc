"""Access to resources of other accounts before and after a change of the organization's policies or of its tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from iam.account import Account, Group, Role, User
from iam.arn import service_of
from iam.organization.accounts import Accounts, Standing
from iam.policy.document import Document
from iam.policy.match import compile_glob
from iam.questions.answers import PrincipalAnswer
from iam.questions.catalogue import catalogue
from iam.questions.who_can_across import who_can_across
from iam.service_reference import rcp_services
from iam.sources.reader import OpenedAccount

MOST_ACTIONS = 100


class ChangedAccounts:
    """Several accounts of which some are as they would be after a change."""

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
    """What one principal gains and loses on a resource of another account."""

    arn: str
    account: str
    resource: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """In the form of ``what-if --json``."""
        return {
            "arn": self.arn,
            **{key: self._access(actions) for key, actions in (("gained", self.gained), ("lost", self.lost))},
            "loosened": [],
            "tightened": [],
            "fully_computed": True,
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


def resources_of(opened: OpenedAccount) -> Iterator[tuple[str, str]]:
    """The roles and the resources with policies of an account that RCPs apply to, each with an action or a pattern of
    actions; of a bucket an object for each pattern that its policy names.
    """
    for role in opened.account.roles:
        if role.trust is not None and not role.service_owned:
            yield role.arn, "sts:AssumeRole"
    for arn, document in (opened.reader.resource_policies().value or {}).items():
        service = service_of(arn)
        if service in rcp_services():
            for resource in _named(arn, document):
                yield resource, f"{service}:*"


def named_elsewhere(opened: OpenedAccount, others: Iterable[OpenedAccount]) -> Iterator[tuple[str, str]]:
    """The roles and resources of ``others`` that an Allow of the account's policies names, as `resources_of` does."""
    patterns = dict.fromkeys(
        pattern
        for document in _own_documents(opened.account)
        for statement in document.readable_statements
        if statement.effect == "Allow"
        for pattern in statement.resource or ("*",)
    )
    fits = [compile_glob(pattern) for pattern in patterns if "${" not in pattern]
    open_ended = any("${" in pattern for pattern in patterns)
    for other in others:
        for resource, action in resources_of(other):
            if open_ended or any(each(resource) for each in fits):
                yield resource, action


def _own_documents(account: Account) -> Iterator[Document]:
    holders: list[Role | User | Group] = [*account.roles, *(account.users or ()), *(account.groups or ())]
    for holder in holders:
        yield from (policy.document for policy in holder.inline or ())
    for policy in account.policies or ():
        if policy.document is not None:
            yield policy.document


def _named(arn: str, document: Document) -> Iterable[str]:
    named = [text for statement in document.readable_statements for text in statement.resource or ()]
    concrete = (text.replace("*", "x").replace("?", "x") for text in named if text.startswith(arn))
    return dict.fromkeys((*concrete, arn))


def foreign_changes(
    before: Accounts, changed: Mapping[str, Account], asked: Iterable[tuple[str, str]], within: Sequence[str]
) -> Iterator[ForeignAccess]:
    """Who of the accounts ``within`` gains or loses what on the resources ``asked`` (each with its actions). May
    block.
    """
    after: Any = ChangedAccounts(before, changed)
    for resource, action in asked:
        had, has = (_able(each, action, resource, within) for each in (before, after))
        for arn in sorted({*had, *has}):
            was, now = (side[arn].action_set if arn in side else 0 for side in (had, has))
            single = "*" not in action
            gained = (action,) * (arn not in had) if single else _names(now & ~was)
            lost = (action,) * (arn not in has) if single else _names(was & ~now)
            if gained or lost:
                account = (has.get(arn) or had[arn]).account or ""
                yield ForeignAccess(arn, account, resource, gained, lost)


def _able(accounts: Accounts, action: str, resource: str, within: Sequence[str]) -> dict[str, PrincipalAnswer]:
    answer = who_can_across(accounts, action, resource, within=within).answer
    return {one.arn: one for one in answer.principals if one.granted}


def _names(actions: int) -> tuple[str, ...]:
    return tuple(catalogue().actions(actions)) if actions else ()
