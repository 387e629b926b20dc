"""Messages of Amazon Textract."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes

_API = "https://docs.aws.amazon.com"
TEXTRACT: tuple[ServiceSentence, ...] = (
    of_codes(
        "InvalidKMSKeyException",
        "the caller",
        "the caller is not allowed to decrypt with the KMS key, or the key is mistyped",
        "The KMS key was entered wrongly, or the caller has no permission to decrypt with it.",
        "Check the key's ARN and Region, and allow the caller to perform kms:Decrypt and kms:GenerateDataKey on it.",
        f"{_API}/textract/latest/dg/API_StartDocumentAnalysis.html",
        check="aws kms describe-key --key-id KEY",
    ),
)  # fmt: skip
