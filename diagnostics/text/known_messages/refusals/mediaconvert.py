"""Messages of MediaConvert about the job's role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

MEDIACONVERT: tuple[ServiceSentence, ...] = (
    row(
        "mediaconvert",
        r"\berror\s?code\W{1,5}(?P<code>1401|1432|1433|1434|1515)\b",
        "the role of the MediaConvert job",
        "MediaConvert's error {code} is about the job's role or the bucket's policy",
        "MediaConvert reads and writes with the role of the job, not with the permissions of whoever creates it. Error "
        "{code} says that this role, or a bucket's policy, does not allow it.",
        UsualCause(
            "Let the job's role trust mediaconvert.amazonaws.com, and allow it to perform s3:GetObject on the inputs, "
            "s3:PutObject on the output location, and to use their KMS keys. Then look for a Deny in the buckets' "
            "policies, and check that the job names this role.",
            "aws mediaconvert get-job --id JOB --query 'Job.[Role,ErrorCode,ErrorMessage]'",
            needs=("s3:GetObject", "s3:PutObject"),
        ),
        page=f"{_API}/mediaconvert/latest/ug/mediaconvert_error_codes.html",
        asks=assumed_by("mediaconvert.amazonaws.com"),
        ground=Ground.NOTHING,
    ),
)
