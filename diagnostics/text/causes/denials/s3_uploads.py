"""Causes of refused uploads to S3: actions for tags, ACLs and parts, beside s3:PutObject.

Sources: S3 User Guide, "Required permissions for Amazon S3 API operations" and "Controlling ownership of objects".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.s3_block_public_access import public_acl
from diagnostics.who import Who

_UPLOADS = {"s3:putobject", "s3:createmultipartupload", "s3:uploadpart"}
BESIDE_UPLOADS = {
    "s3:putobjecttagging": "tags on the object",
    "s3:putobjectacl": "an ACL (--acl, or a library's default)",
    "s3:putobjectretention": "Object Lock's retention",
    "s3:putobjectlegalhold": "Object Lock's legal hold",
}


def beside_the_upload(signs: Signs) -> Iterator[FirstLook]:
    encryption = reading("s3api", "get-bucket-encryption", ("bucket", signs.bucket))
    if beside := BESIDE_UPLOADS.get(signs.action):
        yield FirstLook(
            f"The upload also sets {beside}, which needs a separate action: allow {signs.denial.action}, or do not set "
            f"{beside} in the upload.",
            says(f"the action is {signs.denial.action}, not s3:PutObject", TextPart.ACTION, signs.denial.action),
            signs.caller_read or encryption,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_WILDCARDS_BEFORE = (
    r"\bs3:(?:Get|Put)Object\*[^.\n]{0,60}\b(?:became|replaced|changed|narrowed|tightened|reduced|to)\b[^.\n]{0,30}"
    r"\bs3:(?:Get|Put)Object\b(?!\*)"
    r"|\b(?:narrowed|tightened|reduced|removed)\b[^.\n]{0,60}\bs3:(?:Get|Put)Object\*"
)


def uploads(signs: Signs) -> Iterator[FirstLook]:
    if signs.action not in _UPLOADS or signs.layer:
        return
    if signs.denial.operation == "CopyObject":
        if narrowed := signs.quote(_WILDCARDS_BEFORE):
            # Amazon S3 API Reference, "CopyObject" (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
            yield FirstLook(
                "Add s3:GetObjectTagging on the source and s3:PutObjectTagging on the target: the earlier wildcards "
                "covered these actions, and CopyObject copies the object's tags unless the call says otherwise.",
                contains(narrowed),
                None,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
        if (some := signs.quote(f"(?i){_SOME_TAGGED}")) and not signs.says(r"s3:GetObjectTagging"):
            yield FirstLook(
                "Allow s3:GetObjectTagging on the source's objects and s3:PutObjectTagging on the target's: a copy "
                "takes "
                "the tags along, and only objects with tags fail, as the text says. Or leave the tags out "
                "(--copy-props none, TaggingDirective REPLACE).",
                contains(some),
                None,
                Who.ACCOUNT_ADMIN,
                asserts=AN_ALLOW_HELPS,
            )
        yield FirstLook(
            "A copy needs permissions on both sides: s3:GetObject on the source and s3:PutObject on the target, and if "
            "the object has tags, s3:GetObjectTagging and s3:PutObjectTagging. It also needs the KMS keys of both "
            "sides.",
            signs.operation_is,
            reading("s3api", "get-bucket-encryption", ("bucket", signs.bucket)),
            Who.ACCOUNT_ADMIN,
        )
    elif not (signs.denial.principal and signs.denial.resource):
        yield from public_acl(signs)


_SOME_TAGGED = (
    r"\b(?:files|objects|ones|those|only)\b[^.\n]{0,30}\btag(?:s|ged)\b[^.\n]{0,40}\b(?:fail\w*|denied|refused|403)\b"
    r"|\b(?:fail\w*|denied|refused)\b[^.\n]{0,40}\b(?:with|have|has)\b[^.\n]{0,12}\btags\b"
)
