"""Messages of Secrets Manager about replication and rotation."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

SECRET_REPLICATION: tuple[ServiceSentence, ...] = (
    row(
        "replication failed: secret",
        r"Replication failed: Secret (?:name )?\S+ already exists in (?:region|Region) (?P<region>[\w-]+\d)",
        "nobody",
        "a secret of this name exists in the Region {region}",
        "A secret with this name exists in {region} already: delete that secret, or replicate with "
        "--force-overwrite-replica-secret. No permission is missing.",
        UsualCause(
            "First find out which programs use that secret: overwriting it replaces its value.",
            "aws secretsmanager describe-secret --secret-id NAME --region {region}",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/secretsmanager/latest/userguide/troubleshoot_replication.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)

_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""

ROTATION_FUNCTIONS: tuple[ServiceSentence, ...] = (
    row(
        "cannot invoke the specified lambda function",
        r"Secrets Manager cannot invoke the specified Lambda function",
        "Secrets Manager, which invokes the rotation function",
        "Secrets Manager is not allowed to invoke the rotation function",
        "The rotation function's resource-based policy does not let Secrets Manager invoke it.",
        UsualCause(
            "The function's policy lacks a statement for secretsmanager.amazonaws.com with "
            "lambda:InvokeFunction, or its aws:SourceArn or aws:SourceAccount names another secret or account.",
            "aws lambda get-policy --function-name FUNCTION --query Policy --output text",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets-cli.html",
        actions=("lambda:InvokeFunction",),
        asks=(OwnRequest("secretsmanager.amazonaws.com", "lambda:InvokeFunction", keys=(_OWNER,)),),
    ),
)
