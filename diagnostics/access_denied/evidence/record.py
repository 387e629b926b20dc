"""AWS's own record of the denial, read by the ID in newer messages. The record is more reliable than any simulation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.words import word_of
from iam.arn import name_of
from iam.claims import Source, Sourced, sourced
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.authorization import AuthorizationCheck, AuthorizationRecord, RecordedEvaluation
from iam.sources.reader.reading import Reading
from iam.sources.reader.recorded_effect import Effect
from iam.words import listing

TITLE = "AWS's own record"
_CALL = "iam:GetRequestAuthorizationDetails"


def read_record(subject: Subject, reader: AccountReader) -> tuple[Subject, AuthorizationRecord | None, Step]:
    """Read AWS's record, or the pasted part of it, and add it to the subject.

    Its checks state the reason, and its context contains the condition keys. The subject keeps the ID only if the
    record could not be read, so that the record can be requested.
    """
    denial = subject.denial
    reading = Reading(_CALL, denial.record)
    if denial.authorization_id:
        asked = reader.authorization_record(denial.authorization_id, denial.authorization_region)
        reading = asked if asked.found or denial.record is None else reading
    if reading.unreadable:
        said = f"cannot be read from here: {reading.why}"
        return subject, None, Step("record", TITLE, Status.UNKNOWN, said)
    subject = replace(subject, denial=replace(denial, authorization_id=None))
    record = reading.value
    refused = evaluation_of(record, subject) if record is not None else None
    if record is None or refused is None:
        said = (
            "not found from here (expired, or from another Region or account): "
            f"{reading.note or 'it has no evaluations'}"
        )
        return subject, None, Step("record", TITLE, Status.UNKNOWN, said)
    return _with_record(subject, record, refused), record, _step(record, refused)


def evaluation_of(record: AuthorizationRecord, subject: Subject) -> RecordedEvaluation | None:
    """Return the denied evaluation that fits the denial's action and resource, as far as they are known, or None."""

    def closeness(entry: RecordedEvaluation) -> tuple[bool, bool, bool]:
        action = subject.action is None or entry.action.lower() == subject.action.lower()
        resource = subject.resource is None or entry.resource == subject.resource
        return action, entry.effect is not Effect.ALLOW, resource

    return max(record.evaluations, key=closeness, default=None)


def _with_record(subject: Subject, record: AuthorizationRecord, refused: RecordedEvaluation) -> Subject:
    denial = subject.denial
    if refused.refusing and denial.stated_reason is None:
        check = refused.refusing[0]
        arn = denial.policy_arn or record.denying_arn(check)
        kind = "explicit" if check.effect is Effect.EXPLICIT_DENY else "implicit"
        denial = replace(denial, stated_reason=f"{kind}:{word_of(check.layer)}", policy_arn=arn)
    principal = next((v[0] for k, v in refused.context.items() if k.lower() == "aws:principalarn" and v), None)

    def recorded(value: str | None) -> Sourced[str] | None:
        return Sourced(value, Source.AWS_RECORD, record.id) if value else None

    return replace(
        subject,
        denial=denial,
        who=subject.who or recorded(principal),
        what=subject.what or recorded(refused.action),
        on=subject.on or recorded(refused.resource),
    ).with_keys(sourced(refused.context, Source.AWS_RECORD, record.id))


def _step(record: AuthorizationRecord, refused: RecordedEvaluation) -> Step:
    evidence = [line for check in refused.checks or () for line in _check_lines(record, check)]
    keys = [f"{key} = {', '.join(values)}" for key, values in sorted(refused.context.items())]
    evidence += [Evidence(text=each, layer="message", element="Condition", call=_CALL) for each in keys]
    others = [one for one in record.evaluations if one is not refused and one.effect is not Effect.ALLOW]
    also = f"; {len(others)} more of its {len(record.evaluations)} evaluations were denials" if others else ""
    hidden = (
        "" if refused.checks is not None else "; AWS returns the checks only to the caller's account or organization"
    )
    by = [layer.policies for layer in Layer if refused.effect_of(layer) in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY)]
    of = f" ({listing(by)})" if by else ""
    said = f"{refused.effect.words}{of}: {refused.action} on {refused.resource or '*'}{also}{hidden}"
    return Step("record", TITLE, Status.PASS, said, tuple(evidence))


def _check_lines(record: AuthorizationRecord, check: AuthorizationCheck) -> Iterator[Evidence]:
    """Yield a line for each policy that matched in a check, with its statement; one line if no policy matched."""
    word = word_of(check.layer)
    at = f" at {name_of(check.target)}" if check.target else ""
    said = f"{check.layer.policy_type}{at}: {check.effect.words}"
    if not check.matched:
        yield Evidence(text=said, layer=word, arn=check.target, call=_CALL)
    policies = {policy.uri: policy for policy in record.policies}
    for matched in check.matched:
        policy = policies.get(matched.uri)
        document = policy.document if policy else None
        for sid in matched.sids or (None,):
            yield Evidence(
                text=f"{said}, statement {sid}" if sid else said,
                layer=word,
                policy=policy.name if policy else None,
                arn=policy.arn if policy else None,
                statement=_index(document, sid),
                sid=sid,
                document=document,
                call=_CALL,
            )


def _index(document: Document | None, sid: str | None) -> int | None:
    if document is None or sid is None:
        return None
    return next((statement.index for statement in document.readable_statements if statement.sid == sid), None)
