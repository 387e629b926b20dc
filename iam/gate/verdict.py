"""Run the gate's checks on a planned change, and return the verdict.

A verdict provides the token that is required to run the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from iam.account import Account
from iam.arn import name_of
from iam.changes.plan import Plan
from iam.gate.finding import GateFinding
from iam.gate.passed import _SEAL, NotPassed, Passed
from iam.gate.planned_change import PlannedChange
from iam.gate.rule import Outcome
from iam.sources.reader.account_reader import AccountReader
from iam.words import plural

Check = Callable[[PlannedChange], Iterator[GateFinding]]


_SAID_BY = {
    "lint.ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL": "opens.stranger",
    "trust.public": "opens.stranger",
    "trust.wide-subject": "opens.stranger",
    "permissions.admin": "opens.administrator",
}
"""Findings that are not shown first if the paired finding exists.

   The paired finding says the same, and who gains which access.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's findings about a plan, most severe first.

    ``plan`` is the plan with the result added: dangerous findings come first among its warnings, notes follow, and it
    has the name that the operator must type.
    """

    plan: Plan
    findings: tuple[GateFinding, ...]

    @classmethod
    def of(cls, plan: Plan, found: Iterable[GateFinding]) -> Verdict:
        findings = tuple(sorted(dict.fromkeys(found), key=lambda each: each.outcome.rank))
        grave = [each for each in findings if each.outcome.asks_for_the_name]
        refused = [each for each in findings if each.outcome is Outcome.REFUSED]
        notes = [each for each in findings if each.outcome is Outcome.NOTE]
        known = {*plan.opens, *plan.warnings}
        codes = {each.code for each in findings}
        shown = (each for each in (*refused, *grave) if _SAID_BY.get(each.code) not in codes)
        said = tuple(dict.fromkeys(map(_sentence, shown)))
        # The check of a form may have reported the same finding already, without what to do.
        noted = tuple(dict.fromkeys(_sentence(each) for each in notes if each.text not in known))
        return cls(
            replace(
                plan,
                opens=(*plan.opens, *(each for each in said if each not in known)),
                warnings=(*plan.warnings, *(each for each in noted if each not in known)),
                type_name=plan.type_name or (_name_to_type(plan) if grave else None),
            ),
            findings,
        )

    @property
    def worst(self) -> Outcome:
        return self.findings[0].outcome if self.findings else Outcome.FINE

    @property
    def refused(self) -> tuple[GateFinding, ...]:
        """The findings that prevent the plan from running at all."""
        return tuple(each for each in self.findings if each.outcome is Outcome.REFUSED)

    def passed(self, name: str | None = None) -> Passed:
        """Return the token required to run the plan.

        ``name`` is the name that the operator typed. Raises `NotPassed` if AWS would reject a call, or if the plan
        requires another name.
        """
        if self.refused:
            raise NotPassed(_sentence(self.refused[0]))
        if self.plan.type_name not in (None, name):
            raise NotPassed(f"The plan is carried out only after {self.plan.type_name} is typed as its name.")
        return Passed(self.plan, _SEAL)


def judge(
    plan: Plan,
    before: Account,
    reader: AccountReader,
    checks: Iterable[Check],
    *,
    rest: Plan | None = None,
    assumed: Mapping[str, tuple[str, ...]] | None = None,
) -> Verdict:
    """Run the checks and return the verdict. May block.

    ``before`` is the account before the plan. ``rest`` contains the calls to check if they differ from the calls of
    ``plan``: its remaining calls, or its undo.
    """
    change = PlannedChange.of(rest or plan, before, reader, assumed)
    return Verdict.of(plan, (finding for check in checks for finding in check(change)))


def _sentence(finding: GateFinding) -> str:
    return f"{finding.text} {finding.way_out}".strip()


def _name_to_type(plan: Plan) -> str:
    """Return the text to type: the changed role's name, the number of roles, or another changed entity's name."""
    roles = tuple(dict.fromkeys(name for call in plan.calls if (name := call.text("RoleName"))))
    if len(roles) == 1:
        return roles[0]
    return plural(len(roles), "role") if roles else name_of(plan.target) or plan.id
