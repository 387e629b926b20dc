"""Explain a denial that may be about one of several roles: check each role and report what each would need."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.build_case import build_case, with_found_values
from diagnostics.access_denied.case import Case
from diagnostics.access_denied.certainty import question_instead
from diagnostics.access_denied.evidence.history import Changes
from diagnostics.access_denied.evidence.simulator import Witness
from diagnostics.access_denied.judge import ALLOWED_NOW, DenialFinding, judge
from diagnostics.access_denied.near_misses import near_words
from diagnostics.access_denied.request.assumed_role.target import Target, with_target
from diagnostics.access_denied.request.caller import caller_step, identify
from diagnostics.access_denied.request.identity_provider import provider_missing, provider_step
from diagnostics.access_denied.request.subject import Subject
from diagnostics.access_denied.token.roles import with_token
from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Evidence, Question, Status, Step, Verdict
from diagnostics.fix import Fix
from iam.claims import Ground, confidence
from iam.policy.decision import Fault, NearMiss
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing


def explain_candidates(
    subject: Subject, targets: tuple[Target, ...], opened: OpenedAccount
) -> Iterator[Step | Verdict | Fix]:
    """Check every role that the text may be about; the text does not show which of them is the right one."""
    looked = [(target, *look_at(subject, target, opened)) for target in targets]
    refusing = [entry for entry in looked if entry[2].cause != ALLOWED_NOW]
    evidence = tuple(_evidence(*entry) for entry in looked)
    names = listing([target.role.name for target, _, _ in refusing])
    yield Step(
        "candidates",
        "What each role requires",
        Status.UNKNOWN,
        f"{len(refusing)} of {len(looked)} {_refuse(refusing)}: {names}" if refusing else "each of them would allow it",
        evidence,
    )
    if not refusing:
        yield Verdict(
            ALLOWED_NOW,
            confidence(Ground.NOTHING),
            "Each possible role would allow the request, as far as is known: say which role the call requested.",
        )
        return
    causes = {finding.cause for _, _, finding in refusing}
    _, case, finding = refusing[0]
    if len(refusing) == 1:
        yield caller_step(case.caller)
    questions = {question.key.lower(): question for _, _, found in refusing for question in found.questions}
    verdict = Verdict(
        finding.cause,
        confidence(Ground.LIKENESS if len(causes) == 1 else Ground.NOTHING),
        _summary(subject, refusing, same=len(causes) == 1),
        (*questions.values(), _which(looked)),
        left_open=Sentence(""),
    )
    yield verdict
    yield question_instead(verdict, {})


def look_at(subject: Subject, target: Target, opened: OpenedAccount) -> tuple[Case, DenialFinding]:
    """Return the case and finding on the assumption that this role is the target of the request."""
    subject = with_target(subject, target)
    caller = with_token(identify(subject.principal, opened), subject.denial.tokens)
    case = build_case(with_found_values(subject, caller, opened), caller, opened)
    finding = judge(case, Witness(why="it does not model trust policies"), Changes())
    if finding.word == "trust" and caller.kind.value == "identity provider" and provider_step(case)[1]:
        finding = provider_missing()
    return case, finding


def _lacks(near: NearMiss, case: Case) -> str:
    """Return what the trust policy lacks. For an unknown caller, return the principals that the policy names."""
    if near.fault is Fault.PRINCIPAL_MISMATCH and not case.caller.arn:
        return f"names {listing(near.wanted)}, and the text does not say who called"
    return near_words(near)


def _evidence(target: Target, case: Case, finding: DenialFinding) -> Evidence:
    near = finding.near
    allows = "would allow it, as far as is known"
    said = _lacks(near, case) if near else allows if finding.cause == ALLOWED_NOW else finding.cause
    return Evidence(
        text=f"{target.role.name}: {said}",
        layer="trust",
        policy=near.policy.name if near else target.role.name,
        arn=target.role.arn,
        statement=near.statement if near else None,
        sid=near.sid if near else None,
        element=near.element if near else None,
        document=target.role.trust,
    )


def _summary(subject: Subject, refusing: list[tuple[Target, Case, DenialFinding]], *, same: bool) -> str:
    names = listing([target.role.name for target, _, _ in refusing])
    target, case, finding = refusing[0]
    near = f": {_lacks(finding.near, case)}" if finding.near else ""
    if len(refusing) == 1:
        # The candidates are found by similarity, so a different role may be meant.
        return (
            f"The text does not name the role. {target.role.name} {_refuse(refusing)} {subject.action}{near}. This "
            f"role is a guess: {target.found}."
        )
    if same:
        return (
            f"The text does not name the role. Each of {names} {_refuse(refusing)} {subject.action}; "
            f"{target.role.name}{near}."
        )
    return (
        f"The text does not name the role. {names} are possible, each with a different cause. Say which role the call "
        "requested."
    )


def _refuse(refusing: list[tuple[Target, Case, DenialFinding]]) -> str:
    """Return ``would refuse``, or ``may refuse`` if the result depends on unknown values."""
    unknown = any(found.questions or not case.caller.arn for _, case, found in refusing)
    return "may refuse" if unknown else "would refuse"


def _which(looked: list[tuple[Target, Case, DenialFinding]]) -> Question:
    return Question("role", tuple(target.role.name for target, _, _ in looked), "the role to assume")
