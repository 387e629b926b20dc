"""The procedure: from a refused request to its cause, step by step (the steps' order is the decision tree's)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from diagnostics.access_denied.build_case import (
    build_case,
    endpoint_told,
    recorded_call,
    refusing_endpoints,
    session_policy,
    with_found_values,
    with_service_passed_to,
)
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes, changes_of, changes_step
from diagnostics.access_denied.evidence.other_roles import Helpers, helpers_of, helpers_step
from diagnostics.access_denied.evidence.record import authorization_step
from diagnostics.access_denied.evidence.simulator import Witness, ask
from diagnostics.access_denied.fixes.addressee import addressed
from diagnostics.access_denied.fixes.choose import fixes_for
from diagnostics.access_denied.fixes.versions import Regression, regression_step, regressions
from diagnostics.access_denied.judge import ALLOWED_NOW, Finding, judge
from diagnostics.access_denied.layers import deny_step, layer_step, layer_steps
from diagnostics.access_denied.request.caller import Caller, caller_step, identify
from diagnostics.access_denied.request.event import event_context, event_step
from diagnostics.access_denied.request.protected_target import protected_target_parts
from diagnostics.access_denied.request.provider import provider_missing, provider_step
from diagnostics.access_denied.request.subject import Subject, decoded, read_subject, roles_spoken_of, told_role
from diagnostics.access_denied.request.target import Target, extra_context, find_targets, needs_target
from diagnostics.access_denied.several_roles import explain_several
from diagnostics.access_denied.small_steps import (
    conditions_step,
    dependent_step,
    nobody_named,
    public_access_step,
    request_step,
    target_parts,
    whole_text_wanted,
)
from diagnostics.access_denied.token.audience import audience_refused, explain_audience
from diagnostics.access_denied.token.claims import claims_step
from diagnostics.access_denied.token.missing_provider import explain_missing_provider, missing_provider_in
from diagnostics.access_denied.token.procedure import explain_candidates, objection_parts
from diagnostics.access_denied.token.roles import with_token
from diagnostics.access_denied.verdict import verdict_of
from diagnostics.diagnosis import Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix
from diagnostics.stated.denial import denial_verdict, message_step, text_fixes
from diagnostics.stated.token import good_tokens, lifetime_step, token_step
from diagnostics.tokens.find import beside_tokens
from diagnostics.tokens.token import Token
from diagnostics.words import is_trust_action
from iam.account import Account
from iam.policy.decision import Layer
from iam.policy.principal import Kind, trust_needs
from iam.sources.reader import AccountReader

Part = Step | Verdict | Fix


def explain(
    denial: Denial,
    account: Account,
    reader: AccountReader,
    context: Mapping[str, tuple[str, ...]],
    *,
    role: str | None = None,
) -> Iterator[Part]:
    """See `diagnostics.diagnose.diagnose`."""
    yield message_step(denial)
    issuer = missing_provider_in(denial.text)
    if issuer is not None:
        yield from explain_missing_provider(issuer, account, reader)
        return
    if audience_refused(denial.text):
        yield from explain_audience(denial.tokens, account, reader)
        return
    if denial.tokens:
        # From here on their claims are no words of the text.
        denial = replace(denial, text=beside_tokens(denial.text))
        yield from _token_steps(denial.tokens, reader)
        for token in good_tokens(denial.tokens):
            context = {**token.context, **context}
    if told := event_context(denial.text):
        yield event_step(told)
        context = {**told, **context}
    role = told_role(context) or role
    subject = read_subject(denial, account, reader, context, role)
    subject = replace(subject, context={**extra_context(subject), **subject.context})
    if denial.encoded_message:
        subject, step = decoded(subject, reader)
        yield step
        if step.status is Status.PASS:
            # What it says is known now: nobody has to decode it.
            subject = replace(subject, denial=replace(subject.denial, encoded_message=None))
    if denial.authorization_id:
        subject, step = authorization_step(subject, reader)
        yield step
    if subject.action is None:
        yield caller_step(identify(subject.principal, account, reader))
        yield denial_verdict(subject.denial)
        yield from text_fixes(subject.denial)
        yield whole_text_wanted(subject.principal)
        return
    if needs_target(subject):
        targets, step = find_targets(subject, account, reader, role)
        yield step
        if len(targets) == 1:
            subject = with_target(subject, targets[0])
            objections = tuple(objection_parts(subject, account))
            yield from objections
            if objections:
                return
        elif good_tokens(denial.tokens):
            yield from explain_candidates(subject, targets, account, reader)
            return
        elif targets:
            yield from explain_several(subject, targets, account, reader)
            return
    elif subject.principal is None:
        subject = _with_spoken_role(subject, account, role)
    caller = with_token(identify(subject.principal, account, reader), denial.tokens)
    yield caller_step(caller)
    if caller.arn is None and caller.kind is not Kind.ANONYMOUS:
        yield from nobody_named(subject)
        return
    yield from explain_request(subject, caller, account, reader)


def _token_steps(tokens: tuple[Token, ...], reader: AccountReader) -> Iterator[Step]:
    yield token_step(tokens)
    for token in good_tokens(tokens):
        if step := lifetime_step(token, reader.clock(), refused=True):
            yield step


def with_target(subject: Subject, target: Target) -> Subject:
    """The subject with the role that was found, and what its finding told."""
    return replace(
        subject,
        principal=subject.principal or target.principal,
        resource=target.role.arn,
        context={**target.context, **subject.context},
    )


def _with_spoken_role(subject: Subject, account: Account, hint: str | None) -> Subject:
    """A principal for a text that names none: a role whose name stands in it, else the one that is looked at."""
    spoken = [name for name in roles_spoken_of(subject.denial.text, account) if name not in (subject.resource or "")]
    name = spoken[0] if len(spoken) == 1 else hint
    role = account.role(name) if name else None
    if role is None:
        return subject
    session = f"arn:{account.partition}:sts::{account.id}:assumed-role/{role.name}/session"
    how = "its name stands in the text" if spoken else "it is the role that you are looking at"
    return subject.with_found(f"{role.name} is taken for the caller: {how}", principal=session)


def explain_request(subject: Subject, caller: Caller, account: Account, reader: AccountReader) -> Iterator[Part]:
    """The steps, verdict and fixes of a request whose caller and action are known."""
    yield from addressed(_explain_request(subject, caller, account, reader), caller, account, reader)


def _explain_request(subject: Subject, caller: Caller, account: Account, reader: AccountReader) -> Iterator[Part]:
    changes = changes_of(caller, subject.resource, account, reader)
    made = account.role(subject.resource) if is_trust_action(subject.action) and subject.resource else None
    yield changes_step(changes, account.now, made)
    if protected := list(protected_target_parts(subject, account)):
        yield from protected
        return
    if is_trust_action(subject.action) and subject.resource:
        missing = list(target_parts(subject, account, reader))
        yield from missing
        if any(isinstance(part, Verdict) for part in missing):
            return
    subject, step = recorded_call(subject, caller, reader)
    if step is not None:
        yield step
    session, seen, step = session_policy(caller, reader)
    if step is not None:
        yield step
    subject = with_found_values(subject, caller, account, reader)
    endpoint = endpoint_told(subject, reader)
    guessed = with_service_passed_to(subject, account)
    case = build_case(guessed, caller, account, reader, session=session, endpoint=endpoint)
    if guessed is not subject and case.strict.allowed:
        # It was refused: then the role went to another service than the one that may assume it.
        case = build_case(subject, caller, account, reader, session=session, endpoint=endpoint)
    else:
        subject = guessed
    if subject.denial.claims_trust:
        for action in trust_needs(subject.principal or "")[1:]:
            if not case.strict.allowed:
                break
            said = f"{subject.principal} needs {action} besides sts:AssumeRole"
            further = subject.with_found(said, action=action)
            case = build_case(further, caller, account, reader, session=session, endpoint=endpoint)
            if not case.strict.allowed:
                subject = further
    if subject.found:
        yield request_step(subject)
    case.session_seen = seen
    yield from _decide(subject, case, changes)


def _decide(subject: Subject, case: Case, changes: Changes) -> Iterator[Part]:
    witness = ask(case)
    yield deny_step(case, witness)
    yield from layer_steps(case, witness)
    for step in (dependent_step(subject), public_access_step(case)):
        if step is not None:
            yield step
    finding = judge(case, witness, changes)
    if case.trust and case.caller.kind is Kind.PROVIDER:
        step, missing = provider_step(case)
        yield step
        if missing:
            finding = provider_missing()
        for token in good_tokens(case.denial.tokens)[:1]:
            yield claims_step(token, case, finding, case.reader.clock())
    case, finding = _through_an_endpoint(subject, case, finding, witness, changes)
    yield layer_step(case, Layer.VPC_ENDPOINT, witness)
    if finding.questions:
        yield conditions_step(finding)
    yield from _conclude(subject, case, finding, changes)


def _through_an_endpoint(
    subject: Subject, case: Case, finding: Finding, witness: Witness, changes: Changes
) -> tuple[Case, Finding]:
    """Where nothing else explains the refusal, or the text names it: an endpoint's policy."""
    stated = (case.denial.stated_reason or "").endswith(":vpce")
    # A text that names another layer has not met an endpoint.
    open_end = case.denial.stated_reason is None and (finding.cause == ALLOWED_NOW or finding.hangs_on_region_alone)
    if (
        case.policies.vpc_endpoint is not None
        or not (stated or open_end)
        or changes.within_propagation(case.account.now)
    ):
        return case, finding
    for other in refusing_endpoints(case, subject):
        found = judge(other, witness, changes)
        if found.word == "vpce":
            return other, replace(found, confidence=found.confidence if stated else found.likely)
    return case, finding


def _conclude(subject: Subject, case: Case, finding: Finding, changes: Changes) -> Iterator[Part]:
    versions: tuple[Regression, ...] = ()
    helpers = Helpers()
    if finding.word in ("identity", "boundary") and finding.fault in ("no-action", "resource-mismatch"):
        versions = regressions(case)
        yield regression_step(versions)
    if finding.word == "identity" and finding.fault in ("no-action", "resource-mismatch"):
        helpers = helpers_of(case)
        yield helpers_step(helpers)
    names = tuple(role.name for role in helpers.roles)
    yield verdict_of(finding, case, changes, helpers=names, versions=versions)
    yield from fixes_for(finding, case, changes, versions, names)
    yield from text_fixes(subject.denial)
