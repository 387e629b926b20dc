"""A VPC endpoint that the request may have used, and an endpoint policy that denies the request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.access_denied.build_case import build_case, endpoints_of, endpoints_read, named_endpoint
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.judge import ALLOWED_NOW, DenialFinding, judge
from diagnostics.access_denied.layers import layer_step
from diagnostics.access_denied.request.context_keys import source_of
from diagnostics.access_denied.request.subject import Subject
from diagnostics.claims.kinds import LayerRead
from diagnostics.diagnosis import Question, Status, Step
from iam.claims import Ground, Source, Sourced, confidence
from iam.policy.layer import Layer
from iam.policy.principal import Kind
from iam.words import listing


def through_an_endpoint(
    subject: Subject, case: Case, finding: DenialFinding, witness: Witness, changes: Changes
) -> tuple[Case, DenialFinding]:
    """Return the case and the finding, evaluated with the policy of a VPC endpoint that denies the request.

    Endpoints are considered only if nothing else explains the denial or if the text names an endpoint policy. If no
    endpoint's policy denies the request, both are returned unchanged.
    """
    stated = (case.denial.stated_reason or "").endswith(":vpce")
    # A text that names another layer is not about an endpoint.
    open_end = case.denial.stated_reason is None and (finding.cause == ALLOWED_NOW or finding.hangs_on_region_alone)
    if (
        case.policies.vpc_endpoint is not None
        or not (stated or open_end)
        or named_endpoint(subject, case.reader) is not None
        or changes.within_propagation(case.account.now)
    ):
        return case, finding
    refusing = [(other, judge(other, witness, changes)) for other in _refusing_endpoints(case, subject)]
    refusing = [(other, found) for other, found in refusing if found.word == "vpce"]
    if not refusing:
        may_be_one = finding.cause == ALLOWED_NOW and case.caller.kind not in (Kind.SERVICE, Kind.PROVIDER)
        unread = may_be_one and endpoints_read(case).unreadable
        return case, replace(finding, unread=(*finding.unread, "vpce")) if unread else finding
    other, found = refusing[0]
    # Nothing shows that the call came through this endpoint: a text that blames an endpoint's policy does not name the
    # endpoint. The endpoint of a shared VPC, or of another account's caller, is in another account and is not listed
    # here.
    other.assumed = (_ENDPOINT,)
    names = listing([_name(each) for each, _ in refusing])
    why = f"{source_of(_ENDPOINT)}; the policy of {names} would deny the call"
    asked = (Question(_ENDPOINT, (), why), *finding.questions, *found.questions)
    questions = tuple({question.key.lower(): question for question in reversed(asked)}.values())[::-1]
    sure = found.likely if stated else confidence(Ground.NOTHING)
    return other, replace(found, confidence=sure, questions=questions)


def endpoint_step(case: Case, finding: DenialFinding, witness: Witness) -> Step:
    """Return the step about the endpoint policy.

    Its status is unknown if unread endpoints of the account may decide.
    """
    step = layer_step(case, Layer.VPC_ENDPOINT, witness)
    if _ENDPOINT in case.assumed:
        return replace(step, summary=f"if the call came through {_name(case)}: {step.summary}")
    if finding.cause != ALLOWED_NOW or "vpce" not in finding.unread or step.status is not Status.SKIPPED:
        return step
    said = f"{step.summary}, but the account's VPC endpoints cannot be read from here: {endpoints_read(case).why}"
    return replace(step, status=Status.UNKNOWN, summary=said, asserts=(LayerRead("vpce", False),))


_ENDPOINT = "aws:SourceVpce"


def _name(case: Case) -> str:
    return next(iter(case.request.context[_ENDPOINT]))


def _refusing_endpoints(case: Case, subject: Subject) -> Iterable[Case]:
    """Yield a copy of the case for each endpoint of the service whose own policy would deny the request.

    The copies have no aws:SourceIp, even if the subject has one, because a call through an endpoint does not contain
    the key
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip).
    """
    keys = {key: value for key, value in subject.keys.items() if key.lower() != "aws:sourceip"}
    for endpoint in endpoints_of(subject, case.reader):
        if endpoint.document is None:
            continue
        other = build_case(
            replace(subject, keys={**keys, _ENDPOINT: Sourced((endpoint.id,), Source.GUESS, endpoint.id)}),
            case.caller,
            case.opened,
            session=next((policy.document for policy in case.policies.session or ()), None),
            endpoint=endpoint,
        )
        if not other.optimistic.allowed and other.refuses(Layer.VPC_ENDPOINT):
            other.missing = case.missing
            yield other
