"""Steps that need few lines each."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.judge import NOT_FOUND, Finding
from diagnostics.access_denied.request.actions import spelled
from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Confidence, Evidence, Question, Status, Step, Verdict
from diagnostics.fix import Command, Fix, Note, Who
from diagnostics.stated.denial import denial_verdict, text_fixes
from diagnostics.words import is_trust_action
from iam.account import Account
from iam.arn import account_of, name_of, service_of
from iam.sources.reader import AccountReader
from iam.words import listing


def request_step(subject: Subject) -> Step:
    """What was found besides the text."""
    return Step(
        "request",
        "What else is known of the request",
        Status.PASS,
        "; ".join(subject.found),
        tuple(Evidence(text=sentence) for sentence in subject.found),
    )


def target_parts(subject: Subject, account: Account, reader: AccountReader) -> Iterator[Step | Verdict | Fix]:
    """Whether the role that was to be assumed exists, under exactly that name and path: a verdict ends it if not."""
    arn = subject.resource or ""
    owner = account_of(arn)
    if ":role/" not in arn or (owner is not None and owner != account.id) or account.role(arn) is not None:
        return
    title = "The role that was to be assumed"
    name = name_of(arn)
    reading = reader.role(name)
    near = account.role(name) or reading.value or account.role_ignoring_case(name)
    if near is not None and near.arn == arn:
        return
    if near is None and reading.unreadable:
        yield Step("target", title, Status.UNKNOWN, f"{arn}: cannot be read from here: {reading.why}")
        return
    hint = f"; there is {near.arn}: path and case count when a role is assumed" if near is not None else ""
    evidence = (Evidence(text=f"no role {arn}{hint}", layer="trust", arn=arn, call=reading.call),)
    yield Step("target", title, Status.FAIL, f"the account has no {arn}{hint}", evidence)
    yield Verdict(NOT_FOUND, Confidence.CERTAIN, f"The account has no role {arn}{hint}.")
    said = f"Ask for {near.arn}." if near is not None else f"Look for the role's name and account: {arn} is not there."
    title = f"Assume {near.arn} instead" if near is not None else f"Look for {name} under its exact name and account"
    yield Fix(title, Who.CALLER, Note(arn, said))


def nobody_named(subject: Subject) -> Iterator[Verdict | Fix]:
    """The text names no principal, and nothing around it tells who it was: that has to be told."""
    verdict = denial_verdict(subject.denial)
    questions = [Question("aws:PrincipalArn", (), "who was calling: the role's session, the user")]
    if is_trust_action(subject.action) and subject.resource is None:
        questions = [Question("role", (), "the role that was to be assumed, and by whom")]
    yield Verdict(verdict.cause, verdict.confidence, verdict.summary, tuple(questions))
    yield from text_fixes(subject.denial)
    yield Fix(
        "Tell who was calling, and on what, to have the policies looked at",
        Who.YOU,
        Command(
            subject.resource or subject.action or "the request",
            "aws sts get-caller-identity  # where the program ran; then give --context aws:PrincipalArn=ARN",
        ),
    )


def whole_text_wanted(principal: str | None) -> Fix:
    """The text does not say what was refused: where the rest of it is."""
    return Fix(
        "Find the whole error, or the call in CloudTrail: the text does not say which action was refused",
        Who.CALLER,
        Command(
            principal or "the request",
            "aws cloudtrail lookup-events --max-results 50 --query "
            "\"Events[?contains(CloudTrailEvent, 'errorCode')].[EventTime,EventName,Username]\" --output text",
        ),
    )


def dependent_step(subject: Subject) -> Step | None:
    """Where the action that lacks is not the one that was called: the call needs it besides."""
    operation, action = subject.denial.operation, subject.action
    if not operation or not action or subject.denial.claims_trust:
        return None
    performed = subject.denial.action or action
    called, missing = operation.lower(), action.partition(":")[2].lower()
    if called == missing or (subject.denial.missing_action is None and service_of(action) not in ("iam", "kms", "ec2")):
        return None
    if service_of(action) == "iam" and missing != "passrole":
        return None
    what = f"{operation} needs {spelled(action)} besides its own action"
    if subject.denial.missing_action:
        what = f"{spelled(performed)} needs {spelled(action)} besides"
    return Step("dependent", "Dependent actions", Status.FAIL, what, (Evidence(text=what, layer="identity"),))


def public_access_step(case: Case) -> Step | None:
    """S3 Block Public Access, where the text names it or the request carries no identity."""
    if service_of(case.request.action) != "s3" or not case.request.resource.startswith("arn:"):
        return None
    stated = case.denial.stated_reason == "s3-block-public-access"
    if not stated and case.caller.kind.value != "anonymous":
        return None
    bucket = name_of(case.request.resource.partition("/")[0])
    reading = case.reader.public_access_block(bucket)
    title = "S3 Block Public Access"
    if reading.value is None:
        said = f"cannot be read from here: {reading.why}" if reading.why else "the bucket sets none itself"
        return Step("block-public-access", title, Status.UNKNOWN, said)
    block = reading.value
    names = {
        "BlockPublicAcls": block.block_public_acls,
        "IgnorePublicAcls": block.ignore_public_acls,
        "BlockPublicPolicy": block.block_public_policy,
        "RestrictPublicBuckets": block.restrict_public_buckets,
    }
    on = [name for name, value in names.items() if value]
    evidence = (Evidence(text=f"on: {listing(on) or 'none'}", layer="resource", call=reading.call),)
    status = Status.FAIL if on else Status.PASS
    return Step("block-public-access", title, status, f"on for {bucket}: {listing(on) or 'nothing'}", evidence)


def conditions_step(finding: Finding) -> Step:
    """The condition keys whose values nobody told, and what would satisfy the policies."""
    evidence = tuple(
        Evidence(
            text=f"{question.key}: {question.why}"
            + (f"; wanted: {listing(question.wanted)}" if question.wanted else ""),
            layer=finding.word or None,
            element="Condition",
        )
        for question in finding.questions
    )
    keys = listing([question.key for question in finding.questions])
    return Step("conditions", "Conditions with unknown values", Status.UNKNOWN, f"nobody told {keys}", evidence)
