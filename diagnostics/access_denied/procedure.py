"""The procedure: find the cause of a denied request, step by step. The steps' order is the decision tree's.

Modules that few denials need are imported by the step that uses them, because imports take most of the time of a short
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from diagnostics.access_denied.build_case import (
    case_of,
    recorded_call,
    session_policy,
)
from diagnostics.access_denied.caller_and_resource_accounts import fix_in_account, step_in_account, verdict_of_sides
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.certainty import (
    as_far_as_known,
    as_sure_as_its_keys,
    limited,
    question_instead,
    rests_on_a_guess,
    without_guessed_path,
)
from diagnostics.access_denied.endpoint import endpoint_step, through_an_endpoint
from diagnostics.access_denied.evidence.history import Changes, changes_of, changes_step
from diagnostics.access_denied.evidence.named_policy import look_up, named_policy_step
from diagnostics.access_denied.evidence.other_roles import Helpers, helpers_of, helpers_step
from diagnostics.access_denied.evidence.public_access import public_access_step
from diagnostics.access_denied.evidence.recorded_case import case_file, comparison_step, fill_in
from diagnostics.access_denied.evidence.simulator import Witness, ask
from diagnostics.access_denied.fixes.choose import fixes_for
from diagnostics.access_denied.fixes.versions import Regressions, regression_step, regressions
from diagnostics.access_denied.iam_action import with_iam_action
from diagnostics.access_denied.judge import ALLOWED_NOW, RESOURCE_NOT_FOUND, DenialFinding, judge
from diagnostics.access_denied.layers import conditions_step, deny_step, layer_steps
from diagnostics.access_denied.next_denials import next_denials, next_fixes, next_step
from diagnostics.access_denied.partitions import across_partitions, of_another_partition
from diagnostics.access_denied.request.caller import Caller, caller_step, identify
from diagnostics.access_denied.request.dependent_actions import dependent_step
from diagnostics.access_denied.request.kept_by_aws import kept_by_aws_parts
from diagnostics.access_denied.request.subject import (
    Subject,
    decoded,
    given_role,
    needs_target,
    read_subject,
    request_step,
    taken_from_around,
    with_known,
    with_named_role,
)
from diagnostics.access_denied.request.values import RequestValues, values_of_subject
from diagnostics.access_denied.texts_before_history import of_today
from diagnostics.access_denied.verdict import verdict_of
from diagnostics.diagnosis import Part, Question, RequestFacts, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, UnreadLayer
from diagnostics.text.answer.denial.message_step import message_step
from diagnostics.text.answer.show_more import text_fixes
from diagnostics.text.read.layout.text_time import TextTime, day_of_mail, old_day, time_of_text
from diagnostics.text.read.messages.additions_to_message import stated_in
from diagnostics.text.read.one_message import is_alone
from diagnostics.text.tokens.find import beside_tokens
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.account import Account
from iam.arn import account_of
from iam.claims import Keys, Source, at_most_likely, sourced
from iam.history.trail import NO_TRAIL, Trail
from iam.policy.document import Document
from iam.policy.principal import Kind
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.access_denied.evidence.change_that_denied import Search
    from diagnostics.past_changes import OwnChange
    from diagnostics.text.tokens.token import Token
    from iam.sources.reader.authorization import AuthorizationRecord


@dataclass
class Inquiry:
    """The state of the investigation of one denied request. Each step of the procedure adds to it.

    ``role`` is the role that the operator is viewing. ``session`` is the session policy with which the caller's session
    was created; it is valid only if ``session_seen``: the record of the session's creation was found.
    """

    denial: Denial
    opened: OpenedAccount
    keys: Keys
    role: str | None
    own_change: OwnChange | None = None
    caller: Caller | None = None
    session: Document | None = None
    session_seen: bool = False
    call_seen: bool = False
    record: AuthorizationRecord | None = None
    other_runs: tuple[Question, ...] = ()
    helpers: Helpers = field(default_factory=Helpers)
    versions: Regressions = field(default_factory=Regressions)
    values: RequestValues = field(default_factory=dict)
    trail: Trail = NO_TRAIL
    at: TextTime | None = None
    since: Search | None = None
    subject: Subject = field(init=False)
    changes: Changes = field(init=False)
    case: Case = field(init=False)
    witness: Witness = field(init=False)
    finding: DenialFinding = field(init=False)

    @property
    def account(self) -> Account:
        return self.opened.account

    @property
    def reader(self) -> AccountReader:
        return self.opened.reader

    @property
    def known_caller(self) -> Caller:
        assert self.caller is not None  # otherwise the step about the caller has ended the procedure
        return self.caller

    @property
    def known_case(self) -> Case | None:
        """The case, or None before it is built."""
        return getattr(self, "case", None)

    @property
    def judged(self) -> bool:
        """Whether the cause has been determined."""
        return hasattr(self, "finding")

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(token for token in self.denial.tokens if not token.broken)

    @cached_property
    def caller_asks(self) -> bool:
        """Whether this program runs as the caller, so that sentences about the caller say "you"."""
        from diagnostics.access_denied.fixes.addressee import is_you

        return is_you(self.known_caller, self.opened)


def explain(
    denial: Denial,
    opened: OpenedAccount,
    context: Mapping[str, tuple[str, ...]],
    *,
    role: str | None = None,
    own_change: OwnChange | None = None,
    trail: Trail = NO_TRAIL,
) -> Iterator[Part]:
    """Explain the failure; see `diagnostics.diagnose.diagnose`."""
    inquiry = Inquiry(denial, opened, sourced(context, Source.OPERATOR), role, own_change, trail=trail)
    inquiry.at = time_of_text(denial.text, opened.account.now)
    verdict: Verdict | None = None
    asked = False
    for step in STEPS:
        ended = False
        for part in step(inquiry):
            if isinstance(part, Verdict):
                ended = True
                yield RequestFacts(inquiry.values)
                part = verdict = limited(part, inquiry.values, inquiry.other_runs)
            elif isinstance(part, Fix) and verdict is not None and rests_on_a_guess(part, verdict, inquiry.values):
                if asked:
                    continue
                part, asked = question_instead(verdict, inquiry.values), True
            elif isinstance(part, Fix):
                part = without_guessed_path(part, inquiry.values)
                part = as_far_as_known(part, verdict, inquiry.values) if verdict is not None else part
            if isinstance(part, Fix) and part.who is Who.CALLER and inquiry.caller is not None and inquiry.caller_asks:
                part = replace(part, who=Who.YOU)
            yield _in_account(part, inquiry)
        if ended:
            return


def _in_account(part: Part, inquiry: Inquiry) -> Part:
    """Return the part with its account, if that is known."""
    case = inquiry.known_case
    if isinstance(part, Step):
        if case is not None:
            return step_in_account(part, case)
        account = inquiry.caller.account_id if inquiry.caller is not None and part.id == "caller" else None
        if part.id == "target" and inquiry.subject.resource:
            account = account_of(inquiry.subject.resource)
        evidence = tuple(replace(each, account=each.account or account) for each in part.evidence)
        return replace(part, account=part.account or account, evidence=evidence)
    if isinstance(part, Fix) and case is not None:
        return fix_in_account(part, inquiry.finding.word if inquiry.judged else "", case)
    if isinstance(part, Verdict) and case is not None and inquiry.judged:
        return verdict_of_sides(part, inquiry.finding, case)
    return part


# The request and its caller.


def _message(inquiry: Inquiry) -> Iterator[Part]:
    yield message_step(inquiry.denial)
    if not is_alone(inquiry.denial):
        from diagnostics.text.answer.pasted_output import answer_steps

        yield from answer_steps(inquiry.denial, decides=False)


def _refused_before_policies(inquiry: Inquiry) -> Iterator[Part]:
    """Explain an STS error on a token that it did not accept."""
    denial, opened = inquiry.denial, inquiry.opened
    if is_alone(denial):
        return
    from diagnostics.access_denied.token.audience import audience_refused, explain_audience
    from diagnostics.access_denied.token.missing_provider import explain_missing_provider, missing_provider_in

    issuer = missing_provider_in(denial.text)
    if issuer is not None:
        yield from explain_missing_provider(issuer, opened)
    elif audience_refused(denial.text):
        yield from explain_audience(denial.tokens, opened)
    elif (stated := stated_in(denial.text)) and stated.decides and denial.stated_reason is None:
        yield Verdict(stated.cause, stated.confidence, stated.sentence)
        yield from text_fixes(denial)


def _tokens(inquiry: Inquiry) -> Iterator[Part]:
    denial = inquiry.denial
    if not denial.tokens:
        return
    from diagnostics.text.answer.credentials.pasted_tokens import lifetime_step, token_step

    # From here on, the tokens' claims are not words of the text.
    inquiry.denial = replace(denial, text=beside_tokens(denial.text))
    yield token_step(denial.tokens)
    for token in inquiry.tokens:
        if step := lifetime_step(token, inquiry.reader.clock(), refused=True):
            yield step
        inquiry.keys = with_known(inquiry.keys, sourced(token.context, Source.TEXT, token.issuer))


def _event(inquiry: Inquiry) -> Iterator[Part]:
    if is_alone(inquiry.denial):
        return
    from diagnostics.access_denied.request.event import event_context, event_step

    if event_keys := sourced(event_context(inquiry.denial.text), Source.CLOUDTRAIL):
        yield event_step(event_keys)
        inquiry.keys = with_known(inquiry.keys, event_keys)
    if inquiry.denial.decoded:
        inquiry.keys = with_known(inquiry.keys, sourced(dict(inquiry.denial.decoded.context), Source.AWS_RECORD))


def _subject(inquiry: Inquiry) -> Iterator[Part]:
    """Read the request, with AWS's encoded message and its record of the evaluation, if available."""
    denial, reader = inquiry.denial, inquiry.reader
    inquiry.role = given_role(inquiry.keys) or inquiry.role
    around = {} if is_alone(denial) else _region_around(denial)
    subject = read_subject(denial, inquiry.opened, inquiry.keys, around)
    if needs_target(subject):
        from diagnostics.access_denied.request.assumed_role.stated_keys import extra_context

        subject = subject.with_keys(extra_context(subject, inquiry.account))
    if not is_alone(denial):
        subject = _with_keys_around(subject, beside_tokens(denial.text))
    for sentence in taken_from_around(subject.keys):
        subject = subject.noting(sentence)
    if denial.encoded_message and not denial.decoded:
        subject, step = decoded(subject, reader)
        yield step
        if step.status is Status.PASS:
            # The message's content is known now, so nobody has to decode it.
            subject = replace(subject, denial=replace(subject.denial, encoded_message=None))
    if denial.authorization_id or denial.record:
        from diagnostics.access_denied.evidence.record import read_record

        subject, inquiry.record, step = read_record(subject, reader)
        yield step
    inquiry.subject = subject
    inquiry.values = values_of_subject(subject)


