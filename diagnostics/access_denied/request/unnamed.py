"""Texts that name no caller, or no action: what can be said all the same, and where the rest of it is."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Question, Verdict
from diagnostics.fix import Fix, ShellCommand, Who
from diagnostics.stated.denial import actions_in_prose, denial_verdict, text_fixes
from diagnostics.words import is_trust_action
from iam.claims import at_most_likely
from iam.words import listing


def no_caller_named(subject: Subject) -> Iterator[Verdict | Fix]:
    """The text names no principal, and nothing around it tells who it was: that is asked for."""
    verdict = denial_verdict(subject.denial)
    questions = [Question("aws:PrincipalArn", (), "who was calling: the role's session, the user")]
    if is_trust_action(subject.action) and subject.resource is None:
        questions = [Question("role", (), "the role that was to be assumed, and by whom")]
    # The text may be sure of the layer; which policy it is still hangs on who was calling.
    yield Verdict(verdict.cause, at_most_likely(verdict.confidence), verdict.summary, tuple(questions))
    yield from text_fixes(subject.denial)
    yield Fix(
        "Tell who was calling, and on what, to have the policies looked at",
        Who.YOU,
        ShellCommand(
            subject.resource or subject.action or "the request",
            "aws sts get-caller-identity  # where the program ran; then give --context aws:PrincipalArn=ARN",
        ),
    )


def no_action_named(subject: Subject) -> Iterator[Verdict | Fix]:
    """The text does not say what was refused: where the rest of it is."""
    yield denial_verdict(subject.denial)
    yield from text_fixes(subject.denial)
    named = actions_in_prose(subject.denial)
    missing = f"the text names {listing(named)} in its own words" if named else "the text does not say which action was"
    yield Fix(
        f"Find the whole error, or the call in CloudTrail: {missing}{'' if named else ' refused'}",
        Who.CALLER,
        ShellCommand(
            subject.principal or "the request",
            "aws cloudtrail lookup-events --max-results 50 --query "
            "\"Events[?contains(CloudTrailEvent, 'errorCode')].[EventTime,EventName,Username]\" --output text",
        ),
    )
