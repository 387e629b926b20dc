"""Resources in accounts of AWS services that a customer's own policies have to name.

The account in such an ARN is not known in advance: the policy has ``*`` in its place.
"""

from __future__ import annotations

from iam.arn import Arn
from iam.lazy_pattern import regex

_ROWS = (
    # Amazon MWAA User Guide, "Amazon MWAA execution role"
    # (https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html).
    ("sqs", regex(r"airflow-celery-[\w-]+"), "airflow-celery-*", "the Celery queue of an Amazon MWAA environment"),
)


def resource_of_aws(arn: str) -> tuple[str, str] | None:
    """Return a pattern for a policy, and what the resource is.

    None unless AWS keeps the resource in an account of its own.
    """
    parsed = Arn.parse(arn)
    for service, name, pattern, what in _ROWS:
        if parsed is not None and parsed.service == service and name.fullmatch(parsed.resource):
            return f"arn:{parsed.partition}:{service}:{parsed.region}:*:{pattern}", what
    return None