def _region_around(denial: Denial) -> Keys:
    """Return the condition keys in the commands and templates of the text, including the call's Region."""
    from diagnostics.access_denied.request.command import command_keys
    from diagnostics.access_denied.request.templates import template_keys

    text, action = beside_tokens(denial.text), denial.missing_action or denial.action
    return with_known(command_keys(text, action, denial.resource), template_keys(text, action))


def _with_keys_around(subject: Subject, text: str) -> Subject:
    """Return the subject with the condition keys in the commands, workflows and templates in the text."""
    from diagnostics.access_denied.request.command import command_keys, left_out_keys, workflow_keys
    from diagnostics.access_denied.request.stated_tags import stated_tags
    from diagnostics.access_denied.request.templates import template_keys

    subject = subject.with_keys(command_keys(text, subject.action, subject.resource))
    subject = subject.with_keys(workflow_keys(text, subject.action))
    subject = subject.with_keys(stated_tags(text, subject.resource or "", subject.principal or ""))
    subject = subject.with_keys(template_keys(text, subject.action))
    return subject.with_keys(left_out_keys(text, subject.action))


def _action(inquiry: Inquiry) -> Iterator[Part]:
    inquiry.subject = with_iam_action(inquiry.subject)
    if inquiry.subject.on is None and inquiry.subject.action is not None and inquiry.denial.resource is None:
        from diagnostics.access_denied.request.command import command_resource

        denial, partition = inquiry.denial, inquiry.account.partition
        on = command_resource(beside_tokens(denial.text), inquiry.subject.action, denial.operation, partition)
        if on is not None:
            inquiry.subject = replace(inquiry.subject, on=on).noting(f"the command ({on.read_from}) names {on.words}")
    inquiry.values = values_of_subject(inquiry.subject)
    if inquiry.subject.action is None:
        from diagnostics.access_denied.request.unnamed_caller_or_action import no_action_named

        yield caller_step(identify(inquiry.subject.principal, inquiry.opened))
        yield from no_action_named(inquiry.subject)


