"""Messages of Databricks about the role that it assumes."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

DATABRICKS: tuple[ServiceSentence, ...] = (
    row(
        "self-assuming",
        r"role with ARN (?P<role>arn:[^\s\"']+?) is non self-assuming|(?:is|are) not self-assuming"
        r"|\bnon[- ]self[- ]assuming",
        "Databricks",
        "the role of the storage credential does not trust itself",
        "The role's trust policy must also trust the role itself: add the role's own ARN as a principal for "
        "sts:AssumeRole, in addition to Databricks' role and the external ID.",
        UsualCause(
            "Also allow the role to perform sts:AssumeRole on itself in its own policy. The permissions on S3 are "
            "checked only after this.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.databricks.com/aws/en/connect/unity-catalog/cloud-storage/storage-credentials",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
)
