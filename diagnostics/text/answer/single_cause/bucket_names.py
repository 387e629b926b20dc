"""A call for a bucket by its address: the host of S3 in place of the bucket's name."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_HOST_AS_BUCKET = regex(
    r"(?P<scheme>s3[an]?://|arn:aws[\w-]*:s3:::)(?:https?:/{1,2})?"
    r"(?:(?P<bucket>[a-z0-9][\w.-]{1,61}?)\.)?s3[.-](?:[\w-]+\.)*amazonaws\.com(?:\.cn)?(?:/(?P<rest>[^\s\"'`<>)*]*))?"
)


def asks_for_an_endpoint(denial: Denial) -> Decision | None:
    """Return the decision that the call names an S3 endpoint as the bucket; None if it names a bucket.

    Amazon S3 User Guide, "Methods for accessing a general purpose bucket"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-bucket-intro.html).
    """
    if denial.action and not denial.action.lower().startswith("s3:"):
        return None
    found = _HOST_AS_BUCKET.search(denial.pasted or denial.text)
    if found is None:
        return None
    bucket, _, key = (found["rest"] or "").partition("/")
    if found["bucket"]:
        bucket, key = found["bucket"], found["rest"] or ""
    right = f"{found['scheme']}{bucket or 'BUCKET'}/{key}"
    wrong = found[0]
    return replace(
        decide(
            "identity.resource-mismatch",
            f"the call names {wrong}",
            f"Write {right}: the call names an address of S3 as the bucket, so it requests a bucket that belongs "
            "to somebody else or does not exist. The host of S3 is not part of the bucket's name. Change no policy "
            "for this.",
            "Name the bucket, not its address",
            Who.CALLER,
            wrong,
            f"Write {right}. The Region belongs in its own setting (--region, AWS_REGION).",
        ),
        nearer=True,
    )
