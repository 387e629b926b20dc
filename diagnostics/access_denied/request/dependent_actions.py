"""Recognize the actions that a call needs in addition to its own."""

from __future__ import annotations

from diagnostics.access_denied.request.subject import Subject
from diagnostics.diagnosis import Evidence, Status, Step
from iam.arn import service_of
from iam.service_reference import spelled


def dependent_step(subject: Subject) -> Step | None:
    """Return the step for a call that needs a different action from its own.

    Return None if the call's own action is the missing one.
    """
    operation, action = subject.denial.operation, subject.action
    if not operation or not action or subject.denial.claims_trust:
        return None
    performed = subject.denial.action or action
    called, missing = operation.lower(), action.partition(":")[2].lower()
    if called == missing or (subject.denial.missing_action is None and service_of(action) not in ("iam", "kms", "ec2")):
        return None
    if service_of(action) == "iam" and missing != "passrole":
        return None
    what = f"{operation} needs {spelled(action)} in addition to its own action"
    if subject.denial.missing_action:
        what = f"{spelled(performed)} also needs {spelled(action)}"
    return Step("dependent", "Dependent actions", Status.FAIL, what, (Evidence(text=what, layer="identity"),))
