"""The Resource to write in an Allow, if the denied resource is a secret's name or exists for one run only."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.secret_arns import without_suffix
from iam.arn import account_of
from iam.lazy_pattern import regex


def of_a_secret(denial: Denial, missing: str) -> str:
    """Return a sentence with the ARN to write for a secret, if the message has the secret's name alone; else "".

    AWS Secrets Manager User Guide, "Authentication and access control": six characters follow the name
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access.html).
    """
    name, account = denial.resource or "", account_of(denial.principal or "")
    if missing.lower().startswith("secretsmanager:") and (incomplete := without_suffix(name)):
        return incomplete
    if not missing.lower().startswith("secretsmanager:") or not account or not _NAME_OF_A_SECRET.fullmatch(name):
        return ""
    partition = (denial.principal or "").split(":")[1]
    arn = f"arn:{partition}:secretsmanager:REGION:{account}:secret:{name}-??????"
    return f" In the statement's Resource, write {arn}, because six characters follow a secret's name."


_NAME_OF_A_SECRET = regex(r"[\w/+=.@-]+")


_TASK = "task"
"""The word for a resource that, in Amazon ECS, exists for one run. In DataSync or DMS, a task is run many times."""


_OF_ONE_RUN = regex(r"(?P<every>arn:\S+[:/](?P<kind>(?:[a-z]+-)+job|task)/(?:[\w-]+/)?)(?=[\w-]*\d)[\w-]+")


def of_each(resource: str) -> str:
    """Return which pattern to write as the Resource, if the resource exists for one run only; else ""."""
    found = _OF_ONE_RUN.fullmatch(resource)
    if found is None or (found["kind"] == _TASK and found["every"].split(":")[2] != "ecs"):
        return ""
    return f" The next {found['kind'].replace('-', ' ')} has another name: write {found['every']}* as its Resource."
