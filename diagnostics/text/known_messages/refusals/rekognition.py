"""Messages of Amazon Rekognition."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

REKOGNITION: tuple[ServiceSentence, ...] = (
    row(
        ("unable to get object metadata from s3", "s3 uri that you provided can't be accessed"),
        r"Unable to get object metadata from S3|The S3 URI that you provided can't be accessed",
        "whoever made the call",
        "the S3 object cannot be read with the caller's permissions",
        "The service reads the S3 object with the caller's permissions, and this read failed: the object key is wrong, "
        "the bucket is in another Region, or a permission is missing.",
        # Whoever shows the object's metadata has the right key; the call may have another identity.
        UsualCause("The text shows that the object exists, with credentials that can read it. Make the same check "
                   "with the credentials of the failing call: the caller needs s3:GetObject on the object, and "
                   "kms:Decrypt if a customer managed key encrypts it; the bucket's policy must not deny it.",
                   "aws sts get-caller-identity", Who.ACCOUNT_ADMIN,
                   shown_by=r"\bhead-object\b[^\n]*\n(?:[^\n]*\n)?[^\n]*\"(?:ContentLength|ETag|LastModified)\"\s*:",
                   decides="The object exists, so most likely the caller of the failing operation cannot read it: the "
                   "service reads with that caller's permissions, not with a role of its own. The bucket must also be "
                   "in the Region of the call."),
        UsualCause("Compare the bucket's Region with that of the call first (aws s3api get-bucket-location): they must "
                   "be the same. Then allow the caller to perform s3:GetObject on the object if its policies lack it, "
                   "and kms:Decrypt if a customer managed key encrypts the object."),
        UsualCause("The object's actual key differs from the requested one (letter case, + instead of spaces, or a "
                   "leading slash): list the bucket to compare.", None,
                   Who.CALLER),
        # Amazon S3 User Guide, "Event message structure": the key is URL-encoded
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
        UsualCause("S3's event notifications contain the key URL-encoded, so the program asks for an object that does "
                   "not exist: decode it first (Python: urllib.parse.unquote_plus). No permission is missing.", None,
                   Who.CALLER, shown_by=r"\bkey[\"']?\s*[=:]\s*[^\n]*%[0-9A-F]{2}", needs_evidence=True,
                   decides="The key is URL-encoded, as S3's event notifications contain it: decode it first (Python: "
                   "urllib.parse.unquote_plus). No permission is missing."),
        page="https://docs.aws.amazon.com/rekognition/latest/APIReference/API_S3Object.html",
    ),
)  # fmt: skip