def _target(inquiry: Inquiry) -> Iterator[Part]:
    """Find the role that was to be assumed, if the text does not name it."""
    subject, opened = inquiry.subject, inquiry.opened
    if not needs_target(subject):
        if subject.principal is None:
            inquiry.subject = with_named_role(subject, opened.account, inquiry.role)
            inquiry.values = values_of_subject(inquiry.subject)
        return
    from diagnostics.access_denied.candidates import explain_candidates
    from diagnostics.access_denied.request.assumed_role.find import find_targets
    from diagnostics.access_denied.request.assumed_role.principal import principal_without_role
    from diagnostics.access_denied.request.assumed_role.target import with_target
    from diagnostics.access_denied.request.target_exists import missing_target
    from diagnostics.access_denied.token.procedure import explain_refused_token, objection_parts

    found = find_targets(subject, opened, inquiry.role)
    targets, inquiry.other_runs = found.targets, found.other_runs
    yield found.step
    if not targets and subject.on is not None:
        inquiry.subject = replace(subject, who=principal_without_role(subject, opened.account))
        inquiry.values = values_of_subject(inquiry.subject)
        if inquiry.subject.who is None:
            yield from missing_target(inquiry.subject, opened)
    elif len(targets) == 1 and (inquiry.tokens or targets[0].source is not Source.GUESS):
        inquiry.subject = with_target(subject, targets[0])
        inquiry.values = values_of_subject(inquiry.subject)
        yield from objection_parts(inquiry.subject, opened.account)
    elif inquiry.tokens:
        yield from explain_refused_token(subject, targets, opened)
    elif targets:
        yield from explain_candidates(subject, targets, opened)


