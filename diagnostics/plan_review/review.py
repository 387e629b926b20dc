"""Review a change before it is merged: who gains and loses what, new findings, strangers, policy tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from diagnostics.differences.access import strangers_in
from diagnostics.differences.whole import AccountDifference, compare
from diagnostics.effect_words import when, whom
from diagnostics.plan_review.apply import Applied, applied
from diagnostics.plan_review.planned import PlannedChanges, UnknownDocument
from diagnostics.policy_tests.policy_test import Outcome, PolicyTest, Result
from diagnostics.policy_tests.report import messages
from diagnostics.policy_tests.run import run_tests
from diagnostics.review.accepted import acceptance_of
from diagnostics.review.finding import Acceptance, Finding
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.arn import Arn, name_of
from iam.policy.document import Document, PolicyError
from iam.policy.lint import LintFinding, PolicyKind, lint
from iam.policy.lint.saved import refusal_of
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.callers_of_resource import let_in
from iam.questions.change.effects import ANOTHER_ACCOUNT, GAINS, LOSSES, Effects
from iam.risks.risk import Severity
from iam.sources.cached import cached
from iam.sources.reader.account_reader import AccountReader

Tell = Callable[[str, int, int], object]


@dataclass(frozen=True, slots=True)
class ResourceAccess:
    """The principals that gain or lose access through a resource's own policy.

    ``strangers`` are the gaining principals that are not ours. Unless ``complete``, there may be more.
    """

    resource: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    strangers: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """A policy document in the file that AWS would reject."""

    address: str
    finding: LintFinding


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why the review fails, or a new finding, at ``addresses`` in the file.

    ``rule`` is the finding's rule, or ``stranger``, ``policy-test`` or ``refused``.
    """

    rule: str
    severity: Severity
    title: str
    sentence: str
    addresses: tuple[str, ...] = ()
    fails: bool = True
    subject: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class PlanReview:
    """The result of reviewing a change.

    ``findings`` are only the new ones; accepted ones are marked. ``notes`` are sentences about what is unknown.
    """

    changes: PlannedChanges
    applied: Applied
    difference: AccountDifference
    resources: tuple[ResourceAccess, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Refused, ...]
    tests: tuple[Result, ...]
    notes: tuple[str, ...]
    fail_on: Severity

    @property
    def strangers(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a role or resource and a principal that is not ours and gains access to it."""
        roles = [(one.role, who) for one in self.difference.access.assuming for who in one.strangers]
        return (*roles, *((one.resource, who) for one in self.resources for who in one.strangers))

    def problems(self) -> tuple[Problem, ...]:
        """Return all problems, those that make the review fail first."""
        found = [
            *self._stranger_problems(),
            *self._finding_problems(),
            *self._document_problems(),
            *self._test_problems(),
        ]
        return tuple(sorted(found, key=lambda one: (not one.fails, one.severity.rank)))

    @property
    def failed(self) -> bool:
        return any(one.fails for one in self.problems())

    def addresses(self, arn: str) -> tuple[str, ...]:
        """Return the addresses in the file that change an entity or resource."""
        return self.applied.addresses.get(arn, ())

    def _stranger_problems(self) -> Iterator[Problem]:
        for what, who in dict.fromkeys(self.strangers):
            said = f"{_stranger(who)} gains access to {what}."
            yield Problem(
                "stranger", Severity.CRITICAL, "A stranger gains access", said, self.addresses(what), subject=what
            )

    def _finding_problems(self) -> Iterator[Problem]:
        for one in self.findings:
            if one.accepted is None:
                fails = one.severity.rank <= self.fail_on.rank
                page = next((each for each in one.references if each.startswith("https://")), "")
                places = self.addresses(one.subject) or self._addresses_on(one)
                yield Problem(one.rule, one.severity, one.title, one.summary, places, fails, one.subject, page)

    def _addresses_on(self, finding: Finding) -> tuple[str, ...]:
        """Return the addresses in the file that change a part of an escalation path other than its subject."""
        text = " ".join((*(hop.on for hop in finding.path), *(hop.who for hop in finding.path), finding.summary))
        found = [
            each for arn, all in self.applied.addresses.items() if arn in text or name_of(arn) in text for each in all
        ]
        return tuple(dict.fromkeys(found))

    def _document_problems(self) -> Iterator[Problem]:
        for one in self.refused:
            said = f"AWS rejects this policy: {one.finding.message}"
            yield Problem(
                "refused", Severity.HIGH, "A policy that AWS rejects", said, (one.address.partition(" (")[0],)
            )

    def _test_problems(self) -> Iterator[Problem]:
        for one in self.tests:
            if one.outcome is not Outcome.PASSED:
                word = "fails" if one.outcome is Outcome.FAILED else "depends on an unknown value"
                said = f"{one.test.file}:{one.test.line}: the test {word}. {messages(one)[0]}"
                yield Problem("policy-test", Severity.HIGH, one.test.title, said)


def _stranger(who: str) -> str:
    arn = Arn.parse(who)
    if who == "*":
        return "Anybody, without AWS credentials,"
    if ANOTHER_ACCOUNT in who:
        return "Any AWS account"
    if arn is None:
        return who
    return f"Account {arn.account}" if "rolescope-probe" in who or arn.resource == "root" else who


def review_plan(
    changes: PlannedChanges,
    account: Account,
    reader: AccountReader,
    *,
    limits: Limits | None = None,
    accepted: Sequence[Acceptance] = (),
    tests: Iterable[PolicyTest] = (),
    fail_on: Severity = Severity.HIGH,
    tell: Tell = lambda what, done, of: None,
) -> PlanReview:
    """Review the changes that a file would make to an account, in memory. May block."""
    reader = cached(reader)  # both sides make the same reads of the account
    after = applied(changes.resources, account, reader)
    before = ReviewedAccount(account, reader, limits or Limits())
    now = ReviewedAccount(after.account, after.reader, limits or Limits())
    difference = compare(before, now, tell, created=True)
    resources = tuple(one for one in _resource_access(after, now) if one is not None)
    today = date.today() if account.now.date() < date.today() else account.now.date()
    findings = tuple(one.accepted_by(acceptance_of(one, accepted, today)) for one in difference.new)
    given = tuple(tests)
    results = tuple(run_tests(given, now.index, tell=lambda done, of: tell("policy tests", done, of))) if given else ()
    partly = [
        f"It is only partly known who gains or loses access to {one.resource}." for one in resources if not one.complete
    ]
    notes = dict.fromkeys((*changes.notes, *after.notes, *difference.unread, *_unread(difference), *partly))
    return PlanReview(
        changes, after, difference, resources, findings, tuple(_refused(changes)), results, tuple(notes), fail_on
    )


def _unread(difference: AccountDifference) -> Iterator[str]:
    for one in difference.access.found:
        if one.trouble:
            yield f"It is unknown what {one.arn} gains or loses: {one.trouble}"


def _refused(changes: PlannedChanges) -> Iterator[Refused]:
    for one in changes.resources:
        if one.deleted:
            continue
        for address, kind, document in one.documents():
            if "rolescope-unknown/" in document.text:
                continue  # a part is unknown, so AWS never sees the text as it is
            for finding in lint(document, kind):
                if kind is not PolicyKind.RESOURCE and refusal_of(finding, document, kind) is not None:
                    yield Refused(address, finding)


def _resource_access(after: Applied, now: ReviewedAccount) -> Iterator[ResourceAccess | None]:
    for arn, (had, has) in after.resource_policies.items():
        if had != has:
            yield _of_resource(arn, had, has, now)


def _of_resource(arn: str, had: Document | None, has: Document | None, now: ReviewedAccount) -> ResourceAccess:
    if isinstance(has, UnknownDocument):
        return ResourceAccess(arn, (), (), complete=False)
    sides = [Policies(resource=None if each is None else NamedPolicy(each, name_of(arn), arn)) for each in (had, has)]
    resource = f"{arn}/*" if arn.split(":")[2:3] == ["s3"] else arn
    service = arn.split(":")[2] if arn.count(":") >= 5 else "s3"
    request = Request(None, f"{service}:*", resource if arn.startswith("arn:") else "*", now.account.id)
    try:
        found = let_in(sides[0], sides[1], request, now.account)
    except PolicyError:
        return ResourceAccess(arn, (), (), complete=False)
    outside = tuple(dict.fromkeys(strangers_in(found, now)))
    gained, lost = (_said(found, kinds, now.account) for kinds in (GAINS, LOSSES))
    new = not arn.startswith("arn:")  # its ARN is not known yet, so nobody has access to lose
    return ResourceAccess(arn, gained, () if new else lost, outside, found.complete)


def _said(effects: Effects, kinds: Sequence[object], account: Account) -> tuple[str, ...]:
    actions: dict[tuple[str, str], list[str]] = {}
    for one in effects.of(*kinds):  # type: ignore[arg-type]
        clause = when(one.conditions, one.unless)
        actions.setdefault((whom(one.principals, account), f" if {clause}" if clause else ""), []).append(one.action)
    return tuple(
        f"{who}: {', '.join(dict.fromkeys(each[:6]))}{f' and {len(each) - 6} more' if len(each) > 6 else ''}{clause}"
        for (who, clause), each in actions.items()
    )


def without_owner_or_day(accepted: Sequence[Acceptance]) -> tuple[Acceptance, ...]:
    """Return the accepted findings of a repository that have no effect, because they lack an owner or a date."""
    return tuple(one for one in accepted if not one.by or one.until is None)


def located(changes: PlannedChanges, lines: Mapping[str, tuple[str, int]]) -> PlannedChanges:
    """Return the changes with ``lines``, their places in the repository, added."""
    return replace(changes, lines={**lines, **changes.lines})
