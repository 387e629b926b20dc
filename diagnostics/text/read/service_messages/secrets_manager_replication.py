"""Messages of Secrets Manager about replication."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
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
