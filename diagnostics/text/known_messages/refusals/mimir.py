"""Messages of Grafana Mimir about its bucket."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_ONLY_OBJECTS = r"\A(?=[\s\S]*:s3:::[\w.*-]+/\*)(?![\s\S]*:s3:::[\w.*-]+[\"'\s,\]])"

MIMIR: tuple[ServiceSentence, ...] = (
    row(
        "successfully send a request to object storage",
        r"\A(?![\s\S]*\baccess_key(?:_id)?\b)[\s\S]*?"
        r"unable to successfully send a request to object storage: Access Denied",
        "the identity of Mimir's pods",
        "S3 refused the object that Mimir asks for at its start",
        "S3 refused Mimir's check at its start: it asks for an object that does not exist, and without s3:ListBucket "
        "on the bucket, S3 answers 403 instead of 404. Check that Mimir's identity has s3:ListBucket on each bucket.",
        UsualCause(
            "Add s3:ListBucket on the buckets themselves (arn:aws:s3:::BUCKET): s3:* on BUCKET/* does not include "
            "it. On "
            "the objects Mimir needs s3:PutObject, s3:GetObject and s3:DeleteObject.",
            shown_by=_ONLY_OBJECTS,
            decides="The policy in the text names only objects (BUCKET/*): Mimir asks for an object that does not "
            "exist, and without s3:ListBucket on the bucket itself, S3 answers 403 instead of 404. Add the buckets' "
            "ARNs.",
        ),
        UsualCause(
            "Allow s3:ListBucket on each bucket (blocks, ruler, alertmanager), and s3:PutObject, s3:GetObject and "
            "s3:DeleteObject on its objects.",
            "aws s3api get-bucket-policy --bucket BUCKET --query Policy",
        ),
        UsualCause(
            "Or the pods use the wrong credentials: keys in the configuration come first, then the role of the "
            "service account. Each component has its own section for its bucket.",
            "aws sts get-caller-identity",
            Who.CALLER,
        ),
        page="https://grafana.com/docs/mimir/latest/configure/configure-object-storage-backend/",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