def _caller(inquiry: Inquiry) -> Iterator[Part]:
    subject = inquiry.subject
    caller = identify(subject.principal, inquiry.opened)
    if inquiry.denial.tokens:
        from diagnostics.access_denied.token.roles import with_token

        caller = with_token(caller, inquiry.denial.tokens)
    inquiry.caller = caller
    step = caller_step(caller)
    of_role = caller.kind is Kind.SESSION and subject.denial.principal is None
    if of_role and subject.who is not None and subject.who.read_from == caller.name:
        step = replace(step, summary=f"assumed to be {step.summary}, because no caller was found in the text")
    yield step
    if caller.arn is None and caller.kind is not Kind.ANONYMOUS:
        from diagnostics.access_denied.request.unnamed_caller_or_action import no_caller_named

        yield from no_caller_named(subject, inquiry.account, caller.name)


# Further facts about the request.


def _changes(inquiry: Inquiry) -> Iterator[Part]:
    subject, account = inquiry.subject, inquiry.account
    found = changes_of(inquiry.known_caller, subject.resource, inquiry.opened, subject.action)
    inquiry.changes = replace(found, own=inquiry.own_change)
    made = account.role(subject.resource) if is_trust_action(subject.action) and subject.resource else None
    yield changes_step(inquiry.changes, account.now, made, live=inquiry.opened.reader.kind != "snapshot")


