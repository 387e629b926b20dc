"""Paths that leave the account: a role of another account that leads to administrator there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from diagnostics.fix import Fix, Note, Who
from diagnostics.review.escalation.search import paths
from diagnostics.review.escalation.steps import EscalationStep
from diagnostics.review.finding import EscalationHop, Finding
from diagnostics.review.limits import Limits
from diagnostics.review.rules.escalation import PATH
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from iam.arn import name_of
from iam.foreign_text import shortened
from iam.organization.accounts import Accounts
from iam.questions.answers import PrincipalAnswer
from iam.questions.trust_index import TrustIndex, trust_index
from iam.questions.who_can import Across, who_can
from iam.risks.administrator import administrators
from iam.risks.risk import Severity
from iam.sources.reader import OpenedAccount
from iam.words import plural

_ASSUME = "sts:AssumeRole"
_OF_THE_MANAGEMENT = ("OrganizationAccountAccessRole", "AWSControlTowerExecution")
"""Roles that AWS makes for the administrators of the management account.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
"""
Ways = Mapping[str, tuple[EscalationStep, ...]]


class Neighbours:
    """The other accounts of a review: who comes to administrator in each, worked out once for those that are asked
    about.
    """

    def __init__(self, accounts: Accounts, limits: Limits) -> None:
        self.accounts = accounts
        self._limits = limits
        self._ways: dict[str, Ways | None] = {}

    @cached_property
    def trusts(self) -> TrustIndex:
        return trust_index(self.accounts, self.accounts.at_hand, _ASSUME, "*", within=())

    def ways(self, account: str) -> Ways | None:
        """Who comes to administrator in an account, by ARN with the steps; None where it was not read. May block."""
        if account not in self._ways:
            opened = self.accounts.opened(account)
            self._ways[account] = None if opened is None else self._worked_out(opened)
        return self._ways[account]

    def _worked_out(self, opened: OpenedAccount) -> Ways:
        reviewed = ReviewedAccount(opened.account, opened.reader, self._limits, skip_workloads=True)
        found: dict[str, tuple[EscalationStep, ...]] = dict.fromkeys(administrators(reviewed), ())
        found |= {path.principal.entity.arn: path.steps for path in paths(reviewed) if path is not None}
        reviewed.forget()
        return found

    def learn(self, reviewed: ReviewedAccount) -> None:
        """Take over what the review of an account has found by itself."""
        if reviewed.escalating is not None:
            self._ways[reviewed.account.id] = reviewed.escalating


def leaving(reviewed: ReviewedAccount, neighbours: Neighbours) -> Iterator[Finding | None]:
    """The roles and users of an account that may assume a role of another one which is administrator there, or comes to
    it. None now and then, so that whoever asks can stop. May block.
    """
    account, accounts = reviewed.account, neighbours.accounts
    of = account.organization
    management = of is not None and of.management_account_id == account.id
    for there in accounts.at_hand:
        roles = neighbours.trusts.roles(there, account.id) if there != account.id else None
        if not roles:
            continue
        ways = neighbours.ways(there) or {}
        for role in sorted(roles.intersection(ways)):
            yield None
            if management and name_of(role) in _OF_THE_MANAGEMENT:
                continue
            answer = who_can(reviewed.index, _ASSUME, role, across=Across(accounts, there))
            for one in answer.principals:
                if one.granted and not one.service_owned:
                    yield _finding(one, role, there, ways[role], accounts.name_of(there))


def _finding(one: PrincipalAnswer, role: str, there: str, steps: tuple[EscalationStep, ...], name: str) -> Finding:
    evidence = tuple(trust_evidence(each, f"allows {_ASSUME}") for each in one.statements)
    hop = EscalationHop(one.arn, (_ASSUME,), role, f"a session of {name_of(role)} in account {there}", evidence)
    where = f"account {name} ({there})" if name else f"account {there}"
    what = "which has full access there"
    if steps:
        what = f"and from there reach full access to that account in {plural(len(steps), 'step')}"
    texts = [each.policy.document.text for each in one.statements]
    deliberate = any(f'"{named}"' in text for text in texts for named in (role, one.arn))
    asked = {block.key for each in one.statements for block in each.conditions}
    asked |= {key.key for each in (*one.statements, *one.unless) for key in each.keys}
    return PATH.finding(
        one.arn,
        f"{shortened(one.name)} may assume {shortened(name_of(role))} of {where}, {what}.",
        (*evidence, *(each for step in steps for each in step.hop.evidence)),
        severity=Severity.MEDIUM if deliberate and not steps else Severity.HIGH,
        hangs_on=(*sorted(asked), *(key for step in steps for key in step.hangs_on)),
        path=(hop, *(step.hop for step in steps)),
        references=(each for step in steps for each in step.references),
        fixes=[
            Fix(
                f"Take {_ASSUME} on {shortened(name_of(role), 40)} of account {there} from {shortened(one.name, 40)}",
                Who.YOU,
                Note(one.arn, f"Remove the Allow from {one.name}, or its name from the trust policy of {role}."),
            )
        ],
        cause=f"role {name_of(role)} of account {there}",
    )
