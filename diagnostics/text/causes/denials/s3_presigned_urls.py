"""The cause of a refused presigned URL of S3: whose permissions it has."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_PRESIGNS = r"\bgenerate_presigned_(?:url|post)\b|\bgetSignedUrl\b|\baws s3 presign\b|\b[Pp]re-?sign(?:ed)?(?: URL)?\b"


def presigned(signs: Signs) -> Iterator[FirstLook]:
    """Yield whose permissions a presigned URL has.

    Amazon S3 User Guide, "Download and upload objects with presigned URLs": those of whoever created the URL
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
    """
    # An SDK names the operation of its own calls; a presigned URL is used without an SDK.
    said = "" if signs.denial.operation else signs.quote(_PRESIGNS)
    signer = signs.role or signs.user
    if not said or not signer or signs.action not in ("s3:getobject", "s3:putobject") or signs.layer != "identity":
        return
    yield FirstLook(
        f"A presigned URL has the permissions of whoever signed it, here {signer}: allow this signer "
        f"{signs.denial.action}. S3 checks the permission when the URL is used; signing itself checks nothing. Whoever "
        "opens the URL needs no permission.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