def _kept_by_aws(inquiry: Inquiry) -> Iterator[Part]:
    yield from kept_by_aws_parts(inquiry.subject, inquiry.account)


def _other_partition(inquiry: Inquiry) -> Iterator[Part]:
    yield from of_another_partition(inquiry.subject, inquiry.account)


def _partitions(inquiry: Inquiry) -> Iterator[Part]:
    yield from across_partitions(inquiry.subject)


def _missing_target(inquiry: Inquiry) -> Iterator[Part]:
    if is_trust_action(inquiry.subject.action) and inquiry.subject.resource:
        from diagnostics.access_denied.request.target_exists import missing_target

        yield from missing_target(inquiry.subject, inquiry.opened, inquiry.caller)


def _recorded_call(inquiry: Inquiry) -> Iterator[Part]:
    inquiry.subject, step = recorded_call(inquiry.subject, inquiry.known_caller, inquiry.reader)
    inquiry.call_seen = step is not None and step.status is Status.PASS
    if step is not None:
        yield step


def _session(inquiry: Inquiry) -> Iterator[Part]:
    inquiry.session, inquiry.session_seen, step = session_policy(inquiry.known_caller, inquiry.reader)
    if step is not None:
        yield step


def _case(inquiry: Inquiry) -> Iterator[Part]:
    """Build the case: the request with all its values, and the policies that decide it."""
    subject, case = case_of(inquiry.subject, inquiry.known_caller, inquiry.opened, inquiry.session)
    if subject.found:
        yield request_step(subject)
    for each in filter(None, (case, case.beside)):
        each.session_seen, each.call_seen = inquiry.session_seen, inquiry.call_seen
    if inquiry.record:
        from diagnostics.access_denied.evidence.record import evaluation_of

        if entry := evaluation_of(inquiry.record, subject):
            case.record, case.recorded = inquiry.record, entry
            fill_in(case, inquiry.record, entry)
    inquiry.subject, inquiry.case, inquiry.values = subject, case, case.values


def _named_policy(inquiry: Inquiry) -> Iterator[Part]:
    """Look up the policy that the text names by its ARN."""
    inquiry.case.named = look_up(inquiry.case)
    if inquiry.case.named is not None:
        yield from named_policy_step(inquiry.case.named)


def _existence(inquiry: Inquiry) -> Iterator[Part]:
    """Check whether the account has the resource at all."""
    from diagnostics.access_denied.evidence.existence import existence_step, missing_resource

    inquiry.case.missing = missing_resource(inquiry.case)
    if inquiry.case.missing is not None:
        yield from existence_step(inquiry.case.missing)


# What the policies decide.


def _denies(inquiry: Inquiry) -> Iterator[Part]:
    inquiry.witness = ask(inquiry.case)
    yield deny_step(inquiry.case, inquiry.witness)


def _layers(inquiry: Inquiry) -> Iterator[Part]:
    yield from layer_steps(inquiry.case, inquiry.witness)


def _recorded(inquiry: Inquiry) -> Iterator[Part]:
    """Compare AWS's own record with the local engine's result."""
    case = inquiry.case
    if case.record is not None and case.recorded is not None:
        yield from comparison_step(case, case.record, case.recorded)
    yield case_file(case, case.record)


def _dependent_actions(inquiry: Inquiry) -> Iterator[Part]:
    if (step := dependent_step(inquiry.subject)) is not None:
        yield step


