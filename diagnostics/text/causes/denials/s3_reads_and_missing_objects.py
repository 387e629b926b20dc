"""Causes of a refused read of an object of S3: it does not exist, or only the bucket is allowed."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import OneRefuses, Sentence, TextPart, TextStates
from diagnostics.diagnosis import FirstLook, Probe
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_NO_GUARDRAIL = (OneRefuses(("scp", "rcp", "boundary", "vpce"), holds=False),)
"""The assumption that no guardrail denies the read. It belongs to causes that are about the object itself."""

_OF_ONE_OBJECT = regex(r"(?:Get|Head|Copy)Object\w*|UploadPartCopy")


def missing_object(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the object most likely does not exist.

    S3 API reference, "GetObject" and "HeadObject": for a missing object S3 returns 404 to callers who may list the
    bucket, and 403 to others (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    operation = signs.denial.operation or ""
    if signs.action != "s3:listbucket" or not _OF_ONE_OBJECT.fullmatch(operation) or signs.layer == "resource":
        return
    yield FirstLook(
        f"Most likely the object does not exist: {operation} needs s3:ListBucket only so that S3 can report that the "
        "object does not exist. Check the key, then allow s3:ListBucket on the bucket to get a 404 instead.",
        says(
            f"the operation is {operation}, and the refused action is s3:ListBucket",
            TextPart.OPERATION,
            operation,
        ),
        reading("s3api", "list-objects-v2", ("bucket", signs.bucket), ("max-items", "10")),
        Who.CALLER,
    )


def reads(signs: Signs) -> Iterator[FirstLook]:
    bucket = signs.bucket
    if signs.layer == "resource":
        return
    operation = signs.denial.operation
    said = signs.operation_is if operation else signs.action_is
    if _OF_ONE_OBJECT.fullmatch(operation or "") and signs.action == "s3:listbucket":
        return
    if signs.action in ("s3:listbucket", "s3:getbucketlocation", "s3:listbucketmultipartuploads"):
        head = signs.denial.operation == "HeadBucket"
        needs = "HeadBucket and every listing need" if head else "Listing needs"
        where = (signs.denial.resource or "arn:aws:s3:::BUCKET").partition("/")[0]
        yield FirstLook(
            f"{needs} s3:ListBucket on the bucket itself ({where}, without /*)."
            if signs.action == "s3:listbucket"
            else f"The caller needs {signs.denial.action} on the bucket itself ({where}, without /*): a statement for "
            "the bucket's objects does not allow it.",
            said,
            signs.caller_read or reading("s3api", "get-bucket-policy", ("bucket", bucket), query="Policy"),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        if head and not signs.denial.stated_reason:
            yield FirstLook(
                "The bucket's name belongs to another account, or the request was made for another Region.",
                says("HeadBucket answers 403 for a bucket of any account", TextPart.OPERATION, "HeadBucket"),
                reading("s3api", "list-buckets", query="Buckets[].Name"),
                Who.CALLER,
                ruled_out_by=("resource",),
                guess=True,
            )
    if signs.action == "s3:getobject":
        if not signs.denial.stated_reason and (listed := _listed(signs)):
            yield FirstLook(
                "The object exists: the listing in the text has its key. The listing needs s3:ListBucket, but the "
                "refused call needs s3:GetObject on the object (kms:Decrypt too, if a KMS key of yours encrypts it). "
                "Check that the same identity makes both calls: run this check where the refused call is made.",
                contains(listed),
                WHO_AM_I,
                Who.CALLER,
            )
        elif not signs.denial.stated_reason:
            yield FirstLook(
                "The object may not exist: without s3:ListBucket on the bucket, S3 answers 403 instead of 404. Check "
                "the key first. If the object exists, the caller needs s3:GetObject on it.",
                Sentence(
                    f"{said.text}, but no reason was recognized in the text",
                    (*said.claims, TextStates(TextPart.REASON, False)),
                ),
                reading("s3api", "list-objects-v2", ("bucket", bucket), ("prefix", _key(signs)), ("max-items", "1")),
                Who.RESOURCE_OWNER,
                probe=Probe("s3:ListBucket", signs.bucket_arn, allowed=False) if signs.bucket_arn else None,
                asserts=_NO_GUARDRAIL,
                guess=operation != "HeadObject",  # its answer has no message that could name a reason
            )
        yield FirstLook(
            "The policy names the bucket's ARN instead of the objects' (arn:aws:s3:::BUCKET/*).",
            says("reading is an action on an object", TextPart.ACTION, "s3:GetObject"),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity", "resource"),
            probe=_on_the_bucket(signs),
            asserts=AN_ALLOW_HELPS,
            guess=True,
        )


def _listed(signs: Signs) -> str:
    """The line of a listing in the text that contains the object; "" if there is none."""
    if signs.alone or not ("s3 ls" in signs.denial.text or "list-objects" in signs.denial.text):
        return ""
    from diagnostics.text.read.resources.listed_objects import listed_object

    return listed_object(signs.denial.text, _key(signs))


def _key(signs: Signs) -> str | None:
    """The object's key; None if the text does not name the object."""
    return signs.target.resource.partition("/")[2] or None if signs.target is not None else None


def _on_the_bucket(signs: Signs) -> Probe | None:
    """Return the probe that finds out whether the caller's policies allow the object's action on the bucket's ARN."""
    return Probe(signs.action, signs.bucket_arn, allowed=True, decides=True) if signs.bucket_arn else None
