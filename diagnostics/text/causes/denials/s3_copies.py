"""The cause if S3 refuses only some of the copies."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_COPIES = r"\b(?:cop(?:y|ies|ied|ying)|mov(?:e|es|ed|ing)|sync\w*|renam\w+)\b"
_SOMETIMES = (
    r"\bnow and then\b|\bsometimes\b|\bintermittent\w*|\bsporadic\w*|\boccasional\w*|\bfrom time to time\b"
    r"|\b(?:only )?some (?:of the )?(?:objects|files|keys|copies|paths)\b"
    r"|\bother (?:objects|files|writes|copies)\b[^.\n]{0,60}\bworks?\b"
)


def copies_of_some(signs: Signs) -> Iterator[FirstLook]:
    """Yield what differs between objects, if copies of some are refused although reading and writing is allowed.

    Amazon S3 API Reference, "CopyObject", Permissions
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
    """
    allowed = signs.says(r"s3:(?:GetObject|\*)") and signs.says(r"s3:(?:PutObject|\*)")
    if signs.denial.action or signs.denial.operation or not allowed or signs.says(r"s3:(?:Get|Put)ObjectTagging"):
        return
    copied, some = signs.quote(f"(?i){_COPIES}"), signs.quote(f"(?i){_SOMETIMES}")
    if copied and some:
        yield FirstLook(
            "Compare a refused object with one that works (aws s3api get-object-tagging, head-object). If the refused "
            "ones have tags, which a copy takes along, allow s3:GetObjectTagging on the source's objects and "
            "s3:PutObjectTagging on the target's. If they have another KMS key, allow the use of that key.",
            contains(copied, some),
            None,
            Who.ACCOUNT_ADMIN,
        )
