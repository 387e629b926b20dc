"""Roles in other accounts that the account's principals may assume, and the access that those roles lead to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagnostics.review.escalation.search import becoming, paths
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.finding import EscalationHop
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from iam.arn import name_of
from iam.organization.accounts import Accounts, unique_ids
from iam.policy.trusted_principals import ANYONE, trusted_principals
from iam.questions.answers import PrincipalAnswer
from iam.questions.who_can import Across, who_can
from iam.risks.administrator import administrators

ASSUME = "sts:AssumeRole"
_OF_THE_MANAGEMENT = ("OrganizationAccountAccessRole", "AWSControlTowerExecution")
"""Roles that AWS creates for the administrators of the management account.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
"""
Steps = tuple[EscalationStep, ...]
Ways = Mapping[str, Steps]


@dataclass(frozen=True, slots=True)
class Exit:
    """A role in another account that a principal may assume."""

    principal: str
    name: str
    role: str
    account: str
    step: EscalationStep

    @property
    def deliberate(self) -> bool:
        """Whether somebody intended the step, because a policy names the role or the principal."""
        return self.step.deliberate


class Neighbours:
    """The other accounts of a review.

    For each account: the principals that can become administrator, and the roles in further accounts that its
    principals may assume (`Exit`).

    Each result is computed once, on first use.
    """

    def __init__(self, accounts: Accounts, limits: Limits) -> None:
        self.accounts = accounts
        self._limits = limits
        self._trusts: dict[str, Mapping[str, frozenset[str]]] = {}
        self._ways: dict[str, Ways] = {}
        self._exits: dict[str, Mapping[str, tuple[Exit, ...]]] = {}
        self._becoming: dict[str, Ways] = {}
        self._beyond: dict[str, Mapping[str, Steps]] = {}

    def _trusted(self, account: str) -> Mapping[str, frozenset[str]]:
        """Return the principals that each role of an account trusts (`trusted_principals`), by the role's ARN."""
        if account not in self._trusts:
            opened = self.accounts.opened(account)
            roles = opened.account.roles if opened is not None else ()
            self._trusts[account] = {role.arn: trusted_principals(role.trust, ASSUME) for role in roles}
        return self._trusts[account]

    def ways(self, account: str) -> Ways:
        """Return the principals that can become administrator in an account, by ARN, with their steps. May block.

        Empty if the account was not read.
        """
        if account not in self._ways:
            reviewed = self._reviewed(account)
            found: dict[str, Steps] = {}
            if reviewed is not None:
                found = dict.fromkeys(administrators(reviewed), ())
                found |= {path.principal.entity.arn: path.steps for path in paths(reviewed) if path is not None}
                reviewed.forget()
            self._ways[account] = found
        return self._ways[account]

    def learn(self, reviewed: ReviewedAccount) -> None:
        """Use the results that the review of an account already has."""
        if reviewed.escalating is not None:
            self._ways[reviewed.account.id] = reviewed.escalating

    def exits(self, account: str, reviewed: ReviewedAccount | None = None) -> Mapping[str, tuple[Exit, ...]]:
        """Return the exits of an account's principals, by ARN. May block.

        A role that trusts everyone is an exit only if it leads to administrator in its own account: everybody can
        assume it, and `trust.public` reports that.
        """
        if account not in self._exits:
            found: dict[str, list[Exit]] = {}
            start = reviewed or self._reviewed(account)
            for one in self._exits_of(start) if start is not None else ():
                found.setdefault(one.principal, []).append(one)
            self._exits[account] = {arn: tuple(several) for arn, several in found.items()}
        return self._exits[account]

    def _exits_of(self, reviewed: ReviewedAccount) -> Iterator[Exit]:
        account = reviewed.account
        of = account.organization
        management = of is not None and of.management_account_id == account.id
        own = (account.id, *unique_ids(account))
        for there in self.accounts.trusting(account.id):
            for role, named in sorted(self._trusted(there).items()):
                if named.isdisjoint(own) and not (ANYONE in named and role in self.ways(there)):
                    continue
                if management and name_of(role) in _OF_THE_MANAGEMENT:
                    continue
                answer = who_can(reviewed.index, ASSUME, role, across=Across(self.accounts, there))
                for one in answer.principals:
                    if one.granted and not one.service_owned:
                        yield Exit(one.arn, one.name, role, there, _step(one, role, there))

    def becoming(self, leaver: str, account: str, reviewed: ReviewedAccount | None = None) -> Ways:
        """Return the principals that can get another principal's rights in its account, by ARN, with their steps.

        May block.
        """
        if leaver not in self._becoming:
            reviewed = reviewed or self._reviewed(account)
            self._becoming[leaver] = becoming(reviewed, leaver) if reviewed is not None else {leaver: ()}
        return self._becoming[leaver]

    def beyond(self, role: str, account: str) -> Mapping[str, Steps]:
        """Return the accounts in which a role's session can become administrator, each with the fewest steps.

        May block.
        """
        if role not in self._beyond:
            self._beyond[role] = dict(self._searched(role, account))
        return self._beyond[role]

    def _searched(self, role: str, account: str) -> Iterator[tuple[str, Steps]]:
        """Search breadth-first over the roles of other accounts."""
        left: deque[tuple[str, str, Steps]] = deque([(account, role, ())])
        seen, reached = {role}, set()
        while left:
            account, arn, steps = left.popleft()
            there = self.ways(account).get(arn)
            if there is not None and account not in reached:
                reached.add(account)
                yield account, (*steps, *there)
            for leaver, exits in self.exits(account).items():
                if all(one.role in seen for one in exits):
                    continue
                inside = self.becoming(leaver, account).get(arn)
                if inside is None and there is not None:
                    inside = (*there, _as_administrator(arn, leaver))
                if inside is None:
                    continue
                for one in exits:
                    if one.role not in seen:
                        seen.add(one.role)
                        left.append((one.account, one.role, (*steps, *inside, one.step)))

    def _reviewed(self, account: str) -> ReviewedAccount | None:
        opened = self.accounts.opened(account)
        if opened is None:
            return None
        return ReviewedAccount(opened.account, opened.reader, self._limits, skip_workloads=True)


def _step(one: PrincipalAnswer, role: str, there: str) -> EscalationStep:
    evidence = tuple(trust_evidence(each, f"allows {ASSUME}") for each in one.statements)
    hop = EscalationHop(one.arn, (ASSUME,), role, f"a session of {name_of(role)} in account {there}", evidence)
    texts = [each.policy.document.text for each in one.statements]
    asked = {block.key for each in one.statements for block in each.conditions}
    asked |= {key.key for each in (*one.statements, *one.unless) for key in each.keys}
    return EscalationStep(
        hop,
        role,
        tuple(sorted(asked)),
        (),
        any(f'"{named}"' in text for text in texts for named in (role, one.arn)),
        tuple(one.statements),
        tuple(one.unless),
    )


def _as_administrator(arn: str, leaver: str) -> EscalationStep:
    hop = EscalationHop(arn, (ASSUME,), leaver, f"a session of {name_of(leaver)}, as administrator of its account")
    return EscalationStep(hop, leaver, (), ())
