"""Causes of a refused listing or HeadBucket: a condition on s3:prefix, a path with an asterisk, another owner."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_CHECKS_THE_BUCKET = (
    r"\b(?:HeadBucket|head[-_]bucket|Bucket_?Exists|doesBucketExist\w*|bucket existence|bucket exists)\b"
)
_BY_PREFIX = r"\bs3:prefix\b"


def without_prefix(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program checks whether a bucket exists, and the text mentions a condition on s3:prefix.

    Amazon S3 API Reference, "HeadBucket": the call needs s3:ListBucket, and the request has no prefix
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    """
    if signs.action not in ("", "s3:listbucket") or signs.denied_explicitly or signs.denial.principal:
        return
    head, by = signs.quote(_CHECKS_THE_BUCKET), signs.quote(_BY_PREFIX)
    if not (head and by):
        return
    yield FirstLook(
        "HeadBucket, which asks whether the bucket exists, needs s3:ListBucket on the bucket and sends no prefix: a "
        "statement with a condition on s3:prefix does not allow it. Let the program leave this call out. Or allow "
        "s3:ListBucket without a prefix, too (Null, s3:prefix = true): this also lets the caller list the bucket.",
        contains(head, by),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_PATTERN = r"\bs3[an]?://(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])/[^\s\"'`,)*]{0,200}\*[^\s\"'`,)]{0,80}"
_ANONYMOUS = r"[\"']?\banon[\"']?\s*[:=]\s*True\b|--no-sign-request|\bskip_signature\b|\bAnonymousAWSCredentials\w*"


def listing_for_a_pattern(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a path with an asterisk is expanded, which lists the bucket.

    Amazon S3 API Reference, "ListObjectsV2": the call needs s3:ListBucket; s3fs, "Examples": glob lists
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
    """
    if signs.action != "s3:listbucket" or signs.denied_explicitly or signs.denial.principal:
        return
    found = regex(_PATTERN).search(signs.denial.text)
    if found is None or not (signs.denial.operation or "").startswith("ListObjects"):
        return
    bucket = found["bucket"]
    unsigned = signs.quote(_ANONYMOUS)
    who = (
        f"the requests are anonymous ({unsigned}), and the bucket's policy must let everybody list it, which public "
        "data often does not"
        if unsigned
        else f"the caller needs s3:ListBucket on arn:aws:s3:::{bucket}, in addition to s3:GetObject"
    )
    yield FirstLook(
        f"The * in {found[0]} makes the program list the bucket {bucket}: {who}. Single files can be read without "
        "listing: name the files in the program, or take their names from a manifest.",
        contains(found[0]),
        None,
        Who.CALLER if unsigned else Who.ACCOUNT_ADMIN,
    )


def name_of_another_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if HeadBucket is refused although, as the text says, the caller is allowed everything in S3.

    Amazon S3 API Reference, "HeadBucket": 403 without permission to access the bucket
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html); Amazon S3 User Guide, "Bucket naming rules"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
    """
    if signs.denial.operation != "HeadBucket" or signs.denial.stated_reason or signs.denied_explicitly:
        return
    if not (said := signs.quote(_ALL_OF_S3)):
        return
    yield FirstLook(
        "Most likely the bucket's name belongs to another account: names are global, and HeadBucket answers 403 for "
        "another account's bucket. If the bucket is not in your own list, choose another name. If it is, look for a "
        "Deny in its policy.",
        contains(said),
        reading("s3api", "list-buckets", query="Buckets[].Name"),
        Who.CALLER,
    )


_ALL_OF_S3 = (
    r"(?:\b(?:has|have|with)\b[^.\n]{0,20}|\b(?:role|user|caller|policies|permissions)\b[^.,:\n]{0,30}[:=][ \t]*)"
    r"\b(?:full S3 (?:access|permissions|rights)|AmazonS3FullAccess|s3:\*|AdministratorAccess)"
)
