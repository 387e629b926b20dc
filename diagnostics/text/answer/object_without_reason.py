"""Explain a refused HeadObject: S3's answer has no body and so no reason, but the text may show one.

Amazon S3 API Reference, "HeadObject", permissions: for an object that does not exist, S3 answers 404 to a caller with
s3:ListBucket and 403 to any other (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
"""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.advised import Advised
from diagnostics.text.read.author.granted import allowed_by
from diagnostics.text.read.printed_values import outputs
from diagnostics.text.read.resources.listed_objects import listed_object
from diagnostics.text.read.resources.open_data import may_need_a_payer
from iam.lazy_pattern import regex

_READS_ON_OBJECTS = regex(r"(?<![\w:])s3:(?:GetObject|Get\*|\*)(?![\w:])[^\n]{0,80}?\s+on\s+[^\n]{0,80}?/\*")
_LISTS = regex(r"(?<![\w:])s3:(?:ListBucket\b|List\*|\*)|\b(?:AmazonS3\w*Access|AdministratorAccess)\b")
# Amazon S3 User Guide, "Configuring IAM policies for using access points": access point and bucket must both permit
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html).
_ACCESS_POINT = regex(
    r"\bs3://(?:arn:[\w:-]+:accesspoint/|[\w-]+-s3alias\b)|--bucket[ =](?:arn:[\w:-]+:accesspoint/|[\w-]+-s3alias\b)"
)
_LISTING = ("list-objects-v2", "list-objects", "list-object-versions")


def head_object(denial: Denial) -> Advised | None:
    """Return the sentence about a HeadObject that S3 refused without a reason; None for any other denial."""
    if denial.operation != "HeadObject" or denial.principal or denial.stated_reason:
        return None
    text = denial.pasted or denial.text
    if _of_another_owner(text):
        return Advised(
            "The object's owner is not the account whose buckets the text lists (Owner.ID). If the bucket belongs "
            "to that account, the account's policies do not apply to the object. Let the bucket's owner own all "
            "objects (Object Ownership BucketOwnerEnforced), or let the writer send the ACL "
            "bucket-owner-full-control.",
        )
    if listed_object(text, None):
        return None
    if may_need_a_payer(text):
        return Advised(
            "Public data of another account is often in a Requester Pays bucket: repeat the call with --request-payer "
            "requester. Without it, S3 answers 403, whatever the caller's policies allow.",
        )
    if _ACCESS_POINT.search(text):
        return Advised(
            "S3 checks a request through an access point twice. First check whether the bucket's own policy (or "
            "the caller's policies on the bucket) also allows s3:GetObject, for example with a condition on "
            "s3:DataAccessPointAccount. S3 also answers 403 if the object does not exist and the caller lacks "
            "s3:ListBucket on the access point.",
        )
    if (allowed_by("s3:GetObject", text) or _READS_ON_OBJECTS.search(text)) and not _LISTS.search(text):
        return Advised(
            "Most likely the object does not exist: the policy in the text allows s3:GetObject, but not "
            "s3:ListBucket, and in this case S3 answers 403 instead of 404. If you allow s3:ListBucket on the "
            "bucket (its ARN without /*), S3 answers 404.",
        )
    return Advised(
        "S3 refused HeadObject without a reason.",
        "The call needs s3:GetObject on the object. S3 gives the same answer for an object that does not exist, unless "
        "the caller has s3:ListBucket on the bucket.",
    )


def _of_another_owner(text: str) -> bool:
    """Whether the text shows that the objects and the buckets have different owners.

    Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    """
    owners: dict[bool, set[str]] = {True: set(), False: set()}
    for each in outputs(text):
        if each.operation in (*_LISTING, "list-buckets"):
            listed = each.operation in _LISTING
            owners[listed] |= {one.value for one in each.fields if one.path[-2:] == ("Owner", "ID")}
    return bool(owners[True] and owners[False]) and not owners[True] & owners[False]
