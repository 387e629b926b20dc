"""The cause if only objects that another account uploaded are denied."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_BY_ANOTHER = (
    r"\b(?:uploaded|upload|uploads|written|wrote|put|copied|came|come)\b[^.\n]{0,30}\b(?:by|from|through)\b[^.\n]{0,30}"
    r"\b(?:(?:another|other|partner|vendor|third|different|external)\w*(?:'s)? (?:AWS )?(?:accounts?|party|parties)"
    r"|account \d{12})\b"
    r"|\b(?:partner|vendor|supplier|other account|account \d{12})(?:'s)?\b[^.\n]{0,30}\b(?:uploaded|uploads|writes"
    r"|wrote|puts|delivers)\b"
)
_SOME_OBJECTS = r"\b(?:only|some|most|those|certain|not all|the rest)\b[^.\n]{0,40}\b(?:objects?|files?|keys?)\b"
_SOME_OBJECTS += r"|\b(?:ours|our own|the others?)\b[^.\n]{0,20}\b(?:fine|ok|works?|readable)\b"
_WITH_ACLS = r"\bObject ?Writer\b|\bBucketOwnerPreferred\b|\bACLs (?:are )?(?:enabled|on)\b"
_NO_ACLS = (
    r"BucketOwnerEnforced|\bowner enforced\b|\b(?:turned off|disabled) (?:the )?ACLs\b"
    r"|\bACLs (?:are |were )?(?:off|disabled)\b"
)


_TO_ANOTHER = (
    r"\b[Ww]e (?:upload|write|copy|put|push|deliver)\b[^.\n]{0,40}\b(?:their|(?:vendor|partner|customer|other account"
    r"|another account)'?s?)\b[^.\n]{0,20}\bbucket\b"
)


def of_the_uploader(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if only requests for objects that another account uploaded are denied.

    S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
    """
    with_acls = signs.quote(_WITH_ACLS)
    named = signs.denial.principal or signs.denial.stated_reason
    if (named and not with_acls) or signs.service not in ("", "s3") or signs.says(_NO_ACLS):
        return
    if with_acls and (sent := signs.quote(_TO_ANOTHER)):
        yield FirstLook(
            "The objects that you upload to the other account's bucket most likely belong to your account: the "
            "bucket's owner is not allowed to read them. Upload with --acl bucket-owner-full-control (you need "
            "s3:PutObjectAcl), and copy the old ones again, or ask the owner to turn off the bucket's ACLs (object "
            "ownership: bucket owner enforced).",
            contains(sent, with_acls),
            None,
            Who.CALLER,
        )
        return
    some = signs.quote(_SOME_OBJECTS) or with_acls
    if not (by := signs.quote(_BY_ANOTHER)) or not some:
        return
    yield FirstLook(
        "The objects that fail most likely belong to the account that uploaded them: the bucket's owner is not "
        "allowed to read them, and the bucket's policy does not apply to them. Turn off the bucket's ACLs (object "
        "ownership: bucket owner enforced), which makes its owner the owner of all objects. Or let the uploader send "
        "bucket-owner-full-control, and copy the old ones again.",
        contains(by, some),
        reading("s3api", "get-bucket-ownership-controls", ("bucket", signs.bucket)),
        Who.RESOURCE_OWNER,
    )