def _public_access(inquiry: Inquiry) -> Iterator[Part]:
    if (step := public_access_step(inquiry.case)) is not None:
        yield step


# The cause, and the fixes.


def _finding(inquiry: Inquiry) -> Iterator[Part]:
    case = inquiry.case
    finding = judge(case, inquiry.witness, inquiry.changes)
    if case.trust and case.caller.kind is Kind.PROVIDER:
        from diagnostics.access_denied.request.identity_provider import provider_missing, provider_step
        from diagnostics.access_denied.token.claims import claims_step

        step, missing = provider_step(case)
        yield step
        if missing:
            finding = provider_missing()
        for token in inquiry.tokens[:1]:
            yield claims_step(token, case, finding, case.reader.clock())
    inquiry.finding = as_sure_as_its_keys(finding, case)


def _access_point(inquiry: Inquiry) -> Iterator[Part]:
    if inquiry.case.beside is not None:
        from diagnostics.access_denied.access_point import through_an_access_point

        inquiry.case, inquiry.finding, steps = through_an_access_point(inquiry.case, inquiry.finding, inquiry.changes)
        yield from steps


def _endpoint(inquiry: Inquiry) -> Iterator[Part]:
    inquiry.case, inquiry.finding = through_an_endpoint(
        inquiry.subject, inquiry.case, inquiry.finding, inquiry.witness, inquiry.changes
    )
    inquiry.values = inquiry.case.values
    yield endpoint_step(inquiry.case, inquiry.finding, inquiry.witness)


def _conditions(inquiry: Inquiry) -> Iterator[Part]:
    if inquiry.finding.questions:
        yield conditions_step(inquiry.finding)


def _versions(inquiry: Inquiry) -> Iterator[Part]:
    finding = inquiry.finding
    if finding.word in ("identity", "boundary") and finding.fault in ("no-action", "resource-mismatch"):
        inquiry.versions = regressions(inquiry.case)
        yield regression_step(inquiry.versions)


def _other_roles(inquiry: Inquiry) -> Iterator[Part]:
    finding = inquiry.finding
    if finding.word == "identity" and finding.fault in ("no-action", "resource-mismatch"):
        inquiry.helpers = helpers_of(inquiry.case)
        yield helpers_step(inquiry.helpers)


def _since(inquiry: Inquiry) -> Iterator[Part]:
    """Find the recorded change after which the request was denied."""
    case, caller = inquiry.case, inquiry.known_caller
    if case.missing is not None:
        return  # a name that the account does not have was never allowed
    if inquiry.reader.kind == "snapshot" and not (inquiry.trail.given or inquiry.reader.events().value):
        return  # the file has no events and is the only source
    from diagnostics.access_denied.evidence.change_that_denied import search, since_step

    if inquiry.own_change is not None and inquiry.finding.cause == ALLOWED_NOW:
        return  # the operator's own change allows the request
    found = search(case, inquiry.subject, caller, inquiry.opened, inquiry.session, inquiry.at, inquiry.trail)
    never = found is not None and found.since is not None and not found.found
    if never and inquiry.finding.cause == ALLOWED_NOW and inquiry.at is None:
        return  # the record ends before the change that allows the request
    inquiry.since = found
    if inquiry.since is not None and (inquiry.since.since is not None or inquiry.since.said):
        yield since_step(inquiry.since, inquiry.account.now, inquiry.at)


_AN_ALLOW_WENT = ("no-action", "resource-mismatch", "principal-mismatch")
"""Causes for which the first fix may be to revert a change that removed an Allow."""


def _with_since(verdict: Verdict, inquiry: Inquiry) -> Verdict:
    """Return the verdict with the change that caused the denial; less certain if later changes matter."""
    found = inquiry.since
    if found is None:
        return verdict
    if inquiry.at is not None and found.changed_after:
        verdict = replace(verdict, confidence=at_most_likely(verdict.confidence))
    if not found.found or found.since is None or found.change is None:
        return replace(verdict, since=found.since)
    return replace(verdict, since=found.since)


