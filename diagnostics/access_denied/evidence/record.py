"""IAM's own record of a denial, for the id that newer messages carry: better than any simulation."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step
from iam.sources.reader import AccountReader

_KINDS = {
    "SERVICE_CONTROL_POLICY": "scp",
    "RESOURCE_CONTROL_POLICY": "rcp",
    "VPC_ENDPOINT": "vpce",
    "RESOURCE": "resource",
    "PRINCIPAL": "identity",
    "PERMISSIONS_BOUNDARY": "boundary",
    "SESSION": "session",
}


def authorization_step(subject: Subject, reader: AccountReader) -> tuple[Subject, Step]:
    """Ask IAM for its record; where it answers, its checks state the reason and its context the condition keys."""
    title = "IAM's own record"
    reading = reader.authorization_details(subject.denial.authorization_id or "")
    if not reading.unreadable:
        # It was read, or is not kept any more: nobody has to ask for it.
        subject = replace(subject, denial=replace(subject.denial, authorization_id=None))
    if not reading.value:
        why = reading.why or "it is not kept any more"
        return subject, Step("record", title, Status.UNKNOWN, f"cannot be read from here: {why}")
    action = (subject.action or "").lower()
    details = next((entry for entry in reading.value if entry.action.lower() == action), reading.value[0])
    denies = [check for check in details.checks if check.effect in ("EXPLICIT_DENY", "IMPLICIT_DENY")]
    denies.sort(key=lambda check: check.effect != "EXPLICIT_DENY")
    denial = subject.denial
    for check in denies:
        word = _KINDS.get(check.kind)
        if denial.stated_reason is None and word is not None:
            kind = "explicit" if check.effect == "EXPLICIT_DENY" else "implicit"
            arn = next((policy for policy in check.policies if policy.startswith("arn:")), None)
            denial = replace(denial, stated_reason=f"{kind}:{word}", policy_arn=denial.policy_arn or arn)
    evidence = tuple(
        Evidence(
            text=f"{check.kind.lower().replace('_', ' ')}: {check.effect.lower().replace('_', ' ')}",
            layer=_KINDS.get(check.kind),
            arn=check.target,
            policy=", ".join(check.policies) or None,
            call=reading.call,
        )
        for check in details.checks
    )
    subject = replace(
        subject,
        denial=denial,
        action=subject.action or details.action,
        resource=subject.resource or details.resource,
        context={**details.context, **subject.context},
    )
    return subject, Step(
        "record", title, Status.PASS, f"{details.action} on {details.resource}: {details.effect}", evidence
    )