def _verdict(inquiry: Inquiry) -> Iterator[Part]:
    finding, case, changes, versions = inquiry.finding, inquiry.case, inquiry.changes, inquiry.versions.found
    at = inquiry.at or day_of_mail(inquiry.subject.denial.text)
    day = old_day(at, inquiry.account.now, further_back=inquiry.trail.given)
    verdict = verdict_of(finding, case, changes, helpers=inquiry.helpers, versions=versions, day=day)
    fixes = fixes_for(finding, case, changes, versions, inquiry.helpers)
    if case.missing is not None:
        first, *others = fixes
        fixes = iter((first, *others))
        if first.verified:
            # With the right name, the request is allowed, so no policy has to change.
            verdict = replace(verdict, cause=RESOURCE_NOT_FOUND)
    yield _with_since(verdict, inquiry)
    if day and (case.missing is not None or (finding.deny is None and finding.near is None)):
        yield of_today(case, day)  # today's policies do not show what denied the request
    if inquiry.since is not None and inquiry.since.found:
        from diagnostics.access_denied.fixes.revert import revert_fixes, with_reverts

        reverts = revert_fixes(inquiry.since, case, inquiry.subject)
        fixes = with_reverts(fixes, reverts, first=finding.fault in _AN_ALLOW_WENT)
    more = [each.words for each in next_denials(case) if not each.need.when and not each.own_policy]
    in_set = False
    for fix in fixes:
        # A set is one change: what follows it is stated once, with the set's first fix.
        yield _with_what_follows(_with_simulators_word(fix, inquiry), [] if fix.together and in_set else more)
        in_set = in_set or fix.together is not None
    if verdict.cause in _MISSING_ALLOW and case.missing is None:  # for a missing resource, nothing has to be allowed
        yield from next_fixes(case)
    yield from text_fixes(inquiry.subject.denial)


_MISSING_ALLOW = ("identity.no-action", "identity.resource-mismatch")
"""Causes that a statement in the caller's own policies can fix."""


def _next(inquiry: Inquiry) -> Iterator[Part]:
    if (step := next_step(inquiry.case)) is not None:
        yield step


def _with_what_follows(fix: Fix, more: list[str]) -> Fix:
    """Return the fix with a caution that lists other actions that the operation needs and that are denied today."""
    proof = fix.together or fix
    if not more or not (proof.verified or proof.hangs_on):
        return fix
    return replace(fix, cautions=(*fix.cautions, f"Also needed, and currently refused: {listing(more, limit=3)}"))


def _with_simulators_word(fix: Fix, inquiry: Inquiry) -> Fix:
    """Return the fix, with a note if the simulator reports that the organization's unread policies deny the request."""
    unread = any(isinstance(on, UnreadLayer) and on.layer == "scp" for on in fix.hangs_on)
    if not unread or inquiry.finding.word == "scp" or not inquiry.witness.refuses_by_organization:
        return fix
    said = "AWS's simulator says that the organization's policies also refuse the request as it was made"
    return replace(fix, cautions=(*fix.cautions, said))


STEPS: tuple[Callable[[Inquiry], Iterator[Part]], ...] = (
    _message,
    _refused_before_policies,
    _tokens,
    _event,
    _subject,
    _action,
    _other_partition,
    _target,
    _caller,
    _changes,
    _kept_by_aws,
    _partitions,
    _missing_target,
    _recorded_call,
    _session,
    _case,
    _named_policy,
    _existence,
    _denies,
    _layers,
    _recorded,
    _dependent_actions,
    _public_access,
    _finding,
    _access_point,
    _endpoint,
    _conditions,
    _versions,
    _other_roles,
    _since,
    _next,
    _verdict,
)
"""The steps in order. The procedure ends with the first one that yields a verdict."""
